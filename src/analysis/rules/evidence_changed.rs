use super::context::{Context, EvidenceState};
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;

rule! {
    /// Finds evidence files that are missing or differ from the bytes that were imported.
    ///
    /// The report draws its charts from the evidence files, and readers who doubt a time look
    /// there. An edited file proves nothing: its SHA-256 is not the one in `sources`.
    ///
    /// ```yaml
    /// sources:
    ///   S1: {format: statuspage-v2, path: evidence/stuck/S1.json, sha256: 9f86d081…}
    /// # and evidence/stuck/S1.json was opened in an editor and saved
    /// ```
    EvidenceChanged = "evidence-changed", Error, "stored evidence that is missing or was changed"
}

fn check(context: &Context, findings: &mut Findings) {
    for (key, state) in context.evidence {
        let Some(path) =
            context.incident.sources.get(key).and_then(|source| source.path.as_deref())
        else {
            continue;
        };
        let place = Path::key("sources").then(key.as_str());
        match state {
            EvidenceState::Missing => findings
                .add(place.then("path"), format!("the evidence file of {key} is not there: {path}"))
                .hint("restore it from version control, or remove `path` and `sha256` from the source"),
            EvidenceState::Changed => findings
                .add(place.then("sha256"), format!("the evidence file of {key} is no longer what was imported: {path}"))
                .hint("restore it from version control; add new information as another source"),
            EvidenceState::Unreadable(why) => findings.add(place.then("path"), format!("{why}, the evidence file of {key}")),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::shown;
    use crate::model::origin::SourceInfo;

    #[test]
    fn missing_and_changed_files_are_reported_and_intact_ones_are_not() {
        let mut incident = incident("kept");
        for key in ["S1", "S2", "S3"] {
            let path = Some(format!("evidence/kept/{key}.json"));
            incident.sources.insert(key.into(), SourceInfo { path, ..SourceInfo::default() });
        }
        let definitions = Definitions::default();
        let evidence =
            [("S1".to_owned(), EvidenceState::Missing), ("S3".to_owned(), EvidenceState::Changed)];
        let context = Context::new(&incident, &definitions, &[], None);
        assert!(
            shown(&EvidenceChanged, &context).is_empty(),
            "where nobody looked, nothing is said"
        );
        assert_eq!(
            shown(&EvidenceChanged, &context.with_evidence(&evidence)),
            [
                "error sources.S1.path: the evidence file of S1 is not there: evidence/kept/S1.json",
                "error sources.S3.sha256: the evidence file of S3 is no longer what was imported: evidence/kept/S3.json",
            ]
        );
    }
}
