//! Expands abbreviated times that only make sense next to the other entries of a timeline: `11.51`,
//! `05-03 23:04`.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use super::clock::Clock;
use super::rows::Row;
use super::stamp;
use crate::model::time::{DateOrder, Moment};
use crate::model::zone::Zone;

/// A clock time with a dot.
static DOTTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<day>.*?)(?P<hour>\b\d{1,2})\.(?P<minute>\d{2})$")
        .expect("valid built-in regex")
});

/// Rewrites the clock times of a text with a colon: `6.10am`, `noon`, `between 1900 and 2100 UTC`.
pub(crate) fn with_colons(text: &str) -> String {
    static DOTTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?P<hour>\d{1,2})\.(?P<minute>\d{2})(?P<half>\s?(?i:[ap]\.?m|UTC|GMT|BST|CES?T|[ECMP][SD]T)\b)")
            .expect("valid built-in regex")
    });
    static NOON: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?P<lead>at|until|till|from|between|and|to|by|around|about) (?:12 )?(?:noon|midday)\b")
            .expect("valid built-in regex")
    });
    // Four digits alone can also be a year, hence the words before and after them.
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?P<lead>\b(?i:at|until|till|from|between|hours of|and|to|by|around|about|since|approximately)\s+)(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<rest>\s?(?:UTC|GMT|Z|hrs|hours|E[SD]?T|C[SD]?T|P[SD]?T|CES?T|BST)\b|\s*(?:-|–|(?i:and|to|until))\s*(?:[01]\d|2[0-3])[0-5]\d\s?(?:UTC|GMT|Z|hrs|hours)\b)",
        )
        .expect("valid built-in regex")
    });
    // `beginning from UTC 05:13`
    static ZONE_FIRST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?P<zone>UTC|GMT) (?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?P<next>[^\d:]|$)")
            .expect("valid built-in regex")
    });
    let text = ZONE_FIRST.replace_all(text, "$clock $zone$next");
    let text = DOTTED.replace_all(&text, "$hour:$minute$half");
    let text = NOON.replace_all(&text, "$lead 12:00 pm");
    // Twice, since the end of a span only matches once its start has been rewritten.
    let text = BARE.replace_all(&text, "$lead$hour:$minute$rest").into_owned();
    BARE.replace_all(&text, "$lead$hour:$minute$rest").replace("the hours of ", "")
}

/// Expands the abbreviated times of one timeline.
pub(crate) fn write_out(rows: &mut [Row], clock: &Clock) {
    dots(rows);
    months(rows, clock);
}

/// Replaces dots with colons if every clock time of the timeline is written with a dot. A single
/// `11.51` can be a decimal number.
fn dots(rows: &mut [Row]) {
    let is_clock = |row: &&mut Row| !row.written.is_empty() && !stamp::is_day(&row.written);
    let count = rows.iter_mut().filter(is_clock).count();
    let is_dotted = |row: &Row| row.is_malformed && DOTTED.is_match(&row.written);
    if count < 2 || !rows.iter_mut().filter(is_clock).all(|row| is_dotted(row)) {
        return;
    }
    for row in rows.iter_mut().filter(is_clock) {
        let written = DOTTED.replace(&row.written, "$day$hour:$minute").into_owned();
        row.original = Some(std::mem::replace(&mut row.written, written));
        row.is_malformed = !stamp::is_time(&row.written);
    }
}

