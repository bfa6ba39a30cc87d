//! Mistakes with quotes.

use super::line::{Line, closing, quoted};
use super::repair::Repair;

/// Typographic quotes, which programs insert instead of straight ones.
pub(in crate::store) const TYPOGRAPHIC: &[char] =
    &['“', '”', '„', '‟', '«', '»', '‘', '’', '‚', '‛', '‹', '›', '「', '」', '＂'];

/// The quote at the start of a value.
fn opening(line: &Line<'_>) -> Option<char> {
    line.value().chars().next().filter(|c| matches!(c, '"' | '\''))
}

/// Whether the value starts with a quote or a bracket that is not closed on the line.
pub(super) fn is_open(line: &Line<'_>) -> bool {
    let value = line.value();
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => closing(value, quote).is_none(),
        Some('[') => value.matches('[').count() > value.matches(']').count(),
        Some('{') => value.matches('{').count() > value.matches('}').count(),
        _ => false,
    }
}

/// `title: “API down”`, from a program that replaces quotes while typing.
pub(super) fn typographic(line: &Line<'_>) -> Option<Repair> {
    let value = line.value();
    let first = value.chars().next()?;
    let last = value.chars().next_back()?;
    let is_quote = |c: char| TYPOGRAPHIC.contains(&c);
    let is_closed_only = opening(line).is_some() && is_quote(last);
    if !is_quote(first) && !is_closed_only {
        return None;
    }
    let at = if is_quote(first) {
        line.start..line.start + first.len_utf8()
    } else {
        line.end - last.len_utf8()..line.end
    };
    let shown = if is_quote(first) { first } else { last };
    let inner = value.trim_matches(|c| is_quote(c) || c == '"');
    Some(Repair {
        message: format!("YAML needs straight quotes, not `{shown}`"),
        at,
        line: line.replaced(line.start..line.end, &quoted(inner)),
        hint: None,
    })
}

/// `title: "Search" is down`, and `text: 'it's back'`.
pub(super) fn text_after(line: &Line<'_>) -> Option<Repair> {
    let quote = opening(line)?;
    let value = line.value();
    let end = closing(value, quote)? + 1;
    let rest = &line.text[line.start + end..];
    let after = rest.trim_start();
    if after.is_empty()
        || after.starts_with('#') && rest.len() > after.len()
        || after.starts_with(':')
    {
        return None;
    }
    let start = line.text.len() - after.len();
    // The whole value is in quotes, and another quote inside it ended it too early.
    let whole = value.strip_suffix(quote).filter(|_| value.len() > end).map(|value| &value[1..]);
    let (message, inner) = match whole {
        Some(inner)
            if quote == '\''
                || inner.matches(quote).count() % 2 == 1
                || !value[end..].starts_with(' ') =>
        {
            ("the quote ends here, before the text does", inner)
        }
        _ => ("text after the closing quote", value),
    };
    let at = if message.starts_with("the") {
        line.start + end - 1..line.start + end
    } else {
        start..line.end.max(start + 1)
    };
    let inner =
        if quote == '\'' && whole.is_some() { inner.replace("''", "'") } else { inner.to_owned() };
    Some(Repair {
        message: message.into(),
        at,
        line: line.replaced(line.start..line.end, &quoted(&inner)),
        hint: None,
    })
}

/// `title: "API down`
pub(super) fn not_closed(line: &Line<'_>) -> Option<Repair> {
    let quote = opening(line)?;
    if closing(line.value(), quote).is_some() {
        return None;
    }
    let at = line.start..line.start + 1;
    let inner = &line.value()[1..];
    // An apostrophe or an inch sign rather than a quote.
    let is_apostrophe = inner.contains(quote)
        || (quote == '\'' && inner.starts_with("s ") | inner.starts_with("tis "));
    let other = inner.strip_suffix(['"', '\'']);
    let fixed = if let Some(inner) = other.filter(|inner| !inner.contains(['"', '\''])) {
        line.replaced(line.start..line.end, &quoted(inner))
    } else if is_apostrophe || inner.ends_with('\\') {
        line.with_quoted_value()
    } else {
        line.replaced(line.end..line.end, &quote.to_string())
    };
    Some(Repair { message: "this quote is not closed".into(), at, line: fixed, hint: None })
}

/// `["api, web]`
pub(super) fn in_brackets(line: &Line<'_>) -> Option<Repair> {
    let inner = line.value().strip_prefix('[')?.strip_suffix(']')?;
    let mut at = line.start + 1;
    for part in inner.split_inclusive(',') {
        let start = at;
        at += part.len();
        let item = Line::read(part.trim_end_matches(','));
        let quote = opening(&item).filter(|quote| closing(item.value(), *quote).is_none());
        if let Some(quote) = quote {
            let place = start + item.start..start + item.start + 1;
            let end = start + item.end;
            let fixed = line.replaced(end..end, &quote.to_string());
            return Some(Repair {
                message: "this quote is not closed".into(),
                at: place,
                line: fixed,
                hint: None,
            });
        }
    }
    None
}

/// `path: "C:\data"`
pub(super) fn escape(line: &Line<'_>) -> Option<Repair> {
    if opening(line)? != '"' {
        return None;
    }
    let value = line.value();
    let mut chars = value.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let escaped = chars.next().map(|(_, c)| c);
        let is_known = escaped.is_none_or(|c| "0abtnvfre \"/\\N_LPxuU\t".contains(c));
        let needed = match escaped {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        let digits =
            value[at..].chars().skip(2).take(needed).take_while(char::is_ascii_hexdigit).count();
        if is_known && digits == needed {
            continue;
        }
        let shown: String = value[at..].chars().take(2).collect();
        // At the end of the value, a backslash escapes the closing quote.
        let inner = value[1..].strip_suffix('"').unwrap_or(&value[1..]);
        let length = shown.len();
        return Some(Repair {
            message: format!("`{shown}` has no meaning in double quotes"),
            at: line.start + at..line.start + at + length,
            line: line.replaced(line.start..line.end, &quoted(inner)),
            hint: None,
        });
    }
    None
}
