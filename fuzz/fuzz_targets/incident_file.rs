//! A person's file: read, checked and written again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use posthoc::analysis::config::Definitions;
use posthoc::analysis::rules;
use posthoc::store::load;

fuzz_target!(|text: &str| {
    if let Ok(incident) = load::parse("<fuzz>", text) {
        let definitions = Definitions::default();
        let context = rules::Context::new(&incident, &definitions, &[], None).with_text(text);
        let _ = rules::check(&context);
    }
});
