//! Where the examples come from: one file of each kind that has every key.

use std::error::Error;

use posthoc::analysis::rules;
use posthoc::analysis::{claim, config::Definitions, impact, phases, progress};
use posthoc::model::evidence;
use posthoc::report::{Audience, Projection, Protection, Report, figures, view::View};
use posthoc::store::config::Config;
use posthoc::store::load;
use serde_yaml::{Mapping, Value};

const INCIDENT: &str = include_str!("incident.yaml");
const SETTINGS: &str = include_str!("posthoc.toml");
const NAME: &str = "2026-03-17-ingestion-delayed.yaml";

/// The incident file, which is valid.
pub fn incident() -> Result<Value, Box<dyn Error>> {
    load::parse(NAME, INCIDENT).map_err(|problems| problems[0].to_string())?;
    Ok(serde_yaml::from_str(INCIDENT)?)
}

/// The settings, which are valid.
pub fn settings() -> Result<Value, Box<dyn Error>> {
    Config::parse("posthoc.toml", SETTINGS).map_err(|problems| problems[0].to_string())?;
    Ok(serde_yaml::to_value(toml::from_str::<toml::Table>(SETTINGS)?)?)
}

/// What a template sees of the incident.
pub fn variables() -> Result<Value, Box<dyn Error>> {
    let definitions = Definitions::default();
    let mut incident = load::parse(NAME, INCIDENT).map_err(|problems| problems[0].to_string())?;
    evidence::settle(&mut incident, definitions.order_of_trust());
    let now = "2026-06-01T12:00:00Z".parse().ok();
    let found = rules::check(&rules::Context::new(&incident, &definitions, &[], now));
    let durations = phases::durations(&incident, &definitions, now);
    let report = Report {
        impact: impact::summarize(&incident, now),
        reopened: progress::reopened(&incident),
        claims: claim::compare(&incident, &durations),
        durations,
        zone: incident.zone(),
        findings: found.into_iter().map(|finding| (finding, None)).collect(),
        evidence: vec![],
        incident: Projection::new(
            &incident,
            Audience::Internal,
            &Protection::default(),
            definitions.order_of_trust(),
        ),
        definitions,
        now,
    };
    let view = View::new(&report, &figures::draw(&report));
    // JSON is YAML too, and read as YAML its keys stay in order.
    Ok(serde_yaml::from_str(&serde_json::to_string(&view)?)?)
}

/// The value at `path`, of the first item that has one.
pub fn value_at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    all_at(value, path)
        .into_iter()
        .find(|value| !value.is_null())
        .or_else(|| all_at(value, path).into_iter().next())
}

/// The keys of the maps at `path`, in their order.
pub fn keys_at(value: &Value, path: &str) -> Vec<String> {
    let maps = all_at(value, path).into_iter().filter_map(Value::as_mapping);
    let mut keys: Vec<String> = Vec::new();
    for key in maps.flat_map(Mapping::keys).filter_map(Value::as_str) {
        if !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys
}

fn all_at<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut values = vec![value];
    for step in steps(path) {
        values = values.into_iter().flat_map(|value| inside(value, step)).collect();
    }
    values
}

fn inside<'v>(value: &'v Value, step: &str) -> Vec<&'v Value> {
    match (value, step) {
        (Value::Sequence(items), "[]") => items.iter().collect(),
        (Value::Mapping(map), "NAME") => map.values().collect(),
        (Value::Mapping(map), key) => map.get(key).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The steps of `a.b[].c`.
fn steps(path: &str) -> Vec<&str> {
    let parts = path.split('.').filter(|part| !part.is_empty());
    parts
        .flat_map(|part| {
            let name = part.trim_end_matches("[]");
            std::iter::once(name).chain(std::iter::repeat_n("[]", (part.len() - name.len()) / 2))
        })
        .collect()
}

/// `value` within what is around it, and nothing else: of a list or a map only its beginning.
fn wrapped(path: &str, value: &Value, whole: &Value) -> Value {
    let path = with_names(path, value, whole);
    let mut wrapped = beginning(value);
    for step in steps(&path).into_iter().rev() {
        wrapped = match step {
            "[]" => Value::Sequence(vec![wrapped]),
            key => Value::Mapping(Mapping::from_iter([(key.into(), wrapped)])),
        };
    }
    wrapped
}

/// `path` with the names of the sample itself, which say more than `NAME`: the first that leads to
/// `value`.
fn with_names(path: &str, value: &Value, whole: &Value) -> String {
    let Some((before, after)) = path.split_once(".NAME") else { return path.to_owned() };
    let names = keys_at(whole, before);
    let named = names.into_iter().map(|name| format!("{before}.{name}{after}"));
    named
        .into_iter()
        .find(|path| value_at(whole, path) == Some(value))
        .unwrap_or_else(|| path.to_owned())
}

/// As much of a value as shows its form.
fn beginning(value: &Value) -> Value {
    match value {
        Value::Sequence(items) if items.iter().any(|item| item.is_mapping()) => {
            Value::Sequence(items.iter().take(1).cloned().collect())
        }
        Value::Mapping(map) if map.values().any(|value| value.is_mapping()) => map
            .iter()
            .take(2)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect::<Mapping>()
            .into(),
        other => other.clone(),
    }
}

/// As YAML, from the top.
pub fn as_yaml(path: &str, value: &Value, whole: &Value) -> Result<String, Box<dyn Error>> {
    Ok(serde_yaml::to_string(&wrapped(path, value, whole))?)
}

/// As TOML, from the top.
pub fn as_toml(path: &str, value: &Value, whole: &Value) -> Result<String, Box<dyn Error>> {
    Ok(toml::to_string(&wrapped(path, value, whole))?)
}

/// As TOML, from the top and to the end.
pub fn whole_as_toml(path: &str, value: &Value) -> Result<String, Box<dyn Error>> {
    let mut whole = value.clone();
    for key in path.split('.').rev() {
        whole = Mapping::from_iter([(key.into(), whole)]).into();
    }
    Ok(toml::to_string(&whole)?)
}

/// As a cell of a table.
pub fn short(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Value::Mapping(_) => return String::new(),
        Value::Sequence(items) if items.iter().any(|item| item.is_mapping()) => {
            return String::new();
        }
        other => serde_json::to_string(other).unwrap_or_default(),
    };
    let short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() { format!("`{short}…`") } else { format!("`{short}`") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys;

    /// The keys that no sample has.
    fn without(schema: &serde_json::Value, sample: &Value) -> Vec<String> {
        let reference = keys::read(schema, sample, "map");
        let paths = reference.sections.iter().flat_map(|section| {
            let missing =
                section.keys.iter().filter(|key| key.sample.is_none() || key.about.is_empty());
            missing.map(|key| format!("{}.{}", section.path, key.name))
        });
        paths.collect()
    }

    #[test]
    fn every_key_has_an_example_and_a_description() {
        let schema = serde_json::to_value(schemars::schema_for!(posthoc::model::Incident)).unwrap();
        assert_eq!(without(&schema, &incident().unwrap()), [""; 0]);
        let schema = serde_json::to_value(posthoc::store::config::schema()).unwrap();
        assert_eq!(without(&schema, &settings().unwrap()), [""; 0]);
    }
}
