//! Word documents (ECMA-376, part 1, 17: WordprocessingML), as written by Word, Google Docs,
//! Confluence and others.

use std::collections::HashMap;

use super::page::{Dress, Page, is_mono};
use super::xml::{Attributes, Next, walk};
use super::zip::Archive;
use crate::sources::source::ReadError;

/// The role of a paragraph style.
#[derive(Debug, Clone, Default)]
struct Style {
    based_on: String,
    /// From 1 to 6.
    heading: Option<u8>,
    is_title: bool,
    is_code: bool,
    /// A line of the table of contents.
    is_contents: bool,
    /// The list of its paragraphs.
    list: Option<String>,
}

/// Reads the document in `archive` as Markdown.
///
/// # Errors
/// [`ReadError`] if its parts cannot be unpacked or are not XML.
pub(super) fn read(archive: &Archive<'_>) -> Result<String, ReadError> {
    const BODY: &str = "word/document.xml";
    let part = |name: &str| Ok::<_, ReadError>((archive.text(name)?, name.to_owned()));
    let mut reader = Reader {
        styles: styles(part("word/styles.xml")?)?,
        ordered: numbering(part("word/numbering.xml")?)?,
        links: links(part("word/_rels/document.xml.rels")?)?,
        ..Reader::default()
    };
    walk(&archive.text(BODY)?, BODY, &mut |next| reader.next(&next))?;
    reader.page.end_lists();
    for notes in ["word/footnotes.xml", "word/endnotes.xml"] {
        walk(&archive.text(notes)?, notes, &mut |next| reader.next(&next))?;
    }
    Ok(reader.page.into_markdown())
}

type Part = (String, String);

fn styles((xml, name): Part) -> Result<HashMap<String, Style>, ReadError> {
    let mut found: HashMap<String, Style> = HashMap::new();
    let mut open = String::new();
    walk(&xml, &name, &mut |next| {
        let Next::Open(tag, attributes) = next else { return };
        let value = attributes.get("val");
        if tag == "style" {
            open = attributes.get("styleId").to_owned();
        }
        let style = found.entry(open.clone()).or_default();
        match tag {
            "name" => {
                let name = value.to_lowercase();
                style.heading = name.strip_prefix("heading ").and_then(|level| level.parse().ok());
                style.is_title = name == "title";
                style.is_contents = name.starts_with("toc ");
                style.is_code =
                    ["code", "preformatted", "verbatim"].iter().any(|word| name.contains(word));
            }
            "basedOn" => value.clone_into(&mut style.based_on),
            "outlineLvl" => {
                let level = value.parse::<u8>().ok().filter(|level| *level < 6);
                style.heading = style.heading.or(level.map(|level| level + 1));
            }
            "numId" => style.list = Some(value.to_owned()),
            _ => {}
        }
    })?;
    Ok(found)
}

/// Whether the items at a list level are numbered, by the list's number and the level.
fn numbering((xml, name): Part) -> Result<HashMap<(String, String), bool>, ReadError> {
    let (mut kinds, mut found) = (HashMap::new(), HashMap::new());
    let (mut list, mut level) = (String::new(), String::new());
    walk(&xml, &name, &mut |next| {
        let Next::Open(tag, attributes) = next else { return };
        match tag {
            "abstractNum" => attributes.get("abstractNumId").clone_into(&mut list),
            "lvl" => attributes.get("ilvl").clone_into(&mut level),
            "numFmt" => {
                kinds.insert((list.clone(), level.clone()), attributes.get("val") != "bullet");
            }
            "num" => attributes.get("numId").clone_into(&mut list),
            "abstractNumId" => {
                let of = |((kind, level), ordered): (&(String, String), &bool)| {
                    let is_it = kind == attributes.get("val");
                    is_it.then(|| ((list.clone(), level.clone()), *ordered))
                };
                found.extend(kinds.iter().filter_map(of));
            }
            _ => {}
        }
    })?;
    Ok(found)
}

fn links((xml, name): Part) -> Result<HashMap<String, String>, ReadError> {
    let mut found = HashMap::new();
    walk(&xml, &name, &mut |next| {
        if let Next::Open("Relationship", attributes) = next
            && attributes.get("TargetMode") == "External"
        {
            found.insert(attributes.get("Id").to_owned(), attributes.get("Target").to_owned());
        }
    })?;
    Ok(found)
}

/// Elements without text for readers: deletions, and fallbacks for older programs.
const UNSEEN: [&str; 4] = ["del", "moveFrom", "Fallback", "sectPr"];

#[derive(Default)]
struct Reader {
    styles: HashMap<String, Style>,
    ordered: HashMap<(String, String), bool>,
    links: HashMap<String, String>,
    page: Page,
    /// The nesting depth below a skipped element; 0 outside.
    unseen: usize,
    /// Whether a text element is open.
    in_text: bool,
    in_field: bool,
    dress: Dress,
    /// The target of the open link, and of the field.
    link: String,
    field: String,
    style: Style,
    list: Option<String>,
    level: String,
    has_title: bool,
    in_run: bool,
    /// The width of the current cell in columns.
    columns: u8,
    /// The reference of the current note.
    note: Option<String>,
}

/// A setting that is present is on, unless it says that it is off.
fn is_on(attributes: &Attributes) -> bool {
    !matches!(attributes.get("val"), "0" | "false" | "off" | "none")
}

