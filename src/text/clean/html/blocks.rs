//! The blocks that are written, and the line that is being written.

use super::line::{guard_line_start, guarded};
use crate::text::clean::escape::HARD_BREAK;

/// What the HTML is, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A post, which becomes part of a document: its headings are lines in bold type.
    Post,
    /// The same, and the text between the tags is Markdown already: it is neither escaped nor folded.
    Markdown,
    /// A document by itself: headings, tables and definitions stay what they are.
    Document,
}

/// Finished blocks, and the line that is being written.
#[derive(Default)]
pub(super) struct Blocks {
    pub(super) done: Vec<String>,
    pub(super) line: String,
    /// Whether a block has ended, which may have been empty.
    pub(super) is_broken: bool,
}

impl Blocks {
    /// Ends the line; two line ends are the end of a paragraph.
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
        // Where a line begins, more characters are special.
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
