//! The progress of a long task.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;

const DRAW_EVERY: Duration = Duration::from_millis(100);

/// A progress bar for `count` things, with the verb for what is done to them. It draws nothing
/// without a terminal or with `--quiet`.
pub(super) fn bar(doing: &'static str, count: usize, terminal: &Terminal) -> ProgressBar {
    if terminal.is_quiet() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(&format!("{doing} {{wide_bar}} {{pos}}/{{len}}"))
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::stderr())
        .with_style(style);
    // Not every step is drawn. During a long step, the bar shows all steps before it.
    bar.enable_steady_tick(DRAW_EVERY);
    bar
}
