//! Decodes bytes to text: byte order marks, UTF-16, and wrappers around data.

use std::borrow::Cow;
use std::ops::Range;

use crate::sources::input::Input;
use crate::sources::source::ReadError;

/// How much of an input a sniffer sees, in bytes.
const HEAD_BYTES: usize = 8 * 1024;

/// The text of an input, and the part of it that is data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    /// The whole text. For UTF-8 its offsets are those of the bytes, including a byte order mark.
    pub text: Cow<'a, str>,
    body: Range<usize>,
}

impl Decoded<'_> {
    /// The data, without a byte order mark, a `var x =` wrapper or a Markdown code fence.
    pub(crate) fn body(&self) -> &str {
        &self.text[self.body.clone()]
    }

    /// The range of `part`, a slice of [`Decoded::text`]; an empty range at the start if it is not
    /// a slice of it.
    pub(crate) fn span_of(&self, part: &str) -> Range<usize> {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        match start.checked_add(part.len()) {
            Some(end) if end <= self.text.len() => start..end,
            _ => 0..0,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// Decodes the whole of an input.
///
/// # Errors
/// [`ReadError`] with the byte position of invalid text, or with the type of a binary file.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, ReadError> {
    if let Some(what) = packed(bytes) {
        let mut error = ReadError::new(format!("this is {what}, not text"));
        error.hint = Some("unpack it first".to_owned());
        return Err(error);
    }
    let text = match encoding(bytes) {
        Encoding::Utf8 => Cow::Borrowed(std::str::from_utf8(bytes).map_err(|error| {
            let at = error.valid_up_to();
            let end = error.error_len().map_or(bytes.len(), |length| at + length);
            ReadError {
                message: format!("the text is not valid UTF-8 at byte {at}"),
                span: Some(at..end),
                hint: Some("save it as UTF-8".to_owned()),
            }
        })?),
        Encoding::Utf16Le => Cow::Owned(utf16(bytes, u16::from_le_bytes)?),
        Encoding::Utf16Be => Cow::Owned(utf16(bytes, u16::from_be_bytes)?),
    };
    let body = unwrap(&text);
    Ok(Decoded { text, body })
}

/// The beginning of an input for a sniffer: never fails, ends at `HEAD_BYTES`, and has the same
/// wrappers removed as in [`decode`].
pub(crate) fn head(input: &Input) -> String {
    head_of(input, HEAD_BYTES)
}

/// The same, cut off at that number of bytes.
pub(super) fn head_of(input: &Input, most: usize) -> String {
    let bytes = &input.bytes[..input.bytes.len().min(most)];
    let text = match encoding(bytes) {
        Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Encoding::Utf16Le => {
            String::from_utf16_lossy(&units(bytes, u16::from_le_bytes).collect::<Vec<_>>())
        }
        Encoding::Utf16Be => {
            String::from_utf16_lossy(&units(bytes, u16::from_be_bytes).collect::<Vec<_>>())
        }
    };
    text[unwrap(&text)].to_owned()
}

/// A part of the text of an input, with U+FFFD for invalid bytes; `span` counts bytes of the input.
pub(super) fn lossy(bytes: &[u8], span: Range<usize>) -> String {
    let part = &bytes[span];
    match encoding(bytes) {
        Encoding::Utf8 => String::from_utf8_lossy(part).into_owned(),
        Encoding::Utf16Le => {
            String::from_utf16_lossy(&units(part, u16::from_le_bytes).collect::<Vec<_>>())
        }
        Encoding::Utf16Be => {
            String::from_utf16_lossy(&units(part, u16::from_be_bytes).collect::<Vec<_>>())
        }
    }
}

/// The text of an input that is valid UTF-16.
pub(super) fn from_utf16(bytes: &[u8]) -> Option<String> {
    match encoding(bytes) {
        Encoding::Utf8 => None,
        Encoding::Utf16Le => utf16(bytes, u16::from_le_bytes).ok(),
        Encoding::Utf16Be => utf16(bytes, u16::from_be_bytes).ok(),
    }
}

fn encoding(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        // Without a byte order mark: data starts with an ASCII character, whose other byte is zero.
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Encoding::Utf16Be,
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Encoding::Utf16Le,
        _ => Encoding::Utf8,
    }
}

