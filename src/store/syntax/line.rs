//! A line of YAML text, split into its parts without knowing the lines around it.

use std::ops::Range;

/// A line as its author probably meant it: `  - key: value # comment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Line<'a> {
    /// The whole line, without its line end.
    pub(in crate::store) text: &'a str,
    /// The bytes of white space at its start.
    pub(super) indent: usize,
    /// The offset of the first character that is neither white space nor a dash of a list.
    pub(super) content: usize,
    /// The range of the key, without its colon.
    pub(super) key: Option<(usize, usize)>,
    /// The start of the value; the end of the line if there is none.
    pub(super) start: usize,
    /// The end of the value, before a comment.
    pub(super) end: usize,
}

impl<'a> Line<'a> {
    pub(in crate::store) fn read(text: &'a str) -> Self {
        let text = text.trim_end_matches('\r');
        let indent = text.len() - text.trim_start().len();
        let content = after_dashes(text, indent);
        let key = key(text, content);
        let start = key.map_or(content, |(_, end)| end + 1);
        let start = start + (text[start..].len() - text[start..].trim_start().len());
        let end = start + without_comment(&text[start..]).len();
        Line { text, indent, content, key, start, end }
    }

    /// The value as written, without a comment.
    pub(super) fn value(&self) -> &'a str {
        &self.text[self.start..self.end]
    }

    pub(super) fn key_text(&self) -> Option<&'a str> {
        self.key.map(|(start, end)| &self.text[start..end])
    }

    /// Whether it is blank or only a comment.
    pub(super) fn is_empty(&self) -> bool {
        let rest = self.text.trim();
        rest.is_empty() || rest.starts_with('#')
    }

    /// The line with `span` replaced by `with`.
    pub(super) fn replaced(&self, span: Range<usize>, with: &str) -> String {
        format!("{}{with}{}", &self.text[..span.start], &self.text[span.end..])
    }

    /// The line with its value in quotes.
    pub(super) fn with_quoted_value(&self) -> String {
        self.replaced(self.start..self.end, &quoted(self.value()))
    }

    /// Whether the more indented lines below it are a text: `key: |`.
    pub(super) fn opens_block(&self) -> bool {
        let Some(rest) = self.value().strip_prefix(['|', '>']) else { return false };
        rest.len() <= 2 && rest.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'))
    }
}

/// The offset of the text after the dashes of `- - x`.
fn after_dashes(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(rest) = text[at..].strip_prefix('-') {
        if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
            break;
        }
        at = text.len() - rest.trim_start().len();
    }
    at
}

/// The key that starts at `from`: the text before the first colon that a space follows.
fn key(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = &text[from..];
    let after_quote = |quote: char| rest[1..].find(quote).map(|end| end + 2);
    let length = match rest.chars().next()? {
        quote @ ('"' | '\'') => after_quote(quote)?,
        '[' | '{' | '#' => return None,
        _ => rest.match_indices(':').map(|(at, _)| at).find(|&at| ends_key(rest, at))?,
    };
    ends_key(rest, length).then_some((from, from + length))
}

/// Whether the byte at `at` is a colon that ends a key.
fn ends_key(text: &str, at: usize) -> bool {
    let Some(rest) = text[at..].strip_prefix(':') else { return false };
    rest.is_empty() || rest.starts_with(char::is_whitespace)
}

/// `value` without a comment and the space before that. A `#` in quotes does not start one.
fn without_comment(value: &str) -> &str {
    let from = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => closing(value, quote).map_or(0, |end| end + 1),
        Some('#') => return "",
        _ => 0,
    };
    let comment = value[from..].find(" #").map_or(value.len(), |at| from + at);
    value[..comment].trim_end()
}

/// The offset of the quote that closes the one at the start of `text`.
pub(in crate::store) fn closing(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => _ = chars.next(),
            '\'' if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                _ = chars.next();
            }
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// `text` in quotes, so that YAML reads it back unchanged: in double quotes if nothing in it needs
/// an escape there.
pub(in crate::store) fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

/// For each line, whether it is part of a text after `|` or `>`, in which no sign has a meaning.
pub(super) fn in_blocks(lines: &[impl AsRef<str>]) -> Vec<bool> {
    let mut block: Option<usize> = None;
    let mut inside = Vec::with_capacity(lines.len());
    for line in lines {
        let line = Line::read(line.as_ref());
        let goes_on =
            block.is_some_and(|column| line.text.trim().is_empty() || line.indent > column);
        if !goes_on {
            let column = if line.key.is_some() { line.content } else { line.indent };
            block = line.opens_block().then_some(column);
        }
        inside.push(goes_on);
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_is_split_into_key_and_value() {
        for (text, key, value) in [
            ("  - text: paged: on-call # why", Some("text"), "paged: on-call"),
            ("title: \"a # b\" # c", Some("title"), "\"a # b\""),
            ("- https://example.com", None, "https://example.com"),
            ("timeline:", Some("timeline"), ""),
            ("\"a: b\": c", Some("\"a: b\""), "c"),
            ("- - x", None, "x"),
            ("  -", None, ""),
        ] {
            let line = Line::read(text);
            assert_eq!((line.key_text(), line.value()), (key, value), "{text}");
        }
    }

    #[test]
    fn quoted_text_round_trips() {
        for text in ["a: b", "say \"no\"", "C:\\new", "it's", "it's \"so\""] {
            assert_eq!(serde_yaml::from_str::<String>(&quoted(text)).unwrap(), text);
        }
    }

    #[test]
    fn lines_of_a_block_are_recognised() {
        let text = "a: |\n  b: c\n\n   d\ne: f\n- text: >-\n    g\n  at: h\n";
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(in_blocks(&lines), [false, true, true, true, false, false, true, false]);
    }
}
