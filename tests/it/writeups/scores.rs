//! Write-ups of many organisations, read and compared with tables that a person made (`facts/`).
//!
//! A table holds facts only. Of a file it has `day` (on the writer's clock), `zone` (as written),
//! `rows` (lines of the timelines), `first` and `last` (their earliest and latest time),
//! `follow_ups` (items), `milestones` (what the text states), `also` (what a reader may set or
//! leave), `sections` (keys that have a text) and `incidents`, where a file holds several. A key
//! that is absent is not compared.
//!
//! The numbers have floors, so that a change that loses something fails here, with the files and
//! fields.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use posthoc::assemble::{Provenance, documents};
use posthoc::model::Incident;
use posthoc::model::milestone::MilestoneName;
use posthoc::model::time::Moment;
use posthoc::model::zone::Zone;
use posthoc::sources::record::{DocumentKind, DocumentRecord, Record, SectionName};
use posthoc::sources::source::Verdict;
use posthoc::sources::writeups::Document;
use posthoc::sources::{Input, ReadOptions, Source};
use serde_yaml::Value;

use crate::support::world::shared;

/// Recall and precision that no change may fall below, in per cent.
const FLOORS: &[(&str, u32, u32)] = &[
    ("day", 95, 95),
    ("durations", 88, 100),
    ("first and last", 100, 100),
    ("follow_ups", 100, 100),
    ("incidents", 100, 100),
    ("milestones", 95, 100),
    ("rows", 100, 100),
    ("sections", 100, 100),
    ("zone", 100, 100),
];

/// A count of what is stated, what was found, and what of that is right.
#[derive(Default, Clone, Copy)]
struct Score {
    stated: usize,
    found: usize,
    right: usize,
}

impl Score {
    fn add(&mut self, stated: usize, found: usize, right: usize) {
        self.stated += stated;
        self.found += found;
        self.right += right;
    }

    fn recall(self) -> u32 {
        per_cent(self.right, self.stated)
    }

    fn precision(self) -> u32 {
        per_cent(self.right, self.found)
    }
}

fn per_cent(part: usize, whole: usize) -> u32 {
    (part * 100).checked_div(whole).map_or(100, |share| share as u32)
}

/// The scores by field, and every difference.
#[derive(Default)]
struct Scores {
    fields: BTreeMap<&'static str, Score>,
    differences: Vec<String>,
    files: usize,
}

impl Scores {
    fn add(&mut self, field: &'static str, stated: usize, found: usize, right: usize) {
        self.fields.entry(field).or_default().add(stated, found, right);
    }

    /// Compares one value with what is stated.
    fn value(
        &mut self,
        file: &str,
        field: &'static str,
        stated: Option<String>,
        found: Option<String>,
    ) {
        let is_right = stated.is_some() && stated == found;
        self.add(field, stated.is_some().into(), found.is_some().into(), is_right.into());
        if stated != found {
            self.differences.push(format!(
                "{file}: {field} is {}, not {}",
                shown(found),
                shown(stated)
            ));
        }
    }

    /// Compares the number of items with that which is stated.
    fn count(&mut self, file: &str, field: &'static str, stated: usize, found: usize) {
        self.add(field, stated, found, stated.min(found));
        if stated != found {
            self.differences.push(format!("{file}: {found} {field}, not {stated}"));
        }
    }
}

fn shown(value: Option<String>) -> String {
    value.unwrap_or_else(|| "unknown".to_owned())
}

/// The tables: the name of an organisation with what its files state.
fn tables() -> Vec<(String, Value)> {
    let folder = std::env::var_os("POSTHOC_FACTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/writeups/facts"),
        PathBuf::from,
    );
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").flatten().map(|file| file.path()).collect();
    paths.sort();
    let table = |path: &PathBuf| {
        let name = path.file_stem()?.to_str()?.to_owned();
        let text = std::fs::read_to_string(path).ok()?;
        Some((
            name,
            serde_yaml::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        ))
    };
    paths.iter().filter_map(table).collect()
}

