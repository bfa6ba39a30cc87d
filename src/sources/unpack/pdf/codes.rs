//! The text of the codes in a PDF font (ISO 32000-1, 9.6.6 and 9.10).

use std::collections::HashMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};
use read_fonts::ps::agl;
use read_fonts::ps::encoding::PredefinedEncoding;

/// The limit on the unpacked size of a PDF stream.
pub(super) const MOST_UNPACKED: usize = 32 * 1024 * 1024;

/// The text of each code. A code without text is absent.
pub(super) type Codes = HashMap<u16, String>;

/// Reads the codes of a font from its mapping to Unicode, and codes missing there from its
/// encoding. A font that has neither is assumed to use Adobe's standard encoding, unless its codes
/// have two bytes: those are glyph numbers, which cannot be converted to text.
pub(super) fn read(font: &Dictionary, pdf: &Document, is_wide: bool) -> Codes {
    let mapping = font
        .get_deref(b"ToUnicode", pdf)
        .and_then(Object::as_stream)
        .and_then(|stream| stream.get_plain_content_with_limit(MOST_UNPACKED))
        .map(|mapping| to_unicode(&mapping))
        .unwrap_or_default();
    let encoding = font.get_deref(b"Encoding", pdf).ok();
    let mut codes = match encoding {
        Some(encoding) if is_wide => wide(encoding),
        Some(encoding) => simple(encoding, pdf),
        None if is_wide || !mapping.is_empty() => Codes::new(),
        None => base(b"StandardEncoding"),
    };
    codes.extend(mapping);
    codes
}

/// Returns the text of two-byte codes without a mapping. Only UTF-16 encodings define it.
fn wide(encoding: &Object) -> Codes {
    let name = encoding.as_name().map(String::from_utf8_lossy).unwrap_or_default();
    if !(name.starts_with("Uni") && (name.contains("UCS2") || name.contains("UTF16"))) {
        return Codes::new();
    }
    let character = |code| Some((code, char::from_u32(u32::from(code))?.to_string()));
    (1..=u16::MAX).filter_map(character).collect()
}

fn simple(encoding: &Object, pdf: &Document) -> Codes {
    let Ok(encoding) = encoding.as_dict() else {
        return base(encoding.as_name().unwrap_or_default());
    };
    let name = encoding.get_deref(b"BaseEncoding", pdf).and_then(Object::as_name);
    let mut codes = base(name.unwrap_or_default());
    let mut code = 0_u16;
    let differences = encoding.get_deref(b"Differences", pdf).and_then(Object::as_array);
    for object in differences.into_iter().flatten() {
        if let Ok(first) = object.as_i64() {
            code = u16::try_from(first).unwrap_or_default();
        } else if let Ok(name) = object.as_name() {
            let name = String::from_utf8_lossy(name);
            let text: String = agl::name_to_chars(&name).collect();
            if !text.is_empty() {
                codes.insert(code, text);
            } else if !(is_numbered(&name, code) && (0x20..0x7f).contains(&code)) {
                codes.remove(&code);
            }
            code = code.saturating_add(1);
        }
    }
    codes
}

/// Whether a glyph is named after its code. TeX does so in bitmap fonts: `a109` for 109, which is
/// `m`.
fn is_numbered(name: &str, code: u16) -> bool {
    name.trim_start_matches(|character: char| character.is_ascii_alphabetic()) == code.to_string()
}

/// Returns an encoding by name; Adobe's standard encoding if the name is unknown.
fn base(name: &[u8]) -> Codes {
    let text = |code: u8| match name {
        b"WinAnsiEncoding" => decode(encoding_rs::WINDOWS_1252, code),
        b"MacRomanEncoding" => decode(encoding_rs::MACINTOSH, code),
        b"MacExpertEncoding" => agl::name_to_char(PredefinedEncoding::Expert.name(code)),
        _ => agl::name_to_char(PredefinedEncoding::Standard.name(code)),
    };
    (0..=u8::MAX).filter_map(|code| Some((u16::from(code), text(code)?.to_string()))).collect()
}

fn decode(encoding: &'static encoding_rs::Encoding, code: u8) -> Option<char> {
    let bytes = [code];
    let (text, _) = encoding.decode_without_bom_handling(&bytes);
    text.chars().next().filter(|character| !character.is_control())
}

