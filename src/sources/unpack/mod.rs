//! Documents that are not plain text: files of office programs, mail programs and issue trackers.
//! Each is converted to Markdown, and the code above this module reads that like any other
//! Markdown.

mod mail;
mod notebook;
mod open_document;
mod page;
mod pdf;
mod tracker;
mod unpacked;
mod word;
mod xml;
mod zip;

use super::decode;
use super::input::Input;
use super::json::JsonHead;
use super::source::ReadError;
pub(super) use unpacked::Unpacked;
use unpacked::{damaged, refused};
pub(crate) use zip::Archive;

#[cfg(test)]
mod tests;

/// Returns the text of a PDF, as Markdown; `None` if it cannot be read.
pub(crate) fn pdf_text(bytes: &[u8]) -> Option<String> {
    pdf::read(bytes).ok()
}

/// Returns the texts that a PDF carries as attached files, each with its name.
pub(crate) fn attached_texts(bytes: &[u8]) -> Vec<(String, String)> {
    if bytes.starts_with(b"%PDF-") { pdf::attached(bytes) } else { Vec::new() }
}

/// Returns the text of the document in `input`; `None` if it is plain text or unknown.
pub(super) fn unpack(input: &Input) -> Result<Option<Unpacked>, ReadError> {
    let bytes = input.bytes.as_slice();
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(Some(Unpacked::new(pdf::read(bytes)?))),
        [b'P', b'K', 3, 4, ..] => archive(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(compound(bytes)),
        [b'{', b'\\', b'r', b't', b'f', ..] => {
            Err(refused("a document in the Rich Text Format (.rtf)", SAVE_AS))
        }
        _ => match mail::read(input)? {
            Some(found) => Ok(Some(found)),
            None => json(input),
        },
    }
}

/// The files in an archive that is not a document.
pub(crate) fn files(input: &Input) -> Option<Archive<'_>> {
    let is_archive = input.bytes.starts_with(b"PK\x03\x04");
    let archive = Archive::open(&input.bytes).ok().filter(|_| is_archive)?;
    self::archive(&input.bytes).is_ok_and(|document| document.is_none()).then_some(archive)
}

const SAVE_AS: &str = "save it as .docx, .odt or HTML";

/// Files in an archive that identify the document type: the start and the end of a name.
const ARCHIVES: [((&str, &str), &str, &str); 8] = [
    (("ppt/", ".xml"), "a presentation (PowerPoint)", SLIDES),
    (("xl/", ".xml"), "a spreadsheet (Excel)", SHEET),
    (("Index/Slide", ".iwa"), "a presentation of Keynote", SLIDES),
    (("Index/CalculationEngine", ".iwa"), "a document of Pages or Numbers", EXPORT),
    (("Index/Document", ".iwa"), "a document of Pages (.pages)", EXPORT),
    (("index.apxl", ""), "a presentation of Keynote", SLIDES),
    (("index.xml", ""), "a document of Pages (.pages)", EXPORT),
    (("META-INF/container", ".xml"), "an electronic book (EPUB)", "save its text as HTML"),
];

const SLIDES: &str = "save its text as .docx, HTML or Markdown";
const SHEET: &str = "save the sheet as CSV, or copy it into a Markdown table";
const EXPORT: &str = "export it as Word (.docx)";

fn archive(bytes: &[u8]) -> Result<Option<Unpacked>, ReadError> {
    let archive = Archive::open(bytes)?;
    if archive.has("word/document.xml") {
        return Ok(Some(Unpacked::new(word::read(&archive)?)));
    }
    let kind = archive.text("mimetype").unwrap_or_default();
    let Some(kind) = kind.trim().strip_prefix("application/vnd.oasis.opendocument.") else {
        let is_in = |((start, end), ..): &&((&str, &str), &str, &str)| archive.has_like(start, end);
        let known = ARCHIVES.iter().find(is_in);
        return known.map_or(Ok(None), |(_, what, hint)| Err(refused(what, hint)));
    };
    if archive.text("META-INF/manifest.xml").is_ok_and(|list| list.contains("encryption-data")) {
        return Err(refused("an encrypted document", "save it without a password"));
    }
    match kind {
        "text" | "text-template" => Ok(Some(Unpacked::new(open_document::read(&archive)?))),
        "spreadsheet" => Err(refused("a spreadsheet (OpenDocument)", SHEET)),
        "presentation" => Err(refused("a presentation (OpenDocument)", SLIDES)),
        _ => Err(refused("a drawing (OpenDocument)", "save its text as HTML or Markdown")),
    }
}

/// The type of a compound file ([MS-CFB]), from the names of its streams.
fn compound(bytes: &[u8]) -> ReadError {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|window| window == name)
    };
    if has("EncryptedPackage") {
        refused("an encrypted document", "save it without a password")
    } else if has("WordDocument") {
        refused("a Word document in the old format (.doc)", "save it as .docx")
    } else if has("PowerPoint Document") {
        refused("a presentation in the old format (.ppt)", SLIDES)
    } else if has("Workbook") {
        refused("a spreadsheet in the old format (.xls)", SHEET)
    } else if has("__substg1.0_") {
        refused("a mail in the format of Outlook (.msg)", "save it as .eml or HTML")
    } else {
        refused("a document in an old format of Microsoft Office", SAVE_AS)
    }
}

/// The limit on the size of JSON documents, in bytes. Larger files are data.
const LARGEST_JSON: usize = 32 * 1024 * 1024;

fn json(input: &Input) -> Result<Option<Unpacked>, ReadError> {
    let is_notebook = input.name.to_lowercase().ends_with(".ipynb");
    let has_any = |paths: &[&str]| {
        let head = JsonHead::scan(&decode::head(input));
        head.is_some_and(|head| paths.iter().any(|path| head.has(path)))
    };
    const PATHS: [&str; 9] = [
        ".cells[]",
        ".nbformat",
        ".title",
        ".body",
        ".description",
        ".comments",
        "[].title",
        "[].body",
        "[].description",
    ];
    if input.bytes.len() > LARGEST_JSON || !is_notebook && !has_any(&PATHS) {
        return Ok(None);
    }
    let Ok(decoded) = decode::decode(&input.bytes) else { return Ok(None) };
    match serde_json::from_str::<serde_json::Value>(decoded.body()) {
        Ok(value) => match notebook::read(&value)? {
            None if is_notebook => {
                Err(ReadError::new("this is not a notebook: it has no `nbformat`"))
            }
            None => tracker::read(&value),
            found => Ok(found),
        },
        Err(error) if is_notebook => {
            Err(damaged(&format!("this notebook is not valid JSON: {error}")))
        }
        Err(_) => Ok(None),
    }
}
