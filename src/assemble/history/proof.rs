//! Derives the milestones of an incident from its posts.
//!
//! The times of a status page are `reported`: they bound the impact, but they are not the impact.
//! The updates decide when the incident was resolved, since the page's own `resolved_at` may be
//! older than its last update.
//!
//! A post that is displayed with an earlier time than it was written proves no more than any other:
//! its author may have entered the first sign, the first report, or the day that a form asks for.
//! `impact_start` is set only from a field of the source with that meaning, and
//! [`remarks`](super::remarks) reports the backdated post.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::EntryRef;
use crate::model::time::{Moment, Precision};
use crate::model::timeline::{Entry, State};
use crate::sources::record::{IncidentRecord, UpdateRecord};

/// A post that is displayed as older than it is by more than this was backdated on purpose.
const BACK_DATED: TimeDelta = TimeDelta::minutes(2);

/// A milestone with the update that proves it.
pub(super) struct Proof {
    pub(super) name: MilestoneName,
    pub(super) milestone: Milestone,
    pub(super) update: Option<usize>,
}

/// The milestones that `record`, the source `source`, proves, each with its update. `is_followed`
/// says whether the incident file already has posts that `record` lacks.
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
    // A source that does not say when it was announced, like one that only has the latest posts,
    // proves an end but nothing before it.
    let has_beginning = record.announced.is_some() && !record.latest_only;
    let first = record.updates.first().filter(|_| has_beginning);
    if let (Some(first), false) = (first, is_retrospective(record)) {
        let posted = back_dated(first);
        let at = posted.map_or(first.at, Moment::exact);
        prove(MilestoneName::FirstNoticeAt, at, Some(0));
    }
    let is_only_announced = record.updates.is_empty() && record.resolved != record.announced;
    if let (Some(at), true) = (record.announced, is_only_announced || record.latest_only) {
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
    /// Whether the milestone has the entry's own time; the time of a backdated post is not used.
    pub(super) fn is_shown_by(&self, entry: &Entry) -> bool {
        entry.at == Some(self.milestone.at)
    }
}

/// Whether the source has the same time for the start and the end. Some tools set both when a
/// record is closed, and no recovery takes no time. If no field gives the start, the announcement
/// counts as the start.
pub(super) fn has_ends_alike(record: &IncidentRecord) -> bool {
    let is_time = |at: &Moment| at.precision() != Precision::Day;
    let end = record.impact_end.or(record.resolved);
    let announced = record.announced.filter(|_| is_closed_without_post(record));
    let start = record.impact_start.or(announced).filter(is_time);
    !record.maintenance && start.is_some_and(|start| Some(start) == end)
}

/// The time that the source gives for both the start and the end, in its fields or in its posts.
pub(super) fn one_time_for_both(record: &IncidentRecord) -> Option<Moment> {
    if has_ends_alike(record) {
        return record.impact_end.or(record.resolved);
    }
    let closing = resolving(&record.updates).filter(|_| !record.maintenance)?;
    is_stamped_alike(record, closing).then_some(record.updates[closing].at)
}

/// Whether the opening post and the closing post of the incident are in the same second, and
/// nothing else shows when it began. Times that are known to the minute may differ by up to a
/// minute, and prove a short incident.
fn is_stamped_alike(record: &IncidentRecord, closing: usize) -> bool {
    let (first, last) = (&record.updates[0], &record.updates[closing]);
    let opens = first.state.is_some_and(|state| state.is_phase() && !state.is_terminal());
    let has_start = record.impact_start.is_some() || record.scheduled.is_some();
    opens && !has_start && first.at == last.at && first.at.precision() >= Precision::Second
}

/// Whether the only post about an incident closes it, and nothing shows when it began. The post is
/// then the whole record, written afterwards: the incident was resolved at its time at the latest,
/// and neither the start nor the end is known. A write-up after it changes nothing; another post of
/// the life cycle does, since it shows that the page followed the incident.
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

/// When a post was written, if the page displays an earlier time for it.
pub(super) fn back_dated(update: &UpdateRecord) -> Option<DateTime<Utc>> {
    update.created.filter(|created| *created - update.at.latest() > BACK_DATED)
}

/// Whether the page reported the incident only after it was resolved, so that nobody had notice
/// while it was ongoing: the first post closes it, was written after the end and backdated, or is
/// later than the end of the impact, if the source states that.
pub(super) fn is_retrospective(record: &IncidentRecord) -> bool {
    if record.latest_only {
        return false;
    }
    let written = record.updates.first().and_then(back_dated);
    let first_written = written.or(record.updates.first().map(|first| first.at.earliest()));
    if record.impact_end.zip(first_written).is_some_and(|(end, written)| written > end.latest()) {
        return true;
    }
    let Some(end) = resolving(&record.updates) else { return false };
    end == 0 || written.is_some_and(|written| written > record.updates[end].at.latest())
}

/// Whether the record is only a backdated closing post. Its time is then neither the start nor the
/// end: pages file such an incident under a day, with a default clock time of the form (one real
/// capture has noon, to the millisecond).
pub(super) fn is_filed_by_day(record: &IncidentRecord) -> bool {
    resolving(&record.updates) == Some(0) && record.updates.first().and_then(back_dated).is_some()
}

/// Whether the page says that the incident is closed, but none of its posts does: the capture lacks
/// them.
pub(super) fn is_closed_without_post(record: &IncidentRecord) -> bool {
    let closes = |state: Option<State>| state.is_some_and(State::is_terminal);
    (closes(record.state) || record.state == Some(State::Postmortem))
        && !record.updates.iter().any(|update| closes(update.state))
}

/// The update that ended the incident: the last terminal one, unless a later one shows that it is
/// ongoing. Within one minute a terminal state wins, since pages do not preserve that order.
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
    // Several posts may say "resolved" at the end; the first of them resolved it.
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
        let tags_and_notice = |record: &IncidentRecord| {
            let incident = incident(record, "a".parse().unwrap(), &Provenance::default());
            (incident.tags, incident.milestones.first_notice_at.is_some())
        };
        assert_eq!(tags_and_notice(&record), (vec![], true), "nobody knows when it ended");
        record.impact_end = Some("2026-03-17T12:00Z".parse().unwrap());
        assert_eq!(tags_and_notice(&record), (vec!["retrospective".to_owned()], false));
        record.impact_end = Some("2026-03-17T14:00Z".parse().unwrap());
        assert_eq!(tags_and_notice(&record), (vec![], true));
    }
}
