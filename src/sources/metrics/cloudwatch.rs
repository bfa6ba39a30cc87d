//! Amazon CloudWatch: responses of `GetMetricData` and `GetMetricStatistics`.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html>.
//! The first lists the newest sample first, and a series may continue on a later page under the
//! same id; the samples of the second are unordered.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::kit::json::sample;
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::diag::Diagnostic;
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default};
use crate::sources::source::{Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;
use crate::text::counted;

pub(in crate::sources) static CLOUDWATCH: Reader = Reader {
    id: "cloudwatch-metrics",
    about: "Amazon CloudWatch: the answers of GetMetricData and GetMetricStatistics",
    written_from: WrittenFrom::Documentation,
    sniff,
    read,
};

fn sniff(_: &Input, head: &str) -> Verdict {
    let Some(head) = JsonHead::scan(head) else { return Verdict::No("not JSON") };
    let places = ["", "[]"];
    let has = |paths: &[&str]| {
        places.iter().any(|at| paths.iter().all(|path| head.has(&format!("{at}{path}"))))
    };
    if has(&[".MetricDataResults"])
        || has(&[".Datapoints[].Timestamp"])
        || has(&[".Label", ".Datapoints"])
    {
        return Verdict::Yes;
    }
    Verdict::No("no `MetricDataResults` and no `Datapoints`")
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    metric_data_results: RawRecords<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    messages: Vec<Message<'a>>,
    #[serde(borrow, default)]
    next_token: Option<Str<'a>>,
    #[serde(borrow, default)]
    label: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    datapoints: RawRecords<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Message<'a> {
    #[serde(borrow, default)]
    code: Option<Str<'a>>,
    #[serde(borrow, default)]
    value: Option<Str<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metric<'a> {
    #[serde(borrow, default)]
    id: Option<Str<'a>>,
    #[serde(borrow, default)]
    label: Option<Str<'a>>,
    #[serde(borrow, default)]
    status_code: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    messages: Vec<Message<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    timestamps: RawRecords<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    values: RawRecords<'a>,
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let pages: Vec<Page<'a>> = match text.body().starts_with('[') {
        true => json::parse(text.decoded, text.body())?,
        false => vec![json::parse(text.decoded, text.body())?],
    };
    let has_more = pages.last().is_some_and(|page| page.next_token.is_some());
    let mut by_id: BTreeMap<String, Line<'a>> = BTreeMap::new();
    let mut lines = Lines::default();
    for page in pages {
        messages(&page.messages, warnings);
        for raw in page.metric_data_results {
            data(raw, &mut by_id, stamps, warnings);
        }
        statistics(page.label.as_deref(), page.datapoints, &mut lines, stamps, warnings);
    }
    by_id.into_values().for_each(|line| lines.push(line, warnings));
    if has_more {
        let partial =
            Diagnostic::warning("there is a `NextToken`: further samples are on another page");
        warnings.say(partial.hint("ask for all pages and put them into one list: [PAGE, PAGE]"));
    }
    Ok((lines, None))
}

fn messages(messages: &[Message<'_>], warnings: &mut Warnings<'_>) {
    for message in messages {
        let words = [&message.code, &message.value]
            .map(|word| word.as_deref().unwrap_or_default())
            .join(" ");
        warnings.say(Diagnostic::warning(format!("the server warned: {}", clean_line(&words))));
    }
}

/// Adds the samples of a `GetMetricData` result to the line with its id.
fn data<'a>(
    raw: &'a RawValue,
    by_id: &mut BTreeMap<String, Line<'a>>,
    stamps: &mut Stamps,
    warnings: &mut Warnings<'a>,
) {
    let metric: Metric<'a> = match serde_json::from_str(raw.get()) {
        Ok(metric) => metric,
        Err(error) => {
            return warnings
                .about(raw.get(), format!("this series cannot be read: {}", json::reason(&error)));
        }
    };
    messages(&metric.messages, warnings);
    if let Some(code) = metric.status_code.as_deref().filter(|code| !matches!(*code, "Complete")) {
        warnings.about(raw.get(), format!("this series is not complete: {}", clean_line(code)));
    }
    let (times, values) = (metric.timestamps.len(), metric.values.len());
    if times != values {
        warnings.about(
            raw.get(),
            format!(
                "this series has {} and {}; the pairs are read",
                counted(times, "time"),
                counted(values, "value")
            ),
        );
    }
    let pairs = metric.timestamps.into_iter().zip(metric.values);
    let points = pairs.filter_map(|(at, value)| sample(at, value, stamps, warnings));
    let points: Vec<_> = points.collect();
    let id = metric.id.as_deref().unwrap_or_default();
    let label = metric.label.as_deref().filter(|label| !label.is_empty()).unwrap_or(id);
    let line =
        by_id.entry(format!("{id}\u{0}{label}")).or_insert_with(|| Line::of(label, raw.get()));
    line.points.extend(points);
    // Pages follow each other backwards, as do their samples.
    line.points.sort_by_key(|(at, _)| *at);
}

