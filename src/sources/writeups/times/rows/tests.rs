use super::*;

fn told(text: &str) -> Vec<String> {
    let found = rows(text);
    let events = found.key_events.iter().map(|event| {
        let bad = if event.is_malformed { "?" } else { "" };
        format!("{}={}{bad} {}", event.name, event.written, event.rest)
    });
    let rows = found.rows.iter().map(|row| {
        let until = row.until.as_ref().map_or(String::new(), |until| format!("..{until}"));
        let actor = row.actor.as_ref().map_or(String::new(), |actor| format!(" by {actor}"));
        let bad = if row.is_malformed { "?" } else { "" };
        format!("[{}{until}]{bad}{actor} {}", row.written, row.text.replace('\n', "/"))
    });
    let about = found.about.iter().map(|about| format!("about: {about}"));
    events.chain(rows).chain(about).collect()
}

#[test]
fn table_with_a_time_column_is_read() {
    let text = "All times in UTC.\n\n| Time (UTC) | Who | Event |\n|---|---|---|\n| 2026-03-17 10:00 | OPS | Began \\| a |\n| 2026-03-17 HH:mm | | Short |\n| | | No time |\n| soon | | Odd |\n\nAfterwards.";
    assert_eq!(
        told(text),
        [
            "[2026-03-17 10:00] by OPS Began | a",
            "[2026-03-17 HH:mm]? Short",
            "[] No time",
            "[soon]? Odd",
            "about: All times in UTC.",
            "about: Afterwards."
        ]
    );
    let text = "| Date | Time | What |\n|---|---|---|\n| 2026-03-17 | 10:00 | a |\n| 2026-03-17 | 10:05 | b |";
    assert_eq!(told(text), ["[2026-03-17 10:00] a", "[2026-03-17 10:05] b"]);
}

#[test]
fn lists_and_day_headings_with_lists_are_read() {
    let text = "- **10:00: All of it\n  is bold**\n- **10:05: so is this** and not this\n- **10:10** a **b**";
    assert_eq!(
        told(text),
        ["[10:00] **All of it/is bold**", "[10:05] **so is this** and not this", "[10:10] a **b**"]
    );
    let text = "- 10:00 Began\n  - a detail\n- No time\n- **10:05**: More\n- 09:00 - 11:00 Ongoing";
    assert_eq!(
        told(text),
        ["[10:00] Began/- a detail", "[] No time", "[10:05] More", "[09:00..11:00] Ongoing"]
    );
    let text = "- 2026-03-17\n  - 23:50 a\n  - 00:10 b\n- March 19th, 2026:\n  - 08:00 c";
    assert_eq!(
        told(text),
        ["[2026-03-17] ", "[23:50] a", "[00:10] b", "[March 19th, 2026] ", "[08:00] c"]
    );
}

#[test]
fn timed_headings_and_paragraphs_are_read() {
    let text = "### 13:36 It began\n\nWords.\n\n```\ncode\n```\n\n### 13:40 - More";
    assert_eq!(told(text), ["[13:36] It began//Words.//```/code/```", "[13:40] More"]);
    assert_eq!(
        told("10:00 a\nand more\n10:05 b\n\nStill b."),
        ["[10:00] a/and more", "[10:05] b//Still b."]
    );
    assert_eq!(told("*10:00*: a\\\n*10:05*: b\\"), ["[10:00] a", "[10:05] b"]);
    assert_eq!(rows("### 10:00\n\nIncident declared\n> Hm.").rows[0].head, "Incident declared");
    let text = "### 10:00\n\n- One\n- Two\n\n### 10:05\n\nThree.\n\n### 2026-03-18\n\n- 10:10 Four\n- Five\n\n### 10:20\nSix";
    assert_eq!(
        told(text),
        [
            "[10:00] - One/- Two",
            "[10:05] Three.",
            "[2026-03-18] ",
            "[10:10] Four",
            "[] Five",
            "[10:20] Six"
        ]
    );
}

#[test]
fn milestone_labels_are_read() {
    let text = "- First detected: 2023-09-18 13:42\n- Incident declared 2023-09-18 15:12 [said](https://example.com)\n- Resolved 2023-01-04 (Time TBC)\n- **Repaired**: ~10:05";
    assert_eq!(
        told(text),
        [
            "detected_at=2023-09-18 13:42 ",
            "declared_at=2023-09-18 15:12 [said](https://example.com)",
            "resolved_at=2023-01-04 (Time TBC)? ",
            "impact_end=~10:05 "
        ]
    );
    assert_eq!(
        told("- Restored 5 nodes\n- Ended 2 jobs"),
        ["[] Restored 5 nodes", "[] Ended 2 jobs"]
    );
}
