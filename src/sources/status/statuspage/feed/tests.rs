use super::*;
use crate::sources::record::IncidentRecord;
use crate::sources::status::statuspage::api::Statuspage;

fn read_in(text: &str, zone: Option<&str>) -> (Vec<IncidentRecord>, Vec<String>) {
    let options =
        ReadOptions { zone: zone.map(|zone| zone.parse().unwrap()), ..ReadOptions::default() };
    let read = StatuspageFeed.read(&Input::new("history.atom", text), &options).unwrap();
    let incident = |record| match record {
        Record::Incident(incident) => incident,
        other => panic!("{other:?}"),
    };
    (
        read.value.into_iter().map(incident).collect(),
        read.warnings.iter().map(ToString::to_string).collect(),
    )
}

fn read(text: &str) -> (Vec<IncidentRecord>, Vec<String>) {
    read_in(text, None)
}

/// An update as in `history.atom`.
fn update(day: &str, time: &str, state: &str, text: &str) -> String {
    format!(
        "<p><small>{} <var data-var='date'>{:>2}</var>, <var data-var='time'>{time}</var> UTC</small><br><strong>{state}</strong> - {text}</p>",
        &day[..3],
        day[4..].trim()
    )
}

fn escaped(html: &str) -> String {
    html.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn entry(code: &str, published: &str, html: &str) -> String {
    format!(
        "<entry><id>tag:status.example.com,2005:Incident/123</id><published>{published}</published><updated>2030-01-01T00:00:00Z</updated>
         <link rel=\"alternate\" type=\"text/html\" href=\"https://status.example.com/incidents/{code}\"/><title>Errors &amp; more</title>
         <content type=\"html\">{}</content></entry>",
        escaped(html)
    )
}

fn atom(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xml:lang=\"en-US\" xmlns=\"http://www.w3.org/2005/Atom\">
         <id>tag:status.example.com,2005:/history</id><title>Example Status - Incident History</title><author><name>Example</name></author>{entries}</feed>"
    )
}

fn one(published: &str, html: &str) -> (IncidentRecord, Vec<String>) {
    let (mut incidents, warnings) = read(&atom(&entry("abc", published, html)));
    assert_eq!(incidents.len(), 1, "{warnings:?}");
    (incidents.remove(0), warnings)
}

fn shown(record: &IncidentRecord) -> Vec<String> {
    record
        .updates
        .iter()
        .map(|update| {
            format!(
                "{} {} {}",
                update.at,
                update.state.map_or("–".into(), |state| state.to_string()),
                update.text
            )
        })
        .collect()
}

#[test]
fn entry_spans_its_oldest_to_its_newest_time() {
    let html = [
        update(
            "Jun  8",
            "19:13",
            "Resolved",
            "It is over.<br /><br />Thank you &amp; sorry, see <a href=\"https://example.com\">more</a>.",
        ),
        update("Jun  8", "18:50", "Update", "Still <b>looking</b>."),
        update("Jun  8", "18:48", "Investigating", "We look."),
    ]
    .concat();
    let (incident, warnings) = one("2022-06-08T19:13:22Z", &html);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!((incident.id.as_str(), incident.title.as_str()), ("abc", "Errors & more"));
    assert_eq!(incident.url.as_deref(), Some("https://status.example.com/incidents/abc"));
    assert_eq!(incident.provider.as_deref(), Some("Example"));
    assert_eq!(
        shown(&incident),
        [
            "2022-06-08T18:48Z investigating We look.",
            "2022-06-08T18:50Z update Still **looking**.",
            "2022-06-08T19:13Z resolved It is over.\n\nThank you & sorry, see [more](https://example.com)."
        ]
    );
    assert_eq!(incident.announced.unwrap().to_string(), "2022-06-08T18:48Z");
    assert_eq!(
        (incident.impact_start, incident.impact_word, incident.resolved),
        (None, None, None)
    );
    assert_eq!(
        (incident.maintenance, incident.state),
        (false, Some(crate::model::timeline::State::Resolved))
    );
}

