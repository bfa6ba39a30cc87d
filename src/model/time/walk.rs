//! Stamps without a day or a year, read in their order from an anchor.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::civil::{ClockPart, DatePart, Half, Parts, known};
use super::error::TimeError;
use super::foreign;
use super::moment::{Moment, Precision};
use super::reading::{Read, Reading, Year};
use super::remark::Remark;
use crate::model::zone::{Zone, ZoneError};

/// The order in which a document lists its stamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The oldest first.
    Forward,
    /// The newest first.
    Backward,
}

/// Reads the stamps of a document one after the other, each from where the last one stood.
///
/// A **clock time** is the next one that the clock shows after the last stamp (before it, if the
/// newest come first). One that lies at most [an hour](Walk::OUT_OF_ORDER) on the wrong side is out
/// of order and not another day, since two people who write down one event are seldom further
/// apart, and no work on an incident stops for 23 hours; it does not move the walk. A **month and
/// day** are in the year that puts them from a month behind the last stamp to eleven months
/// ahead of it. Both choices are told in the remarks. A stamp with its own date is where the walk
/// goes on from.
///
/// A clock time that may be of either half of the day is an interval of both, unless a bound
/// ([`Walk::until`]) excludes one: then the other is certain.
#[derive(Debug, Clone)]
pub struct Walk {
    reading: Reading,
    direction: Direction,
    last: Moment,
    /// The date of the last stamp, where that is a day without a clock time. A line below it is on
    /// that date by the clock of the line's own zone, wherever that day begins elsewhere.
    day: Option<NaiveDate>,
    bound: Option<DateTime<Utc>>,
    /// How far on the wrong side of the last one a stamp is out of order.
    out_of_order: TimeDelta,
}

impl Walk {
    /// How far on the wrong side of the last one a clock time still belongs to the same day.
    pub const OUT_OF_ORDER: TimeDelta = TimeDelta::hours(1);

    /// From an anchor: the day of the first stamp, or a time that it comes after (before, if the
    /// newest come first).
    pub fn new(anchor: Moment, direction: Direction, reading: Reading) -> Self {
        let zone = if anchor.is_utc_day() { Zone::UTC } else { reading.zone.unwrap_or(Zone::UTC) };
        let day = (anchor.precision() == Precision::Day)
            .then(|| zone.local(anchor.earliest()).date_naive());
        Walk {
            reading,
            direction,
            last: anchor,
            day,
            bound: None,
            out_of_order: Walk::OUT_OF_ORDER,
        }
    }

    /// From the date of the first stamp. `None` where the calendar has no such day.
    pub fn on(date: NaiveDate, direction: Direction, reading: Reading) -> Option<Self> {
        let last = Moment::day(date, reading.zone.unwrap_or(Zone::UTC))?;
        Some(Walk {
            reading,
            direction,
            last,
            day: Some(date),
            bound: None,
            out_of_order: Walk::OUT_OF_ORDER,
        })
    }

    /// Nothing in the document lies beyond `bound`, if that is known: it was published then, or had
    /// not begun.
    #[must_use]
    pub fn until(self, bound: Option<DateTime<Utc>>) -> Self {
        Walk { bound, ..self }
    }

    /// Takes a stamp for one out of order up to `limit` on the wrong side of the last one.
    #[must_use]
    pub fn out_of_order_within(self, limit: TimeDelta) -> Self {
        Walk { out_of_order: limit, ..self }
    }

    /// Reads the next stamp.
    ///
    /// # Errors
    /// [`TimeError`], as of [`super::read`]. The walk stays where it was.
    pub fn next(&mut self, text: &str) -> Result<Read, TimeError> {
        let parts = foreign::parts(text);
        let dated = match parts.as_ref().map(|parts| parts.date) {
            Some(None) => None,
            Some(Some(DatePart::Yearless { .. } | DatePart::Numbers { year: None, .. })) => {
                Some(Reading { year: Year::Near(self.near_which()), ..self.reading })
            }
            // An epoch number has no parts, and no text that is not a time.
            None | Some(Some(DatePart::Full { .. } | DatePart::Numbers { year: Some(_), .. })) => {
                Some(self.reading)
            }
        };
        match (dated, parts) {
            (None, Some(parts)) => self.clock_only(&parts),
            (reading, parts) => {
                let reading = reading.unwrap_or(self.reading);
                let mut read = foreign::read(text, &reading)?;
                let behind = match self.direction {
                    Direction::Forward => self.last.earliest() - read.moment.latest(),
                    Direction::Backward => read.moment.earliest() - self.last.latest(),
                };
                if behind > TimeDelta::zero() {
                    read.remarks.push(Remark::OutOfOrder(behind));
                }
                self.last = read.moment;
                let date = parts.and_then(|parts| parts.date(&reading, &mut Vec::new()).ok()?);
                self.day = date.filter(|_| read.moment.precision() == Precision::Day);
                Ok(read)
            }
        }
    }

