//! The blocks of the first page: labels, the summary, the band of key figures, columns of text.

use std::rc::Rc;

use super::layout::{Composer, Room};
use super::rich::Rich;
use super::strip::{Mark, Strip};
use super::tags::Role;
use super::text::Align;
use super::theme::{self, Face, INK, MUTED, RULE};
use crate::render::document::{Block, Inline, Look, bound, plain_text};

/// The space between two columns of text.
const GUTTER: f32 = 18.0;
/// The space to the left and right of the text of a chip.
const CHIP_SIDE: f32 = 6.0;
/// The height of a chip.
const CHIP_HEIGHT: f32 = 15.0;
/// A longer detail of a key figure continues on a second line.
const WIDEST_DETAIL: f32 = 105.0;
/// The space to the left and right of a figure in the band.
const BAND_SIDE: f32 = 9.0;

impl Composer<'_> {
    pub(super) fn styled(&mut self, look: Look, block: &Block, room: Room) {
        match (look, block) {
            (Look::Chips, Block::Paragraph(content)) => self.chips(&plain_text(content), room),
            (Look::Lead, Block::Paragraph(content)) => {
                self.paragraph(content, Room { body: theme::LEAD, ..room });
            }
            (Look::Small, Block::Paragraph(content)) => {
                self.leave(theme::BLOCK_GAP);
                self.paragraph(content, Room { body: theme::SMALL, ..room });
            }
            (Look::Band, Block::Table { header, rows, .. }) => self.band(header, rows, room),
            (Look::Columns, Block::Table { header, rows, .. }) => {
                self.text_columns(header, rows, room);
            }
            (_, block) => self.block(block, room),
        }
    }

    /// Labels in boxes, in one paragraph; each line of boxes is a strip.
    fn chips(&mut self, labels: &str, room: Room) {
        let node = self.tree.add(room.node, Role::Paragraph);
        let (mut x, mut marks, mut rows) = (room.x, Vec::new(), Vec::new());
        for label in labels.split(" · ") {
            let line = self.fonts.line_within(label, theme::CHIP, room.width - 2.0 * CHIP_SIDE);
            let width = line.width + 2.0 * CHIP_SIDE;
            if x > room.x && x + width > room.x + room.width {
                rows.push(std::mem::take(&mut marks));
                x = room.x;
            }
            let (right, bottom) = (x + width, CHIP_HEIGHT - 0.5);
            let corners = vec![(x, 0.5), (right, 0.5), (right, bottom), (x, bottom), (x, 0.5)];
            marks.push(Mark::Stroke { points: corners, width: 0.8, dashed: false, color: MUTED });
            let y = CHIP_HEIGHT / 2.0 + theme::CHIP.size * 0.36;
            marks.push(Mark::Text { x: x + CHIP_SIDE, y, line: Rc::new(line) });
            x = right + 6.0;
        }
        rows.push(marks);
        for marks in rows {
            let mut strip = Strip { height: CHIP_HEIGHT, keep_next: true, ..Strip::default() };
            let (text, boxes): (Vec<Mark>, Vec<Mark>) =
                marks.into_iter().partition(|mark| matches!(mark, Mark::Text { .. }));
            strip.draw(None, boxes);
            strip.draw(Some(node), text);
            self.push(strip);
            self.leave(4.0);
        }
        self.leave(theme::PARAGRAPH_GAP);
    }

    /// Key figures side by side.
    fn band(&mut self, header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], room: Room) {
        let faces = [theme::BAND_LABEL, theme::BAND_FIGURE, theme::BAND_LABEL];
        let figures: Vec<Vec<Inline>> =
            rows.iter().take(1).flatten().map(|figure| bound(figure)).collect();
        let cell = |row: &[Vec<Inline>], at: usize| row.get(at).cloned().unwrap_or_default();
        let columns: Vec<Vec<Vec<Inline>>> = (0..header.len())
            .map(|at| {
                let details = rows.iter().skip(1).take(1).map(|row| cell(row, at));
                [header[at].clone(), cell(&figures, at)].into_iter().chain(details).collect()
            })
            .collect();
        let widths = self.band_widths(&columns, room.width);
        let table = self.tree.add(room.node, Role::Table);
        let row_nodes: Vec<_> = (0..faces.len()).map(|_| self.tree.add(table, Role::Row)).collect();
        let mut strip = Strip { baseline: None, ..Strip::default() };
        let mut cells = Vec::new();
        let (mut x, mut tallest) = (room.x, 0.0f32);
        let mut edges = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let inset = if at == 0 { 0.0 } else { BAND_SIDE };
            let mut y = 7.0;
            for (row, (content, face)) in column.iter().zip(faces).enumerate() {
                let role = if row == 0 { Role::HeaderCell } else { Role::Cell };
                let node = self.tree.add(row_nodes[row], role);
                let width = widths[at] + 2.0 * BAND_SIDE - inset - 4.0;
                let (marks, below) = self.set(content, face, (x + inset, y), width);
                y = below;
                cells.push((node, marks));
            }
            tallest = tallest.max(y);
            x += widths[at] + 2.0 * BAND_SIDE;
            edges.push(x);
        }
        strip.height = tallest + 8.0;
        edges.pop();
        let frame = band_frame(&room, strip.height, &edges);
        strip.draw(None, frame);
        // In the order of the structure: by row, as a table is read.
        cells.sort_by_key(|(node, _)| *node);
        cells.into_iter().for_each(|(node, marks)| strip.draw(Some(node), marks));
        self.leave(theme::BLOCK_GAP);
        self.push(strip);
        self.leave(theme::BLOCK_GAP);
    }

    /// The widths of the columns of a band: what their figures need, and an equal share of the
    /// rest.
    fn band_widths(&mut self, columns: &[Vec<Vec<Inline>>], available: f32) -> Vec<f32> {
        let wanted: Vec<f32> = columns
            .iter()
            .map(|cells| {
                let widest = |composer: &mut Self, at: usize, face| {
                    let content = cells.get(at).map_or(&[][..], Vec::as_slice);
                    let rich = Rich::new(content, &mut composer.links, composer.fonts);
                    composer.fonts.measured(&rich, face).0.max
                };
                let detail = widest(self, 2, theme::BAND_LABEL).min(WIDEST_DETAIL);
                widest(self, 1, theme::BAND_FIGURE).max(detail).max(52.0)
            })
            .collect();
        let sides = 2.0 * BAND_SIDE * columns.len() as f32;
        let (sum, available) = (wanted.iter().sum::<f32>(), available - sides);
        if sum > available {
            wanted.iter().map(|width| width * available / sum).collect()
        } else {
            let rest = (available - sum) / columns.len() as f32;
            wanted.iter().map(|width| width + rest).collect()
        }
    }

    /// Sets text with its top left corner at a place. Returns its lines and their lower end.
    fn set(
        &mut self,
        content: &[Inline],
        face: Face,
        (x, mut y): (f32, f32),
        width: f32,
    ) -> (Vec<Mark>, f32) {
        let rich = Rich::new(content, &mut self.links, self.fonts);
        let mut marks = Vec::new();
        for line in self.fonts.lines(&rich, face, width, Align::Start) {
            let (baseline, height) = (y + line.baseline, line.height);
            marks.push(Mark::Text { x, y: baseline, line: Rc::new(line) });
            y += height;
        }
        (marks, y)
    }

    /// Columns of text with a heading each, in one piece.
    fn text_columns(&mut self, header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], room: Room) {
        let count = header.len().max(1) as f32;
        let width = (room.width - GUTTER * (count - 1.0)) / count;
        let table = self.tree.add(room.node, Role::Table);
        let head = self.tree.add(table, Role::Row);
        let body = self.tree.add(table, Role::Row);
        let mut strip = Strip::default();
        let mut cells = Vec::new();
        let mut tallest = 0.0f32;
        for (at, title) in header.iter().enumerate() {
            let x = room.x + at as f32 * (width + GUTTER);
            let content = rows.first().and_then(|row| row.get(at)).map_or(&[][..], Vec::as_slice);
            strip.draw(None, vec![Mark::Rect { x, y: 0.0, width, height: 1.0, color: INK }]);
            let parts = [
                (head, Role::HeaderCell, title.as_slice(), theme::COLUMN_TITLE),
                (body, Role::Cell, content, theme::COLUMN_TEXT),
            ];
            let mut y = 6.0;
            for (row, role, content, face) in parts {
                let node = self.tree.add(row, role);
                let (marks, below) = self.set(content, face, (x, y), width);
                y = below + 2.0;
                cells.push((node, marks));
            }
            tallest = tallest.max(y);
        }
        strip.height = tallest;
        cells.sort_by_key(|(node, _)| *node);
        cells.into_iter().for_each(|(node, marks)| strip.draw(Some(node), marks));
        self.leave(theme::BLOCK_GAP);
        self.push(strip);
        self.leave(theme::BLOCK_GAP);
    }
}

/// The lines above and below a band, and those between its columns, whose right edges are `edges`.
fn band_frame(room: &Room, height: f32, edges: &[f32]) -> Vec<Mark> {
    let (x, width) = (room.x, room.width);
    let line = |y: f32, thick: f32, color| Mark::Rect { x, y, width, height: thick, color };
    let between =
        |&x: &f32| Mark::Rect { x, y: 1.4, width: 0.5, height: height - 2.1, color: RULE };
    let mut frame = vec![line(0.0, 1.4, INK), line(height - 0.7, 0.7, MUTED)];
    frame.extend(edges.iter().map(between));
    frame
}
