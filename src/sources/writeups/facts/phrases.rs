//! The times that sentences of running text state for milestones.

use std::sync::LazyLock;

use chrono::TimeDelta;
use regex::Regex;

use super::spans::{self, Impact};
use super::stated::{self, Stated};
use super::statements;
use crate::model::milestone::MilestoneName::{DetectedAt, ImpactEnd, ImpactStart, ResolvedAt};
use crate::model::time::{self, ClockStyle, Read};
use crate::model::zone;
use crate::sources::writeups::times::clock::{Clock, first_of_two_days};
use crate::sources::writeups::times::languages;
use crate::sources::writeups::times::marks::{self, Mark};
use crate::text::clean::sentences;

/// What comes before the time at which the impact began: `Starting around 9:45`, `unavailable
/// from`.
static BEGINNING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:\b(?:starting|beginning|commencing)|\b(?:(?:outage|unavailable|down|inaccessible|offline|unreachable) (?:from|since)|(?:errors|failures|problems|issues|trouble|queries|requests|outage|incident|degradation|disruption|it)\b[^,.;]{0,40} (?:starting|started|began|beginning|commenced)))(?:\s+(?:at|on|from|about|around|approximately|roughly|as early as|~))*\s*$",
    )
    .expect("valid built-in regex")
});

/// What comes before the time at which the impact ended: `The site was down until`.
static ENDING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:until|till)(?:\s+[^.;,]{3,80}?\s(?:at|around|by))?(?:\s+(?:about|around|approximately|roughly|just after|shortly after|~))*\s*$",
    )
    .expect("valid built-in regex")
});

/// `from 14:00` in a sentence of the impact that has no end.
static SINCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:from|since)(?:\s+(?:about|around|approximately|roughly|at|~))*\s*$")
        .expect("valid built-in regex")
});

/// `It was not until 10:45 that …` and `unnoticed until` say when something began.
static NOT_UNTIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\bnot|n['’]t|\bun\w+ed|\bunaware|\bonly)\s+until\b|\b(?:notic|detect|discover|reali[sz]|identif|aware|investigat|recover|restor|stable|stabili[sz])\w*\b[^.;]{0,40}\buntil\b")
        .expect("valid built-in regex")
});

/// What nobody knew until a time was detected then: `nobody noticed until a customer wrote at
/// 06:15`.
static UNNOTICED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?:nobody|no one|no-one|not|n['’]t|never)\s+(?:\w+\s+){0,2}?(?:notic|detect|discover|spot|aware|reali[sz])\w*|unnoticed|undetected|unaware)\b[^.;]{0,30}\buntil\b[^.;]{0,50}$")
        .expect("valid built-in regex")
});

/// A sentence of what did not happen, or has not happened yet.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\W*(?:if|unless|had)\b|\b(?:would (?:have|be|last)|could have|might have|will be|is expected|are expected)\b",
    )
    .expect("valid built-in regex")
});

/// What we see for the first time has begun: `we began to see elevated latency`.
static SEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:began|started|begin|start) (?:to see|seeing)\b|\bsaw\b")
        .expect("valid built-in regex")
});

/// A zone beside a clock time of a text.
static ZONED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b\d{1,2}(?:[:.h]\d{2}(?::\d{2})?)?\s?(?i:[ap]\.?m\b\.?)?,?\s?\(?(?P<zone>[A-Z][A-Za-z]+/[A-Z]\w+|(?:Eastern|Central|Mountain|Pacific)(?: (?:Standard |Daylight )?Time)?|[A-Z]{1,5}(?:[+-]\d{1,2}(?::?\d{2})?)?)\b",
    )
    .expect("valid built-in regex")
});

/// The zones that the clock times of `text` name.
fn zones(text: &str) -> impl Iterator<Item = &str> {
    let words =
        ZONED.captures_iter(text).filter_map(|found| found.name("zone").map(|zone| zone.as_str()));
    words.filter(|word| zone::is_known(word))
}

/// The zone that holds where a sentence and those before it name none: the only one of the text.
pub(crate) fn only_zone(text: &str) -> Option<&str> {
    let mut zones = zones(text);
    let first = zones.next()?;
    zones.all(|zone| zone == first).then_some(first)
}

