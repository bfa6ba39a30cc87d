//! A drawing under construction.

use super::{Anchor, Figure, Ink, Shape, text};
use crate::text::danger::one_line;

/// Labels.
pub(super) const LABEL: f32 = 12.0;
/// Ticks and notes.
pub(super) const SMALL: f32 = 11.0;

/// Collects shapes, and keeps text within the drawing.
pub(super) struct Canvas {
    width: f32,
    shapes: Vec<Shape>,
}

impl Canvas {
    pub(super) fn new(width: f32) -> Self {
        Canvas { width, shapes: Vec::new() }
    }

    pub(super) fn line(&mut self, points: Vec<(f32, f32)>, ink: Ink, width: f32, dashed: bool) {
        self.shapes.push(Shape::Line { points, ink, width, dashed });
    }

    pub(super) fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.shapes.push(Shape::Rect { x, y, width, height, ink });
    }

    pub(super) fn dot(&mut self, x: f32, y: f32, radius: f32, ink: Ink) {
        self.shapes.push(Shape::Dot { x, y, radius, ink });
    }

    /// Adds text; text that would leave the drawing is moved or truncated.
    pub(super) fn text(
        &mut self,
        x: f32,
        y: f32,
        size: f32,
        anchor: Anchor,
        ink: Ink,
        words: &str,
    ) {
        let words = text::fit(&one_line(words), size, self.width);
        if words.is_empty() {
            return;
        }
        let wide = text::width(&words, size);
        let offset = match anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => wide / 2.0,
            Anchor::End => wide,
        };
        let left = (x - offset).clamp(0.0, (self.width - wide).max(0.0));
        self.shapes.push(Shape::Text { x: left + offset, y, size, anchor, ink, text: words });
    }

    /// Adds an uncertain span of time: pale, with vertical hatching.
    pub(super) fn hatched(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.rect(x, y, width, height, Ink::Grid);
        let mut at = x;
        while at <= x + width {
            self.line(vec![(at, y), (at, y + height)], ink, 1.0, false);
            at += 4.0;
        }
    }

    /// Parallel lines from the lower left to the upper right, cut at the edges of the rectangle.
    pub(super) fn striped(
        &mut self,
        (x, y): (f32, f32),
        (width, height): (f32, f32),
        step: f32,
        ink: Ink,
        thick: f32,
    ) {
        let mut from = x - height + step / 2.0;
        while from < x + width {
            let start = from.max(x);
            let end = (from + height).min(x + width);
            if end > start {
                let points =
                    vec![(start, y + height - (start - from)), (end, y + height - (end - from))];
                self.line(points, ink, thick, false);
            }
            from += step;
        }
    }

    pub(super) fn finish(self, height: f32, alt: String) -> Figure {
        Figure { width: self.width, height, alt, shapes: self.shapes }
    }
}

#[cfg(test)]
pub(super) fn assert_inside(figure: &Figure) {
    for shape in &figure.shapes {
        match shape {
            Shape::Text { x, y, size, anchor, text: words, .. } => {
                let wide = text::width(words, *size);
                let left = match anchor {
                    Anchor::Start => *x,
                    Anchor::Middle => x - wide / 2.0,
                    Anchor::End => x - wide,
                };
                let inside = left >= -0.1
                    && left + wide <= figure.width + 0.1
                    && *y - size >= -2.0
                    && *y + 2.0 <= figure.height + 2.0;
                assert!(
                    inside,
                    "{words:?} at {left},{y} leaves {}×{}",
                    figure.width, figure.height
                );
                assert!(!words.contains(char::is_control));
            }
            Shape::Line { points, .. } => {
                for (x, y) in points {
                    let inside = (-1.0..=figure.width + 1.0).contains(x)
                        && (-1.0..=figure.height + 1.0).contains(y);
                    assert!(inside, "a line goes to {x},{y} in {}×{}", figure.width, figure.height);
                }
            }
            Shape::Rect { x, y, width, height, .. } => {
                assert!(*x >= -1.0 && *y >= -1.0 && *width >= 0.0 && *height >= 0.0);
                assert!(x + width <= figure.width + 1.0 && y + height <= figure.height + 1.0);
            }
            Shape::Dot { x, y, .. } => {
                assert!((0.0..=figure.width).contains(x) && (0.0..=figure.height).contains(y));
            }
        }
    }
}
