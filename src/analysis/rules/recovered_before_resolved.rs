use chrono::TimeDelta;

use super::context::{Context, item, window};
use super::finding::Findings;
use super::rule::rule;
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName::{ImpactEnd, ResolvedAt};
use crate::model::path::Path;
use crate::model::time::Moment;
use crate::model::timeline::{Entry, EntryKind, State};

rule! {
    /// Finds impact that ended half an hour or more before the stated end: the last impact window
    /// had ended, the last alert had cleared, or a metric had recovered.
    ///
    /// Users had then recovered long before the end that the durations use. If so, `impact_end`
    /// should have that time; if not, the window or the alert ended too early. If `impact_end`
    /// agrees with the recovery, the file has both ends and there is no finding.
    ///
    /// ```yaml
    /// milestones: {impact_start: 2026-03-17T14:05Z, resolved_at: 2026-03-17T19:30Z}
    /// impact:
    ///   windows: [{start: 2026-03-17T14:05Z, end: 2026-03-17T14:50Z, components: [api]}]
    /// ```
    RecoveredBeforeResolved = "recovered-before-resolved", Warning, "impact that ended long before the incident"
}

/// Watching a fix for a shorter time is not a contradiction.
const THRESHOLD: TimeDelta = TimeDelta::minutes(30);

fn check(context: &Context, findings: &mut Findings) {
    // The end of the impact counts; if it is unknown, the end of the incident replaces it.
    let Some((name, end)) =
        [ImpactEnd, ResolvedAt].into_iter().find_map(|name| Some((name, context.at(name)?)))
    else {
        return;
    };
    // `window-outside-span` compares windows with `impact_end`.
    let recoveries =
        [last_window(context).filter(|_| name == ResolvedAt), last_signal(context, end)];
    for (path, at, what) in recoveries.into_iter().flatten() {
        let early = Elapsed::between(at, end);
        if early.min < THRESHOLD {
            continue;
        }
        let message =
            format!("{what} at {}, {early} before {}", context.show(at), context.named(name, end));
        let hint = if name == ImpactEnd {
            "one of the two ends is wrong: correct it"
        } else {
            "if users were no longer affected then, set milestones.impact_end to that time"
        };
        findings.add(path, message).hint(hint);
    }
}

/// The last impact window, if every window has ended.
fn last_window<'a>(context: &Context<'a>) -> Option<(Path, Moment, &'a str)> {
    let windows = &context.incident.impact.windows;
    let ends = windows.iter().map(|one| one.end).collect::<Option<Vec<Moment>>>()?;
    let (index, at) = ends.into_iter().enumerate().max_by_key(|(_, end)| end.middle())?;
    let what =
        if windows.len() > 1 { "the last impact window ended" } else { "the impact window ended" };
    Some((window(index).then("end"), at, what))
}

/// The last signal of the alerts and of the metrics, if it shows a recovery.
fn last_signal<'a>(context: &Context<'a>, end: Moment) -> Option<(Path, Moment, &'a str)> {
    let last = |kind: EntryKind| {
        let entries = context.incident.timeline.iter().enumerate();
        let of_kind = entries.filter(|(_, entry)| entry.kind == Some(kind) && !entry.hidden);
        let timed =
            of_kind.filter_map(|(index, entry)| Some((index, entry.end.or(entry.at)?, entry)));
        // A signal days later belongs to something else.
        timed.filter(|(_, at, _)| at.middle() <= end.middle()).max_by_key(|(_, at, _)| at.middle())
    };
    let signals =
        [(EntryKind::Alert, "the last alert cleared"), (EntryKind::Metric, "the metric recovered")];
    let recoveries_found: Vec<_> =
        signals.into_iter().filter_map(|(kind, what)| Some((last(kind)?, what))).collect();
    // The later of the two counts.
    let ((index, at, entry), what) =
        recoveries_found.into_iter().max_by_key(|((_, at, _), _)| at.middle())?;
    says_recovered(entry).then(|| (item("timeline", index), at, what))
}

