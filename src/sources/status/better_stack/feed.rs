//! Better Stack (Better Uptime), `feed.rss`.
//!
//! An item is one update, at its `pubDate`. Items of one incident share its number, which comes
//! before the update's hash in their guid: `https://status.example.com/incident/7#a1b2`. Monitor
//! events on a page without reports have no number: `X went down` and `X recovered` then share the
//! whole guid, `https://status.example.com/#c3d4`, and the link is the page's own. The only states
//! are the recovery of a monitor and, in the vendor's example of a feed, a prefix of the title:
//! `[Resolved] …`. Since 2026 many feeds leave out the monitors.
//!
//! The structure is documented at betterstack.com/docs (RSS feed subscriptions); guids and titles
//! are those that public clients read.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use crate::diag::Warned;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::model::zone::Zone;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::{Home, Order};
use crate::sources::status::kit::feed::{self, FeedHead, Item};
use crate::sources::status::kit::home::{Homes, id_of_content};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The wordings of a monitor's title.
const DOWN: &str = "went down";
const UP: &str = "recovered";

/// The prefix of an incident's number.
const INCIDENT: &str = "/incident/";

pub(crate) struct BetterStackFeed;

impl Source for BetterStackFeed {
    fn id(&self) -> &'static str {
        "better-stack-feed"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn about(&self) -> &'static str {
        "Better Stack status page: feed.rss"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/feed.rss"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = FeedHead::of(input) else { return Verdict::No("not a feed") };
        let guids = || {
            head.between("<guid", '<').filter_map(|rest| rest.split_once('>')).map(|(_, guid)| guid)
        };
        let is_numbered = guids().any(|guid| numbered(guid).is_some());
        let is_monitored = || {
            guids().any(|guid| guid.contains('#')) && head.between("<title>", '<').any(is_monitors)
        };
        if !head.is_atom && (is_numbered || is_monitored()) {
            Verdict::Yes
        } else {
            Verdict::No("a feed, but not of Better Stack's updates")
        }
    }

    fn read(
        &self,
        input: &Input,
        _options: &ReadOptions,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let feed = feed::parse(&decoded)?;
        let mut warnings = Warnings::new(input, &decoded);
        let mut incidents: IndexMap<(String, String), Vec<Update>> = IndexMap::new();
        let homes = feed::homes(&feed);
        for item in &feed.items {
            let Some(key) = key(item, &homes) else {
                warnings.about(item.raw, feed::NAMELESS);
                continue;
            };
            let update = update(item, &key, &mut warnings);
            // An item with neither a number nor a monitor may share its guid with an unrelated one.
            let is_sure = update.resource.is_some() || numbered(&item.id.text()).is_some();
            let subject = if is_sure { String::new() } else { update.title.clone() };
            incidents.entry((key, subject)).or_default().push(update);
        }
        let provider = feed::provider_of(&feed.head.title.text());
        let records =
            incidents.into_iter().filter_map(|((key, _), updates)| incident(key, updates));
        let records = records.map(|record| {
            Record::Incident(IncidentRecord { provider: provider.clone(), ..record })
        });
        Ok(warnings.finished(records.collect()))
    }
}

/// The number of the incident in a guid with one.
fn numbered(guid: &str) -> Option<&str> {
    let (number, hash) = guid.split_once(INCIDENT)?.1.split_once('#')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !hash.is_empty()).then_some(number)
}

/// The key of an incident's items: its number, or the hash of their guid. A guid that is the page's
/// address identifies nothing, unless the item is from a monitor.
fn key(item: &Item<'_>, homes: &Homes) -> Option<String> {
    let (guid, title) = (clean_line(&item.id.text()), clean_line(&item.title.text()));
    let hash = || guid.rsplit_once('#').map(|(_, hash)| hash).filter(|hash| !hash.is_empty());
    let of_monitor = || hash().filter(|_| is_monitors(&title));
    if let Some(key) = numbered(&guid).or_else(of_monitor) {
        return Some(key.to_owned());
    }
    let own = homes.own(&guid);
    let own = if own.is_empty() { None } else { Some(hash().unwrap_or(own)) };
    own.map(str::to_owned).or_else(|| id_of_content(&title, &item.published.text()))
}

fn is_monitors(title: &str) -> bool {
    watched(title).is_some()
}

