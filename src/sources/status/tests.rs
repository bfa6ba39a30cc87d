//! Formats that share a shape: each body is claimed by the reader of its product and by no other.

use super::FORMATS;
use crate::sources::input::Input;
use crate::sources::source::Verdict;

/// The formats that are sure that `text` is theirs.
fn claimed_by(text: &str) -> Vec<&'static str> {
    let input = Input::new("x", text);
    let sure = FORMATS.iter().filter(|format| format.sniff(&input) == Verdict::Yes);
    sure.map(|format| format.id()).collect()
}

#[test]
fn the_form_of_the_ids_tells_two_products_with_one_api_apart() {
    let page = |id: &str| {
        format!(
            r#"{{"page": {{"id": "{id}", "name": "Example", "url": "https://status.example.com/"}}, "incidents": [
            {{"id": "{id}", "name": "Errors", "status": "resolved", "impact": "minor", "created_at": "2026-01-01T10:00:00Z",
              "resolved_at": "2026-01-01T10:30:00Z", "updated_at": "2026-01-01T10:30:00Z", "incident_updates": []}}]}}"#
        )
    };
    let ulid = page("01KDWFZY800000000000000000");
    assert_eq!(claimed_by(&ulid), ["incident-io"]);
    assert_eq!(claimed_by(&page("hm7491k53ppg")), ["statuspage-v2"]);
    // Only one of the two writes the zone of the page.
    let with_zone = ulid.replace("\"name\": \"Example\"", "\"time_zone\": \"Etc/UTC\"");
    assert_eq!(claimed_by(&with_zone), ["statuspage-v2"]);
}

#[test]
fn an_incident_without_an_id_is_of_the_product_that_writes_none() {
    let text = r#"{"page": {"name": "Example Status", "url": "https://status.example.com", "time_zone": "America/Los_Angeles", "updated_at": "2026-03-19T12:00:00Z"},
      "incidents": [{"name": "Slow", "status": "started", "impact": "minor", "started_at": "2026-03-19T10:30:00Z", "resolved_at": null,
        "url": "https://status.example.com/incidents/abc123", "incident_updates": []}]}"#;
    assert_eq!(claimed_by(text), ["rootly-status"]);
}
