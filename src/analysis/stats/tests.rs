use super::*;
use crate::analysis::fixture::{at, incident, update, window, with};
use crate::model::Kind;
use crate::model::milestone::MilestoneName::{
    DeclaredAt, DetectedAt, FirstNoticeAt, ImpactEnd, ImpactStart, ResolvedAt,
};
use crate::model::timeline::State;

/// An incident that took `minutes` from the start of the harm to its closing.
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
fn few_values_are_listed_and_not_averaged() {
    let table = run(&[took("b", 2, 90), took("a", 1, 30), took("c", 3, 60), took("d", 4, 20)], &ttr());
    let summary = &table.groups[0].metrics[0].summary;
    assert_eq!(summary.values.iter().map(|few| few.seconds / 60.0).collect::<Vec<_>>(), [20.0, 30.0, 60.0, 90.0]);
    assert!(summary.values.iter().all(|few| !few.is_midpoint && few.max_seconds == Some(few.seconds)));
    assert_eq!((summary.median, summary.p90, summary.mean.clone()), (None, None, None));
}

#[test]
fn from_five_there_is_a_median_and_from_ten_a_p90() {
    let mut incidents: Vec<Incident> = (1..=9)
        .map(|day| took(&format!("i{day}"), day, [10, 20, 30, 40, 50, 60, 70, 80, 640][day as usize - 1]))
        .collect();
    let nine = run(&incidents, &ttr());
    let summary = &nine.groups[0].metrics[0].summary;
    let median = summary.median.unwrap();
    assert_eq!((median.value, median.method, summary.p90), (Some(3000.0), Method::Bootstrap, None));
    assert!(median.low.unwrap() <= 3000.0 && median.high.unwrap() >= 3000.0);
    let mean = summary.mean.clone().unwrap();
    assert_eq!((mean.value, mean.largest_share, mean.largest.unwrap().as_str()), (1000.0 * 60.0 / 9.0, 0.64, "i9"));
    incidents.push(took("i10", 10, 90));
    let p90 = run(&incidents, &ttr()).groups[0].metrics[0].summary.p90.unwrap();
    assert!((p90 - (90.0 + 0.1 * 550.0) * 60.0).abs() < 1e-6, "{p90}");
    let mut turned = incidents.clone();
    turned.reverse();
    assert_eq!(run(&turned, &ttr()), run(&incidents, &ttr()), "the order of the incidents does not matter");
}

#[test]
fn fallbacks_are_counted_and_strict_leaves_them_out() {
    let by_fallback = with("fallback", &[(DeclaredAt, "2026-03-05T10:00Z"), (ResolvedAt, "2026-03-05T11:00Z")]);
    let unknown = incident("unknown");
    let incidents = [took("known", 1, 30), by_fallback, unknown];
    let metric = run(&incidents, &ttr()).groups[0].metrics[0].clone();
    assert_eq!((metric.known, metric.by_fallback, metric.missing), (2, 1, 1));
    let strict = run(&incidents, &StatsOptions { strict: true, ..ttr() });
    let metric = &strict.groups[0].metrics[0];
    assert_eq!((metric.known, metric.by_fallback, metric.missing), (1, 0, 2));
    assert_eq!(strict.dated_by_fallback, 1);
}

#[test]
fn a_fallback_never_makes_a_duration_of_nothing() {
    let detected = with("detected", &[(DetectedAt, "2026-03-05T10:00Z"), (FirstNoticeAt, "2026-03-05T10:20Z")]);
    let options = StatsOptions { metrics: vec![DurationName::Ttd, DurationName::Ttn], ..StatsOptions::default() };
    let table = run(&[detected], &options);
    let [ttd, ttn] = &table.groups[0].metrics[..] else { panic!("two metrics were asked for") };
    assert_eq!((ttd.known, ttd.missing), (0, 1), "detected_at cannot stand in for its own start");
    assert_eq!((ttn.known, ttn.by_fallback, ttn.summary.values[0].seconds), (1, 1, 1200.0));
}

#[test]
fn what_is_outside_is_counted_apart() {
    let mut incidents: Vec<Incident> = ["m", "d", "n", "x", "i"].iter().map(|id| took(id, 1, 30)).collect();
    incidents[0].kind = Some(Kind::Maintenance);
    incidents[1].kind = Some(Kind::Drill);
    incidents[2].kind = Some(Kind::NearMiss);
    incidents[3].related.duplicate_of = "i".parse().ok();
    let group = &run(&incidents, &ttr()).groups[0];
    assert_eq!(group.excluded, Excluded { maintenance: 1, drills: 1, near_misses: 1, duplicates: 1 });
    assert_eq!((group.incidents, group.metrics[0].known), (1, 1));
}

