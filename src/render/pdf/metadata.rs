//! The metadata of the file. printpdf writes the current time and random numbers; all of them are
//! replaced, so that the same input gives the same bytes.

use chrono::{DateTime, Utc};
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use super::tags::integer;
use crate::render::Meta;

/// Objects that the catalog refers to.
pub(super) struct Roots {
    pub(super) tree: ObjectId,
    pub(super) outline: Option<ObjectId>,
}

/// Replaces the information dictionary and fills in the catalog.
pub(super) fn describe(
    pdf: &mut Document,
    meta: &Meta,
    language: &str,
    roots: &Roots,
    pages: &[ObjectId],
) {
    if let Ok(old) = pdf.trailer.get(b"Info").and_then(Object::as_reference) {
        pdf.objects.remove(&old);
    }
    let info = pdf.add_object(information(meta));
    pdf.trailer.set("Info", info);
    let xmp = lopdf::Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        xmp(meta, language).into_bytes(),
    );
    let xmp = pdf.add_object(xmp.with_compression(false));
    for (at, &page) in pages.iter().enumerate() {
        if let Ok(page) = pdf.get_dictionary_mut(page) {
            page.set("StructParents", integer(at));
        }
    }
    if let Ok(catalog) = pdf.catalog_mut() {
        catalog.set("Metadata", xmp);
        catalog.set("Lang", lopdf::text_string(language));
        catalog.set("MarkInfo", dictionary! { "Marked" => true });
        catalog.set("StructTreeRoot", roots.tree);
        catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
        if let Some(outline) = roots.outline {
            catalog.set("Outlines", outline);
            catalog.set("PageMode", "UseOutlines");
        }
    }
    pdf.version = "1.7".to_string();
}

fn information(meta: &Meta) -> Dictionary {
    let mut info = dictionary! { "Producer" => lopdf::text_string("posthoc") };
    let words = [
        ("Title", meta.title.clone()),
        ("Author", meta.authors.join(", ")),
        ("Subject", meta.subject.clone()),
        ("Keywords", meta.keywords.join(", ")),
    ];
    for (key, text) in words {
        if !text.is_empty() {
            info.set(key, lopdf::text_string(&text));
        }
    }
    if let Some(date) = meta.date {
        info.set("CreationDate", pdf_date(date));
        info.set("ModDate", pdf_date(date));
    }
    info
}

/// A date as in ISO 32000-1, 7.9.4.
pub(super) fn pdf_date(date: DateTime<Utc>) -> Object {
    Object::string_literal(date.format("D:%Y%m%d%H%M%SZ").to_string())
}

/// The same metadata as XMP, which newer readers use.
fn xmp(meta: &Meta, language: &str) -> String {
    let mut fields = format!(
        "<dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language>",
        escaped(language)
    );
    let mut add = |open: &str, text: &str, close: &str| {
        if !text.is_empty() {
            fields.push_str(&format!("{open}{}{close}", escaped(text)));
        }
    };
    let alt = "<rdf:Alt><rdf:li xml:lang=\"x-default\">";
    add(&format!("<dc:title>{alt}"), &meta.title, "</rdf:li></rdf:Alt></dc:title>");
    add(&format!("<dc:description>{alt}"), &meta.subject, "</rdf:li></rdf:Alt></dc:description>");
    add("<pdf:Keywords>", &meta.keywords.join(", "), "</pdf:Keywords>");
    if !meta.authors.is_empty() {
        let people: String =
            meta.authors.iter().map(|name| format!("<rdf:li>{}</rdf:li>", escaped(name))).collect();
        fields.push_str(&format!("<dc:creator><rdf:Seq>{people}</rdf:Seq></dc:creator>"));
    }
    if let Some(date) = meta.date {
        let date = date.format("%Y-%m-%dT%H:%M:%SZ");
        fields.push_str(&format!(
            "<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>"
        ));
    }
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\
         {fields}<pdf:Producer>posthoc</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML cannot represent these.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Sets the file identifier, which is derived from the content, and writes the file.
pub(super) fn write(mut pdf: Document) -> std::io::Result<Vec<u8>> {
    pdf.trailer.remove(b"ID");
    pdf.compress();
    let mut digest = Sha256::new();
    for (id, object) in &pdf.objects {
        digest.update(id.0.to_be_bytes());
        match object {
            Object::Stream(stream) => digest.update(&stream.content),
            other => digest.update(format!("{other:?}")),
        }
    }
    let id = digest.finalize()[..16].to_vec();
    let id = Object::String(id, StringFormat::Hexadecimal);
    pdf.trailer.set("ID", vec![id.clone(), id]);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes)?;
    Ok(bytes)
}
