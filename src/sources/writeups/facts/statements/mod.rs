//! Recognizes the milestones that a timeline entry states: the impact began or ended, someone
//! noticed or declared the incident, informed users, or found the cause.
//!
//! This is a grammar over word families. Each clause of a sentence is reduced to the families of
//! its words (`lexicon`), and rules (`grammar`) map sequences of families to milestones. Besides
//! the words, three things decide. A negated, conditional or future sentence states nothing; the
//! end of a part is not an end; and a remark in a later and longer sentence is not a statement of
//! the entry. The grammar prefers to miss a milestone: a person can add a missing one, whereas a
//! wrong one would be believed.

mod clause;
mod described;
mod families;
mod grammar;
mod lexicon;
mod split;

use std::sync::LazyLock;

use regex::Regex;

pub(crate) use self::clause::Statement;
use self::clause::{CLOCK, Clause, ENDS, is_other, is_service, of_clause, takes_back};
pub(crate) use self::described::{failure, noticing, recovery};
use self::grammar::{Scope, rules_for};
use self::lexicon::{Word, words};
pub(crate) use self::split::clauses;
use self::split::{ACTOR, sentences_of};
use crate::model::milestone::MilestoneName;
use crate::sources::writeups::times::languages;

/// A marker that some templates put after an entry: `<START OF OUTAGE>`, `(**outage starts**)`.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<\s*(?P<what>start|end) of (?:the )?(?:outage|incident|impact)\s*>")
        .expect("valid built-in regex")
});

/// A web address, whose colon does not end a clause.
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<?https?://\S+").expect("valid built-in regex"));

/// An abbreviation in brackets after the subject, whose brackets do not end a clause: `the on-call
/// engineer (OCE) acknowledges`.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\s\([A-Z][\w.-]*\)(?P<verb>\s+[a-z])").expect("valid built-in regex")
});

/// Two statements with a slash between them: `Outage start/Investigation starts`.
static SLASH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<before>\b[a-z]{4,}) ?/ ?(?P<after>[A-Z][a-z]{3,}\b)")
        .expect("valid built-in regex")
});

/// The longest later sentence of an entry that can state something, in words.
const SHORT: usize = 8;

/// The longest last sentence of an entry that can state an end, in words.
const LAST: usize = 12;

/// Returns the milestones that a line of plain text states, each at most once. `title` is the title
/// of the document: a service named there is the whole that failed, and any other may be a part.
pub(crate) fn of_line(line: &str, title: &str) -> Vec<Statement> {
    if let Some(mark) = MARK.captures(line) {
        let is_start = mark["what"].eq_ignore_ascii_case("start");
        let name = if is_start { MilestoneName::ImpactStart } else { MilestoneName::ImpactEnd };
        return vec![Statement { name, phrase: mark[0].to_owned() }];
    }
    if let Some((name, phrase)) = languages::of_line(line) {
        return vec![Statement { name, phrase }];
    }
    // `@ann First report` is an entry by Ann.
    let line = ACTOR.replace(line.trim_start(), "");
    let line = ADDRESS.replace_all(&line, "");
    let line = NAME.replace_all(&line, "$verb");
    let line = SLASH.replace_all(&line, "$before, $after");
    let mut found: Vec<Statement> = Vec::new();
    let all: Vec<&str> = sentences_of(&line);
    for (index, sentence) in all.iter().enumerate() {
        let length = sentence.split_whitespace().count();
        let is_last = index + 1 == all.len() && length <= LAST;
        // A sentence with a time of its own is about that time, not about the time of the entry.
        if !(index == 0 || length <= SHORT || is_last) || CLOCK.is_match(sentence) {
            continue;
        }
        for statement in of_sentence(sentence, title) {
            // The last sentence of a longer entry can state the outcome, but nothing else.
            let counts = index == 0 || length <= SHORT || ENDS.contains(&statement.name);
            // `Recovery: search page` below an alert is the output of a monitor about one of its
            // checks.
            let counts =
                counts && !(index > 0 && statement.phrase.eq_ignore_ascii_case("recovery"));
            if counts && !found.iter().any(|other| other.name == statement.name) {
                found.push(statement);
            }
        }
    }
    found
}

/// Whether words are about the whole that failed: the incident that begins, or a service.
pub(crate) fn is_of_whole(phrase: &str) -> bool {
    let words = words(phrase);
    let has = |family: &str| words.iter().any(|word| word.family == family);
    phrase.starts_with('<') || has("SVC") || has("P") && has("BEGIN")
}

/// Returns the statements of a sentence, in order.
fn of_sentence(sentence: &str, title: &str) -> Vec<Statement> {
    if sentence.trim_end().ends_with('?') {
        return Vec::new();
    }
    let clauses: Vec<&str> = clauses(sentence).collect();
    of_clauses(&clauses, title).into_iter().map(|(_, statement)| statement).collect()
}