/// The incidents that the program reads in a file; none where it refuses it.
fn read(path: &Path) -> Vec<(DocumentRecord, Incident)> {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let input = Input::new(
        name,
        std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    );
    if matches!(Document.sniff(&input), Verdict::No(_)) {
        return Vec::new();
    }
    let Ok(read) = Document.read(&input, &ReadOptions::default()) else { return Vec::new() };
    let record = |record| match record {
        Record::Document(record) if record.kind == DocumentKind::Incident && record.is_write_up => {
            Some(*record)
        }
        _ => None,
    };
    let with_incident = |record: DocumentRecord| {
        let incident =
            documents::incident(&record, documents::wanted_id(&record), &Provenance::default());
        (record, incident)
    };
    read.value.into_iter().filter_map(record).map(with_incident).collect()
}

fn moment(value: &Value) -> Moment {
    let text = value.as_str().expect("a time");
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_sequence().into_iter().flatten()
}

fn milestones(file: &str, facts: &Value, incident: Option<&Incident>, scores: &mut Scores) {
    for name in MilestoneName::ALL {
        let stated =
            Some(&facts["milestones"][name.as_str()]).filter(|value| value.is_string()).map(moment);
        let also: Vec<Moment> = list(&facts["also"], name.as_str()).map(moment).collect();
        let found = incident.and_then(|incident| incident.milestones.at(*name));
        let is = |one: Moment| found.is_some_and(|found| minute(found) == minute(one));
        // What may be left may be right as well: it counts for precision only.
        let is_allowed = stated.is_none() && also.iter().any(|one| is(*one));
        let is_right = stated.is_some_and(is)
            || is_allowed
            || stated.is_some() && also.iter().any(|one| is(*one));
        scores.add(
            "milestones",
            (stated.is_some() || is_allowed).into(),
            found.is_some().into(),
            is_right.into(),
        );
        if !is_right && (stated.is_some() || found.is_some()) {
            let [found, stated] = [found, stated].map(|at| shown(at.map(|at| at.to_string())));
            scores.differences.push(format!("{file}: {name} is {found}, not {stated}"));
        }
    }
    // A time to resolve or an impact needs both ends.
    let has = |name: &str| facts["milestones"][name].is_string();
    if has("impact_start") && (has("impact_end") || has("resolved_at")) {
        let is_known = incident.is_some_and(|incident| {
            let milestones = &incident.milestones;
            milestones.impact_start.is_some()
                && (milestones.impact_end.is_some() || milestones.resolved_at.is_some())
        });
        scores.add("durations", 1, is_known.into(), is_known.into());
    }
}

/// A time to the minute; what is only about is no difference.
fn minute(at: Moment) -> i64 {
    at.earliest().timestamp().div_euclid(60)
}

fn zone_of(record: &DocumentRecord, facts: &Value) -> (Option<String>, Option<String>) {
    let near = record.rows.iter().filter_map(|row| row.at).min().map(|at| at.earliest());
    let offset = |zone: Zone| near.map(|near| zone.local(near).offset().to_string());
    let stated = facts["zone"].as_str().and_then(|zone| {
        let place = if zone == "Eastern" { "America/New_York" } else { zone };
        let local = near?.naive_utc();
        posthoc::model::zone::imported(local, place, None).ok().map(|found| found.zone)
    });
    (stated.and_then(offset), record.zone.and_then(offset))
}

fn sections(file: &str, facts: &Value, record: Option<&DocumentRecord>, scores: &mut Scores) {
    let Some(record) = record else {
        scores.add("sections", list(facts, "sections").count(), 0, 0);
        return;
    };
    let has = |name: SectionName| {
        record.sections.iter().any(|(other, text)| *other == name && !text.is_empty())
    };
    let found: Vec<String> =
        SectionName::ALL.iter().filter(|name| has(**name)).map(ToString::to_string).collect();
    let found = |name: &str| {
        found.iter().any(|other| other == name)
            || name == "root_cause" && record.cause.is_some()
            || name == "went_well" && has(SectionName::WentWell)
    };
    for section in list(facts, "sections").filter_map(Value::as_str) {
        let is_right = found(section);
        scores.add("sections", 1, is_right.into(), is_right.into());
        if !is_right {
            scores.differences.push(format!("{file}: no {section}"));
        }
    }
}

