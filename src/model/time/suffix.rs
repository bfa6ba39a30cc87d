//! The suffixes of RFC 9557: `2026-03-17T09:13+01:00[Europe/Berlin][u-ca=iso8601]`.

use chrono::{DateTime, NaiveDateTime, Offset, Utc};

use super::error::TimeError;
use crate::model::zone::{self, Zone};

/// The text after a clock time, in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Suffix<'a> {
    /// The text before the brackets: an offset, `Z`, another zone, or nothing.
    pub(super) before: &'a str,
    /// The zone in brackets.
    pub(super) zone: Option<&'a str>,
}

/// Parses `rest`, the end of `text`. `None` if it has no brackets. An unknown suffix is ignored,
/// unless a `!` marks it as critical.
///
/// # Errors
/// [`TimeError`] for an unknown critical suffix, and for text that is not a suffix.
pub(super) fn read<'a>(text: &str, rest: &'a str) -> Result<Option<Suffix<'a>>, TimeError> {
    let Some((before, mut brackets)) = rest.find('[').map(|at| rest.split_at(at)) else {
        return Ok(None);
    };
    let shape = || TimeError::Shape(text.to_owned());
    let mut zone = None;
    let mut is_first = true;
    while !brackets.is_empty() {
        let inner = brackets.strip_prefix('[').ok_or_else(shape)?;
        let (inner, after) = inner.split_once(']').ok_or_else(shape)?;
        let (is_critical, name) =
            inner.strip_prefix('!').map_or((false, inner), |name| (true, name));
        if name.is_empty() {
            return Err(shape());
        }
        match name.contains('=') {
            true if is_critical => {
                return Err(TimeError::CriticalSuffix {
                    text: text.to_owned(),
                    suffix: format!("[{inner}]"),
                });
            }
            true => {}
            false if is_first => zone = Some(name),
            false => return Err(shape()),
        }
        is_first = false;
        brackets = after;
    }
    Ok(Some(Suffix { before: before.trim_end(), zone }))
}

