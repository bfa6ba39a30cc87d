//! Tables: one line per row on a terminal, complete rows with tabs between cells in a pipe.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::error::CliError;
use super::terminal::{Terminal, clean, width};

/// How to show a cell that is wider than its room. In a pipe, cells are never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Show it whole, even if the line becomes longer than the terminal is wide: a cut or broken id
    /// cannot be copied.
    Whole,
    /// Cut it, with `…` at its end, but to no fewer columns than these.
    Cut(usize),
    /// Wrap it. For text to read, in the output about one incident.
    Wrap,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    name: &'static str,
    fit: Fit,
    is_number: bool,
    /// If there is no room for all columns, the one with the lowest number is dropped first; a
    /// column without a number is never dropped.
    rank: Option<u8>,
    is_once: bool,
    overflows: bool,
    goes_below: bool,
}

impl Column {
    /// A column whose cells are never cut, aligned to the left.
    pub(super) const fn new(name: &'static str) -> Self {
        Column {
            name,
            fit: Fit::Whole,
            is_number: false,
            rank: None,
            is_once: false,
            overflows: false,
            goes_below: false,
        }
    }

    /// Cells are cut if there is no room for them.
    #[must_use]
    pub(super) const fn cut(self) -> Self {
        Column { fit: Fit::Cut(12), ..self }
    }

    /// Cells wrap if there is no room for them.
    #[must_use]
    pub(super) const fn wrap(self) -> Self {
        Column { fit: Fit::Wrap, ..self }
    }

    /// Cells are aligned to the right.
    #[must_use]
    pub(super) const fn number(self) -> Self {
        Column { is_number: true, ..self }
    }

    /// Dropped on a terminal that is too narrow for all columns, lower ranks first.
    #[must_use]
    pub(super) const fn optional(self, rank: u8) -> Self {
        Column { rank: Some(rank), ..self }
    }

    /// On a terminal, a value equal to the one in the row above is not repeated.
    #[must_use]
    pub(super) const fn once(self) -> Self {
        Column { is_once: true, ..self }
    }

    /// If there is no room for an optional column, its cell goes on a line below its row.
    #[must_use]
    pub(super) const fn below(self) -> Self {
        Column { goes_below: true, ..self }
    }

    /// A cell followed only by empty cells may take their room.
    #[must_use]
    pub(super) const fn overflowing(self) -> Self {
        Column { overflows: true, ..self }
    }

    /// The minimum useful width; `natural` is the width that shows every cell whole.
    fn least(self, natural: usize) -> usize {
        match self.fit {
            Fit::Whole => natural,
            Fit::Cut(least) => natural.min(least.max(self.name.len())),
            Fit::Wrap => natural.min(20),
        }
    }
}

/// How to write a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Aligned columns for a terminal of this width.
    Aligned(usize),
    /// Tab-separated values, with or without the names of the columns.
    Tabs {
        /// Whether the first line has the names of the columns.
        has_header: bool,
    },
}

impl Form {
    /// Aligned for people, with tabs for programs, and for a user who only wants to count lines.
    pub(super) fn of(terminal: &Terminal) -> Self {
        match terminal.is_terminal() {
            true => Form::Aligned(width()),
            false => Form::Tabs { has_header: !terminal.is_quiet() },
        }
    }
}

/// Rows under named columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

/// The text of a table, and the columns that are not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Written {
    text: String,
    /// The columns that did not fit.
    left_out: Vec<&'static str>,
}

/// The separator between two columns.
const GAP: usize = 2;
/// A cell that is this much longer than most cells of its column does not widen it.
const WORTH_A_RAGGED_ROW: usize = 8;
/// The indentation of a line below its row.
const INDENT: usize = 4;
/// The minimum width of a cell next to a very long one.
const STUB: usize = 4;

