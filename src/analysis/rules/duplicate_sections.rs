use std::collections::BTreeMap;

use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;

rule! {
    /// Finds a free section whose title occurs twice.
    ///
    /// A document that was revised and pasted together repeats itself, not always with the same
    /// content. Both texts remain until somebody merges them.
    ///
    /// ```yaml
    /// sections:
    ///   - {title: What we tried, text: …}
    ///   - {title: What we tried, text: …}
    /// ```
    DuplicateSections = "duplicate-sections", Note, "a section that appears twice", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (index, section) in context.incident.sections.iter().enumerate() {
        let title = section.title.trim();
        if let Some(earlier) = first.get(&title.to_lowercase()) {
            findings
                .add(
                    item("sections", index).then("title"),
                    format!("the section `{title}` appears twice; both texts remain"),
                )
                .hint(format!("merge it with {}", item("sections", *earlier)));
        } else {
            first.insert(title.to_lowercase(), index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;
    use crate::model::Section;

    #[test]
    fn duplicate_titles_are_reported() {
        let mut incident = incident("twice");
        let section = |title: &str| Section { title: title.into(), text: "Text.".into() };
        incident.sections =
            vec![section("What we tried"), section("Thanks"), section("what we tried ")];
        assert_eq!(
            found(&DuplicateSections, &incident),
            [
                "note sections[2].title: the section `what we tried` appears twice; both texts remain"
            ]
        );
        incident.sections.pop();
        assert!(found(&DuplicateSections, &incident).is_empty());
    }
}
