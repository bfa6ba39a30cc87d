//! What changed from one period to another, and whether chance explains it, in sentences.

use std::collections::BTreeMap;

use crate::analysis::stats::compare::{Change, Comparison, Verdict};
use crate::analysis::stats::{Group, SeverityCount, StatsTable, Trend};
use crate::text::counted;

/// One line for each comparison, with its periods if these differ from line to line, and how they
/// were made.
pub(crate) fn of(comparisons: &[Comparison], names_periods: bool) -> Vec<String> {
    let line = |one: &Comparison| line(one, names_periods);
    // A duration that nobody knows in either period needs no line.
    let known = comparisons.iter().filter(|one| one.before.n + one.after.n > 0);
    let (few, enough): (Vec<&Comparison>, Vec<&Comparison>) =
        known.partition(|one| one.change.is_none());
    let mut lines: Vec<String> = enough.into_iter().map(line).collect();
    match few.as_slice() {
        [] => {}
        few if few.len() <= 3 => lines.extend(few.iter().copied().map(line)),
        few => lines.push(format!(
            "not compared, with fewer than 5 values on one side: {}",
            few.iter().map(|one| head(one, names_periods)).collect::<Vec<_>>().join("; ")
        )),
    }
    let changes: Vec<&Change> = comparisons.iter().filter_map(|one| one.change.as_ref()).collect();
    if changes.is_empty() {
        return lines;
    }
    let drawn = changes.iter().any(|change| !change.exact);
    let sample = if drawn { ", 20,000 permutations or all, seeded" } else { ", all permutations" };
    let mut per_metric: BTreeMap<_, usize> = BTreeMap::new();
    for one in comparisons.iter().filter(|one| one.change.is_some()) {
        *per_metric.entry(one.metric).or_default() += 1;
    }
    let corrected = if per_metric.values().any(|&groups| groups > 1) {
        ", corrected by Holm over the groups"
    } else {
        ""
    };
    lines.push(format!(
        "comparison: p by a permutation test of log durations{sample}{corrected}; interval of the ratio of \
         medians by Price and Bonett, 95 %; what could be seen with 80 % power"
    ));
    lines
}

/// `2026-Q1 → 2026-Q2: TTR: 12 and 15 values could show a change by × 1.9 or more; …`
fn line(one: &Comparison, names_periods: bool) -> String {
    let Comparison { before, after, .. } = one;
    let head = head(one, names_periods);
    let values = format!("{} and {}", before.n, counted(after.n, "value"));
    let left_out = match before.left_out + after.left_out {
        0 => String::new(),
        left_out => format!("; {left_out} without a value not compared"),
    };
    let Some(change) = &one.change else {
        return format!("{head}: {values} are too few to compare (5 and 5 are needed){left_out}");
    };
    let medians = [before.text(), after.text()].map(Option::unwrap_or_default).join(" → ");
    let ratio = match (change.ratio, change.ratio_low, change.ratio_high) {
        (Some(ratio), Some(low), Some(high)) => {
            format!(" (× {}, {}–{})", number(ratio), number(low), number(high))
        }
        _ => String::new(),
    };
    let verdict = match one.verdict {
        Verdict::LikelyShorter => "likely shorter",
        Verdict::LikelyLonger => "likely longer",
        Verdict::NotDistinguishable | Verdict::TooFew => "not distinguishable from chance",
    };
    let seen = number(change.smallest_ratio);
    let p = probability(change.p_adjusted);
    format!(
        "{head}: {values} could show a change by × {seen} or more; median {medians}{ratio}; {verdict} ({p}){left_out}"
    )
}

/// One line for each trend, and how they were computed.
pub(super) fn of_trends(trends: &[Trend]) -> Vec<String> {
    let line = |trend: &Trend| {
        let Trend { metric, n, per_month, low, high } = trend;
        let verdict = match () {
            () if *high < 1.0 => "likely shorter over time",
            () if *low > 1.0 => "likely longer over time",
            () => "not distinguishable from no change",
        };
        format!(
            "trend: {}: × {} per month ({}–{}) over {n} values; {verdict}",
            metric.as_str().to_uppercase(),
            digits(*per_month),
            digits(*low),
            digits(*high)
        )
    };
    let mut lines: Vec<String> = trends.iter().map(line).collect();
    if !lines.is_empty() {
        lines.push(
            "trend: the median slope of log durations by Theil and Sen, with its 95 % interval"
                .to_owned(),
        );
    }
    lines
}

/// A ratio near 1 with two decimals; else as other ratios.
fn digits(ratio: f64) -> String {
    if (0.01..9.95).contains(&ratio) { format!("{ratio:.2}") } else { number(ratio) }
}

/// What is compared: `2026-Q1 → 2026-Q2: sev1: TTR`.
fn head(one: &Comparison, names_periods: bool) -> String {
    let group = one.group.as_ref().map_or_else(String::new, |group| format!("{group}: "));
    let name = one.metric.as_str().to_uppercase();
    let periods = if names_periods {
        format!("{} → {}: ", one.before.period, one.after.period)
    } else {
        String::new()
    };
    format!("{periods}{group}{name}")
}

/// A ratio with two digits, or more above 100: `0.36`, `1.9`, `12`.
fn number(ratio: f64) -> String {
    match ratio {
        _ if ratio >= 9.95 => format!("{ratio:.0}"),
        _ if ratio >= 0.995 => format!("{ratio:.1}"),
        _ if ratio >= 0.01 => format!("{ratio:.2}"),
        _ => "< 0.01".to_owned(),
    }
}

fn probability(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

/// The mix of severities of each group in both periods, since another mix is another median.
pub(crate) fn mixes(before: &StatsTable, after: &StatsTable) -> Vec<String> {
    let find = |table: &'_ StatsTable, name: &str| -> Option<Group> {
        table.groups.iter().find(|group| group.name == name).cloned()
    };
    let names = before.groups.iter().chain(&after.groups).map(|group| group.name.as_str());
    let mut lines: Vec<String> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let of = |table| find(table, name).map(|group| (group.incidents, group.severities));
        let (earlier, later) = (of(before).unwrap_or_default(), of(after).unwrap_or_default());
        let prefix = if before.by.is_some() { format!("{name}: ") } else { String::new() };
        let mix = mix(&earlier.1, &later.1);
        lines.push(format!("{prefix}incidents: {} → {}{mix}", earlier.0, later.0));
    }
    lines
}

fn mix(before: &[SeverityCount], after: &[SeverityCount]) -> String {
    let mut counts: Vec<(Option<&str>, [usize; 2])> = Vec::new();
    for (side, list) in [before, after].into_iter().enumerate() {
        for one in list {
            let severity = one.severity.as_deref();
            match counts.iter_mut().find(|(known, _)| *known == severity) {
                Some((_, both)) => both[side] = one.incidents,
                None => {
                    let mut both = [0; 2];
                    both[side] = one.incidents;
                    counts.push((severity, both));
                }
            }
        }
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(severity, [before, after])| {
            format!("{} {before} → {after}", severity.unwrap_or("no severity"))
        })
        .collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}
