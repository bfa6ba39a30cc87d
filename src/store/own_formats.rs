//! `[formats.NAME]` of the settings: formats of the team's own.

use std::collections::BTreeMap;

use super::wrong_time::wrong_zone;
use crate::diag::Diagnostic;
use crate::model::path::Path;
use crate::model::zone::Zone;
use crate::sources::by_id;
use crate::sources::mapping::Mapping;

/// What is wrong with the formats, each with what it is about.
pub(super) fn mistakes(formats: &BTreeMap<String, Mapping>) -> Vec<(Path, Diagnostic)> {
    let mut problems = Vec::new();
    for (name, mapping) in formats {
        let whole = || Path::key("formats").then(name.as_str());
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(is_plain) {
            let problem = Diagnostic::error(format!("`{name}` is no name for a format"));
            problems.push((whole(), problem.hint("use letters, digits, `-` and `_`")));
        }
        if by_id(name).is_some() || name == "git" {
            let problem = Diagnostic::error(format!("posthoc has a format `{name}` already"));
            problems.push((whole(), problem.hint("give it another name")));
        }
        if let Some((key, why)) = mapping.mistake() {
            let problem = Diagnostic::error(format!("the format `{name}` has no `{key}`: {why}"));
            problems.push((whole(), problem.hint("`posthoc formats try FILE` proposes one")));
        }
        if let Some(Err(error)) = mapping.zone.as_deref().map(str::parse::<Zone>) {
            problems.push((whole().then("zone"), wrong_zone(&error)));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use crate::store::config::Config;

    #[test]
    fn a_format_needs_a_time_and_a_name_of_its_own() {
        let reported = |text: &str| {
            let problems = Config::parse("posthoc.toml", text).expect_err("it has mistakes");
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(reported("[formats.shop]\ntext = \"m\"\n[formats.syslog]\ntime = \"t\"\n[formats.\"a b\"]\ntime = \"t\"\nzone = \"Mars\"\n[formats.x]\ntime = \"t\"\nkind = \"series\"\ncolour = 1\n"), @"
        posthoc.toml:1:1: error: the format `shop` has no `time`: the path of the time is missing
        posthoc.toml:3:1: error: posthoc has a format `syslog` already
        posthoc.toml:5:1: error: `a b` is no name for a format
        posthoc.toml:7:8: error: unknown time zone `Mars`
        posthoc.toml:11:1: error: unknown key `colour`
        ");
    }
}
