//! Writes files so that after a crash there is either the old one or the new one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::error::StoreError;
use super::exchange;
use super::temporary::{Durability, parent, temporary};

/// Writes `bytes` to `path` through a temporary file in the same folder, which is flushed to the
/// disk before it gets the name. An existing file keeps its permissions.
///
/// # Errors
/// [`StoreError::Io`]; the file at `path` is then unchanged.
pub fn atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    replace(path, bytes, Durability::Flushed)?;
    flush_folder(&parent(path))
}

/// One of several files to write.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// The path of the file.
    pub path: &'a Path,
    /// Its new content.
    pub bytes: &'a [u8],
    /// Its expected current content, if it replaces a file.
    pub was: Option<&'a [u8]>,
}

/// Callbacks of the caller that waits for the writing.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Once this is set, no further file is started.
    pub stop: &'a AtomicBool,
    /// Called when a file was written or failed.
    pub done: &'a (dyn Fn() + Sync),
}

/// Writes several files of `folder` or of folders below it in parallel, since most of the time is
/// spent waiting for the disk. A new file never replaces an existing one, and a file that was saved
/// by someone else since it was read is left unchanged: [`StoreError::Changed`]. Each folder is
/// flushed once, at the end. Returns the result of each write.
///
/// # Errors
/// [`StoreError::Io`] when the folder cannot be flushed: the files are written, but may not survive
/// a crash.
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
    flush_folder(folder)?;
    let below: BTreeSet<PathBuf> =
        files.iter().map(|file| parent(file.path)).filter(|path| path != folder).collect();
    below.par_iter().try_for_each(|folder| flush_folder(folder))?;
    Ok(results)
}

/// Writes a file that does not exist, or that exists with the same bytes.
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

/// Like [`atomically`], for output that can be generated again: it is not flushed to the disk. A
/// file with the same bytes is left unchanged, including its date, so that build tools do not
/// rebuild what depends on it.
///
/// # Errors
/// As for [`atomically`].
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

/// Flushes a folder: only then is a new name in it on the disk.
fn flush_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(StoreError::io("write to", folder))?;
    }
    Ok(())
}

/// Like [`atomically`], but never replaces an existing file.
///
/// # Errors
/// [`StoreError::Exists`], or [`StoreError::Io`].
pub fn new_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(StoreError::Exists(path.to_owned()));
    }
    create(path, bytes)?;
    flush_folder(&parent(path))
}

/// Replaces the file at `path`, whose content is `was`.
///
/// # Errors
/// [`StoreError::Changed`] if the file has another content by now; otherwise as for [`atomically`].
pub fn update(path: &Path, bytes: &[u8], was: &[u8]) -> Result<(), StoreError> {
    exchange::replace(path, bytes, was)?;
    flush_folder(&parent(path))
}

/// Creates a folder and its parents.
///
/// # Errors
/// [`StoreError::Io`].
pub fn folder(path: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(path).map_err(StoreError::io("create the folder", path))
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
