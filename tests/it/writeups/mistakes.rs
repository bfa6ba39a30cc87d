//! The mistakes that are in public write-ups: what an import reports, and what `check` finds in the
//! files that it makes. And the means that one of their indexes publishes, computed again.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_yaml::Value;

use crate::support::world::{World, shared};
use crate::writeups::documents::table;

/// The files of both folders, with what the import and `check` said: by the key of the document.
struct Checked {
    printed: String,
    findings: BTreeMap<String, Vec<(String, String)>>,
}

fn json(world: &World, arguments: &[&str]) -> Json {
    let output = world.output(arguments);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

fn checked() -> Checked {
    let folder = shared("corpus/documents");
    let world = World::new();
    let path = |name: &str| folder.join(name).display().to_string();
    let (mut printed, mut ids) = (String::new(), BTreeMap::new());
    for (name, zone) in [("dfds", None), ("moj", Some("Europe/London"))] {
        let source = path(name);
        let mut arguments = vec!["import", &source, "--json"];
        arguments.extend(zone.into_iter().flat_map(|zone| ["--zone", zone]));
        let output = world.output(&arguments);
        printed += &String::from_utf8_lossy(&output.stderr);
        let steps: Json = serde_json::from_slice(&output.stdout).unwrap();
        for step in steps["incidents"].as_array().unwrap() {
            let file = step["document"].as_str().unwrap().rsplit('/').next().unwrap();
            if let Some(id) = step["id"].as_str() {
                ids.insert(id.to_owned(), format!("{name}/{file}"));
            }
        }
    }
    let mut findings: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let all = json(&world, &["check", "--format", "json"]);
    for finding in all["findings"].as_array().unwrap() {
        let text = finding.to_string();
        let id = ids
            .keys()
            .filter(|id| text.contains(&format!("{id}.yaml")))
            .max_by_key(|id| id.len())
            .unwrap();
        let part = |name: &str| finding[name].as_str().unwrap().to_owned();
        findings.entry(ids[id].clone()).or_default().push((part("rule"), part("message")));
    }
    Checked { printed, findings }
}

/// The rules that may tell of a kind of mistake.
fn rules(kind: &str) -> &'static [&'static str] {
    match kind {
        "resolved_before_declared" => &["impossible-order"],
        "rows_out_of_order" => &["entries-out-of-order", "impossible-order", "date-typo"],
        "claim_fits_no_interval" => &["claim-mismatch"],
        "zone_wrong_for_season" => &["season-mismatch"],
        "wrong_date" => &["date-typo", "impossible-order"],
        "statements_disagree" => &["milestone-entry-mismatch"],
        other => panic!("no rule for {other}"),
    }
}

