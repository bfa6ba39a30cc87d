//! Converts reStructuredText to Markdown.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::shared::{expression, table_lines};

static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^\.\. (?:\|(?P<of>[^|]+)\| )?(?P<name>[\w:-]+?)::(?:\s+(?P<argument>.*))?$")
});
static TARGET: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^\.\. _(?P<name>`[^`]+`|[^:]+): +(?P<address>\S+)$"));
static NOTE: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^\.\. \[(?P<mark>[^\]]+)\] +(?P<text>.*)$"));
static FIELD: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^:(?P<name>[^:`\s][^:`]*):(?: +(?P<value>.*))?$"));
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^(?P<indent>\s*)(?:#\.|\((?:\d+|#)\)) +"));

/// The deepest nesting of directives. Deeper content is converted as plain text.
const DEEPEST: usize = 8;

/// Converts reStructuredText to Markdown.
pub(super) fn restructured_text(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let target = |line: &&str| {
        let found = TARGET.captures(line)?;
        Some((found["name"].trim_matches('`').to_lowercase(), found["address"].to_owned()))
    };
    let mut reader =
        Reader { targets: lines.iter().filter_map(target).collect(), levels: Vec::new() };
    let mut out = Vec::new();
    reader.read(&lines, 0, &mut out);
    out.join("\n")
}

struct Reader {
    /// The address of each named link target.
    targets: HashMap<String, String>,
    /// The heading styles, highest level first: the character, and whether there is an overline.
    levels: Vec<(char, bool)>,
}

/// Returns the character of a line of repeated punctuation, which can underline a heading.
fn rule(line: &str) -> Option<char> {
    let mark = line.chars().next().filter(char::is_ascii_punctuation)?;
    (line.len() >= 2 && line.chars().all(|c| c == mark)).then_some(mark)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Returns the indented lines from `from` on, with the empty lines between them and without their
/// common indentation, and the index after them.
fn indented<'l>(lines: &[&'l str], from: usize) -> (Vec<&'l str>, usize) {
    let is_inside = |line: &&&str| line.is_empty() || indent(line) > 0;
    let mut end = from + lines[from..].iter().take_while(is_inside).count();
    while end > from && lines[end - 1].is_empty() {
        end -= 1;
    }
    let least =
        lines[from..end].iter().filter(|line| !line.is_empty()).map(|line| indent(line)).min();
    let inner =
        lines[from..end].iter().map(|line| line.get(least.unwrap_or_default()..).unwrap_or(""));
    (inner.collect(), end)
}

impl Reader {
    fn read(&mut self, lines: &[&str], depth: usize, out: &mut Vec<String>) {
        let mut at = 0;
        // Whether a list is open. Indented lines then belong to one of its items.
        let mut in_list = false;
        while at < lines.len() {
            let line = lines[at];
            let next = lines.get(at + 1).copied().unwrap_or_default();
            if line.is_empty() {
                out.push(String::new());
                at += 1;
            } else if let Some((heading, end)) = self.heading(lines, at) {
                in_list = false;
                out.push(heading);
                at = end;
            } else if line.starts_with("..") && (line.len() == 2 || line.as_bytes()[2] == b' ') {
                at = self.explicit(lines, at, depth, out);
            } else if line.starts_with("+-") || line.starts_with("+=") {
                let end =
                    at + lines[at..].iter().take_while(|line| line.starts_with(['+', '|'])).count();
                out.extend(table_lines(&self.grid(&lines[at..end])));
                at = end;
            } else if line.contains("= ") && line.chars().all(|c| matches!(c, '=' | ' ')) {
                let (rows, end) = self.simple(lines, at);
                out.extend(table_lines(&rows));
                at = end;
            } else if let Some(field) = FIELD.captures(line).filter(|_| depth == 0 || !in_list) {
                let (more, end) = indented(lines, at + 1);
                let value = field.name("value").map_or("", |value| value.as_str());
                let value = std::iter::once(value).chain(more).collect::<Vec<_>>().join(" ");
                out.push(format!("**{}:** {}\n", &field["name"], self.inline(value.trim())));
                at = end;
            } else if let Some(verse) = line.strip_prefix("| ") {
                out.push(format!("{}<br>", self.inline(verse)));
                at += 1;
            } else if let Some(start) = line.strip_suffix("::") {
                // A paragraph that ends with `::` introduces indented code.
                if !start.trim().is_empty() {
                    out.push(format!("{}:", self.inline(start.trim_end())));
                }
                let before = " ".repeat(indent(line));
                let behind: Vec<&str> = lines[at + 1..]
                    .iter()
                    .take_while(|line| line.is_empty() || indent(line) > before.len())
                    .copied()
                    .collect();
                let (code, _) = indented(&behind, 0);
                push_code(&code, "", &before, out);
                at += 1 + behind.len();
            } else {
                let is_item = is_item(line.trim_start());
                in_list = is_item || in_list && indent(line) > 0;
                let is_term = !is_item
                    && !in_list
                    && indent(line) == 0
                    && indent(next) > 0
                    && !next.is_empty()
                    && (at == 0 || lines[at - 1].is_empty());
                if is_term {
                    let (inner, end) = indented(lines, at + 1);
                    out.push(format!("- **{}** {}", self.inline(line), self.inline(inner[0])));
                    let rest: Vec<&str> = inner[1..].to_vec();
                    let mut more = Vec::new();
                    self.read(&rest, depth + 1, &mut more);
                    out.extend(more.iter().map(|line| {
                        if line.is_empty() { String::new() } else { format!("  {line}") }
                    }));
                    at = end;
                    continue;
                }
                let text = NUMBER.replace(line, "${indent}1. ");
                // Indented text outside a list is a quotation, whereas in Markdown it would be
                // code.
                let is_quote = !in_list && indent(line) > 0;
                let text =
                    if is_quote { format!("> {}", text.trim_start()) } else { text.into_owned() };
                out.push(self.inline(&text));
                at += 1;
            }
        }
    }

