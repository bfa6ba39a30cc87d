//! What was changed upstream since the import, and is told: an import only adds.

use super::SOURCE_TITLE;
use crate::assemble::Plan;
use crate::assemble::stamp::read;
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::sources::record::{IncidentRecord, UpdateRecord};

pub(super) fn changed(update: &UpdateRecord, hint: &str) -> Diagnostic {
    Diagnostic::note(format!("the update of {} was changed upstream", update.at)).hint(hint)
}

/// A title and an impact that the page has changed are told, never taken: an import only adds.
///
/// What the page called it when it was imported stands in the title of the source. Nothing in the
/// file remembers the impact; but a severity that is one of the page's own words is likely its.
pub(super) fn renamed(incident: &Incident, source: &str, record: &IncidentRecord) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    let (now, here) = (record.title.trim(), incident.title.as_str());
    let title = incident.sources.get(source).and_then(|source| source.title.as_deref());
    if let Some((_, was)) = title.and_then(|title| title.split_once(SOURCE_TITLE))
        && was != now
        && here != now
    {
        let message = format!("upstream it is called \"{now}\" now, and no longer \"{was}\"; the title here stays");
        let hint =
            format!("change `title` if you like, or the title of {source} to be told no more; `--update` does neither");
        notes.push(Diagnostic::note(message).hint(hint));
    }
    if let (Some(now), Some(here)) = (&record.impact_word, &incident.severity)
        && now != here
        && record.impact_scale.contains(&now.as_str())
        && record.impact_scale.contains(&here.as_str())
    {
        let message = format!("upstream its impact is {now} now; the severity here stays {here}");
        notes.push(Diagnostic::note(message).hint("change `severity` if you like; `--update` does not"));
    }
    notes
}

/// Updates that the page no longer has are told, never taken out. A source that has the latest
/// only says nothing of the others.
pub(super) fn removed(incident: &Incident, source: &str, record: &IncidentRecord, plan: &mut Plan) {
    if record.announced.is_none() || record.latest_only {
        return;
    }
    for old in &incident.timeline {
        let Some((key, id, Some(_))) = read(old) else { continue };
        let is_there = record.updates.iter().any(|update| update.id.replace(['#', '@'], "-") == id);
        if key == source && !is_there {
            let at = old.at.map_or_else(|| "unknown time".to_owned(), |at| at.to_string());
            plan.notes.push(Diagnostic::note(format!("the update of {at} is no longer upstream; it stays here")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{applied, extended, imported, long, record, short, trust, update_of};
    use super::*;

    #[test]
    fn a_change_upstream_is_told_and_taken_only_when_asked_for_and_untouched() {
        let mut changed = long();
        changed[0].text = "new words".into();
        let incident = imported(long());
        let told = update_of(&incident, changed.clone(), false);
        assert!(told.edits.is_empty() && told.notes.len() == 1);
        let after = applied(incident.clone(), &update_of(&incident, changed.clone(), true));
        assert_eq!(after.timeline[0].text, "new words");
        assert_eq!(update_of(&after, changed.clone(), true), Plan::default());
        let mut by_hand = incident;
        by_hand.timeline[0].text = "mine".into();
        let plan = update_of(&by_hand, changed, true);
        assert!(plan.edits.is_empty() && plan.notes.len() == 1, "{plan:?}");
    }

    #[test]
    fn a_new_title_and_impact_upstream_are_told_and_a_person_s_own_are_not() {
        let told = |incident: &Incident, title: &str, impact: &str| -> Vec<String> {
            let now = IncidentRecord { title: title.into(), impact_word: Some(impact.into()), ..record(long()) };
            let plan = extended(incident, &now, true, trust());
            assert!(plan.edits.is_empty(), "{plan:?}");
            plan.notes.iter().map(|note| note.message.clone()).collect()
        };
        let mut file = imported(long());
        assert_eq!(
            told(&file, "It broke badly", "major"),
            [
                "upstream it is called \"It broke badly\" now, and no longer \"It broke\"; the title here stays",
                "upstream its impact is major now; the severity here stays minor"
            ]
        );
        file.title = "What we call it".into();
        file.severity = Some("sev2".into());
        assert_eq!(told(&file, "It broke", "major"), [""; 0], "both are the person's");
        assert_eq!(told(&file, "What we call it", "major"), [""; 0], "and the page may follow");
        file.sources["S1"].title = Some("The page".into());
        assert_eq!(told(&file, "It broke badly", "major"), [""; 0], "without a memory nothing is guessed");
    }

    #[test]
    fn an_update_that_is_gone_is_told_and_kept() {
        let plan = update_of(&imported(long()), short(), true);
        assert!(plan.edits.is_empty());
        assert!(plan.notes[0].message.contains("no longer upstream"), "{plan:?}");
    }
}
