//! The facts that a document states once for all of its times: the zone, the day, the year.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, TimeDelta};
use regex::Regex;

use super::stamp;
use crate::model::time::{
    self, ClockStyle, DateOrder, Moment, Read, Reading, Remark, TimeError, Walk, Year,
};
use crate::model::zone::{self, Zone};

/// The largest step back in time between two entries that counts as out of order rather than as the
/// next day. Authors merge timelines from several notes, and add a note of an hour ago wherever
/// they find it.
const OUT_OF_ORDER: TimeDelta = TimeDelta::hours(2);

/// The context of a document's times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock {
    /// The place whose clock the times are in, given by the user or by the document. It decides
    /// between the meanings of ambiguous abbreviations, so a place that was itself derived from an
    /// abbreviation is not stored here.
    pub(crate) home: Option<Zone>,
    /// The zone's abbreviation (`CET`), if the document uses one. It is taken literally.
    pub(crate) label: Option<&'static str>,
    /// The day of times without one.
    pub(crate) date: Option<NaiveDate>,
    /// The year of days without one.
    pub(crate) year: Year,
    /// Whether hours are counted to 12 or to 24.
    pub(crate) style: ClockStyle,
    /// Whether the day or the month comes first.
    pub(crate) order: Option<DateOrder>,
    /// Whether all times without a day are on `date`, even after a time with another day.
    pub(crate) is_for_all: bool,
    /// The origin of the day if the text does not state it: the file's name or the publication
    /// date.
    pub(crate) fallback: Option<&'static str>,
    /// Whether the zone is one that only some of the times name.
    pub(crate) is_zone_of_some: bool,
    /// Whether the zone was given by the user and the document states none for all of its times. A
    /// zone next to a time in running text is then only that time's zone.
    pub(crate) is_zone_of_person: bool,
    /// The day on which the text was written, if stated: `yesterday` is the day before it.
    pub(crate) written_on: Option<NaiveDate>,
    /// A stated day that cannot be read, and the reason.
    pub(crate) unread_date: Option<(String, String)>,
}

impl Clock {
    /// A clock in the zone that the user gave, if any.
    pub(crate) fn in_zone(zone: Option<Zone>) -> Self {
        Clock { home: zone, is_zone_of_person: zone.is_some(), ..Clock::default() }
    }

    /// Sets the zone that the document names.
    pub(crate) fn state(&mut self, words: &str) {
        self.is_zone_of_person = false;
        // `CET` is also a name in the time zone database, where its offset changes with the season.
        match zone::label(words) {
            Some(label) => self.label = Some(label),
            None => self.home = words.parse().ok().or_else(|| both_seasons(words)).or(self.home),
        }
    }

    /// Returns the same clock in the zone that `words` name.
    pub(crate) fn in_words(&self, words: &str) -> Clock {
        let mut clock = Clock { label: None, ..self.clone() };
        clock.state(words);
        clock
    }

    /// Returns the same clock with a 24-hour style if the style is unknown and the zone is UTC or a
    /// European one, where authors count to 24.
    pub(crate) fn counting_hours(self, own_zone: Option<&str>) -> Clock {
        let words = own_zone.or(self.label).map(str::to_uppercase);
        let is_european = matches!(
            words.as_deref(),
            Some("CET" | "CEST" | "MEZ" | "MESZ" | "EET" | "EEST" | "WEST")
        );
        let is_utc =
            own_zone.map_or_else(|| self.zone(), |zone| zone.parse().ok()) == Some(Zone::UTC);
        match self.style {
            ClockStyle::Unknown if is_utc || is_european => {
                Clock { style: ClockStyle::TwentyFour, ..self }
            }
            ClockStyle::Unknown | ClockStyle::TwentyFour | ClockStyle::Twelve => self,
        }
    }

    /// Returns the same clock without a zone.
    pub(crate) fn without_zone(&self) -> Clock {
        Clock { home: None, label: None, ..self.clone() }
    }

    fn reading(&self) -> Reading {
        Reading {
            zone: self.home,
            label: self.label,
            date: self.date,
            year: self.year,
            order: self.order,
            clock: self.style,
        }
    }

