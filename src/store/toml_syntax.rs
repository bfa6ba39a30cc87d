//! What is not TOML, in the words of the person who wrote it: what it is, where, and the line as it should be.
//!
//! The parser says where it could not go on. The line there, and the few before it, are compared with the
//! common mistakes; a correction is offered only if the parser no longer complains about that line with it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use toml::de::DeTable;

use super::syntax::shortened;
use crate::diag::{Diagnostic, Lines, Place};

/// A line that should be another.
struct Repair {
    message: String,
    /// Where in the line the mistake is.
    at: Range<usize>,
    line: String,
}

/// More mistakes than this are not reported at once: each is looked at with the whole file.
const MOST: usize = 20;

/// Every mistake that keeps `text` from being TOML, one for each line, up to [`MOST`].
pub(super) fn problems(file: &str, text: &str, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
    let mut reported: Vec<usize> = Vec::new();
    let mut problems = Vec::new();
    let mut errors: Vec<(usize, &toml::de::Error)> = line_numbers(text, errors).into_iter().zip(errors).collect();
    errors.sort_by_key(|(number, _)| *number);
    for (number, error) in errors {
        if reported.contains(&number) {
            continue;
        }
        if problems.len() == MOST {
            break;
        }
        reported.push(number);
        let problem = if error.message().contains("duplicate key") {
            Some(duplicate(file, text, number))
        } else {
            repaired(file, text, number, &mut reported)
        };
        problems.push(problem.unwrap_or_else(|| in_the_parser_s_words(file, text, error)));
    }
    problems
}

/// The line of each error in `text`, from 0.
fn line_numbers(text: &str, errors: &[toml::de::Error]) -> Vec<usize> {
    let last = text.trim_end().len();
    let lines = Lines::new(text);
    let place = |error: &toml::de::Error| error.span().map_or(0, |span| span.start.min(last));
    errors.iter().map(|error| lines.number(place(error)) - 1).collect()
}

/// The problem on line `number`, or on one of the lines before it, if a correction helps there.
fn repaired(file: &str, text: &str, number: usize, reported: &mut Vec<usize>) -> Option<Diagnostic> {
    let lines: Vec<&str> = text.split('\n').collect();
    let nearest = (number.saturating_sub(3)..=number).rev();
    let (index, repair) = nearest.filter(|&index| index == number || !reported.contains(&index)).find_map(|index| {
        let repair = ALL.iter().find_map(|attempt| attempt(lines[index].trim_end_matches('\r')))?;
        let mut fixed = lines.clone();
        fixed[index] = &repair.line;
        let fixed = fixed.join("\n");
        let left = line_numbers(&fixed, &DeTable::parse_recoverable(&fixed).1);
        (!left.contains(&index) && !left.contains(&number)).then_some((index, repair))
    })?;
    reported.push(index);
    let hint = format!("write `{}`", shortened(repair.line.trim()));
    Some(Diagnostic::error(repair.message).at(place(file, text, index, repair.at)).hint(hint))
}

fn place(file: &str, text: &str, line: usize, at: Range<usize>) -> Place {
    let start: usize = text.split('\n').take(line).map(|line| line.len() + 1).sum();
    Place::new(file, text, start + at.start..start + at.end)
}

