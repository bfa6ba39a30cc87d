//! Plans the import of evidence for one incident: alerts, metrics, write-ups, and status pages.

use super::{Change, IsFree, KnownIncident, Original, Stored};
use crate::assemble::evidence::{self, EvidenceOptions, already_there};
use crate::assemble::{Plan, Provenance, documents, free_source_key, history, onset, trigger};
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::evidence::Trust;
use crate::model::time::Moment;
use crate::sources::record::{DocumentRecord, IncidentRecord, Record};

/// One input.
#[derive(Debug, Clone)]
pub(crate) struct Input<'r> {
    /// The records of the input.
    pub records: &'r [Record],
    /// The bytes to store.
    pub original: Original<'r>,
}

/// How to import the inputs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options<'t> {
    /// The options for all inputs.
    pub evidence_options: EvidenceOptions<'t>,
    /// How to search metrics for the onset of the impact.
    pub onset: &'t onset::Options,
    /// Whether changes upstream are applied to entries that nobody edited.
    pub update: bool,
    /// Whether the bytes of the inputs are stored. Without them a source has their hash only, and
    /// metrics no charts.
    pub is_stored: bool,
    /// The order of trust among kinds of evidence.
    pub trust: Trust<'t>,
}

/// What the inputs add to the incident of `file`, in order.
pub(crate) fn plan<'l>(
    file: &'l impl KnownIncident,
    inputs: &[Input<'_>],
    options: Options<'_>,
    is_free: IsFree<'_>,
) -> Change<'l> {
    let mut change = Change::new(Some(0), file.as_written());
    let entries_before = change.incident.timeline.len();
    let mut new = vec![false; inputs.len()];
    for (index, input) in inputs.iter().enumerate() {
        let incident = &change.incident;
        let path = input.original.path(&incident.id, &free_source_key(incident), is_free);
        let from = match options.is_stored {
            true => input.original.stored_at(&path),
            false => input.original.from.clone(),
        };
        let plan = one(incident, input, &from, options);
        new[index] = plan.edits.iter().any(|edit| matches!(edit, Edit::AddSource(..)));
        if new[index] && options.is_stored {
            change.evidence.push(Stored { path, input: index });
        }
        change.records.push(index);
        change.extend(plan);
    }
    // An alert of a later input shows where to search in the metric of an earlier one.
    for (index, input) in inputs.iter().enumerate() {
        if new[index] || options.onset.is_stated() {
            let Options { evidence_options, onset, trust, .. } = options;
            let from = &input.original.from;
            let plan = evidence::onset(
                &change.incident,
                input.records,
                from,
                evidence_options,
                onset,
                trust,
            );
            change.extend(plan);
        }
    }
    if trigger::concerns(&change.edits) {
        let plan = trigger::propose(&change.incident, options.trust);
        change.extend(plan);
    }
    // The order of a write-up's entries is the document's own.
    if inputs.iter().all(|input| document(input.records).is_none()) {
        sort_new_entries(&mut change, entries_before);
    }
    change
}

/// Sorts the new entries of all inputs by time. The entries that were in the file stay in their
/// order.
fn sort_new_entries(change: &mut Change<'_>, entries_before: usize) {
    let is_append = |edit: &Edit| matches!(edit, Edit::AppendEntry(_));
    let Some(first) = change.edits.iter().position(is_append) else { return };
    let new = &mut change.incident.to_mut().timeline[entries_before..];
    new.sort_by_key(|entry| (entry.at.is_none(), entry.at.map(Moment::earliest)));
    // An entry that a later input replaced is in the new ones as it is now.
    change.edits.retain(|edit| {
        !is_append(edit)
            && !matches!(edit, Edit::ReplaceEntry(index, _) if *index >= entries_before)
    });
    let sorted = new.iter().cloned().map(Edit::AppendEntry);
    change.edits.splice(first..first, sorted);
}

fn one(incident: &Incident, input: &Input<'_>, from: &Provenance, options: Options<'_>) -> Plan {
    let Options { evidence_options, update, trust, .. } = options;
    let same_bytes = from.sha256.as_deref().and_then(|hash| already_there(incident, hash));
    if let Some(record) = document(input.records) {
        return match same_bytes {
            Some(key) => here_already(key),
            None => documents::extend(incident, record, from, trust)
                .unwrap_or_else(|| documents::add(incident, record, from, trust)),
        };
    }
    let Some(record) = posts(input.records).next() else {
        return evidence::add(incident, input.records, from, evidence_options, trust);
    };
    let extended = history::extend(incident, record, from, update, trust);
    extended
        .or_else(|| same_bytes.map(here_already))
        .unwrap_or_else(|| history::add(incident, record, from, trust))
}

/// The incidents of status pages among the records, one per incident.
pub(crate) fn posts(records: &[Record]) -> impl Iterator<Item = &IncidentRecord> {
    records.iter().filter_map(|record| match record {
        Record::Incident(record) => Some(record),
        Record::Event(_) | Record::Series(_) | Record::Document(_) => None,
    })
}

/// The write-up among the records.
pub(crate) fn document(records: &[Record]) -> Option<&DocumentRecord> {
    records.iter().find_map(|record| match record {
        Record::Document(record) => Some(record.as_ref()),
        Record::Incident(_) | Record::Event(_) | Record::Series(_) => None,
    })
}

/// A plan that changes nothing and gives the reason.
fn here_already(key: &str) -> Plan {
    Plan {
        edits: Vec::new(),
        notes: vec![Diagnostic::note(format!("the same bytes are here already, as {key}"))],
    }
}
