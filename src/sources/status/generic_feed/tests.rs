use super::*;

fn read_bytes(bytes: &[u8]) -> (Vec<IncidentRecord>, Vec<String>) {
    let input = Input::new("feed", bytes);
    assert_eq!(GenericFeed.sniff(&input), Verdict::Maybe);
    let read = GenericFeed.read(&input, &ReadOptions::default()).unwrap();
    let incident = |record| match record {
        Record::Incident(incident) => incident,
        other => panic!("{other:?}"),
    };
    (
        read.value.into_iter().map(incident).collect(),
        read.warnings.iter().map(ToString::to_string).collect(),
    )
}

fn one(text: &str) -> IncidentRecord {
    let (mut incidents, warnings) = read_bytes(text.as_bytes());
    assert_eq!((incidents.len(), warnings.len()), (1, 1), "{warnings:?}");
    incidents.remove(0)
}

#[test]
fn entry_is_one_post_and_dates_imply_nothing_more() {
    let incident = one(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>Example Status</title><entry><id>urn:1</id><title>Slow</title>
               <link href="https://example.com/1"/><published>2026-01-01T10:00:00Z</published><updated>2026-01-01T12:00:00Z</updated>
               <content type="html">&lt;p&gt;It &amp;amp; that.&lt;br/&gt;&lt;a href="javascript:x"&gt;x&lt;/a&gt;&lt;/p&gt;</content></entry></feed>"#,
    );
    assert_eq!(
        (incident.id.as_str(), incident.title.as_str(), incident.url.as_deref()),
        ("https://example.com/1", "Slow", Some("https://example.com/1"))
    );
    assert_eq!(incident.provider.as_deref(), Some("Example"));
    assert_eq!(
        (incident.announced, incident.impact_start, incident.resolved, incident.state),
        (None, None, None, None)
    );
    let update = &incident.updates[0];
    assert_eq!((update.at.to_string().as_str(), update.state), ("2026-01-01T12:00:00Z", None));
    assert_eq!(
        update.created.unwrap().to_rfc3339(),
        "2026-01-01T10:00:00+00:00",
        "it was revised in place"
    );
    assert_eq!(update.text, "It & that.  \nx");
}

