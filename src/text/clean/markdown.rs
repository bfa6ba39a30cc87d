//! Untrusted text as clean Markdown.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use scraper::ElementRef;

use super::escape::{HARD_BREAK, plain_lines};
use super::html;
use super::mixed::{mixed_to_markdown, parser};
use super::visible::visible;
use crate::text::link::is_safe_link;

/// The format of an untrusted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    /// Plain text, without markup.
    Plain,
    /// Markdown, possibly with HTML in it, whose line ends are visible on its page.
    Markdown,
    /// Markdown of a document, possibly with HTML in it, whose line ends are only line wrapping.
    Document,
    /// HTML.
    Html,
}

/// Converts `text` to clean Markdown.
///
/// Tags become Markdown or are removed, entities are decoded exactly once, and the contents of
/// scripts and styles are dropped. Links and images become links to http, https or mailto, or else
/// their plain text. Characters that control a terminal, change the reading direction or are
/// invisible are removed. Visible line breaks are preserved.
pub(crate) fn clean_markdown(text: &str, kind: TextKind) -> String {
    let text = visible(text);
    let text = text.trim();
    let markdown = match kind {
        TextKind::Plain => Cow::Owned(plain_lines(text)),
        TextKind::Html => Cow::Owned(html::html_to_markdown(text, false)),
        TextKind::Markdown | TextKind::Document if text.contains(['<', '&']) => {
            Cow::Owned(mixed_to_markdown(text))
        }
        TextKind::Markdown | TextKind::Document => Cow::Borrowed(text),
    };
    let lines = match kind {
        TextKind::Markdown => Cow::Owned(harden_line_ends(&markdown)),
        TextKind::Document => without_loose_spaces(markdown),
        TextKind::Plain | TextKind::Html => markdown,
    };
    // This comes last, since even removing spaces can turn an example of HTML into HTML.
    neutralise(Cow::Borrowed(lines.trim()))
}

/// Clean Markdown of a part of a web page that is a document of its own: as [`clean_markdown`] for
/// HTML, but headings and tables are preserved.
pub(crate) fn clean_document(content: ElementRef<'_>) -> String {
    neutralise(Cow::Borrowed(html::document(content).trim()))
}

/// Makes Markdown safe: no HTML, no unsafe address, no image that would be loaded. Removing one
/// construct can create another, so this is repeated until nothing is found.
fn neutralise(markdown: Cow<'_, str>) -> String {
    let mut text = markdown.into_owned();
    for _ in 0..8 {
        if !text.contains('<') && !text.contains("](") && !text.contains("]:") {
            return text;
        }
        let edits = edits(&text);
        if edits.is_empty() {
            return text;
        }
        text = apply(&text, &edits);
    }
    plain_lines(&text)
}

type Edit = (Range<usize>, String);

fn edits(text: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut events = parser(text);
    while let Some((event, range)) = events.next() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                edits.push((range.clone(), escape_tags(&text[range])));
            }
            Event::Start(Tag::Link { dest_url, link_type, .. }) if !is_safe_link(&dest_url) => {
                let is_bare_mail = link_type == LinkType::Email;
                let inner = inner_text(text, &mut events, |end| matches!(end, TagEnd::Link));
                if !is_bare_mail {
                    edits.push((range, inner));
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) if is_safe_link(&dest_url) => {
                // Without its exclamation mark, an image is a link to it.
                edits.push((range.start..range.start + 1, String::new()));
            }
            Event::Start(Tag::Image { .. }) => {
                edits.push((
                    range,
                    inner_text(text, &mut events, |end| matches!(end, TagEnd::Image)),
                ));
            }
            _ => {}
        }
    }
    edits
}

/// The source between the brackets of a link or an image whose start was just read.
fn inner_text<'a>(
    text: &str,
    events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    is_end: fn(&TagEnd) -> bool,
) -> String {
    let mut inner: Option<Range<usize>> = None;
    let mut depth = 0;
    for (event, range) in events {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => depth += 1,
            Event::End(end) if depth == 0 && is_end(&end) => break,
            Event::End(TagEnd::Link | TagEnd::Image) => depth -= 1,
            _ => {}
        }
        inner = Some(match inner {
            Some(seen) => seen.start.min(range.start)..seen.end.max(range.end),
            None => range,
        });
    }
    inner.map_or(String::new(), |range| text[range].to_owned())
}

