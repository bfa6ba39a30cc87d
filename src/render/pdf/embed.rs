//! Embeds faces: each is reduced to the glyphs that the document draws, and written as a composite
//! font (ISO 32000-1, 9.7) with the widths and the texts of those glyphs.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use skrifa::attribute::Style;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::{GlyphMetrics, Metrics};
use skrifa::raw::TableProvider;
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider, Tag};
use subsetter::GlyphRemapper;

use super::face::Face;
use super::tags::integer;

const CFF: Tag = Tag::new(b"CFF ");

/// A face of the document with the glyphs that were drawn.
pub(super) struct EmbeddedFace<'f> {
    face: &'f Face,
    font: FontRef<'f>,
    advances: GlyphMetrics<'f>,
    units_per_em: f32,
    /// The tag that marks a subset, which also names the face in the pages' resources.
    tag: String,
    /// Maps the glyph ids of the face to those of the subset, in the order of their first use.
    subset: GlyphRemapper,
    /// The text of each glyph when it is copied.
    texts: BTreeMap<u16, String>,
    /// The same for glyphs that were only drawn as a part of their text.
    parts: BTreeMap<u16, String>,
}

impl<'f> EmbeddedFace<'f> {
    /// `None` if the face has no readable `head` table or outlines. `number` is its index among the
    /// faces of the document.
    pub(super) fn new(face: &'f Face, number: usize) -> Option<Self> {
        let font = FontRef::from_index(face.data.as_ref(), face.index).ok()?;
        let units_per_em = f32::from(font.head().ok()?.units_per_em()).max(1.0);
        let advances = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let (subset, texts, parts) = (GlyphRemapper::new(), BTreeMap::new(), BTreeMap::new());
        Some(EmbeddedFace {
            face,
            font,
            advances,
            units_per_em,
            tag: tag(number),
            subset,
            texts,
            parts,
        })
    }

    /// The name of the face in the resources of each page.
    pub(super) fn name(&self) -> &str {
        &self.tag
    }

    /// The glyph for `c`.
    pub(super) fn glyph(&self, c: char) -> Option<u16> {
        let glyph = self.font.charmap().map(c)?.to_u32();
        u16::try_from(glyph).ok().filter(|&glyph| glyph != 0)
    }

    /// The advance of `glyph` in whole thousandths of the type size.
    pub(super) fn width(&self, glyph: u16) -> i64 {
        let advance = self.advances.advance_width(GlyphId::from(glyph)).unwrap_or(0.0);
        (advance * 1000.0 / self.units_per_em).round() as i64
    }

    /// The text of `glyph`, once it is fixed.
    pub(super) fn text(&self, glyph: u16) -> Option<&str> {
        self.texts.get(&glyph).map(String::as_str)
    }

    /// Fixes the text of `glyph`, unless it is fixed already.
    pub(super) fn settle(&mut self, glyph: u16, text: &str) {
        self.texts.entry(glyph).or_insert_with(|| text.to_string());
    }

    /// The code that draws `glyph` as a part of `text`. Adds the glyph to the subset.
    pub(super) fn code(&mut self, glyph: u16, text: &str) -> u16 {
        if !self.texts.contains_key(&glyph) {
            self.parts.entry(glyph).or_insert_with(|| text.to_string());
        }
        self.subset.remap(glyph)
    }

