//! Textile, and the markup of Jira and Confluence that came of it, as Markdown.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::shared::{expression, table_lines};

static HEADING: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^h(?P<level>[1-6])(?:[({\[][^.]*)?\.\s+(?P<text>\S.*)$"));
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^\s*(?P<marks>[*#-]+)\s+(?P<text>\S.*)$"));
/// `{code:java}`, `{noformat}`; a block of Textile: `bc. `, `pre. `.
static FENCE: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^\s*\{(?P<name>code|noformat|quote|panel)(?P<settings>:[^}]*)?\}(?P<rest>.*)$")
});
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^(?P<name>bc|pre|bq|p|notextile)(?:\([^)]*\))?(?P<goes_on>\.?)\. (?P<text>.*)$")
});

/// Textile as Markdown.
pub(super) fn textile(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut code: Option<String> = None;
    let (mut is_block, mut goes_on) = (false, false);
    for line in text.lines() {
        let line = line.trim_end();
        if let Some(name) = &code {
            match line.trim().strip_suffix(&format!("{{{name}}}")) {
                Some(last) => {
                    out.extend((!last.is_empty()).then(|| last.to_owned()));
                    out.push("```".to_owned());
                    code = None;
                }
                None => out.push(line.to_owned()),
            }
            continue;
        }
        if is_block {
            // A block of code ends with the paragraph, or where the next one begins.
            let is_end = if goes_on {
                BLOCK.is_match(line) || HEADING.is_match(line)
            } else {
                line.is_empty()
            };
            if !is_end {
                out.push(line.to_owned());
                continue;
            }
            is_block = false;
            out.push("```".to_owned());
        }
        if !line.starts_with('|') && !table.is_empty() {
            out.extend(table_lines(&std::mem::take(&mut table)));
        }
        if let Some(fence) = FENCE.captures(line) {
            let rest = fence["rest"].trim();
            match &fence["name"] {
                name @ ("code" | "noformat") => {
                    let language =
                        fence.name("settings").map_or("", |settings| &settings.as_str()[1..]);
                    let language = if language.contains(['=', '|']) { "" } else { language };
                    out.push(format!("```{language}"));
                    match rest.strip_suffix(&format!("{{{name}}}")) {
                        Some(all) => out.extend([all.to_owned(), "```".to_owned()]),
                        None => {
                            out.extend((!rest.is_empty()).then(|| rest.to_owned()));
                            code = Some(name.to_owned());
                        }
                    }
                }
                _ => {
                    let title = fence.name("settings").and_then(|settings| {
                        let title = settings
                            .as_str()
                            .split(['|', ':'])
                            .find_map(|part| part.strip_prefix("title="))?;
                        Some(format!("\n**{title}**\n"))
                    });
                    out.extend(title);
                    out.push(inline(rest));
                }
            }
        } else if let Some(heading) = HEADING.captures(line) {
            let level = heading["level"].parse().unwrap_or(1);
            out.push(format!("\n{} {}\n", "#".repeat(level), inline(&heading["text"])));
        } else if let Some(block) = BLOCK.captures(line) {
            let text = &block["text"];
            match &block["name"] {
                "bq" => out.push(format!("> {}", inline(text))),
                "p" => out.push(inline(text)),
                _ => {
                    (is_block, goes_on) = (true, !block["goes_on"].is_empty());
                    out.extend(["```".to_owned(), text.to_owned()]);
                }
            }
        } else if line.starts_with('|') {
            table.push(cells(line));
        } else if let Some(item) =
            ITEM.captures(line).filter(|_| line.trim() != "-" && !line.starts_with("---"))
        {
            let marks = &item["marks"];
            let mark = if marks.ends_with('#') { "1." } else { "-" };
            out.push(format!("{}{mark} {}", "   ".repeat(marks.len() - 1), inline(&item["text"])));
        } else {
            out.push(inline(line));
        }
    }
    if code.is_some() || is_block {
        out.push("```".to_owned());
    }
    out.extend(table_lines(&table));
    out.join("\n")
}

/// The cells of a row: `|_. Head |_. Head |`, `||Head||Head||`, `|text|[words|address]|`.
fn cells(line: &str) -> Vec<String> {
    static HEAD: LazyLock<Regex> =
        LazyLock::new(|| expression(r"^(?:_|[<>=~^]|\\\d+|/\d+|\([^)]*\))+\. ?"));
    // A link has the mark of a cell in it.
    let (mut cells, mut depth) = (vec![String::new()], 0_usize);
    for c in line.trim().trim_matches('|').replace("||", "|").chars() {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match cells.last_mut() {
            Some(cell) if c != '|' || depth > 0 => cell.push(c),
            _ => cells.push(String::new()),
        }
    }
    cells.iter().map(|cell| inline(HEAD.replace(cell.trim(), "").trim())).collect()
}

