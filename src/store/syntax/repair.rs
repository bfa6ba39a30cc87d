//! A change of a text that would make it YAML, or TOML.

use std::ops::Range;

/// One line that should be another.
#[derive(Debug)]
pub(in crate::store) struct Repair {
    /// What is wrong.
    pub(in crate::store) message: String,
    /// Where in the line that is.
    pub(in crate::store) at: Range<usize>,
    /// The line as it should be.
    pub(in crate::store) line: String,
    /// What to do, where the line alone does not say it.
    pub(in crate::store) hint: Option<String>,
}

/// Changes of several lines that are one repair.
pub(super) struct Attempt {
    /// The line that the mistake is reported on, from 0.
    pub(super) at: usize,
    pub(super) lines: Vec<(usize, String)>,
    pub(super) repair: Repair,
}

/// A corrected line as a hint has room for it: a long one without its middle.
pub(in crate::store) fn shortened(line: &str) -> String {
    const LONGEST: usize = 120;
    const AT_THE_END: usize = 20;
    let length = line.chars().count();
    if length <= LONGEST {
        return line.to_owned();
    }
    let (head, tail) =
        (line.chars().take(LONGEST - AT_THE_END - 3), line.chars().skip(length - AT_THE_END));
    head.chain(" … ".chars()).chain(tail).collect()
}
