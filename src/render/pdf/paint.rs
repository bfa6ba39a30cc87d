//! Draws pages as operations of printpdf. `y` is inverted here: PDF counts from the bottom.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::Object;
use printpdf::{
    DictItem, LineDashPattern, LinePoint, Op, PaintMode, Point, Polygon, PolygonRing, Rect,
    WindingOrder,
};

use super::glyphs::{GlyphWriter, Typeset};
use super::pages::Placed;
use super::strip::{Column, FrameKind, Mark};
use super::tags::{NodeId, Role, Tree};
use super::text::{Run, TextLine, keycap_side};
use super::theme::{ACCENT_SOFT, Color, MUTED, RULE_STRONG, TINT};
use super::units::{pt, rgb, round};
use crate::text::danger::is_invisible;

/// The area of a link on a page, in PDF coordinates.
#[derive(Debug)]
pub(super) struct Hot {
    pub(super) page: usize,
    /// Left, lower, right, upper.
    pub(super) rect: [f32; 4],
    pub(super) link: u32,
    pub(super) node: NodeId,
}

/// Draws the pages in order.
pub(super) struct Painter<'p, 'f> {
    pub(super) ops: Vec<Op>,
    pub(super) hot: Vec<Hot>,
    tree: &'p mut Tree,
    glyphs: GlyphWriter<'f>,
    height: f32,
    page: usize,
    open: Option<Marked>,
    /// The node of each link that was drawn.
    links: BTreeMap<u32, NodeId>,
    /// The characters that were drawn as boxes.
    boxed: BTreeSet<char>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marked {
    Artifact,
    Node(NodeId),
}

impl<'p, 'f> Painter<'p, 'f> {
    pub(super) fn new(tree: &'p mut Tree, glyphs: GlyphWriter<'f>, height: f32) -> Self {
        let (ops, hot, links, boxed) = (Vec::new(), Vec::new(), BTreeMap::new(), BTreeSet::new());
        Painter { ops, hot, tree, glyphs, height, page: 0, open: None, links, boxed }
    }

    /// The faces that were used with the texts of their glyphs, the areas of links, and the
    /// characters that are boxes because no font has them.
    pub(super) fn finish(self) -> (GlyphWriter<'f>, Vec<Hot>, BTreeSet<char>) {
        (self.glyphs, self.hot, self.boxed)
    }

