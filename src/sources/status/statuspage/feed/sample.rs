//! Incidents in this format, for the tests of all formats.

use crate::sources::sample::{HOME, IdOf, Incident, Revision, Sample, escaped, paragraphs};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::feed(format, IdOf::Address, Revision::Incident, written)
}

fn written(all: &[Incident<'_>]) -> String {
    let entries: String = all
        .iter()
        .map(|one| {
            let Incident { guid, link, title, revised, .. } = one;
            format!(
                "<entry><id>{guid}</id><published>{}</published><updated>{revised}</updated><link rel=\"alternate\" type=\"text/html\" href=\"{link}\"/><title>{title}</title><content type=\"html\">{}</content></entry>\n",
                one.last().at,
                escaped(&paragraphs(one, "%b %e, %H:%M UTC"))
            )
        })
        .collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>tag:status.example.com,2005:/history</id><link rel=\"alternate\" type=\"text/html\" href=\"{HOME}\"/><title>Example Status - Incident History</title><updated>2026-03-31T00:00:00Z</updated>{entries}</feed>"
    )
}
