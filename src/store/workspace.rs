//! The workspace: the folder with the incidents and `posthoc.toml`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::config::{Config, FILE_NAME, INCIDENTS, NaiveTimes};
use super::error::StoreError;
use super::file_names::{claimed_id, is_yaml, named, stem};
use super::load;
use super::read::{self, LARGEST_EVIDENCE, LARGEST_FILE};
use super::system::plain;
use crate::analysis::config::Definitions;
use crate::diag::{Diagnostic, Place};
use crate::model::Incident;
use crate::model::evidence;
use crate::model::id::IncidentId;
use crate::model::milestone::MilestoneName;
use crate::model::zone::with_naive_times;
use crate::text::counted;

/// A folder with incidents, and its settings.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder in which the search started: messages name files relative to it.
    start: PathBuf,
    root: PathBuf,
    incidents: PathBuf,
    /// The settings.
    pub config: Config,
}

/// An incident with its file.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The path of the file, as in messages.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// The incident, including the milestones that its evidence proves. Everything is computed from
    /// this.
    pub incident: Incident,
    /// The milestones that are not in the file and that the evidence sets.
    pub proven: Vec<MilestoneName>,
}

impl Loaded {
    /// The incident that was read from `text`, the file at `path`.
    pub fn new(
        path: PathBuf,
        text: String,
        mut incident: Incident,
        definitions: &Definitions,
    ) -> Self {
        let proven = evidence::settle(&mut incident, definitions.order_of_trust());
        Loaded { path, text, incident, proven }
    }

    /// The incident without the milestones that its evidence proves, for changing the file.
    pub fn as_written(&self) -> Cow<'_, Incident> {
        if self.proven.is_empty() {
            return Cow::Borrowed(&self.incident);
        }
        let mut written = self.incident.clone();
        self.proven.iter().for_each(|&name| *written.milestones.slot(name) = None);
        Cow::Owned(written)
    }
}

/// What was taken from each of many incidents, and the problems of those that could not be read.
#[derive(Debug)]
pub(crate) struct Extracted<T> {
    /// In the order of the ids.
    pub(crate) values: Vec<T>,
    /// The problems.
    pub(crate) problems: Vec<Diagnostic>,
    /// The files that could not be read, or whose id is ambiguous.
    broken: Vec<PathBuf>,
}

/// What was taken from an incident.
struct Read<T> {
    id: IncidentId,
    path: PathBuf,
    value: T,
}

/// Many incidents, and the problems of those that could not be read.
#[derive(Debug, Default)]
pub struct LoadedAll {
    /// The incidents that could be read, by id.
    pub incidents: Vec<Loaded>,
    /// The problems of the others.
    pub problems: Vec<Diagnostic>,
    /// The files of the others.
    pub broken: Vec<PathBuf>,
}

/// The most files with the same id that are named in one message.
const MOST_NAMED: usize = 3;

impl Workspace {
    /// The workspace that contains `start`: the nearest folder upwards with a `posthoc.toml`, else
    /// the nearest with an `incidents` folder, else `start` itself.
    ///
    /// # Errors
    /// [`StoreError`] when the settings cannot be read.
    pub fn find(start: &Path) -> Result<Self, StoreError> {
        let holding = |name: &str| start.ancestors().find(|folder| folder.join(name).exists());
        let root = holding(FILE_NAME).or_else(|| holding(INCIDENTS)).unwrap_or(start).to_owned();
        let settings = root.join(FILE_NAME);
        let named = settings.strip_prefix(start).unwrap_or(&settings);
        let config = if settings.exists() {
            Config::load(&settings, &named.display().to_string())?
        } else {
            Config::default()
        };
        let incidents =
            root.join(config.incidents.clone().unwrap_or_else(|| PathBuf::from(INCIDENTS)));
        Ok(Workspace { start: start.to_owned(), root, incidents, config })
    }

    /// The folder with the settings and the evidence.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of the incident files.
    pub fn incidents_dir(&self) -> &Path {
        &self.incidents
    }

    /// The folder of an incident's evidence files.
    pub fn evidence_dir(&self, id: &IncidentId) -> PathBuf {
        self.root.join("evidence").join(id.as_str())
    }

    /// The path of the file of a new incident.
    pub fn path_of(&self, id: &IncidentId) -> PathBuf {
        self.incidents.join(format!("{id}.yaml"))
    }

