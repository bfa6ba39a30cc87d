//! `posthoc timeline`.

use chrono::TimeDelta;

use super::answer::{Answer, Form, versioned, write_json};
use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::{Filters, Period};
use super::reports;
use super::table::{self, Column, Table};
use super::terminal::{Terminal, clean_line};
use crate::diag::Diagnostic;
use crate::markdown::{Document, Inline, plain_text};
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::time::{Moment, Precision};
use crate::model::timeline::Entry;
use crate::model::zone::Zone;
use crate::report::When;
use crate::text::counted;

/// Show the merged timelines of incidents in one zone, with their gaps and sources
///
/// --since and --until select the entries by their own time; the other filters select the
/// incidents.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    /// Include hidden entries
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    answer: Answer,
}

/// A gap of this length gets its own line.
const GAP: TimeDelta = TimeDelta::minutes(30);

/// The shown entries of one incident.
struct Shown<'a> {
    incident: &'a Incident,
    entries: Vec<&'a Entry>,
    zone: Zone,
}

/// The number of hidden entries, by reason.
#[derive(Debug, Default, PartialEq, Eq)]
struct LeftOut {
    hidden: usize,
    outside: usize,
    undated: usize,
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let period = args.filters.period(context, &workspace)?;
    let selection = args.filters.select_at_any_time(&workspace)?;
    let exit = reports::report_problems(&selection.chosen, terminal)?;
    let mut incidents: Vec<&Incident> = selection.incidents().collect();
    incidents
        .sort_by_key(|incident| (incident.occurred().map(Moment::middle), incident.id.clone()));
    let mut left_out = LeftOut::default();
    let mut shown = Vec::new();
    for incident in incidents {
        let zone = context.zone.unwrap_or_else(|| incident.zone());
        let all = incident.timeline_in_order().into_iter().map(|(_, entry)| entry);
        let entries = all.filter(|entry| left_out.lets_pass(entry, args.all, period)).collect();
        shown.push(Shown { incident, entries, zone });
    }
    let is_one = shown.len() == 1;
    if !is_one {
        shown.retain(|one| !one.entries.is_empty());
    }
    match args.answer.form() {
        Form::Json => {
            let rows =
                shown.iter().flat_map(|one| one.entries.iter().map(|entry| row_json(entry, one)));
            write_json(terminal, &versioned("entries", rows.collect()))?;
        }
        Form::Tsv => table(&shown, is_one).write_tabs(terminal)?,
        Form::Table => for_people(&shown, is_one, terminal)?,
    }
    if shown.iter().all(|one| one.entries.is_empty()) && left_out == LeftOut::default() {
        terminal.talk("the timeline has no entries yet")?;
    }
    left_out.report(terminal)?;
    Ok(exit)
}

impl LeftOut {
    /// Whether an entry is shown; if not, it is counted.
    fn lets_pass(&mut self, entry: &Entry, all: bool, period: Period) -> bool {
        if entry.hidden && !all {
            self.hidden += 1;
            return false;
        }
        if period.is_everything() {
            return true;
        }
        match entry.at {
            Some(at) if period.holds(at.middle()) => return true,
            Some(_) => self.outside += 1,
            None => self.undated += 1,
        }
        false
    }

    fn report(&self, terminal: &mut Terminal) -> Result<(), CliError> {
        let parts = [
            (self.hidden, "hidden (--all shows them)"),
            (self.outside, "outside the period"),
            (self.undated, "without a time, so not in the period"),
        ];
        for (count, why) in parts.into_iter().filter(|(count, _)| *count > 0) {
            terminal.report(&Diagnostic::note(format!(
                "not shown: {}, {why}",
                counted(count, "entry")
            )))?;
        }
        Ok(())
    }
}

/// One table per incident on a terminal; a single table in a pipe.
fn for_people(shown: &[Shown], is_one: bool, terminal: &mut Terminal) -> Result<(), CliError> {
    terminal.page();
    if let ([one], true) = (shown, is_one) {
        if !one.entries.is_empty() {
            terminal.talk(&format!("{} — times in {}", one.incident.title, one.zone))?;
            Table::new(COLUMNS, rows(&one.entries, one.zone)).write(terminal)?;
        }
        return Ok(());
    }
    if let table::Form::Tabs { .. } = table::Form::of(terminal) {
        return table(shown, is_one).write(terminal);
    }
    for (index, one) in shown.iter().enumerate() {
        if index > 0 {
            terminal.line("")?;
        }
        let title = format!("{} · {} — times in {}", one.incident.id, one.incident.title, one.zone);
        terminal.line(&clean_line(&title))?;
        Table::new(COLUMNS, rows(&one.entries, one.zone)).write(terminal)?;
    }
    Ok(())
}

