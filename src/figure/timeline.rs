//! The impact and the milestones on one time axis.

use chrono::{DateTime, Utc};

use super::axis::TimeAxis;
pub(crate) use super::bars::Bar;
use super::canvas::{Canvas, LABEL, SMALL};
use super::{Anchor, Figure, Ink, bars, text};
use crate::model::time::Moment;
use crate::model::zone::Zone;

/// A labelled instant.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// The time; an interval is drawn as one.
    pub at: Moment,
    /// The short label with the time: `detected 15:09`.
    pub label: String,
    /// Its colour.
    pub ink: Ink,
}

/// The content of the axis.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    /// The spans.
    pub bars: Vec<Bar>,
    /// The instants.
    pub marks: Vec<Mark>,
    /// Short labels of events that are too far before the others to be drawn to scale.
    pub before: Vec<String>,
    /// Short labels of events that are too far after the others.
    pub after: Vec<String>,
    /// Where ongoing bars end; at the last known instant if absent.
    pub now: Option<DateTime<Utc>>,
    /// The zone of the axis.
    pub zone: Zone,
    /// The alternative text.
    pub alt: String,
}

const WIDTH: f32 = 720.0;
/// The minimum and the maximum width of the left margin, which has the names of lanes.
const MARGIN: (f32, f32) = (76.0, 170.0);
const RIGHT: f32 = 704.0;
const LANE: f32 = 17.0;
const ROW: f32 = 24.0;
/// The distance between the leader of a mark and its label.
const GAP: f32 = 5.0;
/// The name of the lane of the milestones.
const RESPONSE: &str = "response";

/// Draws `timeline`; `None` if fewer than two instants are known, because they give no axis. From
/// top to bottom: a UTC axis if the zone is another one, the bars, the labelled milestones, the
/// axis.
pub(crate) fn draw(timeline: &Timeline) -> Option<Figure> {
    let (from, to) = domain(timeline)?;
    let rows = row_names(&timeline.bars);
    let names = rows.iter().copied().chain([RESPONSE]);
    let left = names.map(|name| text::width(name, LABEL) + 14.0).fold(MARGIN.0, f32::max);
    let left = left.min(MARGIN.1);
    let axis = TimeAxis::new(from, to, left, RIGHT, timeline.zone);
    let mut marks: Vec<&Mark> = timeline.marks.iter().collect();
    marks.sort_by_key(|mark| mark.at.earliest());
    let labels = lay_out(&marks, &axis);
    let lanes = labels.iter().map(|label| label.lane + 1).max().unwrap_or(0);
    let distant = timeline.before.len().max(timeline.after.len()) as f32 * LANE;
    let has_utc = timeline.zone.label(from) != "UTC";
    let first_row = 6.0 + distant + if has_utc { LANE } else { 0.0 };
    let response = first_row + rows.len() as f32 * ROW + 8.0;
    let baseline = response + 12.0 + lanes as f32 * LANE;

    let mut canvas = Canvas::new(WIDTH);
    time_ticks(&mut canvas, &axis, first_row - 2.0, baseline);
    let zone = timeline.zone.label(from);
    canvas.text(left - 10.0, baseline + 16.0, SMALL, Anchor::End, Ink::Muted, &zone);
    if has_utc {
        let utc = TimeAxis::new(from, to, left, RIGHT, Zone::UTC);
        let y = first_row - 7.0;
        canvas.text(left - 10.0, y, SMALL, Anchor::End, Ink::Muted, "UTC");
        for tick in utc.ticks(6) {
            canvas.text(tick.x, y, SMALL, Anchor::Middle, Ink::Muted, &tick.label);
        }
    }
    distant_labels(&mut canvas, timeline);
    for (index, row) in rows.iter().enumerate() {
        let top = first_row + index as f32 * ROW;
        let name = text::fit(row, LABEL, left - 12.0);
        canvas.text(left - 10.0, top + bars::HEIGHT - 3.0, LABEL, Anchor::End, Ink::Muted, &name);
        for bar in timeline.bars.iter().filter(|bar| bar.row == *row) {
            let until = timeline.now.unwrap_or(to).max(bar.start.latest());
            bars::draw(&mut canvas, &axis, bar, top, until, RIGHT);
        }
    }
    canvas.text(left - 10.0, response + 4.0, LABEL, Anchor::End, Ink::Muted, RESPONSE);
    canvas.line(vec![(left, response), (RIGHT, response)], Ink::Strong, 1.0, false);
    for (mark, label) in marks.iter().zip(&labels) {
        leader(&mut canvas, mark, label, response);
    }
    for mark in &marks {
        instant(&mut canvas, &axis, mark, response);
    }
    canvas.line(vec![(left, baseline), (RIGHT, baseline)], Ink::Grid, 1.0, false);
    Some(canvas.finish(baseline + 36.0, timeline.alt.clone()))
}

/// Draws the labels of events that are too far away, at the upper edge.
fn distant_labels(canvas: &mut Canvas, timeline: &Timeline) {
    let sides = [(&timeline.before, 0.0, Anchor::Start), (&timeline.after, WIDTH, Anchor::End)];
    for (labels, x, anchor) in sides {
        for (index, words) in labels.iter().enumerate() {
            let words = text::fit(words, LABEL, WIDTH / 2.0 - 24.0);
            let words = match anchor {
                Anchor::Start => format!("← {words}"),
                Anchor::Middle | Anchor::End => format!("{words} →"),
            };
            let y = LABEL + 3.0 + index as f32 * LANE;
            canvas.text(x, y, LABEL, anchor, Ink::Muted, &words);
        }
    }
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
            x: axis.x(mark.at.earliest()),
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

/// Draws the label of a mark below the lane, and the line to it.
fn leader(canvas: &mut Canvas, mark: &Mark, label: &Label, response: f32) {
    let y = response + 6.0 + (label.lane + 1) as f32 * LANE - 3.0;
    let is_about = mark.at.is_about();
    canvas.line(vec![(label.x, response), (label.x, y + 1.0)], Ink::Muted, 1.0, is_about);
    let (x, anchor) = if label.to_the_left {
        (label.x - GAP, Anchor::End)
    } else {
        (label.x + GAP, Anchor::Start)
    };
    canvas.text(x, y, LABEL, anchor, Ink::Strong, &label.text);
}

/// Draws a mark on the lane: a ring for a known instant, a bracket for an interval.
fn instant(canvas: &mut Canvas, axis: &TimeAxis, mark: &Mark, y: f32) {
    let (from, to) = (axis.x(mark.at.earliest()), axis.x(mark.at.latest()));
    if mark.at.is_uncertain() {
        canvas.rect(from, y - 2.5, (to - from).max(1.0), 5.0, Ink::Muted);
        for x in [from, to] {
            canvas.line(vec![(x, y - 6.0), (x, y + 6.0)], Ink::Strong, 1.2, false);
        }
    } else {
        canvas.dot(from, y, 4.5, mark.ink);
        canvas.dot(from, y, 2.6, Ink::Paper);
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
            label: String::new(),
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
                end: (!ongoing).then(|| at(from + wide / 2, *wide, false)), ink: [Ink::Full, Ink::Partial, Ink::Degraded][label.len() % 3],
                label: label.clone(),
            }).collect();
            if let Some(figure) = draw(&timeline(bars, marks)) {
                assert_inside(&figure);
                assert_legible(&figure);
            }
        }
    }
}
