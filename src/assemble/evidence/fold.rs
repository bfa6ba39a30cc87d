//! Reduces the number of timeline entries for an input with very many events.
//!
//! An alert storm can have tens of thousands of records. Nobody reads them as a timeline, and the
//! incident file would be too large. Every record stays in the evidence file. The timeline gets one
//! entry for all events with the same content. If there are still too many, one entry counts the
//! rest.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::assemble::entry_key::{read, stamped};
use crate::diag::Diagnostic;
use crate::model::milestone::MilestoneName;
use crate::model::timeline::{Entry, EntryKind};
use crate::text::counted;

/// The maximum number of new entries from one input that are added without folding.
pub(super) const MOST: usize = 5_000;

/// The entries to add for one input, and notes about the entries that are left out.
pub(super) struct Folded {
    pub(super) entries: Vec<Entry>,
    /// For each milestone, the index in `entries` of its best evidence.
    pub(super) best: BTreeMap<MilestoneName, usize>,
    pub(super) notes: Vec<Diagnostic>,
}

/// Folds the `entries` of the source `key` if there are more than `most`. They must be in time
/// order.
pub(super) fn fold(
    entries: Vec<Entry>,
    best: BTreeMap<MilestoneName, usize>,
    key: &str,
    most: usize,
) -> Folded {
    let (all, is_too_much) = (entries.len(), entries.len() > most);
    if !is_too_much {
        return Folded { entries, best, notes: Vec::new() };
    }
    let proofs: Vec<usize> = best.values().copied().collect();
    let (mut kept, repeats) = without_repeats(entries, &proofs, key);
    let mut notes = Vec::new();
    if repeats > 0 {
        let message = format!(
            "{} folded into the entry of the first that says the same, which lasts until the last",
            counted(repeats, "event")
        );
        notes.push(Diagnostic::note(message));
    }
    if kept.len() > most {
        let rest = leave_in_evidence(&mut kept, &proofs, key, most);
        let message = format!(
            "{} of {all} are not in the timeline: one entry counts them, and they are in the evidence file",
            counted(rest, "event")
        );
        notes.push(
            Diagnostic::warning(message).hint(
                "--since and --until choose a part of them, such as the time of the incident",
            ),
        );
    }
    let position = |index: usize| kept.iter().position(|(original, _)| *original == index);
    let best = best.into_iter().filter_map(|(name, index)| Some((name, position(index)?)));
    let best = best.collect();
    Folded { entries: kept.into_iter().map(|(_, entry)| entry).collect(), best, notes }
}

/// The content of an entry without its time.
#[derive(PartialEq, Eq, Hash)]
struct Statement {
    kind: EntryKind,
    text: String,
    actor: Option<String>,
    hidden: bool,
}

/// Merges entries with the same content into one that lasts from the first to the last of them.
/// Evidence for a milestone is not merged. Returns the entries with their former indices, and the
/// number of entries removed.
fn without_repeats(
    entries: Vec<Entry>,
    proofs: &[usize],
    key: &str,
) -> (Vec<(usize, Entry)>, usize) {
    let all = entries.len();
    // For each group, the index in `kept` of its first entry, and the number of its entries.
    let mut groups: IndexMap<Statement, (usize, usize)> = IndexMap::new();
    let mut kept: Vec<(usize, Entry)> = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        // An entry without a time is not merged, because it need not be at the time of another.
        if proofs.contains(&index) || entry.at.is_none() || entry.state.is_some() {
            kept.push((index, entry));
            continue;
        }
        let group = Statement {
            kind: entry.kind(),
            text: entry.text.clone(),
            actor: entry.actor.clone(),
            hidden: entry.hidden,
        };
        let (first, count) = groups.entry(group).or_insert((kept.len(), 0));
        *count += 1;
        if *count == 1 {
            kept.push((index, entry));
            continue;
        }
        let first = &mut kept[*first].1;
        let last = entry.end.or(entry.at);
        let so_far = first.end.or(first.at);
        if last.map(|at| at.latest()) > so_far.map(|at| at.latest()) {
            first.end = last;
        }
    }
    for (first, count) in groups.into_values().filter(|(_, count)| *count > 1) {
        let entry = &mut kept[first].1;
        entry.text = format!("{} ({count} times)", entry.text.trim_end());
        restamp(entry, key);
    }
    let gone = all - kept.len();
    (kept, gone)
}

