//! Decides which of several statements of a milestone counts, and which contradict each other.
//!
//! For a start the first statement counts, for an end the last. If two sentences disagree and no
//! such rule decides, the milestone stays unset and both places are reported, so that a person can
//! decide.

use super::{row_story, statements};
use crate::model::milestone::MilestoneName::{
    self, AcknowledgedAt, DeclaredAt, DetectedAt, FirstNoticeAt, IdentifiedAt, ImpactEnd,
    ImpactStart, MitigatedAt, ResolvedAt,
};
use crate::model::time::{Moment, Precision};
use crate::sources::record::{ProseMilestone, RowRecord};
use crate::sources::writeups::times::candidate::Candidate;
use crate::sources::writeups::times::lengths;
use crate::sources::writeups::times::reading::Times;

/// Removes statements that cannot be right, and reports disagreements. `stated` are the milestones
/// that the document gives by name, and `title` is its title.
pub(crate) fn settle(
    rows: &mut [RowRecord],
    stated: &[(MilestoneName, Moment)],
    in_prose: &mut Vec<ProseMilestone>,
    title: &str,
    times: &mut Times<'_, '_>,
) {
    row_story::tell(rows, stated, in_prose);
    part_before_whole(rows, in_prose);
    impossible(rows, stated);
    row_story::tell_end(rows, stated, in_prose, title);
    // What is after that end is no acknowledgement, and no first notice.
    impossible(rows, stated);
    in_prose.retain(|found| !stated.iter().any(|(name, _)| *name == found.name));
    for name in [IdentifiedAt, MitigatedAt] {
        one_of_several(name, rows, times);
    }
    let span = of_one_span(in_prose);
    in_prose.retain(|found| agrees(found, rows, times));
    // If an entry contradicts one end of a span, the other end is as doubtful.
    let has_end = in_prose.iter().any(|found| found.name == ImpactEnd)
        || rows.iter().any(|row| row.shows(ImpactEnd));
    if !has_end {
        in_prose.retain(|found| found.name != ImpactStart || Some(&found.because) != span.as_ref());
    }
    backwards(rows, stated, in_prose, times);
}

/// Returns the words of the sentence that states both ends of the impact.
fn of_one_span(in_prose: &[ProseMilestone]) -> Option<String> {
    let of = |name| in_prose.iter().find(|found| found.name == name);
    let (start, end) = (of(ImpactStart)?, of(ImpactEnd)?);
    (start.because == end.because).then(|| start.because.clone())
}

/// Removes the start from entries about the failure of a part, if a sentence states the whole span
/// of the impact or the failure of the service. Entries about the incident or the service as a
/// whole stay.
fn part_before_whole(rows: &mut [RowRecord], in_prose: &[ProseMilestone]) {
    let of = |name| in_prose.iter().find(|found| found.name == name);
    let Some(start) = of(ImpactStart) else { return };
    if of_one_span(in_prose).is_none() && !statements::is_of_whole(&start.because) {
        return;
    }
    for row in rows {
        if row.words_for(ImpactStart).is_some_and(|words| !statements::is_of_whole(words)) {
            forget(row, ImpactStart);
        }
    }
}

fn at(rows: &[RowRecord], name: MilestoneName) -> impl Iterator<Item = (&RowRecord, Moment)> {
    rows.iter().filter(move |row| row.shows(name)).filter_map(|row| Some((row, row.at?)))
}

fn forget(row: &mut RowRecord, name: MilestoneName) {
    row.states.retain(|(other, _)| *other != name);
}