    /// Writes the face and returns its font dictionary; `None` if none of its glyphs was drawn.
    pub(super) fn write(&self, pdf: &mut Document) -> Result<Option<ObjectId>, subsetter::Error> {
        if self.subset.num_gids() <= 1 {
            return Ok(None);
        }
        let mut program =
            subsetter::subset(self.face.data.as_ref(), self.face.index, &self.subset)?;
        // Readers interpret codes differently if CFF outlines are wrapped in OpenType.
        let bare = FontRef::new(&program)
            .ok()
            .and_then(|font| font.table_data(CFF))
            .map(|cff| cff.as_bytes().to_vec());
        let has_cff = bare.is_some();
        let program = match bare {
            Some(cff) => Stream::new(dictionary! { "Subtype" => "CIDFontType0C" }, cff),
            None => Stream::new(
                dictionary! { "Length1" => integer(program.len()) },
                std::mem::take(&mut program),
            ),
        };
        let program = pdf.add_object(program);
        let name = format!("{}+{}", self.tag, self.post_script_name());
        let mut descriptor = self.descriptor(&name);
        descriptor.set(if has_cff { "FontFile3" } else { "FontFile2" }, program);
        let descriptor = pdf.add_object(descriptor);
        let mut descendant = dictionary! {
            "Type" => "Font",
            "Subtype" => if has_cff { "CIDFontType0" } else { "CIDFontType2" },
            "BaseFont" => Object::Name(name.clone().into_bytes()),
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"),
                "Ordering" => Object::string_literal("Identity"),
                "Supplement" => 0,
            },
            "FontDescriptor" => descriptor,
            "DW" => 0,
            "W" => self.widths(),
        };
        if !has_cff {
            descendant.set("CIDToGIDMap", "Identity");
        }
        let descendant = pdf.add_object(descendant);
        let texts = pdf.add_object(Stream::new(Dictionary::new(), self.to_unicode().into_bytes()));
        Ok(Some(pdf.add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "Type0",
            "BaseFont" => Object::Name(name.into_bytes()),
            "Encoding" => "Identity-H",
            "DescendantFonts" => vec![Object::Reference(descendant)],
            "ToUnicode" => texts,
        })))
    }

    /// The name of the face, restricted to the characters that a PDF name need not escape.
    fn post_script_name(&self) -> String {
        let names = self.font.localized_strings(StringId::POSTSCRIPT_NAME).english_or_first();
        let name: String = names
            .iter()
            .flat_map(|name| name.chars())
            .filter(|c| is_regular(*c))
            .take(63)
            .collect();
        if name.is_empty() { "Font".to_string() } else { name }
    }

    fn descriptor(&self, name: &str) -> Dictionary {
        /// Flags of ISO 32000-1, table 123.
        const FIXED_PITCH: i64 = 1;
        const NONSYMBOLIC: i64 = 1 << 5;
        const ITALIC: i64 = 1 << 6;
        let metrics = Metrics::new(&self.font, Size::unscaled(), LocationRef::default());
        let scaled =
            |units: f32| Object::Integer((units * 1000.0 / self.units_per_em).round() as i64);
        let bounds = metrics.bounds.unwrap_or_default();
        let attributes = self.font.attributes();
        let slanted = metrics.italic_angle != 0.0 || attributes.style != Style::Normal;
        let flags = NONSYMBOLIC
            | if metrics.is_monospace { FIXED_PITCH } else { 0 }
            | if slanted { ITALIC } else { 0 };
        // No table has the width of the stems, so PDF writers estimate it from the weight.
        let stem = 50.0 + (attributes.weight.value() / 65.0).powi(2);
        dictionary! {
            "Type" => "FontDescriptor",
            "FontName" => Object::Name(name.as_bytes().to_vec()),
            "Flags" => flags,
            "FontBBox" => [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scaled).to_vec(),
            "ItalicAngle" => metrics.italic_angle.round() as i64,
            "Ascent" => scaled(metrics.ascent),
            "Descent" => scaled(metrics.descent),
            "CapHeight" => scaled(metrics.cap_height.unwrap_or(metrics.ascent)),
            "StemV" => stem.round() as i64,
        }
    }

    /// The widths of all codes, which start at 0 and have no gaps.
    fn widths(&self) -> Vec<Object> {
        let widths = self.subset.remapped_gids().map(|glyph| Object::Integer(self.width(glyph)));
        vec![Object::Integer(0), Object::Array(widths.collect())]
    }

    /// The map from codes to text (ISO 32000-1, 9.10.3).
    fn to_unicode(&self) -> String {
        /// The largest block that the format allows.
        const BLOCK: usize = 100;
        let codes = self.subset.remapped_gids().enumerate();
        let lines: Vec<String> = codes
            .filter_map(|(code, glyph)| {
                Some((code, self.texts.get(&glyph).or_else(|| self.parts.get(&glyph))?))
            })
            .filter(|(_, text)| !text.is_empty())
            .map(|(code, text)| {
                let units: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
                format!("<{code:04X}> <{units}>\n")
            })
            .collect();
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        for block in lines.chunks(BLOCK) {
            map.push_str(&format!("{} beginbfchar\n{}endbfchar\n", block.len(), block.concat()));
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        map
    }
}

/// Whether the outlines of `glyph` can be extracted from a face. A font of the system may be
/// damaged, or of a kind that cannot be embedded.
pub(super) fn can_be_embedded(data: &[u8], index: u32, glyph: u16) -> bool {
    let mut subset = GlyphRemapper::new();
    subset.remap(glyph);
    subsetter::subset(data, index, &subset).is_ok()
}

/// Six capital letters, different for each of the first 494 faces (ISO 32000-1, 9.6.4).
fn tag(number: usize) -> String {
    let letter = |at: usize| char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    let number = number + 26 * 7;
    format!("POST{}{}", letter(number / 26), letter(number))
}

/// Whether a PDF name contains `c` without an escape (ISO 32000-1, 7.3.5).
fn is_regular(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ',' | '+')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn subset_tags_are_six_capitals_and_unique() {
        let tags: BTreeSet<String> = (0..494).map(tag).collect();
        assert_eq!(tags.len(), 494);
        assert!(
            tags.iter()
                .all(|tag| tag.len() == 6 && tag.bytes().all(|byte| byte.is_ascii_uppercase()))
        );
        assert_eq!(tag(0), "POSTHA");
    }
}
