use std::sync::LazyLock;

use regex::Regex;

use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::texts::{Text, texts};
use crate::model::Incident;
use crate::model::timeline::EntryKind;

rule! {
    /// Finds words that blame a person: "human error", "should have noticed", "the engineer
    /// forgot".
    ///
    /// People who fear blame report less, and what made the mistake easy does not change. A name is
    /// not a finding, and neither is an action; "the job failed to start" is about a job. Names are
    /// taken from the roles, the owners and the actors of the file. Messages and status updates are
    /// quotations and are not checked.
    ///
    /// ```yaml
    /// root_causes:
    ///   - text: Human error. Ana should have noticed that the flag was on.
    /// # better: The flag was on in both places, and the page did not show which one it changed.
    /// ```
    Blame = "blame", Warning, "words that blame a person"
}

/// Words that are used of people only, and words that blame if a person is their subject or object.
/// One expression, so that each text is scanned once.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let of_people = "human error|operator error|pilot error|fat[- ]finger(?:ed|ing)?|careless(?:ly|ness)?\
                     |negligen(?:ce|t|tly)|incompeten(?:ce|t)|stupidity";
    let done = "known|seen|noticed|done|caught|told|read|run|made|taken|thought|asked|kept|been more careful|[a-z]+ed";
    let not = "(?:(?:did|does) not|did(?:n't|n’t)) (?:even |properly |correctly |actually )?";
    let had_not = "(?:(?:had|has) not|ha(?:dn't|sn't|dn’t|sn’t)|never) (?:even |properly |correctly |actually )?";
    let whose = "(?:'s|s'|’s|s’)";
    // Verbs for people only, and verbs for software as well.
    let by_people = format!(
        "forgot|neglected|overlooked|disregarded|messed up|screwed up|made an? (?:[a-z]+ )?mistake\
         |failed to (?:follow|double-check|pay attention|notice)\
         |{not}(?:bother|follow|double-check|review|think|care|pay attention|notice)\
         |{had_not}(?:bothered|followed|double-checked|reviewed|thought|cared|paid attention|noticed)\
         |was not paying attention|wasn(?:'t|’t) paying attention\
         |(?:should|ought to)(?: have|'ve|’ve) (?:not )?(?:{done})\
         |{whose} (?:mistake|negligence)"
    );
    let by_any = format!(
        "failed to|ignored|(?:is|was) (?:to blame|at fault)|{not}(?:test|check|verify|validate|read)\
         |{had_not}(?:tested|checked|verified|validated|read)|{whose} (?:fault|error)"
    );
    let of =
        "(?:fault|mistake|error) (?:of|by)|fault lies with|blame lies with|blame(?:d|s)?(?: on)?";
    Regex::new(&format!(
        r"(?i-u:\b(?P<people>{of_people})\b|(?:\b|'|’)(?:(?P<human>{by_people})|(?P<by>{by_any}))(?-u:\b)|\b(?P<of>{of}) )"
    ))
    .expect("valid built-in regex")
});

/// Names for people without a proper name.
const PEOPLE: [&str; 24] = [
    "engineer",
    "developer",
    "programmer",
    "administrator",
    "sysadmin",
    "technician",
    "employee",
    "colleague",
    "contractor",
    "intern",
    "team member",
    "staff member",
    "someone",
    "somebody",
    "he",
    "she",
    "on-call",
    "on call",
    "responder",
    "human operator",
    "dba",
    "sre",
    "reviewer",
    "tester",
];

/// Names of people and of programs: people only if they do what no program does.
const PEOPLE_OR_PROGRAMS: [&str; 7] =
    ["operator", "manager", "admin", "user", "maintainer", "author", "owner"];

/// Words that may be between a person and the verb.
const BETWEEN: [&str; 14] = [
    "on duty",
    "responsible",
    "who",
    "had",
    "has",
    "then",
    "also",
    "simply",
    "just",
    "clearly",
    "apparently",
    "unfortunately",
    "again",
    "initially",
];

