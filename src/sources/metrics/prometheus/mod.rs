//! Prometheus HTTP API: responses of `query_range` and `query`.
//!
//! Its documentation: <https://prometheus.io/docs/prometheus/latest/querying/api/>. A gap is a
//! missing time, never a null. The step that a file declares may disagree with its samples, so the
//! step is the median distance between samples.

pub(crate) mod live;
mod wire;

use serde_json::value::RawValue;

use super::kit::json::{Order, pairs};
use super::kit::{Line, Lines, Stamps};
use crate::diag::{Diagnostic, Warned};
use crate::sources::decode::{self, Decoded};
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;
use crate::text::counted_that;
use wire::{Answer, SeriesData};

pub(crate) struct PrometheusRange;

impl Source for PrometheusRange {
    fn id(&self) -> &'static str {
        "prometheus-range"
    }

    fn about(&self) -> &'static str {
        "Prometheus: the answer of /api/v1/query_range or /api/v1/query"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Evidence
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let head = decode::head(input);
        let Some(head) = JsonHead::scan(after_tool_lines(&head).1) else {
            return Verdict::No("not JSON");
        };
        // Logs are queried in the same way.
        let is_streams = head.first(".data.resultType") == Some("streams");
        if head.has_all(&[".status", ".data.resultType"]) && !is_streams
            || head.has_all(&[".status", ".errorType"])
        {
            return Verdict::Yes;
        }
        // A query without results may omit `data`.
        let is_empty_range = head.first(".status") == Some("success") && !head.has(".data");
        if is_empty_range && head.has_all(&[".start", ".end", ".step"]) {
            return Verdict::Maybe;
        }
        Verdict::No("no `data.resultType` in it")
    }

    fn read(
        &self,
        input: &Input,
        _options: &ReadOptions,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded);
        let body = first_object(&decoded, &mut warnings)?;
        let answer: Answer<'_> = json::parse(&decoded, body)?;
        if answer.status.as_deref() == Some("error") {
            let wording = answer
                .error
                .as_deref()
                .or(answer.error_type.as_deref())
                .unwrap_or("it does not say why");
            let mut error = ReadError::new(format!(
                "the server answered with an error: {}",
                clean_line(wording)
            ));
            error.hint = Some("ask again with a query that works".to_owned());
            return Err(error);
        }
        report_doubts(&answer, &mut warnings);
        let Answered { lines, histograms } =
            lines(&decoded, answer.data, &mut Stamps::default(), &mut warnings)?;
        if lines.is_empty() && histograms == 0 {
            warnings.say(
                Diagnostic::warning("no data: the answer has no series")
                    .hint("check the query and its time range"),
            );
        }
        let asked = input.url.as_deref().and_then(asked_in);
        Ok(lines.finish(answer.query.as_deref().or(asked.as_deref()), warnings))
    }
}

/// The query in the address of an answer.
fn asked_in(address: &str) -> Option<String> {
    let address = url::Url::parse(address).ok()?;
    address.query_pairs().find(|(name, _)| name == "query").map(|(_, query)| query.into_owned())
}

/// The server's own warnings about its response.
fn report_doubts(answer: &Answer<'_>, warnings: &mut Warnings<'_>) {
    if answer.is_partial {
        let partial = Diagnostic::warning(
            "the answer is partial: a storage node of the server did not answer",
        );
        warnings.say(partial.hint("ask again, or read the chart as a lower bound"));
    }
    for warning in &answer.warnings {
        warnings.about(
            warning,
            format!("the server warned that the answer may be wrong: {}", clean_line(warning)),
        );
    }
    for info in &answer.infos {
        warnings.say(Diagnostic::note(format!("the server remarked: {}", clean_line(info))));
    }
}

/// Tools print their own lines before the response: the lines before one that is just `{`. Returns
/// their number, and the rest.
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