impl Suffix<'_> {
    /// The instant of `local`, the clock time before this suffix in `text`.
    ///
    /// # Errors
    /// [`TimeError`] if there is no zone, the zone is unknown, or it does not have the offset at
    /// that instant. `Z` only says that the instant is in UTC, and contradicts no zone.
    pub(super) fn instant(
        &self,
        text: &str,
        local: NaiveDateTime,
        home: Option<Zone>,
    ) -> Result<DateTime<Utc>, TimeError> {
        let Some(name) = self.zone else {
            if self.before.is_empty() {
                return Err(TimeError::NoZone(text.to_owned()));
            }
            return Ok(zone::instant_of(local, self.before, home)?);
        };
        let zone: Zone = name.parse()?;
        if self.before.is_empty() {
            return Ok(zone.instant(local).map_err(zone::ZoneError::from)?);
        }
        let instant = zone::instant_of(local, self.before, home)?;
        let shown = Zone::local(zone, instant).naive_local();
        let clock = shown - instant.naive_utc();
        let is_utc = matches!(self.before, "Z" | "z");
        if !is_utc && instant.naive_utc() + clock != local {
            let zone_offset = chrono::FixedOffset::east_opt(clock.num_seconds() as i32)
                .map_or_else(|| "UTC".to_owned(), |offset| offset.fix().to_string());
            return Err(TimeError::OffsetConflict {
                text: text.to_owned(),
                offset: self.before.to_owned(),
                zone: name.to_owned(),
                zone_offset,
            });
        }
        Ok(instant)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::time::Moment;

    fn read(text: &str) -> String {
        match Moment::parse(text, None) {
            Ok(moment) => moment.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn bracketed_zone_is_read_and_checked() {
        insta::assert_snapshot!(
            [
                "2026-03-17T09:13+01:00[Europe/Berlin]",
                "2026-03-17T09:13:20+01:00[!Europe/Berlin]",
                "2026-03-17T08:13Z[Europe/Berlin]",
                "2026-03-17T09:13[Europe/Berlin]",
                "2026-03-17 09:13+01:00 [Europe/Berlin]",
                "2026-10-25T02:30+01:00[Europe/Berlin]",
                "~2026-03-17T09:13+01:00[Europe/Berlin]",
                "2026-03-17T09:13+01:00[Europe/Berlin]..2026-03-17T09:14+01:00[Europe/Berlin]",
                "2026-03-17T09:13+01:00[+01:00]",
                "2026-03-17T09:13+01:00[u-ca=iso8601]",
                "2026-03-17T09:13+01:00[Europe/Berlin][u-ca=hebrew][x=y]",
                "2026-03-17T09:13+02:00[Europe/Berlin]",
                "2026-03-17T09:13+00:00[Europe/Berlin]",
                "2026-03-17T09:13+01:00[Europe/Berlin][!u-ca=hebrew]",
                "2026-03-17T09:13+01:00[Europe/Berln]",
                "2026-03-17T09:13+01:00[Europe/Berlin][Europe/Paris]",
                "2026-03-17T09:13+01:00[Europe/Berlin",
                "2026-03-17T09:13+01:00[]",
                "2026-03-17T09:13[u-ca=iso8601]",
                "2026-03-29T02:30[Europe/Berlin]",
            ]
            .map(|text| format!("{text}\n  {}", read(text)))
            .join("\n"),
            @r"
            2026-03-17T09:13+01:00[Europe/Berlin]
              2026-03-17T08:13Z
            2026-03-17T09:13:20+01:00[!Europe/Berlin]
              2026-03-17T08:13:20Z
            2026-03-17T08:13Z[Europe/Berlin]
              2026-03-17T08:13Z
            2026-03-17T09:13[Europe/Berlin]
              2026-03-17T08:13Z
            2026-03-17 09:13+01:00 [Europe/Berlin]
              2026-03-17T08:13Z
            2026-10-25T02:30+01:00[Europe/Berlin]
              2026-10-25T01:30Z
            ~2026-03-17T09:13+01:00[Europe/Berlin]
              ~2026-03-17T08:13Z
            2026-03-17T09:13+01:00[Europe/Berlin]..2026-03-17T09:14+01:00[Europe/Berlin]
              2026-03-17T08:13Z..2026-03-17T08:14Z
            2026-03-17T09:13+01:00[+01:00]
              2026-03-17T08:13Z
            2026-03-17T09:13+01:00[u-ca=iso8601]
              2026-03-17T08:13Z
            2026-03-17T09:13+01:00[Europe/Berlin][u-ca=hebrew][x=y]
              2026-03-17T08:13Z
            2026-03-17T09:13+02:00[Europe/Berlin]
              `2026-03-17T09:13+02:00[Europe/Berlin]` contradicts itself: Europe/Berlin is at +01:00 then, not at +02:00
            2026-03-17T09:13+00:00[Europe/Berlin]
              `2026-03-17T09:13+00:00[Europe/Berlin]` contradicts itself: Europe/Berlin is at +01:00 then, not at +00:00
            2026-03-17T09:13+01:00[Europe/Berlin][!u-ca=hebrew]
              `2026-03-17T09:13+01:00[Europe/Berlin][!u-ca=hebrew]` says that `[!u-ca=hebrew]` must be understood, and posthoc does not know it
            2026-03-17T09:13+01:00[Europe/Berln]
              unknown time zone `Europe/Berln`
            2026-03-17T09:13+01:00[Europe/Berlin][Europe/Paris]
              `2026-03-17T09:13+01:00[Europe/Berlin][Europe/Paris]` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval
            2026-03-17T09:13+01:00[Europe/Berlin
              `2026-03-17T09:13+01:00[Europe/Berlin` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval
            2026-03-17T09:13+01:00[]
              `2026-03-17T09:13+01:00[]` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval
            2026-03-17T09:13[u-ca=iso8601]
              `2026-03-17T09:13[u-ca=iso8601]` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin
            2026-03-29T02:30[Europe/Berlin]
              2026-03-29 02:30:00 does not exist in Europe/Berlin: it may mean 2026-03-29T02:30:00+01:00 or 2026-03-29T02:30:00+02:00
            "
        );
    }
}
