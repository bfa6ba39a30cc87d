//! Incidents in this format, for the tests of all formats.

use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::json(format, IdOf::Number, Revision::Posts, written)
}

fn written(all: &[Incident<'_>]) -> String {
    let issues = list(all, |one| {
        let (first, rest) = one.posts.split_first().expect("a post");
        let posts = list(rest, |Post { at, text, edited, .. }| {
            format!(
                r#"{{"id": {}, "body": "{text}", "created_at": "{at}", "updated_at": "{edited}"}}"#,
                instant(at).timestamp()
            )
        });
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"number": {number}, "title": "{title}", "state": "open", "created_at": "{}", "updated_at": "{revised}", "html_url": "{link}", "labels": [{{"name": "status"}}, {{"name": "api"}}], "body": "{}", "comments": [{posts}]}}"#,
            first.at, first.text
        )
    });
    format!("[{issues}]")
}
