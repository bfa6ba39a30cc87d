//! What each incident shows of the histories that it was imported from.

use chrono::{DateTime, Utc};

use crate::model::Incident;
use crate::model::origin::SourceInfo;
use crate::model::time::Moment;

/// What one incident shows of a history that it was imported from.
#[derive(Debug)]
pub(super) struct History {
    /// The host of a status page, or the format of a file.
    pub(super) source: String,
    /// The first time in its record.
    pub(super) from: DateTime<Utc>,
    /// When it was last fetched, or the last time in its record.
    pub(super) to: DateTime<Utc>,
}

/// What `incident` shows of the histories that it was imported from.
pub(super) fn histories(incident: &Incident) -> Vec<History> {
    let imported = || incident.sources.values().filter(|source| source.record.is_some());
    if imported().next().is_none() {
        return Vec::new();
    }
    let times = times(incident);
    let history = |source: &SourceInfo| {
        let own = [source.retrieved_at, source.revised_at];
        let ends = times.into_iter().flatten().chain(own.into_iter().flatten());
        Some(History {
            source: name(source)?.to_owned(),
            from: times[0].or(source.revised_at)?,
            to: ends.max()?,
        })
    };
    imported().filter_map(history).collect()
}

/// The host of the address, without which the format is the best name.
fn name(source: &SourceInfo) -> Option<&str> {
    let host = source.url.as_deref().and_then(|url| url.split_once("://")).map(|(_, rest)| rest);
    let host = host.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.map(|host| host.rsplit_once('@').map_or(host, |(_, host)| host))
        .filter(|host| !host.is_empty())
        .or(source.format.as_deref())
}

/// The first and the last time that an incident states.
fn times(incident: &Incident) -> [Option<DateTime<Utc>>; 2] {
    let milestones = incident.milestones.known().map(|(_, milestone)| milestone.at);
    let entries = incident.timeline.iter().filter_map(|entry| entry.at);
    let times: Vec<DateTime<Utc>> = milestones.chain(entries).map(Moment::middle).collect();
    [times.iter().min().copied(), times.iter().max().copied()]
}
