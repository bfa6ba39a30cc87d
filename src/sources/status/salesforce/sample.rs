//! Incidents in this format, for the tests of all formats.

use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::json(format, IdOf::Number, Revision::Posts, written)
}

fn written(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(one.newest(), |Post { at, text, edited, .. }| {
            format!(
                r#"{{"id": {}, "message": "{text}", "type": "x", "createdAt": "{at}", "updatedAt": "{edited}"}}"#,
                instant(at).timestamp()
            )
        });
        let Incident { number, title, revised, .. } = one;
        format!(
            r#"{{"id": {number}, "externalId": "{number}", "createdAt": "{}", "updatedAt": "{revised}", "affectsAll": false, "name": "{title}", "instanceKeys": ["EX1"], "serviceKeys": ["search"], "IncidentImpacts": [], "IncidentEvents": [{posts}]}}"#,
            one.first().at
        )
    });
    format!("[{incidents}]")
}
