//! HTML to Markdown.

mod document;
mod table;

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Node};

use super::mixed;
use super::text::{HARD_BREAK, escape, escape_line, is_safe_link};

/// Elements nested deeper than this are read as their text: nobody writes them by hand, and a
/// recursion must end.
const MAX_DEPTH: usize = 60;

/// Elements nested deeper than this, or left open, are taken out before the parser sees them: its
/// time grows with the square of their number.
const MAX_OPEN: usize = 500;

/// HTML as Markdown. The text between the tags may itself be Markdown, and then stays as it is.
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

/// A part of a web page as a document by itself. What it holds is the caller's choice: nothing in it
/// is left out but what has no text.
pub(super) fn document(content: ElementRef<'_>) -> String {
    Writer { mode: Mode::Document }.flow(content, 0).join("\n\n")
}

/// The HTML without its tags, if there are too many elements in one another; `None` if it is as
/// people write it.
pub(super) fn without_deep_tags(html: &str) -> Option<String> {
    let is_tag = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let (mut depth, mut deepest) = (0usize, 0usize);
    for rest in html.split('<').skip(1).filter(|rest| is_tag(rest)) {
        let name = rest.trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let count = open.entry(name.to_ascii_lowercase()).or_default();
        if !rest.starts_with('/') && !ENDS_BY_ITSELF.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            *count += 1;
            depth += 1;
            deepest = deepest.max(depth);
        } else if rest.starts_with('/') && *count > 0 {
            *count -= 1;
            depth -= 1;
        }
    }
    (deepest > MAX_OPEN).then(|| {
        let mut parts = html.split('<');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for rest in parts {
            match rest.split_once('>').filter(|_| is_tag(rest)) {
                Some((_, after)) => text.push_str(after),
                None => text.extend(["&lt;", rest]),
            }
        }
        text
    })
}

/// Elements that have no end tag, or whose next of their kind is one.
const ENDS_BY_ITSELF: [&str; 12] = ["br", "hr", "img", "input", "wbr", "p", "li", "dt", "dd", "tr", "td", "th"];

/// Elements whose text is not for readers, or is there to be clicked or filled in.
pub(super) fn is_without_text(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "iframe"
            | "object"
            | "embed"
            | "svg"
            | "math"
            | "head"
            | "title"
            | "textarea"
            | "select"
            | "button"
            | "input"
            | "link"
            | "meta"
    )
}

/// Elements that are part of a line, and neither begin nor end one; those of a page's own making are
/// that too, as long as no block is in them.
pub(super) fn is_inline(name: &str) -> bool {
    let is_known = matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "br"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    );
    is_known || name.contains('-')
}

/// What the HTML is, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// A post, which becomes part of a document: its headings are lines in bold type.
    Post,
    /// The same, and the text between the tags is Markdown already: it is neither escaped nor folded.
    Markdown,
    /// A document by itself: headings, tables and definitions stay what they are.
    Document,
}

/// Walks HTML and writes Markdown.
struct Writer {
    mode: Mode,
}

impl Writer {
    fn is_markdown(&self) -> bool {
        self.mode == Mode::Markdown
    }

