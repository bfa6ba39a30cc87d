//! Whether an incident is known only from a status page.
//!
//! A workspace may contain thousands of imported incidents of vendors, which the team will never
//! write up. Asking for their root causes and follow-ups would hide the important findings.

use crate::model::Incident;
use crate::model::milestone::MilestoneName;
use crate::model::origin::SourceInfo;
use crate::model::timeline::{Entry, EntryKind, State};

/// Whether everything in the file was imported from histories of status pages, and no person added
/// anything.
pub(super) fn is_only_source(incident: &Incident) -> bool {
    !incident.sources.is_empty()
        && incident.sources.values().all(is_history)
        && incident.timeline.iter().all(is_post)
        && MilestoneName::ALL.iter().all(|&name| {
            let milestone = incident.milestones.get(name);
            milestone.is_none_or(|milestone| milestone.source.is_some())
        })
        && !has_field_of_people(incident)
        && (has_postmortem(incident) || !has_writing(incident))
}

/// Whether a source is a record of a history. Other imports also store their bytes.
fn is_history(source: &SourceInfo) -> bool {
    source.format.is_some() && source.record.is_some() && source.path.is_none()
}

/// Whether an entry was imported from the history of a status page, which published it.
pub(super) fn is_imported_post(incident: &Incident, entry: &Entry) -> bool {
    is_post(entry)
        && entry.source_key().and_then(|key| incident.sources.get(key)).is_some_and(is_history)
}

fn is_post(entry: &Entry) -> bool {
    entry.kind() == EntryKind::StatusUpdate && entry.source.is_some()
}

/// Whether a field has a value that imports of histories never write.
fn has_field_of_people(incident: &Incident) -> bool {
    let follow_ups = &incident.action_items;
    incident.review.is_some()
        || incident.definitions.is_some()
        || !incident.teams.is_empty()
        || !incident.roles.is_empty()
        || !incident.severity_history.is_empty()
        || !incident.mitigators.is_empty()
        || !incident.open_questions.is_empty()
        || !incident.metrics.is_empty()
        || !incident.links.is_empty()
        || follow_ups
            .iter()
            .any(|one| one.owner.is_some() || one.due.is_some() || one.ticket.is_some())
}

/// Whether a page published a write-up with the incident, from which an import fills sections.
fn has_postmortem(incident: &Incident) -> bool {
    incident.timeline.iter().any(|entry| entry.state == Some(State::Postmortem))
}

fn has_writing(incident: &Incident) -> bool {
    incident.summary.is_some()
        || incident.impact.statement.is_some()
        || incident.detection.is_some()
        || incident.trigger.is_some()
        || incident.resolution.is_some()
        || !incident.root_causes.is_empty()
        || !incident.contributing_factors.is_empty()
        || !incident.action_items.is_empty()
        || !incident.lessons.is_empty()
        || !incident.sections.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::{self, Context};
    use crate::model::action::ActionItem;

    fn imported() -> Incident {
        let mut page = incident("page");
        let history = SourceInfo {
            format: Some("statuspage-v2".into()),
            record: Some("r1".into()),
            ..SourceInfo::default()
        };
        page.sources.insert("S1".into(), history);
        page.timeline.push(Entry {
            at: Some("2026-03-17T14:00Z".parse().unwrap()),
            kind: Some(EntryKind::StatusUpdate),
            source: Some("S1#u1".parse().unwrap()),
            text: "We look.".into(),
            ..Entry::default()
        });
        page
    }

    /// The rules with findings.
    fn found(incident: &Incident) -> Vec<&'static str> {
        let findings = rules::check(&Context::new(incident, &Definitions::default(), &[], None));
        findings.iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn imported_status_page_incidents_need_no_write_up() {
        assert!(found(&imported()).is_empty(), "{:?}", found(&imported()));
        let mut own = imported();
        own.sources.clear();
        assert!(found(&own).contains(&"missing-sections"));
    }

    #[test]
    fn imported_incidents_need_no_start_or_entries_the_page_lacks() {
        use crate::analysis::fixture::window;
        use crate::model::milestone::{Basis, Milestone};
        let mut page = imported();
        page.impact.windows =
            vec![window("2026-03-17T14:00Z", Some("2026-03-17T18:00Z"), None, &[])];
        assert!(!found(&page).contains(&"timeline-gap"));
        page.review = Some(crate::model::Review::Draft);
        assert!(found(&page).contains(&"timeline-gap"));
        let mut closed = imported();
        closed.milestones.resolved_at = Some(Milestone {
            at: "2026-03-17T14:00Z".parse().unwrap(),
            basis: Basis::Reported,
            source: "S1#u1".parse().ok(),
            note: None,
        });
        assert!(!found(&closed).contains(&"end-without-start"));
        closed.review = Some(crate::model::Review::Draft);
        assert!(found(&closed).contains(&"end-without-start"));
    }

    #[test]
    fn edited_import_is_checked_like_a_write_up() {
        type Addition = (&'static str, fn(&mut Incident));
        let added: [Addition; 5] = [
            ("a note", |page| {
                page.timeline.push(Entry { text: "We saw it too.".into(), ..Entry::default() });
            }),
            ("a milestone", |page| {
                page.milestones.detected_at = crate::analysis::fixture::at("2026-03-17T13:59Z");
            }),
            ("a summary", |page| page.summary = Some("It broke.".into())),
            ("a review", |page| page.review = Some(crate::model::Review::Reviewed)),
            ("a follow-up", |page| {
                page.action_items
                    .push(ActionItem { text: "Alert on it.".into(), ..ActionItem::default() });
            }),
        ];
        for (what, add) in added {
            let mut page = imported();
            add(&mut page);
            assert!(found(&page).contains(&"missing-sections"), "{what}");
        }
    }

    #[test]
    fn write_up_on_the_page_does_not_count_as_an_edit() {
        let mut page = imported();
        page.timeline[0].state = Some(State::Postmortem);
        page.action_items.push(ActionItem { text: "Alert on it.".into(), ..ActionItem::default() });
        assert!(found(&page).is_empty(), "{:?}", found(&page));
        page.action_items[0].owner = Some("ana".into());
        assert!(found(&page).contains(&"follow-up-without-due"));
    }
}
