//! The layout of figures for people: in a table, and in sentences with lines that never break
//! inside a figure.

use unicode_width::UnicodeWidthStr;

use crate::cli::table::{Column, Table};
use crate::cli::terminal::clean_line;
use crate::report::statistics::Figures;
use crate::text::terminal::lines as lines_of_text;

/// The figures as a table: the least important ones go below their row if there is no room.
pub(super) fn table(figures: &[Figures]) -> Table {
    let is_grouped = figures.iter().any(|figures| figures.group.is_some());
    let rows = figures.iter().map(|one| {
        let cells = [
            &one.metric,
            &one.known,
            &one.median,
            &one.interval,
            &one.p90,
            &one.p90_interval,
            &one.mean,
            &one.largest,
            &one.mean_interval,
        ];
        let group = is_grouped.then(|| one.group.clone().unwrap_or_default());
        group.into_iter().chain(cells.into_iter().cloned()).collect()
    });
    let columns = if is_grouped { COLUMNS.to_vec() } else { COLUMNS[1..].to_vec() };
    Table::new(columns, rows)
}

const COLUMNS: [Column; 10] = [
    Column::new("group").once().cut(),
    Column::new("metric"),
    Column::new("known").number(),
    // Values that are too few for a median are listed, and may overflow the column.
    Column::new("median").number().overflowing(),
    Column::new("interval").optional(5).below(),
    Column::new("p90").number().optional(4).below(),
    Column::new("p90 interval").optional(0).below(),
    Column::new("mean").number().optional(3).below(),
    Column::new("largest").number().optional(2).below(),
    Column::new("mean interval").optional(1).below(),
];

/// `text`, cleaned, with its lines broken between words and never inside a figure; all lines but
/// the first are indented by `indent` columns.
pub(super) fn filled(text: &str, indent: usize, width: usize) -> String {
    let text = clean_line(text);
    let pieces = pieces(&text);
    // If there is no room next to the head, the rest goes below it.
    let longest = pieces.iter().map(|piece| length(piece.trim_end())).max().unwrap_or(0);
    let indent = if indent + longest > width { indent.min(4) } else { indent };
    let mut lines = vec![String::new()];
    for piece in pieces {
        let Some(line) = lines.last_mut() else { break };
        if line.trim().is_empty() || length(line) + length(piece.trim_end()) <= width {
            line.push_str(piece);
        } else {
            lines.push(format!("{:indent$}{piece}", ""));
        }
    }
    // A line that begins with `::` would be a command to a CI system that reads the output.
    lines.iter().map(|line| format!("{}\n", lines_of_text(line.trim_end()))).collect()
}

/// The parts of a text between which a line may break, each with its trailing spaces.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let words: Vec<(usize, &str)> = text
        .split(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some((start, word))
        })
        .filter(|(_, word)| !word.is_empty())
        .collect();
    for pair in words.windows(2) {
        if !is_one_figure(pair[0].1, pair[1].1) {
            pieces.push(&text[start..pair[1].0]);
            start = pair[1].0;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Whether two adjacent words belong to one figure: `3 h`, `h 27`, `< 1`, `– 5`, or to a figure and
/// its name: `p90 21`.
fn is_one_figure(left: &str, right: &str) -> bool {
    let is_unit = |word: &str| matches!(word, "d" | "h" | "min" | "s" | "%");
    let starts_with_digit = right.starts_with(|c: char| c.is_ascii_digit());
    let ends_with_digit = left.ends_with(|c: char| c.is_ascii_digit());
    let bare = right.trim_end_matches([',', ';', '.', ')', ':']);
    let is_name = matches!(left, "median" | "p90" | "mean" | "largest");
    (ends_with_digit && is_unit(bare))
        || (is_unit(left) && starts_with_digit)
        || (is_name && (starts_with_digit || right.starts_with(['~', '<', '—'])))
        || matches!(left, "–" | "<" | "≥" | "=" | "−" | "×")
        || right == "–"
        || (left == "p" && matches!(right, "=" | "<"))
}

/// The width in columns.
fn length(text: &str) -> usize {
    text.width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_break_inside_a_figure() {
        let text = "a: 3 h 27 min – 4 h of time, < 1 min, 31 % of it";
        insta::assert_snapshot!(filled(text, 2, 20), @r"
        a: 3 h 27 min – 4 h
          of time, < 1 min,
          31 % of it
        ");
        assert_eq!(filled("a group ::error::b", 2, 10), "a group\n  : :error::b\n");
        assert_eq!(pieces("a  b 5 s"), ["a  ", "b ", "5 s"]);
    }
}
