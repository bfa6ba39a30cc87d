//! The data that a rule may use.

use chrono::{DateTime, NaiveDate, Utc};

use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::neighbourhood::Neighbourhood;
use crate::analysis::phases;
use crate::analysis::progress::surely_before;
use crate::analysis::status_page;
use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;
use crate::model::milestone::MilestoneName;
use crate::model::path::Path;
use crate::model::time::Moment;
use crate::model::{Incident, Kind};

/// An incident with the values computed from it, and the other incidents.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The incident that is checked.
    pub incident: &'a Incident,
    /// The definitions of the numbers.
    pub definitions: &'a Definitions,
    /// Every known incident including this one, in the order of their ids; empty if only one is
    /// checked, and references to others are then assumed to be valid.
    pub all: &'a [&'a Incident],
    /// The index of the other incidents, if it is available.
    pub neighbourhood: Option<&'a Neighbourhood<'a>>,
    /// The evidence files that are missing or changed, by the key of their source; empty if they
    /// were not checked.
    pub evidence: &'a [(String, EvidenceState)],
    /// The stated instant. Without it nothing is late and nothing is in the future.
    pub now: Option<DateTime<Utc>>,
    /// The day of `now` in the incident's zone.
    pub today: Option<NaiveDate>,
    /// The text of the incident's file; empty if there is none. Parsed times do not contain their
    /// labels, and prose is best searched as written.
    pub text: &'a str,
    /// Whether a report for the public is being made, whatever the state of the write-up.
    pub for_public: bool,
}

/// The problem with an evidence file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvidenceState {
    /// It does not exist.
    Missing,
    /// Its bytes differ from those that were imported.
    Changed,
    /// It exists but cannot be read, for the given reason.
    Unreadable(String),
}

impl<'a> Context<'a> {
    /// Computes what the rules need from `incident`.
    pub fn new(
        incident: &'a Incident,
        definitions: &'a Definitions,
        all: &'a [&'a Incident],
        now: Option<DateTime<Utc>>,
    ) -> Self {
        Context {
            incident,
            definitions,
            all,
            neighbourhood: None,
            evidence: &[],
            now,
            today: now.map(|now| incident.zone().local(now).date_naive()),
            text: "",
            for_public: false,
        }
    }

    /// Adds the text of the incident's file.
    #[must_use]
    pub fn with_text(self, text: &'a str) -> Self {
        Context { text, ..self }
    }

    /// Adds the index of the other incidents.
    #[must_use]
    pub fn beside(self, neighbourhood: &'a Neighbourhood<'a>) -> Self {
        Context { neighbourhood: Some(neighbourhood), ..self }
    }

    /// Sets whether a report for the public is being made.
    #[must_use]
    pub fn for_public(self, for_public: bool) -> Self {
        Context { for_public, ..self }
    }

    /// Adds the problems of the evidence files.
    #[must_use]
    pub fn with_evidence(self, evidence: &'a [(String, EvidenceState)]) -> Self {
        Context { evidence, ..self }
    }

    /// The incident with that id, if it is known.
    pub(super) fn other(&self, id: &IncidentId) -> Option<&'a Incident> {
        let found = self.all.binary_search_by(|other| other.id.cmp(id));
        found.ok().map(|index| self.all[index])
    }

    /// A milestone's moment, if it is known.
    pub(super) fn at(&self, name: MilestoneName) -> Option<Moment> {
        self.incident.milestones.at(name)
    }

    /// The value of a duration, if it has one. It is computed on request, since most rules need
    /// none for most files.
    pub(super) fn value(&self, name: DurationName) -> Option<Elapsed> {
        phases::value(self.incident, name, self.definitions, self.now)
    }

    /// A moment as the incident's readers see it.
    pub(super) fn show(&self, moment: Moment) -> String {
        moment.display_in(self.incident.zone())
    }

    /// A milestone with its moment: `resolved_at (2026-03-17 14:00 UTC)`.
    pub(super) fn named(&self, name: MilestoneName, moment: Moment) -> String {
        format!("{name} ({})", self.show(moment))
    }

    /// Whether `later` certainly precedes `earlier`.
    pub(super) fn surely_before(&self, later: Moment, earlier: Moment) -> bool {
        surely_before(later, earlier, self.definitions.tolerance())
    }

    /// Whether two reports of one event differ by more than the tolerance.
    pub(super) fn disagree(&self, one: Moment, other: Moment) -> bool {
        self.definitions.order_of_trust().disagree(one, other)
    }

    /// Whether everything in the file was imported from status pages, and no person added anything.
    pub(super) fn is_from_status_page_only(&self) -> bool {
        status_page::is_only_source(self.incident)
    }

    /// Whether it is an incident or a security incident, rather than a plan, an exercise or a near
    /// miss.
    pub(super) fn is_incident(&self) -> bool {
        match self.incident.kind() {
            Kind::Incident | Kind::Security => true,
            Kind::NearMiss | Kind::Maintenance | Kind::Drill => false,
        }
    }
}

/// The path of a milestone.
pub(super) fn milestone(name: MilestoneName) -> Path {
    Path::key("milestones").then(name.as_str())
}

/// The path of a list item: `timeline[3]`.
pub(super) fn item(list: &str, index: usize) -> Path {
    Path::key(list).then(index)
}

/// The path of an impact window.
pub(super) fn window(index: usize) -> Path {
    Path::key("impact").then("windows").then(index)
}
