//! The fonts of the machine. This is the only part of the PDF writer that accesses files, and only
//! when it is called: the command line passes it to [`super::render`] as the [`FontFinder`].
//!
//! The font folders are read in plain Rust. Using fontconfig would make the program depend on a
//! library that a bare container lacks, even if no font is needed.

use std::collections::BTreeSet;
use std::sync::Arc;

use fontdb::{Database, Family, ID, Query};
use skrifa::{FontRef, MetadataProvider, Tag};

use super::fonts::{FontFile, FontFinder};

/// Finds fonts in the font folders of the system: those in fontconfig's configuration, or the usual
/// ones. Constructing it is free; the first call reads the folders, which takes about 0.1 s.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemFonts;

impl FontFinder for SystemFonts {
    fn find(&self, missing: &BTreeSet<char>) -> Vec<FontFile> {
        let mut database = Database::new();
        database.load_system_fonts();
        let sans = database.family_name(&Family::SansSerif).to_string();
        let mut search = Search {
            families: families(&database),
            database,
            missing: missing.clone(),
            found: Vec::new(),
        };
        for script in scripts(missing) {
            search.script(script);
        }
        search.take(|_| true, |name| (name != sans, plainness(name)));
        search.found
    }
}

/// A script for which text may need a font of the machine.
#[derive(Debug, PartialEq, Eq)]
struct Script {
    /// The ranges of its characters, inclusive.
    ranges: &'static [(u32, u32)],
    /// Parts of the names of its fonts, the best match first.
    names: &'static [&'static str],
}

/// The scripts whose fonts differ enough to matter. Kana and Hangul precede Han: their fonts have
/// Han characters in the form that their readers expect.
const SCRIPTS: &[Script] = &[
    Script {
        ranges: &[(0x3040, 0x30ff), (0x31f0, 0x31ff), (0xff66, 0xff9f)],
        names: &[
            "Sans CJK JP",
            "Sans JP",
            "Hiragino Sans",
            "Yu Gothic",
            "Meiryo",
            "Gothic",
            "CJK",
            "JP",
        ],
    },
    Script {
        ranges: &[(0x1100, 0x11ff), (0x3130, 0x318f), (0xac00, 0xd7af)],
        names: &[
            "Sans CJK KR",
            "Sans KR",
            "Apple SD Gothic Neo",
            "Malgun Gothic",
            "NanumGothic",
            "CJK",
            "KR",
        ],
    },
    Script {
        ranges: &[
            (0x2e80, 0x303f),
            (0x3400, 0x9fff),
            (0xf900, 0xfaff),
            (0xff00, 0xffef),
            (0x20000, 0x3ffff),
        ],
        names: &["Sans CJK SC", "Sans SC", "PingFang SC", "YaHei", "Hei", "CJK", "SC", "TC"],
    },
    Script { ranges: &[(0x0530, 0x058f)], names: &["Sans Armenian", "Armenian"] },
    Script { ranges: &[(0x0590, 0x05ff)], names: &["Sans Hebrew", "Hebrew"] },
    Script { ranges: &[(0x0600, 0x077f)], names: &["Sans Arabic", "Geeza Pro", "Arabic"] },
    Script { ranges: &[(0x0900, 0x097f)], names: &["Sans Devanagari", "Nirmala UI", "Devanagari"] },
    Script {
        ranges: &[(0x0980, 0x09ff)],
        names: &["Sans Bengali", "Nirmala UI", "Bengali", "Bangla"],
    },
    Script { ranges: &[(0x0a00, 0x0a7f)], names: &["Sans Gurmukhi", "Nirmala UI", "Gurmukhi"] },
    Script { ranges: &[(0x0a80, 0x0aff)], names: &["Sans Gujarati", "Nirmala UI", "Gujarati"] },
    Script { ranges: &[(0x0b80, 0x0bff)], names: &["Sans Tamil", "Nirmala UI", "Tamil"] },
    Script { ranges: &[(0x0c00, 0x0c7f)], names: &["Sans Telugu", "Nirmala UI", "Telugu"] },
    Script { ranges: &[(0x0c80, 0x0cff)], names: &["Sans Kannada", "Nirmala UI", "Kannada"] },
    Script { ranges: &[(0x0d00, 0x0d7f)], names: &["Sans Malayalam", "Nirmala UI", "Malayalam"] },
    Script { ranges: &[(0x0d80, 0x0dff)], names: &["Sans Sinhala", "Nirmala UI", "Sinhala"] },
    Script {
        ranges: &[(0x0e00, 0x0e7f)],
        names: &["Sans Thai", "Leelawadee UI", "Thonburi", "Thai", "Loma"],
    },
    Script { ranges: &[(0x0e80, 0x0eff)], names: &["Sans Lao", "Leelawadee UI", "Lao"] },
    Script { ranges: &[(0x0f00, 0x0fff)], names: &["Tibetan", "Himalaya"] },
    Script { ranges: &[(0x1000, 0x109f)], names: &["Sans Myanmar", "Myanmar", "Padauk"] },
    Script { ranges: &[(0x10a0, 0x10ff)], names: &["Sans Georgian", "Georgian"] },
    Script { ranges: &[(0x1200, 0x137f)], names: &["Sans Ethiopic", "Ethiopic", "Abyssinica"] },
    Script { ranges: &[(0x1780, 0x17ff)], names: &["Sans Khmer", "Khmer"] },
];

