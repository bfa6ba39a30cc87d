//! An index of the other incidents, so that rules need not search through them.
//!
//! A check of ten thousand files needs these answers ten thousand times, so the index is built
//! once, before the check.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::model::action::ActionItem;
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::{Cause, Incident, Kind};

/// The incidents with open follow-ups, by what may fail again.
#[derive(Debug, Clone, Default)]
pub struct Neighbourhood<'a> {
    /// By service; each list is in the order of time.
    by_service: BTreeMap<&'a str, Vec<Unfinished<'a>>>,
    /// By service and category of a cause or a factor; each list is in the order of time.
    by_factor: BTreeMap<(&'a str, &'a str), Vec<Unfinished<'a>>>,
    /// Files that look like the same incident, in the order of their ids.
    alike: BTreeMap<Looks<'a>, Vec<&'a Incident>>,
}

/// What two files of one incident have in common: the title, the services, and every milestone.
type Looks<'a> = (String, Vec<&'a str>, Vec<(MilestoneName, Moment)>);

/// An incident with an open follow-up.
#[derive(Debug, Clone, Copy)]
pub struct Unfinished<'a> {
    /// The time of the incident.
    pub at: DateTime<Utc>,
    /// The incident.
    pub incident: &'a Incident,
    /// The first open follow-up.
    pub follow_up: &'a ActionItem,
}

impl<'a> Neighbourhood<'a> {
    /// Builds the index of `incidents`.
    pub fn new(incidents: &[&'a Incident]) -> Self {
        let mut all = Neighbourhood::default();
        for incident in incidents {
            all.take_in(incident);
            all.alike.entry(looks(incident)).or_default().push(incident);
        }
        // Most incidents are unique, and need not be stored.
        all.alike
            .retain(|(_, _, milestones), incidents| incidents.len() > 1 && !milestones.is_empty());
        all.alike.values_mut().for_each(|list| list.sort_by(|one, other| one.id.cmp(&other.id)));
        let lists = all.by_service.values_mut().chain(all.by_factor.values_mut());
        lists.for_each(|list| {
            list.sort_by_key(|unfinished| (unfinished.at, &unfinished.incident.id));
        });
        all
    }

    fn take_in(&mut self, incident: &'a Incident) {
        let counts = !matches!(incident.kind(), Kind::Maintenance | Kind::Drill);
        if !counts || incident.services.is_empty() || incident.related.duplicate_of.is_some() {
            return;
        }
        let mut open =
            incident.action_items.iter().filter(|follow_up| follow_up.is_open()).peekable();
        let (Some(&first), Some(at)) = (open.peek(), incident.occurred()) else { return };
        let at = at.middle();
        let open: Vec<&ActionItem> = open.collect();
        for service in &incident.services {
            let unfinished = Unfinished { at, incident, follow_up: first };
            self.by_service.entry(service).or_default().push(unfinished);
        }
        for cause in incident.root_causes.iter().chain(&incident.contributing_factors) {
            let Some(category) = category(cause) else { continue };
            // A follow-up that names the causes it addresses does not address the others.
            let answers = |follow_up: &&&ActionItem| {
                let named = &follow_up.addresses;
                named.is_empty() || cause.id.as_ref().is_some_and(|id| named.contains(id))
            };
            let Some(&follow_up) = open.iter().find(answers) else { continue };
            for service in &incident.services {
                let list = self.by_factor.entry((service, category)).or_default();
                if list.last().is_none_or(|last| last.incident.id != incident.id) {
                    list.push(Unfinished { at, incident, follow_up });
                }
            }
        }
    }

    /// Another incident with the title, the services and the milestones of `incident`, unless one
    /// refers to the other.
    pub fn same_as(&self, incident: &Incident) -> Option<&'a Incident> {
        if self.alike.is_empty() {
            return None;
        }
        let refers = |one: &Incident, other: &Incident| {
            let related = &one.related;
            [&related.duplicate_of, &related.parent, &related.recurrence_of, &related.caused_by]
                .into_iter()
                .any(|id| id.as_ref() == Some(&other.id))
        };
        let alike = self.alike.get(&looks(incident))?;
        alike.iter().copied().find(|other| {
            other.id != incident.id && !refers(incident, other) && !refers(other, incident)
        })
    }

    /// The last incident of `service` before `at` with an open follow-up.
    pub fn of_service(&self, service: &str, at: DateTime<Utc>) -> Option<Unfinished<'a>> {
        before(self.by_service.get(service)?, at)
    }

    /// The last incident of `service` before `at` with a cause or a factor of `category` and an
    /// open follow-up that addresses it.
    pub fn of_factor(
        &self,
        service: &str,
        category: &str,
        at: DateTime<Utc>,
    ) -> Option<Unfinished<'a>> {
        before(self.by_factor.get(&(service, category))?, at)
    }
}

fn looks(incident: &Incident) -> Looks<'_> {
    let mut services: Vec<&str> = incident.services.iter().map(String::as_str).collect();
    services.sort_unstable();
    let milestones = incident.milestones.known().map(|(name, known)| (name, known.at)).collect();
    (incident.title.trim().to_lowercase(), services, milestones)
}

/// The category by which two causes are compared.
pub(crate) fn category(cause: &Cause) -> Option<&str> {
    cause.category.as_deref().map(str::trim)
}

fn before<'a>(list: &[Unfinished<'a>], at: DateTime<Utc>) -> Option<Unfinished<'a>> {
    list[..list.partition_point(|unfinished| unfinished.at < at)].last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::model::milestone::MilestoneName::ImpactStart;

    fn unfinished(id: &str, start: &str) -> Incident {
        let mut incident = with(id, &[(ImpactStart, start)]);
        incident.services = vec!["api".into()];
        incident.root_causes = vec![
            Cause { id: Some("rc1".into()), category: Some("database".into()), ..Cause::default() },
            Cause { id: Some("rc2".into()), category: Some("network".into()), ..Cause::default() },
        ];
        incident.action_items = vec![ActionItem {
            id: Some("A1".into()),
            addresses: vec!["rc1".into()],
            ..ActionItem::default()
        }];
        incident
    }

    #[test]
    fn most_recent_earlier_incident_is_found() {
        let incidents =
            [unfinished("b", "2026-02-01T00:00Z"), unfinished("a", "2026-01-01T00:00Z")];
        let refs: Vec<&Incident> = incidents.iter().collect();
        let all = Neighbourhood::new(&refs);
        let found =
            |at: &str| Some(all.of_service("api", at.parse().ok()?)?.incident.id.to_string());
        assert_eq!(found("2026-03-01T00:00:00Z").as_deref(), Some("b"));
        assert_eq!(
            found("2026-02-01T00:00:00Z").as_deref(),
            Some("a"),
            "an incident is not before itself"
        );
        assert_eq!(found("2025-12-01T00:00:00Z"), None);
        assert!(all.of_service("mail", "2026-03-01T00:00:00Z".parse().unwrap()).is_none());
    }

    #[test]
    fn follow_up_applies_only_to_the_causes_it_names() {
        let incident = unfinished("a", "2026-01-01T00:00Z");
        let at = "2026-03-01T00:00:00Z".parse().unwrap();
        let all = Neighbourhood::new(&[&incident]);
        assert!(all.of_factor("api", "database", at).is_some());
        assert!(all.of_factor("api", "network", at).is_none());
    }
}
