//! Ids of incident files, from their names and first lines, and the id that a person means.

use std::io::{BufRead as _, Read as _};
use std::path::Path;

use super::error::StoreError;
use super::read::{self, LARGEST_FILE};

/// The id in an incident file, if one line states it. The rest of the file is not parsed.
pub(super) fn claimed_id(path: &Path) -> Option<String> {
    let (file, _) = read::regular_file(path).ok()?;
    // The id is at the top of a file, possibly after comments.
    let lines = std::io::BufReader::new(file.take(LARGEST_FILE)).lines().map_while(Result::ok);
    let value = lines.filter_map(|line| line.strip_prefix("id:").map(str::to_owned)).next()?;
    let value = value.split(" #").next().unwrap_or_default().trim();
    Some(value.trim_matches(['"', '\'']).to_owned())
}

/// Whether a file has the name of an incident file.
pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// The id that the name of a file implies.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The index in `ids` of the one that a person means by `name`: the same id, or else the only id
/// that contains it, since people remember parts of ids.
///
/// # Errors
/// [`StoreError::NoSuchIncident`] with the most similar id, or [`StoreError::Ambiguous`] with all
/// ids that contain it.
pub(super) fn named(name: &str, ids: &[String]) -> Result<usize, StoreError> {
    if let Some(exact) = ids.iter().position(|id| id == name) {
        return Ok(exact);
    }
    let partial: Vec<usize> =
        (0..ids.len()).filter(|&index| !name.is_empty() && ids[index].contains(name)).collect();
    match partial.as_slice() {
        [] => {}
        [only] => return Ok(*only),
        several => {
            let matches = several.iter().map(|&index| ids[index].clone()).collect();
            return Err(StoreError::Ambiguous { part: name.to_owned(), matches });
        }
    }
    let nearest = ids
        .iter()
        .map(|id| (strsim::jaro_winkler(name, id), id))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| id.clone());
    Err(StoreError::NoSuchIncident { id: name.to_owned(), nearest })
}
