//! Times without a day or a year, read in their order from an anchor.

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

/// Reads the times of a document in order, each relative to the last one.
///
/// A **clock time** is the next one after the last time (the one before it, if the newest come
/// first). If it is on the wrong side by at most [an hour](Walk::OUT_OF_ORDER), it is out of order
/// and not on another day: two people who record one event seldom differ by more, and no incident
/// has a pause of 23 hours. It does not move the walk. A **month and day** are in the year that
/// puts them between one month behind the last time and eleven months ahead of it, in the direction
/// of the walk. Remarks record both choices. A time with a full date moves the walk to it.
///
/// A clock time that may be in either half of the day is an interval of both, unless a bound
/// ([`Walk::until`]) excludes one half.
#[derive(Debug, Clone)]
pub struct Walk {
    reading: Reading,
    direction: Direction,
    last: Moment,
    /// The date of the last time, if that was a day without a clock time. A time after it is on
    /// that date in its own zone, even where the day begins at another instant elsewhere.
    day: Option<NaiveDate>,
    bound: Option<DateTime<Utc>>,
    /// How far before the last time (after it, if backward) a time still counts as out of order.
    out_of_order: TimeDelta,
}

impl Walk {
    /// How far on the wrong side of the last time a clock time still belongs to the same day.
    pub const OUT_OF_ORDER: TimeDelta = TimeDelta::hours(1);

    /// Starts at an anchor: the day of the first time, or a moment that it follows (precedes, if
    /// the newest come first).
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

    /// Starts at the date of the first time. `None` if the calendar has no such day.
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

    /// Sets the bound that no time of the document exceeds, if it is known: when the document was
    /// published, or when the incident began.
    #[must_use]
    pub fn until(self, bound: Option<DateTime<Utc>>) -> Self {
        Walk { bound, ..self }
    }

    /// Treats times up to `limit` on the wrong side of the last one as out of order.
    #[must_use]
    pub fn out_of_order_within(self, limit: TimeDelta) -> Self {
        Walk { out_of_order: limit, ..self }
    }

    /// Reads the next time.
    ///
    /// # Errors
    /// [`TimeError`], as for [`super::read`]. The position of the walk does not change.
    pub fn next(&mut self, text: &str) -> Result<Read, TimeError> {
        let parts = foreign::parts(text);
        let dated = match parts.as_ref().map(|parts| parts.date) {
            Some(None) => None,
            Some(Some(DatePart::Yearless { .. } | DatePart::Numbers { year: None, .. })) => {
                Some(Reading { year: Year::Near(self.near_which()), ..self.reading })
            }
            // An epoch number has no parts; neither has a text that is not a time.
            None | Some(Some(DatePart::Full { .. } | DatePart::Numbers { year: Some(_), .. })) => {
                Some(self.reading)
            }
        };
        match (dated, parts) {
            (None, Some(parts)) => self.clock_only(&parts),
            (reading, parts) => {
                let reading = reading.unwrap_or(self.reading);
                let mut read = foreign::read(text, &reading)?;
                let backwards_by = match self.direction {
                    Direction::Forward => self.last.earliest() - read.moment.latest(),
                    Direction::Backward => read.moment.earliest() - self.last.latest(),
                };
                if backwards_by > TimeDelta::zero() {
                    read.remarks.push(Remark::OutOfOrder(backwards_by));
                }
                self.last = read.moment;
                let date = parts.and_then(|parts| parts.date(&reading, &mut Vec::new()).ok()?);
                self.day = date.filter(|_| read.moment.precision() == Precision::Day);
                Ok(read)
            }
        }
    }

    /// The date to which the year must be nearest. It puts a day between one month behind the last
    /// time and eleven months ahead of it, in the direction of the walk.
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
        // A day has two midnights; the next one is meant.
        let clock = if clock.half == Half::Midnight {
            ClockPart { half: Half::Stated, ..clock }
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
            // If the last time may be later, this one may be too.
            let mut from_far =
                candidates.iter().skip_while(|candidate| !self.is_ahead(candidate, self.far_end()));
            // A time within the hour after the last one is in the same half of the day.
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

    /// The clock times on the days around the last time, in the order of the walk.
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
                        // Where it would be if the clock had not changed then.
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

    /// The bound of the last time that the walk reaches first.
    fn near_end(&self) -> DateTime<Utc> {
        match self.direction {
            Direction::Forward => self.last.earliest(),
            Direction::Backward => self.last.latest(),
        }
    }

    /// The bound of the last time that the walk reaches last.
    fn far_end(&self) -> DateTime<Utc> {
        match self.direction {
            Direction::Forward => self.last.latest(),
            Direction::Backward => self.last.earliest(),
        }
    }

    /// Whether the candidate is after `end` in the direction of the walk, or out of order by at
    /// most the limit. After a day without a clock time only dates are compared: the day starts at
    /// another instant in each zone, and nothing in it has an order yet.
    fn is_ahead(&self, candidate: &Candidate, end: DateTime<Utc>) -> bool {
        match (self.direction, self.day) {
            (Direction::Forward, Some(day)) => candidate.date >= day,
            (Direction::Backward, Some(day)) => candidate.date <= day,
            (Direction::Forward, None) => end - candidate.instant <= self.limit(candidate, end),
            (Direction::Backward, None) => candidate.instant - end <= self.limit(candidate, end),
        }
    }

    /// How far on the wrong side of `end` a candidate may be. More than an hour is allowed only
    /// within one day: `23:58` after `00:55` is the next evening.
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

    /// The remark about the choice: out of order, or another day.
    fn choice(
        &self,
        date: NaiveDate,
        instant: DateTime<Utc>,
        parts: &Parts<'_>,
    ) -> Result<Option<Remark>, TimeError> {
        if self.day.is_some() {
            return Ok(None);
        }
        let backwards_by = match self.direction {
            Direction::Forward => self.near_end() - instant,
            Direction::Backward => instant - self.near_end(),
        };
        if backwards_by > TimeDelta::zero() {
            return Ok(Some(Remark::OutOfOrder(backwards_by)));
        }
        Ok((self.last_date(parts)? != date).then_some(Remark::AnotherDay(date)))
    }

    /// The date of the last time, in the zone of this one.
    fn last_date(&self, parts: &Parts<'_>) -> Result<NaiveDate, TimeError> {
        let instant = self.near_end();
        let zone = parts.zone_at(instant.naive_utc(), &self.reading, &mut Vec::new())?;
        Ok(self.day.unwrap_or_else(|| zone.local(instant).date_naive()))
    }
}

/// A clock time on one day.
#[derive(Debug, Clone)]
struct Candidate {
    date: NaiveDate,
    /// The local time then.
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
