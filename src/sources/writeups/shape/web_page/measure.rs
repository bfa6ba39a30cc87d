//! How much text each element of a page holds.

use std::collections::HashMap;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};

use crate::text::clean::{is_inline, is_without_text};

/// A text shorter than this says nothing of where the article is, unless a heading, an item or a
/// cell is made of it. The number is that of Readability.
const SHORT: usize = 25;

/// The text in an element, in bytes without white space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) text: usize,
    /// What of it is in links.
    pub(super) linked: usize,
    /// What of it is in paragraphs, headings, items and cells, and in no link.
    pub(super) prose: usize,
}

/// The measures of all elements of a page.
pub(super) struct Measures {
    of: HashMap<NodeId, Measure>,
    /// That of the whole page.
    pub(super) all: Measure,
}

/// An element that is being measured.
#[derive(Default)]
struct Open {
    measure: Measure,
    /// The text of the block itself, without that of blocks in it and of links.
    own: usize,
}

impl Measures {
    pub(super) fn of(page: &Html) -> Self {
        let mut measures = Measures { of: HashMap::new(), all: Measure::default() };
        let mut open: Vec<Open> = vec![Open::default()];
        let (mut links, mut unseen) = (0usize, 0usize);
        for edge in page.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Text(text) if unseen == 0 => {
                        let length = text.split_ascii_whitespace().map(str::len).sum::<usize>();
                        if let Some(inner) = open.last_mut() {
                            inner.measure.text += length;
                            *(if links > 0 {
                                &mut inner.measure.linked
                            } else {
                                &mut inner.own
                            }) += length;
                        }
                    }
                    Node::Element(element) => {
                        open.push(Open::default());
                        links += usize::from(element.name() == "a");
                        unseen += usize::from(is_without_text(element.name()));
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    let Node::Element(element) = node.value() else { continue };
                    links -= usize::from(element.name() == "a");
                    unseen -= usize::from(is_without_text(element.name()));
                    let (Some(inner), Some(outer)) = (open.pop(), open.last_mut()) else {
                        continue;
                    };
                    let measure = outer.take(inner, element.name());
                    measures.of.insert(node.id(), measure);
                }
            }
        }
        measures.all = open.pop().map(|page| page.measure).unwrap_or_default();
        measures
    }

    pub(super) fn get(&self, element: ElementRef<'_>) -> Measure {
        self.of.get(&element.id()).copied().unwrap_or_default()
    }

    /// How much of the article an element may hold: its prose, or on a page that has none its text.
    pub(super) fn weight(&self, measure: Measure) -> usize {
        if self.all.prose > 0 { measure.prose } else { measure.text - measure.linked }
    }
}

impl Open {
    /// Adds an element that has ended, and gives its measure.
    fn take(&mut self, inner: Open, name: &str) -> Measure {
        let mut measure = inner.measure;
        if is_inline(name) {
            self.own += inner.own;
        } else if inner.own >= SHORT || is_short_prose(name) {
            measure.prose += inner.own;
        }
        self.measure.text += measure.text;
        self.measure.linked += measure.linked;
        self.measure.prose += measure.prose;
        measure
    }
}

fn is_short_prose(name: &str) -> bool {
    matches!(
        name,
        "h1" | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "td"
            | "th"
            | "dt"
            | "dd"
            | "pre"
            | "caption"
    )
}