impl Reader {
    fn next(&mut self, next: &Next<'_>) {
        match *next {
            Next::Open(tag, attributes) => {
                if self.unseen > 0 || UNSEEN.contains(&tag) {
                    self.unseen += 1;
                } else {
                    self.open(tag, attributes);
                }
            }
            Next::Close(_) if self.unseen > 0 => self.unseen -= 1,
            Next::Close(tag) => self.close(tag),
            Next::Text(text) if self.unseen == 0 && self.in_text => self.text(text),
            Next::Text(text) if self.unseen == 0 && self.in_field => self.field.push_str(text),
            Next::Text(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        let dress = Dress { link: self.link.clone(), ..self.dress.clone() };
        self.page.text(&dress, text);
    }

    /// Returns a style by its id, including inherited properties.
    fn resolved(&self, id: &str) -> Style {
        let mut found = Style::default();
        let mut id = id;
        // In a damaged file a style can be its own parent.
        for _ in 0..10 {
            let Some(style) = self.styles.get(id) else { break };
            found.heading = found.heading.or(style.heading);
            found.is_title |= style.is_title;
            found.is_code |= style.is_code;
            found.is_contents |= style.is_contents;
            found.list = found.list.or_else(|| style.list.clone());
            id = &style.based_on;
        }
        found
    }

    fn open(&mut self, tag: &str, attributes: &Attributes) {
        let value = attributes.get("val");
        match tag {
            "p" => {
                (self.style, self.list) = (Style::default(), None);
                "0".clone_into(&mut self.level);
                if let Some(note) = self.note.take() {
                    self.text(&note);
                }
            }
            "pStyle" => self.style = self.resolved(value),
            "numId" if !self.in_run => self.list = Some(value.to_owned()),
            "ilvl" => value.clone_into(&mut self.level),
            "r" => (self.dress, self.in_run) = (Dress::default(), true),
            "b" if self.in_run => self.dress.bold = is_on(attributes),
            "i" if self.in_run => self.dress.italic = is_on(attributes),
            "strike" if self.in_run => self.dress.struck = is_on(attributes),
            "rFonts" if self.in_run => self.dress.mono |= is_mono(attributes.get("ascii")),
            "rStyle" => {
                let name = value.to_lowercase();
                self.dress.bold |= name == "strong";
                self.dress.italic |= name == "emphasis";
                self.dress.mono |= is_mono(&name) || name.contains("verbatim");
            }
            "t" => self.in_text = true,
            "instrText" => self.in_field = true,
            "fldChar" => self.field_part(attributes.get("fldCharType")),
            "tab" if self.in_run => self.text(" "),
            "noBreakHyphen" => self.text("-"),
            "br" | "cr" if attributes.get("type") != "page" => self.text("\n"),
            "hyperlink" => {
                self.link = self.links.get(attributes.get("id")).cloned().unwrap_or_default();
            }
            "docPr" => {
                let words = [attributes.get("descr"), attributes.get("title")];
                if let Some(words) = words.into_iter().find(|words| !words.is_empty()) {
                    self.text(&format!("(image: {words})"));
                }
            }
            "footnoteReference" | "endnoteReference" => {
                self.text(&format!(" [{}]", attributes.get("id")));
            }
            // Note separators have a type.
            "footnote" | "endnote" if attributes.get("type").is_empty() => {
                self.note = Some(format!("[{}] ", attributes.get("id")));
            }
            "tbl" => {
                self.page.end_lists();
                self.page.mark("<table>");
            }
            "tr" => self.page.mark("<tr>"),
            "tc" => self.page.mark("<td>"),
            "gridSpan" => self.columns = value.parse::<u8>().unwrap_or_default(),
            _ => {}
        }
    }

    fn close(&mut self, tag: &str) {
        match tag {
            "p" => self.paragraph(),
            "r" => self.in_run = false,
            "t" => self.in_text = false,
            "instrText" => self.in_field = false,
            "hyperlink" => self.link.clear(),
            "tc" => {
                self.page.end_lists();
                // The cells covered by a spanning cell are not in the file, so add them.
                let covered = usize::from(std::mem::take(&mut self.columns)).saturating_sub(1);
                self.page.mark(&format!("</td>{}", "<td></td>".repeat(covered.min(40))));
            }
            "tr" => self.page.mark("</tr>"),
            "tbl" => self.page.mark("</table>"),
            _ => {}
        }
    }

    /// A field has a start, a separator before its display text, and an end: `HYPERLINK
    /// "https://…"`.
    fn field_part(&mut self, kind: &str) {
        match kind {
            "begin" => self.field.clear(),
            "separate" => {
                let address = self.field.trim().strip_prefix("HYPERLINK").map(str::trim);
                let address = address.and_then(|rest| rest.strip_prefix('"')?.split('"').next());
                self.link = address.unwrap_or_default().to_owned();
            }
            _ => self.link.clear(),
        }
    }

    fn paragraph(&mut self) {
        let style = std::mem::take(&mut self.style);
        if style.is_contents {
            self.page.take();
            return;
        }
        if !self.page.has_text() {
            // An empty line between items does not end a list.
            self.page.take();
            return;
        }
        let list = self.list.take().or(style.list).filter(|list| list != "0");
        if style.is_title || style.heading.is_some() {
            self.page.end_lists();
            self.has_title |= style.is_title;
            let level = style.heading.filter(|_| !style.is_title);
            // If the title has its own style, the headings are below it.
            let level = level.map_or(1, |level| level + u8::from(self.has_title));
            self.page.end(&format!("h{}", level.clamp(1, 6)));
        } else if let Some(list) = list {
            self.item(list);
        } else {
            self.page.end_lists();
            match style.is_code {
                true => self.page.pre(),
                false => self.page.end("p"),
            }
        }
    }

    fn item(&mut self, list: String) {
        let level = self.level.parse().unwrap_or_default();
        let is_ordered = self.ordered.get(&(list, self.level.clone())).copied().unwrap_or_default();
        self.page.item(level, is_ordered);
    }
}
