//! Offers milestones of an import: sets those that are unknown; otherwise leaves the choice to the
//! marked entries and reports contradictions.

use super::Plan;
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::evidence::{Candidate, Choice, Trust, choose};
use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::EntryRef;

/// Offers each of `proofs` to `incident`, which is as in its file; the new entries are in `plan`.
pub(super) fn offer(
    incident: &Incident,
    proofs: impl IntoIterator<Item = (MilestoneName, Milestone)>,
    trust: Trust,
    plan: &mut Plan,
) {
    let mut proofs = proofs.into_iter().peekable();
    if proofs.peek().is_none() {
        return;
    }
    let mut extended = incident.clone();
    plan.edits.iter().for_each(|edit| edit.apply(&mut extended));
    for (name, proof) in proofs {
        let Some((before, after)) =
            choose(incident, name, trust).zip(choose(&extended, name, trust))
        else {
            plan.edits.push(Edit::SetMilestone(name, proof));
            continue;
        };
        plan.notes.extend(difference(incident, &proof, &before, &after, trust));
    }
}

/// The note about a proof for a milestone that is already known.
fn difference(
    incident: &Incident,
    proof: &Milestone,
    before: &Choice,
    after: &Choice,
    trust: Trust,
) -> Option<Diagnostic> {
    let (name, was, is) = (before.name, &before.milestone, &after.milestone);
    let marked = after
        .candidates
        .iter()
        .find(|one| one.source.as_ref().map(EntryRef::without_hash) == proof.source);
    let speaker = speaker(proof, marked);
    if was.at != is.at {
        return Some(Diagnostic::note(format!(
            "{name} moves from {} to {}, as {speaker} says",
            was.at, is.at
        )));
    }
    if !trust.disagree(proof.at, was.at) {
        return None;
    }
    let note = Diagnostic::note(format!("{name} stays at {}; {speaker} says {}", was.at, proof.at));
    let trusted_more = marked
        .zip(before.witness)
        .is_some_and(|(one, old)| trust.rank(one.witness) < trust.rank(old));
    let was_imported = incident.milestones.get(name).is_some_and(|stated| stated.source.is_some());
    Some(if trusted_more && was_imported {
        note.hint(format!(
            "it is trusted more: remove {name} from `milestones` to let it decide, or write a `note` there that says why not"
        ))
    } else {
        note
    })
}

/// The source of a proof in a sentence: `alert S1#a`.
fn speaker(proof: &Milestone, marked: Option<&Candidate>) -> String {
    let who = marked.map_or_else(
        || match proof.basis {
            Basis::Measured => "metric",
            Basis::Alert => "alert",
            Basis::Reported => "status page",
            Basis::Derived => "document",
            Basis::Observed | Basis::Estimated => "note",
        },
        |candidate| candidate.witness.in_words(),
    );
    proof.source.as_ref().map_or_else(|| who.to_owned(), |source| format!("{who} {source}"))
}
