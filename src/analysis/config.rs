//! The definitions: the part of `posthoc.toml` that analysis reads.
//!
//! ```toml
//! [definitions]
//! version = 2
//! tolerance = "5m"
//! severities = ["p1", "p2", "p3"]
//!
//! [definitions.durations]
//! ttr = { start = "detected_at", end = "resolved_at" }
//!
//! [definitions.fallbacks]
//! impact_start = ["first_notice_at"]
//! ```
//!
//! Absent values have their defaults. Definitions without a meaning are refused when they are read,
//! so every [`Definitions`] in the program is valid.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::duration_name::{DurationName, Formula};
use crate::model::Incident;
pub use crate::model::evidence::Witness;
use crate::model::evidence::{TRUST, Trust};
use crate::model::milestone::MilestoneName;
use crate::model::origin::ClockOffset;
use crate::model::path::Path;

/// The two milestones between which a duration is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The milestone at the start.
    pub start: MilestoneName,
    /// The milestone at the end.
    pub end: MilestoneName,
}

/// The definitions of all numbers: `[definitions]` in `posthoc.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Definitions {
    /// The team's version of these definitions; it should be increased when one of them changes.
    pub version: u32,
    /// The milestones of every duration between two milestones. The impact durations and DORA's
    /// recovery time are not between two milestones and cannot be redefined.
    pub durations: BTreeMap<DurationName, Pair>,
    /// The replacements for an unknown milestone, the best first. Only aggregates use them.
    pub fallbacks: BTreeMap<MilestoneName, Vec<MilestoneName>>,
    /// How far two sources may differ before that is a finding.
    pub tolerance: ClockOffset,
    /// The severity scale, the worst first. It contains the severities of status pages next to our
    /// own.
    pub severities: Vec<String>,
    /// The order of trust, the most trusted first.
    pub trust: Vec<Witness>,
    /// The business hours. If present, longer durations also show their part within these hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_hours: Option<Calendar>,
}

/// What the numbers mean. Values that are absent keep their defaults.
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Written {
    /// The team's version of these definitions. Increase it when one of them changes: an incident
    /// file can be pinned to a version with its key `definitions`.
    #[schemars(extend("default" = 1))]
    version: Option<u32>,
    /// The two milestones between which a duration is measured. Durations that are not listed keep
    /// their defaults. `impact`, `undetected` and `fdrt` are not measured between two milestones
    /// and cannot be set.
    #[schemars(extend("default" = Definitions::default().durations))]
    durations: BTreeMap<DurationName, Pair>,
    /// The milestones that aggregates use in place of an unknown one, in the order in which they
    /// are tried. Reports of one incident never use them.
    #[schemars(extend("default" = Definitions::default().fallbacks))]
    fallbacks: BTreeMap<MilestoneName, Vec<MilestoneName>>,
    /// How far apart two sources may date the same event before `posthoc check` reports it.
    #[schemars(extend("default" = Definitions::default().tolerance))]
    tolerance: Option<ClockOffset>,
    /// The severity scale, the worst first. Upper and lower case do not matter.
    #[schemars(extend("default" = Definitions::default().severities))]
    severities: Option<Vec<String>>,
    /// The kinds of sources in the order of trust, the most trusted first. If several entries of
    /// the timeline are evidence for one milestone, the most trusted one sets it.
    #[schemars(extend("default" = Definitions::default().trust))]
    trust: Option<Vec<Witness>>,
    /// The working hours. If present, reports also show the part of longer durations within these
    /// hours.
    business_hours: Option<Calendar>,
}

