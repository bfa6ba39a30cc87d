//! Write-ups in few lines, each of another kind: what an import of each has to say.
//!
//! `EXPECTED` is the whole of what is right, `GAPS` the part of it that the reader does not do yet.
//! A gap that closes fails the test as well, so that the list is never longer than the truth.

use serde_yaml::Value;

use super::workspace;
use crate::support::world::World;

/// A file, and what its import gives: places in the incident file, each with the value there. A
/// value that begins with `~` has to be in the text of that place, one with `!` must not, and `-`
/// is absent; `#` at the end of a place counts items. The place `incidents` counts the files,
/// `output` is what the program printed, and `file` is the whole file.
const EXPECTED: &[(&str, &[(&str, &str)])] = &[
    (
        "20180320-1.txt",
        &[
            ("title", "Search outage"),
            ("impact_start", "2018-03-21T14:00Z"),
            ("impact_end", "2018-03-21T15:30Z"),
        ],
    ),
    (
        "2024-05-03-f05-name.md",
        &[
            ("timeline.0.at", "2024-05-03T16:49Z"),
            ("timeline.1.at", "2024-05-03T18:00Z"),
            ("output", "~file's name"),
        ],
    ),
    (
        "f01-gate.md",
        &[
            ("timeline.#", "2"),
            ("timeline.0.at", "2024-05-03T10:00Z"),
            ("timeline.1.at", "2024-05-03T10:40Z"),
        ],
    ),
    (
        "f02-first-heading.md",
        &[
            ("root_causes.0.text", "~A tool removed"),
            ("summary", "!A tool removed"),
            ("resolution", "~The tool wrote"),
        ],
    ),
    (
        "f03-label-in-line.md",
        &[
            ("timeline.#", "4"),
            ("timeline.1.text", "~Recovery: search page"),
            ("resolution", "-"),
            ("resolved_at", "2024-05-03T10:30Z"),
            ("impact_end", "-"),
            ("action_items.#", "1"),
        ],
    ),
    (
        "f04-dots.md",
        &[
            ("timeline.0.at", "2024-05-03T10:51Z"),
            ("timeline.1.at", "2024-05-03T12:28Z"),
            ("resolved_at", "2024-05-03T14:33Z"),
        ],
    ),
    (
        "f06-milestones.md",
        &[
            ("impact_start", "2024-05-03T10:00Z"),
            ("detected_at", "2024-05-03T10:05Z"),
            ("acknowledged_at", "2024-05-03T10:07Z"),
            ("identified_at", "2024-05-03T10:20Z"),
            ("impact_end", "2024-05-03T10:40Z"),
            ("resolved_at", "2024-05-03T11:00Z"),
        ],
    ),
    ("f07-span.md", &[("impact_start", "2025-04-07T14:05Z"), ("impact_end", "2025-04-07T19:50Z")]),
    (
        "f08-status.md",
        &[
            ("action_items.0.status", "done"),
            ("action_items.1.status", "open"),
            ("action_items.1", "~FAILED"),
            ("action_items.2.status", "open"),
            ("action_items.3.ticket", "~62"),
        ],
    ),
    (
        "f09-due.md",
        &[
            ("action_items.0.due", "2023-07-16"),
            ("action_items.1.due", "2023-07-28"),
            ("action_items.0.status", "done"),
            ("action_items.1.status", "open"),
        ],
    ),
    (
        "f10-emoji.md",
        &[("sections.0.title", "Leadup"), ("file", "~Ann answered."), ("root_causes", "-")],
    ),
    (
        "f11-plain.txt",
        &[
            ("title", "Port saturation outage"),
            ("summary", "~We received an alert."),
            ("summary", "!Critical alert"),
            ("impact.statement", "No user saw it."),
            ("timeline.#", "2"),
            ("timeline.0.at", "2024-05-03T12:23Z"),
            ("impact_end", "2024-05-03T14:05Z"),
        ],
    ),
    (
        "f12-bold.md",
        &[
            ("timeline.0.at", "2024-05-03T13:54Z"),
            ("timeline.1.at", "2024-05-03T14:21Z"),
            ("timeline.2.at", "2024-05-03T15:15Z"),
        ],
    ),
    (
        "f13-brackets.md",
        &[
            ("timeline.0.at", "2024-04-05T23:21Z"),
            ("impact_start", "2024-05-04T06:04Z"),
            ("impact_end", "2024-05-04T15:10Z"),
        ],
    ),
    (
        "f14-dayboldtime.md",
        &[("timeline.0.at", "2023-02-28T01:52Z"), ("timeline.1.at", "2023-02-28T01:54Z")],
    ),
    (
        "f15-headless.md",
        &[("timeline.0.at", "2023-10-04T07:24Z"), ("timeline.1.at", "2023-10-04T08:00Z")],
    ),
    (
        "f16-ampm.md",
        &[
            ("timeline.0.at", "2025-05-12T05:03Z"),
            ("timeline.1.at", "2025-05-12T09:00Z"),
            ("timeline.2.at", "2025-05-12T09:10Z"),
            ("timeline.3.at", "2025-05-12T12:37Z"),
            ("timeline.4.at", "2025-05-12T14:23Z"),
        ],
    ),
    (
        "f17-lessons.md",
        &[
            ("lessons.went_well.#", "1"),
            ("lessons.went_poorly.#", "1"),
            ("lessons.learned", "-"),
            ("output", "~List of things that went well"),
        ],
    ),
    (
        "f18-front.md",
        &[
            ("roles.authors.0", "~ann"),
            ("sources.S1.dated", "2024-02-05"),
            ("file", "~The release logged too much"),
            ("timeline.0.at", "2023-12-27T20:08Z"),
        ],
    ),
    (
        "f19-images.md",
        &[
            ("file", "~images/load.png"),
            ("file", "~_static/pods.png"),
            ("file", "~Load by hour"),
            ("output", "~pods.png"),
        ],
    ),
    (
        "f20-roll.md",
        &[("timeline.2.at", "2018-01-26T13:40Z"), ("timeline.3.at", "2018-01-26T13:50Z")],
    ),
    (
        "f21-footnote.md",
        &[
            ("timeline.0.at", "2023-03-03"),
            ("timeline.1.at", "2024-06-28T11:09Z"),
            ("file", "~The day is a guess."),
        ],
    ),
    ("f23-advice.md", &[("action_items", "-"), ("file", "~use a lockfile")]),
    ("f25-recovery.md", &[("resolution", "-"), ("file", "~It is a serious decision.")]),
    ("f28.adoc", MARKUP),
    ("f28.mediawiki", MARKUP),
    ("f28.rst", MARKUP),
    ("f29-replies.txt", &[("file", "~Here is what happened.")]),
    (
        "f30-status-page.txt",
        &[
            ("timeline.#", "2"),
            ("timeline.0.at", "2017-07-21T18:37Z"),
            ("timeline.1.at", "2017-07-21T18:55Z"),
            ("resolved_at", "2017-07-21T18:55Z"),
        ],
    ),
    ("f31-zone.md", &[("impact_start", "2018-05-16T23:00Z"), ("impact_end", "2018-05-17T01:18Z")]),
    ("f32-two.md", &[("incidents", "2")]),
    (
        "r03a-by-ampm.md",
        &[("impact_start", "2013-03-03T09:47:00Z"), ("impact_end", "2013-03-03T10:49Z")],
    ),
    (
        "r03c-one-component.md",
        &[
            ("impact_start", "2025-10-20T07:11:00Z"),
            ("impact_end", "!09:28"),
            ("resolved_at", "2025-10-20T17:37:00Z"),
        ],
    ),
    (
        "r03e-zone-earlier.md",
        &[("impact_start", "2014-01-24T18:55:00Z"), ("impact_end", "2014-01-24T19:30Z")],
    ),
    (
        "r03g-zone-earlier-range.md",
        &[("impact_start", "2013-10-23T13:45:00Z"), ("impact_end", "2013-10-23T17:30Z")],
    ),
    (
        "r04-two-code-fences.md",
        &[
            ("timeline.#", "5"),
            ("timeline.0.text", "~too many failed login attempts"),
            ("timeline.2.at", "2024-01-11T14:40Z"),
            ("timeline.4.at", "2024-01-11T15:51Z"),
            ("resolved_at", "2024-01-11T15:51Z"),
        ],
    ),
    (
        "r06-repaired-declared.md",
        &[("impact_end", "2024-07-25T15:18Z"), ("declared_at", "2024-07-25T14:54Z")],
    ),
    ("r07-en-dash-bullet.md", &[("timeline.#", "4"), ("timeline.2.at", "2024-04-15T15:53Z")]),
    (
        "r08-nested-resolution.md",
        &[("resolution", "~The nodes were created again."), ("file", "~deleted the wrong cluster")],
    ),
    ("r09-actions-following-review.md", &[("action_items.#", "2")]),
    ("r10-informed-users.md", &[("first_notice_at", "-"), ("impact_end", "2025-03-18T10:40Z")]),
    (
        "r11-hhmm.md",
        &[
            ("timeline.0.at", "2022-06-02"),
            ("timeline.1.at", "~2022-05"),
            ("timeline.3.at", "2022-08-03T12:26Z"),
        ],
    ),
    (
        "r12-footnote-claim.md",
        &[("claims.duration", "279 minutes"), ("file", "~From the first to the last.")],
    ),
    ("r13-cause-of-change.md", &[("root_causes", "-"), ("summary", "~caused by refactoring")]),
    (
        "r14-durations.md",
        &[("claims.duration", "~two hours and six minutes"), ("impact_start", "2016-01-28T00:23Z")],
    ),
    ("r18-intro-factor.md", &[("contributing_factors.#", "2"), ("file", "~least privilege")]),
    (
        "r20-front-matter.md",
        &[
            ("impact_start", "2022-11-18T15:40:00Z"),
            ("file", "~Example Ltd"),
            ("links.0.url", "https://example.com/postmortem"),
        ],
    ),
    (
        "r27-not-recognised.md",
        &[("title", "Shop launch failure"), ("impact_start", "2013-10-01T00:00:00Z")],
    ),
    (
        "r28-milestones-in-lines.md",
        &[
            ("impact_start", "2020-02-03T11:21Z"),
            ("detected_at", "2020-02-03T11:25Z"),
            ("identified_at", "2020-02-03T11:30Z"),
            ("mitigated_at", "2020-02-03T11:52Z"),
            ("resolved_at", "2020-02-03T13:30Z"),
        ],
    ),
    (
        "o01-zone-after-second.md",
        &[("impact_start", "2018-08-02T04:14Z"), ("impact_end", "2018-08-02T06:00Z")],
    ),
    (
        "o02-half-day-settled.md",
        &[("impact_start", "2017-05-03T10:00Z"), ("impact_end", "2017-05-03T19:55Z")],
    ),
    (
        "o02b-single-digit.md",
        &[("impact_start", "2021-10-13T08:18Z"), ("impact_end", "2021-10-13T12:25Z")],
    ),
    (
        "o04-began-ended.md",
        &[
            ("impact_start", "2019-05-16T23:00Z"),
            ("impact_end", "2019-05-17T00:39Z"),
            ("timeline.#", "2"),
            ("timeline.0.at", "2019-05-16T23:10Z"),
            ("claims.duration", "~99 minutes"),
        ],
    ),
    ("o05-est.md", &[("impact_start", "2020-01-30T19:12Z"), ("impact_end", "2020-01-31T00:10Z")]),
    (
        "o06-two-windows.md",
        &[
            ("impact.windows.#", "2"),
            ("impact.windows.0.end", "2019-04-19T15:20Z"),
            ("impact.windows.1.start", "2019-04-19T17:00Z"),
            ("impact_start", "2019-04-19T03:30Z"),
            ("impact_end", "2019-04-19T17:32Z"),
        ],
    ),
    (
        "o07-another-day.md",
        &[("impact_start", "2018-11-27T14:20Z"), ("impact_end", "2018-11-27T17:39Z")],
    ),
    (
        "o08-part-restored.md",
        &[("impact_start", "2012-06-30T20:10Z"), ("impact_end", "2012-07-01T01:05Z")],
    ),
    (
        "o10-midnight.md",
        &[
            ("impact_start", "2019-08-15T23:30Z"),
            ("impact_end", "2019-08-16T01:15Z"),
            ("output", "~midnight"),
        ],
    ),
    (
        "o10b-day-before-time.md",
        &[("impact_start", "2021-03-22T15:02Z"), ("impact_end", "2021-03-22T16:40Z")],
    ),
    ("o12-page#1.md", &[("title", "Disk outage"), ("impact_start", "2021-05-02T10:05Z")]),
    (
        "o13-degraded.md",
        &[("impact_start", "2021-06-04T10:00Z"), ("impact_end", "2021-06-04T10:40Z")],
    ),
];

