use super::context::Context;
use super::finding::Findings;
use super::rule::rule;

rule! {
    /// Finds times that may be two instants: an abbreviation of several zones, a local time that
    /// the clock skips in spring or shows twice in autumn, or day and month in unknown order.
    ///
    /// BST is used in Britain, Bangladesh and Bougainville; IST in India, Ireland and Israel; CST,
    /// PST and EST also have several meanings. The file's `time_zone` decides if that zone uses the
    /// label. Otherwise the message lists the meanings, and the file cannot be used until one of
    /// them is written. An offset is never ambiguous.
    ///
    /// ```yaml
    /// milestones:
    ///   detected_at: 2026-03-17 14:09 IST               # +05:30, +01:00 or +02:00?
    ///   resolved_at: 2026-10-25 02:30 Europe/Berlin     # +02:00, or an hour later +01:00?
    /// ```
    AmbiguousTime = "ambiguous-time", Error, "a time that may be two instants"
}

/// A file with such a time does not load; the loader reports it under this rule's id.
fn check(_: &Context, _: &mut Findings) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::rules::Rule;
    use crate::model::time::Moment;

    #[test]
    fn ambiguous_times_are_reported_under_this_rule() {
        let rule = |text: &str| {
            let home = Some("Asia/Kolkata".parse().unwrap());
            Moment::parse(text, home).err().and_then(|error| error.rule())
        };
        for text in [
            "2026-03-17 14:09 BST",
            "2026-10-25 02:30 Europe/Berlin",
            "2026-03-29 02:30 Europe/Berlin",
        ] {
            assert_eq!(rule(text), Some(AmbiguousTime.id()), "{text}");
        }
        for text in
            ["2026-03-17 14:09 IST", "2026-10-25 03:30 Europe/Berlin", "2026-10-25 02:30 CET"]
        {
            assert_eq!(rule(text), None, "{text}");
        }
    }
}
