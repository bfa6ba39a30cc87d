//! Drops the entries (by visibility) and the fields that an audience may not read.

use super::removal::Removal;
use crate::model::Incident;
use crate::model::path::{Path, Step};
use crate::model::timeline::Visibility;
use crate::report::audience::Audience;

/// Records that the value at `path` was left out.
fn left_out(removals: &mut Vec<Removal>, path: Path, why: &str) {
    removals.push(Removal { path, what: format!("left out: {why}") });
}

/// Returns a removal for each milestone that is less precise in `coarse` than in `incident`.
pub(super) fn coarser(incident: &Incident, coarse: &Incident) -> Vec<Removal> {
    let changed = incident
        .milestones
        .known()
        .filter(|(name, known)| coarse.milestones.at(*name) != Some(known.at));
    changed
        .map(|(name, _)| Removal {
            path: Path::key("milestones").then(name.as_str()),
            what: "to the minute: the entry that proves it is left out".to_owned(),
        })
        .collect()
}

/// Drops the entries that `audience` may not read. Returns the original indices of the rest.
pub(super) fn drop_entries(
    incident: &mut Incident,
    audience: Audience,
    removals: &mut Vec<Removal>,
) -> Vec<usize> {
    let mut kept = Vec::with_capacity(incident.timeline.len());
    let mut index = 0;
    incident.timeline.retain(|entry| {
        let may_read = audience.may_read(entry);
        if may_read {
            kept.push(index);
        } else {
            let why = match entry.visibility() {
                _ if entry.hidden => "the entry is hidden",
                Visibility::Restricted => "the entry is restricted",
                Visibility::Internal | Visibility::Public => "the entry is internal",
            };
            left_out(removals, Path::key("timeline").then(index), why);
        }
        index += 1;
        may_read
    });
    kept
}

/// Drops the fields with internal information: people, teams, addresses and business figures.
pub(super) fn drop_internals(incident: &mut Incident, removals: &mut Vec<Removal>) {
    let mut dropped = Dropped { removals, base: Vec::new() };
    let roles = std::mem::take(&mut incident.roles);
    for (key, name) in [
        ("commander", &roles.commander),
        ("comms", &roles.comms),
        ("owner", &roles.owner),
        ("scribe", &roles.scribe),
    ] {
        dropped.note(["roles", key], name.is_some(), "people are not named");
    }
    dropped.note(["roles", "responders"], !roles.responders.is_empty(), "people are not named");
    dropped.note(["roles", "authors"], !roles.authors.is_empty(), "people are not named");
    dropped.list("teams", &mut incident.teams);
    dropped.list("tags", &mut incident.tags);
    let related = std::mem::take(&mut incident.related);
    dropped.note(["related"], !related.is_empty(), "it names other incidents");
    if let Some(detection) = &mut incident.detection {
        dropped.option(["detection", "by"], &mut detection.by, "it names an alert or a person");
    }
    if let Some(trigger) = &mut incident.trigger {
        dropped.option(["trigger", "change"], &mut trigger.change, "it names a change");
    }
    let impact = &mut incident.impact;
    for (key, figure) in [
        ("revenue", &mut impact.revenue),
        ("support_tickets", &mut impact.support_tickets),
        ("slo_burn", &mut impact.slo_burn),
    ] {
        dropped.option(["impact", key], figure, "a figure of the business");
    }
    impact.windows.iter_mut().for_each(|window| window.source = None);
    for cause in incident.root_causes.iter_mut().chain(&mut incident.contributing_factors) {
        cause.source = None;
    }
    for (name, _) in incident.milestones.clone().known() {
        if let Some(milestone) = incident.milestones.slot(name) {
            milestone.source = None;
            let path = ["milestones", name.as_str(), "note"];
            dropped.option(path, &mut milestone.note, "a working note");
        }
    }
    follow_ups(incident, &mut dropped);
    for entry in &mut incident.timeline {
        (entry.source, entry.same_as) = (None, None);
    }
    dropped.note(["sources"], !incident.sources.is_empty(), "files, addresses and queries");
    incident.sources.clear();
    dropped.note(["links"], !incident.links.is_empty(), "addresses");
    incident.links.clear();
}

fn follow_ups(incident: &mut Incident, dropped: &mut Dropped) {
    for (index, item) in incident.action_items.iter_mut().enumerate() {
        dropped.base = vec![Step::from("action_items"), Step::from(index)];
        dropped.option(["owner"], &mut item.owner, "people are not named");
        dropped.option(["priority"], &mut item.priority, "the plan of the team");
        dropped.option(["due"], &mut item.due, "the plan of the team");
        dropped.option(["ticket"], &mut item.ticket, "it names a ticket");
    }
    for (index, question) in incident.open_questions.iter_mut().enumerate() {
        dropped.base = vec![Step::from("open_questions"), Step::from(index)];
        dropped.option(["asked_by"], &mut question.asked_by, "people are not named");
    }
    dropped.base.clear();
}

/// Records dropped fields.
struct Dropped<'a> {
    removals: &'a mut Vec<Removal>,
    /// The path that keys are appended to.
    base: Vec<Step>,
}

impl Dropped<'_> {
    fn note<const N: usize>(&mut self, keys: [&str; N], is_there: bool, why: &str) {
        if is_there {
            let steps = self.base.iter().cloned().chain(keys.map(Step::from));
            left_out(self.removals, Path(steps.collect()), why);
        }
    }

    fn option<T, const N: usize>(&mut self, keys: [&str; N], field: &mut Option<T>, why: &str) {
        let was = field.take();
        self.note(keys, was.is_some(), why);
    }

    fn list(&mut self, key: &str, field: &mut Vec<String>) {
        self.note([key], !field.is_empty(), "it names the organisation");
        field.clear();
    }
}
