//! Resolves what the user named on the command line: files, folders, stdin, addresses, and names of
//! sources in the settings.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::args::Context;
use super::error::{CliError, named};
use crate::diag::Diagnostic;
use crate::model::zone::Zone;
use crate::sources::Input;
use crate::store::named_sources::NamedSource;
use crate::store::{git, read, system};

/// The size limit of one file or pipe. The whole history of a page is a few MB.
const LARGEST: u64 = 64 << 20;

/// The limit on the number of files in a folder. A larger one is probably the wrong folder.
const MOST_FILES: usize = 20_000;

/// The limit on the total size of a folder.
const LARGEST_FOLDER: u64 = 2 << 30;

/// File extensions. A missing name with one of these is a missing file, not a host.
const FILE_ENDINGS: &[&str] = &[
    "atom", "csv", "gz", "htm", "html", "ics", "js", "json", "jsonl", "log", "md", "mdx", "mht",
    "mhtml", "ndjson", "pdf", "rss", "toml", "tsv", "txt", "xhtml", "xml", "yaml", "yml", "zip",
];

/// One input, or the error of reading it.
pub(super) type Gathered = Result<Input, CliError>;

/// Something to import.
#[derive(Debug)]
pub(super) enum Target {
    /// The standard input.
    Stdin,
    /// A file, or every file of a folder.
    Local(PathBuf),
    /// The data at an address.
    Remote(Address),
    /// A name that matches nothing.
    Nothing(Diagnostic),
}

/// An address and its settings.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Address {
    /// The address, as typed or from the settings.
    pub url: String,
    /// The format to read it as.
    pub format: Option<String>,
    /// The zone of times without a zone.
    pub zone: Option<Zone>,
    /// It was typed without `https://`, so it may have been meant as a file.
    pub is_guess: bool,
}

impl Address {
    fn typed(url: &str, is_guess: bool) -> Self {
        Address { url: url.to_owned(), format: None, zone: None, is_guess }
    }

    fn named(source: &NamedSource) -> Self {
        let NamedSource { url, format, zone } = source.clone();
        Address { url, format, zone, is_guess: false }
    }
}

/// Resolves `sources` in their order; with `all`, every source of the settings by name. An existing
/// file comes before a named source, and both before a host.
///
/// # Errors
/// If the settings cannot be read, or name no sources.
pub(super) fn wanted(
    sources: &[String],
    all: bool,
    context: &Context,
) -> Result<Vec<Target>, CliError> {
    if all {
        let named = context.workspace()?.config.sources;
        if named.is_empty() {
            let problem = Diagnostic::error("posthoc.toml names no sources");
            let example =
                "add one: [sources.example] and below it url = \"https://status.example.com\"";
            return Err(CliError::usage(problem.hint(example)));
        }
        return Ok(named.values().map(Address::named).map(Target::Remote).collect());
    }
    sources.iter().map(|source| one(source, context)).collect()
}

fn one(source: &str, context: &Context) -> Result<Target, CliError> {
    if source.trim().is_empty() {
        let problem = Diagnostic::error("a SRC is empty");
        return Err(CliError::usage(
            problem.hint("name a file, a folder, `-`, an address or a source of posthoc.toml"),
        ));
    }
    if source == "-" {
        return Ok(Target::Stdin);
    }
    if source.starts_with("http://") || source.starts_with("https://") {
        return Ok(Target::Remote(Address::typed(source, false)));
    }
    let path = context.path(Path::new(source));
    if path.exists() {
        return Ok(Target::Local(path));
    }
    let folder = Path::new(source).parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_none() {
        let named = context.workspace()?.config.sources;
        if let Some(named) = named.get(source) {
            return Ok(Target::Remote(Address::named(named)));
        }
        let likeness = |name: &&String| strsim::jaro_winkler(name, source);
        let nearest = named.keys().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        // With a dot in it, it was meant as a file or a host.
        if let Some(nearest) = nearest.filter(|name| likeness(name) > 0.8 && !source.contains('.'))
        {
            let problem = Diagnostic::error(format!(
                "`{source}` is neither a file nor a source in posthoc.toml"
            ));
            return Ok(Target::Nothing(problem.hint(format!("did you mean `{nearest}`?"))));
        }
    }
    let is_host =
        looks_like_a_host(source) && !folder.is_some_and(|folder| context.path(folder).exists());
    Ok(if is_host { Target::Remote(Address::typed(source, true)) } else { Target::Local(path) })
}

