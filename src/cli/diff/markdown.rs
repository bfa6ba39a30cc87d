//! The output as Markdown, for a review comment: a table of the changed durations, then each
//! incident.
//!
//! User text is escaped, so that it cannot break the table, add HTML or notify anyone: an `@name`
//! in an incident file is not a mention.

use std::fmt::Write;

use super::gather::{Comparison, How, IncidentDiff};
use super::sentences::{self, Line, Pen};
use crate::analysis::duration_name::DurationName;
use crate::analysis::rules::Finding;
use crate::text::counted;
use crate::text::markdown as escape;

/// An incident with more lines than this is folded.
const FOLD_FROM: usize = 8;

struct Escaping;

impl Pen for Escaping {
    fn text(&self, text: &str) -> String {
        uncalled(&escape::line(text))
    }
    fn code(&self, name: &str) -> String {
        // The only code spans in the table are ids, and an id contains no `|`.
        escape::code_span(name, false)
    }
}

/// `text` in which no `@name` is a mention.
fn uncalled(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut previous = ' ';
    for c in text.chars() {
        written.push(c);
        if c == '@' && !previous.is_alphanumeric() {
            written.push_str("&#8203;");
        }
        previous = c;
    }
    written
}

pub(super) fn write(comparison: &Comparison) -> String {
    let pen = &Escaping;
    let mut out = String::from("### What changed in the incidents\n\n");
    let _ = writeln!(
        out,
        "{} → {}",
        sentences::state(&comparison.before, pen),
        sentences::state(&comparison.after, pen)
    );
    definitions(comparison, &mut out);
    let (telling, silent): (Vec<&IncidentDiff>, Vec<&IncidentDiff>) =
        comparison.diff.iter().partition(|diff| diff.has_changes());
    if !telling.is_empty() {
        out.push_str("\n| Incident | TTR | Impact | Also changed |\n|---|---|---|---|\n");
        telling.iter().for_each(|diff| table_row(diff, &mut out));
    }
    if let Some(set) = &comparison.set {
        let _ = writeln!(out, "\nTogether: {}.", sentences::set(set).join("; "));
    }
    telling.iter().for_each(|diff| incident(diff, &mut out));
    if !silent.is_empty() {
        let ids: Vec<String> = silent.iter().map(|diff| pen.code(&diff.id)).collect();
        let _ = writeln!(out, "\nNo change in meaning: {}.", ids.join(", "));
    }
    if comparison.diff.is_empty() && comparison.redefined.is_empty() {
        out.push_str("\nNothing changed.\n");
    }
    if !comparison.problems.is_empty() {
        out.push_str("\n**Not everything could be read:**\n\n");
        for problem in &comparison.problems {
            let _ = writeln!(out, "- {}", pen.text(&problem.to_string()));
        }
    }
    out
}

fn definitions(comparison: &Comparison, out: &mut String) {
    if comparison.redefined.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n**The definitions in {} changed:**\n", Escaping.code("posthoc.toml"));
    let written = |value: &Option<String>| {
        value.as_deref().map_or_else(|| "not set".to_owned(), |text| Escaping.code(text))
    };
    for field in &comparison.redefined {
        let name = Escaping.text(&field.name);
        let _ =
            writeln!(out, "- **{name}**: {} → {}", written(&field.before), written(&field.after));
    }
    for (name, ids) in &comparison.by_definitions {
        let name = sentences::duration_name(*name);
        let _ = writeln!(
            out,
            "- {name} moves by this alone in {}",
            counted(ids.len(), "more incident")
        );
    }
}

fn table_row(diff: &IncidentDiff, out: &mut String) {
    let id = match &diff.renamed_from {
        Some(old) => format!("{} → {}", Escaping.code(old), Escaping.code(&diff.id)),
        None => Escaping.code(&diff.id),
    };
    let also = match &diff.how {
        How::Added => "new".to_owned(),
        How::Removed => "removed".to_owned(),
        How::Unreadable(_) => "cannot be read".to_owned(),
        How::Changed(_) => also(diff),
    };
    let (ttr, impact) = (cell(diff, DurationName::Ttr), cell(diff, DurationName::Impact));
    let _ = writeln!(out, "| {id} | {ttr} | {impact} | {also} |");
}

