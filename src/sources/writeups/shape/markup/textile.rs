//! Converts Textile, and the Jira and Confluence markup derived from it, to Markdown.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::shared::{expression, table_lines};

static HEADING: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^h(?P<level>[1-6])(?:[({\[][^.]*)?\.\s+(?P<text>\S.*)$"));
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^\s*(?P<marks>[*#-]+)\s+(?P<text>\S.*)$"));
/// `{code:java}`, `{noformat}`; the blocks of Textile itself: `bc. `, `pre. `.
static FENCE: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^\s*\{(?P<name>code|noformat|quote|panel)(?P<settings>:[^}]*)?\}(?P<rest>.*)$")
});
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^(?P<name>bc|pre|bq|p|notextile)(?:\([^)]*\))?(?P<goes_on>\.?)\. (?P<text>.*)$")
});

/// Converts Textile to Markdown.
pub(super) fn textile(text: &str) -> String {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line.trim_end());
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    out: Vec<String>,
    table: Vec<Vec<String>>,
    code: Option<Code>,
}

/// The kind of the open code block, which determines its end.
enum Code {
    /// `{code}` or `{noformat}`: ends at the same mark.
    Mark(String),
    /// `bc. `: ends with the paragraph.
    Paragraph,
    /// `bc.. `: ends before the next block or heading.
    Block,
}

impl Reader {
    fn line(&mut self, line: &str) {
        if self.is_code(line) {
            return;
        }
        if !line.starts_with('|') && !self.table.is_empty() {
            self.out.extend(table_lines(&std::mem::take(&mut self.table)));
        }
        if let Some(fence) = FENCE.captures(line) {
            self.fence(&fence);
        } else if let Some(heading) = HEADING.captures(line) {
            let level = heading["level"].parse().unwrap_or(1);
            self.out.push(format!("\n{} {}\n", "#".repeat(level), inline(&heading["text"])));
        } else if let Some(block) = BLOCK.captures(line) {
            let text = &block["text"];
            match &block["name"] {
                "bq" => self.out.push(format!("> {}", inline(text))),
                "p" => self.out.push(inline(text)),
                _ => {
                    let goes_on = !block["goes_on"].is_empty();
                    self.code = Some(if goes_on { Code::Block } else { Code::Paragraph });
                    self.out.extend(["```".to_owned(), text.to_owned()]);
                }
            }
        } else if line.starts_with('|') {
            self.table.push(cells(line));
        } else if let Some(item) =
            ITEM.captures(line).filter(|_| line.trim() != "-" && !line.starts_with("---"))
        {
            let marks = &item["marks"];
            let mark = if marks.ends_with('#') { "1." } else { "-" };
            let indent = "   ".repeat(marks.len() - 1);
            self.out.push(format!("{indent}{mark} {}", inline(&item["text"])));
        } else {
            self.out.push(inline(line));
        }
    }

    /// Consumes a line of open code. Returns false if the line still has to be read as text.
    fn is_code(&mut self, line: &str) -> bool {
        let last = match &self.code {
            None => return false,
            Some(Code::Mark(name)) => line.trim().strip_suffix(&format!("{{{name}}}")),
            Some(Code::Paragraph) => line.is_empty().then_some(""),
            Some(Code::Block) => (BLOCK.is_match(line) || HEADING.is_match(line)).then_some(""),
        };
        let Some(last) = last else {
            self.out.push(line.to_owned());
            return true;
        };
        self.out.extend((!last.is_empty()).then(|| last.to_owned()));
        self.out.push("```".to_owned());
        // The line that ends a paragraph or block of code is itself still unread.
        matches!(self.code.take(), Some(Code::Mark(_)))
    }

    /// Adds a fenced block: `{code:java}`, `{panel:title=…}`.
    fn fence(&mut self, fence: &Captures<'_>) {
        let rest = fence["rest"].trim();
        let settings = fence.name("settings").map(|settings| settings.as_str());
        let name = &fence["name"];
        if !matches!(name, "code" | "noformat") {
            let title = settings.and_then(|settings| {
                let mut parts = settings.split(['|', ':']);
                parts.find_map(|part| part.strip_prefix("title="))
            });
            self.out.extend(title.map(|title| format!("\n**{title}**\n")));
            self.out.push(inline(rest));
            return;
        }
        let language = settings.map_or("", |settings| &settings[1..]);
        let language = if language.contains(['=', '|']) { "" } else { language };
        self.out.push(format!("```{language}"));
        match rest.strip_suffix(&format!("{{{name}}}")) {
            Some(all) => self.out.extend([all.to_owned(), "```".to_owned()]),
            None => {
                self.out.extend((!rest.is_empty()).then(|| rest.to_owned()));
                self.code = Some(Code::Mark(name.to_owned()));
            }
        }
    }

    fn finish(mut self) -> String {
        if self.code.is_some() {
            self.out.push("```".to_owned());
        }
        self.out.extend(table_lines(&self.table));
        self.out.join("\n")
    }
}

/// Returns the cells of a row: `|_. Head |_. Head |`, `||Head||Head||`, `|text|[words|address]|`.
fn cells(line: &str) -> Vec<String> {
    static HEAD: LazyLock<Regex> =
        LazyLock::new(|| expression(r"^(?:_|[<>=~^]|\\\d+|/\d+|\([^)]*\))+\. ?"));
    // Links contain the cell separator.
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

/// Converts emphasis, code, links and symbols.
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
    // Bold is a placeholder until italics are converted: `*` is bold in Textile and italic in
    // Markdown.
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