/// Why definitions are invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// `trigger_at` would start a duration, but the change has no impact yet at that time.
    #[error("`{0}` cannot use trigger_at: it is never an end of a duration")]
    Trigger(DurationName),
    /// `trigger_at` would replace a milestone, and so start a duration.
    #[error("the fallbacks of {0} cannot use trigger_at: it is never an end of a duration")]
    TriggerAsFallback(MilestoneName),
    /// Both ends are the same milestone.
    #[error("`{0}` starts and ends at {1}")]
    Empty(DurationName, MilestoneName),
    /// The duration is not one between two milestones.
    #[error("`{0}` is not a duration between two milestones, so it has no start and end to set")]
    NotAPair(DurationName),
    /// A milestone would replace itself, or is listed twice.
    #[error("the fallbacks of {0} name {1} more than once, or {0} itself")]
    Fallback(MilestoneName, MilestoneName),
    /// A negative tolerance.
    #[error("a tolerance of {0} is below zero")]
    Tolerance(ClockOffset),
    /// A severity that is empty or listed twice.
    #[error("the severity `{0}` is empty or listed twice in the order")]
    Severity(String),
    /// A witness that is listed twice.
    #[error("`{0}` is listed twice in the order of trust")]
    Trust(Witness),
}

impl Default for Definitions {
    fn default() -> Self {
        use MilestoneName::{
            AcknowledgedAt, DeclaredAt, DetectedAt, FirstNoticeAt, IdentifiedAt, ImpactEnd,
            ImpactStart, MitigatedAt, ResolvedAt,
        };
        let pair = |start, end| Pair { start, end };
        Definitions {
            version: 1,
            durations: BTreeMap::from([
                (DurationName::Ttd, pair(ImpactStart, DetectedAt)),
                (DurationName::Tta, pair(DetectedAt, AcknowledgedAt)),
                (DurationName::Ttn, pair(ImpactStart, FirstNoticeAt)),
                (DurationName::Tti, pair(DetectedAt, IdentifiedAt)),
                (DurationName::Ttm, pair(ImpactStart, MitigatedAt)),
                (DurationName::Ttr, pair(ImpactStart, ResolvedAt)),
                (DurationName::Restore, pair(ImpactStart, ImpactEnd)),
                (DurationName::Repair, pair(DetectedAt, ImpactEnd)),
                (DurationName::Response, pair(DeclaredAt, ResolvedAt)),
                (DurationName::Reported, pair(FirstNoticeAt, ResolvedAt)),
            ]),
            fallbacks: BTreeMap::from([
                (ImpactStart, vec![DetectedAt, DeclaredAt, FirstNoticeAt]),
                (MitigatedAt, vec![ImpactEnd, ResolvedAt]),
            ]),
            tolerance: ClockOffset(TimeDelta::minutes(2)),
            severities: [
                "sev1", "critical", "sev2", "major", "sev3", "minor", "sev4", "sev5", "none",
            ]
            .map(str::to_owned)
            .to_vec(),
            trust: TRUST.to_vec(),
            business_hours: None,
        }
    }
}

impl Definitions {
    /// The milestones between which `name` is measured; `None` if it is not between two milestones.
    pub fn pair(&self, name: DurationName) -> Option<Pair> {
        self.durations.get(&name).copied()
    }

    /// How `name` is computed.
    pub fn formula(&self, name: DurationName) -> Formula {
        match (self.pair(name), name) {
            (Some(Pair { start, end }), _) => {
                Formula::Between { start, end, has_floor: name.has_floor() }
            }
            (None, DurationName::Undetected) => Formula::Undetected,
            (None, DurationName::Fdrt) => Formula::SinceDeployment,
            (None, _) => Formula::Impact,
        }
    }

    /// The replacements for `milestone` in aggregates, the best first.
    pub fn fallbacks_of(&self, milestone: MilestoneName) -> &[MilestoneName] {
        self.fallbacks.get(&milestone).map_or(&[], Vec::as_slice)
    }

    /// How far two sources may differ before that is a finding.
    pub fn tolerance(&self) -> TimeDelta {
        self.tolerance.0
    }

