use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::diag::Level;
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::timeline::State;

rule! {
    /// Finds an update that says that all is normal again, ten minutes or more before the incident
    /// was resolved.
    ///
    /// Readers take such a sentence as the end of the harm. If it was, `impact_end` lies there, and
    /// the time to resolve says nothing about users. If it was not, the page promised too much.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T14:39Z, state: monitoring, text: Things are back to normal.}
    ///   - {at: 2026-03-17T19:30Z, state: resolved, text: Resolved.}
    /// ```
    NormalBeforeResolved = "normal-before-resolved", Warning, "an update says that all is normal long before the end"
}

/// Less than this and the page was only closed a little later.
const WORTH_TELLING: TimeDelta = TimeDelta::minutes(10);

/// What says so, in lower case.
const NORMAL: [&str; 20] = [
    "operating normally",
    "operate normally",
    "operating as expected",
    "operating as normal",
    "working normally",
    "functioning normally",
    "running normally",
    "fully operational",
    "back to normal",
    "returned to normal",
    "fully recovered",
    "fully restored",
    "all systems operational",
    "all services operational",
    "has been restored",
    "have been restored",
    "confirmed full recovery",
    "confirm full recovery",
    "confirmed a full recovery",
    "back online",
];

/// "All systems work normally": said of now only where the clause ends with it, since what "works
/// normally without a cache" or "normally takes an hour" is no news.
const AT_WORK: [&str; 7] = ["work", "works", "function", "functions", "run", "runs", "operates"];
const AS_EVER: [&str; 4] = ["normally", "as expected", "as usual", "as normal"];

/// One of these stands in each of the phrases above: most texts hold none of them.
const IN_EVERY_PHRASE: [&str; 8] =
    ["normal", "expected", "usual", "operational", "recovered", "recovery", "restored", "online"];

/// After "restored" these say that it was a backup, or only a part.
const IN_PART: [&str; 7] = ["from", "for", "in", "on", "to", "using", "with"];

/// What may follow without changing it.
const STILL_SAID: [&str; 6] = ["", "again", "now", "and", "once more", "as before"];

/// Words right before the verb that make it a wish, an ability or a description.
const NOT_SAID: [&str; 10] = ["to", "can", "could", "may", "might", "must", "would", "that", "which", "who"];

/// Words before it in the same sentence that turn it round, or put it off.
const NOT_YET: [&str; 21] = [
    "not",
    "n't",
    "n’t",
    "until",
    "once",
    "when",
    "will",
    "should",
    "expect",
    "before",
    "if",
    "working to",
    "unless",
    "some",
    "most",
    "partially",
    "soon",
    "to be",
    "to get",
    // Those that were not affected are no news.
    "other",
    "others",
];

fn check(context: &Context, findings: &mut Findings) {
    let last_end = || {
        let ordered = context.incident.timeline_in_order();
        ordered
            .into_iter()
            .rev()
            .find_map(|(_, entry)| entry.at.filter(|_| entry.state.is_some_and(State::is_terminal)))
    };
    let milestones = &context.incident.milestones;
    let resolved = milestones.resolved_at.as_ref().map(|resolved| resolved.at).or_else(last_end);
    let Some(resolved) = resolved else { return };
    let texts = context.incident.timeline.iter().map(|entry| entry.text.to_lowercase());
    let texts: Vec<String> = texts.collect();
    if !texts.iter().any(|text| may_say_normal(text)) {
        return;
    }
    let mut services = Services::of(context.incident);
    for (index, entry) in context.incident.timeline_in_order() {
        if entry.hidden || !services.are_normal_after(&texts[index]) {
            continue;
        }
        let (Some(at), Some(state)) = (entry.at, entry.state) else { continue };
        let early = Elapsed::between(at, resolved);
        if state.is_terminal() || state == State::Postmortem || early.min < WORTH_TELLING {
            continue;
        }
        let (what, level) = match milestones.impact_end.as_ref().map(|end| end.at) {
            Some(end) if !context.surely_before(at, end) => ("; impact had ended by then", Level::Note),
            Some(_) => ("; impact had not ended by then", Level::Warning),
            None => ("; impact_end is unknown", Level::Warning),
        };
        let message = format!(
            "the {state} update of {} says that all is normal again, {early} before the incident was resolved{what}",
            context.show(at)
        );
        let finding = findings.add(item("timeline", index), message).graded(level);
        if milestones.impact_end.is_none() {
            finding.hint("if users were no longer harmed then, set milestones.impact_end");
        }
    }
}

