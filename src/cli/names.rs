//! Names on the command line are case-insensitive; for an unknown one, the nearest is suggested.
//! The exit code is that of a usage error.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::error::CliError;
use crate::diag::{Diagnostic, nearest};

/// The error for a name that is not in `known`. `what` is the kind of name; `list` says how to list
/// the existing ones.
pub(super) fn unknown<'n>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
    list: &str,
) -> CliError {
    let problem = Diagnostic::error(format!("no {what} `{name}`"));
    CliError::usage(match nearest(name, known) {
        Some(nearest) => problem.hint(format!("did you mean `{nearest}`?")),
        None => problem.hint(list),
    })
}

/// A parser for one of `all` by name. It ignores case, the help lists the names, and an error
/// suggests the nearest.
pub(super) fn one_of<T>(
    all: &'static [T],
    word: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(move |&value| word(value))).try_map(move |typed| {
        let found = all.iter().copied().find(|&value| word(value).eq_ignore_ascii_case(&typed));
        found.ok_or_else(|| format!("no such value: {typed}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::error::Exit;

    #[test]
    fn unknown_name_is_a_usage_error() {
        let CliError::Reported(exit, problems) =
            unknown("rule", "nave-time", ["naive-time", "blame"], "`posthoc rules`")
        else {
            panic!("an error")
        };
        assert_eq!(
            (exit, problems[0].hints.as_slice()),
            (Exit::Usage, &["did you mean `naive-time`?".to_owned()][..])
        );
        let CliError::Reported(_, problems) =
            unknown("rule", "x", ["naive-time"], "see `posthoc rules`")
        else {
            panic!("an error")
        };
        assert_eq!(problems[0].hints, ["see `posthoc rules`"]);
    }
}
