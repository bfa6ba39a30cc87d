use super::*;
use crate::model::milestone::{Milestone, MilestoneName};
use crate::model::origin::SourceInfo;
use crate::model::timeline::Entry;

fn entry(text: &str) -> Entry {
    Entry { at: Some("2026-03-17T15:00Z".parse().unwrap()), text: text.into(), ..Entry::default() }
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let incident = parse("a.yaml", text).unwrap();
    apply("a.yaml", text, &incident, edits).unwrap()
}

#[test]
fn many_edits_take_one_pass() {
    let parsed = |count: usize| {
        let incident = parse("a.yaml", FULL).unwrap();
        let edits: Vec<Edit> =
            (0..count).map(|number| Edit::AppendEntry(entry(&format!("{number:04}")))).collect();
        crate::store::load::PARSED.set(0);
        let text = apply("a.yaml", FULL, &incident, &edits).unwrap();
        assert!(crate::store::load::PARSED.get() <= text.len(), "only the result is read back");
        crate::store::load::PARSED.get()
    };
    assert!(parsed(400) < 5 * parsed(100));
}

const FULL: &str = "# ours\nschema: posthoc/v1\nid: a\ntitle: 'A'   # odd\n\nmilestones:\n    detected_at: 2026-03-17T14:00Z # deep\n\ntimeline:\n# first\n- {at: 2026-03-17T14:00Z, text: one}\n\n# last\n- at: 2026-03-17T14:05Z\n  text: two\n\nsources:\n  S1: {format: note}\n# the end\n";

