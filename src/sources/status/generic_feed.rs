//! Any other feed: Atom, any version of RSS, or JSON Feed, with the feed-rs crate.
//!
//! The meaning of its dates is unknown: start, last update or end. So an entry is one post at the
//! time that the feed gives for it, without a state; its start, announcement and end stay unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, Feed, Text};
use feed_rs::parser::Builder;
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Warned};
use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;
use crate::sources::decode::{self, Decoded};
use crate::sources::input::Input;
use crate::sources::json::JsonHead;
use crate::sources::record::{IncidentRecord, Record, SectionName, content_id};
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::{Home, Order, feed_date, label_doubt};
use crate::sources::status::kit::feed::{self, FeedHead};
use crate::sources::status::kit::home::{Homes, page_of};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(crate) struct GenericFeed;

impl Source for GenericFeed {
    fn id(&self) -> &'static str {
        "feed"
    }

    fn about(&self) -> &'static str {
        "any other Atom, RSS or JSON feed: each entry as one post, assuming nothing about its dates"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let is_json = || {
            let head = JsonHead::scan(&decode::head(input))?;
            head.first(".version")
                .map(|version| version.replace("\\/", "/").contains("://jsonfeed.org/version/"))
        };
        // Readers that know the feed better come first.
        if FeedHead::of(input).is_some() || is_json() == Some(true) {
            Verdict::Maybe
        } else {
            Verdict::No("not a feed")
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        // feed-rs handles the encodings of XML declarations; only the places need UTF-8.
        let lossy;
        let (decoded, bytes) = match decode::decode(&input.bytes) {
            Ok(decoded) => (decoded, None),
            Err(_) if FeedHead::of(input).is_some() => {
                lossy = String::from_utf8_lossy(&input.bytes);
                (decode::decode(lossy.as_bytes())?, Some(input.bytes.as_slice()))
            }
            Err(error) => return Err(error),
        };
        if feed::is_unreasonable(decoded.body()) {
            return Err(ReadError::new(
                "its elements are nested too deeply, or one has too many attributes",
            ));
        }
        let (feed, doubts) = parse(bytes.unwrap_or(decoded.body().as_bytes()), options.zone)?;
        let mut warnings = Warnings::new(input, &decoded);
        if !feed.entries.is_empty() {
            let note = "posthoc does not know this kind of feed: its dates may mean the start, the last update or the end";
            warnings.say(
                Diagnostic::note(note)
                    .hint("each entry became one post at its date; nothing else was concluded"),
            );
        }
        let raw = raw_entries(&decoded, feed.entries.len());
        let provider = feed.title.as_ref().and_then(|title| feed::provider_of(&title.content));
        let homes = Homes::of(feed.links.iter().map(|link| &link.href).chain([&feed.id]));
        let items = feed.entries.into_iter().enumerate();
        let items: Vec<Item<'_>> = items
            .map(|(index, entry)| Item::new(entry, raw.get(index).copied().unwrap_or_default()))
            .collect();
        for (doubt, date) in doubts {
            let found = items
                .iter()
                .find_map(|item| Some((item, item.raw.find(&date)?)))
                .map(|(item, at)| (item.shown(), &item.raw[at..at + date.len()]));
            match found {
                Some((title, part)) => {
                    warnings.about(part, format!("{doubt} (incident \"{title}\")"));
                }
                None => warnings.about("", doubt),
            }
        }
        let mut records = Vec::with_capacity(items.len());
        for incident in grouped(items, &homes, &mut warnings) {
            for item in incident.items.iter().filter(|item| item.at.is_none()) {
                let message = format!(
                    "the entry \"{}\" has no date that can be read; its text is stored",
                    item.shown()
                );
                warnings.about(item.raw, message);
            }
            records.push(Record::Incident(IncidentRecord {
                provider: provider.clone(),
                ..incident.record()
            }));
        }
        Ok(warnings.finished(records))
    }
}

