//! VictoriaMetrics: `/api/v1/export`, one series per line with its times and values.
//!
//! <https://docs.victoriametrics.com/victoriametrics/#how-to-export-data-in-json-line-format>.
//! Times are milliseconds; a series may continue on a later line.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::kit::json::sample;
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default};
use crate::sources::source::{Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::counted;

pub(in crate::sources) static VICTORIA_METRICS: Reader = Reader {
    id: "victoriametrics-export",
    about: "VictoriaMetrics: the answer of /api/v1/export",
    written_from: WrittenFrom::Documentation,
    sniff,
    read,
};

fn sniff(_: &Input, head: &str) -> Verdict {
    match JsonHead::scan(head) {
        Some(head)
            if head.has_all(&[".metric.__name__", ".values[]"])
                && (head.has(".timestamps") || !head.is_whole()) =>
        {
            Verdict::Yes
        }
        Some(_) => Verdict::No("no lines of `metric`, `values` and `timestamps`"),
        None => Verdict::No("not JSON"),
    }
}

#[derive(Deserialize)]
struct Block<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    metric: BTreeMap<Str<'a>, Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    values: RawRecords<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    timestamps: RawRecords<'a>,
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let mut by_labels: BTreeMap<BTreeMap<String, String>, Line<'a>> = BTreeMap::new();
    for raw in json::each_line(text.body(), warnings) {
        match serde_json::from_str::<Block<'a>>(raw.get()) {
            Ok(block) => {
                let (times, values) = (block.timestamps.len(), block.values.len());
                if times != values {
                    let message = format!(
                        "this series has {} and {}; the pairs are read",
                        counted(times, "time"),
                        counted(values, "value")
                    );
                    warnings.about(raw.get(), message);
                }
                let pairs = block.timestamps.into_iter().zip(block.values);
                let points = pairs
                    .filter_map(|(at, value)| sample(at, value, stamps, warnings))
                    .collect::<Vec<_>>();
                let labels: BTreeMap<String, String> = block
                    .metric
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.to_string()))
                    .collect();
                let line = by_labels.entry(labels.clone());
                let line =
                    line.or_insert_with(|| Line { labels, text: raw.get(), ..Line::default() });
                line.points.extend(points);
            }
            Err(error) => warnings
                .about(raw.get(), format!("this series cannot be read: {}", json::reason(&error))),
        }
    }
    let mut lines = Lines::default();
    by_labels.into_values().for_each(|line| lines.push(line, warnings));
    Ok((lines, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    #[test]
    fn series_continues_on_a_later_line() {
        let text = concat!(
            r#"{"metric":{"__name__":"up","job":"a"},"values":[1,0],"timestamps":[1772359200000,1772359260000]}"#,
            "\n",
            r#"{"metric":{"__name__":"up","job":"b"},"values":[1],"timestamps":[1772359200000]}"#,
            "\n",
            r#"{"metric":{"__name__":"up","job":"a"},"values":[1,null],"timestamps":[1772359320000]}"#,
        );
        assert_eq!(sniff(&VICTORIA_METRICS, text), Verdict::Yes);
        insta::assert_snapshot!(read(&VICTORIA_METRICS, text), @"
        job=a of `up`: 2026-03-01T10:00:00Z=1 2026-03-01T10:01:00Z=0 2026-03-01T10:02:00Z=1
        job=b of `up`: 2026-03-01T10:00:00Z=1
        metrics:3:1: warning: this series has 1 time and 2 values; the pairs are read
        ");
    }
}
