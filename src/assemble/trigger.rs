//! Proposes a change shortly before the impact as its trigger.
//!
//! A change that precedes the impact is not necessarily its cause. So the milestone is an estimate,
//! its note gives the time from the change to the impact, and the incident's `trigger`, whose type
//! decides what counts as a failed deployment, is left to a person.

use chrono::TimeDelta;

use super::Plan;
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::elapsed::Elapsed;
use crate::model::evidence::{Trust, choose};
use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::EntryRef;
use crate::model::timeline::{Entry, EntryKind};

/// The longest time before the impact at which a change may be its trigger.
const BEFORE_IMPACT: TimeDelta = TimeDelta::hours(1);

/// Whether `edits` add something that affects the proposal: a change, or the start of the impact.
pub(crate) fn concerns(edits: &[Edit]) -> bool {
    edits.iter().any(|edit| match edit {
        Edit::AppendEntry(entry) => entry.kind == Some(EntryKind::Deploy),
        Edit::SetMilestone(name, _) => *name == MilestoneName::ImpactStart,
        Edit::ReplaceEntry(..)
        | Edit::AddSource(..)
        | Edit::ReviseSource(..)
        | Edit::AddWindow(_) => false,
    })
}

/// Sets `trigger_at` to the last change in the hour before the impact, if no trigger is stated.
pub(crate) fn propose(incident: &Incident, trust: Trust) -> Plan {
    let is_stated =
        incident.trigger.is_some() || choose(incident, MilestoneName::TriggerAt, trust).is_some();
    let impact = choose(incident, MilestoneName::ImpactStart, trust);
    let Some(impact) = impact.map(|choice| choice.milestone.at).filter(|_| !is_stated) else {
        return Plan::default();
    };
    let is_near = |entry: &&Entry| {
        entry.at.is_some_and(|at| {
            at.earliest() <= impact.latest() && impact.earliest() - at.latest() <= BEFORE_IMPACT
        })
    };
    let changes = incident
        .timeline
        .iter()
        .filter(|entry| entry.kind == Some(EntryKind::Deploy) && !entry.hidden)
        .filter(is_near);
    let Some((last, at)) =
        changes.max_by_key(|entry| entry.at).and_then(|last| Some((last, last.at?)))
    else {
        return Plan::default();
    };
    let distance = Elapsed::between(at, impact).or_zero();
    let what = last.text.lines().next().unwrap_or_default();
    let milestone = Milestone {
        at,
        basis: Basis::Estimated,
        source: last.source.as_ref().map(EntryRef::without_hash),
        note: Some(format!(
            "the last change before the impact, {distance} before impact_start; not confirmed: {what}"
        )),
    };
    let note = Diagnostic::note(format!(
        "trigger_at is set to {at}: a change {distance} before the impact may be its trigger: {what}"
    ));
    let hint = "if it is, write its type and what was changed as `trigger`; if not, remove trigger_at from `milestones`";
    Plan {
        edits: vec![Edit::SetMilestone(MilestoneName::TriggerAt, milestone)],
        notes: vec![note.hint(hint)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Trigger;
    use crate::model::evidence::TRUST;

    fn incident(impact: &str, changes: &[(&str, &str)]) -> Incident {
        let mut incident = Incident::new("a".parse().unwrap(), "A");
        incident.milestones.impact_start = impact.parse().ok().map(Milestone::observed);
        incident.timeline = changes
            .iter()
            .map(|(at, text)| Entry {
                at: at.parse().ok(),
                text: (*text).to_owned(),
                kind: Some(EntryKind::Deploy),
                source: format!("S1#{text}@123456").parse().ok(),
                ..Entry::default()
            })
            .collect();
        incident
    }

    fn proposed(incident: &Incident) -> Option<Milestone> {
        let trust = Trust { order: &TRUST, tolerance: TimeDelta::minutes(2) };
        propose(incident, trust).edits.into_iter().find_map(|edit| match edit {
            Edit::SetMilestone(MilestoneName::TriggerAt, milestone) => Some(milestone),
            _ => None,
        })
    }

    const CHANGES: [(&str, &str); 4] = [
        ("2026-03-17T13:00:00Z", "too early"),
        ("2026-03-17T13:58:00Z", "last"),
        ("2026-03-17T13:30:00Z", "first"),
        ("2026-03-17T14:06:00Z", "after"),
    ];

    #[test]
    fn last_change_in_the_hour_before_impact_is_proposed() {
        let found = proposed(&incident("2026-03-17T14:05Z", &CHANGES)).unwrap();
        assert_eq!(
            (found.at.to_string().as_str(), found.basis),
            ("2026-03-17T13:58:00Z", Basis::Estimated)
        );
        assert_eq!(found.source.unwrap().to_string(), "S1#last");
        assert_eq!(
            found.note.unwrap(),
            "the last change before the impact, 7 min before impact_start; not confirmed: last"
        );
        // The impact began somewhere between two samples, and the change was made between them.
        let between = incident("2026-03-17T14:04:00Z..2026-03-17T14:08:00Z", &CHANGES);
        assert_eq!(proposed(&between).unwrap().at.to_string(), "2026-03-17T14:06:00Z");
    }

    #[test]
    fn no_proposal_with_a_stated_trigger_or_no_change_nearby() {
        let mut stated = incident("2026-03-17T14:05Z", &CHANGES);
        stated.milestones.trigger_at = "2026-03-17T13:00Z".parse().ok().map(Milestone::observed);
        assert_eq!(proposed(&stated), None);
        let mut with_trigger = incident("2026-03-17T14:05Z", &CHANGES);
        with_trigger.trigger = Some(Trigger::default());
        assert_eq!(proposed(&with_trigger), None);
        assert_eq!(proposed(&incident("", &CHANGES)), None, "no impact is known");
        assert_eq!(proposed(&incident("2026-03-17T18:00Z", &CHANGES)), None);
        let mut hidden = incident("2026-03-17T14:05Z", &CHANGES);
        hidden.timeline[1].hidden = true;
        assert_eq!(proposed(&hidden).unwrap().at.to_string(), "2026-03-17T13:30:00Z");
    }
}
