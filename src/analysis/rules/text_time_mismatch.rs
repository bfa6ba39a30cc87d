use std::sync::LazyLock;

use chrono::{NaiveTime, TimeDelta};
use regex::Regex;

use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::texts::texts;
use crate::model::milestone::MilestoneName::{self, ImpactEnd, MitigatedAt, ResolvedAt};
use crate::model::time::{Moment, Precision};

rule! {
    /// Finds a text such as "resolved at 19:30 UTC" although the incident has no end at that time.
    ///
    /// Readers see the text and the milestones together. Only a clock time with "UTC" or "GMT"
    /// directly after "resolved at", "restored at", "works again at" and the like is compared, with
    /// the known milestones, and only in the file's own texts: an entry of the timeline is about
    /// its own moment.
    ///
    /// ```yaml
    /// summary: Resolved at 19:30 UTC.
    /// milestones: {resolved_at: 2026-03-17T16:00Z}
    /// ```
    TextTimeMismatch = "text-time-mismatch", Warning, "a text that states another end"
}

static STATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:resolved|restored|mitigated|fixed|service (?:has )?resumed|works again|working again|back online|back to normal) at (?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})? ?(?:UTC|GMT)\b")
        .expect("valid built-in regex")
});

fn check(context: &Context, findings: &mut Findings) {
    let ends: Vec<(MilestoneName, Moment)> = [ResolvedAt, ImpactEnd, MitigatedAt]
        .into_iter()
        .filter_map(|name| Some((name, context.at(name)?)))
        .collect();
    // "Resolved" is taken to mean the first of these that is known.
    let Some(&(name, end)) = ends.first() else { return };
    // Several windows have several ends, and the text may mean any of them.
    let windows: Vec<Moment> =
        context.incident.impact.windows.iter().filter_map(|one| one.end).collect();
    for text in texts(context.incident).into_iter().filter(|text| text.entry.is_none()) {
        for found in STATED.captures_iter(text.text) {
            let number = |group: &str| {
                found.name(group).and_then(|digits| digits.as_str().parse::<u32>().ok())
            };
            let clock = number("hour")
                .zip(number("minute"))
                .and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
            let Some(clock) = clock else { continue };
            let mut known = ends.iter().map(|(_, at)| *at).chain(windows.iter().copied());
            if known.any(|at| may_show(context, at, clock)) {
                continue;
            }
            let message =
                format!("the text says \"{}\", but {}", &found[0], context.named(name, end));
            findings.add(text.path(), message).hint("correct the text, or the milestone");
        }
    }
}

/// Whether a clock in UTC may show `clock` at `at`, within the tolerance.
fn may_show(context: &Context, at: Moment, clock: NaiveTime) -> bool {
    if at.precision() == Precision::Day {
        return true;
    }
    let times = if at.is_about() { 2 } else { 1 };
    let slack = context.definitions.tolerance() * times + TimeDelta::seconds(59);
    let (from, to) = (at.earliest() - slack, at.latest() + slack);
    let first = from.date_naive();
    let days = [Some(first), first.succ_opt(), first.succ_opt().and_then(|next| next.succ_opt())];
    to - from >= TimeDelta::days(1)
        || days
            .into_iter()
            .flatten()
            .any(|day| (from..=to).contains(&day.and_time(clock).and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;

    #[test]
    fn text_stating_another_time_than_the_milestone_is_reported() {
        let mut incident =
            with("said", &[(ResolvedAt, "2026-03-17T16:00Z"), (MitigatedAt, "2026-03-17T15:20Z")]);
        incident.summary = Some("A lock. Resolved at 19:30 UTC.".into());
        assert_eq!(
            found(&TextTimeMismatch, &incident),
            [
                "warning summary: the text says \"Resolved at 19:30 UTC\", but resolved_at (2026-03-17 16:00 UTC)"
            ]
        );
        for text in ["Service resumed at 19:30 UTC.", "Everything works again at 19:30 UTC"] {
            incident.summary = Some(text.into());
            assert_eq!(found(&TextTimeMismatch, &incident).len(), 1, "{text}");
        }
        for text in [
            "Resolved at 16:01 UTC.",
            "It was mitigated at 15:20 GMT.",
            "Resolved at 17:00 CET.",
            "Resolved at last.",
        ] {
            incident.summary = Some(text.into());
            assert!(found(&TextTimeMismatch, &incident).is_empty(), "{text}");
        }
        let mut midnight = with("midnight", &[(ResolvedAt, "2026-03-17T23:59:30Z")]);
        midnight.summary = Some("Resolved at 00:00 UTC.".into());
        assert!(found(&TextTimeMismatch, &midnight).is_empty());
    }
}