fn check(context: &Context, findings: &mut Findings) {
    let mut names: Option<Vec<&str>> = None;
    for text in texts(context.incident).into_iter().filter(is_ours) {
        for found in WORDS.captures_iter(text.text) {
            let Some(whole) = found.get(0) else { continue };
            let names = names.get_or_insert_with(|| names_in(context.incident));
            let (before, after) = (&text.text[..whole.start()], &text.text[whole.end()..]);
            let quoted = if found.name("people").is_some() {
                (!is_denied(before)).then(|| whole.as_str().to_owned())
            } else if found.name("by").is_some() {
                subject(before, names, &[])
                    .map(|who| format!("{}{}", &before[who..], whole.as_str()))
            } else if found.name("human").is_some() {
                subject(before, names, &PEOPLE_OR_PROGRAMS)
                    .map(|who| format!("{}{}", &before[who..], whole.as_str()))
            } else {
                object(after, names).map(|end| format!("{}{}", whole.as_str(), &after[..end]))
            };
            if let Some(quoted) = quoted {
                let quoted = quoted.split_whitespace().collect::<Vec<_>>().join(" ");
                findings.add(text.path(), format!("\"{quoted}\" blames a person")).hint(
                    "say what was seen and known then, and what made the mistake easy to make",
                );
                // One finding is enough to make the author read the text again.
                break;
            }
        }
    }
}

/// Whether it is a text of the file itself, and not a quotation from a machine, a page or a chat.
fn is_ours(text: &Text) -> bool {
    text.entry.is_none_or(|entry| {
        matches!(entry.kind(), EntryKind::Action | EntryKind::Decision | EntryKind::Note)
    })
}

/// Whether the sentence before it denies it: "we do not accept human error as a cause".
fn is_denied(before: &str) -> bool {
    let sentence =
        before.rsplit(['.', '!', '?', '\n']).next().unwrap_or_default().to_ascii_lowercase();
    sentence.split(|c: char| !(c.is_alphanumeric() || c == '\'')).any(|word| {
        matches!(word, "not" | "no" | "never" | "nor" | "without" | "instead" | "than" | "avoid")
            || word.ends_with("n't")
    })
}

/// The start of the person at the end of `before`: one of `names`, of [`PEOPLE`] or of `others`.
fn subject(before: &str, names: &[&str], others: &[&str]) -> Option<usize> {
    let mut rest = before.trim_end().trim_end_matches(',');
    while let Some(shorter) = BETWEEN.iter().find_map(|word| without_last(rest, word)) {
        rest = shorter.trim_end().trim_end_matches(',');
    }
    people(names).chain(others.iter().copied()).find_map(|who| Some(without_last(rest, who)?.len()))
}

/// The end of the person at the start of `after`.
fn object(after: &str, names: &[&str]) -> Option<usize> {
    let start = ["the ", "an ", "a ", "our "]
        .iter()
        .find(|article| starts_with(after, article))
        .map_or(0, |a| a.len());
    let rest = &after[start..];
    let ends = |who: &str| {
        !rest[who.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')
    };
    people(names).find(|who| starts_with(rest, who) && ends(who)).map(|who| start + who.len())
}

fn people<'a>(names: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    names.iter().copied().chain(PEOPLE)
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// `text` without `word` at its end; `None` if it does not end with it.
fn without_last<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let start = text.len().checked_sub(word.len())?;
    let (before, last) = (text.get(..start)?, text.get(start..)?);
    let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
    (last.eq_ignore_ascii_case(word) && is_whole).then_some(before)
}

