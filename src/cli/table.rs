//! Tables for a terminal.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::terminal::{clean, width};

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// What stands between two columns.
const PADDING: u16 = 2;

/// The widths in which no word of a column breaks, its name among them; none if that is more than
/// there is. An address may be longer than any column should be, and breaks.
fn least_widths(width: usize, columns: &[(&str, Align)], rows: &[Vec<String>]) -> Vec<u16> {
    let longest_word = |index: usize, name: &str| {
        let cells = rows.iter().filter_map(|row| row.get(index)).map(String::as_str);
        let words = cells.chain([name]).flat_map(|cell| {
            cell.split(|c: char| c.is_whitespace() || (name == "incident" && c == '-')).map(|word| word.chars().count())
        });
        let longest = words.filter(|&length| length <= width / 3).max().unwrap_or(1);
        longest + usize::from(PADDING)
    };
    let least: Vec<usize> = columns.iter().enumerate().map(|(index, (name, _))| longest_word(index, name)).collect();
    if least.iter().sum::<usize>() > width {
        return Vec::new();
    }
    least.into_iter().filter_map(|least| u16::try_from(least).ok()).collect()
}

/// A table that fits the terminal: cells wrap, and text from outside is cleaned.
pub fn table(columns: &[(&str, Align)], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    table_in(width(), columns, rows)
}

fn table_in(width: usize, columns: &[(&str, Align)], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
    let least = least_widths(width, columns, &rows);
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.set_header(columns.iter().map(|(name, _)| name.to_uppercase()));
    for row in rows {
        table.add_row(row);
    }
    for (index, (name, align)) in columns.iter().enumerate() {
        if let Some(column) = table.column_mut(index) {
            if *name == "incident" {
                // An id is one word to a terminal; it may break where a person would break it.
                column.set_delimiter('-');
            }
            column.set_padding((0, PADDING));
            if let Some(least) = least.get(index) {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(*least)));
            }
            column.set_cell_alignment(match align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
        }
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_headers_break_between_words() {
        let columns = [("milestone", Align::Left), ("what", Align::Left), ("severity", Align::Left)];
        let row = ["resolved_at", "a long text that has to go over several lines of a narrow terminal", "sev1"];
        insta::assert_snapshot!(table_in(48, &columns, [row.map(str::to_owned).to_vec()]), @r"
        MILESTONE    WHAT                     SEVERITY
        resolved_at  a long text that has to  sev1
                     go over several lines
                     of a narrow terminal
        ");
    }

    #[test]
    fn an_id_breaks_at_a_hyphen() {
        let columns = [("incident", Align::Left), ("what", Align::Left)];
        let row = ["2026-03-17-ingestion-delayed-by-a-migration", "a long text that has to go over several lines"];
        insta::assert_snapshot!(table_in(40, &columns, [row.map(str::to_owned).to_vec()]), @r"
        INCIDENT            WHAT
        2026-03-17          a long text that
        ingestion-delayed   has to go over
        by-a-migration      several lines
        ");
    }
}
