//! Measures one duration as a number, or gives the reason why there is none.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::calendar::Calendar;
use super::config::{Definitions, Pair};
use super::duration_name::DurationName;
use super::gap::{Anchor, Gap, Remark, SoFar};
use super::impact;
use super::progress::{is_ongoing, surely_before};
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName;
use crate::model::time::{Moment, Precision};
use crate::model::{Incident, Kind, Status};

/// Types of triggers that count as a deployment in DORA's sense: somebody changed production.
const DEPLOYMENTS: [&str; 13] = [
    "code_push",
    "config_change",
    "config_push",
    "configuration_change",
    "deploy",
    "deployment",
    "feature_flag",
    "flag_flip",
    "hotfix",
    "release",
    "roll_out",
    "rollout",
    "upgrade",
];

/// A duration that has a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Measured {
    /// The length; never negative.
    pub(super) value: Elapsed,
    /// How it bounds the true length, if a fallback replaced an unknown milestone.
    pub(super) bound: Option<Bound>,
    /// The moments between which it is measured, if there are two.
    ends: Option<(Moment, Moment)>,
    /// The remark next to the number.
    pub(super) remark: Option<Remark>,
}

/// How a length that was measured from a fallback bounds the true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The true length is at least this.
    AtLeast,
    /// The true length is at most this.
    AtMost,
}

impl Measured {
    fn plain(value: Elapsed) -> Self {
        Measured { value, bound: None, ends: None, remark: None }
    }

    /// The part of it within the hours of `calendar`.
    pub(super) fn business(
        &self,
        incident: &Incident,
        name: DurationName,
        calendar: &Calendar,
    ) -> Option<Elapsed> {
        match (self.ends, name) {
            (Some((start, end)), _) => Some(calendar.elapsed(start, end)),
            (None, DurationName::Undetected) => impact::undetected_within(incident, calendar),
            (None, _) => impact::within(incident, calendar),
        }
    }
}

/// The duration `name` of `incident`, from its milestones.
pub(super) fn measure(
    incident: &Incident,
    name: DurationName,
    definitions: &Definitions,
    now: Option<DateTime<Utc>>,
) -> Result<Measured, Gap> {
    measure_with(incident, name, definitions, now, false)
}

/// The same. With `fallbacks`, another milestone may replace an unknown one, and the result is then
/// a bound.
pub(super) fn measure_with(
    incident: &Incident,
    name: DurationName,
    definitions: &Definitions,
    now: Option<DateTime<Utc>>,
    fallbacks: bool,
) -> Result<Measured, Gap> {
    match incident.kind() {
        Kind::Maintenance => return Err(Gap::Maintenance),
        Kind::NearMiss => return Err(Gap::NearMiss),
        Kind::Incident | Kind::Drill | Kind::Security => {}
    }
    match (definitions.pair(name), name) {
        (Some(pair), _) => between(incident, name, pair, definitions, now, fallbacks),
        (None, DurationName::Undetected) => undetected(incident),
        (None, DurationName::Fdrt) => recovery_of_a_deployment(incident, definitions, now),
        (None, _) => union(incident, now),
    }
}

fn between(
    incident: &Incident,
    name: DurationName,
    pair: Pair,
    definitions: &Definitions,
    now: Option<DateTime<Utc>>,
    fallbacks: bool,
) -> Result<Measured, Gap> {
    let stand_in = |milestone, other_end| {
        let candidates: &[MilestoneName] =
            if fallbacks { definitions.fallbacks_of(milestone) } else { &[] };
        // A fallback that is the other end would make the duration zero, and those after it would
        // invert it, so the search stops there.
        let mut fitting = candidates.iter().take_while(move |&&candidate| candidate != other_end);
        let find =
            fitting.find_map(|&candidate| Some((candidate, incident.milestones.at(candidate)?)));
        incident.milestones.at(milestone).map(|at| (milestone, at)).or(find)
    };
    let (start_name, start) =
        stand_in(pair.start, pair.end).ok_or(Gap::Unknown(pair.start.into()))?;
    let Some((end_name, end)) = stand_in(pair.end, pair.start) else {
        return Err(without_end(incident, pair.end, start, now));
    };
    let value = Elapsed::between(start, end);
    let bound = bound(pair, start_name, end_name)?;
    let backwards = surely_before(end, start, definitions.tolerance());
    // Fallbacks in the wrong order contradict nothing, and a lower bound of zero says nothing.
    if bound.is_some()
        && (backwards || (bound == Some(Bound::AtLeast) && value.max <= TimeDelta::zero()))
    {
        return Err(unknown(pair, start_name));
    }
    let remark = match name {
        _ if !backwards => None,
        DurationName::Ttd => Some(Remark::Proactive(Elapsed::between(end, start))),
        DurationName::Ttn => Some(Remark::Announced(Elapsed::between(end, start))),
        _ => return Err(backwards_gap(start_name, end_name)),
    };
    Ok(Measured { value: value.or_zero(), bound, ends: Some((start, end)), remark })
}

