//! Tells the tests whether the captures of other systems are on this machine: with them there is
//! `cfg(corpus)`, without them the tests that need them are reported as ignored. `POSTHOC_CORPUS` names
//! their folder; with `POSTHOC_REQUIRE_CORPUS` the build fails where they are not.
//!
//! Whether the folder is there is asked again when one of the two variables changes, not at each build.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=POSTHOC_CORPUS");
    println!("cargo::rerun-if-env-changed=POSTHOC_REQUIRE_CORPUS");
    println!("cargo::rustc-check-cfg=cfg(corpus)");
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let folder = variable("POSTHOC_CORPUS").unwrap_or_else(|| "../shared".to_owned());
    if Path::new(&folder).join("corpus/status").is_dir() {
        println!("cargo::rustc-cfg=corpus");
    } else if variable("POSTHOC_REQUIRE_CORPUS").is_some_and(|value| value != "0") {
        println!("cargo::error=POSTHOC_REQUIRE_CORPUS is set, and {folder} has no corpus/status");
    }
}
