//! Times as people and machines write them, in any zone and with any anchor.
#![no_main]

use libfuzzer_sys::fuzz_target;
use posthoc::model::time::{self, Moment, Reading};

fuzz_target!(|text: &str| {
    let _ = text.parse::<Moment>();
    let _ = time::read(text, &Reading::default());
    // The first line as the zone of the others.
    if let Some((zone, rest)) = text.split_once('\n')
        && let Ok(zone) = zone.parse()
    {
        let _ = Moment::parse(rest, Some(zone));
        let _ = time::read(rest, &Reading { zone: Some(zone), ..Reading::default() });
    }
});
