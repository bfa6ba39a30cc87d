//! PDF: a tagged document with an outline, links and embedded fonts.
//!
//! [`render`] is a pure function. Parley shapes, orders and wraps text with the built-in fonts;
//! only for characters that these lack, the [`FontFinder`] of the caller is called. The modules
//! process a document in this order:
//!
//! ```text
//! Document ─layout, tables, code, figures (with text, fonts)─▶ strips ─pages─▶ pages
//!          ─paint, glyphs─▶ printpdf ─tags, outline, metadata (lopdf)─▶ bytes
//! ```

mod attachments;
mod builtin;
mod code;
mod color_profile;
mod columns;
mod embed;
mod emoji;
mod face;
mod figures;
mod fonts;
mod glyphs;
mod layout;
mod metadata;
mod navigation;
mod pages;
mod paint;
mod rich;
mod standin;
mod strip;
mod styled;
mod system;
mod tables;
mod tags;
mod text;
mod theme;
mod units;

use std::collections::BTreeSet;

use printpdf::{Op, PdfDocument, PdfPage, PdfSaveOptions, Rect};

pub use self::attachments::{Attachment, Relationship};
pub use self::fonts::{FontFile, FontFinder};
pub use self::system::SystemFonts;

use self::fonts::Fonts;
use self::glyphs::GlyphWriter;
use self::layout::Composer;
use self::navigation::Landing;
use self::pages::{Area, Placed, paginate};
use self::paint::Painter;
use self::strip::Mark;
use self::tags::Tree;
use self::units::pt;
use super::document::{Block, Document, Inline};
use super::meta::{Figures, Meta};
use crate::diag::{Diagnostic, Warned};
use crate::figure::Shape;
use crate::text::counted_that;

/// The size of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// ISO 216 A4, 210 mm × 297 mm.
    #[default]
    A4,
    /// US Letter, 8.5 in × 11 in.
    Letter,
}

impl Paper {
    /// Every size.
    pub const ALL: &'static [Paper] = &[Paper::A4, Paper::Letter];

    /// The lower-case name.
    pub fn as_str(self) -> &'static str {
        match self {
            Paper::A4 => "a4",
            Paper::Letter => "letter",
        }
    }

    /// Width and height in points, 72 to the inch.
    pub fn size(self) -> (f32, f32) {
        match self {
            Paper::A4 => (595.28, 841.89),
            Paper::Letter => (612.0, 792.0),
        }
    }
}

/// Options for printing.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The paper.
    pub paper: Paper,
    /// The language of the document as a BCP 47 tag, for screen readers.
    pub language: &'a str,
    /// Finds fonts for characters that the built-in ones lack. `None` uses only the built-in ones;
    /// [`SystemFonts`] searches the machine.
    pub system_fonts: Option<&'a dyn FontFinder>,
    /// The files that the document carries.
    pub attachments: &'a [Attachment],
}

impl Default for Options<'_> {
    /// A4, English, only the built-in fonts.
    fn default() -> Self {
        Options { paper: Paper::A4, language: "en", system_fonts: None, attachments: &[] }
    }
}

/// Why the PDF could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A built-in font cannot be read.
    #[error("the built-in fonts cannot be read")]
    BuiltInFonts,
    /// A font of the machine cannot be embedded.
    #[error("font {number} of the document cannot be embedded")]
    Font {
        /// The number of the font in the document, in the order of first use.
        number: usize,
    },
    /// The finished document could not be written to memory.
    #[error("the finished document cannot be written: {0}")]
    Write(#[from] std::io::Error),
}

/// Prints `document`. One warning lists all characters that no font has.
pub fn render(
    document: &Document,
    figures: &Figures,
    meta: &Meta,
    options: &Options<'_>,
) -> Result<Warned<Vec<u8>>, PdfError> {
    let mut texts = Vec::new();
    collect(&document.blocks, &mut texts);
    texts.extend(figures.values().flat_map(|figure| figure.shapes.iter()).filter_map(|shape| {
        match shape {
            Shape::Text { text, .. } => Some(text.as_str()),
            Shape::Line { .. } | Shape::Rect { .. } | Shape::Dot { .. } => None,
        }
    }));
    texts.extend([meta.footer.as_str(), &meta.class, &meta.head, &meta.title]);
    let fonts =
        Fonts::new(texts.into_iter(), options.system_fonts).ok_or(PdfError::BuiltInFonts)?;
    let (value, boxed) = print(document, figures, meta, options, fonts)?;
    Ok(Warned { value, warnings: unprintable(&boxed) })
}

