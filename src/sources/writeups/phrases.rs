//! The times that sentences of running text state for milestones.

use std::sync::LazyLock;

use regex::Regex;

use super::clock::Clock;
use super::marks::{self, Stated};
use super::stamp;
use crate::model::milestone::MilestoneName;
use crate::model::time::{self, ClockStyle, Precision, Read, Remark};
use crate::model::zone;
use crate::text::clean::sentences;

use MilestoneName::{ImpactEnd, ImpactStart, ResolvedAt};

/// What comes before the time at which the impact began: `Starting around 9:45`, `unavailable from`.
static BEGINNING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:^\W*(?:starting|beginning)|\b(?:(?:outage|unavailable|down|inaccessible|offline) (?:from|since)|(?:errors|failures|problems|issues|trouble|queries|requests|outage|incident|it)\b[^,.;]{0,40} (?:starting|started|began|beginning)))\s+(?:at |on |from )?",
    )
    .expect("valid built-in regex")
});

/// A zone beside a clock time of a text.
static ZONED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b\d{1,2}(?:[:.]\d{2}(?::\d{2})?)?\s?(?i:[ap]\.?m\.?)?,?\s?\(?(?P<zone>[A-Z][a-z]+/[A-Z]\w+|[A-Z]{1,5}(?:[+-]\d{1,2}(?::?\d{2})?)?)\b",
    )
    .expect("valid built-in regex")
});

/// The zone that the last clock time of `text` names.
fn last_zone(text: &str) -> Option<&str> {
    let zones = ZONED.captures_iter(text).filter_map(|found| found.name("zone"));
    zones.map(|zone| zone.as_str()).filter(|word| zone::is_known(word)).last()
}

/// `Between 16:32 and 19:23 UTC on 27 June 2024 customers could not log in`.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:between|from)\s+(?P<from>\S.{2,40}?)\s+(?:and|to|until)\s+").expect("an expression of ours")
});

/// What such a sentence speaks of, when the times are those of the harm.
static HARM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:customers?|users?|impact(?:ed)?|unavailable|inaccessible|unreachable|(?:could not|couldn.t) be \w+|delayed|delays|slow|lost|dropped|outage|down|experienced|failed|errors?|offline|degraded|issues?|time ?outs?)\b",
    )
    .expect("an expression of ours")
});

/// The two times between which a sentence says that users were harmed. The day and the zone of one
/// are those of the other where that names none, and so is the way in which it counts hours.
fn between(sentence: &str, clock: &Clock) -> Option<[Stated; 2]> {
    let found = BETWEEN.captures(sentence)?;
    let from = found.name("from")?.as_str();
    let to = stamp::leading(&sentence[found.get(0)?.end()..]).filter(|to| !to.is_malformed && stamp::is_time(from))?;
    let to = to.written;
    let shared = |own: &str, other: &str| {
        let zone = time::zone_of(own).is_none().then(|| time::zone_of(other)).flatten();
        let mut clock = clock.clone();
        clock.style = match (ClockStyle::seen_in([from, to]), clock.style) {
            (ClockStyle::Unsaid, style) => style,
            (seen, _) => seen,
        };
        zone.map_or_else(|| clock.clone(), |zone| clock.in_words(zone)).counting_hours(time::zone_of(own))
    };
    let (from_clock, to_clock) = (shared(from, to), shared(to, from));
    let later = to_clock.read(to).ok();
    let has_day = |read: &Read| !read.remarks.iter().any(|remark| matches!(remark, Remark::DateFromContext(_)));
    let day = later.as_ref().filter(|read| has_day(read)).and_then(|read| read.date);
    let from_read = Clock { date: day.or(clock.date), ..from_clock.clone() }.read(from).ok()?;
    let later = match later {
        Some(read) if has_day(&read) => read,
        // The first names the day: `from 1 August 2018 21:14 to 23:00`.
        _ => Clock { date: from_read.date.or(clock.date), ..to_clock.clone() }.read(to).ok()?,
    };
    let (later, choice) = past_midnight(&from_read, later, to, &to_clock)?;
    let is_span = from_read.moment < later.moment
        && [&from_read, &later].iter().all(|read| read.moment.precision() != Precision::Day);
    is_span.then(|| {
        let because = sentence[found.get(0)?.start()..].split_whitespace().take(8).collect::<Vec<_>>().join(" ");
        Some([
            Stated { name: ImpactStart, written: from.to_owned(), read: from_read, choice, because: because.clone() },
            Stated { name: ImpactEnd, written: to.to_owned(), read: later, choice: None, because },
        ])
    })?
}

