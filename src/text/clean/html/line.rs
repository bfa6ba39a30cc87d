//! The content of a line as Markdown.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use super::elements::is_inline;
use crate::text::clean::escape::{escape, escape_line};
use crate::text::clean::visible::visible;
use crate::text::link::is_safe_link;

/// The text with each run of white space as one space.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\n' | '\t' if folded.ends_with(' ') => {}
            ' ' | '\n' | '\t' => folded.push(' '),
            _ => folded.push(c),
        }
    }
    folded
}

/// Emphasis, with the spaces outside its marks, as Markdown requires.
pub(super) fn emphasis(inner: String, mark: &str) -> String {
    let text = inner.trim();
    if text.is_empty() || text.contains('\n') {
        return inner;
    }
    let start = inner.len() - inner.trim_start().len();
    let end = inner.trim_end().len();
    format!("{}{mark}{text}{mark}{}", &inner[..start], &inner[end..])
}

/// A link if its address is safe, otherwise its text.
pub(super) fn linked(inner: String, address: Option<&str>) -> String {
    let text = inner.trim();
    match address.map(str::trim).filter(|address| is_safe_link(address)) {
        Some(address) if !text.is_empty() => {
            // The address ends at the first bracket or space that is not percent-encoded.
            let address = address
                .replace('(', "%28")
                .replace(')', "%29")
                .replace('<', "%3C")
                .replace('>', "%3E");
            let address =
                address.split_whitespace().collect::<Vec<_>>().join("%20").replace('\\', "%5C");
            format!("[{text}]({address})")
        }
        _ => inner,
    }
}

/// Escapes a list marker, heading or quotation mark that happens to start a line of text.
pub(super) fn guard_line_start(block: &str) -> String {
    let guarded = block.split('\n').map(|line| {
        let text = line.trim_start();
        let first_word = text.split_inclusive(' ').next().unwrap_or_default();
        let guarded = escape_line(first_word);
        // Only the guard is used: the characters of the line are already escaped.
        if guarded.len() == first_word.len() + 1
            && !first_word.contains('\\')
            && escape(first_word) == first_word
        {
            format!("{guarded}{}", &text[first_word.len()..])
        } else {
            text.to_owned()
        }
    });
    guarded.collect::<Vec<_>>().join("\n")
}

/// All text in the element, unescaped. Iterative, so that the depth does not matter.
pub(super) fn raw_text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// A code span, with a fence longer than any run of backticks in it.
pub(super) fn code_span(code: &str) -> String {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if code.is_empty() {
        return code;
    }
    let fence = "`".repeat(longest_run(&code) + 1);
    let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}

pub(super) fn fenced(code: &str) -> String {
    let code = code.trim_matches('\n');
    if code.trim().is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(code).max(2) + 1);
    format!("{fence}\n{code}\n{fence}")
}

pub(super) fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

