//! Converts Org to Markdown.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::shared::{expression, table_lines};

static KEYWORD: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^\s*#\+(?P<name>\w+)(?:\[[^\]]*\])?:\s*(?P<value>.*)$"));
static BLOCK: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?i)^\s*#\+(?P<edge>begin|end)_(?P<name>\w+)\s*(?P<rest>\S*)"));
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"^(?P<stars>\*+)\s+(?:(?P<state>TODO|DONE|NEXT|WAITING|CANCELL?ED|STARTED)\s+)?(?:\[#\w\]\s+)?(?P<text>.*?)(?:\s+:[\w@:]+:)?\s*$",
    )
});
static DRAWER: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^\s*:(?:PROPERTIES|LOGBOOK|CLOCK):\s*$"));
static PLANNED: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^\s*(?:(?:DEADLINE|SCHEDULED|CLOSED): *[<\[][^>\]]*[>\]]\s*)+$"));
static DEADLINE: LazyLock<Regex> =
    LazyLock::new(|| expression(r"DEADLINE: *<(?P<day>\d{4}-\d\d-\d\d)"));
static TERM: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^(?P<mark>\s*[-+] (?:\[.\] )?)(?P<term>\S.*?) +::(?: +(?P<text>.*))?$")
});

/// Converts Org to Markdown.
pub(super) fn org(text: &str) -> String {
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
    /// The name of the open block: `src`, `quote`.
    block: Option<String>,
    in_drawer: bool,
    has_title: bool,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let edge = BLOCK.captures(line);
        if self.block.is_some() {
            self.line_of_block(line, edge.as_ref());
            return;
        }
        if self.in_drawer {
            self.in_drawer = line.trim() != ":END:";
            return;
        }
        let start = line.trim_start();
        if !start.starts_with('|') && !self.table.is_empty() {
            self.out.extend(table_lines(&std::mem::take(&mut self.table)));
        }
        if let Some(edge) = edge {
            self.begin_block(&edge);
        } else if let Some(keyword) = KEYWORD.captures(line) {
            self.keyword(&keyword["name"], inline(&keyword["value"]));
        } else if DRAWER.is_match(line) {
            self.in_drawer = true;
        } else if PLANNED.is_match(line) {
            let day = DEADLINE.captures(line).map(|found| found["day"].to_owned());
            if let (Some(day), Some(last)) = (day, self.out.last_mut()) {
                last.push_str(&format!(" (due {day})"));
            }
        } else if let Some(heading) = HEADING.captures(line) {
            self.heading(&heading);
        } else if start.starts_with('|') {
            let line = line.trim().trim_matches('|');
            if !line.chars().all(|c| matches!(c, '-' | '+')) {
                self.table.push(line.split('|').map(|cell| inline(cell.trim())).collect());
            }
        } else if line == "#" || start.starts_with("# ") {
            // A comment.
        } else if let Some(term) = TERM.captures(line) {
            let text = term.name("text").map_or("", |text| text.as_str());
            let term = format!("{}**{}** {}", &term["mark"], inline(&term["term"]), inline(text));
            self.out.push(term);
        } else if let Some(code) = start.strip_prefix(": ") {
            self.out.push(format!("    {code}"));
        } else {
            self.out.push(inline(line));
        }
    }

    fn begin_block(&mut self, edge: &Captures<'_>) {
        let name = edge["name"].to_lowercase();
        match name.as_str() {
            "quote" | "verse" => self.block = Some(name),
            "src" | "example" | "export" => {
                let language = if name == "src" { &edge["rest"] } else { "" };
                self.out.push(format!("```{language}"));
                self.block = Some(name);
            }
            // Other blocks only wrap normal text.
            _ => {}
        }
    }

    /// Adds a line of the open block. The block ends at an `end` edge with its name.
    fn line_of_block(&mut self, line: &str, edge: Option<&Captures<'_>>) {
        let name = self.block.as_deref().unwrap_or_default();
        let is_text = matches!(name, "quote" | "verse");
        let is_end = edge.is_some_and(|edge| {
            edge["edge"].eq_ignore_ascii_case("end") && edge["name"].eq_ignore_ascii_case(name)
        });
        match (is_end, is_text) {
            (false, true) => self.out.push(format!("> {}", inline(line))),
            // In a block, Org escapes a line that would be markup with a comma.
            (false, false) => self.out.push(line.strip_prefix(',').unwrap_or(line).to_owned()),
            (true, _) => {
                self.out.extend((!is_text).then(|| "```".to_owned()));
                self.block = None;
            }
        }
    }

    fn keyword(&mut self, name: &str, value: String) {
        match name.to_lowercase().as_str() {
            "title" => {
                self.has_title = true;
                self.out.push(format!("# {value}\n"));
            }
            "author" => self.out.push(format!("Author: {value}\n")),
            "date" => self.out.push(format!("Date: {value}\n")),
            "caption" => self.out.push(value),
            _ => {}
        }
    }

    fn heading(&mut self, heading: &Captures<'_>) {
        let text = inline(&heading["text"]);
        self.out.push(match heading.name("state").map(|state| state.as_str()) {
            // A heading with a state is a task.
            Some(state) => {
                let is_over = state == "DONE" || state.starts_with("CANCEL");
                format!("- [{}] {text}", if is_over { "x" } else { " " })
            }
            None => {
                let level = (heading["stars"].len() + usize::from(self.has_title)).min(6);
                format!("\n{} {text}\n", "#".repeat(level))
            }
        });
    }

    fn finish(mut self) -> String {
        if self.block.is_some_and(|name| !matches!(name.as_str(), "quote" | "verse")) {
            self.out.push("```".to_owned());
        }
        self.out.extend(table_lines(&self.table));
        self.out.join("\n")
    }
}

