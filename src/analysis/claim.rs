//! Compares published durations with the computed ones: `5 hours and 16 minutes`, `just over 2
//! hours`, `4h 9m`.
//!
//! A phrase claims a range rather than a number: "5 hours and 16 minutes" is anything that is
//! rounded or truncated to that, and "just over 2 hours" is 2 hours or somewhat more.

use chrono::TimeDelta;

use super::duration_name::DurationName;
use super::phases::Duration;
use crate::model::Incident;
use crate::model::claims::ClaimName;
use crate::model::elapsed::Elapsed;
use crate::model::time::Precision;
use crate::model::written_length::{Qualifier, WrittenLength};

/// The range of durations that a phrase claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The minimum that the phrase allows.
    pub least: TimeDelta,
    /// The maximum that it allows; `None` if it has no upper bound (`more than 2 hours`).
    pub most: Option<TimeDelta>,
}

/// A published duration of an incident, compared with the computed ones of the same kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedClaim {
    /// The kind of duration.
    pub name: ClaimName,
    /// The text as published.
    pub text: String,
    /// The result of the comparison.
    pub verdict: ClaimVerdict,
}

/// Whether a published duration agrees with a computed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimVerdict {
    /// It agrees with this duration.
    Agrees(DurationName, Elapsed),
    /// It agrees with none of these durations.
    Differs(Vec<(DurationName, Elapsed)>),
    /// No duration of that kind can be computed.
    NothingComputed,
    /// The text is not certainly a duration.
    Unreadable,
}

/// The published durations of `incident`, each compared with those of `durations` that measure the
/// same thing.
pub fn compare(incident: &Incident, durations: &[Duration]) -> Vec<ComparedClaim> {
    let verdict = |name: ClaimName, text: &str| {
        let Some(claim) = Claim::parse(text) else { return ClaimVerdict::Unreadable };
        let fitting = measured_by(name);
        let computed: Vec<(DurationName, Elapsed)> = durations
            .iter()
            .filter(|duration| fitting.contains(&duration.name))
            .filter_map(|duration| Some((duration.name, *duration.value.as_ref().ok()?)))
            .collect();
        match computed.iter().find(|(_, length)| claim.allows(length)) {
            _ if computed.is_empty() => ClaimVerdict::NothingComputed,
            Some((name, length)) => ClaimVerdict::Agrees(*name, *length),
            None => ClaimVerdict::Differs(computed),
        }
    };
    let published = incident.claims.published();
    published
        .map(|(name, text)| ComparedClaim {
            name,
            text: text.to_owned(),
            verdict: verdict(name, text),
        })
        .collect()
}

/// The durations that a published figure may mean. Writers rarely say which one they mean by
/// "duration".
pub fn measured_by(claim: ClaimName) -> &'static [DurationName] {
    match claim {
        ClaimName::Duration => &[
            DurationName::Restore,
            DurationName::Ttr,
            DurationName::Reported,
            DurationName::Impact,
        ],
        ClaimName::Ttd => &[DurationName::Ttd],
        ClaimName::Tta => &[DurationName::Tta],
        ClaimName::Ttm => &[DurationName::Ttm],
        ClaimName::Ttr => &[DurationName::Ttr],
        ClaimName::Repair => &[DurationName::Repair],
    }
}

/// The reciprocal of the share of a length that "about", "just over" and "nearly" leave open.
const SLACK: i32 = 4;

impl Claim {
    /// Parses a phrase; `None` if it is not certainly a duration.
    pub fn parse(phrase: &str) -> Option<Self> {
        let WrittenLength { qualifier, low, high: value, unit } = WrittenLength::parse(phrase)?;
        if low != value {
            return Some(Self::range(low, value, unit, qualifier));
        }
        let slack = (value / SLACK).max(grain(unit));
        Some(match qualifier {
            Qualifier::Plain => Claim::around(value, unit),
            Qualifier::About => {
                Claim { least: (value - slack).max(TimeDelta::zero()), most: Some(value + slack) }
            }
            Qualifier::JustOver => Claim { least: value, most: Some(value + slack) },
            Qualifier::Nearly => {
                Claim { least: (value - slack).max(TimeDelta::zero()), most: Some(value) }
            }
            Qualifier::Over => Claim { least: value, most: None },
            Qualifier::UpTo => Claim { least: TimeDelta::zero(), most: Some(value) },
        })
    }

