use super::context::{Context, milestone};
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::duration_name::DurationName;
use crate::analysis::measure::is_too_wide;
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName;
use crate::model::path::Path;
use crate::model::time::Moment;

rule! {
    /// Finds durations that are too uncertain for a single figure: the interval is wider than half
    /// its midpoint.
    ///
    /// "9:45" without am or pm leaves twelve hours open. The report prints the interval, the
    /// aggregates count its midpoint and name the incident, and nobody should quote one number.
    ///
    /// ```yaml
    /// milestones:
    ///   impact_start: 2013-04-06T16:45Z..2013-04-07T04:45Z
    ///   resolved_at: 2013-04-08T09:45Z..2013-04-08T21:45Z    # 29 to 53 hours
    /// ```
    AmbiguousSpan = "ambiguous-span", Warning, "a duration that is too uncertain for a single figure"
}

fn check(context: &Context, findings: &mut Findings) {
    if !is_vague(context.incident) {
        return;
    }
    let wide: Vec<String> = DurationName::ALL
        .iter()
        .filter_map(|&name| Some((name, context.value(name).filter(is_too_wide)?)))
        .map(|(name, value)| format!("{} is {value}", name.in_words()))
        .collect();
    if wide.is_empty() {
        return;
    }
    let vague: Vec<(MilestoneName, Elapsed)> = context
        .incident
        .milestones
        .known()
        .filter(|(_, milestone)| milestone.at.is_uncertain())
        .map(|(name, milestone)| {
            let width = milestone.at.latest() - milestone.at.earliest();
            (name, Elapsed { precision: milestone.at.precision(), ..Elapsed::exactly(width) })
        })
        .collect();
    let causes: Vec<String> =
        vague.iter().map(|(name, width)| format!("{name} may be anywhere in {width}")).collect();
    let because = if causes.is_empty() {
        "the impact windows are uncertain".to_owned()
    } else {
        causes.join(", ")
    };
    let path = vague
        .first()
        .map_or_else(|| Path::key("impact").then("windows"), |(name, _)| milestone(*name));
    findings
        .add(path, format!("{}: {because}; a single figure must not be printed", wide.join(", ")))
        .hint("narrow the interval if a source allows it; else quote both ends");
}

/// Whether a time that a duration depends on may be more than one instant.
fn is_vague(incident: &Incident) -> bool {
    let windows = incident
        .impact
        .windows
        .iter()
        .flat_map(|window| [Some(window.start), window.end])
        .flatten();
    let deployed = incident.trigger.as_ref().and_then(|trigger| trigger.deployed_at);
    let mut times = incident
        .milestones
        .known()
        .map(|(_, milestone)| milestone.at)
        .chain(windows)
        .chain(deployed);
    times.any(Moment::is_uncertain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::{ImpactStart, ResolvedAt};

    #[test]
    fn both_ends_ambiguous_by_twelve_hours_is_an_error() {
        let incident = with(
            "twelve",
            &[
                (ImpactStart, "2013-04-06T16:45Z..2013-04-07T04:45Z"),
                (ResolvedAt, "2013-04-08T09:45Z..2013-04-08T21:45Z"),
            ],
        );
        assert_eq!(
            found(&AmbiguousSpan, &incident),
            [
                "warning milestones.impact_start: time to resolve is 29–53 h: impact_start may be anywhere in 12 h, \
              resolved_at may be anywhere in 12 h; a single figure must not be printed"
            ]
        );
    }

    #[test]
    fn narrow_intervals_and_approximate_times_are_accepted() {
        let narrow = with(
            "narrow",
            &[
                (ImpactStart, "2026-03-17T14:00Z..2026-03-17T14:10Z"),
                (ResolvedAt, "~2026-03-17T16:00Z"),
            ],
        );
        assert!(found(&AmbiguousSpan, &narrow).is_empty());
    }
}
