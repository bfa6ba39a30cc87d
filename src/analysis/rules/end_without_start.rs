use super::context::{Context, milestone};
use super::finding::Findings;
use super::rule::rule;
use crate::model::milestone::MilestoneName::{
    self, ImpactEnd, ImpactStart, MitigatedAt, ResolvedAt,
};

rule! {
    /// Finds an end without a start: the file states when the incident ended, but neither when the
    /// impact began nor anything that could replace that.
    ///
    /// Such an incident has no time to resolve, not even in aggregates, where the detection, the
    /// declaration or the first notice may replace the start of the impact. Incidents that are
    /// known only from a status page are not reported, since the page does not say more; `stats`
    /// counts their time to resolve as unknown.
    ///
    /// ```yaml
    /// milestones: {resolved_at: 2026-03-17T19:30:32Z}     # since when?
    /// ```
    EndWithoutStart = "end-without-start", Warning, "an end without a start", Gap;
    is_for_own_incidents
}

/// The last end of an incident without any start.
fn end_without_start(context: &Context) -> Option<MilestoneName> {
    let starts = context.definitions.fallbacks_of(ImpactStart);
    let begun = std::iter::once(&ImpactStart).chain(starts).any(|&name| context.at(name).is_some())
        || !context.incident.impact.windows.is_empty();
    let end = [ResolvedAt, ImpactEnd, MitigatedAt]
        .into_iter()
        .find(|&name| context.at(name).is_some())?;
    (!begun && context.is_incident()).then_some(end)
}

/// Whether this rule has a finding.
pub(super) fn has_end_without_start(context: &Context) -> bool {
    end_without_start(context).is_some()
}

fn check(context: &Context, findings: &mut Findings) {
    if let Some((name, at)) =
        end_without_start(context).and_then(|name| Some((name, context.at(name)?)))
    {
        findings
            .add(
                milestone(name),
                format!("{} is known, but nothing says when it began", context.named(name, at)),
            )
            .hint("set milestones.impact_start; `~T` and `T1..T2` are fine");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::FirstNoticeAt;

    #[test]
    fn end_without_any_start_is_reported() {
        let lonely = with("lonely", &[(ResolvedAt, "2026-03-17T19:30Z")]);
        assert_eq!(
            found(&EndWithoutStart, &lonely),
            [
                "warning milestones.resolved_at: resolved_at (2026-03-17 19:30 UTC) is known, but nothing says when it began"
            ]
        );
    }

    #[test]
    fn window_counts_as_a_start() {
        let mut known = with("known", &[(ResolvedAt, "2026-03-17T19:30Z")]);
        known.impact.windows = vec![crate::analysis::fixture::window(
            "2026-03-17T14:00Z",
            Some("2026-03-17T19:00Z"),
            None,
            &[],
        )];
        assert!(found(&EndWithoutStart, &known).is_empty());
    }

    #[test]
    fn first_notice_counts_as_a_start() {
        let page = with(
            "page",
            &[(FirstNoticeAt, "2026-03-17T14:14Z"), (ResolvedAt, "2026-03-17T19:30Z")],
        );
        assert!(found(&EndWithoutStart, &page).is_empty());
    }
}