/// The affected services, and which of them the updates so far call normal.
struct Services {
    /// In lower case.
    names: Vec<String>,
    normal: BTreeSet<usize>,
}

impl Services {
    fn of(incident: &Incident) -> Self {
        let names = incident.services.iter().map(|name| name.trim().to_lowercase());
        Services { names: names.filter(|name| !name.is_empty()).collect(), normal: BTreeSet::new() }
    }

    /// Takes note of an update, in lower case. Whether it says that all is normal: without a name,
    /// or by the name of the last service of which that was not said yet.
    fn are_normal_after(&mut self, text: &str) -> bool {
        let text = text.replace(['*', '_', '`', '~'], "");
        let mut all_normal = false;
        for sentence in text.split(['.', '!', '?', '\n', ';']) {
            let named = self.named_in(sentence);
            if !says_normal(sentence) {
                self.normal.retain(|service| !named.contains(service));
                continue;
            }
            let says_all = named.is_empty() || self.names.len() < 2;
            self.normal.extend(named);
            all_normal |= says_all || self.normal.len() == self.names.len();
        }
        all_normal
    }

    /// Those that a sentence names. `API keys` does not name `API`.
    fn named_in(&self, sentence: &str) -> Vec<usize> {
        let mut longest_first: Vec<usize> = (0..self.names.len()).collect();
        longest_first.sort_by_key(|&index| std::cmp::Reverse(self.names[index].len()));
        let mut rest = sentence.to_owned();
        longest_first.retain(|&index| {
            let is_named = has_words(&rest, &self.names[index]);
            if is_named {
                rest = rest.replace(&self.names[index], "|");
            }
            is_named
        });
        longest_first
    }
}

