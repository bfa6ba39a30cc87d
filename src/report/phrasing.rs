//! Names and words in sentences for readers.

use crate::analysis::duration_name::Formula;
use crate::analysis::gap::{Anchor, Gap, Remark};
use crate::analysis::phases::Duration;
use crate::model::action::ActionType;
use crate::model::claims::ClaimName;
use crate::model::evidence::Witness;
use crate::model::milestone::{Basis, MilestoneName};
use crate::model::timeline::{EntryKind, State};
use crate::model::{DetectionMethod, Kind, Review, Status};

/// A milestone as the label of a row or of a mark: `Impact began`.
pub(super) fn milestone_label(name: MilestoneName) -> &'static str {
    match name {
        MilestoneName::TriggerAt => "Trigger",
        MilestoneName::ImpactStart => "Impact began",
        MilestoneName::DetectedAt => "Detected",
        MilestoneName::AcknowledgedAt => "Acknowledged",
        MilestoneName::DeclaredAt => "Declared",
        MilestoneName::FirstNoticeAt => "First notice",
        MilestoneName::IdentifiedAt => "Cause identified",
        MilestoneName::MitigatedAt => "Mitigated",
        MilestoneName::ImpactEnd => "Impact ended",
        MilestoneName::ResolvedAt => "Resolved",
    }
}

/// A milestone as a noun: `the start of impact`.
pub(super) fn milestone_noun(name: MilestoneName) -> &'static str {
    match name {
        MilestoneName::TriggerAt => "the trigger",
        MilestoneName::ImpactStart => "the start of impact",
        MilestoneName::DetectedAt => "detection",
        MilestoneName::AcknowledgedAt => "acknowledgement",
        MilestoneName::DeclaredAt => "declaration",
        MilestoneName::FirstNoticeAt => "the first notice",
        MilestoneName::IdentifiedAt => "identification",
        MilestoneName::MitigatedAt => "mitigation",
        MilestoneName::ImpactEnd => "the end of impact",
        MilestoneName::ResolvedAt => "resolution",
    }
}

/// The basis of a milestone in a table.
pub(super) fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Estimated => "estimated",
        Basis::Derived => "derived from a write-up",
        Basis::Reported => "a public report",
        Basis::Observed => "observed",
        Basis::Alert => "an alert",
        Basis::Measured => "a metric",
    }
}

/// The basis, or the witness if that is more specific than "observed".
pub(super) fn basis_of(basis: Basis, witness: Option<Witness>) -> &'static str {
    match (basis, witness) {
        (Basis::Reported, Some(Witness::Document)) => "a write-up",
        (Basis::Observed, Some(Witness::CustomerReport)) => "a customer's report",
        (Basis::Observed, Some(Witness::Chat)) => "a chat",
        (Basis::Observed, Some(Witness::Change)) => "a change log",
        (Basis::Derived, Some(Witness::Metric)) => "derived from a metric",
        _ => self::basis(basis),
    }
}

/// A published duration as the label of a row.
pub(super) fn claim_label(name: ClaimName) -> &'static str {
    match name {
        ClaimName::Duration => "Duration",
        ClaimName::Ttd => "Time to detect",
        ClaimName::Tta => "Time to acknowledge",
        ClaimName::Ttm => "Time to mitigate",
        ClaimName::Ttr => "Time to resolve",
        ClaimName::Repair => "Repair time",
    }
}

/// What a duration measures, in words that hold for every definition of the team: `from the start
/// of impact to resolution`.
pub(super) fn definition(formula: Formula) -> String {
    match formula {
        Formula::Between { start, end, .. } => {
            format!("from {} to {}", milestone_noun(start), milestone_noun(end))
        }
        Formula::Impact => "all impact added up, overlaps counted once".to_owned(),
        Formula::Undetected => "the part of the impact before detection".to_owned(),
        Formula::SinceDeployment => "from the deployment to the end of impact".to_owned(),
    }
}

