//! Metrics of another time than that of the incident.

use chrono::{DateTime, TimeDelta, Utc};

use crate::diag::Diagnostic;
use crate::model::series::Series;

/// A warning where no sample of `series`, from the source `key`, is from the time of the incident:
/// from its first instant to its last, or without an end while it is ongoing. `ahead` is by how
/// much the clock of the source is ahead.
pub(super) fn warning(
    (first, last): (DateTime<Utc>, Option<DateTime<Utc>>),
    key: &str,
    series: &[&Series],
    ahead: TimeDelta,
) -> Option<Diagnostic> {
    let times = || series.iter().flat_map(|series| series.points.iter().map(|(at, _)| *at - ahead));
    let (oldest, newest) = (times().min()?, times().max()?);
    let shown = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M:%S UTC");
    let message = match () {
        () if newest < first => {
            format!(
                "all samples of {key} are from before the incident: the last is of {}",
                shown(newest)
            )
        }
        () if last.is_some_and(|last| last < oldest) => {
            format!(
                "all samples of {key} are from after the incident: the first is of {}",
                shown(oldest)
            )
        }
        () => return None,
    };
    Some(
        Diagnostic::warning(message)
            .hint("check the range that was asked for, and the zone (--zone)"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_another_time_are_reported() {
        let at = |minute: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let series = Series {
            name: "errors".to_owned(),
            query: None,
            unit: None,
            labels: std::collections::BTreeMap::new(),
            points: vec![(at(10), Some(1.0)), (at(20), None)],
        };
        let note_of = |first: i64, last: Option<i64>, ahead: i64| {
            let warning =
                warning((at(first), last.map(at)), "S1", &[&series], TimeDelta::minutes(ahead));
            warning.map(|warning| warning.message)
        };
        assert_eq!(
            note_of(21, None, 0).as_deref(),
            Some(
                "all samples of S1 are from before the incident: the last is of 1970-01-01 00:20:00 UTC"
            )
        );
        assert_eq!(
            note_of(0, Some(9), 0).as_deref(),
            Some(
                "all samples of S1 are from after the incident: the first is of 1970-01-01 00:10:00 UTC"
            )
        );
        assert_eq!(
            (note_of(0, Some(9), 5), note_of(15, Some(16), 0), note_of(20, None, 0)),
            (None, None, None)
        );
    }
}
