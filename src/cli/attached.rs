//! The files attached to the PDF of a report: its source, and the hashes of its evidence.

use crate::model::Incident;
use crate::render::pdf::{Attachment, Relationship};
use crate::report::{Audience, Projection};
use crate::store::workspace::Loaded;

/// The first line of a projected source, so that it is not mistaken for the complete file.
const PROJECTED: &str =
    "# What only others may read is left out of this copy of the incident file.\n";

/// The attachments, as the audience may read them. The source is the incident file byte for byte
/// if the audience is not the public and may read every entry.
pub(super) fn attachments(loaded: &Loaded, projection: &Projection) -> Vec<Attachment> {
    let audience = projection.audience();
    let is_whole = audience != Audience::Public && is_readable(&loaded.incident, audience);
    let (bytes, what) = if is_whole {
        (loaded.text.clone().into_bytes(), "The source of this report")
    } else {
        let Ok(text) = serde_yaml::to_string(&**projection) else { return Vec::new() };
        (
            format!("{PROJECTED}{text}").into_bytes(),
            "The part of the source that its readers may have",
        )
    };
    let source = Attachment {
        name: format!("{}.yaml", loaded.incident.id),
        media_type: "application/yaml",
        description: format!("{what}, for `posthoc import`"),
        relationship: Relationship::Source,
        bytes,
    };
    let sums = hashes(projection);
    let sums = (!sums.is_empty()).then(|| Attachment {
        name: "evidence.sha256".to_owned(),
        media_type: "text/plain",
        description: "The hashes of the evidence, for `sha256sum --check`".to_owned(),
        relationship: Relationship::Data,
        bytes: sums.into_bytes(),
    });
    std::iter::once(source).chain(sums).collect()
}

/// Whether the audience may read every entry. Hidden entries are part of the file, so `hidden` is
/// ignored.
fn is_readable(incident: &Incident, audience: Audience) -> bool {
    let shown = |entry: &crate::model::timeline::Entry| {
        let entry = crate::model::timeline::Entry { hidden: false, ..entry.clone() };
        audience.may_read(&entry)
    };
    incident.timeline.iter().all(shown)
}

/// A line for each evidence file, in the format of `sha256sum`.
fn hashes(incident: &Incident) -> String {
    let sources = incident.sources.values();
    sources
        .filter_map(|source| {
            Some(format!("{}  {}\n", source.sha256.as_ref()?, source.path.as_ref()?))
        })
        .collect()
}
