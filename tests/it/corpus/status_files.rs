//! Incidents as files, and the logs of monitors, on real captures, counted independently.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use posthoc::model::time::Moment;
use posthoc::model::zone::Zone;
use posthoc::sources::record::{IncidentRecord, Record};
use posthoc::sources::{ReadOptions, Verdict, by_id, detect};

use super::sources::{captures, load};

/// Small files of each kind, as seeds for nonsense.
pub const SEEDS: &[&str] = &[
    // Home-made
    r#"{"incidents":[{"id":"a","title":"Slow","severity":"major","startedAt":"2026-03-01T10:00:00Z","endedAt":null,"updates":[{"at":"2026-03-01T10:05:00Z","status":"open","text":"x"}]}]}"#,
    // cState
    "---\ntitle: \"a: b\"\ndate: 2026-01-01T9:15:00-00:00\nresolved: true\nresolvedWhen: 2026-01-01T11:00:00Z\naffected:\n  - API\nseverity: down\nsection: issue\n---\n*Postmortem*\n\nWhy.\n\n---\n\n*Risolto* - x {{< track \"2026-01-01 10:30:00\" >}}\n\n*Investigating | 01/01 10:00am Central* - y\n\n[Update - 2026-01-01 10h00 UTC]\nz",
    // Netlify StatusKit
    "+++\ntitle = \"t\"\ndate = 2026-02-10T20:10:01.000Z\nseverity = \"partial-outage\"\naffectedsystems = [\n  \"a\"\n]\nresolved = true\n+++\n\nx\n\n**Resolved**: y {{< track \"2026-02-10T22:10:00.000Z\" >}}",
    // Upptime
    "aaaaaaa1\t2026-01-01T10:00:00Z\t🟩 API is up (200 in 90 ms) [skip ci] [upptime]\naaaaaaa2\t2026-01-01T10:10:00Z\t🟨 API is degraded (200 in 9000 ms) [skip ci] [upptime]\naaaaaaa3\t2026-01-01T10:15:00Z\t🟩 API is up (0 in 0 ms) [skip ci] [upptime]\n",
    "url: https://api.example.com/health\nstatus: down\ncode: 504\nresponseTime: 10378\nlastUpdated: 2026-01-01T15:36:58.518Z\nstartTime: 2025-08-17T15:10:44.158Z\ngenerator: Upptime <https://github.com/upptime/upptime>\n",
    // Statusfy
    "---\nid: 382ee1ab\ntitle: t\ndescription: d\ndate: 2026-01-28T18:28:48.878Z\nseverity: under-maintenance\naffectedsystems:\n  - api\nscheduled: 2026-02-01T10:00:00Z\nduration: 90\nresolved: true\n---\nx\n\n::: update Resolved | 2026-01-28T23:58:48.878Z\ny\n:::\n",
];

