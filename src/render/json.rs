//! The view as JSON.

use crate::report::view::View;

/// The frozen shape, indented, with a line end at its end.
pub fn write(view: &View) -> Vec<u8> {
    // A view holds nothing that JSON cannot: its keys are text and its numbers are finite.
    let mut bytes = serde_json::to_vec_pretty(view).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
