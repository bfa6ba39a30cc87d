//! What a rule may look at.

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

/// One incident, with what has been computed of it, and the others beside it.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The incident that is checked.
    pub incident: &'a Incident,
    /// What the numbers mean.
    pub definitions: &'a Definitions,
    /// Every incident that is known, this one among them, in the order of their ids; empty where
    /// only one is looked at, and references to others are then taken on trust.
    pub all: &'a [&'a Incident],
    /// What the others have left to do, if that is known.
    pub neighbourhood: Option<&'a Neighbourhood<'a>>,
    /// The kept files that are not as they were, by the key of their source; empty where nobody
    /// looked.
    pub evidence: &'a [(String, KeptState)],
    /// The stated instant. Without it nothing is late and nothing lies in the future.
    pub now: Option<DateTime<Utc>>,
    /// The day of `now` in the incident's zone.
    pub today: Option<NaiveDate>,
    /// The text of the incident's file; empty where there is none. A time that was read keeps no
    /// label, and prose is best searched as it was written.
    pub text: &'a str,
    /// Whether a report for everyone is being made, whatever the state of the write-up.
    pub for_public: bool,
}

/// What became of a source's kept file that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptState {
    /// It is not there.
    Missing,
    /// It is not the bytes that were imported.
    Changed,
    /// It is there and cannot be read, for the reason given.
    Unreadable(String),
}

impl<'a> Context<'a> {
    /// Computes what the rules need of `incident`.
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

    /// The same, with the text of the incident's file.
    #[must_use]
    pub fn with_text(self, text: &'a str) -> Self {
        Context { text, ..self }
    }

    /// The same, with what the other incidents have left to do.
    #[must_use]
    pub fn beside(self, neighbourhood: &'a Neighbourhood<'a>) -> Self {
        Context { neighbourhood: Some(neighbourhood), ..self }
    }

    /// The same, for a report that everyone may read.
    #[must_use]
    pub fn for_public(self, for_public: bool) -> Self {
        Context { for_public, ..self }
    }

    /// The same, with what became of the kept files.
    #[must_use]
    pub fn with_evidence(self, evidence: &'a [(String, KeptState)]) -> Self {
        Context { evidence, ..self }
    }

    /// The incident of that id, if it is known.
    pub(super) fn other(&self, id: &IncidentId) -> Option<&'a Incident> {
        let found = self.all.binary_search_by(|other| other.id.cmp(id));
        found.ok().map(|index| self.all[index])
    }

    /// A milestone's moment, if it is known.
    pub(super) fn at(&self, name: MilestoneName) -> Option<Moment> {
        self.incident.milestones.at(name)
    }

    /// A duration's value, if it has one. It is computed when it is asked for, since most rules of
    /// most files ask for none.
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

    /// Whether `later` surely lies before `earlier`.
    pub(super) fn surely_before(&self, later: Moment, earlier: Moment) -> bool {
        surely_before(later, earlier, self.definitions.tolerance())
    }

    /// Whether two tellings of one event are further apart than the tolerance.
    pub(super) fn disagree(&self, one: Moment, other: Moment) -> bool {
        self.definitions.order_of_trust().disagree(one, other)
    }

    /// Whether all that the file holds was imported from status pages, and no person has added
    /// anything.
    pub(super) fn is_from_status_page_only(&self) -> bool {
        status_page::is_only_source(self.incident)
    }

    /// Whether it is about something that broke, and not a plan, practice or a scare.
    pub(super) fn is_incident(&self) -> bool {
        match self.incident.kind() {
            Kind::Incident | Kind::Security => true,
            Kind::NearMiss | Kind::Maintenance | Kind::Drill => false,
        }
    }
}

/// The place of a milestone.
pub(super) fn milestone(name: MilestoneName) -> Path {
    Path::key("milestones").then(name.as_str())
}

/// The place of an entry of a list: `timeline[3]`.
pub(super) fn item(list: &str, index: usize) -> Path {
    Path::key(list).then(index)
}

/// The place of an impact window.
pub(super) fn window(index: usize) -> Path {
    Path::key("impact").then("windows").then(index)
}
