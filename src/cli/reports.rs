//! Steps that several commands share: load, analyse, and make reports.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::Selection;
use super::ignored::{GUARD, without_ignored};
use super::terminal::{Terminal, clean_line};
use crate::analysis::neighbourhood::Neighbourhood;
use crate::analysis::rules::{self, EvidenceState, Finding};
use crate::analysis::{claim, impact, phases, progress};
use crate::assemble::entry_key;
use crate::diag::{Diagnostic, Level, Place};
use crate::model::Incident;
use crate::model::origin::SourceInfo;
use crate::model::series::Series;
use crate::render::page::{Leak, Page};
use crate::report::projection::Protected;
use crate::report::{Audience, MetricSource, Projection, Protection, Report};
use crate::sources::mapping;
use crate::sources::record::Record;
use crate::sources::{self, Input, ReadOptions, Yields};
use crate::store::locate::Locator;
use crate::store::workspace::{Loaded, LoadedAll};
use crate::store::{StoreError, Workspace};

/// Reports the files that could not be read, and returns the resulting exit status.
pub(super) fn report_problems(all: &LoadedAll, terminal: &mut Terminal) -> Result<Exit, CliError> {
    report_each(&all.problems, terminal)
}

/// Reports problems of files, and returns the resulting exit status.
pub(super) fn report_each(
    problems: &[Diagnostic],
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    problems.iter().try_for_each(|problem| terminal.report(problem))?;
    Ok(if problems.is_empty() { Exit::Fine } else { Exit::BadInput })
}

/// The other incidents, for rules and reports that compare incidents.
#[derive(Default)]
pub(super) struct Others<'a> {
    /// All incidents, in the order of their ids.
    all: Vec<&'a Incident>,
    /// Their open follow-ups.
    neighbourhood: Neighbourhood<'a>,
}

impl<'a> Others<'a> {
    /// `incidents` must be in the order of their ids, as a workspace loads them.
    pub(super) fn new(incidents: impl Iterator<Item = &'a Loaded>) -> Self {
        let all: Vec<&Incident> = incidents.map(|loaded| &loaded.incident).collect();
        Others { neighbourhood: Neighbourhood::new(&all), all }
    }
}

/// The findings of the rules for one incident, each with its position in the file `name`. `kept`
/// are its evidence files that are missing or changed. Findings that the settings or a comment in
/// the file ignore are not included.
pub(super) fn findings(
    name: &str,
    loaded: &Loaded,
    others: &Others,
    workspace: &Workspace,
    now: Option<DateTime<Utc>>,
    kept: &[(String, EvidenceState)],
    for_public: bool,
) -> Vec<(Finding, Place)> {
    let definitions = &workspace.config.definitions;
    let context = rules::Context::new(&loaded.incident, definitions, &others.all, now)
        .beside(&others.neighbourhood)
        .with_evidence(kept)
        .with_text(&loaded.text)
        .for_public(for_public);
    let findings = rules::check(&context);
    let placed =
        if findings.is_empty() { Vec::new() } else { placed(name, &loaded.text, findings) };
    let mut left = without_ignored(name, &loaded.text, placed, for_public);
    let is_guard = |finding: &Finding| for_public && finding.rule == GUARD;
    left.retain(|(finding, _)| is_guard(finding) || workspace.config.check.has(finding.rule));
    left
}

fn placed(name: &str, text: &str, findings: Vec<Finding>) -> Vec<(Finding, Place)> {
    let locator = Locator::of_valid(name, text);
    let place = |finding: &Finding| match &finding.span {
        Some(span) => locator.span(span.clone()),
        None => locator.value(&finding.path),
    };
    let with_place = |finding: Finding| {
        let place = place(&finding);
        (finding, place)
    };
    findings.into_iter().map(with_place).collect()
}

/// The evidence files of an incident that are missing or have changed since the import. `read`
/// returns the bytes of an evidence file by its path in the workspace.
pub(super) fn not_as_it_was(
    incident: &Incident,
    read: &dyn Fn(&str) -> Result<Vec<u8>, StoreError>,
) -> Vec<(String, EvidenceState)> {
    let kept = incident.sources.iter().filter_map(|(key, source)| {
        let state = match read(source.path.as_deref()?) {
            Ok(bytes) => {
                source
                    .sha256
                    .as_deref()
                    .filter(|hash| !hash.eq_ignore_ascii_case(&entry_key::hex(&bytes)))?;
                EvidenceState::Changed
            }
            Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                EvidenceState::Missing
            }
            Err(error) => EvidenceState::Unreadable(error.to_string()),
        };
        Some((key.clone(), state))
    });
    kept.collect()
}

