//! `import --into`: evidence into an incident file.

use crate::support::world::World;

use super::histories::*;

#[test]
fn evidence_is_added_to_the_timeline_and_stored() {
    let world = World::new();
    world.run(&["new", "Ingest is behind", "--id", "lag", "--start", "2026-03-17T14:00Z"]);
    world.write("alerts.json", ALERTS).write("depth.json", METRIC);
    insta::assert_snapshot!(world.run(&["import", "alerts.json", "depth.json", "--into", "lag"]), @r#"
    ── stdout
    extended  incidents/lag.yaml  (2 sources, 3 entries, 1 milestone)
    ── stderr
    warning: 1 of 5 samples of this series cannot be drawn: 1 NaN or null
     --> depth.json:2:3
      |
    2 | {"metric":{"__name__":"queue_depth","queue":"ingest"},"values":[[1773756000,"10"],[1773756060,"…
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    note: detected_at is set to 2026-03-17T14:09:12Z, the first alert here
     --> incidents/lag.yaml
      |
      = help: if another event was the first, remove it from `milestones` and from the entry
    note: queue_depth: no clear onset of the impact near detected_at (2026-03-17T14:09:12Z)
     --> incidents/lag.yaml
      |
      = help: state the limit of what is bad with `--threshold '> 5'`, or a time with `--near TIME`
    ── exit 0
    "#);
    let text = world.read("incidents/lag.yaml");
    insta::assert_snapshot!(text.split("\nsources:\n").nth(1).expect("sources"), @"
      S1:
        format: alertmanager
        path: evidence/lag/S1.json
        sha256: db18f5a43c5c75d4c970a341a0167486870f6b75a7949b0d1b1fb65c802c4227
        records: 3
      S2:
        format: prometheus-range
        path: evidence/lag/S2.json
        sha256: b77406a6b8aea7c49cc05a87b4d6fe07ad45c67a9990fe4372d22b35b170b75f
        records: 1

    timeline:
      - at: 2026-03-17T14:09:12Z
        text: |-
          **IngestLag** fired (critical): Ingest is behind

          `service=ingest`
        kind: alert
        actor: alertmanager
        source: S1#aa11-1773756552-fired@206c29
        milestone: detected_at
      - at: 2026-03-17T14:12:00Z
        text: |-
          **QueueDepth** fired (warning)

          `service=ingest`
        kind: alert
        actor: alertmanager
        source: S1#bb22-1773756720-fired@ef44d2
      - at: 2026-03-17T19:18:00Z
        text: |-
          **IngestLag** cleared (critical): Ingest is behind

          `service=ingest`
        kind: alert
        actor: alertmanager
        source: S1#aa11-1773775080-cleared@740821
    ");
    assert_eq!(world.read("evidence/lag/S1.json"), ALERTS);
    assert_eq!(world.read("evidence/lag/S2.json"), METRIC);
    let before = world.files();
    insta::assert_snapshot!(world.run(&["import", "alerts.json", "--into", "lag"]), @"
    ── stderr
    note: the same bytes are here already, as S1
     --> incidents/lag.yaml
    incidents/lag.yaml already has all of it
    ── exit 0
    ");
    world.assert_same(&before);
}

#[test]
fn evidence_for_no_incident_or_a_wrong_clock_is_reported() {
    let world = World::new();
    world.write("alerts.json", ALERTS);
    insta::assert_snapshot!(world.run(&["import", "alerts.json", "--into", "nothing"]), @r"
    ── stderr
    error: no incident `nothing`
     |
     = help: `posthoc list` lists the incidents
    ── exit 2
    ");
    world.run(&["new", "Ingest is behind", "--id", "lag"]);
    world.run(&["import", "alerts.json", "--into", "lag", "--clock-offset", "-2m"]);
    let text = world.read("incidents/lag.yaml");
    assert!(
        text.contains("at: 2026-03-17T14:11:12Z") && text.contains("clock_offset: -2m"),
        "{text}"
    );
}

#[test]
fn status_page_post_can_be_evidence() {
    let world = World::new();
    world.run(&["new", "Ours", "--id", "ours"]);
    world.write("one.json", page(&[incident("i1", "API errors", &[FIRST, THIRD])]));
    world.write(
        "two.json",
        page(&[incident("i1", "API errors", &[FIRST]), incident("i2", "Other", &[FIRST])]),
    );
    world.run(&["import", "one.json", "--into", "ours"]);
    let text = world.read("incidents/ours.yaml");
    assert!(text.contains("first_notice_at:") && text.contains("record: i1"), "{text}");
    let before = world.files();
    world.run(&["import", "one.json", "--into", "ours"]);
    world.assert_same(&before);
    insta::assert_snapshot!(world.run(&["import", "two.json", "--into", "ours"]), @r"
    ── stderr
    error: two.json has 2 incidents; which of them belongs to `ours`?
     |
     = help: cut the input down to one, or import it without --into
    ── exit 2
    ");
}
