//! Tests of properties that every rule has, and helpers for the tests of the rules.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::*;
use crate::analysis::config::Definitions;
use crate::analysis::fixture::{incident, update, with};
use crate::diag::Level;
use crate::model::Incident;
use crate::model::milestone::MilestoneName::{DeclaredAt, ImpactStart, ResolvedAt};
use crate::model::timeline::State;

/// The present in tests.
pub(super) const NOW: &str = "2026-06-01T12:00:00Z";

/// The findings of `rule` for `incident`, as `level path: message`, without a present.
pub(super) fn found(rule: &dyn Rule, incident: &Incident) -> Vec<String> {
    shown(rule, &Context::new(incident, &Definitions::default(), &[], None))
}

/// The same, at a stated instant.
pub(super) fn found_at(rule: &dyn Rule, incident: &Incident, now: &str) -> Vec<String> {
    let now: DateTime<Utc> = now.parse().expect("a test's instant");
    shown(rule, &Context::new(incident, &Definitions::default(), &[], Some(now)))
}

/// The same, in a context.
pub(super) fn shown(rule: &dyn Rule, context: &Context) -> Vec<String> {
    let mut findings = Findings::new();
    rule::run(rule, context, &mut findings);
    let found = findings.into_found();
    let lines = found.iter();
    lines
        .map(|finding| format!("{} {}: {}", finding.level.as_str(), finding.path, finding.message))
        .collect()
}

#[test]
fn rule_ids_are_unique_and_documented() {
    let mut ids = BTreeSet::new();
    for rule in REGISTRY {
        let id = rule.id();
        assert!(ids.insert(id), "{id} is there twice");
        assert!(
            id.split('-')
                .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())),
            "{id}"
        );
        assert!(
            !rule.about().is_empty() && !rule.about().ends_with('.') && rule.about().len() <= 72,
            "{id}"
        );
        let explained = rule.explain();
        assert!(
            explained.starts_with("Finds ") && explained.contains("```yaml\n"),
            "{id} has an example"
        );
        assert_eq!(explained.matches("```").count(), 2, "{id} closes its example");
        assert!(
            !explained.lines().any(|line| line.starts_with(' ') && line.trim_start() == "```"),
            "{id}"
        );
    }
}

#[test]
fn every_rule_file_is_registered() {
    let declared = include_str!("mod.rs").lines().filter(|line| line.starts_with("mod ")).count();
    // `context`, `finding`, `order`, `rule` and `tests` are not rules.
    assert_eq!(declared - 5, REGISTRY.len());
}

#[test]
fn findings_are_sorted_by_level_then_place() {
    let mut wrong = with(
        "wrong",
        &[
            (ImpactStart, "2026-03-17T14:05Z"),
            (DeclaredAt, "2026-03-17T15:05Z"),
            (ResolvedAt, "2026-03-17T14:00Z"),
        ],
    );
    wrong.severity = Some("terrible".into());
    let findings = check(&Context::new(&wrong, &Definitions::default(), &[], None));
    let order: Vec<(Level, String)> =
        findings.iter().map(|f| (f.level, f.path.to_string())).collect();
    let mut sorted = order.clone();
    sorted.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    assert_eq!(order, sorted);
    assert_eq!(findings[0].rule, "impossible-order");
    for finding in &findings {
        let first = finding.message.chars().next();
        assert!(
            first.is_some_and(char::is_lowercase) && !finding.message.ends_with('.'),
            "{}",
            finding.message
        );
    }
}

#[test]
fn good_status_page_write_up_has_no_warnings() {
    let mut page =
        with("page", &[(ImpactStart, "2026-03-17T14:10Z"), (ResolvedAt, "2026-03-17T14:50:32Z")]);
    page.timeline = vec![
        update("2026-03-17T14:14:05Z", State::Investigating, "We are looking into errors."),
        update("2026-03-17T14:50:32Z", State::Resolved, "All systems have recovered."),
    ];
    let findings = check(&Context::new(&page, &Definitions::default(), &[], None));
    assert!(findings.iter().all(|finding| finding.level < Level::Warning), "{findings:#?}");
}

#[test]
fn empty_incident_has_only_gap_findings() {
    let findings = check(&Context::new(&incident("empty"), &Definitions::default(), &[], None));
    let rules: BTreeSet<&str> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, BTreeSet::from(["missing-milestones", "missing-sections"]));
    assert!(findings.iter().all(|finding| finding.nature == Nature::Gap));
}
