//! Emoji that consist of several characters, which most fonts without colour do not support.
//!
//! A keycap (`1️⃣`: a digit, U+FE0F, U+20E3) is drawn as the digit in a box, since fonts place
//! U+20E3 differently. If no single font has all pictures of a joined sequence (`👩‍💻`, with U+200D
//! in between), each picture is drawn separately: shaped together they would be one box, which
//! would hide the pictures that a font does have. Both are defined by Unicode (UTS #51, "Emoji ZWJ
//! Sequence", "Emoji Keycap Sequence").

use crate::text::danger::is_invisible;

const KEYCAP: char = '\u{20e3}';
const JOINER: char = '\u{200d}';

/// A part of a text as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// A character.
    Plain(char),
    /// A character in a box, and the original text.
    Keycap(char, &'t str),
    /// A picture that is joined to the next one: with its modifiers, and the same with the joiner
    /// at its end.
    Joined(&'t str, &'t str),
}

/// Splits `text` into pieces. `together` returns whether one font has both of two characters.
pub(super) fn pieces<'t>(
    text: &'t str,
    together: impl Fn(char, char) -> bool,
) -> impl Iterator<Item = Piece<'t>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (piece, length) = keycap(rest)
            .map(|whole| (Piece::Keycap(first, whole), whole.len()))
            .or_else(|| {
                joined(rest, &together)
                    .map(|(part, whole)| (Piece::Joined(part, whole), whole.len()))
            })
            .unwrap_or((Piece::Plain(first), first.len_utf8()));
        rest = &rest[length..];
        Some(piece)
    })
}

/// The characters that a font needs in order to draw `text`.
pub(super) fn drawn(text: &str) -> impl Iterator<Item = char> {
    let joined = |_, _| true;
    pieces(text, joined).filter_map(|piece| match piece {
        Piece::Plain(c) | Piece::Keycap(c, _) => Some(c),
        Piece::Joined(part, _) => part.chars().next(),
    })
}

fn keycap(text: &str) -> Option<&str> {
    let after = text.strip_prefix(|c: char| c.is_ascii_digit() || matches!(c, '#' | '*'))?;
    let after = after.strip_prefix('\u{fe0f}').unwrap_or(after).strip_prefix(KEYCAP)?;
    Some(&text[..text.len() - after.len()])
}

/// The picture at the start of `text`, if it is joined to another one and no font has both. Between
/// letters, a joiner has another function and is not changed.
fn joined<'t>(text: &'t str, together: &impl Fn(char, char) -> bool) -> Option<(&'t str, &'t str)> {
    let base = text.chars().next().filter(|&c| is_picture(c))?;
    let after = text[base.len_utf8()..]
        .trim_start_matches(|c| c != JOINER && (is_invisible(c) || is_modifier(c)));
    let part = &text[..text.len() - after.len()];
    let next = after.strip_prefix(JOINER)?.chars().next().filter(|&c| is_picture(c))?;
    (!together(base, next)).then(|| (part, &text[..part.len() + JOINER.len_utf8()]))
}

fn is_picture(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric() && !is_invisible(c) && !is_modifier(c)
}

/// A skin tone.
fn is_modifier(c: char) -> bool {
    ('\u{1f3fb}'..='\u{1f3ff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keycaps_and_joined_emoji_are_split() {
        let apart = |text| {
            pieces(text, |_, _| false).filter(|piece| !matches!(piece, Piece::Plain(_))).collect()
        };
        let none: Vec<Piece<'_>> =
            apart("1 \u{20e3}, 2\u{fe0f}, क\u{94d}\u{200d}ष, 💻\u{200d}, \u{200d}💻 👩💻");
        assert_eq!(none, []);
        let some: Vec<Piece<'_>> = apart("a1\u{fe0f}\u{20e3}#\u{20e3} 👩🏽\u{200d}💻");
        assert_eq!(
            some,
            [
                Piece::Keycap('1', "1\u{fe0f}\u{20e3}"),
                Piece::Keycap('#', "#\u{20e3}"),
                Piece::Joined("👩🏽", "👩🏽\u{200d}"),
            ]
        );
    }

    #[test]
    fn joined_emoji_in_one_font_stay_joined() {
        assert!(pieces("👩\u{200d}💻", |_, _| true).all(|piece| matches!(piece, Piece::Plain(_))));
    }

    #[test]
    fn keycap_box_needs_no_font() {
        assert_eq!(drawn("1\u{fe0f}\u{20e3}a\u{20e3}").collect::<String>(), "1a\u{20e3}");
    }
}
