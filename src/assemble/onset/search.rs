//! Finds the samples of a metric at which an impact began and ended.
//!
//! An alert fires after the impact began, and people notice it even later. So the search starts at
//! the first alert or another hint, and goes back to the first bad sample. Without such an anchor,
//! only a stated limit is searched for, since almost every series has an unusual value somewhere.
//! The result is an interval, because nothing is known between two samples.

use chrono::{DateTime, TimeDelta, Utc};

/// A sample with a number.
pub type Sample = (DateTime<Utc>, f64);

/// Which side of a limit is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Values above the limit are bad.
    Above,
    /// Values below the limit are bad.
    Below,
}

/// A limit, and where it came from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Which side of it is bad.
    pub side: Side,
    /// The value.
    pub value: f64,
    /// Whether the value itself is bad.
    pub is_inclusive: bool,
    /// The values from which it was computed; `None` if it was stated.
    pub usual: Option<Usual>,
}

impl Limit {
    fn is_bad(&self, value: f64) -> bool {
        match self.side {
            _ if self.is_inclusive && value == self.value => true,
            Side::Above => value > self.value,
            Side::Below => value < self.value,
        }
    }
}

/// The usual values of a series before the search begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// The median.
    pub median: f64,
    /// 1.4826 times the median absolute deviation, which estimates the standard deviation. If that
    /// is zero, the smallest deviation, or a hundredth of the median.
    pub spread: f64,
    /// The number of samples.
    pub samples: usize,
    /// How many spreads the limit is from the median.
    pub deviations: f64,
}

/// How an onset is searched for.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Values that differ from the median by more than this many spreads are bad. With 3.5, and a
    /// day of samples at intervals of five minutes as the usual values, most labelled anomalies of
    /// the Numenta Anomaly Benchmark are found at the sample of their label.
    pub deviations: f64,
    /// The minimum number of samples before the anchor that are searched.
    pub look_back: usize,
    /// The minimum time before the anchor that is searched.
    pub look_back_time: TimeDelta,
    /// The minimum number of samples before those that provide the usual values.
    pub baseline: usize,
    /// The minimum time before those that provides the usual values.
    pub baseline_time: TimeDelta,
    /// With a stated limit, an impact begins where `bad` of `of` consecutive samples are bad. With
    /// any limit, it ends where `bad` consecutive samples are good.
    pub bad: usize,
    /// See `bad`.
    pub of: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            deviations: 3.5,
            look_back: 24,
            look_back_time: TimeDelta::hours(2),
            baseline: 288,
            baseline_time: TimeDelta::days(1),
            bad: 3,
            of: 5,
        }
    }
}

/// Fewer samples do not show which values are usual.
const FEWEST: usize = 20;

/// A run of bad samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// The last good sample before it; `None` if the series starts with the run.
    pub last_good: Option<DateTime<Utc>>,
    /// Its first bad sample.
    pub first_bad: DateTime<Utc>,
    /// Its last bad sample and the first good one after that; `None` if the series ends with the
    /// run.
    pub recovery: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// The result of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Onset {
    /// The limit.
    pub limit: Limit,
    /// The first run and those that follow it, in the order of time. There is at least one.
    pub runs: Vec<Run>,
}

/// The onset near `anchor` in `samples`, found by unusual values. The samples are in the order of
/// time. Later runs that begin before `until` belong to the impact. `None` means "no clear onset":
/// there are too few samples before, or none is unusual.
pub fn unusual(
    samples: &[Sample],
    anchor: DateTime<Utc>,
    until: DateTime<Utc>,
    settings: Settings,
) -> Option<Onset> {
    let end = samples.partition_point(|(at, _)| *at <= anchor);
    let hours = end - samples.partition_point(|(at, _)| *at < anchor - settings.look_back_time);
    // A short series must leave enough samples to show what is usual.
    let most = end.checked_sub(FEWEST.max(end / 3) + 1)?;
    let mut look_back = settings.look_back.max(hours).min(most);
    loop {
        let start = end - look_back - 1;
        let (limit, last) = limit_by(samples, start, end, settings)?;
        let is_bad = |index: usize| limit.is_bad(samples[index].1);
        let mut first = last;
        // One good sample between bad ones is noise.
        while let Some(earlier) = [1, 2]
            .iter()
            .filter_map(|back| first.checked_sub(*back))
            .find(|index| *index >= start && is_bad(*index))
        {
            first = earlier;
        }
        // The impact began before the samples that were searched.
        if first == start && look_back < most {
            look_back = (look_back * 2).min(most);
            continue;
        }
        let mut run = run(samples, first, last, is_bad, settings);
        if first == start {
            run.0.last_good = None;
        }
        return Some(Onset { limit, runs: with_later(samples, run, until, is_bad, settings) });
    }
}