    /// The lengths that round or truncate to `value`.
    fn around(value: TimeDelta, unit: TimeDelta) -> Self {
        let grain = grain(unit);
        Claim { least: value - grain.min(value / 2), most: Some(value + grain) }
    }

    /// The lengths that a phrase such as `30–40 minutes` covers.
    fn range(low: TimeDelta, high: TimeDelta, unit: TimeDelta, qualifier: Qualifier) -> Self {
        let slack = match qualifier {
            Qualifier::Plain => grain(unit),
            _ => (high / SLACK).max(grain(unit)),
        };
        Claim {
            least: (low - slack).max(TimeDelta::zero()),
            most: (qualifier != Qualifier::Over).then_some(high + slack),
        }
    }

    /// Whether `elapsed` can be what the phrase claims.
    pub fn allows(&self, elapsed: &Elapsed) -> bool {
        let grain = match elapsed.precision {
            Precision::Day | Precision::Subsecond => TimeDelta::zero(),
            Precision::Minute => TimeDelta::minutes(1),
            Precision::Second => TimeDelta::seconds(1),
        };
        // "About" in our value is as vague as in theirs.
        let vague = if elapsed.about { elapsed.middle() / SLACK } else { TimeDelta::zero() };
        let (least, most) = (elapsed.min - grain - vague, elapsed.max + grain + vague);
        most >= self.least && self.most.is_none_or(|bound| least <= bound)
    }

    /// How far a length is outside the claimed range; zero if it is inside.
    pub fn distance(&self, elapsed: &Elapsed) -> TimeDelta {
        let (short, long) = (self.least - elapsed.max, self.most.map(|most| elapsed.min - most));
        short.max(long.unwrap_or(TimeDelta::zero())).max(TimeDelta::zero())
    }
}

