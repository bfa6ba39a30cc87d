use super::context::{Context, item, milestone, window};
use super::finding::Findings;
use super::rule::rule;
use crate::diag::Level;
use crate::model::milestone::MilestoneName::{
    self, AcknowledgedAt, DeclaredAt, DetectedAt, IdentifiedAt, ImpactEnd, ImpactStart,
    MitigatedAt, ResolvedAt, TriggerAt,
};
use crate::model::path::Path;
use crate::model::time::Moment;

rule! {
    /// Finds times in an impossible order: resolved before the impact began, acknowledged before it
    /// was detected, a window or an entry that ends before it starts.
    ///
    /// One wrong time spoils every duration that it is an end of. Such a duration has no value
    /// until the order is corrected; it is never shown as a negative number.
    ///
    /// It is not a mistake if something was detected before users were affected, or declared an
    /// incident only after it was mitigated. Times to the minute may be a minute out of order, and
    /// approximate ones by the tolerance.
    ///
    /// ```yaml
    /// milestones:
    ///   impact_start: 2026-03-17T14:05Z
    ///   resolved_at: 2026-03-17T14:00Z     # before the impact began
    /// ```
    ImpossibleOrder = "impossible-order", Error, "times in an impossible order"
}

/// Pairs of milestones: the first one must not be later than the second one.
const ORDER: [(MilestoneName, MilestoneName, Level); 13] = [
    (TriggerAt, ImpactStart, Level::Error),
    (DetectedAt, AcknowledgedAt, Level::Error),
    (DetectedAt, DeclaredAt, Level::Error),
    (DetectedAt, IdentifiedAt, Level::Error),
    (ImpactStart, MitigatedAt, Level::Error),
    (ImpactStart, ImpactEnd, Level::Error),
    (MitigatedAt, ImpactEnd, Level::Warning),
    (ImpactStart, ResolvedAt, Level::Error),
    (DetectedAt, ResolvedAt, Level::Error),
    (DeclaredAt, ResolvedAt, Level::Error),
    (MitigatedAt, ResolvedAt, Level::Error),
    (AcknowledgedAt, ResolvedAt, Level::Warning),
    // Sometimes an incident is closed too early.
    (ImpactEnd, ResolvedAt, Level::Warning),
];

fn check(context: &Context, findings: &mut Findings) {
    for &later in MilestoneName::ALL {
        let Some(later_at) = context.at(later) else { continue };
        let broken = ORDER.iter().filter(|(_, name, _)| *name == later).filter_map(
            |&(earlier, _, level)| {
                let earlier_at = context.at(earlier)?;
                // A note may explain why something was closed too early; an impossible order
                // remains an error.
                let is_explained = level == Level::Warning
                    && [earlier, later].into_iter().any(|name| has_note(context, name));
                (is_impossible(context, later_at, earlier_at) && !is_explained)
                    .then(|| (context.named(earlier, earlier_at), level))
            },
        );
        let (earlier, levels): (Vec<String>, Vec<Level>) = broken.unzip();
        if let Some(&level) = levels.iter().max() {
            let message =
                format!("{} is before {}", context.named(later, later_at), earlier.join(" and "));
            let hint = match level {
                // It was closed while users were affected, or one of the two times is wrong.
                Level::Warning => {
                    "correct the time that is wrong; if both are right, say so in the milestone's `note`"
                }
                _ => "correct the time that is wrong",
            };
            findings.add(milestone(later), message).graded(level).hint(hint);
        }
    }
    let incident = context.incident;
    let deployed = incident.trigger.as_ref().and_then(|trigger| trigger.deployed_at);
    if let (Some(deployed), Some(start)) = (deployed, context.at(ImpactStart))
        && is_impossible(context, start, deployed)
    {
        let start = context.named(ImpactStart, start);
        let message = format!("{start} is before trigger.deployed_at ({})", context.show(deployed));
        findings
            .add(Path::key("trigger").then("deployed_at"), message)
            .hint("a change cannot cause something that happened before it");
    }
    for (index, one) in incident.impact.windows.iter().enumerate() {
        backwards(context, findings, window(index), "the window", one.start, one.end);
    }
    for (index, entry) in incident.timeline.iter().enumerate() {
        if let Some(at) = entry.at {
            backwards(context, findings, item("timeline", index), "the entry", at, entry.end);
        }
    }
    if let Some(plan) = &incident.maintenance
        && let Some(start) = plan.scheduled_for
    {
        backwards(
            context,
            findings,
            Path::key("maintenance"),
            "the plan",
            start,
            plan.scheduled_until,
        );
    }
}

