//! The source line of a place, cut to the width of the terminal.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::terminal::lines;

/// The line on which a place starts, without dangerous characters, and where the place is in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The visible part of the line, with `…` where it was cut.
    pub(super) text: String,
    /// The byte range of the place in `text`: one character or more.
    pub(super) span: Range<usize>,
}

/// The sign for the cut part.
const CUT: char = '…';

/// The sign for a tab.
const TAB: &str = "→";

impl Excerpt {
    /// The line of `place`, a span of bytes, in `text`, in at most `width` columns: the place, with
    /// as much of the line on both sides as fits.
    ///
    /// The file may have changed since the place was recorded, so offsets are checked.
    pub(super) fn of(place: &Range<usize>, text: &str, width: usize) -> Self {
        let start = text.floor_char_boundary(place.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let end = text.floor_char_boundary(place.end.clamp(start, line_end));
        // A line may have many MB: only the part that could be shown is processed.
        let (before, after) = (&text[line_start..start], &text[end..line_end]);
        // A marked tab is the mistake itself, so it must not look like a space.
        let marked = head(&text[start..end].replace('\t', TAB), width);
        let room = width.saturating_sub(marked.width());
        let needed_after = head(after, room).width();
        let before = tail(before, (room / 2).max(room.saturating_sub(needed_after)));
        let mut after = head(after, room.saturating_sub(before.width()));
        // An invisible place, such as a control character, is marked at the next visible one.
        let mark = match (marked.len(), after.chars().next()) {
            (0, Some(next)) => next.len_utf8(),
            (0, None) => {
                after.push(' ');
                1
            }
            (length, _) => length,
        };
        Excerpt {
            span: before.len()..before.len() + mark,
            text: format!("{before}{marked}{after}"),
        }
    }
}

/// The first characters that fit in `room` columns, ending in `…` if there are more.
fn head(text: &str, room: usize) -> String {
    // Few characters are invisible; four times the room is enough.
    let near = text.char_indices().nth(4 * (room + 1)).map_or(text, |(end, _)| &text[..end]);
    let shown = shown(near);
    if shown.width() <= room && near.len() == text.len() {
        return shown;
    }
    let cut = (room > 0).then_some(CUT);
    within(shown.chars(), room.saturating_sub(1)).chain(cut).collect()
}

/// The first of `characters` that fit into this many columns.
fn within(characters: impl Iterator<Item = char>, room: usize) -> impl Iterator<Item = char> {
    let mut taken = 0;
    characters.take_while(move |c| {
        taken += c.width().unwrap_or(0);
        taken <= room
    })
}

/// The last characters that fit in `room` columns, starting with `…` if there are more.
fn tail(text: &str, room: usize) -> String {
    let near =
        text.char_indices().nth_back(4 * (room + 1)).map_or(text, |(start, _)| &text[start..]);
    let shown = shown(near);
    if shown.width() <= room && near.len() == text.len() {
        return shown;
    }
    let cut = (room > 0).then_some(CUT);
    let last: Vec<char> = within(shown.chars().rev(), room.saturating_sub(1)).chain(cut).collect();
    last.into_iter().rev().collect()
}

/// A part of one line. Characters that other systems take for a line end become a space.
fn shown(part: &str) -> String {
    lines(part.strip_suffix('\r').unwrap_or(part)).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diag::Place;

    /// The excerpt with its place in brackets.
    fn marked(text: &str, span: Range<usize>, width: usize) -> String {
        let excerpt = Excerpt::of(&Place::new("f", text, span).span, text, width);
        let Range { start, end } = excerpt.span;
        assert!(excerpt.text.width() <= width + 1, "{}", excerpt.text);
        format!("{}[{}]{}", &excerpt.text[..start], &excerpt.text[start..end], &excerpt.text[end..])
    }

    #[test]
    fn fitting_line_is_shown_whole() {
        assert_eq!(marked("one\ntwo three\nfour", 8..13, 20), "two [three]");
        assert_eq!(marked("one", 3..3, 20), "one[ ]");
        assert_eq!(marked("a\u{1b}[31mß", 7..8, 20), "a[31m[ß]", "nothing that a terminal obeys");
    }

    #[test]
    fn invisible_place_is_marked_at_the_next_character() {
        assert_eq!(marked("a\u{7}é", 1..2, 20), "a[é]");
        assert_eq!(marked("a\u{7}", 1..2, 20), "a[ ]");
        assert_eq!(marked("\u{feff}\u{1b}東京", 0..4, 20), "[東]京");
        assert_eq!(marked("a\r\nb", 1..2, 20), "a[ ]");
        assert_eq!(marked("a:\tb\tc", 2..3, 20), "a:[→]b c");
    }

    #[test]
    fn truncation_is_marked_on_each_side() {
        let line = "abcdefghijklmnopqrstuvwxyz";
        assert_eq!(marked(line, 0..1, 10), "[a]bcdefghi…");
        assert_eq!(marked(line, 25..26, 10), "…rstuvwxy[z]");
        assert_eq!(marked(line, 12..14, 10), "…jkl[mn]opq…");
        assert_eq!(marked(line, 5..25, 10), "[fghijklmn…]");
        assert_eq!(marked(line, 2..4, 26), "ab[cd]efghijklmnopqrstuvwxyz");
        let wide = "データベースの接続プール";
        assert_eq!(marked(wide, 0..3, 24), "[デ]ータベースの接続プール");
        assert_eq!(marked(wide, 0..3, 12), "[デ]ータベー…", "a character may take two columns");
        assert_eq!(marked(wide, 33..36, 12), "…接続プー[ル]");
        let hidden = format!("{}x{}", "\u{200b}".repeat(500), "\u{200b}".repeat(500));
        assert_eq!(marked(&hidden, 1500..1501, 10), "…[x]…", "more is there than can be seen");
    }

    proptest! {
        /// Any text, any span of any other text: an excerpt is drawn, and its place is in it.
        #[test]
        fn excerpt_of_any_text_contains_its_place(
            text in r"([a-c \t\n\r\x00\x07\x1b\x7f\u{85}\u{9b}\u{ad}é東\u{301}\u{200b}\u{200d}\u{202e}\u{2028}\u{feff}\u{1f469}\u{e0041}]|\r\n){0,40}",
            start in 0_usize..90,
            length in 0_usize..20,
            width in 0_usize..30,
            is_noted_elsewhere in any::<bool>(),
        ) {
            let span = start..start + length;
            let place = match is_noted_elsewhere {
                true => Place { span, ..Place::whole_file("f") },
                false => Place::new("f", &text, span),
            };
            let excerpt = Excerpt::of(&place.span, &text, width);
            prop_assert!(excerpt.text.get(excerpt.span.clone()).is_some_and(|marked| !marked.is_empty()), "{:?}", excerpt);
            let is_obeyed = |c: char| c == '\n' || crate::text::is_dangerous(c) && c != '\u{200d}';
            prop_assert!(!excerpt.text.contains(is_obeyed), "{:?}", excerpt);
            let problem = crate::diag::Diagnostic::error(text.clone()).at(place).hint(text.clone());
            for text in [Some(text.as_str()), None] {
                let drawing = crate::cli::terminal::drawn_in(&problem, text, false);
                prop_assert!(!drawing.contains(|c: char| c != '\n' && c.is_control()), "{:?}", drawing);
            }
        }
    }
}
