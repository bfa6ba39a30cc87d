//! The order in which the records of several inputs are imported.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::assemble::identity::Identity;
use crate::assemble::outage::Outages;
use crate::assemble::overrun::overrun;
use crate::assemble::{Provenance, history};
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::time::Moment;
use crate::sources::record::{IncidentRecord, Record};
use crate::text::counted;

/// The records of one input.
#[derive(Debug, Clone)]
pub(crate) struct Input<'r> {
    /// The records. Only incidents are used.
    pub records: &'r [Record],
    /// Where they were read from.
    pub from: Provenance,
}

/// An incident of a source, with the provenance of its input.
pub(crate) type Sourced<'r> = (Cow<'r, IncidentRecord>, &'r Provenance);

/// The incidents of every input, the oldest first. Several records of one incident in one input are
/// merged, and a maintenance that exceeded its plan gives an additional incident.
pub(crate) fn incidents<'r>(inputs: &'r [Input<'r>]) -> Vec<Sourced<'r>> {
    let mut records = Vec::new();
    for input in inputs {
        let merged = history::merged(input.records);
        let overruns: Vec<_> =
            merged.iter().filter_map(|record| overrun(record)).map(Cow::Owned).collect();
        records.extend(merged.into_iter().chain(overruns).map(|record| (record, &input.from)));
    }
    records.sort_by(|(a, _), (b, _)| {
        (history::first_seen(a), &a.id).cmp(&(history::first_seen(b), &b.id))
    });
    records
}

/// Removes incidents that began outside the requested period. An incident without any time remains.
pub(crate) fn keep_those_of(records: &mut Vec<Sourced<'_>>, is_wanted: impl Fn(Moment) -> bool) {
    records.retain(|(record, _)| history::first_seen(record).is_none_or(&is_wanted));
}

/// With `--update`, orders the captures of one incident in one format by age: the newest is last,
/// so that its texts remain. If two captures say when they were last changed, the newer one
/// contains everything current, so the older one is left out and reported.
pub(crate) fn by_age(records: &mut Vec<Sourced<'_>>) -> Option<Diagnostic> {
    let note = drop_older_captures(records);
    let mut places: BTreeMap<(Identity, &str), Vec<usize>> = BTreeMap::new();
    for (index, (record, from)) in records.iter().enumerate() {
        places.entry((Identity::of(record, from), &from.format)).or_default().push(index);
    }
    let mut order: Vec<usize> = (0..records.len()).collect();
    for captures in places.into_values().filter(|captures| captures.len() > 1) {
        let mut aged = captures.clone();
        aged.sort_by_key(|&index| history::last_post(&records[index].0));
        captures.into_iter().zip(aged).for_each(|(place, index)| order[place] = index);
    }
    let mut taken: Vec<Option<Sourced<'_>>> = records.drain(..).map(Some).collect();
    records.extend(order.into_iter().filter_map(|index| taken[index].take()));
    note
}

fn drop_older_captures(records: &mut Vec<Sourced<'_>>) -> Option<Diagnostic> {
    let mut newest: BTreeMap<(Identity, &str), DateTime<Utc>> = BTreeMap::new();
    let whole = |record: &IncidentRecord| record.revised.filter(|_| !record.latest_only);
    for (record, from) in &*records {
        if let Some(revised) = whole(record) {
            let known = newest.entry((Identity::of(record, from), &from.format)).or_insert(revised);
            *known = revised.max(*known);
        }
    }
    let is_older: Vec<bool> = records
        .iter()
        .map(|(record, from)| {
            let known = newest.get(&(Identity::of(record, from), from.format.as_str()));
            whole(record).zip(known).is_some_and(|(revised, known)| revised < *known)
        })
        .collect();
    let older = || records.iter().zip(&is_older).filter(|(_, is_older)| **is_older);
    let (count, title) = (older().count(), older().next()?.0.0.title.trim());
    let more = match count {
        1 => String::new(),
        _ => format!(" and of {}", counted(count - 1, "more incident")),
    };
    let note = Diagnostic::note(format!(
        "the older copy of \"{title}\"{more} is left out: the newer one is used"
    ));
    let mut is_older = is_older.into_iter();
    records.retain(|_| !is_older.next().unwrap_or(false));
    Some(note)
}

/// Groups the same incident in several formats, with the format that has the best data first, since
/// an entry remains as the format that created it wrote it.
pub(crate) fn in_families<'r>(records: Vec<Sourced<'r>>) -> Vec<Sourced<'r>> {
    let mut groups: BTreeMap<Identity, usize> = BTreeMap::new();
    let mut places = Vec::with_capacity(records.len());
    for (record, from) in &records {
        let next = groups.len();
        let group = *groups.entry(Identity::of(record, from)).or_insert(next);
        places.push((group, history::coarseness(record)));
    }
    drop(groups);
    let mut placed: Vec<_> = places.into_iter().zip(records).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, record)| record).collect()
}

/// The records with the ids of known outages that they are part of, and the notes about them.
pub(crate) fn joined<'r, 'k>(
    records: &'r [Sourced<'r>],
    known: impl Iterator<Item = &'k Incident>,
) -> (Vec<Sourced<'r>>, Vec<Diagnostic>)
where
    'r: 'k,
{
    let mut known = Outages::of(known);
    let mut notes = Vec::new();
    let mut join = |(record, from): &'r Sourced<'r>| {
        let (record, note) = known.joined(record, from);
        notes.extend(note);
        (record, *from)
    };
    let records = records.iter().map(&mut join).collect();
    (records, notes)
}
