//! The mapping that the names and the first values of fields suggest.

use super::description::{MappedKind, Mapping, NamedMapping};
use super::leaves::{self, Leaves, has_zone, is_time};
use super::names::{self, Role, rank, words};
use crate::sources::decode::head_of;
use crate::sources::input::Input;

/// The mapping that the names and the first values of the fields of an input suggest. `None` where no record has a
/// time and anything else that can be used.
pub(crate) fn guess(input: &Input) -> Option<Mapping> {
    let within = |most| of(&head_of(input, most), &input.name);
    let is_longer = input.bytes.len() > leaves::LOOKED_AT;
    within(leaves::LOOKED_AT)
        .or_else(|| is_longer.then(|| within(leaves::LOOKED_AT_IN_VAIN)).flatten())
}

/// The first of a person's mappings whose fields are in an input.
pub(crate) fn fitting<'m>(
    input: &Input,
    mappings: impl IntoIterator<Item = (&'m String, &'m Mapping)>,
) -> Option<NamedMapping> {
    let mut mappings = mappings.into_iter().peekable();
    mappings.peek()?;
    let head = head_of(input, leaves::LOOKED_AT);
    let (name, mapping) = mappings.find(|(_, mapping)| fits(mapping, &head))?;
    Some(NamedMapping { name: name.clone(), mapping: mapping.clone() })
}

/// A record has its fields no deeper than this.
const DEEPEST: usize = 6;

/// A field of a record: its path within it, the last key of that, its words, its depth and its first value.
struct Field<'a> {
    path: &'a str,
    key: &'a str,
    words: Vec<String>,
    depth: usize,
    value: &'a str,
}

impl<'a> Field<'a> {
    fn new(path: &'a str, value: &'a str) -> Self {
        let is_of_a_table = path.contains(' ');
        let key = if is_of_a_table { path } else { path.rsplit('.').next().unwrap_or(path) };
        let depth = if is_of_a_table { 0 } else { path.matches('.').count() };
        Field { path, key, words: words(key), depth, value }
    }

    fn is_empty(&self) -> bool {
        self.value.trim().is_empty() || self.value == "null"
    }

    fn is_number(&self) -> bool {
        self.value.parse::<f64>().is_ok()
    }

    /// Whether it may be a sample of a metric.
    fn is_sample(&self) -> bool {
        let last = self.words.last().map_or("", String::as_str);
        self.is_number()
            && !is_time(self.value)
            && !names::NO_SAMPLES.contains(&last)
            && names::time(&self.words).is_none()
    }

    fn is_text(&self) -> bool {
        !self.is_empty()
            && !self.is_number()
            && !matches!(self.value, "true" | "false")
            && !self.value.contains("://")
            && !is_time(self.value)
    }
}

/// The mapping of the text that begins with `head`, which is in the file `name`.
fn of(head: &str, name: &str) -> Option<Mapping> {
    match Leaves::of(head)? {
        Leaves::Table(columns) => {
            let fields = columns.iter().map(|(name, value)| Field::new(name, value)).collect();
            let found = record(fields)?;
            Some(found.finish(None, is_about_incidents("", name)))
        }
        Leaves::Json(leaves) => json(&leaves, name),
    }
}

