//! The importer of documents, held to what a person read in them (`documents_facts.yaml`).

use std::collections::BTreeSet;

use posthoc::assemble::{Provenance, documents};
use posthoc::model::Incident;
use posthoc::model::milestone::MilestoneName;
use posthoc::model::time::{Moment, Precision};
use posthoc::model::zone::Zone;
use posthoc::sources::record::{DocumentRecord, Record, RowRecord, SectionName};
use posthoc::sources::writeups::Document;
use posthoc::sources::{Input, ReadOptions, Source};
use serde_yaml::Value;

use crate::writeups::documents::{documents as texts, table};

/// Invented documents, one for each shape.
pub const SEEDS: &[&str] = &[
    "---\ntitle: The queue stood still\nseverity: SEV2\n---\n\n# The queue stood still\n\n## Summary\n\nAn incident of 42 minutes.\n\n## Timeline\n\nAll times in UTC.\n\n| Time | Event |\n|---|---|\n| 2026-03-17 10:00 | Outage begins |\n| 2026-03-17 10:?? | Looked |\n| 2026-03-17 10:42 | Incident resolved |\n\n## Action Items\n\n- [ ] Alert on it (owner: responder-1, due 2026-04-01)\n",
    "The Example Blog\n\nOutage of the queue\n\nMarch 30, 2026\n\nWe had a brief (about 40 minutes) outage.\n\nTimeline\n\nAll on March 17th 2026, times in UTC.\n\n10:00 Outage begins\n\nThe queue stood still.\n\n10:42 - Full recovery\n\nAll was well.\n\nNext steps\n\nWe will alert on it.\n",
];

/// A document as the importer reads it. Where it names no zone, its clock is taken for UTC's, as
/// the table does.
struct Read {
    key: String,
    record: DocumentRecord,
    incident: Incident,
    warnings: Vec<String>,
}

fn read(key: &str, text: &str) -> Read {
    let zone = key.starts_with("moj/").then_some(Zone::UTC);
    let options = ReadOptions { zone, ..ReadOptions::default() };
    let read = Document.read(&Input::new(key, text), &options).expect("it can be read");
    let warnings = read.warnings.iter().map(|warning| warning.message.clone()).collect();
    let [Record::Document(record)] = &read.value[..] else { panic!("{key} is one document") };
    let record = (**record).clone();
    let incident =
        documents::incident(&record, documents::wanted_id(&record), &Provenance::default());
    Read { key: key.to_owned(), record, incident, warnings }
}

/// Every document with its facts.
fn all() -> Vec<(Read, Value)> {
    let table = table();
    let texts = texts();
    texts.iter().map(|(key, text)| (read(key, text), table[key.as_str()].clone())).collect()
}

