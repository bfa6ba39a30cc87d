use std::collections::BTreeMap;

use chrono::{Datelike, TimeDelta};

use super::context::{Context, item};
use super::duplicate_entries::{fingerprint, folded};
use super::finding::Findings;
use super::rule::rule;
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName;
use crate::model::time::{Moment, Precision};
use crate::model::timeline::{Entry, State};
use crate::model::zone::Zone;

rule! {
    /// Finds two reports of one event that differ by whole or half hours, or by another offset of a
    /// zone (Nepal's is 5 h 45), to the minute: nearly always the zone of one of them is wrong.
    ///
    /// It compares an entry with the milestone that it is evidence for, two entries of different
    /// sources with the same words, and two sources with the same sequence of states. Sources that
    /// simply disagree differ by any number of minutes; a time that was read in the wrong zone, or
    /// a winter label in summer, differs by a whole number of hours.
    ///
    /// ```yaml
    /// time_zone: Europe/Berlin
    /// milestones: {detected_at: 2026-07-17T14:09Z}
    /// timeline:
    ///   - {at: 2026-07-17T16:09Z, text: Pager went off, milestone: detected_at}    # Berlin's clock, not UTC
    /// ```
    WrongZoneLabel = "wrong-zone-label", Warning, "two sources whose times of one event differ by whole hours"
}

/// One or two words may be repeated by chance; this many letters are a sentence.
const A_SENTENCE: usize = 12;

fn check(context: &Context, findings: &mut Findings) {
    evidence(context, findings);
    let mut sources = context.incident.sources.keys();
    if sources.next().is_some() && sources.next().is_some() {
        let mut reported = Vec::new();
        states(context, &mut reported, findings);
        words(context, &mut reported, findings);
    }
}

/// The difference between `one` and `other` if it is whole or half hours, within the tolerance, and
/// at most the difference of any two zones.
pub(super) fn zone_shift(context: &Context, one: Moment, other: Moment) -> Option<TimeDelta> {
    let is_a_clock = |at: Moment| !at.is_uncertain() && at.precision() != Precision::Day;
    if !is_a_clock(one) || !is_a_clock(other) {
        return None;
    }
    let difference = (other.middle() - one.middle()).num_seconds();
    let quarters = (difference.abs() + 450) / 900;
    let rest = (difference.abs() - quarters * 900).abs();
    let is_shift =
        (quarters % 2 == 0 && (2..=104).contains(&quarters)) || QUARTER_HOURS.contains(&quarters);
    let whole = is_shift && TimeDelta::seconds(rest) <= context.definitions.tolerance();
    (whole && context.disagree(one, other))
        .then(|| TimeDelta::minutes(15 * quarters * difference.signum()))
}

/// Offsets from UTC that are not half hours, in quarters of an hour: Nepal (5 h 45), Eucla (8 h
/// 45), and the Chatham Islands (12 h 45, in summer 13 h 45). No zone has other quarters, so
/// sources that differ by these simply disagree.
const QUARTER_HOURS: [i64; 4] = [23, 35, 51, 55];

/// Compares entries with the milestones that they are evidence for.
fn evidence(context: &Context, findings: &mut Findings) {
    for (index, entry) in
        context.incident.timeline.iter().enumerate().filter(|(_, entry)| !entry.hidden)
    {
        let (Some(name), Some(at)) = (entry.milestone, entry.at) else { continue };
        let Some(known) =
            context.incident.milestones.get(name).filter(|known| known.note.is_none())
        else {
            continue;
        };
        // The first of several ends is not a wrong end.
        let was_reopened = name == MilestoneName::ResolvedAt && at.latest() < known.at.earliest();
        let Some(shift) = zone_shift(context, known.at, at).filter(|_| !was_reopened) else {
            continue;
        };
        let message = format!(
            "the entry is {} {} than {}, which it is evidence for: the zone of one of the two is likely wrong",
            length(shift),
            later(shift),
            context.named(name, known.at)
        );
        let path = item("timeline", index).then("at");
        findings.add(path, message).hint(explained(context, shift, at)).hint(
            "correct the time that is wrong; if both are right, say so in the milestone's `note`",
        );
    }
}

/// Pairs of sources, by their keys: each pair is reported once.
type Reported<'a> = Vec<(&'a str, &'a str)>;

