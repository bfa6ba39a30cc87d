//! Which events of an input are imported.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::diag::Diagnostic;
use crate::model::origin::ClockOffset;
use crate::model::timeline::EntryKind;
use crate::sources::record::{EventRecord, Record};
use crate::text::counted;

/// Options for importing an evidence file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct EvidenceOptions<'w> {
    /// How far the source's clock is ahead; it is subtracted from every time.
    pub clock_offset: Option<ClockOffset>,
    /// Events before this time are left out. It is compared with the times as the source writes
    /// them.
    pub since: Option<DateTime<Utc>>,
    /// Events at or after this time are left out.
    pub until: Option<DateTime<Utc>>,
    /// Messages of a chat outside this thread are left out.
    pub thread: Option<&'w str>,
    /// Whether messages that nobody marked are stored as hidden entries rather than left out.
    pub all_messages: bool,
    /// Roles to write instead of the names of people.
    pub roles: Option<&'w BTreeMap<String, String>>,
    /// Whether to subtract the clock offset that events in other sources show.
    pub apply_offset: bool,
}

impl EvidenceOptions<'_> {
    /// Whether the options select a part of the events.
    pub(super) fn is_choice(self) -> bool {
        self.since.is_some() || self.until.is_some() || self.thread.is_some() || self.all_messages
    }

    /// Whether an event belongs to the requested thread. Only messages belong to threads.
    fn is_of_thread(self, event: &EventRecord) -> bool {
        self.thread.is_none_or(|thread| {
            event.kind != EntryKind::Message
                || event.thread.as_deref().is_some_and(|own| digits(own) == digits(thread))
        })
    }

    /// Whether an event is stored: unmarked messages are not, unless all messages are requested.
    fn is_stored(self, event: &EventRecord) -> bool {
        self.all_messages || event.kind != EntryKind::Message || !event.hidden
    }

    /// Whether an event may be in the requested period. An event without a time may be.
    fn may_hold(self, event: &EventRecord) -> bool {
        let (since, until) = (self.since, self.until);
        event.at.is_none_or(|at| {
            let latest = event.end.unwrap_or(at).latest();
            since.is_none_or(|since| latest >= since)
                && until.is_none_or(|until| at.earliest() < until)
        })
    }
}

/// The selected events in the order of time, and the notes about the others.
pub(super) fn chosen<'r>(
    records: &'r [Record],
    evidence_options: EvidenceOptions<'_>,
) -> (Vec<&'r EventRecord>, Vec<Diagnostic>) {
    let mut events = events(records);
    let mut leave = |is_left: &dyn Fn(&EventRecord) -> bool| {
        let before = events.len();
        events.retain(|event| is_left(event));
        before - events.len()
    };
    let early_or_late = leave(&|event| evidence_options.may_hold(event));
    let elsewhere = leave(&|event| evidence_options.is_of_thread(event));
    let unmarked = leave(&|event| evidence_options.is_stored(event));
    let mut notes = Vec::new();
    if early_or_late > 0 {
        let left_out = counted(early_or_late, "event");
        notes.push(Diagnostic::note(format!("--since and --until leave out {left_out}")));
    }
    if elsewhere > 0 {
        let left_out = counted(elsewhere, "message");
        notes.push(Diagnostic::note(format!("--thread leaves out {left_out}")));
    }
    if unmarked > 0 {
        let (left_out, was) =
            (counted(unmarked, "message"), if unmarked == 1 { "was" } else { "were" });
        notes.push(
            Diagnostic::note(format!(
                "{left_out} that nobody pinned, starred or marked with an emoji {was} left out"
            ))
            .hint("--all-messages stores them, hidden"),
        );
    }
    (events, notes)
}

/// The digits in the id of a message or in its address: `1772359200.000002`, `…/p1772359200000002`.
fn digits(id: &str) -> String {
    let id = id.split('?').next().unwrap_or_default();
    let id = id.rsplit('/').next().unwrap_or_default();
    id.chars().filter(char::is_ascii_digit).collect()
}

fn events(records: &[Record]) -> Vec<&EventRecord> {
    let mut events: Vec<&EventRecord> = records
        .iter()
        .filter_map(|record| match record {
            Record::Event(event) => Some(event),
            Record::Incident(_) | Record::Series(_) | Record::Document(_) => None,
        })
        .collect();
    events.sort_by_key(|event| (event.at.is_none(), event.at));
    events
}
