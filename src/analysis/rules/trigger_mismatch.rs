use chrono::TimeDelta;

use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName::TriggerAt;
use crate::model::path::Path;

rule! {
    /// Finds a `trigger_at` that is more than half an hour from `trigger.deployed_at`.
    ///
    /// Both say when the change was deployed, and DORA's recovery time starts at one of them. A
    /// roll-out may take a while; a difference of hours is nearly always two different changes, or
    /// two zones.
    ///
    /// ```yaml
    /// trigger: {type: deploy, deployed_at: 2026-03-17T10:00Z}
    /// milestones: {trigger_at: 2026-03-17T13:00Z}
    /// ```
    TriggerMismatch = "trigger-mismatch", Warning, "a trigger_at far from trigger.deployed_at"
}

/// The longest duration of a roll-out.
const ROLL_OUT: TimeDelta = TimeDelta::minutes(30);

fn check(context: &Context, findings: &mut Findings) {
    let deployed = context.incident.trigger.as_ref().and_then(|trigger| trigger.deployed_at);
    let (Some(deployed), Some(at)) = (deployed, context.at(TriggerAt)) else { return };
    let (first, last) =
        if deployed.middle() < at.middle() { (deployed, at) } else { (at, deployed) };
    let difference = Elapsed::between(first, last);
    if difference.min > ROLL_OUT && context.disagree(first, last) {
        let message = format!(
            "trigger.deployed_at ({}) is {difference} from {}",
            context.show(deployed),
            context.named(TriggerAt, at)
        );
        findings
            .add(Path::key("trigger").then("deployed_at"), message)
            .hint("correct one, or remove trigger_at");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;
    use crate::model::Trigger;

    #[test]
    fn deployment_three_hours_from_trigger_is_reported() {
        let mut two = with("two", &[(TriggerAt, "2026-03-17T13:00Z")]);
        for (deployed_at, expected) in
            [("2026-03-17T12:40Z", 0), ("2026-03-17", 0), ("2026-03-17T10:00Z", 1)]
        {
            two.trigger =
                Some(Trigger { deployed_at: deployed_at.parse().ok(), ..Trigger::default() });
            assert_eq!(found(&TriggerMismatch, &two).len(), expected, "{deployed_at}");
        }
        assert_eq!(
            found(&TriggerMismatch, &two),
            [
                "warning trigger.deployed_at: trigger.deployed_at (2026-03-17 10:00 UTC) is 3 h from trigger_at (2026-03-17 13:00 UTC)"
            ]
        );
    }
}
