//! The folder that posthoc works in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::config::{Config, FILE_NAME};
use super::{StoreError, load};
use crate::analysis::config::Definitions;
use crate::diag::{Diagnostic, Place};
use crate::model::Incident;
use crate::model::evidence;
use crate::model::id::IncidentId;
use crate::model::milestone::MilestoneName;

/// The folder of the incident files, unless the settings name another.
pub(super) const INCIDENTS: &str = "incidents";
/// Nobody writes a postmortem of this size; reading it would only fill the memory.
pub(super) const LARGEST_FILE: u64 = 8 << 20;

/// A folder with incidents, and the settings that hold there.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Where the search for it began: messages name files from there.
    start: PathBuf,
    root: PathBuf,
    incidents: PathBuf,
    /// The settings.
    pub config: Config,
}

/// One incident with the file it came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The file, as messages name it.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What it says, with the milestones that its evidence proves: what everything is computed from.
    pub incident: Incident,
    /// The milestones that are not written in the file and that its evidence sets.
    pub proven: Vec<MilestoneName>,
}

impl Loaded {
    /// The incident that `text`, the file at `path`, was read as.
    pub fn new(path: PathBuf, text: String, mut incident: Incident, definitions: &Definitions) -> Self {
        let proven = evidence::settle(&mut incident, definitions.order_of_trust());
        Loaded { path, text, incident, proven }
    }

    /// The incident as the file has it, for one who changes the file.
    pub fn as_written(&self) -> Cow<'_, Incident> {
        if self.proven.is_empty() {
            return Cow::Borrowed(&self.incident);
        }
        let mut written = self.incident.clone();
        self.proven.iter().for_each(|&name| *written.milestones.slot(name) = None);
        Cow::Owned(written)
    }
}

/// Many incidents, and what kept others from being read.
#[derive(Debug, Default)]
pub struct LoadedAll {
    /// Those that could be read, by id.
    pub incidents: Vec<Loaded>,
    /// The mistakes in the others.
    pub problems: Vec<Diagnostic>,
}

impl Workspace {
    /// The workspace that `start` lies in: the nearest folder upwards with a `posthoc.toml`, else
    /// the nearest with an `incidents` folder, else `start` itself.
    ///
    /// # Errors
    /// [`StoreError`] when the settings cannot be read.
    pub fn find(start: &Path) -> Result<Self, StoreError> {
        let holding = |name: &str| start.ancestors().find(|folder| folder.join(name).exists());
        let root = holding(FILE_NAME).or_else(|| holding(INCIDENTS)).unwrap_or(start).to_owned();
        let settings = root.join(FILE_NAME);
        let named = settings.strip_prefix(start).unwrap_or(&settings);
        let config =
            if settings.exists() { Config::load(&settings, &named.display().to_string())? } else { Config::default() };
        let incidents = root.join(config.incidents.clone().unwrap_or_else(|| PathBuf::from(INCIDENTS)));
        Ok(Workspace { start: start.to_owned(), root, incidents, config })
    }

    /// The folder that the evidence and the settings lie in.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of the incident files.
    pub fn incidents_dir(&self) -> &Path {
        &self.incidents
    }

    /// The folder of an incident's kept evidence.
    pub fn evidence_dir(&self, id: &IncidentId) -> PathBuf {
        self.root.join("evidence").join(id.as_str())
    }

    /// Where the file of a new incident goes.
    pub fn path_of(&self, id: &IncidentId) -> PathBuf {
        self.incidents.join(format!("{id}.yaml"))
    }

    /// Every incident file, in the order of the names.
    ///
    /// # Errors
    /// [`StoreError::Io`] when a folder cannot be read. A folder that is not there holds nothing.
    pub fn files(&self) -> Result<Vec<PathBuf>, StoreError> {
        if !self.incidents.exists() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        let visible =
            |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
        for entry in walkdir::WalkDir::new(&self.incidents).sort_by_file_name().into_iter().filter_entry(visible) {
            let entry = entry.map_err(|error| StoreError::Io {
                action: "read",
                path: error.path().unwrap_or(&self.incidents).to_owned(),
                source: error.into(),
            })?;
            if entry.file_type().is_file() && is_yaml(entry.path()) {
                files.push(entry.into_path());
            }
        }
        Ok(files)
    }

    /// Loads every incident, in parallel. What cannot be read is a problem, not a stop.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the folder itself cannot be read.
    pub fn load_all(&self) -> Result<LoadedAll, StoreError> {
        let load = |path: PathBuf| {
            self.load_file(&path).map_err(|error| match error {
                StoreError::Content { problems, .. } => problems,
                other => vec![Diagnostic::error(other.to_string()).at(Place::whole_file(self.name(&path)))],
            })
        };
        let results: Vec<Result<Loaded, Vec<Diagnostic>>> = self.files()?.into_par_iter().map(load).collect();
        let mut all = LoadedAll::default();
        // Incidents are large: collected so, they stay where they are.
        let read = results.into_iter().filter_map(|result| result.map_err(|found| all.problems.extend(found)).ok());
        all.incidents = read.collect();
        all.problems.extend(self.duplicates(&all.incidents));
        all.incidents.sort_by(|a, b| a.incident.id.cmp(&b.incident.id));
        Ok(all)
    }

