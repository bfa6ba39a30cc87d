//! Files that would take for ever: pipes and devices as evidence, and ten thousand years.

use std::time::{Duration, Instant};

use super::hostile;

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn pipe_or_device_as_evidence_is_refused() {
    let world = hostile("09-evidence");
    let began = Instant::now();
    let checked = world.run(&["check"]);
    for name in ["evidence/z", "evidence/f"] {
        assert!(checked.contains(name), "{name}: {checked}");
    }
    assert!(checked.ends_with("exit 1\n"), "{checked}");
    for id in ["z", "f"] {
        let rendered = world.run(&["render", id, "--to", "md,html", "--out", "out"]);
        assert!(
            !rendered.ends_with("exit killed\n") && !rendered.contains("panicked"),
            "{rendered}"
        );
    }
    // A pipe without a writer would be waited for without end, and the device read without end.
    // What takes part of a second here has much more on a busy machine.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

/// With the days between them one by one, this would be 20 incidents of 50 windows of 3.6 million
/// days.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn ten_thousand_years_are_counted_quickly() {
    let world = hostile("10-years");
    for arguments in [["list"], ["stats"], ["check"]] {
        let began = Instant::now();
        let shown = world.run(&arguments);
        assert!(shown.contains("exit 0") || shown.contains("exit 1"), "{arguments:?}: {shown}");
        assert!(began.elapsed() < Duration::from_secs(30), "{arguments:?}: {:?}", began.elapsed());
    }
}
