//! The entries of a record.

use crate::assemble::entry_key::stamped;
use crate::model::time::Moment;
use crate::model::timeline::{Entry, EntryKind, State, Visibility};
use crate::sources::record::IncidentRecord;

/// The entries of a record: its updates, followed by those without a time.
pub(super) fn entries(record: &IncidentRecord, source: &str) -> Vec<Entry> {
    let timed = record
        .updates
        .iter()
        .map(|update| (Some(update.at), update.state, &update.text, &update.id));
    let untimed = record.untimed.iter().map(|post| (None, post.state, &post.text, &post.id));
    let entry = |(at, state, text, id): (Option<Moment>, Option<State>, &String, &String)| {
        let entry = Entry {
            at,
            text: text.trim().to_owned(),
            kind: Some(EntryKind::StatusUpdate),
            state,
            visibility: Some(Visibility::Public),
            ..Entry::default()
        };
        stamped(entry, source, id)
    };
    timed.chain(untimed).map(entry).collect()
}
