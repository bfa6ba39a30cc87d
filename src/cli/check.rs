//! `posthoc check`.

mod format;
mod github;
mod json;
mod leaks;
mod placed;
mod sarif;
mod since;
mod statistics;

use clap_complete::ArgValueCandidates;
use rayon::prelude::*;

use self::format::Format;
use self::leaks::LEAK_RULE;
use self::placed::{FILE_RULE, Placed, from_problem};
use super::answer::write_json;
use super::args::Context;
use super::complete;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::names::one_of;
use super::reports::{self, Checked};
use super::terminal::{Terminal, drawn_in, source_text};
use crate::analysis::rule_choice::{self, RuleChoice};
use crate::diag::{Diagnostic, Level};
use crate::report::Audience;
use crate::store::Workspace;
use crate::text::counted;

/// Find contradictions, gaps and mistakes in the incident files
///
/// Exits with 1 if a finding is at or above --deny. A comment `# posthoc: ignore RULE` in an
/// incident file ignores the findings of a rule: on the same line, on its own line above that line,
/// or above the first key for the whole file. `[check]` in posthoc.toml has `select` and `ignore`.
/// Errors that prevent a file from being read are always reported.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    /// The output format
    #[arg(long, value_name = "FORM", default_value = "human", ignore_case = true)]
    format: Format,
    /// The lowest level of a finding that fails the check
    #[arg(long, default_value = "error", value_name = "LEVEL", ignore_case = true)]
    deny: Deny,
    /// Only the findings of these rules; several with commas
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = ArgValueCandidates::new(complete::rules))]
    select: Vec<String>,
    /// Leave out the findings of these rules, in addition to those that posthoc.toml ignores;
    /// several with commas
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = ArgValueCandidates::new(complete::rules))]
    ignore: Vec<String>,
    /// Check what these readers would get: for `public`, the findings on public text, and every
    /// word that must not leave the company in a report of any template and format
    #[arg(long, value_name = "AUDIENCE", ignore_case = true, value_parser = one_of(Audience::ALL, Audience::as_str))]
    audience: Option<Audience>,
    /// Print the number of findings per rule instead of the findings
    #[arg(long)]
    statistics: bool,
    /// Only findings that are new since this git revision: a branch, a tag, a commit, or
    /// `main...HEAD` for the commit at which a branch left main
    #[arg(long, value_name = "REV")]
    new_since: Option<String>,
    /// Print what a rule looks for and why, and exit
    #[arg(long, value_name = "RULE", add = ArgValueCandidates::new(complete::rules))]
    explain: Option<String>,
    /// As JSON: the same as --format json
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Deny {
    Note,
    Warning,
    Error,
}

impl Deny {
    fn level(self) -> Level {
        match self {
            Deny::Note => Level::Note,
            Deny::Warning => Level::Warning,
            Deny::Error => Level::Error,
        }
    }
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    if let Some(id) = &args.explain {
        return super::rules::explain(id, terminal);
    }
    let mut workspace = context.workspace()?;
    workspace.config.check = chosen_rules(args, &workspace.config.check)?;
    has_incidents(&workspace, context)?;
    let selection = args.filters.select(&workspace, context, terminal)?;
    let mut checked = reports::checked(&workspace, selection, context, args.audience)?;
    if let Some(revision) = &args.new_since {
        let old = since::keep_new(&mut checked, revision, &workspace, context)?;
        terminal
            .talk(&format!("{} found at {revision} already, not shown", counted(old, "finding")))?;
    }
    let unreadable = !checked.problems.is_empty();
    let mut placed: Vec<Placed> =
        std::mem::take(&mut checked.problems).into_iter().map(from_problem).collect();
    for (finding, place) in std::mem::take(&mut checked.findings) {
        placed.push(Placed {
            rule: finding.rule,
            level: finding.level,
            message: finding.message,
            place,
            hints: finding.hints,
        });
    }
    if let Some(audience) = args.audience {
        placed.extend(leaks::leaks(&checked, &workspace, context, audience)?);
    }
    placed.par_sort_by(|a, b| {
        (&a.place.file, a.place.span.start, b.level, a.rule).cmp(&(
            &b.place.file,
            b.place.span.start,
            a.level,
            b.rule,
        ))
    });
    match if args.json { Format::Json } else { args.format } {
        format if args.statistics => statistics::write(&placed, format, terminal)?,
        Format::Human => {
            terminal.page();
            human(&placed, &checked, terminal)?;
        }
        Format::Json => write_json(terminal, &json::of(&placed))?,
        Format::Sarif => terminal.say(&sarif::write(&placed, &checked))?,
        Format::Github => terminal.say(&github::write(&placed, &checked))?,
    }
    let denied = placed.iter().any(|finding| finding.level >= args.deny.level());
    // The process ends next. Freeing ten thousand incidents piece by piece would take longer than
    // half the rules.
    std::mem::forget((placed, checked));
    Ok(match (unreadable, denied) {
        (true, _) => Exit::BadInput,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Fine,
    })
}

