use super::context::{Context, milestone, window};
use super::finding::Findings;
use super::rule::rule;
use crate::diag::Level;
use crate::model::milestone::MilestoneName::{ImpactEnd, ImpactStart, ResolvedAt};
use crate::model::time::Moment;
use crate::model::{Kind, Maintenance};

rule! {
    /// Finds a maintenance with impact before or after its plan, or on unexpected components.
    ///
    /// Planned maintenance is outside every statistic. What exceeds the plan is not: the time
    /// before `scheduled_for` and after `scheduled_until`, and impact on components that are not
    /// `expected`, are an incident of their own, with a file of their own.
    ///
    /// ```yaml
    /// kind: maintenance
    /// maintenance: {scheduled_until: 2026-03-17T04:00Z, expected: [database]}
    /// impact:
    ///   windows: [{start: 2026-03-17T03:00Z, end: 2026-03-17T05:30Z, components: [database, login]}]
    /// ```
    MaintenanceOverrun = "maintenance-overrun", Warning, "maintenance that exceeded its plan"
}

const HINT: &str = "write an incident of its own for that, with `related: {caused_by: …}`";

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let Some(plan) = incident.maintenance.as_ref().filter(|_| incident.kind() == Kind::Maintenance)
    else {
        return;
    };
    check_windows(context, plan, findings);
    if incident.impact.windows.is_empty() {
        check_milestones(context, plan, findings);
    }
}

fn check_windows(context: &Context, plan: &Maintenance, findings: &mut Findings) {
    let tolerance = context.definitions.tolerance();
    for (index, one) in context.incident.impact.windows.iter().enumerate() {
        if let Some(planned) = plan.scheduled_for
            && is_early(context, one.start, planned)
        {
            let message = format!(
                "the impact began at {}, before scheduled_for ({})",
                context.show(one.start),
                context.show(planned)
            );
            findings.add(window(index).then("start"), message).hint(HINT);
        }
        if let (Some(end), Some(until)) = (one.end, plan.scheduled_until)
            && until.latest() + tolerance < end.earliest()
        {
            let message = format!(
                "the impact ended at {}, after scheduled_until ({})",
                context.show(end),
                context.show(until)
            );
            findings.add(window(index).then("end"), message).hint(HINT);
        }
        let surprises: Vec<&str> = one
            .components
            .iter()
            .filter(|name| !plan.expected.contains(name))
            .map(String::as_str)
            .collect();
        if !plan.expected.is_empty() && !surprises.is_empty() {
            let message =
                format!("{} was affected, which the plan did not expect", surprises.join(", "));
            findings.add(window(index).then("components"), message).hint(HINT);
        }
    }
}

fn check_milestones(context: &Context, plan: &Maintenance, findings: &mut Findings) {
    if let (Some(start), Some(planned)) = (context.at(ImpactStart), plan.scheduled_for)
        && is_early(context, start, planned)
    {
        let message = format!(
            "{} is before scheduled_for ({})",
            context.named(ImpactStart, start),
            context.show(planned)
        );
        findings.add(milestone(ImpactStart), message).hint(HINT);
    }
    // A late closing does not show that anybody was affected until then.
    let ends = [(ImpactEnd, Level::Warning), (ResolvedAt, Level::Note)];
    let end = ends.into_iter().find_map(|(name, level)| Some((name, context.at(name)?, level)));
    if let (Some((name, end, level)), Some(until)) = (end, plan.scheduled_until)
        && until.latest() + context.definitions.tolerance() < end.earliest()
    {
        let message = format!(
            "{} is after scheduled_until ({})",
            context.named(name, end),
            context.show(until)
        );
        findings.add(milestone(name), message).graded(level).hint(HINT);
    }
}

/// Whether `start` precedes the plan by more than the tolerance.
fn is_early(context: &Context, start: Moment, planned: Moment) -> bool {
    start.middle() < planned.middle() && context.disagree(start, planned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, window};
    use crate::analysis::rules::tests::found;
    use crate::model::Maintenance;

    #[test]
    fn start_before_the_plan_is_reported() {
        let mut early = incident("early");
        early.kind = Some(Kind::Maintenance);
        early.maintenance = Some(Maintenance {
            scheduled_for: "2026-03-17T02:00Z".parse().ok(),
            ..Maintenance::default()
        });
        early.impact.windows = vec![
            window("2026-03-17T01:59Z", Some("2026-03-17T03:00Z"), None, &[]),
            window("2026-03-17T01:20Z", Some("2026-03-17T03:00Z"), None, &[]),
        ];
        assert_eq!(
            found(&MaintenanceOverrun, &early),
            [
                "warning impact.windows[1].start: the impact began at 2026-03-17 01:20 UTC, before scheduled_for (2026-03-17 02:00 UTC)"
            ]
        );
        early.impact.windows.clear();
        early.milestones.impact_start = crate::analysis::fixture::at("2026-03-17T01:20Z");
        assert_eq!(found(&MaintenanceOverrun, &early).len(), 1);
    }

    #[test]
    fn overrun_and_unplanned_components_are_reported() {
        let mut late = incident("late");
        late.kind = Some(Kind::Maintenance);
        late.maintenance = Some(Maintenance {
            scheduled_until: "2026-03-17T04:00Z".parse().ok(),
            expected: vec!["database".into()],
            ..Maintenance::default()
        });
        late.impact.windows = vec![
            window("2026-03-17T03:00Z", Some("2026-03-17T04:01Z"), None, &["database"]),
            window("2026-03-17T03:00Z", Some("2026-03-17T05:30Z"), None, &["database", "login"]),
        ];
        assert_eq!(
            found(&MaintenanceOverrun, &late),
            [
                "warning impact.windows[1].end: the impact ended at 2026-03-17 05:30 UTC, after scheduled_until (2026-03-17 04:00 UTC)",
                "warning impact.windows[1].components: login was affected, which the plan did not expect",
            ]
        );
        late.impact.windows.clear();
        late.milestones.resolved_at = crate::analysis::fixture::at("2026-03-17T06:00Z");
        assert_eq!(
            found(&MaintenanceOverrun, &late),
            [
                "note milestones.resolved_at: resolved_at (2026-03-17 06:00 UTC) is after scheduled_until (2026-03-17 04:00 UTC)"
            ]
        );
        late.kind = Some(Kind::Incident);
        assert!(found(&MaintenanceOverrun, &late).is_empty());
    }
}