    /// The blocks of HTML that has no tags but line breaks, and no entities: most posts of a feed
    /// are that, and a parser of HTML is slow. `None` if it is not that simple.
    fn lines(&self, html: &str) -> Option<Vec<String>> {
        if html.contains('&') {
            return None;
        }
        let mut blocks = Blocks::default();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            let tag = ["<br>", "<br/>", "<br />"].into_iter().find(|tag| rest[at..].starts_with(tag))?;
            if at > 0 {
                self.push_text(&mut blocks.line, &rest[..at]);
            }
            blocks.line_break();
            rest = &rest[at + tag.len()..];
        }
        if !rest.is_empty() {
            self.push_text(&mut blocks.line, rest);
        }
        Some(blocks.finish(self.mode))
    }

    /// The blocks within `element`, each without a blank line around it.
    fn flow(&self, element: ElementRef<'_>, depth: usize) -> Vec<String> {
        self.content(element, depth).finish(self.mode)
    }

    /// The same, with the last line still open.
    fn content(&self, element: ElementRef<'_>, depth: usize) -> Blocks {
        let mut blocks = Blocks::default();
        if depth > MAX_DEPTH {
            blocks.line.extend(element.text().map(|text| self.text(text)));
            return blocks;
        }
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.push_text(&mut blocks.line, text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1, &mut blocks);
                    }
                }
                _ => {}
            }
        }
        blocks
    }

    fn element(&self, element: ElementRef<'_>, depth: usize, blocks: &mut Blocks) {
        if self.mode == Mode::Document && self.element_of_document(element, depth, blocks) {
            return;
        }
        match element.value().name() {
            name if is_without_text(name) => {}
            "br" => blocks.line_break(),
            "b" | "strong" => self.inline(element, depth, blocks, |text| emphasis(text, "**")),
            "i" | "em" => self.inline(element, depth, blocks, |text| emphasis(text, "*")),
            "code" | "tt" | "kbd" | "samp" => blocks.line.push_str(&code_span(&raw_text(element))),
            "a" => self.inline(element, depth, blocks, |text| linked(text, element.attr("href"))),
            "img" => self.push_text(&mut blocks.line, element.attr("alt").unwrap_or_default()),
            "pre" => blocks.block(self.mode, fenced(&raw_text(element))),
            "ul" | "ol" => blocks.block(self.mode, self.list(element, depth)),
            "blockquote" => {
                let quoted = self.flow(element, depth).join("\n\n");
                blocks.block(self.mode, indented(&quoted, "> ", "> "));
            }
            "tr" => {
                let cells = element.child_elements().map(|cell| self.flow(cell, depth).join(" "));
                blocks.block(self.mode, cells.collect::<Vec<_>>().join(" – "));
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                // A heading would break the outline of the document that the text becomes part of.
                blocks.block(self.mode, emphasis(self.flow_inline(element, depth), "**"));
            }
            "p" | "div" | "section" | "article" | "header" | "footer" | "main" | "nav" | "center" | "details"
            | "summary" | "dl" | "dt" | "dd" | "li" | "table" | "thead" | "tbody" | "tfoot" | "form" | "hr" => {
                for block in self.flow(element, depth) {
                    blocks.block(self.mode, block);
                }
                blocks.flush(self.mode);
            }
            // An unknown element is its content; block elements inside it stay apart.
            _ => self.inline(element, depth, blocks, |text| text),
        }
    }

    /// Adds the content of an inline element to the line, in its marks.
    fn inline(
        &self,
        element: ElementRef<'_>,
        depth: usize,
        blocks: &mut Blocks,
        marked: impl FnOnce(String) -> String,
    ) {
        if self.mode == Mode::Document {
            return self.inline_of_document(element, depth, blocks, marked);
        }
        blocks.line.push_str(&marked(self.flow_inline(element, depth)));
    }

    /// The content of an inline element, with the spaces at its ends.
    fn flow_inline(&self, element: ElementRef<'_>, depth: usize) -> String {
        let text = self.flow(element, depth).join(" ");
        let edge = |text: Option<&str>, at: fn(&str) -> Option<char>| {
            text.and_then(at).is_some_and(char::is_whitespace) && !self.is_markdown()
        };
        let (first, last) = (element.text().next(), element.text().last());
        let before = if edge(first, |text| text.chars().next()) { " " } else { "" };
        let after = if edge(last, |text| text.chars().next_back()) { " " } else { "" };
        if text.is_empty() { before.to_owned() } else { format!("{before}{text}{after}") }
    }

    fn list(&self, element: ElementRef<'_>, depth: usize) -> String {
        let is_ordered = element.value().name() == "ol";
        let mut items = Vec::new();
        for item in element.child_elements() {
            let marker = if is_ordered { format!("{}. ", items.len() + 1) } else { "- ".to_owned() };
            let text = self.flow(item, depth).join("\n\n");
            if !text.is_empty() {
                items.push(indented(&text, &marker, &" ".repeat(marker.len())));
            }
        }
        items.join("\n")
    }

    fn push_text(&self, line: &mut String, text: &str) {
        if self.mode == Mode::Document {
            return document::append(line, &self.text(text));
        }
        let after_break = line.is_empty() || line.ends_with('\n');
        let text = self.text(text);
        // A line end in the source after `<br>` is not a second line end.
        let text = match text.strip_prefix('\n') {
            Some(rest) if self.is_markdown() && line.ends_with(HARD_BREAK) => rest,
            _ => &text,
        };
        line.push_str(if after_break && !self.is_markdown() { text.trim_start() } else { text });
    }

    fn text(&self, text: &str) -> String {
        if self.is_markdown() {
            return mixed::escape_decoded(text);
        }
        if self.mode == Mode::Document {
            return document::text(text);
        }
        if !text.contains(['\n', '\t']) && !text.contains("  ") {
            return escape(text);
        }
        escape(&folded(text))
    }
}

