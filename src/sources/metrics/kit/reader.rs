//! The complete reader of a vendor's metrics, except for the format itself.

use super::lines::Lines;
use super::sample_time::Stamps;
use crate::diag::{Diagnostic, Warned};
use crate::sources::input::Input;
use crate::sources::reader::{self, About};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

pub(in crate::sources) use crate::sources::reader::Text;

/// A reader of metrics.
pub(in crate::sources) struct Reader {
    pub(in crate::sources::metrics) id: &'static str,
    pub(in crate::sources::metrics) about: &'static str,
    pub(in crate::sources::metrics) written_from: WrittenFrom,
    /// Whether an input is in this format; the second argument is its beginning.
    pub(in crate::sources::metrics) sniff: fn(&Input, &str) -> Verdict,
    /// Reads the lines.
    pub(in crate::sources::metrics) read:
        for<'a> fn(Text<'a>, &mut Stamps, &mut Warnings<'a>) -> Read<'a>,
}

/// The result of a vendor's part: its lines, and the query.
pub(in crate::sources::metrics) type Read<'a> = Result<(Lines<'a>, Option<String>), ReadError>;

impl reader::Reader for Reader {
    fn about(&self) -> About {
        About { id: self.id, about: self.about, written_from: self.written_from }
    }

    fn is_last_resort(&self) -> bool {
        // It has no vendor.
        self.id == crate::sources::mapping::description::READERS[2]
    }

    fn sniff(&self, input: &Input, head: &str) -> Verdict {
        (self.sniff)(input, head)
    }

    fn read<'a>(
        &self,
        text: Text<'a>,
        mut warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let mut stamps = Stamps::default();
        let (lines, query) = (self.read)(text, &mut stamps, &mut warnings)?;
        if lines.is_empty() {
            if let Some(error) = stamps.without_zone() {
                return Err(error);
            }
            warnings.say(
                Diagnostic::warning("no data: there are no samples in it")
                    .hint("check the query and its time range"),
            );
        }
        Ok(lines.finish(query.as_deref(), warnings))
    }
}
