//! The figures of a report.

use chrono::{DateTime, Utc};

use super::phrasing;
use super::{MetricSource, Report, when};
use crate::figure::axis::short;
use crate::figure::series::{self, Chart};
use crate::figure::timeline::{self, Bar, Mark, Timeline};
use crate::figure::{Figure, Ink};
use crate::model::elapsed::Elapsed;
use crate::model::impact::{Level, Window};
use crate::model::milestone::MilestoneName;
use crate::model::series::Series;
use crate::model::time::Moment;
use crate::text::uncapitalized;

/// The name of the figure with the impact and the milestones.
pub const IMPACT: &str = "impact";

/// A figure with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The name in `figure:NAME`.
    pub name: String,
    /// The drawing.
    pub figure: Figure,
    /// For each line, its name and its block characters.
    pub sparklines: Vec<(String, String)>,
}

/// Series of one source with the same unit, which share a chart.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    /// The name of the chart.
    pub(super) name: String,
    pub(super) series: Vec<&'a Series>,
}

/// Draws all figures of `report`: the impact and the milestones, then the metrics in order. The
/// metrics contain names of hosts and the like, so the public does not get them.
pub fn draw(report: &Report) -> Vec<Drawing> {
    let impact = impact_timeline(report)
        .and_then(|timeline| timeline::draw(&timeline))
        .map(|figure| Drawing { name: IMPACT.to_owned(), figure, sparklines: Vec::new() });
    let evidence = report.evidence.iter().filter(|_| report.audience().may_read_internals());
    let charts = evidence
        .enumerate()
        .flat_map(|(number, evidence)| groups(number, evidence))
        .filter_map(|group| {
            let alt = chart_sentence(report, &group.series);
            let chart = Chart {
                series: &group.series,
                marks: impact_marks(report),
                zone: report.zone,
                alt,
            };
            let sparklines = group.series.iter().take(series::MOST_SERIES);
            let sparklines =
                sparklines.map(|series| (series.name.clone(), series::sparkline(series))).collect();
            Some(Drawing { figure: series::draw(&chart)?, sparklines, name: group.name })
        });
    impact.into_iter().chain(charts).collect()
}

/// The series of `evidence` by unit, in the order of the source. `number` is the index of the
/// source among the evidence, from 0, and is part of the names of the charts. If there are more
/// series than a chart can show, those that changed most come first.
pub(super) fn groups(number: usize, evidence: &MetricSource) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for series in &evidence.series {
        match groups
            .iter_mut()
            .find(|group| group.series.first().is_some_and(|first| first.unit == series.unit))
        {
            Some(group) => group.series.push(series),
            None => {
                let name = format!("metric-{}-{}", number + 1, groups.len() + 1);
                groups.push(Group { name, series: vec![series] });
            }
        }
    }
    for group in groups.iter_mut().filter(|group| group.series.len() > series::MOST_SERIES) {
        // By the difference between highest and lowest, then by the highest; ties are in the order
        // of the source.
        let key = |series: &&Series| {
            Range::of(series).map_or((-1.0, f64::MIN), |range| (range.high - range.low, range.high))
        };
        let mut keyed: Vec<((f64, f64), &Series)> =
            group.series.iter().map(|series| (key(series), *series)).collect();
        keyed.sort_by(|(a, _), (b, _)| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)));
        group.series = keyed.into_iter().map(|(_, series)| series).collect();
    }
    groups
}

/// Which of `count` series a chart shows, if it cannot show all.
pub(super) fn choice(count: usize) -> Option<String> {
    let most = series::MOST_SERIES;
    (count > most)
        .then(|| format!("The chart shows the {most} of {count} series that changed most"))
}

fn impact_timeline(report: &Report) -> Option<Timeline> {
    let mut windows: Vec<&Window> = report.impact.windows.iter().collect();
    windows.sort_by_key(|window| (std::cmp::Reverse(window.level), window.start));
    let bars = bars(report);
    let moments: Vec<(MilestoneName, Moment)> =
        report.incident.milestones.known().map(|(name, milestone)| (name, milestone.at)).collect();
    let first = moments.iter().map(|(_, at)| *at).chain(windows.iter().map(|window| window.start));
    let core = core(&moments, &windows);
    let first = first.filter(|at| core.is_none_or(|core| core.side(*at) == Side::Within)).min()?;
    let day = when::day(first, report.zone);
    let label = |name, at| {
        format!("{} {}", phrasing::milestone_label(name), when::clock(at, report.zone, day))
    };
    let mut timeline = Timeline {
        bars,
        marks: Vec::new(),
        before: Vec::new(),
        after: Vec::new(),
        now: report.now,
        zone: report.zone,
        alt: String::new(),
    };
    for &(name, at) in &moments {
        match core.map_or(Side::Within, |core| core.side(at)) {
            Side::Before => timeline.before.push(label(name, at)),
            Side::Within => {
                timeline.marks.push(Mark { at, label: label(name, at), ink: ink(name) });
            }
            Side::After => timeline.after.push(label(name, at)),
        }
    }
    timeline.alt = impact_sentence(report, &windows, &timeline, first);
    Some(timeline)
}

