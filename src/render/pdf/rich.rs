//! A document's inline text as one string with styles on parts of it.

use std::ops::Range;

use super::fonts::Fonts;
use super::theme::Color;
use crate::render::document::Inline;

/// The addresses of a document's links, by their number.
#[derive(Debug, Default)]
pub(super) struct Links(pub(super) Vec<String>);

impl Links {
    /// A number for a link to `url`; none for an address that a reader should not follow.
    fn add(&mut self, url: &str) -> Option<u32> {
        let lower = url.to_ascii_lowercase();
        let followed = ["http://", "https://", "mailto:", "#"].iter().any(|scheme| lower.starts_with(scheme));
        if !followed {
            return None;
        }
        self.0.push(url.to_string());
        u32::try_from(self.0.len() - 1).ok()
    }
}

/// How a piece of text is set apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) code: bool,
    pub(super) strike: bool,
    pub(super) link: Option<u32>,
    /// A colour of its own.
    pub(super) tint: Option<Color>,
}

/// Text with its styles, ready to be laid out.
#[derive(Debug, Clone, Default)]
pub(super) struct Rich {
    text: String,
    pub(super) spans: Vec<(Range<usize>, Style)>,
    /// Where a shape stands in for a sign, and the sign.
    signs: Vec<(usize, char)>,
}

impl Rich {
    pub(super) fn plain(text: &str, fonts: &Fonts) -> Rich {
        let mut rich = Rich::default();
        rich.push(text, Style::default(), fonts);
        rich
    }

    pub(super) fn new(inlines: &[Inline], links: &mut Links, fonts: &Fonts) -> Rich {
        let mut rich = Rich::default();
        rich.inlines(inlines, Style::default(), links, fonts);
        rich
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The text alone.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn inlines(&mut self, inlines: &[Inline], style: Style, links: &mut Links, fonts: &Fonts) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.push(text, style, fonts),
                Inline::Code(text) => self.push(text, Style { code: true, ..style }, fonts),
                Inline::Strong(inner) => self.inlines(inner, Style { bold: true, ..style }, links, fonts),
                Inline::Emphasis(inner) => self.inlines(inner, Style { italic: true, ..style }, links, fonts),
                Inline::Strikethrough(inner) => self.inlines(inner, Style { strike: true, ..style }, links, fonts),
                Inline::Link { url, content } => {
                    let link = links.add(url);
                    self.inlines(content, Style { link, ..style }, links, fonts);
                }
                Inline::SoftBreak => self.push(" ", style, fonts),
                Inline::HardBreak => {
                    self.text.push('\n');
                }
            }
        }
    }

    fn push(&mut self, text: &str, style: Style, fonts: &Fonts) {
        let start = self.text.len();
        let signs = self.signs.len();
        for c in text.chars() {
            let Some((shape, _)) = fonts.instead(c) else {
                self.text.push(printable(c));
                continue;
            };
            self.signs.push((self.text.len(), c));
            self.text.push(shape);
        }
        if style != Style::default() {
            self.spans.push((start..self.text.len(), style));
        }
        for &(at, sign) in &self.signs[signs..] {
            let Some((shape, color)) = fonts.instead(sign) else { continue };
            self.spans.push((at..at + shape.len_utf8(), Style { tint: Some(color), ..style }));
        }
    }

    /// The sign that the shape at `at` stands in for.
    pub(super) fn sign(&self, at: usize) -> Option<char> {
        self.signs.binary_search_by_key(&at, |&(at, _)| at).ok().map(|found| self.signs[found].1)
    }
}

/// White space that would break a line is a space; a control character is shown, not obeyed.
fn printable(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}
