//! Applies a rule to a clause, and checks the surrounding words for anything that invalidates it.

use std::sync::LazyLock;

use regex::Regex;

use super::grammar::{Rule, Scope, is_first_hand};
use super::lexicon::{Word, words};
use crate::model::milestone::MilestoneName;

/// A milestone that a text states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The milestone.
    pub(crate) name: MilestoneName,
    /// The words that decided, as written.
    pub(crate) phrase: String,
}

/// A part of a sentence.
pub(super) struct Clause<'t> {
    pub(super) text: &'t str,
    pub(super) words: Vec<Word<'t>>,
    /// The families of the words, joined by spaces. The rules match against this text.
    pub(super) families: String,
}

impl<'t> Clause<'t> {
    pub(super) fn new(text: &'t str, words: Vec<Word<'t>>) -> Self {
        let families = words.iter().map(|word| word.family).collect::<Vec<_>>().join(" ");
        Clause { text, words, families }
    }
}

/// The number of words before a phrase that can negate it.
const REACH: usize = 4;

pub(super) fn of_clause(
    Clause { text, words: clause, families }: &Clause<'_>,
    rule: &Rule,
    title: &str,
) -> Option<Statement> {
    let found = rule.pattern.find(families)?;
    let count = |text: &str| text.split(' ').filter(|family| !family.is_empty()).count();
    let first = count(&families[..found.start()]);
    let last = first + count(found.as_str());
    // `Resolved after the restart` means resolved: `after` does not make it conditional here.
    let is_order = |word: &&Word<'_>| {
        matches!(word.text.to_lowercase().as_str(), "after" | "once" | "when" | "following")
    };
    let comes_after = clause.get(last).filter(is_order).is_some();
    let reach = if comes_after { last } else { (last + 1).min(clause.len()) };
    let around = &clause[first.saturating_sub(REACH)..reach];
    let is =
        |families: &'static [&'static str]| move |word: &Word<'_>| families.contains(&word.family);
    let is_unfinished = rule.scope == Scope::Whole && around.iter().any(is(&["BEING"]));
    if is_unfinished
        || around.iter().any(is(&["NOT", "IF"]))
        || is_still_to_do(&clause[..first], rule.name)
    {
        return None;
    }
    let after = &clause[last.min(clause.len())..];
    let rest = clause.get(last - 1).map_or("", |word| &text[word.start + word.text.len()..]);
    let is_return = rule.name == MilestoneName::ImpactStart
        && rest.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("again"));
    // `It began to fade` and `it caused the issues to stop` are reversed by the words after them,
    // `it went down to be repaired` is not.
    let is_over = rule.name == MilestoneName::ImpactStart
        && clause.get(last - 1).is_some_and(|word| !matches!(word.family, "BEGIN" | "P"))
        && (clause.get(last - 1).is_some_and(|word| word.family == "DIES")
            && after.get(1).is_some_and(|word| matches!(word.family, "SVC" | "COMP" | "USER"))
            || after.get(1).is_none_or(|word| matches!(word.family, "w" | "FIX")));
    if is_return || !is_over && is_turned(rule.name, &clause[first..last], after) {
        return None;
    }
    // Setting up an alert is a repair.
    if rule.name == MilestoneName::DetectedAt && clause[..last].iter().any(is(&["SETUP"])) {
        return None;
    }
    if rule.scope == Scope::Whole && (is_of_part(clause, first, title) || is_limited(rest)) {
        return None;
    }
    // `Mail indicating that the service is restored` is a mail, not a restoration.
    let is_passed_on = |word: &Word<'_>| matches!(word.text, "indicating" | "saying");
    // Words after `after` are not the source of the statement: `resolved after monitoring`.
    let sources = if comes_after { &clause[..last] } else { clause.as_slice() };
    // Monitoring that confirms a recovery is no rumour.
    let is_confirmed = sources.iter().any(is(&["DETERMINE"]))
        && !sources.iter().any(is(&["REPORT", "NOTICE", "DISCOVER", "ALERT"]));
    let is_hearsay = !is_confirmed
        && sources.iter().any(is(&["REPORT", "NOTICE", "DISCOVER", "ALERT", "MONITOR", "TOOL"]))
        || sources.iter().any(is_passed_on);
    if is_first_hand(rule.name) && is_hearsay {
        return None;
    }
    if rule.name == MilestoneName::DeclaredAt && !clause[first..last].iter().any(is_declared) {
        return None;
    }
    // Who is affected is known sooner than why.
    if rule.name == MilestoneName::IdentifiedAt && clause[first..].iter().any(is(&["AFFECT"])) {
        return None;
    }
    let decided = &clause[first..last];
    let (from, to) =
        (decided.first()?.start, decided.last().map(|word| word.start + word.text.len())?);
    // `Closed the incident` is no repair.
    let is_closed = decided.iter().any(|word| word.text.to_lowercase().starts_with("close"));
    let name = match rule.name {
        MilestoneName::MitigatedAt if is_closed => MilestoneName::ResolvedAt,
        name => name,
    };
    Some(Statement { name, phrase: text[from..to].to_owned() })
}

