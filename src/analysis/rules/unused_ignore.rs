use super::context::Context;
use super::finding::Findings;
use super::rule::rule;

rule! {
    /// Finds a comment that ignores nothing: `# posthoc: ignore RULE` where the rule finds nothing
    /// there, or where no rule has that name.
    ///
    /// Such a comment would hide the next mistake of that kind, and one with a typing error in its
    /// name hides nothing at all. Take it out, or correct the name. A comment holds for the findings
    /// of its own line; on a line of its own, for those of the line after it; above the first key of
    /// the file, for the whole file.
    ///
    /// ```yaml
    /// milestones:
    ///   # posthoc: ignore naive-time     the time below has a zone, so there is nothing to ignore
    ///   detected_at: 2026-03-17T14:05Z
    /// ```
    UnusedIgnore = "unused-ignore", Warning, "a comment that ignores nothing, or an unknown rule", Housekeeping
}

/// Nothing by itself: what a comment ignores is known when every other rule has been asked, and its
/// findings have their lines. `cli::reports` adds the findings of this rule then.
fn check(_: &Context, _: &mut Findings) {}
