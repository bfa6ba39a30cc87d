//! The mistakes that a single line of TOML shows, each with the corrected line.

use std::sync::LazyLock;

use regex::Regex;
use toml::de::DeTable;

use crate::store::syntax::{Line, Repair, TYPOGRAPHIC, closing, odd_space};

/// The possible mistakes of a line, the most certain first.
pub(super) const ALL: [fn(&str) -> Option<Repair>; 14] = [
    space,
    typographic,
    comment,
    header,
    colon,
    no_equals_sign,
    two_equals_signs,
    word,
    escape,
    commas,
    quote_in_list,
    no_opening_quote,
    value,
    after_the_value,
];

fn repair(message: impl Into<String>, at: std::ops::Range<usize>, line: String) -> Repair {
    Repair { message: message.into(), at, line, hint: None }
}

/// The key, the start of its value, and the value without a comment: `key = value # comment`.
fn assignment(line: &str) -> Option<(&str, usize, &str)> {
    let (before, written) = line.split_once('=')?;
    let start = line.len() - written.trim_start().len();
    let value = Line::read(&line[start..]).text;
    let end = without_comment(value).len();
    Some((name_in(before), start, &line[start..start + end]))
}

/// The key before `=`. A byte order mark before the first key is not part of it.
fn name_in(before: &str) -> &str {
    before.trim_start_matches('\u{feff}').trim()
}

/// A value without the comment after it. A `#` in quotes does not start one.
fn without_comment(value: &str) -> &str {
    let mut quote = None;
    for (at, c) in value.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '#') => return value[..at].trim_end(),
            (None, _) => {}
        }
    }
    // After an unclosed quote, a `#` may still start a comment.
    let is_open = quote.is_some();
    let end = value.find(" #").filter(|_| is_open).unwrap_or(value.len());
    value[..end].trim_end()
}

/// `zone\u{a0}= "UTC"`, with a no-break space from a web page.
fn space(line: &str) -> Option<Repair> {
    // A byte order mark is not part of the first line.
    if line.starts_with('\u{feff}') { None } else { odd_space(&Line::read(line)) }
}

/// `; why`, `// why`, `-- why`
fn comment(line: &str) -> Option<Repair> {
    let indent = line.len() - line.trim_start().len();
    let sign = ["//", "--", ";"].into_iter().find(|sign| line[indent..].starts_with(sign))?;
    let fixed = format!("{}# {}", &line[..indent], line[indent + sign.len()..].trim());
    Some(repair("a comment begins with `#` in TOML", indent..indent + sign.len(), fixed))
}

/// `zone == "UTC"`, `zone := "UTC"`, `zone => "UTC"`
fn two_equals_signs(line: &str) -> Option<Repair> {
    let (end, rest) = key(line)?;
    let start = end + (rest.len() - rest.trim_start().len());
    let sign = ["==", ":=", "=>"].into_iter().find(|sign| line[start..].starts_with(sign))?;
    let fixed = format!("{}={}", &line[..start], &line[start + sign.len()..]);
    Some(repair(
        format!("TOML has one `=` between a key and its value, not `{sign}`"),
        start..start + sign.len(),
        fixed,
    ))
}

/// `select = True`, `select = yes`, `zone = null`
fn word(line: &str) -> Option<Repair> {
    let (name, start, value) = assignment(line)?;
    let at = start..start + value.len().max(1);
    let right = match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => "true",
        "false" | "no" | "off" => "false",
        "null" | "none" | "nil" | "~" => {
            let hint = format!("leave the line out: `{name}` then has its default");
            let message = format!("TOML has no `{value}`");
            return Some(Repair { hint: Some(hint), ..repair(message, at, String::new()) });
        }
        _ => return None,
    };
    let fixed = format!("{}{right}{}", &line[..start], &line[start + value.len()..]);
    let hint = format!(
        "write `{}`, or in quotes if the text is meant: `{name} = \"{value}\"`",
        fixed.trim()
    );
    Some(Repair {
        hint: Some(hint),
        ..repair(format!("`{value}` is not a TOML value; TOML has `true` and `false`"), at, fixed)
    })
}

/// `incidents = "C:\path"`: in double quotes, a backslash starts an escape.
fn escape(line: &str) -> Option<Repair> {
    let (_, start, _) = assignment(line)?;
    let mut from = start;
    while let Some(open) = line[from..].find('"').map(|at| from + at) {
        let length =
            closing(&line[open..], '"').or_else(|| line[open + 1..].rfind('"').map(|at| at + 1))?;
        let inner = &line[open + 1..open + length];
        if let Some(at) = odd_escape(inner) {
            let shown: String = inner[at..].chars().take(2).collect();
            let span = open + 1 + at..open + 1 + at + shown.len();
            let right = if inner.contains('\'') || inner.contains("\\\\") {
                format!("\"{}\"", inner.replace("\\\\", "\\").replace('\\', "\\\\"))
            } else {
                format!("'{inner}'")
            };
            let fixed = format!("{}{right}{}", &line[..open], &line[open + length + 1..]);
            let message = format!(
                "`{shown}` has no meaning in double quotes; single quotes take a backslash as it is"
            );
            return Some(repair(message, span, fixed));
        }
        from = open + length + 1;
    }
    None
}

