//! Grafana Loki: responses of `query_range` with streams, and lines of `logcli -o jsonl`.
//!
//! <https://grafana.com/docs/loki/latest/reference/loki-http-api/>. A value is a pair of
//! nanoseconds since 1970, as text, and a line.

use super::kit::{Level, Line, Lines, ObjectLog};
use crate::sources::node::Node;
use crate::sources::source::{Verdict, WrittenFrom};

pub(in crate::sources) static LOKI: ObjectLog = ObjectLog {
    id: "loki",
    about: "Grafana Loki: streams of query_range, logcli -o jsonl",
    written_from: WrittenFrom::Documentation,
    lists: &["data.result", "streams"],
    is_record: |head| head.has(&["stream", "values"]) || head.has(&["labels", "line", "timestamp"]),
    verdict: Verdict::Yes,
    read,
};

fn read(stream: Node<'_>, lines: &mut Lines<'_>) {
    let of = |path: &str| {
        let labels = ["app", "service_name", "job", "container", "pod", "host", "instance"];
        labels
            .iter()
            .find_map(|label| stream.text(&[&format!("{path}.{label}")]))
            .map(std::borrow::Cow::into_owned)
    };
    let named = |path: &str| {
        ["level", "detected_level", "severity"]
            .iter()
            .find_map(|label| stream.text(&[&format!("{path}.{label}")]))
    };
    if stream.at("line").is_there() {
        let at = lines.intake().time(stream, &["timestamp"]);
        let text = stream.text(&["line"]).unwrap_or_default().into_owned();
        let level =
            named("labels").and_then(|word| Level::named(&word)).or_else(|| Level::in_text(&text));
        return lines.add(Line { level, actor: of("labels"), ..Line::of(at, text) });
    }
    let level = named("stream").and_then(|word| Level::named(&word));
    for pair in stream.list("values") {
        let at = lines.intake().time(pair, &["0"]);
        let text = pair.text(&["1"]).unwrap_or_default().into_owned();
        lines.add(Line {
            level: level.or_else(|| Level::in_text(&text)),
            actor: of("stream"),
            ..Line::of(at, text)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn nanoseconds_are_read() {
        let text = r#"{"status": "success", "data": {"resultType": "streams", "result": [{"stream": {"app": "shop", "level": "error"},
            "values": [["1772359201500000001", "timeout"], ["1772359200000000000", "refused"]]}]}}"#;
        assert!(sniffs(&LOKI, text));
        insta::assert_snapshot!(read(&LOKI, text, None), @"
        2026-03-01T10:00:01.500000001Z note [shop] timeout
        2026-03-01T10:00:00Z note [shop] refused
        ");
    }
}
