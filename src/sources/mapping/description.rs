//! The description of a format without its own reader, as written in posthoc.toml.

use serde::Deserialize;

use crate::model::word_enums::words;

words! {
    /// What the records of a home-made format become.
    MappedKind {
        /// Entries in the timeline of one incident.
        Entries = "entries",
        /// Incidents, each of which gets a file of its own.
        Incidents = "incidents",
        /// Samples of metrics.
        Series = "series",
    }
}

/// The ids of the formats that read records by a mapping: those of entries, of incidents and of
/// series.
pub(crate) const READERS: [&str; 3] = ["event-records", "incident-records", "metrics-json"];

#[allow(clippy::derivable_impls, reason = "the macro that makes the enum knows no default")]
impl Default for MappedKind {
    fn default() -> Self {
        MappedKind::Entries
    }
}

/// How the records of a home-made format are read. A path is written with dots, `event.time`; in a
/// table it is the name of a column. Of several paths with `|` between them, the first that has a
/// value counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// What the records become.
    pub kind: MappedKind,
    /// The path of the list of records in a JSON document. If absent, the document is a list, one
    /// record, or has one record on each line.
    pub records: Option<String>,
    /// When it happened or began: a written time, or seconds, milliseconds, microseconds or
    /// nanoseconds since 1970. It is required.
    pub time: Option<String>,
    /// When it ended.
    pub end: Option<String>,
    /// When somebody acknowledged it.
    pub acknowledged: Option<String>,
    /// What it is about, in short. Incidents have it as their title.
    pub title: Option<String>,
    /// What happened.
    pub text: Option<String>,
    /// Its state: `firing`, `resolved`, `investigating`.
    pub state: Option<String>,
    /// How bad it is.
    pub severity: Option<String>,
    /// Its id, which must not change from one export to the next.
    pub id: Option<String>,
    /// Who or what did it or reported it.
    pub actor: Option<String>,
    /// The service that it is about.
    pub service: Option<String>,
    /// The version or the commit that was deployed. A record that has one is a change.
    pub version: Option<String>,
    /// Where it was deployed to.
    pub environment: Option<String>,
    /// The address of its page.
    pub url: Option<String>,
    /// The path of the list of updates of an incident.
    pub updates: Option<String>,
    /// The time of an update, as a path within it.
    pub update_time: Option<String>,
    /// The text of an update.
    pub update_text: Option<String>,
    /// The state of an update.
    pub update_state: Option<String>,
    /// The value of a sample. Each of several paths with `|` between them is a series of its own.
    pub value: Option<String>,
    /// The fields that distinguish the series: `labels = ["host", "region"]`.
    pub labels: Vec<String>,
    /// The unit of the values.
    pub unit: Option<String>,
    /// The time zone of times that are written without one.
    pub zone: Option<String>,
}

/// A configured mapping, with its name in posthoc.toml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMapping {
    /// The name: `shop-alerts` for `[formats.shop-alerts]`.
    pub name: String,
    /// The paths, by key.
    pub mapping: Mapping,
}

impl Mapping {
    /// The id of the format that reads records of this kind.
    pub fn format(&self) -> &'static str {
        match self.kind {
            MappedKind::Entries => READERS[0],
            MappedKind::Incidents => READERS[1],
            MappedKind::Series => READERS[2],
        }
    }

    /// The keys of posthoc.toml with a path, each with its value.
    pub(in crate::sources) fn keys(&self) -> [(&'static str, Option<&str>); 15] {
        [
            ("time", self.time.as_deref()),
            ("end", self.end.as_deref()),
            ("acknowledged", self.acknowledged.as_deref()),
            ("title", self.title.as_deref()),
            ("text", self.text.as_deref()),
            ("state", self.state.as_deref()),
            ("severity", self.severity.as_deref()),
            ("id", self.id.as_deref()),
            ("actor", self.actor.as_deref()),
            ("service", self.service.as_deref()),
            ("version", self.version.as_deref()),
            ("environment", self.environment.as_deref()),
            ("url", self.url.as_deref()),
            ("updates", self.updates.as_deref()),
            ("value", self.value.as_deref()),
        ]
    }

    /// The table `[formats.name]` for posthoc.toml.
    pub fn to_toml(&self, name: &str) -> String {
        let quoted =
            |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let mut lines = vec![format!("[formats.{name}]"), format!("kind = \"{}\"", self.kind)];
        let mut add = |key: &str, value: Option<&str>| {
            lines.extend(value.map(|value| format!("{key} = {}", quoted(value))));
        };
        add("records", self.records.as_deref());
        for (key, value) in self.keys() {
            add(key, value);
        }
        add("update_time", self.update_time.as_deref());
        add("update_text", self.update_text.as_deref());
        add("update_state", self.update_state.as_deref());
        add("unit", self.unit.as_deref());
        if !self.labels.is_empty() {
            let labels: Vec<String> = self.labels.iter().map(|label| quoted(label)).collect();
            lines.push(format!("labels = [{}]", labels.join(", ")));
        }
        lines.extend(self.zone.as_deref().map(|zone| format!("zone = {}", quoted(zone))));
        lines.join("\n") + "\n"
    }

    /// The first mistake: the key, and the problem.
    pub fn mistake(&self) -> Option<(&'static str, &'static str)> {
        let has_title = self.title.is_some() || self.text.is_some() || self.service.is_some();
        match self.kind {
            _ if self.time.is_none() => Some(("time", "the path of the time is missing")),
            MappedKind::Series if self.value.is_none() => {
                Some(("value", "the path of the value is missing"))
            }
            MappedKind::Incidents if !has_title => {
                Some(("title", "the path of the title is missing"))
            }
            _ => None,
        }
    }
}

/// The configured mapping of the options, if any.
pub(in crate::sources) type Named<'m> = Option<&'m NamedMapping>;
