//! What a heading means, in the many wordings that people use.
//!
//! The tables hold the headings of Google's SRE book, of the templates of PagerDuty, Atlassian and
//! Azure, and those that companies' own write-ups have.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::sources::record::SectionName;

use SectionName::{
    ContributingFactors, Detection, FollowUps, Impact, Lessons, Lucky, Mitigation, Resolution,
    RootCause, Summary, Timeline, Trigger, WentPoorly, WentWell,
};

/// How sure a heading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// It holds words of that meaning.
    Loose,
    /// It is a wording of the table.
    Exact,
}

/// Whole headings, in lower case, without marks, articles, numbers and what stands in brackets.
const EXACT: &[(SectionName, &[&str])] = &[
    (
        Summary,
        &[
            "summary",
            "executive summary",
            "incident summary",
            "overview",
            "incident overview",
            "tl dr",
            "tldr",
            "abstract",
            "issue summary",
            "outage summary",
            "problem summary",
            "what happened",
            "so what happened",
            "what happend",
            "what went on",
            "description",
            "incident description",
            "high level summary",
            "postmortem summary",
            "introduction",
            "at glance",
        ],
    ),
    (
        Impact,
        &[
            "impact",
            "customer impact",
            "user impact",
            "business impact",
            "impact on customers",
            "impact on users",
            "scope of impact",
            "who was affected",
            "what was affected",
            "who was impacted",
            "what was impacted",
            "effect",
            "effects",
            "incident impact",
            "service impact",
            "affected services",
            "affected customers",
            "blast radius",
            "scope",
            "consequences",
            "damage",
            "impact assessment",
            "symptom",
            "symptoms",
        ],
    ),
    (
        Trigger,
        &[
            "trigger",
            "triggers",
            "triggering event",
            "what triggered it",
            "what triggered this",
            "what set it off",
        ],
    ),
    (
        RootCause,
        &[
            "root cause",
            "root causes",
            "root cause analysis",
            "rca",
            "cause",
            "causes",
            "cause of incident",
            "cause of outage",
            "why it happened",
            "why did it happen",
            "why did this happen",
            "why this happened",
            "what went wrong and why",
            "what actually happened",
            "so what actually happened",
            "what caused it",
            "what caused this",
            "what caused outage",
            "five whys",
            "5 whys",
            "five whys root cause identification",
            "root cause identification",
            "underlying cause",
            "fault",
            "analysis",
            "technical analysis",
            "challenges and solutions",
            "technical details",
            "root cause and trigger",
            "why",
            "how did this happen",
            "how this happened",
            "how did it happen",
            "how it happened",
            "cause of issue",
            "cause of problem",
            "reason",
            "reasons",
        ],
    ),
    (
        ContributingFactors,
        &[
            "contributing factors",
            "contributing factor",
            "contributing causes",
            "contributing conditions",
            "contributors",
        ],
    ),
    (
        Detection,
        &[
            "detection",
            "how was it detected",
            "how was this detected",
            "how we noticed",
            "how did we find out",
            "discovery",
            "identified",
            "identification",
            "how it was detected",
            "alerting",
            "how we found out",
            "how did we detect it",
            "how did we notice",
            "how did we learn about it",
            "how was issue detected",
            "alert",
            "alerts",
        ],
    ),
    (
        Mitigation,
        &[
            "mitigation",
            "mitigations",
            "mitigation steps",
            "immediate mitigation",
            "workaround",
            "containment",
        ],
    ),
    (
        Resolution,
        &[
            "resolution",
            "resolution and recovery",
            "recovery",
            "response",
            "responses",
            "how did we respond",
            "incident response",
            "how it was resolved",
            "how we fixed it",
            "how we resolved it",
            "how was it resolved",
            "fix",
            "solution",
            "steps we took",
            "steps taken",
            "corrective actions taken",
            "actions taken",
            "what we did",
            "how did we fix it",
            "remediation",
            "restoration",
            "recovery steps",
            "achievements and progress",
            "how we responded",
            "immediate actions",
            "immediate response",
            "fixing root cause",
        ],
    ),
    (
        FollowUps,
        &[
            "follow ups",
            "follow up",
            "followups",
            "followup",
            "follow up actions",
            "follow up items",
            "action items",
            "actions",
            "review actions",
            "corrective actions",
            "preventive actions",
            "preventative actions",
            "prevention",
            "preventive measures",
            "preventative measures",
            "corrective and preventive actions",
            "corrective and preventative measures",
            "what were doing",
            "what we are doing",
            "what were doing about it",
            "what we are doing about it",
            "what are we doing",
            "what are we doing about it",
            "what we will do",
            "next steps",
            "next step",
            "plans",
            "plan",
            "future work",
            "remediation items",
            "improvements",
            "todo",
            "to do",
            "tasks",
            "plans for next week",
            "how are we making incidents like this less likely or less impactful",
            "what happens next",
            "whats next",
            "what we are changing",
            "what were changing",
            "corrective measures",
            "recommendations",
            "backlog check",
            "jira tickets",
            "external actions",
            "prevention and follow up",
            "what we are doing to prevent this",
            "remediations",
            "remediation and follow up",
            "remediation and follow up steps",
            "fixes and preventive measures",
            "long term actions",
            "actions following review",
            "actions from review",
            "actionables",
            "remedial actions",
            "follow up tasks",
            "resulting action",
            "resulting actions",
        ],
    ),
    (
        Lessons,
        &[
            "lessons",
            "lessons learned",
            "lessons learnt",
            "lesson learned",
            "learnings",
            "learning",
            "takeaways",
            "key takeaways",
            "what we learned",
            "what we learnt",
            "what did we learn",
            "what have we learned",
            "learning and reflection",
            "reflection",
            "reflections",
            "retrospective",
            "insights",
            "conclusions",
        ],
    ),
    (
        WentWell,
        &[
            "what went well",
            "went well",
            "things that went well",
            "what worked well",
            "what worked",
            "what did we do well",
        ],
    ),
    (
        WentPoorly,
        &[
            "what went wrong",
            "what went poorly",
            "went wrong",
            "went poorly",
            "things that went poorly",
            "what didnt go well",
            "what didnt go so well",
            "what did not go well",
            "what could have gone better",
            "what could be improved",
            "what we could have done better",
            "what went badly",
            "what didnt work",
            "what did not work",
        ],
    ),
    (
        Lucky,
        &["where we got lucky", "where we were lucky", "what went by luck", "got lucky", "luck"],
    ),
    (
        Timeline,
        &[
            "timeline",
            "timeline of events",
            "incident timeline",
            "outage timeline",
            "key events",
            "chronology",
            "sequence of events",
            "event log",
            "events",
            "event timeline",
            "detailed timeline",
            "time line",
            "history",
        ],
    ),
];

