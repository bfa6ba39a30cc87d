use super::*;

const HEAD: &str = "schema: posthoc/v1\nid: a\n";

/// The report about `text`: line, column, message, hint.
fn reported(text: &str) -> String {
    let Err(error) = serde_yaml::from_str::<serde_yaml::Value>(text) else {
        return "no mistake\n".to_owned();
    };
    let line = |problem: &Diagnostic| {
        let place = problem.place.clone().expect("a place");
        assert!(!place.span.is_empty(), "{problem}");
        let shown = &text[place.span.clone()];
        format!(
            "  {}:{} {shown:?}: {}\n      {}\n",
            place.line,
            place.column,
            problem.message,
            problem.hints.join("\n      ")
        )
    };
    problems("a.yaml", text, &error).iter().map(line).collect()
}

/// Each text with its report.
fn listed(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("{text}\n{}", reported(&format!("{HEAD}{text}\n")))).collect()
}

#[test]
fn colon_mistakes_are_reported() {
    insta::assert_snapshot!(listed(&[
        "title: API down: timeouts everywhere",
        "title: API down:",
        "timeline:\n  - at: 2026-03-17T09:13Z\n    text: Ana: restarting it now # see chat",
        "title:API down",
        "title : API: down",
        "title API down",
        "title = API down",
        "title：API down",
        "timeline:\n  - at: 2026-03-17T09:13Z\n    text:restarted",
        "summary: It was slow\n  because: of a lock",
        "root_causes:\n  - {id: rc1, text: it failed: twice, category: x}",
        "title: :fire: API down",
    ]));
}

#[test]
fn quote_mistakes_are_reported() {
    insta::assert_snapshot!(listed(&[
        "title: “API: down”",
        "title: “API down\"\nservices: [a]",
        "title: \"API\" is down",
        "title: 'it's down'",
        "title: \"She said \"down\"\"",
        "title: \"API down",
        "title: \"API down\nsummary: \"more\"",
        "title: 'tis down\nservices: [a]",
        "title: \"C:\\data is full\"",
        "title: \"share \\\\srv\\new\"",
        "services: [\"api, web]",
        "title: 'API down\"\nservices: [a]",
    ]));
}

#[test]
fn reserved_first_characters_are_reported() {
    insta::assert_snapshot!(listed(&[
        "timeline:\n  - text: @ana restarted it",
        "timeline:\n  - text: `systemctl restart db`",
        "timeline:\n  - text: %50 of requests failed",
        "timeline:\n  - text: *everything* was down",
        "timeline:\n  - text: **Update** it is back",
        "timeline:\n  - text: & then it came back",
        "timeline:\n  - text: [WIP] looking at it",
        "timeline:\n  - text: {{ name }} is down",
        "timeline:\n  - text: > 500 errors a second",
        "timeline:\n  - text: | restarted it",
        "timeline:\n  - text: - restarted it",
        "services: - api",
        "lessons:\n  went_well:\n    - @ana was fast\n    - the rest",
        "timeline:\n  - text: ? why was it down",
        "timeline:\n  - text: !important restart",
        "timeline:\n  - text: ![graph](graph.png) shows it",
    ]));
}

#[test]
fn space_and_indentation_mistakes_are_reported() {
    insta::assert_snapshot!(listed(&[
        "timeline:\n\t- text: x",
        "timeline:\n  - at: 2026-03-17T09:13Z\n\ttext: x",
        "title:\u{a0}API down",
        "title: x\ntimeline:\n  - at: 2026-03-17T09:13Z\n\u{a0}\u{a0}\u{a0}\u{a0}text: x: y",
        "timeline:\n  - at: 2026-03-17T09:13Z\n   text: x",
        "timeline:\n  - at: 2026-03-17T09:13Z\n      text: x",
        "timeline:\n  - at: 2026-03-17T09:13Z\n    text: x\n - at: 2026-03-17T09:14Z\n   text: y",
        "summary: |\n  first\n second\nservices: [a]",
        "  title: API down",
        "title: x\n severity: sev1",
        "milestones:\n  impact_start: 2026-03-17T09:13Z\n   detected_at: 2026-03-17T09:14Z\n   declared_at: 2026-03-17T09:15Z",
        "services:\n  - api\n  -web\n  - db",
        "services:\n  - api\n  web",
        "timeline:\n  -at: 2026-03-17T09:13Z\n   text: x",
        "summary: |\nIt was slow.\nThen it was not.\ntitle: x",
        "summary: It was slow.\nThen it was not.\ntitle: x",
        "summary:|\n  It was slow.\n  Then not.\ntitle: x",
        "title: x\nIt was slow",
        "Incident report\ntitle: x",
        "timeline:\n\t- at: 2026-03-17T09:13Z\n\t  text: x\n\t- at: 2026-03-17T09:14Z\n\t  text: y",
    ]));
}

#[test]
fn bracket_and_other_mistakes_are_reported() {
    insta::assert_snapshot!(listed(&[
        "services: [api, web\ntitle: x",
        "services: [api, web]]\ntitle: x",
        "impact: {customers: 5\ntitle: x",
        "services: [api web}",
        "// a note\ntitle: x",
        "title: x\n/* a note */",
        "<<<<<<< HEAD\ntitle: x\n=======\ntitle: y\n>>>>>>> other",
        "title: x\ntitle: y",
        "title: x\n---\ntitle: y",
        "services: [api,, web]",
        "title: x,\nid2: \"y\",",
        "timeline:\n  - {at: 2026-03-17T09:13Z, text: it's 5: 30, kind: note}",
        "links:\n  - {url: https://example.com/a: b}",
    ]));
}