/// Whether `text` is written like `status.example.com`, with or without a port and a path.
fn looks_like_a_host(text: &str) -> bool {
    let host = text.split(['/', '?']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let is_label = |label: &str| {
        let is_plain = |c: char| c.is_alphanumeric() || c == '-';
        !label.is_empty()
            && label.chars().all(is_plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((_, last)) = name.rsplit_once('.') else { return false };
    let is_file = host == text && FILE_ENDINGS.contains(&last.to_lowercase().as_str());
    let is_number = name.split('.').all(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    let is_top = last.chars().count() > 1 && last.chars().all(|c| c.is_alphanumeric() || c == '-');
    !is_file
        && port.parse::<u16>().is_ok()
        && name.split('.').all(is_label)
        && (is_top && !is_number)
}

/// A file to read.
#[derive(Debug)]
pub(super) enum Listed {
    /// It exists.
    File(PathBuf),
    /// It exists but is not read, with the reason.
    LeftOut(Diagnostic),
    /// It cannot be read.
    Unreadable(CliError),
}

/// The files at a local path: one file, or all files below a folder. Their contents are not read
/// yet.
pub(super) fn local(path: &Path, context: &Context) -> Vec<Listed> {
    if path.is_dir() { folder(path, context) } else { vec![Listed::File(path.to_owned())] }
}

/// The standard input.
pub(super) fn stdin() -> Gathered {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| {
        CliError::failed(Diagnostic::error(format!("cannot read the standard input: {error}")))
    })?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large("<stdin>", bytes.len() as u64));
    }
    Ok(Input::new("<stdin>", bytes))
}

/// The bytes of a file. Pipes, devices and files above the size limit are refused without reading.
///
/// # Errors
/// Names the file and the problem.
pub(super) fn file(path: &Path, context: &Context) -> Gathered {
    let name = context.name(path).to_string();
    match read::bounded(path, LARGEST) {
        Ok(bytes) => Ok(Input::new(name, bytes)),
        Err(error) => Err(unreadable(&name, &error, path)),
    }
}

/// The commits and tags of a repository, as git prints them.
///
/// # Errors
/// If git fails, or no part of the history was chosen.
pub(super) fn repository(
    path: &Path,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    context: &Context,
) -> Gathered {
    let name = context.name(path).to_string();
    if since.is_none() {
        let problem = Diagnostic::error(format!("no part of the history of {name} was chosen"));
        return Err(CliError::usage(problem.hint(
            "`--since 2026-03-16` is enough; with --into an incident whose times are known, it is read from the day before",
        )));
    }
    match git::log::log(path, since, until) {
        Ok(text) => Ok(Input::new(format!("{name}/commits.txt"), text)),
        Err(error) => {
            let problem = Diagnostic::error(format!("cannot read the repository {name}: {error}"));
            Err(CliError::failed(problem.hint("name the folder of a repository")))
        }
    }
}

fn unreadable(name: &str, error: &std::io::Error, path: &Path) -> CliError {
    let problem = Diagnostic::error(format!("cannot read {name}: {}", system::plain(error)));
    match error.kind() {
        ErrorKind::FileTooLarge => too_large(name, std::fs::metadata(path).map_or(0, |file| file.len())),
        ErrorKind::InvalidInput => {
            CliError::bad_input(problem.hint("to import what a program prints: `PROGRAM | posthoc import -`"))
        }
        ErrorKind::NotFound => CliError::failed(problem.hint(
            "SRC is a file, a folder, `-` for the standard input, an address, or the name of a source in posthoc.toml",
        )),
        _ => CliError::failed(problem),
    }
}

fn too_large(name: &str, size: u64) -> CliError {
    let exact =
        if size > LARGEST { format!(" ({} MB)", size.div_ceil(1 << 20)) } else { String::new() };
    let message = format!("{name} has more than {} MB{exact}", LARGEST >> 20);
    CliError::bad_input(
        Diagnostic::error(message)
            .hint("import a part of it: a page's newest incidents, or one incident's alerts"),
    )
}

/// Every visible file below a folder, sorted by name. Links are not followed: they may lead out of
/// the folder, or in a circle.
fn folder(path: &Path, context: &Context) -> Vec<Listed> {
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
    };
    let name = context.name(path).to_string();
    let name = if name.is_empty() { ".".to_owned() } else { name };
    let (mut listed, mut others, mut files, mut size) = (Vec::new(), Vec::new(), 0, 0);
    for entry in walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(visible) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let name = error
                    .path()
                    .map_or_else(|| name.clone(), |path| context.name(path).to_string());
                let reason = error.io_error().map_or_else(|| error.to_string(), system::plain);
                let problem = Diagnostic::error(format!("cannot read {name}: {reason}"));
                listed.push(Listed::Unreadable(CliError::failed(problem)));
                continue;
            }
        };
        if entry.file_type().is_file() {
            files += 1;
            size += entry.metadata().map_or(0, |file| file.len()).min(LARGEST);
            listed.push(Listed::File(entry.into_path()));
        } else if !entry.file_type().is_dir() {
            others.push(context.name(entry.path()).to_string());
        }
        if files > MOST_FILES || size > LARGEST_FOLDER {
            let most = if files > MOST_FILES {
                format!("{MOST_FILES} files")
            } else {
                format!("{} MB", LARGEST_FOLDER >> 20)
            };
            let problem = Diagnostic::error(format!(
                "the folder {name} has more than {most}; none of it was read"
            ));
            let problem = problem.hint("import the folders below it one by one");
            return vec![Listed::Unreadable(CliError::bad_input(problem))];
        }
    }
    if !others.is_empty() {
        let message =
            format!("not read, since they are links, pipes or devices: {}", named(&others));
        listed.push(Listed::LeftOut(
            Diagnostic::warning(message)
                .hint("give a link by its own name to import what it leads to"),
        ));
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_distinguished_from_files() {
        for host in [
            "status.example.com",
            "status.example.com/",
            "status.example.com:8443",
            "example.dev/history?x=1",
            "a.b.json/x",
        ] {
            assert!(looks_like_a_host(host), "{host}");
        }
        for file in [
            "incidents.json",
            "history.ATOM",
            "readme",
            "./a.com",
            "../a",
            "a b.com",
            "10.2",
            "v1.2.3",
            "a..com",
            "x.c",
            ".hidden",
            "a.com:x",
        ] {
            assert!(!looks_like_a_host(file), "{file}");
        }
    }
}
