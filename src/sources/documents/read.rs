//! From the parts of a document to its record.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::blocks::{Block, blocks, plain};
use super::clock::{Clock, days_in, is_for_all, order_seen_in, zone_in, zone_of_sentence};
use super::fields::Fields;
use super::labels::{Field, field, is_placeholder, label};
use super::outline::{Outline, Part, outline};
use super::rows::{self, KeyEvent, Row, Rows};
use super::shape::Shaped;
use super::times::Times;
use super::{follow_ups, metrics, phrases, prose, stamp};
use crate::diag::Diagnostic;
use crate::model::time::{ClockStyle, Year};
use crate::model::zone::Zone;
use crate::sources::record::{DocumentKind, DocumentRecord, RowRecord, SectionName, content_id};
use crate::sources::text::{TextKind, clean_line, clean_markdown, sentences};
use crate::sources::warnings::Warnings;

/// Reads a document that has been brought into shape; `text` is that of the input.
pub(super) fn read<'a>(
    name: &str,
    shaped: Shaped<'_>,
    text: &'a str,
    zone: Option<Zone>,
    warnings: &mut Warnings<'a>,
) -> DocumentRecord {
    let outline = outline(&shaped.markdown, shaped.title.as_deref());
    let mut fields = shaped.fields;
    let mut gathered = Gathered::default();
    for entry in &outline.fields {
        if !fields.take(&entry.label, entry.value) {
            // `Status: Resolved at 15:09 UTC` states a time, and stays as it is written.
            fields.events.extend(rows::key_event(&plain(entry.value)).filter(|event| event.rest.is_empty()));
            gathered.further.push((entry.label.clone(), clean_markdown(entry.value, TextKind::Document)));
        }
    }
    for part in &outline.parts {
        gathered.part(part, &mut fields);
    }
    let title = title(&fields, &outline, shaped.title.as_deref(), name);
    let kind = kind(&title, &shaped.markdown, &gathered);
    let context = Context { fields: &fields, title: &title, name, dated: shaped.dated, comments: &shaped.comments };
    let mut times = Times::new(context.clock(&gathered, zone, warnings), text, warnings);
    // A form and a list have no times of their own.
    let is_incident = kind == DocumentKind::Incident;
    let stated = if is_incident { gathered.stated(&fields, &mut times) } else { Vec::new() };
    let rows = if is_incident { gathered.rows(&mut times) } else { Vec::new() };
    let told = gathered.milestones(&times.clock);
    let clock = times.finish();
    let first = rows.iter().filter_map(|row| row.at).chain(stated.iter().map(|(_, at)| *at)).min();
    let cause = gathered.cause();
    let (only, spared) = prose::scope(&gathered.summary_words());
    let claimed = prose::length(&gathered.summary_words()).map(str::to_owned);
    gathered.join_lead();
    let mut claims = fields.claims;
    claims.duration = claims.duration.or(claimed);
    DocumentRecord {
        id: file_name(name).to_owned(),
        kind,
        site: shaped.site,
        date: fields.date.or_else(|| days_in(&title).first().copied()),
        dated: fields.dated.or(shaped.dated),
        severity: fields.severity,
        status: fields.status,
        services: if fields.services.is_empty() { only } else { fields.services },
        not_affected: spared,
        teams: fields.teams,
        tags: fields.tags,
        roles: fields.roles,
        zone: clock.zone(),
        place: clock.place(first),
        cause,
        title,
        further: gathered.further,
        sections: gathered.sections.into_iter().map(|section| (section.name, section.text)).collect(),
        rows,
        named: stated.len(),
        milestones: stated.into_iter().chain(told).collect(),
        claims,
        metrics: gathered.metrics,
        follow_ups: gathered.follow_ups,
    }
}

/// A section with a meaning.
struct Section {
    name: SectionName,
    title: String,
    text: String,
}

/// What the parts of a document hold.
#[derive(Default)]
struct Gathered {
    lead: String,
    sections: Vec<Section>,
    further: Vec<(String, String)>,
    timelines: Vec<Rows>,
    /// What is said of the times, and of the timelines beside their lines.
    about: Vec<String>,
    metrics: Vec<crate::model::MetricSnapshot>,
    follow_ups: Vec<crate::model::action::ActionItem>,
}

