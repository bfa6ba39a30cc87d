//! Proposes values from a write-up for each field, for a person to decide: the value, its place,
//! its certainty, and the alternatives.

use std::collections::BTreeMap;

use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::sources::record::{DocumentRecord, RowRecord, SectionName};

/// The team's own terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Vocabulary {
    /// The services, each with its aliases.
    pub services: BTreeMap<String, Vec<String>>,
    /// Phrases that make an entry of a timeline state a milestone.
    pub words: BTreeMap<MilestoneName, Vec<String>>,
}

/// How certain a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sure {
    /// The document states it under the name of the field.
    Stated,
    /// It is derived from the words of the document.
    Derived,
    /// Several places disagree, and none is used.
    Ambiguous,
    /// Nothing was found.
    Missing,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Value {
    /// The value as in an incident file.
    pub value: String,
    /// The line number, if it is known.
    pub line: Option<usize>,
    /// The words of the document.
    pub quote: Option<String>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Proposed {
    /// The name of the field: `milestones.detected_at`.
    pub field: String,
    /// The certainty of the value.
    pub sure: Sure,
    /// The value that is used.
    pub found: Option<Value>,
    /// The alternatives.
    pub others: Vec<Value>,
}

/// The maximum length of a quotation, in characters.
const QUOTE: usize = 80;

fn quote(text: &str) -> Option<String> {
    let line = text.lines().find(|line| !line.trim().is_empty())?.trim();
    let is_cut = line.chars().count() > QUOTE;
    Some(line.chars().take(QUOTE).chain(is_cut.then_some('…')).collect())
}

/// The proposals for every field.
pub(crate) fn propose(record: &DocumentRecord, vocabulary: &Vocabulary) -> Vec<Proposed> {
    let text = |text: &str| Value { value: text.to_owned(), line: None, quote: quote(text) };
    let stated = |field: &str, value: Option<Value>| Proposed {
        field: field.to_owned(),
        sure: if value.is_some() { Sure::Stated } else { Sure::Missing },
        found: value,
        others: Vec::new(),
    };
    let mut all = vec![
        stated("title", Some(text(&record.title))),
        stated("date", record.date.map(|date| text(&date.to_string()))),
        stated("time_zone", record.place.or(record.zone).map(|zone| text(&zone.to_string()))),
        stated("severity", record.severity.as_deref().map(text)),
        services(record, vocabulary),
    ];
    all.extend(MilestoneName::ALL.iter().map(|name| milestone(record, *name)));
    for (field, name) in [
        ("summary", SectionName::Summary),
        ("trigger", SectionName::Trigger),
        ("root_causes", SectionName::RootCause),
        ("resolution", SectionName::Resolution),
    ] {
        let section = record.sections.iter().find(|(other, _)| *other == name);
        let mut proposed = stated(field, section.map(|(_, words)| text(words)));
        let cause = record.cause.as_ref().filter(|_| name == SectionName::RootCause);
        if let Some(cause) = cause.filter(|_| proposed.found.is_none()) {
            (proposed.sure, proposed.found) = (Sure::Derived, Some(text(cause)));
        }
        all.push(proposed);
    }
    all.push(stated("claims.duration", record.claims.duration.as_deref().map(text)));
    all
}

/// The services that the document names, or those of the team that its title or summary mentions.
fn services(record: &DocumentRecord, vocabulary: &Vocabulary) -> Proposed {
    let mut proposed = Proposed {
        field: "services".to_owned(),
        sure: Sure::Stated,
        found: None,
        others: Vec::new(),
    };
    let value = |names: &[&str], text: &str| Value {
        value: names.join(", "),
        line: None,
        quote: quote(text),
    };
    if !record.services.is_empty() {
        let names: Vec<&str> = record.services.iter().map(String::as_str).collect();
        proposed.found = Some(value(&names, &names.join(", ")));
        return proposed;
    }
    let summary = record.sections.iter().find(|(name, _)| *name == SectionName::Summary);
    for text in std::iter::once(&record.title).chain(summary.map(|(_, text)| text)) {
        let is_named = |(name, aliases): &(&String, &Vec<String>)| {
            std::iter::once(*name).chain(*aliases).any(|name| mentions(text, name))
        };
        let names: Vec<&str> =
            vocabulary.services.iter().filter(is_named).map(|(name, _)| name.as_str()).collect();
        if names.is_empty() {
            continue;
        }
        match proposed.found {
            None => (proposed.sure, proposed.found) = (Sure::Derived, Some(value(&names, text))),
            Some(ref found) if found.value != names.join(", ") => {
                proposed.others.push(value(&names, text));
            }
            Some(_) => {}
        }
    }
    if proposed.found.is_none() {
        proposed.sure = Sure::Missing;
    }
    proposed
}

/// Whether a text contains those words, in any case.
fn mentions(text: &str, words: &str) -> bool {
    let (text, words) = (text.to_lowercase(), words.trim().to_lowercase());
    let is_edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    !words.is_empty()
        && text.match_indices(&words).any(|(at, _)| {
            is_edge(text[..at].chars().next_back())
                && is_edge(text[at + words.len()..].chars().next())
        })
}

/// Whether the last statement counts: an incident may be closed twice, but it begins once.
fn last_counts(name: MilestoneName) -> bool {
    matches!(name, MilestoneName::ResolvedAt | MilestoneName::ImpactEnd)
}

fn milestone(record: &DocumentRecord, name: MilestoneName) -> Proposed {
    let value = |at: Moment, line: Option<usize>, words: &str| Value {
        value: at.to_string(),
        line,
        quote: quote(words),
    };
    let by_name = record.milestones.iter().filter(|(other, _)| *other == name);
    let stated: Vec<Value> = by_name.map(|(_, at)| value(*at, None, name.as_str())).collect();
    let rows = record.rows.iter().filter(|row| row.shows(name));
    let mut lines: Vec<Value> = rows
        .filter_map(|row| Some(value(row.at?, row.line, row.words_for(name).unwrap_or_default())))
        .collect();
    if last_counts(name) {
        lines.reverse();
    }
    let sentences = record.in_prose.iter().filter(|found| found.name == name);
    let sentences = sentences.map(|found| value(found.at, found.line, &found.because));
    let is_stated = !stated.is_empty();
    let mut all: Vec<Value> = stated.into_iter().chain(lines).chain(sentences).collect();
    let disputed = record.disputed.iter().filter(|found| found.name == name);
    let disputed: Vec<Value> =
        disputed.map(|found| value(found.at, found.line, &found.because)).collect();
    let is_disputed = all.is_empty() && !disputed.is_empty();
    all.extend(disputed);
    let found = if all.is_empty() || is_disputed { None } else { Some(all.remove(0)) };
    let mut others: Vec<Value> = Vec::new();
    for other in all {
        let is_known = found.iter().chain(&others).any(|known| known.value == other.value);
        if !is_known {
            others.push(other);
        }
    }
    let sure = match found {
        Some(_) if is_stated => Sure::Stated,
        Some(_) => Sure::Derived,
        None if is_disputed => Sure::Ambiguous,
        None => Sure::Missing,
    };
    Proposed { field: format!("milestones.{name}"), sure, found, others }
}

/// Applies the team's own words for milestones. They take precedence over what was derived from
/// other words, but not over what the document states by the name of a milestone.
pub(crate) fn teach(record: &mut DocumentRecord, vocabulary: &Vocabulary) {
    for (name, phrases) in &vocabulary.words {
        let found = |row: &RowRecord| {
            row.at?;
            phrases.iter().find(|phrase| mentions(&row.text, phrase)).cloned()
        };
        let mut rows = record.rows.iter().enumerate();
        let line = |(index, row): (usize, &RowRecord)| Some((index, found(row)?));
        let chosen =
            if last_counts(*name) { rows.rev().find_map(line) } else { rows.find_map(line) };
        if let Some((index, phrase)) = chosen {
            choose(record, *name, index, phrase);
        }
    }
}

/// Marks an entry of the timeline as the statement of a milestone.
fn choose(record: &mut DocumentRecord, name: MilestoneName, row: usize, words: String) {
    record.rows.iter_mut().for_each(|row| row.states.retain(|(other, _)| *other != name));
    record.in_prose.retain(|found| found.name != name);
    record.rows[row].states.push((name, words));
}

/// Applies a decision of the user: `milestones.detected_at=L12`, `services=api, search`.
///
/// # Errors
/// The reason why it is not possible, and what would be.
pub(crate) fn accept(record: &mut DocumentRecord, choice: &str) -> Result<(), String> {
    let (field, place) = choice.split_once('=').ok_or_else(|| {
        format!("`{choice}` is not a valid choice, expected FIELD=PLACE such as milestones.detected_at=L12")
    })?;
    let (field, place) = (field.trim(), place.trim());
    match field {
        "title" => record.title = place.to_owned(),
        "severity" => record.severity = Some(place.to_owned()),
        "services" => {
            let names = place.split(',').map(|name| name.trim().to_owned());
            record.services = names.filter(|name| !name.is_empty()).collect();
        }
        _ => {
            let name = field.strip_prefix("milestones.").and_then(|name| name.parse().ok());
            let name: MilestoneName = name.ok_or_else(|| {
                format!(
                    "`{field}` cannot be set, expected title, severity, services or milestones.NAME"
                )
            })?;
            let line = place.strip_prefix(['L', 'l']).and_then(|line| line.parse::<usize>().ok());
            let line =
                line.ok_or_else(|| format!("`{place}` is not a line, expected one such as L12"))?;
            return accept_line(record, name, line);
        }
    }
    Ok(())
}

fn accept_line(
    record: &mut DocumentRecord,
    name: MilestoneName,
    line: usize,
) -> Result<(), String> {
    let is_there = |row: &RowRecord| row.line == Some(line) && row.at.is_some();
    if let Some(index) = record.rows.iter().position(is_there) {
        let words = quote(&record.rows[index].text).unwrap_or_default();
        record.milestones.retain(|(other, _)| *other != name);
        record.disputed.retain(|found| found.name != name);
        choose(record, name, index, words);
        return Ok(());
    }
    let sentences = record.in_prose.iter().chain(&record.disputed);
    let sentence =
        sentences.filter(|found| found.line == Some(line)).max_by_key(|found| found.name == name);
    if let Some(mut found) = sentence.cloned() {
        found.name = name;
        record.milestones.retain(|(other, _)| *other != name);
        record.disputed.retain(|found| found.name != name);
        record.in_prose.retain(|found| found.name != name);
        record.rows.iter_mut().for_each(|row| row.states.retain(|(other, _)| *other != name));
        record.in_prose.push(found);
        return Ok(());
    }
    let lines: Vec<String> = record
        .rows
        .iter()
        .filter(|row| row.at.is_some())
        .filter_map(|row| Some(format!("L{}", row.line?)))
        .collect();
    Err(match lines.is_empty() {
        true => format!("line {line} has no time, and no other line has one"),
        false => format!("line {line} has no time; these have one: {}", lines.join(", ")),
    })
}
