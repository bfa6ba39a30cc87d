//! Plans and writes an import, and plans again if somebody saved a file in the meantime.

use indicatif::ProgressBar;

use super::opened::{MOST_ATTEMPTS, Opened};
use crate::assemble::plan::{LeftOut, Planned};
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::cli::{progress, stop};
use crate::diag::{Diagnostic, Place};
use crate::store::commit::{self, Step};
use crate::store::write::Watch;
use crate::store::{StoreError, Workspace};

/// The result of an import.
#[derive(Default)]
pub(super) struct CarriedOut {
    /// What was written, or would be in a dry run, in the order of the records.
    pub done: Vec<Step>,
    /// What was not written, because of a failure or Ctrl-C.
    pub failed: Vec<Step>,
    pub left_out: Vec<LeftOut>,
    /// Reports that do not concern a single incident.
    pub notes: Vec<Diagnostic>,
    /// The first failure.
    pub failure: Option<StoreError>,
    /// Whether Ctrl-C stopped the writing.
    pub is_stopped: bool,
}

/// Carries out the plan that `plan` makes of the records with the given indexes, at first all
/// `count`. `bytes` are the inputs to store, by index.
pub(super) fn carry_out<P>(
    opened: &mut Opened,
    count: usize,
    bytes: &[&[u8]],
    is_dry_run: bool,
    terminal: &Terminal,
    plan: P,
) -> Result<CarriedOut, CliError>
where
    P: for<'l> Fn(&'l Opened, &[usize]) -> Planned<'l>,
{
    let mut todo: Vec<usize> = (0..count).collect();
    let mut all = CarriedOut::default();
    for attempt in 1.. {
        let planned = plan(opened, &todo);
        if attempt == 1 {
            all.notes = planned.notes;
        }
        all.left_out.extend(planned.left_out);
        let (steps, left_out) =
            commit::prepare(&opened.workspace, &opened.incidents, planned.changes);
        all.left_out.extend(left_out);
        if is_dry_run {
            all.done = steps;
            break;
        }
        let results = written(&opened.workspace, &steps, bytes, terminal)?;
        let mut again: Vec<Step> = Vec::new();
        for (step, result) in steps.into_iter().zip(results) {
            match result {
                Ok(()) => all.done.push(step),
                Err(StoreError::Changed(_) | StoreError::Exists(_)) if attempt < MOST_ATTEMPTS => {
                    again.push(step);
                }
                Err(error @ (StoreError::Changed(_) | StoreError::Edit { .. })) => {
                    let place = Place::whole_file(opened.workspace.name(&step.path));
                    let problem = Box::new(Diagnostic::error(error.to_string()).at(place));
                    all.left_out.push(LeftOut {
                        title: step.id.to_string(),
                        problem,
                        records: step.records,
                    });
                }
                Err(StoreError::Interrupted) => {
                    all.is_stopped = true;
                    all.failed.push(step);
                }
                Err(error) => {
                    all.failure.get_or_insert(error);
                    all.failed.push(step);
                }
            }
        }
        if again.is_empty() {
            break;
        }
        // Somebody saved these files in the meantime, so they are planned again from the saved
        // versions.
        again.iter().for_each(|step| opened.reload(&step.path));
        todo = again.into_iter().flat_map(|step| step.records).collect();
        todo.sort_unstable();
    }
    all.done.sort_by_key(|step| step.records.first().copied());
    Ok(all)
}

/// Writes the steps, with a progress bar if that may take a while.
fn written(
    workspace: &Workspace,
    steps: &[Step],
    bytes: &[&[u8]],
    terminal: &Terminal,
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let files = steps.iter().filter(|step| step.is_written()).count();
    let bar =
        if files > 1 { progress::bar("writing", files, terminal) } else { ProgressBar::hidden() };
    let results = commit::commit(
        workspace,
        steps,
        bytes,
        Watch { stop: stop::asked(), done: &|| bar.inc(1) },
    );
    bar.finish_and_clear();
    results
}
