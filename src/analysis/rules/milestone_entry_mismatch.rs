use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use super::wrong_zone_label::zone_shift;
use crate::model::elapsed::Elapsed;
use crate::model::evidence::{Candidate, Choice, Witness, choices};

rule! {
    /// Finds an entry that is marked as the evidence for a milestone but has another time.
    ///
    /// Sources that disagree by more than the tolerance (two minutes, unless `posthoc.toml` has
    /// another) need a decision. A milestone that the file does not state is set by the most
    /// trusted source: a metric before an alert, an alert before a customer, a customer before a
    /// chat, and all of them before a status page; `trust` in `posthoc.toml` changes this order.
    /// Write the right time into `milestones`, with a `note` that says why, and this rule does not
    /// report it. An incident that was reopened has several ends: the last one counts.
    ///
    /// ```yaml
    /// milestones: {detected_at: 2026-03-17T14:09Z}
    /// timeline:
    ///   - {at: 2026-03-17T14:21Z, text: Pager went off, milestone: detected_at}    # 12 minutes later
    /// ```
    MilestoneEntryMismatch = "milestone-entry-mismatch", Warning, "an entry that contradicts the milestone it is evidence for"
}

fn check(context: &Context, findings: &mut Findings) {
    if context.incident.timeline.iter().all(|entry| entry.milestone.is_none()) {
        return;
    }
    for choice in choices(context.incident, context.definitions.order_of_trust()) {
        // A note on the milestone records the choice between sources.
        if choice.milestone.note.is_some() {
            continue;
        }
        // A difference of whole hours is reported by the rule about zones.
        let is_another_time = |candidate: &&Candidate| {
            zone_shift(context, choice.milestone.at, candidate.at).is_none()
        };
        for candidate in choice.disagreeing().filter(is_another_time) {
            let path = item("timeline", candidate.entry).then("milestone");
            findings
                .add(path, message(context, &choice, candidate))
                .hint(hint(context, &choice, candidate));
        }
    }
}

fn message(context: &Context, choice: &Choice, candidate: &Candidate) -> String {
    let at = choice.milestone.at;
    let source =
        choice.milestone.source.as_ref().map_or_else(String::new, |source| format!(" {source}"));
    let chosen = choice.witness.map_or("milestone", Witness::in_words);
    let (from, to, word) =
        if candidate.at < at { (candidate.at, at, "before") } else { (at, candidate.at, "after") };
    format!(
        "the {} says that {} was at {}, {} {word} the {chosen}{source} ({})",
        candidate.witness.in_words(),
        choice.name,
        context.show(candidate.at),
        Elapsed::between(from, to).or_zero(),
        context.show(at)
    )
}

fn hint(context: &Context, choice: &Choice, candidate: &Candidate) -> String {
    let trust = context.definitions.order_of_trust();
    let name = choice.name;
    match choice.witness {
        Some(chosen) if trust.rank(candidate.witness) < trust.rank(chosen) => format!(
            "a {} is trusted more than a {}: remove {name} from `milestones` to let it decide, or say in a `note` why not",
            candidate.witness.in_words(),
            chosen.in_words()
        ),
        _ => format!("write the right time into milestones.{name}, with a `note` that says why"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, with};
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{self, DetectedAt, ResolvedAt};
    use crate::model::timeline::Entry;

    fn evidence(at: &str, name: MilestoneName) -> Entry {
        Entry { milestone: Some(name), ..entry(at, "Seen.") }
    }

    #[test]
    fn entry_with_another_time_than_its_milestone_is_reported() {
        let mut incident = with("other", &[(DetectedAt, "2026-03-17T14:09Z")]);
        incident.timeline = vec![
            evidence("2026-03-17T14:21Z", DetectedAt),
            evidence("2026-03-17T15:00Z", ResolvedAt),
        ];
        assert_eq!(
            found(&MilestoneEntryMismatch, &incident),
            [
                "warning timeline[0].milestone: the note says that detected_at was at 2026-03-17 14:21 UTC, 12 min after the milestone (2026-03-17 14:09 UTC)"
            ],
            "what the file does not state, its evidence sets"
        );
    }

    #[test]
    fn precision_and_approximation_widen_the_tolerance() {
        for (stated, seen, expected) in [
            ("2026-03-17T14:09Z", "2026-03-17T14:11:59Z", 0),
            ("2026-03-17T14:09Z", "2026-03-17T14:12:00Z", 1),
            ("2026-03-17T14:09:00Z", "2026-03-17T14:11:59Z", 1),
            ("~2026-03-17T14:09Z", "2026-03-17T14:13:59Z", 0),
            ("2026-03-17T14:09Z", "~2026-03-17T14:14Z", 1),
            ("2026-03-17T14:09Z", "~2026-03-17T14:05Z", 0),
        ] {
            let mut incident = with("grain", &[(DetectedAt, stated)]);
            incident.timeline = vec![evidence(seen, DetectedAt)];
            assert_eq!(
                found(&MilestoneEntryMismatch, &incident).len(),
                expected,
                "{stated} {seen}"
            );
        }
    }

    #[test]
    fn small_stated_and_reopened_differences_are_accepted() {
        let mut incident =
            with("near", &[(DetectedAt, "2026-03-17T14:09Z"), (ResolvedAt, "2026-03-17T18:00Z")]);
        incident.timeline = vec![
            evidence("2026-03-17T14:11Z", DetectedAt),
            evidence("2026-03-17T15:00Z", ResolvedAt),
            evidence("2026-03-17T18:00Z", ResolvedAt),
        ];
        assert!(found(&MilestoneEntryMismatch, &incident).is_empty());
        incident.timeline[0] = evidence("2026-03-17T14:31Z", DetectedAt);
        incident.milestones.detected_at.as_mut().unwrap().note = Some("The pager was late.".into());
        assert!(found(&MilestoneEntryMismatch, &incident).is_empty());
    }
}
