//! The whole reader of a vendor's metrics, of which only the format is its own.

use super::lines::Lines;
use super::stamp::Stamps;
use crate::diag::{Diagnostic, Warned};
use crate::sources::decode::{self, Decoded};
use crate::sources::input::Input;
use crate::sources::record::Record;
use crate::sources::source::{Evidence, ReadError, ReadOptions, Source, Verdict, Yields};
use crate::sources::warnings::Warnings;

/// A reader of metrics.
pub(in crate::sources) struct Reader {
    pub(in crate::sources::metrics) id: &'static str,
    pub(in crate::sources::metrics) about: &'static str,
    pub(in crate::sources::metrics) evidence: Evidence,
    /// Whether an input is in this format, of which the beginning is the second argument.
    pub(in crate::sources::metrics) sniff: fn(&Input, &str) -> Verdict,
    /// Reads the lines.
    pub(in crate::sources::metrics) read: for<'a> fn(Text<'a>, &mut Stamps, &mut Warnings<'a>) -> Read<'a>,
}

/// What a vendor's part returns: its lines, and what was asked for.
pub(in crate::sources::metrics) type Read<'a> = Result<(Lines<'a>, Option<String>), ReadError>;

/// An input as text.
#[derive(Clone, Copy)]
pub(in crate::sources::metrics) struct Text<'a> {
    pub input: &'a Input,
    pub decoded: &'a Decoded<'a>,
}

impl<'a> Text<'a> {
    /// The data in it.
    pub(in crate::sources::metrics) fn body(self) -> &'a str {
        self.decoded.body()
    }
}

impl Source for Reader {
    fn id(&self) -> &'static str {
        self.id
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn evidence(&self) -> Evidence {
        self.evidence
    }

    fn yields(&self) -> Yields {
        Yields::Evidence
    }

    fn sniff(&self, input: &Input) -> Verdict {
        (self.sniff)(input, &decode::head(input))
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let mut stamps = Stamps::default();
        let (lines, query) = (self.read)(Text { input, decoded: &decoded }, &mut stamps, &mut warnings)?;
        if lines.is_empty() {
            if let Some(error) = stamps.without_zone() {
                return Err(error);
            }
            warnings.say(
                Diagnostic::warning("no data: there are no samples in it").hint("check the query and its time range"),
            );
        }
        Ok(lines.finish(query.as_deref(), warnings))
    }
}
