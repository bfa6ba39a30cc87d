//! Finds every mistake in a text rather than the first one: values of our files that do not fit
//! their types.
//!
//! The text is already a tree. It is deserialized; the resulting mistake is reported with its place
//! and removed from the tree, until the rest can be deserialized.

use serde::de::DeserializeOwned;
use serde_yaml::Value;

use crate::diag::{Diagnostic, Place};
use crate::model::SCHEMA;
use crate::model::path::{Path, Step};

/// A mistake in every line would help nobody; further ones are not reported.
const MOST_MISTAKES: usize = 40;

/// Looks up the places of the parts of a text.
pub(super) trait Places {
    /// The place of the value at `path`, or of the nearest value around it if that is absent.
    fn value(&self, path: &Path) -> Place;
    /// The place of the key at the end of `path`.
    fn key(&self, path: &Path) -> Place;
    /// The place for a missing top-level key.
    fn start(&self) -> Place;
}

/// The result of checking a tree.
pub(super) struct Checked<T> {
    /// The value, once the mistakes were removed.
    pub(super) value: Option<T>,
    /// The mistakes, each with its place.
    pub(super) problems: Vec<Diagnostic>,
    /// What was removed, or added for something missing. Nothing more is reported about these
    /// paths.
    pub(super) removed: Vec<Path>,
}

/// Whether a mistake in or around `path` was already reported.
pub(super) fn covers(removed: &[Path], path: &Path) -> bool {
    removed.iter().any(|removed| path.0.starts_with(&removed.0) || removed.0.starts_with(&path.0))
}

/// A mistake in a tree, for callers that can add to its message.
pub(super) struct Wrong<'a> {
    /// The path of the wrong value, or of the unknown key.
    pub(super) at: &'a Path,
    /// The value at the path.
    pub(super) value: Option<&'a Value>,
    /// The kind of the mistake.
    pub(super) problem: Problem<'a>,
}

/// The kinds of mistakes.
#[derive(Clone, Copy)]
pub(super) enum Problem<'a> {
    /// An unknown key.
    UnknownKey(&'a str),
    /// A wrong value, with the message of serde.
    Value(&'a str),
    /// A missing key.
    Missing,
}

impl<'a> Wrong<'a> {
    /// The wrong text, or the time in the wrong map.
    pub(super) fn text(&self) -> Option<&'a str> {
        match (self.problem, self.value?) {
            (Problem::Value(_), Value::String(text)) => Some(text),
            (Problem::Value(_), Value::Mapping(map)) => map.get("at")?.as_str(),
            _ => None,
        }
    }
}

