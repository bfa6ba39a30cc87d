//! Collects the steps of alerts and turns them into timeline entries.

use std::collections::BTreeMap;

use super::alert_text::code;
use super::episodes::{self, Folded};
use super::step::{Change, Step};
use crate::diag::{Diagnostic, Warned};
use crate::model::time::Moment;
use crate::sources::intake::{Intake, Untimed};
use crate::sources::node::Node;
use crate::sources::object_records::Gather;
use crate::sources::record::{EventRecord, Record};
use crate::sources::source::ReadError;
use crate::sources::warnings::Warnings;
use crate::text::counted_that;

/// The steps of one input.
pub(in crate::sources::alerts) struct Log<'a> {
    intake: Intake<'a>,
    /// The actor of automatic actions.
    system: &'static str,
    steps: Vec<Step<'static>>,
    /// Entries that are not steps of an alert.
    others: Vec<EventRecord>,
    /// The number of alerts that always fire, to show that alerting works.
    heartbeats: usize,
    /// The error that the source reports instead of data.
    failure: Option<String>,
}

impl<'a> Gather<'a> for Log<'a> {
    fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }
}

impl<'a> Log<'a> {
    /// The fields of a record without fields: a line of text.
    pub(in crate::sources::alerts) fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }

    /// An empty log.
    pub(in crate::sources::alerts) fn new(warnings: Warnings<'a>, system: &'static str) -> Self {
        Log {
            intake: Intake::new(warnings),
            system,
            steps: Vec::new(),
            others: Vec::new(),
            heartbeats: 0,
            failure: None,
        }
    }

    /// Moves on to `record`, a slice of the decoded text.
    pub(in crate::sources::alerts) fn next(&mut self, record: &'a str) {
        self.intake.next(record);
    }

    /// Reports a problem of the current record.
    pub(in crate::sources::alerts) fn warn(&mut self, message: impl Into<String>) {
        self.intake.warn(message);
    }

    /// The number of steps so far.
    pub(in crate::sources::alerts) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The time at the first of `paths` that has one; see [`Intake::time`].
    pub(in crate::sources::alerts) fn time(
        &mut self,
        node: Node<'_>,
        paths: &[&str],
    ) -> Option<Moment> {
        self.intake.time(node, paths)
    }

    /// The time at `path`, which the system writes in UTC without stating it.
    pub(in crate::sources::alerts) fn utc(&mut self, node: Node<'_>, path: &str) -> Option<Moment> {
        self.intake.utc(node, path)
    }

    /// Adds a step. A step without a time is added undated and reported, with the text of its time.
    pub(in crate::sources::alerts) fn add(&mut self, step: Step<'_>) {
        let mut step = step;
        if step.at.is_none() {
            match self.intake.untimed() {
                Untimed::LacksZone => return,
                Untimed::Stays(text) => {
                    step.texts
                        .extend(text.map(|text| format!("Its time is written `{text}`.").into()));
                }
            }
        }
        self.steps.push(step.into_owned());
    }

    /// Adds a step if its alert has a name or an id.
    pub(in crate::sources::alerts) fn add_some(&mut self, step: Option<Step<'_>>) {
        match step {
            Some(step) => self.add(step),
            None => self.warn("this record names no alert and was left out"),
        }
    }

    /// Adds an entry that is not a step of an alert.
    pub(in crate::sources::alerts) fn add_event(&mut self, event: EventRecord) {
        self.others.push(event);
    }

    /// The same for an entry whose time may be unknown: it is then reported, with the text of its
    /// time.
    pub(in crate::sources::alerts) fn add_untimed_event(&mut self, mut event: EventRecord) {
        if event.at.is_none() {
            match self.intake.untimed() {
                Untimed::LacksZone => return,
                Untimed::Stays(Some(text)) => {
                    event.text.push_str(&format!("\n\nIts time is written {}.", code(&text)));
                }
                Untimed::Stays(None) => {}
            }
        }
        self.others.push(event);
    }

    /// Records the error of the server in place of data. It becomes the reading error if there is
    /// nothing else.
    pub(in crate::sources::alerts) fn fail(&mut self, reason: String) {
        self.failure.get_or_insert(reason);
    }

    /// Counts an alert that always fires, which is left out.
    pub(in crate::sources::alerts) fn heartbeat(&mut self) {
        self.heartbeats += 1;
    }

    /// The entries in time order, each once; see [`episodes`] for what is folded.
    ///
    /// # Errors
    /// [`ReadError`] if there are none because their times have no zone.
    pub(in crate::sources::alerts) fn finish(mut self) -> Result<Warned<Vec<Record>>, ReadError> {
        self.steps.sort_by_key(|step| (step.at.is_none(), step.at, step.change));
        let mut known: BTreeMap<&str, &Step<'_>> = BTreeMap::new();
        for step in &self.steps {
            let best = known.entry(&step.alert).or_insert(step);
            if best.title.is_none() {
                *best = step;
            }
        }
        let folded = episodes::fold(&self.steps);
        let mut events: Vec<EventRecord> =
            Vec::with_capacity(folded.kept.len() + self.others.len());
        for (index, notes) in &folded.kept {
            let mut step = self.steps[*index].clone();
            if folded.regraded.contains(index) {
                step.change = Change::Regraded;
            }
            step.texts.extend(notes.iter().map(|note| note.clone().into()));
            let mut event = step.event(known[&*step.alert], self.system);
            event.suggests = folded.ends.get(index).copied().or(event.suggests);
            events.push(event);
        }
        let steps = events.len();
        let mut seen = std::collections::BTreeSet::new();
        events.extend(self.others.into_iter().filter(|event| seen.insert(event.id.clone())));
        if events.len() > steps {
            events.sort_by_key(|event| (event.at.is_none(), event.at));
        }
        if let Some(failure) = self.failure.take() {
            if events.is_empty() {
                return Err(ReadError::new(failure));
            }
            self.intake.say(Diagnostic::warning(failure));
        }
        for note in notes(&folded, self.heartbeats) {
            self.intake.say(Diagnostic::note(note));
        }
        self.intake.finish(events.into_iter().map(Record::Event).collect())
    }
}

fn notes(folded: &Folded, heartbeats: usize) -> Vec<String> {
    [
        (folded.repeats, "delivery", ["repeats another: left out", "repeat others: left out"]),
        (
            folded.reminders,
            "reminder",
            [
                "of an alert that still fired: folded into the entry of this alert",
                "of alerts that still fired: folded into the entries of these alerts",
            ],
        ),
        (
            folded.flaps,
            "change",
            [
                "of an alert that flapped: folded into the entry of this alert",
                "of alerts that flapped: folded into the entries of these alerts",
            ],
        ),
        (heartbeats, "alert", ["that always fires: left out", "that always fire: left out"]),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, rest)| counted_that(count, one, rest))
    .collect()
}
