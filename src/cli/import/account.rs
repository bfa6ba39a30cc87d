//! Imports a whole account of a paging system through its API.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::args::Args;
use super::opened::Opened;
use super::pages::unfetched;
use super::read::{ReadEvent, ReadInput, ReadSettings, events_of, read as read_one};
use super::{evidence, status_page};
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::filter::Period;
use crate::cli::remote;
use crate::cli::terminal::Terminal;
use crate::diag::Diagnostic;
use crate::fetch::{ApiAccess, Fetcher};
use crate::sources::accounts::{Account, Item};
use crate::sources::record::Record;
use crate::sources::{Input, by_id};
use crate::text::counted;

/// The maximum number of pages of a list, in case a server always names a next one.
const MOST_PAGES: usize = 1_000;

/// Imports everything in the account between `--since` and `--until`.
pub(super) fn run(
    account: &'static dyn Account,
    args: &Args,
    period: Period,
    settings: &ReadSettings,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let Some(since) = period.since else {
        let problem = Diagnostic::error("--from needs --since");
        return Err(CliError::usage(problem.hint("for example --since 2026-01 or --since 90d")));
    };
    let until = period.until.unwrap_or(context.now()).min(context.now());
    let pull = Pull {
        account,
        address: args.api.as_deref().unwrap_or(account.address()).trim_end_matches('/').to_owned(),
        fetcher: remote::fetcher(context).for_api(ApiAccess {
            authorization: Some(account.authorization(&token(account)?)),
            accept: account.accept(),
        }),
        settings: ReadSettings { is_stored: true, ..settings.clone() },
        now: context.now(),
    };
    let mut done = Done::default();
    for paths in account.lists(since, until) {
        let mut items = Vec::new();
        for path in paths {
            let listed = pull.all(&path)?;
            done.expected += listed.total.unwrap_or(listed.items.len() as u64);
            done.listed += listed.items.len() as u64;
            items.extend(listed.items);
        }
        // An item at the boundary of two windows is in the lists of both.
        let mut seen = BTreeSet::new();
        items.retain(|item| {
            account
                .item(item)
                .is_some_and(|item| !done.children.contains(&item.id) && seen.insert(item.id))
        });
        pull.import(&items, &mut done, args, context, terminal)?;
    }
    done.report(terminal)
}

/// The token of the account. It comes only from the environment, because arguments end up in the
/// shell's history.
fn token(account: &dyn Account) -> Result<String, CliError> {
    let variable = account.token_variable();
    #[expect(clippy::disallowed_methods, reason = "a secret comes from the environment")]
    let token = std::env::var(variable).unwrap_or_default();
    if token.trim().is_empty() || token.chars().any(char::is_control) {
        let problem = Diagnostic::error(format!("{variable} is not set or is not a valid token"));
        return Err(CliError::usage(
            problem.hint("set this environment variable to a token with read access to incidents"),
        ));
    }
    Ok(token.trim().to_owned())
}

/// The result of an import.
#[derive(Default)]
struct Done {
    /// The number of items by the server's count, and the number that its lists returned.
    expected: u64,
    listed: u64,
    imported: usize,
    unchanged: usize,
    failed: usize,
    /// The ids of items that belong to an incident and are not imported as incidents of their own.
    children: BTreeSet<String>,
}

impl Done {
    fn report(self, terminal: &mut Terminal) -> Result<Exit, CliError> {
        terminal.talk(&format!(
            "{} imported, {} unchanged since the last time, {} failed",
            counted(self.imported, "incident"),
            self.unchanged,
            self.failed
        ))?;
        let mut exit = Exit::Fine;
        if self.failed > 0 {
            exit = Exit::Failed;
            let problem =
                Diagnostic::warning(format!("{} not imported", counted(self.failed, "incident")));
            terminal.report(&problem.hint("run the same command again to import the rest"))?;
        }
        if self.listed != self.expected {
            exit = Exit::Failed;
            let problem = Diagnostic::warning(format!(
                "the lists gave {} of {} items that the server counts",
                self.listed, self.expected
            ));
            terminal.report(&problem.hint("run the same command again to import the rest"))?;
        }
        Ok(exit)
    }
}

/// The incident files by the ids of their items, each with the time at which its newest evidence
/// was fetched.
type Files = BTreeMap<String, (String, Option<DateTime<Utc>>)>;

struct Listed {
    items: Vec<Value>,
    total: Option<u64>,
}

struct Pull {
    account: &'static dyn Account,
    address: String,
    fetcher: Fetcher,
    settings: ReadSettings,
    now: DateTime<Utc>,
}

impl Pull {
    /// All pages of a list.
    fn all(&self, path: &str) -> Result<Listed, CliError> {
        let mut listed = Listed { items: Vec::new(), total: None };
        let mut next = Some(path.to_owned());
        for _ in 0..MOST_PAGES {
            let Some(path) = next.take() else { return Ok(listed) };
            let page = self.account.page(&path, &self.answer(&path)?);
            listed.items.extend(page.items);
            listed.total = page.total.or(listed.total);
            next = page.next.filter(|next| *next != path);
        }
        let problem = Diagnostic::error(format!("{path} has more than {MOST_PAGES} pages"));
        Err(CliError::failed(problem.hint("import less at once: --since and --until")))
    }

