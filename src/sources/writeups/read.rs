//! Builds the record of a document from its parts.

use std::borrow::Cow;

use super::context::{Context, FILE_NAME};
use super::facts::fields::Fields;
use super::facts::gathered::Gathered;
use super::facts::kind::kind;
use super::facts::when::When;
use super::facts::{prose, subject};
use super::outline::several;
use super::outline::{Outline, outline};
use super::shape::Shaped;
use super::shape::blocks::plain;
use super::times::reading::Times;
use super::times::{contradictions, lengths, rows, stamp};
use crate::diag::Diagnostic;
use crate::model::zone::Zone;
use crate::sources::input::file_name;
use crate::sources::record::{DocumentKind, DocumentRecord, SectionName};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// Reads a converted document: one incident, or several that each have their own heading. `text` is
/// the text of the input before conversion, used to find line numbers.
pub(super) fn read_all<'a>(
    name: &str,
    mut shaped: Shaped<'a>,
    text: &'a str,
    zone: Option<Zone>,
    warnings: &mut Warnings<'a>,
) -> Vec<DocumentRecord> {
    let mut fields = Fields::of_front(&shaped.settings);
    fields.roles.authors.append(&mut shaped.authors);
    for (message, part) in fields.mistakes(shaped.head) {
        warnings.about(part, message);
    }
    let sections = several::sections(&shaped.markdown);
    if sections.is_empty() {
        return vec![read(name, &shaped, fields, text, zone, warnings)];
    }
    warnings.say(several_are_in_it(&shaped.markdown, &sections));
    let record = |section: &several::Section<'_>| {
        // If the section is in the input verbatim, look for its times only there, so that line
        // numbers point into the right incident.
        let own = text.find(section.text).map_or(text, |at| &text[at..at + section.text.len()]);
        let part = Shaped {
            title: Some(section.title.clone()),
            site: shaped.site.clone(),
            dated: shaped.dated.or(fields.dated),
            markdown: Cow::Borrowed(section.text),
            ..Shaped::default()
        };
        read(name, &part, Fields::default(), own, zone, warnings)
    };
    sections.iter().map(record).collect()
}

/// The warning that a document contains several incidents. It includes the number of lines that
/// belong to none of them.
fn several_are_in_it(markdown: &str, sections: &[several::Section<'_>]) -> Diagnostic {
    let lines =
        |text: &str| text.lines().filter(|line| line.contains(char::is_alphanumeric)).count();
    let own = sections.iter().map(|section| lines(section.text)).sum();
    let left = match lines(markdown).saturating_sub(own) {
        0 => String::new(),
        left => format!("; {left} lines outside of them were left out"),
    };
    Diagnostic::warning(format!(
        "the document describes {} incidents, and each is imported separately{left}",
        sections.len()
    ))
}

fn read<'a>(
    name: &str,
    shaped: &Shaped<'_>,
    mut fields: Fields,
    text: &'a str,
    zone: Option<Zone>,
    warnings: &mut Warnings<'a>,
) -> DocumentRecord {
    let outline = outline(&shaped.markdown, shaped.title.as_deref().or(fields.title.as_deref()));
    let mut gathered = gathered(&outline, &mut fields);
    let title = title(&fields, &outline, shaped.title.as_deref(), &shaped.markdown, name);
    let kind = kind(&title, &shaped.markdown, &gathered);
    let context = Context {
        fields: &fields,
        title: &title,
        name,
        dated: shaped.dated,
        comments: &shaped.comments,
    };
    let mut times = Times::new(context.clock(&gathered, zone), text, warnings);
    let is_incident = kind == DocumentKind::Incident;
    let claimed = [gathered.summary_words(), gathered.impact_words()]
        .iter()
        .find_map(|text| lengths::length(text).map(str::to_owned));
    let length = fields.claims.duration.as_deref().or(claimed.as_deref());
    let when = match is_incident {
        true => When::of(&mut gathered, &fields, &title, length, &mut times),
        false => When::default(),
    };
    report_what_is_left_out(&mut gathered, &shaped.images, &mut times);
    if is_incident {
        contradictions::report(&title, name, fields.date, &when.rows, text, &mut times);
    }
    let disputed = std::mem::take(&mut times.disputed);
    let clock = times.finish();
    let is_write_up = is_write_up(&Evidence {
        title: &title,
        name,
        markdown: &shaped.markdown,
        gathered: &gathered,
        when: &when,
        // `lengths` only accepts the length of an incident. A day counts only if the text states
        // it, not if it is a fallback such as the file's name.
        has_length: claimed.is_some(),
        has_day: clock.date.is_some() && clock.fallback.is_none(),
        is_incident,
    });
    let first = when.first();
    let cause = gathered.cause();
    let (only, spared) = prose::scope(&gathered.summary_words());
    finish_sections(&mut gathered, &mut fields);
    let mut claims = fields.claims;
    claims.duration = claims.duration.or(claimed);
    DocumentRecord {
        id: file_name(name).to_owned(),
        kind,
        site: shaped.site.clone(),
        date: clock.date.filter(|_| {
            clock.fallback.is_none()
                || clock.fallback == Some(FILE_NAME) && first.is_none() && when.in_prose.is_empty()
        }),
        dated: fields.dated.or(shaped.dated),
        severity: fields.severity,
        status: fields.status,
        services: if fields.services.is_empty() { only } else { fields.services },
        not_affected: spared,
        teams: fields.teams,
        tags: fields.tags,
        roles: fields.roles,
        zone: clock.zone(),
        // A zone that only some of the times name is not the zone of the whole document.
        place: clock.place(first).filter(|_| !clock.is_zone_of_some),
        cause,
        title,
        further: gathered.further,
        sections: gathered
            .sections
            .into_iter()
            .map(|section| (section.name, section.text))
            .collect(),
        rows: when.rows,
        milestones: when.by_name,
        in_prose: when.in_prose,
        disputed,
        windows: when.windows,
        claims,
        metrics: gathered.metrics,
        follow_ups: gathered.follow_ups,
        links: fields.links,
        is_write_up,
    }
}