#[test]
fn years_are_inferred_backwards_across_new_year() {
    let html = [
        update("Jan  1", "00:20", "Resolved", "c"),
        update("Dec 31", "23:50", "Identified", "b"),
        update("Dec 30", "10:00", "Investigating", "a"),
    ]
    .concat();
    let (incident, _) = one("2014-01-01T00:20:59Z", &html);
    let days: Vec<String> = incident.updates.iter().map(|update| update.at.to_string()).collect();
    assert_eq!(days, ["2013-12-30T10:00Z", "2013-12-31T23:50Z", "2014-01-01T00:20Z"]);
}

#[test]
fn maintenance_is_recognised_by_its_words_with_its_plan() {
    let html = format!(
        "<p><strong>THIS IS A SCHEDULED EVENT Dec <var data-var='date'>31</var>, <var data-var='time'>22:00</var> UTC &nbsp;-&nbsp; Jan <var data-var='date'> 1</var>, <var data-var='time'>02:00</var> UTC</strong></p>{}{}",
        update("Dec 31", "22:00", "In progress", "Now."),
        update("Dec 20", "09:00", "Scheduled", "We will.")
    );
    let (incident, warnings) = one("2025-12-31T22:00:00Z", &html);
    assert!(warnings.is_empty(), "{warnings:?}");
    let (from, until) = incident.scheduled.unwrap();
    assert_eq!(
        (from.to_string(), until.unwrap().to_string()),
        ("2025-12-31T22:00Z".into(), "2026-01-01T02:00Z".into())
    );
    assert!(incident.maintenance);
    assert_eq!(
        shown(&incident),
        ["2025-12-20T09:00Z scheduled We will.", "2025-12-31T22:00Z in_progress Now."]
    );
    let same_day = html.replace(
        "UTC &nbsp;-&nbsp; Jan <var data-var='date'> 1</var>, <var data-var='time'>02:00",
        "- <var data-var='time'>23:30",
    );
    assert_ne!(same_day, html);
    let (_, until) = one("2025-12-31T22:00:00Z", &same_day).0.scheduled.unwrap();
    assert_eq!(until.unwrap().to_string(), "2025-12-31T23:30Z");
    let (incident, _) =
        one("2025-12-31T22:00:00Z", &update("Dec 31", "22:00", "Completed", "Done."));
    assert!(incident.maintenance && incident.scheduled.is_none());
}

#[test]
fn closing_state_wins_within_a_minute_in_any_order() {
    let html = [
        update("Jun 21", "19:03", "Update", "The cause."),
        update("Jun 21", "19:03", "Investigating", "Operating normally."),
        update("Jun 21", "19:03", "Resolved", "Over."),
        update("Jun 21", "18:00", "Investigating", "We look."),
    ]
    .concat();
    let (incident, _) = one("2024-06-21T19:03:10Z", &html);
    let states: Vec<&str> =
        incident.updates.iter().map(|update| update.state.unwrap().as_str()).collect();
    assert_eq!(states, ["investigating", "investigating", "resolved", "update"]);
    assert_eq!(incident.state.unwrap().as_str(), "resolved");
}

#[test]
fn relapse_and_retroactive_entry_are_read_as_written() {
    let html = [
        update("May 13", "12:00", "Investigating", "d"),
        update("May 13", "11:00", "Resolved", "c"),
        update("May 13", "10:30", "Monitoring", "b"),
        update("May 13", "10:00", "Investigating", "a"),
    ]
    .concat();
    let (open, _) = one("2026-05-13T12:00:00Z", &html);
    assert_eq!(open.state.unwrap().as_str(), "investigating", "still open");
    let (retroactive, _) =
        one("2026-05-13T12:00:00Z", &update("May 13", "12:00", "Resolved", "It was."));
    assert_eq!(
        (retroactive.updates.len(), retroactive.announced.unwrap().to_string()),
        (1, "2026-05-13T12:00Z".into())
    );
}

