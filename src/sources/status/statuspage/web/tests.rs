use super::StatuspageHtml;
use crate::model::timeline::State;
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::source::{ReadOptions, Source, Verdict};
use crate::sources::status::kit::api::testing::outline;

fn read_named(name: &str, html: &str) -> (Vec<IncidentRecord>, Vec<String>) {
    let mut input = Input::new(name, html);
    assert_eq!(StatuspageHtml.sniff(&input), Verdict::Yes, "{html}");
    input.url = Some("https://status.example.com/".to_owned());
    let read = StatuspageHtml.read(&input, &ReadOptions::default()).unwrap();
    let incidents = read.value.into_iter().map(|record| match record {
        Record::Incident(incident) => incident,
        other => panic!("not an incident: {other:?}"),
    });
    (incidents.collect(), read.warnings.iter().map(ToString::to_string).collect())
}

fn read(html: &str) -> (Vec<IncidentRecord>, Vec<String>) {
    read_named("page.html", html)
}

fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>Example Status</title><meta name=\"issued\" content=\"1\">\n\
         <link rel=\"alternate\" type=\"application/atom+xml\" href=\"/history.atom\"></head><body>{body}</body></html>"
    )
}

/// An update as the front page had it in 2021.
fn update(word: &str, text: &str, stamp: &str) -> String {
    format!(
        "<div class=\"update font-regular {}\"><strong>{word}</strong> -\n {text}\n<br>\n<small>\n{stamp}\n</small></div>",
        word.to_lowercase()
    )
}

fn day(date: &str, code: &str, updates: &str) -> String {
    format!(
        "<div class=\"status-day font-regular \"><div class=\"date\">{date}</div><div class=\"incident-container\">\
         <div class=\"incident-title impact-major font-large\"><a href=\"/incidents/{code}\">Slow &amp; more</a></div>\
         <div class=\"updates-container\">{updates}</div></div></div>"
    )
}

#[test]
fn day_heading_gives_the_year() {
    let updates = [
        update(
            "Postmortem",
            "<a href=\"/incidents/abc1/x\">Read details</a>",
            "Jan <var>2</var>, <var>09:00</var> UTC",
        ),
        update(
            "Resolved",
            "Over &lt;now&gt;.<br /><br />Sorry.",
            "Jan <var data-var='date'> 1</var>, <var>00:20</var> KST",
        ),
        update("In progress", "On.", "Dec <var>31</var>, <var>23:50</var> KST"),
        update("Wondering", "Hm.", "Dec <var>31</var>, <var>23:40</var> KST"),
        update("Investigating", "Slow.", "Dec <var>31</var>, <var>25:50</var> KST"),
    ];
    let date = "Jan <var data-var=\"date\"> 1</var>, <var data-var=\"year\">2021</var>";
    let (incidents, warnings) = read(&page(&day(date, "abc1", &updates.concat())));
    let incident = &incidents[0];
    assert_eq!(
        outline(incident),
        [
            "2020-12-31T14:40Z - Hm.",
            "2020-12-31T14:50Z in_progress On.",
            "2020-12-31T15:20Z resolved Over \\<now>.\n\nSorry.",
            "2021-01-02T09:00Z postmortem Read details",
        ]
    );
    assert_eq!((incident.id.as_str(), incident.title.as_str()), ("abc1", "Slow & more"));
    assert_eq!(
        (incident.impact_word.as_deref(), incident.provider.as_deref()),
        (Some("major"), Some("Example"))
    );
    assert_eq!(incident.url.as_deref(), Some("https://status.example.com/incidents/abc1"));
    assert_eq!(
        (incident.state, incident.announced),
        (Some(State::Resolved), Some(incident.updates[0].at))
    );
    assert_eq!(
        warnings,
        [
            "page.html:2:317: warning: an update of incident abc1 has the unknown state `Wondering`",
            "page.html:2:317: warning: an update of incident abc1 has no time that can be read: `Dec 31, 25:50 KST` is not a stamp",
        ]
    );
}

fn open(updates: &str) -> String {
    page(&format!(
        "<div class=\"unresolved-incidents\"><div class=\"unresolved-incident impact-none\"><div class=\"incident-title\">\
         <a class=\"actual-title\" href=\"/incidents/open1\">A notice</a></div><div class=\"updates\">{updates}</div></div></div>"
    ))
}

