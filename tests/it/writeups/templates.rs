//! The templates that teams write postmortems by, each filled in by an invented incident.

use posthoc::model::Incident;
use posthoc::sources::record::Record;
use posthoc::sources::writeups::Document;
use posthoc::sources::{Input, ReadOptions, Source};

fn incident(text: &str) -> Incident {
    let read = Document.read(&Input::new("postmortem.md", text), &ReadOptions::default()).unwrap();
    let [Record::Document(record)] = &read.value[..] else { panic!("one document") };
    assert_eq!(read.warnings, [], "{text}");
    let id = posthoc::assemble::documents::wanted_id(record);
    posthoc::assemble::documents::incident(record, id, &posthoc::assemble::Provenance::default())
}

/// The whole file, as a person reads it.
fn yaml(text: &str) -> String {
    serde_yaml::to_string(&incident(text)).unwrap()
}

#[test]
fn google_sre_book_template() {
    insta::assert_snapshot!(yaml(
        "# Search down Postmortem (incident #465)\n\n**Date**: 2026-03-17\n\n**Authors**: ann, ben\n\n**Status**: Complete, action items in progress\n\n\
         **Summary**: Search was down for 66 minutes in a time of very high interest.\n\n**Impact**: Estimated 1.2B queries lost.\n\n\
         **Root Causes**: Cascading failure of an index that was missing a word.\n\n**Trigger**: A latent bug, set off by a sudden rise of traffic.\n\n\
         **Resolution**: Traffic went to a spare cluster with ten times the capacity.\n\n**Detection**: Borgmon found many errors and paged.\n\n\
         **Action Items**:\n\n| Action Item | Type | Owner | Bug |\n|---|---|---|---|\n| Update the playbook | mitigate | ann | n/a **DONE** |\n| Balance load | prevent | ben | Bug 5554823 |\n\n\
         ## Lessons Learned\n\n### What went well\n\n- Monitoring alerted us at once\n\n### What went wrong\n\n- We were out of practice\n\n### Where we got lucky\n\n- The mailing list had a copy\n\n\
         ## Timeline\n\n2026-03-17 (*all times UTC*)\n\n- 14:51 News of a find\n- 14:54 **OUTAGE BEGINS** – backends melt down\n- 15:28 **OUTAGE MITIGATED**, the spare serves\n- 15:30 **OUTAGE ENDS**\n\n\
         ## Supporting information\n\n- Monitoring dashboard\n"
    ));
}

#[test]
fn pagerduty_template() {
    insta::assert_snapshot!(yaml(
        "# Logins failed\n\n**Owner:** ann\n\n**Meeting Scheduled For:** Monday\n\n### Overview\n\nLogins failed for some.\n\n### What Happened\n\nA cache was full.\n\n\
         ### Resolution\n\nIt was emptied.\n\n### Root Causes\n\n- No limit\n\n### Impact\n\n| | |\n|---|---|\n| Time in SEV-1 | 12 mins |\n| Customers | 40 |\n\n### Responders\n\n- ann\n- ben\n\n\
         ### Timeline\n\n| Time (UTC) | Event | Data Link |\n|---|---|---|\n| 2026-03-17 10:00 | Incident declared | [page](https://example.com/1) |\n| 2026-03-17 10:12 | Incident resolved | |\n\n\
         ## How'd We Do?\n\n### What Went Well?\n\n- The page\n\n### What Didn't Go So Well?\n\n- The cache\n\n## Action Items\n\n- Set a limit OPS-12 (ticket OPS-12)\n\n## Messaging\n\n### Internal Email\n\nAll is well.\n"
    ));
}

#[test]
fn atlassian_template() {
    insta::assert_snapshot!(yaml(
        "# Postmortem: builds queued\n\n| Field | Value |\n|---|---|\n| Severity | SEV2 |\n| Incident commander | ann |\n| Status | Resolved |\n\n## Incident summary\n\nBuilds queued for 2 h.\n\n## Leadup\n\nA change went in.\n\n## Fault\n\nA lock was held.\n\n\
         ## Impact\n\nAll builds.\n\n## Detection\n\nA customer wrote.\n\n## Response\n\nThe on-call looked.\n\n## Recovery\n\nThe lock was freed.\n\n## Timeline\n\nAll times are UTC on 17 March 2026.\n\n\
         **11:48** - The change was deployed\n\n**12:46** - Incident declared\n\n**13:50** - Service restored\n\n## Root cause identification: The Five Whys\n\n1. Why were builds queued? A lock.\n2. Why a lock? A bug.\n\n## Root cause\n\nA bug in the lock.\n\n\
         ## Backlog check\n\nNothing was there.\n\n## Recurrence\n\nNone.\n\n## Lessons learned\n\n- Locks need a limit\n\n## Corrective actions\n\n- Give locks a limit, owner: ben, due 2026-04-01\n"
    ));
}

#[test]
fn azure_template() {
    insta::assert_snapshot!(yaml(
        "## What happened?\n\nBetween 16:32 UTC and 19:23 UTC on 27 June 2026, customers could not reach storage in one region.\n\n## What went wrong and why?\n\nA power unit failed.\n\n\
         ## How did we respond?\n\n- 16:32 UTC on 27 June 2026 – Customer impact began\n- 16:40 UTC on 27 June 2026 – Issue detected by monitors\n- 19:23 UTC on 27 June 2026 – Service restored\n\n\
         ## How are we making incidents like this less likely or less impactful?\n\n- We will test the units (Estimated completion: July 2026)\n\n## How can customers make incidents like this less impactful?\n\n- Use two regions.\n"
    ));
}
