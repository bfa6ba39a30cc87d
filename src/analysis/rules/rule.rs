//! What every rule of `posthoc check` is.

use super::context::Context;
use super::finding::{Findings, Nature};
use crate::diag::Level;

/// One thing that `check` looks for.
pub trait Rule: Sync {
    /// A stable, kebab-case name.
    fn id(&self) -> &'static str;

    /// How bad it usually is; a finding may be graded otherwise.
    fn level(&self) -> Level;

    /// What kind of thing it finds.
    fn nature(&self) -> Nature {
        Nature::Contradiction
    }

    /// What it finds, in one line.
    fn about(&self) -> &'static str;

    /// What it finds, why that matters, and an example: Markdown.
    fn explain(&self) -> &'static str;

    /// Looks at one incident.
    fn check(&self, context: &Context, findings: &mut Findings);

    /// Whether it asks for what only the people of an incident know. Such a rule does not run on an
    /// incident that is known only from a status page: its readers cannot act on thousands of such
    /// findings, which would hide the contradictions.
    fn is_for_own_incidents(&self) -> bool {
        false
    }
}

/// Declares a rule's type from its doc comment, id, usual level, one line about it and, where it
/// finds no contradictions, its [`Nature`]. After a semicolon, `is_for_own_incidents` declares that
/// property. The file that calls it has a `fn check(context: &Context, findings: &mut Findings)`.
macro_rules! rule {
    ($(#[doc = $line:literal])+ $name:ident = $id:literal, $level:ident, $about:literal $(, $nature:ident)? $(; $property:ident)?) => {
        $(#[doc = $line])+
        pub(super) struct $name;

        impl super::rule::Rule for $name {
            fn id(&self) -> &'static str {
                $id
            }
            fn level(&self) -> crate::diag::Level {
                crate::diag::Level::$level
            }
            $(fn nature(&self) -> super::finding::Nature {
                super::finding::Nature::$nature
            })?
            fn about(&self) -> &'static str {
                $about
            }
            fn explain(&self) -> &'static str {
                static TEXT: std::sync::LazyLock<String> =
                    std::sync::LazyLock::new(|| super::rule::dedented(concat!($($line, "\n"),+)));
                &TEXT
            }
            fn check(&self, context: &super::context::Context, findings: &mut super::finding::Findings) {
                check(context, findings);
            }
            $(fn $property(&self) -> bool {
                true
            })?
        }
    };
}
pub(super) use rule;

/// The lines of a doc comment without the space that follows the slashes.
pub(super) fn dedented(doc: &str) -> String {
    doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// Lets a rule look at one incident, unless it asks for what a status page never says and nothing else
/// is known of the incident.
pub(super) fn run(rule: &dyn Rule, context: &Context, findings: &mut Findings) {
    findings.begin(rule.id(), rule.nature(), rule.level());
    if !(rule.is_for_own_incidents() && context.is_from_status_page_only()) {
        rule.check(context, findings);
    }
}
