//! Collects the contents of a document's parts: sections, timelines, follow-ups, metrics.

use super::fields::Fields;
use super::{follow_ups, metrics, prose};
use crate::model::MetricSnapshot;
use crate::model::action::ActionItem;
use crate::model::milestone::MilestoneName;
use crate::sources::naming::section as section_of;
use crate::sources::record::SectionName;
use crate::sources::writeups::outline::Part;
use crate::sources::writeups::outline::hints;
use crate::sources::writeups::outline::labels::{Field, field, is_placeholder, label};
use crate::sources::writeups::shape::blocks::{Block, blocks, plain, with_code_as_text};
use crate::sources::writeups::times::clock::zone_in;
use crate::sources::writeups::times::rows::{self, KeyEvent, Rows};
use crate::sources::writeups::times::stamp;
use crate::text::clean::{TextKind, clean_markdown};

/// A section with a known meaning.
pub(crate) struct Section {
    pub(crate) name: SectionName,
    title: String,
    pub(crate) text: String,
}

/// The contents of a document, by kind.
#[derive(Default)]
pub(crate) struct Gathered {
    /// The text before the first heading.
    lead: String,
    /// The sections with a known meaning.
    pub(crate) sections: Vec<Section>,
    /// The other sections, each with its title.
    pub(crate) further: Vec<(String, String)>,
    pub(crate) timelines: Vec<Rows>,
    /// Remarks about the times, from headings, column headers and text around the timelines.
    pub(crate) about: Vec<String>,
    /// The metrics from tables.
    pub(crate) metrics: Vec<MetricSnapshot>,
    /// The follow-ups.
    pub(crate) follow_ups: Vec<ActionItem>,
    /// Hints for the author, left over from a template.
    pub(crate) hints: Vec<String>,
}

impl Gathered {
    /// Adds a part, and the fields in it to `fields`.
    pub(crate) fn part(&mut self, part: &Part<'_>, fields: &mut Fields) {
        let (metrics, text) = metrics::metrics(&part.text());
        let (text, hints) = if part.meaning == Some(SectionName::Timeline) {
            (text, Vec::new())
        } else {
            hints::without(&text)
        };
        self.hints.extend(hints);
        self.metrics.extend(metrics);
        claims(&text, fields);
        // A part without words is an empty form field, unless its heading has a value: `Review: on
        // Monday`.
        if !text.contains(char::is_alphanumeric) {
            let said = part.title.split_once(": ").filter(|(_, value)| !is_placeholder(value));
            self.further.extend(said.map(|(name, value)| (name.to_owned(), value.to_owned())));
            return;
        }
        match self.timeline_of(part, &text) {
            Some(rows) if part.meaning.is_none_or(|name| name == SectionName::Timeline) => {
                self.timeline(part, rows);
            }
            // A section written line by line is a timeline as well, and its text is preserved.
            Some(rows) => {
                self.said_of_times(&rows);
                self.timelines.push(rows);
                self.text(part, &text, fields);
            }
            None => {
                events(&text, fields);
                let text = self.follow_ups_in_tables(part, &text);
                let (tables, rest) = self.tables(part, &text);
                for rows in tables {
                    self.timeline(part, rows);
                }
                self.text(part, &rest, fields);
            }
        }
    }

    /// Reads the tables of follow-ups in a text without a known meaning, by the head of their first
    /// column, and returns the text without them.
    fn follow_ups_in_tables(&mut self, part: &Part<'_>, text: &str) -> String {
        let mut rest = text.to_owned();
        if part.meaning.is_some() || !text.contains('|') {
            return rest;
        }
        for block in blocks(text) {
            let Block::Table(table) = block else { continue };
            let head = table.head.iter().map(|head| plain(head)).find(|head| !head.is_empty());
            // `Action item` heads a column of what `Action items` heads as a section.
            let is_follow_ups = |head: &str| {
                let meaning = section_of(head).or_else(|| section_of(&format!("{head}s")));
                meaning.is_some_and(|(name, _)| name == SectionName::FollowUps)
            };
            if head.as_deref().is_some_and(is_follow_ups) {
                self.follow_ups(part, table.whole);
                rest = rest.replacen(table.whole, "", 1);
            }
        }
        rest
    }

