//! Lays out blocks as strips: their order, their indentation, and what must not be separated.

use std::rc::Rc;

use super::fonts::Fonts;
use super::rich::{Links, Rich};
use super::strip::{Column, Frame, FrameKind, Mark, Strip, Target};
use super::tags::{NodeId, Role, Tree};
use super::text::{Align, TextLine};
use super::theme::{self, ACCENT, Face, MUTED, RULE};
use crate::render::Figures;
use crate::render::document::{Block, Inline, plain_text};

/// The part of the page width that a block may fill, and its text style.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) body: Face,
    pub(super) node: NodeId,
    pub(super) depth: usize,
}

/// Builds the column of a document.
pub(super) struct Composer<'a> {
    pub(super) fonts: &'a mut Fonts,
    pub(super) figures: &'a Figures,
    pub(super) tree: &'a mut Tree,
    pub(super) links: Links,
    pub(super) column: Column,
    /// The height of the largest strip that fits on a page.
    pub(super) page_height: f32,
    frame: Option<usize>,
    /// The space below the last block, which is merged with the space above the next one.
    below: f32,
    /// The marker of a list item, which is drawn with the first strip of the item.
    marker: Option<(NodeId, f32, TextLine)>,
}

impl<'a> Composer<'a> {
    pub(super) fn new(
        fonts: &'a mut Fonts,
        figures: &'a Figures,
        tree: &'a mut Tree,
        page_height: f32,
    ) -> Self {
        let (links, column) = (Links::default(), Column::default());
        Composer {
            fonts,
            figures,
            tree,
            links,
            column,
            page_height,
            frame: None,
            below: 0.0,
            marker: None,
        }
    }

    /// Lays out `blocks` in a column that starts at `x`.
    pub(super) fn document(mut self, blocks: &[Block], x: f32, width: f32) -> (Column, Links) {
        self.blocks(blocks, Room { x, width, body: theme::BODY, node: Tree::ROOT, depth: 0 });
        (self.column, self.links)
    }

    fn blocks(&mut self, blocks: &[Block], room: Room) {
        for (at, block) in blocks.iter().enumerate() {
            self.block(block, room);
            if leads(blocks, at) {
                self.hold();
            }
        }
    }

    /// Keeps the last strip on one page with the beginning of the next block.
    fn hold(&mut self) {
        if let Some(last) = self.column.strips.last_mut() {
            last.keep_next = true;
        }
    }

    pub(super) fn block(&mut self, block: &Block, room: Room) {
        match block {
            Block::Heading { level, anchor, content } => {
                self.heading(*level, anchor, content, room);
            }
            Block::Paragraph(content) => self.paragraph(content, room),
            Block::List { start, items } => self.list(*start, items, room),
            Block::Table { alignments, header, rows } => self.table(alignments, header, rows, room),
            Block::Code { text, .. } => self.code(text, room),
            Block::Quote(inner) => self.quote(inner, room),
            Block::Figure { name, alt } => self.figure(name, alt, room),
            Block::Rule => self.rule(room),
            Block::Styled { look, block } => self.styled(*look, block, room),
        }
    }

    /// Adds a strip with its frame and, if there is one, the pending marker.
    pub(super) fn push(&mut self, mut strip: Strip) {
        strip.gap = strip.gap.max(std::mem::take(&mut self.below));
        strip.frame = self.frame;
        if let Some((node, x, line)) = self.marker.take() {
            let y = strip.baseline.unwrap_or(line.baseline);
            let mark = Mark::Text { x, y, line: Rc::new(line) };
            strip.contents.insert(0, super::strip::Content { node: Some(node), marks: vec![mark] });
        }
        self.column.strips.push(strip);
    }

    /// Sets the minimum space above the next strip.
    pub(super) fn leave(&mut self, space: f32) {
        self.below = self.below.max(space);
    }