/// Adds the year and decides which number is the month: from an entry that allows only one reading,
/// else from the document's day, else month first as in `2026-03-17`.
fn months(rows: &mut [Row], clock: &Clock) {
    let numbers = |row: &Row| {
        let found = stamp::MONTH_AND_DAY.captures(&row.written)?;
        Some((found["one"].parse::<u32>().ok()?, found["other"].parse::<u32>().ok()?))
    };
    let all: Vec<(u32, u32)> = rows.iter().filter_map(numbers).collect();
    let Some(near) = clock.date.filter(|_| !all.is_empty()) else { return };
    let dated = |(month, day): (u32, u32)| NaiveDate::from_ymd_opt(near.year(), month, day);
    let is_day_first =
        match (all.iter().any(|(one, _)| *one > 12), all.iter().any(|(_, other)| *other > 12)) {
            (true, _) => true,
            (_, true) => false,
            _ => {
                let is_near = |day: Option<NaiveDate>| {
                    day.is_some_and(|day| (day - near).num_days().abs() <= 1)
                };
                let month_first =
                    all.iter().filter(|(one, other)| is_near(dated((*one, *other)))).count();
                let day_first =
                    all.iter().filter(|(one, other)| is_near(dated((*other, *one)))).count();
                day_first > month_first
                    || day_first == month_first && clock.order == Some(DateOrder::DayFirst)
            }
        };
    for row in rows {
        let Some((one, other)) = numbers(row) else { continue };
        let (month, day) = if is_day_first { (other, one) } else { (one, other) };
        let rest = stamp::MONTH_AND_DAY
            .captures(&row.written)
            .map(|found| found["rest"].to_owned())
            .unwrap_or_default();
        if let Some(date) = dated((month, day)) {
            row.original = Some(std::mem::replace(&mut row.written, format!("{date}{rest}")));
        }
    }
}

/// Returns the known part of an incomplete time: the day of `2022-06-02 HH:mm`, the days of
/// `2022-05-??`, the start of `2022-08-03 12:26-12:??`.
pub(crate) fn known_part(written: &str) -> Option<Known> {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?P<day>\d{4}-\d{2}-\d{2})[ T]+(?:(?P<clock>\d{1,2}:\d{2}) ?[-–] ?)?(?:\d{1,2}|[HhXx?-]{1,2}):[MmXx?-]{1,2}$")
            .expect("valid built-in regex")
    });
    static MONTH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?P<year>\d{4})-(?P<month>\d{2})-\?\?").expect("valid built-in regex")
    });
    if let Some(found) = DAY.captures(written) {
        let clock =
            found.name("clock").map(|clock| format!("{} {}", &found["day"], clock.as_str()));
        return Some(Known::Written(clock.unwrap_or_else(|| found["day"].to_owned())));
    }
    let found = MONTH.captures(written)?;
    let first =
        NaiveDate::from_ymd_opt(found["year"].parse().ok()?, found["month"].parse().ok()?, 1)?;
    let last = first.checked_add_months(chrono::Months::new(1))?.pred_opt()?;
    let [first, last] = [first, last].map(|day| Moment::day(day, Zone::UTC));
    Moment::between(first?, last?).ok().map(Known::Days)
}

/// The known part of a malformed time.
pub(crate) enum Known {
    /// The part that can be read.
    Written(String),
    /// The range of days that it can be on.
    Days(Moment),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(times: &[&str], date: Option<NaiveDate>) -> Vec<String> {
        let row = |time: &&str| Row {
            written: (*time).to_owned(),
            is_malformed: !stamp::is_time(time),
            text: "x".into(),
            ..Row::default()
        };
        let mut rows: Vec<Row> = times.iter().map(row).collect();
        write_out(&mut rows, &Clock { date, ..Clock::default() });
        rows.into_iter().map(|row| row.written).collect()
    }

    #[test]
    fn dots_are_read_as_colons_if_every_time_uses_them() {
        assert_eq!(written(&["11.51", "13.28"], None), ["11:51", "13:28"]);
        assert_eq!(written(&["11.51", "13:28"], None), ["11.51", "13:28"]);
        assert_eq!(written(&["11.51"], None), ["11.51"], "one may be a figure");
        assert_eq!(written(&["11.51", "99.28"], None), ["11:51", "99:28"]);
    }

    #[test]
    fn month_comes_first_unless_the_dates_show_otherwise() {
        let day = NaiveDate::from_ymd_opt(2024, 5, 3);
        assert_eq!(
            written(&["04-05 16:21", "05-03 23:04"], day),
            ["2024-04-05 16:21", "2024-05-03 23:04"]
        );
        assert_eq!(
            written(&["03-05 16:21", "04-05 23:04"], day),
            ["2024-05-03 16:21", "2024-05-04 23:04"]
        );
        assert_eq!(
            written(&["30-04 16:21", "03-05 23:04"], day),
            ["2024-04-30 16:21", "2024-05-03 23:04"]
        );
        assert_eq!(written(&["05-03 23:04"], None), ["05-03 23:04"], "no year");
    }
}
