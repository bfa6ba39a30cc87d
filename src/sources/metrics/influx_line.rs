//! The line protocol of InfluxDB, which Telegraf writes to files too.
//!
//! <https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/>: `measurement,tag=a
//! field=1,other=2i time`. The unit of a time is inferred from its size. A line without a time has
//! the time of the request.

use super::kit::lines::NAME;
use super::kit::number::{Cell, cell};
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::sources::input::Input;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

pub(in crate::sources) static INFLUX_LINE: Reader = Reader {
    id: "influxdb-line",
    about: "InfluxDB and Telegraf: line protocol",
    written_from: WrittenFrom::Documentation,
    sniff,
    read,
};

/// The number of lines that are inspected.
const LOOKED_AT: usize = 10;

fn sniff(_: &Input, head: &str) -> Verdict {
    // The last line may be cut off.
    let whole = head.rfind('\n').map_or(head, |end| &head[..end]);
    let is_data = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let mut lines = whole.lines().filter(is_data).take(LOOKED_AT).peekable();
    let is_whole = |line: &str| point(line).is_some_and(|point| point.time.is_some());
    match lines.peek().is_some() && lines.all(is_whole) {
        true => Verdict::Yes,
        false => Verdict::No("not lines of `measurement,tags fields time`"),
    }
}

/// A line: its measurement, its tags and its fields, and its time.
struct Point<'a> {
    measurement: String,
    tags: Vec<(String, String)>,
    fields: Vec<(String, &'a str)>,
    time: Option<&'a str>,
}

fn point(line: &str) -> Option<Point<'_>> {
    let mut parts = split(line.trim(), ' ').into_iter().filter(|part| !part.is_empty());
    let (series, fields, time) = (parts.next()?, parts.next()?, parts.next());
    let is_time = |time: &str| {
        let digits = time.strip_prefix('-').unwrap_or(time);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.next().is_some() || time.is_some_and(|time| !is_time(time)) {
        return None;
    }
    let mut series = split(series, ',').into_iter();
    let measurement = plain(series.next()?);
    let pair = |part: &str| {
        let mut pair = split(part, '=').into_iter();
        Some((plain(pair.next()?), plain(pair.next()?)))
    };
    let tags = series.map(pair).collect::<Option<Vec<_>>>()?;
    let field = |part| {
        let at = split(part, '=').first()?.len();
        Some((plain(&part[..at]), part.get(at + 1..).filter(|value| !value.is_empty())?))
    };
    let fields = split(fields, ',').into_iter().map(field).collect::<Option<Vec<_>>>()?;
    (!measurement.is_empty()).then_some(Point { measurement, tags, fields, time })
}

/// The parts of a text between the separators that are neither escaped nor quoted.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut is_quoted, mut is_escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            c if c == separator && !is_quoted => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn plain(text: &str) -> String {
    text.replace("\\ ", " ").replace("\\,", ",").replace("\\=", "=")
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let mut order: Vec<Line<'a>> = Vec::new();
    let mut index: std::collections::HashMap<Vec<String>, usize> = std::collections::HashMap::new();
    let (mut texts, mut without_time) = (0_usize, 0_usize);
    for line in text.body().lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
    {
        let Some(point) = point(line) else {
            warnings.about(line, "this line is no sample and was left out");
            continue;
        };
        let at = match point.time {
            Some(time) => stamps.read(time, warnings),
            None => {
                without_time += usize::from(text.input.retrieved_at.is_none());
                text.input.retrieved_at
            }
        };
        let Some(at) = at else { continue };
        for (field, value) in &point.fields {
            let value = match *value {
                "t" | "T" | "true" | "True" | "TRUE" => 1.0,
                "f" | "F" | "false" | "False" | "FALSE" => 0.0,
                value => match cell(value.trim_end_matches(['i', 'u']), false) {
                    Cell::Number(number, "") if !value.starts_with('"') => number,
                    _ => {
                        texts += 1;
                        continue;
                    }
                },
            };
            let mut key = vec![point.measurement.clone(), field.clone()];
            key.extend(point.tags.iter().flat_map(|(name, value)| [name.clone(), value.clone()]));
            let number = *index.entry(key).or_insert_with(|| {
                let new = Line::of(&point.measurement, line).with("field", field);
                let tags = point.tags.iter().filter(|(name, _)| name != NAME);
                order.push(tags.fold(new, |line, (name, value)| line.with(name, value)));
                order.len() - 1
            });
            order[number].points.push((at, (!value.is_nan()).then_some(value)));
        }
    }
    if order.is_empty() && without_time > 0 {
        let mut error =
            ReadError::new("its samples have no time, and nothing says when they were taken");
        error.hint = Some("say when with --taken TIME".to_owned());
        return Err(error);
    }
    if texts > 0 {
        let verbs = ["is no number and was left out", "are no numbers and were left out"];
        let values = crate::text::counted_that(texts, "value", verbs);
        warnings.say(crate::diag::Diagnostic::note(values));
    }
    let mut lines = Lines::default();
    order.into_iter().for_each(|line| lines.push(line, warnings));
    Ok((lines, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    #[test]
    fn a_field_of_a_set_of_tags_is_a_series() {
        let text = "# remark\ncpu,host=web\\ 1,region=eu idle=92.5,user=3i,state=\"a, b\" 1772359200000000000\ncpu,host=web\\ 1,region=eu idle=12,user=80i 1772359260000000000\n";
        assert_eq!(sniff(&INFLUX_LINE, text), Verdict::Yes);
        insta::assert_snapshot!(read(&INFLUX_LINE, text), @"
        field=idle of `cpu`: 2026-03-01T10:00:00Z=92.5 2026-03-01T10:01:00Z=12
        field=user of `cpu`: 2026-03-01T10:00:00Z=3 2026-03-01T10:01:00Z=80
        metrics:1:1: note: 1 value is no number and was left out
        ");
        for other in ["INFO started\n", "ERROR a=b 12:00\n", "a b\n", "key=value other=1 three\n"] {
            assert!(matches!(sniff(&INFLUX_LINE, other), Verdict::No(_)), "{other}");
        }
    }
}
