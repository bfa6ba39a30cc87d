//! Normalizes texts for searching.

use std::borrow::Cow;
use std::ops::Range;

use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::text::danger::is_invisible;

/// A text without accents and invisible characters, with full-width and half-width letters
/// replaced by ordinary ones. `José`, `Jose` and `José` with a combining accent are equal.
/// A range in the folded text can be mapped back to the original.
pub(super) struct Folded<'t> {
    original: &'t str,
    text: Cow<'t, str>,
    /// For each byte of `text`, the range of its character in the original. Empty if `text` is
    /// the original.
    places: Vec<Range<usize>>,
}

impl<'t> Folded<'t> {
    pub(super) fn new(original: &'t str) -> Self {
        if original.is_ascii() {
            return Folded { original, text: Cow::Borrowed(original), places: Vec::new() };
        }
        let normalizer = DecomposingNormalizerBorrowed::new_nfkd();
        let (mut text, mut places) = (String::with_capacity(original.len()), Vec::new());
        for (start, c) in original.char_indices() {
            let place = start..start + c.len_utf8();
            let mut push = |c: char| {
                if !is_left_out(c) {
                    text.push(c);
                    places.resize(text.len(), place.clone());
                }
            };
            // Decomposing a Korean syllable would match a word that is only part of it.
            if is_hangul(c) {
                push(c);
            } else {
                normalizer.normalize_iter(std::iter::once(c)).for_each(push);
            }
        }
        Folded { original, text: Cow::Owned(text), places }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The range in the original, including any accents and invisible characters after it.
    pub(super) fn place(&self, found: &Range<usize>) -> Range<usize> {
        if self.places.is_empty() {
            return found.clone();
        }
        let start = self.places.get(found.start).map_or(self.original.len(), |place| place.start);
        let last = found.end.checked_sub(1).and_then(|last| self.places.get(last));
        let end = last.map_or(start, |place| place.end);
        let after = self.original[end..].chars().take_while(|c| is_left_out(*c));
        start..end + after.map(char::len_utf8).sum::<usize>()
    }
}

/// Whether `c` is a combining accent or an invisible character.
fn is_left_out(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}') || (is_invisible(c) && !c.is_whitespace() && !c.is_control())
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}

/// The folded form of `word`.
pub(super) fn folded(word: &str) -> String {
    Folded::new(word).text().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_original() {
        for (text, word, found) in [
            ("told José.", "Jose", "José"),
            ("told Jose\u{301}.", "Jose", "Jose\u{301}"),
            ("a Blu\u{AD}e\u{200B} b", "Blue", "Blu\u{AD}e\u{200B}"),
            ("ａｎａ!", "ana", "ａｎａ"),
            ("o\u{FB01}x", "fi", "\u{FB01}"),
            ("김 왔다", "김", "김"),
        ] {
            let folded = Folded::new(text);
            let start = folded.text().find(word).unwrap();
            assert_eq!(&text[folded.place(&(start..start + word.len()))], found, "{text}");
        }
        assert!(!Folded::new("깁").text().contains("기"));
    }
}
