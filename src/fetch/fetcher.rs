//! Fetches one address within the limits, with retries where they may help.

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
/// Fetches addresses. The limits are in [`FetchOptions`].
pub struct Fetcher {
    pub(super) options: FetchOptions,
    pub(super) now: DateTime<Utc>,
    /// The deadline of this fetcher.
    pub(super) end: Option<Deadline>,
    pub(super) sleeper: Box<dyn Sleeper>,
    pub(super) cache: Option<Box<dyn Cache>>,
    pub(super) api: Option<ApiAccess>,
    pub(super) gate: Gate,
    /// Created on first use: it loads the system's certificates, which an offline run may not have.
    pub(super) driven: OnceLock<Result<Driven, String>>,
}

/// What a request to an API has beside its address.
#[derive(Clone, Default)]
pub struct ApiAccess {
    /// The value of `Authorization`. It is a secret, and sent to the host only that was asked.
    pub authorization: Option<String>,
    /// The value of `Accept`.
    pub accept: Option<&'static str>,
}

/// The result of fetching an address.
#[derive(Debug)]
pub struct Fetched {
    /// The answer. Its `retrieved_at` is when the server last confirmed this content: when it sent
    /// the bytes, or answered that they are unchanged (304). Offline, it is therefore the time of
    /// the last run that reached the server.
    pub input: Input,
    /// The format, if the address was found by searching for it.
    pub format: Option<&'static str>,
    /// Whether it comes from the cache without a request.
    pub is_from_cache: bool,
    /// How to continue from it.
    pub trail: Trail,
}

/// How to continue from an answer.
#[derive(Debug)]
pub struct Trail {
    /// The requested address.
    pub(super) asked: Url,
    /// The address that answered, including its secrets.
    pub(super) address: Url,
    /// The next page in the `Link` header.
    pub(super) next: Option<String>,
}

impl Fetched {
    /// The stored answer of `url`.
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
    /// The address that answered, if a redirect led to another host than the requested one.
    pub fn other_host(&self) -> Option<String> {
        gate::is_other_host(&self.asked, &self.address).then(|| shown(&self.address))
    }

    /// The next page, if the server names it in the `Link` header.
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

/// How an address is requested.
pub(super) struct Terms<'t> {
    /// The number of retries after the first attempt.
    pub(super) retries: u32,
    /// The deadline of the search that the address is part of.
    pub(super) within: Option<Deadline>,
    /// The most simultaneous requests to its host.
    pub(super) at_once: usize,
    /// Set when the answer is no longer needed.
    pub(super) is_over: Option<&'t AtomicBool>,
}

impl Terms<'_> {
    /// For an address that is known to exist.
    pub(super) fn of(retries: u32) -> Self {
        Terms { retries, within: None, at_once: 1, is_over: None }
    }
}

/// A failed attempt.
pub(super) struct Failure {
    pub(super) cause: Cause,
    /// Whether another attempt may succeed.
    pub(super) may_pass: bool,
    /// The wait that the server asked for.
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
    /// A fetcher with these limits. `now` becomes `retrieved_at`.
    pub fn new(options: FetchOptions, now: DateTime<Utc>, sleeper: Box<dyn Sleeper>) -> Self {
        let (cache, api, gate, driven) = (None, None, Gate::default(), OnceLock::new());
        let end = options.run_timeout.map(Deadline::of_run);
        Fetcher { options, now, end, sleeper, cache, api, gate, driven }
    }

    /// Adds a cache. Every answer with status 200 is stored, unless the server forbids it
    /// (`Cache-Control: no-store`), and is revalidated at the next request. It is revalidated every
    /// time, because an import is about the current state of a status page. Offline, only stored
    /// answers are available.
    #[must_use]
    pub fn with_cache(mut self, cache: Box<dyn Cache>) -> Self {
        self.cache = Some(cache);
        self
    }

    /// The same fetcher for the API of a server. It has no memory, and what the server says of a
    /// request that it refuses is a part of the error.
    #[must_use]
    pub fn for_api(self, access: ApiAccess) -> Self {
        Fetcher { api: Some(access), cache: None, ..self }
    }

    /// Fetches `url`.
    ///
    /// Retries, with growing waits or those that the server asks for, after 429, 5xx, a silence or
    /// a broken connection; not after another 4xx, which will not change.
    ///
    /// # Errors
    /// [`FetchError`], with the address, the number of attempts and a hint.
    pub fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        self.get_url(&typed(url)?, &Terms::of(self.options.retries))
    }

    /// Fetches `reference`, found in the answer that `trail` belongs to: the next page of the same
    /// history.
    ///
    /// # Errors
    /// As for [`Fetcher::get`], and for an address of another host.
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
            // A server in trouble may ask for an immediate retry; our own wait is the minimum.
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
            "cannot fetch https://status.example.com/: the network is disabled"
        );
        assert!(error.hint().unwrap().contains("--offline"));
    }
}
