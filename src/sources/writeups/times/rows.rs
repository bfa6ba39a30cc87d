//! The entries of a timeline: in a table, a list, paragraphs or headings.

mod columns;

use std::sync::LazyLock;

use regex::Regex;

use self::columns::Columns;
use super::clock::zone_of_sentence;
use super::stamp::{self, Stamp};
use crate::model::milestone::MilestoneName;
use crate::model::{time, zone};
use crate::sources::naming::section as section_of;
use crate::sources::writeups::outline::labels::{self, Field};
use crate::sources::writeups::shape::blocks::{Block, Item, List, Table, blocks, plain};

/// One entry of a timeline, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Row {
    /// The time as written; empty if the entry has none.
    pub(crate) written: String,
    /// The spelling in the text, if `written` was expanded from a shorthand.
    pub(crate) original: Option<String>,
    /// The end of a span.
    pub(crate) until: Option<String>,
    /// Whether a mark after the time says that it is approximate.
    pub(crate) is_about: bool,
    /// Whether the time cannot be read.
    pub(crate) is_malformed: bool,
    /// The text of the entry, in Markdown.
    pub(crate) text: String,
    /// The short form of the text: a heading, or the whole.
    pub(crate) head: String,
    /// The person from the actor column, if there is one.
    pub(crate) actor: Option<String>,
}

impl Row {
    fn at(stamp: Stamp<'_>, text: String) -> Self {
        Row {
            written: stamp.written.to_owned(),
            original: None,
            until: stamp.until.map(str::to_owned),
            is_about: stamp.is_about,
            is_malformed: stamp.is_malformed,
            head: plain_lines(&text),
            text,
            actor: None,
        }
    }

    fn untimed(text: String) -> Self {
        Row { head: plain(&text), text, ..Row::default() }
    }

    /// Whether this is only the day of the entries after it, not an entry itself.
    pub(crate) fn is_day(&self) -> bool {
        !self.written.is_empty() && self.text.trim().is_empty() && !self.is_malformed
    }
}

/// Converts Markdown to plain text, line by line.
fn plain_lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

/// A milestone stated by its name: `First detected 2023-09-18 13:42`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyEvent {
    /// The milestone.
    pub(crate) name: MilestoneName,
    /// The words of the label.
    pub(crate) label: String,
    /// The time as written.
    pub(crate) written: String,
    /// Whether the time cannot be read.
    pub(crate) is_malformed: bool,
    /// The text after it: a link, a remark.
    pub(crate) rest: String,
}

/// The contents of a timeline.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// The entries, in the order of the text.
    pub(crate) rows: Vec<Row>,
    /// Milestones stated by name.
    pub(crate) key_events: Vec<KeyEvent>,
    /// Remarks about the timeline besides its entries, such as its zone.
    pub(crate) about: Vec<String>,
    /// The headers of the time columns, which can contain a zone.
    pub(crate) heads: Vec<String>,
    /// Whether the last entries came from a table or a list. A paragraph after it is not an entry.
    is_tabular: bool,
    /// Whether the last entry is a heading with a clock time, so that the blocks below belong to
    /// it.
    is_headed: bool,
}

impl Rows {
    /// The number of entries with a time, readable or not.
    pub(crate) fn count_timed(&self) -> usize {
        self.rows.iter().filter(|row| !row.written.is_empty()).count()
    }
}

fn has_times(list: &List<'_>) -> bool {
    list.items.iter().any(|item| item.first().is_some_and(|line| stamp::leading(line).is_some()))
}

/// Whether the block before a list is a sentence that introduces it.
fn is_announced(blocks: &[Block<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &blocks[before]);
    matches!(before, Some(Block::Paragraph(text)) if text.trim_end().ends_with(':') && stamp::leading(text).is_none())
}

impl Rows {
    /// Whether an entry has a clock time. A table of days alone may be about anything.
    pub(crate) fn has_clock(&self) -> bool {
        self.rows
            .iter()
            .any(|row| !row.written.is_empty() && !row.is_malformed && !stamp::is_day(&row.written))
    }
}

