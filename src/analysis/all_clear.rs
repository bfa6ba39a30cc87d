//! Determines whether the updates of a status page say that everything is normal again.
//!
//! An update may be about everything, about one of several parts ("Pages is operating normally"),
//! or about an expectation ("monitoring to confirm full recovery"). Only the first is an end of the
//! impact, or the second once it was said about every part.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::Incident;

/// Phrases for "normal", in lower case.
const NORMAL: [&str; 30] = [
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
    "seen full recovery",
    "seen a full recovery",
    "observed full recovery",
    "observed a full recovery",
    "recovered fully",
    "completely recovered",
    "completely restored",
    "fully resumed",
    "resumed normal operation",
    "back to full",
    "back online",
];

/// "All systems work normally" counts only at the end of a clause, since "works normally without a
/// cache" and "normally takes an hour" do not report a recovery.
const WORK_VERBS: [&str; 7] = ["work", "works", "function", "functions", "run", "runs", "operates"];
const AS_EVER: [&str; 4] = ["normally", "as expected", "as usual", "as normal"];

/// "Full service has resumed", "Everything works again": these are about everything, unlike "Mail
/// service has resumed".
static ALL_AGAIN: LazyLock<Regex> = LazyLock::new(|| {
    let start = r"(?:^|[,:–—] ?|\b(?:that|and|now|the|our|all|affected|impacted) )";
    let all = "(?:everything|everyone|all(?: of)?(?: (?:the|our|affected|impacted))?(?: [a-z]+)?|services?|systems?\
               |(?:web)?sites?|platform|we)";
    let service = "(?:services?|operations?|functionality|access|connectivity|capacity)";
    let full = format!("(?:full|normal|regular|usual) {service}");
    let has = "(?:is|are|was|were|has|have)(?: been)?(?: now)?(?: been)?(?: fully)?";
    let at_work = "working|functional|functioning|operating|operational|available|up|running|online|healthy|fine|stable";
    let back = format!(
        "(?:now )?(?:works?|functions?|operates?) again|(?:is|are) (?:now )?(?:all )?(?:(?:{at_work}|up and running) again\
         |back up|up and running)|(?:has|have) (?:now )?recovered"
    );
    Regex::new(&format!(
        r"(?:{start}(?:{all} (?:{back})|{service} {has} (?:resumed|restored))|\b{full} {has} (?:resumed|restored|returned|back))\b"
    ))
    .expect("valid built-in regex")
});

/// Each of the phrases above contains one of these; most texts contain none of them.
const IN_EVERY_PHRASE: [&str; 13] = [
    "normal",
    "expected",
    "usual",
    "operational",
    "recovered",
    "recovery",
    "restored",
    "online",
    "resumed",
    "again",
    "running",
    "back ",
    "full ",
];

/// Words after "restored" that show that it was a backup, or only a part.
const IN_PART: [&str; 6] = ["from", "in", "on", "to", "using", "with"];

/// Words after "for" that still mean everyone.
const EVERYONE: [&str; 9] =
    ["all", "every", "everyone", "everybody", "our", "users", "customers", "affected", "both"];

/// Words after the phrase that do not change its meaning.
const NEUTRAL_ENDINGS: [&str; 6] = ["", "again", "now", "and", "once more", "as before"];

/// Words directly before the verb that make it a wish, an ability or a description.
const NOT_A_REPORT: [&str; 10] =
    ["to", "can", "could", "may", "might", "must", "would", "that", "which", "who"];

/// Words directly before "confirm full recovery" that make it a statement rather than a plan ("we
/// monitor and confirm full recovery").
const CONFIRMED: [&str; 5] = ["can", "we", "now", "hereby", ""];

/// Words before "back online" that show that it is not complete.
const ON_ITS_WAY: [&str; 9] =
    ["coming", "come", "comes", "bring", "brings", "bringing", "get", "getting", "going"];

/// Words earlier in the sentence that negate it, postpone it, or limit it to a part.
const NOT_YET: [&str; 39] = [
    "not",
    "n't",
    "n’t",
    "until",
    "once",
    "when",
    "whether",
    "will",
    "should",
    "expect",
    "hope",
    "before",
    "if",
    "working to",
    "working on",
    "unless",
    "some",
    "most",
    "many",
    "several",
    "a few",
    "majority",
    "nearly",
    "almost",
    "partially",
    "soon",
    "to be",
    "to get",
    "to confirm",
    "to ensure",
    "to make sure",
    "to verify",
    "to validate",
    // Something that was always normal is not a recovery.
    "still",
    "remain",
    "otherwise",
    "except",
    // Parts that were not affected have not recovered.
    "other",
    "others",
];

