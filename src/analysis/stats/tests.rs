use super::*;
use crate::analysis::duration_name::DurationName;
use crate::analysis::fixture::{at, incident, update, window, with};
use crate::model::Kind;
use crate::model::milestone::MilestoneName::{
    DeclaredAt, DetectedAt, FirstNoticeAt, ImpactEnd, ImpactStart, MitigatedAt, ResolvedAt,
};
use crate::model::time::Precision;
use crate::model::timeline::State;

/// An incident that took `minutes` from the start of the impact to its resolution.
fn took(id: &str, day: u32, minutes: u32) -> Incident {
    let (hours, rest) = (minutes / 60, minutes % 60);
    with(
        id,
        &[
            (ImpactStart, &format!("2026-03-{day:02}T00:00Z")),
            (ResolvedAt, &format!("2026-03-{day:02}T{hours:02}:{rest:02}Z")),
        ],
    )
}

fn run(incidents: &[Incident], options: &StatsOptions) -> StatsTable {
    stats(&incidents.iter().collect::<Vec<_>>(), &Definitions::default(), options)
}

fn ttr() -> StatsOptions {
    StatsOptions { metrics: vec![DurationName::Ttr], ..StatsOptions::default() }
}

#[test]
fn few_values_are_listed_instead_of_averaged() {
    let table =
        run(&[took("b", 2, 90), took("a", 1, 30), took("c", 3, 60), took("d", 4, 20)], &ttr());
    let summary = &table.groups[0].metrics[0].summary;
    assert_eq!(
        summary.values.iter().map(|few| few.seconds / 60.0).collect::<Vec<_>>(),
        [20.0, 30.0, 60.0, 90.0]
    );
    assert!(
        summary.values.iter().all(|few| !few.is_midpoint && few.max_seconds == Some(few.seconds))
    );
    assert_eq!((summary.median, summary.p90, summary.mean.clone()), (None, None, None));
}

#[test]
fn median_needs_5_values_and_p90_needs_36() {
    let mut incidents: Vec<Incident> = (1..=9)
        .map(|day| {
            took(&format!("i{day}"), day, [10, 20, 30, 40, 50, 60, 70, 80, 640][day as usize - 1])
        })
        .collect();
    let nine = run(&incidents, &ttr());
    let summary = &nine.groups[0].metrics[0].summary;
    let median = summary.median.unwrap();
    assert_eq!((median.value, median.method), (Some(3000.0), Method::OrderStatistics));
    // The second and the eighth of nine.
    assert_eq!((median.low, median.high), (Some(1200.0), Some(4800.0)));
    let p90 = summary.p90.unwrap();
    assert_eq!((p90.value, p90.low, p90.high), (None, Some(3600.0), None));
    let mean = summary.mean.clone().unwrap();
    assert_eq!(
        (mean.value, mean.largest_share, mean.largest.unwrap().as_str()),
        (1000.0 * 60.0 / 9.0, 0.64, "i9")
    );
    incidents.extend((10..=36).map(|number| took(&format!("i{number}"), number % 28 + 1, 90)));
    let p90 = run(&incidents, &ttr()).groups[0].metrics[0].summary.p90.unwrap();
    assert_eq!((p90.value, p90.low, p90.high), (Some(5400.0), Some(5400.0), Some(38400.0)));
    let mut turned = incidents.clone();
    turned.reverse();
    assert_eq!(
        run(&turned, &ttr()),
        run(&incidents, &ttr()),
        "the order of the incidents does not matter"
    );
}

#[test]
fn fallbacks_give_bounds_and_strict_excludes_them() {
    let by_fallback =
        with("fallback", &[(DeclaredAt, "2026-03-05T10:00Z"), (ResolvedAt, "2026-03-05T11:00Z")]);
    let unknown = incident("unknown");
    let incidents = [took("known", 1, 30), by_fallback, unknown];
    let metric = run(&incidents, &ttr()).groups[0].metrics[0].clone();
    assert_eq!(
        (metric.known, metric.lower_bounds, metric.upper_bounds, metric.missing),
        (1, 1, 0, 1)
    );
    assert_eq!(
        (metric.summary.n, metric.summary.values[0].text.as_str()),
        (1, "30 min"),
        "a bound is no value"
    );
    let bounded = metric.bounded.unwrap();
    let bound = &bounded.values[0];
    assert_eq!(
        (bound.text.as_str(), bound.bound, bound.max_seconds),
        ("≥ 1 h", Some(Bound::AtLeast), None)
    );
    let strict = run(&incidents, &StatsOptions { strict: true, ..ttr() });
    let metric = &strict.groups[0].metrics[0];
    assert_eq!((metric.known, metric.by_fallback, metric.missing), (1, 0, 2));
    assert_eq!((metric.bounded.as_ref(), strict.dated_by_fallback), (None, 1));
}

