//! Arguments twice: as typed, then resolved. No flag is seen below this layer.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::error::CliError;
use super::terminal::Color;
use crate::diag::Diagnostic;
use crate::model::time::Moment;
use crate::model::zone::Zone;
use crate::store::Workspace;

/// The flags that every command takes.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// Work in this folder instead of the current one
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = "Global options")]
    directory: Option<PathBuf>,
    /// What "now" is, for a repeatable answer; SOURCE_DATE_EPOCH sets it too
    #[arg(long, value_name = "TIME", global = true, help_heading = "Global options")]
    now: Option<Moment>,
    /// Show times in this zone instead of the incident's own; for `import`, the zone of times
    /// that the input writes without one
    #[arg(long, value_name = "ZONE", global = true, help_heading = "Global options")]
    zone: Option<Zone>,
    /// Use colours
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", help_heading = "Global options")]
    pub color: Color,
    /// Answer only, no talk
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Say more: which format each input was read as
    #[arg(short, long, global = true, help_heading = "Global options")]
    verbose: bool,
    /// Never use the network
    #[arg(long, global = true, help_heading = "Global options")]
    offline: bool,
}

/// What the flags and the environment come to.
#[derive(Debug)]
pub struct Context {
    /// The folder to work in.
    pub directory: PathBuf,
    /// "Now", where someone said what it is.
    pub stated_now: Option<DateTime<Utc>>,
    /// The zone to show times in, where someone asked for one.
    pub zone: Option<Zone>,
    /// Whether to say more.
    pub verbose: bool,
    /// Whether the network is forbidden.
    pub offline: bool,
}

impl Global {
    /// Looks at the environment and the current folder.
    ///
    /// # Errors
    /// A usage error for a folder that is not there or a time that is none.
    pub fn resolve(&self) -> Result<Context, CliError> {
        #[expect(clippy::disallowed_methods, reason = "this is where the current folder is looked at")]
        let current = std::env::current_dir()
            .map_err(|error| CliError::failed(Diagnostic::error(format!("cannot find the current folder: {error}"))))?;
        let directory = match &self.directory {
            Some(directory) if !directory.is_dir() => {
                let message = format!("{} is not a folder", directory.display());
                return Err(CliError::usage(Diagnostic::error(message)));
            }
            Some(directory) => current.join(directory),
            None => current,
        };
        // Names in messages are relative to the folder to work in, so that is where we go.
        std::env::set_current_dir(&directory).map_err(|error| {
            CliError::usage(Diagnostic::error(format!("cannot work in {}: {error}", directory.display())))
        })?;
        let stated_now = match self.now {
            Some(now) => Some(now.middle()),
            None => source_date_epoch()?,
        };
        Ok(Context { directory, stated_now, zone: self.zone, verbose: self.verbose, offline: self.offline })
    }
}

/// The reproducible-builds convention: seconds since 1970 in the environment.
fn source_date_epoch() -> Result<Option<DateTime<Utc>>, CliError> {
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is looked at")]
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else { return Ok(None) };
    let seconds = text.trim().parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let wrong =
        || CliError::usage(Diagnostic::error(format!("SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds")));
    seconds.map(Some).ok_or_else(wrong)
}

impl Context {
    /// "Now": as stated, or by the clock of the machine.
    pub fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is where the clock is looked at")]
        self.stated_now.unwrap_or_else(Utc::now)
    }

    /// The workspace that the folder lies in.
    ///
    /// # Errors
    /// When its settings cannot be read.
    pub fn workspace(&self) -> Result<Workspace, CliError> {
        Ok(Workspace::find(&self.directory)?)
    }

    /// A path as typed, from the folder to work in.
    pub fn path(&self, typed: &Path) -> PathBuf {
        self.directory.join(typed)
    }

    /// How to name a file to a person: from the folder to work in, if it lies there.
    pub fn name<'p>(&self, path: &'p Path) -> std::path::Display<'p> {
        path.strip_prefix(&self.directory).unwrap_or(path).display()
    }
}
