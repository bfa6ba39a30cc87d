//! Amazon Web Services: the RSS feed of one service in one region.
//!
//! An item is one update. Items of one incident share their title, apart from its prefix: the
//! severity (`Informational message:`) and `[RESOLVED]`. They are joined if less than a day passes
//! between two of them. An item's `guid` is the service and region, and the second at which it was
//! posted: `http://status.aws.amazon.com/#ec2-eu-west-1_1486575987`. The only state word is the one
//! for resolved.

use chrono::{DateTime, TimeDelta};

use crate::diag::Warned;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::feed::posts;
use crate::sources::status::kit::feed::timestamp::{Home, feed_date};
use crate::sources::status::kit::feed::{self, FeedHead, Item};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The severities before a title, the least first.
const SEVERITIES: SeverityWords = SeverityWords(&[
    ("Service is operating normally", "none"),
    ("Informational message", "none"),
    ("Performance issues", "minor"),
    ("Service disruption", "critical"),
]);
/// After this long without an item, an item with the same title is another incident.
const APART: TimeDelta = TimeDelta::hours(24);

pub(crate) struct AwsFeed;

impl Source for AwsFeed {
    fn id(&self) -> &'static str {
        "aws-feed"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SEVERITIES
    }

    fn about(&self) -> &'static str {
        "Amazon Web Services: the RSS feed of one service in one region"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = FeedHead::of(input) else { return Verdict::No("not a feed") };
        let link = ["http://status.aws.amazon.com/", "https://status.aws.amazon.com/"];
        if !head.is_atom
            && link
                .iter()
                .any(|link| head.has(&format!("{link}#")) || head.has(&format!("<link>{link}")))
        {
            Verdict::Yes
        } else {
            Verdict::No("a feed, but not of AWS' updates")
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
        let mut untimed = Vec::new();
        let read = feed.items.iter().filter_map(|item| update(item, &mut untimed, &mut warnings));
        let mut updates: Vec<Update> = read.collect();
        // Items are listed newest first, and that order decides between equal times.
        updates.reverse();
        updates.sort_by_key(|update| update.record.at);
        let title = clean_line(&feed.head.title.text());
        let service = title.strip_suffix(" Service Status").filter(|name| name.ends_with(')'));
        let records = join(updates, service);
        Ok(warnings.finished(records.into_iter().chain(untimed).map(Record::Incident).collect()))
    }
}

/// One item.
struct Update {
    record: UpdateRecord,
    title: String,
    /// `ec2-eu-west-1`.
    service: String,
    /// Its index in [`SEVERITIES`].
    severity: Option<usize>,
    url: Option<String>,
}

/// Reads one item. An item with an unreadable time is an incident of its own, because only times
/// tell which items belong together.
fn update(
    item: &Item<'_>,
    untimed: &mut Vec<IncidentRecord>,
    warnings: &mut Warnings<'_>,
) -> Option<Update> {
    let guid = clean_line(&item.id.text());
    let Some((service, second)) = guid.rsplit_once('#').and_then(|(_, key)| key.rsplit_once('_'))
    else {
        warnings
            .about(item.raw, "this item has no guid of a service and a second, and was left out");
        return None;
    };
    let by_guid = || Some(Moment::exact(DateTime::from_timestamp(second.parse().ok()?, 0)?));
    let at = match feed_date(&item.published.text(), Home { zone: None })
        .or_else(|problem| by_guid().ok_or(problem))
    {
        Ok(at) => at,
        Err(problem) => {
            let id = format!("{service}_{second}");
            warnings.about(item.raw, feed::undated(&id, &problem));
            let title = clean_line(&item.title.text());
            let mut record =
                IncidentRecord::new(id, if title.is_empty() { service.to_owned() } else { title });
            record.url = feed::address(&item.link.text());
            record.provider = Some("AWS".to_owned());
            record.components = vec![(String::new(), service.to_owned())];
            record
                .untimed
                .push(posts::untimed("", clean_markdown(&item.summary.text(), TextKind::Html)));
            untimed.push(record);
            return None;
        }
    };
    let revised = feed_date(&item.updated.text(), Home { zone: None }).ok();
    let (at, created) = feed::dated(at, revised);
    let whole = clean_line(&item.title.text());
    let severity = SEVERITIES.words().position(|words| whole.starts_with(words));
    let rest = severity
        .and_then(|index| SEVERITIES.word(index))
        .and_then(|words| whole.strip_prefix(words));
    let rest = rest.map_or(whole.as_str(), |rest| rest.trim_start_matches([':', ' ']));
    let title = rest.strip_prefix("[RESOLVED]").map(str::trim);
    let is_over = title.is_some() || severity == Some(0);
    let record = UpdateRecord {
        id: format!("{service}_{second}"),
        at,
        created,
        edited: None,
        state: is_over.then_some(State::Resolved),
        text: clean_markdown(&item.summary.text(), TextKind::Html),
        components: Vec::new(),
    };
    let title = title.unwrap_or(rest).to_owned();
    Some(Update {
        record,
        title,
        service: service.to_owned(),
        severity,
        url: feed::address(&item.link.text()),
    })
}

