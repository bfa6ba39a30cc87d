//! Decides which steps of alerts become timeline entries and which are folded into another one:
//! repeated deliveries, reminders, and the changes of a flapping alert.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::step::{Change, Step};
use crate::model::milestone::MilestoneName;

/// An alert that fires again this soon after it cleared had not recovered.
const AGAIN: TimeDelta = TimeDelta::minutes(10);

/// An alert that fires this many times in a row is flapping.
const FLAPS: usize = 3;

/// The result of folding.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// The steps that become entries, by their index in time order, each with what was folded into
    /// it.
    pub kept: Vec<(usize, Vec<String>)>,
    /// The steps that change only the severity.
    pub regraded: BTreeSet<usize>,
    /// The last ends, if every alert has ended, and the milestone that they suggest.
    pub ends: BTreeMap<usize, MilestoneName>,
    /// The number of repeated deliveries.
    pub repeats: usize,
    /// The number of steps of alerts that were already firing.
    pub reminders: usize,
    /// The number of changes of flapping alerts.
    pub flaps: usize,
}

/// One episode of a firing alert.
#[derive(Debug)]
struct Episode {
    fired: usize,
    /// The last reminder, and the number of reminders.
    reminded: Option<(usize, usize)>,
    ended: Option<usize>,
}

/// Folds `steps`, which are in time order.
pub(super) fn fold(steps: &[Step<'_>]) -> Folded {
    let mut folded = Folded::default();
    let mut seen = BTreeSet::new();
    let mut by_alert: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut notes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut dropped = vec![false; steps.len()];
    for (index, step) in steps.iter().enumerate() {
        if seen.insert(step.id()) {
            by_alert.entry(&step.alert).or_default().push(index);
        } else {
            dropped[index] = true;
            folded.repeats += 1;
        }
    }
    let mut still_fires = false;
    for indices in by_alert.values() {
        let episodes = episodes(steps, indices, &mut dropped, &mut folded);
        still_fires |= episodes.last().is_some_and(|episode| episode.ended.is_none());
        for episode in &episodes {
            if let Some((last, count)) = episode.reminded {
                let times = if count == 1 {
                    "once more".to_owned()
                } else {
                    format!("{count} more times, the last")
                };
                notes
                    .entry(episode.fired)
                    .or_default()
                    .push(format!("Reported {times} at {}.", when(&steps[last])));
            }
        }
        for run in runs(steps, &episodes).filter(|run| run.len() >= FLAPS) {
            let (first, last) = (&run[0], &run[run.len() - 1]);
            for episode in run {
                for index in [Some(episode.fired), episode.ended].into_iter().flatten() {
                    if index != first.fired && Some(index) != last.ended && !dropped[index] {
                        dropped[index] = true;
                        folded.flaps += 1;
                    }
                }
            }
            let until = when(&steps[last.ended.unwrap_or(last.fired)]);
            notes
                .entry(first.fired)
                .or_default()
                .push(format!("It flapped: it fired {} times until {until}.", run.len()));
        }
    }
    let kept: Vec<usize> = (0..steps.len()).filter(|index| !dropped[*index]).collect();
    if !still_fires {
        for name in [MilestoneName::MitigatedAt, MilestoneName::ResolvedAt] {
            let last = kept.iter().rev().find(|index| steps[**index].change.ends() == Some(name));
            folded.ends.extend(
                last.filter(|index| steps[**index].at.is_some()).map(|index| (*index, name)),
            );
        }
    }
    folded.kept =
        kept.into_iter().map(|index| (index, notes.remove(&index).unwrap_or_default())).collect();
    folded
}

fn when(step: &Step<'_>) -> String {
    step.at.map_or_else(|| "an unknown time".to_owned(), |at| at.to_string())
}

/// The episodes of one alert. Steps without a time belong to none.
fn episodes(
    steps: &[Step<'_>],
    indices: &[usize],
    dropped: &mut [bool],
    folded: &mut Folded,
) -> Vec<Episode> {
    let mut episodes: Vec<Episode> = Vec::new();
    let mut severity: Option<String> = None;
    for &index in indices.iter().filter(|index| steps[**index].at.is_some()) {
        let step = &steps[index];
        let open = episodes.last_mut().filter(|episode| episode.ended.is_none());
        match (step.change, open) {
            (Change::Fired, Some(episode)) => {
                let graded = step.severity.as_deref().map(str::to_lowercase);
                if graded.is_some() && severity.is_some() && graded != severity {
                    folded.regraded.insert(index);
                } else {
                    dropped[index] = true;
                    folded.reminders += 1;
                    episode.reminded =
                        Some((index, episode.reminded.map_or(1, |(_, count)| count + 1)));
                }
                severity = graded.or(severity);
            }
            (Change::Fired, None) => {
                episodes.push(Episode { fired: index, reminded: None, ended: None });
                severity = step.severity.as_deref().map(str::to_lowercase);
            }
            (Change::Cleared | Change::Closed | Change::AutoClosed, Some(episode)) => {
                episode.ended = Some(index);
            }
            _ => {}
        }
    }
    episodes
}

/// Consecutive episodes with so short a pause that the alert had not recovered.
fn runs<'e>(steps: &'e [Step<'_>], episodes: &'e [Episode]) -> impl Iterator<Item = &'e [Episode]> {
    episodes.chunk_by(move |one, next| {
        let ended = one
            .ended
            .filter(|index| steps[*index].change == Change::Cleared)
            .and_then(|index| steps[index].at);
        let gap =
            ended.zip(steps[next.fired].at).map(|(ended, fired)| fired.earliest() - ended.latest());
        gap.is_some_and(|gap| gap <= AGAIN)
    })
}
