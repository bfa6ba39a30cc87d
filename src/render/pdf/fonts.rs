//! The fonts of a document. Two families are built in: Noto Sans for text (Latin, Greek, Cyrillic)
//! and DejaVu Sans Mono for code and symbols. For any other characters the [`FontFinder`] of the
//! caller is called once.

use std::collections::BTreeSet;
use std::sync::Arc;

use parley::fontique::{
    Blob, Collection, CollectionOptions, FontInfo, FontInfoOverride, SourceCache,
};
use parley::{FontContext, FontFamilyName, FontStyle, FontWeight, LayoutContext};

use super::builtin;
use super::embed::can_be_embedded;
use super::emoji::drawn;
use super::face::{Face, Look};
use super::standin::stand_in;
use super::theme::Color;
use crate::text::danger::is_invisible;

/// A face of a font file. The bytes may be memory-mapped.
#[derive(Clone)]
pub struct FontFile {
    /// The whole file: TrueType, OpenType or a collection of them.
    pub data: Arc<dyn AsRef<[u8]> + Send + Sync>,
    /// The index of the face in a collection; otherwise 0.
    pub index: u32,
}

impl std::fmt::Debug for FontFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = (*self.data).as_ref().len();
        f.debug_struct("FontFile").field("bytes", &bytes).field("index", &self.index).finish()
    }
}

/// Finds fonts outside the binary. The implementation may access files; this module does not.
pub trait FontFinder {
    /// Faces with outlines (no bitmaps) for as many of `missing` as possible, the preferred ones
    /// first. Called at most once per document, and never with an empty set.
    fn find(&self, missing: &BTreeSet<char>) -> Vec<FontFile>;
}

const SANS: &str = "posthoc sans";
const MONO: &str = "posthoc mono";

/// The families to try for a text, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stack {
    Sans,
    Mono,
    /// Letters of a script that Noto Sans lacks: fonts of the system precede the monospaced face,
    /// which has some of these letters but was not made for reading.
    Foreign,
}

