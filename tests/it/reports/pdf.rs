//! The PDF writer, checked with other programs: poppler and qpdf.
//!
//! If one of them is not installed, a test prints that and passes, unless
//! `POSTHOC_REQUIRE_TOOLS=1`.
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

mod fonts;
mod pages;

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

/// A PDF with its warnings.
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
