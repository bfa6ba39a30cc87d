//! An editor that saves while an import of one new update runs: no save may be lost.
//!
//! A few rounds by default; `POSTHOC_ROUNDS=200` is the whole race.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::world::World;

/// Incident `i1` of a page, with so many updates.
fn page(updates: usize) -> String {
    let update = |number: usize| {
        format!(
            r#"{{"id":"u{number}","status":"investigating","body":"Update {number}.","display_at":"2026-03-17T{:02}:{:02}:00Z"}}"#,
            number / 60,
            number % 60
        )
    };
    let updates: Vec<String> = (0..updates).rev().map(update).collect();
    format!(
        r#"{{"page":{{"id":"p","name":"P","time_zone":"Etc/UTC"}},"incidents":[{{"id":"i1","name":"Slow","status":"investigating",
        "created_at":"2026-03-17T00:00:00Z","incident_updates":[{}]}}]}}"#,
        updates.join(",")
    )
}

/// Runs the race; `save` is how the editor saves.
fn raced(save: impl Fn(&Path, &str)) {
    let rounds: usize =
        std::env::var("POSTHOC_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let world = World::new();
    let others = if rounds > 100 { 1_000 } else { 100 };
    for number in 0..others {
        world.write(
            &format!("incidents/o{number}.yaml"),
            format!("schema: posthoc/v1\nid: o{number}\ntitle: T\n"),
        );
    }
    world.write("page.json", page(1));
    world.run(&["import", "page.json"]);
    let path = world.path("incidents/2026-03-17-slow.yaml");
    let began = Instant::now();
    world.run(&["import", "page.json"]);
    let usual = began.elapsed();
    // A number of its own for every round: the same moments on each run, spread over the whole
    // import.
    let mut seed = 11_u64;
    let (mut lost, mut missing) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let wait = usual.mul_f64(
            f64::from(u32::try_from(seed >> 32).expect("32 bits")) / f64::from(u32::MAX) * 1.2,
        );
        world.write("page.json", page(round + 1));
        let (mark, run) =
            (format!("# saved in round {round}\n"), world.command(&["import", "page.json"]));
        let import = std::thread::spawn(move || {
            let mut run = run;
            run.output().expect("the program runs")
        });
        std::thread::sleep(wait);
        let text = std::fs::read_to_string(&path).expect("the file");
        save(&path, &format!("{text}{mark}"));
        let output = import.join().expect("no panic");
        assert!(output.status.success(), "round {round}: {}", world.shown(&output));
        let after = std::fs::read_to_string(&path).expect("the file");
        if !after.contains(&mark) {
            lost.push(round);
        }
        // What the editor had read may be older than the import's: then its save takes the new
        // update away, and the next import adds it again.
        if !after.contains(&format!("Update {round}.")) {
            missing.push(round);
        }
    }
    eprintln!(
        "{rounds} rounds among {others} files, {usual:?} each: {} saves lost, {} updates for later",
        lost.len(),
        missing.len()
    );
    assert!(lost.is_empty(), "saves lost in rounds {lost:?}");
    world.run(&["import", "page.json"]);
    let text = std::fs::read_to_string(&path).expect("the file");
    for number in 0..=rounds {
        assert!(text.contains(&format!("Update {number}.")), "update {number}: {text}");
    }
    assert_eq!(
        std::fs::read_dir(world.path("incidents")).expect("a folder").count(),
        others + 1,
        "nothing is left"
    );
}

#[test]
fn concurrent_save_by_rename_is_not_lost() {
    raced(|path, text| {
        let new = path.with_extension("new");
        std::fs::write(&new, text).expect("a file");
        std::fs::rename(&new, path).expect("a name");
    });
}

#[test]
fn concurrent_save_in_place_is_not_lost() {
    raced(|path, text| {
        std::fs::write(path, text).expect("a file");
        std::thread::sleep(Duration::from_millis(1));
    });
}
