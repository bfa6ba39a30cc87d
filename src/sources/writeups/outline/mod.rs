//! Splits a document into parts at its headings, and maps each heading to a section.
//!
//! A heading is a Markdown heading, a bold line in a document that has no headings, or a bold label
//! (`- **Impact**: …`). A heading whose wording is known exactly begins a section at any level. A
//! heading that only contains a known word (a loose match) begins one if it is no deeper than the
//! section before it. Any other heading begins a part of its own, or belongs to the section above
//! it if it is deeper.

pub(super) mod hints;
pub(super) mod labels;
mod lines;
pub(super) mod several;

use self::labels::{Field, Label, label};
use self::lines::{
    FIELDS, are_services, dedented, field_of, folded, is_comment, is_purpose, is_rule, names_field,
    nested_labels, without_emoji,
};
use crate::sources::naming::{self, Match};
use crate::sources::record::SectionName;
use crate::sources::writeups::shape::blocks::{Block, Heading, Item, List, Table, blocks, plain};
use crate::sources::writeups::times::stamp;

/// A document split into its parts.
#[derive(Debug, Default)]
pub(crate) struct Outline<'a> {
    /// The first heading, unless it is the heading of a section.
    pub(crate) title: Option<&'a str>,
    /// The fields between the sections, with their values: `Time to repair`, `4h 12m`.
    pub(crate) fields: Vec<Entry<'a>>,
    /// The parts, in order. The first is the text before the first heading.
    pub(crate) parts: Vec<Part<'a>>,
}

/// A field of the document.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// The label as plain text.
    pub(crate) label: String,
    /// The value, a slice of the text.
    pub(crate) value: &'a str,
}

/// A part of the document: a heading and the text below it.
#[derive(Debug, Default)]
pub(crate) struct Part<'a> {
    /// The heading as plain text; empty for the text before the first heading.
    pub(crate) title: String,
    /// The section that the heading names.
    pub(crate) meaning: Option<SectionName>,
    /// The lines, each a slice of the text.
    pub(crate) lines: Vec<&'a str>,
}

impl Part<'_> {
    /// Returns the text, as Markdown.
    pub(crate) fn text(&self) -> String {
        self.lines.join("\n").trim_matches('\n').trim_end().to_owned()
    }
}

/// The levels of bold lines and bold labels, below every Markdown heading.
const BOLD_LINE: u8 = 7;
const LABEL: u8 = 8;

/// Splits the Markdown `text` into its parts.
///
/// The first heading is the title. If the document already has a `title`, a heading is the title
/// only if it repeats that one or is a first-level heading that names no section.
pub(crate) fn outline<'a>(text: &'a str, title: Option<&str>) -> Outline<'a> {
    let blocks = blocks(text);
    let levels = || {
        blocks.iter().filter_map(|block| {
            if let Block::Heading(heading) = block { Some(heading.level) } else { None }
        })
    };
    let highest = levels().min().unwrap_or(1);
    let mut builder = Builder {
        outline: Outline { parts: vec![Part::default()], ..Outline::default() },
        level: 0,
        has_headings: blocks.iter().any(|block| matches!(block, Block::Heading(..))),
        byline: false,
        title: title.map(folded),
        highest,
        is_alone: levels().filter(|level| *level == highest).count() == 1,
        // One bold word before a colon can be emphasis; two are a form.
        is_form: blocks.iter().flat_map(labelled_items).take(2).count() == 2
            || blocks.iter().any(is_form),
    };
    let mut blocks = blocks.into_iter().peekable();
    while let Some(block) = blocks.next() {
        let heads = matches!(blocks.peek(), Some(Block::List(_) | Block::Table(_)));
        match block {
            Block::Paragraph(text) if heads && builder.is_unmarked_heading(text) => {
                builder.unmarked_heading(text);
            }
            block => builder.block(block),
        }
    }
    builder.outline
}

fn labelled_items<'b, 'a>(block: &'b Block<'a>) -> impl Iterator<Item = Label<'a>> + use<'a, 'b> {
    let items = if let Block::List(list) = block { list.items.as_slice() } else { &[] };
    items.iter().filter_map(|item| bold_label(item)).filter(Label::is_known)
}

