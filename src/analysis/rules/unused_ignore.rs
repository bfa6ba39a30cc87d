use super::context::Context;
use super::finding::Findings;
use super::rule::rule;

rule! {
    /// Finds a comment that ignores nothing: `# posthoc: ignore RULE` where the rule has no
    /// finding, or where no rule has that name.
    ///
    /// Such a comment would hide the next mistake of that kind, and one with a typo in its name
    /// hides nothing. Remove it, or correct the name. A comment applies to the findings of its own
    /// line; on a line of its own, to those of the next line; above the first key of the file, to
    /// the whole file.
    ///
    /// ```yaml
    /// milestones:
    ///   # posthoc: ignore naive-time     the time below has a zone, so there is nothing to ignore
    ///   detected_at: 2026-03-17T14:05Z
    /// ```
    UnusedIgnore = "unused-ignore", Warning, "a comment that ignores nothing, or an unknown rule", Housekeeping
}

/// Does nothing: what a comment ignores is only known when all other rules have run and their
/// findings have lines. `cli::reports` then adds the findings of this rule.
fn check(_: &Context, _: &mut Findings) {}