fn file(file: &str, path: &Path, facts: &Value, scores: &mut Scores) {
    scores.files += 1;
    let incidents = read(path);
    if let Some(count) = facts["incidents"].as_u64() {
        scores.count(file, "incidents", count as usize, incidents.len());
        return;
    }
    let record = incidents.first().map(|(record, _)| record);
    let is_stated = facts["milestones"].is_mapping() || facts["sections"].is_sequence();
    if is_stated && record.is_none() {
        scores.differences.push(format!("{file}: refused"));
    }
    milestones(file, facts, incidents.first().map(|(_, incident)| incident), scores);
    sections(file, facts, record, scores);
    let count = |name: &str| facts[name].as_u64().map(|count| count as usize);
    if let Some(rows) = count("rows") {
        scores.count(file, "rows", rows, record.map_or(0, |record| record.rows.len()));
    }
    if let Some(items) = count("follow_ups") {
        scores.count(file, "follow_ups", items, record.map_or(0, |record| record.follow_ups.len()));
    }
    let times =
        || record.into_iter().flat_map(|record| record.rows.iter().filter_map(|row| row.at));
    for (name, at) in [("first", times().min()), ("last", times().max())] {
        if facts[name].is_string() {
            let stated = moment(&facts[name]);
            let at = at.map(|at| if minute(at) == minute(stated) { stated } else { at });
            scores.value(
                file,
                "first and last",
                Some(stated.to_string()),
                at.map(|at| at.to_string()),
            );
        }
    }
    if let Some(day) = facts["day"].as_str() {
        let found = record.and_then(|record| {
            let id = documents::wanted_id(record).to_string();
            id.get(..10).filter(|day| day.starts_with("20")).map(str::to_owned)
        });
        scores.value(file, "day", Some(day.to_owned()), found);
    }
    if facts["zone"].is_string() && count("rows").is_some_and(|rows| rows > 0) {
        let (stated, found) = record.map_or((None, None), |record| zone_of(record, facts));
        scores.value(file, "zone", stated.or(Some("stated".into())), found);
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn write_ups_of_many_organisations_match_manual_readings() {
    let corpus = shared("corpus/documents");
    let mut scores = Scores::default();
    let tables = tables();
    for (organisation, table) in &tables {
        for (name, facts) in table.as_mapping().into_iter().flatten() {
            let name = name.as_str().expect("the name of a file");
            let path = corpus.join(organisation).join(name);
            file(&format!("{organisation}/{name}"), &path, facts, &mut scores);
        }
    }
    for difference in &scores.differences {
        eprintln!("{difference}");
    }
    eprintln!("{} files of {} organisations", scores.files, tables.len());
    eprintln!(
        "{:<16}{:>8}{:>8}{:>8}{:>8}{:>11}",
        "field", "stated", "found", "right", "recall", "precision"
    );
    for (field, score) in &scores.fields {
        let Score { stated, found, right } = *score;
        eprintln!(
            "{field:<16}{stated:>8}{found:>8}{right:>8}{:>7}%{:>10}%",
            score.recall(),
            score.precision()
        );
    }
    for (field, recall, precision) in
        FLOORS.iter().filter(|_| std::env::var_os("POSTHOC_FACTS").is_none())
    {
        let score = scores.fields.get(field).copied().unwrap_or_default();
        assert!(
            score.recall() >= *recall && score.precision() >= *precision,
            "{field}: {} % recall, {} % precision; at least {recall} % and {precision} % were reached before",
            score.recall(),
            score.precision()
        );
    }
}
