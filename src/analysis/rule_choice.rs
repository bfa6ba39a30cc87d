//! The selection of rules for `check`: `[check]` in `posthoc.toml`, `--select` and `--ignore`.

use super::rules::REGISTRY;
use crate::diag::nearest;

/// The rules that are applied; all of them, unless some are selected or ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleChoice {
    /// Only these, unless empty.
    select: Vec<String>,
    /// Not these.
    ignore: Vec<String>,
}

impl RuleChoice {
    /// Only the rules in `select`, unless it is empty, without those in `ignore`.
    pub fn new(select: Vec<String>, ignore: Vec<String>) -> Self {
        RuleChoice { select, ignore }
    }

    /// This choice, overridden on the command line: `select` replaces the selection and re-enables
    /// ignored rules; `ignore` is added.
    #[must_use]
    pub fn changed(&self, select: &[String], ignore: &[String]) -> Self {
        let mut ignored: Vec<String> =
            self.ignore.iter().filter(|rule| !select.contains(rule)).cloned().collect();
        ignored.extend_from_slice(ignore);
        let select = if select.is_empty() { &self.select } else { select };
        RuleChoice { select: select.to_vec(), ignore: ignored }
    }

    /// Whether the rule `id` is applied.
    pub fn has(&self, id: &str) -> bool {
        let names = |list: &[String]| list.iter().any(|name| name == id);
        (self.select.is_empty() || names(&self.select)) && !names(&self.ignore)
    }
}

/// Whether there is a rule with this name.
pub(crate) fn is_rule(name: &str) -> bool {
    REGISTRY.iter().any(|rule| rule.id() == name)
}

/// The rule whose name is most similar to `name`.
pub(crate) fn nearest_rule(name: &str) -> Option<&'static str> {
    nearest(name, REGISTRY.iter().map(|rule| rule.id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn command_line_overrides_settings() {
        let settings = RuleChoice::new(list(&[]), list(&["blame", "timeline-gap"]));
        assert!(settings.has("naive-time") && !settings.has("blame"));
        let changed = settings.changed(&list(&["blame", "naive-time"]), &list(&["naive-time"]));
        assert!(changed.has("blame"), "asked for by name");
        assert!(!changed.has("naive-time"), "ignored on the same command line");
        assert!(!changed.has("reopened"), "not selected");
        assert!(!settings.changed(&[], &list(&["reopened"])).has("reopened"));
        assert!(!settings.changed(&[], &list(&["reopened"])).has("blame"), "still ignored");
    }

    #[test]
    fn unknown_rule_gets_the_nearest_name() {
        assert!(is_rule("naive-time") && !is_rule("Naive-time"));
        assert_eq!(nearest_rule("nave-time"), Some("naive-time"));
    }
}
