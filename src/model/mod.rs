//! What an incident is: plain types, no I/O.
//!
//! One incident is one YAML file. These types are version 1 of its format. Unknown keys are errors,
//! absent values are unknown, and nothing here knows where a file is or which program wrote it.

pub mod action;
pub mod claims;
mod dates;
pub(crate) mod edit;
pub mod elapsed;
pub mod evidence;
pub mod id;
pub mod impact;
pub mod milestone;
mod narrative;
pub mod origin;
pub mod path;
pub mod people;
pub mod series;
mod status;
pub mod time;
pub mod timeline;
pub mod word_enums;
pub(crate) mod written_length;
pub mod zone;

pub use self::narrative::{
    Cause, Detection, DetectionMethod, Lessons, OpenQuestion, Resolution, Trigger,
};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use action::ActionItem;
use claims::Claims;
use id::IncidentId;
use impact::Impact;
use milestone::{MilestoneName, Milestones};
use origin::SourceInfo;
use people::Roles;
use time::Moment;
use timeline::Entry;
use word_enums::{Figure, words};
use zone::Zone;

/// The value of `schema` in every file of this version.
pub const SCHEMA: &str = "posthoc/v1";

words! {
    /// What kind of event the file records.
    Kind {
        /// Something failed.
        Incident = "incident",
        /// Something nearly failed, and nobody was affected.
        NearMiss = "near_miss",
        /// A planned interruption.
        Maintenance = "maintenance",
        /// An exercise.
        Drill = "drill",
        /// An attack, or a weakness that somebody could have used.
        Security = "security",
    }
}

words! {
    /// Whether an incident is still ongoing.
    Status {
        /// It is not over.
        Ongoing = "ongoing",
        /// Its impact is reduced, and people still work on it.
        Mitigated = "mitigated",
        /// It is over.
        Resolved = "resolved",
    }
}

words! {
    /// How far the write-up is.
    Review {
        /// It is being written.
        Draft = "draft",
        /// Others are reading it.
        InReview = "in_review",
        /// It was read and approved.
        Reviewed = "reviewed",
        /// It was published.
        Published = "published",
    }
}

/// One incident: the whole content of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "posthoc incident, version 1")]
pub struct Incident {
    /// The version of the file format.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The id of the incident: lower-case letters, digits and hyphens. It must be the name of the
    /// file without `.yaml`. Links and commands use it, so it should not change when the title
    /// does.
    pub id: IncidentId,
    /// One line that says what happened.
    pub title: String,
    /// What kind of event the file records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "incident"))]
    pub kind: Option<Kind>,
    /// How severe the incident was: a name of the scale in `definitions.severities` of
    /// `posthoc.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Whether the incident is over. If absent, it follows from the milestones and from the states
    /// of status updates; if those do not say, it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How far the write-up is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "draft"))]
    pub review: Option<Review>,
    /// The services that were affected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// The teams that own the affected services.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
    /// The regions that were affected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Words of your own, for filters such as `--tag`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The version of `definitions` in `posthoc.toml` that the numbers of this incident were agreed
    /// with. If the settings have another version, reports say so, and aggregates do not mix the
    /// two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definitions: Option<u32>,
    /// The time zone in which reports show times: a name of the IANA database or an offset. Without
    /// it, UTC. It also applies to times without a zone if `posthoc.toml` has `naive_times =
    /// "file"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "UTC"))]
    pub time_zone: Option<String>,
    /// Who took part in the response and in the write-up.
    #[serde(default, skip_serializing_if = "Roles::is_empty")]
    pub roles: Roles,
    /// What happened, in a few sentences of Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The times that all durations are computed from. A milestone that is absent is unknown.
    #[serde(default, skip_serializing_if = "Milestones::is_empty")]
    pub milestones: Milestones,
    /// The changes of the severity during the incident, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severity_history: Vec<SeverityChange>,
    /// Who was affected, how badly, and when.
    #[serde(default, skip_serializing_if = "Impact::is_empty")]
    pub impact: Impact,
    /// The plan, if this was a planned interruption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance: Option<Maintenance>,
    /// How the incident was noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detection: Option<Detection>,
    /// The event that set the incident off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// Why it could happen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub root_causes: Vec<Cause>,
    /// What made the incident likelier, longer or worse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributing_factors: Vec<Cause>,
    /// What prevented a larger impact. Each item is Markdown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mitigators: Vec<String>,
    /// What ended the incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// What was learned.
    #[serde(default, skip_serializing_if = "Lessons::is_empty")]
    pub lessons: Lessons,
    /// Questions that are not answered yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_questions: Vec<OpenQuestion>,
    /// The follow-ups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub action_items: Vec<ActionItem>,
    /// Other incidents that are connected with this one.
    #[serde(default, skip_serializing_if = "Related::is_empty")]
    pub related: Related,
    /// Figures before, during and after the incident, for the report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricSnapshot>,
    /// What happened, one entry per event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<Entry>,
    /// Durations that were published about this incident. `posthoc check` compares them with the
    /// computed ones.
    #[serde(default, skip_serializing_if = "Claims::is_empty")]
    pub claims: Claims,
    /// Further sections of the report, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// The sources of the entries, by their keys: `S1`, `S2` … An import adds them.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub sources: IndexMap<String, SourceInfo>,
    /// Links to further information.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

impl Incident {
    /// An incident of which only the id and the title are known.
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

