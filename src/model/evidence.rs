//! Which entry proves a milestone: whom to believe where several tell of one event.
//!
//! A milestone that a file states stands as it is. One that it does not state is set by the
//! entries that are marked as its evidence: the most trusted witness speaks, and of one witness's
//! entries the first, or the last for what is an end. What was not chosen stays a candidate, and
//! one that is further off than the tolerance disagrees.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::milestone::{Basis, Milestone, MilestoneName};
use super::origin::EntryRef;
use super::time::{Moment, Precision};
use super::timeline::{Entry, EntryKind};
use super::words::words;
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

/// Whom to believe, the most trusted first, where the settings say nothing else.
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
    /// Who speaks in `entry`: its kind says so; where it is only somebody's words, how the
    /// incident was detected, or what its source is called.
    pub fn of(entry: &Entry, incident: &Incident) -> Witness {
        match entry.kind() {
            EntryKind::Metric => return Witness::Metric,
            EntryKind::Alert => return Witness::Alert,
            EntryKind::StatusUpdate => return Witness::StatusPage,
            EntryKind::Deploy => return Witness::Change,
            // Only a status page has states.
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

    /// What stands behind a milestone that this witness proves.
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

    /// Who speaks in a milestone that names its source, where that is called by what it is.
    fn of_source(milestone: &Milestone, incident: &Incident) -> Option<Witness> {
        let source = incident.sources.get(&milestone.source.as_ref()?.source)?;
        source.format.as_deref().and_then(by_format)
    }

    /// Who speaks in a milestone of that basis; `None` where it may be anyone.
    fn behind(basis: Basis) -> Option<Witness> {
        match basis {
            Basis::Measured => Some(Witness::Metric),
            Basis::Alert => Some(Witness::Alert),
            Basis::Reported => Some(Witness::StatusPage),
            Basis::Derived => Some(Witness::Document),
            Basis::Observed | Basis::Estimated => None,
        }
    }

    /// What it is called in a sentence: `status page`.
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

/// What the plain words in the name of a format say; a product's name says nothing here.
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

/// Whom to believe, and from when on two tellings of one event contradict each other.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    /// The witnesses, the most trusted first. One that is not listed comes after all that are.
    pub order: &'a [Witness],
    /// How far two tellings may be apart.
    pub tolerance: TimeDelta,
}

impl Trust<'_> {
    /// The place of a witness in the order, the most trusted at 0.
    pub fn rank(self, witness: Witness) -> usize {
        self.order.iter().position(|&known| known == witness).unwrap_or(self.order.len())
    }

    /// Whether two times of one event are further apart than the tolerance. A time to the minute is
    /// any second of that minute, and one that is approximate is off by the tolerance again.
    pub fn apart(self, one: Moment, other: Moment) -> bool {
        let (early, late) =
            if one.middle() <= other.middle() { (one, other) } else { (other, one) };
        let vague =
            if one.is_about() || other.is_about() { self.tolerance } else { TimeDelta::zero() };
        early.latest() + grain(early) + self.tolerance + vague < late.earliest()
    }
}

/// How much later than it is written a moment may be; a day is an interval already.
fn grain(moment: Moment) -> TimeDelta {
    match moment.precision() {
        Precision::Day | Precision::Subsecond => TimeDelta::zero(),
        Precision::Minute => TimeDelta::seconds(59),
        Precision::Second => TimeDelta::milliseconds(999),
    }
}

/// How a candidate stands to the milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The milestone is this entry's time.
    Chosen,
    /// Another witness of the same time.
    Agrees,
    /// Its source has a better entry, or it is an end that was taken back.
    Superseded,
    /// It is further off than the tolerance.
    Disagrees,
}

/// An entry that is marked as the evidence for a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The entry's index in the timeline.
    pub entry: usize,
    /// The time that it gives: its end, where the milestone is an end and the entry has one.
    pub at: Moment,
    /// Who speaks.
    pub witness: Witness,
    /// Which record of which source.
    pub source: Option<EntryRef>,
    /// How it stands to the milestone.
    pub verdict: Verdict,
}

/// A milestone, and what there is to prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Which milestone.
    pub name: MilestoneName,
    /// The milestone: as the file states it, else as its evidence sets it.
    pub milestone: Milestone,
    /// Whose word it is; `None` where somebody stated it and no evidence is marked for it.
    pub witness: Option<Witness>,
    /// The entries marked as its evidence, the most trusted first.
    pub candidates: Vec<Candidate>,
}

impl Choice {
    /// The candidates that are further off than the tolerance.
    pub fn disagreeing(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|candidate| candidate.verdict == Verdict::Disagrees)
    }
}

/// Every milestone that is stated or has evidence, in the order of their names.
pub fn choices(incident: &Incident, trust: Trust) -> Vec<Choice> {
    MilestoneName::ALL.iter().filter_map(|&name| choose(incident, name, trust)).collect()
}

/// Sets every milestone that `incident` does not state and that its entries prove; gives their
/// names. What computes with milestones is to be given an incident that is settled.
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

/// The milestone `name` of `incident`, and its evidence; `None` where it is unknown.
pub fn choose(incident: &Incident, name: MilestoneName, trust: Trust) -> Option<Choice> {
    let mut candidates = candidates(incident, name);
    candidates.sort_by_key(|candidate| {
        (trust.rank(candidate.witness), place(name, candidate.at), candidate.entry)
    });
    let stated = incident.milestones.get(name);
    let chosen = match stated {
        Some(stated) => {
            candidates.iter().position(|candidate| is_said_by(stated, candidate, trust))
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
        .or_else(|| Witness::behind(milestone.basis));
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
                verdict: Verdict::Agrees,
            })
        })
        .collect()
}

/// Whether the last that is said of it counts, and not the first.
pub fn is_end(name: MilestoneName) -> bool {
    matches!(
        name,
        MilestoneName::MitigatedAt | MilestoneName::ImpactEnd | MilestoneName::ResolvedAt
    )
}

/// Orders what one witness says of a milestone, the better first: of beginnings the one by which
/// it surely had happened first, of ends the one before which it surely was not over longest.
pub fn place(name: MilestoneName, at: Moment) -> (i64, i64) {
    let (earliest, latest) = (at.earliest().timestamp_micros(), at.latest().timestamp_micros());
    if is_end(name) { (-earliest, latest) } else { (latest, -earliest) }
}

/// Whether a stated milestone is this entry's word: by its source or, without one, by its time.
fn is_said_by(stated: &Milestone, candidate: &Candidate, trust: Trust) -> bool {
    match (&stated.source, &candidate.source) {
        (Some(stated_source), Some(source)) if stated_source.record.is_some() => {
            *stated_source == source.without_hash() && !trust.apart(stated.at, candidate.at)
        }
        (Some(stated_source), Some(source)) => {
            stated_source.source == source.source && stated.at == candidate.at
        }
        _ => stated.at == candidate.at,
    }
}

/// Whether `candidate` is an end after which its own source said that it was not over. Another
/// source that is late contradicts it and takes nothing back. Pages do not keep the order within
/// one minute.
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
    // Entries of one source follow each other and do not contradict each other: its best entry
    // speaks for it. An entry without a source speaks for itself.
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
            Verdict::Chosen
        } else if speaker != index || is_earlier_end {
            Verdict::Superseded
        } else if trust.apart(milestone.at, candidate.at) {
            Verdict::Disagrees
        } else {
            Verdict::Agrees
        };
    }
}

#[cfg(test)]
mod tests;
