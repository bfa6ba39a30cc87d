//! Reads the text of a file as an incident, or finds every mistake in it.
//!
//! The usual case is one pass over simple YAML, or of deserialization by the full parser. Only if
//! that fails, the text is parsed into a tree, in which every mistake is searched for.

use std::path::Path as FilePath;

use serde_yaml::Value;

use super::advice;
use super::locate::Locator;
use super::mistakes::{Checked, check, covers, in_file_order};
use super::syntax;
use super::wrong_time::{about_time, zone_hint};
use crate::diag::{Diagnostic, Place};
use crate::model::origin::SourceInfo;
use crate::model::path::Path;
use crate::model::zone::{Zone, with_home};
use crate::model::{Incident, SCHEMA};
use crate::sources;
use crate::yaml::bounds;
use crate::yaml::cuts::{self, Cut};
use crate::yaml::{marks, simple};

#[cfg(test)]
thread_local! {
    /// How many bytes were parsed.
    pub(super) static PARSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Reads the text of an incident file. `file` is its name in messages; `id` must equal its stem.
///
/// # Errors
/// Every mistake that was found, in the order of the file.
pub fn parse(file: &str, text: &str) -> Result<Incident, Vec<Diagnostic>> {
    #[cfg(test)]
    PARSED.set(PARSED.get() + text.len());
    if text.trim().is_empty() {
        return Err(vec![
            Diagnostic::error("the file is empty")
                .at(Place::whole_file(file))
                .hint("`posthoc new TITLE` writes a file to start from"),
        ]);
    }
    let home = home_zone(text);
    match with_home(home, || simple::from_str(text)) {
        Ok(incident) => validated(file, text, incident),
        Err(_) => parse_in_full(file, text, home),
    }
}

/// Reads a text that is not simple, or has a mistake.
fn parse_in_full(file: &str, text: &str, home: Option<Zone>) -> Result<Incident, Vec<Diagnostic>> {
    if let Some(beyond) = bounds::beyond(text) {
        let place = Place::new(file, text, beyond.span.clone());
        return Err(vec![Diagnostic::error(beyond.message()).at(place).hint(beyond.hint())]);
    }
    match with_home(home, || serde_yaml::from_str::<Incident>(text)) {
        Ok(incident) => validated(file, text, incident),
        Err(error) => with_home(home, || every_mistake(file, text, &error, home)),
    }
}

/// The incident, or what is wrong with its values.
fn validated(file: &str, text: &str, incident: Incident) -> Result<Incident, Vec<Diagnostic>> {
    let problems = validate(file, &incident);
    if problems.is_empty() {
        return Ok(incident);
    }
    let locator = Locator::new(file, text);
    let problems = problems.into_iter().map(|(path, problem)| problem.at(locator.value(&path)));
    Err(in_file_order(problems.chain(cut_values(&locator, text)).collect()))
}

/// The value of `time_zone`, which is read first because times depend on it.
fn home_zone(text: &str) -> Option<Zone> {
    let line = text.lines().find_map(|line| line.strip_prefix("time_zone:"))?;
    let value = line.split(" #").next()?.trim().trim_matches(['"', '\'']);
    value.parse().ok()
}

/// Checks that the types cannot express, each with the path of the value.
fn validate(file: &str, incident: &Incident) -> Vec<(Path, Diagnostic)> {
    let mut problems: Vec<(Path, Diagnostic)> = Vec::new();
    if incident.schema != SCHEMA {
        let message = format!("schema `{}` is not one this program reads", incident.schema);
        problems.push((
            Path::key("schema"),
            Diagnostic::error(message).hint(format!("this version reads `{SCHEMA}`")),
        ));
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
        problems.push((
            Path::key("time_zone"),
            zone_hint(Diagnostic::error(error.to_string()), &error),
        ));
    }
    problems.extend(incident.sources.iter().flat_map(|(key, source)| wrong_source(key, source)));
    let windows = incident.impact.windows.iter().enumerate();
    for (index, window) in windows
        .filter(|(_, window)| window.end.is_some_and(|end| end.latest() < window.start.earliest()))
    {
        let message = format!("the window ends before it starts ({})", window.start);
        problems.push((
            Path::key("impact").then("windows").then(index).then("end"),
            Diagnostic::error(message),
        ));
    }
    problems
}

/// Certain mistakes in a source. The format is a free word if no program read the source.
fn wrong_source(key: &str, source: &SourceInfo) -> Vec<(Path, Diagnostic)> {
    let at = |part: &str| Path::key("sources").then(key).then(part);
    let mut problems = Vec::new();
    if let Some(Err(error)) = source.zone.as_deref().map(str::parse::<Zone>) {
        problems.push((at("zone"), zone_hint(Diagnostic::error(error.to_string()), &error)));
    }
    if let Some(hash) = &source.sha256
        && (hash.len() != 64
            || !hash.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f')))
    {
        let message = format!("`{hash}` is not a SHA-256");
        problems.push((
            at("sha256"),
            Diagnostic::error(message)
                .hint("it is 64 digits and letters from a to f, as `sha256sum` prints it"),
        ));
    }
    if let Some(format) = &source.format
        && let Some(meant) = misspelt_format(format)
    {
        let message = format!("no program reads the format `{format}`");
        problems.push((
            at("format"),
            Diagnostic::error(message).hint(format!("did you mean `{meant}`?")),
        ));
    }
    problems
}

/// The known format of which a word is a misspelling. Another version of a known format is not a
/// misspelling, since a later program may have written it; neither is a short word.
fn misspelt_format(written: &str) -> Option<&'static str> {
    let name = |id: &'_ str| -> usize {
        id.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches("-v").len()
    };
    let (length, mut known) = (name(written), sources::REGISTRY.iter().map(|source| source.id()));
    // Two different letters make another word of a short one: `status` is not `statusfy`.
    let slips = if length < 8 { 1 } else { 2 };
    let is_near = |id: &&str| {
        // Files name many sources, and comparing lengths first is cheap.
        name(id).abs_diff(length) <= slips
            && (1..=slips)
                .contains(&strsim::damerau_levenshtein(&id[..name(id)], &written[..length]))
    };
    if length < SHORTEST_SLIP || sources::by_id(written).is_some() {
        None
    } else {
        known.find(is_near)
    }
}

