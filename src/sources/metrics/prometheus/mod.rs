//! Prometheus, HTTP API: the answer of `query_range`, and of `query`.
//!
//! Its description: <https://prometheus.io/docs/prometheus/latest/querying/api/>. A gap is a missing
//! time, never a null. The step that a file declares may disagree with its samples, so the step is
//! the median of the distances that there are.

mod wire;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Warned};
use crate::model::series::Series;
use crate::model::time::epoch;
use crate::sources::decode::{self, Decoded};
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, Str};
use crate::sources::record::Record;
use crate::sources::source::{Evidence, ReadError, ReadOptions, Source, Verdict, Yields};
use crate::sources::text::clean_line;
use crate::sources::warnings::Warnings;
use wire::{Answer, Sample, SeriesData};

/// The reader.
pub struct PrometheusRange;

impl Source for PrometheusRange {
    fn id(&self) -> &'static str {
        "prometheus-range"
    }

    fn about(&self) -> &'static str {
        "Prometheus: the answer of /api/v1/query_range or /api/v1/query"
    }

    fn evidence(&self) -> Evidence {
        Evidence::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Evidence
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let head = decode::head(input);
        let Some(head) = JsonHead::scan(after_tool_lines(&head).1) else {
            return Verdict::No("not JSON");
        };
        if head.has_all(&[".status", ".data.resultType"]) || head.has_all(&[".status", ".errorType"]) {
            return Verdict::Yes;
        }
        // A query without any data may leave `data` out.
        let is_empty_range = head.first(".status") == Some("success") && !head.has(".data");
        if is_empty_range && head.has_all(&[".start", ".end", ".step"]) {
            return Verdict::Maybe;
        }
        Verdict::No("no `data.resultType` in it")
    }

    fn read(&self, input: &Input, _options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded);
        let body = first_object(&decoded, &mut warnings)?;
        let answer: Answer<'_> = json::parse(&decoded, body)?;
        if answer.status.as_deref() == Some("error") {
            let said = answer.error.as_deref().or(answer.error_type.as_deref()).unwrap_or("it does not say why");
            let mut error = ReadError::new(format!("the server answered with an error: {}", clean_line(said)));
            error.hint = Some("ask again with a query that works".to_owned());
            return Err(error);
        }
        report_doubts(&answer, &mut warnings);
        let Found { lines, histograms } = lines(&decoded, answer.data, &mut warnings)?;
        if lines.is_empty() && histograms == 0 {
            warnings.say(
                Diagnostic::warning("no data: the answer has no series").hint("check the query and its time range"),
            );
        }
        let query = answer.query.as_deref();
        let series = finish(lines, query).into_iter().map(Record::Series).collect();
        Ok(Warned { value: series, warnings: warnings.finish() })
    }
}

/// What the server itself says against its answer.
fn report_doubts(answer: &Answer<'_>, warnings: &mut Warnings<'_>) {
    if answer.is_partial {
        let partial = Diagnostic::warning("the answer is partial: a storage node of the server did not answer");
        warnings.say(partial.hint("ask again, or read the chart as a lower bound"));
    }
    for warning in &answer.warnings {
        warnings.about(warning, format!("the server warned that the answer may be wrong: {}", clean_line(warning)));
    }
    for info in &answer.infos {
        warnings.say(Diagnostic::note(format!("the server remarked: {}", clean_line(info))));
    }
}

/// Tools put lines of their own before what they got: those before a line that is `{` alone. Their
/// number, and the rest.
fn after_tool_lines(text: &str) -> (usize, &str) {
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if line.trim_end() == "{" {
            return (number, &text[at..]);
        }
        at += line.len();
    }
    (0, text)
}

/// The text of the one object to read; says what else there is.
fn first_object<'a>(decoded: &'a Decoded<'a>, warnings: &mut Warnings<'_>) -> Result<&'a str, ReadError> {
    let (skipped, text) = after_tool_lines(decoded.body());
    if skipped > 0 {
        let were =
            if skipped == 1 { "1 line before the data was" } else { &format!("{skipped} lines before the data were") };
        warnings.say(Diagnostic::warning(format!("{were} skipped")));
    }
    let mut objects = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let Some(Ok(object)) = objects.next() else {
        // Reading it as a whole makes an error with its place.
        return json::parse::<&RawValue>(decoded, text).map(RawValue::get);
    };
    let rest = &text[objects.byte_offset()..];
    if !rest.trim().is_empty() {
        warnings.about(rest.trim(), "what follows the first answer was not read");
    }
    Ok(object.get())
}

