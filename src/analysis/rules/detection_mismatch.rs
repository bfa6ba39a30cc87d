use chrono::TimeDelta;

use super::context::{Context, item};
use super::finding::Findings;
use super::recovered_before_resolved::says_recovered;
use super::rule::rule;
use crate::model::DetectionMethod;
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName::DetectedAt;
use crate::model::path::Path;
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;

rule! {
    /// Finds a detection method that the alerts contradict: "by an alert", but the first alert of
    /// the timeline came later; or "by a customer", but an alert fired before.
    ///
    /// The detection method decides what to improve: nobody adds an alert if one is said to have
    /// fired. An alert that fired hours before belongs to something else, and so does one that
    /// cleared.
    ///
    /// ```yaml
    /// milestones: {detected_at: 2026-03-17T14:05Z}
    /// detection: {method: customer_report}
    /// timeline:
    ///   - {at: 2026-03-17T13:50Z, kind: alert, text: HighLatency fired}     # 15 minutes earlier
    /// ```
    DetectionMismatch = "detection-mismatch", Warning, "a detection method that the alerts contradict"
}

/// An alert that fired earlier than this is taken to belong to something else.
const SAME_STORY: TimeDelta = TimeDelta::hours(3);

fn check(context: &Context, findings: &mut Findings) {
    let method = context.incident.detection.as_ref().and_then(|detection| detection.method);
    let (Some(method), Some(detected)) = (method, context.at(DetectedAt)) else { return };
    let Some((index, first)) = first_alert(context, detected) else { return };
    if !context.disagree(first, detected) {
        return;
    }
    let (first_shown, detected_shown) = (context.show(first), context.named(DetectedAt, detected));
    if method == DetectionMethod::Alert && first.middle() > detected.middle() {
        let late = Elapsed::between(detected, first);
        let message = format!(
            "detected by an alert, but the first alert ({first_shown}) is {late} after {detected_shown}"
        );
        findings
            .add(Path::key("detection").then("method"), message)
            .hint("correct the method or detected_at, or add the alert that fired");
    } else if !matches!(method, DetectionMethod::Alert | DetectionMethod::Monitoring)
        && first.middle() < detected.middle()
    {
        let early = Elapsed::between(first, detected);
        let message = format!(
            "an alert fired {early} before {detected_shown}, but the method of detection is {method}"
        );
        findings.add(item("timeline", index), message).hint(
            "if nobody saw the alert, say so in detection.could_be_faster; else correct the method",
        );
    }
}

/// The first alert that fired at `detected`, after it, or shortly before.
fn first_alert(context: &Context, detected: Moment) -> Option<(usize, Moment)> {
    let entries = context.incident.timeline.iter().enumerate();
    let alerts = entries.filter(|(_, entry)| entry.kind == Some(EntryKind::Alert) && !entry.hidden);
    let fired = alerts
        .filter(|(_, entry)| !says_recovered(entry))
        .filter_map(|(index, entry)| Some((index, entry.at?)));
    fired
        .filter(|(_, at)| at.middle() >= detected.middle() - SAME_STORY)
        .min_by_key(|(_, at)| at.middle())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, with};
    use crate::analysis::rules::tests::found;
    use crate::model::timeline::Entry;
    use crate::model::{Detection, Incident};

    fn detected(method: DetectionMethod, alert: &str) -> Incident {
        let mut incident = with("seen", &[(DetectedAt, "2026-03-17T14:05Z")]);
        incident.detection = Some(Detection { method: Some(method), ..Detection::default() });
        incident.timeline =
            vec![Entry { kind: Some(EntryKind::Alert), ..entry(alert, "HighLatency fired") }];
        incident
    }

    #[test]
    fn detection_method_contradicting_the_alerts_is_reported() {
        assert_eq!(
            found(&DetectionMismatch, &detected(DetectionMethod::Alert, "2026-03-17T14:35Z")),
            [
                "warning detection.method: detected by an alert, but the first alert (2026-03-17 14:35 UTC) is 30 min after detected_at (2026-03-17 14:05 UTC)"
            ]
        );
        assert_eq!(
            found(
                &DetectionMismatch,
                &detected(DetectionMethod::CustomerReport, "2026-03-17T13:50Z")
            ),
            [
                "warning timeline[0]: an alert fired 15 min before detected_at (2026-03-17 14:05 UTC), but the method of detection is customer_report"
            ]
        );
    }

    #[test]
    fn consistent_detection_is_not_reported() {
        use DetectionMethod::{Alert, CustomerReport, Monitoring};
        for (method, alert) in [
            (Alert, "2026-03-17T14:06Z"),
            (Alert, "2026-03-17T13:50Z"),
            (CustomerReport, "2026-03-17T14:35Z"),
            (CustomerReport, "2026-03-17T02:05Z"),
            (Monitoring, "2026-03-17T13:50Z"),
        ] {
            assert_eq!(
                found(&DetectionMismatch, &detected(method, alert)),
                [""; 0],
                "{method} {alert}"
            );
        }
        let mut cleared = detected(CustomerReport, "2026-03-17T13:50Z");
        cleared.timeline[0].text = "HighLatency cleared".into();
        assert!(found(&DetectionMismatch, &cleared).is_empty());
    }
}
