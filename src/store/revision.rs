//! The incidents in earlier states: the same files, read from git.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::config::{Config, FILE_NAME, INCIDENTS};
use super::error::StoreError;
use super::file_names::{is_yaml, named, stem};
use super::git::{Blob, Differing, Git};
use super::read::{LARGEST_EVIDENCE, LARGEST_FILE};
use super::workspace::Workspace;
use super::workspace::{Loaded, LoadedAll, read_bytes, too_large};
use crate::diag::{Diagnostic, Place};

/// A state of the workspace: a commit or the working tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    /// The revision as typed.
    pub name: String,
    /// The full hash of the commit; `None` for the working tree.
    pub commit: Option<String>,
}

impl State {
    /// The working tree, including uncommitted edits.
    pub(crate) fn working_tree() -> Self {
        State { name: "the working tree".to_owned(), commit: None }
    }
}

/// The history of one workspace.
#[derive(Debug)]
pub(crate) struct History<'w> {
    git: Git,
    workspace: &'w Workspace,
}

impl<'w> History<'w> {
    /// Opens the history of the repository that contains the workspace.
    ///
    /// # Errors
    /// [`StoreError::Git`].
    pub(crate) fn open(workspace: &'w Workspace, offline: bool) -> Result<Self, StoreError> {
        Ok(History { git: Git::open(workspace.root(), offline)?, workspace })
    }

    /// The two states that `range` names: `REV` and the working tree, `A..B`, or `A...B`, which is
    /// the common ancestor and B. An omitted end is `HEAD`.
    ///
    /// # Errors
    /// [`StoreError::Git`] for an unknown revision.
    pub(crate) fn states(&self, range: &str) -> Result<(State, State), StoreError> {
        let state = |name: &str| -> Result<State, StoreError> {
            Ok(State { name: name.to_owned(), commit: Some(self.git.commit(name)?) })
        };
        let end = |name: &str| state(if name.is_empty() { "HEAD" } else { name });
        if let Some((before, after)) = range.split_once("...") {
            let (before, after) = (end(before)?, end(after)?);
            let ends =
                (before.commit.unwrap_or_default(), after.commit.clone().unwrap_or_default());
            let commit = self.git.merge_base(&ends.0, &ends.1)?;
            return Ok((State { name: range.to_owned(), commit: Some(commit) }, after));
        }
        match range.split_once("..") {
            Some((before, after)) => Ok((end(before)?, end(after)?)),
            None => Ok((state(range)?, State::working_tree())),
        }
    }

    /// The settings in a state; the defaults if it had none.
    ///
    /// # Errors
    /// [`StoreError`] if git fails or the settings are invalid.
    pub(crate) fn settings(&self, state: &State) -> Result<Config, StoreError> {
        let Some(commit) = &state.commit else { return Ok(self.workspace.config.clone()) };
        let files = self.git.files(commit, Path::new(FILE_NAME))?;
        let Some(file) = files.first() else { return Ok(Config::default()) };
        let object = file.object.as_deref().unwrap_or_default();
        let bytes = self.git.read(&[object], LARGEST_FILE)?.into_iter().next().unwrap_or_default();
        let name = named_in(state, &file.path);
        Config::parse(&name, &String::from_utf8_lossy(&bytes))
            .map_err(|problems| StoreError::Content { path: file.path.clone(), problems })
    }

