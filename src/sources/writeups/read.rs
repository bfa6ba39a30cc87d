//! From the parts of a document to its record.

use std::borrow::Cow;

use super::blocks::plain;
use super::context::{Context, FILE_NAME};
use super::fields::Fields;
use super::gathered::{Gathered, InProse};
use super::kind::kind;
use super::outline::{Outline, outline};
use super::shape::Shaped;
use super::times::Times;
use super::{contradictions, lengths, prose, rows, settle, several, stamp, subject};
use crate::diag::Diagnostic;
use crate::model::zone::Zone;
use crate::sources::input::file_name;
use crate::sources::record::{DocumentKind, DocumentRecord, SectionName};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// Reads a document that has been brought into shape: one incident, or several that have a heading each.
/// `text` is that of the input.
pub(super) fn read_all<'a>(
    name: &str,
    shaped: Shaped<'_>,
    text: &'a str,
    zone: Option<Zone>,
    warnings: &mut Warnings<'a>,
) -> Vec<DocumentRecord> {
    let sections = several::sections(&shaped.markdown);
    if sections.is_empty() {
        return vec![read(name, shaped, text, zone, warnings)];
    }
    let lines =
        |text: &str| text.lines().filter(|line| line.contains(char::is_alphanumeric)).count();
    let left = lines(&shaped.markdown)
        .saturating_sub(sections.iter().map(|section| lines(section.text)).sum());
    let left = if left == 0 {
        String::new()
    } else {
        format!("; {left} lines outside of them are left out")
    };
    warnings.say(Diagnostic::warning(format!(
        "{} incidents are in it, and each becomes one{left}",
        sections.len()
    )));
    let record = |section: &several::Section<'_>| {
        // Where the text is as it was read, each incident is found in its own part of it.
        let own = text.find(section.text).map_or(text, |at| &text[at..at + section.text.len()]);
        let part = Shaped {
            title: Some(section.title.clone()),
            site: shaped.site.clone(),
            dated: shaped.dated.or(shaped.fields.dated),
            markdown: Cow::Borrowed(section.text),
            ..Shaped::default()
        };
        read(name, part, own, zone, warnings)
    };
    sections.iter().map(record).collect()
}

fn read<'a>(
    name: &str,
    shaped: Shaped<'_>,
    text: &'a str,
    zone: Option<Zone>,
    warnings: &mut Warnings<'a>,
) -> DocumentRecord {
    let mut fields = shaped.fields;
    let outline = outline(&shaped.markdown, shaped.title.as_deref().or(fields.title.as_deref()));
    let mut gathered = Gathered::default();
    for entry in &outline.fields {
        if !fields.take(&entry.label, entry.value) {
            // `Status: Resolved at 15:09 UTC` states a time, and stays as it is written.
            fields
                .events
                .extend(rows::key_event(&plain(entry.value)).filter(|event| event.rest.is_empty()));
            gathered
                .further
                .push((entry.label.clone(), clean_markdown(entry.value, TextKind::Document)));
        }
    }
    for part in &outline.parts {
        gathered.part(part, &mut fields);
    }
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
    // A form and a list have no times of their own.
    let is_incident = kind == DocumentKind::Incident;
    let stated = if is_incident { gathered.stated(&fields, &mut times) } else { Vec::new() };
    let mut rows = if is_incident { gathered.rows(&title, &mut times) } else { Vec::new() };
    let in_prose = if is_incident {
        gathered.milestones(&fields, &title, &rows, &mut times)
    } else {
        InProse::default()
    };
    let InProse { milestones: mut in_prose, windows } = in_prose;
    settle::settle(&mut rows, &stated, &mut in_prose, &title, &mut times);
    let claimed = [gathered.summary_words(), gathered.impact_words()]
        .iter()
        .find_map(|text| lengths::length(text).map(str::to_owned));
    let length = fields.claims.duration.as_deref().or(claimed.as_deref()).filter(|_| is_incident);
    in_prose.extend(length.and_then(|length| settle::by_length(length, &rows, &stated, &in_prose)));
    for hint in std::mem::take(&mut gathered.hints) {
        let first = hint.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        times.say(&first, format!("a hint of the form is left out: {hint}"));
    }
    for image in &shaped.images {
        times.say(
            image,
            format!("the image `{image}` is another file, and only its address is taken over"),
        );
    }
    if is_incident {
        contradictions::report(&title, name, fields.date, &rows, text, &mut times);
    }
    let disputed = std::mem::take(&mut times.disputed);
    let clock = times.finish();
    let first = rows.iter().filter_map(|row| row.at).chain(stated.iter().map(|(_, at)| *at)).min();
    let cause = gathered.cause();
    let (only, spared) = prose::scope(&gathered.summary_words());
    gathered.join_lead();
    gathered.add_summary(fields.summary.take());
    let further = fields.further.drain(..);
    gathered
        .further
        .extend(further.map(|(title, text)| (title, clean_markdown(&text, TextKind::Document))));
    let is_why = |name: SectionName| {
        matches!(name, SectionName::RootCause | SectionName::ContributingFactors)
    };
    let says_why = cause.is_some() || gathered.sections.iter().any(|section| is_why(section.name));
    let says_when = !stated.is_empty()
        || !in_prose.is_empty()
        || clock.date.is_some_and(|_| clock.fallback.is_none());
    // A length is of an incident; the times of a text whose day is unknown are, too.
    let says_how_long = claimed.is_some() || is_incident && subject::says_when(&shaped.markdown);
    let known = || gathered.sections.iter().map(|section| section.name);
    // A manual, an agenda or a list of changes is one only where it tells when something went wrong.
    let tells = !stated.is_empty()
        || !in_prose.is_empty()
        || rows.iter().any(|row| row.at.is_some() && !row.states.is_empty());
    let is_write_up = (tells || !subject::is_general(&title))
        && (says_why
            || says_when
            || says_how_long
            || !rows.is_empty()
            || subject::is_by_name(&title, name, known()));
    let mut claims = fields.claims;
    claims.duration = claims.duration.or(claimed);
    DocumentRecord {
        id: file_name(name).to_owned(),
        kind,
        site: shaped.site,
        date: clock.date.filter(|_| {
            clock.fallback.is_none()
                || clock.fallback == Some(FILE_NAME) && first.is_none() && in_prose.is_empty()
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
        // A zone that only some of the times name is not that of the file.
        place: clock.place(first).filter(|_| !clock.is_zone_of_some),
        cause,
        title,
        further: gathered.further,
        sections: gathered
            .sections
            .into_iter()
            .map(|section| (section.name, section.text))
            .collect(),
        rows,
        milestones: stated,
        in_prose,
        disputed,
        windows,
        claims,
        metrics: gathered.metrics,
        follow_ups: gathered.follow_ups,
        links: fields.links,
        is_write_up,
    }
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

/// A short first line that is no sentence, with more below it, in a text that has no heading.
fn first_line(markdown: &str) -> Option<String> {
    let (line, rest) = markdown.trim_start().split_once('\n')?;
    let line = plain(line);
    let is_title = line.starts_with(char::is_alphanumeric)
        && line.split_whitespace().count() <= LONGEST_TITLE
        && !line.ends_with(['.', ':', ',', ';', '?', '!'])
        && stamp::leading(&line).is_none();
    (is_title && !rest.trim().is_empty()).then_some(line)
}

/// A first line of more words is a sentence.
const LONGEST_TITLE: usize = 8;
