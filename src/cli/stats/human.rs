//! The statistics for people: numbers never without how many they rest on.

use chrono::TimeDelta;

use super::layout::{self, Figures, filled};
use super::notes;
use crate::analysis::stats::{Few, Method, Metric, NoMean, StatsTable, Summary};
use crate::cli::error::CliError;
use crate::cli::table::Table;
use crate::cli::terminal::{Terminal, width};
use crate::model::elapsed::Elapsed;
use crate::model::time::Precision;
use crate::model::zone::Zone;

/// Writes the answer, the times in it in `zone`.
pub(super) fn write(answer: &StatsTable, zone: Zone, terminal: &mut Terminal) -> Result<(), CliError> {
    if answer.groups.iter().all(|group| group.incidents == 0) {
        terminal.talk("no incidents to count")?;
    }
    table(answer).write(terminal)?;
    let width = width();
    terminal.line("")?;
    notes::of(answer, zone).iter().try_for_each(|note| {
        let indent = note.len() - note.trim_start().len() + 2;
        terminal.say(&filled(note, indent, width))
    })
}

/// The figures of every group and duration.
pub(super) fn table(answer: &StatsTable) -> Table {
    let mut figures = Vec::new();
    for group in &answer.groups {
        for metric in &group.metrics {
            let row = |name: String, n: usize, summary: &Summary| Figures {
                group: answer.by.map(|_| group.name.clone()),
                metric: name,
                known: format!("{n} of {}", group.incidents),
                ..figures_of(summary, is_vague(metric))
            };
            figures.push(row(metric.name.as_str().to_uppercase(), metric.known, &metric.summary));
            if let Some(business) = &metric.business {
                figures.push(row(
                    format!("{} in business hours", metric.name.as_str().to_uppercase()),
                    business.n,
                    business,
                ));
            }
        }
    }
    layout::table(&figures)
}

/// Whether its aggregates rest on times that are approximate or uncertain.
fn is_vague(metric: &Metric) -> bool {
    metric.about + metric.uncertain > 0
}

fn figures_of(summary: &Summary, about: bool) -> Figures {
    let length = |seconds| length(seconds, about);
    let median = summary.median.as_ref();
    let interval = median.and_then(|median| match (median.low, median.high) {
        (Some(low), Some(high)) => Some(format!("{} – {}", length(low), length(high))),
        (Some(low), None) => Some(format!("≥ {}, no upper limit", length(low))),
        (None, Some(high)) => Some(format!("≤ {}, no lower limit", length(high))),
        // Too little is over to say anything of where the median lies.
        (None, None) => (median.method == Method::KaplanMeier).then(|| "no limits".to_owned()),
    });
    let mean = summary.mean.as_ref();
    let unknown = || "—".to_owned();
    Figures {
        median: match median {
            Some(median) => median.value.map_or_else(unknown, length),
            None if summary.values.is_empty() => unknown(),
            None => few(&summary.values),
        },
        interval: interval.unwrap_or_default(),
        p90: summary.p90.map_or_else(String::new, length),
        mean: match mean {
            Some(mean) => length(mean.value),
            None if summary.no_mean == Some(NoMean::NotOver) => unknown(),
            None => String::new(),
        },
        largest: mean.map_or_else(String::new, |mean| format!("{:.0} %", mean.largest_share * 100.0)),
        ..Figures::default()
    }
}

/// Too few to average: the values themselves, each as well as it is known, to the minute.
fn few(values: &[Few]) -> String {
    let shown = |value: &Few| {
        let precision = value.length.precision.min(Precision::Minute);
        format!("{}{}", Elapsed { precision, ..value.length }, if value.so_far { " so far" } else { "" })
    };
    values.iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// An aggregate for a reader. Those of figures that are mostly known to the minute claim no
/// seconds, and those that rest on vague ones are `about`.
pub(super) fn length(seconds: f64, about: bool) -> String {
    let seconds = if seconds < 60.0 { seconds } else { (seconds / 60.0).round() * 60.0 };
    Elapsed { precision: Precision::Minute, about, ..Elapsed::exactly(delta(seconds)) }.to_string()
}

/// Seconds as a length.
pub(super) fn delta(seconds: f64) -> TimeDelta {
    TimeDelta::milliseconds((seconds * 1000.0).round() as i64)
}
