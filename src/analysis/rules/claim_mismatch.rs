use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::claim::{Claim, measured_by};
use crate::diag::Level;
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName;
use crate::model::path::Path;
use crate::model::time::Moment;

rule! {
    /// Finds a published duration that does not agree with any computed one.
    ///
    /// An announcement says "5 hours and 16 minutes"; the milestones say 3 hours. One of the two is
    /// wrong, and readers will compare them.
    ///
    /// A claim is compared at its own precision, with half a unit of tolerance: "2 hours" agrees
    /// with 1 h 30 min to 2 h 30 min, and "2 h 0 min" only with 1 h 59 min 30 s to 2 h 0 min 30 s.
    /// "About", "just over", "nearly" and "up to" have their usual meanings. `claims.duration` may
    /// be the time to restore, the time to resolve, the reported duration or the impact duration,
    /// since writers rarely say which. If none of these can be computed, the claim is compared with
    /// the difference of every two times of the file, including its timeline.
    ///
    /// ```yaml
    /// milestones: {first_notice_at: 2026-03-17T14:14Z, resolved_at: 2026-03-17T17:20Z}
    /// claims: {duration: 5 hours and 16 minutes}     # 3 h 6 min by the milestones
    /// ```
    ClaimMismatch = "claim-mismatch", Warning, "a published duration that the milestones contradict"
}

fn check(context: &Context, findings: &mut Findings) {
    for (name, phrase) in context.incident.claims.published() {
        let path = Path::key("claims").then(name.as_str());
        let Some(claim) = Claim::parse(phrase) else {
            let message =
                format!("the claim `{phrase}` cannot be read as a duration, so it is not checked");
            findings
                .add(path, message)
                .graded(Level::Note)
                .hint("write it as `5 hours and 16 minutes` or `about 20 min`");
            continue;
        };
        let computed =
            measured_by(name).iter().filter_map(|&name| Some((name, context.value(name)?)));
        let computed: Vec<_> = computed.collect();
        if computed.is_empty() {
            unfounded(context, findings, path, phrase, &claim);
            continue;
        }
        if computed.iter().any(|(_, elapsed)| claim.allows(elapsed)) {
            continue;
        }
        let listed: Vec<String> = computed
            .iter()
            .map(|(name, elapsed)| format!("{} is {elapsed}", name.in_words()))
            .collect();
        let finding = findings.add(
            path,
            format!(
                "the claim `{phrase}` does not agree with what is computed: {}",
                listed.join(", ")
            ),
        );
        match interval(context, &claim) {
            Some((start, end)) => finding.hint(format!(
                "it is the time from {start} to {end}: correct the claim, or the milestones"
            )),
            None => finding
                .hint("no two milestones are that far apart: correct them, or the publication"),
        };
    }
}

/// With so few times nothing is certain: the length may be that between two times that are not in
/// the file.
const FEWEST: usize = 3;

/// Reports a claim if its own duration cannot be computed and no two times of the file, of
/// milestones or of entries, differ by it.
fn unfounded(context: &Context, findings: &mut Findings, path: Path, phrase: &str, claim: &Claim) {
    let incident = context.incident;
    let milestones = incident.milestones.known().map(|(_, milestone)| milestone.at);
    let mut times: Vec<Moment> =
        milestones.chain(incident.timeline.iter().filter_map(|entry| entry.at)).collect();
    times.sort_unstable();
    times.dedup();
    let lengths = || {
        let pairs = times
            .iter()
            .enumerate()
            .flat_map(|(at, &start)| times[at..].iter().map(move |&end| (start, end)));
        // A time that is written as approximate is off by minutes, however long the time between
        // two of them.
        pairs.map(|(start, end)| {
            (Elapsed { about: false, ..Elapsed::between(start, end) }, start, end)
        })
    };
    if times.len() < FEWEST || lengths().any(|(elapsed, ..)| claim.allows(&elapsed)) {
        return;
    }
    let finding =
        findings.add(path, format!("the claim `{phrase}` fits no two times of the incident"));
    // The nearest length was probably meant.
    if let Some((elapsed, start, end)) =
        lengths().min_by_key(|(elapsed, ..)| claim.distance(elapsed))
    {
        let (start, end) = (context.show(start), context.show(end));
        finding.hint(format!(
            "the nearest is {elapsed}, from {start} to {end}: correct the claim, or the times"
        ));
    }
}