/// Collects the contents of all parts of a document. Fields stated in a part are added to `fields`.
fn gathered(outline: &Outline<'_>, fields: &mut Fields) -> Gathered {
    let mut gathered = Gathered::default();
    for entry in &outline.fields {
        if !fields.take(&entry.label, entry.value) {
            // `Status: Resolved at 15:09 UTC` states a time as well; its text is preserved as
            // written.
            fields
                .events
                .extend(rows::key_event(&plain(entry.value)).filter(|event| event.rest.is_empty()));
            gathered
                .further
                .push((entry.label.clone(), clean_markdown(entry.value, TextKind::Document)));
        }
    }
    for part in &outline.parts {
        gathered.part(part, fields);
    }
    gathered
}

fn report_what_is_left_out(gathered: &mut Gathered, images: &[String], times: &mut Times<'_, '_>) {
    for hint in std::mem::take(&mut gathered.hints) {
        let first = hint.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        times.say(&first, format!("a hint of the template was left out: {hint}"));
    }
    for image in images {
        times.say(
            image,
            format!("the image `{image}` is a separate file; only its address was imported"),
        );
    }
}

/// Adds the text before the first heading and the fields that have no place in the record.
fn finish_sections(gathered: &mut Gathered, fields: &mut Fields) {
    gathered.join_lead();
    gathered.add_summary(fields.summary.take());
    let further = fields.further.drain(..);
    gathered
        .further
        .extend(further.map(|(title, text)| (title, clean_markdown(&text, TextKind::Document))));
}

/// The evidence on whether a document is about an incident that happened.
struct Evidence<'e> {
    title: &'e str,
    name: &'e str,
    markdown: &'e str,
    gathered: &'e Gathered,
    when: &'e When,
    has_length: bool,
    has_day: bool,
    is_incident: bool,
}

fn is_write_up(evidence: &Evidence<'_>) -> bool {
    let Evidence { title, name, markdown, gathered, when, has_length, has_day, is_incident } =
        evidence;
    let sections = || gathered.sections.iter().map(|section| section.name);
    let is_why = |name: SectionName| {
        matches!(name, SectionName::RootCause | SectionName::ContributingFactors)
    };
    let says_why = gathered.cause().is_some() || sections().any(is_why);
    let says_when = !when.by_name.is_empty() || !when.in_prose.is_empty() || *has_day;
    let says_how_long = *has_length || *is_incident && subject::says_when(markdown);
    // A manual, an agenda or a changelog counts only if it states when something went wrong.
    (when.is_of_an_incident() || !subject::is_general(title))
        && (says_why
            || says_when
            || says_how_long
            || !when.rows.is_empty()
            || subject::is_by_name(title, name, sections()))
}

fn title(
    fields: &Fields,
    outline: &Outline<'_>,
    shaped: Option<&str>,
    markdown: &str,
    name: &str,
) -> String {
    let stem = || {
        let name = file_name(name);
        name.split(".html")
            .next()
            .unwrap_or(name)
            .rsplit_once('.')
            .map_or(name, |(stem, _)| stem)
            .to_owned()
    };
    let heading = outline.title.map(plain);
    let title = fields
        .title
        .clone()
        .or(heading)
        .or_else(|| shaped.map(str::to_owned))
        .or_else(|| first_line(markdown));
    title.map(|title| clean_line(&title)).filter(|title| !title.is_empty()).unwrap_or_else(stem)
}

/// Returns the first line of a text without headings as its title, if the line is short, is not a
/// sentence, and has text below it.
fn first_line(markdown: &str) -> Option<String> {
    let (line, rest) = markdown.trim_start().split_once('\n')?;
    let line = plain(line);
    let is_title = line.starts_with(char::is_alphanumeric)
        && line.split_whitespace().count() <= LONGEST_TITLE
        && !line.ends_with(['.', ':', ',', ';', '?', '!'])
        && stamp::leading(&line).is_none();
    (is_title && !rest.trim().is_empty()).then_some(line)
}

/// The longest title, in words. A longer first line is a sentence.
const LONGEST_TITLE: usize = 8;
