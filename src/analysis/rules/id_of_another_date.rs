use chrono::NaiveDate;

use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;

rule! {
    /// Finds an id that begins with a date two months or more from the incident.
    ///
    /// Files are found by their names, and a wrong year in a name hides the incident. The id of a
    /// write-up may have the day of its publication, so a few weeks are not a mistake.
    ///
    /// ```yaml
    /// id: 2024-03-17-old
    /// milestones: {impact_start: 2026-03-17T14:00Z}
    /// ```
    IdOfAnotherDate = "id-of-another-date", Warning, "an id with a date far from the incident's", Housekeeping
}

/// A write-up may be published this many days later.
const PUBLISHED_WITHIN: i64 = 60;

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let Some(named) =
        incident.id.as_str().get(..10).and_then(|date| date.parse::<NaiveDate>().ok())
    else {
        return;
    };
    let Some(occurred) = incident.occurred() else { return };
    let day = |at| incident.zone().local(at).date_naive();
    let (first, last) = (day(occurred.earliest()), day(occurred.latest()));
    if (first - named).num_days() > PUBLISHED_WITHIN || (named - last).num_days() > PUBLISHED_WITHIN
    {
        findings
            .add(
                Path::key("id"),
                format!("the id says {named}, but the incident was on {}", context.show(occurred)),
            )
            .hint("rename the file and its id, or correct the year of the times");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::with;
    use crate::analysis::rules::tests::found;
    use crate::model::milestone::MilestoneName::ImpactStart;

    #[test]
    fn id_with_another_year_is_reported() {
        let start = [(ImpactStart, "2026-03-17T14:00Z")];
        assert_eq!(
            found(&IdOfAnotherDate, &with("2024-03-17-old", &start)),
            ["warning id: the id says 2024-03-17, but the incident was on 2026-03-17 14:00 UTC"]
        );
        for id in
            ["2026-03-17-slow", "2026-04-20-published", "2026-13-17-odd", "slow", "20260317-slow"]
        {
            assert!(found(&IdOfAnotherDate, &with(id, &start)).is_empty(), "{id}");
        }
    }
}