/// The source text of each entry, for places: XML elements, or objects of a JSON Feed. `None` if
/// they are not found, or their number is not `count`.
fn raw_entries<'a>(decoded: &'a Decoded<'_>, count: usize) -> Vec<&'a str> {
    #[derive(serde::Deserialize)]
    struct JsonFeed<'a> {
        #[serde(borrow, default)]
        items: Vec<&'a RawValue>,
    }
    let raw: Vec<&str> = match feed::parse(decoded) {
        Ok(feed) => feed.items.iter().map(|item| item.raw).collect(),
        Err(_) => serde_json::from_str::<JsonFeed<'_>>(decoded.body())
            .map_or_else(|_| Vec::new(), |feed| feed.items.iter().map(|item| item.get()).collect()),
    };
    if raw.len() == count { raw } else { Vec::new() }
}

/// The feed, and the doubts about its dates, each with the first date affected.
fn parse(bytes: &[u8], zone: Option<Zone>) -> Result<(Feed, BTreeMap<String, String>), ReadError> {
    let home = Home { zone };
    let doubts = Arc::new(Mutex::new(BTreeMap::new()));
    let noted = Arc::clone(&doubts);
    let parser = Builder::new()
        .sanitize_content(false)
        // A date without clock time or zone is not completed.
        .timestamp_parser(move |text| {
            let read = feed_date(text, home).and_then(|at| match at.precision() {
                Precision::Day => Err(format!("`{}` is a day without a time", text.trim())),
                _ => Ok(at),
            });
            let doubt = read.as_ref().err().cloned().or_else(|| label_doubt(text, home));
            if let Some(doubt) = doubt {
                let date = text.trim().to_owned();
                noted.lock().unwrap_or_else(PoisonError::into_inner).entry(doubt).or_insert(date);
            }
            Some(read.ok()?.earliest())
        })
        // The ids that feed-rs generates may be random.
        .id_generator(|_, _, _| String::new())
        .build();
    let feed = parser.parse(bytes).map_err(|error| {
        let mut refused = ReadError::new(format!("this feed cannot be read: {error}"));
        refused.hint = Some("fetch or save it again".to_owned());
        refused
    })?;
    let doubts = std::mem::take(&mut *doubts.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((feed, doubts))
}

/// An entry, as far as its feed describes it.
struct Item<'a> {
    /// The source text of the entry, if it was found.
    raw: &'a str,
    id: String,
    title: String,
    url: Option<String>,
    text: String,
    /// When its current text was published: an entry that is revised in place has a later revision
    /// time.
    at: Option<DateTime<Utc>>,
    published: Option<DateTime<Utc>>,
    revised: Option<DateTime<Utc>>,
}

impl<'a> Item<'a> {
    fn new(entry: Entry, raw: &'a str) -> Self {
        let title = entry.title.map(line).unwrap_or_default();
        let link =
            entry.links.iter().find(|link| matches!(link.rel.as_deref(), None | Some("alternate")));
        let url = link.and_then(|link| feed::address(&link.href));
        let text = match (entry.content, entry.summary) {
            (Some(content), summary) if content.body.is_some() => {
                let kind = content.content_type.essence().to_string();
                clean_markdown(
                    &content.body.or(summary.map(|text| text.content)).unwrap_or_default(),
                    text_kind(&kind),
                )
            }
            (_, Some(summary)) => clean_markdown(
                &summary.content,
                text_kind(&summary.content_type.essence().to_string()),
            ),
            _ => String::new(),
        };
        let at = entry.updated.max(entry.published);
        let (published, revised) = (entry.published, entry.updated);
        Item { raw, id: clean_line(&entry.id), title, url, text, at, published, revised }
    }

    /// How to name it in messages.
    fn shown(&self) -> String {
        match self.title.is_empty() {
            true => clean_line(&self.text).chars().take(80).collect(),
            false => self.title.clone(),
        }
    }

    /// Its title without a bracketed state: `[Resolved] Slow`.
    fn subject(&self) -> &str {
        let title = self.title.trim();
        let after = title
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .map(|(_, rest)| rest.trim());
        after.filter(|rest| !rest.is_empty()).unwrap_or(title)
    }

    /// The page of its incident; `None` if it links to the page of all incidents.
    fn own_page(&self, homes: &Homes) -> Option<String> {
        let page = page_of(self.url.as_deref()?);
        (!homes.is_home(&page)).then_some(page)
    }
}

