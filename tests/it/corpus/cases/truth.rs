//! Numbers that once misled, and contradictions that a reader saw and `check` did not: each input
//! is a file in our own words, with the right value.

use crate::support::world::World;

fn incident(id: &str, body: &str) -> String {
    format!("schema: posthoc/v1\nid: {id}\ntitle: The incident {id}\n{body}")
}

/// A workspace with these incidents, by id and body.
fn world(incidents: &[(&str, &str)]) -> World {
    let world = World::new();
    for (id, body) in incidents {
        world.write(&format!("incidents/{id}.yaml"), incident(id, body));
    }
    world
}

/// An incident from 2026-03-`day` 10:00Z, resolved so many minutes and seconds later.
fn took(day: usize, minutes: u32, seconds: &str) -> String {
    let (hour, minute) = (10 + minutes / 60, minutes % 60);
    format!(
        "milestones: {{impact_start: 2026-03-{day:02}T10:00{seconds}Z, resolved_at: 2026-03-{day:02}T{hour:02}:{minute:02}{seconds}Z}}\n"
    )
}

fn numbered(bodies: &[String]) -> World {
    let world = World::new();
    for (index, body) in bodies.iter().enumerate() {
        let id = format!("i{index}");
        world.write(&format!("incidents/{id}.yaml"), incident(&id, body));
    }
    world
}

/// What `stats` prints; its columns are separated by two spaces and its notes are on one line each.
fn stats(world: &World, arguments: &[&str]) -> String {
    let shown = world.run(&[&["stats", "--metric"], arguments].concat());
    shown.replace('\t', "  ").replace("\n    ", " ").replace("\n      ", " ")
}

#[test]
fn missing_limits_are_stated() {
    // Ongoing since 10, 10, 20 and 40 minutes at noon; one over after 80.
    let open = |clock: &str| {
        format!("status: ongoing\nmilestones: {{impact_start: 2026-04-01T{clock}Z}}\n")
    };
    let mut bodies: Vec<String> = ["11:50", "11:50", "11:40", "11:20"].map(open).to_vec();
    bodies.push(took(1, 80, ""));
    let shown = stats(&numbered(&bodies), &["ttr"]);
    assert!(shown.contains("1 h 20 min  no limits"), "{shown}");
    // 5, 6, 7, 24 and 45 minutes, and one ongoing since 17.
    let mut bodies: Vec<String> =
        (1..).zip([5, 6, 7, 24, 45]).map(|(day, minutes)| took(day, minutes, "")).collect();
    bodies.push(open("11:43"));
    let shown = stats(&numbered(&bodies), &["ttr"]);
    assert!(shown.contains("15 min  ≥ 5 min, no upper limit"), "{shown}");
}

#[test]
fn median_of_uncertain_values_has_their_bounds_and_precision() {
    let vague = |day: usize| {
        format!(
            "milestones: {{impact_start: 2026-03-{day:02}T00:00Z..2026-03-{0:02}T00:00Z, resolved_at: 2026-03-{0:02}T00:00Z}}\n",
            day + 1
        )
    };
    let shown = stats(&numbered(&(1..=5).map(vague).collect::<Vec<_>>()), &["ttr"]);
    assert!(shown.contains("0–24 h") && !shown.contains("12 h"), "{shown}");
    let dated = |day: usize| {
        format!(
            "milestones: {{impact_start: 2026-03-{day:02}, resolved_at: 2026-03-{:02}T15:07Z}}\n",
            day + 2
        )
    };
    let shown = stats(&numbered(&(1..=5).map(dated).collect::<Vec<_>>()), &["ttr"]);
    assert!(shown.contains("1–3 d") && !shown.contains(" h "), "{shown}");
}

#[test]
fn resolved_at_overrides_an_ongoing_status() {
    let world = world(&[(
        "torn",
        "status: ongoing\nmilestones: {impact_start: 2026-03-17T14:00Z, resolved_at: 2026-03-17T16:00Z}\n",
    )]);
    let shown = stats(&world, &["ttr,impact"]);
    assert!(shown.contains("2 h of impact in 1 of them") && !shown.contains("so far"), "{shown}");
    let check = world.run(&["check"]);
    assert!(check.contains("the status is ongoing, but resolved_at"), "{check}");
}

