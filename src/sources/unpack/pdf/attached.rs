//! Files attached to a PDF.

use lopdf::{Dictionary, Document, LoadOptions, Object};

use super::codes::MOST_UNPACKED;

/// The maximum depth of the name tree that is followed.
const DEEPEST: usize = 16;
/// The maximum number of attached files that are read.
const MOST_FILES: usize = 100;

/// The attached text files, each with its name. Empty if the PDF is damaged or encrypted.
pub(in crate::sources::unpack) fn attached(bytes: &[u8]) -> Vec<(String, String)> {
    let options =
        LoadOptions { max_decompressed_size: Some(MOST_UNPACKED), ..LoadOptions::default() };
    let Ok(pdf) = Document::load_mem_with_options(bytes, options) else { return Vec::new() };
    let mut found = Vec::new();
    let root = pdf
        .catalog()
        .ok()
        .and_then(|catalog| dictionary(&pdf, catalog.get(b"Names").ok()?))
        .and_then(|names| dictionary(&pdf, names.get(b"EmbeddedFiles").ok()?));
    if let Some(root) = root {
        collect(&pdf, root, 0, &mut found);
    }
    found
}

fn dictionary<'p>(pdf: &'p Document, object: &'p Object) -> Option<&'p Dictionary> {
    pdf.dereference(object).ok()?.1.as_dict().ok()
}

fn collect(pdf: &Document, node: &Dictionary, depth: usize, found: &mut Vec<(String, String)>) {
    if depth > DEEPEST || found.len() >= MOST_FILES {
        return;
    }
    let list = |key: &[u8]| {
        node.get(key)
            .and_then(|object| pdf.dereference(object))
            .ok()
            .and_then(|(_, object)| object.as_array().ok())
    };
    for file in list(b"Names").into_iter().flatten().skip(1).step_by(2) {
        found.extend(dictionary(pdf, file).and_then(|file| content(pdf, file)));
    }
    for kid in list(b"Kids").into_iter().flatten() {
        if let Some(kid) = dictionary(pdf, kid) {
            collect(pdf, kid, depth + 1, found);
        }
    }
}

fn content(pdf: &Document, file: &Dictionary) -> Option<(String, String)> {
    let name = [b"UF".as_slice(), b"F"].iter().find_map(|key| file.get(key).ok())?;
    let name = lopdf::decode_text_string(name).ok()?;
    let embedded = dictionary(pdf, file.get(b"EF").ok()?)?;
    let stream = pdf.dereference(embedded.get(b"F").ok()?).ok()?.1.as_stream().ok()?;
    let bytes = if stream.is_compressed() {
        stream.decompressed_content_with_limit(MOST_UNPACKED).ok()?
    } else {
        stream.content.clone()
    };
    Some((name, String::from_utf8(bytes).ok()?))
}
