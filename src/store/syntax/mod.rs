//! Explains invalid YAML to the person who wrote it: the mistake, its place, and the corrected
//! line.
//!
//! The parser only reports where it could not continue, which is often a line after the mistake. So
//! the lines around that place are tried: each [`Repair`] that fits one is applied to a copy of the
//! text, and is reported if the parser then gets further. The search continues from there, so that
//! all mistakes are reported at once. Where no repair helps, the message of the parser is reported.

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

/// The most mistakes that are reported for one file.
const MOST: usize = 20;
/// The most bytes that are parsed in the search, so that a large file is not parsed a thousand
/// times.
const WORK: usize = 32 << 20;

/// The parser's error about a text.
#[derive(Debug)]
struct Complaint {
    /// The line where it could not continue, from 0.
    line: usize,
    /// The line where the construct starts that it was reading, from 0.
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

    /// The parser's error about a text, if there is one.
    fn about(text: &str) -> Option<Self> {
        serde_yaml::from_str::<serde_yaml::Value>(text)
            .err()
            .map(|error| Complaint::new(text, &error))
    }
}

/// Every mistake that makes `text` invalid YAML; `error` is the error of the parser.
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
    /// For each line, whether it is part of a text after `|`.
    in_block: Vec<bool>,
    /// For each line, whether it was repaired: its places no longer match the text.
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

    /// Finds and applies the repair that lets the parser get past `complaint`, and returns its next
    /// complaint.
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

    /// Applies the first of these changes that lets the parser get further.
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

    /// The lines that may contain the mistake, the most likely first.
    fn suspects(&self, complaint: &Complaint) -> Vec<usize> {
        let before =
            |line: usize| (0..line).rev().find(|&index| !Line::read(&self.lines[index]).is_empty());
        let mut suspects = vec![complaint.line];
        suspects.extend(complaint.opened);
        // A key without its colon continues as text over the lines that follow.
        let mut above = complaint.line;
        for _ in 0..4 {
            let Some(index) = before(above) else { break };
            suspects.push(index);
            above = index;
        }
        // An unclosed quote or bracket may be far above.
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

    /// Applies `changes` if the parser gets further with them, and returns its next complaint.
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
