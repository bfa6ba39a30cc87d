//! Finds the time at the beginning or the end of a line.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::model::time::{self, DateOrder, Precision, Reading, TimeError, Year};
use crate::model::zone::{self, Zone};

/// A time at the beginning of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp<'a> {
    /// The time as written.
    pub(crate) written: &'a str,
    /// The end of a span, as in `09:00 - 11:00`.
    pub(crate) until: Option<&'a str>,
    /// Whether a `~` follows it.
    pub(crate) is_about: bool,
    /// Whether it looks like a time but cannot be read as one.
    pub(crate) is_malformed: bool,
    /// The text after it on the line.
    pub(crate) rest: &'a str,
}

/// The most words in a time: `around 9:45 am PT on Friday April 6th, 2013`.
const LONGEST: usize = 9;

/// Markup around a time that is not part of it. A backslash escapes the other characters.
const DRESS: [char; 8] = ['*', '_', '`', '[', ']', '(', ')', '\\'];

/// Characters between a time and its text. `~` and `頃` mean about, `〜` from then on.
const JOINTS: [char; 12] = [':', ',', '-', '–', '—', '|', '~', '>', '→', '頃', '〜', '～'];

/// `09:00 - 11:00`, with or without a day before it.
static SPAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?P<from>(?:(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})[ T]+)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[aApP][mM]|[aApP]\b)?)(?P<joint>\s*(?:-|–|—|〜|～|to|until)\s*)(?P<to>\d{1,2}:\d{2}(?::\d{2})?(?:\s?[aApP][mM]|[aApP]\b)?)(?P<zone>\s?(?:UTC|GMT|Z)\b)?",
    )
    .expect("valid built-in regex")
});

/// Two numbers for day and month before a clock time: `05-03 23:04`.
pub(crate) static MONTH_AND_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<one>\d{2})-(?P<other>\d{2})(?P<rest>[ T]+\d{1,2}:\d{2}(?::\d{2})?(?: ?[A-Z]{1,5})?)$")
        .expect("valid built-in regex")
});

/// Text in place of a clock time that is not one: `15.26`, `--:--`, `14:??`, `HH:mm`, `1600`,
/// `(Time TBC)`.
static NO_CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:\d{1,2}[.,;]\d{2}\b|\d{1,2}:[?xX-]{1,2}|\d{1,2}::\d{2}\b|\d{1,3}:\d{1,3}\b|[?-]{1,2}:[?-]{1,2}|[HhXx]{2}:[MmXx]{2}|[01]\d[0-5]\d\b|2[0-3][0-5]\d\b|\(?(?i:(?:exact )?time (?:tbc|tba|tbd|unknown)|tbc|tbd|tba)\)?)(?:\s?(?:hrs|hours|h)\b)?",
    )
    .expect("valid built-in regex")
});

/// A dot instead of the colon. The text may be hours and minutes, or a decimal number.
static DOT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\s)\d{1,2}\.\d{2}$").expect("valid built-in regex"));

/// A day that does not exist, with or without a clock time: `22025-03-18`, `2022-02-??`,
/// `YYYY-MM-DD`.
static NO_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:\d{4,6}-[\d?]{1,3}-[\d?]{1,3}|YYYY-MM-DD|yyyy-mm-dd)(?:[ T]+[\dHhXx?-]{1,2}:[\dMmXx?-]{1,2}(?::\d{2})?)?",
    )
    .expect("valid built-in regex")
});

/// Returns the time that `line` begins with. Text that looks like a time but cannot be read is
/// returned as malformed.
pub(crate) fn leading(line: &str) -> Option<Stamp<'_>> {
    let text = line.trim_start().trim_start_matches(DRESS).trim_start();
    if !may_begin(text) {
        return None;
    }
    if let Some(span) = SPAN.captures(text).filter(|span| !is_offset(span)) {
        let whole = span.get(0).expect("the match").end();
        let part = |name: &str| span.name(name).expect("a part").as_str();
        let stamp = Stamp { until: Some(part("to")), ..good(text, part("from").len()) };
        return Some(Stamp { rest: rest(&text[whole..]), ..stamp });
    }
    if let Some(end) = longest_time(text) {
        let behind = text[end..].trim_start().trim_start_matches([',', ' ', 'T']);
        return Some(match NO_CLOCK.find(behind).filter(|_| is_day(&text[..end])) {
            Some(clock) => malformed(text, text.len() - behind.len() + clock.end()),
            None => Stamp { is_malformed: DOT.is_match(&text[..end]), ..good(text, end) },
        });
    }
    let found = NO_DAY.find(text).or_else(|| NO_CLOCK.find(text))?;
    // Four digits are a clock time only if a word follows, and "1600 pods" looks the same. The
    // caller knows whether the neighbouring lines have times.
    Some(malformed(text, found.end()))
}

