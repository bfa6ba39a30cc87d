//! The transitions of an alert, and their wording.

use std::borrow::Cow;

use super::alert_text::{digest, sentence};
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::record::EventRecord;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// What happened to an alert at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sources::alerts) enum Change {
    /// Its condition started to hold; the time of firing is unknown.
    Held,
    /// A first check failed and later ones confirmed it: nobody was notified yet.
    Suspected,
    /// It fired and was visible.
    Fired,
    /// It is still firing, with another severity.
    Regraded,
    /// It is active but silenced.
    Silenced,
    /// It is active but inhibited by another firing alert.
    Inhibited,
    /// A person acknowledged it.
    Acknowledged,
    /// A program acknowledged it, not a person.
    AutoAcknowledged,
    /// The acknowledgement was withdrawn or expired.
    Unacknowledged,
    /// It was escalated, because nobody answered or somebody asked for it.
    Escalated,
    /// It was assigned to a person or a team.
    Assigned,
    /// Its notifications were snoozed.
    Snoozed,
    /// It was muted.
    Muted,
    /// Its system received no data, so the state is unknown.
    Unknown,
    /// Somebody added a note to it.
    Noted,
    /// Its monitor saw a recovery.
    Cleared,
    /// A person closed it.
    Closed,
    /// Its monitor or a time limit closed it, not a person.
    AutoClosed,
}

impl Change {
    /// A word for ids, which must stay stable.
    pub(super) fn word(self) -> &'static str {
        match self {
            Change::Held => "held",
            Change::Suspected => "suspected",
            Change::Fired => "fired",
            Change::Regraded => "regraded",
            Change::Silenced => "silenced",
            Change::Inhibited => "inhibited",
            Change::Acknowledged => "acked",
            Change::AutoAcknowledged => "autoacked",
            Change::Unacknowledged => "unacked",
            Change::Escalated => "escalated",
            Change::Assigned => "assigned",
            Change::Snoozed => "snoozed",
            Change::Muted => "muted",
            Change::Unknown => "unknown",
            Change::Noted => "noted",
            Change::Cleared => "cleared",
            Change::Closed => "closed",
            Change::AutoClosed => "autoclosed",
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Change::Held => "began to hold",
            Change::Suspected => "failed a first check",
            Change::Fired => "fired",
            Change::Regraded => "changed its severity",
            Change::Silenced => "was active, but silenced",
            Change::Inhibited => "was active, but inhibited by another alert",
            Change::Acknowledged => "was acknowledged",
            Change::AutoAcknowledged => "was acknowledged automatically",
            Change::Unacknowledged => "lost its acknowledgement",
            Change::Escalated => "was escalated",
            Change::Assigned => "was assigned",
            Change::Snoozed => "was snoozed",
            Change::Muted => "was muted",
            Change::Unknown => "had too little data to be judged",
            Change::Noted => "got a note",
            Change::Cleared => "cleared",
            Change::Closed => "was closed",
            Change::AutoClosed => "was closed automatically",
        }
    }

    pub(super) fn kind(self) -> EntryKind {
        match self {
            Change::Acknowledged
            | Change::Assigned
            | Change::Snoozed
            | Change::Muted
            | Change::Closed => EntryKind::Action,
            Change::Noted => EntryKind::Note,
            Change::Held
            | Change::Suspected
            | Change::Fired
            | Change::Regraded
            | Change::Silenced
            | Change::Inhibited
            | Change::AutoAcknowledged
            | Change::Unacknowledged
            | Change::Escalated
            | Change::Unknown
            | Change::Cleared
            | Change::AutoClosed => EntryKind::Alert,
        }
    }

    /// A firing alert is a detection, and the first acknowledgement by a person the
    /// acknowledgement. Ends are judged together with the other alerts: see [`super::episodes`].
    pub(super) fn suggests(self) -> Option<MilestoneName> {
        match self {
            Change::Suspected | Change::Fired => Some(MilestoneName::DetectedAt),
            Change::Acknowledged => Some(MilestoneName::AcknowledgedAt),
            _ => None,
        }
    }

    /// The milestone for the end of all alerts: either a monitor no longer sees a symptom, or
    /// somebody closed the incident.
    pub(super) fn ends(self) -> Option<MilestoneName> {
        match self {
            Change::Cleared => Some(MilestoneName::MitigatedAt),
            Change::Closed | Change::AutoClosed => Some(MilestoneName::ResolvedAt),
            _ => None,
        }
    }
}