/// Whether a word is something that a team declares. Issues and tickets are opened for anything.
fn is_declared(word: &Word<'_>) -> bool {
    let text = word.text.to_lowercase();
    word.family == "SEV"
        || word.family == "DECLARE"
        || text.starts_with("incident")
        || text.starts_with("outage")
}

/// Whether a word refers to another incident, or to the part of a third party in it.
pub(super) fn is_other(word: &Word<'_>) -> bool {
    word.family == "OTHER"
}

pub(super) fn is_service(word: &Word<'_>) -> bool {
    word.family == "SVC"
}

/// A clock time.
pub(super) static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\d{1,2}:\d{2}\b").expect("valid built-in regex"));

/// The milestones that a later part of the sentence can retract: `resolved, or so we thought`,
/// `applied, but did not help`.
pub(super) const ENDS: [MilestoneName; 3] =
    [MilestoneName::ImpactEnd, MilestoneName::MitigatedAt, MilestoneName::ResolvedAt];

/// Whether a clause after the statement of an end retracts it. `with no errors` does not.
pub(super) fn takes_back(clause: &Clause<'_>) -> bool {
    let words = &clause.words;
    let is_trouble =
        |word: &Word<'_>| matches!(word.family, "FAIL" | "ERR" | "P" | "ALERT" | "AFFECT");
    words.iter().enumerate().any(|(at, word)| match word.family {
        "RELAPSE" => true,
        "NOT" => {
            !words[at + 1..].iter().take(2).any(is_trouble)
                || word.text.eq_ignore_ascii_case("still")
        }
        _ => matches!(word.text.to_lowercase().as_str(), "thought" | "believed" | "assumed"),
    })
}

