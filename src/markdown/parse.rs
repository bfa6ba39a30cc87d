//! Markdown text to the tree.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::tree::{Block, Document, Inline, plain_text};
use crate::diag::{Diagnostic, Warned};
use crate::text::counted_that;
use crate::text::{link, visible};

/// Lists and quotations within each other; what is nested deeper joins the level above. Readers
/// lose track long before, and everything that walks the tree may recurse.
const DEEPEST_BLOCK: usize = 12;
/// Emphasis and links within each other.
const DEEPEST_INLINE: usize = 8;

impl Document {
    /// Reads Markdown: CommonMark with tables, strikethrough and task lists.
    pub fn from_markdown(text: &str) -> Warned<Document> {
        read(text, false)
    }

    /// Reads one field, to be written again as a part of a document. Addresses are left for the
    /// document's own reading to check, which counts all that it refuses; so this tree is never
    /// shown to anyone.
    pub(crate) fn fragment(text: &str) -> Document {
        let text = text.trim();
        if is_prose(text) {
            return Document {
                blocks: vec![Block::Paragraph(vec![Inline::Text(text.to_owned())])],
            };
        }
        read(text, true).value
    }
}

/// Whether `text` is one line in which nothing can mean anything to Markdown. Most fields are, and
/// to know it is quicker than to parse them.
fn is_prose(text: &str) -> bool {
    let can_mean = |byte: u8| byte < b' ' || byte == 0x7f || b"\\`*_[]<>&|!~#".contains(&byte);
    text.starts_with(char::is_alphabetic)
        && !text.bytes().any(can_mean)
        && matches!(visible(text), Cow::Borrowed(_))
}

fn read(text: &str, is_fragment: bool) -> Warned<Document> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let text = visible(text);
    let mut builder = Builder { is_fragment, ..Builder::default() };
    for event in Parser::new_ext(&text, options) {
        builder.event(event);
    }
    builder.finish()
}

/// Something begun and not yet ended.
enum Frame {
    Quote(Vec<Block>),
    Item(Vec<Block>),
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Table {
        alignments: Vec<pulldown_cmark::Alignment>,
        header: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
        in_header: bool,
    },
    Code {
        language: Option<String>,
        text: String,
    },
    Text {
        role: Role,
        content: Vec<Inline>,
        figures: Vec<(String, String)>,
    },
}

/// A frame, and how many begun things were joined to it: nested too deep, or of no interest.
/// A counter, so that a hundred thousand of them cost nothing.
struct Open {
    frame: Frame,
    joined: usize,
}

/// What a run of text will become.
enum Role {
    Paragraph,
    /// Text of a tight list's item, which no event announces.
    Implied,
    Heading(u8),
    Cell,
    Strong,
    Emphasis,
    Strikethrough,
    Link(String),
    Image(String),
}

#[derive(Default)]
struct Builder {
    blocks: Vec<Block>,
    open: Vec<Open>,
    joined_to_root: usize,
    depth_of_blocks: usize,
    depth_of_text: usize,
    anchors: HashSet<String>,
    /// Of an anchor that is taken: the number to try next.
    numbers: HashMap<String, usize>,
    refused: usize,
    /// Keep addresses as they are; see [`Document::fragment`].
    is_fragment: bool,
}

