//! `posthoc init`.

use std::path::{Path, PathBuf};

use super::args::Context;
use super::error::{CliError, Exit};
use super::terminal::{Terminal, clean_line};
use crate::store::write;

/// Make a folder ready: posthoc.toml, incidents/, and the schema for your editor
///
/// Nothing that is there already is touched.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder; the current one if absent
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

const SETTINGS: &str = include_str!("../../templates/posthoc.toml");
/// The YAML language server reads this name from the first folder of a workspace.
const EDITOR: &str = "{\n  \"yaml.schemas\": {\n    \"./incidents/.schema.json\": \"incidents/**/*.yaml\"\n  }\n}\n";

/// Runs the command.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let root = args.folder.as_deref().map_or_else(|| context.directory.clone(), |folder| context.path(folder));
    let incidents = root.join("incidents");
    write::folder(&incidents)?;
    let files: [(PathBuf, &[u8]); 3] = [
        (root.join("posthoc.toml"), SETTINGS.as_bytes()),
        (incidents.join(".schema.json"), &super::schema::incident_schema()),
        (root.join(".vscode").join("settings.json"), EDITOR.as_bytes()),
    ];
    for (path, bytes) in files {
        put(&path, bytes, context, terminal)?;
    }
    terminal.talk("next: `posthoc new \"What happened\"`, or `posthoc import` a status page")?;
    Ok(Exit::Fine)
}

fn put(path: &Path, bytes: &[u8], context: &Context, terminal: &mut Terminal) -> Result<(), CliError> {
    if path.exists() {
        return terminal.talk(&format!("kept {}", context.name(path)));
    }
    if let Some(folder) = path.parent() {
        write::folder(folder)?;
    }
    write::new_file(path, bytes)?;
    terminal.line(&clean_line(&context.name(path).to_string()))
}
