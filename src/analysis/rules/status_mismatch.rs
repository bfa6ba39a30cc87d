use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::diag::Level;
use crate::model::milestone::MilestoneName::ResolvedAt;
use crate::model::path::Path;
use crate::model::{Review, Status};

rule! {
    /// Finds a `status` that the rest of the file contradicts: ongoing or mitigated although
    /// `resolved_at` is known, or ongoing in a write-up that is published.
    ///
    /// Readers see "Ongoing" above a time to resolve. Every number takes `resolved_at` as the end.
    /// A status that is absent follows from the milestones and cannot be wrong.
    ///
    /// ```yaml
    /// status: ongoing
    /// milestones: {impact_start: 2026-03-17T14:00Z, resolved_at: 2026-03-17T16:00Z}
    /// ```
    StatusMismatch = "status-mismatch", Error, "a status that the rest of the file contradicts"
}

fn check(context: &Context, findings: &mut Findings) {
    let Some(status) = context.incident.status.filter(|&status| status != Status::Resolved) else { return };
    if let Some(resolved) = context.at(ResolvedAt) {
        let resolved = context.named(ResolvedAt, resolved);
        findings
            .add(Path::key("status"), format!("the status is {status}, but {resolved} is known"))
            .hint("set `status: resolved` or leave it out; if it was opened again, take out milestones.resolved_at");
    } else if status == Status::Ongoing && context.incident.review() == Review::Published {
        findings
            .add(Path::key("status"), "the write-up is published, but the status is ongoing")
            .graded(Level::Warning)
            .hint("set the status and the end, or `review: draft` until it is over");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{at, incident, with};
    use crate::analysis::rules::tests::found;

    #[test]
    fn over_and_yet_not_over() {
        let mut torn = with("torn", &[(ResolvedAt, "2026-03-17T16:00Z")]);
        torn.status = Some(Status::Ongoing);
        assert_eq!(
            found(&StatusMismatch, &torn),
            ["error status: the status is ongoing, but resolved_at (2026-03-17 16:00 UTC) is known"]
        );
        torn.status = Some(Status::Mitigated);
        assert_eq!(found(&StatusMismatch, &torn).len(), 1);
        for fine in [Some(Status::Resolved), None] {
            torn.status = fine;
            assert!(found(&StatusMismatch, &torn).is_empty());
        }
    }

    #[test]
    fn published_before_it_is_over() {
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
}
