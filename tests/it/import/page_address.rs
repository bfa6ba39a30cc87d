//! `import` of the address of a status page.

use crate::support::world::World;

use super::histories::*;

/// A status page on loopback: answers the paths it knows, else 404, for a quarter of a minute at
/// most.
pub(super) fn serve(pages: Vec<(&'static str, String)>) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    listener.set_nonblocking(true).expect("non-blocking");
    std::thread::spawn(move || {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(15);
        while std::time::Instant::now() < end {
            let Ok((mut stream, _)) = listener.accept() else {
                std::thread::sleep(std::time::Duration::from_millis(5));
                continue;
            };
            stream.set_nonblocking(false).expect("blocking");
            stream.set_read_timeout(Some(std::time::Duration::from_secs(2))).expect("a timeout");
            let mut request = [0_u8; 2048];
            let length = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
            let (status, body) = match pages.iter().find(|(known, _)| *known == path) {
                Some((_, body)) => ("200 OK", body.clone()),
                None => ("404 Not Found", "no such page".to_owned()),
            };
            // The test has ended if nobody reads the answer.
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    address
}

#[test]
fn page_address_alone_is_enough() {
    let world = World::new();
    let maintenances = r#"{"page":{"id":"p1","name":"Example","time_zone":"Etc/UTC"},"scheduled_maintenances":[]}"#;
    let address = serve(vec![
        ("/api/v2/incidents.json", page(&[incident("i1", "API errors", &[FIRST, THIRD])])),
        ("/api/v2/scheduled-maintenances.json", maintenances.to_owned()),
    ]);
    let shown = world.run(&["import", &address]);
    assert!(
        shown.contains("created   incidents/2026-03-17-api-errors.yaml")
            && shown.ends_with("exit 0\n"),
        "{shown}"
    );
    let text = world.read("incidents/2026-03-17-api-errors.yaml");
    assert!(text.contains("retrieved_at: 2026-04-01T12:00:00Z"), "{text}");
    let before = world.files();
    world.run(&["import", &address]);
    world.assert_same(&before);
    let offline =
        world.run(&["--offline", "import", &address]).replace(&address, "http://127.0.0.1");
    insta::assert_snapshot!(offline, @r"
    ── stderr
    note: offline: http://127.0.0.1/api/v2/incidents.json as it was at 2026-04-01 12:00:00 UTC
    note: offline: http://127.0.0.1/api/v2/scheduled-maintenances.json as it was at 2026-04-01 12:00:00 UTC
    0 created, 0 extended, 1 unchanged
    ── exit 0
    ");
    let never = world.run(&["--offline", "import", &format!("{address}/other.json")]);
    assert!(
        never.contains("this address is not in the cache") && never.ends_with("exit 4\n"),
        "{never}"
    );
}

#[test]
fn html_page_instead_of_data_is_refused() {
    let world = World::new();
    let login = "<!doctype html><title>Log in</title>".to_owned();
    let address = serve(vec![("/", login.clone()), ("/api/v2/incidents.json", login)]);
    let shown = world.run(&["import", &address]);
    assert!(shown.contains("web page") && shown.ends_with("exit 4\n"), "{shown}");
    assert!(world.files().is_empty());
}

#[test]
fn wrong_content_never_falls_back_to_the_host() {
    let world = World::new();
    let address = serve(vec![
        ("/api/v2/incidents.json", page(&[incident("i1", "API errors", &[FIRST])])),
        ("/html", "<!doctype html><title>Hello</title>".to_owned()),
        ("/empty", String::new()),
        ("/nonsense.json", r#"{"hello": 1}"#.to_owned()),
    ]);
    let printed: Vec<String> = ["/missing", "/html", "/empty", "/nonsense.json"]
        .iter()
        .map(|path| {
            format!(
                "$ posthoc import {path}\n{}",
                world.run(&["import", &format!("{address}{path}")])
            )
        })
        .collect();
    insta::assert_snapshot!(printed.join("\n").replace(&address, "http://127.0.0.1"));
    assert!(world.files().is_empty());
}
