use super::context::Context;
use super::{Findings, rule};
use crate::analysis::claim::{Claim, measured_by};
use crate::diag::Level;
use crate::model::path::Path;

rule! {
    /// Finds a published duration that does not agree with any that can be computed.
    ///
    /// People wrote "5 hours and 16 minutes" in an announcement; the milestones say 3 hours. One
    /// of the two is wrong, and readers will compare them.
    ///
    /// A claim is held to its own precision: "2 hours" agrees with 2 h 20 min, "2 h 0 min" does
    /// not. "About", "just over", "nearly" and "up to" mean what they say. `claims.duration` may
    /// be the time to restore, the time to resolve, the reported duration or the impact duration,
    /// since writers rarely say which.
    ///
    /// ```yaml
    /// milestones: {first_notice_at: 2026-03-17T14:14Z, resolved_at: 2026-03-17T17:20Z}
    /// claims: {duration: 5 hours and 16 minutes}     # 3 h 6 min by the milestones
    /// ```
    ClaimMismatch = "claim-mismatch", Warning, "a published duration that the milestones contradict"
}

fn check(context: &Context, findings: &mut Findings) {
    let claims = &context.incident.claims;
    let claimed = [
        ("duration", &claims.duration),
        ("ttd", &claims.ttd),
        ("tta", &claims.tta),
        ("ttm", &claims.ttm),
        ("ttr", &claims.ttr),
        ("repair", &claims.repair),
    ];
    for (key, phrase) in claimed {
        let Some(phrase) = phrase else { continue };
        let path = Path::key("claims").then(key);
        let Some(claim) = Claim::parse(phrase) else {
            let message = format!("the claim `{phrase}` cannot be read as a duration, so it is not checked");
            findings
                .add(path, message)
                .graded(Level::Note)
                .hint("write it as `5 hours and 16 minutes` or `about 20 min`");
            continue;
        };
        let computed = measured_by(key).iter().filter_map(|&name| Some((name, context.value(name)?)));
        let computed: Vec<_> = computed.collect();
        if computed.is_empty() || computed.iter().any(|(_, elapsed)| claim.allows(elapsed)) {
            continue;
        }
        let listed: Vec<String> =
            computed.iter().map(|(name, elapsed)| format!("{} is {elapsed}", name.in_words())).collect();
        findings
            .add(path, format!("the claim `{phrase}` does not agree with what is computed: {}", listed.join(", ")))
            .hint("correct the milestones, or the publication");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{FirstNoticeAt, ImpactStart, ResolvedAt};

    #[test]
    fn a_claim_that_nothing_computed_agrees_with() {
        let mut incident =
            with("claimed", &[(FirstNoticeAt, "2026-03-17T14:14:05Z"), (ResolvedAt, "2026-03-17T19:30:32Z")]);
        incident.claims.duration = Some("5 hours and 16 minutes".into());
        assert!(found(&ClaimMismatch, &incident).is_empty());
        incident.claims.duration = Some("3 hours".into());
        assert_eq!(
            found(&ClaimMismatch, &incident),
            [
                "warning claims.duration: the claim `3 hours` does not agree with what is computed: reported duration is 5 h 16 min 27 s"
            ]
        );
    }

    #[test]
    fn just_over_two_hours_is_two_hours_and_fourteen_minutes() {
        let mut incident = with("over", &[(ImpactStart, "2023-08-11T12:36Z"), (ResolvedAt, "2023-08-11T14:50Z")]);
        incident.claims.duration = Some("just over 2 hours".into());
        incident.claims.ttd = Some("a few minutes".into());
        assert_eq!(
            found(&ClaimMismatch, &incident),
            ["note claims.ttd: the claim `a few minutes` cannot be read as a duration, so it is not checked"]
        );
    }
}
