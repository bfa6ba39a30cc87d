//! One incident in several formats of one system.
//!
//! A status page has an incident in its API, in its feed and in its web pages, under one id; see
//! [`Source::family`](crate::sources::Source::family). The file that one format created is extended
//! by the others. Their updates differ: one format has the system's own ids and another has ids
//! that we derive, one has milliseconds and another minutes, one repeats the state where another
//! says "update", and the texts come from different markup. So an update that another format added
//! to the file is recognised by its id, or else by its minute and its state.
//!
//! Such an entry remains as the first format wrote it. Different words in the other format are not
//! a change upstream, so they are neither reported nor taken, even if its time is more precise: the
//! minute is not wrong, and milestones and people refer to the entry as it is.

use std::collections::{HashMap, VecDeque};

use super::entry_key::read;
use crate::model::Incident;
use crate::model::timeline::{Entry, State};

/// The position of a record's update in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Not in the file.
    New,
    /// In the entry with that index, which came from the same source.
    Here(usize),
    /// In the entry with that index, which came from another format.
    Elsewhere(usize),
    /// In entries of the same source that were read in another zone.
    Reread(Reread),
}

/// The position of a post whose record was read again in another zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reread {
    /// In the entry with that index, at another time.
    Moved(usize),
    /// In the entry with that index, which contains the texts of several posts.
    Within(usize),
    /// The post contains the texts of several entries.
    Around,
}

/// The position of each of `updates`, as entries of `source`, in `incident`. The sources `others`
/// are the same incident in other formats.
pub(super) fn known(
    incident: &Incident,
    source: &str,
    others: &[&str],
    updates: &[Entry],
) -> Vec<Position> {
    let mut here: HashMap<&str, usize> = HashMap::new();
    for (index, entry) in incident.timeline.iter().enumerate() {
        if let Some((key, id, _)) = read(entry)
            && key == source
        {
            here.entry(id).or_insert(index);
        }
    }
    let place = |update: &Entry| here.get(id(update)?).copied();
    let mut known: Vec<Position> =
        updates.iter().map(|update| place(update).map_or(Position::New, Position::Here)).collect();
    let is_of_others = |entry: &Entry| read(entry).is_some_and(|(key, _, _)| others.contains(&key));
    let mut is_free: Vec<bool> = incident.timeline.iter().map(is_of_others).collect();
    for sign in SIGNS {
        let mut entries = Entries::of(sign, &incident.timeline, &is_free);
        for (update, known) in updates.iter().zip(&mut known) {
            if *known == Position::New
                && let Some(index) = entries.first(update)
            {
                is_free[index] = false;
                *known = Position::Elsewhere(index);
            }
        }
    }
    known
}

/// A criterion by which an entry of another format is recognised as an update.
struct Sign {
    /// The key that both must share; `None` if an entry has none.
    key: fn(&Entry) -> Option<String>,
    /// Whether the rest of both matches too; that of the entry comes first.
    fits: fn(Rest, Rest) -> bool,
}

/// What is compared for entries with the same key: the state, and whether there is a time. It has
/// few different values.
type Rest = (Option<State>, bool);

/// The most certain criteria come first, since an entry can match only one update.
const SIGNS: [Sign; 5] = [
    Sign { key: |entry| id(entry).map(str::to_owned), fits: |_, _| true },
    // Updates with the same minute and state are distinguished by their words, whatever the markup.
    Sign { key: minute_and_words, fits: may_be_one_state },
    Sign { key: minute, fits: |(old, _), (new, _)| old == new },
    Sign { key: minute, fits: may_be_one_state },
    // If the time of a format cannot be read, only the words can match.
    Sign { key: words, fits: |(_, old_has_time), (_, has_time)| !(old_has_time && has_time) },
];

/// The entries without a matching update, by key. Those with the same key are grouped by the rest,
/// so that finding the first match examines no other entry.
struct Entries {
    sign: Sign,
    by_key: HashMap<String, Vec<(Rest, VecDeque<usize>)>>,
}

