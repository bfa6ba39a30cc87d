use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::progress::is_ongoing;
use crate::model::path::Path;
use crate::model::timeline::EntryKind;

rule! {
    /// Finds incidents with a timeline but without any entry of a status page.
    ///
    /// Either the page never showed the incident, which belongs in the lessons, or its history has
    /// not been imported yet.
    ///
    /// ```yaml
    /// impact: {statement: No mail could be sent.}
    /// timeline:
    ///   - {at: 2023-08-11T12:40Z, kind: message, text: Told users on social media}    # and the page?
    /// ```
    NoStatusUpdate = "no-status-update", Note, "no update of a status page", Gap
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let has_impact =
        incident.milestones.impact_start.is_some() || !incident.impact.windows.is_empty();
    let shown = incident
        .timeline
        .iter()
        .any(|entry| entry.kind() == EntryKind::StatusUpdate || entry.state.is_some());
    if context.is_incident()
        && has_impact
        && !shown
        && !incident.timeline.is_empty()
        && !is_ongoing(incident)
    {
        findings
            .add(
                Path::key("timeline"),
                "no entry is from a status page: the page never showed the incident, or was not imported",
            )
            .hint("`posthoc import URL --into ID` adds its updates");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, update, with};
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{ImpactStart, ResolvedAt};
    use crate::model::timeline::State;

    #[test]
    fn announcement_elsewhere_without_status_page_update_is_reported() {
        let mut incident = with(
            "silent",
            &[(ImpactStart, "2023-08-11T12:36Z"), (ResolvedAt, "2023-08-11T14:50Z")],
        );
        assert!(
            found(&NoStatusUpdate, &incident).is_empty(),
            "an empty timeline does not show what the page said"
        );
        incident.timeline = vec![entry("2023-08-11T12:40Z", "Told users on social media.")];
        assert_eq!(found(&NoStatusUpdate, &incident).len(), 1);
        incident.timeline.push(update(
            "2023-08-11T12:50Z",
            State::Investigating,
            "Looking into it.",
        ));
        assert!(found(&NoStatusUpdate, &incident).is_empty());
    }
}
