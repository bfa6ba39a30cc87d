//! One file's text to one incident, or every mistake in it.
//!
//! The common case is one pass of typed reading. Only when that fails is the text read again, into
//! a tree: each mistake is reported with its place and taken out of the tree, until the rest reads.

use std::path::Path as FilePath;

use serde_yaml::Value;

use super::locate::Locator;
use super::wrong_time::{about_time, zone_hint};
use crate::diag::{Diagnostic, Place};
use crate::model::path::{Path, Step};
use crate::model::zone::{Zone, with_home};
use crate::model::{Incident, SCHEMA};

/// A mistake in every line would help nobody; after so many the rest is left out.
const MOST_MISTAKES: usize = 40;

/// Reads the text of an incident file. `file` names it in messages; its stem is what `id` must be.
///
/// # Errors
/// Every mistake that was found, in the order of the file.
pub fn parse(file: &str, text: &str) -> Result<Incident, Vec<Diagnostic>> {
    if text.trim().is_empty() {
        return Err(vec![
            Diagnostic::error("the file is empty")
                .at(Place::whole_file(file))
                .hint("`posthoc new TITLE` writes a file to start from"),
        ]);
    }
    let home = home_zone(text);
    let read = with_home(home, || serde_yaml::from_str::<Incident>(text));
    let problems = match read {
        Ok(incident) => {
            let problems = validate(file, text, &incident);
            if problems.is_empty() {
                return Ok(incident);
            }
            problems
        }
        Err(error) => with_home(home, || every_mistake(file, text, &error, home)),
    };
    Err(problems)
}

/// The value of `time_zone`, before anything else is read: times depend on it.
fn home_zone(text: &str) -> Option<Zone> {
    let line = text.lines().find_map(|line| line.strip_prefix("time_zone:"))?;
    let value = line.split(" #").next()?.trim().trim_matches(['"', '\'']);
    value.parse().ok()
}

/// What the types cannot say.
fn validate(file: &str, text: &str, incident: &Incident) -> Vec<Diagnostic> {
    let mut problems: Vec<(Path, Diagnostic)> = Vec::new();
    if incident.schema != SCHEMA {
        let message = format!("schema `{}` is not one this program reads", incident.schema);
        problems.push((Path::key("schema"), Diagnostic::error(message).hint(format!("this version reads `{SCHEMA}`"))));
    }
    if incident.title.trim().is_empty() {
        problems.push((
            Path::key("title"),
            Diagnostic::error("the title is empty").hint("one line that says what happened"),
        ));
    }
    if let Some(stem) = FilePath::new(file).file_stem().and_then(|stem| stem.to_str())
        && stem != incident.id.as_str()
        && !file.starts_with('<')
    {
        let message = format!("the id `{}` is not the file's name `{stem}`", incident.id);
        problems.push((
            Path::key("id"),
            Diagnostic::error(message).hint("rename the file or change the id; links go by it"),
        ));
    }
    if let Some(name) = &incident.time_zone
        && let Err(error) = name.parse::<Zone>()
    {
        problems.push((Path::key("time_zone"), zone_hint(Diagnostic::error(error.to_string()), &error)));
    }
    let windows = incident.impact.windows.iter().enumerate();
    for (index, window) in
        windows.filter(|(_, window)| window.end.is_some_and(|end| end.latest() < window.start.earliest()))
    {
        let message = format!("the window ends before it starts ({})", window.start);
        problems.push((Path::key("impact").then("windows").then(index).then("end"), Diagnostic::error(message)));
    }
    if problems.is_empty() {
        return Vec::new();
    }
    let locator = Locator::new(file, text);
    let placed = problems.into_iter().map(|(path, problem)| problem.at(locator.value(&path)));
    in_file_order(placed.collect())
}

fn in_file_order(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by_key(|problem| problem.place.as_ref().map(|place| place.span.start));
    problems
}

fn every_mistake(file: &str, text: &str, first: &serde_yaml::Error, home: Option<Zone>) -> Vec<Diagnostic> {
    let mut tree: Value = match serde_yaml::from_str(text) {
        Ok(tree @ Value::Mapping(_)) => tree,
        Ok(_) => {
            return vec![
                Diagnostic::error("this is not an incident file: it should be a map with `schema`, `id` and `title`")
                    .at(Place::whole_file(file)),
            ];
        }
        Err(error) => return vec![syntax(file, text, &error)],
    };
    let locator = Locator::new(file, text);
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut removed: Vec<Path> = Vec::new();
    while problems.len() < MOST_MISTAKES {
        let error = match serde_path_to_error::deserialize::<_, Incident>(tree.clone()) {
            Ok(_) => break,
            Err(error) => error,
        };
        let mistake = Mistake::read(&error);
        // What is missing because it was just taken out has been reported already.
        if !removed.contains(&mistake.at) {
            let problem = mistake.diagnostic(&locator);
            problems.push(match mistake.time(&mut tree) {
                Some(text) => about_time(problem, text, home),
                None => problem,
            });
        }
        if !mistake.take_out(&mut tree) {
            break;
        }
        removed.push(mistake.at);
    }
    if problems.is_empty() {
        problems.push(syntax(file, text, first));
    }
    in_file_order(problems)
}

