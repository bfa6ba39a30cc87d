//! The next commands suggested after an import.

use super::args::Args;
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::model::id::IncidentId;

/// Prints the next commands, only on a terminal: a program has no use for them.
pub(super) fn say(
    written: &[IncidentId],
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    if args.json || !terminal.has_reader() {
        return Ok(());
    }
    lines(written, args.dry_run, args.into.is_some(), &context.program)
        .iter()
        .try_for_each(|line| terminal.talk(&format!("next: {line}")))
}

fn lines(written: &[IncidentId], is_dry: bool, is_evidence: bool, program: &str) -> Vec<String> {
    let command = |rest: &str| format!("{program} {rest}");
    match written {
        // Nothing changed.
        [] => Vec::new(),
        _ if is_dry => vec!["the same without --dry-run writes it".to_owned()],
        [id] if is_evidence => {
            vec![command(&format!("timeline {id}")), command(&format!("check {id}"))]
        }
        [id] => vec![command(&format!("show {id}")), command(&format!("check {id}"))],
        _ => vec![command("list"), command("check")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggested_next_commands_match_the_result() {
        let id: IncidentId = "2026-03-17-slow".parse().unwrap();
        let lines = |written: &[IncidentId], is_dry, is_evidence| {
            super::lines(written, is_dry, is_evidence, "posthoc -C ops").join("; ")
        };
        assert_eq!(lines(&[], false, false), "");
        let one = [id.clone()];
        assert_eq!(
            lines(&one, false, false),
            "posthoc -C ops show 2026-03-17-slow; posthoc -C ops check 2026-03-17-slow"
        );
        assert_eq!(
            lines(&one, false, true),
            "posthoc -C ops timeline 2026-03-17-slow; posthoc -C ops check 2026-03-17-slow"
        );
        assert_eq!(
            lines(&[id.clone(), id], false, false),
            "posthoc -C ops list; posthoc -C ops check"
        );
        assert_eq!(lines(&one, true, false), "the same without --dry-run writes it");
    }
}
