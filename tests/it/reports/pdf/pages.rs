//! The pages of a PDF: which blocks stay together, and which are split.

use super::*;

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
    for (filler, has_day) in (26..46).flat_map(|filler| [(filler, false), (filler, true)]) {
        let mut blocks: Vec<Block> =
            (0..filler).map(|at| paragraph(&format!("filler {at}"))).collect();
        let rows =
            (0..12).map(|at| row(&[&format!("12:{at:02}"), &format!("row-{at}-")])).collect();
        blocks.extend([heading(2, "Timeline"), paragraph("All times are local.")]);
        blocks.extend(has_day.then(|| heading(3, "Tuesday")));
        blocks.push(table(&["at", "what"], rows));
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
