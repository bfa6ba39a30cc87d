//! The mistakes that a single line shows, each with the corrected line.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::line::{Line, quoted};
use super::quotes;
use super::repair::Repair;
use crate::model::Incident;

/// The possible mistakes of a line, the most certain first.
pub(super) const ALL: &[fn(&Line<'_>) -> Option<Repair>] = &[
    tab,
    odd_space,
    quotes::typographic,
    comment,
    dash_without_space,
    colon_without_space,
    no_colon,
    comma_at_the_end,
    quotes::text_after,
    quotes::escape,
    quotes::in_brackets,
    quotes::not_closed,
    text_after_block_mark,
    list_on_the_line_of_its_key,
    indicator,
    in_braces,
    comment_in_brackets,
    bracket,
    colon,
];

/// The keys of an incident file, and whether the value of each is a list.
pub(super) static KEYS: LazyLock<BTreeMap<String, bool>> = LazyLock::new(|| {
    let mut keys = BTreeMap::new();
    collect(schemars::schema_for!(Incident).as_value(), &mut keys);
    keys
});

fn collect(schema: &serde_json::Value, keys: &mut BTreeMap<String, bool>) {
    let parts = schema.as_object().into_iter().flatten().map(|(_, part)| part);
    for (key, value) in
        schema.get("properties").and_then(|keys| keys.as_object()).into_iter().flatten()
    {
        let kind = value.get("type");
        let is_list = kind.is_some_and(|kind| {
            kind == "array" || kind.as_array().is_some_and(|k| k.contains(&"array".into()))
        });
        *keys.entry(key.clone()).or_default() |= is_list;
    }
    parts.chain(schema.as_array().into_iter().flatten()).for_each(|part| collect(part, keys));
}

fn repair(message: impl Into<String>, at: std::ops::Range<usize>, line: String) -> Repair {
    Repair { message: message.into(), at, line, hint: None }
}

/// A tab after the dash of a list item or after a colon.
fn tab(line: &Line<'_>) -> Option<Repair> {
    let at = line.indent + line.text[line.indent..line.start].find('\t')?;
    let fixed = line
        .replaced(line.indent..line.start, &line.text[line.indent..line.start].replace('\t', " "));
    Some(repair("a tab, where YAML needs a space", at..at + 1, fixed))
}

/// A character that only looks like a space, such as a no-break space from a web page.
pub(in crate::store) fn odd_space(line: &Line<'_>) -> Option<Repair> {
    let is_odd = |c: char| {
        (c.is_whitespace() && !c.is_ascii())
            || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
    };
    let at = line.text.find(is_odd)?;
    let found = line.text[at..].chars().next()?;
    let name = match found {
        '\u{a0}' | '\u{202f}' => "no-break space",
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => "invisible character",
        _ => "wide space",
    };
    let fixed: String = line.text.chars().map(|c| if is_odd(c) { ' ' } else { c }).collect();
    let message = format!("a {name} (U+{:04X}) in place of a plain space", u32::from(found));
    // The caret is under the visible text after it.
    let length = found.len_utf8()
        + line.text[at + found.len_utf8()..].chars().next().map_or(0, char::len_utf8);
    let hint = format!("retype it as a plain space: `{}`", super::repair::shortened(fixed.trim()));
    Some(Repair {
        hint: Some(hint),
        ..repair(message.replace("a invis", "an invis"), at..at + length, fixed)
    })
}

/// `// why`, `/* why */`
fn comment(line: &Line<'_>) -> Option<Repair> {
    let rest = &line.text[line.indent..];
    let text = rest.strip_prefix("//").or_else(|| rest.strip_prefix("/*"))?.trim_end_matches("*/");
    let fixed = format!("{}# {}", &line.text[..line.indent], text.trim());
    Some(repair("a comment begins with `#` in YAML", line.indent..line.indent + 2, fixed))
}

/// `-text: x`
fn dash_without_space(line: &Line<'_>) -> Option<Repair> {
    let rest = line.text[line.indent..].strip_prefix('-')?;
    if line.content > line.indent || rest.starts_with(['-', ' ']) || rest.is_empty() {
        return None;
    }
    let at = line.indent..line.indent + 1;
    Some(repair(
        "the dash of a list item needs a space after it",
        at.clone(),
        line.replaced(at, "- "),
    ))
}

/// `title:x`, and `title：x` with the colon of another script.
fn colon_without_space(line: &Line<'_>) -> Option<Repair> {
    let word = word(line)?;
    let after = &line.text[line.content + word.len()..];
    let colon = after.chars().next().filter(|c| matches!(c, ':' | '：' | '﹕' | '꞉'))?;
    let rest = &after[colon.len_utf8()..];
    if (colon == ':' && rest.starts_with([' ', '\t'])) || !KEYS.contains_key(word) {
        return None;
    }
    let at = line.content + word.len()..line.content + word.len() + colon.len_utf8();
    let message = match colon {
        ':' => format!("the colon after `{word}` needs a space after it"),
        other => format!("`{other}` after `{word}` is not the colon of YAML"),
    };
    let fixed = line.replaced(at.start..line.text.len(), &format!(": {}", rest.trim_start()));
    Some(repair(message, at, fixed))
}

/// `title x`, `title = x`
fn no_colon(line: &Line<'_>) -> Option<Repair> {
    let word = word(line).filter(|word| KEYS.contains_key(*word))?;
    let end = line.content + word.len();
    let rest = line.text[end..].trim_start();
    if line.key.is_some() && !rest.starts_with('=') {
        return None;
    }
    let (message, value) = match rest.strip_prefix("=>").or_else(|| rest.strip_prefix('=')) {
        Some(value) => (format!("YAML writes `{word}:`, not `{word} =`"), value.trim_start()),
        None if rest.starts_with(':') => return None,
        None => (format!("a colon is missing after `{word}`"), rest),
    };
    Some(repair(
        message,
        line.content..end,
        line.replaced(end..line.text.len(), format!(": {value}").trim_end()),
    ))
}

/// `title: "x",`, as in JSON.
fn comma_at_the_end(line: &Line<'_>) -> Option<Repair> {
    let value = line.value().strip_suffix(',')?;
    let is_closed = value.trim_end().ends_with(['"', '\'', ']', '}']);
    let at = line.end - 1..line.end;
    is_closed.then(|| {
        repair("YAML has no comma at the end of a line", at.clone(), line.replaced(at, ""))
    })
}

/// The word at the start of the content of a line.
fn word<'a>(line: &Line<'a>) -> Option<&'a str> {
    let content = &line.text[line.content..];
    let length =
        content.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(content.len());
    (length > 0).then(|| &content[..length])
}

