//! What servers send: packed, in another charset, from another host.

use crate::import::fetch::{fetcher, options};
use crate::support::servers::{Server, answer};
use crate::support::world::World;

const INCIDENTS: &str = r#"{"page":{"id":"p","name":"P","time_zone":"Etc/UTC"},"incidents":[{"id":"i1","name":"Café geschlossen","status":"resolved",
"created_at":"2026-03-17T10:00:00Z","incident_updates":[{"id":"u1","status":"resolved","body":"Over.","display_at":"2026-03-17T11:00:00Z"}]}]}"#;

/// Brotli that stores its bytes (RFC 7932, 9.2), at most 65,536 of them.
fn brotli_stored(body: &[u8]) -> Vec<u8> {
    let header = (body.len() as u32 - 1) << 4 | 1 << 20;
    [&header.to_le_bytes()[..3], body, &[0x03]].concat()
}

/// Raw deflate that stores its bytes (RFC 1951, 3.2.4), at most 65,535 of them.
fn deflate_stored(body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    [&[1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), body].concat()
}

/// The same as zlib has it (RFC 1950).
fn zlib_stored(body: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (1u32, 0u32);
    for byte in body {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    [&[0x78, 0x01][..], &deflate_stored(body), &(b << 16 | a).to_be_bytes()].concat()
}

#[test]
fn every_requested_encoding_is_decoded() {
    let body = INCIDENTS.as_bytes();
    for (encoding, packed) in [
        ("br", brotli_stored(body)),
        ("deflate", deflate_stored(body)),
        ("deflate", zlib_stored(body)),
    ] {
        let server = Server::new(move |_, _| {
            answer("200 OK", &format!("Content-Encoding: {encoding}\r\n"), &packed)
        });
        let world = World::new();
        let shown = world.run(&["import", &server.url("/incidents.json")]);
        assert!(shown.contains("1 created") && shown.ends_with("exit 0\n"), "{encoding}: {shown}");
        assert_eq!(server.asked()[0].header("accept-encoding").unwrap(), "gzip, deflate, br");
    }
}

#[test]
fn truncated_compressed_response_is_an_error() {
    for (encoding, packed) in [
        ("br", brotli_stored(INCIDENTS.as_bytes())),
        ("deflate", zlib_stored(INCIDENTS.as_bytes())),
    ] {
        let cut = packed[..packed.len() / 2].to_vec();
        let server = Server::new(move |_, _| {
            answer("200 OK", &format!("Content-Encoding: {encoding}\r\n"), &cut)
        });
        let error = fetcher(options()).0.get(&server.url("/x")).unwrap_err();
        assert!(error.to_string().contains("the answer ended early"), "{error}");
        assert_eq!(error.attempts, 4, "{encoding}: it may be whole the next time");
    }
}

#[test]
fn unrequested_encoding_is_reported() {
    let server = Server::new(|_, _| answer("200 OK", "Content-Encoding: zstd\r\n", b"(\xb5/\xfd"));
    let error = fetcher(options()).0.get(&server.url("/x")).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("the answer has the content encoding `zstd`, which is not supported"),
        "{error}"
    );
}

/// The import of `body`, sent with that content type; what was printed, and the only incident file.
fn imported(path: &str, content_type: &str, body: &[u8], more: &[&str]) -> (World, String, String) {
    let (head, body) = (format!("Content-Type: {content_type}\r\n"), body.to_vec());
    let server = Server::new(move |_, _| answer("200 OK", &head, &body));
    let world = World::new();
    let shown = world
        .run(&[&["import", server.url(path).as_str()], more].concat())
        .replace(&server.address, "http://host");
    let file = world.files().into_iter().find(|(name, _)| name.starts_with("incidents/"));
    let text = file.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).unwrap_or_default();
    (world, shown, text)
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

