//! One generated incident, from its plan and its story.

use indexmap::IndexMap;
use posthoc::model::action::{ActionItem, ActionStatus};
use posthoc::model::id::IncidentId;
use posthoc::model::impact::{Level, Window};
use posthoc::model::milestone::MilestoneName;
use posthoc::model::origin::{EntryRef, SourceInfo};
use posthoc::model::timeline::{Entry, EntryKind, State, Visibility};
use posthoc::model::word_enums::Figure;
use posthoc::model::{
    Cause, Detection, DetectionMethod, Incident, Kind, Lessons, Maintenance, MetricSnapshot,
    Resolution, Review, Section, SeverityChange, Status, Trigger,
};

use crate::draw::Draw;
use crate::plan::Plan;
use crate::stories::{
    BACKGROUND, CHATTER, HANDLES, LUCKY, POORLY, REGIONS, SERVICES, STORIES, Story, TEAMS, WELL,
    ZONES,
};

/// How much is recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// What most teams write.
    Usual,
    /// About four printed pages.
    FourPages,
}

/// What is filled into the texts of a story.
struct Scene {
    service: &'static str,
    region: &'static str,
}

impl Scene {
    fn fill(&self, text: &str, draw: &mut Draw) -> String {
        let text = text.replace("{service}", self.service).replace("{region}", self.region);
        if text.contains("{n}") {
            text.replace("{n}", &draw.within(3, 60).to_string())
        } else {
            text
        }
    }

    fn fill_all(&self, texts: &[&str], draw: &mut Draw) -> Vec<String> {
        texts.iter().map(|text| self.fill(text, draw)).collect()
    }
}

/// The incident number `index` of the corpus with this seed.
pub(crate) fn incident(seed: u64, index: u64, length: Length) -> Incident {
    let mut draw = Draw::new(seed, index);
    let draw = &mut draw;
    let story = &STORIES[draw.count(0, STORIES.len() - 1)];
    let scene = Scene { service: draw.pick(SERVICES), region: draw.pick(REGIONS) };
    let plan = Plan::new(draw);
    let kind = match draw.below(100) {
        _ if length == Length::FourPages => Kind::Incident,
        0..84 => Kind::Incident,
        84..90 => Kind::NearMiss,
        90..96 => Kind::Maintenance,
        96..98 => Kind::Drill,
        _ => Kind::Security,
    };
    let title = scene.fill(story.title, draw);
    let id = IncidentId::from_title(Some(plan.start.date_naive()), &title);
    let mut incident = Incident::new(id, title);
    incident.kind = Some(kind);
    describe(&mut incident, story, &scene, draw);
    match kind {
        Kind::Maintenance => maintain(&mut incident, &plan, &scene, draw),
        Kind::NearMiss | Kind::Drill => report(&mut incident, &plan, story, &scene, length, draw),
        Kind::Incident | Kind::Security => {
            impact(&mut incident, &plan, story, &scene, draw);
            report(&mut incident, &plan, story, &scene, length, draw);
        }
    }
    incident
}

fn describe(incident: &mut Incident, story: &Story, scene: &Scene, draw: &mut Draw) {
    incident.severity = Some(
        draw.pick(&["sev1", "sev2", "sev2", "sev2", "sev3", "sev3", "sev3", "sev4"]).to_owned(),
    );
    incident.status = Some(Status::Resolved);
    incident.review =
        Some(draw.pick(&[Review::Draft, Review::InReview, Review::Reviewed, Review::Published]));
    incident.services = vec![scene.service.to_owned()];
    if draw.chance(30) {
        let other = draw.pick(SERVICES);
        incident.services.extend((other != scene.service).then(|| other.to_owned()));
    }
    incident.teams = vec![draw.pick(TEAMS).to_owned()];
    incident.regions = vec![scene.region.to_owned()];
    incident.tags = story.tags.iter().map(|&tag| tag.to_owned()).collect();
    incident.time_zone = Some(draw.pick(ZONES).to_owned());
    incident.roles.commander = Some(draw.pick(HANDLES).to_owned());
    incident.roles.owner = draw.chance(60).then(|| draw.pick(TEAMS).to_owned());
}

