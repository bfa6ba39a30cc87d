//! Access logs in the combined form of Apache and nginx, and their error logs.
//!
//! <https://httpd.apache.org/docs/current/logs.html>. Offsets may differ within one file; an error
//! log has no zone.

use std::sync::LazyLock;

use regex::Regex;

use super::kit::{Level, Line, Lines, TextLog};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static ACCESS_LOG: TextLog = TextLog {
    id: "access-log",
    about: "Access logs (combined and common form) and error logs of Apache and nginx",
    written_from: WrittenFrom::Captures,
    is_line: |line| {
        ACCESS.is_match(line)
            || ERROR.is_match(line) && !line.contains("] SERVICE ") && !line.contains("] HOST ")
    },
    read,
};

/// `host - user [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 23 …`.
static ACCESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(?:\S+:\d+ )?(\S+) \S+ (.{0,80}?) ?\[(\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "((?:[^"\\]|\\.)*)" (\d{3}|-)(.*)$"#)
        .expect("valid built-in regex")
});

/// Apache's `[Sun Dec 04 04:47:44.123 2005] [error] …`, and nginx's
/// `2005/12/04 04:47:44 [error] …`.
static ERROR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\[([A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\]|(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)) (\[(?:\w+:)?\w+\]) ?(.*)$")
        .expect("valid built-in regex")
});

fn read(line: &str, lines: &mut Lines<'_>) {
    if let Some(found) = ACCESS.captures(line) {
        let at = lines.intake().written(&found[3], "the time of this line", None);
        let level = match found[5].as_bytes().first() {
            Some(b'5') => Level::Error,
            _ => Level::Information,
        };
        let text = format!("{} → {}", &found[4], &found[5]);
        let user = Some(found[2].trim()).filter(|user| !matches!(*user, "-" | ""));
        let actor =
            user.map_or_else(|| found[1].to_owned(), |user| format!("{user} at {}", &found[1]));
        return lines.add(Line { level: Some(level), actor: Some(actor), ..Line::of(at, text) });
    }
    let Some(found) = ERROR.captures(line) else {
        return lines.add(Line { level: Level::in_text(line), ..Line::of(None, line) });
    };
    let stamp = found.get(1).or(found.get(2)).map_or("", |part| part.as_str());
    let at = lines.intake().written(stamp, "the time of this line", None);
    let text = format!("{} {}", &found[3], &found[4]);
    lines.add(Line { level: Level::in_text(&found[3]), ..Line::of(at, text) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn only_server_errors_are_visible() {
        let text = "192.0.2.1 - ana [01/Mar/2026:11:00:00 +0100] \"GET /cart?q=\\\"x\\\" HTTP/1.1\" 503 12 \"-\" \"curl\"\n192.0.2.2 - - [01/Mar/2026:10:00:01 +0000] \"GET / HTTP/1.1\" 404 0\n";
        assert!(sniffs(&ACCESS_LOG, text));
        insta::assert_snapshot!(read(&ACCESS_LOG, text, None), @r#"
        2026-03-01T10:00:00Z note [ana at 192.0.2.1] GET /cart?q=\\"x\\" HTTP/1.1 → 503
        2026-03-01T10:00:01Z note [192.0.2.2] GET / HTTP/1.1 → 404 (hidden)
        x:1:1: note: 1 line below a warning is hidden: in the file, and not in reports
        "#);
        let errors = "[Sun Mar 01 10:00:00.123 2026] [error] [client 192.0.2.1] File does not exist\n2026/03/01 10:00:01 [warn] 7#7: upstream is slow\n";
        assert!(sniffs(&ACCESS_LOG, errors));
        insta::assert_snapshot!(read(&ACCESS_LOG, errors, Some("UTC")), @"
        2026-03-01T10:00:00.123Z note [-] [error] [client 192.0.2.1] File does not exist
        2026-03-01T10:00:01Z note [-] [warn] 7#7: upstream is slow
        ");
    }
}
