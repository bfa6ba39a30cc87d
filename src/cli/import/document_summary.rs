//! The summary of a write-up.

use crate::model::milestone::MilestoneName;
use crate::sources::record::{DocumentRecord, SectionName};

/// What was found in a document, and what a report should have but is missing.
pub(super) struct DocumentSummary {
    pub lines: usize,
    pub timed: usize,
    pub milestones: Vec<MilestoneName>,
    pub sections: Vec<SectionName>,
    pub missing: Vec<&'static str>,
}

impl DocumentSummary {
    pub(super) fn of(record: &DocumentRecord) -> Self {
        let timed = record.rows.iter().filter(|row| row.at.is_some()).count();
        let has = |name: MilestoneName| {
            record.stated().any(|(other, _)| other == name)
                || record.rows.iter().any(|row| row.shows(name))
        };
        let milestones: Vec<MilestoneName> =
            MilestoneName::ALL.iter().copied().filter(|name| has(*name)).collect();
        let sections: Vec<SectionName> = record.sections.iter().map(|(name, _)| *name).collect();
        let holds = |names: &[SectionName]| names.iter().any(|name| sections.contains(name));
        let begins =
            [MilestoneName::ImpactStart, MilestoneName::DetectedAt, MilestoneName::DeclaredAt];
        let ends = [MilestoneName::ImpactEnd, MilestoneName::ResolvedAt];
        let asked = [
            ("summary", holds(&[SectionName::Summary, SectionName::Impact])),
            (
                "cause",
                record.cause.is_some()
                    || holds(&[
                        SectionName::RootCause,
                        SectionName::ContributingFactors,
                        SectionName::Trigger,
                    ]),
            ),
            ("resolution", holds(&[SectionName::Resolution, SectionName::Mitigation])),
            ("follow-ups", !record.follow_ups.is_empty()),
            ("timeline", !record.rows.is_empty()),
            ("beginning", milestones.iter().any(|name| begins.contains(name))),
            ("end", milestones.iter().any(|name| ends.contains(name))),
        ];
        let missing =
            asked.iter().filter(|(_, is_there)| !is_there).map(|(name, _)| *name).collect();
        DocumentSummary { lines: record.rows.len(), timed, milestones, sections, missing }
    }

    pub(super) fn times(&self) -> String {
        match (self.timed, self.lines) {
            (_, 0) => "-".to_owned(),
            (timed, lines) if timed == lines => lines.to_string(),
            (timed, lines) => format!("{timed} of {lines}"),
        }
    }
}
