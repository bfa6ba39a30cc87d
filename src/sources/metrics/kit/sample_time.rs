//! The times of samples.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use crate::model::time::{Moment, TimeError, epoch};
use crate::model::zone::{LocalTimeError, ZoneError};
use crate::sources::source::ReadError;
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;

/// The plausible years of a sample. A number in the wrong unit is outside of them.
const YEARS: std::ops::Range<i32> = 1980..2100;

/// Reads the times of one input.
#[derive(Debug, Default)]
pub(in crate::sources::metrics) struct Stamps {
    /// The last time, which decides between the two readings of a repeated hour.
    last: Option<DateTime<Utc>>,
    /// The first time without a zone, as written.
    naive: Option<(String, std::ops::Range<usize>)>,
}

impl Stamps {
    /// The time `text`, a slice of the decoded text: a number of seconds, milliseconds,
    /// microseconds or nanoseconds by its size, or a written time. Anything else is reported.
    pub(in crate::sources::metrics) fn read(
        &mut self,
        text: &str,
        warnings: &mut Warnings<'_>,
    ) -> Option<DateTime<Utc>> {
        self.read_at(text, text, warnings)
    }

    /// The same for a time composed of parts of `place`, a slice of the decoded text.
    pub(in crate::sources::metrics) fn read_at(
        &mut self,
        text: &str,
        place: &str,
        warnings: &mut Warnings<'_>,
    ) -> Option<DateTime<Utc>> {
        let text = text.trim();
        let is_date = matches!(text.len(), 8 | 12 | 14)
            && matches!(text.get(..2), Some("19" | "20"))
            && !text.contains('.');
        let instant = match epoch(text).filter(|_| !is_date) {
            Some(instant) => Ok(instant),
            None => match warnings.time(text) {
                Err(TimeError::Zone(ZoneError::Local(local))) => self.doubled(local),
                read => read.map(Moment::earliest),
            },
        };
        match instant {
            Ok(instant) if YEARS.contains(&instant.year()) => {
                self.last = Some(instant);
                Some(instant)
            }
            Ok(_) => {
                warnings.about(
                    place,
                    format!(
                        "`{}` is not the time of a sample: its year is implausible",
                        clean_line(text)
                    ),
                );
                None
            }
            Err(error @ TimeError::NoZone(_)) => {
                if self.naive.is_none() {
                    self.naive = Some((clean_line(text), warnings.span_of(place)));
                    warnings.about(place, format!("this sample was left out: {error}"));
                }
                None
            }
            Err(error) => {
                warnings.about(place, format!("this sample was left out: {error}"));
                None
            }
        }
    }

    /// A time in a repeated hour: the first reading that is not before the last sample. Without a
    /// recent sample nothing decides between the two.
    fn doubled(&self, local: LocalTimeError) -> Result<DateTime<Utc>, TimeError> {
        let readings = local.readings.map(|reading| reading.with_timezone(&Utc));
        let is_after = |at: &DateTime<Utc>| {
            self.last.is_some_and(|last| last <= *at && *at - last < TimeDelta::hours(6))
        };
        match readings.into_iter().find(is_after).filter(|_| !local.skipped) {
            Some(reading) => Ok(reading),
            None => Err(TimeError::Zone(ZoneError::Local(local))),
        }
    }

    /// The error for an input whose times have no zone.
    pub(in crate::sources::metrics) fn without_zone(&self) -> Option<ReadError> {
        let (text, span) = self.naive.as_ref()?;
        let mut error = ReadError::new(format!("its times name no zone: `{text}`"));
        error.span = Some(span.clone());
        error.hint =
            Some("say which clock they are of: --zone UTC, or --zone Europe/Berlin".to_owned());
        Some(error)
    }
}
