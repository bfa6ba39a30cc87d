use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::context::{Context, item, milestone, window};
use super::finding::Findings;
use super::order::{AFTERWARDS, in_place, misplaced, moved};
use super::rule::rule;
use crate::model::milestone::MilestoneName;
use crate::model::path::Path;
use crate::model::time::{Moment, Precision};
use crate::model::timeline::{Entry, State};
use crate::model::zone::Zone;
use crate::model::{Incident, Kind};

rule! {
    /// Finds a time that is far from the other times of the incident, and would be among them with
    /// another year, month or day.
    ///
    /// In January people still write the previous year, and a copied line still has its old month.
    /// Such a time turns an incident of minutes into one of months.
    ///
    /// Work that continues for months, a write-up weeks later, and something that was set up a year
    /// before it expired are not mistakes: a later month is only questioned if the clock time would
    /// fit as well, and an entry of the timeline only if it is among entries of another date.
    ///
    /// ```yaml
    /// milestones:
    ///   detected_at: 2026-03-18T14:05Z
    ///   impact_end: 2026-03-18T15:55Z
    ///   resolved_at: 2026-05-18T15:55Z     # two months later, to the minute
    /// ```
    DateTypo = "date-typo", Warning, "a year, month or day that does not fit the times around it"
}

/// Times that differ by more than this belong to two clusters, when a year may be wrong.
const YEARS_APART: TimeDelta = TimeDelta::days(120);
/// The same, when a month may be wrong.
const MONTHS_APART: TimeDelta = TimeDelta::days(14);

/// Words for things that last for a year.
const TERMS: [&str; 7] = ["certif", "licen", "contract", "issued", "renew", "expir", "valid"];

fn check(context: &Context, findings: &mut Findings) {
    let mut reported: Vec<Owner> = Vec::new();
    for row in misplaced(context) {
        if let Some(meant) = in_place(context, &row) {
            let of = Owner::Entry(row.index);
            report(context, findings, of.path(), row.at, meant);
            reported.push(of);
        }
    }
    // Planned work is announced long before.
    if context.incident.kind() == Kind::Maintenance {
        return;
    }
    if is_close_together(context) {
        return;
    }
    let mut points = points(context);
    for (distance, is_year) in [(YEARS_APART, true), (MONTHS_APART, false)] {
        points.retain(|point| !reported.contains(&point.of));
        let Some(core) = core(context, &points, distance) else { continue };
        for point in points.iter().filter(|point| !core.contains(point.at)) {
            let meant = if is_year { point.in_year_of(&core) } else { point.in_month_of(&core) };
            if let Some(meant) = meant {
                report(context, findings, point.of.path(), point.at, meant);
                reported.push(point.of);
            }
        }
    }
}

/// What a time belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Milestone(MilestoneName),
    WindowStart(usize),
    WindowEnd(usize),
    SeverityChange(usize),
    Entry(usize),
}

impl Owner {
    fn path(self) -> Path {
        match self {
            Owner::Milestone(name) => milestone(name),
            Owner::WindowStart(index) => window(index).then("start"),
            Owner::WindowEnd(index) => window(index).then("end"),
            Owner::SeverityChange(index) => item("severity_history", index).then("at"),
            Owner::Entry(index) => item("timeline", index).then("at"),
        }
    }
}

/// A time of the incident that may be wrong.
struct Point {
    of: Owner,
    at: Moment,
    zone: Zone,
    /// Whether it may really be from an earlier year.
    may_be_old: bool,
}

/// The cluster of times that are taken to be right.
struct Core {
    zone: Zone,
    instants: Vec<DateTime<Utc>>,
}

impl Core {
    fn first(&self) -> DateTime<Utc> {
        self.instants[0]
    }

    fn last(&self) -> DateTime<Utc> {
        self.instants[self.instants.len() - 1]
    }

    fn contains(&self, at: Moment) -> bool {
        (self.first()..=self.last()).contains(&at.middle())
    }

    /// The days of the first and the last time, in the zone of the file.
    fn days(&self) -> [NaiveDate; 2] {
        [self.first(), self.last()].map(|instant| self.zone.local(instant).date_naive())
    }
}

impl Point {
    fn in_year_of(&self, core: &Core) -> Option<DateTime<Utc>> {
        let (first, last) = (core.first() - TimeDelta::days(1), core.last() + TimeDelta::days(1));
        let meant = core
            .days()
            .into_iter()
            .filter_map(|day| moved(self.zone, self.at, |date| date.with_year(day.year())));
        meant.filter(|meant| (first..=last).contains(meant)).find(|_| !self.may_be_old)
    }

