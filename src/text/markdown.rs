//! Escapes plain text for Markdown.
//!
//! Only characters that would have a meaning are escaped, since people also read the Markdown of a
//! report as text: `impact_start`, `~40 min` and `2 - 1` are left as they are.

use std::fmt::Write;
use std::ops::Range;

use super::danger::{is_dangerous, one_line, visible};

/// Plain text as one line of Markdown that is safe in a paragraph, at the start of a line, in a
/// heading and in a table cell. Line ends become spaces.
pub fn line(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    text_into(&one_line(text), true, &mut escaped);
    without_greedy_addresses(&mut escaped, 0, &[]);
    escaped
}

/// Escapes one line of plain text into `out`; `line_start` if it begins a line.
pub(crate) fn text_into(text: &str, line_start: bool, out: &mut String) {
    let rest = if line_start { start_into(text, out) } else { text };
    let mut previous = if rest.len() < text.len() {
        Some('\\')
    } else {
        out.chars().next_back().filter(|_| !line_start)
    };
    let mut ahead = rest.chars().peekable();
    while let Some(c) = ahead.next() {
        let next = ahead.peek().copied();
        if is_mark(c, previous, next) || c == '&' && is_entity(ahead.clone()) {
            out.push('\\');
        }
        out.push(if matches!(c, '\n' | '\t') { ' ' } else { c });
        previous = Some(c);
    }
}

fn is_mark(c: char, previous: Option<char>, next: Option<char>) -> bool {
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '|' => true,
        // An underscore inside a word has no meaning.
        '_' => {
            !(previous.is_some_and(char::is_alphanumeric)
                && next.is_some_and(char::is_alphanumeric))
        }
        // "~40 min" can open a deletion, but every mark that could close one is escaped.
        '~' => {
            let opens =
                previous.is_none_or(|before| before.is_whitespace() || matches!(before, '(' | '*'));
            !(opens && next.is_some_and(|after| after.is_ascii_digit()))
        }
        _ => false,
    }
}

/// Whether the text after a `&` makes it an entity.
fn is_entity(after: impl Iterator<Item = char>) -> bool {
    let mut after = after.skip_while(|&c| c == '#' || c.is_ascii_alphanumeric());
    after.next() == Some(';')
}

/// Writes and escapes the start of a line that would otherwise be a heading, a list, a quotation or
/// a rule; returns the rest.
fn start_into<'a>(text: &'a str, out: &mut String) -> &'a str {
    let text = text.trim_start();
    let Some(first) = text.chars().next() else { return text };
    let run = text.chars().take_while(|&c| c == first).count();
    let after_run = text.chars().nth(run);
    let ends_word = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let is_start = match first {
        '#' => run <= 6 && ends_word(after_run),
        '-' | '+' | '=' => ends_word(after_run) || is_only(text, &[first, ' ']),
        '>' => true,
        ':' => is_only(text, &[':', '-', ' ']),
        _ => false,
    };
    if is_start {
        out.push('\\');
        out.push(first);
        return &text[first.len_utf8()..];
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut after = text[digits..].chars();
    if (1..=9).contains(&digits)
        && let Some(dot @ ('.' | ')')) = after.next()
        && ends_word(after.next())
    {
        let _ = write!(out, "{}\\{dot}", &text[..digits]);
        return &text[digits + 1..];
    }
    text
}

fn is_only(text: &str, allowed: &[char]) -> bool {
    text.chars().all(|c| allowed.contains(&c))
}

/// Escapes bare addresses in `markdown`, from byte `from`, that readers would extend beyond what
/// the author wrote.
///
/// GitHub's autolink extension makes a link of each bare address, up to the next white space or
/// `<`, and it does so before it processes escapes: in `http://x/\<b>` the backslash becomes part
/// of the address, and `<b>` a tag. If a backslash, a tag, a link or a mark follows in the same
/// word, an escape turns the address into plain text. `spans` are the code spans, in which a
/// backslash would be visible.
pub(crate) fn without_greedy_addresses(markdown: &mut String, from: usize, spans: &[Range<usize>]) {
    let in_code = |at: usize| spans.iter().any(|span| span.contains(&at));
    let mut marks: Vec<usize> = Vec::new();
    let bytes = markdown.as_bytes();
    // From the end, so that each word is visited once: whether a mark follows before white space.
    let mut is_followed = false;
    for at in (from..bytes.len()).rev() {
        match bytes[at] {
            byte if byte.is_ascii_whitespace() => is_followed = false,
            // The end of the text of a link, in which there are no other links.
            b']' if bytes.get(at + 1) == Some(&b'(') && (at == 0 || bytes[at - 1] != b'\\') => {
                is_followed = false;
            }
            b'\\' | b'<' | b'>' | b'`' | b'[' | b']' | b'*' | b'|' => is_followed = true,
            b'~' if bytes.get(at + 1) == Some(&b'~') => is_followed = true,
            b':' if is_followed && bytes[at..].starts_with(b"://") && at > from && !in_code(at) => {
                marks.push(at);
            }
            b'.' if is_followed
                && at >= from + 3
                && bytes[at - 3..at].eq_ignore_ascii_case(b"www")
                && !in_code(at) =>
            {
                marks.push(at);
            }
            _ => {}
        }
    }
    for at in marks {
        markdown.insert(at, '\\');
    }
}

