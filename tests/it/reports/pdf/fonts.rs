//! The fonts of a PDF.

use super::*;

#[test]
fn fonts_are_embedded_and_subset() {
    let Some(fonts) = tool("pdffonts", &full(), &["{}"]) else { return };
    let lines: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(lines.len() >= 3, "{fonts}");
    assert!(lines.iter().all(|line| line.contains("Identity-H       yes yes yes")), "{fonts}");
    assert!(lines.iter().any(|line| line.contains("+NotoSans-Bold ")), "{fonts}");
    assert!(full().bytes.len() < 80_000, "{}", full().bytes.len());
}

#[test]
fn every_font_has_one_width_per_glyph() {
    let pdf = parsed(&full());
    let fonts = dictionaries(&pdf, b"Subtype", b"CIDFontType2");
    assert!(fonts.len() >= 3, "{fonts:?}");
    for font in fonts {
        let widths = font.get(b"W").and_then(lopdf::Object::as_array).expect("widths");
        let widths = widths[1].as_array().expect("an array from code 0");
        let descriptor = font
            .get(b"FontDescriptor")
            .and_then(|id| pdf.get_object(id.as_reference()?))
            .expect("one");
        let program = descriptor
            .as_dict()
            .and_then(|descriptor| descriptor.get(b"FontFile2"))
            .expect("a program");
        let program = program
            .as_reference()
            .and_then(|id| pdf.get_object(id))
            .and_then(lopdf::Object::as_stream);
        let program = program.and_then(lopdf::Stream::decompressed_content).expect("a stream");
        let font = skrifa::FontRef::new(&program).expect("a font");
        let glyphs = skrifa::raw::TableProvider::maxp(&font).expect("maxp").num_glyphs();
        // Accented letters bring their parts along, which no code draws.
        assert!((2..=usize::from(glyphs)).contains(&widths.len()), "{} of {glyphs}", widths.len());
    }
}

#[test]
fn spacing_accents_have_their_visible_width() {
    let line = "run `make` or ´make´ at 5 ^ 2, ¨ ¸ ˆ ˜ too";
    let bold = Block::Paragraph(vec![
        Inline::Strong(vec![text(line)]),
        Inline::Emphasis(vec![text(line)]),
    ]);
    let pdf = print(vec![paragraph(line), bold]);
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert_eq!(words.matches(line).count(), 3, "{words}");
}

#[test]
fn hundreds_of_characters_of_one_face_copy_correctly() {
    let letters = ('\u{a1}'..='\u{17f}').chain('\u{391}'..='\u{3a1}').chain('\u{400}'..='\u{4ff}');
    let letters: Vec<char> = letters.filter(|c| c.is_alphabetic()).collect();
    assert!(letters.len() > 450);
    let pdf = print(
        letters.chunks(20).map(|chunk| paragraph(&chunk.iter().collect::<String>())).collect(),
    );
    checked(&pdf);
    let Some(words) = words(&pdf, 1, pages(&pdf).unwrap_or(1)) else { return };
    let all: String = words.split_whitespace().collect();
    // The reader splits ligatures and composed letters in its own way; these are neither.
    assert!(all.starts_with(&letters.iter().collect::<String>()), "{words}");
}

#[test]
fn latin_greek_and_cyrillic_need_no_system_font() {
    struct Never;
    impl FontFinder for Never {
        fn find(&self, missing: &BTreeSet<char>) -> Vec<FontFile> {
            panic!("asked for {missing:?}")
        }
    }
    let line = "Łódź Ærøskøbing İstanbul efficient — Привет, мир; Γειά σου κόσμε … → ✓ ≥";
    let options = Options { system_fonts: Some(&Never), ..Options::default() };
    let pdf =
        print_with(&document(vec![paragraph(line)]), &Figures::new(), &Meta::default(), &options);
    assert!(pdf.warnings.is_empty(), "{:?}", pdf.warnings);
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert!(words.starts_with(line), "{words}");
}

#[test]
fn characters_without_a_font_give_one_warning_and_can_be_copied() {
    struct Empty(RefCell<Vec<BTreeSet<char>>>);
    impl FontFinder for Empty {
        fn find(&self, missing: &BTreeSet<char>) -> Vec<FontFile> {
            self.0.borrow_mut().push(missing.clone());
            Vec::new()
        }
    }
    let finder = Empty(RefCell::default());
    let options = Options { system_fonts: Some(&finder), ..Options::default() };
    let blocks =
        vec![paragraph("these \u{e001} 漢 漢 here"), table(&["漢"], vec![row(&["\u{e001}"])])];
    let pdf = print_with(&document(blocks), &Figures::new(), &Meta::default(), &options);
    assert_eq!(pdf.warnings.len(), 1);
    assert!(pdf.warnings[0].ends_with("U+6F22 U+E001"), "{:?}", pdf.warnings);
    assert_eq!(*finder.0.borrow(), [BTreeSet::from(['漢', '\u{e001}'])]);
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert!(words.starts_with("these \u{e001} 漢 漢 here 漢 \u{e001} page"), "{words:?}");
}

#[test]
fn colour_only_symbols_get_a_plain_shape_and_copy_correctly() {
    let line = "API \u{1f7e2} up, \u{2705} done, \u{1f534} down, \u{2714} real";
    let pdf = print(vec![paragraph(line), Block::Code { language: None, text: line.into() }]);
    assert!(pdf.warnings.is_empty(), "{:?}", pdf.warnings);
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert_eq!(words.matches(line).count(), 2, "{words}");
}

