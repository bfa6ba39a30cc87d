//! The parts of a written time, and the instant that they make.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};

use super::error::TimeError;
use super::leap;
use super::moment::{Moment, Precision};
use super::reading::{ClockStyle, DateOrder, Read, Reading, Year};
use super::remark::Remark;
use crate::model::zone::{self, Zone};

/// The parts of a written time.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts<'a> {
    pub(super) text: &'a str,
    pub(super) date: Option<DatePart>,
    pub(super) clock: Option<ClockPart>,
    pub(super) weekday: Option<Weekday>,
    /// The zones that are named. If a label follows an offset there are two, the offset first.
    pub(super) zones: Vec<&'a str>,
    pub(super) about: bool,
}

/// What the text states of the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatePart {
    /// A full date. `whole_day` if it is written as people write who use a 24-hour clock: the year
    /// first, or with full stops.
    Full { date: NaiveDate, whole_day: bool },
    /// Month and day.
    Yearless { month: u32, day: u32 },
    /// Two numbers, one of which is the day, and the year if the text has one. A year of two digits
    /// may also be the first number.
    Numbers { first: u32, second: u32, year: Option<i32>, short_year: bool },
}

/// What the text states of the clock time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClockPart {
    /// 0 to 24, as written.
    pub(super) hour: u32,
    pub(super) minute: u32,
    /// 0 to 60, as written.
    pub(super) second: u32,
    pub(super) nanos: u32,
    pub(super) precision: Precision,
    pub(super) half: Half,
    /// Only the hour is written.
    pub(super) hour_only: bool,
}

/// Which half of the day a clock time is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// The text has am or pm; the hour is already on the 24-hour clock.
    Stated,
    /// The text has neither, and is written as on a 24-hour clock: `09:45`, `14:05`, `9:45:00`.
    Whole,
    /// The text has neither, and may be on either clock: `9:45`.
    Unknown,
    /// "Midnight", which a day has twice.
    Midnight,
}

impl ClockPart {
    pub(super) fn new(
        hour: u32,
        minute: u32,
        second: Option<u32>,
        nanos: Option<u32>,
        half: Half,
    ) -> Option<Self> {
        let end_of_day =
            hour == 24 && minute == 0 && second.unwrap_or(0) == 0 && nanos.unwrap_or(0) == 0;
        if !(hour < 24 || end_of_day) || minute > 59 || second.is_some_and(|second| second > 60) {
            return None;
        }
        let precision = match (second, nanos) {
            (None, _) => Precision::Minute,
            (Some(_), None | Some(0)) => Precision::Second,
            (Some(_), Some(_)) => Precision::Subsecond,
        };
        let (second, nanos) = (second.unwrap_or(0), nanos.unwrap_or(0));
        Some(ClockPart { hour, minute, second, nanos, precision, half, hour_only: false })
    }

    /// The local time on `date`, with 23:59:59 for a leap second; 24:00 is the next day.
    pub(super) fn on(self, date: NaiveDate) -> Option<NaiveDateTime> {
        let date = if self.hour == 24 { date.succ_opt()? } else { date };
        let time = NaiveTime::from_hms_nano_opt(
            self.hour % 24,
            self.minute,
            self.second.min(59),
            self.nanos,
        )?;
        Some(date.and_time(time))
    }

    /// Both readings of a clock time whose half of the day is unknown.
    pub(super) fn halves(self) -> [ClockPart; 2] {
        let morning = ClockPart { hour: self.hour % 12, half: Half::Stated, ..self };
        [morning, ClockPart { hour: morning.hour + 12, ..morning }]
    }
}