#[test]
fn bounds_are_separate_from_values() {
    let mitigated = |n: u32| {
        let start = format!("2026-03-{n:02}T00:00Z");
        with(
            &format!("m{n}"),
            &[
                (ImpactStart, &start),
                (MitigatedAt, &start.replace("00:00Z", "00:10Z")),
                (ResolvedAt, "2026-04-01T00:00Z"),
            ],
        )
    };
    let incidents: Vec<Incident> = (1..=3)
        .map(mitigated)
        .chain((4..=6).map(|day| took(&format!("r{day}"), day, 300)))
        .collect();
    let options = StatsOptions { metrics: vec![DurationName::Ttm], ..StatsOptions::default() };
    let metric = run(&incidents, &options).groups[0].metrics[0].clone();
    assert_eq!((metric.known, metric.lower_bounds, metric.upper_bounds), (3, 0, 3));
    let texts =
        |values: &[Few]| values.iter().map(|few| few.text.clone()).collect::<Vec<_>>().join(", ");
    assert_eq!(texts(&metric.summary.values), "10 min, 10 min, 10 min");
    let bounded = metric.bounded.unwrap();
    assert_eq!(texts(&bounded.values), "≤ 5 h, ≤ 5 h, ≤ 5 h");
    // 0, 0, 0, 10, 10, 10 minutes at least, and 10, 10, 10, 300, 300, 300 at most.
    let median = (bounded.n, bounded.median_min_seconds, bounded.median_max_seconds);
    assert_eq!(median, (6, Some(300.0), Some(155.0 * 60.0)));
}

/// A history of a status page: nobody knows when the impact began.
#[test]
fn only_lower_bounds_give_a_one_sided_median() {
    let page = |n: usize| {
        let end = format!("2026-03-05T10:{:02}Z", 29 + n);
        with(&format!("p{n}"), &[(FirstNoticeAt, "2026-03-05T10:00Z"), (ResolvedAt, &end)])
    };
    let incidents: Vec<Incident> = (0..6).map(page).collect();
    let metric = run(&incidents, &ttr()).groups[0].metrics[0].clone();
    assert_eq!((metric.known, metric.lower_bounds, metric.summary.n), (0, 6, 0));
    let bounded = metric.bounded.unwrap();
    assert_eq!((bounded.median_min_seconds, bounded.median_max_seconds), (Some(31.5 * 60.0), None));
}

#[test]
fn fallback_never_gives_an_empty_or_meaningless_duration() {
    let detected = with(
        "detected",
        &[(DetectedAt, "2026-03-05T10:00Z"), (FirstNoticeAt, "2026-03-05T10:20Z")],
    );
    let options = StatsOptions {
        metrics: vec![DurationName::Ttd, DurationName::Ttn],
        ..StatsOptions::default()
    };
    let table = run(&[detected], &options);
    let [ttd, ttn] = &table.groups[0].metrics[..] else { panic!("two metrics were asked for") };
    assert_eq!((ttd.known, ttd.missing), (0, 1), "detected_at cannot stand in for its own start");
    let bound = &ttn.bounded.as_ref().unwrap().values[0];
    assert_eq!((ttn.lower_bounds, bound.min_seconds), (1, 1200.0));
    // The start is late and so is the end: the true length is more than one and less than the
    // other.
    let both =
        with("both", &[(DetectedAt, "2026-03-05T10:00Z"), (ResolvedAt, "2026-03-05T12:00Z")]);
    let ttm = run(&[both], &StatsOptions { metrics: vec![DurationName::Ttm], ..options }).groups[0]
        .metrics[0]
        .clone();
    assert_eq!((ttm.by_fallback, ttm.missing, ttm.bounded), (0, 1, None));
}