    /// The rank of a severity, the worst is 0; `None` if it is not on the scale. Upper and lower
    /// case do not matter.
    pub fn severity_rank(&self, severity: &str) -> Option<usize> {
        self.severities.iter().position(|known| known.eq_ignore_ascii_case(severity.trim()))
    }

    /// The version that `incident` is pinned to, if it differs from this one.
    pub fn pinned_elsewhere(&self, incident: &Incident) -> Option<u32> {
        incident.definitions.filter(|&pinned| pinned != self.version)
    }

    /// The order of trust, with the tolerance from which two sources contradict each other.
    pub fn order_of_trust(&self) -> Trust<'_> {
        Trust { order: &self.trust, tolerance: self.tolerance() }
    }

    /// Every invalid part of these definitions.
    fn mistakes(&self) -> Vec<DefinitionError> {
        let mut mistakes = Vec::new();
        for (&name, pair) in &self.durations {
            if !name.is_pair() {
                mistakes.push(DefinitionError::NotAPair(name));
            } else if [pair.start, pair.end].contains(&MilestoneName::TriggerAt) {
                mistakes.push(DefinitionError::Trigger(name));
            } else if pair.start == pair.end {
                mistakes.push(DefinitionError::Empty(name, pair.start));
            }
        }
        for (&milestone, fallbacks) in &self.fallbacks {
            if fallbacks.contains(&MilestoneName::TriggerAt) {
                mistakes.push(DefinitionError::TriggerAsFallback(milestone));
            } else if let Some(&twice) =
                first_repeated(std::iter::once(&milestone).chain(fallbacks))
            {
                mistakes.push(DefinitionError::Fallback(milestone, twice));
            }
        }
        if self.tolerance.0 < TimeDelta::zero() {
            mistakes.push(DefinitionError::Tolerance(self.tolerance));
        }
        let folded: Vec<String> =
            self.severities.iter().map(|name| name.trim().to_ascii_lowercase()).collect();
        if let Some(wrong) =
            folded.iter().find(|name| name.is_empty()).or_else(|| first_repeated(folded.iter()))
        {
            mistakes.push(DefinitionError::Severity(wrong.clone()));
        }
        if let Some(&twice) = first_repeated(self.trust.iter()) {
            mistakes.push(DefinitionError::Trust(twice));
        }
        mistakes
    }
}

impl DefinitionError {
    /// The path of the mistake within the definitions.
    pub fn path(&self) -> Path {
        match self {
            DefinitionError::Trigger(name)
            | DefinitionError::Empty(name, _)
            | DefinitionError::NotAPair(name) => Path::key("durations").then(name.as_str()),
            DefinitionError::TriggerAsFallback(milestone)
            | DefinitionError::Fallback(milestone, _) => {
                Path::key("fallbacks").then(milestone.as_str())
            }
            DefinitionError::Tolerance(_) => Path::key("tolerance"),
            DefinitionError::Severity(_) => Path::key("severities"),
            DefinitionError::Trust(_) => Path::key("trust"),
        }
    }
}

fn first_repeated<'a, T: PartialEq>(items: impl Iterator<Item = &'a T>) -> Option<&'a T> {
    let mut seen: Vec<&T> = Vec::new();
    for item in items {
        if seen.contains(&item) {
            return Some(item);
        }
        seen.push(item);
    }
    None
}

impl Written {
    /// Every invalid part.
    pub fn mistakes(&self) -> Vec<DefinitionError> {
        self.over_the_defaults().mistakes()
    }

    fn over_the_defaults(&self) -> Definitions {
        let written = self.clone();
        let mut definitions = Definitions::default();
        definitions.version = written.version.unwrap_or(definitions.version);
        definitions.durations.extend(written.durations);
        definitions.fallbacks.extend(written.fallbacks);
        definitions.tolerance = written.tolerance.unwrap_or(definitions.tolerance);
        definitions.severities = written.severities.unwrap_or(definitions.severities);
        definitions.trust = written.trust.unwrap_or(definitions.trust);
        definitions.business_hours = written.business_hours;
        definitions
    }
}