/// Emphasis, code, links and signs.
fn inline(text: &str) -> String {
    static COLOR: LazyLock<Regex> = LazyLock::new(|| {
        expression(r"\{(?:color|anchor|status)(?::[^}]*)?\}|%\{[^}]*\}(?P<words>[^%]*)%")
    });
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        expression(
            r"\{\{(?P<jira>[^{}]+)\}\}|(?P<before>^|[\s(])@(?P<textile>[^@\s](?:[^@]*[^@\s])?)@",
        )
    });
    static BOLD: LazyLock<Regex> =
        LazyLock::new(|| expression(r"(?P<before>^|[\s(|])\*(?P<words>[^\s*](?:[^*]*[^\s*])?)\*"));
    static ITALIC: LazyLock<Regex> = LazyLock::new(|| {
        expression(r"(?P<before>^|[\s(|\x01])_(?P<words>[^\s_](?:[^_]*[^\s_])?)_")
    });
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        expression(
            r#""(?P<words>[^"]+)":(?P<address>https?://[^\s<>"]*[\w/=&#-])|\[(?:(?P<name>[^\[\]|]+)\|)?(?P<target>(?:https?://|mailto:)[^\s\[\]|]+)(?:\|[^\]]*)?\]|\[~(?:accountid:)?(?P<person>[^\]]+)\]"#,
        )
    });
    static IMAGE: LazyLock<Regex> = LazyLock::new(|| {
        expression(r"!(?P<path>[^\s!|]+\.(?:png|jpe?g|gif|svg|webp))(?:\|[^!]*)?!")
    });
    let text = COLOR.replace_all(text, "$words");
    let text = text.replace("(/)", "\u{2611}").replace("(x)", "\u{2610}").replace(r"\\", "<br>");
    let text = IMAGE.replace_all(&text, "![]($path)");
    let text = LINK.replace_all(&text, |found: &Captures<'_>| {
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let (words, address) =
            ([part("words"), part("name")].concat(), [part("address"), part("target")].concat());
        match (words.is_empty(), address.is_empty()) {
            (_, true) => part("person").to_owned(),
            (true, false) => format!("<{address}>"),
            (false, false) => format!("[{words}]({address})"),
        }
    });
    // The mark of bold type is what that of italics becomes.
    let text = BOLD.replace_all(&text, "${before}\u{1}${words}\u{1}");
    let text = ITALIC.replace_all(&text, "${before}*${words}*").replace('\u{1}', "**");
    let code = |found: &Captures<'_>| {
        let before = found.name("before").map_or("", |before| before.as_str());
        let code =
            found.name("jira").or_else(|| found.name("textile")).map_or("", |code| code.as_str());
        format!("{before}`{code}`")
    };
    CODE.replace_all(&text, code).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn textile_and_jira_markup_is_converted() {
        for (text, expected) in [
            ("h2. Root cause", "## Root cause"),
            ("* *10:00* pages _fail_", "- **10:00** pages *fail*"),
            ("*_both_* and %{color:red}red% 5 %", "***both*** and red 5 %"),
            ("@a_b@ {{c_d}} me@example.com", "`a_b` `c_d` me@example.com"),
            (
                "\"words\":https://example.com/a. [https://example.com] [~ann]",
                "[words](https://example.com/a). <https://example.com> ann",
            ),
            (
                "||Time||What||\n|10:00|[page|https://example.com]|",
                "| Time | What |\n| --- | --- |\n| 10:00 | [page](https://example.com) |",
            ),
            (
                "{panel:title=Impact|borderStyle=dashed}\nAll of it.\n{panel}",
                "**Impact**\n\n\nAll of it.",
            ),
            ("{code:title=a|java}x{code}", "```\nx\n```"),
            ("bc.. a\n\nb\n\np. c", "```\na\n\nb\n\n```\nc"),
            ("bq. said", "> said"),
            ("# (/) done\n# (x) open", "1. \u{2611} done\n1. \u{2610} open"),
            ("----\nx", "----\nx"),
        ] {
            assert_eq!(textile(text).trim(), expected, "{text}");
        }
    }
}
