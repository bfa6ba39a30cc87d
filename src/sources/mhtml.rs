//! A web page that a browser saved in one file: MHTML (RFC 2557), a MIME message (RFC 2045, 2046)
//! whose parts are the page and its resources. Code above this module reads the page as if it had
//! been saved as HTML.

use mailparse::{MailHeader, MailHeaderMap, ParsedContentType};
use url::Url;

use super::input::Input;
use super::source::ReadError;
use crate::diag::Diagnostic;

/// The file extensions with which browsers save this format.
const ENDINGS: [&str; 2] = [".mhtml", ".mht"];

/// The number of bytes in which message headers are looked for.
pub(super) const HEADER_BYTES: usize = 64 * 1024;

/// A saved page has one nested part: its text in several forms. Deeper parts are not opened, so
/// that a message of nothing but part headers costs nothing.
pub(super) const DEEPEST: usize = 4;

/// The page in a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SavedWebPage {
    /// Its HTML, in the charset of [`SavedWebPage::content_type`].
    pub bytes: Vec<u8>,
    /// Its media type, with the charset that its header gives.
    pub content_type: String,
    /// Its address.
    pub url: Option<String>,
    /// The problems to report.
    pub problem: Option<Diagnostic>,
}

/// A part, or the whole message: its headers and all of its bytes.
pub(super) struct Part<'a> {
    headers: Vec<MailHeader<'a>>,
    pub(super) media: ParsedContentType,
    pub(super) bytes: &'a [u8],
    body: &'a [u8],
}

impl<'a> Part<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (headers, start) = mailparse::parse_headers(bytes).ok()?;
        let media = mailparse::parse_content_type(
            &headers.get_first_value("Content-Type").unwrap_or_default(),
        );
        Some(Part { headers, media, bytes, body: &bytes[start..] })
    }

    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.headers.get_first_value(name).map(|value| value.trim().to_owned())
    }

    fn is_page(&self) -> bool {
        matches!(self.media.mimetype.as_str(), "text/html" | "application/xhtml+xml")
    }

    fn address(&self, header: &str) -> Option<String> {
        self.header(header).filter(|address| {
            Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
        })
    }
}

/// The page in `input`; `None` if it is not such a message.
///
/// # Errors
/// [`ReadError`] if the message is damaged or contains no page.
pub(crate) fn unpack(input: &Input) -> Result<Option<SavedWebPage>, ReadError> {
    let bytes = input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&input.bytes);
    let name = input.name.to_lowercase();
    let is_named = ENDINGS.iter().any(|ending| name.ends_with(ending));
    if !starts_with_header(bytes) {
        let is_other = bytes.trim_ascii_start().first().is_none_or(|byte| *byte == b'<');
        // Somebody gave HTML this file name, or the file is empty.
        return if is_named && !is_other { Err(no_headers()) } else { Ok(None) };
    }
    // Header lines are short and come first, so the rest is not searched for them.
    let has_type = Part::parse(&bytes[..bytes.len().min(HEADER_BYTES)])
        .filter(|part| part.header("Content-Type").is_some());
    let Some(head) = has_type else { return if is_named { Err(no_headers()) } else { Ok(None) } };
    if !is_named && head.media.mimetype != "multipart/related" {
        return Ok(None);
    }
    let message = Part::parse(bytes).ok_or_else(no_headers)?;
    page_of(&message).map(Some)
}

/// Whether a message may start there.
pub(super) fn starts_with_header(bytes: &[u8]) -> bool {
    let name =
        bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    name > 0 && bytes.get(name) == Some(&b':')
}

fn no_headers() -> ReadError {
    damaged("it does not begin with the headers of a saved page")
}

fn damaged(what: &str) -> ReadError {
    ReadError {
        hint: Some("save the page again, as MHTML or as HTML".to_owned()),
        ..ReadError::new(what)
    }
}