/// Returns the entries of the timeline `text`.
pub(crate) fn rows(text: &str) -> Rows {
    let mut found = Rows::default();
    let blocks = blocks(text);
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading(heading) => found.heading(heading.text),
            Block::Paragraph(text) => found.paragraph(text),
            // Neither `The full list of hosts:` nor the list below it is a timeline entry.
            Block::List(list)
                if found.count_timed() > 0 && !has_times(list) && is_announced(&blocks, at) =>
            {
                found.about.push(list.whole.to_owned());
            }
            Block::List(list) => found.list(list),
            Block::Table(table) => found.table(table),
            // Code between two lists of entries belongs to the entry above it.
            Block::Other(text)
                if matches!(blocks.get(at + 1), None | Some(Block::List(_) | Block::Other(_))) =>
            {
                found.code(text);
            }
            Block::Other(text) => found.more(text),
        }
    }
    found.times_at_the_end();
    found
}

impl Rows {
    fn heading(&mut self, text: &str) {
        match stamp::leading(text) {
            Some(stamp) if stamp::is_day(stamp.written) && is_about_times(&stamp) => {
                self.is_tabular = false;
                self.is_headed = false;
                self.timed(text, stamp);
            }
            Some(stamp) => {
                self.is_headed = !stamp::is_day(stamp.written);
                self.is_tabular = false;
                self.rows.push(Row::at(stamp, stamp.rest.to_owned()));
            }
            None => self.more(text),
        }
    }

    /// Adds a paragraph: an entry if it begins with a time, several entries if several of its lines
    /// do, else a continuation of the entry above it.
    fn paragraph(&mut self, text: &str) {
        let mut lines: Vec<String> = Vec::new();
        for line in text.split('\n') {
            match lines.last_mut() {
                Some(last) if stamp::leading(line).is_none() && !is_key_event(line) => {
                    last.push('\n');
                    last.push_str(line);
                }
                _ => lines.push(line.to_owned()),
            }
        }
        for line in lines {
            // A hard line break before the next entry has no meaning once the lines are separate
            // entries.
            let line = line.trim_end().trim_end_matches('\\').trim_end();
            if let Some(event) = key_event(line) {
                self.key_events.push(event);
            } else if let Some(stamp) = stamp::leading(line) {
                self.timed(line, stamp);
            } else {
                self.more(line);
            }
        }
    }

    /// Adds a line that begins with a time. `2026-03-17 (all times UTC)` is not an entry, but the
    /// day of those after it.
    fn timed(&mut self, line: &str, stamp: Stamp<'_>) {
        if stamp::is_day(stamp.written) && is_about_times(&stamp) {
            self.about.push(line.to_owned());
            self.rows.push(Row::at(Stamp { rest: "", ..stamp }, String::new()));
        } else {
            self.rows.push(Row::at(stamp, stamp::dressed(line, stamp.rest)));
        }
    }

    /// Adds text without a time of its own.
    fn more(&mut self, text: &str) {
        match self.rows.last_mut() {
            Some(row) if !self.is_tabular => {
                if row.text.is_empty() {
                    // A heading `### 10:00` with its text below it.
                    row.head = plain(text);
                }
                let gap = if row.text.is_empty() { "" } else { "\n\n" };
                row.text = format!("{}{gap}{text}", row.text);
            }
            _ => self.about.push(text.to_owned()),
        }
    }

    /// Whether an item of a list has its time at the end of its first line.
    fn ends_at_the_end(&self, list: &List<'_>) -> bool {
        list.items
            .iter()
            .any(|item| item.first().is_some_and(|line| stamp::trailing(line).is_some()))
    }

    fn code(&mut self, text: &str) {
        match self.rows.last_mut().filter(|row| !row.written.is_empty()) {
            Some(row) => row.text = format!("{}\n\n{text}", row.text),
            None => self.more(text),
        }
    }