impl Parts<'_> {
    pub(super) fn out_of_range(&self) -> TimeError {
        TimeError::OutOfRange(self.text.to_owned())
    }

    /// Whether the half of the day is unknown.
    pub(super) fn half_is_unknown(&self, style: ClockStyle) -> bool {
        let Some(clock) = self.clock else { return false };
        let both_possible = (1..=12).contains(&clock.hour);
        let whole_day = matches!(self.date, Some(DatePart::Full { whole_day: true, .. }));
        match (clock.half, style) {
            (Half::Stated | Half::Midnight, _) | (_, ClockStyle::TwentyFour) => false,
            (Half::Whole, ClockStyle::Unknown) => false,
            (Half::Unknown, ClockStyle::Unknown) => both_possible && !whole_day,
            (Half::Whole | Half::Unknown, ClockStyle::Twelve) => both_possible,
        }
    }

    /// The date, from the text and its context; `None` if the text has none.
    pub(super) fn date(
        &self,
        reading: &Reading,
        remarks: &mut Vec<Remark>,
    ) -> Result<Option<NaiveDate>, TimeError> {
        let date = match self.date {
            None => return Ok(None),
            Some(DatePart::Full { date, .. }) => date,
            Some(DatePart::Yearless { month, day }) => {
                self.in_year(month, day, None, reading.year, remarks)?
            }
            Some(DatePart::Numbers { short_year: true, .. }) if reading.order.is_none() => {
                return Err(TimeError::Unread(self.text.to_owned()));
            }
            Some(DatePart::Numbers { first, second, year, .. }) => {
                self.numbers((first, second), year, reading, remarks)?
            }
        };
        if let Some(written) = self.weekday.filter(|weekday| *weekday != date.weekday()) {
            remarks.push(Remark::WrongWeekday { written, date });
        }
        Ok(Some(date))
    }

    fn numbers(
        &self,
        (first, second): (u32, u32),
        year: Option<i32>,
        reading: &Reading,
        remarks: &mut Vec<Remark>,
    ) -> Result<NaiveDate, TimeError> {
        let day_first = (second <= 12).then_some((second, first));
        let month_first = (first <= 12).then_some((first, second));
        let (preferred, other) = match reading.order {
            Some(DateOrder::DayFirst) => (day_first, month_first),
            Some(DateOrder::MonthFirst) => (month_first, day_first),
            None if first == second => (day_first, None),
            None => match (day_first, month_first) {
                (Some(one), Some(other)) => {
                    let date = |(month, day)| {
                        self.in_year(month, day, year, reading.year, &mut Vec::new())
                    };
                    let (day_first, month_first) = (date(one)?, date(other)?);
                    return Err(TimeError::DayOrMonth {
                        text: self.text.to_owned(),
                        day_first,
                        month_first,
                    });
                }
                (one, other) => (one.or(other), None),
            },
        };
        match (preferred, other) {
            (Some((month, day)), _) => self.in_year(month, day, year, reading.year, remarks),
            (None, Some((month, day))) => {
                let date = self.in_year(month, day, year, reading.year, remarks)?;
                remarks.push(Remark::OtherOrder(date));
                Ok(date)
            }
            (None, None) => Err(self.out_of_range()),
        }
    }

    fn in_year(
        &self,
        month: u32,
        day: u32,
        year: Option<i32>,
        around: Year,
        remarks: &mut Vec<Remark>,
    ) -> Result<NaiveDate, TimeError> {
        // 2024 is a leap year, so it has every day that any year has.
        NaiveDate::from_ymd_opt(2024, month, day).ok_or_else(|| self.out_of_range())?;
        if let Some(year) = year {
            return NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| self.out_of_range());
        }
        let year = around.of(month, day).ok_or_else(|| TimeError::NoYear(self.text.to_owned()))?;
        let date = NaiveDate::from_ymd_opt(year, month, day)
            .ok_or_else(|| TimeError::NotInYear { text: self.text.to_owned(), year })?;
        remarks.push(Remark::YearFromContext(year));
        Ok(date)
    }

    /// The moment on `date`. If the half of the day is unknown, it is an interval of both readings.
    pub(super) fn on(
        &self,
        date: NaiveDate,
        reading: &Reading,
        mut remarks: Vec<Remark>,
    ) -> Result<Read, TimeError> {
        let Some(clock) = self.clock else {
            let zone = match self.zone_at(date.and_time(NaiveTime::MIN), reading, &mut Vec::new()) {
                Err(TimeError::NoZone(_)) => Zone::UTC,
                zone => zone?,
            };
            let moment = Moment::day(date, zone).ok_or_else(|| self.out_of_range())?;
            return Ok(self.finished(moment, date, remarks));
        };
        if clock.half == Half::Midnight {
            let next = date.succ_opt().ok_or_else(|| self.out_of_range())?;
            let start = self.instant(clock, date, reading, &mut remarks)?;
            let end = self.instant(clock, next, reading, &mut remarks)?;
            return Err(TimeError::Midnight { text: self.text.to_owned(), start, end });
        }
        if !self.half_is_unknown(reading.clock) {
            let instant = self.instant(clock, date, reading, &mut remarks)?;
            return Ok(self.finished(known(instant, clock), date, remarks));
        }
        let [morning, evening] = clock.halves();
        let from = self.instant(morning, date, reading, &mut remarks)?;
        let to = self.instant(evening, date, reading, &mut Vec::new())?;
        remarks.push(Remark::HalfUnknown);
        Ok(self.finished(Moment::between(known(from, clock), known(to, clock))?, date, remarks))
    }

    fn finished(&self, moment: Moment, date: NaiveDate, remarks: Vec<Remark>) -> Read {
        let hour_only = self.clock.is_some_and(|clock| clock.hour_only);
        let moment = if self.about || hour_only { moment.approximate() } else { moment };
        Read { moment, date: Some(date), remarks }
    }

    /// The zone of a clock time: its own, or that of its source.
    pub(super) fn zone_at(
        &self,
        local: NaiveDateTime,
        reading: &Reading,
        remarks: &mut Vec<Remark>,
    ) -> Result<Zone, TimeError> {
        match (self.zones.first().copied().or(reading.label), reading.zone) {
            (Some(zone), home) => {
                let found = zone::imported(local, zone, home)?;
                remarks.extend(found.assumed.map(Remark::Assumed));
                remarks.extend(found.off_season.map(Remark::OffSeason));
                Ok(found.zone)
            }
            (None, Some(zone)) => Ok(zone),
            (None, None) => Err(TimeError::NoZone(self.text.to_owned())),
        }
    }

    /// The instant of one clock time on one date.
    pub(super) fn instant(
        &self,
        clock: ClockPart,
        date: NaiveDate,
        reading: &Reading,
        remarks: &mut Vec<Remark>,
    ) -> Result<DateTime<Utc>, TimeError> {
        let local = clock.on(date).ok_or_else(|| self.out_of_range())?;
        if self.zones.is_empty() {
            remarks.push(Remark::ZoneFromContext);
        }
        let zone = self.zone_at(local, reading, remarks)?;
        let instant = zone.instant(local).map_err(zone::ZoneError::from)?;
        if let Some(label) = self.zones.get(1) {
            let offset = Zone::local(Zone::UTC, instant).naive_utc() - local;
            let beside =
                chrono::FixedOffset::west_opt(offset.num_seconds() as i32).map(Zone::Fixed);
            if let Ok(other) = zone::instant_of(local, label, beside)
                && other != instant
            {
                remarks.push(Remark::OtherLabel { label: (*label).to_owned(), instant: other });
            }
        }
        if clock.second == 60 {
            return leap::second_after(instant).ok_or_else(|| self.out_of_range());
        }
        Ok(instant)
    }
}

/// An instant with the precision that its clock time was written in.
pub(super) fn known(instant: DateTime<Utc>, clock: ClockPart) -> Moment {
    Moment { precision: clock.precision, ..Moment::exact(instant) }
}

impl Year {
    /// The year of a month and day; `None` if it is unknown.
    fn of(self, month: u32, day: u32) -> Option<i32> {
        // The year may not have that day (29 February); day 28 is close enough for choosing a year.
        let in_year = |year: i32| NaiveDate::from_ymd_opt(year, month, day.min(28));
        match self {
            Year::Unknown => None,
            Year::Is(year) => Some(year),
            Year::Near(near) => {
                let years = [near.year() - 1, near.year(), near.year() + 1];
                years.into_iter().min_by_key(|year| in_year(*year).map(|date| (date - near).abs()))
            }
            Year::UpTo(last) => {
                // A clock east of the reader's may already show the next day.
                let last = last.succ_opt().unwrap_or(last);
                let fits = (month, day) <= (last.month(), last.day());
                Some(if fits { last.year() } else { last.year() - 1 })
            }
        }
    }
}