/// The report of one incident. Pass `now` only if the user set it or if the output is not stored: a
/// document must have the same bytes on every run.
pub(super) fn report(
    loaded: &Loaded,
    others: &Others,
    workspace: &Workspace,
    context: &Context,
    audience: Audience,
    now: Option<DateTime<Utc>>,
) -> Report {
    let projection = projection(&loaded.incident, workspace, audience);
    let trust = workspace.config.definitions.order_of_trust();
    // Durations are computed from the whole incident, because an entry that the audience may not
    // read can prove the end.
    let incident = &*audience.without_seconds(&loaded.incident, trust);
    // The file name in a document is relative to the workspace, not to the current directory.
    let for_public = audience == Audience::Public;
    let kept = not_as_it_was(incident, &|path| workspace.read_evidence(path));
    let name = workspace.name_inside(&loaded.path);
    let findings = findings(&name, loaded, others, workspace, now, &kept, for_public);
    let durations = phases::durations(incident, &workspace.config.definitions, now);
    Report {
        impact: impact::summarize(&projection, now),
        reopened: progress::reopened(incident),
        claims: claim::compare(&projection, &durations),
        durations,
        findings: findings.into_iter().map(|(finding, place)| (finding, Some(place))).collect(),
        evidence: evidence(&projection, workspace),
        definitions: workspace.config.definitions.clone(),
        now,
        zone: context.zone.unwrap_or_else(|| incident.zone()),
        incident: projection,
    }
}

/// The part of an incident that `audience` may read.
pub(super) fn projection(
    incident: &Incident,
    workspace: &Workspace,
    audience: Audience,
) -> Projection {
    let config = &workspace.config;
    let redaction = &config.redaction;
    let protection = Protection::new(&redaction.terms, &redaction.not_names, &config.roles);
    Projection::new(incident, audience, &protection, config.definitions.order_of_trust())
}

/// The part of the incident that `audience` may read, or the whole incident without an audience.
///
/// # Errors
/// Fails if the result still contains a word that must not leave the company, for example in the
/// id, which cannot be redacted.
pub(super) fn readable<'a>(
    loaded: &'a Loaded,
    workspace: &Workspace,
    audience: Option<Audience>,
) -> Result<Cow<'a, Incident>, CliError> {
    let Some(audience) = audience else { return Ok(Cow::Borrowed(&loaded.incident)) };
    let projection = projection(&loaded.incident, workspace, audience);
    if let Some((word, path)) = projection.survivor() {
        let problem = leak(loaded.incident.id.as_str(), word, &path.to_string());
        return Err(CliError::Reported(Exit::Findings, vec![problem]));
    }
    Ok(Cow::Owned(projection.into_incident()))
}

/// The values that were left out or replaced for the audience of `projection`, one line each, with
/// their positions.
pub(super) fn removals(
    projection: &Projection,
    loaded: &Loaded,
    workspace: &Workspace,
) -> Vec<String> {
    let removals = projection.removals();
    if removals.is_empty() {
        return vec![format!("{}: nothing was left out", loaded.incident.id)];
    }
    let name = workspace.name(&loaded.path);
    let locator = Locator::of_valid(&name, &loaded.text);
    let mut placed: Vec<(usize, String)> = removals
        .iter()
        .map(|removal| {
            let line = locator.value(&removal.path).line;
            (line, format!("{name}:{line}: {}: {}", removal.path, removal.what))
        })
        .collect();
    placed.sort_by_key(|(line, _)| *line);
    placed.into_iter().map(|(_, line)| clean_line(&line)).collect()
}

/// Fails if `page` contains a word that must not leave the company.
pub(super) fn refuse_leaks(page: &Page, report: &Report, loaded: &Loaded) -> Result<(), CliError> {
    let leaks = page.leaks(report.incident.protected());
    let id = loaded.incident.id.to_string();
    let problems: Vec<Diagnostic> =
        leaks.iter().map(|found: &Leak| leak(&id, found.word, &found.place)).collect();
    if problems.is_empty() { Ok(()) } else { Err(CliError::Reported(Exit::Findings, problems)) }
}

/// The error for a protected `word` at `place` in the output for the incident `id`.
fn leak(id: &str, word: &Protected, place: &str) -> Diagnostic {
    let hint = match place {
        "id" => "file names and addresses have the id: rename the file, and change the id in it"
            .to_owned(),
        "the text" => "if no field of the incident has it, the template has".to_owned(),
        place => format!("`{place}` of the view has it: remove it from the incident file"),
    };
    let message = format!("{id}: not written, since “{}” would be in it, {}", word.word, word.what);
    Diagnostic::error(message).hint(hint)
}

/// The metrics among an incident's sources, read from their evidence files.
fn evidence(incident: &Incident, workspace: &Workspace) -> Vec<MetricSource> {
    let kept = incident.sources.iter().filter_map(|(key, source)| {
        let format = source.format.as_deref().and_then(sources::by_id)?;
        let path = source.path.as_deref()?;
        (format.yields() == Yields::Evidence).then_some((key, source, format, path))
    });
    kept.filter_map(|(key, source, format, path)| {
        let title = source.title.clone().unwrap_or_else(|| format!("{key} ({})", format.id()));
        let (series, problem) = match series(source, format, path, workspace) {
            Ok(read) => read,
            Err(problem) => (Vec::new(), Some(problem)),
        };
        (!series.is_empty() || problem.is_some()).then(|| MetricSource {
            source: key.clone(),
            title,
            series,
            problem,
        })
    })
    .collect()
}

