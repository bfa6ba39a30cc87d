//! Determines when an impact began and ended from a metric.
//!
//! Every onset and recovery is an entry of the timeline that states its rule, with the numbers that
//! a reader needs to check it. Like other evidence, they set milestones that are unknown, and
//! contradict milestones that a person stated.

mod options;
pub mod search;

use chrono::{DateTime, TimeDelta, Utc};

pub use options::{NofM, Options, Threshold};

use super::entry_key::hex;
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::evidence::{Trust, choose};
use crate::model::impact::Window;
use crate::model::milestone::MilestoneName;
use crate::model::origin::EntryRef;
use crate::model::series::Series;
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::record::EventRecord;
use crate::text::clean::clean_line;
use search::{Limit, Onset, Run, Sample, Settings, Side, beyond, unusual};

/// What the series of one input show.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The onsets and recoveries, for the timeline.
    pub events: Vec<EventRecord>,
    /// The rule by which they were found, in one sentence.
    pub rule: String,
    /// The windows of an impact that came back.
    pub windows: Vec<Window>,
    /// The notes for the user.
    pub notes: Vec<Diagnostic>,
}

/// A time near the onset, with its name.
struct Anchor {
    at: DateTime<Utc>,
    name: String,
}

/// Searches `series`, from the source `key`, for the impact of `incident`. `ahead` is how far their
/// clock is ahead. Only one series can measure the impact: if several change, none is used unless
/// `options` names one.
pub(super) fn show(
    incident: &Incident,
    key: &str,
    series: &[&Series],
    options: &Options,
    ahead: TimeDelta,
    trust: Trust,
) -> Shown {
    let mut shown = Shown::default();
    let selected: Vec<&&Series> = series.iter().filter(|one| options.selects(one)).collect();
    if selected.is_empty() {
        shown.notes.extend(options.unknown_series(series));
        return shown;
    }
    let anchor = anchor(incident, options, trust);
    if anchor.is_none() && options.threshold.is_none() {
        let note = "no onset of the impact is searched for in the metric: no time of the incident is known yet";
        let hint = "import the alerts first, or name a time at which it was bad with `--near TIME`";
        shown.notes.push(Diagnostic::note(note).hint(hint));
        return shown;
    }
    let until = last_known(incident);
    let find = |one: &Series| find(one, options, anchor.as_ref(), until, ahead);
    let mut found: Vec<(&Series, Onset)> =
        selected.iter().filter_map(|one| Some((**one, find(one)?))).collect();
    found.sort_by_key(|(_, onset)| onset.runs[0].first_bad);
    let near = anchor.map_or_else(String::new, |anchor| {
        format!(" near {} ({})", anchor.name, Moment::exact(anchor.at))
    });
    match found.as_slice() {
        [] => {
            let which = match selected.as_slice() {
                [one] => clean_line(&one.name),
                all => format!("{} series", all.len()),
            };
            let hint = "state the limit of what is bad with `--threshold '> 5'`, or a time with `--near TIME`";
            shown.notes.push(
                Diagnostic::note(format!("{which}: no clear onset of the impact{near}")).hint(hint),
            );
        }
        [(series, onset)] if selected.len() == 1 => {
            let start = MilestoneName::ImpactStart;
            let is_new = incident.milestones.get(start).is_none()
                && choose(incident, start, trust).is_none();
            state(&mut shown, key, series, onset, (&near, options.runs.bad), is_new);
        }
        several => shown.notes.push(undecided(several, selected.len(), &near)),
    }
    shown
}

/// The note about several series that may each measure the impact.
fn undecided(found: &[(&Series, Onset)], of: usize, near: &str) -> Diagnostic {
    const MOST: usize = 5;
    let list: Vec<String> = found
        .iter()
        .take(MOST)
        .map(|(series, onset)| {
            let run = &onset.runs[0];
            let when = interval(run.last_good, run.first_bad)
                .map_or_else(|| "from its beginning".to_owned(), |at| at.to_string());
            format!("{} ({when})", clean_line(&series.name))
        })
        .collect();
    let more = if found.len() > MOST { ", and more" } else { "" };
    let message = format!(
        "{} of {of} series change{near}, and none is taken as the impact: {}{more}",
        found.len(),
        list.join(", ")
    );
    Diagnostic::note(message).hint("name the one that measures the impact with `--series NAME`")
}

