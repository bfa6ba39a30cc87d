//! Reads the structure of a tagged PDF (ISO 32000-1, 14.7 and 14.8): which parts of its content are
//! headings, list items and table cells.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::content::{Piece, Shown};
use crate::sources::unpack::page::{Dress, Page};

/// The maximum nesting of elements: a list in a cell in a table has about 20 levels.
const DEEPEST: usize = 100;

/// The limit on elements of all pages together.
const MOST_ELEMENTS: usize = 500_000;

/// Reads the document by its structure, with the length of its text; `None` if it is not tagged.
pub(super) fn read(pdf: &Document, pages: &[ObjectId], shown: &[Shown]) -> Option<(Page, usize)> {
    let root =
        pdf.catalog().ok()?.get_deref(b"StructTreeRoot", pdf).and_then(Object::as_dict).ok()?;
    let mut marked: HashMap<(ObjectId, i64), Vec<&Piece>> = HashMap::new();
    for (page, shown) in pages.iter().zip(shown) {
        for piece in &shown.pieces {
            if let Some(mark) = piece.mark {
                marked.entry((*page, mark)).or_default().push(piece);
            }
        }
    }
    let roles = root.get_deref(b"RoleMap", pdf).and_then(Object::as_dict).ok();
    let mut reader = Reader {
        pdf,
        roles,
        marked,
        page: Page::default(),
        letters: 0,
        last: None,
        left: MOST_ELEMENTS,
        in_cell: false,
    };
    reader.children(root, None, 0);
    reader.flush();
    (reader.letters > 0).then_some((reader.page, reader.letters))
}

struct Reader<'p> {
    pdf: &'p Document,
    roles: Option<&'p Dictionary>,
    marked: HashMap<(ObjectId, i64), Vec<&'p Piece>>,
    page: Page,
    /// The length of the text read so far.
    letters: usize,
    /// The previous piece in the paragraph.
    last: Option<&'p Piece>,
    left: usize,
    /// Whether a column header is open, which may be entirely bold.
    in_cell: bool,
}

impl<'p> Reader<'p> {
    fn role(&self, element: &'p Dictionary) -> String {
        let mut role =
            element.get_deref(b"S", self.pdf).and_then(Object::as_name).unwrap_or_default();
        for _ in 0..5 {
            let mapped =
                self.roles.and_then(|roles| roles.get_deref(role, self.pdf).ok()?.as_name().ok());
            match mapped {
                Some(mapped) => role = mapped,
                None => break,
            }
        }
        String::from_utf8_lossy(role).into_owned()
    }

    fn flush(&mut self) {
        self.page.end("p");
        self.last = None;
    }

