//! Tables of samples: one row per time with a column per series, or one row per sample.
//!
//! Grafana writes both kinds: "Series joined by time" with label sets as column names, and in older
//! versions `Series;Time;Value` after a line `sep=;`. Its times may be in the zone of a browser, so
//! times without a zone are refused until the user names one.

use std::collections::BTreeMap;

use super::kit::columns::Columns;
use super::kit::number::{Cell, cell, common_unit};
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::sources::input::Input;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::table::{Row, Table};
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;
use crate::text::counted_that;

pub(in crate::sources) static CSV: Reader = Reader {
    id: "metrics-csv",
    about: "Tables of samples as CSV: a column of times, and columns of values (Grafana's CSV among them)",
    written_from: WrittenFrom::Captures,
    sniff,
    read,
};

/// The number of rows that decide the meaning of the columns.
const LOOKED_AT: usize = 60;

/// A table with hundreds of columns has no complete row in its first KiB, so this many bytes are
/// examined.
const WIDE: usize = 256 * 1024;

fn sniff(input: &Input, head: &str) -> Verdict {
    let head = head.trim_start();
    let name = input.name.to_lowercase();
    let is_document = [".md", ".markdown", ".html", ".htm", ".adoc", ".rst", ".log"]
        .iter()
        .any(|end| name.ends_with(end));
    if is_document
        || head.starts_with(['{', '[', '<'])
        || head.starts_with("#datatype")
        || head.starts_with("#group")
    {
        return Verdict::No("not samples of a metric");
    }
    let is_wide = head.lines().take(12).count() < 12 && head.lines().any(|line| line.len() > 512);
    let further =
        is_wide.then(|| String::from_utf8_lossy(&input.bytes[..input.bytes.len().min(WIDE)]));
    let head = further.as_deref().map_or(head, str::trim_start);
    // The last line may be truncated.
    let whole = head.rfind('\n').map_or(head, |end| &head[..end]);
    let table = Table::of(whole);
    let rows: Vec<Row<'_>> = table.rows(false).take(LOOKED_AT).collect();
    match Columns::of(&rows, table.has_decimal_comma()) {
        Ok(columns) => match columns.doubt(&rows[columns.headers..]) {
            None => Verdict::Maybe,
            Some(why) => Verdict::No(why),
        },
        Err(_) => Verdict::No("not samples of a metric"),
    }
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let table = Table::of(text.body());
    let rows: Vec<Row<'a>> = table.rows(false).collect();
    let has_comma = table.has_decimal_comma();
    let columns = Columns::of(&rows, has_comma)
        .map_err(|why| ReadError::new(format!("no table of samples: {why}")))?;
    let mut order: Vec<(Vec<String>, usize)> = Vec::new();
    let mut by_key: BTreeMap<(Vec<String>, usize), Samples<'a>> = BTreeMap::new();
    for row in &rows[columns.headers..] {
        let time = columns.time(row);
        let Some(at) = (match &time {
            std::borrow::Cow::Borrowed(time) => stamps.read(time, warnings),
            std::borrow::Cow::Owned(time) => stamps.read_at(time, row.text, warnings),
        }) else {
            continue;
        };
        let key = columns.key(row);
        for column in columns.values() {
            let value = match cell(row.cell(column), has_comma) {
                Cell::Number(number, unit) if number.is_nan() => Some((f64::NAN, unit)),
                Cell::Number(number, unit) => Some((number, unit)),
                Cell::NoNumber => None,
                // The series has no sample at that time.
                Cell::Empty => continue,
                Cell::Text => {
                    let shown = clean_line(row.cell(column));
                    warnings.about(row.place(column), format!("`{shown}` is not a number"));
                    continue;
                }
            };
            let unit = value.map(|(_, unit)| unit.to_owned());
            let samples = by_key.entry((key.clone(), column)).or_insert_with(|| {
                order.push((key.clone(), column));
                Samples { line: columns.line(column, &key, row.text), units: Vec::new() }
            });
            samples
                .line
                .points
                .push((at, value.map(|(number, _)| number).filter(|number| !number.is_nan())));
            samples.units.push(unit.unwrap_or_default());
        }
    }
    let mut lines = Lines::default();
    for key in order {
        if let Some(samples) = by_key.remove(&key) {
            lines.push(samples.in_one_unit(warnings), warnings);
        }
    }
    report_empty(&columns, &rows, warnings);
    Ok((lines, None))
}

/// Columns without any sample.
fn report_empty<'a>(columns: &Columns, rows: &[Row<'a>], warnings: &mut Warnings<'a>) {
    let is_empty =
        |column: &usize| rows[columns.headers..].iter().all(|row| row.cell(*column).is_empty());
    let empty = columns.values().filter(is_empty).count();
    if empty > 0 {
        let columns = counted_that(empty, "column", ["has", "have"]);
        warnings.about(rows.first().map_or("", |row| row.text), format!("{columns} no samples"));
    }
}

/// The samples of a line, each with its unit.
struct Samples<'a> {
    line: Line<'a>,
    units: Vec<String>,
}

