//! Graphite: responses of `/render?format=json`.
//!
//! <https://graphite.readthedocs.io/en/latest/render_api.html#json>. The value comes before the
//! time, and null is a gap.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::kit::json::{Order, pairs};
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default};
use crate::sources::source::{Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

pub(in crate::sources) static GRAPHITE: Reader = Reader {
    id: "graphite",
    about: "Graphite: the answer of /render?format=json",
    written_from: WrittenFrom::Captures,
    sniff,
    read,
};

fn sniff(_: &Input, head: &str) -> Verdict {
    match JsonHead::scan(head) {
        Some(head) if head.has_all(&["[].target", "[].datapoints"]) => Verdict::Yes,
        Some(_) => Verdict::No("no list of `target` with `datapoints`"),
        None => Verdict::No("not JSON"),
    }
}

#[derive(Deserialize)]
struct Target<'a> {
    #[serde(borrow, default)]
    target: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    datapoints: RawRecords<'a>,
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let mut lines = Lines::default();
    for raw in json::parse::<Vec<&RawValue>>(text.decoded, text.body())? {
        match serde_json::from_str::<Target<'a>>(raw.get()) {
            Ok(target) => {
                let name = target.target.as_deref().unwrap_or_default();
                let points = pairs(target.datapoints, Order::ValueFirst, stamps, warnings);
                lines.push(
                    Line { points, query: Some(name.to_owned()), ..Line::of(name, raw.get()) },
                    warnings,
                );
            }
            Err(error) => {
                warnings.about(
                    raw.get(),
                    format!("this series cannot be read: {}", json::reason(&error)),
                );
            }
        }
    }
    Ok((lines, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    #[test]
    fn value_comes_first_and_null_is_a_gap() {
        let text = r#"[{"target": "web.load", "tags": {"name": "web.load"}, "datapoints": [[1.5, 1772359200], [null, 1772359260], [2, 1772359320]]},
            {"target": "db.load", "datapoints": [[3, 1772359200], ["x", 1772359260]]}, {"target": "none", "datapoints": []}]"#;
        assert_eq!(sniff(&GRAPHITE, text), Verdict::Yes);
        insta::assert_snapshot!(read(&GRAPHITE, text), @"
        web.load of `web.load`: 2026-03-01T10:00:00Z=1.5 2026-03-01T10:01:00Z=- 2026-03-01T10:02:00Z=2
        db.load of `db.load`: 2026-03-01T10:00:00Z=3
        metrics:2:68: warning: `x` is not a number
        metrics:2:88: warning: this series has no samples and was left out
        metrics:1:2: warning: 1 of 3 samples of this series cannot be drawn: 1 NaN or null
        ");
    }
}
