//! The context of a file while its times are read.
//!
//! serde's visitors take no argument, and times occur in thirty places of the model, so this part
//! of the context is passed in a thread-local variable. Only [`crate::model::time`] reads it.

use std::cell::Cell;

use super::clock::Zone;

thread_local! {
    static HOME: Cell<Option<Zone>> = const { Cell::new(None) };
}

/// Runs `read` with `home` as the zone that decides between the meanings of an abbreviation.
pub fn with_home<T>(home: Option<Zone>, read: impl FnOnce() -> T) -> T {
    struct Restore(Option<Zone>);
    impl Drop for Restore {
        fn drop(&mut self) {
            HOME.set(self.0);
        }
    }
    let _restore = Restore(HOME.replace(home));
    read()
}

thread_local! {
    static NAIVE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `read` so that a clock time without a zone is read in the zone of its file, if the file
/// names one.
pub fn with_naive_times<T>(read: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            NAIVE.set(self.0);
        }
    }
    let _restore = Restore(NAIVE.replace(true));
    read()
}

pub(in crate::model) fn takes_naive_times() -> bool {
    NAIVE.get()
}

pub(in crate::model) fn home() -> Option<Zone> {
    HOME.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_zone_is_restored_after_use() {
        with_home(Some(Zone::UTC), || assert_eq!(home(), Some(Zone::UTC)));
        assert_eq!(home(), None);
    }
}
