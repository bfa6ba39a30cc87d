//! Writing so that a crash leaves the old file or the new one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::error::StoreError;
use super::exchange;
use super::temporary::{Durability, parent, temporary};

/// Writes `bytes` to `path` by way of a temporary file in the same folder, flushed to the disk
/// before it takes the name. An existing file keeps its permissions.
///
/// # Errors
/// [`StoreError::Io`]; the file at `path` is then as it was.
pub fn atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    replace(path, bytes, Durability::Flushed)?;
    settle(&parent(path))
}

/// One of several files to write.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// Where to.
    pub path: &'a Path,
    /// What.
    pub bytes: &'a [u8],
    /// What the file holds by all that is known, where it replaces one.
    pub was: Option<&'a [u8]>,
}

/// Whoever waits for the writing.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Once this is set, no further file is begun.
    pub stop: &'a AtomicBool,
    /// Called when a file is done, or has failed.
    pub done: &'a (dyn Fn() + Sync),
}

/// Writes several files of `folder` or of folders below it, several at a time: it is the waiting for
/// the disk that takes long. A new file never replaces one, and a file that somebody has saved since it
/// was read is left as they saved it: [`StoreError::Changed`]. Each folder is flushed once, at the end.
/// Returns what became of each.
///
/// # Errors
/// [`StoreError::Io`] when the folder cannot be flushed: what was written is there, and may not be
/// after a crash.
pub fn several(
    folder: &Path,
    files: &[Write<'_>],
    watch: Watch<'_>,
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let write = |file: &Write<'_>| {
        let result = match file.was {
            _ if watch.stop.load(Ordering::Relaxed) => return Err(StoreError::Interrupted),
            None => create(file.path, file.bytes),
            Some(was) => exchange::replace(file.path, file.bytes, was),
        };
        (watch.done)();
        result
    };
    let results = files.par_iter().map(write).collect();
    settle(folder)?;
    let below: BTreeSet<PathBuf> =
        files.iter().map(|file| parent(file.path)).filter(|path| path != folder).collect();
    below.par_iter().try_for_each(|folder| settle(folder))?;
    Ok(results)
}

/// Writes a file that is not there; one with these very bytes may be.
fn create(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let file = temporary(path, bytes, Durability::Flushed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
            let is_same =
                super::read::bounded(path, bytes.len() as u64).is_ok_and(|there| there == bytes);
            if is_same { Ok(()) } else { Err(StoreError::Exists(path.to_owned())) }
        }
        Err(error) => Err(StoreError::io("write", path)(error.error)),
    }
}

/// Like [`atomically`], for what can be made again at any time: nothing waits for the disk, and a
/// file that holds these very bytes is left alone, its date included, so that what depends on it
/// need not be made again.
///
/// # Errors
/// As [`atomically`].
pub fn output(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let is_same_length = || fs::metadata(path).is_ok_and(|file| file.len() == bytes.len() as u64);
    if is_same_length() && fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    replace(path, bytes, Durability::Regenerable)
}

fn replace(path: &Path, bytes: &[u8], durability: Durability) -> Result<(), StoreError> {
    let file = temporary(path, bytes, durability)?;
    file.persist(path).map_err(|error| StoreError::io("write", path)(error.error))?;
    Ok(())
}

/// Flushes a folder: a new name in it is on the disk only then.
fn settle(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(StoreError::io("write to", folder))?;
    }
    Ok(())
}

/// Like [`atomically`], but never over a file that is there.
///
/// # Errors
/// [`StoreError::Exists`], or [`StoreError::Io`].
pub fn new_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(StoreError::Exists(path.to_owned()));
    }
    create(path, bytes)?;
    settle(&parent(path))
}

/// Replaces the file at `path`, which holds `was`.
///
/// # Errors
/// [`StoreError::Changed`] if it holds something else by now; else as [`atomically`].
pub fn update(path: &Path, bytes: &[u8], was: &[u8]) -> Result<(), StoreError> {
    exchange::replace(path, bytes, was)?;
    settle(&parent(path))
}

/// Makes a folder and those above it.
///
/// # Errors
/// [`StoreError::Io`].
pub fn folder(path: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(path).map_err(StoreError::io("make the folder", path))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn file_is_replaced_atomically_without_leftovers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        atomically(&path, b"one").unwrap();
        atomically(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(matches!(new_file(&path, b"three"), Err(StoreError::Exists(_))));
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }

    #[test]
    fn each_of_several_files_is_written_or_reported() {
        let (go_on, stop) = (AtomicBool::new(false), AtomicBool::new(true));
        let done = AtomicUsize::new(0);
        let count = || _ = done.fetch_add(1, Ordering::Relaxed);
        let go_on = Watch { stop: &go_on, done: &count };
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        atomically(&path("old.yaml"), b"old").unwrap();
        let (new, old) = (path("new.yaml"), path("old.yaml"));
        let new = Write { path: &new, bytes: b"new", was: None };
        let old = Write { path: &old, bytes: b"newer", was: None };
        let results = several(folder.path(), &[old, new], go_on).unwrap();
        assert!(matches!(results[..], [Err(StoreError::Exists(_)), Ok(())]), "{results:?}");
        assert_eq!(fs::read(old.path).unwrap(), b"old");
        let results = several(folder.path(), &[Write { was: Some(b"old"), ..old }], go_on).unwrap();
        assert!(matches!(results[..], [Ok(())]));
        let results = several(folder.path(), &[Write { was: Some(b"old"), ..old }], go_on).unwrap();
        assert!(matches!(results[..], [Err(StoreError::Changed(_))]), "{results:?}");
        let results = several(
            folder.path(),
            &[Write { was: Some(b"newer"), ..old }],
            Watch { stop: &stop, ..go_on },
        )
        .unwrap();
        assert!(matches!(results[..], [Err(StoreError::Interrupted)]), "{results:?}");
        assert_eq!(
            (fs::read(old.path).unwrap(), fs::read(new.path).unwrap()),
            (b"newer".to_vec(), b"new".to_vec())
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        assert_eq!(done.into_inner(), 4, "each that was begun");
    }

    #[test]
    fn unchanged_output_is_not_rewritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.html");
        let modified = || fs::metadata(&path).unwrap().modified().unwrap();
        output(&path, b"one").unwrap();
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
        output(&path, b"one").unwrap();
        assert_eq!(modified(), long_ago);
        output(&path, b"two").unwrap();
        assert!(modified() > long_ago);
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }

    #[test]
    fn existing_folder_at_the_target_is_an_error_without_leftovers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::create_dir(&path).unwrap();
        let error = atomically(&path, b"one").unwrap_err().to_string();
        assert!(error.starts_with("cannot write "), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_preserved() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        atomically(&path, b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        atomically(&path, b"two").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
