//! What was fetched before: asked for anew with its validators, and all there is offline.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use posthoc::fetch::{Cache, Cause, FetchOptions, Fetcher};

use crate::import::fetch::{Slept, options};
use crate::support::servers::{Request, Server, answer};

/// A memory that a test can look into.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl Cache for Memory {
    fn load(&self, key: &str) -> Option<Vec<u8>> {
        self.0.lock().unwrap().get(key).cloned()
    }

    fn save(&self, key: &str, bytes: &[u8]) {
        self.0.lock().unwrap().insert(key.to_owned(), bytes.to_vec());
    }
}

impl Memory {
    fn fetcher(&self, now: &str, options: FetchOptions) -> Fetcher {
        let fetcher = Fetcher::new(options, now.parse().unwrap(), Box::new(Slept::default()));
        fetcher.with_cache(Box::new(self.clone()))
    }

    fn offline(&self) -> Fetcher {
        self.fetcher("2030-01-01T00:00:00Z", FetchOptions { offline: true, ..options() })
    }

    fn text(&self) -> String {
        self.0
            .lock()
            .unwrap()
            .iter()
            .map(|(key, bytes)| format!("{key} {}\n", String::from_utf8_lossy(bytes)))
            .collect()
    }
}

const TAGGED: &str = "ETag: \"v1\"\r\nLast-Modified: Sun, 01 Mar 2026 09:00:00 GMT\r\nContent-Type: application/json\r\n";

/// Sends its response once, and 304 to clients that have it.
fn versioned() -> Server {
    Server::talking(|_, request, stream| {
        let is_known = request.header("if-none-match").as_deref() == Some("\"v1\"");
        let answer = if is_known {
            answer("304 Not Modified", "", b"")
        } else {
            answer("200 OK", TAGGED, b"{\"a\": 1}")
        };
        let _ = stream.write_all(&answer);
    })
}

#[test]
fn unchanged_response_is_served_from_the_cache() {
    let (server, memory) = (versioned(), Memory::default());
    let url = server.url("/x");
    let first = memory.fetcher("2026-03-01T10:00:00Z", options()).get(&url).unwrap();
    let second = memory.fetcher("2026-03-02T10:00:00Z", options()).get(&url).unwrap();
    assert_eq!(first.input.bytes, second.input.bytes);
    assert_eq!(second.input.content_type.as_deref(), Some("application/json"));
    // On the second day the server confirmed these bytes.
    assert_eq!(second.input.retrieved_at.unwrap().to_rfc3339(), "2026-03-02T10:00:00+00:00");
    let sent =
        |request: &Request| (request.header("if-none-match"), request.header("if-modified-since"));
    let known = (Some("\"v1\"".to_owned()), Some("Sun, 01 Mar 2026 09:00:00 GMT".to_owned()));
    assert_eq!(server.asked().iter().map(sent).collect::<Vec<_>>(), [(None, None), known]);
    assert!(server.asked()[0].header("user-agent").unwrap().starts_with("posthoc/"));

    let offline = memory.offline().get(&url).unwrap();
    assert_eq!(
        (offline.is_from_cache, offline.input.retrieved_at),
        (true, second.input.retrieved_at)
    );
    assert_eq!((offline.input.bytes, offline.input.url), (first.input.bytes, first.input.url));
    assert_eq!(server.requests(), 2, "offline is offline");
}

#[test]
fn offline_request_for_an_unknown_address_is_an_error() {
    let (server, memory) = (versioned(), Memory::default());
    let error = memory.offline().get(&server.url("/x")).unwrap_err();
    assert_eq!(error.cause, Cause::NeverFetched);
    assert!(
        error
            .to_string()
            .ends_with("the network is disabled, and this address is not in the cache"),
        "{error}"
    );
    assert_eq!(memory.offline().page(&server.url("/")).unwrap_err().cause, Cause::NeverFetched);
    assert_eq!(server.requests(), 0);
}

#[test]
fn damaged_cache_entry_is_ignored() {
    let (server, memory) = (versioned(), Memory::default());
    let url = server.url("/x");
    let get = || memory.fetcher("2026-03-01T10:00:00Z", options()).get(&url).unwrap().input.bytes;
    let body = get();
    let damages: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.truncate(bytes.len() - 1),
        |bytes| *bytes.last_mut().unwrap() ^= 1,
        |bytes| bytes[5] = 0xFF,
        Vec::clear,
    ];
    for (done, damage) in damages.iter().enumerate() {
        memory.0.lock().unwrap().values_mut().for_each(damage);
        assert_eq!(memory.offline().get(&url).unwrap_err().cause, Cause::NeverFetched);
        assert_eq!(get(), body);
        assert_eq!(
            (server.requests(), server.asked()[done + 1].header("if-none-match")),
            (done + 2, None)
        );
    }
}

#[test]
fn secrets_are_not_cached_and_separate_entries() {
    let (server, memory) = (versioned(), Memory::default());
    let host = server.address.trim_start_matches("http://");
    let url = format!("http://ann:pass-w0rd@{host}/x?token=t0psecret&page=1");
    let fetched = memory.fetcher("2026-03-01T10:00:00Z", options()).get(&url).unwrap();
    assert_eq!(fetched.input.name, format!("http://{host}/x?token=***&page=1"));
    assert!(server.asked()[0].head.contains("token=t0psecret"), "the server gets it");
    assert!(server.asked()[0].header("authorization").is_some());
    let kept = memory.text();
    assert!(
        kept.contains("token=***") && !kept.contains("t0psecret") && !kept.contains("pass-w0rd"),
        "{kept}"
    );
    assert!(memory.offline().get(&url).is_ok());
    for other in [url.replace("t0psecret", "another"), url.replace("pass-w0rd", "another")] {
        assert_eq!(memory.offline().get(&other).unwrap_err().cause, Cause::NeverFetched);
    }
}

#[test]
fn private_and_failed_responses_are_not_cached() {
    let memory = Memory::default();
    let server = Server::new(|_, path| match path {
        "/private" => answer("200 OK", "Cache-Control: private, No-Store\r\n", b"{}"),
        "/part" => answer("203 Other", "", b"{}"),
        _ => answer("404 Not Found", "", b"{}"),
    });
    let fetcher = memory.fetcher("2026-03-01T10:00:00Z", options());
    assert!(
        fetcher.get(&server.url("/private")).is_ok() && fetcher.get(&server.url("/part")).is_ok()
    );
    assert!(fetcher.get(&server.url("/missing")).is_err());
    assert_eq!(memory.text(), "");
}

#[test]
fn validators_are_sent_only_to_their_address() {
    let memory = Memory::default();
    let server = Server::talking(|_, request, stream| {
        let is_known = request.header("if-none-match").as_deref() == Some("\"v1\"");
        let _ = stream.write_all(&match request.path.as_str() {
            "/old" if is_known => answer("500 Oops", "", b""),
            "/old" => answer("302 Found", "Location: /new\r\n", b""),
            _ if is_known => answer("304 Not Modified", "", b""),
            _ => answer("200 OK", TAGGED, b"{\"a\": 1}"),
        });
    });
    for day in ["2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"] {
        let fetched = memory.fetcher(day, options()).get(&server.url("/old")).unwrap();
        assert_eq!(
            (fetched.input.bytes.as_slice(), fetched.input.url),
            (&b"{\"a\": 1}"[..], Some(server.url("/new")))
        );
    }
    assert_eq!(server.paths(), ["/old", "/new", "/old", "/new"]);
    assert_eq!(
        memory.offline().get(&server.url("/old")).unwrap().input.url,
        Some(server.url("/new"))
    );
}
