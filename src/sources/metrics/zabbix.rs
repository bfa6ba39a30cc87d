//! Zabbix: values of the connector and of the real-time export, one JSON object per line, and
//! responses of `history.get`.
//!
//! <https://www.zabbix.com/documentation/current/en/manual/appendix/protocols/real_time_export#item-values>.
//! Values of the types character, log and text are not numbers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::kit::json::value;
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::diag::Diagnostic;
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default};
use crate::sources::source::{Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::counted_that;

pub(in crate::sources) static ZABBIX: Reader = Reader {
    id: "zabbix-values",
    about: "Zabbix: item values of the connector and of the real-time export, and the answer of history.get",
    written_from: WrittenFrom::Captures,
    sniff,
    read,
};

fn sniff(_: &Input, head: &str) -> Verdict {
    let Some(head) = JsonHead::scan(head) else { return Verdict::No("not JSON") };
    let is_value = |at: &str| {
        ["itemid", "clock", "value"].iter().all(|field| head.has(&format!("{at}.{field}")))
    };
    if ["", "[]", ".result[]"].into_iter().any(is_value) {
        return Verdict::Yes;
    }
    Verdict::No("no values with `itemid` and `clock`")
}

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow, default)]
    itemid: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    host: Option<&'a RawValue>,
    #[serde(borrow, default)]
    clock: Option<&'a RawValue>,
    #[serde(borrow, default)]
    ns: Option<&'a RawValue>,
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
    /// 0 is a float, 3 an integer; 1, 2 and 4 are texts.
    #[serde(borrow, default, rename = "type")]
    kind: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    result: RawRecords<'a>,
}

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let body = text.body();
    let head = JsonHead::scan(&body[..body.floor_char_boundary(8192)]).unwrap_or_default();
    let records: Vec<&RawValue> = if head.has(".result[]") || head.has(".result[].itemid") {
        json::parse::<Answer<'a>>(text.decoded, body)?.result
    } else if body.starts_with('[') {
        json::parse(text.decoded, body)?
    } else {
        json::each_line(body, warnings)
    };
    let mut by_item: BTreeMap<String, Line<'a>> = BTreeMap::new();
    let mut texts = 0_usize;
    for raw in records {
        match serde_json::from_str::<Value<'a>>(raw.get()) {
            Ok(one) => texts += usize::from(add(&one, raw, &mut by_item, stamps, warnings)),
            Err(error) => warnings
                .about(raw.get(), format!("this value cannot be read: {}", json::reason(&error))),
        }
    }
    if texts > 0 {
        let are = [
            "is a text and no number, and was left out",
            "are texts and no numbers, and were left out",
        ];
        warnings.say(Diagnostic::note(counted_that(texts, "value", are)));
    }
    let mut lines = Lines::default();
    by_item.into_values().for_each(|line| lines.push(line, warnings));
    Ok((lines, None))
}

/// Adds a value to its item. Returns whether it is a text, which is not a sample.
fn add<'a>(
    one: &Value<'a>,
    raw: &'a RawValue,
    by_item: &mut BTreeMap<String, Line<'a>>,
    stamps: &mut Stamps,
    warnings: &mut Warnings<'a>,
) -> bool {
    let plain = |raw: Option<&'a RawValue>| raw.map_or("", |raw| raw.get().trim_matches('"'));
    if matches!(plain(one.kind), "1" | "2" | "4") {
        return true;
    }
    let (Some(clock), Some(number)) = (one.clock, one.value) else {
        warnings.about(raw.get(), "this value has no `clock` or no `value` and was left out");
        return false;
    };
    let Some((at, number)) =
        stamps.read(clock.get().trim_matches('"'), warnings).zip(value(number, warnings))
    else {
        return false;
    };
    let nanoseconds =
        plain(one.ns).parse::<i64>().ok().filter(|ns| (0..1_000_000_000).contains(ns));
    let at = at + chrono::TimeDelta::nanoseconds(nanoseconds.unwrap_or(0));
    let host = one.host.map(host).unwrap_or_default();
    let item = plain(one.itemid);
    let name = one.name.as_deref().map_or_else(|| format!("item {item}"), str::to_owned);
    let line = by_item
        .entry(item.to_owned())
        .or_insert_with(|| Line::of(&name, raw.get()).with("host", &host));
    line.points.push((at, number));
    false
}

/// The visible name of a host, which is an object since version 5 and a name before.
fn host(raw: &RawValue) -> String {
    #[derive(Deserialize)]
    struct Host {
        #[serde(default)]
        name: String,
        #[serde(default)]
        host: String,
    }
    match serde_json::from_str::<Host>(raw.get()) {
        Ok(host) => {
            if host.name.is_empty() {
                host.host
            } else {
                host.name
            }
        }
        Err(_) => serde_json::from_str(raw.get()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    #[test]
    fn item_values_are_series_and_texts_are_counted() {
        let text = concat!(
            r#"{"host":{"host":"db1","name":"Database 1"},"itemid":5,"name":"Load","clock":1772359200,"ns":500000000,"value":1.5,"type":0}"#,
            "\n",
            r#"{"host":"db2","itemid":6,"name":"Load","clock":1772359200,"ns":0,"value":"2","type":3}"#,
            "\n",
            r#"{"host":"db2","itemid":7,"name":"Log","clock":1772359200,"ns":0,"value":"x","type":2}"#,
            "\n",
            "oops\n",
            r#"{"host":"db2","itemid":6,"name":"Load","clock":1772359260,"ns":0,"value":3,"type":3}"#,
        );
        assert_eq!(sniff(&ZABBIX, text), Verdict::Yes);
        insta::assert_snapshot!(read(&ZABBIX, text), @"
        host=Database 1 of `Load`: 2026-03-01T10:00:00.500Z=1.5
        host=db2 of `Load`: 2026-03-01T10:00:00Z=2 2026-03-01T10:01:00Z=3
        metrics:4:1: warning: this line is not JSON and was left out
        metrics:1:1: note: 1 value is a text and no number, and was left out
        ");
    }

    #[test]
    fn api_response_with_strings_is_read() {
        let text = r#"{"jsonrpc": "2.0", "result": [{"itemid": "23296", "clock": "1772359201", "value": "0.085", "ns": "563157632"}, {"itemid": "23296", "clock": "1772359261", "value": "0.16", "ns": "0"}]}"#;
        assert_eq!(sniff(&ZABBIX, text), Verdict::Yes);
        insta::assert_snapshot!(read(&ZABBIX, text), @"item 23296 of `item 23296`: 2026-03-01T10:00:01.563157632Z=0.085 2026-03-01T10:01:01Z=0.16");
    }
}
