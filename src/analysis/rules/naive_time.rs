use super::context::Context;
use super::finding::Findings;
use super::rule::rule;

rule! {
    /// Finds clock times without a zone: no `Z`, no offset, no name.
    ///
    /// Two people in two offices interpret such a time differently, and so do two programs. Nothing
    /// is guessed: a file with such a time cannot be used until the zone is written. `time_zone:`
    /// only sets how times are shown, and does not apply to it.
    ///
    /// ```yaml
    /// milestones: {detected_at: 2026-03-17 14:09}     # 2026-03-17 14:09 Europe/Berlin was meant
    /// ```
    NaiveTime = "naive-time", Error, "a clock time without a zone"
}

/// A file with such a time does not load; the loader reports it under this rule's id.
fn check(_: &Context, _: &mut Findings) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::rules::Rule;
    use crate::model::time::Moment;

    #[test]
    fn times_without_a_zone_are_reported_under_this_rule() {
        let rule = |text: &str| text.parse::<Moment>().err().and_then(|error| error.rule());
        assert_eq!(rule("2026-03-17 14:09"), Some(NaiveTime.id()));
        assert_eq!(rule("2026-03-17T14:09..2026-03-17T14:20Z"), Some(NaiveTime.id()));
        assert_eq!(rule("2026-03-17 14:09 Z"), None);
        assert_eq!(rule("2026-03-17"), None, "a day needs no clock");
        assert_eq!(rule("14:09"), None, "that is no time at all");
    }
}