    /// Returns the heading at a line as Markdown, and the index after it.
    fn heading(&mut self, lines: &[&str], at: usize) -> Option<(String, usize)> {
        let text = |at: usize| lines.get(at).copied().filter(|line| !line.is_empty());
        let (mark, words, end) = match rule(lines[at]) {
            Some(mark) => {
                let words = text(at + 1)?.trim();
                (text(at + 2).and_then(rule) == Some(mark)).then_some(())?;
                ((mark, true), words, at + 3)
            }
            None => {
                let mark = text(at + 1).and_then(rule)?;
                let is_long = lines[at + 1].len() + 2 >= lines[at].chars().count();
                (indent(lines[at]) == 0 && is_long).then_some(())?;
                ((mark, false), lines[at], at + 2)
            }
        };
        let level = self.levels.iter().position(|known| *known == mark).unwrap_or_else(|| {
            self.levels.push(mark);
            self.levels.len() - 1
        });
        Some((format!("\n{} {}\n", "#".repeat((level + 1).min(6)), self.inline(words)), end))
    }

    /// Converts a directive, a footnote, a target or a comment. Returns the index after it.
    fn explicit(
        &mut self,
        lines: &[&str],
        at: usize,
        depth: usize,
        out: &mut Vec<String>,
    ) -> usize {
        let (inner, end) = indented(lines, at + 1);
        if let Some(note) = NOTE.captures(lines[at]) {
            let text = std::iter::once(&note["text"]).chain(inner).collect::<Vec<_>>().join(" ");
            out.push(format!("\n[{}] {}\n", &note["mark"], self.inline(&text)));
            return end;
        }
        let Some(directive) = DIRECTIVE.captures(lines[at]) else { return end };
        let argument = directive.name("argument").map_or("", |argument| argument.as_str());
        let options = inner.iter().take_while(|line| FIELD.is_match(line)).count();
        let body = &inner[options..];
        match directive["name"].rsplit(':').next().unwrap_or_default() {
            "code-block" | "code" | "sourcecode" | "parsed-literal" | "prompt" => {
                push_code(body, argument, "", out);
            }
            "image" | "figure" => {
                out.push(format!("![]({argument})\n"));
                self.inner(body, depth, out);
            }
            "list-table" => {
                let rows = self.list_table(body);
                out.extend(table_lines(&rows));
            }
            "csv-table" => {
                let mut rows: Vec<Vec<String>> = Vec::new();
                let head = inner[..options].iter().find_map(|line| line.strip_prefix(":header:"));
                let text = head.into_iter().map(str::trim).chain(body.iter().copied());
                let text = text.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
                // reStructuredText allows a space before a quotation mark, the CSV reader does not.
                let text = text.replace(", \"", ",\"");
                let mut csv = csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .trim(csv::Trim::All)
                    .from_reader(text.as_bytes());
                for record in csv.records().filter_map(Result::ok) {
                    rows.push(record.iter().map(|cell| self.inline(cell)).collect());
                }
                out.extend(table_lines(&rows));
            }
            "note" | "warning" | "tip" | "important" | "hint" | "caution" | "danger"
            | "attention" | "error" | "seealso" | "admonition" | "topic" | "sidebar" | "rubric" => {
                if !argument.is_empty() {
                    out.push(format!("\n{}\n", self.inline(argument)));
                }
                self.inner(body, depth, out);
            }
            "contents" | "toctree" | "meta" | "raw" | "highlight" | "include" | "sectnum"
            | "replace" | "default-role" | "role" | "index" => {}
            _ => self.inner(body, depth, out),
        }
        end
    }