    fn answer(&self, path: &str) -> Result<Value, CliError> {
        // The next page must be on the same server, because the token must not be sent elsewhere.
        let url = match path.strip_prefix(&self.address) {
            Some(path) => format!("{}{path}", self.address),
            None if path.starts_with('/') => format!("{}{path}", self.address),
            None => {
                let problem = Diagnostic::error("the next page is on another server");
                return Err(CliError::failed(problem));
            }
        };
        let fetched = self.fetcher.get(&url).map_err(|error| unfetched(&error, false))?;
        serde_json::from_slice(&fetched.input.bytes).map_err(|_| {
            let message = format!("{} did not answer with JSON", fetched.input.name);
            CliError::failed(Diagnostic::error(message))
        })
    }

    /// Creates a file for each item without one, and adds the evidence of each item to its file.
    fn import(
        &self,
        items: &[Value],
        done: &mut Done,
        args: &Args,
        context: &Context,
        terminal: &mut Terminal,
    ) -> Result<(), CliError> {
        let known = self.create(items, args, context, terminal)?;
        for item in items {
            let Some(about) = self.account.item(item) else { continue };
            let Some((file, stored)) = known.get(&about.id) else { continue };
            let outcome = self.complete(item, &about, file, *stored, done, args, context, terminal);
            match outcome {
                Ok(true) => done.imported += 1,
                Ok(false) => done.unchanged += 1,
                Err(CliError::Reported(_, problems)) => {
                    done.failed += 1;
                    problems.iter().try_for_each(|problem| terminal.report(problem))?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The files of the items, by id, each with the time at which its newest evidence was fetched.
    /// In a dry run, only existing files.
    fn create(
        &self,
        items: &[Value],
        args: &Args,
        context: &Context,
        terminal: &mut Terminal,
    ) -> Result<Files, CliError> {
        let Some(source) = by_id(self.account.format()) else { return Ok(BTreeMap::new()) };
        let records =
            items.iter().filter_map(|item| self.account.incident(item)).map(Record::Incident);
        let read = ReadInput {
            input: Input {
                url: Some(self.address.clone()),
                retrieved_at: Some(self.now),
                ..Input::new(self.address.clone(), Vec::new())
            },
            source,
            records: records.collect(),
            zone: None,
            masked: Vec::new(),
        };
        let mut opened = Opened::new(args, context, terminal)?;
        if !read.records.is_empty() {
            status_page::run(&[&read], args, Period::default(), context, terminal, &mut opened)?;
        }
        opened.load()?;
        let mut known = BTreeMap::new();
        for file in &opened.incidents {
            let own = || {
                let sources = file.incident.sources.values();
                sources.filter(|source| source.format.as_deref() == Some(self.account.format()))
            };
            let stored = own().filter(|source| source.sha256.is_some());
            let stored = stored.filter_map(|source| source.retrieved_at).max();
            for id in own().filter_map(|source| source.record.clone()) {
                known.insert(id, (file.incident.id.to_string(), stored));
            }
        }
        Ok(known)
    }

    /// Adds the evidence of the item to its file; `false` if the file is up to date.
    #[allow(clippy::too_many_arguments, reason = "the item with what is known of it, and the call")]
    fn complete(
        &self,
        item: &Value,
        about: &Item,
        file: &str,
        stored: Option<DateTime<Utc>>,
        done: &mut Done,
        args: &Args,
        context: &Context,
        terminal: &mut Terminal,
    ) -> Result<bool, CliError> {
        let mut children = Vec::new();
        if let Some(path) = self.account.children(item) {
            let listed = self.all(&path)?;
            let ids = listed.items.iter();
            children = ids.filter_map(|id| Some(id.as_str()?.to_owned())).collect();
            done.children.extend(children.iter().cloned());
        }
        let is_whole = about.is_over
            && !args.update
            && about.changed.zip(stored).is_some_and(|(changed, stored)| stored > changed);
        if is_whole || args.dry_run {
            return Ok(false);
        }
        let mut inputs = vec![self.document(item, &about.id, terminal)?];
        for id in children {
            let Some(path) = self.account.child(&id) else { continue };
            for child in self.all(&path)?.items {
                inputs.push(self.document(&child, &id, terminal)?);
            }
        }
        evidence::run(file, &inputs, args, Period::default(), context, terminal)?;
        Ok(true)
    }

    /// Fetches and reads the document of an item.
    fn document(
        &self,
        item: &Value,
        id: &str,
        terminal: &mut Terminal,
    ) -> Result<ReadInput, CliError> {
        let mut parts = Vec::new();
        for part in self.account.parts(item) {
            parts.push((part.key, self.all(&part.path)?.items));
        }
        let document = self.account.document(item, parts);
        let bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
        let input = Input {
            url: Some(self.address.clone()),
            retrieved_at: Some(self.now),
            ..Input::new(format!("{}-{id}.json", self.account.id()), bytes)
        };
        let settings = ReadSettings {
            format: Some(self.account.format().to_owned()),
            ..self.settings.clone()
        };
        let (one, warnings) = read_one(input, &settings, false)?;
        for event in events_of(one, warnings, &settings) {
            match event {
                ReadEvent::Report(problem) => terminal.report(&problem)?,
                // An API sends no reports.
                ReadEvent::More(_) | ReadEvent::Carried(_) => {}
                ReadEvent::Missed(error) => return Err(error),
                ReadEvent::Read(read) => return Ok(read),
            }
        }
        Err(CliError::bad_input(Diagnostic::error(format!("{id}: nothing in it could be read"))))
    }
}