/// The text with each stretch of white space as one space.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\n' | '\t' if folded.ends_with(' ') => {}
            ' ' | '\n' | '\t' => folded.push(' '),
            _ => folded.push(c),
        }
    }
    folded
}

/// Emphasis, with the spaces outside of its marks as Markdown wants them.
fn emphasis(inner: String, mark: &str) -> String {
    let text = inner.trim();
    if text.is_empty() || text.contains('\n') {
        return inner;
    }
    let start = inner.len() - inner.trim_start().len();
    let end = inner.trim_end().len();
    format!("{}{mark}{text}{mark}{}", &inner[..start], &inner[end..])
}

/// A link, if its address is safe, and else its text.
fn linked(inner: String, address: Option<&str>) -> String {
    let text = inner.trim();
    match address.map(str::trim).filter(|address| is_safe_link(address)) {
        Some(address) if !text.is_empty() => {
            // The address ends at the first bracket or space that is not encoded.
            let address = address.replace('(', "%28").replace(')', "%29").replace('<', "%3C").replace('>', "%3E");
            let address = address.split_whitespace().collect::<Vec<_>>().join("%20").replace('\\', "%5C");
            format!("[{text}]({address})")
        }
        _ => inner,
    }
}

/// Finished blocks, and the line that is being written.
#[derive(Default)]
struct Blocks {
    done: Vec<String>,
    line: String,
    /// Whether a block has ended, which may have been empty.
    is_broken: bool,
}

impl Blocks {
    /// Ends the line; two line ends are the end of a paragraph.
    fn line_break(&mut self) {
        let line = &mut self.line;
        let length = line.trim_end_matches(' ').len();
        line.truncate(length);
        match line.strip_suffix(HARD_BREAK).map(str::len) {
            Some(length) => {
                line.truncate(length);
                line.push_str("\n\n");
            }
            None if line.ends_with("\n\n") => {}
            None => line.push_str(HARD_BREAK),
        }
    }

    fn flush(&mut self, mode: Mode) {
        self.is_broken = true;
        let line = std::mem::take(&mut self.line);
        let trimmed = if mode == Mode::Markdown { line.trim_matches('\n').trim_end() } else { line.trim() };
        if trimmed.trim().is_empty() {
            return;
        }
        // Where a line begins, more characters are special.
        let is_text = |line: &str| !line.starts_with(['\\', '[', '*', '`']);
        self.done.push(match mode {
            Mode::Post if is_text(trimmed) => guard_line_start(trimmed),
            Mode::Post | Mode::Markdown => trimmed.to_owned(),
            Mode::Document => document::guarded(trimmed),
        });
    }

    fn block(&mut self, mode: Mode, block: String) {
        self.flush(mode);
        if !block.trim().is_empty() {
            self.done.push(block);
        }
    }

    fn finish(mut self, mode: Mode) -> Vec<String> {
        self.flush(mode);
        self.done
    }
}

