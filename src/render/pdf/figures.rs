//! Figures: display lists as vector graphics.

use std::rc::Rc;

use super::layout::{Composer, Room, text_strip};
use super::rich::Rich;
use super::strip::{Mark, Strip};
use super::tags::Role;
use super::text::Align;
use super::theme::{self, Color, Face, PX};
use crate::figure::{Anchor, Figure, Ink, Shape};

impl Composer<'_> {
    /// Draws a figure at its own size, or smaller if the page requires it. A missing figure is
    /// replaced by its description.
    pub(super) fn figure(&mut self, name: &str, alt: &str, room: Room) {
        self.leave(theme::BLOCK_GAP);
        let node = self.tree.add(room.node, Role::Figure);
        let Some(figure) =
            self.figures.get(name).filter(|figure| figure.width > 0.0 && figure.height > 0.0)
        else {
            let lines = self.fonts.lines(
                &Rich::plain(alt, self.fonts),
                theme::QUOTED,
                room.width,
                Align::Start,
            );
            lines.into_iter().for_each(|line| self.push(text_strip(node, room.x, line)));
            self.leave(theme::BLOCK_GAP);
            return;
        };
        self.tree.describe(node, if alt.is_empty() { &figure.alt } else { alt });
        let scale = PX.min(room.width / figure.width).min(0.9 * self.page_height / figure.height);
        let mut strip = Strip { height: figure.height * scale, ..Strip::default() };
        let marks = self.shapes(figure, room.x, scale);
        strip.draw(Some(node), marks);
        self.push(strip);
        self.leave(theme::BLOCK_GAP);
    }

    fn shapes(&mut self, figure: &Figure, left: f32, scale: f32) -> Vec<Mark> {
        figure.shapes.iter().map(|shape| self.shape(shape, left, scale)).collect()
    }

    fn shape(&mut self, shape: &Shape, left: f32, scale: f32) -> Mark {
        let at = |x: f32| left + x * scale;
        match shape {
            Shape::Line { points, ink, width, dashed } => Mark::Stroke {
                points: points.iter().map(|&(x, y)| (at(x), y * scale)).collect(),
                width: width * scale,
                dashed: *dashed,
                color: color(*ink),
            },
            Shape::Rect { x, y, width, height, ink } => Mark::Rect {
                x: at(*x),
                y: y * scale,
                width: width * scale,
                height: height * scale,
                color: color(*ink),
            },
            Shape::Dot { x, y, radius, ink } => {
                Mark::Dot { x: at(*x), y: y * scale, radius: radius * scale, color: color(*ink) }
            }
            Shape::Text { x, y, size, anchor, ink, text } => {
                let face = Face {
                    size: size * scale,
                    leading: size * scale,
                    color: color(*ink),
                    ..theme::BODY
                };
                let line = self.fonts.line(text, face);
                let start = match anchor {
                    Anchor::Start => at(*x),
                    Anchor::Middle => at(*x) - line.width / 2.0,
                    Anchor::End => at(*x) - line.width,
                };
                Mark::Text { x: start, y: y * scale, line: Rc::new(line) }
            }
        }
    }
}

fn color(ink: Ink) -> Color {
    Color(ink.light())
}