    /// The kind; `incident` if the file states none.
    pub fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Incident)
    }

    /// The state of the write-up; `draft` if the file states none.
    pub fn review(&self) -> Review {
        self.review.unwrap_or(Review::Draft)
    }

    /// The zone in which reports show times: as stated, or UTC.
    pub fn zone(&self) -> Zone {
        self.time_zone.as_deref().and_then(|name| name.parse().ok()).unwrap_or(Zone::UTC)
    }

    /// The time that dates the incident: the start of the impact or, if that is unknown, the first
    /// known milestone in the order of the fallbacks, else the earliest entry.
    pub fn occurred(&self) -> Option<Moment> {
        use MilestoneName::{DeclaredAt, DetectedAt, FirstNoticeAt, ImpactStart, ResolvedAt};
        // Maintenance is announced days before it begins.
        let planned = self.maintenance.as_ref().and_then(|maintenance| maintenance.scheduled_for);
        planned
            .or_else(|| {
                let names = [ImpactStart, DetectedAt, DeclaredAt, FirstNoticeAt, ResolvedAt];
                names.into_iter().find_map(|name| self.milestones.at(name))
            })
            .or_else(|| self.timeline.iter().filter_map(|entry| entry.at).min())
    }

    /// The entries in the order of time, with their indices in the file. An entry without a time
    /// stays after the entry that it follows in the file.
    pub fn timeline_in_order(&self) -> Vec<(usize, &Entry)> {
        let mut last = None;
        let mut keyed: Vec<(Option<Moment>, usize, &Entry)> =
            Vec::with_capacity(self.timeline.len());
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
    /// When the severity changed.
    pub at: Moment,
    /// The new severity.
    pub to: String,
}

/// The plan of a maintenance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Maintenance {
    /// When the maintenance was planned to begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<Moment>,
    /// When the maintenance was planned to end. `posthoc check` reports impact after this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_until: Option<Moment>,
    /// The services that the plan expected to be affected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<String>,
}

/// Other incidents that are connected with this one, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Related {
    /// The incident of which this file is a second record. Aggregates leave this file out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<IncidentId>,
    /// The larger incident that this one is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<IncidentId>,
    /// The earlier incident that happened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence_of: Option<IncidentId>,
    /// The incident that caused this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<IncidentId>,
}

impl Related {
    /// Whether no other incident is named.
    pub fn is_empty(&self) -> bool {
        *self == Related::default()
    }
}

/// A figure before, during and after the incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetricSnapshot {
    /// What is measured.
    pub name: String,
    /// The unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The figure before the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Figure>,
    /// The figure during the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub during: Option<Figure>,
    /// The figure after the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Figure>,
}

/// A further section of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The text, in Markdown.
    pub text: String,
}

/// A link to further information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The text of the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The address.
    pub url: String,
}
