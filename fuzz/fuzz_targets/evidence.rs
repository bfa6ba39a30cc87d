//! Alerts and metrics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use posthoc::sources::Yields;

fuzz_target!(|data: &[u8]| posthoc_fuzz::read_with(data, |source| source.yields() == Yields::Evidence));
