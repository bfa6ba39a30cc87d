//! JSON lines, one incident each, that a collector parsed from `history.atom`.
//!
//! The timestamps of the feed have no seconds, and those of the lines are `:00`: they are read to
//! the minute, so that both agree. A collector may add an `impact_window` and a `downtime` from the
//! prose; the page does not state those, so they are not read.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::entry;
use crate::model::time::{Moment, Precision};
use crate::sources::decode::Decoded;
use crate::sources::json::{self, JsonHead, Str, null_is_default};
use crate::sources::lenient::{Lenient, lenient};
use crate::sources::record::IncidentRecord;
use crate::sources::source::ReadError;
use crate::sources::status::kit::feed;
use crate::sources::status::kit::feed::posts::{self, Outcome, Post};
use crate::sources::status::kit::feed::timestamp::Order;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    entry_id: Option<Str<'a>>,
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    #[serde(borrow, default)]
    url: Option<Str<'a>>,
    #[serde(borrow, default)]
    impact: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    components: Vec<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    updates: Vec<Update<'a>>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    at: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
}

/// Whether the first line is one of these.
pub(super) fn is_it(head: &JsonHead) -> bool {
    head.first(".entry_id").is_some_and(|id| id.contains(",2005:Incident/"))
        && head.has(".status_sequence")
}

/// Reads every line.
pub(super) fn read(decoded: &Decoded<'_>) -> Result<Vec<Outcome>, ReadError> {
    let lines = decoded.body().lines().filter(|line| !line.trim().is_empty());
    let outcomes: Vec<Outcome> = lines.map(|line| outcome(line, decoded)).collect();
    if outcomes.iter().any(|outcome| outcome.record.is_some()) {
        return Ok(outcomes);
    }
    let mut error = ReadError::new("no line of it is an incident");
    error.span =
        outcomes.into_iter().flat_map(|outcome| outcome.problems).map(|(span, _)| span).next();
    Err(error)
}

fn outcome(text: &str, decoded: &Decoded<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let span = decoded.span_of(text);
    let mut say = |message: String| outcome.problems.push((span.clone(), message));
    let record = match serde_json::from_str::<&RawValue>(text).map(lenient::<Line<'_>>) {
        Ok(Lenient { value: Ok(line), ignored }) => {
            ignored.iter().for_each(|ignored| say(ignored.message("this line")));
            record(&line, &mut say)
        }
        Ok(Lenient { value: Err(error), .. }) | Err(error) => {
            say(format!("this line cannot be read: {}", json::reason(&error)));
            None
        }
    };
    outcome.record = record;
    outcome
}

fn record(line: &Line<'_>, say: &mut impl FnMut(String)) -> Option<IncidentRecord> {
    let url = line.url.as_deref().unwrap_or_default();
    let Some(id) = entry::id(url, line.entry_id.as_deref().unwrap_or_default()) else {
        say("this incident has neither an id nor an address, and was left out".to_owned());
        return None;
    };
    let title = line.title.as_deref().map(clean_line).filter(|title| !title.is_empty());
    let mut record = IncidentRecord::new(id.clone(), title.unwrap_or_else(|| id.clone()));
    record.url = feed::address(url);
    record.impact_word = line.impact.as_deref().map(clean_line).filter(|word| !word.is_empty());
    record.maintenance = record.impact_word.as_deref() == Some("maintenance");
    record.components =
        line.components.iter().map(|name| (String::new(), clean_line(name))).collect();
    let mut posts = Vec::with_capacity(line.updates.len());
    for update in &line.updates {
        let word = update.status.as_deref().map(clean_line).unwrap_or_default();
        let at = match Moment::parse(update.at.as_deref().unwrap_or_default(), None) {
            Ok(at) => Moment::known_to(at.earliest(), Precision::Minute),
            Err(problem) => {
                say(format!("an update of {id} has no time that can be read: {problem}"));
                let text =
                    clean_markdown(update.message.as_deref().unwrap_or_default(), TextKind::Plain);
                record.untimed.push(posts::untimed(&word, text));
                continue;
            }
        };
        let state = posts::state(&word);
        if state.is_none() {
            say(format!("an update of {id} has the unknown state `{word}`"));
        }
        let text = clean_markdown(update.message.as_deref().unwrap_or_default(), TextKind::Plain);
        posts.push(Post { at, created: None, word, state, text });
    }
    record.updates = posts::updates(posts, Order::OldestFirst);
    posts::fill_from_updates(&mut record);
    if record.announced.is_none() && record.untimed.is_empty() {
        say(format!("{id} was left out: none of its updates has a time or a text"));
        return None;
    }
    Some(record)
}
