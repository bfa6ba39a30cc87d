//! Test helpers of the alert readers.

use crate::sources::input::Input;
use crate::sources::source::{Source, Verdict};
use crate::sources::testing::{entry, read_input};

/// Whether `source` claims `text`.
pub(in crate::sources::alerts) fn sniffs(source: &dyn Source, text: &str) -> bool {
    source.sniff(&Input::new("alerts.json", text)) == Verdict::Yes
}

/// One line for each entry: its time, kind, actor, text and suggested milestone; then the warnings.
pub(in crate::sources::alerts) fn read(source: &dyn Source, text: &str) -> String {
    read_input(source, &Input::new("alerts.json", text), None, entry)
}
