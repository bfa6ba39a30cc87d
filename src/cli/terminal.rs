//! The terminal. Text from outside never reaches it with control characters, styles are dropped
//! where they cannot be displayed, and a message shows its source line.

use std::io::{BufWriter, IsTerminal, Write};

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Title, Origin, Padding, Renderer, Snippet,
};
use anstream::{AutoStream, ColorChoice};
use unicode_width::UnicodeWidthStr;

use super::error::CliError;
use super::excerpt::Excerpt;
use super::pager::{self, Pager};
use crate::diag::{Diagnostic, Level, Place};
use crate::text::{json, terminal as text};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The two output streams, with a pager between the output and the terminal if a command wants one.
pub(super) struct Terminal {
    out: Out,
    err: AutoStream<std::io::Stderr>,
    quiet: bool,
    paging: Paging,
    /// Messages that wait until the pager exits.
    held: Vec<String>,
}

/// Where the output goes.
enum Out {
    Direct(BufWriter<AutoStream<std::io::Stdout>>),
    Paged(BufWriter<Pager>),
}

/// Whether the output goes through a pager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paging {
    /// Never: `--no-pager`, or the output is not on a terminal.
    Never,
    /// If the command says that its output is for reading.
    Allowed,
    /// As soon as there is something to show.
    Due,
}

impl Terminal {
    /// The streams of the process.
    pub(super) fn new(color: Color, quiet: bool, may_page: bool) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let has_reader = std::io::stdout().is_terminal();
        Terminal {
            out: Out::Direct(BufWriter::new(AutoStream::new(std::io::stdout(), choice))),
            err: AutoStream::new(std::io::stderr(), choice),
            quiet,
            paging: if may_page && has_reader { Paging::Allowed } else { Paging::Never },
            held: Vec::new(),
        }
    }

    /// Whether styles in the output are displayed.
    pub(super) fn shows_styles(&self) -> bool {
        match &self.out {
            Out::Direct(out) => out.get_ref().current_choice() != ColorChoice::Never,
            Out::Paged(_) => self.err.current_choice() != ColorChoice::Never,
        }
    }

    /// Whether progress is hidden.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether a person sees the output and the messages.
    pub(super) fn has_reader(&self) -> bool {
        !self.quiet && std::io::stdout().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Whether the output goes to a terminal.
    pub(super) fn is_terminal(&self) -> bool {
        std::io::stdout().is_terminal()
    }

    /// Shows the following output in a pager, if it goes to a terminal.
    pub(super) fn page(&mut self) {
        if self.paging == Paging::Allowed {
            self.paging = Paging::Due;
        }
    }

    /// Writes a part of the output. Text from outside in it must have been through [`clean_line`]
    /// or [`clean`].
    ///
    /// # Errors
    /// [`CliError::BrokenPipe`] or another error of the stream.
    pub(super) fn say(&mut self, text: &str) -> Result<(), CliError> {
        if self.paging == Paging::Due && !text.is_empty() {
            self.paging = Paging::Never;
            self.start_pager();
        }
        match &mut self.out {
            Out::Direct(out) => out.write_all(text.as_bytes())?,
            Out::Paged(pager) if self.err.current_choice() == ColorChoice::Never => {
                pager.write_all(anstream::adapter::strip_str(text).to_string().as_bytes())?;
            }
            Out::Paged(pager) => pager.write_all(text.as_bytes())?,
        }
        Ok(())
    }

    fn start_pager(&mut self) {
        #[expect(clippy::disallowed_methods, reason = "this is where the environment is looked at")]
        let variable = |name: &str| std::env::var(name).ok();
        let pager = pager::command_line(variable)
            .and_then(|command_line| Pager::start(&command_line, variable("LESS").is_some()));
        if let Some(pager) = pager {
            self.out = Out::Paged(BufWriter::new(pager));
        }
    }

    /// Writes one line of the output.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub(super) fn line(&mut self, text: &str) -> Result<(), CliError> {
        self.say(text)?;
        self.say("\n")
    }

    /// Writes a paragraph of the output: one line in a pipe, and as many as it needs on a terminal.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub(super) fn paragraph(&mut self, text: &str) -> Result<(), CliError> {
        let columns = if std::io::stdout().is_terminal() { columns() } else { None };
        // A word that begins with `::` can be the first of a line only now.
        self.line(&crate::text::terminal::lines(&wrapped(text, columns)))
    }

    /// Writes JSON output in which no text from outside contains terminal control codes.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub(super) fn json(&mut self, answer: &impl serde::Serialize) -> Result<(), CliError> {
        self.line(&json::escaped(&serde_json::to_string_pretty(answer).unwrap_or_default()))
    }

    /// Writes output bytes unchanged, faster than [`Terminal::say`].
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        if self.paging == Paging::Due {
            return self.say(&String::from_utf8_lossy(bytes));
        }
        self.flush()?;
        let mut raw = std::io::stdout().lock();
        raw.write_all(bytes)?;
        raw.flush()?;
        Ok(())
    }

    /// Reports progress, unless `--quiet` is set.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub(super) fn talk(&mut self, message: &str) -> Result<(), CliError> {
        if self.quiet {
            return Ok(());
        }
        self.message(wrapped(&text::lines(message), columns()))
    }

    /// Reports a problem. `--quiet` hides notes.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub(super) fn report(&mut self, problem: &Diagnostic) -> Result<(), CliError> {
        if self.quiet && problem.level == Level::Note {
            return Ok(());
        }
        self.message(drawn(problem))
    }

    /// Writes a message: at once, or after the pager exits.
    fn message(&mut self, text: String) -> Result<(), CliError> {
        if let Out::Paged(_) = self.out {
            self.held.push(text);
            return Ok(());
        }
        self.flush()?;
        writeln!(self.err, "{text}")?;
        Ok(())
    }

    /// Reports the error that ends the program.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub(super) fn error(&mut self, error: CliError) -> Result<(), CliError> {
        // The output that was written so far comes before the error.
        let _ = self.finish();
        match error {
            CliError::BrokenPipe => Ok(()),
            CliError::Reported(_, problems) => {
                problems.iter().try_for_each(|problem| self.report(problem))
            }
        }
    }

    pub(super) fn flush(&mut self) -> Result<(), CliError> {
        match &mut self.out {
            Out::Direct(out) => out.flush()?,
            Out::Paged(pager) => pager.flush()?,
        }
        Ok(())
    }

    /// Flushes the output, waits for the pager, and then prints the delayed messages.
    ///
    /// # Errors
    /// As [`Terminal::say`].
    pub(super) fn finish(&mut self) -> Result<(), CliError> {
        self.flush()?;
        if let Out::Paged(pager) = &mut self.out {
            pager.get_mut().wait();
        }
        for text in std::mem::take(&mut self.held) {
            writeln!(self.err, "{text}")?;
        }
        Ok(())
    }
}

