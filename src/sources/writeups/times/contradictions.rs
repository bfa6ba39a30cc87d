//! Reports contradictions between the times of a document, each with both places.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use regex::Regex;

use super::clock::days_in;
use super::reading::Times;
use super::stamp;
use crate::sources::input::file_name;
use crate::sources::record::RowRecord;

/// Days this close may differ only because of zones or because of midnight.
const NEAR: i64 = 1;

/// A time with its equivalent in another zone: `10:00 UTC (12:00 CEST)`, `10:00 UTC / 6:00 EDT`.
static TWO_ZONES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?P<one>\d{1,2}:\d{2}(?: ?[AaPp][Mm])? [A-Z]{3,4}) ?(?:\(|/|, ?|= ?) ?(?P<other>\d{1,2}:\d{2}(?: ?[AaPp][Mm])? [A-Z]{3,4})\b",
    )
    .expect("valid built-in regex")
});

/// Reports different days in the title, the file's name and the first timeline entry, wrong days of
/// the week, and times whose two zones disagree. `text` is the text of the document.
pub(crate) fn report(
    title: &str,
    name: &str,
    stated: Option<NaiveDate>,
    rows: &[RowRecord],
    text: &str,
    times: &mut Times<'_, '_>,
) {
    let first =
        rows.iter().filter_map(|row| Some((row.at?.earliest().date_naive(), row.line))).min();
    let line = |line: Option<usize>| line.map_or(String::new(), |line| format!(" (line {line})"));
    let of_rows =
        first.map(|(day, at)| (day, format!("the first line of the timeline{}", line(at))));
    let known =
        stated.map(|day| (day, "the day of the incident".to_owned())).or_else(|| of_rows.clone());
    let days_of_title = days_in(title);
    if let ([day], Some((known, place))) = (days_of_title.as_slice(), &known)
        && (*day - *known).num_days().abs() > NEAR
    {
        times
            .say(title, format!("the title says {day}, and {place} {known}: one of them is wrong"));
    }
    if let (Some((day, place)), Some(stated)) = (&of_rows, stated)
        && (*day - stated).num_days().abs() > NEAR
    {
        let message = format!(
            "the day of the incident is {stated}, and {place} is of {day}: one of them is wrong"
        );
        times.say(&stated.to_string(), message);
    }
    // A file is named after the day of the incident, or after the later day of the write-up.
    if let (Some(day), Some((known, place))) = (days_in(file_name(name)).first(), &known)
        && (*known - *day).num_days() > NEAR
    {
        let message = format!(
            "the file's name says {day}, which is before {place}, {known}: one of them is wrong"
        );
        times.say(&known.to_string(), message);
    }
    weekdays(text, times);
    two_zones(text, times);
}

/// A day of the week before a date: `Monday, 17 March 2026`.
static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?P<weekday>(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?),? (?:the )?(?P<day>\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?(?: of)? [A-Z][a-z]+,? \d{4}|[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?,? \d{4})\b",
    )
    .expect("valid built-in regex")
});

/// Reports days of the week that do not match their dates. Timeline entries are skipped here, since
/// they are checked when they are read.
fn weekdays(text: &str, times: &mut Times<'_, '_>) {
    let is_row = |line: &&str| {
        stamp::leading(line.trim_start_matches(['-', '*', '+', ' ', '|', '#'])).is_some()
    };
    for found in
        text.lines().filter(|line| !is_row(line)).flat_map(|line| WEEKDAY.captures_iter(line))
    {
        let weekday = found["weekday"].get(..3).and_then(|word| word.parse::<Weekday>().ok());
        let day = days_in(&found["day"].replace(" of ", " ")).first().copied();
        let (Some(weekday), Some(day)) = (weekday, day) else { continue };
        if day.weekday() != weekday {
            let message = format!(
                "`{}`: {day} was not a {weekday}, but a {}: one of the two is wrong",
                &found[0],
                day.weekday()
            );
            times.say(&found[0], message);
        }
    }
}

fn two_zones(text: &str, times: &mut Times<'_, '_>) {
    let Some(day) = times.clock.date else { return };
    for found in TWO_ZONES.captures_iter(text) {
        let read = |part: &str| times.clock.read(&format!("{day} {part}")).ok();
        let (one, other) = (&found["one"], &found["other"]);
        let (Some(first), Some(second)) = (read(one), read(other)) else { continue };
        let apart = second.moment.earliest() - first.moment.earliest();
        // The second time may be on the next day or the day before.
        let minutes = apart.num_minutes().rem_euclid(TimeDelta::days(1).num_minutes());
        if minutes != 0 {
            let message = format!(
                "`{one}` and `{other}` next to it are not the same time: one of them is wrong"
            );
            times.say(&found[0], message);
        }
    }
}
