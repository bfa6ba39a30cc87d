//! Text whose lines an editor has wrapped.

/// Text with one line per paragraph, however the editor of its author wraps lines.
pub(super) fn unwrapped(text: &str) -> String {
    let text = text.trim();
    if !text.contains('\n') || text.contains("```") || text.contains("~~~") {
        return text.to_owned();
    }
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        let begins_block = line.is_empty()
            || line.starts_with(|c: char| {
                c.is_whitespace() || c.is_ascii_digit() || "-*+#>|=_".contains(c)
            });
        let breaks = whole.is_empty()
            || whole.ends_with('\n')
            || whole.ends_with("  ")
            || whole.ends_with('\\');
        if !whole.is_empty() {
            whole.push(if begins_block || breaks { '\n' } else { ' ' });
        }
        whole.push_str(if begins_block { line } else { line.trim_start() });
    }
    whole
}