#[test]
fn the_charset_of_the_header_is_honoured() {
    let (_, shown, file) =
        imported("/i.json", "application/json; charset=ISO-8859-1", &latin1(INCIDENTS), &[]);
    assert!(file.contains("Café geschlossen"), "{shown}\n{file}");
    let feed = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss version=\"2.0\"><channel><title>N</title><item><title>Café zu</title><guid>n1</guid><pubDate>Tue, 17 Mar 2026 14:00:00 GMT</pubDate><description>Größer.</description></item></channel></rss>";
    for content_type in ["text/xml; charset=iso-8859-1", "text/xml"] {
        let (_, shown, file) = imported("/n.rss", content_type, &latin1(feed), &[]);
        assert!(
            file.contains("Café zu") && file.contains("Größer."),
            "{content_type}: {shown}\n{file}"
        );
    }
}

#[test]
fn byte_order_mark_and_valid_utf8_override_the_header() {
    let utf16: Vec<u8> =
        format!("\u{feff}{INCIDENTS}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for body in [utf16, format!("\u{feff}{INCIDENTS}").into_bytes(), INCIDENTS.as_bytes().to_vec()]
    {
        let (_, shown, file) =
            imported("/i.json", "application/json; charset=ISO-8859-1", &body, &[]);
        assert!(file.contains("Café geschlossen"), "{shown}\n{file}");
    }
}

#[test]
fn unknown_charset_is_reported_and_the_rest_is_read() {
    let (_, shown, _) =
        imported("/i.json", "application/json; charset=klingon", INCIDENTS.as_bytes(), &[]);
    insta::assert_snapshot!(shown, @r"
    ── stdout
    created   incidents/2026-03-17-cafe-geschlossen.yaml
    ── stderr
    warning: http://host/i.json: its charset `klingon` is unknown
     |
     = help: the text was read as if none was given
    1 created, 0 extended, 0 unchanged
    ── exit 0
    ");
}

#[test]
fn write_up_is_stored_byte_for_byte() {
    let page = latin1(
        "<!doctype html><title>Postmortem: café outage</title><h1>Postmortem: café outage</h1><h2>Timeline</h2>\
         <ul><li>2026-03-17 10:00 UTC: orders fail</li><li>2026-03-17 11:00 UTC: resolved</li></ul>\
         <h2>Root cause</h2><p>The café was too small for the naïve queue.</p>",
    );
    let (world, shown, file) =
        imported("/post.html", "text/html; charset=iso-8859-1", &page, &["--format", "document"]);
    assert!(file.contains("café was too small for the naïve queue"), "{shown}\n{file}");
    let stored = world.files().into_iter().find(|(name, _)| name.starts_with("evidence/")).unwrap();
    assert_eq!(stored.1, page);
}

#[test]
fn redirect_to_another_host_is_reported() {
    let other = Server::new(|_, path| match path {
        "/" => answer("200 OK", "", b"<!doctype html><title>Status</title>"),
        "/incidents.json" | "/api/v2/incidents.json" => answer("200 OK", "", INCIDENTS.as_bytes()),
        _ => answer("404 Not Found", "", b""),
    });
    let target = other.address.clone();
    let host = Server::new(move |_, path| {
        let path = if path == "/here.json" { "/there.json" } else { path };
        match path {
            "/there.json" => answer("302 Found", "Location: /i.json\r\n", b""),
            "/i.json" => answer("200 OK", "", INCIDENTS.as_bytes()),
            _ => answer("301 Moved", &format!("Location: {target}{path}\r\n"), b""),
        }
    });
    let reported = |path: &str| {
        let shown = World::new().run(&["import", &host.url(path)]);
        assert!(shown.contains("1 created"), "{shown}");
        let shown =
            shown.replace(&host.address, "http://host").replace(&other.address, "http://other");
        shown
            .lines()
            .filter(|line| line.contains("another host"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let note = |path: &str| {
        format!("note: http://host{path} redirects to another host: http://other{path}")
    };
    assert_eq!(reported("/incidents.json"), [note("/incidents.json")]);
    assert_eq!(reported("/"), [note("/")], "reported once, whatever is read of the other host");
    assert_eq!(reported("/here.json"), [""; 0], "the same host");
}
