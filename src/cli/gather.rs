//! What a person named on the command line to inputs: files, folders, stdin and addresses.

use std::io::Read;
use std::path::Path;

use super::args::Context;
use super::error::CliError;
use super::terminal::Terminal;
use crate::diag::Diagnostic;
use crate::fetch::{FetchOptions, Fetcher, Page, ThreadSleeper};
use crate::sources::Input;

/// The most that is read of one file or pipe. A page's whole history is a few MB.
const LARGEST: u64 = 64 << 20;

/// One input, or why it could not be had.
pub type Gathered = Result<Input, CliError>;

/// The inputs of `sources`, in their order. One that cannot be read or fetched takes none of the
/// others with it.
///
/// # Errors
/// Those of the terminal.
pub fn inputs(sources: &[String], context: &Context, terminal: &mut Terminal) -> Result<Vec<Gathered>, CliError> {
    let mut inputs = Vec::new();
    for source in sources {
        match source.as_str() {
            "-" => inputs.push(stdin()),
            address if address.starts_with("http://") || address.starts_with("https://") => {
                match fetched(address, context) {
                    Ok(page) => {
                        page.notes.iter().try_for_each(|note| terminal.tell(note))?;
                        inputs.extend(page.inputs.into_iter().map(Ok));
                    }
                    Err(error) => inputs.push(Err(error)),
                }
            }
            path => {
                let path = context.path(Path::new(path));
                if path.is_dir() { folder(&path, context, &mut inputs) } else { inputs.push(file(&path, context)) }
            }
        }
    }
    Ok(inputs)
}

fn stdin() -> Gathered {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| CliError::failed(Diagnostic::error(format!("cannot read the standard input: {error}"))))?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large("<stdin>", bytes.len() as u64));
    }
    Ok(Input::new("<stdin>", bytes))
}

fn file(path: &Path, context: &Context) -> Gathered {
    let name = context.name(path).to_string();
    let failed = |error: std::io::Error| {
        let problem = Diagnostic::error(format!("cannot read {name}: {}", system_words(&error)));
        CliError::failed(if error.kind() == std::io::ErrorKind::NotFound {
            problem.hint("SRC is a file, a folder, `-` for the standard input, or an address that begins with https://")
        } else {
            problem
        })
    };
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST {
        return Err(too_large(&name, size));
    }
    Ok(Input::new(name.clone(), std::fs::read(path).map_err(failed)?))
}

fn system_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

fn too_large(name: &str, size: u64) -> CliError {
    let message = format!("{name} has more than {} MB ({} MB)", LARGEST >> 20, size.div_ceil(1 << 20));
    CliError::bad_input(
        Diagnostic::error(message).hint("import a part of it: a page's newest incidents, or one incident's alerts"),
    )
}

/// Every visible file below a folder, in the order of their names.
fn folder(path: &Path, context: &Context, inputs: &mut Vec<Gathered>) {
    let visible =
        |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    for entry in walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(visible) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => inputs.push(file(entry.path(), context)),
            Ok(_) => {}
            Err(error) => {
                let name = error.path().map_or_else(|| "the folder".to_owned(), |path| context.name(path).to_string());
                let reason = error.io_error().map_or_else(|| error.to_string(), system_words);
                inputs.push(Err(CliError::failed(Diagnostic::error(format!("cannot read {name}: {reason}")))));
            }
        }
    }
}

/// What an address gives.
fn fetched(address: &str, context: &Context) -> Result<Page, CliError> {
    let options = FetchOptions { offline: context.offline, ..FetchOptions::default() };
    let fetcher = Fetcher::new(options, context.now(), Box::new(ThreadSleeper));
    fetcher.page(address).map_err(|error| {
        let problem = Diagnostic::error(error.to_string());
        CliError::failed(match error.hint() {
            Some(hint) => problem.hint(hint),
            None => problem,
        })
    })
}
