//! Tables in the form of Markdown: a header and rows, with each cell on one line.

use scraper::ElementRef;

use super::blocks::Blocks;
use super::line::{is_blank, one_line};
use super::writer::Writer;

/// The most columns and rows that a spanning cell may cover, so that a few bytes cannot produce a
/// huge number of empty cells.
const MAX_SPAN: usize = 40;

/// The most cells that one spanning cell may fill.
const MAX_FILLED: usize = 400;

/// The most characters of a cell that is repeated in the rows that it covers: enough for a time or
/// a name, but not for a paragraph.
const MAX_REPEATED: usize = 80;

/// A row of a table.
struct Row<'h> {
    cells: Vec<ElementRef<'h>>,
    /// Whether it is in the `<thead>`.
    is_in_head: bool,
}

impl Writer {
    /// Writes a table; a layout table becomes its content.
    pub(super) fn table(&self, table: ElementRef<'_>, depth: usize, blocks: &mut Blocks) {
        let rows = rows(table);
        blocks.flush(self.mode);
        if is_layout(table, &rows) {
            blocks.done.extend(self.flow(table, depth));
            return;
        }
        for child in table.child_elements().filter(|child| child.value().name() == "caption") {
            blocks.done.extend(self.flow(child, depth));
        }
        let mut grid = self.grid(&rows, depth);
        let head = if grid.first().is_some_and(|first| is_head(&rows, first)) {
            grid.remove(0)
        } else {
            Vec::new()
        };
        grid.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        let width = grid.iter().chain([&head]).map(Vec::len).max().unwrap_or_default();
        if width > 0 {
            blocks.done.push(pipes(head, &grid, width));
        }
    }

    /// The texts of all cells by row and column.
    fn grid(&self, rows: &[Row<'_>], depth: usize) -> Vec<Vec<String>> {
        let mut spanning = SpanningCells::default();
        rows.iter()
            .map(|row| {
                let mut line = Vec::with_capacity(row.cells.len());
                for &cell in &row.cells {
                    spanning.fill(&mut line);
                    let text = self.cell(cell, depth);
                    let columns =
                        span(cell, "colspan").clamp(1, MAX_SPAN.saturating_sub(line.len()).max(1));
                    let rows = span(cell, "rowspan").clamp(1, (MAX_FILLED / columns).min(MAX_SPAN));
                    spanning.add(line.len(), columns, rows - 1, &text);
                    line.push(text);
                    line.resize(line.len() + columns - 1, String::new());
                }
                spanning.fill(&mut line);
                spanning.next_row();
                line
            })
            .collect()
    }

    /// The content of a cell on one line.
    fn cell(&self, cell: ElementRef<'_>, depth: usize) -> String {
        let text = self.flow(cell, depth).join("\n");
        let lines = text.lines().map(|line| without_block_mark(line.trim_start()));
        one_line(&lines.collect::<Vec<_>>().join(" ")).replace('|', "\\|")
    }
}

/// Cells of earlier rows that cover later ones: for each column the number of rows left, and the
/// text.
#[derive(Default)]
struct SpanningCells {
    columns: Vec<(usize, String)>,
    /// The column up to which this row has used them.
    at: usize,
}

impl SpanningCells {
    fn add(&mut self, column: usize, columns: usize, rows: usize, text: &str) {
        if column >= MAX_SPAN {
            return;
        }
        // Only the columns after these are left in this row.
        self.at = column + columns;
        if self.columns.len() < self.at {
            self.columns.resize(self.at, (0, String::new()));
        }
        for (offset, place) in self.columns[column..self.at].iter_mut().enumerate() {
            let is_repeated = offset == 0 && rows > 0 && text.len() <= MAX_REPEATED;
            // One more, since the current row counts as one.
            *place = (rows + 1, if is_repeated { text.to_owned() } else { String::new() });
        }
    }

    /// Fills the columns that earlier cells cover, from the end of the line.
    fn fill(&mut self, line: &mut Vec<String>) {
        while let Some((rows, text)) =
            self.columns.get(line.len()).filter(|_| line.len() >= self.at)
        {
            if *rows == 0 {
                break;
            }
            line.push(text.clone());
        }
    }

    fn next_row(&mut self) {
        self.at = 0;
        self.columns.iter_mut().for_each(|(rows, _)| *rows = rows.saturating_sub(1));
    }
}

/// The rows of a table, without those of nested tables.
fn rows<'h>(table: ElementRef<'h>) -> Vec<Row<'h>> {
    let mut rows = Vec::new();
    let mut push = |row: ElementRef<'h>, is_in_head| {
        let is_cell = |cell: &ElementRef<'_>| matches!(cell.value().name(), "td" | "th");
        let cells = row.child_elements().filter(is_cell).collect();
        rows.push(Row { cells, is_in_head });
    };
    for child in table.child_elements() {
        match child.value().name() {
            "tr" => push(child, false),
            name @ ("thead" | "tbody" | "tfoot") => {
                let inner = child.child_elements().filter(|row| row.value().name() == "tr");
                inner.for_each(|row| push(row, name == "thead"));
            }
            _ => {}
        }
    }
    rows.retain(|row| !row.cells.is_empty());
    rows
}

/// Whether a table only lays out a page, as on old pages, or frames a remark: it has no header
/// cells, and only one column or whole sections in its cells.
fn is_layout(table: ElementRef<'_>, rows: &[Row<'_>]) -> bool {
    if matches!(table.attr("role"), Some("presentation" | "none")) {
        return true;
    }
    let cells = || rows.iter().flat_map(|row| &row.cells);
    let is_section =
        |name: &str| matches!(name, "table" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    let has_section = |cell: &ElementRef<'_>| {
        cell.descendent_elements().any(|inner| is_section(inner.value().name()))
    };
    cells().all(|cell| cell.value().name() == "td")
        && (rows.iter().all(|row| row.cells.len() == 1) || cells().any(has_section))
}