/// Mistakes that are not reported, and why.
const NOT_REPORTED: [(&str, &str, &str); 3] = [
    (
        "dfds/PM2024-001",
        "claim_fits_no_interval",
        "a line of which only the day is known may be either end",
    ),
    ("moj/2021-11-05", "rows_out_of_order", "milestones by their names have no order in a file"),
    ("moj/2020-08-04", "9h 16m", "a length in support hours, which is reported as unread"),
];

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn mistakes_of_public_documents_are_reported() {
    let checked = checked();
    let (mut wrong, mut printed) = (Vec::new(), 0);
    for (key, facts) in table() {
        let key = key.as_str().unwrap();
        if facts["kind"] != "incident" {
            continue;
        }
        for mistake in
            facts["mistakes"].as_sequence().into_iter().flatten().filter(|one| one["sure"] == true)
        {
            let kind = mistake["kind"].as_str().unwrap();
            let values: Vec<&str> =
                mistake["values"].as_sequence().unwrap().iter().filter_map(Value::as_str).collect();
            let is_excused = |(file, what, _): &(&str, &str, &str)| {
                key.starts_with(file) && (*what == kind || values.contains(what))
            };
            if NOT_REPORTED.iter().any(is_excused) {
                continue;
            }
            let none = Vec::new();
            let findings = checked.findings.get(key).unwrap_or(&none);
            let is_reported = match kind {
                // The import itself reports what it could not read, or read twice.
                "malformed_time" | "placeholder" => {
                    values.iter().all(|value| checked.printed.contains(value))
                }
                "zone_wrong_for_season" if key.starts_with("moj") => {
                    checked.printed.contains(values[0])
                }
                "claim_fits_no_interval" => findings.iter().any(|(rule, message)| {
                    rule == "claim-mismatch" && message.contains(&format!("`{}", values[0]))
                }),
                _ => findings.iter().any(|(rule, _)| rules(kind).contains(&rule.as_str())),
            };
            printed += usize::from(is_reported);
            if !is_reported {
                wrong.push(format!("{key}: {kind} {values:?} is not reported: {findings:?}"));
            }
        }
    }
    eprintln!("{printed} mistakes are reported");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(printed > 25, "{printed}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn consistent_documents_give_no_contradictions() {
    let checked = checked();
    let contradictions = [
        "impossible-order",
        "claim-mismatch",
        "date-typo",
        "milestone-entry-mismatch",
        "entries-out-of-order",
        "season-mismatch",
        "wrong-zone-label",
    ];
    let mut wrong = Vec::new();
    for (key, findings) in &checked.findings {
        let facts = &table()[key.as_str()];
        let has_mistakes =
            facts["mistakes"].as_sequence().is_some_and(|mistakes| !mistakes.is_empty());
        for (rule, message) in
            findings.iter().filter(|(rule, _)| contradictions.contains(&rule.as_str()))
        {
            // A length in support hours cannot be checked, and that is said.
            if !has_mistakes && !message.contains("support hours") {
                wrong.push(format!("{key}: {rule}: {message}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `39h 25m 45s` in seconds.
fn seconds(length: &str) -> f64 {
    let part = |part: &str| {
        let (number, unit) = part.split_at(part.len() - 1);
        number.parse::<f64>().unwrap()
            * f64::from(match unit {
                "h" => 3600,
                "m" => 60,
                _ => 1,
            })
    };
    length.split_whitespace().map(part).sum()
}

/// The quarters of the index: name, published means, and the incidents that it links.
fn quarters(index: &str) -> Vec<(String, BTreeMap<String, String>, Vec<String>)> {
    let mut quarters = Vec::new();
    for line in index.lines() {
        if let Some(name) = line.strip_prefix("## Q") {
            quarters.push((format!("Q{}", &name[..6]), BTreeMap::new(), Vec::new()));
        }
        let Some((_, means, incidents)) = quarters.last_mut() else { continue };
        if let Some((name, value)) = line
            .to_lowercase()
            .strip_prefix("- **mean time to ")
            .and_then(|rest| rest.split_once("**: "))
        {
            means.insert(name.to_owned(), value.trim().to_owned());
        }
        if let Some((_, link)) = line.split_once("](incidents/") {
            incidents.push(link.trim_end_matches(')').to_owned());
        }
    }
    quarters
}

/// Every mean that an index of incidents publishes for a quarter of which all documents are there,
/// computed again: from the lengths that the documents state, and by posthoc from their times.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn published_means_are_reproduced() {
    let folder = shared("corpus/documents/moj");
    let world = World::new();
    let source = folder.display().to_string();
    let steps = json(&world, &["import", &source, "--zone", "Europe/London", "--json"]);
    let claims = |file: &str, name: &str| {
        let step = steps["incidents"].as_array().unwrap().iter().find(|step| {
            let document = step["document"].as_str().unwrap().rsplit('/').next().unwrap();
            document.split(".html").next() == Some(file)
        })?;
        // Behind the length may stand in which hours it is.
        let claim = step["found"]["claims"][name].as_str()?.split(" (").next()?;
        Some(seconds(claim))
    };
    let stats =
        json(&world, &["stats", "--by", "quarter", "--metric", "repair", "--format", "json"]);
    let measured = |quarter: &str| {
        let (number, year) = quarter.split_once(' ').unwrap();
        let group = stats["groups"]
            .as_array()
            .unwrap()
            .iter()
            .find(|group| group["name"] == format!("{year}-{number}"))?;
        let values = group["metrics"][0]["summary"]["values"].as_array()?;
        let values: Vec<f64> = values
            .iter()
            .map(|value| value["seconds"].as_f64().unwrap_or_else(|| value.as_f64().unwrap()))
            .collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let index = std::fs::read_to_string(folder.join("index.html.md.erb")).unwrap();
    let facts = table()["moj/index.html.md.erb"]["quarters"].clone();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (quarter, published, incidents) in quarters(&index) {
        let facts = facts
            .as_sequence()
            .unwrap()
            .iter()
            .find(|one| one["quarter"] == quarter.as_str())
            .unwrap();
        for (metric, claim) in [("repair", "repair"), ("resolve", "ttr")] {
            let lengths: Option<Vec<f64>> =
                incidents.iter().map(|file| claims(file, claim)).collect();
            let Some((lengths, published)) =
                lengths.filter(|lengths| !lengths.is_empty()).zip(published.get(metric))
            else {
                continue;
            };
            let (mean, stated) =
                (lengths.iter().sum::<f64>() / lengths.len() as f64, seconds(published));
            eprintln!(
                "{quarter}: mean time to {metric} {published}, computed again {mean} s of {}",
                lengths.len()
            );
            compared += 1;
            // The index drops the seconds.
            let agrees = (stated..stated + 60.0).contains(&mean);
            let expected = &facts["recomputed"]["stated"];
            if expected["agrees"] != agrees
                || (mean - seconds(expected[metric].as_str().unwrap())).abs() > 1.0
            {
                wrong.push(format!(
                    "{quarter}: {metric} is {mean} s of the documents' lengths, not {expected:?}"
                ));
            }
        }
        // By the times of detection and repair, where the documents state both.
        let by_times = &facts["recomputed"]["key_events"];
        if by_times["repair_from"] == "detected_at"
            && let (Some(expected), Some(mean)) = (by_times["repair"].as_str(), measured(&quarter))
        {
            eprintln!("{quarter}: by the times it is {mean} s");
            compared += 1;
            if (mean - seconds(expected)).abs() > 1.0 {
                wrong.push(format!("{quarter}: repair is {mean} s by the times, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 14, "{compared}");
}
