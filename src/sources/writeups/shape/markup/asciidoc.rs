//! AsciiDoc as Markdown.

use std::sync::LazyLock;

use regex::Regex;

use super::shared::{expression, table_lines};

/// AsciiDoc as Markdown.
pub(super) fn asciidoc(text: &str) -> String {
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
    let mut out: Vec<String> = Vec::new();
    let (mut code, mut table): (Option<&str>, Option<Cells>) = (None, None);
    let mut columns = 0;
    let mut lists: Vec<String> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim_end();
        if let Some(fence) = code {
            let is_end = trimmed == fence;
            out.push(if is_end { "```".to_owned() } else { line.to_owned() });
            code = code.filter(|_| !is_end);
            continue;
        }
        if trimmed == "|===" {
            match table.take() {
                Some(cells) => out.extend(table_lines(&cells.rows())),
                None => {
                    table =
                        Some(Cells { columns: std::mem::take(&mut columns), ..Cells::default() });
                }
            }
            continue;
        }
        if let Some(cells) = table.as_mut() {
            cells.add(trimmed);
            continue;
        }
        if matches!(trimmed, "----" | "....") {
            code = Some(trimmed);
            out.push("```".to_owned());
            continue;
        }
        // Settings of the whole, and of the block below.
        if let Some(attribute) = ATTRIBUTE.captures(trimmed) {
            if matches!(&attribute["name"], "author" | "date" | "revdate") {
                out.push(format!("{}: {}\n", &attribute["name"], &attribute["value"]));
            }
            continue;
        }
        if trimmed.starts_with("//")
            || trimmed.starts_with('[') && trimmed.ends_with(']') && !trimmed.contains("](")
        {
            columns = columns_of(trimmed).unwrap_or(columns);
            continue;
        }
        // What goes on with an item, and what frames an example, a sidebar or a quotation.
        if matches!(trimmed, "+" | "====" | "****" | "____" | "--") {
            out.push(String::new());
            continue;
        }
        let trimmed = IMAGE.replace(trimmed, "![$words]($path)");
        if let Some(term) = TERM.captures(&trimmed) {
            let text = term.name("text").map_or("", |text| text.as_str());
            out.push(format!("- **{}** {}", &term["term"], inline(text)));
            continue;
        }
        let trimmed = trimmed.as_ref();
        let line = LINK.replace_all(trimmed, "[$words]($address)");
        let is_alone = out.last().is_none_or(|last| last.is_empty());
        if let Some(heading) = HEADING.captures(&line) {
            lists.clear();
            out.push(format!("{} {}\n", "#".repeat(heading["marks"].len()), &heading["text"]));
        } else if let Some(item) = ITEM.captures(&line) {
            let marks = &item["marks"];
            let mark = if marks.starts_with('.') { "1." } else { "-" };
            // A mark that is not open yet begins a list in the item.
            let level = lists.iter().position(|open| open == marks).unwrap_or(lists.len());
            lists.truncate(level);
            lists.push(marks.to_owned());
            let indent = "   ".repeat(level);
            out.push(format!("{indent}{mark} {}", inline(&item["text"])));
        } else {
            if is_alone && !line.is_empty() {
                lists.clear();
            }
            out.push(inline(&line));
        }
    }
    out.extend(table.iter().flat_map(|cells| table_lines(&cells.rows())));
    out.join("\n")
}

/// The cells of a table, which may be on one line or on a line each.
#[derive(Default)]
struct Cells {
    columns: usize,
    cells: Vec<String>,
}

impl Cells {
    fn add(&mut self, line: &str) {
        let Some((before, cells)) = line.split_once('|') else {
            // The text of a cell goes on.
            if let Some(cell) = self.cells.last_mut().filter(|_| !line.trim().is_empty()) {
                cell.push_str(&format!(" {}", inline(line.trim())));
            }
            return;
        };
        // `a|` and `.2+|` say how the cell is set.
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

/// How many columns a table has: `[cols="1,2,1"]`, `[cols="3*"]`.
fn columns_of(settings: &str) -> Option<usize> {
    let (_, rest) = settings.split_once("cols=")?;
    let rest = rest.trim_start_matches('"');
    let value = rest.split(['"', ']']).next()?;
    match value.split_once('*') {
        Some((count, _)) => count.parse().ok().filter(|count| *count < 100),
        None => Some(value.split(',').count()),
    }
}

/// Emphasis and notes of AsciiDoc.
fn inline(text: &str) -> String {
    static BOLD: LazyLock<Regex> =
        LazyLock::new(|| expression(r"(?P<before>^|[\s(])\*(?P<words>[^\s*][^*]*)\*"));
    static ITALIC: LazyLock<Regex> =
        LazyLock::new(|| expression(r"(?P<before>^|[\s(\x01])_(?P<words>[^\s_][^_]*)_"));
    static NOTE: LazyLock<Regex> =
        LazyLock::new(|| expression(r"footnote:\w*\[(?P<words>[^\]]*)\]"));
    // The mark of bold type is what that of italics becomes.
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