/// The offset of a backslash that does not start a valid escape.
fn odd_escape(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let (_, next) = chars.next().unwrap_or((at, ' '));
        let digits = |count: usize| {
            let digits = text.get(at + 2..at + 2 + count);
            digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        };
        let is_known = match next {
            'b' | 't' | 'n' | 'f' | 'r' | 'e' | '"' | '\\' => true,
            'x' => digits(2),
            'u' => digits(4),
            'U' => digits(8),
            _ => false,
        };
        if !is_known {
            return Some(at);
        }
    }
    None
}

/// `["a",, "b"]`, `[, "a"]`, `{a = 1,, b = 2}`
fn commas(line: &str) -> Option<Repair> {
    let (_, start, value) = assignment(line)?;
    if !value.starts_with(['[', '{']) {
        return None;
    }
    let (mut quote, mut is_due, mut found, mut fixed) = (None, true, None, String::new());
    for (at, c) in value.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => (quote, is_due) = (Some(c), false),
            (None, ',') if is_due => {
                found = found.or(Some(at));
                continue;
            }
            (None, ',' | '[' | '{') => is_due = true,
            (None, c) if !c.is_whitespace() => is_due = false,
            // The space after a removed comma.
            (None, _) if found.is_some() && fixed.ends_with(['[', '{', ' ']) => continue,
            (None, _) => {}
        }
        fixed.push(c);
    }
    let at = start + found?;
    let line = format!("{}{fixed}{}", &line[..start], &line[start + value.len()..]);
    Some(repair("nothing is before this comma", at..at + 1, line))
}

/// `ignore = ['it's']`: a quote inside single quotes ends the text.
fn quote_in_list(line: &str) -> Option<Repair> {
    let (_, start, value) = assignment(line)?;
    if !value.starts_with('[') || value.contains('"') {
        return None;
    }
    let mut from = start;
    let (open, early) = loop {
        let open = from + line[from..start + value.len()].find('\'')?;
        let length = line[open + 1..start + value.len()].find('\'')?;
        from = open + 1 + length + 1;
        if line[from..].starts_with(char::is_alphanumeric) {
            break (open, length);
        }
    };
    let text = &line[open + 1..start + value.len()];
    // The text ends at the quote before a comma or the bracket.
    let ends = text.match_indices('\'').map(|(at, _)| at);
    let end = ends.skip(1).find(|at| {
        text[at + 1..].trim_start().starts_with([',', ']']) || text[at + 1..].trim().is_empty()
    })?;
    let inner = &text[..end];
    if inner.contains('\\') {
        return None;
    }
    let fixed = format!("{}\"{inner}\"{}", &line[..open], &line[open + 1 + end + 1..]);
    let at = open + 1 + early..open + 2 + early;
    Some(repair("the quote ends here, before the text does", at, fixed))
}

/// `zone = UTC"`
fn no_opening_quote(line: &str) -> Option<Repair> {
    let (name, start, value) = assignment(line)?;
    let quote = value.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
    let text = &value[..value.len() - 1];
    if text.is_empty() || text.contains(['"', '\'', '[', '{', '\\']) {
        return None;
    }
    let fixed = format!("{}{quote}{text}{quote}{}", &line[..start], &line[start + value.len()..]);
    Some(repair(
        format!("the text of `{name}` has no opening quote"),
        start..start + value.len(),
        fixed,
    ))
}

/// `zone = "UTC",`, `zone = "UTC";`, `zone = "Europe/" + "Berlin"`, `zone = "UTC" why`
fn after_the_value(line: &str) -> Option<Repair> {
    let (name, start, value) = assignment(line)?;
    let quote = value.chars().next()?;
    let end = match quote {
        '"' | '\'' => closing(value, quote)? + 1,
        '[' | '{' => return None,
        _ => value.find([' ', ',', ';']).unwrap_or(value.len()),
    };
    let rest = value[end..].trim();
    let at = start + value.len() - rest.len()..start + value.len();
    let without_rest = &line[..start + end];
    match rest {
        "" => None,
        "," | ";" => Some(repair(
            format!("TOML has no `{rest}` at the end of a line"),
            at,
            without_rest.to_owned(),
        )),
        // A quote inside single quotes ended the text: `'it's'`.
        _ if quote == '\'' && rest.ends_with('\'') && !value.contains('"') => {
            let fixed = format!("{}\"{}\"", &line[..start], &value[1..value.len() - 1]);
            Some(repair(
                "the quote ends here, before the text does",
                start + end - 1..start + end,
                fixed,
            ))
        }
        _ => Some(repair(
            format!("more than one value after `{name}`; a comment begins with `#`"),
            at,
            format!("{without_rest} # {rest}"),
        )),
    }
}

