//! Writes placed glyphs as text operators, so that copying gives the original text.
//!
//! A PDF font assigns one text to each glyph. If a glyph represents another text in a place, or
//! several glyphs represent one text, that text is written next to them (`ActualText`, ISO 32000-1,
//! 14.9.4).

use printpdf::{
    Codepoint, DictItem, FontId, Op, PdfFontHandle, Pt, TextItem, TextMatrix, TextRenderingMode,
};

use super::embed::EmbeddedFace;
use super::fonts::Fonts;
use super::text::{Cluster, Glyph, Run, keycap_side};
use super::theme::{Color, MUTED};
use super::units::{pt, rgb, round};

/// The position of a line: its left end and its baseline in PDF coordinates.
pub(super) struct Typeset<'t> {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) text: &'t str,
}

/// Writes glyphs, and records the faces used and the texts of their glyphs.
pub(super) struct GlyphWriter<'f> {
    faces: Vec<EmbeddedFace<'f>>,
    in_text: bool,
    font: Option<(u16, f32)>,
    fill: Option<Color>,
    bold: bool,
    /// The face for the numbers in boxes.
    digits: Option<u16>,
}

impl<'f> GlyphWriter<'f> {
    /// A writer for the faces of `fonts`. The error is the number of a face that cannot be
    /// embedded.
    pub(super) fn new(fonts: &'f Fonts) -> Result<GlyphWriter<'f>, usize> {
        let faces = fonts.faces().iter().enumerate();
        let faces: Result<Vec<_>, usize> =
            faces.map(|(number, face)| EmbeddedFace::new(face, number).ok_or(number)).collect();
        let faces = faces?;
        let has_digits =
            |face: &EmbeddedFace<'_>| "0123456789ABCDEF".chars().all(|c| face.glyph(c).is_some());
        let digits = faces.iter().position(has_digits).and_then(|at| u16::try_from(at).ok());
        let mut writer =
            GlyphWriter { faces, in_text: false, font: None, fill: None, bold: false, digits };
        writer.settle([' ', '-']);
        Ok(writer)
    }

    /// The faces with the glyphs that were drawn.
    pub(super) fn faces(&self) -> &[EmbeddedFace<'f>] {
        &self.faces
    }

    /// Some glyphs represent several characters, as a space and a no-break space. Fixes their text
    /// to the plain characters, so that it does not depend on which occurs first.
    fn settle(&mut self, plain: [char; 2]) {
        for c in plain {
            for face in &mut self.faces {
                if let Some(glyph) = face.glyph(c) {
                    face.settle(glyph, c.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    /// Resets the graphics state for a new page.
    pub(super) fn start_page(&mut self) {
        (self.in_text, self.font, self.fill, self.bold) = (false, None, None, false);
    }

    /// Sets the fill colour, of text and of shapes.
    pub(super) fn fill(&mut self, ops: &mut Vec<Op>, color: Color) {
        if self.fill != Some(color) {
            ops.push(Op::SetFillColor { col: rgb(color) });
            self.fill = Some(color);
        }
    }

    /// Ends the text object, if one is open.
    pub(super) fn leave_text(&mut self, ops: &mut Vec<Op>) {
        if std::mem::take(&mut self.in_text) {
            ops.push(Op::EndTextSection);
        }
    }

    /// Writes a run of glyphs.
    pub(super) fn run(&mut self, ops: &mut Vec<Op>, run: &Run, place: &Typeset<'_>) {
        self.prepare(ops, run.face, run.size, run.look.color);
        self.embolden(ops, run.embolden.then_some((run.size, run.look.color)));
        let mut pen = Pen::new(run, place);
        for cluster in &run.clusters {
            let glyphs = &run.glyphs[cluster.glyphs.clone()];
            let sign = cluster.sign.as_deref();
            let text = sign.unwrap_or(&place.text[cluster.text.clone()]);
            let spelled = match glyphs {
                [] => continue,
                [glyph] if sign.is_none() => self.says(run.face, glyph.id, text),
                _ => false,
            };
            if spelled {
                self.glyph(&mut pen, ops, run, glyphs[0], text);
            } else {
                self.spelled_out(&mut pen, ops, run, cluster, text);
            }
        }
        pen.flush(ops);
    }

    /// Writes one glyph of a cluster without other glyphs.
    pub(super) fn alone(
        &mut self,
        ops: &mut Vec<Op>,
        run: &Run,
        glyph: Glyph,
        means: Option<char>,
        place: &Typeset<'_>,
    ) {
        self.prepare(ops, run.face, run.size, run.look.color);
        self.embolden(ops, None);
        let mut pen = Pen::new(run, place);
        let text = means.map(String::from).unwrap_or_default();
        ops.push(actual_text(&text));
        self.glyph(&mut pen, ops, run, glyph, &text);
        pen.flush(ops);
        ops.push(Op::EndMarkedContent);
    }

    /// Writes the number of a character into its box, in two rows that are not copied.
    pub(super) fn number(
        &mut self,
        ops: &mut Vec<Op>,
        character: char,
        (x, bottom): (f32, f32),
        size: f32,
    ) {
        let Some(face) = self.digits else { return };
        let number = format!("{:04X}", u32::from(character));
        let size = size * 0.27;
        self.prepare(ops, face, size, MUTED);
        self.embolden(ops, None);
        ops.push(actual_text(""));
        let (upper, lower) = number.split_at(number.len().div_ceil(2));
        for (row, digits) in [(lower, 0.45), (upper, 1.75)].map(|(digits, up)| (up, digits)) {
            let (left, y) =
                (x + (2.2 - digits.len() as f32 * 0.58) / 2.0 * size, bottom + row * size);
            for (at, digit) in digits.chars().enumerate() {
                let Some(glyph) = self.face(face).and_then(|face| face.glyph(digit)) else {
                    continue;
                };
                ops.push(translate(left + at as f32 * 0.58 * size, y));
                self.show(ops, face, glyph, digit);
            }
        }
        ops.push(Op::EndMarkedContent);
    }

    /// Writes invisible text that is copied. Its glyph is about as wide as a box, so that no reader
    /// interprets the rest of the box as a space.
    pub(super) fn unseen(&mut self, ops: &mut Vec<Op>, text: &str, run: &Run, (x, y): (f32, f32)) {
        let face = self.face(run.face);
        let glyph = |c: char| Some((c, face.as_ref()?.glyph(c)?));
        let Some((letter, glyph)) = ['o', ' '].into_iter().find_map(glyph) else { return };
        self.prepare(ops, run.face, run.size, run.look.color);
        ops.push(Op::SetTextRenderingMode { mode: TextRenderingMode::Invisible });
        ops.push(actual_text(text));
        ops.push(translate(x, y));
        self.show(ops, run.face, glyph, letter);
        ops.push(Op::EndMarkedContent);
        ops.push(Op::SetTextRenderingMode { mode: TextRenderingMode::Fill });
        self.bold = false;
    }

    /// Shows a glyph for `c` at the current position.
    fn show(&mut self, ops: &mut Vec<Op>, face: u16, glyph: u16, c: char) {
        let Some(face) = self.face(face) else { return };
        let text = c.to_string();
        face.settle(glyph, &text);
        let code = Codepoint::new(face.code(glyph, &text), 0.0);
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(vec![code])] });
    }

    /// Whether the glyph alone gives `text`. The first text that a glyph is used for becomes its
    /// text.
    fn says(&mut self, face: u16, glyph: u16, text: &str) -> bool {
        self.face(face).is_some_and(|face| {
            face.settle(glyph, text);
            face.text(glyph) == Some(text)
        })
    }

    fn face(&mut self, face: u16) -> Option<&mut EmbeddedFace<'f>> {
        self.faces.get_mut(usize::from(face))
    }

    fn spelled_out(
        &mut self,
        pen: &mut Pen,
        ops: &mut Vec<Op>,
        run: &Run,
        cluster: &Cluster,
        text: &str,
    ) {
        pen.flush(ops);
        ops.push(actual_text(text));
        let glyphs = &run.glyphs[cluster.glyphs.clone()];
        let key = glyphs.first().filter(|_| run.look.keycap);
        if let Some(key) = key {
            self.blank(pen, ops, run, key.x - keycap_side(run.size), 0.0);
        }
        for glyph in glyphs {
            self.glyph(pen, ops, run, *glyph, text);
        }
        if let Some(key) = key {
            let width = self.width(run.face, key.id) as f32 * run.size / 1000.0;
            self.blank(pen, ops, run, key.x + width + keycap_side(run.size), 1.0);
        }
        pen.flush(ops);
        ops.push(Op::EndMarkedContent);
    }

    /// Writes a space at the edge of a key, since readers interpret the side of the key as one.
    /// `share` of the space is to the left of `x`.
    fn blank(&mut self, pen: &mut Pen, ops: &mut Vec<Op>, run: &Run, x: f32, share: f32) {
        let Some(id) = self.face(run.face).and_then(|face| face.glyph(' ')) else { return };
        let width = self.width(run.face, id) as f32 * run.size / 1000.0;
        pen.flush(ops);
        self.glyph(pen, ops, run, Glyph { id, x: x - share * width, y: 0.0 }, " ");
        pen.flush(ops);
    }

    /// Draws a glyph that is `text` or a part of it.
    fn glyph(&mut self, pen: &mut Pen, ops: &mut Vec<Op>, run: &Run, glyph: Glyph, text: &str) {
        let Some(face) = self.face(run.face) else { return };
        let (code, width) = (face.code(glyph.id, text), face.width(glyph.id));
        pen.draw(ops, glyph, code, width);
    }

    fn width(&self, face: u16, glyph: u16) -> i64 {
        self.faces.get(usize::from(face)).map_or(0, |face| face.width(glyph))
    }

    fn prepare(&mut self, ops: &mut Vec<Op>, face: u16, size: f32, color: Color) {
        if !std::mem::replace(&mut self.in_text, true) {
            ops.push(Op::StartTextSection);
        }
        if self.font != Some((face, size))
            && let Some(embedded) = self.faces.get(usize::from(face))
        {
            let font = PdfFontHandle::External(FontId(embedded.name().to_string()));
            ops.push(Op::SetFont { font, size: Pt(size) });
            self.font = Some((face, size));
        }
        self.fill(ops, color);
    }

    fn embolden(&mut self, ops: &mut Vec<Op>, bold: Option<(f32, Color)>) {
        if let Some((size, color)) = bold {
            ops.push(Op::SetOutlineColor { col: rgb(color) });
            ops.push(Op::SetOutlineThickness { pt: pt(size * 0.03) });
        }
        if self.bold != bold.is_some() {
            let mode = if bold.is_some() {
                TextRenderingMode::FillStroke
            } else {
                TextRenderingMode::Fill
            };
            ops.push(Op::SetTextRenderingMode { mode });
            self.bold = bold.is_some();
        }
    }
}

/// Collects glyphs on one baseline, with the adjustments between them: PDF advances by the widths
/// of the font, shaping by its own.
struct Pen {
    x: f32,
    y: f32,
    size: f32,
    start: Option<(f32, f32)>,
    at: f32,
    glyphs: Vec<Codepoint>,
}

impl Pen {
    fn new(run: &Run, place: &Typeset<'_>) -> Pen {
        Pen { x: place.x, y: place.y, size: run.size, start: None, at: 0.0, glyphs: Vec::new() }
    }

    /// `width` is in thousandths of the size.
    fn draw(&mut self, ops: &mut Vec<Op>, glyph: Glyph, code: u16, width: i64) {
        let (x, y) = (self.x + glyph.x, round(self.y + glyph.y));
        if self.start.is_some_and(|(_, line)| line != y) {
            self.flush(ops);
        }
        if self.start.is_none() {
            self.start = Some((round(x), y));
            self.at = round(x);
        }
        let off = (x - self.at) * 1000.0 / self.size;
        if off.abs() >= 1.0
            && let Some(last) = self.glyphs.last_mut()
        {
            last.offset = -off.round();
            self.at += off.round() * self.size / 1000.0;
        }
        self.glyphs.push(Codepoint::new(code, 0.0));
        self.at += width as f32 * self.size / 1000.0;
    }

    fn flush(&mut self, ops: &mut Vec<Op>) {
        if let Some((x, y)) = self.start.take() {
            ops.push(translate(x, y));
            ops.push(Op::ShowText {
                items: vec![TextItem::GlyphIds(std::mem::take(&mut self.glyphs))],
            });
        }
    }
}

fn translate(x: f32, y: f32) -> Op {
    Op::SetTextMatrix { matrix: TextMatrix::Translate(pt(x), pt(y)) }
}

/// Starts a marked piece of content whose text is `text`, whatever its glyphs are.
fn actual_text(text: &str) -> Op {
    let mut data = vec![0xfe, 0xff];
    data.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    let properties =
        DictItem::Dict { map: [("ActualText".to_string(), DictItem::Bytes(data))].into() };
    Op::BeginMarkedContentWithProperties { tag: "Span".into(), properties }
}
