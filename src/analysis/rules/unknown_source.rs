use super::context::{Context, item, milestone, window};
use super::{Findings, rule};
use crate::model::Incident;
use crate::model::origin::EntryRef;
use crate::model::path::Path;

rule! {
    /// Finds a `source` that is not listed in `sources`.
    ///
    /// A reader who wants to know who said so finds nothing there.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T14:22Z, text: Identified., source: S9#b2}
    /// sources:
    ///   S1: {format: note}
    /// ```
    UnknownSource = "unknown-source", Error, "a reference to a source that is not listed", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let sources = &context.incident.sources;
    for (path, reference) in references(context.incident) {
        if !sources.contains_key(&reference.source) {
            let known: Vec<&str> = sources.keys().map(String::as_str).collect();
            let hint = if known.is_empty() {
                "the file lists no sources; add it to `sources`".to_owned()
            } else {
                format!("known sources: {}", known.join(", "))
            };
            findings.add(path, format!("the source `{}` is not in `sources`", reference.source)).hint(hint);
        }
    }
}

/// Every reference to a source, with its place.
pub(super) fn references(incident: &Incident) -> Vec<(Path, &EntryRef)> {
    let mut found: Vec<(Path, &Option<EntryRef>)> = Vec::new();
    found.extend(incident.milestones.known().map(|(name, known)| (milestone(name), &known.source)));
    let windows = incident.impact.windows.iter().enumerate();
    found.extend(windows.map(|(index, one)| (window(index), &one.source)));
    let causes = incident.root_causes.iter().enumerate();
    found.extend(causes.map(|(index, cause)| (item("root_causes", index), &cause.source)));
    let factors = incident.contributing_factors.iter().enumerate();
    found.extend(factors.map(|(index, factor)| (item("contributing_factors", index), &factor.source)));
    let entries = incident.timeline.iter().enumerate();
    found.extend(entries.map(|(index, entry)| (item("timeline", index), &entry.source)));
    found.into_iter().filter_map(|(path, source)| Some((path.then("source"), source.as_ref()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{at, entry, incident};
    use crate::analysis::rules::tests::found;
    use crate::model::origin::SourceInfo;

    #[test]
    fn a_source_that_nobody_lists() {
        let mut incident = incident("sources");
        incident.sources.insert("S1".into(), SourceInfo::default());
        incident.timeline = vec![entry("2026-03-17T14:22Z", "Identified."), entry("2026-03-17T14:23Z", "Fixed.")];
        incident.timeline[0].source = Some(EntryRef::new("S9", "b2"));
        incident.timeline[1].source = Some(EntryRef::new("S1", "b3"));
        incident.milestones.detected_at = at("2026-03-17T14:22Z");
        incident.milestones.detected_at.as_mut().unwrap().source = "S8".parse().ok();
        assert_eq!(
            found(&UnknownSource, &incident),
            [
                "error milestones.detected_at.source: the source `S8` is not in `sources`",
                "error timeline[0].source: the source `S9` is not in `sources`",
            ]
        );
    }
}
