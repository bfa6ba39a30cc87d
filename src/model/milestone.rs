//! The instants that every duration is computed from.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::origin::EntryRef;
use super::time::Moment;
use super::word_enums::words;

words! {
    /// The names of the milestones, in the order in which they usually happen.
    MilestoneName {
        /// The change that set the incident off was made. No duration starts here.
        TriggerAt = "trigger_at",
        /// Users began to be affected.
        ImpactStart = "impact_start",
        /// An alert or a person of the team first noticed it.
        DetectedAt = "detected_at",
        /// Somebody took responsibility for it.
        AcknowledgedAt = "acknowledged_at",
        /// It was declared an incident.
        DeclaredAt = "declared_at",
        /// Users were first informed.
        FirstNoticeAt = "first_notice_at",
        /// The cause was known.
        IdentifiedAt = "identified_at",
        /// The impact was reduced.
        MitigatedAt = "mitigated_at",
        /// Users were no longer affected.
        ImpactEnd = "impact_end",
        /// The incident was closed.
        ResolvedAt = "resolved_at",
    }
}

words! {
    /// How the time of a milestone is known, the least trusted first.
    Basis {
        /// Somebody estimated it.
        Estimated = "estimated",
        /// A program took it from the words of a write-up, or computed it from a metric. Those
        /// words, or the rule of the computation, are in the note.
        Derived = "derived",
        /// A status page or a publication states it. The event itself may have been earlier.
        Reported = "reported",
        /// Somebody saw it or noted it.
        Observed = "observed",
        /// An alert fired.
        Alert = "alert",
        /// A metric shows it.
        Measured = "measured",
    }
}

/// One milestone: when, and how that is known.
///
/// In a file it is a bare time, or `{at, basis, source, note}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// When it happened.
    pub at: Moment,
    /// How the time is known.
    pub basis: Basis,
    /// The source, or the record of it, that states the time.
    pub source: Option<EntryRef>,
    /// A remark of the author.
    pub note: Option<String>,
}

impl Milestone {
    /// A milestone from a bare time, as people write it.
    pub fn observed(at: Moment) -> Self {
        Milestone { at, basis: Basis::Observed, source: None, note: None }
    }
}

impl Serialize for Milestone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.basis == Basis::Observed && self.source.is_none() && self.note.is_none() {
            return self.at.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("at", &self.at)?;
        if self.basis != Basis::Observed {
            map.serialize_entry("basis", &self.basis)?;
        }
        if let Some(source) = &self.source {
            map.serialize_entry("source", source)?;
        }
        if let Some(note) = &self.note {
            map.serialize_entry("note", note)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Milestone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeOrMap;
        impl<'de> Visitor<'de> for TimeOrMap {
            type Value = Milestone;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time, or a map with `at`, `basis`, `source` and `note`")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Milestone, E> {
                let at = Moment::parse(text, super::zone::home()).map_err(E::custom)?;
                Ok(Milestone::observed(at))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Milestone, A::Error> {
                let long =
                    LongMilestone::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(Milestone {
                    at: long.at,
                    basis: long.basis.unwrap_or(Basis::Observed),
                    source: long.source,
                    note: long.note,
                })
            }
        }
        deserializer.deserialize_any(TimeOrMap)
    }
}

/// A milestone with the way in which its time is known.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct LongMilestone {
    /// When it happened.
    at: Moment,
    /// How the time is known.
    basis: Option<Basis>,
    /// The source, or the record of it, that states the time.
    source: Option<EntryRef>,
    /// A remark for the report. Public reports leave it out.
    note: Option<String>,
}

impl schemars::JsonSchema for Milestone {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Milestone".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let (short, long) =
            (generator.subschema_for::<Moment>(), generator.subschema_for::<LongMilestone>());
        schemars::json_schema!({ "description": "A time, or a map that says how it is known.", "anyOf": [short, long] })
    }
}

/// The times that all durations are computed from. A milestone that is absent is unknown.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields, default)]
pub struct Milestones {
    /// When the change that set the incident off was made. No duration starts here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger_at: Option<Milestone>,
    /// When users began to be affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact_start: Option<Milestone>,
    /// When an alert or a person of the team first noticed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detected_at: Option<Milestone>,
    /// When somebody took responsibility for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Milestone>,
    /// When it was declared an incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared_at: Option<Milestone>,
    /// When users were first informed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_notice_at: Option<Milestone>,
    /// When the cause was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identified_at: Option<Milestone>,
    /// When the impact was reduced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mitigated_at: Option<Milestone>,
    /// When users were no longer affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact_end: Option<Milestone>,
    /// When the incident was closed; if it was reopened, the last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Milestone>,
}

impl Milestones {
    /// The milestone of that name, if it is known.
    pub fn get(&self, name: MilestoneName) -> Option<&Milestone> {
        match name {
            MilestoneName::TriggerAt => self.trigger_at.as_ref(),
            MilestoneName::ImpactStart => self.impact_start.as_ref(),
            MilestoneName::DetectedAt => self.detected_at.as_ref(),
            MilestoneName::AcknowledgedAt => self.acknowledged_at.as_ref(),
            MilestoneName::DeclaredAt => self.declared_at.as_ref(),
            MilestoneName::FirstNoticeAt => self.first_notice_at.as_ref(),
            MilestoneName::IdentifiedAt => self.identified_at.as_ref(),
            MilestoneName::MitigatedAt => self.mitigated_at.as_ref(),
            MilestoneName::ImpactEnd => self.impact_end.as_ref(),
            MilestoneName::ResolvedAt => self.resolved_at.as_ref(),
        }
    }

    /// The slot of the milestone of that name, for setting it.
    pub fn slot(&mut self, name: MilestoneName) -> &mut Option<Milestone> {
        match name {
            MilestoneName::TriggerAt => &mut self.trigger_at,
            MilestoneName::ImpactStart => &mut self.impact_start,
            MilestoneName::DetectedAt => &mut self.detected_at,
            MilestoneName::AcknowledgedAt => &mut self.acknowledged_at,
            MilestoneName::DeclaredAt => &mut self.declared_at,
            MilestoneName::FirstNoticeAt => &mut self.first_notice_at,
            MilestoneName::IdentifiedAt => &mut self.identified_at,
            MilestoneName::MitigatedAt => &mut self.mitigated_at,
            MilestoneName::ImpactEnd => &mut self.impact_end,
            MilestoneName::ResolvedAt => &mut self.resolved_at,
        }
    }

    /// The moment of the milestone of that name, if it is known.
    pub fn at(&self, name: MilestoneName) -> Option<Moment> {
        self.get(name).map(|milestone| milestone.at)
    }

    /// The known milestones, in the order of [`MilestoneName`].
    pub fn known(&self) -> impl Iterator<Item = (MilestoneName, &Milestone)> {
        MilestoneName::ALL.iter().filter_map(|&name| Some((name, self.get(name)?)))
    }

    /// Whether no milestone is known.
    pub fn is_empty(&self) -> bool {
        self.known().next().is_none()
    }
}