/// How the length between `start` and `end` bounds the length of `pair`, whose milestones they are
/// or replace. Milestones are in the order in which they usually happen: a fallback for an earlier
/// milestone is later than it, so the true start is before the fallback.
///
/// # Errors
/// [`Gap`] if one fallback lengthens and the other shortens it, so that it bounds nothing.
fn bound(pair: Pair, start: MilestoneName, end: MilestoneName) -> Result<Option<Bound>, Gap> {
    let by_start = (start != pair.start).then_some(if start > pair.start {
        Bound::AtLeast
    } else {
        Bound::AtMost
    });
    let by_end =
        (end != pair.end).then_some(if end > pair.end { Bound::AtMost } else { Bound::AtLeast });
    match (by_start, by_end) {
        (Some(one), Some(other)) if one != other => Err(unknown(pair, start)),
        (one, other) => Ok(one.or(other)),
    }
}

/// The milestone of `pair` that needed a fallback.
fn unknown(pair: Pair, start: MilestoneName) -> Gap {
    Gap::Unknown(if start == pair.start { pair.end } else { pair.start }.into())
}

/// Why a duration whose end comes first has no value.
fn backwards_gap(start: MilestoneName, end: MilestoneName) -> Gap {
    use MilestoneName::{DetectedAt, FirstNoticeAt, ImpactEnd, MitigatedAt, ResolvedAt};
    match (start, end) {
        (DetectedAt, MitigatedAt | ImpactEnd)
        | (FirstNoticeAt, MitigatedAt | ImpactEnd | ResolvedAt) => Gap::OverBefore { end, start },
        _ => Gap::Backwards { end, start: start.into() },
    }
}

/// Why a duration that has started has no value.
fn without_end(
    incident: &Incident,
    end: MilestoneName,
    start: Moment,
    now: Option<DateTime<Utc>>,
) -> Gap {
    let length = now.map(|now| (now, Elapsed::between(start, Moment::exact(now))));
    let so_far = length
        .filter(|(_, length)| length.max >= TimeDelta::zero())
        .map(|(now, length)| so_far(incident, length.or_zero(), now));
    match end {
        MilestoneName::MitigatedAt | MilestoneName::ImpactEnd | MilestoneName::ResolvedAt
            if is_ongoing(incident) =>
        {
            Gap::Ongoing { so_far }
        }
        MilestoneName::ResolvedAt if incident.status == Some(Status::Mitigated) => {
            Gap::Unresolved { so_far }
        }
        _ => Gap::Unknown(end.into()),
    }
}

fn so_far(incident: &Incident, length: Elapsed, now: DateTime<Utc>) -> SoFar {
    let as_of = Moment::known_to(now, length.precision.clamp(Precision::Minute, Precision::Second));
    SoFar { length, as_of, zone: incident.zone() }
}

fn union(incident: &Incident, now: Option<DateTime<Utc>>) -> Result<Measured, Gap> {
    let summary = impact::summarize(incident, now);
    if summary.open {
        let so_far = summary.union.zip(now).map(|(length, now)| so_far(incident, length, now));
        return Err(Gap::Ongoing { so_far });
    }
    let value = summary.union.ok_or(Gap::NoWindows)?;
    let several = summary
        .span
        .filter(|_| summary.count > 1)
        .map(|span| Remark::Several { count: summary.count, span });
    let remark = several.or(summary.implied.then_some(Remark::Implied));
    Ok(Measured { remark, ..Measured::plain(value) })
}

fn undetected(incident: &Incident) -> Result<Measured, Gap> {
    if incident.milestones.detected_at.is_none() {
        return Err(Gap::Unknown(MilestoneName::DetectedAt.into()));
    }
    impact::undetected(incident).map(Measured::plain).ok_or(Gap::NoWindows)
}

fn recovery_of_a_deployment(
    incident: &Incident,
    definitions: &Definitions,
    now: Option<DateTime<Utc>>,
) -> Result<Measured, Gap> {
    let trigger = incident.trigger.as_ref();
    let kind = trigger.and_then(|trigger| trigger.kind.as_deref());
    if !kind.is_some_and(is_deployment) {
        return Err(Gap::NoDeployment { known: kind.is_some() });
    }
    let start =
        trigger.and_then(|trigger| trigger.deployed_at).ok_or(Gap::Unknown(Anchor::Deployment))?;
    let Some(end) = incident.milestones.at(MilestoneName::ImpactEnd) else {
        return Err(without_end(incident, MilestoneName::ImpactEnd, start, now));
    };
    if surely_before(end, start, definitions.tolerance()) {
        return Err(Gap::Backwards { end: MilestoneName::ImpactEnd, start: Anchor::Deployment });
    }
    Ok(Measured {
        ends: Some((start, end)),
        ..Measured::plain(Elapsed::between(start, end).or_zero())
    })
}

fn is_deployment(kind: &str) -> bool {
    let word = kind.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    DEPLOYMENTS.contains(&word.as_str())
}

/// Whether the interval is wider than half its midpoint, so that no single figure represents it.
pub(super) fn is_too_wide(value: &Elapsed) -> bool {
    value.max - value.min > value.middle() / 2
}