impl Entries {
    fn of(sign: Sign, timeline: &[Entry], is_free: &[bool]) -> Self {
        let mut by_key: HashMap<String, Vec<(Rest, VecDeque<usize>)>> = HashMap::new();
        for (index, entry) in timeline.iter().enumerate().filter(|(index, _)| is_free[*index]) {
            let Some(key) = (sign.key)(entry) else { continue };
            let of_key = by_key.entry(key).or_default();
            match of_key.iter_mut().find(|(known, _)| *known == rest(entry)) {
                Some((_, indices)) => indices.push_back(index),
                None => of_key.push((rest(entry), VecDeque::from([index]))),
            }
        }
        Entries { sign, by_key }
    }

    /// Removes and returns the first entry that matches `update`.
    fn first(&mut self, update: &Entry) -> Option<usize> {
        let of_key = self.by_key.get_mut(&(self.sign.key)(update)?)?;
        #[cfg(test)]
        tests::LOOKED_AT.with(|looked_at| looked_at.set(looked_at.get() + of_key.len()));
        let fitting = of_key.iter_mut().filter(|(old, _)| (self.sign.fits)(*old, rest(update)));
        let first = fitting
            .filter_map(|(_, indices)| Some((*indices.front()?, indices)))
            .min_by_key(|(first, _)| *first);
        first.and_then(|(_, indices)| indices.pop_front())
    }
}

fn id(entry: &Entry) -> Option<&str> {
    read(entry).map(|(_, id, _)| id)
}

fn rest(entry: &Entry) -> Rest {
    (entry.state, entry.at.is_some())
}

fn words(entry: &Entry) -> Option<String> {
    let words: String = entry.text.chars().filter(|c| c.is_alphanumeric()).collect();
    Some(words).filter(|words| !words.is_empty())
}

fn minute(entry: &Entry) -> Option<String> {
    entry.at.map(|at| at.earliest().timestamp().div_euclid(60).to_string())
}

fn minute_and_words(entry: &Entry) -> Option<String> {
    Some(format!("{} {}", minute(entry)?, words(entry).unwrap_or_default()))
}

