//! What the parts of a document hold, put together: sections, timelines, follow-ups, figures.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::blocks::{Block, blocks, plain};
use super::clock::{Clock, zone_in};
use super::fields::Fields;
use super::labels::{Field, field, is_placeholder, label};
use super::outline::Part;
use super::rows::{self, KeyEvent, Row, Rows};
use super::times::Times;
use super::{follow_ups, hints, marks, metrics, phrases, prose, shorthand, stamp, statements};
use crate::model::MetricSnapshot;
use crate::model::action::ActionItem;
use crate::model::milestone::MilestoneName;
use crate::model::time::{Moment, Read, Remark};
use crate::model::zone::Zone;
use crate::sources::record::{ProseMilestone, RowRecord, SectionName, content_id};
use crate::text::clean::{TextKind, clean_markdown};

/// What sentences state.
#[derive(Default)]
pub(super) struct InProse {
    pub(super) milestones: Vec<ProseMilestone>,
    /// The windows of an impact that came in several.
    pub(super) windows: Vec<[Moment; 2]>,
}

/// A section with a meaning.
pub(super) struct Section {
    pub(super) name: SectionName,
    title: String,
    pub(super) text: String,
}

/// What the parts of a document hold.
#[derive(Default)]
pub(super) struct Gathered {
    /// What stands before the first heading.
    lead: String,
    /// The sections that have a meaning.
    pub(super) sections: Vec<Section>,
    /// The others, under their titles.
    pub(super) further: Vec<(String, String)>,
    /// The timelines.
    pub(super) timelines: Vec<Rows>,
    /// What is said of the times, and of the timelines beside their lines.
    pub(super) about: Vec<String>,
    /// The figures of tables.
    pub(super) metrics: Vec<MetricSnapshot>,
    /// What is to be done.
    pub(super) follow_ups: Vec<ActionItem>,
    /// What the form that it was made from says to its author.
    pub(super) hints: Vec<String>,
}

impl Gathered {
    /// Takes in one part, and the fields that it states.
    pub(super) fn part(&mut self, part: &Part<'_>, fields: &mut Fields) {
        let (metrics, text) = metrics::metrics(&part.text());
        let (text, hints) = if part.meaning == Some(SectionName::Timeline) {
            (text, Vec::new())
        } else {
            hints::without(&text)
        };
        self.hints.extend(hints);
        self.metrics.extend(metrics);
        claims(&text, fields);
        // An item without a word is a form's, but its heading may be a sentence: `Review: on Monday`.
        if !text.contains(char::is_alphanumeric) {
            let said = part.title.split_once(": ").filter(|(_, value)| !is_placeholder(value));
            self.further.extend(said.map(|(name, value)| (name.to_owned(), value.to_owned())));
            return;
        }
        match self.timeline_of(part, &text) {
            Some(rows) if part.meaning.is_none_or(|name| name == SectionName::Timeline) => {
                self.timeline(part, rows);
            }
            // A section that is written line by line is a timeline too, and stays as it is written.
            Some(rows) => {
                self.said_of_times(&rows);
                self.timelines.push(rows);
                self.text(part, &text, fields);
            }
            None => {
                events(&text, fields);
                let (tables, rest) = self.tables(part, &text);
                for rows in tables {
                    self.timeline(part, rows);
                }
                self.text(part, &rest, fields);
            }
        }
    }

    /// The timelines among the tables of a text that is none as a whole, and the text without them. A section
    /// with a meaning stays as it is written.
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

    /// A part that stays a text.
    fn text(&mut self, part: &Part<'_>, text: &str, fields: &mut Fields) {
        match part.meaning {
            None if field(&part.title).is_some() && fields.take(&part.title, &names(text)) => {}
            Some(SectionName::FollowUps) => self.follow_ups(part, text),
            Some(name) => self.section(name, &part.title, text),
            None if part.title.is_empty() => self.lead = clean(text),
            None => self.further.push((part.title.clone(), clean(text))),
        }
    }

