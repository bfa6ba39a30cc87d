//! Nagios, Icinga 1 and Naemon: the log of the core.
//!
//! <https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/>. A timestamp is seconds
//! since 1970, or a local time into which some tool converted it. A problem is SOFT until several
//! consecutive checks confirm it, and nobody is notified before it is HARD. The first SOFT state of
//! a problem that became HARD is the detection; a problem that never did is noise. `CURRENT SERVICE
//! STATE` repeats known states at each log rotation.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::kit::{Change, Log, Step};
use crate::diag::Warned;
use crate::model::time::Moment;
use crate::sources::input::Input;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;
use crate::text::counted;

pub(crate) struct Nagios;

/// `[1482160980] SERVICE ALERT: host;service;…`.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\[(\d{9,11}|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\] ([A-Z][A-Z ]+[A-Z]): (.*)$")
        .expect("valid built-in regex")
});

const KINDS: [&str; 7] = [
    "SERVICE ALERT",
    "HOST ALERT",
    "SERVICE NOTIFICATION",
    "HOST NOTIFICATION",
    "EXTERNAL COMMAND",
    "CURRENT SERVICE STATE",
    "CURRENT HOST STATE",
];

impl Reader for Nagios {
    fn about(&self) -> About {
        About {
            id: "nagios-alerts",
            about: "Nagios, Icinga 1, Naemon: the log of the core (nagios.log)",
            written_from: WrittenFrom::Captures,
        }
    }

    fn sniff(&self, _: &Input, head: &str) -> Verdict {
        let is_known =
            |line: &str| LINE.captures(line).is_some_and(|found| KINDS.contains(&&found[2]));
        match head.lines().any(is_known) {
            true => Verdict::Yes,
            false => Verdict::No("not a log of alerts"),
        }
    }

    fn read<'a>(
        &self,
        text: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let mut log = Log::new(warnings, "Nagios");
        let mut problems = Problems::default();
        for line in text.body().lines() {
            let Some(found) = LINE.captures(line.trim_end()) else { continue };
            log.next(line);
            let kind = found.get(2).map_or("", |part| part.as_str());
            let rest = found.get(3).map_or("", |part| part.as_str());
            let is_wanted = KINDS[..5].contains(&kind)
                || kind.ends_with("FLAPPING ALERT")
                || kind.ends_with("DOWNTIME ALERT");
            if !is_wanted {
                continue;
            }
            let at = log.intake().written(&found[1], "the time of this line", None);
            match kind {
                "SERVICE ALERT" => {
                    let parts: Vec<&str> = rest.splitn(6, ';').collect();
                    if let [host, service, state, hardness, _, output] = parts[..] {
                        problems
                            .state(State { host, service, state, hardness, output, at }, &mut log);
                    }
                }
                "HOST ALERT" => {
                    let parts: Vec<&str> = rest.splitn(5, ';').collect();
                    if let [host, state, hardness, _, output] = parts[..] {
                        problems.state(
                            State { host, service: "", state, hardness, output, at },
                            &mut log,
                        );
                    }
                }
                "EXTERNAL COMMAND" => command(rest, at, &mut log),
                kind if kind.ends_with("FLAPPING ALERT") || kind.ends_with("DOWNTIME ALERT") => {
                    let parts: Vec<&str> =
                        rest.splitn(if kind.starts_with("SERVICE") { 4 } else { 3 }, ';').collect();
                    if let [host, .., message] = parts[..] {
                        let service = if parts.len() == 4 { parts[1] } else { "" };
                        let what = kind.to_lowercase().replace(" alert", "");
                        log.add(
                            named(host, service, Change::Noted, at)
                                .with_text([format!("{what}: {message}").into()]),
                        );
                    }
                }
                // Notifications follow from the other lines.
                _ => {}
            }
        }
        let noise = problems.finish(&mut log);
        if noise > 0 {
            log.intake().say(crate::diag::Diagnostic::note(format!(
                "{} went away before the checks confirmed it (SOFT): left out",
                counted(noise, "problem")
            )));
        }
        log.finish()
    }
}

/// A line about the state of a host or of a service.
struct State<'a> {
    host: &'a str,
    service: &'a str,
    state: &'a str,
    hardness: &'a str,
    output: &'a str,
    at: Option<Moment>,
}

fn named(host: &str, service: &str, change: Change, at: Option<Moment>) -> Step<'static> {
    let (host, service) = (clean_line(host), clean_line(service));
    let title = if service.is_empty() { host.clone() } else { format!("{service} on {host}") };
    Step::of(format!("{host};{service}"), change, at).titled(Some(title.into()))
}

/// Problems that are not confirmed yet, by host and service.
#[derive(Default)]
struct Problems {
    soft: BTreeMap<String, Step<'static>>,
    noise: usize,
}

