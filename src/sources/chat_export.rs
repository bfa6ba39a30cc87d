//! The export of a whole chat workspace: a folder for each channel with a file for each day, and a
//! list of users.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use crate::sources::record::Record;

/// The list of users, at the top of an export.
pub(crate) const PEOPLE: &str = "users.json";

/// The files of an export, by their paths in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Export<'n> {
    /// The prefix of every path: `my-export/`.
    pub top: &'n str,
    /// The day files: the index of the file, its channel and its day.
    pub days: Vec<(usize, &'n str, NaiveDate)>,
    /// The index of the list of users.
    pub people: Option<usize>,
}

impl<'n> Export<'n> {
    /// The export with these file paths, if it is one.
    pub(crate) fn of(names: &'n [String]) -> Option<Self> {
        let is_top = |name: &&String| {
            let file = name.rsplit('/').next().unwrap_or_default();
            file == PEOPLE || file == "channels.json"
        };
        let top = names.iter().filter(is_top).min_by_key(|name| name.matches('/').count())?;
        let top = &top[..top.rfind('/').map_or(0, |slash| slash + 1)];
        let mut export = Export { top, ..Export::default() };
        for (index, name) in names.iter().enumerate() {
            let Some(inside) = name.strip_prefix(top) else { continue };
            if inside == PEOPLE {
                export.people = Some(index);
            }
            let parts = inside.split_once('/').and_then(|(channel, day)| {
                Some((channel, day.strip_suffix(".json")?.parse::<NaiveDate>().ok()?))
            });
            export.days.extend(parts.map(|(channel, day)| (index, channel, day)));
        }
        (!export.days.is_empty()).then_some(export)
    }

    /// The names of its channels.
    pub(crate) fn channels(&self) -> BTreeSet<&'n str> {
        self.days.iter().map(|(_, channel, _)| *channel).collect()
    }

    /// The files of `channel`, if one is given, and of the days from `since` to `until`. The days
    /// of an export are in the zone of whoever made it, so the days before and after are read too.
    pub(crate) fn limit(
        &mut self,
        channel: Option<&str>,
        since: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) {
        let day = TimeDelta::days(1);
        self.days.retain(|(_, name, date)| {
            channel.is_none_or(|channel| *name == channel)
                && since.is_none_or(|since| *date >= (since - day).date_naive())
                && until.is_none_or(|until| *date <= (until + day).date_naive())
        });
        self.days.sort_by_key(|(_, channel, date)| (*channel, *date));
    }
}

/// The names of users by id, from the list of users.
pub(crate) fn people(list: &[u8]) -> BTreeMap<String, String> {
    let list: Value = serde_json::from_slice(list).unwrap_or_default();
    let list = list.get("members").unwrap_or(&list);
    let name = |person: &Value| {
        let of = |path: &str| {
            let name = person.pointer(path)?.as_str()?.trim();
            (!name.is_empty()).then(|| name.to_owned())
        };
        let name = ["/profile/real_name", "/real_name", "/profile/display_name", "/name"]
            .iter()
            .find_map(|path| of(path))?;
        Some((of("/id")?, name))
    };
    list.as_array().into_iter().flatten().filter_map(name).collect()
}

/// Replaces user ids in messages by names.
pub(crate) fn name_people(records: &mut [Record], people: &BTreeMap<String, String>) {
    for record in records {
        let Record::Event(event) = record else { continue };
        if let Some(name) = event.actor.as_ref().and_then(|actor| people.get(actor)) {
            event.actor = Some(name.clone());
        }
        if event.text.contains('@') {
            event.text = named(&event.text, people);
        }
    }
}

/// `text` with the name for each user id after an `@`.
fn named(text: &str, people: &BTreeMap<String, String>) -> String {
    let mut parts = text.split('@');
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len());
        let (id, rest) = part.split_at(end);
        written.push('@');
        written.push_str(people.get(id).map_or(id, String::as_str));
        written.push_str(rest);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn export_is_recognised_and_limited_to_a_channel_and_days() {
        let names = names(&[
            "x/users.json",
            "x/channels.json",
            "x/ops/2026-03-16.json",
            "x/ops/2026-03-17.json",
            "x/ops/2026-03-20.json",
            "x/ops/canvas.json",
            "x/shop/2026-03-17.json",
            "__MACOSX/x/ops/2026-03-17.json",
        ]);
        let mut export = Export::of(&names).unwrap();
        assert_eq!((export.top, export.people), ("x/", Some(0)));
        assert_eq!(export.channels().into_iter().collect::<Vec<_>>(), ["ops", "shop"]);
        let at = |text: &str| text.parse().ok();
        export.limit(Some("ops"), at("2026-03-17T12:00:00Z"), at("2026-03-17T18:00:00Z"));
        assert_eq!(export.days.iter().map(|(index, ..)| *index).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn other_files_are_not_an_export() {
        assert_eq!(Export::of(&names(&["a/2026-03-17.json", "b.json"])), None);
        assert_eq!(Export::of(&names(&["users.json", "a.json"])), None);
    }

    #[test]
    fn user_ids_become_names() {
        let list = br#"[{"id": "U1", "name": "ana", "profile": {"real_name": "Ana Alm"}}, {"id": "U2", "name": "li", "real_name": " "}]"#;
        let people = people(list);
        assert_eq!(
            named("@U1 and @U2, not @U3 or ana@U1x", &people),
            "@Ana Alm and @li, not @U3 or ana@U1x"
        );
        assert!(super::people(b"no list").is_empty());
    }
}
