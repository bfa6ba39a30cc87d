//! What is not YAML, in the words of the person who wrote it: what it is, where, and the line as
//! it should be.
//!
//! The parser says only where it could not go on, which is often a line after the mistake. So the
//! lines around that place are tried: each [`Repair`] that fits one is made in a copy of the text,
//! and is the answer if the parser then gets further. From there the search goes on, so that every
//! mistake is reported at once. What no repair helps is reported in the parser's words.

mod conflict;
mod indent;
mod line;
mod quotes;
mod refused;
mod repair;
mod repairs;
mod several;

use line::in_blocks;
pub(in crate::store) use line::{Line, closing, quoted};
pub(in crate::store) use quotes::TYPOGRAPHIC;
use repair::Attempt;
pub(in crate::store) use repair::{Repair, shortened};
pub(in crate::store) use repairs::odd_space;

use crate::diag::{Diagnostic, Place};

/// As many mistakes as are reported of one file.
const MOST: usize = 20;
/// As many bytes as are parsed to find them: a large file is not parsed a thousand times.
const WORK: usize = 32 << 20;

/// What the parser says of a text that it cannot read.
#[derive(Debug)]
struct Complaint {
    /// The line where it could not go on, from 0.
    line: usize,
    /// The line where that begins which it was reading, from 0.
    opened: Option<usize>,
    /// Whether it read to the end of the text.
    at_end: bool,
}

impl Complaint {
    fn new(text: &str, error: &serde_yaml::Error) -> Self {
        let message = error.to_string();
        let lines = text.trim_end().lines().count();
        let line = error.location().map_or(0, |mark| mark.line().saturating_sub(1));
        let opened = message.split_once(", while ").and_then(|(_, context)| {
            let number = context.split_once(" at line ")?.1;
            let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
            Some(number[..digits].parse::<usize>().ok()?.saturating_sub(1))
        });
        Complaint { line: line.min(lines.saturating_sub(1)), opened, at_end: line >= lines }
    }

    /// The complaint about a text, if there is one.
    fn about(text: &str) -> Option<Self> {
        serde_yaml::from_str::<serde_yaml::Value>(text)
            .err()
            .map(|error| Complaint::new(text, &error))
    }
}

/// Every mistake that keeps `text` from being YAML; `error` is what the parser said of it.
pub(super) fn problems(file: &str, text: &str, error: &serde_yaml::Error) -> Vec<Diagnostic> {
    if let Some(conflict) = conflict::problem(file, text) {
        return vec![conflict];
    }
    if let Some(problem) = refused::problem(file, text, error) {
        return vec![problem];
    }
    let mut search = Search::new(file, text);
    let mut complaint = Some(Complaint::new(text, error));
    while let Some(current) = complaint.filter(|_| search.found.len() < MOST) {
        complaint = match search.repair(&current) {
            Ok(next) => next,
            Err(()) if search.found.is_empty() => {
                return vec![refused::in_the_parser_s_words(file, text, error)];
            }
            Err(()) => None,
        };
    }
    search.found
}

/// The search for mistakes in one text.
struct Search<'a> {
    file: &'a str,
    text: &'a str,
    /// The lines, with the repairs made so far.
    lines: Vec<String>,
    /// Which of them are part of a text after `|`.
    in_block: Vec<bool>,
    /// Which of them are repaired: their places are those of the text no more.
    repaired: Vec<bool>,
    /// How many bytes may still be parsed.
    work: usize,
    found: Vec<Diagnostic>,
}

impl<'a> Search<'a> {
    fn new(file: &'a str, text: &'a str) -> Self {
        let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let (in_block, repaired) = (in_blocks(&lines), vec![false; lines.len()]);
        Search { file, text, lines, in_block, repaired, work: WORK, found: Vec::new() }
    }

    /// Finds and makes the repair that lets the parser get past `complaint`, and says what it
    /// complains of next.
    fn repair(&mut self, complaint: &Complaint) -> Result<Option<Complaint>, ()> {
        let tabs: Vec<Attempt> = several::without_tabs(&self.lines).collect();
        if let Some(next) = self.first_that_helps(complaint, tabs) {
            return Ok(next);
        }
        for index in self.suspects(complaint) {
            if self.in_block[index] || self.repaired[index] {
                continue;
            }
            for attempt in repairs::ALL {
                let Some(repair) = attempt(&Line::read(&self.lines[index])) else { continue };
                if let Some(next) = self.attempt(complaint, index, &[(index, repair.line.clone())])
                {
                    self.report(index, repair);
                    return Ok(next);
                }
            }
        }
        let attempts = several::attempts(&self.lines, &self.in_block, complaint.line);
        self.first_that_helps(complaint, attempts).ok_or(())
    }

    /// Makes the first of these changes that lets the parser get further.
    fn first_that_helps(
        &mut self,
        complaint: &Complaint,
        attempts: Vec<Attempt>,
    ) -> Option<Option<Complaint>> {
        for attempt in attempts {
            if attempt.lines.iter().any(|(index, _)| self.repaired[*index]) {
                continue;
            }
            if let Some(next) = self.attempt(complaint, attempt.at, &attempt.lines) {
                self.report(attempt.at, attempt.repair);
                return Some(next);
            }
        }
        None
    }

    /// The lines that the mistake may be on, the likeliest first.
    fn suspects(&self, complaint: &Complaint) -> Vec<usize> {
        let before =
            |line: usize| (0..line).rev().find(|&index| !Line::read(&self.lines[index]).is_empty());
        let mut suspects = vec![complaint.line];
        suspects.extend(complaint.opened);
        // A key without its colon is read on as text over the lines that follow.
        let mut above = complaint.line;
        for _ in 0..4 {
            let Some(index) = before(above) else { break };
            suspects.push(index);
            above = index;
        }
        // A quote or a bracket that is not closed may be far above.
        let is_open = |index: &usize| quotes::is_open(&Line::read(&self.lines[*index]));
        suspects.extend((0..complaint.line).rev().filter(is_open).take(8));
        let mut unique: Vec<usize> = Vec::new();
        suspects.retain(|index| {
            let is_new = !unique.contains(index);
            unique.push(*index);
            is_new && *index < self.lines.len()
        });
        suspects
    }

    /// Makes `changes` if the parser gets further with them, and gives its next complaint.
    fn attempt(
        &mut self,
        complaint: &Complaint,
        at: usize,
        changes: &[(usize, String)],
    ) -> Option<Option<Complaint>> {
        self.work = self.work.checked_sub(self.text.len().max(1))?;
        let mut lines = self.lines.clone();
        for (index, line) in changes {
            lines[*index].clone_from(line);
        }
        let next = Complaint::about(&lines.join("\n"));
        let gets_further = next.as_ref().is_none_or(|next| {
            next.line > complaint.line.max(at)
                || (complaint.at_end && next.line > at && !next.at_end)
        });
        if !gets_further {
            return None;
        }
        self.in_block = in_blocks(&lines);
        self.lines = lines;
        changes.iter().for_each(|(index, _)| self.repaired[*index] = true);
        Some(next)
    }

    fn report(&mut self, index: usize, repair: Repair) {
        let start: usize = self.text.split('\n').take(index).map(|line| line.len() + 1).sum();
        let place =
            Place::new(self.file, self.text, start + repair.at.start..start + repair.at.end);
        let hint =
            repair.hint.unwrap_or_else(|| format!("write `{}`", shortened(repair.line.trim())));
        self.found.push(Diagnostic::error(repair.message).at(place).hint(hint));
    }
}

#[cfg(test)]
mod tests;
