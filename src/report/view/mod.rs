//! The shape that templates and JSON see, version 1.
//!
//! It only grows: a field is never renamed or removed, and a breaking change is a new version.
//! Instants are UTC in RFC 3339, lengths are seconds, what is unknown is `null` with a `reason`
//! beside it where one is known. Fields named `text`, `statement`, `description`, `question`,
//! `answer` and those of `sections` are Markdown as a person wrote it; all others are plain text.

mod durations;
mod evidence;
mod impact;
mod proof;
mod record;
mod shapes;
mod timeline;

use indexmap::IndexMap;
use serde::Serialize;

pub use durations::{BusinessView, DurationView, Seconds, all as all_durations};
pub use evidence::{ChartView, EvidenceView, SeriesView};
pub use impact::{Affected, ImpactView, Length, Measure, WindowView};
pub use proof::{MilestoneView, ProofView, TestimonyView};
pub use shapes::{
    ActionView, CauseView, ClaimView, DetectionView, FindingView, LessonsView, LinkView, MaintenanceView, MetricView,
    PlaceView, QuestionView, RelatedView, ResolutionView, RolesView, SectionView, SeverityView, SourceView,
    TriggerView,
};
pub use timeline::EntryView;

use super::figures::Drawing;
use super::{Report, when, words};
use crate::model::Status;
use crate::model::milestone::MilestoneName;
use crate::model::zone::release;

/// The version of this shape.
pub const VERSION: u32 = 1;

/// One incident as its audience may read it.
#[derive(Debug, Clone, Serialize)]
pub struct View {
    /// The version of this shape: 1.
    pub view: u32,
    /// The incident's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The most important facts, a few words each, for the line below the title.
    pub headline: Vec<String>,
    /// `incident`, `near_miss`, `maintenance`, `drill`, `security`.
    pub kind: &'static str,
    /// The kind for a reader: `Near miss`.
    pub kind_label: &'static str,
    /// A name of the team's scale.
    pub severity: Option<String>,
    /// How the severity moved.
    pub severity_history: Vec<SeverityView>,
    /// `ongoing`, `mitigated`, `resolved`; null where nothing says whether it is over.
    pub status: Option<&'static str>,
    /// The status for a reader; null where it is unknown.
    pub status_label: Option<&'static str>,
    /// How often it was opened again after it had been resolved.
    pub reopened: usize,
    /// `draft`, `in_review`, `reviewed`, `published`.
    pub review: &'static str,
    /// The state of the write-up for a reader.
    pub review_label: &'static str,
    /// Who it was made for: `public`, `internal`, `restricted`.
    pub audience: &'static str,
    /// The zone of every local time.
    pub zone: ZoneView,
    /// The instant at which "so far" and "overdue" are meant.
    pub as_of: Option<String>,
    /// When it was, as a date for a reader; null where no time is known at all.
    pub date: Option<String>,
    /// What was affected.
    pub services: Vec<String>,
    /// Who owns it.
    pub teams: Vec<String>,
    /// Where it was.
    pub regions: Vec<String>,
    /// Free words.
    pub tags: Vec<String>,
    /// Who took part.
    pub roles: RolesView,
    /// Every milestone by its name; null where unknown.
    pub milestones: IndexMap<&'static str, Option<MilestoneView>>,
    /// The names of the milestones that are unknown.
    pub unknown_milestones: Vec<&'static str>,
    /// Every duration by its name.
    pub durations: IndexMap<&'static str, DurationView>,
    /// What the numbers mean, by version.
    pub definitions: DefinitionsView,
    /// One sentence on the durations that cannot be computed, and why.
    pub unknown_durations: Option<String>,
    /// The harm.
    pub impact: ImpactView,
    /// The plan of a maintenance.
    pub maintenance: Option<MaintenanceView>,
    /// How it was noticed.
    pub detection: Option<DetectionView>,
    /// What set it off.
    pub trigger: Option<TriggerView>,
    /// Why it could happen.
    pub root_causes: Vec<CauseView>,
    /// What made it likelier, longer or worse.
    pub contributing_factors: Vec<CauseView>,
    /// What kept it from being worse, in Markdown.
    pub mitigators: Vec<String>,
    /// What ended it.
    pub resolution: ResolutionView,
    /// What was learned.
    pub lessons: LessonsView,
    /// The sections by their names, each as one Markdown text; null where nothing is written.
    pub sections: IndexMap<&'static str, Option<String>>,
    /// Further sections, in order.
    pub extra_sections: Vec<SectionView>,
    /// What happened, in the order of time.
    pub timeline: Vec<EntryView>,
    /// How many entries this audience does not see.
    pub omitted_entries: usize,
    /// What is to be done.
    pub action_items: Vec<ActionView>,
    /// What nobody knows yet.
    pub open_questions: Vec<QuestionView>,
    /// The affected components, by group.
    pub components: Vec<Affected>,
    /// Snapshots of figures.
    pub metrics: Vec<MetricView>,
    /// Metrics over time, by source.
    pub evidence: Vec<EvidenceView>,
    /// The figures that a template can place.
    pub figures: Vec<FigureView>,
    /// Durations that people published.
    pub claims: Vec<ClaimView>,
    /// What the record does not agree on, or lacks.
    pub findings: Vec<FindingView>,
    /// Where it all comes from.
    pub sources: Vec<SourceView>,
    /// Further reading.
    pub links: Vec<LinkView>,
    /// Other incidents that this one belongs with.
    pub related: Vec<RelatedView>,
}

/// The zone of local times.
#[derive(Debug, Clone, Serialize)]
pub struct ZoneView {
    /// `Europe/Berlin`, `UTC`, `+05:30`.
    pub name: String,
    /// For a reader, with what its clocks call themselves then: `Europe/Berlin (CET)`.
    pub text: String,
    /// The release of the time zone database that every time was read and shown by: `2026f`.
    pub tzdata: &'static str,
}

