use super::context::{Context, item};
use super::finding::Findings;
use super::follow_up_without_owner::named;
use super::rule::rule;

rule! {
    /// Finds open follow-ups without a due day.
    ///
    /// Without a due day nothing is ever late, and `posthoc actions --overdue` cannot list it.
    ///
    /// ```yaml
    /// action_items:
    ///   - {id: A1, text: Watch the depth of the queue, owner: ana}     # by when?
    /// ```
    FollowUpWithoutDue = "follow-up-without-due", Note, "an open follow-up without a due day", Gap;
    is_for_own_incidents
}

fn check(context: &Context, findings: &mut Findings) {
    for (index, follow_up) in context.incident.action_items.iter().enumerate() {
        if follow_up.is_open() && follow_up.due.is_none() {
            findings
                .add(
                    item("action_items", index),
                    format!("the follow-up {} has no due day", named(follow_up)),
                )
                .hint("set its `due`");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;
    use crate::model::action::{ActionItem, ActionStatus};

    #[test]
    fn open_follow_up_without_due_date_is_reported() {
        let mut incident = incident("dayless");
        incident.action_items = vec![ActionItem { id: Some("A1".into()), ..ActionItem::default() }];
        assert_eq!(
            found(&FollowUpWithoutDue, &incident),
            ["note action_items[0]: the follow-up A1 has no due day"]
        );
        incident.action_items[0].status = Some(ActionStatus::Dropped);
        assert!(found(&FollowUpWithoutDue, &incident).is_empty());
    }
}
