//! Determines which changes moved a duration.
//!
//! The old incident is measured again with some parts replaced by those of the new one: each part
//! alone, then two together, and so on. The first set that gives the new value is the cause, and no
//! smaller set is. So a field on which a duration does not depend is never a cause, and two changes
//! that only together move the duration are reported together.

use serde_json::Value as Json;

use super::duration_change::{Cause, DurationChange};
use super::field::{FieldChange, Value, What};
use super::side::Side;
use super::{items, tree};
use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::measure;
use crate::analysis::phases::{self, Duration};
use crate::model::Incident;
use crate::model::impact::Window;
use crate::model::milestone::MilestoneName;
use crate::model::path::{Path, Step};
use crate::model::timeline::Entry;

/// A part of the incident that durations depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Definitions,
    Milestone(MilestoneName),
    Kind,
    Status,
    /// A window that was added or removed: its position before, or after.
    Window(Option<usize>, Option<usize>),
    /// A field of a window, by the positions of the window before and after. Its end and its level
    /// are two causes: one moves the impact, the other only its share at each level.
    WindowField(usize, usize, WindowField),
    TriggerType,
    DeployedAt,
    /// The states in the timeline, which show whether the incident is resolved.
    Timeline,
}

/// A field of a window that lengths may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WindowField {
    Start,
    End,
    Level,
    Components,
}

impl WindowField {
    const ALL: [WindowField; 4] =
        [WindowField::Start, WindowField::End, WindowField::Level, WindowField::Components];

    fn key(self) -> &'static str {
        match self {
            WindowField::Start => "start",
            WindowField::End => "end",
            WindowField::Level => "level",
            WindowField::Components => "components",
        }
    }

    fn copy(self, from: &Window, to: &mut Window) {
        match self {
            WindowField::Start => to.start = from.start,
            WindowField::End => to.end = from.end,
            WindowField::Level => to.level = from.level,
            WindowField::Components => to.components.clone_from(&from.components),
        }
    }
}

/// The durations that changed, each with its cause.
pub(super) fn durations(
    before: Side,
    after: Side,
    trees: &(Json, Json),
    fields: &[FieldChange],
) -> Vec<DurationChange> {
    let changed = moved(before, after);
    if changed.is_empty() {
        return Vec::new();
    }
    let mix = Mix::new(before, after, trees);
    changed
        .into_iter()
        .map(|(old, new)| {
            let goal = shown(&new);
            let explains = |chosen: &[usize]| mix.shown(old.name, chosen) == goal;
            let alone: Vec<usize> =
                (0..mix.parts.len()).filter(|&part| explains(&[part])).collect();
            let either_alone = alone.len() > 1;
            let because =
                if alone.is_empty() { smallest(mix.parts.len(), explains) } else { alone };
            let because = because.into_iter().map(|part| cause(mix.parts[part], fields)).collect();
            DurationChange { name: old.name, before: old, after: new, because, either_alone }
        })
        .collect()
}

/// The durations that changed, before and after.
pub(super) fn moved(before: Side, after: Side) -> Vec<(Duration, Duration)> {
    let all = |side: Side| phases::durations(side.incident, side.definitions, None);
    all(before).into_iter().zip(all(after)).filter(|(old, new)| shown(old) != shown(new)).collect()
}

/// What a reader sees of a duration: its length, and the part of it within business hours. The
/// reason for an unknown duration is not compared.
type Shown = (Option<String>, Option<String>);

fn shown(duration: &Duration) -> Shown {
    (
        duration.value.as_ref().ok().map(ToString::to_string),
        duration.business.map(|length| length.to_string()),
    )
}

/// Two versions of an incident, reduced to what durations depend on, and the parts in which they
/// differ.
struct Mix<'a> {
    before: Incident,
    after: Incident,
    definitions: (&'a Definitions, &'a Definitions),
    windows: Vec<(Option<usize>, Option<usize>)>,
    parts: Vec<Part>,
}

