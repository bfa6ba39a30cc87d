//! One request at a time to each host, whoever asks.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

use url::Url;

/// Who is being asked.
#[derive(Default)]
pub(super) struct Gate {
    busy: Mutex<BTreeSet<String>>,
    freed: Condvar,
}

/// Nobody else asks that host while this lives.
pub(super) struct Pass<'g> {
    gate: &'g Gate,
    host: String,
}

impl Gate {
    /// Waits until nobody asks the host of `url`. Whoever holds a pass must not wait for another:
    /// two redirects that cross would wait for each other.
    pub(super) fn enter(&self, url: &Url) -> Pass<'_> {
        let host = host(url);
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let mut busy = self.freed.wait_while(busy, |busy| busy.contains(&host)).unwrap_or_else(PoisonError::into_inner);
        busy.insert(host.clone());
        drop(busy);
        Pass { gate: self, host }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.host);
        self.gate.freed.notify_all();
    }
}

/// What counts as one host: the name and the port.
pub(super) fn host(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}
