//! Reports changes upstream since the import, which an import does not apply.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::source::SOURCE_TITLE;
use crate::assemble::Plan;
use crate::assemble::entry_key::read;
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::time::Moment;
use crate::model::timeline::Entry;
use crate::sources::record::IncidentRecord;
use crate::sources::severities;

pub(super) fn changed(update: &Entry, hint: &str) -> Diagnostic {
    Diagnostic::note(format!("the update of {} was changed upstream", time_of(update))).hint(hint)
}

/// The note about a copy of a source that is older than another one.
pub(super) fn older_copy(revised: DateTime<Utc>, newer: DateTime<Utc>) -> Diagnostic {
    let [revised, newer] = [revised, newer].map(Moment::exact);
    let message = format!(
        "this copy was last changed at {revised}, and a newer one at {newer}; the newer one is used"
    );
    Diagnostic::note(message)
        .hint("to use the older one, remove `revised_at` of its source here, and import it with `--update`")
}

/// The note about a copy whose posts end before those in the file, where neither says when it was
/// changed.
pub(super) fn ends_earlier() -> Diagnostic {
    Diagnostic::note(
        "this copy ends before the posts here, so it is older; its other texts are not used",
    )
    .hint("to use one of them, change the entry here")
}

fn time_of(entry: &Entry) -> String {
    entry.at.map_or_else(|| "unknown time".to_owned(), |at| at.to_string())
}

/// Reports a changed title, impact or plan of the page. They are never applied, since an import
/// only adds.
///
/// The title at the time of the import is in the title of the source. The file does not record the
/// page's impact if the team has the same word for it; but if the severity is one of the page's own
/// words, it probably came from there.
pub(super) fn renamed(
    incident: &Incident,
    source: &str,
    record: &IncidentRecord,
) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    let (now, here) = (record.title.trim(), incident.title.as_str());
    let title = incident.sources.get(source).and_then(|source| source.title.as_deref());
    if let Some((_, was)) = title.and_then(|title| title.split_once(SOURCE_TITLE))
        && was != now
        && here != now
    {
        let message = format!(
            "upstream the title changed from \"{was}\" to \"{now}\"; the title here is unchanged"
        );
        let hint = format!(
            "change `title`, or the title of {source} to silence this; `--update` changes neither"
        );
        notes.push(Diagnostic::note(message).hint(hint));
    }
    let stored = incident.sources.get(source).and_then(|source| source.severity.as_ref());
    let format = incident.sources.get(source).and_then(|source| source.format.as_deref());
    let words = format.map(severities).unwrap_or_default();
    if let (Some(now), Some(here)) = (&record.impact_word, &incident.severity)
        && let was = stored.unwrap_or(here)
        && now != was
        && words.has(now)
        && words.has(was)
    {
        let was = if stored.is_some() { format!(" (before: {was})") } else { String::new() };
        let message = format!("upstream its impact is now {now}{was}; the severity here is {here}");
        notes.push(
            Diagnostic::note(message).hint("change `severity` if you like; `--update` does not"),
        );
    }
    notes.extend(replanned(incident, record));
    notes
}

/// A maintenance that was rescheduled upstream.
fn replanned(incident: &Incident, record: &IncidentRecord) -> Option<Diagnostic> {
    let here = incident.maintenance.as_ref()?;
    let ((from, until), (here_from, here_until)) =
        (record.scheduled?, (here.scheduled_for?, here.scheduled_until));
    let is_same_end =
        until.zip(here_until).is_none_or(|(until, here)| until.middle() == here.middle());
    let is_same = from.middle() == here_from.middle() && is_same_end;
    let shown = |from: Moment, until: Option<Moment>| match until {
        Some(until) => format!("{from} to {until}"),
        None => format!("{from} to an unknown time"),
    };
    let (now, here) = (shown(from, until), shown(here_from, here_until));
    let message = format!("upstream it is now planned for {now}; the plan here is {here}");
    let hint = "change `maintenance` if you like; `--update` does not";
    (!is_same).then(|| Diagnostic::note(message).hint(hint))
}