/// Whether the first row is the header. If no cell is marked as a header, the row is one if all of
/// it is bold, or if it consists of words only and the table has more columns than pairs of label
/// and value.
fn is_head(rows: &[Row<'_>], first: &[String]) -> bool {
    let Some(row) = rows.first() else { return false };
    let is_th = |cell: &ElementRef<'_>| cell.value().name() == "th";
    if row.is_in_head {
        return true;
    }
    if rows.iter().any(|row| row.cells.iter().any(is_th)) {
        // The cell in the corner is often not marked as a header.
        return row.cells.iter().any(is_th)
            && row.cells.iter().all(|cell| is_th(cell) || is_blank(*cell));
    }
    let is_bold = |text: &String| text.starts_with("**") && text.ends_with("**");
    let is_words = |text: &String| !text.is_empty() && !text.contains(|c: char| c.is_ascii_digit());
    rows.len() > 1 && (first.iter().all(is_bold) || first.len() > 2 && first.iter().all(is_words))
}

/// Removes the markers of a list, a heading or a quotation from a line. Text that only looks like a
/// marker is escaped, and so does not match.
fn without_block_mark(line: &str) -> &str {
    let unmarked = line.trim_start_matches('#');
    match line.strip_prefix("- ").or_else(|| line.strip_prefix("> ")) {
        Some(rest) => without_block_mark(rest.trim_start()),
        None if unmarked.len() < line.len() && unmarked.starts_with(' ') => &unmarked[1..],
        None => line,
    }
}

fn span(cell: ElementRef<'_>, name: &str) -> usize {
    cell.attr(name).and_then(|count| count.trim().parse().ok()).unwrap_or(1)
}

/// The table in Markdown. Rows that are shorter than the header need no empty cells.
fn pipes(mut head: Vec<String>, rows: &[Vec<String>], width: usize) -> String {
    head.resize(width, String::new());
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let rule = format!("|{}", " --- |".repeat(width));
    let lines = [line(&head), rule].into_iter().chain(rows.iter().map(|row| line(row)));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use crate::text::clean::clean_document;

    fn document(html: &str) -> String {
        clean_document(Html::parse_document(html).root_element())
    }

    #[test]
    fn table_gets_a_header_and_single_line_cells() {
        let html = "before<table><caption>What <b>broke</b></caption><thead><tr><th>Time<th>What</thead>\
            <tr><td>10:00<td><p>a|b</p><ul><li>one<li>two</ul><tr><td> <td><tr><td><code>x|y</code><td>c<br>d</table>after";
        let expected = "before\n\nWhat **broke**\n\n| Time | What |\n| --- | --- |\n| 10:00 | a\\|b one two |\n\
            | `x\\|y` | c d |\n\nafter";
        assert_eq!(document(html), expected);
    }

    #[test]
    fn row_labels_are_not_a_header() {
        let html = "<table><tr><th>Status<td>resolved<tr><th>Severity<td>2</table>";
        assert_eq!(
            document(html),
            "|  |  |\n| --- | --- |\n| Status | resolved |\n| Severity | 2 |"
        );
        let bare = html.replace("<th>", "<td>");
        assert_eq!(document(&bare), document(html), "in a table of pairs no first row is a head");
    }

    #[test]
    fn unmarked_header_row_is_detected() {
        let bold = "<table><tr><td><b>Time</b><td><b>What</b><tr><td>10:00<td>down</table>";
        assert_eq!(document(bold), "| **Time** | **What** |\n| --- | --- |\n| 10:00 | down |");
        let wide = "<table><tr><td>Owner<td>What<td>Ticket<tr><td>Ana<td>alert<td>X-1</table>";
        assert_eq!(
            document(wide),
            "| Owner | What | Ticket |\n| --- | --- | --- |\n| Ana | alert | X-1 |"
        );
        let corner = "<table><tr><td><th>May<th>June<tr><th>outages<td>1<td>2</table>";
        assert_eq!(document(corner), "|  | May | June |\n| --- | --- | --- |\n| outages | 1 | 2 |");
    }

    #[test]
    fn row_and_column_spans_are_filled() {
        let html = "<table><tr><th>Day<th>Time<th>What<tr><td rowspan=2>Monday<td>10:00<td>down\
            <tr><td>11:00<td>up<tr><td colspan=3>calm<tr><td>Friday<td>12:00<td>done</table>";
        let expected = "| Day | Time | What |\n| --- | --- | --- |\n| Monday | 10:00 | down |\n\
            | Monday | 11:00 | up |\n| calm |  |  |\n| Friday | 12:00 | done |";
        assert_eq!(document(html), expected);
        let sea = format!("<table>{}</table>", "<tr><th colspan=9999 rowspan=9999>x".repeat(1000));
        assert!(document(&sea).len() < 200 * sea.len());
    }

    #[test]
    fn layout_table_becomes_its_content() {
        let framed = "<table><tr><td><p>Note<p>well</table>";
        assert_eq!(document(framed), "Note\n\nwell");
        let page = "<table><tr><td>left<td><h2>Right</h2><table><tr><th>a<tr><td>b</table></table>";
        assert_eq!(document(page), "left\n\n## Right\n\n| a |\n| --- |\n| b |");
    }
}