    /// Moves times from the end of the text to the entry: `The alert fired (10:05 UTC)`. Only if no
    /// entry begins with a time and more than half of them end with one.
    fn times_at_the_end(&mut self) {
        if self.count_timed() > 0 || self.rows.len() < 2 {
            return;
        }
        let first_line = |row: &Row| row.text.lines().next().unwrap_or_default().to_owned();
        let ends = |row: &Row| {
            stamp::trailing(&first_line(row))
                .map(|(before, written)| (before.to_owned(), written.to_owned()))
        };
        if self.rows.iter().filter(|row| ends(row).is_some()).count() * 2 <= self.rows.len() {
            return;
        }
        for row in &mut self.rows {
            let Some((before, written)) = ends(row) else { continue };
            let rest =
                row.text.split_once('\n').map_or(String::new(), |(_, rest)| format!("\n{rest}"));
            let text = format!("{before}{rest}");
            *row = Row { written, head: plain(&text), text, ..Row::default() };
        }
    }

    fn list(&mut self, list: &List<'_>) {
        let has_times = || has_times(list);
        if self.is_headed && !has_times() {
            return self.more(list.whole);
        }
        // A list without times after entries with times is a detail of the last entry.
        let is_detail = self
            .rows
            .last()
            .is_some_and(|row| !row.is_day() && !row.written.is_empty() && !self.is_tabular);
        if is_detail && !has_times() && !self.ends_at_the_end(list) {
            return self.code(list.whole);
        }
        for item in &list.items {
            self.item(item);
        }
        self.is_tabular = true;
    }

    fn item(&mut self, item: &Item<'_>) {
        let text = item.join("\n");
        if let Some(event) = key_event(&text) {
            self.key_events.push(event);
            return;
        }
        let (text, note) = without_note(text);
        let Some(stamp) = stamp::leading(&text) else {
            if self.heads_list(item) {
                return;
            }
            if labels::label(&text)
                .is_some_and(|label| labels::field(&label.name) == Some(Field::Zone))
            {
                self.about.push(text);
                return;
            }
            if !text.trim().is_empty() {
                self.rows.push(Row::untimed(text.trim().to_owned()));
            }
            return;
        };
        // A day, with its entries in a nested list.
        let below =
            Some(item[1..].join("\n")).filter(|_| item[0].trim().len() <= stamp.written.len() + 4);
        let below = below.as_deref().map(blocks).unwrap_or_default();
        let lists: Vec<&List<'_>> = below
            .iter()
            .filter_map(|block| if let Block::List(list) = block { Some(list) } else { None })
            .collect();
        if lists.len() == 1 && below.len() == 1 {
            self.rows.push(Row::at(Stamp { rest: "", ..stamp }, String::new()));
            lists[0].items.iter().for_each(|item| self.item(item));
        } else {
            self.rows.push(Row::at(stamp, stamp::dressed(&text, stamp.rest) + &note));
        }
    }

    /// Adds the entries of a nested list if the item is only its heading: `- Timeline:`. Returns
    /// whether it was.
    fn heads_list(&mut self, item: &Item<'_>) -> bool {
        let [head, rest @ ..] = &item[..] else { return false };
        let below = rest.join("\n");
        let below = blocks(&below);
        let [Block::List(list)] = &below[..] else { return false };
        let timed = list
            .items
            .iter()
            .filter(|item| item.first().is_some_and(|line| stamp::leading(line).is_some()))
            .count();
        let is_head = plain(head).split_whitespace().count() <= 4;
        if !is_head || timed * 2 <= list.items.len() {
            return false;
        }
        if section_of(&plain(head)).is_none() {
            self.about.push((*head).to_owned());
        }
        list.items.iter().for_each(|item| self.item(item));
        true
    }

