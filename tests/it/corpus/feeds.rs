//! The readers of feeds on real captures, counted by plain search in their text, and one capture
//! after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use posthoc::sources::record::IncidentRecord;
use posthoc::sources::{Input, ReadOptions};
use proptest::prelude::*;

use crate::corpus::sources::{captures, incidents, read, read_with_all};
use crate::support::world::World;

/// Small feeds of every kind, as seeds for nonsense.
pub const SEEDS: &[&str] = &[
    r#"<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>tag:status.example.com,2005:/history</id><title>Example Status</title><entry><id>tag:status.example.com,2005:Incident/1</id><published>2026-01-01T00:20:10Z</published><updated>2026-01-01T00:20:10Z</updated><link rel="alternate" href="https://status.example.com/incidents/abc"/><title>A &amp; B</title><content type="html">&lt;p&gt;&lt;small&gt;Jan &lt;var data-var='date'&gt; 1&lt;/var&gt;, &lt;var data-var='time'&gt;00:20&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Resolved&lt;/strong&gt; - x &lt;a href="javascript:y"&gt;y&lt;/a&gt;&lt;br /&gt;z&lt;/p&gt;&lt;p&gt;&lt;small&gt;Dec 31, 23:00 PST&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Investigating&lt;/strong&gt; - w&lt;/p&gt;</content></entry></feed>"#,
    r#"{"id": "1", "entry_id": "tag:status.example.com,2005:Incident/1", "url": "https://status.example.com/incidents/abc", "status_sequence": ["Resolved"], "updates": [{"at": "2026-01-01T00:20:00Z", "status": "Resolved", "message": "x"}]}"#,
    // incident.io
    r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title><generator>incident.io</generator><entry><id>https://status.example.com//incidents/01M2D1CZG0862JB4JHVW56QF89</id><title>T</title><updated>2026-09-13T10:53:10.123Z</updated><content type="html">&lt;b&gt;Status: Resolved&lt;/b&gt;&lt;br/&gt;x&lt;b&gt;Affected components&lt;/b&gt;&lt;ul&gt;&lt;li&gt;API (Operational)&lt;/li&gt;&lt;/ul&gt;</content></entry></feed>"#,
    // Instatus
    "<rss version=\"2.0\"><channel><title>Example Status - Incident history</title><item><title>T</title><description>Type: Incident\nAffected Components: A, B\nDec 31, 23:50:10 GMT+0 - Investigating - x. Jan 1, 00:20:00 GMT+0 - Resolved - y</description><content:encoded><![CDATA[&lt;p&gt;&lt;small&gt;Dec 31]]></content:encoded><pubDate>Wed, 31 Dec 2025 23:50:10 +0000</pubDate><link>https://status.example.com/incident/cmuh4kc8h00s013pih51rz3uf</link></item></channel></rss>",
    // AWS
    r#"<rss version="2.0"><channel><title><![CDATA[Example (Ireland) Service Status]]></title><link>http://status.aws.amazon.com/</link><item><title type="text">Informational message: [RESOLVED] Errors</title><pubDate>Wed,  8 Feb 2017 09:46:27 PST</pubDate><guid>http://status.aws.amazon.com/#ec2-eu-west-1_1486575987</guid><description>x</description></item></channel></rss>"#,
    // Azure
    r#"<rss version="2.0"><channel><title>Azure Status</title><item><guid isPermaLink="false">trouble</guid><category>West US</category><title>T</title><description>&lt;p&gt;x&lt;/p&gt;</description><pubDate>Thu, 23 Jul 2026 16:29:09 Z</pubDate></item></channel></rss>"#,
    // xAI
    r#"<rss version="2.0"><channel><title>xAI System Status</title><item><title>[API (eu)] T</title><guid>INC1</guid><description><![CDATA[<h3>Status: RESOLVED</h3><p>Severity: available</p><div><p><strong>Tue, 07 Jul 2026 16:37:02 GMT</strong></p><h3>Resolved</h3><p>x</p></div>]]></description><pubDate>Tue, 07 Jul 2026 15:40:26 GMT</pubDate></item></channel></rss>"#,
    // LambStatus
    r#"<rss version="2.0"><channel><title>Example Status</title><item><title>T</title><link>https://status.example.com/incidents/abc</link><pubDate>Fri, 13 Oct 2017 06:50:38 GMT</pubDate><content:encoded><![CDATA[<p><small>May 13, 2017, 06:50 UTC</small><br><strong>Resolved</strong> - x</p>]]></content:encoded></item></channel></rss>"#,
    // Better Stack
    r#"<rss version="2.0"><channel><title>Example Status</title><item><title>[Resolved] T</title><description>x</description><pubDate>Fri, 13 Oct 2017 07:50:38 -0000</pubDate><link>https://status.example.com/incident/7</link><guid isPermaLink="false">https://status.example.com/incident/7#a1</guid></item><item><title>API went down</title><pubDate>Fri, 13 Oct 2017 06:50:38 -0000</pubDate><guid>https://status.example.com/#b2</guid></item></channel></rss>"#,
    // Any other
    r#"<rss version="2.0"><channel><title>Example</title><item><title>T</title><guid>1</guid><pubDate>Fri, 13 Oct 2017 06:50:38 GMT</pubDate><description>&lt;p&gt;x&lt;/p&gt;</description></item></channel></rss>"#,
    r#"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "7", "title": "Down", "content_html": "<p>x</p>", "date_published": "2026-01-01T10:00:00Z"}]}"#,
];

