//! Incidents in this format, for the tests of all formats.

use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, shown};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::files(format, IdOf::Number, Revision::Incident, written)
}

fn written(one: &Incident<'_>) -> String {
    let posts: Vec<String> = one
        .newest()
        .map(|Post { at, word, text, .. }| {
            let word = if *word == "resolved" { "Resolved" } else { "Investigating" };
            format!("*{word}* - {text} {{{{< track \"{}\" >}}}}", shown(at, "%Y-%m-%d %H:%M:%S"))
        })
        .collect();
    let Incident { title, revised, .. } = one;
    format!(
        "---\nsection: issue\ntitle: {title}\ndate: {}\nlastmod: {revised}\nresolved: false\naffected: [API]\nseverity: disrupted\n---\n{}",
        one.first().at,
        posts.join("\n\n")
    )
}