/// Whether an entry of a machine reports a recovery.
pub(super) fn says_recovered(entry: &Entry) -> bool {
    if let Some(state) = entry.state.filter(|state| state.is_phase()) {
        return state == State::Resolved;
    }
    const WELL: [&str; 13] = [
        "cleared",
        "resolved",
        "recovered",
        "restored",
        "resumed",
        "back to normal",
        "returned to normal",
        "back online",
        "works again",
        "working again",
        "healthy again",
        "up again",
        "[ok]",
    ];
    let line = entry.text.lines().next().unwrap_or_default().to_lowercase();
    let is_turned_round = |before: &str| {
        before.ends_with("un")
            || before.ends_with("partially ")
            || before.contains("not ")
            || before.contains("n't ")
    };
    WELL.iter()
        .any(|word| line.split_once(word).is_some_and(|(before, _)| !is_turned_round(before)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, window, with};
    use crate::analysis::rules::tests::found;
    use crate::model::Incident;
    use crate::model::milestone::MilestoneName::ImpactStart;

    fn incident() -> Incident {
        with("early", &[(ImpactStart, "2026-03-17T14:05Z"), (ResolvedAt, "2026-03-17T19:30Z")])
    }

    fn signal(kind: EntryKind, at: &str, text: &str) -> Entry {
        Entry { kind: Some(kind), ..entry(at, text) }
    }

    #[test]
    fn windows_ending_hours_before_resolved_are_reported() {
        let mut early = incident();
        early.impact.windows = vec![
            window("2026-03-17T14:05Z", Some("2026-03-17T14:50Z"), None, &["api"]),
            window("2026-03-17T14:05Z", Some("2026-03-17T14:30Z"), None, &["web"]),
        ];
        assert_eq!(
            found(&RecoveredBeforeResolved, &early),
            [
                "warning impact.windows[0].end: the last impact window ended at 2026-03-17 14:50 UTC, 4 h 40 min before resolved_at (2026-03-17 19:30 UTC)"
            ]
        );
        *early.milestones.slot(ImpactEnd) = crate::analysis::fixture::at("2026-03-17T14:50Z");
        assert!(found(&RecoveredBeforeResolved, &early).is_empty(), "the file records both ends");
        early.milestones.impact_end = None;
        early.impact.windows[1].end = "2026-03-17T19:10Z".parse().ok();
        assert!(
            found(&RecoveredBeforeResolved, &early).is_empty(),
            "one component was affected nearly to the end"
        );
    }

    #[test]
    fn cleared_alert_or_recovered_metric_long_before_resolved_is_reported() {
        let mut early = incident();
        early.timeline = vec![
            signal(EntryKind::Alert, "2026-03-17T14:09Z", "IngestLag fired"),
            signal(EntryKind::Alert, "2026-03-17T15:02Z", "IngestLag cleared"),
        ];
        assert_eq!(
            found(&RecoveredBeforeResolved, &early),
            [
                "warning timeline[1]: the last alert cleared at 2026-03-17 15:02 UTC, 4 h 28 min before resolved_at (2026-03-17 19:30 UTC)"
            ]
        );
        early.timeline.push(signal(
            EntryKind::Metric,
            "2026-03-17T16:00Z",
            "Latency back to normal",
        ));
        assert!(
            found(&RecoveredBeforeResolved, &early)[0]
                .starts_with("warning timeline[2]: the metric recovered")
        );
        early.timeline.push(signal(EntryKind::Alert, "2026-03-17T18:00Z", "IngestLag fired"));
        assert!(found(&RecoveredBeforeResolved, &early).is_empty(), "it fired again");
    }

    #[test]
    fn unrecovered_or_monitored_incidents_are_not_reported() {
        for text in [
            "Queue not recovered",
            "IngestLag unresolved",
            "Replica has not yet recovered",
            "IngestLag fired",
        ] {
            let mut still = incident();
            still.timeline = vec![signal(EntryKind::Alert, "2026-03-17T15:02Z", text)];
            assert!(found(&RecoveredBeforeResolved, &still).is_empty(), "{text}");
        }
        let mut watched = incident();
        watched.timeline = vec![signal(EntryKind::Alert, "2026-03-17T19:05Z", "IngestLag cleared")];
        assert!(found(&RecoveredBeforeResolved, &watched).is_empty());
        watched.timeline = vec![entry("2026-03-17T15:02Z", "The database recovered")];
        assert!(
            found(&RecoveredBeforeResolved, &watched).is_empty(),
            "a person's line is another rule's"
        );
    }
}
