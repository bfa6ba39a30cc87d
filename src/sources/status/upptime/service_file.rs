//! `history/SLUG.yml`: the current state of one service.

use super::health::{health, level, outage};
use crate::diag::Diagnostic;
use crate::sources::input::Input;
use crate::sources::record::IncidentRecord;
use crate::sources::source::ReadError;
use crate::sources::status::kit::api;
use crate::sources::status::kit::checks::Health;
use crate::sources::status::kit::page_file::stem;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// Whether a text is such a file: it names its generator, and has the time of the last check.
pub(super) fn is_history(text: &str) -> bool {
    let generator = setting(text, "generator").is_some_and(|by| by.starts_with("Upptime"));
    generator && setting(text, "status").is_some() && setting(text, "lastUpdated").is_some()
}

/// The value of a line, which in old files is a list item.
fn setting<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let value = |line: &'a str| {
        line.trim_start_matches("- ").strip_prefix(key)?.strip_prefix(':').map(str::trim)
    };
    text.lines().find_map(value).filter(|value| !value.is_empty())
}

/// Reads the ongoing outage, if there is one. Its start is unknown: it was observed at
/// `lastUpdated`, when the file was written, which distinguishes outages.
pub(super) fn read(
    text: &str,
    input: &Input,
    warnings: &mut Warnings<'_>,
) -> Result<Vec<IncidentRecord>, ReadError> {
    let word = setting(text, "status").unwrap_or_default();
    let Some(health) = health(word) else {
        return Err(ReadError::new(format!(
            "its status is `{}`, and not up, degraded or down",
            clean_line(word)
        )));
    };
    if health == Health::Up {
        let note = Diagnostic::note("the service is up, and this file has no other time");
        warnings
            .say(note.hint("what was before is in the log: git log --format='%H%x09%cI%x09%s'"));
        return Ok(Vec::new());
    }
    let seen = setting(text, "lastUpdated").unwrap_or_default();
    let at =
        warnings.time(seen).map_err(|error| ReadError::new(format!("`lastUpdated`: {error}")))?;
    let address = setting(text, "url").map(clean_line);
    let service =
        stem(input).or_else(|| address.clone()).unwrap_or_else(|| "the service".to_owned());
    let id = format!("{service}-{at}");
    let numbers = match (setting(text, "code"), setting(text, "responseTime")) {
        (Some(code), Some(time)) => format!(" ({code} in {time} ms)"),
        _ => String::new(),
    };
    let line = format!("{} is {word}{numbers}", address.as_deref().unwrap_or(&service));
    let mut post = api::post(format!("seen-{at}"), at, clean_markdown(&line, TextKind::Plain));
    post.components = vec![(service.clone(), level(health))];
    let message = format!("{service} was {word} at {at}; since when is unknown");
    warnings.report_about(word, Diagnostic::warning(message).hint(
        "`startTime` is when monitoring began; when it went down is in the log: git log --format='%H%x09%cI%x09%s'",
    ));
    Ok(vec![IncidentRecord { updates: vec![post], ..outage(id, &service, health) }])
}
