//! Explains invalid TOML to the person who wrote it: the mistake, its place, and the corrected
//! line.
//!
//! The parser reports where it could not continue. That line and the few before it are compared
//! with common mistakes. A correction is offered only if the parser no longer complains about the
//! line.

mod repairs;

use std::ops::Range;

use toml::de::DeTable;

use super::syntax::shortened;
use crate::diag::{Diagnostic, Lines, Place};

/// The most mistakes that are reported at once, since finding each needs the whole file.
const MOST: usize = 20;

/// Every mistake that makes `text` invalid TOML, one per line, up to [`MOST`].
pub(super) fn problems(file: &str, text: &str, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
    let mut reported: Vec<usize> = Vec::new();
    let mut problems = Vec::new();
    // The line of the last duplicate table.
    let mut twice: Option<usize> = None;
    let mut errors: Vec<(usize, &toml::de::Error)> =
        line_numbers(text, errors).into_iter().zip(errors).collect();
    errors.sort_by_key(|(number, _)| *number);
    for (number, error) in errors {
        if reported.contains(&number) {
            continue;
        }
        if problems.len() == MOST {
            break;
        }
        reported.push(number);
        let is_duplicate = error.message().contains("duplicate key");
        // In a duplicate table, every key may be a duplicate as well; only the table is reported.
        if is_duplicate && twice.is_some_and(|table| table == table_of(text, number)) {
            continue;
        }
        let problem = if is_duplicate {
            twice = text.split('\n').nth(number).filter(|line| is_header(line)).map(|_| number);
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

/// The problem on line `number` or on one of the lines before it, if a correction helps there.
fn repaired(
    file: &str,
    text: &str,
    number: usize,
    reported: &mut Vec<usize>,
) -> Option<Diagnostic> {
    let lines: Vec<&str> = text.split('\n').collect();
    let nearest = (number.saturating_sub(3)..=number).rev();
    let (index, repair) = nearest
        .filter(|&index| index == number || !reported.contains(&index))
        .find_map(|index| {
            let repair = repairs::ALL
                .iter()
                .find_map(|attempt| attempt(lines[index].trim_end_matches('\r')))?;
            let mut fixed = lines.clone();
            fixed[index] = &repair.line;
            let fixed = fixed.join("\n");
            let left = line_numbers(&fixed, &DeTable::parse_recoverable(&fixed).1);
            (!left.contains(&index) && !left.contains(&number)).then_some((index, repair))
        })?;
    reported.push(index);
    let hint = repair.hint.unwrap_or_else(|| {
        format!("write `{}`", shortened(repair.line.trim_start_matches('\u{feff}').trim()))
    });
    Some(Diagnostic::error(repair.message).at(place(file, text, index, repair.at)).hint(hint))
}

fn place(file: &str, text: &str, line: usize, at: Range<usize>) -> Place {
    let start: usize = text.split('\n').take(line).map(|line| line.len() + 1).sum();
    Place::new(file, text, start + at.start..start + at.end)
}

fn is_header(line: &str) -> bool {
    line.trim_start().starts_with('[')
}

/// The line of the table that contains line `number`, or the first line.
fn table_of(text: &str, number: usize) -> usize {
    let lines: Vec<&str> = text.split('\n').take(number + 1).collect();
    lines.iter().rposition(|line| is_header(line)).unwrap_or(0)
}

/// A duplicate key or table.
fn duplicate(file: &str, text: &str, number: usize) -> Diagnostic {
    let name = |line: &str| -> String {
        let line = line.trim();
        let end =
            if line.starts_with('[') { line.find(']').map(|at| at + 1) } else { line.find('=') };
        line[..end.unwrap_or(line.len())].trim().to_owned()
    };
    let lines: Vec<&str> = text.split('\n').collect();
    let line = lines[number];
    let (name, is_table) = (name(line), is_header(line));
    // Another table may have a key of the same name.
    let from = if is_table { 0 } else { table_of(text, number) };
    let first = (from..number).find(|&at| {
        let earlier = lines[at].trim_start();
        earlier.starts_with(&name)
            && !earlier[name.len()..]
                .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    });
    let message = if is_table {
        format!("the table `{name}` is in the file twice")
    } else {
        format!("`{name}` is set twice")
    };
    let hint = match (first, is_table) {
        (Some(first), true) => {
            format!(
                "remove this line, and put its keys below the first `{name}`, in line {}",
                first + 1
            )
        }
        (Some(first), false) => {
            format!(
                "line {} sets it too: `{}`; remove one of the two",
                first + 1,
                lines[first].trim()
            )
        }
        (None, _) => "remove one of the two".to_owned(),
    };
    let indent = line.len() - line.trim_start().len();
    Diagnostic::error(message)
        .at(place(file, text, number, indent..indent + name.len().max(1)))
        .hint(hint)
}

fn in_the_parser_s_words(file: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let place = error.span().map_or_else(
        || Place::whole_file(file),
        |span| {
            // There is nothing visible at the end of the text.
            let end = text.trim_end().len();
            let span = if span.start >= end {
                end.saturating_sub(1)..end
            } else {
                span.start..span.end.max(span.start + 1)
            };
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
            ("zone = ‘UTC’\n", "zone = \"UTC\""),
            ("zone = UTC\" # ours\n", "zone = \"UTC\" # ours"),
            ("zone == \"UTC\"\n", "zone = \"UTC\""),
            ("zone := \"UTC\"\n", "zone = \"UTC\""),
            ("zone = \"UTC\",\n", "zone = \"UTC\""),
            ("zone = \"UTC\" ours\n", "zone = \"UTC\" # ours"),
            ("zone = 'St. John's'\n", "zone = \"St. John's\""),
            ("; ours\n", "# ours"),
            ("// ours\n", "# ours"),
            ("\u{feff}zone = UTC\n", "zone = \"UTC\""),
            ("incidents = \"C:\\path\\users\" # here\n", "incidents = 'C:\\path\\users' # here"),
            ("incidents = \"it's\\path\"\n", "incidents = \"it's\\\\path\""),
            ("ignore = ['it's']\n", "ignore = [\"it's\"]"),
            ("ignore = ['a', 'it's', 'b']\n", "ignore = ['a', \"it's\", 'b']"),
            ("x = [\"\\d+\", \"a\"]\n", "x = ['\\d+', \"a\"]"),
            ("x = [\"a\",, \"b\"]\n", "x = [\"a\", \"b\"]"),
            ("x = [, \"a\"]\n", "x = [\"a\"]"),
            ("x = { a = 1,, b = 2 }\n", "x = { a = 1, b = 2 }"),
            (
                "[check]\nignore = [blame, \"timeline-gap\"]\n",
                "ignore = [\"blame\", \"timeline-gap\"]",
            ),
            ("[check]\nignore = [\"blame\"\n", "ignore = [\"blame\"]"),
            ("[check]\nignore = [\"blame\"\nselect = []\n", "ignore = [\"blame\"]"),
            ("[check\nignore = []\n", "[check]"),
            ("check:\n", "[check]"),
        ] {
            let shown = shown(text);
            let is_fixed = shown.len() == 1 && shown[0].ends_with(&format!("`{fixed}`)"));
            assert!(is_fixed, "{text}: {shown:?}");
        }
    }

    #[test]
    fn values_from_other_languages_are_reported() {
        insta::assert_snapshot!(shown("a = True\nb = yes\nc = FALSE # why\nd = null\n").join("\n"), @r#"
        posthoc.toml:1:5: error: `True` is not a TOML value; TOML has `true` and `false` (write `a = true`, or in quotes if the text is meant: `a = "True"`)
        posthoc.toml:2:5: error: `yes` is not a TOML value; TOML has `true` and `false` (write `b = true`, or in quotes if the text is meant: `b = "yes"`)
        posthoc.toml:3:5: error: `FALSE` is not a TOML value; TOML has `true` and `false` (write `c = false # why`, or in quotes if the text is meant: `c = "FALSE"`)
        posthoc.toml:4:5: error: TOML has no `null` (leave the line out: `d` then has its default)
        "#);
    }

    #[test]
    fn no_break_space_is_reported() {
        let shown = shown("zone\u{a0}= \"UTC\"\n");
        assert!(
            shown.len() == 1
                && shown[0].contains("no-break space")
                && shown[0].contains("`zone = \"UTC\"`"),
            "{shown:?}"
        );
    }

    #[test]
    fn duplicate_key_or_table_names_the_first_place() {
        insta::assert_snapshot!(shown("zone = 'UTC'\n[check]\nignore = []\nignore = []\n[check]\nignore = []\n").join("\n"), @"
        posthoc.toml:4:1: error: `ignore` is set twice (line 3 sets it too: `ignore = []`; remove one of the two)
        posthoc.toml:5:1: error: the table `[check]` is in the file twice (remove this line, and put its keys below the first `[check]`, in line 2)
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