    fn in_month_of(&self, core: &Core) -> Option<DateTime<Utc>> {
        let is_line = matches!(self.of, Owner::Entry(_));
        let is_exact = !is_line && !self.may_be_old && self.at.precision() != Precision::Day;
        let fits =
            |meant: &DateTime<Utc>| (core.first()..=core.last() + AFTERWARDS).contains(meant);
        let in_month = |day: NaiveDate| {
            moved(self.zone, self.at, |date| date.with_month(day.month())?.with_year(day.year()))
        };
        let swapped = moved(self.zone, self.at, |date| {
            NaiveDate::from_ymd_opt(date.year(), date.day(), date.month())
        });
        core.days().into_iter().filter_map(in_month).chain(swapped).find(fits).filter(|_| is_exact)
    }
}

/// The fast path: whether all times are so close together that none can be wrong, as in most files.
fn is_close_together(context: &Context) -> bool {
    let mut times = times(context.incident).map(|(_, at)| at.middle());
    let Some(first) = times.next() else { return true };
    let (first, last) =
        times.fold((first, first), |(first, last), at| (first.min(at), last.max(at)));
    last - first <= MONTHS_APART
}

/// Every time of the incident that may be wrong.
fn times(incident: &Incident) -> impl Iterator<Item = (Owner, Moment)> {
    let windows = incident.impact.windows.iter().enumerate();
    let starts = windows.clone().map(|(index, one)| (Owner::WindowStart(index), one.start));
    let ends = windows.filter_map(|(index, one)| Some((Owner::WindowEnd(index), one.end?)));
    let changes = incident.severity_history.iter().enumerate();
    let entries = incident.timeline.iter().enumerate().filter(|(_, entry)| !is_aside(entry));
    (incident.milestones.known().map(|(name, known)| (Owner::Milestone(name), known.at)))
        .chain(starts)
        .chain(ends)
        .chain(changes.map(|(index, change)| (Owner::SeverityChange(index), change.at)))
        .chain(entries.filter_map(|(index, entry)| Some((Owner::Entry(index), entry.at?))))
}

/// The times of the incident in order.
fn points(context: &Context) -> Vec<Point> {
    let incident = context.incident;
    let zone = incident.zone();
    let point = |(of, at)| Point {
        of,
        at,
        zone,
        may_be_old: of == Owner::Milestone(MilestoneName::TriggerAt),
    };
    let mut points: Vec<Point> = times(incident).map(point).collect();
    points.sort_by_key(|point| point.at.middle());
    // The texts are only searched if a time is far away.
    if points.windows(2).any(|pair| pair[1].at.middle() - pair[0].at.middle() > YEARS_APART) {
        for point in &mut points {
            if let Owner::Entry(index) = point.of {
                point.may_be_old = speaks_of_a_term(&incident.timeline[index]);
            }
        }
    }
    points
}

/// Whether the time of an entry says nothing about when the incident was.
fn is_aside(entry: &Entry) -> bool {
    entry.hidden || matches!(entry.state, Some(State::Postmortem | State::Scheduled))
}

fn speaks_of_a_term(entry: &Entry) -> bool {
    let text = entry.text.to_lowercase();
    TERMS.iter().any(|word| text.contains(word))
}

/// The largest cluster of `points` that differ by at most `distance`, if there are several. Of two
/// with the same size, the one with the date of the file's id, or else the later one.
fn core(context: &Context, points: &[Point], distance: TimeDelta) -> Option<Core> {
    let heaps: Vec<&[Point]> =
        points.chunk_by(|one, next| next.at.middle() - one.at.middle() <= distance).collect();
    if heaps.len() < 2 {
        return None;
    }
    let zone = context.incident.zone();
    let named: Option<NaiveDate> =
        context.incident.id.as_str().get(..10).and_then(|day| day.parse().ok());
    let is_named = |heap: &[Point]| {
        let day = |point: &Point| zone.local(point.at.middle()).date_naive();
        named.is_some_and(|named| {
            heap.iter().any(|point| (day(point) - named).num_days().abs() <= 1)
        })
    };
    let heap = heaps.into_iter().max_by_key(|heap| (heap.len(), is_named(heap)))?;
    (heap.len() > 1)
        .then(|| Core { zone, instants: heap.iter().map(|point| point.at.middle()).collect() })
}

