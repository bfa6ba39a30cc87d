//! Reads one input: its format, its records, and its messages.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::analysis::secrets;
use crate::cli::error::CliError;

use crate::diag::{Diagnostic, Level, Warned};
use crate::model::id::IncidentId;
use crate::model::zone::{Zone, with_naive_times};
use crate::sources::detect::{self, DetectError};
use crate::sources::mapping::{self, Mapping, NamedMapping};
use crate::sources::readable::{Readable, readable};
use crate::sources::record::{DocumentKind, Record};
use crate::sources::unpack::attached_texts;
use crate::sources::{Input, ReadOptions, Source, Yields};
use crate::store::load;
use crate::text::counted;

/// What is asked of the addresses of a call.
#[derive(Debug, Clone)]
pub(super) struct Queries {
    /// The expressions.
    pub expressions: Vec<String>,
    /// The time between two samples; chosen if absent.
    pub step: Option<TimeDelta>,
    /// When the call was made: the end of a range that has none.
    pub now: DateTime<Utc>,
}

/// The options for all inputs, or the settings of one.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadSettings {
    /// The format to read them as.
    pub format: Option<String>,
    /// The zone of times without a zone.
    pub zone: Option<Zone>,
    /// The day of the import.
    pub today: Option<NaiveDate>,
    /// How far back to read histories.
    pub since: Option<DateTime<Utc>>,
    /// The end of the period for commits of a repository or days of a chat.
    pub until: Option<DateTime<Utc>>,
    /// The time around the incident, which selects the commits of a repository or the days of a
    /// chat if no period was given.
    pub around: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    /// The channel of a chat export.
    pub channel: Option<String>,
    /// Whether keys and passwords are masked before storing; otherwise an input that has any is
    /// refused.
    pub mask: bool,
    /// Whether the bytes of every input are stored as evidence.
    pub is_stored: bool,
    /// What is asked of addresses that are servers.
    pub queries: Option<Arc<Queries>>,
    /// The formats of the team's own.
    pub formats: Arc<BTreeMap<String, Mapping>>,
    /// When inputs that do not say when they were taken were taken.
    pub taken: Option<DateTime<Utc>>,
}

impl ReadSettings {
    /// The reader of an input, with the team's own mapping where that is for it: the one that was
    /// named, or the first whose fields are in it where no reader knows the input.
    pub(super) fn choose(
        &self,
        input: &Input,
    ) -> Result<(&'static dyn Source, Option<Arc<NamedMapping>>), DetectError> {
        let reader = |named: NamedMapping| {
            detect::choose(input, Some(named.mapping.format()))
                .map(|source| (source, Some(Arc::new(named))))
        };
        if let Some((name, mapping)) =
            self.format.as_ref().and_then(|name| self.formats.get_key_value(name))
        {
            return reader(NamedMapping { name: name.clone(), mapping: mapping.clone() });
        }
        let chosen = detect::choose(input, self.format.as_deref());
        let is_known = match &chosen {
            Ok(source) => !mapping::READERS.contains(&source.id()),
            Err(_) => false,
        };
        if self.format.is_none()
            && !is_known
            && let Some(named) = mapping::fitting(input, self.formats.iter())
        {
            return reader(named);
        }
        Ok((chosen?, None))
    }

    /// Whether the bytes of an input are needed after reading. Those of a history are not stored,
    /// and take more than half of the memory of an import.
    fn needs_bytes(&self, source: &dyn Source) -> bool {
        self.is_stored || source.yields() == Yields::Documents
    }
}

/// One input that was read.
pub(super) struct ReadInput {
    pub input: Input,
    pub source: &'static dyn Source,
    pub records: Vec<Record>,
    /// The zone given for times without one.
    pub zone: Option<Zone>,
    /// What was masked in its bytes.
    pub masked: Vec<&'static str>,
}

/// The result of reading, with its messages in order.
pub(super) enum ReadEvent {
    Report(Diagnostic),
    /// Printed with `--verbose` only.
    More(String),
    Missed(CliError),
    Read(ReadInput),
    /// A report that carries its incident file.
    Carried(Carried),
}

/// An incident file that a report carries.
pub(super) struct Carried {
    /// The name of the report.
    pub name: String,
    pub id: IncidentId,
    /// The file.
    pub text: String,
}

/// The incident file that a PDF of posthoc carries, if it is a valid one.
fn carried(input: &Input) -> Option<Carried> {
    attached_texts(&input.bytes).into_iter().find_map(|(name, text)| {
        // The settings of the workspace that wrote it may take times without a zone.
        let read = || load::parse(&name, text.trim_start_matches('\u{feff}'));
        let incident = name.ends_with(".yaml").then(|| read().or_else(|_| with_naive_times(read)));
        let id = incident?.ok()?.id;
        Some(Carried { name: input.name.clone(), id, text })
    })
}

/// Reads one input.
pub(super) fn events(input: Input, settings: &ReadSettings) -> Vec<ReadEvent> {
    // A report that is evidence for another incident, or whose format was named, is read as text.
    if !settings.is_stored
        && settings.format.is_none()
        && let Some(carried) = carried(&input)
    {
        return vec![ReadEvent::Carried(carried)];
    }
    match read(input, settings, false) {
        Ok((one, warnings)) => events_of(one, warnings, settings),
        Err(error) => vec![ReadEvent::Missed(error)],
    }
}

