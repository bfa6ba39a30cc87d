//! `posthoc render`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap_complete::ArgValueCandidates;
use indicatif::{ParallelProgressIterator, ProgressBar};
use rayon::prelude::*;

use super::args::Context;
use super::attached;
use super::complete;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::ignored::GUARD;
use super::names::{self, one_of};
use super::terminal::{Terminal, clean_line};
use super::{progress, reports};
use crate::diag::{Diagnostic, Level, Warned};
use crate::model::word_enums::words;
use crate::render::page::Page;
use crate::render::pdf::{self, Attachment, Paper, SystemFonts};
use crate::render::{html, json, markdown};
use crate::report::template::Templates;
use crate::report::{Audience, Report};
use crate::store::Workspace;
use crate::store::workspace::{Loaded, LoadedAll};
use crate::store::write;
use crate::text::counted;

words! {
    /// The output formats of a report.
    Output {
        /// Markdown.
        Md = "md",
        /// One self-contained HTML page.
        Html = "html",
        /// PDF.
        Pdf = "pdf",
        /// The view that templates see.
        Json = "json",
    }
}

/// Write the reports: Markdown, HTML and PDF, one file each per incident
///
/// The same incident file gives the same bytes on every run and machine. Ongoing incidents are
/// described as of --now, and only if it is given.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    /// What to write: md, html, pdf, json, separated by commas
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', default_value = "md,html,pdf", ignore_case = true, value_parser = one_of(Output::ALL, Output::as_str))]
    to: Vec<Output>,
    /// The folder to write to; `-` writes one document of one incident to the standard output
    #[arg(long, value_name = "DIR|-", default_value = "out")]
    out: PathBuf,
    /// The readers: public leaves out names, internal entries and internal links
    #[arg(long, default_value = "internal", ignore_case = true, value_parser = one_of(Audience::ALL, Audience::as_str))]
    audience: Audience,
    /// List what the audience may not read: what was left out or replaced, with its place in the
    /// file
    #[arg(long)]
    explain_redaction: bool,
    /// A built-in template (`posthoc templates` lists them) or your own template file
    #[arg(long, value_name = "NAME|FILE", add = ArgValueCandidates::new(complete::templates))]
    template: Option<String>,
    /// Do not attach the incident file to the PDF. By default the PDF carries it, as far as its
    /// readers may have it
    #[arg(long)]
    no_source: bool,
    /// The paper size of PDFs: a4 or letter
    #[arg(long, default_value = "a4", ignore_case = true, value_parser = one_of(Paper::ALL, Paper::as_str))]
    paper: Paper,
}

/// One rendered report.
struct Made {
    /// The documents, in the order of `--to`.
    documents: Vec<Vec<u8>>,
    /// The paths they were written to.
    files: Vec<PathBuf>,
    warnings: Vec<Diagnostic>,
    /// What must not be in a public report, but is in this one.
    secrets: Vec<Diagnostic>,
    /// What was left out or replaced for the audience, each in a line.
    removals: Vec<String>,
}

/// The findings on keys and addresses in a report that everyone may read.
fn secrets(report: &Report) -> Vec<Diagnostic> {
    let found = report.findings.iter().filter(|_| report.audience() == Audience::Public);
    let secrets = found.filter(|(finding, _)| finding.rule == GUARD && finding.level > Level::Note);
    secrets
        .map(|(finding, place)| Diagnostic {
            level: finding.level,
            message: format!("{} [{}]", finding.message, finding.rule),
            place: place.clone(),
            hints: finding.hints.clone(),
            code: None,
        })
        .collect()
}

