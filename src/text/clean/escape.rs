//! Plain text as Markdown that shows the same characters.

/// A hard line break in Markdown. It is two spaces rather than a backslash, because they leave no
/// trace where the text is later joined into one line.
pub(crate) const HARD_BREAK: &str = "  \n";

/// Plain text as Markdown that shows the same characters on the same lines.
pub(super) fn plain_lines(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len() + 16);
    let mut after_blank = true;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            if !after_blank {
                markdown.push_str("\n\n");
            }
            after_blank = true;
            continue;
        }
        if !after_blank {
            markdown.push_str(HARD_BREAK);
        }
        markdown.push_str(&escape_line(line));
        after_blank = false;
    }
    markdown
}

/// Escapes a line of plain text, including characters that are special only at the start of a line.
pub(crate) fn escape_line(line: &str) -> String {
    let escaped = escape(line);
    let marker = match line.as_bytes() {
        [b'>' | b'=', ..] => Some(0),
        [b'-' | b'+' | b'*']
        | [b'-' | b'+', b' ' | b'\t' | b'-', ..]
        | [b'*', b' ' | b'\t', ..] => Some(0),
        [b'#', ..] => Some(0),
        // The delimiter row of a table.
        other if other.contains(&b'-') && other.iter().all(|byte| b"|:- \t".contains(byte)) => {
            Some(0)
        }
        _ => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            let is_item = (1..=9).contains(&digits)
                && matches!(line.as_bytes().get(digits), Some(b'.' | b')'))
                && matches!(line.as_bytes().get(digits + 1), None | Some(b' ' | b'\t'));
            is_item.then_some(digits)
        }
    };
    match marker {
        // The first character may already be escaped for another reason.
        Some(at) if escaped.as_bytes().get(at) != Some(&b'\\') => {
            format!("{}\\{}", &escaped[..at], &escaped[at..])
        }
        _ => escaped,
    }
}

/// Escapes the characters of plain text that have a meaning in Markdown, and no others, so that
/// `node_cpu_seconds` and `5 * 3` remain readable.
pub(crate) fn escape(text: &str) -> String {
    // The fast path: nearly every text has none of them, and searching bytes is quicker.
    if !text
        .bytes()
        .any(|byte| matches!(byte, b'`' | b'\\' | b'*' | b'_' | b'~' | b']' | b'<' | b'&'))
    {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut before: Option<char> = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if is_special(before, c, rest.as_str()) {
            escaped.push('\\');
        }
        escaped.push(c);
        before = Some(c);
    }
    escaped
}

fn is_special(before: Option<char>, c: char, rest: &str) -> bool {
    let after = rest.chars().next();
    let spaced = |side: Option<char>| side.is_none_or(char::is_whitespace);
    match c {
        '`' => true,
        '\\' => after.is_some_and(|c| c.is_ascii_punctuation()),
        '*' => !(spaced(before) && spaced(after)),
        '_' => {
            let in_word = before.is_some_and(char::is_alphanumeric)
                && after.is_some_and(char::is_alphanumeric);
            !(in_word || spaced(before) && spaced(after))
        }
        // One at the start of a word (`~5 min`) can only open a span, and nothing closes it.
        '~' => !spaced(before),
        ']' => matches!(after, Some('(' | ':' | '[')),
        '<' => opens_tag(rest) || is_address(rest),
        '&' => entity_length(rest).is_some(),
        _ => false,
    }
}

/// Whether a `<` before `rest` could start a tag or an autolink.
pub(crate) fn opens_tag(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

/// Whether `rest` is an e-mail address up to its `>`, which Markdown turns into a link. Its first
/// character may be any sign.
fn is_address(rest: &str) -> bool {
    rest.find(['>', ' ', '\n'])
        .is_some_and(|end| rest[end..].starts_with('>') && rest[..end].contains('@'))
}

/// The length of the entity after `&`, including its semicolon.
pub(crate) fn entity_length(rest: &str) -> Option<usize> {
    let end = rest.bytes().take(33).position(|byte| byte == b';')?;
    let name = rest[..end].strip_prefix('#').unwrap_or(&rest[..end]);
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(end + 1)
}

/// Escapes, in Markdown, characters that came from entities and would now have a meaning.
pub(crate) fn escape_decoded(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut backslashes = 0;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let is_live = match c {
            '<' => opens_tag(rest),
            '&' => entity_length(rest).is_some(),
            _ => false,
        };
        if is_live && backslashes % 2 == 0 {
            escaped.push('\\');
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        escaped.push(c);
    }
    escaped
}
