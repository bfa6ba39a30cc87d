use std::collections::BTreeMap;

use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::diag::Level;
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName::ResolvedAt;
use crate::model::time::Moment;
use crate::model::timeline::State;

rule! {
    /// Finds a status page whose last state contradicts `resolved_at`: it still says "identified"
    /// after that, or says "resolved" at another time.
    ///
    /// Readers compare the page with the write-up. A page that was closed a little later is common,
    /// so that is a note; a page that was never closed is a warning. The tolerance is that between
    /// two sources. A `note` on the milestone that says which time is meant ends the finding.
    ///
    /// ```yaml
    /// milestones: {resolved_at: 2026-03-17T16:00Z}
    /// timeline:
    ///   - {at: 2026-03-17T17:10Z, state: identified, kind: status_update, text: Still looking.}
    /// ```
    StateMismatch = "state-mismatch", Warning, "a page whose last state contradicts resolved_at"
}

fn check(context: &Context, findings: &mut Findings) {
    let stated =
        context.incident.milestones.resolved_at.as_ref().filter(|stated| stated.note.is_none());
    let Some(resolved) = stated.map(|stated| stated.at) else { return };
    // If the page gives both an end and a last post at another time, its end counts.
    let speaker = stated.and_then(|stated| Some(stated.source.as_ref()?.source.as_str()));
    for (index, state, at) in last_states(context).into_values() {
        if !context.disagree(resolved, at) {
            continue;
        }
        let is_later = at.middle() > resolved.middle();
        let (from, to, word) =
            if is_later { (resolved, at, "after") } else { (at, resolved, "before") };
        let difference = Elapsed::between(from, to).or_zero();
        let resolved = context.named(ResolvedAt, resolved);
        let entry = &context.incident.timeline[index];
        let is_its_own = speaker.is_some() && entry.source_key() == speaker;
        if state.is_terminal() && entry.milestone != Some(ResolvedAt) && !is_its_own {
            findings
                .add(
                    item("timeline", index),
                    format!("the page says {state} {difference} {word} {resolved}"),
                )
                .graded(Level::Note)
                .hint("if both are right, say so in the `note` of milestones.resolved_at");
        } else if !state.is_terminal() && is_later {
            findings
                .add(
                    item("timeline", index),
                    format!("the last public state is {state}, {difference} after {resolved}"),
                )
                .hint("correct the milestone, or add the post that says that it is resolved");
        }
    }
}

/// The last state of each source, with the index of its entry and its time.
pub(super) fn last_states<'a>(
    context: &Context<'a>,
) -> BTreeMap<Option<&'a str>, (usize, State, Moment)> {
    let mut last = BTreeMap::new();
    if context.incident.timeline.iter().all(|entry| entry.state.is_none()) {
        return last;
    }
    for (index, entry) in context.incident.timeline_in_order() {
        let state = entry.state.filter(|state| state.is_phase() && !entry.hidden);
        if let (Some(state), Some(at)) = (state, entry.at) {
            last.insert(entry.source_key(), (index, state, at));
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{update, with};
    use crate::analysis::rules::tests::found;

    #[test]
    fn page_without_a_closing_post_is_reported() {
        let mut torn = with("torn", &[(ResolvedAt, "2026-03-17T16:00Z")]);
        torn.timeline = vec![
            update("2026-03-17T14:10Z", State::Investigating, "Looking."),
            update("2026-03-17T17:10Z", State::Identified, "Still looking at it."),
        ];
        assert_eq!(
            found(&StateMismatch, &torn),
            [
                "warning timeline[1]: the last public state is identified, 1 h 10 min after resolved_at (2026-03-17 16:00 UTC)"
            ]
        );
        torn.timeline[1].hidden = true;
        assert!(found(&StateMismatch, &torn).is_empty(), "it was not over before, either");
    }

    #[test]
    fn page_closed_at_another_time_is_reported() {
        let mut late = with("late", &[(ResolvedAt, "2026-03-17T16:00Z")]);
        late.timeline = vec![update("2026-03-17T16:17Z", State::Resolved, "Done.")];
        assert_eq!(
            found(&StateMismatch, &late),
            [
                "note timeline[0]: the page says resolved 17 min after resolved_at (2026-03-17 16:00 UTC)"
            ]
        );
        late.milestones.resolved_at.as_mut().unwrap().note = Some("The page was forgotten.".into());
        assert!(found(&StateMismatch, &late).is_empty());
        let mut near = with("near", &[(ResolvedAt, "2026-03-17T16:00Z")]);
        near.timeline = vec![update("2026-03-17T16:02:30Z", State::Resolved, "Done.")];
        assert!(found(&StateMismatch, &near).is_empty());
    }
}
