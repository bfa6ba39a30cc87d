use super::context::{Context, window};
use super::{Findings, rule};
use crate::model::Status;

rule! {
    /// Finds an impact window that is still open in an incident that is resolved.
    ///
    /// An open window says that users are being harmed right now: the impact duration has no value,
    /// and the service's downtime grows. Either the window ended, or the incident is not over.
    ///
    /// ```yaml
    /// status: resolved
    /// impact:
    ///   windows:
    ///     - {start: 2026-03-17T14:05Z, end: null, level: degraded}
    /// ```
    OpenWindow = "open-window", Error, "an open impact window in a resolved incident", Gap
}

fn check(context: &Context, findings: &mut Findings) {
    if context.incident.status() != Some(Status::Resolved) {
        return;
    }
    let windows = context.incident.impact.windows.iter().enumerate();
    for (index, one) in windows.filter(|(_, one)| one.end.is_none()) {
        findings
            .add(
                window(index),
                format!("the window from {} has no end, but the incident is resolved", context.show(one.start)),
            )
            .hint("set its `end`, or set `status: ongoing`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, window};
    use crate::analysis::rules::tests::found;

    #[test]
    fn resolved_with_an_open_window() {
        let mut incident = incident("open");
        incident.status = Some(Status::Resolved);
        incident.impact.windows = vec![
            window("2026-03-17T14:05Z", Some("2026-03-17T14:10Z"), None, &[]),
            window("2026-03-17T15:05Z", None, None, &[]),
        ];
        assert_eq!(
            found(&OpenWindow, &incident),
            ["error impact.windows[1]: the window from 2026-03-17 15:05 UTC has no end, but the incident is resolved"]
        );
        incident.status = Some(Status::Ongoing);
        assert!(found(&OpenWindow, &incident).is_empty());
    }
}
