//! HTML line breaks in Markdown.
//!
//! Timeline entries and fields are often in one paragraph, separated by `<br>`. They can be read
//! once each is on a line of its own.

use std::sync::LazyLock;

use regex::Regex;

use super::normal;

static BREAK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)(?:<br\s*/?>[ \t]*)+").expect("valid built-in regex"));

/// Returns the Markdown with a new line after each `<br>`; `None` if there is no `<br>`. Breaks in
/// tables and code stay, and so do breaks before text that would begin another block at the start
/// of a line.
pub(crate) fn as_lines(markdown: &str) -> Option<String> {
    if !BREAK.is_match(markdown) {
        return None;
    }
    let lines: Vec<&str> = markdown.split('\n').collect();
    let is_code = normal::code_lines(&lines);
    let lines: Vec<String> = lines
        .iter()
        .zip(is_code)
        .map(
            |(line, is_code)| {
                if is_code || line.contains(['|', '`']) { (*line).to_owned() } else { cut(line) }
            },
        )
        .collect();
    Some(lines.join("\n"))
}

fn cut(line: &str) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut out = String::with_capacity(line.len());
    let mut done = 0;
    for found in BREAK.find_iter(line) {
        let rest = &line[found.end()..];
        if begins_block(rest) {
            continue;
        }
        out.push_str(line[done..found.start()].trim_end_matches([' ', '\t']));
        out.push_str("  ");
        if !rest.trim().is_empty() {
            out.push('\n');
            out.push_str(indent);
        }
        done = found.end();
    }
    out.push_str(&line[done..]);
    out
}

/// Whether a line that begins with `text` would be a list item, a heading, a quotation or a rule
/// rather than text.
fn begins_block(text: &str) -> bool {
    let is_number = || {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < text.len() && rest.starts_with(['.', ')'])
    };
    text.starts_with(['-', '+', '#', '>', '=', '<', '~']) || text.starts_with("* ") || is_number()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_break_starts_a_line_of_text_only() {
        let lines = |text| as_lines(text).unwrap_or_else(|| text.to_owned());
        assert_eq!(
            lines("10:00 a<br> 10:01 b<br/>\n10:02 c<br>"),
            "10:00 a  \n10:01 b  \n10:02 c  "
        );
        assert_eq!(lines("- a <BR /><br>b"), "- a  \nb");
        for same in [
            "none",
            "| a<br>b | c |",
            "a `<br>` b",
            "```\na<br>b\n```",
            "a<br>- b",
            "a<br>1. b",
            "a<br># b",
        ] {
            assert_eq!(lines(same), same);
        }
    }
}
