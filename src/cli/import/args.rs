//! The arguments of `posthoc import`.

use clap_complete::{ArgValueCandidates, ArgValueCompleter};

use crate::assemble::onset::{NofM, Options, Threshold};
use crate::cli::complete;
use crate::cli::period::Time;
use crate::model::origin::ClockOffset;
use crate::model::time::Moment;
use crate::sources::accounts::ACCOUNTS;
use crate::sources::changes;

/// The format of git's output for a repository.
pub(super) const GIT: &str = changes::REPOSITORY;

/// The headings of `--help` for the options of one kind of input.
const EVIDENCE: &str = "Evidence (with --into)";
const WRITE_UPS: &str = "Write-ups";

/// Turn status-page histories and write-ups into incident files, or add evidence to one
///
/// Each incident of a history becomes one file. Importing it again adds what is new and leaves your
/// edits alone. The API, the feed and the web pages of one product give one file per incident. Each
/// write-up (Markdown, HTML, plain text, PDF, Word, mail and others) becomes one file, with a table
/// of what was and was not found in it; the original is stored under evidence/. With --into,
/// alerts, metrics and write-ups become evidence within one incident. Inputs that cannot be read
/// are listed, and the rest are imported. --zone sets the zone of times that have none.
///
/// posthoc sends one request at a time to each host, and up to four while it looks for the data of
/// a status page, for at most 60 seconds. Responses are cached and fetched again only if they have
/// changed; --offline uses only the cache, and --timeout limits all fetching. The cache is in your
/// system's cache folder, or in POSTHOC_CACHE; an empty POSTHOC_CACHE turns it off. Entries that
/// were not used for 90 days are removed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files, folders, `-` for the standard input, addresses (`status.example.com` is enough), or
    /// the names of sources in posthoc.toml
    #[arg(required_unless_present_any = ["all", "from"], value_name = "SRC")]
    pub(super) sources: Vec<String>,
    /// Import a whole account through the API of a system, from --since to --until: one file for
    /// each incident, with its alerts, notes and log. The token is taken from the environment
    /// (PAGERDUTY_TOKEN, OPSGENIE_API_KEY) and never stored. Unchanged incidents are not fetched
    /// again
    #[arg(long, value_name = "SYSTEM", conflicts_with_all = ["sources", "all", "into", "format", "propose"],
        value_parser = clap::builder::PossibleValuesParser::new(ACCOUNTS.iter().map(|account| account.id())), ignore_case = true)]
    pub(super) from: Option<String>,
    /// The address of the API, if the account has another one, as in the EU
    #[arg(long, value_name = "URL", requires = "from")]
    pub(super) api: Option<String>,
    /// Import every source in posthoc.toml
    #[arg(long, conflicts_with_all = ["sources", "into", "format"])]
    pub(super) all: bool,
    /// Read the inputs as this format instead of detecting it. `posthoc formats` lists the formats;
    /// [formats.NAME] in posthoc.toml can describe more. `git` reads the commits and tags of the
    /// repository in a folder
    #[arg(long, value_name = "ID", add = ArgValueCandidates::new(complete::formats))]
    pub(super) format: Option<String>,
    /// Add the records to this incident
    #[arg(long, value_name = "INCIDENT", add = ArgValueCompleter::new(complete::incidents))]
    pub(super) into: Option<String>,
    /// How far the source's clock is ahead of the truth: 90s, -2m
    #[arg(long, value_name = "LENGTH", requires = "into", allow_hyphen_values = true, help_heading = EVIDENCE)]
    pub(super) clock_offset: Option<ClockOffset>,
    /// Correct the times by the clock offset to events that other sources report too
    #[arg(long, requires = "into", conflicts_with = "clock_offset", help_heading = EVIDENCE)]
    pub(super) apply_offset: bool,
    /// Which values of the impact metric are bad: '> 5', 'error_rate >= 1%'. The impact starts and
    /// ends with them. By default, the limit is computed from the samples before the first alert
    #[arg(long, value_name = "LIMIT", requires = "into", help_heading = EVIDENCE)]
    threshold: Option<Threshold>,
    /// With --threshold, how many of how many consecutive samples must be bad
    #[arg(long, value_name = "N/M", requires = "threshold", default_value = "3/5", help_heading = EVIDENCE)]
    bad: NofM,
    /// A time during the impact; by default the first alert
    #[arg(long, value_name = "TIME", requires = "into", help_heading = EVIDENCE)]
    near: Option<Moment>,
    /// The series that measures the impact, if there are several
    #[arg(long, value_name = "NAME", requires = "into", help_heading = EVIDENCE)]
    series: Option<String>,
    /// The channel of a chat export
    #[arg(long, value_name = "NAME", requires = "into", help_heading = EVIDENCE)]
    pub(super) channel: Option<String>,
    /// Only chat messages of this thread: the id or the address of its first message
    #[arg(long, value_name = "ID", requires = "into", help_heading = EVIDENCE)]
    pub(super) thread: Option<String>,
    /// Also store chat messages that nobody pinned, starred or marked with an emoji, hidden from
    /// reports
    #[arg(long, requires = "into", help_heading = EVIDENCE)]
    pub(super) all_messages: bool,
    /// Only incidents that began then or later; older pages of a history are fetched back to then.
    /// With --into, only events from then on. 2026, 2026-Q2, 2026-01, 2026-W05, 2026-01-31,
    /// 2026-01-31T14:05Z, or how long ago: 12h, 30d, 2w, 6mo, 1y
    #[arg(long, value_name = "TIME")]
    pub(super) since: Option<Time>,
    /// Only incidents that began then or before, and with --into only events until then; `--until
    /// 2026-01` includes all of January
    #[arg(long, value_name = "TIME")]
    pub(super) until: Option<Time>,
    /// Query the server SRC, such as http://localhost:9090, for this PromQL expression, from
    /// --since to --until, by default around the incident; may be repeated
    #[arg(long, value_name = "EXPR", requires = "into", help_heading = EVIDENCE)]
    pub(super) query: Vec<String>,
    /// The time between two samples of --query: 15s, 1m. By default, the smallest for which the
    /// server returns the whole period in one answer
    #[arg(long, value_name = "LENGTH", requires = "query", value_parser = crate::cli::args::length, help_heading = EVIDENCE)]
    pub(super) step: Option<std::time::Duration>,
    /// When the inputs were saved, as the time of samples without one, such as those of a /metrics
    /// page
    #[arg(long, value_name = "TIME", requires = "into", help_heading = EVIDENCE)]
    pub(super) taken: Option<Moment>,
    /// Mask keys, tokens and passwords in what is stored; without this option, evidence that
    /// contains any is refused
    #[arg(long)]
    pub(super) mask: bool,
    /// Apply upstream changes to entries that nobody has edited here
    #[arg(long)]
    pub(super) update: bool,
    /// Print what would be done without writing anything
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Print the value found for each field of a write-up, its line, how certain it is, and the
    /// alternatives; write nothing
    #[arg(long, conflicts_with_all = ["into", "update"], help_heading = WRITE_UPS)]
    pub(super) propose: bool,
    /// Set a field of a write-up: milestones.detected_at=L12 takes the time of line 12,
    /// services=api,search these names. The fields are milestones.NAME, services, severity and
    /// title
    #[arg(long, value_name = "FIELD=PLACE", conflicts_with = "into", help_heading = WRITE_UPS)]
    pub(super) set: Vec<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Args {
    /// The id of the format to read every input as.
    pub(super) fn format(&self) -> Option<&str> {
        // A repository is read as git's textual output.
        self.format.as_deref().map(|id| if id == "git" { GIT } else { id })
    }

    /// How to search metrics for the onset of the impact.
    pub(super) fn onset(&self) -> Options {
        Options {
            threshold: self.threshold.clone(),
            runs: self.bad,
            near: self.near,
            series: self.series.clone(),
        }
    }
}
