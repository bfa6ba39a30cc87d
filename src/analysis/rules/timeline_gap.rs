use chrono::{DateTime, TimeDelta, Utc};

use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::impact;
use crate::analysis::spans::{Spans, Stretch};
use crate::model::elapsed::Elapsed;
use crate::model::path::Path;
use crate::model::time::{Moment, Precision};

rule! {
    /// Finds more than an hour of impact for which the timeline has no entry.
    ///
    /// Something was tried and said in that hour; what is not recorded cannot be learned from.
    /// Chats and alert logs of those hours can be imported. Incidents that are known only from a
    /// status page are not reported, since the readers of the page have neither.
    ///
    /// ```yaml
    /// impact: {windows: [{start: 2026-03-17T14:00Z, end: 2026-03-17T17:00Z}]}
    /// timeline:
    ///   - {at: 2026-03-17T14:39Z, text: Cleared the stuck queries}
    ///   - {at: 2026-03-17T17:00Z, text: Restarted the workers}      # and between the two?
    /// ```
    TimelineGap = "timeline-gap", Note, "more than an hour of impact without a timeline entry", Gap;
    is_for_own_incidents
}

const LONGEST_SILENCE: TimeDelta = TimeDelta::minutes(60);

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let recorded: Vec<Stretch> = incident
        .timeline
        .iter()
        .filter(|entry| !entry.hidden)
        .filter_map(|entry| {
            entry.at.map(|at| (at.middle(), entry.end.unwrap_or(at).middle().max(at.middle())))
        })
        .collect();
    if recorded.is_empty() {
        return;
    }
    let (windows, _) = impact::windows(incident);
    let impact = Spans::union(impact::middles(windows.iter()).0);
    // The complement of the recorded times is the gaps; the ends of the impact bound them.
    for &(start, end) in impact.stretches() {
        let silent = Spans::union([(start, end)]).without(&Spans::union(recorded.iter().copied()));
        let mut cuts: Vec<DateTime<Utc>> = recorded
            .iter()
            .flat_map(|&(from, to)| [from, to])
            .filter(|at| start < *at && *at < end)
            .collect();
        cuts.sort_unstable();
        for &(from, to) in silent.stretches() {
            // An entry without a length splits a gap in two, although it takes no time.
            let inner = cuts.iter().copied().filter(|at| from < *at && *at < to);
            let bounds: Vec<DateTime<Utc>> =
                std::iter::once(from).chain(inner).chain([to]).collect();
            for pair in bounds.windows(2).filter(|pair| pair[1] - pair[0] > LONGEST_SILENCE) {
                report(context, findings, pair[0], pair[1]);
            }
        }
    }
}

fn report(context: &Context, findings: &mut Findings, from: DateTime<Utc>, to: DateTime<Utc>) {
    let [from, to] = [from, to].map(|instant| as_known(context, instant));
    let after =
        context.incident.timeline_in_order().into_iter().find(|(_, entry)| {
            !entry.hidden && entry.at.is_some_and(|at| at.middle() >= to.middle())
        });
    let path = after.map_or_else(
        || Path::key("timeline"),
        |(index, _)| super::context::item("timeline", index),
    );
    let message = format!(
        "the timeline has no entry for {} of the impact, from {} to {}",
        Elapsed::between(from, to),
        context.show(from),
        context.show(to)
    );
    findings
        .add(path, message)
        .hint("import the chat or the alerts of that time, or write down what was done");
}

/// The moment whose middle is `instant`, to the minute.
fn as_known(context: &Context, instant: DateTime<Utc>) -> Moment {
    let (windows, _) = impact::windows(context.incident);
    let windows = windows.iter().flat_map(|window| [Some(window.start), window.end]);
    let entries = context.incident.timeline.iter().filter(|entry| !entry.hidden);
    let known = entries.flat_map(|entry| [entry.at, entry.end]).chain(windows).flatten();
    // Of several, the most uncertain one: the start of the gap is not known better.
    let vague = known.filter(|at| at.middle() == instant && (at.is_about() || at.is_uncertain()));
    vague
        .max_by_key(|at| at.latest() - at.earliest())
        .unwrap_or(Moment::known_to(instant, Precision::Minute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident, window};
    use crate::analysis::rules::tests::found;
    use crate::model::Incident;
    use crate::model::timeline::Entry;

    fn with_impact() -> Incident {
        let mut incident = incident("gap");
        incident.impact.windows =
            vec![window("2026-03-17T14:00Z", Some("2026-03-17T17:00Z"), None, &[])];
        incident
    }

    #[test]
    fn long_gaps_in_the_timeline_are_reported() {
        let mut incident = with_impact();
        incident.timeline =
            vec![entry("2026-03-17T14:39Z", "Cleared."), entry("2026-03-17T17:00Z", "Restarted.")];
        assert_eq!(
            found(&TimelineGap, &incident),
            [
                "note timeline[1]: the timeline has no entry for 2 h 21 min of the impact, from 2026-03-17 14:39 UTC to 2026-03-17 17:00 UTC"
            ]
        );
        incident.timeline =
            vec![entry("2026-03-17T15:30Z", "Noticed."), entry("2026-03-17T16:10Z", "Restarted.")];
        assert_eq!(found(&TimelineGap, &incident).len(), 1);
        incident.timeline = vec![
            entry("2026-03-17T14:20Z..2026-03-17T14:30Z", "Noticed."),
            entry("~2026-03-17T16:40Z", "Restarted."),
        ];
        assert_eq!(
            found(&TimelineGap, &incident),
            [
                "note timeline[1]: the timeline has no entry for ~2 h 10 min – 2 h 20 min of the impact, from 2026-03-17 14:20 UTC – 2026-03-17 14:30 UTC to ~2026-03-17 16:40 UTC"
            ],
            "what is vague stays vague"
        );
    }

    #[test]
    fn long_entries_and_gaps_outside_the_impact_are_accepted() {
        let mut incident = with_impact();
        let long = Entry {
            end: "2026-03-17T16:30Z".parse().ok(),
            ..entry("2026-03-17T14:40Z", "Migrated.")
        };
        incident.timeline = vec![long, entry("2026-03-18T12:00Z", "Wrote it up.")];
        assert!(found(&TimelineGap, &incident).is_empty());
        incident.timeline.clear();
        assert!(found(&TimelineGap, &incident).is_empty(), "no timeline at all is no gap in one");
    }
}