/// The entries of one incident, in the order of the feed.
struct Entries<'a> {
    id: String,
    items: Vec<Item<'a>>,
}

/// The entries by incident. Entries that link to the same incident page under one title are one
/// incident. If entries with several titles share a page, it belongs to the title with the most
/// entries, or among equals to the oldest. An id that is the address of the whole page, or that
/// entries with other titles have too, is ignored.
fn grouped<'a>(
    items: Vec<Item<'a>>,
    homes: &Homes,
    warnings: &mut Warnings<'_>,
) -> Vec<Entries<'a>> {
    let mut subjects: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut pages: BTreeMap<String, BTreeMap<&str, (usize, usize)>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        subjects.entry(&item.id).or_default().insert(item.subject());
        if let Some(page) = item.own_page(homes) {
            let of_subject = pages.entry(page).or_default().entry(item.subject()).or_default();
            // Entries are listed newest first.
            *of_subject = (of_subject.0 + 1, index);
        }
    }
    let is_home = |item: &Item<'_>| item.id.contains("://") && homes.is_home(&item.id);
    let is_shared =
        |item: &Item<'_>| subjects.get(item.id.as_str()).is_some_and(|subjects| subjects.len() > 1);
    let mut strangers = Vec::new();
    let ids: Vec<String> = items
        .iter()
        .map(|item| {
            let page = item.own_page(homes);
            let owner = page.as_ref().and_then(|page| {
                pages[page].iter().max_by_key(|(_, counted)| **counted).map(|(owner, _)| *owner)
            });
            if let Some(page) = page.filter(|_| owner == Some(item.subject())) {
                return page;
            }
            let is_own = !item.id.is_empty() && !is_home(item);
            if owner.is_some() || is_own && is_shared(item) {
                strangers.push((item.raw, item.shown()));
            }
            if is_own && !is_shared(item) {
                return item.id.clone();
            }
            let day = item.published.or(item.at).map(|at| at.to_rfc3339()).unwrap_or_default();
            content_id(&[&item.title, &day])
        })
        .collect();
    for (raw, shown) in strangers {
        let message = format!(
            "the entry \"{shown}\" has the id or the address of an entry with another title: \
             they are two incidents, and were not merged"
        );
        warnings.about(raw, message);
    }
    let mut incidents: Vec<Entries<'_>> = Vec::new();
    let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (item, id) in items.into_iter().zip(ids) {
        let subject = item.subject().to_owned();
        let place = *known.entry((id.clone(), subject)).or_insert(incidents.len());
        match incidents.get_mut(place) {
            Some(incident) => incident.items.push(item),
            None => incidents.push(Entries { id, items: vec![item] }),
        }
    }
    incidents
}

impl Entries<'_> {
    fn record(&self) -> IncidentRecord {
        let title = self.items.iter().map(Item::shown).find(|shown| !shown.is_empty());
        let mut record =
            IncidentRecord::new(self.id.clone(), title.unwrap_or_else(|| self.id.clone()));
        record.url = self.items.iter().find_map(|item| item.url.clone());
        record.revised = self.items.iter().filter_map(|item| item.revised).max();
        let mut found = Vec::new();
        let mut untimed = Vec::new();
        for item in &self.items {
            let text = if item.text.is_empty() {
                clean_markdown(&item.title, TextKind::Plain)
            } else {
                item.text.clone()
            };
            let Some(at) = item.at else {
                untimed.push(text);
                continue;
            };
            let created = item.published.filter(|published| *published != at);
            let at = Moment::exact(at);
            found.push(Post { at, created, word: String::new(), state: None, text });
        }
        record.updates = posts::updates(found, Order::NewestFirst);
        if !untimed.is_empty() {
            record.sections.push((SectionName::Summary, untimed.join("\n\n")));
        }
        record
    }
}

fn line(text: Text) -> String {
    clean_line(&text.content)
}

/// A feed may declare its HTML as plain text, so anything that is not certainly HTML is read as
/// Markdown, which may contain both.
fn text_kind(media_type: &str) -> TextKind {
    if media_type.contains("html") { TextKind::Html } else { TextKind::Markdown }
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
