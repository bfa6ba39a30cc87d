//! `posthoc new`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::args::Context;
use super::error::{CliError, Exit};
use super::terminal::{Terminal, clean_line};
use crate::diag::Diagnostic;
use crate::model::Kind;
use crate::model::id::IncidentId;
use crate::model::time::{Moment, Precision, TimeError};
use crate::model::zone::Zone;
use crate::store::{Workspace, load, write};

/// Write a new incident file to fill in, and print its path
///
/// Each part of the file has a hint in a comment. Without --id, the id is made from the date and
/// the title.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// One line that says what happened
    title: String,
    /// The id, which is the file's name; it does not change with the title
    #[arg(long)]
    id: Option<IncidentId>,
    /// The severity, from the scale in posthoc.toml
    #[arg(long)]
    severity: Option<String>,
    /// The affected services, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    services: Vec<String>,
    /// When the impact on users began: 2026-03-17T14:05Z, 2026-03-17 15:05, ~T for about T
    ///
    /// A time without a zone is in --zone, or in the zone of posthoc.toml
    #[arg(long, value_name = "TIME")]
    start: Option<String>,
    /// The kind of record
    #[arg(long, default_value = "incident")]
    kind: Kind,
    /// A template file to use instead of the built-in one; it may contain {{ id }}, {{ title }}, {{
    /// kind }}, {{ severity }}, {{ services }}, {{ start }} and {{ zone }}
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

const TEMPLATE: &str = include_str!("../../templates/new.yaml");

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    if args.title.trim().is_empty() {
        return Err(CliError::usage(
            Diagnostic::error("the title is empty").hint("one line that says what happened"),
        ));
    }
    if args.title.contains(char::is_control) {
        let problem = Diagnostic::error("the title has a line end or another control character");
        return Err(CliError::usage(
            problem.hint("write one line that says what happened; details go into `summary`"),
        ));
    }
    let workspace = context.workspace()?;
    let definitions = &workspace.config.definitions;
    if let Some(severity) =
        args.severity.as_deref().filter(|severity| definitions.severity_rank(severity).is_none())
    {
        let known = definitions.severities.join(", ");
        terminal.report(
            &Diagnostic::warning(format!("the severity `{severity}` is not on the scale"))
                .hint(format!("the scale is {known}; it can be changed in posthoc.toml")),
        )?;
    }
    write::folder(workspace.incidents_dir())?;
    let _lock = super::import::locked(&workspace, context, terminal)?;
    let start = args.start.as_deref().map(|typed| start(typed, context, &workspace)).transpose()?;
    let at = start.as_ref().map_or_else(|| context.now(), |(_, moment)| moment.earliest());
    let id = free_id(args, at.date_naive(), &workspace)?;
    let path = workspace.path_of(&id);
    let text = fill_in(args, context, &workspace, &id, start.as_ref())?;
    load::parse(&workspace.name(&path), &text).map_err(|problems| {
        let hint = "the output of the template is not an incident file";
        CliError::Reported(
            Exit::BadInput,
            problems.into_iter().map(|problem| problem.hint(hint)).collect(),
        )
    })?;
    write::new_file(&path, text.as_bytes())?;
    terminal.line(&clean_line(&context.name(&path).to_string()))?;
    Ok(Exit::Fine)
}