impl<'a> Mix<'a> {
    fn new(before: Side<'a>, after: Side<'a>, trees: &(Json, Json)) -> Self {
        let list = |tree: &Json| {
            tree.pointer("/impact/windows").and_then(Json::as_array).cloned().unwrap_or_default()
        };
        let (old_windows, new_windows) = (list(&trees.0), list(&trees.1));
        let windows = items::matched("windows", &old_windows, &new_windows);
        let mut mix = Mix {
            before: reduced(before.incident),
            after: reduced(after.incident),
            definitions: (before.definitions, after.definitions),
            windows,
            parts: Vec::new(),
        };
        // What is written in one version and follows from the rest in the other is no change.
        if before.incident.status() == after.incident.status() {
            let status = before.incident.status();
            (mix.before.status, mix.after.status) = (status, status);
        }
        if before.incident.kind() == after.incident.kind() {
            let kind = Some(before.incident.kind());
            (mix.before.kind, mix.after.kind) = (kind, kind);
        }
        let (old, new) = (&mix.before, &mix.after);
        let mut parts = Vec::new();
        parts.extend((mix.definitions.0 != mix.definitions.1).then_some(Part::Definitions));
        let milestone = |name: MilestoneName| old.milestones.at(name) != new.milestones.at(name);
        parts.extend(
            MilestoneName::ALL
                .iter()
                .filter(|name| milestone(**name))
                .map(|&name| Part::Milestone(name)),
        );
        parts.extend((old.kind() != new.kind()).then_some(Part::Kind));
        parts.extend((old.status != new.status).then_some(Part::Status));
        for &(one, other) in &mix.windows {
            match one.zip(other) {
                Some((one, other)) => {
                    let value = |list: &[Json], index: usize, field: WindowField| {
                        list[index].get(field.key()).cloned().unwrap_or(Json::Null)
                    };
                    let differs = |field: &WindowField| {
                        !tree::same(
                            &value(&old_windows, one, *field),
                            &value(&new_windows, other, *field),
                        )
                    };
                    let fields = WindowField::ALL.into_iter().filter(differs);
                    parts.extend(fields.map(|field| Part::WindowField(one, other, field)));
                }
                None => parts.push(Part::Window(one, other)),
            }
        }
        let trigger = |incident: &Incident| incident.trigger.clone().unwrap_or_default();
        parts.extend((trigger(old).kind != trigger(new).kind).then_some(Part::TriggerType));
        parts.extend(
            (trigger(old).deployed_at != trigger(new).deployed_at).then_some(Part::DeployedAt),
        );
        parts.extend((old.timeline != new.timeline).then_some(Part::Timeline));
        mix.parts = parts;
        mix
    }

    /// The duration of the old incident with these parts of the new one.
    fn shown(&self, name: DurationName, chosen: &[usize]) -> Shown {
        let mut incident = self.before.clone();
        let mut definitions = self.definitions.0;
        let chosen: Vec<Part> = chosen.iter().map(|&index| self.parts[index]).collect();
        for part in &chosen {
            match *part {
                Part::Definitions => definitions = self.definitions.1,
                Part::Milestone(name) => {
                    *incident.milestones.slot(name) = self.after.milestones.get(name).cloned();
                }
                Part::Kind => incident.kind = self.after.kind,
                Part::Status => incident.status = self.after.status,
                Part::TriggerType => {
                    incident.trigger.get_or_insert_default().kind =
                        self.after.trigger.as_ref().and_then(|trigger| trigger.kind.clone());
                }
                Part::DeployedAt => {
                    incident.trigger.get_or_insert_default().deployed_at =
                        self.after.trigger.as_ref().and_then(|trigger| trigger.deployed_at);
                }
                Part::Timeline => incident.timeline.clone_from(&self.after.timeline),
                Part::Window(..) | Part::WindowField(..) => {}
            }
        }
        incident.impact.windows = self.mixed_windows(&chosen);
        let Ok(measured) = measure::measure(&incident, name, definitions, None) else {
            return (None, None);
        };
        let hours = definitions.business_hours.as_ref();
        let business = hours.and_then(|hours| measured.business(&incident, name, hours));
        (Some(measured.value.to_string()), business.map(|length| length.to_string()))
    }

    fn mixed_windows(&self, chosen: &[Part]) -> Vec<Window> {
        let window = |&(old, new): &(Option<usize>, Option<usize>)| {
            if let Some((old, new)) = old.zip(new) {
                let (mut window, changed) =
                    (self.before.impact.windows[old].clone(), &self.after.impact.windows[new]);
                for part in chosen {
                    if let Part::WindowField(one, other, field) = *part
                        && (one, other) == (old, new)
                    {
                        field.copy(changed, &mut window);
                    }
                }
                return Some(window);
            }
            let taken = chosen.contains(&Part::Window(old, new));
            let from = if taken { (&self.after, new) } else { (&self.before, old) };
            from.1.map(|index| from.0.impact.windows[index].clone())
        };
        self.windows.iter().filter_map(window).collect()
    }
}

/// `incident` with only what durations depend on, so that copying it is cheap.
fn reduced(incident: &Incident) -> Incident {
    let mut reduced = Incident::new(incident.id.clone(), "");
    reduced.kind = incident.kind;
    reduced.status = incident.status;
    reduced.milestones = incident.milestones.clone();
    reduced.impact.windows = incident.impact.windows.clone();
    reduced.trigger = incident.trigger.clone();
    if incident.timeline.iter().any(|entry| entry.state.is_some()) {
        let entry = |entry: &Entry| Entry {
            at: entry.at,
            state: entry.state,
            hidden: entry.hidden,
            source: entry.source.clone(),
            ..Entry::default()
        };
        reduced.timeline =
            incident.timeline_in_order().into_iter().map(|(_, line)| entry(line)).collect();
        reduced
            .timeline
            .retain(|entry| entry.state.is_some_and(crate::model::timeline::State::is_phase));
    }
    reduced
}

/// The most sets of one size that are tried; beyond that, changes are removed one by one.
const MOST_SETS: usize = 2000;

