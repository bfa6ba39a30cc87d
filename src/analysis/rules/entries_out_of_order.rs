use super::context::{Context, item};
use super::finding::Findings;
use super::order::{in_place, misplaced};
use super::rule::rule;

rule! {
    /// Finds an entry that was written down between entries of another time.
    ///
    /// The timeline is shown in the order of time, so nothing looks wrong. But people write entries
    /// one after the other, so an entry that jumps back often has a wrong time. Entries of
    /// different sources are not compared, nor are alerts and deployments, and a list that starts
    /// with the newest entry is read from its end. If another date would put the entry in its
    /// place, `date-typo` reports it instead.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T11:01Z, text: Traffic flows again}
    ///   - {at: 2026-03-17T11:08Z, text: Mail that service is restored}
    ///   - {at: 2026-03-17T11:07Z, text: Ticket raised}     # before the mail?
    /// ```
    EntriesOutOfOrder = "entries-out-of-order", Note, "an entry out of chronological order"
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

    fn messages_of(times: &[&str]) -> Incident {
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
        let jumps = messages_of(&["10:57", "11:00", "11:01", "11:08", "11:07", "11:59"]);
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
        assert!(
            found(&EntriesOutOfOrder, &messages_of(&["11:00", "11:07", "11:07", "11:59"]))
                .is_empty()
        );
        assert!(
            found(&EntriesOutOfOrder, &messages_of(&["11:00", "11:07:30", "11:07", "11:59"]))
                .is_empty()
        );
        assert!(
            found(&EntriesOutOfOrder, &messages_of(&["12:00", "11:40", "11:20", "11:00"]))
                .is_empty()
        );
        let mut imported = messages_of(&["11:00", "11:30", "11:10", "11:59"]);
        imported.timeline[2].source = Some(EntryRef::new("S1", "r"));
        assert!(found(&EntriesOutOfOrder, &imported).is_empty());
        let heaped = messages_of(&["11:00", "11:30", "11:10", "11:59", "11:05", "11:40"]);
        assert!(
            found(&EntriesOutOfOrder, &heaped).len() <= 2,
            "many entries are not reported one by one"
        );
    }
}
