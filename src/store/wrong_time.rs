//! Advice about a time in a file that cannot be read.

use crate::diag::Diagnostic;
use crate::model::time::{self, Moment, Read, Remark, TimeError};
use crate::model::zone::{Assumption, Zone, ZoneError};

/// Adds advice if `problem` is that `text` is not a time. serde only preserves the message of an
/// error, so the error is produced again.
pub(super) fn about_time(problem: Diagnostic, text: &str, home: Option<Zone>) -> Diagnostic {
    let Err(error) = Moment::parse(text, home) else { return problem };
    if !problem.message.ends_with(&error.to_string()) {
        return problem;
    }
    let problem = problem.code(error.rule());
    match &error {
        // The time is in another form, whose parser explains the rest.
        TimeError::Shape(_) => match time::read(text, &time::Reading::in_zone(home)) {
            Ok(read) if assumption(&read).is_some() => {
                let meanings = assumption(&read).map(Assumption::meanings).unwrap_or_default();
                problem.code(Some("ambiguous-time")).hint(meanings)
            }
            Ok(read) if read.doubts().next().is_none() => {
                problem.hint(format!("did you mean `{}`?", read.moment))
            }
            Err(error) if error.rule().is_some() => {
                problem.code(error.rule()).hint(error.to_string())
            }
            _ => problem,
        },
        TimeError::NoZone(_) => {
            let written = with_zone(text, home);
            match home {
                Some(_) => problem.hint(format!(
                    "write `{written}`, or set `naive_times = \"file\"` in posthoc.toml"
                )),
                None => problem.hint(format!("write `{written}`, with the zone whose clock it is")),
            }
        }
        TimeError::OffsetConflict { offset, zone, .. } => {
            let before = text.split(offset.as_str()).next().unwrap_or(text);
            let clock = before.replacen('T', " ", 1);
            problem.hint(format!("write `{before}{offset}`, or `{clock} {zone}`"))
        }
        TimeError::CriticalSuffix { suffix, .. } => {
            problem.hint(format!("write `{}`", text.replacen(suffix.as_str(), "", 1)))
        }
        TimeError::Zone(ZoneError::Ambiguous { .. }) => problem
            .hint("write the offset, such as +01:00, or a place; or say `time_zone:` in the file"),
        TimeError::Zone(ZoneError::Local(_)) => {
            problem.hint("write the offset instead of the zone")
        }
        TimeError::Zone(error) => zone_hint(problem, error),
        _ => problem,
    }
}

/// `text` with a zone after each of its times that has none: the zone of the file, or an example.
fn with_zone(text: &str, home: Option<Zone>) -> String {
    let zone = home.map_or_else(|| "Europe/Berlin".to_owned(), |zone| zone.to_string());
    let times = text.split("..").map(|time| match Moment::parse(time, home) {
        Err(TimeError::NoZone(_)) => format!("{} {zone}", time.trim().replacen('T', " ", 1)),
        _ => time.to_owned(),
    });
    times.collect::<Vec<_>>().join("..")
}

fn assumption(read: &Read) -> Option<&Assumption> {
    read.doubts().find_map(|doubt| {
        if let Remark::Assumed(assumption) = doubt { Some(assumption) } else { None }
    })
}

pub(super) fn zone_hint(problem: Diagnostic, error: &ZoneError) -> Diagnostic {
    match error {
        ZoneError::Unknown { nearest: Some(nearest), .. } => {
            problem.hint(format!("did you mean `{nearest}`?"))
        }
        _ => problem,
    }
}

/// The diagnostic for an unknown zone.
pub(super) fn wrong_zone(error: &ZoneError) -> Diagnostic {
    let problem = Diagnostic::error(error.to_string());
    match error {
        ZoneError::Unknown { nearest: Some(nearest), .. } => {
            problem.hint(format!("did you mean `{nearest}`?"))
        }
        _ => problem,
    }
}
