use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Document {
    Document::from_markdown(text).value
}

fn rewritten(text: &str) -> String {
    read(text).to_markdown()
}

#[test]
fn canonical_markdown_round_trips() {
    let text = "# A title\n\nSome *text* with **strong**, `code`, ~~gone~~ and a [link](https://example.com/a_b).\n\
            A second line\\\nand a third.\n\n- one\n- two\n  - inner\n\n1. first\n\n   more\n\n2. second\n\n> quoted\n>\n> > twice\n\n\
            | a | b |\n| --- | --: |\n| 1 \\| 2 | x<br>y |\n\n```sql\nselect 1;\n```\n\n---\n\n![It hurt](figure:impact)\n";
    assert_eq!(rewritten(text), text);
}

#[test]
fn paragraph_in_a_nested_item_stays_a_paragraph() {
    for text in [
        "1. two\n   - a\n   - b\n\n     para in nested\n2. three\n",
        "- a\n  - b\n\n    ```\n    x\n\n    y\n    ```\n- c\n",
        "- a\n\n  3. not after a line of text\n- c\n",
    ] {
        let (first, again) = (read(text), rewritten(text));
        assert_eq!(read(&again), first, "{again}");
    }
    assert_eq!(
        rewritten("1. two\n   - a\n\n     p\n2. three"),
        "1. two\n   - a\n\n     p\n2. three\n"
    );
    assert_eq!(rewritten("- a\n  - b\n- c"), "- a\n  - b\n- c\n");
}

#[test]
fn tabs_are_preserved_only_in_code() {
    let code = "```make\nall:\n\techo\tx\n```\n";
    assert_eq!(rewritten(code), code);
    let nested = "- a\n\n  ```\n  \tx\n  ```\n";
    assert_eq!(rewritten(nested), nested);
    assert_eq!(
        rewritten("a\tb `c\td`\n\n| x |\n| --- |\n| `y\tz` |"),
        "a b `c d`\n\n| x |\n| --- |\n| `y z` |\n"
    );
}

#[test]
fn raw_html_is_text() {
    let text = rewritten("<script>alert(1)</script>\n\na <b onclick=x>b</b> <!-- c -->\n");
    assert_eq!(text, "\\<script>alert(1)\\</script>\n\na \\<b onclick=x>b\\</b> \\<!-- c -->\n");
}

#[test]
fn unclosed_markup_does_not_swallow_the_rest() {
    for open in [
        "```\ncode",
        "<!-- comment",
        "<script>",
        "> quote",
        "- item",
        "~~~",
        "    code",
        "| a |\n|---|",
        "[x]:",
        "**",
        "`",
        "<![CDATA[",
        "\\",
    ] {
        let whole = format!("{}\n## Next\n", rewritten(open));
        assert!(
            matches!(read(&whole).blocks.last(), Some(Block::Heading { level: 2, .. })),
            "{open:?} gave {whole:?}"
        );
    }
}

#[test]
fn unsafe_links_and_images_are_dropped_with_one_warning() {
    let warned = Document::from_markdown(
        "[a](javascript:x) [b](https://example.com) ![c](https://example.com/c.png) ![d](data:x) <e@example.com> [f](JAVA&#x53;CRIPT:x)",
    );
    let [warning] = warned.warnings.as_slice() else { panic!("{:?}", warned.warnings) };
    assert_eq!(warning.message, "3 addresses of links or images were reduced to plain text");
    assert_eq!(
        warned.value.to_markdown(),
        "a [b](https://example.com) [c](https://example.com/c.png) d [e@example.com](mailto:e@example.com) f\n"
    );
}

#[test]
fn refused_link_at_an_item_start_becomes_text() {
    assert_eq!(rewritten("- [a](x:y) b\n- ![c](x:y)\n\n# d"), "- a b\n- c\n\n# d\n");
}

#[test]
fn fast_path_for_prose_agrees_with_the_parser() {
    for text in [
        "Plain words, 5 > 3.",
        "Two (2) words: a; b - c",
        "é à",
        "1. no",
        "Title\n===",
        "a  b",
        "A | b",
        "a\u{85}b",
        "  Spaced  ",
        "x",
    ] {
        assert_eq!(Document::fragment(text), read(text), "{text:?}");
    }
}

#[test]
fn figure_is_a_block_and_inline_figure_becomes_text() {
    assert_eq!(
        read("![x](figure:impact)").blocks,
        [Block::Figure { name: "impact".into(), alt: "x".into() }]
    );
    assert_eq!(rewritten("see ![x](figure:impact)"), "see x\n");
    assert_eq!(rewritten("![x](figure:../../etc)"), "x\n");
}

#[test]
fn anchors_are_unique() {
    let anchors: Vec<String> =
        read("# A b!\n# A b\n# A b 2\n# ***\n# Größe")
            .blocks
            .into_iter()
            .map(|block| {
                if let Block::Heading { anchor, .. } = block { anchor } else { panic!("{block:?}") }
            })
            .collect();
    assert_eq!(anchors, ["a-b", "a-b-2", "a-b-2-2", "section", "größe"]);
}

#[test]
fn task_lists_become_check_boxes() {
    assert_eq!(rewritten("- [ ] a\n- [x] b"), "- ☐ a\n- ☑ b\n");
}

#[test]
fn headings_shift_together() {
    let mut document = read("# a\n### b\n> ## c");
    document.shift_headings(3);
    assert_eq!(document.to_markdown(), "### a\n\n##### b\n\n> #### c\n");
}