#[test]
fn every_rss_version_and_json_feed_are_read() {
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
fn entry_without_id_gets_a_stable_one_and_undated_entry_is_reported() {
    let text = "<rss version='2.0'><channel><title>T</title><item><title>Down</title><pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate></item><item><title>Day only</title><pubDate>2026-01-01</pubDate></item></channel></rss>";
    let (incidents, warnings) = read_bytes(text.as_bytes());
    assert_eq!(incidents[0].id.len(), 12);
    assert_eq!(incidents[0].updates[0].text, "Down");
    assert_eq!(read_bytes(text.as_bytes()).0, incidents);
    assert!(warnings[1].contains("`2026-01-01` is a day without a time"), "{warnings:?}");
    assert!(warnings[2].contains("\"Day only\" has no date"), "{warnings:?}");
    assert_eq!(
        (incidents[1].updates.len(), &incidents[1].sections),
        (0, &vec![(SectionName::Summary, "Day only".to_owned())])
    );
}

#[test]
fn unreadable_date_is_reported_with_its_line() {
    let rss = "<rss version='2.0'><channel><title>T</title>\n<item><title>A</title>\n<pubDate>long ago</pubDate></item>\n<item><title>B</title></item></channel></rss>";
    let json = "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"T\", \"items\": [\n{\"id\": \"1\", \"title\": \"A\",\n\"date_published\": \"long ago\"},\n{\"id\": \"2\", \"title\": \"B\"}]}";
    for (text, date, first, second) in [(rss, "3:10", "2:1", "4:1"), (json, "3:20", "2:1", "4:1")] {
        let (_, warnings) = read_bytes(text.as_bytes());
        let places: Vec<&str> =
            warnings.iter().map(|text| text.split(": ").next().unwrap_or_default()).collect();
        let at = |place: &str| format!("feed:{place}");
        assert_eq!(places, ["feed:1:1", &at(date), &at(first), &at(second)], "{warnings:?}");
    }
}

fn rss(items: &[(&str, &str, &str)]) -> (Vec<IncidentRecord>, Vec<String>) {
    let item = |(title, link, guid): &(&str, &str, &str)| {
        format!(
            "<item><title>{title}</title><link>{link}</link><guid>{guid}</guid><pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate></item>"
        )
    };
    let items: String = items.iter().map(item).collect();
    let text = format!(
        "<rss version='2.0'><channel><title>T</title><link>https://a.example/status</link>{items}</channel></rss>"
    );
    read_bytes(text.as_bytes())
}

#[test]
fn page_address_does_not_identify_an_incident() {
    let home = "https://a.example/status/";
    let (incidents, _) = rss(&[
        ("DNS", home, home),
        ("Mail", home, home),
        ("Web", "https://a.example", "https://a.example/"),
    ]);
    let ids: BTreeSet<&str> = incidents.iter().map(|incident| incident.id.as_str()).collect();
    assert_eq!((incidents.len(), ids.len()), (3, 3), "{ids:?}");
    assert!(ids.iter().all(|id| id.len() == 12), "{ids:?}");
}

#[test]
fn posts_linking_to_one_incident_merge_unless_titles_differ() {
    let page = "https://a.example/status/7";
    let (incidents, _) =
        rss(&[("[Resolved] Slow", page, "g2"), ("Slow", page, "g1"), ("Down", page, "g3")]);
    let shown: Vec<(&str, usize)> =
        incidents.iter().map(|incident| (incident.id.as_str(), incident.updates.len())).collect();
    assert_eq!(shown, [(page, 2), ("g3", 1)]);
    let (shared, _) = rss(&[("Slow", "", "g"), ("Down", "", "g")]);
    assert_eq!(shared.len(), 2, "one guid, two titles");
}

#[test]
fn unset_clock_gives_no_time_and_off_season_label_is_reported() {
    let dated = |date: &str| {
        let text = format!(
            "<rss version='2.0'><channel><title>T</title><item><title>Down</title><guid>1</guid><pubDate>{date}</pubDate></item></channel></rss>"
        );
        read_bytes(text.as_bytes())
    };
    let (incidents, warnings) = dated("Sat, 17 Jan 1970 23:08:42 Z");
    assert_eq!(incidents[0].updates, []);
    assert!(warnings[1].contains("was not set"), "{warnings:?}");
    let (incidents, warnings) = dated("Tue, 08 Oct 2013 18:30:00 EST");
    assert_eq!(incidents[0].updates[0].at.to_string(), "2013-10-08T23:30:00Z");
    assert!(warnings[1].contains("EST"), "{warnings:?}");
    let (_, warnings) = dated("dom, 02 ott 2022 18:55:00 GMT");
    assert!(warnings[1].contains("dom, 02 ott 2022"), "{warnings:?}");
}

#[test]
fn declared_encoding_is_read() {
    let text = b"<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><title>T</title><item><title>L\xF6sung</title><guid>1</guid><pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate></item></channel></rss>";
    assert_eq!(read_bytes(text).0[0].title, "L\u{f6}sung");
}

#[test]
fn deep_nesting_is_refused_and_entities_are_not_expanded() {
    let refused = |text: String| {
        GenericFeed.read(&Input::new("x", text), &ReadOptions::default()).unwrap_err().message
    };
    let deep = format!(
        "<rss version='2.0'><channel>{}{}</channel></rss>",
        "<a>".repeat(50_000),
        "</a>".repeat(50_000)
    );
    assert!(refused(deep).contains("too deeply"));
    let attributes: String = (0..100_000).map(|number| format!(" a{number}=''")).collect();
    assert!(
        refused(format!("<rss version='2.0'><channel{attributes}></channel></rss>"))
            .contains("too many attributes")
    );
    let bomb = "<!DOCTYPE rss [<!ENTITY a '&b;&b;'><!ENTITY b '&c;&c;'>]><rss version='2.0'><channel><title>&a;</title></channel></rss>";
    assert!(
        GenericFeed
            .read(&Input::new("x", bomb), &ReadOptions::default())
            .is_ok_and(|read| read.value.is_empty())
    );
}

#[test]
fn label_with_several_meanings_has_its_commonest_one_and_a_warning() {
    let items: String = [(13, "BST"), (14, "BST"), (15, "EST")]
        .map(|(day, label)| {
            format!("<item><title>Day {day}</title><guid>g{day}</guid><description>We look.</description><pubDate>Mon, {day} Jul 2026 10:00:00 {label}</pubDate></item>")
        })
        .concat();
    let text = format!(
        r#"<?xml version="1.0"?><rss version="2.0"><channel><title>X</title><link>https://status.example.com/</link>{items}</channel></rss>"#
    );
    let read = GenericFeed.read(&Input::new("feed.xml", text), &ReadOptions::default()).unwrap();
    let times: Vec<String> = read
        .value
        .iter()
        .map(|record| match record {
            Record::Incident(incident) => incident.updates[0].at.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(times, ["2026-07-13T09:00:00Z", "2026-07-14T09:00:00Z", "2026-07-15T15:00:00Z"]);
    let warnings: Vec<&str> = read
        .warnings
        .iter()
        .filter(|warning| warning.level == crate::diag::Level::Warning)
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(
        warnings,
        [
            "BST is read as British Summer Time (+01:00); it can also mean Bangladesh Standard Time (+06:00) or Bougainville Standard Time (+11:00); --zone decides (incident \"Day 13\")",
            "`Mon, 15 Jul 2026 10:00:00 EST`: EST is not in use on that day; its literal offset was taken (incident \"Day 15\")",
        ]
    );
}
