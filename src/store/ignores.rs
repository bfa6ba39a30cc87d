//! `# posthoc: ignore RULE` in an incident file.

use std::ops::Range;

use crate::yaml::comments;

/// One rule that a comment ignores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ignore {
    /// The id of the rule, as written.
    pub rule: String,
    /// The byte range of the id in the text.
    pub span: Range<usize>,
    /// The line to which it applies, from 1; the whole file if absent.
    pub line: Option<usize>,
}

/// The text that starts the list of rules in a comment.
const MARK: &str = "posthoc: ignore";

/// Every rule that a comment of `text`, a valid YAML file, ignores.
pub(crate) fn ignores(text: &str) -> Vec<Ignore> {
    // The fast path: nearly no file has such a comment, and scanning the text costs more than
    // everything else here.
    if !text.contains(MARK) {
        return Vec::new();
    }
    let Some(comments) = comments(text) else { return Vec::new() };
    let in_comment = |at: usize| {
        let next = comments.partition_point(|comment| comment.end <= at);
        comments.get(next).is_some_and(|comment| comment.contains(&at))
    };
    let mut found = Vec::new();
    let mut start = 0;
    let mut has_begun = false;
    let mut waiting: Vec<Ignore> = Vec::new();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let number = number + 1;
        let trimmed = line.trim_start_matches('\u{feff}').trim();
        let is_comment = trimmed.starts_with('#') && in_comment(start + offset(line, trimmed));
        let is_before_all =
            trimmed.is_empty() || is_comment || trimmed == "---" || trimmed.starts_with('%');
        let here = in_line(line, start, in_comment);
        if is_comment {
            waiting.extend(here.into_iter().map(|(rule, span)| Ignore { rule, span, line: None }));
        } else if !is_before_all || has_begun {
            if !trimmed.is_empty() {
                // A comment above the first key applies to the whole file.
                let line = has_begun.then_some(number);
                found.extend(waiting.drain(..).map(|ignore| Ignore { line, ..ignore }));
                has_begun = true;
            }
            found.extend(here.into_iter().map(|(rule, span)| Ignore {
                rule,
                span,
                line: Some(number),
            }));
        }
        start += line.len();
    }
    // Comments after the last line apply to nothing.
    let last = text.lines().count() + 1;
    found.extend(waiting.into_iter().map(|ignore| Ignore { line: Some(last), ..ignore }));
    found
}

/// The offset of `part` in `line`, of which it is a slice.
fn offset(line: &str, part: &str) -> usize {
    line.find(part).unwrap_or(0)
}

/// The rules in the comment of one line that begins at `start`, with their ranges.
fn in_line(
    line: &str,
    start: usize,
    in_comment: impl Fn(usize) -> bool,
) -> Vec<(String, Range<usize>)> {
    let Some(mark) = line.find(MARK).filter(|&mark| in_comment(start + mark)) else {
        return Vec::new();
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut at = mark + MARK.len();
    let mut rules = Vec::new();
    loop {
        let rest = &line[at..];
        let name_at = at + rest.len() - rest.trim_start_matches([' ', '\t', ':']).len();
        let length = line[name_at..].find(|c| !is_name(c)).unwrap_or(line.len() - name_at);
        if length == 0 {
            return rules;
        }
        rules.push((
            line[name_at..name_at + length].to_owned(),
            start + name_at..start + name_at + length,
        ));
        // After a comma follows another rule; anything else is the reason.
        let end = name_at + length;
        let after = line[end..].trim_start_matches([' ', '\t']);
        match after.strip_prefix(',') {
            Some(further) => at = line.len() - further.len(),
            None => return rules,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Option<usize>)> {
        for ignore in ignores(text) {
            assert_eq!(&text[ignore.span.clone()], ignore.rule, "the place of the name");
        }
        ignores(text).into_iter().map(|ignore| (ignore.rule, ignore.line)).collect()
    }

    fn one(rule: &str, line: Option<usize>) -> (String, Option<usize>) {
        (rule.to_owned(), line)
    }

    #[test]
    fn ignore_comment_applies_to_its_line_the_next_or_the_file() {
        let text = "# posthoc: ignore blame, reopened  we know\nschema: posthoc/v1\nid: a\n\ntitle: A # posthoc: ignore naive-time\n# posthoc: ignore future-time\n# a remark\nseverity: x\n";
        assert_eq!(
            found(text),
            [
                one("blame", None),
                one("reopened", None),
                one("naive-time", Some(5)),
                one("future-time", Some(8))
            ]
        );
    }

    #[test]
    fn comment_inside_a_text_is_not_an_ignore() {
        assert_eq!(
            found(
                "title: \"A # posthoc: ignore blame\"\nsummary: |\n  # posthoc: ignore blame\n  text\n"
            ),
            []
        );
        assert_eq!(found("title: A# posthoc: ignore blame\n"), []);
    }

    #[test]
    fn trailing_ignore_applies_to_nothing() {
        assert_eq!(found("id: a\n# posthoc: ignore blame\n"), [one("blame", Some(3))]);
        assert_eq!(found("id: a # posthoc: ignore\n"), []);
        assert_eq!(
            found("id: a # posthoc: ignore: blame ,reopened\n"),
            [one("blame", Some(1)), one("reopened", Some(1))]
        );
    }

    #[test]
    fn byte_order_mark_and_document_marker_do_not_count_as_keys() {
        assert_eq!(found("\u{feff}# posthoc: ignore blame\n---\nid: a\n"), [one("blame", None)]);
        assert_eq!(found("---\n# posthoc: ignore blame\nid: a\n"), [one("blame", None)]);
    }
}