/// `zone = “UTC”`
fn typographic(line: &str) -> Option<Repair> {
    let (at, first) = line.char_indices().find(|(_, c)| TYPOGRAPHIC.contains(c))?;
    let message = format!("TOML needs straight quotes, not `{first}`");
    // Inside straight quotes, a typographic quote is an ordinary character.
    Some(repair(message, at..at + first.len_utf8(), line.replace(TYPOGRAPHIC, "\"")))
}

/// `[check`, `[check:`, `check:`
fn header(line: &str) -> Option<Repair> {
    let content = line.trim();
    let start = line.len() - line.trim_start().len();
    let at = start..start + content.len().max(1);
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| is_key(c) || matches!(c, '.' | '"'));
    if let Some(name) = content.strip_suffix(':').filter(|name| is_name(name)) {
        let message = format!("`{content}` is YAML: in TOML the name of a table is in brackets");
        return Some(repair(message, at, format!("[{name}]")));
    }
    let name = content.strip_prefix('[')?.trim_end_matches([':', ' ']);
    let name = name.strip_suffix(['}', ')', ']']).unwrap_or(name).trim_matches(['[', ' ']);
    let message = "the name of a table is in one pair of brackets".to_owned();
    is_name(name).then(|| repair(message, at, format!("[{name}]")))
}

fn is_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// The key at the start of a line: the offset of its end, and the rest.
fn key(line: &str) -> Option<(usize, &str)> {
    let start = line.len() - line.trim_start().len();
    let length = line[start..].find(|c: char| !is_key(c) && c != '.').unwrap_or(line.len() - start);
    (length > 0).then(|| (start + length, &line[start + length..]))
}

/// `zone: UTC`
fn colon(line: &str) -> Option<Repair> {
    let (end, rest) = key(line)?;
    let value = rest.trim_start().strip_prefix(':')?.trim();
    let at = end + rest.find(':')?;
    let message = "TOML has `=` between a key and its value, not `:`".to_owned();
    (!value.is_empty() && !value.starts_with('='))
        .then(|| repair(message, at..at + 1, format!("{} = {}", &line[..end], as_value(value))))
}

/// `zone "UTC"`
fn no_equals_sign(line: &str) -> Option<Repair> {
    let (end, rest) = key(line)?;
    let value = rest.trim();
    if !rest.starts_with(' ') || value.is_empty() || value.starts_with(['=', ':', '#']) {
        return None;
    }
    let message = "`=` is missing between the key and its value".to_owned();
    Some(repair(message, end..end + 1, format!("{} = {}", &line[..end], as_value(value))))
}

/// `zone = UTC`, `zone = "UTC`, `ignore = [blame`, `zone =`
fn value(line: &str) -> Option<Repair> {
    let (before, written) = line.split_once('=')?;
    let value = written.trim();
    let name = name_in(before);
    let start = line.len() - written.trim_start().len();
    let message = match value.chars().next() {
        None => {
            let at = before.trim_end().len()..line.len();
            return Some(repair(format!("`{name}` has no value"), at, format!("{before}= \"…\"")));
        }
        Some(quote @ ('"' | '\'')) if !value[1..].contains(quote) => {
            format!("the text of `{name}` has no closing quote")
        }
        Some('"' | '\'') => return None,
        Some('[' | '{') if as_value(value).len() > value.len() && !value.ends_with([']', '}']) => {
            format!("the bracket after `{name}` is not closed")
        }
        Some('[' | '{') => format!("the texts in `{name}` need quotes"),
        Some(_) => format!("the text of `{name}` needs quotes"),
    };
    let line = format!("{}{}", &line[..start], as_value(value));
    Some(repair(message, start..start + value.len().max(1), line))
}

/// `value` as TOML: texts in quotes, quotes and brackets closed. A comment after it is preserved.
fn as_value(value: &str) -> String {
    let is_fine = |value: &str| DeTable::parse(&format!("x = {value}")).is_ok();
    if is_fine(value) {
        return value.to_owned();
    }
    if let Some((value, comment)) =
        value.split_once(" #").filter(|(value, _)| !value.trim().is_empty())
    {
        return format!("{} #{comment}", as_value(value.trim_end()));
    }
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            format!("{quote}{}{quote}", value[1..].trim_end_matches(['"', '\'']))
        }
        Some('[') => {
            let items = value[1..].trim_end_matches([']', ' ', ',', '}']);
            let items = items_of(items)
                .into_iter()
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(as_value);
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Some('{') => {
            static COLON: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"([{,]\s*[\w-]+)\s*:\s*").expect("valid built-in regex")
            });
            let closed =
                if value.ends_with('}') { value.to_owned() } else { format!("{value} }}") };
            let table = COLON.replace_all(&closed, "$1 = ").into_owned();
            if is_fine(&table) { table } else { closed }
        }
        _ => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// The items of a list, split at commas outside quotes and brackets.
fn items_of(list: &str) -> Vec<&str> {
    let (mut items, mut from, mut depth, mut quote) = (Vec::new(), 0, 0usize, None);
    for (at, c) in list.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                items.push(&list[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    items.push(&list[from..]);
    items
}
