//! The first page answers: how long, who, detected, notified, mitigated, cause, fix, next.

use crate::support::world::World;

/// The first page of an incident in Markdown.
fn first_page(yaml: &str) -> String {
    let world = World::new();
    world.write("incidents/x.yaml", format!("schema: posthoc/v1\nid: x\n{yaml}"));
    let output = world.run(&["render", "x", "--to", "md", "--out", "out"]);
    assert!(output.trim_end().ends_with("exit 0"), "{output}");
    let text = world.read("out/x.md");
    let end = text.find("\n## ").unwrap_or(text.len());
    text[..end].to_owned()
}

#[test]
fn overview_of_a_complete_incident() {
    insta::assert_snapshot!(first_page("\
title: Orders failed
severity: sev2
status: resolved
review: reviewed
services: [orders]
roles: {commander: role-commander}
summary: Orders failed while the cache was moved.
milestones:
  impact_start: ~2026-03-20T10:00Z
  detected_at: {at: 2026-03-20T10:07Z, basis: alert}
  acknowledged_at: 2026-03-20T10:09Z
  first_notice_at: {at: 2026-03-20T10:20Z, basis: reported}
  identified_at: 2026-03-20T10:21Z
  mitigated_at: 2026-03-20T10:30Z
  impact_end: 2026-03-20T11:05Z
  resolved_at: 2026-03-20T12:00Z
impact: {customers: 12400, requests_failed: ~31000, not_affected: [search]}
root_causes:
  - {text: \"Moving a shard blocks its node: \\n\\n- for 400 ms\"}
  - {text: Retries tripled the load.}
resolution: {temporary: The move was paused., permanent: Shards move in small batches., short: Smaller batches.}
action_items:
  - {text: Done already., status: done}
  - {text: No day yet.}
  - {text: Later., due: 2026-06-01, owner: role-owner}
  - {text: Late., due: 2026-03-25}
  - {text: Also without a day.}
"), @r"
    # Orders failed

    SEV2 · Resolved · Write-up reviewed

    Orders failed while the cache was moved.

    | Affected for | Customers | Detected after | First notice after | Mitigated after |
    | --- | --- | --- | --- | --- |
    | **~1 h 5 min** | **12,400** | **~7 min** | **~20 min** | **~30 min** |
    | 20 Mar 2026, ~10:00 – 11:05 UTC | requests failed: ~31,000 | 10:07, alert | 10:20, public report | 10:30, observed |

    **Figure 1** Impact for ~1 h 5 min.

    On 20 March 2026 (UTC): impact from ~10:00 to 11:05; impact began ~10:00, detected 10:07, acknowledged 10:09, first notice 10:20, cause identified 10:21, mitigated 10:30, impact ended 11:05, resolved 12:00.

    | Cause · and 1 more | Fix | Next · 5 follow-ups, 1 done |
    | --- | --- | --- |
    | Moving a shard blocks its node. | Smaller batches. | • **Overdue** Late<br>• Later · role-owner<br>• No day yet<br>• and 1 more |

    **Services** orders\
    **Not affected** search\
    **Commander** role-commander
    ");
}

#[test]
fn overview_of_an_ongoing_incident_has_no_missing_end() {
    insta::assert_snapshot!(first_page("\
title: Orders fail
status: ongoing
milestones: {impact_start: 2026-04-01T10:00Z, detected_at: 2026-04-01T10:07Z}
impact: {windows: [{start: 2026-04-01T10:00Z}]}
"), @"
    # Orders fail

    Ongoing · Draft

    | Affected so far | Detected after |
    | --- | --- |
    | **2 h** | **7 min** |
    | 1 Apr 2026, since 10:00 UTC | 10:07, observed |

    **Figure 1** Impact for 2 h so far.

    On 1 April 2026 (UTC): impact since 10:00; impact began 10:00, detected 10:07.

    **Not recorded** acknowledgement, first notice, identification
    ");
}

#[test]
fn overview_of_an_imported_status_page() {
    insta::assert_snapshot!(first_page("\
title: Orders failed
status: resolved
milestones:
  first_notice_at: {at: 2026-03-20T10:20Z, basis: reported}
  resolved_at: {at: 2026-03-20T12:00Z, basis: reported}
"), @"
    # Orders failed

    Resolved · Draft

    | Reported for |
    | --- |
    | **1 h 40 min** |
    | 20 Mar 2026, 10:20 – 12:00 UTC |

    **Figure 1** Milestones of the response.

    On 20 March 2026 (UTC): first notice 10:20, resolved 12:00.

    **Not recorded** start of impact, detection, acknowledgement, identification, mitigation, end of impact
    ");
}

#[test]
fn overview_of_a_near_miss_has_no_impact() {
    insta::assert_snapshot!(first_page("\
title: A disk was almost full
kind: near_miss
status: resolved
milestones: {detected_at: 2026-03-20T10:20Z, resolved_at: 2026-03-20T12:00Z}
action_items: [{text: Alert at 80 %., status: done}]
"), @"
    # A disk was almost full

    Near miss · Resolved · Draft

    | Customer impact |
    | --- |
    | **None** |
    | 20 March 2026 |

    **Figure 1** Milestones of the response.

    On 20 March 2026 (UTC): detected 10:20, resolved 12:00.

    | Next · 1 follow-up, 1 done |
    | --- |
    | All follow-ups are done |
    ");
}

#[test]
fn overview_states_a_detection_before_the_impact() {
    insta::assert_snapshot!(first_page("\
title: A queue overflowed
status: resolved
milestones:
  detected_at: 2026-03-20T09:40Z
  impact_start: 2026-03-20T10:00Z
  impact_end: 2026-03-20T10:30Z
"), @"
    # A queue overflowed

    Resolved · Draft

    | Affected for | Detected before impact by |
    | --- | --- |
    | **30 min** | **20 min** |
    | 20 Mar 2026, 10:00 – 10:30 UTC | 09:40, observed |

    **Figure 1** Impact for 30 min.

    On 20 March 2026 (UTC): impact from 10:00 to 10:30; impact began 10:00, detected 09:40, impact ended 10:30.

    **Not recorded** acknowledgement, first notice, identification, mitigation, resolution
    ");
}

#[test]
fn comment_in_a_field_does_not_change_the_layout() {
    let page = first_page(
        "title: A comment\nsummary: \"<!-- look: band -->\\n\\n| a |\\n| --- |\\n| b |\"\n",
    );
    assert!(page.contains("\\<!-- look: band -->"), "{page}");
    let world = World::new();
    world.write("incidents/x.yaml", "schema: posthoc/v1\nid: x\ntitle: A comment\nsummary: \"<!-- look: band -->\\n\\n| a |\\n| --- |\\n| b |\"\n");
    world.run(&["render", "x", "--to", "html", "--out", "out"]);
    let html = world.read("out/x.html");
    assert!(html.contains("&lt;!-- look: band") && !html.contains("class=\"band\""), "{html}");
}

#[test]
fn only_the_internal_report_has_the_plain_file_name() {
    let world = World::new();
    world.write("incidents/x.yaml", "{schema: posthoc/v1, id: x, title: Orders failed}");
    for (audience, name) in
        [("internal", "x.md"), ("public", "x.public.md"), ("restricted", "x.restricted.md")]
    {
        let shown =
            world.run(&["render", "x", "--to", "md", "--out", "out", "--audience", audience]);
        assert!(shown.contains(&format!("out/{name}\n")), "{shown}");
    }
}

#[test]
fn brief_report_is_one_page() {
    let many = |count: usize, text: &str| vec![text; count].join(", ");
    let long = "A sentence of some length that says what happened to whom and for how long. ";
    let world = World::new();
    world.write("incidents/2026-02-03-checkout-timeouts.yaml", include_str!("rich.yaml"));
    world.write(
        "incidents/long.yaml",
        format!(
            "schema: posthoc/v1\nid: long\ntitle: {}\nseverity: sev1\nstatus: resolved\nservices: [{}]\nregions: [{}]\n\
             summary: {}\nmilestones: {{impact_start: 2026-03-17T10:00Z, detected_at: 2026-03-17T10:05Z, impact_end: 2026-03-17T12:00Z, resolved_at: 2026-03-17T13:00Z}}\n\
             root_causes: [{{text: {long}}}]\nresolution: {{permanent: {}}}\naction_items: [{}]\n",
            "A long title about many things ".repeat(6),
            many(60, "a-service-name"),
            many(40, "region"),
            long.repeat(40),
            long.repeat(20),
            many(20, &format!("{{text: {long}}}")),
        ),
    );
    for id in ["2026-02-03-checkout-timeouts", "long"] {
        let arguments = ["render", id, "--to", "pdf", "--template", "brief", "--out", "out"];
        let shown = world.run(&arguments);
        assert!(shown.trim_end().ends_with("exit 0"), "{shown}");
        let pdf = std::fs::read(world.path(&format!("out/{id}.pdf"))).expect("a PDF");
        let pages = lopdf::Document::load_mem(&pdf).expect("a PDF").get_pages().len();
        assert_eq!(pages, 1, "{id}");
    }
}
