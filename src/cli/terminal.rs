//! What a person sees. Text that came from outside never reaches a terminal with its control
//! characters, styles are dropped where nobody would see them, and a message shows its line.

use std::io::Write;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};
use anstream::{AutoStream, ColorChoice};

use super::error::CliError;
use crate::diag::{Diagnostic, Level, Place};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The two streams of the program.
pub struct Terminal {
    out: std::io::BufWriter<AutoStream<std::io::Stdout>>,
    err: AutoStream<std::io::Stderr>,
    quiet: bool,
}

impl Terminal {
    /// The streams of the process.
    pub fn new(color: Color, quiet: bool) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Terminal {
            out: std::io::BufWriter::new(AutoStream::new(std::io::stdout(), choice)),
            err: AutoStream::new(std::io::stderr(), choice),
            quiet,
        }
    }

    /// Writes a part of the answer. Text from outside in it must have been through [`clean`].
    ///
    /// # Errors
    /// [`CliError::BrokenPipe`] or another error of the stream.
    pub fn say(&mut self, text: &str) -> Result<(), CliError> {
        self.out.write_all(text.as_bytes())?;
        Ok(())
    }

    /// Writes one line of the answer.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub fn line(&mut self, text: &str) -> Result<(), CliError> {
        self.say(text)?;
        self.say("\n")
    }

    /// Writes an answer made of bytes, as they are.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        self.out.flush()?;
        let mut raw = std::io::stdout().lock();
        raw.write_all(bytes)?;
        raw.flush()?;
        Ok(())
    }

    /// Tells of progress, unless asked to be quiet.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub fn talk(&mut self, text: &str) -> Result<(), CliError> {
        if !self.quiet {
            self.out.flush()?;
            writeln!(self.err, "{}", clean(text))?;
        }
        Ok(())
    }

    /// Tells of a problem. Notes are not told when asked to be quiet.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub fn tell(&mut self, problem: &Diagnostic) -> Result<(), CliError> {
        if self.quiet && problem.level == Level::Note {
            return Ok(());
        }
        self.out.flush()?;
        writeln!(self.err, "{}", drawn(problem))?;
        Ok(())
    }

    /// Tells of the error that ends the program.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub fn error(&mut self, error: CliError) -> Result<(), CliError> {
        // What was said before stands before the error.
        let _ = self.out.flush();
        match error {
            CliError::BrokenPipe => Ok(()),
            CliError::Told(_, problems) => problems.iter().try_for_each(|problem| self.tell(problem)),
        }
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub fn finish(&mut self) -> Result<(), CliError> {
        self.out.flush()?;
        Ok(())
    }
}

/// How many columns there are: those of the terminal, else 100 so that a pipe sees stable lines.
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).max(40))
}

/// `text` without anything that a terminal would obey: control characters other than line ends,
/// and marks that turn the direction of writing.
pub fn clean(text: &str) -> String {
    let obeyed =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|&c| !obeyed(c)).collect()
}

/// A diagnostic as text: the message, the line with a caret, the hints. The line is read from the
/// file again.
pub fn drawn(problem: &Diagnostic) -> String {
    drawn_in(problem, problem.place.as_ref().and_then(source_text).as_deref())
}

/// The same, with the text of the place's file, where that is at hand.
pub fn drawn_in(problem: &Diagnostic, text: Option<&str>) -> String {
    let title = match problem.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Note => Title::NOTE,
    };
    let message = clean(&problem.message);
    let mut group = Group::with_title(title.primary_title(message.as_str()));
    let place = problem.place.as_ref().filter(|place| !place.span.is_empty());
    let lines = place.zip(text).map(|(place, text)| Excerpt::of(place, text));
    let path = problem.place.as_ref().map(|place| clean(&place.file)).unwrap_or_default();
    match (&problem.place, &lines) {
        (Some(_), Some(lines)) => {
            let annotation = AnnotationKind::Primary.span(lines.span.clone());
            group = group.element(
                Snippet::source(lines.text.as_str())
                    .line_start(lines.first_line)
                    .path(path.as_str())
                    .annotation(annotation),
            );
        }
        (Some(place), None) => {
            let at =
                if place.span.is_empty() { path.clone() } else { format!("{path}:{}:{}", place.line, place.column) };
            group = group.element(Title::NOTE.no_name().message(format!("--> {at}")));
        }
        (None, _) => {}
    }
    let hints: Vec<String> = problem.hints.iter().map(|hint| clean(hint)).collect();
    for hint in &hints {
        group = group.element(Title::HELP.message(hint.as_str()));
    }
    Renderer::styled().term_width(width()).render(&[group])
}

/// The line of a place, cleaned, with the span moved along.
struct Excerpt {
    text: String,
    first_line: usize,
    span: std::ops::Range<usize>,
}

/// A line longer than this would fill the screen: the part around the place is shown.
const LONGEST_LINE: usize = 160;

impl Excerpt {
    fn of(place: &Place, text: &str) -> Self {
        let start = place.span.start.min(text.len());
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let end = place.span.end.clamp(start, line_end);
        let before: String = clean(&text[line_start..start]);
        let before: String =
            before.chars().rev().take(LONGEST_LINE / 2).collect::<Vec<_>>().into_iter().rev().collect();
        let marked: String = clean(&text[start..end]).chars().take(LONGEST_LINE / 2).collect();
        let after: String = clean(&text[end..line_end]).chars().take(LONGEST_LINE / 2).collect();
        let span = before.len()..before.len() + marked.len().max(1);
        let mut text = format!("{before}{marked}{after}");
        if span.end > text.len() {
            text.push(' ');
        }
        Excerpt { text, first_line: place.line, span }
    }
}

/// The text of a place's file, read again for the caret: a place in a URL or a pipe has none.
pub(super) fn source_text(place: &Place) -> Option<String> {
    if place.span.is_empty() {
        return None;
    }
    let bytes = std::fs::read(&*place.file).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (text.len() >= place.span.end).then_some(text)
}
