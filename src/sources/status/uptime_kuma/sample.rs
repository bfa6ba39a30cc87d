//! Incidents in this format, for the tests of all formats.

use crate::sources::sample::{IdOf, Incident, Revision, Sample, list, shown};

pub(super) fn sample(format: &'static str) -> Sample {
    Sample::json(format, IdOf::Number, Revision::OnlyPost, written)
}

fn written(all: &[Incident<'_>]) -> String {
    let plain = |at: &str| shown(at, "%Y-%m-%d %H:%M:%S");
    let incidents = list(all, |one| {
        format!(
            r#"{{"id": {}, "style": "danger", "title": "{}", "content": "{}", "pin": true, "createdDate": "{}", "lastUpdatedDate": "{}"}}"#,
            one.number,
            one.title,
            one.last().text,
            plain(one.first().at),
            plain(one.revised)
        )
    });
    format!(
        r#"{{"config": {{"slug": "default", "title": "Example", "published": true, "showPoweredBy": true}}, "incidents": [{incidents}], "publicGroupList": [], "maintenanceList": []}}"#
    )
}
