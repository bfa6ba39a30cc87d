//! How long the impact lasted: the union of the impact windows, never their sum.
//!
//! The ends of a window may be uncertain. The certain impact is then shorter than the possible
//! impact, so every length is computed twice: over the certain parts, and over the widest extent of
//! each window. The true length is between the two.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use indexmap::IndexMap;

use super::calendar::{Calendar, in_hours};
use super::progress::is_ongoing;
use super::spans::{Spans, Stretch};
use crate::model::elapsed::Elapsed;
use crate::model::impact::{Level, Window};
use crate::model::time::{Moment, Precision};
use crate::model::{Incident, Kind, Status};

/// The total impact of an incident.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImpactSummary {
    /// The windows, as returned by [`windows`].
    pub windows: Vec<Window>,
    /// The number of windows after merging those that touch or overlap.
    pub count: usize,
    /// The length of the union; `None` if there are no windows, or if one is open and no `now` is
    /// given.
    pub union: Option<Elapsed>,
    /// From the first start to the last end.
    pub span: Option<Elapsed>,
    /// Whether a window has no end, so that the lengths are "so far".
    pub open: bool,
    /// Whether the file has no windows, so that `impact_start` and `impact_end` are used as one.
    pub implied: bool,
    /// The length at each level, the worst first. Where windows overlap, the worst level counts.
    /// `unknown` is for windows without a level. Levels with no time left are not listed.
    pub by_level: IndexMap<String, Elapsed>,
    /// The length of the union of each component, in the order in which they are first named.
    pub by_component: IndexMap<String, Elapsed>,
}

/// The windows of `incident`, and whether they are implied: if the file lists none, the time from
/// `impact_start` to `impact_end` is used as one. A near miss has none.
///
/// In an incident with an end, a window without an end is closed there, since a resolved incident
/// has no impact today. The contradiction is a finding.
pub fn windows(incident: &Incident) -> (Cow<'_, [Window]>, bool) {
    if incident.kind() == Kind::NearMiss {
        return (Cow::Borrowed(&[]), false);
    }
    let milestones = &incident.milestones;
    let impact_end = milestones.impact_end.as_ref().map(|end| end.at);
    let stated_end = impact_end.or(milestones.resolved_at.as_ref().map(|end| end.at));
    let listed = &incident.impact.windows;
    if !listed.is_empty() {
        let Some(end) = stated_end.filter(|_| listed.iter().any(|window| window.end.is_none()))
        else {
            return (Cow::Borrowed(listed), false);
        };
        let ended = |window: &Window| {
            let own_end =
                window.end.or(Some(end).filter(|end| end.latest() >= window.start.earliest()));
            Window { end: own_end, ..window.clone() }
        };
        return (listed.iter().map(ended).collect(), false);
    }
    let says_ongoing = incident.status == Some(Status::Ongoing);
    let end = impact_end.or(stated_end.filter(|_| says_ongoing));
    match &milestones.impact_start {
        Some(start) if end.is_some() || is_ongoing(incident) => {
            let window =
                Window { start: start.at, end, level: None, components: Vec::new(), source: None };
            (Cow::Owned(vec![window]), true)
        }
        _ => (Cow::Borrowed(&[]), false),
    }
}

/// Totals the impact windows of `incident`. Open windows end at `now`, if it is given.
pub fn summarize(incident: &Incident, now: Option<DateTime<Utc>>) -> ImpactSummary {
    let (windows, implied) = windows(incident);
    let open = windows.iter().any(|window| window.end.is_none());
    let bounds: Vec<Bounds> =
        windows.iter().filter_map(|window| Bounds::of(window, now.map(Moment::exact))).collect();
    // Without `now`, an open window still counts as a period, although its length is unknown.
    let begun = windows
        .iter()
        .filter(|window| window.end.is_none() && now.is_none())
        .map(|window| window.start);
    let middles =
        bounds.iter().map(|b| b.middle).chain(begun.map(|start| (start.middle(), start.middle())));
    let count = Spans::union(middles).stretches().len();
    if bounds.is_empty() || (open && now.is_none()) {
        let windows = windows.to_vec();
        return ImpactSummary { windows, count, open, implied, ..ImpactSummary::default() };
    }
    ImpactSummary {
        windows: windows.to_vec(),
        count,
        union: Some(Extent::of(bounds.iter()).length(ends(&bounds))),
        span: Some(span(&bounds)),
        open,
        implied,
        by_level: by_level(&bounds),
        by_component: by_component(incident, &bounds),
    }
}