/// The smallest subset of `0..count` that explains the change; the first one of that size.
fn smallest(count: usize, explains: impl Fn(&[usize]) -> bool) -> Vec<usize> {
    let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..count {
        let longer = |set: &Vec<usize>| set.last().map_or(0, |last| last + 1)..count;
        if sets.iter().map(|set| longer(set).len()).sum::<usize>() > MOST_SETS {
            break;
        }
        sets = sets
            .iter()
            .flat_map(|set| longer(set).map(move |next| [set.as_slice(), &[next]].concat()))
            .collect();
        if let Some(found) = sets.iter().position(|set| explains(set)) {
            return sets.swap_remove(found);
        }
    }
    // No small set explains it: all of them, without those that can be omitted.
    let mut needed_parts: Vec<usize> = (0..count).collect();
    for part in (0..count).rev() {
        let without: Vec<usize> =
            needed_parts.iter().copied().filter(|&other| other != part).collect();
        if explains(&without) {
            needed_parts = without;
        }
    }
    needed_parts
}

fn cause(part: Part, fields: &[FieldChange]) -> Cause {
    let at = |path: Path| -> Box<dyn Fn(&FieldChange) -> bool> {
        Box::new(move |field| field.path == path)
    };
    let is_part: Box<dyn Fn(&FieldChange) -> bool> = match part {
        Part::Definitions => return Cause::Definitions,
        Part::Milestone(name) => {
            let stated = Path::key("milestones").then(name.as_str());
            // A milestone that the file does not state is set by the entries that are its evidence.
            if fields.iter().any(|field| field.path.0.starts_with(&stated.0)) {
                Box::new(move |field| field.path.0.starts_with(&stated.0))
            } else {
                Box::new(move |field| proves(field, name))
            }
        }
        Part::WindowField(_, new, key) => {
            let path = Path::key("impact").then("windows").then(new).then(key.key());
            Box::new(move |field| field.path.0.starts_with(&path.0))
        }
        Part::Kind => at(Path::key("kind")),
        Part::Status => at(Path::key("status")),
        Part::TriggerType => at(Path::key("trigger").then("type")),
        Part::DeployedAt => at(Path::key("trigger").then("deployed_at")),
        Part::Window(old, new) => Box::new(move |field| {
            let is_gone = matches!(field.what, What::Removed(_));
            let index = if new.is_none() { old } else { new };
            let steps = index.map(|index| Path::key("impact").then("windows").then(index).0);
            is_gone == new.is_none() && steps.is_some_and(|steps| field.path.0.starts_with(&steps))
        }),
        Part::Timeline => Box::new(changes_state),
    };
    Cause::Fields((0..fields.len()).filter(|&index| is_part(&fields[index])).collect())
}

/// Whether a change of the timeline affects the evidence for a milestone.
fn proves(field: &FieldChange, name: MilestoneName) -> bool {
    if field.path.0.first() != Some(&Step::from("timeline")) {
        return false;
    }
    let is_marked = |item: &items::Item| {
        item.whole.get("milestone").and_then(Json::as_str) == Some(name.as_str())
    };
    let is_name = |value: &Value| matches!(value, Value::Text(text) if text == name.as_str());
    match (&field.what, field.path.0.last()) {
        (What::Added(item) | What::Removed(item), _) => is_marked(item),
        (What::Set(value) | What::Unset(value), Some(Step::Key(key))) if key == "milestone" => {
            is_name(value)
        }
        (What::Changed(old, new), Some(Step::Key(key))) if key == "milestone" => {
            is_name(old) || is_name(new)
        }
        (_, Some(Step::Key(key))) => {
            matches!(key.as_str(), "at" | "end" | "hidden" | "kind" | "source")
                && field.of.as_ref().is_some_and(is_marked)
        }
        _ => false,
    }
}

/// Whether a change of the timeline affects its states.
fn changes_state(field: &FieldChange) -> bool {
    if field.path.0.first() != Some(&Step::from("timeline")) {
        return false;
    }
    let has_state = |item: &items::Item| item.whole.get("state").is_some();
    match (&field.what, field.path.0.last()) {
        (What::Added(item) | What::Removed(item), _) => has_state(item),
        (_, Some(Step::Key(key))) if key == "state" => true,
        (_, Some(Step::Key(key))) if key == "at" || key == "hidden" => {
            field.of.as_ref().is_some_and(has_state)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn first_of_the_smallest_sets_is_chosen() {
        assert_eq!(smallest(4, |set| set.contains(&2)), [2]);
        assert_eq!(smallest(4, |set| set.contains(&1) && set.contains(&3)), [1, 3]);
        assert_eq!(smallest(3, |set| set.len() >= 2), [0, 1]);
        assert!(smallest(0, |_| true).is_empty());
    }

    proptest! {
        #[test]
        fn chosen_set_is_minimal(count in 1usize..80, needed in prop::collection::btree_set(0usize..80, 1..6)) {
            let needed: Vec<usize> = needed.into_iter().filter(|&part| part < count).collect();
            let found = smallest(count, |set| needed.iter().all(|part| set.contains(part)));
            // If nothing is needed, the first change alone explains it.
            prop_assert_eq!(found, if needed.is_empty() { vec![0] } else { needed });
        }
    }
}