/// Words that a longer heading of that meaning holds, each as whole words; the first that fits counts.
const LOOSE: &[(SectionName, &[&str])] = &[
    (Timeline, &["timeline", "chronology", "sequence of events"]),
    (
        FollowUps,
        &[
            "action items",
            "follow up",
            "follow ups",
            "next steps",
            "prevent",
            "preventing",
            "prevention",
            "preventive",
            "preventative",
            "what were doing",
            "what we are doing",
            "what are we doing",
            "going forward",
            "improved",
            "improving",
            "improvements",
            "moving forward",
            "doing about it",
            "future",
            "less likely",
            "avoid this",
            "improvements",
        ],
    ),
    (
        Resolution,
        &[
            "steps we took",
            "steps taken",
            "resolution",
            "how we fixed",
            "how we resolved",
            "fixing",
            "recovery",
            "remediation",
            "did we respond",
        ],
    ),
    (ContributingFactors, &["contributing factors"]),
    (
        RootCause,
        &[
            "root cause",
            "root causes",
            "went wrong and why",
            "actually happened",
            "caused",
            "cause of",
        ],
    ),
    (WentPoorly, &["went wrong", "went poorly"]),
    (WentWell, &["went well"]),
    (Lessons, &["lessons", "learned", "learnt", "takeaways"]),
    (Impact, &["impact", "customers affected", "users affected"]),
    (Detection, &["detection", "detected"]),
    (Mitigation, &["mitigation"]),
    (Trigger, &["trigger"]),
    (Summary, &["summary", "overview", "what happened"]),
];

/// Headings of more words than this are sentences, and mean what they say.
const LONGEST_LOOSE: usize = 10;

/// Words that change nothing about what a heading means.
const EMPTY: &[&str] = &["the", "a", "an", "our", "this", "of"];

/// What the heading `title` means, and how sure that is.
pub(super) fn section(title: &str) -> Option<(SectionName, Match)> {
    let words = words(title);
    if words.is_empty() || words.len() > LONGEST_LOOSE + 4 {
        return None;
    }
    // A document may have ten thousand headings, and each is looked for in all the tables.
    static WORDINGS: LazyLock<HashMap<String, SectionName>> = LazyLock::new(|| {
        let mut all = HashMap::new();
        for (name, wording) in
            EXACT.iter().flat_map(|(name, wordings)| wordings.iter().map(move |one| (*name, one)))
        {
            all.entry(shortened(&wording.split(' ').collect::<Vec<_>>())).or_insert(name);
        }
        all
    });
    if let Some(name) = WORDINGS.get(&shortened(&words)) {
        return Some((*name, Match::Exact));
    }
    let full = words.join(" ");
    // What readers can do is advice, and not what will be done.
    let is_advice = ["can you", "you can", "can customers", "should you"]
        .iter()
        .any(|words| full.contains(words));
    if words.len() > LONGEST_LOOSE || is_advice {
        return None;
    }
    // `Why was the recovery plan not started?` asks for a reason, and for none of what it names.
    let is_reason = words.first() == Some(&"why");
    let padded = format!(" {full} ");
    let is_word_end = |at: usize| padded.as_bytes().get(at) == Some(&b' ');
    let holds = |wording: &&str| {
        let mut found = padded.match_indices(*wording);
        found.any(|(at, _)| is_word_end(at - 1) && is_word_end(at + wording.len()))
    };
    let counts = |name: SectionName| !is_reason || matches!(name, RootCause | ContributingFactors);
    let found = LOOSE.iter().find(|(name, wordings)| counts(*name) && wordings.iter().any(holds));
    found.map(|(name, _)| (*name, Match::Loose))
}

