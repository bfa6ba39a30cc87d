use super::context::{Context, window};
use super::{Findings, rule};
use crate::model::Kind;
use crate::model::path::Path;

rule! {
    /// Finds a maintenance that harmed longer than planned, or something that was not to be
    /// affected.
    ///
    /// Planned maintenance is outside every statistic. What goes past the plan is not: the time
    /// after `scheduled_until`, and harm to components that are not `expected`, are an incident of
    /// their own, with a file of their own.
    ///
    /// ```yaml
    /// kind: maintenance
    /// maintenance: {scheduled_until: 2026-03-17T04:00Z, expected: [database]}
    /// impact:
    ///   windows: [{start: 2026-03-17T03:00Z, end: 2026-03-17T05:30Z, components: [database, login]}]
    /// ```
    MaintenanceOverrun = "maintenance-overrun", Warning, "a maintenance that went past its plan"
}

const HINT: &str = "write an incident of its own for that, with `related: {caused_by: …}`";

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let Some(plan) = incident.maintenance.as_ref().filter(|_| incident.kind() == Kind::Maintenance) else { return };
    let tolerance = context.definitions.tolerance();
    for (index, one) in incident.impact.windows.iter().enumerate() {
        if let (Some(end), Some(until)) = (one.end, plan.scheduled_until)
            && until.latest() + tolerance < end.earliest()
        {
            let message =
                format!("the harm ended at {}, after scheduled_until ({})", context.show(end), context.show(until));
            findings.add(window(index).then("end"), message).hint(HINT);
        }
        let surprises: Vec<&str> =
            one.components.iter().filter(|name| !plan.expected.contains(name)).map(String::as_str).collect();
        if !plan.expected.is_empty() && !surprises.is_empty() {
            let message = format!("{} was harmed, which the plan did not expect", surprises.join(", "));
            findings.add(window(index).then("components"), message).hint(HINT);
        }
    }
    let ends = incident.milestones.impact_end.as_ref().filter(|_| incident.impact.windows.is_empty());
    if let (Some(end), Some(until)) = (ends, plan.scheduled_until)
        && until.latest() + tolerance < end.at.earliest()
    {
        let message =
            format!("impact_end ({}) is after scheduled_until ({})", context.show(end.at), context.show(until));
        findings.add(Path::key("milestones").then("impact_end"), message).hint(HINT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, window};
    use crate::analysis::rules::tests::found;
    use crate::model::Maintenance;

    #[test]
    fn longer_and_wider_than_planned() {
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
                "warning impact.windows[1].end: the harm ended at 2026-03-17 05:30 UTC, after scheduled_until (2026-03-17 04:00 UTC)",
                "warning impact.windows[1].components: login was harmed, which the plan did not expect",
            ]
        );
        late.kind = Some(Kind::Incident);
        assert!(found(&MaintenanceOverrun, &late).is_empty());
    }
}
