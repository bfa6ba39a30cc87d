//! Changes as sentences, the same for a terminal and for a review comment: only the escaping
//! differs.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::gather::{How, IncidentDiff};
use crate::analysis::change::{
    Cause, Change, DurationChange, FieldChange, Item, SetChange, SetSummary, Value, What,
};
use crate::analysis::duration_name::DurationName;
use crate::analysis::phases::Duration;
use crate::model::elapsed::Elapsed;
use crate::model::path::{Path, Step};
use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;
use crate::store::revision::State;
use crate::text::counted;

/// How text is escaped for its target.
pub(super) trait Pen {
    /// User text, on one line.
    fn text(&self, text: &str) -> String;
    /// A name from the file format, or an id.
    fn code(&self, name: &str) -> String;
}

/// A state: its name, and the commit if the name alone is ambiguous.
pub(super) fn state(state: &State, pen: &dyn Pen) -> String {
    match state.commit.as_deref().and_then(|commit| commit.get(..7)) {
        Some(short) if !state.name.starts_with(short) => {
            format!("{} ({short})", pen.code(&state.name))
        }
        Some(_) => pen.code(&state.name),
        None => state.name.clone(),
    }
}

/// `TTR`, `impact`: short names for a column.
pub(super) fn duration_name(name: DurationName) -> String {
    let word = name.as_str();
    if word.len() <= 4 { word.to_uppercase() } else { word.to_owned() }
}

/// A duration's value, or `unknown` with the reason.
pub(super) fn duration(duration: &Duration) -> String {
    match &duration.value {
        Ok(value) => match duration.business {
            Some(business) => format!("{value} ({business} in business hours)"),
            None => value.to_string(),
        },
        Err(reason) => format!("unknown ({reason})"),
    }
}

/// Durations that the same changes moved, with a description of those changes.
pub(super) fn by_cause<'c>(
    change: &'c Change,
    zone: Zone,
    pen: &dyn Pen,
) -> Vec<(Vec<&'c DurationChange>, String)> {
    let mut groups: Vec<Vec<&DurationChange>> = Vec::new();
    for duration in &change.durations {
        let is_same = |group: &&mut Vec<&DurationChange>| {
            group[0].because == duration.because && group[0].either_alone == duration.either_alone
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(duration),
            None => groups.push(vec![duration]),
        }
    }
    groups
        .into_iter()
        .map(|group| {
            let causes =
                group[0].because.iter().map(|cause| self::cause(cause, &group, change, zone, pen));
            let causes = causes.collect::<Vec<_>>().join(", and ");
            let alone = match (group[0].either_alone, group[0].because.len()) {
                (false, _) => "",
                (true, 2) => " (either alone)",
                (true, _) => " (any of them alone)",
            };
            (group, format!("{causes}{alone}"))
        })
        .collect()
}

/// A cause with more changes than this is only counted.
const MOST_CAUSES: usize = 2;

fn cause(
    cause: &Cause,
    group: &[&DurationChange],
    change: &Change,
    zone: Zone,
    pen: &dyn Pen,
) -> String {
    match cause {
        Cause::Definitions => {
            let redefined =
                group.iter().filter(|duration| duration.before.formula != duration.after.formula);
            let formulas: Vec<String> = redefined
                .map(|duration| {
                    format!(
                        "{} as {}",
                        duration_name(duration.name),
                        pen.code(&duration.after.formula.to_string())
                    )
                })
                .collect();
            let of = if formulas.is_empty() {
                "changed its definitions".to_owned()
            } else {
                format!("now defines {}", formulas.join(", "))
            };
            format!("{} {of}", pen.code("posthoc.toml"))
        }
        Cause::Fields(fields) if fields.len() > MOST_CAUSES => {
            let list =
                change.fields[fields[0]].path.0.first().map_or_else(
                    String::new,
                    |step| match step {
                        Step::Key(key) => pen.code(key),
                        Step::Index(_) => String::new(),
                    },
                );
            format!("{} changes of {list}", fields.len())
        }
        Cause::Fields(fields) => {
            let sentence = |index: &usize| {
                let field = &change.fields[*index];
                format!("{} {}", pen.code(&field.path.to_string()), what(field, zone, pen))
            };
            fields.iter().map(sentence).collect::<Vec<_>>().join(", and ")
        }
    }
}

