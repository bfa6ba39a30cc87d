//! Assigns roles to the fields of a record, by their names and first values.

use super::field::Field;
use crate::sources::mapping::description::{MappedKind, Mapping};
use crate::sources::mapping::leaves::{has_zone, is_time};
use crate::sources::mapping::names::{self, Role, rank};

/// How likely a list contains the records; the greatest score wins.
pub(super) type Score = (usize, bool, std::cmp::Reverse<usize>, bool);

/// The fields of a record, with their roles.
pub(super) struct RecordFields<'a> {
    fields: Vec<Field<'a>>,
    time: &'a str,
    time_depth: usize,
    end: Option<&'a str>,
    acknowledged: Option<&'a str>,
    title: Option<(usize, &'a str)>,
    text: Option<(usize, &'a str)>,
    /// The path of the list of updates, and the time, the text and the state of an update.
    pub(super) updates: Option<(String, Mapping)>,
}

pub(super) fn record(fields: Vec<Field<'_>>) -> Option<RecordFields<'_>> {
    let (time, end, acknowledged) = times(&fields)?;
    let (time, time_depth) = (time.path, time.depth);
    let (end, acknowledged) = (end.map(|field| field.path), acknowledged.map(|field| field.path));
    let is_one = |field: &Field<'_>| field.is_text() && is_related(field.path, time);
    let mut title = best(&fields, names::TITLES, is_one);
    let mut text = best(&fields, names::TEXTS, is_one);
    if text.is_none() && title.is_none_or(|(rank, _)| rank > 0) {
        text = longest(&fields, title.map(|(_, title)| title.path), time);
    }
    match (title, text) {
        // The name in a log line is the name of its logger.
        (Some((1.., _)), Some((0, _))) => title = None,
        // Deeper fields than the title describe something else: a runbook, a person.
        (Some((0, of_title)), Some((_, of_text))) if of_text.depth > of_title.depth => text = None,
        _ => {}
    }
    let title = title.map(|(rank, field)| (rank, field.path));
    let text = text.map(|(rank, field)| (rank, field.path));
    Some(RecordFields { time, time_depth, end, acknowledged, title, text, updates: None, fields })
}

/// The longest text of a record whose names give no hint: a sentence, or a word if the record has
/// no numbers that could be samples.
fn longest<'f, 'a>(
    fields: &'f [Field<'a>],
    title: Option<&str>,
    time: &str,
) -> Option<(usize, &'f Field<'a>)> {
    // An environment, a person or a service is not the text.
    let other_roles = [
        names::IDS,
        names::STATES,
        names::SEVERITIES,
        names::ACTORS,
        names::SERVICES,
        names::VERSIONS,
        names::ENVIRONMENTS,
    ];
    let is_free = |field: &Field<'_>| {
        other_roles.iter().all(|names| rank(field.key, &field.words, names).is_none())
    };
    let others = || {
        let texts = fields.iter().filter(|field| field.is_text() && Some(field.path) != title);
        texts.filter(|field| is_free(field) && is_related(field.path, time))
    };
    let size = |field: &&Field<'_>| (std::cmp::Reverse(field.depth), field.value.len());
    let is_sentence =
        |field: &&Field<'_>| field.value.trim().contains(' ') && field.value.len() >= 8;
    if let Some(sentence) = others().filter(is_sentence).max_by_key(size) {
        return Some((3, sentence));
    }
    let has_samples = fields.iter().any(Field::is_sample);
    // A single word deep in a record does not say what happened.
    let words = others().filter(|field| field.depth == 0 && !has_samples && title.is_none());
    words.max_by_key(size).map(|field| (4, field))
}

/// Whether two fields may describe the same thing: they are in the same part of the record, or one
/// of them is at its top level.
fn is_related(path: &str, time: &str) -> bool {
    match (path.split_once('.'), time.split_once('.')) {
        (Some((part, _)), Some((of_time, _))) => part == of_time,
        _ => true,
    }
}