    /// Reads a single time, independent of a timeline.
    pub(crate) fn read(&self, written: &str) -> Result<Read, TimeError> {
        time::read(&stamp::about_first(written), &self.reading())
    }

    /// Starts a walk along the times of a list, at `anchor`.
    pub(crate) fn walk(&self, anchor: Moment) -> Walk {
        let walk =
            Walk::new(anchor, time::Direction::Forward, Reading { date: None, ..self.reading() });
        walk.out_of_order_within(OUT_OF_ORDER)
    }

    /// Starts a walk along the times of a list whose first time is on `date`.
    pub(crate) fn walk_on(&self, date: NaiveDate) -> Option<Walk> {
        let walk =
            Walk::on(date, time::Direction::Forward, Reading { date: None, ..self.reading() })?;
        Some(walk.out_of_order_within(OUT_OF_ORDER))
    }

    /// Reads the next time of a walk.
    pub(crate) fn next(&self, walk: &mut Walk, written: &str) -> Result<Read, TimeError> {
        walk.next(&stamp::about_first(written))
    }

    /// Returns the zone of the times: the literal meaning of the label, or the place.
    pub(crate) fn zone(&self) -> Option<Zone> {
        let near =
            self.date.or_else(|| NaiveDate::from_ymd_opt(2000, 1, 1))?.and_hms_opt(12, 0, 0)?;
        let literal = self.label.and_then(|label| zone::imported(near, label, self.home).ok());
        literal.map(|found| found.zone).or(self.home)
    }

    /// Returns the place whose clock shows the times, `first` being one of them. `None` if the
    /// document's abbreviation is of the other season, since then the place's clock showed
    /// something else.
    pub(crate) fn place(&self, first: Option<Moment>) -> Option<Zone> {
        let (zone, first) = (self.zone()?, first?.earliest());
        let of_label = self.label.and_then(zone::commonest).map(|meaning| meaning.home);
        let mut places = self.home.into_iter().chain(of_label);
        places.find(|place| zone.local(first).offset() == place.local(first).offset())
    }
}

/// A North American zone by its name in words.
static SPOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:Eastern|Central|Mountain|Pacific)(?: (?:Standard |Daylight )?Time)?\b")
        .expect("valid built-in regex")
});

/// A sentence about times.
static ABOUT_TIMES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:times?|timestamps?|timeline|timezone|clock)\b")
        .expect("valid built-in regex")
});

/// Returns the zone in a sentence about times: `All times in CET`, `times are UTC`.
pub(crate) fn zone_of_sentence(text: &str) -> Option<&str> {
    // `Times are not UTC but CET` names two zones, and the first is the wrong one.
    let is_denied =
        text.split(|c: char| !c.is_alphabetic()).any(|word| word.eq_ignore_ascii_case("not"));
    if !ABOUT_TIMES.is_match(text) || is_denied {
        return None;
    }
    zone_in(text).or_else(|| SPOKEN.find(text).map(|found| found.as_str()))
}

/// Returns the first zone in a text that is an upper-case abbreviation or a place name.
pub(crate) fn zone_in(text: &str) -> Option<&str> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | '+' | '-' | ':');
    let words =
        text.split(|c: char| !is_word(c)).map(|word| word.trim_end_matches([':', '-', '/']));
    let is_written_large = |word: &str| {
        word.chars().take_while(|c| c.is_alphabetic()).all(char::is_uppercase) && word.len() > 1
    };
    let is_zone = |word: &str| zone::is_known(word) || both_seasons(word).is_some();
    let mut zones = words
        .filter(|word| word.starts_with(char::is_alphabetic))
        .filter(|word| (is_written_large(word) || word.contains('/')) && is_zone(word));
    zones.next()
}

/// Returns the place of an abbreviation pair for both seasons: `PST/PDT`, `CET/CEST`.
fn both_seasons(words: &str) -> Option<Zone> {
    let (one, other) = words.split_once('/')?;
    let home = |label: &str| zone::commonest(label).map(|meaning| meaning.home);
    home(one).filter(|place| home(other) == Some(*place))
}

