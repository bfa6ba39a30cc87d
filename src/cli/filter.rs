//! The filters that select incidents: names, globs, dates and fields, the same for every command.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use clap_complete::{ArgValueCandidates, ArgValueCompleter};
use url::Url;

use super::args::Context;
use super::complete;
use super::error::CliError;
use super::names::{self, one_of};
use super::period::Time;
use super::terminal::Terminal;
use crate::diag::Diagnostic;
use crate::model::origin::SourceInfo;
use crate::model::time::Moment;
use crate::model::zone::Zone;
use crate::model::{Incident, Status};
use crate::sources;
use crate::store::Workspace;
use crate::store::named_sources::NamedSource;
use crate::store::workspace::{Loaded, LoadedAll};
use crate::text::counted;

/// The word for an unknown severity or status.
const UNKNOWN: &str = "unknown";

/// The incidents to select.
#[derive(Debug, Default, Clone, clap::Args)]
pub(super) struct Filters {
    /// Ids, parts of an id that match no other, or globs such as '2026-03-*'; all incidents by
    /// default
    #[arg(value_name = "ID|GLOB", add = ArgValueCompleter::new(complete::incidents))]
    pub names: Vec<String>,
    #[command(flatten)]
    dates: Dates,
    #[command(flatten)]
    fields: Fields,
}

/// The period in which incidents began.
#[derive(Debug, Default, Clone, clap::Args)]
pub(super) struct Dates {
    /// Only incidents that began then or later: 2026, 2026-Q2, 2026-01, 2026-W05, 2026-01-31,
    /// 2026-01-31T14:05Z, or how long ago: 12h, 30d, 2w, 6mo, 1y
    #[arg(long, help_heading = "Filters", value_name = "TIME")]
    pub since: Option<Time>,
    /// Only incidents that began then or before; `--until 2026-01` includes all of January
    #[arg(long, help_heading = "Filters", value_name = "TIME")]
    pub until: Option<Time>,
}

/// Filters by field. One flag takes several values, of which one must match; all flags must match.
#[derive(Debug, Default, Clone, clap::Args)]
struct Fields {
    /// Only incidents of this service or glob; several with commas
    #[arg(long = "service", help_heading = "Filters", value_name = "NAME", value_delimiter = ',')]
    services: Vec<String>,
    /// Only incidents of this severity or glob, or `unknown`; several with commas
    #[arg(long = "severity", help_heading = "Filters", value_name = "NAME", value_delimiter = ',')]
    severities: Vec<String>,
    /// Only incidents of this status
    #[arg(long = "status", help_heading = "Filters", value_name = "STATUS", value_delimiter = ',', ignore_case = true, value_parser = one_of(STATUSES, |status| status.map_or(UNKNOWN, Status::as_str)))]
    statuses: Vec<Option<Status>>,
    /// Only incidents read from this source: a format, a host, a glob of these, or a name in
    /// posthoc.toml
    #[arg(long = "source", help_heading = "Filters", value_name = "NAME", value_delimiter = ',', add = ArgValueCandidates::new(complete::sources))]
    sources: Vec<String>,
    /// Only incidents with this tag or glob; several with commas
    #[arg(long = "tag", help_heading = "Filters", value_name = "NAME", value_delimiter = ',')]
    tags: Vec<String>,
}

const STATUSES: &[Option<Status>] =
    &[Some(Status::Ongoing), Some(Status::Mitigated), Some(Status::Resolved), None];

/// A period as instants: the start is included, the end is not.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    /// The first instant of the period.
    pub since: Option<DateTime<Utc>>,
    /// The first instant after the period.
    pub until: Option<DateTime<Utc>>,
}

impl Period {
    /// Whether the period is unlimited.
    pub(super) fn is_everything(self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    /// Whether an instant is in the period.
    pub(super) fn holds(self, instant: DateTime<Utc>) -> bool {
        self.since.is_none_or(|since| since <= instant)
            && self.until.is_none_or(|until| instant < until)
    }
}

impl Period {
    /// Whether a moment may be in the period, within its precision.
    pub(super) fn may_hold(self, moment: Moment) -> bool {
        self.since.is_none_or(|since| since <= moment.latest())
            && self.until.is_none_or(|until| moment.earliest() < until)
    }
}

impl Dates {
    /// The period; its days are those of `zone`.
    ///
    /// # Errors
    /// A usage error if it ends before it begins or is beyond the calendar.
    pub(super) fn period(&self, now: DateTime<Utc>, zone: Zone) -> Result<Period, CliError> {
        let usage = |message: &str| CliError::usage(Diagnostic::error(message));
        let bounds = |time: Option<Time>| match time {
            Some(time) => time
                .bounds(now, zone)
                .map(Some)
                .ok_or_else(|| usage("the calendar does not go that far")),
            None => Ok(None),
        };
        let period = Period {
            since: bounds(self.since)?.map(|(first, _)| first),
            until: bounds(self.until)?.map(|(_, next)| next),
        };
        match (period.since, period.until) {
            (Some(since), Some(until)) if since >= until => {
                let message = format!(
                    "--since is after --until: it begins at {since:?}, and --until ends before {until:?}"
                );
                Err(CliError::usage(Diagnostic::error(message).hint("swap the two times")))
            }
            _ => Ok(period),
        }
    }
}

/// The selected incidents.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Those that match, by id, and the errors that prevented named ones from being read.
    pub chosen: LoadedAll,
    /// The other incidents of the workspace, if they were loaded.
    pub rest: Vec<Loaded>,
    /// Whether the whole workspace was loaded, `rest` included.
    pub is_whole: bool,
}