/// The fields with the time of the record, its end and its acknowledgement.
#[allow(clippy::type_complexity, reason = "three fields of one list")]
fn times<'f, 'a>(
    fields: &'f [Field<'a>],
) -> Option<(&'f Field<'a>, Option<&'f Field<'a>>, Option<&'f Field<'a>>)> {
    let of = |wanted: Role| {
        let found = fields.iter().filter(move |field| names::time(&field.words) == Some(wanted));
        found.min_by_key(|field| (!is_time(field.value), field.depth))
    };
    // A `null` end means that it is ongoing.
    let is_due = |field: &&Field<'_>| is_time(field.value) || field.is_empty();
    let end = of(Role::End).filter(is_due);
    let acknowledged = of(Role::Acknowledged).filter(is_due);
    let has_course = end.is_some() || acknowledged.is_some();
    let found = fields
        .iter()
        .filter(|field| is_time(field.value))
        .filter_map(|field| {
            let is_written = !field.is_number();
            let rank = match names::time(&field.words) {
                Some(Role::Time) if has_course => 2,
                Some(Role::Time) => 0,
                Some(Role::Start) => 1,
                Some(Role::Created) => 3,
                None if is_written => 4,
                Some(Role::End) => 5,
                Some(Role::Late) => 6,
                Some(Role::Acknowledged) | None => return None,
            };
            Some(((rank, !has_zone(field.value), field.depth), field))
        })
        .min_by_key(|(cost, _)| *cost)?;
    let time = found.1;
    Some((time, end.filter(|end| end.path != time.path), acknowledged))
}

/// The likeliest field for a role: by its name, then by its depth, the least first.
fn best<'f, 'a>(
    fields: &'f [Field<'a>],
    lists: &[&[&str]],
    is_good: impl Fn(&Field<'_>) -> bool,
) -> Option<(usize, &'f Field<'a>)> {
    fields
        .iter()
        .filter(|field| is_good(field))
        .filter_map(|field| Some((rank(field.key, &field.words, lists)?, field)))
        .min_by_key(|(rank, field)| (*rank, field.depth, field.words.len()))
}

/// The list of updates of the records of `list`, with the mapping of one.
pub(super) fn updates(
    leaves: &std::collections::BTreeMap<String, String>,
    list: &str,
) -> Option<(String, Mapping)> {
    names::UPDATES.iter().find_map(|name| {
        let prefix = format!("{list}.{name}[].");
        let fields: Vec<Field<'_>> = leaves
            .iter()
            .filter_map(|(path, value)| Some(Field::new(path.strip_prefix(&prefix)?, value)))
            .filter(|field| !field.path.contains("[]"))
            .collect();
        let found = record(fields)?;
        let text = found.text.or(found.title)?.1;
        let mapping = Mapping {
            update_time: Some(found.time.to_owned()),
            update_text: Some(text.to_owned()),
            update_state: found.path_of(names::STATES, |field| field.is_text()),
            ..Mapping::default()
        };
        Some(((*name).to_owned(), mapping))
    })
}

