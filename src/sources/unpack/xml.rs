//! XML as a sequence of events, for the document readers.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

use super::unpacked::damaged;
use crate::sources::source::ReadError;

/// The maximum nesting of elements. A table in a table in a list has about 30 levels.
const DEEPEST: usize = 250;

/// The next event in an XML text. Names have no prefixes: `p` for `w:p`.
pub(super) enum Next<'n> {
    /// An element begins, with its attributes.
    Open(&'n str, &'n Attributes),
    /// An element ends.
    Close(&'n str),
    /// Text.
    Text(&'n str),
}

/// The attributes of an element, by name without prefix.
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// The value of an attribute; empty if it is missing.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

/// Passes all events of `xml`, the part called `part`, to `each`.
///
/// # Errors
/// [`ReadError`] if it is not XML, ends early, is nested too deeply, or defines its own entities,
/// which no document program does.
pub(super) fn walk(xml: &str, part: &str, each: &mut dyn FnMut(Next<'_>)) -> Result<(), ReadError> {
    let mut reader = Reader::from_str(xml);
    let wrong = |what: &str| damaged(&format!("`{part}` in it {what}"));
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event().map_err(|error| wrong(&format!("is not XML: {error}")))?;
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let attributes = tag.attributes().filter_map(Result::ok).map(|attribute| {
                    let value = quick_xml::escape::unescape(&attribute.value);
                    let value = value.map_or_else(|_| attribute.value.to_string(), Into::into);
                    (local(attribute.key.as_ref()).to_owned(), value)
                });
                let name = tag.name();
                let name = local(name.as_ref());
                each(Next::Open(name, &Attributes(attributes.collect())));
                if matches!(event, Event::Empty(_)) {
                    each(Next::Close(name));
                    continue;
                }
                depth += 1;
                if depth > DEEPEST {
                    return Err(wrong("is nested too deeply"));
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                each(Next::Close(local(tag.name().as_ref())));
            }
            Event::Text(text) => each(Next::Text(&text)),
            Event::CData(text) => each(Next::Text(&text)),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().ok().flatten();
                let name: &str = &reference;
                match character
                    .map(String::from)
                    .or_else(|| resolve_predefined_entity(name).map(str::to_owned))
                {
                    Some(text) => each(Next::Text(&text)),
                    None => return Err(wrong(&format!("has an unknown entity, `&{name};`"))),
                }
            }
            Event::DocType(_) => return Err(wrong("defines entities, which are not supported")),
            Event::Eof if depth > 0 => return Err(wrong("was cut short")),
            Event::Eof => return Ok(()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}