    /// Draws the strips of a page, then its footer, and returns the operations.
    pub(super) fn page(
        &mut self,
        column: &Column,
        placed: &[Placed<'_>],
        foot: &[Mark],
    ) -> Vec<Op> {
        self.glyphs.start_page();
        self.frames(column, placed);
        for piece in placed {
            for content in &piece.strip.contents {
                let node = content.node.filter(|_| !piece.repeated);
                content.marks.iter().for_each(|mark| self.mark(mark, piece.y, node));
            }
        }
        foot.iter().for_each(|mark| self.mark(mark, 0.0, None));
        self.close();
        self.page += 1;
        std::mem::take(&mut self.ops)
    }

    fn frames(&mut self, column: &Column, placed: &[Placed<'_>]) {
        let mut spans: Vec<(usize, f32, f32)> = Vec::new();
        for piece in placed {
            let mut pad = 0.0;
            for frame in column.frames_of(piece.strip) {
                pad += column.frames[frame].pad;
                let (top, bottom) = (piece.y - pad, piece.y + piece.strip.height + pad);
                match spans.iter_mut().find(|(known, _, _)| *known == frame) {
                    Some((_, start, end)) => (*start, *end) = (start.min(top), end.max(bottom)),
                    None => spans.push((frame, top, bottom)),
                }
            }
        }
        // Outer frames have lower numbers and are painted first.
        spans.sort_by_key(|(frame, _, _)| *frame);
        for (at, top, bottom) in spans {
            let frame = column.frames[at];
            let height = bottom - top;
            let (width, color) = match frame.kind {
                FrameKind::Code => (frame.width, TINT),
                FrameKind::Quote => (2.2, RULE_STRONG),
            };
            self.mark(&Mark::Rect { x: frame.x, y: 0.0, width, height, color }, top, None);
        }
    }

    fn mark(&mut self, mark: &Mark, top: f32, node: Option<NodeId>) {
        match mark {
            Mark::Text { x, y, line } => self.text(line, *x, top + y, node),
            Mark::Rect { x, y, width, height, color } => {
                self.enter(node);
                self.rect(*x, top + y, *width, *height, *color);
            }
            Mark::Stroke { points, width, dashed, color } => {
                self.enter(node);
                let points: Vec<(f32, f32)> = points.iter().map(|&(x, y)| (x, top + y)).collect();
                self.stroke(&points, *width, *dashed, *color);
            }
            Mark::Dot { x, y, radius, color } => {
                self.enter(node);
                self.dot(*x, top + y, *radius, *color);
            }
        }
    }

    fn text(&mut self, line: &TextLine, x: f32, y: f32, node: Option<NodeId>) {
        for run in line.runs.iter().filter(|run| run.look.code && run.end > run.start) {
            self.enter(None);
            let (above, below) = (0.82 * run.size, 0.30 * run.size);
            let width = run.end - run.start + 2.4;
            self.rect(x + run.start - 1.2, y - above, width, above + below, TINT);
        }
        for run in line.runs.iter().filter(|run| run.end > run.start) {
            if run.look.link.is_some() {
                self.enter(None);
                self.rect(
                    x + run.start,
                    y + 0.13 * run.size,
                    run.end - run.start,
                    0.6,
                    ACCENT_SOFT,
                );
            }
        }
        for run in &line.runs {
            let node = match (run.look.link, node) {
                (Some(link), Some(node)) => Some(self.link(link, node)),
                (Some(_), None) | (None, _) => node,
            };
            if let (Some(link), Some(node)) = (run.look.link, node)
                && run.end > run.start
            {
                let rect = [
                    x + run.start,
                    self.up(y + 0.3 * run.size),
                    x + run.end,
                    self.up(y - 0.9 * run.size),
                ];
                self.hot.push(Hot { page: self.page, rect, link, node });
            }
            self.enter(node);
            let place = Typeset { x, y: self.up(y), text: &line.text };
            if run.missing {
                self.missing(run, &place);
            } else {
                self.glyphs.run(&mut self.ops, run, &place);
            }
            if run.look.keycap {
                self.keys(run, x, y);
            }
        }
        for run in line.runs.iter().filter(|run| run.look.strike && run.end > run.start) {
            self.glyphs.leave_text(&mut self.ops);
            self.rect(x + run.start, y - 0.31 * run.size, run.end - run.start, 0.7, run.look.color);
        }
    }

    /// Draws a key around each cluster of the run.
    fn keys(&mut self, run: &Run, x: f32, y: f32) {
        self.glyphs.leave_text(&mut self.ops);
        let side = keycap_side(run.size);
        let lefts = run
            .clusters
            .iter()
            .filter_map(|cluster| run.glyphs.get(cluster.glyphs.start))
            .map(|g| g.x - side);
        let lefts: Vec<f32> = lefts.collect();
        for (at, left) in lefts.iter().enumerate() {
            let (left, right) =
                (x + left + 0.5, x + lefts.get(at + 1).copied().unwrap_or(run.end) - 0.5);
            let (top, bottom) = (y - 0.85 * run.size, y + 0.13 * run.size);
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
            self.stroke(&corners, 0.6, false, run.look.color);
        }
    }

    /// Draws boxes for characters that no font has, with their code points in them.
    fn missing(&mut self, run: &Run, place: &Typeset<'_>) {
        for cluster in &run.clusters {
            let glyphs = &run.glyphs[cluster.glyphs.clone()];
            // Shaping gives a glyph to each unknown character; joiners may have an invisible glyph
            // or none.
            let text = &place.text[cluster.text.clone()];
            let paired = text.chars().count() == glyphs.len();
            let mut characters = text.chars().filter(|&c| paired || !is_invisible(c));
            // Text after the character that is not drawn: the joiner to the next picture.
            let rest = cluster
                .sign
                .as_deref()
                .and_then(|sign| sign.strip_prefix(text))
                .unwrap_or_default();
            for (at, glyph) in glyphs.iter().enumerate() {
                let character = characters.next();
                match character.filter(|_| glyph.id == 0) {
                    Some(character) => {
                        let rest = if at + 1 == glyphs.len() { rest } else { "" };
                        self.numbered_box(character, rest, run, (place.x + glyph.x, place.y));
                    }
                    None if glyph.id == 0 => {}
                    None => self.glyphs.alone(&mut self.ops, run, *glyph, character, place),
                }
            }
        }
    }

    /// Draws a box for `character`; `rest` is copied with it.
    fn numbered_box(&mut self, character: char, rest: &str, run: &Run, (x, baseline): (f32, f32)) {
        self.boxed.insert(character);
        let bottom = baseline - 0.16 * run.size;
        self.glyphs.leave_text(&mut self.ops);
        let corners = [(0.05, 0.0), (0.55, 0.0), (0.55, 0.95), (0.05, 0.95), (0.05, 0.0)];
        let corner = |(dx, dy): (f32, f32)| (x + dx * run.size, self.up(bottom + dy * run.size));
        let points: Vec<(f32, f32)> = corners.map(corner).to_vec();
        self.stroke(&points, 0.5, false, MUTED);
        self.glyphs.number(&mut self.ops, character, (x, bottom), run.size);
        self.glyphs.unseen(&mut self.ops, &format!("{character}{rest}"), run, (x, baseline));
    }

    fn link(&mut self, link: u32, parent: NodeId) -> NodeId {
        *self.links.entry(link).or_insert_with(|| self.tree.add(parent, Role::Link))
    }

    /// Makes the following content part of `node`, or decoration.
    fn enter(&mut self, node: Option<NodeId>) {
        let marked = node.map_or(Marked::Artifact, Marked::Node);
        if self.open == Some(marked) {
            return;
        }
        self.close();
        match marked {
            Marked::Artifact => self.ops.push(Op::BeginMarkedContent { tag: "Artifact".into() }),
            Marked::Node(node) => {
                let id = self.tree.mark(node, self.page);
                let id = i64::try_from(id).unwrap_or(i64::MAX);
                let properties =
                    DictItem::Dict { map: [("MCID".to_string(), DictItem::Int(id))].into() };
                let tag = self.tree.role(node).name().to_string();
                self.ops.push(Op::BeginMarkedContentWithProperties { tag, properties });
            }
        }
        self.open = Some(marked);
    }

    fn close(&mut self) {
        self.glyphs.leave_text(&mut self.ops);
        if self.open.take().is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn up(&self, y: f32) -> f32 {
        self.height - y
    }

    fn point(&self, (x, y): (f32, f32)) -> LinePoint {
        LinePoint { p: Point { x: pt(x), y: pt(self.up(y)) }, bezier: false }
    }

    fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        self.glyphs.leave_text(&mut self.ops);
        self.glyphs.fill(&mut self.ops, color);
        let (y, mode) = (pt(self.up(y + height)), Some(PaintMode::Fill));
        let (x, width, height, winding_order) = (pt(x), pt(width), pt(height), None);
        self.ops.push(Op::DrawRectangle {
            rectangle: Rect { x, y, width, height, mode, winding_order },
        });
    }

    fn stroke(&mut self, points: &[(f32, f32)], width: f32, dashed: bool, color: Color) {
        self.glyphs.leave_text(&mut self.ops);
        self.ops.push(Op::SetOutlineColor { col: rgb(color) });
        self.ops.push(Op::SetOutlineThickness { pt: pt(width) });
        let dash = |pattern: &[f32]| Op::SetLineDashPattern {
            dash: LineDashPattern { pattern: pattern.iter().copied().collect(), offset: 0.0 },
        };
        if dashed {
            self.ops.push(dash(&[3.0, 2.4]));
        }
        let points = points.iter().map(|&point| self.point(point)).collect();
        self.ops.push(Op::DrawLine { line: printpdf::Line { points, is_closed: false } });
        if dashed {
            self.ops.push(dash(&[]));
        }
    }

    fn dot(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        /// The length of the handles of a cubic curve that best approximates a quarter circle.
        const HANDLE: f32 = 0.552_284_8;
        self.glyphs.leave_text(&mut self.ops);
        self.glyphs.fill(&mut self.ops, color);
        let (r, h) = (radius, radius * HANDLE);
        let around = [
            (r, 0.0, false),
            (r, h, true),
            (h, r, true),
            (0.0, r, false),
            (-h, r, true),
            (-r, h, true),
            (-r, 0.0, false),
            (-r, -h, true),
            (-h, -r, true),
            (0.0, -r, false),
            (h, -r, true),
            (r, -h, true),
            (r, 0.0, false),
        ];
        let points = around
            .iter()
            .map(|&(dx, dy, bezier)| LinePoint { bezier, ..self.point((x + dx, y + dy)) })
            .collect();
        let rings = vec![PolygonRing { points }];
        let polygon =
            Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero };
        self.ops.push(Op::DrawPolygon { polygon });
    }
}

/// A rectangle in PDF's form.
pub(super) fn rectangle(rect: [f32; 4]) -> Object {
    Object::Array(rect.iter().map(|&side| Object::Real(round(side))).collect())
}