    fn heading(&mut self, level: u8, anchor: &str, content: &[Inline], room: Room) {
        let face = theme::heading(level);
        let rich = Rich::new(content, &mut self.links, self.fonts);
        let node = self.tree.add(room.node, Role::Heading(level));
        self.leave(theme::above_heading(level));
        let lines = self.fonts.lines(&rich, face, room.width, Align::Start);
        let last = lines.len() - 1;
        for (at, line) in lines.into_iter().enumerate() {
            let mut strip = text_strip(node, room.x, line);
            strip.keep_next = true;
            if at == 0 {
                let title = rich.text().trim().to_string();
                strip.target = Some(Target { level, anchor: anchor.to_string(), title });
            }
            if at == last {
                underline(&mut strip, level, room);
            }
            self.push(strip);
        }
        self.leave(theme::below_heading(level));
    }

    pub(super) fn paragraph(&mut self, content: &[Inline], room: Room) {
        let rich = Rich::new(content, &mut self.links, self.fonts);
        if rich.is_blank() && self.marker.is_none() {
            return;
        }
        let node = self.tree.add(room.node, Role::Paragraph);
        self.leave(theme::PARAGRAPH_GAP);
        let lines = self.fonts.lines(&rich, room.body, room.width, Align::Start);
        let count = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            let mut strip = text_strip(node, room.x, line);
            // Avoids single lines of a paragraph at the top or bottom of a page.
            strip.keep_next = at + 1 < count && (at == 0 || at + 2 == count);
            self.push(strip);
        }
        self.leave(theme::PARAGRAPH_GAP);
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], room: Room) {
        let list = self.tree.add(room.node, Role::List);
        if room.depth > 0 {
            self.below = theme::ITEM_GAP;
        }
        let markers: Vec<TextLine> =
            (0..items.len()).map(|at| self.marker_for(start, at, room)).collect();
        let widest = markers.iter().map(|marker| marker.width).fold(0.0, f32::max);
        let indent = theme::LIST_INDENT.max(widest + 7.0).min(room.width / 3.0);
        for (at, (item, marker)) in items.iter().zip(markers).enumerate() {
            let node = self.tree.add(list, Role::Item);
            let label = self.tree.add(node, Role::Label);
            let body = self.tree.add(node, Role::Body);
            if at > 0 {
                self.below = theme::ITEM_GAP;
            }
            // Numbers are aligned on the right, so that the texts after 9. and 10. line up.
            let x = room.x + indent - 7.0 - marker.width;
            self.marker = Some((label, x, marker));
            let (x, width) = (room.x + indent, room.width - indent);
            let inner = Room { x, width, node: body, depth: room.depth + 1, ..room };
            self.item(item, inner, at > 0);
        }
        self.below = theme::PARAGRAPH_GAP;
    }

    /// One item. Its first block has the narrow space of the list above it.
    fn item(&mut self, blocks: &[Block], room: Room, narrow: bool) {
        let first = self.column.strips.len();
        self.blocks(blocks, room);
        if self.marker.is_some() {
            let line = self.fonts.line("", room.body);
            let node = room.node;
            self.push(text_strip(node, room.x, line));
        }
        let plain = matches!(blocks.first(), Some(Block::Paragraph(_)) | None);
        if let Some(strip) = self.column.strips.get_mut(first)
            && narrow
            && plain
        {
            strip.gap = theme::ITEM_GAP;
        }
    }

    fn marker_for(&mut self, start: Option<u64>, at: usize, room: Room) -> TextLine {
        let face = Face { color: MUTED, ..room.body };
        match start {
            Some(first) => self.fonts.line(&format!("{}.", first.saturating_add(at as u64)), face),
            None if room.depth.is_multiple_of(2) => self.fonts.line("\u{2022}", face),
            None => self.fonts.line("\u{2013}", face),
        }
    }

    fn quote(&mut self, blocks: &[Block], room: Room) {
        let inset = 14f32.min(room.width / 6.0);
        let node = self.tree.add(room.node, Role::Quote);
        self.leave(theme::BLOCK_GAP);
        let outer = self.open(FrameKind::Quote, room.x, room.width, 2.0);
        let inner = Room {
            x: room.x + inset,
            width: room.width - inset,
            body: theme::QUOTED,
            node,
            ..room
        };
        self.blocks(blocks, inner);
        self.frame = outer;
        self.leave(theme::BLOCK_GAP);
    }

    /// Opens a frame around the next strips; returns the enclosing one for [`Composer::close`].
    pub(super) fn open(&mut self, kind: FrameKind, x: f32, width: f32, pad: f32) -> Option<usize> {
        let outer = self.frame;
        self.column.frames.push(Frame { kind, parent: outer, x, width, pad });
        self.frame = Some(self.column.frames.len() - 1);
        outer
    }

    /// The innermost open frame.
    pub(super) fn frame(&self) -> Option<usize> {
        self.frame
    }

    /// Restores the frame that [`Composer::open`] returned.
    pub(super) fn close(&mut self, outer: Option<usize>) {
        self.frame = outer;
    }

    fn rule(&mut self, room: Room) {
        self.leave(theme::BLOCK_GAP + 3.0);
        let mut strip = Strip { height: 1.0, ..Strip::default() };
        strip.draw(
            None,
            vec![Mark::Rect { x: room.x, y: 0.2, width: room.width, height: 0.7, color: RULE }],
        );
        self.push(strip);
        self.leave(theme::BLOCK_GAP + 3.0);
    }
}

