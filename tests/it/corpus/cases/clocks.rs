//! The clocks of places: the release of the database, changes of the law, labels of other years and
//! days that never were, each through the program.

use crate::support::world::World;

/// A workspace with one incident that has this `impact_start`, in the zone of its file.
fn starts(at: &str, zone: &str) -> World {
    let world = World::new();
    let text = format!(
        "schema: posthoc/v1\nid: a\ntitle: The API was down\ntime_zone: {zone}\nmilestones: {{impact_start: {at}}}\n"
    );
    world.write("incidents/a.yaml", text);
    world
}

fn json(world: &World, arguments: &[&str]) -> serde_json::Value {
    let output = world.output(arguments);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", world.shown(&output)))
}

/// The `impact_start` that the program reads, in UTC.
fn instant(at: &str, zone: &str) -> String {
    let view = json(&starts(at, zone), &["show", "a", "--json"]);
    view["milestones"]["impact_start"]["at"].as_str().expect("a known instant").to_owned()
}

/// Whether `check` refuses the file because of its fifth line.
fn is_refused(at: &str, zone: &str) -> bool {
    let printed = starts(at, zone).run(&["check"]);
    printed.contains("incidents/a.yaml:5:28") && printed.contains("1 file: 1 error, 0 warnings")
}

#[test]
fn time_zone_release_is_in_version_and_json_output() {
    let release = posthoc::model::zone::release();
    let world = starts("2026-03-17T14:00Z", "Europe/Berlin");
    let version = world.run(&["--version"]);
    assert!(version.contains(&format!(" (tzdata {release})\n")), "{version}");
    for arguments in [
        &["list", "--json"][..],
        &["check", "--format", "json"],
        &["stats", "--json"],
        &["timeline", "a", "--json"],
        &["formats", "--json"],
    ] {
        assert_eq!(json(&world, arguments)["tzdata"], release, "{arguments:?}");
    }
    assert_eq!(json(&world, &["show", "a", "--json"])["zone"]["tzdata"], release);
}

#[test]
fn recent_changes_of_time_zone_law_are_known() {
    for (at, zone, expected) in [
        ("2026-11-15 12:00 America/Vancouver", "UTC", "2026-11-15T19:00:00Z"),
        ("2026-11-15 12:00 America/Winnipeg", "UTC", "2026-11-15T17:00:00Z"),
        ("2026-10-15 12:00 Africa/Casablanca", "UTC", "2026-10-15T12:00:00Z"),
        ("2026-11-15 12:00 America/Edmonton", "UTC", "2026-11-15T18:00:00Z"),
        ("2026-11-15 12:00 America/Havana", "UTC", "2026-11-15T16:00:00Z"),
        ("2026-11-15 12:00 Alberta Standard Time", "UTC", "2026-11-15T18:00:00Z"),
        ("2026-11-15 12:00 British Columbia Standard Time", "UTC", "2026-11-15T19:00:00Z"),
        ("2026-11-15 12:00 Manitoba Standard Time", "UTC", "2026-11-15T17:00:00Z"),
        ("2012-07-01 12:00 MSK", "Europe/Moscow", "2012-07-01T08:00:00Z"),
        ("2016-07-01 12:00 MSK", "Europe/Moscow", "2016-07-01T09:00:00Z"),
    ] {
        assert_eq!(instant(at, zone), expected, "{at} in {zone}");
    }
}

#[test]
fn skipped_day_is_refused_and_the_day_before_accepted() {
    for zone in ["Pacific/Apia", "Pacific/Fakaofo"] {
        assert!(!is_refused("2011-12-29", zone) && !is_refused("2011-12-31", zone), "{zone}");
        assert!(is_refused("2011-12-30", zone), "{zone}");
        assert!(is_refused(&format!("2011-12-30 12:00 {zone}"), "UTC"), "{zone}");
    }
}

#[test]
fn unused_offsets_and_false_leap_seconds_are_refused() {
    for offset in ["-13:00", "-14:59", "+14:30"] {
        assert!(is_refused(&format!("2026-03-17T14:00{offset}"), "UTC"), "{offset}");
    }
    for offset in ["-12:00", "+14:00", "+05:45"] {
        assert!(!is_refused(&format!("2026-03-17T14:00{offset}"), "UTC"), "{offset}");
    }
    for at in ["2026-03-17T14:00:60Z", "2017-12-31T23:59:60Z", "2016-12-31T23:59:60+01:00"] {
        assert!(is_refused(at, "UTC"), "{at}");
    }
    for at in ["2016-12-31T23:59:60Z", "2017-01-01T00:59:60+01:00"] {
        assert_eq!(instant(at, "UTC"), "2016-12-31T23:59:60Z", "{at}");
    }
}

#[test]
fn second_60_in_a_document_is_read_only_at_real_leap_seconds() {
    let printed = |stamp: &str| {
        let world = World::new();
        world.write("posthoc.toml", "");
        world.write(
            "doc.md",
            format!("# Outage\n\n## Timeline\n\n- {stamp} - The search failed.\n"),
        );
        let printed = world.run(&["import", "doc.md"]);
        let files = world.files().into_iter().filter(|(name, _)| name.starts_with("incidents/"));
        printed
            + &files
                .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
                .collect::<String>()
    };
    let real = printed("2016-12-31 23:59:60 UTC");
    assert!(real.contains("at: 2016-12-31T23:59:60Z"), "{real}");
    let never = printed("2017-12-31 23:59:60 UTC");
    assert!(never.contains("2017-12-31 23:59:60 UTC") && !never.contains("at: 201"), "{never}");
}

#[test]
fn entries_of_a_leap_day_in_sydney_stay_on_that_day() {
    let world = World::new();
    world.run(&["init", "."]);
    let lines = ["12:19", "12:20", "12:23", "12:24"]
        .map(|clock| format!("- {clock} - Step at {clock}.\n"))
        .concat();
    world.write(
        "doc.md",
        format!("# Outage of the search\n\n## Timeline\n\n### February 29, 2024\n\n{lines}"),
    );
    let printed = world.run(&["import", "doc.md", "--zone", "Australia/Sydney"]);
    let (_, file) = world
        .files()
        .into_iter()
        .find(|(name, _)| name.ends_with(".yaml") && name.starts_with("incidents/"))
        .unwrap_or_else(|| panic!("{printed}"));
    let file = String::from_utf8(file).expect("text");
    for minute in [19, 20, 23, 24] {
        // Just after midnight or just after noon: the lines do not say, and both are on that day.
        let interval = format!("at: 2024-02-28T13:{minute}Z..2024-02-29T01:{minute}Z");
        assert!(file.contains(&interval), "{interval}: {printed}\n{file}");
    }
    let rows = world.run(&["timeline", "2024-02-29-outage-of-the-search"]);
    assert!(
        rows.contains("2024-02-29") && !rows.contains("2024-02-28") && !rows.contains("2024-03"),
        "{rows}"
    );
}

#[test]
fn ambiguous_cdt_reports_its_other_meaning() {
    let world = World::new();
    world.run(&["init", "."]);
    world.write("doc.md", "# Outage of the search\n\n## Timeline\n\n- 2026-07-01 12:00 CDT: The search failed.\n- 2026-07-01 12:30 CDT: Resolved.\n");
    let printed = world.run(&["import", "doc.md"]);
    assert!(
        printed.contains(
            "CDT is read as Central Daylight Time (-05:00); it can also mean Cuba Daylight Time"
        ),
        "{printed}"
    );
    let found = world.run(&["timeline", "2026-07-01-outage-of-the-search", "--zone", "UTC"]);
    assert!(found.contains("17:00"), "{found}");
}
