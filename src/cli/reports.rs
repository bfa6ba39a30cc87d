//! What several commands do: load, analyse, and put places to findings.

use super::error::{CliError, Exit};
use super::terminal::Terminal;
use crate::store::Workspace;
use crate::store::workspace::Loaded;

/// Every incident that can be read. The mistakes in the others are told, and decide the exit.
pub fn load_all(workspace: &Workspace, terminal: &mut Terminal) -> Result<(Vec<Loaded>, Exit), CliError> {
    let all = workspace.load_all()?;
    all.problems.iter().try_for_each(|problem| terminal.tell(problem))?;
    let exit = if all.problems.is_empty() { Exit::Fine } else { Exit::BadInput };
    Ok((all.incidents, exit))
}