fn json(leaves: &std::collections::BTreeMap<String, String>, name: &str) -> Option<Mapping> {
    if let Some(path) = samples(leaves) {
        let path = Some(path.to_owned());
        return Some(Mapping {
            kind: MappedKind::Series,
            time: path.clone(),
            value: path,
            ..Mapping::default()
        });
    }
    let mut lists: Vec<&str> = vec![""];
    for path in leaves.keys() {
        lists.extend(path.match_indices("[]").map(|(at, _)| &path[..at + 2]));
    }
    lists.sort_unstable();
    lists.dedup();
    let mut best: Option<(Score, RecordFields<'_>, &str)> = None;
    for list in lists {
        let inside = leaves.iter().filter_map(|(path, value)| {
            let inside = path.strip_prefix(list)?.strip_prefix('.')?;
            Some((inside, value.as_str()))
        });
        let fields: Vec<Field<'_>> = inside
            .filter(|(path, _)| !path.contains("[]"))
            .map(|(path, value)| Field::new(path, value))
            .filter(|field| field.depth < DEEPEST)
            .collect();
        let Some(mut found) = record(fields) else { continue };
        found.updates = updates(leaves, list);
        let score = found.score(list);
        if best.as_ref().is_none_or(|(other, ..)| score > *other) {
            best = Some((score, found, list));
        }
    }
    let (_, found, list) = best?;
    let is_about_incidents = is_about_incidents(list, name);
    let path = list.replace("[]", "").trim_matches('.').to_owned();
    Some(found.finish(Some(path).filter(|path| !path.is_empty()), is_about_incidents))
}

/// Whether the paths of a mapping that a person wrote are in an input.
fn fits(mapping: &Mapping, head: &str) -> bool {
    let Some(leaves) = Leaves::of(head) else { return false };
    let of_records = match mapping.kind {
        MappedKind::Series => [mapping.time.as_deref(), mapping.value.as_deref()],
        _ => [mapping.time.as_deref(), mapping.title.as_deref().or(mapping.text.as_deref())],
    };
    let records = mapping.records.as_deref().unwrap_or_default();
    let is_there = |path: &str| match &leaves {
        Leaves::Table(columns) => columns
            .iter()
            .any(|(name, _)| name == path || crate::sources::objects::column_name(name) == path),
        Leaves::Json(leaves) => leaves.keys().any(|known| {
            let known = known.replace("[]", "");
            let wanted = format!("{records}.{path}");
            known.trim_start_matches('.') == wanted.trim_start_matches('.')
        }),
    };
    of_records.into_iter().flatten().all(|paths| paths.split('|').any(|path| is_there(path.trim())))
}

/// The path of samples that are no objects: pairs that begin with a time, keys that are times, or a list of times
/// beside one of numbers.
fn samples(leaves: &std::collections::BTreeMap<String, String>) -> Option<&str> {
    let is_number = |value: &String| value.parse::<f64>().is_ok();
    let is_one = |(path, value): &(&String, &String)| {
        let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
        let beside = || {
            let (parent, own) = (format!("{parent}."), *path);
            leaves.iter().any(|(path, value)| {
                path != own
                    && path.starts_with(&parent)
                    && path.ends_with("[]")
                    && is_number(value)
                    && !is_time(value)
            })
        };
        path.ends_with("[][]") && is_time(value)
            || key.len() >= 9 && !key.contains('[') && is_time(key) && is_number(value)
            || key.ends_with("[]") && !key.ends_with("[][]") && is_time(value) && beside()
    };
    leaves.iter().find(is_one).map(|(path, _)| path.as_str())
}

/// Whether the list or the file is called after incidents.
fn is_about_incidents(list: &str, name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    let list = list.to_lowercase();
    ["incident", "outage", "postmortem"]
        .iter()
        .any(|word| file.contains(word) || list.contains(word))
}

/// How good a list is as that of the records; the greatest is the best.
type Score = (usize, bool, std::cmp::Reverse<usize>, bool);

/// What a record has.
struct RecordFields<'a> {
    fields: Vec<Field<'a>>,
    time: &'a str,
    time_depth: usize,
    end: Option<&'a str>,
    acknowledged: Option<&'a str>,
    title: Option<(usize, &'a str)>,
    text: Option<(usize, &'a str)>,
    /// The list of updates, and the fields of one: the time, the text, the state.
    updates: Option<(String, Mapping)>,
}

fn record(fields: Vec<Field<'_>>) -> Option<RecordFields<'_>> {
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
        // The name in a line of a log is that of its logger.
        (Some((1.., _)), Some((0, _))) => title = None,
        // What is deeper than the title is about something else: a runbook, a person.
        (Some((0, of_title)), Some((_, of_text))) if of_text.depth > of_title.depth => text = None,
        _ => {}
    }
    let title = title.map(|(rank, field)| (rank, field.path));
    let text = text.map(|(rank, field)| (rank, field.path));
    Some(RecordFields { time, time_depth, end, acknowledged, title, text, updates: None, fields })
}

/// The longest text of a record whose names say nothing: a sentence, or a word where there are no numbers that a metric
/// could be of.
fn longest<'f, 'a>(
    fields: &'f [Field<'a>],
    title: Option<&str>,
    time: &str,
) -> Option<(usize, &'f Field<'a>)> {
    // What is an environment, a person or a service is not the text.
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
    // A word deeper in a record is about something else than what happened.
    let words = others().filter(|field| field.depth == 0 && !has_samples && title.is_none());
    words.max_by_key(size).map(|field| (4, field))
}

/// Whether two fields may be about one thing: they are in the same part of the record, or one is in none.
fn is_related(path: &str, time: &str) -> bool {
    match (path.split_once('.'), time.split_once('.')) {
        (Some((part, _)), Some((of_time, _))) => part == of_time,
        _ => true,
    }
}

/// The fields with the time of the record, with its end and with its acknowledgement.
#[allow(clippy::type_complexity, reason = "three fields of one list")]
fn times<'f, 'a>(
    fields: &'f [Field<'a>],
) -> Option<(&'f Field<'a>, Option<&'f Field<'a>>, Option<&'f Field<'a>>)> {
    let of = |wanted: Role| {
        let found = fields.iter().filter(move |field| names::time(&field.words) == Some(wanted));
        found.min_by_key(|field| (!is_time(field.value), field.depth))
    };
    // A field whose value is `null` is of something that is not over yet.
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

/// The field that is likeliest of a kind: by its name, and the less deep the better.
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
fn updates(
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

    fn score(&self, list: &str) -> Score {
        let says = self.title.or(self.text).is_some_and(|(rank, _)| rank < 3);
        let class = match () {
            () if self.updates.is_some() => 4,
            // A document that has a time and a text of its own is about itself, whatever lists are in it.
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

    /// The path of the text. Records of one list may have it under several names, each of which says the same.
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

    fn finish(self, records: Option<String>, is_about_incidents: bool) -> Mapping {
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

    /// The version that was deployed. Many records have the version of their own format, or that of the program which
    /// wrote them: only a commit, an environment or the name of the time makes a change of it.
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

#[cfg(test)]
mod tests {
    use super::guess;
    use crate::sources::input::Input;

    fn guessed(name: &str, text: &str) -> String {
        guess(&Input::new(name, text)).map_or("nothing".to_owned(), |mapping| mapping.to_toml("x"))
    }

    #[test]
    fn fields_are_found_by_their_names_and_values() {
        insta::assert_snapshot!(guessed("a.json", r#"{"meta": {"page": 1}, "results": {"items": [{"event": {"id": 7, "time": {"utc": "2026-03-01T10:00:00Z"}, "updated": "2026-03-02T10:00:00Z", "data": {"message": "Primary lost", "severity": "critical"}}}]}}"#), @r#"
        [formats.x]
        kind = "entries"
        records = "results.items"
        time = "event.time.utc"
        text = "event.data.message"
        severity = "event.data.severity"
        id = "event.id"
        "#);
        insta::assert_snapshot!(guessed("a.json", r#"{"alerts": [{"alertId": "a1", "alertTitle": "Queue", "triggeredAt": "2026-03-01T10:00:00Z", "resolvedAt": null, "ackedAt": "2026-03-01T10:02:00Z", "sev": "high"}]}"#), @r#"
        [formats.x]
        kind = "entries"
        records = "alerts"
        time = "triggeredAt"
        end = "resolvedAt"
        acknowledged = "ackedAt"
        title = "alertTitle"
        severity = "sev"
        id = "alertId"
        "#);
        // Names in another language: the values show the time and the text.
        insta::assert_snapshot!(guessed("a.csv", "Zeitpunkt;Dienst;Meldung\n2026-03-01 10:00:00;Shop;Antwortet nicht mehr\n"), @r#"
        [formats.x]
        kind = "entries"
        time = "Zeitpunkt"
        text = "Meldung"
        "#);
    }

    #[test]
    fn records_with_a_course_or_updates_are_incidents() {
        insta::assert_snapshot!(guessed("incidents.json", r#"[{"from": "2026-03-01T10:00:00Z", "to": null, "reason": "Host update", "planned": true}]"#), @r#"
        [formats.x]
        kind = "incidents"
        time = "from"
        end = "to"
        text = "reason"
        "#);
        insta::assert_snapshot!(guessed("status.json", r#"[{"id": 1, "title": "Slow", "startedAt": "Mar 1, 2026 10:00 UTC", "updates": [{"status": "investigating", "time": "Mar 1, 2026 10:05 UTC", "message": "We look"}]}]"#), @r#"
        [formats.x]
        kind = "incidents"
        time = "startedAt"
        title = "title"
        id = "id"
        updates = "updates"
        update_time = "time"
        update_text = "message"
        update_state = "status"
        "#);
    }

    #[test]
    fn numbers_without_a_text_are_samples() {
        insta::assert_snapshot!(guessed("a.jsonl", "{\"fields\": {\"idle\": 90.1}, \"name\": \"cpu\", \"tags\": {\"host\": \"a\"}, \"timestamp\": 1772359200}\n"), @r#"
        [formats.x]
        kind = "series"
        time = "timestamp"
        value = "fields.idle"
        labels = ["name", "tags.host"]
        "#);
        for nothing in
            ["{}", "[1, 2]", r#"{"a": "b"}"#, "a,b\n1,2\n", "One, two\nand three, four, five\n"]
        {
            assert_eq!(guessed("x", nothing), "nothing", "{nothing}");
        }
    }
}
