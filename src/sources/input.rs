//! The input of a reader.

use chrono::{DateTime, Utc};

/// Bytes, and what is known about their origin.
#[derive(Debug, Clone)]
pub struct Input {
    /// The file as the person named it, `<stdin>`, or a URL: for messages and for sniffing.
    pub name: String,
    /// The bytes, as they were read.
    pub bytes: Vec<u8>,
    /// The media type from the server.
    pub content_type: Option<String>,
    /// The address it was fetched from, after redirects.
    pub url: Option<String>,
    /// When it was fetched.
    pub retrieved_at: Option<DateTime<Utc>>,
}

impl Input {
    /// Bytes from a file or a pipe.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Input {
            name: name.into(),
            bytes: bytes.into(),
            content_type: None,
            url: None,
            retrieved_at: None,
        }
    }

    /// The last part of the path or address.
    pub fn file_name(&self) -> &str {
        last_part(&self.name)
    }
}

/// The name of a file, or the last part of an address. In a file name `#` and `?` are ordinary
/// characters: `page#1.md` is not `page`.
pub(super) fn file_name(name: &str) -> &str {
    if name.contains("://") {
        last_part(name)
    } else {
        name.rsplit(['/', '\\']).next().unwrap_or_default()
    }
}

/// The last part of a path or address, without query and fragment.
pub(super) fn last_part(name: &str) -> &str {
    let path = name.split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or_default()
}
