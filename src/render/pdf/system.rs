//! The machine's fonts. This is the one part of the PDF writer that touches files, and only when
//! it is asked: the command line hands it to [`super::render`] as the [`FontFinder`].

use std::collections::BTreeSet;
use std::sync::Arc;

use parley::FontWeight;
use parley::fontique::{
    Blob, Collection, CollectionOptions, FallbackKey, FamilyId, FontInfo, FontStyle, GenericFamily, Script, SourceCache,
};

use super::fonts::{FontFile, FontFinder};

/// Finds fonts as the operating system does (fontconfig, Core Text, DirectWrite). Making one costs
/// nothing; the system's fonts are listed at the first question, which takes about 0.1 s.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemFonts;

impl FontFinder for SystemFonts {
    fn find(&self, missing: &BTreeSet<char>) -> Vec<FontFile> {
        let collection = Collection::new(CollectionOptions { shared: false, system_fonts: true });
        let mut search =
            Search { collection, sources: SourceCache::default(), missing: missing.clone(), found: Vec::new() };
        search.preferred();
        search.any();
        search.found
    }
}

struct Search {
    collection: Collection,
    sources: SourceCache,
    missing: BTreeSet<char>,
    found: Vec<FontFile>,
}

/// Scripts by where their letters are; enough to ask the system for the font it prefers.
const SCRIPTS: &[(u32, u32, &str)] = &[
    (0x0530, 0x058f, "Armn"),
    (0x0590, 0x05ff, "Hebr"),
    (0x0600, 0x077f, "Arab"),
    (0x0900, 0x097f, "Deva"),
    (0x0980, 0x09ff, "Beng"),
    (0x0a00, 0x0a7f, "Guru"),
    (0x0a80, 0x0aff, "Gujr"),
    (0x0b80, 0x0bff, "Taml"),
    (0x0c00, 0x0c7f, "Telu"),
    (0x0c80, 0x0cff, "Knda"),
    (0x0d00, 0x0d7f, "Mlym"),
    (0x0d80, 0x0dff, "Sinh"),
    (0x0e00, 0x0e7f, "Thai"),
    (0x0e80, 0x0eff, "Laoo"),
    (0x0f00, 0x0fff, "Tibt"),
    (0x1000, 0x109f, "Mymr"),
    (0x10a0, 0x10ff, "Geor"),
    (0x1100, 0x11ff, "Hang"),
    (0x1200, 0x137f, "Ethi"),
    (0x1780, 0x17ff, "Khmr"),
    (0x2e80, 0x303f, "Hani"),
    (0x3040, 0x309f, "Hira"),
    (0x30a0, 0x30ff, "Kana"),
    (0x3400, 0x9fff, "Hani"),
    (0xac00, 0xd7af, "Hang"),
    (0xf900, 0xfaff, "Hani"),
    (0xff00, 0xffef, "Hani"),
    (0x20000, 0x3ffff, "Hani"),
];

impl Search {
    /// The families that the system prefers for the scripts at hand. Kana and Hangul come before
    /// Han, whose characters their fonts have in the form that their readers expect.
    fn preferred(&mut self) {
        let mut scripts: Vec<&str> = Vec::new();
        for &c in &self.missing {
            let code = u32::from(c);
            let script = SCRIPTS.iter().find(|(first, last, _)| (*first..=*last).contains(&code));
            scripts.extend(script.map(|(_, _, script)| *script).filter(|script| !scripts.contains(script)));
        }
        scripts.sort_by_key(|&script| script == "Hani");
        for script in scripts {
            let Ok(script) = script.parse::<Script>() else { continue };
            let families: Vec<FamilyId> = self.collection.fallback_families(FallbackKey::new(script, None)).collect();
            families.into_iter().for_each(|family| self.plain(family));
        }
        for generic in [GenericFamily::SansSerif, GenericFamily::Emoji] {
            let families: Vec<FamilyId> = self.collection.generic_families(generic).collect();
            families.into_iter().for_each(|family| self.family(family));
        }
    }

    /// Takes `family`, or first its plainer relatives: of a script that few documents use a system
    /// may prefer any of the faces that it has.
    fn plain(&mut self, family: FamilyId) {
        let names: Vec<String> = self.collection.family_names().map(str::to_string).collect();
        let name = self.collection.family_name(family).unwrap_or_default().to_string();
        for name in plainer(&name, &names) {
            if let Some(family) = self.collection.family_id(name) {
                self.family(family);
            }
        }
        self.family(family);
    }