/// A moment as a noun: `the start of impact`, `the time of detection`.
fn moment(anchor: Anchor) -> String {
    match anchor {
        Anchor::Milestone(name @ (MilestoneName::ImpactStart | MilestoneName::ImpactEnd)) => {
            milestone_noun(name).to_owned()
        }
        Anchor::Milestone(name) => format!("the time of {}", milestone_noun(name)),
        Anchor::Deployment => "the time of the deployment".to_owned(),
    }
}

/// Why a duration is unknown, for readers: `the time of detection is unknown`.
pub(super) fn reason(gap: &Gap) -> String {
    match gap {
        Gap::Unknown(anchor) => format!("{} is unknown", moment(*anchor)),
        Gap::Backwards { end, start } => {
            format!("{} is before {}", moment((*end).into()), moment(*start))
        }
        Gap::Maintenance
        | Gap::NearMiss
        | Gap::Ongoing { .. }
        | Gap::Unresolved { .. }
        | Gap::NoWindows
        | Gap::NoDeployment { .. }
        | Gap::OverBefore { .. } => gap.to_string(),
    }
}

/// A remark next to a number, for readers.
pub(super) fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Implied => {
            "taken as one window from the start of impact to the end of impact".to_owned()
        }
        Remark::Proactive(_) | Remark::Announced(_) | Remark::Several { .. } => remark.to_string(),
    }
}

/// One sentence about all unknown durations, grouped by reason; `None` if all are known.
pub(super) fn unknown_durations(durations: &[Duration]) -> Option<String> {
    let mut by_reason: Vec<(&Gap, Vec<&str>)> = Vec::new();
    for duration in durations {
        let Err(gap) = &duration.value else { continue };
        let name = duration.name.in_words();
        match by_reason.iter_mut().find(|(known, _)| *known == gap) {
            Some((_, names)) => names.push(name),
            None => by_reason.push((gap, vec![name])),
        }
    }
    if by_reason.is_empty() {
        return None;
    }
    if durations.iter().all(|duration| duration.value.is_err()) {
        return Some(format!("No duration can be computed: {}.", all_reasons(&by_reason)));
    }
    let clauses: Vec<String> = by_reason
        .iter()
        .map(|(gap, names)| format!("{} ({})", listed(names, "and"), reason(gap)))
        .collect();
    Some(format!("Not known: {}.", clauses.join("; ")))
}

/// The reasons only, with all unknown times in one clause.
fn all_reasons(by_reason: &[(&Gap, Vec<&str>)]) -> String {
    let unknown = |gap: &Gap| match gap {
        Gap::Unknown(anchor) => Some(moment(*anchor)),
        Gap::NoDeployment { known: false } => Some("the type of the trigger".to_owned()),
        _ => None,
    };
    let moments: Vec<String> = by_reason.iter().filter_map(|(gap, _)| unknown(gap)).collect();
    let moments = match moments.as_slice() {
        [] => None,
        [only] => Some(format!("{only} is unknown")),
        several => Some(format!("{} are unknown", listed(several, "and"))),
    };
    let others =
        by_reason.iter().filter(|(gap, _)| unknown(gap).is_none()).map(|(gap, _)| reason(gap));
    moments.into_iter().chain(others).collect::<Vec<_>>().join("; ")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed<T: AsRef<str>>(items: &[T], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [most @ .., end] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", most.join(", "), end.as_ref())
        }
    }
}

/// The kind of an incident, for readers.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident => "Incident",
        Kind::NearMiss => "Near miss",
        Kind::Maintenance => "Maintenance",
        Kind::Drill => "Drill",
        Kind::Security => "Security incident",
    }
}

/// The status, for readers.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Ongoing => "Ongoing",
        Status::Mitigated => "Mitigated",
        Status::Resolved => "Resolved",
    }
}

/// The state of the write-up, for readers.
pub(super) fn review(review: Review) -> &'static str {
    match review {
        Review::Draft => "a draft",
        Review::InReview => "in review",
        Review::Reviewed => "reviewed",
        Review::Published => "published",
    }
}

