//! A metric over time, as a line chart and as a sparkline of block characters.

use chrono::{DateTime, TimeDelta, Utc};

use super::axis::{TimeAxis, ValueAxis, short};
use super::canvas::{Canvas, SMALL};
use super::timeline::time_ticks;
use super::{Anchor, Figure, Ink, text};
use crate::model::series::Series;
use crate::model::zone::Zone;

/// A chart of series with the same unit.
#[derive(Debug, Clone)]
pub(crate) struct Chart<'a> {
    /// The lines, the most important first.
    pub series: &'a [&'a Series],
    /// Instants to mark, each with a label.
    pub marks: Vec<(DateTime<Utc>, &'static str)>,
    /// The zone of the axis.
    pub zone: Zone,
    /// The alternative text.
    pub alt: String,
}

/// The most lines that a reader can distinguish.
pub(crate) const MOST_SERIES: usize = 6;

const WIDTH: f32 = 720.0;
const LEFT: f32 = 52.0;
const RIGHT: f32 = 704.0;
const PLOT: f32 = 150.0;
const LEGEND: f32 = 17.0;
/// A distance between samples of more than this many usual ones is a gap.
const GAP_FROM: i32 = 3;

/// The styles of the lines, in the order of the series.
const STYLES: [(Ink, bool); MOST_SERIES] = [
    (Ink::Accent, false),
    (Ink::Accent2, false),
    (Ink::Strong, false),
    (Ink::Accent, true),
    (Ink::Accent2, true),
    (Ink::Strong, true),
];

/// Draws `chart`; `None` if no series has a number.
pub(crate) fn draw(chart: &Chart<'_>) -> Option<Figure> {
    let drawn: Vec<&Series> = chart
        .series
        .iter()
        .copied()
        .filter(|series| finite(series).next().is_some())
        .take(MOST_SERIES)
        .collect();
    let values = || drawn.iter().flat_map(|series| finite(series));
    let (low, high) =
        (values().map(|(_, v)| v).reduce(f64::min)?, values().map(|(_, v)| v).reduce(f64::max)?);
    let (from, to) = (values().map(|(at, _)| at).min()?, values().map(|(at, _)| at).max()?);

    let mut canvas = Canvas::new(WIDTH);
    let top = legend(&mut canvas, &drawn, chart.series.len());
    let bottom = top + PLOT;
    let axis = TimeAxis::new(from, to, LEFT, RIGHT, chart.zone);
    let scale = ValueAxis::new(low, high, top, bottom);
    time_ticks(&mut canvas, &axis, top, bottom);
    for (y, label) in scale.ticks() {
        canvas.line(vec![(LEFT, y), (RIGHT, y)], Ink::Grid, 1.0, false);
        canvas.text(
            LEFT - 6.0,
            y + 4.0,
            SMALL,
            Anchor::End,
            Ink::Muted,
            &text::fit(&label, SMALL, LEFT - 8.0),
        );
    }
    marks(&mut canvas, chart, &axis, (from, to), top, bottom);
    for (series, (ink, dashed)) in drawn.iter().zip(STYLES) {
        for points in lines(series, &axis, &scale) {
            match points.as_slice() {
                // A single sample between two gaps.
                [(x, y)] => canvas.dot(*x, *y, 2.0, ink),
                _ => canvas.line(points, ink, 1.75, dashed),
            }
        }
    }
    if let [only] = drawn.as_slice() {
        extremes(&mut canvas, only, &axis, &scale, bottom);
    }
    Some(canvas.finish(bottom + 36.0, chart.alt.clone()))
}

type Sample = (DateTime<Utc>, f64);

/// The samples with a number, including infinities.
fn numbers(series: &Series) -> impl DoubleEndedIterator<Item = Sample> {
    series.points.iter().filter_map(|(at, value)| Some((*at, value.filter(|v| !v.is_nan())?)))
}

/// The samples with a finite number, which can be drawn.
fn finite(series: &Series) -> impl DoubleEndedIterator<Item = Sample> {
    numbers(series).filter(|(_, value)| value.is_finite())
}

/// Draws the names of the lines, as many per row as fit; returns where the plot begins.
fn legend(canvas: &mut Canvas, drawn: &[&Series], all: usize) -> f32 {
    let (mut x, mut y) = (LEFT, 14.0);
    let more = all - drawn.len();
    let rest = (more > 0).then(|| format!("and {more} more"));
    let names = drawn.iter().zip(STYLES).map(|(series, style)| {
        let unit = series
            .unit
            .as_deref()
            .filter(|unit| !unit.is_empty())
            .map_or(String::new(), |unit| format!(" {unit}"));
        let range = ends(numbers(series)).map_or(String::new(), |(low, high)| {
            format!(": {} to {}", short(low.1), short(high.1))
        });
        (format!("{}{range}{unit}", series.name), Some(style))
    });
    for (name, style) in names.chain(rest.map(|words| (words, None))) {
        let name = text::fit(&name, SMALL, WIDTH - LEFT - 40.0);
        let wide = text::width(&name, SMALL) + 40.0;
        if x > LEFT && x + wide > WIDTH {
            (x, y) = (LEFT, y + LEGEND);
        }
        if let Some((ink, dashed)) = style {
            canvas.line(vec![(x, y - 4.0), (x + 18.0, y - 4.0)], ink, 2.0, dashed);
        }
        canvas.text(x + 24.0, y, SMALL, Anchor::Start, Ink::Muted, &name);
        x += wide;
    }
    // Space for the labels of the marks, and below them for the number at a peak.
    y + LEGEND + 20.0
}