/// Deserializes `tree` as a `T`, and reports every mistake in it. `about` may add to the report.
pub(super) fn check<T: DeserializeOwned>(
    mut tree: Value,
    places: &dyn Places,
    about: &dyn Fn(Diagnostic, Wrong<'_>) -> Diagnostic,
) -> Checked<T> {
    let mut checked = Checked { value: None, problems: Vec::new(), removed: Vec::new() };
    while checked.problems.len() < MOST_MISTAKES {
        let error = match serde_path_to_error::deserialize::<_, T>(tree.clone()) {
            Ok(value) => {
                checked.value = Some(value);
                break;
            }
            Err(error) => error,
        };
        let mistake = Mistake::read(&error, &tree).about_a_key(&tree);
        // A key without a value is equivalent to an absent key.
        let is_null = mistake.is_nothing();
        // A value that is missing because it was just removed was already reported.
        if !is_null && !checked.removed.contains(&mistake.at) {
            let problem = mistake.diagnostic(places);
            checked.problems.push(about(problem, mistake.wrong_in(&tree)));
        }
        if !mistake.take_out(&mut tree) {
            break;
        }
        if !is_null {
            checked.removed.push(mistake.at);
        }
    }
    checked
}

/// The problems in the order of the file.
pub(super) fn in_file_order(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by_key(|problem| problem.place.as_ref().map(|place| place.span.start));
    problems
}

/// One error of the deserialization, in its parts.
struct Mistake {
    /// The value that is wrong, or that is missing.
    at: Path,
    kind: MistakeKind,
}

enum MistakeKind {
    UnknownKey { key: String, known: Vec<String> },
    Missing { key: String },
    Wrong { message: String },
}

impl Mistake {
    fn read(error: &serde_path_to_error::Error<serde_yaml::Error>, tree: &Value) -> Self {
        let message = error.inner().to_string();
        // serde's path does not include a key that is deserialized as an enum.
        let steps: Vec<Option<Step>> = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                serde_path_to_error::Segment::Seq { index } => Some(Some(Step::Index(*index))),
                serde_path_to_error::Segment::Map { key } => Some(Some(Step::from(key.as_str()))),
                serde_path_to_error::Segment::Unknown => Some(None),
                serde_path_to_error::Segment::Enum { .. } => None,
            })
            .collect();
        let mut at = Path(resolve_steps(tree, &steps, &message));
        if let Some(key) = between(&message, "unknown field `", "`") {
            // The path may already end in the unknown key.
            if at.0.last() != Some(&Step::from(key)) {
                at = at.then(key);
            }
            return Mistake {
                at,
                kind: MistakeKind::UnknownKey { key: key.to_owned(), known: known_words(&message) },
            };
        }
        if let Some(key) = between(&message, "missing field `", "`") {
            return Mistake {
                at: at.then(key),
                kind: MistakeKind::Missing { key: key.to_owned() },
            };
        }
        Mistake { at, kind: MistakeKind::Wrong { message } }
    }

    /// The same, if the unknown word is a key of the map at the path.
    fn about_a_key(self, tree: &Value) -> Self {
        let MistakeKind::Wrong { message } = &self.kind else { return self };
        let Some(key) = between(message, "unknown variant `", "`") else { return self };
        let map = look_into(tree, &self.at.0).and_then(Value::as_mapping);
        if !map.is_some_and(|map| map.contains_key(key)) {
            return self;
        }
        let kind = MistakeKind::UnknownKey { key: key.to_owned(), known: known_words(message) };
        Mistake { at: self.at.then(key), kind }
    }

    /// Whether it is a key without a value.
    fn is_nothing(&self) -> bool {
        let is_null = matches!(&self.kind, MistakeKind::Wrong { message } if message.contains("invalid type: unit value"));
        is_null && matches!(self.at.0.last(), Some(Step::Key(_)))
    }

    fn wrong_in<'m>(&'m self, tree: &'m Value) -> Wrong<'m> {
        let problem = match &self.kind {
            MistakeKind::UnknownKey { key, .. } => Problem::UnknownKey(key),
            MistakeKind::Wrong { message } => Problem::Value(message),
            MistakeKind::Missing { .. } => Problem::Missing,
        };
        Wrong { at: &self.at, value: look_into(tree, &self.at.0), problem }
    }

    fn diagnostic(&self, places: &dyn Places) -> Diagnostic {
        match &self.kind {
            MistakeKind::UnknownKey { key, known } => {
                let problem = Diagnostic::error(format!("unknown key `{}`", shown(key)))
                    .at(places.key(&self.at));
                match nearest(key, known) {
                    Some(word) => problem.hint(format!("did you mean `{word}`?")),
                    None if known.is_empty() => problem,
                    None => problem.hint(format!("known here: {}", known.join(", "))),
                }
            }
            MistakeKind::Missing { key } => {
                let place = places.value(&self.at);
                let place = if place.span.is_empty() { places.start() } else { place };
                Diagnostic::error(format!("`{key}` is missing")).at(place)
            }
            MistakeKind::Wrong { message } => self.wrong(message).at(places.value(&self.at)),
        }
    }

    fn wrong(&self, message: &str) -> Diagnostic {
        let name = last_key(&self.at.0);
        let words = in_plain_words(message);
        let problem = Diagnostic::error(match name {
            Some(name) => format!("`{}`: {words}", shown(name)),
            None => words,
        });
        let written = between(message, "unknown variant `", "`").unwrap_or_default();
        if let (Some(word), false) = (nearest(written, &known_words(message)), written.is_empty()) {
            return problem.hint(format!("did you mean `{word}`?"));
        }
        if message.contains("invalid type: unit value") {
            return problem.hint("what is unknown is left out");
        }
        let number = between(message, "integer `", "`")
            .or_else(|| between(message, "floating point `", "`"));
        match number {
            Some(number) if message.contains("expected a string") => {
                problem.hint(format!("put it in quotes: \"{number}\""))
            }
            _ => problem,
        }
    }

    /// Removes the wrong part from the tree, or adds the missing one, so that the rest can be
    /// deserialized. `false` if neither is possible.
    fn take_out(&self, tree: &mut Value) -> bool {
        let Some((last, parents)) = self.at.0.split_last() else { return false };
        if let MistakeKind::Missing { key } = &self.kind {
            if parents.is_empty() {
                let stand_in = if key == "schema" { SCHEMA } else { "missing" };
                return step_into(tree, parents)
                    .and_then(Value::as_mapping_mut)
                    .map(|map| map.insert(key.as_str().into(), stand_in.into()))
                    .is_some();
            }
            // A part that lacks a required value is removed as a whole.
            return Mistake {
                at: Path(parents.to_vec()),
                kind: MistakeKind::Wrong { message: String::new() },
            }
            .take_out(tree);
        }
        match (step_into(tree, parents), last) {
            (Some(Value::Mapping(map)), Step::Key(key)) => map.remove(key.as_str()).is_some(),
            // Removing the item would change the indices of the others, so it is replaced by a
            // blank one.
            (Some(Value::Sequence(list)), Step::Index(index)) if *index < list.len() => {
                let blank = blank_like(parents);
                let changed = list[*index] != blank;
                list[*index] = blank;
                changed
            }
            _ => false,
        }
    }
}