impl<'a> Samples<'a> {
    /// The line with all its values in one unit, that of its cells or of its column.
    fn in_one_unit(mut self, warnings: &mut Warnings<'a>) -> Line<'a> {
        let numbers =
            || self.line.points.iter().zip(&self.units).filter(|((_, value), _)| value.is_some());
        let units: Vec<&str> = numbers().map(|(_, unit)| unit.as_str()).collect();
        match common_unit(&units) {
            Some((unit, factors)) => {
                let unit = unit.map(str::to_owned);
                let values = self.line.points.iter_mut().filter_map(|(_, value)| value.as_mut());
                values.zip(factors).for_each(|(value, factor)| *value *= factor);
                self.line.unit = unit.or(self.line.unit);
            }
            None => {
                let mut names: Vec<&str> =
                    units.iter().copied().filter(|unit| !unit.is_empty()).collect();
                names.sort_unstable();
                names.dedup();
                let message = format!(
                    "the values of this series have several units ({}): it was left out",
                    clean_line(&names.join(", "))
                );
                warnings.about(self.line.text, message);
                self.line.points.clear();
            }
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, read_in, sniff};

    fn shown(text: &str) -> String {
        assert_eq!(sniff(&CSV, text), Verdict::Maybe, "{text}");
        read(&CSV, text)
    }

    #[test]
    fn each_column_is_a_series_with_units_from_cells_or_names() {
        insta::assert_snapshot!(shown("# a remark\ntimestamp,cpu (%),mem\n1772359200,12.5,900 MiB\n1772359260,13,1.5 GiB\n\n1772359320,many,\n1772359380000,NaN,2 GiB\n"), @"
        cpu in %: 2026-03-01T10:00:00Z=12.5 2026-03-01T10:01:00Z=13 2026-03-01T10:03:00Z=-
        mem in B: 2026-03-01T10:00:00Z=943718400 2026-03-01T10:01:00Z=1610612736 2026-03-01T10:03:00Z=2147483648
        metrics:6:12: warning: `many` is not a number
        metrics:3:1: warning: 1 of 3 samples of this series cannot be drawn: 1 NaN or null
        ");
        insta::assert_snapshot!(shown("sep=;\r\nSeries;Time;Value\r\na.b;2026-03-01T10:00:00+01:00;3,5\r\na.b;2026-03-01T10:01:00+01:00;null\r\nc;2026-03-01T10:00:00+01:00;7\r\n"), @"
        a.b: 2026-03-01T09:00:00Z=3.5 2026-03-01T09:01:00Z=-
        c: 2026-03-01T09:00:00Z=7
        metrics:3:1: warning: 1 of 2 samples of this series cannot be drawn: 1 NaN or null
        ");
        insta::assert_snapshot!(shown("\"Time\",\"{__name__=\"\"up\"\", job=\"\"a\"\"}\",\"up{job=\"\"b\"\"}\"\n1772359200000,1,0\n1772359215000,,1\n"), @"
        job=a of `up`: 2026-03-01T10:00:00Z=1
        job=b of `up`: 2026-03-01T10:00:00Z=0 2026-03-01T10:00:15Z=1
        ");
    }

    #[test]
    fn sample_rows_and_multi_row_headers_are_read() {
        insta::assert_snapshot!(shown("time,host,value\n2026-03-01T10:00:00Z,a,1\n2026-03-01T10:00:00Z,b,2\n2026-03-01T10:05:00Z,a,3\n"), @"
        host=a: 2026-03-01T10:00:00Z=1 2026-03-01T10:05:00Z=3
        host=b: 2026-03-01T10:00:00Z=2
        ");
        insta::assert_snapshot!(shown("microservice,shop,cart\nmetric,latency,errors\nstatistic,p90,Sum\nunix_timestamp,,\n1772359200.0,1.5,\n1772359500.0,2.5,\n"), @"
        latency of `latency`: 2026-03-01T10:00:00Z=1.5 2026-03-01T10:05:00Z=2.5
        metrics:1:1: warning: 1 column has no samples
        ");
        insta::assert_snapshot!(shown("1772359200,5\n1772359260,6\n"), @"value: 2026-03-01T10:00:00Z=5 2026-03-01T10:01:00Z=6");
    }

    #[test]
    fn times_without_a_zone_need_a_named_zone() {
        let text = "timestamp,value\n2026-10-25 01:50:00,0\n2026-10-25 02:30:00,1\n2026-10-25 02:59:00,2\n2026-10-25 02:05:00,3\n2026-10-25 03:00:00,4\n2026-10-25 03:00:00,5\n";
        insta::assert_snapshot!(shown(text), @"error: its times name no zone: `2026-10-25 01:50:00` (say which clock they are of: --zone UTC, or --zone Europe/Berlin)");
        insta::assert_snapshot!(read_in(&CSV, text, Some("Europe/Berlin")), @"
        value: 2026-10-24T23:50:00Z=0 2026-10-25T00:30:00Z=1 2026-10-25T00:59:00Z=2 2026-10-25T01:05:00Z=3 2026-10-25T02:00:00Z=4 2026-10-25T02:00:00Z=5
        metrics:1:1: note: 1 sample has the time of the sample before; all of them are read
        ");
        insta::assert_snapshot!(read_in(&CSV, "Date,Time,load\n2026-03-01,10:00,1\n2026-03-01,09:00,2\n", Some("UTC")), @"load of `load`: 2026-03-01T09:00:00Z=2 2026-03-01T10:00:00Z=1");
    }

    #[test]
    fn other_tables_are_not_metrics() {
        for other in [
            "time,event\n2026-03-01T10:00:00Z,It began\n",
            "id,created_at,description,resolved_at\n1,2026-03-01T10:00:00Z,down,2026-03-01T11:00:00Z\n",
            "a,b\n1,2\n",
            "words\nand more\n",
            "",
        ] {
            assert!(matches!(sniff(&CSV, other), Verdict::No(_)), "{other}");
        }
    }
}
