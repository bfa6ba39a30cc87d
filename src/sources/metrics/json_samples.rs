//! Samples in JSON without its own reader.
//!
//! They are pairs of a time and a value, objects with a time and numbers (OTLP, Cloud Monitoring,
//! Azure Monitor, metric streams), objects whose keys are times (OpenTSDB), or a list of times next
//! to lists of values. The texts of the objects around them are the labels.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::kit::lines::NAME;
use super::kit::number::{Cell, cell};
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::sources::input::Input;
use crate::sources::mapping::{self, Fields, MappedKind, is_time, names, text_at};
use crate::sources::node::{Node, OddFields};
use crate::sources::objects;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

pub(in crate::sources) static JSON_SAMPLES: Reader = Reader {
    id: "metrics-json",
    about: "Any JSON or JSON lines with times and numbers: OTLP, OpenTSDB, Google Cloud, Azure and others",
    written_from: WrittenFrom::Documentation,
    sniff,
    read,
};

fn sniff(input: &Input, head: &str) -> Verdict {
    let is_json = head.trim_start().starts_with(['{', '[']);
    match mapping::guess(input).filter(|_| is_json) {
        Some(mapping) if mapping.kind == MappedKind::Series => Verdict::LastResort,
        _ => Verdict::No("not times with numbers"),
    }
}

/// Keys with the name of a metric.
const NAMES: &[&str] = &[
    "name",
    "metric",
    "metric_name",
    "target",
    "label",
    "display_name",
    "__name__",
    "metric_type",
];

type Labels = BTreeMap<String, String>;

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let body = text.body();
    let mut found = Samples {
        place: body.lines().next().unwrap_or_default(),
        by_labels: HashMap::new(),
        lines: Vec::new(),
        stamps,
        warnings,
    };
    if text.mapping.is_some() {
        by_mapping(text, &mut found)?;
    } else {
        let mut documents = Vec::new();
        for document in serde_json::Deserializer::from_str(body).into_iter::<Value>() {
            match document {
                Ok(document) => documents.push(document),
                Err(error) if documents.is_empty() => {
                    let reason = crate::sources::json::reason(&error);
                    return Err(ReadError::new(format!(
                        "not the JSON that was expected: {reason}"
                    )));
                }
                Err(_) => {
                    found
                        .warnings
                        .about(found.place, "what follows the last whole document was left out");
                    break;
                }
            }
        }
        let whole = match documents.len() {
            1 => documents.remove(0),
            _ => Value::Array(documents),
        };
        found.walk(&whole, &Labels::new(), None);
    }
    let mut lines = Lines::default();
    let Samples { lines: all, warnings, .. } = found;
    for line in all {
        lines.push(line, warnings);
    }
    Ok((lines, None))
}

/// The samples of records, with a configured mapping.
fn by_mapping<'a>(text: Text<'a>, found: &mut Samples<'a, '_>) -> Result<(), ReadError> {
    let fields = Fields::of(text)?;
    let mapping = fields.mapping().clone();
    let values = mapping.value.as_deref().unwrap_or_default();
    let values: Vec<&str> = values.split('|').map(str::trim).collect();
    let mut count = 0;
    objects::each(
        text,
        &fields.lists(),
        |_| true,
        |(place, value)| {
            count += 1;
            found.place = place;
            let value = match value {
                Ok(value) => value,
                Err(message) => return found.warnings.about(place, message),
            };
            let odd = OddFields::default();
            let node = Node::new(&value, &odd);
            let mut labels = Labels::new();
            for label in &mapping.labels {
                if let Some(value) = text_at(node, label) {
                    add_label(&mut labels, label, &Value::String(value.into_owned()));
                }
            }
            let (Some(time), true) =
                (fields.text(node, "time"), fields.text(node, "value").is_some())
            else {
                return found
                    .warnings
                    .about(place, "this record has no time or no value and was left out");
            };
            for path in &values {
                let Some(value) = text_at(node, path) else { continue };
                let mut labels = labels.clone();
                labels.entry(NAME.to_owned()).or_insert_with(|| (*path).to_owned());
                found.sample(labels, mapping.unit.clone(), &time, &value);
            }
        },
    )?;
    fields.check(count)
}

struct Samples<'a, 'w> {
    /// The place for warnings.
    place: &'a str,
    by_labels: HashMap<Labels, usize>,
    lines: Vec<Line<'a>>,
    stamps: &'w mut Stamps,
    warnings: &'w mut Warnings<'a>,
}

