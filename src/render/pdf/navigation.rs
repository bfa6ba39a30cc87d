//! Navigation: the outline and the links.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use super::paint::{Hot, rectangle};
use super::strip::Target;
use super::tags::{Tree, integer};

/// A heading on its page; `y` is in PDF coordinates, a little above its text.
#[derive(Debug)]
pub(super) struct Landing {
    pub(super) target: Target,
    pub(super) page: usize,
    pub(super) y: f32,
}

/// Writes the outline, nested by level, and returns its root; `None` without headings.
pub(super) fn outline(
    pdf: &mut Document,
    landings: &[Landing],
    pages: &[ObjectId],
) -> Option<ObjectId> {
    if landings.is_empty() {
        return None;
    }
    let root = pdf.new_object_id();
    let ids: Vec<ObjectId> = landings.iter().map(|_| pdf.new_object_id()).collect();
    let parents = parents(landings);
    let mut kids: Vec<Vec<usize>> = vec![Vec::new(); landings.len()];
    let mut top = Vec::new();
    for (at, parent) in parents.iter().enumerate() {
        parent.map_or(&mut top, |parent| &mut kids[parent]).push(at);
    }
    for (at, landing) in landings.iter().enumerate() {
        let around = parents[at].map_or(&top, |parent| &kids[parent]);
        let mut item = dictionary! {
            "Title" => lopdf::text_string(&landing.target.title),
            "Parent" => parents[at].map_or(root, |parent| ids[parent]),
            "Dest" => destination(landing, pages),
        };
        let place = around.binary_search(&at).unwrap_or(0);
        if let Some(before) = place.checked_sub(1) {
            item.set("Prev", ids[around[before]]);
        }
        if let Some(&after) = around.get(place + 1) {
            item.set("Next", ids[after]);
        }
        children(&mut item, &kids[at], &ids);
        pdf.set_object(ids[at], item);
    }
    let mut outlines = dictionary! { "Type" => "Outlines" };
    children(&mut outlines, &top, &ids);
    outlines.set("Count", integer(landings.len()));
    pdf.set_object(root, outlines);
    Some(root)
}

fn children(item: &mut Dictionary, kids: &[usize], ids: &[ObjectId]) {
    if let (Some(&first), Some(&last)) = (kids.first(), kids.last()) {
        item.set("First", ids[first]);
        item.set("Last", ids[last]);
        item.set("Count", integer(kids.len()));
    }
}

/// For each heading, the nearest heading before it with a higher rank.
fn parents(landings: &[Landing]) -> Vec<Option<usize>> {
    let mut above: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(landings.len());
    for (at, landing) in landings.iter().enumerate() {
        while above.last().is_some_and(|&last| landings[last].target.level >= landing.target.level)
        {
            above.pop();
        }
        parents.push(above.last().copied());
        above.push(at);
    }
    parents
}

fn destination(landing: &Landing, pages: &[ObjectId]) -> Object {
    let page = pages.get(landing.page).map_or(Object::Null, |&page| Object::Reference(page));
    Object::Array(vec![
        page,
        "XYZ".into(),
        Object::Null,
        Object::Real(landing.y.round()),
        Object::Null,
    ])
}

/// Adds the annotations that make links work. A link to an unknown anchor does nothing.
pub(super) fn links(
    pdf: &mut Document,
    tree: &mut Tree,
    hot: &[Hot],
    urls: &[String],
    landings: &[Landing],
    pages: &[ObjectId],
) {
    let mut of_page: BTreeMap<usize, Vec<Object>> = BTreeMap::new();
    let anchors = landings.iter().map(|landing| (landing.target.anchor.as_str(), landing));
    let anchors: BTreeMap<&str, &Landing> = anchors.collect();
    for spot in hot {
        let Some(url) = urls.get(spot.link as usize) else { continue };
        let mut annotation = dictionary! {
            "Type" => "Annot",
            "Subtype" => "Link",
            "Rect" => rectangle(spot.rect),
            "Border" => vec![0.into(), 0.into(), 0.into()],
            "F" => 4,
            "Contents" => lopdf::text_string(url),
        };
        match url.strip_prefix('#') {
            Some(anchor) => {
                let Some(landing) = anchors.get(anchor) else { continue };
                annotation.set("Dest", destination(landing, pages));
            }
            None => {
                let uri = Object::string_literal(ascii(url));
                annotation.set("A", dictionary! { "Type" => "Action", "S" => "URI", "URI" => uri });
            }
        }
        let id = pdf.new_object_id();
        let key = tree.annotate(spot.node, spot.page, id, pages.len());
        annotation.set("StructParent", integer(key));
        pdf.set_object(id, annotation);
        of_page.entry(spot.page).or_default().push(Object::Reference(id));
    }
    for (page, annotations) in of_page {
        if let Some(dictionary) = pages.get(page).and_then(|&id| pdf.get_dictionary_mut(id).ok()) {
            dictionary.set("Annots", annotations);
            dictionary.set("Tabs", "S");
        }
    }
}

/// An address in the 7-bit form that PDF requires.
fn ascii(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            0x21..=0x7e => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
