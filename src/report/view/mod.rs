//! The data that templates and JSON see, version 1.
//!
//! Fields are only added: a field is never renamed or removed, and a breaking change gets a new
//! version. Instants are UTC in RFC 3339, lengths are in seconds, and unknown values are `null`,
//! next to a `reason` if one is known. Fields named `text`, `statement`, `description`, `question`,
//! `answer` and those of `sections` are Markdown as a person wrote it; all others are plain text.

mod durations;
mod impact;
mod metrics;
mod overview;
mod proof;
mod record;
mod shapes;
mod timeline;

use indexmap::IndexMap;
use serde::Serialize;

pub use durations::{BusinessView, DurationView, Seconds, all as all_durations};
pub use impact::{Affected, ImpactView, Length, Measure, WindowView};
pub use metrics::{ChartView, EvidenceView, SeriesView};
pub(crate) use overview::short_of;
pub use overview::{KeyFactView, KeyFigureView, OverviewView, ShortLineView, ShortView};
pub use proof::{MilestoneView, ProofView, TestimonyView};
pub(crate) use record::action_items;
pub use shapes::{
    ActionView, CauseView, ClaimView, DetectionView, FindingView, LessonsView, LinkView,
    MaintenanceView, MetricView, PlaceView, QuestionView, RelatedView, ResolutionView, RolesView,
    SectionView, SeverityView, SourceView, TriggerView,
};
pub use timeline::EntryView;

use super::figures::Drawing;
use super::{Report, phrasing, when};
use crate::model::Status;
use crate::model::milestone::MilestoneName;
use crate::model::zone::release;

/// The version of this shape.
pub const VERSION: u32 = 1;

/// One incident as its audience may read it.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct View {
    /// The version of this shape: 1.
    pub view: u32,
    /// The id of the incident.
    pub id: String,
    /// The title.
    pub title: String,
    /// The most important facts, each in a few words, for the line below the title.
    pub headline: Vec<String>,
    /// The answers of the first page.
    pub overview: OverviewView,
    /// The kind of event: `incident`, `near_miss`, `maintenance`, `drill`, `security`.
    pub kind: &'static str,
    /// The kind for readers: `Near miss`.
    pub kind_label: &'static str,
    /// The severity: a name of the team's scale.
    pub severity: Option<String>,
    /// The changes of the severity during the incident.
    pub severity_history: Vec<SeverityView>,
    /// `ongoing`, `mitigated` or `resolved`; null if unknown.
    pub status: Option<&'static str>,
    /// The status for readers; null if unknown.
    pub status_label: Option<&'static str>,
    /// How often the incident was reopened after it had been resolved.
    pub reopened: usize,
    /// How far the write-up is: `draft`, `in_review`, `reviewed`, `published`.
    pub review: &'static str,
    /// The state of the write-up for readers: `in review`.
    pub review_label: &'static str,
    /// The audience of the report: `public`, `internal`, `restricted`.
    pub audience: &'static str,
    /// The time zone of all local times.
    pub zone: ZoneView,
    /// The instant that "so far" and "overdue" refer to.
    pub as_of: Option<String>,
    /// The same for readers, in the report's zone: `1 December 2026, 12:00 UTC`.
    pub as_of_text: Option<String>,
    /// The day or days of the incident, for readers; null if no time is known.
    pub date: Option<String>,
    /// The affected services.
    pub services: Vec<String>,
    /// The teams that own the affected services; empty for the public.
    pub teams: Vec<String>,
    /// The affected regions.
    pub regions: Vec<String>,
    /// The tags; empty for the public.
    pub tags: Vec<String>,
    /// Who took part.
    pub roles: RolesView,
    /// Every milestone by its name, such as `milestones.resolved_at`; null if unknown.
    pub milestones: IndexMap<&'static str, Option<MilestoneView>>,
    /// The names of the unknown milestones.
    pub unknown_milestones: Vec<&'static str>,
    /// Every duration by its name, such as `durations.ttr`.
    pub durations: IndexMap<&'static str, DurationView>,
    /// The version of the definitions that the numbers are computed with.
    pub definitions: DefinitionsView,
    /// A sentence that names the durations that cannot be computed, and why.
    pub unknown_durations: Option<String>,
    /// Who was affected, how badly, and when.
    pub impact: ImpactView,
    /// The plan of a maintenance.
    pub maintenance: Option<MaintenanceView>,
    /// How the incident was noticed.
    pub detection: Option<DetectionView>,
    /// The event that set the incident off.
    pub trigger: Option<TriggerView>,
    /// Why it could happen.
    pub root_causes: Vec<CauseView>,
    /// What made the incident likelier, longer or worse.
    pub contributing_factors: Vec<CauseView>,
    /// What prevented a larger impact, in Markdown.
    pub mitigators: Vec<String>,
    /// What ended the incident.
    pub resolution: ResolutionView,
    /// What was learned.
    pub lessons: LessonsView,
    /// The standard sections by name (`summary`, `impact`, `root_cause` …), each as one Markdown
    /// text; null if nothing is written.
    pub sections: IndexMap<&'static str, Option<String>>,
    /// Further sections, in order.
    pub extra_sections: Vec<SectionView>,
    /// The entries of the timeline that the audience may read, in the order of time.
    pub timeline: Vec<EntryView>,
    /// The number of entries that the audience may not read.
    pub omitted_entries: usize,
    /// The follow-ups.
    pub action_items: Vec<ActionView>,
    /// Questions that are not answered yet.
    pub open_questions: Vec<QuestionView>,
    /// The affected components, by group.
    pub components: Vec<Affected>,
    /// Figures before, during and after the incident.
    pub metrics: Vec<MetricView>,
    /// The metrics among the sources, with their charts.
    pub evidence: Vec<EvidenceView>,
    /// The figures that a template can place.
    pub figures: Vec<FigureView>,
    /// The published durations, compared with the computed ones.
    pub claims: Vec<ClaimView>,
    /// The findings of `posthoc check`; empty for the public.
    pub findings: Vec<FindingView>,
    /// The sources; empty for the public.
    pub sources: Vec<SourceView>,
    /// Links to further information; empty for the public.
    pub links: Vec<LinkView>,
    /// Other incidents that are connected with this one; empty for the public.
    pub related: Vec<RelatedView>,
}

