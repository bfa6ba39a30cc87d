//! What is known, and no more, in every output: minutes stay minutes, `~` stays, an interval is
//! printed as one, and a day is a day.

use std::process::Command;

use crate::support::world::World;

const VAGUE: &str = "\
schema: posthoc/v1
id: vague
title: Vague times
status: resolved
services: [api, web]
milestones:
  trigger_at: 2026-03-16
  impact_start: ~2026-03-17T13:05Z
  detected_at: 2026-03-17T13:10Z..2026-03-17T13:25Z
  first_notice_at: 2026-03-17T13:30Z
  resolved_at: 2026-03-17T15:10:40Z
impact:
  windows:
    - {start: ~2026-03-17T13:05Z, end: 2026-03-17T14:00Z..2026-03-17T14:20Z, level: full, components: [api]}
    - {start: 2026-03-17T14:10Z, end: 2026-03-17T15:00Z, level: degraded, components: [web]}
timeline:
  - {at: 2026-03-16..2026-03-17, text: Somewhere in two days.}
  - {at: 2026-03-17, text: On that day.}
  - {at: ~2026-03-17T13:05Z, end: 2026-03-17T13:08Z, text: It began.}
  - {at: 2026-03-17T13:10Z..2026-03-17T13:25Z, text: Somebody saw it.}
  - {at: 2026-03-17T15:10:40Z, text: Closed.}
";

const DAYS: &str = "schema: posthoc/v1\nid: days\ntitle: Only days\nstatus: resolved\nmilestones: {impact_start: 2026-04-01, resolved_at: 2026-04-03}\n";

const ONGOING: &str = "schema: posthoc/v1\nid: ongoing\ntitle: It goes on\nstatus: ongoing\nmilestones: {impact_start: ~2026-04-01T10:00Z}\nimpact: {windows: [{start: ~2026-04-01T10:00Z}]}\n";

fn world() -> World {
    let world = World::new();
    world.write("incidents/vague.yaml", VAGUE);
    world.write("incidents/days.yaml", DAYS);
    world.write("incidents/ongoing.yaml", ONGOING);
    world
}

/// What every output for people must contain, and what would be more precise than is known.
fn assert_honest(output: &str, text: &str) {
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for printed in
        ["~25 min", "~5–20 min", "~2 h 5 min", "1 h 40 min", "~1 h 45 min – 1 h 55 min", "15:10:40"]
    {
        assert!(flat.contains(printed), "{output} does not say {printed}:\n{text}");
    }
    // The end is known to the second, and so is the stated present.
    let known_to_the_second =
        flat.replace("15:10:40", "").replace("as of 2026-04-01T12:00:00Z", "");
    let clock_with_seconds = (0..known_to_the_second.len()).any(|at| {
        let Some(part) = known_to_the_second.get(at..at + 8) else { return false };
        let shape = part.bytes().enumerate();
        shape
            .into_iter()
            .all(|(place, b)| if matches!(place, 2 | 5) { b == b':' } else { b.is_ascii_digit() })
    });
    assert!(!clock_with_seconds, "{output} shows seconds that nobody knows:\n{text}");
    assert!(
        !flat.contains("min 40 s"),
        "{output} shows a length finer than its coarsest end:\n{text}"
    );
    // Every mention of an approximate time is marked as such.
    for (at, _) in flat.match_indices("13:05") {
        let before: String = flat[..at].chars().rev().take(12).collect();
        assert!(
            before.contains('~'),
            "{output} says 13:05 without `~`, after {before:?} (read backwards)"
        );
    }
    // The interval of the detection is never one clock.
    for (at, _) in flat.match_indices("13:10") {
        let after: String = flat[at..].chars().take(40).collect();
        assert!(after.contains("13:25"), "{output} says 13:10 alone: {after}");
    }
    for (at, _) in flat.match_indices("2026-03-16") {
        let after: String = flat[at + 10..].chars().take(6).collect();
        assert!(
            !after.trim_start().starts_with(|c: char| c.is_ascii_digit()),
            "{output} gives the day a clock: {after}"
        );
    }
}

