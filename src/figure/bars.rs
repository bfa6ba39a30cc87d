//! A stretch of time as a bar. Its level is a colour and a pattern, so that it can be read without
//! colours: full is solid, partial has wide stripes, degraded is hatched and outlined.

use chrono::{DateTime, Utc};

use super::axis::TimeAxis;
use super::canvas::{Canvas, SMALL};
use super::{Anchor, Ink, text};
use crate::model::time::Moment;

/// A span of time in one row.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// The label of the row. Bars with the same label share a row; rows are in the order of their
    /// first bars.
    pub row: String,
    /// The start.
    pub start: Moment,
    /// The end; `None` if it is ongoing.
    pub end: Option<Moment>,
    /// Its colour.
    pub ink: Ink,
    /// Its level and length, shown if the bar has room for it: `partial outage · 46 min`.
    pub label: String,
}

/// The height of a bar.
pub(super) const HEIGHT: f32 = 15.0;
/// The narrowest bar: a second of impact in a day is still impact.
const THINNEST: f32 = 2.0;

/// Draws `bar` below `top`. A bar without an end extends to `until`, at most to `right`.
pub(super) fn draw(
    canvas: &mut Canvas,
    axis: &TimeAxis,
    bar: &Bar,
    top: f32,
    until: DateTime<Utc>,
    right: f32,
) {
    let (maybe_from, surely_from) = (axis.x(bar.start.earliest()), axis.x(bar.start.latest()));
    let (surely_to, maybe_to) = match bar.end {
        Some(end) => (axis.x(end.earliest()), axis.x(end.latest())),
        None => (axis.x(until), axis.x(until)),
    };
    if surely_to < surely_from {
        // Each end may be anywhere, so no part of it is certain.
        let wide = (maybe_to - maybe_from).max(THINNEST);
        canvas.hatched(maybe_from, top, wide, HEIGHT, line_ink(bar.ink));
        return;
    }
    let left = surely_from.min(right - THINNEST);
    let wide = (surely_to - surely_from).max(THINNEST).min(right - left);
    filled(canvas, bar.ink, (left, top), wide);
    label(canvas, bar, (left, top), wide);
    for (from, to) in [(maybe_from, surely_from), (surely_to, maybe_to)] {
        if to - from >= 1.0 {
            canvas.hatched(from, top, to - from, HEIGHT, line_ink(bar.ink));
        }
    }
    for (moment, x) in [(Some(bar.start), maybe_from), (bar.end, maybe_to)] {
        if moment.is_some_and(Moment::is_about) {
            canvas.line(jagged(x, top), Ink::Paper, 2.5, false);
        }
    }
    if bar.end.is_none() {
        let (x, y) = ((left + wide).min(right), top + HEIGHT / 2.0);
        canvas.line(vec![(x, y), (x + 12.0, y)], line_ink(bar.ink), 3.0, true);
    }
}

fn filled(canvas: &mut Canvas, ink: Ink, (left, top): (f32, f32), wide: f32) {
    canvas.rect(left, top, wide, HEIGHT, ink);
    match ink {
        Ink::Partial => canvas.striped((left, top), (wide, HEIGHT), 11.0, Ink::Paper, 1.6),
        Ink::Degraded => {
            canvas.striped((left, top), (wide, HEIGHT), 5.0, Ink::DegradedLine, 0.7);
            let (right, bottom) = (left + wide, top + HEIGHT);
            let corners =
                vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
            canvas.line(corners, Ink::DegradedLine, 1.0, false);
        }
        _ => {}
    }
}

/// The level and the length, as far as there is room, on a plain background.
fn label(canvas: &mut Canvas, bar: &Bar, (left, top): (f32, f32), wide: f32) {
    let shorter = bar.label.rsplit(" · ").next().unwrap_or_default();
    let fits = |words: &&str| !words.is_empty() && text::width(words, SMALL) + 16.0 <= wide;
    let Some(words) = [bar.label.as_str(), shorter].into_iter().find(fits) else { return };
    let room = text::width(words, SMALL) + 8.0;
    let (ground, ink) = match bar.ink {
        Ink::Degraded => (Ink::Paper, Ink::Muted),
        other => (other, Ink::Paper),
    };
    canvas.rect(left + 4.0, top + 1.5, room, HEIGHT - 3.0, ground);
    canvas.text(left + 8.0, top + HEIGHT - 4.0, SMALL, Anchor::Start, ink, words);
}

/// The colour of lines, with enough contrast to the page.
fn line_ink(ink: Ink) -> Ink {
    if ink == Ink::Degraded { Ink::DegradedLine } else { ink }
}

/// The edge of a bar whose time is approximate.
fn jagged(x: f32, top: f32) -> Vec<(f32, f32)> {
    const TEETH: u8 = 6;
    (0..=TEETH)
        .map(|tooth| {
            let shift = if tooth % 2 == 0 { -1.5 } else { 1.5 };
            (x + shift, top + HEIGHT * f32::from(tooth) / f32::from(TEETH))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Shape;
    use crate::model::zone::Zone;

    fn drawn(start: &str, end: Option<&str>, ink: Ink) -> Vec<Shape> {
        let at = |text: &str| -> Moment { text.parse().unwrap() };
        let (from, to) = (at("2026-03-17T14:00Z"), at("2026-03-17T18:00Z"));
        let axis = TimeAxis::new(from.earliest(), to.earliest(), 100.0, 700.0, Zone::UTC);
        let bar = Bar {
            row: "api".into(),
            start: at(start),
            end: end.map(at),
            ink,
            label: "partial outage · 1 h".into(),
        };
        let mut canvas = Canvas::new(720.0);
        draw(&mut canvas, &axis, &bar, 0.0, to.earliest(), 700.0);
        canvas.finish(20.0, String::new()).shapes
    }

    fn lines(shapes: &[Shape], of: Ink) -> usize {
        shapes.iter().filter(|shape| matches!(shape, Shape::Line { ink, .. } if *ink == of)).count()
    }

    fn labels(shapes: &[Shape]) -> Vec<&str> {
        let mut labels = Vec::new();
        for shape in shapes {
            if let Shape::Text { text, .. } = shape {
                labels.push(text.as_str());
            }
        }
        labels
    }

    #[test]
    fn each_level_has_a_pattern() {
        let (start, end) = ("2026-03-17T14:00Z", Some("2026-03-17T16:00Z"));
        let full = drawn(start, end, Ink::Full);
        assert!(!full.iter().any(|shape| matches!(shape, Shape::Line { .. })));
        assert!(lines(&drawn(start, end, Ink::Partial), Ink::Paper) > 10);
        assert!(lines(&drawn(start, end, Ink::Degraded), Ink::DegradedLine) > 20);
    }

    #[test]
    fn a_label_is_shortened_or_left_out_where_there_is_no_room() {
        let until = |end| drawn("2026-03-17T14:00Z", Some(end), Ink::Full);
        assert_eq!(labels(&until("2026-03-17T16:00Z")), ["partial outage · 1 h"]);
        assert_eq!(labels(&until("2026-03-17T14:25Z")), ["1 h"]);
        assert_eq!(labels(&until("2026-03-17T14:01Z")), Vec::<&str>::new());
    }

    #[test]
    fn an_approximate_edge_is_jagged_and_an_open_end_goes_on() {
        let about = drawn("~2026-03-17T14:30Z", Some("2026-03-17T16:00Z"), Ink::Full);
        assert_eq!(lines(&about, Ink::Paper), 1);
        let open = drawn("2026-03-17T14:30Z", None, Ink::Full);
        assert_eq!(lines(&open, Ink::Full), 1);
    }
}