#[test]
fn uncertain_values_give_bounds_for_every_aggregate() {
    let vague = |day: u32| {
        let start = format!("2026-03-{day:02}T00:00Z..2026-03-{:02}T00:00Z", day + 1);
        with(
            &format!("v{day}"),
            &[(ImpactStart, &start), (ResolvedAt, &format!("2026-03-{:02}T00:00Z", day + 1))],
        )
    };
    let summary =
        run(&(1..=5).map(vague).collect::<Vec<_>>(), &ttr()).groups[0].metrics[0].summary.clone();
    let (median, mean) = (summary.median.unwrap(), summary.mean.unwrap());
    let day = 86_400.0;
    assert_eq!((median.low, median.high), (Some(0.0), Some(day)), "and not twelve hours");
    for bounds in [median.bounds.unwrap(), mean.bounds] {
        assert_eq!(
            (bounds.min_seconds, bounds.max_seconds, bounds.precision),
            (0.0, day, Precision::Minute)
        );
    }
}

#[test]
fn recovery_before_detection_is_not_applicable() {
    let early = |day: u32| {
        let at = |clock: &str| format!("2026-03-{day:02}T{clock}Z");
        let ends =
            [(ImpactStart, at("14:00")), (ImpactEnd, at("14:10")), (DetectedAt, at("14:45"))];
        with(&format!("e{day}"), &ends.each_ref().map(|(name, time)| (*name, time.as_str())))
    };
    let options = StatsOptions { metrics: vec![DurationName::Repair], ..StatsOptions::default() };
    let metric =
        run(&(1..=6).map(early).collect::<Vec<_>>(), &options).groups[0].metrics[0].clone();
    assert_eq!(
        (metric.not_applicable, metric.contradictory, metric.missing, metric.known),
        (6, 0, 0, 0)
    );
}

#[test]
fn excluded_incidents_are_counted_separately() {
    let mut incidents: Vec<Incident> =
        ["m", "d", "n", "x", "i"].iter().map(|id| took(id, 1, 30)).collect();
    incidents[0].kind = Some(Kind::Maintenance);
    incidents[1].kind = Some(Kind::Drill);
    incidents[2].kind = Some(Kind::NearMiss);
    incidents[3].related.duplicate_of = "i".parse().ok();
    let group = &run(&incidents, &ttr()).groups[0];
    assert_eq!(
        group.excluded,
        Excluded { maintenance: 1, drills: 1, near_misses: 1, duplicates: 1 }
    );
    assert_eq!((group.incidents, group.metrics[0].known), (1, 1));
}

#[test]
fn ongoing_incidents_are_censored_and_never_ended_now() {
    let mut incidents: Vec<Incident> =
        (1..=5).map(|day| took(&format!("i{day}"), day, day * 10)).collect();
    let mut ongoing = with("z", &[(ImpactStart, "2026-03-09T00:00Z")]);
    ongoing.timeline = vec![update("2026-03-09T00:05Z", State::Investigating, "Looking into it.")];
    incidents.push(ongoing);
    let now = "2026-03-09T00:25:00Z".parse().ok();
    let metric = run(&incidents, &StatsOptions { now, ..ttr() }).groups[0].metrics[0].clone();
    assert_eq!((metric.known, metric.ongoing, metric.summary.n), (5, 1, 6));
    let median = metric.summary.median.unwrap();
    // 10, 20, 25+, 30, 40, 50 minutes: S(20) = 4/6, S(30) = 4/6 · 2/3 = 4/9.
    assert_eq!((median.value, median.method), (Some(1800.0), Method::KaplanMeier));
    assert_eq!((metric.summary.mean, metric.summary.no_mean), (None, Some(NoMean::NotOver)));
    let without_now = run(&incidents, &ttr()).groups[0].metrics[0].clone();
    assert_eq!((without_now.ongoing, without_now.summary.n), (1, 5));
}

