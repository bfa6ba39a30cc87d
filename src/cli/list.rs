//! `posthoc list`.

use super::args::Context;
use super::error::{CliError, Exit};
use super::reports;
use super::table::{Align, table};
use super::terminal::Terminal;
use crate::analysis::phases::{self, DurationName};
use crate::model::Incident;
use crate::model::zone::Zone;

/// List the incidents, the newest first
#[derive(Debug, clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let (loaded, exit) = reports::load_all(&workspace, terminal)?;
    let mut incidents: Vec<&Incident> = loaded.iter().map(|loaded| &loaded.incident).collect();
    incidents.sort_by(|a, b| (b.occurred(), &a.id).cmp(&(a.occurred(), &b.id)));
    if args.json {
        let rows: Vec<serde_json::Value> = incidents.iter().map(|incident| row_json(incident)).collect();
        terminal.line(&serde_json::to_string_pretty(&rows).unwrap_or_default())?;
        return Ok(exit);
    }
    if incidents.is_empty() {
        terminal.talk("no incidents yet: `posthoc new \"What happened\"`, or `posthoc import` a status page")?;
        return Ok(exit);
    }
    let rows = incidents.iter().map(|incident| {
        let ttr = phases::durations(incident, &workspace.config.definitions, None)
            .into_iter()
            .find(|duration| duration.name == DurationName::Ttr)
            .and_then(|duration| duration.value.ok());
        vec![
            incident
                .occurred()
                .map_or_else(|| "unknown".to_owned(), |at| day(at, context.zone.unwrap_or_else(|| incident.zone()))),
            incident.id.to_string(),
            incident.severity.clone().unwrap_or_default(),
            kind_and_status(incident),
            ttr.map_or_else(String::new, |ttr| ttr.to_string()),
        ]
    });
    let columns = [
        ("began", Align::Left),
        ("incident", Align::Left),
        ("severity", Align::Left),
        ("status", Align::Left),
        ("ttr", Align::Right),
    ];
    terminal.say(&table(&columns, rows))?;
    Ok(exit)
}

fn day(at: crate::model::time::Moment, zone: Zone) -> String {
    let about = if at.is_about() { "~" } else { "" };
    format!("{about}{}", zone.local(at.earliest()).date_naive())
}

fn kind_and_status(incident: &Incident) -> String {
    match incident.kind() {
        crate::model::Kind::Incident => incident.status().to_string(),
        kind => format!("{} ({kind})", incident.status()),
    }
}

fn row_json(incident: &Incident) -> serde_json::Value {
    serde_json::json!({
        "id": incident.id,
        "title": incident.title,
        "kind": incident.kind(),
        "severity": incident.severity,
        "status": incident.status(),
        "review": incident.review(),
        "services": incident.services,
        "occurred": incident.occurred().map(|at| at.to_string()),
    })
}
