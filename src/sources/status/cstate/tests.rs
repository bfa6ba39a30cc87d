use super::*;

fn read_in(zone: Option<&str>, text: &str) -> (IncidentRecord, Vec<String>) {
    let input = Input::new("content/issues/2026-03-17-dns.md", text);
    assert_eq!(CState.sniff(&input), Verdict::Yes, "{text}");
    let options =
        ReadOptions { zone: zone.map(|name| name.parse().unwrap()), ..ReadOptions::default() };
    let read = CState.read(&input, &options).unwrap();
    let [Record::Incident(incident)] = &read.value[..] else { panic!("{read:?}") };
    (incident.clone(), read.warnings.iter().map(ToString::to_string).collect())
}

fn outline(incident: &IncidentRecord) -> String {
    let mut lines = vec![
        format!(
            "{} \"{}\" {:?} {:?}",
            incident.id, incident.title, incident.impact_word, incident.state
        ),
        format!("impact {:?} to {:?}", shown(incident.impact_start), shown(incident.impact_end)),
        format!("announced {:?}", shown(incident.announced)),
    ];
    lines.extend(api::testing::outline(incident).iter().map(|line| line.replace('\n', "/")));
    lines.join("\n")
}

fn shown(at: Option<Moment>) -> String {
    at.map_or("-".to_owned(), |at| at.to_string())
}

const DNS: &str = "---
section: issue
title: Names do not resolve
date: 2026-03-17T13:13:40.333Z
resolved: true
resolvedWhen: 2026-03-17T13:39:24Z
affected: [API, Web]
severity: disrupted
---
*Postmortem*

A change to a zone file was wrong.

---