/// The type of bytes that are certainly not text.
pub(super) fn packed(bytes: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 6] = [
        (&[0x1F, 0x8B], "a gzip archive"),
        (b"PK\x03\x04", "a zip archive"),
        (&[0x28, 0xB5, 0x2F, 0xFD], "a zstd archive"),
        (b"BZh", "a bzip2 archive"),
        (b"%PDF-", "a PDF file"),
        (b"\x89PNG", "a PNG image"),
    ];
    known.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what)
}

fn units(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> impl Iterator<Item = u16> + '_ {
    bytes.chunks_exact(2).map(move |pair| unit([pair[0], pair[1]]))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ReadError> {
    let broken = |at: usize| ReadError {
        message: format!("the text is not valid UTF-16 at byte {at}"),
        span: Some(at..(at + 2).min(bytes.len())),
        hint: Some("save it as UTF-8".to_owned()),
    };
    if bytes.len() % 2 == 1 {
        return Err(broken(bytes.len() - 1));
    }
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut at = 0;
    for unit in char::decode_utf16(units(bytes, unit)) {
        let character = unit.map_err(|_| broken(at))?;
        at += 2 * character.len_utf16();
        text.push(character);
    }
    Ok(text)
}

/// The part of `text` that is data.
fn unwrap(text: &str) -> Range<usize> {
    let mut body = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    if let Some(fenced) = body.strip_prefix("```") {
        let line_end = fenced.find('\n').unwrap_or(fenced.len());
        let inner = &fenced[line_end..];
        let closing = inner.rfind("\n```").filter(|at| inner[at + 4..].trim().is_empty());
        body = inner[..closing.unwrap_or(inner.len())].trim_start();
    }
    if let Some(assigned) = strip_assignment(body) {
        body = assigned.trim_end().trim_end_matches(';');
    }
    let start = body.as_ptr() as usize - text.as_ptr() as usize;
    start..start + body.len()
}

/// The value that `var name =`, `const name =`, `window.name =` and similar assign, if it is a JSON
/// object or array.
fn strip_assignment(text: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.');
    let declared = ["var ", "let ", "const "].iter().find_map(|word| text.strip_prefix(word));
    let rest = declared.unwrap_or(text).trim_start();
    let name_length = rest.find(|c| !is_name(c))?;
    if name_length == 0 {
        return None;
    }
    let value = rest[name_length..].trim_start().strip_prefix('=')?.trim_start();
    value.starts_with(['{', '[']).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(bytes: &[u8]) -> String {
        decode(bytes).unwrap().body().to_owned()
    }

    #[test]
    fn encoding_marks_and_wrappers_are_removed() {
        assert_eq!(body(b"\xEF\xBB\xBF{\"a\":1}"), "{\"a\":1}");
        assert_eq!(body(b"var status = [1];\n"), "[1]");
        assert_eq!(body(b"window.__data = {\"a\": \"b;\"}"), "{\"a\": \"b;\"}");
        assert_eq!(body(b"```json\n{\"a\":1}\n```\n"), "{\"a\":1}");
        assert_eq!(body(b"x = 5"), "x = 5", "an assignment of something else is not a wrapper");
    }

    #[test]
    fn utf16_is_read_with_and_without_byte_order_mark() {
        let le: Vec<u8> = "{\"ß\":\"😀\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> =
            "\u{FEFF}{\"ß\":\"😀\"}".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(body(&le), "{\"ß\":\"😀\"}");
        assert_eq!(body(&be), "{\"ß\":\"😀\"}");
        assert_eq!(head(&Input::new("x", be)), "{\"ß\":\"😀\"}");
    }

    #[test]
    fn non_text_input_is_reported_with_place_and_type() {
        assert_eq!(decode(b"{\"a\":\"\xFF\"}").unwrap_err().span, Some(6..7));
        assert_eq!(decode(&[0xFF, 0xFE, 0x00, 0xD8]).unwrap_err().span, Some(2..4));
        assert_eq!(decode(&[0xFE, 0xFF, 0x00]).unwrap_err().span, Some(2..3));
        assert_eq!(
            decode(&[0x1F, 0x8B, 8]).unwrap_err().message,
            "this is a gzip archive, not text"
        );
    }

    #[test]
    fn spans_count_bytes_of_the_input() {
        let decoded = decode(b"\xEF\xBB\xBFvar x = [12]").unwrap();
        assert_eq!(decoded.span_of(&decoded.body()[1..3]), 12..14);
        assert_eq!(decoded.span_of("elsewhere"), 0..0);
    }
}