impl Builder {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.inline(Inline::Code(code.replace(['\n', '\t'], " "))),
            Event::InlineHtml(html) if is_line_break(&html) => self.inline(Inline::HardBreak),
            Event::Html(text) | Event::InlineHtml(text) => {
                // An empty line within a comment would end the paragraph that it becomes.
                text.split_inclusive('\n')
                    .filter(|line| !line.trim().is_empty())
                    .for_each(|line| self.text(line));
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::FootnoteReference(name) => self.text(&name),
            Event::SoftBreak => self.inline(Inline::SoftBreak),
            Event::HardBreak => self.inline(Inline::HardBreak),
            Event::Rule => self.block(Block::Rule),
            Event::TaskListMarker(done) => self.text(if done { "☑ " } else { "☐ " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let frame = match tag {
            Tag::Paragraph | Tag::HtmlBlock => Some(text_frame(Role::Paragraph)),
            Tag::Heading { level, .. } => Some(text_frame(Role::Heading(level as u8))),
            Tag::BlockQuote(_) => self.nested(Frame::Quote(Vec::new())),
            Tag::List(start) => self.nested(Frame::List { start, items: Vec::new() }),
            // An item lives as long as its list does.
            Tag::Item => self.in_list().then(|| Frame::Item(Vec::new())),
            Tag::CodeBlock(kind) => {
                Some(Frame::Code { language: language(&kind), text: String::new() })
            }
            Tag::Table(alignments) => Some(Frame::Table {
                alignments,
                header: Vec::new(),
                rows: Vec::new(),
                in_header: true,
            }),
            Tag::TableCell => Some(text_frame(Role::Cell)),
            Tag::TableRow => {
                if let Some(Frame::Table { rows, in_header, .. }) = self.top() {
                    *in_header = false;
                    rows.push(Vec::new());
                }
                None
            }
            Tag::Emphasis => self.dressed(Role::Emphasis),
            Tag::Strong => self.dressed(Role::Strong),
            Tag::Strikethrough => self.dressed(Role::Strikethrough),
            Tag::Link { dest_url, link_type, .. } => {
                let address = if link_type == LinkType::Email {
                    format!("mailto:{dest_url}")
                } else {
                    dest_url.to_string()
                };
                match self.checked(&address) {
                    Some(url) => self.dressed(Role::Link(url)),
                    None => self.refuse(),
                }
            }
            Tag::Image { dest_url, .. } => self.dressed(Role::Image(dest_url.to_string())),
            Tag::TableHead
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => None,
        };
        match frame {
            Some(frame) => {
                if !matches!(&frame, Frame::Text { role, .. } if is_dress(role)) {
                    self.close_implied();
                }
                self.open.push(Open { frame, joined: 0 });
            }
            None => *self.joined() += 1,
        }
    }

    fn joined(&mut self) -> &mut usize {
        self.open.last_mut().map_or(&mut self.joined_to_root, |open| &mut open.joined)
    }

    fn top(&mut self) -> Option<&mut Frame> {
        self.open.last_mut().map(|open| &mut open.frame)
    }

    fn in_list(&mut self) -> bool {
        *self.joined() == 0 && matches!(self.top(), Some(Frame::List { .. }))
    }

    /// `frame`, or nothing of its own where blocks are already nested too deep.
    fn nested(&mut self, frame: Frame) -> Option<Frame> {
        self.close_implied();
        if self.depth_of_blocks >= DEEPEST_BLOCK {
            return None;
        }
        self.depth_of_blocks += 1;
        Some(frame)
    }

    fn dressed(&mut self, role: Role) -> Option<Frame> {
        // A tight list's item begins with its text, which may begin with emphasis.
        self.ensure_text();
        if self.depth_of_text >= DEEPEST_INLINE {
            return None;
        }
        self.depth_of_text += 1;
        Some(text_frame(role))
    }

    fn checked(&self, address: &str) -> Option<String> {
        let kept =
            if self.is_fragment { Some(address.trim()) } else { link::safe_or_anchor(address) };
        kept.filter(|url| !url.is_empty()).map(str::to_owned)
    }

    fn refuse(&mut self) -> Option<Frame> {
        self.ensure_text();
        self.refused += 1;
        None
    }

    fn end(&mut self, tag: TagEnd) {
        if matches!(tag, TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::List(_)) {
            self.close_implied();
        }
        if *self.joined() > 0 {
            *self.joined() -= 1;
            return;
        }
        let Some(Open { frame, .. }) = self.open.pop() else { return };
        match frame {
            Frame::Quote(blocks) => {
                self.depth_of_blocks -= 1;
                self.block(Block::Quote(blocks));
            }
            Frame::Item(blocks) => {
                if let Some(Frame::List { items, .. }) = self.top() {
                    items.push(blocks);
                }
            }
            Frame::List { start, items } => {
                self.depth_of_blocks -= 1;
                self.block(Block::List { start, items });
            }
            Frame::Table { alignments, header, rows, .. } => self.table(alignments, header, rows),
            Frame::Code { language, text } => {
                self.block(Block::Code { language, text: text.trim_end_matches('\n').to_owned() });
            }
            Frame::Text { role, content, figures } => self.end_text(role, content, figures),
        }
    }

    fn end_text(&mut self, role: Role, content: Vec<Inline>, figures: Vec<(String, String)>) {
        if is_dress(&role) {
            self.depth_of_text -= 1;
        }
        match role {
            Role::Paragraph | Role::Implied => self.paragraph(content, figures),
            Role::Heading(level) => {
                let content = trimmed(content);
                let anchor = self.anchor(&plain_text(&content));
                self.block(Block::Heading { level, anchor, content });
            }
            Role::Cell => {
                let cells = trimmed(content);
                if let Some(Frame::Table { header, rows, in_header, .. }) = self.top() {
                    if *in_header {
                        header.push(cells);
                    } else if let Some(row) = rows.last_mut() {
                        row.push(cells);
                    }
                }
            }
            Role::Strong => self.inline_unless_empty(content, Inline::Strong),
            Role::Emphasis => self.inline_unless_empty(content, Inline::Emphasis),
            Role::Strikethrough => self.inline_unless_empty(content, Inline::Strikethrough),
            Role::Link(url) => {
                let content =
                    if content.is_empty() { vec![Inline::Text(url.clone())] } else { content };
                self.inline(Inline::Link { url, content });
            }
            Role::Image(address) => self.image(&address, &content),
        }
    }

    fn inline_unless_empty(&mut self, content: Vec<Inline>, dress: fn(Vec<Inline>) -> Inline) {
        if !content.is_empty() {
            self.inline(dress(content));
        }
    }

    /// A figure of ours, a link to a picture elsewhere, or the words that stand for it.
    fn image(&mut self, address: &str, content: &[Inline]) {
        let alt = plain_text(content);
        if let Some(name) = address.strip_prefix("figure:").filter(|name| is_figure_name(name)) {
            self.text(&alt);
            if let Some(Frame::Text { figures, .. }) = self.top() {
                figures.push((name.to_owned(), alt));
            }
            return;
        }
        match self.checked(address).filter(|url| !url.starts_with('#')) {
            Some(url) => {
                let words = if alt.trim().is_empty() { url.clone() } else { alt };
                self.inline(Inline::Link { url, content: vec![Inline::Text(words)] });
            }
            None => {
                self.refused += 1;
                self.text(&alt);
            }
        }
    }

    fn paragraph(&mut self, content: Vec<Inline>, figures: Vec<(String, String)>) {
        let content = trimmed(content);
        let words: String = figures.iter().map(|(_, alt)| alt.as_str()).collect();
        // Nothing but figures (and line ends between them) stands in this paragraph.
        let only_figures =
            content.iter().all(|inline| matches!(inline, Inline::Text(_) | Inline::SoftBreak))
                && plain_text(&content).split_whitespace().eq(words.split_whitespace());
        if !figures.is_empty() && only_figures {
            for (name, alt) in figures {
                self.block(Block::Figure { name, alt });
            }
        } else if !content.is_empty() {
            self.block(Block::Paragraph(content));
        }
    }

    fn table(
        &mut self,
        alignments: Vec<pulldown_cmark::Alignment>,
        mut header: Vec<Vec<Inline>>,
        mut rows: Vec<Vec<Vec<Inline>>>,
    ) {
        header.resize(alignments.len(), Vec::new());
        for row in &mut rows {
            row.resize(alignments.len(), Vec::new());
        }
        self.block(Block::Table { alignments, header, rows });
    }

    fn block(&mut self, block: Block) {
        self.close_implied();
        match self.top() {
            Some(Frame::Quote(blocks) | Frame::Item(blocks)) => blocks.push(block),
            // A list takes items only; a block can meet one here when the item was joined.
            Some(Frame::List { items, .. }) => items.push(vec![block]),
            Some(Frame::Table { .. } | Frame::Code { .. } | Frame::Text { .. }) | None => {
                self.blocks.push(block);
            }
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(Frame::Code { text: code, .. }) = self.top() {
            code.push_str(&visible(text));
            return;
        }
        let text = visible(text);
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            if !line.is_empty() {
                // In running text a tab is a blank like any other.
                self.inline(Inline::Text(line.replace('\t', " ")));
            }
            if lines.peek().is_some() {
                self.inline(Inline::SoftBreak);
            }
        }
    }

    fn inline(&mut self, inline: Inline) {
        self.ensure_text();
        let Some(Frame::Text { content, .. }) = self.top() else { return };
        match (content.last_mut(), inline) {
            (Some(Inline::Text(last)), Inline::Text(more)) => last.push_str(&more),
            (Some(Inline::SoftBreak | Inline::HardBreak), Inline::SoftBreak) => {}
            (_, other) => content.push(other),
        }
    }

    /// Opens a paragraph where text begins without one.
    fn ensure_text(&mut self) {
        if !matches!(self.top(), Some(Frame::Text { .. } | Frame::Code { .. })) {
            self.open.push(Open { frame: text_frame(Role::Implied), joined: 0 });
        }
    }

    fn close_implied(&mut self) {
        let is_implied = matches!(self.top(), Some(Frame::Text { role: Role::Implied, .. }));
        if is_implied
            && let Some(Open { frame: Frame::Text { content, figures, .. }, .. }) = self.open.pop()
        {
            self.paragraph(content, figures);
        }
    }

    fn anchor(&mut self, title: &str) -> String {
        let mut slug = String::new();
        for c in title.to_lowercase().chars() {
            if c.is_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        let slug = if slug.is_empty() { "section" } else { slug };
        if self.anchors.insert(slug.to_owned()) {
            return slug.to_owned();
        }
        // Where a thousand headings are the same, the search goes on after the last number.
        let number = self.numbers.entry(slug.to_owned()).or_insert(2);
        loop {
            let anchor = format!("{slug}-{number}");
            *number += 1;
            if self.anchors.insert(anchor.clone()) {
                return anchor;
            }
        }
    }

    fn finish(mut self) -> Warned<Document> {
        self.close_implied();
        debug_assert!(
            self.open.is_empty() && self.joined_to_root == 0,
            "every begun thing was ended"
        );
        let mut warned = Warned::clean(Document { blocks: self.blocks });
        if self.refused > 0 {
            let verbs = [
                "of a link or an image was reduced to plain text",
                "of links or images were reduced to plain text",
            ];
            warned.warnings.push(
                Diagnostic::warning(counted_that(self.refused, "address", verbs))
                    .hint("only http, https, mailto and #anchor addresses are kept"),
            );
        }
        warned
    }
}

fn text_frame(role: Role) -> Frame {
    Frame::Text { role, content: Vec::new(), figures: Vec::new() }
}

fn is_dress(role: &Role) -> bool {
    match role {
        Role::Strong | Role::Emphasis | Role::Strikethrough | Role::Link(_) | Role::Image(_) => {
            true
        }
        Role::Paragraph | Role::Implied | Role::Heading(_) | Role::Cell => false,
    }
}

/// `<br>`, the only HTML that means something here: a table's cell has no other way to end a line.
fn is_line_break(html: &str) -> bool {
    matches!(html.trim(), "<br>" | "<br/>" | "<br />")
}

fn is_figure_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn language(kind: &CodeBlockKind<'_>) -> Option<String> {
    let CodeBlockKind::Fenced(info) = kind else { return None };
    let word: String = info
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '#' | '.'))
        .take(32)
        .collect();
    (!word.is_empty()).then_some(word)
}

/// Without the spaces and line ends at both ends.
fn trimmed(mut content: Vec<Inline>) -> Vec<Inline> {
    while let Some(last) = content.last_mut() {
        match last {
            Inline::Text(text) if !text.trim_end().is_empty() => {
                text.truncate(text.trim_end().len());
                break;
            }
            Inline::Text(_) | Inline::SoftBreak | Inline::HardBreak => {
                content.pop();
            }
            _ => break,
        }
    }
    while let Some(first) = content.first_mut() {
        match first {
            Inline::Text(text) if !text.trim_start().is_empty() => {
                *text = text.trim_start().to_owned();
                break;
            }
            Inline::Text(_) | Inline::SoftBreak | Inline::HardBreak => {
                content.remove(0);
            }
            _ => break,
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Document {
        Document::from_markdown(text).value
    }

    fn rewritten(text: &str) -> String {
        read(text).to_markdown()
    }

    #[test]
    fn canonical_markdown_is_written_as_it_was_read() {
        let text = "# A title\n\nSome *text* with **strong**, `code`, ~~gone~~ and a [link](https://example.com/a_b).\n\
            A second line\\\nand a third.\n\n- one\n- two\n  - inner\n\n1. first\n\n   more\n\n2. second\n\n> quoted\n>\n> > twice\n\n\
            | a | b |\n| --- | --: |\n| 1 \\| 2 | x<br>y |\n\n```sql\nselect 1;\n```\n\n---\n\n![It hurt](figure:impact)\n";
        assert_eq!(rewritten(text), text);
    }

    #[test]
    fn a_paragraph_in_a_nested_item_stays_one() {
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
    fn tabs_stay_in_code_and_only_there() {
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
        assert_eq!(
            text,
            "\\<script>alert(1)\\</script>\n\na \\<b onclick=x>b\\</b> \\<!-- c -->\n"
        );
    }

    #[test]
    fn what_is_left_open_does_not_swallow_what_follows() {
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
    fn links_and_images_keep_safe_addresses_only_and_one_warning_tells() {
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
    fn a_refused_link_at_the_start_of_an_item_is_its_words() {
        assert_eq!(rewritten("- [a](x:y) b\n- ![c](x:y)\n\n# d"), "- a b\n- c\n\n# d\n");
    }

    #[test]
    fn prose_is_read_as_if_it_had_been_parsed() {
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
    fn a_figure_stands_alone_and_within_text_is_its_words() {
        assert_eq!(
            read("![x](figure:impact)").blocks,
            [Block::Figure { name: "impact".into(), alt: "x".into() }]
        );
        assert_eq!(rewritten("see ![x](figure:impact)"), "see x\n");
        assert_eq!(rewritten("![x](figure:../../etc)"), "x\n");
    }

    #[test]
    fn anchors_are_unique() {
        let anchors: Vec<String> = read("# A b!\n# A b\n# A b 2\n# ***\n# Größe")
            .blocks
            .into_iter()
            .map(|block| {
                if let Block::Heading { anchor, .. } = block { anchor } else { panic!("{block:?}") }
            })
            .collect();
        assert_eq!(anchors, ["a-b", "a-b-2", "a-b-2-2", "section", "größe"]);
    }

    #[test]
    fn task_lists_are_boxes() {
        assert_eq!(rewritten("- [ ] a\n- [x] b"), "- ☐ a\n- ☑ b\n");
    }

    #[test]
    fn headings_move_together() {
        let mut document = read("# a\n### b\n> ## c");
        document.shift_headings(3);
        assert_eq!(document.to_markdown(), "### a\n\n##### b\n\n> #### c\n");
    }

    #[test]
    fn a_whole_document_fits_into_a_cell() {
        let line = read("# T\n\na\nb\n\n- x\n- y\n\n```\nc | d\n```\n\n| h |\n|---|\n| `v|w` |")
            .into_line();
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

    /// What GitHub makes of Markdown that has bare addresses: each is taken first, up to white space
    /// or `<`, and only what is left is read.
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
                // Within the brackets of a link no other link is made.
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
        let found =
            Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
        found
            .filter_map(|event| match event {
                Event::Html(html) | Event::InlineHtml(html) if &*html != "<br>" => {
                    Some(html.to_string())
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    let is_safe = dest_url.starts_with("figure:")
                        || link::safe_or_anchor(&dest_url).is_some();
                    (!is_safe).then(|| dest_url.to_string())
                }
                _ => None,
            })
            .collect()
    }

    #[test]
    fn what_follows_a_bare_address_stays_words() {
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
        let plain =
            "see http://x.example/a_b?c=d, and [http://y](http://y/z_a) or `http://z/<b>`\n";
        assert_eq!(rewritten(plain), plain);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_tag_or_an_address_that_runs(
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
        fn any_text_is_read_and_stays_closed_in_itself(
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
}
