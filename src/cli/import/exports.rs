//! Selects the files of archives and chat exports that are read.

use std::collections::BTreeMap;
use std::path::Path;

use super::read::{self, ReadEvent, ReadSettings};
use crate::cli::args::Context;
use crate::cli::error::{CliError, named};
use crate::cli::gather::{self, Listed};
use crate::cli::names;
use crate::diag::Diagnostic;
use crate::sources::Input;
use crate::sources::chat_export::{self, Export};
use crate::sources::unpack::{self, Archive};

/// The contents of the files of an archive or of an export folder; `None` for anything else.
pub(super) fn read(
    path: &Path,
    settings: &ReadSettings,
    context: &Context,
) -> Option<Vec<ReadEvent>> {
    let name = context.name(path).to_string();
    if !path.is_dir() {
        let input = gather::file(path, context).ok()?;
        return unpack::files(&input).map(|archive| of_archive(&name, &archive, settings));
    }
    // Without an incident, its files are read separately, and each reports that it needs one.
    if !settings.is_stored {
        return None;
    }
    let paths: Vec<_> = gather::local(path, context)
        .into_iter()
        .filter_map(|listed| match listed {
            Listed::File(path) => Some(path),
            Listed::LeftOut(_) | Listed::Unreadable(_) => None,
        })
        .collect();
    let inside = |file: &std::path::PathBuf| {
        let inside = file.strip_prefix(path).unwrap_or(file);
        inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let names: Vec<String> = paths.iter().map(inside).collect();
    let export = Export::of(&names)?;
    Some(of_export(&name, export, settings, &|index| gather::file(&paths[index], context)))
}

fn of_archive(name: &str, archive: &Archive<'_>, settings: &ReadSettings) -> Vec<ReadEvent> {
    let names = archive.names();
    let file = |index: usize| {
        let name = format!("{name}/{}", names[index]);
        match archive.bytes_of(&names[index]) {
            Ok(bytes) => Ok(Input::new(name, bytes)),
            Err(error) => Err(CliError::bad_input(Diagnostic::error(format!(
                "cannot read {name}: {}",
                error.message
            )))),
        }
    };
    if let Some(export) = Export::of(&names) {
        return of_export(name, export, settings, &file);
    }
    let is_visible =
        |name: &str| !name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
    let visible = (0..names.len()).filter(|index| is_visible(&names[*index]));
    visible.flat_map(|index| events(file(index), settings)).collect()
}

/// The days of one channel of an export, with the names of people.
fn of_export(
    name: &str,
    mut export: Export<'_>,
    settings: &ReadSettings,
    file: &dyn Fn(usize) -> gather::Gathered,
) -> Vec<ReadEvent> {
    let channels: Vec<String> = export.channels().into_iter().map(str::to_owned).collect();
    let channel = match (&settings.channel, channels.as_slice()) {
        (Some(channel), _) if channels.contains(channel) => Some(channel.as_str()),
        (Some(channel), _) => {
            let list = format!("there are: {}", named(&channels));
            let known = channels.iter().map(String::as_str);
            return vec![ReadEvent::Missed(names::unknown("channel", channel, known, &list))];
        }
        (None, [_]) => None,
        (None, several) => {
            let problem = Diagnostic::error(format!("{name} has {} channels", several.len()));
            let hint = format!("name one with `--channel NAME`: {}", named(several));
            return vec![ReadEvent::Missed(CliError::usage(problem.hint(hint)))];
        }
    };
    let people = export.people.and_then(|index| file(index).ok());
    let people: BTreeMap<String, String> =
        people.map(|list| chat_export::people(&list.bytes)).unwrap_or_default();
    let (since, until) = settings.around;
    export.limit(channel, settings.since.or(since), settings.until.or(until));
    if export.days.is_empty() {
        let problem =
            Diagnostic::error(format!("{name} has no messages from the days of the incident"));
        return vec![ReadEvent::Missed(CliError::bad_input(
            problem.hint("choose other days with `--since` and `--until`"),
        ))];
    }
    let mut all: Vec<ReadEvent> = Vec::new();
    for (index, ..) in &export.days {
        all.extend(events(file(*index), settings));
    }
    for one in &mut all {
        if let ReadEvent::Read(read) = one {
            chat_export::name_people(&mut read.records, &people);
        }
    }
    all
}

fn events(input: gather::Gathered, settings: &ReadSettings) -> Vec<ReadEvent> {
    match input {
        Ok(input) => read::events(input, settings),
        Err(error) => vec![ReadEvent::Missed(error)],
    }
}
