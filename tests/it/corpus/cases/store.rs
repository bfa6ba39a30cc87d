//! What an import may do to files, and what it must never write.

use super::hostile;

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn file_without_final_newline_is_extended() {
    let world = hostile("07-refused");
    let before = std::fs::read_to_string(world.path("incidents/a.yaml")).expect("the file");
    let run = world.run(&["import", "in.json"]);
    assert!(run.ends_with("── exit 0\n"), "{run}");
    let after = std::fs::read_to_string(world.path("incidents/a.yaml")).expect("the file");
    assert!(after.starts_with(&before) && after.contains("source: S1#u"), "{after}");
}

/// Every import of one input that cannot become a file: it is named and left out, and what another
/// page tells is imported afterwards.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn inputs_the_loader_would_refuse_are_reported_and_omitted() {
    for (name, input, reason) in [
        ("02-brick-zone", "in.json", "Mars/Phobos"),
        ("02-brick-year-10000", "in.json", "\"N\""),
        ("02-brick-9MB", "in.json", "8 MB"),
        ("02-brick-empty-title", "in.txt", "left out"),
    ] {
        let world = hostile(name);
        let run = world.run(&["import", input]);
        assert!(run.contains(reason) && run.ends_with("── exit 3\n"), "{name}: {run}");
        let other = hostile("04-md-autolink");
        std::fs::copy(other.path("in.json"), world.path("other.json")).expect("a copy");
        let run = world.run(&["import", "other.json"]);
        assert!(run.contains("1 created") && run.ends_with("── exit 0\n"), "{name}: {run}");
    }
}

/// A year before the first is that of a clock that was not set, in every reader: the post has no
/// time, and the file can be read again.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn year_before_the_first_is_not_a_time() {
    let world = hostile("02-brick-year-minus-1");
    let run = world.run(&["import", "in.json"]);
    assert!(
        run.contains("the time of a clock that was not set") && run.ends_with("── exit 0\n"),
        "{run}"
    );
    let again = world.run(&["import", "in.json"]);
    assert!(again.contains("0 created, 0 extended, 1 unchanged"), "{again}");
}
