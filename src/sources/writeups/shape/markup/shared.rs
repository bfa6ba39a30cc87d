//! Helpers that the converters share.

use regex::Regex;

/// Compiles a built-in regex.
pub(super) fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("valid built-in regex")
}

/// Formats a Markdown table. The first row is the header; empty rows are left out.
pub(super) fn table_lines(rows: &[Vec<String>]) -> Vec<String> {
    let rows: Vec<&Vec<String>> =
        rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
    let Some(width) = rows.iter().map(|row| row.len()).max() else { return Vec::new() };
    let line = |row: &Vec<String>| {
        let cells =
            (0..width).map(|at| row.get(at).map_or(String::new(), |cell| cell.replace('|', "\\|")));
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    let mut lines = vec![String::new()];
    for (at, row) in rows.into_iter().enumerate() {
        lines.push(line(row));
        if at == 0 {
            lines.push(format!("|{}", " --- |".repeat(width)));
        }
    }
    lines.push(String::new());
    lines
}
