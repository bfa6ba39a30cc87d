//! The interface of the rules of `posthoc check`.

use super::context::Context;
use super::finding::{Findings, Nature};
use crate::diag::Level;

/// A rule of `posthoc check`.
pub trait Rule: Sync {
    /// The stable id in kebab-case.
    fn id(&self) -> &'static str;

    /// The usual level; a finding may have another one.
    fn level(&self) -> Level;

    /// The nature of its findings.
    fn nature(&self) -> Nature {
        Nature::Contradiction
    }

    /// What it finds, in one line.
    fn about(&self) -> &'static str;

    /// What it finds, why that matters, and an example, in Markdown.
    fn explain(&self) -> &'static str;

    /// Checks one incident.
    fn check(&self, context: &Context, findings: &mut Findings);

    /// Whether it needs information that only the people of an incident have. Such a rule does not
    /// run on an incident that is known only from a status page: its readers cannot act on
    /// thousands of such findings, which would hide the contradictions.
    fn is_for_own_incidents(&self) -> bool {
        false
    }
}

/// Declares the type of a rule from its doc comment, id, usual level, one-line description and, if
/// it does not find contradictions, its [`Nature`]. After a semicolon, `is_for_own_incidents` sets
/// that property. The calling file has a `fn check(context: &Context, findings: &mut Findings)`.
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

/// The lines of a doc comment without the space after the slashes.
pub(super) fn dedented(doc: &str) -> String {
    doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// Runs a rule on an incident, unless the rule needs information that a status page never has and
/// the incident is only known from one.
pub(super) fn run(rule: &dyn Rule, context: &Context, findings: &mut Findings) {
    findings.begin(rule.id(), rule.nature(), rule.level());
    if !(rule.is_for_own_incidents() && context.is_from_status_page_only()) {
        rule.check(context, findings);
    }
}