    /// The year that is nearest to this date puts a day from a month behind to eleven months ahead.
    fn near_which(&self) -> NaiveDate {
        let ahead = TimeDelta::days(152);
        let zone = self.reading.zone.unwrap_or(Zone::UTC);
        let date = self.day.unwrap_or_else(|| zone.local(self.last.middle()).date_naive());
        let shifted = match self.direction {
            Direction::Forward => date.checked_add_signed(ahead),
            Direction::Backward => date.checked_sub_signed(ahead),
        };
        shifted.unwrap_or(date)
    }

    fn clock_only(&mut self, parts: &Parts<'_>) -> Result<Read, TimeError> {
        let Some(clock) = parts.clock else {
            return Err(TimeError::Unread(foreign::shortened(parts.text)));
        };
        let half_unknown = parts.half_is_unknown(self.reading.clock);
        // Of the two midnights of a day, the next one is meant.
        let clock = if clock.half == Half::Midnight {
            ClockPart { half: Half::Said, ..clock }
        } else {
            clock
        };
        let clocks = if half_unknown { clock.halves().to_vec() } else { vec![clock] };
        let candidates = self.candidates(parts, &clocks)?;
        let Some(first) = self.first_from(&candidates, self.near_end()) else {
            return Err(parts.out_of_range());
        };
        let first = first.clone().settled()?;
        let mut remarks = first.remarks;
        remarks.push(Remark::DateFromContext(first.date));
        remarks.extend(self.choice(first.date, first.instant, parts)?);
        let mut moment = known(first.instant, clock);
        if half_unknown {
            let beyond = |instant: DateTime<Utc>| match (self.bound, self.direction) {
                (None, _) => false,
                (Some(bound), Direction::Forward) => instant > bound,
                (Some(bound), Direction::Backward) => instant < bound,
            };
            // If the last stamp may itself be later, so may this one.
            let mut from_far =
                candidates.iter().skip_while(|candidate| !self.is_ahead(candidate, self.far_end()));
            // A line that follows within the hour is in the half of the line before it.
            let follows = |candidate: &Candidate| {
                self.day.is_none()
                    && self.last.is_uncertain()
                    && (candidate.instant - self.far_end()).abs() <= Walk::OUT_OF_ORDER
            };
            let other = match from_far.next() {
                Some(candidate) if follows(candidate) => Some(candidate),
                _ => from_far.next(),
            };
            let other = other.cloned().map(Candidate::settled).transpose()?;
            match other.filter(|other| !beyond(other.instant)) {
                Some(other) => {
                    let [from, to] =
                        [first.instant, other.instant].map(|instant| known(instant, clock));
                    moment = Moment::between(from.min(to), from.max(to))?;
                    remarks.push(Remark::HalfUnknown);
                }
                None => remarks.push(Remark::HalfFromWalk),
            }
        }
        if parts.about || clock.hour_only {
            moment = moment.approximate();
        }
        if self.is_progress(moment) {
            (self.last, self.day) = (moment, None);
        }
        Ok(Read { moment, date: Some(first.date), remarks })
    }

