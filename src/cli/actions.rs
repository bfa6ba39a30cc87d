//! `posthoc actions`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::answer::{Answer, Form};
use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::reports;
use super::table::{Column, Table};
use super::terminal::Terminal;
use crate::model::Incident;
use crate::model::action::{ActionItem, ActionStatus};
use crate::text::counted;

/// List the follow-ups of all incidents: which are open, which are overdue, and how old they are
///
/// What is overdue comes first, then what is open by its due date, then the rest. A follow-up is as
/// old as its incident. Below the table are the open ones by owner and by service.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    /// Only what is open or in progress
    #[arg(long)]
    open: bool,
    /// Only what is open although its day has passed
    #[arg(long)]
    overdue: bool,
    /// Only those of this owner; `none` for those without one
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    #[command(flatten)]
    answer: Answer,
}

/// A follow-up with its incident.
struct FollowUp<'a> {
    incident: &'a Incident,
    item: &'a ActionItem,
    /// Days since the incident; `None` where nobody knows when it was.
    age: Option<i64>,
    /// Days since the day by which it should have been done; `None` where it is in time, done, or
    /// without one.
    overdue: Option<i64>,
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let selection = args.filters.select(&workspace, context, terminal)?;
    let exit = reports::report_problems(&selection.chosen, terminal)?;
    let mut found: Vec<FollowUp> = selection
        .incidents()
        .flat_map(|incident| incident.action_items.iter().map(move |item| (incident, item)))
        .map(|(incident, item)| FollowUp::new(incident, item, context))
        .filter(|one| args.wants(one))
        .collect();
    found.sort_by_key(|one| {
        let is_closed = !one.item.is_open();
        let due = one.item.due.unwrap_or(NaiveDate::MAX);
        (is_closed, due, one.incident.id.clone())
    });
    if found.is_empty() && args.answer.form() != Form::Json {
        terminal.talk("no follow-up fits")?;
        return Ok(exit);
    }
    let table = || Table::new(COLUMNS, found.iter().map(FollowUp::row));
    args.answer.write(terminal, table, "actions", || found.iter().map(FollowUp::json).collect())?;
    if args.answer.form() == Form::Table {
        terminal.line("")?;
        for line in summary(&found) {
            terminal.paragraph(&super::terminal::clean_line(&line))?;
        }
    }
    Ok(exit)
}

const COLUMNS: [Column; 7] = [
    Column::new("incident"),
    Column::new("action").optional(3),
    Column::new("text").cut(),
    Column::new("owner").optional(1),
    Column::new("due").optional(2),
    Column::new("age").number().optional(4),
    Column::new("status"),
];

impl Args {
    fn wants(&self, one: &FollowUp) -> bool {
        let owner = one.item.owner.as_deref().unwrap_or("none");
        (!self.open || one.item.is_open())
            && (!self.overdue || one.overdue.is_some())
            && self.owner.as_ref().is_none_or(|asked| asked.eq_ignore_ascii_case(owner.trim()))
    }
}

impl<'a> FollowUp<'a> {
    fn new(incident: &'a Incident, item: &'a ActionItem, context: &Context) -> Self {
        let zone = context.zone.unwrap_or_else(|| incident.zone());
        let today = zone.local(context.now()).date_naive();
        let age = incident.occurred().map(|at| (context.now() - at.middle()).num_days().max(0));
        let due = item.due.filter(|&due| item.is_open() && due < today);
        FollowUp { incident, item, age, overdue: due.map(|due| (today - due).num_days()) }
    }

    fn status(&self) -> String {
        match (self.overdue, self.item.status) {
            (Some(days), _) => {
                format!("overdue by {}", counted(usize::try_from(days).unwrap_or(0), "day"))
            }
            (None, status) => status.unwrap_or(ActionStatus::Open).as_str().replace('_', " "),
        }
    }

    fn row(&self) -> Vec<String> {
        let ActionItem { id, text, owner, due, .. } = self.item;
        vec![
            self.incident.id.to_string(),
            id.clone().unwrap_or_default(),
            text.clone(),
            owner.clone().unwrap_or_default(),
            due.map_or_else(String::new, |due| due.to_string()),
            self.age.map_or_else(String::new, |days| format!("{days} d")),
            self.status(),
        ]
    }

    fn json(&self) -> Value {
        let ActionItem { id, text, kind, owner, priority, due, ticket, status, .. } = self.item;
        json!({
            "incident": self.incident.id, "severity": self.incident.severity, "services": self.incident.services,
            "id": id, "text": text, "type": kind, "owner": owner, "priority": priority, "due": due,
            "ticket": ticket, "status": status, "open": self.item.is_open(),
            "age_days": self.age, "overdue_days": self.overdue,
        })
    }
}

/// How many are open and overdue: altogether, by owner, and by service.
fn summary(all: &[FollowUp]) -> Vec<String> {
    let open: Vec<&FollowUp> = all.iter().filter(|one| one.item.is_open()).collect();
    let overdue = |list: &[&FollowUp]| list.iter().filter(|one| one.overdue.is_some()).count();
    let oldest = open.iter().filter_map(|one| one.age).max();
    let oldest =
        oldest.map_or_else(String::new, |days| format!("; the oldest open one is {days} d old"));
    let mut lines = vec![format!(
        "{}: {} open, {} of them overdue{oldest}",
        counted(all.len(), "follow-up"),
        open.len(),
        overdue(&open)
    )];
    let by = |name: &str, keys: fn(&FollowUp) -> Vec<String>| {
        let mut groups: BTreeMap<String, Vec<&FollowUp>> = BTreeMap::new();
        for &one in &open {
            for key in keys(one) {
                groups.entry(key).or_default().push(one);
            }
        }
        let mut groups: Vec<(String, Vec<&FollowUp>)> = groups.into_iter().collect();
        groups.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
        let part = |(key, list): &(String, Vec<&FollowUp>)| match overdue(list) {
            0 => format!("{key} {}", list.len()),
            late => format!("{key} {} ({late} overdue)", list.len()),
        };
        let parts: Vec<String> = groups.iter().map(part).collect();
        (!parts.is_empty()).then(|| format!("open by {name}: {}", parts.join(", ")))
    };
    lines.extend(by("owner", |one| {
        vec![one.item.owner.clone().unwrap_or_else(|| "nobody".to_owned())]
    }));
    lines.extend(by("service", |one| match one.incident.services.as_slice() {
        [] => vec!["no service".to_owned()],
        services => services.to_vec(),
    }));
    lines
}
