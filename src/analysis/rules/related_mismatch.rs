use std::collections::BTreeSet;

use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::diag::Level;
use crate::model::id::IncidentId;
use crate::model::path::Path;
use crate::model::{Incident, Kind};

rule! {
    /// Finds an implausible reference to an incident: a recurrence of a later one, caused by a
    /// later one, a duplicate of a duplicate, or of one that is not counted.
    ///
    /// A duplicate is not part of any number because the other file is counted in its place. If
    /// that is a drill, a near miss or a maintenance, the incident is not counted at all, which is
    /// an error.
    ///
    /// ```yaml
    /// id: 2026-03-17-slow
    /// related: {duplicate_of: 2026-03-10-game-day}     # a drill
    /// ```
    RelatedMismatch = "related-mismatch", Warning, "an implausible reference to another incident"
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let related = &incident.related;
    for (key, what, id) in [
        ("recurrence_of", "a recurrence of", &related.recurrence_of),
        ("caused_by", "caused by", &related.caused_by),
    ] {
        let Some(other) = id.as_ref().and_then(|id| context.other(id)) else { continue };
        let (Some(at), Some(then)) = (incident.occurred(), other.occurred()) else { continue };
        if context.surely_before(at, then) {
            let (at, then) = (context.show(at), context.show(then));
            findings
                .add(
                    Path::key("related").then(key),
                    format!("{what} {}, which began later ({then}, this one {at})", other.id),
                )
                .hint("swap the two, or correct the time");
        }
    }
    let Some(other) = related.duplicate_of.as_ref().and_then(|id| context.other(id)) else {
        return;
    };
    let path = || Path::key("related").then("duplicate_of");
    // In a cycle there is no other file to refer to; `related-circle` reports it.
    let is_in_circle = leads_into_circle(context, &other.id);
    if let Some(next) = other.related.duplicate_of.as_ref().filter(|_| !is_in_circle) {
        findings
            .add(path(), format!("a duplicate of {}, which is a duplicate of {next}", other.id))
            .hint(format!("refer to {next}"));
    }
    if is_in_circle {
        return;
    }
    let counted_instead = last_of_duplicates(context, other);
    if let Some(kind) = uncounted(counted_instead).filter(|_| uncounted(incident).is_none()) {
        let message = format!(
            "a duplicate of {}, which is a {kind}: neither is in any number",
            counted_instead.id
        );
        findings
            .add(path(), message)
            .graded(Level::Error)
            .hint("reverse the reference, or correct the `kind`");
    }
}

/// The incident at the end of a chain of duplicates, which must not be a cycle.
fn last_of_duplicates<'c>(context: &Context<'c>, first: &'c Incident) -> &'c Incident {
    let mut last = first;
    while let Some(next) = last.related.duplicate_of.as_ref().and_then(|id| context.other(id)) {
        last = next;
    }
    last
}

/// Whether the duplicates starting with `first` form a cycle.
fn leads_into_circle(context: &Context, first: &IncidentId) -> bool {
    let mut seen: BTreeSet<&IncidentId> = BTreeSet::new();
    let mut next = Some(first);
    while let Some(other) = next.and_then(|id| context.other(id)) {
        if !seen.insert(&other.id) {
            return true;
        }
        next = other.related.duplicate_of.as_ref();
    }
    false
}

/// The kind of an incident that is not part of any number.
fn uncounted(incident: &Incident) -> Option<&'static str> {
    match incident.kind() {
        Kind::Incident | Kind::Security => None,
        Kind::NearMiss => Some("near miss"),
        Kind::Maintenance => Some("maintenance"),
        Kind::Drill => Some("drill"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::shown;
    use crate::model::milestone::MilestoneName::ImpactStart;

    #[test]
    fn relation_to_a_later_or_uncounted_or_duplicate_incident_is_reported() {
        let start = |day: u32| format!("2026-03-{day:02}T14:00Z");
        let mut all = ["a", "b", "c", "d"]
            .map(|id| with(id, &[(ImpactStart, &start(u32::from(id.as_bytes()[0]) - 90))]));
        all[0].related.recurrence_of = "b".parse().ok();
        all[1].related.caused_by = "a".parse().ok();
        all[1].related.duplicate_of = "c".parse().ok();
        all[2].related.duplicate_of = "d".parse().ok();
        all[3].kind = Some(Kind::Drill);
        let refs: Vec<&Incident> = all.iter().collect();
        let definitions = Definitions::default();
        let found = |index: usize| {
            shown(&RelatedMismatch, &Context::new(refs[index], &definitions, &refs, None))
        };
        assert_eq!(
            found(0),
            [
                "warning related.recurrence_of: a recurrence of b, which began later (2026-03-08 14:00 UTC, this one 2026-03-07 14:00 UTC)"
            ]
        );
        assert_eq!(
            found(1),
            [
                "warning related.duplicate_of: a duplicate of c, which is a duplicate of d",
                "error related.duplicate_of: a duplicate of d, which is a drill: neither is in any number"
            ]
        );
        assert_eq!(
            found(2),
            [
                "error related.duplicate_of: a duplicate of d, which is a drill: neither is in any number"
            ]
        );
        assert_eq!(found(3), [""; 0]);
    }
}
