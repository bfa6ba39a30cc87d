//! Syslog: the forms of RFC 3164 and RFC 5424, also mixed in one file.
//!
//! A line of RFC 3164 has neither a year nor a zone, and files omit its priority (`<34>`). A time
//! without a year is in the latest year in which it is not in the future.

use std::sync::LazyLock;

use regex::Regex;

use super::kit::{Level, Line, Lines, TextLog};
use crate::model::time::Moment;
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static SYSLOG: TextLog = TextLog {
    id: "syslog",
    about: "Syslog: lines of RFC 3164 and RFC 5424",
    written_from: WrittenFrom::Captures,
    is_line: |line| {
        (line.starts_with(['<', '1']) && RFC5424.is_match(line))
            || RFC3164.is_match(line)
            || FILE.is_match(line)
    },
    read,
};

/// `<165>1 2003-08-24T05:14:15.000003-07:00 host app proc id data message`.
static RFC5424: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(?:<(\d{1,4})>)?(?:1 )?(\d{3,4}-\d\d-\d\dT\S+|-) (\S+) (\S+) (\S+) (\S+) (-|(?:\[(?:[^\]"\\]|"(?:[^"\\]|\\.)*"|\\.)*\])+) ?(.*)$"#)
        .expect("valid built-in regex")
});

/// `<34>Oct 11 22:14:15 host program[pid]: message`.
static RFC3164: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:<(\d{1,4})>)?((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2}(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d+)?(?: \d{4})?):? (\S+) (.*)$")
        .expect("valid built-in regex")
});

/// `2026-03-01T10:00:00.123456+01:00 host program[pid]: message`, as rsyslog writes files today.
static FILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:<(\d{1,4})>)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (\S+) ((?:[\w./()-]+\[\d+\]|kernel|CRON|sudo|systemd): .*)$")
        .expect("valid built-in regex")
});

/// The program before a message: `sshd[123]:`.
static PROGRAM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^([A-Za-z][\w./()-]{0,60})(?:\[\d+\])?: ?(.*)$").expect("valid built-in regex")
});

fn read(line: &str, lines: &mut Lines<'_>) {
    if let Some(found) = RFC5424.captures(line) {
        let nil =
            |number: usize| found.get(number).map(|part| part.as_str()).filter(|text| *text != "-");
        let at =
            nil(2).and_then(|text| lines.intake().written(text, "the time of this line", None));
        let message = found
            .get(8)
            .map_or("", |part| part.as_str())
            .trim_start_matches("BOM")
            .trim_start_matches('\u{FEFF}');
        let message = if message.is_empty() { nil(7).unwrap_or_default() } else { message };
        let entry = Line {
            level: level(nil(1), message),
            actor: actor(nil(4), nil(3)),
            ..Line::of(at, message)
        };
        return lines.add(entry);
    }
    if let Some(found) = FILE.captures(line) {
        let at = lines.intake().written(&found[2], "the time of this line", None);
        return message(
            found.get(1).map(|part| part.as_str()),
            Some(&found[3]),
            &found[4],
            at,
            lines,
        );
    }
    let Some(found) = RFC3164.captures(line) else {
        // A line of another format, or a damaged one.
        let entry = Line { level: level(priority(line), line), ..Line::of(None, line) };
        return lines.add(entry);
    };
    let part = |number: usize| found.get(number).map(|part| part.as_str());
    let at = part(2).and_then(|text| lines.intake().of_a_year(text, "the time of this line"));
    let (host, rest) = (part(3), part(4).unwrap_or_default());
    // A relay that omits the host has the program in its place.
    let (host, rest) = match host.and_then(|host| host.strip_suffix(':')) {
        Some(program) => (None, format!("{program}: {rest}")),
        None => (host, rest.to_owned()),
    };
    message(part(1), host, &rest, at, lines);
}

/// Adds a line whose message starts with its program.
fn message(
    priority: Option<&str>,
    host: Option<&str>,
    rest: &str,
    at: Option<Moment>,
    lines: &mut Lines<'_>,
) {
    let (program, message) = match PROGRAM.captures(rest) {
        Some(found) => (Some(found[1].to_owned()), found[2].to_owned()),
        None => (None, rest.to_owned()),
    };
    let level = level(priority, &message);
    lines.add(Line {
        level,
        actor: actor(program.as_deref(), host),
        ..Line::of(at, message.trim())
    });
}

fn priority(line: &str) -> Option<&str> {
    line.strip_prefix('<')?.split_once('>').map(|(number, _)| number)
}

/// The level of a priority, which is its remainder by 8; numbers above 191 are invalid.
fn level(priority: Option<&str>, message: &str) -> Option<Level> {
    let number = priority.and_then(|text| text.parse::<u16>().ok()).filter(|number| *number <= 191);
    number
        .and_then(|number| Level::named(&(number % 8).to_string()))
        .or_else(|| Level::in_text(message))
}

fn actor(program: Option<&str>, host: Option<&str>) -> Option<String> {
    match (program, host) {
        (Some(program), Some(host)) => Some(format!("{program} on {host}")),
        (program, host) => program.or(host).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn both_forms_are_read() {
        let text = "<34>Oct 11 22:14:15 web-1 su: 'su root' failed\n<35>1 2026-10-11T22:14:16.003Z web-1 shop 8710 ID47 [x@1 a=\"\\]\"] BOMtimeout\nDec 31 23:59:59 web-1 sshd[77]: session opened\n<7>damaged\n";
        assert!(sniffs(&SYSLOG, text));
        insta::assert_snapshot!(read(&SYSLOG, text, Some("Europe/Berlin")), @"
        2026-10-11T20:14:15Z note [su on web-1] 'su root' failed
        2026-10-11T22:14:16.003Z note [shop on web-1] timeout
        2025-12-31T22:59:59Z note [sshd on web-1] session opened
        ? note [-] <7>damaged (hidden)
        x:1:1: note: these times have no year: 2026 is the last in which the first of them is not in the future
        x:4:1: warning: this record has no time that can be read; it is in the timeline without one
        x:1:1: note: 1 line below a warning is hidden: in the file, and not in reports
        ");
        insta::assert_snapshot!(read(&SYSLOG, "Oct 11 22:14:15 web-1 su: x\n", None), @"error: its times name no zone: `Oct 11 22:14:15` (say which clock they are of: --zone UTC, or --zone Europe/Berlin)");
    }
}
