//! Splits the column into pages.

use super::strip::{Column, Strip};
use super::theme;

/// The size of the text area.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) top: f32,
    pub(super) bottom: f32,
}

/// A strip on a page.
#[derive(Debug)]
pub(super) struct Placed<'c> {
    pub(super) strip: &'c Strip,
    /// The distance from the top of the page to the strip.
    pub(super) y: f32,
    /// Whether it is a repeated table header.
    pub(super) repeated: bool,
}

/// The strips of each page; there is at least one page.
pub(super) fn paginate(column: &Column, area: Area) -> Vec<Vec<Placed<'_>>> {
    let mut cutter = Cutter { column, area, pages: vec![Vec::new()], y: area.top };
    let mut from = 0;
    while from < column.strips.len() {
        let chained = column.strips[from..].iter().take_while(|strip| strip.keep_next).count();
        let to = (from + chained + 1).min(column.strips.len());
        cutter.chunk(&column.strips[from..to]);
        from = to;
    }
    cutter.pages
}

struct Cutter<'c> {
    column: &'c Column,
    area: Area,
    pages: Vec<Vec<Placed<'c>>>,
    y: f32,
}

impl<'c> Cutter<'c> {
    /// Places strips that belong together; separates them only if no page could hold them all.
    fn chunk(&mut self, strips: &'c [Strip]) {
        if !self.fits(strips) && !self.is_fresh() {
            self.turn();
        }
        let whole = self.fits(strips);
        for strip in strips {
            if !whole && !self.fits(std::slice::from_ref(strip)) && !self.is_fresh() {
                self.turn();
            }
            self.place(strip);
        }
    }

    fn is_fresh(&self) -> bool {
        self.page().is_empty()
    }

    fn page(&self) -> &[Placed<'c>] {
        self.pages.last().map(Vec::as_slice).unwrap_or_default()
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = self.area.top;
    }

    fn fits(&self, strips: &[Strip]) -> bool {
        let mut y = self.y;
        let mut before = self.page().last().map(|placed| placed.strip);
        for strip in strips {
            let header = if before.is_none() { self.header_height(strip) } else { 0.0 };
            y += self.space(before, strip) + header + strip.height;
            before = Some(strip);
        }
        let closing = strips.last().map_or(0.0, |strip| self.column.padding(strip));
        y + closing <= self.area.bottom + 0.01
    }

    /// The space above `strip` when it follows `before`: its gap, and the edges of the frames in
    /// between.
    fn space(&self, before: Option<&Strip>, strip: &Strip) -> f32 {
        let Some(before) = before else { return self.column.padding(strip) };
        let pads = |of: &Strip, other: &Strip| -> f32 {
            let shared: Vec<usize> = self.column.frames_of(other).collect();
            let own = self.column.frames_of(of).filter(|frame| !shared.contains(frame));
            own.map(|frame| self.column.frames[frame].pad).sum()
        };
        strip.gap + pads(before, strip) + pads(strip, before)
    }

    fn header_height(&self, strip: &Strip) -> f32 {
        self.header(strip).iter().map(|header| header.height).sum::<f32>()
            + self.below_header(strip)
    }

    fn header(&self, strip: &Strip) -> &'c [Strip] {
        strip.table.map_or(&[], |table| self.column.headers[table].as_slice())
    }

    /// The extra space below a repeated header, since the middle of a row has no space of its own.
    fn below_header(&self, strip: &Strip) -> f32 {
        if strip.continues && !self.header(strip).is_empty() { theme::CELL_ABOVE } else { 0.0 }
    }

    fn place(&mut self, strip: &'c Strip) {
        let before = self.page().last().map(|placed| placed.strip);
        self.y += self.space(before, strip);
        if before.is_none() {
            for header in self.header(strip) {
                self.put(header, true);
            }
            self.y += self.below_header(strip);
        }
        self.put(strip, false);
    }

    fn put(&mut self, strip: &'c Strip, repeated: bool) {
        let y = self.y;
        self.y += strip.height;
        if let Some(page) = self.pages.last_mut() {
            page.push(Placed { strip, y, repeated });
        }
    }
}
