//! What an entry of a timeline describes without stating it: a failure, a recovery, that somebody
//! noticed something. These readings count only where the document states nothing else.

use super::clause::CLOCK;
use super::grammar::FIRST_FAILURE;
use super::lexicon::{Word, words};
use super::split::{ACTOR, clauses, sentences_of};
use crate::sources::writeups::facts::story;

/// Returns the failure that a timeline entry describes, in its words. The entry does not state that
/// the impact began, but describes it.
pub(crate) fn failure(line: &str) -> Option<String> {
    let line = ACTOR.replace(line.trim_start(), "").into_owned();
    let sentence = sentences_of(&line).first().copied()?.to_owned();
    if CLOCK.is_match(&sentence) {
        return None;
    }
    let clauses: Vec<&str> = clauses(&sentence).collect();
    // The words after a report are its content.
    let is_report = |clause: &&&str| words(clause).iter().any(is_told);
    let mut own = clauses.iter().take_while(|clause| !is_report(clause));
    own.find_map(|clause| failure_of_clause(clause))
}

/// Whether a word means that someone reports, sees or finds something.
fn is_told(word: &Word<'_>) -> bool {
    let is_saying =
        ["warning", "warnings", "saying", "says", "said", "describing", "describes", "message"];
    is_saying.iter().any(|other| word.text.eq_ignore_ascii_case(other))
        || matches!(
            word.family,
            "REPORT"
                | "ALERT"
                | "NOTICE"
                | "DISCOVER"
                | "HEAR"
                | "MONITOR"
                | "TOOL"
                | "FIND"
                | "DETECTION"
                | "IDENT"
                | "TELL"
                | "POST"
                | "TICKET"
        )
}

/// The longest clause that describes a failure, in words.
const LONGEST_FAILURE: usize = 16;

fn failure_of_clause(clause: &str) -> Option<String> {
    let all = words(clause);
    if clause.split_whitespace().count() > LONGEST_FAILURE {
        return None;
    }
    let is_not_ours = |word: &Word<'_>| {
        matches!(
            word.family,
            "ENG" | "TEAM" | "NORMAL" | "RESTORED" | "RESOLVED" | "FIX" | "CURE" | "APPLIED"
        )
    };
    // A failure of the work on the incident is not an impact.
    let is_work = |word: &Word<'_>| {
        let word = word.text.to_lowercase();
        [
            "deploy",
            "build",
            "test",
            "backup",
            "migrat",
            "attempt",
            "upgrade",
            "merge",
            "pipeline",
            "release",
            "renew",
            "rollback",
            "rolled",
            "restart",
            "revert",
            "workaround",
            "scal",
        ]
        .iter()
        .any(|stem| word.starts_with(stem))
    };
    // `Last failed request` is an end.
    let is_last = |word: &Word<'_>| matches!(word.text.to_lowercase().as_str(), "last" | "final");
    if all.first().is_some_and(is_last) || all.iter().any(|word| is_not_ours(word) || is_work(word))
    {
        return None;
    }
    let families = all.iter().map(|word| word.family).collect::<Vec<_>>().join(" ");
    let is_open = all.iter().any(|word| matches!(word.family, "NOT" | "IF" | "SEE" | "OTHER"));
    let is_state = !is_open && FIRST_FAILURE.is_match(&families);
    // `Pulls fail at the upstream mirror` is a failure of ours, `our provider lost power` is not.
    let fails = || {
        let words = story::beginning(clause)?;
        let at = words.as_ptr() as usize - clause.as_ptr() as usize;
        let is_ours = !all.iter().any(|word| word.family == "OTHER" && word.start < at);
        is_ours.then_some(())
    };
    (is_state || fails().is_some()).then(|| clause.trim().to_owned())
}

/// Returns the recovery that a timeline entry describes, in its words. `failed` are the words of
/// the title and of the entries about failures.
pub(crate) fn recovery(line: &str, failed: &str) -> Option<String> {
    let line = ACTOR.replace(line.trim_start(), "").into_owned();
    let all = sentences_of(&line);
    if CLOCK.is_match(&line) || all.iter().any(|sentence| sentence.trim_end().ends_with('?')) {
        return None;
    }
    // The last clause describes the latest state.
    let clauses: Vec<&str> = all.iter().flat_map(|sentence| clauses(sentence)).collect();
    let is_passed_on = |word: &Word<'_>| {
        let text = word.text.to_lowercase();
        matches!(word.family, "REPORT" | "HEAR" | "NOT" | "ALERT" | "OTHER")
            || word.family == "IF" && text != "can"
            || [
                "saying",
                "says",
                "said",
                "indicating",
                "responds",
                "responded",
                "replies",
                "replied",
                "asks",
                "asked",
            ]
            .contains(&text.as_str())
    };
    let is_in_doubt = |clause: &&str| {
        words(clause).iter().any(is_passed_on) || story::beginning(clause).is_some()
    };
    if clauses.iter().any(is_in_doubt) {
        return None;
    }
    let end = |clause: &&str| {
        // Marking an incident as resolved is stated with that word, which the grammar recognizes.
        let words = story::end(clause, failed)?;
        (!words.to_lowercase().starts_with("resolv")).then(|| clause.trim().to_owned())
    };
    clauses.iter().rev().find_map(end)
}

/// Returns the words of an entry about noticing something, if its first sentence begins with them.
/// They count as the detection if the timeline does not state another.
pub(crate) fn noticing(line: &str) -> Option<String> {
    let line = ACTOR.replace(line.trim_start(), "").into_owned();
    let sentence = sentences_of(&line).first().copied()?.to_owned();
    let clause = clauses(&sentence).next()?;
    let words = words(clause);
    let at =
        words.iter().position(|word| matches!(word.family, "NOTICE" | "DISCOVER" | "GRASP"))?;
    let is_subject = |word: &Word<'_>| {
        matches!(word.family, "w" | "ENG" | "TEAM" | "USER" | "FIRST" | "ORD" | "SVC" | "SUPPORT")
    };
    let is_trouble = |word: &Word<'_>| {
        let is_trouble = ["P", "FAIL", "ERR", "DIES", "CANNOT", "NOT", "RISE", "FALL", "WRONG"];
        is_trouble.contains(&word.family)
    };
    let is_turned = words.get(at + 1).is_none_or(|word| matches!(word.family, "NOT" | "NORMAL"));
    // `Notice that builds are slow` is a request to the reader.
    let is_request = at == 0 && words[0].text.eq_ignore_ascii_case("notice");
    let counts = at <= 3
        && !is_request
        && words[..at].iter().all(is_subject)
        && words[at + 1..].iter().any(is_trouble)
        && !is_turned;
    counts.then(|| clause.split_whitespace().take(6).collect::<Vec<_>>().join(" "))
}
