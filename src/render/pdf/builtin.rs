//! The built-in fonts. `fonts/README.md` names their origin.

macro_rules! face {
    ($name:literal) => {
        include_bytes!(concat!("../../../fonts/", $name, ".ttf")).as_slice()
    };
}

/// The faces of one family: regular, bold, italic, bold italic. They are not compressed, since
/// decompression would take a fifth of the time of a short document.
type Family = [&'static [u8]; 4];

/// Text in Latin, Greek and Cyrillic.
pub(super) static SANS: Family = [
    face!("NotoSans-Regular"),
    face!("NotoSans-Bold"),
    face!("NotoSans-Italic"),
    face!("NotoSans-BoldItalic"),
];

/// For code and symbols.
pub(super) static MONO: Family = [
    face!("DejaVuSansMono"),
    face!("DejaVuSansMono-Bold"),
    face!("DejaVuSansMono-Oblique"),
    face!("DejaVuSansMono-BoldOblique"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_face_is_a_valid_font() {
        for face in SANS.iter().chain(&MONO) {
            assert!(skrifa::FontRef::new(face).is_ok());
        }
    }
}
