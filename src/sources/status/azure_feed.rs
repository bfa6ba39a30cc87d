//! Microsoft Azure: the RSS feed of its status page.
//!
//! It contains only open incidents: on a healthy day it has no items, and a resolved incident is
//! gone. There are no updates: the text is replaced in place while `pubDate` stays, so an item is
//! one post, and a later capture is that post edited upstream. It has no states. The start is in
//! the prose, where "starting at" may also mean the start of the investigation, so it is not read.

use crate::diag::Warned;
use crate::model::time::Moment;
use crate::model::zone::Zone;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::{Home, Order};
use crate::sources::status::kit::feed::{self, FeedHead, Item};
use crate::sources::status::kit::home::Homes;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(crate) struct AzureFeed;

impl Source for AzureFeed {
    fn id(&self) -> &'static str {
        "azure-feed"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn about(&self) -> &'static str {
        "Microsoft Azure: the RSS feed of its status page (what is open now)"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/en-us/status/feed/"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match FeedHead::of(input) {
            None => Verdict::No("not a feed"),
            Some(head) if !head.is_atom && head.has("<title>Azure Status</title>") => Verdict::Yes,
            Some(_) => Verdict::No("a feed, but not called Azure Status"),
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
        let homes = feed::homes(&feed);
        let records = feed
            .items
            .iter()
            .filter_map(|item| warnings.naming(|warnings| entry(item, &homes, warnings)))
            .map(Record::Incident)
            .collect();
        Ok(warnings.finished(records))
    }
}

fn entry(item: &Item<'_>, homes: &Homes, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    // All items link to the page, whatever its current address.
    let names = [&*item.id.text(), &*item.link.text()];
    let Some(id) = homes.id(names, &item.title.text(), &item.published.text()) else {
        warnings.about(item.raw, feed::NAMELESS);
        return None;
    };
    let title = clean_line(&item.title.text());
    let text = clean_markdown(&item.summary.text(), TextKind::Html);
    if title.is_empty() && text.is_empty() {
        warnings.about(item.raw, format!("{id} was left out: it has no text"));
        return None;
    }
    let written = feed::written(item, &id, Home { zone: Some(Zone::UTC) }, warnings);
    let mut record = IncidentRecord::new(id.clone(), if title.is_empty() { id } else { title });
    record.url = feed::address(&item.link.text());
    record.revised = feed::revised(item, Home { zone: Some(Zone::UTC) });
    record.provider = Some("Azure".to_owned());
    // Services and regions, in one list.
    let components = item.categories.iter().map(|category| clean_line(&category.text()));
    record.components =
        components.filter(|name| !name.is_empty()).map(|name| (String::new(), name)).collect();
    match written {
        Some((at, created)) => {
            let post = Post { at, created, word: String::new(), state: None, text };
            record.updates = posts::updates(vec![post], Order::NewestFirst);
        }
        None => record.untimed.push(posts::untimed("", text)),
    }
    record.announced = written.map(|(at, created)| created.map_or(at, Moment::exact));
    Some(record)
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Revision, Sample, dated, rss};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::feed(format, IdOf::Address, Revision::EntryOfIncident, written)
            .linking_to_page()
            .identified_by_guid()
    }

    fn written(all: &[Incident<'_>]) -> String {
        rss("Azure Status", all, |one| {
            format!("<description>{}</description>{}", one.last().text, dated(one.first().at))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Azure Status</title><lastBuildDate>Thu, 23 Jul 2026 18:12:58 Z</lastBuildDate><item>
<guid isPermaLink="false">trouble-in-west</guid><link>https://azure.example.com/status/</link><category>Firewall</category><category>West US</category>
<title>Trouble in West </title><description>&lt;p&gt;Starting at 14:44 UTC, some &amp;amp; more.&lt;/p&gt;&lt;p&gt;See &lt;a href="https://example.com"&gt;this&lt;/a&gt;.&lt;/p&gt;</description>
<pubDate>Thu, 23 Jul 2026 16:29:09 Z</pubDate></item><item><guid>undated</guid></item></channel></rss>"#;

    fn read(text: &str) -> Warned<Vec<Record>> {
        let input = Input::new("feed.xml", text);
        assert_eq!(AzureFeed.sniff(&input), Verdict::Yes);
        AzureFeed.read(&input, &ReadOptions::default()).unwrap()
    }

    fn only(read: &Warned<Vec<Record>>) -> &IncidentRecord {
        let [Record::Incident(incident)] = &read.value[..] else { panic!("{read:?}") };
        incident
    }

    #[test]
    fn item_is_one_post_and_prose_gives_no_start() {
        let read = read(RSS);
        let incident = only(&read);
        assert_eq!(
            (incident.id.as_str(), incident.title.as_str()),
            ("trouble-in-west", "Trouble in West")
        );
        assert_eq!((incident.impact_start, incident.state), (None, None));
        assert_eq!(incident.updates[0].at.to_string(), "2026-07-23T16:29:09Z");
        assert_eq!(
            incident.updates[0].text,
            "Starting at 14:44 UTC, some & more.\n\nSee [this](https://example.com)."
        );
        assert_eq!(incident.components.len(), 2);
        assert!(read.warnings[0].message.contains("undated was left out"), "{:?}", read.warnings);
    }

    #[test]
    fn item_with_unreadable_date_keeps_its_text() {
        for date in ["soon", "Thu, 01 Jan 1970 00:00:00 Z"] {
            let read = read(&RSS.replace("Thu, 23 Jul 2026 16:29:09 Z", date));
            let incident = only(&read);
            assert_eq!((incident.updates.len(), incident.announced), (0, None));
            assert!(incident.untimed[0].text.starts_with("Starting at 14:44 UTC"), "{incident:?}");
            assert!(read.warnings[0].message.contains("without a time"), "{:?}", read.warnings);
        }
    }

    #[test]
    fn text_replaced_in_place_is_the_same_post() {
        let later =
            RSS.replace("some &amp;amp; more", "all is well").replace("18:12:58", "19:00:00");
        let (first, second) = (read(RSS), read(&later));
        assert_eq!(only(&first).updates[0].id, only(&second).updates[0].id);
        assert_ne!(only(&first).updates[0].text, only(&second).updates[0].text);
    }

    #[test]
    fn healthy_feed_has_no_incidents() {
        assert!(
            read("<rss version=\"2.0\"><channel><title>Azure Status</title></channel></rss>")
                .value
                .is_empty()
        );
    }
}