impl RecordFields<'_> {
    fn path_of(&self, lists: &[&[&str]], is_good: impl Fn(&Field<'_>) -> bool) -> Option<String> {
        best(&self.fields, lists, is_good).map(|(_, field)| field.path.to_owned())
    }

    fn short_text(&self, lists: &[&[&str]]) -> Option<String> {
        self.path_of(lists, |field| {
            (field.is_text() || field.is_number()) && field.value.len() <= 80
        })
    }

    pub(super) fn score(&self, list: &str) -> Score {
        let says = self.title.or(self.text).is_some_and(|(rank, _)| rank < 3);
        let class = match () {
            () if self.updates.is_some() => 4,
            // A document that has a time and a text of its own is about itself, whatever lists are
            // in it.
            () if list.is_empty() && says && self.time_depth == 0 => 3,
            () if says => 2,
            () if self.text.is_some() || self.samples().next().is_some() => 1,
            () => 0,
        };
        let depth = list.matches(['.', '[']).count();
        (class, !list.is_empty(), std::cmp::Reverse(depth), self.end.is_some())
    }

    /// The fields that may be samples of a metric.
    fn samples(&self) -> impl Iterator<Item = &Field<'_>> {
        self.fields.iter().filter(|field| field.is_sample())
    }

    /// The path of the text. Records of one list may have it under several names, each of which
    /// says the same.
    fn text(&self) -> Option<String> {
        let (rank_of_text, first) = self.text?;
        if rank_of_text > 0 {
            return Some(first.to_owned());
        }
        let mut likely: Vec<&Field<'_>> = self
            .fields
            .iter()
            .filter(|field| field.is_text() && is_related(field.path, self.time))
            .filter(|field| rank(field.key, &field.words, names::TEXTS) == Some(0))
            .collect();
        likely.sort_by_key(|field| (field.depth, field.words.len()));
        let paths: Vec<&str> = likely.iter().take(3).map(|field| field.path).collect();
        Some(if paths.contains(&first) { paths.join(" | ") } else { first.to_owned() })
    }

    pub(super) fn finish(self, records: Option<String>, is_about_incidents: bool) -> Mapping {
        let state = self.path_of(names::STATES, |field| {
            (field.is_text() || field.is_number()) && field.value.len() <= 40
        });
        let severity =
            self.short_text(names::SEVERITIES).filter(|path| Some(path) != state.as_ref());
        let version = self.version();
        let says = self.title.is_some_and(|(rank, _)| rank == 0) || self.text.is_some();
        let samples: Vec<String> = self.samples().map(|field| field.path.to_owned()).collect();
        let is_series = !says
            && version.is_none()
            && !samples.is_empty()
            && self.end.is_none_or(|_| self.updates.is_none())
            && !self.fields.iter().any(|field| {
                rank(field.key, &field.words, names::STATES).is_some() && field.is_text()
            });
        let has_name = self.title.or(self.text).is_some_and(|(rank, _)| rank < 4)
            || self.short_text(names::SERVICES).is_some();
        let kind = match () {
            () if self.updates.is_some() => MappedKind::Incidents,
            () if is_about_incidents && has_name && !is_series => MappedKind::Incidents,
            () if is_series => MappedKind::Series,
            () => MappedKind::Entries,
        };
        let text = |path: Option<&str>| path.map(str::to_owned);
        let mut mapping =
            Mapping { kind, records, time: Some(self.time.to_owned()), ..Mapping::default() };
        if kind == MappedKind::Series {
            mapping.labels = self
                .fields
                .iter()
                .filter(|field| field.is_text() && field.value.len() <= 80)
                .map(|field| field.path.to_owned())
                .collect();
            mapping.value = Some(samples.join(" | "));
            return mapping;
        }
        mapping.end = text(self.end);
        mapping.acknowledged = text(self.acknowledged);
        mapping.title = text(self.title.map(|(_, path)| path));
        mapping.text = self.text();
        mapping.state = state;
        mapping.severity = severity;
        mapping.id = self.short_text(names::IDS);
        mapping.actor = self.short_text(names::ACTORS).filter(|path| {
            [mapping.title.as_ref(), mapping.text.as_ref()].iter().all(|other| *other != Some(path))
        });
        mapping.service = self.short_text(names::SERVICES);
        mapping.environment = version.as_ref().and_then(|_| self.short_text(names::ENVIRONMENTS));
        mapping.version = version;
        mapping.url = self.path_of(names::URLS, |field| field.value.contains("://"));
        if let Some((list, update)) = self.updates {
            mapping = Mapping { updates: Some(list), ..mapping };
            mapping.update_time = update.update_time;
            mapping.update_text = update.update_text;
            mapping.update_state = update.update_state;
        }
        mapping
    }

    /// The version that was deployed. Many records have the version of their own format, or that of
    /// the program which wrote them: only a commit, an environment or the name of the time makes a
    /// change of it.
    fn version(&self) -> Option<String> {
        let (_, field) = best(&self.fields, names::VERSIONS, |field| {
            !field.is_empty() && field.value.len() <= 80
        })?;
        let key = crate::sources::objects::column_name(field.key);
        let is_of_a_change = names::CHANGES.contains(&key.as_str())
            || self.short_text(names::ENVIRONMENTS).is_some()
            || ["deploy", "releas", "updated"]
                .iter()
                .any(|word| self.time.to_lowercase().contains(word));
        (is_of_a_change && field.depth <= 2).then(|| field.path.to_owned())
    }
}
