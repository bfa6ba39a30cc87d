//! Removes invisible characters and terminal sequences.

use std::borrow::Cow;

/// Together with [`MARK_CLOSE`], encloses the number of a part that must not change. Both are
/// private-use characters, and [`visible`] removes them from every text first.
pub(crate) const MARK_OPEN: char = '\u{E000}';

/// See [`MARK_OPEN`].
pub(crate) const MARK_CLOSE: char = '\u{E001}';

/// One line of plain text: a title or a name. White space is folded, nothing is escaped.
pub(crate) fn clean_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without terminal sequences and dangerous characters, and with line ends as `\n`. The
/// two characters that [`mixed`](super::mixed) uses for placeholders are removed as well.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(['\u{1B}', MARK_OPEN, MARK_CLOSE]) {
        return crate::text::visible(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1B}' => skip_terminal_sequence(&mut chars),
            MARK_OPEN | MARK_CLOSE => {}
            _ => clean.push(c),
        }
    }
    Cow::Owned(crate::text::visible(&clean).into_owned())
}

/// Skips the rest of a sequence after an escape: `[` to a final letter, or `]` to its bell. A
/// sequence without an end does not swallow the text.
fn skip_terminal_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut ahead = chars.clone();
    let ends: fn(char) -> bool = match ahead.next() {
        Some('[') => |c| matches!(c, '\u{40}'..='\u{7E}'),
        Some(']') => |c| matches!(c, '\u{7}' | '\u{9C}'),
        _ => return,
    };
    for c in ahead.by_ref().take(80) {
        if ends(c) {
            *chars = ahead;
            return;
        }
        if c == '\n' {
            return;
        }
    }
}
