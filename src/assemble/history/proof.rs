//! What the milestones of an incident are, by its posts.
//!
//! What a status page says is `reported`: it bounds the harm, it is not the harm. The updates
//! decide when it was resolved, for a page's own `resolved_at` may be older than its last word.
//!
//! A post that is shown earlier than it was written proves no more than any other: its author put
//! the first sign there, or the first report, or the day that a form asks for. `impact_start` is
//! set only from a field of the source that means it, and [`remarks`](super::remarks) tells of the
//! dated post.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::EntryRef;
use crate::model::time::{Moment, Precision};
use crate::model::timeline::{Entry, State};
use crate::sources::record::{IncidentRecord, UpdateRecord};

/// A post that is shown as older than it is by more than this was dated back on purpose.
const BACK_DATED: TimeDelta = TimeDelta::minutes(2);

/// A milestone and the update that proves it.
pub(super) struct Proof {
    pub(super) name: MilestoneName,
    pub(super) milestone: Milestone,
    pub(super) update: Option<usize>,
}

/// What `record`, which is the source `source`, proves, and by which of its updates. `is_followed` is
/// whether the incident file has posts about it already that `record` lacks.
pub(super) fn milestones(record: &IncidentRecord, source: &str, is_followed: bool) -> Vec<Proof> {
    let mut proofs = Vec::new();
    let mut prove = |name, at: Moment, update: Option<usize>| {
        let key = update.map_or(EntryRef { source: source.to_owned(), record: None }, |index| {
            EntryRef::new(source, record.updates[index].id.replace(['#', '@'], "-"))
        });
        let milestone = Milestone { at, basis: Basis::Reported, source: Some(key), note: None };
        proofs.push(Proof { name, milestone, update });
    };
    if let Some(at) = record.impact_start {
        prove(MilestoneName::ImpactStart, at, None);
    }
    if let Some(at) = record.impact_end.filter(|_| !has_ends_alike(record)) {
        prove(MilestoneName::ImpactEnd, at, None);
    }
    // A source that does not say when it was announced has the latest posts only, as one may have
    // that does, and those prove an end, but nothing that comes before it.
    let has_beginning = record.announced.is_some() && !record.latest_only;
    let first = record.updates.first().filter(|_| has_beginning);
    if let (Some(first), false) = (first, is_retrospective(record)) {
        let posted = back_dated(first);
        let at = posted.map_or(first.at, Moment::exact);
        prove(MilestoneName::FirstNoticeAt, at, Some(0));
    }
    let is_told_alone = record.updates.is_empty() && record.resolved != record.announced;
    if let (Some(at), true) = (record.announced, is_told_alone || record.latest_only) {
        prove(MilestoneName::FirstNoticeAt, at, None);
    }
    if let Some(index) =
        record.updates.iter().position(|update| update.state == Some(State::Identified))
        && has_beginning
    {
        prove(MilestoneName::IdentifiedAt, record.updates[index].at, Some(index));
    }
    if let Some(index) = resolving(&record.updates)
        && !is_filed_by_day(record)
        && (is_followed || !closes_alone(record))
        && !is_stamped_alike(record, index)
    {
        prove(MilestoneName::ResolvedAt, record.updates[index].at, Some(index));
    }
    if let Some(at) =
        record.resolved.filter(|_| is_closed_without_post(record) && !has_ends_alike(record))
        && record.updates.last().is_none_or(|last| last.at <= at)
    {
        prove(MilestoneName::ResolvedAt, at, None);
    }
    proofs
}

impl Proof {
    /// Whether the entry's own time is the milestone's: that of a post dated back is not.
    pub(super) fn is_shown_by(&self, entry: &Entry) -> bool {
        entry.at == Some(self.milestone.at)
    }
}

/// Whether the source has one time for the start and for the end. There are tools that stamp both
/// when a record is closed; no recovery takes no time. Where no field gives the start, the
/// announcement is the start.
pub(super) fn has_ends_alike(record: &IncidentRecord) -> bool {
    let is_time = |at: &Moment| at.precision() != Precision::Day;
    let end = record.impact_end.or(record.resolved);
    let announced = record.announced.filter(|_| is_closed_without_post(record));
    let start = record.impact_start.or(announced).filter(is_time);
    !record.maintenance && start.is_some_and(|start| Some(start) == end)
}

/// The time that the source has for the start and for the end alike, in its fields or in its posts.
pub(super) fn one_time_for_both(record: &IncidentRecord) -> Option<Moment> {
    if has_ends_alike(record) {
        return record.impact_end.or(record.resolved);
    }
    let closing = resolving(&record.updates).filter(|_| !record.maintenance)?;
    is_stamped_alike(record, closing).then_some(record.updates[closing].at)
}