/// Words after the phrase that limit it.
const EXCEPT: [&str; 6] =
    ["except", "apart from", "aside from", "other than", "with the exception", "excluding"];

/// Words that show that something is not resolved.
const TROUBLE: [&str; 12] = [
    "delay",
    "backlog",
    "degraded",
    "still experienc",
    "still see",
    "still impact",
    "still affect",
    "still being",
    "remaining",
    "intermittent",
    "elevated error",
    "continue to experience",
];

/// Next to one of these, the trouble is resolved.
const RESOLVED: [&str; 11] = [
    "cleared",
    "drained",
    "caught up",
    "no longer",
    "resolved",
    "were ",
    "was ",
    "had ",
    "gone",
    "without",
    "no further",
];

/// The parts of a service that the updates of one incident name, and which of them were reported as
/// normal so far.
pub(super) struct AllClear {
    /// The names, in lower case.
    parts: Vec<String>,
    normal: BTreeSet<usize>,
}

/// What an update reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statement {
    /// Everything is normal again.
    AllNormal,
    /// A part that was reported as normal is not.
    Relapse,
    /// Anything else.
    Other,
}

/// Whether a text, in lower case, contains a word that is in every phrase for "normal".
pub(super) fn may_say_normal(text: &str) -> bool {
    IN_EVERY_PHRASE.iter().any(|word| text.contains(word))
}

impl AllClear {
    /// Collects the parts from the services of an incident and from its updates. `texts` are in
    /// lower case.
    pub(super) fn new(incident: &Incident, texts: &[String]) -> Self {
        let services = incident.services.iter().map(|name| name.trim().to_lowercase());
        let mut parts: Vec<String> = services.filter(|name| !name.is_empty()).collect();
        for name in texts.iter().flat_map(|text| subjects(text)) {
            // "The Pages builds" is not another part than "Pages".
            if !parts.iter().any(|part| has_words(&name, part)) {
                parts.push(name);
            }
        }
        AllClear { parts, normal: BTreeSet::new() }
    }

    /// Reads the next update, in lower case. `AllNormal` if it says that everything is normal
    /// without naming a part, or names the last part that was not reported as normal yet.
    pub(super) fn read(&mut self, text: &str) -> Statement {
        let text = text.replace(['*', '_', '`', '~'], "");
        let (mut all_normal, mut relapse) = (false, false);
        for sentence in text.split(['.', '!', '?', '\n', ';']) {
            let named = self.named_in(sentence);
            if !says_normal(sentence) {
                let before = self.normal.len();
                self.normal.retain(|part| !named.contains(part));
                relapse |= self.normal.len() < before;
                // "Actions has recovered. The remaining services are still slow."
                all_normal &= !says_trouble(sentence);
                continue;
            }
            let says_all = named.is_empty() || self.parts.len() < 2;
            self.normal.extend(named);
            all_normal |= says_all || self.normal.len() == self.parts.len();
        }
        match (all_normal, relapse) {
            (true, _) => Statement::AllNormal,
            (false, true) => Statement::Relapse,
            (false, false) => Statement::Other,
        }
    }

    /// The parts that a sentence names. `API keys` does not name `API`.
    fn named_in(&self, sentence: &str) -> Vec<usize> {
        let mut longest_first: Vec<usize> = (0..self.parts.len()).collect();
        longest_first.sort_by_key(|&index| std::cmp::Reverse(self.parts[index].len()));
        let mut rest = sentence.to_owned();
        longest_first.retain(|&index| {
            let is_named = has_words(&rest, &self.parts[index]);
            if is_named {
                rest = rest.replace(&self.parts[index], "|");
            }
            is_named
        });
        longest_first
    }
}

