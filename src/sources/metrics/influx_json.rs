//! InfluxDB 1: responses of `/query`.
//!
//! <https://docs.influxdata.com/influxdb/v1/guides/query_data/>. The column `time` is RFC 3339, or
//! a number in the unit requested with `epoch=`; each further column is a series.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::kit::json::value;
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default};
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;

pub(in crate::sources) static INFLUX_JSON: Reader = Reader {
    id: "influxdb-json",
    about: "InfluxDB 1: the answer of /query",
    written_from: WrittenFrom::Captures,
    sniff,
    read,
};

fn sniff(_: &Input, head: &str) -> Verdict {
    match JsonHead::scan(head) {
        Some(head)
            if head.has_all(&[".results[].series[].columns", ".results[].series[].values"]) =>
        {
            Verdict::Yes
        }
        Some(head) if head.has_all(&[".results", ".results[].statement_id"]) => Verdict::Yes,
        Some(_) => Verdict::No("no `results` with `columns` and `values`"),
        None => Verdict::No("not JSON"),
    }
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    results: Vec<Statement<'a>>,
}

#[derive(Deserialize)]
struct Statement<'a> {
    #[serde(borrow, default)]
    error: Option<Str<'a>>,
    #[serde(default, deserialize_with = "null_is_default")]
    partial: bool,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    series: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Measurement<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    tags: BTreeMap<Str<'a>, Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    columns: Vec<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    values: RawRecords<'a>,
    #[serde(default, deserialize_with = "null_is_default")]
    partial: bool,
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let answer: Answer<'a> = json::parse(text.decoded, text.body())?;
    let mut lines = Lines::default();
    for statement in &answer.results {
        if let Some(error) = &statement.error {
            let error = format!("the server answered with an error: {}", clean_line(error));
            if answer.results.len() == 1 {
                return Err(ReadError::new(error));
            }
            warnings.about(text.body(), error);
        }
        for raw in &statement.series {
            match serde_json::from_str::<Measurement<'a>>(raw.get()) {
                Ok(one) => {
                    if statement.partial || one.partial {
                        warnings.about(
                            raw.get(),
                            "this series is partial: the server has more samples than it sent",
                        );
                    }
                    measurement(one, raw.get(), &mut lines, stamps, warnings);
                }
                Err(error) => {
                    warnings.about(
                        raw.get(),
                        format!("this series cannot be read: {}", json::reason(&error)),
                    );
                }
            }
        }
    }
    Ok((lines, None))
}

fn measurement<'a>(
    one: Measurement<'a>,
    text: &'a str,
    lines: &mut Lines<'a>,
    stamps: &mut Stamps,
    warnings: &mut Warnings<'a>,
) {
    let Some(time) = one.columns.iter().position(|column| &**column == "time") else {
        return warnings.about(text, "this series has no column `time` and was left out");
    };
    let fields: Vec<usize> = (0..one.columns.len()).filter(|column| *column != time).collect();
    let mut columns: Vec<Line<'a>> = fields.iter().map(|_| Line::of("", text)).collect();
    for raw in one.values {
        let Ok(cells) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else {
            warnings.about(raw.get(), "this row cannot be read");
            continue;
        };
        let at = cells.get(time).and_then(|at| stamps.read(at.get().trim_matches('"'), warnings));
        let Some(at) = at else { continue };
        for (line, field) in columns.iter_mut().zip(&fields) {
            // A column may contain tags or texts, which are not samples.
            let Some(cell) = cells.get(*field) else { continue };
            if cell.get() == "null" {
                line.points.push((at, None));
            } else if !cell.get().starts_with('"')
                && let Some(value) = value(cell, warnings)
            {
                line.points.push((at, value));
            }
        }
    }
    let name = one.name.as_deref().unwrap_or_default();
    for (mut line, field) in columns.into_iter().zip(fields) {
        if line.points.iter().all(|(_, value)| value.is_none()) {
            warnings.about(
                text,
                format!(
                    "the column `{}` has no number and was left out",
                    clean_line(&one.columns[field])
                ),
            );
            continue;
        }
        line.labels =
            one.tags.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        line.labels.insert(super::kit::lines::NAME.to_owned(), name.to_owned());
        line.labels.insert("field".to_owned(), one.columns[field].to_string());
        lines.push(line, warnings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    #[test]
    fn each_numeric_column_is_a_series() {
        let text = r#"{"results": [{"statement_id": 0, "series": [{"name": "cpu", "tags": {"host": "a"}, "columns": ["time", "mean", "region", "max"],
            "values": [["2026-03-01T10:00:00.5Z", 2, "eu", 5], ["2026-03-01T10:00:00.5Z", 0.55, "eu", null], [1772359260000000000, 3, "eu", 7], ["soon", 1, "eu", 1]]}]}]}"#;
        assert_eq!(sniff(&INFLUX_JSON, text), Verdict::Yes);
        insta::assert_snapshot!(read(&INFLUX_JSON, text), @"
        field=mean of `cpu`: 2026-03-01T10:00:00.500Z=2 2026-03-01T10:00:00.500Z=0.55 2026-03-01T10:01:00Z=3
        field=max of `cpu`: 2026-03-01T10:00:00.500Z=5 2026-03-01T10:00:00.500Z=- 2026-03-01T10:01:00Z=7
        metrics:2:147: warning: this sample was left out: `soon` is not a time in a known form
        metrics:1:45: warning: the column `region` has no number and was left out
        metrics:1:45: warning: 1 of 3 samples of this series cannot be drawn: 1 NaN or null
        metrics:1:1: note: 2 samples have the time of the sample before; all of them are read
        ");
        insta::assert_snapshot!(read(&INFLUX_JSON, r#"{"results": [{"statement_id": 0, "error": "database not found: x"}]}"#), @"error: the server answered with an error: database not found: x ()");
        insta::assert_snapshot!(read(&INFLUX_JSON, r#"{"results": [{"statement_id": 0}]}"#), @"metrics:1:1: warning: no data: there are no samples in it");
    }
}
