use chrono::{Datelike, TimeDelta};

use super::context::{Context, milestone};
use super::finding::Findings;
use super::rule::rule;
use crate::model::Kind;
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;

rule! {
    /// Finds two times a year apart without any record in between: with the year corrected, the
    /// last milestone would be within a week of the first.
    ///
    /// The file does not show which of the two years is wrong. If other times do, `date-typo`
    /// reports it.
    ///
    /// ```yaml
    /// milestones: {impact_start: 2025-03-17T14:00Z, resolved_at: 2026-03-17T16:00Z}
    /// ```
    YearApart = "year-apart", Warning, "two times a year apart without any record in between"
}

/// Two times of one incident that are this close are in the same year.
const ONE_STORY: TimeDelta = TimeDelta::days(7);

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    if incident.kind() == Kind::Maintenance {
        return;
    }
    let mut known: Vec<(MilestoneName, Moment)> = incident
        .milestones
        .known()
        .filter(|(name, _)| *name != MilestoneName::TriggerAt)
        .map(|(name, one)| (name, one.at))
        .collect();
    known.sort_by_key(|(_, at)| at.middle());
    // With three or more, the two that are close show which one is wrong.
    let [(first_name, first), (last_name, last)] = known[..] else { return };
    let lines = incident.timeline.iter().filter_map(|entry| entry.at);
    let windows =
        incident.impact.windows.iter().flat_map(|one| [Some(one.start), one.end]).flatten();
    let is_between = |at: Moment| at.middle() > first.middle() && at.middle() < last.middle();
    let years = last.middle().year() - first.middle().year();
    let in_first_year = last.middle().date_naive().with_year(first.middle().year());
    let is_near = in_first_year.is_some_and(|day| {
        let apart = day - first.middle().date_naive();
        apart >= TimeDelta::zero() && apart <= ONE_STORY
    });
    if years > 0 && is_near && !lines.chain(windows).any(is_between) {
        let years = if years == 1 { "a year".to_owned() } else { format!("{years} years") };
        let message = format!(
            "{} is {years} after {}, and nothing is recorded between",
            context.named(last_name, last),
            context.named(first_name, first)
        );
        findings.add(milestone(last_name), message).hint("correct the year that is wrong");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, with};
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{ImpactStart, ResolvedAt};

    #[test]
    fn milestones_a_year_apart_are_reported() {
        let mut typo =
            with("typo", &[(ImpactStart, "2025-03-17T14:00Z"), (ResolvedAt, "2026-03-17T16:00Z")]);
        assert_eq!(
            found(&YearApart, &typo),
            [
                "warning milestones.resolved_at: resolved_at (2026-03-17 16:00 UTC) is a year after impact_start (2025-03-17 14:00 UTC), and nothing is recorded between"
            ]
        );
        typo.timeline = vec![entry("2025-09-17T14:00Z", "Still leaking.")];
        assert!(found(&YearApart, &typo).is_empty());
        let long =
            with("long", &[(ImpactStart, "2025-03-17T14:00Z"), (ResolvedAt, "2026-05-17T16:00Z")]);
        assert!(found(&YearApart, &long).is_empty());
    }
}
