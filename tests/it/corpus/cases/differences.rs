//! What `diff` names as the cause of a figure that moved.

use crate::cli::diff::{commit, repository};
use crate::support::world::World;

const HEAD: &str = "schema: posthoc/v1\nid: a\ntitle: The API was down\n";
const TIMES: &str = "milestones: {impact_start: 2026-03-17T14:00Z, detected_at: 2026-03-17T14:05Z, resolved_at: 2026-03-17T16:00Z}\n";

/// What `diff` prints after the file went from one body to the other, with its line breaks as
/// spaces.
fn diff(before: &str, after: &str) -> String {
    let world = repository();
    world.write("posthoc.toml", "").write("incidents/a.yaml", format!("{HEAD}{before}"));
    commit(&world, "Before");
    world.write("incidents/a.yaml", format!("{HEAD}{after}"));
    flat(&world)
}

fn flat(world: &World) -> String {
    world.run(&["diff", "HEAD"]).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn window_end_and_level_are_separate_causes() {
    let window = |end: &str, level: &str| {
        format!(
            "{TIMES}impact: {{windows: [{{start: 2026-03-17T14:00Z, end: 2026-03-17T{end}Z, level: {level}}}]}}\n"
        )
    };
    let shown = diff(&window("15:00", "partial"), &window("15:30", "degraded"));
    assert!(
        shown.contains("impact 1 h → 1 h 30 min because impact.windows[0].end moved"),
        "{shown}"
    );
    assert!(shown.contains("level partial → degraded"), "{shown}");
    let level_only = diff(&window("15:00", "partial"), &window("15:00", "degraded"));
    assert!(
        !level_only.contains("because") && level_only.contains("partial → degraded"),
        "{level_only}"
    );
}

#[test]
fn evidence_milestone_is_attributed_to_its_timeline_entry() {
    let entries = |at: &str| {
        format!(
            "milestones: {{impact_start: 2026-03-17T14:00Z}}\ntimeline:\n  - {{at: 2026-03-17T13:55Z, text: A deploy.}}\n  \
             - {{at: 2026-03-17T{at}Z, text: The pager went off., kind: alert, milestone: detected_at}}\n"
        )
    };
    let shown = diff(&entries("14:05"), &entries("14:09"));
    assert!(
        shown.contains("TTD 5 min → 9 min because timeline[1].at moved from 2026-03-17 14:05 UTC"),
        "{shown}"
    );
}

#[test]
fn each_sufficient_cause_is_listed() {
    let windows = |end: &str| {
        format!(
            "{TIMES}impact: {{windows: [{{start: 2026-03-17T14:00Z, end: 2026-03-17T{end}Z, components: [api]}}, \
             {{start: 2026-03-17T14:00Z, end: 2026-03-17T{end}Z, components: [web]}}]}}\n"
        )
    };
    let shown = diff(&windows("15:00"), &windows("15:20"));
    for part in [
        "impact 1 h → 1 h 20 min",
        "impact.windows[0].end moved",
        "impact.windows[1].end moved",
        "(either alone)",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn changed_business_hours_list_the_changed_figures() {
    let world = repository();
    let hours = |to: &str| {
        format!(
            "[definitions.business_hours]\nzone = \"UTC\"\ndays = [\"Tue\"]\nfrom = \"09:00\"\nto = \"{to}\"\n"
        )
    };
    world.write("posthoc.toml", hours("15:00")).write("incidents/a.yaml", format!("{HEAD}{TIMES}"));
    commit(&world, "Before");
    world.write("posthoc.toml", hours("17:00"));
    let shown = flat(&world);
    assert!(shown.contains("business_hours Tue 09:00–15:00 UTC → Tue 09:00–17:00 UTC"), "{shown}");
    assert!(shown.contains("TTR moves by this alone in 1 more incident: a"), "{shown}");
    assert!(!shown.contains("TTD moves"), "{shown}");
}
