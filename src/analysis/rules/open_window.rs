use super::context::{Context, window};
use super::finding::Findings;
use super::rule::rule;
use crate::model::Status;
use crate::model::milestone::MilestoneName::{ImpactEnd, ResolvedAt};

rule! {
    /// Finds an impact window without an end where the impact, or the incident, has one.
    ///
    /// An open window means that users are affected now. Numbers end it at `impact_end`, or at
    /// `resolved_at`. Either the window ended, or the incident is ongoing.
    ///
    /// ```yaml
    /// status: resolved
    /// impact:
    ///   windows:
    ///     - {start: 2026-03-17T14:05Z, end: null, level: degraded}
    /// ```
    OpenWindow = "open-window", Error, "an open impact window although the impact has ended", Gap
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let ends = [ImpactEnd, ResolvedAt].into_iter().find_map(|name| Some((name, context.at(name)?)));
    let over = match ends {
        Some((name, at)) => format!("{} is known", context.named(name, at)),
        None if incident.status() == Some(Status::Resolved) => {
            "the incident is resolved".to_owned()
        }
        None => return,
    };
    let windows = incident.impact.windows.iter().enumerate();
    for (index, one) in windows.filter(|(_, one)| one.end.is_none()) {
        findings
            .add(window(index), format!("the window from {} has no end, but {over}", context.show(one.start)))
            .hint("set its `end`; if users are still affected, remove the milestone and set `status: ongoing`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, window, with};
    use crate::analysis::rules::tests::found;

    #[test]
    fn open_window_in_a_resolved_incident_is_reported() {
        let mut incident = incident("open");
        incident.status = Some(Status::Resolved);
        incident.impact.windows = vec![
            window("2026-03-17T14:05Z", Some("2026-03-17T14:10Z"), None, &[]),
            window("2026-03-17T15:05Z", None, None, &[]),
        ];
        assert_eq!(
            found(&OpenWindow, &incident),
            [
                "error impact.windows[1]: the window from 2026-03-17 15:05 UTC has no end, but the incident is resolved"
            ]
        );
        incident.status = Some(Status::Ongoing);
        assert!(found(&OpenWindow, &incident).is_empty());
    }

    #[test]
    fn open_window_contradicts_impact_end_whatever_the_status() {
        let mut torn = with("torn", &[(ImpactEnd, "2026-03-17T15:00Z")]);
        torn.impact.windows = vec![window("2026-03-17T14:00Z", None, None, &[])];
        let expected = "error impact.windows[0]: the window from 2026-03-17 14:00 UTC has no end, but impact_end (2026-03-17 15:00 UTC) is known";
        assert_eq!(found(&OpenWindow, &torn), [expected]);
        torn.status = Some(Status::Ongoing);
        assert_eq!(found(&OpenWindow, &torn), [expected]);
    }
}
