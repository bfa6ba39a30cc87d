//! Converts feed posts to updates: their states, order and stable ids.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};

use super::timestamp::Order;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::record::{IncidentRecord, UntimedPost, UpdateRecord, content_id};
use crate::sources::status::kit::ties;

/// One post of a feed, without an id.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sources::status) struct Post {
    pub at: Moment,
    /// When it was first published, if it was revised in place and is dated by the revision. Its id
    /// uses this time, so that it stays the same.
    pub created: Option<DateTime<Utc>>,
    /// The feed's own state word.
    pub word: String,
    pub state: Option<State>,
    /// Clean Markdown.
    pub text: String,
}

/// The state of a word, in the spelling of any of the systems.
pub(in crate::sources::status) fn state(word: &str) -> Option<State> {
    // Most words are already in this spelling.
    plain_state(word).or_else(|| {
        let letters = word.chars().filter(char::is_ascii_alphabetic);
        plain_state(&letters.map(|c| c.to_ascii_lowercase()).collect::<String>())
    })
}

/// The state of a lower-case word without separators.
fn plain_state(word: &str) -> Option<State> {
    Some(match word {
        "investigating" => State::Investigating,
        "identified" => State::Identified,
        "monitoring" => State::Monitoring,
        "resolved" => State::Resolved,
        "update" => State::Update,
        "postmortem" => State::Postmortem,
        "scheduled" | "notstartedyet" | "maintenancescheduled" => State::Scheduled,
        "inprogress" | "maintenanceinprogress" => State::InProgress,
        "verifying" => State::Verifying,
        "completed" | "maintenancecomplete" | "maintenancecompleted" => State::Completed,
        _ => return None,
    })
}

/// Whether only a maintenance has that state.
pub(in crate::sources::status) fn is_of_maintenance(state: State) -> bool {
    matches!(state, State::Scheduled | State::InProgress | State::Verifying | State::Completed)
}

/// A post with an unreadable time.
pub(in crate::sources::status) fn untimed(word: &str, text: String) -> UntimedPost {
    UntimedPost { id: content_id(&["untimed", word, &text]), state: state(word), text }
}

/// Sorts the posts by time and gives them ids.
///
/// Within one minute a closing post comes last, because feeds do not keep that order; posts with
/// equal times are sorted by the life cycle. Feeds give their posts no ids, and texts are edited
/// later, so an id is made from stable facts: time, state, and the position among posts that share
/// both, from the oldest.
pub(in crate::sources::status) fn updates(mut posts: Vec<Post>, order: Order) -> Vec<UpdateRecord> {
    if order == Order::NewestFirst {
        posts.reverse();
    }
    posts.sort_by_cached_key(|post| {
        let goes_on = post.state.is_some_and(|state| state.is_phase() && !state.is_terminal());
        (minute(post.at), !goes_on, post.at.earliest())
    });
    let posts = ties::settle(posts, |post| (post.at, post.state));
    let is_revised = posts.iter().any(|post| post.created.is_some());
    let minutes: Vec<i64> = posts.iter().map(|post| minute(post.at)).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut updates = Vec::with_capacity(posts.len());
    for (index, Post { at, created, word, state, text }) in posts.into_iter().enumerate() {
        let mut id = name(created.unwrap_or(at.earliest()), &word);
        let is_alone = |neighbour: Option<&i64>| neighbour != Some(&minutes[index]);
        if is_revised
            || !(is_alone(index.checked_sub(1).map(|before| &minutes[before]))
                && is_alone(minutes.get(index + 1)))
        {
            let count = seen.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
            if *count > 1 {
                id = format!("{id}-{count}");
            }
        }
        updates.push(UpdateRecord {
            id,
            at,
            created,
            edited: None,
            state,
            text,
            components: Vec::new(),
        });
    }
    updates
}

fn minute(at: Moment) -> i64 {
    at.earliest().timestamp().div_euclid(60)
}

/// `20260101T100500Z-update`.
fn name(at: DateTime<Utc>, word: &str) -> String {
    let date = i64::from(at.year()) * 10_000 + i64::from(at.month()) * 100 + i64::from(at.day());
    let time = at.hour() * 10_000 + at.minute() * 100 + at.second();
    format!("{date:08}T{time:06}Z-{}", slug(word))
}