#[test]
fn open_incident_without_a_year_is_undated() {
    let updates = [
        update("Monitoring", "Still.", "Mar 16, 04:38 UTC"),
        update("Investigating", "Look.", "Mar 15, 04:38 UTC"),
    ];
    let (incidents, warnings) = read(&open(&updates.concat()));
    let incident = &incidents[0];
    assert_eq!(
        (incident.updates.len(), incident.announced, incident.impact_start),
        (0, None, None)
    );
    assert_eq!(
        (incident.state, incident.impact_word.as_deref()),
        (Some(State::Monitoring), Some("none"))
    );
    assert_eq!(
        warnings,
        [
            "page.html:2:233: warning: 2 updates of incident open1 have no time that can be read: its times have no year, and the page does not give one"
        ]
    );
}

/// As pages are since 2022.
#[test]
fn open_incident_uses_exact_time_or_stated_year() {
    let updates = "<div class=\"update\"><strong>Update</strong> - <span class=\"whitespace-pre-wrap\">One\n- two</span><br>\
        <small><span class='ago' data-datetime-unix='1663102886000'></span>Sep <var>13</var>, <var data-var='year'>2022</var> - <var>23:01</var> CEST</small></div>\
        <div class=\"update\"><strong>Investigating</strong> - Look.<br><small>Sep <var>13</var>, <var data-var='year'>2022</var> - <var>22:59</var> CEST</small></div>";
    let (incidents, warnings) = read(&open(updates));
    assert_eq!(
        outline(&incidents[0]),
        ["2022-09-13T20:59Z investigating Look.", "2022-09-13T21:01:26Z update One  \n\\- two"]
    );
    assert_eq!(warnings, [""; 0]);
}

fn planned(small: &str) -> String {
    page(&format!(
        "<div class=\"scheduled-maintenance\"><div class=\"incident-title\"><a href=\"https://status.example.com/incidents/plan1\">Work</a>\n\
         {small}</div><div class=\"updates-container\"><div class=\"update\">\nA window.\n<br><small>Posted on Dec <var>30</var>, <var>10:00</var> UTC</small></div></div></div>"
    ))
}

#[test]
fn future_maintenance_starts_at_its_epoch_time() {
    // 2021-01-01T22:00:00Z
    let (incidents, warnings) = read(&planned(
        "<small data-unix-time=\"1609538400\">Jan <var>1</var>, <var>22:00</var> - Jan <var>2</var>, <var>02:00</var> UTC</small>",
    ));
    let incident = &incidents[0];
    let (from, until) = incident.scheduled.unwrap();
    assert_eq!(
        [from.to_string(), until.unwrap().to_string()],
        ["2021-01-01T22:00:00Z", "2021-01-02T02:00Z"]
    );
    assert_eq!((incident.maintenance, incident.state), (true, Some(State::Scheduled)));
    assert_eq!(outline(incident), ["2020-12-30T10:00Z - A window."]);
    assert_eq!(warnings, [""; 0]);
    let within = planned("<small data-unix-time=\"1609538400\">Jan 2, 07:00-09:30 KST</small>");
    assert_eq!(read(&within).0[0].scheduled.unwrap().1.unwrap().to_string(), "2021-01-02T00:30Z");
    let (incidents, warnings) =
        read(&planned("<small data-unix-time=\"soon\">Jan 2, 07:00-09:30 KST</small>"));
    assert_eq!(
        (incidents[0].scheduled, incidents[0].updates.len()),
        (None, 0),
        "without it there is no year either"
    );
    assert!(
        warnings[0].contains(
            "the plan of maintenance plan1, `Jan 2, 07:00-09:30 KST`, was not understood"
        )
    );
    assert!(warnings[1].contains("no year"), "{warnings:?}");
}

const REPORT: &str = "<div class='page-title'><h1 class='color-primary incident-name whitespace-pre-wrap impact-critical'>Logins fail</h1>\
    <div class='subheader'>Incident Report for <a href='/'>Example</a></div></div><div class='incident-updates-container'>\
    <div class='row update-row'><h2 class='update-title'>Resolved</h2><div class='update-container'><div class='update-body'><span class='whitespace-pre-wrap'>Over.</span></div>\
    <div class='update-timestamp'>Posted <span class='ago' data-datetime-unix='1751598930000'>2 days ago. </span>Jul <var>03</var>, <var>2025</var> - <var>20:15</var> PDT</div></div></div>\
    <div class='row update-row'><h2 class='update-title'>Investigating</h2><div class='update-container'><div class='update-body'><div class='markdown-display'><p>We <b>look</b>.</p></div></div>\
    <div class='update-timestamp'>Posted 2 days ago. Jul 03, 2025 - 19:40 PDT</div></div></div>\
    <div class='row update-row'><h2 class='update-title'>Update</h2></div>\n\
    <div class='components-affected'>This incident affected: API (EU, US), Logins (SSO), Jobs, and Search and Find.</div></div>";