    /// Every path with the name of an incident file, sorted by name. Folders and broken links among
    /// them are reported when they are loaded, since skipping them silently would suggest that all
    /// is well.
    ///
    /// # Errors
    /// [`StoreError::Io`] when a folder cannot be read. A missing folder contains nothing.
    pub fn files(&self) -> Result<Vec<PathBuf>, StoreError> {
        if !self.incidents.exists() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        let visible = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
        };
        for entry in walkdir::WalkDir::new(&self.incidents)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(visible)
        {
            let entry = entry.map_err(|error| StoreError::Io {
                action: "read",
                path: error.path().unwrap_or(&self.incidents).to_owned(),
                source: error.into(),
            })?;
            if entry.depth() > 0 && is_yaml(entry.path()) {
                files.push(entry.into_path());
            }
        }
        Ok(files)
    }

    /// Loads every incident, in parallel. A file that cannot be read is a problem, and the others
    /// are still loaded.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the folder itself cannot be read.
    pub fn load_all(&self) -> Result<LoadedAll, StoreError> {
        let all = self.load_each(|loaded| loaded)?;
        let incidents = all.values;
        Ok(LoadedAll { incidents, problems: all.problems, broken: all.broken })
    }

    /// Loads every incident, in parallel, and keeps only what `extract` takes from it: the memory
    /// of many files is that of the few that are being read. In the order of the ids.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the folder itself cannot be read.
    pub(crate) fn load_each<T: Send>(
        &self,
        extract: impl Fn(Loaded) -> T + Sync,
    ) -> Result<Extracted<T>, StoreError> {
        let load = |path: PathBuf| {
            let problems = |error| match error {
                StoreError::Content { problems, .. } => problems,
                other => vec![
                    Diagnostic::error(other.to_string()).at(Place::whole_file(self.name(&path))),
                ],
            };
            match self.load_file(&path) {
                Ok(loaded) => {
                    Ok(Read { id: loaded.incident.id.clone(), path, value: extract(loaded) })
                }
                Err(error) => Err((problems(error), path)),
            }
        };
        let results: Vec<Result<_, (Vec<Diagnostic>, PathBuf)>> =
            self.files()?.into_par_iter().map(load).collect();
        let (mut problems, mut broken) = (Vec::new(), Vec::new());
        // Incidents are large; this moves each of them only once.
        let mut refuse = |(found, path)| {
            problems.extend::<Vec<Diagnostic>>(found);
            broken.push(path);
        };
        let read = results.into_iter().filter_map(|result| result.map_err(&mut refuse).ok());
        let mut read: Vec<Read<T>> = read.collect();
        self.leave_out_ambiguous(&mut read, &mut problems, &mut broken);
        read.sort_by(|a, b| a.id.cmp(&b.id));
        let values = read.into_iter().map(|read| read.value).collect();
        Ok(Extracted { values, problems, broken })
    }

    /// Removes the incidents whose id is also that of another file. Only the author knows which one
    /// is meant: aggregates would count both, and a document would show one of them under the id of
    /// both.
    fn leave_out_ambiguous<T>(
        &self,
        all: &mut Vec<Read<T>>,
        problems: &mut Vec<Diagnostic>,
        broken: &mut Vec<PathBuf>,
    ) {
        let mut by_id: BTreeMap<&IncidentId, Vec<&Path>> = BTreeMap::new();
        for read in &*all {
            by_id.entry(&read.id).or_default().push(&read.path);
        }
        // A file whose name differs from its id cannot be read, but it still has that id.
        let claims: Vec<(IncidentId, &Path)> = broken
            .iter()
            .filter_map(|path| Some((claimed_id(path)?.parse().ok()?, path.as_path())))
            .collect();
        for (id, path) in &claims {
            by_id.entry(id).or_default().push(path);
        }
        by_id.retain(|_, paths| paths.len() > 1);
        let ambiguous: BTreeSet<IncidentId> = by_id.keys().map(|&id| id.clone()).collect();
        let found: Vec<Diagnostic> =
            by_id.into_iter().flat_map(|(id, paths)| self.same_id(id.as_str(), &paths)).collect();
        if !found.is_empty() {
            problems.extend(found);
            let is_out = |read: &Read<T>| ambiguous.contains(&read.id);
            broken.extend(all.iter().filter(|read| is_out(read)).map(|read| read.path.clone()));
            all.retain(|read| !is_out(read));
        }
    }

    /// A problem for each of the files with the same id.
    fn same_id(&self, id: &str, paths: &[&Path]) -> Vec<Diagnostic> {
        let problem = |path: &&Path| {
            // With a thousand files, each does not list the other 999.
            let others = paths.iter().filter(|other| *other != path).take(MOST_NAMED);
            let mut others: Vec<String> = others.map(|other| self.name(other)).collect();
            let more = paths.len() - 1 - others.len();
            others.extend((more > 0).then(|| counted(more, "other file")));
            let message = format!("the id `{id}` is also that of {}", others.join(" and "));
            Diagnostic::error(message)
                .at(Place::whole_file(self.name(path)))
                .hint("an id names one file, so none of them is used: rename all but one, and change the `id` in them")
        };
        paths.iter().map(problem).collect()
    }

    /// Whether a file already has this id or its name.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the folder cannot be read.
    pub fn is_taken(&self, id: &IncidentId) -> Result<bool, StoreError> {
        Ok(self.files()?.iter().any(|path| stem(path) == id.as_str()))
    }

    /// Loads an incident by its id, a part of its id, or the path of its file.
    ///
    /// # Errors
    /// [`StoreError`] if there is no such incident (with the nearest id), if there are several, if
    /// the file cannot be read, or with every mistake in it.
    pub fn load(&self, name: &str) -> Result<Loaded, StoreError> {
        let as_path = Path::new(name);
        if is_yaml(as_path) && as_path.exists() {
            return self.load_file(as_path);
        }
        let files = self.files()?;
        let stems: Vec<String> = files.iter().map(|path| stem(path)).collect();
        let exact: Vec<&Path> = files
            .iter()
            .zip(&stems)
            .filter(|(_, stem)| *stem == name)
            .map(|(path, _)| path.as_path())
            .collect();
        if let [first, _, ..] = exact.as_slice() {
            let problems = self.same_id(name, &exact);
            return Err(StoreError::Content { path: first.to_path_buf(), problems });
        }
        let found = named(name, &stems)?;
        let id = &stems[found];
        let claiming = files
            .par_iter()
            .filter(|path| stem(path) == *id || claimed_id(path).as_ref() == Some(id));
        let claiming: Vec<&Path> = claiming.map(PathBuf::as_path).collect();
        if claiming.len() > 1 {
            let problems = self.same_id(id, &claiming);
            return Err(StoreError::Content { path: files[found].clone(), problems });
        }
        self.load_file(&files[found])
    }

    /// The ids of all incidents from the names of their files, which are not read.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the folder cannot be read.
    pub fn ids(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.files()?.iter().map(|path| stem(path)).collect())
    }

    /// The id of the incident that a person calls `name`, from the names of the files, which are
    /// not read.
    ///
    /// # Errors
    /// [`StoreError`] if there is no such incident (with the nearest id), or if there are several.
    pub fn id_of(&self, name: &str) -> Result<String, StoreError> {
        let as_path = Path::new(name);
        if is_yaml(as_path) && as_path.exists() {
            return Ok(stem(as_path));
        }
        let mut ids = self.ids()?;
        named(name, &ids).map(|index| ids.swap_remove(index))
    }

    /// Loads the incident file at `path`.
    ///
    /// # Errors
    /// [`StoreError`] if the file cannot be read, or with every mistake in it.
    pub fn load_file(&self, path: &Path) -> Result<Loaded, StoreError> {
        let name = self.name(path);
        let refuse = |problem: Diagnostic| StoreError::Content {
            path: path.to_owned(),
            problems: vec![problem],
        };
        let metadata = fs::metadata(path).map_err(|error| {
            if fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink()) {
                let message = format!("this is a link that cannot be followed: {}", plain(&error));
                return refuse(Diagnostic::error(message).at(Place::whole_file(name.as_str())));
            }
            StoreError::io("read", path)(error)
        })?;
        // Reading a pipe would block.
        if !metadata.is_file() {
            let what = if metadata.is_dir() { "a folder" } else { "not a file" };
            let problem =
                Diagnostic::error(format!("this is {what}, but it is named like an incident file"));
            return Err(refuse(
                problem.at(Place::whole_file(name)).hint("rename it, or move it elsewhere"),
            ));
        }
        let size = metadata.len();
        if size > LARGEST_FILE {
            return Err(too_large(path, &name, size));
        }
        let bytes = read::bounded(path, LARGEST_FILE).map_err(StoreError::io("read", path))?;
        read_bytes(path, &name, bytes, &self.config)
    }

    /// The path of a file relative to the workspace, which does not depend on the current folder.
    pub fn name_inside(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// The regular files below a folder of the workspace, sorted, as paths relative to the
    /// workspace with `/`. Links are not followed; a folder that cannot be read gives no files.
    pub fn stored_files(&self, folder: &str) -> Vec<String> {
        let entries = walkdir::WalkDir::new(self.root.join(folder)).sort_by_file_name();
        let files = entries.into_iter().flatten().filter(|entry| entry.file_type().is_file());
        let inside = |entry: walkdir::DirEntry| {
            let path = entry.path().strip_prefix(&self.root).ok()?.to_owned();
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            Some(parts.join("/"))
        };
        files.filter_map(inside).collect()
    }

    /// The bytes of a source's evidence file. `path` is relative to the workspace and must be
    /// inside it.
    ///
    /// # Errors
    /// [`StoreError::Io`] when it cannot be read, or is outside the workspace.
    pub fn read_evidence(&self, path: &str) -> Result<Vec<u8>, StoreError> {
        let relative = Path::new(path);
        let inside =
            relative.components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !inside {
            let source = std::io::Error::other("it is not in the workspace");
            return Err(StoreError::Io { action: "read", path: relative.to_owned(), source });
        }
        let failed = || StoreError::io("read", relative);
        let path = self.root.join(relative);
        // A link, also one of a parent folder, may lead anywhere.
        let is_outside = |root: PathBuf, path: PathBuf| !path.starts_with(root);
        let (root, real) =
            (self.root.canonicalize().map_err(failed())?, path.canonicalize().map_err(failed())?);
        if is_outside(root, real) {
            return Err(failed()(std::io::Error::other("it is a link that leaves the workspace")));
        }
        read::bounded(&path, LARGEST_EVIDENCE).map_err(failed())
    }

    /// The name of a file in messages: relative to the current folder, if the file is below it.
    pub fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.start).unwrap_or(path).display().to_string()
    }
}

