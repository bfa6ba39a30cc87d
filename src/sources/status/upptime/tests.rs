use super::*;
use crate::model::impact::Level;
use crate::model::timeline::State;
use crate::sources::record::IncidentRecord;
use crate::sources::status::kit::api::testing::{outline, read};
use crate::sources::status::kit::odd_fields;

fn shown(at: Option<crate::model::time::Moment>) -> String {
    at.map_or("-".to_owned(), |at| at.to_string())
}

fn summary_of(incident: &IncidentRecord) -> String {
    let mut lines = vec![
        format!(
            "{} \"{}\" {:?} {:?}",
            incident.id, incident.title, incident.impact_word, incident.state
        ),
        format!("impact {} to {}", shown(incident.impact_start), shown(incident.impact_end)),
        format!("announced {}, resolved {}", shown(incident.announced), shown(incident.resolved)),
    ];
    lines.extend(outline(incident).iter().map(|line| line.replace('\n', "/")));
    lines.join("\n")
}

const LOG: &str =
    "aaaaaaa1\t2026-01-01T10:00:00Z\t🟩 API (v2) is up (200 in 90 ms) [skip ci] [upptime]
aaaaaaa2\t2026-01-01T10:10:00Z\t🟨 API (v2) is degraded (200 in 9000 ms) [skip ci] [upptime]
aaaaaaa3\t2026-01-01T10:15:00Z\t🟥 API (v2) is down (0 in 0 ms) [skip ci] [upptime]
aaaaaaa4\t2026-01-01T10:16:00Z\t🟥 Web is down (502 in 40 ms) [skip ci] [upptime]
aaaaaaa5\t2026-01-01T11:00:00Z\t📈 Update graphs [skip ci] [upptime]
aaaaaaa6\t2026-01-01T12:25:00+02:00\t🟩 API (v2) is up (200 in 95 ms) [skip ci] [upptime]
aaaaaaa7\t2026-01-01T13:00:00Z\t🟥 API (v2) is down (503 in 9 ms) [skip ci] [upptime]
";

