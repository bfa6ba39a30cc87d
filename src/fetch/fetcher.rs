//! One address, fetched within the limits and tried again where that may help.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::address::{following, shown, typed};
use super::cache::{Cache, Entry};
use super::client::Driven;
use super::deadline::Deadline;
use super::error::{Cause, FetchError};
use super::gate::{self, Gate};
use super::options::FetchOptions;
use super::retry::{self, Sleeper};
use crate::sources::Input;
/// Fetches.
pub struct Fetcher {
    pub(super) options: FetchOptions,
    pub(super) now: DateTime<Utc>,
    /// When this fetcher must be done.
    pub(super) end: Option<Deadline>,
    pub(super) sleeper: Box<dyn Sleeper>,
    pub(super) cache: Option<Box<dyn Cache>>,
    pub(super) gate: Gate,
    /// Made on first use: it loads the system's certificates, which an offline run need not have.
    pub(super) driven: OnceLock<Result<Driven, String>>,
}

/// What an address gave.
#[derive(Debug)]
pub struct Fetched {
    /// The answer. Its `retrieved_at` is when the server last said that this is what it has: when
    /// it sent the bytes, or answered that they have not changed since (304). Offline it is
    /// therefore the time of the last run that reached the server.
    pub input: Input,
    /// The format, where the address was found by asking for it.
    pub format: Option<&'static str>,
    /// Whether it comes from the cache, and nobody was asked.
    pub is_from_cache: bool,
    /// The way on from it.
    pub trail: Trail,
}

/// The way on from an answer.
#[derive(Debug)]
pub struct Trail {
    /// The address that was asked for.
    pub(super) asked: Url,
    /// The address that answered, as it was asked.
    pub(super) address: Url,
    /// The next page by the `Link` header.
    pub(super) next: Option<String>,
}

impl Fetched {
    /// What was kept of `url`.
    pub(super) fn of(url: &Url, entry: Entry) -> Self {
        let Entry { meta, body } = entry;
        let end = if meta.end == shown(url) { None } else { Url::parse(&meta.end).ok() };
        Fetched {
            input: Input {
                name: shown(url),
                bytes: body,
                content_type: meta.content_type,
                url: Some(meta.end),
                retrieved_at: Some(meta.retrieved_at),
            },
            format: None,
            is_from_cache: false,
            trail: Trail {
                asked: url.clone(),
                address: end.unwrap_or_else(|| url.clone()),
                next: meta.next,
            },
        }
    }
}

impl Trail {
    /// The address that answered, where a redirect has led to another host than was asked.
    pub fn other_host(&self) -> Option<String> {
        gate::is_other_host(&self.asked, &self.address).then(|| shown(&self.address))
    }

    /// The next page, where the server names it in the `Link` header.
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

/// How an address is asked.
pub(super) struct Terms<'t> {
    /// How often to try again after the first time.
    pub(super) retries: u32,
    /// The search that the address is tried in.
    pub(super) within: Option<Deadline>,
    /// So many may ask its host at the same time.
    pub(super) at_once: usize,
    /// Set when nobody wants the answer any more.
    pub(super) is_over: Option<&'t AtomicBool>,
}

impl Terms<'_> {
    /// Of an address that is known to be there.
    pub(super) fn of(retries: u32) -> Self {
        Terms { retries, within: None, at_once: 1, is_over: None }
    }
}

/// A failed try.
pub(super) struct Failure {
    pub(super) cause: Cause,
    /// Another try may succeed.
    pub(super) may_pass: bool,
    /// The server said how long to wait.
    pub(super) wait: Option<Duration>,
}

impl Failure {
    pub(super) fn passing(cause: Cause) -> Self {
        Failure { cause, may_pass: true, wait: None }
    }
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Failure { cause, may_pass: false, wait: None }
    }
}

impl Fetcher {
    /// A fetcher with those limits. `now` is what `retrieved_at` says.
    pub fn new(options: FetchOptions, now: DateTime<Utc>, sleeper: Box<dyn Sleeper>) -> Self {
        let (cache, gate, driven) = (None, Gate::default(), OnceLock::new());
        let end = options.run_timeout.map(Deadline::of_run);
        Fetcher { options, now, end, sleeper, cache, gate, driven }
    }

    /// The same fetcher with a memory. Every answer of 200 is kept, unless the server forbids it
    /// (`Cache-Control: no-store`); the next time the server is asked whether it has changed. It is
    /// asked every time: whoever imports a status page wants to know how it is now. Offline, what
    /// was kept is what there is.
    #[must_use]
    pub fn with_cache(mut self, cache: Box<dyn Cache>) -> Self {
        self.cache = Some(cache);
        self
    }

    /// Fetches what is at `url`.
    ///
    /// Tries again, with growing waits or those that the server asks for, after 429, 5xx, a silence
    /// or a broken connection; not after another 4xx, which will not change.
    ///
    /// # Errors
    /// [`FetchError`], with the address, the number of tries and what to do.
    pub fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        self.get_url(&typed(url)?, &Terms::of(self.options.retries))
    }

    /// Fetches what `reference`, found in the answer that `trail` goes on from, leads to: the next
    /// page of the same history.
    ///
    /// # Errors
    /// As [`Fetcher::get`], and for an address of another host.
    pub fn after(&self, trail: &Trail, reference: &str) -> Result<Fetched, FetchError> {
        match following(&trail.address, reference) {
            Ok(url) => self.get_url(&url, &Terms::of(self.options.retries)),
            Err(cause) => Err(FetchError { url: shown(&trail.address), attempts: 0, cause }),
        }
    }

    pub(super) fn get_url(&self, url: &Url, terms: &Terms<'_>) -> Result<Fetched, FetchError> {
        let fail = |attempts, cause| FetchError { url: shown(url), attempts, cause };
        if self.options.offline {
            let cache = self.cache.as_deref().ok_or_else(|| fail(0, Cause::Offline))?;
            let entry = Entry::load(cache, url).ok_or_else(|| fail(0, Cause::NeverFetched))?;
            return Ok(Fetched { is_from_cache: true, ..Fetched::of(url, entry) });
        }
        let deadline = Deadline::of_address(self.options.total_timeout)
            .or_sooner(terms.within)
            .or_sooner(self.end);
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(url, deadline, terms) {
                Ok(fetched) => return Ok(fetched),
                Err(failure) => failure,
            };
            // "At once" is no help to a server in trouble: ours is the least wait.
            let wait = failure.wait.unwrap_or_default().max(retry::back_off(attempt));
            if let (Some(wait), Cause::Status { code, .. }) = (failure.wait, &failure.cause)
                && wait > retry::LONGEST_WAIT
                && failure.may_pass
            {
                return Err(fail(attempt, Cause::Busy { code: *code, wait }));
            }
            if !failure.may_pass || attempt > terms.retries || wait >= deadline.left() {
                return Err(fail(attempt, failure.cause));
            }
            if terms.is_over.is_some_and(|is_over| is_over.load(Ordering::SeqCst)) {
                return Err(fail(attempt, failure.cause));
            }
            self.sleeper.sleep(wait, terms.is_over);
            attempt += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::ThreadSleeper;

    #[test]
    fn offline_fetches_nothing() {
        let options = FetchOptions { offline: true, ..FetchOptions::default() };
        let fetcher = Fetcher::new(options, DateTime::UNIX_EPOCH, Box::new(ThreadSleeper));
        let error = fetcher.get("https://status.example.com").unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot fetch https://status.example.com/: the network is not to be used"
        );
        assert!(error.hint().unwrap().contains("--offline"));
    }
}
