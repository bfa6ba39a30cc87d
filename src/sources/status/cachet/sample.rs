//! Incidents in this format, for the tests of all formats.

use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list, shown};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::json(format, IdOf::Number, Revision::Posts, written)
}

fn written(all: &[Incident<'_>]) -> String {
    let plain = |at: &str| shown(at, "%Y-%m-%d %H:%M:%S");
    let incidents = list(all, |one| {
        let (first, rest) = one.posts.split_first().expect("a post");
        let posts = list(rest, |Post { at, text, edited, .. }| {
            format!(
                r#"{{"id": {}, "status": 4, "message": "{text}", "created_at": "{}", "updated_at": "{}"}}"#,
                instant(at).timestamp(),
                plain(at),
                plain(edited)
            )
        });
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"id": {number}, "name": "{title}", "status": 1, "human_status": "Investigating", "visible": 1, "message": "{}", "permalink": "{link}", "occurred_at": "{1}", "created_at": "{1}", "updated_at": "{2}", "updates": [{posts}]}}"#,
            first.text,
            plain(first.at),
            plain(revised)
        )
    });
    format!(r#"{{"meta": {{"pagination": {{"total": 1}}}}, "data": [{incidents}]}}"#)
}