/// The end of `from 23:30 to 01:15 on 15 August`, with what was chosen: the day may be that of either
/// time, and is taken for that of the start.
fn past_midnight(from: &Read, to: Read, written: &str, clock: &Clock) -> Option<(Read, Option<String>)> {
    let is_same_day = from.date.is_some() && from.date == to.date;
    if from.moment <= to.moment || !is_same_day {
        return Some((to, None));
    }
    let start = stamp::clock_of(written)?;
    let next = from.date?.succ_opt()?;
    let read =
        Clock { date: Some(next), ..clock.in_words(time::zone_of(written).unwrap_or_default()) }.read(start).ok()?;
    let choice = format!(
        "the times go past midnight: {} is taken as the day of the start, and may be that of the end",
        from.date?
    );
    Some((read, Some(choice)))
}

/// The spans that a sentence states for the impact, in its order.
fn spans(sentence: &str, clock: &Clock) -> Vec<[Stated; 2]> {
    if !HARM.is_match(sentence) {
        return Vec::new();
    }
    BETWEEN.find_iter(sentence).filter_map(|found| between(&sentence[found.start()..], clock)).collect()
}

/// The beginning and the end of what all spans of a text say. Several of one sentence are windows of one
/// impact; where sentences differ, each may be of another part, and the end stays unknown.
fn of_spans(of_sentences: Vec<Vec<[Stated; 2]>>) -> Vec<Stated> {
    let is_one = {
        let end = |spans: &Vec<[Stated; 2]>| spans.last().map(|[_, end]| end.read.moment);
        let first = of_sentences.first().and_then(end);
        of_sentences.iter().all(|spans| end(spans) == first)
    };
    let Some(spans) = of_sentences.into_iter().next() else { return Vec::new() };
    let is_forward = spans.windows(2).all(|pair| pair[0][1].read.moment < pair[1][0].read.moment);
    let last = spans.len() - 1;
    let mut found = Vec::new();
    for (at, [start, end]) in spans.into_iter().enumerate() {
        found.extend(Some(start).filter(|_| at == 0));
        found.extend(Some(end).filter(|_| at == last && is_one && is_forward));
    }
    found
}

/// The zone that holds where a sentence and those before it name none: the only one of the text.
fn only_zone(text: &str) -> Option<&str> {
    let mut zones = ZONED.captures_iter(text).filter_map(|found| found.name("zone"));
    let mut zones = zones.by_ref().map(|zone| zone.as_str()).filter(|word| zone::is_known(word));
    let first = zones.next()?;
    zones.all(|zone| zone == first).then_some(first)
}

