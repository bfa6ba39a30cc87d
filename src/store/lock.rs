//! The lock that lets one posthoc at a time write to a folder.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::error::StoreError;

/// Waiting up to this long is not reported.
const SHORT: Duration = Duration::from_secs(1);
/// An import of thousands of files takes seconds; a lock that is held longer is held by mistake.
pub(crate) const LONGEST: Duration = Duration::from_secs(60);

/// Prevents every other posthoc from writing to a folder while it exists.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock of `folder`, at most `longest`, and calls `waiting` once if that takes
    /// more than a moment. On Unix the folder itself is locked, which adds no file to a git tree;
    /// elsewhere it is a file `.posthoc.lock` in the folder.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the folder cannot be opened or locked, [`StoreError::Locked`] when
    /// another process holds the lock too long, and [`StoreError::Interrupted`] once `stop` is set.
    pub(crate) fn wait(
        folder: &Path,
        longest: Duration,
        stop: &AtomicBool,
        mut waiting: impl FnMut(&Path),
    ) -> Result<Self, StoreError> {
        let path = if cfg!(unix) { folder.to_owned() } else { folder.join(".posthoc.lock") };
        let open = || {
            if cfg!(unix) {
                File::open(&path)
            } else {
                File::options().create(true).append(true).open(&path)
            }
        };
        let file = open().map_err(StoreError::io("open", &path))?;
        let (began, mut is_reported) = (Instant::now(), false);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::Error(error)) => {
                    return Err(StoreError::io("lock", &path)(error));
                }
                Err(TryLockError::WouldBlock) => {}
            }
            let waited = began.elapsed();
            if stop.load(Ordering::Relaxed) {
                return Err(StoreError::Interrupted);
            }
            if waited >= longest {
                return Err(StoreError::Locked { path, seconds: longest.as_secs() });
            }
            if waited >= SHORT && !is_reported {
                is_reported = true;
                waiting(&path);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_is_waited_for_with_a_timeout() {
        let folder = tempfile::tempdir().unwrap();
        let go_on = AtomicBool::new(false);
        let wait =
            |longest| Lock::wait(folder.path(), Duration::from_millis(longest), &go_on, |_| {});
        let held = wait(0).unwrap();
        let error = wait(50).unwrap_err().to_string();
        assert!(error.contains(&folder.path().display().to_string()), "{error}");
        let stopped =
            Lock::wait(folder.path(), Duration::from_secs(20), &AtomicBool::new(true), |_| {});
        assert!(matches!(stopped, Err(StoreError::Interrupted)));
        let waiting = std::thread::spawn({
            let path = folder.path().to_owned();
            move || {
                let mut reported = 0;
                Lock::wait(&path, Duration::from_secs(20), &AtomicBool::new(false), |_| {
                    reported += 1;
                })
                .map(|_| reported)
            }
        });
        std::thread::sleep(SHORT + Duration::from_millis(200));
        drop(held);
        assert_eq!(waiting.join().unwrap().unwrap(), 1);
    }
}
