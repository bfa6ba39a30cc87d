//! The structure of a feed, and its texts.

use std::borrow::Cow;
use std::io::BufRead as _;

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::name::QName;

use crate::sources::decode::Decoded;
use crate::sources::source::ReadError;

const CUT_SHORT: &str = "the feed is cut short";

/// A feed: its own fields, and its entries in document order.
#[derive(Debug, Default)]
pub(in crate::sources::status) struct Feed<'a> {
    /// The fields of the feed itself.
    pub head: Item<'a>,
    /// The name of the author or owner.
    pub author: Raw<'a>,
    /// The entries (Atom) or items (RSS).
    pub items: Vec<Item<'a>>,
}

/// An entry, with common names for the fields of Atom and RSS.
#[derive(Debug, Default, Clone)]
pub(in crate::sources::status) struct Item<'a> {
    /// The whole element, for places.
    pub raw: &'a str,
    /// `id` or `guid`.
    pub id: Raw<'a>,
    /// `title`.
    pub title: Raw<'a>,
    /// The text of `link`, or the `href` of the link to the entry's page.
    pub link: Raw<'a>,
    /// `published` or `pubDate`.
    pub published: Raw<'a>,
    /// `updated`, `modified` or `lastBuildDate`.
    pub updated: Raw<'a>,
    /// `summary` or `description`.
    pub summary: Raw<'a>,
    /// `content` or `content:encoded`.
    pub content: Raw<'a>,
    /// `generator`.
    pub generator: Raw<'a>,
    /// `category`, each by its text or its `term`.
    pub categories: Vec<Raw<'a>>,
}

/// The raw content of an element; empty if there is no such element.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::status) struct Raw<'a>(pub &'a str);

impl<'a> Raw<'a> {
    /// The text, unescaped once. CDATA is taken as it is; unescaped markup (`type="xhtml"`) stays
    /// markup.
    pub(in crate::sources::status) fn text(self) -> Cow<'a, str> {
        let raw = self.0.trim();
        if !raw.contains('<') {
            return unescape(raw);
        }
        if !raw.contains("<![CDATA[") {
            return Cow::Borrowed(raw);
        }
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(start) = rest.find("<![CDATA[") {
            text.push_str(&unescape(&rest[..start]));
            let inner = &rest[start + "<![CDATA[".len()..];
            let end = inner.find("]]>").unwrap_or(inner.len());
            text.push_str(&inner[..end]);
            rest = inner.get(end + 3..).unwrap_or_default();
        }
        text.push_str(&unescape(rest));
        Cow::Owned(text)
    }

    /// Whether there is nothing in it.
    pub(in crate::sources::status) fn is_empty(self) -> bool {
        self.0.trim().is_empty()
    }
}

/// Replaces XML entities and character references once. HTML entities are left for the HTML reader,
/// and entities of a document type are never expanded.
pub(in crate::sources::status) fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let mut plain = String::with_capacity(text.len());
    plain.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(after) = rest.strip_prefix('&') {
        // The longest reference is `&#x10FFFF;`, but may have leading zeros.
        let end = after.bytes().take(16).position(|byte| byte == b';');
        let meaning = end.and_then(|end| character(&after[..end]));
        let next = match (meaning, end) {
            (Some(character), Some(end)) => {
                plain.push(character);
                &after[end + 1..]
            }
            _ => {
                plain.push('&');
                after
            }
        };
        let until = next.find('&').unwrap_or(next.len());
        plain.push_str(&next[..until]);
        rest = &next[until..];
    }
    Cow::Owned(plain)
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => digits.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

/// Parses the structure of a feed.
///
/// # Errors
/// [`ReadError`] if the XML is not well-formed, ends early, or is not a feed.
pub(in crate::sources::status) fn parse<'a>(
    decoded: &'a Decoded<'_>,
) -> Result<Feed<'a>, ReadError> {
    let body = decoded.body();
    let start = decoded.span_of(body).start;
    let mut reader = Reader::from_str(body);
    reader.config_mut().allow_dangling_amp = true;
    let mut frame = Frame { body, reader, depth: 0, feed: Feed::default(), item: None };
    match frame.read() {
        Ok(true) => Ok(frame.feed),
        Ok(false) => Err(ReadError::new("no `feed`, `rss` or `RDF` element in it")),
        Err(problem) => {
            let at = start + frame.position().min(body.len());
            let mut error = ReadError::new(problem);
            error.span = Some(at..at);
            error.hint = Some("fetch or save it again".to_owned());
            Err(error)
        }
    }
}

/// The state of the parser.
struct Frame<'a> {
    body: &'a str,
    reader: Reader<&'a [u8]>,
    depth: usize,
    feed: Feed<'a>,
    /// The current entry, with its start and the depth of its fields.
    item: Option<(Item<'a>, usize, usize)>,
}

impl<'a> Frame<'a> {
    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// Parses to the end; returns whether it was a feed.
    fn read(&mut self) -> Result<bool, String> {
        let mut is_feed = false;
        loop {
            let before = self.position();
            let event = self.reader.read_event().map_err(|error| wrong(&error))?;
            // The tag as a slice of the document outlives the event.
            let tag = Tag(&self.body[before..self.position()]);
            match event {
                Event::Start(_)
                    if self.depth == 0 && !matches!(tag.local_name(), "feed" | "rss" | "RDF") =>
                {
                    return Ok(false);
                }
                Event::Start(_) => {
                    is_feed = true;
                    self.start(tag, before)?;
                }
                Event::Empty(_) => self.field(tag, ""),
                Event::End(_) => self.end(),
                Event::Eof if self.depth > 0 => return Err(CUT_SHORT.to_owned()),
                Event::Eof => return Ok(is_feed),
                _ => {}
            }
        }
    }

