//! Durations of an incident in prose: `lasted about 3 hours`, `a 45-minute outage`, `It took us two
//! and a half hours to restore the service`.
//!
//! Only the duration of the whole incident counts. Durations of other incidents, of plans, of
//! hypothetical cases and of single steps (`the deployment took 25 minutes`) are ignored.

use std::sync::LazyLock;

use chrono::TimeDelta;
use regex::Regex;

use crate::model::written_length::{Qualifier, WrittenLength};
use crate::text::clean::sentences;

fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("valid built-in regex")
}

/// A number, in digits or as a word.
const NUMBER: &str = r"(?:\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety)";

/// Qualifiers before a duration.
const BENT: &str = r"(?:(?:just |slightly |a little |a bit )?(?:over|under|more than|less than)|about|around|approximately|approx\.?|roughly|nearly|almost|an estimated|up to)";

/// A duration: a number with a unit, several of them, `half an hour`, `two and a half hours`, `1h
/// 12m`.
static LENGTH: LazyLock<String> = LazyLock::new(|| {
    let unit = r"(?:hours?|hrs?|minutes?|mins?|days?|seconds?|secs?)\b";
    let part = format!(r"{NUMBER}[ -]?{unit}");
    format!(
        r"(?:{BENT} )?\s*(?:half an hour|{NUMBER} and a (?:half|quarter) (?:hours|days|minutes)|{part}(?:,? (?:and )?(?:{part}|a half|a quarter))*|\d+ ?[hd] ?\d+ ?(?:m|min|h)\b(?: ?\d+ ?s\b)?|\d+ ?(?:h|min)\b)"
    )
});

/// Words for an impact.
const IMPACT: &str = r"(?:outages?|downtime|interruptions?|disruptions?|incident|degradation|unavailability|blackout|service event|period of downtime)";

/// Verbs for ending an impact.
const ENDING: &str = r"(?:restor|recover|resolv|fix|repair|bring|get|back|return)\w*";

static LENGTHS: LazyLock<[Regex; 14]> = LazyLock::new(|| {
    let length = format!(r"(?P<length>{})", *LENGTH);
    let impact = IMPACT;
    [
        format!(r"\({length}\)\s+{impact}\b"),
        format!(
            r"\b{length}(?:[ -]long| of)?(?: (?:full|complete|total|partial|major|service|global|network))* {impact}\b"
        ),
        format!(
            r"\b(?:lasted|lasting|{impact} (?:of|lasted|was|for)|duration (?:of|was)|(?:down|unavailable|offline|unreachable|inaccessible|unresponsive) for)(?: (?:for|a total of|in total|only))* {length}"
        ),
        format!(
            r"\b(?:experienced|had|saw|suffered|failed|failing|errors|impacted|affected|interrupted|disrupted|degraded|unable|lost|down|offline|unavailable|inaccessible|unreachable|out|could not|couldn['’]t|cannot|nobody|no one|without|halted|stopped|grounded|closed|delayed|locked out)\b(?:[^.]|\.\w){{0,80}}? (?:for|over) (?:a (?:total|period) of |the (?:next|following) |an? )?{length}"
        ),
        format!(r"\b(?:a|the|for a) total (?:\w+ ){{0,2}}(?:of|was|is|:) ?{length}"),
        format!(
            r"\btotal (?:time|duration|length|downtime)(?: of (?:the )?(?:\w+ )?{impact})? (?:was|is|of) {length}"
        ),
        format!(r"\b(?:took|needed|required) (?:us |them |our \w+ )?{length} (?:to|before|until|for)\b[^.]{{0,60}}\b{ENDING}\b"),
        format!(
            r"\b(?:incident|outage|issue|problem|disruption|service)s? (?:was|were|had been|has been) (?:\w+ )?(?:resolved|restored|over|fixed|mitigated) {length} (?:later|after)\b"
        ),
        format!(
            r"\b{length} of (?:\w+ ){{0,2}}(?:errors?|failures?|timeouts?|unavailability|inaccessibility|delays?|instability|interruptions?)\b"
        ),
        format!(r"\b{length} (?:during|in|for) which\b[^.]{{0,60}}\b(?:not|unable|down|offline|unavailable|fail\w*|errors?|without|lost)\b"),
        format!(
            r"\b(?:{ENDING}|over|normal(?:ly)?|ended|up)\b[^.]{{0,40}}? (?:after|within) (?:a total of )?{length}"
        ),
        format!(r"\b{length} later\b,?[^.]{{0,60}}\b(?:restored|recovered|back|resolved|normal|over|fixed|up|online)\b"),
        format!(r"\b{ENDING}\b[^.]{{0,60}} {length} after (?:it|they|the|its|this)\b[^.]{{0,40}}\b(?:fail|beg[au]n|start|went|crash|outage|stop)\w*"),
        format!(r"(?:^\W*|, | and )for (?:the (?:next|following) |a total of )?{length}(?:,|\b)[^.]{{0,120}}\b(?:fail|unavailable|unable|down|errors?|could not|couldn|inaccessible|offline|affected|degraded|unreachable)\w*"),
    ]
    .map(|pattern| expression(&format!("(?i){pattern}")))
});

