//! The audience of a report, and what is left out for it.
//!
//! The public may read what was written for readers: the texts (summary, impact, causes,
//! resolution, lessons, questions, follow-ups, further sections), the times of the milestones and
//! their basis, durations, severity and status, services, regions and components, the number of
//! affected customers and users, snapshots of metrics, published durations, and the entries that
//! are marked `public`. The authors of those texts are responsible for their content, except for
//! names and protected terms, which [`super::projection`] replaces. Left out for the public is what
//! refers to the inside of the company or was never meant for others:
//!
//! | left out | because |
//! |---|---|
//! | roles, owners, who asks | they are people; actors have pseudonyms |
//! | `teams`, `tags`, `related` | they name what is inside: the organisation, other incidents |
//! | `note` and `source` of milestones, sources of windows, causes and entries | working notes |
//! | `detection.by`, `trigger.change` | alerts, monitors and changes by their internal names |
//! | `revenue`, `support_tickets`, `slo_burn` | figures of the business |
//! | `ticket`, `priority`, `due` of follow-ups | the tracker and its plan |
//! | `sources`, `links`, charts of metrics | addresses, files, hosts and queries |
//! | findings | they quote the record |
//!
//! [`super::projection`] drops each of them before anything is made of the incident, and
//! [`super::view::View`] checks [`Audience::may_read_internals`] again, so no template and no
//! program that reads the JSON can print them.

use std::borrow::Cow;

use chrono::{TimeDelta, Timelike};

use crate::model::Incident;
use crate::model::evidence::{CandidateVerdict, Trust, choices};
use crate::model::time::{Moment, Precision};
use crate::model::timeline::{Entry, Visibility};
use crate::model::word_enums::words;

words! {
    /// The audience of a report. Ordered: each one may read everything that the earlier ones may
    /// read.
    Audience {
        /// Everyone. Names of people and references to the inside of the company are left out.
        Public = "public",
        /// The company.
        Internal = "internal",
        /// A restricted group.
        Restricted = "restricted",
    }
}

impl Audience {
    /// Whether an entry is shown. A hidden entry is never shown.
    pub fn may_read(self, entry: &Entry) -> bool {
        let least = match entry.visibility() {
            Visibility::Public => Audience::Public,
            Visibility::Internal => Audience::Internal,
            Visibility::Restricted => Audience::Restricted,
        };
        !entry.hidden && self >= least
    }

    /// Reduces every milestone that an unreadable entry proves to the precision of a minute.
    ///
    /// The time of a milestone is public, but the entry is not: its second would reveal which line
    /// of a log, which alert or which message it was. Everything that is computed from milestones
    /// is computed from the reduced ones, so that no duration, figure or sum reveals the second.
    pub fn without_seconds<'i>(self, incident: &'i Incident, trust: Trust) -> Cow<'i, Incident> {
        let chosen = choices(incident, trust).into_iter().filter(|choice| {
            let proof = choice
                .candidates
                .iter()
                .filter(|candidate| candidate.verdict == CandidateVerdict::Chosen);
            let mut entries = proof.filter_map(|candidate| incident.timeline.get(candidate.entry));
            choice.milestone.at.precision() > Precision::Minute
                && entries.any(|entry| !self.may_read(entry))
        });
        let mut coarse = Cow::Borrowed(incident);
        for choice in chosen {
            let at = to_the_minute(choice.milestone.at);
            if let Some(milestone) = coarse.to_mut().milestones.slot(choice.name).as_mut() {
                milestone.at = at;
            }
        }
        coarse
    }

    /// Whether people are named.
    pub fn may_read_names(self) -> bool {
        self >= Audience::Internal
    }

    /// Whether references to the inside of the company are shown: sources, tickets, alerts and the
    /// like.
    pub fn may_read_internals(self) -> bool {
        self >= Audience::Internal
    }
}

/// The whole minutes that contain the moment.
fn to_the_minute(at: Moment) -> Moment {
    let minute = |instant: chrono::DateTime<chrono::Utc>| {
        let past = TimeDelta::seconds(instant.second().into())
            + TimeDelta::nanoseconds(instant.nanosecond().into());
        Moment::known_to(instant - past, Precision::Minute)
    };
    let (from, to) = (minute(at.earliest()), minute(at.latest()));
    let coarse = if from == to { from } else { Moment::between(from, to).unwrap_or(from) };
    if at.is_about() { coarse.approximate() } else { coarse }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_dropped_and_uncertainty_preserved() {
        let coarse = |text: &str| to_the_minute(text.parse().unwrap());
        assert_eq!(coarse("2026-03-17T14:22:06Z"), "2026-03-17T14:22Z".parse().unwrap());
        assert_eq!(coarse("~2026-03-17T14:22:06.5Z"), "~2026-03-17T14:22Z".parse().unwrap());
        assert_eq!(
            coarse("2026-03-17T14:22:06Z..2026-03-17T14:30:59Z"),
            "2026-03-17T14:22Z..2026-03-17T14:30Z".parse().unwrap()
        );
    }

    #[test]
    fn each_audience_sees_what_wider_audiences_see() {
        let entry = |visibility, hidden| Entry { visibility, hidden, ..Entry::default() };
        let read = |visibility, hidden| {
            Audience::ALL
                .iter()
                .filter(|audience| audience.may_read(&entry(visibility, hidden)))
                .count()
        };
        assert_eq!(read(Some(Visibility::Public), false), 3);
        assert_eq!(read(None, false), 2, "internal is the default");
        assert_eq!(read(Some(Visibility::Restricted), false), 1);
        assert_eq!(read(Some(Visibility::Public), true), 0, "hidden");
    }
}