/// Compares sources with the same states that all differ by the same shift.
fn states<'a>(context: &Context<'a>, reported: &mut Reported<'a>, findings: &mut Findings) {
    let mut by_source: BTreeMap<&str, Vec<(usize, State, Moment)>> = BTreeMap::new();
    for (index, entry, source) in sourced(context) {
        if let (Some(state), Some(at)) = (entry.state, entry.at) {
            by_source.entry(source).or_default().push((index, state, at));
        }
    }
    let lists: Vec<_> = by_source.into_iter().filter(|(_, list)| list.len() > 1).collect();
    for (position, (one, first)) in lists.iter().enumerate() {
        for (other, second) in &lists[position + 1..] {
            let is_same =
                first.len() == second.len() && first.iter().zip(second).all(|(a, b)| a.1 == b.1);
            let mut shifts = first.iter().zip(second).map(|(a, b)| zone_shift(context, a.2, b.2));
            let Some(Some(shift)) = shifts.next().filter(|_| is_same) else { continue };
            if shifts.all(|next| next == Some(shift)) {
                let (index, _, at) = second[0];
                reported.push((*one, *other));
                let what = format!(
                    "all {} states of {other} are {} {} than those of {one}",
                    second.len(),
                    length(shift),
                    later(shift)
                );
                report(context, findings, index, what, shift, at);
            }
        }
    }
}

/// Compares entries of different sources with the same words.
fn words<'a>(context: &Context<'a>, reported: &mut Reported<'a>, findings: &mut Findings) {
    let timed = sourced(context).filter_map(|(index, entry, source)| {
        Some((fingerprint(&entry.text)?, index, source, entry.at?))
            .filter(|_| entry.text.len() >= A_SENTENCE)
    });
    let mut by_words: Vec<(u64, usize, &str, Moment)> = timed.collect();
    by_words.sort_unstable_by_key(|(words, index, ..)| (*words, *index));
    let text = |index: usize| folded(&context.incident.timeline[index].text);
    for list in by_words.chunk_by(|one, next| one.0 == next.0) {
        // A repeated phrase of one source does not identify an event.
        let [(_, earlier, one, first), (_, index, other, second)] = list else { continue };
        let is_sentence = text(*index).map(char::len_utf8).sum::<usize>() >= A_SENTENCE;
        if !is_sentence || !text(*earlier).eq(text(*index)) {
            continue;
        }
        let pair = (*one.min(other), *one.max(other));
        let Some(shift) = zone_shift(context, *first, *second)
            .filter(|_| one != other && !reported.contains(&pair))
        else {
            continue;
        };
        reported.push(pair);
        let what = format!("{other} reports this {} {} than {one}", length(shift), later(shift));
        report(context, findings, *index, what, shift, *second);
    }
}

/// The visible entries with a source, and its key.
fn sourced<'a>(context: &Context<'a>) -> impl Iterator<Item = (usize, &'a Entry, &'a str)> {
    let visible = context.incident.timeline.iter().enumerate().filter(|(_, entry)| !entry.hidden);
    visible
        .filter_map(|(index, entry)| Some((index, entry, entry.source.as_ref()?.source.as_str())))
}

fn report(
    context: &Context,
    findings: &mut Findings,
    index: usize,
    what: String,
    shift: TimeDelta,
    at: Moment,
) {
    let message = format!("{what}: the zone of one of the two is likely wrong");
    let finding = findings.add(item("timeline", index).then("at"), message);
    finding.hint(explained(context, shift, at));
    finding.hint("import the source that is wrong again with `--zone`, or correct its times");
}

fn length(shift: TimeDelta) -> Elapsed {
    Elapsed { precision: Precision::Minute, ..Elapsed::exactly(shift.abs()) }
}

fn later(shift: TimeDelta) -> &'static str {
    if shift > TimeDelta::zero() { "later" } else { "earlier" }
}

/// The clock that would explain the shift.
fn explained(context: &Context, shift: TimeDelta, at: Moment) -> String {
    let home = context.incident.zone();
    let ahead = |zone: Zone| i64::from(zone.local(at.middle()).offset().local_minus_utc());
    let sources =
        context.incident.sources.values().filter_map(|source| source.zone.as_deref()?.parse().ok());
    let known = std::iter::once(home)
        .chain(sources)
        .find(|&zone| ahead(zone).abs() == shift.num_seconds().abs());
    if let Some(zone) = known {
        return format!(
            "{zone} is {} from UTC then: one of the two may be its clock, read as UTC",
            length(shift)
        );
    }
    if shift.abs() == TimeDelta::hours(1) && changes_its_clock(home, at) {
        return format!(
            "{home} changes its clock by an hour: one of the two may have the label of the other season"
        );
    }
    // The later of the two shows a later local time, so its zone is to the east.
    let (sign, minutes) = if shift > TimeDelta::zero() {
        ('+', shift.num_minutes())
    } else {
        ('-', -shift.num_minutes())
    };
    format!(
        "the clock of UTC{sign}{:02}:{:02}, read as UTC, would be off by that",
        minutes / 60,
        minutes % 60
    )
}