/// A maintenance: the plan, and whether it was exceeded.
fn maintain(incident: &mut Incident, plan: &Plan, scene: &Scene, draw: &mut Draw) {
    let planned = draw.within(1, 6) * 1800;
    let took =
        if draw.chance(15) { planned + draw.skewed(1200) } else { planned - draw.within(60, 900) };
    incident.title = format!("Planned work on {} in {}", scene.service, scene.region);
    incident.id = IncidentId::from_title(Some(plan.start.date_naive()), &incident.title);
    incident.severity = None;
    incident.maintenance = Some(Maintenance {
        scheduled_for: Some(plan.moment(0)),
        scheduled_until: Some(plan.moment(planned)),
        expected: vec![scene.service.to_owned()],
    });
    let steps = [
        (
            -259_200,
            State::Scheduled,
            "Announced. Short interruptions of {service} in {region} are possible.",
        ),
        (0, State::InProgress, "The work has begun."),
        (took / 2, State::Update, "Half of the hosts are done; {service} stays up."),
        (took - took / 10, State::Verifying, "All hosts are done and are being watched."),
        (took, State::Completed, "The work is over and {service} is as it should be."),
    ];
    incident.timeline = (1..)
        .zip(steps)
        .map(|(number, (offset, state, text))| Entry {
            at: Some(plan.moment(offset)),
            text: scene.fill(text, draw),
            kind: Some(EntryKind::StatusUpdate),
            state: Some(state),
            visibility: Some(Visibility::Public),
            source: Some(EntryRef::new("S2", format!("m{number}"))),
            ..Entry::default()
        })
        .collect();
    incident.summary =
        Some(scene.fill("Hosts of {service} in {region} were replaced one by one.", draw));
    incident.sources = sources(&["S2"]);
}

/// Who was affected, and when: one window, or several with quiet in between.
fn impact(incident: &mut Incident, plan: &Plan, story: &Story, scene: &Scene, draw: &mut Draw) {
    let start = plan.vague_start(draw);
    incident.milestones = plan.milestones(Some(start), draw);
    incident.impact.statement = Some(scene.fill(story.symptom, draw));
    let level =
        draw.pick(&[Level::Degraded, Level::Degraded, Level::Partial, Level::Partial, Level::Full]);
    let window = |start, end: i64, level| Window {
        start,
        end: Some(plan.moment(end)),
        level: Some(level),
        components: Vec::new(),
        source: None,
    };
    let (third, end) = (plan.end / 3, plan.end);
    incident.impact.windows = match draw.below(10) {
        0 if end > 1800 => {
            vec![window(start, third, level), window(plan.moment(third * 2), end, Level::Degraded)]
        }
        1 | 2 if end > 1800 => {
            vec![window(start, third, level), window(plan.moment(third), end, Level::Degraded)]
        }
        _ => vec![window(start, end, level)],
    };
    let figure = |number: i64| Some(Figure(number.to_string()));
    incident.impact.customers = if draw.chance(50) { figure(draw.skewed(400)) } else { None };
    incident.impact.requests_failed =
        if draw.chance(50) { figure(draw.skewed(20_000)) } else { None };
    incident.impact.support_tickets = if draw.chance(25) { figure(draw.skewed(12)) } else { None };
}

