//! A duration of one incident.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::parts::{Explanation, Input, rounding};
use crate::analysis::config::Pair;
use crate::analysis::duration_name::DurationName;
use crate::analysis::{impact, phases};
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::impact::Window;
use crate::model::milestone::MilestoneName;
use crate::model::path::Path;
use crate::model::time::Moment;
use crate::store::Workspace;
use crate::store::locate::Locator;
use crate::store::workspace::Loaded;

/// Explains the duration `name` of the incident that is called `id`.
pub(super) fn explain(
    id: &str,
    name: DurationName,
    workspace: &Workspace,
    context: &Context,
) -> Result<Explanation, CliError> {
    let loaded = workspace.load(id)?;
    let (incident, definitions) = (&loaded.incident, &workspace.config.definitions);
    let durations = phases::durations(incident, definitions, Some(context.now()));
    let title = format!("{} of {}", name.as_str().to_uppercase(), incident.id);
    let mut steps = vec![(
        "formula",
        format!("{} (definitions version {})", definitions.formula(name), definitions.version),
    )];
    let file = context.name(&loaded.path).to_string();
    let locator = Locator::of_valid(&file, &loaded.text);
    let duration = durations.into_iter().find(|duration| duration.name == name);
    let found = match definitions.pair(name) {
        Some(pair) => milestones(&loaded, pair, &locator),
        None => windows(incident, name, &locator),
    };
    let Found { inputs, checks, arithmetic } = found;
    let (number, seconds) = match duration.map(|duration| (duration.value, duration.remark)) {
        Some((Ok(value), remark)) => {
            steps.extend(arithmetic.map(|text| ("arithmetic", text)));
            steps.push(("rounding", rounding(value.precision)));
            let remark = remark.map_or_else(String::new, |remark| format!(" ({remark})"));
            (format!("{title} = {value}{remark}"), seconds(&value))
        }
        Some((Err(gap), _)) => {
            return Ok(Explanation {
                number: format!("{title} has no value: {gap}"),
                seconds: json!(null),
                inputs,
                steps,
                checks: Vec::new(),
            });
        }
        None => (title, json!(null)),
    };
    Ok(Explanation { number, seconds, inputs, steps, checks })
}

fn seconds(value: &Elapsed) -> serde_json::Value {
    json!({
        "min": value.min.as_seconds_f64(), "max": value.max.as_seconds_f64(),
        "precision": value.precision, "about": value.about,
    })
}

