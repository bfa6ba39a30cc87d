use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use super::state_mismatch::last_states;
use crate::diag::Level;
use crate::model::milestone::MilestoneName::{ImpactEnd, ResolvedAt};
use crate::model::path::Path;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::model::{Review, Status};

rule! {
    /// Finds a `status` that the rest of the file contradicts: ongoing or mitigated although
    /// `resolved_at` is known; ongoing although `impact_end` is known or the last update of every
    /// source says that it is resolved; or ongoing in a published write-up.
    ///
    /// Readers see "Ongoing" above a time to resolve. Every number uses `resolved_at` as the end.
    /// An absent status follows from the milestones and cannot be wrong.
    ///
    /// ```yaml
    /// status: ongoing
    /// milestones: {impact_start: 2026-03-17T14:00Z, resolved_at: 2026-03-17T16:00Z}
    /// ```
    StatusMismatch = "status-mismatch", Error, "a status that the rest of the file contradicts"
}

fn check(context: &Context, findings: &mut Findings) {
    let Some(status) = context.incident.status.filter(|&status| status != Status::Resolved) else {
        return;
    };
    if let Some(resolved) = context.at(ResolvedAt) {
        let resolved = context.named(ResolvedAt, resolved);
        findings
            .add(Path::key("status"), format!("the status is {status}, but {resolved} is known"))
            .hint("set `status: resolved` or leave it out; if it was reopened, remove milestones.resolved_at");
    } else if status != Status::Ongoing {
        // It is mitigated but not resolved yet.
    } else if let Some(end) = context.at(ImpactEnd) {
        findings
            .add(Path::key("status"), format!("the status is ongoing, but {} is known", context.named(ImpactEnd, end)))
            .graded(Level::Warning)
            .hint("set `status: mitigated`, or `resolved` with milestones.resolved_at; or remove the milestone");
    } else if let Some((state, at)) = closing_update(context) {
        findings
            .add(
                Path::key("status"),
                format!(
                    "the status is ongoing, but the last update ({}) says {state}",
                    context.show(at)
                ),
            )
            .graded(Level::Warning)
            .hint("set milestones.resolved_at and the status, or add the update that reopened it");
    } else if context.incident.review() == Review::Published {
        findings
            .add(Path::key("status"), "the write-up is published, but the status is ongoing")
            .graded(Level::Warning)
            .hint("set the status and the end, or `review: draft` until it is resolved");
    }
}

/// The last update, if those of every source say that it is resolved.
fn closing_update(context: &Context) -> Option<(State, Moment)> {
    let last: Vec<_> = last_states(context).into_values().collect();
    let is_over = last.iter().all(|(_, state, _)| state.is_terminal());
    let (_, state, at) =
        last.into_iter().filter(|_| is_over).max_by_key(|(_, _, at)| at.middle())?;
    Some((state, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{at, incident, with};
    use crate::analysis::rules::tests::found;

    #[test]
    fn ongoing_status_with_resolved_at_is_an_error() {
        let mut torn = with("torn", &[(ResolvedAt, "2026-03-17T16:00Z")]);
        torn.status = Some(Status::Ongoing);
        assert_eq!(
            found(&StatusMismatch, &torn),
            [
                "error status: the status is ongoing, but resolved_at (2026-03-17 16:00 UTC) is known"
            ]
        );
        torn.status = Some(Status::Mitigated);
        assert_eq!(found(&StatusMismatch, &torn).len(), 1);
        for fine in [Some(Status::Resolved), None] {
            torn.status = fine;
            assert!(found(&StatusMismatch, &torn).is_empty());
        }
    }

    #[test]
    fn published_review_of_an_ongoing_incident_is_reported() {
        let mut early = incident("early");
        early.status = Some(Status::Ongoing);
        assert!(found(&StatusMismatch, &early).is_empty());
        early.review = Some(Review::Published);
        assert_eq!(
            found(&StatusMismatch, &early),
            ["warning status: the write-up is published, but the status is ongoing"]
        );
        early.status = Some(Status::Mitigated);
        early.milestones.impact_end = at("2026-03-17T16:00Z");
        assert!(found(&StatusMismatch, &early).is_empty(), "users are well again");
    }

    #[test]
    fn ongoing_status_with_impact_end_or_closing_post_is_reported() {
        use crate::analysis::fixture::update;
        let mut torn = with("torn", &[(ImpactEnd, "2026-03-17T15:00Z")]);
        torn.status = Some(Status::Ongoing);
        assert_eq!(
            found(&StatusMismatch, &torn),
            [
                "warning status: the status is ongoing, but impact_end (2026-03-17 15:00 UTC) is known"
            ]
        );
        torn.status = Some(Status::Mitigated);
        assert!(found(&StatusMismatch, &torn).is_empty());
        let mut closed = incident("closed");
        closed.status = Some(Status::Ongoing);
        closed.timeline = vec![
            update("2026-03-17T14:00Z", State::Investigating, "We look."),
            update("2026-03-17T15:00Z", State::Resolved, "Fixed."),
        ];
        assert_eq!(
            found(&StatusMismatch, &closed),
            [
                "warning status: the status is ongoing, but the last update (2026-03-17 15:00 UTC) says resolved"
            ]
        );
        closed.timeline.push(update("2026-03-17T16:00Z", State::Investigating, "It is back."));
        assert!(found(&StatusMismatch, &closed).is_empty());
    }
}
