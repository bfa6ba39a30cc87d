use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;

rule! {
    /// Finds a severity that is not on the scale in `posthoc.toml`.
    ///
    /// Such an incident forms a group of its own in every statistic by severity, after the known
    /// ones. Upper and lower case do not matter.
    ///
    /// ```yaml
    /// severity: sev-2     # `sev2` was meant
    /// ```
    UnknownSeverity = "unknown-severity", Warning, "a severity that is not on the scale", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    // The import reported severities without a name on the scale, and no person can have misspelt
    // them.
    let is_imported = |severity: &&String| {
        incident.sources.values().any(|source| source.severity.as_ref() == Some(*severity))
    };
    let own = incident
        .severity
        .iter()
        .filter(|severity| !is_imported(severity))
        .map(|severity| (Path::key("severity"), severity));
    let changes = incident.severity_history.iter().enumerate();
    let changed =
        changes.map(|(index, change)| (item("severity_history", index).then("to"), &change.to));
    for (path, severity) in own.chain(changed) {
        if context.definitions.severity_rank(severity).is_none() {
            let known = &context.definitions.severities;
            let nearest = known
                .iter()
                .map(|name| {
                    (strsim::jaro_winkler(&name.to_lowercase(), &severity.to_lowercase()), name)
                })
                .filter(|(likeness, _)| *likeness > 0.8)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = nearest.map_or_else(
                || format!("the scale is {}; it can be changed in posthoc.toml", known.join(", ")),
                |(_, name)| format!("did you mean `{name}`?"),
            );
            findings.add(path, format!("the severity `{severity}` is not on the scale")).hint(hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;
    use crate::model::SeverityChange;
    use crate::model::origin::SourceInfo;

    #[test]
    fn severity_outside_the_scale_is_reported() {
        let mut incident = incident("odd");
        incident.severity = Some("sev-2".into());
        incident.severity_history = vec![SeverityChange {
            at: "2026-03-17T14:00Z".parse().unwrap(),
            to: "catastrophe".into(),
        }];
        assert_eq!(
            found(&UnknownSeverity, &incident),
            [
                "warning severity: the severity `sev-2` is not on the scale",
                "warning severity_history[0].to: the severity `catastrophe` is not on the scale",
            ]
        );
    }

    #[test]
    fn imported_severity_word_is_accepted() {
        let mut imported = incident("imported");
        imported.severity = Some("apocalypse".into());
        assert_eq!(found(&UnknownSeverity, &imported).len(), 1);
        let source = SourceInfo { severity: imported.severity.clone(), ..SourceInfo::default() };
        imported.sources.insert("S1".into(), source);
        assert!(found(&UnknownSeverity, &imported).is_empty());
    }

    #[test]
    fn case_is_ignored_and_missing_severity_is_accepted() {
        let mut incident = incident("known");
        assert!(found(&UnknownSeverity, &incident).is_empty());
        incident.severity = Some("SEV2".into());
        assert!(found(&UnknownSeverity, &incident).is_empty());
    }
}
