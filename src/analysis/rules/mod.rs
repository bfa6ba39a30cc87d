//! The rules of `posthoc check`, one file each.
//!
//! # Adding a rule
//!
//! 1. A new file here, named after what it finds, with a `rule!` and a `check`. The doc comment
//!    begins with "Finds", says why that matters and what is not a mistake, and ends with an
//!    example in a `yaml` block: `--explain` prints it. The id is the name of the file with dashes,
//!    and never changes.
//! 2. A `mod` line and a line in [`REGISTRY`]; `posthoc rules`, `--explain`, SARIF and the contract
//!    tests follow from that list.
//! 3. Tests in the file: one incident with a finding, with the whole line that `tests::found`
//!    gives, and similar incidents without one. A mistake that somebody really made goes into
//!    `tests/it/real_mistakes.rs` as well.
//! 4. The level: an error only for what cannot be true, a warning for what is probably wrong or was
//!    left out, a note for what may be worth checking. Users disable a rule that is wrong once in
//!    ten times, and then it finds nothing.
//! 5. The message says what is wrong, with the figures, and the hint says what to do. The path is
//!    that of the doubtful value, so that the caret is under it.
//!
//! Rules use an incident and the data in [`Context`]; they read no file and no clock, and the
//! caller looks up what needs one. A check runs every rule on every file, so a rule evaluates cheap
//! conditions first, builds no text before it has a finding, and never searches through `all`: data
//! about other incidents is indexed once, in `crate::analysis::neighbourhood`.
//! `crate::analysis::texts` lists the texts that people wrote.

mod ambiguous_span;
mod ambiguous_time;
mod blame;
mod claim_mismatch;
mod component_not_affected;
mod context;
mod cut_value;
mod date_typo;
mod detection_mismatch;
mod duplicate_entries;
mod duplicate_ids;
mod duplicate_sections;
mod duplicate_windows;
mod end_without_start;
mod entries_out_of_order;
mod evidence_changed;
mod failing_again;
mod finding;
mod follow_up_due_before;
mod follow_up_overdue;
mod follow_up_without_due;
mod follow_up_without_owner;
mod future_time;
mod id_of_another_date;
mod impossible_order;
mod late_first_notice;
mod maintenance_overrun;
mod metric_not_recovered;
mod milestone_entry_mismatch;
mod missing_milestones;
mod missing_sections;
mod naive_time;
mod near_miss_with_impact;
mod negative_figure;
mod no_status_update;
mod normal_before_resolved;
mod ongoing_for_long;
mod open_window;
mod order;
mod other_definitions;
mod placeholder;
mod recovered_before_resolved;
mod related_circle;
mod related_mismatch;
mod reopened;
mod rule;
mod same_incident;
mod season_mismatch;
mod secret_in_public_text;
mod severity_history;
mod source_before_event;
mod state_mismatch;
mod status_mismatch;
mod text_time_mismatch;
mod timeline_gap;
mod trigger_mismatch;
mod unknown_cause;
mod unknown_component;
mod unknown_related;
mod unknown_severity;
mod unknown_source;
mod unset_clock;
mod unused_ignore;
mod unused_source;
mod window_outside_span;
mod wrong_zone_label;
mod year_apart;

pub use self::context::{Context, EvidenceState};
pub use self::finding::{Finding, Findings, Nature};
pub use self::rule::Rule;

/// Every rule, in the order in which `posthoc rules` lists them.
pub static REGISTRY: &[&dyn Rule] = &[
    &impossible_order::ImpossibleOrder,
    &status_mismatch::StatusMismatch,
    &state_mismatch::StateMismatch,
    &cut_value::CutValue,
    &claim_mismatch::ClaimMismatch,
    &ambiguous_span::AmbiguousSpan,
    &milestone_entry_mismatch::MilestoneEntryMismatch,
    &detection_mismatch::DetectionMismatch,
    &trigger_mismatch::TriggerMismatch,
    &text_time_mismatch::TextTimeMismatch,
    &wrong_zone_label::WrongZoneLabel,
    &future_time::FutureTime,
    &unset_clock::UnsetClock,
    &naive_time::NaiveTime,
    &ambiguous_time::AmbiguousTime,
    &season_mismatch::SeasonMismatch,
    &date_typo::DateTypo,
    &year_apart::YearApart,
    &entries_out_of_order::EntriesOutOfOrder,
    &missing_milestones::MissingMilestones,
    &end_without_start::EndWithoutStart,
    &open_window::OpenWindow,
    &window_outside_span::WindowOutsideSpan,
    &component_not_affected::ComponentNotAffected,
    &near_miss_with_impact::NearMissWithImpact,
    &negative_figure::NegativeFigure,
    &maintenance_overrun::MaintenanceOverrun,
    &normal_before_resolved::NormalBeforeResolved,
    &recovered_before_resolved::RecoveredBeforeResolved,
    &late_first_notice::LateFirstNotice,
    &no_status_update::NoStatusUpdate,
    &reopened::Reopened,
    &ongoing_for_long::OngoingForLong,
    &severity_history::SeverityHistory,
    &timeline_gap::TimelineGap,
    &duplicate_entries::DuplicateEntries,
    &duplicate_windows::DuplicateWindows,
    &missing_sections::MissingSections,
    &placeholder::Placeholder,
    &duplicate_sections::DuplicateSections,
    &follow_up_without_owner::FollowUpWithoutOwner,
    &follow_up_without_due::FollowUpWithoutDue,
    &follow_up_overdue::FollowUpOverdue,
    &follow_up_due_before::FollowUpDueBefore,
    &failing_again::FailingAgain,
    &blame::Blame,
    &secret_in_public_text::SecretInPublicText,
    &metric_not_recovered::MetricNotRecovered,
    &duplicate_ids::DuplicateIds,
    &id_of_another_date::IdOfAnotherDate,
    &other_definitions::OtherDefinitions,
    &unknown_cause::UnknownCause,
    &unknown_severity::UnknownSeverity,
    &unknown_component::UnknownComponent,
    &unknown_related::UnknownRelated,
    &related_circle::RelatedCircle,
    &related_mismatch::RelatedMismatch,
    &same_incident::SameIncident,
    &unknown_source::UnknownSource,
    &unused_source::UnusedSource,
    &source_before_event::SourceBeforeEvent,
    &evidence_changed::EvidenceChanged,
    &unused_ignore::UnusedIgnore,
];

/// The findings of all rules for one incident, the worst first, then by place.
pub fn check(context: &Context) -> Vec<Finding> {
    let mut findings = Findings::new();
    for rule in REGISTRY {
        rule::run(*rule, context, &mut findings);
    }
    let mut found = findings.into_found();
    found.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.path.cmp(&b.path)));
    found
}

#[cfg(test)]
mod tests;