/// Shorter words are taken as intended.
const SHORTEST_SLIP: usize = 6;

/// Every mistake in a text that could not be deserialized. A text that only has `null` where a
/// value is optional (`timeline: null`) is valid.
fn every_mistake(
    file: &str,
    text: &str,
    first: &serde_yaml::Error,
    home: Option<Zone>,
) -> Result<Incident, Vec<Diagnostic>> {
    let tree: Value = match serde_yaml::from_str(text) {
        Ok(tree @ Value::Mapping(_)) => tree,
        Ok(_) => {
            let message =
                "this is not an incident file: it should be a map with `schema`, `id` and `title`";
            return Err(vec![Diagnostic::error(message).at(Place::whole_file(file))]);
        }
        Err(error) => return Err(syntax::problems(file, text, &error)),
    };
    let locator = Locator::new(file, text);
    let checked: Checked<Incident> = check(tree, &locator, &|problem, wrong| match wrong.text() {
        Some(written) if !advice::is_about(&wrong) => about_time(problem, written, home),
        _ => advice::about(problem, &wrong),
    });
    // Checks that the types cannot express are applied at once to everything that could be read.
    let further = checked.value.as_ref().map_or_else(Vec::new, |incident| validate(file, incident));
    let further = further.into_iter().filter(|(path, _)| !covers(&checked.removed, path));
    let further: Vec<Diagnostic> =
        further.map(|(path, problem)| problem.at(locator.value(&path))).collect();
    let mut problems = checked.problems;
    problems.extend(further);
    // A value that a `#` cuts off often causes another mistake.
    if !problems.is_empty() {
        problems.extend(cut_values(&locator, text));
    }
    match (problems.is_empty(), checked.value) {
        (true, Some(incident)) => Ok(incident),
        (true, None) => Err(syntax::problems(file, text, first)),
        (false, _) => Err(in_file_order(problems)),
    }
}

/// The values that a `#` cuts off, as the rule `cut-value` reports them in a valid file.
fn cut_values(locator: &Locator<'_>, text: &str) -> Vec<Diagnostic> {
    let problem = |cut: Cut| {
        let problem = if cut.is_empty {
            Diagnostic::error(cut.message())
        } else {
            Diagnostic::warning(cut.message())
        };
        let place = locator.span(cut.span.clone());
        Diagnostic { code: Some("cut-value"), ..problem.at(place).hint(cut.hint()) }
    };
    let marked = marks::of(text).into_iter().map(|mark| {
        let place = locator.span(mark.span.clone());
        Diagnostic {
            code: Some("cut-value"),
            ..Diagnostic::warning(mark.message()).at(place).hint(mark.hint())
        }
    });
    cuts::of(text).into_iter().map(problem).chain(marked).collect()
}

#[cfg(test)]
mod tests;