fn find(
    series: &Series,
    options: &Options,
    anchor: Option<&Anchor>,
    until: DateTime<Utc>,
    ahead: TimeDelta,
) -> Option<Onset> {
    let numbers = series.points.iter().filter_map(|(at, value)| Some((*at - ahead, (*value)?)));
    let mut samples: Vec<Sample> = numbers.filter(|(_, value)| !value.is_nan()).collect();
    samples.sort_by_key(|(at, _)| *at);
    let settings = Settings { bad: options.runs.bad, of: options.runs.of, ..Settings::default() };
    // A series that ends before the anchor or starts after it does not show the onset.
    let (first, last) = (samples.first()?.0, samples.last()?.0);
    let covers = anchor
        .is_none_or(|anchor| first < anchor.at && anchor.at <= last + settings.look_back_time);
    let at = anchor.map(|anchor| anchor.at);
    let until = until.max(at.unwrap_or(until));
    match &options.threshold {
        _ if !covers => None,
        Some(threshold) => {
            beyond(&samples, threshold.limit(series.unit.as_deref()), at, until, settings)
        }
        None => unusual(&samples, at?, until, settings),
    }
}

/// The time of `--near`, else the detection, else the first known time of the incident.
fn anchor(incident: &Incident, options: &Options, trust: Trust) -> Option<Anchor> {
    use MilestoneName::{
        AcknowledgedAt, DeclaredAt, DetectedAt, FirstNoticeAt, IdentifiedAt, ImpactStart,
    };
    if let Some(near) = options.near {
        return Some(Anchor { at: near.latest(), name: "the time of --near".to_owned() });
    }
    let known = |name| choose(incident, name, trust).map(|choice| (name, choice.milestone.at));
    let detected = known(DetectedAt).or_else(|| {
        let others = [ImpactStart, AcknowledgedAt, DeclaredAt, FirstNoticeAt, IdentifiedAt];
        others.into_iter().filter_map(known).min_by_key(|(_, at)| at.latest())
    });
    detected.map(|(name, at)| Anchor { at: at.latest(), name: name.to_string() })
}

