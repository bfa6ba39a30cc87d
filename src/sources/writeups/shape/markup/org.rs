//! Org as Markdown.

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

/// Org as Markdown.
pub(super) fn org(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut block: Option<String> = None;
    let (mut in_drawer, mut has_title) = (false, false);
    for line in text.lines() {
        let line = line.trim_end();
        let edge = BLOCK.captures(line);
        if let Some(name) = &block {
            let is_end = edge.is_some_and(|edge| {
                edge["edge"].eq_ignore_ascii_case("end") && edge["name"].eq_ignore_ascii_case(name)
            });
            match (is_end, name.as_str()) {
                (false, "quote" | "verse") => out.push(format!("> {}", inline(line))),
                // A line of Org may begin with a comma here, so that it is none.
                (false, _) => out.push(line.strip_prefix(',').unwrap_or(line).to_owned()),
                (true, "quote" | "verse") => block = None,
                (true, _) => {
                    out.push("```".to_owned());
                    block = None;
                }
            }
            continue;
        }
        if in_drawer {
            in_drawer = line.trim() != ":END:";
            continue;
        }
        if !line.trim_start().starts_with('|') && !table.is_empty() {
            out.extend(table_lines(&std::mem::take(&mut table)));
        }
        if let Some(edge) = edge {
            let name = edge["name"].to_lowercase();
            match name.as_str() {
                "quote" | "verse" => block = Some(name),
                "src" | "example" | "export" => {
                    out.push(format!("```{}", if name == "src" { &edge["rest"] } else { "" }));
                    block = Some(name);
                }
                // What frames text has none itself.
                _ => {}
            }
        } else if let Some(keyword) = KEYWORD.captures(line) {
            let value = inline(&keyword["value"]);
            match keyword["name"].to_lowercase().as_str() {
                "title" => {
                    has_title = true;
                    out.push(format!("# {value}\n"));
                }
                "author" => out.push(format!("Author: {value}\n")),
                "date" => out.push(format!("Date: {value}\n")),
                "caption" => out.push(value),
                _ => {}
            }
        } else if DRAWER.is_match(line) {
            in_drawer = true;
        } else if PLANNED.is_match(line) {
            let day = DEADLINE.captures(line).map(|found| found["day"].to_owned());
            if let (Some(day), Some(last)) = (day, out.last_mut()) {
                last.push_str(&format!(" (due {day})"));
            }
        } else if let Some(heading) = HEADING.captures(line) {
            let text = inline(&heading["text"]);
            match heading.name("state").map(|state| state.as_str()) {
                // A heading with a state is something to be done.
                Some(state) => {
                    let is_over = state == "DONE" || state.starts_with("CANCEL");
                    out.push(format!("- [{}] {text}", if is_over { "x" } else { " " }));
                }
                None => {
                    let level = (heading["stars"].len() + usize::from(has_title)).min(6);
                    out.push(format!("\n{} {text}\n", "#".repeat(level)));
                }
            }
        } else if line.trim_start().starts_with('|') {
            let line = line.trim().trim_matches('|');
            if !line.chars().all(|c| matches!(c, '-' | '+')) {
                table.push(line.split('|').map(|cell| inline(cell.trim())).collect());
            }
        } else if line == "#" || line.trim_start().starts_with("# ") {
            // A comment.
        } else if let Some(term) = TERM.captures(line) {
            let text = term.name("text").map_or("", |text| text.as_str());
            out.push(format!("{}**{}** {}", &term["mark"], inline(&term["term"]), inline(text)));
        } else if let Some(code) = line.trim_start().strip_prefix(": ") {
            out.push(format!("    {code}"));
        } else {
            out.push(inline(line));
        }
    }
    if block.is_some_and(|name| !matches!(name.as_str(), "quote" | "verse")) {
        out.push("```".to_owned());
    }
    out.extend(table_lines(&table));
    out.join("\n")
}

/// Emphasis, code, links and times.
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