#[test]
fn incident_page_has_dated_updates_and_components() {
    let (incidents, warnings) = read_named("folder/kctdl0x1y2z3.html", &page(REPORT));
    let incident = &incidents[0];
    insta::assert_snapshot!(shown(incident), @r"
    kctdl0x1y2z3 Logins fail (critical)
    Example https://status.example.com/incidents/kctdl0x1y2z3
    [API] EU
    [API] US
    [] Logins (SSO)
    [] Jobs
    [] Search and Find
    2025-07-04T02:40Z investigating We **look**.
    2025-07-04T03:15:30Z resolved Over.
    ");
    assert!(warnings[0].contains(
        "an update of incident kctdl0x1y2z3 has no time that can be read: it has no stamp"
    ));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

fn shown(incident: &IncidentRecord) -> String {
    let components = incident.components.iter().map(|(group, name)| format!("[{group}] {name}"));
    let lines = [
        format!(
            "{} {} ({})",
            incident.id,
            incident.title,
            incident.impact_word.as_deref().unwrap_or("-")
        ),
        format!(
            "{} {}",
            incident.provider.as_deref().unwrap_or("-"),
            incident.url.as_deref().unwrap_or("-")
        ),
    ];
    lines.into_iter().chain(components).chain(outline(incident)).collect::<Vec<_>>().join("\n")
}

#[test]
fn one_exact_time_defines_the_zone_label_of_the_others() {
    let report = REPORT.replace("PDT", "PST");
    let (incidents, warnings) = read_named("folder/kctdl0x1y2z3.html", &page(&report));
    assert_eq!(
        outline(&incidents[0]),
        ["2025-07-04T02:40Z investigating We **look**.", "2025-07-04T03:15:30Z resolved Over."]
    );
    assert!(!warnings.iter().any(|warning| warning.contains("PST")), "{warnings:?}");
}

#[test]
fn incident_page_without_an_id_is_refused() {
    let mut input = Input::new("page.html", page(REPORT));
    let error = StatuspageHtml.read(&input, &ReadOptions::default()).unwrap_err();
    assert_eq!(error.message, "this page does not say which incident it is");
    assert!(error.hint.unwrap().contains("CODE.html"));
    input.url = Some("https://status.example.com/incidents/zzz9".to_owned());
    let read = StatuspageHtml.read(&input, &ReadOptions::default()).unwrap();
    assert!(
        matches!(&read.value[..], [Record::Incident(incident)] if incident.id == "zzz9"),
        "{read:?}"
    );
}

#[test]
fn undated_posts_keep_their_text() {
    let texts = |incident: &IncidentRecord| -> Vec<String> {
        incident.untimed.iter().map(|post| post.text.clone()).collect()
    };
    // Under a day: unreadable timestamps, one without a zone, and an update without a timestamp.
    let odd = [
        update("Resolved", "Over.", "soon"),
        "<div class=\"update\"><strong>Update</strong> - Hm.</div>".into(),
    ];
    let (incidents, warnings) = read(&page(&day("Jan 2, 2021", "abc1", &odd.concat())));
    assert_eq!(
        (incidents[0].updates.len(), texts(&incidents[0])),
        (0, vec!["Over.".to_owned(), "Hm.".to_owned()])
    );
    assert_eq!((incidents[0].state, warnings.len()), (Some(State::Resolved), 2), "{warnings:?}");
    // Only the zone is missing: with one the page has every time, so it is reported and not
    // imported without.
    let naive = page(&day("Jan 2, 2021", "abc1", &update("Resolved", "Over.", "Jan 2, 09:00")));
    let (incidents, warnings) = read(&naive);
    assert!(incidents.is_empty() && warnings.last().unwrap().contains("--zone"), "{warnings:?}");
    let seoul = ReadOptions { zone: "Asia/Seoul".parse().ok(), ..ReadOptions::default() };
    let read = StatuspageHtml.read(&Input::new("page.html", naive), &seoul).unwrap();
    let Record::Incident(incident) = &read.value[0] else { panic!("{read:?}") };
    assert_eq!(outline(incident), ["2021-01-02T00:00Z resolved Over."]);
    // In the index of months: no time range, and no year of the month.
    let index = r#"{"months": [{"name": "May", "year": 2025, "incidents": [{"code": "a1", "name": "A", "message": "Done.", "timestamp": "yesterday"}]},
        {"name": "May", "incidents": [{"code": "b1", "name": "B", "message": "Gone.", "timestamp": "May 3, 10:00 UTC"}]}]}"#;
    let read = StatuspageHtml.read(&Input::new("history", index), &ReadOptions::default()).unwrap();
    let kept: Vec<(String, Vec<String>)> = read
        .value
        .iter()
        .map(|record| match record {
            Record::Incident(incident) => (incident.id.clone(), texts(incident)),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        kept,
        [("a1".to_owned(), vec!["Done.".to_owned()]), ("b1".to_owned(), vec!["Gone.".to_owned()])]
    );
}

#[test]
fn open_incident_takes_the_year_of_its_day_entry() {
    let updates = update("Investigating", "Look.", "Mar 15, 04:38 UTC");
    let listed = day("Mar 15, 2021", "open1", &updates);
    let (incidents, _) = read(&open(&updates).replace("</body>", &format!("{listed}</body>")));
    assert_eq!(
        (incidents.len(), outline(&incidents[0])),
        (1, vec!["2021-03-15T04:38Z investigating Look.".to_owned()])
    );
}

const MONTHS: &str = r#"{"months": [{"name": "December", "year": 2025, "incidents": [
    {"code": "aaa1", "name": "Over the year", "message": "Done.\u003cbr /\u003eReally.", "impact": "minor",
     "timestamp": "Dec \u003cvar data-var='date'\u003e31\u003c/var\u003e, \u003cvar data-var='time'\u003e23:50\u003c/var\u003e - Jan \u003cvar data-var='date'\u003e 1\u003c/var\u003e, \u003cvar data-var='time'\u003e00:20\u003c/var\u003e PST"},
    {"code": "aaa2", "name": "Within a day", "message": "Done.", "impact": "maintenance", "timestamp": "Dec 3, 10:00 - 12:30 UTC"},
    {"code": "aaa3", "name": "One stamp", "message": "", "impact": "none", "timestamp": "Dec 2, 10:00 UTC"},
    {"code": "aaa4", "name": "No stamp", "timestamp": "yesterday"}, {"name": "no code"}, 5]},
    {"name": "November", "year": 2025, "incidents": []}, {"name": "November", "incidents": [{"code": "b"}]}]}"#;

