//! What the build finds out about the machine: whether the corpus is here, and which linker it has.

#![allow(clippy::disallowed_methods, reason = "a build asks its environment, and the compiler")]

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    look_for_the_corpus();
    look_for_servers();
    look_for_statistics();
    fold_identical_functions();
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Tells the tests whether the captures of other systems are here: with them there is `cfg(corpus)`,
/// without them the tests that need them are reported as ignored. `POSTHOC_CORPUS` names their folder;
/// with `POSTHOC_REQUIRE_CORPUS` the build fails where it is absent. It is looked for again when one of
/// the two variables changes, not at each build.
fn look_for_the_corpus() {
    println!("cargo::rerun-if-env-changed=POSTHOC_CORPUS");
    println!("cargo::rerun-if-env-changed=POSTHOC_REQUIRE_CORPUS");
    println!("cargo::rustc-check-cfg=cfg(corpus)");
    let folder = variable("POSTHOC_CORPUS").unwrap_or_else(|| "../shared".to_owned());
    if Path::new(&folder).join("corpus/status").is_dir() {
        println!("cargo::rustc-cfg=corpus");
    } else if variable("POSTHOC_REQUIRE_CORPUS").is_some_and(|value| value != "0") {
        println!("cargo::error=POSTHOC_REQUIRE_CORPUS is set, and {folder} has no corpus/status");
    }
}

/// Reports to the tests whether the servers that are asked for metrics and alerts are installed: with them there is
/// `cfg(live_servers)`, without them the tests that start them are reported as ignored.
fn look_for_servers() {
    println!("cargo::rerun-if-env-changed=PATH");
    println!("cargo::rustc-check-cfg=cfg(live_servers)");
    let path = variable("PATH").unwrap_or_default();
    let is_installed =
        |name: &&str| env::split_paths(&path).any(|folder| folder.join(name).is_file());
    if ["prometheus", "prometheus-alertmanager"].iter().all(is_installed) {
        println!("cargo::rustc-cfg=live_servers");
    }
}

/// Reports to the tests which other statistics programs they can compare ours with: `cfg(r_survival)` for R with
/// its package survival, `cfg(python_statistics)` for a Python with SciPy and lifelines, which `POSTHOC_PYTHON`
/// may name, and `cfg(duckdb)` for one with DuckDB. Without them these tests are reported as ignored.
fn look_for_statistics() {
    println!("cargo::rerun-if-env-changed=POSTHOC_PYTHON");
    println!("cargo::rustc-check-cfg=cfg(r_survival)");
    println!("cargo::rustc-check-cfg=cfg(python_statistics)");
    println!("cargo::rustc-check-cfg=cfg(duckdb)");
    let succeeds = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        output.is_ok_and(|output| output.status.success())
    };
    let has_survival = "quit(status = !requireNamespace('survival', quietly = TRUE))";
    if succeeds("Rscript", &["--vanilla", "-e", has_survival]) {
        println!("cargo::rustc-cfg=r_survival");
    }
    let python = variable("POSTHOC_PYTHON").unwrap_or_else(|| "python3".to_owned());
    // To find a package is faster than to load it.
    let has_both = "import sys; from importlib.util import find_spec as has; \
                    sys.exit(not (has('scipy') and has('lifelines')))";
    if succeeds(&python, &["-c", has_both]) {
        println!("cargo::rustc-cfg=python_statistics");
    }
    let has_duckdb =
        "import sys; from importlib.util import find_spec as has; sys.exit(not has('duckdb'))";
    if succeeds(&python, &["-c", has_duckdb]) {
        println!("cargo::rustc-cfg=duckdb");
    }
}

/// Of functions with the same code the linker keeps one, which makes the released binary 3 % smaller.
/// This is safe because Rust promises no function an address of its own. Other linkers than the one that
/// comes with Rust may not know the option, so it is given only where that one is the default and
/// nobody chose another.
fn fold_identical_functions() -> Option<()> {
    const TARGET: &str = "x86_64-unknown-linux-gnu";
    let is_default = variable("PROFILE")? == "release"
        && variable("TARGET")? == TARGET
        && variable("HOST")? == TARGET
        && variable("RUSTC_LINKER").is_none()
        && variable("CARGO_ENCODED_RUSTFLAGS").is_none();
    let sysroot = Command::new(variable("RUSTC")?).args(["--print", "sysroot"]).output().ok()?;
    let sysroot = String::from_utf8(sysroot.stdout).ok()?;
    let linker = format!("lib/rustlib/{TARGET}/bin/gcc-ld/ld.lld");
    if is_default && Path::new(sysroot.trim()).join(linker).exists() {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
    Some(())
}
