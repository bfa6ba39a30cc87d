use chrono::TimeDelta;

use super::context::{Context, milestone};
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::duration_name::DurationName;
use crate::diag::Level;
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName::{FirstNoticeAt, ResolvedAt};

rule! {
    /// Finds incidents whose first public notice was late: a note from five minutes, a warning from
    /// half an hour.
    ///
    /// Users who see an outage and a green status page lose trust in both. The number is the time
    /// to first notice, `first_notice_at − impact_start`. For an incident that is known only from a
    /// status page it is at most a note: its readers cannot change it, and `posthoc stats --metric
    /// ttn` has it for all incidents at once.
    ///
    /// ```yaml
    /// milestones:
    ///   impact_start: ~2025-07-04T03:06Z
    ///   first_notice_at: 2025-07-04T03:15Z     # nine minutes later
    /// ```
    LateFirstNotice = "late-first-notice", Note, "a first public notice that came late"
}

const LATE: TimeDelta = TimeDelta::minutes(5);
const VERY_LATE: TimeDelta = TimeDelta::minutes(30);

fn check(context: &Context, findings: &mut Findings) {
    let Some(late) = context.value(DurationName::Ttn).filter(|late| late.middle() >= LATE) else {
        return;
    };
    let is_own = !context.is_from_status_page_only();
    let level = if late.middle() >= VERY_LATE && is_own { Level::Warning } else { Level::Note };
    let mut message = format!("impact began {late} before the first public notice");
    if let (Some(notice), Some(resolved)) = (context.at(FirstNoticeAt), context.at(ResolvedAt))
        && context.surely_before(resolved, notice)
    {
        message +=
            &format!(", which came {} after it was resolved", Elapsed::between(resolved, notice));
    }
    let finding = findings.add(milestone(FirstNoticeAt), message).graded(level);
    if is_own {
        finding.hint("if that is right, write down in `lessons` what delayed the notice");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::ImpactStart;

    #[test]
    fn delay_of_nine_minutes_is_a_note_and_of_an_hour_a_warning() {
        let nine = with(
            "nine",
            &[(ImpactStart, "~2025-07-04T03:06Z"), (FirstNoticeAt, "2025-07-04T03:15Z")],
        );
        assert_eq!(
            found(&LateFirstNotice, &nine),
            ["note milestones.first_notice_at: impact began ~9 min before the first public notice"]
        );
        let hour = with(
            "hour",
            &[(ImpactStart, "2025-07-04T03:06Z"), (FirstNoticeAt, "2025-07-04T04:15Z")],
        );
        assert!(found(&LateFirstNotice, &hour)[0].starts_with("warning"));
    }

    #[test]
    fn first_notice_after_resolution_is_reported() {
        let late = with(
            "late",
            &[
                (ImpactStart, "2026-03-17T14:00Z"),
                (ResolvedAt, "2026-03-17T16:00Z"),
                (FirstNoticeAt, "2026-03-17T18:05Z"),
            ],
        );
        assert_eq!(
            found(&LateFirstNotice, &late),
            [
                "warning milestones.first_notice_at: impact began 4 h 5 min before the first public notice, which came 2 h 5 min after it was resolved"
            ]
        );
    }

    #[test]
    fn delay_of_four_minutes_is_accepted() {
        let four = with(
            "four",
            &[(ImpactStart, "2023-08-11T12:36Z"), (FirstNoticeAt, "2023-08-11T12:40Z")],
        );
        assert!(found(&LateFirstNotice, &four).is_empty());
    }

    #[test]
    fn page_of_another_provider_gives_at_most_a_note() {
        use crate::analysis::fixture::update;
        use crate::model::origin::SourceInfo;
        use crate::model::timeline::State;
        let mut page = with(
            "page",
            &[(ImpactStart, "2025-07-04T03:06Z"), (FirstNoticeAt, "2025-07-04T04:15Z")],
        );
        let source = SourceInfo {
            format: Some("statuspage-v2".into()),
            record: Some("r".into()),
            ..SourceInfo::default()
        };
        page.sources.insert("S1".into(), source);
        for milestone in [&mut page.milestones.impact_start, &mut page.milestones.first_notice_at] {
            milestone.as_mut().unwrap().source = "S1".parse().ok();
        }
        page.timeline = vec![update("2025-07-04T04:15Z", State::Investigating, "We look.")];
        page.timeline[0].source = "S1#u1".parse().ok();
        assert!(found(&LateFirstNotice, &page)[0].starts_with("note"));
        page.milestones.impact_start.as_mut().unwrap().source = None;
        assert!(
            found(&LateFirstNotice, &page)[0].starts_with("warning"),
            "somebody knows more of it"
        );
    }
}
