//! The times that sentences of running text state for milestones.

use std::sync::LazyLock;

use regex::Regex;

use super::clock::Clock;
use super::stamp;
use crate::model::milestone::MilestoneName;
use crate::model::time::{self, ClockStyle, Precision, Read, Remark};
use crate::model::zone;
use crate::sources::text::sentences;

use MilestoneName::{DetectedAt, ImpactEnd, ImpactStart, ResolvedAt};

/// What stands before a time in a sentence: `started around 9:45`, `was resolved at 14:05`.
static SENTENCES: LazyLock<Vec<(MilestoneName, Regex)>> = LazyLock::new(|| {
    let phrases = [
        (
            ImpactStart,
            r"\b(?:starting|started|began|beginning|outage from|unavailable from|down from)\s+(?:at |on |from )?",
        ),
        (DetectedAt, r"\b(?:detected|noticed|alerted)\s+(?:at |on )"),
        (ResolvedAt, r"\b(?:resolved|fixed)\s+(?:at |on |by )?"),
        (
            ImpactEnd,
            r"\b(?:restored|recovered|operational again|back to normal|ended|over)\s+(?:for (?:everyone|everybody|all(?: (?:our )?(?:users|customers))?) )?(?:at |by |around )",
        ),
    ];
    let compiled = |(name, pattern): (MilestoneName, &str)| {
        (name, Regex::new(&format!("(?i){pattern}")).expect("an expression of ours"))
    };
    phrases.into_iter().map(compiled).collect()
});

/// A time that a sentence states for a milestone.
pub(super) struct Stated {
    /// Which.
    pub(super) name: MilestoneName,
    /// The time as it is written.
    pub(super) written: String,
    /// The time, as read.
    pub(super) read: Read,
    /// What was chosen between two readings.
    pub(super) choice: Option<String>,
    /// The words that say which milestone it is.
    pub(super) because: String,
}

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
        r"(?i)\b(?:customers?|users?|impact(?:ed)?|unavailable|inaccessible|unreachable|(?:could not|couldn.t) be \w+|delayed|delays|slow|lost|dropped|outage|down|experienced|failed|errors?|offline|degraded)\b",
    )
    .expect("an expression of ours")
});

/// The two times between which a sentence says that users were harmed. The day and the zone of one
/// are those of the other where that names none, and so is the way in which it counts hours.
fn between(sentence: &str, clock: &Clock) -> Option<[Stated; 2]> {
    let found = BETWEEN.captures(sentence).filter(|_| HARM.is_match(sentence))?;
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

/// The times that the sentences of a plain text state, each milestone's first. A day alone is none.
pub(super) fn stated(text: &str, clock: &Clock) -> Vec<Stated> {
    let mut found: Vec<Stated> = Vec::new();
    for sentence in sentences(text) {
        // A zone that was said before holds, where nothing is said of all times.
        let at = (sentence.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let so_far = text.get(..at + sentence.len()).unwrap_or(sentence);
        let earlier = last_zone(so_far).filter(|_| clock.zone().is_none());
        let clock = &earlier.map_or_else(|| clock.clone(), |zone| clock.in_words(zone));
        if found.is_empty() {
            found.extend(between(sentence, clock).into_iter().flatten());
        }
        for (name, phrase) in SENTENCES.iter() {
            let times = phrase.find_iter(sentence).filter_map(|lead| {
                let stamp = stamp::leading(&sentence[lead.end()..]).filter(|stamp| !stamp.is_malformed)?;
                let read = clock.read(stamp.written).ok()?;
                (read.moment.precision() != Precision::Day)
                    .then(|| (stamp.written.to_owned(), read, lead.as_str().trim()))
            });
            if let Some((written, read, lead)) = times.into_iter().next()
                && !found.iter().any(|other| other.name == *name)
            {
                let because = format!("{lead} {written}");
                found.push(Stated { name: *name, written, read, choice: None, because });
            }
        }
    }
    found
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
            let found = stated(text, &clock);
            found.iter().map(|stated| format!("{} {}", stated.name, stated.read.moment)).collect::<Vec<_>>()
        };
        assert_eq!(
            told("Starting around 09:45 on 2026-03-18, the API failed. It was resolved at 14:05."),
            ["impact_start ~2026-03-18T09:45Z", "resolved_at 2026-03-17T14:05Z"]
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
        assert_eq!(told("It started on 2026-03-18 and was resolved quickly."), [""; 0]);
    }
}
