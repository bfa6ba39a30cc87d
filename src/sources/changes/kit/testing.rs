//! How the tests of readers of changes look at what was read.

use crate::sources::source::Source;
pub(in crate::sources::changes) use crate::sources::testing::sniffs;

/// One line for each entry, then the warnings.
pub(in crate::sources::changes) fn read(source: &dyn Source, text: &str) -> String {
    crate::sources::testing::read(source, text, None)
}
