//! The charset of a response, from its header or from the declaration of a page or feed.
//!
//! A byte order mark is more reliable than the header (as in the Encoding Standard), and valid
//! UTF-8 is read as UTF-8 whatever the header says: many servers send one charset for all files.

use super::decode;
use crate::diag::Diagnostic;
use crate::sources::input::Input;

/// The number of bytes in which a declaration is looked for (HTML, 13.2.3.2).
const DECLARATION_BYTES: usize = 1024;

/// The bytes of `input` converted to UTF-8 if they are UTF-16, or if the `Content-Type` or the
/// declaration gives another charset; and the problems to report.
pub(crate) fn in_utf8(input: &Input) -> (Option<Vec<u8>>, Option<Diagnostic>) {
    if let Some(text) = decode::from_utf16(&input.bytes) {
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        return (Some(in_declaration(text).into_bytes()), None);
    }
    let label = input.content_type.as_deref().and_then(charset).map(str::to_owned);
    let Some(label) = label.or_else(|| declared(&input.bytes)) else { return (None, None) };
    let Some(encoding) = encoding_rs::Encoding::for_label(label.as_bytes()) else {
        let message = format!("{}: its charset `{label}` is unknown", input.name);
        return (
            None,
            Some(Diagnostic::warning(message).hint("the text was read as if none was given")),
        );
    };
    let has_mark = encoding_rs::Encoding::for_bom(&input.bytes).is_some();
    let is_utf8 = encoding.is_ascii_compatible() && std::str::from_utf8(&input.bytes).is_ok();
    if has_mark || is_utf8 || encoding == encoding_rs::UTF_8 {
        return (None, None);
    }
    let (text, has_errors) = encoding.decode_without_bom_handling(&input.bytes);
    let name = encoding.name();
    let message = format!(
        "{}: parts of it are not valid {name}, the charset that is given for it",
        input.name
    );
    let problem =
        has_errors.then(|| Diagnostic::warning(message).hint("they are shown as \u{FFFD}"));
    (Some(in_declaration(text.into_owned()).into_bytes()), problem)
}

/// The value of `charset` in a media type (RFC 9110, 8.3.1).
fn charset(content_type: &str) -> Option<&str> {
    let parameters =
        content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    charsets
        .next()
        .map(|(_, value)| value.trim().trim_matches(['"', '\'']))
        .filter(|value| !value.is_empty())
}

/// The charset that HTML or XML declares, unless it is UTF-8.
fn declared(bytes: &[u8]) -> Option<String> {
    if !bytes.trim_ascii_start().starts_with(b"<") || std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let head =
        String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION_BYTES)]).to_ascii_lowercase();
    let word = if head.trim_start().starts_with("<?xml") { "encoding" } else { "charset" };
    let (_, rest) = head.split_once(word)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end =
        value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '>' | ';' | '/'))?;
    // A declaration in ASCII letters cannot be UTF-16, whatever it says.
    Some(value[..end].to_owned()).filter(|label| !label.is_empty() && !label.starts_with("utf-16"))
}

