//! Tests of the statement grammar with many kinds of timeline entries.

use super::*;
use MilestoneName::{
    AcknowledgedAt, DeclaredAt, DetectedAt, FirstNoticeAt, IdentifiedAt, ImpactEnd, ImpactStart,
    MitigatedAt, ResolvedAt,
};

#[track_caller]
pub(super) fn assert_states(lines: &[&str], name: MilestoneName) {
    for line in lines {
        let found: Vec<_> =
            of_line(line, "The shop was down").into_iter().map(|found| found.name).collect();
        assert_eq!(found, [name], "{line}");
    }
}

#[track_caller]
pub(super) fn assert_states_nothing(lines: &[&str]) {
    for line in lines {
        assert_eq!(of_line(line, "The shop was down"), [], "{line}");
    }
}

#[test]
fn impact_start_phrases_are_recognised() {
    assert_states(
        &[
            "Outage Begins",
            "Start of incident. A new version is out.",
            "It is out. All fail. <START OF OUTAGE>",
            "The node is drained. (outage starts)",
            "The incident started",
            "Upgrade causes pods to crash loop",
            "Site is hard down",
            "All shops are down",
        ],
        ImpactStart,
    );
    assert_states_nothing(&[
        "We read the logs of the start of the outage",
        "The roll over started",
        "We go through the list",
    ]);
}

#[test]
fn impact_end_phrases_are_recognised() {
    assert_states(
        &[
            "Mended <END OF OUTAGE>",
            "The fix is out (outage ends)",
            "New certificates generated, service restored",
            "Everything is back to normal and verified working.",
            "Back to normal",
            "The site is fully recovered",
            "All systems are operational again",
            "Recovery: We were able to start it.",
            "Applied the change, Incident repaired",
            "He updates the certificates. Services are restored.",
            "The shop service was restored",
        ],
        ImpactEnd,
    );
}

#[test]
fn resolution_phrases_are_recognised() {
    assert_states(
        &[
            "Target group reattached by the pipeline (resolved).",
            "Incident declared resolved, but investigations continued.",
            "Incident officially resolved!",
            "Upgraded and issue permanently fixed",
            "Full Recovery",
            "The incident was closed",
            "Basic tools now work. Incident resolved.",
            "Sev 1 ticket marked as resolved",
        ],
        ResolvedAt,
    );
}

#[test]
fn detection_phrases_are_recognised() {
    assert_states(
        &[
            "First alert fires.",
            "Issue detected and verified.",
            "Issue with no traffic detected and verified",
            "An alert detects a high count of 5XX",
            "Users reported that their pods were terminated.",
            "We received an alert",
            "Critical alert",
            "@ann First report of slow pages",
            "@bot First alert received",
            "The on-call engineer is paged",
            "First report of issue by user",
            "Detection: alerts",
        ],
        DetectedAt,
    );
    assert_states_nothing(&["No alerts fired", "The alert should have fired", "Alerts were added"]);
}

#[test]
fn acknowledgement_declaration_and_notice_phrases_are_recognised() {
    assert_states(
        &[
            "First engineer acknowledges the alert.",
            "Engineers acknowledge the alert",
            "The alert was acknowledged",
        ],
        AcknowledgedAt,
    );
    assert_states(
        &[
            "Incident declared. https://example.com",
            "We declared a major incident",
            "Sev 1 ticket raised",
        ],
        DeclaredAt,
    );
    assert_states(
        &[
            "We took to the fediverse to notify users.",
            "Status page updated",
            "Users were informed of the outage",
            "A second engineer informs all customers",
        ],
        FirstNoticeAt,
    );
    assert_states_nothing(&["A team acknowledged the problem", "We will notify users"]);
}

#[test]
fn cause_and_mitigation_phrases_are_recognised() {
    assert_states(
        &[
            "The issue is identified as a bad setting.",
            "Issue identified, started work on fix",
            "Root cause discovered by deleting it",
            "Identified that the new version drops chunks",
            "The cause is found.",
        ],
        IdentifiedAt,
    );
    assert_states(
        &[
            "Deployment downgraded, which solved the issue",
            "The incident was mitigated",
            "Mitigation applied",
        ],
        MitigatedAt,
    );
    assert_states_nothing(&[
        "Team identified that the issue was affecting 6 nodes",
        "Potential culprit identified",
    ]);
}

#[test]
fn line_can_state_several_milestones() {
    let names = |line| of_line(line, "").into_iter().map(|found| found.name).collect::<Vec<_>>();
    assert_eq!(names("Incident repaired and resolved."), [ImpactEnd, ResolvedAt]);
    assert_eq!(names("All healthy and issue resolved"), [ImpactEnd, ResolvedAt]);
    assert_eq!(names("Outage start/Investigation starts"), [ImpactStart, AcknowledgedAt]);
    assert_eq!(
        names("The alert fired for the third time. Incident declared"),
        [DetectedAt, DeclaredAt]
    );
    assert_eq!(names("Root cause identified, status page updated"), [IdentifiedAt, FirstNoticeAt]);
}

