//! Ctrl-C. The first one asks the program to stop at a safe point; the second one ends it
//! immediately.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use signal_hook::consts::SIGINT;
use signal_hook::flag;

use super::error::Exit;

/// Set once the user has asked to stop.
static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// The polling interval; too short to notice.
const LOOK: Duration = Duration::from_millis(30);

/// From now on Ctrl-C sets [`asked`]. If the system does not allow a handler, Ctrl-C ends the
/// program as before.
pub(super) fn watch() {
    // The order matters: the handler that ends the program runs first, and not for the first
    // Ctrl-C.
    let _ = flag::register_conditional_shutdown(
        SIGINT,
        Exit::Stopped.code().into(),
        Arc::clone(&ASKED),
    );
    let _ = flag::register(SIGINT, Arc::clone(&ASKED));
}

/// Set once the user has asked to stop.
pub(super) fn asked() -> &'static AtomicBool {
    &ASKED
}

/// The result of `work`; `None` as soon as the user asks to stop, and the work is then abandoned.
/// The work must be safe to interrupt at any moment, since the program ends before it does.
pub(super) fn unless_asked<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let worker = std::thread::spawn(move || drop(sender.send(work())));
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(done) => return Some(done),
            Err(RecvTimeoutError::Timeout) if ASKED.load(Ordering::Relaxed) => return None,
            Err(RecvTimeoutError::Timeout) => {}
            // The work panicked, so propagate the panic.
            Err(RecvTimeoutError::Disconnected) => match worker.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => return None,
            },
        }
    }
}

/// From now on Ctrl-C belongs to the pager, until `has_left` is set: then it ends the program.
pub(super) fn leave_to_pager(has_left: &Arc<AtomicBool>) {
    let _ = flag::register_conditional_shutdown(
        SIGINT,
        Exit::Stopped.code().into(),
        Arc::clone(has_left),
    );
}
