//! Spans of the impact in a sentence: `unavailable from 14:05 to 19:50 UTC`.
//!
//! Two adjacent times joined by a suitable word are a span. Each takes the day, the zone and the
//! half of the day (am or pm) from the other if it has none of its own.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use regex::Regex;

use super::stated::Stated;
use super::{statements, story};
use crate::model::milestone::MilestoneName::{ImpactEnd, ImpactStart};
use crate::model::time::{self, ClockStyle, Moment, Precision, Read, Remark};
use crate::sources::writeups::times::clock::Clock;
use crate::sources::writeups::times::marks::Mark;
use crate::sources::writeups::times::stamp;

/// Words that show that a sentence is about the impact.
static IMPACT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: customers? | users? | impact(?:ed|ing)? | affect(?:ed|ing)? | unavailab\w+ | inaccessib\w+ | unreachable
        | unresponsive | unable | (?:could|can|did)\s?n[o’']t | could\ not | couldn.t | cannot | delay(?:s|ed)? | slow(?:ly|er|ness|down)?
        | lost | loss | dropped | outages? | down(?:time)? | experienc\w+ | fail\w* | errors? | offline | degrad\w+
        | issues? | problems? | time\s?outs? | timed\ out | incidents? | interrupt\w+ | disrupt\w+ | elevated | latenc\w+
        | crash\w* | impair\w* | inability | no\ (?:requests|traffic|users|customers|one|access|service|\w+\ (?:access|service|connection)) | nobody | none | refused | rejected | halted | missing | not\ (?:available|accessible|working) | intermittent\w* | impaired | stopped | 5\d\d )\b",
    )
    .expect("valid built-in regex")
});

/// Words that show that a sentence is about the work of the team or about something planned.
static OF_THE_TEAM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:(?:we|engineers?|team|staff) (?:\w+ ){0,2}?(?:investigat|work|debug|deploy|monitor|discuss|met\b|tried|restor)\w*|meeting|\b(?:suspend|paus|disabl|fr[eo]z|block|halt|withh)\w*\b[^.;]{0,80}\bto (?:prevent|avoid|allow|protect|permit)\b|(?:was|were|is|been|had) scheduled|scheduled (?:for|to|maintenance|downtime|outage|upgrade|work|window|migration)|maintenance window|support hours|business hours|office hours)",
    )
    .expect("valid built-in regex")
});

/// Words for a span of a part of the impact, or of one window among several: `an additional 25
/// minutes`, `a few users still saw`.
static OF_A_PART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:additional|further|initial|second|third|another|briefly|still)\b")
        .expect("valid built-in regex")
});

/// Whether a sentence is about one window or one part of the impact.
pub(crate) fn is_of_a_part(sentence: &str) -> bool {
    OF_A_PART.is_match(sentence)
}

/// The words that join the two times of a span, with or without a remark in brackets.
static JOINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(?:\([^)]*\))?,?\s*(?P<word>to|until|till|up to|through|thru|-|–|—|→|and(?: until| lasted until| lasting until| ended at| ending at| to)?|lasting until|ending(?: at)?)\s*(?:the|at|on|about|around|approximately|approx\.?|roughly|just after|shortly after|early|~|\s)*$",
    )
    .expect("valid built-in regex")
});

/// `between` before a time, with or without words for an approximate time.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bbetween\s+(?:(?:about|around|approximately|approx\.?|roughly|the hours of|as early as|at|~)\s*)*$")
        .expect("valid built-in regex")
});

/// Words after the second time that put it on the day after the first.
static NEXT_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[\s,(]*(?:UTC )?(?:on )?(?:the )?(?:next|following) (?:day|morning)\b")
        .expect("valid built-in regex")
});

/// Whether a sentence is about the impact, and not about the work of the team or something planned.
pub(crate) fn is_about_impact(sentence: &str) -> bool {
    let fails = || statements::clauses(sentence).any(|clause| story::beginning(clause).is_some());
    (IMPACT.is_match(sentence) || fails()) && !OF_THE_TEAM.is_match(sentence)
}

/// Whether a sentence is about the work of the team or something planned.
pub(crate) fn is_of_the_team(sentence: &str) -> bool {
    OF_THE_TEAM.is_match(sentence)
}

