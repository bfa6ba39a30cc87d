//! Tests of entries that state nothing explicitly, and of the events that they describe.

use super::tests::{assert_states, assert_states_nothing};
use super::*;
use MilestoneName::ImpactEnd;

#[test]
fn negated_open_future_and_partial_statements_are_ignored() {
    assert_states_nothing(&[
        "The incident was not resolved",
        "The issue is still not resolved",
        "Is the incident resolved?",
        "If the incident is resolved, we close the room",
        "Once the service is restored we look at the logs",
        "The service will be restored at noon",
        "The incident appears to be resolved",
        "All pods appear to be up and operational.",
        "The shop reported the user to the host",
        "Some services are back to normal",
        "The service is partially restored",
        "The cooling systems were restored",
        "First user says that the service is back to normal",
        "The database was restarted, and root cause was found later.",
        "Read only recovery",
        "Network traffic went down to normal levels.",
        "We try to restore the service",
        "Working on the fix",
        "The service begins to recover",
    ]);
}

#[test]
fn deciding_phrase_is_returned() {
    let phrase = |line| of_line(line, "").remove(0).phrase;
    assert_eq!(
        phrase("Checked twice: everything is back to normal."),
        "everything is back to normal"
    );
    assert_eq!(phrase("The issue has now been resolved"), "issue has now been resolved");
}

#[test]
fn retracted_limited_and_unrelated_statements_are_ignored() {
    assert_states_nothing(&[
        "Incident is being resolved",
        "The issue is getting resolved slowly",
        "Traffic is back to normal in EU, still failing in US",
        "Service restored then failed again",
        "Impact mitigated, then returned",
        "Incident resolved and immediately reopened",
        "Incident resolved, or so we thought",
        "Incident marked as resolved in the wrong ticket",
        "Mitigation deployed but did not help",
        "Impact ended for customers in Asia",
        "Impact mitigated for paid plans",
        "Service restored internally",
        "Service restored on the first of two nodes",
        "Root cause identified as not the database",
        "A previous incident (INC-12) was resolved",
        "Yesterday's incident was declared",
        "Declared incident is a duplicate of INC-4",
        "Vendor declares an incident",
        "Vendor's status page updated",
        "Incident was acknowledged by the vendor's support",
        "Alert fires on staging only",
        "Alert fired for an unrelated disk",
        "Incident was resolved at 11:40",
        "Incident was resolved an hour earlier",
        "Outage started two hours ago, we now learn",
        "Impact starts to fade",
        "Impact began to shrink",
        "Incident begins to look like DNS",
        "First customer asked us",
        "Status page update drafted",
    ]);
    assert_states(
        &[
            "Service restored for everyone",
            "Service restored in all regions",
            "Everything is back to normal, no errors seen",
            "Service restored in 40 minutes",
        ],
        ImpactEnd,
    );
}

#[test]
fn noticing_something_is_detection() {
    for line in [
        "notices that some statuses are still there",
        "First noticed that the page was giving an error",
        "An engineer noticed the queue was slow",
    ] {
        assert!(noticing(line).is_some(), "{line}");
    }
    for line in [
        "The scaler noticed that a new version was available",
        "We noticed no errors",
        "The team decided that what it noticed was an error",
        "Notice sent",
    ] {
        assert_eq!(noticing(line), None, "{line}");
    }
}

#[test]
fn failures_are_described_by_those_they_hit() {
    for line in [
        "Jobs stop being picked up by runners",
        "All regions lose connectivity to the control plane",
        "A bad rule goes live; downloads start returning 403",
        "Card payments begin to be declined",
        "Latency starts to climb",
        "Core router reboots unexpectedly, customers lose connectivity, the monitor raises an alarm",
        "All services returning 404",
        "Image pulls return 429 from the upstream mirror",
    ] {
        assert!(failure(line).is_some(), "{line}");
    }
    for line in [
        "Deploy failed",
        "We stop the importer",
        "Ann reports that jobs stop",
        "Automated warning that hosts are unable to scale",
        "Scaling down the cluster to free addresses",
        "The restart did not work",
        "Rollback failed due to an old schema",
        "Users would lose connectivity",
        "Our provider lost power",
    ] {
        assert_eq!(failure(line), None, "{line}");
    }
}

#[test]
fn recoveries_are_described_by_what_works_again() {
    let failed = "Search outage. Searches failed. Label printing stopped.";
    for line in [
        "Searches work again",
        "Last region recovered; all customers can deploy",
        "Labels print again",
        "Error rate is back to zero",
        "Old keys removed. Traffic normal.",
    ] {
        assert!(recovery(line, failed).is_some(), "{line}");
    }
    for line in [
        "Searches work again for most users",
        "A customer says that searches work again",
        "Searches are back, but labels still hang",
        "Does search work again?",
        "The vendor confirmed they were working on a fix",
        "We hope that searches work again",
        "200 GB of space have been recovered",
        "Searches failed again",
    ] {
        assert_eq!(recovery(line, failed), None, "{line}");
    }
}