/// One line of a chart, before it has a name.
struct Line<'a> {
    labels: BTreeMap<Str<'a>, Str<'a>>,
    points: Vec<(DateTime<Utc>, Option<f64>)>,
}

/// What an answer contains.
#[derive(Default)]
struct Found<'a> {
    lines: Vec<Line<'a>>,
    /// How many series are native histograms only; none of them is in `lines`.
    histograms: usize,
}

/// The series of an answer; none is no error.
fn lines<'a>(
    decoded: &Decoded<'_>,
    data: Option<wire::Data<'a>>,
    warnings: &mut Warnings<'_>,
) -> Result<Found<'a>, ReadError> {
    let mut found = Found::default();
    let Some(wire::Data { result_type: Some(kind), result: Some(result) }) = data else { return Ok(found) };
    match &*kind {
        "matrix" | "vector" => {
            for raw in json::parse::<Vec<&RawValue>>(decoded, result.get())? {
                found.lines.extend(line(raw, &mut found.histograms, warnings));
            }
            if found.histograms > 0 {
                let are = if found.histograms == 1 {
                    "1 series is a native histogram"
                } else {
                    &format!("{} series are native histograms", found.histograms)
                };
                warnings.say(
                    Diagnostic::warning(format!("{are}, which posthoc does not draw")).hint(
                        "ask for a number instead, such as `histogram_quantile(0.99, …)` or `histogram_count(…)`",
                    ),
                );
            }
            Ok(found)
        }
        "scalar" => {
            let sample: Sample<'_> = json::parse(decoded, result.get())?;
            let points: Vec<_> = point(&sample, warnings).into_iter().collect();
            report_without_number(&points, result.get(), warnings);
            found.lines.push(Line { labels: BTreeMap::new(), points });
            Ok(found)
        }
        other => Err(ReadError::new(format!("results of type `{}` cannot be drawn", clean_line(other)))),
    }
}

/// A series of numbers; one of native histograms is counted in `histograms`.
fn line<'a>(raw: &'a RawValue, histograms: &mut usize, warnings: &mut Warnings<'_>) -> Option<Line<'a>> {
    let data: SeriesData<'a> = match serde_json::from_str(raw.get()) {
        Ok(data) => data,
        Err(error) => {
            warnings.about(raw.get(), format!("this series cannot be read: {}", json::reason(&error)));
            return None;
        }
    };
    let mut points = Vec::with_capacity(data.values.len());
    for raw in data.values.into_iter().chain(data.value) {
        match serde_json::from_str::<Sample<'a>>(raw.get()) {
            Ok(sample) => points.extend(point(&sample, warnings)),
            Err(error) => warnings.about(raw.get(), format!("this sample cannot be read: {}", json::reason(&error))),
        }
    }
    let has_histograms = !data.histograms.is_empty() || data.histogram.is_some();
    *histograms += usize::from(has_histograms);
    if points.is_empty() && has_histograms {
        return None;
    }
    if points.is_empty() {
        warnings.about(raw.get(), "this series has no samples and was left out");
        return None;
    }
    report_without_number(&points, raw.get(), warnings);
    points.sort_by_key(|(at, _)| *at);
    Some(Line { labels: data.metric, points })
}

/// Says how many of the samples of a series, whose text is `raw`, no chart can draw.
fn report_without_number(points: &[(DateTime<Utc>, Option<f64>)], raw: &str, warnings: &mut Warnings<'_>) {
    let count = |is_one: fn(Option<f64>) -> bool| points.iter().filter(|(_, value)| is_one(*value)).count();
    let kinds = [
        (count(|value| value == Some(f64::INFINITY)), "+Inf"),
        (count(|value| value == Some(f64::NEG_INFINITY)), "-Inf"),
        (count(|value| value.is_none()), "NaN or null"),
    ];
    let parts: Vec<String> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}")).collect();
    if !parts.is_empty() {
        let count: usize = kinds.iter().map(|(count, _)| count).sum();
        let (all, listed) = (points.len(), parts.join(", "));
        warnings.about(raw, format!("{count} of {all} samples of this series cannot be drawn: {listed}"));
    }
}