/// Returns the text before the time at the end of a line, and the time: `The alert fired (10:05
/// UTC)`. A day alone is not a time here.
pub(crate) fn trailing(line: &str) -> Option<(&str, &str)> {
    let text = line.trim_end().trim_end_matches('.').trim_end_matches(DRESS).trim_end();
    let starts = text.char_indices().filter(|(at, c)| {
        !c.is_whitespace()
            && *at > 0
            && text[..*at].ends_with(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '*'))
    });
    let words: Vec<usize> = starts.map(|(at, _)| at).collect();
    let first = words.len().saturating_sub(LONGEST);
    let at = words[first..].iter().copied().find(|at| {
        let written = text[*at..].trim_start_matches(DRESS);
        is_time(written) && !is_day(written) && written.contains(':')
    })?;
    let written = text[at..].trim_start_matches(DRESS);
    let joint = |c: char| {
        c.is_whitespace()
            || DRESS.contains(&c)
            || matches!(c, '-' | '–' | '—' | ',' | ':' | '@' | '|')
    };
    let mut before = text[..at].trim_end_matches(joint);
    while let Some(word) = before
        .rsplit(char::is_whitespace)
        .next()
        .filter(|word| ["at", "around", "by"].contains(word))
    {
        before = before[..before.len() - word.len()].trim_end_matches(joint);
    }
    (!before.is_empty()).then_some((before, written))
}

/// Returns the clock time without the rest: `01:15` from `01:15 UTC on 15 August`.
pub(crate) fn clock_of(written: &str) -> Option<&str> {
    static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\d{1,2}(?:[:h]\d{2}(?::\d{2})?\s?(?i:[ap]\.?m\b\.?)?|\s?(?i:[ap]\.?m\b\.?))")
            .expect("valid built-in regex")
    });
    CLOCK.find(written).map(|found| found.as_str())
}

/// Whether the apparent end of a span is a zone offset: `2024-01-10T12:15:00-08:00`, `2024-01-10
/// 12:15 -08:00`. Without seconds and spaces both spellings are in use, `2024-01-10 12:15-08:00`
/// and `2024-01-10 09:00-11:00`: it is a span if the end is later on the clock.
fn is_offset(span: &regex::Captures<'_>) -> bool {
    let part = |name: &str| span.name(name).map_or("", |part| part.as_str());
    let (from, joint, to) = (part("from"), part("joint"), part("to"));
    let is_year_first = from.as_bytes().get(..5).is_some_and(|start| start.ends_with(b"-"));
    let is_shaped = to.len() == 5 && zone::is_known(&format!("-{to}")) && part("zone").is_empty();
    if !(is_year_first && is_shaped && joint.ends_with('-')) {
        return false;
    }
    let clock = from.get(11..).unwrap_or_default().trim_start();
    joint.len() > 1 || from.contains('T') || clock.len() > 5 || to <= clock
}

/// Whether the whole of `text` is a time.
pub(crate) fn is_time(text: &str) -> bool {
    leading(text).is_some_and(|stamp| stamp.rest.is_empty() && !stamp.is_malformed)
}

fn good(text: &str, end: usize) -> Stamp<'_> {
    // The last dot of `5:37 P.M.` belongs to the time.
    let is_half = text[..end].to_lowercase().ends_with(".m");
    let end = end + usize::from(is_half && text[end..].starts_with('.'));
    let behind = text[end..].trim_start_matches(DRESS);
    let is_about = behind.trim_start().starts_with(['~', '頃']);
    Stamp { written: &text[..end], until: None, is_about, is_malformed: false, rest: rest(behind) }
}

fn malformed(text: &str, end: usize) -> Stamp<'_> {
    Stamp { is_malformed: true, ..good(text, end) }
}

/// Returns the text after a time, without the punctuation that joins the two.
fn rest(text: &str) -> &str {
    // `09:15 Uhr: …`
    let text = match text.trim_start().strip_prefix("Uhr") {
        Some(rest) if !rest.starts_with(char::is_alphanumeric) => rest,
        _ => text,
    };
    let joint = |c: char| {
        c.is_whitespace()
            || DRESS[..3].contains(&c)
            || JOINTS.contains(&c)
            || matches!(c, '\\' | ']' | ')')
    };
    let rest = text.trim_start_matches(joint);
    // Preserve markup that belongs to the text: `13:36 **Outage**`, `10:00 - [link](…)`, `~5 min`.
    let cut = text.len() - rest.len();
    let dressed = text[..cut].rfind(char::is_whitespace).map_or(cut, |at| at + 1);
    let dress = &text[dressed..cut];
    let is_dress = !dress.is_empty()
        && dress.chars().all(|c| matches!(c, '*' | '_' | '`'))
        && rest.contains(dress);
    if is_dress { text[dressed..].trim_end() } else { rest.trim_end() }
}