/// One small write-up in three languages of markup.
const MARKUP: &[(&str, &str)] = &[
    ("title", "May 3rd outage"),
    ("timeline.#", "2"),
    ("timeline.0.at", "2024-05-03T10:00Z"),
    ("timeline.1.at", "2024-05-03T10:40Z"),
    ("action_items.#", "1"),
    ("summary", "!="),
];

/// What is not right yet: a file, and the places in it.
const GAPS: &[(&str, &str)] = &[];

/// An import of one file: what was printed, and the incident files.
struct Imported {
    output: String,
    files: Vec<String>,
    /// The contents of the first file.
    first: Option<Value>,
}

impl Imported {
    /// Imports a case.
    fn of(file: &str) -> Self {
        let world: World = workspace(&format!("documents/{file}"));
        let output = world.run(&["import", file]);
        let files = world.files().into_iter();
        let files =
            files.filter(|(name, _)| name.starts_with("incidents/") && name.ends_with(".yaml"));
        let files: Vec<String> =
            files.map(|(_, bytes)| String::from_utf8(bytes).expect("text")).collect();
        let first = files.first().map(|text| serde_yaml::from_str(text).expect("YAML"));
        Imported { output, files, first }
    }

    /// The text at a place; `None` where nothing is.
    fn at(&self, place: &str) -> Option<String> {
        match place {
            "incidents" => return Some(self.files.len().to_string()),
            "output" => return Some(self.output.clone()),
            _ => {}
        }
        if place == "file" {
            return self.files.first().cloned();
        }
        let mut value = self.first.as_ref()?;
        for step in place.split('.') {
            value = match step.parse::<usize>() {
                Ok(index) => value.get(index)?,
                Err(_) if step == "#" => {
                    return Some(value.as_sequence().map_or(0, Vec::len).to_string());
                }
                Err(_) if step.ends_with("_at") || step.starts_with("impact_") => {
                    let milestone = value.get("milestones")?.get(step)?;
                    milestone.get("at").unwrap_or(milestone)
                }
                Err(_) => value.get(step)?,
            };
        }
        Some(
            value
                .as_str()
                .map_or_else(|| serde_yaml::to_string(value).expect("YAML"), str::to_owned),
        )
    }