fn page_of(message: &Part<'_>) -> Result<SavedWebPage, ReadError> {
    let (mut leaves, mut is_cut) = (Vec::new(), false);
    if message.media.mimetype.starts_with("multipart/") {
        is_cut = collect(message, DEEPEST, &mut leaves)?;
    } else {
        leaves.extend(Part::parse(message.bytes));
    }
    let snapshot = message.address("Snapshot-Content-Location");
    let named = |name: &str, wanted: Option<&String>| {
        let wanted = wanted?;
        leaves.iter().find(|part| part.is_page() && part.header(name).as_ref() == Some(wanted))
    };
    let page = named("Content-ID", message.media.params.get("start"))
        .or_else(|| named("Content-Location", snapshot.as_ref()))
        // A frame of the page is a page too, and comes after it.
        .or_else(|| leaves.iter().find(|part| part.is_page()))
        .ok_or_else(|| damaged("no web page is in it, only other parts"))?;
    let parsed = mailparse::parse_mail(page.bytes).map_err(|error| damaged(&error.to_string()))?;
    let encoding = page.header("Content-Transfer-Encoding").unwrap_or_default();
    let bytes = parsed.get_body_raw().map_err(|error| {
        damaged(&format!("the {encoding} of its page cannot be decoded: {error}"))
    })?;
    let problem = is_cut.then(|| {
        Diagnostic::warning("the saved page was cut short: its last part has no end")
            .hint("save it again if something is missing")
    });
    let charset = page
        .media
        .params
        .get("charset")
        .map_or_else(String::new, |charset| format!("; charset={charset}"));
    let content_type = format!("{}{charset}", page.media.mimetype);
    Ok(SavedWebPage {
        bytes,
        content_type,
        url: snapshot.or_else(|| page.address("Content-Location")),
        problem,
    })
}

/// Collects the contents of a nested part. Returns whether its end is missing.
pub(super) fn collect<'a>(
    part: &Part<'a>,
    depth: usize,
    leaves: &mut Vec<Part<'a>>,
) -> Result<bool, ReadError> {
    let boundary = part.media.params.get("boundary").filter(|boundary| !boundary.is_empty());
    let boundary = boundary.ok_or_else(|| {
        damaged("its header does not define the separator of its parts (`boundary`)")
    })?;
    let (parts, has_end) = split(part.body, &format!("--{boundary}"));
    if parts.is_empty() {
        return Err(damaged(&format!("none of its parts is found: no line is `--{boundary}`")));
    }
    for part in parts.into_iter().filter_map(Part::parse) {
        match part.media.mimetype.starts_with("multipart/") {
            true if depth == 0 => return Err(damaged("its parts have parts too often")),
            true => _ = collect(&part, depth - 1, leaves)?,
            false => leaves.push(part),
        }
    }
    Ok(!has_end)
}

