//! Fetching from servers that misbehave, all of them on this machine and ended with the test.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use posthoc::fetch::{Cause, FetchError, FetchOptions, Fetched, Fetcher, Sleeper};

use crate::support::servers::{Server, answer, ok};

/// Remembers how long it should have slept.
#[derive(Clone, Default)]
pub struct Slept(Arc<Mutex<Vec<Duration>>>);

impl Sleeper for Slept {
    fn sleep(&self, duration: Duration, _is_over: Option<&AtomicBool>) {
        self.0.lock().unwrap().push(duration);
    }
}

impl Slept {
    pub fn millis(&self) -> Vec<u128> {
        self.0.lock().unwrap().iter().map(Duration::as_millis).collect()
    }
}

pub fn options() -> FetchOptions {
    FetchOptions {
        connect_timeout: Duration::from_secs(2),
        read_timeout: Duration::from_secs(2),
        system_proxy: false,
        ..FetchOptions::default()
    }
}

pub fn fetcher(options: FetchOptions) -> (Fetcher, Slept) {
    let slept = Slept::default();
    (Fetcher::new(options, "2026-03-01T10:00:00Z".parse().unwrap(), Box::new(slept.clone())), slept)
}

fn refused(result: Result<Fetched, FetchError>) -> FetchError {
    let error = result
        .map(|fetched| String::from_utf8_lossy(&fetched.input.bytes).into_owned())
        .unwrap_err();
    assert!(error.hint().is_some(), "{error}");
    error
}

#[test]
fn response_records_its_address_and_time() {
    let server = Server::new(|_, path| match path {
        "/old" => answer("302 Found", "Location: /new\r\n", b""),
        _ => ok("{}"),
    });
    let (fetcher, slept) = fetcher(options());
    let input = fetcher.get(&server.url("/old")).unwrap().input;
    assert_eq!(
        (input.bytes.as_slice(), input.content_type.as_deref()),
        (&b"{}"[..], Some("application/json"))
    );
    assert_eq!((input.name, input.url), (server.url("/old"), Some(server.url("/new"))));
    assert_eq!(input.retrieved_at.unwrap().to_rfc3339(), "2026-03-01T10:00:00+00:00");
    assert!(slept.millis().is_empty());
}

#[test]
fn silent_server_times_out() {
    let server = Server::talking(|_, _, stream| {
        // Until the client goes away.
        let _ = stream.read(&mut [0]);
    });
    let (fetcher, slept) =
        fetcher(FetchOptions { read_timeout: Duration::from_millis(150), retries: 1, ..options() });
    let started = Instant::now();
    let error = refused(fetcher.get(&server.url("/x")));
    assert_eq!((&error.cause, error.attempts), (&Cause::Timeout(Duration::from_millis(150)), 2));
    assert_eq!(
        error.to_string(),
        format!("cannot fetch {}: no answer for 150 ms (tried 2 times)", server.url("/x"))
    );
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(slept.millis(), [500]);
}