/// A code span around `text`, with as many backticks as needed.
pub fn code_span(text: &str, in_table: bool) -> String {
    let text = visible(text).replace(['\n', '\t'], " ");
    let fence = "`".repeat(longest_run(&text) + 1);
    let spaced = text.starts_with('`')
        || text.ends_with('`')
        || (text.starts_with(' ') && text.ends_with(' '));
    let pad = if spaced && !text.trim().is_empty() { " " } else { "" };
    let text = if in_table { text.replace('|', "\\|") } else { text };
    if text.is_empty() { String::new() } else { format!("{fence}{pad}{text}{pad}{fence}") }
}

/// The length of the longest run of backticks in `text`.
pub(crate) fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// An address for the parentheses of a link.
pub(crate) fn url(url: &str) -> String {
    let mut written = String::with_capacity(url.len());
    let mut chars = url.chars();
    while let Some(c) = chars.next() {
        match c {
            '(' | ')' | '<' | '>' | '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '"' | '\'' | '~'
                if c != '_' && c != '~' =>
            {
                let _ = write!(written, "%{:02X}", u32::from(c));
            }
            '&' if is_entity(chars.clone()) => written.push_str("&amp;"),
            // An address ends at a space, and a line end would end the link.
            blank if blank.is_whitespace() || is_dangerous(blank) => written.push_str("%20"),
            other => written.push(other),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_markdown_meaning_is_unchanged() {
        for text in [
            "impact_start",
            "~40 min",
            "31–47 min",
            "2 - 1 = 1",
            "5 > 3",
            "a & b",
            "x?a=1&b=2",
            "R&D",
            "Done!",
            "-2m",
            "#42",
            "1.5 s",
        ] {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn markdown_syntax_is_escaped() {
        for (text, expected) in [
            ("# a", "\\# a"),
            ("- a", "\\- a"),
            ("---", "\\---"),
            ("+ a", "\\+ a"),
            ("===", "\\==="),
            ("1. a", "1\\. a"),
            ("12) a", "12\\) a"),
            ("> a", "\\> a"),
            ("a|b", "a\\|b"),
            ("`a`", "\\`a\\`"),
            ("<b>", "\\<b>"),
            ("[x](y)", "\\[x\\](y)"),
            ("*a* _b_", "\\*a\\* \\_b\\_"),
            ("~~a~~", "\\~\\~a\\~\\~"),
            ("&lt;", "\\&lt;"),
            ("&#60;", "\\&#60;"),
            ("C:\\x", "C:\\\\x"),
            ("two\n# lines", "two # lines"),
            ("    code", "code"),
            (":--", "\\:--"),
        ] {
            assert_eq!(line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn bare_address_ends_before_markup() {
        for (text, expected) in [
            ("see https://example.com/a_b?c=d&e, or www.example.com.", None),
            ("http://x/<b>", Some("http\\://x/\\<b>")),
            ("http://x/[c](d)", Some("http\\://x/\\[c\\](d)")),
            ("WWW.x.example/*a*", Some("WWW\\.x.example/\\*a\\*")),
            ("http://x <b>", Some("http://x \\<b>")),
            ("ftp://x/http://y/`z", Some("ftp\\://x/http\\://y/\\`z")),
        ] {
            assert_eq!(line(text), expected.unwrap_or(text));
        }
    }

    #[test]
    fn control_codes_are_removed() {
        assert_eq!(line("a\u{1b}[31mb\u{7}\u{9b}c\u{202e}d"), "a\\[31mbcd");
    }

    #[test]
    fn code_span_can_contain_backticks() {
        assert_eq!(code_span("a", false), "`a`");
        assert_eq!(code_span("a``b", false), "```a``b```");
        assert_eq!(code_span("`", false), "`` ` ``");
        assert_eq!(code_span("a|b", true), "`a\\|b`");
        assert_eq!(code_span("", false), "");
    }
}
