//! The PDF writer, judged by other people's readers: poppler and qpdf.
//!
//! Where one of those is not installed a test says so and passes, unless `POSTHOC_REQUIRE_TOOLS=1`.
#![allow(clippy::print_stderr, reason = "a test that skips says so")]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::Command;

use chrono::{TimeZone, Utc};
use posthoc::figure::{Anchor, Figure, Ink, Shape};
use posthoc::render::document::{Block, Document, Inline};
use posthoc::render::pdf::{FontFile, FontFinder, Options, Paper, SystemFonts, render};
use posthoc::render::{Figures, Meta};
use proptest::prelude::*;
use pulldown_cmark::Alignment;

fn text(text: &str) -> Inline {
    Inline::Text(text.into())
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

fn heading(level: u8, words: &str) -> Block {
    Block::Heading {
        level,
        anchor: words.to_lowercase().replace(' ', "-"),
        content: vec![text(words)],
    }
}

fn link(url: &str, words: &str) -> Inline {
    Inline::Link { url: url.into(), content: vec![text(words)] }
}

fn row(cells: &[&str]) -> Vec<Vec<Inline>> {
    cells.iter().map(|cell| vec![text(cell)]).collect()
}

fn table(header: &[&str], rows: Vec<Vec<Vec<Inline>>>) -> Block {
    Block::Table { alignments: vec![Alignment::None; header.len()], header: row(header), rows }
}

fn document(blocks: Vec<Block>) -> Document {
    Document { blocks }
}

/// A PDF with what was said about it.
struct Pdf {
    bytes: Vec<u8>,
    warnings: Vec<String>,
}

fn print_with(document: &Document, figures: &Figures, meta: &Meta, options: &Options<'_>) -> Pdf {
    let printed = render(document, figures, meta, options).expect("a PDF");
    let warnings = printed.warnings.iter().map(|warning| warning.message.clone()).collect();
    Pdf { bytes: printed.value, warnings }
}

fn print(blocks: Vec<Block>) -> Pdf {
    print_with(&document(blocks), &Figures::new(), &Meta::default(), &Options::default())
}

/// Runs a tool with the PDF as the file `{}` among its arguments; `None` if it is not installed.
fn tool(program: &str, pdf: &Pdf, arguments: &[&str]) -> Option<String> {
    let mut file = tempfile::Builder::new().suffix(".pdf").tempfile().expect("a temporary file");
    file.write_all(&pdf.bytes).expect("written");
    let path = file.path().to_str().expect("a path in UTF-8");
    let arguments =
        arguments.iter().map(|&argument| if argument == "{}" { path } else { argument });
    let Ok(output) = Command::new(program).args(arguments).output() else {
        assert!(
            std::env::var_os("POSTHOC_REQUIRE_TOOLS").is_none_or(|on| on != "1"),
            "{program} is not installed"
        );
        eprintln!("skipped: {program} is not installed");
        return None;
    };
    let stated = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {stated}{complaint}");
    Some(stated)
}

/// The text of the pages `first` to `last` in reading order, white space made one space each.
fn words(pdf: &Pdf, first: u32, last: u32) -> Option<String> {
    let (first, last) = (first.to_string(), last.to_string());
    let stated = tool("pdftotext", pdf, &["-enc", "UTF-8", "-f", &first, "-l", &last, "{}", "-"])?;
    Some(stated.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn pages(pdf: &Pdf) -> Option<u32> {
    let info = tool("pdfinfo", pdf, &["{}"])?;
    info.lines()
        .find_map(|line| line.strip_prefix("Pages:"))
        .map(|pages| pages.trim().parse().expect("a number"))
}

fn parsed(pdf: &Pdf) -> lopdf::Document {
    lopdf::Document::load_mem(&pdf.bytes).expect("a PDF that can be read")
}

/// Every dictionary with this `/Type` or, for structure elements, this `/S`.
fn dictionaries(pdf: &lopdf::Document, key: &[u8], name: &[u8]) -> Vec<lopdf::Dictionary> {
    let of_kind = |dictionary: &&lopdf::Dictionary| {
        dictionary.get(key).and_then(lopdf::Object::as_name).is_ok_and(|n| n == name)
    };
    pdf.objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(of_kind)
        .cloned()
        .collect()
}

fn checked(pdf: &Pdf) {
    if let Some(stated) = tool("qpdf", pdf, &["--check", "{}"]) {
        assert!(stated.contains("No syntax or stream encoding errors"), "{stated}");
    }
}

fn figure() -> Figures {
    let line = Shape::Line {
        points: vec![(0.0, 80.0), (400.0, 10.0)],
        ink: Ink::Accent,
        width: 2.0,
        dashed: true,
    };
    let dot = Shape::Dot { x: 200.0, y: 45.0, radius: 4.0, ink: Ink::Full };
    let label = "lag in seconds".to_string();
    let label = Shape::Text {
        x: 400.0,
        y: 95.0,
        size: 11.0,
        anchor: Anchor::End,
        ink: Ink::Muted,
        text: label,
    };
    let shapes = vec![
        Shape::Rect { x: 10.0, y: 10.0, width: 50.0, height: 70.0, ink: Ink::Grid },
        line,
        dot,
        label,
    ];
    [("lag".to_string(), Figure { width: 400.0, height: 100.0, alt: "lag grew".into(), shapes })]
        .into_iter()
        .collect()
}

fn report() -> Document {
    let nested = Block::List { start: None, items: vec![vec![paragraph("inner item")]] };
    document(vec![
        heading(1, "Queue stalled"),
        Block::Paragraph(vec![
            text("An "),
            Inline::Emphasis(vec![text("efficient")]),
            text(" office with "),
            Inline::Strong(vec![text("bold words")]),
            text(", "),
            Inline::Code("let x = 1;".into()),
            text(" and "),
            Inline::Strikethrough(vec![text("struck words")]),
            Inline::SoftBreak,
            link("https://example.com/a?b=c", "outward"),
            text(", "),
            link("#causes", "inward"),
            text(", "),
            link("javascript:alert(1)", "harmless"),
        ]),
        heading(2, "Times"),
        table(
            &["At", "What"],
            vec![row(&["14:02", "queue stopped"]), row(&["14:30", "queue moved"])],
        ),
        Block::Figure { name: "lag".into(), alt: "Lag grew for half an hour".into() },
        heading(3, "Detail"),
        Block::List {
            start: Some(3),
            items: vec![vec![paragraph("third thing"), nested], vec![paragraph("fourth thing")]],
        },
        Block::Code { language: None, text: "fn main() {\n    run();\n}\n".into() },
        Block::Quote(vec![paragraph("somebody said so")]),
        Block::Rule,
        heading(2, "Causes"),
        paragraph("The disk was full."),
    ])
}

fn meta() -> Meta {
    Meta {
        title: "Queue stalled – überall".into(),
        authors: vec!["Example Team".into()],
        subject: "A postmortem".into(),
        keywords: vec!["queue".into(), "disk".into()],
        date: None,
        footer: "Queue stalled, internal".into(),
        ..Meta::default()
    }
}

fn full() -> Pdf {
    print_with(&report(), &figure(), &meta(), &Options::default())
}

#[test]
fn text_comes_out_in_reading_order() {
    let pdf = full();
    checked(&pdf);
    let Some(words) = words(&pdf, 1, 1) else { return };
    let order = [
        "Queue stalled",
        "An efficient office with bold words, let x = 1; and struck words outward, inward, harmless",
        "Times",
        "At What 14:02 queue stopped 14:30 queue moved",
        "lag in seconds",
        "Detail",
        "3. third thing",
        "inner item",
        "4. fourth thing",
        "fn main() { run(); }",
        "somebody said so",
        "Causes The disk was full.",
        "Queue stalled, internal page 1 of 1",
    ];
    let mut from = 0;
    for piece in order {
        let at = words[from..]
            .find(piece)
            .unwrap_or_else(|| panic!("{piece:?} is not after the rest in {words:?}"));
        from += at + piece.len();
    }
}

#[test]
fn pdf_metadata_is_complete() {
    let dated = Meta { date: Utc.with_ymd_and_hms(2026, 3, 17, 14, 5, 6).single(), ..meta() };
    let pdf = print_with(&report(), &figure(), &dated, &Options::default());
    let info = tool("pdfinfo", &pdf, &["-isodates", "{}"]);
    for line in [
        "Queue stalled – überall",
        "Example Team",
        "A postmortem",
        "queue, disk",
        "2026-03-17T14:05:06Z",
        "Tagged:          yes",
    ] {
        assert!(info.iter().all(|info| info.contains(line)), "{line}: {info:?}");
    }
    let undated = parsed(&full());
    let info = undated
        .trailer
        .get(b"Info")
        .and_then(|info| undated.get_object(info.as_reference()?))
        .expect("information");
    let info = info.as_dict().expect("a dictionary");
    assert!(!info.has(b"CreationDate") && !info.has(b"ModDate"));
    let catalog = undated.catalog().expect("a catalog");
    assert_eq!(catalog.get(b"Lang").and_then(lopdf::Object::as_str).ok(), Some(b"en".as_slice()));
    let preferences =
        catalog.get(b"ViewerPreferences").and_then(lopdf::Object::as_dict).expect("preferences");
    assert_eq!(
        preferences.get(b"DisplayDocTitle").and_then(lopdf::Object::as_bool).ok(),
        Some(true)
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert!(full().bytes == full().bytes);
    assert!(full().bytes != print(vec![paragraph("other")]).bytes);
}

#[test]
fn links_lead_only_to_safe_targets() {
    let pdf = parsed(&full());
    let links = dictionaries(&pdf, b"Subtype", b"Link");
    assert_eq!(links.len(), 2, "{links:?}");
    let uri = |link: &lopdf::Dictionary| {
        let action = link.get(b"A").and_then(lopdf::Object::as_dict).ok()?;
        action.get(b"URI").and_then(lopdf::Object::as_str).ok().map(<[u8]>::to_vec)
    };
    assert_eq!(
        links.iter().filter_map(uri).collect::<Vec<_>>(),
        [b"https://example.com/a?b=c".to_vec()]
    );
    assert_eq!(links.iter().filter(|link| link.has(b"Dest")).count(), 1);
    assert!(!full().bytes.windows(10).any(|bytes| bytes == b"javascript"));
}

#[test]
fn outline_follows_the_headings() {
    let pdf = parsed(&full());
    let toc = pdf.get_toc().expect("an outline").toc;
    let shape: Vec<(usize, &str)> =
        toc.iter().map(|entry| (entry.level, entry.title.as_str())).collect();
    assert_eq!(shape, [(1, "Queue stalled"), (2, "Times"), (3, "Detail"), (2, "Causes")]);
}

#[test]
fn tags_describe_the_structure() {
    let pdf = parsed(&full());
    let count = |role: &str| dictionaries(&pdf, b"S", role.as_bytes()).len();
    let found = [
        "H1",
        "H2",
        "H3",
        "Table",
        "TR",
        "TH",
        "TD",
        "L",
        "LI",
        "BlockQuote",
        "Code",
        "Figure",
        "Link",
    ]
    .map(count);
    assert_eq!(found, [1, 2, 1, 1, 3, 2, 4, 2, 3, 1, 1, 1, 2]);
    let figures = dictionaries(&pdf, b"S", b"Figure");
    let alt = figures[0].get(b"Alt").and_then(lopdf::Object::as_str).ok();
    assert_eq!(alt, Some(b"Lag grew for half an hour".as_slice()));
    if let Some(structure) = tool("pdfinfo", &full(), &["-struct-text", "{}"]) {
        assert!(structure.contains("queue stopped"), "{structure}");
    }
}

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
    // The reader takes ligatures and composed letters apart in its own way; ours are neither.
    assert!(all.starts_with(&letters.iter().collect::<String>()), "{words}");
}

#[test]
fn paper_size_option_sets_the_page_size() {
    for (paper, size) in
        [(Paper::A4, "595.28 x 841.89 pts (A4)"), (Paper::Letter, "612 x 792 pts (letter)")]
    {
        let options = Options { paper, ..Options::default() };
        let pdf = print_with(&report(), &figure(), &meta(), &options);
        let Some(info) = tool("pdfinfo", &pdf, &["{}"]) else { return };
        assert!(info.contains(size), "{info}");
    }
}

#[test]
fn long_table_repeats_its_header_on_every_page() {
    let rows = (0..300).map(|at| row(&[&format!("row {at}"), "something happened"])).collect();
    let pdf = print(vec![heading(1, "Long"), table(&["Number heading", "Event heading"], rows)]);
    checked(&pdf);
    let Some(count) = pages(&pdf) else { return };
    assert!(count > 5, "{count}");
    for page in 1..=count {
        let Some(words) = words(&pdf, page, page) else { return };
        assert_eq!(
            words.matches("Number heading Event heading row").count(),
            1,
            "page {page}: {words}"
        );
    }
    let all = words(&pdf, 1, count).unwrap_or_default();
    assert!((0..300).all(|at| all.contains(&format!("row {at} something"))));
}

#[test]
fn row_taller_than_a_page_spans_pages() {
    let tall: String = (0..1500).map(|at| format!("word{at} ")).collect();
    let pdf = print(vec![table(&["A", "B"], vec![row(&["short", &tall]), row(&["last", "one"])])]);
    checked(&pdf);
    let Some(count) = pages(&pdf) else { return };
    assert!(count >= 2);
    let all = words(&pdf, 1, count).unwrap_or_default();
    assert!((0..1500).all(|at| all.contains(&format!("word{at} "))));
    assert!(all.contains("last one"));
}

#[test]
fn long_code_line_is_wrapped_completely() {
    let long: String = (0..100).map(|at| format!("{at:05}")).collect();
    let pdf = print(vec![Block::Code { language: None, text: format!("first\n{long}\nlast") }]);
    let Some(stated) = words(&pdf, 1, 1) else { return };
    assert!(stated.split_whitespace().collect::<String>().contains(&long), "{stated}");
    let Some(boxes) = tool("pdftotext", &pdf, &["-bbox", "{}", "-"]) else { return };
    let right = boxes
        .split("xMax=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next()?.parse::<f32>().ok());
    assert!(right.fold(0.0, f32::max) < 595.28 - 50.0, "{boxes}");
}

#[test]
fn code_indentation_is_preserved_across_pages() {
    let lines: String =
        (0..150).map(|at| format!("{}line {at}\n", " ".repeat(at % 4 * 2))).collect();
    let pdf = print(vec![Block::Code { language: None, text: lines }]);
    let Some(stated) = tool("pdftotext", &pdf, &["-layout", "{}", "-"]) else { return };
    let indent = |line: &str| {
        stated.lines().find(|l| l.trim() == line).map(|l| l.len() - l.trim_start().len())
    };
    assert!(indent("line 3") > indent("line 0"), "{stated}");
    assert!((0..150).all(|at| indent(&format!("line {at}")).is_some()));
}

#[test]
fn headings_stay_with_their_text() {
    for lines in 35..50 {
        let filler = Block::Code { language: None, text: "x\n".repeat(lines) };
        let pdf = print(vec![filler, heading(2, "Stranded"), paragraph(&"follows it ".repeat(40))]);
        let Some(first) = words(&pdf, 1, 1) else { return };
        assert_eq!(first.contains("Stranded"), first.contains("follows"), "{lines} lines: {first}");
    }
}

/// Each page's text, without its foot.
fn by_page(pdf: &Pdf) -> Option<Vec<String>> {
    let count = pages(pdf)?;
    (1..=count)
        .map(|page| Some(words(pdf, page, page)?.split(" page ").next()?.to_string()))
        .collect()
}

#[test]
fn page_breaks_keep_related_blocks_together() {
    for filler in 26..46 {
        let mut blocks: Vec<Block> =
            (0..filler).map(|at| paragraph(&format!("filler {at}"))).collect();
        let rows =
            (0..12).map(|at| row(&[&format!("12:{at:02}"), &format!("row-{at}-")])).collect();
        blocks.extend([
            heading(2, "Timeline"),
            paragraph("All times are local."),
            table(&["at", "what"], rows),
        ]);
        let small = (0..4).map(|at| row(&[&format!("small-{at}-")])).collect();
        blocks.extend([
            paragraph("Before."),
            table(&["metric"], small),
            paragraph("in one step, however much that was:"),
        ]);
        blocks.push(Block::Code {
            language: None,
            text: "code-line-1\ncode-line-2\ncode-line-3".into(),
        });
        blocks.extend([Block::Rule, paragraph("colophon")]);
        let Some(pages) = by_page(&print(blocks)) else { return };
        let page_of = |words: &str| pages.iter().position(|page| page.contains(words));
        for page in &pages {
            assert_ne!(page.matches("row-").count(), 1, "{filler}: a row alone: {page}");
            assert!(
                matches!(page.matches("small-").count(), 0 | 4),
                "{filler}: a small table is parted: {page}"
            );
        }
        assert_eq!(page_of("Timeline"), page_of("row-1-"), "{filler}");
        assert_eq!(page_of("All times"), page_of("row-1-"), "{filler}");
        assert_eq!(page_of("that was:"), page_of("code-line-1"), "{filler}");
        assert_eq!(page_of("colophon"), page_of("code-line-3"), "{filler}");
    }
}

#[test]
fn empty_document_is_one_page() {
    let pdf = print_with(&Document::default(), &Figures::new(), &meta(), &Options::default());
    checked(&pdf);
    let Some(words) = words(&pdf, 1, 9) else { return };
    assert_eq!(words, "Queue stalled, internal page 1 of 1");
}

#[test]
fn very_long_word_is_broken_not_truncated() {
    let pdf = print(vec![
        paragraph(&"abcdefghij".repeat(2000)),
        table(&["a"], vec![row(&[&"z".repeat(20_000)])]),
    ]);
    checked(&pdf);
    let Some(count) = pages(&pdf) else { return };
    let stated = words(&pdf, 1, count).unwrap_or_default();
    assert_eq!(stated.matches('j').count(), 2000);
    assert_eq!(stated.matches('z').count(), 20_000);
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

#[test]
fn control_characters_are_shown_as_symbols() {
    let pdf = print(vec![
        paragraph("a\u{1b}[31mb\u{7}c\u{9f}d"),
        Block::Code { language: None, text: "x\u{0}y".into() },
    ]);
    let Some(words) = words(&pdf, 1, 1) else { return };
    assert!(words.starts_with("a\u{fffd}[31mb\u{fffd}c\u{fffd}d x\u{fffd}y"), "{words:?}");
}

#[test]
fn many_columns_stay_on_the_page() {
    let header: Vec<String> = (0..14).map(|at| format!("column{at}")).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let pdf = print(vec![table(&header, vec![row(&["12345678"; 14])])]);
    let Some(boxes) = tool("pdftotext", &pdf, &["-bbox", "{}", "-"]) else { return };
    let right = boxes
        .split("xMax=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next()?.parse::<f32>().ok());
    assert!(right.fold(0.0, f32::max) < 595.28 - 50.0, "{boxes}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_gives_a_valid_pdf(words in "\\PC{0,40}|[\\s\\S]{0,60}", cell in "[\\s\\S]{0,60}", code in "[\\s\\S]{0,80}") {
        let blocks = vec![
            Block::Heading { level: 2, anchor: words.clone(), content: vec![text(&words)] },
            Block::Paragraph(vec![text(&words), Inline::Code(cell.clone()), link("#x", &cell), Inline::HardBreak]),
            table(&[&cell, &words], vec![row(&[&words, &cell])]),
            Block::Code { language: None, text: code },
            Block::List { start: None, items: vec![vec![paragraph(&cell)], vec![]] },
        ];
        let meta = Meta { title: words.clone(), footer: cell, ..Meta::default() };
        let printed = render(&document(blocks), &Figures::new(), &meta, &Options::default());
        prop_assert!(printed.is_ok_and(|pdf| lopdf::Document::load_mem(&pdf.value).is_ok()));
    }
}