/// Whether nothing contradicts that they are the same: "update" may stand for the state that the
/// page already had, and a format without states shows nothing about it.
fn may_be_one_state((old, _): Rest, (new, _): Rest) -> bool {
    let says_nothing = |state: Option<State>| matches!(state, None | Some(State::Update));
    old == new || says_nothing(old) || says_nothing(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::entry_key::stamped;

    /// An entry of a source with its id, time, state and text.
    fn entry(source: &str, id: &str, at: &str, state: Option<State>, text: &str) -> Entry {
        stamped(
            Entry { at: Some(at.parse().unwrap()), state, text: text.into(), ..Entry::default() },
            source,
            id,
        )
    }

    #[test]
    fn post_undated_in_one_format_is_imported_once() {
        let mut incident = Incident::new("x".parse().unwrap(), "X");
        incident.timeline =
            vec![of_api("a", "2026-01-01T10:00Z", State::Identified, "A *disk* is full.")];
        let untimed =
            stamped(Entry { text: "A disk is full.".into(), ..Entry::default() }, "S2", "hash");
        assert_eq!(known(&incident, "S2", &["S1"], &[untimed]), [Position::Elsewhere(0)]);
        let other = stamped(Entry { text: "It is over.".into(), ..Entry::default() }, "S2", "hash");
        assert_eq!(known(&incident, "S2", &["S1"], &[other]), [Position::New]);
    }

    fn of_api(id: &str, at: &str, state: State, text: &str) -> Entry {
        entry("S1", id, at, Some(state), text)
    }

    fn of_feed(at: &str, state: State, text: &str) -> Entry {
        entry("S2", &format!("{at}-{state:?}"), at, Some(state), text)
    }

    thread_local! {
        /// How many kinds of entries an update was compared with.
        pub(super) static LOOKED_AT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    #[test]
    fn matching_many_posts_of_one_minute_takes_linear_time() {
        let minute = "2026-03-17T14:00Z";
        let looked_at = [1000, 2000].map(|posts| {
            let text = |i: usize| format!("Post {i} of the API.");
            let of_api = |i| of_api(&format!("u{i}"), minute, State::Investigating, &text(i));
            let of_feed = |i: usize| {
                let state = [State::Update, State::Resolved][i % 2];
                entry(
                    "S2",
                    &format!("h{i}"),
                    minute,
                    Some(state),
                    &format!("Post {i} of the feed."),
                )
            };
            let updates: Vec<Entry> = (0..posts).map(of_feed).collect();
            LOOKED_AT.set(0);
            let known = known_in((0..posts).map(of_api).collect(), &updates);
            assert_eq!(known[0], Position::Elsewhere(0));
            assert_eq!(known.iter().filter(|known| **known == Position::New).count(), posts / 2);
            LOOKED_AT.get()
        });
        assert!(looked_at[1] < looked_at[0] * 5 / 2, "{looked_at:?}");
    }

    fn known_in(timeline: Vec<Entry>, updates: &[Entry]) -> Vec<Position> {
        let incident = Incident { timeline, ..Incident::new("a".parse().unwrap(), "A") };
        known(&incident, "S2", &["S1"], updates)
    }

    #[test]
    fn update_is_matched_by_minute_and_state_in_any_markup() {
        let file = vec![
            of_api(
                "u1",
                "2026-03-17T14:00:12.345Z",
                State::Investigating,
                "We look into [it](https://example.com).",
            ),
            of_api("u2", "2026-03-17T14:10:59Z", State::Investigating, "Still looking."),
            of_api("u3", "2026-03-17T15:00:01Z", State::Resolved, "Over."),
        ];
        let updates = [
            of_feed("2026-03-17T14:00Z", State::Investigating, "We look into *it*."),
            of_feed("2026-03-17T14:10Z", State::Update, "Still  looking."),
            of_feed("2026-03-17T15:00Z", State::Monitoring, "It seems over."),
            of_feed("2026-03-17T15:01Z", State::Resolved, "Over."),
        ];
        assert_eq!(
            known_in(file, &updates),
            [Position::Elsewhere(0), Position::Elsewhere(1), Position::New, Position::New]
        );
    }

    #[test]
    fn updates_of_the_same_minute_are_matched_by_text() {
        let file = vec![
            of_api("u1", "2026-03-17T14:00:10Z", State::Investigating, "API is slow."),
            of_api("u2", "2026-03-17T14:00:40Z", State::Investigating, "Pages are *slow*."),
        ];
        let updates = [
            of_feed("2026-03-17T14:00Z", State::Update, "Pages are slow."),
            of_feed("2026-03-17T14:00Z", State::Investigating, "API is very slow."),
            of_feed("2026-03-17T14:00Z", State::Update, "So is all else."),
        ];
        assert_eq!(
            known_in(file, &updates),
            [Position::Elsewhere(1), Position::Elsewhere(0), Position::New]
        );
    }

    #[test]
    fn id_match_comes_first_and_unrelated_sources_are_ignored() {
        let minute = "2026-03-17T14:00Z";
        let own = of_feed(minute, State::Investigating, "Ours, edited.");
        let file = vec![of_api("u1", minute, State::Investigating, "Ours."), own.clone()];
        assert_eq!(known_in(file, std::slice::from_ref(&own)), [Position::Here(1)]);
        let shared = entry("S1", "u7", "2026-03-17T12:00Z", None, "Before.");
        let moved = entry("S2", "u7", "2026-03-17T13:00Z", None, "After.");
        assert_eq!(known_in(vec![shared], &[moved]), [Position::Elsewhere(0)]);
        let note = Entry { at: own.at, text: own.text.clone(), ..Entry::default() };
        let chat = entry("S3", "m1", minute, None, "Ours, edited.");
        assert_eq!(known_in(vec![note, chat], &[own]), [Position::New]);
    }
}
