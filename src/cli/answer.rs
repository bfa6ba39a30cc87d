//! The output forms of a list: a table for people, tab-separated values, JSON.

use serde_json::{Value, json};

use super::error::CliError;
use super::table::Table;
use super::terminal::Terminal;
use crate::model::zone;

/// The version of every JSON output except the view, which has its own version.
pub(super) const VERSION: u32 = 1;

/// The output form to use.
#[derive(Debug, clap::Args)]
pub(super) struct Answer {
    /// The output format
    #[arg(long, value_name = "FORM", default_value = "table", ignore_case = true)]
    format: Form,
    /// The same as --format json
    #[arg(long)]
    json: bool,
}

/// The form of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people; in a pipe, the same rows with tabs between whole cells
    Table,
    /// Tab-separated values, on a terminal too
    Tsv,
    /// For programs
    Json,
}

impl Answer {
    /// The requested form.
    pub(super) fn form(&self) -> Form {
        if self.json { Form::Json } else { self.format }
    }

    /// Writes the output: `table`, or `list` as the value of `name` in a JSON object.
    ///
    /// # Errors
    /// If the stream cannot be written.
    pub(super) fn write(
        &self,
        terminal: &mut Terminal,
        table: impl FnOnce() -> Table,
        name: &str,
        list: impl FnOnce() -> Vec<Value>,
    ) -> Result<(), CliError> {
        match self.form() {
            Form::Table => {
                terminal.page();
                table().write(terminal)
            }
            Form::Tsv => table().write_tabs(terminal),
            Form::Json => write_json(terminal, &versioned(name, list())),
        }
    }
}

/// A JSON output. It is an object so that it can grow: it has a version, the release of the time
/// zone database that its times were read with, and the list called `name`.
pub(super) fn versioned(name: &str, list: Vec<Value>) -> Value {
    json!({ "version": VERSION, "tzdata": zone::release(), name: list })
}

/// Writes a JSON output.
///
/// # Errors
/// If the stream cannot be written.
pub(super) fn write_json(terminal: &mut Terminal, answer: &Value) -> Result<(), CliError> {
    terminal.json(answer)
}