#[test]
fn ongoing_value_among_few_is_listed_as_so_far() {
    let mut ongoing = with("on", &[(ImpactStart, "~2026-03-09T00:00Z")]);
    ongoing.impact.windows = vec![window("~2026-03-09T00:00Z", None, None, &[])];
    let incidents = [took("a", 1, 10), took("b", 2, 60), ongoing];
    let now = "2026-03-09T00:25:00Z".parse().ok();
    let table = run(&incidents, &StatsOptions { now, ..ttr() });
    let summary = &table.groups[0].metrics[0].summary;
    assert_eq!(
        summary.values.iter().map(|few| few.text.as_str()).collect::<Vec<_>>(),
        ["10 min", "~25 min so far", "1 h"]
    );
    assert_eq!((summary.values[1].min_seconds, summary.values[1].max_seconds), (1500.0, None));
    assert_eq!((summary.n, summary.censored, summary.no_mean), (3, 1, Some(NoMean::TooFew)));
    // Before it began it has lasted no time at all, and is no part of any number.
    let before = "2026-03-08T00:00:00Z".parse().ok();
    let metric =
        run(&incidents, &StatsOptions { now: before, ..ttr() }).groups[0].metrics[0].clone();
    assert_eq!((metric.ongoing, metric.summary.n, metric.summary.censored), (1, 2, 0));
}

#[test]
fn as_of_is_reported_only_with_ongoing_incidents() {
    let now = "2026-03-09T00:25:00Z".parse().ok();
    let options = StatsOptions { now, ..ttr() };
    assert_eq!(run(&[took("a", 1, 10)], &options).as_of, None);
    let mut open = incident("open");
    open.impact.windows = vec![window("2026-03-09T00:00Z", None, None, &[])];
    assert_eq!(run(&[took("a", 1, 10), open], &options).as_of, now);
}

#[test]
fn ongoing_impact_is_counted_so_far() {
    let mut open = incident("open");
    open.services = vec!["api".into()];
    open.impact.windows = vec![
        window("2026-03-09T00:00Z", Some("2026-03-09T00:05Z..2026-03-09T00:10Z"), None, &[]),
        window("~2026-03-09T00:20Z", None, None, &[]),
    ];
    let now = "2026-03-09T01:00:00Z".parse().ok();
    let table = run(std::slice::from_ref(&open), &StatsOptions { now, ..ttr() });
    let impact = table.groups[0].impact;
    assert_eq!(
        (impact.known, impact.ongoing, impact.open_windows, impact.uncertain, impact.about),
        (1, 1, 1, 1, 1)
    );
    let minutes = [impact.any_min_seconds, impact.any_seconds, impact.any_max_seconds]
        .map(|seconds| seconds / 60.0);
    assert_eq!(minutes, [45.0, 47.5, 50.0]);
    assert_eq!((impact.service_min_seconds, impact.service_max_seconds), (2700.0, 3000.0));
    assert_eq!(table.between_failures[0].failures, 2, "an ongoing incident has begun");
    // Without an instant the length is unknown, and only the ongoing state is reported.
    let impact = run(&[open], &ttr()).groups[0].impact;
    assert_eq!((impact.any_max_seconds / 60.0, impact.ongoing), (10.0, 1));
}

#[test]
fn uncertain_values_count_as_midpoint_and_wide_ones_are_marked() {
    let wide = with(
        "wide",
        &[(ImpactStart, "2026-03-05T10:00Z..2026-03-05T11:00Z"), (ResolvedAt, "2026-03-05T12:00Z")],
    );
    let narrow = with(
        "narrow",
        &[(ImpactStart, "2026-03-05T10:00Z..2026-03-05T10:10Z"), (ResolvedAt, "2026-03-05T12:00Z")],
    );
    let metric = run(&[wide, narrow], &ttr()).groups[0].metrics[0].clone();
    assert_eq!(metric.uncertain, 2);
    assert_eq!(metric.wide.iter().map(IncidentId::as_str).collect::<Vec<_>>(), ["wide"]);
    assert_eq!(
        metric.summary.values.iter().map(|few| few.seconds).collect::<Vec<_>>(),
        [5400.0, 6900.0]
    );
    let first = &metric.summary.values[0];
    assert_eq!(
        (first.is_midpoint, first.min_seconds, first.max_seconds),
        (true, 3600.0, Some(7200.0))
    );
}

