use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::model::Incident;
use crate::model::id::IncidentId;
use crate::model::path::Path;

rule! {
    /// Finds incidents that are each other's duplicates, or each other's parents.
    ///
    /// In a cycle of duplicates no incident would be counted. So one is counted: the one with the
    /// most entries, or of those the one with the lowest id. Readers who follow the references
    /// never arrive.
    ///
    /// ```yaml
    /// id: a-1
    /// related: {duplicate_of: a-2}     # and a-2 is a duplicate of a-1
    /// ```
    RelatedCircle = "related-circle", Error, "incidents that refer to each other in a circle"
}

fn check(context: &Context, findings: &mut Findings) {
    type Reference = for<'i> fn(&'i Incident) -> Option<&'i IncidentId>;
    let kinds: [(&str, &str, Reference); 2] = [
        ("duplicate_of", "duplicates", |incident| incident.related.duplicate_of.as_ref()),
        ("parent", "parents", |incident| incident.related.parent.as_ref()),
    ];
    for (key, what, reference) in kinds {
        let Some(circle) = circle(context, reference) else { continue };
        let path = circle.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" → ");
        let finding = findings.add(
            Path::key("related").then(key),
            format!("{what} in a circle: {path} → {}", context.incident.id),
        );
        finding.hint(format!("remove `{key}` from the one to keep"));
    }
}

/// The ids from this incident back to itself, if its references lead back.
fn circle<'a>(
    context: &Context<'a>,
    reference: for<'i> fn(&'i Incident) -> Option<&'i IncidentId>,
) -> Option<Vec<&'a IncidentId>> {
    let start = &context.incident.id;
    let mut seen = vec![start];
    let mut next = reference(context.incident)?;
    // A reference to itself is reported by another rule, and a cycle of other incidents is reported
    // there.
    while !seen.contains(&next) {
        seen.push(next);
        next = reference(context.other(next)?)?;
    }
    (next == start && seen.len() > 1).then_some(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::shown;

    #[test]
    fn circles_of_two_and_three_are_reported() {
        let mut all = ["a-1", "a-2", "a-3", "b"].map(incident);
        for (one, other) in [(0, "a-2"), (1, "a-3"), (2, "a-1"), (3, "a-1")] {
            all[one].related.duplicate_of = other.parse().ok();
        }
        all[0].related.parent = "b".parse().ok();
        let refs: Vec<&Incident> = all.iter().collect();
        let definitions = Definitions::default();
        let found = |index: usize| {
            shown(&RelatedCircle, &Context::new(refs[index], &definitions, &refs, None))
        };
        assert_eq!(
            found(0),
            ["error related.duplicate_of: duplicates in a circle: a-1 → a-2 → a-3 → a-1"]
        );
        assert_eq!(
            found(2),
            ["error related.duplicate_of: duplicates in a circle: a-3 → a-1 → a-2 → a-3"]
        );
        assert_eq!(found(3), [""; 0], "it leads into the circle and is no part of it");
    }
}
