//! The durations of one incident, each with its definition.

use chrono::{DateTime, Utc};

use super::config::Definitions;
use super::duration_name::{DurationName, Formula};
use super::gap::{Gap, Remark};
use super::measure;
use crate::model::Incident;
use crate::model::elapsed::Elapsed;

/// One duration of one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration {
    /// The name of the duration.
    pub name: DurationName,
    /// How it is computed.
    pub formula: Formula,
    /// The length, or why it is unknown.
    pub value: Result<Elapsed, Gap>,
    /// The remark next to the number.
    pub remark: Option<Remark>,
    /// The part of it within business hours, if the definitions have business hours.
    pub business: Option<Elapsed>,
}

/// All durations of `incident`, in the order of [`DurationName`].
///
/// Fallbacks are never used here: an unknown duration has a reason and no value. An ongoing one has
/// no value either; with `now` its reason contains the length so far.
pub fn durations(
    incident: &Incident,
    definitions: &Definitions,
    now: Option<DateTime<Utc>>,
) -> Vec<Duration> {
    DurationName::ALL
        .iter()
        .map(|&name| {
            let measured = measure::measure(incident, name, definitions, now);
            Duration {
                name,
                formula: definitions.formula(name),
                remark: measured.as_ref().ok().and_then(|measured| measured.remark.clone()),
                business: measured
                    .as_ref()
                    .ok()
                    .zip(definitions.business_hours.as_ref())
                    .and_then(|(measured, calendar)| measured.business(incident, name, calendar)),
                value: measured.map(|measured| measured.value),
            }
        })
        .collect()
}

