//! Diagnostics: what is wrong, where, and what to do about it.
//!
//! A reader reports a byte span; the caller, which knows the name and the text of the file, turns
//! the span into a [`Place`]. Nothing in this module prints: `cli::terminal` draws the caret.

use std::ops::Range;
use std::sync::Arc;

/// The severity of a [`Diagnostic`] or of a rule's finding, from the lowest to the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Probably wrong, or something is missing.
    Warning,
    /// Certainly wrong.
    Error,
}

impl Level {
    /// The lower-case word, as written in output and accepted by `--deny`.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// A span of bytes in a named text, with its line and column for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the file as the user gave it, or `<stdin>`, or a URL.
    pub file: Arc<str>,
    /// Bytes from the start of the text.
    pub span: Range<usize>,
    /// Line of the span's start, from 1.
    pub line: usize,
    /// Column of the span's start in characters, from 1.
    pub column: usize,
    /// The text around the place, if it cannot be read from the file: it was decoded or
    /// decompressed, or came through a pipe or the network.
    pub nearby: Option<Arc<Nearby>>,
}

/// The part of a text around a place: enough of its line to show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearby {
    /// The piece.
    pub text: String,
    /// The byte range of the place in `text`.
    pub span: Range<usize>,
}

/// More bytes before and after a place than fit on a line of any screen.
const NEARBY_BYTES: usize = 4096;

impl Place {
    /// The place of `span` in `text`. A span beyond the end of the text is clamped.
    pub fn new(file: impl Into<Arc<str>>, text: &str, span: Range<usize>) -> Self {
        let end = floor_char_boundary(text, span.end);
        let start = floor_char_boundary(text, span.start).min(end);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[..start].bytes().filter(|&b| b == b'\n').count() + 1;
        Place {
            file: file.into(),
            line,
            column: column(&text[line_start..start]),
            span: start..end,
            nearby: None,
        }
    }

    /// As [`Place::new`], for looking up many places in one text: `lines` are those of `text`.
    pub fn in_lines(
        file: impl Into<Arc<str>>,
        text: &str,
        lines: &Lines,
        span: Range<usize>,
    ) -> Self {
        let end = floor_char_boundary(text, span.end);
        let start = floor_char_boundary(text, span.start).min(end);
        let (line, line_start) = lines.of(start);
        Place {
            file: file.into(),
            line,
            column: column(&text[line_start..start]),
            span: start..end,
            nearby: None,
        }
    }

    /// The same place with the part of `text` around it that a message shows.
    #[must_use]
    pub fn with_text(self, text: &str) -> Self {
        let end = floor_char_boundary(text, self.span.end);
        let start = floor_char_boundary(text, self.span.start).min(end);
        let from = floor_char_boundary(text, start.saturating_sub(NEARBY_BYTES));
        let to = floor_char_boundary(text, end.min(start + NEARBY_BYTES) + NEARBY_BYTES);
        let span = start - from..end.min(to) - from;
        Place { nearby: Some(Arc::new(Nearby { text: text[from..to].to_owned(), span })), ..self }
    }

    /// A place that is a whole file, if nothing more precise is known.
    pub fn whole_file(file: impl Into<Arc<str>>) -> Self {
        Place { file: file.into(), span: 0..0, line: 1, column: 1, nearby: None }
    }
}

/// The column after `before`, the start of a line. A byte order mark does not count as a character,
/// as in editors.
fn column(before: &str) -> usize {
    before.strip_prefix('\u{feff}').unwrap_or(before).chars().count() + 1
}

/// The starts of the lines of a text. Counting the lines before each of many places would need as
/// many passes over the text.
#[derive(Debug, Clone)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// The lines of `text`.
    pub fn new(text: &str) -> Self {
        let after_newline =
            text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
        Lines(std::iter::once(0).chain(after_newline).collect())
    }

    /// The number of the line that contains byte `at`, from 1.
    pub fn number(&self, at: usize) -> usize {
        self.of(at).0
    }

    /// The number of the line that contains byte `at`, from 1, and the start of that line.
    fn of(&self, at: usize) -> (usize, usize) {
        let line = self.0.partition_point(|&start| start <= at).max(1);
        (line, self.0[line - 1])
    }
}

