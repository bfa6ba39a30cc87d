//! The output of a metrics endpoint: the Prometheus text format and OpenMetrics.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>,
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/>. Times are in milliseconds in the first
//! and in seconds in the second, which ends with `# EOF`. Most samples have none: they are of the
//! time at which the text was fetched.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::kit::label_set::labels;
use super::kit::number::{Cell, cell};
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::sources::input::Input;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;
use crate::text::counted_that;

pub(in crate::sources) static EXPOSITION: Reader = Reader {
    id: "prometheus-text",
    about: "Prometheus and OpenMetrics: the text of a /metrics endpoint",
    written_from: WrittenFrom::Captures,
    sniff,
    read,
};

fn sniff(_: &Input, head: &str) -> Verdict {
    let mut has_type = false;
    for line in head.lines().map(str::trim).filter(|line| !line.is_empty()).take(40) {
        match line.strip_prefix('#') {
            Some(comment) => {
                let mut words = comment.split_whitespace();
                let is_keyword = matches!(words.next(), Some("TYPE"));
                let kind = words.nth(1);
                has_type |= is_keyword && kind.is_some_and(|kind| KINDS.contains(&kind));
            }
            // Without a type, labels identify the format.
            None => {
                let first = sample(line).filter(|sample| has_type || !sample.labels.is_empty());
                let is_number =
                    |text: &str| matches!(cell(text, false), Cell::Number(_, "") | Cell::NoNumber);
                return match first {
                    Some(sample) if is_number(sample.value) => Verdict::Yes,
                    _ => Verdict::No("not samples of a metric"),
                };
            }
        }
    }
    Verdict::No("not samples of a metric")
}

const KINDS: [&str; 9] = [
    "counter",
    "gauge",
    "histogram",
    "summary",
    "untyped",
    "unknown",
    "info",
    "stateset",
    "gaugehistogram",
];

/// A line: its name, labels, value, and its time, if any.
struct Sample<'a> {
    name: &'a str,
    labels: Vec<(String, String)>,
    value: &'a str,
    time: Option<&'a str>,
}

fn sample(line: &str) -> Option<Sample<'_>> {
    let line = without_exemplar(line);
    let end = line.find(|c: char| c == '{' || c.is_whitespace())?;
    let (name, rest) = line.split_at(end);
    let is_name = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '.'));
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (Vec::new(), rest),
    };
    let mut words = rest.split_whitespace();
    let value = words.next()?;
    let time = words.next();
    (is_name && words.next().is_none()).then_some(Sample { name, labels, value, time })
}

/// The line before ` # {`, which starts an exemplar.
fn without_exemplar(line: &str) -> &str {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b'#' if !is_quoted => return line[..at].trim_end(),
            _ => {}
        }
    }
    line
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let mut lines = Lines::default();
    let mut by_series: BTreeMap<(String, Vec<(String, String)>), Line<'a>> = BTreeMap::new();
    let mut order = Vec::new();
    let fetched: Option<DateTime<Utc>> = text.input.retrieved_at;
    let mut without_time = 0_usize;
    for row in text.body().lines() {
        let trimmed = row.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let Some(sample) = sample(trimmed) else {
            warnings.about(row, "this line is not a sample and was left out");
            continue;
        };
        let value = match cell(sample.value, false) {
            Cell::Number(number, "") => (!number.is_nan()).then_some(number),
            Cell::NoNumber => None,
            _ => {
                warnings
                    .about(sample.value, format!("`{}` is not a number", clean_line(sample.value)));
                continue;
            }
        };
        // Seconds and milliseconds differ in size.
        let at = match sample.time {
            Some(time) => stamps.read(time, warnings),
            None => {
                without_time += 1;
                fetched
            }
        };
        let Some(at) = at else { continue };
        let key = (sample.name.to_owned(), sample.labels);
        if !by_series.contains_key(&key) {
            let line = key
                .1
                .iter()
                .fold(Line::of(sample.name, row), |line, (name, value)| line.with(name, value));
            order.push(key.clone());
            by_series.insert(key.clone(), line);
        }
        by_series.get_mut(&key).into_iter().for_each(|line| line.points.push((at, value)));
    }
    for key in order {
        by_series.remove(&key).into_iter().for_each(|line| lines.push(line, warnings));
    }
    report_without_time(without_time, fetched, lines.is_empty(), warnings)?;
    Ok((lines, None))
}

/// Samples without a time are of the time of the fetch; for a file on disk that is unknown.
fn report_without_time(
    count: usize,
    fetched: Option<DateTime<Utc>>,
    is_empty: bool,
    warnings: &mut Warnings<'_>,
) -> Result<(), ReadError> {
    if count == 0 || fetched.is_some() {
        return Ok(());
    }
    let samples = counted_that(count, "sample", ["has", "have"]);
    let hint = "a /metrics text is a single instant: say which with --taken TIME, import it by its address, which records when it was fetched, or ask Prometheus for a range (/api/v1/query_range)";
    let message = format!("{samples} no time, and it is unknown when the text was fetched");
    if is_empty {
        let mut error = ReadError::new(message);
        error.hint = Some(hint.to_owned());
        return Err(error);
    }
    warnings.say(crate::diag::Diagnostic::warning(format!("{message}: left out")).hint(hint));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};
    use crate::sources::source::{ReadOptions, Source};

    #[test]
    fn times_are_milliseconds_or_seconds_and_labels_have_escapes() {
        let text = "# HELP up Whether it is up.\n# TYPE up gauge\nup{job=\"a,b}\",path=\"C:\\\\x\\n\\\"y\\\"\"} 1 1772359200000\nup{job=\"c\"} NaN 1772359200.5 # {trace=\"x\"} 1\nup{job=\"d\"} many 1772359200\nup{\n";
        assert_eq!(sniff(&EXPOSITION, text), Verdict::Yes);
        insta::assert_snapshot!(read(&EXPOSITION, text), @r#"
        job=a,b}, path=C:\x "y" of `up`: 2026-03-01T10:00:00Z=1
        job=c of `up`: 2026-03-01T10:00:00.500Z=-
        metrics:5:13: warning: `many` is not a number
        metrics:6:1: warning: this line is not a sample and was left out
        metrics:4:1: warning: 1 of 1 sample of this series cannot be drawn: 1 NaN or null
        "#);
    }

    #[test]
    fn samples_without_time_get_the_fetch_time() {
        let text = "# TYPE up gauge\nup 1\n# EOF\n";
        insta::assert_snapshot!(read(&EXPOSITION, text), @"error: 1 sample has no time, and it is unknown when the text was fetched (a /metrics text is a single instant: say which with --taken TIME, import it by its address, which records when it was fetched, or ask Prometheus for a range (/api/v1/query_range))");
        let mut input = Input::new("metrics", text);
        input.retrieved_at = "2026-03-01T10:00:00Z".parse().ok();
        let read = EXPOSITION.read(&input, &ReadOptions::default()).unwrap();
        assert_eq!((read.value.len(), read.warnings.len()), (1, 0), "{read:?}");
        for other in [
            "# a\nb: c\n",
            "# TYPE of text\n# Heading\nwords follow 1\n",
            "key=value\n",
            "# TYPE x gauge\nno sample here at all\n",
        ] {
            assert!(matches!(sniff(&EXPOSITION, other), Verdict::No(_)), "{other}");
        }
    }
}
