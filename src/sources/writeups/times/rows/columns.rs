//! Finds the columns of a timeline table: time, actor, text.

use crate::sources::writeups::shape::blocks::{Table, plain};
use crate::sources::writeups::times::stamp;

/// The columns of a timeline table, by index.
pub(super) struct Columns {
    pub(super) time: Vec<usize>,
    pub(super) actor: Option<usize>,
    pub(super) text: Vec<usize>,
}

impl Columns {
    pub(super) fn of(table: &Table<'_>) -> Option<Self> {
        let heads: Vec<String> = table.head.iter().map(|head| plain(head).to_lowercase()).collect();
        let named = |head: &String, words: &[&str]| {
            head.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
        };
        let has_times = |at: &usize| {
            let stamps = table
                .rows
                .iter()
                .filter(|cells| cells.get(*at).is_some_and(|cell| stamp::leading(cell).is_some()));
            stamps.count() * 2 >= table.rows.len().max(1)
        };
        let mut time: Vec<usize> = (0..heads.len())
            .filter(|at| named(&heads[*at], &["time", "date", "when", "timestamp", "clock", "utc"]))
            .filter(|at| has_times(at) || table.rows.len() == 1)
            .collect();
        if time.is_empty() {
            time.extend((0..heads.len()).find(has_times));
        }
        // A date column followed by a time column is one time; any other second column is text.
        let is_day_first = |at: &[usize]| {
            named(&heads[at[0]], &["date"]) && named(&heads[at[1]], &["time", "utc"])
        };
        if time.len() > 2 || time.len() == 2 && !is_day_first(&time) {
            time.truncate(1);
        }
        let actor = heads
            .iter()
            .position(|head| named(head, &["who", "actor", "person", "author", "by", "responder"]));
        let text: Vec<usize> =
            (0..heads.len()).filter(|at| !time.contains(at) && Some(*at) != actor).collect();
        (!time.is_empty() && !text.is_empty()).then_some(Columns { time, actor, text })
    }
}
