//! How the tests of alert readers look at what was read.

use crate::sources::input::Input;
use crate::sources::record::Record;
use crate::sources::source::{ReadOptions, Source, Verdict};

/// Whether `source` claims `text`.
pub(in crate::sources::alerts) fn sniffs(source: &dyn Source, text: &str) -> bool {
    source.sniff(&Input::new("alerts.json", text)) == Verdict::Yes
}

/// One line for each entry: its time, kind, actor, text and what it suggests; then the warnings.
pub(in crate::sources::alerts) fn read(source: &dyn Source, text: &str) -> String {
    let read = match source.read(&Input::new("alerts.json", text), &ReadOptions::default()) {
        Ok(read) => read,
        Err(error) => {
            return format!("error: {error} ({})", error.hint.as_deref().unwrap_or_default());
        }
    };
    let mut lines: Vec<String> = read
        .value
        .iter()
        .map(|record| match record {
            Record::Event(event) => {
                let suggests = event.suggests.map_or(String::new(), |name| format!(" → {name}"));
                let actor = event.actor.as_deref().unwrap_or("-");
                let at = event.at.map_or("?".to_owned(), |at| at.to_string());
                let hidden = if event.hidden { " (hidden)" } else { "" };
                format!(
                    "{at} {} [{actor}] {}{suggests}{hidden}",
                    event.kind,
                    event.text.replace("\n\n", " ¶ ")
                )
            }
            other => panic!("{other:?}"),
        })
        .collect();
    lines.extend(read.warnings.iter().map(ToString::to_string));
    lines.join("\n")
}
