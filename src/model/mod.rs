//! What an incident is: plain types, no I/O.
//!
//! One incident is one YAML file, version 1 of which these types are. Unknown keys are refused,
//! what is absent is unknown, and nothing here knows where a file lies or which program wrote it.

pub mod action;
pub mod claims;
mod dates;
pub mod edit;
pub mod elapsed;
pub mod evidence;
pub mod id;
pub mod impact;
pub mod milestone;
pub mod origin;
pub mod path;
pub mod people;
pub mod series;
mod standing;
pub mod time;
pub mod timeline;
pub mod words;
pub mod zone;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use action::ActionItem;
use claims::Claims;
use id::IncidentId;
use impact::Impact;
use milestone::{MilestoneName, Milestones};
use origin::{EntryRef, SourceInfo};
use people::Roles;
use time::Moment;
use timeline::Entry;
use words::{Figure, words};
use zone::Zone;

/// The value of `schema` in every file of this version.
pub const SCHEMA: &str = "posthoc/v1";

words! {
    /// What kind of record a file is.
    Kind {
        /// Something broke.
        Incident = "incident",
        /// It nearly broke.
        NearMiss = "near_miss",
        /// It was meant to be down.
        Maintenance = "maintenance",
        /// Practice.
        Drill = "drill",
        /// Somebody attacked, or could have.
        Security = "security",
    }
}

words! {
    /// Where an incident stands.
    Status {
        /// It goes on.
        Ongoing = "ongoing",
        /// The harm is reduced, the work goes on.
        Mitigated = "mitigated",
        /// It is over.
        Resolved = "resolved",
    }
}

words! {
    /// Where the write-up stands.
    Review {
        /// Being written.
        Draft = "draft",
        /// Being read by others.
        InReview = "in_review",
        /// Read and agreed.
        Reviewed = "reviewed",
        /// Given out.
        Published = "published",
    }
}

words! {
    /// How an incident was first noticed.
    DetectionMethod {
        /// An alert fired.
        Alert = "alert",
        /// Someone looked at monitoring.
        Monitoring = "monitoring",
        /// A colleague said so.
        InternalReport = "internal_report",
        /// A customer said so.
        CustomerReport = "customer_report",
        /// A partner said so.
        Partner = "partner",
        /// A vendor said so.
        VendorNotice = "vendor_notice",
    }
}

/// One incident: the whole content of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "posthoc incident, version 1")]
pub struct Incident {
    /// The version of this format.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// Kebab-case, equal to the file's name; stable, while the title may change.
    pub id: IncidentId,
    /// One line that says what happened.
    pub title: String,
    /// What kind of record this is; an incident if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// A name of the scale in `posthoc.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Whether it is over; if absent, what the milestones and the public states say, else unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Where the write-up stands; a draft if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// What was affected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Who owns it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
    /// Where it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Free words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The version of the team's definitions that its numbers were agreed by. Where the settings
    /// have another, it is named, and not mixed with the others in aggregates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definitions: Option<u32>,
    /// How times are shown. Every stored instant is unambiguous.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Who took part.
    #[serde(default, skip_serializing_if = "Roles::is_empty")]
    pub roles: Roles,
    /// What happened, in a few sentences of Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The instants that every duration is computed from.
    #[serde(default, skip_serializing_if = "Milestones::is_empty")]
    pub milestones: Milestones,
    /// How the severity moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severity_history: Vec<SeverityChange>,
    /// Who was harmed, how badly, and when.
    #[serde(default, skip_serializing_if = "Impact::is_empty")]
    pub impact: Impact,
    /// The plan, for a maintenance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance: Option<Maintenance>,
    /// How it was noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detection: Option<Detection>,
    /// What set it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// Why it could happen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub root_causes: Vec<Cause>,
    /// What made it likelier, longer or worse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributing_factors: Vec<Cause>,
    /// What kept it from being worse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mitigators: Vec<String>,
    /// What ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// What was learned.
    #[serde(default, skip_serializing_if = "Lessons::is_empty")]
    pub lessons: Lessons,
    /// What nobody knows yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_questions: Vec<OpenQuestion>,
    /// What is to be done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub action_items: Vec<ActionItem>,
    /// Other incidents that this one belongs with.
    #[serde(default, skip_serializing_if = "Related::is_empty")]
    pub related: Related,
    /// Snapshots of figures that a person reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricSnapshot>,
    /// What happened, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<Entry>,
    /// What people published about it, to be checked against what is computed.
    #[serde(default, skip_serializing_if = "Claims::is_empty")]
    pub claims: Claims,
    /// Further sections, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// Where it all comes from.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub sources: IndexMap<String, SourceInfo>,
    /// Further reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

impl Incident {
    /// An incident of which only the name and the title are known.
    pub fn new(id: IncidentId, title: impl Into<String>) -> Self {
        Incident {
            schema: SCHEMA.to_owned(),
            id,
            title: title.into(),
            kind: None,
            severity: None,
            status: None,
            review: None,
            services: Vec::new(),
            teams: Vec::new(),
            regions: Vec::new(),
            tags: Vec::new(),
            definitions: None,
            time_zone: None,
            roles: Roles::default(),
            summary: None,
            milestones: Milestones::default(),
            severity_history: Vec::new(),
            impact: Impact::default(),
            maintenance: None,
            detection: None,
            trigger: None,
            root_causes: Vec::new(),
            contributing_factors: Vec::new(),
            mitigators: Vec::new(),
            resolution: None,
            lessons: Lessons::default(),
            open_questions: Vec::new(),
            action_items: Vec::new(),
            related: Related::default(),
            metrics: Vec::new(),
            timeline: Vec::new(),
            claims: Claims::default(),
            sections: Vec::new(),
            sources: IndexMap::new(),
            links: Vec::new(),
        }
    }

