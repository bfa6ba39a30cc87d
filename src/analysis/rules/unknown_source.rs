use super::context::{Context, item, milestone, window};
use super::finding::Findings;
use super::rule::rule;
use crate::model::Incident;
use crate::model::milestone::MilestoneName;
use crate::model::origin::EntryRef;
use crate::model::path::Path;

rule! {
    /// Finds a `source` that is not listed in `sources`.
    ///
    /// Readers who look for the origin of a statement find nothing there.
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
    for (referrer, reference) in references(context.incident) {
        if !sources.contains_key(&reference.source) {
            let known: Vec<&str> = sources.keys().map(String::as_str).collect();
            let hint = if known.is_empty() {
                "the file lists no sources; add it to `sources`".to_owned()
            } else {
                format!("known sources: {}", known.join(", "))
            };
            findings
                .add(
                    referrer.path(),
                    format!("the source `{}` is not in `sources`", reference.source),
                )
                .hint(hint);
        }
    }
}

/// A reference to a source. Its path is only built for a finding.
#[derive(Debug, Clone, Copy)]
pub(super) enum Referrer {
    Milestone(MilestoneName),
    Window(usize),
    RootCause(usize),
    Factor(usize),
    Entry(usize),
}

impl Referrer {
    fn path(self) -> Path {
        let referrer = match self {
            Referrer::Milestone(name) => milestone(name),
            Referrer::Window(index) => window(index),
            Referrer::RootCause(index) => item("root_causes", index),
            Referrer::Factor(index) => item("contributing_factors", index),
            Referrer::Entry(index) => item("timeline", index),
        };
        referrer.then("source")
    }
}

/// Every reference to a source.
pub(super) fn references(incident: &Incident) -> impl Iterator<Item = (Referrer, &EntryRef)> {
    let milestones = incident
        .milestones
        .known()
        .map(|(name, known)| (Referrer::Milestone(name), known.source.as_ref()));
    let windows = incident.impact.windows.iter().enumerate();
    let causes = incident.root_causes.iter().enumerate();
    let factors = incident.contributing_factors.iter().enumerate();
    let entries = incident.timeline.iter().enumerate();
    milestones
        .chain(windows.map(|(index, one)| (Referrer::Window(index), one.source.as_ref())))
        .chain(causes.map(|(index, cause)| (Referrer::RootCause(index), cause.source.as_ref())))
        .chain(factors.map(|(index, factor)| (Referrer::Factor(index), factor.source.as_ref())))
        .chain(entries.map(|(index, entry)| (Referrer::Entry(index), entry.source.as_ref())))
        .filter_map(|(referrer, source)| Some((referrer, source?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{at, entry, incident};
    use crate::analysis::rules::tests::found;
    use crate::model::origin::SourceInfo;

    #[test]
    fn unlisted_source_is_an_error() {
        let mut incident = incident("sources");
        incident.sources.insert("S1".into(), SourceInfo::default());
        incident.timeline =
            vec![entry("2026-03-17T14:22Z", "Identified."), entry("2026-03-17T14:23Z", "Fixed.")];
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