/// Returns true if every item of a list is a label with a value and at least one label is known.
fn is_form(block: &Block<'_>) -> bool {
    let Block::List(list) = block else { return false };
    let labels: Vec<Label<'_>> = list.items.iter().filter_map(|item| bold_label(item)).collect();
    list.items.len() >= 2 && labels.len() == list.items.len() && labels.iter().any(Label::is_known)
}

fn bold_label<'a>(item: &Item<'a>) -> Option<Label<'a>> {
    label(item.first()?).filter(|label| label.is_bold)
}

struct Builder<'a> {
    outline: Outline<'a>,
    /// The heading level of the open part; 0 before the first heading.
    level: u8,
    has_headings: bool,
    is_form: bool,
    /// Whether the author is named on a line with other fields.
    byline: bool,
    /// The title from elsewhere, folded for comparison.
    title: Option<String>,
    /// The highest heading level, and whether only one heading has it.
    highest: u8,
    is_alone: bool,
}

impl<'a> Builder<'a> {
    fn block(&mut self, block: Block<'a>) {
        match block {
            Block::Heading(heading) => self.heading(&heading),
            Block::Paragraph(text) => self.paragraph(text),
            Block::List(list) if self.is_form => self.form(&list),
            Block::List(list) => self.push(list.whole),
            Block::Table(table) => self.table(&table),
            Block::Other(text) if is_rule(text) || is_comment(text) => {}
            Block::Other(text) => self.push(text),
        }
    }

