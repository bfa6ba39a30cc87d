//! Which of several statements of a milestone counts, and which contradict each other.
//!
//! What begins is what is said first, what ends what is said last. Where two sentences disagree and
//! no such rule decides, the milestone stays unset and both places are reported: a person can
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

/// What an incident begins with.
const BEGINNINGS: [MilestoneName; 3] = [ImpactStart, DetectedAt, DeclaredAt];

/// Takes back what lines and sentences cannot have meant, and reports where they disagree. `stated`
/// are the milestones that the document gives by their names, and `title` is its own.
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
    in_prose.retain(|found| !stated.iter().any(|(name, _)| *name == found.name));
    for name in [IdentifiedAt, MitigatedAt] {
        one_of_several(name, rows, times);
    }
    let span = of_one_span(in_prose);
    in_prose.retain(|found| agrees(found, rows, times));
    // Where a line contradicts one end of a span, the other end is as doubtful.
    let has_end = in_prose.iter().any(|found| found.name == ImpactEnd)
        || rows.iter().any(|row| row.shows(ImpactEnd));
    if !has_end {
        in_prose.retain(|found| found.name != ImpactStart || Some(&found.because) != span.as_ref());
    }
    backwards(rows, stated, in_prose, times);
}

/// The words of the sentence that states both ends of the impact.
fn of_one_span(in_prose: &[ProseMilestone]) -> Option<String> {
    let of = |name| in_prose.iter().find(|found| found.name == name);
    let (start, end) = (of(ImpactStart)?, of(ImpactEnd)?);
    (start.because == end.because).then(|| start.because.clone())
}

/// A sentence that states the whole span of the impact, or when the service failed, outranks a line
/// on which something failed: that may be a part. A line that speaks of the incident or the service
/// is none.
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

/// Takes back what lines say that cannot be the first of its kind: users who hear of something when
/// it is long over do not hear of the incident, and what is noticed after it was resolved is
/// another thing.
fn impossible(rows: &mut [RowRecord], stated: &[(MilestoneName, Moment)]) {
    let ends = |name: MilestoneName| {
        let by_name = stated.iter().find(|(other, _)| *other == name).map(|(_, at)| *at);
        by_name.or_else(|| at(rows, name).map(|(_, at)| at).max())
    };
    let (over, resolved) = (ends(ImpactEnd), ends(ResolvedAt));
    let begun = BEGINNINGS.iter().flat_map(|name| at(rows, *name)).map(|(_, at)| at).min();
    // An end before every beginning is of another incident: the lines are of several.
    let is_of_several =
        over.or(resolved).zip(begun).is_some_and(|(end, begun)| end.latest() < begun.earliest());
    let known = [DeclaredAt, AcknowledgedAt]
        .iter()
        .flat_map(|name| at(rows, *name))
        .map(|(_, at)| at)
        .min();
    // What is noticed after the cause was found or the impact was reduced is another thing.
    let first = rows.iter().position(|row| row.at.is_some());
    let later = rows.get(first.map_or(0, |first| first + 1)..).unwrap_or_default();
    let repaired = [IdentifiedAt, MitigatedAt]
        .iter()
        .flat_map(|name| at(later, *name))
        .map(|(_, at)| at)
        .min();
    for (index, row) in rows.iter_mut().enumerate() {
        let own = row.at;
        // A problem that the first line identifies is noticed, and not yet explained.
        if Some(index) == first && !row.shows(DetectedAt) {
            let noticed = row.words_for(IdentifiedAt).map(|words| (DetectedAt, words.to_owned()));
            row.states.extend(noticed);
        }
        row.states.retain(|(name, _)| {
            let is_noticing = Some(index) == first && *name == IdentifiedAt;
            // Who declares or acknowledges it knows of it: a later report is not the first.
            let is_late = *name == DetectedAt && known.is_some() && known < own
                || *name == DetectedAt && repaired.is_some() && repaired < own;
            let end = match name {
                FirstNoticeAt => over.or(resolved),
                // Who begins to look into it when it is over looks into its cause.
                AcknowledgedAt if over.is_some() && over == own => return false,
                AcknowledgedAt => over.or(resolved),
                DetectedAt | DeclaredAt | IdentifiedAt => resolved,
                _ => None,
            };
            let is_after = end.zip(own).is_some_and(|(end, at)| at.earliest() > end.latest());
            // `Resolved, status page updated` is no first notice.
            let is_last = *name == FirstNoticeAt && end.is_some() && end == own;
            !(is_last || is_of_several || is_noticing || is_late || is_after)
        });
    }
}

/// Of several lines that find the cause, that which says so in that word counts; of others none.
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

/// Whether no line says another time than that of a sentence. Where one does, neither counts,
/// unless one of the two is only about that time.
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
    // The line is the evidence where both say the same.
    false
}

/// A length of fewer seconds is not that of an impact.
const SHORTEST: i64 = 60;

/// The other end of an impact of which only one and the length are stated.
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
    // A step or an answer takes seconds, and no impact is over before somebody works on it.
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
        // Lines of a timeline show more than one end, and the length may be of another.
        (None, Some(end), _) if is_clock(&end) && rows.is_empty() => {
            let start = end.shifted(chrono::Duration::seconds(-seconds))?;
            (ImpactStart, start, format!("{length} before {end}"))
        }
        _ => return None,
    };
    let at = if is_about { at.approximate() } else { at };
    Some(ProseMilestone { name, at, because, line: None })
}

/// An end before the beginning: neither counts.
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
        // What the document says by name is its own contradiction, which `check` reports.
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