/// Returns the spans of the impact in a sentence, in order.
pub(crate) fn spans(sentence: &str, marks: &[Mark<'_>], clock: &Clock) -> Vec<[Stated; 2]> {
    if !is_about_impact(sentence) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut pairs = marks.windows(2);
    while let Some([from, to]) = pairs.next().map(|pair| [pair[0], pair[1]]) {
        if let Some(span) =
            is_span(sentence, from, to).then(|| span(sentence, from, to, clock)).flatten()
        {
            found.push(span);
            pairs.next();
        }
    }
    found
}

fn is_span(sentence: &str, from: Mark<'_>, to: Mark<'_>) -> bool {
    let Some(joint) =
        sentence.get(from.end()..to.written_start()).and_then(|gap| JOINT.captures(gap))
    else {
        return false;
    };
    // `and` only joins a span after `between`; otherwise the times are separate.
    !joint["word"].eq_ignore_ascii_case("and")
        || BETWEEN.is_match(sentence.get(..from.written_start()).unwrap_or_default())
}

/// Reads the two times of a span, each with the missing parts taken from the other.
fn span(sentence: &str, from: Mark<'_>, to: Mark<'_>, clock: &Clock) -> Option<[Stated; 2]> {
    let (lead, after) = (from.start(), sentence.get(to.end()..).unwrap_or_default());
    let (from, to) = (from.written, to.written);
    if stamp::is_day(from) || stamp::is_day(to) {
        return None;
    }
    let shared = |own: &str, other: &str| {
        let zone = time::zone_of(own).is_none().then(|| time::zone_of(other)).flatten();
        let mut clock = clock.clone();
        clock.style = match (ClockStyle::seen_in([from, to]), clock.style) {
            (ClockStyle::Unknown, style) => style,
            (seen, _) => seen,
        };
        zone.map_or_else(|| clock.clone(), |zone| clock.in_words(zone))
            .counting_hours(time::zone_of(own))
    };
    let (from_clock, to_clock) = (shared(from, to), shared(to, from));
    // Midnight is the start of the day in a start, and the end of the day in an end.
    let (first, second) = (midnight(from, "00:00"), midnight(to, "24:00"));
    let later = to_clock.read(&second).ok();
    let has_day = |read: &Read| {
        !read.remarks.iter().any(|remark| matches!(remark, Remark::DateFromContext(_)))
    };
    let day = later.as_ref().filter(|read| has_day(read)).and_then(|read| read.date);
    let from_read = Clock { date: day.or(clock.date), ..from_clock.clone() }.read(&first).ok()?;
    let next_day = NEXT_DAY.is_match(after).then(|| from_read.date?.succ_opt()).flatten();
    let later = match later {
        Some(read) if has_day(&read) => read,
        // The start names the day: `from 1 August 2018 21:14 to 23:00`.
        _ => Clock { date: next_day.or(from_read.date).or(clock.date), ..to_clock.clone() }
            .read(&second)
            .ok()?,
    };
    let (later, choice) = past_midnight(&from_read, later, &second, &to_clock)?;
    let (from_read, later) = halves(from_read, later);
    let is_span = from_read.moment.earliest() < later.moment.latest()
        && [&from_read, &later].iter().all(|read| read.moment.precision() != Precision::Day);
    let because = sentence
        .get(lead..)
        .unwrap_or_default()
        .split_whitespace()
        .take(8)
        .collect::<Vec<_>>()
        .join(" ");
    is_span.then(|| {
        [
            Stated {
                name: ImpactStart,
                written: from.to_owned(),
                read: from_read,
                choice,
                because: because.clone(),
                is_weak: false,
            },
            Stated {
                name: ImpactEnd,
                written: to.to_owned(),
                read: later,
                choice: None,
                because,
                is_weak: false,
            },
        ]
    })
}

fn midnight(written: &str, clock: &str) -> String {
    let at = written.to_lowercase().find("midnight");
    at.map_or_else(
        || written.to_owned(),
        |at| format!("{}{clock}{}", &written[..at], &written[at + "midnight".len()..]),
    )
}

/// Returns the end of `from 23:30 to 01:15 on 15 August`, with a remark on the choice: the day can
/// belong to either time, and is taken for the start's.
fn past_midnight(
    from: &Read,
    to: Read,
    written: &str,
    clock: &Clock,
) -> Option<(Read, Option<String>)> {
    let is_same_day = from.date.is_some() && from.date == to.date;
    if from.moment.earliest() <= to.moment.latest() || !is_same_day {
        return Some((to, None));
    }
    let start = stamp::clock_of(written)?;
    let next: NaiveDate = from.date?.succ_opt()?;
    let read =
        Clock { date: Some(next), ..clock.in_words(time::zone_of(written).unwrap_or_default()) }
            .read(start)
            .ok()?;
    let choice = format!(
        "the times go past midnight: {} is taken as the day of the start, and may be that of the end",
        from.date?
    );
    Some((read, Some(choice)))
}

/// Resolves a missing am or pm from the other time: `from 10:30 to 1:15 PM`. If both halves fit,
/// the shorter span is chosen.
fn halves(from: Read, to: Read) -> (Read, Read) {
    let is_open = |read: &Read| read.remarks.contains(&Remark::HalfUnknown);
    match (is_open(&from), is_open(&to)) {
        (true, false) if from.moment.latest() < to.moment.earliest() => {
            (settled(&from, Moment::latest), to)
        }
        (true, false) => (settled(&from, Moment::earliest), to),
        (false, true) if to.moment.earliest() > from.moment.latest() => {
            let to = settled(&to, Moment::earliest);
            (from, to)
        }
        (false, true) => {
            let to = settled(&to, Moment::latest);
            (from, to)
        }
        _ => (from, to),
    }
}

/// The same time with one of its two readings.
fn settled(read: &Read, at: fn(Moment) -> DateTime<Utc>) -> Read {
    let moment = Moment::known_to(at(read.moment), read.moment.precision());
    let moment = if read.moment.is_about() { moment.approximate() } else { moment };
    let remarks =
        read.remarks.iter().filter(|remark| **remark != Remark::HalfUnknown).cloned().collect();
    Read { moment, remarks, date: read.date }
}

/// The spans of a text combined.
#[derive(Default)]
pub(crate) struct Impact {
    /// The start of the impact, and its end if all spans agree.
    pub(crate) ends: Vec<Stated>,
    /// The windows of a sentence that states several.
    pub(crate) windows: Vec<[Read; 2]>,
}

/// Combines the spans of a text into the start and the end of the impact.
///
/// Several spans in one sentence are windows of one impact. Of several sentences, the one whose
/// span contains all others is about the whole; if there is none, each can be about a different
/// part, and the end stays unknown. `parts` are explicitly about a part; they only serve to show
/// that another span is not about the whole.
pub(crate) fn impact(of_sentences: Vec<Vec<[Stated; 2]>>, parts: &[Vec<[Stated; 2]>]) -> Impact {
    let whole =
        |spans: &[[Stated; 2]]| Some((spans.first()?[0].read.moment, spans.last()?[1].read.moment));
    let all: Vec<_> = of_sentences.iter().chain(parts).filter_map(|spans| whole(spans)).collect();
    let holds_all = |spans: &&Vec<[Stated; 2]>| {
        whole(spans).is_some_and(|(from, to)| {
            all.iter().all(|(start, end)| {
                from.earliest() <= start.latest() && end.earliest() <= to.latest()
            })
        })
    };
    let (spans, is_whole) = match of_sentences.iter().find(holds_all) {
        Some(spans) => (spans.clone(), true),
        None => (of_sentences.into_iter().next().unwrap_or_default(), false),
    };
    let is_forward = spans.windows(2).all(|pair| pair[0][1].read.moment <= pair[1][0].read.moment);
    let windows = match spans.len() > 1 && is_forward {
        true => spans.iter().map(|span| [span[0].read.clone(), span[1].read.clone()]).collect(),
        false => Vec::new(),
    };
    let last = spans.len().saturating_sub(1);
    let mut ends = Vec::new();
    for (at, [start, end]) in spans.into_iter().enumerate() {
        ends.extend(Some(start).filter(|_| at == 0));
        ends.extend(Some(end).filter(|_| at == last && is_whole && is_forward));
    }
    Impact { ends, windows }
}