    fn start(&mut self, tag: Tag<'a>, before: usize) -> Result<(), String> {
        match (tag.local_name(), self.depth, &self.item) {
            (_, 0, None) | ("channel", 1, None) | ("author" | "owner", 1 | 2, None) => {
                self.depth += 1;
            }
            ("item" | "entry", 1 | 2, None) => {
                self.depth += 1;
                self.item = Some((Item::default(), before, self.depth));
            }
            _ => {
                let inner = self.inside(tag)?;
                self.field(tag, inner);
            }
        }
        Ok(())
    }

    /// The content of an element that was just opened; the reader is then after it.
    fn inside(&mut self, tag: Tag<'a>) -> Result<&'a str, String> {
        let rest = &self.body[self.position()..];
        // Common case: a text without markup is skipped at once, not entity by entity.
        let length = match rest.find('<') {
            Some(length) if rest[length..].starts_with("</") => {
                self.reader.stream().consume(length);
                self.reader.read_event().map_err(|error| wrong(&error))?;
                length
            }
            Some(_) => {
                let span =
                    self.reader.read_to_end(QName(tag.name())).map_err(|error| wrong(&error))?;
                usize::try_from(span.end - span.start).unwrap_or(0)
            }
            None => return Err(CUT_SHORT.to_owned()),
        };
        Ok(rest.get(..length).unwrap_or_default())
    }

    fn end(&mut self) {
        if let Some((mut item, start, _)) = self.item.take_if(|(_, _, depth)| *depth == self.depth)
        {
            item.raw = &self.body[start..self.position()];
            self.feed.items.push(item);
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// Stores a field of the feed or of the entry; the first of each name counts.
    fn field(&mut self, tag: Tag<'a>, inner: &'a str) {
        let is_of_feed = self.item.is_none();
        let target = self.item.as_mut().map_or(&mut self.feed.head, |(item, ..)| item);
        let slot = match without_prefix(tag.name()) {
            "id" | "guid" => &mut target.id,
            "title" => &mut target.title,
            "published" | "pubDate" | "dc:date" => &mut target.published,
            "updated" | "modified" | "dcterms:modified" | "lastBuildDate" => &mut target.updated,
            "summary" | "description" => &mut target.summary,
            "content" | "content:encoded" => &mut target.content,
            "generator" => &mut target.generator,
            "link" if !matches!(tag.attribute("rel").0, "" | "alternate") => return,
            "link" => &mut target.link,
            "name" if is_of_feed => &mut self.feed.author,
            "category" => {
                target.categories.push(if inner.is_empty() {
                    tag.attribute("term")
                } else {
                    Raw(inner)
                });
                return;
            }
            _ => return,
        };
        if slot.is_empty() {
            *slot = if inner.is_empty() { tag.attribute("href") } else { Raw(inner) };
        }
    }
}

/// The name of an Atom element, whatever prefix an RSS feed uses for its namespace.
fn without_prefix(name: &str) -> &str {
    ["atom:", "a10:"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// The XML error. Unclosed markup or elements mean a truncated feed.
fn wrong(error: &Error) -> String {
    match error {
        Error::Syntax(SyntaxError::InvalidBangMarkup) => {
            format!("this is not well-formed XML: {error}")
        }
        Error::Syntax(_) | Error::IllFormed(IllFormedError::MissingEndTag(_)) => {
            CUT_SHORT.to_owned()
        }
        _ => format!("this is not well-formed XML: {error}"),
    }
}

/// Whether the XML has an implausible nesting depth or number of attributes: some parsers take
/// quadratic time for those.
pub(in crate::sources::status) fn is_unreasonable(text: &str) -> bool {
    const DEEP: usize = 200;
    const ATTRIBUTES: usize = 200;
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut depth = 0usize;
    loop {
        let tag = match reader.read_event() {
            Ok(Event::Start(tag)) => {
                depth += 1;
                tag
            }
            Ok(Event::Empty(tag)) => tag,
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                continue;
            }
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => continue,
        };
        let attributes = tag.attributes_raw().bytes().filter(|byte| *byte == b'=').count();
        if depth > DEEP || attributes > ATTRIBUTES {
            return true;
        }
    }
}

/// A tag as written in the document.
#[derive(Clone, Copy)]
struct Tag<'a>(&'a str);

impl<'a> Tag<'a> {
    fn inner(self) -> &'a str {
        self.0.trim_start_matches('<').trim_end_matches(['>', '/'])
    }

    /// The name as written, with its prefix.
    fn name(self) -> &'a str {
        let inner = self.inner();
        &inner[..inner.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inner.len())]
    }

    fn local_name(self) -> &'a str {
        self.name().rsplit(':').next().unwrap_or_default()
    }

    /// The raw value of an attribute; empty if it is missing.
    fn attribute(self, name: &str) -> Raw<'a> {
        let mut attributes = Attributes::new(self.inner(), self.name().len());
        // Duplicate names do not matter, and checking for them takes quadratic time.
        let value = attributes
            .with_checks(false)
            .filter_map(Result::ok)
            .find(|attribute| attribute.key.into_inner() == name);
        match value.map(|attribute| attribute.value) {
            Some(Cow::Borrowed(value)) => Raw(value),
            _ => Raw(""),
        }
    }
}

#[cfg(test)]
mod tests;
