//! Writing so that a crash leaves the old file or the new one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::StoreError;

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
    /// Whether there is a file already, which it replaces.
    pub replaces: bool,
}

/// Writes several files of `folder` or of folders below it, each as [`atomically`] or [`new_file`] would, and several at a
/// time: it is the waiting for the disk that takes long. Each folder is flushed once, at the end.
/// Gives what became of each.
///
/// # Errors
/// [`StoreError::Io`] when the folder cannot be flushed: what was written is there, and may not be
/// after a crash.
pub fn several(folder: &Path, files: &[Write<'_>]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let write = |file: &Write<'_>| match file.path.exists() && !file.replaces {
        true => Err(StoreError::Exists(file.path.to_owned())),
        false => replace(file.path, file.bytes, Durability::Flushed),
    };
    let results = files.par_iter().map(write).collect();
    settle(folder)?;
    let below: BTreeSet<PathBuf> = files.iter().map(|file| parent(file.path)).filter(|path| path != folder).collect();
    below.par_iter().try_for_each(|folder| settle(folder))?;
    Ok(results)
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

#[derive(PartialEq, Eq)]
enum Durability {
    Flushed,
    Regenerable,
}

fn replace(path: &Path, bytes: &[u8], durability: Durability) -> Result<(), StoreError> {
    let folder = parent(path);
    let failed = || StoreError::io("write", path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".posthoc-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A temporary file is private by default; a document is for whoever the umask lets in.
        let mode = fs::metadata(path).map_or(0o666, |metadata| metadata.permissions().mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut file = builder.tempfile_in(&folder).map_err(failed())?;
    file.write_all(bytes).map_err(failed())?;
    if durability == Durability::Flushed {
        file.as_file().sync_all().map_err(failed())?;
    }
    file.persist(path).map_err(|error| failed()(error.error))?;
    Ok(())
}

/// Flushes a folder: a new name in it is on the disk only then.
fn settle(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(StoreError::io("write to", folder))?;
    }
    Ok(())
}

/// Like [`atomically`], but never over a file that is there.
///
/// # Errors
/// [`StoreError::Exists`], or [`StoreError::Io`].
pub fn new_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if path.exists() {
        return Err(StoreError::Exists(path.to_owned()));
    }
    atomically(path, bytes)
}

/// Makes a folder and those above it.
///
/// # Errors
/// [`StoreError::Io`].
pub fn folder(path: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(path).map_err(StoreError::io("make the folder", path))
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Keeps every other posthoc from writing to a folder while it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock of `folder`. On Unix the folder itself is locked, so that nothing is
    /// left lying in a git tree; elsewhere a file `.posthoc.lock` in it.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the folder cannot be opened or locked.
    pub fn wait(folder: &Path) -> Result<Self, StoreError> {
        let open = || {
            if cfg!(unix) {
                File::open(folder)
            } else {
                File::options().create(true).append(true).open(folder.join(".posthoc.lock"))
            }
        };
        let file = open().map_err(StoreError::io("open", folder))?;
        file.lock().map_err(StoreError::io("lock", folder))?;
        Ok(Lock { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
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
    fn of_several_files_each_is_written_or_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        atomically(&path("old.yaml"), b"old").unwrap();
        let (new, old) = (path("new.yaml"), path("old.yaml"));
        let new = Write { path: &new, bytes: b"new", replaces: false };
        let old = Write { path: &old, bytes: b"newer", replaces: false };
        let results = several(folder.path(), &[old, new]).unwrap();
        assert!(matches!(results[..], [Err(StoreError::Exists(_)), Ok(())]), "{results:?}");
        assert_eq!(fs::read(old.path).unwrap(), b"old");
        let results = several(folder.path(), &[Write { replaces: true, ..old }]).unwrap();
        assert!(matches!(results[..], [Ok(())]));
        assert_eq!((fs::read(old.path).unwrap(), fs::read(new.path).unwrap()), (b"newer".to_vec(), b"new".to_vec()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn an_output_that_is_there_already_is_left_alone() {
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
    fn a_folder_in_the_way_is_an_error_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::create_dir(&path).unwrap();
        let error = atomically(&path, b"one").unwrap_err().to_string();
        assert!(error.starts_with("cannot write "), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        atomically(&path, b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        atomically(&path, b"two").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn one_lock_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let held = Lock::wait(folder.path()).unwrap();
        let other = File::open(folder.path()).unwrap();
        #[cfg(unix)]
        assert!(other.try_lock().is_err());
        drop(held);
        assert!(other.try_lock().is_ok());
    }
}
