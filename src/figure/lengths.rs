//! Durations as dots on a logarithmic axis, with their median and its interval; and how many of
//! them are over by which time.

use super::canvas::{Canvas, LABEL, SMALL};
use super::log_axis::LogAxis;
use super::{Anchor, Figure, Ink};

/// A length of time, which may be uncertain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Length {
    /// The least that it can be, in seconds.
    pub(crate) least: f64,
    /// The most that it can be, in seconds.
    pub(crate) most: f64,
    /// Whether it is over; else it is the length so far.
    pub(crate) is_over: bool,
}

/// The values of one row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: String,
    /// The lengths.
    pub(crate) values: Vec<Length>,
    /// The median, and the limits of its interval, each if there is one.
    pub(crate) median: [Option<f64>; 3],
}

const WIDTH: f32 = 720.0;
const LEFT: f32 = 150.0;
const RIGHT: f32 = 700.0;
const ROW: f32 = 30.0;

/// Draws a row of dots for each of `rows`. `None` without any value.
pub(crate) fn strip(rows: &[Row], alt: String) -> Option<Figure> {
    let axis = LogAxis::new(ends(rows), LEFT, RIGHT)?;
    let mut canvas = Canvas::new(WIDTH);
    let bottom = ROW * rows.len() as f32 + 6.0;
    grid(&mut canvas, &axis, bottom);
    for (index, row) in rows.iter().enumerate() {
        let y = ROW * index as f32 + 18.0;
        let name = super::text::fit(&row.name, LABEL, LEFT - 16.0);
        canvas.text(LEFT - 10.0, y + 4.0, LABEL, Anchor::End, Ink::Strong, &name);
        let [median, low, high] = row.median;
        if median.is_some() && (low.is_some() || high.is_some()) {
            // A limit that the data does not give is beyond the axis.
            let ends =
                [low.map_or(LEFT, |low| axis.x(low)), high.map_or(RIGHT, |high| axis.x(high))];
            canvas.rect(ends[0], y - 7.0, (ends[1] - ends[0]).max(1.0), 14.0, Ink::Grid);
        }
        for length in &row.values {
            draw_length(&mut canvas, &axis, length, y);
        }
        if let Some(median) = median {
            let x = axis.x(median);
            canvas.line(vec![(x, y - 9.0), (x, y + 9.0)], Ink::Strong, 2.0, false);
        }
    }
    Some(canvas.finish(bottom + 24.0, alt))
}

/// Both ends of each length, in seconds.
pub(crate) fn ends(rows: &[Row]) -> impl Iterator<Item = f64> {
    rows.iter().flat_map(|row| row.values.iter().flat_map(|length| [length.least, length.most]))
}

/// A known length is a dot. An uncertain one is a bracket: its middle is no more likely than its
/// ends.
fn draw_length(canvas: &mut Canvas, axis: &LogAxis, length: &Length, y: f32) {
    let (from, to) = (axis.x(length.least), axis.x(length.most));
    let ink = if length.is_over { Ink::Accent } else { Ink::Accent2 };
    if length.least < length.most {
        canvas.line(vec![(from, y - 3.5), (from, y + 3.5)], ink, 1.5, false);
        canvas.line(vec![(from, y), (to, y)], ink, 1.5, false);
        canvas.line(vec![(to, y - 3.5), (to, y + 3.5)], ink, 1.5, false);
    } else {
        canvas.dot(from, y, 2.6, ink);
    }
    if !length.is_over {
        canvas.line(vec![(to, y), ((to + 9.0).min(RIGHT), y)], ink, 1.5, false);
    }
}

fn grid(canvas: &mut Canvas, axis: &LogAxis, bottom: f32) {
    for (x, label) in axis.ticks() {
        canvas.line(vec![(x, 2.0), (x, bottom)], Ink::Grid, 1.0, false);
        canvas.text(x, bottom + 16.0, SMALL, Anchor::Middle, Ink::Muted, label);
    }
}

/// Draws a falling curve: the share that lasts longer than a time. Each step is a time in seconds
/// and the share after it. `until` is the greatest length that was observed.
pub(crate) fn survival(steps: &[(f64, f64)], until: f64, alt: String) -> Option<Figure> {
    const HEIGHT: f32 = 170.0;
    let axis = LogAxis::new(steps.iter().map(|step| step.0).chain([until]), 60.0, RIGHT)?;
    let mut canvas = Canvas::new(WIDTH);
    let y = |share: f64| 10.0 + (HEIGHT - 20.0) * (1.0 - share.clamp(0.0, 1.0)) as f32;
    grid(&mut canvas, &axis, y(0.0));
    for (share, label) in [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")] {
        canvas.line(vec![(60.0, y(share)), (RIGHT, y(share))], Ink::Grid, 1.0, false);
        canvas.text(52.0, y(share) + 4.0, SMALL, Anchor::End, Ink::Muted, label);
    }
    let mut points = vec![(60.0, y(1.0))];
    let mut last = 1.0;
    for &(seconds, share) in steps {
        points.extend([(axis.x(seconds), y(last)), (axis.x(seconds), y(share))]);
        last = share;
    }
    points.push((axis.x(until), y(last)));
    canvas.line(points, Ink::Accent, 2.0, false);
    Some(canvas.finish(y(0.0) + 24.0, alt))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Shape;
    use crate::figure::canvas::assert_inside;

    #[test]
    fn an_uncertain_length_is_a_bracket_without_a_dot() {
        let dots = |values: Vec<Length>| {
            let row = Row { values, ..Row::default() };
            let figure = strip(&[row], String::new()).expect("a figure");
            figure.shapes.iter().filter(|shape| matches!(shape, Shape::Dot { .. })).count()
        };
        let known = Length { least: 60.0, most: 60.0, is_over: true };
        assert_eq!(dots(vec![known, Length { most: 90.0, ..known }]), 1);
    }

    #[test]
    fn shapes_stay_inside_whatever_the_values_are() {
        let known = |seconds, is_over| Length { least: seconds, most: seconds, is_over };
        let uncertain = Length { least: 0.0, most: 1e12, is_over: true };
        for values in [
            vec![],
            vec![known(0.0, true)],
            vec![known(1e12, false), known(1.0, true)],
            vec![uncertain],
            vec![known(90.0, true); 40],
        ] {
            let median = [values.first().map(|one| one.least), None, Some(1e15)];
            let row =
                Row { name: "a long name of a group that does not fit".into(), values, median };
            let figure = strip(&[row.clone(), row.clone()], "alt".into());
            assert_eq!(figure.is_some(), !row.values.is_empty());
            figure.iter().for_each(assert_inside);
            let steps: Vec<(f64, f64)> = row.values.iter().map(|one| (one.least, 0.5)).collect();
            survival(&steps, 1e6, String::new()).iter().for_each(assert_inside);
        }
    }
}
