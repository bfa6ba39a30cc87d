use super::guess;
use crate::sources::input::Input;

fn guessed(name: &str, text: &str) -> String {
    guess(&Input::new(name, text)).map_or("nothing".to_owned(), |mapping| mapping.to_toml("x"))
}

#[test]
fn fields_are_found_by_their_names_and_values() {
    insta::assert_snapshot!(guessed("a.json", r#"{"meta": {"page": 1}, "results": {"items": [{"event": {"id": 7, "time": {"utc": "2026-03-01T10:00:00Z"}, "updated": "2026-03-02T10:00:00Z", "data": {"message": "Primary lost", "severity": "critical"}}}]}}"#), @r#"
    [formats.x]
    kind = "entries"
    records = "results.items"
    time = "event.time.utc"
    text = "event.data.message"
    severity = "event.data.severity"
    id = "event.id"
    "#);
    insta::assert_snapshot!(guessed("a.json", r#"{"alerts": [{"alertId": "a1", "alertTitle": "Queue", "triggeredAt": "2026-03-01T10:00:00Z", "resolvedAt": null, "ackedAt": "2026-03-01T10:02:00Z", "sev": "high"}]}"#), @r#"
    [formats.x]
    kind = "entries"
    records = "alerts"
    time = "triggeredAt"
    end = "resolvedAt"
    acknowledged = "ackedAt"
    title = "alertTitle"
    severity = "sev"
    id = "alertId"
    "#);
    // Names in another language: the values show the time and the text.
    insta::assert_snapshot!(guessed("a.csv", "Zeitpunkt;Dienst;Meldung\n2026-03-01 10:00:00;Shop;Antwortet nicht mehr\n"), @r#"
    [formats.x]
    kind = "entries"
    time = "Zeitpunkt"
    text = "Meldung"
    "#);
}

#[test]
fn records_with_a_course_or_updates_are_incidents() {
    insta::assert_snapshot!(guessed("incidents.json", r#"[{"from": "2026-03-01T10:00:00Z", "to": null, "reason": "Host update", "planned": true}]"#), @r#"
    [formats.x]
    kind = "incidents"
    time = "from"
    end = "to"
    text = "reason"
    "#);
    insta::assert_snapshot!(guessed("status.json", r#"[{"id": 1, "title": "Slow", "startedAt": "Mar 1, 2026 10:00 UTC", "updates": [{"status": "investigating", "time": "Mar 1, 2026 10:05 UTC", "message": "We look"}]}]"#), @r#"
    [formats.x]
    kind = "incidents"
    time = "startedAt"
    title = "title"
    id = "id"
    updates = "updates"
    update_time = "time"
    update_text = "message"
    update_state = "status"
    "#);
}

#[test]
fn numbers_without_a_text_are_samples() {
    insta::assert_snapshot!(guessed("a.jsonl", "{\"fields\": {\"idle\": 90.1}, \"name\": \"cpu\", \"tags\": {\"host\": \"a\"}, \"timestamp\": 1772359200}\n"), @r#"
    [formats.x]
    kind = "series"
    time = "timestamp"
    value = "fields.idle"
    labels = ["name", "tags.host"]
    "#);
    for nothing in
        ["{}", "[1, 2]", r#"{"a": "b"}"#, "a,b\n1,2\n", "One, two\nand three, four, five\n"]
    {
        assert_eq!(guessed("x", nothing), "nothing", "{nothing}");
    }
}
