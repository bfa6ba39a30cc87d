//! What becomes of an alert, and how it is worded.

use std::borrow::Cow;

use super::alert_text::{digest, sentence};
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::record::EventRecord;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// What became of an alert at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sources::alerts) enum Change {
    /// Its condition began to hold; when it fired is not known.
    Held,
    /// A first check failed, and others confirmed it later: nobody was notified yet.
    Suspected,
    /// It fired, and somebody could see it.
    Fired,
    /// It goes on, and its severity is another one.
    Regraded,
    /// It is active, and somebody silenced it.
    Silenced,
    /// It is active, and another alert that fires keeps it back.
    Inhibited,
    /// A person took it on.
    Acknowledged,
    /// A program acknowledged it, and no person did.
    AutoAcknowledged,
    /// The acknowledgement was taken back or ran out.
    Unacknowledged,
    /// It went on to the next person, because nobody answered or because somebody asked for it.
    Escalated,
    /// It was given to a person or to a team.
    Assigned,
    /// It is not to notify anybody for a while.
    Snoozed,
    /// Somebody does not want to hear of it.
    Muted,
    /// Its system does not know: it got no data.
    Unknown,
    /// Somebody wrote a note on it.
    Noted,
    /// Its monitor saw that all is well again.
    Cleared,
    /// A person closed it.
    Closed,
    /// Its monitor or a time limit closed it, and no person did.
    AutoClosed,
}

impl Change {
    /// A word for ids, which must not change.
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

    /// An alert that fires is a detection, and the first person who acknowledges it the
    /// acknowledgement. Ends are judged together with the other alerts: see [`super::episodes`].
    pub(super) fn suggests(self) -> Option<MilestoneName> {
        match self {
            Change::Suspected | Change::Fired => Some(MilestoneName::DetectedAt),
            Change::Acknowledged => Some(MilestoneName::AcknowledgedAt),
            _ => None,
        }
    }

    /// What the end of all alerts is: that a monitor sees no symptom any more, or that somebody
    /// closed the matter.
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
    /// What its system calls the alert, the same for all its steps: a deduplication key.
    pub alert: Cow<'a, str>,
    /// Its title; where only another step of the alert has one, that one's is used, and so for its
    /// severity and its labels.
    pub title: Option<Cow<'a, str>>,
    /// What became of it.
    pub change: Change,
    /// When, by the system's own clock; `None` where the record does not say, or not readably.
    pub at: Option<Moment>,
    /// How bad it is, in the system's own word.
    pub severity: Option<Cow<'a, str>>,
    /// What else it says, the most important first.
    pub texts: Vec<Cow<'a, str>>,
    /// What it is about: `service`, `host` and so on.
    pub labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The person who did it, where it was one.
    pub person: Option<Cow<'a, str>>,
}

impl<'a> Step<'a> {
    /// A step of which no more is known.
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
    pub(in crate::sources::alerts) fn saying(
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

    /// The same with a label, where `value` is known.
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

    /// Its id, the same in every capture that has it.
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
            // Several notes may be of one second.
            Change::Noted => format!("{alert}-{when}-noted-{}", &digest(&self.texts.concat())[..6]),
            change => format!("{alert}-{when}-{}", change.word()),
        }
    }

    /// The timeline entry; what the step itself does not say is `known` from the others.
    pub(super) fn event(&self, known: &Step<'_>, system: &str) -> EventRecord {
        let texts: Vec<&str> = self.texts.iter().map(|text| &**text).collect();
        let labels = if self.labels.is_empty() { &known.labels } else { &self.labels };
        let labels: Vec<(&str, &str)> =
            labels.iter().map(|(name, value)| (&**name, &**value)).collect();
        let person = self.person.as_deref().map(clean_line).filter(|person| !person.is_empty());
        let verb = match &person {
            // Who sets off an alert, or lets it run out, is no news.
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
