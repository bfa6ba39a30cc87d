//! The arguments, first as typed, then resolved. Layers below this one see no flags.

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
pub(super) struct Global {
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
    /// Never use a pager; an empty POSTHOC_PAGER or PAGER does the same
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_pager: bool,
    /// Print only the results, errors and warnings; omit column names in a pipe
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Print more: the format that each input was read as, and where posthoc looked for a status
    /// page
    #[arg(short, long, global = true, help_heading = "Global options")]
    verbose: bool,
    /// Stop fetching after this long: 90 (seconds), 90s, 5m. Addresses that were not fetched by
    /// then are reported; the rest is imported
    #[arg(long, value_name = "LENGTH", global = true, help_heading = "Global options", value_parser = length)]
    timeout: Option<Duration>,
    /// Never use the network; use cached responses
    #[arg(long, global = true, help_heading = "Global options")]
    offline: bool,
}

/// The resolved flags and environment.
#[derive(Debug, Clone)]
pub(super) struct Context {
    /// The folder to work in.
    pub directory: PathBuf,
    /// How the user calls the program for that folder: `posthoc`, or `posthoc -C DIR`.
    pub program: String,
    /// The current time, if the user stated it.
    pub stated_now: Option<DateTime<Utc>>,
    /// The zone to show times in, if the user chose one.
    pub zone: Option<Zone>,
    /// Whether to print more.
    pub verbose: bool,
    /// Whether the network is forbidden.
    pub offline: bool,
    /// The limit on the total time of fetching, if any.
    pub timeout: Option<Duration>,
    /// The cache folder; `None` turns the cache off.
    pub cache: Option<PathBuf>,
}

impl Global {
    /// Reads the environment and the current folder.
    ///
    /// # Errors
    /// A usage error for a missing folder or an invalid time.
    pub(super) fn resolve(&self) -> Result<Context, CliError> {
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
        // Names in messages are relative to the working folder, so change to it.
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

/// A duration: seconds, or a number with a unit.
fn zone(text: &str) -> Result<Zone, String> {
    text.parse().map_err(|error: ZoneError| match &error {
        ZoneError::Unknown { nearest: Some(nearest), .. } => {
            format!("{error}, did you mean `{nearest}`?")
        }
        _ => error.to_string(),
    })
}

pub(super) fn length(text: &str) -> Result<Duration, String> {
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

/// The cache folder of the user's system. `POSTHOC_CACHE` names another one, or turns the cache off
/// when empty. It is not a setting of `posthoc.toml`, because others who share that file have other
/// folders.
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
        // The XDG Base Directory Specification ignores relative paths.
        _ => whole("XDG_CACHE_HOME")
            .or_else(|| whole("HOME").map(|home| home.join(".cache")))
            .map(|folder| folder.join("posthoc")),
    }
}

/// `SOURCE_DATE_EPOCH`, the reproducible-builds convention: seconds since 1970.
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
    /// The current time: as stated, or by the machine's clock.
    pub(super) fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is where the clock is looked at")]
        self.stated_now.unwrap_or_else(Utc::now)
    }

    /// The time by the machine's clock, even if another current time was stated: file dates use
    /// that clock too.
    pub(super) fn clock(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is where the clock is looked at")]
        Utc::now()
    }

    /// The workspace that contains the folder.
    ///
    /// # Errors
    /// If its settings cannot be read.
    pub(super) fn workspace(&self) -> Result<Workspace, CliError> {
        Ok(Workspace::find(&self.directory)?)
    }

    /// A typed path, resolved against the working folder.
    pub(super) fn path(&self, typed: &Path) -> PathBuf {
        self.directory.join(typed)
    }

    /// A file's name for messages: relative to the working folder if it is inside it.
    pub(super) fn name<'p>(&self, path: &'p Path) -> std::path::Display<'p> {
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