/// A sample; `NaN` and `null` are samples without a number.
fn point(sample: &Sample<'_>, warnings: &mut Warnings<'_>) -> Option<(DateTime<Utc>, Option<f64>)> {
    let time = sample.0.get();
    let Some(at) = epoch(time) else {
        warnings.about(time, format!("`{}` is not a time in seconds", clean_line(time)));
        return None;
    };
    let text = sample.1.get().trim_matches('"');
    if text == "null" {
        return Some((at, None));
    }
    match text.parse::<f64>() {
        Ok(number) => Some((at, (!number.is_nan()).then_some(number))),
        Err(_) => {
            warnings.about(sample.1.get(), format!("`{}` is not a number", clean_line(text)));
            None
        }
    }
}

/// Names the lines and shows their gaps.
fn finish(lines: Vec<Line<'_>>, query: Option<&str>) -> Vec<Series> {
    let step = step(&lines);
    let asked = asked(&lines, query);
    let common = common_labels(&lines);
    let names = unique(lines.iter().map(|line| name(line, &common, query)));
    let series = |(line, name): (Line<'_>, String)| Series {
        name,
        query: asked.clone(),
        unit: None,
        points: with_gaps(line.points, step),
    };
    lines.into_iter().zip(names).map(series).collect()
}

/// The query, or the metric that all lines are of.
fn asked(lines: &[Line<'_>], query: Option<&str>) -> Option<String> {
    let metric = |line: &Line<'_>| line.labels.get("__name__").map(|name| clean_line(name));
    let metric =
        lines.first().and_then(metric).filter(|first| lines.iter().all(|line| metric(line).as_ref() == Some(first)));
    query.map(clean_line).filter(|query| !query.is_empty()).or(metric)
}

/// The labels that every line has, with one value.
fn common_labels<'a>(lines: &[Line<'a>]) -> BTreeMap<Str<'a>, Str<'a>> {
    let Some((first, others)) = lines.split_first() else { return BTreeMap::new() };
    let mut common = first.labels.clone();
    for line in others {
        common.retain(|name, value| line.labels.get(name) == Some(value));
    }
    common
}

/// The labels of a line that are not common to all. A line that has none is called by the query, or
/// by its metric.
fn name(line: &Line<'_>, common: &BTreeMap<Str<'_>, Str<'_>>, query: Option<&str>) -> String {
    let telling = line.labels.iter().filter(|(name, _)| !common.contains_key(&**name));
    let words: Vec<String> =
        telling
            .map(|(name, value)| {
                if &**name == "__name__" { clean_line(value) } else { clean_line(&format!("{}={}", &**name, &**value)) }
            })
            .collect();
    if !words.is_empty() {
        return words.join(", ");
    }
    let metric = line.labels.get("__name__").map(|name| &**name);
    let name = query.or(metric).map(clean_line).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| "value".to_owned())
}

/// Numbers the names that were given before: `up`, `up (2)`, `up (3)`.
fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    // The number to try next for each name, so that a name given n times costs n tries and not n².
    let mut next: HashMap<String, usize> = HashMap::new();
    let mut one = |name: String| {
        let mut unique = name.clone();
        while !taken.insert(unique.clone()) {
            let number = next.entry(name.clone()).or_insert(2);
            unique = format!("{name} ({number})");
            *number += 1;
        }
        unique
    };
    names.map(&mut one).collect()
}

