//! Instatus, `history.rss` and `history.atom`.
//!
//! `pubDate` is the start. RSS has all updates of an entry in one line of plain text, oldest first;
//! its `content:encoded` has the same as HTML that is escaped inside CDATA, with an extra full stop
//! after each text, and without components. In Atom, incident updates are listed newest first and
//! maintenance updates oldest first. Timestamps are always GMT+0 and have no year. "Duration" is a
//! claim of the page and may differ from the time between the first and last update.

use super::FAMILY;
use crate::diag::Warned;
use crate::model::time::Moment;
use crate::model::zone::Zone;
use crate::sources::decode::{self, Decoded};
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::feed::html::paragraphs;
use crate::sources::status::kit::feed::offset::Offsets;
use crate::sources::status::kit::feed::one_line::{RawUpdate, one_line};
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::{Home, Order, Years, stamp, without_tags};
use crate::sources::status::kit::feed::{self, FeedHead, Item, Raw};
use crate::sources::status::kit::home::Homes;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(crate) struct InstatusFeed;

impl Source for InstatusFeed {
    fn id(&self) -> &'static str {
        "instatus-feed"
    }

    fn family(&self) -> &'static str {
        FAMILY
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn about(&self) -> &'static str {
        "Instatus: history.rss or history.atom"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        // RSS has the components.
        &["/history.rss", "/history.atom"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = FeedHead::of(input) else { return Verdict::No("not a feed") };
        let is_it = if head.is_atom {
            head.between("<id>tag:", '<').any(|id| {
                let code = [",2005:Incident/", ",2005:Maintenance/"]
                    .iter()
                    .find_map(|mark| id.split_once(mark));
                code.is_some_and(|(_, code)| is_cuid(code))
            })
        } else {
            (head.has("Type: Incident") || head.has("Type: Maintenance")) && head.has("GMT+0")
        };
        if is_it { Verdict::Yes } else { Verdict::No("a feed, but not of Instatus' updates") }
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

/// `c` and 24 more letters and digits.
fn is_cuid(code: &str) -> bool {
    code.len() == 25
        && code.starts_with('c')
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

fn entry(
    item: &Item<'_>,
    homes: &Homes,
    decoded: &Decoded<'_>,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let (link, feed_id) = (item.link.text(), item.id.text());
    let id = feed::id(item, homes, &item.published.text(), warnings)?;
    let published =
        feed::published(item.published, item, &id, Home { zone: Some(Zone::UTC) }, warnings);
    let title = clean_line(&item.title.text());
    let mut record = IncidentRecord::new(id.clone(), if title.is_empty() { id } else { title });
    record.url = feed::address(&link);
    record.revised = feed::revised(item, Home { zone: Some(Zone::UTC) });
    let summary = item.summary.text();
    let mut raw = one_line(&summary);
    let mut order = Order::OldestFirst;
    let html;
    if raw.is_empty() {
        html = unescaped_html(if item.content.is_empty() { item.summary } else { item.content });
        raw = in_html(&html);
        if feed_id.contains(":Incident/") {
            order = Order::NewestFirst;
        }
    }
    record.maintenance =
        feed_id.contains(":Maintenance/") || header(&summary, "Type:") == Some("Maintenance");
    let content = item.content.text();
    let field = |name: &str| {
        header(&summary, &format!("{name}:")).map(clean_line).or_else(|| labelled(&content, name))
    };
    record.claimed = field("Duration").filter(|claimed| !record.maintenance && !claimed.is_empty());
    let components = field("Affected Components").unwrap_or_default();
    let components = components.split(", ").map(clean_line);
    record.components =
        components.filter(|name| !name.is_empty()).map(|name| (String::new(), name)).collect();
    // Years are inferred from the start, so the oldest comes first.
    if order == Order::NewestFirst {
        raw.reverse();
    }
    let Some(published) = published else {
        record.untimed = raw.iter().map(RawUpdate::untimed).collect();
        if record.untimed.is_empty() {
            let text = if item.content.is_empty() { item.summary } else { item.content };
            record.untimed.push(posts::untimed("", clean_markdown(&text.text(), TextKind::Html)));
        }
        return Some(record);
    };
    let found = dated_posts(&raw, published, item, &mut record, warnings);
    if found.is_empty() {
        warnings.at(
            decoded.span_of(item.raw),
            format!("{} has no updates that can be distinguished", record.id),
        );
    }
    record.updates = posts::updates(found, Order::OldestFirst);
    posts::fill_from_updates(&mut record);
    // An incident is published when it starts; a maintenance at its planned start.
    record.announced = record.announced.or_else(|| (!record.maintenance).then_some(published));
    Some(record)
}

/// The posts that have a time, given oldest first; `record` gets the others.
fn dated_posts(
    raw: &[RawUpdate<'_>],
    published: Moment,
    item: &Item<'_>,
    record: &mut IncidentRecord,
    warnings: &mut Warnings<'_>,
) -> Vec<Post> {
    let mut years = Years::from(published, Order::OldestFirst);
    let offsets = Offsets::of([item.published.text(), item.updated.text()]);
    let mut found = Vec::with_capacity(raw.len());
    for update in raw {
        match post(update, &mut years, &offsets, record.maintenance) {
            Ok(post) => {
                if post.state.is_none() {
                    let message =
                        format!("an update of {} has the unknown state `{}`", record.id, post.word);
                    warnings.about(item.raw, message);
                }
                found.push(post);
            }
            Err(problem) => {
                let message =
                    format!("an update of {} has no time that can be read: {problem}", record.id);
                warnings.about(item.raw, message);
                record.untimed.push(update.untimed());
            }
        }
    }
    found
}

/// The value of a header line of the description.
fn header<'t>(summary: &'t str, name: &str) -> Option<&'t str> {
    summary.lines().map(str::trim).find_map(|line| line.strip_prefix(name)).map(str::trim)
}

/// A field of an Atom entry: `<p><strong>NAME:</strong> VALUE</p>`.
fn labelled(html: &str, name: &str) -> Option<String> {
    let after = html.split_once(&format!("<strong>{name}:</strong>"))?.1;
    Some(feed::line(after.split_once("</p>")?.0))
}

/// The update at its time.
fn post(
    update: &RawUpdate<'_>,
    years: &mut Years,
    offsets: &Offsets,
    is_maintenance: bool,
) -> Result<Post, String> {
    let shown = || format!("`{}` is not a stamp", clean_line(&without_tags(update.stamp)));
    let mut stamp = stamp(update.stamp).ok_or_else(shown)?;
    let date = years.date(&stamp).ok_or_else(shown)?;
    offsets.settle(&mut stamp, Home { zone: None });
    let instant =
        Home { zone: None }.commonest_instant(date, &stamp).map_err(|error| error.to_string())?;
    let word = clean_line(update.word);
    // A maintenance in progress is called "Identified".
    let state = match posts::state(&word) {
        Some(crate::model::timeline::State::Identified) if is_maintenance => {
            Some(crate::model::timeline::State::InProgress)
        }
        state => state,
    };
    let text = clean_markdown(update.text, TextKind::Markdown);
    Ok(Post { created: None, at: Moment::known_to(instant, stamp.precision), word, state, text })
}

/// The HTML of an element, with the escaping inside CDATA, or a second one, removed.
fn unescaped_html(raw: Raw<'_>) -> String {
    let html = raw.text();
    if html.contains("<small>") { html.into_owned() } else { feed::unescape(&html).into_owned() }
}

fn in_html(html: &str) -> Vec<RawUpdate<'_>> {
    let (_, paragraphs) = paragraphs(html);
    let updates = paragraphs.into_iter().map(|paragraph| {
        let text = paragraph.text;
        // The feed appends a full stop to every text.
        let has_two = text.ends_with("..") && !text.ends_with("...") || text.ends_with(". .");
        let text = if has_two { text[..text.len() - 1].trim_end() } else { text };
        RawUpdate { stamp: paragraph.stamp, word: paragraph.state, text }
    });
    updates.collect()
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, dated, rss, shown};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::feed(format, IdOf::Address, Revision::Incident, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        rss("Example Status - Incident history", all, |one| {
            let posts: String = one
                .posts
                .iter()
                .map(|Post { at, word, text, .. }| {
                    format!(
                        " {} - {} - {text}",
                        shown(at, "%b %-d, %H:%M:%S GMT+0"),
                        match *word {
                            "resolved" => "Resolved",
                            _ => "Investigating",
                        }
                    )
                })
                .collect();
            format!(
                "<description>\n    Type: Incident\n    Duration: 1 hour\n\n    Affected Components: API\n   {posts}\n</description>{}",
                dated(one.first().at)
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Example Status - Incident history</title><link>https://status.example.com</link><description>Example</description>
<item><title>Slow API</title><description>
    Type: Incident
    Duration: 46 minutes

    Affected Components: API, Web App
    Dec 31, 23:50:10 GMT+0 - Investigating - We look at **it** - closely.
More of it. Jan 1, 00:10:05 GMT+0 - Update - See Jan 1, 00:05 GMT+0 in the log. Jan 1, 00:20:00 GMT+0 - Resolved - Over.
</description><content:encoded><![CDATA[<p><strong>Type:</strong> Incident</p>
&lt;p&gt;&lt;small&gt;Dec &lt;var data-var=&#039;date&#039;&gt; 31&lt;/var&gt;, &lt;var data-var=&#039;time&#039;&gt;23:50:10&lt;/var&gt; GMT+0&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Investigating&lt;/strong&gt; -
  We look..&lt;/p&gt;
&lt;p&gt;&lt;small&gt;Jan &lt;var data-var=&#039;date&#039;&gt; 1&lt;/var&gt;, &lt;var data-var=&#039;time&#039;&gt;00:20:00&lt;/var&gt; GMT+0&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Resolved&lt;/strong&gt; -
  Over. .&lt;/p&gt;]]></content:encoded>
<pubDate>Wed, 31 Dec 2025 23:50:10 +0000</pubDate><link>https://status.example.com/incident/cmuh4kc8h00s013pih51rz3uf</link>
<guid>https://status.example.com/incident/cmuh4kc8h00s013pih51rz3uf</guid></item></channel></rss>"#;

    fn read(text: &str) -> (Vec<IncidentRecord>, Vec<String>) {
        let input = Input::new("history.rss", text);
        assert_eq!(InstatusFeed.sniff(&input), Verdict::Yes);
        let read = InstatusFeed.read(&input, &ReadOptions::default()).unwrap();
        let incident = |record| match record {
            Record::Incident(incident) => incident,
            other => panic!("{other:?}"),
        };
        (
            read.value.into_iter().map(incident).collect(),
            read.warnings.iter().map(ToString::to_string).collect(),
        )
    }

    fn shown(record: &IncidentRecord) -> Vec<String> {
        let state = |update: &crate::sources::record::UpdateRecord| {
            update.state.map_or("–".into(), |s| s.to_string())
        };
        record
            .updates
            .iter()
            .map(|update| format!("{} {} {}", update.at, state(update), update.text))
            .collect()
    }

    #[test]
    fn single_line_of_updates_is_split_and_dated() {
        let (incidents, warnings) = read(RSS);
        assert!(warnings.is_empty(), "{warnings:?}");
        let incident = &incidents[0];
        assert_eq!(
            (incident.id.as_str(), incident.title.as_str()),
            ("cmuh4kc8h00s013pih51rz3uf", "Slow API")
        );
        assert_eq!(incident.provider.as_deref(), Some("Example"));
        assert_eq!(
            incident.components,
            [(String::new(), "API".into()), (String::new(), "Web App".into())]
        );
        assert_eq!(
            shown(incident),
            [
                "2025-12-31T23:50:10Z investigating We look at **it** - closely.  \nMore of it.",
                "2026-01-01T00:10:05Z update See Jan 1, 00:05 GMT+0 in the log.",
                "2026-01-01T00:20:00Z resolved Over."
            ]
        );
        assert_eq!(
            (incident.announced, incident.maintenance),
            (Some(incident.updates[0].at), false)
        );
    }

    #[test]
    fn html_without_description_is_unescaped_twice_and_trimmed() {
        let start = RSS.find("<description>\n").unwrap();
        let end = RSS.find("</description><content").unwrap();
        let text = format!("{}<description>Type: Incident GMT+0{}", &RSS[..start], &RSS[end..]);
        let (incidents, warnings) = read(&text);
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(
            shown(&incidents[0]),
            ["2025-12-31T23:50:10Z investigating We look.", "2026-01-01T00:20:00Z resolved Over."]
        );
    }

    #[test]
    fn atom_has_incidents_newest_first_and_maintenances_oldest_first() {
        let update = |day: &str, time: &str, state: &str| {
            format!(
                "&lt;p&gt;&lt;small&gt;{} &lt;var data-var='date'&gt; {}&lt;/var&gt;, &lt;var data-var='time'&gt;{time}&lt;/var&gt; GMT+0&lt;/small&gt;&lt;br&gt;&lt;strong&gt;{state}&lt;/strong&gt; - x.&lt;/p&gt;",
                &day[..3],
                &day[4..]
            )
        };
        let entry = |kind: &str, published: &str, html: String| {
            format!(
                "<entry><id>tag:status.example.com,2005:{kind}/cmuh4kc8h00s013pih51rz3uf</id><published>{published}</published><updated>2026-01-02T00:00:00Z</updated><title>T</title><content type=\"html\">{html}</content></entry>"
            )
        };
        let incident = update("Jan 1", "00:20:00", "Resolved")
            + &update("Dec 31", "23:50:10", "Investigating");
        let maintenance =
            update("Dec 12", "08:00:00", "Identified") + &update("Dec 19", "10:00:00", "Completed");
        let text = format!(
            "<feed><title>Example</title>{}{}</feed>",
            entry("Incident", "2025-12-31T23:50:10Z", incident),
            entry("Maintenance", "2025-12-19T09:00:00Z", maintenance)
        );
        let (records, warnings) = read(&text);
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(
            shown(&records[0]),
            ["2025-12-31T23:50:10Z investigating x.", "2026-01-01T00:20:00Z resolved x."]
        );
        assert_eq!(
            shown(&records[1]),
            ["2025-12-12T08:00:00Z in_progress x.", "2025-12-19T10:00:00Z completed x."]
        );
        assert_eq!((records[0].maintenance, records[1].maintenance), (false, true));
    }

    #[test]
    fn unreadable_parts_are_reported() {
        let text = RSS
            .replace("Dec 31, 23:50:10 GMT+0 - Inv", "Dec 31, 23:50:10 GMT+1 - Inv")
            .replace("- Resolved -", "- Behoben -");
        let (incidents, warnings) = read(&text);
        assert_eq!(incidents[0].updates.len(), 2, "{:?}", incidents[0].updates);
        assert!(warnings[0].contains("unknown state `Behoben`"), "{warnings:?}");
        let (incidents, warnings) = read(&RSS.replace("2025 23:50", "XXXX 23:50"));
        assert_eq!(
            (incidents[0].updates.len(), incidents[0].untimed.len()),
            (0, 3),
            "the texts are not lost"
        );
        assert!(warnings[0].starts_with("history.rss:4:1: warning:"), "{warnings:?}");
    }
}
