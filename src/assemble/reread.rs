//! Recognises posts of a record that is read again and has other times than before.
//!
//! If times have no zone, the zone that the user names decides when a post was, and without a zone
//! the text with the time cannot be split into posts. Ids that are derived from times change
//! accordingly. So a post whose id is not in the file may still be there: at another time, or as
//! part of a text that contains several posts; or the reverse. Its words and its state identify it.
//!
//! This search is made only if the zone differs from that of the source in the file, or is missing,
//! or if `--update` applies posts that were redated upstream; and only among entries of the source
//! that the record, as it is read now, does not contain.

use std::collections::BTreeSet;

use super::Plan;
use super::entry_key::{content_hash, read};
use super::family::{Position, Reread};
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::origin::EntryRef;
use crate::model::timeline::Entry;

/// Finds those of `updates`, as entries of `source`, that are in `incident` as they were read in
/// another zone, and corrects their positions in `known`.
pub(super) fn find(incident: &Incident, source: &str, updates: &[Entry], known: &mut [Position]) {
    let mut search = Search::new(&incident.timeline, source, updates, known);
    search.moved(known);
    search.around(known);
    search.within(known);
}

/// Finds only those that differ in nothing but their time.
pub(super) fn find_moved(
    incident: &Incident,
    source: &str,
    updates: &[Entry],
    known: &mut [Position],
) {
    Search::new(&incident.timeline, source, updates, known).moved(known);
}

/// The entries of a file and the updates of a record, with those of both that have no match yet.
struct Search<'i> {
    entries: &'i [Entry],
    updates: &'i [Entry],
    entry_words: Vec<Vec<&'i str>>,
    update_words: Vec<Vec<&'i str>>,
    /// The indices of the entries of the record's source.
    own: Vec<usize>,
    /// The indices of those that match no update.
    gone: Vec<usize>,
}

impl<'i> Search<'i> {
    fn new(entries: &'i [Entry], source: &str, updates: &'i [Entry], known: &[Position]) -> Self {
        let is_own = |index: &usize| matches!(read(&entries[*index]), Some((key, _, Some(_))) if key == source);
        let own: Vec<usize> = (0..entries.len()).filter(is_own).collect();
        let here: BTreeSet<usize> = known
            .iter()
            .filter_map(|known| match known {
                Position::Here(index) => Some(*index),
                _ => None,
            })
            .collect();
        let gone = own.iter().copied().filter(|index| !here.contains(index)).collect();
        let [entry_words, update_words] =
            [entries, updates].map(|all| all.iter().map(words).collect());
        Search { entries, updates, entry_words, update_words, own, gone }
    }

    /// An update with the words and the state of an entry is the same post at another time.
    fn moved(&mut self, known: &mut [Position]) {
        for (position, known) in
            known.iter_mut().enumerate().filter(|(_, known)| **known == Position::New)
        {
            let words = &self.update_words[position];
            let is_it = |index: &usize| {
                self.entries[*index].state == self.updates[position].state
                    && self.entry_words[*index] == *words
            };
            if let Some(found) = self.gone.iter().position(is_it).filter(|_| !words.is_empty()) {
                *known = Position::Reread(Reread::Moved(self.gone.remove(found)));
            }
        }
    }

    /// A text that contains the words of an entry was several posts before.
    fn around(&self, known: &mut [Position]) {
        for (position, known) in known.iter_mut().enumerate() {
            let is_news = *known == Position::New || self.is_reworded(*known, position);
            let is_around =
                |index: &usize| holds(&self.update_words[position], &self.entry_words[*index]);
            if is_news && self.updates[position].state.is_none() && self.gone.iter().any(is_around)
            {
                *known = Position::Reread(Reread::Around);
            }
        }
    }

    /// An update whose words are within the text of an entry is already there, if no update has
    /// that text now.
    fn within(&self, known: &mut [Position]) {
        let is_old = |index: &usize| {
            let here = known.iter().position(|known| *known == Position::Here(*index));
            self.gone.contains(index)
                || here.is_some_and(|position| self.is_reworded(known[position], position))
        };
        let has_no_state = |index: &usize| self.entries[*index].state.is_none();
        let texts: Vec<usize> =
            self.own.iter().copied().filter(has_no_state).filter(is_old).collect();
        for (position, known) in
            known.iter_mut().enumerate().filter(|(_, known)| **known == Position::New)
        {
            let is_around =
                |index: &&usize| holds(&self.entry_words[**index], &self.update_words[position]);
            if let Some(index) = texts.iter().find(is_around) {
                *known = Position::Reread(Reread::Within(*index));
            }
        }
    }

    /// Whether the file has the update with the same id but other words.
    fn is_reworded(&self, known: Position, position: usize) -> bool {
        matches!(known, Position::Here(index) if self.entry_words[index] != self.update_words[position])
    }
}