#[test]
fn service_downtime_is_the_union_of_its_incidents() {
    let mut first = incident("first");
    first.services = vec!["api".into(), "web".into()];
    first.impact.windows = vec![
        window("2026-03-01T10:00Z", Some("2026-03-01T11:00Z"), None, &[]),
        window("2026-03-01T11:00Z", Some("2026-03-01T11:30Z"), None, &["web"]),
    ];
    let mut second = incident("second");
    second.services = vec!["api".into()];
    second.impact.windows = vec![
        window("2026-03-01T10:30Z", Some("2026-03-01T11:10Z"), None, &[]),
        window("2026-03-03T10:30Z", Some("2026-03-03T11:00Z"), None, &[]),
    ];
    let incidents = [first, second];
    let table = run(&incidents, &StatsOptions { by: Some(Grouping::Service), ..ttr() });
    let hours: Vec<(&str, f64)> = table
        .groups
        .iter()
        .map(|group| (group.name.as_str(), group.impact.any_seconds / 60.0))
        .collect();
    assert_eq!(hours, [("api", 100.0), ("web", 90.0)]);
    let all = run(&incidents, &ttr()).groups[0].impact;
    assert_eq!((all.any_seconds / 60.0, all.service_seconds / 60.0, all.known), (120.0, 190.0, 2));
    let api = &table.between_failures[0];
    assert_eq!((api.service.as_str(), api.failures), ("api", 2));
    assert_eq!(api.summary.values[0].seconds, 47.0 * 3600.0 + 20.0 * 60.0);
}

#[test]
fn period_selects_by_start_and_reports_undated_incidents() {
    let undated = incident("undated");
    let incidents = [took("early", 1, 30), took("late", 20, 30), undated];
    let since = "2026-03-10T00:00:00Z".parse().ok();
    let table = run(&incidents, &StatsOptions { since, ..ttr() });
    assert_eq!((table.groups[0].incidents, table.outside), (1, 1));
    assert_eq!(table.undated.iter().map(IncidentId::as_str).collect::<Vec<_>>(), ["undated"]);
    let by_month = run(&incidents, &StatsOptions { by: Some(Grouping::Month), ..ttr() });
    let names: Vec<&str> = by_month.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["2026-03", "(no date)"]);
}

#[test]
fn contradictions_and_reopened_incidents_are_counted() {
    let backwards =
        with("backwards", &[(ImpactStart, "2026-03-05T10:00Z"), (ResolvedAt, "2026-03-05T09:00Z")]);
    let mut again = took("again", 1, 300);
    again.timeline = vec![
        update("2026-03-01T00:10Z", State::Resolved, "Fixed."),
        update("2026-03-01T02:00Z", State::Investigating, "It is back."),
        update("2026-03-01T05:00Z", State::Resolved, "Fixed for good."),
    ];
    again.milestones.impact_end = at("2026-03-01T04:50Z");
    assert!(again.milestones.at(ImpactEnd).is_some());
    let group = &run(&[backwards, again], &ttr()).groups[0];
    assert_eq!((group.reopened, group.metrics[0].contradictory, group.metrics[0].known), (1, 1, 1));
}

