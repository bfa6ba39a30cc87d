//! Test helpers of the readers of changes.

use crate::sources::source::Source;
pub(in crate::sources::changes) use crate::sources::testing::sniffs;

/// One line for each entry, then the warnings.
pub(in crate::sources::changes) fn read(source: &dyn Source, text: &str) -> String {
    crate::sources::testing::read(source, text, None)
}
