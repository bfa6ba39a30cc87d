//! What is not YAML: the parser's complaints with their places, in plain words.

use std::ops::Range;

use super::mistakes::between;
use crate::diag::{Diagnostic, Place};

/// The complaint of the parser about `text`, which it could not read.
pub(super) fn problem(file: &str, text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let message = error.to_string();
    let at = |span: Range<usize>| Place::new(file, text, span);
    if message.starts_with("control characters are not allowed") {
        let offset = between(&format!("{message},"), " at position ", ",").and_then(|offset| offset.parse().ok());
        return control_character(text, offset.unwrap_or(0), at);
    }
    if message.contains("more than one document") {
        return Diagnostic::error("a second document begins here: an incident file is one")
            .at(at(second_document(text)))
            .hint("put each incident in a file of its own, and take the line `---` out");
    }
    if message.contains("repetition limit exceeded") {
        let alias = text.match_indices('*').map(|(start, _)| start).find(|&start| is_alias(text, start));
        return Diagnostic::error("the aliases (`*name`) of this file repeat each other without end")
            .at(alias.map_or_else(|| Place::whole_file(file), |start| at(word_at(text, start))))
            .hint("write the values out");
    }
    if let Some(key) = between(&message, "duplicate entry with key \"", "\"")
        && let Some(second) = second_key(text, key, error)
    {
        return Diagnostic::error(format!("the key `{key}` stands twice")).at(at(second));
    }
    let plain = message.split(" at line ").next().unwrap_or(&message);
    let plain = plain.split(" at position ").next().unwrap_or(plain);
    let place = error.location().map_or_else(|| Place::whole_file(file), |mark| at(rest_of_line(text, mark.index())));
    let mut problem = Diagnostic::error(format!("not valid YAML: {plain}")).at(place);
    if let Some(opened) = what_was_open(&message) {
        problem = problem.hint(opened);
    }
    if text.contains('\t') { problem.hint("YAML is indented with spaces; this file has tabs") } else { problem }
}

fn control_character(text: &str, offset: usize, at: impl Fn(Range<usize>) -> Place) -> Diagnostic {
    let Some(wrong) = text.get(offset..).and_then(|rest| rest.chars().next()) else {
        return Diagnostic::error("the file has a control character, which YAML does not allow").at(at(0..0));
    };
    let code = u32::from(wrong);
    // The character itself shows as nothing: the caret stands under what follows it.
    let problem = Diagnostic::error(format!("a control character (U+{code:04X}), which YAML does not allow"))
        .at(at(offset..offset + wrong.len_utf8() + 1));
    problem.hint(format!("take it out, or write it as \"\\u{code:04x}\" in double quotes"))
}

/// From the character that the parser complains of to the end of its line. At the end of the text
/// it is the last character that can be seen.
fn rest_of_line(text: &str, index: usize) -> Range<usize> {
    // The parser counts characters.
    let start = text.char_indices().nth(index).map_or(text.len(), |(start, _)| start);
    let seen = text.trim_end();
    if start >= seen.len() {
        let last = seen.char_indices().next_back().map_or(0, |(last, _)| last);
        return last..seen.len();
    }
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    start..start + length.max(1)
}

/// The line that begins a document behind the first.
fn second_document(text: &str) -> Range<usize> {
    let (mut at, mut has_content, mut ended) = (0, false, false);
    for line in text.split_inclusive('\n') {
        let (start, word) = (at, line.trim_end());
        at += line.len();
        let is_content = !word.trim_start().is_empty() && !word.trim_start().starts_with(['#', '%']);
        if (word == "---" || word.starts_with("--- ")) && has_content || ended && is_content && word != "..." {
            return start..start + word.len();
        }
        ended |= word == "...";
        has_content |= is_content && !word.starts_with("---");
    }
    0..0
}