/// Escapes a list marker, heading or quotation mark that begins a line of text by accident.
fn guard_line_start(block: &str) -> String {
    let guarded = block.split('\n').map(|line| {
        let text = line.trim_start();
        let first_word = text.split_inclusive(' ').next().unwrap_or_default();
        let guarded = escape_line(first_word);
        // Only the guard is wanted: the line's own characters are escaped already.
        if guarded.len() == first_word.len() + 1 && !first_word.contains('\\') && escape(first_word) == first_word {
            format!("{guarded}{}", &text[first_word.len()..])
        } else {
            text.to_owned()
        }
    });
    guarded.collect::<Vec<_>>().join("\n")
}

/// All text within, unescaped; iterative, so that depth does not matter.
fn raw_text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// Code within a line, in a fence that is longer than any of its own.
fn code_span(code: &str) -> String {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if code.is_empty() {
        return code;
    }
    let fence = "`".repeat(longest_run(&code) + 1);
    let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}

fn fenced(code: &str) -> String {
    let code = code.trim_matches('\n');
    if code.trim().is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(code).max(2) + 1);
    format!("{fence}\n{code}\n{fence}")
}

fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn indented(text: &str, first: &str, others: &str) -> String {
    let lines = text.lines().enumerate().map(|(at, line)| match (at, line) {
        (0, _) => format!("{first}{line}"),
        (_, "") => others.trim_end().to_owned(),
        _ => format!("{others}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Html, Mode, Writer};
    use crate::sources::text::{TextKind, clean_markdown};

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
        assert_eq!(html("<pre>a\n  b`c</pre><p>and <code>x &lt; y</code></p>"), "```\na\n  b`c\n```\n\nand `x < y`");
        assert_eq!(html("<blockquote>said<br>twice</blockquote>"), "> said  \n> twice");
        assert_eq!(html("<h2>Summary</h2>text"), "**Summary**\n\ntext");
        assert_eq!(html("<table><tr><td>a</td><td>b</td></tr></table>"), "a – b");
        assert_eq!(html("<p>- not a list</p><p># not a heading</p>"), "\\- not a list\n\n\\# not a heading");
    }

    #[test]
    fn scripts_styles_and_bad_links_are_dropped() {
        assert_eq!(html("a<script>alert(1)</script><style>p{}</style>b"), "ab");
        assert_eq!(html("<a href='javascript:alert(1)'>click</a> <img src='data:x' alt='chart'>"), "click chart");
        assert_eq!(html("<a href=' JaVaScRiPt:alert(1)'>x</a><iframe src='https://example.com'>y</iframe>"), "x");
        assert_eq!(
            markdown("ok <script>alert(1)</script><a href=\"https://example.com\">here</a>"),
            "ok [here](https://example.com)"
        );
    }

    #[test]
    fn entities_are_decoded_exactly_once() {
        assert_eq!(html("a &amp;amp; b &amp;lt;i&amp;gt; &lt;b&gt;"), "a \\&amp; b \\&lt;i\\&gt; \\<b>");
        assert_eq!(markdown("a &amp; b &lt;b&gt; &amp;lt; AT&T &copy 5 < 6"), "a & b \\<b> \\&lt; AT&T &copy 5 < 6");
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
        fn the_short_way_leads_where_the_parser_of_html_leads(text in "(<br>|<br/>|<br />|[ab .*_#>`~-]{1,3}|- |1\\. | |\n|ß|é){0,24}") {
            let text = text.trim();
            let full = Html::parse_fragment(text);
            let full = Writer { mode: Mode::Post }.flow(full.root_element(), 0);
            prop_assert_eq!(Writer { mode: Mode::Post }.lines(text), Some(full));
        }
    }

    #[test]
    fn deep_nesting_ends() {
        let deep = format!("{}text{}", "<div>".repeat(5000), "</div>".repeat(5000));
        assert_eq!(html(&deep), "text");
        assert_eq!(html(&"<b>a &amp; <i>b < c".repeat(100_000)), "a & b < c".repeat(100_000));
        assert_eq!(html(&"</small><strong>a".repeat(100_000)), "a".repeat(100_000));
        let long = "a<br>b<hr><p><b>c</b></p>".repeat(501);
        assert_eq!(html(&long), ["a  \nb", "**c**"].repeat(501).join("\n\n"), "long is not deep");
    }
}
