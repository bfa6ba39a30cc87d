//! Replaces a file that an editor may save at the same time.
//!
//! Editors do not know our lock. They save by renaming a new file over the old one, or by writing
//! into it. So the new file and the old one are exchanged in one system call, and then the old one
//! is read: if it is not what the new one was based on, someone saved in between, and the files are
//! exchanged back. A save by rename is therefore never lost.
//!
//! One window remains: an editor that opened the file before the exchange without truncating it,
//! and writes into it after it was read for the last time, writes into a deleted file. Where the
//! system cannot exchange files, the file is read again just before the rename, and a save between
//! these two steps is lost.

use std::fs;
use std::path::Path;

use tempfile::TempPath;

use super::error::StoreError;
use super::leftovers;
use super::read;
use super::temporary::{Durability, temporary};

/// An editor may save repeatedly while its file is being put back.
const MOST_TURNS: usize = 100;

/// Replaces the file at `path`, whose content is `was`, by `bytes`.
///
/// # Errors
/// [`StoreError::Changed`] if the file has another content by now, which is then preserved;
/// [`StoreError::Edit`] for a link, which is never replaced by a file; [`StoreError::Io`].
pub(super) fn replace(path: &Path, bytes: &[u8], was: &[u8]) -> Result<(), StoreError> {
    let failed = || StoreError::io("write", path);
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(metadata) if metadata.is_symlink() => {
            let reason =
                "it is a link, and links are not followed when writing: edit the file that it leads to"
                    .to_owned();
            return Err(StoreError::Edit { path: path.to_owned(), reason });
        }
        Ok(_) => {
            return Err(StoreError::Edit {
                path: path.to_owned(),
                reason: "it is not a file".to_owned(),
            });
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::Changed(path.to_owned()));
        }
        Err(error) => return Err(failed()(error)),
    }
    let file = temporary(path, bytes, Durability::Flushed)?;
    // From now on this name may refer to a file that a person saved, so the name records which
    // contents may be deleted.
    let swap = leftovers::swap_name(path, bytes, was);
    let other = file.into_temp_path();
    fs::rename(&other, &swap).map_err(failed())?;
    // The file no longer has its temporary name.
    let _ = other.keep();
    let other = TempPath::try_from_path(swap).map_err(failed())?;
    match exchange(&other, path) {
        Ok(()) => {}
        Err(error) if is_unsupported(&error) => return rename(other, path, was),
        Err(error) => return Err(failed()(error)),
    }
    let holds = |path: &Path, bytes: &[u8]| {
        read::bounded(path, bytes.len() as u64).is_ok_and(|there| there == bytes)
    };
    if holds(&other, was) {
        // Gives an editor that is writing into the old file a chance to finish.
        std::thread::yield_now();
        if holds(&other, was) {
            return other.close().map_err(failed());
        }
    }
    // From now on the file belongs to a person: an error leaves it in place.
    let theirs = other.keep().map_err(|error| failed()(error.error))?;
    put_back(&theirs, path, bytes).map_err(|error| match error {
        StoreError::Io { source, .. } => {
            let reason = format!(
                "someone else saved it meanwhile; their version is in {}: {source}",
                theirs.display()
            );
            StoreError::Edit { path: path.to_owned(), reason }
        }
        other => other,
    })
}

/// Gives the file at `other`, which a person saved, its name back. `path` holds `ours`.
fn put_back(other: &Path, path: &Path, ours: &[u8]) -> Result<(), StoreError> {
    let failed = || StoreError::io("write", path);
    let mut put = ours.to_vec();
    for _ in 0..MOST_TURNS {
        let saved = fs::read(other).map_err(failed())?;
        exchange(other, path).map_err(failed())?;
        let out = fs::read(other).map_err(failed())?;
        if out == put {
            // Nobody saved in the meantime: the latest version of the person is in place.
            fs::remove_file(other).map_err(failed())?;
            return Err(StoreError::Changed(path.to_owned()));
        }
        // The file that came out is newer than the one that went in.
        put = saved;
    }
    // The file changes without end; none of its versions is deleted.
    Err(StoreError::Edit {
        path: path.to_owned(),
        reason: format!("it is being saved continuously; see {}", other.display()),
    })
}

