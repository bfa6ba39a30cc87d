//! Availability against the objectives, and how much of the error budget is used.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::options::StatsOptions;
use super::row::{Row, Standing};
use super::sample::{ImpactTimes, United, seconds};
use crate::analysis::calendar::Calendar;
use crate::analysis::objective::Objective;
use crate::analysis::spans::Spans;
use crate::model::id::IncidentId;
use crate::model::time::Precision;

/// One objective in its window. Lengths are in seconds; each has the least, the middle and the most
/// that the uncertain ends of impact allow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Availability {
    /// The objective's name.
    pub name: String,
    /// The service.
    pub service: String,
    /// The target in percent.
    pub target_percent: f64,
    /// The window as stated: `30d`, `quarter`.
    pub window: String,
    /// The stated hours; `None` where they are all.
    pub hours: Option<String>,
    /// The start of the window.
    pub from: DateTime<Utc>,
    /// The end of what is measured: the end of the period that was asked for, or the table's
    /// instant.
    pub to: DateTime<Utc>,
    /// The time within the stated hours from start to end, without maintenance.
    pub measured_seconds: f64,
    /// The maintenance within these hours: neither available nor unavailable.
    pub maintenance_seconds: f64,
    /// The time with impact, at any level.
    pub down_seconds: f64,
    /// The least that it can be.
    pub down_min_seconds: f64,
    /// The most that it can be.
    pub down_max_seconds: f64,
    /// How precisely it is known; `None` without impact.
    pub precision: Option<Precision>,
    /// Whether an end of the impact is approximate.
    pub about: bool,
    /// The time with impact that the target allows in the whole window, maintenance so far left
    /// out.
    pub budget_seconds: f64,
    /// The incidents of the service in the window.
    pub incidents: usize,
    /// Of those, the ones whose impact is unknown, so that it is not counted.
    pub unknown: Vec<IncidentId>,
    /// Incidents with ongoing impact, counted up to `to`.
    pub ongoing: usize,
    /// Whether any incident at all names the service.
    pub is_known: bool,
}

impl Availability {
    /// The percentage of the measured time without impact for so much impact; `None` for no time.
    pub fn percent(&self, down_seconds: f64) -> Option<f64> {
        (self.measured_seconds > 0.0)
            .then(|| 100.0 * (1.0 - down_seconds / self.measured_seconds).max(0.0))
    }

    /// How much of the budget so much impact uses, 1 for all of it.
    pub fn burned(&self, down_seconds: f64) -> Option<f64> {
        (self.budget_seconds > 0.0).then(|| down_seconds / self.budget_seconds)
    }
}

/// The objectives over all of `rows`, in the order of their names.
pub(super) fn availability(
    rows: &[Row],
    objectives: &[(&str, &Objective)],
    options: &StatsOptions,
) -> Vec<Availability> {
    let Some(now) = options.now else { return Vec::new() };
    let to = options.until.map_or(now, |until| until.min(now));
    let of_objective = |(name, objective): &(&str, &Objective)| {
        let rows: Vec<&Row> =
            rows.iter().filter(|row| row.services.contains(&objective.service)).collect();
        measured(name, objective, &rows, (to, options))
    };
    objectives.iter().filter_map(of_objective).collect()
}

fn measured(
    name: &str,
    objective: &Objective,
    rows: &[&Row],
    (to, options): (DateTime<Utc>, &StatsOptions),
) -> Option<Availability> {
    let (from, end) = objective.window.around(to, options.zone)?;
    let within = |standing: Standing| -> Vec<(&Row, ImpactTimes)> {
        let rows = rows.iter().copied().filter(|row| row.standing == standing);
        let impact_times =
            |row| (row, ImpactTimes::of(row, Some(&objective.service)).clipped((from, to)));
        rows.map(impact_times).collect()
    };
    let hours = objective.hours.as_ref();
    let maintenance: Vec<ImpactTimes> =
        within(Standing::Maintenance).into_iter().map(|(_, impact_times)| impact_times).collect();
    let maintenance = United::of(&maintenance).middle;
    let maintenance_seconds = length(&maintenance, hours);
    let (unknown, known): (Vec<_>, Vec<_>) = within(Standing::Counted)
        .into_iter()
        .partition(|(_, impact_times)| !impact_times.is_known());
    let began = |row: &Row| row.began.is_some_and(|began| from <= began && began < to);
    let unknown: Vec<IncidentId> =
        unknown.into_iter().filter(|(row, _)| began(row)).map(|(row, _)| row.id.clone()).collect();
    let known: Vec<(&Row, ImpactTimes)> = known
        .into_iter()
        .filter(|(row, impact_times)| began(row) || !impact_times.is_empty())
        .collect();
    let incidents = known.len() + unknown.len();
    let all_times: Vec<ImpactTimes> =
        known.into_iter().map(|(_, impact_times)| impact_times).collect();
    let united = United::of(&all_times);
    let [down_min_seconds, down_seconds, down_max_seconds] =
        united.parts().map(|spans| length(&spans.without(&maintenance), hours));
    let whole = |end| length(&Spans::union([(from, end)]), hours);
    let allowed = 1.0 - objective.target.percent() / 100.0;
    Some(Availability {
        name: name.to_owned(),
        service: objective.service.clone(),
        target_percent: objective.target.percent(),
        window: objective.window.to_string(),
        hours: hours.map(ToString::to_string),
        from,
        to,
        measured_seconds: whole(to) - maintenance_seconds,
        maintenance_seconds,
        down_seconds,
        down_min_seconds,
        down_max_seconds,
        precision: united.precision(),
        about: united.is_about(),
        budget_seconds: (whole(end) - maintenance_seconds) * allowed,
        incidents,
        unknown,
        ongoing: all_times.iter().filter(|impact_times| impact_times.open > 0).count(),
        is_known: !rows.is_empty(),
    })
}

/// How long `spans` are within the hours, in seconds.
fn length(spans: &Spans, hours: Option<&Calendar>) -> f64 {
    let Some(hours) = hours else { return seconds(spans.length()) };
    spans.stretches().iter().map(|&(start, end)| seconds(hours.between(start, end))).sum()
}
