//! The definitions in `sql/` against `posthoc stats`, where DuckDB is installed for Python.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::support::random::Random;
use crate::support::world::World;

/// What the SQL gives, in the same shape as the answer of `posthoc stats`.
const SCRIPT: &str = r#"
import duckdb, json, pathlib, sys
connection = duckdb.connect()
connection.execute("set timezone = 'UTC'")
connection.execute("set enable_progress_bar = false")
for name in ("duckdb", "definitions"):
    connection.execute(pathlib.Path(sys.argv[1], f"{name}.sql").read_text())
answer = {
    "totals": connection.execute("select * from totals").fetchone(),
    "severities": dict(connection.execute("select coalesce(severity, ''), incidents from severities").fetchall()),
    "medians": {name: rest for name, *rest in connection.execute("select * from medians").fetchall()},
}
print(json.dumps(answer))
"#;

/// A time so many seconds after the beginning of 2025, known in one of several ways.
fn time(random: &mut Random, seconds: u64) -> String {
    let start =
        chrono::DateTime::from_timestamp(1_735_689_600 + seconds as i64, 0).expect("a time");
    match random.below(12) {
        0 => start.format("%Y-%m-%d").to_string(),
        1 => format!("~{}", start.format("%Y-%m-%dT%H:%MZ")),
        2 => {
            let end = start + chrono::TimeDelta::seconds(1 + random.below(3_000) as i64);
            format!("{}..{}", start.format("%Y-%m-%dT%H:%M:%SZ"), end.format("%Y-%m-%dT%H:%M:%SZ"))
        }
        3..7 => start.format("%Y-%m-%dT%H:%MZ").to_string(),
        7 => start.format("%Y-%m-%dT%H:%M:%S.250Z").to_string(),
        _ => start.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}

/// An incident file with anything that a definition has to look at, now and then in an impossible
/// order.
fn incident(number: u64) -> String {
    let mut random = Random(number);
    for _ in 0..3 {
        random.below(2);
    }
    let mut text = format!("schema: posthoc/v1\nid: i{number}\ntitle: I\n");
    let kind = random.one(&[
        "incident",
        "incident",
        "incident",
        "security",
        "near_miss",
        "drill",
        "maintenance",
    ]);
    let _ = writeln!(text, "kind: {kind}");
    if random.below(8) > 0 {
        let _ = writeln!(text, "severity: {}", random.one(&["sev1", "sev2", "sev3"]));
    }
    let services = random.one(&["[]", "[api]", "[api, web]", "[web, billing, api]"]);
    let _ = writeln!(text, "services: {services}");
    match random.below(40) {
        0 => text.push_str("definitions: 7\n"),
        1 => text.push_str("definitions: 1\n"),
        2 if number > 0 => {
            let _ = writeln!(text, "related: {{duplicate_of: i{}}}", number - 1);
        }
        3 => text.push_str("status: resolved\n"),
        _ => {}
    }
    // Of those that are ongoing, some began shortly before the clock of the tests.
    let began = random.below(454 * 86_400);
    let mut milestones = String::new();
    for (name, likely) in [
        ("impact_start", 8),
        ("detected_at", 7),
        ("acknowledged_at", 5),
        ("declared_at", 5),
        ("first_notice_at", 5),
        ("identified_at", 5),
        ("mitigated_at", 6),
        ("impact_end", 7),
        ("resolved_at", 8),
    ] {
        if random.below(10) < likely {
            let after = random.below(20_000);
            let _ = writeln!(milestones, "  {name}: {}", time(&mut random, began + after));
        }
    }
    if !milestones.is_empty() {
        let _ = write!(text, "milestones:\n{milestones}");
    }
    let windows = random.below(4);
    if windows > 0 {
        text.push_str("impact:\n  windows:\n");
    }
    for _ in 0..windows {
        let start = began + random.below(20_000);
        let _ = writeln!(text, "    - start: {}", time(&mut random, start));
        if random.below(20) > 0 {
            // Far enough that the window does not end before it begins, which a file may not state.
            let end = start + 90_000 + random.below(9_000);
            let _ = writeln!(text, "      end: {}", time(&mut random, end));
        }
        let _ = writeln!(
            text,
            "      components: {}",
            random.one(&["[]", "[api]", "[web, other]", "[other]"])
        );
    }
    text
}

/// How many incidents are compared.
fn count() -> u64 {
    std::env::var("POSTHOC_INCIDENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000)
}

#[test]
#[cfg_attr(not(duckdb), ignore = "needs Python with DuckDB")]
fn sql_gives_the_same_figures() {
    let world = World::new();
    world.write("posthoc.toml", "");
    for number in 0..count() {
        world.write(&format!("incidents/i{number}.yaml"), incident(number));
    }
    let exported = world.run(&["export", "--to", "ndjson", "--out", "tables"]);
    assert!(exported.ends_with("── exit 0\n"), "{exported}");
    let metrics = "ttr,restore,ttm,ttd,ttn,tta,tti,repair,response,reported,impact";
    // Without fallbacks, which the exported tables do not have.
    let ours = world.output(&["stats", "--strict", "--metric", metrics, "--format", "json"]).stdout;
    let ours: Value = serde_json::from_slice(&ours).expect("JSON");
    let theirs = computed(&world);

    let group = &ours["groups"][0];
    let impact = &group["impact"];
    let totals: Vec<&Value> = vec![
        &group["incidents"],
        &impact["any_min_seconds"],
        &impact["any_seconds"],
        &impact["any_max_seconds"],
        &impact["service_seconds"],
    ];
    for (index, ours) in totals.into_iter().enumerate() {
        assert_same(ours, &theirs["totals"][index], &format!("total {index}"));
    }
    for one in group["severities"].as_array().expect("severities") {
        let name = one["severity"].as_str().unwrap_or_default();
        assert_same(&one["incidents"], &theirs["severities"][name], name);
    }
    for metric in group["metrics"].as_array().expect("metrics") {
        let name = metric["name"].as_str().expect("a name");
        let theirs = &theirs["medians"][name];
        assert_same(&metric["known"], &theirs[0], &format!("known {name}"));
        assert_same(&metric["ongoing"], &theirs[1], &format!("ongoing {name}"));
        let median = &metric["summary"]["median"]["value"];
        assert_same(median, &theirs[2], &format!("median of {name}"));
    }
}

/// The same number, to the second.
fn assert_same(ours: &Value, theirs: &Value, what: &str) {
    let (ours, theirs) = (ours.as_f64().unwrap_or(-1.0), theirs.as_f64().unwrap_or(-1.0));
    assert!((ours - theirs).abs() < 1.0, "{what}: {ours} here, {theirs} in SQL");
}

fn computed(world: &World) -> Value {
    let python = std::env::var("POSTHOC_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .args(["-c", SCRIPT, concat!(env!("CARGO_MANIFEST_DIR"), "/sql")])
        .current_dir(world.path("tables"))
        .output()
        .expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}
