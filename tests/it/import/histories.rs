//! `import`: a status page's history into files, and evidence into one of them.

use crate::support::world::{World, shared};

/// An incident of a page, as its API gives it; updates as (id, minute past 14 h, status, body).
pub(super) fn incident(id: &str, name: &str, updates: &[(&str, u32, &str, &str)]) -> String {
    let posts: Vec<String> = updates
        .iter()
        .rev()
        .map(|(id, minute, status, body)| {
            let at = format!("2026-03-17T14:{minute:02}:05.000Z");
            format!(
                r#"{{"id":"{id}","status":"{status}","body":"{body}","created_at":"{at}","updated_at":"{at}","display_at":"{at}","affected_components":null}}"#
            )
        })
        .collect();
    let status = updates.last().map_or("investigating", |update| update.2);
    format!(
        r#"{{"id":"{id}","name":"{name}","status":"{status}","impact":"minor","created_at":"2026-03-17T14:00:05.000Z","started_at":"2026-03-17T14:00:05.000Z","updated_at":"2026-03-17T14:00:05.000Z","shortlink":"https://stspg.example/{id}","components":[{{"id":"c1","name":"API"}}],"incident_updates":[{}]}}"#,
        posts.join(",")
    )
}

pub(super) fn page(incidents: &[String]) -> String {
    format!(
        r#"{{"page":{{"id":"p1","name":"Example","url":"https://status.example.com","time_zone":"Etc/UTC"}},"incidents":[{}]}}"#,
        incidents.join(",")
    )
}

pub(super) const FIRST: (&str, u32, &str, &str) =
    ("u1", 0, "investigating", "We are looking into errors.");
pub(super) const SECOND: (&str, u32, &str, &str) = (
    "u2",
    10,
    "identified",
    "A <b>bad</b> <a href='https://example.com/x'>change</a> <a href='javascript:alert(1)'>it was</a>.",
);
pub(super) const THIRD: (&str, u32, &str, &str) = ("u3", 40, "resolved", "It is over.");

pub(super) const ALERTS: &str = r#"{"version":"4","status":"resolved","receiver":"team","groupKey":"g","alerts":[
  {"status":"resolved","labels":{"alertname":"IngestLag","service":"ingest","severity":"critical"},"annotations":{"summary":"Ingest is behind"},
   "startsAt":"2026-03-17T14:09:12Z","endsAt":"2026-03-17T19:18:00Z","fingerprint":"aa11"},
  {"status":"firing","labels":{"alertname":"QueueDepth","service":"ingest","severity":"warning"},"annotations":{},
   "startsAt":"2026-03-17T14:12:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"bb22"}]}"#;

pub(super) const METRIC: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[
  {"metric":{"__name__":"queue_depth","queue":"ingest"},"values":[[1773756000,"10"],[1773756060,"250"],[1773756120,"NaN"],[1773756180,"400"],[1773756240,"12"]]}]}}"#;