    fn duplicates(&self, incidents: &[Loaded]) -> Vec<Diagnostic> {
        let mut first: BTreeMap<&IncidentId, &Path> = BTreeMap::new();
        let mut problems = Vec::new();
        for loaded in incidents {
            if let Some(other) = first.insert(&loaded.incident.id, &loaded.path) {
                let message = format!("the id `{}` is taken by {}", loaded.incident.id, self.name(other));
                let place = Place::whole_file(self.name(&loaded.path));
                problems.push(Diagnostic::error(message).at(place).hint("an id names one file: rename one of the two"));
            }
        }
        problems
    }

    /// Loads one incident by its id, or by the path of its file.
    ///
    /// # Errors
    /// [`StoreError`]: no such incident (with the nearest name), a file that cannot be read, or
    /// every mistake in it.
    pub fn load(&self, name: &str) -> Result<Loaded, StoreError> {
        let as_path = Path::new(name);
        if is_yaml(as_path) && as_path.exists() {
            return self.load_file(as_path);
        }
        let files = self.files()?;
        let stems: Vec<String> = files.iter().map(|path| stem(path)).collect();
        let found = named(name, &stems)?;
        self.load_file(&files[found])
    }

    pub(super) fn load_file(&self, path: &Path) -> Result<Loaded, StoreError> {
        let size = fs::metadata(path).map_err(StoreError::io("read", path))?.len();
        let name = self.name(path);
        if size > LARGEST_FILE {
            return Err(too_large(path, &name, size));
        }
        let bytes = fs::read(path).map_err(StoreError::io("read", path))?;
        read_bytes(path, &name, bytes, &self.config.definitions)
    }

    /// The name of a file within the workspace, which is the same wherever one works in it.
    pub fn name_inside(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// The kept bytes of a source. `path` is relative to the workspace and stays inside it.
    ///
    /// # Errors
    /// [`StoreError::Io`] when they cannot be read, or lie elsewhere.
    pub fn read_kept(&self, path: &str) -> Result<Vec<u8>, StoreError> {
        let relative = Path::new(path);
        let inside = relative.components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !inside {
            let source = std::io::Error::other("it does not lie in the workspace");
            return Err(StoreError::Io { action: "read", path: relative.to_owned(), source });
        }
        fs::read(self.root.join(relative)).map_err(StoreError::io("read", relative))
    }

    /// How messages name a file: from the folder that one works in, if it lies below.
    pub fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.start).unwrap_or(path).display().to_string()
    }
}

/// Reads the bytes of the file at `path`, called `name` in messages.
pub(super) fn read_bytes(
    path: &Path,
    name: &str,
    bytes: Vec<u8>,
    definitions: &Definitions,
) -> Result<Loaded, StoreError> {
    let refuse = |problems| StoreError::Content { path: path.to_owned(), problems };
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let place = Place::new(name, &text, valid..valid + '\u{fffd}'.len_utf8());
        refuse(vec![Diagnostic::error("the file is not UTF-8 text").at(place).hint("save it as UTF-8")])
    })?;
    let incident = load::parse(name, text.strip_prefix('\u{feff}').unwrap_or(&text)).map_err(refuse)?;
    Ok(Loaded::new(path.to_owned(), text, incident, definitions))
}

pub(super) fn too_large(path: &Path, name: &str, size: u64) -> StoreError {
    let message = format!("the file has {} MB; an incident file has at most {}", size >> 20, LARGEST_FILE >> 20);
    let problem = Diagnostic::error(message).at(Place::whole_file(name));
    let problem = problem.hint("evidence belongs beside it: `posthoc import FILE --into ID`");
    StoreError::Content { path: path.to_owned(), problems: vec![problem] }
}

/// Whether a file is called like one that holds an incident.
pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// The id that a file's name stands for.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Which of `ids` a person means by `name`: the one of that name, else the only one that it is a
/// part of, since a part is what a person remembers.
///
/// # Errors
/// [`StoreError::NoSuchIncident`] with the id that is written most like it.
pub(super) fn named(name: &str, ids: &[String]) -> Result<usize, StoreError> {
    if let Some(exact) = ids.iter().position(|id| id == name) {
        return Ok(exact);
    }
    let mut partial = (0..ids.len()).filter(|&index| !name.is_empty() && ids[index].contains(name));
    if let (Some(only), None) = (partial.next(), partial.next()) {
        return Ok(only);
    }
    let nearest = ids
        .iter()
        .map(|id| (strsim::jaro_winkler(name, id), id))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| id.clone());
    Err(StoreError::NoSuchIncident { id: name.to_owned(), nearest })
}