/// One change of one alert.
#[derive(Debug, Clone)]
pub(in crate::sources::alerts) struct Step<'a> {
    /// The identifier of the alert in its system, the same for all its steps: a deduplication key.
    pub alert: Cow<'a, str>,
    /// Its title. If only another step of the alert has one, that is used; likewise the severity
    /// and the labels.
    pub title: Option<Cow<'a, str>>,
    /// What happened to it.
    pub change: Change,
    /// The time by the system's own clock; `None` if it is missing or unreadable.
    pub at: Option<Moment>,
    /// The severity, in the system's own word.
    pub severity: Option<Cow<'a, str>>,
    /// Further texts, the most important first.
    pub texts: Vec<Cow<'a, str>>,
    /// What it is about: `service`, `host` and so on.
    pub labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The person who did it, if it was one.
    pub person: Option<Cow<'a, str>>,
}

impl<'a> Step<'a> {
    /// A step without further details.
    pub(in crate::sources::alerts) fn of(
        alert: impl Into<Cow<'a, str>>,
        change: Change,
        at: Option<Moment>,
    ) -> Self {
        Step {
            alert: alert.into(),
            title: None,
            change,
            at,
            severity: None,
            texts: Vec::new(),
            labels: Vec::new(),
            person: None,
        }
    }

    /// The same with a title.
    #[must_use]
    pub(in crate::sources::alerts) fn titled(self, title: Option<Cow<'a, str>>) -> Self {
        Step { title, ..self }
    }

    /// The same with a severity.
    #[must_use]
    pub(in crate::sources::alerts) fn graded(self, severity: Option<Cow<'a, str>>) -> Self {
        Step { severity, ..self }
    }

    /// The same with further texts.
    #[must_use]
    pub(in crate::sources::alerts) fn with_text(
        mut self,
        texts: impl IntoIterator<Item = Cow<'a, str>>,
    ) -> Self {
        self.texts.extend(texts);
        self
    }

    /// The same, done by that person.
    #[must_use]
    pub(in crate::sources::alerts) fn by(self, person: Option<Cow<'a, str>>) -> Self {
        Step { person, ..self }
    }

    /// The same with a label, if `value` is known.
    #[must_use]
    pub(in crate::sources::alerts) fn with(
        mut self,
        label: &'static str,
        value: Option<Cow<'a, str>>,
    ) -> Self {
        self.labels.extend(value.map(|value| (Cow::Borrowed(label), value)));
        self
    }

    pub(super) fn into_owned(self) -> Step<'static> {
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

    /// Its id, the same in every capture that contains it.
    pub(super) fn id(&self) -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let alert = match self.alert.len() {
            1..=40 if self.alert.chars().all(is_plain) => self.alert.to_string(),
            _ => digest(&self.alert),
        };
        let when = self
            .at
            .map_or_else(|| "untimed".to_owned(), |at| at.earliest().timestamp().to_string());
        match self.change {
            // Several notes may have the same second.
            Change::Noted => format!("{alert}-{when}-noted-{}", &digest(&self.texts.concat())[..6]),
            change => format!("{alert}-{when}-{}", change.word()),
        }
    }

    /// The timeline entry; details that the step lacks come from `known`, the other steps.
    pub(super) fn event(&self, known: &Step<'_>, system: &str) -> EventRecord {
        let texts: Vec<&str> = self.texts.iter().map(|text| &**text).collect();
        let labels = if self.labels.is_empty() { &known.labels } else { &self.labels };
        let labels: Vec<(&str, &str)> =
            labels.iter().map(|(name, value)| (&**name, &**value)).collect();
        let person = self.person.as_deref().map(clean_line).filter(|person| !person.is_empty());
        let verb = match &person {
            // The person behind an automatic transition is not worth showing.
            Some(person) if self.change.kind() != EntryKind::Alert => {
                format!("{} by {}", self.change.verb(), clean_markdown(person, TextKind::Plain))
            }
            _ => self.change.verb().to_owned(),
        };
        let title =
            self.title.as_deref().or(known.title.as_deref()).unwrap_or("An alert without a title");
        let severity = self.severity.as_deref().or(known.severity.as_deref());
        EventRecord {
            id: self.id(),
            at: self.at,
            end: None,
            kind: self.change.kind(),
            state: None,
            text: sentence(title, &verb, severity, &texts, &labels),
            actor: Some(person.unwrap_or_else(|| system.to_owned())),
            suggests: self.change.suggests().filter(|_| self.at.is_some()),
            hidden: false,
            thread: None,
        }
    }
}