impl Gathered {
    fn part(&mut self, part: &Part<'_>, fields: &mut Fields) {
        let (metrics, text) = metrics::metrics(&part.text());
        self.metrics.extend(metrics);
        claims(&text, fields);
        // An item without a word is a form's, but its heading may be a sentence: `Review: on Monday`.
        if !text.contains(char::is_alphanumeric) {
            let said = part.title.split_once(": ").filter(|(_, value)| !is_placeholder(value));
            self.further.extend(said.map(|(name, value)| (name.to_owned(), value.to_owned())));
            return;
        }
        match self.timeline_of(part, &text) {
            Some(rows) if part.meaning.is_none_or(|name| name == SectionName::Timeline) => self.timeline(part, rows),
            rows => {
                // A response that is told line by line is a timeline too, and stays as it is written.
                self.timelines.extend(rows);
                self.text(part, &text, fields);
            }
        }
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
            rows.count_timed() >= least && rows.count_timed() * 2 > rows.rows.len() && rows.about.len() <= 1
        };
        let is_timeline = match part.meaning {
            Some(SectionName::Timeline) => rows.count_timed() + rows.key_events.len() > 0,
            Some(SectionName::Resolution | SectionName::Mitigation | SectionName::Detection) => is_mostly(3),
            Some(_) => false,
            None => is_mostly(if part.title.is_empty() { 3 } else { 2 }),
        };
        is_timeline.then_some(rows)
    }

    fn timeline(&mut self, part: &Part<'_>, rows: Rows) {
        self.about.push(part.title.clone());
        self.about.extend(rows.heads.iter().map(|head| plain(head)));
        self.about.extend(rows.about.iter().map(|about| plain(about)));
        let about = clean(&rows.about.join("\n\n"));
        // What the head of a column says of its times would be lost with the table.
        let heads = rows.heads.iter().map(|head| plain(head)).filter(|head| zone_in(head).is_some());
        let about: Vec<String> = heads.chain(Some(about).filter(|about| !about.is_empty())).collect();
        if !about.is_empty() {
            self.further.push(("About the timeline".to_owned(), about.join("\n\n")));
        }
        self.timelines.push(rows);
    }

    fn follow_ups(&mut self, part: &Part<'_>, text: &str) {
        let (items, rest) = follow_ups::follow_ups(text);
        let numbered = (self.follow_ups.len() + 1..).zip(items);
        self.follow_ups.extend(
            numbered.map(|(number, item)| crate::model::action::ActionItem { id: Some(format!("A{number}")), ..item }),
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
            Some(section) if section.title == title => section.text = format!("{}\n\n{text}", section.text),
            Some(section) => section.text = format!("{}\n\n**{title}**\n\n{text}", section.text),
            None => self.sections.push(Section { name, title: title.to_owned(), text }),
        }
    }

    fn text_of(&self, name: SectionName) -> Option<&str> {
        self.sections.iter().find(|section| section.name == name).map(|section| section.text.as_str())
    }

    /// The plain words of what tells the story in short.
    fn summary_words(&self) -> String {
        let summary = self.text_of(SectionName::Summary).unwrap_or_default();
        [self.lead.as_str(), summary].map(plain_paragraphs).join("\n\n")
    }

    /// The sentence that names the cause, where no section does.
    fn cause(&self) -> Option<String> {
        let words = self.summary_words();
        let has_cause = self.text_of(SectionName::RootCause).is_some();
        prose::cause(&words).filter(|_| !has_cause).map(str::to_owned)
    }

    /// What stands before the first heading is the summary, or its beginning.
    fn join_lead(&mut self) {
        let lead = std::mem::take(&mut self.lead);
        if lead.is_empty() {
            return;
        }
        match self.sections.iter_mut().find(|section| section.name == SectionName::Summary) {
            Some(section) => section.text = format!("{lead}\n\n{}", section.text),
            None => self.sections.insert(0, Section { name: SectionName::Summary, title: String::new(), text: lead }),
        }
    }

    fn key_events<'g>(&'g self, fields: &'g Fields) -> impl Iterator<Item = &'g KeyEvent> {
        self.timelines.iter().flat_map(|rows| &rows.key_events).chain(&fields.events)
    }

    /// The times that are stated by the names of milestones.
    fn stated(
        &mut self,
        fields: &Fields,
        times: &mut Times<'_, '_>,
    ) -> Vec<(crate::model::milestone::MilestoneName, crate::model::time::Moment)> {
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
                                format!("`{}`: {name} is stated a second time, and {first} stands", event.written),
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
    fn rows(&self, times: &mut Times<'_, '_>) -> Vec<RowRecord> {
        let mut records: Vec<RowRecord> = Vec::new();
        let mut taken = HashSet::new();
        for timeline in &self.timelines {
            let mut walk = None;
            let mut rows: Vec<&Row> = timeline.rows.iter().collect();
            if is_newest_first(&rows, &times.clock) {
                rows.reverse();
            }
            for row in rows {
                if row.is_day() {
                    times.day(&row.written, &mut walk);
                    continue;
                }
                let (at, end) = if row.written.is_empty() { (None, None) } else { times.row(row, &mut walk) };
                let mut record = record(row, at, end);
                if taken.contains(&record.id) {
                    record.id = content_id(&[&row.written, &record.text, &records.len().to_string()]);
                }
                taken.insert(record.id.clone());
                records.push(record);
            }
        }
        records
    }

    /// What sentences state of milestones.
    fn milestones(&self, clock: &Clock) -> Vec<(crate::model::milestone::MilestoneName, crate::model::time::Moment)> {
        phrases::stated(&self.summary_words(), clock)
            .into_iter()
            .map(|stated| (stated.name, stated.read.moment))
            .collect()
    }
}