/// The text of the object to read; reports anything else in the input.
fn first_object<'a>(
    decoded: &'a Decoded<'a>,
    warnings: &mut Warnings<'_>,
) -> Result<&'a str, ReadError> {
    let (skipped, text) = after_tool_lines(decoded.body());
    if skipped > 0 {
        let were = ["before the data was skipped", "before the data were skipped"];
        warnings.say(Diagnostic::warning(counted_that(skipped, "line", were)));
    }
    let mut objects = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let Some(Ok(object)) = objects.next() else {
        // Reading it as a whole gives an error with its place.
        return json::parse::<&RawValue>(decoded, text).map(RawValue::get);
    };
    let rest = &text[objects.byte_offset()..];
    if !rest.trim().is_empty() {
        warnings.about(rest.trim(), "what follows the first answer was not read");
    }
    Ok(object.get())
}

/// The content of a response.
#[derive(Default)]
struct Answered<'a> {
    lines: Lines<'a>,
    /// The number of series with native histograms only; none of them is in `lines`.
    histograms: usize,
}

/// The series of a response; an empty one is not an error.
fn lines<'a>(
    decoded: &Decoded<'_>,
    data: Option<wire::Data<'a>>,
    stamps: &mut Stamps,
    warnings: &mut Warnings<'a>,
) -> Result<Answered<'a>, ReadError> {
    let mut answered = Answered { lines: Lines::of_a_fixed_step(), histograms: 0 };
    let Some(wire::Data { result_type: Some(kind), result: Some(result) }) = data else {
        return Ok(answered);
    };
    match &*kind {
        "matrix" | "vector" => {
            for raw in json::parse::<Vec<&RawValue>>(decoded, result.get())? {
                if let Some(line) = line(raw, &mut answered.histograms, stamps, warnings) {
                    answered.lines.push(line, warnings);
                }
            }
            if answered.histograms > 0 {
                report_histograms(answered.histograms, warnings);
            }
            Ok(answered)
        }
        "scalar" => {
            let points = pairs([result], Order::TimeFirst, stamps, warnings);
            answered.lines.push(Line { points, text: result.get(), ..Line::default() }, warnings);
            Ok(answered)
        }
        other => {
            Err(ReadError::new(format!("results of type `{}` cannot be drawn", clean_line(other))))
        }
    }
}

fn report_histograms(count: usize, warnings: &mut Warnings<'_>) {
    let are = counted_that(count, "series", ["is a native histogram", "are native histograms"]);
    let hint =
        "ask for a number instead, such as `histogram_quantile(0.99, …)` or `histogram_count(…)`";
    warnings.say(Diagnostic::warning(format!("{are}, which posthoc does not draw")).hint(hint));
}

