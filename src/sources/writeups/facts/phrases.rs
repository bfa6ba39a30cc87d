//! Extracts the times that sentences of running text state for milestones.

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
use crate::sources::writeups::times::shorthand;
use crate::text::clean::sentences;

/// Words before the time at which the impact began: `Starting around 9:45`, `unavailable from`.
static BEGINNING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:\b(?:starting|beginning|commencing)|\b(?:(?:outage|unavailable|down|inaccessible|offline|unreachable) (?:from|since)|(?:errors|failures|problems|issues|trouble|queries|requests|outage|incident|degradation|disruption|it)\b[^,.;]{0,40} (?:starting|started|began|beginning|commenced)))(?:\s+(?:at|on|from|about|around|approximately|roughly|as early as|~))*\s*$",
    )
    .expect("valid built-in regex")
});

/// Words before the time at which the impact ended: `The site was down until`.
static ENDING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:until|till)(?:\s+[^.;,]{3,80}?\s(?:at|around|by))?(?:\s+(?:about|around|approximately|roughly|just after|shortly after|~))*\s*$",
    )
    .expect("valid built-in regex")
});

/// `from 14:00` in a sentence about the impact that states no end.
static SINCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:from|since)(?:\s+(?:about|around|approximately|roughly|at|~))*\s*$")
        .expect("valid built-in regex")
});

/// `It was not until 10:45 that …` and `unnoticed until` introduce the start of something.
static NOT_UNTIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\bnot|n['’]t|\bun\w+ed|\bunaware|\bonly)\s+until\b|\b(?:notic|detect|discover|reali[sz]|identif|aware|investigat|recover|restor|stable|stabili[sz])\w*\b[^.;]{0,40}\buntil\b")
        .expect("valid built-in regex")
});

/// Words before a time until which the failure was unknown, which is the time of detection: `nobody
/// noticed until a customer wrote at 06:15`.
static UNNOTICED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?:nobody|no one|no-one|not|n['’]t|never)\s+(?:\w+\s+){0,2}?(?:notic|detect|discover|spot|aware|reali[sz])\w*|unnoticed|undetected|unaware)\b[^.;]{0,30}\buntil\b[^.;]{0,50}$")
        .expect("valid built-in regex")
});

/// A sentence about something that did not happen, or has not happened yet.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\W*(?:if|unless|had)\b|\b(?:would (?:have|be|last)|could have|might have|will be|is expected|are expected)\b",
    )
    .expect("valid built-in regex")
});

/// Seeing symptoms for the first time means that the impact began: `we began to see elevated
/// latency`.
static SEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:began|started|begin|start) (?:to see|seeing)\b|\bsaw\b")
        .expect("valid built-in regex")
});

/// A zone next to a clock time.
static ZONED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b\d{1,2}(?:[:.h]\d{2}(?::\d{2})?)?\s?(?i:[ap]\.?m\b\.?)?,?\s?\(?(?P<zone>[A-Z][A-Za-z]+/[A-Z]\w+|(?:Eastern|Central|Mountain|Pacific)(?: (?:Standard |Daylight )?Time)?|[A-Z]{1,5}(?:[+-]\d{1,2}(?::?\d{2})?)?)\b|\b(?P<first>UTC|GMT) \d{1,2}:\d{2}\b",
    )
    .expect("valid built-in regex")
});

/// Returns the zones of the clock times in `text`.
fn zones(text: &str) -> impl Iterator<Item = &str> {
    let zone = |found: regex::Captures<'_>| {
        found.name("zone").or_else(|| found.name("first")).map(|zone| zone.range())
    };
    let words = ZONED.captures_iter(text).filter_map(zone).map(|range| &text[range]);
    words.filter(|word| zone::is_known(word))
}

/// Returns the zone of a text if all of its zones are the same. It applies to sentences without a
/// zone.
pub(crate) fn only_zone(text: &str) -> Option<&str> {
    let mut zones = zones(text);
    let first = zones.next()?;
    zones.all(|zone| zone == first).then_some(first)
}

