//! Axes: round ticks in the time of a zone, and round numbers.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use crate::model::zone::Zone;

/// Time from left to right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeAxis {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    left: f32,
    right: f32,
    zone: Zone,
}

/// A tick of a time axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimeTick {
    /// The position in pixels.
    pub x: f32,
    /// The local time, or the date if ticks are days apart.
    pub label: String,
    /// The date, at the first tick and where it changes.
    pub date: Option<String>,
}

/// Round distances between ticks, in seconds.
const STEPS: &[i64] = &[
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
];
const DAY: i64 = 86_400;

impl TimeAxis {
    /// An axis for `from` to `to` between two pixels; the span is widened to at least a second.
    pub(crate) fn new(
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        left: f32,
        right: f32,
        zone: Zone,
    ) -> Self {
        TimeAxis { from, to: to.max(from + TimeDelta::seconds(1)), left, right, zone }
    }

    /// The position of `instant`, clamped to the axis.
    pub(crate) fn x(&self, instant: DateTime<Utc>) -> f32 {
        let seconds = |delta: TimeDelta| delta.num_milliseconds() as f64 / 1000.0;
        let share = seconds(instant - self.from) / seconds(self.to - self.from);
        self.left + (self.right - self.left) * share.clamp(0.0, 1.0) as f32
    }

    /// At most `most` round ticks.
    pub(crate) fn ticks(&self, most: usize) -> Vec<TimeTick> {
        let span = (self.to - self.from).num_seconds().max(1);
        let wanted = most.max(1) as i64;
        let longest = STEPS.last().copied().unwrap_or(DAY);
        let step = STEPS
            .iter()
            .copied()
            .find(|step| span / step < wanted)
            .unwrap_or(longest * (span / longest / wanted + 1));
        let mut local = floor(self.zone.local(self.from).naive_local(), step);
        let mut ticks: Vec<TimeTick> = Vec::new();
        let mut date = None;
        // The clock may skip or repeat an hour in between, so each tick is computed separately.
        while ticks.len() <= most {
            let Some(instant) = instant(self.zone, local) else { break };
            if instant > self.to {
                break;
            }
            if instant >= self.from {
                let day = local.date();
                let shown = (date != Some(day)).then(|| day.format("%-d %b %Y").to_string());
                date = Some(day);
                ticks.push(tick(self.x(instant), local, step, shown));
            }
            let Some(next) =
                TimeDelta::try_seconds(step).and_then(|step| local.checked_add_signed(step))
            else {
                break;
            };
            local = next;
        }
        ticks
    }
}

fn tick(x: f32, local: NaiveDateTime, step: i64, date: Option<String>) -> TimeTick {
    if step >= DAY {
        return TimeTick { x, label: local.format("%-d %b").to_string(), date: None };
    }
    let pattern = if step < 60 { "%H:%M:%S" } else { "%H:%M" };
    TimeTick { x, label: local.format(pattern).to_string(), date }
}

fn floor(local: NaiveDateTime, step: i64) -> NaiveDateTime {
    let midnight = local.date().and_time(NaiveTime::MIN);
    if step >= DAY {
        return midnight;
    }
    let seconds = (local - midnight).num_seconds();
    midnight + TimeDelta::seconds(seconds - seconds % step)
}

fn instant(zone: Zone, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    match zone.instant(local) {
        Ok(instant) => Some(instant),
        Err(twice_or_never) => Some(twice_or_never.readings[0].to_utc()),
    }
}

/// A vertical axis with round numbers at both ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ValueAxis {
    low: f64,
    step: f64,
    count: usize,
    top: f32,
    bottom: f32,
}

impl ValueAxis {
    /// An axis that includes `low` to `high`, both finite, between two pixels. It starts at zero if
    /// that costs little space, since a line that starts elsewhere exaggerates.
    pub(crate) fn new(low: f64, high: f64, top: f32, bottom: f32) -> Self {
        let low = if low > 0.0 && (low < high * 0.6 || low == high) { 0.0 } else { low };
        let high = if high < 0.0 && (high > low * 0.6 || low == high) { 0.0 } else { high };
        let (low, high) = if low == high { (low - 0.5, high + 0.5) } else { (low, high) };
        // Halving the values avoids an overflow of the range.
        let step = round_step((high / 4.0 - low / 4.0).max(f64::MIN_POSITIVE));
        let first = (low / step).floor() * step;
        let count = (((high - first) / step).ceil().max(1.0) as usize).min(12);
        ValueAxis { low: first, step, count, top, bottom }
    }

    /// An axis for counts from zero to `most`: its ticks are whole numbers.
    pub(crate) fn of_counts(most: f64, top: f32, bottom: f32) -> Self {
        let step = round_step(most / 4.0).max(1.0);
        let count = ((most / step).ceil().max(1.0) as usize).min(12);
        ValueAxis { low: 0.0, step, count, top, bottom }
    }

