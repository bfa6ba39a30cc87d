//! The finished blocks, and the current line.

use super::line::{guard_line_start, guarded};
use crate::text::clean::escape::HARD_BREAK;

/// The kind of text that the HTML is, which decides what its elements become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A post, which becomes part of a document: its headings become bold lines.
    Post,
    /// A post whose text between the tags is already Markdown: it is neither escaped nor folded.
    Markdown,
    /// A document of its own: headings, tables and definitions are preserved.
    Document,
}

/// The finished blocks, and the current line.
#[derive(Default)]
pub(super) struct Blocks {
    pub(super) done: Vec<String>,
    pub(super) line: String,
    /// Whether a block has ended, possibly an empty one.
    pub(super) is_broken: bool,
}

impl Blocks {
    /// Ends the line; two line breaks end the paragraph.
    pub(super) fn line_break(&mut self) {
        let line = &mut self.line;
        let length = line.trim_end_matches(' ').len();
        line.truncate(length);
        match line.strip_suffix(HARD_BREAK).map(str::len) {
            Some(length) => {
                line.truncate(length);
                line.push_str("\n\n");
            }
            None if line.ends_with("\n\n") => {}
            None => line.push_str(HARD_BREAK),
        }
    }

    pub(super) fn flush(&mut self, mode: Mode) {
        self.is_broken = true;
        let line = std::mem::take(&mut self.line);
        let trimmed =
            if mode == Mode::Markdown { line.trim_matches('\n').trim_end() } else { line.trim() };
        if trimmed.trim().is_empty() {
            return;
        }
        // More characters are special at the start of a line.
        let is_text = |line: &str| !line.starts_with(['\\', '[', '*', '`']);
        self.done.push(match mode {
            Mode::Post if is_text(trimmed) => guard_line_start(trimmed),
            Mode::Post | Mode::Markdown => trimmed.to_owned(),
            Mode::Document => guarded(trimmed),
        });
    }

    pub(super) fn block(&mut self, mode: Mode, block: String) {
        self.flush(mode);
        if !block.trim().is_empty() {
            self.done.push(block);
        }
    }

    pub(super) fn finish(mut self, mode: Mode) -> Vec<String> {
        self.flush(mode);
        self.done
    }
}