impl Table {
    /// A table with these columns and rows. Text from outside is cleaned.
    pub(super) fn new(
        columns: impl Into<Vec<Column>>,
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Self {
        let rows = rows.into_iter().map(|row| row.iter().map(|cell| clean(cell)).collect());
        Table { columns: columns.into(), rows: rows.collect() }
    }

    /// Writes the table in the form of the output: aligned on a terminal, with tabs elsewhere.
    ///
    /// # Errors
    /// If the stream cannot be written.
    pub(super) fn write(&self, terminal: &mut Terminal) -> Result<(), CliError> {
        let written = self.written(Form::of(terminal));
        terminal.say(&written.text)?;
        if written.left_out.is_empty() {
            return Ok(());
        }
        let names =
            written.left_out.iter().map(|name| name.to_uppercase()).collect::<Vec<_>>().join(", ");
        terminal.talk(&format!(
            "not shown for lack of room: {names} (a pipe and --json have every column)"
        ))
    }

    /// Writes the table with tabs, wherever the output goes.
    ///
    /// # Errors
    /// If the stream cannot be written.
    pub(super) fn write_tabs(&self, terminal: &mut Terminal) -> Result<(), CliError> {
        terminal.say(&self.written(Form::Tabs { has_header: true }).text)
    }

    fn written(&self, form: Form) -> Written {
        match form {
            Form::Aligned(width) => self.aligned(width),
            Form::Tabs { has_header } => {
                Written { text: self.with_tabs(has_header), left_out: Vec::new() }
            }
        }
    }

    fn with_tabs(&self, has_header: bool) -> String {
        let header =
            self.columns.iter().map(|column| column.name.to_uppercase()).collect::<Vec<_>>();
        let header = has_header.then(|| header.join("\t"));
        // Cells without line ends and tabs, so that a row is one line and its cells can be counted.
        let line = |row: &Vec<String>| {
            row.iter().map(|cell| one_line(cell)).collect::<Vec<_>>().join("\t")
        };
        header.into_iter().chain(self.rows.iter().map(line)).map(|line| line + "\n").collect()
    }

    fn aligned(&self, width: usize) -> Written {
        let longest = self.natural_widths();
        let is_wide = longest.iter().map(|length| length + GAP).sum::<usize>() > width + GAP;
        // One long id must not narrow the titles of all other rows.
        let natural = if is_wide { self.typical_widths(&longest) } else { longest.clone() };
        let (shown, left_out) = self.shown(&natural, &longest, width);
        let widths = self.widths(&shown, &natural, width);
        let header: Vec<String> =
            self.columns.iter().map(|column| column.name.to_uppercase()).collect();
        let mut text = self.lines(&header, &shown, &widths, width);
        let mut above: Option<&Vec<String>> = None;
        for row in &self.rows {
            let is_repeated = |index: usize| {
                self.columns[index].is_once
                    && above.is_some_and(|above| above.get(index) == row.get(index))
            };
            let cells: Vec<String> = row
                .iter()
                .enumerate()
                .map(|(index, cell)| if is_repeated(index) { String::new() } else { cell.clone() })
                .collect();
            text += &self.lines(&cells, &shown, &widths, width);
            text += &self.below(row, &left_out, width);
            above = Some(row);
        }
        Written {
            text,
            left_out: left_out
                .into_iter()
                .map(|index| self.columns[index])
                .filter(|column| !column.goes_below)
                .map(|column| column.name)
                .collect(),
        }
    }

    /// The cells of a row that did not fit in it, on their own lines.
    fn below(&self, row: &[String], left_out: &[usize], width: usize) -> String {
        let cells = left_out.iter().filter(|&&index| self.columns[index].goes_below);
        let shown = cells.filter_map(|&index| {
            let cell = row.get(index).filter(|cell| !cell.is_empty())?;
            Some(format!("{} {}", self.columns[index].name, one_line(cell)))
        });
        let mut text = String::new();
        let mut line = String::new();
        for cell in shown {
            if !line.is_empty() && INDENT + line.width() + GAP + cell.width() > width {
                text += &format!("{:INDENT$}{line}\n", "");
                line.clear();
            }
            if !line.is_empty() {
                line += &" ".repeat(GAP);
            }
            line += &cell;
        }
        if line.is_empty() { text } else { text + &format!("{:INDENT$}{line}\n", "") }
    }

    /// For each column, the width that shows all its cells.
    fn natural_widths(&self) -> Vec<usize> {
        let of = |(index, column): (usize, &Column)| {
            let cells = self.rows.iter().filter(|row| !(column.overflows && is_last(row, index)));
            let lines = cells.filter_map(|row| row.get(index)).flat_map(|cell| match column.fit {
                Fit::Wrap => cell.split('\n').map(UnicodeWidthStr::width).max(),
                Fit::Whole | Fit::Cut(_) => Some(cell.width()),
            });
            lines.chain([column.name.width()]).max().unwrap_or(0)
        };
        self.columns.iter().enumerate().map(of).collect()
    }

    /// For each column, the width that shows most of its cells. A longer cell takes its room from
    /// the next cell in its row that can be cut; if there is none, the column is wide enough for
    /// every cell.
    fn typical_widths(&self, longest: &[usize]) -> Vec<usize> {
        let of = |(index, column): (usize, &Column)| {
            let gives = |column: &Column| matches!(column.fit, Fit::Cut(_));
            let is_fixed = column.is_number || column.rank.is_some() || column.overflows;
            if column.fit != Fit::Whole || is_fixed || !self.columns[index + 1..].iter().any(gives)
            {
                return longest[index];
            }
            let mut lengths: Vec<usize> = self
                .rows
                .iter()
                .filter_map(|row| row.get(index))
                .map(|cell| cell.width())
                .collect();
            lengths.sort_unstable();
            let most = lengths.get((3 * lengths.len()).div_ceil(4).saturating_sub(1));
            let most = most.copied().unwrap_or(0).max(column.name.width());
            // Misaligned columns are worse than slightly shorter titles.
            if longest[index] - most < WORTH_A_RAGGED_ROW { longest[index] } else { most }
        };
        self.columns.iter().enumerate().map(of).collect()
    }

    /// The columns that fit, and those that do not: in a typical row at minimum widths, and in the
    /// longest row with almost nothing of the cut ones.
    fn shown(
        &self,
        natural: &[usize],
        longest: &[usize],
        width: usize,
    ) -> (Vec<usize>, Vec<usize>) {
        // An optional column without any cell is not missed.
        let has_cells = |index: &usize| {
            let is_filled =
                |row: &Vec<String>| row.get(*index).is_some_and(|cell| !cell.is_empty());
            self.columns[*index].rank.is_none() || self.rows.iter().any(is_filled)
        };
        let mut shown: Vec<usize> = (0..self.columns.len()).filter(has_cells).collect();
        let mut left_out = Vec::new();
        let least = |shown: &[usize]| -> usize {
            shown
                .iter()
                .map(|&index| self.columns[index].least(natural[index]) + GAP)
                .sum::<usize>()
        };
        let least_of_longest = |shown: &[usize]| -> usize {
            let of = |&index: &usize| match self.columns[index].fit {
                Fit::Cut(_) => longest[index].min(STUB) + GAP,
                Fit::Whole | Fit::Wrap => self.columns[index].least(longest[index]) + GAP,
            };
            shown.iter().map(of).sum()
        };
        let is_too_wide = |shown: &[usize]| least(shown).max(least_of_longest(shown)) > width + GAP;
        while is_too_wide(&shown) {
            let ranked = |&index: &usize| Some((self.columns[index].rank?, index));
            let Some((_, last)) = shown.iter().filter_map(ranked).min() else { break };
            shown.retain(|&index| index != last);
            left_out.push(last);
        }
        left_out.sort_unstable();
        (shown, left_out)
    }

    /// The width of each shown column: natural, or less for columns that can be narrower.
    fn widths(&self, shown: &[usize], natural: &[usize], width: usize) -> Vec<usize> {
        let mut widths = natural.to_vec();
        let total =
            |widths: &[usize]| shown.iter().map(|&index| widths[index] + GAP).sum::<usize>();
        loop {
            let over = total(&widths).saturating_sub(width + GAP);
            let spare = |&index: &usize| widths[index] - self.columns[index].least(natural[index]);
            let widest = shown
                .iter()
                .copied()
                .filter(|index| spare(index) > 0)
                .max_by_key(|&index| widths[index]);
            let Some(widest) = widest.filter(|_| over > 0) else { return widths };
            widths[widest] -= 1;
        }
    }

    /// The lines of one row: one, unless a cell wraps.
    fn lines(&self, row: &[String], shown: &[usize], widths: &[usize], width: usize) -> String {
        let mut cells: Vec<Vec<String>> = Vec::with_capacity(shown.len());
        // The widths in this row: what a long cell takes beyond its column, the next one loses.
        let mut widths = widths.to_vec();
        let (mut at, mut beyond) = (0, 0);
        for &index in shown {
            let cell = row.get(index).map_or("", String::as_str);
            let column = self.columns[index];
            if let Fit::Cut(_) = column.fit {
                let given = beyond.min(widths[index].saturating_sub(STUB));
                widths[index] -= given;
                beyond -= given;
            } else if column.fit == Fit::Whole && !column.overflows {
                beyond += cell.width().saturating_sub(widths[index]);
            }
            let room = match column.overflows && is_last(row, index) {
                true => width.saturating_sub(at).max(widths[index]),
                false => widths[index],
            };
            cells.push(match column.fit {
                Fit::Wrap => wrapped(cell, room),
                Fit::Cut(_) => vec![cut(&one_line(cell), room)],
                Fit::Whole if column.overflows => vec![cut(&one_line(cell), room)],
                Fit::Whole => vec![one_line(cell).into_owned()],
            });
            at += widths[index] + GAP;
        }
        let height = cells.iter().map(Vec::len).max().unwrap_or(1);
        let mut text = String::new();
        for number in 0..height {
            let mut line = String::new();
            for (cell, &index) in cells.iter().zip(shown) {
                let cell = cell.get(number).map_or("", String::as_str);
                let fill = " ".repeat(widths[index].saturating_sub(cell.width()));
                line += &match self.columns[index].is_number {
                    true => format!("{fill}{cell}"),
                    false => format!("{cell}{fill}"),
                };
                line += &" ".repeat(GAP);
            }
            text += line.trim_end();
            text += "\n";
        }
        text
    }
}

/// Whether all cells after this one are empty.
fn is_last(row: &[String], index: usize) -> bool {
    row.get(index + 1..).unwrap_or_default().iter().all(String::is_empty)
}

/// `text` without line ends and tabs: each run of them becomes one space.
fn one_line(text: &str) -> Cow<'_, str> {
    let ends_cell = |c: char| matches!(c, '\n' | '\r' | '\t');
    if !text.contains(ends_cell) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.split(ends_cell)
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
    )
}

/// `text`, with `…` at its end if it is wider than `room` columns. A grapheme of several code
/// points is never split.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut taken = 0;
    for grapheme in text.graphemes(true) {
        taken += grapheme.width();
        if taken + 1 > room {
            break;
        }
        short.push_str(grapheme);
    }
    short.truncate(short.trim_end().len());
    short + "…"
}

/// The lines of `text`, none wider than `room`, broken between words where possible.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > room {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            for grapheme in word.graphemes(true) {
                if line.width() + grapheme.width() > room && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(grapheme);
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests;