/// Parses a mapping to Unicode. Its syntax is that of page content: operands, then an operator.
fn to_unicode(mapping: &[u8]) -> Codes {
    // The part before the first table is PostScript, the part after the last one is empty.
    let table = b"beginbf";
    let Some(start) = mapping.windows(table.len()).position(|window| window == table) else {
        return Codes::new();
    };
    let Ok(content) = Content::decode(&mapping[start..]) else { return Codes::new() };
    let mut codes = Codes::new();
    for operation in &content.operations {
        match operation.operator.as_str() {
            "endbfchar" => {
                for pair in operation.operands.chunks_exact(2) {
                    if let (Some(code), Some(text)) = (number(&pair[0]), utf16(&pair[1])) {
                        codes.insert(code, String::from_utf16_lossy(&text));
                    }
                }
            }
            "endbfrange" => {
                for range in operation.operands.chunks_exact(3) {
                    if let (Some(first), Some(last)) = (number(&range[0]), number(&range[1])) {
                        add_range(&mut codes, first, last, &range[2]);
                    }
                }
            }
            _ => {}
        }
    }
    codes
}

/// Adds a range of codes, with either the text of the first code, whose last UTF-16 unit counts up,
/// or a list of texts.
fn add_range(codes: &mut Codes, first: u16, last: u16, texts: &Object) {
    if let Ok(texts) = texts.as_array() {
        let texts = (first..=last).zip(texts).filter_map(|(code, text)| Some((code, utf16(text)?)));
        codes.extend(texts.map(|(code, text)| (code, String::from_utf16_lossy(&text))));
    } else if let Some(mut text) = utf16(texts) {
        for code in first..=last {
            codes.insert(code, String::from_utf16_lossy(&text));
            let Some(unit) = text.last_mut() else { return };
            *unit = unit.wrapping_add(1);
        }
    }
}

/// Returns a code of one or two bytes.
fn number(object: &Object) -> Option<u16> {
    match *object.as_str().ok()? {
        [code] => Some(u16::from(code)),
        [high, low] => Some(u16::from_be_bytes([high, low])),
        _ => None,
    }
}

fn utf16(object: &Object) -> Option<Vec<u16>> {
    let unit = |unit: &[u8]| unit.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte));
    Some(object.as_str().ok()?.chunks(2).map(unit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(codes: &Codes, of: &[u16]) -> String {
        of.iter().map(|code| codes.get(code).map_or("?", String::as_str)).collect()
    }

    #[test]
    fn mapping_has_single_codes_ranges_and_lists() {
        let codes = to_unicode(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <0000> <FFFF> endcodespacerange
3 beginbfchar <0003> <0020> <0004> <00660069> <0005> <D83DDE00> endbfchar
2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<0078> <0079007A>] endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end",
        );
        assert_eq!(text(&codes, &[3, 4, 5]), " fi😀");
        assert_eq!(text(&codes, &[0x10, 0x11, 0x12, 0x13]), "ABC?");
        assert_eq!(text(&codes, &[0x20, 0x21]), "xyz");
    }

    #[test]
    fn truncated_mapping_gives_its_complete_tables() {
        let codes = to_unicode(b"1 beginbfchar <01> <0041> endbfchar 1 beginbfchar <02> <00");
        assert_eq!(text(&codes, &[1, 2]), "A?");
    }

    #[test]
    fn differences_override_the_base_encoding() {
        let name = |name: &str| Object::Name(name.as_bytes().to_vec());
        let mut encoding = Dictionary::new();
        encoding.set("BaseEncoding", name("WinAnsiEncoding"));
        let differences = ["f_f_i", "uni20AC", "A.swash", "g123", "eacute"].map(name);
        let differences = [vec![Object::Integer(1)], differences.to_vec()].concat();
        encoding.set("Differences", differences);
        let codes = simple(&Object::Dictionary(encoding), &Document::new());
        // An unknown name removes the text of its own code only.
        assert_eq!(text(&codes, &[1, 2, 3, 4, 5]), "ffi€A?é");
        assert_eq!(text(&codes, &[0x41, 0x80, 0x93]), "A€“");
    }

    #[test]
    fn glyphs_named_after_their_codes_are_ascii() {
        let name = |name: &str| Object::Name(name.as_bytes().to_vec());
        let mut encoding = Dictionary::new();
        let differences = [109.into(), name("a109"), name("g7"), Object::Integer(11), name("a11")];
        encoding.set("Differences", differences.to_vec());
        let codes = simple(&Object::Dictionary(encoding), &Document::new());
        assert_eq!(text(&codes, &[109, 110, 11]), "m??");
    }

    #[test]
    fn encodings_differ_in_their_upper_half() {
        assert_eq!(text(&base(b"StandardEncoding"), &[0x27, 0xae, 0xe9]), "’ﬁØ");
        assert_eq!(text(&base(b"MacRomanEncoding"), &[0x27, 0xae, 0xe9]), "'ÆÈ");
        assert_eq!(text(&base(b"WinAnsiEncoding"), &[0x27, 0xae, 0xe9]), "'®é");
    }
}
