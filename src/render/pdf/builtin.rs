//! The faces in the binary, which is 1 MB smaller with them compressed. Where they come from is in
//! `fonts/README.md`.

use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::GzDecoder;

macro_rules! face {
    ($name:literal) => {
        include_bytes!(concat!("../../../fonts/", $name, ".ttf.gz")).as_slice()
    };
}

/// The faces of one family, unpacked: regular, bold, italic, bold italic.
type Family = LazyLock<Vec<Vec<u8>>>;

/// Text in Latin, Greek and Cyrillic.
pub(super) static SANS: Family = LazyLock::new(|| {
    unpacked([
        face!("NotoSans-Regular"),
        face!("NotoSans-Bold"),
        face!("NotoSans-Italic"),
        face!("NotoSans-BoldItalic"),
    ])
});

/// Code, and symbols.
pub(super) static MONO: Family = LazyLock::new(|| {
    unpacked([
        face!("DejaVuSansMono"),
        face!("DejaVuSansMono-Bold"),
        face!("DejaVuSansMono-Oblique"),
        face!("DejaVuSansMono-BoldOblique"),
    ])
});

/// Unpacked once for all documents of a process, one after the other: a document can be on a thread
/// of a pool, which must not wait here for other work of that pool.
fn unpacked(faces: [&[u8]; 4]) -> Vec<Vec<u8>> {
    let unpack = |face| {
        let mut bytes = Vec::with_capacity(400_000);
        GzDecoder::new(face).read_to_end(&mut bytes).map(|_| bytes)
    };
    faces.into_iter().flat_map(unpack).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_face_is_a_valid_font() {
        for family in [&SANS, &MONO] {
            assert_eq!(family.len(), 4);
            for face in family.iter() {
                assert!(skrifa::FontRef::new(face).is_ok());
            }
        }
    }
}
