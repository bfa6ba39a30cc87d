//! Lengths of time on a logarithmic axis, from left to right: most incidents are short and a few
//! are long.

/// A length for the axis: a second, the shortest one that is shown, to some years.
const TICKS: [(f64, &str); 12] = [
    (1.0, "1 s"),
    (10.0, "10 s"),
    (60.0, "1 min"),
    (600.0, "10 min"),
    (3600.0, "1 h"),
    (21_600.0, "6 h"),
    (86_400.0, "1 d"),
    (604_800.0, "7 d"),
    (2_592_000.0, "30 d"),
    (15_552_000.0, "180 d"),
    (63_072_000.0, "2 y"),
    (630_720_000.0, "20 y"),
];

/// A logarithmic axis between two positions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogAxis {
    low: f64,
    high: f64,
    left: f32,
    right: f32,
}

impl LogAxis {
    /// An axis with a tick at or beyond each end of `seconds`. `None` without any length.
    pub(crate) fn new(seconds: impl Iterator<Item = f64>, left: f32, right: f32) -> Option<Self> {
        let (least, most) = seconds
            .filter(|length| length.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), length| {
                (least.min(length), most.max(length))
            });
        if least > most {
            return None;
        }
        let [first, .., last] = TICKS;
        let ticks = || TICKS.iter().map(|(tick, _)| *tick);
        let low = ticks().rev().skip(1).find(|tick| *tick <= least).unwrap_or(first.0);
        let high = ticks().find(|tick| *tick >= most && *tick > low).unwrap_or(last.0);
        Some(LogAxis { low, high, left, right })
    }

    /// Where `seconds` is; what is beyond an end is at it.
    pub(crate) fn x(&self, seconds: f64) -> f32 {
        let share =
            (seconds.clamp(self.low, self.high) / self.low).ln() / (self.high / self.low).ln();
        self.left + (self.right - self.left) * share as f32
    }

    /// The ticks with their labels.
    pub(crate) fn ticks(&self) -> impl Iterator<Item = (f32, &'static str)> {
        let is_within = |tick: &&(f64, &str)| (self.low..=self.high).contains(&tick.0);
        TICKS.iter().filter(is_within).map(|(seconds, label)| (self.x(*seconds), *label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(seconds: &[f64]) -> String {
        match LogAxis::new(seconds.iter().copied(), 0.0, 100.0) {
            Some(axis) => {
                let ticks = axis.ticks().map(|(x, label)| format!("{label} {x:.0}"));
                ticks.collect::<Vec<_>>().join(", ")
            }
            None => String::new(),
        }
    }

    #[test]
    fn axis_begins_and_ends_at_a_tick() {
        assert_eq!(ticks(&[700.0, 90_000.0]), "10 min 0, 1 h 26, 6 h 52, 1 d 72, 7 d 100");
        assert_eq!(ticks(&[3600.0]), "1 h 0, 6 h 100");
        assert_eq!(ticks(&[0.0, 5.0]), "1 s 0, 10 s 100");
        assert_eq!(ticks(&[]), "");
        assert!(ticks(&[1e12]).ends_with("20 y 100"));
    }
}
