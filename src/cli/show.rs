//! `posthoc show`.

use super::args::Context;
use super::error::{CliError, Exit};
use super::reports;
use super::table::{Align, table};
use super::terminal::{Terminal, clean, drawn};
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::milestone::Milestone;
use crate::report::view::View;
use crate::report::{Audience, Report, figures};

/// Show one incident: what is known of it, its durations, and what contradicts itself
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The incident's id, or a part of it that is in no other
    #[arg(value_name = "INCIDENT")]
    id: String,
    /// As JSON: the view that templates see, version 1
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let loaded = workspace.load(&args.id)?;
    let report = reports::report(
        &loaded,
        &reports::Others::default(),
        &workspace,
        context,
        Audience::Restricted,
        Some(context.now()),
    );
    if args.json {
        let view = View::new(&report, &figures::draw(&report));
        terminal.bytes(&crate::render::json::write(&view))?;
        return Ok(Exit::Fine);
    }
    head(&report.incident, terminal)?;
    milestones(&report, terminal)?;
    durations(&report, terminal)?;
    for (finding, place) in &report.findings {
        let problem = Diagnostic {
            level: finding.level,
            message: format!("{} [{}]", finding.message, finding.rule),
            place: place.clone(),
            hints: finding.hints.clone(),
        };
        terminal.line("")?;
        terminal.line(&drawn(&problem))?;
    }
    Ok(Exit::Fine)
}

fn head(incident: &Incident, terminal: &mut Terminal) -> Result<(), CliError> {
    terminal.line(&clean(&incident.title))?;
    let words = [
        Some(incident.id.to_string()),
        Some(incident.kind().to_string()),
        incident.severity.clone(),
        Some(incident.status().to_string()),
        Some(incident.review().to_string()),
        (!incident.services.is_empty()).then(|| incident.services.join(", ")),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    terminal.line(&clean(&words.join(" · ")))?;
    terminal.line("")
}

fn milestones(report: &Report, terminal: &mut Terminal) -> Result<(), CliError> {
    let known: Vec<_> = report.incident.milestones.known().collect();
    if known.is_empty() {
        return terminal.line("no milestone is known");
    }
    let source = |milestone: &Milestone| milestone.source.as_ref().map_or_else(String::new, ToString::to_string);
    let rows = known.into_iter().map(|(name, milestone)| {
        vec![name.to_string(), milestone.at.display_in(report.zone), milestone.basis.to_string(), source(milestone)]
    });
    terminal.say(&table(
        &[("milestone", Align::Left), ("at", Align::Left), ("basis", Align::Left), ("source", Align::Left)],
        rows,
    ))?;
    terminal.line("")
}

fn durations(report: &Report, terminal: &mut Terminal) -> Result<(), CliError> {
    let rows = report.durations.iter().map(|duration| {
        let remark = duration.remark.as_ref().map_or_else(String::new, |remark| format!(" ({remark})"));
        let value = match &duration.value {
            Ok(elapsed) => format!("{elapsed}{remark}"),
            Err(reason) => format!("— {reason}{remark}"),
        };
        vec![duration.name.as_str().to_uppercase(), value, duration.definition.clone()]
    });
    terminal.say(&table(&[("duration", Align::Left), ("value", Align::Left), ("definition", Align::Left)], rows))
}
