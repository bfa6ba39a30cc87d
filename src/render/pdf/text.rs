//! Lays out running text as lines of placed glyphs. Parley shapes, orders and breaks the text; the
//! result owns its glyphs and does not depend on Parley.

use std::ops::Range;
use std::rc::Rc;

use parley::{
    Alignment, AlignmentOptions, BaseDirection, FontFamily, FontStyle, FontWeight, Layout,
    LineHeight, OverflowWrap, RangedBuilder, StyleProperty,
};

use super::face::Look;
use super::fonts::{Fonts, Stack};
use super::rich::{Rich, Style};
use super::theme::{self, ACCENT};
use crate::text::danger::is_invisible;

/// One line of text.
#[derive(Debug, Clone)]
pub(super) struct TextLine {
    /// The width from its left end to the end of the visible text.
    pub(super) width: f32,
    pub(super) height: f32,
    /// The distance from its top to its baseline.
    pub(super) baseline: f32,
    pub(super) runs: Vec<Run>,
    /// The text that the clusters refer to.
    pub(super) text: Rc<str>,
}

/// Consecutive glyphs with the same face and look. Coordinates are relative to the left end of the
/// line.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) face: u16,
    pub(super) size: f32,
    pub(super) look: Look,
    /// Whether the face has no bold, so that the outlines are stroked as well.
    pub(super) embolden: bool,
    /// Whether no font has some of these characters.
    pub(super) missing: bool,
    /// Its left end.
    pub(super) start: f32,
    /// Its right end without trailing white space.
    pub(super) end: f32,
    pub(super) clusters: Vec<Cluster>,
    pub(super) glyphs: Vec<Glyph>,
}

/// The glyphs for a piece of the text.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    pub(super) text: Range<usize>,
    pub(super) glyphs: Range<usize>,
    /// The original text, if another shape is drawn.
    pub(super) sign: Option<Rc<str>>,
}

/// A glyph and its origin; `y` runs upwards from the baseline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) id: u16,
    pub(super) x: f32,
    pub(super) y: f32,
}

/// The alignment of lines within their width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Center,
    End,
}

/// The minimum width at which no word is broken, and the width at which no line is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Widths {
    pub(super) min: f32,
    pub(super) max: f32,
}

impl Fonts {
    /// The lines of `rich` within `width`; at least one line.
    pub(super) fn lines(
        &mut self,
        rich: &Rich,
        face: theme::Face,
        width: f32,
        align: Align,
    ) -> Vec<TextLine> {
        let mut layout = self.shape(rich, face);
        self.broken(&mut layout, rich, face, width, align)
    }

    /// The widths of `rich`, and its lines if nothing is broken.
    pub(super) fn measured(&mut self, rich: &Rich, face: theme::Face) -> (Widths, Vec<TextLine>) {
        let mut layout = self.shape(rich, face);
        let widths = layout.calculate_content_widths();
        let lines = self.broken(&mut layout, rich, face, f32::MAX, Align::Start);
        (Widths { min: widths.min, max: widths.max }, lines)
    }

    /// One line, however long.
    pub(super) fn line(&mut self, text: &str, face: theme::Face) -> TextLine {
        let mut lines = self.lines(&Rich::plain(text, self), face, f32::MAX, Align::Start);
        lines.swap_remove(0)
    }

    /// One line, truncated if it is longer than `width`.
    pub(super) fn line_within(&mut self, text: &str, face: theme::Face, width: f32) -> TextLine {
        let line = self.line(text, face);
        if line.width <= width {
            return line;
        }
        let room = (width - face.size).max(1.0);
        let first = self.lines(&Rich::plain(text, self), face, room, Align::Start).swap_remove(0);
        let shown =
            first.runs.iter().flat_map(|run| &run.clusters).map(|cluster| cluster.text.end).max();
        self.line(&format!("{}\u{2026}", first.text[..shown.unwrap_or(0)].trim_end()), face)
    }

    fn shape(&mut self, rich: &Rich, face: theme::Face) -> Layout<Look> {
        let foreign = self.foreign(rich.text());
        let stacks = &self.stacks;
        let family = |stack: Stack| FontFamily::List(stacks[stack as usize].as_slice().into());
        let mut builder = self.layouts.ranged_builder(&mut self.context, rich.text(), 1.0, false);
        builder.push_default(StyleProperty::FontFamily(family(if face.mono {
            Stack::Mono
        } else {
            Stack::Sans
        })));
        builder.push_default(StyleProperty::FontSize(face.size));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        builder.push_default(LineHeight::Absolute(face.leading));
        builder.push_default(StyleProperty::Brush(Look { color: face.color, ..Look::default() }));
        if face.bold {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        if face.mono {
            builder.set_base_direction(BaseDirection::Ltr);
        }
        for (range, style) in &rich.spans {
            if style.code {
                builder.push(StyleProperty::FontFamily(family(Stack::Mono)), range.clone());
            }
            push_style(&mut builder, range, *style, face);
        }
        for range in foreign {
            builder.push(StyleProperty::FontFamily(family(Stack::Foreign)), range);
        }
        builder.build(rich.text())
    }

    /// The ranges of the text with letters of other scripts and their marks.
    fn foreign(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        if text.is_ascii() {
            return ranges;
        }
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            match ranges.last_mut() {
                Some(last) if last.end == at && (self.wants_foreign(c) || is_invisible(c)) => {
                    last.end = end;
                }
                Some(_) | None if self.wants_foreign(c) => ranges.push(at..end),
                Some(_) | None => {}
            }
        }
        ranges
    }