#[test]
fn starting_to_investigate_is_acknowledgement() {
    assert_states(
        &[
            "An engineer began looking into it",
            "On-call starts investigating",
            "The team started to investigate the errors",
            "Ops acknowledges",
            "The database team acknowledged the alert",
        ],
        AcknowledgedAt,
    );
    assert_states(&["We received the first alert for the shop"], DetectedAt);
    assert_states_nothing(&[
        "Engineers are investigating",
        "The team was not able to begin investigating",
        "Once the team began investigating, traffic was low",
        "A customer began looking into it",
    ]);
}

#[test]
fn lone_verb_refers_to_the_cause_named_before() {
    let name = |before, clause| without_subject(&[before], clause).map(|found| found.name);
    assert_eq!(name("The cause was an expired certificate", "found"), Some(IdentifiedAt));
    assert_eq!(name("The cause is not yet clear", "found"), None);
    assert_eq!(name("A workaround for the users", "found"), None);
    assert_eq!(name("The outage began", "found"), None);
}

#[test]
fn engineering_reports_and_confirmed_restorations_are_recognised() {
    for (line, name) in [
        ("Full service restoration confirmed", ImpactEnd),
        ("First error reports", DetectedAt),
        ("Engineering identifies a configuration error in the pooler", IdentifiedAt),
        ("Initial investigation, identified memory leak in gateway", IdentifiedAt),
        ("Engineering begins investigation into pool saturation", AcknowledgedAt),
        ("Incident resolved after monitoring period", ResolvedAt),
        ("Monitoring alerts triggered (all pods down)", DetectedAt),
    ] {
        assert_states(&[line], name);
    }
}

#[test]
fn further_phrases_are_recognised() {
    assert_states(
        &[
            "Errors begin",
            "Error rate rises",
            "API servers began returning 500s",
            "Users start to see errors",
        ],
        ImpactStart,
    );
    assert_states(
        &[
            "Error rates return to normal",
            "Errors stopped",
            "The site is back",
            "Recovery complete",
            "Latency back to normal",
            "Levels are normal",
        ],
        ImpactEnd,
    );
    assert_states(&["All clear", "Status page set to resolved"], ResolvedAt);
    assert_states(
        &[
            "Reports of failures at login",
            "Users reporting timeouts",
            "High priority alert from the monitor that the shop is down",
            "The pager pages the on-call engineer",
            "We were made aware of the problem",
        ],
        DetectedAt,
    );
    assert_states(&["SEV2 declared"], DeclaredAt);
    assert_states(&["Incident opened on the status page", "First status update"], FirstNoticeAt);
    assert_states(&["The cause is confirmed", "The errors are traced to a query"], IdentifiedAt);
    assert_states_nothing(&[
        "Monitoring reports that all is fine",
        "Users report that it is back to normal",
        "A GitHub issue was opened",
        "Users are informed about the new profile option",
        "Identified a fix",
        "Engineers identified a spike in errors",
    ]);
}

#[test]
fn failed_system_named_in_the_title_is_recognised() {
    let of =
        |line, title| of_line(line, title).into_iter().map(|found| found.name).collect::<Vec<_>>();
    assert_eq!(of("Confirmed that Quill is healthy", "Quill outage of May 3rd"), [ImpactEnd]);
    assert_eq!(of("Quill went down", "Quill outage of May 3rd"), [ImpactStart]);
    assert_eq!(of("Ink is healthy", "Quill outage of May 3rd"), []);
    assert_eq!(of("May is healthy", "Quill outage of May 3rd"), []);
}

#[test]
fn causal_phrases_give_the_impact_start() {
    assert_states(
        &[
            "Errors began to rise",
            "An operator deleted the index, causing a complete outage",
            "A full disk resulted in the loss of connectivity",
            "A power failure took down the data centre",
            "The zone lost power",
            "Traffic dropped to zero",
        ],
        ImpactStart,
    );
    assert_states_nothing(&[
        "Owner of the route causing the issue contacted",
        "A look at the code made the problem clear",
        "This led to the discovery of the problem",
        "Issues begin again",
        "Errors began to fade",
        "Alerting shows increased client and server errors",
        "The move is complete, all hosts now have 500 GB disks",
        "Our provider lost power",
    ]);
}

#[test]
fn repair_actions_give_the_impact_end() {
    assert_states(
        &[
            "We restored the service",
            "We got the site back online",
            "Customers were able to connect again",
            "Service resumed after 43 minutes",
            "Error rate returns to baseline",
        ],
        ImpactEnd,
    );
    assert_states_nothing(&[
        "We restored the database from its backup",
        "Customers were able to connect to a mirror",
        "We restored a part of the service",
    ]);
}