impl Problems {
    fn state(&mut self, state: State<'_>, log: &mut Log<'_>) {
        let is_well = matches!(state.state, "OK" | "UP" | "RECOVERY");
        let is_hard = state.hardness == "HARD";
        let change = match (is_well, is_hard) {
            (true, _) => Change::Cleared,
            (false, true) => Change::Fired,
            (false, false) => Change::Suspected,
        };
        let step = named(state.host, state.service, change, state.at)
            .with_text([state.output.to_owned().into()]);
        let step =
            if is_well { step } else { step.graded(Some(state.state.to_lowercase().into())) };
        let key = step.alert.to_string();
        match (is_well, is_hard) {
            // It went away by itself, and nobody was notified.
            (true, false) => self.noise += usize::from(self.soft.remove(&key).is_some()),
            (true, true) => {
                self.soft.remove(&key);
                log.add(step);
            }
            (false, true) => {
                if let Some(first) = self.soft.remove(&key) {
                    log.add(first);
                }
                log.add(step);
            }
            (false, false) => {
                // Later attempts only repeat the first.
                self.soft.entry(key).or_insert(step);
            }
        }
    }

    /// Problems at the end of the log are open, and may be real.
    fn finish(self, log: &mut Log<'_>) -> usize {
        self.soft.into_values().for_each(|step| log.add(step));
        self.noise
    }
}

/// `ACKNOWLEDGE_SVC_PROBLEM;host;service;sticky;notify;persistent;author;comment` and similar
/// commands.
fn command(rest: &str, at: Option<Moment>, log: &mut Log<'_>) {
    let (command, arguments) = rest.split_once(';').unwrap_or((rest, ""));
    let is_service = command.contains("SVC");
    let head = if is_service { 2 } else { 1 };
    let (change, before_author) = match command {
        "ACKNOWLEDGE_SVC_PROBLEM" | "ACKNOWLEDGE_HOST_PROBLEM" => (Change::Acknowledged, head + 3),
        "REMOVE_SVC_ACKNOWLEDGEMENT" | "REMOVE_HOST_ACKNOWLEDGEMENT" => {
            (Change::Unacknowledged, usize::MAX - 2)
        }
        "ADD_SVC_COMMENT" | "ADD_HOST_COMMENT" => (Change::Noted, head + 1),
        "SCHEDULE_SVC_DOWNTIME" | "SCHEDULE_HOST_DOWNTIME" => (Change::Muted, head + 5),
        "DISABLE_SVC_NOTIFICATIONS" | "DISABLE_HOST_NOTIFICATIONS" => {
            (Change::Muted, usize::MAX - 2)
        }
        // Requested checks, submitted results and similar lines are not worth an entry.
        _ => return,
    };
    let parts: Vec<&str> = arguments.splitn(before_author.saturating_add(2).min(16), ';').collect();
    let host = parts.first().copied().unwrap_or_default();
    let service = if is_service { parts.get(1).copied().unwrap_or_default() } else { "" };
    let text =
        |at: usize| parts.get(at).map(|text| clean_line(text)).filter(|text| !text.is_empty());
    let author = text(before_author).map(Into::into);
    let comment = text(before_author.saturating_add(1)).map(Into::into);
    log.add(named(host, service, change, at).by(author).with_text(comment));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn first_soft_state_is_the_detection() {
        let text = "[1772359000] CURRENT SERVICE STATE: web-1;HTTP;CRITICAL;HARD;3;down\n\
            [1772359100] SERVICE ALERT: web-1;PING;WARNING;SOFT;1;slow\n\
            [1772359160] SERVICE ALERT: web-1;PING;OK;SOFT;2;fine\n\
            [1772359200] SERVICE ALERT: web-1;HTTP;CRITICAL;SOFT;1;refused; <b>now</b>\n\
            [1772359260] SERVICE ALERT: web-1;HTTP;CRITICAL;SOFT;2;refused\n\
            [1772359320] SERVICE ALERT: web-1;HTTP;CRITICAL;HARD;3;refused\n\
            [1772359320] SERVICE NOTIFICATION: ops;web-1;HTTP;CRITICAL;mail;refused\n\
            [1772359380] EXTERNAL COMMAND: ACKNOWLEDGE_SVC_PROBLEM;web-1;HTTP;2;1;0;ana;on it; really\n\
            [1772359800] SERVICE ALERT: web-1;HTTP;OK;HARD;3;HTTP OK\n\
            [1772359900] HOST ALERT: db-1;DOWN;HARD;1;no answer\n";
        assert!(sniffs(&Nagios, text));
        insta::assert_snapshot!(read(&Nagios, text), @r"
        2026-03-01T10:00:00Z alert [Nagios] **HTTP on web-1** failed a first check (critical): refused; \<b>now\</b> → detected_at
        2026-03-01T10:02:00Z alert [Nagios] **HTTP on web-1** fired (critical): refused → detected_at
        2026-03-01T10:03:00Z action [ana] **HTTP on web-1** was acknowledged by ana (critical): on it; really → acknowledged_at
        2026-03-01T10:10:00Z alert [Nagios] **HTTP on web-1** cleared (critical): HTTP OK
        2026-03-01T10:11:40Z alert [Nagios] **db-1** fired (down): no answer → detected_at
        alerts.json:1:1: note: 1 problem went away before the checks confirmed it (SOFT): left out
        ");
        let local = "[Sun Mar  1 10:00:00 2026] HOST ALERT: db-1;DOWN;HARD;1;no answer\n";
        assert!(sniffs(&Nagios, local));
        insta::assert_snapshot!(read(&Nagios, local), @"error: its times name no zone: `Sun Mar 1 10:00:00 2026` (say which clock they are of: --zone UTC, or --zone Europe/Berlin)");
    }
}
