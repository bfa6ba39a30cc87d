//! Any other feed: Atom, RSS of any age, or JSON Feed, by the feed-rs crate.
//!
//! Nobody knows what its dates mean: the start, the last update, or the end. So an entry is one
//! post at the time that the feed gives for it, without a state; when it began, when it was
//! announced and when it was over stays unknown.

use feed_rs::model::{Entry, Feed, Text};
use feed_rs::parser::Builder;
use sha2::{Digest as _, Sha256};

use super::super::decode;
use super::super::json::JsonHead;
use super::super::record::{IncidentRecord, Record};
use super::super::text::{TextKind, clean_line, clean_markdown};
use super::super::warnings::Warnings;
use super::super::{Evidence, Input, ReadError, ReadOptions, Source, Verdict, Yields};
use super::feed::posts::{self, Post};
use super::feed::stamp::{Home, Order, feed_date};
use super::feed::{self, FeedHead};
use crate::diag::{Diagnostic, Warned};
use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;

/// The reader.
pub struct GenericFeed;

impl Source for GenericFeed {
    fn id(&self) -> &'static str {
        "feed"
    }

    fn about(&self) -> &'static str {
        "any other Atom, RSS or JSON feed: each entry as one post, nothing read into its dates"
    }

    fn evidence(&self) -> Evidence {
        Evidence::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let is_json = || {
            let head = JsonHead::scan(&decode::head(input))?;
            head.first(".version").map(|version| version.replace("\\/", "/").contains("://jsonfeed.org/version/"))
        };
        // Whoever knows the feed better comes first.
        if FeedHead::of(input).is_some() || is_json() == Some(true) {
            Verdict::Maybe
        } else {
            Verdict::No("not a feed")
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        // feed-rs knows the encodings that an XML declaration may name; only the places want UTF-8.
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
            return Err(ReadError::new("its elements are nested too deeply, or one has too many attributes"));
        }
        let feed = parse(bytes.unwrap_or(decoded.body().as_bytes()), options.zone)?;
        let mut warnings = Warnings::new(input, &decoded);
        if !feed.entries.is_empty() {
            let note = "this is no feed that posthoc knows: its dates may mean the start, the last update or the end";
            warnings
                .say(Diagnostic::note(note).hint("each entry became one post at its date; nothing else was concluded"));
        }
        let provider = feed.title.as_ref().and_then(|title| feed::provider_of(&title.content));
        let mut records = Vec::with_capacity(feed.entries.len());
        for entry in feed.entries {
            match record(entry) {
                Ok(record) => records.push(Record::Incident(IncidentRecord { provider: provider.clone(), ..record })),
                Err(problem) => warnings.at(0..0, problem),
            }
        }
        Ok(Warned { value: records, warnings: warnings.finish() })
    }
}

fn parse(bytes: &[u8], zone: Option<Zone>) -> Result<Feed, ReadError> {
    let home = Home { zone };
    let parser = Builder::new()
        .sanitize_content(false)
        // A date that has no clock or no zone is not made up to one.
        .timestamp_parser(move |text| {
            let at = feed_date(text, home).ok().filter(|at| at.precision() != Precision::Day)?;
            Some(at.earliest())
        })
        // Its own ids may be random.
        .id_generator(|_, _, _| String::new())
        .build();
    parser.parse(bytes).map_err(|error| {
        let mut refused = ReadError::new(format!("this feed cannot be read: {error}"));
        refused.hint = Some("fetch or save it again".to_owned());
        refused
    })
}

fn record(entry: Entry) -> Result<IncidentRecord, String> {
    let title = entry.title.map(line).unwrap_or_default();
    let link = entry.links.iter().find(|link| matches!(link.rel.as_deref(), None | Some("alternate")));
    let url = link.and_then(|link| feed::address(&link.href));
    let text = match (entry.content, entry.summary) {
        (Some(content), summary) if content.body.is_some() => {
            let kind = content.content_type.essence().to_string();
            clean_markdown(&content.body.or(summary.map(|text| text.content)).unwrap_or_default(), text_kind(&kind))
        }
        (_, Some(summary)) => clean_markdown(&summary.content, text_kind(&summary.content_type.essence().to_string())),
        _ => String::new(),
    };
    let shown = if title.is_empty() { clean_line(&text).chars().take(80).collect() } else { title.clone() };
    let Some(at) = entry.published.or(entry.updated) else {
        return Err(format!("the entry \"{shown}\" was left out: it has no date that can be read"));
    };
    let own_id = clean_line(&entry.id);
    let id = if own_id.is_empty() { url.clone().unwrap_or_else(|| content_id(&title, &text)) } else { own_id };
    let mut record = IncidentRecord::new(id.clone(), if shown.is_empty() { id } else { shown });
    record.url = url;
    let text = if text.is_empty() { clean_markdown(&title, TextKind::Plain) } else { text };
    let post = Post { at: Moment::exact(at), word: String::new(), state: None, text };
    record.updates = posts::updates(vec![post], Order::NewestFirst);
    let edited = entry.updated.filter(|updated| *updated != at);
    record.updates.iter_mut().for_each(|update| update.edited = edited);
    Ok(record)
}

fn line(text: Text) -> String {
    clean_line(&text.content)
}

/// A feed may call its HTML plain text: what is not certainly HTML is taken for Markdown, which may
/// hold both.
fn text_kind(media_type: &str) -> TextKind {
    if media_type.contains("html") { TextKind::Html } else { TextKind::Markdown }
}

