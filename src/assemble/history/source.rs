//! The source of a record in an incident file, and how to find it again.

use chrono::TimeDelta;

use super::order::first_seen;
use crate::assemble::Provenance;
use crate::assemble::entry_key;
use crate::assemble::identity::Identity;
use crate::model::Incident;
use crate::model::origin::SourceInfo;
use crate::model::time::Moment;
use crate::sources::record::{IncidentRecord, UpdateRecord};

/// In the title of a source, the text between the name of the page and the page's title of the
/// incident.
pub(super) const SOURCE_TITLE: &str = "status page: ";

/// The source for an incident that `record` is imported into.
pub fn source(record: &IncidentRecord, from: &Provenance) -> SourceInfo {
    SourceInfo {
        format: Some(from.format.clone()),
        record: Some(record.id.clone()),
        title: Some(source_title(record)),
        url: record.url.clone().or_else(|| from.url.clone()),
        retrieved_at: from.retrieved_at,
        revised_at: record.revised,
        path: from.path.clone(),
        sha256: from.sha256.clone(),
        masked: from.masked.clone(),
        zone: from.zone.clone(),
        ..SourceInfo::default()
    }
}

/// `Example status page: API errors`, for people and for `differences`.
fn source_title(record: &IncidentRecord) -> String {
    let page = record.provider.as_deref().unwrap_or_default();
    // The name of a page may contain "status page".
    let own =
        [" status page", " status"].into_iter().find(|own| page.to_lowercase().ends_with(own));
    let page = own.and_then(|own| page.get(..page.len() - own.len())).unwrap_or(page);
    format!("{page} {SOURCE_TITLE}{}", record.title.trim()).trim_start().to_owned()
}

/// The key of the source in `incident` that was imported from `record` in the same format.
pub fn source_key<'i>(
    incident: &'i Incident,
    record: &IncidentRecord,
    from: &Provenance,
) -> Option<&'i str> {
    let wanted = Identity::of(record, from);
    let is_in_format = |source: &SourceInfo| source.format.as_ref() == Some(&from.format);
    let sources = incident.sources.iter().filter(|(_, source)| is_in_format(source));
    let alike = sources
        .filter_map(|(key, source)| Some((Identity::of_source(source)?.likeness(&wanted)?, key)));
    // Of several candidates, the first of the most likely ones.
    alike.rev().max_by_key(|(likeness, _)| *likeness).map(|(_, key)| key.as_str())
}

/// Whether `record`, which has the id of an incident in a file, is another incident nevertheless:
/// title and start differ, and the file has none of its updates. Some pages give one number to
/// several incidents, and some formats give the first post of each the same id, so that posts are
/// compared by day too.
pub fn is_other(incident: &Incident, record: &IncidentRecord, source: &str) -> bool {
    if record.latest_only {
        return false;
    }
    let stored = incident.sources.get(source).and_then(|source| source.title.as_deref());
    let was = stored
        .and_then(|title| title.split_once(SOURCE_TITLE))
        .map_or(incident.title.as_str(), |(_, was)| was);
    let starts = incident
        .occurred()
        .into_iter()
        .chain(incident.timeline.iter().filter_map(|entry| entry.at));
    let is_known = |update: &UpdateRecord| {
        let id = update.id.replace(['#', '@'], "-");
        incident.timeline.iter().any(|entry| {
            entry_key::read(entry).is_some_and(|(key, known, _)| key == source && known == id)
                && entry.at.is_none_or(|at| !is_far(at, update.at))
        })
    };
    differ((was, starts.min()), (&record.title, first_seen(record)))
        && !record.updates.iter().any(is_known)
}

/// Whether two titles and starts belong to two incidents.
pub fn differ(one: (&str, Option<Moment>), other: (&str, Option<Moment>)) -> bool {
    let is_far = |(one, other)| is_far(one, other);
    subject(one.0) != subject(other.0) && one.1.zip(other.1).is_some_and(is_far)
}

/// Whether two times differ by more than a day.
fn is_far(one: Moment, other: Moment) -> bool {
    (one.earliest() - other.earliest()).abs() > TimeDelta::days(1)
}

/// A title without a state in brackets, since that changes: `[Resolved] API errors`.
fn subject(title: &str) -> &str {
    let title = title.trim();
    let after =
        title.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(_, rest)| rest.trim());
    after.filter(|rest| !rest.is_empty()).unwrap_or(title)
}
