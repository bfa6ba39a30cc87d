//! What HTML keeps when it is a document by itself: headings, nested lists, definitions, and code
//! as it is written.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use super::{Blocks, MAX_DEPTH, Writer, code_span, fenced, folded, guard_line_start, indented, is_inline};
use crate::sources::text::{escape, visible};

impl Writer {
    /// Writes an element that a document has in another way than a post; false if there is no
    /// difference.
    pub(super) fn element_of_document(&self, element: ElementRef<'_>, depth: usize, blocks: &mut Blocks) -> bool {
        match element.value().name() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => blocks.block(self.mode, self.heading(element, depth)),
            "ul" | "ol" | "menu" => blocks.block(self.mode, self.nested_list(element, depth)),
            "table" => self.table(element, depth, blocks),
            "dt" => blocks.block(self.mode, bold(&one_line(&self.flow(element, depth).join(" ")))),
            "dd" => self.definition(element, depth, blocks),
            "pre" => blocks.block(self.mode, fenced(&as_written(element))),
            "code" | "tt" | "kbd" | "samp" if has_lines(element) => {
                blocks.block(self.mode, fenced(&as_written(element)));
            }
            "code" | "tt" | "kbd" | "samp" => append(&mut blocks.line, &spaced_code(&as_written(element))),
            "input" if element.attr("type") == Some("checkbox") => {
                append(&mut blocks.line, if element.attr("checked").is_some() { "[x] " } else { "[ ] " });
            }
            "img" => {
                let alt = self.text(element.attr("alt").unwrap_or_default());
                if !alt.trim().is_empty() {
                    append(&mut blocks.line, &format!(" {alt} "));
                }
            }
            "body" | "caption" | "tr" | "td" | "th" | "figure" | "figcaption" | "address" | "aside" | "fieldset"
            | "hgroup" | "dialog" | "search" => self.apart(element, depth, blocks),
            _ => return false,
        }
        true
    }

    /// The blocks within, apart from what stands before and after.
    fn apart(&self, element: ElementRef<'_>, depth: usize, blocks: &mut Blocks) {
        blocks.flush(self.mode);
        blocks.done.extend(self.flow(element, depth));
    }

    /// An inline element is part of the line in its marks, unless there are blocks in it: people
    /// and editors put whole pages into a `<b>` or a `<font>`.
    pub(super) fn inline_of_document(
        &self,
        element: ElementRef<'_>,
        depth: usize,
        blocks: &mut Blocks,
        marked: impl FnOnce(String) -> String,
    ) {
        let inner = self.content(element, depth);
        if !inner.is_broken {
            append(&mut blocks.line, &unless_marked(inner.line, marked));
        } else {
            blocks.flush(self.mode);
            blocks.done.extend(inner.finish(self.mode));
        }
    }

    fn heading(&self, element: ElementRef<'_>, depth: usize) -> String {
        let inner = self.content(element, depth);
        // Within a heading nothing is special because a line begins with it.
        let text = if inner.done.is_empty() { inner.line } else { inner.finish(self.mode).join(" ") };
        let mut text = one_line(&text);
        // A heading is bold as it is.
        if let Some(plain) = text.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"))
            && !plain.contains("**")
        {
            text = plain.to_owned();
        }
        if text.is_empty() {
            return text;
        }
        if text.ends_with('#') {
            text.insert(text.len() - 1, '\\');
        }
        let level = element.value().name().bytes().last().map_or(1, |digit| usize::from(digit.saturating_sub(b'0')));
        format!("{} {text}", "#".repeat(level.clamp(1, 6)))
    }

    /// A list with all that stands in it: what is in no item, and lists that are not in the item that
    /// they belong to, as editors write them.
    fn nested_list(&self, list: ElementRef<'_>, depth: usize) -> String {
        let first = list.attr("start").and_then(|start| start.trim().parse::<u32>().ok()).unwrap_or(1);
        let number = (list.value().name() == "ol").then_some(first.min(99_999_999));
        let mut items = Items { number, ..Items::default() };
        let mut stray = Blocks::default();
        for child in list.children() {
            let name = child.value().as_element().map_or("", |child| child.name());
            let end_stray = |stray: &mut Blocks, items: &mut Items| {
                items.add(&std::mem::take(stray).finish(self.mode).join("\n\n"));
            };
            match (child.value(), ElementRef::wrap(child)) {
                (Node::Text(text), _) => self.push_text(&mut stray.line, text),
                (_, Some(item)) if name == "li" => {
                    end_stray(&mut stray, &mut items);
                    items.add(&self.flow(item, depth).join("\n\n"));
                }
                (_, Some(inner)) if matches!(name, "ul" | "ol" | "menu") && depth <= MAX_DEPTH => {
                    end_stray(&mut stray, &mut items);
                    items.add_to_last(&self.nested_list(inner, depth + 1));
                }
                (_, Some(other)) => self.element(other, depth + 1, &mut stray),
                _ => {}
            }
        }
        items.add(&stray.finish(self.mode).join("\n\n"));
        items.done.join("\n")
    }

    /// `**term**: definition`, if the definition begins with a paragraph.
    fn definition(&self, element: ElementRef<'_>, depth: usize, blocks: &mut Blocks) {
        blocks.flush(self.mode);
        let before = element.prev_siblings().find_map(ElementRef::wrap);
        let has_term = before.is_some_and(|before| before.value().name() == "dt" && !is_blank(before));
        let mut inner = self.flow(element, depth).into_iter().peekable();
        if let Some(term) = blocks.done.last_mut().filter(|_| has_term)
            && let Some(first) = inner.next_if(|first| is_paragraph(first))
        {
            term.push_str(if term.ends_with(":**") { " " } else { ": " });
            term.push_str(&first);
        }
        blocks.done.extend(inner);
    }
}