/// Returns the text after a time, with the opening bold mark restored if the bold spans both:
/// `**13:36: Outage**`.
pub(crate) fn dressed(line: &str, rest: &str) -> String {
    let before = line.trim_end().strip_suffix(rest).unwrap_or_default();
    let is_open = |text: &str| text.matches("**").count() % 2 == 1;
    if is_open(before) && is_open(rest) { format!("**{rest}") } else { rest.to_owned() }
}

/// Whether a time can begin here. A cheap test that rejects most lines.
fn may_begin(text: &str) -> bool {
    let first = text.split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
    if first.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '~' | '?' | '-')) {
        return first.contains(|c: char| c.is_ascii_digit() || c == '?' || c == ':');
    }
    const WORDS: [&str; 26] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon",
        "tue", "wed", "thu", "fri", "sat", "sun", "approx", "around", "about", "hh:", "yyyy",
        "midnight", "noon",
    ];
    let first = first.to_lowercase();
    WORDS.iter().any(|word| first.starts_with(word)) || NO_CLOCK.is_match(text)
}

/// Returns the end of the longest time that `text` begins with.
fn longest_time(text: &str) -> Option<usize> {
    let mut ends = Vec::with_capacity(LONGEST);
    let mut at = 0;
    let line = text.lines().next().unwrap_or_default();
    for word in line.split_inclusive(char::is_whitespace).take(LONGEST) {
        at += word.len();
        ends.push(at);
    }
    ends.into_iter().rev().find_map(|end| {
        // `**14:21:**` closes the bold after the colon, `**14:21**:` before it.
        let is_joint = |c: char| JOINTS.contains(&c) || matches!(c, ';' | '.');
        let words = text[..end]
            .trim_end_matches(|c: char| is_joint(c) || c.is_whitespace() || DRESS.contains(&c));
        let is_time = || reads(&about_first(words)) || MONTH_AND_DAY.is_match(words);
        (!ends_in_a_word(words) && is_time()).then_some(words.len())
    })
}

/// Normalizes a time for the parser: removes the bold of its clock (`Feb 28th **01:52`), reorders
/// the output of `date`, removes brackets around the zone, and moves the `~` of an approximate
/// clock time (`2026-03-17 ~10:05`) to the front.
pub(crate) fn about_first(written: &str) -> Cow<'_, str> {
    // `Fri Jun 25 04:13:00 PM PDT 2021`, as `date` prints it.
    static PRINTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[A-Z][a-z]{2} )(?P<day>[A-Z][a-z]{2} +\d{1,2}) (?P<clock>\d{1,2}:\d{2}:\d{2}(?: [AP]M)?) (?P<zone>[A-Z]{1,5}) (?P<year>\d{4})$")
            .expect("valid built-in regex")
    });
    let plain = if written.contains("**") {
        Cow::Owned(written.replace("**", ""))
    } else if PRINTED.is_match(written) {
        PRINTED.replace(written, "$day $year $clock $zone")
    } else {
        Cow::Borrowed(written)
    };
    // `11:21a` is 11:21 am.
    static HALF: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?P<clock>\b\d{1,2}:\d{2})(?P<half>[apAP])\b").expect("valid built-in regex")
    });
    let plain = match HALF.is_match(&plain) {
        true => Cow::Owned(HALF.replace_all(&plain, "$clock ${half}m").into_owned()),
        false => plain,
    };
    // `10:15 (UTC)`: brackets around the zone only.
    static BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\((?P<zone>[A-Z][A-Za-z/_]*(?:[+-]\d{1,2})?)\)?")
            .expect("valid built-in regex")
    });
    let zone = BRACKETS.captures(&plain).filter(|found| zone::is_known(&found["zone"]));
    let plain = match zone {
        Some(zone) => Cow::Owned(plain.replacen(&zone[0], &zone["zone"], 1)),
        None => plain,
    };
    let rough = plain.split_once(" ~").map(|(day, clock)| format!("~{day} {clock}"));
    rough.map_or(plain, Cow::Owned)
}

