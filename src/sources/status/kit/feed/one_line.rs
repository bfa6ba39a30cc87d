//! Updates on a single line, as in Instatus and copies of its feeds.

use super::posts;
use super::timestamp::stamp;
use crate::sources::record::UntimedPost;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The separator between a timestamp and its state.
const ZONE: &str = " GMT+0 - ";

/// One update before its time is parsed.
pub(in crate::sources::status) struct RawUpdate<'t> {
    pub(in crate::sources::status) stamp: &'t str,
    pub(in crate::sources::status) word: &'t str,
    pub(in crate::sources::status) text: &'t str,
}

impl RawUpdate<'_> {
    /// The same with an unreadable time.
    pub(in crate::sources::status) fn untimed(&self) -> UntimedPost {
        posts::untimed(&clean_line(self.word), clean_markdown(self.text, TextKind::Markdown))
    }
}

/// The updates of a description on one line: `STAMP - STATE - TEXT STAMP - …`.
pub(in crate::sources::status) fn one_line(text: &str) -> Vec<RawUpdate<'_>> {
    let mut heads = Vec::new();
    for (at, _) in text.match_indices(ZONE) {
        let after = &text[at + ZONE.len()..];
        let after = &after[..after.floor_char_boundary(40)];
        let (Some(start), Some((word, _))) = (stamp_start(&text[..at]), after.split_once(" - "))
        else {
            continue;
        };
        if word.len() <= 30 && word.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '_')) {
            let text_start = at + ZONE.len() + word.len() + " - ".len();
            heads.push((start, &text[start..at + ZONE.len() - " - ".len()], word, text_start));
        }
    }
    let ends = heads.iter().skip(1).map(|head| head.0).chain([text.len()]).collect::<Vec<_>>();
    let updates = heads.iter().zip(ends).filter_map(|(&(_, stamp, word, from), end)| {
        Some(RawUpdate { stamp, word, text: text.get(from..end)?.trim() })
    });
    updates.collect()
}

/// The start of the three words `Sep 25, 15:15:00` at the end of `before`.
fn stamp_start(before: &str) -> Option<usize> {
    // A timestamp is short; the search backwards must be bounded.
    let floor =
        (before.len().saturating_sub(24)..=before.len()).find(|at| before.is_char_boundary(*at))?;
    let near = &before[floor..];
    let is_break = |c: char| c.is_whitespace();
    let mut end = near.len();
    for _ in 0..3 {
        end = near[..end].trim_end().rfind(is_break).map_or(0, |at| at + 1);
    }
    let start = end + near[end..].find(|c: char| !c.is_whitespace())?;
    stamp(&format!("{} GMT+0", &near[start..])).map(|_| floor + start)
}