/// The last known time of the incident. The impact may return until then.
fn last_known(incident: &Incident) -> DateTime<Utc> {
    let times = incident.milestones.known().map(|(_, milestone)| milestone.at.latest());
    times.max().unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// Adds the onset and the recovery of one series. With `is_new`, the onset becomes the start of the
/// impact, whose note has the rule; else the entry has it.
fn state(
    shown: &mut Shown,
    key: &str,
    series: &Series,
    onset: &Onset,
    (near, good): (&str, usize),
    is_new: bool,
) {
    let name = clean_line(&series.name);
    let unit =
        series.unit.as_deref().map_or_else(String::new, |unit| format!(" {}", clean_line(unit)));
    shown.rule = rule(&onset.limit, &unit, near, good);
    let (began, ended) = match onset.limit.side {
        Side::Above => ("rose above", "fell to"),
        Side::Below => ("fell below", "rose to"),
    };
    let limit = format!("{}{unit}", number(onset.limit.value));
    let mut add = |at: Moment, what: String, suggests| {
        let id = format!("onset-{}", &hex(format!("{at} {what}").as_bytes())[..8]);
        shown.events.push(EventRecord {
            id,
            at: Some(at),
            end: None,
            kind: EntryKind::Metric,
            state: None,
            text: what,
            actor: None,
            suggests,
            hidden: false,
            thread: None,
        });
    };
    let rule = &shown.rule;
    for (index, run) in onset.runs.iter().enumerate() {
        match interval(run.last_good, run.first_bad) {
            Some(at) => {
                let why = match index {
                    0 if is_new => String::new(),
                    0 => format!(": {rule}"),
                    _ => " again".to_owned(),
                };
                let what = format!("**{name}** {began} {limit}{why}.");
                add(at, what, (index == 0).then_some(MilestoneName::ImpactStart));
            }
            // The start is unknown.
            None => add(
                Moment::exact(run.first_bad),
                format!(
                    "**{name}** was beyond {limit} already when the samples that were searched begin: {rule}."
                ),
                None,
            ),
        }
        if let Some(at) = run.recovery.and_then(|(bad, good)| interval(Some(bad), good)) {
            let is_last = index + 1 == onset.runs.len();
            let what = format!("**{name}** {ended} {limit} or better.");
            add(at, what, is_last.then_some(MilestoneName::ImpactEnd));
        }
    }
    let source = Some(EntryRef { source: key.to_owned(), record: None });
    let windows: Option<Vec<Window>> =
        onset.runs.iter().map(|run| window(run, source.clone())).collect();
    // A single window adds nothing to the two milestones.
    shown.windows = windows.filter(|windows| windows.len() > 1).unwrap_or_default();
}

/// A run as a window of impact; `None` if one of its ends is unknown, which does not mean
/// "ongoing".
fn window(run: &Run, source: Option<EntryRef>) -> Option<Window> {
    let (bad, good) = run.recovery?;
    Some(Window {
        start: interval(run.last_good, run.first_bad)?,
        end: Some(interval(Some(bad), good)?),
        level: None,
        components: Vec::new(),
        source,
    })
}

/// The interval between two samples.
fn interval(from: Option<DateTime<Utc>>, to: DateTime<Utc>) -> Option<Moment> {
    Moment::between(Moment::exact(from?), Moment::exact(to)).ok()
}

/// The rule for bad samples, as a sentence that a reader can verify; `near` says where the search
/// began.
fn rule(limit: &Limit, unit: &str, near: &str, good: usize) -> String {
    let side = match limit.side {
        Side::Above => "above",
        Side::Below => "below",
    };
    let inclusive = if limit.is_inclusive { "at or " } else { "" };
    let sign = if limit.side == Side::Above { "+" } else { "−" };
    let origin = limit.usual.map_or_else(
        || " (as stated)".to_owned(),
        |usual| {
            format!(
                " = {} (the median of {} samples before) {sign} {} × {} (1.4826 × MAD)",
                number(usual.median),
                usual.samples,
                number(usual.deviations),
                number(usual.spread),
            )
        },
    );
    let from = near.strip_prefix(" near ").map_or_else(
        || "the beginning of the series on".to_owned(),
        |anchor| format!("{anchor} back"),
    );
    format!(
        "samples {inclusive}{side} {}{unit}{origin} are bad, searched from {from}, and {good} good samples in a row are a recovery",
        number(limit.value)
    )
}

/// A number with six significant digits.
fn number(value: f64) -> String {
    let rounded = format!("{value:.5e}").parse::<f64>().unwrap_or(value);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::evidence::EvidenceOptions;
    use crate::assemble::plan::Original;
    use crate::assemble::plan::into::{self, Input};
    use crate::assemble::{Provenance, entry_key};
    use crate::model::evidence::TRUST;
    use crate::model::milestone::{Basis, Milestone};
    use crate::sources::record::Record;

    fn at(minute: i64) -> DateTime<Utc> {
        "2026-03-17T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
    }

    /// A series with a sample each minute for four hours: bad from 14:05 to 14:30, and from 14:38
    /// to 14:45.
    fn series(name: &str) -> Record {
        let value = |minute: i64| {
            let is_bad = (125..150).contains(&minute) || (158..165).contains(&minute);
            if is_bad { 0.3 } else { [0.01, 0.012, 0.011][usize::try_from(minute % 3).unwrap()] }
        };
        Record::Series(Series {
            name: name.into(),
            query: None,
            unit: None,
            labels: [("__name__".to_owned(), "errors".to_owned())].into(),
            points: (0..240).map(|minute| (at(minute), Some(value(minute)))).collect(),
        })
    }

    fn known(milestones: &[(MilestoneName, i64)]) -> Incident {
        let mut incident = Incident::new("a".parse().unwrap(), "A");
        for (name, minute) in milestones {
            *incident.milestones.slot(*name) =
                Some(Milestone::observed(Moment::exact(at(*minute))));
        }
        incident
    }

    fn trust() -> Trust<'static> {
        Trust { order: &TRUST, tolerance: TimeDelta::minutes(2) }
    }

    /// The incident after importing `records`, and the notes.
    fn imported(incident: &Incident, records: &[Record], onset: &Options) -> (Incident, String) {
        let bytes = format!("{records:?}").into_bytes();
        let from = Provenance {
            format: "metrics-csv".into(),
            sha256: Some(entry_key::hex(&bytes)),
            ..Provenance::default()
        };
        let original = Original { from, label: "m.csv", ending: "csv".into(), bytes: &bytes };
        let options = into::Options {
            evidence_options: EvidenceOptions::default(),
            onset,
            is_stored: true,
            update: false,
            trust: trust(),
        };
        let change = into::plan(incident, &[Input { records, original }], options, &|_, _| true);
        let notes: Vec<String> =
            change.notes.iter().map(|note| format!("{}\n", note.message)).collect();
        (change.incident.into_owned(), notes.concat())
    }

    fn state(incident: &Incident) -> String {
        let milestones = incident.milestones.known().map(|(name, milestone)| {
            format!("{name} {} {}\n", milestone.at, milestone.basis.as_str())
        });
        let entries = incident.timeline.iter().map(|entry| {
            format!("{} {}\n", entry.at.map_or_else(String::new, |at| at.to_string()), entry.text)
        });
        milestones.chain(entries).collect()
    }

    #[test]
    fn impact_is_found_from_the_detection_with_windows() {
        use MilestoneName::{DetectedAt, ResolvedAt};
        let before = known(&[(DetectedAt, 132), (ResolvedAt, 180)]);
        let (after, notes) = imported(&before, &[series("errors")], &Options::default());
        insta::assert_snapshot!(state(&after));
        assert!(
            notes.starts_with(
                "impact_start is set to 2026-03-17T14:04:00Z..2026-03-17T14:05:00Z: samples above"
            ),
            "{notes}"
        );
        assert_eq!(after.impact.windows.len(), 2);
        let note = after.milestones.impact_start.unwrap().note.unwrap();
        assert!(note.contains("and 3 good samples in a row are a recovery"), "{note}");
    }

    #[test]
    fn stated_values_stay_and_the_difference_is_reported() {
        use MilestoneName::{DetectedAt, ImpactStart, ResolvedAt};
        let before = known(&[(DetectedAt, 132), (ImpactStart, 90), (ResolvedAt, 180)]);
        let (after, notes) = imported(&before, &[series("errors")], &Options::default());
        assert_eq!(after.milestones.impact_start, before.milestones.impact_start);
        assert!(
            notes.contains("impact_start stays at 2026-03-17T13:30:00Z; metric S1#onset-"),
            "{notes}"
        );
        assert_eq!(after.milestones.impact_end.unwrap().basis, Basis::Derived);
        let mut with_window = before;
        with_window.impact.windows = vec![Window {
            start: Moment::exact(at(90)),
            end: Some(Moment::exact(at(100))),
            level: None,
            components: Vec::new(),
            source: None,
        }];
        let (after, _) = imported(&with_window, &[series("errors")], &Options::default());
        assert_eq!(after.impact.windows, with_window.impact.windows);
    }

    #[test]
    fn one_of_several_series_must_be_named() {
        let before = known(&[(MilestoneName::DetectedAt, 132)]);
        let both = [series("errors{job=\"a\"}"), series("errors{job=\"b\"}")];
        let (after, notes) = imported(&before, &both, &Options::default());
        assert_eq!((after.timeline.len(), after.milestones.impact_start), (0, None));
        assert!(notes.starts_with("2 of 2 series change near detected_at (2026-03-17T14:12:00Z), and none is taken as the impact: errors{job=\"a\"} (2026-03-17T14:04:00Z..2026-03-17T14:05:00Z), errors{job"), "{notes}");
        let named = Options { series: Some("errors{job=\"b\"}".into()), ..Options::default() };
        let (after, _) = imported(&before, &both, &named);
        assert!(after.milestones.impact_start.is_some());
        let wrong = Options { series: Some("errors{job=\"c\"}".into()), ..Options::default() };
        let (after, notes) = imported(&before, &both, &wrong);
        assert_eq!(after.milestones.impact_start, None);
        assert!(notes.contains("no series is called `errors{job=\"c\"}`"), "{notes}");
    }

    #[test]
    fn without_incident_times_a_threshold_or_hint_is_needed() {
        let one = [series("errors")];
        let (after, notes) = imported(&known(&[]), &one, &Options::default());
        assert!(
            after.timeline.is_empty() && notes.contains("no time of the incident is known"),
            "{notes}"
        );
        // The metric is already in the file: a limit or a hint searches it again.
        let limit = Options { threshold: "errors > 10%".parse().ok(), ..Options::default() };
        let (with_limit, _) = imported(&after, &one, &limit);
        let start = with_limit.milestones.impact_start.unwrap();
        assert_eq!(start.at.to_string(), "2026-03-17T14:04:00Z..2026-03-17T14:05:00Z");
        assert_eq!(
            start.note.as_deref(),
            Some(
                "samples above 0.1 (as stated) are bad, searched from the beginning of the series on, and 3 good samples in a row are a recovery"
            )
        );
        let near = Options { near: "2026-03-17T14:20Z".parse().ok(), ..Options::default() };
        assert!(imported(&after, &one, &near).0.milestones.impact_start.is_some());
    }

    #[test]
    fn missing_clear_onset_is_reported() {
        let before = known(&[(MilestoneName::DetectedAt, 100)]);
        let (after, notes) = imported(&before, &[series("errors")], &Options::default());
        assert_eq!(after.milestones.impact_start, None);
        assert!(
            notes.contains(
                "errors: no clear onset of the impact near detected_at (2026-03-17T13:40:00Z)"
            ),
            "{notes}"
        );
        // A metric of another day does not cover the incident.
        let before = known(&[(MilestoneName::DetectedAt, 5000)]);
        let (_, notes) = imported(&before, &[series("errors")], &Options::default());
        assert!(notes.contains("no clear onset"), "{notes}");
    }

    #[test]
    fn the_same_metric_again_adds_nothing() {
        let before = known(&[(MilestoneName::DetectedAt, 132), (MilestoneName::ResolvedAt, 180)]);
        let (after, _) = imported(&before, &[series("errors")], &Options::default());
        let (again, _) = imported(&after, &[series("errors")], &Options::default());
        assert_eq!(again, after);
        let limit = Options { near: "2026-03-17T14:12:00Z".parse().ok(), ..Options::default() };
        let (again, _) = imported(&after, &[series("errors")], &limit);
        assert_eq!(again.milestones, after.milestones);
    }
}
