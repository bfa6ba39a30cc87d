//! The groups that each incident counts in, and their order.

use chrono::{DateTime, Datelike, Utc};

use super::group::Grouping;
use super::row::Row;
use crate::analysis::config::Definitions;
use crate::model::zone::Zone;

/// A group's name. Ordered as the groups are shown: known ones by rank and then by name, and what
/// is not known last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    rank: usize,
    pub(super) name: String,
    /// The group within it, where groups are divided: its rank and its name.
    pub(super) within: Option<(usize, String)>,
}

impl Key {
    pub(super) fn named(name: impl Into<String>) -> Self {
        Key { rank: 0, name: name.into(), within: None }
    }

    pub(super) fn unknown(by: Grouping) -> Self {
        Key { rank: usize::MAX, name: by.unknown().to_owned(), within: None }
    }

    /// The name of each grouping, in their order.
    pub(super) fn names(&self) -> Vec<String> {
        std::iter::once(&self.name)
            .chain(self.within.iter().map(|(_, name)| name))
            .cloned()
            .collect()
    }
}

/// The groups that an incident counts in: at least one. `began` is the instant of its period.
pub(super) fn keys(
    row: &Row,
    began: Option<DateTime<Utc>>,
    by: Grouping,
    zone: Zone,
    definitions: &Definitions,
) -> Vec<Key> {
    let date = || began.map(|instant| zone.local(instant).date_naive());
    let mut keys: Vec<Key> = match by {
        Grouping::Severity => {
            row.severity.iter().map(|severity| severity_key(severity, definitions)).collect()
        }
        Grouping::Service => row.services.iter().map(Key::named).collect(),
        Grouping::Team => row.teams.iter().map(Key::named).collect(),
        Grouping::Cause => row.causes.iter().map(Key::named).collect(),
        Grouping::Month => {
            date().map(|date| Key::named(date.format("%Y-%m").to_string())).into_iter().collect()
        }
        Grouping::Quarter => date()
            .map(|date| Key::named(format!("{}-Q{}", date.year(), date.month0() / 3 + 1)))
            .into_iter()
            .collect(),
        Grouping::Year => {
            date().map(|date| Key::named(date.year().to_string())).into_iter().collect()
        }
    };
    if keys.is_empty() {
        keys.push(Key::unknown(by));
    }
    keys.sort();
    keys.dedup();
    keys
}

/// The groups of `keys`, each divided by `then_by` where that is asked for.
pub(super) fn divided(
    row: &Row,
    began: Option<DateTime<Utc>>,
    [by, then_by]: [Option<Grouping>; 2],
    zone: Zone,
    definitions: &Definitions,
) -> Vec<Key> {
    let of = |by| keys(row, began, by, zone, definitions);
    let outer = by.map(of).unwrap_or_default();
    let Some(inner) = then_by.map(of) else { return outer };
    let within = |outer: &Key, inner: &Key| Key {
        within: Some((inner.rank, inner.name.clone())),
        ..outer.clone()
    };
    outer.iter().flat_map(|outer| inner.iter().map(move |inner| within(outer, inner))).collect()
}

/// A severity that is not in the order comes after those that are, sorted by its spelling.
fn severity_key(severity: &str, definitions: &Definitions) -> Key {
    match definitions.severity_rank(severity) {
        Some(rank) => Key { rank, ..Key::named(definitions.severities[rank].clone()) },
        None => Key { rank: definitions.severities.len(), ..Key::named(severity.trim()) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::stats::StatsOptions;
    use crate::model::{Cause, Incident};

    fn names(incident: &Incident, by: Grouping) -> Vec<String> {
        let began = "2026-03-31T23:30:00Z".parse().ok();
        let zone = "Europe/Berlin".parse().unwrap();
        let definitions = Definitions::default();
        let row = Row::of(incident, &definitions, &StatsOptions::default());
        keys(&row, began, by, zone, &definitions).into_iter().map(|key| key.name).collect()
    }

    #[test]
    fn periods_use_the_stated_zone() {
        let incident = incident("spring");
        assert_eq!(names(&incident, Grouping::Month), ["2026-04"]);
        assert_eq!(names(&incident, Grouping::Quarter), ["2026-Q2"]);
        assert_eq!(names(&incident, Grouping::Year), ["2026"]);
    }

    #[test]
    fn incident_counts_once_per_group() {
        let mut incident = incident("shared");
        assert_eq!(names(&incident, Grouping::Service), ["(no service)"]);
        incident.services = ["web", "api", "web"].map(str::to_owned).to_vec();
        assert_eq!(names(&incident, Grouping::Service), ["api", "web"]);
        let cause = |category: &str| Cause { category: Some(category.into()), ..Cause::default() };
        incident.root_causes =
            vec![cause("software"), Cause::default(), cause("process"), cause("software")];
        assert_eq!(names(&incident, Grouping::Cause), ["process", "software"]);
    }

    #[test]
    fn severities_are_ordered_and_unknown_ones_are_last() {
        let definitions = Definitions::default();
        let mut shown: Vec<Key> = ["minor", "odd", "SEV1", "critical"]
            .iter()
            .map(|name| severity_key(name, &definitions))
            .collect();
        shown.push(Key::unknown(Grouping::Severity));
        shown.sort();
        let shown: Vec<&str> = shown.iter().map(|key| key.name.as_str()).collect();
        assert_eq!(shown, ["sev1", "critical", "minor", "odd", "(no severity)"]);
    }
}
