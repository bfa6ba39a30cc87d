//! Lists in `[]` and maps in `{}` on one line of YAML, parsed without a full parser.

use std::ops::Range;

use crate::model::path::Step;

/// Signs at the start of a value that need a full parser.
pub(super) const SPECIAL: [char; 8] = ['&', '*', '!', '%', '@', '`', '?', ','];

/// The text has a shape that needs a full parser.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Undetermined;

/// The range of an item (of its key, if it has one), and the range of its value.
type Item = (Range<usize>, Range<usize>);

/// The child of the one-line list or map at `whole`: the range of its key or of the child itself,
/// and the range of its value.
pub(super) fn child(
    text: &str,
    whole: Range<usize>,
    step: &Step,
) -> Result<Option<Item>, Undetermined> {
    let is_map = text[whole.clone()].starts_with('{');
    if is_map != matches!(step, Step::Key(_)) {
        return Err(Undetermined);
    }
    let mut at = whole.start + 1;
    let end = whole.end - 1;
    for number in 0.. {
        at += leading_space(&text[at..end]);
        if at >= end {
            break;
        }
        let mut key = None;
        if is_map {
            let name = plain_key(&text[at..end]).ok_or(Undetermined)?;
            key = Some(at..at + name.len());
            at += text[at..end].find(':').ok_or(Undetermined)? + 1;
            at += leading_space(&text[at..end]);
        }
        let length = scalar_or_collection(&text[at..end]).ok_or(Undetermined)?;
        let value = at..at + length;
        let is_it = match step {
            Step::Key(name) => key.as_ref().is_some_and(|key| text[key.clone()] == **name),
            Step::Index(index) => *index == number,
        };
        if is_it {
            return Ok(Some((key.unwrap_or_else(|| value.clone()), value)));
        }
        at = value.end + leading_space(&text[value.end..end]);
        if at < end && !text[at..].starts_with(',') {
            return Err(Undetermined);
        }
        at = (at + 1).min(end);
    }
    Ok(None)
}

fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// A key without quotes that is followed by `: `.
fn plain_key(text: &str) -> Option<&str> {
    let colon = text.find([':', ',', '"', '\'', '[', ']', '{', '}', '#'])?;
    let is_key = text[colon..].starts_with(": ")
        && !text.starts_with(SPECIAL)
        && !text.starts_with(['-', '|', '>']);
    is_key.then(|| text[..colon].trim_end()).filter(|key| !key.is_empty())
}

/// The length of the value at the start of `text`: quoted, in brackets, or plain words up to a
/// comma. `None` for anything else, including an absent value.
fn scalar_or_collection(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    match bytes.first()? {
        quote @ (b'"' | b'\'') => Some(after_quote(bytes, 0, *quote)? + 1),
        b'[' | b'{' => bracketed(text),
        b'|' | b'>' | b'#' | b'-' => None,
        _ if text.starts_with(SPECIAL) => None,
        _ => {
            let words = text.split([',', ']', '}']).next()?.trim_end();
            let is_plain = !words.is_empty()
                && !words.contains(['[', '{', '#'])
                && !words.contains(": ")
                && !words.ends_with(':');
            is_plain.then_some(words.len())
        }
    }
}

/// The length of the quoted text, the list or the map at the start of `value`, if it ends on the
/// line.
pub(super) fn bracketed(value: &str) -> Option<usize> {
    let mut open: Vec<u8> = Vec::new();
    let bytes = value.as_bytes();
    let mut at = 0;
    loop {
        match *bytes.get(at)? {
            quote @ (b'"' | b'\'') if open.is_empty() || !is_word(bytes[at - 1]) => {
                at = after_quote(bytes, at, quote)?;
            }
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            close @ (b']' | b'}') if open.pop() != Some(close) => return None,
            b'#' if at > 0 && bytes[at - 1] == b' ' => return None,
            _ => {}
        }
        at += 1;
        if open.is_empty() {
            return Some(at);
        }
    }
}

/// Whether a quote after this byte is an apostrophe inside a word.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || matches!(byte, b'.' | b'!' | b'?' | b')')
}

/// The offset after the quote that closes the one at `at`.
fn after_quote(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let mut at = at + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote => {
                if quote == b'"' || bytes.get(at + 1) != Some(&b'\'') {
                    return Some(at);
                }
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
}
