//! The parts of an incident that a person wrote, in the shape of the view.

use indexmap::IndexMap;

use super::proof::MilestoneView;
use super::shapes::{
    ActionView, CauseView, ClaimView, DetectionView, FindingView, LessonsView, LinkView,
    MaintenanceView, MetricView, PlaceView, QuestionView, RelatedView, ResolutionView, RolesView,
    SectionView, SeverityView, SourceView, TriggerView,
};
use crate::analysis::claim::{ClaimVerdict, ComparedClaim};
use crate::analysis::duration_name::DurationName;
use crate::model::action::{ActionItem, ActionStatus, ActionType};
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName;
use crate::model::people::Roles;
use crate::model::{
    Cause, Detection, DetectionMethod, Incident, Lessons, Link, MetricSnapshot, Related,
    Resolution, Section, Trigger,
};
use crate::report::audience::Audience;
use crate::report::{Report, When, phrasing, when};

impl RolesView {
    pub(super) fn new(roles: &Roles, audience: Audience) -> Self {
        let one = [&roles.commander, &roles.comms, &roles.owner, &roles.scribe]
            .into_iter()
            .flatten()
            .count();
        let count = one + roles.responders.len() + roles.authors.len();
        let shown = if audience.may_read_names() { roles.clone() } else { Roles::default() };
        RolesView {
            commander: shown.commander,
            comms: shown.comms,
            owner: shown.owner,
            scribe: shown.scribe,
            responders: shown.responders,
            authors: shown.authors,
            count,
        }
    }
}

impl DetectionView {
    pub(super) fn new(detection: &Detection, audience: Audience) -> Self {
        DetectionView {
            method: detection.method.map(DetectionMethod::as_str),
            method_label: detection.method.map(phrasing::detection),
            by: detection.by.clone().filter(|_| audience.may_read_internals()),
            description: detection.description.clone(),
            could_be_faster: detection.could_be_faster.clone(),
        }
    }
}

impl TriggerView {
    pub(super) fn new(trigger: &Trigger, report: &Report) -> Self {
        TriggerView {
            kind: trigger.kind.clone(),
            kind_label: trigger
                .kind
                .as_deref()
                .map(|kind| crate::text::capitalized(&phrasing::spaced(kind))),
            change: trigger.change.clone().filter(|_| report.audience().may_read_internals()),
            deployed_at: trigger.deployed_at.map(|moment| When::new(moment, report.zone)),
            description: trigger.description.clone(),
        }
    }
}

impl CauseView {
    fn new(cause: &Cause, audience: Audience) -> Self {
        let category = cause.category.as_deref().map(phrasing::spaced);
        let parts: Vec<&str> =
            [cause.id.as_deref(), category.as_deref()].into_iter().flatten().collect();
        CauseView {
            id: cause.id.clone(),
            category: cause.category.clone(),
            label: (!parts.is_empty()).then(|| parts.join(" · ")),
            text: cause.text.clone(),
            source: cause
                .source
                .as_ref()
                .filter(|_| audience.may_read_internals())
                .map(ToString::to_string),
        }
    }
}

pub(super) fn causes(causes: &[Cause], audience: Audience) -> Vec<CauseView> {
    causes.iter().map(|cause| CauseView::new(cause, audience)).collect()
}

impl ResolutionView {
    pub(super) fn new(resolution: Option<&Resolution>) -> Self {
        ResolutionView {
            temporary: resolution.and_then(|resolution| resolution.temporary.clone()),
            permanent: resolution.and_then(|resolution| resolution.permanent.clone()),
        }
    }
}

impl LessonsView {
    pub(super) fn new(lessons: &Lessons) -> Self {
        LessonsView {
            learned: lessons.learned.clone(),
            went_well: lessons.went_well.clone(),
            went_poorly: lessons.went_poorly.clone(),
            lucky: lessons.lucky.clone(),
            wrong_turns: lessons.wrong_turns.clone(),
            surprised_by: lessons.surprised_by.clone(),
            any: !lessons.is_empty(),
        }
    }
}

impl SectionView {
    pub(super) fn new(section: &Section) -> Self {
        SectionView { title: section.title.clone(), text: section.text.clone() }
    }
}

impl MetricView {
    pub(super) fn new(metric: &MetricSnapshot) -> Self {
        MetricView {
            name: metric.name.clone(),
            unit: metric.unit.clone(),
            before: metric.before.as_ref().map(ToString::to_string),
            during: metric.during.as_ref().map(ToString::to_string),
            after: metric.after.as_ref().map(ToString::to_string),
        }
    }
}

