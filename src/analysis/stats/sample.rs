//! The impact of incidents as sets of instants, and their unions.

use chrono::{DateTime, TimeDelta, Utc};

use super::row::{Impaired, Row};
use crate::analysis::impact;
use crate::analysis::spans::{Spans, Stretch};
use crate::model::time::{Moment, Precision};

/// A length in seconds, with its fraction.
pub(super) fn seconds(length: TimeDelta) -> f64 {
    length.num_seconds() as f64 + f64::from(length.subsec_nanos()) * 1e-9
}

/// The impact of one incident, as the sets of instants from which the unions of a group are
/// computed.
/// Windows that surely end before they start are no part of it.
#[derive(Debug, Default)]
pub(super) struct ImpactTimes {
    certain: Vec<Stretch>,
    middle: Vec<Stretch>,
    possible: Vec<Stretch>,
    ends: Ends,
    /// Whether it has any window.
    known: bool,
    /// The instant at which windows that are ongoing are cut off.
    open_until: Option<DateTime<Utc>>,
    /// How many windows are open. Where an instant was stated they reach to it, else they are only
    /// counted here.
    pub(super) open: usize,
}

/// How well the ends of windows are known.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    precision: Option<Precision>,
    about: bool,
}

impl ImpactTimes {
    /// The windows of a row's incident that are `service`'s. A window that names other things than
    /// services means them all.
    pub(super) fn of(row: &Row, service: Option<&str>) -> Self {
        let is_meant = |window: &&Impaired| match service {
            Some(service) if !window.services.is_empty() => row.names(window, service),
            _ => true,
        };
        let windows = || row.windows.iter().filter(is_meant);
        let open = windows().filter(|window| window.end.is_none()).count();
        let now = row.as_of.filter(|_| open > 0);
        let mut impact_times = ImpactTimes { open, open_until: now, ..ImpactTimes::default() };
        for window in windows() {
            let Some(end) = window.end.or(now.map(Moment::exact)) else { continue };
            let start = window.start;
            impact_times.middle.extend(impact::middle(start, end));
            impact_times.certain.push((start.latest(), end.earliest()));
            impact_times.possible.push((start.earliest(), end.latest()));
            impact_times.ends = impact_times.ends.and(Ends::of(start)).and(Ends::of(end));
        }
        impact_times.known = !impact_times.middle.is_empty() || open > 0;
        impact_times
    }

    /// Whether anything is known of it.
    pub(super) fn is_known(&self) -> bool {
        self.known
    }

    /// Only what is within `period`. That something is known of the whole stays true.
    #[must_use]
    pub(super) fn clipped(self, period: Stretch) -> Self {
        let clip = |stretches: Vec<Stretch>| -> Vec<Stretch> {
            let cut = stretches
                .into_iter()
                .map(|(start, end)| (start.max(period.0), end.min(period.1), start));
            // One that begins at the very end of the period is the next one's.
            cut.filter(|&(start, end, began)| start <= end && began < period.1)
                .map(|(start, end, _)| (start, end))
                .collect()
        };
        ImpactTimes {
            certain: clip(self.certain),
            middle: clip(self.middle),
            possible: clip(self.possible),
            open: if self.open_until.is_some_and(|now| now >= period.1) { 0 } else { self.open },
            ..self
        }
    }

    /// Whether any time at all may be left of it.
    pub(super) fn is_empty(&self) -> bool {
        self.possible.iter().all(|(start, end)| start == end)
    }

    /// The stretches that it may have lasted.
    pub(super) fn possible(&self) -> &[Stretch] {
        &self.possible
    }

    /// Whether an end of a window is approximate.
    pub(super) fn is_about(&self) -> bool {
        self.ends.about
    }

    /// Whether an end of a window is approximate or uncertain.
    pub(super) fn is_vague(&self) -> bool {
        self.ends.about || self.certain != self.possible
    }
}

impl Ends {
    fn of(moment: Moment) -> Self {
        Ends { precision: Some(moment.precision()), about: moment.is_about() }
    }

    fn and(self, other: Ends) -> Self {
        let precision = [self.precision, other.precision].into_iter().flatten().min();
        Ends { precision, about: self.about || other.about }
    }
}

/// The impact of several incidents; overlapping windows count once.
pub(super) struct United {
    certain: Spans,
    possible: Spans,
    ends: Ends,
    /// Each end in the middle of what it may be.
    pub(super) middle: Spans,
}

impl United {
    pub(super) fn of(all_times: &[ImpactTimes]) -> Self {
        let union = |part: fn(&ImpactTimes) -> &Vec<Stretch>| {
            Spans::union(all_times.iter().flat_map(part).copied())
        };
        United {
            certain: union(|impact_times| &impact_times.certain),
            possible: union(|impact_times| &impact_times.possible),
            ends: all_times
                .iter()
                .fold(Ends::default(), |ends, impact_times| ends.and(impact_times.ends)),
            middle: union(|impact_times| &impact_times.middle),
        }
    }

    /// How long it is: the least, the middle and the most, in seconds.
    pub(super) fn lengths(&self) -> [f64; 3] {
        self.parts().map(|spans| seconds(spans.length()))
    }

    /// The instants that it surely was, is in the middle, and may have been.
    pub(super) fn parts(&self) -> [&Spans; 3] {
        [&self.certain, &self.middle, &self.possible]
    }

    /// Whether any end is approximate.
    pub(super) fn is_about(&self) -> bool {
        self.ends.about
    }

    /// The coarsest precision of the ends.
    pub(super) fn precision(&self) -> Option<Precision> {
        self.ends.precision
    }
}
