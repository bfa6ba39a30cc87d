//! Asking servers for a range of time: a server that does what a test wants, and the real ones
//! where they are installed.

use crate::support::servers::{Server, answer, ok as json};
use crate::support::world::World;

const INCIDENT: &str = "schema: posthoc/v1\nid: outage\ntitle: The shop is slow\n";

fn world() -> World {
    let world = World::new();
    world.write("incidents/outage.yaml", INCIDENT);
    world
}

/// The parameters of a request.
fn asked(path: &str, name: &str) -> String {
    let address = url::Url::parse(&format!("http://x{path}")).expect("an address");
    let found = address.query_pairs().find(|(known, _)| known == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn instant(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).expect("a time").timestamp()
}

/// Samples at each step of what was asked for, with the number of the step since 1970 as their
/// value.
fn samples(path: &str) -> Vec<u8> {
    let step: i64 = asked(path, "step").parse().expect("a step in seconds");
    let (start, end) = (instant(&asked(path, "start")), instant(&asked(path, "end")));
    let all: Vec<i64> =
        (0..).map(|number| start + number * step).take_while(|at| *at <= end).collect();
    if all.len() > 11_000 {
        let error = r#"{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points per timeseries"}"#;
        return answer("400 Bad Request", "Content-Type: application/json\r\n", error.as_bytes());
    }
    let values: Vec<String> = all.iter().map(|at| format!("[{at},\"{}\"]", at / step)).collect();
    json(&format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[{{"metric":{{"__name__":"errors","job":"shop"}},"values":[{}]}}]}}}}"#,
        values.join(",")
    ))
}

#[test]
fn a_range_that_is_too_long_for_one_answer_is_asked_for_in_parts() {
    let (world, server) = (world(), Server::new(|_, path| samples(path)));
    let address = server.url("");
    let arguments = [
        "import",
        &address,
        "--query",
        "errors",
        "--since",
        "2026-03-01T10:00Z",
        "--until",
        "2026-03-05T10:00:00Z",
        "--step",
        "15s",
        "--into",
        "outage",
    ];
    let shown = world.run(&arguments);
    assert!(shown.contains("exit 0"), "{shown}");
    let paths = server.paths();
    assert_eq!(paths.len(), 3, "23,041 samples are three answers");
    for pair in paths.windows(2) {
        assert_eq!(instant(&asked(&pair[0], "end")) + 15, instant(&asked(&pair[1], "start")));
    }
    let file = world.read("incidents/outage.yaml");
    assert!(file.contains("/api/v1/query_range?query=errors"), "{file}");
    let evidence = world.files();
    let (_, bytes) =
        evidence.iter().find(|(name, _)| name.contains("evidence/outage/")).expect("evidence");
    let stored: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
    assert_eq!(stored["data"]["result"][0]["values"].as_array().map(Vec::len), Some(23_041));

    // The same range again gives the same bytes.
    let again = world.run(&arguments);
    assert!(again.contains("already has all of it"), "{again}");
}

#[test]
fn the_step_is_the_finest_that_one_answer_holds_and_the_range_is_that_of_the_incident() {
    let server = Server::new(|_, path| samples(path));
    let world = World::new();
    world.write(
        "incidents/outage.yaml",
        format!("{INCIDENT}milestones:\n  impact_start: {{ at: 2026-03-01T10:00:00Z }}\n  resolved_at: {{ at: 2026-03-01T11:00:00Z }}\n"),
    );
    let shown = world.run(&[
        "import",
        &server.url("/"),
        "--query",
        "errors",
        "--into",
        "outage",
        "--dry-run",
    ]);
    assert!(shown.contains("exit 0"), "{shown}");
    let path = &server.paths()[0];
    assert_eq!(asked(path, "step"), "15");
    assert!(instant(&asked(path, "start")) <= instant("2026-03-01T10:00:00Z"));
    assert!(instant(&asked(path, "end")) >= instant("2026-03-01T11:00:00Z"));
}

#[test]
fn a_server_in_trouble_is_asked_again_and_one_that_refuses_is_quoted() {
    let world = world();
    let query = |server: &Server, expression: &str| {
        world.run(&[
            "import",
            &server.url(""),
            "--query",
            expression,
            "--since",
            "2026-03-01T10:00Z",
            "--until",
            "2026-03-01T11:00Z",
            "--into",
            "outage",
            "--dry-run",
        ])
    };
    let busy = Server::new(|number, path| match number {
        0 => answer("429 Too Many Requests", "Retry-After: 1\r\n", b""),
        1 => answer("503 Service Unavailable", "", b""),
        _ => samples(path),
    });
    let shown = query(&busy, "errors");
    assert!(shown.contains("exit 0") && busy.requests() == 3, "{shown}");

    let refuses = Server::new(|_, _| {
        let error = r#"{"status":"error","errorType":"bad_data","error":"1:3: parse error: unexpected end of input"}"#;
        answer("400 Bad Request", "Content-Type: application/json\r\n", error.as_bytes())
    });
    let shown = query(&refuses, "1 +");
    assert!(
        shown.contains("the server answered 400: 1:3: parse error: unexpected end of input"),
        "{shown}"
    );
    assert!(shown.contains("exit 4"), "{shown}");

    let partial = Server::new(|_, _| {
        json(
            r#"{"status":"success","isPartial":true,"data":{"resultType":"matrix","result":[{"metric":{},"values":[[1772359200,"1"]]}]},"warnings":["store down"]}"#,
        )
    });
    let shown = query(&partial, "errors");
    assert!(shown.contains("store down") && shown.contains("exit 0"), "{shown}");
}