/// The subject of a monitor, and what happened to it.
fn watched(title: &str) -> Option<(&str, &'static str)> {
    let title = title.trim_end();
    [DOWN, UP]
        .into_iter()
        .find_map(|word| Some((title.strip_suffix(word)?.strip_suffix(' ')?, word)))
}

/// One item.
struct Update {
    /// `None` if it cannot be read.
    at: Option<Moment>,
    created: Option<DateTime<Utc>>,
    word: String,
    state: Option<State>,
    text: String,
    title: String,
    /// The subject of a monitor.
    resource: Option<String>,
    url: Option<String>,
}

fn update(item: &Item<'_>, key: &str, warnings: &mut Warnings<'_>) -> Update {
    let what = format!("an update of {key}");
    let written = feed::written(item, &what, Home { zone: Some(Zone::UTC) }, warnings);
    let whole = clean_line(&item.title.text());
    let labelled = whole.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    let labelled = labelled.filter(|(word, _)| posts::state(word).is_some());
    let monitored = watched(&whole);
    let (word, title, state) = match (labelled, monitored) {
        (Some((word, title)), _) => (word, title, posts::state(word)),
        (None, Some((_, word))) => (word, whole.as_str(), (word == UP).then_some(State::Resolved)),
        (None, None) => ("", whole.as_str(), None),
    };
    let summary = item.summary.text();
    let text = if summary.trim().is_empty() {
        clean_markdown(title, TextKind::Plain)
    } else {
        clean_markdown(&summary, TextKind::Markdown)
    };
    Update {
        at: written.map(|(at, _)| at),
        created: written.and_then(|(_, created)| created),
        word: word.to_owned(),
        state,
        text,
        title: title.to_owned(),
        resource: monitored.map(|(name, _)| name.to_owned()),
        // The page's own address does not identify the incident.
        url: feed::address(&item.link.text()).filter(|link| link.contains(INCIDENT)),
    }
}

