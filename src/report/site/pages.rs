//! The pages as Markdown.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::entry::Entry;
use super::paths::{Services, incident_path};
use crate::report::figures::Drawing;
use crate::text::counted;
use crate::text::markdown::line;

/// A page of a site.
#[derive(Debug, Clone)]
pub(crate) struct SitePage {
    /// The title.
    pub(crate) title: String,
    /// The content, with links to other pages of the site.
    pub(crate) markdown: String,
    /// Its figures.
    pub(crate) drawings: Vec<Drawing>,
}

/// The index: a chart of incidents per month, then the incidents by year, newest first. `entries`
/// must be in that order.
pub(crate) fn index(
    title: &str,
    entries: &[Entry],
    services: &Services,
    months: Option<Drawing>,
) -> SitePage {
    let mut text = format!("# {}\n\n", line(title));
    let open = entries.iter().filter(|entry| entry.status == "Ongoing").count();
    let ongoing = if open > 0 { format!(", {open} ongoing") } else { String::new() };
    text.push_str(&format!("{}{ongoing}.\n\n", counted(entries.len(), "incident")));
    if let Some(drawing) = &months {
        let alt = line(&drawing.figure.alt).replace(['[', ']'], "");
        text.push_str(&format!("![{alt}](figure:{})\n\n", drawing.name));
    }
    for (year, of_year) in by_year(entries) {
        text.push_str(&format!("## {year}\n\n"));
        table(&of_year, services, "", &mut text);
    }
    SitePage { title: title.to_owned(), markdown: text, drawings: months.into_iter().collect() }
}

/// The page of one service with its incidents. `availability` describes its availability, in
/// sentences.
pub(crate) fn service(
    name: &str,
    entries: &[Entry],
    services: &Services,
    months: Option<Drawing>,
) -> SitePage {
    let of_service: Vec<&Entry> =
        entries.iter().filter(|entry| entry.services.iter().any(|one| one == name)).collect();
    let mut text = format!("# {}\n\n{}.\n\n", line(name), counted(of_service.len(), "incident"));
    if let Some(drawing) = &months {
        let alt = line(&drawing.figure.alt).replace(['[', ']'], "");
        text.push_str(&format!("![{alt}](figure:{})\n\n", drawing.name));
    }
    table(&of_service, services, "../", &mut text);
    SitePage { title: name.to_owned(), markdown: text, drawings: months.into_iter().collect() }
}

/// Groups the entries by year, in their order: newest first, incidents without a date last.
fn by_year(entries: &[Entry]) -> Vec<(String, Vec<&Entry>)> {
    let mut years: Vec<(String, Vec<&Entry>)> = Vec::new();
    for entry in entries {
        let year =
            entry.day.map_or_else(|| "Date unknown".to_owned(), |day| day.year().to_string());
        match years.last_mut() {
            Some((known, list)) if *known == year => list.push(entry),
            _ => years.push((year, vec![entry])),
        }
    }
    years
}

/// Appends a table of incidents to `text`. `up` is the relative path to the top of the site.
/// Columns without any value are left out.
fn table(entries: &[&Entry], services: &Services, up: &str, text: &mut String) {
    let has = |known: fn(&Entry) -> bool| entries.iter().any(|entry| known(entry));
    let columns: [(&str, bool); 6] = [
        ("Date", has(|entry| entry.day.is_some())),
        ("Incident", true),
        ("Severity", has(|entry| !entry.severity.is_empty())),
        ("Status", has(|entry| !entry.status.is_empty())),
        ("Services", has(|entry| !entry.services.is_empty())),
        ("Impact", has(|entry| !entry.impact.is_empty())),
    ];
    let row = |cells: [String; 6], text: &mut String| {
        text.push('|');
        for (cell, _) in cells.iter().zip(&columns).filter(|(_, (_, is_used))| *is_used) {
            text.push_str(&format!(" {cell} |"));
        }
        text.push('\n');
    };
    row(columns.map(|(name, _)| name.to_owned()), text);
    row(columns.map(|_| "---".to_owned()), text);
    for entry in entries {
        let named = |name: &String| match services.path(name) {
            Some(path) => format!("[{}](page:{up}{path})", line(name)),
            None => line(name),
        };
        let kind = if entry.kind.is_empty() { String::new() } else { format!(" ({})", entry.kind) };
        let cells = [
            entry.day.map_or_else(String::new, |day| day.to_string()),
            format!("[{}](page:{up}{}){kind}", line(&entry.title), incident_path(&entry.id)),
            line(&entry.severity),
            entry.status.to_owned(),
            entry.services.iter().map(named).collect::<Vec<_>>().join(", "),
            line(&entry.impact),
        ];
        row(cells, text);
    }
    text.push('\n');
}

/// The open follow-ups by owner, overdue ones first, then by due date. Follow-ups without an owner
/// come first, because nobody works on them. `has_owners` is false if owners are not shown.
pub(crate) fn follow_ups(entries: &[Entry], has_owners: bool) -> SitePage {
    let all =
        || entries.iter().flat_map(|entry| entry.follow_ups.iter().map(move |item| (entry, item)));
    let (done, open): (Vec<_>, Vec<_>) = all().partition(|(_, item)| !item.open);
    let overdue = open.iter().filter(|(_, item)| item.overdue == Some(true)).count();
    let late = if overdue > 0 { format!(", {overdue} of them overdue") } else { String::new() };
    let mut text =
        format!("# Follow-ups\n\n{} open{late}; {} done or dropped.\n\n", open.len(), done.len());
    let mut owners: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (entry, item) in open {
        owners.entry(item.owner.as_deref().unwrap_or_default()).or_default().push((entry, item));
    }
    for (owner, mut items) in owners {
        if has_owners {
            let name = if owner.is_empty() { "Without an owner".to_owned() } else { line(owner) };
            text.push_str(&format!("## {name}\n\n"));
        }
        items.sort_by_key(|(_, item)| {
            (item.overdue != Some(true), item.due.is_none(), item.due.clone())
        });
        let has_due = items.iter().any(|(_, item)| item.due.is_some());
        let due = if has_due { (" Due |", " --- |") } else { ("", "") };
        text.push_str(&format!("| Follow-up | Incident |{}\n| --- | --- |{}\n", due.0, due.1));
        for (entry, item) in items {
            let words = crate::report::view::short_of(&item.text, 400).unwrap_or_default();
            let ticket = item
                .ticket
                .as_deref()
                .map_or_else(String::new, |ticket| format!(" ({})", line(ticket)));
            let incident = format!("[{}](page:{})", line(&entry.title), incident_path(&entry.id));
            text.push_str(&format!("| {}{ticket} | {incident} |", line(&words)));
            if has_due {
                let late = if item.overdue == Some(true) { ", **overdue**" } else { "" };
                text.push_str(&format!(" {}{late} |", item.due.as_deref().unwrap_or_default()));
            }
            text.push('\n');
        }
        text.push('\n');
    }
    SitePage { title: "Follow-ups".to_owned(), markdown: text, drawings: Vec::new() }
}