/// A duration in the table: `3 h → **5 h**`, or a single value.
fn cell(diff: &IncidentDiff, name: DurationName) -> String {
    let short = |duration: &crate::analysis::phases::Duration| match &duration.value {
        Ok(value) => value.to_string(),
        Err(_) => "unknown".to_owned(),
    };
    if let How::Changed(change) = &diff.how
        && let Some(moved) = change.durations.iter().find(|duration| duration.name == name)
    {
        return format!("{} → **{}**", short(&moved.before), short(&moved.after));
    }
    diff.duration(name).map(short).unwrap_or_default()
}

/// The other changes, counted: `status, milestones (2), 1 finding fixed`.
fn also(diff: &IncidentDiff) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for line in sentences::lines(diff, &Escaping) {
        match counts.iter_mut().find(|(label, _)| *label == line.label) {
            Some((_, count)) => *count += 1,
            None => counts.push((line.label, 1)),
        }
    }
    let mut parts: Vec<String> = diff.renamed_from.iter().map(|_| "renamed".to_owned()).collect();
    parts.extend(counts.iter().map(|(label, count)| {
        if *count == 1 { label.clone() } else { format!("{label} ({count})") }
    }));
    let findings = [(diff.fixed.len(), "fixed"), (diff.appeared.len(), "new")];
    let findings = findings.iter().filter(|(count, _)| *count > 0);
    parts.extend(findings.map(|(count, what)| counted(*count, &format!("{what} finding"))));
    parts.join(", ")
}

fn incident(diff: &IncidentDiff, out: &mut String) {
    let title = Escaping.text(&diff.title);
    let mark = match (&diff.how, &diff.renamed_from) {
        (How::Added, _) => " (new)".to_owned(),
        (How::Removed, _) => " (removed)".to_owned(),
        (How::Changed(_), Some(old)) => format!(" (renamed from {})", Escaping.code(old)),
        (How::Changed(_) | How::Unreadable(_), _) => String::new(),
    };
    let title = if title.is_empty() { title } else { format!(" · {title}") };
    let _ = writeln!(out, "\n#### {}{title}{mark}\n", Escaping.code(&diff.id));
    match &diff.how {
        How::Unreadable(states) => {
            let names: Vec<String> = states.iter().map(|name| Escaping.text(name)).collect();
            let _ = writeln!(out, "- cannot be read in {}", names.join(" and "));
        }
        How::Added | How::Removed => {
            if let Some(severity) = &diff.severity {
                let _ = writeln!(out, "- severity {}", Escaping.text(severity));
            }
            for name in [DurationName::Ttr, DurationName::Impact] {
                let value = diff.duration(name).map(sentences::duration).unwrap_or_default();
                let _ =
                    writeln!(out, "- {} {}", sentences::duration_name(name), Escaping.text(&value));
            }
        }
        How::Changed(change) => {
            if change.is_empty() {
                out.push_str("- no change in meaning\n");
            }
            for (durations, because) in sentences::by_cause(change, diff.zone, &Escaping) {
                let moved = durations.iter().map(|duration| {
                    let (before, after) = (
                        sentences::duration(&duration.before),
                        sentences::duration(&duration.after),
                    );
                    let (before, after) = (Escaping.text(&before), Escaping.text(&after));
                    format!("**{} {before} → {after}**", sentences::duration_name(duration.name))
                });
                let _ =
                    writeln!(out, "- {} because {because}", moved.collect::<Vec<_>>().join(", "));
            }
        }
    }
    below(diff, out);
}

fn below(diff: &IncidentDiff, out: &mut String) {
    let lines = sentences::lines(diff, &Escaping);
    let line = |line: &Line| format!("- {}: {}\n", line.label, line.text);
    let finding = |what: &str, finding: &Finding| {
        let message = Escaping.text(&finding.message);
        format!(
            "- check, {what}: {}: {message} ({})\n",
            finding.level.as_str(),
            Escaping.code(finding.rule)
        )
    };
    let fixed = diff.fixed.iter().map(|found| finding("fixed", found));
    let appeared = diff.appeared.iter().map(|found| finding("new", found));
    let all: Vec<String> = lines.iter().map(line).chain(fixed).chain(appeared).collect();
    if all.len() < FOLD_FROM {
        out.push_str(&all.concat());
        return;
    }
    let _ = writeln!(out, "\n<details><summary>{} further changes</summary>\n", all.len());
    out.push_str(&all.concat());
    out.push_str("\n</details>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_do_not_notify_anyone() {
        assert_eq!(Escaping.text("@ana saw it"), "@&#8203;ana saw it");
        assert_eq!(Escaping.text("mail ops@example.com"), "mail ops@example.com");
    }
}
