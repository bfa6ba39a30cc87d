//! The view as JSON.

use crate::report::view::View;
use crate::text::json::escaped;

/// The frozen shape, indented, with a line end at its end. It is shown on terminals as well, so
/// dangerous characters are escaped.
pub fn write(view: &View) -> Vec<u8> {
    // A view holds nothing that JSON cannot: its keys are text and its numbers are finite.
    let json = serde_json::to_string_pretty(view).unwrap_or_default();
    (escaped(&json).into_owned() + "\n").into_bytes()
}
