//! xAI's own status page: `feed.xml` (RSS).
//!
//! `pubDate` is the start; states, severity and updates are headings and paragraphs of HTML, with
//! RFC 1123 timestamps. One incident is listed once per region, each under its own id: they stay
//! separate.

use crate::diag::Warned;
use crate::model::zone::Zone;
use crate::sources::decode::{self, Decoded};
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::{Home, Order, feed_date};
use crate::sources::status::kit::feed::{self, FeedHead, Item};
use crate::sources::status::kit::home::Homes;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The start of an update.
const UPDATE: &str = "<p><strong>";

const GMT: Home = Home { zone: Some(Zone::UTC) };

pub(crate) struct XaiFeed;

impl Source for XaiFeed {
    fn id(&self) -> &'static str {
        "xai-feed"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords(&[("available", "none"), ("degraded", "minor"), ("outage", "critical")])
    }

    fn about(&self) -> &'static str {
        "xAI: feed.xml of its status page"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/feed.xml"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = FeedHead::of(input) else { return Verdict::No("not a feed") };
        let has_updates = head.has("<h3>Status: ") && head.has("<p>Severity: ");
        if has_updates || head.has("<title>xAI System Status</title>") {
            Verdict::Yes
        } else {
            Verdict::No("a feed, but not of xAI's updates")
        }
    }

    fn read(
        &self,
        input: &Input,
        _options: &ReadOptions,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let feed = feed::parse(&decoded)?;
        let provider = feed::provider_of(&feed.head.title.text());
        let mut warnings = Warnings::new(input, &decoded);
        let mut records = Vec::with_capacity(feed.items.len());
        let homes = feed::homes(&feed);
        for item in &feed.items {
            if let Some(mut record) =
                warnings.naming(|warnings| entry(item, &homes, &decoded, warnings))
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
    decoded: &Decoded<'_>,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = feed::id(item, homes, &item.published.text(), warnings)?;
    let title = clean_line(&item.title.text());
    let mut record = IncidentRecord::new(id.clone(), if title.is_empty() { id } else { title });
    record.url = feed::address(&item.link.text());
    record.revised = feed::revised(item, GMT);
    let html = item.summary.text();
    record.state = field(&html, "<h3>Status:", "</h3>").as_deref().and_then(posts::state);
    // "available" is the current state of the service, not a severity of the incident.
    record.impact_word = field(&html, "<p>Severity:", "</p>").filter(|word| word != "available");
    record.resolved =
        field(&html, "<p>Resolved:", "</p>").and_then(|time| feed_date(&time, GMT).ok());
    // The region is in brackets before the title.
    let region = record
        .title
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map(|(region, _)| region.trim());
    record.components =
        region.map(|region| (String::new(), region.to_owned())).into_iter().collect();
    let mut found = Vec::new();
    for update in html.split(UPDATE).skip(1) {
        match post(update) {
            Ok(post) => {
                if post.state.is_none() {
                    let message =
                        format!("an update of {} has the unknown state `{}`", record.id, post.word);
                    warnings.at(decoded.span_of(item.summary.0), message);
                }
                found.push(post);
            }
            Err(problem) => {
                let message =
                    format!("an update of {} has no time that can be read: {problem}", record.id);
                warnings.at(decoded.span_of(item.summary.0), message);
                record.untimed.push(posts::untimed("", clean_markdown(update, TextKind::Html)));
            }
        }
    }
    record.updates = posts::updates(found, Order::NewestFirst);
    record.announced = feed_date(&item.published.text(), GMT).ok();
    if record.announced.is_none() && record.updates.is_empty() && record.untimed.is_empty() {
        warnings.about(
            item.raw,
            format!("{} was left out: it has neither a time nor a text", record.id),
        );
        return None;
    }
    posts::fill_from_updates(&mut record);
    Some(record)
}

/// The text between two marks, on one line.
fn field(html: &str, before: &str, after: &str) -> Option<String> {
    let text = html.split_once(before)?.1.split_once(after)?.0;
    Some(feed::line(text)).filter(|text| !text.is_empty())
}

/// `TIME</strong></p><h3>STATE</h3>TEXT`, followed by the end of its `<div>`.
fn post(update: &str) -> Result<Post, String> {
    let (time, rest) = update.split_once("</strong>").ok_or("its time has no end")?;
    let at = feed_date(time, GMT)?;
    let rest = rest.trim_start().trim_start_matches("</p>").trim_start();
    let (word, text) =
        rest.strip_prefix("<h3>").and_then(|rest| rest.split_once("</h3>")).unwrap_or(("", rest));
    let word = feed::line(word);
    // A heading that is not a state, or has no text after it, is the text of the post.
    let text = clean_markdown(text, TextKind::Html);
    let text = match (posts::state(&word), text.is_empty()) {
        (_, true) => clean_markdown(&word, TextKind::Plain),
        (None, false) if !word.is_empty() => {
            format!("{}\n\n{text}", clean_markdown(&word, TextKind::Plain))
        }
        _ => text,
    };
    Ok(Post { at, created: None, state: posts::state(&word), word, text })
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{
        IdOf, Incident, Post, Revision, Sample, dated, escaped, rfc_2822, rss,
    };

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::feed(format, IdOf::Address, Revision::Incident, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        rss("xAI System Status", all, |one| {
            let posts: String = one
                .newest()
                .map(|Post { at, word, text, .. }| {
                    format!(
                        "<div><p><strong>{}</strong></p> <h3>{word}</h3> <p>{text}</p></div>",
                        rfc_2822(at)
                    )
                })
                .collect();
            let html =
                format!("<h3>Status: {}</h3> <p>Severity: degraded</p>{posts}", one.last().word);
            format!("<description>{}</description>{}", escaped(&html), dated(one.first().at))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8" ?><rss version="2.0"><channel><title>Example System Status</title><item>
<title>[API (eu.example.com)] Slow</title><link>https://status.example.com/api-eu/INC1</link><guid isPermaLink="false">INC1</guid>
<description><![CDATA[ <h3>Status: RESOLVED</h3> <p>Severity: degraded</p> <p>Resolved: Tue, 07 Jul 2026 16:37:02 GMT</p><hr />
<h4>Updates:</h4>
 <div> <p><strong>Tue, 07 Jul 2026 16:37:02 GMT</strong></p> <h3>Resolved</h3> <p>Over &amp; <b>done</b>.</p> </div>
 <div> <p><strong>soon</strong></p> <h3>Monitoring</h3> <p>x</p> </div>
 <div> <p><strong>Tue, 07 Jul 2026 15:40:26 GMT</strong></p> <h3>Investigating</h3> <p>We look.</p> <p>Again.</p> </div>
]]></description><pubDate>Tue, 07 Jul 2026 15:40:26 GMT</pubDate></item>
<item><title>x</title><guid>INC2</guid><description>&lt;p&gt;Severity: available&lt;/p&gt;</description></item></channel></rss>"#;

    #[test]
    fn headings_and_paragraphs_are_updates() {
        let input = Input::new("feed.xml", RSS);
        assert_eq!(XaiFeed.sniff(&input), Verdict::Yes);
        let read = XaiFeed.read(&input, &ReadOptions::default()).unwrap();
        let [Record::Incident(incident)] = &read.value[..] else { panic!("{read:?}") };
        assert_eq!(
            (incident.id.as_str(), incident.impact_word.as_deref()),
            ("INC1", Some("degraded"))
        );
        assert_eq!(incident.components, [(String::new(), "API (eu.example.com)".to_owned())]);
        let updates: Vec<String> = incident
            .updates
            .iter()
            .map(|u| format!("{} {} {}", u.at, u.state.unwrap(), u.text))
            .collect();
        assert_eq!(
            updates,
            [
                "2026-07-07T15:40:26Z investigating We look.\n\nAgain.",
                "2026-07-07T16:37:02Z resolved Over & **done**."
            ]
        );
        assert_eq!(incident.announced, Some(incident.updates[0].at));
        assert_eq!(incident.resolved, Some(incident.updates[1].at));
        let warnings: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
        assert!(warnings[0].contains("`soon` is not the date of a feed"), "{warnings:?}");
        assert!(
            warnings[1].starts_with("feed.xml:9:1: warning: INC2 was left out"),
            "{warnings:?}"
        );
    }
}