/// One line below an incident: its subject, and what changed.
pub(super) struct Line {
    pub label: String,
    pub text: String,
}

/// All changes that were not reported as the only cause of a duration.
pub(super) fn lines(diff: &IncidentDiff, pen: &dyn Pen) -> Vec<Line> {
    let How::Changed(change) = &diff.how else { return Vec::new() };
    let causes = change.durations.iter().flat_map(|duration| &duration.because);
    let stated: BTreeSet<usize> = causes
        .filter_map(|cause| if let Cause::Fields(fields) = cause { Some(fields) } else { None })
        .filter(|fields| fields.len() <= MOST_CAUSES)
        .flatten()
        .copied()
        .collect();
    let mut lines: Vec<Line> = Vec::new();
    let mut last: Option<Vec<Step>> = None;
    for (_, field) in change.fields.iter().enumerate().filter(|(index, _)| !stated.contains(index))
    {
        let item = field.of.as_ref().map(|_| item_path(&field.path));
        let detail = detail(field, diff.zone, pen);
        // All changes of one item are on one line.
        if let (Some(line), true) = (lines.last_mut(), item.is_some() && item == last) {
            line.text.push_str("; ");
            line.text.push_str(&detail);
        } else {
            let subject =
                field.of.as_ref().map_or_else(String::new, |of| subject(of, field, diff.zone, pen));
            lines.push(Line { label: label(&field.path), text: format!("{subject}{detail}") });
        }
        last = item;
    }
    lines
}

/// The subject of a change within an item. A changed text comes after it, not in it.
fn subject(of: &Item, field: &FieldChange, zone: Zone, pen: &dyn Pen) -> String {
    let is_text =
        matches!(field.path.0.last(), Some(Step::Key(key)) if TEXTS.contains(&key.as_str()));
    let is_known = of.name.is_some() || of.at.is_some();
    let text = if is_text && is_known { String::new() } else { of.text.clone() };
    format!("{}: ", title(&Item { text, ..of.clone() }, zone, pen))
}

/// The fields that are the text of a list item.
const TEXTS: [&str; 2] = ["text", "question"];

/// The path of the list item that a path leads into.
fn item_path(path: &Path) -> Vec<Step> {
    let end =
        path.0.iter().position(|step| matches!(step, Step::Index(_))).map_or(2, |index| index + 1);
    path.0[..end.min(path.0.len())].to_vec()
}

fn key(path: &Path, index: usize) -> &str {
    match path.0.get(index) {
        Some(Step::Key(key)) => key,
        Some(Step::Index(_)) | None => "",
    }
}

fn label(path: &Path) -> String {
    match key(path, 0) {
        "action_items" => "follow-ups".to_owned(),
        "root_causes" => "causes".to_owned(),
        "contributing_factors" => "factors".to_owned(),
        "severity_history" => "severities".to_owned(),
        "open_questions" => "questions".to_owned(),
        other => other.replace('_', " "),
    }
}

/// The field within its part of the file, and what changed.
fn detail(field: &FieldChange, zone: Zone, pen: &dyn Pen) -> String {
    if key(&field.path, 0) == "action_items"
        && let Some(words) = follow_up(field, pen)
    {
        return words;
    }
    let inside = if field.of.is_some() { item_path(&field.path).len() } else { 1 };
    let keys = field.path.0.iter().skip(inside);
    let inner: Vec<&str> = keys
        .filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None })
        .collect();
    let what = what(field, zone, pen);
    match inner.as_slice() {
        [] => what,
        // Added and removed items are described by their own name.
        [only] if is_named(field, only) => what,
        [only] if TEXTS.contains(only) && matches!(field.what, What::Changed(..)) => {
            format!("reworded: {what}")
        }
        ["follows"] => format!("its place {what}"),
        _ => format!("{} {what}", pen.code(&inner.join("."))),
    }
}

