//! Arguments twice: as typed, then resolved. No flag is seen below this layer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::error::CliError;
use super::terminal::Color;
use crate::diag::Diagnostic;
use crate::model::time::Moment;
use crate::model::zone::{Zone, ZoneError};
use crate::store::Workspace;

/// The flags that every command takes.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// Work in this folder instead of the current one
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = "Global options")]
    directory: Option<PathBuf>,
    /// The current time, for repeatable output; SOURCE_DATE_EPOCH sets it too
    #[arg(long, value_name = "TIME", global = true, help_heading = "Global options")]
    now: Option<Moment>,
    /// Show times in this zone instead of the incident's own; for `import`, the zone of times
    /// that the input writes without one
    #[arg(long, value_name = "ZONE", global = true, help_heading = "Global options", value_parser = zone)]
    zone: Option<Zone>,
    /// Use colours
    #[arg(
        long,
        value_name = "WHEN",
        global = true,
        default_value = "auto",
        ignore_case = true,
        help_heading = "Global options"
    )]
    pub color: Color,
    /// Never use a pager; POSTHOC_PAGER or PAGER, when empty, do the same
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_pager: bool,
    /// Print only the results: no messages but errors and warnings, no column names in a pipe
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Print more: which format each input was read as, and where a status page was looked for
    #[arg(short, long, global = true, help_heading = "Global options")]
    verbose: bool,
    /// End all fetching after this time: 90 (seconds), 90s, 5m; addresses that were not fetched by then
    /// are reported, and the rest is imported
    #[arg(long, value_name = "LENGTH", global = true, help_heading = "Global options", value_parser = length)]
    timeout: Option<Duration>,
    /// Never use the network; use cached responses
    #[arg(long, global = true, help_heading = "Global options")]
    offline: bool,
}

/// What the flags and the environment come to.
#[derive(Debug, Clone)]
pub struct Context {
    /// The folder to work in.
    pub directory: PathBuf,
    /// How a person calls the program for that folder: `posthoc`, or `posthoc -C DIR`.
    pub program: String,
    /// "Now", where someone said what it is.
    pub stated_now: Option<DateTime<Utc>>,
    /// The zone to show times in, where someone asked for one.
    pub zone: Option<Zone>,
    /// Whether to say more.
    pub verbose: bool,
    /// Whether the network is forbidden.
    pub offline: bool,
    /// How long all fetching together may take, where someone set a limit.
    pub timeout: Option<Duration>,
    /// The folder of what was fetched before, unless there shall be none.
    pub cache: Option<PathBuf>,
}

impl Global {
    /// Looks at the environment and the current folder.
    ///
    /// # Errors
    /// A usage error for a folder that is not there or a time that is none.
    pub fn resolve(&self) -> Result<Context, CliError> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is where the current folder is looked at"
        )]
        let current = std::env::current_dir().map_err(|error| {
            CliError::failed(Diagnostic::error(format!("cannot find the current folder: {error}")))
        })?;
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
            CliError::usage(Diagnostic::error(format!(
                "cannot work in {}: {error}",
                directory.display()
            )))
        })?;
        let stated_now = match self.now {
            Some(now) => Some(now.middle()),
            None => source_date_epoch()?,
        };
        #[expect(clippy::disallowed_methods, reason = "this is where the environment is looked at")]
        let cache = cache_folder(|name| std::env::var(name).ok(), std::env::consts::OS)
            .map(|path| directory.join(path));
        let (zone, verbose, offline, timeout) =
            (self.zone, self.verbose, self.offline, self.timeout);
        let typed = self.directory.as_ref().map(|typed| typed.to_string_lossy());
        let quoted =
            typed.and_then(|typed| shlex::try_quote(&typed).ok().map(|quoted| quoted.into_owned()));
        let program =
            quoted.map_or_else(|| "posthoc".to_owned(), |folder| format!("posthoc -C {folder}"));
        Ok(Context { directory, program, stated_now, zone, verbose, offline, timeout, cache })
    }
}

/// A length of time: seconds, or with a unit.
fn zone(text: &str) -> Result<Zone, String> {
    text.parse().map_err(|error: ZoneError| match &error {
        ZoneError::Unknown { nearest: Some(nearest), .. } => {
            format!("{error}, did you mean `{nearest}`?")
        }
        _ => error.to_string(),
    })
}

