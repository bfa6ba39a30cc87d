//! AsciiDoc and MediaWiki as Markdown: the constructs that write-ups use, which are headings, lists, tables,
//! code, emphasis and links. What is none of these stays as it is written.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("valid built-in regex")
}

/// AsciiDoc as Markdown.
pub(super) fn asciidoc(text: &str) -> String {
    static ATTRIBUTE: LazyLock<Regex> =
        LazyLock::new(|| expression(r"^:(?P<name>[\w-]+):\s*(?P<value>.*)$"));
    static HEADING: LazyLock<Regex> =
        LazyLock::new(|| expression(r"^(?P<marks>={1,6})\s+(?P<text>\S.*?)(?:\s+=+)?$"));
    static ITEM: LazyLock<Regex> =
        LazyLock::new(|| expression(r"^\s*(?P<marks>\*{1,5}|-|\.{1,5})\s+(?P<text>\S.*)$"));
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        expression(r"(?:link:)?(?P<address>https?://[^\s\[\]]+)\[(?P<words>[^\]]*)\]")
    });
    let mut out: Vec<String> = Vec::new();
    let (mut code, mut table): (Option<&str>, Option<Vec<Vec<String>>>) = (None, None);
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
                Some(rows) => out.extend(table_lines(&rows)),
                None => table = Some(Vec::new()),
            }
            continue;
        }
        if let Some(rows) = table.as_mut() {
            let cells = trimmed
                .strip_prefix('|')
                .map(|rest| rest.split('|').map(|cell| cell.trim().to_owned()).collect());
            rows.extend(cells);
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
            continue;
        }
        let line = LINK.replace_all(trimmed, "[$words]($address)");
        if let Some(heading) = HEADING.captures(&line) {
            out.push(format!("{} {}\n", "#".repeat(heading["marks"].len()), &heading["text"]));
        } else if let Some(item) = ITEM.captures(&line) {
            let marks = &item["marks"];
            let mark = if marks.starts_with('.') { "1." } else { "-" };
            let indent = "   ".repeat(marks.len() - 1);
            out.push(format!("{indent}{mark} {}", bold(&item["text"])));
        } else {
            out.push(bold(&line).into_owned());
        }
    }
    out.extend(table.iter().flat_map(|rows| table_lines(rows)));
    out.join("\n")
}

/// `*bold*` of AsciiDoc.
fn bold(text: &str) -> Cow<'_, str> {
    static BOLD: LazyLock<Regex> =
        LazyLock::new(|| expression(r"(?P<before>^|[\s(])\*(?P<words>[^\s*][^*]*)\*"));
    BOLD.replace_all(text, "$before**$words**")
}

/// MediaWiki as Markdown.
pub(super) fn mediawiki(text: &str) -> String {
    static HEADING: LazyLock<Regex> =
        LazyLock::new(|| expression(r"^(?P<marks>={1,6})\s*(?P<text>[^=].*?)\s*=+\s*$"));
    static ITEM: LazyLock<Regex> =
        LazyLock::new(|| expression(r"^(?P<marks>[*#:;]+)\s*(?P<text>\S.*)$"));
    let text = without_templates(text);
    let mut out: Vec<String> = Vec::new();
    let mut table: Option<Vec<Vec<String>>> = None;
    for line in text.lines() {
        let line = line.trim_end();
        if line.starts_with("{|") {
            table = Some(vec![Vec::new()]);
            continue;
        }
        if let Some(rows) = table.as_mut() {
            match line {
                _ if line.starts_with("|}") => {
                    out.extend(table.take().iter().flat_map(|rows| table_lines(rows)));
                }
                _ if line.starts_with("|-") => rows.push(Vec::new()),
                _ if line.starts_with("|+") => {}
                _ => {
                    let cells = line.trim_start_matches(['|', '!']).replace("!!", "||");
                    let cells = cells.split("||").map(|cell| {
                        inline(cell.rsplit_once("| ").map_or(cell, |(_, cell)| cell).trim())
                    });
                    rows.last_mut().expect("there is one").extend(cells);
                }
            }
            continue;
        }
        if let Some(heading) = HEADING.captures(line) {
            out.push(format!(
                "\n{} {}\n",
                "#".repeat(heading["marks"].len()),
                inline(&heading["text"])
            ));
        } else if let Some(item) = ITEM.captures(line) {
            let marks = &item["marks"];
            let mark = if marks.ends_with('#') { "1." } else { "-" };
            out.push(format!("{}{mark} {}", "   ".repeat(marks.len() - 1), inline(&item["text"])));
        } else {
            out.push(inline(line));
        }
    }
    out.extend(table.iter().flat_map(|rows| table_lines(rows)));
    out.join("\n")
}

