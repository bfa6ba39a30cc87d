//! The colour space of a document, sRGB, as an ICC profile. An archived document must show the same
//! colours independently of the program that wrote it.
//!
//! The profile is computed from the definition of sRGB (IEC 61966-2-1): its primaries, adapted to
//! D50, the white point of ICC profiles, and its transfer curve.

use lopdf::{Document, Object, ObjectId, Stream, dictionary};

/// The number of points on the transfer curve.
const POINTS: u16 = 256;

/// The primaries of sRGB, adapted to D50, as X, Y, Z.
const PRIMARIES: [(&[u8; 4], [f64; 3]); 3] = [
    (b"rXYZ", [0.4360, 0.2225, 0.0139]),
    (b"gXYZ", [0.3851, 0.7169, 0.0971]),
    (b"bXYZ", [0.1431, 0.0606, 0.7141]),
];

/// The white point D50.
const WHITE: [f64; 3] = [0.9642, 1.0, 0.8249];

/// Adds the output intent to the catalog.
pub(super) fn intend(pdf: &mut Document) {
    let profile = profile();
    let stream = Stream::new(dictionary! { "N" => 3, "Range" => ranges() }, profile);
    let profile: ObjectId = pdf.add_object(stream);
    let intent = pdf.add_object(dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => lopdf::text_string("sRGB"),
        "Info" => lopdf::text_string("sRGB (IEC 61966-2-1)"),
        "DestOutputProfile" => profile,
    });
    if let Ok(catalog) = pdf.catalog_mut() {
        catalog.set("OutputIntents", vec![Object::Reference(intent)]);
    }
}

fn ranges() -> Vec<Object> {
    [0, 1, 0, 1, 0, 1].map(Object::from).to_vec()
}

/// The profile, in version 2.1 of the format, which every PDF reader supports.
fn profile() -> Vec<u8> {
    let mut tags: Vec<([u8; 4], Vec<u8>)> = vec![
        (*b"desc", description("sRGB")),
        (*b"cprt", text("No copyright, use freely")),
        (*b"wtpt", xyz(WHITE)),
    ];
    tags.extend(PRIMARIES.iter().map(|(name, value)| (**name, xyz(*value))));
    // All three colours share one curve.
    let curve = curve();
    let table_end = 128 + 4 + 12 * (tags.len() + 3);
    let mut data = Vec::new();
    let mut table = Vec::new();
    let mut entry = |name: [u8; 4], offset: usize, size: usize| {
        table.extend(name);
        table.extend(word(offset));
        table.extend(word(size));
    };
    for (name, bytes) in &tags {
        entry(*name, table_end + data.len(), bytes.len());
        data.extend(bytes);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    for name in [*b"rTRC", *b"gTRC", *b"bTRC"] {
        entry(name, table_end + data.len(), curve.len());
    }
    data.extend(&curve);
    data.resize(data.len().next_multiple_of(4), 0);
    let mut profile = header(table_end + data.len());
    profile.extend(word(tags.len() + 3));
    profile.extend(table);
    profile.extend(data);
    profile
}

/// The 128-byte header. Its date is the date of the standard, because the profile never changes.
fn header(size: usize) -> Vec<u8> {
    let mut header = Vec::with_capacity(128);
    header.extend(word(size));
    header.extend([0; 4]);
    header.extend([2, 0x10, 0, 0]);
    header.extend(b"mntrRGB XYZ ");
    for part in [1999_u16, 10, 18, 0, 0, 0] {
        header.extend(part.to_be_bytes());
    }
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend(WHITE.into_iter().flat_map(fixed));
    header.resize(128, 0);
    header
}

fn word(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

/// Encodes a 16.16 fixed-point number.
#[allow(clippy::cast_possible_truncation, reason = "all values are between 0 and 2")]
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

fn xyz(value: [f64; 3]) -> Vec<u8> {
    b"XYZ \0\0\0\0".iter().copied().chain(value.into_iter().flat_map(fixed)).collect()
}

fn text(text: &str) -> Vec<u8> {
    b"text\0\0\0\0".iter().copied().chain(text.bytes()).chain([0]).collect()
}

/// Encodes a `desc` tag. It contains its text as ASCII, as Unicode and as a Macintosh ScriptCode.
/// The last two are empty here; the ScriptCode field has a fixed size of 67 bytes.
fn description(text: &str) -> Vec<u8> {
    let mut bytes = b"desc\0\0\0\0".to_vec();
    bytes.extend(word(text.len() + 1));
    bytes.extend(text.bytes());
    bytes.push(0);
    bytes.extend([0; 4 + 4 + 2 + 1 + 67]);
    bytes
}

/// The transfer curve of sRGB.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the values are between 0 and 65535"
)]
fn curve() -> Vec<u8> {
    let mut bytes = b"curv\0\0\0\0".to_vec();
    bytes.extend(word(usize::from(POINTS)));
    for point in 0..POINTS {
        let value = f64::from(point) / f64::from(POINTS - 1);
        let linear =
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
        bytes.extend(((linear * 65535.0).round() as u16).to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profile_is_as_long_as_it_says() {
        let profile = profile();
        let number =
            |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(0), profile.len());
        assert_eq!(&profile[36..40], b"acsp");
        let tags = number(128);
        for tag in 0..tags {
            let at = 132 + 12 * tag;
            let (offset, size) = (number(at + 4), number(at + 8));
            assert!(offset % 4 == 0 && offset + size <= profile.len(), "tag {tag}");
        }
        assert_eq!(tags, 9);
    }
}