#[test]
fn nothing_of_a_query_is_imported_if_a_part_fails() {
    let world = world();
    let before = world.files();
    let server = Server::new(|number, path| match number {
        0 => samples(path),
        _ => answer("500 Internal Server Error", "", b""),
    });
    let shown = world.run(&[
        "import",
        &server.url(""),
        "--query",
        "errors",
        "--since",
        "2026-03-01T10:00Z",
        "--until",
        "2026-03-05T10:00:00Z",
        "--step",
        "15s",
        "--into",
        "outage",
    ]);
    assert!(
        shown.contains("nothing of this query is imported") && shown.contains("exit 4"),
        "{shown}"
    );
    world.assert_same(&before);
}

#[test]
fn a_query_needs_an_address_and_a_range() {
    let world = world();
    world.write("metrics.json", "{}");
    let shown = world.run(&["import", "metrics.json", "--query", "up", "--into", "outage"]);
    assert!(shown.contains("--query asks servers") && shown.contains("exit 2"), "{shown}");
    let server = Server::new(|_, path| samples(path));
    let shown = world.run(&["import", &server.url(""), "--query", "up", "--into", "outage"]);
    assert!(shown.contains("--since") && shown.contains("exit 2"), "{shown}");
    assert_eq!(server.requests(), 0);
}

/// The real servers, each with its own folder, on ports of this machine that are free.
#[cfg(live_servers)]
mod real {
    use std::net::TcpListener;
    use std::process::{Child, Command, Stdio};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    use super::{Server, answer, world};

    /// A process that ends with the test.
    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    fn free_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    fn start(program: &str, arguments: &[String]) -> Running {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Running(command.spawn().unwrap_or_else(|error| panic!("{program}: {error}")))
    }

    /// What is at an address, as far as it answers.
    fn get(port: u16, path: &str) -> String {
        use std::io::{Read as _, Write as _};
        let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) else {
            return String::new();
        };
        let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
        let _ = write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !is_there() {
            assert!(Instant::now() < end, "{what} did not come within a minute");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    #[test]
    fn a_rule_that_fires_is_imported_with_its_metric() {
        let is_bad = Arc::new(AtomicBool::new(false));
        let shown = is_bad.clone();
        let target = Server::new(move |_, _| {
            let errors = if shown.load(Ordering::SeqCst) { 42 } else { 0 };
            let text = format!("# TYPE shop_errors gauge\nshop_errors {errors}\n");
            answer("200 OK", "Content-Type: text/plain; version=0.0.4\r\n", text.as_bytes())
        });
        let world = world();
        let (metrics, alerts) = (free_port(), free_port());
        world.write(
            "am.yml",
            "route: { receiver: none, group_wait: 1s }\nreceivers: [{ name: none }]\n",
        );
        world.write(
            "rules.yml",
            "groups:\n- name: shop\n  rules:\n  - alert: ShopFails\n    expr: shop_errors > 5\n    labels: { severity: critical }\n    annotations: { summary: The shop fails }\n",
        );
        let host = target.address.trim_start_matches("http://");
        world.write(
            "prom.yml",
            format!(
                "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: [rules.yml]\nalerting: {{ alertmanagers: [{{ static_configs: [{{ targets: ['127.0.0.1:{alerts}'] }}] }}] }}\nscrape_configs:\n- job_name: shop\n  static_configs: [{{ targets: ['{host}'] }}]\n"
            ),
        );
        let path = |name: &str| world.path(name).to_string_lossy().into_owned();
        let _alerts = start(
            "prometheus-alertmanager",
            &[
                format!("--config.file={}", path("am.yml")),
                format!("--storage.path={}", path("am-data")),
                format!("--web.listen-address=127.0.0.1:{alerts}"),
                "--cluster.listen-address=".to_owned(),
            ],
        );
        let _metrics = start(
            "prometheus",
            &[
                format!("--config.file={}", path("prom.yml")),
                format!("--storage.tsdb.path={}", path("prom-data")),
                format!("--web.listen-address=127.0.0.1:{metrics}"),
            ],
        );
        let since = chrono::Utc::now() - chrono::TimeDelta::seconds(5);
        wait_for("a good sample", || {
            get(metrics, "/api/v1/query?query=shop_errors").contains("\"0\"]")
        });
        is_bad.store(true, Ordering::SeqCst);
        wait_for("the alert", || get(alerts, "/api/v2/alerts").contains("ShopFails"));

        let now = (chrono::Utc::now() + chrono::TimeDelta::seconds(2)).to_rfc3339();
        let run = |arguments: &[&str]| {
            let output = world.command_at(&now, arguments).output().expect("the program runs");
            world.shown(&output)
        };
        let server = format!("http://127.0.0.1:{metrics}");
        let shown = run(&[
            "import",
            &server,
            "--query",
            "shop_errors",
            "--since",
            &since.to_rfc3339(),
            "--step",
            "1s",
            "--into",
            "outage",
        ]);
        assert!(shown.contains("exit 0"), "{shown}");
        let shown = run(&["import", &format!("http://127.0.0.1:{alerts}"), "--into", "outage"]);
        assert!(shown.contains("exit 0"), "{shown}");
        let file = world.read("incidents/outage.yaml");
        assert!(file.contains("ShopFails") && file.contains("fired (critical)"), "{file}");
        assert!(
            file.contains("format: prometheus-range") && file.contains("format: alertmanager"),
            "{file}"
        );
        assert!(file.contains("detected_at"), "{file}");
    }
}

/// Reports as ignored that the test above is not run.
#[cfg(not(live_servers))]
#[test]
#[ignore = "needs the servers prometheus and prometheus-alertmanager"]
fn a_rule_that_fires_is_imported_with_its_metric() {}
