//! The layers: imports run one way, there are no circles, and the names of vendors stay in
//! `sources`. The order is the one that `src/lib.rs` draws.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each layer with the layers that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("diag", &[]),
    ("text", &["diag"]),
    ("yaml", &[]),
    ("model", &["diag", "text"]),
    ("markdown", &["diag", "text"]),
    ("sources", &["diag", "text", "yaml", "model"]),
    ("assemble", &["diag", "text", "model", "sources"]),
    ("analysis", &["diag", "text", "yaml", "model"]),
    ("figure", &["diag", "text", "model", "markdown", "analysis"]),
    ("report", &["diag", "text", "model", "analysis", "figure", "markdown"]),
    ("render", &["diag", "text", "model", "analysis", "figure", "markdown", "report"]),
    // The settings hold what analysis reads of them.
    ("store", &["diag", "text", "yaml", "model", "analysis", "sources"]),
    ("fetch", &["diag", "text", "model", "sources"]),
    (
        "cli",
        &[
            "diag", "text", "yaml", "model", "markdown", "sources", "assemble", "analysis", "figure", "report",
            "render", "store", "fetch",
        ],
    ),
];

/// Names that only `sources` may know. Formats that belong to nobody (csv, atom, rss) may be named,
/// and a product whose name is a plain word (Slack) cannot be told from the word.
const VENDORS: &[&str] = &[
    "statuspage",
    "atlassian",
    "incident.io",
    "incidentio",
    "instatus",
    "betterstack",
    "pagerduty",
    "opsgenie",
    "alertmanager",
    "prometheus",
    "grafana",
    "datadog",
    "cloudwatch",
    "heroku",
    "salesforce",
    "cachet",
    "upptime",
    "kuma",
    "cstate",
    "checkly",
    "yandex",
    "sentry",
    "nagios",
    "zabbix",
    "splunk",
    "newrelic",
    "pingdom",
];

fn source_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// `src/model/id.rs` belongs to `model`, `src/diag.rs` to `diag`.
fn layer_of(path: &Path) -> String {
    let inner = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("below src");
    let first = inner.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The code without its comments and doc comments, and without what tests use.
fn code_of(path: &Path) -> String {
    if path.ends_with("fixture.rs") {
        return String::new();
    }
    let text = std::fs::read_to_string(path).expect("a source file");
    let before_tests = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    before_tests.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every layer that a file names as `crate::LAYER`.
fn used_by(code: &str) -> BTreeSet<String> {
    code.match_indices("crate::")
        .map(|(at, found)| {
            code[at + found.len()..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
        })
        .collect()
}

#[test]
fn imports_run_one_way() {
    let rules: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    for path in source_files() {
        let layer = layer_of(&path);
        if matches!(layer.as_str(), "lib" | "main") {
            continue;
        }
        let Some(allowed) = rules.get(layer.as_str()) else {
            wrong.push(format!("{}: `{layer}` is a layer that this test does not know", path.display()));
            continue;
        };
        for used in used_by(&code_of(&path)) {
            let is_layer = rules.contains_key(used.as_str());
            if is_layer && used != layer && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: `{layer}` may not use `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_order_has_no_circle() {
    for (position, (layer, uses)) in MAY_USE.iter().enumerate() {
        for used in *uses {
            let below = MAY_USE[..position].iter().any(|(name, _)| name == used);
            assert!(below, "`{layer}` may use `{used}`, which does not stand above it in the list");
        }
    }
}

#[test]
fn vendors_are_known_to_sources_only() {
    let mut wrong = Vec::new();
    for path in source_files().into_iter().filter(|path| layer_of(path) != "sources") {
        let code = code_of(&path);
        // `StatusPage` is a word of the field, `Statuspage` and `statuspage` are a product.
        let capital = |vendor: &str| vendor[..1].to_uppercase() + &vendor[1..];
        for vendor in VENDORS.iter().filter(|vendor| code.contains(**vendor) || code.contains(&capital(vendor))) {
            wrong.push(format!("{}: names `{vendor}`", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_lower_layers_touch_nothing_outside() {
    let effects = [
        "std::fs",
        "std::env",
        "std::process",
        "std::net",
        "Utc::now",
        "Local::now",
        "SystemTime",
        "println!",
        "eprintln!",
        "reqwest",
    ];
    let mut wrong = Vec::new();
    for path in source_files() {
        let layer = layer_of(&path);
        let allowed: &[&str] = match layer.as_str() {
            "cli" | "main" => continue,
            // The history is git's to tell.
            "store" => &["std::fs", "std::process"],
            "fetch" => &["reqwest"],
            _ => &[],
        };
        let code = code_of(&path);
        for effect in effects.iter().filter(|effect| code.contains(**effect) && !allowed.contains(effect)) {
            wrong.push(format!("{}: `{layer}` uses `{effect}`", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