/// The number of columns: those of the terminal, or 100 so that a pipe gets stable lines.
pub(super) fn width() -> usize {
    columns().unwrap_or(100)
}

/// The columns of the terminal, if there is one. `COLUMNS` overrides their number.
fn columns() -> Option<usize> {
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is looked at")]
    let asked = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .filter(|&columns| columns > 0);
    terminal_size::terminal_size().map(|(width, _)| asked.unwrap_or(usize::from(width.0)).max(40))
}

/// `text` with its lines broken between words to fit `columns`. In a pipe every line stays as it
/// is.
fn wrapped(text: &str, columns: Option<usize>) -> String {
    let Some(columns) = columns else { return text.to_owned() };
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut filled = String::new();
        for word in line.split(' ') {
            let length = filled.width();
            if length > 0 && length + 1 + word.width() > columns {
                lines.push(std::mem::take(&mut filled));
            } else if length > 0 {
                filled.push(' ');
            }
            filled.push_str(word);
        }
        lines.push(filled);
    }
    lines.join("\n")
}

/// `text` for a terminal, on as many lines as it has.
pub(super) fn clean(text: &str) -> String {
    text::lines(text).into_owned()
}

/// `text` for a terminal, on one line: an id, a title, a name.
pub(super) fn clean_line(text: &str) -> String {
    text::line(text).into_owned()
}

/// A diagnostic as text: the message, the line with a caret, the hints. The line is read from the
/// file again.
pub(super) fn drawn(problem: &Diagnostic) -> String {
    drawn_in(problem, problem.place.as_ref().and_then(source_text).as_deref(), true)
}

