//! Upptime, a monitor in a GitHub repository: its git log, its `history/*.yml`, its issues.
//!
//! - **The log** is the record: `git log --format='%H%x09%cI%x09%s'`. A commit says that a service
//!   is down, degraded or up (`commitMessages.statusChange` in `src/update.ts` of
//!   `uptime-monitor`, and captures). Two consecutive ones bound an outage.
//! - **`history/SLUG.yml`** is the current state. Its `startTime` is when monitoring began, so the
//!   start of an outage is unknown.
//! - **Issues**, from documentation: labels `status` and the slug, opened when a service went down
//!   and closed when it came back; a maintenance is an issue with the label `maintenance` and an
//!   HTML comment (<https://upptime.js.org/docs/scheduled-maintenance>).
//! - **`summary.json`** has minutes of downtime per day, but no times: it is refused.
//!
//! In every format a time is that of a check. The change came up to one check interval earlier,
//! five minutes by default, or more if GitHub was slow; so the times of the impact are approximate.

mod health;
mod issues;
mod log;
mod service_file;

use crate::diag::{Diagnostic, Warned};
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::JsonHead;
use crate::sources::record::Record;
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::warnings::Warnings;

pub(crate) struct Upptime;

impl Source for Upptime {
    fn id(&self) -> &'static str {
        "upptime-monitor"
    }

    fn severities(&self) -> SeverityWords {
        health::SEVERITIES
    }

    fn about(&self) -> &'static str {
        "Upptime: `git log --format='%H%x09%cI%x09%s'`, a history/*.yml; its issues as JSON (from documentation)"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let head = decode::head(input);
        match JsonHead::scan(&head) {
            Some(head) if issues::is_issues(&head) || is_summary(&head) => Verdict::Yes,
            Some(_) => Verdict::No("no issues of GitHub with the label `status` or `maintenance`"),
            None if log::is_log(&head) || service_file::is_history(&head) => Verdict::Yes,
            None if head.contains('\t') || head.contains("lastUpdated") => {
                Verdict::No("no commits that say `is down` or `is up`, and no `generator: Upptime`")
            }
            None => Verdict::No("not JSON"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let body = decoded.body();
        let records = match JsonHead::scan(body) {
            Some(head) if is_summary(&head) => return Err(summary()),
            Some(_) => issues::read(&decoded, &mut warnings)?,
            None if service_file::is_history(body) => {
                service_file::read(body, input, &mut warnings)?
            }
            None => log::read(body, &mut warnings)?,
        };
        if records.iter().any(|record| record.impact_start.is_some()) {
            let note =
                "each time is that of a check: the change came up to one check interval before it";
            warnings.say(
                Diagnostic::note(note)
                    .hint("the workflow sets the interval; the default is 5 minutes"),
            );
        }
        let records = records.into_iter().map(Record::Incident).collect();
        Ok(warnings.finished(records))
    }
}

fn is_summary(head: &JsonHead) -> bool {
    head.has_all(&["[].slug", "[].dailyMinutesDown"])
}

fn summary() -> ReadError {
    let mut error = ReadError::new(
        "a summary has minutes of downtime for each day, and does not say when anything began or ended",
    );
    error.hint = Some(
        "import the repository's issues, or its log: git log --format='%H%x09%cI%x09%s'".to_owned(),
    );
    error
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
