//! What a milestone was chosen from.

use serde::Serialize;

use super::shapes::MilestoneView;
use crate::model::evidence::{Candidate, Choice, Verdict};
use crate::model::origin::EntryRef;
use crate::report::{Report, When, words};

/// The evidence for a milestone, as far as its audience may read it.
#[derive(Debug, Clone, Serialize)]
pub struct ProofView {
    /// Whose word the milestone is.
    pub chosen: TestimonyView,
    /// Every entry that is marked as evidence for it, the most trusted first.
    pub candidates: Vec<TestimonyView>,
    /// Those that are further off than the tolerance.
    pub disagree: Vec<TestimonyView>,
    /// What disagrees, for a reader: `status page S1#u1 says 14:21, 12 min later`.
    pub text: Option<String>,
}

/// What one entry says of a milestone.
#[derive(Debug, Clone, Serialize)]
pub struct TestimonyView {
    /// When it says that it was.
    #[serde(flatten)]
    pub when: When,
    /// Who speaks: `metric`, `alert`, `customer_report`, `chat`, `status_page`, `change`, `note`;
    /// null where somebody stated the milestone and nothing is marked as its evidence.
    pub witness: Option<&'static str>,
    /// Which record of which source.
    pub source: Option<String>,
    /// The index of the entry in the file's timeline; null where it is no entry's word.
    pub entry: Option<usize>,
}

impl ProofView {
    fn new(choice: &Choice, report: &Report) -> Self {
        let may_read = |one: &&Candidate| {
            report.incident.timeline.get(one.entry).is_some_and(|entry| report.audience.may_read(entry))
        };
        let of = |one: &Candidate| TestimonyView {
            when: When::new(one.at, report.zone),
            witness: Some(one.witness.as_str()),
            source: one.source.as_ref().map(|source| source.without_hash().to_string()),
            entry: Some(one.entry),
        };
        let readable = || choice.candidates.iter().filter(may_read);
        let chosen = readable().find(|one| one.verdict == Verdict::Chosen);
        let stated = || TestimonyView {
            when: When::new(choice.milestone.at, report.zone),
            witness: choice.witness.map(|witness| witness.as_str()),
            source: choice.milestone.source.as_ref().map(|source| EntryRef::without_hash(source).to_string()),
            entry: None,
        };
        ProofView {
            chosen: chosen.map_or_else(stated, of),
            candidates: readable().map(of).collect(),
            disagree: readable().filter(|one| one.verdict == Verdict::Disagrees).map(of).collect(),
            text: report.contradiction(choice, |entry| report.audience.may_read(entry)),
        }
    }
}

impl MilestoneView {
    pub(super) fn new(choice: &Choice, report: &Report) -> Self {
        let milestone = &choice.milestone;
        MilestoneView {
            when: When::new(milestone.at, report.zone),
            label: words::milestone_label(choice.name),
            basis: milestone.basis.as_str(),
            basis_label: words::basis_of(milestone.basis, choice.witness),
            source: milestone.source.as_ref().map(ToString::to_string),
            source_key: milestone.source.as_ref().map(|source| source.source.clone()),
            note: milestone.note.clone(),
            evidence: ProofView::new(choice, report),
        }
    }
}