/// Reads a capture in a zone, by the one reader that claims it.
fn read_in(zone: Option<Zone>, path: &Path, format: &str) -> (Vec<IncidentRecord>, Vec<String>) {
    let input = load(path);
    assert_eq!(
        detect::choose(&input, None).map(|source| source.id()),
        Ok(format),
        "{}",
        path.display()
    );
    let source = by_id(format).unwrap();
    let read = source
        .read(&input, &ReadOptions { zone, ..ReadOptions::default() })
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let incident = |record| match record {
        Record::Incident(incident) => incident,
        other => panic!("not an incident: {other:?}"),
    };
    let warnings = read.warnings.iter().map(ToString::to_string).collect();
    (read.value.into_iter().map(incident).collect(), warnings)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The words of a text, without what Markdown or a shortcode is made of.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The text of a line of a file, without its shortcodes and without the parts that are not text in
/// a post: its state and its stamp.
fn sentence(line: &str) -> String {
    let mut line = line.trim().to_owned();
    while let (Some(start), Some(end)) = (line.find("{{<"), line.find(">}}")) {
        line.replace_range(start..end + 3, "");
    }
    let heading =
        ["* -", "*:"].into_iter().filter_map(|end| Some(line.find(end)? + end.len())).min();
    let output = heading.filter(|_| line.starts_with('*')).map_or(line.as_str(), |at| &line[at..]);
    if matches!(line.as_str(), "*Postmortem*" | "---")
        || ["<!--", "[Update - "].iter().any(|start| line.starts_with(start))
    {
        String::new()
    } else {
        words(output)
    }
}

fn parts(text: &str) -> (&str, &str) {
    let fence = &text[..3];
    let end = text[3..].find(&format!("\n{fence}\n")).unwrap() + 3;
    (&text[..end], &text[end + 5..])
}

/// The seconds since 1970 of the value of a setting, read as UTC by another parser.
fn seconds(head: &str, key: &str) -> Option<i64> {
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix([':', '=']))?;
    let text = line.trim().replace(' ', "T").replace("-00:00", "Z");
    let text = text.trim_end_matches('Z').split('.').next().unwrap().to_owned();
    Some(
        chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S")
            .unwrap()
            .and_utc()
            .timestamp(),
    )
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn incident_files_are_read_without_losing_a_sentence() {
    println!("{:58} {:>7} {:>7} {:>8}", "file", "updates", "stamped", "warnings");
    for (folder, format) in
        [("status/cstate", "cstate"), ("status/netlify-statuskit", "netlify-statuskit")]
    {
        for path in captures(folder, &[".md"]) {
            let text = std::fs::read_to_string(&path).unwrap();
            let (head, body) = parts(&text);
            let (records, warnings) = read_in(Some(Zone::UTC), &path, format);
            let [record] = &records[..] else { panic!("{}: {records:?}", path.display()) };
            let headings =
                body.lines().filter(|line| line.starts_with('*') && line.contains(" | ")).count()
                    + body.lines().filter(|line| line.starts_with("[Update - ")).count();
            let stamps = body.matches("{{< track").count() + headings;
            println!(
                "{:58} {:>7} {stamps:>7} {:>8}",
                name(&path),
                record.updates.len(),
                warnings.len()
            );
            for warning in &warnings {
                println!("    {warning}");
            }
            let date = seconds(head, "date").unwrap();
            // What has no stamp is one text; a write-up has no time.
            let loose = record.updates.len().checked_sub(stamps);
            assert!(loose.is_some_and(|loose| loose <= 1), "{}: {loose:?}", path.display());
            let started = record.impact_start.or(record.announced).unwrap().earliest().timestamp();
            assert_eq!(started, date, "{}", path.display());
            let resolved = seconds(head, "resolvedWhen").filter(|resolved| *resolved >= date);
            assert_eq!(
                record.impact_end.map(|at| at.earliest().timestamp()),
                resolved,
                "{}",
                path.display()
            );
            for line in body.lines().map(sentence) {
                let is_there = has_words(record, &line);
                assert!(is_there, "{}: `{line}` is lost in {:#?}", path.display(), record.updates);
            }
        }
    }
}

/// Whether a post of the record, with a time or without, has that line.
fn has_words(record: &IncidentRecord, line: &str) -> bool {
    let timed = record.updates.iter().map(|update| &update.text);
    timed.chain(record.untimed.iter().map(|post| &post.text)).any(|text| words(text).contains(line))
}

/// Without a zone, the text is imported, or an error says what to do.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn incident_files_without_a_zone_lose_no_text() {
    for path in captures("status/cstate", &[".md"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let (head, body) = parts(&text);
        let is_naive = head.lines().any(|line| {
            line.starts_with("date: ") && line.trim().len() == "date: 2026-01-01 00:00:00".len()
        });
        if is_naive {
            let error =
                by_id("cstate").unwrap().read(&load(&path), &ReadOptions::default()).unwrap_err();
            assert!(
                error.hint.as_deref().is_some_and(|hint| hint.contains("--zone")),
                "{}: {error:?}",
                path.display()
            );
            continue;
        }
        let (records, _) = read_in(None, &path, "cstate");
        for line in body.lines().map(sentence) {
            let is_there = has_words(&records[0], &line);
            assert!(is_there, "{}: `{line}` is lost", path.display());
        }
    }
}

/// Files of other kinds with front matter are not an incident of a page.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn documents_with_front_matter_are_not_claimed() {
    for path in captures("documents/moj", &[".erb", ".md"]) {
        for format in ["cstate", "netlify-statuskit", "statusfy-markdown"] {
            let verdict = by_id(format).unwrap().sniff(&load(&path));
            assert!(
                matches!(verdict, Verdict::No(_)),
                "{}: {format} says {verdict:?}",
                path.display()
            );
        }
    }
}

/// The commits of each service that report it down after one that reports it up.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn monitor_log_is_read_completely() {
    for path in captures("status/upptime", &[".tsv"]) {
        let (records, warnings) = read_in(None, &path, "upptime-monitor");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut last: BTreeMap<&str, bool> = BTreeMap::new();
        let (mut began, mut ended, mut outages) = (0, 0, BTreeSet::new());
        for line in text.lines() {
            let (hash, rest) = line.split_once('\t').unwrap();
            let (at, subject) = rest.split_once('\t').unwrap();
            let at = chrono::DateTime::parse_from_rfc3339(at).unwrap().timestamp();
            let is_up = subject.starts_with('🟩');
            let name = subject[4..].split(" is ").next().unwrap().trim();
            match (last.insert(name, is_up), is_up) {
                (Some(true), false) => {
                    began += 1;
                    outages.insert((hash.to_owned(), at));
                }
                (Some(false), true) => ended += 1,
                _ => {}
            }
        }
        println!("{}: {began} outages, {ended} ended, {} warnings", name(&path), warnings.len());
        assert!(began > 20, "{began}");
        let stamp = |moment: Moment| moment.earliest().timestamp();
        let read: BTreeSet<_> = records
            .iter()
            .map(|record| (record.id.clone(), stamp(record.impact_start.unwrap())))
            .collect();
        assert_eq!(read, outages);
        assert_eq!(records.iter().filter(|record| record.impact_end.is_some()).count(), ended);
        assert!(
            records
                .iter()
                .all(|record| record.updates.len() > usize::from(record.resolved.is_some()))
        );
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn monitor_state_is_read_without_a_start() {
    for path in captures("status/upptime", &["down.yml", "up.yml"]) {
        let (records, warnings) = read_in(None, &path, "upptime-monitor");
        let is_down = name(&path).contains("down");
        assert_eq!(
            (records.len(), warnings.len()),
            (usize::from(is_down), 1),
            "{}: {warnings:?}",
            path.display()
        );
        assert!(
            records
                .iter()
                .all(|record| record.impact_start.is_none() && record.announced.is_none())
        );
    }
    for path in captures("status/upptime", &["upptimerc.yml"]) {
        assert!(detect::choose(&load(&path), None).is_err(), "settings are no history");
    }
}