/// One duration of `incident`, if it has a value; without its remark.
pub fn value(
    incident: &Incident,
    name: DurationName,
    definitions: &Definitions,
    now: Option<DateTime<Utc>>,
) -> Option<Elapsed> {
    measure::measure(incident, name, definitions, now).ok().map(|measured| measured.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{at, incident, update, window, with};
    use crate::analysis::progress::{is_ongoing, reopened};
    use crate::model::Status;
    use crate::model::milestone::MilestoneName;
    use crate::model::milestone::MilestoneName::{
        AcknowledgedAt, DetectedAt, FirstNoticeAt, ImpactEnd, ImpactStart, ResolvedAt,
    };
    use crate::model::origin::EntryRef;
    use crate::model::timeline::Entry;
    use crate::model::timeline::State;

    #[test]
    fn every_duration_is_listed_in_order_with_its_definition() {
        let all = durations(&incident("empty"), &Definitions::default(), None);
        let names: Vec<DurationName> = all.iter().map(|duration| duration.name).collect();
        assert_eq!(names, DurationName::ALL);
        assert!(all.iter().all(|duration| duration.value.is_err() && !duration.formula.to_string().is_empty()));
    }

    #[test]
    fn minute_precision_tolerates_one_minute_out_of_order() {
        let same_minute = with(
            "minute",
            &[(DetectedAt, "2026-03-17T14:05:40Z"), (AcknowledgedAt, "2026-03-17T14:05Z")],
        );
        let tta = &durations(&same_minute, &Definitions::default(), None)[1];
        assert_eq!(tta.value.as_ref().unwrap().to_string(), "< 1 min");
        let minute_before = with(
            "before",
            &[(DetectedAt, "2026-03-17T14:06Z"), (AcknowledgedAt, "2026-03-17T14:05Z")],
        );
        let tta = &durations(&minute_before, &Definitions::default(), None)[1];
        assert_eq!(
            tta.value,
            Err(Gap::Backwards { end: AcknowledgedAt, start: DetectedAt.into() })
        );
    }

    #[test]
    fn second_status_page_does_not_reopen_a_resolved_incident() {
        let from = |source: &str, at: &str, state| Entry {
            source: Some(EntryRef::new(source, at)),
            ..update(at, state, "An update.")
        };
        let mut pages = with("pages", &[(ImpactStart, "2026-03-17T14:05Z")]);
        pages.timeline = vec![
            from("S1", "2026-03-17T14:10Z", State::Investigating),
            from("S2", "2026-03-17T14:12Z", State::Investigating),
            from("S1", "2026-03-17T15:00Z", State::Resolved),
            from("S2", "2026-03-17T15:01Z", State::Monitoring),
        ];
        assert_eq!((reopened(&pages), is_ongoing(&pages)), (0, false));
        pages.timeline.push(from("S1", "2026-03-17T16:00Z", State::Investigating));
        assert_eq!(
            (reopened(&pages), is_ongoing(&pages)),
            (1, true),
            "its own page opened it again"
        );
        pages.timeline.push(from("S2", "2026-03-17T17:00Z", State::Resolved));
        assert!(!is_ongoing(&pages));
    }

    #[test]
    fn resolved_at_overrides_an_ongoing_status() {
        let mut torn =
            with("torn", &[(ImpactStart, "2026-03-17T14:00Z"), (ResolvedAt, "2026-03-17T16:00Z")]);
        torn.status = Some(Status::Ongoing);
        assert!(!is_ongoing(&torn));
        let now = "2026-11-29T00:00:00Z".parse().ok();
        let shown =
            |incident: &Incident, name| match value(incident, name, &Definitions::default(), now) {
                Some(length) => length.to_string(),
                None => "unknown".to_owned(),
            };
        assert_eq!(
            (shown(&torn, DurationName::Ttr), shown(&torn, DurationName::Impact)),
            ("2 h".into(), "2 h".into())
        );
        torn.impact.windows = vec![window("2026-03-17T14:10Z", None, None, &[])];
        assert_eq!(shown(&torn, DurationName::Impact), "1 h 50 min");
        *torn.milestones.slot(ImpactEnd) = at("2026-03-17T15:00Z");
        assert_eq!(shown(&torn, DurationName::Impact), "50 min");
        torn.impact.windows = vec![window("2026-03-17T18:00Z", None, None, &[])];
        assert_eq!(shown(&torn, DurationName::Impact), "unknown", "no end lies after this start");
    }

    #[test]
    fn recovery_before_detection_has_no_repair_time() {
        let reason = |milestones: &[(MilestoneName, &str)], name| {
            let all = durations(&with("early", milestones), &Definitions::default(), None);
            all.into_iter()
                .find(|one| one.name == name)
                .and_then(|one| one.value.err())
                .map(|gap| gap.to_string())
        };
        let start = (ImpactStart, "2026-03-17T14:00Z");
        let unseen = [start, (ImpactEnd, "2026-03-17T14:10Z"), (DetectedAt, "2026-03-17T14:45Z")];
        assert_eq!(
            reason(&unseen, DurationName::Repair).as_deref(),
            Some("recovered before detection")
        );
        let untold =
            [start, (ResolvedAt, "2026-03-17T16:00Z"), (FirstNoticeAt, "2026-03-17T18:05Z")];
        assert_eq!(
            reason(&untold, DurationName::Reported).as_deref(),
            Some("resolved before the first notice")
        );
        let wrong = [(AcknowledgedAt, "2026-03-17T14:00Z"), (DetectedAt, "2026-03-17T14:45Z")];
        assert_eq!(
            reason(&wrong, DurationName::Tta).as_deref(),
            Some("acknowledged_at is before detected_at")
        );
    }

    #[test]
    fn ongoing_requires_an_explicit_statement() {
        let mut unknown = with("unknown", &[(ImpactStart, "2026-03-17T14:05Z")]);
        assert!(!is_ongoing(&unknown));
        unknown.timeline =
            vec![update("2026-03-17T14:05Z", State::Investigating, "Looking into it.")];
        assert!(is_ongoing(&unknown));
        unknown.timeline.push(update("2026-03-17T14:50Z", State::Resolved, "Done."));
        assert!(!is_ongoing(&unknown));
        unknown.timeline.push(update("2026-03-17T15:50Z", State::Postmortem, "Why."));
        assert!(!is_ongoing(&unknown));
        unknown.timeline.push(update("2026-03-17T14:55Z", State::Monitoring, "It came back."));
        assert!(is_ongoing(&unknown));
        assert_eq!(reopened(&unknown), 1);
        *unknown.milestones.slot(ResolvedAt) = crate::analysis::fixture::at("2026-03-17T16:00Z");
        assert!(!is_ongoing(&unknown));
    }
}