/// Whether `words` are in `sentence`, and not parts of longer words.
fn has_words(sentence: &str, words: &str) -> bool {
    sentence.match_indices(words).any(|(at, _)| {
        let (before, after) = (&sentence[..at], &sentence[at + words.len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

fn may_say_normal(text: &str) -> bool {
    IN_EVERY_PHRASE.iter().any(|word| text.contains(word))
}

/// Whether a sentence says that something is normal, and not that it is not, or soon will be.
fn says_normal(sentence: &str) -> bool {
    let by_phrase = NORMAL.iter().find_map(|phrase| {
        let (before, after) = sentence.split_once(phrase)?;
        let next = after.split_whitespace().next().unwrap_or_default();
        let is_part = phrase.ends_with("been restored") && IN_PART.contains(&next);
        (!is_part).then_some(before)
    });
    by_phrase.into_iter().chain(before_at_work(sentence)).any(is_told_of_now)
}

fn is_told_of_now(before: &str) -> bool {
    let words = format!(" {before} ");
    !NOT_YET.iter().any(|word| {
        words.contains(&format!(" {word}")) || (word.starts_with('n') && words.contains(&format!("{word} ")))
    })
}

/// What stands before "work normally" in `sentence`, where that is all that is said there.
fn before_at_work(sentence: &str) -> Option<&str> {
    AT_WORK.iter().flat_map(|verb| AS_EVER.iter().map(move |how| format!(" {verb} {how}"))).find_map(|phrase| {
        let (before, after) = sentence.split_once(&phrase)?;
        let rest = after.trim_start();
        let ends = rest.starts_with([',', ':', ')', '–', '—'])
            || STILL_SAID.iter().any(|word| {
                rest.strip_prefix(word).is_some_and(|next| match *word {
                    "" => next.is_empty(),
                    _ => after.starts_with(' ') && !next.starts_with(char::is_alphanumeric),
                })
            });
        let last = before.rsplit(' ').next().unwrap_or_default();
        (ends && !NOT_SAID.contains(&last)).then_some(before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{update, with};
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{ImpactEnd, ResolvedAt};

    #[test]
    fn every_phrase_holds_one_of_the_words_that_are_looked_for_first() {
        for phrase in NORMAL.iter().chain(&AS_EVER) {
            assert!(IN_EVERY_PHRASE.iter().any(|word| phrase.contains(word)), "{phrase}");
        }
    }

    #[test]
    fn seventeen_minutes_before_resolved() {
        let mut incident = with("early", &[(ImpactEnd, "~2025-07-04T03:26Z"), (ResolvedAt, "2025-07-04T03:46Z")]);
        incident.timeline = vec![
            update("2025-07-04T03:15Z", State::Investigating, "Errors are higher than usual."),
            update("2025-07-04T03:29Z", State::Identified, "Every system now operates. All are operating normally."),
            update("2025-07-04T03:46Z", State::Resolved, "All systems are operating normally."),
        ];
        assert_eq!(
            found(&NormalBeforeResolved, &incident),
            [
                "note timeline[1]: the identified update of 2025-07-04 03:29 UTC says that all is normal again, 17 min before the incident was resolved; impact had ended by then"
            ]
        );
        incident.milestones.impact_end = None;
        assert!(found(&NormalBeforeResolved, &incident)[0].starts_with("warning"));
    }

    #[test]
    fn in_other_words_and_with_emphasis() {
        let mut incident = with("words", &[(ResolvedAt, "2025-07-04T03:46Z")]);
        for text in [
            "All systems work normally again, and stay under watch.",
            "Sending **works normally** now.",
            "We can confirm: *everything* runs as expected",
            "Logins function as usual and we keep watching.",
            "Everything is **back** to _normal_.",
            "All Systems Operational",
            "Service has been restored.",
            "Logins have been restored and we keep watching.",
            "We have confirmed full recovery.",
        ] {
            incident.timeline = vec![update("2025-07-04T03:00Z", State::Identified, text)];
            assert_eq!(found(&NormalBeforeResolved, &incident).len(), 1, "{text}");
        }
    }

    #[test]
    fn one_service_of_several_is_not_all_of_them() {
        let mut incident = with("several", &[(ResolvedAt, "2025-07-04T05:00Z")]);
        incident.services = ["API", "API keys", "Pages"].map(str::to_owned).to_vec();
        let mut found_in = |updates: &[(&str, &str)]| {
            let update = |(at, text): &(&str, &str)| update(&format!("2025-07-04T{at}Z"), State::Update, text);
            incident.timeline = updates.iter().map(update).collect();
            found(&NormalBeforeResolved, &incident).len()
        };
        assert_eq!(found_in(&[("03:00", "Pages is operating normally.")]), 0);
        assert_eq!(found_in(&[("03:00", "API keys are operating normally.")]), 0);
        assert_eq!(found_in(&[("03:00", "All other services are operating normally.")]), 0);
        assert_eq!(found_in(&[("03:00", "API, API keys and Pages are operating normally.")]), 1);
        assert_eq!(found_in(&[("03:00", "Everything is operating normally.")]), 1);
        let one_by_one = [
            ("03:00", "Pages is operating normally."),
            ("03:10", "**API** is operating normally."),
            ("03:20", "API keys are fully recovered."),
        ];
        assert_eq!(found_in(&one_by_one), 1, "with the last of them all are");
        let relapse = [one_by_one[0], ("03:05", "Pages is slow again."), one_by_one[1], one_by_one[2]];
        assert_eq!(found_in(&relapse), 0);
    }

    #[test]
    fn closed_a_little_later_or_not_yet_normal() {
        let mut incident = with("near", &[(ResolvedAt, "2025-07-04T03:46Z")]);
        incident.timeline = vec![update("2025-07-04T03:38Z", State::Monitoring, "Back to normal.")];
        assert!(found(&NormalBeforeResolved, &incident).is_empty());
        for text in [
            "We expect things to be back to normal soon.",
            "The queue isn't back to normal.",
            "We will write again once all is fully operational.",
            "Some regions are fully recovered.",
            "The jobs that work normally are moved to the other region.",
            "Workers normally run as usual load demands.",
            "Imports run normally at night, so the next one is awaited.",
            "It is made to work normally again.",
            "Most endpoints work normally.",
            "The database has been restored from a backup.",
            "Access has been restored for customers in one region.",
            "We will confirm full recovery.",
            "Service has not been restored.",
            "Some queues have been restored.",
            "The API does not work as expected.",
            "Queries that run normally in a second take a minute.",
        ] {
            incident.timeline = vec![update("2025-07-04T03:00Z", State::Monitoring, text)];
            assert!(found(&NormalBeforeResolved, &incident).is_empty(), "{text}");
        }
    }
}