/// The items of a list.
#[derive(Default)]
struct Items {
    done: Vec<String>,
    /// The number of the next one, in a list that has them.
    number: Option<u32>,
    /// The width of the mark before the last one.
    margin: usize,
}

impl Items {
    fn add(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let marker = self.number.map_or("- ".to_owned(), |number| format!("{number}. "));
        self.number = self.number.map(|number| number.saturating_add(1));
        self.margin = marker.len();
        self.done.push(indented(text, &marker, &" ".repeat(self.margin)));
    }

    fn add_to_last(&mut self, text: &str) {
        let margin = " ".repeat(self.margin);
        match self.done.last_mut().filter(|_| !text.is_empty()) {
            Some(last) => last.push_str(&format!("\n\n{}", indented(text, &margin, &margin))),
            None => self.add(text),
        }
    }
}

/// A text node: escaped, and without what steers or cannot be seen, which may come of an entity.
pub(super) fn text(text: &str) -> String {
    escape(&folded(&visible(text).replace(['\u{A0}', '\u{C}'], " ")))
}

/// Adds to a line what follows on it, so that neither spaces nor marks run together.
pub(super) fn append(line: &mut String, text: &str) {
    let text = if line.ends_with([' ', '\n']) { text.trim_start_matches(' ') } else { text };
    let Some(next) = text.chars().next() else { return };
    if next.is_ascii_punctuation() {
        escape_end(line);
    }
    let body = line.trim_end_matches('*');
    let closes = line.len() - body.len();
    if closes == 2 && text.starts_with("**") && !text.starts_with("***") && !body.ends_with('\\') {
        // Two stretches in bold type side by side are one.
        line.truncate(body.len());
        line.push_str(&text[2..]);
        return;
    }
    // A mark between a letter and a point of punctuation neither opens nor closes.
    let inner = text.trim_start_matches('*').chars().next();
    let ends_in_word = line.ends_with(char::is_alphanumeric);
    let cannot_close = closes > 0 && body.ends_with(|c: char| c.is_ascii_punctuation()) && next.is_alphanumeric();
    let cannot_open = next == '*' && ends_in_word && inner.is_some_and(|c| !c.is_alphanumeric());
    let runs_together = (line.ends_with('`') && next == '`') || (closes > 0 && next == '*');
    if cannot_close || cannot_open || runs_together {
        line.push(' ');
    }
    line.push_str(text);
}

