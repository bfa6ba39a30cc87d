//! Replaces names and terms in every text of an incident.
//!
//! The incident is walked as a tree of values, so that fields added to the model later are
//! included.

use serde_yaml::Value;

use super::links::{percent_decoded, without_refused};
use super::pattern::Pattern;
use super::people::People;
use super::removal::{REMOVED, Removal};
use crate::markdown::{Block, Document, plain_text};
use crate::model::Incident;
use crate::model::path::{Path, Step};

/// The names and terms to replace.
pub(super) struct Edit<'a> {
    pub(super) people: &'a People,
    pub(super) terms: &'a [Pattern],
}

/// The keys whose values are times, fixed keywords or references, not texts.
const NOT_TEXTS: [&str; 22] = [
    "schema",
    "kind",
    "status",
    "review",
    "basis",
    "visibility",
    "state",
    "milestone",
    "milestones",
    "level",
    "method",
    "at",
    "start",
    "end",
    "due",
    "source",
    "same_as",
    "time_zone",
    "scheduled_for",
    "scheduled_until",
    "deployed_at",
    "notified_at",
];

impl Edit<'_> {
    /// Returns `incident` with all names and terms replaced. `original` maps a path in `incident`
    /// to the path in the file.
    pub(super) fn apply(
        &self,
        incident: Incident,
        original: &dyn Fn(&Path) -> Path,
        removals: &mut Vec<Removal>,
    ) -> Incident {
        let Ok(mut tree) = serde_yaml::to_value(&incident) else { return incident };
        let before = removals.len();
        let mut path = Vec::new();
        self.walk(&mut tree, &mut path, original, removals);
        if removals.len() == before {
            return incident;
        }
        let Ok(mut edited) = serde_yaml::from_value::<Incident>(tree) else {
            // Removing a term made a number or a duration invalid. An incident without any text
            // cannot leak the term.
            let what = "left out as a whole: a term is in a value that is no text".to_owned();
            removals.push(Removal { path: Path::root(), what });
            return Incident::new(incident.id.clone(), REMOVED);
        };
        for entry in &mut edited.timeline {
            entry.actor = entry.actor.take().filter(|actor| !actor.is_empty());
        }
        edited
    }

    fn walk(
        &self,
        value: &mut Value,
        path: &mut Vec<Step>,
        original: &dyn Fn(&Path) -> Path,
        removals: &mut Vec<Removal>,
    ) {
        match value {
            Value::String(text) => {
                let note = |what: String| Removal { path: original(&Path(path.clone())), what };
                let is_actor = matches!(path.last(), Some(Step::Key(key)) if key == "actor");
                let mut edited = Vec::new();
                let new = if is_actor {
                    self.actor(text, &mut edited)
                } else {
                    self.edited(text, &mut edited)
                };
                if let Some(new) = new {
                    *text = new;
                    removals.extend(edited.into_iter().map(note));
                }
            }
            Value::Sequence(list) => {
                for (index, inner) in list.iter_mut().enumerate() {
                    path.push(Step::from(index));
                    self.walk(inner, path, original, removals);
                    path.pop();
                }
            }
            Value::Mapping(map) => {
                let entries = std::mem::take(map);
                for (mut key, mut inner) in entries {
                    let name = key.as_str().unwrap_or_default().to_owned();
                    let is_group = path.last() == Some(&Step::from("components"));
                    let is_text =
                        is_group || !(NOT_TEXTS.contains(&name.as_str()) || is_fixed(path, &name));
                    path.push(Step::from(name.as_str()));
                    if is_text {
                        self.walk(&mut inner, path, original, removals);
                    }
                    path.pop();
                    // The names of groups are keys, but chosen by people.
                    if is_group {
                        path.push(Step::from(name.as_str()));
                        self.walk(&mut key, path, original, removals);
                        path.pop();
                    }
                    map.insert(key, inner);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Tagged(_) => {}
        }
    }

    /// Returns `text` without names and terms, or `None` if it contains none. Appends a
    /// description of each change to `what`.
    fn edited(&self, text: &str, what: &mut Vec<String>) -> Option<String> {
        let mut edited: Option<String> = None;
        let is_protected = |text: &str| self.patterns().any(|pattern| pattern.is_in(text));
        if let Some((left, refused)) = without_refused(text, &is_protected) {
            what.extend(refused.into_iter().map(|refused| refused.what().to_owned()));
            edited = Some(left);
        }
        let now = |edited: &Option<String>| edited.clone().unwrap_or_else(|| text.to_owned());
        for term in self.terms {
            if let Some(left) = term.replaced(&now(&edited), REMOVED) {
                what.push(format!(
                    "“{}” replaced by {REMOVED}: [redaction] of posthoc.toml has it",
                    term.word()
                ));
                edited = Some(left);
            }
        }
        for (name, pseudonym) in self.people.in_texts() {
            if let Some(left) = name.replaced(&now(&edited), pseudonym) {
                what.push(format!("“{}” replaced by “{pseudonym}”", name.word()));
                edited = Some(left);
            }
        }
        // A word with markup in the middle is only found in the text that a reader sees.
        let seen = seen(&now(&edited));
        let hidden = self.patterns().find(|pattern| pattern.is_in(&seen));
        if let Some(hidden) = hidden {
            what.push(format!("left out as a whole: “{}” is in it, with markup", hidden.word()));
            return Some(REMOVED.to_owned());
        }
        edited
    }

    /// Returns the actor without names and terms: empty if it is left out, `None` if unchanged.
    fn actor(&self, actor: &str, what: &mut Vec<String>) -> Option<String> {
        let Some(mut left) = self.people.pseudonyms(actor) else {
            what.push(format!("“{actor}” left out: it names something inside"));
            return Some(String::new());
        };
        for term in self.terms {
            left = term.replaced(&left, REMOVED).unwrap_or(left);
        }
        if left == actor {
            return None;
        }
        what.push(format!("“{actor}” replaced by “{left}”"));
        Some(left)
    }

    /// The patterns for all terms and names.
    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.terms.iter().chain(self.people.in_texts().map(|(name, _)| name))
    }
}

/// Whether the value of `key` below `path` is a fixed keyword or an id: the type of a follow-up,
/// the id of the incident.
fn is_fixed(path: &[Step], key: &str) -> bool {
    match path {
        [] => key == "id",
        [Step::Key(first), ..] => {
            (first == "action_items" && key == "type") || first == "severity_history"
        }
        [Step::Index(_), ..] => false,
    }
}

/// The text and the addresses that a reader of the rendered Markdown gets.
fn seen(markdown: &str) -> String {
    let is_plain = !markdown.contains(['*', '_', '&', '\\', '%', '~', '`', '<', '[']);
    if is_plain {
        return markdown.to_owned();
    }
    let document = Document::fragment(markdown);
    let mut seen = String::new();
    for block in document.blocks {
        if let Block::Code { text, .. } = &block {
            seen.push_str(text);
        }
        let line = Document { blocks: vec![block] }.into_line();
        seen.push_str(&plain_text(&line));
        addresses(&line, &mut seen);
        seen.push('\n');
    }
    seen
}

fn addresses(content: &[crate::markdown::Inline], seen: &mut String) {
    use crate::markdown::Inline;
    for inline in content {
        match inline {
            Inline::Link { url, content } => {
                let decoded = percent_decoded(url);
                seen.push(' ');
                seen.push_str(&decoded);
                addresses(content, seen);
            }
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strikethrough(inner) => {
                addresses(inner, seen);
            }
            Inline::Text(_) | Inline::Code(_) | Inline::SoftBreak | Inline::HardBreak => {}
        }
    }
}
