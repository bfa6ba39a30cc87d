use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::diag::Level;
use crate::model::path::Path;
use crate::model::{Kind, Review};

rule! {
    /// Finds write-ups without a root cause, a resolution or follow-ups.
    ///
    /// They are the purpose of a postmortem. Their absence is a note in a draft, a warning in
    /// review, and an error once the write-up is reviewed or published. A free section with such a
    /// title counts too. A near miss needs no resolution; maintenance and drills need none of them.
    ///
    /// ```yaml
    /// review: published
    /// root_causes: []      # and why did it happen?
    /// ```
    MissingSections = "missing-sections", Note, "no root cause, no resolution or no follow-ups", Gap;
    is_for_own_incidents
}

/// The required keys, in words, and what the title of a free section contains that has the same.
const REQUIRED: [(&str, &str, &[&str]); 3] = [
    ("root_causes", "root cause", &["cause", "what went wrong", "why"]),
    ("resolution", "resolution", &["resol", "fix", "mitigat", "recover"]),
    (
        "action_items",
        "follow-ups",
        &[
            "follow",
            "action",
            "next step",
            "prevent",
            "plan",
            "improve",
            "remediation",
            "doing about",
        ],
    ),
];

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let level = match incident.review() {
        Review::Draft => Level::Note,
        Review::InReview => Level::Warning,
        Review::Reviewed | Review::Published => Level::Error,
    };
    let (wants_cause, wants_resolution) = match incident.kind() {
        Kind::Incident | Kind::Security => (true, true),
        Kind::NearMiss => (true, false),
        Kind::Maintenance | Kind::Drill => return,
    };
    let filled =
        |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let has_cause = incident.root_causes.iter().any(|cause| !cause.text.trim().is_empty());
    let resolution = incident.resolution.as_ref();
    let has_resolution =
        resolution.is_some_and(|done| filled(&done.temporary) || filled(&done.permanent));
    let has_follow_ups = !incident.action_items.is_empty();
    let is_there = [!wants_cause || has_cause, !wants_resolution || has_resolution, has_follow_ups];
    for ((key, what, titles), is_there) in REQUIRED.iter().zip(is_there) {
        if !is_there && !has_section(context, titles) {
            let review = describe(incident.review());
            findings
                .add(Path::key(key), format!("the write-up is {review} and has no {what}"))
                .graded(level)
                .hint(format!("write `{key}`, or say in it that there is none"));
        }
    }
}

fn describe(review: Review) -> &'static str {
    match review {
        Review::Draft => "a draft",
        Review::InReview => "in review",
        Review::Reviewed => "reviewed",
        Review::Published => "published",
    }
}

fn has_section(context: &Context, titles: &[&str]) -> bool {
    context.incident.sections.iter().any(|section| {
        let title = section.title.to_lowercase();
        !section.text.trim().is_empty() && titles.iter().any(|word| title.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;
    use crate::model::action::ActionItem;
    use crate::model::{Cause, Resolution, Section};

    #[test]
    fn level_depends_on_the_review_state() {
        let mut incident = incident("bare");
        assert_eq!(
            found(&MissingSections, &incident),
            [
                "note root_causes: the write-up is a draft and has no root cause",
                "note resolution: the write-up is a draft and has no resolution",
                "note action_items: the write-up is a draft and has no follow-ups",
            ]
        );
        incident.review = Some(Review::Published);
        assert!(
            found(&MissingSections, &incident).iter().all(|finding| finding.starts_with("error"))
        );
        incident.kind = Some(Kind::NearMiss);
        assert_eq!(found(&MissingSections, &incident).len(), 2);
    }

    #[test]
    fn fields_and_free_sections_both_count() {
        let mut incident = incident("full");
        incident.root_causes = vec![Cause { text: "A migration.".into(), ..Cause::default() }];
        incident.resolution =
            Some(Resolution { permanent: Some("Rolled back.".into()), ..Resolution::default() });
        incident.sections =
            vec![Section { title: "Follow-up work".into(), text: "More staging.".into() }];
        assert!(found(&MissingSections, &incident).is_empty());
        incident.sections.clear();
        incident.action_items =
            vec![ActionItem { text: "Stage it.".into(), ..ActionItem::default() }];
        assert!(found(&MissingSections, &incident).is_empty());
        incident.root_causes[0].text = "  ".into();
        assert_eq!(found(&MissingSections, &incident).len(), 1);
    }
}
