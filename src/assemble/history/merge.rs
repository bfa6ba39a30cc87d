//! Merges records of one incident in one input: pages of a history overlap, and some pages list an
//! incident once for each of its updates.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::sources::record::{IncidentRecord, Record};

/// The incidents among `records`, each id and title once, with everything that any of its records
/// contains. They are in the order of their first records.
pub fn merged(records: &[Record]) -> Vec<Cow<'_, IncidentRecord>> {
    let mut groups: Vec<Vec<&IncidentRecord>> = Vec::new();
    let mut by_key: HashMap<(&str, &str, Option<&str>), usize> = HashMap::new();
    for record in records {
        let Record::Incident(record) = record else { continue };
        let key = (record.id.as_str(), record.title.trim(), record.url.as_deref());
        let next = groups.len();
        match *by_key.entry(key).or_insert(next) {
            group if group < next => groups[group].push(record),
            _ => groups.push(vec![record]),
        }
    }
    groups.into_iter().map(|group| one(&group)).collect()
}

fn one<'r>(group: &[&'r IncidentRecord]) -> Cow<'r, IncidentRecord> {
    let (first, rest) = group.split_first().expect("a group has its first record");
    let mut known: BTreeSet<&str> = first.updates.iter().map(|update| update.id.as_str()).collect();
    known.extend(first.untimed.iter().map(|post| post.id.as_str()));
    let mut merged = Cow::Borrowed(*first);
    let mut components: Option<BTreeSet<(String, String)>> = None;
    for record in rest {
        let new: Vec<_> =
            record.updates.iter().filter(|update| known.insert(&update.id)).cloned().collect();
        if !new.is_empty() {
            merged.to_mut().updates.extend(new);
        }
        let new: Vec<_> =
            record.untimed.iter().filter(|post| known.insert(&post.id)).cloned().collect();
        if !new.is_empty() {
            merged.to_mut().untimed.extend(new);
        }
        let is_here = components.get_or_insert_with(|| first.components.iter().cloned().collect());
        let more: Vec<_> = record
            .components
            .iter()
            .filter(|one| is_here.insert((*one).clone()))
            .cloned()
            .collect();
        if !more.is_empty() {
            merged.to_mut().components.extend(more);
        }
        if merged.resolved.is_none() && record.resolved.is_some() {
            merged.to_mut().resolved = record.resolved;
        }
        if record.announced.is_some_and(|at| merged.announced.is_none_or(|known| at < known)) {
            merged.to_mut().announced = record.announced;
        }
    }
    if let Cow::Owned(record) = &mut merged {
        record.updates.sort_by_key(|update| update.at);
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::history::fixture::{record, update};
    use crate::model::timeline::State;

    #[test]
    fn records_listed_once_per_update_are_merged() {
        let post = |id: &str, at: &str| update(id, at, State::Update);
        let listed = |updates| Record::Incident(record(updates));
        let other = IncidentRecord {
            title: "Another".into(),
            ..record(vec![post("u9", "2026-03-17T14:00Z")])
        };
        let records = [
            listed(vec![post("u2", "2026-03-17T15:00Z")]),
            Record::Incident(other),
            listed(vec![post("u1", "2026-03-17T14:00Z"), post("u2", "2026-03-17T15:00Z")]),
        ];
        let merged = merged(&records);
        let ids = |record: &IncidentRecord| {
            record.updates.iter().map(|one| one.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            merged.iter().map(|one| ids(one)).collect::<Vec<_>>(),
            [vec!["u1", "u2"], vec!["u9"]]
        );
        assert!(matches!(merged[1], Cow::Borrowed(_)));
    }
}
