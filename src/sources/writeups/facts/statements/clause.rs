//! What one clause states by one rule, and what around it takes that back.

use std::sync::LazyLock;

use regex::Regex;

use super::grammar::{Rule, Scope, is_first_hand};
use super::lexicon::{Word, words};
use crate::model::milestone::MilestoneName;

/// What a line states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Which milestone.
    pub(crate) name: MilestoneName,
    /// The words that decided, as they are written.
    pub(crate) phrase: String,
}

/// A part of a sentence.
pub(super) struct Clause<'t> {
    pub(super) text: &'t str,
    pub(super) words: Vec<Word<'t>>,
    /// The families of the words, which the rules are matched against.
    pub(super) families: String,
}

impl<'t> Clause<'t> {
    pub(super) fn new(text: &'t str, words: Vec<Word<'t>>) -> Self {
        let families = words.iter().map(|word| word.family).collect::<Vec<_>>().join(" ");
        Clause { text, words, families }
    }
}

/// So many words before a phrase may turn it round.
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
    // `Resolved after the restart` is resolved.
    let is_order = |word: &&Word<'_>| {
        matches!(word.text.to_lowercase().as_str(), "after" | "once" | "when" | "following")
    };
    let comes_after = clause.get(last).filter(is_order).is_some();
    let reach = if comes_after { last } else { (last + 1).min(clause.len()) };
    let around = &clause[first.saturating_sub(REACH)..reach];
    let is =
        |families: &'static [&'static str]| move |word: &Word<'_>| families.contains(&word.family);
    if around.iter().any(is(&["NOT", "IF"])) || is_still_to_do(&clause[..first], rule.name) {
        return None;
    }
    let after = &clause[last.min(clause.len())..];
    let rest = clause.get(last - 1).map_or("", |word| &text[word.start + word.text.len()..]);
    let is_return = rule.name == MilestoneName::ImpactStart
        && rest.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("again"));
    // `It began to fade` and `it caused the issues to stop` are turned by what follows, `it went
    // down to be repaired` is not.
    let is_over = rule.name == MilestoneName::ImpactStart
        && clause.get(last - 1).is_some_and(|word| !matches!(word.family, "BEGIN" | "P"))
        && after.get(1).is_none_or(|word| matches!(word.family, "w" | "FIX"));
    if is_return || !is_over && is_turned(rule.name, after) {
        return None;
    }
    if rule.scope == Scope::Whole && (is_of_part(clause, first, title) || is_limited(rest)) {
        return None;
    }
    // `Mail indicating that the service is restored` is a mail.
    let is_passed_on = |word: &Word<'_>| matches!(word.text, "indicating" | "saying");
    // What it came after is not who said so: `resolved after monitoring`.
    let sources = if comes_after { &clause[..last] } else { clause.as_slice() };
    let is_hearsay =
        sources.iter().any(is(&["REPORT", "NOTICE", "DISCOVER", "ALERT", "MONITOR", "TOOL"]))
            || sources.iter().any(is_passed_on);
    if is_first_hand(rule.name) && is_hearsay {
        return None;
    }
    if rule.name == MilestoneName::DeclaredAt && !clause[first..last].iter().any(is_declared) {
        return None;
    }
    // Whom it affects is known sooner than why.
    if rule.name == MilestoneName::IdentifiedAt && clause[first..].iter().any(is(&["AFFECT"])) {
        return None;
    }
    let decided = &clause[first..last];
    let (from, to) =
        (decided.first()?.start, decided.last().map(|word| word.start + word.text.len())?);
    Some(Statement { name: rule.name, phrase: text[from..to].to_owned() })
}

/// Whether a word is what a team declares: an issue and a ticket are opened for anything.
fn is_declared(word: &Word<'_>) -> bool {
    let text = word.text.to_lowercase();
    word.family == "SEV"
        || word.family == "DECLARE"
        || text.starts_with("incident")
        || text.starts_with("outage")
}

/// Whether a word is of another incident, or of somebody else's part in it.
pub(super) fn is_other(word: &Word<'_>) -> bool {
    word.family == "OTHER"
}

pub(super) fn is_service(word: &Word<'_>) -> bool {
    word.family == "SVC"
}

/// A time on the clock.
pub(super) static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\d{1,2}:\d{2}\b").expect("valid built-in regex"));

/// What a later part of the sentence can take back: `resolved, or so we thought`, `applied, but did
/// not help`.
pub(super) const ENDS: [MilestoneName; 3] =
    [MilestoneName::ImpactEnd, MilestoneName::MitigatedAt, MilestoneName::ResolvedAt];

/// Whether a clause after the one that states an end takes it back. `with no errors` does not.
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

/// Whether the words after a phrase change what it says: `impact starts to fade`, `identified as
/// not the database`, `a customer notified us`, `restored then failed again`.
fn is_turned(name: MilestoneName, after: &[Word<'_>]) -> bool {
    let next = after.first();
    let is_undone = after.iter().any(|word| matches!(word.family, "NOT" | "RELAPSE"));
    let has = |families: &[&str], within: usize| {
        after.iter().take(within).any(|word| families.contains(&word.family))
    };
    match name {
        // `Errors began to rise` and `issues begin again` are no two of a kind: the one is the
        // beginning, the other a return.
        MilestoneName::ImpactStart => {
            next.is_some_and(|word| word.family == "to") && !after.get(1).is_some_and(grows)
        }
        // `about the new option` is no notice of the incident.
        MilestoneName::FirstNoticeAt => {
            next.is_some_and(|word| matches!(word.text, "us" | "support"))
                || has(&["RE"], 4)
                    && !has(&["P", "FAIL", "ERR", "SVC", "COMP", "AFFECT", "RATE"], 8)
        }
        // What is only seen, or what is to be done about it, is no cause.
        MilestoneName::IdentifiedAt => {
            let is_state = |word: &Word<'_>| matches!(word.text, "status" | "state");
            after.iter().any(is_state)
                || is_undone
                || has(&["FIX", "CURE", "FAIL", "ERR", "RISE", "ALERT", "USER"], 2)
        }
        // A report that all is well is none of a failure.
        MilestoneName::DetectedAt => {
            has(&["NORMAL", "RESTORED", "RESOLVED", "STOP", "FIXED", "RECOVERY"], 4)
                || after.iter().any(|word| matches!(word.text, "fine" | "well"))
        }
        _ if ENDS.contains(&name) => {
            is_undone || next.is_some_and(|word| matches!(word.family, "FAIL" | "ERR"))
        }
        _ => false,
    }
}

/// Whether a verb after `began to` says that the failure grows: `began to rise`, `started to return
/// errors`.
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

/// Whether what follows an end limits it: `in the EU`, `for paid plans`, `internally`. `For
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

/// Whether the words before a phrase put it off: `engineers to restore the service`. `We took to
/// the phone to inform users` has informed them.
fn is_still_to_do(before: &[Word<'_>], name: MilestoneName) -> bool {
    let [rest @ .., last] = before else { return false };
    let is_purpose = name == MilestoneName::FirstNoticeAt
        && rest.len() > 2
        && rest.iter().any(|word| word.family == "to");
    last.family == "to" && !is_purpose
}

/// Whether a clause speaks of a part: it says so, or names what the title does not.
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