pub(super) fn indented(text: &str, first: &str, others: &str) -> String {
    let lines = text.lines().enumerate().map(|(at, line)| match (at, line) {
        (0, _) => format!("{first}{line}"),
        (_, "") => others.trim_end().to_owned(),
        _ => format!("{others}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A text node: escaped, and without control and invisible characters, which may come from an
/// entity.
pub(super) fn text(text: &str) -> String {
    escape(&folded(&visible(text).replace(['\u{A0}', '\u{C}'], " ")))
}

/// Appends to a line, so that neither spaces nor marks run together.
pub(super) fn append(line: &mut String, text: &str) {
    let text = if line.ends_with([' ', '\n']) { text.trim_start_matches(' ') } else { text };
    let Some(next) = text.chars().next() else { return };
    if next.is_ascii_punctuation() {
        escape_end(line);
    }
    let body = line.trim_end_matches('*');
    let closes = line.len() - body.len();
    if closes == 2 && text.starts_with("**") && !text.starts_with("***") && !body.ends_with('\\') {
        // Two adjacent bold spans are joined.
        line.truncate(body.len());
        line.push_str(&text[2..]);
        return;
    }
    // A mark between a letter and punctuation neither opens nor closes a span.
    let inner = text.trim_start_matches('*').chars().next();
    let ends_in_word = line.ends_with(char::is_alphanumeric);
    let cannot_close =
        closes > 0 && body.ends_with(|c: char| c.is_ascii_punctuation()) && next.is_alphanumeric();
    let cannot_open = next == '*' && ends_in_word && inner.is_some_and(|c| !c.is_alphanumeric());
    let runs_together = (line.ends_with('`') && next == '`') || (closes > 0 && next == '*');
    if cannot_close || cannot_open || runs_together {
        line.push(' ');
    }
    line.push_str(text);
}

/// Escapes what would start a list, a heading or a quotation on each line.
pub(super) fn guarded(block: &str) -> String {
    let is_marked = |line: &str| {
        line.starts_with(['\\', '[', '`']) || (line.starts_with('*') && !is_bullet(line))
    };
    let lines = block.split('\n').map(|line| {
        let line = line.trim_start();
        if is_marked(line) { line.to_owned() } else { guard_line_start(line) }
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn is_bullet(line: &str) -> bool {
    line == "*" || line.starts_with("* ")
}

/// Puts marks around the text of an inline element, inside the spaces at its ends, but not around
/// the same marks.
pub(super) fn unless_marked(mut inner: String, marked: impl FnOnce(String) -> String) -> String {
    escape_end(&mut inner);
    let text = inner.trim();
    let dressed = marked(text.to_owned());
    let is_emphasis = dressed.len() > text.len() && dressed.starts_with('*');
    if text.is_empty()
        || is_emphasis && (text.starts_with('*') || text.ends_with('*') || text.contains("**"))
    {
        return inner;
    }
    inner.replacen(text, &dressed, 1)
}

/// Escapes a backslash at the end of a text, since it would escape the mark after it.
pub(super) fn escape_end(text: &mut String) {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    if backslashes % 2 == 1 {
        text.push('\\');
    }
}

pub(super) fn bold(text: &str) -> String {
    if text.is_empty() || text.contains("**") { text.to_owned() } else { format!("**{text}**") }
}

pub(super) fn is_blank(element: ElementRef<'_>) -> bool {
    element.text().all(|text| text.trim().is_empty())
}

/// Whether a block is a plain paragraph. Text that looks like another block is escaped.
pub(super) fn is_paragraph(block: &str) -> bool {
    let digits = block.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_item = digits.len() < block.len() && digits.starts_with(". ");
    !is_item && !["- ", "#", "> ", "|", "```"].iter().any(|start| block.starts_with(start))
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A code span, with the spaces at its ends outside its marks.
pub(super) fn spaced_code(code: &str) -> String {
    let edge = |is_space: bool| if is_space { " " } else { "" };
    let (before, after) =
        (code.starts_with(char::is_whitespace), code.ends_with(char::is_whitespace));
    format!("{}{}{}", edge(before), code_span(code), edge(after))
}

pub(super) fn end_line(written: &mut String) {
    if !written.ends_with('\n') {
        written.push('\n');
    }
}

/// Whether an inline code element contains blocks.
pub(super) fn has_lines(code: ElementRef<'_>) -> bool {
    code.descendent_elements().any(|inner| inner != code && !is_inline(inner.value().name()))
}

/// All text in the element with its white space and line breaks; a block in it is a line.
pub(super) fn as_written(element: ElementRef<'_>) -> String {
    let mut written = String::new();
    for edge in element.traverse() {
        let (node, is_open) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Text(text) if is_open => written.push_str(text),
            Node::Element(inner) if inner.name() == "br" && is_open => written.push('\n'),
            Node::Element(inner) if node.id() != element.id() && !is_inline(inner.name()) => {
                end_line(&mut written);
            }
            _ => {}
        }
    }
    visible(&written).into_owned()
}