#[test]
fn terminal_output_shows_uncertainty() {
    let world = world();
    let shown = world.run(&["show", "vague"]);
    let table = shown.split("warning:").next().expect("the tables");
    assert_honest("show", table);
    let days = world.run(&["show", "days"]);
    assert!(
        days.contains("TTR\t1–3 d") && days.contains("2026-04-01 ") && !days.contains("00:00"),
        "{days}"
    );
    let ongoing = world.run(&["show", "ongoing", "--json"]);
    assert!(ongoing.contains("still ongoing; so far ~2 h as of 2026-04-01 12:00 UTC"), "{ongoing}");
    assert!(world.run(&["list"]).contains("~2 h 5 min"));
    insta::assert_snapshot!(world.run(&["timeline", "vague"]), @r"
    ── stdout
    DAY	TIME	WHAT	SOURCE
    2026-03-16	until 2026-03-17	Somewhere in two days.	
    2026-03-17	that day	On that day.	
    2026-03-17	~13:05 – 13:08	It began.	
    2026-03-17	13:10 – 13:25	Somebody saw it.	
    2026-03-17		… 1 h 45 min – 2 h 1 min without an entry …	
    2026-03-17	15:10:40	Closed.
    ── stderr
    Vague times — times in UTC
    ── exit 0
    ");
}

#[test]
fn aggregates_show_uncertainty() {
    let world = world();
    insta::assert_snapshot!(world.run(&["stats", "--metric", "ttr,ttd,impact"]), @"
    ── stdout
    METRIC	KNOWN	MEDIAN	INTERVAL	P90	P90 INTERVAL	MEAN	LARGEST	MEAN INTERVAL
    TTR	2 of 3	~2 h so far, ~2 h 5 min, 1–3 d						
    TTD	1 of 3	~5–20 min						
    IMPACT	1 of 3	~1 h 45 min – 1 h 55 min, ~2 h so far						

    3 incidents; at least ~3 h 45 min – 3 h 55 min of impact so far in 2 of them
      (~3 h 45 min – 4 h 5 min by service), 1 ongoing
      TTR known for 2 of 3; 1 uncertain; very uncertain: days; 1 ongoing
      TTD known for 1 of 3; 1 uncertain; very uncertain: vague
      IMPACT known for 1 of 3; 1 uncertain; 1 ongoing
    most impact: ongoing ~2 h so far, vague ~1 h 45 min – 1 h 55 min
    ongoing: as of 2026-04-01 12:00 UTC
    TTD = detected_at − impact_start, floor 0
    TTR = resolved_at − impact_start
    IMPACT = length of the union of the impact windows
    ── exit 0
    ");
    let json: serde_json::Value =
        serde_json::from_slice(&world.output(&["stats", "--json"]).stdout).expect("JSON");
    let ttr = &json["groups"][0]["metrics"][0];
    assert_eq!(
        (ttr["known"].as_u64(), ttr["about"].as_u64(), ttr["uncertain"].as_u64()),
        (Some(2), Some(1), Some(1))
    );
    let ongoing = &ttr["summary"]["values"][0];
    assert_eq!((&ongoing["so_far"], ongoing["min_seconds"].as_f64()), (&true.into(), Some(7200.0)));
    assert!(ongoing["max_seconds"].is_null(), "nobody knows how long it will have been: {ongoing}");
    assert_eq!(json["as_of"], "2026-04-01T12:00:00Z");
    let days = &ttr["summary"]["values"][2];
    assert_eq!(days["is_midpoint"], true);
    assert_eq!(
        (days["min_seconds"].as_f64(), days["max_seconds"].as_f64()),
        (Some(86_401.0), Some(259_199.0))
    );
    assert_eq!(days["text"], "1–3 d");
    insta::assert_snapshot!(world.run(&["stats", "--metric", "ttr", "--format", "csv"]), @"
    ── stdout
    group,incidents,metric,known,by_fallback,uncertain,missing,contradictory,ongoing,median_s,median_low_s,median_high_s,p90_s,mean_s,largest_share,about,business_median_s,n,censored,median_method,no_mean,values,values_middle_s,values_min_s,values_max_s,impact_known,impact_ongoing,impact_s,impact_min_s,impact_max_s,impact_by_service_s,impact_by_service_min_s,impact_by_service_max_s,as_of,definition,definitions_version,median_min_s,median_max_s,median_precision,lower_bounds,upper_bounds,bounded_median_min_s,bounded_median_max_s,bounds,not_applicable,median_low_rank,median_high_rank,median_confidence,p90_low_s,p90_high_s,mean_low_s,mean_high_s,proactive,median_if_unknown_shorter_s,median_if_unknown_longer_s,reported_instead
    all,3,ttr,2,0,1,0,0,1,,,,,,,1,,3,1,,too_few,~2 h so far; ~2 h 5 min; 1–3 d,7200;7540;172800,7200;7540;86401,;7540;259199,2,1,14100,13500,14100,14100,13500,14700,2026-04-01T12:00:00Z,resolved_at − impact_start,1,,,,0,0,,,,0,,,,,,,,0,,,
    ── exit 0
    ");
    // Of six there is a median, and it is about, since one of the six is. Half of them are over
    // after 20 min 30 s, and the next one after 2 h 5 min 40 s: it is the middle of the two.
    for day in 1..=3 {
        let text = format!(
            "schema: posthoc/v1\nid: x{day}\ntitle: X\nmilestones: {{impact_start: 2026-03-0{day}T10:00Z, resolved_at: 2026-03-0{day}T10:20:30Z}}\n"
        );
        world.write(&format!("incidents/x{day}.yaml"), text);
    }
    let table = world.run(&["stats", "--metric", "ttr,reported"]);
    assert!(
        table.contains("~1 h 13 min") && table.contains("1 approximate; 1 uncertain"),
        "{table}"
    );
}

#[test]
fn json_output_shows_uncertainty() {
    let world = world();
    for arguments in [&["show", "vague", "--json"][..], &["render", "vague", "--to", "json"]] {
        let output = world.output(arguments).stdout;
        let bytes =
            if arguments[0] == "show" { output } else { world.read("out/vague.json").into_bytes() };
        let view: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        let milestone = |name: &str| {
            let one = &view["milestones"][name];
            (
                one["at"].as_str(),
                one["precision"].as_str().expect("a precision"),
                one["about"].as_bool(),
            )
        };
        assert_eq!(milestone("trigger_at"), (None, "day", Some(false)));
        assert_eq!(milestone("impact_start"), (Some("2026-03-17T13:05:00Z"), "minute", Some(true)));
        assert_eq!(milestone("detected_at"), (None, "minute", Some(false)));
        assert_eq!(milestone("resolved_at"), (Some("2026-03-17T15:10:40Z"), "second", Some(false)));
        let ttd = &view["durations"]["ttd"];
        assert!(ttd["seconds"].is_null(), "an interval is no single figure: {ttd}");
        assert_eq!(
            (ttd["min_seconds"].as_i64(), ttd["max_seconds"].as_i64()),
            (Some(300), Some(1200))
        );
        assert_eq!(
            (
                view["durations"]["ttr"]["about"].as_bool(),
                view["durations"]["ttr"]["text"].as_str()
            ),
            (Some(true), Some("~2 h 5 min"))
        );
        assert!(
            view["impact"]["union_seconds"].is_null()
                && view["impact"]["by_level"]["full"]["seconds"].is_null()
        );
        assert_eq!(view["impact"]["by_level"]["full"]["text"], "~55 min – 1 h 15 min");
        for (index, at) in [(0, None), (1, None), (3, None), (4, Some("2026-03-17T15:10:40Z"))] {
            assert_eq!(view["timeline"][index]["at"].as_str(), at, "entry {index}");
        }
    }
}

#[test]
fn documents_show_uncertainty() {
    let world = world();
    world.run(&["render", "vague"]);
    let markdown = world.read("out/vague.md");
    assert_honest("Markdown", &markdown);
    let html = world.read("out/vague.html");
    let (head, body) = html.split_once("<body").expect("a body");
    assert!(!head.contains("13:05"), "{head}");
    // The labels of the drawing are in the page as text too.
    let text = scraper::Html::parse_document(&format!("<body{body}"));
    assert_honest("HTML", &text.root_element().text().collect::<Vec<_>>().join(" "));
    let pdf = Command::new("pdftotext")
        .args(["-layout"])
        .arg(world.path("out/vague.pdf"))
        .arg("-")
        .output();
    match pdf {
        Ok(pdf) if pdf.status.success() => {
            assert_honest("PDF", &String::from_utf8_lossy(&pdf.stdout));
        }
        _ => eprintln!("skipped: pdftotext is not here, so the text of the PDF is not read"),
    }
}