#[test]
fn import_gives_one_file_per_incident_and_is_idempotent() {
    let world = World::new();
    world.write(
        "page.json",
        page(&[
            incident("i2", "Other trouble", &[FIRST]),
            incident("i1", "API errors", &[FIRST, SECOND, THIRD]),
        ]),
    );
    insta::assert_snapshot!(world.run(&["import", "page.json"]), @r"
    ── stdout
    created   incidents/2026-03-17-api-errors.yaml
    created   incidents/2026-03-17-other-trouble.yaml
    ── stderr
    2 created, 0 extended, 0 unchanged
    ── exit 0
    ");
    insta::assert_snapshot!(world.read("incidents/2026-03-17-api-errors.yaml"));
    let before = world.files();
    insta::assert_snapshot!(world.run(&["import", "page.json"]), @r"
    ── stderr
    0 created, 0 extended, 2 unchanged
    ── exit 0
    ");
    world.assert_same(&before);
}

#[test]
fn hand_edits_survive_a_longer_history() {
    let world = World::new();
    world.write("short.json", page(&[incident("i1", "API errors", &[FIRST, SECOND])]));
    world.write(
        "long.json",
        page(&[incident("i1", "API errors (renamed upstream)", &[FIRST, SECOND, THIRD])]),
    );
    world.run(&["import", "short.json"]);
    let file = "incidents/2026-03-17-api-errors.yaml";
    // A person gives it a title of their own, comments, another order of the parts and another
    // text.
    let imported = world.read(file);
    let (head, timeline) = imported.split_once("timeline:\n").expect("a timeline");
    let (timeline, sources) = timeline.split_once("\nsources:\n").expect("sources");
    let edited = format!(
        "# reviewed by us\n{}\nsources:\n{sources}\ntimeline:  # in our words\n{}# more to come\n",
        head.replace("title: API errors", "title: 'What we call it'  # ours"),
        timeline.replace("We are looking into errors.", "Changed by hand.")
    );
    world.write(file, &edited);
    insta::assert_snapshot!(world.run(&["import", "long.json"]), @r#"
    ── stdout
    extended  incidents/2026-03-17-api-errors.yaml  (1 entry)
    ── stderr
    note: upstream the title changed from "API errors" to "API errors (renamed upstream)"; the title here is unchanged
     --> incidents/2026-03-17-api-errors.yaml
      |
      = help: change `title`, or the title of S1 to silence this; `--update` changes neither
    0 created, 1 extended, 0 unchanged
    ── exit 0
    "#);
    insta::assert_snapshot!(world.read(file));
    let before = world.files();
    world.run(&["import", "long.json"]);
    world.assert_same(&before);
}

#[test]
fn retroactive_page_gives_no_start_and_no_duration() {
    let world = World::new();
    let post = r#"{"id":"u1","status":"resolved","body":"It was slow.","display_at":"2026-03-17T12:00:00.000-05:00","created_at":"2026-03-17T14:55:03.226-05:00"}"#;
    world.write(
        "page.json",
        page(&[format!(
            r#"{{"id":"i1","name":"Slow","status":"resolved","impact":"none","created_at":"2026-03-17T12:00:00.000-05:00","resolved_at":"2026-03-17T12:00:00.000-05:00","incident_updates":[{post}]}}"#
        )]),
    );
    insta::assert_snapshot!(world.run(&["import", "page.json"]), @r"
    ── stdout
    created   incidents/2026-03-17-slow.yaml
    ── stderr
    note: its only post, of 2026-03-17T19:55:03.226Z, is backdated to 2026-03-17T17:00:00Z; when it began and ended is unknown
     --> incidents/2026-03-17-slow.yaml
      |
      = help: write `impact_start` and `resolved_at` if you know them
    1 created, 0 extended, 0 unchanged
    ── exit 0
    ");
    insta::assert_snapshot!(world.run(&["list"]), @r"
    ── stdout
    INCIDENT	TITLE	BEGAN	SEVERITY	STATUS	TTR
    2026-03-17-slow	Slow	2026-03-17	none	resolved
    ── exit 0
    ");
}

#[test]
fn upstream_changes_are_reported_and_applied_only_with_update() {
    let world = World::new();
    let changed = ("u1", 0, "investigating", "New words.");
    world.write("old.json", page(&[incident("i1", "API errors", &[FIRST])]));
    world.write("new.json", page(&[incident("i1", "API errors", &[changed])]));
    world.run(&["import", "old.json"]);
    let before = world.files();
    insta::assert_snapshot!(world.run(&["import", "new.json"]), @r"
    ── stderr
    note: the update of 2026-03-17T14:00:05Z was changed upstream
     --> incidents/2026-03-17-api-errors.yaml
      |
      = help: `--update` takes the new text
    0 created, 0 extended, 1 unchanged
    ── exit 0
    ");
    world.assert_same(&before);
    insta::assert_snapshot!(world.run(&["import", "new.json", "--update"]), @r"
    ── stdout
    extended  incidents/2026-03-17-api-errors.yaml  (1 entry)
    ── stderr
    0 created, 1 extended, 0 unchanged
    ── exit 0
    ");
    assert!(world.read("incidents/2026-03-17-api-errors.yaml").contains("text: New words."));
}

#[test]
fn dry_run_writes_nothing_and_period_limits_the_import() {
    let world = World::new();
    world.write("page.json", page(&[incident("i1", "API errors", &[FIRST])]));
    let before = world.files();
    insta::assert_snapshot!(world.run(&["import", "page.json", "--dry-run"]), @r"
    ── stdout
    created   incidents/2026-03-17-api-errors.yaml
    ── stderr
    1 created, 0 extended, 0 unchanged (dry run: nothing was written)
    ── exit 0
    ");
    world.assert_same(&before);
    assert!(world.run(&["import", "page.json", "--since", "2026-03-18"]).contains("0 created"));
    assert!(world.run(&["import", "page.json", "--until", "2026-03-16"]).contains("0 created"));
    assert!(
        world
            .run(&["import", "page.json", "--since", "2026-03-17", "--until", "2026-03-17"])
            .contains("1 created")
    );
}

/// The incident is of 17 March, and "now" is 1 April at noon.
#[test]
fn import_period_accepts_the_common_forms() {
    let world = World::new();
    world.write("page.json", page(&[incident("i1", "API errors", &[FIRST])]));
    let created = |arguments: &[&str]| {
        let shown = world.run(&[&["import", "page.json", "--dry-run"], arguments].concat());
        assert!(shown.ends_with("exit 0\n"), "{arguments:?}: {shown}");
        shown.contains("1 created")
    };
    for (since, until) in [
        ("2026-Q1", "2026-03"),
        ("30d", "2w"),
        ("2026", "now"),
        ("2026-W12", "2026-W12"),
        ("1mo", "2026-03-17"),
    ] {
        assert!(created(&["--since", since, "--until", until]), "{since} {until}");
    }
    for arguments in
        [["--since", "2026-Q2"], ["--since", "14d"], ["--until", "2026-02"], ["--until", "30d"]]
    {
        assert!(!created(&arguments), "{arguments:?}");
    }
    let shown = world.run(&["import", "page.json", "--since", "2026-04", "--until", "2026-03"]);
    assert!(shown.contains("--since is after --until") && shown.ends_with("exit 2\n"), "{shown}");
    let shown = world.run(&["import", "page.json", "--since", "2026-01..2026-02"]);
    assert!(shown.contains("write --since A --until B") && shown.ends_with("exit 2\n"), "{shown}");
}

#[test]
fn two_inputs_with_one_incident_make_one_file() {
    let world = World::new();
    world.write("a.json", page(&[incident("i1", "API errors", &[FIRST])]));
    world.write("b.json", page(&[incident("i1", "API errors", &[FIRST, THIRD])]));
    insta::assert_snapshot!(world.run(&["import", "a.json", "b.json"]), @r"
    ── stdout
    created   incidents/2026-03-17-api-errors.yaml
    ── stderr
    1 created, 0 extended, 0 unchanged
    ── exit 0
    ");
    assert!(world.read("incidents/2026-03-17-api-errors.yaml").contains("It is over."));
    // And an input may come through a pipe.
    let output = world
        .command(&["import", "-"])
        .write_stdin(page(&[incident("i9", "Piped", &[FIRST])]))
        .output()
        .expect("runs");
    assert!(world.shown(&output).contains("2026-03-17-piped.yaml"));
}

#[test]
fn bad_inputs_are_reported_with_places_and_change_nothing() {
    let world = World::new();
    let whole = page(&[incident("i1", "API errors", &[FIRST, SECOND])]);
    world
        .write("cut.json", &whole[..whole.len() / 2])
        .write("web.html", "<!doctype html><title>Log in</title><p>Please log in</p>")
        .write("empty.json", "")
        .write("other.json", r#"{"hello": [1, 2]}"#)
        .write("packed.json.gz", [0x1F, 0x8B, 8, 0, 0])
        .write(
            "nothing-of-it.json",
            r#"{"page":{"id":"p"},"incidents":[{"id":true,"incident_updates":[]}]}"#,
        )
        .write("not-utf8.json", b"{\"incidents\": [\"\xff\"]}")
        .write("folder/.hidden", "")
        .write("alerts.json", ALERTS);
    let before = world.files();
    let files = [
        "cut.json",
        "web.html",
        "empty.json",
        "other.json",
        "packed.json.gz",
        "nothing-of-it.json",
        "not-utf8.json",
        "missing.json",
        "folder",
        "alerts.json",
    ];
    let printed: Vec<String> = files
        .iter()
        .map(|file| format!("$ posthoc import {file}\n{}", world.run(&["import", file])))
        .collect();
    insta::assert_snapshot!(printed.join("\n"));
    world.assert_same(&before);
}

#[test]
fn readable_inputs_are_imported_and_the_rest_reported() {
    let world = World::new();
    world
        .write("folder/a.json", page(&[incident("i1", "API errors", &[FIRST])]))
        .write("folder/b.json", page(&[incident("i2", "Slow", &[FIRST])]))
        .write("folder/c-alerts.json", ALERTS)
        .write("folder/x.txt", "remember the milk");
    insta::assert_snapshot!(world.run(&["import", "folder", "missing.json"]), @r"
    ── stdout
    created   incidents/2026-03-17-api-errors.yaml
    created   incidents/2026-03-17-slow.yaml
    ── stderr
    error: folder/c-alerts.json holds evidence, not incidents (alertmanager)
     |
     = help: add it to an incident: `--into ID`
    error: folder/x.txt: no known format; not saved-page: no updates with the time at which they were posted; not document: no word of an incident or an outage
     |
     = help: `posthoc formats` lists what can be read; --format ID reads it as that
    error: cannot read missing.json: no such file or directory
     |
     = help: SRC is a file, a folder, `-` for the standard input, an address, or the name of a source in posthoc.toml
    2 created, 0 extended, 0 unchanged
    warning: 3 of 5 inputs were not imported
    ── exit 4
    ");
    insta::assert_snapshot!(world.run(&["import", "folder", "--format", "statuspage-v3"]), @r"
    ── stderr
    error: unknown format `statuspage-v3`, did you mean `statuspage-v2`?
     |
     = help: `posthoc formats` lists what there is
    ── exit 2
    ");
    world.run(&["new", "Ours", "--id", "ours"]);
    insta::assert_snapshot!(world.run(&["import", "folder", "--into", "ours"]), @"
    ── stdout
    extended  incidents/ours.yaml  (3 sources, 5 entries, 2 milestones)
    ── stderr
    error: folder/x.txt: no known format; not saved-page: no updates with the time at which they were posted; not document: no word of an incident or an outage
     |
     = help: `posthoc formats` lists what can be read; --format ID reads it as that
    note: detected_at is set to 2026-03-17T14:09:12Z, the first alert here
     --> incidents/ours.yaml
      |
      = help: if another event was the first, remove it from `milestones` and from the entry
    warning: 1 of 4 inputs were not imported
    ── exit 3
    ");
}

#[test]
fn file_of_a_hundred_megabytes_is_refused_unread() {
    let world = World::new();
    let file = std::fs::File::create(world.path("large.json")).expect("a file");
    file.set_len(100 << 20).expect("a sparse file");
    insta::assert_snapshot!(world.run(&["import", "large.json"]), @r"
    ── stderr
    error: large.json has more than 64 MB (100 MB)
     |
     = help: import a part of it: a page's newest incidents, or one incident's alerts
    ── exit 3
    ");
}

#[test]
fn broken_incident_file_does_not_block_the_import() {
    let world = World::new();
    let broken = "schema: posthoc/v1\nid: 2026-03-17-login-fails\ntitel: x\n";
    world.write("incidents/2026-03-17-login-fails.yaml", broken);
    world.write(
        "page.json",
        page(&[incident("i1", "API errors", &[FIRST]), incident("i2", "Login fails", &[FIRST])]),
    );
    let run = world.run(&["import", "page.json"]);
    assert!(
        run.contains("unknown key `titel`")
            && run.contains("created   incidents/2026-03-17-api-errors.yaml"),
        "{run}"
    );
    let left_out = "\"Login fails\" is left out: its file incidents/2026-03-17-login-fails.yaml cannot be read";
    assert!(run.contains(left_out) && run.ends_with("── exit 3\n"), "{run}");
    assert_eq!(world.read("incidents/2026-03-17-login-fails.yaml"), broken);
    assert_eq!(std::fs::read_dir(world.path("incidents")).expect("a folder").count(), 2);
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn every_captured_history_imports_idempotently() {
    let folder = shared("corpus/status/statuspage");
    let world = World::new();
    let mut table = String::new();
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus")
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    files.retain(|path| {
        path.extension().is_some_and(|extension| extension == "json" || extension == "js")
    });
    files.sort();
    for file in &files {
        let name = file.to_string_lossy().into_owned();
        let output = world.output(&["import", &name]);
        assert!(output.status.success(), "{}", world.shown(&output));
        let created = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter(|line| line.starts_with("created"))
            .count();
        table += &format!("{}  {created}\n", file.file_name().expect("a name").to_string_lossy());
        let before = world.files();
        let again = world.shown(&world.output(&["import", &name]));
        assert!(again.contains("0 created, 0 extended"), "{again}");
        world.assert_same(&before);
    }
    eprintln!("{table}");
    assert!(files.len() >= 7, "{table}");
}

#[test]
fn given_zone_applies_to_times_without_one() {
    let world = World::new();
    let naive = page(&[incident("i1", "API errors", &[FIRST])]).replace(".000Z", "");
    world.write("page.json", naive.replace("T14:00:05", " 14:00:05"));
    let without = world.run(&["import", "page.json"]);
    assert!(
        without.contains("`2026-03-17 14:00:05` has no zone") && !without.contains("created   "),
        "{without}"
    );
    world.run(&["--zone", "America/New_York", "import", "page.json"]);
    let file = world.read("incidents/2026-03-17-api-errors.yaml");
    assert!(file.contains("at: 2026-03-17T18:00:05Z"), "{file}");
}

#[test]
fn samples_dated_by_fetch_time_stay_dated() {
    let world = World::new();
    world.write("incidents/lag.yaml", "schema: posthoc/v1\nid: lag\ntitle: Lag\n");
    let address = super::page_address::serve(vec![(
        "/metrics",
        "# TYPE queue_depth gauge\nqueue_depth 12\n".to_owned(),
    )]);
    let shown = world.run(&["import", &format!("{address}/metrics"), "--into", "lag"]);
    assert!(shown.contains("1 source"), "{shown}");
    let report = world.run(&["show", "lag", "--json"]);
    assert!(report.contains("queue_depth") && !report.contains("have no time"), "{report}");
}

#[test]
fn overrunning_maintenance_becomes_an_incident() {
    let world = World::new();
    let post = |id: &str, status: &str, at: &str| {
        format!(
            r#"{{"id":"{id}","status":"{status}","body":"{status} at {at}.","display_at":"2026-03-17T{at}:00Z"}}"#
        )
    };
    let page = |posts: &[String]| {
        format!(
            r#"{{"page":{{"id":"p","name":"P"}},"scheduled_maintenances":[{{"id":"m1","name":"Move of the database","status":"in_progress",
            "scheduled_for":"2026-03-17T02:00:00Z","scheduled_until":"2026-03-17T04:00:00Z","created_at":"2026-03-10T09:00:00Z","incident_updates":[{}]}}]}}"#,
            posts.join(",")
        )
    };
    let mut posts = vec![post("u1", "scheduled", "01:00"), post("u2", "in_progress", "02:00")];
    world.write("page.json", page(&posts));
    assert!(world.run(&["import", "page.json"]).contains("1 created"));
    posts.push(post("u3", "in_progress", "04:30"));
    world.write("page.json", page(&posts));
    let printed = world.run(&["import", "page.json"]);
    assert!(
        printed.contains("created   incidents/2026-03-17-move-of-the-database-past-its-plan.yaml"),
        "{printed}"
    );
    let file = world.read("incidents/2026-03-17-move-of-the-database-past-its-plan.yaml");
    assert!(file.contains("caused_by: 2026-03-17-move-of-the-database\n"), "{file}");
    assert!(
        file.contains("at: 2026-03-17T04:00:00Z") && file.contains("kind: incident"),
        "it begins at the plan's end: {file}"
    );
    posts.push(post("u4", "completed", "05:10"));
    world.write("page.json", page(&posts));
    assert!(world.run(&["import", "page.json"]).contains("0 created, 2 extended, 0 unchanged"));
    let before = world.files();
    world.run(&["import", "page.json"]);
    world.assert_same(&before);
    let stats = world.run(&["stats", "--metric", "ttr"]);
    assert!(
        stats.contains("1 h 10 min"),
        "the plan is in no statistic, what went past it is: {stats}"
    );
}
