//! Incidents in this format, for the tests of all formats.

use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, shown};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::files(format, IdOf::Content, Revision::None, written)
}

fn written(one: &Incident<'_>) -> String {
    let posts: String = one
        .newest()
        .map(|Post { at, word, text, .. }| {
            let word = if *word == "resolved" { "Resolved" } else { "Investigating" };
            format!("{word}\n\n{text}\nPosted {}\n\n", shown(at, "%b %d, %Y - %H:%M UTC"))
        })
        .collect();
    format!("{}\n\nIncident Report for Example\n\n{posts}", one.title)
}