fn is_named(field: &FieldChange, name: &str) -> bool {
    match &field.what {
        What::Added(item) | What::Removed(item) => item.name.as_deref() == Some(name),
        What::Set(_) | What::Unset(_) | What::Changed(..) => false,
    }
}

/// Changes of a follow-up, such as `done`.
fn follow_up(field: &FieldChange, pen: &dyn Pen) -> Option<String> {
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        Value::Moment(moment) => moment.to_string(),
    };
    let is_closed = |status: &str| matches!(status, "done" | "dropped");
    let name = field
        .path
        .0
        .last()
        .map(|step| if let Step::Key(key) = step { key.as_str() } else { "" })?;
    Some(match (name, &field.what) {
        ("status", What::Set(new)) if is_closed(&text(new)) => format!("closed ({})", text(new)),
        ("status", What::Changed(old, new)) => match (is_closed(&text(old)), is_closed(&text(new)))
        {
            (false, true) => format!("closed ({})", text(new)),
            (true, false) => format!("opened again ({})", text(new)),
            _ => return None,
        },
        ("owner", What::Set(new)) => format!("assigned to {}", pen.code(&text(new))),
        ("owner", What::Changed(old, new)) => {
            format!("re-assigned from {} to {}", pen.code(&text(old)), pen.code(&text(new)))
        }
        ("due", What::Changed(old, new)) => {
            format!("due moved from {} to {}", text(old), text(new))
        }
        ("due", What::Set(new)) => format!("due set to {}", text(new)),
        _ => return None,
    })
}

/// What changed at one place.
fn what(field: &FieldChange, zone: Zone, pen: &dyn Pen) -> String {
    match &field.what {
        What::Added(item) => format!("+ {}", title(item, zone, pen)),
        What::Removed(item) => format!("− {}", title(item, zone, pen)),
        What::Set(new) => format!("set to {}", value(new, zone, pen)),
        What::Unset(old) => format!("removed (it was {})", value(old, zone, pen)),
        What::Changed(Value::Moment(old), Value::Moment(new)) => {
            format!(
                "moved from {} to {}{}",
                old.display_in(zone),
                new.display_in(zone),
                by(*old, *new)
            )
        }
        What::Changed(Value::Text(old), Value::Text(new)) => {
            let (old, new) = (one_line(old), one_line(new));
            let (old, new) = if old.chars().count().max(new.chars().count()) <= SHORT {
                (old, new)
            } else {
                let (old, new) = differing_words(&old, &new);
                (shortened(&old), shortened(&new))
            };
            if is_sentence(&old) || is_sentence(&new) {
                return format!("“{}” → “{}”", pen.text(&old), pen.text(&new));
            }
            format!("{} → {}", pen.text(&old), pen.text(&new))
        }
        What::Changed(old, new) => format!("{} → {}", value(old, zone, pen), value(new, zone, pen)),
    }
}

/// ` (2 h later)`, if both times are exact enough.
fn by(old: Moment, new: Moment) -> String {
    let (later, earlier) = (Elapsed::between(old, new), Elapsed::between(new, old));
    if old.precision() == Precision::Day || new.precision() == Precision::Day {
        return String::new();
    }
    match (later.min > TimeDelta::zero(), earlier.min > TimeDelta::zero()) {
        (true, _) => format!(" ({later} later)"),
        (_, true) => format!(" ({earlier} earlier)"),
        _ => String::new(),
    }
}

fn value(value: &Value, zone: Zone, pen: &dyn Pen) -> String {
    match value {
        Value::Moment(moment) => moment.display_in(zone),
        Value::Text(text) => quoted(&shortened(&one_line(text)), pen),
    }
}