/// The fallback for systems that cannot exchange two files.
fn rename(other: TempPath, path: &Path, was: &[u8]) -> Result<(), StoreError> {
    if fs::read(path).is_ok_and(|there| there == was) {
        return other.persist(path).map_err(|error| StoreError::io("write", path)(error.error));
    }
    Err(StoreError::Changed(path.to_owned()))
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Whether the file system does not support the exchange; file systems report this differently.
fn is_unsupported(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidInput, Unsupported};
    matches!(error.kind(), Unsupported | InvalidInput)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "an editor saves as it likes")]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    /// Ends the race when either side ends or fails.
    struct Ends<'a>(&'a AtomicBool);

    impl Drop for Ends<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    /// Two writers race for a counter: an editor that saves repeatedly, each time with one more
    /// line, and posthoc, which adds a line of its own and plans again if the file has changed.
    fn raced(save: impl Fn(&Path, &str) + Sync) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "0\n").unwrap();
        let (over, turns) = (AtomicBool::new(false), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            let editor = scope.spawn(|| {
                let _ends = Ends(&over);
                for number in 1..=200 {
                    save(&path, &format!("{number}\n"));
                    // Spins for a varying time, so that the save comes before, during and after the
                    // exchange.
                    let spin = (number * 7919) % 613;
                    (0..spin * 20).for_each(|_| std::hint::spin_loop());
                    let is_there = || {
                        let text = fs::read_to_string(&path).unwrap_or_default();
                        text.lines().next() == Some(number.to_string().as_str())
                    };
                    // While the two files are exchanged, an older text is visible for a moment.
                    // Once the exchange that ran during the save has ended, no older text can be
                    // there.
                    let at_save = turns.load(Ordering::SeqCst);
                    while turns.load(Ordering::SeqCst) < at_save + 2 && !over.load(Ordering::SeqCst)
                    {
                        std::thread::yield_now();
                    }
                    assert!(is_there(), "save {number} was lost: {:?}", fs::read_to_string(&path));
                }
            });
            let _ends = Ends(&over);
            while !over.load(Ordering::SeqCst) {
                let was = fs::read(&path).unwrap_or_default();
                if was.is_empty() {
                    continue;
                }
                let ours = [was.as_slice(), b"ours\n"].concat();
                match replace(&path, &ours, &was) {
                    Ok(()) | Err(StoreError::Changed(_)) => {}
                    Err(error) => panic!("{error}"),
                }
                turns.fetch_add(1, Ordering::SeqCst);
            }
            editor.join().unwrap();
        });
        assert_eq!(fs::read_to_string(&path).unwrap().lines().next(), Some("200"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn save_by_rename_is_never_lost() {
        raced(|path, text| {
            let new = path.with_extension("new");
            fs::write(&new, text).unwrap();
            fs::rename(&new, path).unwrap();
        });
    }

    #[test]
    fn content_saved_before_the_exchange_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "theirs").unwrap();
        assert!(matches!(replace(&path, b"ours", b"was"), Err(StoreError::Changed(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        replace(&path, b"ours", b"theirs").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "ours");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn saved_content_is_left_in_place_if_it_cannot_be_restored() {
        let folder = tempfile::tempdir().unwrap();
        let (other, path) = (folder.path().join("other"), folder.path().join("a.yaml"));
        fs::write(&other, "a person's").unwrap();
        // The name is gone, as it is for a moment while an editor deletes and recreates a file.
        assert!(matches!(put_back(&other, &path, b"ours"), Err(StoreError::Io { .. })));
        assert_eq!(fs::read_to_string(&other).unwrap(), "a person's");
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_link_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&file, "was").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(matches!(replace(&link, b"ours", b"was"), Err(StoreError::Edit { .. })));
        assert_eq!(fs::read_to_string(&file).unwrap(), "was");
    }
}
