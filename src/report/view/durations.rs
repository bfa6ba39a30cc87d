//! The durations of a view.

use chrono::TimeDelta;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::analysis::calendar::Calendar;
use crate::analysis::phases::Duration;
use crate::model::elapsed::Elapsed;
use crate::model::time::Precision;
use crate::report::phrasing;

/// A length in seconds; written as a whole number if it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, schemars::JsonSchema)]
#[schemars(inline)]
pub struct Seconds(#[schemars(with = "f64")] pub TimeDelta);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (seconds, nanoseconds) = (self.0.num_seconds(), self.0.subsec_nanos());
        if nanoseconds == 0 {
            serializer.serialize_i64(seconds)
        } else {
            serializer.serialize_f64(seconds as f64 + f64::from(nanoseconds) / 1e9)
        }
    }
}

/// A duration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DurationView {
    /// The length; null if unknown, or known only as an interval.
    pub seconds: Option<Seconds>,
    /// The shortest length that is possible.
    pub min_seconds: Option<Seconds>,
    /// The longest length that is possible.
    pub max_seconds: Option<Seconds>,
    /// How precisely the length is known: the coarser precision of its two ends, for example
    /// `minute`.
    #[schemars(with = "Option<String>")]
    pub precision: Option<Precision>,
    /// How it is computed: `resolved_at − impact_start`.
    pub definition: String,
    /// Why `seconds` is null.
    pub reason: Option<String>,
    /// The name for readers: `Time to resolve`.
    pub label: String,
    /// The length for readers: `5 h 16 min`, `31–47 min`.
    pub text: Option<String>,
    /// The definition for readers: `from the start of impact to resolution`.
    pub definition_text: String,
    /// A remark to show next to the number.
    pub remark: Option<String>,
    /// Whether one of the ends is written with `~`.
    pub about: bool,
    /// The part of it within business hours; null if the definitions have no business hours.
    pub business: Option<BusinessView>,
}

/// The part of a duration within business hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct BusinessView {
    /// The length; null if known only as an interval.
    pub seconds: Option<Seconds>,
    /// The shortest length that is possible.
    pub min_seconds: Seconds,
    /// The longest length that is possible.
    pub max_seconds: Seconds,
    /// How precisely the length is known.
    #[schemars(with = "String")]
    pub precision: Precision,
    /// The hours: `Mon–Fri 09:00–17:00 Europe/Berlin`.
    pub calendar: String,
    /// The length for readers.
    pub text: String,
}

/// All durations by name, in the order of [`crate::analysis::duration_name::DurationName`].
pub fn all(
    durations: &[Duration],
    calendar: Option<&Calendar>,
) -> IndexMap<&'static str, DurationView> {
    durations
        .iter()
        .map(|duration| (duration.name.as_str(), DurationView::new(duration, calendar)))
        .collect()
}

impl DurationView {
    fn new(duration: &Duration, calendar: Option<&Calendar>) -> Self {
        let known = duration.value.as_ref().ok();
        DurationView {
            seconds: known.and_then(only_length),
            min_seconds: known.map(|length| Seconds(length.min)),
            max_seconds: known.map(|length| Seconds(length.max)),
            precision: known.map(|length| length.precision),
            definition: duration.formula.to_string(),
            reason: match &duration.value {
                Err(gap) => Some(gap.to_string()),
                Ok(length) => length.is_uncertain().then(|| "known only as an interval".to_owned()),
            },
            label: crate::text::capitalized(duration.name.in_words()),
            text: known.map(ToString::to_string),
            definition_text: phrasing::definition(duration.formula),
            remark: duration.remark.as_ref().map(phrasing::remark),
            about: known.is_some_and(|length| length.about),
            business: duration.business.zip(calendar).map(|(length, calendar)| BusinessView {
                seconds: only_length(&length),
                min_seconds: Seconds(length.min),
                max_seconds: Seconds(length.max),
                precision: length.precision,
                calendar: calendar.to_string(),
                text: length.to_string(),
            }),
        }
    }
}

/// The length, unless it is an interval.
pub(super) fn only_length(length: &Elapsed) -> Option<Seconds> {
    (!length.is_uncertain()).then_some(Seconds(length.min))
}