/// With fewer incidents, a progress bar is useless.
const WORTH_A_BAR: usize = 50;

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let (templates, template) = templates_of(args.template.as_deref(), context, &workspace)?;
    let chosen = args.filters.select(&workspace, context, terminal)?.chosen;
    reports::report_problems(&chosen, terminal)?;
    if chosen.incidents.is_empty() && chosen.problems.is_empty() {
        if !args.filters.is_everything() {
            return Ok(Exit::Fine);
        }
        terminal.talk(
            "no incidents yet: `posthoc new \"What happened\"`, or `posthoc import` a status page",
        )?;
        return Ok(Exit::Fine);
    }
    let to_stdout = args.out == Path::new("-");
    if to_stdout {
        one_document(args, &chosen)?;
    }
    let out = context.path(&args.out);
    if !to_stdout {
        write::folder(&out)?;
    }
    // References to incidents that were not selected are not checked.
    let asked_for_all = args.filters.is_everything();
    let others = reports::Others::new(chosen.incidents.iter().filter(|_| asked_for_all));
    let out = (!to_stdout).then_some(out.as_path());
    let job = Job {
        args,
        context,
        workspace: &workspace,
        templates: &templates,
        template: &template,
        others: &others,
        out,
    };
    let incidents = chosen.incidents.len();
    let progress = if incidents < WORTH_A_BAR {
        ProgressBar::hidden()
    } else {
        progress::bar("rendering", incidents, terminal)
    };
    let made: Vec<Result<Made, CliError>> = chosen
        .incidents
        .par_iter()
        .progress_with(progress)
        .map(|loaded| job.make(loaded))
        .collect();
    let exit = if chosen.problems.is_empty() { Exit::Fine } else { Exit::BadInput };
    printed(&chosen, made, exit, context, terminal)
}

/// What each report is made with.
struct Job<'a> {
    args: &'a Args,
    context: &'a Context,
    workspace: &'a Workspace,
    templates: &'a Templates,
    template: &'a str,
    others: &'a reports::Others<'a>,
    /// The folder to write to; `None` for the standard output.
    out: Option<&'a Path>,
}

impl Job<'_> {
    /// Makes the documents of one incident, and writes them if there is a folder.
    fn make(&self, loaded: &Loaded) -> Result<Made, CliError> {
        let Job { args, context, workspace, .. } = *self;
        let now = context.stated_now;
        let report = reports::report(loaded, self.others, workspace, context, args.audience, now);
        let page = Page::new(&report, self.templates, self.template)
            .map_err(|error| CliError::bad_input(error.to_diagnostic()))?;
        reports::refuse_leaks(&page.value, &report, loaded)?;
        let removals = if args.explain_redaction {
            reports::removals(&report.incident, loaded, workspace)
        } else {
            Vec::new()
        };
        let attached = if args.no_source || !args.to.contains(&Output::Pdf) {
            Vec::new()
        } else {
            attached::attachments(loaded, &report.incident)
        };
        let made = match self.out {
            None => documents(&page, &attached, args),
            Some(out) => write_all(&page, &attached, loaded, args, out),
        };
        Ok(Made { secrets: secrets(&report), removals, ..made? })
    }
}

/// Prints what was rendered, and the problems of each report. Errors and secrets make `exit` worse.
fn printed(
    chosen: &LoadedAll,
    made: Vec<Result<Made, CliError>>,
    mut exit: Exit,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    for (loaded, made) in chosen.incidents.iter().zip(made) {
        match made {
            Ok(made) => {
                for bytes in &made.documents {
                    terminal.bytes(bytes)?;
                }
                for file in &made.files {
                    terminal.line(&clean_line(&context.name(file).to_string()))?;
                }
                // The standard output may be the document.
                for removal in &made.removals {
                    if made.documents.is_empty() {
                        terminal.line(removal)?;
                    } else {
                        terminal.talk(removal)?;
                    }
                }
                for secret in &made.secrets {
                    if secret.level == Level::Error && exit == Exit::Fine {
                        exit = Exit::Findings;
                    }
                    terminal.report(secret)?;
                }
                for mut warning in made.warnings {
                    warning.message = format!("{}: {}", loaded.incident.id, warning.message);
                    terminal.report(&warning)?;
                }
            }
            Err(error) => {
                exit = error.exit();
                terminal.error(error)?;
            }
        }
    }
    Ok(exit)
}

/// Fails unless there is exactly one document to write: several in one stream could not be
/// separated.
fn one_document(args: &Args, chosen: &LoadedAll) -> Result<(), CliError> {
    let usage =
        |message: &str, hint: &str| Err(CliError::usage(Diagnostic::error(message).hint(hint)));
    if args.to.len() != 1 {
        return usage("`--out -` writes one document", "say which: --to md, html, pdf or json");
    }
    if chosen.incidents.len() > 1 {
        let message = format!(
            "`--out -` writes one document, and {} fit",
            counted(chosen.incidents.len(), "incident")
        );
        return usage(&message, "name the incident");
    }
    if args.to == [Output::Pdf] && std::io::stdout().is_terminal() {
        return usage(
            "a PDF is not for a terminal",
            "write it to a file: `posthoc render ID --to pdf --out - > FILE`",
        );
    }
    Ok(())
}