/// The part of the impact before `detected_at`; `None` if either is unknown. An open window reaches
/// past the detection, so it needs no end here.
pub fn undetected(incident: &Incident) -> Option<Elapsed> {
    undetected_by(incident, Spans::length)
}

/// The part of that within the hours of `calendar`.
pub(super) fn undetected_within(incident: &Incident, calendar: &Calendar) -> Option<Elapsed> {
    undetected_by(incident, |spans| hours_of(spans, calendar)).map(in_hours)
}

/// The part of the union within the hours of `calendar`; `None` if its length is unknown.
pub(super) fn within(incident: &Incident, calendar: &Calendar) -> Option<Elapsed> {
    let (windows, _) = windows(incident);
    let bounds: Vec<Bounds> =
        windows.iter().filter_map(|window| Bounds::of(window, None)).collect();
    let is_known = !bounds.is_empty() && windows.iter().all(|window| window.end.is_some());
    is_known.then(|| {
        in_hours(
            Extent::of(bounds.iter()).measured(ends(&bounds), |spans| hours_of(spans, calendar)),
        )
    })
}

fn hours_of(spans: &Spans, calendar: &Calendar) -> TimeDelta {
    spans
        .stretches()
        .iter()
        .fold(TimeDelta::zero(), |sum, &(start, end)| sum + calendar.between(start, end))
}

fn undetected_by(incident: &Incident, length: impl Fn(&Spans) -> TimeDelta) -> Option<Elapsed> {
    let detected = incident.milestones.detected_at.as_ref()?.at;
    let (windows, _) = windows(incident);
    let bounds: Vec<Bounds> = windows
        .iter()
        .filter_map(|window| Bounds::of(window, Some(detected.max(window.start))))
        .collect();
    if bounds.is_empty() {
        return None;
    }
    let extent = Extent::of(bounds.iter());
    let cut = Extent {
        certain: extent.certain.before(detected.earliest()),
        possible: extent.possible.before(detected.latest()),
    };
    let length = cut.measured(ends(&bounds), length);
    Some(Elapsed {
        precision: length.precision.min(detected.precision()),
        about: length.about || detected.is_about(),
        ..length
    })
}

/// A period of impact from `start` to `end`, each in the middle of its interval, as aggregates
/// count it; `None` for one that certainly ends before it starts, which a rule reports and which
/// has no length.
pub(super) fn middle(start: Moment, end: Moment) -> Option<Stretch> {
    let is_possible = end.latest() >= start.earliest();
    is_possible.then(|| (start.middle(), end.middle().max(start.middle())))
}

/// The windows as sets of instants. Open and empty windows are left out; the second value is the
/// number of open ones.
pub(super) fn middles<'a>(windows: impl IntoIterator<Item = &'a Window>) -> (Vec<Stretch>, usize) {
    let (mut closed, mut open) = (Vec::new(), 0);
    for window in windows {
        match window.end {
            Some(end) => closed.extend(middle(window.start, end)),
            None => open += 1,
        }
    }
    (closed, open)
}

/// A window with an end.
struct Bounds<'a> {
    window: &'a Window,
    end: Moment,
    middle: Stretch,
}

impl<'a> Bounds<'a> {
    /// `None` for an open window without a time to end at, and for one that has no [`middle`].
    fn of(window: &'a Window, open_end: Option<Moment>) -> Option<Self> {
        let end = window.end.or(open_end)?;
        Some(Bounds { window, end, middle: middle(window.start, end)? })
    }
}

impl Bounds<'_> {
    /// Whether the window may contain the moment.
    fn may_hold(&self, moment: Moment) -> bool {
        self.window.start.earliest() <= moment.latest() && moment.earliest() <= self.end.latest()
    }
}

/// The certain and the possible part of a set of instants.
struct Extent {
    certain: Spans,
    possible: Spans,
}

