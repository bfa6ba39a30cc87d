//! LambStatus, `history.rss`.
//!
//! The updates look like Statuspage's, but with a year, and in feeds of its own generator with a
//! wrong month: `May 13, 2017` while `pubDate` correctly says October. The newest update is at
//! `pubDate`; the others are as far before it as their timestamps are.

use crate::diag::Warned;
use crate::model::time::Moment;
use crate::sources::decode::{self, Decoded};
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::feed::html::{oldest_stamp, paragraphs};
use crate::sources::status::kit::feed::offset::Offsets;
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::{Home, Order, feed_date, stamp, without_tags};
use crate::sources::status::kit::feed::{self, FeedHead, Item};
use crate::sources::status::kit::home::Homes;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};
use std::collections::BTreeSet;

use chrono::NaiveDate;

pub(crate) struct LambstatusFeed;

impl Source for LambstatusFeed {
    fn id(&self) -> &'static str {
        "lambstatus-feed"
    }

    fn about(&self) -> &'static str {
        "LambStatus: history.rss"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/history.rss"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = FeedHead::of(input) else { return Verdict::No("not a feed") };
        let has_year = |content: &str| {
            let stamp_text =
                content.trim_start_matches("<![CDATA[").trim_start().strip_prefix("<p><small>");
            let stamp = stamp_text
                .and_then(|rest| rest.split_once("</small>"))
                .and_then(|(text, _)| stamp(text));
            stamp.is_some_and(|stamp| stamp.year.is_some())
        };
        if !head.is_atom && head.after("<content:encoded>").any(has_year) {
            Verdict::Yes
        } else {
            Verdict::No("a feed, but not of LambStatus' updates")
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let feed = feed::parse(&decoded)?;
        let provider = feed::provider_of(&feed.head.title.text());
        let mut warnings = Warnings::new(input, &decoded);
        let mut records = Vec::with_capacity(feed.items.len());
        let homes = feed::homes(&feed);
        for item in &feed.items {
            let home = Home { zone: options.zone };
            if let Some(mut record) =
                warnings.naming(|warnings| entry(item, &homes, home, &decoded, warnings))
            {
                record.provider.clone_from(&provider);
                records.push(Record::Incident(record));
            }
        }
        Ok(warnings.finished(records))
    }
}

fn entry(
    item: &Item<'_>,
    homes: &Homes,
    home: Home,
    decoded: &Decoded<'_>,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let (link, html) = (item.link.text(), item.content.text());
    let id = feed::id(item, homes, oldest_stamp(&html), warnings)?;
    let published = feed_date(&item.published.text(), home);
    if let Err(problem) = &published {
        let message = format!(
            "{id} has no time of publication, {problem}; the stamps of its updates are not compared"
        );
        warnings.about(item.raw, message);
    }
    let title = clean_line(&item.title.text());
    let mut record = IncidentRecord::new(id.clone(), if title.is_empty() { id } else { title });
    record.url = feed::address(&link);
    record.revised = feed::revised(item, home);
    record.maintenance = link.contains("/maintenances/");
    let offsets = Offsets::of([item.published.text(), item.updated.text()]);
    let mut found = dated_posts(&html, item, &offsets, home, &mut record, decoded, warnings);
    if let Ok(published) = published {
        date_by_publication(&mut found, published, item, &record.id, decoded, warnings);
    }
    record.updates = posts::updates(found, Order::NewestFirst);
    posts::fill_from_updates(&mut record);
    if record.announced.is_none() && record.untimed.is_empty() {
        warnings.about(
            item.raw,
            format!("{} has no updates that can be distinguished, and was left out", record.id),
        );
        return None;
    }
    Some(record)
}

/// The posts of an entry that have a time; `record` gets the others.
fn dated_posts(
    html: &str,
    item: &Item<'_>,
    offsets: &Offsets,
    home: Home,
    record: &mut IncidentRecord,
    decoded: &Decoded<'_>,
    warnings: &mut Warnings<'_>,
) -> Vec<Post> {
    let mut found: Vec<Post> = Vec::new();
    let mut doubts = BTreeSet::new();
    for paragraph in paragraphs(html).1 {
        let read = stamp(paragraph.stamp).and_then(|mut stamp| {
            offsets.settle(&mut stamp, home);
            let date = NaiveDate::from_ymd_opt(stamp.year?, stamp.month, stamp.day)?;
            if let Some(doubt) =
                home.doubt(date, &stamp).filter(|doubt| doubts.insert(doubt.clone()))
            {
                warnings.at(decoded.span_of(item.content.0), doubt);
            }
            Some(Moment::known_to(home.commonest_instant(date, &stamp).ok()?, stamp.precision))
        });
        let word = feed::line(paragraph.state);
        let text = clean_markdown(paragraph.text, TextKind::Html);
        let Some(at) = read else {
            let shown = clean_line(&without_tags(paragraph.stamp));
            let message = format!(
                "an update of {} has no time that can be read: `{shown}` is not a time",
                record.id
            );
            warnings.at(decoded.span_of(item.content.0), message);
            record.untimed.push(posts::untimed(&word, text));
            continue;
        };
        let state = posts::state(&word);
        if state.is_none() {
            let message = format!("an update of {} has the unknown state `{word}`", record.id);
            warnings.at(decoded.span_of(item.content.0), message);
        }
        found.push(Post { at, created: None, word, state, text });
    }
    found
}