/// The median of all distances between samples that follow each other; `None` if there is none.
/// One query has one step, so the lines are taken together: a sparse one alone would mislead.
fn step(lines: &[Line<'_>]) -> Option<TimeDelta> {
    let deltas = |line: &Line<'_>| line.points.windows(2).map(|pair| pair[1].0 - pair[0].0).collect::<Vec<_>>();
    let mut all: Vec<TimeDelta> = lines.iter().flat_map(deltas).filter(|delta| *delta > TimeDelta::zero()).collect();
    all.sort_unstable();
    all.get(all.len().saturating_sub(1) / 2).copied()
}

/// Puts a sample without a number into each gap, one step after the last sample before it, so that
/// a chart does not draw a line over what is unknown. A gap is a distance of more than 1.5 steps.
fn with_gaps(points: Vec<(DateTime<Utc>, Option<f64>)>, step: Option<TimeDelta>) -> Vec<(DateTime<Utc>, Option<f64>)> {
    let Some(step) = step else { return points };
    let mut shown: Vec<(DateTime<Utc>, Option<f64>)> = Vec::with_capacity(points.len());
    for (at, value) in points {
        if let Some((last, _)) = shown.last()
            && at - *last > step * 3 / 2
        {
            shown.push((*last + step, None));
        }
        shown.push((at, value));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Series>, Vec<String>) {
        let read = PrometheusRange.read(&Input::new("range.json", text), &ReadOptions::default()).unwrap();
        let series = read.value.into_iter().map(|record| match record {
            Record::Series(series) => series,
            other => panic!("{other:?}"),
        });
        (series.collect(), read.warnings.iter().map(ToString::to_string).collect())
    }

    fn matrix(result: &str) -> String {
        format!(r#"{{"status": "success", "data": {{"resultType": "matrix", "result": [{result}]}}}}"#)
    }

    fn times(series: &Series) -> Vec<i64> {
        series.points.iter().map(|(at, _)| at.timestamp_millis()).collect()
    }

    #[test]
    fn times_are_exact_and_values_without_a_number_are_none() {
        let (series, warnings) = read(&matrix(
            r#"{"metric": {"__name__": "up"}, "values": [[1435781430.781, "1"], [1435781440.781, "NaN"], [1435781450.781, "+Inf"],
                [1435781460.781, "-Inf"], [1435781470.781, "1e-3"]]}"#,
        ));
        assert_eq!(series[0].name, "up");
        assert_eq!(times(&series[0])[0], 1_435_781_430_781);
        let values: Vec<_> = series[0].points.iter().map(|(_, value)| *value).collect();
        assert_eq!(values, [Some(1.0), None, Some(f64::INFINITY), Some(f64::NEG_INFINITY), Some(0.001)]);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(
            warnings[0].ends_with("3 of 5 samples of this series cannot be drawn: 1 +Inf, 1 -Inf, 1 NaN or null"),
            "{warnings:?}"
        );
    }

    #[test]
    fn what_the_server_doubts_is_reported() {
        let answer = |more: &str| {
            let text = matrix(r#"{"metric": {"__name__": "lag"}, "values": [[1, "1"], [2, "2"]]}"#);
            read(&format!("{}, {more}}}", text.strip_suffix('}').unwrap()))
        };
        let (series, warnings) = answer(r#""warnings": ["store a: deadline exceeded"], "infos": ["not a counter"]"#);
        assert_eq!(series.len(), 1);
        assert!(warnings[0].contains("may be wrong: store a: deadline exceeded"), "{warnings:?}");
        assert!(warnings[1].contains("remarked: not a counter"), "{warnings:?}");
        assert!(answer(r#""isPartial": true"#).1[0].contains("partial"));
        let (_, none) = answer(r#""warnings": null, "infos": [], "isPartial": false"#);
        assert!(none.is_empty(), "{none:?}");
    }

    #[test]
    fn native_histograms_are_reported_and_numbers_beside_them_drawn() {
        let histogram = r#"[1, {"count": "10", "sum": "5.5", "buckets": []}]"#;
        let (series, warnings) = read(&matrix(&format!(
            r#"{{"metric": {{"__name__": "h"}}, "histograms": [{histogram}]}}, {{"metric": {{"__name__": "m"}}, "histograms": [{histogram}], "values": [[2, "3"]]}}"#
        )));
        assert_eq!(series.iter().map(|series| series.name.as_str()).collect::<Vec<_>>(), ["m"]);
        assert!(warnings.len() == 1 && warnings[0].contains("2 series are native histograms"), "{warnings:?}");
        let instant = format!(
            r#"{{"status": "success", "data": {{"resultType": "vector", "result": [{{"metric": {{}}, "histogram": {histogram}}}]}}}}"#
        );
        assert!(read(&instant).1[0].contains("1 series is a native histogram"));
    }

    #[test]
    fn a_series_is_called_by_what_tells_it_from_the_others() {
        let (series, _) = read(&matrix(
            r#"{"metric": {"__name__": "a", "job": "x", "mode": "idle"}, "values": [[1, "1"]]},
               {"metric": {"__name__": "b", "job": "x"}, "values": [[1, "1"]]},
               {"metric": {"__name__": "b", "job": "x"}, "values": [[1, "1"]]}"#,
        ));
        let names: Vec<_> = series.iter().map(|series| series.name.as_str()).collect();
        assert_eq!(names, ["a, mode=idle", "b", "b (2)"]);
        let text = r#"{"status": "success", "query": "sum(up)", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "1"]]}]}}"#;
        assert_eq!(read(text).0[0].name, "sum(up)");
    }

    #[test]
    fn a_missing_time_becomes_a_sample_without_a_number() {
        let (series, _) = read(&matrix(
            r#"{"metric": {}, "values": [[0, "1"], [60, "1"], [120, "1"], [300, "1"], [360, "1"], [449, "2"]]}"#,
        ));
        assert_eq!(times(&series[0]), [0, 60_000, 120_000, 180_000, 300_000, 360_000, 449_000]);
        assert_eq!(series[0].points[3].1, None);
    }

    #[test]
    fn vectors_and_scalars_are_single_samples() {
        let vector = r#"{"status": "success", "data": {"resultType": "vector", "result": [{"metric": {"a": "b"}, "value": [5, "7"]}]}}"#;
        assert_eq!(read(vector).0[0].points.len(), 1);
        let scalar = r#"{"status": "success", "data": {"resultType": "scalar", "result": [5, "7"]}}"#;
        assert_eq!(read(scalar).0[0].values().collect::<Vec<_>>(), [7.0]);
    }

    #[test]
    fn no_data_is_told_and_an_error_is_the_servers_own() {
        for text in [r#"{"status": "success", "start": "", "end": "", "step": 1}"#, &matrix("")] {
            assert_ne!(PrometheusRange.sniff(&Input::new("x", text)), Verdict::No("no `data.resultType` in it"));
            let (series, warnings) = read(text);
            assert!(series.is_empty() && warnings[0].contains("no data"), "{warnings:?}");
        }
        let error = r#"{"status": "error", "errorType": "bad_data", "error": "parse error: unexpected end"}"#;
        let refused = PrometheusRange.read(&Input::new("x", error), &ReadOptions::default()).unwrap_err();
        assert_eq!(refused.message, "the server answered with an error: parse error: unexpected end");
    }

    #[test]
    fn lines_of_a_tool_before_the_answer_are_counted() {
        let text = format!(
            "{{\"tool\": 1}}\n{{\"more\": 2}}\n{{\n{}\n{{}}",
            &matrix(r#"{"metric": {}, "values": [[1, "1"]]}"#)[1..]
        );
        assert_eq!(PrometheusRange.sniff(&Input::new("x", text.as_str())), Verdict::Yes);
        let (series, warnings) = read(&text);
        assert_eq!(series.len(), 1);
        assert!(warnings.iter().any(|w| w.contains("2 lines before")), "{warnings:?}");
        assert!(warnings.iter().any(|w| w.contains("what follows")), "{warnings:?}");
    }

    #[test]
    fn a_bad_sample_is_a_warning_with_its_place() {
        let (series, warnings) =
            read(&matrix("{\"metric\": {}, \"values\": [[1, \"x\"],\n[\"t\", \"1\"],\n[3],\n[4, \"5\"]]},\n7"));
        assert_eq!(series[0].values().collect::<Vec<_>>(), [5.0]);
        for line in [1, 2, 3, 5] {
            assert!(warnings.iter().any(|w| w.starts_with(&format!("range.json:{line}:"))), "{line}: {warnings:?}");
        }
    }
}