    /// The lines of a part that is a timeline: by its heading, or by its lines.
    fn timeline_of(&self, part: &Part<'_>, text: &str) -> Option<Rows> {
        let rows = rows::rows(text);
        let is_mostly = |least: usize| {
            rows.count_timed() >= least
                && rows.count_timed() * 2 > rows.rows.len()
                && rows.about.len() <= 1
        };
        let is_timeline = match part.meaning {
            Some(SectionName::Timeline) => rows.count_timed() + rows.key_events.len() > 0,
            // The times of these are days on which something is due, or examples.
            Some(SectionName::FollowUps | SectionName::Lessons) => false,
            // "What happened" is a summary by its heading, and often a timeline by its lines.
            Some(_) => is_mostly(3),
            None => is_mostly(if part.title.is_empty() { 3 } else { 2 }),
        };
        is_timeline.then_some(rows)
    }

    /// Keeps what is said of the times of a timeline: the head of a column, a line above the others.
    fn said_of_times(&mut self, rows: &Rows) {
        self.about.extend(rows.heads.iter().map(|head| plain(head)));
        self.about.extend(rows.about.iter().map(|about| plain(about)));
    }

    fn timeline(&mut self, part: &Part<'_>, rows: Rows) {
        self.about.push(part.title.clone());
        self.said_of_times(&rows);
        let about = clean(&rows.about.join("\n\n"));
        // What the head of a column says of its times would be lost with the table.
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

    /// Adds a section; one that is there already goes on, under its own heading where that is
    /// another.
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

    /// The titles of its parts.
    pub(super) fn titles(&self) -> impl Iterator<Item = &str> {
        let sections = self.sections.iter().map(|section| section.title.as_str());
        sections.chain(self.further.iter().map(|(title, _)| title.as_str()))
    }

    fn text_of(&self, name: SectionName) -> Option<&str> {
        self.sections
            .iter()
            .find(|section| section.name == name)
            .map(|section| section.text.as_str())
    }

    /// The plain words of what tells the story in short.
    pub(super) fn summary_words(&self) -> String {
        let summary = self.text_of(SectionName::Summary).unwrap_or_default();
        [self.lead.as_str(), summary].map(plain_paragraphs).join("\n\n")
    }

    /// The plain words of what is said of the impact.
    pub(super) fn impact_words(&self) -> String {
        self.text_of(SectionName::Impact).map(plain_paragraphs).unwrap_or_default()
    }

    /// The plain words that may state when it began and ended: the story in short, and what is said under
    /// headings of the impact, of how it was noticed, and of how it ended.
    fn story(&self) -> String {
        let names = [SectionName::Impact, SectionName::Detection, SectionName::Resolution];
        // Without a summary `What went wrong` tells the story.
        let is_told = self.text_of(SectionName::Summary).is_some() || !self.lead.is_empty();
        let wrong = Some(SectionName::WentPoorly).filter(|_| !is_told);
        // The lines of a section that is a timeline have been read as that.
        let is_row = |line: &str| {
            stamp::leading(line.trim_start_matches(['-', '*', '+', ' ', '|'])).is_some()
        };
        let sections = wrong.into_iter().chain(names).filter_map(|name| self.text_of(name));
        let sections = sections.filter(|text| !text.lines().any(is_row)).map(plain_paragraphs);
        let summary = self.text_of(SectionName::Summary).unwrap_or_default();
        let summary =
            [self.lead.as_str(), summary].map(|text| plain_paragraphs(&without_rows(text)));
        // What stands above the lines of a timeline may say when it all began and ended.
        let is_sentence = |text: &&String| text.split_whitespace().count() >= 5;
        let about = self.timelines.iter().flat_map(|rows| &rows.about).filter(is_sentence);
        let about = about.map(|text| plain_paragraphs(text));
        summary.into_iter().chain(sections).chain(about).collect::<Vec<_>>().join("\n\n")
    }

    /// The sentence that names the cause, where no section does.
    pub(super) fn cause(&self) -> Option<String> {
        let words = self.summary_words();
        let has_cause = self.text_of(SectionName::RootCause).is_some();
        prose::cause(&words).filter(|_| !has_cause).map(str::to_owned)
    }

    /// What stands before the first heading is the summary, or its beginning.
    pub(super) fn join_lead(&mut self) {
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

    /// What front matter says in short goes before the text, which is the summary where it says all.
    pub(super) fn add_summary(&mut self, text: Option<String>) {
        let Some(text) = text.map(|text| clean(&text)) else { return };
        match self.sections.iter_mut().find(|section| section.name == SectionName::Summary) {
            Some(section) if section.text.contains(&text) => {}
            Some(section) => section.text = format!("{text}\n\n{}", section.text),
            None => self
                .sections
                .insert(0, Section { name: SectionName::Summary, title: String::new(), text }),
        }
    }

    fn key_events<'g>(&'g self, fields: &'g Fields) -> impl Iterator<Item = &'g KeyEvent> {
        self.timelines.iter().flat_map(|rows| &rows.key_events).chain(&fields.events)
    }

    /// The times that are stated by the names of milestones.
    pub(super) fn stated(
        &mut self,
        fields: &Fields,
        times: &mut Times<'_, '_>,
    ) -> Vec<(MilestoneName, Moment)> {
        let mut found = Vec::new();
        let mut left: Vec<String> = Vec::new();
        for event in self.key_events(fields) {
            let moment = match event.is_malformed {
                true => {
                    times.malformed(&event.written);
                    None
                }
                false => times.stated(&event.written),
            };
            match moment {
                Some(moment) => {
                    match found.iter().find(|(name, _)| *name == event.name) {
                        Some((name, first)) if *first != moment => {
                            times.say(
                                &event.written,
                                format!(
                                    "`{}`: {name} is stated a second time; {first} is used",
                                    event.written
                                ),
                            );
                        }
                        Some(_) => {}
                        None => found.push((event.name, moment)),
                    }
                    if !event.rest.is_empty() {
                        left.push(format!("- {}: {}", event.label, event.rest));
                    }
                }
                None => left.push(format!("- {}: {} {}", event.label, event.written, event.rest)),
            }
        }
        if !left.is_empty() {
            let lines: Vec<&str> = left.iter().map(|line| line.trim_end()).collect();
            self.further.push(("Key events".to_owned(), clean(&lines.join("\n"))));
        }
        found
    }

    /// The lines of the timelines with their times.
    pub(super) fn rows(&mut self, title: &str, times: &mut Times<'_, '_>) -> Vec<RowRecord> {
        let mut records: Vec<RowRecord> = Vec::new();
        let mut taken = HashSet::new();
        for timeline in &mut self.timelines {
            shorthand::write_out(&mut timeline.rows, &times.clock);
        }
        for timeline in &self.timelines {
            let mut walk = None;
            let mut rows: Vec<&Row> = timeline.rows.iter().collect();
            if is_newest_first(&rows, &times.clock) {
                rows.reverse();
            }
            for (index, row) in rows.iter().enumerate() {
                if row.is_day() {
                    times.day(&row.written, &mut walk);
                    continue;
                }
                let (at, end) = if row.written.is_empty() {
                    (None, None)
                } else {
                    times.row(row, &rows[index + 1..], &mut walk)
                };
                let line = times.line_of_row(row);
                let mut record = RowRecord { line, ..record(row, at, end, title) };
                if taken.contains(&record.id) {
                    record.id =
                        content_id(&[&row.written, &record.text, &records.len().to_string()]);
                }
                taken.insert(record.id.clone());
                records.push(record);
            }
        }
        records
    }

    /// What sentences state of milestones.
    pub(super) fn milestones(
        &self,
        fields: &Fields,
        title: &str,
        rows: &[RowRecord],
        times: &mut Times<'_, '_>,
    ) -> InProse {
        let spans =
            fields.spans.iter().map(|span| format!("The outage: {span}.\n\n")).collect::<String>();
        let stated = phrases::stated(&format!("{spans}{}", self.story()), title, &times.clock);
        let mut found = InProse {
            windows: stated
                .windows
                .iter()
                .map(|window| window.clone().map(|read| read.moment))
                .collect(),
            ..InProse::default()
        };
        for marks::Stated { name, written, read, choice, because, is_weak } in stated.milestones {
            if is_weak && is_contradicted(name, read.moment, rows) {
                continue;
            }
            if let Some(choice) = choice {
                times.say(&written, format!("`{written}`: {choice}"));
            }
            let line = times.line_of(&written, &because);
            found.milestones.extend(times.told(&written, Ok(read)).map(|at| ProseMilestone {
                name,
                at,
                because,
                line,
            }));
        }
        found
    }
}

/// Whether a line of the timeline states that milestone, or an end before that beginning, or a beginning after
/// that end: a line says it in so many words.
fn is_contradicted(name: MilestoneName, at: Moment, rows: &[RowRecord]) -> bool {
    use MilestoneName::{ImpactEnd, ImpactStart, ResolvedAt};
    let is_other_end = |row: &RowRecord, other: Moment| match name {
        ImpactStart => {
            (row.shows(ImpactEnd) || row.shows(ResolvedAt)) && other.latest() < at.earliest()
        }
        ImpactEnd => row.shows(ImpactStart) && other.earliest() > at.latest(),
        _ => false,
    };
    rows.iter().any(|row| row.shows(name) || row.at.is_some_and(|other| is_other_end(row, other)))
}

fn record(row: &Row, at: Option<Moment>, end: Option<Moment>, title: &str) -> RowRecord {
    let text = clean(&row.text);
    // A time that could not be read is not lost: it stays where it stood.
    let text = match at {
        None if !row.written.is_empty() => {
            format!("{} {text}", clean(&row.written)).trim_end().to_owned()
        }
        Some(_) if row.is_malformed => {
            format!("{} {text}", clean(&row.written)).trim_end().to_owned()
        }
        _ => text,
    };
    // What is only known to have been on some day would be a milestone without a use.
    let mut states =
        if row.is_malformed { Vec::new() } else { statements::of_line(&row.head, title) };
    if states.is_empty()
        && !row.is_malformed
        && let Some((_, body)) = row.text.split_once("\n\n")
        && let Some(first) = body.split("\n\n").next()
    {
        states = statements::of_line(&plain(first), title);
    }
    let states = states.into_iter().map(|found| (found.name, found.phrase)).collect();
    let id = content_id(&[&row.written, &text]);
    RowRecord { id, at, end, text, actor: row.actor.clone(), states, line: None }
}

/// Whether the last line comes first: of lines next to each other, most go back in time.
fn is_newest_first(rows: &[&Row], clock: &Clock) -> bool {
    let some_day = NaiveDate::from_ymd_opt(2000, 1, 1);
    let clock = Clock {
        home: clock.home.or(Some(Zone::UTC)),
        date: clock.date.or(some_day),
        ..clock.clone()
    };
    let read: Vec<_> = rows
        .iter()
        .filter(|row| !row.is_malformed && !row.written.is_empty())
        .filter_map(|row| clock.read(&row.written).ok())
        .collect();
    let is_of_context = |read: &Read| {
        read.remarks.iter().any(|remark| matches!(remark, Remark::DateFromContext(_)))
    };
    let are_dated = !read.iter().any(is_of_context);
    let times: Vec<_> = read.iter().map(|read| read.moment.earliest()).collect();
    let back = times.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let forth = times.windows(2).filter(|pair| pair[1] > pair[0]).count();
    // Lines that say their days can be in one order only.
    back > 2 * forth && (back >= 2 || are_dated)
}

/// What stands under a heading that is a field's, on one line: the items of a list with commas.
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
    let items = text.lines().map(item).filter(|line| !line.is_empty());
    items.collect::<Vec<_>>().join(", ")
}

/// A text without those of its lines that are a timeline's, which have been read as that.
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

/// Lengths that are published in a list or on a line of their own: `- Time to detection: 5 minutes`.
fn claims(text: &str, fields: &mut Fields) {
    for line in text.lines() {
        let line = line.trim_start().trim_start_matches(['-', '*', '+']).trim_start();
        let Some(label) = label(line) else { continue };
        if let Some(Field::Claim(name)) = field(&label.name)
            && !is_placeholder(label.value)
        {
            fields.claim_of_line(name, &plain(label.value));
        }
    }
}

/// Milestones by their names in a list that is no timeline: `- Down: 15:21 UTC`, `- Up: 15:38 UTC`. One alone
/// may be about anything.
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
        // The part stays as it is written, with what is said beside the times.
        fields
            .events
            .extend(found.into_iter().map(|event| KeyEvent { rest: String::new(), ..event }));
    }
}

fn clean(text: &str) -> String {
    clean_markdown(text, TextKind::Document)
}

fn plain_paragraphs(text: &str) -> String {
    text.split("\n\n").map(plain).collect::<Vec<_>>().join("\n\n")
}
