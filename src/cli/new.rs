//! `posthoc new`.

use std::path::{Path, PathBuf};

use super::args::Context;
use super::error::{CliError, Exit};
use super::terminal::{Terminal, clean_line};
use crate::diag::Diagnostic;
use crate::model::Kind;
use crate::model::id::IncidentId;
use crate::model::time::Moment;
use crate::store::{Workspace, load, write};

/// Write a new incident file to fill in, and print its path
///
/// Each part of the file has a hint in a comment. Without --id the id is made from the date and
/// the title.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One line that says what happened
    title: String,
    /// The id, which is the file's name; it stays when the title changes
    #[arg(long)]
    id: Option<IncidentId>,
    /// How bad it is, by the scale in posthoc.toml
    #[arg(long)]
    severity: Option<String>,
    /// What is affected, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    services: Vec<String>,
    /// When users began to be harmed: 2026-03-17T14:05Z, ~T for about T
    #[arg(long, value_name = "TIME")]
    start: Option<Moment>,
    /// What kind of record it is
    #[arg(long, default_value = "incident")]
    kind: Kind,
    /// A file to start from instead; it may use {{ id }}, {{ title }}, {{ kind }}, {{ severity }},
    /// {{ services }} and {{ start }}
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

const TEMPLATE: &str = include_str!("../../templates/new.yaml");

/// Runs the command.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    if args.title.trim().is_empty() {
        return Err(CliError::usage(Diagnostic::error("the title is empty").hint("one line that says what happened")));
    }
    if args.title.contains(char::is_control) {
        let problem = Diagnostic::error("the title has a line end or another control character");
        return Err(CliError::usage(problem.hint("one line that says what happened; more goes into `summary`")));
    }
    let workspace = context.workspace()?;
    let definitions = &workspace.config.definitions;
    if let Some(severity) = args.severity.as_deref().filter(|severity| definitions.severity_rank(severity).is_none()) {
        let known = definitions.severities.join(", ");
        terminal.tell(
            &Diagnostic::warning(format!("the severity `{severity}` is not in the order"))
                .hint(format!("the order is {known}; it can be changed in posthoc.toml")),
        )?;
    }
    write::folder(workspace.incidents_dir())?;
    let _lock = write::Lock::wait(workspace.incidents_dir())?;
    let id = free_id(args, context, &workspace)?;
    let path = workspace.path_of(&id);
    let text = fill_in(args, context, &id)?;
    load::parse(&workspace.name(&path), &text).map_err(|problems| {
        let hint = "the file that the template gives is not an incident file";
        CliError::Told(Exit::BadInput, problems.into_iter().map(|problem| problem.hint(hint)).collect())
    })?;
    write::new_file(&path, text.as_bytes())?;
    terminal.line(&clean_line(&context.name(&path).to_string()))?;
    Ok(Exit::Fine)
}

fn free_id(args: &Args, context: &Context, workspace: &Workspace) -> Result<IncidentId, CliError> {
    if let Some(id) = &args.id {
        if workspace.is_taken(id)? {
            let problem =
                Diagnostic::error(format!("the id `{id}` is taken")).hint("an id names one incident: choose another");
            return Err(CliError::failed(problem));
        }
        return Ok(id.clone());
    }
    let date = args.start.map_or_else(|| context.now(), Moment::earliest).date_naive();
    let id = IncidentId::from_title(Some(date), &args.title);
    let mut free = id.clone();
    for number in 2.. {
        if !workspace.is_taken(&free)? {
            break;
        }
        free = id.numbered(number);
    }
    Ok(free)
}

fn fill_in(args: &Args, context: &Context, id: &IncidentId) -> Result<String, CliError> {
    let (name, template) = match &args.template {
        Some(path) => (path.display().to_string(), read(&context.path(path))?),
        None => ("new.yaml".to_owned(), TEMPLATE.to_owned()),
    };
    // JSON is YAML's flow style, so a value written as JSON is right wherever it stands.
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let mut values = tera::Context::new();
    values.insert("id", id.as_str());
    values.insert("title", &json(args.title.trim()));
    values.insert("kind", args.kind.as_str());
    values.insert("severity", &args.severity.as_deref().map(json));
    values.insert("start", &args.start.map(|start| start.to_string()));
    let services: Vec<String> =
        args.services.iter().map(|service| service.trim()).filter(|service| !service.is_empty()).map(json).collect();
    values.insert("services", &format!("[{}]", services.join(", ")));
    let mut engine = tera::Tera::default();
    engine.autoescape_on(Vec::<&str>::new());
    engine
        .add_raw_template(&name, &template)
        .and_then(|()| engine.render(&name, &values))
        .map_err(|error| CliError::bad_input(Diagnostic::error(format!("the template does not work: {error}"))))
}

fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path)
        .map_err(|error| CliError::failed(Diagnostic::error(format!("cannot read {}: {error}", path.display()))))
}
