//! Lengths of time as people write them: `5 hours and 16 minutes`, `just over 2 hours`, `4h 9m`.

use chrono::TimeDelta;

/// How a phrase qualifies its number: "about", "at most".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Qualifier {
    /// The number itself, rounded or truncated at its smallest unit.
    Plain,
    /// About so much.
    About,
    /// A little more.
    JustOver,
    /// More, by an unknown amount.
    Over,
    /// A little less.
    Nearly,
    /// At most this much.
    UpTo,
}

/// A length as a phrase states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrittenLength {
    /// How the phrase qualifies the length.
    pub qualifier: Qualifier,
    /// The lower end of a range; else the length.
    pub low: TimeDelta,
    /// The upper end of a range; else the length.
    pub high: TimeDelta,
    /// The smallest unit that the phrase uses.
    pub unit: TimeDelta,
}

impl WrittenLength {
    /// Parses a phrase; `None` if it is not certainly a length.
    pub(crate) fn parse(phrase: &str) -> Option<Self> {
        let text = without_notes(phrase).trim().trim_end_matches(['.', '!']).to_lowercase();
        let (qualifier, text) = qualifier(&text);
        let text = text.strip_prefix("for ").unwrap_or(text).trim();
        let joined = without_hyphens(text);
        let text = joined.as_str();
        for dash in ["–", "—", " to ", "-"] {
            if let Some((low, high)) = text.split_once(dash) {
                return Self::range(low.trim(), high.trim(), qualifier);
            }
        }
        let (length, unit) = amount(text)?;
        Some(WrittenLength { qualifier, low: length, high: length, unit })
    }

    /// `30–40 minutes`, `an hour to 90 minutes`. An end without a unit has the unit of the other
    /// one.
    fn range(low: &str, high: &str, qualifier: Qualifier) -> Option<Self> {
        let (length, unit) = amount(high)?;
        let unit_word = high.trim_start_matches(|c: char| !c.is_alphabetic());
        let low = amount(low).or_else(|| amount(&format!("{low} {unit_word}")))?.0;
        (low <= length).then_some(WrittenLength { qualifier, low, high: length, unit })
    }
}

/// Words that qualify the number after them. A longer phrase comes before those that it contains.
const QUALIFIERS: [(&str, Qualifier); 31] = [
    ("just over", Qualifier::JustOver),
    ("slightly over", Qualifier::JustOver),
    ("slightly more than", Qualifier::JustOver),
    ("a little over", Qualifier::JustOver),
    ("a little more than", Qualifier::JustOver),
    ("a bit over", Qualifier::JustOver),
    ("just under", Qualifier::Nearly),
    ("slightly under", Qualifier::Nearly),
    ("slightly less than", Qualifier::Nearly),
    ("a little under", Qualifier::Nearly),
    ("just shy of", Qualifier::Nearly),
    ("nearly", Qualifier::Nearly),
    ("almost", Qualifier::Nearly),
    ("close to", Qualifier::About),
    ("up to", Qualifier::UpTo),
    ("at most", Qualifier::UpTo),
    ("less than", Qualifier::UpTo),
    ("no more than", Qualifier::UpTo),
    ("under", Qualifier::UpTo),
    ("more than", Qualifier::Over),
    ("at least", Qualifier::Over),
    ("longer than", Qualifier::Over),
    ("over", Qualifier::Over),
    ("approximately", Qualifier::About),
    ("approx.", Qualifier::About),
    ("approx", Qualifier::About),
    ("roughly", Qualifier::About),
    ("around", Qualifier::About),
    ("about", Qualifier::About),
    ("circa", Qualifier::About),
    ("some ", Qualifier::About),
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

/// The phrase without a footnote mark or a remark in brackets: `279 minutes[^1]`, `2 h (all
/// regions)`.
fn without_notes(phrase: &str) -> &str {
    let end = phrase.find(['[', '(', '*', '†', '‡', '¹', '²', '³']).unwrap_or(phrase.len());
    &phrase[..end]
}

/// `34-minute` and `forty-five` without their hyphens, since a hyphen separates the ends of a range
/// elsewhere.
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

/// Words after a length that are not part of it: `34-minute outage`, `2 hours in total`.
const TRAILING: [&str; 9] =
    ["outage", "outages", "downtime", "disruption", "incident", "in", "total", "long", "overall"];

fn qualifier(text: &str) -> (Qualifier, &str) {
    if let Some(rest) = text.strip_prefix(['~', '≈']) {
        return (Qualifier::About, rest);
    }
    if let Some(rest) = text.strip_prefix(['<', '≤']) {
        return (Qualifier::UpTo, rest.trim_start_matches('='));
    }
    if let Some(rest) = text.strip_prefix(['>', '≥']) {
        return (Qualifier::Over, rest.trim_start_matches('='));
    }
    QUALIFIERS
        .iter()
        .find_map(|&(word, qualifier)| Some((qualifier, text.strip_prefix(word)?)))
        .unwrap_or((Qualifier::Plain, text))
}

/// The length that `text` spells out, and its smallest unit.
fn amount(text: &str) -> Option<(TimeDelta, TimeDelta)> {
    // An added half becomes one token, since "two half" also parses as a number.
    let spaced =
        spaced(text).replace(" and a half", " +half").replace(" and a quarter", " +quarter");
    let mut words = spaced
        .split_whitespace()
        .filter(|word| !matches!(*word, "and" | "of" | ","))
        .collect::<Vec<_>>();
    while words.len() > 2 && words.last().is_some_and(|word| TRAILING.contains(word)) {
        words.pop();
    }
    let mut words = words.into_iter().peekable();
    let (mut seconds, mut smallest) = (0.0, f64::INFINITY);
    let (mut last_unit, mut any) = (None, false);
    while let Some(word) = words.next() {
        let mut number = number(word)?;
        // "half an hour", "a couple of minutes": the article is not a second number.
        while let Some((word, next)) =
            words.peek().and_then(|next| Some((*next, self::number(next)?)))
        {
            number = match next {
                _ if word.starts_with('+') => number + next,
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
        // A fraction is exact to its own last digit. A quarter of the unit approximates that.
        smallest = f64::min(smallest, if number.fract() == 0.0 { unit } else { unit / 4.0 });
        (last_unit, any) = (Some(unit), true);
    }
    let delta = |seconds: f64| TimeDelta::try_milliseconds((seconds * 1000.0).round() as i64);
    (any && seconds < 1e10).then(|| Some((delta(seconds)?, delta(smallest)?)))?
}

/// `4h 9m` → `4 h 9 m`; commas between words are dropped.
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
    let name = word.strip_prefix('+').unwrap_or(word);
    let written = NUMBERS.iter().find(|(known, _)| *known == name).map(|&(_, value)| value);
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