/// `history.rss` of 2014: no `<var>`, the page's zone, a write-up on top, the time of publication
/// with an offset.
const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Example Status - Incident History</title><link>https://status.example.com</link><description>Statuspage</description>
<item><title>Slow</title><description>
&lt;p&gt;&lt;small&gt;Dec 26, 10:22 PST&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Postmortem&lt;/strong&gt; - # Summary&lt;br /&gt;&lt;br /&gt;We fixed it.&lt;/p&gt;&lt;p&gt;&lt;small&gt;Dec 24, 09:09 PST&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Resolved&lt;/strong&gt; - Over.&lt;/p&gt;
</description><pubDate>Tue, 24 Dec 2013 09:09:00 -0800</pubDate><link>https://status.example.com/incidents/xyz</link><guid>https://status.example.com/incidents/xyz</guid></item>
</channel></rss>"#;

#[test]
fn rss_pub_date_defines_its_zone_label() {
    let (incidents, warnings) = read(RSS);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(
        (incidents[0].id.as_str(), incidents[0].provider.as_deref()),
        ("xyz", Some("Example"))
    );
    assert_eq!(
        shown(&incidents[0]),
        [
            "2013-12-24T17:09Z resolved Over.",
            "2013-12-26T18:22Z postmortem \\# Summary\n\nWe fixed it."
        ]
    );
    let elsewhere = RSS.replace("09:09:00 -0800", "09:09:00 +0800");
    assert_eq!(
        read(&elsewhere).0[0].updates[0].at.to_string(),
        "2013-12-24T01:09Z",
        "in the Philippines"
    );
    let (with_zone, warnings) = read_in(RSS, Some("UTC"));
    assert_eq!(
        (shown(&with_zone[0]), warnings.len()),
        (shown(&incidents[0]), 0),
        "nobody's zone undoes its own"
    );
}

#[test]
fn offset_of_another_time_also_defines_a_label() {
    // The publication time matches no post: it is a maintenance published in advance.
    let summer = RSS.replace("Dec 26", "Jul 26").replace("Dec 24", "Jul 24");
    let summer =
        summer.replace("Tue, 24 Dec 2013 09:09:00 -0800", "Mon, 22 Jul 2013 08:00:00 -0700");
    let (incidents, warnings) = read(&summer);
    assert_eq!(incidents[0].updates[0].at.to_string(), "2013-07-24T16:09Z");
    assert!(!warnings.iter().any(|warning| warning.contains("PST")), "{warnings:?}");
}

#[test]
fn ambiguous_zone_label_takes_its_commonest_meaning_with_a_warning() {
    let unknown = RSS.replace("09:09:00 -0800", "11:00:00 GMT");
    let (incidents, warnings) = read(&unknown);
    assert_eq!(incidents[0].updates.len(), 2, "the commonest meaning is taken");
    assert!(
        warnings.iter().any(|warning| warning.contains("Pacific Standard Time")),
        "{warnings:?}"
    );
    let (incidents, warnings) = read_in(&unknown, Some("America/Los_Angeles"));
    assert_eq!(
        (incidents[0].updates.len(), warnings.len()),
        (2, 0),
        "with a write-up the times may differ"
    );
}

#[test]
fn unreadable_entries_are_reported_with_places_and_the_rest_read() {
    let entries = [
        entry("no-time", "", &update("Jun 21", "19:03", "Resolved", "x")),
        entry("no-updates", "2024-06-21T19:03:10Z", "<p>Just text.</p>"),
        entry(
            "odd",
            "2024-06-21T19:03:10Z",
            &[update("Jun 21", "19:03", "Gelöst", "y"), update("Foo 21", "19:03", "Resolved", "x")]
                .concat(),
        ),
        entry("late", "2024-06-21T20:03:10Z", &update("Jun 21", "19:03", "Resolved", "x")),
        entry("", "2024-06-21T19:03:10Z", "").replace("Incident/123", ""),
    ];
    let (incidents, warnings) = read(&atom(&entries.join("\n")));
    let ids: Vec<&str> = incidents.iter().map(|incident| incident.id.as_str()).collect();
    assert_eq!(&ids[..4], ["no-time", "no-updates", "odd", "late"]);
    let texts = incidents[0]
        .updates
        .iter()
        .map(|post| &post.text)
        .chain(incidents[0].untimed.iter().map(|post| &post.text));
    assert_eq!(texts.collect::<Vec<_>>(), ["x"], "its text is not lost");
    assert_eq!(shown(&incidents[1]), ["2024-06-21T19:03:10Z – Just text."]);
    assert_eq!(
        incidents[1].announced, None,
        "the time of the newest update says nothing of the start"
    );
    for part in [
        "history.atom:3:",
        "no-time has no time of publication",
        "the updates of no-updates cannot be distinguished",
        "unknown state `Gelöst`",
        "`Foo 21, 19:03 UTC` is not a stamp",
        "the newest update of late is of 2024-06-21T19:03Z, but the feed says 2024-06-21T20:03:10Z",
    ] {
        assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:#?}");
    }
}

