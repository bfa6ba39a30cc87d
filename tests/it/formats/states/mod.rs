//! Every word that a system has for a state, and the state that it is here.

mod places;

use std::collections::BTreeSet;

use places::{PLACES, Whose};
use posthoc::model::timeline::State;
use posthoc::sources::record::{IncidentRecord, Record};
use posthoc::sources::{Input, ReadOptions, detect};

/// A place with its words.
type PlaceWords = (&'static str, &'static [&'static str]);

/// The words of each place that mean a state. Some states have no words: the updates of AWS,
/// Google, Slack and Better Stack state the severity or the end, and nothing about the response.
const WORDS: &[(Option<State>, &[PlaceWords])] = &[
    (
        Some(State::Investigating),
        &[
            ("Statuspage", &["investigating"]),
            ("Statuspage's feed", &["Investigating"]),
            ("Statuspage's page", &["Investigating"]),
            ("incident.io", &["investigating"]),
            ("incident.io's feed", &["Investigating"]),
            ("Instatus", &["INVESTIGATING"]),
            ("Instatus' feed", &["Investigating"]),
            ("Heroku", &["issue"]),
            ("Cachet 2", &["1"]),
            ("Cachet 3", &["1"]),
            ("Status.io", &["100"]),
            ("Slack", &["active"]),
            ("Checkly", &["INVESTIGATING"]),
            ("Yandex Cloud", &["investigation"]),
        ],
    ),
    (
        Some(State::Identified),
        &[
            ("Statuspage", &["identified"]),
            ("Statuspage's feed", &["Identified"]),
            ("Statuspage's page", &["Identified"]),
            ("incident.io", &["identified"]),
            ("incident.io's feed", &["Identified"]),
            ("Instatus", &["IDENTIFIED"]),
            ("Instatus' feed", &["Identified"]),
            ("Cachet 2", &["2"]),
            ("Cachet 3", &["2"]),
            ("Status.io", &["200"]),
            ("Checkly", &["IDENTIFIED"]),
        ],
    ),
    (
        Some(State::Monitoring),
        &[
            ("Statuspage", &["monitoring"]),
            ("Statuspage's feed", &["Monitoring"]),
            ("Statuspage's page", &["Monitoring"]),
            ("incident.io", &["monitoring"]),
            ("incident.io's feed", &["Monitoring"]),
            ("Instatus", &["MONITORING"]),
            ("Instatus' feed", &["Monitoring"]),
            ("Cachet 2", &["3"]),
            ("Cachet 3", &["3"]),
            ("Status.io", &["300"]),
            ("Checkly", &["MONITORING"]),
        ],
    ),
    (
        Some(State::Resolved),
        &[
            ("Statuspage", &["resolved"]),
            ("Statuspage's feed", &["Resolved"]),
            ("Statuspage's page", &["Resolved"]),
            ("incident.io", &["resolved"]),
            ("incident.io's feed", &["Resolved"]),
            ("Instatus", &["RESOLVED"]),
            ("Instatus' feed", &["Resolved"]),
            ("AWS' data.json", &["0", "\"0\""]),
            ("titles in AWS' data.json", &["[RESOLVED]", "[解決済み]"]),
            ("AWS' events", &["0", "\"0\""]),
            (
                "AWS' feeds",
                &["Informational message: [RESOLVED]", "Service is operating normally:"],
            ),
            ("Google Cloud", &["AVAILABLE"]),
            ("Heroku", &["resolved"]),
            ("Cachet 2", &["4"]),
            ("Cachet 3", &["4"]),
            ("Status.io", &["400"]),
            ("Slack", &["resolved"]),
            ("Checkly", &["RESOLVED"]),
            ("Yandex Cloud", &["resolved"]),
            ("Better Stack", &["resolved"]),
        ],
    ),
    // It also ends an incident, and means that there is a document.
    (
        Some(State::Postmortem),
        &[
            ("Statuspage", &["postmortem"]),
            ("Statuspage's feed", &["Postmortem"]),
            ("Statuspage's page", &["Postmortem"]),
        ],
    ),
    (
        Some(State::Update),
        &[
            ("Statuspage's feed", &["Update"]),
            ("Statuspage's page", &["Update"]),
            ("Heroku", &["update"]),
            ("Yandex Cloud", &["update"]),
        ],
    ),
    (
        Some(State::Scheduled),
        &[
            ("Statuspage", &["scheduled"]),
            ("Statuspage's feed", &["Scheduled"]),
            ("Statuspage's page", &["Scheduled"]),
            ("incident.io", &["maintenance_scheduled"]),
            ("Instatus' maintenances", &["NOTSTARTEDYET"]),
            ("Heroku's `upcoming`", &["true"]),
            ("Cachet 2", &["0"]),
            ("Cachet 3's schedules", &["0"]),
            ("Status.io's lists of maintenances", &["upcoming"]),
            ("Slack", &["scheduled"]),
        ],
    ),
    (
        Some(State::InProgress),
        &[
            ("Statuspage", &["in_progress"]),
            ("Statuspage's feed", &["In progress"]),
            ("Statuspage's page", &["In progress"]),
            ("incident.io", &["maintenance_in_progress"]),
            ("Instatus' maintenances", &["INPROGRESS"]),
            ("maintenances of Instatus' feed", &["Identified"]),
            ("Cachet 3's schedules", &["1"]),
            ("Status.io's lists of maintenances", &["active"]),
            ("Slack's maintenances", &["active"]),
        ],
    ),
    (
        Some(State::Verifying),
        &[
            ("Statuspage", &["verifying"]),
            ("Statuspage's feed", &["Verifying"]),
            ("Statuspage's page", &["Verifying"]),
            ("Instatus' maintenances", &["VERIFYING"]),
        ],
    ),
    (
        Some(State::Completed),
        &[
            ("Statuspage", &["completed"]),
            ("Statuspage's feed", &["Completed"]),
            ("Statuspage's page", &["Completed"]),
            ("Instatus' maintenances", &["COMPLETED"]),
            ("Cachet 3's schedules", &["2"]),
            ("Slack", &["completed"]),
        ],
    ),
    (
        None,
        &[
            ("AWS' data.json", &["1", "\"2\"", "3"]),
            ("titles in AWS' data.json", &["Errors"]),
            ("AWS' events", &["1", "2", "\"3\""]),
            (
                "AWS' feeds",
                &["Informational message:", "Performance issues:", "Service disruption:"],
            ),
            ("Google Cloud", &["SERVICE_INFORMATION", "SERVICE_DISRUPTION", "SERVICE_OUTAGE"]),
            ("Heroku's `upcoming`", &["false"]),
            ("Slack's notes", &["We are looking.", "This is resolved."]),
            ("Slack", &["cancelled"]),
            ("Better Stack", &["degraded", "downtime", "maintenance"]),
        ],
    ),
];

/// The state that a word becomes at its place.
fn state_of(
    (place, format, whose, input): &(&str, &str, Whose, &str),
    word: &str,
) -> Option<State> {
    let input = Input::new("states", input.replace("WORD", word));
    let source =
        detect::choose(&input, None).unwrap_or_else(|error| panic!("{place}, {word}: {error}"));
    assert_eq!(source.id(), *format, "{place}, {word}");
    let read = source
        .read(&input, &ReadOptions::default())
        .unwrap_or_else(|error| panic!("{place}, {word}: {error}"));
    let incidents: Vec<&IncidentRecord> = read
        .value
        .iter()
        .map(|record| match record {
            Record::Incident(incident) => incident,
            Record::Event(_) | Record::Series(_) | Record::Document(_) => {
                panic!("not an incident: {record:?}")
            }
        })
        .collect();
    let [incident] = incidents[..] else { panic!("{place}, {word}: {incidents:?}") };
    match whose {
        Whose::Update => {
            incident.updates.last().unwrap_or_else(|| panic!("{place}, {word}: no update")).state
        }
        Whose::Incident => incident.state,
    }
}

#[test]
fn every_state_word_maps_to_one_state() {
    let mut wrong = Vec::new();
    for (wanted, words) in WORDS {
        for (name, words) in *words {
            let place =
                PLACES.iter().find(|place| place.0 == *name).unwrap_or_else(|| panic!("{name}"));
            for word in *words {
                let found = state_of(place, word);
                if found != *wanted {
                    wrong.push(format!("{name}: {word} is {found:?}, and not {wanted:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let used: BTreeSet<&str> =
        WORDS.iter().flat_map(|(_, words)| words.iter().map(|(name, _)| *name)).collect();
    let known: BTreeSet<&str> = PLACES.iter().map(|place| place.0).collect();
    assert_eq!(used, known, "every place has its words");
}
