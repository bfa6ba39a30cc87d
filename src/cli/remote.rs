//! Fetches addresses: several hosts at once, and one address of each host at a time.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::args::Context;
use super::gather::Address;
use crate::fetch::{self, FetchOptions, Fetcher, ThreadSleeper};
use crate::store::cache::CacheFolder;

/// The number of hosts asked at the same time.
const HOSTS_AT_ONCE: usize = 6;

/// The fetcher of this run, with the user's cache.
pub(super) fn fetcher(context: &Context) -> Fetcher {
    let options = FetchOptions {
        offline: context.offline,
        run_timeout: context.timeout,
        ..FetchOptions::default()
    };
    let fetcher = Fetcher::new(options, context.now(), Box::new(ThreadSleeper));
    match &context.cache {
        Some(folder) => fetcher
            .with_cache(Box::new(FetchCache(CacheFolder::new(folder.clone(), context.clock())))),
        None => fetcher,
    }
}

/// The cache as the fetcher sees it.
struct FetchCache(CacheFolder);

impl fetch::Cache for FetchCache {
    fn load(&self, key: &str) -> Option<Vec<u8>> {
        self.0.load(key)
    }

    fn save(&self, key: &str, bytes: &[u8]) {
        // What cannot be stored is fetched again next time, which is no reason to stop now.
        let _ = self.0.save(key, bytes);
    }
}

/// The results of `work` for each address and its index, in order. The addresses of one host are
/// handled one after another, so that a wait which the host asks for applies to all of them.
pub(super) fn each<T: Send>(
    addresses: &[&Address],
    work: impl Fn(usize, &Address) -> T + Sync,
) -> Vec<T> {
    let mut hosts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, address) in addresses.iter().enumerate() {
        hosts.entry(fetch::host_of(&address.url)).or_default().push(index);
    }
    // In the order in which they were named, so that the first input is not delayed because of its
    // host name.
    let mut hosts: Vec<Vec<usize>> = hosts.into_values().collect();
    hosts.sort();
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(addresses.len()));
    std::thread::scope(|scope| {
        for _ in 0..hosts.len().min(HOSTS_AT_ONCE) {
            scope.spawn(|| {
                while let Some(host) = hosts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for index in host {
                        let made = work(*index, addresses[*index]);
                        done.lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner)
                            .push((*index, made));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, made)| made).collect()
}