/// Whether the last word belongs to the text after the time. A lower-case or capitalized word that
/// is also a zone abbreviation is a word (`12:05 Met the vendor`), and a preposition or conjunction
/// belongs to the words that follow it.
fn ends_in_a_word(text: &str) -> bool {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_start_matches(DRESS)).collect();
    let [before @ .., last] = &words[..] else { return false };
    if last.eq_ignore_ascii_case("time") {
        // `9:45 am Pacific Time`, but not `10:05 Time`.
        let name = |count: usize| {
            Some(before.get(before.len().checked_sub(count)?..)?.join(" ") + " " + last)
        };
        return !(1..=2).filter_map(name).any(|name| zone::is_known(&name));
    }
    if ["the", "at", "on", "of", "in", "from", "and"].contains(&last.to_lowercase().as_str()) {
        return true;
    }
    // A region name after am or pm is a zone: `7:09 AM Eastern`, but not `10:05 Central database
    // down`.
    let is_after_half = before.last().is_some_and(|word| {
        let word = word.to_lowercase().replace('.', "");
        word.ends_with("am") || word.ends_with("pm")
    });
    let is_place = is_after_half && last.starts_with(char::is_uppercase) && !zone::is_label(last);
    last.contains(char::is_lowercase)
        && last.chars().all(char::is_alphabetic)
        && zone::is_known(last)
        && !is_place
}

/// Whether `text` has the form of a time, even if its day, year or zone is ambiguous or wrong.
fn reads(text: &str) -> bool {
    let known = Reading {
        zone: Some(Zone::UTC),
        date: NaiveDate::from_ymd_opt(2000, 1, 1),
        year: Year::Is(2000),
        ..Reading::default()
    };
    match time::read(text, &known) {
        // Ten digits alone parse as a Unix timestamp, but in prose they are not a time.
        Ok(_) => text.contains([':', '-', '/', ' ', '.', 'm', 'M', 'h']),
        Err(error) => matches!(
            error,
            TimeError::DayOrMonth { .. }
                | TimeError::Zone(_)
                | TimeError::Midnight { .. }
                | TimeError::NotInYear { .. }
        ),
    }
}