*Risolto* - Over. {{< track \"2026-03-17 14:39:00\" >}}

*Monitoring* - A fix is in.
It helps. {{< track \"2026-03-17 14:32:00\" >}}

*Hard at Work* - We look. {{< track \"2026-03-17 14:13:00\" >}}";

#[test]
fn file_with_two_zones_is_read_in_both() {
    let (incident, warnings) = read_in(Some("Europe/Rome"), DNS);
    insta::assert_snapshot!(outline(&incident), @r#"
    2026-03-17-dns "Names do not resolve" Some("disrupted") Some(Resolved)
    impact "2026-03-17T13:13:40.333Z" to "2026-03-17T13:39:24Z"
    announced "2026-03-17T13:13:00Z"
    2026-03-17T13:13:00Z - *Hard at Work* - We look.
    2026-03-17T13:32:00Z monitoring A fix is in.  /It helps.
    2026-03-17T13:39:00Z resolved *Risolto* - Over.
    "#);
    assert_eq!(
        incident.untimed,
        [UntimedPost {
            id: "postmortem".to_owned(),
            state: Some(State::Postmortem),
            text: "A change to a zone file was wrong.".to_owned()
        }]
    );
    assert_eq!(
        incident.components,
        [(String::new(), "API".to_owned()), (String::new(), "Web".to_owned())]
    );
    assert_eq!(
        warnings,
        [
            "content/issues/2026-03-17-dns.md:21:2: warning: a post has the unknown state `Hard at Work` (incident \"Names do not resolve\")"
        ]
    );
}

#[test]
fn without_a_zone_times_stay_in_the_text() {
    let (incident, warnings) = read_in(None, DNS);
    insta::assert_snapshot!(outline(&incident), @r#"
    2026-03-17-dns "Names do not resolve" Some("disrupted") Some(Resolved)
    impact "2026-03-17T13:13:40.333Z" to "2026-03-17T13:39:24Z"
    announced "-"
    2026-03-17T13:13:40.333Z - *Risolto* - Over. (2026-03-17 14:39:00)//*Monitoring* - A fix is in.  /It helps. (2026-03-17 14:32:00)//*Hard at Work* - We look. (2026-03-17 14:13:00)
    "#);
    assert_eq!(incident.untimed.len(), 1);
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].contains("3 of its posts have stamps without a zone (`2026-03-17 14:13:00`)"),
        "{warnings:?}"
    );
}

#[test]
fn date_without_a_zone_is_an_error_with_a_hint() {
    let text = DNS.replace("13:13:40.333Z", "13:13:40");
    let error =
        CState.read(&Input::new("x.md", text.clone()), &ReadOptions::default()).unwrap_err();
    assert!(error.message.contains("`2026-03-17T13:13:40` has no zone"), "{error:?}");
    assert!(error.hint.unwrap().contains("--zone"));
    assert_eq!(&text[error.span.unwrap()], "date: 2026-03-17T13:13:40");
}

fn settings(lines: &str, body: &str) -> String {
    format!("---\ntitle: T\nsection: issue\n{lines}\n---\n{body}")
}

#[test]
fn hand_typed_times_are_read() {
    let (incident, warnings) = read_in(
        None,
        &settings(
            "date: 2025-09-17T9:30:00-00:00\nresolved: true\nresolvedWhen: 2025-09-17 10:30:00",
            "Text.",
        ),
    );
    assert_eq!(shown(incident.impact_start), "2025-09-17T09:30:00Z");
    assert_eq!((incident.resolved, incident.state), (None, Some(State::Resolved)));
    assert!(
        warnings[0].contains(":6:1: warning: `resolvedWhen`: `2025-09-17 10:30:00` has no zone"),
        "{warnings:?}"
    );
    let (incident, warnings) = read_in(
        None,
        &settings(
            "date: 2021-09-23T10:01:00Z\nresolved: true\nresolvedWhen: 2021-09-20T13:00:00Z",
            "Text.",
        ),
    );
    assert_eq!(
        (incident.resolved, incident.impact_end, incident.state),
        (None, None, Some(State::Resolved))
    );
    assert!(warnings[0].contains("is before `date`"), "{warnings:?}");
}

#[test]
fn posts_of_another_month_are_reported() {
    let body = "*Resolved* - Over. {{< track \"2018-05-25T05:54:00Z\" >}}\n\n*Investigating* - x {{< track \"2018-05-25T04:13:00Z\" >}}";
    let (incident, warnings) = read_in(
        None,
        &settings(
            "date: 2018-04-25T04:13:00Z\nresolved: true\nresolvedWhen: 2018-04-25T05:54:00Z",
            body,
        ),
    );
    assert_eq!(incident.updates.len(), 2);
    assert!(
        warnings[0].contains("its posts begin at 2018-05-25T04:13:00Z, its `date` is 2018-04-25"),
        "{warnings:?}"
    );
    assert!(
        warnings[1].contains("resolved at 2018-05-25T05:54:00Z, `resolvedWhen` says 2018-04-25"),
        "{warnings:?}"
    );
}

#[test]
fn times_in_headings_continue_from_the_date() {
    let body = "*Over, Vendor Looking | 01/07 03:05pm Central* - Two.\n\n*Investigating | 12/31 11:24pm Central* - One.";
    let (incident, warnings) =
        read_in(None, &settings("date: 2026-01-01T05:00:00Z\nresolved: false", body));
    assert_eq!(
        api::testing::outline(&incident),
        [
            "2026-01-01T05:24Z investigating One.",
            "2026-01-07T21:05Z - *Over, Vendor Looking | 01/07 03:05pm Central* - Two."
        ]
    );
    assert_eq!(
        (incident.state, incident.resolved, warnings.len()),
        (None, None, 1),
        "{warnings:?}"
    );
}

#[test]
fn text_without_times_is_one_post_at_the_date() {
    let body = "[Final message]\nOver.\n\n[Initial message]\n<!-- x -->\nDown.\n";
    let (incident, warnings) =
        read_in(None, &settings("date: 2026-01-01T05:00:00Z\nresolved: true", body));
    let outline = api::testing::outline(&incident).join("\n");
    assert!(
        outline.contains("Over.") && outline.contains("Down.") && warnings.is_empty(),
        "{outline} {warnings:?}"
    );
    assert_eq!((incident.updates.len(), incident.announced), (1, None));
}

#[test]
fn informational_posts_are_omitted_with_a_warning() {
    let text = settings("date: 2026-01-01T05:00:00Z\ninformational: true", "We move.");
    let read = CState.read(&Input::new("x.md", text), &ReadOptions::default()).unwrap();
    assert!(
        read.value.is_empty() && read.warnings[0].message.contains("informational"),
        "{read:?}"
    );
}

#[test]
fn other_files_with_front_matter_are_not_claimed() {
    let sniff = |text: &str| CState.sniff(&Input::new("x.md", text));
    for text in [
        "---\ntitle: Incident log\nweight: 40\n---\n\n# Log\n",
        "---\ntitle: Postmortem\ndate: 2026-01-01\ntags: [db]\nseverity: sev2\n---\nText",
        "---\ntitle: T\ndate: 2026-01-01T00:00:00Z\nseverity: partial-outage\naffectedsystems: [a]\nresolved: true\n---\n",
        "+++\ntitle = \"T\"\nresolvedWhen = 2026-01-01T00:00:00Z\n+++\n",
        "# T\n\nresolvedWhen: x\n",
    ] {
        assert!(matches!(sniff(text), Verdict::No(_)), "{text}");
    }
}

#[test]
fn offset_in_the_settings_defines_a_zone_label_in_the_text() {
    let file = |date: &str| {
        format!(
            "---\ntitle: Slow\ndate: {date}\nsection: issue\nresolved: true\nseverity: disrupted\naffected: [API]\n---\n\
             *Resolved | 2025-07-08 11:30 PST*\n\nOver.\n\n*Investigating | 2025-07-08 10:00 PST*\n\nWe look.\n"
        )
    };
    let times = |date: &str| {
        let (incident, warnings) = read_in(None, &file(date));
        let times: Vec<String> =
            incident.updates.iter().map(|update| update.at.to_string()).collect();
        (times.join(" "), warnings.iter().any(|warning| warning.contains("PST")))
    };
    assert_eq!(
        times("2025-07-08T10:00:00-07:00"),
        ("2025-07-08T17:00Z 2025-07-08T18:30Z".to_owned(), false)
    );
    // Without such an offset the label is taken literally, and reported.
    assert_eq!(
        times("2025-07-08T18:00:00Z"),
        ("2025-07-08T18:00Z 2025-07-08T19:30Z".to_owned(), true)
    );
}