/// The longest text of a paragraph that is certainly one line, in bytes.
const SHORT: usize = 80;

/// Whether `next` is the heading of a section within that of `heading`.
fn is_deeper(heading: &Block, next: &Block) -> bool {
    matches!((heading, next), (Block::Heading { level, .. }, Block::Heading { level: below, .. }) if below > level)
}

/// Whether a page break below the block would separate what belongs together: an introductory line
/// from its block, or the footer of the document from everything before it.
fn leads(blocks: &[Block], at: usize) -> bool {
    let Some(next) = blocks.get(at + 1) else { return false };
    let is_foot = |at: usize| matches!(blocks.get(at..), Some([Block::Rule, Block::Paragraph(_)]));
    match &blocks[at] {
        _ if is_foot(at + 1) => true,
        Block::Rule => is_foot(at),
        Block::Paragraph(content) => {
            let below_heading = at > 0 && matches!(blocks[at - 1], Block::Heading { .. });
            let is_apart =
                matches!(next, Block::Paragraph(_) | Block::Heading { .. } | Block::Rule);
            let is_label = matches!(content.as_slice(), [Inline::Strong(_)]);
            // A figure's caption is above it.
            matches!(next, Block::Figure { .. })
                || (below_heading && !is_apart)
                // `All times are in UTC.` above the days of a timeline: a page that ends with a
                // heading and such a line would look as if nothing followed.
                || (at > 0 && is_deeper(&blocks[at - 1], next) && plain_text(content).len() <= SHORT)
                || is_label
                || plain_text(content).trim_end().ends_with(':')
        }
        Block::Heading { .. }
        | Block::List { .. }
        | Block::Table { .. }
        | Block::Code { .. }
        | Block::Quote(_)
        | Block::Styled { .. }
        | Block::Figure { .. } => false,
    }
}

/// A strip with one line of text.
pub(super) fn text_strip(node: NodeId, x: f32, line: TextLine) -> Strip {
    let (height, y) = (line.height, line.baseline);
    let mut strip = Strip { height, baseline: Some(y), ..Strip::default() };
    strip.draw(Some(node), vec![Mark::Text { x, y, line: Rc::new(line) }]);
    strip
}

/// The title has a short bar in the accent colour below it, a chapter has a hairline.
fn underline(strip: &mut Strip, level: u8, room: Room) {
    let mark = match level {
        0 | 1 => {
            strip.height += 8.5;
            Mark::Rect { x: room.x, y: strip.height - 2.5, width: 34.0, height: 2.5, color: ACCENT }
        }
        2 => {
            strip.height += 4.0;
            Mark::Rect {
                x: room.x,
                y: strip.height - 0.7,
                width: room.width,
                height: 0.7,
                color: RULE,
            }
        }
        _ => return,
    };
    strip.draw(None, vec![mark]);
}
