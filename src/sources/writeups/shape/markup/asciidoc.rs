//! Converts AsciiDoc to Markdown.

use std::sync::LazyLock;

use regex::Regex;

use super::shared::{expression, table_lines};

static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^:(?P<name>[\w-]+):\s*(?P<value>.*)$"));
static HEADING: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^(?P<marks>={1,6})\s+(?P<text>\S.*?)(?:\s+=+)?$"));
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^\s*(?P<marks>\*{1,5}|-|\.{1,5})\s+(?P<text>\S.*)$"));
static IMAGE: LazyLock<Regex> =
    LazyLock::new(|| expression(r"image::?(?P<path>[^\s\[]+)\[(?P<words>[^\],]*)[^\]]*\]"));
static TERM: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^(?P<term>[^\s:/][^:]*(?::\d\d)?[^:]*)::(?:\s+(?P<text>\S.*))?$")
});
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"(?:link:)?(?P<address>https?://[^\s\[\]]+)\[(?P<words>[^\]]*)\]")
});

/// Converts AsciiDoc to Markdown.
pub(super) fn asciidoc(text: &str) -> String {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line);
    }
    reader.finish()
}

#[derive(Default)]
struct Reader<'t> {
    out: Vec<String>,
    /// The delimiter line that ends the open code block.
    code: Option<&'t str>,
    table: Option<Cells>,
    /// The number of columns of the next table from the line above it, or 0 if not stated.
    columns: usize,
    /// The markers of the open lists, outermost first.
    lists: Vec<String>,
}

impl<'t> Reader<'t> {
    fn line(&mut self, line: &'t str) {
        let trimmed = line.trim_end();
        if let Some(fence) = self.code {
            let is_end = trimmed == fence;
            self.out.push(if is_end { "```".to_owned() } else { line.to_owned() });
            self.code = self.code.filter(|_| !is_end);
        } else if trimmed == "|===" {
            self.table = match self.table.take() {
                Some(cells) => {
                    self.out.extend(table_lines(&cells.rows()));
                    None
                }
                None => {
                    Some(Cells { columns: std::mem::take(&mut self.columns), ..Cells::default() })
                }
            };
        } else if let Some(cells) = self.table.as_mut() {
            cells.add(trimmed);
        } else if matches!(trimmed, "----" | "....") {
            self.code = Some(trimmed);
            self.out.push("```".to_owned());
        } else if let Some(attribute) = ATTRIBUTE.captures(trimmed) {
            // A document attribute.
            if matches!(&attribute["name"], "author" | "date" | "revdate") {
                self.out.push(format!("{}: {}\n", &attribute["name"], &attribute["value"]));
            }
        } else if trimmed.starts_with("//")
            || trimmed.starts_with('[') && trimmed.ends_with(']') && !trimmed.contains("](")
        {
            // A comment, or the attributes of the block below.
            self.columns = columns_of(trimmed).unwrap_or(self.columns);
        } else if matches!(trimmed, "+" | "====" | "****" | "____" | "--") {
            // A list continuation, or the delimiter of an example, a sidebar, a quotation or an
            // open block.
            self.out.push(String::new());
        } else {
            self.text(&IMAGE.replace(trimmed, "![$words]($path)"));
        }
    }

    /// Adds a line of text: a term, a heading, a list item, or part of a paragraph.
    fn text(&mut self, line: &str) {
        if let Some(term) = TERM.captures(line) {
            let text = term.name("text").map_or("", |text| text.as_str());
            self.out.push(format!("- **{}** {}", &term["term"], inline(text)));
            return;
        }
        let line = LINK.replace_all(line, "[$words]($address)");
        let is_alone = self.out.last().is_none_or(|last| last.is_empty());
        if let Some(heading) = HEADING.captures(&line) {
            self.lists.clear();
            self.out.push(format!("{} {}\n", "#".repeat(heading["marks"].len()), &heading["text"]));
        } else if let Some(item) = ITEM.captures(&line) {
            let marks = &item["marks"];
            let mark = if marks.starts_with('.') { "1." } else { "-" };
            // A marker that is not open yet begins a nested list.
            let open = self.lists.iter().position(|open| open == marks);
            let level = open.unwrap_or(self.lists.len());
            self.lists.truncate(level);
            self.lists.push(marks.to_owned());
            let indent = "   ".repeat(level);
            self.out.push(format!("{indent}{mark} {}", inline(&item["text"])));
        } else {
            if is_alone && !line.is_empty() {
                self.lists.clear();
            }
            self.out.push(inline(&line));
        }
    }

