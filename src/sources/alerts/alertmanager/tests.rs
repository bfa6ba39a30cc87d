use super::*;

fn read(text: &str) -> (Vec<EventRecord>, Vec<String>) {
    let read = Alertmanager.read(&Input::new("alerts.json", text), &ReadOptions::default()).unwrap();
    let events = read.value.into_iter().map(|record| match record {
        Record::Event(event) => event,
        other => panic!("{other:?}"),
    });
    (events.collect(), read.warnings.iter().map(ToString::to_string).collect())
}

fn alert(extra: &str) -> String {
    format!(
        r#"{{"labels": {{"alertname": "Slow", "severity": "critical", "service": "api", "prometheus": "x"}},
            "annotations": {{"summary": "p99 is *high*", "description": "p99 is 4 s"}},
            "fingerprint": "f1", "startsAt": "2026-03-01T10:00:00.123456789+01:00"{extra}}}"#
    )
}

#[test]
fn the_api_never_proves_an_end() {
    let text = format!(
        "[{}]",
        alert(
            r#", "endsAt": "2026-03-01T09:04:00Z", "updatedAt": "2026-03-01T09:00:00Z", "status": {"state": "active"}"#
        )
    );
    assert_eq!(Alertmanager.sniff(&Input::new("x", text.as_str())), Verdict::Yes);
    let (events, warnings) = read(&text);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].at.to_string(), "2026-03-01T09:00:00.123456789Z");
    assert_eq!(events[0].id, "f1-1772355600");
    assert_eq!((events[0].end, events[0].suggests), (None, Some(MilestoneName::DetectedAt)));
    assert_eq!(events[0].text, "**Slow** fired (critical): p99 is \\*high\\*\n\np99 is 4 s\n\n`service=api`");
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn a_webhook_proves_an_end_unless_it_is_the_year_one() {
    let webhook = |status: &str, ends: &str| {
        let alert = alert(&format!(r#", "status": "{status}", "endsAt": "{ends}""#));
        format!(r#"{{"version": "4", "groupKey": "g", "status": "firing", "alerts": [{alert}]}}"#)
    };
    let (events, _) = read(&webhook("resolved", "2026-03-01T09:30:00Z"));
    assert_eq!(events[1].id, "f1-1772355600-end");
    assert_eq!(events[1].at.to_string(), "2026-03-01T09:30:00Z");
    assert!(events[1].text.starts_with("**Slow** cleared"));
    let (events, warnings) = read(&webhook("resolved", "0001-01-01T00:00:00Z"));
    assert_eq!((events.len(), warnings.len()), (1, 1));
    assert!(warnings[0].contains("does not say when"));
    assert_eq!(read(&webhook("firing", "0001-01-01T00:00:00Z")).0.len(), 1);
    assert_eq!(read(&webhook("firing", "2026-03-01T09:30:00Z")).0.len(), 1, "a firing alert has not ended");
    let (events, warnings) = read(&webhook("resolved", "2026-03-01T08:00:00Z"));
    assert_eq!((events.len(), warnings.len()), (1, 1), "an end before the start is no end");
}

#[test]
fn without_a_fingerprint_the_labels_are_the_identity_in_any_order() {
    let of = |labels: &str| {
        let text = format!(r#"[{{"labels": {{{labels}}}, "status": {{}}, "startsAt": "2026-03-01T10:00:00Z"}}]"#);
        read(&text).0.remove(0).id
    };
    let id = of(r#""alertname": "A", "b": "1""#);
    assert_eq!(id, of(r#""b": "1", "alertname": "A""#));
    assert_ne!(id, of(r#""alertname": "A", "b": "2""#));
    assert_eq!(id.split_once('-').map(|(hash, time)| (hash.len(), time)), Some((12, "1772359200")));
}

#[test]
fn repeats_and_heartbeats_are_left_out_and_counted() {
    let watchdog = r#"{"labels": {"alertname": "Watchdog", "severity": "none"}, "startsAt": "2026-03-01T10:00:00Z", "status": {}}"#;
    let group = format!(r#"{{"labels": {{}}, "receiver": {{"name": "r"}}, "alerts": [{}, {watchdog}]}}"#, alert(""));
    let text = format!("[{group}, {group}]");
    assert_eq!(Alertmanager.sniff(&Input::new("x", text.as_str())), Verdict::Yes);
    let (events, warnings) = read(&text);
    assert_eq!(events.len(), 1);
    assert!(warnings.iter().any(|w| w.contains("1 repeat of")), "{warnings:?}");
    assert!(warnings.iter().any(|w| w.contains("2 alerts that always fire")), "{warnings:?}");
}

#[test]
fn a_silenced_alert_detects_nothing_and_a_silence_is_an_action() {
    let (events, _) = read(&format!("[{}]", alert(r#", "status": {"state": "suppressed"}"#)));
    assert_eq!(events[0].suggests, None);
    let text = r#"[{"id": "s1", "createdBy": "ops@example.com", "comment": "known *noise*", "startsAt": "2026-03-01T10:00:00Z",
        "endsAt": "2063-01-01T00:00:00Z", "status": {"state": "active"},
        "matchers": [{"name": "instance", "value": "web.*", "isRegex": true}, {"name": "env", "value": "dev", "isEqual": false, "isRegex": false}]}]"#;
    assert_eq!(Alertmanager.sniff(&Input::new("x", text)), Verdict::Yes);
    let (events, _) = read(text);
    assert_eq!((events[0].kind, events[0].end), (EntryKind::Action, None));
    assert_eq!(events[0].text, "Silenced `instance=~\"web.*\", env!=\"dev\"` by ops@example.com: known \\*noise\\*");
}

#[test]
fn a_bad_alert_is_a_warning_with_its_place() {
    let (events, warnings) = read(&format!("[5,\n{{\"labels\": {{}}}},\n{{\"startsAt\": \"soon\"}},\n{}]", alert("")));
    assert_eq!(events.len(), 1);
    for line in 1..=3 {
        assert!(warnings.iter().any(|w| w.starts_with(&format!("alerts.json:{line}:"))), "{warnings:?}");
    }
}

#[test]
fn the_first_api_version_wraps_alerts_groups_and_silences() {
    let active = alert(r#", "endsAt": "2026-03-01T09:04:00Z", "status": {"state": "active"}"#);
    let alerts = format!(r#"{{"status": "success", "data": [{active}]}}"#);
    let groups = format!(
        r#"{{"status": "success", "data": [{{"blocks": [{{"alerts": [{active}]}}, {{"alerts": [{active}]}}]}}]}}"#
    );
    for text in [&alerts, &groups] {
        assert_eq!(Alertmanager.sniff(&Input::new("x", text.as_str())), Verdict::Yes, "{text}");
        assert_eq!(read(text).0.len(), 1);
    }
    let silences = r#"{"status": "success", "data": [{"id": "s1", "matchers": [{"name": "a", "value": "b"}],
        "createdBy": "x", "startsAt": "2026-03-01T09:04:00Z", "comment": "on it"}]}"#;
    assert_eq!(Alertmanager.sniff(&Input::new("x", silences)), Verdict::Yes);
    assert!(read(silences).0[0].text.contains("Silenced"));
    let error = r#"{"status": "error", "errorType": "server_error", "error": "not ready"}"#;
    let refused = Alertmanager.read(&Input::new("x", error), &ReadOptions::default()).unwrap_err();
    assert_eq!(refused.message, "the server answered with an error: not ready");
    assert!(read(r#"{"status": "success", "data": []}"#).0.is_empty());
}