impl<'a> Samples<'a, '_> {
    fn sample(&mut self, labels: Labels, unit: Option<String>, time: &str, value: &str) {
        let Some(at) = self.stamps.read_at(time, self.place, self.warnings) else { return };
        let value = match cell(value, false) {
            Cell::Number(number, _) => (!number.is_nan()).then_some(number),
            Cell::NoNumber | Cell::Empty => None,
            Cell::Text => {
                let shown = crate::text::clean::clean_line(value);
                return self.warnings.about(self.place, format!("`{shown}` is not a number"));
            }
        };
        let (place, lines) = (self.place, &mut self.lines);
        let index = *self.by_labels.entry(labels).or_insert_with_key(|labels| {
            lines.push(Line { labels: labels.clone(), unit, text: place, ..Line::default() });
            lines.len() - 1
        });
        self.lines[index].points.push((at, value));
    }

    /// Adds the samples in `value`, the member `key` of an object with these labels.
    fn walk(&mut self, value: &Value, labels: &Labels, key: Option<&str>) {
        match value {
            Value::Array(elements) if is_pairs(elements) => {
                for pair in elements.iter().filter_map(Value::as_array) {
                    let (Some(time), Some(value)) = (pair.first().and_then(scalar), pair.get(1))
                    else {
                        continue;
                    };
                    let value = scalar(value).unwrap_or_default();
                    self.sample(named(labels, key), None, &time, &value);
                }
            }
            Value::Array(elements) => {
                for element in elements {
                    match element.as_object().and_then(sample) {
                        Some(sample) => self.object(&sample, labels),
                        None => self.walk(element, labels, key),
                    }
                }
            }
            Value::Object(members) => self.members(members, labels, key),
            _ => {}
        }
    }

    fn members(&mut self, members: &Map<String, Value>, labels: &Labels, key: Option<&str>) {
        if is_by_time(members) {
            for (time, value) in members {
                self.sample(named(labels, key), None, time, &scalar(value).unwrap_or_default());
            }
            return;
        }
        if let Some(sample) = sample(members) {
            return self.object(&sample, labels);
        }
        let mut labels = labels.clone();
        for (key, value) in members.iter().filter(|(_, value)| is_about(value)) {
            add_label(&mut labels, key, value);
        }
        if self.columns(members, &labels) {
            return;
        }
        for (key, value) in members.iter().filter(|(_, value)| !is_about(value)) {
            self.walk(value, &labels, Some(key));
        }
    }

    /// Lists of values next to a list of times.
    fn columns(&mut self, members: &Map<String, Value>, labels: &Labels) -> bool {
        let lists = || members.iter().filter_map(|(key, value)| Some((key, value.as_array()?)));
        let is_times = |list: &[Value]| {
            list.len() > 1
                && list.iter().take(5).all(|value| scalar(value).is_some_and(|text| is_time(&text)))
        };
        let Some((of_times, times)) = lists().find(|(_, list)| is_times(list)) else {
            return false;
        };
        let is_values = |list: &[Value]| {
            list.len() == times.len()
                && list.iter().all(|value| value.is_number() || value.is_null())
        };
        let values: Vec<_> =
            lists().filter(|(key, list)| *key != of_times && is_values(list)).collect();
        for (key, list) in &values {
            for (time, value) in times.iter().zip(list.iter()) {
                let time = scalar(time).unwrap_or_default();
                self.sample(
                    named(labels, Some(key)),
                    None,
                    &time,
                    &scalar(value).unwrap_or_default(),
                );
            }
        }
        !values.is_empty()
    }

    fn object(&mut self, sample: &Sample, around: &Labels) {
        for (path, value) in &sample.values {
            let mut labels = around.clone();
            let unit = labels.remove(UNIT);
            labels.extend(sample.labels.iter().map(|(key, value)| (key.clone(), value.clone())));
            let unit = labels.remove(UNIT).or(unit);
            if sample.values.len() > 1 {
                let key = if labels.contains_key(NAME) { "field" } else { NAME };
                labels.insert(key.to_owned(), path.clone());
            } else {
                labels.entry(NAME.to_owned()).or_insert_with(|| path.clone());
            }
            self.sample(labels, unit, &sample.time, value);
        }
    }
}

/// The label with the unit, until the line has a unit.
const UNIT: &str = "__unit__";

/// An object that is a sample, or several with the same time.
struct Sample {
    time: String,
    values: Vec<(String, String)>,
    labels: Labels,
}

