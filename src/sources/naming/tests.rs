use SectionName::{
    ContributingFactors, Detection, FollowUps, Impact, Lessons, Lucky, Resolution, RootCause,
    Summary, Timeline, Trigger, WentPoorly, WentWell,
};

use super::*;

#[test]
fn headings_of_known_templates_are_recognised() {
    // The headings of each template, in order; `None` for a heading without a known meaning.
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
            assert_eq!(section(heading).map(|(name, _)| name), *expected, "{template}: {heading}");
        }
    }
}

#[test]
fn headings_in_other_languages_are_recognised() {
    for (title, name) in [
        ("Zusammenfassung", Summary),
        ("2. Nächste Schritte", FollowUps),
        ("Chronologie de l'incident", Timeline),
        ("Cause racine", RootCause),
        ("Lecciones aprendidas", Lessons),
        ("Linha do tempo", Timeline),
        ("O que deu errado", WentPoorly),
        ("根本原因", RootCause),
        ("タイムライン", Timeline),
        ("改进措施：", FollowUps),
    ] {
        assert_eq!(section(title), Some((name, Match::Exact)), "{title}");
    }
}