/// A day that is said by its distance from that of writing, so that no other day holds.
static RELATIVE_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:yesterday|last (?:night|week|month|evening|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b")
        .expect("valid built-in regex")
});

/// The day before that on which the text was written.
static YESTERDAY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\byesterday\b").expect("valid built-in regex"));

/// Whether a text speaks of the day on which it was written, and of none before it.
pub(crate) fn is_of_that_day(text: &str) -> bool {
    static TODAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:today|this (?:morning|afternoon|evening)|earlier today)\b")
            .expect("valid built-in regex")
    });
    TODAY.is_match(text) && !RELATIVE_DAY.is_match(text)
}

/// What sentences state.
pub(crate) struct Prose {
    /// Milestones, each once.
    pub(crate) milestones: Vec<Stated>,
    /// The windows of an impact that came in several.
    pub(crate) windows: Vec<[Read; 2]>,
}

/// A text whose clock times are all written with a colon: `6.10am`, `noon`, `between 1900 and 2100
/// UTC`.
fn with_colons(text: &str) -> String {
    static DOTTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?P<hour>\d{1,2})\.(?P<minute>\d{2})(?P<half>\s?[ap]\.?m\b)")
            .expect("valid built-in regex")
    });
    static NOON: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?P<lead>at|until|till|from|between|and|to|by|around|about) (?:12 )?(?:noon|midday)\b")
            .expect("valid built-in regex")
    });
    // Four digits alone may be a year.
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?P<lead>\b(?i:at|until|till|from|between|hours of|and|to|by|around|about|since|approximately)\s+)(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<rest>\s?(?:UTC|GMT|Z|hrs|hours|E[SD]?T|C[SD]?T|P[SD]?T|CES?T|BST)\b|\s*(?:-|–|(?i:and|to|until))\s*(?:[01]\d|2[0-3])[0-5]\d\s?(?:UTC|GMT|Z|hrs|hours)\b)",
        )
        .expect("valid built-in regex")
    });
    let text = DOTTED.replace_all(text, "$hour:$minute$half");
    let text = NOON.replace_all(&text, "$lead 12:00 pm");
    // The second of a span is written out when the first is.
    let text = BARE.replace_all(&text, "$lead$hour:$minute$rest").into_owned();
    BARE.replace_all(&text, "$lead$hour:$minute$rest").replace("the hours of ", "")
}

