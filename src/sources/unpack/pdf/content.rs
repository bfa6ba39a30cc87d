//! The text on the pages of a PDF (ISO 32000-1, 8.4 and 9.4), as pieces with positions.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::codes::MOST_UNPACKED;
use super::font::Font;

/// The maximum nesting depth of forms.
const DEEPEST: usize = 6;

/// The limit on operations of all pages together: a page of text has some thousands.
const MOST_OPERATIONS: usize = 5_000_000;

/// A piece of text in one font on one line. Positions are in points, from the lower left corner of
/// the page.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) x: f32,
    pub(super) end: f32,
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) text: String,
    pub(super) is_bold: bool,
    pub(super) is_italic: bool,
    pub(super) is_mono: bool,
    /// Its number in the structure of the document (MCID).
    pub(super) mark: Option<i64>,
}

/// The content of a page.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) pieces: Vec<Piece>,
    /// The number of characters without a text value.
    pub(super) unread: usize,
    pub(super) images: usize,
}

type Matrix = [f32; 6];

const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    between_letters: f32,
    between_words: f32,
    scale: f32,
    leading: f32,
    rise: f32,
}

impl State {
    fn new(page: Matrix) -> Self {
        State {
            page,
            font: None,
            size: 0.0,
            between_letters: 0.0,
            between_words: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }

    /// Sets a text parameter, which has one number.
    fn set(&mut self, operator: &str, value: f32) {
        match operator {
            "Tc" => self.between_letters = value,
            "Tw" => self.between_words = value,
            "Tz" => self.scale = value / 100.0,
            "TL" => self.leading = value,
            "Ts" => self.rise = value,
            _ => {}
        }
    }
}

/// A mark on a part of the content.
enum Mark {
    Number(i64),
    /// Not part of the document: a running head or a background.
    Artifact,
    /// The replacement text of the content (`ActualText`).
    Reads(String),
    Other,
}

impl Mark {
    fn is_artifact(&self) -> bool {
        matches!(self, Mark::Artifact)
    }
}

/// Reads the content of pages, one after another.
pub(super) struct Contents<'p> {
    pdf: &'p Document,
    fonts: HashMap<ObjectId, Rc<Font>>,
    left: usize,
}

impl<'p> Contents<'p> {
    pub(super) fn new(pdf: &'p Document) -> Self {
        Contents { pdf, fonts: HashMap::new(), left: MOST_OPERATIONS }
    }

    /// Reads the content of a page. An error if it is too large.
    pub(super) fn page(&mut self, page: ObjectId) -> Result<Shown, lopdf::Error> {
        let bytes = self.pdf.get_page_content_with_limit(page, MOST_UNPACKED)?;
        let mut shown = Shown::default();
        let resources = self.resources(page);
        self.run(&bytes, resources, UNIT, 0, &mut shown);
        Ok(shown)
    }