fn report(
    context: &Context,
    findings: &mut Findings,
    path: Path,
    at: Moment,
    meant: DateTime<Utc>,
) {
    let meant = Moment::known_to(meant, at.precision());
    let days = (at.middle() - meant.middle()).num_days().abs().max(1);
    let zone = context.incident.zone();
    let [wrong, right] = [at, meant].map(|moment| zone.local(moment.middle()).date_naive());
    let what = match (wrong.year() == right.year(), wrong.month() == right.month()) {
        (false, _) => "year",
        (true, false) => "month",
        (true, true) => "day",
    };
    let days = if days == 1 { "a day".to_owned() } else { format!("{days} days") };
    let message = format!(
        "{} is {days} off the times around it; {} would fit",
        context.show(at),
        context.show(meant)
    );
    findings
        .add(path, message)
        .hint(format!("check the {what}; if it is right, there is nothing to do"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, with};
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{
        DeclaredAt, DetectedAt, ImpactEnd, ImpactStart, ResolvedAt, TriggerAt,
    };

    fn incident() -> Incident {
        let mut incident = with(
            "2026-03-18-typo",
            &[
                (ImpactStart, "2026-03-18T14:00Z"),
                (DetectedAt, "2026-03-18T14:05Z"),
                (ImpactEnd, "2026-03-18T15:55Z"),
                (ResolvedAt, "2026-03-18T16:00Z"),
            ],
        );
        incident.timeline = vec![
            entry("2026-03-18T14:05Z", "Pager."),
            entry("2026-03-18T14:22Z", "Drained the node."),
            entry("2026-03-18T15:31Z", "Larger machine."),
            entry("2026-03-18T15:55Z", "It works."),
        ];
        incident
    }

    #[test]
    fn wrong_year_or_month_in_a_milestone_is_reported() {
        let mut wrong = incident();
        wrong.milestones.detected_at.as_mut().unwrap().at = "2025-03-18T14:05Z".parse().unwrap();
        wrong.milestones.resolved_at.as_mut().unwrap().at = "2026-05-18T15:55Z".parse().unwrap();
        assert_eq!(
            found(&DateTypo, &wrong),
            [
                "warning milestones.detected_at: 2025-03-18 14:05 UTC is 365 days off the times around it; 2026-03-18 14:05 UTC would fit",
                "warning milestones.resolved_at: 2026-05-18 15:55 UTC is 61 days off the times around it; 2026-03-18 15:55 UTC would fit",
            ]
        );
    }

    #[test]
    fn single_wrong_month_is_reported() {
        let mut wrong = incident();
        wrong.milestones.resolved_at.as_mut().unwrap().at = "2026-05-18T16:00Z".parse().unwrap();
        assert!(found(&DateTypo, &wrong)[0].contains("2026-03-18 16:00 UTC would fit"));
    }

    #[test]
    fn file_name_decides_between_two_equally_common_years() {
        let halves = with(
            "2023-01-05-halves",
            &[
                (DetectedAt, "2023-01-04"),
                (DeclaredAt, "2022-01-05T08:56Z"),
                (ImpactEnd, "2023-02-01T10:30Z"),
                (ResolvedAt, "2022-02-01T10:30Z"),
            ],
        );
        let reported = found(&DateTypo, &halves);
        assert_eq!(reported.len(), 2, "{reported:?}");
        assert!(
            reported[0].contains("declared_at")
                && reported[0].ends_with("2023-01-05 08:56 UTC would fit"),
            "{reported:?}"
        );
        assert!(
            reported[1].contains("resolved_at")
                && reported[1].ends_with("2023-02-01 10:30 UTC would fit"),
            "{reported:?}"
        );
    }

    #[test]
    fn entry_with_an_outlying_date_is_reported() {
        let mut wrong = incident();
        wrong.timeline.push(entry("2026-03-08T15:58Z", "All is well."));
        wrong.timeline[1].at = "2025-03-18T14:22Z".parse().ok();
        assert_eq!(
            found(&DateTypo, &wrong),
            [
                "warning timeline[1].at: 2025-03-18 14:22 UTC is 365 days off the times around it; 2026-03-18 14:22 UTC would fit",
                "warning timeline[4].at: 2026-03-08 15:58 UTC is 10 days off the times around it; 2026-03-18 15:58 UTC would fit",
            ]
        );
        let mut swapped = incident();
        swapped.timeline = ["2026-05-03T14:05Z", "2026-03-05T14:22Z", "2026-05-03T15:00Z"]
            .map(|at| entry(at, "Line."))
            .into();
        assert!(found(&DateTypo, &swapped)[0].contains("2026-05-03 14:22 UTC would fit"));
    }

    #[test]
    fn long_incidents_and_late_write_ups_are_not_reported() {
        let mut long = incident();
        for at in
            ["2026-03-25T09:00Z", "2026-04-18T14:30Z", "2026-06-18T11:00Z", "2026-07-02T16:00Z"]
        {
            long.timeline.push(entry(at, "Another part of the data was restored."));
        }
        assert!(found(&DateTypo, &long).is_empty(), "{:?}", found(&DateTypo, &long));
        let mut late = incident();
        late.milestones.resolved_at.as_mut().unwrap().at = "2026-04-07T11:00Z".parse().unwrap();
        late.timeline.push(entry("2026-04-20T15:00Z", "The write-up was published."));
        assert!(found(&DateTypo, &late).is_empty());
        let mut expired = incident();
        expired.timeline.insert(0, entry("2025-03-18T14:00Z", "The certificate was issued."));
        *expired.milestones.slot(TriggerAt) = crate::analysis::fixture::at("2025-03-18T14:00Z");
        assert!(found(&DateTypo, &expired).is_empty());
    }
}