    /// The incident files that differ between two states, including new files that are not tracked
    /// yet. `settings` name the folder of the incidents in each state.
    ///
    /// # Errors
    /// [`StoreError::Git`].
    pub(crate) fn differing(
        &self,
        states: (&State, &State),
        settings: (&Config, &Config),
    ) -> Result<Vec<Differing>, StoreError> {
        let mut folders = vec![folder(settings.0), folder(settings.1)];
        folders.dedup();
        let before = states.0.commit.as_deref().unwrap_or("HEAD");
        let mut differing = self.git.differing(before, states.1.commit.as_deref(), &folders)?;
        if states.1.commit.is_none() {
            let new = self.git.untracked(&folder(settings.1))?.into_iter();
            // A file that a later commit removed but that is still in the folder is untracked as
            // well.
            let known = |path: &Path| {
                differing
                    .iter()
                    .any(|file| file.after.as_ref().is_some_and(|blob| blob.path == path))
            };
            let new: Vec<PathBuf> = new.filter(|path| !known(path)).collect();
            for path in new {
                let gone = differing.iter_mut().find(|file| {
                    file.after.is_none()
                        && file.before.as_ref().is_some_and(|blob| blob.path == path)
                });
                let after = Some(Blob { path, object: None });
                match gone {
                    Some(file) => file.after = after,
                    None => differing.push(Differing { before: None, after }),
                }
            }
        }
        for file in &mut differing {
            file.before.take_if(|blob| !self.holds_incident(blob, settings.0));
            file.after.take_if(|blob| !self.holds_incident(blob, settings.1));
        }
        differing.retain(|file| file.before.is_some() || file.after.is_some());
        differing.sort_by(|a, b| path(a).cmp(&path(b)));
        Ok(differing)
    }

    /// Every incident file of a state.
    ///
    /// # Errors
    /// [`StoreError::Git`], or [`StoreError::Io`] if the folder cannot be read.
    pub(crate) fn files(&self, state: &State, settings: &Config) -> Result<Vec<Blob>, StoreError> {
        let Some(commit) = &state.commit else {
            let from_top = |path: PathBuf| match path.strip_prefix(self.workspace.root()) {
                Ok(inside) => self.git.prefix.join(inside),
                Err(_) => path,
            };
            let files = self.workspace.files()?.into_iter();
            return Ok(files.map(|path| Blob { path: from_top(path), object: None }).collect());
        };
        let files = self.git.files(commit, &folder(settings))?.into_iter();
        Ok(files.filter(|blob| self.holds_incident(blob, settings)).collect())
    }

    /// Loads files of a state in parallel. The results are in the order of the files; each is the
    /// incident or the reason why it cannot be read. `settings` are those of the state: they define
    /// the order of trust for milestones.
    ///
    /// # Errors
    /// [`StoreError::Git`] when git itself fails.
    pub(crate) fn load(
        &self,
        state: &State,
        settings: &Config,
        blobs: &[&Blob],
    ) -> Result<Vec<Result<Loaded, StoreError>>, StoreError> {
        let objects: Vec<&str> = blobs.iter().filter_map(|blob| blob.object.as_deref()).collect();
        if state.commit.is_none() || objects.len() < blobs.len() {
            return Ok(blobs
                .par_iter()
                .map(|blob| self.workspace.load_file(&self.on_disk(&blob.path)))
                .collect());
        }
        let contents = self.git.read(&objects, LARGEST_FILE)?;
        Ok(blobs
            .par_iter()
            .zip(contents)
            .map(|(blob, bytes)| at_commit(state, settings, &blob.path, bytes))
            .collect())
    }

    /// Loads every incident of a state except those at the paths `but`.
    ///
    /// # Errors
    /// As for [`History::load`].
    pub(crate) fn load_others(
        &self,
        state: &State,
        settings: &Config,
        but: &[&Path],
    ) -> Result<LoadedAll, StoreError> {
        let but: std::collections::HashSet<&Path> = but.iter().copied().collect();
        let files = self.files(state, settings)?;
        let files: Vec<&Blob> =
            files.iter().filter(|blob| !but.contains(blob.path.as_path())).collect();
        let mut all = LoadedAll::default();
        for result in self.load(state, settings, &files)? {
            match result {
                Ok(loaded) => all.incidents.push(loaded),
                Err(error) => all.problems.extend(problems(error)),
            }
        }
        Ok(all)
    }

