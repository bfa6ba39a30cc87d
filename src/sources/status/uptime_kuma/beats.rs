//! `heartbeatList`: the beats of each monitor, the oldest first, folded into outages.
//!
//! A beat is 0 down, 1 up, 2 pending (failed, and retried before it counts) or 3 maintenance. The
//! service went down between the last beat that was up and the first that was down, and came back
//! between the last that was down and the first that was up: the impact starts and ends in these
//! intervals. A list that starts with an outage does not give its start, and will start with
//! another beat next time; see [`Watched`].
//!
//! A page has at most 100 beats. If it is configured to show days, version 2 returns sums over
//! equal intervals instead, each with its end as `time` in ISO 8601 and with the worst state, and 0
//! for an interval without beats. An outage then ended before the end of its last interval.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::groups::Group;
use crate::diag::Diagnostic;
use crate::model::impact::Level;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::json::Str;
use crate::sources::record::{IncidentRecord, UpdateRecord, Watched};
use crate::sources::status::kit::api;
use crate::sources::status::kit::checks::{Health, Run, runs};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The number of beats per monitor on a page.
const CAP: usize = 100;

#[derive(Deserialize)]
struct RawBeat<'a> {
    #[serde(default)]
    status: Option<u8>,
    #[serde(borrow, default)]
    time: Option<Str<'a>>,
    #[serde(borrow, default)]
    msg: Option<Str<'a>>,
}

struct Beat {
    health: Health,
    at: Moment,
    message: Option<String>,
    /// It covers the time since the one before it.
    is_sum: bool,
}

/// What is known about a monitor.
struct Service {
    id: String,
    group: String,
    name: String,
}

/// Reads the outages and the maintenances of all monitors.
pub(super) fn read(
    raw: &RawValue,
    groups: &[Group<'_>],
    warnings: &mut Warnings<'_>,
) -> Vec<IncidentRecord> {
    let lists: Option<BTreeMap<Str<'_>, Vec<&RawValue>>> =
        api::record(raw, "`heartbeatList`", warnings);
    let lists = lists.unwrap_or_default();
    let mut records = Vec::new();
    let mut full = 0;
    for (id, list) in &lists {
        full += usize::from(list.len() >= CAP);
        let service = service(&clean_line(id), groups);
        let beats = beats(list, &service, warnings);
        let checks: Vec<Health> = beats.iter().map(|beat| beat.health).collect();
        for run in runs(&checks) {
            if run.before.is_none() && checks[run.checks.start] == Health::Down {
                let what = &service.name;
                warnings.about(
                    list[0].get(),
                    format!("{what} was not seen up before it was down: since when is unknown"),
                );
            }
            records.push(record(&beats, &run, &service));
        }
    }
    if full > 0 {
        let note = Diagnostic::note(format!(
            "a page gives {CAP} beats of a monitor and no more; {full} have as many"
        ));
        warnings.say(note.hint("import it regularly, more often than the beats are replaced"));
    }
    if groups.is_empty() && !records.is_empty() {
        let note = Diagnostic::note("the names of the monitors are not in it");
        warnings.say(note.hint(
            "they are in /api/status-page/SLUG; put its `publicGroupList` next to `heartbeatList`",
        ));
    }
    records
}

fn service(id: &str, groups: &[Group<'_>]) -> Service {
    for group in groups {
        for monitor in &group.monitors {
            if api::scalar(monitor.id).is_some_and(|own| own == id)
                && let Some(name) = api::line(monitor.name.as_ref())
            {
                return Service {
                    id: id.to_owned(),
                    group: api::line(group.name.as_ref()).unwrap_or_default(),
                    name,
                };
            }
        }
    }
    Service { id: id.to_owned(), group: String::new(), name: format!("monitor {id}") }
}

fn beats(list: &[&RawValue], service: &Service, warnings: &mut Warnings<'_>) -> Vec<Beat> {
    let what = format!("a beat of {}", service.name);
    // A bare 0 stands for an interval without beats.
    let list: Vec<&RawValue> = list.iter().copied().filter(|raw| raw.get() != "0").collect();
    let mut beats = Vec::with_capacity(list.len());
    for (raw, text) in api::records::<RawBeat<'_>>(&list, &what, warnings) {
        let health = match raw.status {
            Some(0) => Health::Down,
            Some(1) => Health::Up,
            Some(3) => Health::Maintenance,
            Some(2) => continue,
            _ => {
                warnings.about(text, format!("{what} has an unknown status and was left out"));
                continue;
            }
        };
        let Some(at) = api::time(raw.time.as_ref(), &format!("`time` of {what}"), warnings) else {
            continue;
        };
        let is_sum = raw.time.is_some_and(|time| time.trim_end().ends_with('Z'));
        beats.push(Beat { health, at, message: api::line(raw.msg.as_ref()), is_sum });
    }
    beats.sort_by_key(|beat| beat.at);
    beats
}

fn record(beats: &[Beat], run: &Run, service: &Service) -> IncidentRecord {
    let first = &beats[run.checks.start];
    let last = &beats[run.checks.end - 1];
    let after = run.after.map(|index| &beats[index]);
    let maintenance = first.health == Health::Maintenance;
    let between = |from: &Beat, to: &Beat| Moment::between(from.at, to.at).ok();
    let start = run.before.and_then(|before| between(&beats[before], first));
    let end = after.and_then(|after| match run.checks.end.checked_sub(2) {
        Some(before) if last.is_sum => between(&beats[before], last),
        None if last.is_sum => None,
        _ => between(last, after),
    });
    let (word, over) = if maintenance {
        ("under maintenance", State::Completed)
    } else {
        ("down", State::Resolved)
    };
    let mut posts = vec![post(first, service, word, maintenance.then_some(State::InProgress))];
    posts.extend(after.map(|after| post(after, service, "up", Some(over))));
    let monitor = format!("monitor-{}", service.id);
    let id = format!("{monitor}-{}", first.at.earliest().format("%Y%m%dT%H%M%SZ"));
    IncidentRecord {
        maintenance,
        impact_start: start.filter(|_| !maintenance),
        impact_end: end.filter(|_| !maintenance),
        announced: run.before.map(|_| first.at),
        resolved: after.map(|after| after.at),
        state: if after.is_some() { Some(over) } else { maintenance.then_some(State::InProgress) },
        updates: posts,
        watched: Some(Watched { monitor, began_before: run.checks.start == 0 }),
        components: vec![(service.group.clone(), service.name.clone())],
        ..IncidentRecord::new(id, format!("{} is {word}", service.name))
    }
}

fn post(beat: &Beat, service: &Service, word: &str, state: Option<State>) -> UpdateRecord {
    let message = beat.message.as_ref().map_or(String::new(), |message| format!(": {message}"));
    let text = clean_markdown(&format!("{} is {word}{message}", service.name), TextKind::Plain);
    let level = (beat.health == Health::Down).then_some(Level::Full);
    UpdateRecord {
        state,
        components: vec![(service.name.clone(), level)],
        ..api::post(format!("beat-{}", beat.at), beat.at, text)
    }
}
