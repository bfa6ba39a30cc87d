//! Durations as people write them: `5 hours and 16 minutes`, `just over 2 hours`, `4h 9m`.
//!
//! A phrase claims a range and not a number: "5 hours and 16 minutes" is anything that rounds or
//! cuts off to that, "just over 2 hours" is 2 hours and somewhat more.

use chrono::TimeDelta;

use super::duration_name::DurationName;
use super::phases::Duration;
use crate::model::Incident;
use crate::model::claims::ClaimName;
use crate::model::elapsed::Elapsed;
use crate::model::time::Precision;

/// What a phrase claims a duration to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The least that the phrase allows.
    pub least: TimeDelta,
    /// The most that it allows; `None` where it sets no bound (`more than 2 hours`).
    pub most: Option<TimeDelta>,
}

/// A published duration of an incident, compared with the computed ones of the same kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedClaim {
    /// Which it is.
    pub name: ClaimName,
    /// As it was published.
    pub text: String,
    /// What the comparison says.
    pub verdict: ClaimVerdict,
}

/// Whether a published duration agrees with a computed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimVerdict {
    /// It agrees with this one.
    Agrees(DurationName, Elapsed),
    /// It agrees with none of these.
    Differs(Vec<(DurationName, Elapsed)>),
    /// No duration of that kind can be computed.
    NothingComputed,
    /// The text is not a duration that can be read with certainty.
    Unreadable,
}

/// The published durations of `incident`, each compared with those of `durations` that measure the same.
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

/// How a phrase bends its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bend {
    /// The number itself, rounded or cut off at its smallest unit.
    Plain,
    /// About so much.
    About,
    /// A little more.
    JustOver,
    /// More, and nobody says how much.
    Over,
    /// A little less.
    Nearly,
    /// At most so much.
    UpTo,
}

/// Words that bend the number after them. Longer ones stand before those that they contain.
const BENDS: [(&str, Bend); 31] = [
    ("just over", Bend::JustOver),
    ("slightly over", Bend::JustOver),
    ("slightly more than", Bend::JustOver),
    ("a little over", Bend::JustOver),
    ("a little more than", Bend::JustOver),
    ("a bit over", Bend::JustOver),
    ("just under", Bend::Nearly),
    ("slightly under", Bend::Nearly),
    ("slightly less than", Bend::Nearly),
    ("a little under", Bend::Nearly),
    ("just shy of", Bend::Nearly),
    ("nearly", Bend::Nearly),
    ("almost", Bend::Nearly),
    ("close to", Bend::About),
    ("up to", Bend::UpTo),
    ("at most", Bend::UpTo),
    ("less than", Bend::UpTo),
    ("no more than", Bend::UpTo),
    ("under", Bend::UpTo),
    ("more than", Bend::Over),
    ("at least", Bend::Over),
    ("longer than", Bend::Over),
    ("over", Bend::Over),
    ("approximately", Bend::About),
    ("approx.", Bend::About),
    ("approx", Bend::About),
    ("roughly", Bend::About),
    ("around", Bend::About),
    ("about", Bend::About),
    ("circa", Bend::About),
    ("some ", Bend::About),
];