/// Whether a remark on a timeline gives the day of all times without one: `Unless otherwise noted,
/// all events are of 17 March 2026`.
pub(crate) fn is_for_all(about: &str) -> bool {
    static ALL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\b(?:unless|except where|all) (?:\w+ )*?(?:noted|stated|mentioned|specified|events?|entries|times)\b",
        )
        .expect("valid built-in regex")
    });
    ALL.is_match(about) && !days_in(about).is_empty()
}

/// Returns the order of day and month, from the dates that allow only one. `None` if they disagree.
pub(crate) fn order_seen_in<'t>(written: impl Iterator<Item = &'t str>) -> Option<DateOrder> {
    let known = Reading {
        zone: Some(Zone::UTC),
        year: Year::Is(2000),
        order: Some(DateOrder::MonthFirst),
        ..Reading::default()
    };
    let seen: Vec<DateOrder> = written
        .filter(|text| NUMBERS.is_match(text))
        .filter_map(|text| {
            let is_only = |order| {
                let read = time::read(text, &Reading { order: Some(order), ..known }).ok()?;
                Some(read.remarks.iter().any(|remark| matches!(remark, Remark::OtherOrder(_))))
            };
            match (is_only(DateOrder::MonthFirst)?, is_only(DateOrder::DayFirst)?) {
                (true, _) => Some(DateOrder::DayFirst),
                (_, true) => Some(DateOrder::MonthFirst),
                _ => None,
            }
        })
        .collect();
    seen.first().copied().filter(|first| seen.iter().all(|order| order == first))
}

/// A day in numbers that ends with the year.
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b").expect("valid built-in regex")
});

/// Several days of one month: `January 14-19, 2026` begins on the 14th.
static DAYS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?P<day>[a-z] \d{1,2}(?:st|nd|rd|th)?)(?: ?[-–&] ?| and | to )\d{1,2}(?:st|nd|rd|th)?\b",
    )
    .expect("valid built-in regex")
});

/// Whether a text names a range of days in one month.
pub(crate) fn has_several_days(text: &str) -> bool {
    DAYS.is_match(text)
}

/// Returns the days in a text that have their year, in order.
pub(crate) fn days_in(text: &str) -> Vec<NaiveDate> {
    days_with_rest(text).map(|(day, _)| day).collect()
}

/// Returns the days in a text that have their year, each with the text after it.
pub(crate) fn days_with_rest(text: &str) -> impl Iterator<Item = (NaiveDate, &str)> {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\b(?P<day>\d{4}-\d{2}-\d{2})(?:\b|T)|(?P<han>\d{4}年\d{1,2}月\d{1,2}日)|\b(?:(?P<first>\d{1,2})(?:st|nd|rd|th)? ?(?:-|–|to|and|/|auf|au) ?)?(?P<named>(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? (?:\d{1,2}(?:st|nd|rd|th)?(?:(?: ?[-–&] ?| and | to )\d{1,2}(?:st|nd|rd|th)?)?,? )?\d{4})\b",
        )
        .expect("valid built-in regex")
    });
    DAY.captures_iter(text).filter_map(|found| {
        if let Some(han) = found.name("han") {
            let day = NaiveDate::parse_from_str(han.as_str(), "%Y年%m月%d日").ok()?;
            return Some((day, &text[han.end()..]));
        }
        let written = found.name("day").or_else(|| found.name("named"))?;
        let first = DAYS.replace(written.as_str(), "$day");
        let read = time::read(&first, &Reading::in_zone(Some(Zone::UTC))).ok()?;
        let day_of_read = read.moment.earliest().date_naive();
        // `The night of 17 to 18 May 2023` begins on the 17th.
        let before = found.name("first").and_then(|first| first.as_str().parse().ok());
        let day = before.filter(|_| written.as_str().starts_with(|c: char| c.is_ascii_digit()));
        let day = day.and_then(|before| day_of_read.with_day(before)).unwrap_or(day_of_read);
        Some((day, &text[found.get(0)?.end()..]))
    })
}

/// Returns the first day of a pair: `the night of 17 to 18 May 2023`.
pub(crate) fn first_of_two_days(text: &str) -> Option<NaiveDate> {
    static TWO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b\d{1,2}(?:st|nd|rd|th)? ?(?:-|–|to|and|/) ?\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? \d{4}\b")
            .expect("valid built-in regex")
    });
    days_in(TWO.find(text)?.as_str()).first().copied()
}

