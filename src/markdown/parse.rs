//! Parses Markdown into the tree.

mod frame;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use self::frame::{
    Frame, Open, Role, is_dress, is_figure_name, is_line_break, language, text_frame, trimmed,
};
use super::tree::{Block, Document, Inline, Look, plain_text};
use crate::diag::{Diagnostic, Warned};
use crate::text::counted_that;
use crate::text::{link, visible};

/// The maximum depth of nested lists and quotations; deeper ones join the level above. Readers lose
/// track long before, and code that walks the tree may recurse.
const DEEPEST_BLOCK: usize = 12;
/// The maximum depth of nested emphasis and links.
const DEEPEST_INLINE: usize = 8;

impl Document {
    /// Parses Markdown: CommonMark with tables, strikethrough and task lists.
    pub fn from_markdown(text: &str) -> Warned<Document> {
        read(text, Purpose::Document)
    }

    /// Parses a page of a site, in which links may lead to other pages: `page:incidents/a.html`.
    /// All that a person wrote must be escaped in it.
    pub(crate) fn of_site(text: &str) -> Document {
        read(text, Purpose::Site).value
    }

    /// Parses a field that is written again as a part of a document. Addresses are not checked
    /// here, since parsing the document checks them and counts all that it refuses; so this tree
    /// must not be shown to anyone.
    pub(crate) fn fragment(text: &str) -> Document {
        let text = text.trim();
        if is_prose(text) {
            return Document {
                blocks: vec![Block::Paragraph(vec![Inline::Text(text.to_owned())])],
            };
        }
        read(text, Purpose::Fragment).value
    }
}

/// Whether `text` is a single line in which nothing has a meaning in Markdown. This holds for most
/// fields and is quicker to check than to parse.
fn is_prose(text: &str) -> bool {
    let can_mean = |byte: u8| byte < b' ' || byte == 0x7f || b"\\`*_[]<>&|!~#".contains(&byte);
    text.starts_with(char::is_alphabetic)
        && !text.bytes().any(can_mean)
        && matches!(visible(text), Cow::Borrowed(_))
}

/// What a text is parsed for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Purpose {
    /// To show it.
    #[default]
    Document,
    /// To write it again; see [`Document::fragment`].
    Fragment,
    /// To show it beside other pages.
    Site,
}

fn read(text: &str, purpose: Purpose) -> Warned<Document> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let text = visible(text);
    let mut builder = Builder { purpose, ..Builder::default() };
    for event in Parser::new_ext(&text, options) {
        builder.event(event);
    }
    builder.finish()
}

#[derive(Default)]
struct Builder {
    blocks: Vec<Block>,
    open: Vec<Open>,
    joined_to_root: usize,
    depth_of_blocks: usize,
    depth_of_text: usize,
    anchors: HashSet<String>,
    /// For an anchor that is taken, the next number to try.
    numbers: HashMap<String, usize>,
    refused: usize,
    /// The style that a comment sets for the block below it.
    look: Option<Look>,
    /// Which addresses are allowed depends on it.
    purpose: Purpose,
}

impl Builder {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.inline(Inline::Code(code.replace(['\n', '\t'], " "))),
            Event::InlineHtml(html) if is_line_break(&html) => self.inline(Inline::HardBreak),
            Event::Html(text) if self.asks_for_a_look(&text) => {}
            Event::Html(text) | Event::InlineHtml(text) => {
                // An empty line in a comment would end the paragraph that it becomes.
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
            // An item exists as long as its list.
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

    /// Takes a comment of a template, which is above a block that is in no other. What a person
    /// wrote in a field is escaped before it gets here.
    fn asks_for_a_look(&mut self, html: &str) -> bool {
        let is_outermost = matches!(self.open.as_slice(), [Open { frame: Frame::Text { .. }, .. }]);
        let look =
            Look::of_comment(html).filter(|_| is_outermost && self.purpose != Purpose::Fragment);
        self.look = look.or(self.look);
        look.is_some()
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

    /// `frame`, or `None` if blocks are already nested too deeply.
    fn nested(&mut self, frame: Frame) -> Option<Frame> {
        self.close_implied();
        if self.depth_of_blocks >= DEEPEST_BLOCK {
            return None;
        }
        self.depth_of_blocks += 1;
        Some(frame)
    }

    fn dressed(&mut self, role: Role) -> Option<Frame> {
        // The item of a tight list begins with its text, which may begin with emphasis.
        self.ensure_text();
        if self.depth_of_text >= DEEPEST_INLINE {
            return None;
        }
        self.depth_of_text += 1;
        Some(text_frame(role))
    }

    fn checked(&self, address: &str) -> Option<String> {
        let kept = match self.purpose {
            Purpose::Fragment => Some(address.trim()),
            Purpose::Site => {
                address.strip_prefix("page:").or_else(|| link::safe_or_anchor(address))
            }
            Purpose::Document => link::safe_or_anchor(address),
        };
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

    /// Adds a figure of the report, a link to an external image, or the alternative text.
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
        // The paragraph contains only figures and line ends between them.
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
        let block = match self.look.take() {
            Some(look) => Block::Styled { look, block: Box::new(block) },
            None => block,
        };
        match self.top() {
            Some(Frame::Quote(blocks) | Frame::Item(blocks)) => blocks.push(block),
            // A list contains only items; a block occurs here if its item was joined.
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
                // In running text a tab is an ordinary space.
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

    /// Opens a paragraph if text begins without one.
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
        // If a thousand headings are equal, the search continues after the last number.
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

#[cfg(test)]
mod tests;