/// What a capture holds by a count of plain text: incidents and maintenances together, and updates.
fn counted(text: &str, entry: &str, update: &str) -> (usize, usize) {
    (text.matches(entry).count(), text.matches(update).count())
}

/// Which captures there are: folder, ending, the format that must claim them, and what stands once
/// in each entry and once in each update.
const CAPTURES: &[(&str, &str, &str, &str, &str)] = &[
    ("status/statuspage", ".atom", "statuspage-feed", "<entry>", "&lt;small&gt;"),
    ("status/statuspage", ".jsonl", "statuspage-feed", "\"entry_id\": ", "\"message\": "),
    ("status/instatus", ".rss", "instatus-feed", "<item>", " GMT+0 - "),
    ("status/azure", ".xml", "azure-feed", "<item>", "<pubDate>"),
    ("status/xai-custom", ".xml", "xai-feed", "<item>", "<p><strong>"),
    ("status/lambstatus", ".rss", "lambstatus-feed", "<item>", "<small>"),
];

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn feed_captures_are_read_completely() {
    println!(
        "{:52} {:16} {:>9} {:>7} {:>12} {:>8}",
        "file", "format", "incidents", "updates", "maintenances", "warnings"
    );
    for (folder, ending, format, entry, update) in CAPTURES {
        for path in captures(folder, &[ending]) {
            let (records, warnings) = read(&path, format);
            let records = incidents(&records);
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let maintenances = records.iter().filter(|incident| incident.maintenance).count();
            let updates: usize = records.iter().map(|incident| incident.updates.len()).sum();
            println!(
                "{name:52} {format:16} {:>9} {updates:>7} {maintenances:>12} {:>8}",
                records.len() - maintenances,
                warnings.len()
            );
            for warning in &warnings {
                println!("    {warning}");
            }
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!((records.len(), updates), counted(&text, entry, update), "{name}");
            let ids: BTreeSet<&str> = records.iter().map(|record| record.id.as_str()).collect();
            assert_eq!(ids.len(), records.len(), "{name}: ids are those of one record each");
            records.iter().for_each(|record| assert_well_formed(record, &name));
        }
    }
}

fn assert_well_formed(record: &IncidentRecord, file: &str) {
    let what = format!("{file} {}", record.id);
    let ids: BTreeSet<&str> = record.updates.iter().map(|update| update.id.as_str()).collect();
    assert_eq!(ids.len(), record.updates.len(), "{what}: ids are those of one update each");
    assert!(
        record.updates.windows(2).all(|pair| minute(&pair[0]) <= minute(&pair[1])),
        "{what}: in the order of time"
    );
    assert!(
        record.updates.iter().all(|update| !update.text.is_empty()),
        "{what}: every update has its text"
    );
    let tags = ["<p", "<br", "<small", "<var", "<strong", "&lt;", "&amp;"];
    let has_markup = |text: &str| tags.iter().any(|tag| text.contains(tag));
    assert!(
        !record.updates.iter().any(|update| has_markup(&update.text)),
        "{what}: texts are Markdown"
    );
    assert!(!has_markup(&record.title), "{what}: {}", record.title);
}

