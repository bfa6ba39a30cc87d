//! The lines of a timeline: of a table, a list, paragraphs or headings.

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

/// One line of a timeline, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Row {
    /// Its time as it is written; empty where it has none.
    pub(crate) written: String,
    /// The time as the text has it, where that was a shorthand and is written out.
    pub(crate) original: Option<String>,
    /// What the time runs to.
    pub(crate) until: Option<String>,
    /// Whether the time is marked as approximate behind it.
    pub(crate) is_about: bool,
    /// Whether the time is none.
    pub(crate) is_malformed: bool,
    /// What happened, in Markdown.
    pub(crate) text: String,
    /// The part of the text that says it in short: a heading, or the whole.
    pub(crate) head: String,
    /// Who did it, where a column says so.
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

    /// Whether it is the day of the lines behind it, and no line itself.
    pub(crate) fn is_day(&self) -> bool {
        !self.written.is_empty() && self.text.trim().is_empty() && !self.is_malformed
    }
}

/// The words of a text in its lines.
fn plain_lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

/// A milestone that is stated by its name: `First detected 2023-09-18 13:42`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyEvent {
    /// Which.
    pub(crate) name: MilestoneName,
    /// The words of the label.
    pub(crate) label: String,
    /// The time as it is written.
    pub(crate) written: String,
    /// Whether that is none.
    pub(crate) is_malformed: bool,
    /// What stands behind it: a link, a remark.
    pub(crate) rest: String,
}

/// What a timeline holds.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Its lines, in its order.
    pub(crate) rows: Vec<Row>,
    /// Milestones that it states by their names.
    pub(crate) key_events: Vec<KeyEvent>,
    /// What it says of itself, beside the lines.
    pub(crate) about: Vec<String>,
    /// The heads of its columns of times, where a zone may stand.
    pub(crate) heads: Vec<String>,
    /// Whether the lines are those of a table or a list: a paragraph behind it is none of them.
    is_tabular: bool,
    /// Whether the last line is a heading with a clock time, and what follows it is below it.
    is_headed: bool,
}

impl Rows {
    /// How many lines have a time, or were meant to.
    pub(crate) fn count_timed(&self) -> usize {
        self.rows.iter().filter(|row| !row.written.is_empty()).count()
    }
}

fn has_times(list: &List<'_>) -> bool {
    list.items.iter().any(|item| item.first().is_some_and(|line| stamp::leading(line).is_some()))
}

/// Whether the block before a list is a sentence that announces it.
fn is_announced(blocks: &[Block<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &blocks[before]);
    matches!(before, Some(Block::Paragraph(text)) if text.trim_end().ends_with(':') && stamp::leading(text).is_none())
}

impl Rows {
    /// Whether a line has a time on the clock: a table of days may be of anything.
    pub(crate) fn has_clock(&self) -> bool {
        self.rows
            .iter()
            .any(|row| !row.written.is_empty() && !row.is_malformed && !stamp::is_day(&row.written))
    }
}

/// The lines of the timeline `text`.
pub(crate) fn rows(text: &str) -> Rows {
    let mut found = Rows::default();
    let blocks = blocks(text);
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading(heading) => found.heading(heading.text),
            Block::Paragraph(text) => found.paragraph(text),
            // `The full list of hosts:` is no line of a timeline, and neither is what it lists.
            Block::List(list)
                if found.count_timed() > 0 && !has_times(list) && is_announced(&blocks, at) =>
            {
                found.about.push(list.whole.to_owned());
            }
            Block::List(list) => found.list(list),
            Block::Table(table) => found.table(table),
            // Code between two lists of lines belongs to the line above it.
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

    /// A paragraph is a line where it begins with a time, several where its lines do, and else
    /// belongs to the line above it.
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
            // A break before the next line breaks nothing, once that line is one of the timeline's
            // own.
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

    /// A line that begins with a time. `2026-03-17 (all times UTC)` is no line, but the day of
    /// those behind it.
    fn timed(&mut self, line: &str, stamp: Stamp<'_>) {
        if stamp::is_day(stamp.written) && is_about_times(&stamp) {
            self.about.push(line.to_owned());
            self.rows.push(Row::at(Stamp { rest: "", ..stamp }, String::new()));
        } else {
            self.rows.push(Row::at(stamp, stamp::dressed(line, stamp.rest)));
        }
    }

    /// Words without a time of their own.
    fn more(&mut self, text: &str) {
        match self.rows.last_mut() {
            Some(row) if !self.is_tabular => {
                if row.text.is_empty() {
                    // `### 10:00`, and what happened then below it.
                    row.head = plain(text);
                }
                let gap = if row.text.is_empty() { "" } else { "\n\n" };
                row.text = format!("{}{gap}{text}", row.text);
            }
            _ => self.about.push(text.to_owned()),
        }
    }

    /// Whether the items of a list have their times behind what happened.
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

    /// Lines that say their times behind what happened: `The alert fired (10:05 UTC)`.
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
        // A list without a time that comes after lines with them says more of the last one.
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
        // A day, with its lines in a list below it.
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

    /// Whether an item only heads a list of lines with times: `- Timeline:`. These are lines then.
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
                // The whole cell is meant as a time, whatever it says.
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

/// Whether what stands behind a day says only which zone the times are in: `(all times UTC)`,
/// `, Europe/London`.
fn is_about_times(stamp: &Stamp<'_>) -> bool {
    let rest = stamp.rest.trim_matches(['(', ')', '.', ' ']);
    let is_sentence = zone_of_sentence(rest).is_some() && rest.split_whitespace().count() <= 6;
    let is_zone = rest.is_empty() && time::zone_of(stamp.written).is_some() || zone::is_known(rest);
    is_sentence || is_zone
}

/// A line without the mark of a footnote beside its time, and that mark for its end:
/// `2023-03-03[^3]:`.
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

/// Reads `First detected: 2023-09-18 13:42`: the name of a milestone, and its time.
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
    // `Repaired declared: 15:18` is when it was repaired, as far as anybody knows.
    of_label(label).or_else(|| of_label(label.strip_suffix(" declared")?))
}

#[cfg(test)]
mod tests;