/// The limit from the samples before `start`, and the last sample before `end` that is bad by it.
fn limit_by(
    samples: &[Sample],
    start: usize,
    end: usize,
    settings: Settings,
) -> Option<(Limit, usize)> {
    let earliest = samples.get(start)?.0 - settings.baseline_time;
    let by_time = samples.partition_point(|(at, _)| *at < earliest);
    let from = by_time.min(start.saturating_sub(settings.baseline));
    let usual = Usual::of(&samples[from..start], settings.deviations)?;
    let distance = usual.deviations * usual.spread;
    let last =
        (start..end).rev().find(|index| (samples[*index].1 - usual.median).abs() > distance)?;
    let (side, value) = if samples[last].1 > usual.median {
        (Side::Above, usual.median + distance)
    } else {
        (Side::Below, usual.median - distance)
    };
    Some((Limit { side, value, is_inclusive: false, usual: Some(usual) }, last))
}

/// The first run beyond a stated limit near `anchor`, or the first of all if there is no anchor.
/// Later runs that begin before `until` belong to the impact.
pub fn beyond(
    samples: &[Sample],
    limit: Limit,
    anchor: Option<DateTime<Utc>>,
    until: DateTime<Utc>,
    settings: Settings,
) -> Option<Onset> {
    let is_bad = |index: usize| limit.is_bad(samples[index].1);
    let end =
        anchor.map_or(samples.len(), |anchor| samples.partition_point(|(at, _)| *at <= anchor));
    let start = anchor.map_or(0, |anchor| {
        let by_time = samples.partition_point(|(at, _)| *at < anchor - settings.look_back_time);
        by_time.min(end.saturating_sub(settings.look_back))
    });
    let mut from = 0;
    loop {
        let first = begin(samples, from, is_bad, settings)?;
        // An alert may fire a moment before the sample that shows the impact.
        if first > end {
            return None;
        }
        let (run, next) = run(samples, first, first, is_bad, settings);
        if next > start {
            let runs = with_later(samples, (run, next), until, is_bad, settings);
            return Some(Onset { limit, runs });
        }
        from = next;
    }
}

/// The first sample from `from` on for which enough of the next samples are bad.
fn begin(
    samples: &[Sample],
    from: usize,
    is_bad: impl Fn(usize) -> bool,
    settings: Settings,
) -> Option<usize> {
    let is_enough = |first: usize| {
        let next = first..samples.len().min(first + settings.of);
        is_bad(first) && next.filter(|index| is_bad(*index)).count() >= settings.bad
    };
    (from..samples.len()).find(|first| is_enough(*first))
}

/// The run that starts at `first`, and the index after it. `known` is one of its bad samples.
fn run(
    samples: &[Sample],
    first: usize,
    known: usize,
    is_bad: impl Fn(usize) -> bool,
    settings: Settings,
) -> (Run, usize) {
    let mut last = known;
    let mut recovery = None;
    for index in known + 1..samples.len() {
        if is_bad(index) {
            last = index;
        } else if index - last >= settings.bad {
            recovery = Some((samples[last].0, samples[last + 1].0));
            break;
        }
    }
    let next = if recovery.is_some() { last + 1 } else { samples.len() };
    let last_good = first.checked_sub(1).map(|before| samples[before].0);
    (Run { last_good, first_bad: samples[first].0, recovery }, next)
}

/// A run with those after it that begin before `until`.
fn with_later(
    samples: &[Sample],
    (first, mut next): (Run, usize),
    until: DateTime<Utc>,
    is_bad: impl Fn(usize) -> bool + Copy,
    settings: Settings,
) -> Vec<Run> {
    let mut runs = vec![first];
    while let Some(again) =
        begin(samples, next, is_bad, settings).filter(|again| samples[*again].0 <= until)
    {
        let (run, after) = run(samples, again, again, is_bad, settings);
        runs.push(run);
        next = after;
    }
    runs
}

impl Usual {
    fn of(samples: &[Sample], deviations: f64) -> Option<Usual> {
        let mut values: Vec<f64> =
            samples.iter().map(|(_, value)| *value).filter(|value| value.is_finite()).collect();
        if values.len() < FEWEST {
            return None;
        }
        let median = middle(&mut values);
        let mut distances: Vec<f64> = values.iter().map(|value| (value - median).abs()).collect();
        let spread = 1.4826 * middle(&mut distances);
        let smallest = || distances.iter().copied().find(|distance| *distance > 0.0);
        let spread = if spread > 0.0 {
            spread
        } else {
            smallest().unwrap_or(0.01 * median.abs()).max(f64::MIN_POSITIVE)
        };
        Some(Usual { median, spread, samples: values.len(), deviations })
    }
}