/// The incident made of updates, newest first; `None` without any.
fn incident(id: String, updates: Vec<Update>) -> Option<IncidentRecord> {
    let mut updates = updates;
    updates.reverse();
    // Undated ones come last.
    updates.sort_by_key(|update| (update.at.is_none(), update.at));
    // If it goes down again, the recovery was not final.
    let last_down = updates.iter().rposition(|update| update.word == DOWN).unwrap_or_default();
    updates.iter_mut().take(last_down).for_each(|update| update.state = None);
    let title = updates.first()?.title.clone();
    let mut record = IncidentRecord::new(id.clone(), if title.is_empty() { id } else { title });
    record.url = updates.iter().find_map(|update| update.url.clone());
    record.components = api::ungrouped(updates.iter().filter_map(|update| update.resource.clone()));
    let mut found = Vec::with_capacity(updates.len());
    for Update { at, created, word, state, text, .. } in updates {
        match at {
            Some(at) => found.push(Post { at, created, word, state, text }),
            None => record.untimed.push(posts::untimed(&word, text)),
        }
    }
    record.updates = posts::updates(found, Order::OldestFirst);
    record.revised = posts::revised(&record.updates);
    posts::fill_from_updates(&mut record);
    Some(record)
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{HOME, IdOf, Incident, Post, Revision, Sample, dated, instant};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::feed(format, IdOf::Address, Revision::Entry, written)
            .identified_by_guid()
            .at("https://status.example.com/incident/7")
    }

    fn written(all: &[Incident<'_>]) -> String {
        let items: String = all
        .iter()
        .flat_map(|one| one.posts.iter().rev().map(move |post| (one, post)))
        .map(|(one, post)| {
            let Incident { title, link, .. } = one;
            // The number of an incident without its own page is in no guid.
            let guid = match link.split_once("/incident/") {
                Some(_) => format!("{link}#{:x}", instant(post.at).timestamp()),
                None => one.guid.to_owned(),
            };
            let Post { at, text, edited, .. } = post;
            format!(
                "<item><title>{title}</title><description>{text}</description>{}<atom:updated>{edited}</atom:updated><link>{link}</link><guid isPermaLink=\"false\">{guid}</guid></item>\n",
                dated(at)
            )
        })
        .collect();
        format!(
            "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>Example Status</title><link>{HOME}</link>{items}</channel></rss>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};

    fn item(title: &str, guid: &str, time: &str, text: &str) -> String {
        let link = guid.split('#').next().unwrap_or_default();
        format!(
            "<item><title>{title}</title><description>{text}</description><pubDate>Thu, 01 Jan 2026 {time}:00 -0000</pubDate>\
             <link>{link}</link><guid isPermaLink=\"false\">{guid}</guid></item>\n"
        )
    }

    fn feed(items: &[String]) -> String {
        format!(
            "<rss version=\"2.0\"><channel><title>Example Status</title>{}</channel></rss>",
            items.concat()
        )
    }

    const NUMBERED: &str = "https://status.example.com/incident/7#";

    #[test]
    fn items_with_one_report_number_are_one_incident() {
        let (incidents, warnings) = read(
            &BetterStackFeed,
            &feed(&[
                item(
                    "Slow logins",
                    &format!("{NUMBERED}b2"),
                    "11:00",
                    "All is &lt;b&gt;well&lt;/b&gt; again.",
                ),
                item(
                    "Work on disks",
                    "https://status.example.com/incident/9#c3",
                    "10:30",
                    "From 8 to 9.",
                ),
                item("Logins are slow", &format!("{NUMBERED}a1"), "10:00", "We look."),
            ]),
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            ["2026-01-01T10:00:00Z - We look.", "2026-01-01T11:00:00Z - All is **well** again."]
        );
        assert_eq!((incident.id.as_str(), incident.title.as_str()), ("7", "Logins are slow"));
        assert_eq!(incident.url.as_deref(), Some("https://status.example.com/incident/7"));
        assert_eq!((incident.provider.as_deref(), incident.state), (Some("Example"), None));
        assert_eq!(
            incidents.iter().map(|incident| incident.id.as_str()).collect::<Vec<_>>(),
            ["7", "9"]
        );
    }

    #[test]
    fn down_and_recovered_items_with_one_guid_are_one_incident() {
        let guid = "https://status.example.com/#c3d4";
        let pair = [
            item("API recovered", guid, "10:30", ""),
            item("API went down", guid, "10:00", "No answer."),
        ];
        let (incidents, _) = read(&BetterStackFeed, &feed(&pair));
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            ["2026-01-01T10:00:00Z - No answer.", "2026-01-01T10:30:00Z resolved API recovered"]
        );
        assert_eq!(
            (incident.id.as_str(), incident.title.as_str(), incident.url.as_deref()),
            ("c3d4", "API went down", None)
        );
        assert_eq!(incident.components, [(String::new(), "API".to_owned())]);
        assert_eq!(incident.state, Some(State::Resolved));
        let again = feed(&[&[item("API went down", guid, "10:40", "")][..], &pair].concat());
        let (incidents, _) = read(&BetterStackFeed, &again);
        assert_eq!(
            (incidents[0].updates.len(), incidents[0].state),
            (3, None),
            "it went down again"
        );
    }

    #[test]
    fn bracketed_state_is_split_from_the_title() {
        let items = [
            item("[Resolved] Slow", &format!("{NUMBERED}b2"), "11:00", "Over."),
            item("[EU] Slow", &format!("{NUMBERED}a1"), "10:00", "We look."),
        ];
        let (incidents, _) = read(&BetterStackFeed, &feed(&items));
        assert_eq!(
            outline(&incidents[0]),
            ["2026-01-01T10:00:00Z - We look.", "2026-01-01T11:00:00Z resolved Over."]
        );
        assert_eq!(incidents[0].title, "[EU] Slow");
    }

    #[test]
    fn unreadable_items_are_reported_and_other_feeds_not_claimed() {
        let good = item("Slow", &format!("{NUMBERED}a1"), "10:00", "x");
        let bad = [
            good.replace("10:00:00", "soon"),
            good.replace(&format!("{NUMBERED}a1"), ""),
            good.clone(),
        ];
        let (incidents, warnings) = read(&BetterStackFeed, &feed(&bad));
        assert_eq!(
            (incidents.len(), incidents[0].updates.len(), warnings.len()),
            (2, 1, 1),
            "what has no guid is called by its title: {warnings:?}"
        );
        assert_eq!(incidents[0].untimed.len(), 1, "the text of the undated item is there");
        for other in [
            "https://status.example.com/incidents/7#a1",
            "https://status.example.com/incident/cmuh4#a",
            "x#1",
        ] {
            let other = feed(&[item("Slow", other, "10:00", "x")]);
            assert!(matches!(BetterStackFeed.sniff(&Input::new("x", other)), Verdict::No(_)));
        }
    }
}
