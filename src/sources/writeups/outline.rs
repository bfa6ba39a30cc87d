//! A document in its parts: what stands under each heading, and what that heading means.
//!
//! A heading is one of Markdown, a bold line where there are no others, or a bold label
//! (`- **Impact**: …`). One whose wording is known begins a section wherever it stands; one that
//! only holds words of a meaning does where it is no deeper than the section that it ends. Any
//! other is a part of its own, or belongs to the section above it, where it is deeper than that.

use std::sync::LazyLock;

use regex::Regex;

use super::blocks::{Block, Heading, Item, List, Table, blocks, plain};
use super::labels::{self, Field, Label, label};
use super::stamp;
use crate::sources::naming::{self, Match};
use crate::sources::record::SectionName;

/// A document in its parts.
#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    /// What the first heading says, where it is no section's.
    pub(super) title: Option<&'a str>,
    /// The fields that stand between the sections, with their values: `Time to repair`, `4h 12m`.
    pub(super) fields: Vec<Entry<'a>>,
    /// The parts, in order; the first is what stands before every heading.
    pub(super) parts: Vec<Part<'a>>,
}

/// A field of the document.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Its label, plain.
    pub(super) label: String,
    /// Its value, a slice of the text.
    pub(super) value: &'a str,
}

/// A part of the document.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    /// Its heading, plain; empty for what stands before the first.
    pub(super) title: String,
    /// What the heading means.
    pub(super) meaning: Option<SectionName>,
    /// Its lines, each a slice of the text.
    pub(super) lines: Vec<&'a str>,
}

impl Part<'_> {
    /// The text, as Markdown.
    pub(super) fn text(&self) -> String {
        self.lines.join("\n").trim_matches('\n').trim_end().to_owned()
    }
}

/// How deep a bold line and a bold label are, below every heading of Markdown.
const BOLD_LINE: u8 = 7;
const LABEL: u8 = 8;

/// The parts of the Markdown `text`. Its first heading is the title; where the document has a
/// `title` already, only a heading that says the same is it.
pub(super) fn outline<'a>(text: &'a str, title: Option<&str>) -> Outline<'a> {
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
        // One bold word before a colon is emphasis, two are a form.
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

