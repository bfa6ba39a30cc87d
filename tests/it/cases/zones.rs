//! Days, zones and abbreviations of write-ups.

use super::workspace;
use crate::world::World;

/// The one incident of a world, as a file.
fn incident(world: &World) -> String {
    let mut files =
        world.files().into_iter().filter(|(name, _)| name.starts_with("incidents/") && name.ends_with(".yaml"));
    let (_, bytes) = files.next().expect("an incident was made");
    assert!(files.next().is_none(), "one incident");
    String::from_utf8(bytes).expect("text")
}

/// What an import of a case says, and the file that it makes.
fn imported(case: &str, file: &str, zone: Option<&str>) -> Option<(String, String)> {
    let world = workspace(case)?;
    let mut arguments = vec!["import", file];
    arguments.extend(zone.into_iter().flat_map(|zone| ["--zone", zone]));
    let said = world.run(&arguments);
    Some((said, incident(&world)))
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn a_day_starts_at_the_offset_of_its_lines() {
    let Some((said, file)) = imported("status/03-est-in-summer-first-line-2350", "doc.md", None) else { return };
    assert_has(&file, &["at: 2025-06-26T04:50Z", "at: 2025-06-26T05:15Z", "id: 2025-06-25-"]);
    assert_has(&said, &["EST contradicts the season"]);
}

#[test]
fn an_abbreviation_beside_a_time_has_its_commonest_meaning_and_a_warning() {
    for zone in [None, Some("UTC"), Some("Europe/Berlin")] {
        let Some((said, file)) = imported("status/68-abbreviation-per-line", "doc.md", zone) else { return };
        assert_has(&file, &["at: 2025-01-26T05:50Z", "at: 2025-01-26T06:15Z"]);
        assert_has(
            &said,
            &["PST is read as Pacific Standard Time (-08:00); it can also mean Philippine Standard Time"],
        );
    }
    let Some((said, file)) = imported("status/68-abbreviation-per-line", "doc.md", Some("Asia/Manila")) else { return };
    assert_has(&file, &["at: 2025-01-25T13:50Z"]);
    assert!(!said.contains("it can also mean"), "{said}");
}
