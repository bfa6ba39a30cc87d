//! Prepares an input for the readers: unpacks the page from a saved message, and converts the text
//! to UTF-8.

use std::borrow::Cow;
use std::ops::Range;

use super::input::Input;
use super::source::ReadError;
use super::{charset, decode, manifests, mhtml, unpack};
use crate::diag::{Diagnostic, Place};

/// An input with the bytes that readers expect.
#[derive(Debug)]
pub(crate) struct Readable {
    /// The input with the bytes to read.
    pub input: Input,
    /// The original bytes, if they differ.
    pub original: Option<Vec<u8>>,
    /// The problems found during preparation.
    pub problems: Vec<Diagnostic>,
    /// The part of the input that is read, if it is not the whole.
    part: Option<&'static str>,
}

/// Prepares an input for its reader.
///
/// # Errors
/// The problem, with its place, if the input is a saved web page that cannot be unpacked.
pub(crate) fn readable(input: Input) -> Result<Readable, Box<Diagnostic>> {
    let mut readable = Readable { input, original: None, problems: Vec::new(), part: None };
    match unpack::unpack(&readable.input) {
        Ok(Some(found)) => {
            readable.replace(found.text.into_bytes());
            readable.input.content_type = Some(found.content_type.to_owned());
            readable.part = Some("the text of");
            return Ok(readable);
        }
        Ok(None) => {}
        Err(error) => return Err(Box::new(readable.problem("cannot read this file", error))),
    }
    match mhtml::unpack(&readable.input) {
        Ok(Some(page)) => readable.unpacked(page),
        Ok(None) => {}
        Err(error) => {
            return Err(Box::new(readable.problem("cannot unpack this saved web page", error)));
        }
    }
    let (utf8, problem) = charset::in_utf8(&readable.input);
    readable.problems.extend(problem);
    if let Some(utf8) = utf8 {
        readable.replace(utf8);
    }
    if let Some(json) = manifests::in_json(&readable.input) {
        readable.replace(json.into_bytes());
        readable.part = Some("as JSON:");
    }
    Ok(readable)
}

/// The input with its text in UTF-8, for code that only inspects it.
pub(crate) fn in_utf8(input: &Input) -> Cow<'_, Input> {
    match charset::in_utf8(input).0 {
        Some(bytes) => Cow::Owned(Input { bytes, ..input.clone() }),
        None => Cow::Borrowed(input),
    }
}

impl Readable {
    fn unpacked(&mut self, page: mhtml::SavedWebPage) {
        let name = self.input.name.as_str();
        self.problems.extend(page.problem.map(|problem| problem.at(Place::whole_file(name))));
        self.replace(page.bytes);
        self.input.content_type = Some(page.content_type);
        self.input.url = self.input.url.take().or(page.url);
        self.part = Some("the page inside");
    }

    fn replace(&mut self, bytes: Vec<u8>) {
        let before = std::mem::replace(&mut self.input.bytes, bytes);
        self.original.get_or_insert(before);
    }

    /// The error of a reader, as a message with its place.
    pub(crate) fn problem(&self, what: &str, error: ReadError) -> Diagnostic {
        let problem = Diagnostic::error(format!("{what}: {}", error.message));
        let problem = error.hint.into_iter().fold(problem, Diagnostic::hint);
        match error.span {
            Some(span) => problem.at(self.place(span)),
            None => problem.at(Place::whole_file(self.input.name.as_str())),
        }
    }

    /// A place in the text that is read. Invalid bytes count as one character each, or two
    /// together.
    fn place(&self, span: Range<usize>) -> Place {
        let bytes = &self.input.bytes;
        let end = span.end.min(bytes.len());
        let start = span.start.min(end);
        let before = decode::lossy(bytes, 0..start);
        let text = format!(
            "{before}{}{}",
            decode::lossy(bytes, start..end),
            decode::lossy(bytes, end..bytes.len())
        );
        let marked = before.len()..text.len() - decode::lossy(bytes, end..bytes.len()).len();
        Place::new(self.name(), &text, marked).with_text(&text)
    }

    /// The `problem` of a reader with the text of its place, which may not be in the bytes of the
    /// file.
    #[must_use]
    pub(crate) fn with_text(&self, mut problem: Diagnostic) -> Diagnostic {
        let is_in_text = |place: &Place| !place.span.is_empty() && *place.file == *self.input.name;
        if let Some(place) = problem.place.take_if(|place| is_in_text(place)) {
            let place = place.with_text(&String::from_utf8_lossy(&self.input.bytes));
            problem.place = Some(Place { file: self.name().into(), ..place });
        }
        problem
    }

    fn name(&self) -> String {
        let part = self.part.map_or_else(String::new, |part| format!("{part} "));
        format!("{part}{}", self.input.name)
    }
}
