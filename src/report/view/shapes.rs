//! The types for the parts of a view that a person wrote.

use serde::Serialize;

use crate::report::When;

/// A change of severity.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct SeverityView {
    /// When.
    #[serde(flatten)]
    pub when: When,
    /// The new severity.
    pub to: String,
}

/// Who took part. A public report names nobody.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct RolesView {
    /// Who led the response.
    pub commander: Option<String>,
    /// Who informed others.
    pub comms: Option<String>,
    /// Who is responsible for the write-up.
    pub owner: Option<String>,
    /// Who took notes.
    pub scribe: Option<String>,
    /// Who else worked on it.
    pub responders: Vec<String>,
    /// Who wrote the report.
    pub authors: Vec<String>,
    /// The number of filled roles. A person with two roles counts twice.
    pub count: usize,
}

/// The plan of a maintenance.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct MaintenanceView {
    /// When the maintenance was planned to begin.
    pub scheduled_for: Option<When>,
    /// When the maintenance was planned to end.
    pub scheduled_until: Option<When>,
    /// The services that the plan expected to be affected.
    pub expected: Vec<String>,
}

/// How the incident was noticed.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct DetectionView {
    /// How it was first noticed: `alert`, `customer_report` …
    pub method: Option<&'static str>,
    /// The method for readers.
    pub method_label: Option<&'static str>,
    /// The alert, the monitor or the person that noticed it; null for the public.
    pub by: Option<String>,
    /// How it was noticed, in Markdown.
    pub description: Option<String>,
    /// What would have detected it sooner, in Markdown.
    pub could_be_faster: Option<String>,
}

/// The event that set the incident off.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct TriggerView {
    /// The kind of event: `deploy`, `config_push` …
    pub kind: Option<String>,
    /// The kind for readers.
    pub kind_label: Option<String>,
    /// The change that was made; null for the public.
    pub change: Option<String>,
    /// When the change was live.
    pub deployed_at: Option<When>,
    /// What the event did, in Markdown.
    pub description: Option<String>,
}

/// A root cause or a contributing factor.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct CauseView {
    /// The id within the incident.
    pub id: Option<String>,
    /// The category.
    pub category: Option<String>,
    /// The id and the category, to show before the text.
    pub label: Option<String>,
    /// The cause, in Markdown.
    pub text: String,
    /// The source that states it; null for the public.
    pub source: Option<String>,
}

/// What ended the incident, in Markdown.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ResolutionView {
    /// What ended the impact.
    pub temporary: Option<String>,
    /// What removed the cause.
    pub permanent: Option<String>,
}

/// What was learned. Each item is Markdown.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct LessonsView {
    /// What the team knows now and did not know before.
    pub learned: Vec<String>,
    /// What went well.
    pub went_well: Vec<String>,
    /// What went poorly.
    pub went_poorly: Vec<String>,
    /// Where the team was lucky.
    pub lucky: Vec<String>,
    /// What was tried and did not help.
    pub wrong_turns: Vec<String>,
    /// What nobody expected.
    pub surprised_by: Vec<String>,
    /// Whether any of the lists has an item.
    pub any: bool,
}

/// A further section.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct SectionView {
    /// The heading.
    pub title: String,
    /// The text, in Markdown.
    pub text: String,
}

/// A follow-up.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ActionView {
    /// The id within the incident.
    pub id: Option<String>,
    /// What has to be done, in Markdown.
    pub text: String,
    /// What the follow-up is for: `prevent`, `detect` …
    pub r#type: Option<&'static str>,
    /// The type for readers.
    pub type_label: Option<&'static str>,
    /// Who is responsible for it; null for the public.
    pub owner: Option<String>,
    /// The priority; null for the public.
    pub priority: Option<String>,
    /// The day by which it should be done; null for the public.
    pub due: Option<String>,
    /// The number or the address of the ticket; null for the public.
    pub ticket: Option<String>,
    /// `open`, `in_progress`, `done`, `dropped`; null if the file does not say.
    pub status: Option<&'static str>,
    /// The status for readers.
    pub status_label: Option<String>,
    /// Whether it is still to be done.
    pub open: bool,
    /// Whether the due day is past; null if there is no instant to compare with.
    pub overdue: Option<bool>,
    /// The ids of the causes and factors that it addresses.
    pub addresses: Vec<String>,
}

/// A question that is not answered yet.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct QuestionView {
    /// The question, in Markdown.
    pub question: String,
    /// Who asked it; null for the public.
    pub asked_by: Option<String>,
    /// The answer, once it is known, in Markdown.
    pub answer: Option<String>,
}

/// A figure before, during and after.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct MetricView {
    /// What is measured.
    pub name: String,
    /// The unit.
    pub unit: Option<String>,
    /// The figure before the incident.
    pub before: Option<String>,
    /// The figure during the incident.
    pub during: Option<String>,
    /// The figure after the incident.
    pub after: Option<String>,
}

/// A published duration.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ClaimView {
    /// Which duration: `duration`, `ttr` …
    pub name: &'static str,
    /// The name for readers.
    pub label: &'static str,
    /// The duration as it was published.
    pub text: String,
    /// Whether a computed duration of that kind agrees; null if there is none, or if the text is
    /// not a duration.
    pub agrees: Option<bool>,
    /// The same for readers: `agrees with the time to resolve of 2 h 14 min`.
    pub verdict: String,
}

/// A contradiction in the record, or something that it lacks.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct FindingView {
    /// The rule's id.
    pub rule: &'static str,
    /// `contradiction`, `gap`, `housekeeping`.
    pub nature: &'static str,
    /// `error`, `warning`, `note`.
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// The place; null if it is not known.
    pub place: Option<PlaceView>,
    /// The path to the value within the file: `timeline[3].at`.
    pub path: String,
    /// What to do.
    pub hints: Vec<String>,
}

/// A place in a file.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct PlaceView {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// A source.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct SourceView {
    /// The key: `S1`.
    pub key: String,
    /// A title for readers.
    pub title: Option<String>,
    /// The id of its format.
    pub format: Option<String>,
    /// The stored copy, relative to the workspace.
    pub path: Option<String>,
    /// The SHA-256 of the stored copy.
    pub sha256: Option<String>,
    /// The day on which the document was written or published: `2026-03-17`.
    pub dated: Option<String>,
    /// When it was fetched, in UTC.
    pub retrieved_at: Option<String>,
    /// When it was fetched, for readers.
    pub retrieved_text: Option<String>,
    /// When the source says that it last changed the record, in UTC.
    pub revised_at: Option<String>,
    /// The address where it can be read.
    pub url: Option<String>,
    /// The time zone of times that the source writes without one.
    pub zone: Option<String>,
    /// How far the clock of the source is ahead.
    pub clock_offset: Option<String>,
    /// The number of records in the source.
    pub records: Option<u64>,
}

/// Further reading.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct LinkView {
    /// The text of the link.
    pub title: Option<String>,
    /// The address.
    pub url: String,
}

/// Another incident that is connected with this one.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct RelatedView {
    /// The relation: `duplicate_of`, `parent`, `recurrence_of`, `caused_by`.
    pub relation: &'static str,
    /// The relation for readers.
    pub label: &'static str,
    /// The id of the other incident.
    pub id: String,
}
