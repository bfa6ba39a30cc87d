use super::context::Context;
use super::end_without_start::has_end_without_start;
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::duration_name::DurationName;
use crate::analysis::progress::is_ongoing;
use crate::diag::Level;
use crate::model::milestone::MilestoneName::{self, DetectedAt, ImpactStart, ResolvedAt};
use crate::model::path::Path;

rule! {
    /// Finds missing milestones that most durations need: when the impact began, when it was
    /// detected, when it was resolved.
    ///
    /// Without them the durations are unknown; nothing is invented in their place. Often somebody
    /// still knows, or a metric shows it. Uncertain times can be written as such: `~T` for about T,
    /// `T1..T2` for somewhere in between.
    ///
    /// ```yaml
    /// milestones:
    ///   first_notice_at: 2026-03-17T14:14:05Z
    ///   resolved_at: 2026-03-17T19:30:32Z      # and when did users begin to notice?
    /// ```
    MissingMilestones = "missing-milestones", Warning, "milestones without which durations cannot be computed", Gap;
    is_for_own_incidents
}

fn check(context: &Context, findings: &mut Findings) {
    if !context.is_incident() {
        return;
    }
    let path = || Path::key("milestones");
    if context.incident.milestones.is_empty() {
        findings
            .add(path(), "no milestone is known, so no duration can be computed")
            .hint("a rough time (`~T`) or an interval (`T1..T2`) is better than none");
        return;
    }
    let goes_on = is_ongoing(context.incident)
        || context.incident.status == Some(crate::model::Status::Mitigated);
    for (name, level) in
        [(ImpactStart, Level::Warning), (DetectedAt, Level::Note), (ResolvedAt, Level::Warning)]
    {
        let is_reported_elsewhere = name == ImpactStart && has_end_without_start(context);
        let not_yet = name == ResolvedAt && goes_on;
        if context.at(name).is_none() && !is_reported_elsewhere && !not_yet {
            findings
                .add(
                    path(),
                    format!("{name} is unknown, so there is no {}", needing(context, name)),
                )
                .graded(level)
                .hint("a rough time (`~T`) or an interval (`T1..T2`) is better than none");
        }
    }
}

/// The durations that `milestone` is an end of, in words.
fn needing(context: &Context, milestone: MilestoneName) -> String {
    let names = DurationName::ALL.iter().filter(|&&name| {
        context
            .definitions
            .pair(name)
            .is_some_and(|pair| [pair.start, pair.end].contains(&milestone))
    });
    names.map(|name| name.in_words()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, with};
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::FirstNoticeAt;
    use crate::model::{Kind, Status};

    #[test]
    fn no_milestones_at_all_is_reported_once() {
        assert_eq!(
            found(&MissingMilestones, &incident("nothing")),
            ["warning milestones: no milestone is known, so no duration can be computed"]
        );
    }

    #[test]
    fn each_missing_milestone_lists_the_durations_it_blocks() {
        let page = with(
            "page",
            &[(FirstNoticeAt, "2026-03-17T14:14:05Z"), (ResolvedAt, "2026-03-17T19:30:32Z")],
        );
        assert_eq!(
            found(&MissingMilestones, &page),
            [
                "warning milestones: impact_start is unknown, so there is no time to detect, time to first notice, time to mitigate, time to resolve, time to restore",
                "note milestones: detected_at is unknown, so there is no time to detect, time to acknowledge, time to identify, repair time",
            ]
        );
    }

    #[test]
    fn ongoing_incidents_need_no_end_and_maintenances_no_milestones() {
        let mut ongoing = with(
            "ongoing",
            &[(ImpactStart, "2026-03-17T14:00Z"), (DetectedAt, "2026-03-17T14:01Z")],
        );
        assert_eq!(found(&MissingMilestones, &ongoing).len(), 1);
        ongoing.status = Some(Status::Ongoing);
        assert!(found(&MissingMilestones, &ongoing).is_empty());
        let mut plan = incident("plan");
        plan.kind = Some(Kind::Maintenance);
        assert!(found(&MissingMilestones, &plan).is_empty());
    }
}