/// Whether the post that opened the incident and the one that closed it have the very same second,
/// and nothing else says when it began. Stamps that are known to the minute may be up to a minute
/// apart, and prove a short incident.
fn is_stamped_alike(record: &IncidentRecord, closing: usize) -> bool {
    let (first, last) = (&record.updates[0], &record.updates[closing]);
    let opens = first.state.is_some_and(|state| state.is_phase() && !state.is_terminal());
    let has_start = record.impact_start.is_some() || record.scheduled.is_some();
    opens && !has_start && first.at == last.at && first.at.precision() >= Precision::Second
}

/// Whether the only post about an incident is the one that closes it, and nothing says when it
/// began. The post is then the whole record, written after the fact: the incident was over at its
/// time at the latest, and neither the start nor the end is known. A write-up that follows changes
/// nothing of that; another post of the life cycle does, for the page was then following the incident.
pub fn closes_alone(record: &IncidentRecord) -> bool {
    let has_start =
        record.impact_start.is_some() || record.scheduled.is_some() || record.latest_only;
    let is_of_life_cycle = |state: Option<State>| state != Some(State::Postmortem);
    let mut posts = record.updates.iter().filter(|update| is_of_life_cycle(update.state));
    let (Some(only), None) = (posts.next(), posts.next()) else { return false };
    let was_announced = |announced: Moment| only.at.earliest() - announced.latest() > BACK_DATED;
    only.state.is_some_and(State::is_terminal)
        && !has_start
        && back_dated(only).is_none()
        && !record.announced.is_some_and(was_announced)
        && !record.untimed.iter().any(|post| is_of_life_cycle(post.state))
}

/// When a post was written, if the page shows an earlier time for it.
pub(super) fn back_dated(update: &UpdateRecord) -> Option<DateTime<Utc>> {
    update.created.filter(|created| *created - update.at.latest() > BACK_DATED)
}

/// Whether it was all told after it was over, so that nobody had notice of it while it went on: the
/// first post is the one that closes it, was written after the end and dated back, or comes after the
/// end of the harm, where the source says when that was.
pub(super) fn is_retrospective(record: &IncidentRecord) -> bool {
    if record.latest_only {
        return false;
    }
    let told = record.updates.first().and_then(back_dated);
    let first_told = told.or(record.updates.first().map(|first| first.at.earliest()));
    if record.impact_end.zip(first_told).is_some_and(|(end, told)| told > end.latest()) {
        return true;
    }
    let Some(end) = resolving(&record.updates) else { return false };
    end == 0 || told.is_some_and(|told| told > record.updates[end].at.latest())
}

/// Whether all there is is a closing post that was dated back. Its time is then neither the start
/// nor the end: pages file such an incident under a day, with a clock time of the form's own (the
/// one in a real capture says noon, to the millisecond).
pub(super) fn is_filed_by_day(record: &IncidentRecord) -> bool {
    resolving(&record.updates) == Some(0) && record.updates.first().and_then(back_dated).is_some()
}

/// Whether the page calls it closed and none of its posts does: the capture lacks them.
pub(super) fn is_closed_without_post(record: &IncidentRecord) -> bool {
    let closes = |state: Option<State>| state.is_some_and(State::is_terminal);
    (closes(record.state) || record.state == Some(State::Postmortem))
        && !record.updates.iter().any(|update| closes(update.state))
}

