use super::*;

/// A plain text that contains a colon and a space is never truncated by YAML: each form is an
/// error.
#[test]
fn text_with_a_colon_is_never_silently_shortened() {
    let head = "schema: posthoc/v1\nid: a\ntitle: A\n";
    for written in [
        "summary: see: x",
        "summary: one\n  two: three",
        "timeline: [{text: a: b}]",
        "timeline:\n  - {text: a: b, at: 2026-01-01}",
        "timeline:\n  - text: see: x",
        "timeline:\n  - note: see: x",
        "timeline:\n  - text: one\n      two: three",
        "timeline:\n  - see: x",
        "tags: [a: b]",
        "mitigators:\n  - see: x",
        "tags:\n  - a:",
        "roles: {owner: a: b}",
        "summary:\n  see: x",
    ] {
        let problems = parse("a.yaml", &format!("{head}{written}\n")).expect_err(written);
        assert!(
            problems
                .iter()
                .any(|problem| problem.place.as_ref().is_some_and(|place| place.line > 3)),
            "{written}"
        );
    }
}

const HEAD: &str = "schema: posthoc/v1\nid: a\ntitle: A\n";

fn problems_in(text: &str) -> String {
    let problems = parse("incidents/a.yaml", text).expect_err("it has mistakes");
    let report = |problem: &Diagnostic| {
        format!("{problem}{}", problem.hints.iter().map(|h| format!(" ({h})")).collect::<String>())
    };
    problems.iter().map(report).collect::<Vec<_>>().join("\n")
}

fn reported_after_head(rest: &str) -> String {
    problems_in(&format!("{HEAD}{rest}"))
}

#[test]
fn minimal_file_loads() {
    assert_eq!(parse("incidents/a.yaml", HEAD).unwrap().title, "A");
}