/// The same, with the text of the place's file if it is in memory. Without styles the result is
/// plain text, which is faster for a long list than removing styles.
pub(super) fn drawn_in(problem: &Diagnostic, text: Option<&str>, has_styles: bool) -> String {
    let renderer = if has_styles { Renderer::styled() } else { Renderer::plain() };
    drawn_by(&renderer, problem, text, columns())
}

fn drawn_by(
    renderer: &Renderer,
    problem: &Diagnostic,
    source: Option<&str>,
    columns: Option<usize>,
) -> String {
    let width = columns.unwrap_or_else(width);
    // The renderer indents the continuation lines of a message.
    let beside = |label: usize| columns.map(|columns| columns.saturating_sub(label).max(20));
    let title = match problem.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Note => Title::NOTE,
    };
    let label = problem.level.as_str().len() + ": ".len();
    let message = wrapped(&text::line(&problem.message), beside(label));
    let mut group = Group::with_title(title.primary_title(message.as_str()));
    let path = problem
        .place
        .as_ref()
        .map(|place| text::line(&place.file).into_owned())
        .unwrap_or_default();
    let spanned = problem.place.as_ref().filter(|place| !place.span.is_empty());
    let digits = spanned.map_or(1, |place| place.line.to_string().len());
    let room = width.saturating_sub(digits + " | ".len());
    let excerpt = spanned.and_then(|place| match (&place.nearby, source) {
        (Some(nearby), _) => Some((place, Excerpt::of(&nearby.span, &nearby.text, room))),
        (None, Some(source)) => Some((place, Excerpt::of(&place.span, source, room))),
        (None, None) => None,
    });
    match (&problem.place, &excerpt) {
        (_, Some((place, excerpt))) => group = group.element(snippet(place, excerpt)),
        (Some(_), None) => {
            let origin = Origin::path(path.as_str());
            group = group.element(match spanned {
                Some(place) => origin.line(place.line).char_column(place.column),
                None => origin,
            });
            if !problem.hints.is_empty() {
                group = group.element(Padding);
            }
        }
        (None, None) => {}
    }
    let label = digits + " = help: ".len();
    let hints: Vec<String> =
        problem.hints.iter().map(|hint| wrapped(&text::lines(hint), beside(label))).collect();
    for hint in &hints {
        group = group.element(Title::HELP.message(hint.as_str()));
    }
    // The excerpt fits, but may leave only the one column that a caret after the line needs.
    let drawing = renderer.clone().term_width(2 * width).render(&[group]);
    match (&problem.place, excerpt) {
        (Some(place), Some((_, excerpt))) => {
            let column = excerpt.text[..excerpt.span.start].chars().count() + 1;
            let counted = format!("{STAND_IN}:{}:{column}", place.line);
            drawing.replacen(&counted, &format!("{path}:{}:{}", place.line, place.column), 1)
        }
        (Some(_), None) => moved_below_title(&drawing, message.split('\n').count()),
        (None, _) => drawing,
    }
}

/// The lines around a place, with a caret below it.
fn snippet<'a>(place: &Place, excerpt: &'a Excerpt) -> Snippet<'a, Annotation<'a>> {
    Snippet::source(excerpt.text.as_str())
        .line_start(place.line)
        .annotation(AnnotationKind::Primary.span(excerpt.span.clone()))
        .path(STAND_IN)
}

/// The drawing of a place without its source line, which the renderer starts one column further
/// left than one with a line and its number.
fn moved_below_title(drawing: &str, title: usize) -> String {
    let lines = drawing.split('\n').enumerate();
    let moved =
        lines.map(|(index, line)| if index < title { line.to_owned() } else { format!(" {line}") });
    moved.collect::<Vec<_>>().join("\n")
}

/// A stand-in for the file's name until rendering is done: the renderer counts the column in the
/// excerpt, which need not start where the line does. No displayed text contains this character.
const STAND_IN: &str = "\u{fdd0}";

/// The text of a place's file, read again for the caret if the place does not include it.
pub(super) fn source_text(place: &Place) -> Option<String> {
    if place.span.is_empty() || place.nearby.is_some() {
        return None;
    }
    let bytes = std::fs::read(&*place.file).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (text.len() >= place.span.end).then_some(text)
}

#[cfg(test)]
mod tests;