    /// Reads the children of an element.
    fn children(&mut self, element: &'p Dictionary, page: Option<ObjectId>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let page = element.get(b"Pg").and_then(Object::as_reference).ok().or(page);
        let Ok(kids) = element.get_deref(b"K", self.pdf) else { return };
        let kids = kids.as_array().map_or(std::slice::from_ref(kids), Vec::as_slice);
        for kid in kids {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let Ok((_, kid)) = self.pdf.dereference(kid) else { continue };
            match kid {
                Object::Integer(mark) => self.marked(page, *mark),
                Object::Dictionary(kid) if kid.has(b"S") => self.element(kid, page, depth + 1),
                Object::Dictionary(kid) => {
                    let page = kid.get(b"Pg").and_then(Object::as_reference).ok().or(page);
                    if let Ok(mark) = kid.get(b"MCID").and_then(Object::as_i64) {
                        self.marked(page, mark);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: &'p Dictionary, page: Option<ObjectId>, depth: usize) {
        let role = self.role(element);
        match role.as_str() {
            "H" | "H1" | "H2" | "H3" | "H4" | "H5" | "H6" | "Title" => {
                self.flush();
                self.children(element, page, depth);
                let level = role[1..].parse::<u8>().unwrap_or(1);
                self.page.end(&format!("h{level}"));
                self.last = None;
            }
            "L" => {
                self.flush();
                let tag = if self.is_ordered(element) { "ol" } else { "ul" };
                self.block(tag, element, page, depth);
            }
            "LI" => self.block("li", element, page, depth),
            "Table" => self.block("table", element, page, depth),
            "TR" => self.block("tr", element, page, depth),
            "TH" => {
                self.in_cell = true;
                self.block("th", element, page, depth);
                self.in_cell = false;
            }
            "TD" => self.block("td", element, page, depth),
            "BlockQuote" => self.block("blockquote", element, page, depth),
            // Skip labels, which Markdown adds itself, and drawings.
            "Lbl" | "TOCI" => self.skip(element, page, depth),
            "Figure" | "Formula" => {
                self.skip(element, page, depth);
                let alt = element.get_deref(b"Alt", self.pdf).and_then(lopdf::decode_text_string);
                if let Ok(alt) = alt {
                    self.page.text(&Dress::default(), &format!(" (image: {}) ", alt.trim()));
                }
            }
            "P" | "Document" | "Part" | "Art" | "Sect" | "Div" | "Caption" | "Index" | "TOC"
            | "LBody" | "THead" | "TBody" | "TFoot" | "Aside" => {
                self.flush();
                self.children(element, page, depth);
                self.flush();
            }
            // Everything else is inline.
            _ => self.children(element, page, depth),
        }
    }

    fn block(&mut self, tag: &str, element: &'p Dictionary, page: Option<ObjectId>, depth: usize) {
        self.flush();
        self.page.mark(&format!("<{tag}>"));
        self.children(element, page, depth);
        self.flush();
        self.page.mark(&format!("</{tag}>"));
    }

    /// Whether the first item of a list is numbered.
    fn is_ordered(&self, list: &'p Dictionary) -> bool {
        let first = |element: &'p Dictionary, role: &str| {
            let kids = element.get_deref(b"K", self.pdf).ok()?;
            let kids = kids.as_array().map_or(std::slice::from_ref(kids), Vec::as_slice);
            let kids =
                kids.iter().filter_map(|kid| self.pdf.dereference(kid).ok()?.1.as_dict().ok());
            kids.filter(|kid| kid.has(b"S")).find(|kid| self.role(kid) == role)
        };
        let Some(label) = first(list, "LI").and_then(|item| first(item, "Lbl")) else {
            return false;
        };
        let page = label.get(b"Pg").and_then(Object::as_reference).ok();
        let kids = label.get_deref(b"K", self.pdf).ok();
        let mark = kids.and_then(|kids| match kids {
            Object::Array(kids) => kids.first()?.as_i64().ok(),
            kid => kid.as_i64().ok(),
        });
        let pieces = mark.and_then(|mark| self.marked.get(&(page?, mark)));
        pieces
            .and_then(|pieces| pieces.first())
            .is_some_and(|piece| piece.text.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// Counts the text in an element without adding it to the page.
    fn skip(&mut self, element: &'p Dictionary, page: Option<ObjectId>, depth: usize) {
        let kept = std::mem::take(&mut self.page);
        self.children(element, page, depth);
        (self.page, self.last) = (kept, None);
    }

    fn marked(&mut self, page: Option<ObjectId>, mark: i64) {
        let pieces = page.and_then(|page| self.marked.remove(&(page, mark))).unwrap_or_default();
        for piece in pieces {
            self.letters += piece.text.trim().len();
            let dress = Dress {
                bold: piece.is_bold && !self.in_cell,
                italic: piece.is_italic,
                mono: piece.is_mono,
                ..Dress::default()
            };
            match self.last {
                // Code is written line by line.
                Some(last) if !is_same_line(last, piece) && last.is_mono && piece.is_mono => {
                    self.page.text(&dress, &format!("\n{}", piece.text));
                }
                Some(last) if !is_same_line(last, piece) => {
                    self.page.next_line(&dress, &piece.text);
                }
                Some(last) if is_separate(last, piece) => {
                    self.page.text(&dress, &format!(" {}", piece.text));
                }
                _ => self.page.text(&dress, &piece.text),
            }
            self.last = Some(piece);
        }
    }
}

/// Whether a piece is on the same line as the previous one.
pub(super) fn is_same_line(before: &Piece, piece: &Piece) -> bool {
    (before.y - piece.y).abs() < 0.4 * before.size.max(piece.size)
}

/// Whether there is a space between two pieces of a line.
pub(super) fn is_separate(before: &Piece, piece: &Piece) -> bool {
    let is_spaced = before.text.ends_with(' ') || piece.text.starts_with(' ');
    !is_spaced && piece.x - before.end > 0.15 * piece.size.min(before.size)
}