/// Refuses a workspace without incidents. A check that looked at nothing must not pass, especially
/// in CI, where the wrong folder is the likeliest reason.
pub(super) fn has_incidents(workspace: &Workspace, context: &Context) -> Result<(), CliError> {
    let folder = workspace.incidents_dir();
    let name = context.name(folder);
    let message = if folder.is_file() {
        format!("{name} is a file, not a folder of incidents")
    } else if workspace.files()?.is_empty() {
        format!("nothing to check: there are no incident files in {name}")
    } else {
        return Ok(());
    };
    let hint = "-C DIR names another folder, and `incidents` in posthoc.toml another place in it";
    Err(CliError::Reported(Exit::BadInput, vec![Diagnostic::error(message).hint(hint)]))
}

/// The rules to run: those of the settings, changed by the command line.
fn chosen_rules(args: &Args, settings: &RuleChoice) -> Result<RuleChoice, CliError> {
    let unknown = args.select.iter().chain(&args.ignore).find(|name| !rule_choice::is_rule(name));
    match unknown {
        Some(name) => Err(super::rules::unknown(name)),
        None => Ok(settings.changed(&args.select, &args.ignore)),
    }
}

fn human(placed: &[Placed], checked: &Checked, terminal: &mut Terminal) -> Result<(), CliError> {
    let has_styles = terminal.shows_styles();
    let draw = |finding: &Placed| {
        let problem = Diagnostic {
            level: finding.level,
            message: format!("{} [{}]", finding.message, finding.rule),
            place: Some(finding.place.clone()),
            hints: finding.hints.clone(),
            code: None,
        };
        let text = checked.text_of(&finding.place.file);
        let read_again = if text.is_none() { source_text(&finding.place) } else { None };
        drawn_in(&problem, text.or(read_again.as_deref()), has_styles) + "\n\n"
    };
    let drawings: Vec<String> = placed.par_iter().map(draw).collect();
    if has_styles {
        drawings.iter().try_for_each(|drawing| terminal.say(drawing))?;
    } else {
        terminal.bytes(drawings.concat().as_bytes())?;
    }
    let count = |level| placed.iter().filter(|finding| finding.level == level).count();
    let (errors, warnings, notes) =
        (count(Level::Error), count(Level::Warning), count(Level::Note));
    if let Some(worst) = placed
        .iter()
        .max_by_key(|finding| finding.level)
        .filter(|worst| ![FILE_RULE, LEAK_RULE].contains(&worst.rule))
    {
        terminal.talk(&format!(
            "`posthoc check --explain {}` says what a rule looks for, and why",
            worst.rule
        ))?;
    }
    terminal.talk(&format!(
        "{}: {}, {}, {}",
        counted(checked.files, "file"),
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(notes, "note")
    ))
}
