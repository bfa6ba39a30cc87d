//! `posthoc list`.

use chrono::{DateTime, Utc};

use super::answer::{Answer, Form};
use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::reports;
use super::table::{Column, Table};
use super::terminal::Terminal;
use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::phases;
use crate::model::zone::Zone;
use crate::model::{Incident, Kind, Status};
use crate::report::When;
use crate::report::view::all_durations;

/// List the incidents, the newest first
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    answer: Answer,
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let selection = args.filters.select(&workspace, context, terminal)?;
    let exit = reports::report_problems(&selection.chosen, terminal)?;
    let mut incidents: Vec<&Incident> = selection.incidents().collect();
    incidents.sort_by(|a, b| (b.occurred(), &a.id).cmp(&(a.occurred(), &b.id)));
    if incidents.is_empty() && args.answer.form() != Form::Json {
        // Unreadable files were reported already.
        if exit == Exit::Fine && args.filters.is_everything() {
            terminal.talk("no incidents yet: `posthoc new \"What happened\"`, or `posthoc import` a status page")?;
        }
        return Ok(exit);
    }
    let definitions = &workspace.config.definitions;
    let table = || {
        Table::new(COLUMNS, incidents.iter().map(|incident| row(incident, definitions, context)))
    };
    let rows =
        || incidents.iter().map(|incident| row_json(incident, definitions, context)).collect();
    args.answer.write(terminal, table, "incidents", rows)?;
    Ok(exit)
}

/// The id comes first, for `cut -f1`. Ids often start with the day, and a long one takes half of a
/// narrow terminal: then the column of the day is dropped first.
const COLUMNS: [Column; 6] = [
    Column::new("incident"),
    Column::new("title").cut(),
    Column::new("began").optional(1),
    Column::new("severity").optional(3),
    Column::new("status").optional(4),
    Column::new("ttr").optional(2),
];

fn row(incident: &Incident, definitions: &Definitions, context: &Context) -> Vec<String> {
    let zone = context.zone.unwrap_or_else(|| incident.zone());
    vec![
        incident.id.to_string(),
        incident.title.clone(),
        incident.occurred().map_or_else(|| "unknown".to_owned(), |at| day(at, zone)),
        incident.severity.clone().unwrap_or_default(),
        standing(incident, context.now()).to_owned(),
        length(incident, definitions),
    ]
}

fn day(at: crate::model::time::Moment, zone: Zone) -> String {
    let about = if at.is_about() { "~" } else { "" };
    let (first, last) =
        (zone.local(at.earliest()).date_naive(), zone.local(at.latest()).date_naive());
    if first == last { format!("{about}{first}") } else { format!("{about}{first} – {last}") }
}

/// The time to resolve, or if the start of the impact is unknown, the reported duration.
fn length(incident: &Incident, definitions: &Definitions) -> String {
    let durations = phases::durations(incident, definitions, None);
    let known = |name| {
        durations
            .iter()
            .find(|duration| duration.name == name)
            .and_then(|duration| duration.value.as_ref().ok())
    };
    match (known(DurationName::Ttr), known(DurationName::Reported)) {
        (Some(ttr), _) => ttr.to_string(),
        (None, Some(reported)) => format!("{reported} (reported)"),
        (None, None) => String::new(),
    }
}

fn standing(incident: &Incident, now: DateTime<Utc>) -> &'static str {
    let planned = incident.maintenance.as_ref().and_then(|maintenance| maintenance.scheduled_for);
    let until = incident.maintenance.as_ref().and_then(|maintenance| maintenance.scheduled_until);
    match (incident.kind(), incident.status()) {
        (Kind::Maintenance, Some(Status::Resolved)) => "maintenance, completed",
        (Kind::Maintenance, _) if planned.is_some_and(|from| from.earliest() > now) => {
            "maintenance, scheduled"
        }
        (Kind::Maintenance, _) if until.is_some_and(|until| until.latest() < now) => {
            "maintenance, not closed"
        }
        (Kind::Maintenance, _) => "maintenance, under way",
        (Kind::NearMiss, _) => "near miss",
        (Kind::Drill, _) => "drill",
        (Kind::Incident | Kind::Security, status) => status.map_or("unknown", Status::as_str),
    }
}

/// The part of an incident's view that a list shows.
fn row_json(
    incident: &Incident,
    definitions: &Definitions,
    context: &Context,
) -> serde_json::Value {
    let durations = phases::durations(incident, definitions, context.stated_now);
    let zone = context.zone.unwrap_or_else(|| incident.zone());
    serde_json::json!({
        "id": incident.id,
        "title": incident.title,
        "kind": incident.kind(),
        "severity": incident.severity,
        "status": incident.status(),
        "review": incident.review(),
        "services": incident.services,
        "occurred": incident.occurred().map(|at| When::new(at, zone)),
        "durations": all_durations(&durations, definitions.business_hours.as_ref()),
    })
}
