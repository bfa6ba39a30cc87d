//! Changes that would turn a text into valid YAML or TOML.

use std::ops::Range;

/// The correction of one line.
#[derive(Debug)]
pub(in crate::store) struct Repair {
    /// What is wrong.
    pub(in crate::store) message: String,
    /// The range of the mistake in the line.
    pub(in crate::store) at: Range<usize>,
    /// The corrected line.
    pub(in crate::store) line: String,
    /// What to do, if the corrected line does not show it.
    pub(in crate::store) hint: Option<String>,
}

/// Changes to several lines that form one repair.
pub(super) struct Attempt {
    /// The line on which the mistake is reported, from 0.
    pub(super) at: usize,
    pub(super) lines: Vec<(usize, String)>,
    pub(super) repair: Repair,
}

/// A corrected line for a hint; the middle of a long one is omitted.
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
