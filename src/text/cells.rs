//! Cells of tables for other programs.

use std::borrow::Cow;

use super::terminal;

/// A cell of a tab-separated row: one line without tabs, so that a row is one line and `cut`,
/// `grep` and `sort` work. It may be the first cell of its row, so it must not be a command in a
/// log either.
pub(crate) fn tsv(text: &str) -> Cow<'_, str> {
    terminal::line(text)
}

/// A cell of a CSV file, before quoting: as [`tsv`], and never a formula.
///
/// A spreadsheet evaluates a cell that begins with `=`, `+`, `-` or `@`; one that splits rows at
/// `;` or tabs evaluates what follows these. An apostrophe before the sign makes it text. Numbers
/// are left as they are.
pub(crate) fn csv(text: &str) -> Cow<'_, str> {
    let text = tsv(text);
    if is_number(text.trim()) || !text.contains(opens_formula) {
        return text;
    }
    let mut cell = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for c in text.chars() {
        if begins && opens_formula(c) {
            cell.push('\'');
        }
        // A spreadsheet may drop spaces and quotes before it looks at a cell.
        begins = c == ';' || (begins && (c == '"' || c.is_whitespace()));
        cell.push(c);
    }
    Cow::Owned(cell)
}

/// The signs that start a formula. Some spreadsheets also accept their full-width forms.
fn opens_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'))
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formula_cells_are_escaped() {
        for (text, cell) in [
            ("=HYPERLINK(\"http://evil/\")", "'=HYPERLINK(\"http://evil/\")"),
            ("+1+1", "'+1+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", " '=1"),
            ("\r=1", " '=1"),
            ("\n-1+cmd|' /C calc'!A0", " '-1+cmd|' /C calc'!A0"),
            ("\u{200B}=1", "'=1"),
            ("\u{A0}=1", "\u{A0}'=1"),
            ("\u{FEFF}\u{202E}=1", "'=1"),
            ("＝1+1", "'＝1+1"),
            ("a;=1", "a;'=1"),
            ("a; \"=1", "a; \"'=1"),
            ("-", "'-"),
            ("-api", "'-api"),
            ("+inf", "'+inf"),
            ("-nan", "'-nan"),
        ] {
            assert_eq!(csv(text), cell, "{text:?}");
        }
    }

    #[test]
    fn numbers_and_words_are_unchanged() {
        for text in [
            "-5",
            "+3",
            "-1.5e-7",
            "12",
            "",
            "api",
            "a-b",
            "a=b",
            "2026-03-17",
            "mail@example.com",
            "1;2; 3",
        ] {
            assert_eq!(csv(text), text);
        }
    }

    #[test]
    fn tab_separated_cell_is_one_line_without_tabs() {
        assert_eq!(tsv("a\tb\r\nc\u{1B}[2J"), "a b c[2J");
        assert_eq!(tsv("-5 min"), "-5 min");
        assert_eq!(tsv("::error::x"), ": :error::x");
    }

    proptest::proptest! {
        #[test]
        fn no_text_becomes_a_row_or_a_formula(text in "[\u{0}-\u{7F}\u{80}-\u{A0}\u{2028}\u{2066}\u{200B};=]{0,12}") {
            for cell in [csv(&text), tsv(&text)] {
                proptest::prop_assert!(!cell.contains(|c: char| c.is_control()) && !cell.trim_start().starts_with("::"));
            }
            let cell = csv(&text);
            let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@']) && !is_number(cell.trim());
            proptest::prop_assert!(!is_formula, "{:?}", cell);
        }
    }
}