/// The bytes, and the characters that are printed as boxes.
fn print(
    document: &Document,
    figures: &Figures,
    meta: &Meta,
    options: &Options<'_>,
    mut fonts: Fonts,
) -> Result<(Vec<u8>, BTreeSet<char>), PdfError> {
    let (width, height) = options.paper.size();
    let area = Area { top: theme::TOP_MARGIN, bottom: height - theme::BOTTOM_MARGIN };
    let text_width = width - 2.0 * theme::SIDE_MARGIN;
    let mut tree = Tree::new();
    let composer = Composer::new(&mut fonts, figures, &mut tree, area.bottom - area.top);
    let (column, links) = composer.document(&document.blocks, theme::SIDE_MARGIN, text_width);
    let pages = paginate(&column, area);
    let margins: Vec<Vec<Mark>> = (1..=pages.len())
        .map(|page| {
            let mut marks = head(&mut fonts, meta, page, width);
            marks.extend(foot(&mut fonts, &meta.footer, page, pages.len(), (width, height)));
            marks
        })
        .collect();
    let glyphs = GlyphWriter::new(&fonts).map_err(|face| PdfError::Font { number: face })?;
    let mut painter = Painter::new(&mut tree, glyphs, height);
    let operations: Vec<Vec<Op>> = pages
        .iter()
        .zip(&margins)
        .map(|(page, marks)| painter.page(&column, page, marks))
        .collect();
    let (glyphs, hot, boxed) = painter.finish();
    let mut pdf = assemble(operations, options.paper);
    let ids: Vec<lopdf::ObjectId> = pdf.get_pages().into_values().collect();
    embed_faces(&mut pdf, &glyphs, &ids)?;
    let landings = landings(&pages, height);
    navigation::links(&mut pdf, &mut tree, &hot, &links.0, &landings, &ids);
    let outline = navigation::outline(&mut pdf, &landings, &ids);
    let tree = tree.write(&mut pdf, &ids);
    attachments::attach(&mut pdf, options.attachments, meta.date);
    color_profile::intend(&mut pdf);
    let roots = metadata::Roots { tree, outline };
    metadata::describe(&mut pdf, meta, options.language, &roots, &ids);
    Ok((metadata::write(pdf)?, boxed))
}

/// The pages, written by printpdf without fonts, since it can only embed whole faces.
fn assemble(operations: Vec<Vec<Op>>, paper: Paper) -> lopdf::Document {
    let (width, height) = paper.size();
    let sheet = || Rect {
        x: pt(0.0),
        y: pt(0.0),
        width: pt(width),
        height: pt(height),
        mode: None,
        winding_order: None,
    };
    let page = |ops| PdfPage { media_box: sheet(), trim_box: sheet(), crop_box: sheet(), ops };
    let mut pdf = PdfDocument::new("");
    pdf.pages = operations.into_iter().map(page).collect();
    let options = PdfSaveOptions {
        optimize: false,
        subset_fonts: false,
        secure: true,
        image_optimization: None,
    };
    pdf.to_lopdf_document(&options, &mut Vec::new())
}

/// Embeds the faces that were used, and adds them to the resources of every page.
fn embed_faces(
    pdf: &mut lopdf::Document,
    glyphs: &GlyphWriter<'_>,
    pages: &[lopdf::ObjectId],
) -> Result<(), PdfError> {
    let mut fonts = lopdf::Dictionary::new();
    for (number, face) in glyphs.faces().iter().enumerate() {
        if let Some(font) = face.write(pdf).map_err(|_| PdfError::Font { number })? {
            fonts.set(face.name(), font);
        }
    }
    let fonts = pdf.add_object(fonts);
    for &page in pages {
        if let Ok(resources) =
            pdf.get_or_create_resources(page).and_then(lopdf::Object::as_dict_mut)
        {
            resources.set("Font", fonts);
        }
    }
    Ok(())
}

