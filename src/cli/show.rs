//! `posthoc show`.

use clap_complete::ArgValueCompleter;

use super::args::Context;
use super::complete;
use super::error::{CliError, Exit};
use super::names::one_of;
use super::reports;
use super::table::{Column, Table};
use super::terminal::{Terminal, clean_line, drawn};
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::evidence::Choice;
use crate::report::view::View;
use crate::report::{Audience, Report, When, figures};

/// Show one incident: its record, its durations and its findings
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The incident's id, or a part of it that matches no other
    #[arg(value_name = "INCIDENT", add = ArgValueCompleter::new(complete::incidents))]
    id: String,
    /// The readers: public leaves out names, internal entries and internal links
    #[arg(long, default_value = "internal", ignore_case = true, value_parser = one_of(Audience::ALL, Audience::as_str))]
    audience: Audience,
    /// The output format; JSON is the view that templates see, version 1, as with `render --to
    /// json`
    #[arg(long, value_name = "FORM", default_value = "table", ignore_case = true)]
    format: Form,
    /// The same as --format json
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people
    Table,
    /// For programs
    Json,
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let loaded = workspace.load(&args.id)?;
    let report = reports::report(
        &loaded,
        &reports::Others::default(),
        &workspace,
        context,
        args.audience,
        Some(context.now()),
    );
    if args.json || args.format == Form::Json {
        let view = View::new(&report, &figures::draw(&report));
        terminal.bytes(&crate::render::json::write(&view))?;
        return Ok(Exit::Fine);
    }
    terminal.page();
    head(&report.incident, terminal)?;
    milestones(&report, terminal)?;
    durations(&report, terminal)?;
    for (finding, place) in &report.findings {
        let problem = Diagnostic {
            level: finding.level,
            message: format!("{} [{}]", finding.message, finding.rule),
            place: place.clone(),
            hints: finding.hints.clone(),
            code: None,
        };
        terminal.line("")?;
        terminal.line(&drawn(&problem))?;
    }
    Ok(Exit::Fine)
}

fn head(incident: &Incident, terminal: &mut Terminal) -> Result<(), CliError> {
    terminal.paragraph(&clean_line(&incident.title))?;
    let words = [
        Some(incident.id.to_string()),
        Some(incident.kind().to_string()),
        incident.severity.clone(),
        Some(
            incident
                .status()
                .map_or_else(|| "status unknown".to_owned(), |status| status.to_string()),
        ),
        Some(incident.review().to_string()),
        (!incident.services.is_empty()).then(|| incident.services.join(", ")),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    terminal.paragraph(&clean_line(&words.join(" · ")))?;
    terminal.line("")
}

fn milestones(report: &Report, terminal: &mut Terminal) -> Result<(), CliError> {
    let choices = report.choices();
    if choices.is_empty() {
        return terminal.line("no milestone is known");
    }
    let source = |choice: &Choice| {
        let source = choice.milestone.source.as_ref().map(ToString::to_string);
        let contradiction_of =
            report.contradiction(choice, |entry| report.audience().may_read(entry));
        [source, contradiction_of].into_iter().flatten().collect::<Vec<_>>().join("; ")
    };
    let rows = choices.iter().map(|choice| {
        let milestone = &choice.milestone;
        vec![
            choice.name.to_string(),
            When::new(milestone.at, report.zone).local,
            milestone.basis.to_string(),
            source(choice),
        ]
    });
    let columns = [
        Column::new("milestone"),
        Column::new("at").wrap(),
        Column::new("basis"),
        Column::new("source").wrap(),
    ];
    Table::new(columns, rows).write(terminal)?;
    terminal.line("")
}

fn durations(report: &Report, terminal: &mut Terminal) -> Result<(), CliError> {
    let calendar = report.definitions.business_hours.as_ref();
    let rows = report.durations.iter().map(|duration| {
        let remark =
            duration.remark.as_ref().map_or_else(String::new, |remark| format!(" ({remark})"));
        let value = match &duration.value {
            Ok(elapsed) => format!("{elapsed}{remark}"),
            Err(reason) => format!("— {reason}{remark}"),
        };
        let mut row = vec![duration.name.as_str().to_uppercase(), value];
        if calendar.is_some() {
            row.push(duration.business.map_or_else(String::new, |length| length.to_string()));
        }
        row.push(duration.formula.to_string());
        row
    });
    let mut columns = vec![
        Column::new("duration"),
        Column::new("value").wrap(),
        Column::new("definition").wrap(),
    ];
    if calendar.is_some() {
        columns.insert(2, Column::new("business hours"));
    }
    Table::new(columns, rows).write(terminal)?;
    let notes = [
        calendar.map(|calendar| format!("business hours: {calendar}")),
        report.other_definitions(),
    ];
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    if !notes.is_empty() {
        terminal.line("")?;
    }
    notes.iter().try_for_each(|note| terminal.paragraph(&clean_line(note)))
}
