//! Grafana: data frames as JSON, from `/api/ds/query` and from "Inspect → Panel JSON".
//!
//! <https://grafana.com/docs/grafana/latest/developers/http_api/data_source/>. Values are by
//! column. JSON has no NaN and no infinities: `entities` lists the rows of each column with such a
//! value.

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

pub(in crate::sources) static GRAFANA_FRAMES: Reader = Reader {
    id: "grafana-frames",
    about: "Grafana: data frames as JSON (/api/ds/query)",
    written_from: WrittenFrom::Documentation,
    sniff,
    read,
};

fn sniff(_: &Input, head: &str) -> Verdict {
    let Some(head) = JsonHead::scan(head) else { return Verdict::No("not JSON") };
    let has = |at: &str| head.has(&format!("{at}.schema.fields[].name"));
    if has("") || has("[]") || has(".frames[]") || head.has_below("results", ".frames[].schema") {
        return Verdict::Yes;
    }
    Verdict::No("no data frames with `schema.fields`")
}

#[derive(Deserialize)]
struct Results<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    results: BTreeMap<Str<'a>, Answer<'a>>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    error: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    frames: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    schema: Schema<'a>,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Schema<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    meta: Option<Meta<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    fields: Vec<Field<'a>>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, default, rename = "executedQueryString")]
    query: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    notices: Vec<Notice<'a>>,
}

#[derive(Deserialize)]
struct Notice<'a> {
    #[serde(borrow, default)]
    text: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Field<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    labels: BTreeMap<Str<'a>, Str<'a>>,
    #[serde(borrow, default)]
    config: Option<Config<'a>>,
}

#[derive(Deserialize)]
struct Config<'a> {
    #[serde(borrow, default)]
    unit: Option<Str<'a>>,
    #[serde(borrow, default, rename = "displayNameFromDS")]
    display_name: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    values: Vec<RawRecords<'a>>,
    #[serde(default, deserialize_with = "null_is_default")]
    entities: Vec<Option<Entities>>,
    /// The part of a time below one millisecond, in nanoseconds.
    #[serde(default, deserialize_with = "null_is_default")]
    nanos: Vec<Option<Vec<i64>>>,
}

/// The rows whose value JSON cannot represent.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Entities {
    #[serde(rename = "Inf")]
    infinite: Vec<usize>,
    #[serde(rename = "NegInf")]
    negative: Vec<usize>,
}

impl Entities {
    fn at(&self, row: usize) -> Option<f64> {
        let is_in = |rows: &[usize]| rows.contains(&row);
        is_in(&self.infinite)
            .then_some(f64::INFINITY)
            .or(is_in(&self.negative).then_some(f64::NEG_INFINITY))
    }
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let body = text.body();
    let mut frames: RawRecords<'a> = Vec::new();
    if body.starts_with('[') {
        frames = json::parse(text.decoded, body)?;
    } else {
        let results: Results<'a> = json::parse(text.decoded, body)?;
        let direct: Answer<'a> = json::parse(text.decoded, body)?;
        let is_alone = results.results.len() == 1;
        for answer in results.results.into_values().chain([direct]) {
            if let Some(error) = &answer.error {
                let error = format!("the server answered with an error: {}", clean_line(error));
                if is_alone && answer.frames.is_empty() {
                    return Err(ReadError::new(error));
                }
                warnings.about(body, error);
            }
            frames.extend(answer.frames);
        }
        if frames.is_empty() {
            frames.extend(
                json::parse::<&RawValue>(text.decoded, body)
                    .ok()
                    .filter(|_| body.contains("\"schema\"")),
            );
        }
    }
    let mut lines = Lines::default();
    for raw in frames {
        match serde_json::from_str::<Frame<'a>>(raw.get()) {
            Ok(frame) => self::frame(&frame, raw.get(), &mut lines, stamps, warnings),
            Err(error) => warnings
                .about(raw.get(), format!("this frame cannot be read: {}", json::reason(&error))),
        }
    }
    Ok((lines, None))
}

fn frame<'a>(
    frame: &Frame<'a>,
    text: &'a str,
    lines: &mut Lines<'a>,
    stamps: &mut Stamps,
    warnings: &mut Warnings<'a>,
) {
    let Frame { schema, data } = frame;
    for notice in
        schema.meta.iter().flat_map(|meta| &meta.notices).filter_map(|notice| notice.text.as_ref())
    {
        warnings.about(text, format!("the server remarked: {}", clean_line(notice)));
    }
    let is_time = |field: &Field<'_>| field.kind.as_deref() == Some("time");
    let Some(time) = schema.fields.iter().position(is_time) else {
        return warnings.about(text, "this frame has no field of the type `time` and was left out");
    };
    let nanos = data.nanos.get(time).and_then(Option::as_ref);
    let times: Vec<_> = data
        .values
        .get(time)
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .enumerate()
        .map(|(row, raw)| {
            let at = stamps.read(raw.get().trim_matches('"'), warnings)?;
            let nanos = nanos.and_then(|nanos| nanos.get(row)).copied().unwrap_or_default();
            Some(at + chrono::TimeDelta::nanoseconds(nanos))
        })
        .collect();
    for (column, field) in schema
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.kind.as_deref() == Some("number"))
    {
        let Some(values) = data.values.get(column) else { continue };
        let entities = data.entities.get(column).cloned().flatten().unwrap_or_default();
        let named = field.config.as_ref().and_then(|config| config.display_name.as_deref());
        let own = field.name.as_deref().filter(|name| !matches!(*name, "Value" | "value"));
        let name = own.or(schema.name.as_deref()).or(named).unwrap_or("Value");
        let mut line = Line::of(name, text);
        for (label, value) in &field.labels {
            line = line.with(label, value);
        }
        line.query = schema.meta.as_ref().and_then(|meta| meta.query.as_deref()).map(str::to_owned);
        line.unit =
            field.config.as_ref().and_then(|config| config.unit.as_deref()).map(str::to_owned);
        for (row, (at, raw)) in times.iter().zip(values).enumerate() {
            let Some(at) = at else { continue };
            let value = match entities.at(row) {
                Some(infinite) => Some(Some(infinite)),
                None => value(raw, warnings),
            };
            line.points.extend(value.map(|value| (*at, value)));
        }
        lines.push(line, warnings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    #[test]
    fn columns_are_series_and_entities_stand_for_special_numbers() {
        let text = r#"{"results": {"A": {"status": 200, "frames": [{"schema": {"refId": "A", "meta": {"executedQueryString": "rate(errors[5m])"},
            "fields": [{"name": "Time", "type": "time"}, {"name": "Value", "type": "number", "labels": {"job": "api"}, "config": {"unit": "reqps"}},
                       {"name": "note", "type": "string"}]},
            "data": {"values": [[1772359200000, 1772359260000, 1772359320000], [1.5, null, null], ["a", "b", "c"]], "entities": [null, {"Inf": [1], "NaN": [2]}, null]}}]}}}"#;
        assert_eq!(sniff(&GRAFANA_FRAMES, text), Verdict::Yes);
        insta::assert_snapshot!(read(&GRAFANA_FRAMES, text), @"
        Value in reqps of `rate(errors[5m])`: 2026-03-01T10:00:00Z=1.5 2026-03-01T10:01:00Z=inf 2026-03-01T10:02:00Z=-
        metrics:1:46: warning: 2 of 3 samples of this series cannot be drawn: 1 +Inf, 1 NaN or null
        ");
        insta::assert_snapshot!(read(&GRAFANA_FRAMES, r#"{"results": {"A": {"error": "bad_data", "status": 400}}}"#), @"error: the server answered with an error: bad_data ()");
    }
}
