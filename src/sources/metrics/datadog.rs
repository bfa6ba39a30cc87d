//! Datadog: responses of `/api/v1/query`.
//!
//! <https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-points>. Times are
//! milliseconds. The unit is a list of two, of which the second is the divisor: `[{"short_name":
//! "B"}, {"short_name": "s"}]`.

use serde::Deserialize;
use serde_json::Value;

use super::kit::json::{Order, pairs};
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default};
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;

pub(in crate::sources) static DATADOG: Reader = Reader {
    id: "datadog-metrics",
    about: "Datadog: the answer of /api/v1/query",
    written_from: WrittenFrom::Captures,
    sniff,
    read,
};

fn sniff(_: &Input, head: &str) -> Verdict {
    match JsonHead::scan(head) {
        Some(head) if head.has(".series[].pointlist") => Verdict::Yes,
        Some(head) if head.has_all(&[".series", ".res_type", ".from_date"]) => Verdict::Yes,
        Some(_) => Verdict::No("no `series` with a `pointlist`"),
        None => Verdict::No("not JSON"),
    }
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    error: Option<Str<'a>>,
    #[serde(borrow, default)]
    query: Option<Str<'a>>,
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    series: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Metric<'a> {
    #[serde(borrow, default)]
    metric: Option<Str<'a>>,
    #[serde(borrow, default)]
    scope: Option<Str<'a>>,
    #[serde(borrow, default)]
    expression: Option<Str<'a>>,
    #[serde(default)]
    unit: Value,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pointlist: RawRecords<'a>,
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let answer: Answer<'a> = json::parse(text.decoded, text.body())?;
    let wording =
        [&answer.error, &answer.message].into_iter().flatten().map(|wording| clean_line(wording));
    let wording: Option<String> = wording.into_iter().find(|wording| !wording.is_empty());
    if answer.status.as_deref() == Some("error") {
        let why = wording.unwrap_or_else(|| "it does not say why".to_owned());
        return Err(ReadError::new(format!("the server answered with an error: {why}")));
    }
    if let Some(wording) = wording {
        warnings.about(text.body(), format!("the server remarked: {wording}"));
    }
    let mut lines = Lines::default();
    for raw in answer.series {
        match serde_json::from_str::<Metric<'a>>(raw.get()) {
            Ok(metric) => {
                let points = pairs(metric.pointlist, Order::TimeFirst, stamps, warnings);
                let mut line = Line::of(metric.metric.as_deref().unwrap_or_default(), raw.get());
                for tag in metric.scope.as_deref().unwrap_or_default().split(',') {
                    let (name, value) = tag.split_once(':').unwrap_or(("scope", tag));
                    line = line.with(name.trim(), value);
                }
                let query = metric.expression.map(|expression| expression.to_string());
                lines.push(Line { points, query, unit: unit(&metric.unit), ..line }, warnings);
            }
            Err(error) => {
                warnings.about(
                    raw.get(),
                    format!("this series cannot be read: {}", json::reason(&error)),
                );
            }
        }
    }
    Ok((lines, answer.query.map(|query| query.to_string())))
}

/// `B/s`.
fn unit(unit: &Value) -> Option<String> {
    let name = |unit: &Value| {
        let names =
            ["short_name", "name", "plural"].iter().filter_map(|key| unit.get(key)?.as_str());
        names.map(str::to_owned).next()
    };
    let first = unit.get(0).and_then(name)?;
    Some(match unit.get(1).and_then(name) {
        Some(second) => format!("{first}/{second}"),
        None => first,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    #[test]
    fn times_are_milliseconds_and_units_may_be_quotients() {
        let text = r#"{"status": "ok", "res_type": "time_series", "query": "sum:net.bytes{*} by {host}", "from_date": 1772359200000, "series": [
            {"metric": "net.bytes", "scope": "host:web-1,env:prod", "expression": "sum:net.bytes{host:web-1}", "unit": [{"short_name": "B"}, {"short_name": "s"}],
             "pointlist": [[1772359200000, 5.0], [1772359260000.0, null]]},
            {"metric": "net.bytes", "scope": "host:web-2,env:prod", "unit": null, "pointlist": [[1772359200000, 6]]}]}"#;
        assert_eq!(sniff(&DATADOG, text), Verdict::Yes);
        insta::assert_snapshot!(read(&DATADOG, text), @"
        host=web-1 in B/s of `sum:net.bytes{host:web-1}`: 2026-03-01T10:00:00Z=5 2026-03-01T10:01:00Z=-
        host=web-2 of `sum:net.bytes{*} by {host}`: 2026-03-01T10:00:00Z=6
        metrics:2:13: warning: 1 of 2 samples of this series cannot be drawn: 1 NaN or null
        ");
        let refused = r#"{"status": "error", "error": "Rate limit of 300 requests", "series": [], "res_type": "", "from_date": 0}"#;
        insta::assert_snapshot!(read(&DATADOG, refused), @"error: the server answered with an error: Rate limit of 300 requests ()");
    }
}
