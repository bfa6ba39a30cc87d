use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;

rule! {
    /// Finds a reference to an incident that does not exist, or to the incident itself.
    ///
    /// A duplicate of a missing incident is not counted anywhere: `duplicate_of` removes an
    /// incident from every statistic, since the other file replaces it.
    ///
    /// ```yaml
    /// id: 2026-03-17-ingestion-delay
    /// related: {duplicate_of: 2026-03-17-ingestion-delays}     # there is no such file
    /// ```
    UnknownRelated = "unknown-related", Error, "a reference to an incident that does not exist", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let related = &context.incident.related;
    for (key, other) in [
        ("duplicate_of", &related.duplicate_of),
        ("parent", &related.parent),
        ("recurrence_of", &related.recurrence_of),
        ("caused_by", &related.caused_by),
    ] {
        let Some(other) = other else { continue };
        let path = Path::key("related").then(key);
        if *other == context.incident.id {
            findings.add(path, format!("{key} refers to the incident itself"));
        } else if !context.all.is_empty() && context.other(other).is_none() {
            findings.add(path, format!("{key} refers to `{other}`, and there is no such incident"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::{found, shown};

    #[test]
    fn relation_to_an_unknown_incident_or_itself_is_an_error() {
        let mut one = incident("one");
        one.related.duplicate_of = "two".parse().ok();
        one.related.parent = "one".parse().ok();
        assert_eq!(
            found(&UnknownRelated, &one),
            ["error related.parent: parent refers to the incident itself"]
        );
        let definitions = Definitions::default();
        let alone = [&one];
        assert_eq!(
            shown(&UnknownRelated, &Context::new(&one, &definitions, &alone, None)).len(),
            2
        );
        let two = incident("two");
        let both = [&one, &two];
        assert_eq!(shown(&UnknownRelated, &Context::new(&one, &definitions, &both, None)).len(), 1);
    }
}