/// What is wrong, all of it at once: a reader of the table wants to see the whole.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, is_right: bool, what: impl FnOnce() -> String) {
        if !is_right {
            self.0.push(what());
        }
    }

    fn finish(self) {
        assert!(self.0.is_empty(), "{} things are wrong:\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// A time of the table: an instant, one on the writer's clock, or a day.
fn moment(value: &str) -> Moment {
    let text = value.to_owned();
    text.parse()
        .or_else(|_| format!("{text}Z").parse())
        .unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// Whether two times are the same to the minute; a tilde of one is no difference.
fn same(one: Moment, other: Moment) -> bool {
    one.earliest() == other.earliest()
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn titles_days_and_kinds_are_recognised() {
    let all = all();
    let mut wrong = Wrong::default();
    for (read, facts) in &all {
        let (key, record) = (&read.key, &read.record);
        wrong.unless(text(&facts["title"]) == Some(record.title.as_str()), || {
            format!("{key}: title {}", record.title)
        });
        let kind = record.kind.as_str();
        wrong.unless(text(&facts["kind"]) == Some(kind), || format!("{key}: it is no {kind}"));
        // The day on the writer's clock.
        let first = record
            .rows
            .iter()
            .filter(|row| !is_day_of_malformed(row, facts))
            .filter_map(|row| row.at)
            .map(|at| {
                record.place.or(record.zone).unwrap_or(Zone::UTC).local(at.earliest()).date_naive()
            });
        let date = record.date.or(first.min()).map(|date| date.to_string());
        wrong.unless(text(&facts["date"]) == date.as_deref(), || {
            format!("{key}: date {date:?}, not {:?}", facts["date"])
        });
    }
    wrong.finish();
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn timelines_have_their_entries_and_times() {
    let all = all();
    let (mut wrong, mut lines) = (Wrong::default(), 0);
    for (read, facts) in all.iter().filter(|(_, facts)| facts["kind"] == "incident") {
        let (key, rows) = (&read.key, &read.record.rows);
        let count = |name: &str| facts[name].as_u64().unwrap_or_default() as usize;
        wrong.unless(rows.len() == count("entries"), || {
            format!("{key}: {} lines, not {}", rows.len(), count("entries"))
        });
        // Of a line without a clock time the day is known, and not when it was.
        let is_untimed = |row: &&RowRecord| row.at.is_none() || is_day_of_malformed(row, facts);
        let untimed = rows.iter().filter(is_untimed).count();
        wrong.unless(untimed == count("untimed"), || {
            format!("{key}: {untimed} lines without a time, not {}", count("untimed"))
        });
        let times = || rows.iter().filter(|row| !is_untimed(row)).filter_map(|row| row.at);
        for (name, at) in [("first", times().min()), ("last", times().max())] {
            let expected = text(&facts[name]).map(moment);
            let is_right = expected.is_none() && at.is_none()
                || expected.zip(at).is_some_and(|(a, b)| same(a, b));
            wrong.unless(is_right, || {
                format!("{key}: the {name} line is at {at:?}, not {expected:?}")
            });
        }
        for span in facts["spans"].as_sequence().into_iter().flatten() {
            let (start, end) =
                (moment(text(&span["start"]).unwrap()), moment(text(&span["end"]).unwrap()));
            let is_there = rows.iter().any(|row| row.at == Some(start) && row.end == Some(end));
            wrong.unless(is_there, || format!("{key}: no line runs from {start} to {end}"));
        }
        let events = read.record.milestones.len() + count("key_events_untimed");
        wrong.unless(events == count("key_events"), || {
            format!("{key}: {events} key events, not {}", count("key_events"))
        });
        lines += rows.len();
    }
    eprintln!("{lines} lines of {} documents are right", all.len());
    wrong.finish();
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn only_stated_milestones_are_set() {
    let all = all();
    let (mut wrong, mut right) = (Wrong::default(), 0);
    for (read, facts) in all.iter().filter(|(_, facts)| facts["kind"] == "incident") {
        let key = &read.key;
        for name in MilestoneName::ALL {
            let set = read.incident.milestones.at(*name);
            let stated = text(&facts["milestones"][name.as_str()]["at"]).map(moment);
            let may_be = may_be(facts, name.as_str());
            let is_right = match (set, stated) {
                (Some(set), Some(stated)) => {
                    same(set, stated) || may_be.iter().any(|other| same(*other, set))
                }
                (Some(set), None) => may_be.iter().any(|other| same(*other, set)),
                (None, Some(_)) => name.as_str() == "detected_at" && !may_be.is_empty(),
                (None, None) => true,
            };
            wrong
                .unless(is_right, || format!("{key}: {name} is {set:?}, and stated is {stated:?}"));
            right += usize::from(is_right && stated.is_some());
        }
    }
    eprintln!("{right} stated milestones are right");
    wrong.finish();
}

/// Whether a line has only its day, since its clock time is none.
fn is_day_of_malformed(row: &RowRecord, facts: &Value) -> bool {
    let mistakes = facts["mistakes"].as_sequence().into_iter().flatten();
    let values = mistakes
        .filter(|mistake| mistake["kind"] == "malformed_time" || mistake["kind"] == "placeholder")
        .flat_map(|mistake| mistake["values"].as_sequence().into_iter().flatten().filter_map(text));
    let is_day = row.at.is_some_and(|at| at.precision() == Precision::Day);
    is_day && values.into_iter().any(|value| row.text.contains(value))
}

/// The times that a reader may take for a milestone, or leave.
fn may_be(facts: &Value, name: &str) -> Vec<Moment> {
    let arguable = facts["arguable"].as_sequence().into_iter().flatten();
    let arguable =
        arguable.filter(|one| text(&one["field"]) == Some(name)).filter_map(|one| text(&one["at"]));
    arguable.chain(text(&facts["implied"][name])).map(moment).collect()
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn published_durations_are_claims_and_placeholders_are_not() {
    let all = all();
    let mut wrong = Wrong::default();
    for (read, facts) in &all {
        let claims = &read.record.claims;
        let named = [
            ("time_to_detection", &claims.ttd),
            ("time_to_recovery", &claims.duration),
            ("time_to_repair", &claims.repair),
            ("time_to_resolve", &claims.ttr),
        ];
        for (name, claim) in named {
            // A length of the impact is one of the incident too.
            let of_impact = text(&facts["claims"]["impact"]).filter(|_| name == "time_to_recovery");
            let expected = text(&facts["claims"][name]).or(of_impact);
            // A remark after the length stays with it.
            let is_right = match (expected, claim) {
                (Some(expected), Some(claim)) => claim.starts_with(expected),
                (None, None) => true,
                _ => false,
            };
            wrong.unless(is_right, || {
                format!("{}: {name} is {claim:?}, not {expected:?}", read.key)
            });
        }
    }
    wrong.finish();
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn sections_are_recognised_and_the_others_keep_their_titles() {
    let all = all();
    let mut wrong = Wrong::default();
    for (read, facts) in all.iter().filter(|(_, facts)| facts["kind"] == "incident") {
        let (key, record) = (&read.key, &read.record);
        let mut found: BTreeSet<String> =
            record.sections.iter().map(|(name, _)| name.to_string()).collect();
        if !record.rows.is_empty() {
            found.insert(SectionName::Timeline.to_string());
        }
        if !record.follow_ups.is_empty() {
            found.insert(SectionName::FollowUps.to_string());
        }
        let list = |name: &str| -> BTreeSet<String> {
            facts[name]
                .as_sequence()
                .into_iter()
                .flatten()
                .filter_map(|one| text(one).map(str::to_owned))
                .collect()
        };
        let mut expected = list("sections");
        // Of follow-ups without an item there is at most the text, under its own title.
        let texts: BTreeSet<String> =
            record.further.iter().map(|(title, _)| title.clone()).collect();
        if facts["follow_ups"]["items"] == 0 && record.follow_ups.is_empty() {
            expected.remove("follow_ups");
        }
        // A heading over an empty item has nothing to keep.
        if facts["lessons"] == 0 && !found.contains("lessons") {
            expected.remove("lessons");
        }
        wrong.unless(found == expected, || format!("{key}: sections {found:?}, not {expected:?}"));
        let ours = ["About the timeline", "Key events", "Review actions", "Action Items"];
        let others: BTreeSet<String> =
            texts.iter().filter(|title| !ours.contains(&title.as_str())).cloned().collect();
        wrong.unless(others == list("extra"), || {
            format!("{key}: further {others:?}, not {:?}", list("extra"))
        });
    }
    wrong.finish();
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn item_counts_match_a_manual_count() {
    let all = all();
    let mut wrong = Wrong::default();
    for (read, facts) in all.iter().filter(|(_, facts)| facts["kind"] == "incident") {
        let (key, incident) = (&read.key, &read.incident);
        let items = &incident.action_items;
        let tickets = items.iter().filter(|item| item.ticket.is_some()).count();
        let done = items.iter().filter(|item| !item.is_open()).count();
        let counts = [
            ("follow_ups", "items", items.len()),
            ("follow_ups", "tickets", tickets),
            ("follow_ups", "done", done),
        ];
        for (list, name, count) in counts {
            let expected = facts[list][name].as_u64().unwrap_or_default() as usize;
            let is_arguable = facts["arguable"]
                .as_sequence()
                .into_iter()
                .flatten()
                .any(|one| text(&one["field"]) == Some(&format!("{list}.{name}")));
            wrong.unless(count == expected || is_arguable, || {
                format!("{key}: {count} {list}.{name}, not {expected}")
            });
        }
        // What is written as prose is one text, and the table counts no item of it.
        for (name, list) in [
            ("factors", incident.contributing_factors.len()),
            ("lessons", incident.lessons.learned.len()),
        ] {
            let Some(expected) = facts[name].as_u64().filter(|expected| *expected > 0) else {
                continue;
            };
            wrong.unless(list as u64 == expected, || {
                format!("{key}: {list} {name}, not {expected}")
            });
        }
    }
    wrong.finish();
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn malformed_times_are_reported_and_stay_unknown() {
    let all = all();
    let mut wrong = Wrong::default();
    for (read, facts) in &all {
        let mistakes = facts["mistakes"].as_sequence().into_iter().flatten();
        for mistake in mistakes.filter(|mistake| mistake["kind"] == "malformed_time") {
            for value in mistake["values"].as_sequence().into_iter().flatten().filter_map(text) {
                let output = read.warnings.iter().any(|warning| warning.contains(value));
                wrong.unless(output, || format!("{}: nothing is said of `{value}`", read.key));
                let kept = read.record.rows.iter().any(|row| {
                    row.at.is_none_or(|at| at.precision() == Precision::Day)
                        && row.text.contains(value)
                });
                let event = read.record.further.iter().any(|(_, text)| text.contains(value));
                wrong.unless(kept || event, || format!("{}: `{value}` is lost", read.key));
            }
        }
    }
    wrong.finish();
}

type Words = std::collections::BTreeMap<String, usize>;

/// The words of texts with how often each is there. Figures are left out: a time is written anew.
fn words<'t>(texts: impl IntoIterator<Item = &'t str>) -> Words {
    let mut words = Words::new();
    let all = texts.into_iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    for word in all.filter(|word| word.chars().any(char::is_alphabetic)) {
        *words.entry(word.to_lowercase()).or_default() += 1;
    }
    words
}

/// Every text in a value.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Sequence(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Mapping(map) => map.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

/// What of a document says what the rest of it is, and is a key in the file: front matter,
/// headings, the heads of tables, bold labels, the names of milestones and an item that says there
/// is none.
fn structure(text: &str) -> Words {
    let front =
        if text.starts_with("---") { text.split("---").nth(1).unwrap_or_default() } else { "" };
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |at: usize| {
        lines.get(at + 1).is_some_and(|next| next.contains("---") && next.starts_with('|'))
    };
    let of_line = lines.iter().enumerate().map(|(at, line)| {
        let item = line.trim().trim_start_matches(['-', '*', ' ']);
        match () {
            () if line.starts_with('#') || is_head(at) || item == "N/A" => line,
            () if line.trim().starts_with("- **") => item.split("**").next().unwrap_or_default(),
            () if item.find("20").is_some_and(|year| year > 0 && year < 26) => {
                item.split("20").next().unwrap_or_default()
            }
            () => "",
        }
    });
    // The label of a link whose address is elsewhere is not part of the text.
    let labels = lines.iter().filter_map(|line| Some(line.strip_prefix('[')?.split_once("]: ")?.0));
    let uses = labels.flat_map(|label| {
        std::iter::repeat_n(label, 1 + text.matches(&format!("][{label}]")).count())
    });
    words(of_line.chain([front]).chain(["br"]).chain(uses))
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn no_word_of_a_document_is_lost() {
    let texts = texts();
    let (mut wrong, mut counted) = (Wrong::default(), 0);
    for (key, text) in &texts {
        let read = read(key, text);
        if read.record.kind.as_str() != "incident" {
            continue;
        }
        let mut out = Vec::new();
        strings(&serde_yaml::to_value(&read.incident).unwrap(), &mut out);
        let (words_in, out, structure) =
            (words([text.as_str()]), words(out.iter().map(String::as_str)), structure(text));
        let count = |words: &Words, word: &str| words.get(word).copied().unwrap_or_default();
        counted += words_in.values().sum::<usize>();
        let lost = words_in
            .iter()
            .filter(|(word, times)| count(&out, word) + count(&structure, word) < **times);
        let lost: Vec<&str> = lost.map(|(word, _)| word.as_str()).collect();
        wrong.unless(lost.is_empty(), || format!("{key}: {}", lost.join(" ")));
    }
    eprintln!("{counted} words are counted");
    wrong.finish();
}

/// The document as a page of a site: in HTML, among what a site puts around its articles.
fn web_page(text: &str) -> String {
    let body = if text.starts_with("---") {
        text.splitn(3, "---").nth(2).unwrap_or_default()
    } else {
        text
    };
    let options = pulldown_cmark::Options::ENABLE_TABLES;
    let mut article = String::new();
    pulldown_cmark::html::push_html(&mut article, pulldown_cmark::Parser::new_ext(body, options));
    format!(
        "<!DOCTYPE html><html><head><title>Site</title><style>p {{}}</style></head><body><nav><ul><li><a href=/>Home</a></li><li><a href=/b>Blog</a></li></ul></nav>\
         <div class=wrap><article>{article}</article></div><footer>Subscribe to our newsletter. <form><input type=email></form></footer><script>x()</script></body></html>"
    )
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn markdown_and_web_page_give_the_same_facts() {
    let texts = texts();
    let (mut wrong, mut compared) = (Wrong::default(), 0);
    for (key, text) in &texts {
        let markdown = read(key, text).record;
        if markdown.kind.as_str() != "incident" {
            continue;
        }
        let page = web_page(text);
        let (folder, _) = key.split_once('/').unwrap();
        let html = read(&format!("{folder}/page.html"), &page).record;
        let row = |row: &posthoc::sources::record::RowRecord| (row.at, row.end, row.states.clone());
        let titles = |record: &DocumentRecord| {
            record.further.iter().map(|(title, _)| title.clone()).collect::<Vec<_>>()
        };
        let names = |record: &DocumentRecord| {
            record.sections.iter().map(|(name, _)| *name).collect::<Vec<_>>()
        };
        let rows = |record: &DocumentRecord| record.rows.iter().map(row).collect::<Vec<_>>();
        wrong.unless(html.title == markdown.title, || format!("{key}: title {}", html.title));
        wrong.unless(rows(&html) == rows(&markdown), || format!("{key}: lines"));
        wrong.unless(html.stated().eq(markdown.stated()), || {
            format!("{key}: milestones {:?}", html.milestones)
        });
        wrong.unless(html.claims == markdown.claims, || format!("{key}: claims {:?}", html.claims));
        wrong.unless(titles(&html) == titles(&markdown), || {
            format!("{key}: further {:?}", titles(&html))
        });
        wrong.unless(names(&html) == names(&markdown), || {
            format!("{key}: sections {:?}", names(&html))
        });
        let count = (html.follow_ups.len(), markdown.follow_ups.len());
        wrong.unless(count.0 == count.1, || format!("{key}: follow-ups {count:?}"));
        compared += 1;
    }
    eprintln!("{compared} documents are the same as web pages");
    wrong.finish();
}

/// Times past midnight, spans, lines without a time, and what was meant as a time and is none.
#[test]
fn every_kind_of_line_is_read_or_reported() {
    let text = "# An outage\n\n## Timeline\n\nAll times in CET, on 17 March 2026.\n\n- 23:50 Alert fired\n- 00:10 Looked\n- 00:40 - 01:05 Restarted\n- 11.50 Odd\n\
                - 1600 Odd\n- 22025-03-18 10:00 Odd\n- Time TBC Wrote\n- No time at all\n- 02:00 Incident resolved\n";
    let read = read("any/outage.md", text);
    let output: Vec<String> = read
        .record
        .rows
        .iter()
        .map(|row| {
            let time = |at: Option<Moment>| at.map_or("-".to_owned(), |at| at.to_string());
            format!("{} {} {}", time(row.at), time(row.end), row.text)
        })
        .collect();
    assert_eq!(
        output,
        [
            "2026-03-17T22:50Z - Alert fired",
            "2026-03-17T23:10Z - Looked",
            "2026-03-17T23:40Z 2026-03-18T00:05Z Restarted",
            "- - 11.50 Odd",
            "- - 1600 Odd",
            "- - 22025-03-18 10:00 Odd",
            "- - Time TBC Wrote",
            "- - No time at all",
            "2026-03-18T01:00Z - Incident resolved",
        ]
    );
    let unread = ["11.50", "1600", "22025-03-18 10:00", "Time TBC"];
    let warnings: Vec<String> = unread
        .iter()
        .map(|written| format!("`{written}` cannot be read as a time; it is left unknown"))
        .collect();
    assert_eq!(read.warnings, warnings);
}

#[test]
fn front_matter_mistake_is_reported_and_text_between_rules_preserved() {
    let broken = read(
        "any/a.md",
        "---\ntitle: An outage\nseverity: [SEV1\n---\n\n# An outage\n\nIt broke.\n",
    );
    assert_eq!((broken.record.title.as_str(), &broken.record.severity), ("An outage", &None));
    let [output] = &broken.warnings[..] else { panic!("{:?}", broken.warnings) };
    assert!(output.contains("are not YAML") && output.ends_with("they were left out"), "{output}");
    let rules =
        read("any/b.md", "---\n\nAn incident, in short.\n\n---\n\n## Impact\n\nAll users.\n");
    assert_eq!(rules.warnings, [""; 0]);
    assert_eq!(rules.incident.summary.as_deref(), Some("An incident, in short."));
}
