use chrono::TimeDelta;

use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::all_clear::{AllClear, Statement, may_say_normal};
use crate::diag::Level;
use crate::model::elapsed::Elapsed;
use crate::model::timeline::{EntryKind, State};

rule! {
    /// Finds an update that says that everything is normal again, ten minutes or more before the
    /// incident was resolved.
    ///
    /// Readers take such a sentence as the end of the impact. If it was, `impact_end` should have
    /// that time, and the time to resolve says nothing about users. If it was not, the page
    /// promised too much. A sentence about one part of several does not count, and neither does an
    /// expectation ("monitoring to confirm full recovery"). Of several consecutive updates, the
    /// first is reported.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T14:39Z, state: monitoring, text: Things are back to normal.}
    ///   - {at: 2026-03-17T19:30Z, state: resolved, text: Resolved.}
    /// ```
    NormalBeforeResolved = "normal-before-resolved", Warning, "an update says that all is normal long before the end"
}

/// With a smaller difference, the page was only closed a little later.
const THRESHOLD: TimeDelta = TimeDelta::minutes(10);

fn check(context: &Context, findings: &mut Findings) {
    let last_end = || {
        let ordered = context.incident.timeline_in_order();
        ordered
            .into_iter()
            .rev()
            .find_map(|(_, entry)| entry.at.filter(|_| entry.state.is_some_and(State::is_terminal)))
    };
    let milestones = &context.incident.milestones;
    let resolved = milestones.resolved_at.as_ref().map(|resolved| resolved.at).or_else(last_end);
    let Some(resolved) = resolved else { return };
    let texts = context.incident.timeline.iter().map(|entry| entry.text.to_lowercase());
    let texts: Vec<String> = texts.collect();
    if !texts.iter().any(|text| may_say_normal(text)) {
        return;
    }
    let mut all_clear = AllClear::new(context.incident, &texts);
    let mut was_found = false;
    for (index, entry) in context.incident.timeline_in_order() {
        if entry.hidden {
            continue;
        }
        let says = all_clear.read(&texts[index]);
        if says != Statement::AllNormal {
            // "Normal" after a relapse is another end.
            let is_open = matches!(entry.state, Some(State::Investigating | State::Identified));
            was_found &= says == Statement::Other && !is_open;
            continue;
        }
        // An update of a page without states counts as an update too.
        let state =
            entry.state.or((entry.kind() == EntryKind::StatusUpdate).then_some(State::Update));
        let (Some(at), Some(state)) = (entry.at, state) else { continue };
        let early = Elapsed::between(at, resolved);
        if was_found || state.is_terminal() || state == State::Postmortem || early.min < THRESHOLD {
            continue;
        }
        was_found = true;
        let (what, level) = match milestones.impact_end.as_ref().map(|end| end.at) {
            Some(end) if !context.surely_before(at, end) => {
                ("; impact had ended by then", Level::Note)
            }
            Some(_) => ("; impact had not ended by then", Level::Warning),
            None => ("; impact_end is unknown", Level::Warning),
        };
        let of_state = if state == State::Update { String::new() } else { format!("{state} ") };
        let message = format!(
            "the {of_state}update of {} says that all is normal again, {early} before the incident was resolved{what}",
            context.show(at)
        );
        let finding = findings.add(item("timeline", index), message).graded(level);
        if milestones.impact_end.is_none() {
            finding.hint("if users were no longer affected then, set milestones.impact_end");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{update, with};
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{ImpactEnd, ResolvedAt};

    #[test]
    fn update_saying_normal_long_before_resolved_is_reported() {
        let mut incident =
            with("early", &[(ImpactEnd, "~2025-07-04T03:26Z"), (ResolvedAt, "2025-07-04T03:46Z")]);
        incident.timeline = vec![
            update("2025-07-04T03:15Z", State::Investigating, "Errors are higher than usual."),
            update(
                "2025-07-04T03:29Z",
                State::Identified,
                "Every system now operates. All are operating normally.",
            ),
            update("2025-07-04T03:46Z", State::Resolved, "All systems are operating normally."),
        ];
        assert_eq!(
            found(&NormalBeforeResolved, &incident),
            [
                "note timeline[1]: the identified update of 2025-07-04 03:29 UTC says that all is normal again, 17 min before the incident was resolved; impact had ended by then"
            ]
        );
        incident.milestones.impact_end = None;
        assert!(found(&NormalBeforeResolved, &incident)[0].starts_with("warning"));
    }

    #[test]
    fn other_wordings_and_emphasis_are_recognised() {
        let mut incident = with("words", &[(ResolvedAt, "2025-07-04T03:46Z")]);
        for text in [
            "All systems work normally again, and stay under watch.",
            "Sending **works normally** now.",
            "We can confirm: *everything* runs as expected",
            "Logins function as usual and we keep watching.",
            "Everything is **back** to _normal_.",
            "All Systems Operational",
            "Service has been restored.",
            "Logins have been restored and we keep watching.",
            "We have confirmed full recovery.",
            "Full service has resumed.",
            "Everything works again.",
            "Service was restored at 02:58.",
        ] {
            incident.timeline = vec![update("2025-07-04T03:00Z", State::Identified, text)];
            assert_eq!(found(&NormalBeforeResolved, &incident).len(), 1, "{text}");
        }
    }

    #[test]
    fn update_without_state_counts_and_note_does_not() {
        let mut incident = with("stateless", &[(ResolvedAt, "2025-07-04T05:00Z")]);
        let mut without_state =
            update("2025-07-04T03:00Z", State::Update, "Service has been restored.");
        without_state.state = None;
        incident.timeline = vec![without_state];
        assert_eq!(found(&NormalBeforeResolved, &incident).len(), 1);
        incident.timeline[0].kind = None;
        assert!(found(&NormalBeforeResolved, &incident).is_empty());
    }

    #[test]
    fn one_recovered_service_of_several_is_not_all_clear() {
        let mut incident = with("several", &[(ResolvedAt, "2025-07-04T05:00Z")]);
        incident.services = ["API", "API keys", "Pages"].map(str::to_owned).to_vec();
        let mut found_in = |updates: &[(&str, &str)]| {
            let update = |(at, text): &(&str, &str)| {
                update(&format!("2025-07-04T{at}Z"), State::Update, text)
            };
            incident.timeline = updates.iter().map(update).collect();
            found(&NormalBeforeResolved, &incident).len()
        };
        assert_eq!(found_in(&[("03:00", "Pages is operating normally.")]), 0);
        assert_eq!(found_in(&[("03:00", "API keys are operating normally.")]), 0);
        assert_eq!(found_in(&[("03:00", "All other services are operating normally.")]), 0);
        assert_eq!(found_in(&[("03:00", "API, API keys and Pages are operating normally.")]), 1);
        assert_eq!(found_in(&[("03:00", "Everything is operating normally.")]), 1);
        let one_by_one = [
            ("03:00", "Pages is operating normally."),
            ("03:10", "**API** is operating normally."),
            ("03:20", "API keys are fully recovered."),
        ];
        assert_eq!(found_in(&one_by_one), 1, "with the last of them all are");
        let relapse =
            [one_by_one[0], ("03:05", "Pages is slow again."), one_by_one[1], one_by_one[2]];
        assert_eq!(found_in(&relapse), 0);
    }

    #[test]
    fn short_delays_and_partial_recoveries_are_accepted() {
        let mut incident = with("near", &[(ResolvedAt, "2025-07-04T03:46Z")]);
        incident.timeline = vec![update("2025-07-04T03:38Z", State::Monitoring, "Back to normal.")];
        assert!(found(&NormalBeforeResolved, &incident).is_empty());
        for text in [
            "We expect things to be back to normal soon.",
            "The queue isn't back to normal.",
            "We will write again once all is fully operational.",
            "Some regions are fully recovered.",
            "The jobs that work normally are moved to the other region.",
            "Workers normally run as usual load demands.",
            "Imports run normally at night, so the next one is awaited.",
            "It is made to work normally again.",
            "Most endpoints work normally.",
            "The database has been restored from a backup.",
            "Access has been restored for customers in one region.",
            "We will confirm full recovery.",
            "Service has not been restored.",
            "Some queues have been restored.",
            "The API does not work as expected.",
            "Queries that run normally in a second take a minute.",
        ] {
            incident.timeline = vec![update("2025-07-04T03:00Z", State::Monitoring, text)];
            assert!(found(&NormalBeforeResolved, &incident).is_empty(), "{text}");
        }
    }

    #[test]
    fn first_all_clear_after_the_last_relapse_is_reported() {
        let mut incident = with("row", &[(ResolvedAt, "2025-07-04T05:00Z")]);
        incident.timeline = vec![
            update("2025-07-04T03:00Z", State::Update, "Everything is back to normal."),
            update(
                "2025-07-04T03:10Z",
                State::Monitoring,
                "All services continue to operate normally.",
            ),
            update("2025-07-04T03:30Z", State::Investigating, "It is slow again."),
            update("2025-07-04T04:00Z", State::Monitoring, "Everything is back to normal."),
        ];
        assert_eq!(
            found(&NormalBeforeResolved, &incident),
            [
                "warning timeline[0]: the update of 2025-07-04 03:00 UTC says that all is normal again, 2 h before the incident was resolved; impact_end is unknown",
                "warning timeline[3]: the monitoring update of 2025-07-04 04:00 UTC says that all is normal again, 1 h before the incident was resolved; impact_end is unknown",
            ]
        );
    }
}