#[test]
fn what_goes_on_is_censored_and_never_ended_now() {
    let mut incidents: Vec<Incident> = (1..=5).map(|day| took(&format!("i{day}"), day, day * 10)).collect();
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
fn of_few_values_one_that_is_not_over_is_listed_as_so_far() {
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
    let metric = run(&incidents, &StatsOptions { now: before, ..ttr() }).groups[0].metrics[0].clone();
    assert_eq!((metric.ongoing, metric.summary.n, metric.summary.censored), (1, 2, 0));
}

#[test]
fn an_answer_is_as_of_an_instant_only_where_something_goes_on() {
    let now = "2026-03-09T00:25:00Z".parse().ok();
    let options = StatsOptions { now, ..ttr() };
    assert_eq!(run(&[took("a", 1, 10)], &options).as_of, None);
    let mut open = incident("open");
    open.impact.windows = vec![window("2026-03-09T00:00Z", None, None, &[])];
    assert_eq!(run(&[took("a", 1, 10), open], &options).as_of, now);
}

#[test]
fn harm_that_goes_on_is_so_far_and_never_nothing() {
    let mut open = incident("open");
    open.services = vec!["api".into()];
    open.impact.windows = vec![
        window("2026-03-09T00:00Z", Some("2026-03-09T00:05Z..2026-03-09T00:10Z"), None, &[]),
        window("~2026-03-09T00:20Z", None, None, &[]),
    ];
    let now = "2026-03-09T01:00:00Z".parse().ok();
    let table = run(std::slice::from_ref(&open), &StatsOptions { now, ..ttr() });
    let impact = table.groups[0].impact;
    assert_eq!((impact.known, impact.ongoing, impact.open_windows, impact.uncertain, impact.about), (1, 1, 1, 1, 1));
    let minutes = [impact.any_min_seconds, impact.any_seconds, impact.any_max_seconds].map(|seconds| seconds / 60.0);
    assert_eq!(minutes, [45.0, 47.5, 50.0]);
    assert_eq!((impact.service_min_seconds, impact.service_max_seconds), (2700.0, 3000.0));
    assert_eq!(table.between_failures[0].failures, 2, "what goes on has begun");
    // Without an instant its length is not asked, and only that it goes on is told.
    let impact = run(&[open], &ttr()).groups[0].impact;
    assert_eq!((impact.any_max_seconds / 60.0, impact.ongoing), (10.0, 1));
}

#[test]
fn uncertain_values_count_as_their_middle_and_wide_ones_are_named() {
    let wide =
        with("wide", &[(ImpactStart, "2026-03-05T10:00Z..2026-03-05T11:00Z"), (ResolvedAt, "2026-03-05T12:00Z")]);
    let narrow =
        with("narrow", &[(ImpactStart, "2026-03-05T10:00Z..2026-03-05T10:10Z"), (ResolvedAt, "2026-03-05T12:00Z")]);
    let metric = run(&[wide, narrow], &ttr()).groups[0].metrics[0].clone();
    assert_eq!(metric.uncertain, 2);
    assert_eq!(metric.wide.iter().map(IncidentId::as_str).collect::<Vec<_>>(), ["wide"]);
    assert_eq!(metric.summary.values.iter().map(|few| few.seconds).collect::<Vec<_>>(), [5400.0, 6900.0]);
    let first = &metric.summary.values[0];
    assert_eq!((first.is_midpoint, first.min_seconds, first.max_seconds), (true, 3600.0, Some(7200.0)));
}

#[test]
fn downtime_of_a_service_is_a_union_over_its_incidents() {
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
    let hours: Vec<(&str, f64)> =
        table.groups.iter().map(|group| (group.name.as_str(), group.impact.any_seconds / 60.0)).collect();
    assert_eq!(hours, [("api", 100.0), ("web", 90.0)]);
    let all = run(&incidents, &ttr()).groups[0].impact;
    assert_eq!((all.any_seconds / 60.0, all.service_seconds / 60.0, all.known), (120.0, 190.0, 2));
    let api = &table.between_failures[0];
    assert_eq!((api.service.as_str(), api.failures), ("api", 2));
    assert_eq!(api.summary.values[0].seconds, 47.0 * 3600.0 + 20.0 * 60.0);
}

#[test]
fn a_period_takes_what_began_in_it_and_names_what_has_no_date() {
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
    let backwards = with("backwards", &[(ImpactStart, "2026-03-05T10:00Z"), (ResolvedAt, "2026-03-05T09:00Z")]);
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
