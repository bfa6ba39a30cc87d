//! Applies the comments `# posthoc: ignore RULE` to the findings of a file.

use std::collections::HashMap;

use crate::analysis::rule_choice::{is_rule, nearest_rule};
use crate::analysis::rules::{Finding, Nature};
use crate::diag::{Level, Lines, Place};
use crate::model::path::Path;
use crate::store::ignores::{Ignore, ignores};

/// The rule for comments that ignore nothing.
const UNUSED: &str = "unused-ignore";

/// The rule that guards public output. A setting for all files, or a comment for a whole file,
/// cannot know what will be written there later; only a comment at the value itself shows that
/// somebody looked at it.
pub(super) const GUARD: &str = "secret-in-public-text";

/// The findings in the file called `name` that no comment ignores, plus one for each comment that
/// ignores nothing. `found` contains the findings of every rule.
///
/// With `for_public`, a comment for the whole file does not reach [`GUARD`].
pub(super) fn without_ignored(
    name: &str,
    text: &str,
    found: Vec<(Finding, Place)>,
    for_public: bool,
) -> Vec<(Finding, Place)> {
    let ignores = ignores(text);
    if ignores.is_empty() {
        return found;
    }
    let mut by_place: HashMap<(&str, Option<usize>), Vec<usize>> = HashMap::new();
    for (index, ignore) in ignores.iter().enumerate() {
        by_place.entry((ignore.rule.as_str(), ignore.line)).or_default().push(index);
    }
    let mut is_used = vec![false; ignores.len()];
    let mut left: Vec<(Finding, Place)> = Vec::with_capacity(found.len());
    for (finding, place) in found {
        let by_file = !(for_public && finding.rule == GUARD);
        let lines = [Some(Some(place.line)), by_file.then_some(None)];
        let holding = lines
            .into_iter()
            .flatten()
            .filter_map(|line| by_place.get(&(finding.rule, line)))
            .flatten();
        let mut is_ignored = false;
        for &index in holding {
            (is_used[index], is_ignored) = (true, true);
        }
        if !is_ignored {
            left.push((finding, place));
        }
    }
    let lines = Lines::new(text);
    let unused = ignores.iter().zip(is_used).filter(|(_, is_used)| !is_used);
    left.extend(unused.map(|(ignore, _)| {
        (unused_finding(ignore), Place::in_lines(name, text, &lines, ignore.span.clone()))
    }));
    left
}

fn unused_finding(ignore: &Ignore) -> Finding {
    let rule = &ignore.rule;
    let (message, hint) = if is_rule(rule) {
        let message = match ignore.line {
            None => format!("`{rule}` has no findings in this file to ignore"),
            Some(line) => format!("`{rule}` has no findings on line {line} to ignore"),
        };
        (message, "take the comment out".to_owned())
    } else {
        let hint = match nearest_rule(rule) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`posthoc rules` lists them".to_owned(),
        };
        (format!("no rule `{rule}` to ignore"), hint)
    };
    Finding {
        rule: UNUSED,
        nature: Nature::Housekeeping,
        level: Level::Warning,
        message,
        path: Path::default(),
        span: Some(ignore.span.clone()),
        hints: vec![hint],
    }
}
