//! What the outputs say about themselves, and the drawings that they place.

use indexmap::IndexMap;

use crate::figure::Figure;

/// The figures of a document by the name that `figure:NAME` gives.
pub type Figures = IndexMap<String, Figure>;

/// What a document says about itself in its metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// The title.
    pub title: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// One line on what it is about.
    pub subject: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// When it was made, only where the caller gives a time: the same input gives the same bytes.
    pub date: Option<chrono::DateTime<chrono::Utc>>,
    /// Who may read it, for the head of each page: `Internal`.
    pub class: String,
    /// What it is, for the head of each page: `Incident report · 2026-02-03-checkout`.
    pub head: String,
    /// A line for the foot of each page, beside the page number.
    pub footer: String,
}
