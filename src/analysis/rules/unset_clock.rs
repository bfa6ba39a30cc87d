use super::context::{Context, item, milestone, window};
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;
use crate::model::time::Moment;

rule! {
    /// Finds times of a clock that was not set: in the year 1, or in the first days of 1970.
    ///
    /// Programs write 0 for an unknown time, and 0 is 1 January 1970; seconds that are taken for
    /// milliseconds are in that month too. Every duration from or to such a time is decades long.
    /// Unknown times should be left out.
    ///
    /// ```yaml
    /// milestones: {detected_at: 1970-01-01T00:00:00Z}
    /// ```
    UnsetClock = "unset-clock", Error, "a time from a clock that was not set"
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let mut found: Vec<(Path, Moment)> = Vec::new();
    let mut look = |path: &dyn Fn() -> Path, at: Option<Moment>| {
        found.extend(at.filter(|at| at.is_unset()).map(|at| (path(), at)));
    };
    for (name, known) in incident.milestones.known() {
        look(&|| milestone(name), Some(known.at));
    }
    for (index, one) in incident.impact.windows.iter().enumerate() {
        look(&|| window(index).then("start"), Some(one.start));
        look(&|| window(index).then("end"), one.end);
    }
    for (index, entry) in incident.timeline.iter().enumerate() {
        look(&|| item("timeline", index).then("at"), entry.at);
        look(&|| item("timeline", index).then("end"), entry.end);
    }
    for (index, change) in incident.severity_history.iter().enumerate() {
        look(&|| item("severity_history", index).then("at"), Some(change.at));
    }
    for (path, at) in found {
        let message = format!("{} is the time of a clock that was not set", context.show(at));
        findings.add(path, message).hint("remove the time if it is unknown");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, with};
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{DetectedAt, ResolvedAt};

    #[test]
    fn epoch_zero_and_misread_units_are_reported() {
        let mut incident = with(
            "unset",
            &[(DetectedAt, "1970-01-01T00:00:00Z"), (ResolvedAt, "2026-03-17T14:00Z")],
        );
        incident.timeline = vec![
            entry("1970-01-17T23:08:42Z", "It broke."),
            entry("1970-02-01T00:00Z", "It was old."),
        ];
        assert_eq!(
            found(&UnsetClock, &incident),
            [
                "error milestones.detected_at: 1970-01-01 00:00:00 UTC is the time of a clock that was not set",
                "error timeline[0].at: 1970-01-17 23:08:42 UTC is the time of a clock that was not set",
            ]
        );
    }
}
