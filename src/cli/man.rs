//! `posthoc man`.

use std::fmt::Write;

use super::error::{CliError, Exit};
use super::names;
use super::terminal::Terminal;

/// Print the manual page; `posthoc man | man -l -` reads it
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The manual of one command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

const EXIT_STATUS: &[(&str, &str)] = &[
    ("0", "Success."),
    ("1", "check has findings at or above --deny, or a report needs a character that no font has."),
    ("2", "The command line is wrong, or names something that does not exist."),
    ("3", "A file or an input is wrong, or there are no incidents at all."),
    ("4", "Something could not be read, written or fetched."),
    ("130", "Stopped by Ctrl-C. The files that are listed were written completely."),
];

const FILES: &[(&str, &str)] = &[
    (
        "posthoc.toml",
        "The settings of a workspace: the folder of the incidents, the zone, the template, the definitions, the sources \
         and the rules of check. It is searched for in the current folder and its parents. Without it, the defaults apply.",
    ),
    ("incidents/ID.yaml", "One incident."),
    ("evidence/ID/", "The unchanged bytes that an incident was imported from."),
    (
        "incidents/.schema.json",
        "The JSON Schema of the incident file, for an editor. init writes it.",
    ),
    (
        "~/.cache/posthoc/",
        "Cached responses of status pages. Entries that were not used for 90 days are removed.",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "SOURCE_DATE_EPOCH",
        "The current time in seconds since 1970, for repeatable output. --now overrides it.",
    ),
    ("POSTHOC_CACHE", "The folder of cached responses; an empty value turns the cache off."),
    (
        "POSTHOC_PAGER, PAGER",
        "The pager for output on a terminal; an empty value or cat turns it off. The default is less.",
    ),
    ("LESS", "The options of less; FRX by default."),
    ("COLUMNS", "The number of terminal columns to use."),
    ("NO_COLOR, CLICOLOR, CLICOLOR_FORCE", "Whether to use colours; --color overrides them."),
    ("COMPLETE", "Set by a shell's completion script to request candidates."),
];

const EXAMPLES: &[(&str, &str)] = &[
    (
        "posthoc import https://status.example.com",
        "Write one file for each incident of a status page.",
    ),
    (
        "posthoc list --since 2026-Q1 --severity major,critical",
        "List the severe incidents since January.",
    ),
    (
        "posthoc check --new-since main...HEAD --deny warning",
        "Fail if a branch introduces a new finding.",
    ),
    (
        "posthoc render 2026-03-17-ingestion-delayed --to pdf",
        "Write the report of one incident to out/.",
    ),
    ("posthoc stats --by service --since 1y", "Aggregate the recovery times of a year."),
];

/// Runs the command. `command` is the whole program's.
pub(super) fn run(
    args: &Args,
    mut command: clap::Command,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    command.build();
    if let Some(name) = &args.command {
        let Some(found) = command.find_subcommand(name.to_lowercase()) else {
            let known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
            return Err(names::unknown("command", name, known, "`posthoc --help` lists them"));
        };
        command = found.clone();
    }
    terminal.bytes(page(command, args.command.is_none())?.as_bytes())?;
    Ok(Exit::Fine)
}

/// The page of a command in roff. The examples are those of the whole program.
fn page(command: clap::Command, has_examples: bool) -> Result<String, CliError> {
    let has_subcommands = command.has_subcommands();
    let has_more = command.get_after_help().or(command.get_after_long_help()).is_some();
    let manual =
        clap_mangen::Man::new(command).source(concat!("posthoc ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    manual.render_title(&mut page)?;
    manual.render_name_section(&mut page)?;
    manual.render_synopsis_section(&mut page)?;
    manual.render_description_section(&mut page)?;
    manual.render_options_section(&mut page)?;
    if has_subcommands {
        manual.render_subcommands_section(&mut page)?;
    }
    if has_more {
        manual.render_extra_section(&mut page)?;
    }
    // The synopsis leaves an empty place for the value of an option.
    let mut page = String::from_utf8_lossy(&page).replace(" \\fR]", "\\fR]");
    section(&mut page, "EXIT STATUS", EXIT_STATUS);
    section(&mut page, "FILES", FILES);
    section(&mut page, "ENVIRONMENT", ENVIRONMENT);
    if has_examples {
        section(&mut page, "EXAMPLES", EXAMPLES);
    }
    Ok(page)
}

fn section(page: &mut String, title: &str, entries: &[(&str, &str)]) {
    let _ = writeln!(page, ".SH \"{title}\"");
    for (name, text) in entries {
        let _ = writeln!(page, ".TP\n\\fB{}\\fR\n{}", escaped(name), escaped(text));
    }
}

/// Text in roff: a hyphen becomes a minus, which can be copied to a command line.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('-', "\\-");
    match text.strip_prefix(['.', '\'']) {
        Some(_) => format!("\\&{text}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manual_has_the_standard_sections() {
        let page = page(crate::cli::command(), true).unwrap();
        for title in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXIT STATUS",
            "FILES",
            "ENVIRONMENT",
            "EXAMPLES",
        ] {
            let heading = [format!(".SH {title}\n"), format!(".SH \"{title}\"\n")];
            assert!(heading.iter().any(|heading| page.contains(heading)), "{title}: {page}");
        }
        assert!(!page.contains(".SH EXTRA\n.SH"), "no section is empty: {page}");
        assert_eq!(escaped(".a-b"), "\\&.a\\-b", "no line begins with a dot");
    }

    #[test]
    fn manual_examples_are_valid_command_lines() {
        for (line, _) in EXAMPLES {
            let parsed = crate::cli::command().try_get_matches_from(line.split(' '));
            assert!(parsed.is_ok(), "{line}: {parsed:?}");
        }
    }
}