fn marks(
    canvas: &mut Canvas,
    chart: &Chart<'_>,
    axis: &TimeAxis,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    top: f32,
    bottom: f32,
) {
    let mut free_from = f32::NEG_INFINITY;
    let mut within: Vec<_> =
        chart.marks.iter().filter(|(at, _)| (from..=to).contains(at)).collect();
    within.sort();
    for (at, words) in within {
        let x = axis.x(*at);
        canvas.line(vec![(x, top - 14.0), (x, bottom)], Ink::Full, 1.0, true);
        let half = text::width(words, SMALL) / 2.0;
        let centre = x.clamp(half, WIDTH - half);
        if centre - half >= free_from {
            canvas.text(centre, top - 18.0, SMALL, Anchor::Middle, Ink::Full, words);
            free_from = centre + half + 6.0;
        }
    }
}

/// The line in parts between its gaps. Of the samples in one pixel column, only the first, the
/// lowest, the highest and the last are drawn, which looks the same as drawing all.
fn lines(series: &Series, axis: &TimeAxis, scale: &ValueAxis) -> Vec<Vec<(f32, f32)>> {
    let usual = usual_distance(series);
    let mut pieces: Vec<Vec<(f32, f32)>> = Vec::new();
    let mut column: Vec<(f32, f32)> = Vec::new();
    let mut last: Option<DateTime<Utc>> = None;
    for (at, value) in &series.points {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            last = None;
            continue;
        };
        let is_gap =
            last.is_none_or(|last| usual.is_some_and(|usual| *at - last > usual * GAP_FROM));
        if is_gap {
            flush(&mut column, &mut pieces);
            pieces.push(Vec::new());
        }
        let point = (axis.x(*at), scale.y(value));
        if column.first().is_some_and(|first| point.0 - first.0 >= 1.0) {
            flush(&mut column, &mut pieces);
        }
        column.push(point);
        last = Some(*at);
    }
    flush(&mut column, &mut pieces);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn flush(column: &mut Vec<(f32, f32)>, pieces: &mut [Vec<(f32, f32)>]) {
    let Some(piece) = pieces.last_mut() else { return };
    let by_height = |a: &(usize, &(f32, f32)), b: &(usize, &(f32, f32))| a.1.1.total_cmp(&b.1.1);
    let lowest = column.iter().enumerate().min_by(by_height).map(|(index, _)| index);
    let highest = column.iter().enumerate().max_by(by_height).map(|(index, _)| index);
    let mut kept: Vec<usize> =
        [Some(0), lowest, highest, column.len().checked_sub(1)].into_iter().flatten().collect();
    kept.sort_unstable();
    kept.dedup();
    piece.extend(kept.into_iter().filter_map(|index| column.get(index)));
    column.clear();
}

/// The median distance between samples.
fn usual_distance(series: &Series) -> Option<TimeDelta> {
    let mut distances: Vec<TimeDelta> = series
        .points
        .windows(2)
        .map(|pair| pair[1].0 - pair[0].0)
        .filter(|distance| *distance > TimeDelta::zero())
        .collect();
    let middle = distances.len() / 2;
    (!distances.is_empty()).then(|| *distances.select_nth_unstable(middle).1)
}

/// Marks the lowest and the highest sample, with their numbers if these do not meet a line.
fn extremes(canvas: &mut Canvas, series: &Series, axis: &TimeAxis, scale: &ValueAxis, bottom: f32) {
    let Some((lowest, highest)) =
        ends(finite(series)).filter(|(lowest, highest)| lowest.1 < highest.1)
    else {
        return;
    };
    for ((at, value), is_high) in [(highest, true), (lowest, false)] {
        let (x, y) = (axis.x(at), scale.y(value));
        canvas.dot(x, y, 3.0, Ink::Accent);
        let below = y + SMALL + 4.0;
        // The legend has both numbers, so one without space can be omitted.
        if is_high || below <= bottom - 2.0 {
            let y = if is_high { y - 7.0 } else { below };
            canvas.text(x, y, SMALL, Anchor::Middle, Ink::Strong, &short(value));
        }
    }
}

/// The first of the lowest and the first of the highest samples.
fn ends(mut samples: impl Iterator<Item = Sample>) -> Option<(Sample, Sample)> {
    let first = samples.next()?;
    Some(samples.fold((first, first), |(low, high), next| {
        (if next.1 < low.1 { next } else { low }, if next.1 > high.1 { next } else { high })
    }))
}

/// The maximum length of a sparkline, in characters.
const SPARKS: usize = 40;