    fn finish(mut self) -> String {
        self.out.extend(self.table.iter().flat_map(|cells| table_lines(&cells.rows())));
        self.out.join("\n")
    }
}

/// The cells of a table, which can share a line or have a line each.
#[derive(Default)]
struct Cells {
    columns: usize,
    cells: Vec<String>,
}

impl Cells {
    fn add(&mut self, line: &str) {
        let Some((before, cells)) = line.split_once('|') else {
            // The text of the last cell continues.
            if let Some(cell) = self.cells.last_mut().filter(|_| !line.trim().is_empty()) {
                cell.push_str(&format!(" {}", inline(line.trim())));
            }
            return;
        };
        // `a|` and `.2+|` are cell formats.
        let is_mark = before.len() <= 5 && !before.contains(char::is_whitespace);
        let cells = if is_mark { cells } else { line };
        let count = self.cells.len();
        self.cells.extend(cells.split('|').map(|cell| inline(cell.trim())));
        if self.columns == 0 {
            self.columns = self.cells.len() - count;
        }
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.cells.chunks(self.columns.max(1)).map(<[String]>::to_vec).collect()
    }
}

/// Returns the number of columns from the attributes of a table: `[cols="1,2,1"]`, `[cols="3*"]`.
fn columns_of(settings: &str) -> Option<usize> {
    let (_, rest) = settings.split_once("cols=")?;
    let rest = rest.trim_start_matches('"');
    let value = rest.split(['"', ']']).next()?;
    match value.split_once('*') {
        Some((count, _)) => count.parse().ok().filter(|count| *count < 100),
        None => Some(value.split(',').count()),
    }
}

/// Converts emphasis and footnotes.
fn inline(text: &str) -> String {
    static BOLD: LazyLock<Regex> =
        LazyLock::new(|| expression(r"(?P<before>^|[\s(])\*(?P<words>[^\s*][^*]*)\*"));
    static ITALIC: LazyLock<Regex> =
        LazyLock::new(|| expression(r"(?P<before>^|[\s(\x01])_(?P<words>[^\s_][^_]*)_"));
    static NOTE: LazyLock<Regex> =
        LazyLock::new(|| expression(r"footnote:\w*\[(?P<words>[^\]]*)\]"));
    // Bold is a placeholder until italics are converted: `*` is bold in AsciiDoc and italic in
    // Markdown.
    let text = BOLD.replace_all(text, "${before}\u{1}${words}\u{1}");
    let text = ITALIC.replace_all(&text, "${before}*${words}*");
    NOTE.replace_all(&text, " (${words})").replace('\u{1}', "**")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asciidoc_becomes_markdown() {
        let text = "= Outage\n:author: Ann\n:toc:\n\n== Timeline\n\n* 10:00 *pages* fail\n** a detail\n. first\n\n[source]\n----\n* code\n----\n\nSee link:https://example.com/a[the page].\n\n|===\n|Time |What\n\n|10:00 |x\n|===";
        let expected = "# Outage\n\nauthor: Ann\n\n\n## Timeline\n\n\n- 10:00 **pages** fail\n   - a detail\n      1. first\n\n```\n* code\n```\n\nSee [the page](https://example.com/a).\n\n\n| Time | What |\n| --- | --- |\n| 10:00 | x |\n";
        assert_eq!(asciidoc(text), expected);
    }

    #[test]
    fn asciidoc_cells_terms_and_images_are_converted() {
        for (text, expected) in [
            (
                "[cols=\"1,1\"]\n|===\n|Time\n|What\n\n|10:00\na|it\nbroke\n|===",
                "| Time | What |\n| --- | --- |\n| 10:00 | it broke |",
            ),
            ("[cols=\"2*\"]\n|===\n|a |b |c\n|d\n|===", "| a | b |\n| --- | --- |\n| c | d |"),
            ("10:00:: It broke.\nAt 10:00::x", "- **10:00** It broke.\nAt 10:00::x"),
            ("image::a.png[A graph,300]", "![A graph](a.png)"),
            ("* a\n+\nb", "- a\n\nb"),
        ] {
            assert_eq!(asciidoc(text).trim(), expected, "{text}");
        }
    }
}
