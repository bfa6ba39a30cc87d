//! Compares two states of the history and collects what to report of each incident.

use std::path::Path;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::analysis::change::{self, Change, Redefined, SetChange, Side};
use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::phases::{self, Duration};
use crate::analysis::rules::{self, Finding};
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::diag::{Diagnostic, Level};
use crate::model::Incident;
use crate::model::zone::Zone;
use crate::store::StoreError;
use crate::store::config::Config;
use crate::store::git::{Blob, Differing};
use crate::store::revision::{History, State, id_in, id_of, problems};
use crate::store::workspace::Loaded;

/// The whole comparison.
pub(super) struct Comparison {
    pub before: State,
    pub after: State,
    /// The definitions that changed.
    pub redefined: Vec<Redefined>,
    /// The incidents whose file changed, by id.
    pub diff: Vec<IncidentDiff>,
    /// Durations that changed only through the definitions, with the incidents whose file is the
    /// same.
    pub by_definitions: Vec<(DurationName, Vec<String>)>,
    /// How the aggregates changed, if all incidents were compared and there are several.
    pub set: Option<SetChange>,
    /// What could not be read.
    pub problems: Vec<Diagnostic>,
}

/// One incident whose file changed.
pub(super) struct IncidentDiff {
    pub id: String,
    pub title: String,
    pub severity: Option<String>,
    /// The zone to show its times in.
    pub zone: Zone,
    /// Its former id.
    pub renamed_from: Option<String>,
    /// Its current durations, or the former ones if it was removed.
    pub durations: Vec<Duration>,
    pub how: How,
    /// New findings of `check`.
    pub appeared: Vec<Finding>,
    /// Findings of `check` that are gone.
    pub fixed: Vec<Finding>,
}

pub(super) enum How {
    Added,
    Removed,
    /// May be empty: the file was touched without a change in meaning.
    Changed(Change),
    /// It cannot be read in these states, so nothing can be compared.
    Unreadable(Vec<String>),
}

impl IncidentDiff {
    /// Whether there is more to report than that the file was touched.
    pub(super) fn has_changes(&self) -> bool {
        let is_empty = matches!(&self.how, How::Changed(change) if change.is_empty());
        !is_empty
            || self.renamed_from.is_some()
            || !self.appeared.is_empty()
            || !self.fixed.is_empty()
    }

    pub(super) fn duration(&self, name: DurationName) -> Option<&Duration> {
        self.durations.iter().find(|duration| duration.name == name)
    }
}

/// A file on one side: its contents, or nothing if it cannot be read; `None` if it does not exist.
type Read = Option<Option<Loaded>>;

/// Compares the two states of `range`.
pub(super) fn compared(
    range: &str,
    id: Option<&str>,
    context: &Context,
) -> Result<Comparison, CliError> {
    let workspace = context.workspace()?;
    let history = History::open(&workspace, context.offline)?;
    let (before, after) = history.states(range)?;
    let mut problems = Vec::new();
    let settings = both_settings(&history, (&before, &after), &mut problems)?;
    let settings = (&settings.0, &settings.1);
    let mut differing = history.differing((&before, &after), settings)?;
    let id =
        id.map(|id| only(id, &mut differing, &history, (&before, &after), settings)).transpose()?;

    let mut pairs = read(&history, (&before, &after), settings, &differing)?;
    unite_renamed(&mut pairs);
    if let Some(id) = &id {
        pairs.retain(|pair| is_called(pair, id));
    }
    problems.extend(pairs.iter_mut().flat_map(|pair| std::mem::take(&mut pair.problems)));
    let others = match id {
        Some(_) => Vec::new(),
        None => {
            let paths: Vec<&Path> = differing
                .iter()
                .filter_map(|file| file.after.as_ref())
                .map(|blob| blob.path.as_path())
                .collect();
            let others = history.load_others(&after, settings.1, &paths)?;
            problems.extend(others.problems);
            others.incidents
        }
    };
    let all = |side: fn(&Pair) -> &Read| -> Vec<&Incident> {
        let changed = pairs.iter().filter_map(|pair| side(pair).as_ref()?.as_ref());
        if id.is_some() {
            Vec::new()
        } else {
            others.iter().chain(changed).map(|loaded| &loaded.incident).collect()
        }
    };
    let (all_before, all_after) = (all(|pair| &pair.before), all(|pair| &pair.after));
    let definitions = (&settings.0.definitions, &settings.1.definitions);
    let work = Work {
        context,
        definitions,
        all: (&all_before, &all_after),
        states: (&before, &after),
        now: context.now(),
    };
    let mut diff: Vec<IncidentDiff> = pairs.par_iter().filter_map(|pair| work.diff(pair)).collect();
    diff.sort_by(|a, b| a.id.cmp(&b.id));
    let several = id.is_none() && all_before.len().max(all_after.len()) > 1;
    Ok(Comparison {
        redefined: change::redefined(definitions.0, definitions.1),
        by_definitions: by_definitions(&others, definitions),
        set: several.then(|| {
            change::compare_sets((&all_before, definitions.0), (&all_after, definitions.1))
        }),
        diff,
        problems,
        before,
        after,
    })
}