/// Escapes each `<` that is not escaped.
fn escape_tags(html: &str) -> String {
    let mut escaped = String::with_capacity(html.len() + 4);
    let mut backslashes = 0;
    for c in html.chars() {
        if c == '<' && backslashes % 2 == 0 {
            escaped.push('\\');
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        escaped.push(c);
    }
    escaped
}

/// Applies edits that are in order. An edit inside the previous one is left for the next round.
fn apply(text: &str, edits: &[Edit]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for (range, replacement) in edits {
        if range.start < at {
            continue;
        }
        result.push_str(&text[at..range.start]);
        result.push_str(replacement);
        at = range.end;
    }
    result.push_str(&text[at..]);
    result
}

/// Turns the line ends in paragraphs into hard breaks, since a status page shows them.
fn harden_line_ends(markdown: &str) -> String {
    if !markdown.contains('\n') {
        return markdown.to_owned();
    }
    let edits: Vec<Edit> = parser(markdown)
        .filter(|(event, _)| matches!(event, Event::SoftBreak))
        .map(|(_, range)| (range, HARD_BREAK.to_owned()))
        .collect();
    apply(markdown, &edits)
}

/// The Markdown of a document without trailing spaces. The two spaces of a hard break remain.
fn without_loose_spaces(markdown: Cow<'_, str>) -> Cow<'_, str> {
    if ![" \n", "\t\n"].iter().any(|end| markdown.contains(end)) {
        return markdown;
    }
    let mut is_code = false;
    let mut lines = markdown.split('\n').peekable();
    let mut out = String::with_capacity(markdown.len());
    while let Some(line) = lines.next() {
        let text = line.trim_end_matches([' ', '\t']);
        is_code ^= ["```", "~~~"].iter().any(|fence| text.trim_start().starts_with(fence));
        let is_break =
            line.ends_with("  ") && lines.peek().is_some_and(|next| !next.trim().is_empty());
        out.push_str(text);
        match lines.peek() {
            Some(_) if is_break && !is_code && !text.is_empty() => out.push_str(HARD_BREAK),
            Some(_) => out.push('\n'),
            None => {}
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clean::clean_line;
    use proptest::prelude::*;

    fn plain(text: &str) -> String {
        clean_markdown(text, TextKind::Plain)
    }

    fn markdown(text: &str) -> String {
        clean_markdown(text, TextKind::Markdown)
    }

    #[test]
    fn plain_text_is_escaped_and_stays_readable() {
        assert_eq!(
            plain("node_cpu_seconds at 5 * 3 is 97% & rising"),
            "node_cpu_seconds at 5 * 3 is 97% & rising"
        );
        assert_eq!(
            plain("*not bold* `code` [a](b) <b> &lt;"),
            "\\*not bold\\* \\`code\\` [a\\](b) \\<b> \\&lt;"
        );
        assert_eq!(
            plain("# one\n- two\n3. three\n\n\n> four"),
            "\\# one  \n\\- two  \n3\\. three\n\n\\> four"
        );
    }

    #[test]
    fn line_breaks_of_a_document_are_soft() {
        let document = |text| clean_markdown(text, TextKind::Document);
        assert_eq!(
            document("one\ntwo <b>three</b>  \nfour &amp; five"),
            "one\ntwo **three**  \nfour & five"
        );
        assert_eq!(
            document("one \ntwo   \nthree  \n\n```\nfour  \nfive\n```\t"),
            "one\ntwo  \nthree\n\n```\nfour\nfive\n```"
        );
        assert_eq!(markdown("one\ntwo"), "one  \ntwo");
    }

    #[test]
    fn control_and_invisible_characters_are_removed() {
        assert_eq!(plain("a\u{1b}[31mred\u{1b}[0m\u{7}b"), "aredb");
        assert_eq!(plain("\u{1b}]0;title\u{7}x\u{9b}y"), "xy");
        assert_eq!(plain("a\u{202e}b\u{2066}c\u{200b}d\u{feff}e"), "abcde");
        assert_eq!(plain("one\r\ntwo\rthree"), "one  \ntwo  \nthree");
        assert_eq!(clean_line(" a\n\tb \u{0}c "), "a b c");
    }

    #[test]
    fn only_safe_link_schemes_remain() {
        assert_eq!(markdown("[a](https://example.com \"a\")"), "[a](https://example.com \"a\")");
        assert_eq!(markdown("[a](javascript:alert(1)) b"), "a b");
        assert_eq!(markdown("[a **b**](data:text/html,x)"), "a **b**");
        assert_eq!(markdown("[a](/relative)"), "a");
        assert_eq!(
            markdown("![pixel](https://example.com/p.png)"),
            "[pixel](https://example.com/p.png)"
        );
        assert_eq!(markdown("[![x](data:y)](javascript:z)"), "x");
        assert_eq!(
            markdown("<javascript:alert> <https://example.com/?a=1>"),
            "\\<javascript:alert> <https://example.com/?a=1>"
        );
        assert_eq!(markdown("[x][r]\n\n[r]: javascript:alert"), "x\n\n[r]: javascript:alert");
    }

    #[test]
    fn removal_does_not_create_new_markup() {
        assert_eq!(markdown("[a]<b></b>(javascript:x)"), "a");
        assert_eq!(markdown("<scr<script></script>ipt>alert</script>"), "\\<script>alert");
    }

    #[test]
    fn line_breaks_of_a_post_are_hard_except_in_lists_and_code() {
        assert_eq!(markdown("one\ntwo\n\nthree"), "one  \ntwo\n\nthree");
        assert_eq!(
            markdown("- a\n- b\n\n```\nx\ny < z & <b>\n```"),
            "- a\n- b\n\n```\nx\ny < z & <b>\n```"
        );
        assert_eq!(markdown("`Vec<T>` holds T"), "`Vec<T>` holds T");
    }

    fn assert_harmless(text: &str) {
        for (event, _) in parser(text) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => {
                    panic!("live HTML {html:?} in {text:?}")
                }
                Event::Start(Tag::Image { .. }) => panic!("an image in {text:?}"),
                Event::Start(Tag::Link { dest_url, link_type, .. })
                    if link_type != LinkType::Email =>
                {
                    assert!(is_safe_link(&dest_url), "{dest_url} in {text:?}");
                }
                _ => {}
            }
        }
        assert!(!text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')), "{text:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn cleaned_text_has_no_active_content(parts in proptest::collection::vec(prop_oneof![
            Just("<b>"), Just("</b>"), Just("<script>"), Just("</script>"), Just("<a href='javascript:x'>"), Just("</a>"),
            Just("[a]"), Just("(javascript:x)"), Just("(https://example.com)"), Just("!"), Just("["), Just("]"), Just("("),
            Just(")"), Just("\\"), Just("`"), Just("```"), Just("\n"), Just("\n\n"), Just("    "), Just("&lt;"), Just("&amp;"),
            Just("&#60;"), Just("<"), Just(">"), Just("<br />"), Just("<!--"), Just("-->"), Just("x"), Just(" "), Just("- "),
            Just("[r]: data:x"), Just("[r]"), Just("<div>"), Just("</div>"), Just("<img src=x onerror=y>"), Just("\u{1b}[2J"),
            Just("<pre>"), Just("<li>"), Just("<ul>"), Just("*"), Just("|"), Just("---"), Just("<data:x>"), Just("\u{e000}"),
            Just("<?"), Just("<![CDATA["), Just("~~"), Just("# "), Just("1. "), Just("<plaintext>"), Just("<textarea>"),
        ], 0..24)) {
            let text = parts.concat();
            for kind in [TextKind::Plain, TextKind::Markdown, TextKind::Html] {
                assert_harmless(&clean_markdown(&text, kind));
            }
        }

        #[test]
        fn plain_text_renders_as_written(text in "[ -~\n]{0,60}") {
            let mut shown = String::new();
            for (event, _) in parser(&plain(&text)) {
                match event {
                    Event::Text(part) => shown.push_str(&part),
                    Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => shown.push('\n'),
                    Event::Start(Tag::Paragraph) => {}
                    other => panic!("{other:?} of {text:?}"),
                }
            }
            let lines = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(lines(&shown), lines(&text));
        }
    }

    #[test]
    fn address_like_text_stays_text() {
        for text in ["<#@A>", "<a@b.example>", "a <@ b>"] {
            let is_live = parser(&plain(text))
                .any(|(event, _)| matches!(event, Event::Start(Tag::Link { .. })));
            assert!(!is_live, "{text}");
        }
    }
}