fn minute(update: &posthoc::sources::record::UpdateRecord) -> i64 {
    update.at.earliest().timestamp().div_euclid(60)
}

/// What the readers that know a feed better read is also there for the reader of any feed.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn every_feed_can_be_read_by_the_generic_reader() {
    let source = posthoc::sources::by_id("feed").unwrap();
    for (folder, ending, _, entry, _) in
        CAPTURES.iter().filter(|(_, ending, ..)| *ending != ".jsonl")
    {
        for path in captures(folder, &[ending]) {
            let input = crate::corpus::sources::load(&path);
            let read = source.read(&input, &ReadOptions::default()).unwrap();
            let text = String::from_utf8(input.bytes).unwrap();
            assert_eq!(read.value.len(), text.matches(entry).count(), "{}", path.display());
            assert!(
                incidents(&read.value)
                    .iter()
                    .all(|record| record.announced.is_none() && record.updates.len() == 1)
            );
        }
    }
}

/// `published` is the time of the newest update and not of the start, in every entry.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn newest_update_matches_the_published_minute() {
    for path in captures("status/statuspage", &[".atom"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let published = text.split("<published>").skip(1).map(|rest| &rest[..16]);
        let (records, _) = read(&path, "statuspage-feed");
        for (record, published) in incidents(&records).into_iter().zip(published) {
            let newest =
                record.updates.last().unwrap().at.earliest().format("%Y-%m-%dT%H:%M").to_string();
            assert_eq!(newest, published, "{} {}", path.display(), record.id);
        }
    }
}

/// The JSON lines were parsed from captures of the feed by another program.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn feeds_and_parsed_lines_agree_on_every_time() {
    let mut lines = BTreeMap::new();
    for path in captures("status/statuspage", &[".jsonl"]) {
        let (records, _) = read(&path, "statuspage-feed");
        lines.extend(
            incidents(&records).into_iter().map(|record| (record.id.clone(), record.clone())),
        );
    }
    let (mut compared, mut updates, mut more) = (0, 0, Vec::new());
    for path in captures("status/statuspage", &[".atom"]) {
        let (records, _) = read(&path, "statuspage-feed");
        for record in incidents(&records) {
            let Some(line) = lines.get(&record.id) else { continue };
            compared += 1;
            let ids = |record: &IncidentRecord| {
                record.updates.iter().map(|u| u.id.clone()).collect::<BTreeSet<_>>()
            };
            let (of_feed, of_lines) = (ids(record), ids(line));
            assert!(
                of_lines.is_subset(&of_feed),
                "{}: {:?}",
                record.id,
                of_lines.difference(&of_feed)
            );
            more.extend(of_feed.difference(&of_lines).map(|id| format!("{} {id}", record.id)));
            updates += of_lines.len();
            assert_eq!(
                (record.maintenance, record.announced),
                (line.maintenance, line.announced),
                "{}",
                record.id
            );
            assert_eq!((&record.title, record.state), (&line.title, line.state), "{}", record.id);
        }
    }
    println!("{compared} incidents with {updates} updates are in both; in the feed only: {more:?}");
    assert!(lines.is_empty() || (compared == 50 && more.len() == 1), "{compared} {more:?}");
}

/// What the API calls an incident is the code in the feed's link.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn feed_incident_has_the_id_of_the_api() {
    for (json, atom) in [
        ("github-summary-2023-05-09.json", "github-history-2023-05-12.atom"),
        ("github-summary-2026-08-17T2110Z.json", "github-history-2026-08-22.atom"),
    ] {
        let paths = captures("status/statuspage", &[json])
            .into_iter()
            .zip(captures("status/statuspage", &[atom]));
        for (json, atom) in paths {
            let (of_api, of_feed) =
                (read(&json, "statuspage-v2").0, read(&atom, "statuspage-feed").0);
            for incident in incidents(&of_api) {
                let same = incidents(&of_feed)
                    .into_iter()
                    .find(|record| record.id == incident.id)
                    .unwrap();
                assert_eq!(same.title, incident.title);
                let minutes = |record: &IncidentRecord| {
                    record.updates.iter().map(minute).collect::<BTreeSet<_>>()
                };
                assert!(minutes(incident).is_subset(&minutes(same)), "the feed was captured later");
            }
        }
    }
}