const NUMBERS: [(&str, f64); 29] = [
    ("half", 0.5),
    ("quarter", 0.25),
    ("a", 1.0),
    ("an", 1.0),
    ("one", 1.0),
    ("two", 2.0),
    ("couple", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("thirteen", 13.0),
    ("fourteen", 14.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("seventeen", 17.0),
    ("eighteen", 18.0),
    ("nineteen", 19.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("ninety", 90.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
];

/// The durations that a published figure may mean. Writers rarely say which they mean by "duration".
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

/// The share of a length that "about", "just over" and "nearly" leave open.
const SLACK: i32 = 4;

impl Claim {
    /// Reads a phrase; `None` when it is not a duration that can be told apart with certainty.
    pub fn parse(phrase: &str) -> Option<Self> {
        let text = without_notes(phrase).trim().trim_end_matches(['.', '!']).to_lowercase();
        let (bend, text) = bend(&text);
        let text = text.strip_prefix("for ").unwrap_or(text).trim();
        let joined = without_hyphens(text);
        let text = joined.as_str();
        for dash in ["–", "—", " to ", "-"] {
            if let Some((low, high)) = text.split_once(dash) {
                return Self::range(low, high, bend);
            }
        }
        let (value, unit) = amount(text)?;
        let slack = (value / SLACK).max(grain(unit));
        Some(match bend {
            Bend::Plain => Claim::around(value, unit),
            Bend::About => {
                Claim { least: (value - slack).max(TimeDelta::zero()), most: Some(value + slack) }
            }
            Bend::JustOver => Claim { least: value, most: Some(value + slack) },
            Bend::Nearly => {
                Claim { least: (value - slack).max(TimeDelta::zero()), most: Some(value) }
            }
            Bend::Over => Claim { least: value, most: None },
            Bend::UpTo => Claim { least: TimeDelta::zero(), most: Some(value) },
        })
    }

    /// The lengths that are called `value`.
    fn around(value: TimeDelta, unit: TimeDelta) -> Self {
        let grain = grain(unit);
        Claim { least: value - grain.min(value / 2), most: Some(value + grain) }
    }

    /// `30–40 minutes`, `an hour to 90 minutes`: a missing unit is that of the other end.
    fn range(low: &str, high: &str, bend: Bend) -> Option<Self> {
        let (high_value, unit) = amount(high.trim())?;
        let unit_word = high.trim().trim_start_matches(|c: char| !c.is_alphabetic());
        let low_value =
            amount(low.trim()).or_else(|| amount(&format!("{} {unit_word}", low.trim())))?.0;
        let slack = match bend {
            Bend::Plain => grain(unit),
            _ => (high_value / SLACK).max(grain(unit)),
        };
        (low_value <= high_value).then(|| Claim {
            least: (low_value - slack).max(TimeDelta::zero()),
            most: (bend != Bend::Over).then_some(high_value + slack),
        })
    }

    /// Whether `elapsed` can be what the phrase claims.
    pub fn allows(&self, elapsed: &Elapsed) -> bool {
        let grain = match elapsed.precision {
            Precision::Day | Precision::Subsecond => TimeDelta::zero(),
            Precision::Minute => TimeDelta::minutes(1),
            Precision::Second => TimeDelta::seconds(1),
        };
        // "About" on our side is as vague as it is on theirs.
        let vague = if elapsed.about { elapsed.middle() / SLACK } else { TimeDelta::zero() };
        let (least, most) = (elapsed.min - grain - vague, elapsed.max + grain + vague);
        most >= self.least && self.most.is_none_or(|bound| least <= bound)
    }

    /// How far a length is from what the phrase allows; nothing where it allows it.
    pub fn distance(&self, elapsed: &Elapsed) -> TimeDelta {
        let (short, long) = (self.least - elapsed.max, self.most.map(|most| elapsed.min - most));
        short.max(long.unwrap_or(TimeDelta::zero())).max(TimeDelta::zero())
    }
}

/// How far a length may be from a number in `unit`: half of it, since "an hour" is never 5 minutes or 2 hours.
fn grain(unit: TimeDelta) -> TimeDelta {
    unit / 2
}

/// The phrase without the mark of a footnote and what explains it: `279 minutes[^1]`, `2 h (all regions)`.
fn without_notes(phrase: &str) -> &str {
    let end = phrase.find(['[', '(', '*', '†', '‡', '¹', '²', '³']).unwrap_or(phrase.len());
    &phrase[..end]
}

/// `34-minute` and `forty-five` without their hyphens, which part the ends of a range elsewhere.
fn without_hyphens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split('-').enumerate() {
        let word = part.split_whitespace().next().unwrap_or_default();
        let before = out.split_whitespace().next_back().unwrap_or_default();
        let is_tens = number(before).is_some_and(|number| number >= 20.0)
            && !before.starts_with(|c: char| c.is_ascii_digit());
        let is_one = unit(word).is_some() || is_tens && number(word).is_some();
        out.push_str(if at == 0 {
            ""
        } else if is_one {
            " "
        } else {
            "-"
        });
        out.push_str(part);
    }
    out
}

/// Words behind a length that are none of it: `34-minute outage`, `2 hours in total`.
const BEHIND: [&str; 9] =
    ["outage", "outages", "downtime", "disruption", "incident", "in", "total", "long", "overall"];

fn bend(text: &str) -> (Bend, &str) {
    if let Some(rest) = text.strip_prefix(['~', '≈']) {
        return (Bend::About, rest);
    }
    if let Some(rest) = text.strip_prefix(['<', '≤']) {
        return (Bend::UpTo, rest.trim_start_matches('='));
    }
    if let Some(rest) = text.strip_prefix(['>', '≥']) {
        return (Bend::Over, rest.trim_start_matches('='));
    }
    BENDS
        .iter()
        .find_map(|&(word, bend)| Some((bend, text.strip_prefix(word)?)))
        .unwrap_or((Bend::Plain, text))
}

/// The length that `text` names in full, and its smallest unit.
fn amount(text: &str) -> Option<(TimeDelta, TimeDelta)> {
    let spaced = spaced(text);
    let mut words = spaced
        .split_whitespace()
        .filter(|word| !matches!(*word, "and" | "of" | ","))
        .collect::<Vec<_>>();
    while words.len() > 2 && words.last().is_some_and(|word| BEHIND.contains(word)) {
        words.pop();
    }
    let mut words = words.into_iter().peekable();
    let (mut seconds, mut smallest) = (0.0, f64::INFINITY);
    let (mut last_unit, mut any) = (None, false);
    while let Some(word) = words.next() {
        let mut number = number(word)?;
        // "half an hour", "a couple of minutes": the article is no second number.
        while let Some(next) = words.peek().and_then(|next| self::number(next)) {
            number = match next {
                1.0 if number < 20.0 => number,
                // "twenty five minutes"
                1.0..10.0 if number >= 20.0 && number % 10.0 == 0.0 => number + next,
                _ => number * next,
            };
            words.next();
        }
        let unit = match words.next() {
            Some(word) => unit(word)?,
            // "an hour and a half": the unit is the one before.
            None if number < 1.0 => last_unit?,
            None => return None,
        };
        seconds += number * unit;
        // A fraction is meant to be exact to its own last digit: half of a unit will do.
        smallest = f64::min(smallest, if number.fract() == 0.0 { unit } else { unit / 4.0 });
        (last_unit, any) = (Some(unit), true);
    }
    let delta = |seconds: f64| TimeDelta::try_milliseconds((seconds * 1000.0).round() as i64);
    (any && seconds < 1e10).then(|| Some((delta(seconds)?, delta(smallest)?)))?
}

/// `4h 9m` → `4 h 9 m`; a comma between words goes.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before: Option<char> = None;
    for letter in text.chars() {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        if let Some(before) = before
            && (is_number(before) != is_number(letter))
            && !before.is_whitespace()
            && !letter.is_whitespace()
        {
            out.push(' ');
        }
        out.push(if letter == ',' { ' ' } else { letter });
        before = Some(letter);
    }
    out
}

fn number(word: &str) -> Option<f64> {
    let written = NUMBERS.iter().find(|(name, _)| *name == word).map(|&(_, value)| value);
    written.or_else(|| {
        word.starts_with(|c: char| c.is_ascii_digit())
            .then(|| word.parse::<f64>().ok())?
            .filter(|n| n.is_finite())
    })
}

/// The seconds in a unit.
fn unit(word: &str) -> Option<f64> {
    match word.trim_end_matches('.') {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600.0),
        "d" | "day" | "days" => Some(86_400.0),
        "week" | "weeks" => Some(604_800.0),
        _ => None,
    }
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
    fn a_plain_claim_is_held_to_its_own_precision() {
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
        assert!(allows("just over an hour", 80, 0) && !allows("just over an hour", 100, 0));
        assert!(allows("nearly an hour", 50, 0) && !allows("nearly an hour", 20, 0));
        assert!(allows("1 to 2 hours", 40, 0) && !allows("about 1 to 2 hours", 20, 0));
        assert!(
            allows("1 minute", 0, 40) && !allows("a minute", 1, 50) && !allows("10 minutes", 2, 0)
        );
        assert!(allows("1 minute 30 seconds", 1, 30) && !allows("1 minute 30 seconds", 1, 40));
    }

    #[test]
    fn hyphens_footnotes_and_numbers_in_words() {
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
    fn words_bend_the_number() {
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
    fn numbers_in_words_halves_and_ranges() {
        assert!(allows("half an hour", 30, 0) && !allows("half an hour", 50, 0));
        assert!(allows("an hour and a half", 90, 0) && !allows("an hour and a half", 60, 0));
        assert!(allows("2.5 hours", 150, 0) && !allows("2.5 hours", 120, 0));
        assert!(allows("30–40 minutes", 35, 0) && !allows("30–40 minutes", 50, 0));
        assert!(allows("5-10 minutes", 8, 0) && !allows("5-10 minutes", 12, 0));
    }

    #[test]
    fn what_is_no_duration_is_not_guessed() {
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
    fn our_own_uncertainty_counts_for_the_claim() {
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
