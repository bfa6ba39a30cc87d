//! Measures the amount of text in each element of a page.

use std::collections::HashMap;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};

use crate::text::clean::{is_inline, is_without_text};

/// The fewest bytes of text in a block that count as prose. Shorter blocks say nothing about the
/// position of the article, except headings, list items and cells. The number is that of
/// Readability.
const SHORT: usize = 25;

/// The amount of text in an element, in bytes without white space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) text: usize,
    /// The part in links.
    pub(super) linked: usize,
    /// The part in paragraphs, headings, list items and cells, without links.
    pub(super) prose: usize,
}

/// The measures of all elements of a page.
pub(super) struct Measures {
    of: HashMap<NodeId, Measure>,
    /// The measure of the whole page.
    pub(super) all: Measure,
}

/// An element whose end has not been reached.
#[derive(Default)]
struct Open {
    measure: Measure,
    /// The text of the block itself, without nested blocks and links.
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

    /// Returns the prose in a measure, or the unlinked text on a page without prose.
    pub(super) fn weight(&self, measure: Measure) -> usize {
        if self.all.prose > 0 { measure.prose } else { measure.text - measure.linked }
    }
}

impl Open {
    /// Adds a finished child element and returns its measure.
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
