//! Lengths and colours as PDF writes them.

use printpdf::{Color as PdfColor, Pt, Rgb};

use super::theme::Color;

/// Rounds to hundredths of a point, which is finer than any printer. PDF cannot represent NaN.
pub(super) fn round(value: f32) -> f32 {
    if value.is_finite() { (value * 100.0).round() / 100.0 } else { 0.0 }
}

pub(super) fn pt(value: f32) -> Pt {
    Pt(round(value))
}

pub(super) fn rgb(color: Color) -> PdfColor {
    let [r, g, b] = color.0.map(|part| (f32::from(part) / 255.0 * 1000.0).round() / 1000.0);
    PdfColor::Rgb(Rgb { r, g, b, icc_profile: None })
}
