//! Findings as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), with what
//! GitHub's code scanning asks for beyond it: a region for every result, help in Markdown for every
//! rule, and fingerprints by which a finding stays the same when its line moves.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::leaks::{LEAK_ABOUT, LEAK_RULE};
use super::placed::{FILE_RULE, Marked, Placed};
use crate::analysis::rules::{self, Rule};
use crate::assemble::entry_key;
use crate::cli::reports::Checked;
use crate::diag::Level;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The base id of the folder that file addresses are relative to.
const ROOT: &str = "%SRCROOT%";
/// The name and the version of the fingerprint.
const FINGERPRINT: &str = "posthocFinding/v1";

pub(super) fn write(findings: &[Placed], checked: &Checked) -> String {
    let mut known: Vec<Value> = rules::REGISTRY.iter().map(|rule| descriptor(*rule)).collect();
    let about = "a file that cannot be read as an incident";
    known.push(described(FILE_RULE, about, about, Level::Error));
    known.push(described(LEAK_RULE, LEAK_ABOUT, LEAK_ABOUT, Level::Error));
    let mut seen = BTreeMap::new();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "posthoc", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": known } },
            "automationDetails": { "id": "posthoc/check/" },
            "originalUriBaseIds": { ROOT: { "description": { "text": "The folder that posthoc was called in." } } },
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(|finding| result(finding, checked, &mut seen)).collect::<Vec<_>>(),
        }],
    });
    crate::text::json::escaped(&serde_json::to_string_pretty(&log).unwrap_or_default()).into_owned()
        + "\n"
}

fn descriptor(rule: &dyn Rule) -> Value {
    described(rule.id(), rule.about(), rule.explain(), rule.level())
}

fn described(id: &str, about: &str, explain: &str, level: Level) -> Value {
    let summary = explain.split("\n\n").next().unwrap_or(explain).replace('\n', " ");
    json!({
        "id": id,
        "shortDescription": { "text": about },
        "fullDescription": { "text": summary },
        "help": { "text": explain, "markdown": explain },
        "defaultConfiguration": { "level": level.as_str() },
    })
}

fn result(finding: &Placed, checked: &Checked, seen: &mut BTreeMap<String, usize>) -> Value {
    let message = std::iter::once(finding.message.as_str())
        .chain(finding.hints.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("\n");
    let (place, marked) = (&finding.place, Marked::of(&finding.place, checked));
    let known = rules::REGISTRY.iter().position(|rule| rule.id() == finding.rule);
    json!({
        "ruleId": finding.rule,
        "ruleIndex": known.unwrap_or(rules::REGISTRY.len()),
        "level": finding.level.as_str(),
        "message": { "text": message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": location(&place.file),
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": marked.end_line,
                "endColumn": marked.end_column,
            },
        } }],
        "partialFingerprints": { FINGERPRINT: fingerprint(finding, &marked.text, seen) },
    })
}

/// The parts of a finding that stay the same when lines are added above it: the rule, the file and
/// the marked text, with a number if that text occurs more than once.
fn fingerprint(finding: &Placed, marked: &str, seen: &mut BTreeMap<String, usize>) -> String {
    let key = format!("{}\n{}\n{marked}", finding.rule, finding.place.file);
    let hash = entry_key::hex(key.as_bytes());
    let count = seen.entry(key).and_modify(|count| *count += 1).or_insert(1);
    format!("{}:{count}", &hash[..16])
}

/// The relative address of a file below the folder, or the absolute one of any other.
fn location(path: &str) -> Value {
    let path = path.replace('\\', "/");
    match path.starts_with('/') {
        true => json!({ "uri": format!("file://{}", uri(&path)) }),
        false => json!({ "uri": uri(&path), "uriBaseId": ROOT }),
    }
}

/// A path as a URI, percent-encoded where needed.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
