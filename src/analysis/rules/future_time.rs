use super::context::{Context, item, milestone, window};
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;
use crate::model::time::Moment;

rule! {
    /// Finds times after the present: milestones, entries and windows that cannot have happened
    /// yet.
    ///
    /// It is nearly always a wrong year, a wrong zone, or day and month exchanged. The plan of a
    /// maintenance, the ends of planned work, and the due days of follow-ups may be in the future.
    ///
    /// ```yaml
    /// milestones: {detected_at: 2062-03-17T14:09Z}     # 2026 was meant
    /// ```
    FutureTime = "future-time", Error, "a time after the present"
}

fn check(context: &Context, findings: &mut Findings) {
    let Some(now) = context.now else { return };
    let limit = now + context.definitions.tolerance();
    let incident = context.incident;
    if incident.kind() == crate::model::Kind::Maintenance {
        return;
    }
    let lies_ahead = |at: &Moment| at.earliest() > limit;
    let mut future: Vec<(Path, Moment)> = Vec::new();
    for (name, known) in incident.milestones.known().filter(|(_, known)| lies_ahead(&known.at)) {
        future.push((milestone(name), known.at));
    }
    for (index, one) in incident.impact.windows.iter().enumerate() {
        future.extend(
            Some(one.start).filter(lies_ahead).map(|start| (window(index).then("start"), start)),
        );
        future.extend(one.end.filter(lies_ahead).map(|end| (window(index).then("end"), end)));
    }
    for (index, entry) in incident.timeline.iter().enumerate() {
        future
            .extend(entry.at.filter(lies_ahead).map(|at| (item("timeline", index).then("at"), at)));
        future.extend(
            entry.end.filter(lies_ahead).map(|end| (item("timeline", index).then("end"), end)),
        );
    }
    for (index, change) in
        incident.severity_history.iter().enumerate().filter(|(_, change)| lies_ahead(&change.at))
    {
        future.push((item("severity_history", index).then("at"), change.at));
    }
    let deployed = incident.trigger.as_ref().and_then(|trigger| trigger.deployed_at);
    future.extend(
        deployed.filter(lies_ahead).map(|at| (Path::key("trigger").then("deployed_at"), at)),
    );
    for (path, at) in future {
        let present = context.show(Moment::known_to(now, crate::model::time::Precision::Minute));
        findings
            .add(path, format!("{} is after the present ({present})", context.show(at)))
            .hint("check the year, the zone, and the order of day and month");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, with};
    use crate::analysis::rules::tests::{NOW, found, found_at};
    use crate::model::milestone::MilestoneName::DetectedAt;

    #[test]
    fn times_after_the_present_are_reported() {
        let mut incident = with("wrong-year", &[(DetectedAt, "2062-03-17T14:09Z")]);
        incident.timeline = vec![entry("2026-07-01T00:00Z", "Deployed.")];
        assert_eq!(
            found_at(&FutureTime, &incident, NOW),
            [
                "error milestones.detected_at: 2062-03-17 14:09 UTC is after the present (2026-06-01 12:00 UTC)",
                "error timeline[0].at: 2026-07-01 00:00 UTC is after the present (2026-06-01 12:00 UTC)",
            ]
        );
    }

    #[test]
    fn future_deployment_is_reported() {
        let mut incident = with("deployed", &[]);
        let deployed_at = "2062-03-17T14:09Z".parse().ok();
        incident.trigger =
            Some(crate::model::Trigger { deployed_at, ..crate::model::Trigger::default() });
        assert_eq!(
            found_at(&FutureTime, &incident, NOW),
            [
                "error trigger.deployed_at: 2062-03-17 14:09 UTC is after the present (2026-06-01 12:00 UTC)"
            ]
        );
    }

    #[test]
    fn clock_slightly_ahead_is_accepted() {
        let incident = with("fast", &[(DetectedAt, "2026-06-01T12:01Z")]);
        assert!(found_at(&FutureTime, &incident, NOW).is_empty());
        let later = with("later", &[(DetectedAt, "2062-06-01T12:01Z")]);
        assert!(found(&FutureTime, &later).is_empty(), "without a present there is no future");
    }
}