/// The contents between the `delimiter` lines, and whether the last one ends the whole.
fn split<'a>(body: &'a [u8], delimiter: &str) -> (Vec<&'a [u8]>, bool) {
    let (mut parts, mut open, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let start = at;
        at += line.len();
        let Some(after) = line.strip_prefix(delimiter.as_bytes()) else { continue };
        let after = after.trim_ascii_end();
        if !matches!(after, b"" | b"--") {
            // The boundary of an inner part may start like that of the outer one.
            continue;
        }
        parts.extend(open.take().map(|from: usize| &body[from..start]));
        if after == b"--" {
            return (parts, true);
        }
        open = Some(at);
    }
    parts.extend(open.map(|from| &body[from..]));
    (parts, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--B\"\r\n\r\n";

    fn unpacked(name: &str, text: &str) -> Result<Option<String>, String> {
        let page = unpack(&Input::new(name, text)).map_err(|error| error.message)?;
        Ok(page.map(|page| String::from_utf8_lossy(&page.bytes).trim_end().to_owned()))
    }

    fn message(parts: &[&str]) -> String {
        let parts: String = parts.iter().map(|part| format!("----B\r\n{part}\r\n")).collect();
        format!("{HEADER}{parts}----B--\r\n")
    }

    #[test]
    fn page_is_decoded_from_every_transfer_encoding() {
        for (encoding, body) in [
            ("quoted-printable", "<p>caf=C3=A9 =\r\nis down</p>"),
            ("QUOTED-PRINTABLE", "<p>caf=c3=a9 is=20down</p>"),
            ("base64", "PHA+Y2Fmw6kgaXMg\r\nZG93bjwvcD4="),
            ("8bit", "<p>café is down</p>"),
            ("binary", "<p>café is down</p>"),
        ] {
            let part = format!(
                "Content-Type: text/html\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}"
            );
            for name in ["page.mhtml", "PAGE.MHT", "<stdin>"] {
                let found = unpacked(name, &message(&[&part]));
                assert_eq!(found, Ok(Some("<p>café is down</p>".to_owned())), "{encoding} {name}");
            }
            // Unix line ends.
            let found = unpacked("page.mhtml", &message(&[&part]).replace('\r', ""));
            assert_eq!(found, Ok(Some("<p>café is down</p>".to_owned())), "{encoding}");
        }
    }

    #[test]
    fn main_page_is_chosen_among_the_parts() {
        let image =
            "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=";
        let part =
            |headers: &str, text: &str| format!("Content-Type: text/html\r\n{headers}\r\n{text}");
        let (first, second) = (part("", "first"), part("Content-ID: <main>\r\n", "second"));
        assert_eq!(
            unpacked("x", &message(&[image, &first, &second])),
            Ok(Some("first".to_owned()))
        );
        let started = message(&[&first, &second])
            .replace("multipart/related;", "multipart/related; start=\"<main>\";");
        assert_eq!(unpacked("x", &started), Ok(Some("second".to_owned())));
        let inner = format!(
            "Content-Type: multipart/alternative; boundary=\"--B-inner\"\r\n\r\n----B-inner\r\nContent-Type: text/plain\r\n\r\nplain\r\n----B-inner\r\n{first}\r\n----B-inner--"
        );
        assert_eq!(unpacked("x", &message(&[&inner])), Ok(Some("first".to_owned())));
        let frame = part("Content-Location: https://x.example/frame\r\n", "frame");
        let page = part("Content-Location: https://x.example/page\r\n", "page");
        let snapshot = format!(
            "Snapshot-Content-Location: https://x.example/page\r\n{}",
            message(&[&frame, &page])
        );
        assert_eq!(unpacked("x", &snapshot), Ok(Some("page".to_owned())));
        assert_eq!(
            unpack(&Input::new("x", snapshot)).unwrap().unwrap().url.as_deref(),
            Some("https://x.example/page")
        );
        let single = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=\"windows-1252\"\r\n\r\n<p>only</p>";
        assert_eq!(unpacked("page.mht", single), Ok(Some("<p>only</p>".to_owned())));
        let page = unpack(&Input::new("page.mht", single)).unwrap().unwrap();
        assert_eq!(page.content_type, "text/html; charset=windows-1252");
    }

    #[test]
    fn other_texts_are_not_unpacked() {
        for text in [
            "# Outage\n\nContent-Type: multipart/related\n",
            "Title: Outage\n\nContent-Type: multipart/related; boundary=x\n",
            "Content-Type: text/plain\n\nx",
            "Date: 2026-03-17\nSummary: x\n",
            "<html></html>",
            "{}",
            "",
        ] {
            assert_eq!(unpacked("page.txt", text), Ok(None), "{text}");
        }
        assert_eq!(unpacked("page.mhtml", "<html></html>"), Ok(None));
        assert_eq!(unpacked("page.mhtml", " \n"), Ok(None));
    }

    #[test]
    fn damaged_file_is_an_error_or_a_warning() {
        let refused = |text: &str| unpacked("page.mhtml", text).unwrap_err();
        let html = "Content-Type: text/html\r\n\r\n<p>x</p>";
        assert!(refused("the page\n").contains("headers"));
        assert!(refused("Subject: x\n\n<p>x</p>").contains("headers"));
        assert!(refused("Content-Type: multipart/related\r\n\r\nx").contains("`boundary`"));
        assert!(refused(HEADER).contains("`----B`"));
        assert!(refused(&message(&["Content-Type: image/png\r\n\r\nx"])).contains("no web page"));
        let base64 =
            message(&["Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%"]);
        assert!(refused(&base64).contains("the base64 of its page"), "{}", refused(&base64));
        let cut = message(&[html]).replace("----B--\r\n", "");
        let page = unpack(&Input::new("x", cut)).unwrap().unwrap();
        assert_eq!(page.bytes.trim_ascii_end(), b"<p>x</p>");
        assert!(page.problem.unwrap().to_string().contains("cut short"));
    }

    #[test]
    fn endlessly_nested_parts_are_refused() {
        let mut text = String::new();
        for depth in 0..20_000 {
            text.push_str(&format!(
                "Content-Type: multipart/related; boundary=b{depth}\n\n--b{depth}\n"
            ));
        }
        assert!(unpacked("x", &text).unwrap_err().contains("too often"));
    }
}
