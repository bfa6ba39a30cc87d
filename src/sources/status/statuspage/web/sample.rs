//! Incidents in this format, for the tests of all formats.

use crate::sources::input::Input;
use crate::sources::sample::{HOME, IdOf, Incident, Revision, Sample, shown};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::inputs(format, IdOf::Address, Revision::None, written)
}

fn written(all: &[Incident<'_>]) -> Vec<Input> {
    let days: String = all
        .iter()
        .map(|one| {
            let updates: String = one
                .newest()
                .map(|post| {
                    format!(
                        "<div class=\"update font-regular {0}\"><strong>{0}</strong> - {1}<br><small>{2}</small></div>",
                        post.word,
                        post.text,
                        shown(post.at, "%b %e, %H:%M UTC")
                    )
                })
                .collect();
            format!(
                "<div class=\"status-day font-regular\"><div class=\"date\">{}</div><div class=\"incident-container\"><div class=\"incident-title impact-major font-large\"><a href=\"{}\">{}</a></div><div class=\"updates-container\">{updates}</div></div></div>",
                shown(one.last().at, "%b %e, %Y"),
                one.link,
                one.title
            )
        })
        .collect();
    let mut input = Input::new(
        "page.html",
        format!(
            "<!DOCTYPE html><html><head><title>Example Status</title><meta name=\"issued\" content=\"1\"><link rel=\"alternate\" type=\"application/atom+xml\" href=\"/history.atom\"></head><body>{days}</body></html>"
        ),
    );
    input.url = Some(format!("{HOME}/"));
    vec![input]
}