#[test]
fn circular_duplicates_are_counted_once() {
    let body = |other: &str| format!("related: {{duplicate_of: {other}}}\n{}", took(1, 30, ""));
    let world = world(&[("a-1", &body("a-2")), ("a-2", &body("a-1"))]);
    let shown = stats(&world, &["ttr"]);
    assert!(shown.contains("1 incident;") && shown.contains("1 of 1"), "{shown}");
    let check = world.run(&["check"]);
    assert!(check.contains("a-1 → a-2 → a-1") && check.contains("a-2 → a-1 → a-2"), "{check}");
}

#[test]
fn recovery_before_detection_is_not_a_contradiction() {
    let early = |day: usize| {
        format!(
            "milestones: {{impact_start: 2026-03-{day:02}T14:00Z, impact_end: 2026-03-{day:02}T14:10Z, detected_at: 2026-03-{day:02}T14:45Z}}\n"
        )
    };
    let shown = stats(&numbered(&(1..=6).map(early).collect::<Vec<_>>()), &["repair"]);
    assert!(shown.contains("6 not applicable (recovered before detection)"), "{shown}");
    assert!(!shown.contains("contradict"), "{shown}");
}

#[test]
fn bounds_are_shown_separately_from_known_values() {
    let mitigated = |day: usize| {
        format!(
            "milestones: {{impact_start: 2026-03-{day:02}T10:00Z, mitigated_at: 2026-03-{day:02}T10:10Z}}\n"
        )
    };
    let bodies: Vec<String> =
        (1..=3).map(mitigated).chain((4..=6).map(|day| took(day, 300, ""))).collect();
    let world = numbered(&bodies);
    let shown = stats(&world, &["ttm"]);
    assert!(
        shown.contains("3 of 6") && shown.contains("10 min, 10 min, 10 min, ≤ 5 h, ≤ 5 h, ≤ 5 h"),
        "{shown}"
    );
    assert!(shown.contains("3 upper bounds"), "{shown}");
    let strict = stats(&world, &["ttm", "--strict"]);
    assert!(strict.contains("10 min, 10 min, 10 min") && !strict.contains('≤'), "{strict}");
    // A history of a status page: nobody knows when the impact began.
    let page = |day: usize| {
        format!(
            "milestones: {{first_notice_at: 2026-03-{day:02}T10:00Z, resolved_at: 2026-03-{day:02}T10:{:02}Z}}\n",
            28 + day
        )
    };
    let shown = stats(&numbered(&(1..=5).map(page).collect::<Vec<_>>()), &["ttr,reported"]);
    let note = "TTR known for 0 of 5; median ≥ 31 min from 5 lower bounds; the known measure is REPORTED (5 of 5)";
    assert!(shown.split_whitespace().collect::<Vec<_>>().join(" ").contains(note), "{shown}");
}

#[test]
fn impact_is_clipped_to_each_month() {
    let body = "impact: {windows: [{start: 2026-01-31T00:00Z, end: 2026-03-15T00:00Z}]}\nmilestones: {impact_start: 2026-01-31T00:00Z, impact_end: 2026-03-15T00:00Z}\n";
    let shown = stats(&world(&[("long", body)]), &["impact", "--by", "month"]);
    for line in [
        "2026-01: 1 incident; 24 h of impact within the period in 1 of them",
        "2026-02: 0 incidents; 28 d of impact within the period in 1 that began before",
        "2026-03: 0 incidents; 14 d of impact within the period in 1 that began before",
    ] {
        assert!(shown.replace("\n  ", " ").contains(line), "{line}: {shown}");
    }
}

#[test]
fn lagging_second_page_does_not_reopen() {
    let body = "milestones: {impact_start: 2026-03-17T14:00Z}
sources: {S1: {format: note}, S2: {format: note}}
timeline:
  - {at: 2026-03-17T15:00Z, text: Resolved., state: resolved, kind: status_update, source: S1, milestone: resolved_at}
  - {at: 2026-03-17T15:01Z, text: Watching., state: monitoring, kind: status_update, source: S2}
";
    let world = world(&[("pages", body)]);
    let shown = stats(&world, &["ttr"]);
    assert!(
        shown.contains("1 h") && !shown.contains("opened again") && !shown.contains("ongoing"),
        "{shown}"
    );
    assert!(!world.run(&["check"]).contains("[reopened]"));
}

