//! A folder of the user's for bytes that can be had again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Once;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::StoreError;
use super::{leftovers, write};

/// An entry that nobody has used for so many days is removed.
const KEPT_DAYS: i64 = 90;

/// The ending of an entry's name; nothing else in the folder is ever touched.
const ENDING: &str = ".kept";

/// Entries by name, each one file. An entry is whole or not there; its date is that of its last use.
#[derive(Debug)]
pub struct CacheFolder {
    folder: PathBuf,
    now: DateTime<Utc>,
    swept: Once,
}

impl CacheFolder {
    /// The cache in `folder`, which is made when there is something to keep. `now` is the time by
    /// the machine's clock, as the dates of files are.
    pub fn new(folder: PathBuf, now: DateTime<Utc>) -> Self {
        CacheFolder { folder, now, swept: Once::new() }
    }

    /// The entry of that name, if there is one that can be read. It counts as used.
    pub fn load(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.path(name);
        let bytes = fs::read(&path).ok()?;
        // A folder that may be read only is a cache all the same.
        let _ = File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_modified(self.now.into()));
        Some(bytes)
    }

    /// Keeps `bytes`. The first time in a run, what was not used for long is removed.
    ///
    /// # Errors
    /// [`StoreError::Io`]; what was kept before is then as it was.
    pub fn save(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        private_folder(&self.folder)?;
        write::output(&self.path(name), bytes)?;
        self.swept.call_once(|| self.sweep());
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{ENDING}"))
    }

    /// Removes what was not used for long. What cannot be removed stays.
    fn sweep(&self) {
        let oldest = self.now - TimeDelta::days(KEPT_DAYS);
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

/// Makes the folder for its owner alone: an answer may be one that others may not see.
fn private_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(StoreError::io("make the folder", folder))
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
            cache.save("one", b"1").unwrap_err().to_string().starts_with("cannot make the folder")
        );
        assert_eq!(cache.load("one"), None);
    }
}
