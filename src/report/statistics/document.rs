//! A report on statistics as Markdown.

use super::figures::{Figures, rows};
use crate::analysis::stats::StatsTable;
use crate::report::figures::Drawing;
use crate::text::markdown::line;

/// The report: a summary, the figures, a table of all numbers, and the notes that explain them.
pub(crate) fn markdown(
    title: &str,
    subtitle: &str,
    answer: &StatsTable,
    notes: &[String],
    drawings: &[Drawing],
) -> String {
    let mut out = format!("# {}\n\n{}\n\n", line(title), line(subtitle));
    for (name, heading) in [
        ("months", "Incidents and impact"),
        ("durations", "How long they took"),
        ("survival", "How long they last"),
    ] {
        if let Some(drawing) = drawings.iter().find(|drawing| drawing.name == name) {
            let alt = line(&drawing.figure.alt).replace(['[', ']'], "");
            out.push_str(&format!("## {heading}\n\n![{alt}](figure:{name})\n\n"));
        }
    }
    out.push_str("## Figures\n\n");
    table(&rows(answer), &mut out);
    out.push_str("\n## Notes\n\n");
    for note in notes {
        // A note on one duration of a group is indented below that of the group.
        let indent = if note.starts_with(' ') { "  " } else { "" };
        out.push_str(&format!("{indent}- {}\n", line(note.trim())));
    }
    out
}

type Column = (&'static str, fn(&Figures) -> &str);

const COLUMNS: [Column; 8] = [
    ("Group", |row| row.group.as_deref().unwrap_or_default()),
    ("Duration", |row| &row.metric),
    ("Known", |row| &row.known),
    ("Median", |row| &row.median),
    ("Interval", |row| &row.interval),
    ("90 %", |row| &row.p90),
    ("Mean", |row| &row.mean),
    ("Mean interval", |row| &row.mean_interval),
];

fn table(rows: &[Figures], out: &mut String) {
    let is_used = |column: &&Column| rows.iter().any(|row| !column.1(row).is_empty());
    let columns: Vec<&Column> = COLUMNS.iter().filter(is_used).collect();
    if columns.is_empty() {
        return;
    }
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&row(columns.iter().map(|(name, _)| (*name).to_owned()).collect()));
    out.push_str(&row(vec!["---".to_owned(); columns.len()]));
    for one in rows {
        out.push_str(&row(columns.iter().map(|(_, cell)| line(cell(one))).collect()));
    }
}
