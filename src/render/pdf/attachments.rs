//! Attaches files to the document as associated files of PDF/A-3 (ISO 19005-3, 6.8): the source
//! of a report is then archived together with the report.

use chrono::{DateTime, Utc};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use sha2::{Digest, Sha256};

use super::metadata::pdf_date;
use super::tags::integer;

/// The relationship of an attached file to the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relationship {
    /// The document was made from it.
    Source,
    /// The document refers to its data.
    Data,
}

impl Relationship {
    fn name(self) -> &'static str {
        match self {
            Relationship::Source => "Source",
            Relationship::Data => "Data",
        }
    }
}

/// A file to attach to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file name: ASCII, without a folder.
    pub name: String,
    /// Its media type: `application/yaml`.
    pub media_type: &'static str,
    /// A description for readers.
    pub description: String,
    /// Its relationship to the document.
    pub relationship: Relationship,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Embeds the files in the order of their names. `date` is their modification date, if known.
pub(super) fn attach(pdf: &mut Document, files: &[Attachment], date: Option<DateTime<Utc>>) {
    if files.is_empty() {
        return;
    }
    let mut files: Vec<&Attachment> = files.iter().collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let mut names: Vec<Object> = Vec::new();
    let mut associated: Vec<Object> = Vec::new();
    for file in files {
        let id = specification(pdf, file, date);
        names.extend([Object::string_literal(file.name.as_str()), Object::Reference(id)]);
        associated.push(Object::Reference(id));
    }
    let tree = pdf.add_object(dictionary! { "Names" => names });
    let names = pdf.add_object(dictionary! { "EmbeddedFiles" => tree });
    if let Ok(catalog) = pdf.catalog_mut() {
        catalog.set("Names", names);
        catalog.set("AF", associated);
    }
}

fn specification(pdf: &mut Document, file: &Attachment, date: Option<DateTime<Utc>>) -> ObjectId {
    let mut parameters = dictionary! { "Size" => integer(file.bytes.len()) };
    if let Some(date) = date {
        parameters.set("ModDate", pdf_date(date));
    }
    let stream = Stream::new(
        dictionary! {
            "Type" => "EmbeddedFile",
            "Subtype" => file.media_type,
            "Params" => Object::Dictionary(parameters),
        },
        file.bytes.clone(),
    );
    let stream = pdf.add_object(stream);
    let hash: String =
        Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let description = format!("{} (SHA-256 {hash})", file.description);
    let mut embedded = Dictionary::new();
    embedded.set("F", stream);
    embedded.set("UF", stream);
    pdf.add_object(dictionary! {
        "Type" => "Filespec",
        "F" => Object::string_literal(file.name.as_str()),
        "UF" => lopdf::text_string(&file.name),
        "Desc" => lopdf::text_string(&description),
        "AFRelationship" => file.relationship.name(),
        "EF" => Object::Dictionary(embedded),
    })
}