#[test]
fn keycap_is_a_boxed_digit_without_a_system_font() {
    let line = "step 1\u{fe0f}\u{20e3} then #\u{fe0f}\u{20e3} and 2\u{20e3}, end";
    let options = Options { system_fonts: Some(&SystemFonts), ..Options::default() };
    let pdf =
        print_with(&document(vec![paragraph(line)]), &Figures::new(), &Meta::default(), &options);
    assert!(pdf.warnings.is_empty(), "{:?}", pdf.warnings);
    let file = parsed(&pdf);
    assert_eq!(
        dictionaries(&file, b"Type", b"Font").iter().filter(|font| font.has(b"ToUnicode")).count(),
        1
    );
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert!(words.starts_with(line), "{words}");
}

#[test]
fn every_part_of_a_joined_emoji_is_drawn_or_reported() {
    struct Nothing(RefCell<BTreeSet<char>>);
    impl FontFinder for Nothing {
        fn find(&self, missing: &BTreeSet<char>) -> Vec<FontFile> {
            *self.0.borrow_mut() = missing.clone();
            Vec::new()
        }
    }
    let finder = Nothing(RefCell::default());
    let options = Options { system_fonts: Some(&finder), ..Options::default() };
    // The star is in the binary's fonts, the woman is not.
    let line = "A \u{1f469}\u{200d}\u{2605} and \u{1f469}\u{200d}\u{1f4bb} end";
    let pdf =
        print_with(&document(vec![paragraph(line)]), &Figures::new(), &Meta::default(), &options);
    assert_eq!(*finder.0.borrow(), BTreeSet::from(['\u{1f469}', '\u{1f4bb}']));
    assert!(
        pdf.warnings[0]
            .ends_with("2 characters are in no font and printed as boxes: U+1F469 U+1F4BB"),
        "{:?}",
        pdf.warnings
    );
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert!(words.starts_with(line), "{words:?}");
}

#[test]
fn other_scripts_use_system_fonts() {
    let lines = ["日本語のテキスト", "简体中文", "한국어 텍스트"];
    let options = Options { system_fonts: Some(&SystemFonts), ..Options::default() };
    let blocks = document(lines.iter().map(|line| paragraph(line)).collect());
    let pdf = print_with(&blocks, &Figures::new(), &Meta::default(), &options);
    if !pdf.warnings.is_empty() {
        eprintln!("skipped: this machine has no CJK font ({:?})", pdf.warnings);
        return;
    }
    checked(&pdf);
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert_eq!(words.strip_suffix(" page 1 of 1"), Some(lines.join(" ").as_str()));
    assert!(pdf.bytes.len() < 100_000, "{}", pdf.bytes.len());
    let fonts = tool("pdffonts", &pdf, &["{}"]).unwrap_or_default();
    assert!(
        fonts.lines().skip(2).all(|line| line.contains("Identity-H       yes yes yes")),
        "{fonts}"
    );
}

#[test]
fn box_next_to_han_characters_has_normal_width() {
    let options = Options { system_fonts: Some(&SystemFonts), ..Options::default() };
    let blocks = document(vec![paragraph("漢字 a\u{e001}\u{e002}\u{e003}b")]);
    let pdf = print_with(&blocks, &Figures::new(), &Meta::default(), &options);
    if pdf.warnings.iter().any(|warning| warning.contains("U+6F22")) {
        eprintln!("skipped: this machine has no CJK font ({:?})", pdf.warnings);
        return;
    }
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert!(words.starts_with("漢字 a\u{e001}\u{e002}\u{e003}b page"), "{words:?}");
}

#[test]
fn unembeddable_font_is_skipped() {
    /// Fonts of the machine with their outlines called something else.
    struct Damaged(RefCell<usize>);
    impl FontFinder for Damaged {
        fn find(&self, missing: &BTreeSet<char>) -> Vec<FontFile> {
            let files = SystemFonts.find(missing);
            *self.0.borrow_mut() = files.len();
            let damage = |file: FontFile| {
                let mut bytes = (*file.data).as_ref().to_vec();
                let directory = bytes.len().min(16_384);
                for at in 0..directory - 4 {
                    if matches!(&bytes[at..at + 4], b"CFF " | b"glyf") {
                        bytes[at] = b'?';
                    }
                }
                FontFile { data: std::sync::Arc::new(bytes), index: file.index }
            };
            files.into_iter().map(damage).collect()
        }
    }
    let finder = Damaged(RefCell::default());
    let options = Options { system_fonts: Some(&finder), ..Options::default() };
    let pdf =
        print_with(&document(vec![paragraph("漢")]), &Figures::new(), &Meta::default(), &options);
    if *finder.0.borrow() == 0 {
        eprintln!("skipped: this machine has no CJK font");
        return;
    }
    assert!(
        pdf.warnings[0].ends_with("1 character is in no font and printed as boxes: U+6F22"),
        "{:?}",
        pdf.warnings
    );
}

#[test]
fn characters_sharing_a_glyph_copy_correctly() {
    let line = "5 \u{b5}s of \u{3bc}, 3 k\u{2126} of \u{3a9}, \u{2126} \u{b5} again";
    let pdf = print(vec![paragraph(line), paragraph("alpha beta\u{a0}gamma delta")]);
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert!(words.starts_with(line) && words.contains("alpha beta gamma delta"), "{words:?}");
}