/// The settings of both states. If one of them cannot be read, the other is used for both.
fn both_settings(
    history: &History,
    states: (&State, &State),
    diff: &mut Vec<Diagnostic>,
) -> Result<(Config, Config), CliError> {
    let mut settings = |state| match history.settings(state) {
        Ok(settings) => Ok(Some(settings)),
        Err(error @ StoreError::Content { .. }) => {
            diff.extend(problems(error));
            Ok(None)
        }
        Err(error) => Err(error),
    };
    let (before, after) = (settings(states.0)?, settings(states.1)?);
    let one = before.clone().or(after.clone()).unwrap_or_default();
    Ok((before.unwrap_or(one.clone()), after.unwrap_or(one)))
}

/// Limits the changed files to those that may be the incident called `name`, and returns its id. If
/// its file did not change, the file itself is returned.
fn only(
    name: &str,
    differing: &mut Vec<Differing>,
    history: &History,
    states: (&State, &State),
    settings: (&Config, &Config),
) -> Result<String, CliError> {
    let files = [history.files(states.0, settings.0)?, history.files(states.1, settings.1)?];
    let id = id_of(name, &files)?;
    let is_it = |blob: &Option<Blob>| blob.as_ref().is_some_and(|blob| id_in(blob) == id);
    let one_sided = |file: &Differing| file.before.is_none() || file.after.is_none();
    match differing.iter().find(|file| is_it(&file.before) || is_it(&file.after)) {
        // It may be a renamed file: removed under one name or added under another.
        Some(found) if one_sided(found) => differing.retain(one_sided),
        Some(_) => differing.retain(|file| is_it(&file.before) || is_it(&file.after)),
        None => {
            let find = |files: Vec<Blob>| files.into_iter().find(|blob| id_in(blob) == id);
            let [before, after] = files;
            *differing = vec![Differing { before: find(before), after: find(after) }];
        }
    }
    Ok(id)
}

/// One incident on both sides.
struct Pair {
    before: Read,
    after: Read,
    /// The ids of the files, which are known even if they cannot be read.
    ids: (Option<String>, Option<String>),
    /// The errors that prevented a side from being read.
    problems: Vec<Diagnostic>,
}

fn is_called(pair: &Pair, id: &str) -> bool {
    pair.ids.0.as_deref() == Some(id) || pair.ids.1.as_deref() == Some(id)
}

/// Reads both sides of the changed files. An error in one file does not affect the others.
fn read(
    history: &History,
    states: (&State, &State),
    settings: (&Config, &Config),
    differing: &[Differing],
) -> Result<Vec<Pair>, CliError> {
    let blobs = |of: fn(&Differing) -> &Option<Blob>| -> Vec<&Blob> {
        differing.iter().filter_map(|file| of(file).as_ref()).collect()
    };
    let mut before = history.load(states.0, settings.0, &blobs(|file| &file.before))?.into_iter();
    let mut after = history.load(states.1, settings.1, &blobs(|file| &file.after))?.into_iter();
    let pair = |file: &Differing| {
        let mut diff = Vec::new();
        let mut read =
            |blob: &Option<Blob>, loaded: &mut dyn Iterator<Item = Result<Loaded, StoreError>>| {
                blob.as_ref()?;
                Some(loaded.next()?.map_err(|error| diff.extend(problems(error))).ok())
            };
        let (before, after) = (read(&file.before, &mut before), read(&file.after, &mut after));
        let ids = (file.before.as_ref().map(id_in), file.after.as_ref().map(id_in));
        Pair { before, after, ids, problems: diff }
    };
    Ok(differing.iter().map(pair).collect())
}

/// If there are more pairs of removed and added files than this, renames are not looked for: a
/// whole history was probably imported.
const MOST_PAIRS: usize = 40_000;

/// Merges a removed and an added file into one renamed incident if both are about the same one.
fn unite_renamed(pairs: &mut Vec<Pair>) {
    let read = |side: &Read| side.as_ref().is_some_and(Option::is_some);
    let is_gone = |pair: &Pair| read(&pair.before) && pair.after.is_none();
    let is_new = |pair: &Pair| read(&pair.after) && pair.before.is_none();
    let (mut gone, rest): (Vec<Pair>, Vec<Pair>) =
        std::mem::take(pairs).into_iter().partition(is_gone);
    let (mut new, rest): (Vec<Pair>, Vec<Pair>) = rest.into_iter().partition(is_new);
    *pairs = rest;
    let is_same: [fn(&Loaded, &Loaded) -> bool; 2] = [
        |old, new| change::same_record(&old.incident, &new.incident),
        |old, new| change::alike(&old.text, &new.text),
    ];
    for is_same in is_same {
        if gone.len() * new.len() > MOST_PAIRS {
            break;
        }
        gone.retain_mut(|old| {
            let found = new.iter().position(|new| match (&old.before, &new.after) {
                (Some(Some(old)), Some(Some(new))) => is_same(old, new),
                _ => false,
            });
            let Some(found) = found else { return true };
            let new = new.swap_remove(found);
            let ids = (old.ids.0.take(), new.ids.1);
            pairs.push(Pair {
                before: old.before.take(),
                after: new.after,
                ids,
                problems: Vec::new(),
            });
            false
        });
    }
    pairs.extend(gone);
    pairs.extend(new);
}