/// The parser's own complaint, with its place.
fn syntax(file: &str, text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message);
    let place = error.location().map_or(Place::whole_file(file), |location| {
        let line_end = text.get(location.index()..).and_then(|rest| rest.find('\n')).unwrap_or(0);
        Place::new(file, text, location.index()..location.index() + line_end.max(1))
    });
    if let Some(key) = between(message, "duplicate entry with key \"", "\"")
        && let Some(second) = text.match_indices(&format!("{key}:")).nth(1)
    {
        let place = Place::new(file, text, second.0..second.0 + key.len());
        return Diagnostic::error(format!("the key `{key}` stands twice")).at(place);
    }
    let problem = Diagnostic::error(format!("not valid YAML: {message}")).at(place);
    if text.contains('\t') { problem.hint("YAML is indented with spaces; this file has tabs") } else { problem }
}

/// One complaint of the typed reading, taken apart.
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
    fn read(error: &serde_path_to_error::Error<serde_yaml::Error>) -> Self {
        let message = error.inner().to_string();
        let mut at = Path::root();
        for segment in error.path() {
            at = match segment {
                serde_path_to_error::Segment::Seq { index } => at.then(*index),
                serde_path_to_error::Segment::Map { key } => at.then(key.as_str()),
                serde_path_to_error::Segment::Enum { .. } | serde_path_to_error::Segment::Unknown => at,
            };
        }
        if let Some(key) = between(&message, "unknown field `", "`") {
            // The path may already end in the key that is not known.
            if at.0.last() != Some(&Step::from(key)) {
                at = at.then(key);
            }
            return Mistake { at, kind: MistakeKind::UnknownKey { key: key.to_owned(), known: known_words(&message) } };
        }
        if let Some(key) = between(&message, "missing field `", "`") {
            return Mistake { at: at.then(key), kind: MistakeKind::Missing { key: key.to_owned() } };
        }
        Mistake { at, kind: MistakeKind::Wrong { message } }
    }

    fn diagnostic(&self, locator: &Locator) -> Diagnostic {
        match &self.kind {
            MistakeKind::UnknownKey { key, known } => {
                let problem = Diagnostic::error(format!("unknown key `{key}`")).at(locator.key(&self.at));
                match nearest(key, known) {
                    Some(word) => problem.hint(format!("did you mean `{word}`?")),
                    None if known.is_empty() => problem,
                    None => problem.hint(format!("known here: {}", known.join(", "))),
                }
            }
            MistakeKind::Missing { key } => {
                Diagnostic::error(format!("`{key}` is missing")).at(locator.value(&self.at))
            }
            MistakeKind::Wrong { message } => {
                let name = self.at.0.iter().rev().find_map(|step| match step {
                    Step::Key(key) => Some(key.as_str()),
                    Step::Index(_) => None,
                });
                let problem = Diagnostic::error(match name {
                    Some(name) => format!("`{name}`: {}", in_plain_words(message)),
                    None => in_plain_words(message),
                });
                let problem = problem.at(locator.value(&self.at));
                let written = between(message, "unknown variant `", "`").unwrap_or_default();
                match nearest(written, &known_words(message)) {
                    Some(word) if !written.is_empty() => problem.hint(format!("did you mean `{word}`?")),
                    _ if message.contains("unit value") => {
                        problem.hint("nothing is written here: what is unknown is left out, key and all")
                    }
                    _ => problem,
                }
            }
        }
    }

    /// The text of the time that may be what is wrong.
    fn time<'v>(&self, tree: &'v mut Value) -> Option<&'v str> {
        match (&self.kind, step_into(tree, &self.at.0)?) {
            (MistakeKind::Wrong { .. }, Value::String(text)) => Some(text),
            (MistakeKind::Wrong { .. }, Value::Mapping(map)) => map.get("at")?.as_str(),
            _ => None,
        }
    }

    /// Takes what is wrong out of the tree, or puts in what is missing, so that the rest can be
    /// read. `false` if nothing could be done.
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
            // A part without a value that it needs says nothing: the part goes.
            return Mistake { at: Path(parents.to_vec()), kind: MistakeKind::Wrong { message: String::new() } }
                .take_out(tree);
        }
        match (step_into(tree, parents), last) {
            (Some(Value::Mapping(map)), Step::Key(key)) => map.remove(key.as_str()).is_some(),
            // The places of the others go by their index, so the item is emptied, not removed.
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

/// A list item that any list of that name accepts.
fn blank_like(list: &[Step]) -> Value {
    let name = list.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    let yaml = match name {
        Some("windows") => "{start: 2000-01-01}",
        Some("severity_history") => "{at: 2000-01-01, to: x}",
        Some("sections") => "{title: x, text: x}",
        Some("links") => "{url: x}",
        Some("timeline" | "action_items" | "root_causes" | "contributing_factors" | "open_questions" | "metrics") => {
            "{}"
        }
        _ => "x",
    };
    serde_yaml::from_str(yaml).unwrap_or(Value::Null)
}

fn step_into<'v>(tree: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps.iter().try_fold(tree, |value, step| match step {
        Step::Key(key) => value.as_mapping_mut()?.get_mut(key.as_str()),
        Step::Index(index) => value.as_sequence_mut()?.get_mut(*index),
    })
}