fn record(row: &Row, at: Option<crate::model::time::Moment>, end: Option<crate::model::time::Moment>) -> RowRecord {
    let text = clean(&row.text);
    // A time that could not be read is not lost: it stays where it stood.
    let text = match at {
        None if !row.written.is_empty() => format!("{} {text}", clean(&row.written)).trim_end().to_owned(),
        _ => text,
    };
    let heading = phrases::milestone(&row.head);
    let body =
        || row.text.split_once("\n\n").and_then(|(_, body)| phrases::milestone(&plain(body.split("\n\n").next()?)));
    let id = content_id(&[&row.written, &text]);
    RowRecord { id, at, end, text, actor: row.actor.clone(), suggests: heading.or_else(body) }
}

/// Whether the last line comes first: of lines next to each other, most go back in time.
fn is_newest_first(rows: &[&Row], clock: &Clock) -> bool {
    let some_day = NaiveDate::from_ymd_opt(2000, 1, 1);
    let clock = Clock { home: clock.home.or(Some(Zone::UTC)), date: clock.date.or(some_day), ..clock.clone() };
    let times: Vec<_> = rows
        .iter()
        .filter(|row| !row.is_malformed && !row.written.is_empty())
        .filter_map(|row| clock.read(&row.written).ok().map(|read| read.moment.earliest()))
        .collect();
    let back = times.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let forth = times.windows(2).filter(|pair| pair[1] > pair[0]).count();
    back >= 2 && back > 2 * forth
}

/// What stands under a heading that is a field's, on one line: the items of a list with commas.
fn names(text: &str) -> String {
    let item = |line: &str| {
        let line = line.trim();
        ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim().to_owned()
    };
    let items = text.lines().map(item).filter(|line| !line.is_empty());
    items.collect::<Vec<_>>().join(", ")
}

/// Lengths that are published in a list or on a line of their own: `- Time to detection: 5 minutes`.
fn claims(text: &str, fields: &mut Fields) {
    for line in text.lines() {
        let line = line.trim_start().trim_start_matches(['-', '*', '+']).trim_start();
        let Some(label) = label(line) else { continue };
        if let Some(Field::Claim(name)) = field(&label.name)
            && !is_placeholder(label.value)
        {
            fields.claim(name, &plain(label.value));
        }
    }
}

fn clean(text: &str) -> String {
    clean_markdown(text, TextKind::Document)
}

fn plain_paragraphs(text: &str) -> String {
    text.split("\n\n").map(plain).collect::<Vec<_>>().join("\n\n")
}

fn title(fields: &Fields, outline: &Outline<'_>, shaped: Option<&str>, name: &str) -> String {
    let stem = || {
        let name = file_name(name);
        name.split(".html").next().unwrap_or(name).rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
    };
    let heading = outline.title.map(plain);
    let title = fields.title.clone().or(heading).or_else(|| shaped.map(str::to_owned));
    title.map(|title| clean_line(&title)).filter(|title| !title.is_empty()).unwrap_or_else(stem)
}

/// The last part of a path or an address.
fn file_name(name: &str) -> &str {
    let name = name.split(['?', '#']).next().unwrap_or(name).trim_end_matches('/');
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// What is known of a document's times from all over it.
struct Context<'c> {
    fields: &'c Fields,
    title: &'c str,
    name: &'c str,
    dated: Option<NaiveDate>,
    comments: &'c [NaiveDate],
}

