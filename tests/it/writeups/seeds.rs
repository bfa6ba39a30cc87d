//! The write-ups that the project was founded on, held to what a correct reading of each yields.

use posthoc::analysis::config::Definitions;
use posthoc::analysis::duration_name::DurationName;
use posthoc::analysis::phases::durations;
use posthoc::assemble::{Provenance, documents};
use posthoc::model::Incident;
use posthoc::model::milestone::MilestoneName;
use posthoc::model::time::Moment;
use posthoc::sources::record::{DocumentRecord, Record};
use posthoc::sources::writeups::Document;
use posthoc::sources::{Input, ReadOptions, Source, detect};
use serde_yaml::Value;

use crate::support::world::{World, shared};

/// A seed as the importer reads it, and what is expected of it.
struct Seed {
    record: DocumentRecord,
    incident: Incident,
    expected: Value,
}

fn seed(number: &str) -> Seed {
    let folder = shared("seeds");
    let expected: Value =
        serde_yaml::from_str(&std::fs::read_to_string(folder.join("expected.yaml")).unwrap())
            .unwrap();
    let (key, expected) = expected
        .as_mapping()
        .and_then(|seeds| {
            seeds.iter().find(|(key, _)| key.as_str().is_some_and(|key| key.starts_with(number)))
        })
        .map(|(key, value)| (key.as_str().unwrap().to_owned(), value.clone()))
        .expect("the seed");
    let input = Input::new(key.as_str(), std::fs::read(folder.join(&key)).unwrap());
    assert_eq!(detect::choose(&input, None).unwrap().id(), "document");
    let read = Document.read(&input, &ReadOptions::default()).unwrap();
    let [Record::Document(record)] = &read.value[..] else { panic!("one document") };
    let incident =
        documents::incident(record, documents::wanted_id(record), &Provenance::default());
    Seed { record: (**record).clone(), incident, expected }
}

impl Seed {
    fn at(&self, name: MilestoneName) -> Option<Moment> {
        self.incident.milestones.at(name)
    }

