//! The steps of alerts, collected and turned into timeline entries.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;

use super::node::Node;
use super::words::{digest, sentence};
use crate::diag::{Diagnostic, Warned};
use crate::model::milestone::MilestoneName;
use crate::model::time::{self, Moment};
use crate::model::timeline::EntryKind;
use crate::model::zone::Zone;
use crate::sources::record::{EventRecord, Record};
use crate::sources::text::{TextKind, clean_line, clean_markdown};
use crate::sources::warnings::Warnings;

/// What became of an alert at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sources::alerts) enum Change {
    /// It fired, and somebody could see it.
    Fired,
    /// Its condition began to hold; when it fired is not known.
    Held,
    /// A person took it on.
    Acknowledged,
    /// The acknowledgement was taken back or ran out.
    Unacknowledged,
    /// It went on to the next person, because nobody answered or because somebody asked for it.
    Escalated,
    /// Its system does not know: it got no data.
    Unknown,
    /// Somebody wrote a note on it.
    Noted,
    /// It cleared by itself: the monitor saw that all is well again, or a time ran out.
    Cleared,
    /// A person closed it.
    Closed,
}

impl Change {
    /// A word for ids, which must not change.
    fn word(self) -> &'static str {
        match self {
            Change::Fired => "fired",
            Change::Held => "held",
            Change::Acknowledged => "acked",
            Change::Unacknowledged => "unacked",
            Change::Escalated => "escalated",
            Change::Unknown => "unknown",
            Change::Noted => "noted",
            Change::Cleared => "cleared",
            Change::Closed => "closed",
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Change::Fired => "fired",
            Change::Held => "began to hold",
            Change::Acknowledged => "was acknowledged",
            Change::Unacknowledged => "lost its acknowledgement",
            Change::Escalated => "was escalated",
            Change::Unknown => "had too little data to be judged",
            Change::Noted => "got a note",
            Change::Cleared => "cleared",
            Change::Closed => "was closed",
        }
    }

    fn kind(self) -> EntryKind {
        match self {
            Change::Fired
            | Change::Held
            | Change::Unknown
            | Change::Cleared
            | Change::Escalated
            | Change::Unacknowledged => EntryKind::Alert,
            Change::Acknowledged | Change::Closed => EntryKind::Action,
            Change::Noted => EntryKind::Note,
        }
    }

    /// An alert that fires is a detection, and the first person who acknowledges it the
    /// acknowledgement. The end of an alert is no end of an incident: the work may go on.
    fn suggests(self) -> Option<MilestoneName> {
        match self {
            Change::Fired => Some(MilestoneName::DetectedAt),
            Change::Acknowledged => Some(MilestoneName::AcknowledgedAt),
            Change::Held
            | Change::Unacknowledged
            | Change::Escalated
            | Change::Noted
            | Change::Unknown
            | Change::Cleared
            | Change::Closed => None,
        }
    }

    /// Whether the alert fires from here on; `None` if this changes nothing about that.
    fn fires(self) -> Option<bool> {
        match self {
            Change::Fired => Some(true),
            Change::Cleared | Change::Closed => Some(false),
            Change::Held
            | Change::Unknown
            | Change::Acknowledged
            | Change::Unacknowledged
            | Change::Escalated
            | Change::Noted => None,
        }
    }
}

/// One change of one alert.
#[derive(Debug, Clone)]
pub(in crate::sources::alerts) struct Step<'a> {
    /// What its system calls the alert, the same for all its steps: a deduplication key.
    pub alert: Cow<'a, str>,
    /// Its title; where only another step of the alert has one, that one's is used, and so for its
    /// severity and its labels.
    pub title: Option<Cow<'a, str>>,
    /// What became of it.
    pub change: Change,
    /// When, by the system's own clock.
    pub at: Moment,
    /// How bad it is, in the system's own word.
    pub severity: Option<Cow<'a, str>>,
    /// What else it says, the most important first.
    pub texts: Vec<Cow<'a, str>>,
    /// What it is about: `service`, `host` and so on.
    pub labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The person who did it, where it was one.
    pub person: Option<Cow<'a, str>>,
}

/// The steps of one input.
pub(in crate::sources::alerts) struct Log<'a> {
    warnings: Warnings<'a>,
    /// The record that is being read, for the place of a warning.
    record: &'a str,
    /// Who is the actor of what no person did.
    system: &'static str,
    steps: Vec<Step<'static>>,
}

