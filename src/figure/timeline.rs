//! The impact and the milestones on one time axis.

use chrono::{DateTime, Utc};

use super::axis::TimeAxis;
use super::canvas::{Canvas, LABEL, SMALL};
use super::{Anchor, Figure, Ink, text};
use crate::model::time::Moment;
use crate::model::zone::Zone;

/// A labelled instant.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The time; an interval is drawn as one.
    pub at: Moment,
    /// The short label with the time: `detected 15:09`.
    pub label: String,
    /// Its colour.
    pub ink: Ink,
}

/// A span of time in one row.
#[derive(Debug, Clone)]
pub struct Bar {
    /// The label of the row. Bars with the same label share a row; rows are in the order of their
    /// first bars.
    pub row: String,
    /// The start.
    pub start: Moment,
    /// The end; `None` if it is ongoing.
    pub end: Option<Moment>,
    /// Its colour.
    pub ink: Ink,
}

/// The content of the axis.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The spans.
    pub bars: Vec<Bar>,
    /// The instants.
    pub marks: Vec<Mark>,
    /// Short labels of what is too far before all this to be drawn to scale.
    pub before: Vec<String>,
    /// Short labels of what is too far after it.
    pub after: Vec<String>,
    /// Where ongoing bars end; at the last known instant if absent.
    pub now: Option<DateTime<Utc>>,
    /// The zone of the axis.
    pub zone: Zone,
    /// The alternative text.
    pub alt: String,
}

const WIDTH: f32 = 720.0;
const LEFT: f32 = 76.0;
const RIGHT: f32 = 704.0;
const LANE: f32 = 17.0;
const ROW: f32 = 24.0;
const BAR: f32 = 14.0;
/// The distance between the leader of a mark and its label.
const GAP: f32 = 5.0;

/// Draws `timeline`; `None` if fewer than two instants are known, which form no axis.
pub fn draw(timeline: &Timeline) -> Option<Figure> {
    let (from, to) = domain(timeline)?;
    let axis = TimeAxis::new(from, to, LEFT, RIGHT, timeline.zone);
    let mut marks: Vec<&Mark> = timeline.marks.iter().collect();
    marks.sort_by_key(|mark| mark.at.middle());
    let labels = lay_out(&marks, &axis);
    let lanes = labels.iter().map(|label| label.lane + 1).max().unwrap_or(0);
    let rows = row_names(&timeline.bars);
    let distant = timeline.before.len().max(timeline.after.len()) as f32 * LANE;
    let first_row = 6.0 + distant + lanes as f32 * LANE + 4.0;
    let baseline = first_row + rows.len() as f32 * ROW + 8.0;

    let mut canvas = Canvas::new(WIDTH);
    time_ticks(&mut canvas, &axis, first_row, baseline);
    for (index, words) in timeline.before.iter().enumerate() {
        let words = text::fit(words, LABEL, WIDTH / 2.0 - 24.0);
        canvas.text(
            0.0,
            LABEL + 3.0 + index as f32 * LANE,
            LABEL,
            Anchor::Start,
            Ink::Muted,
            &format!("← {words}"),
        );
    }
    for (index, words) in timeline.after.iter().enumerate() {
        let words = text::fit(words, LABEL, WIDTH / 2.0 - 24.0);
        canvas.text(
            WIDTH,
            LABEL + 3.0 + index as f32 * LANE,
            LABEL,
            Anchor::End,
            Ink::Muted,
            &format!("{words} →"),
        );
    }
    for (mark, label) in marks.iter().zip(&labels) {
        let y = 6.0 + distant + (lanes - label.lane) as f32 * LANE - 4.0;
        leader(&mut canvas, &axis, mark, label, y, baseline);
    }
    for (index, row) in rows.iter().enumerate() {
        let top = first_row + index as f32 * ROW;
        let name = text::fit(row, LABEL, LEFT - 12.0);
        canvas.text(LEFT - 10.0, top + BAR - 2.0, LABEL, Anchor::End, Ink::Muted, &name);
        for bar in timeline.bars.iter().filter(|bar| bar.row == *row) {
            draw_bar(
                &mut canvas,
                &axis,
                bar,
                top,
                timeline.now.unwrap_or(to).max(bar.start.latest()),
            );
        }
    }
    canvas.line(vec![(LEFT, baseline), (RIGHT, baseline)], Ink::Strong, 1.0, false);
    for mark in &marks {
        canvas.dot(axis.x(mark.at.middle()), baseline, 3.5, mark.ink);
    }
    Some(canvas.finish(baseline + 36.0, timeline.alt.clone()))
}

