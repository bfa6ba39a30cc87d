//! `posthoc site`.

mod build;

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::names::one_of;
use super::reports;
use super::terminal::{Terminal, clean_line};
use crate::report::Audience;
use crate::store::write;
use crate::text::counted;
pub(super) use build::{Builder, Shared};

/// Write a website: an index with search and filters, a page per incident and per service,
/// follow-ups, statistics and feeds
///
/// The pages need no server: they can be opened from a folder, and work below any address. Filters
/// are the only script; without it all incidents are listed. A page that an earlier run wrote to
/// the same folder and that is no longer part of the site is removed. Statistics are as of --now,
/// or of now.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    /// The folder to write to
    #[arg(long, value_name = "DIR", default_value = "site")]
    out: PathBuf,
    /// The readers: public leaves out names, internal entries and internal links
    #[arg(long, default_value = "internal", ignore_case = true, value_parser = one_of(Audience::ALL, Audience::as_str))]
    audience: Audience,
    /// The title of the site
    #[arg(long, value_name = "TEXT", default_value = "Incidents")]
    title: String,
    /// The address at which the site will be, for the links in the feeds; without it they are
    /// relative
    #[arg(long, value_name = "URL", value_parser = address)]
    url: Option<String>,
    /// A built-in template for the reports, or your own template file
    #[arg(long, value_name = "NAME|FILE", add = clap_complete::ArgValueCandidates::new(super::complete::templates))]
    template: Option<String>,
}

/// Parses the address of the site, and adds a trailing slash.
fn address(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).map_err(|error| format!("{error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("the address of a site begins with https:// or http://".to_owned());
    }
    Ok(format!("{}/", url.as_str().trim_end_matches('/')))
}

/// The file in the output folder that lists the files written by the last run.
const MANIFEST: &str = ".posthoc-site";

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let selection = args.filters.select(&workspace, context, terminal)?;
    let mut exit = reports::report_problems(&selection.chosen, terminal)?;
    let builder = Builder::new(
        &workspace,
        context,
        args.audience,
        args.template.as_deref(),
        &args.title,
        args.url.as_deref().unwrap_or_default(),
    )?;
    let incidents = &selection.chosen.incidents;
    let out = context.path(&args.out);
    for folder in ["incidents", "services"] {
        write::folder(&out.join(folder))?;
    }
    let others = reports::Others::new(incidents.iter().filter(|_| args.filters.is_everything()));
    let made: Vec<Result<_, CliError>> = incidents
        .par_iter()
        .map(|loaded| {
            let (path, bytes, entry) = builder.incident(loaded, &others)?;
            write::output(&out.join(&path), &bytes)?;
            Ok((path, entry))
        })
        .collect();
    let (mut written, mut entries) = (BTreeSet::new(), Vec::new());
    for one in made {
        match one {
            Ok((path, entry)) => {
                written.insert(path);
                entries.push(entry);
            }
            Err(error) => {
                exit = exit.max(error.exit());
                terminal.error(error)?;
            }
        }
    }
    let listed: BTreeSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    let counted_ones: Vec<_> =
        incidents.iter().filter(|loaded| listed.contains(loaded.incident.id.as_str())).collect();
    let shared = Shared::new(&builder, entries, &counted_ones);
    let files: Vec<(String, Vec<u8>)> = shared.files(&builder)?;
    for (path, bytes) in files {
        write::output(&out.join(&path), &bytes)?;
        written.insert(path);
    }
    sweep(&out, &written)?;
    terminal.line(&clean_line(&context.name(&out.join("index.html")).to_string()))?;
    terminal.talk(&format!(
        "{} written, for the audience {}",
        counted(written.len(), "file"),
        args.audience
    ))?;
    Ok(exit)
}

/// Removes the pages that the last run wrote and this run did not, and updates the manifest.
fn sweep(out: &Path, written: &BTreeSet<String>) -> Result<(), CliError> {
    let manifest = out.join(MANIFEST);
    let last = std::fs::read_to_string(&manifest).unwrap_or_default();
    for name in last.lines().filter(|name| !written.contains(*name)) {
        let path = Path::new(name);
        // The manifest may have been edited: never remove a file outside the folder.
        let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        if is_inside && name.ends_with(".html") {
            let _ = std::fs::remove_file(out.join(path));
        }
    }
    let list: String = written.iter().map(|name| format!("{name}\n")).collect();
    write::output(&manifest, list.as_bytes()).map_err(CliError::from)
}