fn import(world: &World, path: &Path, arguments: &[&str]) -> String {
    let path = path.to_string_lossy();
    let output = world.output(&[&["import", &path], arguments].concat());
    assert!(output.status.success(), "{}", world.shown(&output));
    String::from_utf8(output.stderr).unwrap()
}

/// How many timeline entries the files of a world have, by the id of the record.
fn entries(world: &World) -> BTreeMap<String, usize> {
    let files = world
        .files()
        .into_iter()
        .filter(|(name, _)| name.starts_with("incidents/") && name.ends_with(".yaml"));
    let counted = files.map(|(name, bytes)| {
        let text = String::from_utf8(bytes).unwrap();
        let record = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("record: "))
            .unwrap_or_else(|| panic!("{name}"));
        (record.trim_matches(['\'', '"']).to_owned(), text.matches("kind: status_update").count())
    });
    let counts: Vec<(String, usize)> = counted.collect();
    let by_record: BTreeMap<String, usize> = counts.iter().cloned().collect();
    assert_eq!(by_record.len(), counts.len(), "one file per incident");
    by_record
}

fn expected(paths: &[std::path::PathBuf]) -> BTreeMap<String, usize> {
    let mut expected = BTreeMap::new();
    for path in paths {
        let (records, _) = read(path, "statuspage-feed");
        expected.extend(
            incidents(&records).into_iter().map(|record| (record.id.clone(), record.updates.len())),
        );
    }
    expected
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn successive_captures_give_one_file_per_incident_without_duplicates() {
    let paths = captures("status/statuspage", &[".atom"]);
    let world = World::new();
    for path in &paths {
        let printed = import(&world, path, &[]);
        assert!(printed.contains("25 created, 0 extended, 0 unchanged"), "{printed}");
    }
    assert_eq!(entries(&world), expected(&paths));
    // Every incident of these captures is over, whatever their feeds list first within a minute.
    let milestones = ["  resolved_at:\n", "  first_notice_at:\n"];
    let count = |word: &str| {
        world
            .files()
            .iter()
            .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(word))
            .count()
    };
    // One post that also closes it gave nobody notice, and proves neither the start nor the end.
    let followed = expected(&paths).values().filter(|&&posts| posts > 1).count();
    assert_eq!(milestones.map(count), [followed; 2]);
    assert_eq!(
        world.run(&["list", "--status", "resolved", "--json"]).matches("\"id\":").count(),
        25 * paths.len()
    );
    let before = world.files();
    for path in &paths {
        let printed = import(&world, path, &[]);
        assert!(
            printed.contains("0 created, 0 extended, 25 unchanged")
                && !printed.contains("upstream"),
            "{printed}"
        );
    }
    world.assert_same(&before);
    // The lines are of the same format and have the same ids: what the feed had is there already.
    for lines in captures("status/statuspage", &[".jsonl"]) {
        let printed = import(&world, &lines, &[]);
        assert!(printed.contains("339 created, 0 extended, 50 unchanged"), "{printed}");
        let mut all = expected(&[lines]);
        all.extend(expected(&paths));
        assert_eq!(entries(&world), all);
    }
}

