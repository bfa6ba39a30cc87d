//! Joins pieces of text into lines, and puts the lines of a page in reading order.

use super::content::Piece;
use super::tags::{is_same_line, is_separate};

/// A gap of this many font sizes within a line separates cells or columns.
const CELL: f32 = 1.1;

/// A part of a line between two such gaps.
#[derive(Debug, Clone)]
pub(super) struct Segment<'p> {
    pub(super) x: f32,
    pub(super) end: f32,
    pub(super) pieces: Vec<&'p Piece>,
}

impl Segment<'_> {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (at, piece) in self.pieces.iter().enumerate() {
            if at > 0 && is_separate(self.pieces[at - 1], piece) {
                text.push(' ');
            }
            text.push_str(&piece.text);
        }
        text.trim().to_owned()
    }
}

#[derive(Debug, Clone)]
pub(super) struct Line<'p> {
    pub(super) page: usize,
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) segments: Vec<Segment<'p>>,
    /// The right edge of its column.
    pub(super) right: f32,
}

impl<'p> Line<'p> {
    /// A line of these segments; the longest piece gives its font size.
    fn of(page: usize, segments: Vec<Segment<'p>>, right: f32) -> Self {
        let pieces = segments.iter().flat_map(|segment| &segment.pieces);
        let longest = pieces.max_by_key(|piece| piece.text.len());
        let (y, size) = longest.map_or((0.0, 0.0), |piece| (piece.y, piece.size));
        Line { page, y, size, segments, right }
    }

    pub(super) fn x(&self) -> f32 {
        self.segments[0].x
    }

    pub(super) fn end(&self) -> f32 {
        self.segments.last().map_or(0.0, |segment| segment.end)
    }

    pub(super) fn text(&self) -> String {
        self.segments.iter().map(Segment::text).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn all(&self, is: impl Fn(&Piece) -> bool) -> bool {
        let mut pieces = self.segments.iter().flat_map(|segment| &segment.pieces);
        pieces.all(|piece| piece.text.trim().is_empty() || is(piece))
    }
}

/// Joins pieces into lines, from top to bottom and from left to right.
pub(super) fn lines(page: usize, pieces: &[Piece]) -> Vec<Line<'_>> {
    let mut pieces: Vec<&Piece> =
        pieces.iter().filter(|piece| !piece.text.trim().is_empty()).collect();
    pieces.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut rows: Vec<Vec<&Piece>> = Vec::new();
    for piece in pieces {
        match rows.last_mut().filter(|row| is_same_line(row[0], piece)) {
            Some(row) => row.push(piece),
            None => rows.push(vec![piece]),
        }
    }
    let mut found: Vec<Line<'_>> = rows.into_iter().map(|row| line(page, row)).collect();
    let right = found.iter().map(Line::end).fold(0.0, f32::max);
    found.iter_mut().for_each(|line| line.right = right);
    found
}

fn line(page: usize, mut row: Vec<&Piece>) -> Line<'_> {
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    let longest = row.iter().max_by_key(|piece| piece.text.len());
    let size = longest.map_or(0.0, |piece| piece.size);
    let mut segments: Vec<Segment<'_>> = Vec::new();
    for piece in row {
        match segments.last_mut().filter(|last| piece.x - last.end < CELL * size) {
            Some(last) => {
                // Some programs draw the same text twice to make it look bold.
                let is_again = last.pieces.last().is_some_and(|other| {
                    other.text == piece.text && (other.x - piece.x).abs() < 0.1 * size
                });
                if !is_again {
                    last.end = last.end.max(piece.end);
                    last.pieces.push(piece);
                }
            }
            None => segments.push(Segment { x: piece.x, end: piece.end, pieces: vec![piece] }),
        }
    }
    Line::of(page, segments, 0.0)
}

/// The minimum number of lines in each of two text columns.
const LEAST_LINES: usize = 8;

/// The minimum number of characters in a line of a text column. Table cells are usually shorter.
const LETTERS: usize = 22;

/// Returns the lines of a page in reading order: in a part with two columns, the left one comes
/// first.
pub(super) fn in_order(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let Some(gutter) = gutter(&lines) else { return lines };
    let (mut all, mut left, mut right) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        let crosses = line
            .segments
            .iter()
            .any(|segment| segment.x < gutter - 2.0 && segment.end > gutter + 2.0);
        if crosses {
            all.append(&mut left);
            all.append(&mut right);
            all.push(line);
            continue;
        }
        let end = line.right;
        let of = |is_left: bool| -> Vec<Segment<'_>> {
            let is_there = |segment: &&Segment<'_>| (segment.x < gutter - 2.0) == is_left;
            line.segments.iter().filter(is_there).cloned().collect()
        };
        let (before, behind) = (of(true), of(false));
        if !before.is_empty() {
            left.push(Line::of(line.page, before, gutter));
        }
        if !behind.is_empty() {
            right.push(Line::of(line.page, behind, end));
        }
    }
    let widest = left.iter().map(Line::end).fold(0.0, f32::max);
    left.iter_mut().for_each(|line| line.right = widest);
    all.append(&mut left);
    all.append(&mut right);
    all
}

/// Returns the left edge of the right column, if there are two: text lines end before it or start
/// at it, and few cross it.
fn gutter(lines: &[Line<'_>]) -> Option<f32> {
    let all = || lines.iter().flat_map(|line| &line.segments);
    let long: Vec<&Segment<'_>> =
        all().filter(|segment| segment.text().chars().count() >= LETTERS).collect();
    let begin_at = |x: f32| long.iter().filter(|other| (other.x - x).abs() < 3.0).count();
    let left = long.iter().map(|segment| segment.x).fold(f32::MAX, f32::min);
    let right = lines.first().map_or(0.0, |line| line.right);
    let starts = long.iter().map(|segment| segment.x).filter(|x| *x > left + 0.25 * (right - left));
    let best = starts.max_by_key(|x| begin_at(*x))?;
    let before = long.iter().filter(|segment| segment.end < best).count();
    let across = all().filter(|segment| segment.x < best - 2.0 && segment.end > best + 2.0).count();
    let behind = begin_at(best);
    (before >= LEAST_LINES && behind >= LEAST_LINES && across * 4 <= before + behind)
        .then_some(best)
}
