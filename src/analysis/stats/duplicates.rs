//! Which duplicates are counted after all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::row::Row;
use crate::model::id::IncidentId;

/// Of each circle of duplicates, the one that is counted: the one with the most entries, of those
/// the one with the lowest id. Without it the incident would vanish from every number. An incident
/// that is its own duplicate is a circle of one.
pub(super) fn counted_in_circles(rows: &[Row]) -> BTreeSet<&IncidentId> {
    let mut counted = BTreeSet::new();
    // Most sets have no duplicates, and an index of many ids takes time.
    if rows.iter().all(|row| row.duplicate_of.is_none()) {
        return counted;
    }
    let by_id: BTreeMap<&IncidentId, &Row> = rows.iter().map(|row| (&row.id, row)).collect();
    let next = |row: &Row| by_id.get(row.duplicate_of.as_ref()?).copied();
    let mut seen: BTreeSet<&IncidentId> = BTreeSet::new();
    for row in rows {
        let mut path: Vec<&Row> = Vec::new();
        let mut at = Some(row);
        while let Some(here) = at.filter(|here| seen.insert(&here.id)) {
            path.push(here);
            at = next(here);
        }
        // What it came back to is on this path only if the circle is new.
        let start = at.and_then(|back| path.iter().position(|on_path| on_path.id == back.id));
        let circle = start.map_or(&[][..], |start| &path[start..]);
        counted.extend(
            circle.iter().max_by_key(|one| (one.entries, Reverse(&one.id))).map(|one| &one.id),
        );
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::stats::StatsOptions;

    fn counted(references: &[(&str, &str, usize)]) -> Vec<String> {
        let rows: Vec<Row> = references
            .iter()
            .map(|&(id, other, entries)| {
                let mut incident = incident(id);
                incident.related.duplicate_of = other.parse().ok();
                incident.timeline = vec![entry("2026-03-17T14:00Z", "Seen."); entries];
                Row::of(&incident, &Definitions::default(), &StatsOptions::default())
            })
            .collect();
        counted_in_circles(&rows).into_iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_incident_of_each_duplicate_circle_is_counted() {
        assert_eq!(counted(&[("a-1", "a-2", 0), ("a-2", "a-1", 0)]), ["a-1"], "the lower id");
        assert_eq!(
            counted(&[("a-1", "a-2", 1), ("a-2", "a-1", 2)]),
            ["a-2"],
            "the one with more entries"
        );
        assert_eq!(
            counted(&[("a", "b", 0), ("b", "c", 0), ("c", "b", 0), ("d", "d", 0)]),
            ["b", "d"]
        );
        assert_eq!(counted(&[("a", "b", 0), ("b", "", 0), ("c", "gone", 0)]), [""; 0], "no circle");
    }
}