    /// Returns the timelines among the tables of a text that is not a timeline as a whole, and the
    /// text without them. The text of a section with a known meaning is preserved.
    fn tables(&self, part: &Part<'_>, text: &str) -> (Vec<Rows>, String) {
        let mut rest = text.to_owned();
        let is_other = matches!(part.meaning, Some(SectionName::FollowUps | SectionName::Lessons));
        if is_other || !text.contains('|') {
            return (Vec::new(), rest);
        }
        let mut found = Vec::new();
        for table in blocks(text)
            .iter()
            .filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
        {
            let rows = rows::rows(table.whole);
            if rows.count_timed() >= 2
                && rows.count_timed() * 2 > rows.rows.len()
                && rows.has_clock()
            {
                found.push(rows);
                if part.meaning.is_none() {
                    rest = rest.replacen(table.whole, "", 1);
                }
            }
        }
        (found, rest)
    }

    /// Adds the text of a part that is not a timeline.
    fn text(&mut self, part: &Part<'_>, text: &str, fields: &mut Fields) {
        match part.meaning {
            None if field(&part.title).is_some() && fields.take(&part.title, &names(text)) => {}
            Some(SectionName::FollowUps) => self.follow_ups(part, text),
            Some(name) => self.section(name, &part.title, text),
            None if part.title.is_empty() => self.lead = clean(text),
            None => self.further.push((part.title.clone(), clean(text))),
        }
    }

    /// Returns the entries of a part that is a timeline by its heading or by its lines.
    fn timeline_of(&self, part: &Part<'_>, text: &str) -> Option<Rows> {
        let mut rows = rows::rows(text);
        // Some authors write the timeline as a block of code. Elsewhere such lines are a log.
        if part.meaning == Some(SectionName::Timeline) && rows.count_timed() == 0 {
            rows = rows::rows(&with_code_as_text(text));
        }
        let is_mostly = |least: usize| {
            rows.count_timed() >= least
                && rows.count_timed() * 2 > rows.rows.len()
                && rows.about.len() <= 1
        };
        let is_timeline = match part.meaning {
            Some(SectionName::Timeline) => rows.count_timed() + rows.key_events.len() > 0,
            // Times in these sections are due days or examples.
            Some(SectionName::FollowUps | SectionName::Lessons) => false,
            // By its heading "What happened" is a summary, but its lines are often a timeline.
            Some(_) => is_mostly(3),
            None => is_mostly(if part.title.is_empty() { 3 } else { 2 }),
        };
        is_timeline.then_some(rows)
    }

    /// Stores the remarks of a timeline about its times: the column headers, the text besides the
    /// entries.
    fn said_of_times(&mut self, rows: &Rows) {
        self.about.extend(rows.heads.iter().map(|head| plain(head)));
        self.about.extend(rows.about.iter().map(|about| plain(about)));
    }

    fn timeline(&mut self, part: &Part<'_>, rows: Rows) {
        self.about.push(part.title.clone());
        self.said_of_times(&rows);
        let about = clean(&rows.about.join("\n\n"));
        // A zone in a column header would be lost with the table.
        let heads =
            rows.heads.iter().map(|head| plain(head)).filter(|head| zone_in(head).is_some());
        let about: Vec<String> =
            heads.chain(Some(about).filter(|about| !about.is_empty())).collect();
        if !about.is_empty() {
            self.further.push(("About the timeline".to_owned(), about.join("\n\n")));
        }
        self.timelines.push(rows);
    }

    fn follow_ups(&mut self, part: &Part<'_>, text: &str) {
        let (items, rest) = follow_ups::follow_ups(text);
        let numbered = (self.follow_ups.len() + 1..).zip(items);
        self.follow_ups.extend(
            numbered.map(|(number, item)| ActionItem { id: Some(format!("A{number}")), ..item }),
        );
        if !rest.trim().is_empty() {
            self.further.push((part.title.clone(), clean(&rest)));
        }
    }