fn shortened(words: &[&str]) -> String {
    words.iter().copied().filter(|word| !EMPTY.contains(word)).collect::<Vec<_>>().join(" ")
}

/// The words of a heading, in lower case: "3. What we're doing (next)" is `what were doing`.
fn words(title: &str) -> Vec<&'static str> {
    // Only words of the tables matter; every other word may be any.
    let plain = letters(title);
    let words =
        plain.split_whitespace().skip_while(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    words.map(known_word).collect()
}

/// The letters of a heading or a label in lower case, without marks and what stands in brackets.
pub(super) fn letters(title: &str) -> String {
    let mut plain = String::with_capacity(title.len());
    let mut depth = 0usize;
    for c in title.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '\'' | '’' => {}
            c if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    plain
}

/// The word of the tables, or a stand-in for one that they do not have.
fn known_word(word: &str) -> &'static str {
    static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let wordings = EXACT.iter().chain(LOOSE).flat_map(|(_, wordings)| wordings.iter());
        let advice = ["can", "you", "customers", "should"];
        wordings
            .flat_map(|wording| wording.split(' '))
            .chain(EMPTY.iter().copied())
            .chain(advice)
            .collect()
    });
    KNOWN.get(word).copied().unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headings_of_known_templates() {
        // Each template by its headings, in its order; `None` is an extra section.
        type Headings<'a> = &'a [(&'a str, Option<SectionName>)];
        let templates: &[(&str, Headings)] = &[
            (
                "Google SRE",
                &[
                    ("Summary", Some(Summary)),
                    ("Impact", Some(Impact)),
                    ("Root Causes", Some(RootCause)),
                    ("Trigger", Some(Trigger)),
                    ("Resolution", Some(Resolution)),
                    ("Detection", Some(Detection)),
                    ("Action Items", Some(FollowUps)),
                    ("Lessons Learned", Some(Lessons)),
                    ("What went well", Some(WentWell)),
                    ("What went wrong", Some(WentPoorly)),
                    ("Where we got lucky", Some(Lucky)),
                    ("Timeline", Some(Timeline)),
                    ("Supporting information", None),
                ],
            ),
            (
                "PagerDuty",
                &[
                    ("Overview", Some(Summary)),
                    ("What Happened", Some(Summary)),
                    ("Resolution", Some(Resolution)),
                    ("Root Causes", Some(RootCause)),
                    ("Impact", Some(Impact)),
                    ("Responders", None),
                    ("What Went Well?", Some(WentWell)),
                    ("What Didn't Go So Well?", Some(WentPoorly)),
                    ("Action Items", Some(FollowUps)),
                    ("Timeline", Some(Timeline)),
                    ("Messaging", None),
                ],
            ),
            (
                "Atlassian",
                &[
                    ("Incident summary", Some(Summary)),
                    ("Leadup", None),
                    ("Fault", Some(RootCause)),
                    ("Impact", Some(Impact)),
                    ("Detection", Some(Detection)),
                    ("Response", Some(Resolution)),
                    ("Recovery", Some(Resolution)),
                    ("Timeline", Some(Timeline)),
                    ("Root cause identification: The Five Whys", Some(RootCause)),
                    ("Root cause", Some(RootCause)),
                    ("Lessons learned", Some(Lessons)),
                    ("Corrective actions", Some(FollowUps)),
                ],
            ),
            (
                "Azure",
                &[
                    ("What happened?", Some(Summary)),
                    ("What went wrong and why?", Some(RootCause)),
                    ("How did we respond?", Some(Resolution)),
                    (
                        "How are we making incidents like this less likely or less impactful?",
                        Some(FollowUps),
                    ),
                    ("How can customers make incidents like this less impactful?", None),
                ],
            ),
            (
                "a shipping company and a government's platform",
                &[
                    ("Contributing Factors (findings)", Some(ContributingFactors)),
                    ("Attendees", None),
                    ("Stats", None),
                    ("Key events", Some(Timeline)),
                    ("Identified", Some(Detection)),
                    ("Review actions", Some(FollowUps)),
                ],
            ),
            (
                "posts",
                &[
                    ("The Outage Timeline", Some(Timeline)),
                    ("So what actually happened?", Some(RootCause)),
                    ("Improved monitoring and alerts", Some(FollowUps)),
                    ("What can you do to avoid this in the future?", None),
                    ("Fixes and Preventive Measures", Some(FollowUps)),
                    ("Steps we took to resolve the issue", Some(Resolution)),
                    ("What We’re Doing About It", Some(FollowUps)),
                    ("2. The Root Cause", Some(RootCause)),
                    ("Cleaning up", None),
                    ("", None),
                    ("障害", None),
                ],
            ),
        ];
        for (template, headings) in templates {
            for (heading, expected) in *headings {
                assert_eq!(
                    section(heading).map(|(name, _)| name),
                    *expected,
                    "{template}: {heading}"
                );
            }
        }
    }
}
