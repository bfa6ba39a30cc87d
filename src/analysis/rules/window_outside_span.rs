use super::context::{Context, window};
use super::{Findings, rule};
use crate::model::milestone::MilestoneName::{ImpactEnd, ImpactStart, ResolvedAt};

rule! {
    /// Finds an impact window that begins before `impact_start` or ends after `impact_end`.
    ///
    /// The milestones are the first start and the last end of the windows. Where they differ, the
    /// time to restore and the impact duration tell two stories. Without an `impact_end`, a window
    /// that ends after `resolved_at` is found.
    ///
    /// ```yaml
    /// milestones: {impact_start: 2026-03-17T14:05Z}
    /// impact:
    ///   windows: [{start: 2026-03-17T13:00Z, end: 2026-03-17T14:30Z}]     # an hour earlier
    /// ```
    WindowOutsideSpan = "window-outside-span", Warning, "an impact window outside the milestones of the impact"
}

fn check(context: &Context, findings: &mut Findings) {
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
            findings.add(window(index).then("start"), message).hint("move the milestone to the first window's start");
        }
        if let (Some(end), Some((name, bound))) = (one.end, last)
            && bound.latest() + tolerance < end.earliest()
        {
            let message = format!("the window ends at {}, after {}", context.show(end), context.named(name, bound));
            findings.add(window(index).then("end"), message).hint("move the milestone to the last window's end");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{window, with};
    use crate::analysis::rules::tests::found;

    #[test]
    fn too_early_and_too_late() {
        let mut incident = with("outside", &[(ImpactStart, "2026-03-17T14:05Z"), (ImpactEnd, "2026-03-17T15:00Z")]);
        incident.impact.windows = vec![window("2026-03-17T13:00Z", Some("2026-03-17T15:30Z"), None, &[])];
        assert_eq!(
            found(&WindowOutsideSpan, &incident),
            [
                "warning impact.windows[0].start: the window starts at 2026-03-17 13:00 UTC, before impact_start (2026-03-17 14:05 UTC)",
                "warning impact.windows[0].end: the window ends at 2026-03-17 15:30 UTC, after impact_end (2026-03-17 15:00 UTC)",
            ]
        );
    }

    #[test]
    fn within_the_tolerance_or_the_uncertainty() {
        let mut incident =
            with("inside", &[(ImpactStart, "2026-03-17T12:00Z..2026-03-17T14:05Z"), (ImpactEnd, "2026-03-17T15:00Z")]);
        incident.impact.windows = vec![window("2026-03-17T13:00Z", Some("2026-03-17T15:02Z"), None, &[])];
        assert!(found(&WindowOutsideSpan, &incident).is_empty());
    }
}