fn series(
    source: &SourceInfo,
    format: &dyn sources::Source,
    path: &str,
    workspace: &Workspace,
) -> Result<(Vec<Series>, Option<String>), String> {
    let bytes = workspace.read_evidence(path).map_err(|error| error.to_string())?;
    if source.sha256.as_deref().is_some_and(|hash| hash != entry_key::hex(&bytes)) {
        return Err(format!("{path} is no longer the bytes that were imported"));
    }
    let zone = source.zone.as_deref().and_then(|zone| zone.parse().ok());
    // Samples without a time get the time at which they were fetched.
    let input = Input { retrieved_at: source.retrieved_at, ..Input::new(path, bytes) };
    // A custom format is read as described in posthoc.toml.
    let is_own = mapping::READERS.contains(&format.id());
    let own = || mapping::fitting(&input, workspace.config.formats.iter()).map(Arc::new);
    let mapping = if is_own { own() } else { None };
    let read = format
        .read(&input, &ReadOptions { zone, mapping, ..ReadOptions::default() })
        .map_err(|error| format!("{path}: {error}"))?;
    let ahead = source.clock_offset.map_or_else(chrono::TimeDelta::zero, |offset| offset.0);
    let has_other_records = read.value.iter().any(|record| !matches!(record, Record::Series(_)));
    let series: Vec<Series> = read
        .value
        .into_iter()
        .filter_map(|record| match record {
            Record::Series(mut series) => {
                series.points.iter_mut().for_each(|(at, _)| *at -= ahead);
                Some(series)
            }
            Record::Event(_) | Record::Incident(_) | Record::Document(_) => None,
        })
        .collect();
    // A source that contains only events is not a metric.
    let is_metrics = !series.is_empty() || !has_other_records;
    let doubts = if is_metrics { doubts(&read.warnings) } else { None };
    Ok((series, doubts))
}

/// The number of reader warnings printed with a chart. The rest are counted.
const DOUBTS_SHOWN: usize = 3;

/// The warnings of a reader in one line for the caption, so that a chart does not look more
/// certain than its data.
fn doubts(warnings: &[Diagnostic]) -> Option<String> {
    let messages: Vec<&str> = warnings
        .iter()
        .filter(|warning| warning.level >= Level::Warning)
        .map(|warning| warning.message.as_str())
        .collect();
    let (shown, rest) = messages.split_at(messages.len().min(DOUBTS_SHOWN));
    let more = if rest.is_empty() { String::new() } else { format!("; and {} more", rest.len()) };
    (!shown.is_empty()).then(|| format!("{}{more}", shown.join("; ")))
}

/// The result of checking several files.
pub(super) struct Checked {
    /// The number of files that were checked.
    pub files: usize,
    /// The errors that prevented files from being read.
    pub problems: Vec<Diagnostic>,
    /// The findings of the rules.
    pub findings: Vec<(Finding, Place)>,
    /// The files that could be read.
    pub loaded: Vec<Loaded>,
    /// The index in `loaded` of each file, by the file name in places.
    pub by_name: HashMap<String, usize>,
}

impl Checked {
    /// The text of the file that a place refers to, if it could be read.
    pub(super) fn text_of(&self, file: &str) -> Option<&str> {
        Some(self.loaded[*self.by_name.get(file)?].text.as_str())
    }
}

/// Checks the chosen incidents. For the public audience, the rules for public reports apply.
pub(super) fn checked(
    workspace: &Workspace,
    selection: Selection,
    context: &Context,
    audience: Option<Audience>,
) -> Result<Checked, CliError> {
    let Selection { chosen, rest, is_whole } = selection;
    // A rule may look at other incidents. Their errors are reported only if they are selected too.
    let rest = if is_whole { rest } else { workspace.load_all()?.incidents };
    let mut all: Vec<&Loaded> = rest.iter().collect();
    if is_whole {
        all.extend(&chosen.incidents);
    }
    all.sort_by(|a, b| a.incident.id.cmp(&b.incident.id));
    let others = Others::new(all.into_iter());
    let now = Some(context.now());
    let for_public = audience == Some(Audience::Public);
    let findings: Vec<(Finding, Place)> = chosen
        .incidents
        .par_iter()
        .flat_map_iter(|loaded| {
            let kept = not_as_it_was(&loaded.incident, &|path| workspace.read_evidence(path));
            let name = workspace.name(&loaded.path);
            findings(&name, loaded, &others, workspace, now, &kept, for_public)
        })
        .collect();
    let files = chosen.incidents.len()
        + chosen
            .problems
            .iter()
            .filter_map(|problem| problem.place.as_ref())
            .map(|place| &place.file)
            .collect::<std::collections::BTreeSet<_>>()
            .len();
    let loaded = chosen.incidents;
    let by_name =
        loaded.iter().enumerate().map(|(index, one)| (workspace.name(&one.path), index)).collect();
    Ok(Checked { files, problems: chosen.problems, findings, loaded, by_name })
}