/// A day relative to the day of writing. It rules out any other day for the text.
static RELATIVE_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:yesterday|last (?:night|week|month|evening|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b")
        .expect("valid built-in regex")
});

/// The day before the text was written.
static YESTERDAY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\byesterday\b").expect("valid built-in regex"));

/// Whether a text mentions the day on which it was written, and no day before it.
pub(crate) fn is_of_that_day(text: &str) -> bool {
    static TODAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:today|this (?:morning|afternoon|evening)|earlier today)\b")
            .expect("valid built-in regex")
    });
    TODAY.is_match(text) && !RELATIVE_DAY.is_match(text)
}

/// The statements of sentences.
pub(crate) struct Prose {
    /// Milestones, each at most once.
    pub(crate) milestones: Vec<Stated>,
    /// The windows of an impact that came and went.
    pub(crate) windows: Vec<[Read; 2]>,
}

/// Returns the times that the sentences of a plain text state, each milestone once: the first
/// statement of a start, the latest time of an end. Days without a clock time are ignored. `title`
/// is the title of the document.
pub(crate) fn stated(text: &str, title: &str, clock: &Clock) -> Prose {
    let is_foreign = languages::is_foreign(text);
    let text = languages::english(text);
    let text: &str = &shorthand::with_colons(&text);
    let mut reading = Reading::new(text, title, clock, is_foreign);
    for sentence in
        sentences(text).filter(|sentence| sentence.contains(|c: char| c.is_ascii_digit()))
    {
        reading.sentence(sentence);
    }
    reading.finish()
}