fn floor_char_boundary(text: &str, index: usize) -> usize {
    let mut index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// A message for a person: what, where, and what to do.
///
/// Messages start in lower case and have no full stop, so that they can follow `error: `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How severe it is.
    pub level: Level,
    /// What is wrong.
    pub message: String,
    /// The place, if there is one.
    pub place: Option<Place>,
    /// Hints on what to do, one line each.
    pub hints: Vec<String>,
    /// The id of the `check` rule that explains it, if there is one.
    pub code: Option<&'static str>,
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(message: impl Into<String>) -> Self {
        Diagnostic {
            level: Level::Error,
            message: message.into(),
            place: None,
            hints: Vec::new(),
            code: None,
        }
    }

    /// A warning without a place.
    pub fn warning(message: impl Into<String>) -> Self {
        Diagnostic { level: Level::Warning, ..Diagnostic::error(message) }
    }

    /// A note without a place.
    pub fn note(message: impl Into<String>) -> Self {
        Diagnostic { level: Level::Note, ..Diagnostic::error(message) }
    }

    /// The same diagnostic, at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same diagnostic, with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same diagnostic, with the `check` rule that explains it.
    #[must_use]
    pub fn code(self, code: Option<&'static str>) -> Self {
        Diagnostic { code, ..self }
    }
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}:{}:{}: ", place.file, place.line, place.column)?;
        }
        write!(f, "{}: {}", self.level.as_str(), self.message)
    }
}

/// The name in `known` that is most similar to `name`, ignoring case; `None` if none is similar.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let name = name.to_lowercase();
    let likeness = |known: &'n str| {
        let other = known.to_lowercase();
        let likeness = strsim::jaro_winkler(&name, &other);
        // In short names, two swapped letters often give another name.
        let is_slip = name.chars().count() > 2 && strsim::osa_distance(&name, &other) <= 1;
        (if is_slip { likeness.max(0.9) } else { likeness }, known)
    };
    let best = known.into_iter().map(likeness).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(likeness, _)| *likeness > 0.75).map(|(_, known)| known)
}

/// A value with the warnings from making it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned<T> {
    /// The value.
    pub value: T,
    /// The warnings; never errors.
    pub warnings: Vec<Diagnostic>,
}

impl<T> Warned<T> {
    /// A value without warnings.
    pub fn clean(value: T) -> Self {
        Warned { value, warnings: Vec::new() }
    }

    /// The same warnings around another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Warned<U> {
        Warned { value: f(self.value), warnings: self.warnings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let text = "a: 1\nß: zwei\n";
        let place = Place::new("x.yaml", text, 9..13);
        assert_eq!((place.line, place.column), (2, 4));
        assert_eq!(&text[place.span], "zwei");
    }

    #[test]
    fn both_line_counters_give_the_same_place() {
        for text in ["", "\n", "a: 1\nß: zwei\n\nx", "\r\nß"] {
            let lines = Lines::new(text);
            for start in 0..=text.len() + 1 {
                let span = start..start + 2;
                assert_eq!(
                    Place::in_lines("f", text, &lines, span.clone()),
                    Place::new("f", text, span)
                );
            }
        }
    }

    #[test]
    fn byte_order_mark_does_not_count_as_a_column() {
        let place = Place::new("x.json", "\u{feff}{1\n2", 4..5);
        assert_eq!((place.line, place.column), (1, 2));
        assert_eq!(Place::new("x.json", "\u{feff}{", 0..0).column, 1);
    }

    #[test]
    fn nearby_text_is_part_of_the_line() {
        let long = "é".repeat(NEARBY_BYTES);
        let text = format!("{long}here{long}");
        let near = |span: Range<usize>| {
            let nearby = Place::new("x", &text, span).with_text(&text).nearby.expect("given");
            assert!(nearby.text.len() <= 3 * NEARBY_BYTES);
            nearby.text[nearby.span.clone()].to_owned()
        };
        assert_eq!(near(long.len()..long.len() + 4), "here");
        assert_eq!(near(0..2), "é");
        assert_eq!(near(0..text.len()).len(), 2 * NEARBY_BYTES, "of a long place, its start");
        assert_eq!(near(text.len()..text.len()), "");
    }

    #[test]
    fn invalid_span_is_clamped_to_the_text() {
        let place = Place::new("x", "ß", 1..99);
        assert_eq!(place.span, 0..2);
    }
}
