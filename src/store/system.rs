//! What the operating system says.

use crate::text::uncapitalized;

/// The system's words without Rust's " (os error 28)".
pub fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    uncapitalized(text.split(" (os error").next().unwrap_or(&text))
}