    /// Adds a section. A second section with the same meaning is appended to the first, under its
    /// own heading if that is a different one.
    fn section(&mut self, name: SectionName, title: &str, text: &str) {
        let text = clean(text);
        match self.sections.iter_mut().find(|section| section.name == name) {
            Some(section) if section.title == title => {
                section.text = format!("{}\n\n{text}", section.text);
            }
            Some(section) => section.text = format!("{}\n\n**{title}**\n\n{text}", section.text),
            None => self.sections.push(Section { name, title: title.to_owned(), text }),
        }
    }

    /// The titles of the sections.
    pub(crate) fn titles(&self) -> impl Iterator<Item = &str> {
        let sections = self.sections.iter().map(|section| section.title.as_str());
        sections.chain(self.further.iter().map(|(title, _)| title.as_str()))
    }

    fn text_of(&self, name: SectionName) -> Option<&str> {
        self.sections
            .iter()
            .find(|section| section.name == name)
            .map(|section| section.text.as_str())
    }

    /// The plain text before the first heading and of the summary.
    pub(crate) fn summary_words(&self) -> String {
        let summary = self.text_of(SectionName::Summary).unwrap_or_default();
        [self.lead.as_str(), summary].map(plain_paragraphs).join("\n\n")
    }

    /// The plain text of the impact section.
    pub(crate) fn impact_words(&self) -> String {
        self.text_of(SectionName::Impact).map(plain_paragraphs).unwrap_or_default()
    }

    /// The plain text that may state the start and the end: the lead, the summary, and the sections
    /// about impact, detection and resolution.
    pub(crate) fn story(&self) -> String {
        let names = [SectionName::Impact, SectionName::Detection, SectionName::Resolution];
        // In a document without a summary, `What went wrong` is the story.
        let is_told = self.text_of(SectionName::Summary).is_some() || !self.lead.is_empty();
        let wrong = Some(SectionName::WentPoorly).filter(|_| !is_told);
        // A section written as a timeline has already been read as one.
        let is_row = |line: &str| {
            stamp::leading(line.trim_start_matches(['-', '*', '+', ' ', '|'])).is_some()
        };
        let sections = wrong.into_iter().chain(names).filter_map(|name| self.text_of(name));
        let sections = sections.filter(|text| !text.lines().any(is_row)).map(plain_paragraphs);
        let summary = self.text_of(SectionName::Summary).unwrap_or_default();
        let summary =
            [self.lead.as_str(), summary].map(|text| plain_paragraphs(&without_rows(text)));
        // The text above the entries of a timeline can state the start and the end.
        let is_sentence = |text: &&String| text.split_whitespace().count() >= 5;
        let about = self.timelines.iter().flat_map(|rows| &rows.about).filter(is_sentence);
        let about = about.map(|text| plain_paragraphs(text));
        summary.into_iter().chain(sections).chain(about).collect::<Vec<_>>().join("\n\n")
    }

    /// Returns the sentence that names the cause, if there is no section for it.
    pub(crate) fn cause(&self) -> Option<String> {
        let words = self.summary_words();
        let has_cause = self.text_of(SectionName::RootCause).is_some();
        prose::cause(&words).filter(|_| !has_cause).map(str::to_owned)
    }

    /// Makes the text before the first heading the summary, or its beginning.
    pub(crate) fn join_lead(&mut self) {
        let lead = std::mem::take(&mut self.lead);
        if lead.is_empty() {
            return;
        }
        match self.sections.iter_mut().find(|section| section.name == SectionName::Summary) {
            Some(section) => section.text = format!("{lead}\n\n{}", section.text),
            None => self.sections.insert(
                0,
                Section { name: SectionName::Summary, title: String::new(), text: lead },
            ),
        }
    }

