//! The history page and `history.json`: an index of months.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveTime};
use scraper::{Html, Selector};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::element::{Reading, range, selector};
use crate::diag::Diagnostic;
use crate::model::time::Moment;
use crate::sources::json::{self, RawRecords, Str, null_is_default};
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::source::ReadError;
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::{Order, Years, month, without_tags};
use crate::text::clean::{TextKind, clean_line, clean_markdown};

static DATA: LazyLock<Selector> =
    LazyLock::new(|| selector("[data-react-class='HistoryIndex'][data-react-props]"));

#[derive(Deserialize)]
struct Index<'a> {
    #[serde(borrow, default)]
    months: Option<RawRecords<'a>>,
}

#[derive(Deserialize)]
struct Month<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    year: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    incidents: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    code: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    /// The text of the last update, HTML.
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
    #[serde(borrow, default)]
    impact: Option<Str<'a>>,
    /// A range in HTML, without a year.
    #[serde(borrow, default)]
    timestamp: Option<Str<'a>>,
}

/// The index in an attribute of the history page.
pub(super) fn data(html: &Html) -> Option<&str> {
    html.select(&DATA).next()?.attr("data-react-props")
}

/// Reads the index.
///
/// # Errors
/// [`ReadError`] if it is not one.
pub(super) fn read(index: &str, reading: &mut Reading<'_>) -> Result<Vec<Record>, ReadError> {
    let raw: &RawValue = serde_json::from_str(index).map_err(|error| {
        ReadError::new(format!("its index cannot be read: {}", json::reason(&error)))
    })?;
    let Some(index) = api::record::<Index<'_>>(raw, "the index", &mut reading.warnings) else {
        return Err(ReadError::new("its index cannot be read"));
    };
    let Some(months) = index.months else { return Err(ReadError::new("no `months` in it")) };
    let mut records = Vec::new();
    for (month, text) in api::records::<Month<'_>>(&months, "this month", &mut reading.warnings) {
        let year: Option<i32> = api::scalar(month.year).and_then(|year| year.parse().ok());
        if year.is_none() && !month.incidents.is_empty() {
            reading.warnings.about(text, "a month without a year: its incidents have no time");
        }
        let number = month.name.as_deref().and_then(self::month);
        for raw in &month.incidents {
            let read = api::record::<Incident<'_>>(raw, "this incident", &mut reading.warnings);
            records.extend(
                read.and_then(|raw| incident(&raw, year, number, reading)).map(Record::Incident),
            );
        }
    }
    if !records.is_empty() {
        let note = "this index has the last update of each incident only, without its state";
        let hint = "the page of an incident has all of them; so has /api/v2/incidents.json, of the latest 50 incidents";
        reading.warnings.say(Diagnostic::note(note).hint(hint));
    }
    Ok(records)
}

fn incident(
    raw: &Incident<'_>,
    year: Option<i32>,
    month: Option<u32>,
    reading: &mut Reading<'_>,
) -> Option<IncidentRecord> {
    let Some(code) =
        api::scalar(raw.code).map(|code| clean_line(&code)).filter(|code| !code.is_empty())
    else {
        reading.say("", "an incident of the index has no code and was left out".to_owned());
        return None;
    };
    reading.code.clone_from(&code);
    reading.title = api::line(raw.name.as_ref()).unwrap_or_default();
    let stamps =
        raw.timestamp.as_deref().map_or(Cow::Borrowed(""), |html| without_tags(html).into());
    let text =
        raw.message.as_deref().map(|html| clean_markdown(html, TextKind::Html)).unwrap_or_default();
    let times = match year {
        Some(year) => times(&stamps, year, month, reading),
        None => Err("its month has no year".to_owned()),
    };
    if let Err(problem) = &times {
        let is_kept = !text.is_empty() && !reading.lacks_zone;
        let what = if is_kept { "has no time" } else { "was left out" };
        reading.say(&code, format!("incident {code} {what}: {problem}"));
        if !is_kept {
            return None;
        }
    }
    let title = api::line(raw.name.as_ref());
    if title.is_none() {
        reading.say(&code, format!("incident {code} has no name, and is called by its code"));
    }
    let mut record = IncidentRecord::new(code.clone(), title.unwrap_or_else(|| code.clone()));
    record.impact_word = api::line(raw.impact.as_ref());
    record.maintenance = record.impact_word.as_deref() == Some("maintenance");
    record.provider.clone_from(&reading.provider);
    record.url = reading.address_of(&format!("/incidents/{code}"));
    record.latest_only = true;
    let Ok((from, until)) = times else {
        record.untimed.push(posts::untimed("", text));
        return Some(record);
    };
    record.announced = Some(from);
    if !text.is_empty() {
        let last = Post { at: until, created: None, word: String::new(), state: None, text };
        record.updates = posts::updates(vec![last], Order::NewestFirst);
    }
    Some(record)
}

/// The first and last time of an incident listed under that month.
fn times(
    text: &str,
    year: i32,
    month: Option<u32>,
    reading: &mut Reading<'_>,
) -> Result<(Moment, Moment), String> {
    let (from, until) =
        range(text).ok_or_else(|| format!("`{}` is not a range of times", clean_line(text)))?;
    let no_day = || format!("no year near {year} has the days of `{}`", clean_line(text));
    // The month's name may be in the page's language; then that of the timestamp counts.
    let anchor =
        NaiveDate::from_ymd_opt(year, month.unwrap_or(from.month), 1).ok_or_else(no_day)?;
    let mut years =
        Years::from(Moment::exact(anchor.and_time(NaiveTime::MIN).and_utc()), Order::OldestFirst);
    let begun = reading.moment(years.date(&from).ok_or_else(no_day)?, &from)?;
    let Some(until) = until else { return Ok((begun, begun)) };
    let ended = reading.moment(years.date(&until).ok_or_else(no_day)?, &until)?;
    if ended < begun {
        return Err(format!("`{}` ends before it begins", clean_line(text)));
    }
    Ok((begun, ended))
}
