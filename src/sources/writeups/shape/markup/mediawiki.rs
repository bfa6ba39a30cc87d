//! Converts MediaWiki markup to Markdown.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::shared::{expression, table_lines};

/// Converts MediaWiki markup to Markdown.
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

/// Converts emphasis and links.
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

/// Removes the braces of templates but keeps their words: `{{done}}`, `{{user|ann}}`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mediawiki_becomes_markdown() {
        let text = "= Outage =\n\n== Timeline ==\n* 10:00 '''pages''' fail\n*# a [https://example.com link]\nSee [[Main page|this]] and {{done}}.\n{| class=\"wikitable\"\n! Time !! What\n|-\n| 10:00 || x\n|}\n";
        let expected = "\n# Outage\n\n\n\n## Timeline\n\n- 10:00 **pages** fail\n   1. a [link](https://example.com)\nSee this and done.\n\n| Time | What |\n| --- | --- |\n| 10:00 | x |\n";
        assert_eq!(mediawiki(text), expected);
    }
}