/// The times that the sentences of a plain text state, each milestone once: the first beginning,
/// the last end. A day alone is none. `title` is the document's.
pub(crate) fn stated(text: &str, title: &str, clock: &Clock) -> Prose {
    // These languages count the hours to 24.
    let is_foreign = languages::is_foreign(text);
    let text = languages::english(text);
    let text: &str = &with_colons(&text);
    // Running text may name its day without the year, and that of the file's name is another.
    let of_document = clock.date.filter(|_| clock.fallback.is_none());
    let is_dated =
        |sentence: &str| marks::marks(sentence).iter().any(|mark| mark.day(clock).is_some());
    let is_of_another_day = || RELATIVE_DAY.is_match(text) || sentences(text).any(is_dated);
    let fallback = clock.date.filter(|_| of_document.is_none() && !is_of_another_day());
    let mut clock = Clock { date: of_document.or(fallback), ..clock.clone() };
    // An hour that only one of the clocks has shows how all are counted.
    if clock.style == ClockStyle::Unknown && is_foreign {
        clock.style = ClockStyle::TwentyFour;
    }
    if clock.style == ClockStyle::Unknown {
        let written = sentences(text).flat_map(marks::marks).map(|mark| mark.written);
        clock.style = ClockStyle::seen_in(written);
    }
    let has_zone = clock.zone().is_some() && !clock.is_zone_of_some && !clock.is_zone_of_person;
    // What is said to have failed is what has to be restored, whatever its name is.
    let mut names = title.to_owned();
    let mut failed_so_far = String::new();
    let mut last_zone = None;
    let mut found: Vec<Stated> = Vec::new();
    let mut of_sentences: Vec<Vec<[Stated; 2]>> = Vec::new();
    let mut parts: Vec<Vec<[Stated; 2]>> = Vec::new();
    for sentence in
        sentences(text).filter(|sentence| sentence.contains(|c: char| c.is_ascii_digit()))
    {
        // A zone that was said before holds, where nothing is said of all times.
        let at = (sentence.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let so_far = text.get(..at + sentence.len()).unwrap_or(sentence);
        let marks = marks::marks(sentence);
        let of_marks = marks.iter().rev().find_map(|mark| time::zone_of(mark.written));
        last_zone = zones(so_far).last().or(of_marks).or(last_zone);
        let zone = last_zone.or_else(|| only_zone(text)).filter(|_| !has_zone);
        let mut own = zone.map_or_else(|| clock.clone(), |zone| clock.in_words(zone));
        // The day that a sentence names holds for it, and for those after it where nothing else
        // does.
        let yesterday = || own.written_on.filter(|_| YESTERDAY.is_match(sentence))?.pred_opt();
        let day = first_of_two_days(sentence)
            .or_else(|| marks.iter().find_map(|mark| mark.day(&own)))
            .or_else(yesterday);
        let day_before = own.date.filter(|date| date.succ_opt() == day);
        own.date = day.or(own.date);
        let before = found.len();
        let is_open = OPEN.is_match(sentence);
        let spans = if is_open { Vec::new() } else { spans::spans(sentence, &marks, &own) };
        if spans.is_empty() && !is_open {
            found.extend(ends(sentence, &marks, &own));
            found.extend(
                stated::stated(sentence, &marks, &names, &failed_so_far, &own)
                    .into_iter()
                    .map(as_seen),
            );
        }
        if let Some(date) = day_before {
            let own = Clock { date: Some(date), ..own.clone() };
            on_the_day_before(&mut found[before..], sentence, &marks, &own);
        }
        if found[before..].iter().any(|stated| stated.name == ImpactStart) || !spans.is_empty() {
            names.extend(failed(sentence).map(|name| format!(" {name}")));
            failed_so_far.push_str(sentence);
        }
        let tells = !spans.is_empty() || found.len() > before || spans::is_about_impact(sentence);
        match spans.len() {
            0 => {}
            1 if spans::is_of_a_part(sentence) => parts.push(spans),
            _ => of_sentences.push(spans),
        }
        // A day about which the text says nothing belongs to another event, where the document has
        // its own.
        clock.date = day.filter(|_| tells || of_document.is_none()).or(clock.date);
    }
    // Where spans say when the impact was, their times count.
    let is_of_impact = |stated: &Stated| matches!(stated.name, ImpactStart | ImpactEnd);
    let mut impact = spans::impact(of_sentences, &parts);
    // Unless it began before them: then they are of a part.
    if begins_before(&found, &impact) {
        impact = Impact::default();
    }
    let has_spans = !impact.ends.is_empty();
    found.retain(|stated| !(has_spans && is_of_impact(stated)));
    let Impact { ends: mut all, windows } = impact;
    // What is only milestones_of counts where nothing says so in so many words.
    let (weak, found): (Vec<Stated>, Vec<Stated>) = found.into_iter().partition(|one| one.is_weak);
    let is_missing = |one: &Stated| !found.iter().chain(&all).any(|other| other.name == one.name);
    let weak: Vec<Stated> = weak.into_iter().filter(is_missing).collect();
    for stated in found.into_iter().chain(weak) {
        let is_last = matches!(stated.name, ImpactEnd | ResolvedAt);
        match all.iter_mut().find(|other| other.name == stated.name) {
            Some(other) if is_last && other.read.moment < stated.read.moment => *other = stated,
            Some(_) => {}
            None => all.push(stated),
        }
    }
    Prose { milestones: without_ends_before_the_start(all), windows }
}

/// Whether a sentence says that the incident or the service failed before the spans of the impact
/// begin.
fn begins_before(found: &[Stated], impact: &Impact) -> bool {
    let Some(start) = impact.ends.iter().find(|stated| stated.name == ImpactStart) else {
        return false;
    };
    let is_whole = |stated: &&Stated| {
        stated.name == ImpactStart && !stated.is_weak && statements::is_of_whole(&stated.because)
    };
    let mut wholes = found.iter().filter(is_whole);
    wholes.any(|stated| {
        let near = if stated.read.moment.is_about() { 15 } else { 5 };
        start.read.moment.earliest() - stated.read.moment.latest() > TimeDelta::minutes(near)
    })
}

/// Times before the one that names the next day are of the day before: `began at 18:35, and all was
/// back by 00:30 on February 3`.
fn on_the_day_before(found: &mut [Stated], sentence: &str, marks: &[Mark<'_>], clock: &Clock) {
    let Some(dated) = marks.iter().find(|mark| mark.day(clock).is_some()) else { return };
    for stated in found {
        let is_before = sentence.find(&stated.written).is_some_and(|at| at < dated.written_start());
        if is_before && marks::is_from_context(&stated.read) {
            stated.read =
                marks::read(&stated.written, clock).unwrap_or_else(|| stated.read.clone());
        }
    }
}

/// `Starting around 9:45 on April 6th, the API failed`, `The shop was down until 10:45`.
fn ends(sentence: &str, marks: &[Mark<'_>], clock: &Clock) -> Vec<Stated> {
    let is_of_impact = spans::is_about_impact(sentence);
    let of = |mark: &Mark<'_>| {
        let before = sentence.get(..mark.written_start())?;
        let is_weak = !is_of_impact;
        if let Some(lead) = UNNOTICED.find(before) {
            let read = marks::read(mark.written, clock)?;
            let because = format!("{} {}", lead.as_str().trim(), mark.written);
            let written = mark.written.to_owned();
            return Some(Stated {
                name: DetectedAt,
                written,
                read,
                choice: None,
                because,
                is_weak: true,
            });
        }
        let (name, lead, is_weak) = match (BEGINNING.find(before), ENDING.find(before)) {
            (Some(lead), _) => (ImpactStart, lead, is_weak),
            (None, Some(lead)) if !NOT_UNTIL.is_match(before) && is_of_impact => {
                (ImpactEnd, lead, is_weak)
            }
            _ => (ImpactStart, SINCE.find(before).filter(|_| is_of_impact)?, true),
        };
        if is_weak && spans::is_of_the_team(sentence) {
            return None;
        }
        let read = marks::read(mark.written, clock)?;
        let because = format!("{} {}", lead.as_str().trim(), mark.written);
        Some(Stated {
            name,
            written: mark.written.to_owned(),
            read,
            choice: None,
            because,
            is_weak,
        })
    };
    marks.iter().filter_map(of).collect()
}

/// What a sentence says has failed: `The message queue stopped accepting writes`, `an outage of
/// search`.
fn failed(sentence: &str) -> impl Iterator<Item = &str> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\b(?:outage|loss|failure|unavailability|downtime) of (?:the |our |its |all )?(?P<object>[a-z][\w-]{2,})|\b(?:the|our|all) (?:\w+ ){0,2}?(?P<subject>[a-z][\w-]{2,}) (?:went|stopped|failed|crashed|began|started|became|was|were|lost|hung|froze)\b",
        )
        .expect("valid built-in regex")
    });
    let name = |found: regex::Captures<'_>| {
        found.name("object").or_else(|| found.name("subject")).map(|name| name.range())
    };
    NAMED.captures_iter(sentence).filter_map(name).map(|range| &sentence[range])
}

