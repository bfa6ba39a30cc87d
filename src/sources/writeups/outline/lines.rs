//! Classifies single lines of a document: field headings, rules, template comments.

use std::sync::LazyLock;

use regex::Regex;

use super::labels::{self, Field, Label, label};
use crate::sources::naming::{self, Match};
use crate::sources::record::SectionName;

/// Splits the lines below a label of a form into its own lines and the items that are labels of
/// sections themselves.
pub(super) fn nested_labels(lines: Vec<&str>) -> (Vec<&str>, Vec<Vec<&str>>) {
    let is_section = |line: &&str| {
        let text = line.trim_start();
        let item =
            ["- **", "* **", "+ **"].iter().any(|mark| text.starts_with(mark)).then(|| &text[2..]);
        let name = item.and_then(label).map(|label| label.name);
        name.is_some_and(|name| {
            naming::section(&name).is_some_and(|(_, sure)| sure == Match::Exact)
        })
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let (mut own, mut nested): (Vec<&str>, Vec<Vec<&str>>) = (Vec::new(), Vec::new());
    let mut inside = None;
    for line in lines {
        match inside {
            _ if is_section(&line) => {
                inside = Some(indent(line));
                nested.push(vec![line.trim_start()[2..].trim_start()]);
            }
            Some(depth) if line.trim().is_empty() || indent(line) > depth => {
                nested.last_mut().expect("one is open").push(line);
            }
            _ => {
                inside = None;
                own.push(line);
            }
        }
    }
    (own, nested)
}

pub(super) fn are_services(label: &Label<'_>) -> bool {
    let is_name =
        |name: &str| (1..=4).contains(&name.split_whitespace().count()) && !name.ends_with('.');
    labels::field(&label.name) == Some(Field::Services) && label.value.split(',').all(is_name)
}

/// Whether follow-ups can be grouped under that section's name.
pub(super) fn is_purpose(name: SectionName) -> bool {
    matches!(name, SectionName::Detection | SectionName::Mitigation | SectionName::Resolution)
}

/// Headings that only announce the fields of the document.
pub(super) const FIELDS: [&str; 8] = [
    "metadata",
    "document metadata",
    "incident metadata",
    "incident details",
    "incident information",
    "basic information",
    "general information",
    "key facts",
];

/// Strips emoji codes from a heading: `:warning: Impact`.
pub(super) fn without_emoji(title: &str) -> String {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|\s):[a-z][a-z0-9_+-]*:(?:\s|$)").expect("valid built-in regex")
    });
    if !title.contains(':') {
        title.to_owned()
    } else {
        CODE.replace_all(title, " ").trim().to_owned()
    }
}

/// Returns the field of a heading that contains its value: `## Owner: ann`.
pub(super) fn field_of(text: &str) -> Option<Label<'_>> {
    label(text).filter(|found| !found.value.is_empty() && names_field(&found.name))
}

/// Whether a heading is the name of a field whose value is below it. Such a heading is not the
/// title.
pub(super) fn names_field(title: &str) -> bool {
    labels::field(title).is_some_and(|field| field != Field::Title)
}

/// Normalizes a title for comparison: single spaces, lower case.
pub(super) fn folded(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Returns the lines without their common indentation.
pub(super) fn dedented<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    lines.iter().map(|line| line.get(common..).unwrap_or("")).collect()
}

pub(super) fn is_rule(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 3 && text.chars().all(|c| matches!(c, '-' | '*' | '_' | ' '))
}

/// Whether a block is a single HTML comment: in a template, these instruct the author.
pub(super) fn is_comment(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("<!--") && text.ends_with("-->") && text.matches("<!--").count() == 1
}
