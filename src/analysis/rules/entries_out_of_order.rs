use std::collections::BTreeMap;

use super::context::{Context, item};
use super::date_typo::in_place;
use super::finding::Findings;
use super::rule::rule;
use crate::model::Incident;
use crate::model::time::Moment;
use crate::model::timeline::{Entry, EntryKind};

rule! {
    /// Finds an entry that was written down between entries of another time.
    ///
    /// The timeline is shown in the order of time, so nothing looks wrong. But who wrote the lines
    /// wrote them one after the other, and a line that jumps back often has a wrong time. Lines of
    /// different sources are not compared, nor those of alerts and deployments, and a list that
    /// begins with the newest is read from its end. Where another date would put the line in its
    /// place, `date-typo` tells of it instead.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T11:01Z, text: Traffic flows again}
    ///   - {at: 2026-03-17T11:08Z, text: Mail that service is restored}
    ///   - {at: 2026-03-17T11:07Z, text: Ticket raised}     # before the mail?
    /// ```
    EntriesOutOfOrder = "entries-out-of-order", Note, "an entry between entries of another time"
}

fn check(context: &Context, findings: &mut Findings) {
    for row in misplaced(context) {
        if in_place(context, &row).is_some() {
            continue;
        }
        let (what, (index, other)) = match (row.before, row.after) {
            (Some(before), _) if row.at < before.1 => ("earlier than the entry before it", before),
            (_, Some(after)) => ("later than the entry after it", after),
            (_, None) => continue,
        };
        let (at, other) = (context.show(row.at), context.show(other));
        let message = format!("{at} is {what}, {} of {other}", item("timeline", index));
        findings
            .add(item("timeline", row.index).then("at"), message)
            .hint("correct the time that is wrong, or move the entry to its place");
    }
}

/// An entry that does not stand where its time would put it.
pub(super) struct Misplaced {
    /// Its place in the timeline.
    pub(super) index: usize,
    /// Its time.
    pub(super) at: Moment,
    /// The nearest well-placed entry that should not be later.
    pub(super) before: Option<(usize, Moment)>,
    /// The nearest well-placed entry that should not be earlier.
    pub(super) after: Option<(usize, Moment)>,
}

/// The fewest entries that would have to move for each source's to be in the order of time. A list
/// of which more than a third (and more than two) would have to move was never in order.
pub(super) fn misplaced(context: &Context) -> Vec<Misplaced> {
    let mut found = Vec::new();
    for mut rows in written_lists(context.incident).into_values() {
        if rows.is_sorted_by_key(|(_, at)| at.middle()) {
            continue;
        }
        let falls = rows.windows(2).filter(|pair| pair[1].1.middle() < pair[0].1.middle()).count();
        let rises = rows.windows(2).filter(|pair| pair[1].1.middle() > pair[0].1.middle()).count();
        if falls > rises {
            rows.reverse();
        }
        let kept = longest_rise(&rows);
        let out = kept.iter().filter(|kept| !**kept).count();
        if out > 2 && out * 3 > rows.len() {
            continue;
        }
        for (position, &(index, at)) in rows.iter().enumerate().filter(|(position, _)| !kept[*position]) {
            let well_placed = |other: usize| kept[other].then(|| rows[other]);
            let before = (0..position).rev().find_map(well_placed);
            let after = (position + 1..rows.len()).find_map(well_placed);
            let is_early = before.is_some_and(|(_, before)| context.surely_before(at, before));
            let is_late = after.is_some_and(|(_, after)| context.surely_before(after, at));
            if is_early || is_late {
                found.push(Misplaced { index, at, before, after });
            }
        }
    }
    found
}

/// The entries with an exact time, as each source or person wrote them one after the other.
fn written_lists(incident: &Incident) -> BTreeMap<Option<&str>, Vec<(usize, Moment)>> {
    let mut lists: BTreeMap<Option<&str>, Vec<(usize, Moment)>> = BTreeMap::new();
    for (index, entry) in incident.timeline.iter().enumerate() {
        let source = entry.source.as_ref().map(|source| source.source.as_str());
        if let Some(at) = entry.at.filter(|at| is_written(entry) && !at.is_uncertain() && !at.is_about()) {
            lists.entry(source).or_default().push((index, at));
        }
    }
    lists
}

/// Whether somebody wrote it where it stands: machines tell of a beginning and an end together.
fn is_written(entry: &Entry) -> bool {
    let by_machine = matches!(entry.kind(), EntryKind::Alert | EntryKind::Metric | EntryKind::Deploy);
    !entry.hidden && (entry.source.is_none() || !by_machine)
}

/// Which rows belong to the longest list of rows that never falls. It is looked for from the end,
/// so that of two rows that contradict each other the one that jumps back is left out.
fn longest_rise(rows: &[(usize, Moment)]) -> Vec<bool> {
    // The row that begins the latest-beginning rise of each length, and the row behind each.
    let mut starts: Vec<usize> = Vec::new();
    let mut behind: Vec<Option<usize>> = vec![None; rows.len()];
    for (position, (_, at)) in rows.iter().enumerate().rev() {
        let length = starts.partition_point(|&start| rows[start].1.middle() >= at.middle());
        behind[position] = length.checked_sub(1).map(|shorter| starts[shorter]);
        match starts.get_mut(length) {
            Some(start) => *start = position,
            None => starts.push(position),
        }
    }
    let mut kept = vec![false; rows.len()];
    let mut next = starts.last().copied();
    while let Some(position) = next {
        kept[position] = true;
        next = behind[position];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::rules::tests::found;
    use crate::model::origin::EntryRef;

    fn told(times: &[&str]) -> Incident {
        let mut incident = incident("order");
        incident.timeline = times
            .iter()
            .enumerate()
            .map(|(n, time)| entry(&format!("2026-03-17T{time}Z"), &format!("Line {n}.")))
            .collect();
        incident
    }

    #[test]
    fn a_line_that_jumps_back() {
        let jumps = told(&["10:57", "11:00", "11:01", "11:08", "11:07", "11:59"]);
        let lines = found(&EntriesOutOfOrder, &jumps);
        assert_eq!(
            lines,
            [
                "note timeline[4].at: 2026-03-17 11:07 UTC is earlier than the entry before it, timeline[3] of 2026-03-17 11:08 UTC"
            ]
        );
    }

    #[test]
    fn the_same_minute_the_newest_first_and_another_source_are_in_order() {
        assert!(found(&EntriesOutOfOrder, &told(&["11:00", "11:07", "11:07", "11:59"])).is_empty());
        assert!(found(&EntriesOutOfOrder, &told(&["11:00", "11:07:30", "11:07", "11:59"])).is_empty());
        assert!(found(&EntriesOutOfOrder, &told(&["12:00", "11:40", "11:20", "11:00"])).is_empty());
        let mut imported = told(&["11:00", "11:30", "11:10", "11:59"]);
        imported.timeline[2].source = Some(EntryRef::new("S1", "r"));
        assert!(found(&EntriesOutOfOrder, &imported).is_empty());
        let heaped = told(&["11:00", "11:30", "11:10", "11:59", "11:05", "11:40"]);
        assert!(found(&EntriesOutOfOrder, &heaped).len() <= 2, "a heap is not told line by line");
    }
}