/// Removes statements that cannot be the first of their kind. For example, users who are informed
/// after the incident is over are not informed of the incident, and something noticed after the
/// resolution is something else.
fn impossible(rows: &mut [RowRecord], stated: &[(MilestoneName, Moment)]) {
    let ends = |name: MilestoneName| {
        let by_name = stated.iter().find(|(other, _)| *other == name).map(|(_, at)| *at);
        by_name.or_else(|| at(rows, name).map(|(_, at)| at).max())
    };
    let (over, resolved) = (ends(ImpactEnd), ends(ResolvedAt));
    let begun =
        [ImpactStart, DeclaredAt].iter().flat_map(|name| at(rows, *name)).map(|(_, at)| at).min();
    // An end before every start is that of another incident, so the entries are about several.
    let is_of_several =
        over.or(resolved).zip(begun).is_some_and(|(end, begun)| end.latest() < begun.earliest());
    let known = [DeclaredAt, AcknowledgedAt]
        .iter()
        .flat_map(|name| at(rows, *name))
        .map(|(_, at)| at)
        .min();
    // Something noticed after the cause was found or the impact was mitigated is something else.
    let first = rows.iter().position(|row| row.at.is_some());
    let later = rows.get(first.map_or(0, |first| first + 1)..).unwrap_or_default();
    let repaired = [IdentifiedAt, MitigatedAt]
        .iter()
        .flat_map(|name| at(later, *name))
        .map(|(_, at)| at)
        .min();
    for (index, row) in rows.iter_mut().enumerate() {
        let own = row.at;
        // A problem that is identified in the first entry is noticed, but not yet explained.
        if Some(index) == first && !row.shows(DetectedAt) {
            let noticed = row.words_for(IdentifiedAt).map(|words| (DetectedAt, words.to_owned()));
            row.states.extend(noticed);
        }
        row.states.retain(|(name, _)| {
            let is_noticing = Some(index) == first && *name == IdentifiedAt;
            // Whoever declares or acknowledges an incident knows about it, so a later report is not
            // the first.
            let is_late = *name == DetectedAt && known.is_some() && known < own
                || *name == DetectedAt && repaired.is_some() && repaired < own;
            let end = match name {
                FirstNoticeAt => over.or(resolved),
                // Starting to investigate when the impact is over means investigating the cause.
                AcknowledgedAt if over.is_some() && over == own => return false,
                AcknowledgedAt => over.or(resolved),
                DetectedAt | DeclaredAt | IdentifiedAt => resolved,
                _ => None,
            };
            let is_after = end.zip(own).is_some_and(|(end, at)| at.earliest() > end.latest());
            // `Resolved, status page updated` is not the first notice.
            let is_last = *name == FirstNoticeAt && end.is_some() && end == own;
            !(is_last || is_of_several || is_noticing || is_late || is_after)
        });
    }
}

/// If entries state the milestone at different times, only one that is alone in containing the word
/// `cause` counts. Otherwise none counts, and the first and the last are reported.
fn one_of_several(name: MilestoneName, rows: &mut [RowRecord], times: &mut Times<'_, '_>) {
    let found: Vec<Candidate> =
        at(rows, name).map(|(row, at)| Candidate::of_row(row, at, name)).collect();
    let Some((first, last)) =
        found.first().zip(found.last()).filter(|(first, last)| first.at != last.at)
    else {
        return;
    };
    let is_sure = |words: &str| words.to_lowercase().contains("cause");
    let sure = found.iter().filter(|one| is_sure(&one.words)).count();
    let counts = |words: &str| sure == 1 && is_sure(words);
    if sure != 1 {
        times.disagree(name, first, last);
    }
    for row in rows {
        if !row.words_for(name).is_some_and(counts) {
            forget(row, name);
        }
    }
}

/// Whether a milestone in a sentence counts, which is only so if no entry states it. If an entry
/// states the same time, the entry counts; if it states another, neither does. Times may differ by
/// a minute, or by 15 if one of them is approximate.
fn agrees(found: &ProseMilestone, rows: &mut [RowRecord], times: &mut Times<'_, '_>) -> bool {
    let name = found.name;
    let line = {
        let lines = at(rows, name);
        let line = if matches!(name, ImpactEnd | ResolvedAt) {
            lines.last()
        } else {
            at(rows, name).next()
        };
        line.map(|(row, at)| Candidate::of_row(row, at, name))
    };
    let Some(line) = line else { return true };
    let moment = line.at;
    let apart = if moment < found.at {
        found.at.earliest() - moment.latest()
    } else {
        moment.earliest() - found.at.latest()
    };
    let is_rough = moment.is_about() || found.at.is_about();
    let tolerance =
        if is_rough { chrono::Duration::minutes(15) } else { chrono::Duration::minutes(1) };
    if apart > tolerance {
        times.disagree(name, &line, &Candidate::of_sentence(found));
        for row in rows {
            forget(row, name);
        }
    }
    // The entry is the evidence if both agree.
    false
}