/// Joins updates in time order into incidents.
fn join(updates: Vec<Update>, service_name: Option<&str>) -> Vec<IncidentRecord> {
    let mut incidents: Vec<(IncidentRecord, String, Option<usize>)> = Vec::new();
    for Update { record, title, service, severity, url } in updates {
        let title = if title.is_empty() { service.clone() } else { title };
        let is_it = |(incident, of, _): &&mut (IncidentRecord, String, Option<usize>)| {
            incident.title == title
                && *of == service
                && incident
                    .updates
                    .last()
                    .is_some_and(|last| record.at.earliest() - last.at.earliest() < APART)
        };
        // Only the last few incidents need to be searched: a feed has few open at a time.
        match incidents.iter_mut().rev().take(50).find(is_it) {
            Some((incident, _, worst)) => {
                incident.updates.push(record);
                *worst = severity.max(*worst);
            }
            None => {
                // Named after its first update, whose id comes from the feed.
                let mut incident = IncidentRecord::new(record.id.clone(), title);
                incident.url = url;
                incident.provider = Some("AWS".to_owned());
                incident.announced = Some(record.created.map_or(record.at, Moment::exact));
                incident.components =
                    vec![(String::new(), service_name.unwrap_or(&service).to_owned())];
                incident.updates.push(record);
                incidents.push((incident, service, severity));
            }
        }
    }
    incidents
        .into_iter()
        .map(|(mut incident, _, worst)| {
            incident.impact_word = worst
                .filter(|&index| index > 0)
                .and_then(|index| SEVERITIES.word(index))
                .map(str::to_owned);
            incident.revised = posts::revised(&incident.updates);
            incident.state = incident.updates.last().and_then(|update| update.state);
            incident
        })
        .collect()
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Revision, Sample, dated, instant};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::feed(format, IdOf::Content, Revision::Entry, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let items: String = all
        .iter()
        .flat_map(|one| one.posts.iter().map(move |post| (one, post)))
        .map(|(one, post)| {
            let mark = if post.word == "resolved" { "[RESOLVED] " } else { "" };
            format!(
                "<item><title>Informational message: {mark}{}</title><link>{}</link>{}<atom:updated>{}</atom:updated><guid>http://status.aws.amazon.com/#queues{}-eu-south-9_{}</guid><description>{}</description></item>\n",
                one.title,
                one.link,
                dated(post.at),
                post.edited,
                one.number,
                instant(post.at).timestamp(),
                post.text
            )
        })
        .collect();
        format!(
            "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>Example Queues (Rome) Service Status</title><link>http://status.aws.amazon.com/</link>{items}</channel></rss>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(title: &str, date: &str, second: u32, text: &str) -> String {
        format!(
            "<item><title type=\"text\">{title}</title><link>http://status.aws.amazon.com/</link><pubDate>{date}</pubDate>
             <guid>http://status.aws.amazon.com/#ec2-eu-west-1_{second}</guid><description>{text}</description></item>\n"
        )
    }

    fn read(items: &str) -> (Vec<IncidentRecord>, Vec<String>) {
        let text = format!(
            "<rss version=\"2.0\"><channel><title><![CDATA[Example Compute (Ireland) Service Status]]></title><link>http://status.aws.amazon.com/</link>{items}</channel></rss>"
        );
        let input = Input::new("ec2-eu-west-1.rss", text);
        assert_eq!(AwsFeed.sniff(&input), Verdict::Yes);
        let read = AwsFeed.read(&input, &ReadOptions::default()).unwrap();
        let incident = |record| match record {
            Record::Incident(incident) => incident,
            other => panic!("{other:?}"),
        };
        (
            read.value.into_iter().map(incident).collect(),
            read.warnings.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn items_with_one_title_are_one_incident() {
        let (incidents, warnings) = read(
            &[
                item(
                    "Service is operating normally: [RESOLVED] Errors",
                    "Wed,  8 Feb 2017 11:46:27 PST",
                    1_486_583_187,
                    "Between 9 and 11 &amp;nbsp;we had errors.",
                ),
                item(
                    "Performance issues: Errors",
                    "Wed,  8 Feb 2017 10:46:27 PST",
                    1_486_579_587,
                    "More.",
                ),
                item(
                    "Informational message: Errors",
                    "Wed,  8 Feb 2017 09:46:27 PST",
                    1_486_575_987,
                    "We look.",
                ),
                item(
                    "Informational message: Errors",
                    "Mon,  6 Feb 2017 09:46:27 PST",
                    1_486_403_187,
                    "Another day.",
                ),
            ]
            .concat(),
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        let ids: Vec<(&str, usize)> =
            incidents.iter().map(|i| (i.id.as_str(), i.updates.len())).collect();
        assert_eq!(ids, [("ec2-eu-west-1_1486403187", 1), ("ec2-eu-west-1_1486575987", 3)]);
        let incident = &incidents[1];
        let updates: Vec<String> = incident
            .updates
            .iter()
            .map(|u| format!("{} {:?} {}", u.at, u.state.map(State::as_str), u.text))
            .collect();
        assert_eq!(
            updates,
            [
                "2017-02-08T17:46:27Z None We look.",
                "2017-02-08T18:46:27Z None More.",
                "2017-02-08T19:46:27Z Some(\"resolved\") Between 9 and 11 \u{a0}we had errors."
            ]
        );
        assert_eq!(
            (incident.title.as_str(), incident.impact_word.as_deref()),
            ("Errors", Some("Performance issues"))
        );
        assert_eq!(incident.components, [(String::new(), "Example Compute (Ireland)".to_owned())]);
        assert_eq!((incidents[0].state, incident.state), (None, Some(State::Resolved)));
    }

    #[test]
    fn seconds_in_the_guid_replace_an_unreadable_date() {
        let (incidents, _) =
            read(&item("Informational message: Errors", "yesterday", 1_486_575_987, "x"));
        assert_eq!(incidents[0].updates[0].at.to_string(), "2017-02-08T17:46:27Z");
        let (incidents, warnings) =
            read(&item("x", "yesterday", 1, "x").replace("ec2-eu-west-1_1", "x"));
        assert!(
            incidents.is_empty() && warnings[0].contains("no guid of a service"),
            "{warnings:?}"
        );
    }
}