impl LinkView {
    pub(super) fn new(link: &Link) -> Self {
        LinkView { title: link.title.clone(), url: link.url.clone() }
    }
}

pub(super) fn milestones(report: &Report) -> IndexMap<&'static str, Option<MilestoneView>> {
    let choices = report.choices();
    let view = |name: MilestoneName| {
        let choice = choices.iter().find(|choice| choice.name == name)?;
        Some(MilestoneView::new(choice, report))
    };
    MilestoneName::ALL.iter().map(|&name| (name.as_str(), view(name))).collect()
}

pub(super) fn severities(report: &Report) -> Vec<SeverityView> {
    let changes = report.incident.severity_history.iter();
    changes
        .map(|change| SeverityView {
            when: When::new(change.at, report.zone),
            to: change.to.clone(),
        })
        .collect()
}

pub(super) fn maintenance(report: &Report) -> Option<MaintenanceView> {
    let plan = report.incident.maintenance.as_ref()?;
    Some(MaintenanceView {
        scheduled_for: plan.scheduled_for.map(|moment| When::new(moment, report.zone)),
        scheduled_until: plan.scheduled_until.map(|moment| When::new(moment, report.zone)),
        expected: plan.expected.clone(),
    })
}

pub(crate) fn action_items(report: &Report) -> Vec<ActionView> {
    let today = report.now.map(|now| report.zone.local(now).date_naive());
    let internal = report.audience().may_read_internals();
    let view = |item: &ActionItem| ActionView {
        id: item.id.clone(),
        text: item.text.clone(),
        r#type: item.kind.map(ActionType::as_str),
        type_label: item.kind.map(phrasing::action),
        owner: item.owner.clone().filter(|_| report.audience().may_read_names()),
        priority: item.priority.clone().filter(|_| internal),
        due: item.due.filter(|_| internal).map(|day| day.to_string()),
        ticket: item.ticket.clone().filter(|_| internal),
        status: item.status.map(ActionStatus::as_str),
        status_label: item
            .status
            .map(|status| crate::text::capitalized(&phrasing::spaced(status.as_str()))),
        open: item.is_open(),
        overdue: today
            .filter(|_| internal)
            .map(|today| item.is_open() && item.due.is_some_and(|due| due < today)),
        addresses: item.addresses.clone(),
    };
    report.incident.action_items.iter().map(view).collect()
}

pub(super) fn questions(report: &Report) -> Vec<QuestionView> {
    let named = report.audience().may_read_names();
    let questions = report.incident.open_questions.iter();
    questions
        .map(|question| QuestionView {
            question: question.question.clone(),
            asked_by: question.asked_by.clone().filter(|_| named),
            answer: question.answer.clone(),
        })
        .collect()
}

pub(super) fn claims(report: &Report) -> Vec<ClaimView> {
    report.claims.iter().map(claim).collect()
}

fn claim(claim: &ComparedClaim) -> ClaimView {
    let in_words =
        |(name, length): &(DurationName, Elapsed)| format!("{} of {length}", name.in_words());
    let (agrees, verdict) = match &claim.verdict {
        ClaimVerdict::Agrees(name, length) => {
            (Some(true), format!("agrees with the {}", in_words(&(*name, *length))))
        }
        ClaimVerdict::Differs(computed) => {
            let all: Vec<String> = computed.iter().map(in_words).collect();
            (Some(false), format!("does not agree with the {}", phrasing::listed(&all, "or")))
        }
        ClaimVerdict::NothingComputed => {
            (None, "there is no computed duration to compare it with".to_owned())
        }
        ClaimVerdict::Unreadable => {
            (None, "not checked, since it cannot be read as a duration".to_owned())
        }
    };
    ClaimView {
        name: claim.name.as_str(),
        label: phrasing::claim_label(claim.name),
        text: claim.text.clone(),
        agrees,
        verdict,
    }
}