/// The words of an entry's text, without the markup.
fn words(entry: &Entry) -> Vec<&str> {
    entry.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

fn holds(all: &[&str], some: &[&str]) -> bool {
    !some.is_empty()
        && some.len() < all.len()
        && all.windows(some.len()).any(|window| window == some)
}

/// Whether the entry was not edited since its import.
pub(super) fn is_untouched(entry: &Entry) -> bool {
    read(entry).is_some_and(|(_, _, hash)| hash == Some(&content_hash(entry)))
}

/// Applies the posts that are read in another zone now, each of `found` with its entry, if
/// `replace` is set, and reports them otherwise. Entries that a person edited are not changed.
pub(super) fn apply_or_report(
    incident: &Incident,
    found: Vec<(Reread, Entry)>,
    replace: bool,
    plan: &mut Plan,
) {
    let mut is_replaced: Vec<usize> = plan.edits.iter().filter_map(replaced).collect();
    let (mut moved, mut within, mut around) = (0, 0, 0);
    let mut by_hand = 0;
    for (again, now) in found {
        let (Reread::Moved(index) | Reread::Within(index)) = again else {
            around += 1;
            continue;
        };
        let old = &incident.timeline[index];
        if !is_untouched(old) {
            by_hand += 1;
        } else if !replace {
            *(if again == Reread::Moved(index) { &mut moved } else { &mut within }) += 1;
        } else if is_replaced.contains(&index) {
            plan.edits.push(Edit::AppendEntry(now));
        } else {
            is_replaced.push(index);
            plan.notes.extend(outdated_milestones(incident, old, &now));
            let milestone = old.milestone.or(now.milestone);
            let now = Entry { milestone, visibility: old.visibility, ..now };
            plan.edits.push(Edit::ReplaceEntry(index, now));
        }
    }
    let mut report = |count: usize, what: &str, hint: &str| {
        if count > 0 {
            let posts = if count == 1 {
                "1 of its posts".to_owned()
            } else {
                format!("{count} of its posts")
            };
            plan.notes.push(Diagnostic::note(format!("{posts} {what}")).hint(hint));
        }
    };
    report(
        moved,
        "would be at another time in this zone than in the one of its first import",
        "`--update` takes the new times; milestones are not changed",
    );
    report(
        within,
        "would have their own times in this zone; here they are part of one text",
        "`--update` replaces it by them",
    );
    report(
        by_hand,
        "would have another time now, but the entry was edited by hand",
        "the entry is not changed",
    );
    report(
        around,
        "would be one text without the zone of its first import; here its parts have times",
        "give `--zone` as before, to get what is new",
    );
}

/// Notes about milestones that were set by `old`, whose time has changed.
pub(super) fn outdated_milestones(
    incident: &Incident,
    old: &Entry,
    now: &Entry,
) -> Vec<Diagnostic> {
    let evidence = old.source.as_ref().map(EntryRef::without_hash);
    let (Some(evidence), Some(at)) = (evidence, now.at) else { return Vec::new() };
    let known =
        incident.milestones.known().filter(|(_, known)| known.source.as_ref() == Some(&evidence));
    let moved = known.filter(|(_, known)| known.at != at);
    let note =
        |name, was| Diagnostic::note(format!("{name} stays at {was}, and its post is at {at} now"));
    moved.map(|(name, was)| note(name, was.at).hint("correct it in `milestones`")).collect()
}

fn replaced(edit: &Edit) -> Option<usize> {
    match edit {
        Edit::ReplaceEntry(index, _) => Some(*index),
        Edit::AppendEntry(_)
        | Edit::AddSource(..)
        | Edit::ReviseSource(..)
        | Edit::SetMilestone(..)
        | Edit::AddWindow(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::entry_key::stamped;
    use crate::model::timeline::State;

    fn entry(id: &str, at: &str, state: Option<State>, text: &str) -> Entry {
        stamped(
            Entry { at: Some(at.parse().unwrap()), state, text: text.into(), ..Entry::default() },
            "S1",
            id,
        )
    }

    fn found(timeline: Vec<Entry>, updates: &[Entry], mut known: Vec<Position>) -> Vec<Position> {
        let incident = Incident { timeline, ..Incident::new("a".parse().unwrap(), "A") };
        find(&incident, "S1", updates, &mut known);
        known
    }

    #[test]
    fn redated_post_is_matched_by_text_and_state() {
        let file = vec![
            entry("a", "2026-03-17T12:00Z", Some(State::Investigating), "We *look*."),
            entry("b", "2026-03-17T13:00Z", Some(State::Resolved), "Over."),
        ];
        let updates = [
            entry("x", "2026-03-17T14:00Z", Some(State::Investigating), "We look."),
            entry("y", "2026-03-17T15:00Z", Some(State::Monitoring), "Over."),
            entry("z", "2026-03-17T16:00Z", Some(State::Investigating), "We look."),
        ];
        let known = found(file.clone(), &updates, vec![Position::New; 3]);
        assert_eq!(
            known,
            [Position::Reread(Reread::Moved(0)), Position::New, Position::New],
            "one entry is one post's only"
        );
        let known = found(file, &updates[..1], vec![Position::Here(0)]);
        assert_eq!(known, [Position::Here(0)], "what is known by its id is not looked for");
    }

    #[test]
    fn posts_match_inside_a_combined_text_and_vice_versa() {
        let text = entry(
            "t",
            "2026-03-17T12:00Z",
            None,
            "**Resolved** - It is over. (14:00)\n\n**New** - We look. (13:00)",
        );
        let posts = [
            entry("x", "2026-03-17T11:00Z", Some(State::Investigating), "We look."),
            entry("y", "2026-03-17T12:00Z", Some(State::Resolved), "It is over."),
            entry("z", "2026-03-17T13:00Z", Some(State::Update), "It is ov"),
        ];
        let within = Position::Reread(Reread::Within(0));
        let known = found(vec![text.clone()], &posts, vec![Position::New; 3]);
        assert_eq!(known, [within, within, Position::New]);
        let around = [Position::Reread(Reread::Around)];
        assert_eq!(found(posts.to_vec(), std::slice::from_ref(&text), vec![Position::New]), around);
        // The text keeps its id if part of it has no time.
        let rest = entry("t", "2026-03-17T12:00Z", None, "Sorry.");
        let known = found(
            vec![text.clone()],
            &[rest.clone(), posts[0].clone()],
            vec![Position::Here(0), Position::New],
        );
        assert_eq!(known, [Position::Here(0), within]);
        assert_eq!(found(vec![rest, posts[0].clone()], &[text], vec![Position::Here(0)]), around);
    }
}