    /// The bytes of an evidence file in a state. `path` is relative to the workspace.
    ///
    /// # Errors
    /// [`StoreError::Io`] with `NotFound` if the state does not have it, or [`StoreError::Git`].
    pub(crate) fn read_evidence(&self, state: &State, path: &str) -> Result<Vec<u8>, StoreError> {
        let Some(commit) = &state.commit else { return self.workspace.read_evidence(path) };
        let files = self.git.files(commit, Path::new(path))?;
        let objects: Vec<&str> =
            files.iter().take(1).filter_map(|file| file.object.as_deref()).collect();
        let missing = || StoreError::io("read", path)(std::io::ErrorKind::NotFound.into());
        self.git.read(&objects, LARGEST_EVIDENCE)?.into_iter().next().ok_or_else(missing)
    }

    /// The path of a repository file in the working tree.
    fn on_disk(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.git.prefix) {
            Ok(inside) => self.workspace.root().join(inside),
            Err(_) => self.git.top.join(path),
        }
    }

    /// Whether the workspace would read the file as an incident.
    fn holds_incident(&self, blob: &Blob, settings: &Config) -> bool {
        let inside = blob.path.strip_prefix(&self.git.prefix).unwrap_or(&blob.path);
        let Ok(inside) = inside.strip_prefix(folder(settings)) else { return false };
        let is_hidden = |part: Component| part.as_os_str().as_encoded_bytes().starts_with(b".");
        is_yaml(inside) && !inside.components().any(is_hidden)
    }
}

/// The reasons why a file cannot be read, as diagnostics.
pub(crate) fn problems(error: StoreError) -> Vec<Diagnostic> {
    match error {
        StoreError::Content { problems, .. } => problems,
        other => vec![Diagnostic::error(other.to_string())],
    }
}

/// The id that a person means by `name` among the files of two states: an id, the only id that
/// contains it, or a path. Deleted incidents can be named as well.
///
/// # Errors
/// [`StoreError::NoSuchIncident`].
pub(crate) fn id_of(name: &str, files: &[Vec<Blob>; 2]) -> Result<String, StoreError> {
    let mut ids: Vec<String> = files.iter().flatten().map(|blob| stem(&blob.path)).collect();
    ids.sort();
    ids.dedup();
    let path = Path::new(name);
    let name = if is_yaml(path) { stem(path) } else { name.to_owned() };
    named(&name, &ids).map(|index| ids.swap_remove(index))
}

/// The id that the name of a file implies.
pub(crate) fn id_in(blob: &Blob) -> String {
    stem(&blob.path)
}

fn path(file: &Differing) -> Option<&Path> {
    file.after.as_ref().or(file.before.as_ref()).map(|blob| blob.path.as_path())
}

fn folder(settings: &Config) -> PathBuf {
    settings.incidents.clone().unwrap_or_else(|| PathBuf::from(INCIDENTS))
}

/// The name of a file of a commit in messages, in the form for `git show`.
fn named_in(state: &State, path: &Path) -> String {
    // For `A...B`, a short hash is more precise than the range.
    let is_range = state.name.contains("..");
    let commit = state.commit.as_deref().filter(|_| is_range).and_then(|commit| commit.get(..12));
    format!("{}:{}", commit.unwrap_or(&state.name), path.display())
}

/// A file at a commit.
fn at_commit(
    state: &State,
    settings: &Config,
    path: &Path,
    bytes: Vec<u8>,
) -> Result<Loaded, StoreError> {
    let name = named_in(state, path);
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(too_large(path, &name, bytes.len() as u64));
    }
    // The id is checked against the name of the file, so the name must not begin with the revision.
    read_bytes(path, &path.display().to_string(), bytes, settings).map_err(|error| match error {
        StoreError::Content { path, mut problems } => {
            let shown: Arc<str> = name.as_str().into();
            for place in problems.iter_mut().filter_map(|problem| problem.place.as_mut()) {
                *place = Place { file: Arc::clone(&shown), ..place.clone() };
            }
            StoreError::Content { path, problems }
        }
        other => other,
    })
}