/// `text` with UTF-8 in its XML declaration, since an XML reader would otherwise decode it a second
/// time. Everything after the declaration keeps its column.
fn in_declaration(text: String) -> String {
    let Some(end) =
        text.strip_prefix("<?xml").and_then(|rest| rest.find("?>")).map(|at| at + "<?xml".len())
    else {
        return text;
    };
    let declaration = &text[..end];
    let Some(at) = declaration.find("encoding") else { return text };
    let Some(open) = declaration[at..].find(['"', '\'']).map(|quote| at + quote) else {
        return text;
    };
    let quote = &declaration[open..=open];
    let Some(close) = declaration[open + 1..].find(quote).map(|length| open + 1 + length) else {
        return text;
    };
    let (start, rest) = (&text[..=open], &text[close + 1..]);
    match (close - open - 1).checked_sub("UTF-8".len()) {
        Some(more) => format!("{start}UTF-8{quote}{}{rest}", " ".repeat(more)),
        // Without a declared encoding, XML is UTF-8.
        None => format!("{}{}{rest}", &text[..at], " ".repeat(close + 1 - at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], content_type: &str) -> (String, Option<String>) {
        let mut input = Input::new("https://x/", bytes);
        input.content_type = Some(content_type.to_owned());
        let (text, problem) = in_utf8(&input);
        let text = String::from_utf8_lossy(&text.unwrap_or(bytes.to_vec())).into_owned();
        (text, problem.map(|problem| problem.to_string()))
    }

    #[test]
    fn the_charset_of_the_header_is_honoured() {
        for (bytes, content_type, text) in [
            (&b"caf\xe9"[..], "text/html; charset=ISO-8859-1", "café"),
            (b"\x93a\x94", "text/html;charset=\"windows-1252\"", "“a”"),
            (b"\x83\x65", "text/plain; format=flowed; Charset=Shift_JIS", "テ"),
            (b"\x1b$B%F\x1b(B", "text/html; charset=iso-2022-jp", "テ"),
            (b"a\0b\0", "application/json; charset=utf-16le", "ab"),
            (b"caf\xe9", "text/html", "caf\u{fffd}"),
        ] {
            assert_eq!(read(bytes, content_type), (text.to_owned(), None), "{content_type}");
        }
    }

    #[test]
    fn declared_charset_of_a_page_or_feed_is_honoured() {
        for (bytes, text) in [
            (
                &b"<html><meta charset=windows-1252><p>caf\xe9"[..],
                "<html><meta charset=windows-1252><p>caf\u{e9}",
            ),
            (
                b"<meta content='text/html; charset=latin1'>\xe9",
                "<meta content='text/html; charset=latin1'>\u{e9}",
            ),
            (
                b"<?xml version='1.0' encoding='latin1'?><a>\xe9",
                "<?xml version='1.0' encoding='UTF-8' ?><a>\u{e9}",
            ),
            (b"<p>charset of caf\xe9", "<p>charset of caf\u{fffd}"),
            (b"charset=latin1 \xe9", "charset=latin1 \u{fffd}"),
            (b"<meta charset=\"utf-16\">\xe9", "<meta charset=\"utf-16\">\u{fffd}"),
        ] {
            assert_eq!(read(bytes, "text/html"), (text.to_owned(), None));
        }
        assert_eq!(
            read(b"<meta charset='latin1'>\x83e", "text/html; charset=Shift_JIS").0,
            "<meta charset='latin1'>\u{30c6}"
        );
    }

    #[test]
    fn byte_order_mark_and_valid_utf8_override_the_header() {
        let utf8 = "text/html; charset=iso-8859-1";
        assert_eq!(read("café".as_bytes(), utf8).0, "café");
        assert_eq!(
            read("\u{feff}café".as_bytes(), "text/html; charset=utf-16le").0,
            "\u{feff}café"
        );
        assert_eq!(read(b"caf\xe9", "text/html; charset=utf-8"), ("caf\u{fffd}".to_owned(), None));
    }

    #[test]
    fn unknown_charset_and_invalid_bytes_are_reported() {
        let (text, problem) = read(b"cafe", "text/html; charset=klingon");
        assert_eq!(
            (text.as_str(), problem.is_some_and(|text| text.contains("`klingon`"))),
            ("cafe", true)
        );
        let (text, problem) = read(b"\xff\xff", "text/html; charset=euc-kr");
        assert!(text.contains('\u{fffd}') && problem.is_some_and(|text| text.contains("EUC-KR")));
    }

    #[test]
    fn xml_declaration_is_corrected_for_the_decoded_text() {
        let read = |text: &[u8]| read(text, "text/xml; charset=iso-8859-1").0;
        assert_eq!(
            read(b"<?xml version='1.0' encoding='latin1'?><a>\xe9"),
            "<?xml version='1.0' encoding='UTF-8' ?><a>é"
        );
        assert_eq!(
            read(b"<?xml version='1.0' encoding='l1'?><a>\xe9"),
            "<?xml version='1.0'              ?><a>é"
        );
        assert_eq!(
            read(b"<?xml version=\"1.0\"?><a>\xe9 encoding=\"x\""),
            "<?xml version=\"1.0\"?><a>é encoding=\"x\""
        );
        assert_eq!(read(b"<?xml \xe9"), "<?xml é");
    }
}
