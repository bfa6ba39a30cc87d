//! The number of findings per rule.

use std::collections::BTreeMap;

use super::format::Format;
use super::leaks::{LEAK_ABOUT, LEAK_RULE};
use super::placed::{FILE_RULE, Placed};
use crate::analysis::rules::REGISTRY;
use crate::cli::answer::{versioned, write_json};
use crate::cli::error::CliError;
use crate::cli::table::{Column, Table};
use crate::cli::terminal::Terminal;
use crate::diag::{Diagnostic, Level};

const COLUMNS: [Column; 4] = [
    Column::new("count").number(),
    Column::new("level"),
    Column::new("rule"),
    Column::new("finds").cut(),
];

/// A rule with findings.
struct Count {
    rule: &'static str,
    /// The worst level of its findings.
    level: Level,
    count: usize,
}

pub(super) fn write(
    placed: &[Placed],
    format: Format,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let counts = counts(placed);
    match format {
        Format::Human => {
            let row = |one: &Count| {
                vec![
                    one.count.to_string(),
                    one.level.as_str().to_owned(),
                    one.rule.to_owned(),
                    about(one.rule).to_owned(),
                ]
            };
            terminal.page();
            Table::new(COLUMNS, counts.iter().map(row)).write(terminal)
        }
        Format::Json => {
            let json = |one: &Count| serde_json::json!({ "rule": one.rule, "level": one.level.as_str(), "count": one.count });
            write_json(terminal, &versioned("rules", counts.iter().map(json).collect()))
        }
        Format::Sarif | Format::Github => {
            let problem = Diagnostic::error("--statistics prints only a table or JSON");
            Err(CliError::usage(problem.hint("leave out --format, or write --format json")))
        }
    }
}

/// The rules with findings, most findings first.
fn counts(placed: &[Placed]) -> Vec<Count> {
    let mut by_rule: BTreeMap<&'static str, (Level, usize)> = BTreeMap::new();
    for finding in placed {
        let (level, count) = by_rule.entry(finding.rule).or_insert((finding.level, 0));
        *level = finding.level.max(*level);
        *count += 1;
    }
    let mut counts: Vec<Count> =
        by_rule.into_iter().map(|(rule, (level, count))| Count { rule, level, count }).collect();
    counts.sort_by_key(|one| std::cmp::Reverse(one.count));
    counts
}

fn about(rule: &str) -> &'static str {
    let known = REGISTRY.iter().find(|known| known.id() == rule);
    known.map_or(
        match rule {
            FILE_RULE => "a file that cannot be read as an incident",
            LEAK_RULE => LEAK_ABOUT,
            _ => "",
        },
        |known| known.about(),
    )
}