impl Script {
    fn has(&self, c: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(c)))
    }

    /// How well a family fits the script, by its name; 0 is the best.
    fn rank(&self, family: &str) -> usize {
        self.names.iter().position(|name| family.contains(name)).unwrap_or(self.names.len())
    }
}

/// The scripts of `missing`. A character belongs to the first script that contains it.
fn scripts(missing: &BTreeSet<char>) -> impl Iterator<Item = &'static Script> {
    let needed: Vec<usize> =
        missing.iter().filter_map(|&c| SCRIPTS.iter().position(|script| script.has(c))).collect();
    SCRIPTS.iter().enumerate().filter(move |(at, _)| needed.contains(at)).map(|(_, script)| script)
}

struct Search {
    database: Database,
    /// The upright regular face of each family, by the family's name.
    families: Vec<(String, ID)>,
    missing: BTreeSet<char>,
    found: Vec<FontFile>,
}

impl Search {
    /// Takes the families that fit `script` best until none of its characters is missing.
    fn script(&mut self, script: &Script) {
        self.take(|c| script.has(c), |name| (script.rank(name), plainness(name)));
    }

    /// Takes families in the order of `rank`, then of their names, until no character that is
    /// `wanted` is missing.
    fn take<R: Ord>(&mut self, wanted: impl Fn(char) -> bool, rank: impl Fn(&str) -> R) {
        let mut families = self.families.clone();
        families.sort_by_cached_key(|(name, _)| (rank(name), name.len(), name.clone()));
        for (_, face) in families {
            if !self.missing.iter().any(|&c| wanted(c)) {
                return;
            }
            self.family(face, &wanted);
        }
    }

    /// Takes a face if it has a missing character that is `wanted`.
    fn family(&mut self, face: ID, wanted: &impl Fn(char) -> bool) {
        let missing = &self.missing;
        let covered =
            self.database.with_face_data(face, |data, index| covered(data, index, missing));
        let covered = covered.unwrap_or_default();
        if !covered.iter().any(|&c| wanted(c)) {
            return;
        }
        let Some(file) = self.read(face) else { return };
        self.missing.retain(|c| !covered.contains(c));
        self.found.push(file);
    }

    /// The whole file of a face.
    fn read(&self, face: ID) -> Option<FontFile> {
        self.database
            .with_face_data(face, |data, index| FontFile { data: Arc::new(data.to_vec()), index })
    }
}

/// The families of the machine, each with the face that is closest to upright and regular.
fn families(database: &Database) -> Vec<(String, ID)> {
    let names =
        database.faces().filter_map(|face| face.families.first()).map(|(name, _)| name.clone());
    let names: BTreeSet<String> = names.collect();
    let face =
        |name: &str| database.query(&Query { families: &[Family::Name(name)], ..Query::default() });
    names.into_iter().filter_map(|name| face(&name).map(|face| (name, face))).collect()
}

/// How unusual a family is for plain text, by its name: sans, serif, then brush fonts.
fn plainness(name: &str) -> usize {
    let words = [["Sans", "Emoji"], ["Serif", "Text"]];
    words
        .iter()
        .position(|words| words.iter().any(|word| name.contains(word)))
        .unwrap_or(words.len())
}

/// The characters of `wanted` that the face draws with outlines.
fn covered(data: &[u8], index: u32, wanted: &BTreeSet<char>) -> BTreeSet<char> {
    let Ok(font) = FontRef::from_index(data, index) else { return BTreeSet::new() };
    if !has_outlines(&font) {
        return BTreeSet::new();
    }
    let map = font.charmap();
    wanted
        .iter()
        .copied()
        .filter(|&c| map.map(c).is_some_and(|glyph| glyph.to_u32() != 0))
        .collect()
}

/// Whether the face has outlines (`glyf`, `CFF`) rather than bitmaps or colour layers, which cannot
/// be embedded.
fn has_outlines(font: &FontRef<'_>) -> bool {
    let has = |tag: &[u8; 4]| {
        font.table_directory().table_records().iter().any(|table| table.tag() == Tag::new(tag))
    };
    (has(b"glyf") || has(b"CFF ")) && !has(b"CBDT") && !has(b"sbix") && !has(b"COLR")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered<'n>(script: &Script, mut names: Vec<&'n str>) -> Vec<&'n str> {
        names.sort_by_key(|name| (script.rank(name), plainness(name), name.len(), *name));
        names
    }

    fn script_of(c: char) -> &'static Script {
        scripts(&BTreeSet::from([c])).next().expect("a script")
    }

    #[test]
    fn text_faces_come_before_decorative_ones() {
        let names =
            vec!["Noto Rashi Hebrew", "Noto Serif Hebrew", "Other Sans", "Noto Sans Hebrew"];
        let order = ["Noto Sans Hebrew", "Noto Serif Hebrew", "Noto Rashi Hebrew", "Other Sans"];
        assert_eq!(ordered(script_of('ש'), names), order);
    }

    #[test]
    fn each_east_asian_script_prefers_its_own_variant() {
        let names =
            vec!["Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC", "Noto Serif CJK SC"];
        let first = |c| ordered(script_of(c), names.clone())[0];
        assert_eq!(
            [first('の'), first('한'), first('漢')],
            ["Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC"]
        );
    }

    #[test]
    fn kana_and_hangul_fonts_are_tried_before_han() {
        let order: Vec<&Script> = scripts(&BTreeSet::from(['漢', '한', 'の', 'ש', 'x'])).collect();
        assert_eq!(order, ['の', '한', '漢', 'ש'].map(script_of));
    }
}