fn domain(timeline: &Timeline) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let marks = timeline.marks.iter().flat_map(|mark| [mark.at.earliest(), mark.at.latest()]);
    let bars = timeline.bars.iter().flat_map(|bar| {
        let end =
            bar.end.map(Moment::latest).or(timeline.now.filter(|now| *now > bar.start.latest()));
        [Some(bar.start.earliest()), Some(bar.start.latest()), end].into_iter().flatten()
    });
    let instants: Vec<DateTime<Utc>> = marks.chain(bars).collect();
    let (from, to) = (*instants.iter().min()?, *instants.iter().max()?);
    (from < to).then_some((from, to))
}

fn row_names(bars: &[Bar]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for bar in bars {
        if !names.contains(&bar.row.as_str()) {
            names.push(&bar.row);
        }
    }
    names
}

/// The position of a mark's label: its lane, counted from the bottom, and its horizontal extent.
struct Label {
    x: f32,
    text: String,
    to_the_left: bool,
    lane: usize,
}

impl Label {
    /// The horizontal extent from the leader to the end of the label.
    fn stretch(&self) -> (f32, f32) {
        let wide = text::width(&self.text, LABEL) + 2.0 * GAP;
        if self.to_the_left { (self.x - wide, self.x) } else { (self.x, self.x + wide) }
    }
}

/// Labels are to the right of their leaders, or to the left at the edge of the drawing. A label
/// that would cross another leader is in a higher lane.
fn lay_out(marks: &[&Mark], axis: &TimeAxis) -> Vec<Label> {
    let mut labels: Vec<Label> = marks
        .iter()
        .map(|mark| Label {
            x: axis.x(mark.at.middle()),
            text: text::fit(&mark.label, LABEL, WIDTH / 2.0 - 3.0 * GAP),
            to_the_left: false,
            lane: 0,
        })
        .collect();
    let mut nearest_left = f32::INFINITY;
    for label in labels.iter_mut().rev() {
        let room = nearest_left.min(WIDTH) - label.x;
        let wide = label.stretch().1 - label.x;
        if wide < room {
            continue;
        }
        if wide <= label.x {
            label.to_the_left = true;
            nearest_left = label.x;
        } else {
            label.text = text::fit(&label.text, LABEL, (room - 2.0 * GAP - 1.0).max(0.0));
        }
    }
    let rightward: Vec<usize> =
        (0..labels.len()).rev().filter(|&index| !labels[index].to_the_left).collect();
    let leftward: Vec<usize> =
        (0..labels.len()).filter(|&index| labels[index].to_the_left).collect();
    let mut placed: Vec<usize> = Vec::new();
    for index in rightward.into_iter().chain(leftward) {
        let stretch = labels[index].stretch();
        let over = placed.iter().filter(|&&other| overlap(stretch, labels[other].stretch()));
        labels[index].lane = over.map(|&other| labels[other].lane + 1).max().unwrap_or(0);
        placed.push(index);
    }
    labels
}