/// The shortest duration of an impact, in seconds.
const SHORTEST: i64 = 60;

/// Computes the missing end or start of the impact from the other and the stated duration.
pub(crate) fn by_length(
    length: &str,
    rows: &[RowRecord],
    stated: &[(MilestoneName, Moment)],
    in_prose: &[ProseMilestone],
) -> Option<ProseMilestone> {
    let of = |name: MilestoneName| {
        let by_name = stated.iter().find(|(other, _)| *other == name).map(|(_, at)| *at);
        let line = || at(rows, name).next().map(|(_, at)| at);
        let sentence = || in_prose.iter().find(|found| found.name == name).map(|found| found.at);
        by_name.or_else(line).or_else(sentence)
    };
    let is_clock = |at: &Moment| at.precision() >= Precision::Minute;
    // A duration of seconds is that of a step or a response, and no impact ends before someone
    // works on it.
    let (seconds, is_about) =
        lengths::seconds(length).filter(|(seconds, _)| *seconds >= SHORTEST)?;
    let working = [AcknowledgedAt, DeclaredAt, IdentifiedAt, MitigatedAt];
    let is_early = |end: Moment| {
        working.iter().flat_map(|name| at(rows, *name)).any(|(_, at)| at.earliest() > end.latest())
    };
    let length = length.trim();
    let (name, at, because) = match (of(ImpactStart), of(ImpactEnd), of(ResolvedAt)) {
        (Some(start), None, None) if is_clock(&start) => {
            let end = start.shifted(chrono::Duration::seconds(seconds))?;
            if is_early(end) {
                return None;
            }
            (ImpactEnd, end, format!("{length} after {start}"))
        }
        // A timeline can show more than one end, and the duration may belong to another.
        (None, Some(end), _) if is_clock(&end) && rows.is_empty() => {
            let start = end.shifted(chrono::Duration::seconds(-seconds))?;
            (ImpactStart, start, format!("{length} before {end}"))
        }
        _ => return None,
    };
    let at = if is_about { at.approximate() } else { at };
    Some(ProseMilestone { name, at, because, line: None })
}

/// Removes a start and an end in the wrong order.
fn backwards(
    rows: &mut [RowRecord],
    stated: &[(MilestoneName, Moment)],
    in_prose: &mut Vec<ProseMilestone>,
    times: &mut Times<'_, '_>,
) {
    let of = |name: MilestoneName, rows: &[RowRecord], in_prose: &[ProseMilestone]| {
        let by_name = stated.iter().find(|(other, _)| *other == name);
        let by_name =
            by_name.map(|(_, at)| Candidate { at: *at, words: name.to_string(), line: None });
        let lines = |last: bool| {
            let line = if last { at(rows, name).last() } else { at(rows, name).next() };
            line.map(|(row, at)| Candidate::of_row(row, at, name))
        };
        let prose = || in_prose.iter().find(|found| found.name == name).map(Candidate::of_sentence);
        by_name.or_else(|| lines(name != ImpactStart)).or_else(prose)
    };
    for end in [ImpactEnd, ResolvedAt] {
        let (Some(start), Some(over)) = (of(ImpactStart, rows, in_prose), of(end, rows, in_prose))
        else {
            continue;
        };
        // Milestones stated by name in the wrong order are the document's own contradiction, which
        // `check` reports.
        let by_name =
            [ImpactStart, end].iter().all(|name| stated.iter().any(|(other, _)| other == name));
        if by_name || over.at.latest() >= start.at.earliest() {
            continue;
        }
        times.disagree(end, &start, &over);
        for name in [ImpactStart, end] {
            rows.iter_mut().for_each(|row| forget(row, name));
            in_prose.retain(|found| found.name != name);
        }
    }
}
