//! Tables: column widths, cells that wrap, and rows that may be broken across pages.

use std::rc::Rc;

use pulldown_cmark::Alignment;

use super::columns::distribute;
use super::fonts::Fonts;
use super::layout::{Composer, Room};
use super::rich::Rich;
use super::strip::{Mark, Strip};
use super::tags::{NodeId, Role};
use super::text::{Align, TextLine, Widths};
use super::theme::{self, Face, RULE, RULE_STRONG, TINT};
use crate::render::document::Inline;

/// A cell before its column has a width.
struct Cell {
    rich: Rich,
    widths: Widths,
    /// Its lines if nothing is wrapped.
    lines: Vec<TextLine>,
}

/// The properties that all rows share.
struct Grid<'g> {
    room: Room,
    table: NodeId,
    face: Face,
    /// The space left and right of each cell's text.
    side: f32,
    widths: &'g [f32],
    aligns: &'g [Align],
}

/// The kind of a row, which decides how it is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Header,
    Body,
}

impl Composer<'_> {
    pub(super) fn table(
        &mut self,
        alignments: &[Alignment],
        header: &[Vec<Inline>],
        rows: &[Vec<Vec<Inline>>],
        room: Room,
    ) {
        let columns =
            rows.iter().map(Vec::len).fold(alignments.len().max(header.len()), usize::max);
        if columns == 0 {
            return;
        }
        let texts: Vec<Vec<Rich>> = std::iter::once(header)
            .chain(rows.iter().map(Vec::as_slice))
            .map(|row| {
                row.iter().map(|cell| Rich::new(cell, &mut self.links, self.fonts)).collect()
            })
            .collect();
        let (face, side, cells, widths) = self.fit(texts, columns, room.width);
        let aligns: Vec<Align> = (0..columns).map(|at| align(alignments.get(at))).collect();
        let table = self.tree.add(room.node, Role::Table);
        let grid = Grid { room, table, face, side, widths: &widths, aligns: &aligns };
        self.leave(theme::BLOCK_GAP);
        let mut cells = cells.into_iter();
        let head = cells.next().unwrap_or_default();
        let repeated = self.header(head, &grid);
        self.column.headers.push(repeated);
        let number = self.column.headers.len() - 1;
        let mut rows: Vec<Vec<Strip>> = cells.map(|row| self.row(row, Kind::Body, &grid)).collect();
        keep_together(&mut rows, self.page_height);
        for mut strip in rows.into_iter().flatten() {
            strip.table = Some(number);
            self.push(strip);
        }
        self.leave(theme::BLOCK_GAP + 2.0);
    }

    /// Adds the header, and returns the strips that are repeated on each further page.
    fn header(&mut self, cells: Vec<Cell>, grid: &Grid<'_>) -> Vec<Strip> {
        if cells.iter().all(|cell| cell.rich.is_blank()) {
            return Vec::new();
        }
        let mut strips = self.row(cells, Kind::Header, grid);
        for strip in &mut strips {
            strip.keep_next = true;
            strip.frame = self.frame();
        }
        let height: f32 = strips.iter().map(|strip| strip.height).sum();
        let repeated = if height < self.page_height / 4.0 { strips.clone() } else { Vec::new() };
        strips.into_iter().for_each(|strip| self.push(strip));
        repeated
    }

    /// Measures the cells and sets the widths of the columns. If words would be broken in a table
    /// with many columns, it is set in smaller type with less space.
    fn fit(
        &mut self,
        texts: Vec<Vec<Rich>>,
        columns: usize,
        width: f32,
    ) -> (Face, f32, Vec<Vec<Cell>>, Vec<f32>) {
        let inner = |side: f32| (width - 2.0 * side * columns as f32).max(4.0 * columns as f32);
        let (mut face, mut side) = (theme::CELL, theme::CELL_SIDE);
        let mut cells = self.measure(texts, face);
        let least: f32 = (0..columns).map(|at| column(&cells, at, inner(side)).min).sum();
        if least > inner(side) {
            (face, side) = (theme::CELL_SMALL, theme::CELL_SIDE_SMALL);
            let texts = cells
                .into_iter()
                .map(|row| row.into_iter().map(|cell| cell.rich).collect())
                .collect();
            cells = self.measure(texts, face);
        }
        let needs: Vec<Widths> = (0..columns).map(|at| column(&cells, at, inner(side))).collect();
        let rows: Vec<Vec<f32>> =
            cells.iter().map(|row| row.iter().map(|cell| cell.widths.max).collect()).collect();
        let widths = distribute(&needs, &rows, inner(side));
        (face, side, cells, widths)
    }

    fn measure(&mut self, texts: Vec<Vec<Rich>>, face: Face) -> Vec<Vec<Cell>> {
        let mut rows = Vec::with_capacity(texts.len());
        for (at, row) in texts.into_iter().enumerate() {
            let face = Face { bold: at == 0, ..face };
            let cell = |rich: Rich| {
                let (widths, lines) = self.fonts.measured(&rich, face);
                Cell { rich, widths, lines }
            };
            rows.push(row.into_iter().map(cell).collect());
        }
        rows
    }

    fn row(&mut self, cells: Vec<Cell>, kind: Kind, grid: &Grid<'_>) -> Vec<Strip> {
        let row = self.tree.add(grid.table, Role::Row);
        let role = if kind == Kind::Header { Role::HeaderCell } else { Role::Cell };
        let face = Face { bold: kind == Kind::Header, ..grid.face };
        let mut x = grid.room.x + grid.side;
        let mut cells = cells.into_iter();
        let mut placed: Vec<Vec<(NodeId, Mark)>> = Vec::new();
        for (at, &width) in grid.widths.iter().enumerate() {
            let node = self.tree.add(row, role);
            if let Some(cell) = cells.next() {
                let fits = cell.widths.max <= width + 0.01;
                let wrapped =
                    |fonts: &mut Fonts| fonts.lines(&cell.rich, face, width.max(1.0), Align::Start);
                let lines = if fits { cell.lines } else { wrapped(self.fonts) };
                place(&mut placed, lines, node, x, width, grid.aligns[at]);
            }
            x += width + 2.0 * grid.side;
        }
        let whole = placed.len() as f32 * face.leading + 2.0 * theme::CELL_ABOVE;
        if whole > 0.4 * self.page_height {
            parted(placed, kind, grid)
        } else {
            vec![joined(placed, kind, grid)]
        }
    }
}