impl Selection {
    /// The incidents that match.
    pub(super) fn incidents(&self) -> impl Iterator<Item = &Incident> {
        self.chosen.incidents.iter().map(|loaded| &loaded.incident)
    }
}

impl Filters {
    /// Whether there is a filter at all.
    pub(super) fn is_everything(&self) -> bool {
        self.names.is_empty()
            && self.dates.since.is_none()
            && self.dates.until.is_none()
            && self.fields.is_everything()
    }

    /// Whether some incidents are left out by name or by field, whenever they began.
    pub(super) fn is_selective(&self) -> bool {
        !self.names.is_empty() || !self.fields.is_everything()
    }

    /// The zone of days.
    pub(super) fn zone(context: &Context, workspace: &Workspace) -> Zone {
        context.zone.unwrap_or_else(|| workspace.config.zone())
    }

    /// The period, for a command that applies it to something other than the start of an incident.
    ///
    /// # Errors
    /// As [`Dates::period`].
    pub(super) fn period(
        &self,
        context: &Context,
        workspace: &Workspace,
    ) -> Result<Period, CliError> {
        self.dates.period(context.now(), Filters::zone(context, workspace))
    }

    /// The incidents that match. A date filter leaves out incidents without a date and reports
    /// them.
    ///
    /// # Errors
    /// A usage error for a name that does not exist or an impossible period; or the incidents
    /// cannot be read.
    pub(super) fn select(
        &self,
        workspace: &Workspace,
        context: &Context,
        terminal: &mut Terminal,
    ) -> Result<Selection, CliError> {
        let period = self.period(context, workspace)?;
        let mut selection = self.select_at_any_time(workspace)?;
        if !period.is_everything() {
            let mut undated = Vec::new();
            selection.keep(|incident| match incident.occurred() {
                Some(at) => period.holds(at.middle()),
                None => {
                    undated.push(incident.id.to_string());
                    false
                }
            });
            if !undated.is_empty() {
                let message = format!(
                    "left out, because their start is unknown: {}",
                    super::error::named(&undated)
                );
                terminal.report(&Diagnostic::warning(message))?;
            }
        }
        if selection.chosen.incidents.is_empty() && !selection.rest.is_empty() {
            terminal
                .talk(&format!("none of {} fits", counted(selection.rest.len(), "incident")))?;
        }
        Ok(selection)
    }

    /// The incidents that match, whenever they began.
    ///
    /// # Errors
    /// As [`Filters::select`].
    pub(super) fn select_at_any_time(&self, workspace: &Workspace) -> Result<Selection, CliError> {
        let has_glob = self.names.iter().any(|name| is_glob(name));
        if !self.names.is_empty() && !has_glob && self.fields.is_everything() {
            let mut selection = Selection::default();
            for name in &self.names {
                let loaded = workspace.load(name)?;
                if selection.chosen.incidents.iter().all(|other| other.path != loaded.path) {
                    selection.chosen.incidents.push(loaded);
                }
            }
            return Ok(selection);
        }
        let chosen = workspace.load_all()?;
        let mut selection = Selection { chosen, rest: Vec::new(), is_whole: true };
        selection.name(&self.names, workspace)?;
        self.fields.check(&selection, workspace)?;
        selection.keep(|incident| self.fields.fit(incident, workspace));
        Ok(selection)
    }
}

impl Selection {
    fn keep(&mut self, mut fits: impl FnMut(&Incident) -> bool) {
        let loaded = std::mem::take(&mut self.chosen.incidents);
        let (chosen, rest): (Vec<Loaded>, Vec<Loaded>) =
            loaded.into_iter().partition(|loaded| fits(&loaded.incident));
        self.chosen.incidents = chosen;
        self.rest.extend(rest);
    }

