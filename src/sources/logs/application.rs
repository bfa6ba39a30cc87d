//! Application logs: lines that start with a date and a clock time or with seconds since 1970, and
//! logfmt lines (`ts=… level=… msg=…`).
//!
//! A line may have both: a container runtime puts its own timestamp before that of the program. The
//! first one counts.

use std::sync::LazyLock;

use regex::Regex;

use super::kit::{Level, Line, Lines, TextLog};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static APPLICATION_LOG: TextLog = TextLog {
    id: "application-log",
    about: "Logs of applications: lines with a date and a time, or in logfmt",
    written_from: WrittenFrom::Captures,
    is_line: |line| !line.contains("CEF:0|") && !OTHERS.is_match(line) && stamp(line).is_some(),
    read,
};

/// A date and a clock time to the second near the start of a line, after at most a name or a
/// bracket.
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[\w./:-]{1,60} )?[\[(]?(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]| - )\d{1,2}:\d\d:\d\d(?:[.,:]\d{1,9})?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)| (?:[ECMP][SD]T|AK[SD]T|[CEW]ES?T|[BIJKH]ST|MSK|AE[SD]T|NZ[SD]T)\b)?)[\])]?:?(?:\s|$)",
    )
    .expect("valid built-in regex")
});

/// Logs with their own reader: of a chat, and of a monitor.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(?:b?['"])?\[?\d{4}-\d\d-\d\d[T ][\d:]+\]?\s+(?:<\S+>|\*{1,3} )|^\[\d{9,11}\] [A-Z]|^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[\w+\] |^(?:<\d{1,4}>)?\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) \S+ (?:[\w./()-]+\[\d+\]|kernel|CRON|sudo|systemd): "#).expect("valid built-in regex")
});

/// A logfmt field with a time.
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:^|\s)(?:ts|time|t|timestamp|@timestamp)=(?:"([^"]{8,40})"|(\S{8,40}))"#)
        .expect("valid built-in regex")
});

/// Seconds since 1970 as the first or second word.
static EPOCH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\S{1,20} )?[\[(]?(\d{10}(?:\.\d{1,9}|\d{3})?)[\])]?:?\s")
        .expect("valid built-in regex")
});

/// The line's time, and the rest of the line.
fn stamp(line: &str) -> Option<(&str, &str)> {
    if let Some(found) = DATED.captures(line) {
        return Some((found.get(1)?.as_str(), &line[found.get(0)?.end()..]));
    }
    if let Some(found) = FIELD.captures(line) {
        return Some((found.get(1).or(found.get(2))?.as_str(), line));
    }
    let found = EPOCH.captures(line)?;
    Some((found.get(1)?.as_str(), &line[found.get(0)?.end()..]))
}

/// The value of a logfmt field.
fn field(line: &str, name: &str) -> Option<String> {
    let key = format!("{name}=");
    let at = line
        .match_indices(&key)
        .map(|(at, _)| at)
        .find(|at| *at == 0 || line.as_bytes()[at - 1] == b' ')?;
    let value = &line[at + key.len()..];
    let Some(quoted) = value.strip_prefix('"') else {
        return value.split(' ').next().map(str::to_owned);
    };
    let mut text = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => match chars.next()? {
                'n' => text.push('\n'),
                't' => text.push(' '),
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    Some(text)
}

fn read(line: &str, lines: &mut Lines<'_>) {
    let Some((stamp, rest)) = stamp(line) else {
        if !lines.go_on(line) {
            lines
                .intake()
                .warn("this line has no time and comes before all that have one: it was left out");
        }
        return;
    };
    // Some loggers write a comma or a colon before the fraction instead of a point.
    let mut written = stamp.replace(" - ", " ");
    if let Some(at) = written.rfind([',', ':']).filter(|at| *at > 18) {
        written.replace_range(at..=at, ".");
    }
    let at = lines.intake().written(&written, "the time of this line", None);
    let rest = rest.trim();
    let (message, error) = (
        field(rest, "msg").or_else(|| field(rest, "message")),
        field(rest, "err").or_else(|| field(rest, "error")),
    );
    let level =
        field(rest, "level").or_else(|| field(rest, "lvl")).and_then(|word| Level::named(&word));
    let text = match (message, error) {
        (Some(message), Some(error)) => format!("{message}: {error}"),
        (Some(message), None) => message,
        (None, _) => rest.to_owned(),
    };
    let actor = field(rest, "component")
        .or_else(|| field(rest, "caller"))
        .or_else(|| field(rest, "logger"));
    lines.add(Line { level: level.or_else(|| Level::in_text(rest)), actor, ..Line::of(at, text) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn zone_label_after_a_time_is_its_zone() {
        let text = "2026-07-01 10:00:00.123 EST [7] ERROR: the disk is full\n2026-07-01 10:00:01.000 EST [7] ERROR: the disk is full still\n2026-07-01 10:00:02 INIT done\n";
        assert!(sniffs(&APPLICATION_LOG, text));
        insta::assert_snapshot!(read(&APPLICATION_LOG, text, Some("UTC")), @r"
        2026-07-01T15:00:00.123Z note [-] [7] ERROR: the disk is full
        2026-07-01T15:00:01Z note [-] [7] ERROR: the disk is full still
        2026-07-01T10:00:02Z note [-] INIT done
        x:1:1: warning: EST is read as Eastern Standard Time (-05:00); it can also mean Australian Eastern Standard Time (+10:00); --zone decides
        x:1:1: warning: EST contradicts the season: on 2026-07-01 the clock of America/New_York is EDT; taken literally it is 2026-07-01T15:00:00Z, by that clock 2026-07-01T14:00:00Z
        x:2:1: warning: EST contradicts the season: on 2026-07-01 the clock of America/New_York is EDT; taken literally it is 2026-07-01T15:00:01Z, by that clock 2026-07-01T14:00:01Z
        ");
    }

    #[test]
    fn dates_logfmt_and_epoch_seconds_are_read() {
        let text = "2026-03-01 10:00:00,123 ERROR shop.cart - Timeout\nTraceback (most recent call last):\n  File \"cart.py\", line 7\n2026-03-01T10:00:01.5Z level=info ts=2026-03-01T10:00:01.4Z caller=main.go:1 msg=\"Listening \\\"here\\\"\"\nts=2026-03-01T10:00:02Z level=warn component=cluster msg=slow err=\"no\\nhost\"\nnova.log 2026-03-01 10:00:03.008 25746 WARNING nova x\n- 1772359204 2026.03.01 R02 RAS KERNEL FATAL error\n";
        assert!(sniffs(&APPLICATION_LOG, text));
        insta::assert_snapshot!(read(&APPLICATION_LOG, text, Some("UTC")), @r#"
        2026-03-01T10:00:00.123Z note [-] ERROR shop.cart - Timeout / Traceback (most recent call last): / File "cart.py", line 7
        2026-03-01T10:00:01.500Z note [main.go:1] Listening "here" (hidden)
        2026-03-01T10:00:02Z note [cluster] slow: no / host
        2026-03-01T10:00:03.008Z note [-] 25746 WARNING nova x
        2026-03-01T10:00:04Z note [-] 2026.03.01 R02 RAS KERNEL FATAL error
        x:1:1: note: 1 line below a warning is hidden: in the file, and not in reports
        "#);
        assert!(!sniffs(
            &APPLICATION_LOG,
            "Our outage\n\n2026-03-01 10:00:00 It began\n2026-03-01 11:00:00 It ended\n"
        ));
    }
}