/// Avoids single rows of a table at the top or bottom of a page, and keeps a small table together.
/// Tall rows may be separated.
fn keep_together(rows: &mut [Vec<Strip>], page_height: f32) {
    const SMALL: usize = 5;
    let heights: Vec<f32> =
        rows.iter().map(|row| row.iter().map(|strip| strip.height).sum()).collect();
    let is_small = rows.len() <= SMALL && heights.iter().sum::<f32>() < page_height / 4.0;
    let count = rows.len();
    for (at, row) in rows.iter_mut().enumerate().take(count.saturating_sub(1)) {
        let is_end = at == 0 || at + 2 == count;
        let fits = heights[at] + heights[at + 1] < page_height / 3.0;
        if let [.., last] = row.as_mut_slice()
            && (is_small || (is_end && fits))
        {
            last.keep_next = true;
        }
    }
}

fn align(alignment: Option<&Alignment>) -> Align {
    match alignment {
        Some(Alignment::Right) => Align::End,
        Some(Alignment::Center) => Align::Center,
        Some(Alignment::Left | Alignment::None) | None => Align::Start,
    }
}

/// The widths that a column needs. A single long word may take up to a third of the table before it
/// is broken.
fn column(cells: &[Vec<Cell>], at: usize, inner: f32) -> Widths {
    let cells = cells.iter().filter_map(|row| row.get(at));
    let widths = cells.fold(Widths::default(), |sum, cell| Widths {
        min: sum.min.max(cell.widths.min),
        max: sum.max.max(cell.widths.max),
    });
    Widths { min: widths.min.min(inner / 3.0), max: widths.max.max(1.0) }
}