    /// Selects the named incidents. Errors in other files are not reported here.
    fn name(&mut self, names: &[String], workspace: &Workspace) -> Result<(), CliError> {
        if names.is_empty() {
            return Ok(());
        }
        let ids = workspace.ids()?;
        let mut named = BTreeSet::new();
        for name in names {
            if !is_glob(name) {
                named.insert(workspace.id_of(name)?);
                continue;
            }
            let pattern = glob::Pattern::new(name).map_err(|error| {
                CliError::usage(Diagnostic::error(format!("`{name}` is not a glob: {error}")))
            })?;
            let before = named.len();
            named.extend(ids.iter().filter(|id| pattern.matches(id)).cloned());
            if named.len() == before && !ids.iter().any(|id| pattern.matches(id)) {
                let problem = Diagnostic::error(format!("no incident is called `{name}`"));
                return Err(CliError::usage(problem.hint("`posthoc list` lists the incidents")));
            }
        }
        self.chosen.problems.retain(|problem| {
            problem
                .place
                .as_ref()
                .is_some_and(|place| named.contains(&id_of(Path::new(&*place.file))))
        });
        self.keep(|incident| named.contains(incident.id.as_str()));
        Ok(())
    }
}

fn id_of(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn is_glob(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// Whether a name is the requested one, or matches it as a glob, ignoring case.
fn is_called(name: &str, asked: &str) -> bool {
    let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::new() };
    name.eq_ignore_ascii_case(asked)
        || is_glob(asked)
            && glob::Pattern::new(asked).is_ok_and(|glob| glob.matches_with(name, options))
}

impl Fields {
    fn is_everything(&self) -> bool {
        let Fields { services, severities, statuses, sources, tags } = self;
        services.is_empty()
            && severities.is_empty()
            && statuses.is_empty()
            && sources.is_empty()
            && tags.is_empty()
    }

    fn fit(&self, incident: &Incident, workspace: &Workspace) -> bool {
        let one_of = |asked: &[String], has: &[String]| {
            asked.is_empty()
                || asked.iter().any(|asked| has.iter().any(|one| is_called(one, asked)))
        };
        let severity = incident.severity.clone().unwrap_or_else(|| UNKNOWN.to_owned());
        let named = &workspace.config.sources;
        let comes_from = |asked: &String| {
            let host = named.get(asked).and_then(host_of_named);
            incident.sources.values().any(|source| {
                let names = names_of(source);
                names.iter().any(|name| is_called(name, asked) || host.as_ref() == Some(name))
            })
        };
        one_of(&self.services, &incident.services)
            && one_of(&self.severities, &[severity])
            && (self.statuses.is_empty() || self.statuses.contains(&incident.status()))
            && (self.sources.is_empty() || self.sources.iter().any(comes_from))
            && one_of(&self.tags, &incident.tags)
    }

    /// Fails for the first value that no incident in the workspace has: it is probably a typo.
    fn check(&self, selection: &Selection, workspace: &Workspace) -> Result<(), CliError> {
        let all =
            || selection.incidents().chain(selection.rest.iter().map(|loaded| &loaded.incident));
        let of = |values: &mut dyn Iterator<Item = String>| values.collect::<BTreeSet<String>>();
        let services = of(&mut all().flat_map(|incident| incident.services.clone()));
        exist("service", &self.services, &services)?;
        let scale =
            workspace.config.definitions.severities.iter().cloned().chain([UNKNOWN.to_owned()]);
        exist(
            "severity",
            &self.severities,
            &of(&mut all().filter_map(|one| one.severity.clone()).chain(scale)),
        )?;
        let formats = sources::REGISTRY.iter().map(|source| source.id().to_owned());
        let known = formats.chain(workspace.config.sources.keys().cloned());
        let found = all().flat_map(|incident| incident.sources.values().flat_map(names_of));
        exist("source", &self.sources, &of(&mut found.chain(known)))?;
        exist("tag", &self.tags, &of(&mut all().flat_map(|incident| incident.tags.clone())))
    }
}

fn exist(what: &str, asked: &[String], known: &BTreeSet<String>) -> Result<(), CliError> {
    let missing = asked.iter().find(|asked| !known.iter().any(|known| is_called(known, asked)));
    missing.map_or(Ok(()), |missing| {
        let list: Vec<String> = known.iter().cloned().collect();
        let hint = if list.is_empty() {
            format!("no incident has a {what}")
        } else {
            format!("there are: {}", super::error::named(&list))
        };
        Err(names::unknown(what, missing, known.iter().map(String::as_str), &hint))
    })
}

/// The names of a source: its format, and the host it was read from.
fn names_of(source: &SourceInfo) -> Vec<String> {
    let host = source.url.as_deref().and_then(host_of);
    [source.format.clone(), host].into_iter().flatten().collect()
}

fn host_of_named(source: &NamedSource) -> Option<String> {
    host_of(&source.url)
}

fn host_of(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}