fn length(text: &str) -> Result<Duration, String> {
    let wrong = || "write a number of seconds, or 90s, 5m, 1h".to_owned();
    let text = text.trim().to_ascii_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let scale = match text[digits..].trim() {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    let seconds: u64 = text[..digits]
        .parse()
        .ok()
        .and_then(|count: u64| count.checked_mul(scale))
        .ok_or_else(wrong)?;
    if seconds == 0 {
        Err("nothing can be fetched in no time".to_owned())
    } else {
        Ok(Duration::from_secs(seconds))
    }
}

/// Where the user's system keeps what can be had again. `POSTHOC_CACHE` names another folder, or,
/// empty, none. It is no setting of `posthoc.toml`: a folder of this machine means nothing to the
/// others who share that file.
fn cache_folder(variable: impl Fn(&str) -> Option<String>, system: &str) -> Option<PathBuf> {
    if let Some(folder) = variable("POSTHOC_CACHE") {
        return (!folder.is_empty()).then(|| PathBuf::from(folder));
    }
    let whole = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    match system {
        "windows" => {
            variable("LOCALAPPDATA").map(|folder| Path::new(&folder).join("posthoc").join("cache"))
        }
        "macos" => whole("HOME").map(|home| home.join("Library").join("Caches").join("posthoc")),
        // The XDG Base Directory Specification ignores a folder that is not absolute.
        _ => whole("XDG_CACHE_HOME")
            .or_else(|| whole("HOME").map(|home| home.join(".cache")))
            .map(|folder| folder.join("posthoc")),
    }
}

/// The reproducible-builds convention: seconds since 1970 in the environment.
fn source_date_epoch() -> Result<Option<DateTime<Utc>>, CliError> {
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is looked at")]
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else { return Ok(None) };
    let seconds = text.trim().parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let wrong = || {
        CliError::usage(Diagnostic::error(format!(
            "SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds"
        )))
    };
    seconds.map(Some).ok_or_else(wrong)
}

impl Context {
    /// "Now": as stated, or by the clock of the machine.
    pub fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is where the clock is looked at")]
        self.stated_now.unwrap_or_else(Utc::now)
    }

    /// The time by the clock of the machine, whatever "now" is said to be: the dates of files are by
    /// that clock too.
    pub fn clock(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is where the clock is looked at")]
        Utc::now()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_option_is_seconds_or_has_a_unit() {
        let seconds = |text: &str| length(text).map(|length| length.as_secs());
        for (text, expected) in
            [("90", 90), ("90s", 90), (" 5M ", 300), ("2 min", 120), ("1h", 3600)]
        {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for wrong in
            ["", "s", "-1", "1.5", "1d", "0", "99999999999999999999", "9999999999999999999h"]
        {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn cache_folder_follows_system_conventions() {
        let folder = |set: &[(&str, &str)], system: &str| {
            let value = |name: &str| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            cache_folder(value, system).map(|path| path.display().to_string())
        };
        let home = ("HOME", "/home/a");
        assert_eq!(folder(&[home], "linux").unwrap(), "/home/a/.cache/posthoc");
        assert_eq!(folder(&[home, ("XDG_CACHE_HOME", "/c")], "linux").unwrap(), "/c/posthoc");
        assert_eq!(
            folder(&[home, ("XDG_CACHE_HOME", "c")], "freebsd").unwrap(),
            "/home/a/.cache/posthoc"
        );
        assert_eq!(
            folder(&[home, ("XDG_CACHE_HOME", "/c")], "macos").unwrap(),
            "/home/a/Library/Caches/posthoc"
        );
        assert!(
            folder(&[("LOCALAPPDATA", "C:/l")], "windows").unwrap().starts_with("C:/l/posthoc")
        );
        assert_eq!(folder(&[home, ("POSTHOC_CACHE", "here")], "linux").unwrap(), "here");
        assert_eq!(folder(&[home, ("POSTHOC_CACHE", "")], "linux"), None);
        assert_eq!(folder(&[], "linux"), None);
    }
}