/// The two milestones that differ by the claimed duration, if there are any.
fn interval(context: &Context, claim: &Claim) -> Option<(MilestoneName, MilestoneName)> {
    let known: Vec<(MilestoneName, Moment)> =
        context.incident.milestones.known().map(|(name, known)| (name, known.at)).collect();
    let pairs = known.iter().flat_map(|&start| known.iter().map(move |&end| (start, end)));
    let mut forwards = pairs.filter(|((_, start), (_, end))| start.middle() < end.middle());
    let fits = |&((_, start), (_, end)): &((_, Moment), (_, Moment))| {
        claim.allows(&Elapsed::between(start, end))
    };
    forwards.find(fits).map(|((start, _), (end, _))| (start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;
    use crate::model::claims::ClaimName;
    use crate::model::milestone::MilestoneName::{FirstNoticeAt, ImpactStart, ResolvedAt};

    #[test]
    fn claim_that_no_computed_duration_matches_is_reported() {
        let mut incident = with(
            "claimed",
            &[(FirstNoticeAt, "2026-03-17T14:14:05Z"), (ResolvedAt, "2026-03-17T19:30:32Z")],
        );
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
    fn each_claim_is_compared_with_its_own_duration() {
        use crate::model::milestone::MilestoneName::{
            AcknowledgedAt, DetectedAt, ImpactEnd, MitigatedAt,
        };
        let incident = with(
            "each",
            &[
                (ImpactStart, "2026-03-17T14:00Z"),
                (DetectedAt, "2026-03-17T14:09Z"),
                (AcknowledgedAt, "2026-03-17T14:12Z"),
                (MitigatedAt, "2026-03-17T14:40Z"),
                (ImpactEnd, "2026-03-17T15:20Z"),
                (ResolvedAt, "2026-03-17T16:10Z"),
            ],
        );
        let claims = [
            (
                ClaimName::Duration,
                ["80 minutes", "just over an hour", "about 2 hours"],
                "25 minutes",
            ),
            (ClaimName::Ttd, ["9 min", "about 10 minutes", "less than 10 minutes"], "15 minutes"),
            (ClaimName::Tta, ["3 minutes", "just over 2 minutes", "nearly 4 minutes"], "9 minutes"),
            (ClaimName::Ttm, ["40m", "about 45 minutes", "more than half an hour"], "70 minutes"),
            (ClaimName::Ttr, ["2h 10m", "just over 2 hours", "about 2 hours"], "4h 10m"),
            (ClaimName::Repair, ["1h 11m", "just over an hour", "around 70 minutes"], "1h 21m"),
        ];
        for (name, right, wrong) in claims {
            for phrase in right {
                let mut claimed = incident.clone();
                *claimed.claims.slot(name) = Some(phrase.into());
                assert_eq!(found(&ClaimMismatch, &claimed), [""; 0], "{name}: {phrase}");
            }
            let mut claimed = incident.clone();
            *claimed.claims.slot(name) = Some(wrong.into());
            let messages = found(&ClaimMismatch, &claimed);
            assert!(
                messages.len() == 1 && messages[0].starts_with(&format!("warning claims.{name}: ")),
                "{name}: {messages:?}"
            );
        }
    }

    #[test]
    fn uncomputable_claim_is_compared_with_every_pair_of_times() {
        use crate::model::timeline::Entry;
        let mut incident = with("lines", &[(ResolvedAt, "2026-03-17T12:10Z")]);
        let line =
            |at: &str| Entry { at: Some(at.parse().unwrap()), text: at.into(), ..Entry::default() };
        incident.claims.ttd = Some("9 hours".into());
        incident.timeline.push(line("2026-03-17T10:00Z"));
        assert_eq!(found(&ClaimMismatch, &incident), [""; 0], "two times prove nothing");
        incident.timeline.push(line("2026-03-17T11:20Z"));
        let messages = "warning claims.ttd: the claim `9 hours` fits no two times of the incident";
        assert_eq!(found(&ClaimMismatch, &incident), [messages]);
        incident.claims.ttd = Some("50 minutes".into());
        assert_eq!(found(&ClaimMismatch, &incident), [""; 0]);
    }

    #[test]
    fn matching_interval_is_suggested() {
        use crate::analysis::config::Definitions;
        use crate::analysis::rules::check as check_all;
        use crate::model::milestone::MilestoneName::{DeclaredAt, DetectedAt, ImpactEnd};
        let mut incident = with(
            "meant",
            &[
                (DetectedAt, "2020-04-15T13:45Z"),
                (DeclaredAt, "2020-04-15T14:39Z"),
                (ImpactEnd, "2020-04-15T15:09Z"),
            ],
        );
        let hint = |incident: &crate::model::Incident| {
            let all = check_all(&Context::new(incident, &Definitions::default(), &[], None));
            all.into_iter()
                .find(|finding| finding.rule == "claim-mismatch")
                .map(|finding| finding.hints[0].clone())
        };
        incident.claims.repair = Some("0h 30m".into());
        let meant =
            "it is the time from declared_at to impact_end: correct the claim, or the milestones";
        assert_eq!(hint(&incident).as_deref(), Some(meant));
        incident.claims.repair = Some("5h 8m".into());
        let none = "no two milestones are that far apart: correct them, or the publication";
        assert_eq!(hint(&incident).as_deref(), Some(none));
    }

    #[test]
    fn approximate_claims_accept_values_just_above() {
        let mut incident =
            with("over", &[(ImpactStart, "2023-08-11T12:36Z"), (ResolvedAt, "2023-08-11T14:50Z")]);
        incident.claims.duration = Some("just over 2 hours".into());
        incident.claims.ttd = Some("a few minutes".into());
        assert_eq!(
            found(&ClaimMismatch, &incident),
            [
                "note claims.ttd: the claim `a few minutes` cannot be read as a duration, so it is not checked"
            ]
        );
    }
}
