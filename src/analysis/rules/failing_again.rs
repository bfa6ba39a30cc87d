use chrono::TimeDelta;

use super::context::{Context, item};
use super::finding::{Finding, Findings};
use super::follow_up_without_owner::named;
use super::rule::rule;
use crate::analysis::neighbourhood::{Unfinished, category};
use crate::diag::Level;
use crate::model::Incident;
use crate::model::path::Path;

rule! {
    /// Finds an incident that happened again while a follow-up of an earlier one was still open.
    ///
    /// The same service failed, and a cause or a factor has the same category; or the file has
    /// `recurrence_of`. The follow-up of the first incident might have prevented the second. Only
    /// the last such incident is considered, if it was within a year; the same service alone,
    /// within ninety days, is a note.
    ///
    /// Follow-ups without a status count as open.
    ///
    /// ```yaml
    /// id: 2026-05-02-stuck-again
    /// services: [api]
    /// root_causes: [{category: database, text: A migration held its locks.}]
    /// # 2026-03-17-stuck: services: [api], the same category, and its A1 is still open
    /// ```
    FailingAgain = "failing-again", Warning, "the same cause again while an earlier follow-up is open"
}

/// After this time a failure is hardly related any more.
const A_YEAR: TimeDelta = TimeDelta::days(366);
/// Within this time, a second failure of a service is reported, whatever its cause.
const RECENT: TimeDelta = TimeDelta::days(90);

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let Some(at) = incident.occurred().map(|at| at.middle()).filter(|_| context.is_incident())
    else {
        return;
    };
    if incident.related.duplicate_of.is_some() || recurrence(context, findings) {
        return;
    }
    let Some(others) = context.neighbourhood else { return };
    let is_another = |earlier: &Unfinished| {
        !is_part(incident, earlier.incident) && !is_part(earlier.incident, incident)
    };
    for (list, causes) in [
        ("root_causes", &incident.root_causes),
        ("contributing_factors", &incident.contributing_factors),
    ] {
        for (index, cause) in causes.iter().enumerate() {
            let Some(category) = category(cause) else { continue };
            let earlier = incident
                .services
                .iter()
                .filter_map(|service| others.of_factor(service, category, at));
            let not_long_ago =
                earlier.filter(|earlier| at - earlier.at <= A_YEAR && is_another(earlier));
            if let Some(earlier) = not_long_ago.max_by_key(|earlier| earlier.at) {
                let what = format!("`{category}` failed again");
                report(findings, item(list, index).then("category"), &what, earlier);
                // One finding is enough.
                return;
            }
        }
    }
    let services = incident.services.iter().enumerate();
    let earlier = services
        .filter_map(|(index, service)| Some((index, service, others.of_service(service, at)?)));
    let recent = earlier.filter(|(_, _, earlier)| at - earlier.at <= RECENT && is_another(earlier));
    if let Some((index, service, earlier)) = recent.max_by_key(|(_, _, earlier)| earlier.at) {
        report(findings, item("services", index), &format!("`{service}` failed again"), earlier)
            .graded(Level::Note);
    }
}

/// Reports open follow-ups of the incident that this one is a recurrence of; returns whether it
/// did.
fn recurrence(context: &Context, findings: &mut Findings) -> bool {
    let Some(id) = &context.incident.related.recurrence_of else { return false };
    let Some(earlier) = context.other(id) else { return false };
    let Some(follow_up) = earlier.action_items.iter().find(|follow_up| follow_up.is_open()) else {
        return false;
    };
    let Some(at) = earlier.occurred() else { return false };
    let unfinished = Unfinished { at: at.middle(), incident: earlier, follow_up };
    report(findings, Path::key("related").then("recurrence_of"), "it happened again", unfinished);
    true
}

/// Whether the file of `child` records a part of what `parent` records.
fn is_part(child: &Incident, parent: &Incident) -> bool {
    child.related.parent.as_ref() == Some(&parent.id)
}

fn report<'f>(
    findings: &'f mut Findings,
    path: Path,
    what: &str,
    earlier: Unfinished,
) -> &'f mut Finding {
    let (follow_up, id) = (named(earlier.follow_up), &earlier.incident.id);
    findings.add(path, format!("{what} while the follow-up {follow_up} of {id} is open")).hint(
        format!(
            "finish it, or set its `status` in {id}; then link the two with `related.recurrence_of`"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::fixture::with;
    use crate::analysis::neighbourhood::Neighbourhood;
    use crate::analysis::rules::tests::shown;
    use crate::model::Cause;
    use crate::model::action::{ActionItem, ActionStatus};
    use crate::model::milestone::MilestoneName::ImpactStart;

    fn of(id: &str, start: &str, category: &str) -> Incident {
        let mut incident = with(id, &[(ImpactStart, start)]);
        incident.services = vec!["api".into()];
        incident.root_causes = vec![Cause { category: Some(category.into()), ..Cause::default() }];
        incident.action_items = vec![ActionItem { id: Some("A1".into()), ..ActionItem::default() }];
        incident
    }

    fn found_beside(incident: &Incident, others: &[&Incident]) -> Vec<String> {
        let definitions = Definitions::default();
        let neighbourhood = Neighbourhood::new(others);
        shown(
            &FailingAgain,
            &Context::new(incident, &definitions, others, None).beside(&neighbourhood),
        )
    }

    #[test]
    fn recurring_cause_with_open_follow_ups_is_reported() {
        let (first, second) = (
            of("first", "2026-03-17T14:00Z", "database"),
            of("second", "2026-05-02T09:00Z", "database"),
        );
        assert_eq!(
            found_beside(&second, &[&first, &second]),
            [
                "warning root_causes[0].category: `database` failed again while the follow-up A1 of first is open"
            ]
        );
        assert!(
            found_beside(&first, &[&first, &second]).is_empty(),
            "the first is nobody's second"
        );
        let mut recurring = of("third", "2026-09-02T09:00Z", "network");
        recurring.related.recurrence_of = Some(first.id.clone());
        assert_eq!(
            found_beside(&recurring, &[&first, &second, &recurring]),
            [
                "warning related.recurrence_of: it happened again while the follow-up A1 of first is open"
            ]
        );
    }

    #[test]
    fn same_service_failing_again_soon_is_a_note() {
        let first = of("first", "2026-03-17T14:00Z", "database");
        let soon = of("second", "2026-05-02T09:00Z", "network");
        assert_eq!(
            found_beside(&soon, &[&first, &soon]),
            ["note services[0]: `api` failed again while the follow-up A1 of first is open"]
        );
        let late = of("second", "2026-09-02T09:00Z", "network");
        assert!(found_beside(&late, &[&first, &late]).is_empty());
    }

    #[test]
    fn finished_follow_ups_other_services_and_duplicates_are_not_reported() {
        let mut first = of("first", "2026-03-17T14:00Z", "database");
        let mut second = of("second", "2026-05-02T09:00Z", "database");
        first.action_items[0].status = Some(ActionStatus::Done);
        assert!(found_beside(&second, &[&first, &second]).is_empty(), "done");
        first.action_items[0].status = None;
        second.services = vec!["mail".into()];
        assert!(found_beside(&second, &[&first, &second]).is_empty(), "another service");
        second.services = vec!["api".into()];
        let years = of("years", "2029-05-02T09:00Z", "database");
        assert!(found_beside(&years, &[&first, &years]).is_empty(), "years later");
        second.related.duplicate_of = Some(first.id.clone());
        assert!(found_beside(&second, &[&first, &second]).is_empty(), "a duplicate");
    }
}