/// A single word is shown as it is, longer text in quotation marks.
fn quoted(text: &str, pen: &dyn Pen) -> String {
    if is_sentence(text) { format!("“{}”", pen.text(text)) } else { pen.text(text) }
}

fn is_sentence(text: &str) -> bool {
    text.contains(' ')
}

/// A list item by its name, its time and its text.
fn title(item: &Item, zone: Zone, pen: &dyn Pen) -> String {
    let times = match (item.at, item.end) {
        (Some(at), Some(end)) => {
            Some(format!("{} to {}", at.display_in(zone), end.display_in(zone)))
        }
        (Some(at), None) => Some(at.display_in(zone)),
        (None, _) => None,
    };
    let name = item.name.as_ref().map(|name| pen.code(&shortened(&one_line(name))));
    let text = (!item.text.is_empty()).then(|| quoted(&shortened(&one_line(&item.text)), pen));
    let parts: Vec<String> = [name, times, text].into_iter().flatten().collect();
    if parts.is_empty() { "(empty)".to_owned() } else { parts.join(" ") }
}

/// Texts up to this length are shown whole; longer ones are cut to it.
const SHORT: usize = 60;

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= SHORT {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SHORT).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

/// The words in which two texts differ, with one word of context before them.
fn differing_words(old: &str, new: &str) -> (String, String) {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - same;
    let same_end =
        old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let part = |words: &[&str]| {
        let (start, end) = (same.saturating_sub(1), (words.len() - same_end + 1).min(words.len()));
        let before = if start > 0 { "… " } else { "" };
        let after = if end < words.len() { " …" } else { "" };
        format!("{before}{}{after}", words[start..end].join(" "))
    };
    (part(&old), part(&new))
}

/// How the aggregates changed, one clause each.
pub(super) fn set(set: &SetChange) -> Vec<String> {
    let SetChange { before, after } = set;
    let pair = |before: String, after: String| {
        if before == after { after } else { format!("{before} → {after}") }
    };
    let count = |summary: &SetSummary| format!("{} of {}", summary.known, summary.incidents);
    let was = if before.incidents == after.incidents {
        String::new()
    } else {
        format!("{} → ", before.incidents)
    };
    let mut clauses = vec![format!("{was}{}", counted(after.incidents, "incident"))];
    clauses.push(format!(
        "TTR known for {}{}",
        pair(count(before), count(after)),
        fallbacks(after)
    ));
    clauses.push(match (before.median, after.median) {
        (None, None) => {
            format!("too few for a median TTR: {}", pair(median(before), median(after)))
        }
        _ => format!("median TTR: {}", pair(median(before), median(after))),
    });
    clauses.push(format!("time with impact: {}", pair(impact(before), impact(after))));
    clauses
}

fn impact(summary: &SetSummary) -> String {
    let length = || {
        summary
            .impact_bounds
            .map_or_else(|| "none".to_owned(), |bounds| bounds.text(summary.impact))
    };
    match (summary.impact_known, summary.open_windows) {
        (0, _) => "unknown".to_owned(),
        (known, 0) => format!("{} (known for {known})", length()),
        (_, open) if summary.impact <= 0.0 => format!("not over ({open} ongoing)"),
        (known, open) => format!("{} so far (known for {known}, {open} ongoing)", length()),
    }
}

fn fallbacks(summary: &SetSummary) -> String {
    if summary.by_fallback == 0 {
        String::new()
    } else {
        format!(" ({} more bounded by a fallback)", summary.by_fallback)
    }
}

/// The median, or the values if they are too few for a median.
fn median(summary: &SetSummary) -> String {
    match (summary.median.zip(summary.median_bounds), summary.values.as_slice()) {
        (Some((median, bounds)), _) => bounds.text(median),
        (None, []) => "none".to_owned(),
        (None, values) => {
            values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(", ")
        }
    }
}
