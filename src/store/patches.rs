//! Changes to a text, gathered first and made at once.

use std::ops::Range;

/// What goes into a text, and where; the ranges are those of the text as it was.
#[derive(Debug, Default)]
pub(super) struct Patches {
    /// The range, whether it goes after all others of its place, and what replaces it.
    list: Vec<(Range<usize>, bool, String)>,
}

impl Patches {
    /// Replaces a range.
    pub(super) fn put(&mut self, range: Range<usize>, piece: &str) {
        self.list.push((range, false, piece.to_owned()));
    }

    /// Inserts whole lines at the start of a line.
    pub(super) fn put_line(&mut self, at: usize, lines: &str) {
        self.list.push((at..at, false, format!("{lines}\n")));
    }

    /// Inserts a piece after all others of that place.
    pub(super) fn put_last(&mut self, at: usize, piece: &str) {
        self.list.push((at..at, true, piece.to_owned()));
    }

    /// The text with all of them.
    ///
    /// # Errors
    /// A sentence, if two of them change the same part.
    pub(super) fn applied(mut self, text: &str) -> Result<String, String> {
        // Of one place, the order is that in which they were put.
        self.list.sort_by_key(|(range, is_last, _)| (range.start, *is_last));
        let more: usize = self.list.iter().map(|(_, _, piece)| piece.len()).sum();
        let mut out = String::with_capacity(text.len() + more);
        let mut at = 0;
        for (range, _, piece) in &self.list {
            out.push_str(
                text.get(at..range.start).ok_or("two edits change the same part of the text")?,
            );
            out.push_str(piece);
            at = range.end;
        }
        out.push_str(text.get(at..).ok_or("an edit is outside the text")?);
        Ok(out)
    }
}
