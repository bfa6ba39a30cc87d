//! The inline text of a block as one string with styles for its parts.

use std::ops::Range;
use std::rc::Rc;

use super::emoji::{Piece, pieces};
use super::fonts::Fonts;
use super::theme::Color;
use crate::render::document::Inline;

/// The addresses of a document's links, by number.
#[derive(Debug, Default)]
pub(super) struct Links(pub(super) Vec<String>);

impl Links {
    /// The number of a link to `url`; `None` for an unsafe address.
    fn add(&mut self, url: &str) -> Option<u32> {
        let lower = url.to_ascii_lowercase();
        let followed =
            ["http://", "https://", "mailto:", "#"].iter().any(|scheme| lower.starts_with(scheme));
        if !followed {
            return None;
        }
        self.0.push(url.to_string());
        u32::try_from(self.0.len() - 1).ok()
    }
}

/// The style of a part of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) code: bool,
    pub(super) strike: bool,
    pub(super) link: Option<u32>,
    /// Whether it is in a box, like the key of a keyboard.
    pub(super) keycap: bool,
    /// Its own colour.
    pub(super) tint: Option<Color>,
}

/// Text with its styles, ready to be laid out.
#[derive(Debug, Clone, Default)]
pub(super) struct Rich {
    text: String,
    pub(super) spans: Vec<(Range<usize>, Style)>,
    /// The places where another shape is drawn, with the original text.
    signs: Vec<(usize, Rc<str>)>,
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

    /// The plain text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn inlines(&mut self, inlines: &[Inline], style: Style, links: &mut Links, fonts: &Fonts) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.push(text, style, fonts),
                Inline::Code(text) => self.push(text, Style { code: true, ..style }, fonts),
                Inline::Strong(inner) => {
                    self.inlines(inner, Style { bold: true, ..style }, links, fonts);
                }
                Inline::Emphasis(inner) => {
                    self.inlines(inner, Style { italic: true, ..style }, links, fonts);
                }
                Inline::Strikethrough(inner) => {
                    self.inlines(inner, Style { strike: true, ..style }, links, fonts);
                }
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
        let mut own = Vec::new();
        if text.is_ascii() {
            self.text.extend(text.chars().map(printable));
        } else {
            for piece in pieces(text, |one, other| fonts.has_both(one, other)) {
                self.piece(piece, style, fonts, &mut own);
            }
        }
        if style != Style::default() {
            self.spans.push((start..self.text.len(), style));
        }
        self.spans.append(&mut own);
    }

    /// Adds a piece of text; appends its style to `own` if it differs from that of the text around
    /// it.
    fn piece(
        &mut self,
        piece: Piece<'_>,
        style: Style,
        fonts: &Fonts,
        own: &mut Vec<(Range<usize>, Style)>,
    ) {
        let at = self.text.len();
        let (first, more, written) = match piece {
            Piece::Plain(c) => (c, "", None),
            Piece::Keycap(c, whole) => {
                own.push((at..at + c.len_utf8(), Style { keycap: true, ..style }));
                (c, "", Some(whole.into()))
            }
            Piece::Joined(part, whole) => {
                let Some(first) = part.chars().next() else { return };
                (first, &part[first.len_utf8()..], Some(whole.into()))
            }
        };
        match fonts.instead(first) {
            Some((shape, color)) => {
                self.text.push(shape);
                own.push((at..self.text.len(), Style { tint: Some(color), ..style }));
                self.signs
                    .push((at, written.unwrap_or_else(|| first.encode_utf8(&mut [0; 4]).into())));
            }
            None => {
                self.text.push(printable(first));
                self.signs.extend(written.map(|written| (at, written)));
            }
        }
        self.text.push_str(more);
    }

    /// The original text where another shape is drawn at `at`.
    pub(super) fn sign(&self, at: usize) -> Option<Rc<str>> {
        self.signs
            .binary_search_by_key(&at, |&(at, _)| at)
            .ok()
            .map(|found| self.signs[found].1.clone())
    }
}

/// Replaces white space that would break a line by a space, and control characters by visible ones.
fn printable(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}