/// All entries, each with its incident unless a single one was named: the shape must not depend on
/// how many incidents have entries.
fn table(shown: &[Shown], is_one: bool) -> Table {
    if let ([one], true) = (shown, is_one) {
        return Table::new(COLUMNS, rows(&one.entries, one.zone));
    }
    let of = |one: &Shown| {
        let id = one.incident.id.to_string();
        let with_id =
            move |row: Vec<String>| std::iter::once(id.clone()).chain(row).collect::<Vec<_>>();
        rows(&one.entries, one.zone).into_iter().map(with_id).collect::<Vec<_>>()
    };
    let columns: Vec<Column> = std::iter::once(Column::new("incident")).chain(COLUMNS).collect();
    Table::new(columns, shown.iter().flat_map(of))
}

/// A timeline is read rather than scanned, so its text wraps.
const COLUMNS: [Column; 4] = [
    Column::new("day").once(),
    Column::new("time"),
    Column::new("what").wrap(),
    Column::new("source"),
];

fn rows(entries: &[&Entry], zone: Zone) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut last: Option<Moment> = None;
    // An entry without a time may be in the gap.
    let mut may_be_filled = false;
    for entry in entries {
        if let (Some(last), Some(at), false) = (last, entry.at, may_be_filled)
            && at.earliest() - last.latest() >= GAP
        {
            let gap = format!("… {} without an entry …", Elapsed::between(last, at));
            // Dated to the day before, so that the day is not repeated below it.
            let day = rows.last().map_or_else(String::new, |row| row[0].clone());
            rows.push(vec![day, String::new(), gap, String::new()]);
        }
        may_be_filled = entry.at.is_none();
        last = entry.end.or(entry.at).or(last);
        let (day, mut clock) =
            entry.at.map_or_else(|| (None, "?".to_owned()), |at| day_and_clock(at, zone));
        if let (Some(end), Some(on)) = (entry.end, &day) {
            let (end_day, end_clock) = day_and_clock(end, zone);
            let other_day = end_day
                .filter(|end_day| end_day != on)
                .map_or_else(String::new, |day| format!("{day} "));
            clock = format!("{clock} – {other_day}{end_clock}");
        }
        let source = entry.source.as_ref().map_or_else(String::new, |source| source.source.clone());
        rows.push(vec![day.unwrap_or_default(), clock, what(entry), source]);
    }
    rows
}

/// An entry as in the view, with complete moments; `hidden` is what `--all` adds.
fn row_json(entry: &Entry, of: &Shown) -> serde_json::Value {
    let zone = of.zone;
    let when = entry.at.map(|at| When::new(at, zone));
    serde_json::json!({
        "incident": of.incident.id,
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
        let days =
            if last == day { format!("{about}that day") } else { format!("{about}until {last}") };
        return (Some(day), days);
    }
    let from = local(at.earliest()).format(pattern).to_string();
    if !at.is_uncertain() {
        return (Some(day), format!("{about}{from}"));
    }
    let (last_day, to) =
        (local(at.latest()).date_naive().to_string(), local(at.latest()).format(pattern));
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

/// The plain text of Markdown: a line for each paragraph and item, which the table wraps to the
/// terminal.
fn words(markdown: &str) -> String {
    let content = Document::from_markdown(markdown.trim()).value.into_line();
    let lines = content.split(|inline| *inline == Inline::HardBreak).map(plain_text);
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_shown_as_plain_text() {
        assert_eq!(
            words("We **saw**\nit in `api_v2`:\n\n- one\n- [two](https://example.com)\n"),
            "We saw it in api_v2:\n• one\n• two"
        );
        assert_eq!(words("  "), "");
        assert_eq!(words("<b>2 < 3</b>"), "<b>2 < 3</b>");
    }

    #[test]
    fn gap_containing_an_undated_entry_is_not_reported() {
        let entry = |at: Option<&str>| Entry {
            at: at.map(|at| at.parse().unwrap()),
            text: "x".into(),
            ..Entry::default()
        };
        let shown = |entries: &[Entry]| {
            let rows = rows(&entries.iter().collect::<Vec<_>>(), Zone::UTC);
            rows.into_iter().map(|row| row[2].clone()).collect::<Vec<_>>()
        };
        let (first, second) = (entry(Some("2026-03-17T14:00Z")), entry(Some("2026-03-17T15:00Z")));
        assert_eq!(shown(&[first.clone(), second.clone()]), ["x", "… 1 h without an entry …", "x"]);
        assert_eq!(shown(&[first, entry(None), second]), ["x", "x", "x"]);
    }
}