impl Step<'_> {
    fn into_owned(self) -> Step<'static> {
        let own = |text: Cow<'_, str>| Cow::<'static, str>::Owned(text.into_owned());
        Step {
            alert: own(self.alert),
            title: self.title.map(own),
            change: self.change,
            at: self.at,
            severity: self.severity.map(own),
            texts: self.texts.into_iter().map(own).collect(),
            labels: self.labels.into_iter().map(|(name, value)| (own(name), own(value))).collect(),
            person: self.person.map(own),
        }
    }

    /// The timeline entry; what the step itself does not say is `known` from the others.
    fn event(&self, known: &Step<'_>, system: &str) -> EventRecord {
        let texts: Vec<&str> = self.texts.iter().map(|text| &**text).collect();
        let labels = if self.labels.is_empty() { &known.labels } else { &self.labels };
        let labels: Vec<(&str, &str)> = labels.iter().map(|(name, value)| (&**name, &**value)).collect();
        let person = self.person.as_deref().map(clean_line).filter(|person| !person.is_empty());
        let verb = match &person {
            // Who sets off an alert, or lets it run out, is no news.
            Some(person) if self.change.kind() != EntryKind::Alert => {
                format!("{} by {}", self.change.verb(), clean_markdown(person, TextKind::Plain))
            }
            _ => self.change.verb().to_owned(),
        };
        let title = self.title.as_deref().or(known.title.as_deref()).unwrap_or("An alert without a title");
        let severity = self.severity.as_deref().or(known.severity.as_deref());
        EventRecord {
            id: format!("{}-{}-{}", digest(&self.alert), self.at.earliest().timestamp(), self.change.word()),
            at: self.at,
            end: None,
            kind: self.change.kind(),
            state: None,
            text: sentence(title, &verb, severity, &texts, &labels),
            actor: Some(person.unwrap_or_else(|| system.to_owned())),
            suggests: self.change.suggests(),
        }
    }
}

impl<'a> Log<'a> {
    /// None yet.
    pub(super) fn new(warnings: Warnings<'a>, system: &'static str) -> Self {
        Log { warnings, record: "", system, steps: Vec::new() }
    }

    /// Goes on to `record`, a slice of the decoded text.
    pub(super) fn next(&mut self, record: &'a str) {
        self.record = record;
    }

    /// Reports something about the record that is being read.
    pub(in crate::sources::alerts) fn warn(&mut self, message: impl Into<String>) {
        self.warnings.about(self.record, message);
    }

    /// The time at the first of `paths` that has one. A clock that was never set (zero, the year 1,
    /// 1970) and a field that is not there are absent; what cannot be read is reported.
    pub(in crate::sources::alerts) fn time(&mut self, node: Node<'_>, paths: &[&str]) -> Option<Moment> {
        for path in paths {
            let Some(text) = node.text(&[path]).filter(|text| text != "0") else { continue };
            // The text within the record, so that what is doubtful about it is shown at its place.
            let slice = self.record.find(&*text).map_or(self.record, |at| &self.record[at..at + text.len()]);
            match self.warnings.time(if slice == text { slice } else { &text }) {
                Ok(at) if at.earliest().year() > 1970 => return Some(at),
                Ok(_) => {}
                Err(error) => self.warnings.about(slice, format!("`{path}` was ignored: {error}")),
            }
        }
        None
    }

    /// The time at `path`, which the system writes in UTC without saying so.
    pub(in crate::sources::alerts) fn utc(&mut self, node: Node<'_>, path: &str) -> Option<Moment> {
        let text = node.text(&[path])?;
        let zone = Some(Zone::UTC);
        match time::read(&text, &time::Reading::by_machine(zone)) {
            Ok(read) if read.moment.earliest().year() > 1970 => Some(read.moment),
            Ok(_) => None,
            Err(error) => {
                self.warn(format!("`{path}` was ignored: {error}"));
                None
            }
        }
    }

    /// Adds a step.
    pub(in crate::sources::alerts) fn add(&mut self, step: Step<'_>) {
        self.steps.push(step.into_owned());
    }

    /// Adds a step, if its alert could be named.
    pub(in crate::sources::alerts) fn add_some(&mut self, step: Option<Step<'_>>) {
        match step {
            Some(step) => self.add(step),
            None => self.warn("this record names no alert and was left out"),
        }
    }

    /// The entries in the order of time, each once. An alert that fires again although it has not
    /// cleared is a reminder: it is left out and counted.
    pub(super) fn finish(mut self) -> Warned<Vec<Record>> {
        self.steps.sort_by_key(|step| (step.at, step.change));
        let mut known: BTreeMap<&str, &Step<'_>> = BTreeMap::new();
        for step in &self.steps {
            let best = known.entry(&step.alert).or_insert(step);
            if best.title.is_none() {
                *best = step;
            }
        }
        let (mut seen, mut firing) = (BTreeSet::new(), BTreeMap::new());
        let (mut repeats, mut reminders) = (0, 0);
        let mut records = Vec::new();
        for step in &self.steps {
            let event = step.event(known[&*step.alert], self.system);
            if !seen.insert(event.id.clone()) {
                repeats += 1;
                continue;
            }
            if let Some(fires) = step.change.fires() {
                let fired_before = firing.insert(&*step.alert, fires).unwrap_or(false);
                if fires && fired_before {
                    reminders += 1;
                    continue;
                }
            }
            records.push(Record::Event(event));
        }
        let counted = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(one.to_owned()),
            _ => Some(format!("{count} {many}")),
        };
        let notes = [
            counted(repeats, "1 delivery repeats another", "deliveries repeat others"),
            counted(reminders, "1 reminder of an alert that still fired", "reminders of alerts that still fired"),
        ];
        for note in notes.into_iter().flatten() {
            self.warnings.say(Diagnostic::note(format!("{note}: left out")));
        }
        Warned { value: records, warnings: self.warnings.finish() }
    }
}