/// Returns the numeric days in a text that are unambiguous: with the year last if only one number
/// can be the day (`16/03/2020`, `5-26-21`), or with the year first.
pub(crate) fn days_in_numbers(text: &str) -> impl Iterator<Item = NaiveDate> {
    static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:^|[^\d./-])(?:(?P<first>\d{1,2})(?P<joint>[-/.])(?P<second>\d{1,2})[-/.](?P<year>20\d{2}|[12]\d)|(?P<whole>20\d{2}[/.]\d{1,2}[/.]\d{1,2}|20\d{2}-\d{1,2}-\d{1,2}))(?:$|[^\d./-]|[.](?:\s|$))",
        )
        .expect("valid built-in regex")
    });
    NUMBERS.captures_iter(text).filter_map(|found| {
        let number = |name: &str| found.name(name)?.as_str().parse::<u32>().ok();
        if let Some(whole) = found.name("whole") {
            let numbers: Vec<u32> = whole
                .as_str()
                .split(['/', '.', '-'])
                .filter_map(|part| part.parse().ok())
                .collect();
            let [year, month, day] = numbers[..] else { return None };
            return NaiveDate::from_ymd_opt(year as i32, month, day);
        }
        let (first, second, year) = (number("first")?, number("second")?, number("year")?);
        let year = if year < 100 { year + 2000 } else { year };
        let (month, day) = match (first > 12, second > 12) {
            (true, false) => (second, first),
            (false, true) => (first, second),
            _ if first == second => (first, second),
            _ => return None,
        };
        NaiveDate::from_ymd_opt(year as i32, month, day)
    })
}

/// Returns the days in a name that consist of eight digits: `20180320-1.txt`.
pub(crate) fn days_in_digits(name: &str) -> impl Iterator<Item = NaiveDate> {
    static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|\D)(?P<day>(?:19|20)\d{6})(?:\D|$)").expect("valid built-in regex")
    });
    DIGITS
        .captures_iter(name)
        .filter_map(|found| NaiveDate::parse_from_str(&found["day"], "%Y%m%d").ok())
}

/// Reads a numeric day in the given order of day and month. The error is the reason.
pub(crate) fn day_in_order(value: &str, order: Option<DateOrder>) -> Result<NaiveDate, String> {
    // With dots the day comes first: `08.04.2025`.
    static DOTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*\d{1,2}\.\d{1,2}\.\d{4}\b").expect("valid built-in regex")
    });
    let dotted = DOTS.find(value).map(|found| found.as_str().trim());
    let order = order.or(dotted.map(|_| DateOrder::DayFirst));
    let value = dotted.unwrap_or(value);
    let reading = Reading { order, ..Reading::in_zone(Some(Zone::UTC)) };
    match time::read(value, &reading) {
        Ok(read) => Ok(read.date.unwrap_or(read.moment.earliest().date_naive())),
        Err(error @ TimeError::DayOrMonth { .. }) => Err(error.to_string()),
        Err(_) if let Some(day) = days_in_numbers(value).next() => Ok(day),
        Err(_) => Err(format!("`{value}` cannot be read as a day")),
    }
}

