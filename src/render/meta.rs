//! The metadata of documents, and their figures.

use indexmap::IndexMap;

use crate::figure::Figure;

/// The figures of a document by the name in `figure:NAME`.
pub type Figures = IndexMap<String, Figure>;

/// The metadata of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// The title.
    pub title: String,
    /// The authors.
    pub authors: Vec<String>,
    /// A one-line description.
    pub subject: String,
    /// Keywords for searching.
    pub keywords: Vec<String>,
    /// The date of the document; `None` unless the caller gives one, so that the same input gives
    /// the same bytes.
    pub date: Option<chrono::DateTime<chrono::Utc>>,
    /// The audience, for the header of each page: `Internal`.
    pub class: String,
    /// The kind of document, for the header of each page: `Incident report · 2026-02-03-checkout`.
    pub head: String,
    /// The text in the footer of each page, next to the page number.
    pub footer: String,
}
