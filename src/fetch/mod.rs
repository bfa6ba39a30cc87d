//! HTTP to [`Input`]. Nothing else in posthoc uses the network.
//!
//! Every limit is explicit: how long a connection, a silence and the whole may take, how long the
//! answer may be once it is decompressed, how often something is tried, and how often it may
//! redirect. Waiting is the caller's [`Sleeper`], and the time is a parameter.

mod error;
mod page;
mod retry;

use std::io::Read as _;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::blocking::{Client, Response};
use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use url::Url;

pub use error::{Cause, FetchError};
pub use page::Page;
pub use retry::{Sleeper, ThreadSleeper};

use crate::sources::Input;

/// So many redirects are followed.
const MAX_REDIRECTS: usize = 10;

/// The limits of fetching.
#[derive(Debug, Clone)]
pub struct FetchOptions {
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// How long the server may be silent.
    pub read_timeout: Duration,
    /// How long one address may take, with all its tries.
    pub total_timeout: Duration,
    /// How long an answer may be in bytes, after decompression.
    pub max_bytes: u64,
    /// How often to try again after the first time.
    pub retries: u32,
    /// What we call ourselves.
    pub user_agent: String,
    /// Fetch nothing.
    pub offline: bool,
    /// Use the proxy that the system's settings name.
    pub system_proxy: bool,
}

impl Default for FetchOptions {
    fn default() -> Self {
        let repository = env!("CARGO_PKG_REPOSITORY");
        let contact = if repository.is_empty() { String::new() } else { format!(" (+{repository})") };
        FetchOptions {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(180),
            max_bytes: 64 * 1024 * 1024,
            retries: 3,
            user_agent: format!("posthoc/{}{contact}", env!("CARGO_PKG_VERSION")),
            offline: false,
            system_proxy: true,
        }
    }
}

/// Fetches.
pub struct Fetcher {
    options: FetchOptions,
    now: DateTime<Utc>,
    sleeper: Box<dyn Sleeper>,
    /// Made on first use: it loads the system's certificates, which an offline run need not have.
    client: std::sync::OnceLock<Result<Client, String>>,
}

/// A failed try.
struct Failure {
    cause: Cause,
    /// Another try may succeed.
    may_pass: bool,
    /// The server said how long to wait.
    wait: Option<Duration>,
}

impl Failure {
    fn passing(cause: Cause) -> Self {
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
        Fetcher { options, now, sleeper, client: std::sync::OnceLock::new() }
    }

    /// Fetches what is at `url`.
    ///
    /// Tries again, with growing waits or those that the server asks for, after 429, 5xx, a silence
    /// or a broken connection; not after another 4xx, which will not change.
    ///
    /// # Errors
    /// [`FetchError`], with the address, the number of tries and what to do.
    pub fn get(&self, url: &str) -> Result<Input, FetchError> {
        match parse(url) {
            Ok(address) => self.get_url(&address),
            Err(cause) => Err(FetchError { url: crate::sources::text::clean_line(url), attempts: 0, cause }),
        }
    }