/// Whether the `*` at `start` begins an alias, and is not a mark within a text.
fn is_alias(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end_matches(' ').chars().next_back();
    let names = text[start + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    names && before.is_none_or(|before| matches!(before, ':' | '-' | '[' | ',' | '\n'))
}

fn word_at(text: &str, start: usize) -> Range<usize> {
    let length = text[start..].find([' ', ',', ']', '}', '\n']).unwrap_or(text.len() - start);
    start..start + length.max(1)
}

/// The second time that a key stands in the map that the parser complains of.
fn second_key(text: &str, key: &str, error: &serde_yaml::Error) -> Option<Range<usize>> {
    let map = error.location().map_or(0, |mark| mark.index());
    let map = text.char_indices().nth(map).map_or(0, |(start, _)| start);
    let column = map - text[..map].rfind('\n').map_or(0, |newline| newline + 1);
    let pattern = format!("{key}:");
    let mut keys = text[map..].match_indices(&pattern).map(|(start, _)| map + start);
    let stands = |start: &usize| {
        let line = text[..*start].rfind('\n').map_or(0, |newline| newline + 1);
        *start == map || (start - line == column && text[line..*start].trim().is_empty())
    };
    let found = keys.by_ref().filter(stands).nth(1);
    // A map in braces, or with its keys in quotes: any second time will do.
    let found = found.or_else(|| text[map..].match_indices(&pattern).map(|(start, _)| map + start).nth(1))?;
    Some(found..found + key.len())
}

/// Where that begins which the parser was reading: "while parsing a flow sequence at line 3 …".
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
    let line: String = context.split_once(" at line ")?.1.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("{what} begins on line {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message, and the text at its place.
    fn told(text: &str) -> String {
        let error = serde_yaml::from_str::<serde_yaml::Value>(text).expect_err("it is not YAML");
        let problem = problem("a.yaml", text, &error);
        let place = problem.place.clone().expect("a place");
        let hints: String = problem.hints.iter().map(|hint| format!(" ({hint})")).collect();
        format!("{problem}{hints} at {:?}", &text[place.span])
    }

    #[test]
    fn every_complaint_has_its_place() {
        insta::assert_snapshot!(told("{\"a\": [1,2"), @r#"a.yaml:1:10: error: not valid YAML: did not find expected ',' or ']' (the list in brackets begins on line 1) at "2""#);
        insta::assert_snapshot!(told("a: 1\nnope: ["), @r#"a.yaml:2:7: error: not valid YAML: did not find expected node content at "[""#);
        insta::assert_snapshot!(told("nope: [`"), @r#"a.yaml:1:8: error: not valid YAML: found character that cannot start any token at "`""#);
        insta::assert_snapshot!(told("a: ßßß\nb: \"x\nc: y\n"), @r#"a.yaml:3:4: error: not valid YAML: found unexpected end of stream (the text in quotes begins on line 2) at "y""#);
        insta::assert_snapshot!(told("a: 1\n# ---\nb: |\n  ---\n---\nb: 2\n"), @r#"a.yaml:5:1: error: a second document begins here: an incident file is one (put each incident in a file of its own, and take the line `---` out) at "---""#);
        insta::assert_snapshot!(told("---\na: 1\n...\nb: 2\n"), @r#"a.yaml:4:1: error: a second document begins here: an incident file is one (put each incident in a file of its own, and take the line `---` out) at "b: 2""#);
        insta::assert_snapshot!(told("# ß\na: 1\nb: 2\nc: x\u{1}y\n"), @r#"a.yaml:4:5: error: a control character (U+0001), which YAML does not allow (take it out, or write it as "\u0001" in double quotes) at "\u{1}y""#);
    }

    #[test]
    fn aliases_that_multiply_are_told_at_the_first() {
        let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x, '*b']\n");
        for (name, of) in ["b", "c", "d", "e", "f", "g", "h"].iter().zip(["a", "b", "c", "d", "e", "f", "g"]) {
            let aliases = vec![format!("*{of}"); 9].join(", ");
            text += &format!("{name}: &{name} [{aliases}]\n");
        }
        insta::assert_snapshot!(told(&text), @r#"a.yaml:2:8: error: the aliases (`*name`) of this file repeat each other without end (write the values out) at "*a""#);
    }

    #[test]
    fn a_key_that_stands_twice_is_told_at_the_second_of_its_map() {
        insta::assert_snapshot!(told("a: 1\nb:\n  - text: x\n  - text: y\n    at: 1\n    text: z\n"), @r#"a.yaml:6:5: error: the key `text` stands twice at "text""#);
        insta::assert_snapshot!(told("a: {b: 1, b: 2}\n"), @r#"a.yaml:1:11: error: the key `b` stands twice at "b""#);
        insta::assert_snapshot!(told("title: a\nx:\n  title: b\ntitle: c\n"), @r#"a.yaml:4:1: error: the key `title` stands twice at "title""#);
    }
}
