//! Names on the command line: read whatever their case, and where one does not exist, the nearest
//! that does. The exit code is that of a mistake in the command line.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::error::CliError;
use crate::diag::{Diagnostic, nearest};

/// The error for a name that is none of `known`. `what` is what it would be a name of; `list` says
/// how to see those there are.
pub fn unknown<'n>(
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

/// A parser of one of `all`, by the words for them. Upper and lower case do not matter, the help
/// lists the words, and a mistake is answered with the nearest.
pub fn one_of<T>(all: &'static [T], word: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
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
        let CliError::Told(exit, problems) =
            unknown("rule", "nave-time", ["naive-time", "blame"], "`posthoc rules`")
        else {
            panic!("an error")
        };
        assert_eq!(
            (exit, problems[0].hints.as_slice()),
            (Exit::Usage, &["did you mean `naive-time`?".to_owned()][..])
        );
        let CliError::Told(_, problems) =
            unknown("rule", "x", ["naive-time"], "see `posthoc rules`")
        else {
            panic!("an error")
        };
        assert_eq!(problems[0].hints, ["see `posthoc rules`"]);
    }
}