/// The days between the captures are not there, so earlier ones are made from each: before its
/// newest update was posted, and before the text of an older one was rewritten.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn earlier_capture_is_extended_and_rewrites_are_reported() {
    for path in captures("status/statuspage", &["2024-06-22.atom", "2026-08-22.atom"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut earlier = String::new();
        let (mut rewritten, mut added) = (0, 0);
        for (index, part) in text.split_inclusive("</entry>").enumerate() {
            let starts: Vec<usize> = part
                .match_indices("&lt;small&gt;")
                .map(|(at, _)| part[..at].rfind("&lt;p&gt;").unwrap())
                .collect();
            let part = match starts[..] {
                [first, second, ..] if index % 2 == 0 => {
                    added += 1;
                    format!("{}{}", &part[..first], &part[second..])
                }
                [.., last] if index % 2 == 1 => {
                    rewritten += 1;
                    let (head, tail) = part.split_at(last);
                    format!("{head}{}", tail.replacen("strong&gt; - ", "strong&gt; - Before: ", 1))
                }
                _ => part.to_owned(),
            };
            earlier.push_str(&part);
        }
        assert!(added > 8 && rewritten > 8, "{added} {rewritten}");
        let world = World::new();
        world.write("earlier.atom", earlier);
        import(&world, Path::new("earlier.atom"), &[]);
        let printed = import(&world, &path, &[]);
        assert!(
            printed.contains(&format!("0 created, {added} extended, {} unchanged", 25 - added)),
            "{printed}"
        );
        assert_eq!(printed.matches("was changed upstream").count(), rewritten, "{printed}");
        assert!(!printed.contains("no longer upstream"), "{printed}");
        assert_eq!(entries(&world), expected(std::slice::from_ref(&path)));
        let printed = import(&world, &path, &["--update"]);
        assert!(printed.contains(&format!("{rewritten} extended")), "{printed}");
        assert_eq!(entries(&world), expected(std::slice::from_ref(&path)));
        assert!(!world.files().iter().any(|(name, bytes)| name.ends_with(".yaml")
            && String::from_utf8_lossy(bytes).contains("Before: ")));
        let before = world.files();
        import(&world, &path, &["--update"]);
        world.assert_same(&before);
    }
}

/// What feeds are made of.
const PIECES: &[&str] = &[
    "<feed>",
    "</feed>",
    "<rss version=\"2.0\">",
    "<channel>",
    "<entry>",
    "</entry>",
    "<item>",
    "</item>",
    "<id>",
    "</id>",
    "<title>T</title>",
    "<generator>incident.io</generator>",
    "<title>Azure Status</title>",
    "<content type=\"html\">",
    "</content>",
    "<content:encoded><![CDATA[",
    "]]></content:encoded>",
    "<description>",
    "</description>",
    "<pubDate>",
    "</pubDate>",
    "<link href=\"https://status.example.com/incidents/abc\"/>",
    "<published>2026-01-01T00:20:10Z</published>",
    "tag:x,2005:Incident/1",
    "Wed, 31 Dec 2025 23:50:10 PST",
    "&lt;p&gt;&lt;small&gt;",
    "&lt;/small&gt;&lt;br&gt;&lt;strong&gt;",
    "Resolved",
    "&lt;/strong&gt; - ",
    "&lt;/p&gt;",
    "<p><small>",
    "</small><br><strong>",
    "</strong> - ",
    "Jan 1, 00:20 UTC",
    "Feb 29, 2025, 24:00 BST",
    " GMT+0 - ",
    "Type: Incident",
    "THIS IS A SCHEDULED EVENT",
    "<h3>Status: ",
    "<p><strong>",
    "&amp;",
    "&#x110000;",
    "&",
    "<",
    "ß",
    "\u{0}",
    "<!DOCTYPE x [<!ENTITY a \"&a;\">]>",
    "<!--",
    "-->",
    "<b>",
    "<a href=\"javascript:x\">",
    "&lt;b&gt;",
    "&lt;div&gt;",
    "&lt;a href='x'&gt;",
    "&lt;table&gt;",
    "&lt;!--",
];

proptest! {
    #[test]
    fn pieces_of_feeds_in_any_order_never_panic(pieces in proptest::collection::vec(prop::sample::select(PIECES), 0..60)) {
        read_with_all(pieces.concat().as_bytes());
    }
}

/// No text makes a reader go over it again and again: this test ends.
#[test]
fn long_repetitions_take_linear_time() {
    let frames = [
        (
            "<rss version=\"2.0\"><channel><item><link>https://x.example/a</link><pubDate>Wed, 31 Dec 2025 23:50:10 GMT</pubDate><description>",
            "</description></item></channel></rss>",
        ),
        (
            "<feed><entry><id>tag:x,2005:Incident/1</id><published>2026-01-01T00:20:10Z</published><content>",
            "</content></entry></feed>",
        ),
        ("", ""),
    ];
    for piece in PIECES.iter().filter(|piece| !piece.is_empty()) {
        for (before, after) in frames {
            let run = piece.repeat(60_000 / piece.len());
            for source in
                posthoc::sources::REGISTRY.iter().filter(|source| source.id().ends_with("feed"))
            {
                let input = Input::new("x", format!("{before}{run}{after}"));
                let _ = source.sniff(&input);
                let _ = source.read(&input, &ReadOptions::default());
            }
        }
    }
}