fn ink(name: MilestoneName) -> Ink {
    match name {
        MilestoneName::ImpactEnd | MilestoneName::MitigatedAt | MilestoneName::ResolvedAt => {
            Ink::Good
        }
        MilestoneName::ImpactStart => Ink::Full,
        MilestoneName::TriggerAt
        | MilestoneName::DetectedAt
        | MilestoneName::AcknowledgedAt
        | MilestoneName::DeclaredAt
        | MilestoneName::FirstNoticeAt
        | MilestoneName::IdentifiedAt => Ink::Strong,
    }
}

/// The impact and the response: what the axis must show.
#[derive(Clone, Copy)]
struct Core {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Before,
    Within,
    After,
}

impl Core {
    /// A change may be deployed weeks before it has an impact, and a ticket may be closed days
    /// after it. On an axis with all of that, nothing else would be visible, so a mark that would
    /// leave less than an eighth of the axis for the rest is named at its edge.
    fn side(self, at: Moment) -> Side {
        let reach = (self.to - self.from) * 7;
        match at.middle() {
            middle if middle < self.from - reach => Side::Before,
            middle if middle > self.to + reach => Side::After,
            _ => Side::Within,
        }
    }
}

/// The trigger is never part of it. The resolution is, unless something else shows when the impact
/// ended: closing the incident is paperwork then.
fn core(moments: &[(MilestoneName, Moment)], windows: &[&Window]) -> Option<Core> {
    let is_end = |name| matches!(name, MilestoneName::ImpactEnd | MilestoneName::MitigatedAt);
    let has_end = windows.iter().any(|window| window.end.is_some())
        || moments.iter().any(|(name, _)| is_end(*name));
    let is_core = |name| match name {
        MilestoneName::TriggerAt => false,
        MilestoneName::ResolvedAt => !has_end,
        _ => true,
    };
    let moments = moments.iter().filter(|(name, _)| is_core(*name)).map(|(_, at)| at.middle());
    let windows = windows
        .iter()
        .flat_map(|window| [Some(window.start), window.end])
        .flatten()
        .map(Moment::middle);
    let instants: Vec<DateTime<Utc>> = moments.chain(windows).collect();
    let (from, to) = (*instants.iter().min()?, *instants.iter().max()?);
    // A single instant has no length to compare others with.
    (from < to).then_some(Core { from, to })
}

/// The most lanes of components; the rest share one.
const MOST_LANES: usize = 8;

/// A lane for each component, those with the worst level first, then those that were affected
/// longest; one lane for windows without components. In a lane the worst level is drawn last.
fn bars(report: &Report) -> Vec<Bar> {
    let windows = &report.impact.windows;
    let mut lanes: Vec<(String, Vec<&Window>)> = Vec::new();
    for window in windows {
        let names = if window.components.is_empty() {
            vec!["impact".to_owned()]
        } else {
            window.components.clone()
        };
        for name in names {
            match lanes.iter_mut().find(|(known, _)| *known == name) {
                Some((_, of_lane)) => of_lane.push(window),
                None => lanes.push((name, vec![window])),
            }
        }
    }
    let worst = |of_lane: &[&Window]| of_lane.iter().map(|window| window.level).max();
    let length = |name: &str| report.impact.by_component.get(name).map(|length| length.max);
    lanes.sort_by(|(a, of_a), (b, of_b)| {
        worst(of_b).cmp(&worst(of_a)).then(length(b).cmp(&length(a)))
    });
    if lanes.len() > MOST_LANES {
        let rest = lanes.split_off(MOST_LANES - 1);
        let name = format!("{} more", rest.len());
        let mut of_rest: Vec<&Window> = Vec::new();
        for window in rest.into_iter().flat_map(|(_, of_lane)| of_lane) {
            if !of_rest.contains(&window) {
                of_rest.push(window);
            }
        }
        lanes.push((name, of_rest));
    }
    lanes
        .into_iter()
        .flat_map(|(name, mut of_lane)| {
            of_lane.sort_by_key(|window| (window.level, window.start));
            of_lane.into_iter().map(move |window| bar(&name, window)).collect::<Vec<_>>()
        })
        .collect()
}