#[test]
fn history_index_has_start_end_and_last_update() {
    let index = format!(
        "<div data-react-class=\"HistoryIndex\" data-react-props=\"{}\"></div>",
        MONTHS.replace('&', "&amp;").replace('"', "&quot;")
    );
    let pacific =
        ReadOptions { zone: "America/Los_Angeles".parse().ok(), ..ReadOptions::default() };
    for text in [MONTHS.to_owned(), index] {
        let input = Input::new("history", text);
        assert_eq!(StatuspageHtml.sniff(&input), Verdict::Yes);
        let read = StatuspageHtml.read(&input, &pacific).unwrap();
        let lines: Vec<String> = read
            .value
            .iter()
            .map(|record| match record {
                Record::Incident(incident) => {
                    assert!(
                        incident.latest_only
                            && incident.state.is_none()
                            && incident.resolved.is_none()
                    );
                    format!(
                        "{} {} {:?}",
                        incident.announced.unwrap(),
                        incident.maintenance,
                        outline(incident)
                    )
                }
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            lines,
            [
                "2026-01-01T07:50Z false [\"2026-01-01T08:20Z - Done.  \\nReally.\"]",
                "2025-12-03T10:00Z true [\"2025-12-03T12:30Z - Done.\"]",
                "2025-12-02T10:00Z false []",
            ]
        );
        let warnings: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
        for part in [
            "`yesterday` is not a range",
            "has no code",
            "cannot be read",
            "a month without a year",
            "incident b was left out: its month has no year",
            "note: this index",
        ] {
            assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:?}");
        }
        assert_eq!(warnings.len(), 6, "{warnings:?}");
    }
}

#[test]
fn ambiguous_zone_label_takes_its_commonest_meaning_with_a_warning() {
    let (incidents, warnings) =
        read(&page(&day("Jan 2, 2021", "abc1", &update("Resolved", "x", "Jan 2, 09:00 PST"))));
    assert_eq!(incidents[0].updates[0].at.to_string(), "2021-01-02T17:00Z");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("PST is read as Pacific Standard Time"), "{warnings:?}");
}

#[test]
fn other_pages_are_not_claimed_and_fail_with_a_clear_error() {
    let other = Input::new("x", "<!doctype html><title>Log in</title><p>history.atom");
    assert!(matches!(StatuspageHtml.sniff(&other), Verdict::No(_)));
    let error = StatuspageHtml.read(&other, &ReadOptions::default()).unwrap_err();
    assert_eq!(error.message, "no days, no incident and no history in this page");
}
