//! The front page: open incidents, future maintenances, and the last days.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use scraper::{ElementRef, Html, Selector};

use super::element::{Reading, Shown, impact, line, range, selector};
use crate::model::time::{Moment, epoch};
use crate::model::timeline::State;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::status::kit::feed::timestamp::{Order, Years, month};

static OPEN: LazyLock<Selector> = LazyLock::new(|| selector(".unresolved-incident"));
static PLANNED: LazyLock<Selector> = LazyLock::new(|| selector(".scheduled-maintenance"));
static DAY: LazyLock<Selector> = LazyLock::new(|| selector(".status-day"));
static DATE: LazyLock<Selector> = LazyLock::new(|| selector(".date"));
static INCIDENT: LazyLock<Selector> = LazyLock::new(|| selector(".incident-container"));
static TITLE: LazyLock<Selector> = LazyLock::new(|| selector(".incident-title"));
static UPDATE: LazyLock<Selector> = LazyLock::new(|| selector(".update"));
static WINDOW: LazyLock<Selector> = LazyLock::new(|| selector("small[data-unix-time]"));

/// Reads the page; `None` if it is another one.
pub(super) fn read(html: &Html, reading: &mut Reading<'_>) -> Option<Vec<Record>> {
    let mut records = Vec::new();
    let mut is_front = false;
    for open in html.select(&OPEN) {
        is_front = true;
        records.extend(unresolved(open, reading));
    }
    for planned in html.select(&PLANNED) {
        is_front = true;
        records.extend(maintenance(planned, reading));
    }
    for day in html.select(&DAY) {
        is_front = true;
        let heading = day.select(&DATE).next().map(line).unwrap_or_default();
        let anchor =
            date(&heading).map(|date| Moment::exact(date.and_time(NaiveTime::MIN).and_utc()));
        for container in day.select(&INCIDENT) {
            let years = anchor.map(|anchor| Years::from(anchor, Order::NewestFirst));
            records.extend(past(container, &heading, years, reading));
        }
    }
    is_front.then(|| each_once(records).into_iter().map(Record::Incident).collect())
}

/// An open incident may also be listed under its day, where its updates have a year: the one with
/// more times is used.
fn each_once(records: Vec<IncidentRecord>) -> Vec<IncidentRecord> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut once: Vec<IncidentRecord> = Vec::with_capacity(records.len());
    for record in records {
        let known = places.entry(record.id.clone()).or_default();
        match known.iter().find(|place| !are_strangers(&once[**place], &record)) {
            Some(&place) if once[place].updates.len() < record.updates.len() => {
                let other = std::mem::replace(&mut once[place], record);
                add_posts(&mut once[place], other);
            }
            Some(&place) => add_posts(&mut once[place], record),
            None => {
                known.push(once.len());
                once.push(record);
            }
        }
    }
    once
}

/// Whether two incidents that are listed under one code are different.
fn are_strangers(one: &IncidentRecord, other: &IncidentRecord) -> bool {
    let day = |record: &IncidentRecord| record.updates.first().map(|post| post.at.earliest());
    let days = day(one).zip(day(other));
    one.title != other.title
        && days.is_some_and(|(one, other)| (one - other).abs() > TimeDelta::days(1))
}

/// Adds the dated posts of `other` whose texts are not in `record`.
fn add_posts(record: &mut IncidentRecord, other: IncidentRecord) {
    for post in other.updates {
        let is_here = record.updates.iter().any(|known| known.text == post.text)
            || record.untimed.iter().any(|known| known.text == post.text);
        if !is_here {
            record.updates.push(post);
        }
    }
    record.updates.sort_by_key(|post| post.at);
}

fn updates(element: ElementRef<'_>) -> Vec<Shown<'_>> {
    element.select(&UPDATE).map(Shown::of).collect()
}

/// An open incident. Its timestamps had no year before 2022, and it may be of any age, so neither
/// the days of the page nor the fetch time gives the year.
fn unresolved(element: ElementRef<'_>, reading: &mut Reading<'_>) -> Option<IncidentRecord> {
    let mut record = reading.linked(element)?;
    record.impact_word = impact(element);
    let is_kept = reading.fill(&mut record, updates(element), None);
    record.maintenance |=
        record.state.is_some_and(crate::sources::status::kit::feed::posts::is_of_maintenance);
    is_kept.then_some(record)
}

/// An incident under the heading of its day.
fn past(
    element: ElementRef<'_>,
    heading: &str,
    years: Option<Years>,
    reading: &mut Reading<'_>,
) -> Option<IncidentRecord> {
    let mut record = reading.linked(element)?;
    record.impact_word = element.select(&TITLE).next().and_then(impact);
    if years.is_none() {
        reading
            .say(&record.id, format!("incident {}: its day `{heading}` cannot be read", record.id));
    }
    reading.fill(&mut record, updates(element), years).then_some(record)
}

/// A planned maintenance: its start is an epoch number, its end a timestamp.
fn maintenance(element: ElementRef<'_>, reading: &mut Reading<'_>) -> Option<IncidentRecord> {
    let mut record = reading.linked(element)?;
    record.maintenance = true;
    let window = element.select(&WINDOW).next();
    let start = window.and_then(|window| epoch(window.attr("data-unix-time")?)).map(Moment::exact);
    reading.see(start.map(Moment::earliest), &window.map(line).unwrap_or_default());
    record.scheduled = start.zip(window).and_then(|(start, window)| {
        let (from, until) = range(&line(window))?;
        let (mut years, until) = (Years::from(start, Order::OldestFirst), until?);
        years.date(&from)?;
        let until = reading.moment(years.date(&until)?, &until).ok()?;
        (start <= until).then_some((start, Some(until)))
    });
    if record.scheduled.is_none() {
        record.scheduled = start.map(|start| (start, None));
        let shown = window.map(line).unwrap_or_default();
        reading.say(
            &record.id,
            format!("the plan of maintenance {}, `{shown}`, was not understood", record.id),
        );
    }
    let years = start.map(|start| Years::from(start, Order::NewestFirst));
    let is_kept = reading.fill(&mut record, updates(element), years) || record.scheduled.is_some();
    record.state = record.state.or(Some(State::Scheduled));
    is_kept.then_some(record)
}

/// `Jan 11, 2021`.
fn date(heading: &str) -> Option<NaiveDate> {
    let mut words = heading.split([' ', ',']).filter(|word| !word.is_empty());
    let (month, day, year) =
        (month(words.next()?)?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    NaiveDate::from_ymd_opt(year, month, day)
}