/// Adds the lines of a cell to the row: the list is by line, then by cell.
fn place(
    placed: &mut Vec<Vec<(NodeId, Mark)>>,
    lines: Vec<TextLine>,
    node: NodeId,
    x: f32,
    width: f32,
    align: Align,
) {
    for (at, line) in lines.into_iter().enumerate() {
        if placed.len() <= at {
            placed.push(Vec::new());
        }
        let room = (width - line.width).max(0.0);
        let shift = match align {
            Align::Start => 0.0,
            Align::Center => room / 2.0,
            Align::End => room,
        };
        let y = theme::CELL_ABOVE + line.baseline;
        placed[at].push((node, Mark::Text { x: x + shift, y, line: Rc::new(line) }));
    }
}

/// A row as one strip.
fn joined(placed: Vec<Vec<(NodeId, Mark)>>, kind: Kind, grid: &Grid<'_>) -> Strip {
    let leading = grid.face.leading;
    let height = placed.len().max(1) as f32 * leading + 2.0 * theme::CELL_ABOVE;
    let mut strip =
        Strip { height, baseline: Some(theme::CELL_ABOVE + leading * 0.75), ..Strip::default() };
    background(&mut strip, kind, grid);
    let mut cells: Vec<(NodeId, Vec<Mark>)> = Vec::new();
    for (at, line) in placed.into_iter().enumerate() {
        for (node, mark) in line {
            let mark = lowered(mark, at as f32 * leading);
            match cells.iter_mut().find(|(cell, _)| *cell == node) {
                Some((_, marks)) => marks.push(mark),
                None => cells.push((node, vec![mark])),
            }
        }
    }
    // Cells in their order, each read completely before the next.
    cells.sort_by_key(|(node, _)| *node);
    cells.into_iter().for_each(|(node, marks)| strip.draw(Some(node), marks));
    edge(&mut strip, kind, grid);
    strip
}

/// A row as one strip per line, since it may not fit on one page.
fn parted(placed: Vec<Vec<(NodeId, Mark)>>, kind: Kind, grid: &Grid<'_>) -> Vec<Strip> {
    let last = placed.len().saturating_sub(1);
    let mut strips = Vec::with_capacity(placed.len());
    for (at, line) in placed.into_iter().enumerate() {
        let above = if at == 0 { theme::CELL_ABOVE } else { 0.0 };
        let below = if at == last { theme::CELL_ABOVE } else { 0.0 };
        let height = above + grid.face.leading + below;
        let keep_next = at == 0 || at + 1 == last;
        let mut strip = Strip {
            height,
            keep_next: keep_next && at != last,
            continues: at > 0,
            ..Strip::default()
        };
        background(&mut strip, kind, grid);
        for (node, mark) in line {
            strip.draw(Some(node), vec![lowered(mark, above - theme::CELL_ABOVE)]);
        }
        if at == last {
            edge(&mut strip, kind, grid);
        }
        strips.push(strip);
    }
    strips
}

fn lowered(mark: Mark, by: f32) -> Mark {
    match mark {
        Mark::Text { x, y, line } => Mark::Text { x, y: y + by, line },
        Mark::Rect { .. } | Mark::Stroke { .. } | Mark::Dot { .. } => mark,
    }
}

fn background(strip: &mut Strip, kind: Kind, grid: &Grid<'_>) {
    if kind == Kind::Header {
        let (x, width, height) = (grid.room.x, extent(grid), strip.height);
        strip.draw(None, vec![Mark::Rect { x, y: 0.0, width, height, color: TINT }]);
    }
}

fn edge(strip: &mut Strip, kind: Kind, grid: &Grid<'_>) {
    let (thick, color) = if kind == Kind::Header { (0.9, RULE_STRONG) } else { (0.5, RULE) };
    let (x, width, y) = (grid.room.x, extent(grid), strip.height - thick);
    strip.draw(None, vec![Mark::Rect { x, y, width, height: thick, color }]);
}

fn extent(grid: &Grid<'_>) -> f32 {
    grid.widths.iter().map(|width| width + 2.0 * grid.side).sum()
}
