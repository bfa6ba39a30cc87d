use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;

rule! {
    /// Finds a follow-up that was due before the incident happened.
    ///
    /// The cause is usually a wrong year, and such a follow-up is overdue from its first day.
    ///
    /// ```yaml
    /// milestones: {impact_start: 2026-03-17T14:00Z}
    /// action_items: [{text: Alert on the delay, due: 2025-04-01}]
    /// ```
    FollowUpDueBefore = "follow-up-due-before", Warning, "a follow-up due before the incident";
    is_for_own_incidents
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    if incident.action_items.is_empty() {
        return;
    }
    let Some(occurred) = incident.occurred() else { return };
    let day = incident.zone().local(occurred.earliest()).date_naive();
    for (index, follow_up) in incident.action_items.iter().enumerate() {
        if let Some(due) = follow_up.due.filter(|&due| due < day) {
            findings
                .add(
                    item("action_items", index).then("due"),
                    format!("due on {due}, before the incident ({day})"),
                )
                .hint("correct the date");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;
    use crate::model::action::ActionItem;
    use crate::model::milestone::MilestoneName::ImpactStart;

    #[test]
    fn due_date_before_the_incident_is_reported() {
        let mut incident = with("due", &[(ImpactStart, "2026-03-17T14:00Z")]);
        let due = |day: &str| ActionItem { due: day.parse().ok(), ..ActionItem::default() };
        incident.action_items =
            vec![due("2025-01-01"), due("2026-03-17"), due("2026-04-01"), ActionItem::default()];
        assert_eq!(
            found(&FollowUpDueBefore, &incident),
            ["warning action_items[0].due: due on 2025-01-01, before the incident (2026-03-17)"]
        );
    }
}