#[test]
fn commits_of_a_service_fold_into_outages() {
    let (incidents, warnings) = read(&Upptime, LOG);
    insta::assert_snapshot!(incidents.iter().map(summary_of).collect::<Vec<_>>().join("\n\n"), @r#"
    aaaaaaa2 "API (v2) is down" Some("down") Some(Resolved)
    impact ~2026-01-01T10:10:00Z to ~2026-01-01T10:25:00Z
    announced 2026-01-01T10:10:00Z, resolved 2026-01-01T10:25:00Z
    2026-01-01T10:10:00Z - 🟨 API (v2) is degraded (200 in 9000 ms)
    2026-01-01T10:15:00Z - 🟥 API (v2) is down (0 in 0 ms)
    2026-01-01T10:25:00Z resolved 🟩 API (v2) is up (200 in 95 ms)

    aaaaaaa4 "Web is down" Some("down") None
    impact - to -
    announced -, resolved -
    2026-01-01T10:16:00Z - 🟥 Web is down (502 in 40 ms)

    aaaaaaa7 "API (v2) is down" Some("down") None
    impact ~2026-01-01T13:00:00Z to -
    announced 2026-01-01T13:00:00Z, resolved -
    2026-01-01T13:00:00Z - 🟥 API (v2) is down (503 in 9 ms)
    "#);
    assert_eq!(
        warnings,
        [
            "page.json:4:1: warning: Web is not up before this in the log: when it went down is unknown",
            "page.json:1:1: note: each time is that of a check: the change came up to one check interval before it",
        ]
    );
    let levels: Vec<_> = incidents[0].updates.iter().map(|update| update.components[0].1).collect();
    assert_eq!(levels, [Some(Level::Degraded), Some(Level::Full), None]);
}

#[test]
fn log_order_does_not_matter_and_bad_line_is_reported() {
    let reversed: String = LOG.lines().rev().map(|line| format!("{line}\n")).collect();
    assert_eq!(read(&Upptime, &reversed).0, read(&Upptime, LOG).0);
    let (incidents, warnings) =
        read(&Upptime, &format!("{LOG}x y z\n").replace("2026-01-01T10:15:00Z", "yesterday"));
    assert_eq!(incidents.len(), 3);
    assert!(
        warnings[0].contains(":3:1: warning: this commit was left out: `yesterday`"),
        "{warnings:?}"
    );
    assert!(warnings[1].contains(":8:1: warning: this line is not a commit"), "{warnings:?}");
}

const HISTORY: &str = "url: https://api.example.com/health\nstatus: down\ncode: 504\nresponseTime: 10378\nlastUpdated: 2026-01-01T15:36:58.518Z\nstartTime: 2025-08-17T15:10:44.158Z\ngenerator: Upptime <https://github.com/upptime/upptime>\n";

#[test]
fn down_without_a_time_has_no_start() {
    for text in [HISTORY.to_owned(), HISTORY.lines().map(|line| format!("- {line}\n")).collect()] {
        let input = Input::new("history/api.yml", text);
        let read = Upptime.read(&input, &ReadOptions::default()).unwrap();
        let [Record::Incident(incident)] = &read.value[..] else { panic!("{read:?}") };
        insta::allow_duplicates!(insta::assert_snapshot!(summary_of(incident), @r#"
        api-2026-01-01T15:36:58.518Z "api is down" Some("down") None
        impact - to -
        announced -, resolved -
        2026-01-01T15:36:58.518Z - https://api.example.com/health is down (504 in 10378 ms)
        "#));
        assert!(read.warnings[0].message.contains("since when is unknown"), "{read:?}");
    }
    let (incidents, warnings) = read(&Upptime, &HISTORY.replace("status: down", "status: up"));
    assert!(incidents.is_empty() && warnings[0].contains("the service is up"), "{warnings:?}");
}

const ISSUES: &str = r#"[
  {"number": 12, "title": "🛑 API is down", "state": "closed", "created_at": "2026-01-01T10:10:20Z", "closed_at": "2026-01-01T10:25:30Z",
   "html_url": "https://github.com/example/status/issues/12", "labels": [{"name": "status"}, {"name": "api"}], "body": "In [`aaaaaaa`](https://github.com/example/status/commit/aaaaaaa), API was **down**:\n- HTTP code: 502",
   "comments": [{"id": 5, "body": "We look at it.", "created_at": "2026-01-01T10:15:00Z"}, {"id": 6, "body": "**Resolved:** API is back up.", "created_at": "2026-01-01T10:25:28Z"}]},
  {"number": 13, "title": "Database upgrade", "state": "open", "created_at": "2026-01-02T10:00:00Z", "closed_at": null, "labels": [{"name": "maintenance"}],
   "body": "<!--\nstart: 2026-01-03T13:00:00+00:00\nend: 2026-01-03T14:00:00+00:00\nexpectedDown: api, web\n-->\nWe upgrade.", "comments": 2},
  {"number": 14, "title": "Add a site", "state": "open", "created_at": "2026-01-02T10:00:00Z", "labels": []},
  {"number": 15, "title": "Somebody says it is slow", "state": "open", "created_at": "2026-01-04T10:00:00Z", "labels": ["status", "web"], "body": ""}
]"#;

#[test]
fn issues_are_outages_and_maintenances() {
    let (incidents, warnings) = read(&Upptime, ISSUES);
    insta::assert_snapshot!(incidents.iter().map(summary_of).collect::<Vec<_>>().join("\n\n"), @r#"
    12 "🛑 API is down" Some("down") Some(Resolved)
    impact ~2026-01-01T10:10:20Z to ~2026-01-01T10:25:30Z
    announced 2026-01-01T10:10:20Z, resolved 2026-01-01T10:25:30Z
    2026-01-01T10:10:20Z - In [`aaaaaaa`](https://github.com/example/status/commit/aaaaaaa), API was **down**:/- HTTP code: 502
    2026-01-01T10:15:00Z - We look at it.
    2026-01-01T10:25:28Z resolved **Resolved:** API is back up.

    13 "Database upgrade" None None
    impact - to -
    announced 2026-01-02T10:00:00Z, resolved -
    2026-01-02T10:00:00Z - We upgrade.

    15 "Somebody says it is slow" Some("down") None
    impact - to -
    announced 2026-01-04T10:00:00Z, resolved -
    "#);
    let (from, until) = incidents[1].scheduled.unwrap();
    assert_eq!(
        (from.to_string(), until.unwrap().to_string()),
        ("2026-01-03T13:00:00Z".into(), "2026-01-03T14:00:00Z".into())
    );
    assert!(incidents[1].maintenance);
    assert_eq!(incidents[1].components.len(), 2);
    assert_eq!(incidents[0].components, [(String::new(), "API".to_owned())]);
    assert_eq!(incidents[0].state, Some(State::Resolved));
    assert!(warnings[0].contains("left out: 1 without the label"), "{warnings:?}");
    assert!(warnings[1].contains("comments that are not in it, on 1 of"), "{warnings:?}");
}

#[test]
fn full_page_is_reported() {
    let one = r#"{"number": 1, "title": "🛑 API is down", "state": "open", "createdAt": "2026-01-01T10:10:20Z", "labels": [{"name": "status"}]}"#;
    let (incidents, warnings) = read(&Upptime, &format!("[{}]", vec![one; 30].join(",")));
    assert_eq!(incidents.len(), 30);
    assert!(warnings.iter().any(|warning| warning.contains("just 30 issues")), "{warnings:?}");
}

#[test]
fn other_issues_and_summaries_are_not_read() {
    let sniff = |text: &str| Upptime.sniff(&Input::new("x", text));
    let other = r#"[{"number": 1, "title": "Crash on start", "created_at": "2026-01-01T10:10:20Z", "labels": [{"name": "bug"}]}]"#;
    assert!(matches!(sniff(other), Verdict::No(_)));
    assert!(matches!(sniff("aaaaaaa1\t2026-01-01T10:00:00Z\tFix the build\n"), Verdict::No(_)));
    let summary = r#"[{"name": "API", "slug": "api", "status": "up", "uptime": "99.9%", "dailyMinutesDown": {"2026-01-01": 12}}]"#;
    assert_eq!(sniff(summary), Verdict::Yes);
    let error = Upptime.read(&Input::new("x", summary), &ReadOptions::default()).unwrap_err();
    assert!(error.message.contains("does not say when") && error.hint.unwrap().contains("git log"));
}

#[test]
fn wrong_type_loses_no_other_text() {
    odd_fields::check(&odd_fields::Capture {
        source: &Upptime,
        essential: &["number", "labels", "name"],
        refers: false,
        text: r#"[{"number": 12, "title": "API is down", "state": "closed", "created_at": "2026-01-01T10:10:20Z", "closed_at": "2026-01-01T10:25:30Z", "html_url": "https://github.com/example/status/issues/12",
           "labels": [{"name": "status"}, {"name": "api"}], "body": "text-a1", "comments": [{"id": 5, "body": "text-a2", "created_at": "2026-01-01T10:15:00Z"}]},
          {"number": 15, "title": "Slow", "state": "open", "created_at": "2026-01-04T10:00:00Z", "labels": [{"name": "status"}], "body": "text-b1"}]"#,
    });
}
