//! The worked examples under `incidents/` against the documents that they retell.
//!
//! Facts and figures must be the documents' own; sentences must not be. The documents are other
//! people's and outside of the repository.

use std::collections::BTreeSet;
use std::path::Path;

use posthoc::analysis::config::Definitions;
use posthoc::analysis::impact::summarize;
use posthoc::analysis::rules;
use posthoc::model::Incident;
use posthoc::model::elapsed::Elapsed;
use posthoc::model::impact::Level;
use posthoc::model::milestone::MilestoneName;
use posthoc::model::time::Moment;
use posthoc::model::timeline::State;
use posthoc::model::word_enums::Figure;
use posthoc::model::zone::{Zone, with_home};
use serde_yaml::Value;

use crate::support::world::{World, shared};

/// Which example retells which document.
const EXAMPLES: [(&str, &str); 5] = [
    ("2026-03-17-ingestion-backlog", "000_600e1a499178b1de.txt"),
    ("2025-07-04-migration-held-its-locks", "001_38e6b9a8bbba796f.txt"),
    ("postgresql-connection-leak", "002_7f70b3932754118d.txt"),
    ("2023-08-11-database-out-of-space", "003_7abda745a47390b7.txt"),
    ("2013-04-06-intermittent-api-timeouts", "004_e7ca9546b873ebbe.txt"),
];

/// The example that `examples/evidence/` and the README's command give.
const FROM_EVIDENCE: &str = "2026-02-12-checkout-timeouts";

/// From how many words in a row two texts count as one copied from the other. Names and technical
/// terms reach six.
const COPIED_WORDS: usize = 7;

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn example_text(id: &str) -> String {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("incidents").join(format!("{id}.yaml")))
}

/// Reads an example as the program does: its own zone bounds its days.
fn example(id: &str) -> Incident {
    let text = example_text(id);
    let raw: Value = serde_yaml::from_str(&text).unwrap();
    let home: Option<Zone> = raw["time_zone"].as_str().map(|name| name.parse().unwrap());
    with_home(home, || serde_yaml::from_str(&text)).unwrap_or_else(|error| panic!("{id}: {error}"))
}

/// Runs `check` on each example with its document's expected facts, and says for how many it did
/// something, so that a renamed key cannot turn a test into nothing.
fn with_expected(check: impl Fn(&Incident, &Value) -> bool) -> usize {
    let expected: Value =
        serde_yaml::from_str(&read(&shared("seeds").join("expected.yaml"))).unwrap();
    EXAMPLES.iter().filter(|(id, document)| check(&example(id), &expected[*document])).count()
}

fn moment(value: &Value) -> Moment {
    value.as_str().unwrap_or_else(|| panic!("{value:?} is not a text")).parse().unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_sequence().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_str).collect()
}

/// The two ends of `2013-04-06, 9:45 local, am or pm not said: 16:45Z or 2013-04-07T04:45Z`.
fn readings(text: &str) -> (Moment, Moment) {
    let (_, both) = text.rsplit_once(": ").unwrap();
    let (first, second) = both.split_once(" or ").unwrap();
    let dated = |reading: &str| match reading.contains('T') {
        true => reading.parse().unwrap(),
        false => format!("{}T{reading}", &text[..10]).parse().unwrap(),
    };
    (dated(first), dated(second))
}

#[test]
fn every_example_is_listed_with_its_purpose() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("incidents");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let ids = EXAMPLES.map(|(id, _)| id).into_iter().chain([FROM_EVIDENCE]);
    assert_eq!(files, ids.clone().map(|id| format!("{id}.yaml")).collect());
    for id in ids {
        assert!(example_text(id).starts_with("# Shows: "), "{id}");
        assert_eq!(example(id).id.as_str(), id);
    }
}