/// A key or a table that is there already.
fn duplicate(file: &str, text: &str, number: usize) -> Diagnostic {
    let name = |line: &str| -> String {
        let line = line.trim();
        let end = if line.starts_with('[') { line.find(']').map(|at| at + 1) } else { line.find('=') };
        line[..end.unwrap_or(line.len())].trim().to_owned()
    };
    let lines: Vec<&str> = text.split('\n').collect();
    let line = lines[number];
    let (name, is_table) = (name(line), line.trim_start().starts_with('['));
    // A key may have the same name in another table.
    let from =
        if is_table { 0 } else { (0..number).rev().find(|&at| lines[at].trim_start().starts_with('[')).unwrap_or(0) };
    let first = (from..number).find(|&at| {
        let earlier = lines[at].trim_start();
        earlier.starts_with(&name)
            && !earlier[name.len()..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    });
    let message =
        if is_table { format!("the table `{name}` is in the file twice") } else { format!("`{name}` is set twice") };
    let hint = match (first, is_table) {
        (Some(first), true) => format!("put its keys below the first one, in line {}", first + 1),
        (Some(first), false) => format!("line {} sets it too: remove one of the two", first + 1),
        (None, _) => "remove one of the two".to_owned(),
    };
    let indent = line.len() - line.trim_start().len();
    Diagnostic::error(message).at(place(file, text, number, indent..indent + name.len().max(1))).hint(hint)
}

const ALL: [fn(&str) -> Option<Repair>; 5] = [typographic, header, colon, no_equals_sign, value];

/// `zone = “UTC”`
fn typographic(line: &str) -> Option<Repair> {
    const DOUBLE: [char; 5] = ['“', '”', '„', '«', '»'];
    const SINGLE: [char; 3] = ['‘', '’', '‚'];
    let is_one = |c: char| DOUBLE.contains(&c) || SINGLE.contains(&c);
    let (at, first) = line.char_indices().find(|(_, c)| is_one(*c))?;
    let straight = line.replace(DOUBLE, "\"").replace(SINGLE, "'");
    let message = format!("`{first}` is a typographic quote, and TOML knows only straight ones");
    Some(Repair { message, at: at..at + first.len_utf8(), line: straight })
}

/// `[check`, `[check:`, `check:`
fn header(line: &str) -> Option<Repair> {
    let content = line.trim();
    let start = line.len() - line.trim_start().len();
    let at = start..start + content.len().max(1);
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| is_key(c) || matches!(c, '.' | '"'));
    if let Some(name) = content.strip_suffix(':').filter(|name| is_name(name)) {
        let message = format!("`{content}` is YAML: in TOML the name of a table is in brackets");
        return Some(Repair { message, at, line: format!("[{name}]") });
    }
    let name = content.strip_prefix('[')?.trim_end_matches([':', ' ']);
    let name = name.strip_suffix(['}', ')', ']']).unwrap_or(name).trim_matches(['[', ' ']);
    let message = "the name of a table is in one pair of brackets".to_owned();
    is_name(name).then(|| Repair { message, at, line: format!("[{name}]") })
}

fn is_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// The key at the start of a line: where it ends, and what follows it.
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
    (!value.is_empty()).then(|| Repair {
        message,
        at: at..at + 1,
        line: format!("{} = {}", &line[..end], as_value(value)),
    })
}

/// `zone "UTC"`
fn no_equals_sign(line: &str) -> Option<Repair> {
    let (end, rest) = key(line)?;
    let value = rest.trim();
    if !rest.starts_with(' ') || value.is_empty() || value.starts_with(['=', ':', '#']) {
        return None;
    }
    let message = "`=` is missing between the key and its value".to_owned();
    Some(Repair { message, at: end..end + 1, line: format!("{} = {}", &line[..end], as_value(value)) })
}

