//! How the tests of readers of chats and logs look at what was read.

use crate::sources::input::Input;
use crate::sources::record::Record;
use crate::sources::source::{ReadOptions, Source, Verdict};

/// Whether `source` claims `text`.
pub(in crate::sources) fn sniffs(source: &dyn Source, text: &str) -> bool {
    !matches!(source.sniff(&Input::new("x", text)), Verdict::No(_))
}

/// One line for each entry, then the warnings.
pub(in crate::sources) fn read(source: &dyn Source, text: &str, zone: Option<&str>) -> String {
    let options = ReadOptions {
        zone: zone.map(|zone| zone.parse().expect("a zone")),
        today: "2026-11-30".parse().ok(),
        ..ReadOptions::default()
    };
    let read = match source.read(&Input::new("x", text), &options) {
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
                let hidden = if event.hidden { " (hidden)" } else { "" };
                let at = event.at.map_or("?".to_owned(), |at| at.to_string());
                let text = event.text.replace("\n\n", " ¶ ").replace("  \n", " / ");
                format!(
                    "{at} {} [{}] {text}{suggests}{hidden}",
                    event.kind,
                    event.actor.as_deref().unwrap_or("-")
                )
            }
            other => panic!("{other:?}"),
        })
        .collect();
    lines.extend(read.warnings.iter().map(ToString::to_string));
    lines.join("\n")
}
