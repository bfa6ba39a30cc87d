use super::context::{Context, item, milestone};
use super::wrong_zone_label::zone_shift;
use super::{Findings, rule};
use crate::model::milestone::MilestoneName;

rule! {
    /// Finds an entry that is marked as the evidence for a milestone, while the milestone is
    /// unknown or tells another time.
    ///
    /// Sources that disagree by more than the tolerance (two minutes, unless `posthoc.toml` says
    /// otherwise) need a decision. Trust a metric before an alert, an alert before a customer, a
    /// customer before a chat, and all of them before a status page; write the choice into the
    /// milestone's `note`. An incident that was reopened has several ends: the last one counts.
    ///
    /// ```yaml
    /// milestones: {detected_at: 2026-03-17T14:09Z}
    /// timeline:
    ///   - {at: 2026-03-17T14:21Z, text: Pager went off, milestone: detected_at}    # 12 minutes later
    /// ```
    MilestoneEntryMismatch = "milestone-entry-mismatch", Warning, "an entry that contradicts the milestone it is evidence for"
}

fn check(context: &Context, findings: &mut Findings) {
    for (index, entry) in context.incident.timeline.iter().enumerate() {
        let (Some(name), Some(entry_at)) = (entry.milestone, entry.at) else { continue };
        if entry.hidden {
            continue;
        }
        let path = item("timeline", index).then("milestone");
        let Some(known) = context.incident.milestones.get(name) else {
            findings
                .add(
                    path,
                    format!("the entry at {} is the evidence for {name}, which is unknown", context.show(entry_at)),
                )
                .hint(format!("set {} to that time, or take the mark off the entry", milestone(name)));
            continue;
        };
        let was_reopened = name == MilestoneName::ResolvedAt && entry_at.latest() < known.at.earliest();
        // A note on the milestone is the recorded choice between sources. Whole hours apart is a
        // matter of zones, and another rule's.
        let settled = known.note.is_some() || zone_shift(context, known.at, entry_at).is_some();
        if !context.disagree(entry_at, known.at) || was_reopened || settled {
            continue;
        }
        let message = format!(
            "the entry says that {name} was at {}, the milestone says {}",
            context.show(entry_at),
            context.show(known.at)
        );
        findings.add(path, message).hint("choose one, and say why in the milestone's `note`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, with};
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{DetectedAt, ResolvedAt};
    use crate::model::timeline::Entry;

    fn evidence(at: &str, name: MilestoneName) -> Entry {
        Entry { milestone: Some(name), ..entry(at, "Seen.") }
    }

    #[test]
    fn another_time_or_none() {
        let mut incident = with("other", &[(DetectedAt, "2026-03-17T14:09Z")]);
        incident.timeline = vec![evidence("2026-03-17T14:21Z", DetectedAt), evidence("2026-03-17T15:00Z", ResolvedAt)];
        assert_eq!(
            found(&MilestoneEntryMismatch, &incident),
            [
                "warning timeline[0].milestone: the entry says that detected_at was at 2026-03-17 14:21 UTC, the milestone says 2026-03-17 14:09 UTC",
                "warning timeline[1].milestone: the entry at 2026-03-17 15:00 UTC is the evidence for resolved_at, which is unknown",
            ]
        );
    }

    #[test]
    fn within_the_tolerance_decided_or_reopened() {
        let mut incident = with("near", &[(DetectedAt, "2026-03-17T14:09Z"), (ResolvedAt, "2026-03-17T18:00Z")]);
        incident.timeline = vec![
            evidence("2026-03-17T14:11Z", DetectedAt),
            evidence("2026-03-17T15:00Z", ResolvedAt),
            evidence("2026-03-17T18:00Z", ResolvedAt),
        ];
        assert!(found(&MilestoneEntryMismatch, &incident).is_empty());
        incident.timeline[0] = evidence("2026-03-17T14:31Z", DetectedAt);
        incident.milestones.detected_at.as_mut().unwrap().note = Some("The pager was late.".into());
        assert!(found(&MilestoneEntryMismatch, &incident).is_empty());
    }
}