#[test]
fn stalled_and_dripping_responses_time_out() {
    let stalls = Server::talking(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab");
        let _ = stream.read(&mut [0]);
    });
    let (patient, _) =
        fetcher(FetchOptions { read_timeout: Duration::from_millis(150), retries: 0, ..options() });
    assert!(matches!(refused(patient.get(&stalls.url("/"))).cause, Cause::Timeout(_)));

    let drips = Server::talking(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        for _ in 0..200 {
            if stream.write_all(b"x").is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let total = Duration::from_millis(300);
    let (hasty, _) = fetcher(FetchOptions { total_timeout: total, ..options() });
    let started = Instant::now();
    assert_eq!(refused(hasty.get(&drips.url("/"))).cause, Cause::TotalTime(total));
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn too_many_requests_honours_retry_after() {
    let server = Server::new(|number, _| match number {
        0 => answer("429 Too Many Requests", "Retry-After: 7\r\n", b""),
        1 => {
            answer("503 Service Unavailable", "Retry-After: Sun, 01 Mar 2026 10:00:09 GMT\r\n", b"")
        }
        _ => ok("{}"),
    });
    let (fetcher, slept) = fetcher(options());
    assert!(fetcher.get(&server.url("/x")).is_ok());
    assert_eq!(slept.millis(), [7000, 9000]);
}

#[test]
fn retry_after_of_an_hour_is_refused() {
    let server = Server::new(|_, _| answer("429 Too Many Requests", "Retry-After: 3600\r\n", b""));
    let (fetcher, slept) = fetcher(options());
    let error = refused(fetcher.get(&server.url("/x")));
    assert!(
        error.to_string().ends_with("the server answered 429 and asks to retry in 60 min"),
        "{error}"
    );
    assert_eq!((slept.millis().len(), server.requests()), (0, 1));
}

#[test]
fn retry_after_dates_may_be_past_or_far_away() {
    let past = Server::new(|number, _| match number {
        0 => {
            answer("503 Service Unavailable", "Retry-After: Sun, 01 Mar 2020 10:00:00 GMT\r\n", b"")
        }
        1 => answer("503 Service Unavailable", "Retry-After: 0\r\n", b""),
        _ => ok("{}"),
    });
    let (fetcher, slept) = fetcher(options());
    assert!(fetcher.get(&past.url("/x")).is_ok());
    assert_eq!(slept.millis(), [500, 1000], "what is past means soon, and not without a pause");
    for far in ["Thu, 01 Jan 2099 00:00:00 GMT", "2300678280"] {
        let server = Server::new(move |_, _| {
            answer("429 Too Many Requests", &format!("Retry-After: {far}\r\n"), b"")
        });
        let error = refused(fetcher.get(&server.url("/x")));
        assert!(error.to_string().ends_with("asks to retry in 73 years"), "{error}");
        assert!(error.hint().unwrap().contains("with a browser"), "{error}");
    }
}

#[test]
fn server_error_is_retried_a_limited_number_of_times() {
    let once =
        Server::new(|number, _| if number == 0 { answer("500 Oops", "", b"") } else { ok("{}") });
    let (first, slept) = fetcher(options());
    assert!(first.get(&once.url("/x")).is_ok());
    assert_eq!(slept.millis(), [500]);

    let always = Server::new(|_, _| answer("500 Oops", "", b""));
    let (second, slept) = fetcher(options());
    let error = refused(second.get(&always.url("/x")));
    let expected = format!(
        "cannot fetch {}: the server answered 500 Internal Server Error (tried 4 times)",
        always.url("/x")
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!((slept.millis(), always.requests()), (vec![500, 1000, 2000], 4));
}

#[test]
fn not_found_is_not_retried() {
    let server = Server::new(|_, _| answer("404 Not Found", "", b"{}"));
    let (fetcher, _) = fetcher(options());
    let error = refused(fetcher.get(&server.url("/x")));
    assert_eq!((error.attempts, server.requests()), (1, 1));
    assert_eq!(error.cause, Cause::Status { code: 404, reason: "Not Found" });
}

#[test]
fn truncated_response_is_retried_and_never_used() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"incidents\": [";
    let once = Server::new(move |number, _| if number == 0 { cut.to_vec() } else { ok("{}") });
    let (first, _) = fetcher(options());
    assert_eq!(first.get(&once.url("/x")).unwrap().input.bytes, b"{}");
    let always = Server::new(move |_, _| cut.to_vec());
    let (second, _) = fetcher(FetchOptions { retries: 1, ..options() });
    let error = refused(second.get(&always.url("/x")));
    assert!(matches!(error.cause, Cause::Interrupted(_)) && error.attempts == 2, "{error}");
}

#[test]
fn bad_redirects_are_reported() {
    let server = Server::new(|_, path| {
        let to = |to: &str| answer("301 Moved", &format!("Location: {to}\r\n"), b"");
        match path {
            "/a" => to("/b"),
            "/b" => to("/a"),
            "/ftp" => to("ftp://example.com/x"),
            "/none" => answer("302 Found", "", b""),
            other => to(&format!("{other}x")),
        }
    });
    let (fetcher, _) = fetcher(options());
    let circle = refused(fetcher.get(&server.url("/a")));
    let url = |path: &str| server.url(path);
    assert_eq!(circle.cause, Cause::RedirectLoop(vec![url("/a"), url("/b"), url("/a")]));
    assert!(circle.to_string().contains("in a circle: http://"), "{circle}");
    assert_eq!(refused(fetcher.get(&url("/x"))).cause, Cause::TooManyRedirects(10));
    assert_eq!(refused(fetcher.get(&url("/ftp"))).cause, Cause::Scheme("ftp".to_owned()));
    assert_eq!(refused(fetcher.get(&url("/none"))).cause, Cause::BadRedirect);
}

/// `{"a":"…"}` packed with gzip, in stored blocks, so that no packer is needed.
fn gzip_stored(body: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut chunks = body.chunks(60_000).peekable();
    while let Some(chunk) = chunks.next() {
        let length = u16::try_from(chunk.len()).unwrap();
        packed.push(u8::from(chunks.peek().is_none()));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(chunk);
    }
    packed.extend(crc32(body).to_le_bytes());
    packed.extend((body.len() as u32).to_le_bytes());
    packed
}

/// The checksum of gzip (RFC 1952, 8).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}

/// A gzip of `count` times 258 zeros in a few bits each: a fixed-code block (RFC 1951, 3.2.6) of
/// one literal zero and then copies of 258 bytes from one byte before.
fn gzip_bomb(count: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = vec![true, true, false];
    let mut code =
        |value: u32, length: u32| bits.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
    code(0b0011_0000, 8); // the literal 0
    for _ in 0..count {
        code(0b1100_0101, 8); // length 258
        code(0, 5); // distance 1
    }
    code(0, 7); // the end
    let mut packed = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    packed.extend(bits.chunks(8).map(|byte| {
        byte.iter().enumerate().fold(0u8, |all, (at, bit)| all | u8::from(*bit) << at)
    }));
    packed.extend([0; 8]);
    packed
}

#[test]
fn gzip_is_decoded() {
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(100_000));
    let packed = gzip_stored(body.as_bytes());
    let server = Server::new(move |_, _| answer("200 OK", "Content-Encoding: gzip\r\n", &packed));
    let (fetcher, _) = fetcher(options());
    assert_eq!(fetcher.get(&server.url("/x")).unwrap().input.bytes, body.as_bytes());
}

#[test]
fn compression_bomb_and_oversized_response_stop_at_the_limit() {
    let bomb = gzip_bomb(400_000);
    assert!(bomb.len() < 1_000_000, "{}", bomb.len());
    let bombs = Server::new(move |_, _| answer("200 OK", "Content-Encoding: gzip\r\n", &bomb));
    let limit = 1024 * 1024;
    let limited = || fetcher(FetchOptions { max_bytes: limit, ..options() }).0;
    let error = refused(limited().get(&bombs.url("/x")));
    assert_eq!((&error.cause, error.attempts), (&Cause::TooLarge { limit }, 1));
    assert!(error.to_string().contains("longer than 1 MiB"), "{error}");

    let announced =
        Server::new(|_, _| b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx".to_vec());
    assert_eq!(refused(limited().get(&announced.url("/x"))).cause, Cause::TooLarge { limit });

    let endless = Server::talking(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while stream.write_all(&[b'x'; 65_536]).is_ok() {}
    });
    assert_eq!(refused(limited().get(&endless.url("/x"))).cause, Cause::TooLarge { limit });
}

#[test]
fn refused_connection_is_an_error_after_every_attempt() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    drop(listener);
    let (fetcher, slept) = fetcher(FetchOptions { retries: 2, ..options() });
    let error = refused(fetcher.get(&url));
    assert!(matches!(error.cause, Cause::Connect(_)) && error.attempts == 3, "{error}");
    assert!(error.to_string().contains(&url));
    assert_eq!(slept.millis(), [500, 1000]);
}