fn bar(row: &str, window: &Window) -> Bar {
    let (level, ink) = match window.level {
        Some(Level::Full) => ("full outage", Ink::Full),
        Some(Level::Partial) => ("partial outage", Ink::Partial),
        Some(Level::Degraded) => ("degraded", Ink::Degraded),
        None => ("affected", Ink::Accent),
    };
    let length = window.end.map(|end| Elapsed::between(window.start, end).or_zero().to_string());
    let label = [Some(level.to_owned()), length].into_iter().flatten().collect::<Vec<_>>();
    Bar {
        row: row.to_owned(), start: window.start, end: window.end, ink, label: label.join(" · ")
    }
}

fn impact_sentence(
    report: &Report,
    windows: &[&Window],
    timeline: &Timeline,
    first: Moment,
) -> String {
    let day = when::day(first, report.zone);
    let stretches: Vec<String> = windows
        .iter()
        .map(|window| {
            let level = window.level.map_or("impact", |level| match level {
                Level::Full => "full outage",
                Level::Partial => "partial outage",
                Level::Degraded => "degraded service",
            });
            let from = when::clock(window.start, report.zone, day);
            match window.end {
                Some(end) => {
                    format!("{level} from {from} to {}", when::clock(end, report.zone, day))
                }
                None => format!("{level} since {from}"),
            }
        })
        .collect();
    let zone = report.zone.label(first.earliest());
    let head = format!("On {} ({zone})", when::days(first, report.zone));
    let within = timeline.marks.iter().map(|mark| &mark.label);
    let marks: Vec<String> = timeline
        .before
        .iter()
        .chain(within)
        .chain(&timeline.after)
        .map(|label| uncapitalized(label))
        .collect();
    let parts: Vec<String> = [phrasing::listed(&stretches, "and"), marks.join(", ")]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    format!("{head}: {}.", parts.join("; "))
}

/// The start and the end of the impact, which are marked on every chart.
fn impact_marks(report: &Report) -> Vec<(DateTime<Utc>, &'static str)> {
    let windows = &report.impact.windows;
    let start = windows.iter().map(|window| window.start).min();
    let is_open = windows.iter().any(|window| window.end.is_none());
    let end = windows.iter().filter_map(|window| window.end).max().filter(|_| !is_open);
    let milestones = &report.incident.milestones;
    let start = start.or(milestones.at(MilestoneName::ImpactStart));
    let end = end.or(milestones.at(MilestoneName::ImpactEnd).filter(|_| !is_open));
    let mark = |moment: Option<Moment>, words| moment.map(|moment| (moment.middle(), words));
    mark(start, "impact begins").into_iter().chain(mark(end, "impact ends")).collect()
}

fn chart_sentence(report: &Report, series: &[&Series]) -> String {
    let sentences: Vec<String> = series
        .iter()
        .take(series::MOST_SERIES)
        .filter_map(|series| {
            let range = Range::of(series)?;
            let unit = series.unit.as_deref().filter(|unit| !unit.is_empty());
            let unit = unit.map_or(String::new(), |unit| format!(" {unit}"));
            let peak = Moment::known_to(range.highest_at, crate::model::time::Precision::Minute)
                .display_in(report.zone);
            Some(format!(
                "{}: {} to {}{unit}, highest at {peak}",
                series.name,
                short(range.low),
                short(range.high)
            ))
        })
        .collect();
    let more = series.len().saturating_sub(series::MOST_SERIES);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let outside = outside(report, series).unwrap_or_default();
    format!("{}{more}.{outside}", sentences.join("; "))
}

/// That no sample is from the time of the incident: a chart beside its timeline would look as if it
/// were.
fn outside(report: &Report, series: &[&Series]) -> Option<&'static str> {
    let marks = impact_marks(report);
    let start = marks.iter().find(|(_, words)| *words == "impact begins").map(|(at, _)| *at)?;
    let end = marks.iter().find(|(_, words)| *words == "impact ends").map(|(at, _)| *at);
    let times = || series.iter().flat_map(|series| series.points.iter().map(|(at, _)| *at));
    let (first, last) = (times().min()?, times().max()?);
    match () {
        () if last < start => Some(" All samples are from before the impact."),
        () if end.is_some_and(|end| end < first) => Some(" All samples are from after the impact."),
        () => None,
    }
}

/// The range of the numbers of a series, which may include infinities.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) last: f64,
    pub(super) highest_at: DateTime<Utc>,
    pub(super) samples: usize,
}

impl Range {
    pub(super) fn of(series: &Series) -> Option<Range> {
        let numbers = || {
            series
                .points
                .iter()
                .filter_map(|(at, value)| Some((*at, value.filter(|v| !v.is_nan())?)))
        };
        let (highest_at, high) =
            numbers().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        let low = numbers().map(|(_, value)| value).fold(high, f64::min);
        let (_, last) = numbers().next_back()?;
        Some(Range { low, high, last, highest_at, samples: numbers().count() })
    }
}