/// `series` as a row of block characters, for outputs without drawings; a gap is a space. Empty if
/// there is no number. Each character shows the highest sample of its interval.
pub(crate) fn sparkline(series: &Series) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let values = || finite(series).map(|(_, value)| value);
    let (Some(low), Some(high)) = (values().reduce(f64::min), values().reduce(f64::max)) else {
        return String::new();
    };
    let (Some((from, _)), Some((to, _))) = (finite(series).next(), finite(series).next_back())
    else {
        return String::new();
    };
    let columns = SPARKS.min(series.points.len());
    let span = (to - from).num_milliseconds().max(1) as f64;
    let mut highest = vec![None::<f64>; columns];
    for (at, value) in finite(series) {
        let share = (at - from).num_milliseconds() as f64 / span;
        let last = columns - 1;
        let column = &mut highest[((share * last as f64).round() as usize).min(last)];
        *column = Some(column.map_or(value, |before| before.max(value)));
    }
    let block = |value: f64| {
        let share =
            if high > low { (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) } else { 0.5 };
        BLOCKS[((share * 7.0).round() as usize).min(7)]
    };
    highest.into_iter().map(|value| value.map_or(' ', block)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::figure::Shape;
    use crate::figure::canvas::assert_inside;

    fn series(values: &[Option<f64>]) -> Series {
        let start: DateTime<Utc> = "2026-03-17T14:00:00Z".parse().unwrap();
        let points = values
            .iter()
            .enumerate()
            .map(|(n, v)| (start + TimeDelta::minutes(n as i64), *v))
            .collect();
        Series {
            name: "requests".into(),
            query: None,
            unit: Some("1/s".into()),
            labels: Default::default(),
            points,
        }
    }

    fn chart<'a>(series: &'a [&'a Series]) -> Chart<'a> {
        Chart { series, marks: Vec::new(), zone: Zone::UTC, alt: "alt".into() }
    }

    fn data_lines(figure: &Figure) -> usize {
        let is_data = |shape: &&Shape| matches!(shape, Shape::Line { ink: Ink::Accent, width, .. } if *width == 1.75);
        figure.shapes.iter().filter(is_data).count()
    }

    #[test]
    fn empty_series_give_no_figure() {
        assert!(draw(&chart(&[])).is_none());
        assert!(draw(&chart(&[&series(&[None, Some(f64::NAN)])])).is_none());
        assert_eq!(sparkline(&series(&[])), "");
    }

    #[test]
    fn missing_samples_leave_a_gap() {
        let whole = series(&[Some(1.0), Some(2.0), Some(3.0), Some(4.0)]);
        let broken = series(&[Some(1.0), Some(2.0), None, Some(3.0), Some(4.0)]);
        let mut late = whole.clone();
        late.points.iter_mut().skip(2).for_each(|point| point.0 += TimeDelta::hours(1));
        assert_eq!(data_lines(&draw(&chart(&[&whole])).unwrap()), 1);
        assert_eq!(data_lines(&draw(&chart(&[&broken])).unwrap()), 2);
        assert_eq!(data_lines(&draw(&chart(&[&late])).unwrap()), 2);
        assert_eq!(sparkline(&broken), "▁▃ ▆█");
    }

    #[test]
    fn downsampling_preserves_the_peak() {
        let mut values = vec![Some(1.0); 100_000];
        values[50_123] = Some(900.0);
        let figure = draw(&chart(&[&series(&values)])).unwrap();
        let drawn: usize = figure
            .shapes
            .iter()
            .map(|s| if let Shape::Line { points, .. } = s { points.len() } else { 0 })
            .sum();
        assert!(drawn < 4000, "{drawn} points");
        assert!(
            figure
                .shapes
                .iter()
                .any(|shape| matches!(shape, Shape::Text { text, .. } if text == "900"))
        );
        assert!(sparkline(&series(&values)).contains('█'));
    }

    #[test]
    fn series_beyond_six_are_counted() {
        let one = series(&[Some(1.0), Some(2.0)]);
        let figure = draw(&chart(&[&one; 9])).unwrap();
        assert!(
            figure
                .shapes
                .iter()
                .any(|shape| matches!(shape, Shape::Text { text, .. } if text == "and 3 more"))
        );
    }

    proptest! {
        #[test]
        fn every_shape_is_inside_the_drawing(
            values in proptest::collection::vec(proptest::option::of(any::<f64>()), 0..60),
            names in proptest::collection::vec(".{0,80}", 1..9),
            mark in -3000i64..9000,
        ) {
            let all: Vec<Series> = names.iter().map(|name| Series { name: name.clone(), ..series(&values) }).collect();
            let all: Vec<&Series> = all.iter().collect();
            let start: DateTime<Utc> = "2026-03-17T14:00:00Z".parse().unwrap();
            let marks = vec![(start + TimeDelta::seconds(mark), "impact"), (start, "detected")];
            if let Some(figure) = draw(&Chart { marks, ..chart(&all) }) {
                assert_inside(&figure);
            }
            let _ = sparkline(all[0]);
        }
    }
}
