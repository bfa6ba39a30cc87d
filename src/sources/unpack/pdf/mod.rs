//! PDFs with text: all pages as one document.
//!
//! If the PDF has structure tags (as from office programs, browsers and posthoc), they are used;
//! otherwise lines, columns, headings and tables are inferred from positions.

mod attached;
mod codes;
mod content;
mod font;
mod layout;
mod lines;
mod tags;

use lopdf::{Document, LoadOptions};

pub(super) use attached::attached;

use super::page::Page;
use super::unpacked::{damaged, refused};
use crate::sources::source::ReadError;
use codes::MOST_UNPACKED;
use content::{Contents, Shown};

/// The maximum number of pages. A longer PDF is not a write-up.
const MOST_PAGES: usize = 500;

/// Reads a PDF as Markdown.
///
/// # Errors
/// [`ReadError`] if it is damaged or encrypted, or its pages are images.
pub(super) fn read(bytes: &[u8]) -> Result<String, ReadError> {
    let options =
        LoadOptions { max_decompressed_size: Some(MOST_UNPACKED), ..LoadOptions::default() };
    let pdf = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => encrypted(),
        error => damaged(&format!("this PDF is damaged: {error}")),
    })?;
    if pdf.is_encrypted() {
        return Err(encrypted());
    }
    let pages: Vec<_> = pdf.get_pages().into_values().collect();
    if pages.is_empty() {
        return Err(damaged("this PDF is damaged: it has no pages"));
    }
    if pages.len() > MOST_PAGES {
        return Err(refused(
            &format!("a PDF with {} pages, which is not a write-up", pages.len()),
            "save the pages of the incident as a PDF of their own",
        ));
    }
    let mut contents = Contents::new(&pdf);
    let shown = pages.iter().map(|page| contents.page(*page)).collect::<Result<Vec<_>, _>>();
    let shown = shown.map_err(|error| damaged(&format!("this PDF cannot be read: {error}")))?;
    let letters =
        |shown: &Shown| shown.pieces.iter().map(|piece| piece.text.trim().len()).sum::<usize>();
    let read: usize = shown.iter().map(letters).sum();
    let unread: usize = shown.iter().map(|shown| shown.unread).sum();
    if unread > read {
        return Err(refused(
            "a PDF whose fonts do not say which characters they show",
            "save it again from the program that wrote it, or copy its text into a file",
        ));
    }
    if read == 0 {
        let is_scanned = shown.iter().any(|shown| shown.images > 0);
        let what = if is_scanned {
            "a PDF of pictures, such as a scanned page"
        } else {
            "a PDF without text"
        };
        return Err(refused(what, "recognize its text first (OCR), or copy it into a file"));
    }
    let mut page = Page::default();
    let tagged = tags::read(&pdf, &pages, &shown);
    // Text outside of the structure would be lost.
    match tagged.filter(|(_, count)| *count * 10 >= read * 9) {
        Some((tagged, _)) => page = tagged,
        None => layout::read(&shown, &mut page),
    }
    Ok(page.into_markdown())
}

fn encrypted() -> ReadError {
    refused("an encrypted PDF", "save it without a password")
}