    /// The position of `value`.
    pub(crate) fn y(&self, value: f64) -> f32 {
        let share = ((value - self.low) / (self.step * self.count as f64)).clamp(0.0, 1.0);
        let share = if share.is_finite() { share as f32 } else { 0.0 };
        self.bottom - (self.bottom - self.top) * share
    }

    /// The round numbers with their positions, from the bottom.
    pub(crate) fn ticks(&self) -> Vec<(f32, String)> {
        let decimals = (-self.step.log10().floor()).clamp(0.0, 6.0) as usize;
        (0..=self.count)
            .map(|index| {
                let value = self.low + self.step * index as f64;
                (
                    self.y(value),
                    if self.step >= 1000.0 || self.step < 1e-6 {
                        short(value)
                    } else {
                        format!("{value:.decimals$}")
                    },
                )
            })
            .collect()
    }
}

/// 1, 2 or 5 times a power of ten, at least `raw`.
fn round_step(raw: f64) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= raw * 0.999);
    step.filter(|step| step.is_normal()).unwrap_or(f64::MIN_POSITIVE)
}

/// A number in few characters: `0.25`, `420`, `12.4k`, `3.1M`.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    let (scale, suffix) = match size {
        _ if value == f64::INFINITY => return "∞".to_owned(),
        _ if value == f64::NEG_INFINITY => return "−∞".to_owned(),
        _ if size >= 1e15 => return format!("{value:.1e}"),
        _ if size >= 1e12 => (1e12, "T"),
        _ if size >= 1e9 => (1e9, "G"),
        _ if size >= 1e6 => (1e6, "M"),
        _ if size >= 1e4 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let scaled = value / scale;
    let decimals = match scaled.abs() {
        s if s >= 100.0 => 0,
        s if s >= 10.0 => 1,
        s if s >= 1.0 || s == 0.0 => 2,
        s if s >= 0.001 => 4,
        _ => return format!("{value:.1e}"),
    };
    let text = format!("{scaled:.decimals$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: &str, to: &str, zone: &str) -> Vec<String> {
        let axis = TimeAxis::new(
            from.parse().unwrap(),
            to.parse().unwrap(),
            0.0,
            700.0,
            zone.parse().unwrap(),
        );
        axis.ticks(7)
            .into_iter()
            .map(|tick| {
                tick.date.map_or(tick.label.clone(), |date| format!("{} {date}", tick.label))
            })
            .collect()
    }

    #[test]
    fn ticks_are_round_local_times() {
        assert_eq!(
            labels("2026-03-17T13:58:00Z", "2026-03-17T19:30:32Z", "Asia/Kolkata"),
            ["20:00 17 Mar 2026", "21:00", "22:00", "23:00", "00:00 18 Mar 2026", "01:00"]
        );
        assert_eq!(
            labels("2026-03-17T14:00:00Z", "2026-03-17T14:00:40Z", "UTC"),
            ["14:00:00 17 Mar 2026", "14:00:10", "14:00:20", "14:00:30", "14:00:40"]
        );
        assert_eq!(
            labels("2026-03-17T14:00:00Z", "2026-03-21T14:00:00Z", "UTC"),
            ["18 Mar", "19 Mar", "20 Mar", "21 Mar"]
        );
    }

    #[test]
    fn ticks_stay_round_across_a_clock_change() {
        let over_spring = labels("2026-03-28T22:00:00Z", "2026-03-29T08:00:00Z", "Europe/Berlin");
        assert!(over_spring.iter().all(|label| label.contains(":00")), "{over_spring:?}");
    }

    #[test]
    fn axis_numbers_are_short() {
        let written: Vec<String> =
            [0.0, 0.25, 1.0, 12.0, 420.0, 9999.0, 12_400.0, 3.1e6, -5e9, 1e20, 1e-9]
                .map(short)
                .into();
        assert_eq!(
            written,
            ["0", "0.25", "1", "12", "420", "9999", "12.4k", "3.1M", "-5G", "1.0e20", "1.0e-9"]
        );
    }

    #[test]
    fn value_axes_contain_their_values() {
        for (low, high) in [
            (0.0, 0.0),
            (12.0, 480.0),
            (-3.0, 7.5),
            (99.5, 99.99),
            (1e-12, 2e-12),
            (f64::MIN, f64::MAX),
            (5.0, 5.0),
        ] {
            let axis = ValueAxis::new(low, high, 10.0, 110.0);
            for value in [low, high] {
                assert!((10.0..=110.0).contains(&axis.y(value)), "{low}..{high}");
            }
            assert!(axis.y(high) <= axis.y(low));
            assert!((2..=13).contains(&axis.ticks().len()));
        }
        let labels: Vec<String> = ValueAxis::new(12.0, 480.0, 0.0, 100.0)
            .ticks()
            .into_iter()
            .map(|(_, label)| label)
            .collect();
        assert_eq!(labels, ["0", "200", "400", "600"]);
    }
}
