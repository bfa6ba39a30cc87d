//! What the readers of JSON APIs have in common.

/// What the tests of the readers have in common.
pub(super) mod testing {
    use super::super::super::record::{IncidentRecord, Record};
    use super::super::super::{Input, ReadOptions, Source, Verdict};

    /// Reads `text`, which `source` must say yes to; the incidents, and the warnings as they are shown.
    pub(crate) fn read(source: &dyn Source, text: &str) -> (Vec<IncidentRecord>, Vec<String>) {
        let input = Input::new("page.json", text);
        assert_eq!(source.sniff(&input), Verdict::Yes, "{text}");
        let read = source.read(&input, &ReadOptions::default()).unwrap();
        let incidents = read.value.into_iter().map(|record| match record {
            Record::Incident(incident) => incident,
            other => panic!("not an incident: {other:?}"),
        });
        (incidents.collect(), read.warnings.iter().map(ToString::to_string).collect())
    }

    /// The times and states of the updates, in their order, for people to read.
    pub(crate) fn outline(incident: &IncidentRecord) -> Vec<String> {
        let line = |update: &super::super::super::record::UpdateRecord| {
            let state = update.state.map_or("-", crate::model::timeline::State::as_str);
            format!("{} {state} {}", update.at, update.text)
        };
        incident.updates.iter().map(line).collect()
    }
}