    fn get_url(&self, url: &Url) -> Result<Input, FetchError> {
        let fail = |attempts, cause| FetchError { url: shown(url), attempts, cause };
        if self.options.offline {
            return Err(fail(0, Cause::Offline));
        }
        let deadline = Instant::now() + self.options.total_timeout;
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(url, deadline) {
                Ok(input) => return Ok(input),
                Err(failure) => failure,
            };
            if !failure.may_pass || attempt > self.options.retries {
                return Err(fail(attempt, failure.cause));
            }
            // "At once" is no help to a server in trouble: ours is the least wait.
            let wait = failure.wait.unwrap_or_default().max(retry::back_off(attempt));
            if let (Some(wait), Cause::Status { code, .. }) = (failure.wait, &failure.cause)
                && wait > retry::LONGEST_WAIT
            {
                return Err(fail(attempt, Cause::Busy { code: *code, wait }));
            }
            if Instant::now() + wait >= deadline {
                return Err(fail(attempt, failure.cause));
            }
            self.sleeper.sleep(wait);
            attempt += 1;
        }
    }

    fn attempt(&self, url: &Url, deadline: Instant) -> Result<Input, Failure> {
        let (response, end) = self.follow(url, deadline)?;
        self.check_status(&response)?;
        let content_type = header(&response, CONTENT_TYPE);
        let bytes = self.body(response, deadline)?;
        Ok(Input { name: shown(url), bytes, content_type, url: Some(shown(&end)), retrieved_at: Some(self.now) })
    }

    /// Sends the request and follows redirects; gives the answer and where it came from.
    fn follow(&self, url: &Url, deadline: Instant) -> Result<(Response, Url), Failure> {
        let client = self.client()?;
        let mut visited = vec![url.clone()];
        let mut current = url.clone();
        loop {
            if Instant::now() >= deadline {
                return Err(Cause::TotalTime(self.options.total_timeout).into());
            }
            let response = client.get(current.clone()).send().map_err(|error| self.failure(&error))?;
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok((response, current));
            }
            let next = header(&response, LOCATION)
                .and_then(|location| current.join(&location).ok())
                .ok_or(Cause::BadRedirect)?;
            if !matches!(next.scheme(), "http" | "https") {
                return Err(Cause::Scheme(next.scheme().to_owned()).into());
            }
            if current.scheme() == "https" && next.scheme() == "http" {
                return Err(Cause::Downgrade(shown(&next)).into());
            }
            if visited.contains(&next) {
                let chain = visited.iter().chain([&next]).map(shown).collect();
                return Err(Cause::RedirectLoop(chain).into());
            }
            if visited.len() > MAX_REDIRECTS {
                return Err(Cause::TooManyRedirects(MAX_REDIRECTS).into());
            }
            visited.push(next.clone());
            current = next;
        }
    }

    fn check_status(&self, response: &Response) -> Result<(), Failure> {
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let may_pass = status.as_u16() == 429 || status.is_server_error();
        let wait = header(response, RETRY_AFTER).and_then(|value| retry::retry_after(&value, self.now));
        let reason = status.canonical_reason().unwrap_or("without a reason");
        Err(Failure { cause: Cause::Status { code: status.as_u16(), reason }, may_pass, wait })
    }

    /// Reads the answer in pieces, so that one without an end or one that unpacks without an end
    /// stops at the limit.
    fn body(&self, mut response: Response, deadline: Instant) -> Result<Vec<u8>, Failure> {
        let limit = self.options.max_bytes;
        let too_large = || Failure::from(Cause::TooLarge { limit });
        if response.content_length().is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        let mut piece = [0; 16 * 1024];
        loop {
            let length = response.read(&mut piece).map_err(|error| self.body_failure(&error))?;
            if length == 0 {
                return Ok(bytes);
            }
            bytes.extend_from_slice(&piece[..length]);
            if bytes.len() as u64 > limit {
                return Err(too_large());
            }
            if Instant::now() >= deadline {
                return Err(Cause::TotalTime(self.options.total_timeout).into());
            }
        }
    }

    fn failure(&self, error: &reqwest::Error) -> Failure {
        if error.is_timeout() {
            Failure::passing(Cause::Timeout(if error.is_connect() {
                self.options.connect_timeout
            } else {
                self.options.read_timeout
            }))
        } else if is_refused_certificate(error) {
            // It will be the same certificate the next time.
            Cause::Certificate(deepest(error)).into()
        } else if error.is_connect() {
            Failure::passing(Cause::Connect(deepest(error)))
        } else if error.is_builder() {
            Cause::Address(deepest(error)).into()
        } else {
            Failure::passing(Cause::Interrupted(deepest(error)))
        }
    }

    fn body_failure(&self, error: &std::io::Error) -> Failure {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
        if error.kind() == std::io::ErrorKind::TimedOut || inner.is_some_and(reqwest::Error::is_timeout) {
            return Failure::passing(Cause::Timeout(self.options.read_timeout));
        }
        Failure::passing(Cause::Interrupted(deepest(error)))
    }

    fn client(&self) -> Result<&Client, Cause> {
        self.client.get_or_init(|| build(&self.options)).as_ref().map_err(|why| Cause::Client(why.clone()))
    }
}

fn build(options: &FetchOptions) -> Result<Client, String> {
    // An error means that a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(&options.user_agent)
        .connect_timeout(options.connect_timeout)
        // Of a blocking client this is the longest silence, before and within the answer.
        .timeout(options.read_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .gzip(true);
    if !options.system_proxy {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| deepest(&error))
}

/// Reads an address. A bare host is one of https.
fn parse(text: &str) -> Result<Url, Cause> {
    let text = text.trim();
    let is_bare = !text.contains("://");
    let url = Url::parse(&if is_bare { format!("https://{text}") } else { text.to_owned() })
        .map_err(|error| Cause::Address(error.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.host().is_some() => Ok(url),
        "http" | "https" => Err(Cause::Address("it has no host".to_owned())),
        other => Err(Cause::Scheme(other.to_owned())),
    }
}

/// An address without its user name and password, for messages and files.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Only an address without a host refuses this, and it has no user either.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url.to_string()
}

fn header(response: &Response, name: reqwest::header::HeaderName) -> Option<String> {
    Some(response.headers().get(name)?.to_str().ok()?.to_owned())
}

/// Whether the connection failed since the server could not prove its name.
fn is_refused_certificate(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = next {
        if matches!(current.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        // An I/O error passes its content's source on, but not the content itself.
        let content = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = content.map(|content| content as &(dyn std::error::Error + 'static)).or_else(|| current.source());
    }
    false
}

/// The innermost reason: the outer ones repeat the address.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut current = error;
    while let Some(source) = current.source() {
        current = source;
    }
    crate::sources::text::clean_line(&current.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_secrets_are_not_shown() {
        assert_eq!(parse("status.example.com").unwrap().as_str(), "https://status.example.com/");
        assert_eq!(parse("ftp://example.com"), Err(Cause::Scheme("ftp".to_owned())));
        assert!(matches!(parse("https://"), Err(Cause::Address(_))));
        assert_eq!(shown(&parse("https://ann:secret@example.com/x?y=1").unwrap()), "https://example.com/x?y=1");
    }

    #[test]
    fn offline_fetches_nothing() {
        let options = FetchOptions { offline: true, ..FetchOptions::default() };
        let fetcher = Fetcher::new(options, DateTime::UNIX_EPOCH, Box::new(ThreadSleeper));
        let error = fetcher.get("https://status.example.com").unwrap_err();
        assert_eq!(error.to_string(), "cannot fetch https://status.example.com/: the network is not to be used");
        assert!(error.hint().unwrap().contains("--offline"));
    }
}
