//! Incidents in this format, for the tests of all formats.

use crate::sources::sample::{HOME, IdOf, Incident, Post, Revision, Sample};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::feed(format, IdOf::Address, Revision::Entry, written)
}

fn written(all: &[Incident<'_>]) -> String {
    let entries: String = all
        .iter()
        .flat_map(|one| one.posts.iter().rev().map(move |post| (one, post)))
        .map(|(one, post)| {
            let Incident { title, link, guid, .. } = one;
            let Post { at, text, edited, .. } = post;
            format!(
                "<entry><id>{guid}</id><title>{title}</title><link href=\"{link}\"/><published>{at}</published><updated>{edited}</updated><content type=\"html\">{text}</content></entry>\n"
            )
        })
        .collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>{HOME}</id><link href=\"{HOME}\"/><title>Example Status</title>{entries}</feed>"
    )
}
