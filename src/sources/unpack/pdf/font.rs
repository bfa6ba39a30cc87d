//! The fonts of a PDF (ISO 32000-1, 9.5 to 9.10): the characters of text codes, and their widths.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Object};

use super::codes::{self, Codes};
use crate::sources::unpack::page::is_mono;

/// The properties of a font that are needed to read its text.
pub(super) struct Font {
    codes: Codes,
    /// Whether codes have two bytes instead of one.
    is_wide: bool,
    /// In thousandths of the font size.
    widths: HashMap<u16, f32>,
    default_width: f32,
    pub(super) is_bold: bool,
    pub(super) is_italic: bool,
    pub(super) is_mono: bool,
}

/// The widths of Helvetica from the space to `~`: standard fonts may omit their widths.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// A character of a text.
pub(super) struct Letter {
    /// Its text; `None` if the font does not define it.
    pub(super) text: Option<String>,
    /// In font sizes.
    pub(super) width: f32,
    pub(super) is_space: bool,
}

fn float(object: &Object) -> Option<f32> {
    object.as_float().ok()
}

impl Font {
    pub(super) fn read(font: &Dictionary, pdf: &Document) -> Self {
        let is_wide =
            font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Type0");
        let inner = font.get_deref(b"DescendantFonts", pdf).and_then(Object::as_array).ok();
        let inner = inner.and_then(|fonts| pdf.dereference(fonts.first()?).ok()?.1.as_dict().ok());
        let inner = inner.unwrap_or(font);
        let name = font.get_deref(b"BaseFont", pdf).and_then(Object::as_name).unwrap_or_default();
        let name = String::from_utf8_lossy(name).to_lowercase();
        let descriptor = inner.get_deref(b"FontDescriptor", pdf).and_then(Object::as_dict).ok();
        let number =
            |key: &[u8]| descriptor.and_then(|found| float(found.get_deref(key, pdf).ok()?));
        let has_flag = |bit: i64| {
            let flags =
                descriptor.and_then(|found| found.get_deref(b"Flags", pdf).ok()?.as_i64().ok());
            flags.unwrap_or_default() & bit != 0
        };
        let mut found = Font {
            codes: codes::read(font, pdf, is_wide),
            is_wide,
            widths: HashMap::new(),
            default_width: if name.contains("courier") { 600.0 } else { 500.0 },
            is_bold: ["bold", "black", "heavy", "semibold"].iter().any(|word| name.contains(word))
                || number(b"FontWeight").is_some_and(|weight| weight >= 600.0)
                || has_flag(1 << 18),
            is_italic: name.contains("italic") || name.contains("oblique") || has_flag(1 << 6),
            is_mono: is_mono(&name) || has_flag(1),
        };
        found.read_widths(font, inner, pdf);
        if found.widths.is_empty() && !is_wide && !found.is_mono {
            // Times is narrower than Helvetica.
            let scale = if name.contains("times") { 0.92 } else { 1.0 };
            let widths = HELVETICA.iter().map(|width| f32::from(*width) * scale);
            found.widths.extend((32..).zip(widths));
        }
        found.default_width =
            number(b"MissingWidth").filter(|width| *width > 0.0).unwrap_or(found.default_width);
        found
    }

    fn read_widths(&mut self, font: &Dictionary, inner: &Dictionary, pdf: &Document) {
        let first = font.get_deref(b"FirstChar", pdf).and_then(Object::as_i64).unwrap_or_default();
        if let Ok(widths) = font.get_deref(b"Widths", pdf).and_then(Object::as_array) {
            let widths = widths
                .iter()
                .map(|width| pdf.dereference(width).ok().and_then(|(_, width)| float(width)));
            let codes = (first..).filter_map(|code| u16::try_from(code).ok());
            self.widths.extend(codes.zip(widths).filter_map(|(code, width)| Some((code, width?))));
        }
        if !self.is_wide {
            return;
        }
        self.default_width = inner.get_deref(b"DW", pdf).ok().and_then(float).unwrap_or(1000.0);
        // `first [width width …]`, or `first last width`.
        let Ok(widths) = inner.get_deref(b"W", pdf).and_then(Object::as_array) else { return };
        let widths: Vec<&Object> =
            widths.iter().filter_map(|object| Some(pdf.dereference(object).ok()?.1)).collect();
        let mut at = 0;
        while let [first, second, ..] = widths[at..] {
            let Some(first) = first.as_i64().ok().and_then(|first| u16::try_from(first).ok())
            else {
                return;
            };
            if let Ok(list) = second.as_array() {
                self.widths.extend(
                    (first..).zip(list).filter_map(|(code, width)| Some((code, float(width)?))),
                );
                at += 2;
            } else {
                let last = second.as_i64().ok().and_then(|last| u16::try_from(last).ok());
                let width = widths.get(at + 2).and_then(|width| float(width));
                let (Some(last), Some(width)) = (last, width) else { return };
                self.widths.extend((first..=last).map(|code| (code, width)));
                at += 3;
            }
        }
    }

    /// Returns the characters of a text.
    pub(super) fn letters(&self, text: &[u8]) -> Vec<Letter> {
        let letter = |bytes: &[u8]| {
            let code = bytes.iter().fold(0_u16, |code, byte| code << 8 | u16::from(*byte));
            let width = self.widths.get(&code).copied().unwrap_or(self.default_width) / 1000.0;
            Letter {
                text: self.codes.get(&code).filter(|text| !text.contains('\u{fffd}')).cloned(),
                width,
                is_space: bytes == b" ",
            }
        };
        text.chunks(if self.is_wide { 2 } else { 1 }).map(letter).collect()
    }
}
