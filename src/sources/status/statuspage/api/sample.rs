//! Incidents in this format, for the tests of all formats.

use crate::sources::sample::{HOME, IdOf, Incident, Post, Revision, Sample, list};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::json(format, IdOf::Number, Revision::Posts, written)
}

fn written(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(one.newest(), |Post { at, word, text, edited }| {
            format!(
                r#"{{"id": "u{at}", "status": "{word}", "body": "{text}", "created_at": "{at}", "updated_at": "{edited}", "display_at": "{at}"}}"#
            )
        });
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"id": "{number}", "name": "{title}", "status": "{}", "impact": "minor", "shortlink": "{link}", "created_at": "{}", "updated_at": "{revised}", "incident_updates": [{posts}]}}"#,
            one.last().word,
            one.first().at
        )
    });
    format!(
        r#"{{"page": {{"id": "p", "name": "Example", "url": "{HOME}", "time_zone": "Etc/UTC", "updated_at": "2026-03-31T00:00:00Z"}}, "incidents": [{incidents}]}}"#
    )
}
