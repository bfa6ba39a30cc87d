use std::collections::BTreeMap;

use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;

rule! {
    /// Finds two follow-ups, or two causes, with the same id.
    ///
    /// Follow-ups name the causes that they address by id, and people refer to follow-ups by id.
    /// The ids of root causes and contributing factors must differ as well.
    ///
    /// ```yaml
    /// action_items:
    ///   - {id: A1, text: Alert on the delay}
    ///   - {id: A1, text: Test the migration}     # A2 was meant
    /// ```
    DuplicateIds = "duplicate-ids", Error, "an id that two follow-ups or two causes share"
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let items = incident.action_items.iter().enumerate();
    report(
        "follow-up",
        items.map(|(index, one)| (item("action_items", index), one.id.as_deref())),
        findings,
    );
    let causes = incident
        .root_causes
        .iter()
        .enumerate()
        .map(|(index, one)| (item("root_causes", index), one));
    let factors = incident.contributing_factors.iter().enumerate();
    let factors = factors.map(|(index, one)| (item("contributing_factors", index), one));
    report("cause", causes.chain(factors).map(|(path, one)| (path, one.id.as_deref())), findings);
}

fn report<'i>(
    what: &str,
    all: impl Iterator<Item = (Path, Option<&'i str>)>,
    findings: &mut Findings,
) {
    let mut first: BTreeMap<&str, Path> = BTreeMap::new();
    for (path, id) in all {
        let Some(id) = id else { continue };
        if let Some(other) = first.get(id) {
            findings.add(path.then("id"), format!("the {what} at {other} has the id `{id}` too"));
        } else {
            first.insert(id, path);
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
    fn duplicate_ids_are_reported() {
        let mut incident = incident("twice");
        let named = |id: &str| Some(id.to_owned());
        incident.action_items = [named("A1"), None, None, named("rc1"), named("A1")]
            .map(|id| ActionItem { id, ..ActionItem::default() })
            .to_vec();
        incident.root_causes = vec![Cause { id: named("rc1"), ..Cause::default() }];
        incident.contributing_factors = vec![Cause { id: named("rc1"), ..Cause::default() }];
        assert_eq!(
            found(&DuplicateIds, &incident),
            [
                "error action_items[4].id: the follow-up at action_items[0] has the id `A1` too",
                "error contributing_factors[0].id: the cause at root_causes[0] has the id `rc1` too",
            ]
        );
    }
}
