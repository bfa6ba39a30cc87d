//! The Common Event Format of security products:
//! `CEF:0|vendor|product|version|id|name|severity|extension`.
//!
//! The time is in the extension (`rt`, `start`, `end`, or `date` and `time` of some vendors), or in
//! a syslog header before it. Lines without any stay undated.

use std::sync::LazyLock;

use regex::Regex;

use super::kit::{Level, Line, Lines, TextLog};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static CEF: TextLog = TextLog {
    id: "cef",
    about: "Common Event Format (CEF) of security products",
    written_from: WrittenFrom::Captures,
    is_line: |line| HEADER.is_match(line),
    read,
};

static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    let field = r"((?:[^|\\]|\\.)*)";
    Regex::new(&format!(
        r"^(.{{0,80}}?)CEF: ?\d+\|{field}\|{field}\|{field}\|{field}\|{field}\|{field}\|(.*)$"
    ))
    .expect("valid built-in regex")
});

/// The time in a syslog header: in ISO format, or with the name of the month, and with or without a
/// year and a zone.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(\d{4}-\d\d-\d\dT\S+)|([A-Z][a-z]{2} {1,2}\d{1,2}( \d{4})? \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{3,4}\b)?)",
    )
    .expect("valid built-in regex")
});

/// The beginning of a field of the extension.
static KEY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\s)([\w.\[\]-]{1,60})=").expect("valid built-in regex"));

/// The value of a field, which ends where the next one begins.
fn field<'e>(extension: &'e str, name: &str) -> Option<&'e str> {
    let found = KEY.captures_iter(extension).find(|found| &found[1] == name)?;
    let start = found.get(0)?.end();
    let end = KEY.find_at(extension, start).map_or(extension.len(), |next| next.start());
    Some(extension[start..end].trim().trim_matches('"')).filter(|value| !value.is_empty())
}

fn read(line: &str, lines: &mut Lines<'_>) {
    let Some(found) = HEADER.captures(line) else {
        return lines.add(Line::of(None, line));
    };
    let extension = &found[8];
    let one = ["rt", "start", "deviceReceiptTime", "end", "eventtime"]
        .iter()
        .find_map(|name| field(extension, name));
    let two = field(extension, "date")
        .zip(field(extension, "time"))
        .map(|(date, time)| format!("{date} {time}"));
    let at = match one.map(str::to_owned).or(two) {
        Some(stamp) => lines.intake().written(&stamp, "the time of this event", None),
        None => BEFORE.captures(&found[1]).and_then(|before| {
            match (before.get(1), before.get(2), before.get(3)) {
                (Some(whole), ..) | (None, Some(whole), Some(_)) => {
                    lines.intake().written(whole.as_str(), "the time of this event", None)
                }
                (None, Some(yearless), None) => {
                    lines.intake().of_a_year(yearless.as_str(), "the time of this event")
                }
                (None, None, _) => None,
            }
        }),
    };
    // From 0 to 10, or a word.
    let level = match found[7].trim().parse::<u8>() {
        Ok(7..) => Some(Level::Error),
        Ok(4..=6) => Some(Level::Warning),
        Ok(_) => Some(Level::Information),
        Err(_) => match found[7].trim().to_lowercase().as_str() {
            "high" | "very-high" => Some(Level::Error),
            "medium" => Some(Level::Warning),
            "low" | "unknown" => Some(Level::Information),
            word => Level::named(word),
        },
    };
    let name = found[6].replace("\\|", "|");
    let message = field(extension, "msg").or_else(|| field(extension, "act"));
    let text = message.map_or_else(|| name.clone(), |message| format!("{name}: {message}"));
    lines.add(Line {
        level,
        actor: Some(format!("{} {}", &found[2], &found[3])),
        ..Line::of(at, text)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn extension_field_gives_the_time() {
        let text = "CEF:0|Acme|Gate|1.0|100|Login \\| refused|8|rt=1772359200000 src=192.0.2.1 msg=too many tries cs1Label=x\nCEF:0|Acme|Gate|1.0|100|Login|Low|date=2026-03-01 time=10:00:01 act=pass\nCEF:0|Acme|Gate|1.0|7|Scan|3|act=Delete result=Deleted\n";
        assert!(sniffs(&CEF, text));
        insta::assert_snapshot!(read(&CEF, text, Some("UTC")), @"
        2026-03-01T10:00:00Z note [Acme Gate] Login | refused: too many tries
        2026-03-01T10:00:01Z note [Acme Gate] Login: pass (hidden)
        ? note [Acme Gate] Scan: Delete (hidden)
        x:3:1: warning: this record has no time that can be read; it is in the timeline without one
        x:1:1: note: 2 lines below a warning are hidden: in the file, and not in reports
        ");
    }
}
