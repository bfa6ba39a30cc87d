use super::context::{Context, window};
use super::finding::Findings;
use super::rule::rule;
use crate::model::milestone::MilestoneName::{ImpactEnd, ImpactStart, ResolvedAt};

rule! {
    /// Finds impact windows that do not extend exactly from `impact_start` to `impact_end`.
    ///
    /// The milestones are the first start and the last end of the windows. If they differ by more
    /// than the tolerance, the time to restore and the impact duration contradict each other.
    /// Without an `impact_end`, a window that ends after `resolved_at` is reported.
    ///
    /// ```yaml
    /// milestones: {impact_start: 2026-03-17T14:05Z}
    /// impact:
    ///   windows: [{start: 2026-03-17T13:00Z, end: 2026-03-17T14:30Z}]     # an hour earlier
    /// ```
    WindowOutsideSpan = "window-outside-span", Warning, "an impact window outside the milestones of the impact"
}

fn check(context: &Context, findings: &mut Findings) {
    each_outside(context, findings);
    first_and_last(context, findings);
}

/// Finds windows that begin before the impact or end after it.
fn each_outside(context: &Context, findings: &mut Findings) {
    let tolerance = context.definitions.tolerance();
    let last = [ImpactEnd, ResolvedAt].into_iter().find_map(|name| Some((name, context.at(name)?)));
    for (index, one) in context.incident.impact.windows.iter().enumerate() {
        if let Some(start) = context.at(ImpactStart)
            && one.start.latest() + tolerance < start.earliest()
        {
            let message = format!(
                "the window starts at {}, before {}",
                context.show(one.start),
                context.named(ImpactStart, start)
            );
            findings
                .add(window(index).then("start"), message)
                .hint("move the milestone to the first window's start");
        }
        if let (Some(end), Some((name, bound))) = (one.end, last)
            && bound.latest() + tolerance < end.earliest()
        {
            let message = format!(
                "the window ends at {}, after {}",
                context.show(end),
                context.named(name, bound)
            );
            findings
                .add(window(index).then("end"), message)
                .hint("move the milestone to the last window's end");
        }
    }
}

/// Finds impact that begins before the first window or ends after the last one.
fn first_and_last(context: &Context, findings: &mut Findings) {
    let windows = &context.incident.impact.windows;
    let first_start =
        windows.iter().map(|one| one.start).enumerate().min_by_key(|(_, start)| start.earliest());
    if let (Some((index, first)), Some(start)) = (first_start, context.at(ImpactStart))
        && start.middle() < first.middle()
        && context.disagree(start, first)
    {
        let message = format!(
            "the first window starts at {}, after {}",
            context.show(first),
            context.named(ImpactStart, start)
        );
        findings
            .add(window(index).then("start"), message)
            .hint("list the impact before it, or move the milestone");
    }
    // Another rule reports open windows.
    let ends = windows.iter().map(|one| one.end).collect::<Option<Vec<_>>>().unwrap_or_default();
    let last_end = ends.into_iter().enumerate().max_by_key(|(_, end)| end.latest());
    if let (Some((index, last)), Some(end)) = (last_end, context.at(ImpactEnd))
        && last.middle() < end.middle()
        && context.disagree(last, end)
    {
        let message = format!(
            "the last window ends at {}, before {}",
            context.show(last),
            context.named(ImpactEnd, end)
        );
        findings
            .add(window(index).then("end"), message)
            .hint("list the impact after it, or move the milestone");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{window, with};
    use crate::analysis::rules::tests::found;

    #[test]
    fn window_outside_the_milestones_is_reported() {
        let mut incident = with(
            "outside",
            &[(ImpactStart, "2026-03-17T14:05Z"), (ImpactEnd, "2026-03-17T15:00Z")],
        );
        incident.impact.windows =
            vec![window("2026-03-17T13:00Z", Some("2026-03-17T15:30Z"), None, &[])];
        assert_eq!(
            found(&WindowOutsideSpan, &incident),
            [
                "warning impact.windows[0].start: the window starts at 2026-03-17 13:00 UTC, before impact_start (2026-03-17 14:05 UTC)",
                "warning impact.windows[0].end: the window ends at 2026-03-17 15:30 UTC, after impact_end (2026-03-17 15:00 UTC)",
            ]
        );
    }

    #[test]
    fn window_within_tolerance_or_uncertainty_is_accepted() {
        let mut incident = with(
            "inside",
            &[
                (ImpactStart, "2026-03-17T12:00Z..2026-03-17T14:05Z"),
                (ImpactEnd, "2026-03-17T15:00Z"),
            ],
        );
        incident.impact.windows =
            vec![window("2026-03-17T13:00Z", Some("2026-03-17T15:02Z"), None, &[])];
        assert!(found(&WindowOutsideSpan, &incident).is_empty());
    }

    #[test]
    fn impact_without_a_window_is_reported() {
        let mut gap =
            with("gap", &[(ImpactStart, "2026-03-17T14:00Z"), (ImpactEnd, "2026-03-17T16:25Z")]);
        gap.impact.windows = vec![
            window("2026-03-17T15:00Z", Some("2026-03-17T16:00Z"), None, &[]),
            window("2026-03-17T15:30Z", Some("2026-03-17T16:10Z"), None, &[]),
        ];
        assert_eq!(
            found(&WindowOutsideSpan, &gap),
            [
                "warning impact.windows[0].start: the first window starts at 2026-03-17 15:00 UTC, after impact_start (2026-03-17 14:00 UTC)",
                "warning impact.windows[1].end: the last window ends at 2026-03-17 16:10 UTC, before impact_end (2026-03-17 16:25 UTC)",
            ]
        );
        gap.impact.windows[0].start = "2026-03-17T14:02:30Z".parse().unwrap();
        gap.impact.windows[1].end = "~2026-03-17T16:22Z".parse().ok();
        assert_eq!(found(&WindowOutsideSpan, &gap), [""; 0], "within the tolerance and the grain");
    }
}