#[test]
fn edits_leave_everything_else_unchanged() {
    let edits = [
        Edit::AppendEntry(entry("three\n\nwith: colon # and hash")),
        Edit::SetMilestone(
            MilestoneName::ResolvedAt,
            Milestone::observed("2026-03-17T15:00Z".parse().unwrap()),
        ),
        Edit::AddSource(
            "S2".into(),
            SourceInfo { format: Some("x".into()), ..SourceInfo::default() },
        ),
        Edit::ReplaceEntry(0, entry("other")),
    ];
    insta::assert_snapshot!(edited(FULL, &edits), @r"
        # ours
        schema: posthoc/v1
        id: a
        title: 'A'   # odd

        milestones:
            detected_at: 2026-03-17T14:00Z # deep
            resolved_at: 2026-03-17T15:00Z

        timeline:
        # first
        - at: 2026-03-17T15:00Z
          text: other

        # last
        - at: 2026-03-17T14:05Z
          text: two
        - at: 2026-03-17T15:00Z
          text: |-
            three

            with: colon # and hash

        sources:
          S1: {format: note}
          S2:
            format: x
        # the end
        ");
}

#[test]
fn impact_windows_are_added_to_every_shape_of_section() {
    let window = |start: &str, end: &str| {
        let (start, end) = (start.parse().unwrap(), end.parse().ok());
        let source = "S1".parse().ok();
        Edit::AddWindow(Window { start, end, level: None, components: Vec::new(), source })
    };
    let edits = [
        window("2026-03-17T14:00Z..2026-03-17T14:01Z", "2026-03-17T14:10Z"),
        window("2026-03-17T14:20Z", "2026-03-17T14:30Z"),
    ];
    let head = "schema: posthoc/v1\nid: a\ntitle: A\nsources: {S1: {format: x}}\n";
    let shapes = [
        "",
        "impact:\n",
        "impact: {}\n",
        "impact: {statement: s}\n",
        "impact:\n  windows: []\n",
        "impact: {windows: [], statement: s}\n",
        "impact:\n  windows:\n  statement: s\n",
        "impact:\n  statement: s # why\n",
    ];
    for shape in shapes {
        let text = edited(&format!("{head}{shape}"), &edits);
        assert_eq!(parse("a.yaml", &text).unwrap().impact.windows.len(), 2, "{text}");
    }
}

#[test]
fn missing_sections_are_created() {
    let edits = [
        Edit::AppendEntry(entry("one")),
        Edit::AppendEntry(entry("two")),
        Edit::SetMilestone(
            MilestoneName::ResolvedAt,
            Milestone::observed("2026-03-17T15:00Z".parse().unwrap()),
        ),
        Edit::AddSource(
            "S1".into(),
            SourceInfo { format: Some("x".into()), ..SourceInfo::default() },
        ),
    ];
    insta::assert_snapshot!(edited("schema: posthoc/v1\nid: a\ntitle: A\ntimeline: []", &edits), @r"
        schema: posthoc/v1
        id: a
        title: A
        timeline:
          - at: 2026-03-17T15:00Z
            text: one
          - at: 2026-03-17T15:00Z
            text: two

        milestones:
          resolved_at: 2026-03-17T15:00Z

        sources:
          S1:
            format: x
        ");
}

#[test]
fn source_is_updated_in_place() {
    let at = |text: &str| text.parse().unwrap();
    let added = SourceInfo { format: Some("x".into()), ..SourceInfo::default() };
    let edits = [
        Edit::ReviseSource("S1".into(), at("2026-03-18T10:00:00Z")),
        Edit::ReviseSource("S2".into(), at("2026-03-18T11:00:00Z")),
        Edit::ReviseSource("S3".into(), at("2026-03-18T12:00:00Z")),
        Edit::AddSource("S4".into(), added),
        Edit::ReviseSource("S4".into(), at("2026-03-18T13:00:00.5Z")),
    ];
    let text = "schema: posthoc/v1\nid: a\ntitle: A\nsources:\n  S1: {format: note} # one\n  S2:\n    revised_at: '2026-03-17T10:00:00Z' # two\n    format: note\n  S3:\n    format: note # three\n# the end\n";
    insta::assert_snapshot!(edited(text, &edits), @r#"
        schema: posthoc/v1
        id: a
        title: A
        sources:
          S1: {format: note, "revised_at":"2026-03-18T10:00:00Z"} # one
          S2:
            revised_at: 2026-03-18T11:00:00Z # two
            format: note
          S3:
            format: note # three
            revised_at: 2026-03-18T12:00:00Z
          S4:
            format: x
            revised_at: 2026-03-18T13:00:00.500Z
        # the end
        "#);
}

#[test]
fn flow_style_stays_flow_style() {
    let text = "schema: posthoc/v1\nid: a\ntitle: A\nmilestones: {detected_at: 2026-03-17T14:00Z} # m\ntimeline: [{text: one}] # t\n";
    let edits = [
        Edit::AppendEntry(entry("two")),
        Edit::SetMilestone(
            MilestoneName::ResolvedAt,
            Milestone::observed("2026-03-17T15:00Z".parse().unwrap()),
        ),
    ];
    insta::assert_snapshot!(edited(text, &edits), @r#"
        schema: posthoc/v1
        id: a
        title: A
        milestones: {detected_at: 2026-03-17T14:00Z, "resolved_at":"2026-03-17T15:00Z"} # m
        timeline: [{text: one}, {"at":"2026-03-17T15:00Z","text":"two"}] # t
        "#);
}

#[test]
fn encoding_mark_line_ends_and_trailer_are_preserved() {
    let text = "\u{feff}schema: posthoc/v1\r\nid: a\r\ntitle: A\r\ntimeline:\r\n  - text: one # why\r\n...\r\n# the end\r\n";
    let incident = parse("a.yaml", text.trim_start_matches('\u{feff}')).unwrap();
    let milestone = Milestone::observed("2026-03-17T15:00Z".parse().unwrap());
    let edits = [
        Edit::AppendEntry(entry("two\n\nlines")),
        Edit::SetMilestone(MilestoneName::ResolvedAt, milestone),
    ];
    let edited = apply("a.yaml", text, &incident, &edits).unwrap();
    assert_eq!(
        edited,
        "\u{feff}schema: posthoc/v1\r\nid: a\r\ntitle: A\r\ntimeline:\r\n  - text: one # why\r\n  - at: 2026-03-17T15:00Z\r\n    text: |-\r\n      two\r\n\r\n      lines\r\n\r\nmilestones:\r\n  resolved_at: 2026-03-17T15:00Z\r\n...\r\n# the end\r\n"
    );
}

#[test]
fn trailing_comma_is_not_doubled() {
    let text = "schema: posthoc/v1\nid: a\ntitle: A\nmilestones: {detected_at: 2026-03-17T14:00Z, }\ntimeline: [\n  {text: one}, # t,\n]\n";
    let edits = [
        Edit::AppendEntry(entry("two")),
        Edit::SetMilestone(
            MilestoneName::ResolvedAt,
            Milestone::observed("2026-03-17T15:00Z".parse().unwrap()),
        ),
    ];
    insta::assert_snapshot!(edited(text, &edits), @r#"
        schema: posthoc/v1
        id: a
        title: A
        milestones: {detected_at: 2026-03-17T14:00Z, "resolved_at":"2026-03-17T15:00Z", }
        timeline: [
          {text: one}, {"at":"2026-03-17T15:00Z","text":"two"}, # t,
        ]
        "#);
}

/// `text` after adding an entry, a milestone and a source.
fn extended(text: &str) -> String {
    let edits = [
        Edit::AppendEntry(entry("new")),
        Edit::SetMilestone(
            MilestoneName::ResolvedAt,
            Milestone::observed("2026-03-17T15:00Z".parse().unwrap()),
        ),
        Edit::AddSource(
            "S2".into(),
            SourceInfo { format: Some("x".into()), ..SourceInfo::default() },
        ),
    ];
    let after = edited(text, &edits);
    // Every byte of the original is still there, in order.
    let mut rest = after.chars();
    let blank = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '{' | '}' | '~');
    for letter in text.replace("null", "").chars().filter(|c| !blank(*c)) {
        assert!(rest.any(|other| other == letter), "{letter:?} of {text} is lost in\n{after}");
    }
    after
}

const HEAD: &str = "schema: posthoc/v1\nid: a\ntitle: A\n";

#[test]
fn every_valid_yaml_layout_can_be_extended() {
    for rest in [
        "summary: |\n  no final newline",
        "summary: |+\n  blank lines at the end\n\n\n",
        "summary: >-\n  folded\n\n\n# the end",
        "timeline:\n  - at: 2026-03-17T14:00Z\n    text: |\n      no final newline",
        "timeline:\n  - text: |+\n      kept\n\n\nsources: {}\n",
        "timeline:\n  - text: |+\n      kept\n\n\n",
        "timeline: [\n]\nmilestones: {\n}\nsources: { # none\n}\n",
        "timeline: [\n  {text: one}\n]\n",
        "timeline: [ # why\n  {text: one}, # first\n  {text: two} # second\n  ]\n",
        "timeline: [{text: one, actor: }, {text: two, actor: ~}]\n",
        "milestones: {detected_at: 2026-03-17T14:00Z, declared_at: }\n",
        "milestones: {detected_at: 2026-03-17T14:00Z, declared_at}\n",
        "milestones: {detected_at: 2026-03-17T14:00Z, \"declared_at\": ,\n}\n",
        "milestones:\n  detected_at: 2026-03-17T14:00Z\n  declared_at:\n",
        "milestones:\n  detected_at: 2026-03-17T14:00Z\n  resolved_at: # not yet\n",
        "milestones:\n  resolved_at: ~\n  detected_at: 2026-03-17T14:00Z\n",
        "milestones: {resolved_at: , detected_at: 2026-03-17T14:00Z}\n",
        "timeline: !!seq\n  - &one {text: one}\n  - *one\n",
        "timeline: &lines\n- text: &t one\n- text: *t\n",
        "timeline: !!seq []\nmilestones: &m {}\nsources: !!map {S1: {format: note}}\n",
        "timeline:\n  # nothing yet\nmilestones: null\nsources: ~ # none\n",
        "timeline:\n  []\nsources:\n  {}\n",
        "\"timeline\":\n- text: 'it''s'\n'sources':\n    S1:\n        format: note\n        # last\n",
        "timeline:\n  - ? text\n    : one\n",
        "timeline:\n  -\n    text: one\n  - text:\n      two lines\n      of text # why\n\n  # after\n",
    ] {
        extended(&format!("{HEAD}{rest}"));
    }
    extended("{schema: posthoc/v1, id: a, title: A}");
    extended(
        "{\"schema\": \"posthoc/v1\", \"id\": \"a\",\n \"title\": \"A\", \"timeline\": [], \"sources\": {},\n}\n",
    );
    extended("---\nschema: posthoc/v1\nid: a\ntitle: A\n---\n".trim_end_matches("---\n"));
    extended("  schema: posthoc/v1\n  id: a\n  title: A\n  timeline:\n  - text: one\n");
}

#[test]
fn flow_entries_and_aliases_are_replaced_in_place() {
    let text = format!("{HEAD}timeline: [{{text: one}}, # 1\n  {{text: two}}]\n");
    insta::assert_snapshot!(edited(&text, &[Edit::ReplaceEntry(0, entry("new"))]), @r#"
        schema: posthoc/v1
        id: a
        title: A
        timeline: [{"at":"2026-03-17T15:00Z","text":"new"}, # 1
          {text: two}]
        "#);
    let text = format!(
        "{HEAD}timeline:\n  - &e {{text: one}}\n  - *e # again\n  - text: last\n    state:\ntags: []\n"
    );
    let edits = [Edit::ReplaceEntry(1, entry("new")), Edit::ReplaceEntry(2, entry("newer"))];
    insta::assert_snapshot!(edited(&text, &edits), @r"
        schema: posthoc/v1
        id: a
        title: A
        timeline:
          - &e {text: one}
          - at: 2026-03-17T15:00Z
            text: new # again
          - at: 2026-03-17T15:00Z
            text: newer
        tags: []
        ");
}

#[test]
fn refused_edit_gives_its_reason() {
    let refused = |rest: &str| {
        let text = format!("{HEAD}{rest}");
        apply("a.yaml", &text, &parse("a.yaml", &text).unwrap(), &[Edit::AppendEntry(entry("new"))])
            .unwrap_err()
    };
    insta::assert_snapshot!(refused("x: &l\n- text: one\ntimeline: *l\n".replace("x:", "action_items:").as_str()), @"`timeline` is an alias, so what is added would be added elsewhere too; write it out");
}

#[test]
fn appended_entry_can_be_replaced_by_a_later_edit() {
    let text = format!("{HEAD}timeline: [{{text: one}}]\n");
    let edits = [Edit::AppendEntry(entry("two")), Edit::ReplaceEntry(1, entry("new"))];
    assert!(
        edited(&text, &edits).contains(r#"[{text: one}, {"at":"2026-03-17T15:00Z","text":"new"}]"#)
    );
}

#[test]
fn new_file_round_trips() {
    let mut incident = Incident::new("a".parse().unwrap(), "A: \"quoted\" # not a comment");
    incident.services = vec!["api".into(), "web app".into()];
    incident.tags = vec!["yes".into()];
    incident.summary = Some("  indented first\n\nthen: not\n".into());
    incident.timeline = vec![entry("a\n\n- b\n- c"), entry("~"), entry("'"), entry("")];
    let text = whole(&incident).unwrap();
    assert_eq!(parse("a.yaml", &text).unwrap(), incident, "{text}");
    insta::assert_snapshot!(text, @r#"
        schema: posthoc/v1
        id: a
        title: 'A: "quoted" # not a comment'
        services: [api, web app]

        tags:
          - yes

        summary: |2
            indented first

          then: not

        timeline:
          - at: 2026-03-17T15:00Z
            text: |-
              a

              - b
              - c
          - at: 2026-03-17T15:00Z
            text: '~'
          - at: 2026-03-17T15:00Z
            text: ''''
          - at: 2026-03-17T15:00Z
            text: ''
        "#);
}

#[test]
fn unicode_line_separators_are_preserved() {
    for first in ["\u{1EE24}\n\u{2028}\u{ae}", "a\u{2029}b\n c", "a\n\u{85}b"] {
        let mut incident = Incident::new("a".parse().unwrap(), "A");
        incident.timeline = vec![entry(first)];
        let text = whole(&incident).unwrap();
        let appended = apply("a.yaml", &text, &incident, &[Edit::AppendEntry(entry("b"))]);
        let appended = appended.unwrap_or_else(|error| panic!("{error} {text:?}"));
        assert_eq!(parse("a.yaml", &appended).unwrap().timeline[0].text, first);
    }
}

proptest::proptest! {
    #[test]
    fn any_text_round_trips_through_write_and_append(first in "\\PC{0,40}(\n\\PC{0,40}){0,3}", second in "[ -~\n]{0,60}") {
        // Imports write no trailing white space.
        let (first, second) = (first.trim().to_owned(), second.trim().to_owned());
        let mut incident = Incident::new("a".parse().unwrap(), "A");
        incident.summary = Some(second.clone());
        incident.timeline = vec![entry(&first)];
        let text = whole(&incident).unwrap();
        proptest::prop_assert_eq!(&parse("a.yaml", &text).unwrap(), &incident);
        let appended = apply("a.yaml", &text, &incident, &[Edit::AppendEntry(entry(&second)), Edit::ReplaceEntry(0, entry(&second))]);
        proptest::prop_assert!(appended.is_ok(), "{:?}\n{}", appended, text);
    }
}