/// How far a length may be from a number in `unit`: half a unit, since "an hour" is never 5 minutes
/// or 2 hours.
fn grain(unit: TimeDelta) -> TimeDelta {
    unit / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(phrase: &str) -> Claim {
        Claim::parse(phrase).unwrap_or_else(|| panic!("`{phrase}` is a duration"))
    }

    fn allows(phrase: &str, minutes: i64, seconds: i64) -> bool {
        claim(phrase)
            .allows(&Elapsed::exactly(TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds)))
    }

    #[test]
    fn claim_is_compared_at_its_own_precision() {
        assert!(allows("5 hours and 16 minutes", 316, 27), "cut off");
        assert!(allows("5 hours, 17 minutes", 316, 40), "rounded up");
        assert!(!allows("5 hours and 20 minutes", 316, 27));
        assert!(allows("4h 9m", 249, 30) && allows("4h9m", 249, 30) && !allows("4h 9m", 255, 0));
        assert!(
            allows("2 hours", 150, 0) && !allows("2 hours", 160, 0) && !allows("2 hours", 80, 0)
        );
        assert!(allows("1 hour", 45, 0) && !allows("1 hour", 5, 0));
        assert!(
            allows("1 day", 20 * 60, 0) && !allows("1 day", 30, 0) && !allows("a day", 38 * 60, 0)
        );
        for phrase in ["1 hour", "an hour", "one hour", "about an hour", "roughly 1h", "~1 hour"] {
            assert!(allows(phrase, 31, 0) && allows(phrase, 89, 0), "{phrase}");
            assert!(
                !allows(phrase, 5, 0) && !allows(phrase, 28, 0) && !allows(phrase, 92, 0),
                "{phrase}"
            );
        }
        assert!(allows("two and a half hours", 150, 0) && !allows("two and a half hours", 60, 0));
        assert!(allows("an hour and a half", 90, 0) && !allows("an hour and a quarter", 30, 0));
        assert!(allows("just over an hour", 80, 0) && !allows("just over an hour", 100, 0));
        assert!(allows("nearly an hour", 50, 0) && !allows("nearly an hour", 20, 0));
        assert!(allows("1 to 2 hours", 40, 0) && !allows("about 1 to 2 hours", 20, 0));
        assert!(
            allows("1 minute", 0, 40) && !allows("a minute", 1, 50) && !allows("10 minutes", 2, 0)
        );
        assert!(allows("1 minute 30 seconds", 1, 30) && !allows("1 minute 30 seconds", 1, 40));
    }

    #[test]
    fn claims_with_hyphens_footnotes_and_number_words_are_parsed() {
        for (phrase, minutes) in [
            ("34-minute", 34),
            ("34-minute outage", 34),
            ("two hours and six minutes", 126),
            ("2 days 1 h", 49 * 60),
            ("279 minutes[^1]", 279),
            ("279 minutes [1]", 279),
            ("2 h (all regions)", 120),
            ("forty-five minutes", 45),
            ("twenty five minutes", 25),
            ("a couple of hours", 120),
            ("1 hour and 46 minutes in total", 106),
        ] {
            assert!(allows(phrase, minutes, 0), "{phrase}");
            assert!(!allows(phrase, minutes * 2, 0), "{phrase}");
        }
        assert!(allows("34 minutes", 34, 29) && !allows("34 minutes", 34, 40));
        assert!(allows("30-40 minutes", 35, 0) && !allows("30-40 minutes", 45, 0));
    }

    #[test]
    fn qualifiers_widen_the_accepted_range() {
        assert!(allows("just over 2 hours", 134, 0) && !allows("just over 2 hours", 115, 0));
        assert!(!allows("just over 2 hours", 200, 0));
        assert!(
            allows("approximately 20 minutes", 24, 0) && !allows("approximately 20 minutes", 31, 0)
        );
        assert!(allows("nearly three hours", 170, 0) && !allows("nearly three hours", 190, 0));
        assert!(allows("up to 40 minutes", 5, 0) && !allows("up to 40 minutes", 45, 0));
        assert!(allows("more than an hour", 600, 0) && !allows("more than an hour", 50, 0));
        assert!(allows("~40 min", 35, 0) && !allows("~40 min", 60, 0));
        assert!(allows("<5 min", 2, 0) && !allows("<5 min", 9, 0));
    }

    #[test]
    fn number_words_halves_and_ranges_are_parsed() {
        assert!(allows("half an hour", 30, 0) && !allows("half an hour", 50, 0));
        assert!(allows("an hour and a half", 90, 0) && !allows("an hour and a half", 60, 0));
        assert!(allows("2.5 hours", 150, 0) && !allows("2.5 hours", 120, 0));
        assert!(allows("30–40 minutes", 35, 0) && !allows("30–40 minutes", 50, 0));
        assert!(allows("5-10 minutes", 8, 0) && !allows("5-10 minutes", 12, 0));
    }

    #[test]
    fn unparseable_claims_give_none() {
        for phrase in [
            "",
            "a while",
            "12",
            "most of the day",
            "hours",
            "5 parsecs",
            "until noon",
            "1e400 hours",
        ] {
            assert_eq!(Claim::parse(phrase), None, "{phrase}");
        }
    }

    #[test]
    fn computed_uncertainty_widens_the_accepted_range() {
        let about = Elapsed::between(
            "~2026-03-17T14:00Z".parse().unwrap(),
            "2026-03-17T14:24Z".parse().unwrap(),
        );
        assert!(claim("20 minutes").allows(&about));
        let interval = Elapsed::between(
            "2026-03-17T14:00Z..2026-03-17T15:00Z".parse().unwrap(),
            "2026-03-17T16:00Z".parse().unwrap(),
        );
        assert!(
            claim("90 minutes").allows(&interval) && !claim("3 hours 30 minutes").allows(&interval)
        );
    }
}
