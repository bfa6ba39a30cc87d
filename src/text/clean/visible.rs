//! Text without what cannot be seen or steers a terminal.

use std::borrow::Cow;

/// Stand around the number of a piece that must come through unchanged. They are private-use
/// characters, and [`visible`] takes them out of every text before it gets here.
pub(crate) const MARK_OPEN: char = '\u{E000}';

/// See [`MARK_OPEN`].
pub(crate) const MARK_CLOSE: char = '\u{E001}';

/// One line of plain text: a title or a name. White space is folded, nothing is escaped.
pub fn clean_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without terminal sequences, without dangerous characters and with line ends as `\n`.
/// The two characters that [`mixed`](super::mixed) uses as marks are taken out, too.
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

/// Skips what follows an escape: `[` to a final letter, or `]` to its bell. Text is not swallowed
/// where the sequence has no end.
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
