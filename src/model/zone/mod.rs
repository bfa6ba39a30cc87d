//! Zones as people write them: offsets, IANA names and abbreviations.
//!
//! An abbreviation names an offset, or a clock that changes with the season, and often several of
//! them. The zone of the file or of the source decides between them. Otherwise an incident file
//! gets an error with the candidates ([`zone_at`]), and an import gets the most common meaning with
//! a warning ([`imported`]).
//!
//! `labels` contains the abbreviations and `names` the names in Rails and Windows. `written` has
//! the rule for incident files, `import` the rule for imports, and `season` finds labels that do
//! not fit the time of year.

mod clock;
mod context;
mod import;
mod labels;
mod names;
mod season;
mod tz;
mod written;

#[cfg(test)]
mod properties;

pub use clock::{LocalTimeError, Zone};
pub(super) use context::{home, takes_naive_times};
pub use context::{with_home, with_naive_times};
pub use import::{Assumption, Imported, imported, shown_by};
pub use season::{OffSeason, off_season, off_season_in_prose};
pub use tz::{Tz, release};
pub(super) use written::OFFSETS;
pub use written::{
    Commonest, ZoneError, commonest, instant_of, is_known, is_label, label, zone_at,
};
