//! Test helpers of the metric readers.

use chrono::SecondsFormat;

use crate::sources::input::Input;
use crate::sources::record::Record;
use crate::sources::source::{Source, Verdict};
use crate::sources::testing::read_input;

/// Whether `source` claims `text`.
pub(in crate::sources::metrics) fn sniff(source: &dyn Source, text: &str) -> Verdict {
    source.sniff(&Input::new("metrics", text))
}

/// One line for each series: its name, unit, query and samples; then the warnings.
pub(in crate::sources::metrics) fn read(source: &dyn Source, text: &str) -> String {
    read_in(source, text, None)
}

/// The same, with a zone for times without one.
pub(in crate::sources::metrics) fn read_in(
    source: &dyn Source,
    text: &str,
    zone: Option<&str>,
) -> String {
    read_input(source, &Input::new("metrics", text), zone, |record| match record {
        Record::Series(series) => {
            let points: Vec<String> = series
                .points
                .iter()
                .map(|(at, value)| {
                    let value = value.map_or("-".to_owned(), |value| value.to_string());
                    format!("{}={value}", at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
                })
                .collect();
            let unit = series.unit.as_deref().map_or(String::new(), |unit| format!(" in {unit}"));
            let query =
                series.query.as_deref().map_or(String::new(), |query| format!(" of `{query}`"));
            format!("{}{unit}{query}: {}", series.name, points.join(" "))
        }
        other => panic!("{other:?}"),
    })
}
