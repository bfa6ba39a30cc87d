//! `[sources.NAME]` of the settings: status pages that are imported by name.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

use crate::diag::Diagnostic;
use crate::model::path::Path;
use crate::model::zone::Zone;
use crate::sources::by_id;
use crate::sources::detect::DetectError;
use crate::sources::mapping::Mapping;

/// A status page that `posthoc import NAME` fetches.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedSource {
    /// Its address, without a password.
    pub url: String,
    /// Its format; detected if absent.
    pub format: Option<String>,
    /// The zone of times that the page writes without one.
    pub zone: Option<Zone>,
}

/// A status page that `posthoc import NAME` fetches.
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WrittenSource {
    /// The address of the page, with `https://`. It is required, and it may not contain a password.
    url: Option<String>,
    /// The format of the page, as `posthoc formats` lists it. If absent, it is detected.
    format: Option<String>,
    /// The time zone of times that the page writes without one.
    zone: Option<String>,
}

/// What is wrong with the sources, each with what it is about.
pub(super) fn mistakes(
    sources: &BTreeMap<String, WrittenSource>,
    formats: &BTreeMap<String, Mapping>,
) -> Vec<(Path, Diagnostic)> {
    let mut problems = Vec::new();
    for (name, source) in sources {
        let at = |key: &str| ["sources", name, key].into_iter().fold(Path::default(), Path::then);
        if let Some(problem) = wrong_name(name) {
            problems.push((Path::key("sources").then(name.as_str()), problem));
        }
        match source.url.as_deref().map(wrong_address) {
            None => {
                let problem = Diagnostic::error(format!("the source `{name}` has no `url`"));
                problems.push((
                    Path::key("sources").then(name.as_str()),
                    problem.hint("add its address: url = \"https://status.example.com\""),
                ));
            }
            Some(problem) => problems.extend(problem.map(|problem| (at("url"), problem))),
        }
        if let Some(id) =
            source.format.as_deref().filter(|id| by_id(id).is_none() && !formats.contains_key(*id))
        {
            let error = DetectError::unknown(id);
            let problem = Diagnostic::error(error.to_string());
            problems.push((at("format"), error.hint().into_iter().fold(problem, Diagnostic::hint)));
        }
        if let Some(Err(error)) = source.zone.as_deref().map(str::parse::<Zone>) {
            problems.push((at("zone"), super::wrong_time::wrong_zone(&error)));
        }
    }
    problems
}

/// A name is typed on the command line, where `-` and addresses have other meanings.
fn wrong_name(name: &str) -> Option<Diagnostic> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_good = !name.is_empty() && name.chars().all(is_plain) && !name.starts_with(['-', '.']);
    let problem = || {
        Diagnostic::error(format!("`{name}` is not a valid name for a source"))
            .hint("use letters, digits, `-`, `_` and `.`: [sources.github]")
    };
    (!is_good).then(problem)
}

fn wrong_address(url: &str) -> Option<Diagnostic> {
    let hint = "write it whole: url = \"https://status.example.com\"";
    match Url::parse(url) {
        Err(_) if !url.contains("://") => Some(
            Diagnostic::error(format!("the address `{url}` does not begin with https://"))
                .hint(hint),
        ),
        Err(error) => {
            Some(Diagnostic::error(format!("`{url}` is not an address: {error}")).hint(hint))
        }
        Ok(address) if !matches!(address.scheme(), "http" | "https") => Some(
            Diagnostic::error(format!("the address `{url}` is neither http nor https")).hint(hint),
        ),
        Ok(address) if address.password().is_some() => Some(
            Diagnostic::error("the address contains a password, and this file is shared").hint(
                "leave it out here, and import the address with the password on the command line",
            ),
        ),
        Ok(_) => None,
    }
}

/// The sources; all must be valid.
pub(super) fn named(sources: BTreeMap<String, WrittenSource>) -> BTreeMap<String, NamedSource> {
    let whole = |(name, WrittenSource { url, format, zone })| {
        let zone = zone.and_then(|zone: String| zone.parse().ok());
        Some((name, NamedSource { url: url?, format, zone }))
    };
    sources.into_iter().filter_map(whole).collect()
}
