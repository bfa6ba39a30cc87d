//! The roles of the columns in a table of samples: time, labels, values.

use super::label_set::named;
use super::lines::{Line, NAME};
use super::number::{Cell, cell};
use crate::sources::mapping::leaves::is_time;
use crate::sources::table::Row;

/// Names of time columns.
const TIMES: [&str; 19] = [
    "time",
    "timestamp",
    "ts",
    "@timestamp",
    "date",
    "datetime",
    "date_time",
    "date time",
    "unix_timestamp",
    "unix time",
    "unixtime",
    "epoch",
    "clock",
    "_time",
    "at",
    "when",
    "period",
    "period start",
    "time stamp",
];

/// Names of a column with the name of the metric.
const METRICS: [&str; 8] =
    ["metric", "metric_name", "metricname", "series", "name", "target", "field", "measurement"];

/// Names of a column whose numbers are the measurements of its rows.
const VALUES: [&str; 6] = ["value", "val", "_value", "metric_value", "values", "y"];

/// Names of columns that distinguish series, even if they are numbers.
const LABELS: [&str; 12] = [
    "host",
    "hostname",
    "instance",
    "node",
    "pod",
    "container",
    "job",
    "service",
    "region",
    "zone",
    "label",
    "labels",
];

/// Names of columns with texts: the rows are events, whatever numbers are beside the texts.
const TEXTS: [&str; 8] =
    ["message", "msg", "text", "description", "event", "title", "summary", "log message"];

/// A label with more values than this in a table distinguishes rows, not series.
const LONGEST_LABEL: usize = 80;

/// The role of a column.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Time,
    Label,
    Value,
    /// Row numbers, and empty columns.
    Nothing,
}

/// The columns of a table.
#[derive(Debug)]
pub(in crate::sources::metrics) struct Columns {
    /// The number of rows before the first sample.
    pub headers: usize,
    names: Vec<String>,
    /// For tables with several header rows: the name of each row, and its cells.
    levels: Vec<(String, Vec<String>)>,
    kinds: Vec<Kind>,
    time: usize,
    /// The column with the clock time, if the date has its own.
    clock: Option<usize>,
}

fn is_clock(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 15
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text[1..].contains(':')
        && !text.contains(['-', '/', 'T'])
}

impl Columns {
    /// The columns of `rows`, or the reason why it is not a table of samples.
    pub(in crate::sources::metrics) fn of(
        rows: &[Row<'_>],
        has_comma: bool,
    ) -> Result<Self, &'static str> {
        let width = rows.iter().take(20).map(|row| row.cells.len()).max().unwrap_or_default();
        if width < 2 {
            return Err("one column only");
        }
        let is_sample = |row: &&Row<'_>| (0..width).any(|column| is_time(row.cell(column)));
        let headers =
            rows.iter().take(10).position(|row| is_sample(&row)).ok_or("no column of times")?;
        let (heads, samples) = rows.split_at(headers);
        let mut names: Vec<String> = (0..width)
            .map(|column| {
                heads
                    .iter()
                    .rev()
                    .map(|row| row.cell(column))
                    .find(|name| !name.is_empty())
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect();
        let levels = match heads {
            [] | [_] => Vec::new(),
            _ => {
                let filled = heads
                    .iter()
                    .filter(|row| (1..width).any(|column| !row.cell(column).is_empty()));
                filled
                    .map(|row| {
                        (
                            row.cell(0).to_owned(),
                            (0..width).map(|column| row.cell(column).to_owned()).collect(),
                        )
                    })
                    .collect()
            }
        };
        let time = time_column(&names, samples).ok_or("no column of times")?;
        let clock = clock_column(&names, samples, time);
        let mut kinds: Vec<Kind> = (0..width)
            .map(|column| {
                kind(
                    if headers == 0 { "value" } else { &names[column] },
                    column,
                    samples,
                    has_comma,
                )
            })
            .collect();
        kinds[time] = Kind::Time;
        if let Some(clock) = clock {
            kinds[clock] = Kind::Time;
        }
        if headers == 0 {
            names.iter_mut().for_each(String::clear);
        }
        if !kinds.contains(&Kind::Value) {
            return Err("no column of numbers");
        }
        Ok(Columns { headers, names, levels, kinds, time, clock })
    }

    /// Why columns with these sample rows are a table of events, not of samples.
    pub(in crate::sources::metrics) fn doubt(&self, samples: &[Row<'_>]) -> Option<&'static str> {
        let is_sample = |row: &&Row<'_>| {
            row.cells.len() == self.names.len()
                && (is_time(row.cell(self.time)) || self.clock.is_some())
        };
        // A text with commas and times has rows of any length.
        if samples.iter().filter(is_sample).count() * 3 < samples.len() * 2 {
            return Some("few rows of samples");
        }
        let labels = || {
            self.kinds
                .iter()
                .enumerate()
                .filter(|(_, kind)| **kind == Kind::Label)
                .map(|(column, _)| column)
        };
        let times = |column: &usize| {
            samples.iter().take(5).filter(|row| is_time(row.cell(*column))).count()
        };
        if labels()
            .chain(self.values())
            .any(|column| times(&column) >= 1 && self.kinds[column] == Kind::Label)
        {
            return Some("several columns of times");
        }
        if labels().any(|column| TEXTS.contains(&self.names[column].to_lowercase().as_str())) {
            return Some("a column of texts");
        }
        for column in labels() {
            let cells: std::collections::BTreeSet<&str> =
                samples.iter().map(|row| row.cell(column)).collect();
            let is_text = cells.iter().any(|cell| cell.len() > LONGEST_LABEL);
            let is_free = samples.len() >= 6
                && cells.len() * 10 > samples.len() * 7
                && self.values().count() < 2;
            if is_text || is_free {
                return Some("a column of texts");
            }
        }
        None
    }

    /// The text of a row's time, joined from both columns if there are two.
    pub(in crate::sources::metrics) fn time<'r>(
        &self,
        row: &'r Row<'_>,
    ) -> std::borrow::Cow<'r, str> {
        match self.clock {
            Some(clock) => format!("{} {}", row.cell(self.time), row.cell(clock)).into(),
            None if row.cell(self.time).is_empty() => row.text.trim().into(),
            None => row.place(self.time).into(),
        }
    }

    /// The columns of values.
    pub(in crate::sources::metrics) fn values(&self) -> impl Iterator<Item = usize> + '_ {
        self.kinds
            .iter()
            .enumerate()
            .filter(|(_, kind)| **kind == Kind::Value)
            .map(|(column, _)| column)
    }