fn free_id(args: &Args, date: NaiveDate, workspace: &Workspace) -> Result<IncidentId, CliError> {
    if let Some(id) = &args.id {
        if workspace.is_taken(id)? {
            let problem = Diagnostic::error(format!("the id `{id}` is taken"))
                .hint("ids are unique: choose another");
            return Err(CliError::failed(problem));
        }
        return Ok(id.clone());
    }
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

/// The start as it is written to the file, and its meaning. It keeps the zone that was typed; a
/// start without one gets that of `--zone` or of the settings.
fn start(
    typed: &str,
    context: &Context,
    workspace: &Workspace,
) -> Result<(String, Moment), CliError> {
    let typed = typed.trim();
    let zone = context
        .zone
        .or_else(|| workspace.config.zone.as_deref().and_then(|zone| zone.parse().ok()));
    let usage = |error: TimeError| CliError::usage(Diagnostic::error(format!("--start: {error}")));
    match (Moment::parse(typed, zone), zone) {
        (Err(TimeError::NoZone(_)), Some(zone)) => {
            let written = match typed.split_once("..") {
                Some((from, to)) => format!("{} {zone}..{} {zone}", from.trim(), to.trim()),
                None => format!("{typed} {zone}"),
            };
            Ok((written.clone(), Moment::parse(&written, Some(zone)).map_err(usage)?))
        }
        (Err(error @ TimeError::NoZone(_)), None) => {
            let CliError::Reported(exit, problems) = usage(error) else {
                return Err(CliError::BrokenPipe);
            };
            let hint = format!(
                "write --start \"{typed} Europe/Berlin\", or name the zone by --zone Europe/Berlin"
            );
            Err(CliError::Reported(
                exit,
                problems.into_iter().map(|problem| problem.hint(hint.clone())).collect(),
            ))
        }
        (read, _) => Ok((typed.to_owned(), read.map_err(usage)?)),
    }
}

/// The times of the examples: those of an incident that starts at `start`, in the same form as the
/// file's own times.
fn examples(
    start: DateTime<Utc>,
    zone: Option<Zone>,
    severity: &str,
) -> BTreeMap<&'static str, String> {
    let clock = |minutes: i64| {
        let instant = start + TimeDelta::minutes(minutes);
        let utc = instant.format("%Y-%m-%dT%H:%MZ").to_string();
        let Some(zone) = zone else { return utc };
        let local = format!("{} {zone}", Zone::local(zone, instant).format("%Y-%m-%d %H:%M"));
        // A repeated hour has no such form.
        if Moment::parse(&local, None).is_ok_and(|read| {
            read.earliest() == Moment::parse(&utc, None).map_or(instant, Moment::earliest)
        }) {
            local
        } else {
            utc
        }
    };
    let date = zone.map_or(start.date_naive(), |zone| Zone::local(zone, start).date_naive());
    let due = date.checked_add_days(chrono::Days::new(28)).unwrap_or(date);
    let times = [
        ("trigger_at", -7),
        ("impact_start", 0),
        ("detected_at", 4),
        ("acknowledged_at", 6),
        ("declared_at", 7),
        ("first_notice_at", 9),
        ("identified_at", 17),
        ("mitigated_at", 35),
        ("impact_end", 75),
        ("resolved_at", 85),
    ];
    let mut examples: BTreeMap<&'static str, String> =
        times.into_iter().map(|(name, minutes)| (name, clock(minutes))).collect();
    examples.extend([
        ("date", date.to_string()),
        ("due", due.to_string()),
        ("severity", severity.to_owned()),
    ]);
    examples
}

fn fill_in(
    args: &Args,
    context: &Context,
    workspace: &Workspace,
    id: &IncidentId,
    start: Option<&(String, Moment)>,
) -> Result<String, CliError> {
    let (name, template) = match &args.template {
        Some(path) => (path.display().to_string(), read(&context.path(path))?),
        None => ("new.yaml".to_owned(), TEMPLATE.to_owned()),
    };
    // JSON is YAML's flow style, so a JSON value is valid wherever it is inserted.
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let mut values = tera::Context::new();
    values.insert("id", id.as_str());
    values.insert("title", &json(args.title.trim()));
    values.insert("kind", args.kind.as_str());
    values.insert("severity", &args.severity.as_deref().map(json));
    values.insert("start", &start.map(|(written, _)| written));
    values.insert("zone", &context.zone.map(|zone| zone.to_string()));
    let severities = &workspace.config.definitions.severities;
    values.insert("severities", &severities.join(", "));
    // The zone of the examples: the requested one, or the one of the start.
    let base = match start {
        Some((_, moment)) if moment.precision() > Precision::Day => moment.middle(),
        Some((_, moment)) => moment.earliest() + TimeDelta::hours(9),
        None => context.now(),
    };
    let severity = severities.iter().find(|name| name.as_str() == "sev2").or(severities.first());
    let severity = json(severity.map_or("sev2", String::as_str));
    values.insert("example", &examples(base, context.zone, severity.trim_matches('"')));
    // The schema that `init` writes is in the folder of the new file.
    let schema = workspace.incidents_dir().join(super::schema::FILE_NAME);
    values.insert(
        "schema_path",
        &schema.is_file().then(|| format!("./{}", super::schema::FILE_NAME)),
    );
    let services: Vec<String> = args
        .services
        .iter()
        .map(|service| service.trim())
        .filter(|service| !service.is_empty())
        .map(json)
        .collect();
    values.insert("services", &format!("[{}]", services.join(", ")));
    values.insert("service_list", &services);
    let mut engine = tera::Tera::default();
    engine.autoescape_on(Vec::<&str>::new());
    engine.add_raw_template(&name, &template).and_then(|()| engine.render(&name, &values)).map_err(
        |error| {
            CliError::bad_input(Diagnostic::error(format!("the template does not work: {error}")))
        },
    )
}

fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|error| {
        CliError::failed(Diagnostic::error(format!("cannot read {}: {error}", path.display())))
    })
}
