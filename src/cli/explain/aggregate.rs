//! The median of a duration over all incidents, or over a group.

use std::collections::HashMap;

use serde_json::json;

use super::parts::{Args, Explanation, Input, rounding};
use crate::analysis::config::Definitions;
use crate::analysis::stats::{Few, Group, Metric, Ranks, StatsOptions, stats};
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::cli::filter::Filters;
use crate::cli::names::unknown;
use crate::cli::reports;
use crate::cli::terminal::Terminal;
use crate::diag::Place;
use crate::model::Incident;
use crate::model::path::Path;
use crate::store::Workspace;
use crate::store::locate::Locator;
use crate::store::workspace::Loaded;
use crate::text::counted;

/// Explains the median that `posthoc stats` prints.
pub(super) fn explain(
    args: &Args,
    workspace: &Workspace,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Explanation, CliError> {
    let (zone, name) = (Filters::zone(context, workspace), args.metric.name);
    let period = args.dates.period(context.now(), zone)?;
    let all = workspace.load_all()?;
    reports::report_problems(&all, terminal)?;
    let incidents: Vec<&Incident> = all.incidents.iter().map(|loaded| &loaded.incident).collect();
    let options = StatsOptions {
        metrics: vec![name],
        by: args.by,
        then_by: None,
        zone,
        since: period.since,
        until: period.until,
        strict: false,
        inputs: true,
        now: Some(context.now()),
    };
    let definitions = &workspace.config.definitions;
    let answer = stats(&incidents, definitions, &options);
    let group = match &args.group {
        Some(asked) => {
            let is_asked = |group: &&Group| group.name.eq_ignore_ascii_case(asked);
            let names = answer.groups.iter().map(|group| group.name.as_str());
            answer.groups.iter().find(is_asked).ok_or_else(|| {
                unknown("group", asked, names, "`posthoc stats --by` shows what there is")
            })?
        }
        None => &answer.groups[0],
    };
    let of = args.group.as_ref().map_or_else(String::new, |_| format!(" of {}", group.name));
    let metric = &group.metrics[0];
    let places = places(&all.incidents, metric, definitions, context);
    Ok(explained(&of, group, metric, definitions, &places))
}

/// Where the end of the duration is written in each incident that is used.
fn places(
    all: &[Loaded],
    metric: &Metric,
    definitions: &Definitions,
    context: &Context,
) -> HashMap<String, Place> {
    let path = match definitions.pair(metric.name) {
        Some(pair) => Path::key("milestones").then(pair.end.as_str()),
        None => Path::key("impact").then("windows"),
    };
    let used: Vec<&str> =
        metric.inputs.iter().filter_map(|one| Some(one.incident.as_ref()?.as_str())).collect();
    let by_id: HashMap<&str, &Loaded> =
        all.iter().map(|loaded| (loaded.incident.id.as_str(), loaded)).collect();
    let place = |id: &&str| {
        let loaded = by_id.get(id)?;
        let file = context.name(&loaded.path).to_string();
        Some(((*id).to_owned(), Locator::of_valid(&file, &loaded.text).value(&path)))
    };
    used.iter().filter_map(place).collect()
}

fn explained(
    of: &str,
    group: &Group,
    metric: &Metric,
    definitions: &Definitions,
    places: &HashMap<String, Place>,
) -> Explanation {
    let name = metric.name.as_str().to_uppercase();
    let used: Vec<&Few> = metric.inputs.iter().filter(|one| one.bound.is_none()).collect();
    let inputs = used.iter().enumerate().map(|(index, one)| {
        let id = one.incident.as_ref().map_or_else(String::new, ToString::to_string);
        let exact =
            if one.text.ends_with(" s") { String::new() } else { format!(" ({} s)", one.seconds) };
        Input {
            place: places.get(&id).cloned(),
            name: format!("{:>3}  {id}", index + 1),
            value: format!("{}{exact}", one.text),
        }
    });
    let inputs = inputs.collect();
    let formula = definitions.formula(metric.name);
    let mut steps = vec![(
        "formula",
        format!("{name} = {formula} (definitions version {})", definitions.version),
    )];
    let left_out = group.incidents - used.len();
    if left_out > 0 {
        steps.push(("left out", left_out_text(metric)));
    }
    let median = metric.summary.median;
    let Some(median) = median else {
        let values = counted(used.len(), "value");
        let number = format!("The median {name}{of} is not computed: {values}, and 5 are needed");
        return Explanation { number, seconds: json!(null), inputs, steps, checks: Vec::new() };
    };
    let shown = match (median.value, median.bounds) {
        (Some(value), Some(bounds)) => bounds.text(value),
        _ => "not known yet".to_owned(),
    };
    let mut checks = Vec::new();
    let list = used.iter().map(|one| one.seconds.to_string()).collect::<Vec<_>>().join(", ");
    if metric.summary.censored == 0 {
        steps.push(("arithmetic", arithmetic(&used, median.value)));
        checks.push((
            "python",
            format!("python3 -c \"import statistics; print(statistics.median([{list}]))\""),
        ));
        checks.push(("r", format!("median(c({list}))")));
        let rows =
            used.iter().map(|one| format!("({})", one.seconds)).collect::<Vec<_>>().join(", ");
        checks.push((
            "sql",
            format!(
                "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM (VALUES {rows}) AS t(x)"
            ),
        ));
        if let Some(ranks) = median.ranks {
            steps.extend(interval(&used, ranks));
            checks.extend(confidence(metric.summary.n, ranks));
        }
    } else {
        let over = used
            .iter()
            .map(|one| if one.so_far { "0" } else { "1" })
            .collect::<Vec<_>>()
            .join(", ");
        steps.push((
            "arithmetic",
            "Kaplan–Meier, with the log-log interval, since some are ongoing".to_owned(),
        ));
        checks.push((
            "r",
            format!(
                "library(survival); quantile(survfit(Surv(c({list}), c({over})) ~ 1, conf.type = 'log-log'), 0.5)"
            ),
        ));
    }
    steps.extend(median.bounds.map(|bounds| ("rounding", rounding(bounds.precision))));
    let seconds = json!({
        "median": median.value, "low": median.low, "high": median.high, "n": metric.summary.n,
        "min": median.bounds.map(|bounds| bounds.min_seconds),
        "max": median.bounds.map(|bounds| bounds.max_seconds),
        "precision": median.bounds.map(|bounds| bounds.precision),
    });
    Explanation {
        number: format!("The median {name}{of} = {shown}"),
        seconds,
        inputs,
        steps,
        checks,
    }
}

fn left_out_text(metric: &Metric) -> String {
    let parts = [
        (metric.missing, "unknown"),
        (metric.by_fallback, "known only as bounds"),
        (metric.proactive, "before the impact"),
        (metric.not_applicable, "not applicable"),
        (metric.contradictory, "contradictory"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

/// Which values the median is made from.
fn arithmetic(sorted: &[&Few], median: Option<f64>) -> String {
    let n = sorted.len();
    let median = median.unwrap_or_default();
    if n % 2 == 1 {
        return format!("value {} of {n} in rising order: {median} s", n / 2 + 1);
    }
    let (low, high) = (sorted[n / 2 - 1].seconds, sorted[n / 2].seconds);
    format!(
        "the middle of values {} and {} of {n} in rising order: ({low} + {high}) / 2 = {median} s",
        n / 2,
        n / 2 + 1
    )
}

fn interval(sorted: &[&Few], ranks: Ranks) -> Option<(&'static str, String)> {
    let (low, high) = (ranks.low?, ranks.high?);
    let ends = [sorted.get(low - 1)?.text.as_str(), sorted.get(high - 1)?.text.as_str()];
    let confidence = ranks.confidence * 100.0;
    Some((
        "interval",
        format!(
            "values {low} and {high}: {} and {}, {confidence:.1} % by the binomial distribution",
            ends[0], ends[1]
        ),
    ))
}

fn confidence(n: usize, ranks: Ranks) -> Option<(&'static str, String)> {
    let rank = ranks.low?;
    Some((
        "python (confidence)",
        format!(
            "python3 -c \"from math import comb; print(1 - 2 * sum(comb({n}, i) for i in range({rank})) / 2**{n})\""
        ),
    ))
}