/// Emphasis, links and references of MediaWiki.
fn inline(text: &str) -> String {
    static BOLD: LazyLock<Regex> = LazyLock::new(|| expression(r"'''(?P<words>.+?)'''"));
    static ITALIC: LazyLock<Regex> = LazyLock::new(|| expression(r"''(?P<words>.+?)''"));
    static PAGE: LazyLock<Regex> =
        LazyLock::new(|| expression(r"\[\[(?P<page>[^\]|]+)(?:\|(?P<words>[^\]]+))?\]\]"));
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        expression(r"\[(?P<address>https?://[^\s\]]+)(?:\s+(?P<words>[^\]]+))?\]")
    });
    let text = BOLD.replace_all(text, "**$words**");
    let text = ITALIC.replace_all(&text, "*$words*");
    let text = PAGE.replace_all(&text, |found: &Captures<'_>| {
        found
            .name("words")
            .unwrap_or_else(|| found.name("page").expect("a part"))
            .as_str()
            .to_owned()
    });
    let link = |found: &Captures<'_>| {
        let address = &found["address"];
        found.name("words").map_or_else(
            || format!("<{address}>"),
            |words| format!("[{}]({address})", words.as_str()),
        )
    };
    LINK.replace_all(&text, link).into_owned()
}

/// The text without the braces of templates, whose words stay: `{{done}}`, `{{user|ann}}`.
fn without_templates(text: &str) -> String {
    static TEMPLATE: LazyLock<Regex> =
        LazyLock::new(|| expression(r"\{\{(?P<inner>[^{}|]*)(?:\|(?P<rest>[^{}]*))?\}\}"));
    let words = |found: &Captures<'_>| {
        found
            .name("rest")
            .map_or_else(|| found["inner"].to_owned(), |rest| rest.as_str().replace('|', " "))
    };
    TEMPLATE.replace_all(text, words).into_owned()
}

/// A table in Markdown; the first row is its head.
fn table_lines(rows: &[Vec<String>]) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asciidoc_as_markdown() {
        let text = "= Outage\n:author: Ann\n:toc:\n\n== Timeline\n\n* 10:00 *pages* fail\n** a detail\n. first\n\n[source]\n----\n* code\n----\n\nSee link:https://example.com/a[the page].\n\n|===\n|Time |What\n\n|10:00 |x\n|===";
        let expected = "# Outage\n\nauthor: Ann\n\n\n## Timeline\n\n\n- 10:00 **pages** fail\n   - a detail\n1. first\n\n```\n* code\n```\n\nSee [the page](https://example.com/a).\n\n\n| Time | What |\n| --- | --- |\n| 10:00 | x |\n";
        assert_eq!(asciidoc(text), expected);
    }

    #[test]
    fn mediawiki_as_markdown() {
        let text = "= Outage =\n\n== Timeline ==\n* 10:00 '''pages''' fail\n*# a [https://example.com link]\nSee [[Main page|this]] and {{done}}.\n{| class=\"wikitable\"\n! Time !! What\n|-\n| 10:00 || x\n|}\n";
        let expected = "\n# Outage\n\n\n\n## Timeline\n\n- 10:00 **pages** fail\n   1. a [link](https://example.com)\nSee this and done.\n\n| Time | What |\n| --- | --- |\n| 10:00 | x |\n";
        assert_eq!(mediawiki(text), expected);
    }
}
