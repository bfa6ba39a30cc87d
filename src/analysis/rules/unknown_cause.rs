use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;

rule! {
    /// Finds a follow-up that addresses a cause which the file does not name.
    ///
    /// The report shows which cause each follow-up addresses. With an unknown id, a cause looks as
    /// if nothing was done about it.
    ///
    /// ```yaml
    /// root_causes:
    ///   - {id: rc1, text: The migration held a lock}
    /// action_items:
    ///   - {id: A1, text: Test the migration, addresses: [rc9]}     # rc1 was meant
    /// ```
    UnknownCause = "unknown-cause", Error, "a follow-up that addresses a cause which is not listed"
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let causes = incident.root_causes.iter().chain(&incident.contributing_factors);
    let known: Vec<&str> = causes.filter_map(|cause| cause.id.as_deref()).collect();
    for (index, follow_up) in incident.action_items.iter().enumerate() {
        for (nth, cause) in follow_up.addresses.iter().enumerate() {
            if known.contains(&cause.as_str()) {
                continue;
            }
            let hint = if known.is_empty() {
                "no cause in the file has an `id`".to_owned()
            } else {
                format!("known causes: {}", known.join(", "))
            };
            let path = item("action_items", index).then("addresses").then(nth);
            findings
                .add(path, format!("no root cause or contributing factor has the id `{cause}`"))
                .hint(hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;
    use crate::model::Cause;
    use crate::model::action::ActionItem;

    #[test]
    fn unknown_cause_id_is_reported() {
        let mut incident = incident("causes");
        incident.root_causes = vec![Cause { id: Some("rc1".into()), ..Cause::default() }];
        incident.contributing_factors = vec![Cause { id: Some("cf1".into()), ..Cause::default() }];
        let addresses = ["rc1", "rc9", "cf1"].map(str::to_owned).to_vec();
        incident.action_items = vec![ActionItem { addresses, ..ActionItem::default() }];
        assert_eq!(
            found(&UnknownCause, &incident),
            [
                "error action_items[0].addresses[1]: no root cause or contributing factor has the id `rc9`"
            ]
        );
    }
}
