//! A cache folder of the user, for bytes that can be fetched again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Once;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::StoreError;
use super::{leftovers, write};

/// The number of days after which an unused entry is removed.
const MAX_AGE_DAYS: i64 = 90;

/// The suffix of an entry's file name. Other files in the folder are never touched.
const ENDING: &str = ".kept";

/// Entries by name, one file each. An entry is complete or absent; the modification time of its
/// file is that of its last use.
#[derive(Debug)]
pub(crate) struct CacheFolder {
    folder: PathBuf,
    now: DateTime<Utc>,
    swept: Once,
}

impl CacheFolder {
    /// The cache in `folder`, which is created on the first write. `now` is the time of the
    /// machine's clock, like the modification times of files.
    pub(crate) fn new(folder: PathBuf, now: DateTime<Utc>) -> Self {
        CacheFolder { folder, now, swept: Once::new() }
    }

    /// The entry of that name, if it exists and can be read. It counts as used.
    pub(crate) fn load(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.path(name);
        let bytes = fs::read(&path).ok()?;
        // A read-only folder is still a usable cache.
        let _ = File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_modified(self.now.into()));
        Some(bytes)
    }

    /// Stores `bytes`. The first call in a run also removes entries that were not used for long.
    ///
    /// # Errors
    /// [`StoreError::Io`]; an earlier entry of that name then remains.
    pub(crate) fn save(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        private_folder(&self.folder)?;
        write::output(&self.path(name), bytes)?;
        self.swept.call_once(|| self.sweep());
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{ENDING}"))
    }

    /// Removes entries that were not used for long. Entries that cannot be removed are left.
    fn sweep(&self) {
        let oldest = self.now - TimeDelta::days(MAX_AGE_DAYS);
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_ours = name
                .to_str()
                .is_some_and(|name| name.ends_with(ENDING) || leftovers::is_temporary(name));
            let last_used =
                entry.metadata().and_then(|file| file.modified()).map(DateTime::<Utc>::from);
            if is_ours && last_used.is_ok_and(|used| used < oldest) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Creates the folder with access for its owner only, since answers may be confidential.
fn private_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(StoreError::io("create the folder", folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn entry_is_stored_until_unused_for_long() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a").join("b");
        let day = |text: &str| format!("{text}T00:00:00Z").parse::<DateTime<Utc>>().unwrap();
        let cache = |now: &str| CacheFolder::new(folder.clone(), day(now));
        assert_eq!(cache("2026-01-01").load("one"), None);
        let first = cache("2026-01-01");
        for name in ["one", "two"] {
            first.save(name, name.as_bytes()).unwrap();
            assert_eq!(first.load(name).unwrap(), name.as_bytes());
        }
        write::atomically(&folder.join("mine.txt"), b"x").unwrap();
        File::options()
            .append(true)
            .open(folder.join("mine.txt"))
            .unwrap()
            .set_modified(day("2020-01-01").into())
            .unwrap();
        assert!(cache("2026-03-20").load("two").is_some());
        cache("2026-04-15").save("three", b"3").unwrap();
        assert_eq!(
            names(&folder),
            ["mine.txt", "three.kept", "two.kept"],
            "`one` was not used for 104 days"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn unwritable_cache_folder_is_reported() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        write::atomically(&file, b"x").unwrap();
        let cache = CacheFolder::new(file.join("cache"), DateTime::UNIX_EPOCH);
        assert!(
            cache
                .save("one", b"1")
                .unwrap_err()
                .to_string()
                .starts_with("cannot create the folder")
        );
        assert_eq!(cache.load("one"), None);
    }
}