impl Context<'_> {
    fn clock(&self, gathered: &Gathered, zone: Option<Zone>, warnings: &mut Warnings<'_>) -> Clock {
        let mut clock = Clock::in_zone(zone);
        let summary = gathered.summary_words();
        let about_times = gathered.about.iter().flat_map(|about| {
            let short = Some(about.as_str()).filter(|about| about.split_whitespace().count() <= 8).and_then(zone_in);
            short.or_else(|| sentences(about).find_map(zone_of_sentence))
        });
        let all_times = |sentence: &&str| {
            sentence.to_lowercase().contains("all times") || sentence.to_lowercase().contains("times are in")
        };
        let length = self.fields.claims.duration.as_deref().and_then(zone_in);
        let words = about_times.chain(sentences(&summary).filter(all_times).filter_map(zone_in)).chain(length).next();
        if let Some(words) = words
            && let Some(choice) = clock.state(words)
        {
            warnings.say(Diagnostic::warning(choice));
        }
        clock.date = self.date(gathered, &summary);
        clock.is_for_all = gathered.about.iter().any(|about| is_for_all(about));
        clock.year = self.year(&summary);
        let written = gathered.timelines.iter().flat_map(|rows| rows.rows.iter().map(|row| row.written.as_str()));
        clock.order = order_seen_in(written.clone());
        clock.style = ClockStyle::seen_in(written);
        // Who writes in UTC counts to 24.
        if clock.style == ClockStyle::Unsaid && clock.zone() == Some(Zone::UTC) && zone.is_none() {
            clock.style = ClockStyle::TwentyFour;
        }
        clock
    }

    /// The day of times that have none: what is said of the timeline, of the document, in its
    /// title; the only day of its length (`17 March 2026, 10:00 - 11:00`), or of its summary.
    fn date(&self, gathered: &Gathered, summary: &str) -> Option<NaiveDate> {
        let about = gathered.about.iter().find_map(|about| days_in(about).first().copied());
        let only = |text: &str| {
            let mut days = days_in(text);
            days.dedup();
            (days.len() == 1).then(|| days[0])
        };
        let in_title = || days_in(self.title).first().copied();
        let length = self.fields.claims.duration.as_deref().unwrap_or_default();
        about.or(self.fields.date).or_else(in_title).or_else(|| only(length)).or_else(|| only(summary))
    }

    /// The year of days that have none. What was written about it came after it.
    fn year(&self, summary: &str) -> Year {
        let later = self.comments.iter().copied().min().or(self.dated).or(self.fields.dated);
        match (self.fields.date.or_else(|| days_in(summary).first().copied()), later) {
            (Some(date), _) => Year::Near(date),
            (None, Some(day)) => Year::UpTo(day),
            // The day in a file's name is that of the incident, or of its write-up.
            (None, None) => days_in(file_name(self.name)).first().map_or(Year::Unknown, |day| Year::Near(*day)),
        }
    }
}

/// What a form has where a document has a time.
const FORM: [&str; 8] =
    ["YYYY-MM-DD", "yyyy-mm-dd", "HH:mm", "HH:MM", "hh:mm", "YYYY/MM/DD", "[Brief description]", "<title>"];

fn kind(title: &str, markdown: &str, gathered: &Gathered) -> DocumentKind {
    let is_good = |written: &str| !written.is_empty() && stamp::is_time(written);
    let rows = gathered
        .timelines
        .iter()
        .flat_map(|rows| &rows.rows)
        .filter(|row| !row.is_malformed && is_good(&row.written))
        .count();
    let events =
        gathered.timelines.iter().flat_map(|rows| &rows.key_events).filter(|event| !event.is_malformed).count();
    if rows + events > 0 {
        return DocumentKind::Incident;
    }
    if is_index(markdown) {
        return DocumentKind::Index;
    }
    // A document that was written in part has a day somewhere; a form has none.
    let is_form =
        days_in(markdown).is_empty() && FORM.iter().any(|blank| markdown.contains(blank) || title.contains(blank));
    if is_form { DocumentKind::Template } else { DocumentKind::Incident }
}

/// Most items of an index are links and nothing else.
fn is_index(markdown: &str) -> bool {
    let (mut links, mut items) = (0, 0);
    for block in blocks(markdown) {
        let Block::List(list) = block else { continue };
        for item in &list.items {
            items += 1;
            let text = item.join(" ");
            let text = text.trim();
            links += usize::from(text.starts_with('[') && text.ends_with(')') && text.matches("](").count() == 1);
        }
    }
    links >= 5 && links * 3 >= items
}
