//! When things happen in a generated incident: seconds from the start of the impact.

use chrono::{DateTime, TimeDelta, Utc};
use posthoc::model::milestone::{Basis, Milestone, MilestoneName, Milestones};
use posthoc::model::origin::EntryRef;
use posthoc::model::time::{Moment, Precision};

use crate::draw::Draw;

/// 2022-01-01T00:00:00Z; the corpus covers the four years from here.
const FIRST_SECOND: i64 = 1_640_995_200;
const FOUR_YEARS: u64 = (4 * 365 + 1) * 86_400;

/// The course of one incident.
pub(crate) struct Plan {
    pub(crate) start: DateTime<Utc>,
    pub(crate) trigger: i64,
    pub(crate) detected: Option<i64>,
    pub(crate) acknowledged: Option<i64>,
    pub(crate) declared: i64,
    pub(crate) notice: Option<i64>,
    pub(crate) identified: i64,
    pub(crate) mitigated: i64,
    pub(crate) end: i64,
    pub(crate) resolved: i64,
}

impl Plan {
    /// A course like those of real incidents: some are seen late, some by nobody in particular,
    /// some are never announced.
    pub(crate) fn new(draw: &mut Draw) -> Self {
        let start = DateTime::UNIX_EPOCH
            + TimeDelta::seconds(FIRST_SECOND + draw.below(FOUR_YEARS).cast_signed());
        let trigger = -draw.skewed(600);
        let seen = draw.skewed(360) - if draw.chance(4) { 900 } else { 0 };
        let detected = (!draw.chance(12)).then_some(seen);
        let acknowledged = detected.filter(|_| !draw.chance(15)).map(|at| at + draw.skewed(180));
        let declared = acknowledged.unwrap_or(seen).max(0) + draw.skewed(300);
        let identified = declared + draw.skewed(1500);
        let mitigated = identified + draw.skewed(900);
        // Longer than the widest uncertainty of the start, so that no impact ends before it began.
        let end = (mitigated + draw.skewed(600)).max(420);
        // A short incident is often over before anybody has written to the users.
        let notice = (!draw.chance(20)).then(|| declared + draw.skewed(480)).filter(|at| *at < end);
        Plan {
            start,
            trigger,
            detected,
            acknowledged,
            declared,
            notice,
            identified,
            mitigated,
            end,
            resolved: end + draw.skewed(1800),
        }
    }

    /// The instant that many seconds after the start.
    pub(crate) fn instant(&self, offset: i64) -> DateTime<Utc> {
        self.start + TimeDelta::seconds(offset)
    }

    /// Whether it was in the last half year of the corpus: what was to be done after it may still
    /// be to be done.
    pub(crate) fn is_recent(&self) -> bool {
        let age = FIRST_SECOND + FOUR_YEARS.cast_signed() - self.start.timestamp();
        age < 183 * 86_400
    }

    /// The same as an exact moment.
    pub(crate) fn moment(&self, offset: i64) -> Moment {
        Moment::exact(self.instant(offset))
    }

    /// The start as well as anyone knows it: to the second, to the minute, about, or between two
    /// times.
    pub(crate) fn vague_start(&self, draw: &mut Draw) -> Moment {
        let minute = |offset: i64| {
            let instant = self.instant(offset);
            Moment::known_to(
                instant - TimeDelta::seconds(instant.timestamp().rem_euclid(60)),
                Precision::Minute,
            )
        };
        match draw.below(100) {
            0..12 => minute(0).approximate(),
            12..16 => Moment::between(minute(-draw.within(120, 900)), minute(draw.within(60, 300)))
                .unwrap_or(minute(0)),
            16..40 => minute(0),
            _ => self.moment(0),
        }
    }

    /// The milestones that its author would have written down.
    pub(crate) fn milestones(&self, start: Option<Moment>, draw: &mut Draw) -> Milestones {
        let mut milestones = Milestones::default();
        let mut set =
            |name: MilestoneName, at: Option<Moment>, basis: Basis, source: Option<&str>| {
                *milestones.slot(name) = at.map(|at| Milestone {
                    at,
                    basis,
                    source: source.and_then(|key| key.parse::<EntryRef>().ok()),
                    note: None,
                });
            };
        let at = |offset: i64| Some(self.moment(offset));
        let keep = |moment: Option<Moment>, percent: u64, draw: &mut Draw| {
            moment.filter(|_| draw.chance(percent))
        };
        let start_basis =
            if start.is_some_and(Moment::is_about) { Basis::Estimated } else { Basis::Measured };
        set(MilestoneName::TriggerAt, keep(at(self.trigger), 60, draw), Basis::Observed, None);
        set(MilestoneName::ImpactStart, start, start_basis, None);
        set(MilestoneName::DetectedAt, self.detected.and_then(at), Basis::Alert, Some("S1"));
        set(MilestoneName::AcknowledgedAt, self.acknowledged.and_then(at), Basis::Observed, None);
        set(MilestoneName::DeclaredAt, at(self.declared), Basis::Observed, None);
        if start.is_some() {
            set(
                MilestoneName::FirstNoticeAt,
                self.notice.and_then(at),
                Basis::Reported,
                Some("S2"),
            );
            set(
                MilestoneName::MitigatedAt,
                keep(at(self.mitigated), 85, draw),
                Basis::Observed,
                None,
            );
            set(MilestoneName::ImpactEnd, keep(at(self.end), 90, draw), Basis::Measured, None);
        }
        set(
            MilestoneName::IdentifiedAt,
            keep(at(self.identified), 80, draw),
            Basis::Observed,
            None,
        );
        set(MilestoneName::ResolvedAt, at(self.resolved), Basis::Observed, None);
        milestones
    }
}