/// An item that is valid in any list of that name.
fn blank_like(list: &[Step]) -> Value {
    let yaml = match last_key(list) {
        Some("windows") => "{start: 2000-01-01}",
        Some("severity_history") => "{at: 2000-01-01, to: x}",
        Some("sections") => "{title: x, text: x}",
        Some("links") => "{url: x}",
        Some(
            "timeline"
            | "action_items"
            | "root_causes"
            | "contributing_factors"
            | "open_questions"
            | "metrics",
        ) => "{}",
        Some("trust") => "alert",
        _ => "x",
    };
    serde_yaml::from_str(yaml).unwrap_or(Value::Null)
}

pub(super) fn last_key(steps: &[Step]) -> Option<&str> {
    steps.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    })
}

/// The steps to a mistake. A step that is unknown is found by what follows it.
fn resolve_steps(tree: &Value, steps: &[Option<Step>], message: &str) -> Vec<Step> {
    let Some(unknown) = steps.iter().position(Option::is_none) else {
        return steps.iter().flatten().cloned().collect();
    };
    let known: Vec<Step> = steps[..unknown].iter().flatten().cloned().collect();
    let rest: Vec<Step> = steps[unknown + 1..].iter().flatten().cloned().collect();
    let fits = |value: &Value| match (
        between(message, "unknown variant `", "`"),
        between(message, " field `", "`"),
    ) {
        (Some(written), _) => value.as_str() == Some(written),
        (None, Some(key)) => value.get(key).is_none() == message.starts_with("missing field"),
        (None, None) => true,
    };
    let map = look_into(tree, &known).and_then(Value::as_mapping);
    let mut keys = map.into_iter().flatten();
    let key = keys
        .find(|(_, value)| look_into(value, &rest).is_some_and(fits))
        .and_then(|(key, _)| key.as_str());
    known.into_iter().chain(key.map(Step::from)).chain(rest).collect()
}

fn look_into<'v>(tree: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    steps.iter().try_fold(tree, |value, step| match step {
        Step::Key(key) => value.as_mapping()?.get(key.as_str()),
        Step::Index(index) => value.as_sequence()?.get(*index),
    })
}

fn step_into<'v>(tree: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps.iter().try_fold(tree, |value, step| match step {
        Step::Key(key) => value.as_mapping_mut()?.get_mut(key.as_str()),
        Step::Index(index) => value.as_sequence_mut()?.get_mut(*index),
    })
}

pub(super) fn between<'m>(message: &'m str, before: &str, after: &str) -> Option<&'m str> {
    let rest = &message[message.find(before)? + before.len()..];
    rest.find(after).map(|end| &rest[..end])
}

/// The words after "expected one of", or after "expected".
fn known_words(message: &str) -> Vec<String> {
    let Some(at) = message.find("expected") else { return Vec::new() };
    message[at..].split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

pub(super) fn nearest<'w>(written: &str, known: &'w [String]) -> Option<&'w str> {
    known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(written, word), word.as_str()))
        .filter(|(distance, word)| *distance <= (word.len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// A key as text, with control characters escaped.
fn shown(key: &str) -> String {
    key.chars()
        .map(|c| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() })
        .collect()
}

/// A message of serde in plain words.
fn in_plain_words(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    let mismatch =
        message.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected "));
    if let Some((found, expected)) = mismatch {
        return format!("{}, expected {}", what_is_found(found), what_is_expected(expected));
    }
    message.replace("unknown variant", "unknown value")
}

fn what_is_found(found: &str) -> String {
    let quoted = |kind: &str| found.strip_prefix(kind).map(|value| value.trim_matches('`'));
    match found {
        "unit value" => "nothing is written".into(),
        "map" => "this is a map".into(),
        "sequence" => "this is a list".into(),
        _ => match quoted("integer ").or_else(|| quoted("floating point ")) {
            Some(number) => format!("this is the number {number}"),
            None => format!(
                "this is {}",
                found.replacen("string ", "the text ", 1).replacen("boolean ", "", 1)
            ),
        },
    }
}

fn what_is_expected(expected: &str) -> &str {
    match expected {
        "a string" | "string" | "a borrowed string" | "str" => "a text",
        "a sequence" | "sequence" => "a list",
        "a map" | "map" => "a map",
        "a boolean" => "`true` or `false`",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "f32" | "f64" => "a number",
        "field identifier" => "a word as the key",
        "a Value::Tagged enum" => "a word",
        "path string" => "a path",
        other if other.starts_with("struct ") => "a map",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parser_messages_are_translated_to_plain_words() {
        for (theirs, ours) in [
            (
                "invalid type: integer `5`, expected a string",
                "this is the number 5, expected a text",
            ),
            (
                "invalid type: floating point `1.5`, expected struct Lessons",
                "this is the number 1.5, expected a map",
            ),
            (
                "invalid type: string \"a, expected b\", expected a sequence",
                "this is the text \"a, expected b\", expected a list",
            ),
            (
                "invalid type: boolean `true`, expected struct Entry at line 3 column 5",
                "this is `true`, expected a map",
            ),
            ("invalid type: sequence, expected a map", "this is a list, expected a map"),
            ("unknown variant `x`, expected `y`", "unknown value `x`, expected `y`"),
        ] {
            assert_eq!(in_plain_words(theirs), ours);
        }
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(shown("a\u{1b}[1mß`"), "a\\u{1b}[1mß`");
    }
}
