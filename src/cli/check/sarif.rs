//! Findings as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format").

use serde_json::{Value, json};

use super::{FILE_RULE, Placed};
use crate::analysis::rules;
use crate::diag::Level;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn write(findings: &[Placed]) -> String {
    let mut known: Vec<Value> =
        rules::REGISTRY.iter().map(|rule| descriptor(rule.id(), rule.about(), rule.explain())).collect();
    let about = "a file that cannot be read as an incident";
    known.push(descriptor(FILE_RULE, about, about));
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "posthoc", "version": env!("CARGO_PKG_VERSION"), "rules": known } },
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn descriptor(id: &str, about: &str, explain: &str) -> Value {
    json!({ "id": id, "shortDescription": { "text": about }, "fullDescription": { "text": explain } })
}

fn result(finding: &Placed) -> Value {
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let message = std::iter::once(finding.message.as_str())
        .chain(finding.hints.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("\n");
    json!({
        "ruleId": finding.rule,
        "level": level,
        "message": { "text": message },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&finding.place.file) },
                "region": { "startLine": finding.place.line, "startColumn": finding.place.column },
            },
        }],
    })
}

/// A path as a relative URI: `/` between the parts, and nothing that a URI does not carry.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