fn between<'m>(message: &'m str, before: &str, after: &str) -> Option<&'m str> {
    let rest = &message[message.find(before)? + before.len()..];
    rest.find(after).map(|end| &rest[..end])
}

/// The words after "expected one of", or after "expected".
fn known_words(message: &str) -> Vec<String> {
    let Some(at) = message.find("expected") else { return Vec::new() };
    message[at..].split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn nearest<'w>(written: &str, known: &'w [String]) -> Option<&'w str> {
    known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(written, word), word.as_str()))
        .filter(|(distance, word)| *distance <= (word.len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// serde's words for YAML's things.
fn in_plain_words(message: &str) -> String {
    message
        .split(" at line ")
        .next()
        .unwrap_or(message)
        .replace("invalid type: unit value", "nothing is written")
        .replace("invalid type: ", "this is a ")
        .replace("unknown variant", "unknown value")
        .replace("a sequence", "a list")
        .replace("sequence", "list")
        .replace("a struct ", "a ")
        .replace("struct ", "a map of ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "schema: posthoc/v1\nid: a\ntitle: A\n";

    fn told(text: &str) -> String {
        let problems = parse("incidents/a.yaml", text).expect_err("it has mistakes");
        let tell = |problem: &Diagnostic| {
            format!("{problem}{}", problem.hints.iter().map(|h| format!(" ({h})")).collect::<String>())
        };
        problems.iter().map(tell).collect::<Vec<_>>().join("\n")
    }

    fn told_after_head(rest: &str) -> String {
        told(&format!("{HEAD}{rest}"))
    }

    #[test]
    fn a_file_with_the_least_reads() {
        assert_eq!(parse("incidents/a.yaml", HEAD).unwrap().title, "A");
    }

    #[test]
    fn many_mistakes_are_told_at_once_in_the_order_of_the_file() {
        insta::assert_snapshot!(told_after_head(
            "severty: sev1\nkind: incidnt\nmilestones:\n  resolved_at: 2026-13-01T10:00Z\n  detectd_at: 2026-01-01T10:00Z\ntimeline:\n  - at: 2026-01-01T10:00\n    text: x\n  - at: 2026-01-01T10:00Z\n    txt: y\nservices: api\n"
        ), @r#"
        incidents/a.yaml:4:1: error: unknown key `severty` (did you mean `severity`?)
        incidents/a.yaml:5:7: error: `kind`: unknown value `incidnt`, expected one of `incident`, `near_miss`, `maintenance`, `drill`, `security` (did you mean `incident`?)
        incidents/a.yaml:7:16: error: `resolved_at`: `2026-13-01T10:00Z` is not on the calendar or on the clock
        incidents/a.yaml:8:3: error: unknown key `detectd_at` (did you mean `detected_at`?)
        incidents/a.yaml:10:9: error: `at`: `2026-01-01T10:00` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin
        incidents/a.yaml:13:5: error: unknown key `txt` (did you mean `text`?)
        incidents/a.yaml:14:11: error: `services`: this is a string "api", expected a list
        "#);
    }

    #[test]
    fn what_is_missing_is_named() {
        insta::assert_snapshot!(told("title: x\n"), @r"
        incidents/a.yaml:1:1: error: `schema` is missing
        incidents/a.yaml:1:1: error: `id` is missing
        ");
    }

    #[test]
    fn what_is_not_yaml_or_not_a_map_says_so() {
        insta::assert_snapshot!(told("title: [\n"), @"incidents/a.yaml:2:1: error: not valid YAML: did not find expected node content");
        insta::assert_snapshot!(told("- a\n- b\n"), @"incidents/a.yaml:1:1: error: this is not an incident file: it should be a map with `schema`, `id` and `title`");
        insta::assert_snapshot!(told(""), @"incidents/a.yaml:1:1: error: the file is empty (`posthoc new TITLE` writes a file to start from)");
        insta::assert_snapshot!(told_after_head("timeline:\n\t- x\n"), @"incidents/a.yaml:5:1: error: not valid YAML: found character that cannot start any token (YAML is indented with spaces; this file has tabs)");
        insta::assert_snapshot!(told_after_head("title: B\n"), @"incidents/a.yaml:4:1: error: the key `title` stands twice");
    }

    #[test]
    fn what_types_cannot_say_is_checked() {
        insta::assert_snapshot!(told("schema: posthoc/v9\nid: b\ntitle: ''\ntime_zone: Europe/Berln\n"), @r"
        incidents/a.yaml:1:9: error: schema `posthoc/v9` is not one this program reads (this version reads `posthoc/v1`)
        incidents/a.yaml:2:5: error: the id `b` is not the file's name `a` (rename the file or change the id; links go by it)
        incidents/a.yaml:3:8: error: the title is empty (one line that says what happened)
        incidents/a.yaml:4:12: error: unknown time zone `Europe/Berln` (did you mean `Europe/Berlin`?)
        ");
        insta::assert_snapshot!(told_after_head("impact:\n  windows:\n    - {start: 2026-01-02T10:00Z, end: 2026-01-01T10:00Z}\n"), @"incidents/a.yaml:6:39: error: the window ends before it starts (2026-01-02T10:00Z)");
        assert!(parse("a.yaml", &format!("{HEAD}timeline:\n")).is_ok(), "a key with nothing behind it says nothing");
    }

    #[test]
    fn a_time_that_is_wrong_says_what_would_be_right() {
        insta::assert_snapshot!(told_after_head("milestones:\n  detected_at: 2025/07/04 11:06AM PHT\n  impact_start: {at: 03/04/2025 10:00 UTC}\n  declared_at: 2026-03-29 02:30 Europe/Berlin\n  resolved_at: {at: 2026-03-29 02:30 BST}\ntimeline:\n  - at: 2026-03-29 03:30 Europe/Belin\n"), @r"
        incidents/a.yaml:5:16: error: `detected_at`: `2025/07/04 11:06AM PHT` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval (did you mean `2025-07-04T03:06Z`?)
        incidents/a.yaml:6:22: error: `at`: `03/04/2025 10:00 UTC` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval (`03/04/2025 10:00 UTC` may be 2025-04-03, if the day is first, or 2025-03-04, if the month is)
        incidents/a.yaml:7:16: error: `declared_at`: 2026-03-29 02:30:00 does not exist in Europe/Berlin: it may mean 2026-03-29T02:30:00+01:00 or 2026-03-29T02:30:00+02:00 (write the offset instead of the zone)
        incidents/a.yaml:8:21: error: `at`: `BST` means more than one zone: British Summer Time (2026-03-29T01:30:00Z), or Bangladesh Standard Time (2026-03-28T20:30:00Z), or Bougainville Standard Time (2026-03-28T15:30:00Z) (write the offset, such as +01:00, or a place; or say `time_zone:` in the file)
        incidents/a.yaml:10:9: error: `at`: unknown time zone `Europe/Belin` (did you mean `Europe/Berlin`?)
        ");
        let codes = |text: &str| {
            let problems = parse("a.yaml", &format!("{HEAD}timeline: [{{at: {text}}}]\n")).expect_err("a mistake");
            problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("2026-03-29 03:30"), [Some("naive-time")]);
        assert_eq!(codes("2026/03/29 3:30"), [Some("naive-time")]);
        assert_eq!(codes("2026-03-29T02:30 Europe/Berlin..2026-03-29T04:30Z"), [Some("ambiguous-time")]);
        assert_eq!(codes("2026-10-25 02:30 Europe/Berlin"), [Some("ambiguous-time")]);
        assert_eq!(codes("2026-10-25 02:30 IST"), [Some("ambiguous-time")]);
        assert_eq!(codes("2026-10-25 02:30 Here"), [None]);
        assert_eq!(codes("soon"), [None]);
    }

    #[test]
    fn the_file_s_zone_decides_an_abbreviation() {
        let text = "milestones:\n  resolved_at: 2023-08-11 15:50 BST\n";
        assert!(told_after_head(text).contains("means more than one zone"), "{}", told_after_head(text));
        let incident = parse("a.yaml", &format!("{HEAD}time_zone: Europe/London # here\n{text}")).unwrap();
        assert_eq!(incident.milestones.resolved_at.unwrap().at.to_string(), "2023-08-11T14:50Z");
    }
}
