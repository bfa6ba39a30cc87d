//! What the fuzz targets share. `fuzz/README.md` says how to run them.

use posthoc::sources::{Input, REGISTRY, ReadOptions, Source, Verdict, detect};

/// Reads `data` with every format of a family that does not refuse it at once, and lets the
/// detection choose. Nothing that it is given may make it panic or go on for ever.
pub fn read_with(data: &[u8], is_of_family: impl Fn(&dyn Source) -> bool) {
    let input = Input::new("fuzz", data);
    let _ = detect::choose(&input, None);
    for source in REGISTRY.iter().filter(|source| is_of_family(**source)) {
        if !matches!(source.sniff(&input), Verdict::No(_)) {
            let _ = source.read(&input, &ReadOptions::default());
        }
    }
}

/// The first byte that is no white space, if it is one of `these`.
pub fn begins_with(data: &[u8], these: &[u8]) -> bool {
    data.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| these.contains(byte))
}
