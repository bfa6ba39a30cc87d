//! What readers make of foreign bytes: facts with their origin, before anything is decided.

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
use crate::model::words::words;
use crate::model::zone::Zone;
use crate::model::{Link, MetricSnapshot, Status};

/// One record of an input.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "an input holds one kind of record: boxing would save nothing"
)]
pub enum Record {
    /// An incident or a maintenance of a status page's history.
    Incident(IncidentRecord),
    /// One thing that happened, for the timeline of one incident.
    Event(EventRecord),
    /// A metric over time.
    Series(Series),
    /// A write-up of an incident.
    Document(Box<DocumentRecord>),
}

/// An id for what has none in its source: the same for the same content.
pub(super) fn content_id(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\u{0}"));
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// An incident or a maintenance as a status page tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct IncidentRecord {
    /// Its id in the source; the same in every later capture.
    pub id: String,
    /// Its title, plain text.
    pub title: String,
    /// Whether it is planned maintenance.
    pub maintenance: bool,
    /// The page's own word for how bad it is (`minor`, `critical`), unchanged.
    pub impact_word: Option<String>,
    /// Where people can read it.
    pub url: Option<String>,
    /// The page's name.
    pub provider: Option<String>,
    /// The page's zone, an IANA name.
    pub zone: Option<String>,
    /// When the harm began, only where the source has a field that says just that.
    pub impact_start: Option<Moment>,
    /// When the harm ended, only where the source has a field that says just that.
    pub impact_end: Option<Moment>,
    /// When it was first told: the least of what the source gives for its beginning. `None` where
    /// it gives nothing for that, and the updates are its latest only.
    pub announced: Option<Moment>,
    /// When the source says that it was resolved. It may lie: the updates decide.
    pub resolved: Option<Moment>,
    /// The plan of a maintenance: from, and until where the source says so.
    pub scheduled: Option<(Moment, Option<Moment>)>,
    /// When the source says that it was last changed.
    pub revised: Option<DateTime<Utc>>,
    /// The state at the time of the capture.
    pub state: Option<State>,
    /// Its updates, in the order of time.
    pub updates: Vec<UpdateRecord>,
    /// Updates whose time cannot be read, in the order of the source.
    pub untimed: Vec<UntimedPost>,
    /// Whether the source gives the latest of its updates only, so that there were others before.
    pub latest_only: bool,
    /// Whether some of its posts are one text in it, since their stamps need a zone that was not given.
    pub lacks_zone: bool,
    /// The monitor that saw it, where that made a record of what it saw and no person did.
    pub watched: Option<Watched>,
    /// The affected components as (group, name); the group is empty where there is none.
    pub components: Vec<(String, String)>,
    /// Where it was, by the names that the source has for its regions.
    pub regions: Vec<String>,
    /// The sections of its postmortem that have a meaning, as clean Markdown, each once.
    pub sections: Vec<(SectionName, String)>,
    /// How long it lasted in the page's own words: a claim.
    pub claimed: Option<String>,
    /// The id of the maintenance whose plan it went past; only what is made of one has it.
    pub overrun_of: Option<String>,
}

impl IncidentRecord {
    /// A record of which nothing is known yet but its id and its title.
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

/// What a monitor saw, check by check, as far back as its source goes.
///
/// Its id is that of the monitor, a hyphen and the time of the first check that is there, so that it
/// is another one once that check is no longer in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The id of the monitor. What it saw at one time is one incident.
    pub monitor: String,
    /// Whether the source begins in the midst of it.
    pub began_before: bool,
}

/// One post about an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateRecord {
    /// Its id in the source, or a hash of its content.
    pub id: String,
    /// The time that the page shows for it.
    pub at: Moment,
    /// When it was written, where that differs from the time shown.
    pub created: Option<DateTime<Utc>>,
    /// When it was last changed, where that differs from both.
    pub edited: Option<DateTime<Utc>>,
    /// Its state.
    pub state: Option<State>,
    /// Its text, as clean Markdown.
    pub text: String,
    /// Components whose state it changed: name, new level; `None` is back to normal.
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

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// Its id in the source, or a hash of its content.
    pub id: String,
    /// When it happened; `None` where the source does not say, or in words that cannot be read.
    pub at: Option<Moment>,
    /// When it ended, where the source proves an end.
    pub end: Option<Moment>,
    /// What kind of thing it is.
    pub kind: EntryKind,
    /// The state, where it has one.
    pub state: Option<State>,
    /// What happened, as clean Markdown.
    pub text: String,
    /// Who or what said so.
    pub actor: Option<String>,
    /// The milestone that it is a candidate for; it is set only where it is unknown.
    pub suggests: Option<MilestoneName>,
    /// Whether it is stored, and left out of reports: a line of a log that nobody pointed at.
    pub hidden: bool,
    /// The thread of a chat that it belongs to, by the id of its first message.
    pub thread: Option<String>,
}