    /// The clock times of the days around the last stamp, in the order of the walk.
    fn candidates(
        &self,
        parts: &Parts<'_>,
        clocks: &[ClockPart],
    ) -> Result<Vec<Candidate>, TimeError> {
        let around = self.last_date(parts)?;
        let days = match self.direction {
            Direction::Forward => -1..=4,
            Direction::Backward => -4..=1,
        };
        let mut candidates = Vec::new();
        for date in days.filter_map(|days| around.checked_add_signed(TimeDelta::days(days))) {
            for &clock in clocks {
                let mut remarks = Vec::new();
                let (instant, problem) =
                    match parts.instant(clock, date, &self.reading, &mut remarks) {
                        Ok(instant) => (instant, None),
                        // Where it would stand, if the clock had not been changed just then.
                        Err(TimeError::Zone(ZoneError::Local(local))) => (
                            local.readings[1].to_utc(),
                            Some(TimeError::Zone(ZoneError::Local(local))),
                        ),
                        Err(error) => return Err(error),
                    };
                let local = clock.on(date).unwrap_or_else(|| instant.naive_utc());
                candidates.push(Candidate { date, local, instant, remarks, problem });
            }
        }
        candidates.sort_by_key(|candidate| candidate.instant);
        if self.direction == Direction::Backward {
            candidates.reverse();
        }
        Ok(candidates)
    }

    fn first_from<'c>(
        &self,
        candidates: &'c [Candidate],
        end: DateTime<Utc>,
    ) -> Option<&'c Candidate> {
        candidates.iter().find(|candidate| self.is_ahead(candidate, end))
    }

    /// The end of the last stamp that the walk comes to first, and the other one.
    fn near_end(&self) -> DateTime<Utc> {
        match self.direction {
            Direction::Forward => self.last.earliest(),
            Direction::Backward => self.last.latest(),
        }
    }

    fn far_end(&self) -> DateTime<Utc> {
        match self.direction {
            Direction::Forward => self.last.latest(),
            Direction::Backward => self.last.earliest(),
        }
    }

    /// Whether a candidate is not before `end` by more than what is only out of order. A day has no
    /// order in it yet, and no instant at which it begins on every clock.
    fn is_ahead(&self, candidate: &Candidate, end: DateTime<Utc>) -> bool {
        match (self.direction, self.day) {
            (Direction::Forward, Some(day)) => candidate.date >= day,
            (Direction::Backward, Some(day)) => candidate.date <= day,
            (Direction::Forward, None) => end - candidate.instant <= self.limit(candidate, end),
            (Direction::Backward, None) => candidate.instant - end <= self.limit(candidate, end),
        }
    }

    /// How far on the wrong side of `end` a candidate may be. More than an hour counts within one day only:
    /// `23:58` after `00:55` is the next evening.
    fn limit(&self, candidate: &Candidate, end: DateTime<Utc>) -> TimeDelta {
        let end_date = (candidate.local + (end - candidate.instant)).date();
        if end_date == candidate.local.date() {
            self.out_of_order
        } else {
            self.out_of_order.min(Walk::OUT_OF_ORDER)
        }
    }

    fn is_progress(&self, moment: Moment) -> bool {
        match self.direction {
            _ if self.day.is_some() => true,
            Direction::Forward => moment.earliest() >= self.last.earliest(),
            Direction::Backward => moment.latest() <= self.last.latest(),
        }
    }

    /// What the walk chose: out of order, or another day.
    fn choice(
        &self,
        date: NaiveDate,
        instant: DateTime<Utc>,
        parts: &Parts<'_>,
    ) -> Result<Option<Remark>, TimeError> {
        if self.day.is_some() {
            return Ok(None);
        }
        let behind = match self.direction {
            Direction::Forward => self.near_end() - instant,
            Direction::Backward => instant - self.near_end(),
        };
        if behind > TimeDelta::zero() {
            return Ok(Some(Remark::OutOfOrder(behind)));
        }
        Ok((self.last_date(parts)? != date).then_some(Remark::AnotherDay(date)))
    }

    /// The date of the last stamp, by the clock of this one.
    fn last_date(&self, parts: &Parts<'_>) -> Result<NaiveDate, TimeError> {
        let instant = self.near_end();
        let zone = parts.zone_at(instant.naive_utc(), &self.reading, &mut Vec::new())?;
        Ok(self.day.unwrap_or_else(|| zone.local(instant).date_naive()))
    }
}

/// One clock time on one day.
#[derive(Debug, Clone)]
struct Candidate {
    date: NaiveDate,
    /// What the clock shows then.
    local: NaiveDateTime,
    instant: DateTime<Utc>,
    remarks: Vec<Remark>,
    problem: Option<TimeError>,
}

impl Candidate {
    fn settled(self) -> Result<Self, TimeError> {
        match self.problem {
            Some(problem) => Err(problem),
            None => Ok(self),
        }
    }
}
