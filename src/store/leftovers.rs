//! Temporary files, and their cleanup after a run that was killed.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::read;

/// The prefix of the names of temporary files: hidden, and specific to posthoc.
pub(super) const PREFIX: &str = ".posthoc-";
/// The suffix of the names of temporary files.
pub(super) const SUFFIX: &str = ".tmp";
/// What follows the prefix in the name of a file that is exchanged with another one.
const SWAP: &str = "swap-";

/// Whether this is the name of a temporary file.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

/// A name next to `path` for a file that is exchanged with it. It contains the hashes of the two
/// contents that may be deleted: a file of that name with another content was saved by a person.
pub(super) fn swap_name(path: &Path, ours: &[u8], was: &[u8]) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let short: String = name.chars().take(60).collect();
    let swap = format!(
        "{PREFIX}{SWAP}{}-{}-{}-{short}{SUFFIX}",
        hash(ours),
        hash(was),
        std::process::id()
    );
    path.with_file_name(swap)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Removes temporary files that killed runs left in `folder` and below. Returns the files that
/// contain what a person saved at that moment, which are preserved. The folder must be locked,
/// since the files may otherwise be in use.
pub(crate) fn sweep(folder: &Path) -> Vec<PathBuf> {
    let mut saved = Vec::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy();
        let Some(middle) = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(SUFFIX))
        else {
            continue;
        };
        if !entry.file_type().is_file() {
            continue;
        }
        let is_saved = middle.strip_prefix(SWAP).is_some_and(|hashes| {
            let there = read::bounded(entry.path(), u64::MAX - 1).map(|bytes| hash(&bytes));
            !there.is_ok_and(|there| hashes.split('-').take(2).any(|known| known == there))
        });
        if is_saved {
            saved.push(entry.into_path());
        } else {
            // A file that cannot be removed is harmless.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    saved
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "an editor saves as it likes")]
mod tests {
    use super::*;

    #[test]
    fn leftovers_of_a_killed_run_are_removed_but_saved_work_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let swap = |ours: &str| swap_name(&path, ours.as_bytes(), b"was");
        std::fs::write(&path, "a").unwrap();
        std::fs::write(folder.path().join(".posthoc-x1.tmp"), "half").unwrap();
        std::fs::write(swap("one"), "one").unwrap();
        std::fs::write(swap("two"), "was").unwrap();
        std::fs::write(swap("three"), "saved by a person").unwrap();
        assert_eq!(sweep(folder.path()), [swap("three")]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