    fn part(&mut self) -> &mut Part<'a> {
        self.outline.parts.last_mut().expect("there is one from the beginning")
    }

    /// Adds a block to the open part.
    fn push(&mut self, text: &'a str) {
        self.push_lines(text.split('\n'));
    }

    fn push_lines(&mut self, lines: impl Iterator<Item = &'a str>) {
        let part = self.part();
        if !part.lines.is_empty() {
            part.lines.push("");
        }
        part.lines.extend(lines);
    }

    fn open(&mut self, title: String, meaning: Option<SectionName>, level: u8) {
        self.outline.parts.push(Part { title, meaning, lines: Vec::new() });
        self.level = level;
    }

    fn heading(&mut self, heading: &Heading<'a>) {
        let whole = without_emoji(&plain(heading.text));
        let title = whole.trim_end_matches([':', ' ']).to_owned();
        // A second-level heading at the start is the title only if it is the only one on its level.
        let is_loose_title = self.title.is_none() && heading.level <= self.highest && self.is_alone;
        let meaning = naming::section(&title);
        if self.heads_fields(&title) {
            return;
        }
        if let Some(field) = field_of(heading.text).filter(|_| meaning.is_none()) {
            self.outline.fields.push(Entry { label: field.name, value: field.value });
            return;
        }
        let is_exact = matches!(meaning, Some((_, Match::Exact)));
        let is_it = match self.title.as_ref() {
            Some(known) => *known == folded(&title) || heading.level == 1 && meaning.is_none(),
            None => meaning.is_none() || heading.level == 1 || is_loose_title,
        };
        let is_first = is_it && self.outline.title.is_none() && self.outline.parts.len() == 1;
        if is_first && !is_exact && !title.is_empty() && title == whole && !names_field(&title) {
            self.outline.title = Some(heading.text);
        } else if stamp::leading(&title).is_some_and(|stamp| !stamp.is_malformed) {
            self.row(heading);
        } else if self.begins_part(meaning, heading.level) {
            self.open(title, meaning.map(|(name, _)| name), heading.level);
        } else {
            self.push(heading.whole);
        }
    }

    /// Whether a heading before the first section only announces the document's fields.
    fn heads_fields(&self, title: &str) -> bool {
        self.level == 0 && FIELDS.contains(&title.to_lowercase().as_str())
    }

    /// Adds a heading that begins with a time as a timeline entry. It opens a timeline unless one
    /// is already open.
    fn row(&mut self, heading: &Heading<'a>) {
        if self.part().meaning != Some(SectionName::Timeline) {
            self.open(
                String::new(),
                Some(SectionName::Timeline),
                heading.level.saturating_sub(1).max(1),
            );
        }
        self.push(heading.whole);
    }

    /// Whether a heading of that meaning and level ends the open part.
    fn begins_part(&self, meaning: Option<(SectionName, Match)>, level: u8) -> bool {
        let open = self.outline.parts.last().and_then(|part| part.meaning);
        let is_inside = self.level > 0 && level > self.level;
        match meaning {
            // A deeper heading with the same meaning belongs to the section that it repeats.
            Some((name, _)) if is_inside && Some(name) == open => false,
            // Follow-ups are often grouped by purpose: `### Detection` below them lists follow-ups
            // that improve detection.
            Some((name, _))
                if is_inside && open == Some(SectionName::FollowUps) && is_purpose(name) =>
            {
                false
            }
            Some((_, Match::Exact)) => true,
            Some((_, Match::Loose)) | None => !is_inside,
        }
    }

    /// Whether a line above a list or a table is a heading without its marker: `Action Items`.
    fn is_unmarked_heading(&self, text: &str) -> bool {
        let is_line = text.contains(' ')
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '’'));
        let open = self.outline.parts.last().and_then(|part| part.meaning);
        is_line
            && naming::section(text)
                .is_some_and(|(name, sure)| sure == Match::Exact && Some(name) != open)
    }

    fn unmarked_heading(&mut self, text: &str) {
        let meaning = naming::section(text).map(|(name, _)| name);
        self.open(text.trim().to_owned(), meaning, BOLD_LINE);
    }

    fn paragraph(&mut self, text: &'a str) {
        if is_comment(text) {
            return;
        }
        for chunk in self.chunks(text) {
            self.chunk(chunk);
        }
    }

    /// Splits a paragraph into chunks: each line that begins with a known label starts a new one.
    fn chunks(&mut self, text: &'a str) -> Vec<Vec<&'a str>> {
        let mut chunks: Vec<Vec<&str>> = Vec::new();
        let is_byline = |line: &&str| {
            label(line).is_some_and(|found| labels::field(&found.name) == Some(Field::Authors))
        };
        for line in text.split('\n') {
            let fields = labels::cut(line.trim_end());
            if fields.len() > 1 {
                // A date next to the author's name is the day of writing.
                self.byline |= fields.iter().any(is_byline);
                chunks.extend(fields.into_iter().map(|field| vec![field]));
                continue;
            }
            let is_label = label(line).is_some_and(|label| self.counts(&label));
            // The text of a timeline entry can contain a label: `Recovery: search page`.
            let is_quoted =
                !chunks.is_empty() && self.is_in_timeline() && !line.trim_start().starts_with("**");
            match chunks.last_mut() {
                Some(chunk) if !is_label || is_quoted => chunk.push(line),
                _ => chunks.push(vec![line]),
            }
        }
        chunks
    }

    /// Whether a label at the start of a line begins a field or a part, rather than being plain
    /// text.
    fn counts(&self, label: &Label<'_>) -> bool {
        let is_alone = label.is_bold && label.value.is_empty();
        let open = self.outline.parts.last().and_then(|part| part.meaning);
        match naming::section(&label.name) {
            Some((name, Match::Exact))
                if !label.is_bold && self.is_in_timeline() && self.has_headings =>
            {
                // Only a heading ends this timeline; a label inside it is part of its text.
                Some(name) != open && label.value.is_empty()
            }
            Some((name, Match::Exact)) => {
                Some(name) != open && (label.is_bold || label.name.len() > 3)
            }
            _ if is_alone && !self.has_headings => !label.name.ends_with(['.', '!', ',']),
            _ => match labels::field(&label.name) {
                Some(Field::Zone) => true,
                Some(_) => label.is_bold || self.level == 0,
                None => false,
            },
        }
    }

    fn is_in_timeline(&self) -> bool {
        self.outline.parts.last().is_some_and(|part| part.meaning == Some(SectionName::Timeline))
    }

    fn chunk(&mut self, chunk: Vec<&'a str>) {
        let first = chunk[0];
        match label(first).filter(|label| self.counts(label)) {
            Some(label) => self.labelled(label, chunk[1..].to_vec(), BOLD_LINE),
            None => self.push_lines(chunk.into_iter()),
        }
    }

    /// Begins what a label introduces: a field if it has a one-line value and a known name, else a
    /// part.
    fn labelled(&mut self, label: Label<'a>, rest: Vec<&'a str>, level: u8) {
        let meaning = naming::section(&label.name)
            .filter(|(_, sure)| *sure == Match::Exact)
            .map(|(name, _)| name);
        let is_one_line = rest.iter().all(|line| line.trim().is_empty());
        // `Affected services: api, web` lists services; a sentence there describes the impact.
        let meaning = meaning.filter(|_| !(is_one_line && are_services(&label)));
        if meaning.is_none()
            && is_one_line
            && !label.value.is_empty()
            && labels::field(&label.name).is_some()
        {
            let is_written = self.byline && labels::field(&label.name) == Some(Field::Date);
            let name = if is_written { "published".to_owned() } else { label.name };
            self.outline.fields.push(Entry { label: name, value: label.value });
            return;
        }
        let (rest, nested) = if level == LABEL { nested_labels(rest) } else { (rest, Vec::new()) };
        self.open(label.name, meaning, level);
        let first = Some(label.value).filter(|value| !value.is_empty());
        let lines: Vec<&str> = first.into_iter().chain(rest).collect();
        if lines.iter().any(|line| !line.trim().is_empty()) {
            self.push_lines(lines.into_iter().skip_while(|line| line.trim().is_empty()));
        }
        for item in nested {
            let label = bold_label(&item).expect("one that has a label");
            self.labelled(label, dedented(&item[1..]), BOLD_LINE);
        }
    }

    /// Adds a list whose items are the parts of the document.
    fn form(&mut self, list: &List<'a>) {
        // A timeline entry can begin with a bold time, which is not a label.
        let is_row = |item: &Item<'a>| bold_label(item).is_some_and(|it| stamp::is_time(&it.name));
        if !list.items.iter().any(|item| bold_label(item).is_some())
            || self.is_in_timeline() && list.items.iter().any(is_row)
        {
            return self.push(list.whole);
        }
        // Below a heading with a known meaning, only known labels begin another part.
        let open = self.outline.parts.len();
        let is_in_section = (1..BOLD_LINE).contains(&self.level)
            && self.outline.parts.last().is_some_and(|part| part.meaning.is_some());
        let is_known = |item: &Item<'a>| bold_label(item).is_some_and(|label| label.is_known());
        if is_in_section && !list.items.iter().any(is_known) {
            return self.push(list.whole);
        }
        for item in &list.items {
            let is_own = is_in_section && self.outline.parts.len() == open;
            match bold_label(item).filter(|label| !is_own || label.is_known()) {
                Some(label) => self.labelled(label, dedented(&item[1..]), LABEL),
                None => self.push_lines(item.iter().copied()),
            }
        }
    }

    /// Adds a table. A two-column table before the first section contains fields.
    fn table(&mut self, table: &Table<'a>) {
        let rows = || std::iter::once(&table.head).chain(&table.rows);
        let fields = || rows().filter_map(|row| Some((labels::field(&plain(row.first()?))?, row)));
        let is_form = self.level == 0 && rows().all(|row| row.len() == 2) && fields().count() >= 2;
        if !is_form {
            return self.push(table.whole);
        }
        for row in rows() {
            let label = plain(row[0]);
            match labels::field(&label) {
                Some(_) => self.outline.fields.push(Entry { label, value: row[1] }),
                None if label.is_empty()
                    || row[1].is_empty()
                    || row[1].eq_ignore_ascii_case("value") => {}
                None => self.outline.fields.push(Entry { label, value: row[1] }),
            }
        }
    }
}

#[cfg(test)]
mod tests;
