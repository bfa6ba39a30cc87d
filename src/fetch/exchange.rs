//! One request with its redirects and its answer.

use std::io::Read as _;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG,
    HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK, LOCATION, RETRY_AFTER,
};
use reqwest::{RequestBuilder, Response};
use url::Url;

use super::address::{next_of_link, shown};
use super::cache::{Entry, Headers};
use super::client::{Body, Driven, NoAnswer, Patience, deepest};
use super::deadline::Deadline;
use super::error::Cause;
use super::fetcher::{Failure, Fetched, Fetcher, Terms};
use super::gate::{Pass, is_other_host};
use super::{retry, unpack};

/// The maximum number of redirects.
const MAX_REDIRECTS: usize = 10;

/// The maximum number of bytes of an error response that are read for the reason.
const LONGEST_REASON: u64 = 8 * 1024;

/// The answer at the end of the redirects.
struct Answer<'f> {
    response: Response,
    end: Url,
    /// The permission to use the host, held until the answer is read.
    _pass: Pass<'f>,
}

impl Fetcher {
    /// Makes one attempt. A cached answer is revalidated.
    pub(super) fn attempt(
        &self,
        url: &Url,
        deadline: Deadline,
        terms: &Terms<'_>,
    ) -> Result<Fetched, Failure> {
        let cached = self.cache.as_deref().and_then(|cache| Entry::load(cache, url));
        let driven = self.driven()?;
        let patience =
            Patience { silence: self.options.read_timeout, deadline, is_over: terms.is_over };
        let Answer { response, end, _pass } =
            self.follow(driven, url, cached.as_ref(), &patience, terms.at_once)?;
        if let Some(mut entry) = cached.filter(|_| response.status().as_u16() == 304) {
            // The server confirmed that the bytes are unchanged, so they count as fetched now.
            entry.meta.retrieved_at = self.now;
            self.store(&entry, url);
            return Ok(Fetched::of(url, entry));
        }
        if let Err(failure) = self.check_status(&response) {
            return Err(self.with_reason(failure, driven.body(response, patience)));
        }
        let may_store = response.status().as_u16() == 200
            && !header(&response, CACHE_CONTROL)
                .is_some_and(|text| text.to_ascii_lowercase().contains("no-store"));
        let headers = Headers {
            etag: header(&response, ETAG),
            last_modified: header(&response, LAST_MODIFIED),
            content_type: header(&response, CONTENT_TYPE),
            next: header(&response, LINK).and_then(|link| next_of_link(&link)),
        };
        let encoding = header(&response, CONTENT_ENCODING);
        let body = self.body(driven.body(response, patience), encoding.as_deref())?;
        let entry = Entry::new(url, &end, headers, body, self.now);
        if may_store {
            self.store(&entry, url);
        }
        let mut fetched = Fetched::of(url, entry);
        fetched.trail.address = end;
        Ok(fetched)
    }

    fn store(&self, entry: &Entry, url: &Url) {
        if let Some(cache) = self.cache.as_deref() {
            entry.save(cache, url);
        }
    }

