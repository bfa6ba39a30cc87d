//! The steps of alerts, collected and turned into timeline entries.

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
    /// Who is the actor of what no person did.
    system: &'static str,
    steps: Vec<Step<'static>>,
    /// Entries that are no steps of an alert.
    others: Vec<EventRecord>,
    /// Alerts that always fire, to show that alerting works.
    heartbeats: usize,
    /// Why there is nothing in it, where it says so.
    failure: Option<String>,
}

impl<'a> Gather<'a> for Log<'a> {
    fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }
}

impl<'a> Log<'a> {
    /// The fields of a record that has none: of a line of text.
    pub(in crate::sources::alerts) fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }

    /// None yet.
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

    /// Goes on to `record`, a slice of the decoded text.
    pub(in crate::sources::alerts) fn next(&mut self, record: &'a str) {
        self.intake.next(record);
    }

    /// Reports something about the record that is being read.
    pub(in crate::sources::alerts) fn warn(&mut self, message: impl Into<String>) {
        self.intake.warn(message);
    }

    /// How many steps there are so far.
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

    /// The time at `path`, which the system writes in UTC without saying so.
    pub(in crate::sources::alerts) fn utc(&mut self, node: Node<'_>, path: &str) -> Option<Moment> {
        self.intake.utc(node, path)
    }

    /// Adds a step. One without a time is added without one and reported, with the text of its time.
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

    /// Adds a step, if its alert could be named.
    pub(in crate::sources::alerts) fn add_some(&mut self, step: Option<Step<'_>>) {
        match step {
            Some(step) => self.add(step),
            None => self.warn("this record names no alert and was left out"),
        }
    }

    /// Adds an entry that is no step of an alert.
    pub(in crate::sources::alerts) fn add_event(&mut self, event: EventRecord) {
        self.others.push(event);
    }

    /// The same of one whose time may be unknown: it is then reported, and has the text of its time.
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

    /// Notes why the input holds nothing: a server's error. It is the error of the reading if there is nothing else.
    pub(in crate::sources::alerts) fn fail(&mut self, reason: String) {
        self.failure.get_or_insert(reason);
    }

    /// Counts an alert that always fires, which is left out.
    pub(in crate::sources::alerts) fn heartbeat(&mut self) {
        self.heartbeats += 1;
    }

    /// The entries in the order of time, each once; see [`episodes`] for what is folded.
    ///
    /// # Errors
    /// [`ReadError`] where there are none since their times name no zone.
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
