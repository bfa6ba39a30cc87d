//! Tables for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::terminal::{clean, width};

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table that fits the terminal: cells wrap, and text from outside is cleaned.
pub fn table(columns: &[(&str, Align)], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width()).unwrap_or(u16::MAX));
    table.set_header(columns.iter().map(|(name, _)| name.to_uppercase()));
    for row in rows {
        table.add_row(row.iter().map(|cell| clean(cell)));
    }
    for (index, (name, align)) in columns.iter().enumerate() {
        if let Some(column) = table.column_mut(index) {
            if *name == "incident" {
                // An id is one word to a terminal; it may break where a person would break it.
                column.set_delimiter('-');
            }
            column.set_padding((0, 2));
            column.set_cell_alignment(match align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
        }
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}