/// A word as part of an id.
fn slug(word: &str) -> String {
    if !word.is_empty() && word.len() <= 40 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return word.to_ascii_lowercase();
    }
    let parts = word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let slug = parts.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "post".to_owned() } else { slug.chars().take(40).collect() }
}

/// When an incident was last changed, if its posts are dated by their revision.
pub(in crate::sources::status) fn revised(updates: &[UpdateRecord]) -> Option<DateTime<Utc>> {
    let revised = updates.iter().filter(|update| update.created.is_some());
    revised.map(|update| update.at.earliest()).max()
}

/// Fills in what follows from the updates alone: whether it is a maintenance, the state at the time
/// of the capture, and the announcement.
pub(in crate::sources::status) fn fill_from_updates(record: &mut IncidentRecord) {
    let states = || record.updates.iter().filter_map(|update| update.state);
    record.maintenance |= states().any(is_of_maintenance);
    record.state = record.state.or(states().rfind(|state| state.is_phase()));
    let first = |update: &UpdateRecord| update.created.map_or(update.at, Moment::exact);
    record.announced = record.announced.or(record.updates.iter().map(first).min());
}

/// The result for one entry, when entries are read independently.
#[derive(Debug, Default)]
pub(in crate::sources::status) struct Outcome {
    pub record: Option<IncidentRecord>,
    /// The warnings, each with its place in the decoded text.
    pub problems: Vec<(Range<usize>, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(at: &str, word: &str, text: &str) -> Post {
        Post {
            at: at.parse().unwrap(),
            created: None,
            word: word.into(),
            state: state(word),
            text: text.into(),
        }
    }

    fn named(posts: Vec<Post>) -> Vec<(String, String)> {
        updates(posts, Order::NewestFirst)
            .into_iter()
            .map(|update| (update.id, update.text))
            .collect()
    }

    fn pair(id: &str, text: &str) -> (String, String) {
        (id.to_owned(), text.to_owned())
    }

    #[test]
    fn state_words_map_to_one_state() {
        assert_eq!(state("In progress"), Some(State::InProgress));
        assert_eq!(state("INPROGRESS"), Some(State::InProgress));
        assert_eq!(state("NOTSTARTEDYET"), Some(State::Scheduled));
        assert_eq!(state("Post-mortem"), Some(State::Postmortem));
        assert_eq!(state("Risolto"), None);
    }

    #[test]
    fn post_ids_are_stable_under_edits_and_additions() {
        let first = post("2026-01-01T10:00Z", "Investigating", "a");
        let second = post("2026-01-01T10:05Z", "Update", "b");
        let third = post("2026-01-01T10:05Z", "Update", "c");
        let early = named(vec![second.clone(), first.clone()]);
        let late = named(vec![third, Post { text: "b, edited".into(), ..second }, first]);
        assert_eq!(
            early,
            [pair("20260101T100000Z-investigating", "a"), pair("20260101T100500Z-update", "b")]
        );
        assert_eq!(
            late,
            [
                pair("20260101T100000Z-investigating", "a"),
                pair("20260101T100500Z-update", "b, edited"),
                pair("20260101T100500Z-update-2", "c")
            ]
        );
    }

    #[test]
    fn closing_post_sorts_last_within_a_minute() {
        let posts = vec![
            post("2026-01-01T10:00Z", "Investigating", "operating normally"),
            post("2026-01-01T10:00Z", "Resolved", "over"),
            post("2026-01-01T09:00Z", "Investigating", "start"),
        ];
        let texts: Vec<String> = named(posts).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["start", "operating normally", "over"]);
    }

    #[test]
    fn unknown_state_word_still_gives_a_post_id() {
        assert_eq!(
            named(vec![post("2026-01-01T10:00Z", "In Lösung!", "x")])[0].0,
            "20260101T100000Z-in-lösung"
        );
        assert_eq!(named(vec![post("2026-01-01T10:00Z", "–", "x")])[0].0, "20260101T100000Z-post");
    }
}
