use super::context::{Context, item};
use super::finding::Findings;
use super::order::{in_place, misplaced};
use super::rule::rule;

rule! {
    /// Finds an entry that was written down between entries of another time.
    ///
    /// The timeline is shown in the order of time, so nothing looks wrong. But who wrote the lines
    /// wrote them one after the other, and a line that jumps back often has a wrong time. Lines of
    /// different sources are not compared, nor those of alerts and deployments, and a list that
    /// begins with the newest is read from its end. Where another date would put the line in its
    /// place, `date-typo` tells of it instead.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T11:01Z, text: Traffic flows again}
    ///   - {at: 2026-03-17T11:08Z, text: Mail that service is restored}
    ///   - {at: 2026-03-17T11:07Z, text: Ticket raised}     # before the mail?
    /// ```
    EntriesOutOfOrder = "entries-out-of-order", Note, "an entry between entries of another time"
}

fn check(context: &Context, findings: &mut Findings) {
    for row in misplaced(context) {
        if in_place(context, &row).is_some() {
            continue;
        }
        let (what, (index, other)) = match (row.before, row.after) {
            (Some(before), _) if row.at < before.1 => ("earlier than the entry before it", before),
            (_, Some(after)) => ("later than the entry after it", after),
            (_, None) => continue,
        };
        let (at, other) = (context.show(row.at), context.show(other));
        let message = format!("{at} is {what}, {} of {other}", item("timeline", index));
        findings
            .add(item("timeline", row.index).then("at"), message)
            .hint("correct the time that is wrong, or move the entry to its place");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::rules::tests::found;
    use crate::model::Incident;
    use crate::model::origin::EntryRef;

    fn told(times: &[&str]) -> Incident {
        let mut incident = incident("order");
        incident.timeline = times
            .iter()
            .enumerate()
            .map(|(n, time)| entry(&format!("2026-03-17T{time}Z"), &format!("Line {n}.")))
            .collect();
        incident
    }

    #[test]
    fn entry_earlier_than_the_one_before_is_reported() {
        let jumps = told(&["10:57", "11:00", "11:01", "11:08", "11:07", "11:59"]);
        let lines = found(&EntriesOutOfOrder, &jumps);
        assert_eq!(
            lines,
            [
                "note timeline[4].at: 2026-03-17 11:07 UTC is earlier than the entry before it, timeline[3] of 2026-03-17 11:08 UTC"
            ]
        );
    }

    #[test]
    fn same_minute_reverse_order_and_other_sources_are_accepted() {
        assert!(found(&EntriesOutOfOrder, &told(&["11:00", "11:07", "11:07", "11:59"])).is_empty());
        assert!(
            found(&EntriesOutOfOrder, &told(&["11:00", "11:07:30", "11:07", "11:59"])).is_empty()
        );
        assert!(found(&EntriesOutOfOrder, &told(&["12:00", "11:40", "11:20", "11:00"])).is_empty());
        let mut imported = told(&["11:00", "11:30", "11:10", "11:59"]);
        imported.timeline[2].source = Some(EntryRef::new("S1", "r"));
        assert!(found(&EntriesOutOfOrder, &imported).is_empty());
        let heaped = told(&["11:00", "11:30", "11:10", "11:59", "11:05", "11:40"]);
        assert!(found(&EntriesOutOfOrder, &heaped).len() <= 2, "a heap is not told line by line");
    }
}