/// The upright face of normal weight, with its bytes.
type Regular = (FontInfo, &'static [u8]);

/// The fonts of one document.
pub(super) struct Fonts {
    pub(super) context: FontContext,
    pub(super) layouts: LayoutContext<Look>,
    /// The families of each [`Stack`].
    pub(super) stacks: [Vec<FontFamilyName<'static>>; 3],
    sans: Regular,
    mono: Regular,
    found: Vec<(FontInfo, Blob<u8>)>,
    faces: Vec<Face>,
    /// Characters that no font has but that another shape can represent.
    replaced: BTreeSet<char>,
    /// Characters that no font has.
    uncovered: BTreeSet<char>,
}

impl Fonts {
    /// The built-in fonts, and those of `finder` for characters in `texts` that they lack. `None`
    /// if the built-in fonts cannot be read, which no input can cause.
    pub(super) fn new<'t>(
        texts: impl Iterator<Item = &'t str>,
        finder: Option<&dyn FontFinder>,
    ) -> Option<Fonts> {
        let collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        let mut context = FontContext { collection, source_cache: SourceCache::default() };
        let sans = register(&mut context, SANS, &builtin::SANS)?;
        let mono = register(&mut context, MONO, &builtin::MONO)?;
        let mut fonts = Fonts {
            context,
            layouts: LayoutContext::new(),
            sans,
            mono,
            found: Vec::new(),
            stacks: Default::default(),
            faces: Vec::new(),
            replaced: BTreeSet::new(),
            uncovered: BTreeSet::new(),
        };
        let mut missing = fonts.missing(texts);
        let names = match finder {
            Some(finder) if !missing.is_empty() => fonts.add(finder.find(&missing), &missing),
            Some(_) | None => Vec::new(),
        };
        fonts.stacks = stacks(&names);
        missing.retain(|&c| !fonts.covers(c));
        let stands_in = |c| stand_in(c).is_some_and(|(shape, _)| fonts.covers(shape));
        fonts.replaced = missing.iter().copied().filter(|&c| stands_in(c)).collect();
        fonts.uncovered = missing;
        Some(fonts)
    }

    /// The shape to draw for `c`, if no font has it.
    pub(super) fn instead(&self, c: char) -> Option<(char, Color)> {
        stand_in(c).filter(|_| self.replaced.contains(&c))
    }

    /// Whether `c` is shaped with [`Stack::Foreign`]. Characters that no font has are not: their
    /// box has the width of Noto Sans rather than that of a Han character.
    pub(super) fn wants_foreign(&self, c: char) -> bool {
        self.is_foreign(c) && !self.uncovered.contains(&c)
    }

    /// Whether `c` is a letter of a script that Noto Sans lacks.
    fn is_foreign(&self, c: char) -> bool {
        !c.is_ascii()
            && !is_invisible(c)
            && !self.in_sans(c)
            && (c.is_alphabetic() || !self.in_mono(c))
    }

    /// The number of the face with these bytes; assigns one if it is new.
    pub(super) fn face(&mut self, data: &Blob<u8>, index: u32) -> u16 {
        let known =
            self.faces.iter().position(|face| face.data.id() == data.id() && face.index == index);
        let at = known.unwrap_or_else(|| {
            self.faces.push(Face { data: data.clone(), index });
            self.faces.len() - 1
        });
        u16::try_from(at).unwrap_or(0)
    }

    /// The faces that were used, in the order of their numbers.
    pub(super) fn faces(&self) -> &[Face] {
        &self.faces
    }

    fn in_sans(&self, c: char) -> bool {
        has(&self.sans.0, self.sans.1, c)
    }

    fn in_mono(&self, c: char) -> bool {
        has(&self.mono.0, self.mono.1, c)
    }

    fn covers(&self, c: char) -> bool {
        self.in_sans(c)
            || self.in_mono(c)
            || self.found.iter().any(|(info, data)| has(info, data.as_ref(), c))
    }

    /// Whether one font has both characters, so that it may have them as one glyph.
    pub(super) fn has_both(&self, one: char, other: char) -> bool {
        self.found
            .iter()
            .any(|(info, data)| has(info, data.as_ref(), one) && has(info, data.as_ref(), other))
            || (self.in_sans(one) && self.in_sans(other))
            || (self.in_mono(one) && self.in_mono(other))
    }

    fn missing<'t>(&self, texts: impl Iterator<Item = &'t str>) -> BTreeSet<char> {
        let mut seen = BTreeSet::new();
        for text in texts.filter(|text| !text.is_ascii()) {
            seen.extend(drawn(text).filter(|&c| !c.is_ascii() && !c.is_control()));
        }
        seen.retain(|&c| self.is_foreign(c));
        seen
    }

    /// Adds the faces that have some of `missing` and can be embedded.
    fn add(&mut self, files: Vec<FontFile>, missing: &BTreeSet<char>) -> Vec<String> {
        let mut names = Vec::new();
        for file in files {
            let data = Blob::new(file.data);
            let families = self.context.collection.register_fonts(data.clone(), None);
            let face = families.into_iter().find_map(|(family, faces)| {
                faces.into_iter().find(|face| face.index() == file.index).map(|face| (family, face))
            });
            let Some((family, info)) = face else { continue };
            let glyph = missing.iter().find_map(|&c| glyph(&info, data.as_ref(), c));
            if !glyph.is_some_and(|glyph| can_be_embedded(data.as_ref(), file.index, glyph)) {
                continue;
            }
            if let Some(name) = self.context.collection.family_name(family) {
                names.push(name.to_string());
                self.found.push((info, data));
            }
        }
        names
    }
}

fn stacks(found: &[String]) -> [Vec<FontFamilyName<'static>>; 3] {
    let named = |name: &str| FontFamilyName::Named(name.to_string().into());
    let found = || found.iter().map(|name| named(name));
    [
        [named(SANS), named(MONO)].into_iter().chain(found()).collect(),
        [named(MONO), named(SANS)].into_iter().chain(found()).collect(),
        found().chain([named(SANS), named(MONO)]).collect(),
    ]
}

/// Registers the faces as one family, under a name that no font of the system has.
fn register(context: &mut FontContext, name: &str, faces: &[&'static [u8]]) -> Option<Regular> {
    let mut regular = None;
    for &bytes in faces {
        let named = FontInfoOverride { family_name: Some(name), ..FontInfoOverride::default() };
        let families = context.collection.register_fonts(Blob::new(Arc::new(bytes)), Some(named));
        let face = families.into_iter().flat_map(|(_, faces)| faces).next()?;
        if face.weight() == FontWeight::NORMAL && face.style() == FontStyle::Normal {
            regular = Some((face, bytes));
        }
    }
    regular
}

fn has(info: &FontInfo, data: &[u8], c: char) -> bool {
    glyph(info, data, c).is_some()
}

fn glyph(info: &FontInfo, data: &[u8], c: char) -> Option<u16> {
    let glyph = info.charmap_index().charmap(data)?.map(c)?;
    u16::try_from(glyph).ok().filter(|&glyph| glyph != 0)
}
