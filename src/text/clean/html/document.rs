//! HTML elements that only a document of its own has: headings, nested lists, definitions, and
//! code.

use scraper::{ElementRef, Node};

use super::blocks::Blocks;
use super::line::{
    append, as_written, bold, fenced, has_lines, indented, is_blank, is_paragraph, one_line,
    spaced_code, unless_marked,
};
use super::writer::{MAX_DEPTH, Writer};

impl Writer {
    /// Writes an element that is written differently in a document and in a post; false if there is
    /// no difference.
    pub(super) fn element_of_document(
        &self,
        element: ElementRef<'_>,
        depth: usize,
        blocks: &mut Blocks,
    ) -> bool {
        match element.value().name() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                blocks.block(self.mode, self.heading(element, depth));
            }
            "ul" | "ol" | "menu" => blocks.block(self.mode, self.nested_list(element, depth)),
            "table" => self.table(element, depth, blocks),
            "dt" => blocks.block(self.mode, bold(&one_line(&self.flow(element, depth).join(" ")))),
            "dd" => self.definition(element, depth, blocks),
            "pre" => blocks.block(self.mode, fenced(&as_written(element))),
            "code" | "tt" | "kbd" | "samp" if has_lines(element) => {
                blocks.block(self.mode, fenced(&as_written(element)));
            }
            "code" | "tt" | "kbd" | "samp" => {
                append(&mut blocks.line, &spaced_code(&as_written(element)));
            }
            "input" if element.attr("type") == Some("checkbox") => {
                append(
                    &mut blocks.line,
                    if element.attr("checked").is_some() { "[x] " } else { "[ ] " },
                );
            }
            "img" => {
                let alt = self.text(element.attr("alt").unwrap_or_default());
                if !alt.trim().is_empty() {
                    append(&mut blocks.line, &format!(" {alt} "));
                }
            }
            "body" | "caption" | "tr" | "td" | "th" | "figure" | "figcaption" | "address"
            | "aside" | "fieldset" | "hgroup" | "dialog" | "search" => {
                self.separately(element, depth, blocks);
            }
            _ => return false,
        }
        true
    }

    /// Writes the content as separate blocks.
    fn separately(&self, element: ElementRef<'_>, depth: usize, blocks: &mut Blocks) {
        blocks.flush(self.mode);
        blocks.done.extend(self.flow(element, depth));
    }

    /// Writes an inline element as part of the line, with its marks, unless it contains blocks:
    /// people and editors put whole pages into a `<b>` or a `<font>`.
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
        // In a heading, nothing is special for being at the start of a line.
        let text =
            if inner.done.is_empty() { inner.line } else { inner.finish(self.mode).join(" ") };
        let mut text = one_line(&text);
        // A heading is bold anyway.
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
        let level = element
            .value()
            .name()
            .bytes()
            .last()
            .map_or(1, |digit| usize::from(digit.saturating_sub(b'0')));
        format!("{} {text}", "#".repeat(level.clamp(1, 6)))
    }

    /// A list with all its content, including text outside its items and lists that are not inside
    /// the item they belong to, as editors write them.
    fn nested_list(&self, list: ElementRef<'_>, depth: usize) -> String {
        let first =
            list.attr("start").and_then(|start| start.trim().parse::<u32>().ok()).unwrap_or(1);
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
        let has_term =
            before.is_some_and(|before| before.value().name() == "dt" && !is_blank(before));
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
    /// The number of the next item, in a numbered list.
    number: Option<u32>,
    /// The width of the marker of the last item.
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

#[cfg(test)]
mod tests {
    use scraper::Html;

    use crate::text::clean::clean_document;

    fn document(html: &str) -> String {
        clean_document(Html::parse_document(html).root_element())
    }

    #[test]
    fn headings_become_markdown_headings() {
        let html = "<h1>1. The <i>night</i></h1><h2><strong>Root<br>cause</strong></h2><h3> </h3><h4>In C #</h4>text";
        assert_eq!(document(html), "# 1. The *night*\n\n## Root cause\n\n#### In C \\#\n\ntext");
    }

    #[test]
    fn inline_element_with_blocks_is_treated_as_a_block() {
        let html = "<b id=editor><h2>Impact</h2><p>Some <font>users</font>.</p></b><x-note>one <p>two</p></x-note>three";
        assert_eq!(document(html), "## Impact\n\nSome users.\n\none\n\ntwo\n\nthree");
    }

    #[test]
    fn adjacent_emphasis_marks_are_merged_or_separated() {
        assert_eq!(document("<b>Im</b><b>pact:</b>high"), "**Impact:** high");
        assert_eq!(document("<b><strong>a</strong></b> <em>b <b>c</b></em>"), "**a** b **c**");
        assert_eq!(document("x<b>(y)</b> <code>a</code><code>b</code>"), "x **(y)** `a` `b`");
        assert_eq!(document("a <b> b</b>&nbsp; c"), "a **b** c");
    }

    #[test]
    fn lists_nest_in_every_html_form() {
        let html = "<ul>stray<li>one</li><ul><li>two<li>three</ul><li></li><div>four</div></ul>";
        assert_eq!(document(html), "- stray\n- one\n\n  - two\n  - three\n- four");
        assert_eq!(document("<ol start=9><li><p>a<p>b<li>c</ol>"), "9. a\n\n   b\n10. c");
        assert_eq!(
            document(
                "<ul><li><input type=checkbox checked>done<li><input type=checkbox> to do</ul>"
            ),
            "- [x] done\n- [ ] to do"
        );
    }

    #[test]
    fn definition_terms_become_bold() {
        let html =
            "<dl><dt>Severity<dd>high<dt>Teams:<dd><p>data<p>web<dt>Steps<dd><ul><li>a</ul></dl>";
        assert_eq!(
            document(html),
            "**Severity**: high\n\n**Teams:** data\n\nweb\n\n**Steps**\n\n- a"
        );
    }

    #[test]
    fn code_preserves_its_lines() {
        let html = "<pre><code>a = 1<br>  b = <span>2</span>\n\nc ``` d</code></pre>";
        assert_eq!(document(html), "````\na = 1\n  b = 2\n\nc ``` d\n````");
        assert_eq!(document("<pre><div>one</div><div> two</div></pre>"), "```\none\n two\n```");
    }

    #[test]
    fn line_starts_with_markdown_meaning_are_escaped() {
        let html = "<p><b>When</b><br>- not a list<br>---<br># no<p>* star<p>&#27;[31mred &#8203;<!-- x -->&lt;<i>b</i>>";
        let expected = "**When**  \n\\- not a list  \n\\---  \n\\# no\n\n\\* star\n\nred <*b*>";
        assert_eq!(document(html), expected);
    }

    #[test]
    fn images_become_alt_text_and_links_are_safe() {
        let html = "<p>see<img alt='a chart' src='https://example.com/x.png'>and <a href='/x'>this</a> \
            <a href='https://example.com/y'><b>that</b></a><details><summary>More</summary>text</details>";
        assert_eq!(
            document(html),
            "see a chart and this [**that**](https://example.com/y)\n\nMore\n\ntext"
        );
    }
}