/// The record of an incident, a near miss or a drill.
fn report(
    incident: &mut Incident,
    plan: &Plan,
    story: &Story,
    scene: &Scene,
    length: Length,
    draw: &mut Draw,
) {
    if incident.milestones.is_empty() {
        incident.milestones = plan.milestones(None, draw);
    }
    let long = length == Length::FourPages;
    let symptom = scene.fill(story.symptom, draw);
    let cause = scene.fill(story.cause, draw);
    incident.summary = Some(if incident.impact.is_empty() {
        "It was seen in time, and no user was affected.".to_owned()
    } else {
        symptom
    });
    incident.detection = plan.detected.map(|_| {
        use DetectionMethod::{Alert, CustomerReport, Monitoring};
        let method = draw.pick(&[Alert, Alert, Monitoring, CustomerReport]);
        let by = (method != CustomerReport).then(|| scene.fill(story.alert, draw));
        Detection { method: Some(method), by, description: None, could_be_faster: None }
    });
    incident.trigger = Some(Trigger {
        kind: Some(story.trigger.0.to_owned()),
        change: draw.chance(40).then(|| format!("change {}", draw.within(1000, 9999))),
        deployed_at: (story.trigger.0 == "deploy").then(|| plan.moment(plan.trigger)),
        description: Some(scene.fill(story.trigger.1, draw)),
    });
    incident.root_causes = vec![named("rc1", story.category, cause)];
    let factors = if long { 2 } else { draw.count(0, 1) };
    incident.contributing_factors = (1..)
        .zip(story.factors)
        .take(factors)
        .map(|(number, (category, text))| {
            named(&format!("cf{number}"), category, scene.fill(text, draw))
        })
        .collect();
    incident.resolution = Some(Resolution {
        temporary: Some(scene.fill(story.temporary, draw)),
        permanent: (long || draw.chance(70)).then(|| scene.fill(story.permanent, draw)),
        short: None,
    });
    let lines = |draw: &mut Draw, pool: &[&'static str]| {
        let count = if long { 2 } else { draw.count(0, 1) };
        let chosen = draw.some(pool, count);
        scene.fill_all(&chosen, draw)
    };
    incident.lessons = Lessons {
        went_well: lines(draw, WELL),
        went_poorly: lines(draw, POORLY),
        lucky: lines(draw, LUCKY),
        wrong_turns: if long || draw.chance(30) {
            vec![scene.fill(story.wrong_turn, draw)]
        } else {
            Vec::new()
        },
        surprised_by: Vec::new(),
        learned: Vec::new(),
    };
    incident.action_items = actions(incident, plan, story, scene, long, draw);
    if long || draw.chance(40) {
        incident.metrics = vec![metric(story, draw)];
    }
    if draw.chance(10) {
        let to = incident.severity.clone().unwrap_or_else(|| "sev3".to_owned());
        incident.severity_history = vec![SeverityChange { at: plan.moment(plan.declared), to }];
    }
    incident.timeline = timeline(incident, plan, story, scene, long, draw);
    incident.sources = sources(&["S1", "S2", "S3"]);
    if long {
        incident.sections =
            vec![Section { title: "How it works".to_owned(), text: scene.fill(BACKGROUND, draw) }];
    }
}

fn named(id: &str, category: &str, text: String) -> Cause {
    Cause {
        id: Some(id.to_owned()),
        category: Some(category.to_owned()),
        text,
        short: None,
        source: None,
    }
}

fn metric(story: &Story, draw: &mut Draw) -> MetricSnapshot {
    let (name, unit, calm) = story.metric;
    MetricSnapshot {
        name: name.to_owned(),
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        before: Some(Figure(format!("~{calm}"))),
        during: Some(Figure(format!(">={}", (calm + 1) * draw.within(3, 40)))),
        after: Some(Figure(calm.to_string())),
    }
}

fn actions(
    incident: &Incident,
    plan: &Plan,
    story: &Story,
    scene: &Scene,
    long: bool,
    draw: &mut Draw,
) -> Vec<ActionItem> {
    let count = if long { 3 } else { draw.count(0, 3) };
    let targets: Vec<String> = incident
        .root_causes
        .iter()
        .chain(&incident.contributing_factors)
        .filter_map(|cause| cause.id.clone())
        .collect();
    (1..)
        .zip(draw.some(&story.actions, count))
        .map(|(number, (kind, text))| ActionItem {
            id: Some(format!("A{number}")),
            text: scene.fill(text, draw),
            kind: Some(kind),
            owner: draw.chance(80).then(|| draw.pick(TEAMS).to_owned()),
            priority: draw.chance(50).then(|| draw.pick(&["p1", "p2", "p3"]).to_owned()),
            due: draw.chance(60).then(|| plan.instant(draw.within(7, 90) * 86_400).date_naive()),
            ticket: draw.chance(60).then(|| format!("OPS-{}", draw.within(100, 9999))),
            status: Some(progress(plan, draw)),
            addresses: draw
                .some(&(0..targets.len()).collect::<Vec<_>>(), 1)
                .into_iter()
                .map(|at| targets[at].clone())
                .collect(),
        })
        .collect()
}