    /// The kind, or the default.
    pub fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Incident)
    }

    /// Where the write-up stands, or the default.
    pub fn review(&self) -> Review {
        self.review.unwrap_or(Review::Draft)
    }

    /// The zone that its times are shown in: as stated, or UTC.
    pub fn zone(&self) -> Zone {
        self.time_zone.as_deref().and_then(|name| name.parse().ok()).unwrap_or(Zone::UTC)
    }

    /// The earliest moment that stands for "when it was": the start of the harm or, where that is
    /// unknown, what else is known, in the order of the fallbacks; at last the earliest entry.
    pub fn occurred(&self) -> Option<Moment> {
        use MilestoneName::{DeclaredAt, DetectedAt, FirstNoticeAt, ImpactStart, ResolvedAt};
        // A maintenance is announced days before it is.
        let planned = self.maintenance.as_ref().and_then(|maintenance| maintenance.scheduled_for);
        planned
            .or_else(|| {
                let names = [ImpactStart, DetectedAt, DeclaredAt, FirstNoticeAt, ResolvedAt];
                names.into_iter().find_map(|name| self.milestones.at(name))
            })
            .or_else(|| self.timeline.iter().filter_map(|entry| entry.at).min())
    }

    /// The entries in the order of time. One without a time keeps its place behind the entry that
    /// it follows in the file.
    pub fn timeline_in_order(&self) -> Vec<(usize, &Entry)> {
        let mut last = None;
        let mut keyed: Vec<(Option<Moment>, usize, &Entry)> = Vec::with_capacity(self.timeline.len());
        for (index, entry) in self.timeline.iter().enumerate() {
            last = entry.at.or(last);
            keyed.push((last, index, entry));
        }
        keyed.sort_by_key(|(at, index, _)| (at.map(|moment| moment.middle()), *index));
        keyed.into_iter().map(|(_, index, entry)| (index, entry)).collect()
    }
}

/// A change of severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityChange {
    /// When.
    pub at: Moment,
    /// To which.
    pub to: String,
}

/// The plan of a maintenance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Maintenance {
    /// When it was to begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<Moment>,
    /// When it was to be over; time past this is an incident of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_until: Option<Moment>,
    /// What was to be affected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<String>,
}

/// How the incident was noticed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Detection {
    /// In what way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<DetectionMethod>,
    /// By which alert, monitor or person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How it went, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What would have shown it sooner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub could_be_faster: Option<String>,
}

/// What set the incident off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Trigger {
    /// What kind of thing: `deploy`, `config_push`, `migration`, `load`, `dependency`, `hardware` …
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Which change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// When the change was live; the start of DORA's failed deployment recovery time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployed_at: Option<Moment>,
    /// What it did, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A root cause or a contributing factor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cause {
    /// Its name within the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A word to group by: `software`, `process`, `capacity`, `dependency` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What it is, in Markdown.
    pub text: String,
    /// Who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<EntryRef>,
}

/// What ended the incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Resolution {
    /// What stopped the harm, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temporary: Option<String>,
    /// What removed the cause, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permanent: Option<String>,
}

/// What was learned. Each line is Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lessons {
    /// What is known now and was not before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub learned: Vec<String>,
    /// What went well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub went_well: Vec<String>,
    /// What went poorly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub went_poorly: Vec<String>,
    /// Where luck helped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lucky: Vec<String>,
    /// What was tried and did not help.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrong_turns: Vec<String>,
    /// What nobody expected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub surprised_by: Vec<String>,
}

impl Lessons {
    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        *self == Lessons::default()
    }
}

/// What nobody knows yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenQuestion {
    /// The question, in Markdown.
    pub question: String,
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
    /// The answer, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// Other incidents that this one belongs with, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Related {
    /// The same incident, told elsewhere; this file is not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<IncidentId>,
    /// The larger incident of which this is a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<IncidentId>,
    /// The earlier incident that came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence_of: Option<IncidentId>,
    /// The incident that caused this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<IncidentId>,
}

impl Related {
    /// Whether it stands alone.
    pub fn is_empty(&self) -> bool {
        *self == Related::default()
    }
}

/// A figure before, during and after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetricSnapshot {
    /// What is measured.
    pub name: String,
    /// In which unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Before the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Figure>,
    /// While it went on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub during: Option<Figure>,
    /// After it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Figure>,
}

/// A free section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Its text, in Markdown.
    pub text: String,
}

/// Further reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What a reader will find there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where.
    pub url: String,
}