fn has_note(context: &Context, name: MilestoneName) -> bool {
    context.incident.milestones.get(name).is_some_and(|milestone| milestone.note.is_some())
}

/// Whether `later` precedes `earlier` by more than two clocks may differ.
fn is_impossible(context: &Context, later: Moment, earlier: Moment) -> bool {
    context.surely_before(later, earlier)
        && earlier.earliest() - later.latest() > context.definitions.tolerance()
}

fn backwards(
    context: &Context,
    findings: &mut Findings,
    path: Path,
    what: &str,
    start: Moment,
    end: Option<Moment>,
) {
    if let Some(end) = end.filter(|&end| context.surely_before(end, start)) {
        let field = if what == "the plan" { "scheduled_until" } else { "end" };
        let message = format!(
            "{what} ends ({}) before it starts ({})",
            context.show(end),
            context.show(start)
        );
        findings.add(path.then(field), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{window, with};
    use crate::analysis::rules::tests::found;

    #[test]
    fn each_wrong_time_is_reported_once_with_all_contradictions() {
        let mut incident = with(
            "wrong",
            &[
                (ImpactStart, "2026-03-17T14:05Z"),
                (DetectedAt, "2026-03-17T14:20Z"),
                (ResolvedAt, "2026-03-17T14:00Z"),
            ],
        );
        incident.impact.windows =
            vec![window("2026-03-17T14:05Z", Some("2026-03-17T13:05Z"), None, &[])];
        assert_eq!(
            found(&ImpossibleOrder, &incident),
            [
                "error milestones.resolved_at: resolved_at (2026-03-17 14:00 UTC) is before impact_start (2026-03-17 14:05 UTC) and detected_at (2026-03-17 14:20 UTC)",
                "error impact.windows[0].end: the window ends (2026-03-17 13:05 UTC) before it starts (2026-03-17 14:05 UTC)",
            ]
        );
    }

    #[test]
    fn order_within_the_tolerance_is_ignored() {
        let within = with(
            "within",
            &[
                (ImpactStart, "2026-03-17T14:05:00Z"),
                (DetectedAt, "2026-03-17T14:06:30Z"),
                (AcknowledgedAt, "2026-03-17T14:06:00Z"),
                (ImpactEnd, "2026-03-17T15:00:02Z"),
                (ResolvedAt, "2026-03-17T15:00:00Z"),
            ],
        );
        assert!(found(&ImpossibleOrder, &within).is_empty());
        let beyond = with(
            "beyond",
            &[(ImpactEnd, "2026-03-17T15:02:01Z"), (ResolvedAt, "2026-03-17T15:00:00Z")],
        );
        assert_eq!(found(&ImpossibleOrder, &beyond).len(), 1);
    }

    #[test]
    fn detected_before_impact_and_declared_after_mitigation_are_allowed() {
        let allowed = with(
            "allowed",
            &[
                (DetectedAt, "2026-03-17T14:00Z"),
                (ImpactStart, "2026-03-17T14:05Z"),
                (MitigatedAt, "2026-03-17T14:10Z"),
                (DeclaredAt, "2026-03-17T14:30Z"),
                (ResolvedAt, "2026-03-17T14:30:20Z"),
            ],
        );
        assert!(found(&ImpossibleOrder, &allowed).is_empty());
        let mut closed_early =
            with("early", &[(ImpactEnd, "2026-03-17T15:00Z"), (ResolvedAt, "2026-03-17T14:30Z")]);
        assert!(
            found(&ImpossibleOrder, &closed_early)[0].starts_with("warning milestones.resolved_at")
        );
        closed_early.milestones.impact_end.as_mut().unwrap().note =
            Some("It was closed too early.".into());
        assert!(found(&ImpossibleOrder, &closed_early).is_empty(), "both are right");
    }
}
