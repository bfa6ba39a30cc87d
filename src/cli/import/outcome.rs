//! The result of an import.

use super::read::ReadInput;
use crate::assemble::Provenance;
use crate::cli::error::{CliError, Exit};
use crate::diag::Diagnostic;
use crate::model::id::IncidentId;

/// The result for the inputs of one kind.
pub(super) struct Outcome {
    pub exit: Exit,
    /// What to print for `--json`.
    pub json: Vec<serde_json::Value>,
    /// The incidents whose files are new or changed.
    pub written: Vec<IncidentId>,
}

/// The error for Ctrl-C during writing; `left` is what was not written.
pub(super) fn stopped_writing(left: &str, is_nothing_done: bool) -> CliError {
    let message = format!("stopped by Ctrl-C: {left} not written");
    let what =
        if is_nothing_done { "nothing was written" } else { "what is listed above was written" };
    CliError::stopped(
        Diagnostic::error(message)
            .hint(format!("{what}; run the same import again to do the rest")),
    )
}

/// What is known about the origin of the records of `read`. The bytes of a history are not stored:
/// they would repeat the whole page for every incident.
pub(super) fn provenance(read: &ReadInput) -> Provenance {
    Provenance {
        format: read.source.id().to_owned(),
        name: None,
        url: read.input.url.clone(),
        retrieved_at: read.input.retrieved_at,
        path: None,
        sha256: None,
        zone: read.zone.map(|zone| zone.to_string()),
        masked: read.masked.iter().map(|what| (*what).to_owned()).collect(),
    }
}
