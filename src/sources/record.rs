//! The output of readers: facts with their origin, before any decision.

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};

use crate::model::action::ActionItem;
use crate::model::claims::Claims;
use crate::model::impact::Level;
use crate::model::milestone::MilestoneName;
use crate::model::people::Roles;
use crate::model::series::Series;
use crate::model::time::Moment;
use crate::model::timeline::{EntryKind, State};
use crate::model::word_enums::words;
use crate::model::zone::Zone;
use crate::model::{Link, MetricSnapshot, Status};

/// One record of an input.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "an input holds one kind of record: boxing would save nothing"
)]
pub enum Record {
    /// An incident or a maintenance from the history of a status page.
    Incident(IncidentRecord),
    /// One event, for the timeline of one incident.
    Event(EventRecord),
    /// A metric over time.
    Series(Series),
    /// A write-up of an incident.
    Document(Box<DocumentRecord>),
}

/// An id for content without one in its source: the same for the same content.
pub(super) fn content_id(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\u{0}"));
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// An incident or a maintenance as published on a status page.
#[derive(Debug, Clone, PartialEq)]
pub struct IncidentRecord {
    /// Its id in the source; the same in every later capture.
    pub id: String,
    /// Its title, plain text.
    pub title: String,
    /// Whether it is planned maintenance.
    pub maintenance: bool,
    /// The page's own severity word (`minor`, `critical`), unchanged.
    pub impact_word: Option<String>,
    /// Its public address.
    pub url: Option<String>,
    /// The page's name.
    pub provider: Option<String>,
    /// The page's zone, an IANA name.
    pub zone: Option<String>,
    /// When the impact began; only if the source has a field for exactly that.
    pub impact_start: Option<Moment>,
    /// When the impact ended; only if the source has a field for exactly that.
    pub impact_end: Option<Moment>,
    /// When it was first announced: the earliest time that the source gives for its start. `None`
    /// if the source gives none and has only its latest updates.
    pub announced: Option<Moment>,
    /// When the source says that it was resolved. This may be wrong: the updates decide.
    pub resolved: Option<Moment>,
    /// The plan of a maintenance: its start, and its end if the source has one.
    pub scheduled: Option<(Moment, Option<Moment>)>,
    /// When the source says that it was last changed.
    pub revised: Option<DateTime<Utc>>,
    /// The state at the time of the capture.
    pub state: Option<State>,
    /// Its updates, in the order of time.
    pub updates: Vec<UpdateRecord>,
    /// Updates whose time cannot be read, in the order of the source.
    pub untimed: Vec<UntimedPost>,
    /// Whether the source has only the latest of its updates, so that there were others before.
    pub latest_only: bool,
    /// Whether some of its posts are one text in it, because their times need a zone that was not
    /// given.
    pub lacks_zone: bool,
    /// The monitor that created the record, if no person did.
    pub watched: Option<Watched>,
    /// The affected components as (group, name); the group may be empty.
    pub components: Vec<(String, String)>,
    /// The affected regions, by their names in the source.
    pub regions: Vec<String>,
    /// The recognised sections of its postmortem, as clean Markdown, each once.
    pub sections: Vec<(SectionName, String)>,
    /// Its duration in the page's own words: a claim.
    pub claimed: Option<String>,
    /// The id of the maintenance that it overran; only records made from a maintenance have it.
    pub overrun_of: Option<String>,
}

impl IncidentRecord {
    /// A record of which only the id and the title are known.
    pub fn new(id: String, title: String) -> Self {
        IncidentRecord {
            id,
            title,
            maintenance: false,
            impact_word: None,
            url: None,
            provider: None,
            zone: None,
            impact_start: None,
            impact_end: None,
            announced: None,
            resolved: None,
            scheduled: None,
            revised: None,
            state: None,
            updates: Vec::new(),
            untimed: Vec::new(),
            latest_only: false,
            lacks_zone: false,
            watched: None,
            components: Vec::new(),
            regions: Vec::new(),
            sections: Vec::new(),
            claimed: None,
            overrun_of: None,
        }
    }
}

/// The observations of a monitor, check by check, as far back as its source goes.
///
/// Its id is that of the monitor, a hyphen and the time of the first check, so it changes once that
/// check is no longer in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The id of the monitor. Its observations at one time are one incident.
    pub monitor: String,
    /// Whether the source starts during the outage.
    pub began_before: bool,
}

/// One post about an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateRecord {
    /// Its id in the source, or a hash of its content.
    pub id: String,
    /// The time that the page shows for it.
    pub at: Moment,
    /// When it was written, if that differs from the displayed time.
    pub created: Option<DateTime<Utc>>,
    /// When it was last changed, if that differs from both.
    pub edited: Option<DateTime<Utc>>,
    /// Its state.
    pub state: Option<State>,
    /// Its text, as clean Markdown.
    pub text: String,
    /// Components whose state it changed: name and new level; `None` is back to normal.
    pub components: Vec<(String, Option<Level>)>,
}

/// A post about an incident whose time cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntimedPost {
    /// Its id in the source, or a hash of its content.
    pub id: String,
    /// Its state.
    pub state: Option<State>,
    /// Its text, as clean Markdown.
    pub text: String,
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// Its id in the source, or a hash of its content.
    pub id: String,
    /// When it happened; `None` if the source has no readable time.
    pub at: Option<Moment>,
    /// When it ended, if the source gives an end.
    pub end: Option<Moment>,
    /// The kind of event.
    pub kind: EntryKind,
    /// The state, if it has one.
    pub state: Option<State>,
    /// What happened, as clean Markdown.
    pub text: String,
    /// The author: a person or a system.
    pub actor: Option<String>,
    /// The milestone that it is a candidate for; it is set only if it is unknown.
    pub suggests: Option<MilestoneName>,
    /// Whether it is stored but hidden from reports: a log line that nobody pointed out.
    pub hidden: bool,
    /// The chat thread that it belongs to, by the id of its first message.
    pub thread: Option<String>,
}