    fn broken(
        &mut self,
        layout: &mut Layout<Look>,
        rich: &Rich,
        face: theme::Face,
        width: f32,
        align: Align,
    ) -> Vec<TextLine> {
        layout.break_all_lines((width < f32::MAX).then_some(width));
        if width < f32::MAX {
            let align = match align {
                Align::Start => Alignment::Start,
                Align::Center => Alignment::Center,
                Align::End => Alignment::End,
            };
            layout.align(align, AlignmentOptions::default());
        }
        let text: Rc<str> = rich.text().into();
        let mut lines: Vec<TextLine> =
            layout.lines().map(|line| self.collect(layout, &line, &text, rich, face)).collect();
        if lines.is_empty() {
            let baseline = baseline(face);
            lines.push(TextLine {
                width: 0.0,
                height: face.leading,
                baseline,
                runs: Vec::new(),
                text,
            });
        }
        lines
    }

    fn collect(
        &mut self,
        layout: &Layout<Look>,
        line: &parley::Line<'_, Look>,
        text: &Rc<str>,
        rich: &Rich,
        face: theme::Face,
    ) -> TextLine {
        let metrics = line.metrics();
        let mut pen = metrics.offset + metrics.inline_min_coord;
        let mut runs = Vec::new();
        for run in line.runs() {
            let font = run.font();
            let number = self.face(&font.data, font.index);
            let origin = (number, run.font_size(), run.synthesis().embolden());
            let mut ligature: Option<(f32, usize)> = None;
            for cluster in run.visual_clusters() {
                let range = cluster.text_range();
                let advance = cluster.advance();
                if cluster.is_ligature_continuation() {
                    // In right-to-left text, clusters come in reverse order.
                    if run.is_rtl() {
                        let (_, end) = *ligature.get_or_insert((pen, range.end));
                        ligature = ligature.map(|(left, _)| (left, end.max(range.end)));
                    } else {
                        extend_last(&mut runs, range.end, pen + advance);
                    }
                    pen += advance;
                    continue;
                }
                let (left, end) = ligature
                    .take()
                    .map_or((pen, range.end), |(left, end)| (left, end.max(range.end)));
                pen += advance;
                if text[range.start..end].chars().all(|c| c == '\n') {
                    continue;
                }
                let look = layout.styles()[usize::from(cluster.style_index())].brush;
                let glyphs: Vec<parley::Glyph> = cluster.glyphs().collect();
                let shown = text[range.start..end].chars().any(|c| !is_invisible(c));
                let missing = shown && glyphs.iter().any(|glyph| glyph.id == 0);
                let run = current(&mut runs, origin, look, missing, left);
                run.add(range.start..end, &glyphs, left, rich.sign(range.start));
                if !text[range.start..end].trim().is_empty() {
                    run.end = pen;
                }
            }
        }
        let width = runs.iter().map(|run: &Run| run.end).fold(0.0, f32::max);
        TextLine { width, height: face.leading, baseline: baseline(face), runs, text: text.clone() }
    }
}

/// The baseline in a line: the ascent and descent of Noto Sans, centred. Fonts of the system do not
/// move lines apart.
fn baseline(face: theme::Face) -> f32 {
    const ASCENT: f32 = 0.76;
    const DESCENT: f32 = 0.24;
    (face.leading - (ASCENT + DESCENT) * face.size) / 2.0 + ASCENT * face.size
}

/// The space to the left and right of a character on a key.
pub(super) fn keycap_side(size: f32) -> f32 {
    0.16 * size
}

fn push_style(
    builder: &mut RangedBuilder<'_, Look>,
    range: &Range<usize>,
    style: Style,
    face: theme::Face,
) {
    if style.bold {
        builder.push(StyleProperty::FontWeight(FontWeight::BOLD), range.clone());
    }
    if style.italic {
        builder.push(StyleProperty::FontStyle(FontStyle::Italic), range.clone());
    }
    if style.code {
        builder.push(StyleProperty::FontSize(face.size * theme::INLINE_CODE), range.clone());
    }
    let color = style.tint.unwrap_or(if style.link.is_some() { ACCENT } else { face.color });
    let look = Look {
        color,
        code: style.code,
        strike: style.strike,
        keycap: style.keycap,
        link: style.link,
    };
    if style.keycap {
        builder.push(StyleProperty::LetterSpacing(2.0 * keycap_side(face.size)), range.clone());
    }
    builder.push(StyleProperty::Brush(look), range.clone());
}

fn extend_last(runs: &mut [Run], text_end: usize, end: f32) {
    if let Some(run) = runs.last_mut()
        && let Some(cluster) = run.clusters.last_mut()
    {
        cluster.text.end = cluster.text.end.max(text_end);
        run.end = end;
    }
}

fn current(
    runs: &mut Vec<Run>,
    origin: (u16, f32, bool),
    look: Look,
    missing: bool,
    start: f32,
) -> &mut Run {
    let (face, size, embolden) = origin;
    let same = |run: &Run| {
        (run.face, run.size, run.embolden) == origin && run.look == look && run.missing == missing
    };
    if !runs.last().is_some_and(same) {
        let (clusters, glyphs) = (Vec::new(), Vec::new());
        runs.push(Run { face, size, look, embolden, missing, start, end: start, clusters, glyphs });
    }
    let last = runs.len() - 1;
    &mut runs[last]
}

impl Run {
    fn add(
        &mut self,
        text: Range<usize>,
        glyphs: &[parley::Glyph],
        left: f32,
        sign: Option<Rc<str>>,
    ) {
        let first = self.glyphs.len();
        let mut pen = if self.look.keycap { left + keycap_side(self.size) } else { left };
        for glyph in glyphs {
            let id = u16::try_from(glyph.id).unwrap_or(0);
            self.glyphs.push(Glyph { id, x: pen + glyph.x, y: -glyph.y });
            pen += glyph.advance;
        }
        self.clusters.push(Cluster { text, glyphs: first..self.glyphs.len(), sign });
    }
}
