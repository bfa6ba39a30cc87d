//! Short constructors of incidents for the tests of this layer.

use crate::model::Incident;
use crate::model::impact::{Level, Window};
use crate::model::milestone::{Milestone, MilestoneName};
use crate::model::timeline::{Entry, EntryKind, State};

/// An incident without any fields.
pub(super) fn incident(id: &str) -> Incident {
    Incident::new(id.parse().expect("a test's id"), format!("The incident {id}"))
}

/// A milestone at a time.
pub(super) fn at(time: &str) -> Option<Milestone> {
    Some(Milestone::observed(time.parse().expect("a test's time")))
}

/// An incident with these milestones.
pub(super) fn with(id: &str, milestones: &[(MilestoneName, &str)]) -> Incident {
    let mut incident = incident(id);
    for &(name, time) in milestones {
        *incident.milestones.slot(name) = at(time);
    }
    incident
}

/// An impact window.
pub(super) fn window(
    start: &str,
    end: Option<&str>,
    level: Option<Level>,
    components: &[&str],
) -> Window {
    Window {
        start: start.parse().expect("a test's time"),
        end: end.map(|end| end.parse().expect("a test's time")),
        level,
        components: components.iter().map(|&name| name.to_owned()).collect(),
        source: None,
    }
}

/// A post on a status page.
pub(super) fn update(time: &str, state: State, text: &str) -> Entry {
    Entry { kind: Some(EntryKind::StatusUpdate), state: Some(state), ..entry(time, text) }
}

/// An entry of the timeline.
pub(super) fn entry(time: &str, text: &str) -> Entry {
    Entry {
        at: Some(time.parse().expect("a test's time")),
        text: text.to_owned(),
        ..Entry::default()
    }
}