/// Replaces the last entries by one entry with their number, so that at most `most` remain.
/// Evidence for a milestone stays. Returns the number of entries replaced.
fn leave_in_evidence(
    kept: &mut Vec<(usize, Entry)>,
    proofs: &[usize],
    key: &str,
    most: usize,
) -> usize {
    let is_proof = |index: &usize| proofs.contains(index);
    let room = most.saturating_sub(1 + proofs.len());
    let mut others = 0;
    let mut rest: Vec<Entry> = Vec::new();
    let before = std::mem::take(kept);
    for (index, entry) in before {
        let is_other = !is_proof(&index);
        others += usize::from(is_other);
        if is_other && others > room {
            rest.push(entry);
        } else {
            kept.push((index, entry));
        }
    }
    let at = rest.iter().filter_map(|entry| entry.at).min_by_key(|at| at.earliest());
    let end = rest.iter().filter_map(|entry| entry.end.or(entry.at)).max_by_key(|at| at.latest());
    let count = rest.len();
    let text = format!("{} of {key}: see its evidence file.", counted(count, "further event"));
    let end = end.filter(|&end| Some(end) != at);
    let entry = Entry { at, end, text, kind: Some(EntryKind::Note), ..Entry::default() };
    kept.push((usize::MAX, stamped(entry, key, "further-events")));
    count
}

/// Updates the hash in the key of a changed entry, which would otherwise look edited by hand.
fn restamp(entry: &mut Entry, key: &str) {
    let Some(id) = read(entry).map(|(_, id, _)| id.to_owned()) else { return };
    *entry = stamped(std::mem::take(entry), key, &id);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries of a source, one per minute.
    fn entries(texts: &[&str]) -> Vec<Entry> {
        let one = |(minute, text): (usize, &&str)| {
            let at = format!("2026-03-17T14:{minute:02}Z");
            let (at, text) = (at.parse().ok(), (*text).to_owned());
            stamped(Entry { at, text, ..Entry::default() }, "S1", &format!("a{minute}"))
        };
        texts.iter().enumerate().map(one).collect()
    }

    fn shown(folded: &Folded) -> String {
        let line = |(index, entry): (usize, &Entry)| {
            let proof = folded.best.iter().find(|(_, at)| **at == index);
            let proof = proof.map_or(String::new(), |(name, _)| format!(" [{name}]"));
            let end = entry.end.map_or(String::new(), |end| format!("..{end}"));
            format!("{}{end} {}{proof}", entry.at.expect("a time"), entry.text)
        };
        let notes = folded.notes.iter().map(|note| note.message.clone());
        folded.entries.iter().enumerate().map(line).chain(notes).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn few_entries_stay_as_they_are() {
        let all = entries(&["CPU high", "CPU high"]);
        let folded = fold(all.clone(), BTreeMap::new(), "S1", 2);
        assert_eq!((folded.entries, folded.notes.len()), (all, 0));
    }

    #[test]
    fn repeats_are_one_entry_and_evidence_stays() {
        let all = entries(&["CPU high", "Disk full", "CPU high", "Disk full", "CPU high"]);
        let best = BTreeMap::from([(MilestoneName::DetectedAt, 1)]);
        insta::assert_snapshot!(shown(&fold(all, best, "S1", 4)), @r"
        2026-03-17T14:00Z..2026-03-17T14:04Z CPU high (3 times)
        2026-03-17T14:01Z Disk full [detected_at]
        2026-03-17T14:03Z Disk full
        2 events folded into the entry of the first that says the same, which lasts until the last
        ");
    }

    #[test]
    fn what_is_still_too_much_is_counted() {
        let all = entries(&["a", "b", "c", "a", "d", "e", "f"]);
        let best = BTreeMap::from([(MilestoneName::ResolvedAt, 6)]);
        insta::assert_snapshot!(shown(&fold(all, best, "S1", 4)), @r"
        2026-03-17T14:00Z..2026-03-17T14:03Z a (2 times)
        2026-03-17T14:01Z b
        2026-03-17T14:06Z f [resolved_at]
        2026-03-17T14:02Z..2026-03-17T14:05Z 3 further events of S1: see its evidence file.
        1 event folded into the entry of the first that says the same, which lasts until the last
        3 events of 7 are not in the timeline: one entry counts them, and they are in the evidence file
        ");
    }

    #[test]
    fn a_folded_entry_does_not_look_edited() {
        let folded = fold(entries(&["a", "a"]), BTreeMap::new(), "S1", 1);
        let entry = &folded.entries[0];
        assert_eq!(
            read(entry).and_then(|(_, _, hash)| hash),
            Some(&*crate::assemble::entry_key::content_hash(entry))
        );
    }
}