/// `text: | x`
fn text_after_block_mark(line: &Line<'_>) -> Option<Repair> {
    let value = line.value();
    let mark = value.chars().next().filter(|c| matches!(c, '|' | '>'))?;
    if line.opens_block() {
        return None;
    }
    // The mark may be meant as text; the suggested line preserves it.
    let fixed = line.with_quoted_value();
    let hint = format!(
        "move it there; or, if `{mark}` is part of it, write `{}`",
        super::repair::shortened(fixed.trim())
    );
    let message = format!("text after `{mark}` begins on the next line, indented");
    Some(Repair { hint: Some(hint), ..repair(message, line.start..line.end, fixed) })
}

/// `services: - api`
fn list_on_the_line_of_its_key(line: &Line<'_>) -> Option<Repair> {
    let key = line.key_text()?;
    let item = line.value().strip_prefix('-').filter(|rest| rest.starts_with(' '))?.trim();
    if KEYS.get(key) == Some(&true)
        && !item.is_empty()
        && !item.contains([',', ':', '[', ']', '{', '}'])
    {
        let fixed = line.replaced(line.start..line.end, &format!("[{item}]"));
        let message = "a list with dashes begins on the line after its key";
        return Some(repair(message, line.start..line.start + 1, fixed));
    }
    Some(needs_quotes(line, "- "))
}

/// `text: @ana restarted it`, `text: *everything* was down`
fn indicator(line: &Line<'_>) -> Option<Repair> {
    let first = line.value().chars().next()?;
    let is_indicator = matches!(first, '@' | '`' | '%' | '*' | '&' | '!' | '?' | ',' | ']' | '}');
    // `[WIP] restarted it` and `{name} is down` are neither lists nor maps.
    let closing = match first {
        '[' => line.value().rfind(']'),
        '{' => line.value().rfind('}'),
        _ => None,
    };
    let is_bracketed_word = closing.is_some_and(|end| end + 1 < line.value().len());
    if !(is_indicator || is_bracketed_word) || line.opens_block() {
        return None;
    }
    Some(needs_quotes(line, &first.to_string()))
}

fn needs_quotes(line: &Line<'_>, mark: &str) -> Repair {
    let at = line.start..line.start + mark.trim_end().len();
    let shown = if mark == "`" { "a backtick".to_owned() } else { format!("`{mark}`") };
    repair(format!("a text that begins with {shown} needs quotes"), at, line.with_quoted_value())
}

