//! Findings as a JSON list.

use super::Placed;

pub(super) fn write(findings: &[Placed]) -> String {
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
    crate::text::json::escaped(&serde_json::to_string_pretty(&list).unwrap_or_default()).into_owned() + "\n"
}