#[test]
fn feed_cap_is_reported() {
    let one = entry("abc", "2024-06-21T19:03:10Z", &update("Jun 21", "19:03", "Resolved", "x"));
    assert_eq!(read(&atom(&one.repeat(25))).1.len(), 1);
    assert!(read(&atom(&one.repeat(25))).1[0].contains("25 most recent entries only"));
    assert_eq!(read(&atom(&one.repeat(24))).1.len(), 0);
}

const LINE: &str = r#"{"id": "123", "entry_id": "tag:status.example.com,2005:Incident/123", "title": "Errors & more", "url": "https://status.example.com/incidents/abc", "published_at": "2022-06-08T19:13:22Z", "status_sequence": ["Investigating", "Resolved"], "impact_window": {"start_at": "2021-06-08T18:00:00Z"}, "updates": [{"at": "2022-06-08T18:48:00Z", "status": "Investigating", "message": "We look."}, {"at": "2022-06-08T19:13:00Z", "status": "Resolved", "message": "It is over."}], "impact": "minor", "components": ["API"]}"#;

#[test]
fn json_lines_of_a_feed_give_the_same_ids_and_times() {
    let html = [
        update("Jun  8", "19:13", "Resolved", "It is over."),
        update("Jun  8", "18:48", "Investigating", "We look."),
    ]
    .concat();
    let (feed, _) = one("2022-06-08T19:13:22Z", &html);
    let (lines, warnings) = read(&format!("{LINE}\n\n{{\"half\n"));
    assert_eq!(lines.len(), 1);
    assert!(
        warnings[0].starts_with("history.atom:3:1: warning: this line cannot be read"),
        "{warnings:?}"
    );
    assert_eq!((&lines[0].id, &lines[0].updates), (&feed.id, &feed.updates));
    assert_eq!((lines[0].impact_word.as_deref(), lines[0].components.len()), (Some("minor"), 1));
    assert_eq!(
        (lines[0].impact_start, lines[0].impact_end),
        (None, None),
        "what a collector read out of the prose"
    );
}

#[test]
fn feed_shape_is_recognised_by_its_content() {
    for text in [
        atom(""),
        atom(&entry("abc", "", "")),
        RSS.to_owned(),
        RSS.replace("<description>Statuspage", "<description>Other"),
        LINE.to_owned(),
    ] {
        let input = Input::new("x", text.as_str());
        assert_eq!(StatuspageFeed.sniff(&input), Verdict::Yes, "{text}");
        assert!(matches!(Statuspage.sniff(&input), Verdict::No(_)));
    }
    let instatus =
        atom(&entry("abc", "", "").replace("Incident/123", "Incident/cmuh4kc8h00s013pih51rz3uf"));
    let unnamed = instatus.replace(",2005:/history", ":other");
    for text in [
        instatus.as_str(),
        unnamed.as_str(),
        "<rss><channel><description>News</description></channel></rss>",
        "{}",
        "<html>",
    ] {
        assert!(matches!(StatuspageFeed.sniff(&Input::new("x", text)), Verdict::No(_)), "{text}");
    }
}

#[test]
fn other_input_is_refused_with_its_place() {
    let refused = |text: &str| {
        StatuspageFeed.read(&Input::new("x", text), &ReadOptions::default()).unwrap_err()
    };
    assert_eq!(refused(&atom("")[..200]).message, "the feed is cut short");
    assert!(refused("<html></html>").message.contains("no `feed`"));
    assert_eq!(refused("{\"a\": 1}\n{\"b\": 2}").message, "no line of it is an incident");
}
