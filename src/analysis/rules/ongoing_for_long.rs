use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::progress::{SILENT, is_ongoing, last_record};
use crate::model::elapsed::Elapsed;
use crate::model::path::Path;
use crate::model::time::{Moment, Precision};

rule! {
    /// Finds an ongoing incident without any record for two weeks.
    ///
    /// It is nearly always an incident that nobody closed. `posthoc stats` counts its impact only
    /// up to its last record, as a lower bound.
    ///
    /// ```yaml
    /// status: ongoing
    /// milestones: {impact_start: 2026-03-17T14:00Z}     # and it is November
    /// ```
    OngoingForLong = "ongoing-for-long", Warning, "ongoing, and nothing is recorded for two weeks", Gap
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let Some(now) = context.now.filter(|_| context.is_incident() && is_ongoing(incident)) else {
        return;
    };
    let Some(last) = last_record(incident) else { return };
    if now - last.latest() < SILENT {
        return;
    }
    let silent =
        Elapsed { precision: Precision::Day, ..Elapsed::between(last, Moment::exact(now)) };
    let path = Path::key(if incident.status.is_some() { "status" } else { "milestones" });
    findings
        .add(
            path,
            format!("it is ongoing, but its last record ({}) is {silent} old", context.show(last)),
        )
        .hint("import its source again, set milestones.resolved_at, or add what happened since");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, with};
    use crate::analysis::rules::tests::{NOW, found, found_at};
    use crate::model::Status;
    use crate::model::milestone::MilestoneName::{ImpactStart, ResolvedAt};

    #[test]
    fn incident_ongoing_for_long_is_reported() {
        let mut open = with("open", &[(ImpactStart, "2026-03-17T14:00Z")]);
        assert!(
            found_at(&OngoingForLong, &open, NOW).is_empty(),
            "nothing says that it is ongoing"
        );
        open.status = Some(Status::Ongoing);
        assert_eq!(
            found_at(&OngoingForLong, &open, NOW),
            [
                "warning status: it is ongoing, but its last record (2026-03-17 14:00 UTC) is 75 d old"
            ]
        );
        assert!(found(&OngoingForLong, &open).is_empty(), "without a present nothing is long ago");
        open.timeline = vec![entry("2026-05-25T00:00Z", "The vendor ships a part.")];
        assert!(found_at(&OngoingForLong, &open, NOW).is_empty(), "somebody works on it");
        let over =
            with("over", &[(ImpactStart, "2026-03-17T14:00Z"), (ResolvedAt, "2026-03-17T15:00Z")]);
        assert!(found_at(&OngoingForLong, &over, NOW).is_empty());
    }
}