    fn is(&self, place: &str, expected: &str) -> bool {
        let found = self.at(place);
        match expected.split_at_checked(1) {
            Some(("~", part)) => found.is_some_and(|text| text.contains(part)),
            // Nothing is wrong in a file that is not there, and nothing right.
            Some(("!", part)) => {
                !self.files.is_empty() && !found.is_some_and(|text| text.contains(part))
            }
            Some(("-", "")) => !self.files.is_empty() && found.is_none(),
            _ => found.is_some_and(|text| text.trim_end() == expected),
        }
    }
}

fn is_gap(file: &str, place: &str) -> bool {
    GAPS.iter().any(|(gap, places)| *gap == file && places.split(' ').any(|other| other == place))
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn each_small_write_up_gives_its_stated_facts() {
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for (file, expected) in EXPECTED {
        let imported = Imported::of(file);
        for (place, value) in *expected {
            let (is_right, is_gap) = (imported.is(place, value), is_gap(file, place));
            all += 1;
            right += usize::from(is_right);
            // Two expectations of one place may be one gap: it closes when both are right.
            let others = || expected.iter().filter(|(other, _)| other == place);
            match is_gap {
                false if !is_right => {
                    let found = imported.at(place).filter(|text| text.len() < 200);
                    wrong.push(format!("{file}: {place} is {found:?}, not {value}"));
                }
                true if others().all(|(place, value)| imported.is(place, value)) => {
                    wrong.push(format!("{file}: {place} is no gap any more"));
                }
                _ => {}
            }
        }
    }
    eprintln!("{right} of {all} values are right in {} write-ups", EXPECTED.len());
    assert!(
        wrong.is_empty(),
        "{right} of {all} are right; {} differ from the list:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn document_with_several_incidents_gives_each_once() {
    let world = workspace("documents/f32-two.md");
    assert!(world.run(&["import", "f32-two.md"]).contains("2 created, 0 extended, 0 unchanged"));
    assert!(world.run(&["import", "f32-two.md"]).contains("0 created, 0 extended, 2 unchanged"));
    assert!(world.run(&["check"]).contains("0 errors"));
}