fn sample(members: &Map<String, Value>) -> Option<Sample> {
    let mut leaves = Vec::new();
    leaves_of(members, "", &mut leaves);
    let words = |path: &str| names::words(path.rsplit('.').next().unwrap_or(path));
    let times = leaves.iter().filter(|(_, value)| is_time(value));
    let (time_path, time) = times
        .filter_map(|(path, value)| {
            let cost = match names::time(&words(path)) {
                Some(names::Role::Time) => 0,
                Some(names::Role::Start) => 1,
                Some(names::Role::Created | names::Role::End) => 2,
                Some(names::Role::Late) => 3,
                None if value.parse::<f64>().is_err() => 4,
                _ => return None,
            };
            Some((cost, path, value))
        })
        .min_by_key(|(cost, ..)| *cost)
        .map(|(_, path, value)| (path.clone(), value.clone()))?;
    let is_value = |path: &str, value: &str| {
        let words = words(path);
        let last = words.last().map_or("", String::as_str);
        path != time_path
            && value.parse::<f64>().is_ok()
            && names::time(&words).is_none()
            && !names::NO_SAMPLES.contains(&last)
    };
    let (values, others): (Vec<_>, Vec<_>) =
        leaves.into_iter().partition(|(path, value)| is_value(path, value));
    if values.is_empty() {
        return None;
    }
    let mut labels = Labels::new();
    for (path, value) in others {
        if path != time_path && !is_time(&value) && value.parse::<f64>().is_err() {
            add_label(&mut labels, &path, &Value::String(value));
        }
    }
    for (key, value) in members.iter().filter(|(_, value)| value.is_array()) {
        add_label(&mut labels, key, value);
    }
    Some(Sample { time, values, labels })
}

/// The scalars in an object and in the objects within it.
fn leaves_of(members: &Map<String, Value>, path: &str, leaves: &mut Vec<(String, String)>) {
    for (key, value) in members {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            Value::Object(members) if path.matches('.').count() < 3 => {
                leaves_of(members, &path, leaves);
            }
            value => leaves.extend(scalar(value).map(|text| (path, text))),
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether the keys of an object are times.
fn is_by_time(members: &Map<String, Value>) -> bool {
    !members.is_empty() && members.keys().all(|key| key.len() >= 9 && is_time(key))
}

/// Whether elements are pairs of a time and a value.
fn is_pairs(elements: &[Value]) -> bool {
    let is_pair = |element: &Value| {
        element.as_array().is_some_and(|pair| {
            pair.len() == 2
                && scalar(&pair[0]).is_some_and(|time| is_time(&time))
                && !pair[1].is_array()
        })
    };
    !elements.is_empty() && elements.iter().take(5).all(is_pair)
}

/// Whether a value only describes samples elsewhere: its only lists are lists of labels.
fn is_about(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            !is_by_time(members) && sample(members).is_none() && members.values().all(is_about)
        }
        Value::Array(elements) => elements.iter().all(|element| pair_of(element).is_some()),
        _ => true,
    }
}

/// A name with its value, as OTLP and AWS write labels:
/// `{"key": "host", "value": {"stringValue": "a"}}`.
fn pair_of(element: &Value) -> Option<(String, String)> {
    let get = |keys: [&str; 4]| keys.iter().find_map(|key| element.get(*key));
    let name = scalar(get(["key", "Name", "name", "Key"])?)?;
    let value = get(["value", "Value", "val", "v"])?;
    let value = scalar(value).or_else(|| value.as_object()?.values().find_map(scalar))?;
    Some((name, value))
}

fn add_label(labels: &mut Labels, key: &str, value: &Value) {
    let is_good = |text: &str| {
        !text.trim().is_empty() && text.len() <= 80 && !is_time(text) && !text.contains("://")
    };
    match value {
        Value::String(text) if is_good(text) => {
            let last = objects::column_name(key.rsplit('.').next().unwrap_or(key));
            let first = objects::column_name(key.split('.').next().unwrap_or(key));
            let key = match () {
                () if last == "unit" || last == "units" => UNIT.to_owned(),
                () if NAMES.contains(&last.as_str()) => NAME.to_owned(),
                () if first == "metric" && last == "type" => NAME.to_owned(),
                () => key.rsplit('.').next().unwrap_or(key).to_owned(),
            };
            labels.entry(key).or_insert_with(|| text.trim().to_owned());
        }
        Value::Object(members) => {
            // The name of a metric with its translation.
            if objects::column_name(key) == "name" {
                let name = members.get("value").and_then(scalar).filter(|name| is_good(name));
                labels.extend(name.map(|name| (NAME.to_owned(), name)));
                return;
            }
            for (inner, value) in members {
                add_label(labels, &format!("{key}.{inner}"), value);
            }
        }
        Value::Array(elements) => labels.extend(elements.iter().filter_map(pair_of)),
        _ => {}
    }
}

