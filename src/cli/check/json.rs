//! Findings as JSON.

use super::placed::Placed;
use crate::cli::answer::versioned;

pub(super) fn of(findings: &[Placed]) -> serde_json::Value {
    let list: Vec<serde_json::Value> = findings
        .iter()
        .map(|finding| {
            serde_json::json!({
                "rule": finding.rule,
                "severity": finding.level.as_str(),
                "message": finding.message,
                "place": { "file": &*finding.place.file, "line": finding.place.line, "column": finding.place.column },
                "hints": finding.hints,
            })
        })
        .collect();
    versioned("findings", list)
}