/// Renders the documents of one incident without writing them.
fn documents(page: &Warned<Page>, attached: &[Attachment], args: &Args) -> Result<Made, CliError> {
    let Warned { value: page, warnings } = page;
    let mut made = Made {
        documents: Vec::new(),
        files: Vec::new(),
        warnings: warnings.clone(),
        secrets: Vec::new(),
        removals: Vec::new(),
    };
    for output in &args.to {
        let Warned { value, warnings } = document(page, *output, args.paper, attached)?;
        made.warnings.extend(warnings);
        made.documents.push(value);
    }
    Ok(made)
}

/// The document of one format.
fn document(
    page: &Page,
    output: Output,
    paper: Paper,
    attachments: &[Attachment],
) -> Result<Warned<Vec<u8>>, CliError> {
    let value = match output {
        Output::Md => markdown::write(&page.document, &page.sparklines),
        Output::Html => html::write(&page.document, &page.figures, &page.meta),
        Output::Json => json::write(&page.view),
        Output::Pdf => {
            let options = pdf::Options {
                paper,
                system_fonts: Some(&SystemFonts),
                attachments,
                ..pdf::Options::default()
            };
            return pdf::render(&page.document, &page.figures, &page.meta, &options).map_err(
                |error| CliError::failed(Diagnostic::error(format!("{}: {error}", page.view.id))),
            );
        }
    };
    Ok(Warned { value, warnings: Vec::new() })
}

/// The documents of every format, each with the name of its format.
pub(super) fn documents_of(
    page: &Page,
    attached: &[Attachment],
) -> Result<Vec<(&'static str, Vec<u8>)>, CliError> {
    let one = |output: &Output| {
        Ok((output.as_str(), document(page, *output, Paper::A4, attached)?.value))
    };
    Output::ALL.iter().map(one).collect()
}

fn write_all(
    page: &Warned<Page>,
    attached: &[Attachment],
    loaded: &Loaded,
    args: &Args,
    out: &Path,
) -> Result<Made, CliError> {
    let mut made = documents(page, attached, args)?;
    for (output, bytes) in args.to.iter().zip(std::mem::take(&mut made.documents)) {
        // So that nobody sends the wrong one: only the internal document has the bare name.
        let reader = match args.audience {
            Audience::Internal => String::new(),
            other => format!(".{other}"),
        };
        let path = out.join(format!("{}{reader}.{output}", loaded.incident.id));
        write::output(&path, &bytes)?;
        made.files.push(path);
    }
    Ok(made)
}

/// The template to use: the requested one, that of the settings, or the default. A template file is
/// added under its own name.
pub(super) fn templates_of(
    asked: Option<&str>,
    context: &Context,
    workspace: &Workspace,
) -> Result<(Templates, String), CliError> {
    let as_error =
        |error: crate::report::template::TemplateError| CliError::bad_input(error.to_diagnostic());
    let mut templates = Templates::built_in().map_err(as_error)?;
    let (name, path) = match (asked, &workspace.config.template) {
        (Some(asked), _) => (asked.to_owned(), context.path(Path::new(asked))),
        (None, Some(set)) => (set.clone(), workspace.root().join(set)),
        (None, None) => ("default".to_owned(), PathBuf::new()),
    };
    let is_built_in = templates.names().any(|known| known == name);
    if !is_built_in && path.is_file() {
        let text = std::fs::read_to_string(&path).map_err(|error| {
            CliError::failed(Diagnostic::error(format!("cannot read {name}: {error}")))
        })?;
        templates.add(&name, &text).map_err(as_error)?;
    } else if !is_built_in && asked.is_some() {
        let list = "`posthoc templates` lists the built-in ones; any other is the path of a file";
        return Err(names::unknown("template", &name, templates.names(), list));
    }
    Ok((templates, name))
}
