//! A figure as SVG in an HTML page.
//!
//! Colours are classes (`f-accent` fills, `s-accent` strokes), so that the style sheet of the page
//! can be light or dark; [`style`] returns their rules.

use std::fmt::Write;

use super::{Anchor, Figure, Ink, Shape};
use crate::text::html::escape;

/// Writes `figure` as an `<svg>` element with its description as the title.
pub(crate) fn write(figure: &Figure, out: &mut String) {
    let (width, height) = (number(figure.width), number(figure.height));
    let _ = write!(
        out,
        "<svg role=\"img\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"><title>"
    );
    escape(&figure.alt, out);
    out.push_str("</title>");
    for each in &figure.shapes {
        shape(each, out);
    }
    out.push_str("</svg>");
}

fn shape(shape: &Shape, out: &mut String) {
    let _ = match shape {
        Shape::Line { points, ink, width, dashed } => {
            let _ = write!(
                out,
                "<polyline class=\"s-{}\" stroke-width=\"{}\"",
                name(*ink),
                number(*width)
            );
            if *dashed {
                out.push_str(" stroke-dasharray=\"4 3\"");
            }
            out.push_str(" points=\"");
            for (index, (x, y)) in points.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                let _ = write!(out, "{},{}", number(*x), number(*y));
            }
            write!(out, "\"/>")
        }
        Shape::Rect { x, y, width, height, ink } => {
            let [x, y, width, height] = [x, y, width, height].map(|length| number(*length));
            write!(
                out,
                "<rect class=\"f-{}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>",
                name(*ink)
            )
        }
        Shape::Dot { x, y, radius, ink } => {
            let [x, y, radius] = [x, y, radius].map(|length| number(*length));
            write!(out, "<circle class=\"f-{}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>", name(*ink))
        }
        Shape::Text { x, y, size, anchor, ink, text } => {
            let anchor = match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let [x, y, size] = [x, y, size].map(|length| number(*length));
            let _ = write!(
                out,
                "<text class=\"f-{}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{anchor}>",
                name(*ink)
            );
            escape(text, out);
            write!(out, "</text>")
        }
    };
}

/// The CSS rules of the classes, which use variables named after the inks.
pub(crate) fn style() -> String {
    let mut css = String::new();
    for &ink in Ink::ALL {
        let name = name(ink);
        let _ = writeln!(
            css,
            ".f-{name}{{fill:var(--{name})}}.s-{name}{{fill:none;stroke:var(--{name})}}"
        );
    }
    css
}

/// The declarations of the variables for a light or a dark page.
pub(crate) fn variables(dark: bool) -> String {
    let mut css = String::new();
    for &ink in Ink::ALL {
        let [red, green, blue] = if dark { ink.dark() } else { ink.light() };
        let _ = write!(css, "--{}:#{red:02x}{green:02x}{blue:02x};", name(ink));
    }
    css
}

fn name(ink: Ink) -> &'static str {
    match ink {
        Ink::Strong => "strong",
        Ink::Muted => "muted",
        Ink::Grid => "grid",
        Ink::Accent => "accent",
        Ink::Accent2 => "accent2",
        Ink::Full => "full",
        Ink::Partial => "partial",
        Ink::Degraded => "degraded",
        Ink::DegradedLine => "degraded-line",
        Ink::Paper => "paper",
        Ink::Good => "good",
    }
}

/// A length with one decimal; more precision would only make the page longer.
fn number(value: f32) -> Tenths {
    Tenths((value * 10.0).round() as i32)
}

struct Tenths(i32);

impl std::fmt::Display for Tenths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, tenth) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if tenth == 0 { write!(f, "{whole}") } else { write!(f, "{whole}.{tenth}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_written_and_text_is_escaped() {
        let figure = Figure {
            width: 100.0,
            height: 20.55,
            alt: "a < b".into(),
            shapes: vec![
                Shape::Line {
                    points: vec![(0.0, 1.04), (-0.01, 2.0)],
                    ink: Ink::Accent,
                    width: 1.5,
                    dashed: true,
                },
                Shape::Text {
                    x: 1.0,
                    y: 2.0,
                    size: 11.0,
                    anchor: Anchor::End,
                    ink: Ink::Muted,
                    text: "</text><script>\u{1b}".into(),
                },
            ],
        };
        let mut out = String::new();
        write(&figure, &mut out);
        insta::assert_snapshot!(out, @r#"<svg role="img" viewBox="0 0 100 20.6" width="100" height="20.6"><title>a &lt; b</title><polyline class="s-accent" stroke-width="1.5" stroke-dasharray="4 3" points="0,1 0,2"/><text class="f-muted" x="1" y="2" font-size="11" text-anchor="end">&lt;/text&gt;&lt;script&gt;</text></svg>"#);
    }

    #[test]
    fn every_ink_has_a_css_rule_and_colours() {
        assert_eq!(style().lines().count(), Ink::ALL.len());
        assert_eq!(variables(false).matches("--").count(), Ink::ALL.len());
        assert_ne!(variables(false), variables(true));
    }
}
