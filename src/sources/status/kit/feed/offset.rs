//! Infers the meaning of a source's zone labels from its own dates with a numeric offset.
//!
//! Half of the systems that write `PST` write it all year. If the same source also writes a date
//! with an offset, `-0700` in summer, that offset is the meaning of the label.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

use super::timestamp::{Home, Stamp, without_day_name};
use crate::model::zone::{self, Zone};

/// A source's dates with a numeric offset: the local time and its offset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::sources::status) struct Offsets(Vec<(NaiveDateTime, FixedOffset)>);

impl Offsets {
    /// The offsets of some dates. `Z` and `+0000` are ignored: servers write them in any zone.
    pub(in crate::sources::status) fn of<T: AsRef<str>>(
        dates: impl IntoIterator<Item = T>,
    ) -> Self {
        let read = |date: T| {
            let date = date.as_ref().trim();
            let date = date.split_once(" (").map_or(date, |(date, _)| date);
            let parsed = DateTime::parse_from_rfc3339(date)
                .or_else(|_| DateTime::parse_from_str(date, "%Y-%m-%d %H:%M:%S %z"))
                .or_else(|_| {
                    DateTime::parse_from_str(without_day_name(date), "%d %b %Y %H:%M:%S %z")
                });
            let parsed = parsed.ok()?;
            (parsed.offset().local_minus_utc() != 0)
                .then(|| (parsed.naive_local(), *parsed.offset()))
        };
        Offsets(dates.into_iter().filter_map(read).collect())
    }

    /// Adds a clock time that comes with its exact time.
    pub(in crate::sources::status) fn see(&mut self, local: NaiveDateTime, instant: DateTime<Utc>) {
        // A timestamp has no seconds, and no current offset has any.
        let seconds = (local - instant.naive_utc()).num_seconds() + 59;
        let offset =
            i32::try_from(seconds - seconds.rem_euclid(60)).ok().and_then(FixedOffset::east_opt);
        self.0.extend(offset.map(|offset| (local, offset)));
    }

    /// The zone that `label` means by these offsets: a fixed offset, or a place if the label is
    /// also used in the other season there. `None` if it is not a label, no offset matches one of
    /// its meanings, or two disagree.
    pub(in crate::sources::status) fn zone_of(&self, label: &str) -> Option<Zone> {
        if !zone::is_label(label) {
            return None;
        }
        let mut zones: Vec<Zone> = self
            .0
            .iter()
            .filter_map(|(local, offset)| zone::shown_by(label, *local, *offset))
            .collect();
        // In winter, local time and the literal label agree, so the place is more informative.
        if zones.iter().any(|zone| matches!(zone, Zone::Named(_))) {
            zones.retain(|zone| matches!(zone, Zone::Named(_)));
        }
        let first = *zones.first()?;
        zones.iter().all(|zone| *zone == first).then_some(first)
    }

    /// Replaces the label of `stamp` by the zone that it means. If the user gave a zone that has
    /// this label, that zone decides.
    pub(in crate::sources::status) fn settle(&self, stamp: &mut Stamp, home: Home) {
        let Some(shown) = self.zone_of(&stamp.zone) else { return };
        if !home.decides(stamp) {
            stamp.zone = shown.to_string();
        }
    }

    /// `text`, which ends with a clock time and an optional label, with the zone that the label
    /// means.
    pub(in crate::sources::status) fn settled<'t>(
        &self,
        text: &'t str,
        home: Home,
    ) -> Cow<'t, str> {
        let Some((clock, label)) = text.trim_end().rsplit_once([' ', '\u{a0}']) else {
            return Cow::Borrowed(text);
        };
        match self.zone_of(label) {
            Some(shown) if !home.owns(label) => Cow::Owned(format!("{clock} {shown}")),
            _ => Cow::Borrowed(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::feed::timestamp::stamp;

    const NOBODY: Home = Home { zone: None };

    #[test]
    fn offset_of_the_source_defines_a_zone_label() {
        let zone = |dates: &[&str], label: &str| {
            Offsets::of(dates).zone_of(label).map(|zone| zone.to_string())
        };
        let summer = "Mon, 28 Jul 2025 14:48:00 -0700";
        assert_eq!(zone(&[summer], "PST").as_deref(), Some("America/Los_Angeles"));
        assert_eq!(
            zone(&["2025-07-28T14:48:00-07:00"], "PST").as_deref(),
            Some("America/Los_Angeles")
        );
        assert_eq!(
            zone(&["2025-07-28 14:48:00 -0700"], "PST").as_deref(),
            Some("America/Los_Angeles")
        );
        let winter = "28 Jan 2025 14:48:00 -0800 (PST)";
        assert_eq!(zone(&[winter], "PST").as_deref(), Some("-08:00"));
        assert_eq!(zone(&[winter, summer], "PST").as_deref(), Some("America/Los_Angeles"));
        assert_eq!(
            zone(&["Mon, 28 Jul 2025 14:48:00 +0200"], "CET").as_deref(),
            Some("Europe/Berlin")
        );
        assert_eq!(
            zone(&["Mon, 28 Jul 2025 14:48:00 +0800"], "PST").as_deref(),
            Some("+08:00"),
            "the Philippines"
        );
        for (date, label) in [
            ("Mon, 28 Jul 2025 14:48:00 +0000", "PST"),
            ("Mon, 28 Jul 2025 14:48:00 GMT", "PST"),
            ("Mon, 28 Jul 2025 14:48:00 +0530", "PST"),
            (summer, "America/New_York"),
            (summer, ""),
        ] {
            assert_eq!(zone(&[date], label), None, "{date} {label}");
        }
    }

    #[test]
    fn exact_time_next_to_a_local_time_shows_its_offset() {
        let mut offsets = Offsets::default();
        offsets
            .see("2025-07-03T20:15:00".parse().unwrap(), "2025-07-04T03:15:30Z".parse().unwrap());
        assert_eq!(
            offsets.zone_of("PST").map(|zone| zone.to_string()).as_deref(),
            Some("America/Los_Angeles")
        );
        assert_eq!(offsets.zone_of("PDT").map(|zone| zone.to_string()).as_deref(), Some("-07:00"));
    }

    #[test]
    fn given_zone_decides_first_if_it_uses_the_label() {
        let offsets = Offsets::of(["Mon, 28 Jul 2025 14:48:00 -0700"]);
        let settled = |home: &str| {
            let home = Home { zone: home.parse().ok() };
            let mut read = stamp("Jul 28, 14:48 PST").unwrap();
            offsets.settle(&mut read, home);
            (read.zone, offsets.settled("14:48 PST", home).into_owned())
        };
        let place = ("America/Los_Angeles".to_owned(), "14:48 America/Los_Angeles".to_owned());
        assert_eq!((settled(""), settled("UTC")), (place.clone(), place));
        assert_eq!(settled("Asia/Manila"), ("PST".to_owned(), "14:48 PST".to_owned()));
        assert_eq!(offsets.settled("28/07 5:30pm", NOBODY), "28/07 5:30pm");
    }
}
