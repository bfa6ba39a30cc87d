use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::model::milestone::MilestoneName::ResolvedAt;
use crate::model::path::Path;

rule! {
    /// Finds a `severity_history` that contradicts itself or the file: out of order, after the end,
    /// or without the severity of the file.
    ///
    /// Teams record the last severity or the worst one; either agrees with the history.
    ///
    /// ```yaml
    /// severity: sev3
    /// severity_history: [{at: 2026-03-17T14:12Z, to: sev2}, {at: 2026-03-17T14:40Z, to: sev1}]
    /// ```
    SeverityHistory = "severity-history", Warning, "a severity history that contradicts the file"
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let history = &incident.severity_history;
    let last = history.iter().max_by_key(|change| change.at.middle());
    let rank = |severity: &str| context.definitions.severity_rank(severity);
    // Another rule reports a severity that is not on the scale.
    let worst = history
        .iter()
        .filter(|change| rank(&change.to).is_some())
        .min_by_key(|change| rank(&change.to));
    if let (Some(severity), Some(last), Some(worst)) = (&incident.severity, last, worst) {
        let is = |other: &str| severity.trim().eq_ignore_ascii_case(other.trim());
        if !is(&last.to) && !is(&worst.to) {
            let (last, worst) = (&last.to, &worst.to);
            let worst_too = if last.eq_ignore_ascii_case(worst) {
                String::new()
            } else {
                format!(" and its worst is {worst}")
            };
            findings
                .add(
                    Path::key("severity"),
                    format!(
                        "the severity is {severity}, but its history ends with {last}{worst_too}"
                    ),
                )
                .hint("correct `severity`, or add the change that is missing");
        }
    }
    for (index, pair) in history.windows(2).enumerate() {
        if context.surely_before(pair[1].at, pair[0].at) {
            let (at, before) = (context.show(pair[1].at), context.show(pair[0].at));
            findings
                .add(
                    item("severity_history", index + 1).then("at"),
                    format!("{at} is before the change above it ({before})"),
                )
                .hint("write the changes in the order of time, or correct the time");
        }
    }
    let Some(resolved) = context.at(ResolvedAt) else { return };
    for (index, change) in history.iter().enumerate() {
        if change.at.earliest() > resolved.latest() && context.disagree(change.at, resolved) {
            let message = format!(
                "{} is after {}",
                context.show(change.at),
                context.named(ResolvedAt, resolved)
            );
            findings
                .add(item("severity_history", index).then("at"), message)
                .hint("correct the time that is wrong");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;
    use crate::model::{Incident, SeverityChange};

    fn changed(severity: &str, history: &[(&str, &str)]) -> Incident {
        let mut incident = with("changed", &[(ResolvedAt, "2026-03-17T16:00Z")]);
        incident.severity = Some(severity.into());
        let change =
            |&(at, to): &(&str, &str)| SeverityChange { at: at.parse().unwrap(), to: to.into() };
        incident.severity_history = history.iter().map(change).collect();
        incident
    }

    #[test]
    fn severity_differing_from_last_and_worst_is_reported() {
        let history = [("2026-03-17T14:12Z", "sev2"), ("2026-03-17T14:40Z", "sev1")];
        assert_eq!(
            found(&SeverityHistory, &changed("sev3", &history)),
            ["warning severity: the severity is sev3, but its history ends with sev1"]
        );
        assert!(found(&SeverityHistory, &changed("SEV1", &history)).is_empty());
        let lowered = [("2026-03-17T14:12Z", "sev1"), ("2026-03-17T14:40Z", "sev3")];
        assert!(found(&SeverityHistory, &changed("sev1", &lowered)).is_empty(), "the worst");
        assert!(found(&SeverityHistory, &changed("sev3", &lowered)).is_empty(), "the last");
    }

    #[test]
    fn unordered_and_late_severity_changes_are_reported() {
        let history = [("2026-03-17T18:12Z", "sev1"), ("2026-03-17T14:40Z", "sev2")];
        assert_eq!(
            found(&SeverityHistory, &changed("sev1", &history)),
            [
                "warning severity_history[1].at: 2026-03-17 14:40 UTC is before the change above it (2026-03-17 18:12 UTC)",
                "warning severity_history[0].at: 2026-03-17 18:12 UTC is after resolved_at (2026-03-17 16:00 UTC)",
            ]
        );
    }
}
