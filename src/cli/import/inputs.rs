//! Reads all inputs of a call, a few at a time, with a progress bar, until the user asks to stop.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::ProgressBar;
use rayon::prelude::*;

use super::args::GIT;
use super::read::{self, ReadEvent, ReadSettings};
use super::{exports, live, pages};
use crate::cli::args::Context;
use crate::cli::error::{CliError, named};
use crate::cli::gather::{self, Address, Listed, Target};
use crate::cli::terminal::Terminal;
use crate::cli::{progress, remote, stop};
use crate::diag::Diagnostic;
use crate::fetch::ApiAccess;
use crate::text::counted;

/// The results in the order in which the inputs were named, whichever finishes first.
///
/// # Errors
/// If the user asked to stop. Nothing was written then; the error lists what was not read.
pub(super) fn all(
    wanted: Vec<Target>,
    settings: ReadSettings,
    context: &Context,
    terminal: &Terminal,
) -> Result<Vec<ReadEvent>, CliError> {
    let progress = Arc::new(Progress::new(&wanted, context, terminal));
    let work = {
        let (progress, context) = (Arc::clone(&progress), context.clone());
        move || in_order(&wanted, &settings, &context, &progress)
    };
    let events = stop::unless_asked(work);
    progress.bar.finish_and_clear();
    events.ok_or_else(|| progress.stopped())
}

fn in_order(
    wanted: &[Target],
    settings: &ReadSettings,
    context: &Context,
    progress: &Progress,
) -> Vec<ReadEvent> {
    let remote = wanted.iter().enumerate().filter_map(|(index, one)| match one {
        Target::Remote(address) => Some((index, address)),
        Target::Stdin | Target::Local(_) | Target::Nothing(_) => None,
    });
    let (places, addresses): (Vec<usize>, Vec<&Address>) = remote.unzip();
    let fetcher = remote::fetcher(context);
    let fetcher = match settings.queries {
        Some(_) => fetcher.for_api(ApiAccess::default()),
        None => fetcher,
    };
    let mut fetched = remote::each(&addresses, |index, address| {
        let events = match &settings.queries {
            Some(queries) => live::read(&fetcher, address, queries, settings),
            None => pages::read(&fetcher, address, settings),
        };
        progress.done(places[index]);
        events
    })
    .into_iter();
    let mut events = Vec::new();
    for (index, one) in wanted.iter().enumerate() {
        match one {
            Target::Stdin => {
                events.extend(input(gather::stdin(), settings));
                progress.bar.inc(1);
            }
            Target::Local(path) => events.extend(local(path, settings, context, progress)),
            Target::Remote(_) => events.extend(fetched.next().unwrap_or_default()),
            Target::Nothing(problem) => {
                events.push(ReadEvent::Missed(CliError::failed(problem.clone())));
                progress.bar.inc(1);
            }
        }
        progress.left.lock().unwrap_or_else(PoisonError::into_inner).remove(&index);
    }
    events
}

/// Reads a file or a folder.
fn local(
    path: &Path,
    settings: &ReadSettings,
    context: &Context,
    progress: &Progress,
) -> Vec<ReadEvent> {
    if path.is_dir() && settings.format.as_deref() == Some(GIT) {
        let (since, until) = settings.around;
        let (since, until) = (settings.since.or(since), settings.until.or(until));
        let events = input(gather::repository(path, since, until, context), settings);
        progress.bar.inc(1);
        return events;
    }
    if let Some(read) = exports::read(path, settings, context) {
        progress.bar.inc(1);
        return read;
    }
    let listed = gather::local(path, context);
    progress.holds(listed.len());
    // Each input is freed before the next one is read, except one per thread.
    let files: Vec<Vec<ReadEvent>> = listed
        .into_par_iter()
        .map(|listed| {
            let events = file(listed, settings, context);
            progress.bar.inc(1);
            events
        })
        .collect();
    files.into_iter().flatten().collect()
}

fn file(listed: Listed, settings: &ReadSettings, context: &Context) -> Vec<ReadEvent> {
    match listed {
        Listed::File(path) => input(gather::file(&path, context), settings),
        Listed::LeftOut(problem) => vec![ReadEvent::Report(problem)],
        Listed::Unreadable(error) => vec![ReadEvent::Missed(error)],
    }
}

fn input(gathered: gather::Gathered, settings: &ReadSettings) -> Vec<ReadEvent> {
    match gathered {
        Ok(input) => read::events(input, settings),
        Err(error) => vec![ReadEvent::Missed(error)],
    }
}

/// The progress of reading.
struct Progress {
    bar: ProgressBar,
    /// The inputs that are not read yet, by their position in the call.
    left: Mutex<BTreeMap<usize, String>>,
    all: usize,
}

impl Progress {
    fn new(wanted: &[Target], context: &Context, terminal: &Terminal) -> Self {
        let name = |one: &Target| match one {
            Target::Stdin => "the standard input".to_owned(),
            Target::Local(path) => context.name(path).to_string(),
            Target::Remote(address) => crate::fetch::shown_address(&address.url),
            Target::Nothing(_) => String::new(),
        };
        let left = wanted.iter().map(name).enumerate().collect();
        // A bar for one input is useless, but a folder has many.
        let has_many = wanted.len() > 1
            || wanted.iter().any(|one| matches!(one, Target::Local(path) if path.is_dir()));
        let bar = if has_many {
            progress::bar("reading", wanted.len(), terminal)
        } else {
            ProgressBar::hidden()
        };
        Progress { bar, left: Mutex::new(left), all: wanted.len() }
    }

    /// Records that one of the inputs is a folder with that many files.
    fn holds(&self, files: usize) {
        let others = self.bar.length().unwrap_or_default().saturating_sub(1);
        self.bar.set_length(others + files as u64);
    }

    fn done(&self, place: usize) {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).remove(&place);
        self.bar.inc(1);
    }

    fn stopped(&self) -> CliError {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let names: Vec<String> = left.values().filter(|name| !name.is_empty()).cloned().collect();
        let message = "stopped by Ctrl-C while the inputs were read: nothing was written";
        let hint = format!(
            "{} of {} not read: {}",
            names.len(),
            counted(self.all, "input"),
            named(&names)
        );
        CliError::stopped(Diagnostic::error(message).hint(hint))
    }
}
