//! Numbers by month as columns, in one panel for each kind of number.

use super::axis::ValueAxis;
use super::canvas::{Canvas, LABEL, SMALL};
use super::{Anchor, Figure, Ink};

/// One kind of number.
#[derive(Debug, Clone)]
pub(crate) struct Panel {
    /// What is counted, with its unit.
    pub(crate) label: String,
    /// One number for each name.
    pub(crate) numbers: Vec<f64>,
}

const WIDTH: f32 = 720.0;
const LEFT: f32 = 60.0;
const RIGHT: f32 = 700.0;
const PANEL: f32 = 110.0;

/// Draws `panels` above each other, with a column for each of `names`. `None` without names.
pub(crate) fn draw(names: &[String], panels: &[Panel], alt: String) -> Option<Figure> {
    if names.is_empty() {
        return None;
    }
    let mut canvas = Canvas::new(WIDTH);
    let step = (RIGHT - LEFT) / names.len() as f32;
    for (index, panel) in panels.iter().enumerate() {
        let top = index as f32 * PANEL + 22.0;
        let bottom = top + PANEL - 40.0;
        canvas.text(LEFT, top - 8.0, LABEL, Anchor::Start, Ink::Strong, &panel.label);
        let most = panel.numbers.iter().copied().fold(1.0, f64::max);
        let axis = if panel.numbers.iter().all(|number| number.fract() == 0.0) {
            ValueAxis::of_counts(most, top, bottom)
        } else {
            ValueAxis::new(0.0, most, top, bottom)
        };
        for (y, label) in axis.ticks() {
            canvas.line(vec![(LEFT, y), (RIGHT, y)], Ink::Grid, 1.0, false);
            canvas.text(LEFT - 8.0, y + 4.0, SMALL, Anchor::End, Ink::Muted, &label);
        }
        for (number, x) in panel.numbers.iter().zip((0..).map(|at| LEFT + step * at as f32)) {
            let y = axis.y(*number);
            if *number > 0.0 {
                let width = (step * 0.7).max(0.5);
                canvas.rect(x + step * 0.15, y, width, (bottom - y).max(0.5), Ink::Accent);
            }
        }
    }
    let bottom = panels.len() as f32 * PANEL;
    // So many names have room for their labels.
    let every = (names.len() as f32 * 62.0 / (RIGHT - LEFT)).ceil().max(1.0) as usize;
    for (index, name) in names.iter().enumerate().step_by(every) {
        let x = LEFT + step * (index as f32 + 0.5);
        canvas.text(x, bottom, SMALL, Anchor::Middle, Ink::Muted, name);
    }
    Some(canvas.finish(bottom + 8.0, alt))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::canvas::assert_inside;

    #[test]
    fn columns_stay_inside_from_one_to_three_hundred_months() {
        for count in [1, 12, 300] {
            let names: Vec<String> = (0..count).map(|month| format!("2026-{month:02}")).collect();
            let numbers = (0..count).map(|month| f64::from(month) * 1000.0).collect();
            let panel = Panel { label: "incidents".into(), numbers };
            let nothing = Panel { numbers: vec![0.0; count as usize], ..panel.clone() };
            assert_inside(&draw(&names, &[panel, nothing], String::new()).expect("a figure"));
        }
        assert_eq!(draw(&[], &[], String::new()), None);
    }
}
