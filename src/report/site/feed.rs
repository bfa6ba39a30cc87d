//! The newest incidents as feeds: Atom (RFC 4287) and JSON Feed 1.1.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::entry::Entry;
use super::paths::incident_path;
use crate::text::html::escape;

/// The maximum number of incidents in a feed.
const MOST: usize = 50;

/// The incidents of a feed with their times, newest first. Incidents without any recorded time are
/// left out: the entries of a feed need one.
fn newest(entries: &[Entry]) -> Vec<(&Entry, DateTime<Utc>)> {
    let mut dated: Vec<(&Entry, DateTime<Utc>)> =
        entries.iter().filter_map(|entry| Some((entry, entry.updated.or(entry.at)?))).collect();
    dated.sort_by(|(a, at), (b, other)| other.cmp(at).then(a.id.cmp(&b.id)));
    dated.truncate(MOST);
    dated
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A permanent name for an incident that does not depend on the address of the site: a UUID
/// (RFC 9562, version 8) derived from its id.
fn name_of(id: &str) -> String {
    let hash = Sha256::digest(format!("posthoc incident {id}"));
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// The feed in Atom format, or `None` if no incident has a time. `base` is the address of the site
/// with a trailing slash, or empty for addresses relative to the feed.
pub(crate) fn atom(title: &str, entries: &[Entry], base: &str) -> Option<String> {
    let entries = newest(entries);
    let (_, updated) = entries.first()?;
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    element("title", title, &mut out);
    element("id", &name_of(&format!("feed {base}{title}")), &mut out);
    element("updated", &instant(*updated), &mut out);
    out.push_str("<author><name>posthoc</name></author>\n");
    link("self", &format!("{base}feed.atom"), &mut out);
    link("alternate", &format!("{base}index.html"), &mut out);
    for (entry, at) in entries {
        out.push_str("<entry>\n");
        element("title", &entry.title, &mut out);
        element("id", &name_of(&entry.id), &mut out);
        element("updated", &instant(at), &mut out);
        if let Some(began) = entry.at {
            element("published", &instant(began), &mut out);
        }
        link("alternate", &format!("{base}{}", incident_path(&entry.id)), &mut out);
        for category in entry.services.iter().chain(Some(&entry.severity)) {
            if !category.is_empty() {
                out.push_str("<category term=\"");
                escape(&plain(category), &mut out);
                out.push_str("\"/>\n");
            }
        }
        element("summary", &summary(entry), &mut out);
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    Some(out)
}

/// The status, the duration of the impact and the summary, as far as they are known.
fn summary(entry: &Entry) -> String {
    let impact =
        if entry.impact.is_empty() { String::new() } else { format!("{} of impact", entry.impact) };
    let facts: Vec<&str> =
        [entry.status, impact.as_str()].into_iter().filter(|fact| !fact.is_empty()).collect();
    let facts = if facts.is_empty() { String::new() } else { format!("{}. ", facts.join(", ")) };
    format!("{facts}{}", entry.summary).trim_end().to_owned()
}

fn element(name: &str, text: &str, out: &mut String) {
    out.push_str(&format!("<{name}>"));
    escape(&plain(text), out);
    out.push_str(&format!("</{name}>\n"));
}

fn link(relation: &str, address: &str, out: &mut String) {
    out.push_str(&format!("<link rel=\"{relation}\" href=\""));
    escape(address, out);
    out.push_str("\"/>\n");
}

/// Removes the characters that XML 1.0 cannot represent.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| match c {
            '\n' | '\t' => true,
            '\u{fffe}' | '\u{ffff}' => false,
            c => !c.is_control(),
        })
        .collect()
}

/// The feed in JSON Feed format, or `None` if no incident has a time.
pub(crate) fn json_feed(title: &str, entries: &[Entry], base: &str) -> Option<String> {
    let entries = newest(entries);
    entries.first()?;
    let item = |(entry, at): &(&Entry, DateTime<Utc>)| -> Value {
        let tags: Vec<&String> = entry
            .services
            .iter()
            .chain(Some(&entry.severity))
            .filter(|tag| !tag.is_empty())
            .collect();
        json!({
            "id": name_of(&entry.id),
            "url": format!("{base}{}", incident_path(&entry.id)),
            "title": entry.title,
            "content_text": summary(entry),
            "date_published": entry.at.map(instant),
            "date_modified": instant(*at),
            "tags": tags,
        })
    };
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": format!("{base}index.html"),
        "feed_url": format!("{base}feed.json"),
        "items": entries.iter().map(item).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&feed).ok().map(|text| text + "\n")
}