/// `zone = UTC`, `zone = "UTC`, `ignore = [blame`, `zone =`
fn value(line: &str) -> Option<Repair> {
    let (before, written) = line.split_once('=')?;
    let value = written.trim();
    let name = before.trim();
    let start = line.len() - written.trim_start().len();
    let message = match value.chars().next() {
        None => {
            return Some(Repair {
                message: format!("`{name}` has no value"),
                at: before.trim_end().len()..line.len(),
                line: format!("{before}= \"…\""),
            });
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
    Some(Repair { message, at: start..start + value.len().max(1), line })
}

/// `value` as TOML writes it: texts in quotes, quotes and brackets closed. A comment after it stays.
fn as_value(value: &str) -> String {
    let is_fine = |value: &str| DeTable::parse(&format!("x = {value}")).is_ok();
    if is_fine(value) {
        return value.to_owned();
    }
    if let Some((value, comment)) = value.split_once(" #").filter(|(value, _)| !value.trim().is_empty()) {
        return format!("{} #{comment}", as_value(value.trim_end()));
    }
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{}{quote}", value[1..].trim_end_matches(['"', '\''])),
        Some('[') => {
            let items = value[1..].trim_end_matches([']', ' ', ',', '}']);
            let items = items_of(items).into_iter().map(str::trim).filter(|item| !item.is_empty()).map(as_value);
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Some('{') => {
            static COLON: LazyLock<Regex> =
                LazyLock::new(|| Regex::new(r"([{,]\s*[\w-]+)\s*:\s*").expect("valid built-in regex"));
            let closed = if value.ends_with('}') { value.to_owned() } else { format!("{value} }}") };
            let table = COLON.replace_all(&closed, "$1 = ").into_owned();
            if is_fine(&table) { table } else { closed }
        }
        _ => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// The items of a list, split at the commas outside of quotes and brackets.
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

fn in_the_parser_s_words(file: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let place = error.span().map_or_else(
        || Place::whole_file(file),
        |span| {
            // At the end of the text there is nothing to see.
            let end = text.trim_end().len();
            let span =
                if span.start >= end { end.saturating_sub(1)..end } else { span.start..span.end.max(span.start + 1) };
            Place::new(file, text, span)
        },
    );
    Diagnostic::error(error.message().trim_end().replace('\n', "; ")).at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let errors = DeTable::parse_recoverable(text).1;
        let problems = problems("posthoc.toml", text, &errors);
        problems.iter().map(|problem| format!("{problem} ({})", problem.hints.join("; "))).collect()
    }

    #[test]
    fn common_mistakes_come_with_the_corrected_line() {
        for (text, fixed) in [
            ("zone = UTC\n", "zone = \"UTC\""),
            ("a = [\"SEV1, major\", minor]\n", "a = [\"SEV1, major\", \"minor\"]"),
            ("x = [[1, 2], [a, b]]\n", "x = [[1, 2], [\"a\", \"b\"]]"),
            ("ttr = { start: \"a\", end: \"b\" }\n", "ttr = { start = \"a\", end = \"b\" }"),
            ("zone = Europe/Berlin # ours\n", "zone = \"Europe/Berlin\" # ours"),
            ("zone: UTC\n", "zone = \"UTC\""),
            ("zone: \"UTC\"\n", "zone = \"UTC\""),
            ("zone \"UTC\"\n", "zone = \"UTC\""),
            ("zone = \"UTC\n", "zone = \"UTC\""),
            ("zone = 'UTC\ntemplate = 'brief'\n", "zone = 'UTC'"),
            ("zone = “UTC”\n", "zone = \"UTC\""),
            ("[check]\nignore = [blame, \"timeline-gap\"]\n", "ignore = [\"blame\", \"timeline-gap\"]"),
            ("[check]\nignore = [\"blame\"\n", "ignore = [\"blame\"]"),
            ("[check]\nignore = [\"blame\"\nselect = []\n", "ignore = [\"blame\"]"),
            ("[check\nignore = []\n", "[check]"),
            ("check:\n", "[check]"),
        ] {
            let shown = shown(text);
            assert!(shown.len() == 1 && shown[0].ends_with(&format!("(write `{fixed}`)")), "{text}: {shown:?}");
        }
    }

    #[test]
    fn what_is_there_twice_names_the_first_place() {
        insta::assert_snapshot!(shown("zone = 'UTC'\n[check]\nignore = []\nignore = []\n[check]\n").join("\n"), @"
        posthoc.toml:4:1: error: `ignore` is set twice (line 3 sets it too: remove one of the two)
        posthoc.toml:5:1: error: the table `[check]` is in the file twice (put its keys below the first one, in line 2)
        ");
    }

    #[test]
    fn several_mistakes_are_reported_at_once() {
        insta::assert_snapshot!(shown("zone = UTC\ntemplate: brief\n[definitions\nversion = \n").join("\n"), @r#"
        posthoc.toml:1:8: error: the text of `zone` needs quotes (write `zone = "UTC"`)
        posthoc.toml:2:9: error: TOML has `=` between a key and its value, not `:` (write `template = "brief"`)
        posthoc.toml:3:1: error: the name of a table is in one pair of brackets (write `[definitions]`)
        "#);
    }
}
