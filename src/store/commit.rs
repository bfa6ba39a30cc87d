//! Writes the planned changes of an import.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::StoreError;
use super::workspace::{Loaded, Workspace};
use super::write::{self, Watch, Write};
use super::{edit, read};
use crate::assemble::plan::{Change, KnownIncident, LeftOut};
use crate::diag::{Diagnostic, Place};
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::id::IncidentId;

impl KnownIncident for Loaded {
    fn incident(&self) -> &Incident {
        &self.incident
    }

    fn as_written(&self) -> std::borrow::Cow<'_, Incident> {
        Loaded::as_written(self)
    }
}

/// A change with its text and paths, ready to be written.
#[derive(Debug)]
pub(crate) struct Step {
    /// The id of the incident.
    pub id: IncidentId,
    /// Its file.
    pub path: PathBuf,
    /// What happens to the file.
    pub action: Action,
    /// The notes about it, each with the file as its place.
    pub notes: Vec<Diagnostic>,
    /// The indices of the records that it consists of. The first one created it.
    pub records: Vec<usize>,
    /// The evidence files to write: each with its path and the index of its input.
    pub evidence: Vec<(PathBuf, usize)>,
}

/// What happens to an incident file.
#[derive(Debug)]
pub(crate) enum Action {
    /// A new file.
    Create {
        /// Its text.
        text: String,
    },
    /// An existing file to which something is added.
    Extend {
        /// Its new text.
        text: String,
        /// Its current text.
        was: String,
        /// The changes.
        edits: Vec<Edit>,
    },
    /// The file does not change.
    Unchanged,
}

impl Step {
    /// The write that this step needs, if any.
    fn write(&self) -> Option<Write<'_>> {
        let path = &self.path;
        match &self.action {
            Action::Create { text } => Some(Write { path, bytes: text.as_bytes(), was: None }),
            Action::Extend { text, was, .. } => {
                Some(Write { path, bytes: text.as_bytes(), was: Some(was.as_bytes()) })
            }
            Action::Unchanged => None,
        }
    }

    /// Whether its file is new or will change.
    pub(crate) fn is_written(&self) -> bool {
        !matches!(self.action, Action::Unchanged)
    }
}

/// Makes the texts of the files, and reads each back before it is written. `files` are the files
/// that the plan was based on. A change that cannot be turned into a text is left out, with the
/// reason.
pub(crate) fn prepare(
    workspace: &Workspace,
    files: &[Loaded],
    changes: Vec<Change<'_>>,
) -> (Vec<Step>, Vec<LeftOut>) {
    let results: Vec<Result<Step, LeftOut>> =
        changes.into_par_iter().map(|change| step(workspace, files, change)).collect();
    let (mut steps, mut left_out) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(step) => steps.push(step),
            Err(one) => left_out.push(one),
        }
    }
    (steps, left_out)
}

fn step(workspace: &Workspace, files: &[Loaded], change: Change<'_>) -> Result<Step, LeftOut> {
    let Change { file, incident, edits, notes, records, evidence } = change;
    let file = file.map(|file| &files[file]);
    let id = incident.id.clone();
    let path = file.map_or_else(|| workspace.path_of(&id), |file| file.path.clone());
    let name = workspace.name(&path);
    let place = || Place::whole_file(name.clone());
    let action = match file {
        Some(_) if edits.is_empty() => Ok(Action::Unchanged),
        Some(file) => match edit::apply(&name, &file.text, &file.as_written(), &edits) {
            Ok(text) => Ok(Action::Extend { text, was: file.text.clone(), edits }),
            Err(reason) => {
                Err(Diagnostic::error(format!("this file is not extended: {reason}")).at(place()))
            }
        },
        None => match edit::new_text(&name, &incident) {
            Ok(text) => Ok(Action::Create { text }),
            Err(reason) => Err(Diagnostic::error(format!(
                "\"{}\" ({id}) is left out: {reason}",
                incident.title.trim()
            ))),
        },
    };
    match action {
        Ok(action) => {
            let at = |note: Diagnostic| if note.place.is_some() { note } else { note.at(place()) };
            let notes = notes.into_iter().map(at).collect();
            let evidence = evidence
                .into_iter()
                .map(|one| (workspace.root().join(one.path), one.input))
                .collect();
            Ok(Step { id, path, action, notes, records, evidence })
        }
        Err(problem) => {
            Err(LeftOut { title: incident.title.clone(), problem: Box::new(problem), records })
        }
    }
}

/// Writes the steps, and returns the result of each. `bytes` are those of the inputs, by index.
///
/// Evidence files are written first, since a reference to a missing evidence file is worse than an
/// unreferenced file. If the incident file then cannot be written, its evidence files are removed.
///
/// A file that was saved by someone else since it was read gives [`StoreError::Changed`], and a new
/// file whose name is taken gives [`StoreError::Exists`]; the caller should plan again. `watch` is
/// called for each incident file.
///
/// # Errors
/// [`StoreError::Io`] when a folder cannot be created or flushed.
pub(crate) fn commit(
    workspace: &Workspace,
    steps: &[Step],
    bytes: &[&[u8]],
    watch: Watch<'_>,
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let mut results: Vec<Result<(), StoreError>> = steps.iter().map(|_| Ok(())).collect();
    let mut new: Vec<Vec<&Path>> = Vec::with_capacity(steps.len());
    let (mut of, mut evidence) = (Vec::new(), Vec::new());
    for (index, step) in steps.iter().enumerate() {
        for (path, input) in &step.evidence {
            path.parent().map_or(Ok(()), write::folder)?;
            of.push(index);
            evidence.push(Write { path, bytes: bytes[*input], was: None });
        }
        // A file that existed before must not be removed.
        let is_new = |path: &&Path| !path.exists();
        new.push(step.evidence.iter().map(|(path, _)| path.as_path()).filter(is_new).collect());
    }
    if !evidence.is_empty() {
        for (index, result) in of.into_iter().zip(write::several(
            workspace.root(),
            &evidence,
            Watch { done: &|| (), ..watch },
        )?) {
            if results[index].is_ok() {
                results[index] = result;
            }
        }
    }
    let ready = steps.iter().enumerate().filter(|(index, _)| results[*index].is_ok());
    let (ready, files): (Vec<usize>, Vec<Write<'_>>) =
        ready.filter_map(|(index, step)| Some((index, step.write()?))).unzip();
    for (index, result) in
        ready.into_iter().zip(write::several(workspace.incidents_dir(), &files, watch)?)
    {
        results[index] = result;
    }
    for (_, paths) in results.iter().zip(&new).filter(|(result, _)| result.is_err()) {
        for path in paths {
            // The first error is the one to report.
            let _ = std::fs::remove_file(path);
        }
    }
    Ok(results)
}

/// Whether bytes can be stored at `path` in the workspace: nothing exists there, or the same bytes
/// do.
pub(crate) fn is_free(workspace: &Workspace, path: &str, bytes: &[u8]) -> bool {
    let path = workspace.root().join(path);
    !path.exists() || read::bounded(&path, bytes.len() as u64).is_ok_and(|there| there == bytes)
}
