use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::model::word_enums::Figure;

rule! {
    /// Finds a metric whose value after the incident is further from normal than during it.
    ///
    /// It may be right: a backlog that is being processed, or a new limit. An explanation in the
    /// summary then spares readers the question.
    ///
    /// ```yaml
    /// metrics: [{name: connections, before: 95, during: 100, after: 4000}]
    /// ```
    MetricNotRecovered = "metric-not-recovered", Note, "a metric that is worse after the incident than during it"
}

/// The factor, up or down, that counts as far from the value before.
const FAR: f64 = 3.0;

fn check(context: &Context, findings: &mut Findings) {
    for (index, metric) in context.incident.metrics.iter().enumerate() {
        let [before, during, after] = [&metric.before, &metric.during, &metric.after]
            .map(|one| one.as_ref().and_then(number));
        let (Some(before), Some(during), Some(after)) = (before, during, after) else { continue };
        let is_far = after > before * FAR || after * FAR < before;
        if before >= 0.0
            && after >= 0.0
            && is_far
            && (after - before).abs() > (during - before).abs()
        {
            let shown = |figure: &Option<Figure>| {
                figure.as_ref().map_or("", |figure| figure.0.trim()).to_owned()
            };
            let message = format!(
                "{} was {} before the incident, {} during it and {} after it",
                metric.name,
                shown(&metric.before),
                shown(&metric.during),
                shown(&metric.after)
            );
            findings
                .add(item("metrics", index).then("after"), message)
                .hint("if that is right, say why in the text");
        }
    }
}

/// The number at the start of a figure that consists of a number and at most a unit.
fn number(figure: &Figure) -> Option<f64> {
    let text = figure.0.trim().trim_start_matches(['~', '<', '>', '=', '≈', '≥', '≤', ' ']);
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    // The digits alone do not give the value of `4,000` and `4k`.
    let is_unit = rest.trim() == "%" || rest.is_empty() || rest.starts_with(' ');
    digits.parse().ok().filter(|_| is_unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;
    use crate::model::MetricSnapshot;

    fn measured(before: &str, during: &str, after: &str) -> Vec<String> {
        let figure = |text: &str| Some(Figure(text.into()));
        let mut incident = incident("measured");
        let name = "connections".into();
        incident.metrics = vec![MetricSnapshot {
            name,
            unit: None,
            before: figure(before),
            during: figure(during),
            after: figure(after),
        }];
        found(&MetricNotRecovered, &incident)
    }

    #[test]
    fn metric_far_worse_after_than_before_is_reported() {
        assert_eq!(
            measured("95", "100", "4000"),
            [
                "note metrics[0].after: connections was 95 before the incident, 100 during it and 4000 after it"
            ]
        );
        for (before, during, after) in [
            ("~120", ">=420", "~95"),
            ("95", "4000", "100"),
            ("10", "20", "25"),
            ("1k", "2", "4,000"),
            ("0", "0", "0"),
        ] {
            assert_eq!(measured(before, during, after), [""; 0], "{before} {during} {after}");
        }
    }
}