#[test]
fn many_mistakes_are_reported_at_once_in_file_order() {
    insta::assert_snapshot!(reported_after_head(
            "severty: sev1\nkind: incidnt\nmilestones:\n  resolved_at: 2026-13-01T10:00Z\n  detectd_at: 2026-01-01T10:00Z\ntimeline:\n  - at: 2026-01-01T10:00\n    text: x\n  - at: 2026-01-01T10:00Z\n    txt: y\nservices: api\n"
        ), @r#"
        incidents/a.yaml:4:1: error: unknown key `severty` (did you mean `severity`?)
        incidents/a.yaml:5:7: error: `kind`: unknown value `incidnt`, expected one of `incident`, `near_miss`, `maintenance`, `drill`, `security` (did you mean `incident`?)
        incidents/a.yaml:7:16: error: `resolved_at`: `2026-13-01T10:00Z` is not on the calendar or on the clock
        incidents/a.yaml:8:3: error: unknown key `detectd_at` (did you mean `detected_at`?)
        incidents/a.yaml:10:9: error: `at`: `2026-01-01T10:00` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin (write `2026-01-01 10:00 Europe/Berlin`, with the zone whose clock it is)
        incidents/a.yaml:13:5: error: unknown key `txt` (did you mean `text`?)
        incidents/a.yaml:14:11: error: `services`: this is the text "api", expected a list (write `services: [api]`)
        "#);
}

#[test]
fn missing_keys_are_reported() {
    insta::assert_snapshot!(problems_in("title: x\n"), @r"
        incidents/a.yaml:1:1: error: `schema` is missing
        incidents/a.yaml:1:1: error: `id` is missing
        ");
}

#[test]
fn invalid_yaml_and_wrong_root_are_reported() {
    insta::assert_snapshot!(problems_in("title: [\n"), @"incidents/a.yaml:1:8: error: `[` is not closed (write `title: []`)");
    insta::assert_snapshot!(problems_in("- a\n- b\n"), @"incidents/a.yaml:1:1: error: this is not an incident file: it should be a map with `schema`, `id` and `title`");
    insta::assert_snapshot!(problems_in(""), @"incidents/a.yaml:1:1: error: the file is empty (`posthoc new TITLE` writes a file to start from)");
    insta::assert_snapshot!(reported_after_head("timeline:\n\t- x\n"), @"incidents/a.yaml:5:1: error: a tab in the indentation: YAML is indented with spaces (indent it with spaces: `  - x`)");
    insta::assert_snapshot!(reported_after_head("title: B\n"), @"incidents/a.yaml:4:1: error: the key `title` is here twice (the first is on line 3: keep one of them)");
}

#[test]
fn constraints_beyond_types_are_checked() {
    insta::assert_snapshot!(problems_in("schema: posthoc/v9\nid: b\ntitle: ''\ntime_zone: Europe/Berln\n"), @r"
        incidents/a.yaml:1:9: error: schema `posthoc/v9` is not one this program reads (this version reads `posthoc/v1`)
        incidents/a.yaml:2:5: error: the id `b` is not the file's name `a` (rename the file or change the id; links go by it)
        incidents/a.yaml:3:8: error: the title is empty (one line that says what happened)
        incidents/a.yaml:4:12: error: unknown time zone `Europe/Berln` (did you mean `Europe/Berlin`?)
        ");
    insta::assert_snapshot!(reported_after_head("impact:\n  windows:\n    - {start: 2026-01-02T10:00Z, end: 2026-01-01T10:00Z}\n"), @"incidents/a.yaml:6:39: error: the window ends before it starts (2026-01-02T10:00Z)");
    assert!(
        parse("a.yaml", &format!("{HEAD}timeline:\n")).is_ok(),
        "a key without a value equals a missing key"
    );
}

#[test]
fn invalid_time_is_reported_with_a_correction() {
    insta::assert_snapshot!(reported_after_head("milestones:\n  detected_at: 2025/07/04 11:06AM PHT\n  impact_start: {at: 03/04/2025 10:00 UTC}\n  declared_at: 2026-03-29 02:30 Europe/Berlin\n  resolved_at: {at: 2026-03-29 02:30 BST}\ntimeline:\n  - at: 2026-03-29 03:30 Europe/Belin\n"), @r"
        incidents/a.yaml:5:16: error: `detected_at`: `2025/07/04 11:06AM PHT` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval (did you mean `2025-07-04T03:06Z`?)
        incidents/a.yaml:6:22: error: `at`: `03/04/2025 10:00 UTC` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval (`03/04/2025 10:00 UTC` may be 2025-04-03, if the day is first, or 2025-03-04, if the month is)
        incidents/a.yaml:7:16: error: `declared_at`: 2026-03-29 02:30:00 does not exist in Europe/Berlin: it may mean 2026-03-29T02:30:00+01:00 or 2026-03-29T02:30:00+02:00 (write the offset instead of the zone)
        incidents/a.yaml:8:21: error: `at`: `BST` means more than one zone: British Summer Time (2026-03-29T01:30:00Z), or Bangladesh Standard Time (2026-03-28T20:30:00Z), or Bougainville Standard Time (2026-03-28T15:30:00Z) (write the offset, such as +01:00, or a place; or say `time_zone:` in the file)
        incidents/a.yaml:10:9: error: `at`: unknown time zone `Europe/Belin` (did you mean `Europe/Berlin`?)
        ");
    let codes = |text: &str| {
        let problems =
            parse("a.yaml", &format!("{HEAD}timeline: [{{at: {text}}}]\n")).expect_err("a mistake");
        problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("2026-03-29 03:30"), [Some("naive-time")]);
    assert_eq!(codes("2026/03/29 3:30"), [Some("naive-time")]);
    assert_eq!(
        codes("2026-03-29T02:30 Europe/Berlin..2026-03-29T04:30Z"),
        [Some("ambiguous-time")]
    );
    assert_eq!(codes("2026-10-25 02:30 Europe/Berlin"), [Some("ambiguous-time")]);
    assert_eq!(codes("2026-10-25 02:30 IST"), [Some("ambiguous-time")]);
    assert_eq!(codes("2026-10-25 02:30 Here"), [None]);
    assert_eq!(codes("soon"), [None]);
}

#[test]
fn invalid_source_is_reported() {
    insta::assert_snapshot!(reported_after_head("sources:\n  S1: {zone: Europe/Brlin, sha256: zz, format: statuspge-v2}\n  S2: {format: statuspage-v3}\n  S3: {format: note}\n"), @r"
        incidents/a.yaml:5:14: error: unknown time zone `Europe/Brlin` (did you mean `Europe/Berlin`?)
        incidents/a.yaml:5:36: error: `zz` is not a SHA-256 (it is 64 digits and letters from a to f, as `sha256sum` prints it)
        incidents/a.yaml:5:48: error: no program reads the format `statuspge-v2` (did you mean `statuspage-v2`?)
        ");
}

#[test]
fn type_errors_and_constraint_errors_are_reported_together() {
    insta::assert_snapshot!(problems_in("schema: posthoc/v1\nid: b\ntime_zone: Europe/Brlin\nseverty: x\nmilestones:\n  detected_at: 2026-13-01\nimpact:\n  windows:\n    - {start: 2026-01-02T10:00Z, end: 2026-01-01T10:00Z, lvel: full}\n    - {start: yesterday, end: 2026-01-01T10:00Z}\n"), @r"
        incidents/a.yaml:1:1: error: `title` is missing
        incidents/a.yaml:2:5: error: the id `b` is not the file's name `a` (rename the file or change the id; links go by it)
        incidents/a.yaml:3:12: error: unknown time zone `Europe/Brlin` (did you mean `Europe/Berlin`?)
        incidents/a.yaml:4:1: error: unknown key `severty` (did you mean `severity`?)
        incidents/a.yaml:6:16: error: `detected_at`: `2026-13-01` is not on the calendar or on the clock
        incidents/a.yaml:9:39: error: the window ends before it starts (2026-01-02T10:00Z)
        incidents/a.yaml:9:58: error: unknown key `lvel` (did you mean `level`?)
        incidents/a.yaml:10:15: error: `start`: `yesterday` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval
        ");
}

#[test]
fn null_value_equals_missing_key() {
    for nothing in [
        "timeline: null",
        "timeline: ~",
        "roles: null",
        "summary: null",
        "milestones: {detected_at: null}",
        "timeline: [{text: null}]",
    ] {
        let incident = parse("a.yaml", &format!("{HEAD}{nothing}\n"));
        assert!(incident.is_ok(), "{nothing}: {incident:?}");
    }
    insta::assert_snapshot!(problems_in("schema: posthoc/v1\nid: a\ntitle: null\nsevrity: null\ntags: [null]\n"), @r"
        incidents/a.yaml:3:8: error: `title` is missing
        incidents/a.yaml:4:1: error: unknown key `sevrity` (did you mean `severity`?)
        incidents/a.yaml:5:8: error: `tags`: nothing is written, expected a text (what is unknown is left out)
        ");
}

#[test]
fn wrong_type_is_reported_in_plain_words() {
    insta::assert_snapshot!(reported_after_head("kind: 5\nseverity: 1\nimpact: 5\nroles: x\nmilestones: [1]\nlessons: 1.5\nservices: {a: 1}\ntimeline:\n  - {at: 5, text: true}\naction_items: [{text: x, due: tomorrow}]\nsources: {S1: {retrieved_at: noon, records: many}}\n"), @r#"
        incidents/a.yaml:4:7: error: `kind`: this is the number 5, expected a word
        incidents/a.yaml:5:11: error: `severity`: this is the number 1, expected a text (put it in quotes: "1")
        incidents/a.yaml:6:9: error: `impact`: this is the number 5, expected a map
        incidents/a.yaml:7:8: error: `roles`: this is the text "x", expected a map
        incidents/a.yaml:8:13: error: `milestones`: this is a list, expected a map (write its keys without dashes)
        incidents/a.yaml:9:10: error: `lessons`: this is the number 1.5, expected a map
        incidents/a.yaml:10:11: error: `services`: this is a map, expected a list (begin each item with a dash: `- `)
        incidents/a.yaml:12:10: error: `at`: this is the number 5, expected a time such as 2026-03-17T14:05Z
        incidents/a.yaml:12:19: error: `text`: this is `true`, expected a text
        incidents/a.yaml:13:31: error: `due`: `tomorrow` is not a day; write it as 2026-04-15
        incidents/a.yaml:14:30: error: `retrieved_at`: `noon` is not an instant; write it as 2026-03-17T14:05:00Z
        incidents/a.yaml:14:45: error: `records`: this is the text "many", expected a whole number
        "#);
    insta::assert_snapshot!(reported_after_head("5: x\n"), @r"
        incidents/a.yaml:1:1: error: this is the number 5, expected a word as the key
        incidents/a.yaml:1:9: error: `schema`: this is the number 5, expected a word as the key
        ");
}

#[test]
fn value_cut_by_a_hash_is_reported_with_its_consequence() {
    insta::assert_snapshot!(problems_in("schema: posthoc/v1\nid: a\ntitle: #inc-1 is down\n"), @r"
        incidents/a.yaml:3:1: error: the title is empty (one line that says what happened)
        incidents/a.yaml:3:8: error: `#inc-1 is down` is a comment here, so `title` is empty (quote it: '#inc-1 is down', or put a space after the `#` if it is a comment)
        ");
}

#[test]
fn invisible_key_is_reported_with_its_place() {
    insta::assert_snapshot!(reported_after_head("\"a\\eb\": 1\n"), @r"incidents/a.yaml:4:1: error: unknown key `a\u{1b}b` (known here: schema, id, title, kind, severity, status, review, services, teams, regions, tags, definitions, time_zone, roles, summary, milestones, severity_history, impact, maintenance, detection, trigger, root_causes, contributing_factors, mitigators, resolution, lessons, open_questions, action_items, related, metrics, timeline, claims, sections, sources, links)");
}

#[test]
fn time_zone_of_the_file_decides_an_abbreviation() {
    let text = "milestones:\n  resolved_at: 2023-08-11 15:50 BST\n";
    assert!(
        reported_after_head(text).contains("means more than one zone"),
        "{}",
        reported_after_head(text)
    );
    let incident =
        parse("a.yaml", &format!("{HEAD}time_zone: Europe/London # here\n{text}")).unwrap();
    assert_eq!(incident.milestones.resolved_at.unwrap().at.to_string(), "2023-08-11T14:50Z");
}

#[test]
fn wrong_kind_of_value_is_reported_with_a_correction() {
    let cases = [
        "timeline:\n  - at: 2026-03-17T09:13Z\n\u{a0}\u{a0}\u{a0}\u{a0}text: x",
        "services: api, web",
        "lessons:\n  went_well:\n    - Paging worked: yes",
        "action_items:\n  - {text: a, b, type: prevent}",
        "summary: x\nSecond line: foo",
        "timeline:\n  at: 2026-03-17T09:13Z\n  text: x",
        "summary:\n  - a\n  - b",
        "summary: {slow: yes}",
        "milestones:\n  - impact_start: 2026-03-17T09:13Z",
        "timeline:\n  - 2026-03-17T09:13Z: restarted",
        "timeline:\n  - restarted",
        "timeline:\n  - text: x\n    hidden: yes",
        "roles:\n  responders: ana",
        "detected_at: 2026-03-17T09:13Z",
        "owner: ana",
        "“severity”: sev1",
    ];
    let all: Vec<String> =
        cases.iter().map(|case| reported_after_head(&format!("{case}\n"))).collect();
    insta::assert_snapshot!(all.join("\n"));
}
