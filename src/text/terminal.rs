//! Text for a terminal or a log.

use std::borrow::Cow;

use super::danger::visible;

/// One line: an id, a title, a name, a message. Line ends and tabs become spaces.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    harmless_start(flat(text))
}

/// Lines without terminal sequences. Tabs become spaces.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    let shown = match visible(text) {
        shown if shown.contains('\t') => Cow::Owned(shown.replace('\t', " ")),
        shown => shown,
    };
    if !shown.contains("::") {
        return shown;
    }
    let lines: Vec<Cow<'_, str>> =
        shown.split('\n').map(|line| harmless_start(Cow::Borrowed(line))).collect();
    Cow::Owned(lines.join("\n"))
}

/// The text on one line, with a space for each line end and tab.
pub(super) fn flat(text: &str) -> Cow<'_, str> {
    match visible(text) {
        shown if shown.contains(['\n', '\t']) => Cow::Owned(shown.replace(['\n', '\t'], " ")),
        shown => shown,
    }
}

/// `line`, changed so that no log interprets it as a command: GitHub's runner executes each line
/// that begins with `::`, whatever white space precedes it.
pub(super) fn harmless_start(line: Cow<'_, str>) -> Cow<'_, str> {
    let text = line.trim_start();
    if !text.starts_with("::") {
        return line;
    }
    let indent = &line[..line.len() - text.len()];
    Cow::Owned(format!("{indent}: {}", &text[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_line_is_single_and_not_a_workflow_command() {
        assert_eq!(line("a\n::error::b"), "a ::error::b");
        assert_eq!(line("\n ::error::b"), "  : :error::b");
        assert_eq!(line("\u{200B}::error::b"), ": :error::b");
        assert_eq!(line("a\u{1B}[31mb\u{9B}2J"), "a[31mb2J");
        assert_eq!(line("std::fs"), "std::fs");
    }

    #[test]
    fn line_breaks_are_preserved_and_workflow_commands_escaped() {
        assert_eq!(lines("a\tb\r\nc\u{202E}d"), "a b\ncd");
        assert_eq!(lines("a\n  ::add-mask::b\n::c"), "a\n  : :add-mask::b\n: :c");
        assert!(matches!(lines("a\nb"), Cow::Borrowed(_)));
    }
}
