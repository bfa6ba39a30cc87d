//! `posthoc timeline`.

use chrono::TimeDelta;

use super::answer::{versioned, write_json};
use super::args::Context;
use super::error::{CliError, Exit};
use super::table::{Column, Table};
use super::terminal::Terminal;
use crate::markdown::{Document, Inline, plain_text};
use crate::model::elapsed::Elapsed;
use crate::model::time::{Moment, Precision};
use crate::model::timeline::Entry;
use crate::model::zone::Zone;
use crate::report::When;

/// Show the merged timeline of an incident in one zone, with its gaps and sources
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The incident's id, or a part of it that is in no other
    #[arg(value_name = "INCIDENT")]
    id: String,
    /// Hidden entries too
    #[arg(long)]
    all: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Silence of this length is worth a line of its own.
const GAP: TimeDelta = TimeDelta::minutes(30);

/// Runs the command.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let loaded = context.workspace()?.load(&args.id)?;
    let incident = &loaded.incident;
    let zone = context.zone.unwrap_or_else(|| incident.zone());
    let entries: Vec<&Entry> = incident
        .timeline_in_order()
        .into_iter()
        .map(|(_, entry)| entry)
        .filter(|entry| args.all || !entry.hidden)
        .collect();
    if args.json {
        let entries = entries.iter().map(|entry| row_json(entry, zone)).collect();
        write_json(terminal, &versioned("entries", entries))?;
        return Ok(Exit::Fine);
    }
    if entries.is_empty() {
        terminal.talk("the timeline has no entries yet")?;
        return Ok(Exit::Fine);
    }
    terminal.talk(&format!("{} — times in {zone}", incident.title))?;
    terminal.page();
    Table::new(COLUMNS, rows(&entries, zone)).write(terminal)?;
    Ok(Exit::Fine)
}

/// A timeline is read, and not scanned as a list is: its text wraps.
const COLUMNS: [Column; 4] =
    [Column::new("day").once(), Column::new("time"), Column::new("what").wrap(), Column::new("source")];

fn rows(entries: &[&Entry], zone: Zone) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut last: Option<Moment> = None;
    // An entry without a time may lie in the gap that it stands in.
    let mut may_be_filled = false;
    for entry in entries {
        if let (Some(last), Some(at), false) = (last, entry.at, may_be_filled)
            && at.earliest() - last.latest() >= GAP
        {
            let gap = format!("… {} without an entry …", Elapsed::between(last, at));
            // Said of the day before, so that the day is not named again below it.
            let day = rows.last().map_or_else(String::new, |row| row[0].clone());
            rows.push(vec![day, String::new(), gap, String::new()]);
        }
        may_be_filled = entry.at.is_none();
        last = entry.end.or(entry.at).or(last);
        let (day, mut clock) = entry.at.map_or_else(|| (None, "?".to_owned()), |at| day_and_clock(at, zone));
        if let (Some(end), Some(on)) = (entry.end, &day) {
            let (end_day, end_clock) = day_and_clock(end, zone);
            let other_day = end_day.filter(|end_day| end_day != on).map_or_else(String::new, |day| format!("{day} "));
            clock = format!("{clock} – {other_day}{end_clock}");
        }
        let source = entry.source.as_ref().map_or_else(String::new, |source| source.source.clone());
        rows.push(vec![day.unwrap_or_default(), clock, what(entry), source]);
    }
    rows
}

/// An entry as the view has it, with its moments whole; `hidden` is what `--all` adds.
fn row_json(entry: &Entry, zone: Zone) -> serde_json::Value {
    let when = entry.at.map(|at| When::new(at, zone));
    serde_json::json!({
        "at": when.as_ref().and_then(|when| when.at.clone()),
        "when": when,
        "end": entry.end.map(|end| When::new(end, zone)),
        "kind": entry.kind(),
        "state": entry.state,
        "text": entry.text,
        "actor": entry.actor,
        "visibility": entry.visibility(),
        "source": entry.source,
        "milestone": entry.milestone,
        "hidden": entry.hidden,
    })
}

fn day_and_clock(at: Moment, zone: Zone) -> (Option<String>, String) {
    let about = if at.is_about() { "~" } else { "" };
    let local = |instant| zone.local(instant);
    let pattern = if at.precision() == Precision::Minute { "%H:%M" } else { "%H:%M:%S" };
    let day = local(at.earliest()).date_naive().to_string();
    if at.precision() == Precision::Day {
        let last = local(at.latest()).date_naive().to_string();
        let days = if last == day { format!("{about}that day") } else { format!("{about}until {last}") };
        return (Some(day), days);
    }
    let from = local(at.earliest()).format(pattern).to_string();
    if !at.is_uncertain() {
        return (Some(day), format!("{about}{from}"));
    }
    let (last_day, to) = (local(at.latest()).date_naive().to_string(), local(at.latest()).format(pattern));
    let to = if last_day == day { to.to_string() } else { format!("{last_day} {to}") };
    (Some(day), format!("{about}{from} – {to}"))
}

fn what(entry: &Entry) -> String {
    let state = entry.state.map_or_else(String::new, |state| format!("[{state}] "));
    let actor = entry.actor.as_ref().map_or_else(String::new, |actor| format!("{actor}: "));
    let milestone = entry.milestone.map_or_else(String::new, |name| format!(" ← {name}"));
    let hidden = if entry.hidden { " (hidden)" } else { "" };
    format!("{state}{actor}{}{milestone}{hidden}", words(&entry.text))
}

/// The words of a Markdown text: a line for each paragraph and item, which the table then breaks
/// where the terminal ends.
fn words(markdown: &str) -> String {
    let content = Document::from_markdown(markdown.trim()).value.into_line();
    let lines = content.split(|inline| *inline == Inline::HardBreak).map(plain_text);
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_shown_as_its_words() {
        assert_eq!(
            words("We **saw**\nit in `api_v2`:\n\n- one\n- [two](https://example.com)\n"),
            "We saw it in api_v2:\n• one\n• two"
        );
        assert_eq!(words("  "), "");
        assert_eq!(words("<b>2 < 3</b>"), "<b>2 < 3</b>");
    }

    #[test]
    fn a_gap_in_which_an_entry_without_a_time_may_lie_is_none() {
        let entry =
            |at: Option<&str>| Entry { at: at.map(|at| at.parse().unwrap()), text: "x".into(), ..Entry::default() };
        let shown = |entries: &[Entry]| {
            let rows = rows(&entries.iter().collect::<Vec<_>>(), Zone::UTC);
            rows.into_iter().map(|row| row[2].clone()).collect::<Vec<_>>()
        };
        let (first, second) = (entry(Some("2026-03-17T14:00Z")), entry(Some("2026-03-17T15:00Z")));
        assert_eq!(shown(&[first.clone(), second.clone()]), ["x", "… 1 h without an entry …", "x"]);
        assert_eq!(shown(&[first, entry(None), second]), ["x", "x", "x"]);
    }
}
