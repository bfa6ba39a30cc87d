//! Texts that the parser refuses as a whole, and its own message where no repair helps.

use std::ops::Range;

use crate::diag::{Diagnostic, Place};
use crate::store::mistakes::between;

/// Problems of a text whose lines may all be YAML: a control character, a second document, endless
/// aliases, a duplicate key. `None` for any other error.
pub(super) fn problem(file: &str, text: &str, error: &serde_yaml::Error) -> Option<Diagnostic> {
    let message = error.to_string();
    let at = |span: Range<usize>| Place::new(file, text, span);
    if message.starts_with("control characters are not allowed") {
        let offset = between(&format!("{message},"), " at position ", ",")
            .and_then(|offset| offset.parse().ok());
        return Some(control_character(text, offset.unwrap_or(0), at));
    }
    if message.contains("more than one document") {
        let problem = Diagnostic::error("a second document begins here: an incident file is one")
            .at(at(second_document(text)))
            .hint("put each incident in a file of its own, and remove the line `---`");
        return Some(problem);
    }
    if message.contains("repetition limit exceeded") {
        let alias =
            text.match_indices('*').map(|(start, _)| start).find(|&start| is_alias(text, start));
        let problem =
            Diagnostic::error("the aliases (`*name`) of this file repeat each other without end")
                .at(alias.map_or_else(|| Place::whole_file(file), |start| at(word_at(text, start))))
                .hint("write the values out");
        return Some(problem);
    }
    let key = between(&message, "duplicate entry with key \"", "\"")?;
    let (first, second) = keys(text, key, error)?;
    let first = Place::new(file, text, first).line;
    let problem = Diagnostic::error(format!("the key `{key}` is here twice")).at(at(second));
    Some(problem.hint(format!("the first is on line {first}: keep one of them")))
}

/// The error in the parser's words, if there is no better explanation.
pub(super) fn in_the_parser_s_words(
    file: &str,
    text: &str,
    error: &serde_yaml::Error,
) -> Diagnostic {
    let message = error.to_string();
    let plain = message.split(" at line ").next().unwrap_or(&message);
    let plain = plain.split(" at position ").next().unwrap_or(plain);
    let at = |span: Range<usize>| Place::new(file, text, span);
    let place = error
        .location()
        .map_or_else(|| Place::whole_file(file), |mark| at(rest_of_line(text, mark.index())));
    let problem = Diagnostic::error(format!("not valid YAML: {plain}")).at(place);
    match what_was_open(&message) {
        Some(opened) => problem.hint(opened),
        None => problem,
    }
}

pub(super) fn control_character(
    text: &str,
    offset: usize,
    at: impl Fn(Range<usize>) -> Place,
) -> Diagnostic {
    let Some(wrong) = text.get(offset..).and_then(|rest| rest.chars().next()) else {
        return Diagnostic::error("the file has a control character, which YAML does not allow")
            .at(at(0..0));
    };
    let code = u32::from(wrong);
    // The character itself is invisible, so the caret is under what follows it.
    let problem =
        Diagnostic::error(format!("a control character (U+{code:04X}), which YAML does not allow"))
            .at(at(offset..offset + wrong.len_utf8() + 1));
    problem.hint(format!("remove it, or write it as \"\\u{code:04x}\" in double quotes"))
}

/// The range from the character that the parser complains about to the end of its line; at the end
/// of the text, the last visible character.
fn rest_of_line(text: &str, index: usize) -> Range<usize> {
    // The parser counts characters, not bytes.
    let start = text.char_indices().nth(index).map_or(text.len(), |(start, _)| start);
    let seen = text.trim_end();
    if start >= seen.len() {
        let last = seen.char_indices().next_back().map_or(0, |(last, _)| last);
        return last..seen.len();
    }
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    start..start + length.max(1)
}

/// The line that starts a second document.
fn second_document(text: &str) -> Range<usize> {
    let (mut at, mut has_content, mut ended) = (0, false, false);
    for line in text.split_inclusive('\n') {
        let (start, word) = (at, line.trim_end());
        at += line.len();
        let is_content =
            !word.trim_start().is_empty() && !word.trim_start().starts_with(['#', '%']);
        if (word == "---" || word.starts_with("--- ")) && has_content
            || ended && is_content && word != "..."
        {
            return start..start + word.len();
        }
        ended |= word == "...";
        has_content |= is_content && !word.starts_with("---");
    }
    0..0
}

/// Whether the `*` at `start` starts an alias rather than being part of a text.
fn is_alias(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end_matches(' ').chars().next_back();
    let names = text[start + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    names && before.is_none_or(|before| matches!(before, ':' | '-' | '[' | ',' | '\n'))
}

fn word_at(text: &str, start: usize) -> Range<usize> {
    let length = text[start..].find([' ', ',', ']', '}', '\n']).unwrap_or(text.len() - start);
    start..start + length.max(1)
}

/// The first and the second occurrence of a key in the map that the parser complains about.
fn keys(text: &str, key: &str, error: &serde_yaml::Error) -> Option<(Range<usize>, Range<usize>)> {
    let map = error.location().map_or(0, |mark| mark.index());
    let map = text.char_indices().nth(map).map_or(0, |(start, _)| start);
    let column = map - text[..map].rfind('\n').map_or(0, |newline| newline + 1);
    let pattern = format!("{key}:");
    let all = || text[map..].match_indices(&pattern).map(|(start, _)| map + start);
    let begins_a_line = |start: &usize| {
        let line = text[..*start].rfind('\n').map_or(0, |newline| newline + 1);
        *start == map || (start - line == column && text[line..*start].trim().is_empty())
    };
    let two = |mut keys: Box<dyn Iterator<Item = usize> + '_>| Some((keys.next()?, keys.next()?));
    // A map in braces, or keys in quotes: any two occurrences will do.
    let (first, second) =
        two(Box::new(all().filter(begins_a_line))).or_else(|| two(Box::new(all())))?;
    Some((first..first + key.len(), second..second + key.len()))
}

/// Where the construct starts that the parser was reading: "while parsing a flow sequence at line 3
/// …".
fn what_was_open(message: &str) -> Option<String> {
    let (_, context) = message.split_once(", while ")?;
    let what = match context.split(" at line ").next()? {
        "parsing a flow sequence" => "the list in brackets",
        "parsing a flow mapping" => "the map in braces",
        "parsing a block mapping" => "the map around it",
        "parsing a block collection" => "the list around it",
        "scanning a quoted scalar" => "the text in quotes",
        _ => return None,
    };
    let line: String =
        context.split_once(" at line ")?.1.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("{what} begins on line {line}"))
}
