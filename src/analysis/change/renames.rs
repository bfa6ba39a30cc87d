//! Whether a removed file and an added one contain the same incident.

use std::collections::HashMap;

use crate::model::Incident;

/// Whether both were imported from one record of one kind of source.
pub(crate) fn same_record(before: &Incident, after: &Incident) -> bool {
    let records = |incident: &Incident| -> Vec<(Option<String>, String)> {
        let sources = incident.sources.values();
        sources.filter_map(|source| Some((source.format.clone(), source.record.clone()?))).collect()
    };
    let old = records(before);
    records(after).iter().any(|record| old.contains(record))
}

/// Whether more than half of the lines of the longer text occur in the other one, which is git's
/// criterion for a rename.
pub(crate) fn alike(before: &str, after: &str) -> bool {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for line in content(before) {
        *left.entry(line).or_default() += 1;
    }
    let mut shared = 0;
    for line in content(after) {
        if let Some(count) = left.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    shared * 2 > content(before).count().max(content(after).count())
}

/// The lines that are specific to the incident: blank lines and comments occur in every file.
fn content(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("schema:"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::model::origin::SourceInfo;

    #[test]
    fn renamed_file_is_recognised_by_its_content() {
        let before =
            "schema: posthoc/v1\nid: a\ntitle: The API was down\nseverity: sev1\nservices: [api]\n";
        assert!(alike(before, &before.replace("id: a", "id: b")));
        assert!(!alike(
            before,
            "schema: posthoc/v1\n# x\n\nid: c\ntitle: Another\nseverity: sev1\nteams: [x]\n"
        ));
    }

    #[test]
    fn same_source_record_means_same_incident() {
        let with = |format: &str, record: Option<&str>| {
            let mut incident = incident("a");
            let source = SourceInfo {
                format: Some(format.to_owned()),
                record: record.map(str::to_owned),
                ..SourceInfo::default()
            };
            incident.sources.insert("S1".to_owned(), source);
            incident
        };
        assert!(same_record(&with("page", Some("x1")), &with("page", Some("x1"))));
        assert!(!same_record(&with("page", Some("x1")), &with("page", Some("x2"))));
        assert!(!same_record(&with("page", Some("x1")), &with("other", Some("x1"))));
        assert!(!same_record(&with("page", None), &with("page", None)));
    }
}