/// Reads the bytes of the file at `path`, called `name` in messages.
pub(super) fn read_bytes(
    path: &Path,
    name: &str,
    bytes: Vec<u8>,
    config: &Config,
) -> Result<Loaded, StoreError> {
    let refuse = |problems| StoreError::Content { path: path.to_owned(), problems };
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let place = Place::new(name, &text, valid..valid + '\u{fffd}'.len_utf8());
        refuse(vec![
            Diagnostic::error("the file is not UTF-8 text").at(place).hint("save it as UTF-8"),
        ])
    })?;
    let marked = text.strip_prefix('\u{feff}').map_or(0, |_| '\u{feff}'.len_utf8());
    let read = || load::parse(name, &text[marked..]);
    let takes_naive_times = config.naive_times == Some(NaiveTimes::File);
    let incident = if takes_naive_times { with_naive_times(read) } else { read() };
    let incident = incident.map_err(|mut problems| {
        // Places refer to the whole file, including its byte order mark.
        let places = problems.iter_mut().filter_map(|problem| problem.place.as_mut());
        for place in places.filter(|place| !place.span.is_empty()) {
            place.span = place.span.start + marked..place.span.end + marked;
        }
        refuse(problems)
    })?;
    Ok(Loaded::new(path.to_owned(), text, incident, &config.definitions))
}

pub(super) fn too_large(path: &Path, name: &str, size: u64) -> StoreError {
    let message = format!(
        "the file is {} MB; an incident file has at most {}",
        size >> 20,
        LARGEST_FILE >> 20
    );
    let problem = Diagnostic::error(message).at(Place::whole_file(name));
    let problem = problem.hint("evidence belongs beside it: `posthoc import FILE --into ID`");
    StoreError::Content { path: path.to_owned(), problems: vec![problem] }
}

#[cfg(test)]
mod tests;
