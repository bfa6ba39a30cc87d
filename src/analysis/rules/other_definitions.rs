use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;

rule! {
    /// Finds a file that is pinned to another version of the definitions than the settings have.
    ///
    /// Its own numbers are computed with the version in the settings, and `stats` leaves it out.
    ///
    /// ```yaml
    /// definitions: 7     # posthoc.toml has version 1
    /// ```
    OtherDefinitions = "other-definitions", Warning, "pinned to another version of the definitions", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let Some(pinned) = context.definitions.pinned_elsewhere(context.incident) else { return };
    let version = context.definitions.version;
    let message = format!(
        "the file is pinned to version {pinned} of the definitions, and posthoc.toml has version {version}"
    );
    findings
        .add(Path::key("definitions"), message)
        .hint("check its numbers with the new definitions, then update or remove `definitions`");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;

    #[test]
    fn other_definitions_version_is_reported() {
        let mut pinned = incident("pinned");
        pinned.definitions = Some(7);
        assert_eq!(
            found(&OtherDefinitions, &pinned),
            [
                "warning definitions: the file is pinned to version 7 of the definitions, and posthoc.toml has version 1"
            ]
        );
        pinned.definitions = Some(1);
        assert!(found(&OtherDefinitions, &pinned).is_empty());
    }
}
