//! `posthoc init`.

use std::path::{Path, PathBuf};

use super::args::Context;
use super::error::{CliError, Exit};
use super::schema;
use super::terminal::Terminal;
use crate::diag::Diagnostic;
use crate::store::config::{Config, FILE_NAME};
use crate::store::write;

/// Set up a folder: posthoc.toml, incidents/, and the schema for your editor
///
/// Existing files are left alone, except a schema written by another version of posthoc or with
/// other settings: it is updated unless it was edited.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder; the current one by default
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

const SETTINGS: &str = include_str!("../../templates/posthoc.toml");

/// The YAML language server reads this name from the first folder of a workspace.
fn editor(incidents: &str) -> String {
    let schemas = serde_json::json!({ format!("./{incidents}/{}", schema::FILE_NAME): format!("{incidents}/**/*.yaml") });
    format!("{:#}\n", serde_json::json!({ "yaml.schemas": schemas }))
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let root = args
        .folder
        .as_deref()
        .map_or_else(|| context.directory.clone(), |folder| context.path(folder));
    let settings = root.join(FILE_NAME);
    // Existing settings name the folder of the incidents and the severities.
    let config = if settings.is_file() {
        Config::parse(&context.name(&settings).to_string(), &read(&settings)?)
            .map_err(|problems| CliError::Reported(Exit::BadInput, problems))?
    } else {
        Config::default()
    };
    let folder = config.incidents.clone().unwrap_or_else(|| PathBuf::from("incidents"));
    let incidents = root.join(&folder);
    write::folder(&incidents)?;
    put(&settings, SETTINGS, context, terminal)?;
    put_schema(
        &incidents.join(schema::FILE_NAME),
        &schema::incident_schema(&config),
        context,
        terminal,
    )?;
    let editor = editor(&folder.display().to_string());
    put(&root.join(".vscode").join("settings.json"), &editor, context, terminal)?;
    terminal.talk("next: `posthoc new \"What happened\"`, or `posthoc import` a status page")?;
    Ok(Exit::Fine)
}

fn put(
    path: &Path,
    text: &str,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    if path.exists() {
        return terminal.talk(&format!("unchanged {}", context.name(path)));
    }
    if let Some(folder) = path.parent() {
        write::folder(folder)?;
    }
    write::new_file(path, text.as_bytes())?;
    terminal.line(&context.name(path).to_string())
}

fn put_schema(
    path: &Path,
    text: &str,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    if !path.exists() {
        return put(path, text, context, terminal);
    }
    let there = read(path)?;
    let name = context.name(path);
    if there == text {
        return terminal.talk(&format!("unchanged {name}"));
    }
    if !schema::is_unchanged(&there) {
        return terminal.talk(&format!(
            "{name} was edited and is left unchanged; to update it, remove it first"
        ));
    }
    write::atomically(path, text.as_bytes())?;
    terminal.line(&format!("{name} (renewed)"))
}

fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|error| {
        CliError::failed(Diagnostic::error(format!("cannot read {}: {error}", path.display())))
    })
}
