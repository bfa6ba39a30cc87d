//! Small inputs that once failed, stored outside the repository next to the corpus, with the right
//! value in a test of the subject they belong to.

mod clocks;
mod detection;
mod differences;
mod documents;
mod evidence;
mod hostile;
mod limits;
mod saved_pages;
mod status_pages;
mod store;
mod truth;
mod unknown_status;
mod write_ups;
mod yaml;
mod zones;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::support::world::{World, shared};

/// A fresh workspace with a copy of one case's files at its top, where `case` is a path below the
/// folder of cases, for example `status/vendor-page`, of a folder or of one file.
pub fn workspace(case: &str) -> World {
    let from = shared("cases").join(case);
    assert!(from.exists(), "no such case: {}", from.display());
    let world = World::new();
    world.run(&["init", "."]);
    copy(&from, &world);
    world
}

/// A fresh workspace with one of the hostile inputs, for example `06-csv`. They are written by a
/// script, once for all tests.
pub fn hostile(name: &str) -> World {
    static WRITTEN: OnceLock<PathBuf> = OnceLock::new();
    let written = WRITTEN.get_or_init(|| {
        let script = shared("cases/hostile/make.sh");
        // A static is never dropped, and neither would a temporary folder in it be removed.
        let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
        remove_old(parent);
        let folder = parent.join(format!("{HOSTILE}{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let status = std::process::Command::new("bash")
            .arg(&script)
            .arg(&folder)
            .status()
            .expect("bash runs");
        assert!(status.success(), "{} failed", script.display());
        folder
    });
    let world = World::new();
    copy(&written.join(name), &world);
    world
}

/// The start of the names of the folders with hostile inputs; the rest is the id of the process.
const HOSTILE: &str = "hostile-";

/// Removes what test processes of more than an hour ago wrote.
fn remove_old(parent: &Path) {
    const HOUR: std::time::Duration = std::time::Duration::from_secs(3600);
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(HOSTILE);
        let written = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        let age = written.and_then(|at| at.elapsed().ok()).unwrap_or_default();
        if is_ours && age > HOUR {
            // Another process may be removing it at this time.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Copies a file, or everything in a folder, to the top of the world. Links and pipes are made
/// again as what they are.
fn copy(from: &Path, world: &World) {
    let from = if from.is_dir() { from.join(".") } else { from.to_owned() };
    let status = std::process::Command::new("cp")
        .arg("-R")
        .arg(&from)
        .arg(world.path(""))
        .status()
        .expect("cp runs");
    assert!(status.success(), "{} was not copied", from.display());
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn case_is_copied_into_its_own_workspace() {
    let world = workspace("status/vendor-page");
    assert!(world.path("posthoc.toml").is_file() && world.path("index.html").is_file());
    let world = hostile("09-evidence");
    let kind =
        |name: &str| std::fs::symlink_metadata(world.path(name)).expect("it is there").file_type();
    assert!(kind("evidence/z").is_symlink() && !kind("evidence/f").is_file());
}