/// Which definitions the numbers are computed by.
#[derive(Debug, Clone, Serialize)]
pub struct DefinitionsView {
    /// The version of the team's definitions.
    pub version: u32,
    /// The version that the file asks for; null where it asks for none.
    pub pinned: Option<u32>,
    /// For a reader, where the file asks for another version than the numbers are computed by.
    pub text: Option<String>,
}

impl DefinitionsView {
    fn new(report: &Report) -> Self {
        let (version, pinned) = (report.definitions.version, report.incident.definitions);
        DefinitionsView { version, pinned, text: report.other_definitions() }
    }
}

/// A figure that a template can place with `![{{ figure.alt }}](figure:{{ figure.name }})`.
#[derive(Debug, Clone, Serialize)]
pub struct FigureView {
    /// Its name.
    pub name: String,
    /// The sentence that says the same.
    pub alt: String,
}

impl View {
    /// What the audience of `report` may read. `drawings` are the report's figures, whose sentences
    /// become part of it.
    pub fn new(report: &Report, drawings: &[Drawing]) -> View {
        let incident = &report.incident;
        let internal = report.audience.may_read_internals();
        let entries = timeline::entries(report);
        let milestones = record::milestones(report);
        let unknown = milestones.iter().filter(|(_, known)| known.is_none()).map(|(name, _)| *name).collect();
        let action_items = record::action_items(report);
        View {
            view: VERSION,
            id: incident.id.to_string(),
            title: incident.title.clone(),
            headline: headline(report),
            kind: incident.kind().as_str(),
            kind_label: words::kind(incident.kind()),
            severity: incident.severity.clone(),
            severity_history: record::severities(report),
            status: incident.status().map(Status::as_str),
            status_label: incident.status().map(words::status),
            reopened: crate::analysis::progress::reopened(incident),
            review: incident.review().as_str(),
            review_label: words::review(incident.review()),
            audience: report.audience.as_str(),
            zone: zone(report),
            as_of: report.now.map(when::utc),
            date: incident.occurred().map(|moment| when::days(moment, report.zone)),
            services: incident.services.clone(),
            teams: if internal { incident.teams.clone() } else { Vec::new() },
            regions: incident.regions.clone(),
            tags: if internal { incident.tags.clone() } else { Vec::new() },
            roles: RolesView::new(&incident.roles, report.audience),
            milestones,
            unknown_milestones: unknown,
            durations: durations::all(&report.durations, report.definitions.business_hours.as_ref()),
            definitions: DefinitionsView::new(report),
            unknown_durations: words::unknown_durations(&report.durations),
            impact: ImpactView::new(report),
            maintenance: record::maintenance(report),
            detection: incident.detection.as_ref().map(|detection| DetectionView::new(detection, report.audience)),
            trigger: incident.trigger.as_ref().map(|trigger| TriggerView::new(trigger, report)),
            root_causes: record::causes(&incident.root_causes, report.audience),
            contributing_factors: record::causes(&incident.contributing_factors, report.audience),
            mitigators: incident.mitigators.clone(),
            resolution: ResolutionView::new(incident.resolution.as_ref()),
            lessons: LessonsView::new(&incident.lessons),
            sections: record::sections(incident),
            extra_sections: incident.sections.iter().map(SectionView::new).collect(),
            omitted_entries: incident.timeline.len() - entries.len(),
            timeline: entries,
            action_items,
            open_questions: record::questions(report),
            components: impact::affected(incident),
            metrics: incident.metrics.iter().map(MetricView::new).collect(),
            evidence: evidence::all(report, drawings),
            figures: drawings
                .iter()
                .map(|drawing| FigureView { name: drawing.name.clone(), alt: drawing.figure.alt.clone() })
                .collect(),
            claims: record::claims(report),
            findings: record::findings(report),
            sources: record::sources(report),
            links: incident.links.iter().filter(|_| internal).map(LinkView::new).collect(),
            related: if internal { record::related(&incident.related) } else { Vec::new() },
        }
    }
}

fn headline(report: &Report) -> Vec<String> {
    let incident = &report.incident;
    let kind = (incident.kind() != crate::model::Kind::Incident).then(|| words::kind(incident.kind()).to_owned());
    let severity = incident.severity.as_deref().map(str::to_uppercase);
    let date = incident.occurred().map(|moment| when::days(moment, report.zone));
    let so_far = if report.impact.open { " so far" } else { "" };
    let harm = report.impact.union.map(|length| format!("{length} of impact{so_far}"));
    let services = (!incident.services.is_empty()).then(|| incident.services.join(", "));
    let review = (incident.review() != crate::model::Review::Published)
        .then(|| format!("write-up is {}", words::review(incident.review())));
    let status = incident.status().map(|status| words::status(status).to_owned());
    [kind, severity, status, date, harm, services, review].into_iter().flatten().collect()
}

/// The zone, and each name that its clocks go by in the course of the incident.
fn zone(report: &Report) -> ZoneView {
    let incident = &report.incident;
    let milestones = MilestoneName::ALL.iter().filter_map(|&name| incident.milestones.at(name));
    let mut labels: Vec<String> = Vec::new();
    for moment in milestones.chain(incident.timeline.iter().filter_map(|entry| entry.at)) {
        let label = report.zone.label(moment.earliest());
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let name = report.zone.to_string();
    labels.retain(|label| *label != name);
    let text = if labels.is_empty() { name.clone() } else { format!("{name} ({})", words::listed(&labels, "and")) };
    ZoneView { name, text, tzdata: release() }
}
