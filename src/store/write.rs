//! Writing so that a crash leaves the old file or the new one.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::StoreError;

/// Writes `bytes` to `path` by way of a temporary file in the same folder, flushed to the disk
/// before it takes the name. An existing file keeps its permissions.
///
/// # Errors
/// [`StoreError::Io`]; the file at `path` is then as it was.
pub fn atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    replace(path, bytes, Durability::Flushed)
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
    // The new name is on the disk only once the folder is.
    #[cfg(unix)]
    if durability == Durability::Flushed {
        File::open(&folder).and_then(|folder| folder.sync_all()).map_err(failed())?;
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