#[test]
fn document_can_be_flattened_into_a_cell() {
    let line =
        read("# T\n\na\nb\n\n- x\n- y\n\n```\nc | d\n```\n\n| h |\n|---|\n| `v|w` |").into_line();
    assert_eq!(
        crate::markdown::write::cell(&line),
        "**T**<br>a b<br>• x<br>• y<br>`c \\| d`<br>h<br>\\`v"
    );
}

#[test]
fn nesting_is_bounded_and_cheap() {
    for deep in [
        ">".repeat(50_000),
        "- ".repeat(20_000),
        "[".repeat(20_000),
        "*a ".repeat(20_000),
        "![".repeat(9_000),
    ] {
        let document = read(&format!("{deep} end"));
        let again = read(&document.to_markdown());
        assert!(document.to_markdown().contains("end"));
        assert_eq!(again.blocks.len(), document.blocks.len());
    }
}

/// Imitates GitHub's handling of bare addresses: each is taken first, up to white space or `<`, and
/// only the rest is parsed.
fn without_addresses(markdown: &str) -> String {
    let address = regex::Regex::new(r"(?i)(https?://|ftp://|www\.)[^\s<]*").unwrap();
    let mut left = String::new();
    let mut at = 0;
    let mut in_link = 0;
    let mut in_text: Vec<std::ops::Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => in_link += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => in_link -= 1,
            // There are no links inside the brackets of a link.
            Event::Text(_) if in_link == 0 => in_text.push(range),
            _ => {}
        }
    }
    let is_text = |start: usize| in_text.iter().any(|range| range.contains(&start));
    for found in address.find_iter(markdown).filter(|found| is_text(found.start())) {
        left.push_str(&markdown[at..found.start()]);
        left.push('u');
        at = found.end();
    }
    left + &markdown[at..]
}

fn live(markdown: &str) -> Vec<String> {
    let found = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    found
        .filter_map(|event| match event {
            Event::Html(html) | Event::InlineHtml(html) if &*html != "<br>" => {
                Some(html.to_string())
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let is_safe =
                    dest_url.starts_with("figure:") || link::safe_or_anchor(&dest_url).is_some();
                (!is_safe).then(|| dest_url.to_string())
            }
            _ => None,
        })
        .collect()
}

#[test]
fn text_after_a_bare_address_stays_text() {
    for text in [
        "http://x.example/<script>alert(1)</script>",
        "http://y.example/[c](javascript:alert(2))",
        "http://x/`<b>`",
        "http://x/**<b>**",
        "http://x/&lt;b>",
        "www.x.example/<b>",
        "http://x/[http://y/<b>](https://z)<b>",
    ] {
        let written = rewritten(text);
        assert_eq!(live(&without_addresses(&written)), [""; 0], "{written}");
        assert_eq!(live(&written), [""; 0], "{written}");
    }
    let plain = "see http://x.example/a_b?c=d, and [http://y](http://y/z_a) or `http://z/<b>`\n";
    assert_eq!(rewritten(plain), plain);
}

proptest! {
    #[test]
    fn no_text_becomes_a_live_tag_or_unsafe_link(
        text in proptest::collection::vec(prop_oneof![
            Just("http://x/"), Just("www.y.example"), Just("ftp://z"), Just("<b>"), Just("<script>"), Just("["), Just("]("), Just("javascript:a"),
            Just(")"), Just("`"), Just("*"), Just("**"), Just("~~"), Just("\\"), Just(" "), Just("\n"), Just("&lt;"), Just("&#60;"), Just("a"), Just("|"),
            Just("]: javascript:a\n"), Just("!["), Just("<"), Just(">"), Just("\n|-|\n"), Just("data:x"), Just("mailto:a@b"), Just("\""), Just("_"),
        ], 0..24).prop_map(|parts| parts.concat())
    ) {
        for written in [rewritten(&text), crate::text::markdown::line(&text)] {
            prop_assert_eq!(live(&without_addresses(&written)), Vec::<String>::new(), "{:?} gave {:?}", &text, &written);
            prop_assert_eq!(live(&written), Vec::<String>::new(), "{:?} gave {:?}", &text, &written);
        }
    }

    #[test]
    fn any_text_is_parsed_and_self_contained(
        text in proptest::collection::vec(prop_oneof![
            Just("\n"), Just("\n\n"), Just("> "), Just("- "), Just("1. "), Just("  "), Just("    "), Just("```"), Just("`"),
            Just("*"), Just("**"), Just("_"), Just("~~"), Just("["), Just("]("), Just(")"), Just("<"), Just("<!--"), Just("<pre>"),
            Just("|"), Just("\n|-|-|\n"), Just("#"), Just("# "), Just("a"), Just("B c"), Just("!"), Just("\\"), Just("&amp;"), Just("https://e.x"),
            Just("\n---\n"), Just("\n===\n"), Just("é"), Just("\u{1b}[0m"), Just("[x]: y"), Just("[z](x:y)"), Just("![z](figure:z)"), Just("- [ ] "), Just("\t"),
        ], 0..40).prop_map(|parts| parts.concat())
    ) {
        let document = read(&text);
        let written = document.to_markdown();
        prop_assert!(!written.contains(char::is_control) || written.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()), "control code");
        let whole = format!("{written}\n## Next\n\nlast\n");
        let again = read(&whole);
        let (next, kept) = again.blocks.split_at(again.blocks.len() - 2);
        prop_assert!(matches!(kept, [Block::Heading { level: 2, .. }, Block::Paragraph(_)]), "{text:?} gave {whole:?}");
        prop_assert_eq!(next.len(), document.blocks.len(), "{:?} gave {:?}", text, whole);
    }
}
