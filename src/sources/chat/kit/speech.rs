//! The milestones that a message states: what its author does, or has just found.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::milestone::MilestoneName;
use crate::sources::writeups::milestones_of_line;
use crate::text::clean::sentences;

/// What people write in a chat while they work, which is in the first person, present and short. A
/// sentence counts from its start, so a wish (`can you look`), a plan (`we should declare`) and a
/// report of others (`nobody is looking`) are none of these.
static SPEECH: LazyLock<[(MilestoneName, Regex); 4]> = LazyLock::new(|| {
    // `ok, I'm`, `we are now`
    const START: &str = r"(?i)^(?:(?:ok(?:ay)?|alright|hi|hey|all|team|folks|update|fyi|and|so)\b[ ,.:!-]*)*(?:(?:i['’]?m|i am|we['’]?re|we are|i['’]?ve|i have|we['’]?ve|we have|i|we)\s+)?(?:(?:just|now|also|currently|already)\s+)*";
    let pattern = |what: &str| Regex::new(&format!("{START}(?:{what})")).expect("a valid pattern");
    [
        // Before the declaration: `declaring the incident resolved`.
        (
            MilestoneName::ResolvedAt,
            pattern(
                r"(?:clos(?:ed|ing)|ended|ending|resolved)\s+(?:out\s+)?(?:it|this|(?:the|this|our)\s+(?:incident|outage|issue|one))(?:[ .,!]|$)|resolving\s+(?:the|this|our)\s+incident\b|(?:mark(?:ed|ing)|call(?:ed|ing)|declar(?:ed|ing)|consider(?:ed|ing)?)\s+(?:it|this|the incident|the outage)(?: as)? (?:resolved|closed|over|done|fixed)\b|all[ -]clear\b",
            ),
        ),
        (
            MilestoneName::AcknowledgedAt,
            pattern(
                r"ack(?:ed|ing|nowledged|nowledging)?\b|on it\b|looking(?:\s+(?:at|for|in|into|now|through)\b|[.,!]|$)|(?:digging|checking|investigating)\b|(?:have|got|received|took|taking) (?:the|this|that) (?:page|alert|call)\b|got paged\b|i['’]?ll (?:take|look|check|handle|pick)\b|tak(?:e|ing) (?:it|this|a look)\b",
            ),
        ),
        (
            MilestoneName::DeclaredAt,
            pattern(
                r"(?:declar|open|start|rais|call)(?:ed|ing)\s+(?:this\s+)?(?:an?|the)?\s*(?:\S+\s+)?(?:incident|outage|sev|p[0-4]\b)",
            ),
        ),
        (
            MilestoneName::IdentifiedAt,
            pattern(
                r"(?:found|identified|pinned down|located)\s+(?:it\b|(?:the|what the) (?:root )?(?:cause|culprit|problem|reason|issue|bug|bad|offending|faulty)\b)|(?:the )?(?:root cause|culprit) (?:is|was|seems to be)\b",
            ),
        ),
    ]
});

/// The milestone that a message states about its own time. An impact began or ended before somebody
/// wrote of it, so a message proves neither.
pub(super) fn milestone(text: &str) -> Option<MilestoneName> {
    let text = text.trim_start_matches("↳ ");
    let of_speech = || {
        sentences(text).filter(|sentence| !sentence.trim_end().ends_with('?')).find_map(
            |sentence| {
                SPEECH
                    .iter()
                    .find(|(_, speech)| speech.is_match(sentence.trim()))
                    .map(|found| found.0)
            },
        )
    };
    let stated = milestones_of_line(text).into_iter().find(|name| {
        matches!(
            name,
            MilestoneName::AcknowledgedAt
                | MilestoneName::DeclaredAt
                | MilestoneName::IdentifiedAt
                | MilestoneName::ResolvedAt
        )
    });
    stated.or_else(of_speech)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(text: &str) -> String {
        milestone(text).map_or("-".to_owned(), |name| name.to_string())
    }

    #[test]
    fn what_people_do_and_find_is_a_milestone() {
        let pairs = [
            ("I have the page. Looking.", "acknowledged_at"),
            ("ack, looking into it", "acknowledged_at"),
            ("I'm on it", "acknowledged_at"),
            ("Acknowledged the alert, checking the dashboards now", "acknowledged_at"),
            ("ok, I’m looking at it", "acknowledged_at"),
            ("Declaring an incident, sev2", "declared_at"),
            ("Calling this a sev1", "declared_at"),
            ("Opened incident 4711", "declared_at"),
            ("The culprit was a full disk", "identified_at"),
            ("declaring the incident resolved", "resolved_at"),
            ("Found it: the release of 12:58 cut the timeout", "identified_at"),
            ("Root cause identified: the new timeout is too short", "identified_at"),
            ("Still normal. Closing the incident.", "resolved_at"),
            ("All clear, incident resolved", "resolved_at"),
            ("↳ Marking this as resolved", "resolved_at"),
        ];
        let wrong = pairs.iter().filter(|(text, name)| stated(text) != *name);
        assert_eq!(wrong.map(|(text, _)| (*text, stated(text))).collect::<Vec<_>>(), []);
    }

    #[test]
    fn questions_plans_and_the_past_of_others_are_none() {
        let texts = [
            "Is this resolved?",
            "Can someone ack the page?",
            "Has anybody found the cause?",
            "We should declare an incident",
            "Not resolved yet",
            "I will close the incident when the errors stay low",
            "If it is resolved by then we need no update",
            "Errors are back to normal since 13:38",
            "Rolling checkout back to 4.17.3.",
            "nobody has acknowledged the page",
            "looking good now",
            "We're resolving the issue",
            "Closing the gap to the replica took a while",
            "I see the issue on my side too",
            "Did you find it?",
        ];
        let wrong = texts.iter().filter(|text| stated(text) != "-");
        assert_eq!(wrong.map(|text| (*text, stated(text))).collect::<Vec<_>>(), []);
    }
}
