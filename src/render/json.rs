//! The view as JSON.

use crate::report::view::View;
use crate::text::json::escaped;

/// The view as indented JSON with a final line end. Dangerous characters are escaped, since it may
/// be shown on a terminal.
pub fn write(view: &View) -> Vec<u8> {
    // A view can always be written as JSON: its keys are text and its numbers are finite.
    let json = serde_json::to_string_pretty(view).unwrap_or_default();
    (escaped(&json).into_owned() + "\n").into_bytes()
}