fn content_id(title: &str, text: &str) -> String {
    let digest = Sha256::digest(format!("{title}\u{0}{text}"));
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes(bytes: &[u8]) -> (Vec<IncidentRecord>, Vec<String>) {
        let input = Input::new("feed", bytes);
        assert_eq!(GenericFeed.sniff(&input), Verdict::Maybe);
        let read = GenericFeed.read(&input, &ReadOptions::default()).unwrap();
        let incident = |record| match record {
            Record::Incident(incident) => incident,
            other => panic!("{other:?}"),
        };
        (read.value.into_iter().map(incident).collect(), read.warnings.iter().map(ToString::to_string).collect())
    }

    fn one(text: &str) -> IncidentRecord {
        let (mut incidents, warnings) = read_bytes(text.as_bytes());
        assert_eq!((incidents.len(), warnings.len()), (1, 1), "{warnings:?}");
        incidents.remove(0)
    }

    #[test]
    fn an_entry_is_one_post_and_nothing_is_read_into_its_dates() {
        let incident = one(
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>Example Status</title><entry><id>urn:1</id><title>Slow</title>
               <link href="https://example.com/1"/><published>2026-01-01T10:00:00Z</published><updated>2026-01-01T12:00:00Z</updated>
               <content type="html">&lt;p&gt;It &amp;amp; that.&lt;br/&gt;&lt;a href="javascript:x"&gt;x&lt;/a&gt;&lt;/p&gt;</content></entry></feed>"#,
        );
        assert_eq!(
            (incident.id.as_str(), incident.title.as_str(), incident.url.as_deref()),
            ("urn:1", "Slow", Some("https://example.com/1"))
        );
        assert_eq!(incident.provider.as_deref(), Some("Example"));
        assert_eq!(
            (incident.announced, incident.impact_start, incident.resolved, incident.state),
            (None, None, None, None)
        );
        let update = &incident.updates[0];
        assert_eq!((update.at.to_string().as_str(), update.state), ("2026-01-01T10:00:00Z", None));
        assert_eq!(update.edited.unwrap().to_rfc3339(), "2026-01-01T12:00:00+00:00");
        assert_eq!(update.text, "It & that.  \nx");
    }

    #[test]
    fn rss_of_every_age_and_json_are_read() {
        let item = "<item><title>Down</title><link>https://example.com/2</link><description>&lt;b&gt;Down&lt;/b&gt; again</description>";
        let rss = one(&format!(
            "<rss version='2.0'><channel><title>T</title>{item}<pubDate>Thu, 01 Jan 2026 10:00:00 EST</pubDate></item></channel></rss>"
        ));
        assert_eq!(
            (rss.id.as_str(), rss.updates[0].at.to_string().as_str()),
            ("https://example.com/2", "2026-01-01T15:00:00Z")
        );
        assert_eq!((rss.updates[0].text.as_str(), rss.updates[0].edited), ("**Down** again", None));
        let old = one(&format!(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>T</title><link>https://example.com</link><description>d</description></channel>{item}<dc:date>2026-01-01T10:00:00Z</dc:date></item></rdf:RDF>"
        ));
        assert_eq!(old.updates[0].at.to_string(), "2026-01-01T10:00:00Z");
        let json = one(
            r#"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "7", "title": "Down", "content_text": "Text", "date_published": "2026-01-01T10:00:00Z"}]}"#,
        );
        assert_eq!((json.id.as_str(), json.updates[0].text.as_str()), ("7", "Text"));
    }

    #[test]
    fn an_entry_without_an_id_has_the_same_one_every_time_and_without_a_date_is_told() {
        let text = "<rss version='2.0'><channel><title>T</title><item><title>Down</title><pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate></item><item><title>Day only</title><pubDate>2026-01-01</pubDate></item></channel></rss>";
        let (incidents, warnings) = read_bytes(text.as_bytes());
        assert_eq!(incidents[0].id.len(), 12);
        assert_eq!(incidents[0].updates[0].text, "Down");
        assert_eq!(read_bytes(text.as_bytes()).0, incidents);
        assert!(warnings[1].contains("\"Day only\" was left out"), "{warnings:?}");
    }

    #[test]
    fn an_encoding_that_the_declaration_names_is_read() {
        let text = b"<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><title>T</title><item><title>L\xF6sung</title><guid>1</guid><pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate></item></channel></rss>";
        assert_eq!(read_bytes(text).0[0].title, "L\u{f6}sung");
    }

    #[test]
    fn what_would_take_for_ever_is_refused_and_entities_are_not_expanded() {
        let refused =
            |text: String| GenericFeed.read(&Input::new("x", text), &ReadOptions::default()).unwrap_err().message;
        let deep =
            format!("<rss version='2.0'><channel>{}{}</channel></rss>", "<a>".repeat(50_000), "</a>".repeat(50_000));
        assert!(refused(deep).contains("too deeply"));
        let attributes: String = (0..100_000).map(|number| format!(" a{number}=''")).collect();
        assert!(
            refused(format!("<rss version='2.0'><channel{attributes}></channel></rss>"))
                .contains("too many attributes")
        );
        let bomb = "<!DOCTYPE rss [<!ENTITY a '&b;&b;'><!ENTITY b '&c;&c;'>]><rss version='2.0'><channel><title>&a;</title></channel></rss>";
        assert!(
            GenericFeed.read(&Input::new("x", bomb), &ReadOptions::default()).is_ok_and(|read| read.value.is_empty())
        );
    }
}
