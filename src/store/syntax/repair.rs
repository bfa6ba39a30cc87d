//! A change of a text that would make it YAML.

use std::ops::Range;

/// One line that should be another.
#[derive(Debug)]
pub(super) struct Repair {
    /// What is wrong.
    pub(super) message: String,
    /// Where in the line that is.
    pub(super) at: Range<usize>,
    /// The line as it should be.
    pub(super) line: String,
    /// What to do, where the line alone does not say it.
    pub(super) hint: Option<String>,
}

/// A corrected line as a hint has room for it: a long one without its middle.
pub(in crate::store) fn shortened(line: &str) -> String {
    const LONGEST: usize = 120;
    const AT_THE_END: usize = 20;
    let length = line.chars().count();
    if length <= LONGEST {
        return line.to_owned();
    }
    let (head, tail) = (line.chars().take(LONGEST - AT_THE_END - 3), line.chars().skip(length - AT_THE_END));
    head.chain(" … ".chars()).chain(tail).collect()
}