/// The times that the sentences of a plain text state, each milestone once: the first beginning, the last
/// end. A day alone is none. `title` is the document's.
pub(super) fn stated(text: &str, title: &str, clock: &Clock) -> Vec<Stated> {
    // Running text may name its day without the year, and that of the file's name is another.
    let of_document = clock.date.filter(|_| clock.from_name.is_none());
    let mut clock = Clock { date: of_document, ..clock.clone() };
    let mut found: Vec<Stated> = Vec::new();
    let mut of_sentences: Vec<Vec<[Stated; 2]>> = Vec::new();
    for sentence in sentences(text).filter(|sentence| sentence.contains(|c: char| c.is_ascii_digit())) {
        // A zone that was said before holds, where nothing is said of all times.
        let at = (sentence.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let so_far = text.get(..at + sentence.len()).unwrap_or(sentence);
        let zone = last_zone(so_far).or_else(|| only_zone(text)).filter(|_| clock.zone().is_none());
        let mut own = zone.map_or_else(|| clock.clone(), |zone| clock.in_words(zone));
        let marks = marks::marks(sentence);
        // The day that a sentence names holds for it, and for those after it where nothing else does.
        let day = marks.iter().find_map(|mark| mark.day(&own));
        own.date = day.or(own.date);
        let spans = spans(sentence, &own);
        let before = found.len();
        if spans.is_empty() {
            found.extend(beginning(sentence, &own));
            found.extend(marks::stated(sentence, &marks, title, &own));
        }
        let tells = !spans.is_empty() || found.len() > before;
        of_sentences.extend(Some(spans).filter(|spans| !spans.is_empty()));
        // A day about which the text says nothing belongs to another event, where the document has its own.
        clock.date = day.filter(|_| tells || of_document.is_none()).or(clock.date);
    }
    // Where spans say when the impact was, their times count.
    let is_of_impact = |stated: &Stated| matches!(stated.name, ImpactStart | ImpactEnd);
    let has_spans = !of_sentences.is_empty();
    found.retain(|stated| !(has_spans && is_of_impact(stated)));
    let mut all = of_spans(of_sentences);
    for stated in found {
        let is_last = matches!(stated.name, ImpactEnd | ResolvedAt);
        match all.iter_mut().find(|other| other.name == stated.name) {
            Some(other) if is_last && other.read.moment < stated.read.moment => *other = stated,
            Some(_) => {}
            None => all.push(stated),
        }
    }
    without_ends_before_the_start(all)
}

/// `Starting around 9:45 on April 6th, the API failed`.
fn beginning(sentence: &str, clock: &Clock) -> Option<Stated> {
    let lead = BEGINNING.find(sentence).filter(|_| HARM.is_match(sentence))?;
    let stamp = stamp::leading(&sentence[lead.end()..]).filter(|stamp| !stamp.is_malformed)?;
    let read = marks::read(stamp.written, clock)?;
    let because = format!("{} {}", lead.as_str().trim(), stamp.written);
    Some(Stated { name: ImpactStart, written: stamp.written.to_owned(), read, choice: None, because })
}

/// An end before the beginning is of another day, or of another thing, and not known.
fn without_ends_before_the_start(mut all: Vec<Stated>) -> Vec<Stated> {
    let start = all.iter().find(|stated| stated.name == ImpactStart).map(|stated| stated.read.moment);
    all.retain(|stated| {
        let is_end = matches!(stated.name, ImpactEnd | ResolvedAt);
        !(is_end && start.is_some_and(|start| stated.read.moment.latest() < start.earliest()))
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_state_times() {
        let mut clock = Clock::default();
        clock.state("UTC");
        clock.date = chrono::NaiveDate::from_ymd_opt(2026, 3, 17);
        let told = |text: &str| {
            let found = stated(text, "", &clock);
            found.iter().map(|stated| format!("{} {}", stated.name, stated.read.moment)).collect::<Vec<_>>()
        };
        assert_eq!(
            told("Starting around 09:45 on 2026-03-18, the API failed. It was resolved at 14:05."),
            ["impact_start ~2026-03-18T09:45Z", "resolved_at 2026-03-18T14:05Z"]
        );
        assert_eq!(
            told("Between 16:32 UTC and 19:23 UTC on 27 June 2024, customers could not log in."),
            ["impact_start 2024-06-27T16:32Z", "impact_end 2024-06-27T19:23Z"]
        );
        assert_eq!(
            told("Between approximately 16:32 UTC and 19:23 UTC the site couldn't be accessed."),
            ["impact_start ~2026-03-17T16:32Z", "impact_end 2026-03-17T19:23Z"]
        );
        assert_eq!(told("Between 16:32 and 19:23 we had tea."), [""; 0]);
        assert_eq!(
            told("Between 03:30 and 05:20 UTC, and again between 17:00 and 17:32 UTC, requests failed."),
            ["impact_start 2026-03-17T03:30Z", "impact_end 2026-03-17T17:32Z"]
        );
        assert_eq!(
            told("The shop was down from 07:11 to 10:53 UTC. Login was degraded between 07:17 and 09:28 UTC."),
            ["impact_start 2026-03-17T07:11Z"]
        );
        assert_eq!(told("It was partly restored at 14:40."), [""; 0]);
        assert_eq!(told("It started on 2026-03-18 and was resolved quickly."), [""; 0]);
    }
}