/// A sentence about another incident, a plan or a hypothetical case.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?i)^\W*(?:if|unless|had)\b|\b(?:would(?: have)?|might have|could have|(?:we|they|had|was|were) expect(?:ed|ing)?|similar|previous(?:ly)?|earlier (?:incident|outage)|last (?:year|month|week)|planned|scheduled|maintenance window|expect(?:ed|s)? to|estimated? to|will (?:take|last|be)|can take|may take|usually|typically|normally (?:take|last)s?|another (?:incident|outage))\b",
    )
});

/// A sentence about the duration of one step of the repair: `the rollout of the fix was completed
/// within 40 minutes`.
static STEP: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?i)\b(?:fix|patch|hotfix|rollout|rollback|deploy(?:ment)?|change|workaround|restart|reboot|migration|failover|backup|update)\b[^.,;]{0,40}\b(?:was|were|been)?\s?(?:\w+ and )?(?:completed?|developed|deployed|applied|rolled out|finished|released|live|ready|done|in place)\b[^.,;]{0,15} (?:with)?in\b",
    )
});

/// Returns the duration of the incident, in the words of the text.
pub(crate) fn length(text: &str) -> Option<&str> {
    let is_own = |sentence: &&str| !ASIDE.is_match(sentence) && !STEP.is_match(sentence);
    let own: Vec<&str> = sentences(text).filter(is_own).collect();
    LENGTHS.iter().find_map(|pattern| {
        own.iter()
            .find_map(|sentence| Some(pattern.captures(sentence)?.name("length")?.as_str().trim()))
    })
}

/// Returns the seconds of a written duration, and whether it is approximate. `None` if it has no
/// unit, or is a range or a bound: `more than two hours`.
pub(crate) fn seconds(length: &str) -> Option<(i64, bool)> {
    let WrittenLength { qualifier, low, high, .. } = WrittenLength::parse(length)?;
    let is_about = match qualifier {
        Qualifier::Plain => false,
        Qualifier::About | Qualifier::JustOver | Qualifier::Nearly => true,
        Qualifier::Over | Qualifier::UpTo => return None,
    };
    (low == high && high > TimeDelta::zero()).then(|| (high.num_seconds(), is_about))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_durations_are_found() {
        for (text, expected) in [
            ("we had a brief (just over 2 hours) outage", Some("just over 2 hours")),
            ("a 45-minute outage of the API", Some("45-minute")),
            ("It lasted for about 3 hours and 20 minutes.", Some("about 3 hours and 20 minutes")),
            ("The site was down for 90 minutes", Some("90 minutes")),
            (
                "an outage lasting two hours and six minutes, beginning at",
                Some("two hours and six minutes"),
            ),
            (
                "It took us two and a half hours to restore the service.",
                Some("two and a half hours"),
            ),
            ("Logins failed for two and a quarter hours.", Some("two and a quarter hours")),
            ("Total downtime was 1h 12m.", Some("1h 12m")),
            ("For about half an hour, logins failed.", Some("about half an hour")),
            (
                "The incident was resolved 24 hours and 11 minutes later.",
                Some("24 hours and 11 minutes"),
            ),
            ("It was back after a total of 69 minutes.", Some("69 minutes")),
            ("Approximately 4.5 hours of downtime occurred.", Some("Approximately 4.5 hours")),
            ("users had problems over a 32-minute period", Some("32-minute")),
            ("Nobody could call for six hours on 17 May 2023.", Some("six hours")),
            ("Ten minutes of errors on 17 May 2023.", Some("Ten minutes")),
            ("the 55 minutes during which you could not reach us", Some("55 minutes")),
            ("It was restored after 20 minutes.", Some("20 minutes")),
            ("51 minutes later, service was back to normal.", Some("51 minutes")),
            ("It was restored at 07:20, one hour after it failed.", Some("one hour")),
            ("It answered no requests for shop.example for 35 minutes and was down.", None),
            ("The outage could have lasted 5 hours.", None),
            ("The rollout of this fix was completed within 40 minutes, leading to recovery.", None),
            ("A fix was developed and deployed within 90 minutes.", None),
            ("We expected 30 minutes of downtime.", None),
            ("The deployment took 25 minutes and the outage was short.", None),
            ("A similar outage lasted for 6 hours.", None),
            ("Last year we had a 5 hour outage.", None),
            ("If it had failed, the outage would have lasted 6 hours.", None),
            ("The rollback was done 5 minutes later.", None),
            ("close to 100% uptime, 5-10 minutes", None),
        ] {
            assert_eq!(length(text), expected, "{text}");
        }
    }

    #[test]
    fn written_durations_are_converted_to_seconds() {
        for (text, expected) in [
            ("47 minutes", Some((2820, false))),
            ("about 3 hours and 20 minutes", Some((12_000, true))),
            ("2 hours 15 minutes", Some((8100, false))),
            ("one hour", Some((3600, false))),
            ("1h 5m", Some((3900, false))),
            ("1.5 hours", Some((5400, false))),
            ("half an hour", Some((1800, false))),
            ("about two and a half hours", Some((9000, true))),
            ("an hour and a half", Some((5400, false))),
            ("1h12m", Some((4320, false))),
            ("more than two hours", None),
            ("a while", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