/// The update that ended it: the last terminal one, unless a later one says that it goes on.
/// Within one minute a terminal state wins, for pages do not keep that order.
fn resolving(updates: &[UpdateRecord]) -> Option<usize> {
    let is_terminal = |update: &UpdateRecord| update.state.is_some_and(State::is_terminal);
    let last = updates.iter().rposition(is_terminal)?;
    let goes_on = updates[last + 1..].iter().any(|later| {
        later.state.is_some_and(State::is_phase)
            && later.at.earliest() - updates[last].at.latest() >= TimeDelta::minutes(1)
    });
    if goes_on {
        return None;
    }
    // Several posts may say "resolved" at the end; it was resolved at the first of that run.
    let run = updates[..last]
        .iter()
        .rposition(|update| update.state.is_some_and(State::is_phase) && !is_terminal(update));
    updates
        .iter()
        .enumerate()
        .skip(run.map_or(0, |index| index + 1))
        .find(|(_, update)| is_terminal(update))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::Provenance;
    use crate::assemble::history::fixture::{
        extended, from, imported, long, record, short, trust, update,
    };
    use crate::assemble::history::{incident, wanted_id};
    use crate::model::{Incident, Status};

    #[test]
    fn latest_post_only_source_can_give_the_announcement() {
        let announced = Some("2026-03-17T14:00Z".parse().unwrap());
        let only = vec![update("u3", "2026-03-17T15:00Z", State::Resolved)];
        let record = IncidentRecord { announced, latest_only: true, ..record(only) };
        let first = incident(&record, wanted_id(&record), &from());
        assert_eq!(
            first.milestones.first_notice_at.as_ref().unwrap().at.to_string(),
            "2026-03-17T14:00Z"
        );
        assert_eq!(
            first.milestones.resolved_at.as_ref().unwrap().at.to_string(),
            "2026-03-17T15:00Z"
        );
        assert_eq!(
            (&first.timeline[0].milestone, &first.tags),
            (&Some(MilestoneName::ResolvedAt), &vec![])
        );
        let later = IncidentRecord {
            updates: vec![update("u9", "2026-03-18T09:00Z", State::Postmortem)],
            ..record
        };
        assert_eq!(
            extended(&first, &later, false, trust()).notes,
            [],
            "what is not the latest is not gone"
        );
    }

    #[test]
    fn relapse_reopens_and_the_last_end_counts() {
        let mut updates = long();
        updates.push(update("u4", "2026-03-17T15:30Z", State::Investigating));
        assert_eq!(imported(updates.clone()).milestones.resolved_at, None);
        updates.push(update("u5", "2026-03-17T16:00Z", State::Resolved));
        updates.push(update("u6", "2026-03-17T17:00Z", State::Postmortem));
        let at = |incident: Incident| incident.milestones.resolved_at.unwrap().at.to_string();
        assert_eq!(at(imported(updates)), "2026-03-17T16:00Z");
        let same_minute = vec![
            update("a", "2026-03-17T15:00:05Z", State::Resolved),
            update("b", "2026-03-17T15:00:40Z", State::Investigating),
        ];
        assert_eq!(at(imported(same_minute)), "2026-03-17T15:00:05Z");
    }

    #[test]
    fn resolved_field_of_the_page_counts_without_a_closing_post() {
        let closed = |updates: Vec<UpdateRecord>, resolved: Option<&str>| {
            let record = IncidentRecord {
                announced: Some("2026-03-17T14:00Z".parse().unwrap()),
                resolved: resolved.map(|at| at.parse().unwrap()),
                state: Some(State::Resolved),
                ..record(updates)
            };
            incident(&record, wanted_id(&record), &from())
        };
        let at = |incident: &Incident, name| incident.milestones.at(name).map(|at| at.to_string());
        for updates in [short(), vec![]] {
            let known = closed(updates.clone(), Some("2026-03-17T15:00Z"));
            assert_eq!(at(&known, MilestoneName::ResolvedAt).as_deref(), Some("2026-03-17T15:00Z"));
            assert_eq!(
                at(&known, MilestoneName::FirstNoticeAt).as_deref(),
                Some("2026-03-17T14:00Z")
            );
            let unknown = closed(updates, None);
            assert_eq!(
                (at(&unknown, MilestoneName::ResolvedAt), unknown.status()),
                (None, Some(Status::Resolved))
            );
        }
        let relapse =
            [long(), vec![update("u4", "2026-03-17T15:30Z", State::Investigating)]].concat();
        let reopened = closed(relapse, Some("2026-03-17T15:00Z"));
        assert_eq!(
            (at(&reopened, MilestoneName::ResolvedAt), reopened.status()),
            (None, Some(Status::Ongoing))
        );
        let filed = closed(vec![], Some("2026-03-17T14:00Z"));
        assert_eq!(at(&filed, MilestoneName::FirstNoticeAt), None, "else it was reported for 0 s");
    }

    #[test]
    fn post_after_the_impact_gives_no_first_notice() {
        let mut record = record(vec![update("u1", "2026-03-17T14:00Z", State::Investigating)]);
        record.updates[0].state = None;
        record.impact_start = Some("2026-03-17T10:00Z".parse().unwrap());
        let told = |record: &IncidentRecord| {
            let incident = incident(record, "a".parse().unwrap(), &Provenance::default());
            (incident.tags, incident.milestones.first_notice_at.is_some())
        };
        assert_eq!(told(&record), (vec![], true), "nobody knows when it ended");
        record.impact_end = Some("2026-03-17T12:00Z".parse().unwrap());
        assert_eq!(told(&record), (vec!["retrospective".to_owned()], false));
        record.impact_end = Some("2026-03-17T14:00Z".parse().unwrap());
        assert_eq!(told(&record), (vec![], true));
    }
}