    /// Every other family, by name, until nothing is missing.
    fn any(&mut self) {
        let mut names: Vec<String> = self.collection.family_names().map(str::to_string).collect();
        names.sort_by_key(|name| (plainness(name), name.clone()));
        names.dedup();
        for name in names {
            if self.missing.is_empty() {
                return;
            }
            if let Some(family) = self.collection.family_id(&name) {
                self.family(family);
            }
        }
    }

    /// Takes the family's upright regular face if it has something that is missing.
    fn family(&mut self, family: FamilyId) {
        if self.missing.is_empty() {
            return;
        }
        let Some(family) = self.collection.family(family) else { return };
        let face = family.match_font(parley::FontWidth::NORMAL, FontStyle::Normal, FontWeight::NORMAL, true);
        let Some(face) = face else { return };
        let Some(data) = face.load(Some(&mut self.sources)) else { return };
        if !has_outlines(data.as_ref(), face.index()) {
            return;
        }
        let covered = covered(face, &data, &self.missing);
        if covered.is_empty() {
            return;
        }
        self.missing.retain(|c| !covered.contains(c));
        self.found.push(FontFile { data: Arc::new(data), index: face.index() });
    }
}

/// How far a family is from plain text, by its name: sans, serif, then what is drawn by a brush.
fn plainness(name: &str) -> usize {
    let words = [["Sans", "Emoji"], ["Serif", "Text"]];
    words.iter().position(|words| words.iter().any(|word| name.contains(word))).unwrap_or(words.len())
}

/// The families for the same script that are plainer than `name`, the plainest first. Families of
/// one foundry are named alike: *Noto Rashi Hebrew* has *Noto Sans Hebrew* beside it.
fn plainer<'n>(name: &str, names: &'n [String]) -> Vec<&'n str> {
    let of = |name: &str| {
        name.split_once(' ').zip(name.rsplit_once(' ')).map(|((a, _), (_, z))| (a.to_owned(), z.to_owned()))
    };
    let Some(kin) = of(name) else { return Vec::new() };
    let mut found: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|other| plainness(other) < plainness(name) && of(other).as_ref() == Some(&kin))
        .collect();
    found.sort_by_key(|name| (plainness(name), name.len(), *name));
    found
}

fn covered(face: &FontInfo, data: &Blob<u8>, wanted: &BTreeSet<char>) -> BTreeSet<char> {
    let Some(map) = face.charmap_index().charmap(data.as_ref()) else { return BTreeSet::new() };
    wanted.iter().copied().filter(|&c| map.map(c).is_some_and(|glyph| glyph != 0)).collect()
}

/// Whether the face draws its glyphs with lines (`glyf`, `CFF`), and not with bitmaps or layers of
/// colour, which cannot be embedded.
fn has_outlines(data: &[u8], index: u32) -> bool {
    tables(data, index).is_some_and(|tables| {
        let has = |tag: &[u8; 4]| tables.iter().any(|table| table == tag);
        (has(b"glyf") || has(b"CFF ")) && !has(b"CBDT") && !has(b"sbix") && !has(b"COLR")
    })
}

/// The names of a face's tables (OpenType 1.9, "Organization of an OpenType Font").
fn tables(data: &[u8], index: u32) -> Option<Vec<[u8; 4]>> {
    let number = |at: usize| -> Option<usize> {
        let bytes = data.get(at..at.checked_add(4)?)?;
        usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
    };
    let start = if data.starts_with(b"ttcf") {
        number(usize::try_from(index).ok()?.checked_mul(4)?.checked_add(12)?)?
    } else {
        0
    };
    let count = (number(start.checked_add(4)?)? >> 16) & 0xffff;
    let first = start.checked_add(12)?;
    (0..count).map(|at| data.get(first.checked_add(16 * at)?..)?.first_chunk::<4>().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_faces_come_before_decorated_ones() {
        let names =
            ["Noto Rashi Hebrew", "Noto Sans CJK JP", "Noto Sans Hebrew", "Noto Serif Hebrew", "Other Sans Hebrew"];
        let names = names.map(str::to_owned);
        assert_eq!(plainer("Noto Rashi Hebrew", &names), ["Noto Sans Hebrew", "Noto Serif Hebrew"]);
        assert_eq!(plainer("Noto Serif Hebrew", &names), ["Noto Sans Hebrew"]);
        assert!(plainer("Noto Sans CJK JP", &names).is_empty());
        assert!(plainer("Batang", &names).is_empty());
    }
}