#[test]
fn clause_without_subject_inherits_the_previous_one() {
    let name = |before, clause| with_subject_of(&[before], clause, "").map(|found| found.name);
    assert_eq!(name("Our main site went down", "came back up"), Some(ImpactEnd));
    assert_eq!(name("The disruption began", "was over by"), Some(ImpactEnd));
    assert_eq!(name("The site failed", "was never restored"), None);
    assert_eq!(name("Some sites failed", "were restored"), None);
    assert_eq!(name("The team met", "was back at its desks"), None);
}

#[test]
fn bracketed_abbreviation_belongs_to_the_subject() {
    assert_states(&["The on-call engineer (OCE) acknowledges page"], AcknowledgedAt);
    assert_states_nothing(&["The vendor updates their status page"]);
}

#[test]
fn customer_reports_external_causes_and_confirmed_ends_are_recognised() {
    assert_states(&["Two customers raised support requests about failing scans"], DetectedAt);
    assert_states(&["Root cause traced to upstream cloud provider issues"], IdentifiedAt);
    assert_states(&["All services confirmed operational"], ImpactEnd);
    assert_states_nothing(&["Turning it off immediately caused the issues to stop"]);
}

#[test]
fn external_failures_and_later_restorations_are_recognised() {
    assert_states(&["Identified the upstream gateway as the bottleneck"], IdentifiedAt);
    assert_states(&["The SRE team began investigation"], AcknowledgedAt);
    assert_states(
        &["Connectivity restored", "We moved to a backup, restoring full functionality"],
        ImpactEnd,
    );
    assert_states_nothing(&[
        "Restoring the service",
        "Identified the status of the connection as active",
    ]);
}

#[test]
fn tools_people_and_calls_are_detection() {
    assert_states(
        &[
            "PagerDuty goes off",
            "Nagios pages the on-call",
            "Alertmanager page: errors of the API",
            "Monitoring alerts on the error rate",
            "The network monitor raises an alarm",
            "Support hears from several customers that builds are stuck",
            "Merchants start complaining in the support channel",
            "The service desk received the first calls",
            "An alert for elevated errors went out",
            "Tickets start coming in",
            "We found out",
            "Sentry began sending alerts",
            "Our operations centre picked up the issue",
            "Alert `PullErrors` received by on-call",
        ],
        DetectedAt,
    );
    assert_states_nothing(&[
        "PagerDuty will go off",
        "Support did not hear from customers",
        "Monitoring is added",
        "If customers start complaining, we roll back",
        "The alert should have gone off",
        "Check of the queue begins",
        "No tickets came in",
    ]);
}

#[test]
fn calling_an_incident_and_marking_its_end_are_statements() {
    assert_states(&["Major incident called", "We called a major incident"], DeclaredAt);
    assert_states(&["We mark the incident as resolved"], ResolvedAt);
    assert_states(&["Lee acks the page", "The network engineer takes the ticket"], AcknowledgedAt);
    assert_states(&["Notice placed on the website"], FirstNoticeAt);
    assert_states_nothing(&[
        "We might call a major incident",
        "The incident was not marked as resolved",
        "Nobody acks the page",
        "Email sent to the vendor",
    ]);
}

#[test]
fn named_faults_are_causes() {
    assert_states(
        &[
            "Bug found in the handler",
            "We discovered that the pool was exhausted",
            "Vendor support pinpoints a memory leak as the culprit",
            "We understand what happened",
            "We worked out that the cause was a typo",
        ],
        IdentifiedAt,
    );
    assert_states_nothing(&[
        "No bug found yet",
        "We suspect a memory leak",
        "We realized that Ann has the key",
        "We do not understand what happened",
    ]);
}

/// Each line of `lines.tsv` states what its first column says, or nothing. The lines are written to
/// be unlike each other, so that they show how far the word families reach.
#[test]
fn lines_of_many_wordings_are_understood() {
    let letter = |name| match name {
        ImpactStart => 'S',
        DetectedAt => 'D',
        AcknowledgedAt => 'A',
        DeclaredAt => 'C',
        FirstNoticeAt => 'N',
        IdentifiedAt => 'I',
        MitigatedAt => 'M',
        ImpactEnd => 'E',
        ResolvedAt => 'R',
        MilestoneName::TriggerAt => 'T',
    };
    let stated = |line: &str| {
        let mut found: Vec<char> =
            of_line(line, "Search outage").into_iter().map(|found| letter(found.name)).collect();
        // What a timeline as a whole may take from the line.
        if found.is_empty() {
            found.extend(noticing(line).map(|_| 'D'));
            found.extend(failure(line).map(|_| 'S'));
            found.extend(recovery(line, "Search outage. The API failed").map(|_| 'E'));
        }
        found.into_iter().collect::<String>()
    };
    let mut wrong = String::new();
    for line in include_str!("lines.tsv").lines() {
        let (expected, line) = line.split_once('\t').expect("two columns");
        let found = stated(line);
        if found != expected.trim_matches('-') {
            wrong.push_str(&format!("{expected} {found} {line}\n"));
        }
    }
    assert_eq!(wrong, "");
}