/// Converts emphasis, code, links and timestamps.
fn inline(text: &str) -> String {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        expression(
            r"[<\[](?P<day>\d{4}-\d\d-\d\d)(?: +\pL{2,4}\.?)?(?: +(?P<clock>\d{1,2}:\d\d(?:-\d{1,2}:\d\d)?))?(?: +[.+-]+\d+[dwmy])*[>\]]",
        )
    });
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        expression(r"\[\[(?:file:)?(?P<address>[^\]\[]+)\](?:\[(?P<words>[^\]\[]+)\])?\]")
    });
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        expression(r#"(?P<before>^|[\s('"])[=~](?P<words>[^\s=~](?:[^=~]*[^\s=~])?)[=~]"#)
    });
    static DRESS: LazyLock<Regex> = LazyLock::new(|| {
        expression(
            r#"(?P<before>^|[\s('"])(?:\*(?P<bold>[^\s*](?:[^*]*[^\s*])?)\*|/(?P<italic>[^\s/](?:[^/]*[^\s/])?)/|\+(?P<struck>[^\s+](?:[^+]*[^\s+])?)\+)(?P<after>$|[\s).,:;!?'"-])"#,
        )
    });
    let text = TIME.replace_all(text, |found: &Captures<'_>| {
        let clock =
            found.name("clock").map_or(String::new(), |clock| format!(" {}", clock.as_str()));
        format!("{}{clock}", &found["day"])
    });
    let dressed = DRESS.replace_all(&text, |found: &Captures<'_>| {
        let (before, after) = (&found["before"], &found["after"]);
        let kinds = [("bold", "**"), ("italic", "*"), ("struck", "~~")];
        let of = |(kind, mark): (&str, &str)| {
            Some((found.name(kind)?.as_str().to_owned(), mark.to_owned()))
        };
        let (words, mark) = kinds.into_iter().find_map(of).unwrap_or_default();
        format!("{before}{mark}{words}{mark}{after}")
    });
    let text = CODE.replace_all(&dressed, "${before}`${words}`");
    let link = |found: &Captures<'_>| {
        let address = &found["address"];
        let is_image =
            [".png", ".jpg", ".jpeg", ".gif", ".svg"].iter().any(|end| address.ends_with(end));
        match found.name("words") {
            Some(words) => format!("[{}]({address})", words.as_str()),
            None if is_image => format!("![]({address})"),
            None if address.contains("://") => format!("<{address}>"),
            None => address.to_owned(),
        }
    };
    LINK.replace_all(&text, link).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn org_states_times_and_drawers_are_converted() {
        let text = "* Actions\n** TODO [#A] Check it :ops:\n   DEADLINE: <2026-04-01 Wed>\n:PROPERTIES:\n:ID: 1\n:END:\n** DONE Roll back\n* Timeline\n- <2026-03-17 Tue 10:00> :: pages /fail/\n# a comment\n";
        assert_eq!(
            org(text),
            "\n# Actions\n\n- [ ] Check it (due 2026-04-01)\n- [x] Roll back\n\n# Timeline\n\n- **2026-03-17 10:00** pages *fail*"
        );
    }
}
