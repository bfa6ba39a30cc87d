use super::context::{Context, item};
use super::finding::Findings;
use super::follow_up_without_owner::named;
use super::rule::rule;
use crate::text::counted;

rule! {
    /// Finds follow-ups that are open after their due day.
    ///
    /// The due day itself is in time; it ends in the incident's zone. Without a stated present
    /// nothing is overdue.
    ///
    /// ```yaml
    /// action_items:
    ///   - {id: A1, text: Watch the depth of the queue, due: 2026-04-15, status: open}
    /// ```
    FollowUpOverdue = "follow-up-overdue", Warning, "an open follow-up after its due day", Housekeeping;
    is_for_own_incidents
}

fn check(context: &Context, findings: &mut Findings) {
    let Some(today) = context.today else { return };
    for (index, follow_up) in context.incident.action_items.iter().enumerate() {
        let Some(due) = follow_up.due.filter(|&due| follow_up.is_open() && due < today) else {
            continue;
        };
        let days = (today - due).num_days();
        let late = counted(usize::try_from(days).unwrap_or_default(), "day");
        let owner =
            follow_up.owner.as_ref().map_or_else(String::new, |owner| format!(" by {owner}"));
        let message = format!(
            "the follow-up {} was to be done{owner} by {due}, {late} ago",
            named(follow_up)
        );
        findings
            .add(item("action_items", index).then("due"), message)
            .hint("set its `status`, or move its `due`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::{NOW, found, found_at};
    use crate::model::action::ActionItem;

    #[test]
    fn overdue_starts_the_day_after_the_due_date() {
        let mut incident = incident("late");
        let due = |day: &str| ActionItem {
            id: Some("A1".into()),
            due: day.parse().ok(),
            ..ActionItem::default()
        };
        incident.action_items = vec![due("2026-05-31"), due("2026-06-01")];
        assert_eq!(
            found_at(&FollowUpOverdue, &incident, NOW),
            [
                "warning action_items[0].due: the follow-up A1 was to be done by 2026-05-31, 1 day ago"
            ]
        );
        assert!(found(&FollowUpOverdue, &incident).is_empty(), "without a present nothing is late");
        incident.time_zone = Some("Pacific/Kiritimati".into());
        assert_eq!(
            found_at(&FollowUpOverdue, &incident, NOW).len(),
            2,
            "there it is already June 2nd"
        );
    }
}
