//! Restores incident files that are attached to reports, unchanged.

use super::args::Args;
use super::opened::locked;
use super::outcome::Outcome;
use super::read::Carried;
use crate::cli::answer::{versioned, write_json};
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::terminal::{Terminal, clean_line};
use crate::diag::Diagnostic;
use crate::store::{StoreError, read, write};

/// The files to write.
#[derive(Default)]
pub(super) struct Restored(Vec<Carried>);

impl Restored {
    pub(super) fn add(&mut self, one: Carried) {
        self.0.push(one);
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Writes each file that does not exist yet. An existing file with different content is
    /// reported and not overwritten.
    pub(super) fn write(
        self,
        args: &Args,
        context: &Context,
        terminal: &mut Terminal,
    ) -> Result<Outcome, CliError> {
        let mut outcome = Outcome { exit: Exit::Fine, json: Vec::new(), written: Vec::new() };
        if self.0.is_empty() {
            return Ok(outcome);
        }
        let workspace = context.workspace()?;
        let is_dry = args.dry_run || args.propose;
        let _lock = if is_dry { None } else { Some(locked(&workspace, context, terminal)?) };
        for Carried { name, id, text } in self.0 {
            let path = workspace.incidents_dir().join(format!("{id}.yaml"));
            let shown = context.name(&path).to_string();
            let action = match read::bounded(&path, read::LARGEST_FILE) {
                Ok(there) if there == text.as_bytes() => "unchanged",
                Ok(_) => "differs",
                Err(_) if is_dry => "created",
                Err(_) => match write::new_file(&path, text.as_bytes()) {
                    Ok(()) => "created",
                    Err(StoreError::Exists(_)) => "differs",
                    Err(error) => return Err(error.into()),
                },
            };
            if action == "differs" {
                let message =
                    format!("{shown} differs from the incident file in {name}, and is left alone");
                terminal
                    .report(&Diagnostic::error(message).hint(
                        "move it away to get the file of the report, then compare the two",
                    ))?;
                outcome.exit = outcome.exit.max(Exit::Findings);
            } else if !args.json {
                let would = if is_dry { "would be " } else { "" };
                let line =
                    format!("{shown}: {would}{action}, the incident file that {name} carries");
                terminal.line(&clean_line(&line))?;
            }
            outcome.json.push(serde_json::json!({
                "id": id, "path": shown, "action": action, "document": name,
            }));
            if action == "created" && !is_dry {
                outcome.written.push(id);
            }
        }
        Ok(outcome)
    }
}

impl Outcome {
    /// Finishes an import that only restored files from reports.
    pub(super) fn finish(self, args: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
        if args.json && !self.json.is_empty() {
            write_json(terminal, &versioned("incidents", self.json))?;
        }
        Ok(self.exit)
    }
}