#[test]
fn every_command_rounds_the_same_way() {
    let world = world(&[(
        "almost",
        "milestones: {impact_start: 2026-03-17T14:00Z, resolved_at: 2026-03-17T14:59:36Z}\nimpact: {windows: [{start: 2026-03-17T14:00Z, end: 2026-03-17T14:59:36Z}]}\n",
    )]);
    let shown = stats(&world, &["ttr"]);
    assert!(shown.contains("59 min of impact") && !shown.contains("1 h"), "{shown}");
    assert!(world.run(&["show", "almost"]).contains("59 min"));
    let interval = self::world(&[(
        "wide",
        "milestones: {impact_start: 2026-03-17T00:00Z..2026-03-17T12:00Z, resolved_at: 2026-03-19T05:12Z}\n",
    )]);
    assert!(interval.run(&["show", "wide"]).contains("41 h 12 min – 53 h 12 min"));
    assert!(stats(&interval, &["ttr"]).contains("41 h 12 min – 53 h 12 min"));
}

#[test]
fn seconds_are_shown_if_known() {
    let bodies: Vec<String> = (1..)
        .zip([20, 31, 45, 60, 83])
        .map(|(day, seconds)| {
            format!("milestones: {{impact_start: 2026-03-{day:02}T10:00:00Z, detected_at: 2026-03-{day:02}T10:{:02}:{:02}Z}}\n", seconds / 60, seconds % 60)
        })
        .collect();
    let shown = stats(&numbered(&bodies), &["ttd"]);
    assert!(shown.contains("45 s") && !shown.contains("< 1 min"), "{shown}");
}

#[test]
fn truncated_levels_note_that_they_do_not_add_up() {
    let body = "impact:
  windows:
    - {start: 2026-03-17T14:00Z, end: 2026-03-17T14:28:18Z, level: partial}
    - {start: 2026-03-17T15:00Z, end: 2026-03-17T15:09:55Z, level: degraded}
";
    let world = world(&[("levels", body)]);
    world.run(&["render", "levels", "--to", "md"]);
    let report = world.read("out/levels.md");
    assert!(
        report.contains(
            "partial outage 28 min, degraded 9 min (each is truncated; together they are 38 min)"
        ),
        "{report}"
    );
    let view: serde_json::Value =
        serde_json::from_slice(&world.output(&["show", "levels", "--json"]).stdout).expect("JSON");
    assert_eq!(view["impact"]["union"]["precision"], "minute");
    assert_eq!(view["impact"]["union"]["min_seconds"], 1698 + 595);
    assert_eq!(view["durations"]["impact"]["precision"], "minute");
}

/// The times of most files below: detected and announced in order, and over.
const ORDERLY: &str = "milestones: {impact_start: 2026-03-17T14:00Z, detected_at: 2026-03-17T14:05Z, first_notice_at: 2026-03-17T14:04Z, resolved_at: 2026-03-17T16:00Z}\n";

/// An update that comes long before the end.
fn early_update(text: &str) -> String {
    format!("{ORDERLY}timeline: [{{at: 2026-03-17T14:10Z, text: {text}, kind: status_update}}]\n")
}

/// What `check` finds, as rule ids.
fn rules(world: &World) -> Vec<String> {
    let found: serde_json::Value =
        serde_json::from_slice(&world.output(&["check", "--json"]).stdout).expect("JSON");
    let list = found.as_array().or_else(|| found["findings"].as_array()).expect("findings");
    list.iter().map(|finding| finding["rule"].as_str().expect("a rule").to_owned()).collect()
}

