//! Everything that is known of incidents as flat tables, for other programs.
//!
//! The names, types and meanings of the columns are a contract: `docs/reference/export.md` lists
//! them. Columns are only added, at the end.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::analysis::phases::Duration;
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::impact::Window;
use crate::model::time::Moment;

/// One table: a name, its columns, and the rows of an incident.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    /// The name, which is that of its file.
    pub(crate) name: &'static str,
    /// The names of the columns.
    pub(crate) columns: &'static [&'static str],
    rows: fn(&Facts) -> Vec<Vec<Value>>,
}

/// What the rows are made from.
pub(crate) struct Facts<'a> {
    /// The incident.
    pub(crate) incident: &'a Incident,
    /// Its durations.
    pub(crate) durations: Vec<Duration>,
    /// Its windows of impact, and whether they are implied by milestones.
    pub(crate) windows: (Cow<'a, [Window]>, bool),
    /// The version of the definitions.
    pub(crate) definitions_version: u32,
    /// The instant to which its ongoing durations and open windows are counted.
    pub(crate) as_of: DateTime<Utc>,
}

impl Table {
    /// The rows of an incident, each with a value for every column: a text, a number, a boolean, a
    /// list of texts, or null for what is unknown.
    pub(crate) fn rows(&self, facts: &Facts) -> Vec<Vec<Value>> {
        (self.rows)(facts)
    }
}

/// All tables.
pub(crate) const TABLES: [Table; 6] = [
    Table {
        name: "incidents",
        columns: &[
            "id",
            "title",
            "kind",
            "severity",
            "status",
            "review",
            "services",
            "teams",
            "regions",
            "tags",
            "time_zone",
            "occurred_earliest",
            "occurred_latest",
            "duplicate_of",
            "parent",
            "recurrence_of",
            "caused_by",
            "root_cause_categories",
            "summary",
            "definitions",
        ],
        rows: |facts| vec![of_incident(facts.incident)],
    },
    Table {
        name: "milestones",
        columns: &[
            "incident",
            "name",
            "earliest",
            "latest",
            "precision",
            "about",
            "basis",
            "source",
            "note",
        ],
        rows: |facts| milestones(facts.incident),
    },
    Table {
        name: "durations",
        columns: &[
            "incident",
            "name",
            "min_seconds",
            "max_seconds",
            "precision",
            "about",
            "reason",
            "formula",
            "definitions_version",
            "so_far_min_seconds",
            "so_far_max_seconds",
            "is_ongoing",
        ],
        rows: durations,
    },
    Table {
        name: "windows",
        columns: &[
            "incident",
            "number",
            "implied",
            "start_earliest",
            "start_latest",
            "end_earliest",
            "end_latest",
            "level",
            "components",
            "source",
            "counted_until",
        ],
        rows: windows,
    },
    Table {
        name: "updates",
        columns: &[
            "incident",
            "number",
            "earliest",
            "latest",
            "precision",
            "about",
            "kind",
            "state",
            "milestone",
            "actor",
            "visibility",
            "hidden",
            "source",
            "text",
        ],
        rows: |facts| updates(facts.incident),
    },
    Table {
        name: "action_items",
        columns: &[
            "incident",
            "number",
            "id",
            "text",
            "type",
            "owner",
            "priority",
            "due",
            "ticket",
            "status",
            "is_open",
            "addresses",
        ],
        rows: |facts| action_items(facts.incident),
    },
];