    fn inner(&mut self, lines: &[&str], depth: usize, out: &mut Vec<String>) {
        out.push(String::new());
        match depth < DEEPEST {
            true => self.read(lines, depth + 1, out),
            false => out.extend(lines.iter().map(|line| line.trim_start().to_owned())),
        }
        out.push(String::new());
    }

    /// Returns the rows of a table written as a list of lists.
    fn list_table(&self, lines: &[&str]) -> Vec<Vec<String>> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for line in lines {
            let mut text = line.trim();
            if let Some(rest) = line.strip_prefix("* ") {
                rows.push(Vec::new());
                text = rest.trim_start();
            }
            let Some(row) = rows.last_mut() else { continue };
            match text.strip_prefix("- ").or((text == "-").then_some("")) {
                Some(cell) => row.push(self.inline(cell.trim())),
                None => {
                    if let Some(cell) = row.last_mut().filter(|_| !text.is_empty()) {
                        cell.push_str(&format!(" {}", self.inline(text)));
                    }
                }
            }
        }
        rows
    }

    /// Returns the rows of a grid table, whose cells are drawn with lines.
    fn grid(&self, lines: &[&str]) -> Vec<Vec<String>> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut is_new = true;
        for line in lines {
            if line.starts_with('+') {
                is_new = true;
                continue;
            }
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            self.add(&mut rows, &cells, std::mem::take(&mut is_new));
        }
        rows
    }

    /// Adds a line of a table: a new row, or a continuation of the last row.
    fn add(&self, rows: &mut Vec<Vec<String>>, cells: &[&str], is_new: bool) {
        match rows.last_mut().filter(|_| !is_new) {
            Some(row) => {
                for (cell, more) in row.iter_mut().zip(cells).filter(|(_, more)| !more.is_empty()) {
                    cell.push_str(&format!(" {}", self.inline(more)));
                }
            }
            None => rows.push(cells.iter().map(|cell| self.inline(cell)).collect()),
        }
    }

    /// Returns the rows of a simple table, and the index after it. Lines of `=` mark its columns.
    fn simple(&self, lines: &[&str], at: usize) -> (Vec<Vec<String>>, usize) {
        let mut columns: Vec<usize> = vec![0];
        let edges = lines[at].char_indices().zip(lines[at].chars().skip(1));
        columns.extend(
            edges.filter(|((_, c), next)| *c == ' ' && *next == '=').map(|((at, _), _)| at + 1),
        );
        let is_rule =
            |line: &str| line.contains('=') && line.chars().all(|c| matches!(c, '=' | ' '));
        let mut rows: Vec<Vec<String>> = Vec::new();
        let (mut end, mut rules) = (at + 1, 1);
        while let Some(line) = lines.get(end) {
            end += 1;
            if is_rule(line) {
                rules += 1;
                let next = lines.get(end).copied().unwrap_or_default();
                if rules == 3 || next.is_empty() {
                    break;
                }
                continue;
            }
            if line.is_empty() || line.chars().all(|c| matches!(c, '-' | ' ')) {
                continue;
            }
            let letters: Vec<char> = line.chars().collect();
            let cell = |(index, from): (usize, &usize)| {
                let to =
                    columns.get(index + 1).copied().unwrap_or(letters.len()).min(letters.len());
                letters.get(*from..to).map_or(String::new(), |cell| cell.iter().collect())
            };
            let cells: Vec<String> = columns.iter().enumerate().map(cell).collect();
            let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
            // A line with an empty first column continues the row.
            let is_new = !cells[0].is_empty() || rows.is_empty();
            self.add(&mut rows, &cells, is_new);
        }
        (rows, end)
    }

    /// Converts code, links, roles and footnote references.
    fn inline(&self, text: &str) -> String {
        static CODE: LazyLock<Regex> = LazyLock::new(|| expression(r"``(?P<code>[^`]+)``"));
        static LINK: LazyLock<Regex> =
            LazyLock::new(|| expression(r"`(?P<words>[^`<]*?)\s*<(?P<address>[^`<>]+)>`__?"));
        static NAME: LazyLock<Regex> =
            LazyLock::new(|| expression(r"`(?P<name>[^`]+)`__?|\b(?P<word>\w+)_\B"));
        static ROLE: LazyLock<Regex> =
            LazyLock::new(|| expression(r":[\w:+-]+:`(?P<words>[^`<]+?)(?:\s*<[^`>]*>)?`"));
        static MARK: LazyLock<Regex> = LazyLock::new(|| expression(r"\[(?P<mark>#?\w*)\]_"));
        if !text.contains(['`', '_', '\\', '|']) {
            return text.to_owned();
        }
        let text = ROLE.replace_all(text, "\u{1}$words\u{1}");
        let text = CODE.replace_all(&text, "\u{1}$code\u{1}");
        let text = LINK.replace_all(&text, |found: &Captures<'_>| match &found["words"] {
            "" => format!("<{}>", &found["address"]),
            words => format!("[{words}]({})", &found["address"]),
        });
        let text = MARK.replace_all(&text, "[$mark]");
        let text = NAME.replace_all(&text, |found: &Captures<'_>| {
            let name =
                found.name("name").or_else(|| found.name("word")).map_or("", |name| name.as_str());
            match (self.targets.get(&name.to_lowercase()), found.name("name")) {
                (Some(address), _) => format!("[{name}]({address})"),
                (None, Some(_)) => name.to_owned(),
                (None, None) => found[0].to_owned(),
            }
        });
        text.replace("\\ ", "").replace('\u{1}', "`")
    }
}

