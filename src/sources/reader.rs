//! The shared part of the evidence readers: their description, and the decoding of inputs.

use super::decode::{self, Decoded};
use super::mapping::description::Named;
use super::warnings::Warnings;
use crate::diag::Warned;
use crate::sources::input::Input;
use crate::sources::record::Record;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};

/// The description of a reader; see the methods of [`Source`] with the same names.
#[derive(Debug, Clone, Copy)]
pub(in crate::sources) struct About {
    pub id: &'static str,
    pub about: &'static str,
    pub written_from: WrittenFrom,
}

/// A reader of evidence within one incident. Every one of them is a [`Source`].
pub(in crate::sources) trait Reader: Sync {
    /// Its description.
    fn about(&self) -> About;

    /// Paths to try below a bare host; see [`Source::endpoints`].
    fn endpoints(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether `html` is the page for people of the system that has those; see [`Source::is_page`].
    fn is_page(&self, _html: &str) -> bool {
        false
    }

    /// See [`Source::is_last_resort`].
    fn is_last_resort(&self) -> bool {
        false
    }

    /// Whether an input is in this format, judged by its name and its beginning.
    fn sniff(&self, input: &Input, head: &str) -> Verdict;

    /// Reads the whole text.
    fn read<'a>(
        &self,
        text: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError>;
}

/// An input as text.
#[derive(Clone, Copy)]
pub(in crate::sources) struct Text<'a> {
    pub input: &'a Input,
    pub decoded: &'a Decoded<'a>,
    /// Where the fields of its records are, in a format that a person described.
    pub mapping: Named<'a>,
}

impl<'a> Text<'a> {
    /// The data in it.
    pub(in crate::sources) fn body(self) -> &'a str {
        self.decoded.body()
    }
}

impl<T: Reader> Source for T {
    fn id(&self) -> &'static str {
        Reader::about(self).id
    }

    fn about(&self) -> &'static str {
        Reader::about(self).about
    }

    fn written_from(&self) -> WrittenFrom {
        Reader::about(self).written_from
    }

    fn yields(&self) -> Yields {
        Yields::Evidence
    }

    fn endpoints(&self) -> &'static [&'static str] {
        Reader::endpoints(self)
    }

    fn is_last_resort(&self) -> bool {
        Reader::is_last_resort(self)
    }

    fn is_page(&self, html: &str) -> bool {
        Reader::is_page(self, html)
    }

    fn sniff(&self, input: &Input) -> Verdict {
        Reader::sniff(self, input, &decode::head(input))
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let warnings = Warnings::new(input, &decoded).in_zone(options.zone).read_on(options.today);
        let mapping = options.mapping.as_deref();
        Reader::read(self, Text { input, decoded: &decoded, mapping }, warnings)
    }
}