/// The people that the file names, without names that are also names of things.
fn names_in(incident: &Incident) -> Vec<&str> {
    let roles = &incident.roles;
    let single = [&roles.commander, &roles.comms, &roles.owner, &roles.scribe];
    let actors = incident
        .timeline
        .iter()
        .filter(|entry| matches!(entry.kind(), EntryKind::Message | EntryKind::Decision));
    let mut names: Vec<&str> = (single.into_iter().flatten())
        .chain(&roles.responders)
        .chain(&roles.authors)
        .chain(incident.action_items.iter().filter_map(|one| one.owner.as_ref()))
        .chain(incident.open_questions.iter().filter_map(|one| one.asked_by.as_ref()))
        .chain(actors.filter_map(|entry| entry.actor.as_ref()))
        .map(|name| name.trim().trim_start_matches('@'))
        .filter(|name| name.len() > 1 && !name.to_ascii_lowercase().ends_with("bot"))
        .collect();
    let things = || {
        incident
            .services
            .iter()
            .chain(&incident.teams)
            .chain(incident.impact.components.values().flatten())
    };
    names.retain(|name| !things().any(|thing| thing.eq_ignore_ascii_case(name)));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::rules::tests::found;
    use crate::model::Cause;
    use crate::model::timeline::Entry;

    fn because(text: &str) -> Incident {
        let mut incident = incident("blame");
        incident.services = vec!["billing".into()];
        incident.teams = vec!["platform".into()];
        incident.roles.commander = Some("ana".into());
        incident.roles.responders = vec!["platform".into(), "Lee Miller".into()];
        incident.root_causes = vec![Cause { text: text.into(), ..Cause::default() }];
        incident
    }

    #[test]
    fn blaming_a_person_is_reported() {
        for (text, quoted) in [
            ("The cause was human error.", "human error"),
            ("Ana forgot to merge the fix.", "Ana forgot"),
            (
                "The on-call engineer, who simply ignored the page, was asleep.",
                "engineer, who simply ignored",
            ),
            ("Lee Miller should have noticed that.", "Lee Miller should have noticed"),
            ("It was the fault of the developer.", "fault of the developer"),
            ("It was ana's mistake.", "ana's mistake"),
            ("A colleague\nfailed to run the tests.", "colleague failed to"),
            ("We blame Lee Miller for it.", "blame Lee Miller"),
            ("The developer did not test the change.", "developer did not test"),
            ("It was the DBA's fault.", "DBA's fault"),
            ("The reviewer didn't check the diff.", "reviewer didn't check"),
            ("She should have been more careful.", "She should have been more careful"),
            ("The operator did not follow the runbook.", "operator did not follow"),
            (
                "The operator didn’t properly follow the checklist.",
                "operator didn’t properly follow",
            ),
            ("The operator failed to follow the checklist.", "operator failed to follow"),
            ("An operator disregarded the warning.", "operator disregarded"),
            ("The operator should have followed the checklist.", "operator should have followed"),
            ("The author had not double-checked the number.", "author had not double-checked"),
            ("The engineer on duty never checked the graph.", "engineer on duty never checked"),
            ("The DBA hadn't tested the script.", "DBA hadn't tested"),
            ("The engineer’s mistake was found at noon.", "engineer’s mistake"),
            ("It was the operator's mistake.", "operator's mistake"),
            ("The fault lies with the developer.", "fault lies with the developer"),
            ("The user ought to have known that.", "user ought to have known"),
        ] {
            assert_eq!(
                found(&Blame, &because(text)),
                [format!("warning root_causes[0].text: \"{quoted}\" blames a person")],
                "{text}"
            );
        }
    }

    #[test]
    fn systems_teams_and_neutral_actions_are_not_blame() {
        for text in [
            "The job failed to start, and the scheduler ignored the error.",
            "Billing forgot its leader; platform failed to elect one.",
            "We failed to verify that it ran.",
            "The alert should have fired.",
            "The on-call engineer should have access to the console.",
            "The engineer should have been able to see it.",
            "The cause was not human error: the form showed the wrong field.",
            "A blameless review was held, and the switch was to blame.",
            "Ana restarted the database. The pod failed to come up.",
            "The manager failed to allocate an address.",
            "The fault of the disk was found by ana.",
            "Each he-node failed to join; the cache was at fault.",
            "The operator failed to reconcile.",
            "The operator did not check the custom resource.",
            "The operator did what the page told.",
            "The operator's error log was empty.",
            "The replica did not follow its leader.",
            "We had not tested the failover.",
            "The script was never reviewed; the engineer had no way to see it.",
            "An error by which requests time out.",
            "The suite did not test that path.",
            "The deployment did not check the schema.",
        ] {
            assert_eq!(found(&Blame, &because(text)), [""; 0], "{text}");
        }
    }

    #[test]
    fn quotations_are_not_blame() {
        let mut quoted = because("A lock.");
        let quoted_entry =
            |kind| Entry { kind: Some(kind), ..entry("2026-03-17T14:00Z", "Ana forgot the flag") };
        quoted.timeline = vec![
            quoted_entry(EntryKind::Message),
            quoted_entry(EntryKind::StatusUpdate),
            quoted_entry(EntryKind::Alert),
        ];
        assert!(found(&Blame, &quoted).is_empty());
        quoted.timeline.push(quoted_entry(EntryKind::Note));
        assert_eq!(
            found(&Blame, &quoted),
            ["warning timeline[3].text: \"Ana forgot\" blames a person"]
        );
    }
}