/// The subjects of sentences that status pages generate for each part, such as "Pages is operating
/// normally" and "Issues and Actions are experiencing degraded performance". They name parts that
/// may be missing from the list of services.
fn subjects(text: &str) -> Vec<String> {
    static STOCK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?m)(?:^|[.!?] )([^.!?\n]{2,120}?) (?:is|are) (?:now |still )?(?:operating normally|experiencing )",
        )
        .expect("valid built-in regex")
    });
    let lists = STOCK.captures_iter(text).filter_map(|found| found.get(1));
    let names =
        lists.flat_map(|list| list.as_str().split(", ").flat_map(|part| part.split(" and ")));
    names
        .map(|name| name.trim().trim_start_matches("and ").trim_matches('*').to_owned())
        .filter(|name| name.split(' ').count() <= 3 && !name.is_empty() && !is_general(name))
        .collect()
}

/// Whether a subject is everything or a person rather than a part.
fn is_general(subject: &str) -> bool {
    const GENERAL: [&str; 26] = [
        "all",
        "everything",
        "every",
        "each",
        "services",
        "service",
        "systems",
        "system",
        "things",
        "we",
        "it",
        "they",
        "this",
        "that",
        "these",
        "users",
        "customers",
        "some",
        "most",
        "many",
        "which",
        "who",
        "the",
        "our",
        "other",
        "both",
    ];
    subject.split(' ').any(|word| GENERAL.contains(&word))
}

/// Whether `words` occur in `sentence` as whole words.
fn has_words(sentence: &str, words: &str) -> bool {
    sentence.match_indices(words).any(|(at, _)| {
        let (before, after) = (&sentence[..at], &sentence[at + words.len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Whether a sentence says that something is not resolved.
fn says_trouble(sentence: &str) -> bool {
    TROUBLE.iter().any(|word| sentence.contains(word))
        && !RESOLVED.iter().any(|word| sentence.contains(word))
}

/// Whether a sentence says that something is normal: not negated, not in the future, and not only
/// in part.
fn says_normal(sentence: &str) -> bool {
    let by_phrase = NORMAL.iter().find_map(|phrase| {
        let (before, after) = sentence.split_once(phrase)?;
        let last = before.split_whitespace().next_back().unwrap_or_default();
        let is_put_off = match *phrase {
            "confirm full recovery" => !CONFIRMED.contains(&last),
            "back online" => before.split_whitespace().any(|word| ON_ITS_WAY.contains(&word)),
            _ => false,
        };
        (!is_put_off && !is_limited(phrase, after)).then_some(before)
    });
    let all_again = ALL_AGAIN.find(sentence).and_then(|found| {
        let (before, after) = (&sentence[..found.start()], &sentence[found.end()..]);
        (!is_limited(found.as_str(), after)).then_some(before)
    });
    by_phrase.into_iter().chain(before_at_work(sentence)).chain(all_again).any(is_about_now)
}

/// Whether the text after a phrase limits it to a part, or says that something is not resolved.
fn is_limited(phrase: &str, after: &str) -> bool {
    let mut words = after.split_whitespace();
    let (next, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_part = match next {
        // "For customers" may continue with "in one region".
        "for" if phrase.ends_with(" restored") => !EVERYONE[..4].contains(&second),
        "for" => !EVERYONE.contains(&second),
        _ => phrase.ends_with(" restored") && IN_PART.contains(&next),
    };
    is_part || EXCEPT.iter().any(|word| after.contains(word)) || says_trouble(after)
}

fn is_about_now(before: &str) -> bool {
    let words = format!(" {before} ");
    !NOT_YET.iter().any(|word| {
        words.contains(&format!(" {word}"))
            || (word.starts_with('n') && words.contains(&format!("{word} ")))
    })
}

/// The text before "work normally" in `sentence`, if the sentence says nothing else.
fn before_at_work(sentence: &str) -> Option<&str> {
    WORK_VERBS
        .iter()
        .flat_map(|verb| AS_EVER.iter().map(move |how| format!(" {verb} {how}")))
        .find_map(|phrase| {
            let (before, after) = sentence.split_once(&phrase)?;
            let rest = after.trim_start();
            let ends = rest.starts_with([',', ':', ')', '–', '—'])
                || NEUTRAL_ENDINGS.iter().any(|word| {
                    rest.strip_prefix(word).is_some_and(|next| match *word {
                        "" => next.is_empty(),
                        _ => after.starts_with(' ') && !next.starts_with(char::is_alphanumeric),
                    })
                });
            let last = before.rsplit(' ').next().unwrap_or_default();
            (ends
                && !NOT_A_REPORT.contains(&last)
                && !EXCEPT.iter().any(|word| rest.contains(word))
                && !says_trouble(rest))
            .then_some(before)
        })
}

#[cfg(test)]
mod tests;
