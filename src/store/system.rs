//! Messages of the operating system.

use crate::text::uncapitalized;

/// The message of the system without Rust's " (os error 28)".
pub(crate) fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    uncapitalized(text.split(" (os error").next().unwrap_or(&text))
}