/// `{id: rc1, text: it failed: twice}`: a text that needs quotes in braces.
fn in_braces(line: &Line<'_>) -> Option<Repair> {
    let value = line.value();
    let inner = value.strip_prefix('{')?.strip_suffix('}')?;
    let mut at = line.start + 1;
    for part in inner.split_inclusive(',') {
        let start = at;
        at += part.len();
        let part = part.trim_end_matches(',');
        let pair = Line::read(part);
        let Some(key) = pair.key_text() else { continue };
        let text = pair.value();
        let needs = text.contains(": ")
            || text.ends_with(':')
            || text.starts_with(['@', '`', '%', '*', '&', '!']);
        if !needs || text.starts_with(['"', '\'', '[', '{']) {
            continue;
        }
        let span = start + pair.start..start + pair.end;
        let fixed = line.replaced(span.clone(), &quoted(text));
        return Some(repair(
            format!("the text of `{}` needs quotes here", key.trim()),
            span,
            fixed,
        ));
    }
    None
}

/// `{text: paged on-call, see #inc-1}`: ` #` starts a comment, which includes the bracket.
fn comment_in_brackets(line: &Line<'_>) -> Option<Repair> {
    let whole = line.text.trim_end();
    let closing = whole.len() - whole.trim_end_matches([']', '}']).len();
    let hash = line.start + line.text[line.start..].find(" #")?;
    let end = whole.len() - closing;
    if !line.value().starts_with(['[', '{']) || closing == 0 || hash > end {
        return None;
    }
    // The text starts after the last key before the sign, or after the last comma of a list.
    let before = &line.text[line.start..hash];
    let start = match before.rfind(": ") {
        Some(colon) => line.start + colon + 2,
        None => line.start + before.rfind([',', '[', '{']).map_or(0, |at| at + 1),
    };
    let start = start + (line.text[start..].len() - line.text[start..].trim_start().len());
    let text = &line.text[start..end];
    if text.is_empty() || text.contains(['"', '\'']) {
        return None;
    }
    let fixed =
        line.replaced(start..line.text.len(), &format!("{}{}", quoted(text), &whole[end..]));
    let at = hash + 1..hash + 2;
    Some(repair("a `#` after a space begins a comment; in a text it needs quotes", at, fixed))
}

/// `[a, b`, `[a, b]]`, `[a, b}`, `[a,, b]`
fn bracket(line: &Line<'_>) -> Option<Repair> {
    let value = line.value();
    let first = value.chars().next().filter(|c| matches!(c, '[' | '{'))?;
    let mut open = Vec::new();
    let mut last = first;
    for (at, c) in value.char_indices() {
        let place = line.start + at..line.start + at + 1;
        match c {
            '[' => open.push(('[', ']')),
            '{' => open.push(('{', '}')),
            ']' | '}' => match open.pop() {
                Some((_, closing)) if closing == c => {}
                Some((opening, closing)) => {
                    let fixed = line.replaced(place.clone(), &closing.to_string());
                    return Some(repair(
                        format!("`{opening}` is closed by `{closing}`, not by `{c}`"),
                        place,
                        fixed,
                    ));
                }
                None => {
                    return Some(repair(
                        format!("`{c}` closes nothing"),
                        place.clone(),
                        line.replaced(place, ""),
                    ));
                }
            },
            ',' if matches!(last, ',' | '[' | '{') => {
                let fixed = line.replaced(place.clone(), "");
                return Some(repair("a comma with nothing before it", place, fixed));
            }
            _ => {}
        }
        last = if c == ' ' { last } else { c };
    }
    if open.is_empty() {
        return None;
    }
    let closing: String = open.iter().rev().map(|(_, closing)| *closing).collect();
    let value = value.trim_end_matches([',', ' ']);
    let fixed = line.replaced(line.start..line.end, &format!("{value}{closing}"));
    Some(repair(format!("`{first}` is not closed"), line.start..line.start + 1, fixed))
}

/// `title: API down: timeouts`
fn colon(line: &Line<'_>) -> Option<Repair> {
    let value = line.value();
    if value.is_empty() || value.starts_with(['"', '\'', '|']) {
        return None;
    }
    let colon = value.find(": ").or_else(|| value.ends_with(':').then(|| value.len() - 1))?;
    let message = match value[colon..].len() {
        1 => "a text that ends with a colon needs quotes",
        _ => "a text with a colon and a space in it needs quotes",
    };
    let at = line.start + colon..line.start + colon + 1;
    Some(repair(message, at, line.with_quoted_value()))
}
