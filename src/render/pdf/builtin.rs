//! The built-in fonts. They are compressed, which makes the binary 1 MB smaller. `fonts/README.md`
//! names their origin.

use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::GzDecoder;

macro_rules! face {
    ($name:literal) => {
        include_bytes!(concat!("../../../fonts/", $name, ".ttf.gz")).as_slice()
    };
}

/// The decompressed faces of one family: regular, bold, italic, bold italic.
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

/// For code and symbols.
pub(super) static MONO: Family = LazyLock::new(|| {
    unpacked([
        face!("DejaVuSansMono"),
        face!("DejaVuSansMono-Bold"),
        face!("DejaVuSansMono-Oblique"),
        face!("DejaVuSansMono-BoldOblique"),
    ])
});

/// Decompresses the faces, once per process. It does so sequentially, since a document may be
/// rendered on a thread of a pool, which must not wait here for other work of that pool.
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
