//! The components listed in a sentence of a page.

use crate::text::clean::clean_line;

/// The components in `This incident affected: API, Web (EU, US), and Jobs.`
///
/// A name that contains a list separator cannot be told from two names. Bracketed names are read as
/// children of a group only if there are several.
pub(in crate::sources::status) fn components(sentence: &str) -> Vec<(String, String)> {
    let list = sentence.split_once(": ").map_or("", |(_, list)| list).trim_end_matches('.');
    let mut components = Vec::new();
    for item in joined(list) {
        let group = item.strip_suffix(')').and_then(|item| item.split_once(" ("));
        let children = group.map(|(_, children)| joined(children)).unwrap_or_default();
        match group {
            Some((group, _)) if children.len() > 1 => {
                components.extend(
                    children.into_iter().map(|child| (clean_line(group), clean_line(child))),
                );
            }
            _ => components.push((String::new(), clean_line(item))),
        }
    }
    components
}

/// The parts of `a, b, and c` or `a and b` that are not in brackets.
fn joined(list: &str) -> Vec<&str> {
    // If there are commas, a bare "and" is part of a name.
    let mut parts = split_at(list, &[", and ", ", "]);
    if parts.len() == 1 {
        parts = split_at(list, &[" and "]);
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The parts of a list, split at separators outside of brackets.
fn split_at<'l>(list: &'l str, joints: &[&str]) -> Vec<&'l str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0usize, 0);
    for (at, character) in list.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 || at < start => {}
            _ => {
                if let Some(joint) = joints.iter().find(|joint| list[at..].starts_with(**joint)) {
                    parts.push(&list[start..at]);
                    start = at + joint.len();
                }
            }
        }
    }
    parts.push(&list[start..]);
    parts
}
