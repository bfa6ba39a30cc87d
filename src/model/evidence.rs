//! Which entry proves a milestone, where several sources report the same event.
//!
//! A milestone that the file states is final. One that it does not state is set by the entries that
//! are marked as its evidence: by the most trusted witness, and among the entries of one witness by
//! the first, or by the last if the milestone is an end. The other entries remain candidates; one
//! that differs by more than the tolerance disagrees.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::milestone::{Basis, Milestone, MilestoneName};
use super::origin::EntryRef;
use super::time::{Moment, Precision};
use super::timeline::{Entry, EntryKind};
use super::word_enums::words;
use super::{DetectionMethod, Incident};

words! {
    /// The kinds of sources that are ranked by trust.
    Witness {
        /// A metric.
        Metric = "metric",
        /// An alert.
        Alert = "alert",
        /// A report of a customer.
        CustomerReport = "customer_report",
        /// A message in a chat.
        Chat = "chat",
        /// A post on a status page.
        StatusPage = "status_page",
        /// The log of a change or a deployment.
        Change = "change",
        /// A note, in the incident file or elsewhere.
        Note = "note",
        /// A write-up.
        Document = "document",
    }
}

/// The default order of trust, the most trusted first.
pub const TRUST: [Witness; 8] = [
    Witness::Metric,
    Witness::Alert,
    Witness::Change,
    Witness::CustomerReport,
    Witness::Chat,
    Witness::Note,
    Witness::Document,
    Witness::StatusPage,
];

impl Witness {
    /// The witness of `entry`. The kind of the entry decides. If the entry is only somebody's
    /// words, the detection method or the name of its source decides.
    pub fn of(entry: &Entry, incident: &Incident) -> Witness {
        match entry.kind() {
            EntryKind::Metric => return Witness::Metric,
            EntryKind::Alert => return Witness::Alert,
            EntryKind::StatusUpdate => return Witness::StatusPage,
            EntryKind::Deploy => return Witness::Change,
            // Only status pages have states.
            _ if entry.state.is_some() => return Witness::StatusPage,
            EntryKind::Message | EntryKind::Action | EntryKind::Decision | EntryKind::Note => {}
        }
        let method = incident.detection.as_ref().and_then(|detection| detection.method);
        let detected =
            method.filter(|_| entry.milestone == Some(MilestoneName::DetectedAt)).map(by_method);
        let format = entry
            .source
            .as_ref()
            .and_then(|source| incident.sources.get(&source.source)?.format.as_deref());
        detected.or_else(|| format.and_then(by_format)).unwrap_or(match entry.kind() {
            EntryKind::Message => Witness::Chat,
            _ => Witness::Note,
        })
    }

    /// The basis of a milestone that this witness proves.
    pub fn basis(self) -> Basis {
        match self {
            Witness::Metric => Basis::Measured,
            Witness::Alert => Basis::Alert,
            Witness::StatusPage | Witness::Document => Basis::Reported,
            Witness::CustomerReport | Witness::Chat | Witness::Change | Witness::Note => {
                Basis::Observed
            }
        }
    }

    /// The witness of a milestone that names its source, if the name of the source shows its kind.
    fn of_source(milestone: &Milestone, incident: &Incident) -> Option<Witness> {
        let source = incident.sources.get(&milestone.source.as_ref()?.source)?;
        source.format.as_deref().and_then(by_format)
    }

    /// The witness of a milestone with that basis; `None` if several are possible.
    fn of_basis(basis: Basis) -> Option<Witness> {
        match basis {
            Basis::Measured => Some(Witness::Metric),
            Basis::Alert => Some(Witness::Alert),
            Basis::Reported => Some(Witness::StatusPage),
            Basis::Derived => Some(Witness::Document),
            Basis::Observed | Basis::Estimated => None,
        }
    }

    /// Its name in a sentence: `status page`.
    pub fn in_words(self) -> &'static str {
        match self {
            Witness::Metric => "metric",
            Witness::Alert => "alert",
            Witness::CustomerReport => "customer report",
            Witness::Chat => "chat",
            Witness::StatusPage => "status page",
            Witness::Change => "change",
            Witness::Note => "note",
            Witness::Document => "document",
        }
    }
}

fn by_method(method: DetectionMethod) -> Witness {
    match method {
        DetectionMethod::Alert => Witness::Alert,
        DetectionMethod::Monitoring => Witness::Metric,
        DetectionMethod::CustomerReport | DetectionMethod::Partner => Witness::CustomerReport,
        DetectionMethod::InternalReport => Witness::Chat,
        DetectionMethod::VendorNotice => Witness::StatusPage,
    }
}