/// The fields of a sample other than its statistics.
const NO_STATISTICS: [&str; 3] = ["Timestamp", "Unit", "ExtendedStatistics"];

/// Adds a line for each statistic in the samples of `GetMetricStatistics`.
fn statistics<'a>(
    label: Option<&str>,
    datapoints: RawRecords<'a>,
    lines: &mut Lines<'a>,
    stamps: &mut Stamps,
    warnings: &mut Warnings<'a>,
) {
    let mut by_name: BTreeMap<String, Line<'a>> = BTreeMap::new();
    for raw in datapoints {
        let point: BTreeMap<Str<'a>, &RawValue> = match serde_json::from_str(raw.get()) {
            Ok(point) => point,
            Err(error) => {
                warnings.about(
                    raw.get(),
                    format!("this sample cannot be read: {}", json::reason(&error)),
                );
                continue;
            }
        };
        let Some(at) = point.get("Timestamp") else {
            warnings.about(raw.get(), "this sample has no `Timestamp` and was left out");
            continue;
        };
        let unit = point
            .get("Unit")
            .map(|unit| unit.get().trim_matches('"'))
            .filter(|unit| *unit != "None");
        let extended: BTreeMap<Str<'a>, &RawValue> = point
            .get("ExtendedStatistics")
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_default();
        let own = point.iter().filter(|(name, _)| !NO_STATISTICS.contains(&&***name));
        for (name, value) in own.chain(&extended) {
            if let Some(sample) = sample(at, value, stamps, warnings) {
                let key = format!("{}\u{0}{}", &**name, unit.unwrap_or_default());
                let line = by_name.entry(key).or_insert_with(|| {
                    let line =
                        Line::of(label.unwrap_or_default(), raw.get()).with("statistic", name);
                    Line { unit: unit.map(str::to_owned), ..line }
                });
                line.points.push(sample);
            }
        }
    }
    for mut line in by_name.into_values() {
        // Their order has no meaning.
        line.points.sort_by_key(|(at, _)| *at);
        lines.push(line, warnings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    #[test]
    fn paged_data_is_one_series() {
        let text = r#"[{"MetricDataResults": [{"Id": "m1", "Label": "Errors", "StatusCode": "PartialData",
            "Timestamps": ["2026-03-01T10:10:00Z", "2026-03-01T10:05:00+00:00"], "Values": [7.0, 5.0]}], "NextToken": "x"},
          {"MetricDataResults": [{"Id": "m1", "Label": "Errors", "StatusCode": "Complete", "Timestamps": ["2026-03-01T10:00:00Z", "2026-03-01T09:55:00Z"], "Values": [1.0]}],
           "Messages": [{"Code": "ArithmeticError", "Value": "One or more data-points have been dropped due to non-numeric values (NaN, -Infinite, +Infinite)"}]}]"#;
        assert_eq!(sniff(&CLOUDWATCH, text), Verdict::Yes);
        insta::assert_snapshot!(read(&CLOUDWATCH, text), @"
        Errors of `Errors`: 2026-03-01T10:00:00Z=1 2026-03-01T10:05:00Z=5 2026-03-01T10:10:00Z=7
        metrics:1:25: warning: this series is not complete: PartialData
        metrics:1:1: warning: the server warned: ArithmeticError One or more data-points have been dropped due to non-numeric values (NaN, -Infinite, +Infinite)
        metrics:3:34: warning: this series has 2 times and 1 value; the pairs are read
        ");
    }

    #[test]
    fn each_statistic_is_a_sorted_series() {
        let text = r#"{"Label": "CPUUtilization", "Datapoints": [
            {"Timestamp": "2026-03-01T10:10:00Z", "Average": 70.5, "Maximum": 99, "Unit": "Percent"},
            {"Timestamp": "2026-03-01T10:00:00Z", "Average": 10.5, "Maximum": 12, "Unit": "Percent", "ExtendedStatistics": {"p99": 11.9}},
            {"Average": 3}]}"#;
        assert_eq!(sniff(&CLOUDWATCH, text), Verdict::Yes);
        insta::assert_snapshot!(read(&CLOUDWATCH, text), @"
        statistic=Average in Percent of `CPUUtilization`: 2026-03-01T10:00:00Z=10.5 2026-03-01T10:10:00Z=70.5
        statistic=Maximum in Percent of `CPUUtilization`: 2026-03-01T10:00:00Z=12 2026-03-01T10:10:00Z=99
        statistic=p99 in Percent of `CPUUtilization`: 2026-03-01T10:00:00Z=11.9
        metrics:4:13: warning: this sample has no `Timestamp` and was left out
        ");
        let next = r#"{"MetricDataResults": [], "NextToken": "abc"}"#;
        insta::assert_snapshot!(read(&CLOUDWATCH, next), @"
        metrics:1:1: warning: there is a `NextToken`: further samples are on another page
        metrics:1:1: warning: no data: there are no samples in it
        ");
    }
}