/// Moves all posts so that the newest one has the date of publication: the months of the stamps are
/// wrong. To the minute, because the stamps have no seconds.
fn date_by_publication(
    posts: &mut [Post],
    published: Moment,
    item: &Item<'_>,
    id: &str,
    decoded: &Decoded<'_>,
    warnings: &mut Warnings<'_>,
) {
    let Some(newest) = posts.iter().map(|post| post.at).max() else { return };
    if feed::same_minute(newest, published) {
        return;
    }
    let message =
        format!("the stamps of {id} say {newest}, its pubDate {published}; the pubDate counts");
    warnings.at(decoded.span_of(item.published.0), message);
    let by = chrono::TimeDelta::minutes((published.earliest() - newest.earliest()).num_minutes());
    posts.iter_mut().for_each(|post| post.at = post.at.shifted(by).unwrap_or(post.at));
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Revision, Sample, dated, paragraphs, rss};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::feed(format, IdOf::Address, Revision::Incident, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        rss("Example Status - Incident History", all, |one| {
            format!(
                "{}<content:encoded><![CDATA[{}]]></content:encoded>",
                dated(one.last().at),
                paragraphs(one, "%b %e, %Y, %H:%M UTC")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Example Status - Incident History</title>
<item><title><![CDATA[DNS]]></title><link>https://status.example.com/incidents/abc</link><guid>https://status.example.com/incidents/abc</guid>
<pubDate>Fri, 13 Oct 2017 06:50:38 GMT</pubDate><content:encoded><![CDATA[<p><small>May 13, 2017, 06:50 UTC</small><br><strong>Resolved</strong> - Over.</p><p><small>May 12, 2017, 23:41 UTC</small><br><strong>Investigating</strong> - We look.</p>]]></content:encoded></item>
<item><title>Upgrade</title><link>https://status.example.com/maintenances/def</link><pubDate>Sat, 13 May 2017 06:45:00 GMT</pubDate>
<content:encoded><![CDATA[<p><small>May 13, 2017, 06:45 UTC</small><br><strong>Scheduled</strong> - We will.</p>]]></content:encoded></item></channel></rss>"#;

    #[test]
    fn publication_date_overrides_the_wrong_month() {
        let input = Input::new("history.rss", RSS);
        assert_eq!(LambstatusFeed.sniff(&input), Verdict::Yes);
        let read = LambstatusFeed.read(&input, &ReadOptions::default()).unwrap();
        let [Record::Incident(dns), Record::Incident(upgrade)] = &read.value[..] else {
            panic!("{read:?}")
        };
        let times: Vec<String> = dns.updates.iter().map(|update| update.at.to_string()).collect();
        assert_eq!(times, ["2017-10-12T23:41Z", "2017-10-13T06:50Z"]);
        assert_eq!((dns.id.as_str(), dns.maintenance), ("abc", false));
        assert_eq!(
            (upgrade.maintenance, upgrade.updates[0].at.to_string()),
            (true, "2017-05-13T06:45Z".into())
        );
        assert_eq!(read.warnings.len(), 1);
        assert!(
            read.warnings[0]
                .message
                .contains("2017-05-13T06:50Z, its pubDate 2017-10-13T06:50:38Z")
        );
    }

    #[test]
    fn ambiguous_zone_label_takes_its_commonest_meaning_and_unread_date_loses_no_text() {
        let rss =
            RSS.replace("06:50 UTC", "06:50 EST").replace("Fri, 13 Oct 2017 06:50:38 GMT", "soon");
        let input = Input::new("history.rss", rss);
        let read = LambstatusFeed.read(&input, &ReadOptions::default()).unwrap();
        let Record::Incident(incident) = &read.value[0] else { panic!("{read:?}") };
        let times: Vec<String> =
            incident.updates.iter().map(|update| update.at.to_string()).collect();
        assert_eq!(times, ["2017-05-12T23:41Z", "2017-05-13T11:50Z"]);
        let messages: Vec<&str> =
            read.warnings.iter().map(|warning| warning.message.as_str()).collect();
        assert!(
            messages
                .iter()
                .any(|messages| messages.contains("EST is read as Eastern Standard Time")),
            "{messages:?}"
        );
        assert!(messages.iter().any(|messages| messages.contains("`soon")), "{messages:?}");
    }

    #[test]
    fn pub_date_offset_defines_a_zone_label() {
        let rss = RSS
            .replace("Fri, 13 Oct 2017 06:50:38 GMT", "Fri, 12 May 2017 23:50:38 -0700")
            .replace("May 13, 2017, 06:50 UTC", "May 12, 2017, 23:50 PST")
            .replace("23:41 UTC", "23:41 PST");
        let read =
            LambstatusFeed.read(&Input::new("history.rss", rss), &ReadOptions::default()).unwrap();
        let Record::Incident(incident) = &read.value[0] else { panic!("{read:?}") };
        let times: Vec<String> =
            incident.updates.iter().map(|update| update.at.to_string()).collect();
        assert_eq!(
            (times, read.warnings),
            (vec!["2017-05-13T06:41Z".into(), "2017-05-13T06:50Z".into()], vec![])
        );
    }

    #[test]
    fn times_without_a_year_are_not_claimed() {
        let other = RSS.replace(", 2017, ", ", ");
        assert!(matches!(LambstatusFeed.sniff(&Input::new("x", other)), Verdict::No(_)));
    }
}