    /// The names of sections that have something in them.
    fn sections(&self) -> Vec<&'static str> {
        let incident = &self.incident;
        let resolution =
            incident.resolution.as_ref().is_some_and(|resolution| resolution.permanent.is_some());
        [
            ("summary", incident.summary.is_some()),
            ("root_cause", !incident.root_causes.is_empty()),
            ("resolution", resolution),
            ("lessons", !incident.lessons.is_empty()),
            ("follow_ups", !incident.action_items.is_empty()),
        ]
        .into_iter()
        .filter(|(_, is_there)| *is_there)
        .map(|(name, _)| name)
        .collect()
    }

    fn duration(&self, name: DurationName) -> Result<String, String> {
        let all = durations(&self.incident, &Definitions::default(), None);
        let one = all.into_iter().find(|duration| duration.name == name).unwrap();
        one.value.map(|value| value.to_string()).map_err(|gap| gap.to_string())
    }

    fn expected_list(&self, key: &str) -> Vec<&str> {
        self.expected[key].as_sequence().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// What `check` finds, by rule.
    fn findings(&self) -> Vec<String> {
        let world = World::new();
        let yaml = serde_yaml::to_string(&self.incident).unwrap();
        world.write(&format!("incidents/{}.yaml", self.incident.id), &yaml);
        let output = world.run(&["check", "--format", "json"]);
        let json = output.split_once("── stdout\n").map_or(output.as_str(), |(_, out)| out);
        json.lines()
            .filter(|line| line.contains("\"rule\""))
            .map(|line| line.trim().to_owned())
            .collect()
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn weekly_report_without_clock_times_is_read() {
    let seed = seed("002");
    assert_eq!(seed.expected["title"].as_str(), Some(seed.incident.title.as_str()));
    assert_eq!(seed.incident.roles.authors, seed.expected_list("authors"));
    assert_eq!(
        seed.record.dated.unwrap().to_string(),
        seed.expected["reported_on"].as_str().unwrap()
    );
    assert!(
        seed.incident.timeline.is_empty() && seed.incident.milestones.is_empty(),
        "no time is invented"
    );
    assert_eq!(seed.record.date, None, "the day of the report is not that of the incident");
    for name in DurationName::ALL {
        assert!(seed.duration(*name).is_err(), "{name} is unknown");
    }
    assert_eq!(seed.sections(), seed.expected_list("sections"));
    let metrics: Value = serde_yaml::to_value(&seed.incident.metrics).unwrap();
    for (metric, expected) in metrics
        .as_sequence()
        .unwrap()
        .iter()
        .zip(seed.expected["metric_table"].as_sequence().unwrap())
    {
        for (key, value) in expected.as_mapping().unwrap() {
            // A figure may be written as a number.
            let shown = |value: &Value| {
                value.as_str().map_or_else(|| value.as_i64().unwrap().to_string(), str::to_owned)
            };
            assert_eq!(shown(&metric[key]), shown(value), "{}", shown(&metric["name"]));
        }
    }
    assert_eq!(seed.incident.metrics.len(), 4);
    assert!(
        seed.incident.action_items.len() as u64
            >= seed.expected["follow_ups_at_least"].as_u64().unwrap()
    );
    // Of the headings that stand twice both texts remain.
    let cause = &seed.incident.root_causes[0].text;
    assert!(
        cause.contains("The largest obstacle") && cause.contains("The biggest challenge"),
        "{cause}"
    );
    let plans = seed
        .incident
        .sections
        .iter()
        .filter(|section| section.title == "Plans for Next Week")
        .count();
    assert_eq!(plans, 2);
    let findings = seed.findings();
    let has = |rule: &str| findings.iter().any(|line| line.contains(rule));
    assert!(has("missing-milestones") && has("duplicate-sections"), "{findings:?}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn post_with_day_and_zone_stated_once_is_read() {
    let seed = seed("003");
    assert_eq!(seed.incident.title, "Database Outage - Post Mortem");
    assert_eq!(seed.record.site.as_deref(), Some("The Official MailPace Blog"));
    assert_eq!(
        seed.record.dated.unwrap().to_string(),
        seed.expected["published"].as_str().unwrap()
    );
    assert_eq!(seed.incident.time_zone.as_deref(), Some("Europe/London"));
    let expected = seed.expected["timeline"].as_sequence().unwrap();
    assert_eq!(seed.incident.timeline.len(), expected.len());
    for (entry, row) in seed.incident.timeline.iter().zip(expected) {
        let at: Moment = row["at"].as_str().unwrap().parse().unwrap();
        assert_eq!(entry.at.unwrap().earliest(), at.earliest(), "{}", entry.text);
        assert_eq!(
            entry.milestone.map(MilestoneName::as_str),
            row["milestone"].as_str(),
            "{}",
            entry.text
        );
    }
    for row in expected.iter().filter(|row| row["milestone"].is_string()) {
        let name: MilestoneName = row["milestone"].as_str().unwrap().parse().unwrap();
        let at: Moment = row["at"].as_str().unwrap().parse().unwrap();
        assert_eq!(seed.at(name).unwrap().earliest(), at.earliest(), "{name}");
    }
    assert_eq!(
        seed.incident.claims.duration.as_deref(),
        seed.expected["claimed"]["duration"].as_str()
    );
    assert_eq!(seed.duration(DurationName::Ttr).unwrap(), "2 h 14 min");
    assert_eq!(seed.duration(DurationName::Ttn).unwrap(), "4 min");
    assert_eq!(seed.sections(), seed.expected_list("sections"));
    let yaml = serde_yaml::to_string(&seed.incident).unwrap();
    assert_eq!(
        yaml.matches("```").count() as u64,
        2 * seed.expected["code_blocks"].as_u64().unwrap()
    );
    let findings = seed.findings();
    assert!(
        findings.iter().any(|line| line.contains("no-status-update")),
        "the pages never showed it: {findings:?}"
    );
    assert!(
        !findings.iter().any(|line| line.contains("claim-mismatch")),
        "2 h 14 min is just over 2 hours"
    );
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn post_without_am_pm_gives_intervals() {
    let seed = seed("004");
    let is = |name, from: &str, to: &str| {
        let at = seed.at(name).unwrap();
        let (from, to): (Moment, Moment) = (from.parse().unwrap(), to.parse().unwrap());
        assert_eq!((at.earliest(), at.latest()), (from.earliest(), to.earliest()), "{name}");
    };
    is(MilestoneName::ImpactStart, "2013-04-06T16:45Z", "2013-04-07T04:45Z");
    is(MilestoneName::ResolvedAt, "2013-04-08T09:45Z", "2013-04-08T21:45Z");
    assert_eq!(seed.duration(DurationName::Ttr).unwrap(), "~29–53 h");
    assert_eq!(seed.incident.services, seed.expected_list("affected"));
    assert_eq!(seed.incident.impact.not_affected, seed.expected_list("not_affected"));
    assert!(seed.incident.impact.windows.is_empty(), "the span is not downtime");
    assert_eq!(seed.sections(), seed.expected_list("sections"));
    let yaml = serde_yaml::to_string(&seed.incident).unwrap();
    for word in seed.expected_list("root_cause_mentions") {
        let whole = &seed.incident.root_causes[0].text;
        assert!(whole.contains(word), "{word}: {whole}");
    }
    for words in [
        "Adam Rich",
        "SevenofNine",
        "Leave a Comment",
        "Akismet",
        "updating the status page in the future",
    ] {
        assert!(!yaml.contains(words), "{words} is no content");
    }
    let findings = seed.findings();
    assert!(findings.iter().any(|line| line.contains("ambiguous-span")), "{findings:?}");
}

/// All five in one call, among the notes that stand beside them.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn seed_folder_is_imported_in_one_call() {
    let folder = shared("seeds");
    let world = World::new();
    let folder = folder.display().to_string();
    let output = world.run(&["import", &folder, "--json"]);
    assert_eq!(output.matches("\"action\": \"created\"").count(), 5, "{output}");
    assert_eq!(
        world.run(&["import", &folder, "--json"]).matches("\"action\": \"unchanged\"").count(),
        5
    );
    let checked = world.run(&["check"]);
    assert!(checked.contains("5 files: 0 errors"), "{checked}");
    let rendered = world.run(&["render", "--to", "md,html,pdf", "--out", "out"]);
    assert!(rendered.contains("exit 0"), "{rendered}");
}
