use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::model::action::ActionItem;

rule! {
    /// Finds open follow-ups without an owner.
    ///
    /// What nobody owns is not done.
    ///
    /// ```yaml
    /// action_items:
    ///   - {id: A1, text: Watch the depth of the queue}     # who?
    /// ```
    FollowUpWithoutOwner = "follow-up-without-owner", Warning, "an open follow-up without an owner", Gap;
    is_for_own_incidents
}

fn check(context: &Context, findings: &mut Findings) {
    for (index, follow_up) in context.incident.action_items.iter().enumerate() {
        let owned = follow_up.owner.as_deref().is_some_and(|owner| !owner.trim().is_empty());
        if follow_up.is_open() && !owned {
            findings
                .add(
                    item("action_items", index),
                    format!("the follow-up {} has no owner", named(follow_up)),
                )
                .hint("set its `owner`");
        }
    }
}

/// The name of a follow-up in messages: its id, or the start of its text.
pub(super) fn named(follow_up: &ActionItem) -> String {
    const SHOWN: usize = 40;
    if let Some(id) = &follow_up.id {
        return id.clone();
    }
    let line = follow_up.text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(SHOWN).collect();
    if cut.len() < line.len() { format!("`{}…`", cut.trim_end()) } else { format!("`{cut}`") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;
    use crate::model::action::ActionStatus;

    #[test]
    fn open_follow_up_without_owner_is_reported() {
        let mut incident = incident("nobody");
        let text = "Watch the depth of the queue and the time that it takes".to_owned();
        incident.action_items = vec![
            ActionItem { text: text.clone(), ..ActionItem::default() },
            ActionItem {
                id: Some("A2".into()),
                text,
                owner: Some(" ".into()),
                ..ActionItem::default()
            },
        ];
        assert_eq!(
            found(&FollowUpWithoutOwner, &incident),
            [
                "warning action_items[0]: the follow-up `Watch the depth of the queue and the tim…` has no owner",
                "warning action_items[1]: the follow-up A2 has no owner",
            ]
        );
        incident.action_items[0].owner = Some("ana".into());
        incident.action_items[1].status = Some(ActionStatus::Done);
        assert!(found(&FollowUpWithoutOwner, &incident).is_empty());
    }
}
