//! Charts as display lists, which every renderer draws in the same way.
//!
//! A figure consists of shapes in CSS pixels (96 to the inch) with the origin at the top left.
//! Colours are roles, so that a page can be light or dark and a print can be grey.

pub(crate) mod axis;
mod bars;
mod canvas;
pub(crate) mod columns;
pub(crate) mod lengths;
pub(crate) mod log_axis;
pub(crate) mod series;
pub(crate) mod svg;
pub(crate) mod text;
pub(crate) mod timeline;

/// A drawing with its description.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Width in CSS pixels.
    pub width: f32,
    /// Height in CSS pixels.
    pub height: f32,
    /// The alternative text.
    pub alt: String,
    /// The shapes in drawing order.
    pub shapes: Vec<Shape>,
}

/// A shape. Lengths and coordinates are in CSS pixels.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the names of the fields say what they are")]
pub enum Shape {
    /// A line through points.
    Line { points: Vec<(f32, f32)>, ink: Ink, width: f32, dashed: bool },
    /// A filled rectangle.
    Rect { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    /// A filled circle.
    Dot { x: f32, y: f32, radius: f32, ink: Ink },
    /// Text on one line; `y` is its baseline.
    Text { x: f32, y: f32, size: f32, anchor: Anchor, ink: Ink, text: String },
}

/// The role of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ink {
    /// Text and axes.
    Strong,
    /// Labels.
    Muted,
    /// Grid lines and borders.
    Grid,
    /// The data.
    Accent,
    /// A second series of data.
    Accent2,
    /// Full outage.
    Full,
    /// Partial outage.
    Partial,
    /// Degraded.
    Degraded,
    /// The outline and the hatching of degraded service.
    DegradedLine,
    /// Restored.
    Good,
    /// The page itself: stripes and text on a bar.
    Paper,
}

impl Ink {
    /// Every role.
    pub const ALL: &'static [Ink] = &[
        Ink::Strong,
        Ink::Muted,
        Ink::Grid,
        Ink::Accent,
        Ink::Accent2,
        Ink::Full,
        Ink::Partial,
        Ink::Degraded,
        Ink::DegradedLine,
        Ink::Good,
        Ink::Paper,
    ];

    /// The colour on paper and on a light page, as red, green, blue.
    pub fn light(self) -> [u8; 3] {
        match self {
            Ink::Strong => [0x1c, 0x22, 0x2b],
            Ink::Muted => [0x5a, 0x65, 0x73],
            Ink::Grid => [0xd5, 0xda, 0xe1],
            Ink::Accent => [0x1f, 0x5f, 0xbf],
            Ink::Accent2 => [0x7a, 0x4f, 0xb5],
            Ink::Full => [0xc2, 0x2f, 0x2f],
            Ink::Partial => [0xc2, 0x57, 0x1a],
            Ink::Degraded => [0xe6, 0xc2, 0x5c],
            Ink::DegradedLine => [0x8a, 0x61, 0x00],
            Ink::Good => [0x2b, 0x8a, 0x57],
            Ink::Paper => [0xff, 0xff, 0xff],
        }
    }

    /// The colour on a dark page.
    pub fn dark(self) -> [u8; 3] {
        match self {
            Ink::Strong => [0xe6, 0xea, 0xf0],
            Ink::Muted => [0x9d, 0xa8, 0xb7],
            Ink::Grid => [0x3a, 0x43, 0x50],
            Ink::Accent => [0x7c, 0xb0, 0xff],
            Ink::Accent2 => [0xc0, 0x9c, 0xf2],
            Ink::Full => [0xf0, 0x6a, 0x6a],
            Ink::Partial => [0xf2, 0x9a, 0x4a],
            Ink::Degraded => [0x8f, 0x73, 0x24],
            Ink::DegradedLine => [0xf2, 0xd4, 0x74],
            Ink::Good => [0x5f, 0xc4, 0x8f],
            Ink::Paper => [0x14, 0x18, 0x1e],
        }
    }
}

/// The point of a text that is at its `x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}
