//! Writes what an import has planned.

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

/// A change as texts and paths, ready to be written.
#[derive(Debug)]
pub struct Step {
    /// The incident.
    pub id: IncidentId,
    /// Its file.
    pub path: PathBuf,
    /// What becomes of that.
    pub action: Action,
    /// What is reported about it, each note with the file as its place.
    pub notes: Vec<Diagnostic>,
    /// The records that it is made of, by their indexes. The first one made it.
    pub records: Vec<usize>,
    /// The bytes that are stored with it: where, and the index of the input.
    pub evidence: Vec<(PathBuf, usize)>,
}

/// What becomes of an incident file.
#[derive(Debug)]
pub enum Action {
    /// A new file.
    Create {
        /// Its text.
        text: String,
    },
    /// A file that says more.
    Extend {
        /// Its new text.
        text: String,
        /// What it says now.
        was: String,
        /// What is new.
        edits: Vec<Edit>,
    },
    /// Nothing is new.
    Keep,
}

impl Step {
    /// What is written, if anything is.
    fn write(&self) -> Option<Write<'_>> {
        let path = &self.path;
        match &self.action {
            Action::Create { text } => Some(Write { path, bytes: text.as_bytes(), was: None }),
            Action::Extend { text, was, .. } => {
                Some(Write { path, bytes: text.as_bytes(), was: Some(was.as_bytes()) })
            }
            Action::Keep => None,
        }
    }

    /// Whether its file is new or will change.
    pub fn is_written(&self) -> bool {
        !matches!(self.action, Action::Keep)
    }
}

/// Makes the texts of the files, each read back before it is written. `files` are those that the plan was
/// made on. A change that gives no text is left out, with the reason.
pub fn prepare(
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
        Some(_) if edits.is_empty() => Ok(Action::Keep),
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

/// Writes the steps, and returns what became of each. The bytes of evidence go first: a file that named
/// bytes which are not there would be worse than bytes that no file names. Should the file then not be
/// written, the bytes are removed. `bytes` are those of the inputs, by their indexes.
///
/// A file that somebody else has saved since it was read gives [`StoreError::Changed`], a new one whose
/// name is taken by now [`StoreError::Exists`]: plan again on what is there. `watch` hears of every
/// incident file.
///
/// # Errors
/// [`StoreError::Io`] when a folder cannot be made or flushed.
pub fn commit(
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
        // What is there already is not ours to remove.
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

/// Whether bytes can be stored at `path` in the workspace: nothing is there, or these very bytes.
pub fn is_free(workspace: &Workspace, path: &str, bytes: &[u8]) -> bool {
    let path = workspace.root().join(path);
    !path.exists() || read::bounded(&path, bytes.len() as u64).is_ok_and(|there| there == bytes)
}
