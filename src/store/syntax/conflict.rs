//! Unresolved merge conflicts of Git.

use crate::diag::{Diagnostic, Place};

/// The first conflict in `text`, if there is one.
pub(super) fn problem(file: &str, text: &str) -> Option<Diagnostic> {
    let mut at = 0;
    let mut begin = None;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        if line.starts_with("<<<<<<< ") || line == "<<<<<<<" {
            begin = Some((index + 1, start..start + line.len()));
        }
        if line.starts_with(">>>>>>> ") || line == ">>>>>>>" {
            let (first, span) = begin.unwrap_or((index + 1, start..start + line.len()));
            return Some(described(first, index + 1).at(Place::new(file, text, span)));
        }
    }
    begin.map(|(first, span)| described(first, first).at(Place::new(file, text, span)))
}

fn described(first: usize, last: usize) -> Diagnostic {
    let lines =
        if first == last { format!("line {first}") } else { format!("lines {first} to {last}") };
    Diagnostic::error("a merge conflict that is not resolved").hint(format!(
        "choose between the versions in {lines}, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`"
    ))
}