/// Escapes what would begin a list, a heading or a quotation at the start of each line.
pub(super) fn guarded(block: &str) -> String {
    let is_marked = |line: &str| line.starts_with(['\\', '[', '`']) || (line.starts_with('*') && !is_bullet(line));
    let lines = block.split('\n').map(|line| {
        let line = line.trim_start();
        if is_marked(line) { line.to_owned() } else { guard_line_start(line) }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_bullet(line: &str) -> bool {
    line == "*" || line.starts_with("* ")
}

/// Puts marks around the text of an inline element, within the spaces at its ends, but not around
/// the same marks.
fn unless_marked(mut inner: String, marked: impl FnOnce(String) -> String) -> String {
    escape_end(&mut inner);
    let text = inner.trim();
    let dressed = marked(text.to_owned());
    let is_emphasis = dressed.len() > text.len() && dressed.starts_with('*');
    if text.is_empty() || is_emphasis && (text.starts_with('*') || text.ends_with('*') || text.contains("**")) {
        return inner;
    }
    inner.replacen(text, &dressed, 1)
}

/// Escapes a backslash that ends a text, before it escapes the mark behind it.
fn escape_end(text: &mut String) {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    if backslashes % 2 == 1 {
        text.push('\\');
    }
}

fn bold(text: &str) -> String {
    if text.is_empty() || text.contains("**") { text.to_owned() } else { format!("**{text}**") }
}

pub(super) fn is_blank(element: ElementRef<'_>) -> bool {
    element.text().all(|text| text.trim().is_empty())
}

/// Whether a block is a plain paragraph: text that looks like anything else is escaped.
fn is_paragraph(block: &str) -> bool {
    let digits = block.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_item = digits.len() < block.len() && digits.starts_with(". ");
    !is_item && !["- ", "#", "> ", "|", "```"].iter().any(|start| block.starts_with(start))
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Code within a line, with the spaces at its ends outside of its marks.
fn spaced_code(code: &str) -> String {
    let edge = |is_space: bool| if is_space { " " } else { "" };
    let (before, after) = (code.starts_with(char::is_whitespace), code.ends_with(char::is_whitespace));
    format!("{}{}{}", edge(before), code_span(code), edge(after))
}

fn end_line(written: &mut String) {
    if !written.ends_with('\n') {
        written.push('\n');
    }
}

/// Whether code that is written as part of a line has blocks in it.
fn has_lines(code: ElementRef<'_>) -> bool {
    code.descendent_elements().any(|inner| inner != code && !is_inline(inner.value().name()))
}

/// All text within, with its white space and line breaks; a block in it is a line.
fn as_written(element: ElementRef<'_>) -> String {
    let mut written = String::new();
    for edge in element.traverse() {
        let (node, is_open) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Text(text) if is_open => written.push_str(text),
            Node::Element(inner) if inner.name() == "br" && is_open => written.push('\n'),
            Node::Element(inner) if node.id() != element.id() && !is_inline(inner.name()) => end_line(&mut written),
            _ => {}
        }
    }
    visible(&written).into_owned()
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use crate::sources::text::clean_document;

    fn document(html: &str) -> String {
        clean_document(Html::parse_document(html).root_element())
    }

    #[test]
    fn headings_stay_headings() {
        let html = "<h1>1. The <i>night</i></h1><h2><strong>Root<br>cause</strong></h2><h3> </h3><h4>In C #</h4>text";
        assert_eq!(document(html), "# 1. The *night*\n\n## Root cause\n\n#### In C \\#\n\ntext");
    }

    #[test]
    fn what_is_inline_with_blocks_in_it_is_no_line() {
        let html =
            "<b id=editor><h2>Impact</h2><p>Some <font>users</font>.</p></b><x-note>one <p>two</p></x-note>three";
        assert_eq!(document(html), "## Impact\n\nSome users.\n\none\n\ntwo\n\nthree");
    }

    #[test]
    fn marks_do_not_run_together() {
        assert_eq!(document("<b>Im</b><b>pact:</b>high"), "**Impact:** high");
        assert_eq!(document("<b><strong>a</strong></b> <em>b <b>c</b></em>"), "**a** b **c**");
        assert_eq!(document("x<b>(y)</b> <code>a</code><code>b</code>"), "x **(y)** `a` `b`");
        assert_eq!(document("a <b> b</b>&nbsp; c"), "a **b** c");
    }

    #[test]
    fn lists_nest_however_they_are_written() {
        let html = "<ul>stray<li>one</li><ul><li>two<li>three</ul><li></li><div>four</div></ul>";
        assert_eq!(document(html), "- stray\n- one\n\n  - two\n  - three\n- four");
        assert_eq!(document("<ol start=9><li><p>a<p>b<li>c</ol>"), "9. a\n\n   b\n10. c");
        assert_eq!(
            document("<ul><li><input type=checkbox checked>done<li><input type=checkbox> to do</ul>"),
            "- [x] done\n- [ ] to do"
        );
    }

    #[test]
    fn definitions_are_terms_in_bold_type() {
        let html = "<dl><dt>Severity<dd>high<dt>Teams:<dd><p>data<p>web<dt>Steps<dd><ul><li>a</ul></dl>";
        assert_eq!(document(html), "**Severity**: high\n\n**Teams:** data\n\nweb\n\n**Steps**\n\n- a");
    }

    #[test]
    fn code_keeps_its_lines() {
        let html = "<pre><code>a = 1<br>  b = <span>2</span>\n\nc ``` d</code></pre>";
        assert_eq!(document(html), "````\na = 1\n  b = 2\n\nc ``` d\n````");
        assert_eq!(document("<pre><div>one</div><div> two</div></pre>"), "```\none\n two\n```");
    }

    #[test]
    fn no_line_begins_what_it_does_not_mean() {
        let html =
            "<p><b>When</b><br>- not a list<br>---<br># no<p>* star<p>&#27;[31mred &#8203;<!-- x -->&lt;<i>b</i>>";
        let expected = "**When**  \n\\- not a list  \n\\---  \n\\# no\n\n\\* star\n\nred <*b*>";
        assert_eq!(document(html), expected);
    }

    #[test]
    fn images_are_their_words_and_links_are_safe() {
        let html = "<p>see<img alt='a chart' src='https://example.com/x.png'>and <a href='/x'>this</a> \
            <a href='https://example.com/y'><b>that</b></a><details><summary>More</summary>text</details>";
        assert_eq!(document(html), "see a chart and this [**that**](https://example.com/y)\n\nMore\n\ntext");
    }
}
