//! `posthoc schema`.

use super::error::{CliError, Exit};
use super::terminal::Terminal;
use crate::model::Incident;

/// Print the JSON Schema of the incident file, for editors and other programs
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
    terminal.bytes(&incident_schema())?;
    Ok(Exit::Fine)
}

/// The schema as JSON text (draft 2020-12).
pub fn incident_schema() -> Vec<u8> {
    let schema = schemars::schema_for!(Incident);
    let mut text = serde_json::to_vec_pretty(&schema).unwrap_or_default();
    text.push(b'\n');
    text
}