/// Whether every item of a list is a label with a value, and one of them is known.
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
    /// The level of the heading of the part that is open; 0 before the first.
    level: u8,
    has_headings: bool,
    is_form: bool,
    /// Whether the author is named on a line with other fields.
    byline: bool,
    /// The title that is known already, folded.
    title: Option<String>,
    /// The highest level of a heading, and whether only one has it.
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

    /// Adds a block to the part that is open.
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
        // A second level that begins a document is its title only where nothing else is on that level.
        let is_loose_title = self.title.is_none() && heading.level <= self.highest && self.is_alone;
        let meaning = naming::section(&title);
        if self.heads_fields(&title) {
            return;
        }
        if let Some(field) = field_of(heading.text).filter(|_| meaning.is_none()) {
            self.outline.fields.push(field);
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

    /// Whether a heading before the first section only says that the document's fields follow.
    fn heads_fields(&self, title: &str) -> bool {
        self.level == 0 && FIELDS.contains(&title.to_lowercase().as_str())
    }

    /// A heading that begins with a time is a line of a timeline, under a heading that says so or
    /// under none.
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

    /// Whether a heading of that meaning and level ends the part that is open.
    fn begins_part(&self, meaning: Option<(SectionName, Match)>, level: u8) -> bool {
        let open = self.outline.parts.last().and_then(|part| part.meaning);
        let is_inside = self.level > 0 && level > self.level;
        match meaning {
            // The same again, deeper, belongs to what it repeats.
            Some((name, _)) if is_inside && Some(name) == open => false,
            // Follow-ups are grouped by what they are for: `### Detection` holds those that help it.
            Some((name, _))
                if is_inside && open == Some(SectionName::FollowUps) && is_purpose(name) =>
            {
                false
            }
            Some((_, Match::Exact)) => true,
            Some((_, Match::Loose)) | None => !is_inside,
        }
    }

    /// Whether a line above a list or a table is a heading whose marks were forgotten: `Action Items`.
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

    /// A paragraph in pieces: each line of it that begins with a known label begins one.
    fn chunks(&mut self, text: &'a str) -> Vec<Vec<&'a str>> {
        let mut chunks: Vec<Vec<&str>> = Vec::new();
        let is_byline = |line: &&str| {
            label(line).is_some_and(|found| labels::field(&found.name) == Some(Field::Authors))
        };
        for line in text.split('\n') {
            let fields = labels::cut(line.trim_end());
            if fields.len() > 1 {
                // Beside an author's name stands the day of writing.
                self.byline |= fields.iter().any(is_byline);
                chunks.extend(fields.into_iter().map(|field| vec![field]));
                continue;
            }
            let is_label = label(line).is_some_and(|label| self.counts(&label));
            // A line of a timeline may quote one: `Recovery: search page`.
            let is_quoted =
                !chunks.is_empty() && self.is_in_timeline() && !line.trim_start().starts_with("**");
            match chunks.last_mut() {
                Some(chunk) if !is_label || is_quoted => chunk.push(line),
                _ => chunks.push(vec![line]),
            }
        }
        chunks
    }

    /// Whether a label that begins a paragraph or a line of one is more than a word.
    fn counts(&self, label: &Label<'_>) -> bool {
        let is_alone = label.is_bold && label.value.is_empty();
        let open = self.outline.parts.last().and_then(|part| part.meaning);
        match naming::section(&label.name) {
            Some((name, Match::Exact))
                if !label.is_bold && self.is_in_timeline() && self.has_headings =>
            {
                // A heading ends a timeline here; a label in it is a part of its text.
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

    /// What a label begins: a field, or a part.
    fn labelled(&mut self, label: Label<'a>, rest: Vec<&'a str>, level: u8) {
        let meaning = naming::section(&label.name)
            .filter(|(_, sure)| *sure == Match::Exact)
            .map(|(name, _)| name);
        let is_one_line = rest.iter().all(|line| line.trim().is_empty());
        // `Affected services: api, web` names them; a sentence there says how.
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

    /// A list whose items are the parts of the document.
    fn form(&mut self, list: &List<'a>) {
        if !list.items.iter().any(|item| bold_label(item).is_some()) {
            return self.push(list.whole);
        }
        for item in &list.items {
            match bold_label(item) {
                Some(label) => self.labelled(label, dedented(&item[1..]), LABEL),
                None => self.push_lines(item.iter().copied()),
            }
        }
    }

    /// A table of two columns before the first section holds fields.
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

/// The lines below a label of a form, and the items among them that are labels of sections themselves.
fn nested_labels(lines: Vec<&str>) -> (Vec<&str>, Vec<Vec<&str>>) {
    let is_section = |line: &&str| {
        let text = line.trim_start();
        let item =
            ["- **", "* **", "+ **"].iter().any(|mark| text.starts_with(mark)).then(|| &text[2..]);
        let name = item.and_then(label).map(|label| label.name);
        name.is_some_and(|name| {
            naming::section(&name).is_some_and(|(_, sure)| sure == Match::Exact)
        })
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let (mut own, mut nested): (Vec<&str>, Vec<Vec<&str>>) = (Vec::new(), Vec::new());
    let mut inside = None;
    for line in lines {
        match inside {
            _ if is_section(&line) => {
                inside = Some(indent(line));
                nested.push(vec![line.trim_start()[2..].trim_start()]);
            }
            Some(depth) if line.trim().is_empty() || indent(line) > depth => {
                nested.last_mut().expect("one is open").push(line);
            }
            _ => {
                inside = None;
                own.push(line);
            }
        }
    }
    (own, nested)
}

fn are_services(label: &Label<'_>) -> bool {
    let is_name =
        |name: &str| (1..=4).contains(&name.split_whitespace().count()) && !name.ends_with('.');
    labels::field(&label.name) == Some(Field::Services) && label.value.split(',').all(is_name)
}

/// Whether follow-ups may be for that.
fn is_purpose(name: SectionName) -> bool {
    matches!(name, SectionName::Detection | SectionName::Mitigation | SectionName::Resolution)
}

/// Headings of what a document says of itself in a word or two.
const FIELDS: [&str; 8] = [
    "metadata",
    "document metadata",
    "incident metadata",
    "incident details",
    "incident information",
    "basic information",
    "general information",
    "key facts",
];

/// A heading without emoji, which are written as codes too: `:warning: Impact`.
fn without_emoji(title: &str) -> String {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|\s):[a-z][a-z0-9_+-]*:(?:\s|$)").expect("valid built-in regex")
    });
    if !title.contains(':') {
        title.to_owned()
    } else {
        CODE.replace_all(title, " ").trim().to_owned()
    }
}

/// A heading that is a field with its value: `## Owner: ann`.
fn field_of(text: &str) -> Option<Entry<'_>> {
    let found = label(text).filter(|found| !found.value.is_empty() && names_field(&found.name))?;
    Some(Entry { label: found.name, value: found.value })
}

/// Whether a heading is the name of a field, whose value stands below it: it is not the title.
fn names_field(title: &str) -> bool {
    labels::field(title).is_some_and(|field| field != Field::Title)
}

/// A title as it is compared.
fn folded(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The lines without the indentation that all of them have.
fn dedented<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    lines.iter().map(|line| line.get(common..).unwrap_or("")).collect()
}

fn is_rule(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 3 && text.chars().all(|c| matches!(c, '-' | '*' | '_' | ' '))
}

/// What a template says to its author.
fn is_comment(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("<!--") && text.ends_with("-->") && text.matches("<!--").count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The title, the fields, and each part as `title (meaning): text` with its lines joined.
    fn told(text: &str) -> Vec<String> {
        let outline = outline(text, None);
        let title = outline.title.map(|title| format!("# {title}"));
        let fields =
            outline.fields.iter().map(|field| format!("{} = {}", field.label, field.value));
        let parts =
            outline.parts.iter().filter(|part| !part.title.is_empty() || !part.lines.is_empty());
        let parts = parts.map(|part| {
            let meaning = part.meaning.map_or(String::new(), |meaning| format!(" ({meaning})"));
            format!("{}{meaning}: {}", part.title, part.lines.join("/"))
        });
        title.into_iter().chain(fields).chain(parts).collect()
    }

    #[test]
    fn sections_by_their_headings_in_any_order_and_level() {
        let text = "# It broke\n\nLead.\n\n## Root cause\n\nWhy.\n\n### A detail\n\nMore.\n\n#### Timeline\n\n- 10:00 a\n\n## Our plans for tea\n\nTea.\n\n# Stats\n\n- x: y\n";
        assert_eq!(
            told(text),
            [
                "# It broke",
                ": Lead.",
                "Root cause (root_cause): Why.//### A detail//More.",
                "Timeline (timeline): - 10:00 a",
                "Our plans for tea: Tea.",
                "Stats: - x: y"
            ]
        );
    }

    #[test]
    fn a_form_of_bold_labels() {
        let text = "# A\n\n- **Key events**\n  - Detected 10:00\n\n- **Time to repair**: 4h\n\n- **Impact**:\n  - One\n    - deeper\n\n- **Background**: Text\n\nMore of it.\n\n- **Resolution**:\n    Mended.\n";
        assert_eq!(
            told(text),
            [
                "# A",
                "Time to repair = 4h",
                "Key events (timeline): - Detected 10:00",
                "Impact (impact): - One/  - deeper",
                "Background: Text//More of it.",
                "Resolution (resolution): Mended."
            ]
        );
    }

    #[test]
    fn labels_in_paragraphs_and_in_a_table() {
        let text = "**Date**: 2026-03-17\n**Authors**: a, b\n**Summary**: It broke\nbadly.\n**Root Causes**: A bug.\n\nImpact: All of them.\n\nNot a label: here.\n";
        assert_eq!(
            told(text),
            [
                "Date = 2026-03-17",
                "Authors = a, b",
                "Summary (summary): It broke/badly.",
                "Root Causes (root_cause): A bug.",
                "Impact (impact): All of them.//Not a label: here."
            ]
        );
        let text = "# A\n\n| Field | Value |\n|---|---|\n| Severity | SEV1 |\n| Status | Resolved |\n| Moon | full |\n\n**What went well**\n\n- x\n";
        assert_eq!(
            told(text),
            [
                "# A",
                "Severity = SEV1",
                "Status = Resolved",
                "Moon = full",
                "What went well (went_well): - x"
            ]
        );
    }

    #[test]
    fn a_bold_line_is_a_heading_where_there_are_no_others() {
        assert_eq!(told("**Some title**\n\nText.\n"), ["Some title: Text."]);
        assert_eq!(
            told("## Summary\n\n**Some title**\n\nText.\n"),
            ["Summary (summary): **Some title**//Text."]
        );
        assert_eq!(
            told("## Summary\n\n**What happened?**:\nText.\n"),
            ["Summary (summary): **What happened?**:/Text."]
        );
    }

    #[test]
    fn headings_with_times_are_lines_of_a_timeline() {
        let text =
            "# A\n\n## 13:36 It began\n\nWords.\n\n## 13:40 - More\n\n## Resolution\n\nDone.\n";
        assert_eq!(
            told(text),
            [
                "# A",
                " (timeline): ## 13:36 It began//Words.//## 13:40 - More",
                "Resolution (resolution): Done."
            ]
        );
    }

    #[test]
    fn a_field_as_a_heading_is_not_the_title() {
        assert_eq!(
            told("# Metadata\n\nOwner: ann\n\n# Overview\n\nIt broke.\n"),
            ["Owner = ann", "Overview (summary): It broke."]
        );
        assert_eq!(
            told(
                "## Owner: ann\n## Meeting: on Monday\n## Involved:\n- ben\n\n# Overview\n\nIt broke.\n"
            ),
            [
                "# Meeting: on Monday",
                "Owner = ann",
                "Involved: - ben",
                "Overview (summary): It broke."
            ]
        );
        assert_eq!(
            told("# Date:\n\n2026-03-17\n\n# Impact:\n\nAll.\n"),
            ["Date: 2026-03-17", "Impact (impact): All."]
        );
    }

    #[test]
    fn services_are_named_where_others_tell_of_the_harm() {
        assert_eq!(
            told("**Affected services:** Public API, Web\n"),
            ["Affected services = Public API, Web"]
        );
        assert_eq!(
            told("**Affected services:** All of them were slow for an hour.\n"),
            ["Affected services (impact): All of them were slow for an hour."]
        );
    }

    #[test]
    fn a_heading_whose_marks_were_forgotten() {
        assert_eq!(
            told("# A\n\n## Detection\n\nA page.\n\nAction Items\n\n- One\n"),
            ["# A", "Detection (detection): A page.", "Action Items (follow_ups): - One"]
        );
        assert_eq!(
            told("# A\n\n## Detection\n\nAction Items\n\nThere are none.\n"),
            ["# A", "Detection (detection): Action Items//There are none."]
        );
    }

    #[test]
    fn follow_ups_are_grouped_by_what_they_are_for() {
        assert_eq!(
            told(
                "# A\n\n## Action items\n\n### Detection\n\n- Page\n\n### Mitigation\n\nNone.\n\n### Timeline\n\n- 10:00 a\n"
            ),
            [
                "# A",
                "Action items (follow_ups): ### Detection//- Page//### Mitigation//None.",
                "Timeline (timeline): - 10:00 a"
            ]
        );
    }

    #[test]
    fn comments_of_a_template_are_gone() {
        let text = "# A\n\n<!-- say what -->\n\n## Impact\n\nAll.\n\n---\n\n## Resolution\n\nx\n";
        assert_eq!(told(text), ["# A", "Impact (impact): All.", "Resolution (resolution): x"]);
    }
}