/// Returns the statements of a sentence's clauses, each with the index of its clause.
pub(crate) fn of_clauses(clauses: &[&str], title: &str) -> Vec<(usize, Statement)> {
    let clauses: Vec<(usize, Clause<'_>)> = clauses
        .iter()
        .enumerate()
        .map(|(at, text)| (at, Clause::new(text, words(text))))
        .filter(|(_, clause)| !clause.words.is_empty())
        .collect();
    let is_open = |clause: &Clause<'_>| clause.words.iter().any(|word| word.family == "IF");
    // `If the alert fires, …` and `Once it was resolved, …` apply to the whole sentence.
    if clauses
        .first()
        .and_then(|(_, clause)| clause.words.first())
        .is_none_or(|word| word.family == "IF")
    {
        return Vec::new();
    }
    let stated = |at: usize, clause: &Clause<'_>| {
        // A sentence that begins with a third party stays about it, unless a clause has one of our
        // services as its subject: `Our provider lost power, and the site went offline`.
        let has_other = |(_, clause): &(usize, Clause<'_>)| clause.words.iter().any(is_other);
        let is_ours = !has_other(&clauses[at]) && clause.words.first().is_some_and(is_service);
        // `Root cause traced to our provider` and `The vendor identified the cause` are
        // identifications all the same.
        let has = |name: &str| clause.words.iter().any(|word| word.family == name);
        let is_cause =
            clause.words.first().is_some_and(|word| matches!(word.family, "CAUSE" | "IDENT"))
                || has("IDENT") && has("CAUSE");
        if clauses[..=at].iter().any(has_other) && !is_ours && !is_cause {
            return None;
        }
        // `All pods appear to be up and operational`: an uncertain end is not an end.
        let is_sure = !clauses[..at].iter().any(|(_, clause)| is_open(clause));
        let is_left = !clauses[at + 1..].iter().any(|(_, clause)| takes_back(clause));
        let of = |clause: &Clause<'_>| {
            let mut rules = rules_for(&clause.families);
            rules.find_map(|rule| of_clause(clause, rule, title).map(|found| (rule, found)))
        };
        let named = || {
            let words = words_of(clause.text, title);
            let is_other = words.iter().zip(&clause.words).any(|(a, b)| a.family != b.family);
            is_other.then(|| of(&Clause::new(clause.text, words))).flatten()
        };
        let (rule, found) = of(clause).or_else(named)?;
        // `Alert fired (all pods down)`: the failure in an alert or a report began before it.
        let is_hearsay = |(_, clause): &(usize, Clause<'_>)| {
            clause.words.iter().any(|word| matches!(word.family, "ALERT" | "REPORT" | "TOOL"))
        };
        if found.name == MilestoneName::ImpactStart && clauses[..at].iter().any(is_hearsay) {
            return None;
        }
        // `The vendor's support responds, begins investigation`: somebody else investigates.
        let is_of_others = |(_, clause): &(usize, Clause<'_>)| {
            clause.words.iter().any(|word| matches!(word.family, "SUPPORT" | "USER" | "OTHER"))
        };
        let has_subject = clause.words.first().is_some_and(|word| word.family != "BEGIN");
        if found.name == MilestoneName::AcknowledgedAt
            && !has_subject
            && clauses[..at].iter().any(is_of_others)
        {
            return None;
        }
        // `Dump finishes (normal)` says that nothing is special about it.
        let is_normal = clause.text.trim().eq_ignore_ascii_case("normal");
        // `A new leader is elected (recovery complete)`: the recovery of what the line is about.
        let is_recovery = found.name == MilestoneName::ImpactEnd
            && clause.words.first().is_some_and(|word| word.family == "RECOVERY");
        let is_remark = at > 0 && (is_normal || is_recovery);
        if is_remark {
            return None;
        }
        // `We failed over, restoring all functions` states a restoration; `Restoring the service`
        // at the beginning is only an attempt.
        if at == 0 && clause.words.first().is_some_and(|word| word.family == "RESTORING") {
            return None;
        }
        let counts =
            (rule.scope == Scope::Any || is_sure) && (is_left || !ENDS.contains(&rule.name));
        counts.then_some(found)
    };
    let all = clauses.iter().enumerate();
    all.filter_map(|(at, (index, clause))| Some((*index, stated(at, clause)?))).collect()
}

/// Returns the words of a clause. Words from the title count as services: `Prow is healthy` below
/// `Prow outage`.
fn words_of<'t>(clause: &'t str, title: &str) -> Vec<Word<'t>> {
    let mut words = words(clause);
    for word in words.iter_mut().filter(|word| word.family == "w") {
        if is_name_in(word.text, title) {
            word.family = "SVC";
        }
    }
    words
}

