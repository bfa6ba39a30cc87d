//! Samples in JSON: pairs of a time and a value, or a list of each.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lines::Points;
use super::number::{self, Cell};
use super::sample_time::Stamps;
use crate::sources::json;
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;

/// Which element of a pair is the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::metrics) enum Order {
    /// `[time, value]`
    TimeFirst,
    /// `[value, time]`
    ValueFirst,
}

#[derive(Deserialize)]
struct Pair<'a>(#[serde(borrow)] &'a RawValue, #[serde(borrow)] &'a RawValue);

/// The samples of `pairs`; other elements are reported at their place.
pub(in crate::sources::metrics) fn pairs<'a>(
    pairs: impl IntoIterator<Item = &'a RawValue>,
    order: Order,
    stamps: &mut Stamps,
    warnings: &mut Warnings<'_>,
) -> Points {
    let pairs = pairs.into_iter();
    let mut points = Vec::with_capacity(pairs.size_hint().0);
    for raw in pairs {
        match serde_json::from_str::<Pair<'a>>(raw.get()) {
            Ok(Pair(one, other)) => {
                let (at, value) =
                    if order == Order::TimeFirst { (one, other) } else { (other, one) };
                points.extend(sample(at, value, stamps, warnings));
            }
            Err(error) => warnings
                .about(raw.get(), format!("this sample cannot be read: {}", json::reason(&error))),
        }
    }
    points
}

/// A sample of a time and a value.
pub(in crate::sources::metrics) fn sample(
    at: &RawValue,
    value: &RawValue,
    stamps: &mut Stamps,
    warnings: &mut Warnings<'_>,
) -> Option<(chrono::DateTime<chrono::Utc>, Option<f64>)> {
    let at = stamps.read(at.get().trim_matches('"'), warnings)?;
    Some((at, self::value(value, warnings)?))
}

/// A value: a number, or a number in a string. The inner `None` is a gap (`null`, `"NaN"`); a text
/// or an object is not a value, and is reported.
pub(in crate::sources::metrics) fn value(
    raw: &RawValue,
    warnings: &mut Warnings<'_>,
) -> Option<Option<f64>> {
    let text = raw.get().trim_matches('"');
    match number::cell(text, false) {
        Cell::Number(number, "") => Some((!number.is_nan()).then_some(number)),
        Cell::NoNumber => Some(None),
        Cell::Number(..) | Cell::Empty | Cell::Text => {
            warnings.about(raw.get(), format!("`{}` is not a number", clean_line(text)));
            None
        }
    }
}