    /// Adds the summary from front matter before the text of the summary, unless that already
    /// contains it.
    pub(crate) fn add_summary(&mut self, text: Option<String>) {
        let Some(text) = text.map(|text| clean(&text)) else { return };
        match self.sections.iter_mut().find(|section| section.name == SectionName::Summary) {
            Some(section) if section.text.contains(&text) => {}
            Some(section) => section.text = format!("{text}\n\n{}", section.text),
            None => self
                .sections
                .insert(0, Section { name: SectionName::Summary, title: String::new(), text }),
        }
    }

    /// The milestones that are stated by name.
    pub(crate) fn key_events<'g>(
        &'g self,
        fields: &'g Fields,
    ) -> impl Iterator<Item = &'g KeyEvent> {
        self.timelines.iter().flat_map(|rows| &rows.key_events).chain(&fields.events)
    }
}

/// Joins the text below a field heading into one line, with commas between list items.
fn names(text: &str) -> String {
    let item = |line: &str| {
        let line = line.trim();
        ["- ", "* ", "+ "]
            .iter()
            .find_map(|mark| line.strip_prefix(mark))
            .unwrap_or(line)
            .trim()
            .to_owned()
    };
    // The address of a link is not a name: `[1]: https://example.com`.
    let is_address = |line: &String| line.starts_with('[') && line.contains("]: ");
    let items = text.lines().map(item).filter(|line| !line.is_empty() && !is_address(line));
    items.collect::<Vec<_>>().join(", ")
}

/// Removes timeline entries from a text, since they have been read as such. Fewer than three are
/// not a timeline.
fn without_rows(text: &str) -> String {
    let is_row = |line: &&str| {
        let line = line.trim_start_matches(['-', '*', '+', ' ', '|']);
        stamp::leading(line)
            .is_some_and(|stamp| !stamp.is_malformed && !stamp::is_day(stamp.written))
    };
    if text.lines().filter(is_row).count() < 3 {
        return text.to_owned();
    }
    text.lines().filter(|line| !is_row(line)).collect::<Vec<_>>().join("\n")
}

/// Extracts published durations from list items and single lines: `- Time to detection: 5 minutes`.
fn claims(text: &str, fields: &mut Fields) {
    for line in text.lines() {
        let line = line.trim_start().trim_start_matches(['-', '*', '+']).trim_start();
        let Some(label) = label(line) else { continue };
        match field(&label.name).filter(|_| !is_placeholder(label.value)) {
            Some(Field::Claim(name)) => fields.claim_of_line(name, &plain(label.value)),
            // `Outage period: 18:50 UTC to 19:20`, but not `Time: 10:00 - 11:00` of a meeting.
            Some(Field::Span) if !label.name.to_lowercase().starts_with("time") => {
                fields.span_of_line(&plain(label.value));
            }
            _ => {}
        }
    }
}

/// Extracts milestones stated by name in a list that is not a timeline: `- Down: 15:21 UTC`, `- Up:
/// 15:38 UTC`. Both a start and an end are required, since one alone can be about anything.
fn events(text: &str, fields: &mut Fields) {
    let item = |line: &str| {
        let line = line.trim_start();
        let line = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark))?;
        rows::key_event(line).filter(|event| !event.is_malformed && !stamp::is_day(&event.written))
    };
    let found: Vec<KeyEvent> = text.lines().filter_map(item).collect();
    let has = |name| found.iter().any(|event: &KeyEvent| event.name == name);
    if has(MilestoneName::ImpactStart)
        && (has(MilestoneName::ImpactEnd) || has(MilestoneName::ResolvedAt))
    {
        // The text of the part is preserved, so the words after the times are not needed here.
        fields
            .events
            .extend(found.into_iter().map(|event| KeyEvent { rest: String::new(), ..event }));
    }
}

pub(crate) fn clean(text: &str) -> String {
    clean_markdown(text, TextKind::Document)
}

fn plain_paragraphs(text: &str) -> String {
    text.split("\n\n").map(plain).collect::<Vec<_>>().join("\n\n")
}