words! {
    /// The type of a document.
    DocumentKind {
        /// The write-up of one incident.
        Incident = "incident",
        /// A list of other write-ups.
        Index = "index",
        /// An empty template.
        Template = "template",
    }
}

/// A write-up of an incident. All texts are clean Markdown.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentRecord {
    /// The name of its file, or its address.
    pub id: String,
    /// The type of the document.
    pub kind: DocumentKind,
    /// Its title, plain text.
    pub title: String,
    /// The name of its site or page.
    pub site: Option<String>,
    /// The stated day of the incident.
    pub date: Option<NaiveDate>,
    /// The day on which it was written or published.
    pub dated: Option<NaiveDate>,
    /// The stated severity, in its own word.
    pub severity: Option<String>,
    /// The stated status.
    pub status: Option<Status>,
    /// What was affected.
    pub services: Vec<String>,
    /// What it says was not affected.
    pub not_affected: Vec<String>,
    /// Who owns the incident.
    pub teams: Vec<String>,
    /// Free tags.
    pub tags: Vec<String>,
    /// The participants, and the authors.
    pub roles: Roles,
    /// The zone of its times without one.
    pub zone: Option<Zone>,
    /// The place of that zone.
    pub place: Option<Zone>,
    /// The recognised sections, in order, each once.
    pub sections: Vec<(SectionName, String)>,
    /// The other sections under their titles, in order.
    pub further: Vec<(String, String)>,
    /// A sentence with the cause, if no section has it.
    pub cause: Option<String>,
    /// The lines of its timelines, in order.
    pub rows: Vec<RowRecord>,
    /// Times given for milestones by name: `Resolved: 15:09`.
    pub milestones: Vec<(MilestoneName, Moment)>,
    /// Times that sentences state for milestones.
    pub in_prose: Vec<ProseMilestone>,
    /// Contradictory statements about milestones, which stay unset.
    pub disputed: Vec<ProseMilestone>,
    /// The windows of an impact with several parts, if a sentence gives them.
    pub windows: Vec<[Moment; 2]>,
    /// Published lengths.
    pub claims: Claims,
    /// Figures before, during and after.
    pub metrics: Vec<MetricSnapshot>,
    /// Follow-ups.
    pub follow_ups: Vec<ActionItem>,
    /// Related addresses.
    pub links: Vec<Link>,
    /// Whether it gives a time, a cause or a timeline. A page without any of these is unlikely to
    /// be the write-up of one incident, whatever words it contains.
    pub is_write_up: bool,
}

impl DocumentRecord {
    /// The times stated for milestones outside of its timelines.
    pub fn stated(&self) -> impl Iterator<Item = (MilestoneName, Moment)> {
        let in_prose = self.in_prose.iter().map(|found| (found.name, found.at));
        self.milestones.iter().copied().chain(in_prose)
    }
}

/// A milestone stated in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct ProseMilestone {
    /// Which.
    pub name: MilestoneName,
    /// When.
    pub at: Moment,
    /// The deciding words of the sentence.
    pub because: String,
    /// Its line number in the document, if known.
    pub line: Option<usize>,
}

/// A line of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct RowRecord {
    /// A hash of its content.
    pub id: String,
    /// When it happened; `None` if the line has no time or an unreadable one, which then stays in
    /// the text.
    pub at: Option<Moment>,
    /// The end of a span.
    pub end: Option<Moment>,
    /// What happened.
    pub text: String,
    /// Who did it.
    pub actor: Option<String>,
    /// The milestones that it states in plain words, each with these words.
    pub states: Vec<(MilestoneName, String)>,
    /// Its line number in the document, if known.
    pub line: Option<usize>,
}

impl RowRecord {
    /// Whether the line states that milestone, and its time.
    pub fn shows(&self, name: MilestoneName) -> bool {
        self.at.is_some() && self.words_for(name).is_some()
    }

    /// The words that state it.
    pub fn words_for(&self, name: MilestoneName) -> Option<&str> {
        self.states.iter().find(|(other, _)| *other == name).map(|(_, words)| words.as_str())
    }
}

words! {
    /// A recognised section of a postmortem, whatever its heading.
    SectionName {
        /// What happened, in short.
        Summary = "summary",
        /// Who was affected, and how.
        Impact = "impact",
        /// What triggered it.
        Trigger = "trigger",
        /// Why it could happen.
        RootCause = "root_cause",
        /// What made it likelier or worse.
        ContributingFactors = "contributing_factors",
        /// How it was noticed.
        Detection = "detection",
        /// What stopped the impact.
        Mitigation = "mitigation",
        /// What ended it.
        Resolution = "resolution",
        /// What is to be done.
        FollowUps = "follow_ups",
        /// What was learned.
        Lessons = "lessons",
        /// Lessons: what went well.
        WentWell = "went_well",
        /// Lessons: what went poorly.
        WentPoorly = "went_poorly",
        /// Lessons: where luck helped.
        Lucky = "lucky",
        /// What happened, line by line.
        Timeline = "timeline",
    }
}