/// The messages for an input that was read. Its bytes are freed if they are no longer needed.
pub(super) fn events_of(
    mut one: ReadInput,
    warnings: Vec<Diagnostic>,
    settings: &ReadSettings,
) -> Vec<ReadEvent> {
    if !settings.needs_bytes(one.source) {
        one.input.bytes = Vec::new();
    }
    let name = &one.input.name;
    let records = counted(one.records.len(), "record");
    let mut events =
        vec![ReadEvent::More(format!("{name}: read as {}, {records}", one.source.id()))];
    let is_lost =
        one.records.is_empty() && warnings.iter().any(|warning| warning.level == Level::Warning);
    events.extend(warnings.into_iter().map(ReadEvent::Report));
    events.push(if is_lost {
        // This is not an empty history: everything in it was left out.
        ReadEvent::Missed(CliError::bad_input(Diagnostic::error(format!(
            "{name}: nothing in it could be read"
        ))))
    } else {
        ReadEvent::Read(one)
    });
    events
}

/// Reads one input, with its errors.
pub(super) fn read(
    input: Input,
    settings: &ReadSettings,
    with_next_pages: bool,
) -> Result<(ReadInput, Vec<Diagnostic>), CliError> {
    let mut readable = readable(input).map_err(|problem| CliError::bad_input(*problem))?;
    if readable.input.retrieved_at.is_none() {
        readable.input.retrieved_at = settings.taken;
    }
    let (source, mapping) = settings
        .choose(&readable.input)
        .map_err(|error| CliError::bad_input(undetected(&error, Some(&readable.input.name))))?;
    let masked = if settings.needs_bytes(source) {
        without_keys(&mut readable, settings)?
    } else {
        Vec::new()
    };
    let input = &readable.input;
    let own = mapping.as_ref().and_then(|named| named.mapping.zone.as_deref());
    let zone = settings.zone.or_else(|| own.and_then(|zone| zone.parse().ok()));
    let options = ReadOptions { zone, today: settings.today, with_next_pages, mapping };
    let Warned { value: records, warnings } = source.read(input, &options).map_err(|error| {
        CliError::bad_input(
            readable.problem(&format!("cannot read this as {}", source.id()), error),
        )
    })?;
    // A list of incidents, or one without updates, is a list of events in the timeline of an
    // incident.
    let has_no_course = |record: &Record| matches!(record, Record::Incident(incident) if incident.updates.is_empty());
    if settings.is_stored
        && settings.format.is_none()
        && source.id() == mapping::READERS[1]
        && (records.len() > 1 || records.iter().any(has_no_course))
        && options.mapping.is_none()
    {
        let settings =
            ReadSettings { format: Some(mapping::READERS[0].to_owned()), ..settings.clone() };
        return read(readable.input, &settings, with_next_pages);
    }
    // The unreadable part may be what is missing.
    if settings.format.is_none() && warnings.is_empty() && records.iter().any(is_no_write_up) {
        let problem = Diagnostic::error(format!(
            "{}: it contains no time, cause or timeline of an incident",
            input.name
        ));
        return Err(CliError::bad_input(
            problem.hint(format!("--format {} imports it anyway", source.id())),
        ));
    }
    let mut problems = std::mem::take(&mut readable.problems);
    problems.extend(warnings.into_iter().map(|warning| readable.with_text(warning)));
    let Readable { mut input, original, .. } = readable;
    if let Some(original) = original.filter(|_| settings.needs_bytes(source)) {
        // The stored bytes are the bytes received.
        input.bytes = original;
    }
    Ok((ReadInput { input, source, records, zone, masked }, problems))
}

/// Masks the keys and passwords in an input to be stored, and returns what they are. A repository
/// stores commits permanently, so without `--mask` such an input is refused.
fn without_keys(
    readable: &mut Readable,
    settings: &ReadSettings,
) -> Result<Vec<&'static str>, CliError> {
    let text = String::from_utf8_lossy(&readable.input.bytes);
    let found = secrets::keys(&text);
    let Some(first) = found.first() else { return Ok(Vec::new()) };
    let mut kinds: Vec<&'static str> = found.iter().map(|secret| secret.what).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if !settings.mask {
        let line = text[..first.span.start].matches('\n').count() + 1;
        let problem = Diagnostic::error(format!(
            "{} is not stored: it contains {}, first in line {line}",
            readable.input.name,
            kinds.join(", ")
        ));
        return Err(CliError::bad_input(
            problem
                .hint("`--mask` imports it with asterisks in their place")
                .hint("revoke secrets that others may have read"),
        ));
    }
    let masked = secrets::masked(&text, &found).into_bytes();
    readable.original = None;
    readable.problems.push(Diagnostic::note(format!(
        "{}: {} masked: {}",
        readable.input.name,
        counted(found.len(), "secret"),
        kinds.join(", ")
    )));
    readable.input.bytes = masked;
    Ok(kinds)
}

/// Whether a record is a document that gives no time, cause or course of an incident: the marketing
/// page of a status-page vendor uses the same vocabulary. Forms and lists are reported as such.
fn is_no_write_up(record: &Record) -> bool {
    matches!(record, Record::Document(document) if document.kind == DocumentKind::Incident && !document.is_write_up)
}

/// The error if no format was chosen for the input of that name.
pub(super) fn undetected(error: &DetectError, name: Option<&str>) -> Diagnostic {
    let name = name.map_or_else(String::new, |name| format!("{name}: "));
    error.hint().into_iter().fold(Diagnostic::error(format!("{name}{error}")), Diagnostic::hint)
}