    fn table(&mut self, table: &Table<'_>) {
        let Some(columns) = Columns::of(table) else {
            self.about.push(table.whole.to_owned());
            return;
        };
        self.heads.extend(
            columns
                .time
                .iter()
                .map(|at| table.head.get(*at).copied().unwrap_or_default().to_owned()),
        );
        self.is_tabular = true;
        for cells in &table.rows {
            let cell = |at: &usize| cells.get(*at).copied().unwrap_or_default().replace("\\|", "|");
            let time = columns
                .time
                .iter()
                .map(cell)
                .filter(|cell| !cell.is_empty())
                .collect::<Vec<_>>()
                .join(" ");
            let others = columns.text.iter().map(cell).filter(|cell| !cell.is_empty());
            let text = others.collect::<Vec<_>>().join(" – ");
            let actor = columns
                .actor
                .as_ref()
                .map(cell)
                .filter(|actor| !actor.is_empty())
                .map(|actor| plain(&actor));
            let row = match stamp::leading(&time) {
                Some(stamp) if stamp.rest.is_empty() => Row::at(stamp, text),
                // The whole cell is meant as a time, even if it cannot be read.
                _ if !time.is_empty() => {
                    Row { written: plain(&time), is_malformed: true, ..Row::untimed(text) }
                }
                _ => Row::untimed(text),
            };
            if !(row.text.is_empty() && row.written.is_empty()) {
                self.rows.push(Row { actor, ..row });
            }
        }
    }
}

/// Whether the text after a day only states the zone of the times: `(all times UTC)`, `,
/// Europe/London`.
fn is_about_times(stamp: &Stamp<'_>) -> bool {
    let rest = stamp.rest.trim_matches(['(', ')', '.', ' ']);
    let is_sentence = zone_of_sentence(rest).is_some() && rest.split_whitespace().count() <= 6;
    let is_zone = rest.is_empty() && time::zone_of(stamp.written).is_some() || zone::is_known(rest);
    is_sentence || is_zone
}

/// Moves a footnote mark next to a time (`2023-03-03[^3]:`) out of the way. Returns the line
/// without it, and the mark to append to the text.
fn without_note(text: String) -> (String, String) {
    static NOTE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?P<time>[^\n\[]{4,40}?)(?P<note>\[\^[\w-]+\])(?P<rest>:|\s|$)")
            .expect("valid built-in regex")
    });
    let Some(found) = NOTE
        .captures(&text)
        .filter(|found| stamp::is_time(found["time"].trim()) || found["time"].contains('-'))
    else {
        return (text, String::new());
    };
    let note = format!(" {}", &found["note"]);
    let whole = found.get(0).map_or(0, |whole| whole.end());
    (format!("{}{}{}", &found["time"], &found["rest"], &text[whole..]), note)
}

fn is_key_event(line: &str) -> bool {
    key_event(line).is_some()
}

/// Reads the name of a milestone and its time: `First detected: 2023-09-18 13:42`.
pub(crate) fn key_event(line: &str) -> Option<KeyEvent> {
    let text = line.trim().trim_start_matches(['*', '_']);
    let at = text.char_indices().find(|(at, c)| {
        (c.is_ascii_digit() || *c == '~') && text[..*at].ends_with([' ', ':', '*', '_', '(', '`'])
    });
    let at = at.map_or_else(|| text.find(['?', '-']), |(at, _)| Some(at))?;
    let label = plain(text[..at].trim().trim_end_matches(['*', '_', ':', '-', '–', '(', ' ']));
    let name = named(&label)?;
    let stamp = stamp::leading(&text[at..])?;
    Some(KeyEvent {
        name,
        label,
        written: stamp.written.to_owned(),
        is_malformed: stamp.is_malformed,
        rest: stamp.rest.to_owned(),
    })
}

fn named(label: &str) -> Option<MilestoneName> {
    let label = label.trim_end_matches(" at").trim_end_matches(" on");
    let of_label = |label: &str| match labels::field(label)? {
        Field::Milestone(name) => Some(name),
        _ => None,
    };
    // `Repaired declared: 15:18` is the time of the repair, as far as anyone knows.
    of_label(label).or_else(|| of_label(label.strip_suffix(" declared")?))
}

#[cfg(test)]
mod tests;
