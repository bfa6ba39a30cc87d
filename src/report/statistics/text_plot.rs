//! The durations as lines of characters: a logarithmic axis for a terminal.

use super::drawings::strip_rows;
use crate::analysis::stats::StatsTable;
use crate::figure::lengths::{self, Row};
use crate::figure::log_axis::LogAxis;

/// The narrowest axis.
const NARROWEST: usize = 20;

/// A line for each row of values, and the axis below, at most `width` columns wide. Empty without
/// values.
pub(crate) fn lines(answer: &StatsTable, width: usize) -> Vec<String> {
    let rows = strip_rows(answer);
    let names = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).min(24);
    let room = width.saturating_sub(names + 2).max(NARROWEST);
    let axis = LogAxis::new(lengths::ends(&rows), 0.0, (room - 1) as f32);
    let Some(axis) = axis else { return Vec::new() };
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let name: String = row.name.chars().take(names).collect();
            format!("{name:names$}  {}", cells(row, &axis, room))
        })
        .collect();
    lines.push(format!("{:names$}  {}", "", labels(&axis, room)));
    lines
}

/// `·` is a value, `:` several, `[╌]` an uncertain one, `›` ongoing; `─` the interval of the
/// median, `┃` the median.
fn cells(row: &Row, axis: &LogAxis, room: usize) -> String {
    let place = |seconds: f64| (axis.x(seconds).round() as usize).min(room - 1);
    let mut cells = vec![' '; room];
    let [median, low, high] = row.median;
    if median.is_some() && (low.is_some() || high.is_some()) {
        let (from, to) = (low.map_or(0, place), high.map_or(room - 1, place));
        cells[from..=to].fill('─');
    }
    for length in &row.values {
        let (from, to) = (place(length.least), place(length.most));
        if from < to {
            cells[from + 1..to].fill('╌');
            (cells[from], cells[to]) = ('[', ']');
            continue;
        }
        cells[from] = match (cells[from], length.is_over) {
            ('·' | ':' | '›', _) => ':',
            (_, true) => '·',
            (_, false) => '›',
        };
    }
    if let Some(median) = median {
        cells[place(median)] = '┃';
    }
    cells.into_iter().collect::<String>().trim_end().to_owned()
}

/// The labels of the ticks, each centred below its place where there is room.
fn labels(axis: &LogAxis, room: usize) -> String {
    let mut line = String::new();
    for (x, label) in axis.ticks() {
        let length = label.chars().count();
        let start = (x.round() as usize).saturating_sub(length / 2).min(room - length);
        let written = line.chars().count();
        if written == 0 || start > written {
            line.extend(std::iter::repeat_n(' ', start - written));
            line.push_str(label);
        }
    }
    line
}