/// The witness that the plain words in the name of a format show. Product names show nothing here.
fn by_format(format: &str) -> Option<Witness> {
    let format = format.to_lowercase();
    let named = [
        ("metric", Witness::Metric),
        ("alert", Witness::Alert),
        ("chat", Witness::Chat),
        ("status", Witness::StatusPage),
        ("document", Witness::Document),
    ];
    named.into_iter().find(|(word, _)| format.contains(word)).map(|(_, witness)| witness)
}

/// Whom to trust, and how far two reports of one event may differ.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    /// The witnesses, the most trusted first. A witness that is not listed ranks after all that
    /// are.
    pub order: &'a [Witness],
    /// How far two reports of one event may differ.
    pub tolerance: TimeDelta,
}

impl Trust<'_> {
    /// The rank of a witness; the most trusted is 0.
    pub fn rank(self, witness: Witness) -> usize {
        self.order.iter().position(|&known| known == witness).unwrap_or(self.order.len())
    }

    /// Whether two times of one event differ by more than the tolerance. A time to the minute may
    /// be any second of that minute, and an approximate one is extended by the tolerance once more.
    pub fn disagree(self, one: Moment, other: Moment) -> bool {
        let (early, late) =
            if one.middle() <= other.middle() { (one, other) } else { (other, one) };
        let vague =
            if one.is_about() || other.is_about() { self.tolerance } else { TimeDelta::zero() };
        early.latest() + grain(early) + self.tolerance + vague < late.earliest()
    }
}

/// How much later than written a moment may be. A day is an interval already.
fn grain(moment: Moment) -> TimeDelta {
    match moment.precision() {
        Precision::Day | Precision::Subsecond => TimeDelta::zero(),
        Precision::Minute => TimeDelta::seconds(59),
        Precision::Second => TimeDelta::milliseconds(999),
    }
}

/// How a candidate relates to the milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateVerdict {
    /// The milestone has this entry's time.
    Chosen,
    /// It confirms the time within the tolerance.
    Agrees,
    /// Its source has a better entry, or it is an end that its source took back.
    Superseded,
    /// It differs by more than the tolerance.
    Disagrees,
}

/// An entry that is marked as the evidence for a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The entry's index in the timeline.
    pub entry: usize,
    /// The time that it gives: the end of the entry, if the milestone is an end and the entry has
    /// one.
    pub at: Moment,
    /// The witness.
    pub witness: Witness,
    /// The record of the source.
    pub source: Option<EntryRef>,
    /// How it relates to the milestone.
    pub verdict: CandidateVerdict,
}

/// A milestone with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Which milestone.
    pub name: MilestoneName,
    /// The milestone, as the file states it or else as its evidence sets it.
    pub milestone: Milestone,
    /// The witness that set it; `None` if a person stated it and no evidence is marked for it.
    pub witness: Option<Witness>,
    /// The entries that are marked as its evidence, the most trusted first.
    pub candidates: Vec<Candidate>,
}

impl Choice {
    /// The candidates that differ by more than the tolerance.
    pub fn disagreeing(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|candidate| candidate.verdict == CandidateVerdict::Disagrees)
    }
}

/// Every milestone that is stated or has evidence, in the order of [`MilestoneName`].
pub fn choices(incident: &Incident, trust: Trust) -> Vec<Choice> {
    MilestoneName::ALL.iter().filter_map(|&name| choose(incident, name, trust)).collect()
}

/// Sets every milestone that `incident` does not state and that its entries prove, and returns
/// their names. Call it before computing anything from milestones.
pub fn settle(incident: &mut Incident, trust: Trust) -> Vec<MilestoneName> {
    let mut absent: Vec<MilestoneName> =
        incident.timeline.iter().filter_map(|entry| entry.milestone).collect();
    absent.retain(|&name| incident.milestones.get(name).is_none());
    absent.sort_unstable();
    absent.dedup();
    absent.retain(|&name| {
        let choice = choose(incident, name, trust);
        let proven = choice.is_some();
        *incident.milestones.slot(name) = choice.map(|choice| choice.milestone);
        proven
    });
    absent
}

/// The milestone `name` of `incident` with its evidence; `None` if it is unknown.
pub fn choose(incident: &Incident, name: MilestoneName, trust: Trust) -> Option<Choice> {
    let mut candidates = candidates(incident, name);
    candidates.sort_by_key(|candidate| {
        (trust.rank(candidate.witness), place(name, candidate.at), candidate.entry)
    });
    let stated = incident.milestones.get(name);
    let chosen = match stated {
        Some(stated) => {
            candidates.iter().position(|candidate| is_evidence_of(stated, candidate, trust))
        }
        None => Some(
            candidates.iter().position(|candidate| !is_taken_back(incident, name, candidate))?,
        ),
    };
    let by_evidence = |candidate: &Candidate| Milestone {
        at: candidate.at,
        basis: candidate.witness.basis(),
        source: candidate.source.as_ref().map(EntryRef::without_hash),
        note: None,
    };
    let milestone =
        stated.cloned().or_else(|| chosen.map(|index| by_evidence(&candidates[index])))?;
    let witness = chosen.map(|index| candidates[index].witness);
    let witness = witness
        .or_else(|| Witness::of_source(&milestone, incident))
        .or_else(|| Witness::of_basis(milestone.basis));
    judge(incident, name, &mut candidates, chosen, &milestone, trust);
    Some(Choice { name, milestone, witness, candidates })
}