impl TryFrom<Written> for Definitions {
    type Error = DefinitionError;
    /// The definitions, or the first mistake in them.
    fn try_from(written: Written) -> Result<Self, DefinitionError> {
        let definitions = written.over_the_defaults();
        definitions.mistakes().into_iter().next().map_or(Ok(definitions), Err)
    }
}

impl schemars::JsonSchema for Definitions {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Definitions".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Definitions, String> {
        toml::from_str(text).map_err(|e: toml::de::Error| e.message().to_owned())
    }

    #[test]
    fn empty_config_is_the_default() {
        assert_eq!(read(""), Ok(Definitions::default()));
        assert_eq!(Definitions::default().mistakes(), []);
    }

    #[test]
    fn each_setting_changes_only_itself() {
        let changed = read(
            "version = 2\ntolerance = \"5m\"\n[durations]\nttr = { start = \"detected_at\", end = \"resolved_at\" }\n\
             [fallbacks]\nimpact_start = [\"first_notice_at\"]\n",
        )
        .unwrap();
        assert_eq!((changed.version, changed.tolerance()), (2, TimeDelta::minutes(5)));
        assert_eq!(changed.formula(DurationName::Ttr).to_string(), "resolved_at − detected_at");
        assert_eq!(
            changed.formula(DurationName::Ttd).to_string(),
            "detected_at − impact_start, floor 0"
        );
        assert_eq!(
            changed.fallbacks_of(MilestoneName::ImpactStart),
            [MilestoneName::FirstNoticeAt]
        );
        assert_eq!(changed.fallbacks_of(MilestoneName::MitigatedAt).len(), 2);
    }

    #[test]
    fn meaningless_definitions_are_refused() {
        for (text, why) in [
            (
                "[durations]\nttr = { start = \"trigger_at\", end = \"resolved_at\" }",
                "never an end",
            ),
            (
                "[durations]\nttr = { start = \"resolved_at\", end = \"resolved_at\" }",
                "starts and ends at",
            ),
            ("[durations]\nttr = { start = \"begun_at\", end = \"resolved_at\" }", "begun_at"),
            ("[durations]\nmttr = { start = \"detected_at\", end = \"resolved_at\" }", "mttr"),
            (
                "[durations]\nimpact = { start = \"detected_at\", end = \"resolved_at\" }",
                "not a duration between",
            ),
            ("[fallbacks]\nimpact_start = [\"trigger_at\"]", "trigger_at"),
            ("[fallbacks]\nimpact_start = [\"detected_at\", \"detected_at\"]", "more than once"),
            ("[fallbacks]\nimpact_start = [\"impact_start\"]", "more than once"),
            ("tolerance = \"-2m\"", "below zero"),
            ("tolerance = \"two minutes\"", "clock offset"),
            ("severities = [\"sev1\", \"SEV1\"]", "twice"),
            ("trust = [\"alert\", \"alert\"]", "twice"),
            ("tolerence = \"2m\"", "tolerence"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn severities_and_witnesses_are_ranked() {
        let definitions = Definitions::default();
        assert!(definitions.severity_rank("SEV1") < definitions.severity_rank("major"));
        assert_eq!(definitions.severity_rank("p0"), None);
        let rank = |definitions: &Definitions, witness| definitions.order_of_trust().rank(witness);
        assert!(rank(&definitions, Witness::Metric) < rank(&definitions, Witness::StatusPage));
        let short = Definitions { trust: vec![Witness::Chat], ..definitions };
        assert!(rank(&short, Witness::Chat) < rank(&short, Witness::Metric));
    }

    #[test]
    fn default_definitions_round_trip_through_toml() {
        let text = toml::to_string(&Definitions::default()).unwrap();
        assert_eq!(read(&text), Ok(Definitions::default()), "{text}");
    }
}