/// Returns the day of a value that is a date, alone or followed by other text.
pub(crate) fn day_of(value: &str) -> Option<NaiveDate> {
    days_in(value).first().copied().or_else(|| {
        let stamp = stamp::leading(value).filter(|stamp| !stamp.is_malformed)?;
        let read = time::read(stamp.written, &Reading::in_zone(Some(Zone::UTC))).ok()?;
        Some(read.moment.earliest().date_naive())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zone_stated_in_a_sentence_is_found() {
        for (text, zone) in [
            ("All times in CET.", Some("CET")),
            ("All on Friday August 11th 2023, times in BST.", Some("BST")),
            ("(all times UTC)", Some("UTC")),
            ("Times are in Europe/London", Some("Europe/London")),
            ("Times are UTC+2.", Some("UTC+2")),
            ("Timeline (all times in PST/PDT)", Some("PST/PDT")),
            ("The timeline of our CI/CD", None),
            ("All times are local", None),
            ("We met the CEO in CET", None),
            ("At the time our API was down", None),
        ] {
            assert_eq!(zone_of_sentence(text), zone, "{text}");
        }
    }

    #[test]
    fn seasonal_label_is_literal_and_ambiguous_label_is_reported() {
        let mut clock = Clock::default();
        clock.state("CET");
        let read = clock.read("2020-10-06 08:00").unwrap();
        assert_eq!(read.moment.to_string(), "2020-10-06T07:00Z");
        assert!(read.doubts().count() == 1, "{read:?}");
        let mut clock = Clock::default();
        clock.state("BST");
        let doubt = clock.read("2023-08-11 13:00").unwrap().doubts().next().unwrap().to_string();
        assert!(doubt.starts_with("BST is read as British Summer Time (+01:00)"), "{doubt}");
        assert_eq!(clock.read("2023-08-11 13:00").unwrap().moment.to_string(), "2023-08-11T12:00Z");
        assert_eq!(
            clock.read("2023-08-11 13:00 UTC").unwrap().moment.to_string(),
            "2023-08-11T13:00Z"
        );
        assert!(Clock::default().read("2023-08-11 13:00").is_err(), "no zone is no time");
    }

    #[test]
    fn both_seasonal_labels_of_a_place_mean_that_place() {
        let mut clock = Clock::default();
        clock.state("PST/PDT");
        assert_eq!(clock.read("2026-07-01 10:00").unwrap().moment.to_string(), "2026-07-01T17:00Z");
        assert_eq!(clock.read("2026-01-01 10:00").unwrap().moment.to_string(), "2026-01-01T18:00Z");
    }

    #[test]
    fn one_unambiguous_date_decides_the_order_of_all() {
        let seen = |times: &[&'static str]| order_seen_in(times.iter().copied());
        assert_eq!(seen(&["04-03-2026 10:00", "16-03-2026 10:00 UTC"]), Some(DateOrder::DayFirst));
        assert_eq!(seen(&["3/16/2026", "04/03/2026"]), Some(DateOrder::MonthFirst));
        assert_eq!(seen(&["16-03-2026", "03-16-2026"]), None);
        assert_eq!(seen(&["04-03-2026 10:00", "2026-03-16 10:00", "10:00"]), None);
    }

    #[test]
    fn general_day_statement_is_recognised() {
        assert!(is_for_all("Unless otherwise noted all events happened on 2026-03-17, in UTC."));
        assert!(is_for_all("All times are of March 17, 2026."));
        assert!(!is_for_all("All times are in UTC.") && !is_for_all("It began on 2026-03-17."));
    }

    #[test]
    fn clock_times_cross_midnight_and_keep_their_label() {
        let mut clock = Clock::default();
        clock.state("CET");
        let mut walk = clock.walk_on(NaiveDate::from_ymd_opt(2026, 3, 17).unwrap()).unwrap();
        let mut next = |text| clock.next(&mut walk, text).unwrap().moment.to_string();
        assert_eq!(next("23:50"), "2026-03-17T22:50Z");
        assert_eq!(next("23:55 UTC"), "2026-03-17T23:55Z");
        assert_eq!(next("01:10"), "2026-03-18T00:10Z");
        assert_eq!(next("2026-03-18 ~02:10"), "~2026-03-18T01:10Z");
    }

    #[test]
    fn days_in_a_text_are_found() {
        let days = |text| days_in(text).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            days("On Friday 29 November 2019 and 2020-01-02; May 2020 it was"),
            ["2019-11-29", "2020-01-02"]
        );
        assert_eq!(days("August 11th 2023, September 1, 2023"), ["2023-08-11", "2023-09-01"]);
        assert_eq!(days("January 14-19, 2026"), ["2026-01-14"]);
        assert_eq!(days("2026年3月7日午後3時"), ["2026-03-07"]);
        assert_eq!(days("October 19th and 20th, 2025"), ["2025-10-19"]);
        assert_eq!(days("2026-03-17T10:00Z, 12026-03-17"), ["2026-03-17"]);
        assert_eq!(day_of("Friday, 11 August 2023").unwrap().to_string(), "2023-08-11");
        assert_eq!(day_of("soon"), None);
    }
}
