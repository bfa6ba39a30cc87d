//! Limits the simultaneous requests to each host, across all threads.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};

use url::Url;

/// The hosts with requests in progress.
#[derive(Default)]
pub(super) struct Gate {
    /// The number of requests to each host.
    busy: Mutex<BTreeMap<String, usize>>,
    freed: Condvar,
}

/// The permission to send a request to a host, until it is dropped.
pub(super) struct Pass<'g> {
    gate: &'g Gate,
    host: String,
}

impl Gate {
    /// Waits until fewer than `most` requests to the host of `url` are in progress. The holder of a
    /// pass must not wait for another one: two redirects that cross would deadlock.
    pub(super) fn enter(&self, url: &Url, most: usize) -> Pass<'_> {
        let host = host(url);
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |busy: &mut BTreeMap<String, usize>| {
            busy.get(&host).is_some_and(|count| *count >= most)
        };
        let mut busy = self.freed.wait_while(busy, is_full).unwrap_or_else(PoisonError::into_inner);
        *busy.entry(host.clone()).or_default() += 1;
        drop(busy);
        Pass { gate: self, host }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut busy = self.gate.busy.lock().unwrap_or_else(PoisonError::into_inner);
        match busy.get_mut(&self.host) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(busy.remove(&self.host)),
        }
        drop(busy);
        self.gate.freed.notify_all();
    }
}

/// Whether `other` is on another host than `one`. http and https of one name are the same host.
pub(super) fn is_other_host(one: &Url, other: &Url) -> bool {
    one.host() != other.host() || one.port() != other.port()
}

/// What identifies a host: the name and the port.
pub(super) fn host(url: &Url) -> String {
    format!(
        "{}:{}",
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or_default()
    )
}
