use super::*;
use crate::model::impact::Level;
use crate::model::timeline::State;
use crate::sources::record::IncidentRecord;
use crate::sources::status::kit::odd_fields;

fn read(text: &str) -> (Vec<IncidentRecord>, Vec<String>) {
    let input = Input::new("page.json", text);
    let read = Statuspage
        .read(&input, &ReadOptions::default())
        .unwrap_or_else(|error| panic!("{error}: {text}"));
    let incidents = read.value.into_iter().map(|record| match record {
        Record::Incident(incident) => incident,
        other => panic!("{other:?}"),
    });
    (incidents.collect(), read.warnings.iter().map(ToString::to_string).collect())
}

fn one(incident: &str) -> (IncidentRecord, Vec<String>) {
    let (mut incidents, warnings) = read(&format!(r#"{{"incidents": [{incident}]}}"#));
    assert_eq!(incidents.len(), 1, "{warnings:?}");
    (incidents.remove(0), warnings)
}

fn update(id: &str, status: &str, at: &str) -> String {
    format!(r#"{{"id": "{id}", "status": "{status}", "body": "{id}", "display_at": "{at}"}}"#)
}

fn ids(incident: &IncidentRecord) -> Vec<&str> {
    incident.updates.iter().map(|update| update.id.as_str()).collect()
}

#[test]
fn start_is_the_earliest_time_because_started_at_moves() {
    let (incident, _) = one(
        r#"{"id": "a", "name": "n", "created_at": "2026-01-01T11:54:59.854Z", "started_at": "2026-01-01T13:18:31.000Z",
            "incident_updates": [{"id": "u2", "status": "identified", "display_at": "2026-01-01T13:18:31.000Z"},
                                 {"id": "u1", "status": "investigating", "display_at": "2026-01-01T11:40:00.000Z"}]}"#,
    );
    assert_eq!(incident.announced.unwrap().to_string(), "2026-01-01T11:40:00Z");
    assert_eq!(incident.impact_start, None, "a page's first notice is not the start of the impact");
}

#[test]
fn updates_are_sorted_by_display_time_then_file_order() {
    let updates = [
        update("e", "monitoring", "2026-01-01T12:00:00Z"),
        update("d", "identified", "2026-01-01T12:00:00Z"),
        update("b", "investigating", "2026-01-01T10:00:00Z"),
        update("c", "identified", "2026-01-01T11:00:00Z"),
    ];
    let (incident, _) =
        one(&format!(r#"{{"id": "a", "name": "n", "incident_updates": [{}]}}"#, updates.join(",")));
    assert_eq!(ids(&incident), ["b", "c", "d", "e"]);
}

#[test]
fn closing_update_sorts_last_within_a_minute() {
    let updates = [
        update("rca", "postmortem", "2026-01-01T12:00:50Z"),
        update("start", "investigating", "2026-01-01T12:00:40Z"),
        update("end", "resolved", "2026-01-01T12:00:10Z"),
    ];
    let (incident, _) =
        one(&format!(r#"{{"id": "a", "name": "n", "incident_updates": [{}]}}"#, updates.join(",")));
    assert_eq!(ids(&incident), ["start", "end", "rca"]);
    assert_eq!(incident.updates[2].state, Some(State::Postmortem));
}

#[test]
fn resolved_at_contradicting_the_updates_is_stored_and_reported() {
    let updates = [
        update("u3", "resolved", "2026-01-01T10:53:10Z"),
        update("u2", "monitoring", "2026-01-01T09:55:55Z"),
        update("u1", "resolved", "2026-01-01T09:53:42Z"),
    ];
    let (incident, warnings) = one(&format!(
        r#"{{"id": "a", "name": "n", "status": "resolved", "resolved_at": "2026-01-01T09:53:42Z", "incident_updates": [{}]}}"#,
        updates.join(",")
    ));
    assert_eq!(incident.resolved.unwrap().to_string(), "2026-01-01T09:53:42Z");
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("`resolved_at` says 2026-01-01T09:53:42Z"), "{warnings:?}");
}

#[test]
fn resolved_at_of_a_final_closing_update_is_consistent() {
    let reported = |resolved: &str| {
        let updates = [
            update("u4", "resolved", "2026-01-01T13:00:00Z"),
            update("u3", "resolved", "2026-01-01T12:00:00Z"),
            update("u2", "investigating", "2026-01-01T11:30:00Z"),
            update("u1", "resolved", "2026-01-01T11:00:00Z"),
        ];
        let (_, warnings) = one(&format!(
            r#"{{"id": "a", "name": "n", "status": "resolved", "resolved_at": "{resolved}", "incident_updates": [{}]}}"#,
            updates.join(",")
        ));
        warnings
    };
    for resolved in ["2026-01-01T12:00:00Z", "2026-01-01T13:00:00Z"] {
        assert_eq!(reported(resolved), [""; 0], "{resolved}");
    }
    let lies = reported("2026-01-01T11:00:00Z");
    assert!(lies[0].contains("its closing update says 2026-01-01T12:00:00Z"), "{lies:?}");
}

#[test]
fn bad_record_is_a_warning_with_its_place_and_others_are_read() {
    let text = r#"{"page": {"id": "p", "name": "Example", "url": "https://status.example.com", "time_zone": "Etc/UTC"},
"incidents": [
  {"id": "good", "name": "Good", "created_at": "2026-01-01T10:00:00Z", "incident_updates": [
     {"id": "bad-time", "status": "resolved", "display_at": "soon"},
     {"id": "no-clock", "status": "investigating", "display_at": "2026-01-01"},
     {"id": true, "status": "investigating"},
     {"id": "fine", "status": "investigating", "display_at": "2026-01-01T10:00:00Z"}]},
  {"name": "nameless", "created_at": "2026-01-01T10:00:00Z"},
  {"id": "timeless", "name": "x"},
  "what is this", null, 5,
  {"id": "also", "name": "", "created_at": "2026-01-01T11:00:00Z", "incident_updates": null, "components": null}]}"#;
    let (incidents, warnings) = read(text);
    assert_eq!(
        incidents.iter().map(|incident| incident.id.as_str()).collect::<Vec<_>>(),
        ["good", "also"]
    );
    assert_eq!(ids(&incidents[0]), ["no-clock", "fine"]);
    assert_eq!(incidents[1].title, "also");
    assert_eq!(incidents[0].url.as_deref(), Some("https://status.example.com/incidents/good"));
    assert_eq!(
        (incidents[0].provider.as_deref(), incidents[0].zone.as_deref()),
        (Some("Example"), Some("Etc/UTC"))
    );
    for (line, part) in [
        (4, "`soon` is not a time"),
        (4, "a post of incident good has neither a time nor a text"),
        (6, "`id` of an update of incident good is ignored"),
        (8, "no id"),
        (9, "timeless has no time"),
        (10, "this incident cannot be read"),
        (11, "also has no name"),
    ] {
        let prefix = format!("page.json:{line}:");
        assert!(
            warnings.iter().any(|w| w.starts_with(&prefix) && w.contains(part)),
            "{line} {part}: {warnings:#?}"
        );
    }
}

#[test]
fn unknown_words_are_reported_and_not_guessed() {
    let (incident, warnings) = one(&format!(
        r#"{{"id": "a", "name": "n", "status": "puzzled", "impact": "apocalyptic", "incident_updates": [{}]}}"#,
        update("u", "wondering", "2026-01-01T10:00:00Z")
    ));
    assert_eq!((incident.state, incident.updates[0].state), (None, None));
    assert_eq!(incident.impact_word.as_deref(), Some("apocalyptic"));
    assert!(
        warnings.iter().any(|w| w.contains("`puzzled`"))
            && warnings.iter().any(|w| w.contains("`wondering`"))
    );
}

#[test]
fn maintenance_plan_is_separate_from_what_happened() {
    let text = r#"{"scheduled_maintenances": [{"id": "m", "name": "Upgrade", "status": "completed", "impact": "maintenance",
        "created_at": "2026-01-01T01:23:38.417Z", "started_at": "2026-01-01T01:23:38.412Z",
        "scheduled_for": "2026-01-02T01:25:00.000Z", "scheduled_until": "2026-01-02T02:40:00.000Z",
        "resolved_at": "2026-01-02T02:40:21.277Z", "reminder_intervals": "[]",
        "incident_updates": [
          {"id": "4", "status": "completed", "display_at": "2026-01-02T02:40:21.277Z"},
          {"id": "3", "status": "verifying", "display_at": "2026-01-02T02:14:00.733Z"},
          {"id": "2", "status": "in_progress", "display_at": "2026-01-02T01:26:00.000Z"},
          {"id": "1", "status": "scheduled", "display_at": "2026-01-01T01:23:38.412Z"}]}]}"#;
    let (incidents, warnings) = read(text);
    let incident = &incidents[0];
    assert!(incident.maintenance && warnings.is_empty(), "{warnings:?}");
    let (from, until) = incident.scheduled.unwrap();
    assert_eq!(
        (from.to_string().as_str(), until.unwrap().to_string().as_str()),
        ("2026-01-02T01:25:00Z", "2026-01-02T02:40:00Z")
    );
    let states: Vec<_> = incident.updates.iter().filter_map(|update| update.state).collect();
    assert_eq!(states, [State::Scheduled, State::InProgress, State::Verifying, State::Completed]);
    assert_eq!(incident.announced.unwrap().to_string(), "2026-01-01T01:23:38.412Z");
}

const COMPONENTS: &str = r#"
    {"page": {"id": "p", "name": "Example", "updated_at": "2026-01-01T00:00:00Z"},
     "components": [
       {"id": "g", "name": "EU", "group": true, "components": ["c1"]},
       {"id": "c1", "name": "API", "group_id": "g"},
       {"id": "c2", "name": "Amsterdam - (AMS)", "group_id": null}],
     "incidents": [{"id": "a", "name": "n", "created_at": "2026-01-01T10:00:00Z",
       "components": [{"id": "c1", "name": "API", "group_id": "g"}, {"id": "c2", "name": "Amsterdam - (AMS)"}],
       "incident_updates": [
         {"id": "u3", "status": "resolved", "display_at": "2026-01-01T12:00:00Z", "affected_components": [
            {"code": "c1", "name": "EU - API", "old_status": "major_outage", "new_status": "operational"},
            {"code": "c2", "name": "Amsterdam - (AMS)", "old_status": "operational", "new_status": "operational"}]},
         {"id": "u2", "status": "identified", "display_at": "2026-01-01T11:00:00Z", "affected_components": null},
         {"id": "u1", "status": "investigating", "display_at": "2026-01-01T10:00:00Z", "affected_components": [
            {"code": "c1", "name": "EU - API", "old_status": "major_outage", "new_status": "major_outage"},
            {"code": "c9", "name": "Old - Name", "old_status": "operational", "new_status": "partial_outage"},
            {"code": "c8", "name": "Disk", "old_status": "operational", "new_status": "under_maintenance"}]}]}]}"#;

fn pair(group: &str, name: &str) -> (String, String) {
    (group.to_owned(), name.to_owned())
}

#[test]
fn component_names_are_split_only_with_a_known_group() {
    let (incidents, warnings) = read(COMPONENTS);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(
        incidents[0].components,
        [
            pair("EU", "API"),
            pair("", "Amsterdam - (AMS)"),
            pair("", "Old - Name"),
            pair("", "Disk")
        ]
    );
    // Without the page's list, the incident's own list still proves it.
    let start = COMPONENTS.find("\"components\"").unwrap();
    let end = COMPONENTS.find("\"incidents\"").unwrap();
    let (incidents, _) = read(&format!("{}{}", &COMPONENTS[..start], &COMPONENTS[end..]));
    assert_eq!(incidents[0].components[0], pair("EU", "API"));
}

#[test]
fn update_lists_the_components_it_changed() {
    let (incidents, _) = read(COMPONENTS);
    let updates = &incidents[0].updates;
    assert_eq!(
        updates[0].components,
        [("API".to_owned(), Some(Level::Full)), ("Old - Name".to_owned(), Some(Level::Partial))]
    );
    assert_eq!(updates[1].components, []);
    assert_eq!(
        updates[2].components,
        [("API".to_owned(), None)],
        "unchanged components are not repeated"
    );
}

#[test]
fn placeholder_component_names_are_ignored() {
    let post = |name: &str, code: &str| {
        format!(
            r#"{{"id": "u", "status": "resolved", "display_at": "2026-01-01T10:00:00Z", "affected_components": [{{{code}"name": "{name}"}}]}}"#
        )
    };
    let components = |post: String| {
        one(&format!(r#"{{"id": "a", "name": "n", "incident_updates": [{post}]}}"#)).0.components
    };
    let words = "No components were affected by this update.";
    assert_eq!(components(post(words, "")), []);
    assert_eq!(components(post(words, r#""code": null, "#)), []);
    assert_eq!(
        components(post(words, r#""code": "c1", "#)),
        [pair("", words)],
        "somebody called a component so"
    );
    assert_eq!(components(post("API", "")), [pair("", "API")]);
}

#[test]
fn bodies_become_clean_markdown_with_line_breaks() {
    let (incident, _) = one(
        r#"{"id": "a", "name": "A \u001b[31mred\u202e name", "incident_updates": [{"status": "investigating", "display_at": "2026-01-01T10:00:00Z",
           "body": "We see <b>errors</b>.\r\nMore [here](https://example.com).<br /><br />[bad](javascript:alert(1)) <script>x</script>"}]}"#,
    );
    assert_eq!(incident.title, "A red name");
    assert_eq!(
        incident.updates[0].text,
        "We see **errors**.  \nMore [here](https://example.com).\n\nbad"
    );
    assert_eq!(incident.updates[0].id.len(), 12, "an update without an id is named by its content");
}

#[test]
fn wrappers_arrays_of_pages_and_single_incidents_are_read() {
    let incident = r#"{"id": "a", "name": "n", "created_at": "2019-02-21T08:31:24.239-06:00", "incident_updates": []}"#;
    let page = format!(
        r#"{{"page": {{"name": "P", "time_zone": "America/Chicago"}}, "incidents": [{incident}]}}"#
    );
    for text in [
        format!("var status = [{page}, {page}];"),
        format!("[{page}]"),
        format!("[{incident}, {{\"other\": 1}}]"),
        incident.to_owned(),
        format!(r#"{{"meta": {{}}, "incident": {incident}}}"#),
        format!("```json\n{page}\n```"),
    ] {
        let input = Input::new("x", text.as_str());
        assert_eq!(Statuspage.sniff(&input), Verdict::Yes, "{text}");
        let (incidents, _) = read(&text);
        assert_eq!(incidents[0].announced.unwrap().to_string(), "2019-02-21T14:31:24.239Z");
    }
}

#[test]
fn postmortem_field_becomes_one_update() {
    let (incident, _) = one(
        r##"{"id": "a", "name": "n", "created_at": "2026-01-01T10:00:00Z", "postmortem_body": "# Why",
            "postmortem_published_at": "2026-01-03T10:00:00Z", "incident_updates": []}"##,
    );
    assert_eq!(incident.updates[0].state, Some(State::Postmortem));
    assert_eq!(incident.announced.unwrap().to_string(), "2026-01-01T10:00:00Z");
}

#[test]
fn retroactive_incident_has_one_update() {
    let (incident, warnings) = one(&format!(
        r#"{{"id": "a", "name": "Retroactive - errors", "status": "resolved", "created_at": "2026-01-02T00:00:00Z", "incident_updates": [{}]}}"#,
        update("u", "resolved", "2026-01-01T10:00:00Z")
    ));
    assert_eq!((incident.updates.len(), incident.state), (1, Some(State::Resolved)));
    assert_eq!(incident.announced.unwrap().to_string(), "2026-01-01T10:00:00Z");
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn api_cap_is_reported_and_summary_has_none() {
    let fifty: Vec<String> = (0..50)
        .map(|n| format!(r#"{{"id": "i{n}", "name": "n", "created_at": "2026-01-01T10:00:00Z"}}"#))
        .collect();
    let list = fifty.join(",");
    let (_, warnings) = read(&format!(r#"{{"incidents": [{list}]}}"#));
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("50 most recent incidents only"), "{warnings:?}");
    assert_eq!(read(&format!(r#"{{"incidents": [{list}], "components": []}}"#)).1.len(), 0);
}

#[test]
fn other_input_is_refused_with_its_place() {
    let refused =
        |text: &str| Statuspage.read(&Input::new("x", text), &ReadOptions::default()).unwrap_err();
    assert!(refused(r#"{"incidents": [{"id": "a""#).message.contains("cut short"));
    assert!(refused(r#"{"alerts": []}"#).message.contains("no `incidents`"));
    assert_eq!(refused("{\"incidents\": }").span, Some(14..15));
    assert_eq!(Statuspage.sniff(&Input::new("x", "<html>")), Verdict::No("not JSON"));
    assert!(matches!(
        Statuspage.sniff(&Input::new("x", r#"{"incidents": [{"incidentUpdates": []}]}"#)),
        Verdict::No(_)
    ));
}

#[test]
fn empty_history_and_long_names_are_claimed() {
    let sniff = |text: &str| Statuspage.sniff(&Input::new("x", text));
    for list in ["incidents", "scheduled_maintenances"] {
        let empty = format!(r#"{{"page": {{"id": "p", "name": "P"}}, "{list}": []}}"#);
        assert_eq!(sniff(&empty), Verdict::Yes, "{empty}");
        assert_eq!(read(&empty).0, []);
        assert_eq!(
            sniff(&format!(r#"{{"{list}": []}}"#)),
            Verdict::Maybe,
            "an empty list may be anybody's"
        );
    }
    let long = "x".repeat(10_000);
    for text in [
        format!(r#"{{"incidents": [{{"id": "a", "name": "{long}", "incident_updates": []}}]}}"#),
        format!(r#"{{"page": {{"name": "{long}"}}, "incidents": []}}"#),
        format!(r#"{{"id": "a", "name": "{long}", "incident_updates": []}}"#),
        format!(r#"{{"meta": {{}}, "incident": {{"name": "{long}", "incident_updates": []}}}}"#),
    ] {
        assert_eq!(sniff(&text), Verdict::Maybe, "{}", &text[..40]);
    }
    let other = format!(r#"{{"incidents": [{{"id": "a"}}, {{"name": "{long}"}}]}}"#);
    assert_eq!(sniff(&other), Verdict::No("its incidents have no `incident_updates`"));
}

#[test]
fn duplicate_update_ids_are_made_unique() {
    let updates = [
        update("a", "resolved", "2026-01-01T12:00:00Z"),
        update("a", "investigating", "2026-01-01T10:00:00Z"),
        update("a", "investigating", "2026-01-01T10:00:00Z"),
    ];
    let (incident, warnings) =
        one(&format!(r#"{{"id": "i", "name": "n", "incident_updates": [{}]}}"#, updates.join(",")));
    assert_eq!(incident.updates.len(), 2, "the very same post is one post");
    assert_eq!(incident.updates[1].id, "a", "the first of the file keeps the id");
    assert_eq!(incident.updates[0].id.len(), 12, "the other one is named by its content");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("two updates of incident i have the id a"), "{warnings:?}");
}

#[test]
fn null_component_loses_nothing_else() {
    let (incident, warnings) = one(
        r#"{"id": "i", "name": "n", "components": [null, {"id": null, "name": null}, {"id": "c", "name": "API"}],
            "incident_updates": [{"id": "u", "status": "investigating", "display_at": "2026-01-01T10:00:00Z",
              "affected_components": [null, {"code": null, "name": null, "new_status": null}]}]}"#,
    );
    assert_eq!((incident.components, incident.updates.len()), (vec![pair("", "API")], 1));
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn wrong_type_loses_no_other_text() {
    odd_fields::check(&odd_fields::Capture {
        source: &Statuspage,
        essential: &["id"],
        refers: false,
        text: r#"{"page": {"id": "p", "name": "Example", "url": "https://status.example.com", "time_zone": "Etc/UTC"}, "incidents": [
          {"id": "a", "name": "A", "status": "resolved", "impact": "minor", "shortlink": "https://stspg.io/a", "created_at": "2026-01-01T10:00:00Z",
           "started_at": "2026-01-01T10:00:00Z", "resolved_at": "2026-01-01T11:00:00Z", "postmortem_body": "", "postmortem_published_at": null,
           "components": [{"id": "c", "name": "API", "group_id": null}], "incident_updates": [
            {"id": "a2", "status": "resolved", "body": "text-a2", "created_at": "2026-01-01T11:00:00Z", "updated_at": "2026-01-01T11:00:00Z", "display_at": "2026-01-01T11:00:00Z",
             "affected_components": [{"code": "c", "name": "API", "old_status": "major_outage", "new_status": "operational"}]},
            {"id": "a1", "status": "investigating", "body": "text-a1", "created_at": "2026-01-01T10:00:00Z", "display_at": "2026-01-01T10:00:00Z", "affected_components": null}]},
          {"id": "b", "name": "B", "status": "investigating", "impact": "none", "created_at": "2026-01-02T10:00:00Z", "postmortem_body": "text-b2",
           "postmortem_published_at": "2026-01-03T10:00:00Z", "incident_updates": [
            {"id": "b1", "status": "investigating", "body": "text-b1", "created_at": "2026-01-02T10:00:00Z", "display_at": "2026-01-02T10:00:00Z"}]}]}"#,
    });
}