#[test]
fn impact_is_clipped_to_periods_and_durations_belong_to_the_start() {
    let mut long =
        with("long", &[(ImpactStart, "2026-01-31T00:00Z"), (ResolvedAt, "2026-03-15T00:00Z")]);
    long.impact.windows = vec![window("2026-01-31T00:00Z", Some("2026-03-15T00:00Z"), None, &[])];
    let options = StatsOptions { by: Some(Grouping::Month), ..ttr() };
    let table = run(std::slice::from_ref(&long), &options);
    let months: Vec<(&str, usize, usize, f64)> = (table.groups.iter())
        .map(|group| {
            (
                group.name.as_str(),
                group.incidents,
                group.impact.began_before,
                group.impact.any_seconds / 86_400.0,
            )
        })
        .collect();
    assert_eq!(months, [("2026-01", 1, 0, 1.0), ("2026-02", 0, 1, 28.0), ("2026-03", 0, 1, 14.0)]);
    assert_eq!((table.groups[0].metrics[0].known, table.groups[1].metrics[0].known), (1, 0));
    // The same for a period that was asked for.
    let at = |text: &str| text.parse().ok();
    let february = StatsOptions {
        since: at("2026-02-01T00:00:00Z"),
        until: at("2026-03-01T00:00:00Z"),
        ..ttr()
    };
    let group = run(std::slice::from_ref(&long), &february).groups[0].clone();
    assert_eq!((group.incidents, group.impact.any_seconds / 86_400.0), (0, 28.0));
    // In another zone the month begins at another instant, and an ongoing one reaches to now.
    long.impact.windows[0].end = None;
    long.milestones.resolved_at = None;
    let zone = "Asia/Tokyo".parse().unwrap();
    let table = run(&[long], &StatsOptions { zone, now: at("2026-02-10T15:00:00Z"), ..options });
    let hours: Vec<f64> =
        table.groups.iter().map(|group| group.impact.any_seconds / 3600.0).collect();
    assert_eq!(hours, [15.0, 240.0]);
    assert_eq!(table.groups.iter().map(|group| group.impact.ongoing).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn one_incident_of_a_duplicate_circle_is_counted() {
    let mut incidents = [took("a-1", 1, 30), took("a-2", 1, 30)];
    incidents[0].related.duplicate_of = "a-2".parse().ok();
    incidents[1].related.duplicate_of = "a-1".parse().ok();
    let group = &run(&incidents, &ttr()).groups[0];
    assert_eq!((group.incidents, group.excluded.duplicates, group.metrics[0].known), (1, 1, 1));
}

#[test]
fn first_window_dates_the_incident() {
    let mut windowed = incident("windowed");
    windowed.impact.windows =
        vec![window("2026-03-02T10:00Z", Some("2026-03-02T11:00Z"), None, &[])];
    let table = run(&[windowed], &StatsOptions { by: Some(Grouping::Month), ..ttr() });
    assert_eq!((table.groups[0].name.as_str(), table.dated_by_fallback), ("2026-03", 0));
}

fn metric_of(incidents: &[Incident], name: DurationName) -> Metric {
    let options = StatsOptions { metrics: vec![name], ..StatsOptions::default() };
    run(incidents, &options).groups[0].metrics[0].clone()
}

#[test]
fn unknown_values_bound_the_movement_of_the_median() {
    let minutes = [10, 20, 30, 40, 50, 60, 70];
    let mut incidents: Vec<Incident> = (1u32..)
        .zip(minutes)
        .map(|(day, minutes)| took(&format!("i{day}"), day, minutes))
        .collect();
    assert_eq!(metric_of(&incidents, DurationName::Ttr).if_unknown, None, "all are known");
    incidents.extend((0..2).map(|number| incident(&format!("u{number}"))));
    let unknown = metric_of(&incidents, DurationName::Ttr).if_unknown.unwrap();
    let medians = |unknown: IfUnknown| {
        [unknown.median_if_shorter_seconds, unknown.median_if_longer_seconds]
            .map(|seconds| seconds.map(|seconds| seconds / 60.0))
    };
    // Of nine the fifth: the third and the fifth of the known ones.
    assert_eq!((unknown.incidents, medians(unknown)), (2, [Some(30.0), Some(50.0)]));
    // A bound of 15 min or more is between: it is 15 min at least, and may be longer than all.
    let bound =
        with("bound", &[(DetectedAt, "2026-03-20T00:00Z"), (ResolvedAt, "2026-03-20T00:15Z")]);
    let mut bounded = incidents.clone();
    bounded.push(bound);
    let bounded = metric_of(&bounded, DurationName::Ttr).if_unknown.unwrap();
    assert_eq!((bounded.incidents, medians(bounded)), (2, [Some(25.0), Some(55.0)]));
    // As many as are known: then the median may be anything.
    incidents.extend((2..8).map(|number| incident(&format!("u{number}"))));
    let most = metric_of(&incidents, DurationName::Ttr).if_unknown.unwrap();
    assert_eq!((medians(most), most.least_seconds / 60.0), ([None, None], 10.0));
    assert_eq!(most.greatest_seconds / 60.0, 70.0);
}

#[test]
fn detection_before_impact_is_excluded_from_time_to_detect() {
    let detected = |day: u32, minute: u32| {
        let start = format!("2026-03-{day:02}T01:00Z");
        let end = format!("2026-03-{day:02}T01:{minute:02}Z");
        with(&format!("d{day}"), &[(ImpactStart, &start), (DetectedAt, &end)])
    };
    let mut incidents: Vec<Incident> = (1..=5).map(|day| detected(day, 10 + day)).collect();
    incidents.push(with(
        "early",
        &[(ImpactStart, "2026-03-07T01:00Z"), (DetectedAt, "2026-03-07T00:30Z")],
    ));
    let metric = metric_of(&incidents, DurationName::Ttd);
    assert_eq!((metric.known, metric.proactive, metric.missing), (5, 1, 0));
    assert_eq!(metric.summary.median.unwrap().value, Some(13.0 * 60.0));
}

#[test]
fn reported_is_suggested_if_no_time_to_resolve_is_known() {
    let page = |n: u32| {
        let end = format!("2026-03-05T10:{:02}Z", 29 + n);
        with(&format!("p{n}"), &[(FirstNoticeAt, "2026-03-05T10:00Z"), (ResolvedAt, &end)])
    };
    let mut incidents: Vec<Incident> = (0..6).map(page).collect();
    let reported = |incidents: &[Incident], name| metric_of(incidents, name).reported_instead;
    assert_eq!(reported(&incidents, DurationName::Ttr), Some(6));
    assert_eq!(reported(&incidents, DurationName::Ttd), None, "that is another question");
    incidents.push(took("known", 1, 30));
    assert_eq!(reported(&incidents, DurationName::Ttr), None);
}

#[test]
fn bound_below_one_minute_is_shown_as_such() {
    let short =
        with("a", &[(DetectedAt, "2026-03-20T00:00Z"), (ResolvedAt, "2026-03-20T00:00:30Z")]);
    let metric = metric_of(&[short], DurationName::Ttr);
    assert_eq!(metric.bounded.unwrap().values[0].text, "≥ 0 min");
    let soon =
        with("b", &[(ImpactStart, "2026-03-20T00:00Z"), (ResolvedAt, "2026-03-20T00:00:30Z")]);
    let metric = metric_of(&[soon], DurationName::Ttm);
    assert_eq!(metric.bounded.unwrap().values[0].text, "< 1 min");
}

#[test]
fn unclosed_incident_lasts_until_its_last_record() {
    let mut forgotten = with("forgotten", &[(ImpactStart, "2026-03-17T14:00Z")]);
    forgotten.timeline = vec![update("2026-03-17T15:00Z", State::Investigating, "Looking.")];
    let now = |text: &str| StatsOptions { now: text.parse().ok(), ..ttr() };
    let table = run(std::slice::from_ref(&forgotten), &now("2026-11-30T00:00:00Z"));
    assert_eq!(table.silent, ["forgotten".parse().unwrap()]);
    let group = &table.groups[0];
    assert_eq!((group.impact.any_seconds, group.impact.ongoing), (3600.0, 1));
    assert_eq!(group.metrics[0].summary.values[0].text, "1 h so far");
    let table = run(&[forgotten.clone()], &now("2026-03-20T14:00:00Z"));
    assert_eq!((table.silent.len(), table.groups[0].impact.any_seconds), (0, 3.0 * 86400.0));
    // By month, it is in no later month.
    let by_month = StatsOptions { by: Some(Grouping::Month), ..now("2026-11-30T00:00:00Z") };
    assert_eq!(run(&[forgotten], &by_month).groups.len(), 1);
}

#[test]
fn open_window_of_a_resolved_incident_does_not_last_until_now() {
    let mut resolved = incident("resolved");
    resolved.status = Some(crate::model::Status::Resolved);
    resolved.impact.windows = vec![window("2026-03-17T14:00Z", None, None, &[])];
    resolved.timeline = vec![update("2026-03-17T16:00Z", State::Resolved, "Done.")];
    let options = StatsOptions { now: "2026-03-18T14:00:00Z".parse().ok(), ..ttr() };
    assert_eq!(run(&[resolved], &options).groups[0].impact.any_seconds, 7200.0);
}