fn overlap(a: (f32, f32), b: (f32, f32)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

fn leader(canvas: &mut Canvas, axis: &TimeAxis, mark: &Mark, label: &Label, y: f32, baseline: f32) {
    canvas.line(
        vec![(label.x, y - LABEL + 2.0), (label.x, baseline)],
        Ink::Muted,
        1.0,
        mark.at.is_about(),
    );
    let (x, anchor) = if label.to_the_left {
        (label.x - GAP, Anchor::End)
    } else {
        (label.x + GAP, Anchor::Start)
    };
    canvas.text(x, y, LABEL, anchor, Ink::Strong, &label.text);
    if mark.at.is_uncertain() {
        let (from, to) = (axis.x(mark.at.earliest()), axis.x(mark.at.latest()));
        canvas.hatched(from, baseline - 4.0, to - from, 8.0, mark.ink);
    }
}

fn draw_bar(canvas: &mut Canvas, axis: &TimeAxis, bar: &Bar, top: f32, until: DateTime<Utc>) {
    let (maybe_from, surely_from) = (axis.x(bar.start.earliest()), axis.x(bar.start.latest()));
    let (surely_to, maybe_to) = match bar.end {
        Some(end) => (axis.x(end.earliest()), axis.x(end.latest())),
        None => (axis.x(until), axis.x(until)),
    };
    if surely_to < surely_from {
        // Both ends are uncertain, so no part of it is certain.
        canvas.hatched(maybe_from, top, (maybe_to - maybe_from).max(2.0), BAR, bar.ink);
        return;
    }
    // A second of impact in a day is still visible: never thinner than two pixels.
    let (solid, wide) = (surely_from.min(RIGHT - 2.0), (surely_to - surely_from).max(2.0));
    canvas.rect(solid, top, wide.min(RIGHT - solid), BAR, bar.ink);
    for (from, to) in [(maybe_from, surely_from), (surely_to, maybe_to)] {
        if to - from >= 1.0 {
            canvas.hatched(from, top, to - from, BAR, bar.ink);
        }
    }
    for (moment, x) in [(Some(bar.start), maybe_from), (bar.end, maybe_to)] {
        if moment.is_some_and(Moment::is_about) {
            canvas.line(vec![(x, top - 3.0), (x, top + BAR + 3.0)], Ink::Muted, 1.0, true);
        }
    }
    if bar.end.is_none() {
        let x = (solid + wide).min(RIGHT);
        canvas.line(vec![(x, top + BAR / 2.0), (x + 12.0, top + BAR / 2.0)], bar.ink, 3.0, true);
    }
}

/// Draws grid lines with the time below them, for all charts over time.
pub(super) fn time_ticks(canvas: &mut Canvas, axis: &TimeAxis, top: f32, baseline: f32) {
    let mut free_from = f32::NEG_INFINITY;
    let mut date_free_from = f32::NEG_INFINITY;
    for tick in axis.ticks(9) {
        canvas.line(vec![(tick.x, top), (tick.x, baseline + 4.0)], Ink::Grid, 1.0, false);
        let half = text::width(&tick.label, SMALL) / 2.0;
        if tick.x - half >= free_from {
            canvas.text(tick.x, baseline + 16.0, SMALL, Anchor::Middle, Ink::Muted, &tick.label);
            free_from = tick.x + half + 6.0;
        }
        if let Some(date) = tick.date {
            let half = text::width(&date, SMALL) / 2.0;
            if tick.x - half >= date_free_from {
                canvas.text(tick.x, baseline + 30.0, SMALL, Anchor::Middle, Ink::Muted, &date);
                date_free_from = tick.x + half + 6.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::figure::Shape;
    use crate::figure::canvas::assert_inside;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn mark(at: &str, label: &str) -> Mark {
        Mark { at: moment(at), label: label.into(), ink: Ink::Strong }
    }

    fn timeline(bars: Vec<Bar>, marks: Vec<Mark>) -> Timeline {
        let distant = || vec!["a word".to_owned()];
        Timeline {
            bars,
            marks,
            before: distant(),
            after: distant(),
            now: None,
            zone: Zone::UTC,
            alt: "alt".into(),
        }
    }

    /// Checks that labels, as boxes, and leaders, as vertical lines, do not overlap.
    fn assert_legible(figure: &Figure) {
        let boxes: Vec<(f32, f32, f32, &str)> = figure
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Text { x, y, size, anchor, ink: Ink::Strong, text: words } => {
                    let wide = text::width(words, *size);
                    let left = if *anchor == Anchor::End { x - wide } else { *x };
                    Some((left, left + wide, *y, words.as_str()))
                }
                _ => None,
            })
            .collect();
        for (index, a) in boxes.iter().enumerate() {
            for b in &boxes[index + 1..] {
                assert!(a.2 != b.2 || a.1 < b.0 || b.1 < a.0, "{} and {} overlap", a.3, b.3);
            }
        }
        for shape in &figure.shapes {
            let Shape::Line { points, ink: Ink::Muted, .. } = shape else { continue };
            for (left, right, y, words) in &boxes {
                let crossed = points[0].0 > left + 1.0
                    && points[0].0 < right - 1.0
                    && points[0].1 < *y
                    && points[1].1 > *y;
                assert!(!crossed, "a leader crosses {words}");
            }
        }
    }

    #[test]
    fn time_axis_needs_two_instants() {
        assert!(draw(&timeline(vec![], vec![])).is_none());
        assert!(draw(&timeline(vec![], vec![mark("2026-03-17T14:00Z", "a")])).is_none());
        assert!(
            draw(&timeline(
                vec![],
                vec![mark("2026-03-17T14:00Z", "a"), mark("2026-03-17T14:01Z", "b")]
            ))
            .is_some()
        );
    }

    #[test]
    fn uncertain_times_are_hatched() {
        let bar = Bar {
            row: "Degraded".into(),
            start: moment("2026-03-17T14:00Z..2026-03-17T14:30Z"),
            end: Some(moment("2026-03-17T16:00Z")),
            ink: Ink::Degraded,
        };
        let figure = draw(&timeline(vec![bar], vec![])).unwrap();
        let pale = figure
            .shapes
            .iter()
            .filter(|shape| matches!(shape, Shape::Rect { ink: Ink::Grid, .. }))
            .count();
        let solid = figure
            .shapes
            .iter()
            .filter(|shape| matches!(shape, Shape::Rect { ink: Ink::Degraded, .. }))
            .count();
        assert_eq!((pale, solid), (1, 1));
    }

    #[test]
    fn crowded_labels_do_not_overlap() {
        let marks = (0..10)
            .map(|minute| {
                mark(&format!("2026-03-17T14:{:02}Z", minute * 2), "acknowledged 14:00:00")
            })
            .collect();
        assert_legible(&draw(&timeline(vec![], marks)).unwrap());
    }

    proptest! {
        #[test]
        fn every_shape_is_inside_the_drawing(
            times in proptest::collection::vec((0i64..200_000, 0i64..9_000, any::<bool>(), ".{0,60}"), 2..12),
            ongoing in any::<bool>(),
        ) {
            let start: DateTime<Utc> = "2026-03-17T14:00:00Z".parse().unwrap();
            let at = |from: i64, wide: i64, about: bool| {
                let first = Moment::exact(start + chrono::TimeDelta::seconds(from));
                let moment = Moment::between(first, first.shifted(chrono::TimeDelta::seconds(wide)).unwrap()).unwrap();
                if about { moment.approximate() } else { moment }
            };
            let marks: Vec<Mark> = times.iter()
                .map(|(from, wide, about, label)| Mark { at: at(*from, *wide / 3, *about), label: label.clone(), ink: Ink::Strong }).collect();
            let bars = times.iter().map(|(from, wide, about, label)| Bar {
                row: label.chars().take(3).collect(), start: at(*from, *wide, *about),
                end: (!ongoing).then(|| at(from + wide / 2, *wide, false)), ink: Ink::Full,
            }).collect();
            if let Some(figure) = draw(&timeline(bars, marks)) {
                assert_inside(&figure);
                assert_legible(&figure);
            }
        }
    }
}
