use std::collections::BTreeSet;

use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use super::unknown_source::references;
use crate::model::path::Path;

rule! {
    /// Finds a source that nothing in the file refers to.
    ///
    /// Often its entries were deleted, or it was meant to be read later. A source with an evidence
    /// file is evidence in itself (a chart is drawn from it) and is not reported.
    ///
    /// ```yaml
    /// sources:
    ///   S2: {format: note, title: Notes of the call}     # no entry has `source: S2`
    /// ```
    UnusedSource = "unused-source", Note, "a source that nothing refers to", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let used: BTreeSet<&str> =
        references(context.incident).map(|(_, reference)| reference.source.as_str()).collect();
    for (key, source) in &context.incident.sources {
        if !used.contains(key.as_str()) && source.path.is_none() {
            findings
                .add(
                    Path::key("sources").then(key.as_str()),
                    format!("nothing refers to the source `{key}`"),
                )
                .hint("add `source` to the entries that it supports, or remove it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::rules::tests::found;
    use crate::model::origin::{EntryRef, SourceInfo};

    #[test]
    fn unreferenced_source_is_reported() {
        let mut incident = incident("unused");
        for key in ["S1", "S2", "S3"] {
            incident.sources.insert(key.into(), SourceInfo::default());
        }
        incident.sources["S3"].path = Some("evidence/unused/S3.json".into());
        incident.timeline = vec![entry("2026-03-17T14:22Z", "Identified.")];
        incident.timeline[0].source = Some(EntryRef::new("S1", "b2"));
        assert_eq!(
            found(&UnusedSource, &incident),
            ["note sources.S2: nothing refers to the source `S2`"]
        );
    }
}
