use super::context::{Context, window};
use super::finding::Findings;
use super::rule::rule;

rule! {
    /// Finds an impact window of a component that `not_affected` lists.
    ///
    /// Readers learn that it was not affected, but its downtime is counted. `not_affected` applies
    /// to the whole incident.
    ///
    /// ```yaml
    /// impact:
    ///   not_affected: [api]
    ///   windows: [{start: 2026-03-17T14:00Z, end: 2026-03-17T15:50Z, level: full, components: [api]}]
    /// ```
    ComponentNotAffected = "component-not-affected", Error, "an impact window of a component that was not affected"
}

fn check(context: &Context, findings: &mut Findings) {
    let impact = &context.incident.impact;
    for (index, one) in impact.windows.iter().enumerate() {
        let is_spared = |name: &&String| impact.not_affected.iter().any(|other| same(other, name));
        for name in one.components.iter().filter(is_spared) {
            findings
                .add(
                    window(index).then("components"),
                    format!("the window is of `{name}`, which impact.not_affected lists"),
                )
                .hint("remove it from one of the two");
        }
    }
}

/// Whether two names are equal except for case.
fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, window as of};
    use crate::analysis::rules::tests::found;

    #[test]
    fn affected_component_listed_as_not_affected_is_reported() {
        let mut torn = incident("torn");
        torn.impact.not_affected = vec!["Api".into()];
        torn.impact.windows =
            vec![of("2026-03-17T14:00Z", Some("2026-03-17T15:00Z"), None, &["web", "api"])];
        assert_eq!(
            found(&ComponentNotAffected, &torn),
            [
                "error impact.windows[0].components: the window is of `api`, which impact.not_affected lists"
            ]
        );
        torn.impact.not_affected = vec!["api docs".into()];
        assert!(found(&ComponentNotAffected, &torn).is_empty());
    }
}