/// The state after the sentences read so far.
struct Reading<'t> {
    text: &'t str,
    /// Its day is that of the last sentence that states one.
    clock: Clock,
    /// Whether the document has a day apart from those in the text.
    has_day: bool,
    /// Whether one zone applies to all times, so that none is taken from other sentences.
    has_zone: bool,
    last_zone: Option<&'t str>,
    /// The names of what failed, which is what must be restored: the title, and names from
    /// sentences.
    names: String,
    /// The sentences that state a failure.
    failed_so_far: String,
    found: Vec<Stated>,
    /// The spans of each sentence about the whole impact, and of each sentence about a part of it.
    wholes: Vec<Vec<[Stated; 2]>>,
    parts: Vec<Vec<[Stated; 2]>>,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str, title: &str, clock: &Clock, is_foreign: bool) -> Self {
        // The day in the file's name is only a fallback. Running text may state its own day without
        // a year.
        let of_document = clock.date.filter(|_| clock.fallback.is_none());
        let is_dated =
            |sentence: &str| marks::marks(sentence).iter().any(|mark| mark.day(clock).is_some());
        let is_of_another_day = || RELATIVE_DAY.is_match(text) || sentences(text).any(is_dated);
        let fallback = clock.date.filter(|_| of_document.is_none() && !is_of_another_day());
        let style = match clock.style {
            // Authors in these languages use the 24-hour clock.
            ClockStyle::Unknown if is_foreign => ClockStyle::TwentyFour,
            // An hour that only one style has shows the style of all times.
            ClockStyle::Unknown => {
                let written = sentences(text).flat_map(marks::marks).map(|mark| mark.written);
                ClockStyle::seen_in(written)
            }
            style => style,
        };
        Self {
            text,
            clock: Clock { date: of_document.or(fallback), style, ..clock.clone() },
            has_day: of_document.is_some(),
            has_zone: clock.zone().is_some() && !clock.is_zone_of_some && !clock.is_zone_of_person,
            last_zone: None,
            names: title.to_owned(),
            failed_so_far: String::new(),
            found: Vec::new(),
            wholes: Vec::new(),
            parts: Vec::new(),
        }
    }

    fn sentence(&mut self, sentence: &'t str) {
        let marks = marks::marks(sentence);
        let mut own = self.clock_of(sentence, &marks);
        // The day in a sentence applies to the sentence, and to later ones without a day.
        let yesterday = || own.written_on.filter(|_| YESTERDAY.is_match(sentence))?.pred_opt();
        let day = first_of_two_days(sentence)
            .or_else(|| marks.iter().find_map(|mark| mark.day(&own)))
            .or_else(yesterday);
        let day_before = own.date.filter(|date| date.succ_opt() == day);
        own.date = day.or(own.date);
        let is_open = OPEN.is_match(sentence);
        let spans = if is_open { Vec::new() } else { spans::spans(sentence, &marks, &own) };
        let mut found = Vec::new();
        if spans.is_empty() && !is_open {
            found.extend(ends(sentence, &marks, &own));
            let others = stated::stated(sentence, &marks, &self.names, &self.failed_so_far, &own);
            found.extend(others.into_iter().map(as_seen));
        }
        if let Some(date) = day_before {
            let own = Clock { date: Some(date), ..own.clone() };
            on_the_day_before(&mut found, sentence, &marks, &own);
        }
        if found.iter().any(|stated| stated.name == ImpactStart) || !spans.is_empty() {
            self.names.extend(failed(sentence).map(|name| format!(" {name}")));
            self.failed_so_far.push_str(sentence);
        }
        let is_of_this = !spans.is_empty() || !found.is_empty() || spans::is_about_impact(sentence);
        self.found.append(&mut found);
        match spans.len() {
            0 => {}
            1 if spans::is_of_a_part(sentence) => self.parts.push(spans),
            _ => self.wholes.push(spans),
        }
        // If the document has its own day, a day without a statement about the impact is that of
        // another event.
        self.clock.date = day.filter(|_| is_of_this || !self.has_day).or(self.clock.date);
    }

    /// Returns the clock of a sentence in its own zone. Without one, the last zone before it
    /// applies, unless the document states a zone for all times.
    fn clock_of(&mut self, sentence: &'t str, marks: &[Mark<'t>]) -> Clock {
        let at = (sentence.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let so_far = self.text.get(..at + sentence.len()).unwrap_or(sentence);
        let of_marks = marks.iter().rev().find_map(|mark| time::zone_of(mark.written));
        self.last_zone = zones(so_far).last().or(of_marks).or(self.last_zone);
        let zone = self.last_zone.or_else(|| only_zone(self.text)).filter(|_| !self.has_zone);
        zone.map_or_else(|| self.clock.clone(), |zone| self.clock.in_words(zone))
    }

    fn finish(self) -> Prose {
        // Spans of the impact take precedence over single times.
        let mut impact = spans::impact(self.wholes, &self.parts);
        // If the impact began before the spans, they only cover a part of it.
        if begins_before(&self.found, &impact) {
            impact = Impact::default();
        }
        let Impact { ends: mut all, windows } = impact;
        let is_of_impact = |stated: &Stated| matches!(stated.name, ImpactStart | ImpactEnd);
        let has_spans = !all.is_empty();
        let found = self.found.into_iter().filter(|stated| !(has_spans && is_of_impact(stated)));
        // Weak statements count only if no other statement has the milestone.
        let (weak, found): (Vec<Stated>, Vec<Stated>) = found.partition(|one| one.is_weak);
        let is_missing =
            |one: &Stated| !found.iter().chain(&all).any(|other| other.name == one.name);
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
}

/// Whether a sentence states that the incident or the service began to fail before the first span.
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

/// Moves times before a stated day to the day before it: `began at 18:35, and all was back by 00:30
/// on February 3`.
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

/// Returns the start or the end of the impact by the words before each time: `Starting around 9:45
/// on April 6th, the API failed`, `The shop was down until 10:45`.
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

/// Returns the names of what failed in a sentence: `The message queue stopped accepting writes`,
/// `an outage of search`.
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

/// Converts a detection to the start of the impact if the sentence states that errors were first
/// seen.
fn as_seen(stated: Stated) -> Stated {
    let name = match stated.name {
        DetectedAt if SEEN.is_match(&stated.because) => ImpactStart,
        name => name,
    };
    Stated { name, ..stated }
}

/// Moves an end without a day that is earlier than the start on the clock to the next day. Removes
/// any other end before the start, since it belongs to something else.
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
mod tests;
