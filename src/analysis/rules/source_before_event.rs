use std::collections::BTreeSet;

use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::model::Kind;
use crate::model::time::{Moment, Precision};
use crate::model::timeline::State;

rule! {
    /// Finds an entry of a source that was retrieved before the entry happened.
    ///
    /// A source cannot report future events: the date of the entry or of the source is wrong, or
    /// the entry names the wrong source. Plans of a maintenance are in the future, and are not
    /// reported.
    ///
    /// ```yaml
    /// sources: {S1: {format: note, retrieved_at: 2026-01-01T00:00:00Z}}
    /// timeline: [{at: 2026-03-17T14:35Z, text: Alert fired, source: S1}]
    /// ```
    SourceBeforeEvent = "source-before-event", Warning, "an entry after its source was retrieved"
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    if incident.kind() == Kind::Maintenance {
        return;
    }
    let mut reported: BTreeSet<&str> = BTreeSet::new();
    for (index, entry) in incident.timeline.iter().enumerate().filter(|(_, entry)| !entry.hidden) {
        let (Some(key), Some(at)) = (entry.source_key(), entry.at) else { continue };
        let Some(retrieved) = incident.sources.get(key).and_then(|source| source.retrieved_at)
        else {
            continue;
        };
        let is_plan = matches!(entry.state, Some(State::Scheduled));
        let known = Moment::known_to(retrieved, Precision::Second);
        if !is_plan
            && at.earliest() > retrieved
            && context.disagree(at, known)
            && reported.insert(key)
        {
            let message = format!(
                "the entry is of {}, but {key} was retrieved at {}",
                context.show(at),
                context.show(known)
            );
            findings
                .add(item("timeline", index).then("at"), message)
                .hint(format!("correct the time, or sources.{key}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::rules::tests::found;
    use crate::model::origin::{EntryRef, SourceInfo};
    use crate::model::timeline::Entry;

    #[test]
    fn event_after_its_source_was_retrieved_is_reported() {
        let mut early = incident("early");
        let source = SourceInfo {
            retrieved_at: "2026-03-17T14:30:00Z".parse().ok(),
            ..SourceInfo::default()
        };
        early.sources.insert("S1".into(), source);
        let from =
            |at: &str| Entry { source: Some(EntryRef::new("S1", at)), ..entry(at, "Alert fired.") };
        early.timeline = vec![from("2026-03-17T14:00Z"), from("2026-03-17T14:31Z")];
        assert!(found(&SourceBeforeEvent, &early).is_empty(), "within the tolerance");
        early.timeline.extend([from("2026-03-18T14:00Z"), from("2026-03-19T14:00Z")]);
        assert_eq!(
            found(&SourceBeforeEvent, &early),
            [
                "warning timeline[2].at: the entry is of 2026-03-18 14:00 UTC, but S1 was retrieved at 2026-03-17 14:30:00 UTC"
            ]
        );
    }
}