/// The findings. They are about the record and quote it, so the public does not get them.
pub(super) fn findings(report: &Report) -> Vec<FindingView> {
    if report.audience() == Audience::Public {
        return Vec::new();
    }
    let view =
        |(finding, place): &(crate::analysis::rules::Finding, Option<crate::diag::Place>)| {
            FindingView {
                rule: finding.rule,
                nature: finding.nature.as_str(),
                severity: finding.level.as_str(),
                message: finding.message.clone(),
                place: place.as_ref().map(|place| PlaceView {
                    file: place.file.to_string(),
                    line: place.line,
                    column: place.column,
                }),
                path: finding.path.to_string(),
                hints: finding.hints.clone(),
            }
        };
    report.findings.iter().map(view).collect()
}

pub(super) fn sources(report: &Report) -> Vec<SourceView> {
    if !report.audience().may_read_internals() {
        return Vec::new();
    }
    let shown = |at| {
        crate::model::time::Moment::known_to(at, crate::model::time::Precision::Minute)
            .display_in(report.zone)
    };
    let sources = report.incident.sources.iter();
    sources
        .map(|(key, source)| SourceView {
            key: key.clone(),
            title: source.title.clone(),
            format: source.format.clone(),
            path: source.path.clone(),
            sha256: source.sha256.clone(),
            dated: source.dated.map(|day| day.to_string()),
            retrieved_at: source.retrieved_at.map(when::utc),
            retrieved_text: source.retrieved_at.map(shown),
            revised_at: source.revised_at.map(when::utc),
            url: source.url.clone(),
            zone: source.zone.clone(),
            clock_offset: source.clock_offset.map(|offset| offset.to_string()),
            records: source.records,
        })
        .collect()
}

pub(super) fn related(related: &Related) -> Vec<RelatedView> {
    [
        ("duplicate_of", "The same incident as", &related.duplicate_of),
        ("parent", "Part of", &related.parent),
        ("recurrence_of", "A recurrence of", &related.recurrence_of),
        ("caused_by", "Caused by", &related.caused_by),
    ]
    .into_iter()
    .filter_map(|(relation, label, id)| {
        Some(RelatedView { relation, label, id: id.as_ref()?.to_string() })
    })
    .collect()
}

/// The standard sections as texts, for programs that need no more structure.
pub(super) fn sections(incident: &Incident) -> IndexMap<&'static str, Option<String>> {
    let paragraphs = |texts: &mut dyn Iterator<Item = &str>| {
        let texts: Vec<&str> = texts.map(str::trim).filter(|text| !text.is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join("\n\n"))
    };
    let listed = |texts: &mut dyn Iterator<Item = &str>| {
        let items: Vec<String> =
            texts.map(|text| format!("- {}", text.trim().replace('\n', "\n  "))).collect();
        (!items.is_empty()).then(|| items.join("\n"))
    };
    let detection = incident.detection.as_ref();
    let trigger = incident.trigger.as_ref();
    let resolution = incident.resolution.as_ref();
    let resolved = [
        resolution.and_then(|r| r.temporary.as_deref()),
        resolution.and_then(|r| r.permanent.as_deref()),
    ];
    let lessons = &incident.lessons;
    let all_lessons = [
        &lessons.learned,
        &lessons.went_well,
        &lessons.went_poorly,
        &lessons.lucky,
        &lessons.wrong_turns,
        &lessons.surprised_by,
    ];
    let noticed = [
        detection.and_then(|d| d.description.as_deref()),
        detection.and_then(|d| d.could_be_faster.as_deref()),
    ];
    IndexMap::from([
        ("summary", paragraphs(&mut incident.summary.as_deref().into_iter())),
        ("impact", paragraphs(&mut incident.impact.statement.as_deref().into_iter())),
        ("detection", paragraphs(&mut noticed.into_iter().flatten())),
        ("trigger", paragraphs(&mut trigger.and_then(|t| t.description.as_deref()).into_iter())),
        (
            "root_cause",
            paragraphs(&mut incident.root_causes.iter().map(|cause| cause.text.as_str())),
        ),
        (
            "contributing_factors",
            paragraphs(&mut incident.contributing_factors.iter().map(|cause| cause.text.as_str())),
        ),
        ("mitigators", listed(&mut incident.mitigators.iter().map(String::as_str))),
        ("resolution", paragraphs(&mut resolved.into_iter().flatten())),
        ("follow_ups", listed(&mut incident.action_items.iter().map(|item| item.text.as_str()))),
        ("lessons", listed(&mut all_lessons.into_iter().flatten().map(String::as_str))),
        (
            "open_questions",
            listed(&mut incident.open_questions.iter().map(|question| question.question.as_str())),
        ),
    ])
}