/// Who began to see errors in a summary says when they began.
fn as_seen(stated: Stated) -> Stated {
    let name = match stated.name {
        DetectedAt if SEEN.is_match(&stated.because) => ImpactStart,
        name => name,
    };
    Stated { name, ..stated }
}

/// An end that names no day and is earlier on the clock than the beginning is of the day after it;
/// any other before the beginning is of another thing, and not known.
fn without_ends_before_the_start(mut all: Vec<Stated>) -> Vec<Stated> {
    let start =
        all.iter().find(|stated| stated.name == ImpactStart).map(|stated| stated.read.moment);
    for stated in all.iter_mut().filter(|stated| matches!(stated.name, ImpactEnd | ResolvedAt)) {
        let Some(next_day) = stated.read.moment.shifted(TimeDelta::days(1)) else { continue };
        let is_before = start.is_some_and(|start| stated.read.moment.latest() < start.earliest());
        let is_after = start.is_some_and(|start| next_day.earliest() > start.latest());
        if is_before && is_after && marks::is_from_context(&stated.read) {
            stated.read.moment = next_day;
            stated.choice =
                Some("it is taken to be after midnight, on the day after the beginning".into());
        }
    }
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
    fn times_stated_in_sentences_are_found() {
        let mut clock = Clock::default();
        clock.state("UTC");
        clock.date = chrono::NaiveDate::from_ymd_opt(2026, 3, 17);
        let of_day = clock.clone();
        let milestones_of = |text: &str| {
            let found = stated(text, "", &of_day).milestones;
            found
                .iter()
                .map(|stated| format!("{} {}", stated.name, stated.read.moment))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            milestones_of(
                "Starting around 09:45 on 2026-03-18, the API failed. It was resolved at 14:05."
            ),
            ["impact_start ~2026-03-18T09:45Z", "resolved_at 2026-03-18T14:05Z"]
        );
        assert_eq!(
            milestones_of(
                "Between 16:32 UTC and 19:23 UTC on 27 June 2024, customers could not log in."
            ),
            ["impact_start 2024-06-27T16:32Z", "impact_end 2024-06-27T19:23Z"]
        );
        assert_eq!(
            milestones_of(
                "Between approximately 16:32 UTC and 19:23 UTC the site couldn't be accessed."
            ),
            ["impact_start ~2026-03-17T16:32Z", "impact_end 2026-03-17T19:23Z"]
        );
        for (text, expected) in [
            ("Between the hours of 1900 and 2100 UTC users saw errors.", ["19:00Z", "21:00Z"]),
            ("The site was down from 6.10am to 9.45am.", ["06:10Z", "09:45Z"]),
            ("Payments failed between noon and 2:30 pm.", ["12:00Z", "14:30Z"]),
            (
                "Searches failed from 14:00. We rolled back and searches recovered at 14:35.",
                ["14:00Z", "14:35Z"],
            ),
            (
                "At 13:07 a bug shut down every web server. The site was fully up at 13:58.",
                ["13:07Z", "13:58Z"],
            ),
            (
                "A fibre cut took the network down at 11:05. It was partly restored at 13:30 and fully at 17:45.",
                ["11:05Z", "17:45Z"],
            ),
            (
                "A licence expired at 10:00, which made the API unavailable until we replaced it at 16:30.",
                ["10:00Z", "16:30Z"],
            ),
            (
                "The switch failed at 06:10. It was replaced at 09:40, restoring service to all customers.",
                ["06:10Z", "09:40Z"],
            ),
            (
                "At 09:04 our website crashed, and it was not until 11:30 that it was back online.",
                ["09:04Z", "11:30Z"],
            ),
            (
                "Until 14:20, uploads failed for all users; the failure had started at 13:05.",
                ["13:05Z", "14:20Z"],
            ),
            ("Access to the page was lost at 06:10 and regained at 06:55.", ["06:10Z", "06:55Z"]),
            ("Le site était inaccessible de 06h10 à 06h55.", ["06:10Z", "06:55Z"]),
        ] {
            let expected = [
                format!("impact_start 2026-03-17T{}", expected[0]),
                format!("impact_end 2026-03-17T{}", expected[1]),
            ];
            let mut found = milestones_of(text);
            found.sort_unstable_by(|one, other| other.cmp(one));
            assert_eq!(found, expected, "{text}");
        }
        for text in [
            "The search index recovered at 14:35.",
            "Some users were back online at 14:35.",
            "At 13:24 we noticed that the bot could not write, and the page was unavailable.",
            "The provider recovered at 14:00.",
            "An engineer worked from 06:10 to 06:55 on the database.",
        ] {
            let found = milestones_of(text);
            assert!(found.iter().all(|stated| !stated.starts_with("impact")), "{text}: {found:?}");
        }
        assert_eq!(milestones_of("Between 16:32 and 19:23 we had tea."), [""; 0]);
        assert_eq!(
            milestones_of(
                "Between 03:30 and 05:20 UTC, and again between 17:00 and 17:32 UTC, requests failed."
            ),
            ["impact_start 2026-03-17T03:30Z", "impact_end 2026-03-17T17:32Z"]
        );
        assert_eq!(
            milestones_of(
                "The shop was down from 07:11 to 10:53 UTC. Login was degraded between 07:17 and 09:28 UTC."
            ),
            ["impact_start 2026-03-17T07:11Z", "impact_end 2026-03-17T10:53Z"]
        );
        assert_eq!(
            milestones_of(
                "The shop was down from 07:11 to 10:53 UTC. Login was degraded between 09:17 and 11:28 UTC."
            ),
            ["impact_start 2026-03-17T07:11Z"]
        );
        assert_eq!(
            milestones_of(
                "At 23:40 the servers began to hang. Everything was back to normal at 02:15."
            ),
            ["impact_start 2026-03-17T23:40Z", "impact_end 2026-03-18T02:15Z"]
        );
        assert_eq!(
            milestones_of(
                "The queue stopped accepting writes at 10:00. The queue was healthy at 10:40."
            ),
            ["impact_start 2026-03-17T10:00Z", "impact_end 2026-03-17T10:40Z"]
        );
        assert_eq!(
            milestones_of("From 8:23 a.m. to 10:05 a.m. EDT the site was down."),
            ["impact_start 2026-03-17T12:23Z", "impact_end 2026-03-17T14:05Z"]
        );
        assert_eq!(
            milestones_of("If the outage had started at 10:00, nobody had seen it."),
            [""; 0]
        );
        assert_eq!(milestones_of("The site will be down from 10:00 to 11:00."), [""; 0]);
        assert_eq!(
            milestones_of("We did not notice the errors until a customer called at 10:40."),
            ["detected_at 2026-03-17T10:40Z"]
        );
        assert_eq!(milestones_of("It was partly restored at 14:40."), [""; 0]);
        assert_eq!(
            milestones_of("Nobody noticed until a customer wrote to us at 10:40."),
            ["detected_at 2026-03-17T10:40Z"]
        );
        assert_eq!(milestones_of("We did not deploy until 10:40."), [""; 0]);
        // A span of a part is not that of the whole, and neither is one that begins after the
        // incident.
        for text in [
            "The attack led to an additional 25 minutes of downtime between 23:05 and 23:30 UTC.",
            "Initial customer impact was observed between 11:47 and 11:49.",
            "Changes by customers were suspended from 10:04 until 11:28 to prevent new errors.",
        ] {
            assert_eq!(milestones_of(text), [""; 0], "{text}");
        }
        assert_eq!(
            milestones_of(
                "The incident began at 07:57. Notifications were lost between 08:35 and 08:53."
            ),
            ["impact_start 2026-03-17T07:57Z"]
        );
        assert_eq!(
            milestones_of(
                "On 2026-03-17 we had an outage. It began at 18:35, and everything was restored by 00:30 on 2026-03-18."
            ),
            ["impact_end 2026-03-18T00:30Z", "impact_start 2026-03-17T18:35Z"]
        );
        // The day before that of writing, and the first of two days.
        clock.date = None;
        clock.written_on = chrono::NaiveDate::from_ymd_opt(2026, 3, 18);
        let found = stated("Yesterday at 20:00 the site went down.", "", &clock).milestones;
        assert_eq!(found[0].read.moment.to_string(), "2026-03-17T20:00Z");
        let text = "In the night of 17 to 18 May 2023, from 23:40 to 04:10, writes failed.";
        let found = stated(text, "", &clock).milestones;
        assert_eq!(found[0].read.moment.to_string(), "2023-05-17T23:40Z");
        assert_eq!(found[1].read.moment.to_string(), "2023-05-18T04:10Z");
        assert_eq!(milestones_of("It started on 2026-03-18 and was resolved quickly."), [""; 0]);
    }
}
