//! Changes to a text that are collected and then applied at once.

use std::ops::Range;

/// The changes to a text. Ranges refer to the original text.
#[derive(Debug, Default)]
pub(super) struct Patches {
    /// The range, whether it follows all others at its place, and the replacement.
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

    /// Inserts a piece after all others at that place.
    pub(super) fn put_last(&mut self, at: usize, piece: &str) {
        self.list.push((at..at, true, piece.to_owned()));
    }

    /// The text with all changes applied.
    ///
    /// # Errors
    /// The reason, if two changes overlap.
    pub(super) fn applied(mut self, text: &str) -> Result<String, String> {
        // Changes at the same place are in the order of insertion.
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
