//! ULIDs: they distinguish the ids of incident.io from those of Statuspage, whose API it copies.

use chrono::{DateTime, Utc};

use crate::sources::json::JsonHead;

/// Whether the first ids of a page, an incident or an update are ULIDs, and no page has a zone.
pub(in crate::sources::status) fn is_incident_io(head: &JsonHead) -> bool {
    let first = |path: &str| head.first(path).or_else(|| head.first(&format!("[]{path}")));
    let ids = [
        ".page.id",
        ".incidents[].id",
        ".incidents[].page_id",
        ".incidents[].incident_updates[].id",
        ".scheduled_maintenances[].id",
        ".incident.id",
        ".components[].id",
        ".id",
    ];
    let has_zone = head.has(".page.time_zone") || head.has("[].page.time_zone");
    !has_zone && ids.iter().find_map(|path| first(path)).is_some_and(|id| made_at(id).is_some())
}

/// The time in a ULID: 26 characters of Crockford's base 32, of which ten are milliseconds since
/// 1970.
pub(in crate::sources::status) fn made_at(ulid: &str) -> Option<DateTime<Utc>> {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digit = |byte: u8| {
        DIGITS.iter().position(|known| *known == byte).and_then(|value| i64::try_from(value).ok())
    };
    // A larger first digit would not fit in 128 bits.
    let is_ulid = ulid.len() == 26
        && ulid.as_bytes()[0] <= b'7'
        && ulid.bytes().all(|byte| digit(byte).is_some());
    let millis =
        || ulid.bytes().take(10).try_fold(0i64, |millis, byte| Some(millis * 32 + digit(byte)?));
    is_ulid.then(millis).flatten().and_then(DateTime::from_timestamp_millis)
}