/// Whether `text` is a day without a clock time.
pub(crate) fn is_day(text: &str) -> bool {
    let order = Some(DateOrder::DayFirst);
    let known =
        Reading { zone: Some(Zone::UTC), year: Year::Is(2000), order, ..Reading::default() };
    time::read(text, &known).is_ok_and(|read| read.moment.precision() == Precision::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        let Some(stamp) = leading(line) else { return "none".to_owned() };
        let until = stamp.until.map_or(String::new(), |until| format!(" to {until}"));
        let about = if stamp.is_about { " about" } else { "" };
        let bad = if stamp.is_malformed { "?" } else { "" };
        format!("[{}]{bad}{until}{about} {}", stamp.written, stamp.rest)
    }

    #[test]
    fn leading_time_is_split_from_its_text() {
        for (line, expected) in [
            ("13:36 Outage begins", "[13:36] Outage begins"),
            ("13:00 - Noticing a size", "[13:00] Noticing a size"),
            ("**13:36**: Outage", "[13:36] Outage"),
            ("**14:21:** A room is opened", "[14:21] A room is opened"),
            ("Feb 28th **01:52** First report", "[Feb 28th **01:52] First report"),
            ("13:36 **Outage** begins", "[13:36] **Outage** begins"),
            ("`14:02` `api` failed", "[14:02] `api` failed"),
            ("2023-07-25 15:20: Team found", "[2023-07-25 15:20] Team found"),
            ("2023-07-25T15:20:11Z – Team", "[2023-07-25T15:20:11Z] Team"),
            ("2023-07-25 Only a day", "[2023-07-25] Only a day"),
            ("2020-10-06 09:00 - 11:00 Ongoing", "[2020-10-06 09:00] to 11:00 Ongoing"),
            ("24-10-2026 02:00-04:30 - Ongoing", "[24-10-2026 02:00] to 04:30 Ongoing"),
            ("2020-10-06 09:00-11:00 Ongoing", "[2020-10-06 09:00] to 11:00 Ongoing"),
            ("2024-01-10T12:15:00-08:00 Began", "[2024-01-10T12:15:00-08:00] Began"),
            ("2024-01-10T02:15-08:00 Began", "[2024-01-10T02:15-08:00] Began"),
            ("2024-01-10 12:15-08:00 Began", "[2024-01-10 12:15-08:00] Began"),
            ("2024-01-10 12:15 -08:00 Began", "[2024-01-10 12:15 -08:00] Began"),
            ("2024-01-10 12:15:00-03:30 Began", "[2024-01-10 12:15:00-03:30] Began"),
            ("14:00 → Every page fails", "[14:00] Every page fails"),
            ("9:05 am PT — Alert", "[9:05 am PT] Alert"),
            ("around 9:45 PT on April 6th, the API", "[around 9:45 PT on April 6th] the API"),
            ("2020-11-17 10:45~ Upgrade", "[2020-11-17 10:45] about Upgrade"),
            ("2020-11-17 10:45\\~ Upgrade", "[2020-11-17 10:45] about Upgrade"),
            ("\\[10:45\\] Upgrade", "[10:45] Upgrade"),
            ("~10:45 Upgrade", "[~10:45] Upgrade"),
            ("**2020-11-17 ~10:45 UTC** – Upgrade", "[2020-11-17 ~10:45 UTC] Upgrade"),
            ("16-11-2020 ~10:45 – Upgrade", "[16-11-2020 ~10:45] Upgrade"),
            ("12:05 Met the vendor", "[12:05] Met the vendor"),
            ("7:09 AM Eastern: reported", "[7:09 AM Eastern] reported"),
            ("9:45am Pacific Time the API", "[9:45am Pacific Time] the API"),
            ("10:05 Pacific Time - the API", "[10:05 Pacific Time] the API"),
            ("10:05 Central database down", "[10:05] Central database down"),
            ("10:05 Time to look", "[10:05] Time to look"),
            ("5:37 P.M. – A segment airs", "[5:37 P.M.] A segment airs"),
            ("10:15 (UTC) on 3 May 2026 our site", "[10:15 (UTC) on 3 May 2026] our site"),
            ("10:15 (API) our site", "[10:15] (API) our site"),
            ("10h47 CEST someone alerts us", "[10h47 CEST] someone alerts us"),
            ("[05-03 23:04] The node is drained", "[05-03 23:04] The node is drained"),
            ("12:05 MET the clock", "[12:05 MET] the clock"),
            ("Friday August 11th 2023, 13:00 x", "[Friday August 11th 2023, 13:00] x"),
            ("10:00 [link](https://example.com) said", "[10:00] [link](https://example.com) said"),
        ] {
            assert_eq!(told(line), expected, "{line}");
        }
    }

    #[test]
    fn trailing_time_is_split_from_its_text() {
        assert_eq!(trailing("The alert fired (10:05 UTC)"), Some(("The alert fired", "10:05 UTC")));
        assert_eq!(trailing("The alert fired at 10:05."), Some(("The alert fired", "10:05")));
        assert_eq!(
            trailing("It works - 2026-03-17 10:05 UTC"),
            Some(("It works", "2026-03-17 10:05 UTC"))
        );
        assert_eq!(trailing("10:05"), None);
        assert_eq!(trailing("Seen on 2026-03-17"), None);
    }

    #[test]
    fn malformed_leading_time_is_recognised() {
        for (line, expected) in [
            ("2023-09-18 15.26 Compared", "[2023-09-18 15.26]? Compared"),
            ("2024-03-13 14:?? Scaled", "[2024-03-13 14:??]? Scaled"),
            ("2024-03-13 HH:mm Short", "[2024-03-13 HH:mm]? Short"),
            ("2019-12-03 --:-- Surge", "[2019-12-03 --:--]? Surge"),
            ("20202-01-16 12:00 Cake", "[20202-01-16 12:00]? Cake"),
            ("22025-03-18 Upgrade", "[22025-03-18]? Upgrade"),
            ("2022-02-?? ??:?? Later", "[2022-02-?? ??:??]? Later"),
            ("2023-01-04 (Time TBC)", "[2023-01-04 (Time TBC)]? "),
            ("YYYY-MM-DD HH:MM", "[YYYY-MM-DD HH:MM]? "),
            ("11.50 Fixed", "[11.50]? Fixed"),
            ("1600 Fixed", "[1600]? Fixed"),
            ("25:61 Fixed", "[25:61]? Fixed"),
            ("Time TBC Fixed", "[Time TBC]? Fixed"),
        ] {
            assert_eq!(told(line), expected, "{line}");
        }
    }

    #[test]
    fn text_without_a_leading_time_gives_none() {
        for line in [
            "",
            "Outage",
            "2 nodes were down",
            "5-10 minutes",
            "100 % of requests",
            "~12 GB of memory",
            "Maybe later",
            "Sunk cost",
            "May be later",
            "[link](x)",
            "- a",
            "12 hours later",
            "3.5 GB free",
            "1. First",
        ] {
            assert_eq!(told(line), "none", "{line}");
        }
    }
}