/// Whether the words after a phrase reverse its meaning: `impact starts to fade`, `identified as
/// not the database`, `a customer notified us`, `restored then failed again`.
fn is_turned(name: MilestoneName, decided: &[Word<'_>], after: &[Word<'_>]) -> bool {
    let next = after.first();
    let is_undone = after.iter().any(|word| matches!(word.family, "NOT" | "RELAPSE"));
    let has = |families: &[&str], within: usize| {
        after.iter().take(within).any(|word| families.contains(&word.family))
    };
    match name {
        // `Errors began to rise` is a start, whereas `issues begin again` is a relapse.
        MilestoneName::ImpactStart => {
            next.is_some_and(|word| word.family == "to") && !after.get(1).is_some_and(grows)
        }
        // A message `about the new option` is not a notice of the incident.
        MilestoneName::FirstNoticeAt => {
            next.is_some_and(|word| matches!(word.text, "us" | "support"))
                || has(&["RE"], 4)
                    && !has(&["P", "FAIL", "ERR", "SVC", "COMP", "AFFECT", "RATE"], 8)
        }
        // A symptom or a remedy is not a cause.
        MilestoneName::IdentifiedAt => {
            let is_state = |word: &Word<'_>| matches!(word.text, "status" | "state");
            let is_cause = decided.iter().any(|word| word.family == "CAUSE");
            after.iter().any(is_state)
                || is_undone
                || !is_cause && has(&["FIX", "CURE", "FAIL", "ERR", "RISE", "ALERT", "USER"], 2)
        }
        // A report that all is well does not detect a failure.
        MilestoneName::DetectedAt => {
            has(&["NORMAL", "RESTORED", "RESOLVED", "STOP", "FIXED", "RECOVERY", "PASS"], 4)
                // A new alert is a repair, and what a customer says of a fix is no first report.
                || has(&["APPLIED", "PLACED"], 2)
                || has(&["FIX", "CURE"], 1)
                || after.iter().any(|word| matches!(word.text, "fine" | "well"))
        }
        _ if ENDS.contains(&name) => {
            is_undone || next.is_some_and(|word| matches!(word.family, "FAIL" | "ERR"))
        }
        _ => false,
    }
}

/// Whether a verb after `began to` means that the failure grows: `began to rise`, `started to
/// return errors`.
fn grows(word: &Word<'_>) -> bool {
    let is_family = matches!(
        word.family,
        "RISE" | "FAIL" | "ERR" | "DIES" | "CANNOT" | "EXPERIENCE" | "SEE" | "RECEIVE" | "AFFECT"
    );
    is_family
        || matches!(
            word.text.to_lowercase().as_str(),
            "appear" | "accumulate" | "mount" | "occur" | "surface" | "build" | "pile" | "return"
        )
}

/// Whether the words after an end limit it: `in the EU`, `for paid plans`, `internally`. `For
/// everyone` and `in 40 minutes` do not.
fn is_limited(rest: &str) -> bool {
    static LIMIT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^\s+(?:(?:in|for|on|within|across)\s+(?:the\s+)?(?P<what>\S+)|internally\b)",
        )
        .expect("valid built-in regex")
    });
    let Some(limit) = LIMIT.captures(rest) else { return false };
    let Some(what) = limit.name("what").map(|what| what.as_str().to_lowercase()) else {
        return true;
    };
    let is_whole = words(rest).iter().any(|word| word.family == "WHOLE");
    !is_whole
        && !what.starts_with(|c: char| c.is_ascii_digit())
        && what != "good"
        && what != "production"
}

/// Whether the words before a phrase make it a future action: `engineers to restore the service`. A
/// notice is an exception: `We took to the phone to inform users` has informed them.
fn is_still_to_do(before: &[Word<'_>], name: MilestoneName) -> bool {
    let [rest @ .., last] = before else { return false };
    // `We began to receive alerts` did.
    if last.family == "to" && rest.last().is_some_and(|word| word.family == "BEGIN") {
        return name != MilestoneName::DetectedAt;
    }
    let is_purpose = name == MilestoneName::FirstNoticeAt
        && rest.len() > 2
        && rest.iter().any(|word| word.family == "to");
    last.family == "to" && !is_purpose
}

/// Whether a clause is about a part: it contains a word for one, or names a component that is not
/// in the title.
fn is_of_part(clause: &[Word<'_>], first: usize, title: &str) -> bool {
    let is_named = |word: &Word<'_>| {
        let word = word.text.to_lowercase();
        title.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|other| other == word)
    };
    let is_part = clause.iter().any(|word| matches!(word.family, "PART" | "ORD" | "FIRST"));
    let is_number = |word: &Word<'_>| word.text.starts_with(|c: char| c.is_ascii_digit());
    let before = first.checked_sub(1).map(|at| &clause[at]);
    let is_component =
        before.is_some_and(|word| word.family == "w" && !is_named(word) && !is_number(word));
    is_part || is_component
}