#[test]
fn each_visible_contradiction_is_found() {
    for (rule, body) in [
        ("status-mismatch", format!("status: mitigated\n{ORDERLY}")),
        (
            "state-mismatch",
            format!("{ORDERLY}timeline: [{{at: 2026-03-17T17:10Z, text: Still., state: identified, kind: status_update}}]\n"),
        ),
        (
            "severity-history",
            format!("severity: sev3\nseverity_history: [{{at: 2026-03-17T14:12Z, to: sev2}}, {{at: 2026-03-17T14:40Z, to: sev1}}]\n{ORDERLY}"),
        ),
        (
            "detection-mismatch",
            format!("{ORDERLY}detection: {{method: alert}}\ntimeline: [{{at: 2026-03-17T14:35Z, text: Alert fired, kind: alert}}]\n"),
        ),
        ("near-miss-with-impact", format!("kind: near_miss\nimpact: {{customers: 1200}}\n{ORDERLY}")),
        (
            "component-not-affected",
            format!("impact: {{not_affected: [api], windows: [{{start: 2026-03-17T14:00Z, end: 2026-03-17T15:50Z, components: [api]}}]}}\n{ORDERLY}"),
        ),
        ("negative-figure", format!("impact: {{customers: -5}}\n{ORDERLY}")),
        ("text-time-mismatch", format!("summary: Resolved at 19:30 UTC.\n{ORDERLY}")),
        ("follow-up-due-before", format!("action_items: [{{text: t, owner: o, due: 2025-01-01}}]\n{ORDERLY}")),
        (
            "open-window",
            "milestones: {impact_start: 2026-03-17T14:00Z, impact_end: 2026-03-17T15:00Z}\nimpact: {windows: [{start: 2026-03-17T14:00Z, end: null}]}\n".to_owned(),
        ),
        (
            "window-outside-span",
            format!("impact: {{windows: [{{start: 2026-03-17T15:00Z, end: 2026-03-17T16:00Z}}]}}\n{ORDERLY}"),
        ),
        ("impossible-order", ORDERLY.replace("resolved_at", "acknowledged_at: 2026-03-17T21:05Z, resolved_at")),
        ("claim-mismatch", format!("claims: {{ttr: 1 hour}}\n{ORDERLY}")),
        ("year-apart", "milestones: {impact_start: 2025-03-17T14:00Z, resolved_at: 2026-03-17T16:00Z}\n".to_owned()),
        ("other-definitions", format!("definitions: 7\n{ORDERLY}")),
        (
            "future-time",
            format!("trigger: {{type: deploy, deployed_at: 2062-03-17T10:00Z}}\n{ORDERLY}"),
        ),
        (
            "maintenance-overrun",
            "kind: maintenance\nmaintenance: {scheduled_for: 2026-03-17T14:00Z, scheduled_until: 2026-03-17T16:00Z}\nimpact: {windows: [{start: 2026-03-17T13:30Z, end: 2026-03-17T15:30Z}]}\n".to_owned(),
        ),
        (
            "wrong-zone-label",
            format!("{ORDERLY}timeline: [{{at: 2026-03-17T19:45Z, text: It began., milestone: impact_start}}]\n"),
        ),
        ("normal-before-resolved", early_update("All systems operational")),
        ("normal-before-resolved", early_update("Service has been restored.")),
        ("normal-before-resolved", early_update("We have confirmed full recovery.")),
        ("blame", format!("root_causes: [{{text: The developer did not test the change.}}]\n{ORDERLY}")),
        ("blame", format!("root_causes: [{{text: It was the DBA's fault.}}]\n{ORDERLY}")),
        (
            "claim-mismatch",
            "claims: {duration: 1 hour}\nmilestones: {impact_start: 2026-03-17T14:00Z, impact_end: 2026-03-17T14:05Z}\n".to_owned(),
        ),
        (
            "claim-mismatch",
            "claims: {duration: 1 day}\nmilestones: {impact_start: 2026-03-17T14:00Z, impact_end: 2026-03-17T14:30Z}\n".to_owned(),
        ),
        ("metric-not-recovered", format!("metrics: [{{name: connections, before: 95, during: 100, after: 4000}}]\n{ORDERLY}")),
    ] {
        let found = rules(&world(&[("one", &body)]));
        assert!(found.iter().any(|id| id == rule), "{rule}: {found:?}\n{body}");
    }
    let fine = rules(&world(&[(
        "one",
        &ORDERLY.replace("resolved_at", "mitigated_at: 2026-03-17T14:03Z, resolved_at"),
    )]));
    assert!(
        fine.iter().all(|rule| rule.starts_with("missing") || rule == "late-first-notice"),
        "{fine:?}"
    );
}

#[test]
fn consistent_incidents_give_no_contradictions() {
    for (rule, body) in [
        (
            "end-without-start",
            "milestones: {resolved_at: 2026-03-17T16:00Z}\nimpact: {windows: [{start: 2026-03-17T14:00Z, end: 2026-03-17T16:00Z}]}\n".to_owned(),
        ),
        (
            "milestone-entry-mismatch",
            "milestones: {detected_at: 2026-03-17T14:09Z}\ntimeline: [{at: 2026-03-17T14:11:59Z, text: Pager., milestone: detected_at}]\n".to_owned(),
        ),
        (
            "milestone-entry-mismatch",
            "milestones: {detected_at: ~2026-03-17T14:09Z}\ntimeline: [{at: 2026-03-17T14:13:59Z, text: Pager., milestone: detected_at}]\n".to_owned(),
        ),
        // One component of several, and a hope.
        ("normal-before-resolved", early_update("Service has been restored for some customers.")),
        ("normal-before-resolved", early_update("We will write again once full recovery is confirmed.")),
    ] {
        let found = rules(&world(&[("one", &body)]));
        assert!(!found.iter().any(|id| id == rule), "{rule}: {found:?}");
    }
}