    /// The resources of a page, which may be inherited.
    fn resources(&self, page: ObjectId) -> Option<&'p Dictionary> {
        let mut node = self.pdf.get_dictionary(page).ok()?;
        for _ in 0..30 {
            if let Ok(found) = node.get_deref(b"Resources", self.pdf).and_then(Object::as_dict) {
                return Some(found);
            }
            node = node.get_deref(b"Parent", self.pdf).and_then(Object::as_dict).ok()?;
        }
        None
    }

    fn named(
        &self,
        resources: Option<&'p Dictionary>,
        kind: &[u8],
        name: &[u8],
    ) -> Option<&'p Object> {
        let all = resources?.get_deref(kind, self.pdf).and_then(Object::as_dict).ok()?;
        all.get(name).ok()
    }

    fn font(&mut self, resources: Option<&'p Dictionary>, name: &[u8]) -> Option<Rc<Font>> {
        let object = self.named(resources, b"Font", name)?;
        let id = object.as_reference().ok();
        if let Some(font) = id.and_then(|id| self.fonts.get(&id)) {
            return Some(Rc::clone(font));
        }
        let font = self.pdf.dereference(object).ok()?.1.as_dict().ok()?;
        let font = Rc::new(Font::read(font, self.pdf));
        self.fonts.extend(id.map(|id| (id, Rc::clone(&font))));
        Some(font)
    }

    fn mark(&self, resources: Option<&'p Dictionary>, operands: &[Object]) -> Mark {
        if operands.first().and_then(|tag| tag.as_name().ok()) == Some(b"Artifact") {
            return Mark::Artifact;
        }
        let properties = match operands.get(1) {
            Some(Object::Dictionary(properties)) => Some(properties),
            Some(Object::Name(name)) => {
                let found = self.named(resources, b"Properties", name);
                found.and_then(|found| self.pdf.dereference(found).ok()?.1.as_dict().ok())
            }
            _ => None,
        };
        let Some(properties) = properties else { return Mark::Other };
        if let Ok(number) = properties.get(b"MCID").and_then(Object::as_i64) {
            return Mark::Number(number);
        }
        let reads = properties.get(b"ActualText").and_then(lopdf::decode_text_string);
        reads.map_or(Mark::Other, Mark::Reads)
    }

    /// Reads a content stream (ISO 32000-1, 8.4 and 9.4): the operators that place and show text.
    fn run(
        &mut self,
        bytes: &[u8],
        resources: Option<&'p Dictionary>,
        page: Matrix,
        depth: usize,
        shown: &mut Shown,
    ) {
        let Ok(content) = Content::decode(bytes) else { return };
        let mut state = State::new(page);
        let mut saved: Vec<State> = Vec::new();
        let mut marks: Vec<Mark> = Vec::new();
        let (mut text, mut line) = (UNIT, UNIT);
        for operation in content.operations {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let operands = operation.operands;
            let number = |at: usize| {
                operands.get(at).and_then(|value| value.as_float().ok()).unwrap_or_default()
            };
            let matrix = || [number(0), number(1), number(2), number(3), number(4), number(5)];
            match operation.operator.as_str() {
                "q" if saved.len() < 256 => saved.push(state.clone()),
                "Q" => state = saved.pop().unwrap_or(state),
                "cm" => state.page = times(matrix(), state.page),
                "BT" => (text, line) = (UNIT, UNIT),
                "Tf" => {
                    state.font = self.font(resources, name_of(&operands));
                    state.size = number(1);
                }
                operator @ ("Tc" | "Tw" | "Tz" | "TL" | "Ts") => state.set(operator, number(0)),
                "Tm" => (text, line) = (matrix(), matrix()),
                operator @ ("Td" | "TD") => {
                    if operator == "TD" {
                        state.leading = -number(1);
                    }
                    line = times([1.0, 0.0, 0.0, 1.0, number(0), number(1)], line);
                    text = line;
                }
                operator @ ("T*" | "'" | "\"") => {
                    line = times([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], line);
                    text = line;
                    if operator == "\"" {
                        (state.between_words, state.between_letters) = (number(0), number(1));
                    }
                    if let Some(last) = operands.last() {
                        show(&mut text, &state, std::slice::from_ref(last), &mut marks, shown);
                    }
                }
                "Tj" => show(&mut text, &state, &operands, &mut marks, shown),
                "TJ" => {
                    if let Some(Object::Array(parts)) = operands.first() {
                        show(&mut text, &state, parts, &mut marks, shown);
                    }
                }
                "BMC" | "BDC" => marks.push(self.mark(resources, &operands)),
                "EMC" => _ = marks.pop(),
                "Do" if depth < DEEPEST && !marks.iter().any(Mark::is_artifact) => {
                    let mark = number_of(&marks);
                    let from = shown.pieces.len();
                    self.object(name_of(&operands), resources, state.page, depth, shown);
                    let drawn = &mut shown.pieces[from..];
                    drawn.iter_mut().for_each(|piece| piece.mark = piece.mark.or(mark));
                }
                _ => {}
            }
        }
    }

    /// Reads the form XObject, or counts the image, that `Do` draws.
    fn object(
        &mut self,
        name: &[u8],
        resources: Option<&'p Dictionary>,
        page: Matrix,
        depth: usize,
        shown: &mut Shown,
    ) {
        let object = self.named(resources, b"XObject", name);
        let object = object.and_then(|object| self.pdf.dereference(object).ok());
        let Some(form) = object.and_then(|(_, object)| object.as_stream().ok()) else { return };
        match form.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => shown.images += 1,
            Ok(b"Form") => {
                let Ok(bytes) = form.decompressed_content_with_limit(MOST_UNPACKED) else { return };
                let own = form.dict.get_deref(b"Resources", self.pdf).and_then(Object::as_dict);
                let place = form.dict.get_deref(b"Matrix", self.pdf).and_then(Object::as_array);
                let place = place.ok().filter(|place| place.len() == 6).map_or(UNIT, |place| {
                    std::array::from_fn(|at| place[at].as_float().unwrap_or_default())
                });
                self.run(&bytes, own.ok().or(resources), times(place, page), depth + 1, shown);
            }
            _ => {}
        }
    }
}