fn is_item(text: &str) -> bool {
    let number = text.trim_start_matches('(').find(|c: char| !c.is_ascii_digit() && c != '#');
    let text_is_number = number.is_some_and(|at| {
        let rest = &text.trim_start_matches('(')[at..];
        at > 0 && (rest.starts_with(". ") || rest.starts_with(") "))
    });
    ["- ", "* ", "+ ", "• "].iter().any(|mark| text.starts_with(mark)) || text_is_number
}

fn push_code(lines: &[&str], language: &str, before: &str, out: &mut Vec<String>) {
    let start = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    if start == lines.len() {
        return;
    }
    out.push(format!("\n{before}```{language}"));
    out.extend(lines[start..].iter().map(|line| format!("{before}{line}").trim_end().to_owned()));
    out.push(format!("{before}```\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_restructured_text_table_is_converted() {
        let head = "| Time | What |\n| --- | --- |\n| 10:00 | it broke |";
        for text in [
            "+-------+----------+\n| Time  | What     |\n+=======+==========+\n| 10:00 | it broke |\n+-------+----------+",
            "=====  ========\nTime   What\n=====  ========\n10:00  it broke\n=====  ========",
            ".. list-table::\n   :header-rows: 1\n\n   * - Time\n     - What\n   * - 10:00\n     - it\n       broke",
            ".. csv-table::\n   :header: Time, What\n\n   10:00, \"it broke\"",
        ] {
            assert_eq!(restructured_text(text).trim(), head, "{text}");
        }
    }

    #[test]
    fn restructured_text_line_markup_is_converted() {
        for (text, expected) in [
            (":Author: Ann\n:Date: 2026-03-17", "**Author:** Ann\n\n**Date:** 2026-03-17"),
            (
                "10:00\n   It broke.\n\n10:40\n   It works.",
                "- **10:00** It broke.\n\n- **10:40** It works.",
            ),
            (".. note:: Times in UTC.", "Times in UTC."),
            (".. code-block:: sh\n\n   a\n\n     b", "```sh\na\n\n  b\n```"),
            ("- a::\n\n    x\n\n- b", "- a:\n\n```\nx\n```\n\n- b"),
            (
                "a :ref:`page <x>` and ``c_d`` and [1]_\n\n.. [1] More.",
                "a `page` and `c_d` and [1]\n\n[1] More.",
            ),
            ("(1) one\n(2) two", "1. one\n1. two"),
            ("A\n\n   said so", "A\n\n> said so"),
        ] {
            let found = restructured_text(text);
            let lines: Vec<&str> = found.trim().lines().collect();
            let lines: Vec<&str> = lines
                .iter()
                .enumerate()
                .filter(|(at, line)| !line.is_empty() || *at > 0 && !lines[at - 1].is_empty())
                .map(|(_, line)| *line)
                .collect();
            assert_eq!(lines.join("\n"), expected, "{text}");
        }
    }
}
