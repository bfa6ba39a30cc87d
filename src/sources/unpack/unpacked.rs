//! The output of the document readers, and their errors.

use crate::sources::source::ReadError;

/// The text of a document.
pub(in crate::sources) struct Unpacked {
    pub(in crate::sources) text: String,
    /// Its media type.
    pub(in crate::sources) content_type: &'static str,
}

impl Unpacked {
    pub(super) fn new(text: String) -> Self {
        Unpacked { text, content_type: "text/markdown" }
    }
}

/// Metadata of a document.
#[derive(Default)]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) author: Option<String>,
    pub(super) date: Option<String>,
    pub(super) tags: Vec<String>,
}

impl Head {
    /// Returns `text` with this metadata as front matter.
    pub(super) fn before(&self, text: &str) -> String {
        // A JSON string is a valid YAML string.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut head = format!("title: {}\n", quoted(&self.title));
        for (key, value) in [("author", &self.author), ("date", &self.date)] {
            if let Some(value) = value {
                head.push_str(&format!("{key}: {}\n", quoted(value)));
            }
        }
        if !self.tags.is_empty() {
            let tags: Vec<String> = self.tags.iter().map(|tag| quoted(tag)).collect();
            head.push_str(&format!("tags: [{}]\n", tags.join(", ")));
        }
        format!("---\n{head}---\n\n{text}")
    }
}

/// The error for a damaged document.
pub(super) fn damaged(what: &str) -> ReadError {
    ReadError { hint: Some("save or send it again".to_owned()), ..ReadError::new(what) }
}

/// The error for a recognized but unsupported document.
pub(super) fn refused(what: &str, hint: &str) -> ReadError {
    ReadError { hint: Some(hint.to_owned()), ..ReadError::new(format!("this is {what}")) }
}