#[test]
fn every_reference_inside_an_example_resolves() {
    for (id, _) in EXAMPLES {
        let incident = example(id);
        let causes: BTreeSet<_> = incident
            .root_causes
            .iter()
            .chain(&incident.contributing_factors)
            .map(|cause| cause.id.clone())
            .collect();
        for target in incident.action_items.iter().flat_map(|item| &item.addresses) {
            assert!(causes.contains(&Some(target.clone())), "{id}: {target}");
        }
        let records: BTreeSet<_> =
            incident.timeline.iter().map(|entry| entry.source.clone().unwrap()).collect();
        assert_eq!(
            records.len(),
            incident.timeline.len(),
            "{id}: each line has a record of its own"
        );
        for source in
            records.iter().chain(incident.milestones.known().filter_map(|(_, m)| m.source.as_ref()))
        {
            assert!(incident.sources.contains_key(&source.source), "{id}: {source}");
            assert!(records.contains(source), "{id}: {source}");
        }
        for (name, entry) in
            incident.timeline.iter().filter_map(|entry| Some((entry.milestone?, entry)))
        {
            assert_eq!(entry.at, incident.milestones.at(name), "{id}: {name}");
        }
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn timelines_match_the_documents() {
    let checked = with_expected(|incident, expected| {
        let Some(rows) = expected["timeline"].as_sequence() else { return false };
        assert_eq!(incident.timeline.len(), rows.len(), "{}", incident.id.as_str());
        for (entry, row) in incident.timeline.iter().zip(rows) {
            let at = entry.at.unwrap();
            assert_eq!(
                (at.earliest(), at.latest()),
                (moment(&row["at"]).earliest(), moment(&row["at"]).latest())
            );
            assert_eq!(entry.state.map(State::as_str), row["state"].as_str());
            if let Some(name) = row["milestone"].as_str() {
                assert_eq!(entry.milestone.map(MilestoneName::as_str), Some(name));
            }
        }
        true
    });
    assert_eq!(checked, 4);
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn milestones_match_the_documents_and_unknown_stays_unknown() {
    let checked = with_expected(|incident, expected| {
        let id = incident.id.as_str();
        if expected["milestones"].as_str() == Some("all null") {
            assert!(incident.milestones.is_empty(), "{id}");
            return true;
        }
        let Some(milestones) = expected["milestones"].as_mapping() else { return false };
        for (name, value) in milestones {
            let name: MilestoneName = name.as_str().unwrap().parse().unwrap();
            let found = incident.milestones.at(name);
            match value.as_str() {
                None => assert_eq!(found, None, "{id}: {name}"),
                Some(text) if text.contains(" or ") => {
                    let (first, second) = readings(text);
                    let found = found.unwrap();
                    assert_eq!(
                        (found.earliest(), found.latest()),
                        (first.earliest(), second.latest()),
                        "{id}: {name}"
                    );
                }
                Some(_) => {
                    let (found, expected) = (found.unwrap(), moment(value));
                    assert_eq!(found.earliest(), expected.earliest(), "{id}: {name}");
                    assert_eq!(found.is_about(), expected.is_about(), "{id}: {name}");
                }
            }
        }
        true
    });
    assert_eq!(checked, 4);
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn impact_claims_authors_and_titles_match_the_documents() {
    let checked = with_expected(|incident, expected| {
        let id = incident.id.as_str();
        assert_eq!(
            incident.claims.duration.as_deref(),
            expected["claimed"]["duration"].as_str(),
            "{id}"
        );
        if let Some(title) = expected["title"].as_str() {
            assert_eq!(incident.title, title);
            assert_eq!(incident.roles.authors, texts(&expected["authors"]));
            assert!(
                incident.sources["S1"]
                    .title
                    .as_ref()
                    .unwrap()
                    .contains(expected["reported_on"].as_str().unwrap())
            );
        }
        if let Some(windows) = expected["impact_windows"].as_sequence() {
            assert_eq!(incident.impact.windows.len(), windows.len());
            for (window, row) in incident.impact.windows.iter().zip(windows) {
                assert_eq!(window.start.earliest(), moment(&row["start"]).earliest());
                assert_eq!(window.end.map(Moment::earliest), Some(moment(&row["end"]).earliest()));
                assert_eq!(window.level.map(Level::as_str), row["level"].as_str());
            }
        }
        assert_eq!(incident.impact.not_affected, texts(&expected["not_affected"]), "{id}");
        if expected["affected"].is_sequence() {
            assert_eq!(incident.impact.components[""], texts(&expected["affected"]), "{id}");
            assert!(incident.impact.windows.is_empty(), "{id}: elapsed time is not downtime");
        }
        expected.is_mapping()
    });
    assert_eq!(checked, EXAMPLES.len());
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn components_and_metric_tables_match_the_documents() {
    let checked = with_expected(|incident, expected| {
        if let Some(groups) = expected["components"].as_mapping() {
            let found: Vec<_> = incident
                .impact
                .components
                .iter()
                .map(|(group, names)| (group.as_str(), names))
                .collect();
            let wanted: Vec<_> = groups
                .iter()
                .map(|(group, names)| (group.as_str().unwrap(), texts(names)))
                .collect();
            assert_eq!(found.len(), wanted.len());
            assert!(found.iter().zip(&wanted).all(|(a, b)| a.0 == b.0 && a.1 == &b.1), "{found:?}");
        }
        if let Some(rows) = expected["metric_table"].as_sequence() {
            assert_eq!(incident.metrics.len(), rows.len());
            for (metric, row) in incident.metrics.iter().zip(rows) {
                assert_eq!(Some(metric.name.as_str()), row["name"].as_str());
                assert_eq!(metric.unit.as_deref(), row["unit"].as_str());
                let figure = |name: &str| serde_yaml::from_value::<Figure>(row[name].clone()).ok();
                assert_eq!(
                    [&metric.before, &metric.during, &metric.after].map(Clone::clone),
                    [figure("before"), figure("during"), figure("after"),]
                );
            }
        }
        expected["components"].is_mapping() || expected["metric_table"].is_sequence()
    });
    assert_eq!(checked, 2);
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn every_section_of_the_documents_is_written() {
    let checked = with_expected(|incident, expected| {
        let id = incident.id.as_str();
        for section in texts(&expected["sections"]) {
            let written = match section {
                "summary" => incident.summary.is_some(),
                "root_cause" => !incident.root_causes.is_empty(),
                "resolution" => incident.resolution.is_some(),
                "lessons" => !incident.lessons.is_empty(),
                "follow_ups" => !incident.action_items.is_empty(),
                other => panic!("a section of another name: {other}"),
            };
            assert!(written, "{id}: {section}");
        }
        let causes = serde_yaml::to_string(&incident.root_causes).unwrap();
        for word in texts(&expected["root_cause_mentions"]) {
            assert!(causes.contains(word), "{id}: {word}");
        }
        let all = serde_yaml::to_string(incident).unwrap();
        let code_blocks = expected["code_blocks"].as_u64().unwrap_or(0);
        assert!(all.matches("```").count() as u64 / 2 >= code_blocks, "{id}");
        let least = expected["follow_ups_at_least"].as_u64().unwrap_or(1);
        assert!(incident.action_items.len() as u64 >= least, "{id}");
        assert!(
            incident.action_items.iter().all(|item| item.owner.is_none() && item.due.is_none()),
            "{id}"
        );
        if let Some(items) = expected["resolution_items"].as_u64() {
            let resolution = incident.resolution.as_ref().unwrap();
            let both = format!(
                "{}{}",
                resolution.temporary.as_ref().unwrap(),
                resolution.permanent.as_ref().unwrap()
            );
            assert_eq!(
                both.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).count()
                    as u64,
                items
            );
        }
        true
    });
    assert_eq!(checked, EXAMPLES.len());
}

#[test]
fn durations_are_consistent_with_the_documents() {
    let between = |id: &str, from, to| {
        let milestones = example(id).milestones;
        Elapsed::between(milestones.at(from).unwrap(), milestones.at(to).unwrap()).to_string()
    };
    use MilestoneName::{FirstNoticeAt, ImpactEnd, ImpactStart, ResolvedAt};
    let [datacake, proto, _, mailpace, ironworker] = EXAMPLES.map(|(id, _)| id);
    assert_eq!(between(datacake, FirstNoticeAt, ResolvedAt), "5 h 16 min 27 s");
    assert_eq!(between(proto, ImpactStart, FirstNoticeAt), "~9 min");
    assert_eq!(between(proto, ImpactStart, ResolvedAt), "~40 min");
    assert_eq!(between(proto, ImpactStart, ImpactEnd), "~20 min");
    assert_eq!(between(mailpace, ImpactStart, ResolvedAt), "2 h 14 min");
    assert_eq!(between(mailpace, ImpactStart, FirstNoticeAt), "4 min");
    assert_eq!(between(ironworker, ImpactStart, ResolvedAt), "~29–53 h");
}

/// Where a finding of a document is reported.
#[derive(Clone, Copy)]
enum ReportedIn {
    /// By this rule, in these words, so often.
    By(&'static str, &'static str, usize),
    /// In the record's own text: no rule can know of it, since it is no fact of the model.
    InText(&'static str),
}
use ReportedIn::{By, InText};

/// Words of each finding, and where it is reported.
const FINDINGS: [(&str, ReportedIn); 7] = [
    ("the header says", InText("puts the word *resolved* beside 14:14 UTC")),
    (
        "operating normally, 17 minutes before",
        By("normal-before-resolved", "all is normal again, 17 min before", 1),
    ),
    (
        "9 minutes before the first public notice",
        By("late-first-notice", "~9 min before the first public notice", 1),
    ),
    ("no milestone is known", By("missing-milestones", "no milestone is known", 1)),
    ("(and three others) appears twice", By("duplicate-sections", "appears twice", 4)),
    ("status pages never showed", By("no-status-update", "the page never showed the incident", 1)),
    ("ambiguous by twelve hours", By("ambiguous-span", "a single figure must not be printed", 1)),
];

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn every_contradiction_in_the_documents_is_found() {
    let checked = with_expected(|incident, expected| {
        let id = incident.id.as_str();
        let found =
            rules::check(&rules::Context::new(incident, &Definitions::default(), &[], None));
        for finding in expected["findings"].as_sequence().unwrap() {
            let finding = serde_yaml::to_string(finding).unwrap();
            let known = FINDINGS.iter().find(|(words, _)| finding.contains(words));
            match known.unwrap_or_else(|| panic!("{id}: {finding} is of no known kind")).1 {
                By(rule, words, count) => {
                    let output = found
                        .iter()
                        .filter(|found| found.rule == rule && found.message.contains(words));
                    assert_eq!(output.count(), count, "{id}: {finding}");
                }
                InText(words) => assert!(example_text(id).contains(words), "{id}: {finding}"),
            }
        }
        true
    });
    assert_eq!(checked, EXAMPLES.len());
}

#[test]
fn impact_per_component_matches_the_text() {
    // Login came back with the read-only database, 25 minutes before sending did.
    let summary = summarize(&example("2023-08-11-database-out-of-space"), None);
    let lengths: Vec<String> =
        summary.by_component.iter().map(|(name, length)| format!("{name} {length}")).collect();
    assert_eq!(lengths, ["sending 2 h 14 min", "login 1 h 49 min"]);
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace('’', "'")
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The texts inside a value, each for itself: a list of names is not a sentence.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Sequence(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Mapping(map) => map.values().for_each(|item| strings(item, found)),
        Value::Tagged(tagged) => strings(&tagged.value, found),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every run of [`COPIED_WORDS`] words of a text.
fn runs(text: &str) -> BTreeSet<String> {
    words(text).windows(COPIED_WORDS).map(|run| run.join(" ")).collect()
}

#[test]
fn copy_detection_finds_a_copy() {
    let document =
        runs("We’re on it. The cache was cleared by hand, then restarted twice; all is well.");
    let copied = runs("then the cache was cleared by hand then restarted once");
    assert_eq!(copied.intersection(&document).count(), 2);
    assert!(runs("by hand the cache was cleared, and it was restarted").is_disjoint(&document));
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn examples_copy_no_sentence_of_a_document() {
    let folder = shared("seeds");
    let documents: BTreeSet<String> =
        EXAMPLES.iter().flat_map(|(_, document)| runs(&read(&folder.join(document)))).collect();
    for (id, _) in EXAMPLES {
        let text = example_text(id);
        let mut ours = Vec::new();
        strings(&serde_yaml::from_str(&text).unwrap(), &mut ours);
        ours.extend(text.lines().filter_map(|line| Some(line.split_once('#')?.1.to_owned())));
        let copied: Vec<String> =
            ours.iter().flat_map(|text| runs(text)).filter(|run| documents.contains(run)).collect();
        assert!(copied.is_empty(), "{id}: {copied:?}");
    }
}

/// The inputs of [`FROM_EVIDENCE`].
const INPUTS: [&str; 4] =
    ["alerts.json", "incident-channel.json", "checkout-errors.csv", "deploys.csv"];

#[test]
fn example_from_evidence_is_what_its_inputs_give() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let inputs = root.join("examples/evidence");
    let world = World::new();
    let file = format!("incidents/{FROM_EVIDENCE}.yaml");
    world.write(&file, read(&inputs.join(format!("{FROM_EVIDENCE}.yaml"))));
    let paths = INPUTS.map(|name| inputs.join(name).display().to_string());
    let mut arguments = vec!["import"];
    arguments.extend(paths.iter().map(String::as_str));
    arguments.extend(["--into", FROM_EVIDENCE]);
    world.run(&arguments);
    assert_eq!(world.read(&file), example_text(FROM_EVIDENCE));
    for number in 1..=INPUTS.len() {
        let stored = format!("evidence/{FROM_EVIDENCE}");
        let name = std::fs::read_dir(root.join(&stored)).unwrap().find_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.starts_with(&format!("S{number}.")).then_some(name)
        });
        let path = format!("{stored}/{}", name.unwrap());
        assert_eq!(world.read(&path), read(&root.join(&path)), "{path}");
    }
}

#[test]
fn entries_of_several_inputs_are_one_story_with_milestones() {
    let incident = example(FROM_EVIDENCE);
    let times: Vec<_> = incident.timeline.iter().map(|entry| entry.at.unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let sources: BTreeSet<_> =
        incident.timeline.iter().map(|entry| &entry.source.as_ref().unwrap().source).collect();
    assert_eq!(sources.len(), INPUTS.len());
    let milestones: Vec<String> = incident
        .milestones
        .known()
        .map(|(name, milestone)| {
            let source = &milestone.source.as_ref().unwrap().source;
            format!("{name} {} {source}", milestone.at)
        })
        .collect();
    insta::assert_snapshot!(milestones.join("\n"), @"
    impact_start 2026-02-12T13:01:00Z..2026-02-12T13:02:00Z S3
    detected_at 2026-02-12T13:07:30Z S1
    acknowledged_at 2026-02-12T13:09:10Z S2
    mitigated_at 2026-02-12T13:41:30Z S1
    impact_end 2026-02-12T13:37:00Z..2026-02-12T13:38:00Z S3
    resolved_at 2026-02-12T13:59:30Z S2
    ");
}