    /// The labels that identify the series of a row.
    pub(in crate::sources::metrics) fn key(&self, row: &Row<'_>) -> Vec<String> {
        let labels = self.kinds.iter().enumerate().filter(|(_, kind)| **kind == Kind::Label);
        labels.map(|(column, _)| row.cell(column).to_owned()).collect()
    }

    /// The empty line of a column for rows with that key, with the unit from its name.
    pub(in crate::sources::metrics) fn line<'a>(
        &self,
        column: usize,
        key: &[String],
        text: &'a str,
    ) -> Line<'a> {
        let mut line = Line { text, ..Line::default() };
        let labels = self.kinds.iter().enumerate().filter(|(_, kind)| **kind == Kind::Label);
        for ((label, _), value) in labels.zip(key) {
            let name = self.names[label].as_str();
            let is_metric = METRICS.contains(&name.to_lowercase().as_str()) || name.is_empty();
            match named(value).filter(|_| is_metric) {
                Some((metric, labels)) => {
                    line = labels.iter().fold(line.with(NAME, metric), |line, (name, value)| {
                        line.with(name, value)
                    });
                }
                None => line = line.with(if is_metric { NAME } else { name }, value),
            }
        }
        for (level, cells) in &self.levels {
            let level = level.to_lowercase();
            let name = if METRICS.contains(&level.as_str()) { NAME } else { level.as_str() };
            line = line.with(name, cells.get(column).map_or("", String::as_str));
        }
        if !self.levels.is_empty() {
            return line;
        }
        let (name, unit) = without_unit(&self.names[column]);
        line.unit = unit.map(str::to_owned);
        let is_plain = VALUES.contains(&name.to_lowercase().as_str()) || name.is_empty();
        match named(name) {
            Some((metric, labels)) => labels
                .iter()
                .fold(line.with(NAME, metric), |line, (name, value)| line.with(name, value)),
            None if is_plain && (self.values().count() == 1 || name.is_empty()) => line,
            None if line.labels.contains_key(NAME) => line.with("column", name),
            None => line.with(NAME, name),
        }
    }
}

/// `latency (ms)`, `memory [GiB]`: the name and the unit.
fn without_unit(name: &str) -> (&str, Option<&str>) {
    let name = name.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((before, unit)) =
            name.strip_suffix(close).and_then(|rest| rest.rsplit_once(open))
            && !before.trim().is_empty()
            && (1..=12).contains(&unit.trim().chars().count())
        {
            return (before.trim(), Some(unit.trim()));
        }
    }
    (name, None)
}

fn time_column(names: &[String], samples: &[Row<'_>]) -> Option<usize> {
    let holds = |column: usize| samples.iter().take(5).any(|row| is_time(row.cell(column)));
    let named = |column: &usize| TIMES.contains(&names[*column].to_lowercase().trim());
    let columns = 0..names.len();
    columns
        .clone()
        .find(|column| named(column) && holds(*column))
        .or_else(|| columns.clone().find(|column| holds(*column)))
}

/// The column of clock times next to a column of dates.
fn clock_column(names: &[String], samples: &[Row<'_>], date: usize) -> Option<usize> {
    let has_clock = samples.iter().take(5).any(|row| row.cell(date).contains(':'));
    let holds = |column: &usize| samples.iter().take(5).all(|row| is_clock(row.cell(*column)));
    let is_number = samples.iter().take(5).all(|row| {
        row.cell(date).bytes().all(|byte| byte.is_ascii_digit()) && row.cell(date).len() > 8
    });
    (0..names.len()).filter(|column| *column != date && !has_clock && !is_number).find(holds)
}

fn kind(name: &str, column: usize, samples: &[Row<'_>], has_comma: bool) -> Kind {
    let lower = name.to_lowercase();
    if samples.iter().all(|row| row.cell(column).is_empty()) {
        // A series without samples comes from the source, and is reported.
        return if name.is_empty() { Kind::Nothing } else { Kind::Value };
    }
    let count = |is_one: fn(&Cell<'_>) -> bool| {
        samples.iter().filter(|row| is_one(&cell(row.cell(column), has_comma))).count()
    };
    let numbers = count(|cell| matches!(cell, Cell::Number(..) | Cell::NoNumber));
    let texts = count(|cell| matches!(cell, Cell::Text));
    let is_row_number = matches!(lower.as_str(), "" | "#" | "index" | "row" | "no" | "id")
        && samples.windows(2).take(20).all(|pair| {
            let number = |row: &Row<'_>| row.cell(column).parse::<i64>().ok();
            number(&pair[0]).zip(number(&pair[1])).is_some_and(|(one, next)| next == one + 1)
        })
        && samples.len() > 1;
    if is_row_number {
        Kind::Nothing
    } else if LABELS.contains(&lower.as_str())
        || METRICS.contains(&lower.as_str()) && texts > 0
        || texts > numbers
    {
        Kind::Label
    } else {
        Kind::Value
    }
}