/// The labels with a name, unless they have one.
fn named(labels: &Labels, key: Option<&str>) -> Labels {
    let mut labels = labels.clone();
    labels.remove(UNIT);
    let is_name =
        |key: &&str| !["values", "value", "data", "points", "dps", "datapoints"].contains(key);
    if let Some(key) = key.filter(is_name) {
        let place = if labels.contains_key(NAME) { "field" } else { NAME };
        labels.entry(place.to_owned()).or_insert_with(|| key.to_owned());
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    fn shown(text: &str) -> String {
        assert_eq!(sniff(&JSON_SAMPLES, text), Verdict::LastResort, "{text}");
        read(&JSON_SAMPLES, text)
    }

    #[test]
    fn samples_are_pairs_objects_keys_and_columns() {
        insta::assert_snapshot!(shown(r#"{"timeseries": [{"label": "cpu", "host": "a", "data": [[1772359200, 1.5], [1772359260, null]]}]}"#), @"
        cpu of `cpu`: 2026-03-01T10:00:00Z=1.5 2026-03-01T10:01:00Z=-
        metrics:1:1: warning: 1 of 2 samples of this series cannot be drawn: 1 NaN or null
        ");
        insta::assert_snapshot!(shown(r#"[{"metric": "cpu", "tags": {"host": "a"}, "aggregateTags": [], "dps": {"1772359200": 1.5, "1772359260": 2}}]"#), @"cpu of `cpu`: 2026-03-01T10:00:00Z=1.5 2026-03-01T10:01:00Z=2");
        insta::assert_snapshot!(shown(r#"{"name": "cpu", "times": [1772359200, 1772359260], "idle": [90, 12], "user": [3, null]}"#), @"
        field=idle of `cpu`: 2026-03-01T10:00:00Z=90 2026-03-01T10:01:00Z=12
        field=user of `cpu`: 2026-03-01T10:00:00Z=3 2026-03-01T10:01:00Z=-
        metrics:1:1: warning: 1 of 2 samples of this series cannot be drawn: 1 NaN or null
        ");
        insta::assert_snapshot!(shown("{\"metric_name\": \"cpu\", \"dimensions\": {\"host\": \"a\"}, \"timestamp\": 1772359200000, \"value\": {\"max\": 90.0, \"count\": 2.0}, \"unit\": \"Percent\"}\n{\"metric_name\": \"cpu\", \"dimensions\": {\"host\": \"a\"}, \"timestamp\": 1772359260000, \"value\": {\"max\": 91.0, \"count\": 2.0}, \"unit\": \"Percent\"}\n"), @"
        field=value.count in Percent of `cpu`: 2026-03-01T10:00:00Z=2 2026-03-01T10:01:00Z=2
        field=value.max in Percent of `cpu`: 2026-03-01T10:00:00Z=90 2026-03-01T10:01:00Z=91
        ");
    }

    #[test]
    fn what_is_around_samples_is_their_labels() {
        insta::assert_snapshot!(shown(r#"{"resourceMetrics": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]}, "scopeMetrics": [{"metrics": [
            {"name": "http.errors", "unit": "1", "sum": {"dataPoints": [{"asDouble": 5, "startTimeUnixNano": "1772359100000000000", "timeUnixNano": "1772359200000000000", "attributes": [{"key": "route", "value": {"stringValue": "/cart"}}]}]}},
            {"name": "queue", "unit": "items", "gauge": {"dataPoints": [{"asInt": "10", "timeUnixNano": "1772359200000000000"}]}}]}]}]}"#), @"
        http.errors, route=/cart in 1: 2026-03-01T10:00:00Z=5
        queue in items: 2026-03-01T10:00:00Z=10
        ");
        insta::assert_snapshot!(shown(r#"{"timespan": "2026-03-01T10:00:00Z/2026-03-01T10:10:00Z", "value": [{"name": {"value": "Percentage CPU", "localizedValue": "CPU"}, "unit": "Percent", "timeseries": [{"metadatavalues": [], "data": [{"timeStamp": "2026-03-01T10:00:00Z", "average": 10.5}, {"timeStamp": "2026-03-01T10:01:00Z", "average": 95.5}]}]}]}"#), @"Percentage CPU in Percent of `Percentage CPU`: 2026-03-01T10:00:00Z=10.5 2026-03-01T10:01:00Z=95.5");
    }
}
