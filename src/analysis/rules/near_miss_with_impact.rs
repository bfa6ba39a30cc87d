use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::model::Kind;
use crate::model::path::Path;
use crate::model::word_enums::Figure;

rule! {
    /// Finds a near miss with impact: windows, or figures of customers, users or requests.
    ///
    /// A near miss is not part of any number, since nobody was affected. With impact it is an
    /// incident, and its time is missing from the statistics.
    ///
    /// ```yaml
    /// kind: near_miss
    /// impact: {customers: 1200}
    /// ```
    NearMissWithImpact = "near-miss-with-impact", Warning, "a near miss that had impact"
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    if incident.kind() != Kind::NearMiss {
        return;
    }
    let impact = &incident.impact;
    let mut found: Vec<&str> = Vec::new();
    if !impact.windows.is_empty() {
        found.push("windows");
    }
    let figures = [
        ("customers", &impact.customers),
        ("users", &impact.users),
        ("requests_failed", &impact.requests_failed),
    ];
    found.extend(
        figures
            .into_iter()
            .filter(|(_, figure)| figure.as_ref().is_some_and(is_some))
            .map(|(name, _)| name),
    );
    if !found.is_empty() {
        findings
            .add(Path::key("kind"), format!("a near miss has no impact, but impact has {}", found.join(", ")))
            .hint("if anybody was affected, remove `kind`, so that it is counted; otherwise remove the impact");
    }
}

/// Whether the figure is not zero.
fn is_some(figure: &Figure) -> bool {
    !matches!(figure.0.trim().to_ascii_lowercase().as_str(), "" | "0" | "none" | "no" | "n/a" | "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, window};
    use crate::analysis::rules::tests::found;

    #[test]
    fn near_miss_with_affected_customers_is_reported() {
        let mut near = incident("near");
        near.kind = Some(Kind::NearMiss);
        near.impact.customers = Some(Figure("0".into()));
        assert!(found(&NearMissWithImpact, &near).is_empty());
        near.impact.customers = Some(Figure("1200".into()));
        near.impact.windows =
            vec![window("2026-03-17T14:00Z", Some("2026-03-17T15:00Z"), None, &[])];
        assert_eq!(
            found(&NearMissWithImpact, &near),
            ["warning kind: a near miss has no impact, but impact has windows, customers"]
        );
        near.kind = None;
        assert!(found(&NearMissWithImpact, &near).is_empty());
    }
}