/// What a duration is computed from and how.
struct Found {
    inputs: Vec<Input>,
    checks: Vec<(&'static str, String)>,
    arithmetic: Option<String>,
}

fn milestones(loaded: &Loaded, pair: Pair, locator: &Locator) -> Found {
    let names = [pair.end, pair.start];
    let at = names.map(|name| loaded.incident.milestones.at(name));
    let inputs = names.iter().zip(at).map(|(name, at)| Input {
        name: name.to_string(),
        value: at.map_or_else(|| "unknown".to_owned(), |at| at.to_string()),
        place: at.map(|_| locator.value(&path_of(loaded, *name))),
    });
    let inputs = inputs.collect();
    let [Some(end), Some(start)] = at else {
        return Found { inputs, checks: Vec::new(), arithmetic: None };
    };
    let length = Elapsed::between(start, end).or_zero();
    Found {
        inputs,
        checks: difference(start, end),
        arithmetic: Some(subtraction(start, end, &length)),
    }
}

/// Where a milestone is written: in its field, or in the entry that is its evidence.
fn path_of(loaded: &Loaded, name: MilestoneName) -> Path {
    let milestone = loaded.incident.milestones.at(name);
    let is_proof = |entry: &crate::model::timeline::Entry| {
        entry.milestone == Some(name) && !entry.hidden && entry.at == milestone
    };
    match loaded.incident.timeline.iter().position(is_proof) {
        Some(index) if loaded.proven.contains(&name) => {
            Path::key("timeline").then(index).then("at")
        }
        _ => Path::key("milestones").then(name.as_str()),
    }
}

/// An instant as Python, R and SQL read it.
fn iso(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%S%.f+00:00").to_string()
}

fn subtraction(start: Moment, end: Moment, length: &Elapsed) -> String {
    let (min, max) = (length.min.as_seconds_f64(), length.max.as_seconds_f64());
    let plain = format!("{} − {} = {max} s", iso(end.latest()), iso(start.earliest()));
    if length.is_uncertain() {
        let least = format!("{} − {} = {min} s", iso(end.earliest()), iso(start.latest()));
        return format!("at least {least}; at most {plain}");
    }
    plain
}

/// The same difference in two languages; the least and the most, where these differ.
fn difference(start: Moment, end: Moment) -> Vec<(&'static str, String)> {
    let ends = [(end.earliest(), start.latest()), (end.latest(), start.earliest())];
    let ends = if ends[0] == ends[1] { &ends[..1] } else { &ends[..] };
    let each = |one: fn(String, String) -> String| {
        let terms = ends.iter().map(|(end, start)| one(iso(*end), iso(*start)));
        terms.collect::<Vec<_>>().join(", ")
    };
    let python = each(|end, start| format!("max(0, (t('{end}') - t('{start}')).total_seconds())"));
    let sql = each(|end, start| {
        format!("greatest(0, extract(epoch FROM timestamptz '{end}' - timestamptz '{start}'))")
    });
    vec![
        (
            "python",
            format!(
                "python3 -c \"from datetime import datetime; t = datetime.fromisoformat; print({python})\""
            ),
        ),
        ("sql", format!("SELECT {sql}")),
    ]
}

/// The windows of the impact, or the deployment and the end of impact.
fn windows(incident: &Incident, name: DurationName, locator: &Locator) -> Found {
    let mut inputs = Vec::new();
    let input = |name: String, at: Option<Moment>, path: &Path| Input {
        name,
        value: at.map_or_else(|| "unknown".to_owned(), |at| at.to_string()),
        place: at.map(|_| locator.value(path)),
    };
    if name == DurationName::Fdrt {
        let deployed = incident.trigger.as_ref().and_then(|trigger| trigger.deployed_at);
        let end = incident.milestones.at(MilestoneName::ImpactEnd);
        inputs.push(input(
            "impact_end".to_owned(),
            end,
            &Path::key("milestones").then("impact_end"),
        ));
        inputs.push(input(
            "trigger.deployed_at".to_owned(),
            deployed,
            &Path::key("trigger").then("deployed_at"),
        ));
        let checks = deployed.zip(end).map(|(start, end)| {
            (
                difference(start, end),
                subtraction(start, end, &Elapsed::between(start, end).or_zero()),
            )
        });
        let (checks, arithmetic) = checks.unzip();
        return Found { inputs, checks: checks.unwrap_or_default(), arithmetic };
    }
    let (listed, implied) = impact::windows(incident);
    let mut stretches = Vec::new();
    for (index, window) in listed.iter().enumerate() {
        let own = Path::key("impact").then("windows").then(index);
        let (start_path, end_path) = if implied {
            (
                Path::key("milestones").then("impact_start"),
                Path::key("milestones").then("impact_end"),
            )
        } else {
            (own.clone().then("start"), own.then("end"))
        };
        inputs.push(input(format!("window {} start", index + 1), Some(window.start), &start_path));
        inputs.push(input(format!("window {} end", index + 1), window.end, &end_path));
        stretches.extend(window.end.map(|end| (window.start, end)));
    }
    let detected = incident.milestones.at(MilestoneName::DetectedAt);
    if name == DurationName::Undetected {
        inputs.push(input(
            "detected_at".to_owned(),
            detected,
            &Path::key("milestones").then("detected_at"),
        ));
        // An open window reaches past the detection.
        let until = |detected| {
            let stretch = |window: &Window| (window.start, window.end.unwrap_or(detected));
            listed.iter().map(stretch).collect::<Vec<_>>()
        };
        let checks = detected.and_then(|detected| union(&until(detected), Some(detected)));
        let arithmetic = checks.is_some().then(|| {
            "each second that is in a window and before detected_at counts once".to_owned()
        });
        return Found { inputs, checks: checks.into_iter().collect(), arithmetic };
    }
    let arithmetic = "each second that is in a window counts once".to_owned();
    Found {
        inputs,
        checks: union(&stretches, None).into_iter().collect(),
        arithmetic: Some(arithmetic),
    }
}

/// A check of a union: the number of seconds in any window and before `cut`. Only for windows of
/// whole seconds.
fn union(windows: &[(Moment, Moment)], cut: Option<Moment>) -> Option<(&'static str, String)> {
    let first = windows.iter().map(|(start, _)| start.earliest()).min()?;
    let is_whole = |at: DateTime<Utc>| at.timestamp_subsec_nanos() == 0;
    let second = |at: DateTime<Utc>| (at - first).num_seconds();
    type Ends<'a> = &'a dyn Fn(&(Moment, Moment)) -> (DateTime<Utc>, DateTime<Utc>);
    let all = |of: Ends| -> Option<String> {
        let mut terms = Vec::new();
        for (start, end) in windows.iter().map(of) {
            if !is_whole(start) || !is_whole(end) {
                return None;
            }
            terms.push(format!("({}, {})", second(start), second(end)));
        }
        Some(format!("[{}]", terms.join(", ")))
    };
    let cut_at =
        |end: DateTime<Utc>, cut: Option<DateTime<Utc>>| cut.map_or(end, |cut| end.min(cut));
    let least_cut = cut.map(Moment::earliest);
    let most_cut = cut.map(Moment::latest);
    let least = all(&|(start, end)| (start.latest(), cut_at(end.earliest(), least_cut)))?;
    let most = all(&|(start, end)| (start.earliest(), cut_at(end.latest(), most_cut)))?;
    let lists = if least == most { least } else { format!("{least}, {most}") };
    Some((
        "python",
        format!(
            "python3 -c \"print(*(len({{s for a, b in w for s in range(a, b)}}) for w in [{lists}]))\""
        ),
    ))
}
