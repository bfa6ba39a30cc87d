//! HTML to Markdown.

mod blocks;
mod document;
mod elements;
mod line;
mod table;
mod writer;

use scraper::{ElementRef, Html};

use blocks::Mode;
pub(crate) use elements::{is_inline, is_without_text, without_deep_tags};
use writer::Writer;

/// HTML as Markdown. With `markdown`, the text between the tags is already Markdown and is left as
/// it is.
pub(super) fn html_to_markdown(html: &str, markdown: bool) -> String {
    let writer = Writer { mode: if markdown { Mode::Markdown } else { Mode::Post } };
    if let Some(blocks) = (!markdown).then(|| writer.lines(html)).flatten() {
        return blocks.join("\n\n");
    }
    let fragment = match without_deep_tags(html) {
        Some(text) => Html::parse_fragment(&text),
        None => Html::parse_fragment(html),
    };
    writer.flow(fragment.root_element(), 0).join("\n\n")
}

/// A part of a web page as a document of its own. The caller selects the content; only elements
/// without text are left out.
pub(super) fn document(content: ElementRef<'_>) -> String {
    Writer { mode: Mode::Document }.flow(content, 0).join("\n\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Html, Mode, Writer};
    use crate::text::clean::{TextKind, clean_markdown};

    fn html(text: &str) -> String {
        clean_markdown(text, TextKind::Html)
    }

    fn markdown(text: &str) -> String {
        clean_markdown(text, TextKind::Markdown)
    }

    #[test]
    fn html_becomes_markdown() {
        assert_eq!(
            html(
                "<p>We are <b>aware</b> of\n  an <a href=\"https://example.com/a_(b)\">issue</a>.</p><p>More<br/>here</p>"
            ),
            "We are **aware** of an [issue](https://example.com/a_%28b%29).\n\nMore  \nhere"
        );
        assert_eq!(
            html("<ul><li>one</li><li>two<ol><li>a</li><li>b</li></ol></li></ul>"),
            "- one\n- two\n\n  1. a\n  2. b"
        );
        assert_eq!(
            html("<pre>a\n  b`c</pre><p>and <code>x &lt; y</code></p>"),
            "```\na\n  b`c\n```\n\nand `x < y`"
        );
        assert_eq!(html("<blockquote>said<br>twice</blockquote>"), "> said  \n> twice");
        assert_eq!(html("<h2>Summary</h2>text"), "**Summary**\n\ntext");
        assert_eq!(html("<table><tr><td>a</td><td>b</td></tr></table>"), "a – b");
        assert_eq!(
            html("<p>- not a list</p><p># not a heading</p>"),
            "\\- not a list\n\n\\# not a heading"
        );
    }

    #[test]
    fn scripts_styles_and_bad_links_are_dropped() {
        assert_eq!(html("a<script>alert(1)</script><style>p{}</style>b"), "ab");
        assert_eq!(
            html("<a href='javascript:alert(1)'>click</a> <img src='data:x' alt='chart'>"),
            "click chart"
        );
        assert_eq!(
            html(
                "<a href=' JaVaScRiPt:alert(1)'>x</a><iframe src='https://example.com'>y</iframe>"
            ),
            "x"
        );
        assert_eq!(
            markdown("ok <script>alert(1)</script><a href=\"https://example.com\">here</a>"),
            "ok [here](https://example.com)"
        );
    }

    #[test]
    fn entities_are_decoded_exactly_once() {
        assert_eq!(
            html("a &amp;amp; b &amp;lt;i&amp;gt; &lt;b&gt;"),
            "a \\&amp; b \\&lt;i\\&gt; \\<b>"
        );
        assert_eq!(
            markdown("a &amp; b &lt;b&gt; &amp;lt; AT&T &copy 5 < 6"),
            "a & b \\<b> \\&lt; AT&T &copy 5 < 6"
        );
    }

    #[test]
    fn html_in_markdown_leaves_the_markdown_alone() {
        assert_eq!(
            markdown("**All** good<br /><br />see [x](https://example.com/?a=1&b=2)"),
            "**All** good\n\nsee [x](https://example.com/?a=1&b=2)"
        );
        assert_eq!(markdown("one<br />\ntwo"), "one  \ntwo");
        assert_eq!(markdown("use `<b>` and <5 ms"), "use `<b>` and <5 ms");
        assert_eq!(markdown("- a <b>b</b>\n- c"), "- a **b**\n- c");
        assert_eq!(markdown("Vec<T> and \\<b>"), "Vec\\<T> and \\<b>");
    }

    proptest! {
        #[test]
        fn fast_path_agrees_with_the_html_parser(text in "(<br>|<br/>|<br />|[ab .*_#>`~-]{1,3}|- |1\\. | |\n|ß|é){0,24}") {
            let text = text.trim();
            let full = Html::parse_fragment(text);
            let full = Writer { mode: Mode::Post }.flow(full.root_element(), 0);
            prop_assert_eq!(Writer { mode: Mode::Post }.lines(text), Some(full));
        }
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let deep = format!("{}text{}", "<div>".repeat(5000), "</div>".repeat(5000));
        assert_eq!(html(&deep), "text");
        assert_eq!(html(&"<b>a &amp; <i>b < c".repeat(100_000)), "a & b < c".repeat(100_000));
        assert_eq!(html(&"</small><strong>a".repeat(100_000)), "a".repeat(100_000));
        let long = "a<br>b<hr><p><b>c</b></p>".repeat(501);
        assert_eq!(html(&long), ["a  \nb", "**c**"].repeat(501).join("\n\n"), "long is not deep");
    }
}
