//! The evidence for the milestones in a view.

use serde::Serialize;

use crate::model::evidence::{Candidate, CandidateVerdict, Choice};
use crate::model::origin::EntryRef;
use crate::report::{Report, When, phrasing};

/// A milestone that is known.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct MilestoneView {
    /// When.
    #[serde(flatten)]
    pub when: When,
    /// The name for readers: `Impact began`.
    pub label: &'static str,
    /// How the time is known: `measured`, `alert`, `observed`, `reported`, `estimated`.
    pub basis: &'static str,
    /// The basis for readers.
    pub basis_label: &'static str,
    /// The source, or the record of it, that states the time.
    pub source: Option<String>,
    /// The key of that source: `S1`.
    pub source_key: Option<String>,
    /// A remark of the author; null for the public.
    pub note: Option<String>,
    /// The evidence that the time was chosen from.
    pub evidence: ProofView,
}

/// The evidence for a milestone, as far as the audience may read it.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ProofView {
    /// The statement that the milestone is taken from.
    pub chosen: TestimonyView,
    /// Every entry that is marked as evidence for it, the most trusted first.
    pub candidates: Vec<TestimonyView>,
    /// The entries whose time differs by more than the tolerance.
    pub disagree: Vec<TestimonyView>,
    /// The disagreement for readers: `status page S1#u1 says 14:21, 12 min later`.
    pub text: Option<String>,
}

/// The time that one entry gives for a milestone.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct TestimonyView {
    /// The time.
    #[serde(flatten)]
    pub when: When,
    /// The kind of source: `metric`, `alert`, `customer_report`, `chat`, `status_page`, `change`,
    /// `note`; null if the milestone is stated in the file and no entry is marked as its evidence.
    pub witness: Option<&'static str>,
    /// The source, and its record there.
    pub source: Option<String>,
    /// The index of the entry in the file's timeline; null if it is not from an entry.
    pub entry: Option<usize>,
}

impl ProofView {
    fn new(choice: &Choice, report: &Report) -> Self {
        let may_read = |one: &&Candidate| {
            report
                .incident
                .timeline
                .get(one.entry)
                .is_some_and(|entry| report.audience().may_read(entry))
        };
        let internal = report.audience().may_read_internals();
        let shown = |source: &Option<EntryRef>| {
            source.as_ref().filter(|_| internal).map(|source| source.without_hash().to_string())
        };
        let of = |one: &Candidate| TestimonyView {
            when: When::new(one.at, report.zone),
            witness: Some(one.witness.as_str()),
            source: shown(&one.source),
            entry: Some(report.incident.index_in_file(one.entry)),
        };
        let readable = || choice.candidates.iter().filter(may_read);
        let chosen = readable().find(|one| one.verdict == CandidateVerdict::Chosen);
        let stated = || TestimonyView {
            when: When::new(choice.milestone.at, report.zone),
            witness: choice.witness.map(|witness| witness.as_str()),
            source: shown(&choice.milestone.source),
            entry: None,
        };
        ProofView {
            chosen: chosen.map_or_else(stated, of),
            candidates: readable().map(of).collect(),
            disagree: readable()
                .filter(|one| one.verdict == CandidateVerdict::Disagrees)
                .map(of)
                .collect(),
            // The text names sources, and the disagreement is for those who can resolve it.
            text: internal
                .then(|| report.contradiction(choice, |entry| report.audience().may_read(entry)))
                .flatten(),
        }
    }
}

impl MilestoneView {
    pub(super) fn new(choice: &Choice, report: &Report) -> Self {
        let milestone = &choice.milestone;
        let internal = report.audience().may_read_internals();
        let source = milestone.source.as_ref().filter(|_| internal);
        MilestoneView {
            when: When::new(milestone.at, report.zone),
            label: phrasing::milestone_label(choice.name),
            basis: milestone.basis.as_str(),
            basis_label: phrasing::basis_of(milestone.basis, choice.witness),
            source: source.map(ToString::to_string),
            source_key: source.map(|source| source.source.clone()),
            note: milestone.note.clone().filter(|_| internal),
            evidence: ProofView::new(choice, report),
        }
    }
}
