use super::context::{Context, window};
use super::finding::Findings;
use super::rule::rule;
use crate::model::impact::Window;

rule! {
    /// Finds an impact window that is listed twice.
    ///
    /// No total changes, since windows are united, but readers count two outages.
    ///
    /// ```yaml
    /// impact:
    ///   windows:
    ///     - {start: 2026-03-17T14:00Z, end: 2026-03-17T16:00Z, level: full}
    ///     - {start: 2026-03-17T14:00Z, end: 2026-03-17T16:00Z, level: full}
    /// ```
    DuplicateWindows = "duplicate-windows", Warning, "an impact window that is listed twice", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let windows = &context.incident.impact.windows;
    let key = |one: &Window| (one.start, one.end, one.level);
    let mut order: Vec<usize> = (0..windows.len()).collect();
    order.sort_by_key(|&index| (key(&windows[index]), &windows[index].components, index));
    for pair in order.windows(2) {
        let (first, second) = (&windows[pair[0]], &windows[pair[1]]);
        if key(first) == key(second) && first.components == second.components {
            let message = format!("the same window as {}", window(pair[0]));
            findings.add(window(pair[1]), message).hint("remove one");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, window as of};
    use crate::analysis::rules::tests::found;

    #[test]
    fn duplicate_windows_are_reported() {
        let mut twice = incident("twice");
        let window = |components: &[&str]| {
            of("2026-03-17T14:00Z", Some("2026-03-17T16:00Z"), None, components)
        };
        twice.impact.windows = vec![window(&["api"]), window(&["web"]), window(&["api"])];
        assert_eq!(
            found(&DuplicateWindows, &twice),
            ["warning impact.windows[2]: the same window as impact.windows[0]"]
        );
    }
}