/// The median. Sorts `values`, which must not be empty.
fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(number: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_359_200 + 60 * number, 0).unwrap()
    }

    /// A sample each minute, which varies by one around 10 unless `value` gives another one.
    fn samples(count: i64, value: impl Fn(i64) -> Option<f64>) -> Vec<Sample> {
        let usual =
            |number: i64| [9.0, 11.0, 9.0, 11.0, 10.0][usize::try_from(number % 5).unwrap()];
        (0..count).map(|n| (minute(n), value(n).unwrap_or(usual(n)))).collect()
    }

    fn find(samples: &[Sample], anchor: i64) -> Option<Onset> {
        unusual(samples, minute(anchor), minute(anchor), Settings::default())
    }

    fn above(value: f64) -> Limit {
        Limit { side: Side::Above, value, is_inclusive: false, usual: None }
    }

    #[test]
    fn first_bad_sample_is_found_from_a_later_alert_across_noise() {
        let bad = |n: i64| ((150..180).contains(&n) && n != 152).then_some(50.0);
        let found = find(&samples(210, bad), 156).unwrap();
        let run = found.runs[0];
        assert_eq!((run.last_good, run.first_bad), (Some(minute(149)), minute(150)));
        assert_eq!(run.recovery, Some((minute(179), minute(180))));
        assert_eq!((found.limit.side, found.runs.len()), (Side::Above, 1));
        let usual = found.limit.usual.unwrap();
        assert_eq!((usual.median, usual.spread), (10.0, 1.4826));
    }

    #[test]
    fn drop_is_found_and_recovery_needs_good_samples() {
        let found = find(&samples(110, |n| (n >= 100).then_some(0.0)), 105).unwrap();
        let run = found.runs[0];
        assert_eq!(
            (found.limit.side, run.first_bad, run.recovery),
            (Side::Below, minute(100), None)
        );
    }

    #[test]
    fn onset_needs_both_usual_and_unusual_samples() {
        assert_eq!(find(&samples(160, |_| None), 106), None);
        assert_eq!(find(&samples(30, |n| (n >= 10).then_some(50.0)), 16), None, "10 before it");
        assert_eq!(find(&[], 0), None);
        assert_eq!(find(&samples(160, |n| (n >= 100).then_some(f64::NAN)), 106), None);
    }

    #[test]
    fn constant_baseline_gets_a_minimum_spread() {
        let found = find(&samples(110, |n| Some(if n >= 100 { 1.1 } else { 1.0 })), 104).unwrap();
        assert_eq!(found.runs[0].first_bad, minute(100));
    }

    #[test]
    fn long_unnoticed_impact_is_traced_to_its_start() {
        let found = find(&samples(900, |n| (n >= 500).then_some(50.0)), 890).unwrap();
        assert_eq!(found.runs[0].last_good, Some(minute(499)));
        // If the series starts with the run, its start is unknown.
        let found = find(&samples(60, |n| (n >= 15).then_some(50.0)), 50).unwrap();
        assert_eq!(found.runs[0].last_good, None, "{found:?}");
    }

    #[test]
    fn later_run_counts_while_the_incident_lasts() {
        let bad = |n: i64| {
            ((100..110).contains(&n) || (120..125).contains(&n) || n >= 150).then_some(50.0)
        };
        let samples = samples(160, bad);
        let found = unusual(&samples, minute(105), minute(130), Settings::default()).unwrap();
        let starts: Vec<_> = found.runs.iter().map(|run| run.first_bad).collect();
        assert_eq!(starts, [minute(100), minute(120)]);
        assert_eq!(found.runs[1].recovery, Some((minute(124), minute(125))));
    }

    #[test]
    fn threshold_needs_n_of_m_bad_samples() {
        // One bad sample does not start an impact; three of five do.
        let bad = |n: i64| matches!(n, 5 | 20 | 22 | 24 | 26 | 27).then_some(50.0);
        let samples = samples(40, bad);
        let settings = Settings::default();
        let of = |anchor: Option<i64>| {
            beyond(&samples, above(40.0), anchor.map(minute), minute(0), settings)
        };
        let found = of(None).unwrap();
        assert_eq!(
            found.runs,
            [Run {
                last_good: Some(minute(19)),
                first_bad: minute(20),
                recovery: Some((minute(27), minute(28)))
            }]
        );
        assert_eq!(of(Some(30)).unwrap().runs[0].first_bad, minute(20));
        assert_eq!(of(Some(10)), None, "the alert was before it");
        assert_eq!(beyond(&samples, above(50.0), None, minute(0), settings), None);
        let inclusive = Limit { is_inclusive: true, ..above(50.0) };
        assert!(beyond(&samples, inclusive, None, minute(0), settings).is_some());
    }

    #[test]
    fn run_nearest_the_alert_is_chosen() {
        let bad = |n: i64| ((100..110).contains(&n) || (400..500).contains(&n)).then_some(50.0);
        let samples = samples(600, bad);
        let found =
            beyond(&samples, above(40.0), Some(minute(450)), minute(450), Settings::default());
        assert_eq!(found.unwrap().runs[0].first_bad, minute(400));
        let found = beyond(&samples, above(40.0), None, minute(0), Settings::default());
        assert_eq!(found.unwrap().runs[0].first_bad, minute(100));
    }
}