#[test]
fn several_mistakes_are_reported_at_once() {
    insta::assert_snapshot!(listed(&[
        "title: API down: timeouts\nsummary: \"x\" is y\ntimeline:\n  - at: 2026-03-17T09:13Z\n    text: @ana did it\n  - at: 2026-03-17T09:14Z\n    text: ok: done",
    ]));
}

#[test]
fn every_syntax_error_has_a_place() {
    insta::assert_snapshot!(reported("{\"a\": [1,2"), @r#"
        1:1 "{": `{` is not closed
            write `{"a": [1,2]}`
        "#);
    insta::assert_snapshot!(reported("a: 1\nnope: ["), @r#"
    2:7 "[": `[` is not closed
        write `nope: []`
    "#);
    insta::assert_snapshot!(reported("nope: [`"), @r#"  1:8 "`": not valid YAML: found character that cannot start any token"#);
    insta::assert_snapshot!(reported("a: ßßß\nb: \"x\nc: y\n"), @r#"
    2:4 "\"": this quote is not closed
        write `b: "x"`
    "#);
    insta::assert_snapshot!(reported("a: 1\n# ---\nb: |\n  ---\n---\nb: 2\n"), @r#"
    5:1 "---": a second document begins here: an incident file is one
        put each incident in a file of its own, and remove the line `---`
    "#);
    insta::assert_snapshot!(reported("---\na: 1\n...\nb: 2\n"), @r#"
    4:1 "b: 2": a second document begins here: an incident file is one
        put each incident in a file of its own, and remove the line `---`
    "#);
    insta::assert_snapshot!(reported("# ß\na: 1\nb: 2\nc: x\u{1}y\n"), @r#"
    4:5 "\u{1}y": a control character (U+0001), which YAML does not allow
        remove it, or write it as "\u0001" in double quotes
    "#);
}

#[test]
fn multiplying_aliases_are_reported_at_the_first() {
    let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x, '*b']\n");
    for (name, of) in
        ["b", "c", "d", "e", "f", "g", "h"].iter().zip(["a", "b", "c", "d", "e", "f", "g"])
    {
        let aliases = vec![format!("*{of}"); 9].join(", ");
        text += &format!("{name}: &{name} [{aliases}]\n");
    }
    insta::assert_snapshot!(reported(&text), @r#"
2:8 "*a": the aliases (`*name`) of this file repeat each other without end
    write the values out
"#);
}

#[test]
fn duplicate_key_is_reported_at_its_second_place() {
    insta::assert_snapshot!(reported("a: 1\nb:\n  - text: x\n  - text: y\n    at: 1\n    text: z\n"), @r#"
    6:5 "text": the key `text` is here twice
        the first is on line 4: keep one of them
    "#);
    insta::assert_snapshot!(reported("a: {b: 1, b: 2}\n"), @r#"
    1:11 "b": the key `b` is here twice
        the first is on line 1: keep one of them
    "#);
    insta::assert_snapshot!(reported("title: a\nx:\n  title: b\ntitle: c\n"), @r#"
    4:1 "title": the key `title` is here twice
        the first is on line 1: keep one of them
    "#);
}

mod never_panics {
    use proptest::prelude::*;

    use crate::store::load::parse;

    const WHOLE: &str = "schema: posthoc/v1\nid: a\ntitle: \"API: ß down\"\nsummary: |\n  It was slow.\nservices: [api, 'web']\ntimeline:\n  - at: 2026-03-17T09:13Z\n    text: it's back\n  - {at: 2026-03-17, text: x}\n";

    proptest! {
        #[test]
        fn random_typos_never_panic_and_places_are_valid(
            slips in prop::collection::vec((0..WHOLE.len(), "[-\"':#@\t {}\\[\\]*&!%|>`,\n\\\\“ß\u{a0}]{0,3}", 0..4_usize), 1..4),
        ) {
            let mut text: Vec<char> = WHOLE.chars().collect();
            for (at, put, less) in slips {
                let at = at.min(text.len());
                text.splice(at..(at + less).min(text.len()), put.chars());
            }
            let text: String = text.into_iter().collect();
            if let Err(problems) = parse("a.yaml", &text) {
                for place in problems.iter().filter_map(|problem| problem.place.as_ref()) {
                    prop_assert!(text.get(place.span.clone()).is_some());
                }
            }
        }
    }
}

#[test]
fn comment_that_hides_a_closing_bracket_is_reported() {
    insta::assert_snapshot!(listed(&[
        "timeline:\n  - {at: 2026-03-17T09:13Z, text: paged on-call, see #inc-1}\n  - {text: more}",
        "tags: [one, two #three]",
        "root_causes: [{id: rc1, text: see #inc-1}]",
        "tags: [one, two # three",
    ]), @r##"
    timeline:
      - {at: 2026-03-17T09:13Z, text: paged on-call, see #inc-1}
      - {text: more}
      4:54 "#": a `#` after a space begins a comment; in a text it needs quotes
          write `- {at: 2026-03-17T09:13Z, text: "paged on-call, see #inc-1"}`
    tags: [one, two #three]
      3:17 "#": a `#` after a space begins a comment; in a text it needs quotes
          write `tags: [one, "two #three"]`
    root_causes: [{id: rc1, text: see #inc-1}]
      3:35 "#": a `#` after a space begins a comment; in a text it needs quotes
          write `root_causes: [{id: rc1, text: "see #inc-1"}]`
    tags: [one, two # three
      3:7 "[": `[` is not closed
          write `tags: [one, two] # three`
    "##);
}