/// What is needed to describe one incident.
struct Work<'a> {
    context: &'a Context,
    definitions: (&'a Definitions, &'a Definitions),
    all: (&'a [&'a Incident], &'a [&'a Incident]),
    states: (&'a State, &'a State),
    now: DateTime<Utc>,
}

impl Work<'_> {
    /// `None` if both files are the same bytes under the same definitions: only the modification
    /// time or the mode differs.
    fn diff(&self, pair: &Pair) -> Option<IncidentDiff> {
        match (&pair.before, &pair.after) {
            (Some(Some(before)), Some(Some(after))) => {
                let is_same = before.text == after.text && pair.ids.0 == pair.ids.1;
                (!is_same || self.definitions.0 != self.definitions.1)
                    .then(|| self.changed(before, after))
            }
            (None, Some(Some(after))) => {
                let mut diff = self.of(after, self.definitions.1, How::Added);
                diff.appeared = self.findings(after, false);
                diff.appeared.retain(|finding| finding.level >= Level::Warning);
                Some(diff)
            }
            (Some(Some(before)), None) => Some(self.of(before, self.definitions.0, How::Removed)),
            (None, None) => None,
            (before, after) => {
                let unreadable = |read: &Read, state: &State| {
                    matches!(read, Some(None)).then(|| state.name.clone())
                };
                let names = [unreadable(before, self.states.0), unreadable(after, self.states.1)];
                Some(IncidentDiff {
                    id: pair.ids.1.clone().or_else(|| pair.ids.0.clone()).unwrap_or_default(),
                    title: String::new(),
                    severity: None,
                    zone: Zone::UTC,
                    renamed_from: None,
                    durations: Vec::new(),
                    how: How::Unreadable(names.into_iter().flatten().collect()),
                    appeared: Vec::new(),
                    fixed: Vec::new(),
                })
            }
        }
    }

    fn changed(&self, before: &Loaded, after: &Loaded) -> IncidentDiff {
        let change = change::compare(
            Side {
                incident: &before.incident,
                definitions: self.definitions.0,
                proven: &before.proven,
            },
            Side {
                incident: &after.incident,
                definitions: self.definitions.1,
                proven: &after.proven,
            },
        );
        let (appeared, fixed) =
            change::compare_findings(&self.findings(before, true), &self.findings(after, false));
        let renamed = before.incident.id != after.incident.id;
        IncidentDiff {
            renamed_from: renamed.then(|| before.incident.id.to_string()),
            appeared,
            fixed,
            ..self.of(after, self.definitions.1, How::Changed(change))
        }
    }

    fn of(&self, loaded: &Loaded, definitions: &Definitions, how: How) -> IncidentDiff {
        let incident = &loaded.incident;
        IncidentDiff {
            id: incident.id.to_string(),
            title: incident.title.clone(),
            severity: incident.severity.clone(),
            zone: self.context.zone.unwrap_or_else(|| incident.zone()),
            renamed_from: None,
            durations: phases::durations(incident, definitions, None),
            how,
            appeared: Vec::new(),
            fixed: Vec::new(),
        }
    }

    /// The findings, evaluated at the same current time on both sides, so that the passing of time
    /// is not a change.
    fn findings(&self, loaded: &Loaded, before: bool) -> Vec<Finding> {
        let (definitions, all) = if before {
            (self.definitions.0, self.all.0)
        } else {
            (self.definitions.1, self.all.1)
        };
        rules::check(&rules::Context::new(&loaded.incident, definitions, all, Some(self.now)))
    }
}

/// The durations of unchanged incidents that differ under the new definitions.
fn by_definitions(
    others: &[Loaded],
    definitions: (&Definitions, &Definitions),
) -> Vec<(DurationName, Vec<String>)> {
    if definitions.0 == definitions.1 {
        return Vec::new();
    }
    let moved: Vec<(DurationName, String)> = others
        .par_iter()
        .flat_map_iter(|loaded| {
            let side = |definitions| Side {
                incident: &loaded.incident,
                definitions,
                proven: &loaded.proven,
            };
            let change = change::moved_durations(side(definitions.0), side(definitions.1));
            change.into_iter().map(|name| (name, loaded.incident.id.to_string()))
        })
        .collect();
    let names = DurationName::ALL.iter().map(|&name| {
        let ids = moved.iter().filter(|(moved, _)| *moved == name).map(|(_, id)| id.clone());
        (name, ids.collect::<Vec<_>>())
    });
    names.filter(|(_, ids)| !ids.is_empty()).collect()
}
