//! The parts of a document before it is split into pages. A document is one long column of
//! [`Strip`]s, which page breaks never cut; everything that can be broken consists of several
//! strips.

use std::rc::Rc;

use super::tags::NodeId;
use super::text::TextLine;
use super::theme::Color;

/// A drawing. Coordinates are relative to the left edge of the page and the top of the strip; `y`
/// runs downwards.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A line of text, at its left end and its baseline.
    Text { x: f32, y: f32, line: Rc<TextLine> },
    /// A filled rectangle.
    Rect { x: f32, y: f32, width: f32, height: f32, color: Color },
    /// A line through points.
    Stroke { points: Vec<(f32, f32)>, width: f32, dashed: bool, color: Color },
    /// A filled circle, at its centre.
    Dot { x: f32, y: f32, radius: f32, color: Color },
}

/// Marks that belong to one node.
#[derive(Debug, Clone)]
pub(super) struct Content {
    /// The node; `None` for decoration, which screen readers skip.
    pub(super) node: Option<NodeId>,
    pub(super) marks: Vec<Mark>,
}

/// A heading, as the target of the outline and of internal links.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) level: u8,
    pub(super) anchor: String,
    pub(super) title: String,
}

/// A part of the column that is not broken.
#[derive(Debug, Clone, Default)]
pub(super) struct Strip {
    /// The space above it, unless it is the first on its page.
    pub(super) gap: f32,
    pub(super) height: f32,
    /// Whether the next strip has to be on the same page.
    pub(super) keep_next: bool,
    /// The innermost frame around it.
    pub(super) frame: Option<usize>,
    /// The table whose header is repeated above it when it is the first strip on a page.
    pub(super) table: Option<usize>,
    /// Whether it continues a row that began in an earlier strip.
    pub(super) continues: bool,
    /// The distance from its top to the baseline of its first line, where the marker of a list
    /// goes.
    pub(super) baseline: Option<f32>,
    pub(super) contents: Vec<Content>,
    pub(super) target: Option<Target>,
}

impl Strip {
    /// Adds marks that belong to `node`.
    pub(super) fn draw(&mut self, node: Option<NodeId>, marks: Vec<Mark>) {
        if !marks.is_empty() {
            self.contents.push(Content { node, marks });
        }
    }
}

/// What a frame draws behind or next to its strips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameKind {
    /// A tinted box.
    Code,
    /// A bar at the left.
    Quote,
}

/// A decoration around strips, which is drawn again on each page with some of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) kind: FrameKind,
    /// The enclosing frame.
    pub(super) parent: Option<usize>,
    pub(super) x: f32,
    pub(super) width: f32,
    /// The space between its edges and the strips, above and below.
    pub(super) pad: f32,
}

/// The strips of a document, and the frames and headers that they refer to.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) strips: Vec<Strip>,
    pub(super) frames: Vec<Frame>,
    /// The header rows of each table.
    pub(super) headers: Vec<Vec<Strip>>,
}

impl Column {
    /// The frames around a strip, the innermost first.
    pub(super) fn frames_of(&self, strip: &Strip) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(strip.frame, |&frame| self.frames[frame].parent)
    }

    /// The space that the frames of a strip need above and below it.
    pub(super) fn padding(&self, strip: &Strip) -> f32 {
        self.frames_of(strip).map(|frame| self.frames[frame].pad).sum()
    }
}
