//! Front matter, logs, saved text and prose: what is neither JSON nor markup.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use posthoc::sources::Yields;

fuzz_target!(|data: &[u8]| -> Corpus {
    if posthoc_fuzz::begins_with(data, b"{[<") {
        return Corpus::Reject;
    }
    posthoc_fuzz::read_with(data, |source| source.yields() != Yields::Evidence);
    Corpus::Keep
});
