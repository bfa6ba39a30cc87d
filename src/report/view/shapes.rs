//! The parts of a view that are a person's own words.

use serde::Serialize;

use crate::report::When;

/// A change of severity.
#[derive(Debug, Clone, Serialize)]
pub struct SeverityView {
    /// When.
    #[serde(flatten)]
    pub when: When,
    /// To which.
    pub to: String,
}

/// Who took part. For the public nobody is named.
#[derive(Debug, Clone, Serialize)]
pub struct RolesView {
    /// Who led the response.
    pub commander: Option<String>,
    /// Who told the others.
    pub comms: Option<String>,
    /// Who owns the write-up.
    pub owner: Option<String>,
    /// Who kept the notes.
    pub scribe: Option<String>,
    /// Who else responded.
    pub responders: Vec<String>,
    /// Who wrote the report.
    pub authors: Vec<String>,
    /// How many roles were filled; two roles of one person are two.
    pub count: usize,
}

/// The plan of a maintenance.
#[derive(Debug, Clone, Serialize)]
pub struct MaintenanceView {
    /// When it was to begin.
    pub scheduled_for: Option<When>,
    /// When it was to be over.
    pub scheduled_until: Option<When>,
    /// What was to be affected.
    pub expected: Vec<String>,
}

/// How it was noticed.
#[derive(Debug, Clone, Serialize)]
pub struct DetectionView {
    /// In what way: `alert`, `customer_report` …
    pub method: Option<&'static str>,
    /// The way for a reader.
    pub method_label: Option<&'static str>,
    /// By which alert, monitor or person; null for the public.
    pub by: Option<String>,
    /// How it went, in Markdown.
    pub description: Option<String>,
    /// What would have shown it sooner, in Markdown.
    pub could_be_faster: Option<String>,
}

/// What set it off.
#[derive(Debug, Clone, Serialize)]
pub struct TriggerView {
    /// What kind of thing.
    pub kind: Option<String>,
    /// The kind for a reader.
    pub kind_label: Option<String>,
    /// Which change; null for the public.
    pub change: Option<String>,
    /// When the change was live.
    pub deployed_at: Option<When>,
    /// What it did, in Markdown.
    pub description: Option<String>,
}

/// A root cause or a contributing factor.
#[derive(Debug, Clone, Serialize)]
pub struct CauseView {
    /// Its name within the incident.
    pub id: Option<String>,
    /// A word to group by.
    pub category: Option<String>,
    /// Name and category, to stand before the text.
    pub label: Option<String>,
    /// What it is, in Markdown.
    pub text: String,
    /// Who says so.
    pub source: Option<String>,
}

/// What ended it, in Markdown.
#[derive(Debug, Clone, Serialize)]
pub struct ResolutionView {
    /// What stopped the harm.
    pub temporary: Option<String>,
    /// What removed the cause.
    pub permanent: Option<String>,
}

/// What was learned, each line in Markdown.
#[derive(Debug, Clone, Serialize)]
pub struct LessonsView {
    /// What is known now and was not before.
    pub learned: Vec<String>,
    /// What went well.
    pub went_well: Vec<String>,
    /// What went poorly.
    pub went_poorly: Vec<String>,
    /// Where luck helped.
    pub lucky: Vec<String>,
    /// What was tried and did not help.
    pub wrong_turns: Vec<String>,
    /// What nobody expected.
    pub surprised_by: Vec<String>,
    /// Whether there is any.
    pub any: bool,
}

/// A further section.
#[derive(Debug, Clone, Serialize)]
pub struct SectionView {
    /// Its heading.
    pub title: String,
    /// Its text, in Markdown.
    pub text: String,
}

/// A follow-up.
#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    /// Its name within the incident.
    pub id: Option<String>,
    /// What is to be done, in Markdown.
    pub text: String,
    /// What it is for.
    pub r#type: Option<&'static str>,
    /// What it is for, for a reader.
    pub type_label: Option<&'static str>,
    /// Who does it; null for the public.
    pub owner: Option<String>,
    /// How urgent it is; null for the public.
    pub priority: Option<String>,
    /// The day by which it is to be done; null for the public.
    pub due: Option<String>,
    /// Its number, or its address, in the tracker; null for the public.
    pub ticket: Option<String>,
    /// Where it stands; null if nobody says.
    pub status: Option<&'static str>,
    /// The status for a reader.
    pub status_label: Option<String>,
    /// Whether it still has to be done.
    pub open: bool,
    /// Whether its day is past; null without an instant to compare with.
    pub overdue: Option<bool>,
    /// The causes and factors that it answers.
    pub addresses: Vec<String>,
}

/// What nobody knows yet.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionView {
    /// The question, in Markdown.
    pub question: String,
    /// Who asks; null for the public.
    pub asked_by: Option<String>,
    /// The answer, in Markdown, once there is one.
    pub answer: Option<String>,
}

/// A figure before, during and after.
#[derive(Debug, Clone, Serialize)]
pub struct MetricView {
    /// What is measured.
    pub name: String,
    /// In which unit.
    pub unit: Option<String>,
    /// Before the incident.
    pub before: Option<String>,
    /// While it went on.
    pub during: Option<String>,
    /// After it.
    pub after: Option<String>,
}

/// A duration that people published.
#[derive(Debug, Clone, Serialize)]
pub struct ClaimView {
    /// Which: `duration`, `ttr` …
    pub name: &'static str,
    /// For a reader.
    pub label: &'static str,
    /// In their words.
    pub text: String,
    /// Whether a computed duration of that kind agrees; null where there is none, or where the
    /// words are no duration.
    pub agrees: Option<bool>,
    /// The same for a reader, with the duration: `agrees with the time to resolve of 2 h 14 min`.
    pub verdict: String,
}

/// Something that the record does not agree on, or lacks.
#[derive(Debug, Clone, Serialize)]
pub struct FindingView {
    /// The rule's id.
    pub rule: &'static str,
    /// `contradiction`, `gap`, `housekeeping`.
    pub nature: &'static str,
    /// `error`, `warning`, `note`.
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where; null where that is not known.
    pub place: Option<PlaceView>,
    /// The way to the value within the file: `timeline[3].at`.
    pub path: String,
    /// What to do.
    pub hints: Vec<String>,
}

/// A place in a file.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceView {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// A source.
#[derive(Debug, Clone, Serialize)]
pub struct SourceView {
    /// Its key.
    pub key: String,
    /// A title for people.
    pub title: Option<String>,
    /// The id of its format.
    pub format: Option<String>,
    /// The kept bytes, relative to the incident file's folder.
    pub path: Option<String>,
    /// SHA-256 of the kept bytes.
    pub sha256: Option<String>,
    /// The day that it bears, `2026-03-17`.
    pub dated: Option<String>,
    /// When it was fetched, in UTC.
    pub retrieved_at: Option<String>,
    /// When it was fetched, for a reader.
    pub retrieved_text: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// The zone of its times.
    pub zone: Option<String>,
    /// How far its clock is ahead of the truth.
    pub clock_offset: Option<String>,
    /// How many records it held.
    pub records: Option<u64>,
}

/// Further reading.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// What is to be found there.
    pub title: Option<String>,
    /// Where.
    pub url: String,
}

/// Another incident that this one belongs with.
#[derive(Debug, Clone, Serialize)]
pub struct RelatedView {
    /// How: `duplicate_of`, `parent`, `recurrence_of`, `caused_by`.
    pub relation: &'static str,
    /// For a reader.
    pub label: &'static str,
    /// Its id.
    pub id: String,
}