/// The time zone of all local times.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ZoneView {
    /// Its name: `Europe/Berlin`, `UTC`, `+05:30`.
    pub name: String,
    /// The name for readers, with the abbreviation in use at that time: `Europe/Berlin (CET)`.
    pub text: String,
    /// The release of the time zone database: `2026f`.
    pub tzdata: &'static str,
}

/// The version of the definitions that the numbers are computed with.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct DefinitionsView {
    /// The version in `posthoc.toml`.
    pub version: u32,
    /// The version that the incident file asks for; null if it asks for none.
    pub pinned: Option<u32>,
    /// A sentence for readers if the file asks for another version.
    pub text: Option<String>,
}

impl DefinitionsView {
    fn new(report: &Report) -> Self {
        let (version, pinned) = (report.definitions.version, report.incident.definitions);
        DefinitionsView { version, pinned, text: report.other_definitions() }
    }
}

/// A figure that a template can place with `![{{ figure.alt }}](figure:{{ figure.name }})`.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct FigureView {
    /// The name of the figure.
    pub name: String,
    /// A sentence that describes it, for the alternative text.
    pub alt: String,
}

impl View {
    /// The part of `report` that its audience may read. `drawings` are the figures of the report,
    /// whose descriptions become part of the view.
    pub fn new(report: &Report, drawings: &[Drawing]) -> View {
        let incident = &report.incident;
        let internal = report.audience().may_read_internals();
        let entries = timeline::entries(report);
        let milestones = record::milestones(report);
        let unknown =
            milestones.iter().filter(|(_, known)| known.is_none()).map(|(name, _)| *name).collect();
        let action_items = record::action_items(report);
        View {
            view: VERSION,
            id: incident.id.to_string(),
            title: incident.title.clone(),
            headline: headline(report),
            overview: OverviewView::new(report, &action_items),
            kind: incident.kind().as_str(),
            kind_label: phrasing::kind(incident.kind()),
            severity: incident.severity.clone(),
            severity_history: record::severities(report),
            status: incident.status().map(Status::as_str),
            status_label: incident.status().map(phrasing::status),
            reopened: report.reopened,
            review: incident.review().as_str(),
            review_label: phrasing::review(incident.review()),
            audience: report.audience().as_str(),
            zone: zone(report),
            as_of: report.now.map(when::utc),
            as_of_text: report.now.map(|now| when::stated(now, report.zone)),
            date: incident.occurred().map(|moment| when::days(moment, report.zone)),
            services: incident.services.clone(),
            teams: if internal { incident.teams.clone() } else { Vec::new() },
            regions: incident.regions.clone(),
            tags: if internal { incident.tags.clone() } else { Vec::new() },
            roles: RolesView::new(&incident.roles, report.audience()),
            milestones,
            unknown_milestones: unknown,
            durations: durations::all(
                &report.durations,
                report.definitions.business_hours.as_ref(),
            ),
            definitions: DefinitionsView::new(report),
            unknown_durations: phrasing::unknown_durations(&report.durations),
            impact: ImpactView::new(report),
            maintenance: record::maintenance(report),
            detection: incident
                .detection
                .as_ref()
                .map(|detection| DetectionView::new(detection, report.audience())),
            trigger: incident.trigger.as_ref().map(|trigger| TriggerView::new(trigger, report)),
            root_causes: record::causes(&incident.root_causes, report.audience()),
            contributing_factors: record::causes(&incident.contributing_factors, report.audience()),
            mitigators: incident.mitigators.clone(),
            resolution: ResolutionView::new(incident.resolution.as_ref()),
            lessons: LessonsView::new(&incident.lessons),
            sections: record::sections(incident),
            extra_sections: incident.sections.iter().map(SectionView::new).collect(),
            omitted_entries: incident.omitted_entries(),
            timeline: entries,
            action_items,
            open_questions: record::questions(report),
            components: impact::affected(incident),
            metrics: incident.metrics.iter().map(MetricView::new).collect(),
            evidence: metrics::all(report, drawings),
            figures: drawings
                .iter()
                .map(|drawing| FigureView {
                    name: drawing.name.clone(),
                    alt: drawing.figure.alt.clone(),
                })
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
    let kind = (incident.kind() != crate::model::Kind::Incident)
        .then(|| phrasing::kind(incident.kind()).to_owned());
    let severity = incident.severity.as_deref().map(str::to_uppercase);
    let date = incident.occurred().map(|moment| when::days(moment, report.zone));
    let so_far = if report.impact.open { " so far" } else { "" };
    let impact = report.impact.union.map(|length| format!("{length} of impact{so_far}"));
    let services = (!incident.services.is_empty()).then(|| incident.services.join(", "));
    let review = (incident.review() != crate::model::Review::Published)
        .then(|| format!("write-up is {}", phrasing::review(incident.review())));
    let status = incident.status().map(|status| phrasing::status(status).to_owned());
    [kind, severity, status, date, impact, services, review].into_iter().flatten().collect()
}

/// The zone, with each abbreviation that it has during the incident.
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
    let text = if labels.is_empty() {
        name.clone()
    } else {
        format!("{name} ({})", phrasing::listed(&labels, "and"))
    };
    ZoneView { name, text, tzdata: release() }
}
