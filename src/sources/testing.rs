//! Test helpers of the readers.

use crate::sources::input::Input;
use crate::sources::record::Record;
use crate::sources::source::{ReadOptions, Source, Verdict};

/// Whether `source` claims `text`.
pub(in crate::sources) fn sniffs(source: &dyn Source, text: &str) -> bool {
    !matches!(source.sniff(&Input::new("x", text)), Verdict::No(_))
}

/// One line for each entry, then the warnings.
pub(in crate::sources) fn read(source: &dyn Source, text: &str, zone: Option<&str>) -> String {
    read_input(source, &Input::new("x", text), zone, entry)
}

/// The result of `show` for each record, then the warnings; or the error and its hint.
pub(in crate::sources) fn read_input(
    source: &dyn Source,
    input: &Input,
    zone: Option<&str>,
    show: impl Fn(&Record) -> String,
) -> String {
    let options = ReadOptions {
        zone: zone.map(|zone| zone.parse().expect("a zone")),
        today: "2026-11-30".parse().ok(),
        ..ReadOptions::default()
    };
    match source.read(input, &options) {
        Ok(read) => {
            let mut lines: Vec<String> = read.value.iter().map(show).collect();
            lines.extend(read.warnings.iter().map(ToString::to_string));
            lines.join("\n")
        }
        Err(error) => format!("error: {error} ({})", error.hint.as_deref().unwrap_or_default()),
    }
}

/// An entry: its time, kind, actor, text and suggested milestone.
pub(in crate::sources) fn entry(record: &Record) -> String {
    let Record::Event(event) = record else { panic!("{record:?}") };
    let suggests = event.suggests.map_or(String::new(), |name| format!(" → {name}"));
    let hidden = if event.hidden { " (hidden)" } else { "" };
    let at = event.at.map_or("?".to_owned(), |at| at.to_string());
    let at = event.end.map_or(at.clone(), |end| format!("{at}–{end}"));
    let text = event.text.replace("\n\n", " ¶ ").replace("  \n", " / ");
    let actor = event.actor.as_deref().unwrap_or("-");
    format!("{at} {} [{actor}] {text}{suggests}{hidden}", event.kind)
}