    /// Sends the request and follows redirects; returns the answer and its address.
    fn follow(
        &self,
        driven: &Driven,
        url: &Url,
        cached: Option<&Entry>,
        patience: &Patience<'_>,
        at_once: usize,
    ) -> Result<Answer<'_>, Failure> {
        let mut visited = vec![url.clone()];
        let mut current = url.clone();
        loop {
            let pass = self.gate.enter(&current, at_once);
            // Waiting for other requests to this host took time, too.
            if let Some(cause) = patience.ended() {
                return Err(cause.into());
            }
            let request = self.request(driven, url, &current, cached);
            let response = driven.send(request, patience).map_err(|error| match error {
                NoAnswer::Ended(cause) => self.ended(cause),
                NoAnswer::Failed(error) => self.failure(&error),
            })?;
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(Answer { response, end: current, _pass: pass });
            }
            let next = redirect(&response, &current, &visited)?;
            visited.push(next.clone());
            current = next;
        }
    }

    /// The request for an address. The token is only for the host that was asked first.
    fn request(
        &self,
        driven: &Driven,
        first: &Url,
        current: &Url,
        cached: Option<&Entry>,
    ) -> RequestBuilder {
        let mut request =
            driven.client().get(current.clone()).header(ACCEPT_ENCODING, unpack::ACCEPTED);
        if let Some(api) = &self.api {
            if let Some(accept) = api.accept {
                request = request.header(ACCEPT, accept);
            }
            if let Some(value) =
                api.authorization.as_deref().filter(|_| !is_other_host(first, current))
            {
                request = request.header(AUTHORIZATION, value);
            }
        }
        // Validators belong to the address that sent them.
        if let Some(entry) = cached.filter(|entry| entry.meta.end == shown(current)) {
            let validators =
                [(IF_NONE_MATCH, &entry.meta.etag), (IF_MODIFIED_SINCE, &entry.meta.last_modified)];
            for (name, value) in
                validators.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)))
            {
                request = request.header(name, value);
            }
        }
        request
    }

    /// The failure with the reason from the response of the API.
    fn with_reason(&self, failure: Failure, body: Body<'_>) -> Failure {
        let (Some(api), Cause::Status { code: code @ 400..500, .. }) = (&self.api, &failure.cause)
        else {
            return failure;
        };
        let code = *code;
        let mut head = Vec::new();
        let is_read = body.take(LONGEST_REASON).read_to_end(&mut head).is_ok();
        let answer: serde_json::Value = match serde_json::from_slice(&head) {
            Ok(answer) if is_read => answer,
            _ => return failure,
        };
        let message = ["/error/message", "/error", "/message"]
            .iter()
            .find_map(|path| answer.pointer(path)?.as_str());
        let Some(mut message) = message.map(crate::text::clean::clean_line) else { return failure };
        // A server may repeat what it was sent.
        for secret in api.authorization.iter().flat_map(|value| value.split(['=', ' '])) {
            if secret.len() >= 6 {
                message = message.replace(secret, "***");
            }
        }
        Failure { cause: Cause::Refused { code, message }, ..failure }
    }

    fn check_status(&self, response: &Response) -> Result<(), Failure> {
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let may_pass = status.as_u16() == 429 || status.is_server_error();
        let wait =
            header(response, RETRY_AFTER).and_then(|value| retry::retry_after(&value, self.now));
        let reason = status.canonical_reason().unwrap_or("without a reason");
        Err(Failure { cause: Cause::Status { code: status.as_u16(), reason }, may_pass, wait })
    }

    /// Reads the answer in pieces, so that an answer without an end, or one that decompresses
    /// without an end, stops at the limit.
    fn body(&self, body: Body<'_>, encoding: Option<&str>) -> Result<Vec<u8>, Failure> {
        let limit = self.options.max_bytes;
        let too_large = || Failure::from(Cause::TooLarge { limit });
        if body.announced().is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let mut answer = unpack::unpacked(encoding, body)?;
        let mut bytes = Vec::new();
        let mut piece = [0; 16 * 1024];
        loop {
            let length = answer.read(&mut piece).map_err(|error| self.body_failure(error))?;
            if length == 0 {
                return Ok(bytes);
            }
            bytes.extend_from_slice(&piece[..length]);
            if bytes.len() as u64 > limit {
                return Err(too_large());
            }
        }
    }

    /// The failure after waiting was stopped. Only a silence may be gone in the next attempt.
    fn ended(&self, cause: Cause) -> Failure {
        if matches!(cause, Cause::Timeout(_)) { Failure::passing(cause) } else { cause.into() }
    }

    fn failure(&self, error: &reqwest::Error) -> Failure {
        if error.is_timeout() {
            // The client only limits the time for connecting; the other limits are enforced here.
            Failure::passing(Cause::Timeout(self.options.connect_timeout))
        } else if is_refused_certificate(error) {
            // The next attempt would get the same certificate.
            Cause::Certificate(deepest(error)).into()
        } else if error.is_connect() {
            Failure::passing(Cause::Connect(deepest(error)))
        } else if error.is_builder() {
            Cause::Address(deepest(error)).into()
        } else {
            Failure::passing(Cause::Interrupted(deepest(error)))
        }
    }

    fn body_failure(&self, error: std::io::Error) -> Failure {
        match error.downcast::<NoAnswer>() {
            Ok(NoAnswer::Ended(cause)) => self.ended(cause),
            Ok(NoAnswer::Failed(error)) => Failure::passing(Cause::Interrupted(deepest(&error))),
            // The content cannot be decompressed.
            Err(error) => Failure::passing(Cause::Interrupted(deepest(&error))),
        }
    }

    fn driven(&self) -> Result<&Driven, Cause> {
        self.driven
            .get_or_init(|| Driven::new(&self.options))
            .as_ref()
            .map_err(|why| Cause::Client(why.clone()))
    }
}

/// The next address of a redirect from `current`, unless following it would be wrong or endless.
fn redirect(response: &Response, current: &Url, visited: &[Url]) -> Result<Url, Failure> {
    let next = header(response, LOCATION)
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
    Ok(next)
}

fn header(response: &Response, name: HeaderName) -> Option<String> {
    Some(response.headers().get(name)?.to_str().ok()?.to_owned())
}

/// Whether the connection failed because the certificate was refused.
fn is_refused_certificate(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = next {
        if matches!(current.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        // `source()` of an I/O error skips the error that it wraps, so that is read with `get_ref`.
        let content = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = content
            .map(|content| content as &(dyn std::error::Error + 'static))
            .or_else(|| current.source());
    }
    false
}
