//! The output for people: first the changes in meaning, then the others, in two columns.

use unicode_width::UnicodeWidthStr;

use super::gather::{Comparison, How, IncidentDiff};
use super::sentences::{self, Pen};
use crate::analysis::duration_name::DurationName;
use crate::cli::error::CliError;
use crate::cli::terminal::{Terminal, clean_line, width};
use crate::text::counted;

/// The column at which the second one starts.
const COLUMN: usize = 14;

struct Plain;

impl Pen for Plain {
    fn text(&self, text: &str) -> String {
        clean_line(&text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
    fn code(&self, name: &str) -> String {
        clean_line(name)
    }
}

pub(super) fn write(comparison: &Comparison, terminal: &mut Terminal) -> Result<(), CliError> {
    let (before, after) =
        (sentences::state(&comparison.before, &Plain), sentences::state(&comparison.after, &Plain));
    terminal.line(&format!("{before} → {after}"))?;
    definitions(comparison, terminal)?;
    let (telling, silent): (Vec<&IncidentDiff>, Vec<&IncidentDiff>) =
        comparison.diff.iter().partition(|diff| diff.has_changes());
    for diff in &telling {
        terminal.line("")?;
        incident(diff, terminal)?;
    }
    if !silent.is_empty() {
        let ids: Vec<String> = silent.iter().map(|diff| clean_line(&diff.id)).collect();
        terminal.line("")?;
        terminal.line(&wrapped(&format!("no change in meaning: {}", ids.join(", ")), 2))?;
    }
    if comparison.diff.is_empty() && comparison.redefined.is_empty() {
        terminal.line("")?;
        terminal.line("nothing changed")?;
    }
    if let Some(set) = &comparison.set {
        terminal.line("")?;
        terminal.line(&wrapped(&format!("together: {}", sentences::set(set).join("; ")), 2))?;
    }
    Ok(())
}

fn definitions(comparison: &Comparison, terminal: &mut Terminal) -> Result<(), CliError> {
    if comparison.redefined.is_empty() {
        return Ok(());
    }
    terminal.line("")?;
    terminal.line("definitions changed in posthoc.toml")?;
    let written =
        |value: &Option<String>| value.as_deref().map_or_else(|| "not set".to_owned(), clean_line);
    for field in &comparison.redefined {
        let text = format!("{} → {}", written(&field.before), written(&field.after));
        row(&field.name, &text, terminal)?;
    }
    for (name, ids) in &comparison.by_definitions {
        let text =
            format!("moves by this alone in {}: {}", counted(ids.len(), "more incident"), few(ids));
        row(&sentences::duration_name(*name), &text, terminal)?;
    }
    Ok(())
}

/// The first ids, and how many more there are.
fn few(ids: &[String]) -> String {
    let shown: Vec<String> = ids.iter().take(3).map(|id| clean_line(id)).collect();
    let more = ids.len() - shown.len();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more}", shown.join(", "))
}

fn incident(diff: &IncidentDiff, terminal: &mut Terminal) -> Result<(), CliError> {
    let id = match &diff.renamed_from {
        Some(old) => format!("{} → {} (renamed)", clean_line(old), clean_line(&diff.id)),
        None => clean_line(&diff.id),
    };
    let title = Plain.text(&diff.title);
    match &diff.how {
        How::Unreadable(states) => {
            return terminal.line(&wrapped(
                &format!("{id}: cannot be read in {}", clean_line(&states.join(" and "))),
                2,
            ));
        }
        How::Added | How::Removed => {
            let what = if matches!(diff.how, How::Added) { "new" } else { "removed" };
            terminal.line(&wrapped(&format!("{id} ({what}) · {title}"), 2))?;
            row("", &headline(diff), terminal)?;
        }
        How::Changed(change) => {
            terminal.line(&wrapped(&format!("{id} · {title}"), 2))?;
            if change.is_empty() {
                row("", "no change in meaning", terminal)?;
            }
            for (durations, because) in sentences::by_cause(change, diff.zone, &Plain) {
                for duration in durations {
                    let (before, after) = (
                        sentences::duration(&duration.before),
                        sentences::duration(&duration.after),
                    );
                    row(
                        &sentences::duration_name(duration.name),
                        &format!("{before} → {after}"),
                        terminal,
                    )?;
                }
                row("", &format!("because {because}"), terminal)?;
            }
            let mut last = String::new();
            for line in sentences::lines(diff, &Plain) {
                row(if line.label == last { "" } else { &line.label }, &line.text, terminal)?;
                last = line.label;
            }
        }
    }
    findings(diff, terminal)
}

fn headline(diff: &IncidentDiff) -> String {
    let duration = |name: DurationName| {
        diff.duration(name).map(|duration| {
            format!("{} {}", sentences::duration_name(name), sentences::duration(duration))
        })
    };
    let severity = diff.severity.as_deref().map(clean_line);
    let parts = [severity, duration(DurationName::Ttr), duration(DurationName::Impact)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn findings(diff: &IncidentDiff, terminal: &mut Terminal) -> Result<(), CliError> {
    let appeared = diff.appeared.iter().map(|finding| ("new", finding));
    let all = diff.fixed.iter().map(|finding| ("fixed", finding)).chain(appeared);
    for (position, (what, finding)) in all.enumerate() {
        let text = format!(
            "{what}: {}: {} [{}]",
            finding.level.as_str(),
            clean_line(&finding.message),
            finding.rule
        );
        row(if position == 0 { "check" } else { "" }, &text, terminal)?;
    }
    Ok(())
}

/// A label and its text, which wraps within its column.
fn row(label: &str, text: &str, terminal: &mut Terminal) -> Result<(), CliError> {
    let label = if label.width() < COLUMN - 2 { label.to_owned() } else { format!("{label} ") };
    terminal.line(&wrapped(&format!("  {label:<width$}{text}", width = COLUMN - 2), COLUMN))
}

/// `text` in lines of the terminal's width, all but the first indented by `indent` spaces.
fn wrapped(text: &str, indent: usize) -> String {
    let most = width().min(80);
    let (head, rest) = text.split_at(text.len() - text.trim_start().len());
    // Do not wrap at the spaces of a label.
    let label: String = rest.chars().take(indent.saturating_sub(head.len())).collect();
    let words = &rest[label.len()..];
    let mut lines = vec![format!("{head}{label}")];
    let mut fresh = true;
    for word in words.split(' ') {
        let length = lines.last().map_or(0, |line| line.width());
        if !fresh && length + 1 + word.width() > most {
            lines.push(" ".repeat(indent));
            fresh = true;
        }
        if let Some(line) = lines.last_mut() {
            if !fresh {
                line.push(' ');
            }
            line.push_str(word);
        }
        fresh = false;
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}
