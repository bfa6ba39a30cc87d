//! The line of a place, cut to the width of the terminal.

use std::ops::Range;

use super::terminal::clean;
use crate::diag::Place;

/// The line that a place begins on, without control characters, and where in it the place is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// What is shown. A `…` stands where something was cut off.
    pub(super) text: String,
    /// The bytes of `text` that the place is.
    pub(super) span: Range<usize>,
}

/// What stands for the part that was cut off.
const CUT: char = '…';

impl Excerpt {
    /// The line of `place` in `text`, in at most `width` characters: the place, with as much of the
    /// line on its two sides as there is room for.
    pub(super) fn of(place: &Place, text: &str, width: usize) -> Self {
        let start = place.span.start.min(text.len());
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let end = place.span.end.clamp(start, line_end);
        // A line may be a file of many MB: no more of it is looked at than could be shown.
        let (before, after) = (&text[line_start..start], &text[end..line_end]);
        let marked = head(&text[start..end], width);
        let room = width.saturating_sub(marked.chars().count());
        let needed_after = shown(after.chars(), room).chars().count();
        let before = tail(before, (room / 2).max(room.saturating_sub(needed_after)));
        let after = head(after, room - before.chars().count());
        let span = before.len()..before.len() + marked.len().max(1);
        let mut text = format!("{before}{marked}{after}");
        if span.end > text.len() {
            text.push(' ');
        }
        Excerpt { text, span }
    }
}

/// The first `room` characters that can be shown, the last of them a `…` if there are more.
fn head(text: &str, room: usize) -> String {
    let shown: String = shown(text.chars(), room);
    if shown.chars().count() <= room {
        return shown;
    }
    shown.chars().take(room.saturating_sub(1)).chain(std::iter::once(CUT)).take(room).collect()
}

/// The last `room` characters that can be shown, the first of them a `…` if there are more.
fn tail(text: &str, room: usize) -> String {
    let reversed: String = text.chars().rev().take(4 * (room + 1)).collect();
    head(&reversed, room).chars().rev().collect()
}

/// One character more than `room`, if there are so many.
fn shown(chars: impl Iterator<Item = char>, room: usize) -> String {
    // What is not shown is rare; four times the room is enough of the line.
    let near: String = chars.take(4 * (room + 1)).collect();
    clean(&near).chars().take(room + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The excerpt with its place in brackets.
    fn marked(text: &str, span: Range<usize>, width: usize) -> String {
        let excerpt = Excerpt::of(&Place::new("f", text, span), text, width);
        let Range { start, end } = excerpt.span;
        assert!(excerpt.text.chars().count() <= width + 1, "{}", excerpt.text);
        format!("{}[{}]{}", &excerpt.text[..start], &excerpt.text[start..end], &excerpt.text[end..])
    }

    #[test]
    fn a_line_that_fits_is_shown_whole() {
        assert_eq!(marked("one\ntwo three\nfour", 8..13, 20), "two [three]");
        assert_eq!(marked("one", 3..3, 20), "one[ ]");
        assert_eq!(marked("a\u{1b}[31mß", 7..8, 20), "a[31m[ß]", "nothing that a terminal obeys");
    }

    #[test]
    fn what_is_cut_off_is_marked_on_its_side() {
        let line = "abcdefghijklmnopqrstuvwxyz";
        assert_eq!(marked(line, 0..1, 10), "[a]bcdefghi…");
        assert_eq!(marked(line, 25..26, 10), "…rstuvwxy[z]");
        assert_eq!(marked(line, 12..14, 10), "…jkl[mn]opq…");
        assert_eq!(marked(line, 5..25, 10), "[fghijklmn…]");
        assert_eq!(marked(line, 2..4, 26), "ab[cd]efghijklmnopqrstuvwxyz");
    }
}
