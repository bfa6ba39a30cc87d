use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;

rule! {
    /// Finds a count of customers, users, requests or tickets that is below zero.
    ///
    /// Money and budgets may have a minus sign, since they are lost; counts of people may not.
    ///
    /// ```yaml
    /// impact: {customers: -5}
    /// ```
    NegativeFigure = "negative-figure", Error, "a count below zero"
}

fn check(context: &Context, findings: &mut Findings) {
    let impact = &context.incident.impact;
    for (key, figure) in [
        ("customers", &impact.customers),
        ("users", &impact.users),
        ("requests_failed", &impact.requests_failed),
        ("support_tickets", &impact.support_tickets),
    ] {
        let Some(figure) = figure else { continue };
        let digits = figure.0.trim().strip_prefix(['-', '−']).map(str::trim_start);
        if digits.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            findings.add(
                Path::key("impact").then(key),
                format!("{key} is {}, which is below zero", figure.0.trim()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;
    use crate::model::word_enums::Figure;

    #[test]
    fn negative_figures_are_reported() {
        let mut odd = incident("odd");
        odd.impact.customers = Some(Figure("-5".into()));
        odd.impact.revenue = Some(Figure("-5000 EUR".into()));
        odd.impact.users = Some(Figure("- (unknown)".into()));
        assert_eq!(
            found(&NegativeFigure, &odd),
            ["error impact.customers: customers is -5, which is below zero"]
        );
    }
}