/// A series of numbers; one of native histograms is counted in `histograms`.
fn line<'a>(
    raw: &'a RawValue,
    histograms: &mut usize,
    stamps: &mut Stamps,
    warnings: &mut Warnings<'a>,
) -> Option<Line<'a>> {
    let data: SeriesData<'a> = match serde_json::from_str(raw.get()) {
        Ok(data) => data,
        Err(error) => {
            warnings
                .about(raw.get(), format!("this series cannot be read: {}", json::reason(&error)));
            return None;
        }
    };
    let points =
        pairs(data.values.into_iter().chain(data.value), Order::TimeFirst, stamps, warnings);
    let has_histograms = !data.histograms.is_empty() || data.histogram.is_some();
    *histograms += usize::from(has_histograms);
    if points.is_empty() && has_histograms {
        return None;
    }
    let labels =
        data.metric.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    Some(Line { labels, points, text: raw.get(), ..Line::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::series::Series;

    fn read(text: &str) -> (Vec<Series>, Vec<String>) {
        let read =
            PrometheusRange.read(&Input::new("range.json", text), &ReadOptions::default()).unwrap();
        let series = read.value.into_iter().map(|record| match record {
            Record::Series(series) => series,
            other => panic!("{other:?}"),
        });
        (series.collect(), read.warnings.iter().map(ToString::to_string).collect())
    }

    fn matrix(result: &str) -> String {
        format!(
            r#"{{"status": "success", "data": {{"resultType": "matrix", "result": [{result}]}}}}"#
        )
    }

    fn times(series: &Series) -> Vec<i64> {
        series.points.iter().map(|(at, _)| at.timestamp_millis()).collect()
    }

    #[test]
    fn times_are_exact_and_non_numbers_are_gaps() {
        let (series, warnings) = read(&matrix(
            r#"{"metric": {"__name__": "up"}, "values": [[1435781430.781, "1"], [1435781440.781, "NaN"], [1435781450.781, "+Inf"],
                [1435781460.781, "-Inf"], [1435781470.781, "1e-3"]]}"#,
        ));
        assert_eq!(series[0].name, "up");
        assert_eq!(times(&series[0])[0], 1_435_781_430_781);
        let values: Vec<_> = series[0].points.iter().map(|(_, value)| *value).collect();
        assert_eq!(
            values,
            [Some(1.0), None, Some(f64::INFINITY), Some(f64::NEG_INFINITY), Some(0.001)]
        );
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(
            warnings[0].ends_with(
                "3 of 5 samples of this series cannot be drawn: 1 +Inf, 1 -Inf, 1 NaN or null"
            ),
            "{warnings:?}"
        );
    }

    #[test]
    fn server_warnings_are_reported() {
        let answer = |more: &str| {
            let text = matrix(
                r#"{"metric": {"__name__": "lag"}, "values": [[1772359201, "1"], [1772359202, "2"]]}"#,
            );
            read(&format!("{}, {more}}}", text.strip_suffix('}').unwrap()))
        };
        let (series, warnings) =
            answer(r#""warnings": ["store a: deadline exceeded"], "infos": ["not a counter"]"#);
        assert_eq!(series.len(), 1);
        assert!(warnings[0].contains("may be wrong: store a: deadline exceeded"), "{warnings:?}");
        assert!(warnings[1].contains("remarked: not a counter"), "{warnings:?}");
        assert!(answer(r#""isPartial": true"#).1[0].contains("partial"));
        let (_, none) = answer(r#""warnings": null, "infos": [], "isPartial": false"#);
        assert!(none.is_empty(), "{none:?}");
    }

    #[test]
    fn native_histograms_are_reported_and_plain_numbers_drawn() {
        let histogram = r#"[1772359201, {"count": "10", "sum": "5.5", "buckets": []}]"#;
        let (series, warnings) = read(&matrix(&format!(
            r#"{{"metric": {{"__name__": "h"}}, "histograms": [{histogram}]}}, {{"metric": {{"__name__": "m"}}, "histograms": [{histogram}], "values": [[1772359202, "3"]]}}"#
        )));
        assert_eq!(series.iter().map(|series| series.name.as_str()).collect::<Vec<_>>(), ["m"]);
        assert!(
            warnings.len() == 1 && warnings[0].contains("2 series are native histograms"),
            "{warnings:?}"
        );
        let instant = format!(
            r#"{{"status": "success", "data": {{"resultType": "vector", "result": [{{"metric": {{}}, "histogram": {histogram}}}]}}}}"#
        );
        assert!(read(&instant).1[0].contains("1 series is a native histogram"));
    }

    #[test]
    fn series_name_uses_the_distinguishing_labels() {
        let (series, _) = read(&matrix(
            r#"{"metric": {"__name__": "a", "job": "x", "mode": "idle"}, "values": [[1772359201, "1"]]},
               {"metric": {"__name__": "b", "job": "x"}, "values": [[1772359201, "1"]]},
               {"metric": {"__name__": "b", "job": "x"}, "values": [[1772359201, "1"]]}"#,
        ));
        let names: Vec<_> = series.iter().map(|series| series.name.as_str()).collect();
        assert_eq!(names, ["a, mode=idle", "b", "b (2)"]);
        let text = r#"{"status": "success", "query": "sum(up)", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1772359201, "1"]]}]}}"#;
        assert_eq!(read(text).0[0].name, "sum(up)");
    }

    #[test]
    fn samples_of_an_unset_clock_are_dropped() {
        let (series, warnings) =
            read(&matrix(r#"{"metric": {}, "values": [[5, "1"], [1772359200, "1"]]}"#));
        assert_eq!(series[0].points.len(), 1);
        assert!(warnings[0].contains("`5` is not the time of a sample"), "{warnings:?}");
    }

    #[test]
    fn missing_time_becomes_a_gap() {
        let (series, _) = read(&matrix(
            r#"{"metric": {}, "values": [[1772359200, "1"], [1772359260, "1"], [1772359320, "1"], [1772359500, "1"], [1772359560, "1"], [1772359649, "2"]]}"#,
        ));
        let since: Vec<i64> =
            times(&series[0]).iter().map(|at| at / 1000 - 1_772_359_200).collect();
        assert_eq!(since, [0, 60, 120, 180, 300, 360, 449]);
        assert_eq!(series[0].points[3].1, None);
    }

    #[test]
    fn vectors_and_scalars_are_single_samples() {
        let vector = r#"{"status": "success", "data": {"resultType": "vector", "result": [{"metric": {"a": "b"}, "value": [1772359205, "7"]}]}}"#;
        assert_eq!(read(vector).0[0].points.len(), 1);
        let scalar = r#"{"status": "success", "data": {"resultType": "scalar", "result": [1772359205, "7"]}}"#;
        assert_eq!(read(scalar).0[0].values().collect::<Vec<_>>(), [7.0]);
    }

    #[test]
    fn no_data_is_reported_and_server_errors_are_quoted() {
        for text in [r#"{"status": "success", "start": "", "end": "", "step": 1}"#, &matrix("")] {
            assert_ne!(
                PrometheusRange.sniff(&Input::new("x", text)),
                Verdict::No("no `data.resultType` in it")
            );
            let (series, warnings) = read(text);
            assert!(series.is_empty() && warnings[0].contains("no data"), "{warnings:?}");
        }
        let error = r#"{"status": "error", "errorType": "bad_data", "error": "parse error: unexpected end"}"#;
        let refused =
            PrometheusRange.read(&Input::new("x", error), &ReadOptions::default()).unwrap_err();
        assert_eq!(
            refused.message,
            "the server answered with an error: parse error: unexpected end"
        );
    }

    #[test]
    fn tool_output_before_the_response_is_counted() {
        let text = format!(
            "{{\"tool\": 1}}\n{{\"more\": 2}}\n{{\n{}\n{{}}",
            &matrix(r#"{"metric": {}, "values": [[1772359201, "1"]]}"#)[1..]
        );
        assert_eq!(PrometheusRange.sniff(&Input::new("x", text.as_str())), Verdict::Yes);
        let (series, warnings) = read(&text);
        assert_eq!(series.len(), 1);
        assert!(warnings.iter().any(|w| w.contains("2 lines before")), "{warnings:?}");
        assert!(warnings.iter().any(|w| w.contains("what follows")), "{warnings:?}");
    }

    #[test]
    fn bad_sample_is_a_warning_with_its_place() {
        let (series, warnings) = read(&matrix(
            "{\"metric\": {}, \"values\": [[1772359201, \"x\"],\n[\"t\", \"1\"],\n[1772359203],\n[1772359204, \"5\"]]},\n7",
        ));
        assert_eq!(series[0].values().collect::<Vec<_>>(), [5.0]);
        for line in [1, 2, 3, 5] {
            assert!(
                warnings.iter().any(|w| w.starts_with(&format!("range.json:{line}:"))),
                "{line}: {warnings:?}"
            );
        }
    }
}
