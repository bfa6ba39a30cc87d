//! The log of the repository, one commit per line: its hash, time and subject, separated by tabs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::health::{health, level, outage};
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::record::{IncidentRecord, UpdateRecord};
use crate::sources::source::ReadError;
use crate::sources::status::kit::api;
use crate::sources::status::kit::checks::{Health, Run, runs};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// `🟥 Example API is down (502 in 457 ms) [skip ci] [upptime]`; the sign may be any other.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[^\w\s(]+\s+)?(.+) is (up|down|degraded)(?: performance)? \(\d+ in \d+ ms\)")
        .expect("a pattern that is tested")
});

/// The suffix of the subject for machines.
const TAGS: [&str; 2] = ["[upptime]", "[skip ci]"];

/// A commit with the state of a service.
struct Commit<'a> {
    line: &'a str,
    hash: &'a str,
    at: Moment,
    service: String,
    health: Health,
    subject: &'a str,
}

/// The parts of a line: hash, time and subject.
fn parts(line: &str) -> Option<(&str, &str, &str)> {
    let mut parts = line.splitn(3, '\t');
    let hash = parts.next()?;
    let is_hash =
        (7..=64).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some((hash, parts.next()?, parts.next()?))
}

/// Whether a text begins as such a log.
pub(super) fn is_log(head: &str) -> bool {
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().and_then(parts);
    first.is_some()
        && head
            .lines()
            .filter_map(parts)
            .any(|(_, _, subject)| SUBJECT.is_match(subject) || subject.contains(TAGS[0]))
}

/// Reads the outages of all services, in the order of their start.
pub(super) fn read(
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Result<Vec<IncidentRecord>, ReadError> {
    let mut services: BTreeMap<String, Vec<Commit<'_>>> = BTreeMap::new();
    let mut has_line = false;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let Some((hash, time, subject)) = parts(line) else {
            warnings.about(
                line,
                "this line is not a commit: a hash, a time and a subject, with tabs between them",
            );
            continue;
        };
        has_line = true;
        // The repository has commits of other kinds.
        let Some(found) = SUBJECT.captures(subject) else { continue };
        let Some(health) = health(&found[2]) else { continue };
        match warnings.time(time) {
            Ok(at) => {
                let service = clean_line(&found[1]);
                services.entry(service.clone()).or_default().push(Commit {
                    line,
                    hash,
                    at,
                    service,
                    health,
                    subject,
                });
            }
            Err(error) => warnings.about(line, format!("this commit was left out: {error}")),
        }
    }
    if !has_line {
        let mut error = ReadError::new(
            "no line is a commit: a hash, a time and a subject, with tabs between them",
        );
        error.hint = Some("write it with git log --format='%H%x09%cI%x09%s'".to_owned());
        return Err(error);
    }
    let mut outages: Vec<(Moment, IncidentRecord)> = Vec::new();
    for mut commits in services.into_values() {
        // Git lists the newest first by default, and its order decides within a second.
        if commits.first().map(|first| first.at) > commits.last().map(|last| last.at) {
            commits.reverse();
        }
        commits.sort_by_key(|commit| commit.at);
        let checks: Vec<Health> = commits.iter().map(|commit| commit.health).collect();
        outages.extend(runs(&checks).into_iter().map(|run| record(&commits, &run, warnings)));
    }
    outages.sort_by_key(|(at, _)| *at);
    Ok(outages.into_iter().map(|(_, record)| record).collect())
}

fn record(
    commits: &[Commit<'_>],
    run: &Run,
    warnings: &mut Warnings<'_>,
) -> (Moment, IncidentRecord) {
    let down = &commits[run.checks.clone()];
    let first = &down[0];
    let worst = down.iter().map(|commit| commit.health).max().unwrap_or(Health::Down);
    if run.before.is_none() {
        // A service that stays down is committed again from time to time.
        let message = format!(
            "{} is not up before this in the log: when it went down is unknown",
            first.service
        );
        warnings.about(first.line, message);
    }
    let seen = run.before.map(|_| first.at);
    let after = run.after.map(|index| &commits[index]);
    let mut updates: Vec<UpdateRecord> = down.iter().chain(after).map(update).collect();
    if let (Some(_), Some(last)) = (after, updates.last_mut()) {
        last.state = Some(State::Resolved);
    }
    let record = IncidentRecord {
        impact_start: seen.map(Moment::approximate),
        impact_end: after.map(|commit| commit.at.approximate()),
        announced: seen,
        resolved: after.map(|commit| commit.at),
        state: after.map(|_| State::Resolved),
        updates,
        ..outage(first.hash.to_owned(), &first.service, worst)
    };
    (first.at, record)
}

fn update(commit: &Commit<'_>) -> UpdateRecord {
    let mut text = commit.subject.trim();
    while let Some(rest) = TAGS.iter().find_map(|tag| text.strip_suffix(tag)) {
        text = rest.trim_end();
    }
    UpdateRecord {
        components: vec![(commit.service.clone(), level(commit.health))],
        ..api::post(commit.hash.to_owned(), commit.at, clean_markdown(text, TextKind::Plain))
    }
}
