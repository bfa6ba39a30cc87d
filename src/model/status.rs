//! The status of an incident: as stated, or as its milestones and public posts show.

use std::collections::BTreeMap;

use super::timeline::State;
use super::{Incident, Status};

impl Incident {
    /// The status as the file states it; else as the milestones show it; else as the last public
    /// state shows it. `None` if nothing shows whether the incident is resolved: a missing end does
    /// not mean that it is ongoing.
    pub fn status(&self) -> Option<Status> {
        if self.status.is_some() {
            return self.status;
        }
        let (milestones, windows) = (&self.milestones, &self.impact.windows);
        if milestones.resolved_at.is_some() {
            return Some(Status::Resolved);
        }
        if milestones.mitigated_at.is_some() || milestones.impact_end.is_some() {
            return Some(Status::Mitigated);
        }
        if windows.iter().any(|window| window.end.is_none()) {
            return Some(Status::Ongoing);
        }
        match self.last_state() {
            Some(state) if state.is_terminal() => Some(Status::Resolved),
            _ if !windows.is_empty() => Some(Status::Mitigated),
            Some(_) => Some(Status::Ongoing),
            None => None,
        }
    }

    /// The last state of the timeline that is a phase; updates and write-ups are none. If one
    /// source reports the end, a late post of another source does not take it back.
    fn last_state(&self) -> Option<State> {
        // Most incidents that people write have no states; this avoids sorting them.
        self.timeline.iter().find(|entry| entry.state.is_some())?;
        let entries = self.timeline_in_order().into_iter().filter(|(_, entry)| !entry.hidden);
        let phases = entries
            .filter_map(|(_, entry)| Some((entry, entry.state.filter(|state| state.is_phase())?)));
        let mut states: Vec<(Option<&str>, State)> = Vec::new();
        let mut by_source: BTreeMap<Option<&str>, State> = BTreeMap::new();
        for (entry, state) in phases {
            let source = entry.source_key();
            // Pages list their posts in either order. Of posts without a time, the one with the
            // latest phase of the life cycle is the last.
            let was =
                by_source.get(&source).copied().filter(|_| entry.at.is_none() && source.is_some());
            let state = was.filter(|was| was.step() > state.step()).unwrap_or(state);
            by_source.insert(source, state);
            states.push((source, state));
        }
        let ended = by_source.into_values().find(|state| state.is_terminal());
        ended.or(states.last().map(|&(_, state)| state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::impact::Window;
    use crate::model::milestone::{Basis, Milestone};
    use crate::model::timeline::Entry;

    fn incident() -> Incident {
        Incident::new("a".parse().unwrap(), "A")
    }

    fn post(at: &str, state: State) -> Entry {
        Entry {
            at: Some(at.parse().unwrap()),
            state: Some(state),
            text: "x".into(),
            ..Entry::default()
        }
    }

    fn at(text: &str) -> Option<Milestone> {
        Some(Milestone {
            at: text.parse().unwrap(),
            basis: Basis::Reported,
            source: None,
            note: None,
        })
    }

    #[test]
    fn posts_without_a_time_follow_the_life_cycle() {
        let imported = |at: Option<&str>, state: State| Entry {
            at: at.map(|at| at.parse().unwrap()),
            state: Some(state),
            source: "S1#a".parse().ok(),
            text: "x".into(),
            ..Entry::default()
        };
        let mut newest_first = incident();
        newest_first.timeline =
            vec![imported(None, State::Resolved), imported(None, State::Investigating)];
        assert_eq!(newest_first.status(), Some(Status::Resolved));
        let relapse = Some("2026-03-17T15:00Z");
        newest_first.timeline.push(imported(relapse, State::Investigating));
        assert_eq!(
            newest_first.status(),
            Some(Status::Ongoing),
            "a post with a time is where it is"
        );
        let mut by_hand = incident();
        by_hand.timeline =
            vec![imported(None, State::Resolved), imported(None, State::Investigating)];
        by_hand.timeline.iter_mut().for_each(|entry| entry.source = None);
        assert_eq!(
            by_hand.status(),
            Some(Status::Ongoing),
            "what a person wrote is in their order"
        );
    }

    #[test]
    fn missing_end_does_not_mean_ongoing() {
        let mut unknown = incident();
        assert_eq!(unknown.status(), None);
        unknown.milestones.impact_start = at("2026-03-17T14:00Z");
        unknown.milestones.first_notice_at = at("2026-03-17T14:05Z");
        unknown.timeline.push(post("2026-03-17T14:05Z", State::Update));
        unknown.timeline.push(Entry { state: None, ..post("2026-03-17T14:10Z", State::Update) });
        assert_eq!(unknown.status(), None);
    }

    #[test]
    fn last_public_state_decides_without_milestones() {
        let mut posted = incident();
        posted.timeline = vec![
            post("2026-03-17T15:00Z", State::Resolved),
            post("2026-03-17T14:00Z", State::Monitoring),
        ];
        assert_eq!(posted.status(), Some(Status::Resolved), "the last in time, not in the file");
        posted.timeline.push(post("2026-03-17T16:00Z", State::Postmortem));
        assert_eq!(posted.status(), Some(Status::Resolved));
        posted.timeline.push(post("2026-03-17T17:00Z", State::Identified));
        assert_eq!(posted.status(), Some(Status::Ongoing));
        posted.timeline[3].hidden = true;
        assert_eq!(posted.status(), Some(Status::Resolved));
    }

    #[test]
    fn status_overrides_milestones_and_milestones_override_states() {
        let mut posted = incident();
        posted.timeline = vec![post("2026-03-17T14:00Z", State::Investigating)];
        posted.milestones.impact_end = at("2026-03-17T15:00Z");
        assert_eq!(posted.status(), Some(Status::Mitigated));
        posted.milestones.resolved_at = at("2026-03-17T15:00Z");
        assert_eq!(posted.status(), Some(Status::Resolved));
        posted.status = Some(Status::Ongoing);
        assert_eq!(posted.status(), Some(Status::Ongoing));
        let mut open = incident();
        open.impact.windows = vec![Window { end: None, ..window() }];
        assert_eq!(open.status(), Some(Status::Ongoing), "a window that is left open says so");
        open.impact.windows = vec![window()];
        assert_eq!(open.status(), Some(Status::Mitigated), "all impact has ended");
    }

    fn window() -> Window {
        serde_json::from_str(r#"{"start": "2026-03-17T14:00Z", "end": "2026-03-17T15:00Z"}"#)
            .unwrap()
    }

    #[test]
    fn lagging_second_page_does_not_retract_an_end() {
        let from = |source: &str, at: &str, state| Entry {
            source: source.parse().ok(),
            ..post(at, state)
        };
        let mut pages = incident();
        pages.timeline = vec![
            from("S1", "2026-03-17T15:00Z", State::Resolved),
            from("S2", "2026-03-17T15:01Z", State::Monitoring),
        ];
        assert_eq!(pages.status(), Some(Status::Resolved));
        pages.timeline.push(from("S1", "2026-03-17T16:00Z", State::Investigating));
        assert_eq!(pages.status(), Some(Status::Ongoing));
    }
}