fn changes_its_clock(zone: Zone, at: Moment) -> bool {
    let year = at.middle().year();
    let offset = |month| {
        let date =
            chrono::NaiveDate::from_ymd_opt(year, month, 1)?.and_time(chrono::NaiveTime::MIN);
        Some(zone.local(date.and_utc()).offset().local_minus_utc())
    };
    offset(1) != offset(7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident, update, with};
    use crate::analysis::rules::check as check_all;
    use crate::analysis::rules::tests::found;
    use crate::model::Incident;
    use crate::model::milestone::MilestoneName::DetectedAt;
    use crate::model::origin::{EntryRef, SourceInfo};

    fn evidence_at(at: &str) -> Incident {
        let mut incident = with("zone", &[(DetectedAt, "2026-07-17T14:09Z")]);
        incident.time_zone = Some("Europe/Berlin".into());
        incident.timeline =
            vec![Entry { milestone: Some(DetectedAt), ..entry(at, "Pager went off.") }];
        incident
    }

    fn from(source: &str, entry: Entry) -> Entry {
        Entry { source: Some(EntryRef::new(source, "r")), ..entry }
    }

    fn hints(incident: &Incident) -> Vec<String> {
        let definitions = crate::analysis::config::Definitions::default();
        let all = check_all(&Context::new(incident, &definitions, &[], None));
        all.into_iter()
            .filter(|finding| finding.rule == "wrong-zone-label")
            .map(|finding| finding.hints[0].clone())
            .collect()
    }

    #[test]
    fn local_time_labelled_as_utc_is_reported() {
        let incident = evidence_at("2026-07-17T16:10Z");
        assert_eq!(
            found(&WrongZoneLabel, &incident),
            [
                "warning timeline[0].at: the entry is 2 h later than detected_at (2026-07-17 16:09 CEST), which it is evidence for: the zone of one of the two is likely wrong"
            ]
        );
        assert_eq!(
            hints(&incident),
            ["Europe/Berlin is 2 h from UTC then: one of the two may be its clock, read as UTC"]
        );
        assert_eq!(
            hints(&evidence_at("2026-07-17T15:09Z")),
            [
                "Europe/Berlin changes its clock by an hour: one of the two may have the label of the other season"
            ]
        );
        assert_eq!(
            hints(&evidence_at("2026-07-17T19:39Z")),
            ["the clock of UTC+05:30, read as UTC, would be off by that"]
        );
    }

    #[test]
    fn other_differences_and_recorded_choices_are_accepted() {
        for at in [
            "2026-07-17T14:21Z",
            "2026-07-17T14:11Z",
            "2026-07-17T15:14Z",
            "~2026-07-18",
            "2026-07-19T16:09Z",
        ] {
            assert!(found(&WrongZoneLabel, &evidence_at(at)).is_empty(), "{at}");
        }
        let mut decided = evidence_at("2026-07-17T16:09Z");
        decided.milestones.detected_at.as_mut().unwrap().note =
            Some("The pager was two hours late.".into());
        assert!(found(&WrongZoneLabel, &decided).is_empty());
    }

    #[test]
    fn same_updates_shifted_by_whole_hours_are_reported() {
        let mut two = incident("two");
        two.sources.insert("S1".into(), SourceInfo::default());
        two.sources.insert("S2".into(), SourceInfo::default());
        two.timeline = vec![
            from("S1", entry("2026-07-17T14:09Z", "Error rate above five percent")),
            from("S2", entry("2026-07-17T15:10Z", "error rate above five percent.")),
            from("S1", entry("2026-07-17T14:39Z", "Rolled the release back")),
            from("S2", entry("2026-07-17T15:39Z", "Rolled the release back")),
        ];
        let reported = found(&WrongZoneLabel, &two);
        assert_eq!(
            reported,
            [
                "warning timeline[1].at: S2 reports this 1 h later than S1: the zone of one of the two is likely wrong"
            ]
        );
        two.timeline = vec![
            from("S1", update("2026-07-17T14:09Z", State::Investigating, "Looking.")),
            from("S1", update("2026-07-17T14:50Z", State::Resolved, "Over.")),
            from("S2", update("2026-07-17T13:09Z", State::Investigating, "We look into it.")),
            from("S2", update("2026-07-17T13:51Z", State::Resolved, "It is over.")),
        ];
        assert_eq!(
            found(&WrongZoneLabel, &two),
            [
                "warning timeline[2].at: all 2 states of S2 are 1 h earlier than those of S1: the zone of one of the two is likely wrong"
            ]
        );
        two.timeline[3].at = "2026-07-17T14:45Z".parse().ok();
        assert!(
            found(&WrongZoneLabel, &two).is_empty(),
            "one hour and then five minutes is no zone"
        );
    }

    #[test]
    fn hourly_repeated_update_is_not_a_zone_error() {
        let mut one = incident("hourly");
        one.sources.insert("S1".into(), SourceInfo::default());
        one.sources.insert("S2".into(), SourceInfo::default());
        let again = |source, at| from(source, entry(at, "We are still investigating."));
        one.timeline = vec![again("S1", "2026-07-17T14:00Z"), again("S1", "2026-07-17T15:00Z")];
        assert!(found(&WrongZoneLabel, &one).is_empty());
        one.timeline.extend([again("S2", "2026-07-17T14:00Z"), again("S2", "2026-07-17T15:00Z")]);
        assert!(found(&WrongZoneLabel, &one).is_empty());
    }
}