/// An instant in UTC with as many digits as it has.
fn instant(at: DateTime<Utc>) -> Value {
    json!(at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// The two ends of a moment; both null where there is none.
fn ends(at: Option<Moment>) -> [Value; 2] {
    [Moment::earliest, Moment::latest].map(|end| at.map_or(Value::Null, |at| instant(end(at))))
}

fn of_incident(incident: &Incident) -> Vec<Value> {
    let related = &incident.related;
    let causes: Vec<&String> =
        incident.root_causes.iter().filter_map(|cause| cause.category.as_ref()).collect();
    let [earliest, latest] = ends(incident.occurred());
    vec![
        json!(incident.id),
        json!(incident.title),
        json!(incident.kind()),
        json!(incident.severity),
        json!(incident.status()),
        json!(incident.review()),
        json!(incident.services),
        json!(incident.teams),
        json!(incident.regions),
        json!(incident.tags),
        json!(incident.time_zone),
        earliest,
        latest,
        json!(related.duplicate_of),
        json!(related.parent),
        json!(related.recurrence_of),
        json!(related.caused_by),
        json!(causes),
        json!(incident.summary),
        json!(incident.definitions),
    ]
}

fn milestones(incident: &Incident) -> Vec<Vec<Value>> {
    let row = |(name, milestone): (_, &crate::model::milestone::Milestone)| {
        let [earliest, latest] = ends(Some(milestone.at));
        vec![
            json!(incident.id),
            json!(name),
            earliest,
            latest,
            json!(milestone.at.precision()),
            json!(milestone.at.is_about()),
            json!(milestone.basis),
            json!(milestone.source),
            json!(milestone.note),
        ]
    };
    incident.milestones.known().map(row).collect()
}

fn durations(facts: &Facts) -> Vec<Vec<Value>> {
    let row = |duration: &Duration| {
        let value: Option<&Elapsed> = duration.value.as_ref().ok();
        let ongoing = duration.value.as_ref().err().and_then(|gap| gap.censored());
        let so_far = ongoing.flatten();
        vec![
            json!(facts.incident.id),
            json!(duration.name),
            json!(value.map(|value| value.min.as_seconds_f64())),
            json!(value.map(|value| value.max.as_seconds_f64())),
            json!(value.map(|value| value.precision)),
            json!(value.map(|value| value.about)),
            json!(duration.value.as_ref().err().map(ToString::to_string)),
            json!(duration.formula.to_string()),
            json!(facts.definitions_version),
            json!(so_far.map(|so_far| so_far.min.as_seconds_f64())),
            json!(so_far.map(|so_far| so_far.max.as_seconds_f64())),
            json!(ongoing.is_some()),
        ]
    };
    facts.durations.iter().map(row).collect()
}

fn windows(facts: &Facts) -> Vec<Vec<Value>> {
    let (windows, is_implied) = &facts.windows;
    let row = |(index, window): (usize, &Window)| {
        let [start_earliest, start_latest] = ends(Some(window.start));
        let [end_earliest, end_latest] = ends(window.end);
        vec![
            json!(facts.incident.id),
            json!(index + 1),
            json!(is_implied),
            start_earliest,
            start_latest,
            end_earliest,
            end_latest,
            json!(window.level),
            json!(window.components),
            json!(window.source),
            window.end.map_or_else(|| instant(facts.as_of), |_| Value::Null),
        ]
    };
    windows.iter().enumerate().map(row).collect()
}

fn updates(incident: &Incident) -> Vec<Vec<Value>> {
    let row = |(index, entry): (usize, &crate::model::timeline::Entry)| {
        let [earliest, latest] = ends(entry.at);
        vec![
            json!(incident.id),
            json!(index + 1),
            earliest,
            latest,
            json!(entry.at.map(Moment::precision)),
            json!(entry.at.map(Moment::is_about)),
            json!(entry.kind()),
            json!(entry.state),
            json!(entry.milestone),
            json!(entry.actor),
            json!(entry.visibility()),
            json!(entry.hidden),
            json!(entry.source),
            json!(entry.text),
        ]
    };
    incident.timeline.iter().enumerate().map(row).collect()
}

fn action_items(incident: &Incident) -> Vec<Vec<Value>> {
    let row = |(index, item): (usize, &crate::model::action::ActionItem)| {
        vec![
            json!(incident.id),
            json!(index + 1),
            json!(item.id),
            json!(item.text),
            json!(item.kind),
            json!(item.owner),
            json!(item.priority),
            json!(item.due),
            json!(item.ticket),
            json!(item.status),
            json!(item.is_open()),
            json!(item.addresses),
        ]
    };
    incident.action_items.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_value_for_every_column() {
        let incident = crate::store::load::parse(
            "a.yaml",
            "schema: posthoc/v1\nid: a\ntitle: A\nmilestones: {impact_start: 2026-03-17T14:05Z, impact_end: 2026-03-17T15:05Z}\n\
             timeline: [{at: 2026-03-17T14:09Z, text: Seen.}]\naction_items: [{text: Fix it.}]\n",
        )
        .unwrap();
        let definitions = crate::analysis::config::Definitions::default();
        let facts = Facts {
            incident: &incident,
            durations: crate::analysis::phases::durations(&incident, &definitions, None),
            windows: crate::analysis::impact::windows(&incident),
            definitions_version: 1,
            as_of: "2026-03-18T00:00:00Z".parse().unwrap(),
        };
        for table in TABLES {
            let rows = table.rows(&facts);
            assert!(!rows.is_empty(), "{}", table.name);
            assert!(rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.name);
        }
    }

    #[test]
    fn every_column_is_documented() {
        let reference = include_str!("../../docs/reference/export.md");
        for table in TABLES {
            let heading = format!("## {}\n", table.name);
            let (_, section) = reference.split_once(&heading).expect(table.name);
            let section = section.split("\n## ").next().unwrap_or_default();
            let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
            let documented: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
            assert_eq!(documented, table.columns, "{}", table.name);
        }
    }
}