/// Whether a word is in the title and may be the name of what failed: not a month, a weekday or a
/// participle.
fn is_name_in(word: &str, title: &str) -> bool {
    const NO_NAMES: [&str; 12] = [
        "postmortem",
        "mortem",
        "post",
        "report",
        "review",
        "retrospective",
        "new",
        "due",
        "with",
        "during",
        "today",
        "user",
    ];
    let lower = word.to_lowercase();
    let is_name = lower.len() > 2
        && lower.starts_with(char::is_alphabetic)
        && !lower.ends_with("ing")
        && !lower.ends_with("ed")
        && !lower.ends_with("day")
        && lower.parse::<chrono::Month>().is_err()
        && !NO_NAMES.contains(&lower.as_str());
    is_name
        && title
            .split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
            .any(|other| other.to_lowercase() == lower)
}

/// Returns the statement of a clause that completes a partial end of the clause before it: after
/// `restored in part`, `and fully` means restored.
pub(crate) fn of_ellipsis(before: &str, clause: &str) -> Option<Statement> {
    let own = words(clause);
    let is_whole = own.len() <= 2 && own.iter().any(|word| word.family == "WHOLE");
    let before = words(before);
    let is_part = before.iter().any(|word| word.family == "PART");
    let is_open = before.iter().chain(&own).any(|word| matches!(word.family, "NOT" | "IF"));
    let name = before.iter().find_map(|word| match word.family {
        "RESTORED" | "NORMAL" => Some(MilestoneName::ImpactEnd),
        "RESOLVED" | "FIXED" => Some(MilestoneName::ResolvedAt),
        _ => None,
    });
    let name = name.filter(|_| is_whole && is_part && !is_open)?;
    Some(Statement { name, phrase: own.first()?.text.to_owned() })
}

/// Returns the statement of a clause that is a lone verb about the incident or the cause in the
/// clauses before it: `The incident began at one time and ended at another`, `The cause was a full
/// disk, found at 14:40`.
pub(crate) fn without_subject(before: &[&str], clause: &str) -> Option<Statement> {
    let [verb] = words(clause)[..] else { return None };
    let before: Vec<Word<'_>> = before.iter().flat_map(|clause| words(clause)).collect();
    let is_named = before.iter().any(|word| word.family == "P");
    let is_partly =
        |word: &Word<'_>| matches!(word.text, "some" | "partial" | "partially" | "partly");
    let is_open =
        before.iter().any(|word| matches!(word.family, "NOT" | "IF" | "OTHER") || is_partly(word));
    let has_cause = before.iter().any(|word| word.family == "CAUSE");
    let name = match verb.family {
        "BEGIN" if is_named => MilestoneName::ImpactStart,
        "END" if is_named => MilestoneName::ImpactEnd,
        "RESOLVED" if is_named => MilestoneName::ResolvedAt,
        "FIND" | "IDENT" | "DETERMINE" if has_cause => MilestoneName::IdentifiedAt,
        _ => return None,
    };
    (!is_open).then(|| Statement { name, phrase: verb.text.to_owned() })
}

/// Returns the end that a clause states if its subject is in a clause before it: `The site went
/// down at 15:12 and came back up at 16:01`.
pub(crate) fn with_subject_of(before: &[&str], clause: &str, title: &str) -> Option<Statement> {
    let is_verb = |word: &Word<'_>| {
        matches!(
            word.family,
            "is" | "RESTORED" | "NORMAL" | "RESOLVED" | "END" | "BACK" | "MITIGATED" | "WHOLE"
        )
    };
    let own = words_of(clause, title);
    let is_open = |words: &[Word<'_>]| {
        words.iter().any(|word| matches!(word.family, "NOT" | "IF" | "OTHER" | "PART"))
    };
    if !own.first().is_some_and(is_verb) || is_open(&own) {
        return None;
    }
    before.iter().rev().find_map(|before| {
        let words = words_of(before, title);
        let is_subject =
            |word: &&Word<'_>| matches!(word.family, "w" | "SVC" | "COMP" | "P" | "WHOLE" | "it");
        let count = words.iter().take_while(is_subject).count();
        let subject = words[..count].iter().rfind(|word| matches!(word.family, "SVC" | "P"))?;
        if is_open(&words) || count == words.len() {
            return None;
        }
        // Only the subject, without the words before it, which could make it a part.
        let whole = format!("{} {}", subject.text, clause.trim());
        let found = of_clauses(&[&whole], title).into_iter().next()?.1;
        ENDS.contains(&found.name).then(|| Statement {
            phrase: clause.split_whitespace().take(4).collect::<Vec<_>>().join(" "),
            ..found
        })
    })
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_silence;
