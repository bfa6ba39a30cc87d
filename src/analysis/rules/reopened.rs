use std::collections::BTreeMap;

use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::model::time::Moment;
use crate::model::timeline::State;

rule! {
    /// Finds incidents that were resolved and then reopened.
    ///
    /// `resolved_at` is the last end. The quiet time in between counts for the time to resolve, but
    /// not for the impact duration, so the impact windows should not include it.
    ///
    /// Each source is judged by itself: a second status page that is still "monitoring" a minute
    /// after the first said "resolved" has not reopened anything.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T15:00Z, state: resolved, text: Fixed.}
    ///   - {at: 2026-03-17T16:30Z, state: investigating, text: It is back.}
    /// ```
    Reopened = "reopened", Note, "reopened after it was resolved"
}

fn check(context: &Context, findings: &mut Findings) {
    let mut ended: BTreeMap<Option<&str>, Moment> = BTreeMap::new();
    for (index, entry) in context.incident.timeline_in_order() {
        let Some(state) = entry.state.filter(|state| state.is_phase() && !entry.hidden) else {
            continue;
        };
        let source = entry.source_key();
        if let Some(end) = ended.remove(&source)
            && !state.is_terminal()
        {
            let again = entry.at.map_or_else(String::new, |at| format!(" at {}", context.show(at)));
            findings.add(
                item("timeline", index),
                format!("resolved at {} and reopened{again}", context.show(end)),
            );
        }
        if let Some(end) =
            entry.at.filter(|_| state == State::Resolved || state == State::Completed)
        {
            ended.insert(source, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, update};
    use crate::analysis::rules::tests::found;
    use crate::model::origin::EntryRef;
    use crate::model::timeline::Entry;

    #[test]
    fn investigating_after_resolved_is_reported() {
        let mut incident = incident("again");
        incident.timeline = vec![
            update("2026-03-17T15:00Z", State::Resolved, "Fixed."),
            update("2026-03-17T15:05Z", State::Postmortem, "Why."),
            update("2026-03-17T16:30Z", State::Investigating, "It is back."),
            update("2026-03-17T17:30Z", State::Resolved, "Fixed."),
            update("2026-03-17T17:31Z", State::Resolved, "Said twice."),
        ];
        assert_eq!(
            found(&Reopened, &incident),
            [
                "note timeline[2]: resolved at 2026-03-17 15:00 UTC and reopened at 2026-03-17 16:30 UTC"
            ]
        );
        incident.timeline.remove(2);
        assert!(found(&Reopened, &incident).is_empty());
    }

    #[test]
    fn lag_of_a_second_page_is_not_a_reopening() {
        let from = |source: &str, at: &str, state| Entry {
            source: Some(EntryRef::new(source, at)),
            ..update(at, state, "An update.")
        };
        let mut incident = incident("pages");
        incident.timeline = vec![
            from("S1", "2026-03-17T15:00Z", State::Resolved),
            from("S2", "2026-03-17T15:01Z", State::Monitoring),
            from("S2", "2026-03-17T15:30Z", State::Resolved),
        ];
        assert!(found(&Reopened, &incident).is_empty());
        incident.timeline.push(from("S1", "2026-03-17T16:00Z", State::Investigating));
        assert_eq!(
            found(&Reopened, &incident),
            [
                "note timeline[3]: resolved at 2026-03-17 15:00 UTC and reopened at 2026-03-17 16:00 UTC"
            ]
        );
    }
}
