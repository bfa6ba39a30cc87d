//! The words for the state of a service.

use crate::model::impact::Level;
use crate::sources::record::IncidentRecord;
use crate::sources::severity::SeverityWords;
use crate::sources::status::kit::checks::Health;

/// An outage of one service with nothing recorded yet.
pub(super) fn outage(id: String, service: &str, worst: Health) -> IncidentRecord {
    let word = word(worst);
    IncidentRecord {
        impact_word: Some(word.to_owned()),
        components: vec![(String::new(), service.to_owned())],
        ..IncidentRecord::new(id, format!("{service} is {word}"))
    }
}

pub(super) fn word(health: Health) -> &'static str {
    match health {
        Health::Up => "up",
        Health::Degraded => "degraded",
        Health::Down | Health::Maintenance => "down",
    }
}

pub(super) fn health(word: &str) -> Option<Health> {
    match word {
        "up" => Some(Health::Up),
        "degraded" => Some(Health::Degraded),
        "down" => Some(Health::Down),
        _ => None,
    }
}

pub(super) fn level(health: Health) -> Option<Level> {
    match health {
        Health::Up => None,
        Health::Degraded => Some(Level::Degraded),
        Health::Down | Health::Maintenance => Some(Level::Full),
    }
}

/// The words, from bad to worse.
pub(super) const SEVERITIES: SeverityWords =
    SeverityWords(&[("degraded", "minor"), ("down", "critical")]);