words! {
    /// What a write-up is.
    DocumentKind {
        /// The write-up of one incident.
        Incident = "incident",
        /// A list of other write-ups.
        Index = "index",
        /// A form that nobody has filled in.
        Template = "template",
    }
}

/// A write-up of an incident, as it tells it. All texts are clean Markdown.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentRecord {
    /// The name of its file, or its address.
    pub id: String,
    /// What it is.
    pub kind: DocumentKind,
    /// Its title, plain text.
    pub title: String,
    /// The name of the site or of the page that it is from.
    pub site: Option<String>,
    /// The day that it says the incident was on.
    pub date: Option<NaiveDate>,
    /// The day on which it was written or published.
    pub dated: Option<NaiveDate>,
    /// How bad it was, in its own word.
    pub severity: Option<String>,
    /// Where the incident stands, where it says so in a word.
    pub status: Option<Status>,
    /// What was affected.
    pub services: Vec<String>,
    /// What it says was not.
    pub not_affected: Vec<String>,
    /// Who owns the incident.
    pub teams: Vec<String>,
    /// Free words.
    pub tags: Vec<String>,
    /// Who took part, and who wrote it.
    pub roles: Roles,
    /// The zone of its times that name none.
    pub zone: Option<Zone>,
    /// The place whose clock showed them.
    pub place: Option<Zone>,
    /// The sections that have a meaning, in order, each once.
    pub sections: Vec<(SectionName, String)>,
    /// The other sections under their titles, in order.
    pub further: Vec<(String, String)>,
    /// A sentence that names the cause, where no section does.
    pub cause: Option<String>,
    /// The lines of its timelines, in order.
    pub rows: Vec<RowRecord>,
    /// Times that it states for milestones by their names: `Resolved: 15:09`.
    pub milestones: Vec<(MilestoneName, Moment)>,
    /// Times that sentences state for milestones.
    pub in_prose: Vec<ProseMilestone>,
    /// What places say of milestones that stay unset, since other places say something else.
    pub disputed: Vec<ProseMilestone>,
    /// The windows of an impact that came in several, where a sentence states them.
    pub windows: Vec<[Moment; 2]>,
    /// Published lengths.
    pub claims: Claims,
    /// Figures before, during and after.
    pub metrics: Vec<MetricSnapshot>,
    /// What is to be done.
    pub follow_ups: Vec<ActionItem>,
    /// Addresses that belong to it.
    pub links: Vec<Link>,
    /// Whether it says when it was, why, or what happened when. A page without any of these is hardly
    /// the write-up of one incident, whatever words are in it.
    pub is_write_up: bool,
}

impl DocumentRecord {
    /// The times that it states for milestones outside of its timelines.
    pub fn stated(&self) -> impl Iterator<Item = (MilestoneName, Moment)> {
        let in_prose = self.in_prose.iter().map(|found| (found.name, found.at));
        self.milestones.iter().copied().chain(in_prose)
    }
}

/// A milestone that a sentence states.
#[derive(Debug, Clone, PartialEq)]
pub struct ProseMilestone {
    /// Which.
    pub name: MilestoneName,
    /// When.
    pub at: Moment,
    /// The words of the sentence that say so.
    pub because: String,
    /// The number of its line in the document, where that is known.
    pub line: Option<usize>,
}

/// A line of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct RowRecord {
    /// A hash of its content.
    pub id: String,
    /// When it was; `None` where the line has no time, or one that cannot be read, which then
    /// stands in the text.
    pub at: Option<Moment>,
    /// Until when it went on.
    pub end: Option<Moment>,
    /// What happened.
    pub text: String,
    /// Who did it.
    pub actor: Option<String>,
    /// The milestones that it states in plain words, each with these words.
    pub states: Vec<(MilestoneName, String)>,
    /// The number of its line in the document, where that is known.
    pub line: Option<usize>,
}

impl RowRecord {
    /// Whether the line states that milestone, and when it was.
    pub fn shows(&self, name: MilestoneName) -> bool {
        self.at.is_some() && self.words_for(name).is_some()
    }

    /// The words that state it.
    pub fn words_for(&self, name: MilestoneName) -> Option<&str> {
        self.states.iter().find(|(other, _)| *other == name).map(|(_, words)| words.as_str())
    }
}

words! {
    /// A section of a postmortem whose meaning is known, whatever its heading says.
    SectionName {
        /// What happened, in short.
        Summary = "summary",
        /// Who was harmed, and how.
        Impact = "impact",
        /// What set it off.
        Trigger = "trigger",
        /// Why it could happen.
        RootCause = "root_cause",
        /// What made it likelier or worse.
        ContributingFactors = "contributing_factors",
        /// How it was noticed.
        Detection = "detection",
        /// What stopped the harm.
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
