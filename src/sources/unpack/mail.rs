//! A mail saved as a file (RFC 5322, RFC 2045): its subject and text.

use chrono::DateTime;
use mailparse::addrparse;

use super::page;
use super::unpacked::{Head, Unpacked};
use crate::sources::input::Input;
use crate::sources::mhtml::{DEEPEST, HEADER_BYTES, Part, collect, starts_with_header};
use crate::sources::source::ReadError;

/// HTML tags of a structure that the plain text of a mail cannot express.
const STRUCTURE: [&str; 8] = ["<h1", "<h2", "<h3", "<h4", "<table", "<li", "<strong", "<b>"];

/// Reads a mail; `None` if the input is not one.
///
/// # Errors
/// [`ReadError`] if its parts cannot be found or decoded, or none is text.
pub(super) fn read(input: &Input) -> Result<Option<Unpacked>, ReadError> {
    let bytes = input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&input.bytes);
    let is_named = input.name.to_lowercase().ends_with(".eml");
    if !starts_with_header(bytes) {
        return if is_named {
            Err(damaged("it does not begin with the headers of a mail"))
        } else {
            Ok(None)
        };
    }
    let head = Part::parse(&bytes[..bytes.len().min(HEADER_BYTES)]);
    let is_mail =
        |part: &Part<'_>| part.header("Message-ID").is_some() && part.header("From").is_some();
    if !is_named && !head.as_ref().is_some_and(is_mail) {
        return Ok(None);
    }
    let message = Part::parse(bytes).ok_or_else(|| damaged("its headers cannot be read"))?;
    let mut leaves = Vec::new();
    match message.media.mimetype.starts_with("multipart/") {
        true => _ = collect(&message, DEEPEST, &mut leaves)?,
        false => leaves.extend(Part::parse(message.bytes)),
    }
    let is_attached = |part: &Part<'_>| {
        part.header("Content-Disposition")
            .is_some_and(|value| value.trim_start().starts_with("attachment"))
    };
    let text_of = |kind: &str| {
        let part = leaves.iter().find(|part| part.media.mimetype == kind && !is_attached(part))?;
        let parsed = mailparse::parse_mail(part.bytes).and_then(|parsed| parsed.get_body());
        Some(parsed.map_err(|error| damaged(&format!("its text cannot be decoded: {error}"))))
    };
    let (html, plain) = (text_of("text/html").transpose()?, text_of("text/plain").transpose()?);
    let has_structure = |html: &String| {
        let html = html.to_lowercase();
        STRUCTURE.iter().any(|tag| html.contains(tag))
    };
    let subject = message.header("Subject").unwrap_or_default();
    let author = message.header("From").and_then(|from| name(&from));
    let date = message.header("Date").and_then(|date| DateTime::parse_from_rfc2822(&date).ok());
    let mut head = Head { title: without_marks(&subject).to_owned(), author, ..Head::default() };
    head.date = date.map(|date| date.date_naive().to_string());
    let found = match (html, plain) {
        (Some(html), plain) if has_structure(&html) || plain.is_none() => {
            head.before(&page::markdown(&html))
        }
        (_, Some(plain)) => {
            let is_flowed = leaves.iter().any(|part| {
                part.media.mimetype == "text/plain"
                    && part.media.params.get("format").is_some_and(|format| format == "flowed")
            });
            let plain = if is_flowed { unflowed(&plain) } else { plain.replace("\r\n", "\n") };
            match is_markdown(&plain) {
                true => head.before(&plain),
                false => {
                    let date = head.date.map_or(String::new(), |date| format!("{date}\n\n"));
                    let text = format!("{}\n\n{date}{plain}", head.title);
                    return Ok(Some(Unpacked { text, content_type: "text/plain" }));
                }
            }
        }
        _ => return Err(damaged("it has no text, only other parts")),
    };
    Ok(Some(Unpacked::new(found)))
}

fn damaged(what: &str) -> ReadError {
    ReadError { hint: Some("save the mail again".to_owned()), ..ReadError::new(what) }
}

/// The subject without reply prefixes.
fn without_marks(subject: &str) -> &str {
    let subject = subject.trim();
    let mark = ["re:", "fw:", "fwd:", "aw:", "wg:"].into_iter().find(|mark| {
        subject.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark))
    });
    mark.map_or(subject, |mark| without_marks(&subject[mark.len()..]))
}

/// The author's name; never an address.
fn name(from: &str) -> Option<String> {
    let found = addrparse(from).ok()?.extract_single_info()?;
    found.display_name.filter(|name| !name.contains('@'))
}

fn is_markdown(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("# ") || line.starts_with("## ") || line.starts_with("|--"))
}

/// The paragraphs of a text in which a trailing space continues a line (RFC 3676).
fn unflowed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        out.push_str(line);
        // The line above a signature also ends with a space, but does not continue.
        if !line.ends_with(' ') || line == "-- " {
            out.push('\n');
        }
    }
    out
}
