//! The parts of an incident file's text as posts with times.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::feed::offset::Offsets;
use super::feed::posts::{self, Post};
use super::feed::timestamp::{Home, Order};
use super::page_body::{Segment, state};
use super::page_file::ZONE_HINT;
use crate::diag::Diagnostic;
use crate::model::time::{DateOrder, Direction, Moment, Reading, TimeError, Walk};
use crate::model::zone::Zone;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The dated posts, and the text of the undated ones.
pub(in crate::sources::status) struct PagePosts {
    /// The dated ones, in file order.
    pub(in crate::sources::status) posts: Vec<Post>,
    /// The others, in file order, as one Markdown text.
    pub(in crate::sources::status) text: String,
    /// Whether some timestamps need a zone.
    pub(in crate::sources::status) lacks_zone: bool,
}

/// Reads the timestamps of an incident's parts. A timestamp without a year continues from the one
/// before it, the oldest from `date`; a part without a readable time stays text.
///
/// `offsets` are those in the settings of the file, which define the labels of its timestamps.
pub(in crate::sources::status) fn stamped(
    segments: &[Segment<'_>],
    date: Moment,
    offsets: &Offsets,
    order: Order,
    zone: Option<Zone>,
    warnings: &mut Warnings<'_>,
) -> PagePosts {
    let mut found = PagePosts { posts: Vec::new(), text: String::new(), lacks_zone: false };
    let mut unknown = BTreeSet::new();
    let mut untimed: Vec<String> = Vec::new();
    let times = times(segments, date, offsets, order, zone, warnings);
    found.lacks_zone = times.lack_zone;
    for (segment, at) in segments.iter().zip(times.known) {
        let Some(at) = at else {
            let stamp = segment.stamp.filter(|_| segment.is_tracked);
            untimed.push(
                stamp.map_or(segment.whole.to_owned(), |stamp| {
                    format!("{} ({stamp})", segment.whole)
                }),
            );
            continue;
        };
        let state = state(segment.word);
        if state.is_none() && !segment.word.is_empty() && unknown.insert(segment.word) {
            warnings.about(
                segment.word,
                format!("a post has the unknown state `{}`", clean_line(segment.word)),
            );
        }
        // An unusual word says more than the state that it means.
        let is_plain = posts::state(segment.word).is_some() && !segment.text.is_empty();
        let text =
            clean_markdown(if is_plain { segment.text } else { segment.whole }, TextKind::Markdown);
        found.posts.push(Post { at, created: None, word: clean_line(segment.word), state, text });
    }
    found.text = untimed.join("\n\n");
    found
}

/// The times of the parts.
struct Times {
    /// The time of each part with a readable timestamp.
    known: Vec<Option<Moment>>,
    /// Whether some timestamps need a zone.
    lack_zone: bool,
}

fn times(
    segments: &[Segment<'_>],
    date: Moment,
    offsets: &Offsets,
    order: Order,
    zone: Option<Zone>,
    warnings: &mut Warnings<'_>,
) -> Times {
    let mut walk = Walk::new(
        date,
        Direction::Forward,
        Reading { order: date_order(segments), ..Reading::in_zone(zone) },
    );
    let mut without_zone: Vec<&str> = Vec::new();
    let mut oldest_first: Vec<&Segment<'_>> = segments.iter().collect();
    if order == Order::NewestFirst {
        oldest_first.reverse();
    }
    let mut times = Vec::with_capacity(segments.len());
    for segment in oldest_first {
        let read = segment
            .stamp
            .map(|stamp| (stamp, time(stamp, segment.is_tracked, offsets, &mut walk, warnings)));
        times.push(match read {
            None => None,
            Some((_, Ok(at))) => Some(at),
            Some((stamp, Err(TimeError::NoZone(_)))) => {
                without_zone.push(stamp);
                None
            }
            Some((stamp, Err(error))) => {
                warnings.about(stamp, format!("{error}; its text is stored at `date`"));
                None
            }
        });
    }
    if order == Order::NewestFirst {
        times.reverse();
    }
    if let Some(stamp) = without_zone.first() {
        let count = without_zone.len();
        let posts = if count == 1 {
            "1 of its posts has a stamp".to_owned()
        } else {
            format!("{count} of its posts have stamps")
        };
        let message = format!("{posts} without a zone (`{stamp}`): the text is stored, at `date`");
        let warning = Diagnostic::warning(message).hint(format!("add zones, {ZONE_HINT}"));
        warnings.report_about(stamp, warning);
    }
    Times { known: times, lack_zone: !without_zone.is_empty() }
}

fn time(
    stamp: &str,
    is_tracked: bool,
    offsets: &Offsets,
    walk: &mut Walk,
    warnings: &mut Warnings<'_>,
) -> Result<Moment, TimeError> {
    let settled = offsets.settled(stamp, Home { zone: warnings.zone() });
    if is_tracked {
        return if settled == stamp { warnings.time(stamp) } else { warnings.time(&settled) };
    }
    // The French notation: `15h50`.
    let read = walk.next(&HOUR.replace(&settled, "$1:$2"))?;
    warnings.doubts(stamp, &read);
    Ok(read.moment)
}

static HOUR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(\d{1,2})h(\d{2})\b").expect("a pattern that is tested"));

/// The order of day and month in headings, if one of them decides it for all.
fn date_order(segments: &[Segment<'_>]) -> Option<DateOrder> {
    let numbers = |stamp: &str| -> Option<(u32, u32)> {
        let (first, rest) = stamp.split_once(['/', '.'])?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        Some((first.trim().parse().ok()?, rest[..digits].parse().ok()?))
    };
    let pairs: Vec<_> =
        segments.iter().filter(|s| !s.is_tracked).filter_map(|s| numbers(s.stamp?)).collect();
    match (pairs.iter().any(|pair| pair.0 > 12), pairs.iter().any(|pair| pair.1 > 12)) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}