fn candidates(incident: &Incident, name: MilestoneName) -> Vec<Candidate> {
    let marked =
        incident.timeline.iter().enumerate().filter(|(_, entry)| entry.milestone == Some(name));
    marked
        .filter(|(_, entry)| !entry.hidden)
        .filter_map(|(index, entry)| {
            Some(Candidate {
                entry: index,
                at: entry.end.filter(|_| is_end(name)).or(entry.at)?,
                witness: Witness::of(entry, incident),
                source: entry.source.clone(),
                verdict: CandidateVerdict::Agrees,
            })
        })
        .collect()
}

/// Whether the last report of the milestone counts rather than the first.
pub fn is_end(name: MilestoneName) -> bool {
    matches!(
        name,
        MilestoneName::MitigatedAt | MilestoneName::ImpactEnd | MilestoneName::ResolvedAt
    )
}

/// Orders the reports of one witness, the better first. Of beginnings, the one with the earliest
/// upper bound is better; of ends, the one with the latest lower bound.
pub fn place(name: MilestoneName, at: Moment) -> (i64, i64) {
    let (earliest, latest) = (at.earliest().timestamp_micros(), at.latest().timestamp_micros());
    if is_end(name) { (-earliest, latest) } else { (latest, -earliest) }
}

/// Whether the candidate is the evidence of a stated milestone: the same source or, without a
/// source, a time within the tolerance.
fn is_evidence_of(stated: &Milestone, candidate: &Candidate, trust: Trust) -> bool {
    match (&stated.source, &candidate.source) {
        (Some(stated_source), Some(source)) if stated_source.record.is_some() => {
            *stated_source == source.without_hash() && !trust.disagree(stated.at, candidate.at)
        }
        (Some(stated_source), Some(source)) => {
            stated_source.source == source.source && stated.at == candidate.at
        }
        _ => stated.at == candidate.at,
    }
}

/// Whether the source of `candidate` says later that the incident was not resolved. A late post of
/// another source contradicts the end but does not take it back. Entries within one minute are not
/// compared, since status pages do not order them reliably.
fn is_taken_back(incident: &Incident, name: MilestoneName, candidate: &Candidate) -> bool {
    let goes_on = |entry: &Entry| {
        let after = entry
            .at
            .is_some_and(|later| later.earliest() - candidate.at.latest() >= TimeDelta::minutes(1));
        let is_same_source =
            entry.source_key() == candidate.source.as_ref().map(|source| source.source.as_str());
        let is_open = entry.state.is_some_and(|state| state.is_phase() && !state.is_terminal());
        after && !entry.hidden && is_same_source && is_open
    };
    name == MilestoneName::ResolvedAt && incident.timeline.iter().any(goes_on)
}

fn judge(
    incident: &Incident,
    name: MilestoneName,
    candidates: &mut [Candidate],
    chosen: Option<usize>,
    milestone: &Milestone,
    trust: Trust,
) {
    // Entries of one source follow each other and do not contradict each other: the best entry of a
    // source represents it. An entry without a source represents itself.
    let mut speakers: BTreeMap<(Witness, String), usize> = BTreeMap::new();
    let chosen_witness = chosen.map(|index| candidates[index].witness);
    for (index, candidate) in candidates.iter_mut().enumerate() {
        let key = candidate
            .source
            .as_ref()
            .map_or_else(|| format!("#{index}"), |source| source.source.clone());
        let speaker = *speakers.entry((candidate.witness, key)).or_insert(index);
        let closed_before =
            name == MilestoneName::ResolvedAt && candidate.at.latest() < milestone.at.earliest();
        let is_earlier_end = closed_before
            && (chosen_witness == Some(candidate.witness)
                || is_taken_back(incident, name, candidate));
        candidate.verdict = if chosen == Some(index) {
            CandidateVerdict::Chosen
        } else if speaker != index || is_earlier_end {
            CandidateVerdict::Superseded
        } else if trust.disagree(milestone.at, candidate.at) {
            CandidateVerdict::Disagrees
        } else {
            CandidateVerdict::Agrees
        };
    }
}

#[cfg(test)]
mod tests;