/// Reports updates that the page no longer has. They are never removed. A source with only the
/// latest update says nothing about the others.
pub(super) fn removed(incident: &Incident, source: &str, record: &IncidentRecord, plan: &mut Plan) {
    if record.announced.is_none() || record.latest_only {
        return;
    }
    let timed = record.updates.iter().map(|update| &update.id);
    let ids = timed.chain(record.untimed.iter().map(|post| &post.id));
    let ids: BTreeSet<String> = ids.map(|id| id.replace(['#', '@'], "-")).collect();
    for old in &incident.timeline {
        let Some((key, id, Some(_))) = read(old) else { continue };
        if key == source && !ids.contains(id) {
            let at = time_of(old);
            plan.notes.push(Diagnostic::note(format!(
                "the update of {at} is no longer upstream; the entry here is unchanged"
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::history::fixture::{
        applied, extended, from, imported, long, record, short, trust, update, update_of,
    };
    use crate::assemble::history::{incident, wanted_id};
    use crate::model::timeline::State;

    #[test]
    fn upstream_change_is_reported_and_applied_only_on_request() {
        let mut changed = long();
        changed[0].text = "new words".into();
        let incident = imported(long());
        let changes = update_of(&incident, changed.clone(), false);
        assert!(changes.edits.is_empty() && changes.notes.len() == 1);
        let after = applied(incident.clone(), &update_of(&incident, changed.clone(), true));
        assert_eq!(after.timeline[0].text, "new words");
        assert_eq!(update_of(&after, changed.clone(), true), Plan::default());
        let mut by_hand = incident;
        by_hand.timeline[0].text = "mine".into();
        let plan = update_of(&by_hand, changed, true);
        assert!(plan.edits.is_empty() && plan.notes.len() == 1, "{plan:?}");
    }

    #[test]
    fn milestone_of_a_moved_post_is_reported() {
        let mut moved = long();
        moved[1].at = "2026-03-17T14:05Z".parse().unwrap();
        let incident = imported(long());
        let plan = update_of(&incident, moved.clone(), true);
        let changes: Vec<&str> = plan.notes.iter().map(|note| note.message.as_str()).collect();
        assert_eq!(
            changes,
            ["identified_at stays at 2026-03-17T14:10Z, and its post is at 2026-03-17T14:05Z now"]
        );
        let after = applied(incident, &plan);
        assert_eq!(after.timeline[1].at, Some(moved[1].at));
        assert_eq!(update_of(&after, moved, true), Plan::default());
    }

    #[test]
    fn changed_upstream_title_and_impact_are_reported() {
        let changes = |incident: &Incident, title: &str, impact: &str| -> Vec<String> {
            let now = IncidentRecord {
                title: title.into(),
                impact_word: Some(impact.into()),
                ..record(long())
            };
            let plan = extended(incident, &now, true, trust());
            assert!(plan.edits.is_empty(), "{plan:?}");
            plan.notes.iter().map(|note| note.message.clone()).collect()
        };
        let mut file = imported(long());
        assert_eq!(
            changes(&file, "It broke badly", "major"),
            [
                "upstream the title changed from \"It broke\" to \"It broke badly\"; the title here is unchanged",
                "upstream its impact is now major; the severity here is minor"
            ]
        );
        file.title = "What we call it".into();
        file.severity = Some("sev2".into());
        assert_eq!(changes(&file, "It broke", "major"), [""; 0], "both are the person's");
        assert_eq!(changes(&file, "What we call it", "major"), [""; 0], "and the page may follow");
        file.sources["S1"].title = Some("The page".into());
        assert_eq!(
            changes(&file, "It broke badly", "major"),
            [""; 0],
            "without a memory nothing is guessed"
        );
    }

    #[test]
    fn rescheduled_maintenance_is_reported() {
        let planned = |day: &str| IncidentRecord {
            maintenance: true,
            scheduled: Some((
                format!("2026-04-{day}T10:00Z").parse().unwrap(),
                format!("2026-04-{day}T11:00Z").parse().ok(),
            )),
            ..record(vec![update("u1", "2026-03-17T14:00Z", State::Scheduled)])
        };
        let file = incident(&planned("05"), wanted_id(&planned("05")), &from());
        let changes = |day: &str| extended(&file, &planned(day), true, trust());
        assert_eq!(changes("05"), Plan::default());
        let plan = changes("07");
        assert!(plan.edits.is_empty(), "{plan:?}");
        assert_eq!(
            plan.notes[0].message,
            "upstream it is now planned for 2026-04-07T10:00Z to 2026-04-07T11:00Z; \
             the plan here is 2026-04-05T10:00Z to 2026-04-05T11:00Z"
        );
        assert_eq!(plan.notes.len(), 1);
    }

    #[test]
    fn deleted_upstream_update_is_reported_and_stays() {
        let plan = update_of(&imported(long()), short(), true);
        assert!(plan.edits.is_empty());
        assert!(plan.notes[0].message.contains("no longer upstream"), "{plan:?}");
    }
}