impl Extent {
    fn of<'a, 'b: 'a>(bounds: impl Iterator<Item = &'a Bounds<'b>> + Clone) -> Self {
        Extent {
            certain: Spans::union(
                bounds.clone().map(|b| (b.window.start.latest(), b.end.earliest())),
            ),
            possible: Spans::union(bounds.map(|b| (b.window.start.earliest(), b.end.latest()))),
        }
    }

    /// What remains after subtracting a worse level.
    fn without(&self, worse: &Extent) -> Extent {
        Extent {
            certain: self.certain.without(&worse.possible),
            possible: self.possible.without(&worse.certain),
        }
    }

    /// Its length, with the precision of the moments at `ends`.
    fn length(&self, ends: impl IntoIterator<Item = Moment>) -> Elapsed {
        self.measured(ends, Spans::length)
    }

    /// As [`Extent::length`], with another measure of a set.
    fn measured(
        &self,
        ends: impl IntoIterator<Item = Moment>,
        measure: impl Fn(&Spans) -> TimeDelta,
    ) -> Elapsed {
        let (precision, about) = coarsest(ends);
        Elapsed { min: measure(&self.certain), max: measure(&self.possible), precision, about }
    }
}

/// The coarsest precision of moments, and whether any is approximate.
fn coarsest(moments: impl IntoIterator<Item = Moment>) -> (Precision, bool) {
    moments.into_iter().fold((Precision::Subsecond, false), |(precision, about), end| {
        (precision.min(end.precision()), about || end.is_about())
    })
}

/// The starts and the ends of windows.
fn ends<'a, 'b: 'a>(
    bounds: impl IntoIterator<Item = &'a Bounds<'b>>,
) -> impl Iterator<Item = Moment> {
    bounds.into_iter().flat_map(|b| [b.window.start, b.end])
}

fn span(bounds: &[Bounds]) -> Elapsed {
    let (precision, about) = coarsest(ends(bounds));
    let least = |of: fn(Moment) -> DateTime<Utc>| bounds.iter().map(|b| of(b.window.start)).min();
    let most = |of: fn(Moment) -> DateTime<Utc>| bounds.iter().map(|b| of(b.end)).max();
    let distance = |start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>| match (start, end) {
        (Some(start), Some(end)) => (end - start).max(TimeDelta::zero()),
        _ => TimeDelta::zero(),
    };
    Elapsed {
        min: distance(least(Moment::latest), most(Moment::earliest)),
        max: distance(least(Moment::earliest), most(Moment::latest)),
        precision,
        about,
    }
}

fn by_level(bounds: &[Bounds]) -> IndexMap<String, Elapsed> {
    let mut lengths = IndexMap::new();
    let worst_first = Level::ALL.iter().rev().map(|&level| Some(level)).chain([None]);
    for level in worst_first {
        let own = bounds.iter().filter(|b| b.window.level == level);
        // A known level takes precedence over an unknown one: `None` orders below every level.
        let worse = bounds.iter().filter(|b| b.window.level > level);
        let left = Extent::of(own.clone()).without(&Extent::of(worse.clone()));
        // If a worse window cuts into it, the remaining part is as uncertain as that cut.
        let cuts = ends(worse).filter(|&cut| own.clone().any(|own| own.may_hold(cut)));
        let length = left.length(ends(own.clone()).chain(cuts));
        if length.max > TimeDelta::zero() {
            lengths.insert(level.map_or("unknown", Level::as_str).to_owned(), length);
        }
    }
    lengths
}

/// Whether the window applies to `component`: it names it, or names nothing and so applies to all.
fn touches(window: &Window, component: &str) -> bool {
    window.components.is_empty() || window.components.iter().any(|name| name == component)
}

fn by_component(incident: &Incident, bounds: &[Bounds]) -> IndexMap<String, Elapsed> {
    let mut lengths = IndexMap::new();
    let unnamed = bounds.iter().any(|b| b.window.components.is_empty());
    let services = incident.services.iter().filter(|_| unnamed);
    for component in bounds.iter().flat_map(|b| &b.window.components).chain(services) {
        if lengths.contains_key(component) {
            continue;
        }
        // A window that names nothing applies to every service, but not to the components of other
        // windows.
        let is_service = incident.services.contains(component);
        let own = bounds.iter().filter(|b| {
            b.window.components.contains(component) || (is_service && touches(b.window, component))
        });
        lengths.insert(component.clone(), Extent::of(own.clone()).length(ends(own)));
    }
    lengths
}

#[cfg(test)]
mod tests;