/// Returns the first operand as a name.
fn name_of(operands: &[Object]) -> &[u8] {
    operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default()
}

fn number_of(marks: &[Mark]) -> Option<i64> {
    marks
        .iter()
        .rev()
        .find_map(|mark| if let Mark::Number(number) = mark { Some(*number) } else { None })
}

/// A gap of this many font sizes separates words if no space is written.
const SPACE: f32 = 0.17;

/// Adds the text of a `TJ` array. Numbers in it move the position.
fn show(text: &mut Matrix, state: &State, parts: &[Object], marks: &mut [Mark], shown: &mut Shown) {
    let Some(font) = state.font.clone() else { return };
    let mut open: Option<Piece> = None;
    for part in parts {
        match part {
            Object::String(bytes, _) => {
                for letter in font.letters(bytes) {
                    let at = times([1.0, 0.0, 0.0, 1.0, 0.0, state.rise], times(*text, state.page));
                    let size = state.size.abs() * (at[2].powi(2) + at[3].powi(2)).sqrt();
                    let mut step = letter.width * state.size + state.between_letters;
                    if letter.is_space {
                        step += state.between_words;
                    }
                    *text = times([1.0, 0.0, 0.0, 1.0, step * state.scale, 0.0], *text);
                    let end = times(*text, state.page)[4];
                    // Vertical text is a watermark or an axis label.
                    let is_upright = at[0] > 0.0 && at[1].abs() < 0.2 * at[0];
                    if !is_upright || marks.iter().any(|mark| matches!(mark, Mark::Artifact)) {
                        continue;
                    }
                    let Some(read) = letter.text else {
                        shown.unread += 1;
                        continue;
                    };
                    let reads = marks.iter_mut().rev().find_map(|mark| match mark {
                        Mark::Reads(text) => Some(std::mem::take(text)),
                        _ => None,
                    });
                    let read = reads.unwrap_or(read);
                    let piece = open.get_or_insert_with(|| Piece {
                        x: at[4],
                        end: at[4],
                        y: at[5],
                        size,
                        text: String::new(),
                        is_bold: font.is_bold,
                        is_italic: font.is_italic,
                        is_mono: font.is_mono,
                        mark: number_of(marks),
                    });
                    piece.text.push_str(&read);
                    piece.end = end;
                }
            }
            other => {
                let by = other.as_float().unwrap_or_default() / 1000.0 * state.size;
                *text = times([1.0, 0.0, 0.0, 1.0, -by * state.scale, 0.0], *text);
                // Wide enough for a space, or for another column.
                if by.abs() > SPACE * state.size {
                    shown.pieces.extend(open.take());
                }
            }
        }
    }
    shown.pieces.extend(open);
}