fn landings(pages: &[Vec<Placed<'_>>], height: f32) -> Vec<Landing> {
    const ABOVE: f32 = 8.0;
    let mut landings = Vec::new();
    for (page, placed) in pages.iter().enumerate() {
        for piece in placed {
            if let Some(target) = &piece.strip.target {
                landings.push(Landing {
                    target: target.clone(),
                    page,
                    y: height - piece.y + ABOVE,
                });
            }
        }
    }
    landings
}

/// The header of a page: the audience, the kind of document and, on further pages, its title.
fn head(fonts: &mut Fonts, meta: &Meta, page: usize, width: f32) -> Vec<Mark> {
    let (left, right) = (theme::SIDE_MARGIN, width - theme::SIDE_MARGIN);
    let y = theme::HEAD_BASELINE;
    if meta.class.is_empty() && meta.head.is_empty() {
        return Vec::new();
    }
    let class = fonts.line(&meta.class.to_uppercase(), theme::CLASS);
    let start = left + class.width + if meta.class.is_empty() { 0.0 } else { 6.0 };
    let what = fonts.line_within(&meta.head, theme::FOOTER, (right - start) * 0.6);
    let end = start + what.width;
    let rule =
        Mark::Rect { x: left, y: y + 7.0, width: right - left, height: 0.5, color: theme::RULE };
    let mut marks = vec![
        rule,
        Mark::Text { x: left, y, line: class.into() },
        Mark::Text { x: start, y, line: what.into() },
    ];
    if page > 1 {
        let room = (right - end - 18.0).max(1.0);
        let title = fonts.line_within(&meta.title, theme::FOOTER, room);
        marks.push(Mark::Text { x: right - title.width, y, line: title.into() });
    }
    marks
}

/// The footer of a page: the caller's text and the page number.
fn foot(
    fonts: &mut Fonts,
    line: &str,
    page: usize,
    pages: usize,
    (width, height): (f32, f32),
) -> Vec<Mark> {
    let y = height - theme::FOOTER_BASELINE;
    let number = fonts.line(&format!("page {page} of {pages}"), theme::FOOTER);
    let right = width - theme::SIDE_MARGIN - number.width;
    let room = right - theme::SIDE_MARGIN - 24.0;
    let left = fonts.line_within(line, theme::FOOTER, room.max(1.0));
    let rule = Mark::Rect {
        x: theme::SIDE_MARGIN,
        y: y - 15.0,
        width: width - 2.0 * theme::SIDE_MARGIN,
        height: 0.5,
        color: theme::RULE,
    };
    vec![
        rule,
        Mark::Text { x: theme::SIDE_MARGIN, y, line: left.into() },
        Mark::Text { x: right, y, line: number.into() },
    ]
}

fn unprintable(missing: &BTreeSet<char>) -> Vec<Diagnostic> {
    if missing.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = missing.iter().map(|&c| format!("U+{:04X}", u32::from(c))).collect();
    let what = counted_that(names.len(), "character", ["is", "are"]);
    let message = format!("{what} in no font and printed as boxes: {}", names.join(" "));
    vec![
        Diagnostic::warning(message)
            .hint("install a font with outlines for them (colour bitmaps cannot be embedded)"),
    ]
}

/// All texts of the blocks, for finding out which characters are needed.
fn collect<'d>(blocks: &'d [Block], texts: &mut Vec<&'d str>) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph(content) => {
                collect_inline(content, texts);
            }
            Block::List { items, .. } => items.iter().for_each(|item| collect(item, texts)),
            Block::Table { header, rows, .. } => {
                std::iter::once(header)
                    .chain(rows)
                    .flatten()
                    .for_each(|cell| collect_inline(cell, texts));
            }
            Block::Code { text, .. } => texts.push(text),
            Block::Quote(inner) => collect(inner, texts),
            Block::Figure { alt, .. } => texts.push(alt),
            Block::Styled { block, .. } => collect(std::slice::from_ref(block), texts),
            Block::Rule => {}
        }
    }
}

fn collect_inline<'d>(inlines: &'d [Inline], texts: &mut Vec<&'d str>) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => texts.push(text),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strikethrough(inner) => {
                collect_inline(inner, texts);
            }
            Inline::Link { content, .. } => collect_inline(content, texts),
            Inline::SoftBreak | Inline::HardBreak => {}
        }
    }
}