/// The method of detection, for readers.
pub(super) fn detection(method: DetectionMethod) -> &'static str {
    match method {
        DetectionMethod::Alert => "An alert fired",
        DetectionMethod::Monitoring => "Someone saw it in monitoring",
        DetectionMethod::InternalReport => "A colleague reported it",
        DetectionMethod::CustomerReport => "A customer reported it",
        DetectionMethod::Partner => "A partner reported it",
        DetectionMethod::VendorNotice => "A vendor gave notice",
    }
}

/// The kind of an entry as a word before its text; `None` for a note.
pub(super) fn entry_kind(kind: EntryKind) -> Option<&'static str> {
    match kind {
        EntryKind::Alert => Some("Alert"),
        EntryKind::StatusUpdate => Some("Status page"),
        EntryKind::Message => Some("Message"),
        EntryKind::Deploy => Some("Change"),
        EntryKind::Metric => Some("Metric"),
        EntryKind::Action => Some("Action"),
        EntryKind::Decision => Some("Decision"),
        EntryKind::Note => None,
    }
}

/// A state as a word before the text.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Investigating => "Investigating",
        State::Identified => "Identified",
        State::Monitoring => "Monitoring",
        State::Resolved => "Resolved",
        State::Update => "Update",
        State::Postmortem => "Postmortem",
        State::Scheduled => "Scheduled",
        State::InProgress => "In progress",
        State::Verifying => "Verifying",
        State::Completed => "Completed",
    }
}

/// A level from its name in an impact summary.
pub(super) fn level(name: &str) -> &str {
    match name {
        "full" => "Full outage",
        "partial" => "Partial outage",
        "degraded" => "Degraded",
        "unknown" => "Unknown",
        other => other,
    }
}

/// The purpose of a follow-up in a table.
pub(super) fn action(kind: ActionType) -> &'static str {
    match kind {
        ActionType::Prevent => "Prevention",
        ActionType::Detect => "Detection",
        ActionType::Mitigate => "Mitigation",
        ActionType::Process => "Way of working",
        ActionType::Investigate => "Investigation",
        ActionType::Repair => "Repair",
    }
}

/// A word of the file for readers: `config_push` becomes `config push`.
pub(super) fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::duration_name::DurationName;
    use crate::model::elapsed::Elapsed;

    fn unknown(name: DurationName, gap: Gap) -> Duration {
        Duration {
            name,
            formula: Definitions::default().formula(name),
            value: Err(gap),
            remark: None,
            business: None,
        }
    }

    #[test]
    fn unknown_durations_are_summarised_in_one_sentence() {
        let undetected = || Gap::Unknown(MilestoneName::DetectedAt.into());
        let no_deployment = Gap::NoDeployment { known: true };
        let known = Duration {
            value: Ok(Elapsed::exactly(TimeDelta::zero())),
            ..unknown(DurationName::Ttr, no_deployment.clone())
        };
        let durations = [
            known,
            unknown(DurationName::Ttd, undetected()),
            unknown(DurationName::Tta, undetected()),
            unknown(DurationName::Fdrt, no_deployment),
            unknown(DurationName::Repair, undetected()),
        ];
        assert_eq!(
            unknown_durations(&durations).unwrap(),
            "Not known: time to detect, time to acknowledge and repair time (the time of detection is unknown); \
             failed deployment recovery time (the trigger is not a deployment)."
        );
        assert_eq!(unknown_durations(&[]), None);
        assert_eq!(
            unknown_durations(&durations[1..]).unwrap(),
            "No duration can be computed: the time of detection is unknown; the trigger is not a deployment."
        );
    }

    #[test]
    fn definition_text_follows_the_formula() {
        let formula = |name| definition(Definitions::default().formula(name));
        assert_eq!(formula(DurationName::Ttr), "from the start of impact to resolution");
        assert_eq!(formula(DurationName::Ttn), "from the start of impact to the first notice");
    }
}