/// What became of a follow-up: few are left open for more than half a year.
fn progress(plan: &Plan, draw: &mut Draw) -> ActionStatus {
    let is_open = draw.chance(if plan.is_recent() { 40 } else { 3 });
    match (is_open, draw.chance(25)) {
        (true, false) => ActionStatus::Open,
        (true, true) => ActionStatus::InProgress,
        (false, false) => ActionStatus::Done,
        (false, true) => ActionStatus::Dropped,
    }
}

/// The timeline: the milestones, and the observations and messages between them, in order.
fn timeline(
    incident: &Incident,
    plan: &Plan,
    story: &Story,
    scene: &Scene,
    long: bool,
    draw: &mut Draw,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = incident
        .milestones
        .known()
        .filter_map(|(name, milestone)| {
            let (kind, state, text) = line_of(name, story)?;
            Some(Entry {
                at: Some(milestone.at),
                text: scene.fill(text, draw),
                kind: Some(kind),
                state,
                actor: matches!(kind, EntryKind::Action | EntryKind::Decision)
                    .then(|| draw.pick(HANDLES).to_owned()),
                visibility: state.map(|_| Visibility::Public),
                milestone: Some(name),
                ..Entry::default()
            })
        })
        .collect();
    let extra = if long { 0 } else { draw.count(0, 3) };
    let output = draw.some(CHATTER, extra);
    let looks = if long { 3 } else { draw.count(1, 2) };
    let looked = draw.some(&story.looked, looks);
    for (texts, kinds) in
        [(looked, &[EntryKind::Metric, EntryKind::Note][..]), (output, &[EntryKind::Message])]
    {
        for text in texts {
            let at = draw.within(plan.declared, plan.resolved - 1);
            entries.push(Entry {
                at: Some(plan.moment(at)),
                text: scene.fill(text, draw),
                kind: Some(draw.pick(kinds)),
                actor: draw.chance(50).then(|| draw.pick(HANDLES).to_owned()),
                ..Entry::default()
            });
        }
    }
    entries.sort_by_key(|entry| entry.at);
    for (number, entry) in (1..).zip(&mut entries) {
        let source = match (entry.kind(), entry.state) {
            (_, Some(_)) => "S2",
            (EntryKind::Alert | EntryKind::Metric, None) => "S1",
            (_, None) => "S3",
        };
        entry.source =
            Some(EntryRef::new(source, format!("{:x}{number}", draw.within(0x10, 0xff))));
    }
    entries
}

/// The text of a milestone in the timeline; the end of the impact is a measurement, not an event.
fn line_of(name: MilestoneName, story: &Story) -> Option<(EntryKind, Option<State>, &'static str)> {
    Some(match name {
        MilestoneName::TriggerAt => (EntryKind::Deploy, None, story.trigger.1),
        MilestoneName::ImpactStart => {
            (EntryKind::Metric, None, "First failed requests in the log of {service}.")
        }
        MilestoneName::DetectedAt => (EntryKind::Alert, None, story.alert),
        MilestoneName::AcknowledgedAt => (EntryKind::Action, None, "The page is answered."),
        MilestoneName::DeclaredAt => {
            (EntryKind::Decision, None, "Declared an incident; a channel is open.")
        }
        MilestoneName::FirstNoticeAt => (
            EntryKind::StatusUpdate,
            Some(State::Investigating),
            "We are looking into trouble with {service} in {region}.",
        ),
        MilestoneName::IdentifiedAt => {
            (EntryKind::Note, None, "The cause is known and written into the channel.")
        }
        MilestoneName::MitigatedAt => (EntryKind::Action, None, story.temporary),
        MilestoneName::ImpactEnd => return None,
        MilestoneName::ResolvedAt => (
            EntryKind::StatusUpdate,
            Some(State::Resolved),
            "{service} works as it should in {region}.",
        ),
    })
}

fn sources(keys: &[&str]) -> IndexMap<String, SourceInfo> {
    let title = |key: &str| match key {
        "S1" => "Alerts and metrics of the day",
        "S2" => "Status page",
        _ => "Incident channel",
    };
    keys.iter()
        .map(|&key| {
            let info = SourceInfo {
                format: Some("note".to_owned()),
                title: Some(title(key).to_owned()),
                ..SourceInfo::default()
            };
            (key.to_owned(), info)
        })
        .collect()
}
