//! The complete reader of a log whose lines are text.

use super::lines::Lines;
use crate::diag::Warned;
use crate::sources::input::Input;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

/// A reader of lines.
pub(in crate::sources) struct TextLog {
    pub(in crate::sources::logs) id: &'static str,
    pub(in crate::sources::logs) about: &'static str,
    pub(in crate::sources::logs) written_from: WrittenFrom,
    /// Whether a line has the format of this log.
    pub(in crate::sources::logs) is_line: fn(&str) -> bool,
    /// Adds a line, which may not be a line of this log.
    pub(in crate::sources::logs) read: fn(&str, &mut Lines<'_>),
}

/// The number of lines to examine.
const LOOKED_AT: usize = 60;

/// Other texts may have a few lines with timestamps: this many of ten must have one.
const OF_TEN: usize = 7;

/// Documents have their own reader, whatever their lines contain.
const DOCUMENTS: [&str; 8] =
    [".md", ".markdown", ".mdx", ".html", ".htm", ".adoc", ".rst", ".json"];

impl Reader for TextLog {
    fn about(&self) -> About {
        About { id: self.id, about: self.about, written_from: self.written_from }
    }

    fn sniff(&self, input: &Input, head: &str) -> Verdict {
        let name = input.name.to_lowercase();
        if DOCUMENTS.iter().any(|end| name.ends_with(end)) {
            return Verdict::No("not a log");
        }
        // The last line may be truncated. JSON lines of tools before the log, and continuation
        // lines, do not count.
        let whole = if head.len() < input.bytes.len() {
            head.rfind('\n').map_or(head, |end| &head[..end])
        } else {
            head
        };
        let begins = |line: &&str| {
            !line.trim().is_empty() && !line.starts_with([' ', '\t', '{']) && !is_banner(line)
        };
        let lines: Vec<&str> = whole.lines().filter(begins).take(LOOKED_AT).collect();
        let count = lines.iter().filter(|line| (self.is_line)(line)).count();
        // If the file is named like a log, odd lines belong to it.
        let of_ten = if name.ends_with(".log") { OF_TEN - 3 } else { OF_TEN };
        match count > 0 && count * 10 >= lines.len() * of_ten {
            true => Verdict::Yes,
            false => Verdict::No("not a log"),
        }
    }

    fn read<'a>(
        &self,
        text: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let mut lines = Lines::new(warnings);
        for line in text.body().lines() {
            let line = line.trim_end();
            if line.is_empty() || is_banner(line) {
                continue;
            }
            lines.intake().next(line);
            let is_rest = line.starts_with([' ', '\t']) && !(self.is_line)(line);
            if !(is_rest && lines.go_on(line)) {
                (self.read)(line, &mut lines);
            }
        }
        lines.finish()
    }
}

/// A line of a tool about itself, or about omitted content.
fn is_banner(line: &str) -> bool {
    line.starts_with("==> ")
        || line == "--"
        || line == "..."
        || line.starts_with(r#"{"toolset_name""#)
        || line.starts_with(r#"{"schema_version""#)
}
